//! The laws of the hospital: seeds, references, codes, truth.

use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

fn options(patients: u64, seed: u64) -> Options {
    Options { patients, seed, today: civil::date(2026, 3, 4) }
}

/// The hospital of the demonstration, made once for all tests.
fn demonstration() -> &'static Hospital {
    static HOSPITAL: LazyLock<Hospital> = LazyLock::new(|| Hospital::generate(options(200, 1)));
    &HOSPITAL
}

fn bytes(hospital: &Hospital) -> Vec<u8> {
    let mut out = serde_json::to_vec(&hospital.resources).unwrap();
    out.extend(hospital.scans.iter().flat_map(|scan| &scan.bytes));
    out.extend(serde_json::to_vec(&hospital.truth).unwrap());
    out
}

fn reference(resource: &Value) -> String {
    format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap())
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "reference" => found.push(text),
                    other => references(other, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let one = bytes(&Hospital::generate(options(12, 7)));
    assert!(one == bytes(&Hospital::generate(options(12, 7))));
    assert!(one != bytes(&Hospital::generate(options(12, 8))));
}

#[test]
fn every_reference_leads_back_and_every_id_is_new() {
    let hospital = demonstration();
    let mut seen = BTreeSet::new();
    for resource in &hospital.resources {
        assert!(record::id::is_id(resource["id"].as_str().unwrap()), "{}", resource["id"]);
        assert!(seen.insert(reference(resource)), "{} is twice", reference(resource));
        let mut found = Vec::new();
        references(resource, &mut found);
        for target in found {
            assert!(seen.contains(target), "{} leads to {target}", reference(resource));
        }
    }
}

#[test]
fn every_code_has_its_form() {
    let faulty = ["E11", "Z99.99X9"];
    for resource in &demonstration().resources {
        let Some(coding) = resource["code"]["coding"].as_array() else { continue };
        let code = coding[0]["code"].as_str().unwrap();
        let lean = code.replace('.', "");
        let is_plain = lean.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_valid = match coding[0]["system"].as_str().unwrap() {
            "http://hl7.org/fhir/sid/icd-10-cm" => {
                is_plain && (3..=7).contains(&lean.len()) && code.find('.').is_none_or(|at| at == 3)
            }
            "http://www.cms.gov/Medicare/Coding/ICD10" => is_plain && code.len() == 7,
            "http://loinc.org" => code.split_once('-').is_some_and(|(_, check)| check.len() == 1),
            _ => true,
        };
        assert!(is_valid || faulty.contains(&code), "{code}");
    }
}

#[test]
fn the_truth_agrees_with_the_records() {
    let hospital = demonstration();
    let truth = &hospital.truth;
    let by_reference: BTreeMap<String, &Value> =
        hospital.resources.iter().map(|one| (reference(one), one)).collect();
    let ended = ["end-before-start", "visit-never-closed"];
    for stay in &truth.stays {
        let encounter = by_reference[&format!("Encounter/{}", stay.encounter)];
        let own = format!("Patient/{}", stay.patient);
        assert_eq!(encounter["subject"]["reference"], own.as_str());
        let name = format!("Encounter/{}", stay.encounter);
        let is_faulty =
            truth.faults.iter().any(|fault| fault.resource == name && ended.contains(&fault.kind));
        let has_end = encounter["period"]["end"].is_string();
        assert!(is_faulty || has_end == stay.discharged.is_some(), "{}", stay.encounter);
    }
    for deficiency in &truth.deficiencies {
        let theirs = format!("Encounter/{}", deficiency.encounter);
        let held = hospital.resources.iter().find(|one| {
            one["resourceType"] == "DocumentReference"
                && one["context"]["encounter"][0]["reference"] == theirs.as_str()
                && one["type"]["coding"][0]["code"] == deficiency.loinc
        });
        let is_unsigned = held.is_some_and(|one| one.get("authenticator").is_none());
        assert_eq!(deficiency.kind == "missing-document", held.is_none());
        assert_eq!(deficiency.kind == "missing-signature", is_unsigned);
    }
    let days: i64 = truth.census.values().map(|day| day.at_midnight + day.same_day).sum();
    let adult = |stay: &&Stay| stay.class == "IMP" && !stay.is_newborn;
    let closed: i64 = truth.stays.iter().filter(adult).filter_map(|stay| stay.length_days).sum();
    let open: i64 = truth
        .stays
        .iter()
        .filter(adult)
        .filter(|stay| stay.discharged.is_none())
        .map(|stay| {
            let day: civil::Date = stay.admitted.parse().unwrap();
            i64::from((civil::date(2026, 3, 4) - day).get_days())
        })
        .sum();
    assert_eq!(days, closed + open, "service days are the sum of the stays' lengths");
}

#[test]
fn a_demonstration_has_work_for_every_desk() {
    let truth = &demonstration().truth;
    let kinds: BTreeSet<&str> = truth.requests.iter().map(|request| request.kind).collect();
    assert_eq!(kinds.len(), letters::KINDS, "a request of every kind");
    let faults: BTreeSet<&str> = truth.faults.iter().map(|fault| fault.kind).collect();
    assert!(faults.len() >= faults::KINDS - 2, "{faults:?}");
    let scans: BTreeSet<&str> = truth.scans.iter().map(|scan| scan.kind).collect();
    assert_eq!(scans.len(), 5, "{scans:?}");
    assert!(truth.duplicates.len() >= 10 && truth.lookalikes.len() >= 4);
    assert!(!truth.overlays.is_empty() && truth.births.len() >= 3);
    assert!(truth.deaths.len() >= 3 && truth.readmissions.len() >= 3);
    assert!(truth.deficiencies.len() >= 10, "{}", truth.deficiencies.len());
    assert!(truth.stays.iter().any(|stay| stay.discharged.is_none()));
    assert!(truth.stays.iter().any(|stay| stay.class == "OBSENC"));
    assert!(truth.stays.iter().any(|stay| stay.is_transferred));
}

#[test]
fn no_bed_holds_two_at_once() {
    let hospital = demonstration();
    let mut taken: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for encounter in hospital.resources.iter().filter(|one| one["resourceType"] == "Encounter") {
        for place in encounter["location"].as_array().unwrap() {
            let bed = place["location"]["reference"].as_str().unwrap();
            let time = |name: &str| place["period"][name].as_str().unwrap_or("9999").to_owned();
            if bed.contains("/bed-") {
                let (from, to) = (time("start"), time("end"));
                let others = taken.entry(bed.to_owned()).or_default();
                assert!(others.iter().all(|(a, b)| to <= *a || from >= *b), "{bed}");
                others.push((from, to));
            }
        }
    }
}
