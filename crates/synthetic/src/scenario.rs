//! What brings people to the hospital: diagnoses, procedures, medications and the words of notes
//! that agree with each other.

mod birth;
mod inpatient;
mod short;

pub(crate) use birth::{DELIVERIES, NEWBORNS};
pub(crate) use inpatient::INPATIENT;
pub(crate) use short::{OUTPATIENT, SHORT};

/// A diagnosis of a scenario.
pub(crate) struct Diagnosis {
    /// ICD-10-CM code.
    pub code: &'static str,
    /// Its title.
    pub words: &'static str,
    /// Present on admission: `Y`, `N`, or empty where exempt.
    pub present: &'static str,
    /// As a physician writes it in the assessment.
    pub said: &'static str,
}

/// A procedure of a scenario.
pub(crate) struct Procedure {
    /// ICD-10-PCS code.
    pub code: &'static str,
    /// Its title.
    pub words: &'static str,
    /// As a surgeon writes it.
    pub said: &'static str,
    /// Whether it is done in the operating room, with an operative report.
    pub is_surgery: bool,
}

/// Class of an encounter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Inpatient,
    Observation,
    Emergency,
    Outpatient,
}

impl Class {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Class::Inpatient => "IMP",
            Class::Observation => "OBSENC",
            Class::Emergency => "EMER",
            Class::Outpatient => "AMB",
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Class::Inpatient => "Inpatient",
            Class::Observation => "Observation",
            Class::Emergency => "Emergency",
            Class::Outpatient => "Outpatient",
        }
    }
}

/// A reason to come.
pub(crate) struct Scenario {
    pub class: Class,
    pub service: &'static str,
    pub unit: &'static str,
    pub complaint: &'static str,
    /// `female`, `male`, or empty.
    pub sex: &'static str,
    pub ages: (i64, i64),
    /// Days of stay; hours for visits.
    pub length: (i64, i64),
    /// How often, against the others of its class.
    pub weight: i64,
    /// Deaths in a hundred.
    pub deaths: i64,
    /// A sensitive class of the record's labels, or empty.
    pub label: &'static str,
    pub diagnoses: &'static [Diagnosis],
    pub procedures: &'static [Procedure],
    pub medications: &'static [(&'static str, &'static str)],
    /// History, in words; `{he}` and `{his}` are put in.
    pub story: &'static str,
    pub findings: &'static str,
    pub course: &'static str,
    /// Chronic diagnoses that this one replaces or includes.
    pub replaces: &'static [&'static str],
    /// Middle of pulse, respiration, temperature in Celsius, oxygen saturation.
    pub vitals: (f64, f64, f64, f64),
}

impl Scenario {
    /// Whether people come for it by plan.
    pub(crate) fn is_planned(&self) -> bool {
        self.class == Class::Inpatient && self.complaint.to_lowercase().contains("planned")
    }
}

const fn dx(
    code: &'static str,
    words: &'static str,
    present: &'static str,
    said: &'static str,
) -> Diagnosis {
    Diagnosis { code, words, present, said }
}

const fn operation(code: &'static str, words: &'static str, said: &'static str) -> Procedure {
    Procedure { code, words, said, is_surgery: true }
}

const fn bedside(code: &'static str, words: &'static str, said: &'static str) -> Procedure {
    Procedure { code, words, said, is_surgery: false }
}

/// A condition that people live with.
pub(crate) struct Chronic {
    pub code: &'static str,
    pub words: &'static str,
    pub said: &'static str,
    pub medication: (&'static str, &'static str),
    /// Percent of adults, and the age from which.
    pub often: i64,
    pub from_age: i64,
}

const fn chronic(
    code: &'static str,
    words: &'static str,
    said: &'static str,
    medication: (&'static str, &'static str),
    often: i64,
    from_age: i64,
) -> Chronic {
    Chronic { code, words, said, medication, often, from_age }
}

/// Conditions that people live with.
pub(crate) const CHRONIC: &[Chronic] = &[
    chronic(
        "I10",
        "Essential (primary) hypertension",
        "hypertension",
        ("Lisinopril 10 MG Oral Tablet", "1 tablet by mouth daily"),
        45,
        40,
    ),
    chronic(
        "E11.9",
        "Type 2 diabetes mellitus without complications",
        "type 2 diabetes mellitus",
        ("Metformin 500 MG Oral Tablet", "1 tablet by mouth twice a day with meals"),
        18,
        40,
    ),
    chronic(
        "E78.5",
        "Hyperlipidemia, unspecified",
        "hyperlipidemia",
        ("Atorvastatin 20 MG Oral Tablet", "1 tablet by mouth at bedtime"),
        35,
        40,
    ),
    chronic(
        "E03.9",
        "Hypothyroidism, unspecified",
        "hypothyroidism",
        ("Levothyroxine 50 MCG Oral Tablet", "1 tablet by mouth every morning"),
        9,
        30,
    ),
    chronic(
        "K21.9",
        "Gastro-esophageal reflux disease without esophagitis",
        "GERD",
        ("Omeprazole 20 MG Oral Capsule", "1 capsule by mouth daily before breakfast"),
        18,
        25,
    ),
    chronic(
        "F32.A",
        "Depression, unspecified",
        "depression",
        ("Sertraline 50 MG Oral Tablet", "1 tablet by mouth daily"),
        10,
        18,
    ),
    chronic(
        "G47.33",
        "Obstructive sleep apnea (adult) (pediatric)",
        "obstructive sleep apnea on CPAP",
        ("Fluticasone 50 MCG Nasal Spray", "1 spray in each nostril daily"),
        8,
        35,
    ),
    chronic(
        "I48.91",
        "Unspecified atrial fibrillation",
        "atrial fibrillation",
        ("Apixaban 5 MG Oral Tablet", "1 tablet by mouth twice a day"),
        10,
        65,
    ),
];

const NONE: &[Procedure] = &[];
