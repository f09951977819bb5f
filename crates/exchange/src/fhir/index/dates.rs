//! R4's search parameters of type date, and the date under which a chart shows an entry.

use super::{at_path, span, text};
use jiff::tz::TimeZone;
use record::Instant;
use serde_json::Value;

/// The instants that one date parameter covers in one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateRange {
    /// The parameter's name: `date`, `recorded-date`.
    pub parameter: &'static str,
    /// First instant; `i64::MIN` where a period has no start.
    pub first: Instant,
    /// Last instant; `i64::MAX` where a period has no end.
    pub last: Instant,
}

/// Type, parameter, path. A path that ends in `[x]` takes every choice that holds a time.
#[rustfmt::skip]
const DATES: &[(&str, &str, &str)] = &[
    ("Account", "period", "servicePeriod"),
    ("AdverseEvent", "date", "date"),
    ("AllergyIntolerance", "date", "recordedDate"),
    ("AllergyIntolerance", "last-date", "lastOccurrence"),
    ("AllergyIntolerance", "onset", "reaction.onset"),
    ("Appointment", "date", "start"),
    ("AuditEvent", "date", "recorded"),
    ("Basic", "created", "created"),
    ("CarePlan", "date", "period"),
    ("CareTeam", "date", "period"),
    ("ChargeItem", "entered-date", "enteredDate"),
    ("ChargeItem", "occurrence", "occurrence[x]"),
    ("Claim", "created", "created"),
    ("ClaimResponse", "created", "created"),
    ("ClinicalImpression", "date", "date"),
    ("Communication", "received", "received"),
    ("Communication", "sent", "sent"),
    ("CommunicationRequest", "authored", "authoredOn"),
    ("CommunicationRequest", "occurrence", "occurrence[x]"),
    ("Composition", "date", "date"),
    ("Composition", "period", "event.period"),
    ("Condition", "recorded-date", "recordedDate"),
    ("Condition", "onset-date", "onset[x]"),
    ("Condition", "abatement-date", "abatement[x]"),
    ("Consent", "date", "dateTime"),
    ("Consent", "period", "provision.period"),
    ("CoverageEligibilityRequest", "created", "created"),
    ("CoverageEligibilityResponse", "created", "created"),
    ("DetectedIssue", "identified", "identified[x]"),
    ("DeviceRequest", "authored-on", "authoredOn"),
    ("DeviceRequest", "event-date", "occurrence[x]"),
    ("DiagnosticReport", "date", "effective[x]"),
    ("DiagnosticReport", "issued", "issued"),
    ("DocumentManifest", "created", "created"),
    ("DocumentReference", "date", "date"),
    ("DocumentReference", "period", "context.period"),
    ("Encounter", "date", "period"),
    ("Encounter", "location-period", "location.period"),
    ("EpisodeOfCare", "date", "period"),
    ("ExplanationOfBenefit", "created", "created"),
    ("FamilyMemberHistory", "date", "date"),
    ("Flag", "date", "period"),
    ("Goal", "start-date", "start[x]"),
    ("Goal", "target-date", "target.due[x]"),
    ("ImagingStudy", "started", "started"),
    ("Immunization", "date", "occurrence[x]"),
    ("Immunization", "reaction-date", "reaction.date"),
    ("ImmunizationEvaluation", "date", "date"),
    ("ImmunizationRecommendation", "date", "date"),
    ("Invoice", "date", "date"),
    ("Library", "date", "date"),
    ("List", "date", "date"),
    ("Measure", "date", "date"),
    ("MeasureReport", "date", "date"),
    ("MeasureReport", "period", "period"),
    ("Media", "created", "created[x]"),
    ("Medication", "expiration-date", "batch.expirationDate"),
    ("MedicationAdministration", "effective-time", "effective[x]"),
    ("MedicationDispense", "whenhandedover", "whenHandedOver"),
    ("MedicationDispense", "whenprepared", "whenPrepared"),
    ("MedicationRequest", "authoredon", "authoredOn"),
    ("MedicationRequest", "date", "dosageInstruction.timing.event"),
    ("MedicationStatement", "effective", "effective[x]"),
    ("NutritionOrder", "datetime", "dateTime"),
    ("Observation", "date", "effective[x]"),
    ("Observation", "value-date", "value[x]"),
    ("Patient", "birthdate", "birthDate"),
    ("Patient", "death-date", "deceased[x]"),
    ("Person", "birthdate", "birthDate"),
    ("PlanDefinition", "date", "date"),
    ("PractitionerRole", "date", "period"),
    ("Procedure", "date", "performed[x]"),
    ("Provenance", "recorded", "recorded"),
    ("Provenance", "when", "occurred[x]"),
    ("Questionnaire", "date", "date"),
    ("QuestionnaireResponse", "authored", "authored"),
    ("RelatedPerson", "birthdate", "birthDate"),
    ("RequestGroup", "authored", "authoredOn"),
    ("ResearchStudy", "date", "period"),
    ("ResearchSubject", "date", "period"),
    ("RiskAssessment", "date", "occurrence[x]"),
    ("Schedule", "date", "planningHorizon"),
    ("ServiceRequest", "authored", "authoredOn"),
    ("ServiceRequest", "occurrence", "occurrence[x]"),
    ("Slot", "start", "start"),
    ("Specimen", "collected", "collection.collected[x]"),
    ("SupplyRequest", "date", "authoredOn"),
    ("Task", "authored-on", "authoredOn"),
    ("Task", "modified", "lastModified"),
    ("Task", "period", "executionPeriod"),
    ("ValueSet", "date", "date"),
    ("VisionPrescription", "datewritten", "dateWritten"),
];

