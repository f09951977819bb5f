//! The hospital itself: facilities, units, beds, the people who work there.

use crate::random::Random;
use serde_json::{Value, json};

/// The namespace of the hospital's medical record numbers.
pub const MRN_SYSTEM: &str = "urn:chartroom:demo:mrn";
/// The namespace of the hospital's visit numbers.
pub const ENCOUNTER_SYSTEM: &str = "urn:chartroom:demo:visit";

/// The time zone of the hospital.
pub const TIME_ZONE: &str = "America/Chicago";

/// A unit: key, name, number of beds.
pub(crate) struct Unit {
    pub key: &'static str,
    pub name: &'static str,
    pub beds: usize,
}

const fn unit(key: &'static str, name: &'static str, beds: usize) -> Unit {
    Unit { key, name, beds }
}

pub(crate) const UNITS: &[Unit] = &[
    unit("med", "4 West Medicine", 28),
    unit("surg", "3 East Surgery", 28),
    unit("tele", "4 East Telemetry", 20),
    unit("icu", "Intensive Care", 12),
    unit("ob", "2 North Obstetrics", 14),
    unit("nur", "Nursery", 14),
    unit("bhu", "5 West Behavioral Health", 14),
    unit("rec", "Recovery Center (Part 2 program)", 10),
    unit("obs", "Observation Unit", 10),
    unit("ed", "Emergency Department", 0),
    unit("clinic", "Prairie Clinic", 0),
];

/// Units with their beds and bassinets for inpatients: places of observation are none of them.
pub fn units() -> impl Iterator<Item = (&'static str, usize, usize)> {
    UNITS.iter().map(|unit| match unit.key {
        "nur" => (unit.name, 0, unit.beds),
        "obs" => (unit.name, 0, 0),
        _ => (unit.name, unit.beds, 0),
    })
}

/// A provider.
pub(crate) struct Provider {
    pub id: String,
    pub name: String,
    pub service: &'static str,
}

/// Given name, family name, sex, service.
const PROVIDERS: &[(&str, &str, &str, &str)] = &[
    ("Ada", "Nwosu", "female", "Medicine"),
    ("Leo", "Brandt", "male", "Medicine"),
    ("Priya", "Iyer", "female", "Medicine"),
    ("Samuel", "Okafor", "male", "Medicine"),
    ("Grace", "Lindqvist", "female", "Surgery"),
    ("Hector", "Molina", "male", "Surgery"),
    ("June", "Park", "female", "Surgery"),
    ("Omar", "Haddad", "male", "Cardiology"),
    ("Nina", "Castellan", "female", "Cardiology"),
    ("Ruth", "Abrams", "female", "Obstetrics"),
    ("Theo", "Marchand", "male", "Obstetrics"),
    ("Mei", "Tanaka", "female", "Newborn"),
    ("Paul", "Sorensen", "male", "Newborn"),
    ("Vera", "Kowalczyk", "female", "Behavioral health"),
    ("Ian", "Farrow", "male", "Behavioral health"),
    ("Dolores", "Quintana", "female", "Recovery"),
    ("Carl", "Whitfield", "male", "Emergency"),
    ("Zara", "Sheikh", "female", "Emergency"),
    ("Ben", "Ostrowski", "male", "Emergency"),
    ("Helen", "Vasquez", "female", "Primary care"),
    ("Tom", "Delacroix", "male", "Primary care"),
    ("Ana", "Ferreira", "female", "Primary care"),
    ("Yusuf", "Rahman", "male", "Infectious disease"),
    ("Clara", "Hoffman", "female", "Anesthesiology"),
];

/// The people who treat.
pub(crate) fn providers() -> Vec<Provider> {
    let named =
        |(place, (given, family, _, service)): (usize, &(&str, &str, &str, &'static str))| {
            Provider {
                id: format!("provider-{:02}", place + 1),
                name: format!("Dr. {given} {family}"),
                service,
            }
        };
    PROVIDERS.iter().enumerate().map(named).collect()
}

/// A provider of the service.
pub(crate) fn provider<'a>(
    providers: &'a [Provider],
    service: &str,
    random: &mut Random,
) -> &'a Provider {
    let own: Vec<&Provider> =
        providers.iter().filter(|provider| provider.service == service).collect();
    if own.is_empty() { &providers[0] } else { random.pick::<&Provider>(&own) }
}

