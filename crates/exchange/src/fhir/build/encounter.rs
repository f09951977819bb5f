//! Encounters: admission, transfer, change of class, discharge. Observation is never inpatient.

use super::field::{DATE_WOULD_DO, Faults, FieldError, Weight};
use super::{Desk, Facts, Party, begin, concept, put};
use serde_json::{Map, Value, json};

/// The class of an encounter (HL7 v3 ActCode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EncounterClass {
    /// Admitted by an order (42 CFR 412.3).
    Inpatient,
    /// Observation: outpatient, outside census and stay.
    Observation,
    /// A visit.
    #[default]
    Outpatient,
    /// Emergency department.
    Emergency,
}

impl EncounterClass {
    /// Every class.
    pub const ALL: [EncounterClass; 4] = [
        EncounterClass::Inpatient,
        EncounterClass::Observation,
        EncounterClass::Outpatient,
        EncounterClass::Emergency,
    ];

    /// v3 ActCode.
    pub fn code(self) -> &'static str {
        match self {
            EncounterClass::Inpatient => "IMP",
            EncounterClass::Observation => "OBSENC",
            EncounterClass::Outpatient => "AMB",
            EncounterClass::Emergency => "EMER",
        }
    }

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            EncounterClass::Inpatient => "Inpatient",
            EncounterClass::Observation => "Observation",
            EncounterClass::Outpatient => "Outpatient",
            EncounterClass::Emergency => "Emergency",
        }
    }

    /// The class of a code; acute and non-acute inpatient stays are inpatient.
    pub fn parse(code: &str) -> Option<EncounterClass> {
        match code {
            "ACUTE" | "NONAC" => Some(EncounterClass::Inpatient),
            _ => EncounterClass::ALL.into_iter().find(|class| class.code() == code),
        }
    }

    pub(super) fn to_value(self) -> Value {
        json!({
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": self.code(),
            "display": self.label()
        })
    }
}

/// What is typed to open an encounter.
#[derive(Clone, Default)]
pub struct EncounterForm {
    /// `Patient/p1`.
    pub patient: String,
    /// Class.
    pub class: EncounterClass,
    /// Visit number, and its namespace.
    pub visit_number: String,
    /// Namespace of visit numbers.
    pub visit_system: String,
    /// Begin: admission, arrival, start of the visit.
    pub start: String,
    /// End, where it is over already.
    pub end: String,
    /// Unit or clinic.
    pub location: Party,
    /// Bed, where one is assigned.
    pub bed: Party,
    /// Attending provider.
    pub attending: Party,
    /// Facility.
    pub facility: Party,
    /// Service: medicine, surgery, obstetrics, newborn.
    pub service: String,
    /// Reason in words.
    pub reason: String,
    /// Admission source, UB-04 form locator 15 words.
    pub admit_source: String,
}

impl EncounterForm {
    /// What is wrong, field by field.
    pub fn check(&self, desk: &Desk) -> Vec<FieldError> {
        let mut faults = Faults::new();
        faults.required("patient", &self.patient, "The patient", "Find and choose one.");
        faults.required("start", &self.start, "The beginning", DATE_WOULD_DO);
        faults.past("start", &self.start, desk);
        faults.past("end", &self.end, desk);
        faults.ordered("end", &self.start, &self.end, "This is before the start.", desk);
        let is_stay = matches!(self.class, EncounterClass::Inpatient | EncounterClass::Observation);
        if is_stay {
            faults.required("location", &self.location.display, "The unit", "Choose one.");
            let what = "The attending provider";
            faults.required("attending", &self.attending.display, what, "Choose one.");
            if !self.start.is_empty() && self.start.trim().len() < 13 {
                let would = "With the time, as 2026-03-04 10:30.";
                faults.wrong("start", &self.start, "An admission needs its time.", would);
            }
        }
        faults.0
    }

