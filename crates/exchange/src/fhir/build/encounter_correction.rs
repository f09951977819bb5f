//! Putting an encounter's times, class and disposition right. What a sender wrote and nobody
//! changed stays as it is, to the letter.

use super::encounter::{DISCHARGE_DISPOSITIONS, EncounterClass, to_disposition};
use super::field::{DATE_WOULD_DO, Faults, FieldError};
use super::{Desk, Stay};
use record::Instant;
use serde_json::{Value, json};

/// An encounter's facts as the form holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncounterCorrection {
    /// Class.
    pub class: Option<EncounterClass>,
    /// Begin.
    pub start: String,
    /// End; empty while it lasts.
    pub end: String,
    /// Code of the discharge disposition; empty where there is none.
    pub disposition: String,
}

impl EncounterCorrection {
    /// What stands in an encounter, times on the facility's clock.
    pub fn of(stay: &Stay, desk: &Desk) -> EncounterCorrection {
        EncounterCorrection {
            class: stay.class,
            start: shown(&stay.start, desk),
            end: shown(&stay.end, desk),
            disposition: stay.disposition.clone(),
        }
    }

    fn check(&self, before: &EncounterCorrection, desk: &Desk) -> Faults {
        let mut faults = Faults::new();
        faults.required("start", &self.start, "The beginning", DATE_WOULD_DO);
        faults.past("start", &self.start, desk);
        faults.past("end", &self.end, desk);
        let reason = "The end is before the begin.";
        faults.ordered("end", &self.start, &self.end, reason, desk);
        let is_stay =
            matches!(self.class, Some(EncounterClass::Inpatient | EncounterClass::Observation));
        if is_stay && !self.end.trim().is_empty() {
            let what = "Where the patient went";
            faults.required("disposition", &self.disposition, what, "Choose one.");
        }
        if self.end.trim().is_empty() && !self.disposition.trim().is_empty() {
            let would = "Give the end, or no disposition.";
            let reason = "A disposition without an end.";
            faults.wrong("disposition", &self.disposition, reason, would);
        }
        let code = self.disposition.trim();
        let is_known = DISCHARGE_DISPOSITIONS.iter().any(|(known, _)| *known == code);
        if !code.is_empty() && !is_known && code != before.disposition {
            let would = "A patient discharge status of the list, as 01.";
            faults.wrong("disposition", code, "This code is not in the list.", would);
        }
        faults
    }

    /// Corrects an encounter. True where something was changed; nothing is where a fault is
    /// returned.
    ///
    /// # Errors
    /// The faults, field by field.
    pub fn apply(&self, encounter: &mut Value, desk: &Desk) -> Result<bool, Vec<FieldError>> {
        let before = EncounterCorrection::of(&Stay::of(encounter), desk);
        let faults = self.check(&before, desk);
        if faults.0.iter().any(FieldError::stops) {
            return Err(faults.0);
        }
        if *self == before {
            return Ok(false);
        }
        if self.class != before.class
            && let Some(class) = self.class
        {
            encounter["class"] = class.to_value();
        }
        for (name, now, was) in
            [("start", &self.start, &before.start), ("end", &self.end, &before.end)]
        {
            if now != was {
                put_time(encounter, name, desk.date_time(now));
            }
        }
        let is_over = !self.end.trim().is_empty();
        let status = encounter["status"].as_str().unwrap_or_default().to_owned();
        match (is_over, status.as_str()) {
            (true, "in-progress" | "arrived" | "triaged" | "onleave" | "planned" | "unknown") => {
                encounter["status"] = json!("finished");
            }
            (false, "finished") => encounter["status"] = json!("in-progress"),
            _ => {}
        }
        if self.disposition != before.disposition {
            put_disposition(encounter, self.disposition.trim());
        }
        Ok(true)
    }
}

/// A time on the facility's clock; a date alone, and what is no time, as it is.
fn shown(text: &str, desk: &Desk) -> String {
    match Instant::parse(text) {
        Some(at) => {
            let zoned = at.timestamp().to_zoned(desk.zone.clone());
            zoned.strftime("%Y-%m-%d %H:%M").to_string()
        }
        None => text.to_owned(),
    }
}

fn put_time(encounter: &mut Value, name: &str, time: Option<String>) {
    match time {
        Some(time) => encounter["period"][name] = json!(time),
        None => {
            if let Some(period) = encounter.get_mut("period").and_then(Value::as_object_mut) {
                period.shift_remove(name);
            }
        }
    }
}

fn put_disposition(encounter: &mut Value, code: &str) {
    match to_disposition(code) {
        Some(concept) => encounter["hospitalization"]["dischargeDisposition"] = concept,
        None => {
            let stay = encounter.get_mut("hospitalization").and_then(Value::as_object_mut);
            if let Some(stay) = stay {
                stay.shift_remove("dischargeDisposition");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    #[test]
    fn only_what_is_changed_changes() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let now = Instant::parse("2026-03-10T12:00:00Z").unwrap();
        let desk = Desk { zone: &zone, now };
        let sent = json!({"resourceType": "Encounter", "status": "finished",
            "class": {"code": "IMP", "display": "as sent"},
            "period": {"start": "2026-03-05T10:00:30Z", "end": "2026-03-01T10:00:00Z"}});
        let mut form = EncounterCorrection::of(&Stay::of(&sent), &desk);
        assert_eq!(form.start, "2026-03-05 05:00");
        let fields = |form: &EncounterCorrection| -> Vec<&str> {
            let faults = form.apply(&mut sent.clone(), &desk).unwrap_err();
            faults.iter().map(|fault| fault.field).collect()
        };
        assert_eq!(fields(&form), ["end", "disposition"]);
        form.end = "2026-03-08 09:00".to_owned();
        form.disposition = "99".to_owned();
        assert_eq!(fields(&form), ["disposition"]);
        form.disposition = "01".to_owned();
        let mut encounter = sent.clone();
        assert_eq!(form.apply(&mut encounter, &desk), Ok(true));
        assert_eq!(encounter["period"]["start"], "2026-03-05T10:00:30Z", "to the letter");
        assert_eq!(encounter["period"]["end"], "2026-03-08T09:00:00-04:00");
        assert_eq!(encounter["class"]["display"], "as sent");
        let place = "/hospitalization/dischargeDisposition/coding/0/code";
        assert_eq!(encounter.pointer(place), Some(&json!("01")));
        assert_eq!(form.apply(&mut encounter.clone(), &desk), Ok(false), "nothing is changed");
        form.end.clear();
        form.disposition.clear();
        assert_eq!(form.apply(&mut encounter, &desk), Ok(true));
        assert_eq!(encounter["status"], "in-progress");
        assert!(encounter["period"].get("end").is_none());
    }
}
