//! What the entry desk's forms refuse and build.

use super::*;
use crate::fhir::{check, index, text};

fn desk(zone: &TimeZone) -> Desk<'_> {
    Desk { zone, now: Instant::parse("2026-03-04T15:30:00Z").unwrap() }
}

fn new_york() -> TimeZone {
    TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap()
}

fn facts() -> Facts {
    Facts {
        author: Party::new("Practitioner/p", "Dr. Ada Nwosu"),
        entered_by: Party::new("Practitioner/t", "Tom Tech"),
        authenticated: None,
        source_document: Some("DocumentReference/scan".to_owned()),
        event_time: "2026-03-04 09:00".to_owned(),
    }
}

fn fields(faults: &[FieldError]) -> Vec<(&'static str, Weight)> {
    faults.iter().map(|fault| (fault.field, fault.weight)).collect()
}

#[test]
fn times_get_the_facility_s_offset() {
    let zone = new_york();
    let table = [
        ("2026-03-04 10:30", Some("2026-03-04T10:30:00-05:00")),
        ("2026-07-04T10:30", Some("2026-07-04T10:30:00-04:00")),
        ("2026-03-04T10:30:00Z", Some("2026-03-04T10:30:00Z")),
        ("2026-03", Some("2026-03")),
        ("2026-02-30", None),
        ("soon", None),
        ("", None),
    ];
    for (typed, expected) in table {
        assert_eq!(desk(&zone).date_time(typed).as_deref(), expected, "{typed}");
    }
}

#[test]
fn facts_are_read_back_and_authenticated_once_known() {
    let zone = new_york();
    let form = DiagnosisForm {
        patient: "Patient/a".to_owned(),
        encounter: "Encounter/e".to_owned(),
        code: "e11.9".to_owned(),
        words: "Type 2 diabetes mellitus without complications".to_owned(),
        onset: "2020".to_owned(),
        ..DiagnosisForm::default()
    };
    assert_eq!(form.check(&desk(&zone)), []);
    let mut condition = form.build(&facts(), &desk(&zone));
    assert!(check(&condition).is_ok());
    assert_eq!(condition["code"]["coding"][0]["code"], "E11.9");
    let read = Facts::of(&condition).unwrap();
    assert_eq!(read.author, facts().author);
    assert_eq!(read.event_time, "2026-03-04T09:00:00-05:00");
    let later = Desk { now: Instant::parse("2026-03-05T15:30:00Z").unwrap(), zone: &zone };
    let by = Party::new("Practitioner/p", "Dr. Ada Nwosu");
    assert!(authenticate(&mut condition, &by, &later));
    let at = "2026-03-05T10:30:00-05:00".to_owned();
    assert_eq!(Facts::of(&condition).unwrap().authenticated, Some((by.clone(), at)));
    let entered = condition["extension"][0]["extension"][2]["valueDateTime"].clone();
    assert_eq!(entered, "2026-03-04T10:30:00-05:00", "the time of entry stays");
    assert!(!authenticate(&mut json!({"resourceType": "Condition"}), &by, &later));
    entered_in_error(&mut condition);
    assert!(condition.get("clinicalStatus").is_none());
    assert_eq!(condition["verificationStatus"]["coding"][0]["code"], "entered-in-error");
}

#[test]
fn registration_tells_what_is_wrong() {
    let zone = new_york();
    let good = PatientForm {
        mrn: "1001".to_owned(),
        mrn_system: "urn:mrn".to_owned(),
        family: "Roe".to_owned(),
        given: "Jane".to_owned(),
        middle: "Quincy Ann".to_owned(),
        former_family: "Doe".to_owned(),
        birth_date: "1970-02-03".to_owned(),
        gender: "female".to_owned(),
        phone: "(212) 555-0134".to_owned(),
        state: "ny".to_owned(),
        postal_code: "10001".to_owned(),
        ..PatientForm::default()
    };
    assert_eq!(good.check(&desk(&zone)), []);
    let indexed = index(&good.build(&desk(&zone)), &zone);
    assert_eq!(indexed.names[0].shown().reveal(), "Roe, Jane Quincy Ann");
    assert!(indexed.identifiers[0].is_mrn());
    assert_eq!(indexed.addresses[0].state.as_deref(), Some("NY"));

    type Change = fn(&mut PatientForm);
    let table: [(Change, &str, Weight); 10] = [
        (|form| form.family.clear(), "family", Weight::Missing),
        (|form| form.birth_date = "1970-13-01".to_owned(), "birth_date", Weight::Wrong),
        (|form| form.birth_date = "2030-01-01".to_owned(), "birth_date", Weight::Wrong),
        (|form| form.birth_date = "1901-01-01".to_owned(), "birth_date", Weight::Unusual),
        (|form| form.gender = "F".to_owned(), "gender", Weight::Wrong),
        (|form| form.phone = "555-0134".to_owned(), "phone", Weight::Wrong),
        (|form| form.email = "jane".to_owned(), "email", Weight::Wrong),
        (|form| form.ssn = "900-12-3456".to_owned(), "ssn", Weight::Wrong),
        (|form| form.postal_code = "1001".to_owned(), "postal_code", Weight::Wrong),
        (|form| form.deceased = "1969-01-01".to_owned(), "deceased", Weight::Wrong),
    ];
    for (change, field, weight) in table {
        let mut form = good.clone();
        change(&mut form);
        assert_eq!(fields(&form.check(&desk(&zone))), [(field, weight)], "{field}");
    }
}