    /// The Encounter: in progress, or finished where an end is given.
    pub fn build(&self, facts: &Facts, desk: &Desk) -> Value {
        let mut out = begin("Encounter", facts, desk);
        let start = desk.date_time(&self.start).unwrap_or_default();
        let end = desk.date_time(&self.end);
        if !self.visit_number.trim().is_empty() {
            let mut number = Map::new();
            put(&mut number, "use", "official");
            put(&mut number, "system", &self.visit_system);
            put(&mut number, "value", &self.visit_number);
            out.insert("identifier".to_owned(), json!([number]));
        }
        put(&mut out, "status", if end.is_some() { "finished" } else { "in-progress" });
        out.insert("class".to_owned(), self.class.to_value());
        if !self.service.trim().is_empty() {
            out.insert("serviceType".to_owned(), concept("", "", &self.service));
        }
        out.insert("subject".to_owned(), json!({"reference": self.patient}));
        if !self.attending.display.is_empty() {
            let kind = concept(
                "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                "ATND",
                "attender",
            );
            let person = self.attending.to_value();
            out.insert("participant".to_owned(), json!([{"type": [kind], "individual": person}]));
        }
        out.insert("period".to_owned(), period(&start, end.as_deref()));
        if !self.reason.trim().is_empty() {
            out.insert("reasonCode".to_owned(), json!([concept("", "", &self.reason)]));
        }
        if !self.admit_source.trim().is_empty() {
            let source = concept("", "", &self.admit_source);
            out.insert("hospitalization".to_owned(), json!({"admitSource": source}));
        }
        let places = [&self.location, &self.bed].into_iter().filter(|at| !at.display.is_empty());
        let places: Vec<Value> = places.map(|at| place(at, &start, end.as_deref())).collect();
        if !places.is_empty() {
            out.insert("location".to_owned(), Value::Array(places));
        }
        if !self.facility.display.is_empty() {
            out.insert("serviceProvider".to_owned(), self.facility.to_value());
        }
        Value::Object(out)
    }
}

fn period(start: &str, end: Option<&str>) -> Value {
    let mut out = Map::new();
    put(&mut out, "start", start);
    put(&mut out, "end", end.unwrap_or_default());
    Value::Object(out)
}

fn place(at: &Party, start: &str, end: Option<&str>) -> Value {
    let status = if end.is_some() { "completed" } else { "active" };
    json!({"location": at.to_value(), "status": status, "period": period(start, end)})
}

/// A move to another unit or bed.
#[derive(Clone, Debug, Default)]
pub struct Transfer {
    /// When.
    pub at: String,
    /// To which unit.
    pub location: Party,
    /// To which bed.
    pub bed: Party,
}

/// Moves the patient: places end, new ones begin. Nothing changes where a fault is returned.
pub fn transfer(encounter: &mut Value, to: &Transfer, desk: &Desk) -> Result<(), Vec<FieldError>> {
    let mut faults = open_stay(encounter, "at", &to.at, desk);
    let what = "The unit to which the patient goes";
    faults.required("location", &to.location.display, what, "Choose one.");
    let at = settled(faults, &to.at, desk)?;
    end_places(encounter, &at);
    let places = [&to.location, &to.bed].into_iter().filter(|party| !party.display.is_empty());
    let new: Vec<Value> = places.map(|party| place(party, &at, None)).collect();
    match encounter.get_mut("location").and_then(Value::as_array_mut) {
        Some(list) => list.extend(new),
        None => encounter["location"] = Value::Array(new),
    }
    Ok(())
}

/// A discharge.
#[derive(Clone, Debug, Default)]
pub struct Discharge {
    /// When.
    pub at: String,
    /// Patient discharge status, UB-04 form locator 17: `01` home, `20` expired.
    pub disposition: String,
}

/// Patient discharge status codes in use (UB-04 form locator 17).
pub const DISCHARGE_DISPOSITIONS: &[(&str, &str)] = &[
    ("01", "Home or self care"),
    ("02", "Short-term general hospital"),
    ("03", "Skilled nursing facility"),
    ("04", "Custodial or supportive care facility"),
    ("05", "Designated cancer center or children's hospital"),
    ("06", "Home with home health service"),
    ("07", "Left against medical advice"),
    ("20", "Expired"),
    ("21", "Court or law enforcement"),
    ("43", "Federal health care facility"),
    ("50", "Hospice, home"),
    ("51", "Hospice, medical facility"),
    ("61", "Swing bed in this hospital"),
    ("62", "Inpatient rehabilitation facility"),
    ("63", "Long-term care hospital"),
    ("65", "Psychiatric hospital"),
    ("66", "Critical access hospital"),
    ("70", "Other health care institution"),
];

