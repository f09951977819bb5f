//! The side of the body, where the note says it once and speaks of the organ again without it.
//!
//! Laterality may come from anywhere in the record of the encounter (guideline I.B.13). It is
//! taken over only where the note never names the other side of that organ.

use std::collections::HashMap;

use super::vocabulary::{Vocabulary, WordId};
use super::words::{Gap, Word, fold};

/// A side of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Right,
    Left,
    /// Both, or one here and the other there.
    Mixed,
}

/// For each word of the note, the side that stands before it wherever one does.
#[derive(Debug)]
pub(super) struct Sides {
    by_word: HashMap<WordId, Side>,
    paired: Vec<WordId>,
}

const REACH_WORDS: usize = 3;

/// Organs and parts of which there are two, in their normal form.
const PAIRED: [&str; 52] = [
    "kidney",
    "ureter",
    "testis",
    "epididymis",
    "ovary",
    "breast",
    "lung",
    "eye",
    "eyelid",
    "orbit",
    "cornea",
    "retina",
    "choroid",
    "iris",
    "macula",
    "conjunctiva",
    "ear",
    "knee",
    "hip",
    "shoulder",
    "elbow",
    "wrist",
    "hand",
    "finger",
    "thumb",
    "foot",
    "toe",
    "heel",
    "ankle",
    "leg",
    "arm",
    "forearm",
    "thigh",
    "limb",
    "femur",
    "tibia",
    "fibula",
    "humerus",
    "radius",
    "ulna",
    "clavicle",
    "scapula",
    "patella",
    "calcaneus",
    "adrenal",
    "carotid",
    "parotid",
    "pleura",
    "armpit",
    "groin",
    "hydronephrosis",
    "cataract",
];

impl Sides {
    /// Nothing read yet.
    pub(super) fn new(vocabulary: &Vocabulary) -> Sides {
        let paired = PAIRED.iter().filter_map(|organ| vocabulary.get(organ)).collect();
        Sides { by_word: HashMap::new(), paired }
    }

    /// Notes the side before each word of a sentence.
    pub(super) fn read(&mut self, words: &[Word<'_>], ids: &[Option<WordId>]) {
        for (place, word) in words.iter().enumerate() {
            let side = match fold(word.text).as_str() {
                "right" | "rt" => Side::Right,
                "left" | "lt" => Side::Left,
                "both" | "bilateral" | "bilaterally" => Side::Mixed,
                _ => continue,
            };
            for after in place + 1..(place + 1 + REACH_WORDS).min(words.len()) {
                if words[after].before != Gap::Near {
                    break;
                }
                if let Some(id) = ids[after].filter(|id| self.paired.contains(id)) {
                    let known = self.by_word.entry(id).or_insert(side);
                    if *known != side {
                        *known = Side::Mixed;
                    }
                }
            }
        }
    }

    /// The word for the one side that the note gives to any of these words.
    pub(super) fn of(&self, words: &[WordId], vocabulary: &Vocabulary) -> Option<WordId> {
        let mut only = None;
        for side in words.iter().filter_map(|word| self.by_word.get(word)) {
            match (only, side) {
                (_, Side::Mixed) => return None,
                (None, side) => only = Some(*side),
                (Some(known), side) if known != *side => return None,
                _ => {}
            }
        }
        vocabulary.get(match only? {
            Side::Right => "right",
            Side::Left => "left",
            Side::Mixed => return None,
        })
    }
}