#[test]
fn a_stay_from_admission_to_discharge() {
    let zone = new_york();
    let desk = desk(&zone);
    let form = EncounterForm {
        patient: "Patient/a".to_owned(),
        class: EncounterClass::Observation,
        start: "2026-03-01 08:00".to_owned(),
        location: Party::new("Location/4w", "4 West"),
        attending: Party::new("Practitioner/p", "Dr. Ada Nwosu"),
        ..EncounterForm::default()
    };
    assert_eq!(form.check(&desk), []);
    let mut stay = form.build(&facts(), &desk);
    change_class(&mut stay, EncounterClass::Inpatient, "2026-03-01 20:00", &desk).unwrap();
    let to = Transfer {
        at: "2026-03-02 10:00".to_owned(),
        location: Party::new("Location/icu", "ICU"),
        bed: Party::default(),
    };
    transfer(&mut stay, &to, &desk).unwrap();
    let early = Discharge { at: "2026-03-02 09:00".to_owned(), disposition: "01".to_owned() };
    let faults = discharge(&mut stay, &early, &desk).unwrap_err();
    assert_eq!(fields(&faults), [("at", Weight::Wrong)]);
    assert_eq!(stay["status"], "in-progress");
    let by = Discharge { at: "2026-03-04 10:00".to_owned(), disposition: "01".to_owned() };
    discharge(&mut stay, &by, &desk).unwrap();
    assert_eq!(stay["status"], "finished");
    assert_eq!(stay["classHistory"][0]["class"]["code"], "OBSENC");
    assert_eq!(stay["location"][0]["period"]["end"], "2026-03-02T10:00:00-05:00");
    assert_eq!(stay["location"][1]["period"]["end"], "2026-03-04T10:00:00-05:00");
    let faults = discharge(&mut stay, &by, &desk).unwrap_err();
    assert!(faults.iter().any(|fault| fault.reason.contains("over")));
}

#[test]
fn vital_signs_are_checked_and_built() {
    let zone = new_york();
    let desk = desk(&zone);
    let with = |values: &[(&str, &str)]| VitalSigns {
        patient: "Patient/a".to_owned(),
        taken_at: "2026-03-04 09:00".to_owned(),
        values: values.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
        ..VitalSigns::default()
    };
    type Row<'a> = (&'a [(&'a str, &'a str)], &'a [(&'a str, Weight)]);
    let table: [Row; 7] = [
        (&[("systolic", "120"), ("diastolic", "80")], &[]),
        (&[("systolic", "80"), ("diastolic", "120")], &[("diastolic", Weight::Wrong)]),
        (&[("temperature", "98.6")], &[("temperature", Weight::Wrong)]),
        (&[("temperature", "98.6 F")], &[]),
        (&[("pulse", "190")], &[("pulse", Weight::Unusual)]),
        (&[("weight", "seven")], &[("weight", Weight::Wrong)]),
        (&[], &[("values", Weight::Missing)]),
    ];
    for (values, expected) in table {
        assert_eq!(fields(&with(values).check(&desk)), expected, "{values:?}");
    }
    let signs = with(&[
        ("systolic", "120"),
        ("diastolic", "80"),
        ("temperature", "98.6F"),
        ("weight", "70.50"),
    ]);
    let built = vital_sign_observations(&signs, &facts(), &desk);
    assert_eq!(built.len(), 3);
    assert_eq!(built[0]["component"][1]["valueQuantity"]["value"].to_string(), "80");
    assert_eq!(built[1]["valueQuantity"]["value"].to_string(), "37.0");
    assert_eq!(built[2]["valueQuantity"]["value"].to_string(), "70.50", "as it was typed");
}

#[test]
fn corrections_keep_the_original() {
    let zone = new_york();
    let desk = desk(&zone);
    let form = NoteForm {
        patient: "Patient/a".to_owned(),
        loinc: "11506-3".to_owned(),
        type_name: "Progress note".to_owned(),
        text: "Left knee, not right.".to_owned(),
        kind: NoteKind::Correction,
        of: "DocumentReference/d".to_owned(),
        ..NoteForm::default()
    };
    assert_eq!(fields(&form.check(&facts(), &desk)), [("reason", Weight::Missing)]);
    let form = NoteForm { reason: "wrong side".to_owned(), ..form };
    let built = form.build(&facts(), &desk);
    assert_eq!(built["relatesTo"][0]["code"], "replaces");
    assert_eq!(built["docStatus"], "preliminary");
    assert!(text(&built).unwrap().contains("Left knee, not right."));
    assert!(check(&built).is_ok());
}

#[test]
fn allergies_medications_and_immunizations() {
    let zone = new_york();
    let desk = desk(&zone);
    let patient = "Patient/a".to_owned();
    let allergy = AllergyForm {
        patient: patient.clone(),
        severity: "mild".to_owned(),
        ..AllergyForm::default()
    };
    let expected = [("substance", Weight::Missing), ("reaction", Weight::Missing)];
    assert_eq!(fields(&allergy.check(&desk)), expected);
    let order = MedicationForm {
        patient: patient.clone(),
        words: "lisinopril".to_owned(),
        code: "x".to_owned(),
        ..MedicationForm::default()
    };
    let expected =
        [("directions", Weight::Missing), ("start", Weight::Missing), ("code", Weight::Wrong)];
    assert_eq!(fields(&order.check(&desk)), expected);
    let taken = MedicationForm { usage: MedicationUse::Taken, code: String::new(), ..order };
    assert_eq!(taken.check(&desk), []);
    assert_eq!(taken.build(&facts(), &desk)["resourceType"], "MedicationStatement");
    let shot = ImmunizationForm {
        patient,
        words: "Influenza".to_owned(),
        code: "140".to_owned(),
        given_on: "2026-03-01".to_owned(),
        expires: "2026-02-01".to_owned(),
        ..ImmunizationForm::default()
    };
    assert_eq!(fields(&shot.check(&desk)), [("expires", Weight::Wrong)]);
    assert!(check(&shot.build(&facts(), &desk)).is_ok());
}
