//! Diagnoses, allergies, medications, immunizations.

use super::field::{Faults, FieldError};
use super::{Desk, ENTRY_URL, Facts, Party, begin, concept, put};
use serde_json::{Map, Value, json};

const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
const CVX: &str = "http://hl7.org/fhir/sid/cvx";

/// What is typed for a diagnosis or problem.
#[derive(Clone, Default)]
pub struct DiagnosisForm {
    /// `Patient/p1`.
    pub patient: String,
    /// `Encounter/e1`; may be empty for the problem list.
    pub encounter: String,
    /// ICD-10-CM code; may be empty.
    pub code: String,
    /// The diagnosis in words.
    pub words: String,
    /// On the problem list, rather than of this encounter alone.
    pub is_problem: bool,
    /// `active`, `recurrence`, `relapse`, `inactive`, `remission`, `resolved`.
    pub clinical_status: String,
    /// `confirmed`, `provisional`, `differential`, `refuted`, `unconfirmed`.
    pub verification: String,
    /// When it began.
    pub onset: String,
    /// When it ended.
    pub abatement: String,
    /// Note.
    pub note: String,
}

const CLINICAL: &[&str] = &["active", "recurrence", "relapse", "inactive", "remission", "resolved"];
const VERIFICATIONS: &[&str] =
    &["confirmed", "provisional", "differential", "refuted", "unconfirmed"];

/// Whether the text has the form of an ICD-10-CM code, with or without its dot.
fn is_icd_form(code: &str) -> bool {
    let lean: String = code.trim().replace('.', "").to_uppercase();
    let bytes = lean.as_bytes();
    (3..=7).contains(&bytes.len())
        && bytes[0].is_ascii_uppercase()
        && bytes[1].is_ascii_digit()
        && bytes.iter().all(u8::is_ascii_alphanumeric)
}

impl DiagnosisForm {
    /// What is wrong, field by field. Whether a code is valid on its date is the coder's check.
    pub fn check(&self, desk: &Desk) -> Vec<FieldError> {
        let mut faults = Faults::new();
        faults.required("patient", &self.patient, "The patient", "Find and choose one.");
        faults.required("words", &self.words, "The diagnosis", "Type it in words.");
        if !self.code.trim().is_empty() && !is_icd_form(&self.code) {
            let reason = "This has not the form of an ICD-10-CM code.";
            faults.wrong("code", &self.code, reason, "As E11.9, or nothing.");
        }
        if !self.is_problem {
            let or_list = "Choose one, or tick the problem list.";
            faults.required("encounter", &self.encounter, "The encounter", or_list);
        }
        faults.one_of("clinical_status", &self.clinical_status, CLINICAL);
        faults.one_of("verification", &self.verification, VERIFICATIONS);
        faults.past("onset", &self.onset, desk);
        faults.past("abatement", &self.abatement, desk);
        faults.ordered("abatement", &self.onset, &self.abatement, "This is before it began.", desk);
        if !self.abatement.trim().is_empty() && self.clinical_status == "active" {
            let would = "Resolved, or no date of ending.";
            faults.wrong("clinical_status", "active", "An ended diagnosis is not active.", would);
        }
        faults.0
    }

    /// The Condition.
    pub fn build(&self, facts: &Facts, desk: &Desk) -> Value {
        let mut out = begin("Condition", facts, desk);
        let status = or(&self.clinical_status, "active");
        let base = "http://terminology.hl7.org/CodeSystem";
        let is_refuted = self.verification == "refuted";
        if !is_refuted {
            let system = format!("{base}/condition-clinical");
            out.insert("clinicalStatus".to_owned(), concept(&system, status, ""));
        }
        let system = format!("{base}/condition-ver-status");
        let verification = or(&self.verification, "confirmed");
        out.insert("verificationStatus".to_owned(), concept(&system, verification, ""));
        let (code, words) = match self.is_problem {
            true => ("problem-list-item", "Problem list item"),
            false => ("encounter-diagnosis", "Encounter diagnosis"),
        };
        let category = concept(&format!("{base}/condition-category"), code, words);
        out.insert("category".to_owned(), json!([category]));
        out.insert("code".to_owned(), concept(ICD_10_CM, &self.code.to_uppercase(), &self.words));
        out.insert("subject".to_owned(), json!({"reference": self.patient}));
        put_reference(&mut out, "encounter", &self.encounter);
        put_time(&mut out, "onsetDateTime", &self.onset, desk);
        put_time(&mut out, "abatementDateTime", &self.abatement, desk);
        put(&mut out, "recordedDate", &desk.now_text());
        put_party(&mut out, "recorder", &facts.entered_by);
        put_party(&mut out, "asserter", &facts.author);
        put_note(&mut out, &self.note, facts, desk);
        Value::Object(out)
    }
}