/// Ends the encounter with its disposition. Nothing changes where a fault is returned.
pub fn discharge(
    encounter: &mut Value,
    by: &Discharge,
    desk: &Desk,
) -> Result<(), Vec<FieldError>> {
    let mut faults = open_stay(encounter, "at", &by.at, desk);
    let known = DISCHARGE_DISPOSITIONS.iter().find(|(code, _)| *code == by.disposition.trim());
    faults.required("disposition", &by.disposition, "Where the patient went", "Choose one.");
    if known.is_none() && !by.disposition.trim().is_empty() {
        let would = "A patient discharge status of the list, as 01.";
        faults.wrong("disposition", &by.disposition, "This code is not in the list.", would);
    }
    let at = settled(faults, &by.at, desk)?;
    end_places(encounter, &at);
    encounter["status"] = json!("finished");
    encounter["period"]["end"] = json!(at);
    if let Some(concept) = to_disposition(by.disposition.trim()) {
        encounter["hospitalization"]["dischargeDisposition"] = concept;
    }
    Ok(())
}

/// A patient discharge status of the list as a concept.
pub(super) fn to_disposition(code: &str) -> Option<Value> {
    let (code, words) = DISCHARGE_DISPOSITIONS.iter().find(|(known, _)| *known == code)?;
    Some(concept("https://www.nubc.org/CodeSystem/PatDischargeStatus", code, words))
}

/// Changes the class from a time on, as when an order admits a patient under observation.
pub fn change_class(
    encounter: &mut Value,
    class: EncounterClass,
    at: &str,
    desk: &Desk,
) -> Result<(), Vec<FieldError>> {
    let mut faults = open_stay(encounter, "at", at, desk);
    if encounter["class"]["code"] == class.code() {
        faults.wrong("class", class.label(), "The encounter is of this class.", "Another class.");
    }
    let at = settled(faults, at, desk)?;
    let history = encounter.get("classHistory").and_then(Value::as_array);
    let mut history = history.cloned().unwrap_or_default();
    let since = history.last().map(|last| last["period"]["end"].clone());
    let since = since.unwrap_or_else(|| encounter["period"]["start"].clone());
    let since = since.as_str().unwrap_or_default();
    history.push(json!({"class": encounter["class"], "period": period(since, Some(&at))}));
    encounter["classHistory"] = Value::Array(history);
    encounter["class"] = class.to_value();
    Ok(())
}

/// Faults common to every event of a stay: it must be open, and the time within it.
fn open_stay(encounter: &Value, field: &'static str, at: &str, desk: &Desk) -> Faults {
    let mut faults = Faults::new();
    faults.required(field, at, "The time", DATE_WOULD_DO);
    faults.past(field, at, desk);
    let start = encounter["period"]["start"].as_str().unwrap_or_default();
    faults.ordered(field, start, at, "This is before the encounter's start.", desk);
    for place in encounter["location"].as_array().map(Vec::as_slice).unwrap_or_default() {
        let since = place["period"]["start"].as_str().unwrap_or_default();
        faults.ordered(field, since, at, "This is before the last transfer.", desk);
    }
    if matches!(encounter["status"].as_str(), Some("finished" | "cancelled" | "entered-in-error")) {
        let would = "Correct the finished encounter instead.";
        faults.wrong(field, at, "The encounter is over.", would);
    }
    faults
}

fn settled(faults: Faults, at: &str, desk: &Desk) -> Result<String, Vec<FieldError>> {
    if faults.0.iter().any(|fault| fault.weight != Weight::Unusual) {
        return Err(faults.0);
    }
    Ok(desk.date_time(at).unwrap_or_default())
}

fn end_places(encounter: &mut Value, at: &str) {
    let places = encounter.get_mut("location").and_then(Value::as_array_mut);
    for place in places.into_iter().flatten() {
        if place["period"].get("end").is_none() {
            place["period"]["end"] = json!(at);
            place["status"] = json!("completed");
        }
    }
}
