//! What a note says about a finding: that it is there, is not, may be, was, or is a relative's.
//!
//! Cue phrases open a scope to their right or left, as in the published NegEx and ConText methods
//! (Chapman 2001, Harkema 2009); the phrases and the rules here are our own. A scope ends at a
//! phrase such as "but", at a semicolon, or at the end of the sentence.

use std::collections::HashMap;

use super::notes::Section;
use super::words::{Gap, Word, fold};

/// Cues that reach a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) denied: bool,
    pub(super) doubted: bool,
    pub(super) past: bool,
    pub(super) family: bool,
    pub(super) may_come: bool,
    /// The word itself belongs to a cue.
    pub(super) cue: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cue {
    Deny,
    DenyNext,
    DenyAfter,
    Pseudo,
    Doubt,
    DoubtAfter,
    Past,
    Current,
    Family,
    MayCome,
    Ends,
}

/// The cue phrases, by their first word, longest first.
pub(super) struct Cues {
    by_first: HashMap<String, Vec<(Vec<String>, Cue)>>,
}

const DENY_REACH_WORDS: usize = 14;
const AFTER_REACH_WORDS: usize = 8;
const PAST_REACH_WORDS: usize = 12;

impl Cues {
    /// Reads the cue table that ships with the engine.
    pub(super) fn load() -> Cues {
        let mut by_first: HashMap<String, Vec<(Vec<String>, Cue)>> = HashMap::new();
        for line in include_str!("lexicon/context.tsv").lines() {
            let Some((kind, phrases)) = line.split_once('\t') else { continue };
            let cue = match kind {
                "deny" => Cue::Deny,
                "deny-next" => Cue::DenyNext,
                "deny-after" => Cue::DenyAfter,
                "pseudo" => Cue::Pseudo,
                "doubt" => Cue::Doubt,
                "doubt-after" => Cue::DoubtAfter,
                "past" => Cue::Past,
                "current" => Cue::Current,
                "family" => Cue::Family,
                "may-come" => Cue::MayCome,
                _ => Cue::Ends,
            };
            for phrase in phrases.split('|') {
                let words: Vec<String> =
                    phrase.split([' ', '\'']).map(std::borrow::ToOwned::to_owned).collect();
                by_first.entry(words[0].clone()).or_default().push((words, cue));
            }
        }
        for phrases in by_first.values_mut() {
            phrases.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Cues { by_first }
    }

    /// Marks every word of a sentence.
    pub(super) fn mark(&self, words: &[Word<'_>], section: Section) -> Vec<Marks> {
        let folded: Vec<String> = words.iter().map(|word| fold(word.text)).collect();
        let found = self.find(&folded);
        let mut marks = vec![Marks::default(); words.len()];
        if section == Section::FamilyHistory {
            marks.iter_mut().for_each(|mark| mark.family = true);
        }
        for &(first, end, cue) in &found {
            if !matches!(cue, Cue::Ends) {
                marks[first..end].iter_mut().for_each(|mark| mark.cue = true);
            }
            match cue {
                Cue::Deny => {
                    spread(words, &found, end, DENY_REACH_WORDS, true, &mut marks, |mark| {
                        mark.denied = true;
                    });
                }
                Cue::DenyNext => {
                    spread(words, &found, end, 1, true, &mut marks, |mark| mark.denied = true);
                }
                Cue::Doubt => {
                    spread(words, &found, end, DENY_REACH_WORDS, true, &mut marks, |mark| {
                        mark.doubted = true;
                    });
                }
                Cue::Past => {
                    spread(words, &found, end, PAST_REACH_WORDS, true, &mut marks, |mark| {
                        mark.past = true;
                    });
                }
                Cue::MayCome => {
                    spread(words, &found, end, DENY_REACH_WORDS, true, &mut marks, |mark| {
                        mark.may_come = true;
                    });
                }
                Cue::Family => {
                    spread(words, &found, end, usize::MAX, false, &mut marks, |mark| {
                        mark.family = true;
                    });
                }
                Cue::DenyAfter | Cue::DoubtAfter if !closes(words, &folded, end) => {}
                Cue::DenyAfter => back(words, &found, first, &mut marks, |mark| mark.denied = true),
                Cue::DoubtAfter => {
                    back(words, &found, first, &mut marks, |mark| mark.doubted = true);
                }
                Cue::Pseudo | Cue::Current | Cue::Ends => {}
            }
        }
        for index in 0..words.len() {
            if words[index].before == Gap::Question {
                marks[index].doubted = true;
            }
        }
        marks
    }

    fn find(&self, folded: &[String]) -> Vec<(usize, usize, Cue)> {
        let mut found = Vec::new();
        let mut index = 0;
        while index < folded.len() {
            let hits = self.by_first.get(&folded[index]).map_or(&[][..], Vec::as_slice);
            let mut length = 0;
            for (phrase, cue) in hits {
                if length > phrase.len() {
                    break;
                }
                let matches = folded.len() - index >= phrase.len()
                    && phrase.iter().zip(&folded[index..]).all(|(left, right)| left == right);
                if matches {
                    length = phrase.len();
                    found.push((index, index + length, *cue));
                    if *cue == Cue::Pseudo || *cue == Cue::Current {
                        break;
                    }
                }
            }
            index += length.max(1);
        }
        found
    }
}

/// Whether a cue ends what it speaks of: nothing follows it closely but a preposition or an "and".
/// "Pneumonia ruled out by CT" does, "likely pneumonia" does not.
fn closes(words: &[Word<'_>], folded: &[String], end: usize) -> bool {
    let Some(next) = words.get(end) else { return true };
    next.before != Gap::Near
        || matches!(
            folded[end].as_str(),
            "by" | "with"
                | "on"
                | "in"
                | "at"
                | "and"
                | "but"
                | "as"
                | "after"
                | "for"
                | "due"
                | "during"
                | "so"
                | "although"
                | "initially"
                | "or"
                | "throughout"
                | "from"
        )
}

/// Marks forward from a cue to where its scope ends.
fn spread(
    words: &[Word<'_>],
    found: &[(usize, usize, Cue)],
    from: usize,
    reach: usize,
    ends_at_phrases: bool,
    marks: &mut [Marks],
    set: impl Fn(&mut Marks),
) {
    let stop = found
        .iter()
        .filter(|(first, _, cue)| {
            *first >= from && ends_at_phrases && matches!(cue, Cue::Ends | Cue::Pseudo)
        })
        .map(|(first, _, _)| *first)
        .next()
        .unwrap_or(words.len());
    let stop = stop.min(from.saturating_add(reach));
    for index in from..stop.min(words.len()) {
        if index > from && words[index].before == Gap::Clause {
            break;
        }
        set(&mut marks[index]);
    }
}

/// Marks backward from a cue to where its scope ends.
fn back(
    words: &[Word<'_>],
    found: &[(usize, usize, Cue)],
    cue_first: usize,
    marks: &mut [Marks],
    set: impl Fn(&mut Marks),
) {
    let start = found
        .iter()
        .filter(|(first, end, cue)| *end <= cue_first && *first < cue_first && *cue == Cue::Ends)
        .map(|(_, end, _)| *end)
        .max()
        .unwrap_or(0);
    let start = start.max(cue_first.saturating_sub(AFTER_REACH_WORDS));
    for index in (start..cue_first).rev() {
        set(&mut marks[index]);
        if words[index].before == Gap::Clause {
            break;
        }
    }
}
