//! What a person decided about a pair, and how long that stands.
//!
//! A pair judged "not the same" stays so until the evidence changes: the judgement keeps a digest
//! of what was compared, and stands while the digest is the same.

use crate::person::Person;
use record::{Actor, ContentHash, Instant, PatientKey};
use serde::{Deserialize, Serialize};

/// Two different patients, the smaller key first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pair {
    /// The smaller key.
    pub low: PatientKey,
    /// The larger key.
    pub high: PatientKey,
}

impl Pair {
    /// The pair of two keys in either order; `None` for one key twice.
    pub fn new(a: PatientKey, b: PatientKey) -> Option<Pair> {
        (a != b).then(|| Pair { low: a.min(b), high: a.max(b) })
    }
}

/// The answers to "are they one person?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// One person.
    Same,
    /// Two people.
    Different,
    /// It can't be told yet.
    NotSure,
}

impl Answer {
    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Answer::Same => "Same person",
            Answer::Different => "Not the same",
            Answer::NotSure => "Not sure",
        }
    }
}

/// A decision about a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The pair.
    pub pair: Pair,
    /// The answer.
    pub answer: Answer,
    /// Who answered.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// Why, in their words.
    pub reason: String,
    /// Digest of what was compared: see [`evidence_digest`].
    pub evidence: ContentHash,
}

impl Judgement {
    /// Whether the answer still stands for this evidence. "Not sure" never settles a pair.
    pub fn stands(&self, evidence: ContentHash) -> bool {
        self.answer != Answer::NotSure && self.evidence == evidence
    }
}

/// Digest of everything that a comparison of two people reads, in either order. What only adds a
/// note or a document to a chart does not change it.
pub fn evidence_digest(a: &Person, b: &Person) -> ContentHash {
    let mut sides = [side(a), side(b)];
    sides.sort_unstable();
    ContentHash::of(sides.concat().as_slice())
}

fn side(person: &Person) -> [u8; 32] {
    let text = serde_json::to_vec(person).expect("a person is plain data and serialises");
    ContentHash::of(&text).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Name;
    use record::BirthDate;

    fn person(birth: &str) -> Person {
        Person {
            names: vec![Name::new("Roe", "Jane")],
            birth_date: Some(BirthDate::new(birth)),
            ..Person::default()
        }
    }

    fn judged(answer: Answer, evidence: ContentHash) -> Judgement {
        let pair = Pair::new(PatientKey(2), PatientKey(1)).expect("two keys");
        Judgement {
            pair,
            answer,
            by: Actor::Person { id: 7 },
            at: Instant(0),
            reason: "Seen both.".to_owned(),
            evidence,
        }
    }

    #[test]
    fn a_judgement_stands_until_the_evidence_changes() {
        let (a, b) = (person("1980-03-04"), person("1980-04-03"));
        let evidence = evidence_digest(&a, &b);
        assert_eq!(evidence, evidence_digest(&b, &a));
        let changed = evidence_digest(&a, &person("1980-03-04"));
        let different = judged(Answer::Different, evidence);
        assert!(different.stands(evidence) && !different.stands(changed));
        assert!(!judged(Answer::NotSure, evidence).stands(evidence));
    }

    #[test]
    fn pairs_have_one_order() {
        assert_eq!(
            Pair::new(PatientKey(2), PatientKey(1)),
            Pair::new(PatientKey(1), PatientKey(2))
        );
        assert_eq!(Pair::new(PatientKey(1), PatientKey(1)), None);
    }
}
