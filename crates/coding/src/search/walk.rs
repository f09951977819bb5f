//! The guided walk: from a category to a code that can be reported, a question at a time.
//!
//! At each level the titles of the codes below are compared. What they share is left out, and
//! what tells them apart becomes the choices; the words of the choices say what is asked (which
//! side, which trimester, which encounter).

use jiff::civil::Date;
use serde::Serialize;

use super::index::suffix_of;
use super::words::raw_words;
use crate::codeset::{CodeSets, EntryKind, Node, System};

/// What the choices of a step differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Right, left, both.
    Laterality,
    /// First, second, third.
    Trimester,
    /// Initial, subsequent, sequela, and what a fracture adds.
    Encounter,
    /// The other meanings of a seventh character: fetus, stage, eye.
    SeventhCharacter,
    /// Accident, self-harm, assault.
    Intent,
    /// Stage, grade, severity.
    Severity,
    /// With or without a complication.
    Complication,
    /// The kind or the site.
    Kind,
    /// The section of a procedure, by the publisher's tables.
    Section,
    /// Its body system.
    BodySystem,
    /// Its root operation.
    Operation,
    /// Its body part or region.
    BodyPart,
    /// Its approach.
    Approach,
    /// Its device, substance or equipment.
    Device,
    /// Its qualifier.
    Qualifier,
}

impl Question {
    /// The question as it is asked.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Laterality => "Which side?",
            Self::Trimester => "Which trimester?",
            Self::Encounter => "Which encounter?",
            Self::SeventhCharacter => "Which seventh character?",
            Self::Intent => "With what intent?",
            Self::Severity => "Which stage or severity?",
            Self::Complication => "With or without?",
            Self::Kind => "Which kind or site?",
            Self::Section => "Which section?",
            Self::BodySystem => "Which body system?",
            Self::Operation => "Which root operation?",
            Self::BodyPart => "Which body part or region?",
            Self::Approach => "Which approach?",
            Self::Device => "Which device or substance?",
            Self::Qualifier => "Which qualifier?",
        }
    }
}

/// One answer to the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Where the walk goes on.
    pub code: String,
    /// What tells it from its neighbours.
    pub label: String,
    /// Its whole title.
    pub title: String,
    /// Whether it can be reported as it is, and the walk ends.
    pub reportable: bool,
    /// What it means in the publisher's words, where its definitions are imported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
}

/// One step of the walk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Where the walk stands.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What is asked; `None` when the code can be reported.
    pub question: Option<Question>,
    /// The answers, in the publisher's order. Answers without choice are passed over.
    pub choices: Vec<Choice>,
}

/// The step at a code or category on a date; `None` for an unknown code. For ICD-10-PCS a
/// beginning of a code is also taken, and the choices are its next characters.
#[must_use]
pub fn walk(sets: &CodeSets, system: System, code: &str, on: Date) -> Option<Step> {
    if system == System::Icd10Pcs {
        return super::characters::step(sets, code, on);
    }
    let mut node = sets.node(system, code, on)?;
    let mut below = choices_below(sets, node, on);
    while let [only] = below.as_slice() {
        node = *only;
        below = choices_below(sets, node, on);
    }
    let labels: Vec<String> = below.iter().map(|choice| label_of(node, *choice)).collect();
    let question = (!below.is_empty()).then(|| question_of(&below, &labels));
    let choices = below
        .iter()
        .zip(labels)
        .map(|(choice, label)| Choice {
            code: choice.code().to_owned(),
            label,
            title: choice.title().to_owned(),
            reportable: sets.is_valid(system, choice.code(), on),
            definition: None,
        })
        .collect();
    Some(Step { code: node.code().to_owned(), title: node.title().to_owned(), question, choices })
}

/// The nodes directly below under which some code can be reported on the date.
fn choices_below<'a>(sets: &CodeSets, node: Node<'a>, on: Date) -> Vec<Node<'a>> {
    let open =
        |child: &Node<'_>| child.leaves().any(|leaf| sets.is_valid(leaf.system(), leaf.code(), on));
    node.children().filter(open).collect()
}

/// The title without what the parent's title says already.
fn label_of(parent: Node<'_>, choice: Node<'_>) -> String {
    if let Some(suffix) = suffix_of(choice) {
        return suffix.to_owned();
    }
    let known = raw_words(parent.title());
    let kept: Vec<&str> = choice
        .title()
        .split_whitespace()
        .skip_while(|word| {
            let folded = raw_words(word);
            parent.kind() == EntryKind::Code && folded.iter().all(|word| known.contains(word))
        })
        .collect();
    if kept.is_empty() { choice.title().to_owned() } else { kept.join(" ") }
}

