//! Suggestion of ICD-10-CM codes from the text of a note, each with its evidence.
//!
//! The engine finds phrases of a lexicon and of the tabular list in any word order
//! ([`dictionary`]), reads what the note says about each (denied, doubtful, past, a relative's,
//! to come: [`context`]), walks from a category to the code that the words nearby support
//! ([`tree`]), and then applies the Official Guidelines across the whole note ([`guideline`]).
//! It suggests and never assigns: a coder accepts each code with its evidence in sight.

mod combination;
mod companion;
mod context;
mod dictionary;
mod encounter;
mod guideline;
mod history;
mod lexicon;
mod mention;
mod notes;
mod residual;
mod sides;
mod tree;
mod vocabulary;
mod words;

use crate::codeset::{CodeSets, Edition, EntryKind, NoteKind, System};
use context::Cues;
use dictionary::Dictionary;
use tree::{NamedCode, Tree};
use vocabulary::Vocabulary;

/// Where the patient was treated: decides whether uncertain diagnoses are coded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Setting {
    /// Uncertain diagnoses at discharge are coded as if they existed (guideline II.H).
    #[default]
    Inpatient,
    /// Uncertain diagnoses are not coded (guideline IV.H).
    Outpatient,
}

/// Words of the note that support a code. Offsets count Unicode scalar values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// First scalar value.
    pub start: usize,
    /// One past the last scalar value.
    pub end: usize,
    /// The words as written.
    pub text: String,
}

/// A code that a note supports.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// A reportable code, without its dot.
    pub code: String,
    /// From 0 to 1, higher is surer. An order of merit, not a probability.
    pub score: f64,
    /// Every place that supports it, in the order of the note.
    pub evidence: Vec<Evidence>,
    /// Why it is suggested, a sentence.
    pub reason: String,
}

/// The engine, built once from a code set and used for any number of notes.
pub struct Suggester {
    vocabulary: Vocabulary,
    dictionary: Dictionary,
    tree: Tree,
    cues: Cues,
}

/// Suggestions below this score are not given.
pub const SCORE_MIN: f64 = 0.30;

impl Suggester {
    /// Builds the engine from the latest ICD-10-CM edition loaded. Without one, it suggests
    /// nothing.
    #[must_use]
    pub fn new(sets: &CodeSets) -> Suggester {
        match sets.editions(System::Icd10Cm).next() {
            Some(edition) => Suggester::from_edition(edition),
            None => Suggester::from_codes(&[]),
        }
    }

    /// Builds the engine from one edition: only its reportable codes are suggested.
    #[must_use]
    pub fn from_edition(edition: &Edition) -> Suggester {
        let codes: Vec<NamedCode<'_>> = edition
            .nodes()
            .filter(|node| node.kind() == EntryKind::Code)
            .map(|node| NamedCode {
                code: node.code(),
                title: node.title(),
                terms: node
                    .notes()
                    .filter(|(kind, _)| matches!(kind, NoteKind::Inclusion | NoteKind::Includes))
                    .map(|(_, text)| text)
                    .collect(),
                reportable: node.is_reportable(),
            })
            .collect();
        Suggester::from_codes(&codes)
    }

    fn from_codes(codes: &[NamedCode<'_>]) -> Suggester {
        let mut vocabulary = Vocabulary::default();
        let tree = Tree::new(codes, &mut vocabulary);
        let mut dictionary = Dictionary::default();
        lexicon::fill(&mut dictionary, &mut vocabulary, codes);
        dictionary.finish(&vocabulary);
        Suggester { vocabulary, dictionary, tree, cues: Cues::load() }
    }

    /// Codes that a note supports, surest first. Suggestions below [`SCORE_MIN`] are left out.
    #[must_use]
    pub fn suggest(&self, text: &str, setting: Setting) -> Vec<Suggestion> {
        guideline::decide(self, text, &mention::find(self, text), setting)
    }
}
