//! What a grouper needs to know of an inpatient stay.

use std::fmt;

use jiff::civil::Date;

pub use super::code::Code;

/// One inpatient claim.
#[derive(Clone)]
pub struct Claim {
    /// Chooses the version of the logic.
    pub discharge_date: Date,
    /// Completed years at admission, where known.
    pub age_years: Option<u16>,
    /// As the claim states it.
    pub sex: Sex,
    /// Patient discharge status (UB-04 form locator 17); 0 where none was given.
    pub discharge_status: u16,
    /// Days, where known.
    pub length_of_stay_days: Option<u32>,
    /// Why the patient came, as coded at admission.
    pub admit_diagnosis: Option<Code>,
    /// Established after study to be chiefly responsible for the admission.
    pub principal: Diagnosis,
    /// The other diagnoses, in the claim's order.
    pub secondary: Vec<Diagnosis>,
    /// The procedures, in the claim's order.
    pub procedures: Vec<Procedure>,
    /// Whether the hospital must report what was present on admission.
    pub hospital_poa_status: HospitalPoaStatus,
}

/// A diagnosis and whether it was present on admission.
#[derive(Clone, Copy)]
pub struct Diagnosis {
    /// ICD-10-CM.
    pub code: Code,
    /// Present on admission; none where the claim is silent.
    pub poa: Option<PresentOnAdmission>,
}

/// A procedure.
#[derive(Clone, Copy)]
pub struct Procedure {
    /// ICD-10-PCS.
    pub code: Code,
    /// The day on which it was done, where known.
    pub date: Option<Date>,
}

/// Present on admission, as the Official Guidelines' Appendix I defines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresentOnAdmission {
    /// Y: present.
    Yes,
    /// N: not present.
    No,
    /// U: documentation is insufficient; paid as not present.
    Unknown,
    /// W: clinically undetermined; paid as present.
    Undetermined,
    /// 1, or E: the diagnosis is exempt from reporting.
    Exempt,
}

impl PresentOnAdmission {
    /// Whether a hospital-acquired condition with this indicator still counts for the DRG.
    #[must_use]
    pub fn pays(self) -> bool {
        match self {
            Self::Yes | Self::Undetermined | Self::Exempt => true,
            Self::No | Self::Unknown => false,
        }
    }
}

/// Sex as the claim states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// M.
    Male,
    /// F.
    Female,
    /// U, or none given.
    Unknown,
}

/// Whether hospital-acquired conditions apply to the hospital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HospitalPoaStatus {
    /// Paid under the inpatient prospective payment system.
    Reporting,
    /// A critical access, cancer, children's or other exempt hospital.
    Exempt,
}

// What is wrong with a patient never stands in a log or a panic.
impl fmt::Debug for Claim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[claim]")
    }
}

impl fmt::Debug for Diagnosis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[diagnosis]")
    }
}

impl fmt::Debug for Procedure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[procedure]")
    }
}
