//! Charts in the layout that Synthea writes: bundles with `urn:uuid:` references, names that end
//! in numbers, encounters with SNOMED CT reasons, notes as base64 text, claims. All made up here.
//!
//! One patient stands twice, under two record numbers; another has no birth date.

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Family name of the patient whose day it is.
pub const FAMILY: &str = "Thornquist884";
/// The patient's first record number.
pub const MRN: &str = "5b1d0000-0000-4000-8000-000000000001";
/// The day on which the stay ended.
pub const DISCHARGED: &str = "2026-03-06";

const SITE: &str = "https://github.com/synthetichealth/synthea";
const SNOMED: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";
const TERMS: &str = "http://terminology.hl7.org/CodeSystem";
const CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition";

const HOSPITAL: &str = "urn:uuid:5b1d0000-0000-4000-8000-0000000000a1";
const PROVIDER: &str = "urn:uuid:5b1d0000-0000-4000-8000-0000000000b1";

/// Writes the files; gives their paths in the order in which Synthea's should be taken in.
pub fn write(folder: &Path) -> Result<Vec<PathBuf>> {
    let files = [
        ("hospitalInformation.json", site()),
        ("Ambrose312_Thornquist884.json", thornquist()),
        ("Ambrose312_Tornquist884.json", again()),
        ("Delphine77_Marwick145.json", without_birth_date()),
    ];
    let mut paths = Vec::new();
    for (name, bundle) in files {
        paths.push(folder.join(name));
        std::fs::write(folder.join(name), serde_json::to_vec_pretty(&bundle)?)?;
    }
    paths.push(folder.join("letter.txt"));
    std::fs::write(folder.join("letter.txt"), LETTER)?;
    Ok(paths)
}

const LETTER: &str = "Lakeside Clinic\n\nDischarge summary of Ambrose312 Thornquist884.\n\
    Pneumonia, treated with amoxicillin. Went home well.\n";

const ADMISSION_NOTE: &str = "\n2026-03-02\n\n# Chief Complaint\n- Cough\n\n\
    # History of Present Illness\nAmbrose312\n is a 60 year-old nonhispanic white male. \
    Patient has a history of diabetes mellitus type 2, full-time employment (finding).\n\n\
    # Social History\nWilhelmina204 is his wife. Patient has never smoked.\n \
    Patient drinks two glasses of wine on Sundays.\n\nPatient comes from a middle socioeconomic \
    background.\n Patient currently has Aetna.\n\n# Allergies\nNo Known Allergies.\n\n\
    # Medications\nmetformin hydrochloride 500 mg oral tablet\n\n# Assessment and Plan\n\
    Patient is presenting with pneumonia (disorder).\n\n## Plan\nThe patient was prescribed \
    amoxicillin 500 mg oral tablet. His brother may be told at 555-810-2213.\n";

const CHECK_UP_NOTE: &str = "\n2026-01-14\n\n# Chief Complaint\nNo complaints.\n\n\
    # History of Present Illness\nAmbrose312\n is a 60 year-old nonhispanic white male.\n\n\
    # Social History\nPatient is married.\n\n# Assessment and Plan\n## Plan\n\
    Return in a year.\n";

/// One patient's bundle while it is written.
struct Chart {
    number: u32,
    patient: String,
    entries: Vec<Value>,
}

impl Chart {
    fn new(number: u32, patient: Value) -> Chart {
        let mut chart = Chart { number, patient: String::new(), entries: Vec::new() };
        chart.patient = chart.add("Patient", patient);
        chart
    }

    /// Adds a resource; gives what others name it by.
    fn add(&mut self, kind: &str, mut resource: Value) -> String {
        let id = format!("5b1d{:04x}-0000-4000-8000-1{:011x}", self.number, self.entries.len());
        resource["resourceType"] = json!(kind);
        resource["id"] = json!(id);
        let full_url = format!("urn:uuid:{id}");
        let request = json!({"method": "POST", "url": kind});
        self.entries.push(json!({"fullUrl": full_url, "resource": resource, "request": request}));
        full_url
    }

    fn subject(&self) -> Value {
        json!({"reference": self.patient})
    }

    fn encounter(&mut self, class: &str, kind: Value, from: &str, to: &str) -> String {
        let home = "Discharged to home care or self care (routine discharge)";
        let went = json!({"coding": [coded("http://www.nubc.org/patient-discharge", "01", home)],
            "text": home});
        let mut encounter = json!({
            "status": "finished",
            "class": {"system": format!("{TERMS}/v3-ActCode"), "code": class},
            "type": [kind],
            "subject": self.subject(),
            "participant": [{"individual": {"reference": PROVIDER,
                "display": "Dr. Ottoline562 Brakspear209"}}],
            "period": {"start": from, "end": to},
            "serviceProvider": {"reference": HOSPITAL, "display": "LAKESIDE GENERAL HOSPITAL"},
        });
        if class == "IMP" {
            encounter["hospitalization"] = json!({"dischargeDisposition": went});
        }
        self.add("Encounter", encounter)
    }

