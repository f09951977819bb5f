//! Faults that are put into the data on purpose, one kind a patient.

use crate::chart::{ICD_10_CM, Writer, category, concept, quantity, status};
use crate::person::{Person, mrn};
use crate::truth::Fault;
use jiff::ToSpan;
use serde_json::{Value, json};

/// Changes one resource; `false` where it isn't the right one.
type Change = fn(&mut Value) -> bool;

fn is_kind(resource: &Value, kind: &str) -> bool {
    resource["resourceType"] == kind
}

fn is_office_encounter(resource: &Value) -> bool {
    is_kind(resource, "Encounter")
        && resource["class"]["code"] == "AMB"
        && resource["period"]["end"].is_string()
}

fn is_sign(resource: &Value, loinc: &str) -> bool {
    is_kind(resource, "Observation") && resource["code"]["coding"][0]["code"] == loinc
}

fn is_note(resource: &Value, loinc: &str) -> bool {
    is_kind(resource, "DocumentReference") && resource["type"]["coding"][0]["code"] == loinc
}

fn without(resource: &mut Value, member: &str) -> bool {
    resource.as_object_mut().and_then(|members| members.shift_remove(member)).is_some()
}

/// Name of the fault, and how it is made in one resource of the chart.
const CHANGES: &[(&str, Change)] = &[
    ("end-before-start", |one| {
        is_office_encounter(one) && {
            let period = &mut one["period"];
            let (start, end) = (period["start"].take(), period["end"].take());
            *period = json!({"start": end, "end": start});
            true
        }
    }),
    ("discharge-disposition-missing", |one| {
        is_kind(one, "Encounter")
            && one["status"] == "finished"
            && one["hospitalization"]["dischargeDisposition"].is_object()
            && without(&mut one["hospitalization"], "dischargeDisposition")
    }),
    ("birth-date-missing", |one| is_kind(one, "Patient") && without(one, "birthDate")),
    ("sex-missing", |one| is_kind(one, "Patient") && without(one, "gender")),
    ("medical-record-number-missing", |one| is_kind(one, "Patient") && without(one, "identifier")),
    ("code-not-billable", |one| {
        is_kind(one, "Condition") && one["encounter"].is_object() && {
            let words = "Type 2 diabetes mellitus";
            one["code"] = concept(ICD_10_CM, "E11", words);
            true
        }
    }),
    ("code-unknown", |one| {
        is_kind(one, "Condition") && one["encounter"].is_object() && {
            one["code"]["coding"][0]["code"] = json!("Z99.99X9");
            true
        }
    }),
    ("temperature-in-fahrenheit", |one| {
        is_sign(one, "8310-5") && {
            one["valueQuantity"] = quantity(98.6, "°C", "Cel");
            true
        }
    }),
    ("weight-impossible", |one| {
        is_sign(one, "29463-7") && {
            one["valueQuantity"] = quantity(720.0, "kg", "kg");
            true
        }
    }),
    ("diastolic-above-systolic", |one| {
        is_sign(one, "85354-9") && {
            let parts = &mut one["component"];
            let low = parts[1]["valueQuantity"].take();
            let high = parts[0]["valueQuantity"].take();
            parts[0]["valueQuantity"] = low;
            parts[1]["valueQuantity"] = high;
            true
        }
    }),
    ("date-in-the-future", |one| {
        is_sign(one, "8867-4") && {
            let text = one["effectiveDateTime"].as_str().unwrap_or_default().to_owned();
            let year: i32 = text[..4].parse().unwrap_or(2000);
            one["effectiveDateTime"] = json!(format!("{}{}", year + 10, &text[4..]));
            true
        }
    }),
    ("attending-missing", |one| is_office_encounter(one) && without(one, "participant")),
    ("visit-never-closed", |one| {
        is_office_encounter(one) && {
            one["status"] = json!("in-progress");
            without(&mut one["period"], "end")
        }
    }),
    ("note-without-text", |one| {
        is_note(one, "34108-1") && {
            one["content"][0]["attachment"]["data"] = json!("");
            true
        }
    }),
    ("note-without-author", |one| is_note(one, "34108-1") && without(one, "author")),
];

/// Faults that need more than one resource, after [`CHANGES`].
const OTHERS: &[&str] =
    &["pregnancy-of-a-man", "medical-record-number-shared", "entry-twice", "visit-after-death"];

/// How many kinds of fault there are.
pub(crate) const KINDS: usize = CHANGES.len() + OTHERS.len();

/// Puts a fault of this kind into the person's chart, where the chart has what it takes.
pub(crate) fn put(writer: &mut Writer, person: &Person, number: u64, kind: usize) {
    let kind = kind % KINDS;
    let own = person.reference();
    let made = match CHANGES.get(kind) {
        Some((name, change)) => {
            let resources = writer.chart.resources.iter_mut();
            let mut own = resources.filter(|one| {
                one["id"] == person.id.as_str() || one["subject"]["reference"] == own.as_str()
            });
            own.find_map(|one| change(one).then(|| (*name, reference(one))))
        }
        None => other(writer, person, number, OTHERS[kind - CHANGES.len()]),
    };
    if let Some((kind, resource)) = made {
        writer.chart.truth.faults.push(Fault { kind, patient: person.id.clone(), resource });
    }
}

fn reference(resource: &Value) -> String {
    let part = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
    format!("{}/{}", part("resourceType"), part("id"))
}

fn other(
    writer: &mut Writer,
    person: &Person,
    number: u64,
    kind: &'static str,
) -> Option<(&'static str, String)> {
    let patient = json!(person.id);
    let resources = &mut writer.chart.resources;
    let made = match kind {
        "medical-record-number-shared" => {
            let one = resources.iter_mut().find(|one| one["id"] == patient)?;
            one["identifier"][0]["value"] = json!(mrn(number.checked_sub(1)?, 0));
            reference(one)
        }
        "visit-after-death" => {
            let stay = writer.chart.truth.stays.iter().rev().find(|s| s.patient == person.id)?;
            let day: jiff::civil::Date = stay.admitted.parse().ok()?;
            let one = resources.iter_mut().find(|one| one["id"] == patient)?;
            if one["deceasedDateTime"].is_string() {
                return None;
            }
            one["deceasedDateTime"] = json!(day.saturating_sub(3.days()).to_string());
            format!("Encounter/{}", stay.encounter)
        }
        "entry-twice" => {
            let one = resources
                .iter()
                .find(|one| is_kind(one, "Condition") && one["encounter"].is_object())?;
            let mut again = one.clone();
            again["id"] = json!(writer.id(person, "dx"));
            let made = reference(&again);
            writer.chart.resources.push(again);
            made
        }
        _ => {
            if person.sex != "male" {
                return None;
            }
            let visit = resources.iter().find(|one| is_office_encounter(one))?;
            let encounter = reference(visit);
            let id = writer.id(person, "dx");
            let words = "Encounter for supervision of other normal pregnancy, third trimester";
            let condition = json!({
                "resourceType": "Condition", "id": id,
                "clinicalStatus": status("condition-clinical", "active"),
                "verificationStatus": status("condition-ver-status", "confirmed"),
                "category": [category("condition-category", "encounter-diagnosis")],
                "code": concept(ICD_10_CM, "Z34.83", words),
                "subject": {"reference": person.reference()},
                "encounter": {"reference": encounter}
            });
            let made = reference(&condition);
            writer.chart.resources.push(condition);
            made
        }
    };
    Some((kind, made))
}