/// Endings of a choice that holds a time.
const CHOICES: &[&str] = &["DateTime", "Period", "Timing", "Instant", "Date"];

/// Where a chart looks for a date, in this order, in types without a `date` parameter or where
/// that parameter is empty.
#[rustfmt::skip]
const CHART_DATES: &[(&str, &[&str])] = &[
    ("AllergyIntolerance", &["recordedDate", "onset[x]", "lastOccurrence"]),
    ("Claim", &["billablePeriod", "created"]),
    ("Condition", &["onset[x]", "recordedDate"]),
    ("Coverage", &["period"]),
    ("DeviceUseStatement", &["timing[x]", "recordedOn"]),
    ("DiagnosticReport", &["effective[x]", "issued"]),
    ("DocumentReference", &["context.period", "date", "content.attachment.creation"]),
    ("ExplanationOfBenefit", &["billablePeriod", "created"]),
    ("Goal", &["start[x]", "statusDate"]),
    ("Immunization", &["occurrence[x]", "recorded"]),
    ("MedicationAdministration", &["effective[x]"]),
    ("MedicationDispense", &["whenHandedOver", "whenPrepared"]),
    ("MedicationRequest", &["authoredOn"]),
    ("MedicationStatement", &["effective[x]", "dateAsserted"]),
    ("Observation", &["effective[x]", "issued"]),
    ("Provenance", &["occurred[x]", "recorded"]),
    ("ServiceRequest", &["occurrence[x]", "authoredOn"]),
    ("Specimen", &["collection.collected[x]", "receivedTime"]),
    ("Task", &["executionPeriod", "authoredOn"]),
];

/// Every date parameter of the resource that has a value.
pub(super) fn dates(resource: &Value, kind: &str, zone: &TimeZone) -> Vec<DateRange> {
    let mut found: Vec<DateRange> = Vec::new();
    for (_, parameter, path) in own_dates(kind) {
        for value in values(resource, path) {
            if let Some((first, last)) = range(value, zone) {
                found.push(DateRange { parameter, first, last });
            }
        }
    }
    found
}

/// The date under which a chart shows the entry.
pub(crate) fn chart_date(
    resource: &Value,
    kind: &str,
    zone: &TimeZone,
) -> Option<(Instant, Instant)> {
    chart_values(resource, kind).into_iter().find_map(|value| range(value, zone))
}

/// The values that may tell the chart's date, the best first: a text, a Period or a Timing.
pub(crate) fn chart_values<'a>(resource: &'a Value, kind: &str) -> Vec<&'a Value> {
    if let Some((_, paths)) = CHART_DATES.iter().find(|(name, _)| *name == kind) {
        return paths.iter().flat_map(|path| values(resource, path)).collect();
    }
    let is_event =
        |parameter: &str| !matches!(parameter, "birthdate" | "death-date" | "expiration-date");
    let mut own: Vec<_> = own_dates(kind).iter().filter(|(_, name, _)| is_event(name)).collect();
    own.sort_by_key(|(_, parameter, _)| *parameter != "date");
    own.into_iter().flat_map(|(.., path)| values(resource, path)).collect()
}

fn own_dates(kind: &str) -> &'static [(&'static str, &'static str, &'static str)] {
    let start = DATES.partition_point(|(name, ..)| *name < kind);
    let length = DATES[start..].partition_point(|(name, ..)| *name == kind);
    &DATES[start..start + length]
}

fn values<'a>(resource: &'a Value, path: &str) -> Vec<&'a Value> {
    match path.strip_suffix("[x]") {
        None => at_path(resource, path),
        Some(stem) => {
            CHOICES.iter().flat_map(|end| at_path(resource, &format!("{stem}{end}"))).collect()
        }
    }
}

/// The instants of a date, a Period or a Timing.
fn range(value: &Value, zone: &TimeZone) -> Option<(Instant, Instant)> {
    if let Value::String(text) = value {
        return span(text, zone);
    }
    let start = text(value, "start").and_then(|text| span(text, zone));
    let end = text(value, "end").and_then(|text| span(text, zone));
    if start.is_some() || end.is_some() {
        let first = start.map_or(Instant(i64::MIN), |(first, _)| first);
        let last = end.map_or(Instant(i64::MAX), |(_, last)| last);
        // A period written backwards is kept findable at both of its ends.
        return Some((first.min(last), last.max(first)));
    }
    let events = at_path(value, "event");
    let events = events.iter().filter_map(|event| span(event.as_str()?, zone));
    let events = events.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    events.or_else(|| range(value.pointer("/repeat/boundsPeriod")?, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_by_type() {
        assert!(DATES.is_sorted_by_key(|(kind, ..)| *kind));
    }
}