/// What the choices differ in, by the words of their labels.
fn question_of(choices: &[Node<'_>], labels: &[String]) -> Question {
    let words: Vec<Vec<String>> = labels.iter().map(|label| raw_words(label)).collect();
    let share = |wanted: &[&str]| {
        let has = |words: &&Vec<String>| words.iter().any(|w| wanted.contains(&w.as_str()));
        words.iter().filter(has).count() * 2 >= words.len().max(2)
    };
    if choices.iter().all(|choice| suffix_of(*choice).is_some()) {
        return if share(&["encounter", "sequela"]) {
            Question::Encounter
        } else if share(&["right", "left", "bilateral"]) {
            Question::Laterality
        } else {
            Question::SeventhCharacter
        };
    }
    if share(&["right", "left", "bilateral"]) {
        Question::Laterality
    } else if share(&["trimester"]) {
        Question::Trimester
    } else if share(&["accidental", "self", "assault", "undetermined"]) {
        Question::Intent
    } else if share(&["stage", "mild", "moderate", "severe", "degree", "grade"]) {
        Question::Severity
    } else if share(&["with", "without"]) {
        Question::Complication
    } else {
        Question::Kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use jiff::civil::date;

    fn check(system: System, code: &str, expected: Expect) {
        let step = walk(&CodeSets::embedded(), system, code, date(2026, 4, 15)).unwrap();
        let mut shown = format!("{} {:?}\n", step.code, step.question);
        for choice in &step.choices {
            let end = if choice.reportable { "." } else { "…" };
            shown.push_str(&format!("{} {}{end}\n", choice.code, choice.label));
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn category_is_walked_down() {
        check(
            System::Icd10Cm,
            "M17.1",
            expect![[r#"
            M171 Some(Laterality)
            M1710 unspecified knee.
            M1711 right knee.
            M1712 left knee.
        "#]],
        );
        check(
            System::Icd10Cm,
            "S52.52",
            expect![[r#"
            S5252 Some(Laterality)
            S52521 right radius…
            S52522 left radius…
            S52529 unspecified radius…
        "#]],
        );
        check(
            System::Icd10Cm,
            "S52.521",
            expect![[r#"
            S52521 Some(Encounter)
            S52521A initial encounter for closed fracture.
            S52521D subsequent encounter for fracture with routine healing.
            S52521G subsequent encounter for fracture with delayed healing.
            S52521K subsequent encounter for fracture with nonunion.
            S52521P subsequent encounter for fracture with malunion.
            S52521S sequela.
        "#]],
        );
        check(
            System::Icd10Cm,
            "O14.1",
            expect![[r#"
            O141 Some(Trimester)
            O1410 unspecified trimester.
            O1412 second trimester.
            O1413 third trimester.
            O1414 complicating childbirth.
            O1415 complicating the puerperium.
        "#]],
        );
        check(
            System::Icd10Cm,
            "T39.1X",
            expect![[r#"
            T391X Some(Intent)
            T391X1 accidental (unintentional)…
            T391X2 intentional self-harm…
            T391X3 assault…
            T391X4 undetermined…
            T391X5 Adverse effect of 4-Aminophenol derivatives…
            T391X6 Underdosing of 4-Aminophenol derivatives…
        "#]],
        );
        check(
            System::Icd10Cm,
            "I10",
            expect![[r#"
            I10 None
        "#]],
        );
        check(
            System::Icd10Cm,
            "E11.2",
            expect![[r#"
            E112 Some(Kind)
            E1121 diabetic nephropathy.
            E1122 diabetic chronic kidney disease.
            E1129 other diabetic kidney complication.
        "#]],
        );
    }

    #[test]
    fn procedure_is_built_character_by_character() {
        check(
            System::Icd10Pcs,
            "0DT",
            expect![[r#"
                0DT Some(Kind)
                0DT1 Upper Esophagus…
                0DT2 Middle Esophagus…
                0DT3 Lower Esophagus…
                0DT4 Esophagogastric Junction…
                0DT5 Esophagus…
                0DT6 Stomach…
                0DT7 Stomach, Pylorus…
                0DT8 Small Intestine…
                0DT9 Duodenum…
                0DTA Jejunum…
                0DTB Ileum…
                0DTC Ileocecal Valve…
                0DTE Large Intestine…
                0DTF Right Large Intestine…
                0DTG Left Large Intestine…
                0DTH Cecum…
                0DTJ Appendix…
                0DTK Ascending Colon…
                0DTL Transverse Colon…
                0DTM Descending Colon…
                0DTN Sigmoid Colon…
                0DTP Rectum…
                0DTQ Anus…
                0DTR Anal Sphincter…
                0DTU Omentum…
            "#]],
        );
        check(
            System::Icd10Pcs,
            "0DTJ",
            expect![[r#"
                0DTJ Some(Kind)
                0DTJ0 Open…
                0DTJ4 Percutaneous Endoscopic…
                0DTJ7 Via Natural or Artificial Opening…
                0DTJ8 Via Natural or Artificial Opening Endoscopic…
            "#]],
        );
        check(
            System::Icd10Pcs,
            "0DTJ4ZZ",
            expect![[r#"
            0DTJ4ZZ None
        "#]],
        );
    }

    #[test]
    fn every_category_leads_to_a_code() {
        let sets = CodeSets::embedded();
        let on = date(2026, 4, 15);
        for code in ["S72", "E11", "T50", "O36", "C50", "W00", "M84", "Z79"] {
            let mut at = code.to_owned();
            for _ in 0..8 {
                let step = walk(&sets, System::Icd10Cm, &at, on).unwrap();
                let Some(first) = step.choices.first() else { break };
                at.clone_from(&first.code);
            }
            assert!(sets.is_valid(System::Icd10Cm, &at, on), "{code} ended at {at}");
        }
        assert!(walk(&sets, System::Icd10Cm, "QQQ", on).is_none());
    }
}