/// Organizations, locations and practitioners, in the order of their references.
pub(crate) fn resources() -> Vec<Value> {
    let mut out = vec![
        organization("prairie-general", "Prairie General Hospital", None),
        organization("prairie-clinic", "Prairie Clinic", Some("prairie-general")),
        organization("recovery-center", "Prairie Recovery Center", Some("prairie-general")),
        place("site-hospital", "Prairie General Hospital", "bu", "Building", None),
    ];
    for unit in UNITS {
        let id = format!("unit-{}", unit.key);
        out.push(place(&id, unit.name, "wa", "Ward", Some("site-hospital")));
        for bed in 1..=unit.beds {
            let name = format!("{} bed {bed}", unit.name);
            out.push(place(&bed_id(unit.key, bed), &name, "bd", "Bed", Some(&id)));
        }
    }
    for (place, (given, family, gender, service)) in PROVIDERS.iter().enumerate() {
        out.extend(practitioner(place + 1, given, family, gender, service));
    }
    out
}

pub(crate) fn bed_id(unit: &str, bed: usize) -> String {
    format!("bed-{unit}-{bed:02}")
}

fn organization(id: &str, name: &str, part_of: Option<&str>) -> Value {
    let mut out = json!({
        "resourceType": "Organization", "id": id, "active": true,
        "type": [{"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/organization-type",
            "code": "prov", "display": "Healthcare Provider"}]}],
        "name": name,
        "telecom": [{"system": "phone", "value": "(217) 555-0100"}],
        "address": [{"line": ["1 Prairie Way"], "city": "Exampleton", "state": "IL",
                     "postalCode": "00010"}]
    });
    if let Some(parent) = part_of {
        out["partOf"] = json!({"reference": format!("Organization/{parent}")});
    }
    out
}

fn place(id: &str, name: &str, code: &str, words: &str, part_of: Option<&str>) -> Value {
    let mut out = json!({
        "resourceType": "Location", "id": id, "status": "active", "name": name,
        "physicalType": {"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/location-physical-type",
            "code": code, "display": words}]},
        "managingOrganization": {"reference": "Organization/prairie-general"}
    });
    if let Some(parent) = part_of {
        out["partOf"] = json!({"reference": format!("Location/{parent}")});
    }
    out
}

/// The last digit of a national provider identifier (45 CFR 162.406: Luhn over 80840 and the
/// number).
fn npi(number: usize) -> String {
    let body = format!("199999{number:03}");
    let digits = format!("80840{body}");
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            let doubled = if place % 2 == 0 { digit * 2 } else { digit };
            doubled / 10 + doubled % 10
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn practitioner(
    number: usize,
    given: &str,
    family: &str,
    gender: &str,
    service: &str,
) -> [Value; 2] {
    let id = format!("provider-{number:02}");
    let name = format!("Dr. {given} {family}");
    let person = json!({
        "resourceType": "Practitioner", "id": id, "active": true,
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi(number)}],
        "name": [{"use": "official", "family": family, "given": [given], "prefix": ["Dr."]}],
        "telecom": [{"system": "phone", "value": format!("(217) 555-01{number:02}")}],
        "gender": gender,
        "qualification": [{"code": {"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/v2-0360", "code": "MD"}],
            "text": "Doctor of Medicine"}}]
    });
    let role = json!({
        "resourceType": "PractitionerRole", "id": format!("{id}-role"), "active": true,
        "practitioner": {"reference": format!("Practitioner/{id}"), "display": name},
        "organization": {"reference": "Organization/prairie-general"},
        "specialty": [{"text": service}]
    });
    [person, role]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provider_numbers_have_their_check_digit() {
        // The published example of the standard: 123456789 ends in 3.
        assert_eq!(npi(1).len(), 10);
        let luhn = |text: &str| {
            let digits = format!("80840{text}");
            let sum: u32 = digits
                .bytes()
                .rev()
                .enumerate()
                .map(|(place, byte)| {
                    let digit = u32::from(byte - b'0');
                    let doubled = if place % 2 == 1 { digit * 2 } else { digit };
                    doubled / 10 + doubled % 10
                })
                .sum();
            sum.is_multiple_of(10)
        };
        assert!(luhn("1234567893"));
        assert!((1..=24).all(|number| luhn(&npi(number))));
    }
}
