//! What is true of the hospital, beside its records: to compare every desk's answer with.

use crate::months::Month;
use serde::Serialize;
use std::collections::BTreeMap;

/// Two records that look alike.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Pair {
    /// Id of the one Patient.
    pub left: String,
    /// Id of the other.
    pub right: String,
    /// How they came to differ, or to be alike: `nickname`, `maiden-name`, `twin`.
    pub kind: &'static str,
}

/// An encounter that belongs to another person than the record it stands in.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Overlay {
    /// Id of the Patient in whose record it stands.
    pub patient: String,
    /// Id of the Encounter.
    pub encounter: String,
    /// Id of the Patient to whom it belongs.
    pub belongs_to: String,
}

/// A stay or visit, as statistics count it.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Stay {
    /// Id of the Encounter.
    pub encounter: String,
    /// Id of the Patient.
    pub patient: String,
    /// `IMP`, `OBSENC`, `EMER`, `AMB`.
    pub class: &'static str,
    /// Service.
    pub service: &'static str,
    /// Unit at the end.
    pub unit: &'static str,
    /// Date of admission, in the hospital's zone.
    pub admitted: String,
    /// Date of discharge; `None` while in the house.
    pub discharged: Option<String>,
    /// Days of stay: discharge less admission, same day 1.
    pub length_days: Option<i64>,
    /// Patient discharge status, UB-04.
    pub disposition: Option<&'static str>,
    /// A newborn's stay.
    pub is_newborn: bool,
    /// Whether the patient changed units.
    pub is_transferred: bool,
    /// Whether an operation was done.
    pub is_surgical: bool,
    /// Whether the stay holds a delivery.
    pub is_delivery: bool,
    /// Whether the admission was planned.
    pub is_planned: bool,
    /// What is charged for it, in cents.
    pub charge_cents: i64,
}

/// A death in the house.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Death {
    /// Id of the Patient.
    pub patient: String,
    /// Id of the Encounter.
    pub encounter: String,
    /// Date.
    pub date: String,
    /// Less than 48 hours after admission.
    pub is_under_48_hours: bool,
    /// Within ten days of an operation.
    pub is_postoperative: bool,
}

/// An admission within 30 days of a discharge.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Readmission {
    /// Id of the index Encounter.
    pub index: String,
    /// Id of the Encounter that follows.
    pub encounter: String,
    /// Days between discharge and admission.
    pub days: i64,
}

/// What a coder should find in a stay.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Coding {
    /// Id of the Encounter.
    pub encounter: String,
    /// Principal or first-listed diagnosis, ICD-10-CM.
    pub principal: &'static str,
    /// The others, each with its present on admission indicator, empty where exempt.
    pub secondary: Vec<(&'static str, &'static str)>,
    /// ICD-10-PCS codes.
    pub procedures: Vec<&'static str>,
}

/// A record that lacks something.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Deficiency {
    /// Id of the Encounter.
    pub encounter: String,
    /// LOINC code of the document.
    pub loinc: &'static str,
    /// `missing-document` or `missing-signature`.
    pub kind: &'static str,
    /// Id of the DocumentReference, where there is one.
    pub document: Option<String>,
    /// Id of the Practitioner who owes it.
    pub provider: String,
    /// Date of discharge, from which the clock runs.
    pub discharged: String,
}

/// A fault put into the data on purpose.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Fault {
    /// Name of the fault: `end-before-start`.
    pub kind: &'static str,
    /// Id of the Patient.
    pub patient: String,
    /// The resource that holds it: `Observation/p00012-o3`.
    pub resource: String,
}

/// What a scan shows, and where it belongs.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct ScanTruth {
    /// Name of the file.
    pub name: String,
    /// `request-letter`, `outside-record`, `consent`, `mismatch`, `unknown-patient`.
    pub kind: &'static str,
    /// LOINC code of its kind of document.
    pub loinc: &'static str,
    /// Id of the Patient; `None` where no chart of the hospital fits.
    pub patient: Option<String>,
    /// Id of the Encounter, where it belongs to one.
    pub encounter: Option<String>,
    /// Whether it is to be attached when the hospital opens; else it waits to be indexed.
    pub is_indexed: bool,
    /// The words on its pages.
    pub text: String,
}

