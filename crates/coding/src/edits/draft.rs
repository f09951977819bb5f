//! What the rules look at: the codes of one encounter and what the chart says about them.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::codeset::{System, normalized};

/// Where the care was given: other guidelines hold for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// A hospital inpatient (guidelines sections I, II and III).
    Inpatient,
    /// Everybody else, observation included (section IV).
    Outpatient,
}

/// Present on admission (guidelines, appendix I).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Poa {
    /// Present.
    Y,
    /// Not present.
    N,
    /// The documentation does not say.
    U,
    /// The provider can't tell.
    W,
    /// Exempt from reporting, written 1 on some claims.
    Exempt,
}

/// A diagnosis as coded. The first is the principal or first-listed one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// With or without its dot.
    pub code: String,
    /// Present on admission.
    #[serde(default)]
    pub poa: Option<Poa>,
    /// Whether the chart calls it probable, suspected, likely, rule out.
    #[serde(default)]
    pub is_uncertain: bool,
}

/// A procedure or service as coded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// ICD-10-PCS, CPT or HCPCS.
    pub system: System,
    /// The code.
    pub code: String,
    /// CPT and HCPCS modifiers.
    #[serde(default)]
    pub modifiers: Vec<String>,
    /// Units of service.
    #[serde(default = "one")]
    pub units: u32,
    /// The day of the procedure.
    #[serde(default)]
    pub date: Option<Date>,
}

fn one() -> u32 {
    1
}

/// A sentence of the chart that bears on a diagnosis.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The diagnosis as coded.
    pub code: String,
    /// What the chart says.
    pub text: String,
}

impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[evidence for {}]", self.code)
    }
}

/// The codes of one encounter before they are final.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Inpatient or outpatient.
    pub setting: Setting,
    /// The discharge date of an inpatient, the service date of others.
    pub date: Date,
    /// Age at admission or service, in whole years.
    #[serde(default)]
    pub age_years: Option<u16>,
    /// `M`, `F` or `U`.
    #[serde(default)]
    pub sex: Option<char>,
    /// Whether the hospital reports present-on-admission indicators.
    #[serde(default = "yes")]
    pub reports_poa: bool,
    /// Diagnoses in order.
    #[serde(default)]
    pub diagnoses: Vec<Diagnosis>,
    /// Procedures in order.
    #[serde(default)]
    pub procedures: Vec<Procedure>,
    /// What the chart says.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

fn yes() -> bool {
    true
}

impl Draft {
    /// An empty draft.
    #[must_use]
    pub fn new(setting: Setting, date: Date) -> Self {
        Self {
            setting,
            date,
            age_years: None,
            sex: None,
            reports_poa: true,
            diagnoses: Vec::new(),
            procedures: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// An inpatient discharged on 15 April 2026 with these diagnoses, all present on admission.
    #[must_use]
    pub fn inpatient(codes: &[&str]) -> Self {
        let mut draft = Self::new(Setting::Inpatient, date(2026, 4, 15));
        for code in codes {
            draft = draft.diagnosis(code, Some(Poa::Y));
        }
        draft
    }

    /// An outpatient seen on 15 April 2026 with these diagnoses.
    #[must_use]
    pub fn outpatient(codes: &[&str]) -> Self {
        let mut draft = Self::new(Setting::Outpatient, date(2026, 4, 15));
        for code in codes {
            draft = draft.diagnosis(code, None);
        }
        draft
    }

    /// Adds a diagnosis.
    #[must_use]
    pub fn diagnosis(mut self, code: &str, poa: Option<Poa>) -> Self {
        self.diagnoses.push(Diagnosis { code: code.to_owned(), poa, is_uncertain: false });
        self
    }

    /// Adds a diagnosis that the chart calls uncertain.
    #[must_use]
    pub fn uncertain(mut self, code: &str) -> Self {
        let poa = (self.setting == Setting::Inpatient).then_some(Poa::Y);
        self.diagnoses.push(Diagnosis { code: code.to_owned(), poa, is_uncertain: true });
        self
    }

    /// Adds a procedure.
    #[must_use]
    pub fn procedure(mut self, system: System, code: &str, modifiers: &[&str], units: u32) -> Self {
        self.procedures.push(Procedure {
            system,
            code: code.to_owned(),
            modifiers: modifiers.iter().map(|modifier| (*modifier).to_owned()).collect(),
            units,
            date: None,
        });
        self
    }

    /// Adds what the chart says about a diagnosis.
    #[must_use]
    pub fn says(mut self, code: &str, text: &str) -> Self {
        self.evidence.push(Evidence { code: code.to_owned(), text: text.to_owned() });
        self
    }

    /// The same draft on another date.
    #[must_use]
    pub fn on(mut self, date: Date) -> Self {
        self.date = date;
        self
    }

    /// Whether some diagnosis starts with one of these codes (without dots).
    #[must_use]
    pub fn has_any(&self, beginnings: &[&str]) -> bool {
        self.diagnoses.iter().any(|dx| starts_with_any(&dx.code, beginnings))
    }
}

/// Whether a code starts with one of these, dots apart.
#[must_use]
pub fn starts_with_any(code: &str, beginnings: &[&str]) -> bool {
    let code = normalized(code);
    beginnings.iter().any(|beginning| code.starts_with(beginning))
}