/// What is typed for an allergy or intolerance.
#[derive(Clone, Default)]
pub struct AllergyForm {
    /// `Patient/p1`.
    pub patient: String,
    /// The substance in words; `No known allergies` where it was asked and denied.
    pub substance: String,
    /// RxNorm code of a medication; may be empty.
    pub code: String,
    /// `medication`, `food`, `environment`, `biologic`.
    pub category: String,
    /// `low`, `high`, `unable-to-assess`.
    pub criticality: String,
    /// What happens, in words.
    pub reaction: String,
    /// `mild`, `moderate`, `severe`.
    pub severity: String,
    /// When it began or was first seen.
    pub onset: String,
    /// Note.
    pub note: String,
}

impl AllergyForm {
    /// What is wrong, field by field.
    pub fn check(&self, desk: &Desk) -> Vec<FieldError> {
        let mut faults = Faults::new();
        faults.required("patient", &self.patient, "The patient", "Find and choose one.");
        let or_none = "Type it, or No known allergies.";
        faults.required("substance", &self.substance, "The substance", or_none);
        faults.one_of(
            "category",
            &self.category,
            &["medication", "food", "environment", "biologic"],
        );
        faults.one_of("criticality", &self.criticality, &["low", "high", "unable-to-assess"]);
        faults.one_of("severity", &self.severity, &["mild", "moderate", "severe"]);
        faults.past("onset", &self.onset, desk);
        if !self.severity.is_empty() {
            faults.required("reaction", &self.reaction, "The reaction", "What happens, as hives.");
        }
        faults.0
    }

    /// The AllergyIntolerance.
    pub fn build(&self, facts: &Facts, desk: &Desk) -> Value {
        let mut out = begin("AllergyIntolerance", facts, desk);
        let base = "http://terminology.hl7.org/CodeSystem/allergyintolerance";
        let status = concept(&format!("{base}-clinical"), "active", "");
        out.insert("clinicalStatus".to_owned(), status);
        let verification = concept(&format!("{base}-verification"), "confirmed", "");
        out.insert("verificationStatus".to_owned(), verification);
        if !self.category.is_empty() {
            out.insert("category".to_owned(), json!([self.category]));
        }
        put(&mut out, "criticality", &self.criticality);
        out.insert("code".to_owned(), concept(RXNORM, &self.code, &self.substance));
        out.insert("patient".to_owned(), json!({"reference": self.patient}));
        put_time(&mut out, "onsetDateTime", &self.onset, desk);
        put(&mut out, "recordedDate", &desk.now_text());
        put_party(&mut out, "recorder", &facts.entered_by);
        put_party(&mut out, "asserter", &facts.author);
        put_note(&mut out, &self.note, facts, desk);
        if !self.reaction.trim().is_empty() {
            let mut reaction = Map::new();
            let manifestation = json!([concept("", "", &self.reaction)]);
            reaction.insert("manifestation".to_owned(), manifestation);
            put(&mut reaction, "severity", &self.severity);
            out.insert("reaction".to_owned(), json!([reaction]));
        }
        Value::Object(out)
    }
}

/// Whether a medication is ordered here, or told to be taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MedicationUse {
    /// An order, abstracted from a provider's: MedicationRequest.
    #[default]
    Ordered,
    /// Taken at home, by the patient's word or another record: MedicationStatement.
    Taken,
}

/// What is typed for a medication.
#[derive(Clone, Default)]
pub struct MedicationForm {
    /// Ordered or taken.
    pub usage: MedicationUse,
    /// `Patient/p1`.
    pub patient: String,
    /// `Encounter/e1`; may be empty.
    pub encounter: String,
    /// Name, strength and form in words.
    pub words: String,
    /// RxNorm code; may be empty.
    pub code: String,
    /// Directions: dose, route, how often.
    pub directions: String,
    /// `active`, `completed`, `stopped`, `on-hold`.
    pub status: String,
    /// Ordered on, or taken since.
    pub start: String,
    /// Note.
    pub note: String,
}

