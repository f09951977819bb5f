//! What an Encounter says of a stay or visit: class, times, where the patient went.

use super::build::EncounterClass;
use super::index::{at_path, text};
use jiff::tz::TimeZone;
use record::{Instant, PartialDate};
use serde_json::Value;

/// A stay or visit as an Encounter states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Its class; `None` for classes that are none of ours (virtual, home health).
    pub class: Option<EncounterClass>,
    /// When it began.
    pub started_at: Option<Instant>,
    /// When it ended: the last instant of what the sender wrote.
    pub ended_at: Option<Instant>,
    /// Whether its status says that it is over.
    pub is_finished: bool,
    /// Code of the discharge disposition, as sent.
    pub disposition: Option<String>,
}

/// Reads an Encounter. Times without an offset are taken in `zone`. `None` for other types.
pub fn stay(encounter: &Value, zone: &TimeZone) -> Option<Stay> {
    if text(encounter, "resourceType") != Some("Encounter") {
        return None;
    }
    let first = |path: &str| at_path(encounter, path).into_iter().find_map(Value::as_str);
    let time = |path: &str| PartialDate::parse(first(path)?, zone);
    let disposition = first("hospitalization.dischargeDisposition.coding.code");
    Some(Stay {
        class: first("class.code").and_then(EncounterClass::parse),
        started_at: time("period.start").map(|date| date.first),
        ended_at: time("period.end").map(|date| date.last),
        is_finished: text(encounter, "status") == Some("finished"),
        disposition: disposition.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_stay_is_read() {
        let encounter = json!({
            "resourceType": "Encounter", "status": "finished",
            "class": {"code": "ACUTE"},
            "period": {"start": "2026-03-01T10:00:00-05:00", "end": "2026-03-04"},
            "hospitalization": {"dischargeDisposition": {"coding": [{"code": "03"}]}}
        });
        let stay = stay(&encounter, &TimeZone::UTC).unwrap();
        assert_eq!(stay.class, Some(EncounterClass::Inpatient));
        assert_eq!(stay.started_at, Instant::parse("2026-03-01T15:00:00Z"));
        let day = stay.ended_at.unwrap().date_in(&TimeZone::UTC);
        assert_eq!(day, jiff::civil::date(2026, 3, 4));
        assert_eq!(stay.disposition.as_deref(), Some("03"));
        assert!(stay.is_finished);
        assert_eq!(super::stay(&json!({"resourceType": "Patient"}), &TimeZone::UTC), None);
        let bare = super::stay(&json!({"resourceType": "Encounter"}), &TimeZone::UTC).unwrap();
        assert!(bare.class.is_none() && bare.ended_at.is_none() && !bare.is_finished);
    }
}