    fn condition(&mut self, encounter: &str, code: &str, words: &str, on: &str) -> String {
        let status = |kind: &str, code: &str| {
            json!({"coding": [{"system":
            format!("{TERMS}/condition-{kind}"), "code": code}]})
        };
        let condition = json!({
            "clinicalStatus": status("clinical", "active"),
            "verificationStatus": status("ver-status", "confirmed"),
            "code": snomed(code, words),
            "subject": self.subject(),
            "encounter": {"reference": encounter},
            "onsetDateTime": on,
            "recordedDate": on,
        });
        self.add("Condition", condition)
    }

    fn observation(&mut self, encounter: &str, on: &str, what: Value, mut value: Value) -> String {
        value["status"] = json!("final");
        value["category"] = json!([{"coding": [coded(
            &format!("{TERMS}/observation-category"), "vital-signs", "vital-signs")]}]);
        value["code"] = what;
        value["subject"] = self.subject();
        value["encounter"] = json!({"reference": encounter});
        value["effectiveDateTime"] = json!(on);
        value["issued"] = json!(on);
        self.add("Observation", value)
    }

    fn note(&mut self, encounter: &str, on: &str, text: &str) {
        let note = json!({
            "status": "current",
            "type": {"coding": [coded(LOINC, "34117-2", "History and physical note"),
                coded(LOINC, "51847-2", "Evaluation + Plan note")]},
            "category": [{"coding": [coded(
                "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
                "clinical-note", "Clinical Note")]}],
            "subject": self.subject(),
            "date": on,
            "author": [{"reference": PROVIDER, "display": "Dr. Ottoline562 Brakspear209"}],
            "custodian": {"reference": HOSPITAL, "display": "LAKESIDE GENERAL HOSPITAL"},
            "content": [{"attachment": {"contentType": "text/plain; charset=utf-8",
                "data": STANDARD.encode(text)}}],
            "context": {"encounter": [{"reference": encounter}], "period": {"start": on}},
        });
        self.add("DocumentReference", note);
    }

    /// A claim and what was paid of it.
    fn claim(&mut self, encounter: &str, from: &str, to: &str, dollars: f64, item: Value) {
        let kind = json!({"coding": [{"system": format!("{TERMS}/claim-type"),
            "code": "institutional"}]});
        let claim = json!({
            "status": "active",
            "type": kind,
            "use": "claim",
            "patient": self.subject(),
            "billablePeriod": {"start": from, "end": to},
            "created": to,
            "provider": {"reference": HOSPITAL},
            "priority": {"coding": [{"system": format!("{TERMS}/processpriority"),
                "code": "normal"}]},
            "insurance": [{"sequence": 1, "focal": true, "coverage": {"display": "Aetna"}}],
            "item": [{"sequence": 1, "productOrService": item,
                "encounter": [{"reference": encounter}]}],
            "total": {"value": dollars, "currency": "USD"},
        });
        let mut paid = claim.clone();
        let claim = self.add("Claim", claim);
        for name in ["priority", "item", "total"] {
            paid.as_object_mut().expect("it is an object").remove(name);
        }
        paid["contained"] = json!([
            {"resourceType": "ServiceRequest", "id": "referral", "status": "completed",
                "intent": "order", "subject": self.subject()},
            {"resourceType": "Coverage", "id": "coverage", "status": "active",
                "type": {"text": "Aetna"}, "beneficiary": self.subject(),
                "payor": [{"display": "Aetna"}]},
        ]);
        paid["insurer"] = json!({"display": "Aetna"});
        paid["insurance"] = json!([{"focal": true, "coverage": {"reference": "#coverage"}}]);
        paid["referral"] = json!({"reference": "#referral"});
        paid["claim"] = json!({"reference": claim});
        paid["outcome"] = json!("complete");
        paid["payment"] = json!({"amount": {"value": dollars * 0.8, "currency": "USD"}});
        self.add("ExplanationOfBenefit", paid);
    }

    fn bundle(self) -> Value {
        json!({"resourceType": "Bundle", "type": "transaction", "entry": self.entries})
    }
}

fn coded(system: &str, code: &str, words: &str) -> Value {
    json!({"system": system, "code": code, "display": words})
}

fn snomed(code: &str, words: &str) -> Value {
    json!({"coding": [coded(SNOMED, code, words)], "text": words})
}

