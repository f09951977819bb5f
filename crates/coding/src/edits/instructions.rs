//! Instructional notes as instructions: which codes they ask for or exclude.

use super::{Chart, Diagnosis};
use crate::codeset::notes::codes_in;
use crate::codeset::{CodeRange, EntryKind, Node, NoteKind, normalized};

/// One instruction that bears on a code.
#[derive(Debug, Clone)]
pub struct Instruction<'a> {
    /// Where it stands: the code itself, a category above, a block or chapter.
    pub at: Node<'a>,
    /// What it says, the list under its heading included.
    pub text: String,
    /// The codes that it names. Empty where it names none.
    pub codes: Vec<CodeRange>,
    /// Whether it says "if applicable", "if known" or the like.
    pub is_conditional: bool,
}

impl Instruction<'_> {
    /// Whether it names this code (without a dot).
    #[must_use]
    pub fn names(&self, code: &str) -> bool {
        let code = normalized(code);
        self.codes.iter().any(|range| range.holds(&code)) && self.has_named_character(&code)
    }

    /// "(T36-T50 with fifth or sixth character 5)" names only some codes of its range.
    fn has_named_character(&self, code: &str) -> bool {
        let Some((_, rest)) = self.text.split_once("with fifth or sixth character ") else {
            return true;
        };
        let wanted = rest.chars().next();
        code.chars().nth(4) == wanted || code.chars().nth(5) == wanted
    }

    /// Whether it stands at a category or code, and not at a block or chapter.
    #[must_use]
    pub fn is_close(&self) -> bool {
        self.at.kind() == EntryKind::Code
    }
}

const CONDITIONS: &[&str] =
    &["if applicable", "if known", "if any", "when applicable", "if present", "as applicable"];

/// Every instruction of a kind that bears on a code, the nearest first. Notes under a heading
/// that ends in a colon belong to it.
#[must_use]
pub fn instructions<'a>(node: Node<'a>, kind: NoteKind) -> Vec<Instruction<'a>> {
    let mut found = Vec::new();
    for at in std::iter::successors(Some(node), Node::parent) {
        let mut open: Option<Instruction<'a>> = None;
        for (_, text) in at.notes().filter(|(noted, _)| *noted == kind) {
            let codes = codes_in(text);
            let continues = open.as_ref().is_some_and(|open| open.text.contains(':'));
            if let Some(open) = open.as_mut().filter(|_| continues && !text.ends_with(':')) {
                open.text.push_str(if open.text.ends_with(':') { " " } else { "; " });
                open.text.push_str(text);
                open.codes.extend(codes);
                continue;
            }
            found.extend(open.take());
            let is_conditional = CONDITIONS.iter().any(|condition| text.contains(condition));
            open = Some(Instruction { at, text: text.to_owned(), codes, is_conditional });
        }
        found.extend(open);
    }
    found
}

/// Each diagnosis with an instruction of a kind that asks for a further code in any place, where
/// the draft has none that it names.
pub fn unanswered<'a>(
    chart: &Chart<'a>,
    kind: NoteKind,
) -> impl Iterator<Item = (&'a Diagnosis, Instruction<'a>)> {
    let diagnoses = &chart.draft.diagnoses;
    chart.nodes().flat_map(move |(at, dx, node)| {
        let is_answered = move |one: &Instruction<'_>| {
            let mut others = diagnoses.iter().enumerate();
            others.any(|(place, other)| place != at && one.names(&other.code))
        };
        let all = instructions(node, kind).into_iter();
        let asking = all.filter(|one| one.is_close() && !one.codes.is_empty());
        asking.filter(move |one| !one.is_conditional && !is_answered(one)).map(move |one| (dx, one))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeset::embedded::icd10cm;
    use expect_test::expect;

    fn shown(code: &str, kind: NoteKind) -> Vec<String> {
        let node = icd10cm().find(code).unwrap();
        let all = instructions(node, kind);
        all.iter().map(|one| format!("{} {} codes", one.at.code(), one.codes.len())).collect()
    }

    #[test]
    fn notes_become_instructions() {
        expect![[r#"
            [
                "I130 1 codes",
                "I130 2 codes",
                "I10-I1A 5 codes",
            ]
        "#]]
        .assert_debug_eq(&shown("I130", NoteKind::UseAdditional));
        expect![[r#"
            [
                "E11 4 codes",
            ]
        "#]]
        .assert_debug_eq(&shown("E119", NoteKind::UseAdditional));
    }

    #[test]
    fn character_in_the_brackets_narrows_the_range() {
        let node = icd10cm().find("E0900").unwrap();
        let all = instructions(node, NoteKind::UseAdditional);
        let drug = all.iter().find(|one| one.text.contains("fifth or sixth")).unwrap();
        assert!(drug.names("T38.0X5A") && !drug.names("T38.0X1A"));
    }
}
