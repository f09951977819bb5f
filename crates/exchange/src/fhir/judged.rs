//! What quality checks judge of an entry: the facts, without the words.

use super::build::Facts;
use super::index::{at_path, each, text};
use jiff::tz::TimeZone;
use record::{Instant, PartialDate};
use serde_json::Value;

/// LOINC codes of vital signs whose numbers are judged, panels of them included.
pub const JUDGED_VITAL_SIGNS: &[&str] = &[
    "8867-4", "9279-1", "8310-5", "8480-6", "8462-4", "2708-6", "59408-5", "29463-7", "8302-2",
    "39156-5", "85354-9", "55284-4", "85353-1",
];

/// LOINC's system.
pub const LOINC: &str = "http://loinc.org";

/// A document as far as checks judge it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JudgedDocument {
    /// LOINC code of its kind.
    pub kind: Option<String>,
    /// The moment that it tells of.
    pub event: Option<Instant>,
    /// When its sender says that it was written.
    pub written: Option<Instant>,
    /// Whether its sender says whether it is authenticated.
    pub needs_signature: bool,
    /// When it was authenticated: the time given, else when it was written.
    pub signed: Option<Instant>,
}

/// Reads a DocumentReference. Times without an offset are taken in `zone`.
pub fn judged_document(document: &Value, zone: &TimeZone) -> JudgedDocument {
    let time = |text: &str| PartialDate::parse(text, zone).map(|date| date.first);
    let of_path = |path: &str| at_path(document, path).into_iter().find_map(Value::as_str);
    let is_loinc = |coding: &&Value| text(coding, "system") == Some(LOINC);
    let codings = at_path(document, "type.coding");
    let kind = codings.into_iter().find(is_loinc).and_then(|coding| text(coding, "code"));
    let facts = Facts::of(document);
    let told = facts.as_ref().map(|facts| facts.event_time.as_str()).filter(|at| !at.is_empty());
    let written = of_path("date").and_then(time);
    let status = text(document, "docStatus");
    let is_signed = matches!(status, Some("final" | "amended"));
    let signed_at = facts.as_ref().and_then(|facts| facts.authenticated.as_ref());
    let signed_at = signed_at.and_then(|(_, at)| time(at));
    JudgedDocument {
        kind: kind.map(str::to_owned),
        event: told.or(of_path("context.period.start")).and_then(time),
        written,
        needs_signature: matches!(status, Some("preliminary" | "final" | "amended")),
        signed: signed_at.or(written.or(Some(Instant(0))).filter(|_| is_signed)),
    }
}

/// One number of a vital sign.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedNumber {
    /// LOINC code.
    pub code: String,
    /// The number.
    pub value: f64,
    /// Its unit in UCUM, where one is given.
    pub unit: Option<String>,
}

/// The numbers of an Observation, its own and those of its components.
pub fn judged_numbers(observation: &Value) -> Vec<JudgedNumber> {
    let parts = observation.get("component").map(each).unwrap_or_default();
    let number = |one: &Value| {
        let is_loinc = |coding: &&Value| text(coding, "system") == Some(LOINC);
        let code = at_path(one, "code.coding").into_iter().find(is_loinc)?;
        let quantity = one.get("valueQuantity")?;
        let unit = text(quantity, "code").or(text(quantity, "unit"));
        Some(JudgedNumber {
            code: text(code, "code")?.to_owned(),
            value: quantity.get("value")?.to_string().parse().ok()?,
            unit: unit.map(str::to_owned),
        })
    };
    std::iter::once(observation).chain(parts).filter_map(number).collect()
}

/// The diagnoses that an Encounter lists with a rank: rank, and the Condition referred to.
pub fn judged_diagnoses(encounter: &Value) -> Vec<(u32, String)> {
    let listed = encounter.get("diagnosis").map(each).unwrap_or_default();
    let ranked = |one: &Value| {
        let rank = u32::try_from(one.get("rank")?.as_u64()?).ok()?;
        Some((rank, at_path(one, "condition.reference").first()?.as_str()?.to_owned()))
    };
    listed.into_iter().filter_map(ranked).collect()
}

/// Where a patient went, as coded or in words.
pub fn judged_disposition(encounter: &Value) -> Option<String> {
    let of_path = |path: &str| at_path(encounter, path).into_iter().find_map(Value::as_str);
    let code = of_path("hospitalization.dischargeDisposition.coding.code");
    code.or(of_path("hospitalization.dischargeDisposition.text")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_document_says_when_it_was_written_and_signed() {
        let judged = |value: Value| judged_document(&value, &TimeZone::UTC);
        let scan = judged(json!({"date": "2026-03-02T10:00:00Z", "type": {"text": "Letter"},
            "context": {"period": {"start": "2026-03-01"}}}));
        assert!(scan.kind.is_none() && !scan.needs_signature && scan.signed.is_none());
        assert_eq!(scan.event, Instant::parse("2026-03-01T00:00:00Z"));
        let note = json!({"docStatus": "preliminary", "date": "2026-03-02T10:00:00Z",
            "type": {"coding": [{"system": LOINC, "code": "18842-5"}]}});
        let open = judged(note.clone());
        assert!(open.needs_signature && open.signed.is_none());
        assert_eq!(open.kind.as_deref(), Some("18842-5"));
        let mut signed = note;
        signed["docStatus"] = json!("final");
        assert!(judged(signed).signed.is_some());
    }

    #[test]
    fn numbers_of_components_are_read() {
        let quantity = |value: f64| json!({"value": value, "code": "mm[Hg]"});
        let code = |code: &str| json!({"coding": [{"system": LOINC, "code": code}]});
        let panel = json!({"code": code("85354-9"), "component": [
            {"code": code("8480-6"), "valueQuantity": quantity(120.0)},
            {"code": code("8462-4"), "valueQuantity": quantity(80.5)}]});
        let numbers: Vec<f64> = judged_numbers(&panel).iter().map(|one| one.value).collect();
        assert_eq!(numbers, [120.0, 80.5]);
        let listed = json!({"diagnosis": [{"condition": {"reference": "Condition/a"}, "rank": 1},
            {"condition": {"reference": "Condition/b"}}]});
        assert_eq!(judged_diagnoses(&listed), [(1, "Condition/a".to_owned())]);
    }
}
