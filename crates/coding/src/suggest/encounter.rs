//! What the circumstances choose in a code: the encounter of an injury, the intent of a poisoning,
//! and whose record it is.
//!
//! Sources: ICD-10-CM Official Guidelines, I.C.19.a (seventh character), I.C.19.e.5 (adverse
//! effect, poisoning), I.C.15.a and I.C.16.a (the mother's codes are not on the newborn's record,
//! nor the newborn's on hers), I.C.21.c.5 (screening is the reason for the encounter).

use std::collections::BTreeMap;

use super::notes::Section;
use super::tree::Tree;
use super::words::{Word, fold};
use super::{Evidence, Suggestion};

/// What a sentence says about care and intent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Circumstances {
    /// The seventh character of care after the active treatment.
    after: Option<u8>,
    /// The sixth character of a poisoning.
    intent: Option<u8>,
}

/// Words before a finding in which "follow-up of" is looked for.
const FOLLOW_UP_WORDS: usize = 5;

impl Circumstances {
    /// Reads a sentence; `at` is the first word of the finding.
    pub(super) fn of(words: &[Word<'_>], at: usize, section: Section) -> Circumstances {
        let folded: Vec<String> = words.iter().map(|word| fold(word.text)).collect();
        let has = |wanted: &[&str]| folded.iter().any(|word| wanted.contains(&word.as_str()));
        let before = &folded[at.saturating_sub(FOLLOW_UP_WORDS)..at];
        let follows = before.windows(2).any(|two| two == ["follow", "up"])
            || before.iter().any(|word| word == "followup" || word == "aftercare");
        let is_plan = section == Section::Instructions;
        let is_subsequent = (follows && !is_plan)
            || folded
                .windows(2)
                .any(|two| two == ["subsequent", "encounter"] || two == ["routine", "healing"]);
        let after = if has(&["nonunion"]) {
            Some(b'K')
        } else if has(&["malunion"]) {
            Some(b'P')
        } else if folded.windows(2).any(|two| two == ["delayed", "healing"]) {
            Some(b'G')
        } else {
            is_subsequent.then_some(b'D')
        };
        let is_self_harm = has(&["suicide", "suicidal", "intentional", "intentionally"])
            || folded.windows(2).any(|two| two == ["self", "harm"]);
        let is_accident = has(&["accidental", "accidentally", "unintentional", "unintentionally"]);
        let intent = (is_self_harm && !is_accident).then_some(b'2');
        Circumstances { after, intent }
    }

    /// The code that the circumstances choose beside this one, where the tree has it.
    pub(super) fn chosen(self, tree: &Tree, node: usize) -> usize {
        let code = tree.node(node).code.as_str();
        let mut bytes = code.as_bytes().to_vec();
        if bytes.len() != 7 || bytes[6] != b'A' {
            return node;
        }
        if let Some(intent) = self.intent.filter(|_| is_poisoning(code)) {
            bytes[5] = intent;
        }
        if let Some(after) = self.after {
            bytes[6] = after;
        }
        let found = |bytes: &[u8]| tree.find(std::str::from_utf8(bytes).ok()?);
        let plain = || {
            bytes
                .get(..6)
                .and_then(|stem| found(&[stem, b"D"].concat()))
                .filter(|_| self.after.is_some())
        };
        found(&bytes).or_else(plain).unwrap_or(node)
    }
}

/// A poisoning whose intent is said to be none, or not said at all.
fn is_poisoning(code: &str) -> bool {
    let category = code.get(1..3).and_then(|number| number.parse::<u8>().ok());
    code.starts_with('T')
        && category.is_some_and(|number| (36..=65).contains(&number))
        && code.as_bytes().get(5) == Some(&b'1')
}

/// Whether a finding is only to come: a screening that is planned is no reason for this encounter.
pub(super) fn is_planned(code: &str, section: Section) -> bool {
    section == Section::Instructions && ["Z11", "Z12", "Z13"].iter().any(|z| code.starts_with(z))
}

/// Across the note: one intent for one drug, and no newborn's code on the mother's record.
pub(super) fn settle(codes: &mut BTreeMap<String, Suggestion>) {
    let harmed: Vec<String> = (codes.keys())
        .filter(|code| code.len() == 7 && code.as_bytes()[5] == b'2' && code.starts_with('T'))
        .filter_map(|code| {
            let unsaid = format!("{}1{}", &code[..5], &code[6..]);
            is_poisoning(&unsaid).then_some(unsaid)
        })
        .collect();
    for unsaid in &harmed {
        let said = format!("{}2{}", &unsaid[..5], &unsaid[6..]);
        if let Some(gone) = codes.remove(unsaid) {
            take_evidence(codes, &said, gone.evidence);
        }
    }
    if !harmed.is_empty() {
        codes.remove("T1491XA");
    }
    if codes.keys().any(|code| code.starts_with('O')) {
        let newborn: Vec<String> =
            codes.keys().filter(|code| code.starts_with("Z38")).cloned().collect();
        for code in newborn {
            let Some(mut gone) = codes.remove(&code).filter(|_| code.starts_with("Z380")) else {
                continue;
            };
            "Z370".clone_into(&mut gone.code);
            gone.reason = "The outcome of delivery, on the mother's record (guideline I.C.15.b.5)."
                .to_owned();
            codes.entry("Z370".to_owned()).or_insert(gone);
        }
    }
}

fn take_evidence(codes: &mut BTreeMap<String, Suggestion>, code: &str, evidence: Vec<Evidence>) {
    let Some(kept) = codes.get_mut(code) else { return };
    for one in evidence {
        if !kept.evidence.contains(&one) {
            kept.evidence.push(one);
        }
    }
    kept.evidence.sort_by_key(|one| one.start);
}