fn loinc(code: &str, words: &str) -> Value {
    json!({"coding": [coded(LOINC, code, words)], "text": words})
}

fn quantity(value: f64, unit: &str) -> Value {
    json!({"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit})
}

/// A patient as Synthea writes one. The same person may stand under several record numbers.
fn patient(mrn: &str, family: &str, given: &str, born: Option<&str>, ssn: &str) -> Value {
    let race = |system: &str, code: &str, words: &str| {
        json!({"url": format!("{CORE}/{system}"),
        "extension": [
            {"url": "ombCategory",
                "valueCoding": coded("urn:oid:2.16.840.1.113883.6.238", code, words)},
            {"url": "text", "valueString": words}]})
    };
    let number = |code: &str, words: &str, system: &str, value: &str| {
        json!({
        "type": {"coding": [coded(&format!("{TERMS}/v2-0203"), code, words)], "text": words},
        "system": system, "value": value})
    };
    let mut patient = json!({
        "meta": {"profile": [format!("{CORE}/us-core-patient")]},
        "text": {"status": "generated",
            "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Made for a test.</div>"},
        "extension": [
            race("us-core-race", "2106-3", "White"),
            race("us-core-ethnicity", "2186-5", "Not Hispanic or Latino"),
            {"url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName",
                "valueString": "Perpetua510 Ashgrove33"},
            {"url": format!("{CORE}/us-core-birthsex"), "valueCode": "M"},
            {"url": "http://synthetichealth.github.io/synthea/quality-adjusted-life-years",
                "valueDecimal": 57.177223184091154},
        ],
        "identifier": [
            {"system": SITE, "value": mrn},
            number("MR", "Medical Record Number", "http://hospital.smarthealthit.org", mrn),
            number("SS", "Social Security Number", "http://hl7.org/fhir/sid/us-ssn", ssn),
        ],
        "name": [{"use": "official", "family": family, "given": [given], "prefix": ["Mr."]}],
        "telecom": [{"system": "phone", "value": "555-810-7714", "use": "home"}],
        "gender": "male",
        "address": [{"line": ["918 Harborview Lane Unit 4"], "city": "Lakeside", "state": "MA",
            "postalCode": "01970", "country": "US"}],
        "maritalStatus": {"coding": [coded(&format!("{TERMS}/v3-MaritalStatus"), "M", "Married")],
            "text": "Married"},
        "multipleBirthBoolean": false,
        "communication": [{"language": {"coding":
            [coded("urn:ietf:bcp:47", "en-US", "English (United States)")]}}],
    });
    if let Some(born) = born {
        patient["birthDate"] = json!(born);
    }
    patient
}

/// The hospital and who works there, in a batch of its own as Synthea writes it.
fn site() -> Value {
    let hospital = json!({"resourceType": "Organization", "id": &HOSPITAL[9..], "active": true,
        "identifier": [{"system": SITE, "value": &HOSPITAL[9..]}],
        "type": [{"coding": [coded(&format!("{TERMS}/organization-type"), "prov",
            "Healthcare Provider")], "text": "Healthcare Provider"}],
        "name": "LAKESIDE GENERAL HOSPITAL"});
    let provider = json!({"resourceType": "Practitioner", "id": &PROVIDER[9..], "active": true,
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "9999999981"}],
        "name": [{"family": "Brakspear209", "given": ["Ottoline562"], "prefix": ["Dr."]}],
        "gender": "female"});
    let entry = |url: &str, resource: Value| {
        let kind = resource["resourceType"].clone();
        json!({"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": kind}})
    };
    json!({"resourceType": "Bundle", "type": "batch",
        "entry": [entry(HOSPITAL, hospital), entry(PROVIDER, provider)]})
}

/// A check-up in January, and a stay in March.
fn thornquist() -> Value {
    let mut chart =
        Chart::new(1, patient(MRN, FAMILY, "Ambrose312", Some("1965-08-21"), "999-31-7741"));
    check_up(&mut chart);
    let (from, to) = ("2026-03-02T09:12:40-05:00", "2026-03-06T14:27:40-05:00");
    let kind = snomed("183452005", "Encounter Inpatient");
    let stay = chart.encounter("IMP", kind.clone(), from, to);
    chart.condition(&stay, "233604007", "Pneumonia (disorder)", from);
    chart.condition(&stay, "44054006", "Diabetes mellitus type 2 (disorder)", from);
    let (subject, words) = (chart.subject(), "Plain chest X-ray (procedure)");
    chart.add(
        "Procedure",
        json!({
            "status": "completed",
            "code": snomed("399208008", words),
            "subject": subject,
            "encounter": {"reference": stay},
            "performedPeriod": {"start": from, "end": "2026-03-02T09:42:40-05:00"},
        }),
    );
    chart.add(
        "MedicationRequest",
        json!({
            "status": "stopped",
            "intent": "order",
            "medicationCodeableConcept": {"coding": [coded(
                "http://www.nlm.nih.gov/research/umls/rxnorm", "308182",
                "Amoxicillin 500 MG Oral Tablet")], "text": "Amoxicillin 500 MG Oral Tablet"},
            "subject": chart.subject(),
            "encounter": {"reference": stay},
            "authoredOn": from,
            "requester": {"reference": PROVIDER},
            "dosageInstruction": [{"sequence": 1, "asNeededBoolean": false}],
        }),
    );
    chart.note(&stay, from, ADMISSION_NOTE);
    chart.claim(&stay, from, to, 8912.44, kind);
    chart.bundle()
}

