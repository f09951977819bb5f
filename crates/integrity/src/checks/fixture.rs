//! A small sound record, for the checks' examples. All of it is made up.

use crate::completion::EncounterClass;
use crate::rows::{
    DiagnosisRow, DocumentRow, EncounterRow, ObservationRow, PatientRow, ProcedureRow, Rows,
};
use jiff::tz::TimeZone;
use record::{BirthDate, Instant, Mrn, PatientKey, PersonName};

pub fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

pub fn patient(key: i64, name: &str, birth_date: &str) -> PatientRow {
    PatientRow {
        key: PatientKey(key),
        id: format!("p{key}"),
        mrns: vec![("urn:site".to_owned(), Mrn::new(format!("M{key}")))],
        name: PersonName::new(name),
        birth_date: Some(BirthDate::new(birth_date)),
        sex: Some("female".to_owned()),
        died: None,
        is_deceased: false,
    }
}

pub fn encounter(id: &str, key: i64, admitted: &str, discharged: Option<&str>) -> EncounterRow {
    EncounterRow {
        id: id.to_owned(),
        patient: PatientKey(key),
        class: EncounterClass::Inpatient,
        admitted: Some(at(admitted)),
        discharged: discharged.map(at),
        disposition: discharged.map(|_| "home".to_owned()),
        is_void: false,
    }
}

/// Two patients; one with two stays, the first of them documented, coded and operated on.
pub fn sound() -> Rows {
    let mut rows = Rows::empty(at("2026-03-10T12:00:00Z"), TimeZone::UTC);
    rows.patients =
        vec![patient(1, "Roe, Jane", "1980-03-04"), patient(2, "Poe, Ann", "1950-01-20")];
    let mut dead = patient(3, "Moe, Eve", "1930-05-05");
    dead.died = Some(at("2026-01-05T10:00:00Z"));
    dead.is_deceased = true;
    rows.patients.push(dead);
    let mut last = encounter("e3", 3, "2026-01-02T08:00:00Z", Some("2026-01-05T10:00:00Z"));
    last.disposition = Some("exp".to_owned());
    rows.encounters = vec![
        encounter("e1", 1, "2026-03-01T08:00:00Z", Some("2026-03-05T10:00:00Z")),
        encounter("e2", 1, "2026-03-08T08:00:00Z", None),
        last,
    ];
    rows.documents = vec![DocumentRow {
        id: "d1".to_owned(),
        patient: Some(PatientKey(1)),
        encounter: Some("e1".to_owned()),
        kind: Some("18842-5".to_owned()),
        event: Some(at("2026-03-05T09:00:00Z")),
        entered: at("2026-03-05T09:30:00Z"),
        signed: Some(at("2026-03-05T11:00:00Z")),
        needs_signature: true,
        is_void: false,
    }];
    rows.diagnoses = vec![
        diagnosis("x1", "e1", "J18.9", 1),
        diagnosis("x2", "e1", "I10", 2),
        diagnosis("x3", "e3", "I21.4", 1),
    ];
    rows.procedures = vec![ProcedureRow {
        id: "o1".to_owned(),
        encounter: "e1".to_owned(),
        performed: Some(at("2026-03-02T09:00:00Z")),
    }];
    rows.observations = vec![observation("v1", "8867-4", 72.0, "/min")];
    rows
}

pub fn diagnosis(id: &str, encounter: &str, code: &str, rank: u32) -> DiagnosisRow {
    DiagnosisRow { id: id.to_owned(), encounter: encounter.to_owned(), code: code.to_owned(), rank }
}

pub fn observation(id: &str, code: &str, value: f64, unit: &str) -> ObservationRow {
    ObservationRow {
        id: id.to_owned(),
        patient: PatientKey(1),
        code: code.to_owned(),
        value: Some(value),
        unit: Some(unit.to_owned()),
        at: Some(at("2026-03-02T09:00:00Z")),
        is_void: false,
    }
}
