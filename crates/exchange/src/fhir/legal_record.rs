//! Whether an entry belongs to the legal record, so that it may be corrected but never removed.

use super::build::Facts;
use serde_json::Value;

/// Statuses of R4 that say that somebody answers for the content.
const ANSWERED_FOR: &[&str] = &[
    "amended",
    "appended",
    "available",
    "completed",
    "corrected",
    "current",
    "final",
    "finished",
    "superseded",
];

/// Where an entry stands towards the legal record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not yet part of it: preliminary, registered, planned.
    Before,
    /// Part of it: final, or authenticated.
    Part,
    /// Part of it, and marked as entered in error.
    EnteredInError,
}

/// Tells where an entry stands, from its status, its verification and its authentication.
pub fn standing(resource: &Value) -> Standing {
    let verification = resource.pointer("/verificationStatus/coding/0/code");
    let words = [resource.get("status"), resource.get("docStatus"), verification];
    let words: Vec<&str> = words.into_iter().flatten().filter_map(Value::as_str).collect();
    let authenticated = || Facts::of(resource).is_some_and(|facts| facts.authenticated.is_some());
    if words.contains(&"entered-in-error") {
        Standing::EnteredInError
    } else if words.iter().any(|word| ANSWERED_FOR.contains(word) || *word == "confirmed")
        || authenticated()
    {
        Standing::Part
    } else {
        Standing::Before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn entries_stand_where_their_status_says() {
        let confirmed = json!({"verificationStatus": {"coding": [{"code": "confirmed"}]}});
        let table = [
            (json!({"status": "preliminary"}), Standing::Before),
            (json!({"status": "final"}), Standing::Part),
            (json!({"status": "entered-in-error"}), Standing::EnteredInError),
            (json!({"status": "current", "docStatus": "preliminary"}), Standing::Part),
            (confirmed, Standing::Part),
            (json!({}), Standing::Before),
        ];
        for (resource, expected) in table {
            assert_eq!(standing(&resource), expected, "{resource}");
        }
    }
}