impl MedicationForm {
    /// What is wrong, field by field.
    pub fn check(&self, desk: &Desk) -> Vec<FieldError> {
        let mut faults = Faults::new();
        faults.required("patient", &self.patient, "The patient", "Find and choose one.");
        faults.required(
            "words",
            &self.words,
            "The medication",
            "Name, strength and form, as lisinopril 10 mg tablet.",
        );
        if self.usage == MedicationUse::Ordered {
            let as_example = "As 1 tablet by mouth daily.";
            faults.required("directions", &self.directions, "The directions", as_example);
            let would_do = super::field::DATE_WOULD_DO;
            faults.required("start", &self.start, "The day of the order", would_do);
        }
        if !self.code.bytes().all(|byte| byte.is_ascii_digit()) {
            faults.wrong("code", &self.code, "An RxNorm code has digits only.", "As 314076.");
        }
        faults.one_of("status", &self.status, &["active", "completed", "stopped", "on-hold"]);
        faults.past("start", &self.start, desk);
        faults.0
    }

    /// The MedicationRequest or MedicationStatement.
    pub fn build(&self, facts: &Facts, desk: &Desk) -> Value {
        let is_order = self.usage == MedicationUse::Ordered;
        let kind = if is_order { "MedicationRequest" } else { "MedicationStatement" };
        let mut out = begin(kind, facts, desk);
        put(&mut out, "status", or(&self.status, "active"));
        if is_order {
            put(&mut out, "intent", "order");
        }
        let medication = concept(RXNORM, &self.code, &self.words);
        out.insert("medicationCodeableConcept".to_owned(), medication);
        out.insert("subject".to_owned(), json!({"reference": self.patient}));
        match is_order {
            true => {
                put_reference(&mut out, "encounter", &self.encounter);
                put_time(&mut out, "authoredOn", &self.start, desk);
                put_party(&mut out, "requester", &facts.author);
                put_party(&mut out, "recorder", &facts.entered_by);
            }
            false => {
                put_reference(&mut out, "context", &self.encounter);
                if let Some(start) = desk.date_time(&self.start) {
                    out.insert("effectivePeriod".to_owned(), json!({"start": start}));
                }
                put(&mut out, "dateAsserted", &desk.now_text());
                put_party(&mut out, "informationSource", &facts.author);
            }
        }
        put_note(&mut out, &self.note, facts, desk);
        if !self.directions.trim().is_empty() {
            let name = if is_order { "dosageInstruction" } else { "dosage" };
            out.insert(name.to_owned(), json!([{"text": self.directions.trim()}]));
        }
        Value::Object(out)
    }
}

/// What is typed for an immunization.
#[derive(Clone, Default)]
pub struct ImmunizationForm {
    /// `Patient/p1`.
    pub patient: String,
    /// `Encounter/e1`; may be empty.
    pub encounter: String,
    /// The vaccine in words.
    pub words: String,
    /// CVX code.
    pub code: String,
    /// When it was given.
    pub given_on: String,
    /// Lot number.
    pub lot: String,
    /// When the lot expires, a date.
    pub expires: String,
    /// Site, in words.
    pub site: String,
    /// From the one who gave it; else by word or another record.
    pub is_primary_source: bool,
    /// Note.
    pub note: String,
}

impl ImmunizationForm {
    /// What is wrong, field by field.
    pub fn check(&self, desk: &Desk) -> Vec<FieldError> {
        let mut faults = Faults::new();
        faults.required("patient", &self.patient, "The patient", "Find and choose one.");
        faults.required("words", &self.words, "The vaccine", "Type its name.");
        let what = "The day it was given";
        faults.required("given_on", &self.given_on, what, super::field::DATE_WOULD_DO);
        faults.past("given_on", &self.given_on, desk);
        let is_cvx = self.code.len() <= 3 && self.code.bytes().all(|byte| byte.is_ascii_digit());
        if !is_cvx {
            faults.wrong("code", &self.code, "A CVX code has up to three digits.", "As 140.");
        }
        if !self.expires.trim().is_empty() && desk.range(&self.expires).is_none() {
            let would = super::field::DATE_WOULD_DO;
            faults.wrong("expires", &self.expires, "This is not a date.", would);
        }
        let reason = "The lot had expired when it was given.";
        faults.ordered("expires", &self.given_on, &self.expires, reason, desk);
        faults.0
    }

