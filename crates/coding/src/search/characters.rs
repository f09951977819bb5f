//! Building an ICD-10-PCS code character by character, from the codes and titles that are held.
//!
//! No table names what each character means until the publisher's tables are imported. Until
//! then a value is shown by the titles of the codes that it leads to: what they all say, and
//! what those of the other values do not.

use jiff::civil::Date;

use super::walk::{Choice, Question, Step};
use crate::codeset::{CodeSets, Node, System};

/// The length of every ICD-10-PCS code.
const CODE_LENGTH: usize = 7;

/// The step at the beginning of a code; `None` when no valid code starts so.
pub fn step(sets: &CodeSets, beginning: &str, on: Date) -> Option<Step> {
    let beginning = crate::codeset::normalized(beginning);
    let edition = sets.edition_on(System::Icd10Pcs, on)?;
    let valid: Vec<Node<'_>> = edition
        .starting_with(&beginning)
        .filter(|node| sets.is_valid(System::Icd10Pcs, node.code(), on))
        .collect();
    let first = valid.first()?;
    if beginning.len() >= CODE_LENGTH {
        return Some(Step {
            code: first.code().to_owned(),
            title: first.title().to_owned(),
            question: None,
            choices: Vec::new(),
        });
    }
    let shared = shared_words(&valid);
    let at = beginning.len();
    let mut choices: Vec<Choice> = Vec::new();
    for group in valid.chunk_by(|a, b| a.code()[..=at] == b.code()[..=at]) {
        let own = shared_words(group);
        let is_new = |word: &&&str| !shared.contains(word) && (at == 6 || **word != "Approach");
        let told: Vec<&str> = own.iter().filter(is_new).copied().collect();
        let label = if told.is_empty() { own.join(" ") } else { told.join(" ") };
        let label = label.trim_end_matches(',').to_owned();
        let code = group[0].code()[..=at].to_owned();
        let reportable = code.len() == CODE_LENGTH;
        choices.push(Choice { code, label, title: own.join(" "), reportable });
    }
    Some(Step { code: beginning, title: shared.join(" "), question: Some(Question::Kind), choices })
}

/// The words that every title holds, in the order of the first.
fn shared_words<'a>(nodes: &[Node<'a>]) -> Vec<&'a str> {
    let Some((first, rest)) = nodes.split_first() else { return Vec::new() };
    let mut shared: Vec<&str> = first.title().split(' ').collect();
    for node in rest {
        let words: Vec<&str> = node.title().split(' ').collect();
        shared.retain(|word| words.contains(word));
    }
    shared
}
