//! Building an ICD-10-PCS code character by character: by the publisher's tables where they are
//! imported, else from the codes and titles that are held.
//!
//! Without the tables nothing names what each character means. Then a value is shown by the titles
//! of the codes that it leads to: what they all say, and what those of the other values do not.

use jiff::civil::Date;

use super::walk::{Choice, Question, Step};
use crate::codeset::{CodeSets, Node, System};
use crate::import::pcs_tables::PcsTables;

/// The length of every ICD-10-PCS code.
const CODE_LENGTH: usize = 7;

/// The step at the beginning of a code; `None` when no valid code starts so.
pub fn step(sets: &CodeSets, beginning: &str, on: Date) -> Option<Step> {
    let beginning = crate::codeset::normalized(beginning);
    if let Some(tables) = sets.pcs_tables_on(on) {
        return by_tables(sets, tables, &beginning, on);
    }
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
        choices.push(Choice { code, label, title: own.join(" "), reportable, definition: None });
    }
    Some(Step { code: beginning, title: shared.join(" "), question: Some(Question::Kind), choices })
}

/// The step by the publisher's tables: the values that some row allows next.
fn by_tables(sets: &CodeSets, tables: &PcsTables, beginning: &str, on: Date) -> Option<Step> {
    let said = tables.labels(beginning)?;
    let Some(axis) = tables.next(beginning) else {
        let whole = beginning.len() == CODE_LENGTH;
        let title = sets.node(System::Icd10Pcs, beginning, on).map(|node| node.title().to_owned());
        let title = title.unwrap_or_else(|| said.join(", "));
        let code = beginning.to_owned();
        return whole.then_some(Step { code, title, question: None, choices: Vec::new() });
    };
    let section = |code: &str| code.chars().next();
    let choices = axis.values.iter().map(|value| {
        let code = format!("{beginning}{}", value.character);
        let definition = section(&code)
            .and_then(|section| sets.definition(section, axis.position, &value.label))
            .map(|found| found.definition.clone());
        Choice {
            reportable: code.len() == CODE_LENGTH,
            code,
            label: value.label.clone(),
            title: value.label.clone(),
            definition,
        }
    });
    Some(Step {
        code: beginning.to_owned(),
        title: said.join(", "),
        question: Some(question_of(&axis.title)),
        choices: choices.collect(),
    })
}

/// What the title of an axis asks. Sections other than surgery call their places otherwise.
fn question_of(title: &str) -> Question {
    match title {
        "Section" => Question::Section,
        "Body System" | "Anatomical Regions" | "Section Qualifier" => Question::BodySystem,
        "Operation" | "Root Operation" | "Modality" | "Root Type" | "Type" => Question::Operation,
        "Body Part" | "Body Region" | "Body System / Region" | "Treatment Site" => {
            Question::BodyPart
        }
        "Approach" => Question::Approach,
        "Device" | "Substance" | "Device / Substance / Technology" | "Equipment" | "Contrast" => {
            Question::Device
        }
        title if title.contains("Qualifier") => Question::Qualifier,
        _ => Question::Kind,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::held::Held;
    use crate::import::layout::{Layout, recognized};
    use crate::import::loaded::read;
    use crate::import::pcs_tables::{DEFINITIONS_SAMPLE, TABLES_SAMPLE};
    use jiff::civil::date;

    #[test]
    fn the_publishers_tables_ask_their_own_questions() {
        let load = |text: &str| {
            let layout = recognized(text.as_bytes()).unwrap();
            read(layout, text.as_bytes(), Some(date(2027, 10, 1))).unwrap()
        };
        let tables = TABLES_SAMPLE.replace("2026", "2028");
        let loads = vec![load(&tables), load(&DEFINITIONS_SAMPLE.replace("2026", "2028"))];
        assert_eq!(loads[0].layout, Layout::Icd10PcsTables);
        let sets = Held::new(loads).unwrap().sets;
        let on = date(2027, 11, 1);
        let asked = |code: &str| step(&sets, code, on).map(|step| (step.question, step.choices));
        let (question, choices) = asked("0D").unwrap();
        assert_eq!(question, Some(Question::Operation));
        assert_eq!(choices[0].code, "0DT");
        assert!(choices[0].definition.as_deref().unwrap().starts_with("Cutting out"));
        let (question, choices) = asked("0DTJ").unwrap();
        assert_eq!(question, Some(Question::Approach));
        assert_eq!(choices.len(), 2);
        assert!(choices.iter().all(|choice| !choice.reportable));
        let end = step(&sets, "0DTJ4ZZ", on).unwrap();
        assert_eq!((end.question, end.title.as_str()), (None, END_TITLE));
        assert!(sets.is_valid(System::Icd10Pcs, "0DTJ4ZZ", on));
        assert!(!sets.is_valid(System::Icd10Pcs, "0DTN4ZZ", on), "no table builds it");
        assert!(asked("0DTX").is_none() && asked("9").is_none());
    }

    const END_TITLE: &str = "Resection of Appendix, Percutaneous Endoscopic Approach";
}