    /// The Immunization.
    pub fn build(&self, facts: &Facts, desk: &Desk) -> Value {
        let mut out = begin("Immunization", facts, desk);
        put(&mut out, "status", "completed");
        out.insert("vaccineCode".to_owned(), concept(CVX, &self.code, &self.words));
        out.insert("patient".to_owned(), json!({"reference": self.patient}));
        put_reference(&mut out, "encounter", &self.encounter);
        put_time(&mut out, "occurrenceDateTime", &self.given_on, desk);
        put(&mut out, "recorded", &desk.now_text());
        out.insert("primarySource".to_owned(), json!(self.is_primary_source));
        put(&mut out, "lotNumber", &self.lot);
        put(&mut out, "expirationDate", &self.expires);
        if !self.site.trim().is_empty() {
            out.insert("site".to_owned(), concept("", "", &self.site));
        }
        if !facts.author.display.is_empty() {
            out.insert("performer".to_owned(), json!([{"actor": facts.author.to_value()}]));
        }
        put_note(&mut out, &self.note, facts, desk);
        Value::Object(out)
    }
}

/// Marks an entry as authenticated by its provider: in the entry's facts, and where the type has
/// members for it, in those. True where the entry had facts to mark.
pub fn authenticate(resource: &mut Value, by: &Party, desk: &Desk) -> bool {
    let Some(mut facts) = Facts::of(resource) else { return false };
    facts.authenticated = Some((by.clone(), desk.now_text()));
    let entered_at = entered_at(resource);
    let mut extension = facts.extension(desk);
    let parts = extension.get_mut("extension").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten().filter(|part| part["url"] == "enteredAt") {
        part["valueDateTime"] = json!(entered_at);
    }
    let list = resource.get_mut("extension").and_then(Value::as_array_mut);
    for one in list.into_iter().flatten().filter(|one| one["url"] == ENTRY_URL) {
        *one = extension.clone();
    }
    if resource["resourceType"] == "DocumentReference" {
        resource["authenticator"] = by.to_value();
        resource["docStatus"] = json!("final");
    }
    true
}

fn entered_at(resource: &Value) -> String {
    let extensions = resource["extension"].as_array();
    let entry = extensions.into_iter().flatten().find(|one| one["url"] == ENTRY_URL);
    let parts = entry.and_then(|entry| entry["extension"].as_array());
    let part = parts.into_iter().flatten().find(|part| part["url"] == "enteredAt");
    part.and_then(|part| part["valueDateTime"].as_str()).unwrap_or_default().to_owned()
}

/// Marks an entry as entered in error, each type in its own member. The entry stays.
pub fn entered_in_error(resource: &mut Value) {
    let base = "http://terminology.hl7.org/CodeSystem";
    let code = "entered-in-error";
    match resource["resourceType"].as_str() {
        Some("Condition") => {
            if let Some(members) = resource.as_object_mut() {
                // R4 con-5: no clinical status where the verification is entered-in-error.
                members.shift_remove("clinicalStatus");
            }
            let system = format!("{base}/condition-ver-status");
            resource["verificationStatus"] = concept(&system, code, "");
        }
        Some("AllergyIntolerance") => {
            if let Some(members) = resource.as_object_mut() {
                // R4 ait-2.
                members.shift_remove("clinicalStatus");
            }
            let system = format!("{base}/allergyintolerance-verification");
            resource["verificationStatus"] = concept(&system, code, "");
        }
        _ => resource["status"] = json!(code),
    }
}

pub(super) fn or<'a>(given: &'a str, otherwise: &'a str) -> &'a str {
    if given.trim().is_empty() { otherwise } else { given.trim() }
}

pub(super) fn put_reference(out: &mut Map<String, Value>, name: &str, reference: &str) {
    if !reference.trim().is_empty() {
        out.insert(name.to_owned(), json!({"reference": reference}));
    }
}

pub(super) fn put_party(out: &mut Map<String, Value>, name: &str, party: &Party) {
    if !party.reference.is_empty() || !party.display.is_empty() {
        out.insert(name.to_owned(), party.to_value());
    }
}

pub(super) fn put_time(out: &mut Map<String, Value>, name: &str, typed: &str, desk: &Desk) {
    if let Some(time) = desk.date_time(typed) {
        put(out, name, &time);
    }
}

fn put_note(out: &mut Map<String, Value>, note: &str, facts: &Facts, desk: &Desk) {
    if !note.trim().is_empty() {
        let mut annotation = Map::new();
        put(&mut annotation, "authorString", &facts.author.display);
        put(&mut annotation, "time", &desk.now_text());
        put(&mut annotation, "text", note);
        out.insert("note".to_owned(), json!([annotation]));
    }
}
