//! What becomes of one entry, given what is held already. Pure.

use super::FindingKind;
use record::Instant;

/// What is held under the entry's type and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Number of the current version.
    pub number: i64,
    /// Whether it is deleted.
    pub deleted: bool,
    /// The sender's time of the current version.
    pub sent_at: Option<Instant>,
    /// The newest version that was sent with the entry's very content.
    pub same_as: Option<i64>,
}

/// What becomes of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is new.
    Create,
    /// It is held as it is.
    Unchanged,
    /// It becomes the next version.
    Update,
    /// Nothing is added; the sentence names the version that it repeats or conflicts with.
    Finding(FindingKind, String),
}

/// Decides on an entry that was sent at this time.
pub fn decide(held: Option<Held>, sent_at: Option<Instant>) -> Decision {
    let Some(held) = held else { return Decision::Create };
    match held.same_as {
        Some(number) if number == held.number && !held.deleted => Decision::Unchanged,
        Some(number) if held.deleted => Decision::Finding(
            FindingKind::Deleted,
            format!(
                "This repeats version {number}, which was deleted here; it was not brought back."
            ),
        ),
        Some(number) => Decision::Finding(
            FindingKind::Repeats,
            format!(
                "This repeats version {number}; version {} is the current one and stays.",
                held.number
            ),
        ),
        None if is_older(sent_at, held.sent_at) => Decision::Finding(
            FindingKind::Conflicts,
            format!(
                "This conflicts with version {}, whose sender wrote it later; the later one stays.",
                held.number
            ),
        ),
        None => Decision::Update,
    }
}

fn is_older(sent_at: Option<Instant>, held_at: Option<Instant>) -> bool {
    matches!((sent_at, held_at), (Some(sent), Some(held)) if sent < held)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(number: i64, deleted: bool, sent: Option<i64>, same_as: Option<i64>) -> Option<Held> {
        Some(Held { number, deleted, sent_at: sent.map(Instant), same_as })
    }

    #[test]
    fn entries_are_decided() {
        use Decision::*;
        let table = [
            (None, None, "create"),
            (held(1, false, None, Some(1)), None, "unchanged"),
            (held(2, false, None, Some(1)), None, "repeats version 1"),
            (held(1, false, None, None), None, "update"),
            (held(1, false, Some(5), None), Some(7), "update"),
            (held(1, false, Some(5), None), Some(3), "conflicts with version 1"),
            (held(1, false, Some(5), None), None, "update"),
            (held(2, true, None, Some(1)), None, "was deleted here"),
            (held(2, true, None, None), None, "update"),
        ];
        for (held, sent, expected) in table {
            let got = match decide(held, sent.map(Instant)) {
                Create => "create".to_owned(),
                Unchanged => "unchanged".to_owned(),
                Update => "update".to_owned(),
                Finding(_, sentence) => sentence,
            };
            assert!(got.contains(expected), "{held:?} {sent:?}: {got}");
        }
    }
}