fn check_up(chart: &mut Chart) {
    let (from, to) = ("2026-01-14T08:02:11-05:00", "2026-01-14T08:32:11-05:00");
    let kind = snomed("162673000", "General examination of patient (procedure)");
    let encounter = chart.encounter("AMB", kind.clone(), from, to);
    let weight = json!({"valueQuantity": quantity(93.29082484586738, "kg")});
    chart.observation(&encounter, from, loinc("29463-7", "Body Weight"), weight);
    let part = |code: &str, words: &str, value: f64| {
        let (code, value) = (loinc(code, words), quantity(value, "mm[Hg]"));
        json!({"code": code, "valueQuantity": value})
    };
    let pressure = json!({"component": [
        part("8462-4", "Diastolic Blood Pressure", 86.44305537931304),
        part("8480-6", "Systolic Blood Pressure", 129.75969944651848),
    ]});
    chart.observation(&encounter, from, loinc("85354-9", "Blood Pressure"), pressure);
    let sugar = json!({"valueQuantity": quantity(6.428119903442, "%")});
    let sugar = chart.observation(&encounter, from, loinc("4548-4", "Hemoglobin A1c"), sugar);
    chart.add(
        "DiagnosticReport",
        json!({
            "status": "final",
            "category": [{"coding": [coded(&format!("{TERMS}/v2-0074"), "LAB", "Laboratory")]}],
            "code": loinc("51990-0", "Basic Metabolic Panel"),
            "subject": chart.subject(),
            "encounter": {"reference": encounter},
            "effectiveDateTime": from,
            "issued": from,
            "result": [{"reference": sugar, "display": "Hemoglobin A1c"}],
        }),
    );
    let vaccine = "Influenza, seasonal, injectable, preservative free";
    chart.add(
        "Immunization",
        json!({
            "status": "completed",
            "vaccineCode": {"coding": [coded("http://hl7.org/fhir/sid/cvx", "140", vaccine)],
                "text": vaccine},
            "patient": chart.subject(),
            "encounter": {"reference": encounter},
            "occurrenceDateTime": from,
            "primarySource": true,
        }),
    );
    chart.note(&encounter, from, CHECK_UP_NOTE);
    chart.claim(&encounter, from, to, 136.8, kind);
}

/// The same person, registered elsewhere under another number and with one letter less.
fn again() -> Value {
    let mrn = "5b1d0000-0000-4000-8000-000000000002";
    let person = patient(mrn, "Tornquist884", "Ambrose312", Some("1965-08-21"), "999-31-7741");
    let mut chart = Chart::new(2, person);
    let (from, to) = ("2026-02-11T10:20:00-05:00", "2026-02-11T10:35:00-05:00");
    let kind = snomed("185345009", "Encounter for symptom");
    let encounter = chart.encounter("AMB", kind.clone(), from, to);
    chart.condition(&encounter, "444814009", "Viral sinusitis (disorder)", from);
    chart.claim(&encounter, from, to, 129.16, kind);
    chart.bundle()
}

/// A registration that nobody finished.
fn without_birth_date() -> Value {
    let mrn = "5b1d0000-0000-4000-8000-000000000003";
    let mut person = patient(mrn, "Marwick145", "Delphine77", None, "999-52-1180");
    person["gender"] = json!("female");
    person["telecom"] = json!([{"system": "phone", "value": "555-301-9926", "use": "home"}]);
    person["address"][0]["line"] = json!(["77 Quarry Street"]);
    let mut chart = Chart::new(3, person);
    let (from, to) = ("2026-02-20T13:00:00-05:00", "2026-02-20T13:15:00-05:00");
    let kind = snomed("185345009", "Encounter for symptom");
    let encounter = chart.encounter("AMB", kind.clone(), from, to);
    chart.claim(&encounter, from, to, 129.16, kind);
    chart.bundle()
}