/// A request for release, as its letter makes it.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Request {
    /// Name of the scan with its letter.
    pub scan: String,
    /// Kind: `patient-access`, `authorization-expired`, `subpoena-without-assurance`.
    pub kind: &'static str,
    /// Id of the Patient.
    pub patient: String,
    /// Legal basis with its paragraph.
    pub basis: &'static str,
    /// Who asks.
    pub requester: String,
    /// Date of receipt.
    pub received: String,
    /// Days to answer, where the law sets a clock.
    pub clock_days: Option<i64>,
    /// What is wrong with it, each with its paragraph.
    pub defects: Vec<&'static str>,
    /// `release`, `hold`, `review`, `deny`.
    pub expected: &'static str,
}

/// Who was in the house on one day.
#[derive(Clone, Copy, Debug, Default, Serialize, PartialEq, Eq)]
pub struct CensusDay {
    /// Inpatients at midnight at the end of the day, newborns apart.
    pub at_midnight: i64,
    /// Inpatients admitted and discharged on this day, newborns apart.
    pub same_day: i64,
    /// Newborns at midnight.
    pub newborns: i64,
    /// Patients under observation at midnight: never part of the census.
    pub observation: i64,
    /// Patients whose observation began and ended on this day.
    pub observation_same_day: i64,
}

/// The truth of one chart, or of the whole hospital.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Truth {
    /// Two records of one person.
    pub duplicates: Vec<Pair>,
    /// Two records that look alike, of two persons.
    pub lookalikes: Vec<Pair>,
    /// Encounters in the wrong record.
    pub overlays: Vec<Overlay>,
    /// Stays and visits.
    pub stays: Vec<Stay>,
    /// Deaths.
    pub deaths: Vec<Death>,
    /// Births: ids of mother's and child's Patient.
    pub births: Vec<(String, String)>,
    /// Readmissions.
    pub readmissions: Vec<Readmission>,
    /// Coding of each inpatient stay.
    pub codings: Vec<Coding>,
    /// Deficiencies.
    pub deficiencies: Vec<Deficiency>,
    /// Requests.
    pub requests: Vec<Request>,
    /// Faults.
    pub faults: Vec<Fault>,
    /// Scans.
    pub scans: Vec<ScanTruth>,
    /// Census by date. Filled for a whole hospital only.
    pub census: BTreeMap<String, CensusDay>,
    /// Statistics by month, `2026-03`. Filled for a whole hospital only.
    pub months: BTreeMap<String, Month>,
    /// Number of resources by type. Filled for a whole hospital only.
    pub resources: BTreeMap<String, u64>,
}

impl Truth {
    /// Adds the truth of a chart.
    pub fn add(&mut self, other: Truth) {
        self.duplicates.extend(other.duplicates);
        self.lookalikes.extend(other.lookalikes);
        self.overlays.extend(other.overlays);
        self.stays.extend(other.stays);
        self.deaths.extend(other.deaths);
        self.births.extend(other.births);
        self.readmissions.extend(other.readmissions);
        self.codings.extend(other.codings);
        self.deficiencies.extend(other.deficiencies);
        self.requests.extend(other.requests);
        self.faults.extend(other.faults);
        self.scans.extend(other.scans);
    }

    /// Counts the census of each day up to the last, from the stays.
    pub(crate) fn count_census(&mut self, today: jiff::civil::Date) {
        for stay in &self.stays {
            let Ok(admitted) = stay.admitted.parse::<jiff::civil::Date>() else { continue };
            let discharged = stay.discharged.as_ref().and_then(|date| date.parse().ok());
            let end: jiff::civil::Date = discharged.unwrap_or(today);
            let is_inpatient = stay.class == "IMP";
            if !is_inpatient && stay.class != "OBSENC" {
                continue;
            }
            if discharged == Some(admitted) && !stay.is_newborn {
                let day = self.census.entry(admitted.to_string()).or_default();
                match is_inpatient {
                    true => day.same_day += 1,
                    false => day.observation_same_day += 1,
                }
            }
            let nights = admitted.series(jiff::Span::new().days(1)).take_while(|day| *day < end);
            for night in nights {
                let day = self.census.entry(night.to_string()).or_default();
                match (is_inpatient, stay.is_newborn) {
                    (true, true) => day.newborns += 1,
                    (true, false) => day.at_midnight += 1,
                    (false, _) => day.observation += 1,
                }
            }
        }
    }
}
