//! The rows that quality checks read: a plain view, filled by the store.

use crate::completion::EncounterClass;
use jiff::{civil::Date, tz::TimeZone};
use record::{BirthDate, Instant, Mrn, PatientKey, PersonName};

/// A table of the record.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Table {
    /// Patients.
    Patient,
    /// Encounters.
    Encounter,
    /// Documents.
    Document,
    /// Diagnoses.
    Diagnosis,
    /// Procedures.
    Procedure,
    /// Observations.
    Observation,
}

impl Table {
    /// The word that the store and the API use.
    pub fn as_str(self) -> &'static str {
        match self {
            Table::Patient => "patient",
            Table::Encounter => "encounter",
            Table::Document => "document",
            Table::Diagnosis => "diagnosis",
            Table::Procedure => "procedure",
            Table::Observation => "observation",
        }
    }
}

/// A patient. Records that were merged into another are left out by the caller.
#[derive(Clone, Debug)]
pub struct PatientRow {
    /// Internal key.
    pub key: PatientKey,
    /// Logical id.
    pub id: String,
    /// Medical record numbers with their namespace.
    pub mrns: Vec<(String, Mrn)>,
    /// Name as shown: `Family, Given`.
    pub name: PersonName,
    /// Date of birth, of any precision.
    pub birth_date: Option<BirthDate>,
    /// Administrative sex as registered: `female`, `male`, `other`, `unknown`.
    pub sex: Option<String>,
    /// When the patient died, where known.
    pub died: Option<Instant>,
    /// Whether the record says that the patient died.
    pub is_deceased: bool,
}

/// An encounter.
#[derive(Clone, Debug)]
pub struct EncounterRow {
    /// Logical id.
    pub id: String,
    /// Its patient.
    pub patient: PatientKey,
    /// Its class.
    pub class: EncounterClass,
    /// When it began.
    pub admitted: Option<Instant>,
    /// When it ended.
    pub discharged: Option<Instant>,
    /// Discharge disposition, as coded by the site or by HL7: `home`, `exp`, `20`.
    pub disposition: Option<String>,
    /// Whether it was entered in error or cancelled.
    pub is_void: bool,
}

/// A document.
#[derive(Clone, Debug)]
pub struct DocumentRow {
    /// Logical id.
    pub id: String,
    /// Its patient; none while it is unindexed.
    pub patient: Option<PatientKey>,
    /// Its encounter's id.
    pub encounter: Option<String>,
    /// LOINC code of its kind.
    pub kind: Option<String>,
    /// The moment that it tells of.
    pub event: Option<Instant>,
    /// When it was entered.
    pub entered: Instant,
    /// When it was authenticated.
    pub signed: Option<Instant>,
    /// Whether it needs authentication (a scan of an outside record does not).
    pub needs_signature: bool,
    /// Whether it was entered in error.
    pub is_void: bool,
}

/// A diagnosis of an encounter.
#[derive(Clone, Debug)]
pub struct DiagnosisRow {
    /// Id of the row.
    pub id: String,
    /// Its encounter's id.
    pub encounter: String,
    /// ICD-10-CM code.
    pub code: String,
    /// Place in the list; 1 is the principal or first-listed.
    pub rank: u32,
}

/// A procedure of an encounter.
#[derive(Clone, Debug)]
pub struct ProcedureRow {
    /// Id of the row.
    pub id: String,
    /// Its encounter's id.
    pub encounter: String,
    /// When it was done.
    pub performed: Option<Instant>,
}

/// An observation: a vital sign or a result.
#[derive(Clone, Debug)]
pub struct ObservationRow {
    /// Logical id.
    pub id: String,
    /// Its patient.
    pub patient: PatientKey,
    /// LOINC code.
    pub code: String,
    /// Its number.
    pub value: Option<f64>,
    /// Its unit, UCUM.
    pub unit: Option<String>,
    /// When it was taken.
    pub at: Option<Instant>,
    /// Whether it was entered in error.
    pub is_void: bool,
}

/// Everything that the checks read, at one moment.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The moment.
    pub now: Instant,
    /// The facility's time zone.
    pub zone: TimeZone,
    /// Patients.
    pub patients: Vec<PatientRow>,
    /// Encounters.
    pub encounters: Vec<EncounterRow>,
    /// Documents.
    pub documents: Vec<DocumentRow>,
    /// Diagnoses.
    pub diagnoses: Vec<DiagnosisRow>,
    /// Procedures.
    pub procedures: Vec<ProcedureRow>,
    /// Observations.
    pub observations: Vec<ObservationRow>,
}

impl Rows {
    /// No rows.
    pub fn empty(now: Instant, zone: TimeZone) -> Rows {
        Rows {
            now,
            zone,
            patients: Vec::new(),
            encounters: Vec::new(),
            documents: Vec::new(),
            diagnoses: Vec::new(),
            procedures: Vec::new(),
            observations: Vec::new(),
        }
    }

    /// Today at the facility.
    pub fn today(&self) -> Date {
        self.now.date_in(&self.zone)
    }

    /// Encounters that are not void.
    pub fn live_encounters(&self) -> impl Iterator<Item = &EncounterRow> {
        self.encounters.iter().filter(|encounter| !encounter.is_void)
    }

    /// Documents that are not void.
    pub fn live_documents(&self) -> impl Iterator<Item = &DocumentRow> {
        self.documents.iter().filter(|document| !document.is_void)
    }

    /// Patients by key.
    pub fn patients_by_key(&self) -> std::collections::BTreeMap<PatientKey, &PatientRow> {
        self.patients.iter().map(|patient| (patient.key, patient)).collect()
    }

    /// Encounters by id, void ones included.
    pub fn encounters_by_id(&self) -> std::collections::BTreeMap<&str, &EncounterRow> {
        self.encounters.iter().map(|encounter| (encounter.id.as_str(), encounter)).collect()
    }
}

/// The whole date of a birth date text; `None` where it is missing, partial or impossible.
pub fn whole_date(birth_date: Option<&BirthDate>) -> Option<Date> {
    let text = birth_date?.reveal();
    text.get(..10).unwrap_or(text).parse().ok()
}

/// Whether a disposition means that the patient died: HL7 `exp`, UB-04 patient status 20 and 40 to
/// 42, and plain words.
pub fn is_death(disposition: &str) -> bool {
    let plain = disposition.trim().to_ascii_lowercase();
    ["exp", "20", "40", "41", "42", "expired", "died", "dead", "death", "deceased"]
        .contains(&plain.as_str())
}
