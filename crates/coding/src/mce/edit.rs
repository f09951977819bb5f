//! The edits of the Medicare Code Editor: their names, what they say, what to do next.

/// One kind of edit, named as the publisher's editor names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EditKind {
    /// A diagnosis or procedure code is not valid on the discharge date.
    InvalidCode,
    /// A code belongs to the other sex; discharges through 2024-09-30.
    SexConflict,
    /// A diagnosis does not occur at the patient's age.
    AgeConflict,
    /// A code says what a quality of care or a place was, not which side or site.
    Unspecified,
    /// The principal diagnosis is a manifestation of another disease.
    ManifestationAsPrincipal,
    /// The principal diagnosis is an external cause of morbidity.
    ExternalCauseAsPrincipal,
    /// The principal diagnosis gives no reason for an inpatient stay.
    UnacceptablePrincipal,
    /// The principal diagnosis is accepted only beside a secondary one.
    RequiresSecondary,
    /// The principal diagnosis alone seldom justifies an inpatient stay.
    QuestionableAdmission,
    /// A secondary diagnosis repeats the principal one.
    DuplicateOfPrincipal,
    /// A wrong procedure, side or patient is reported.
    WrongProcedurePerformed,
    /// Medicare does not pay for the procedure.
    NonCovered,
    /// Medicare pays for the procedure under conditions.
    LimitedCoverage,
    /// A delivery is reported without its outcome.
    QuestionableObstetricAdmission,
    /// A procedure takes longer than the stay.
    InconsistentWithLengthOfStay,
    /// The admitting diagnosis is not valid on the discharge date.
    InvalidAdmitDiagnosis,
    /// The age is missing or over 124 years.
    InvalidAge,
    /// The sex is neither male nor female; discharges through 2024-09-30.
    InvalidSex,
    /// The discharge status is not valid on the discharge date.
    InvalidDischargeStatus,
}

/// Where the edits are published.
pub const SOURCE: &str =
    "Definitions of Medicare Code Edits (CMS), the version of the discharge date";

impl EditKind {
    /// Every kind, in the order of reporting.
    pub const ALL: [Self; 19] = [
        Self::InvalidCode,
        Self::SexConflict,
        Self::AgeConflict,
        Self::Unspecified,
        Self::ManifestationAsPrincipal,
        Self::ExternalCauseAsPrincipal,
        Self::UnacceptablePrincipal,
        Self::RequiresSecondary,
        Self::QuestionableAdmission,
        Self::DuplicateOfPrincipal,
        Self::WrongProcedurePerformed,
        Self::NonCovered,
        Self::LimitedCoverage,
        Self::QuestionableObstetricAdmission,
        Self::InconsistentWithLengthOfStay,
        Self::InvalidAdmitDiagnosis,
        Self::InvalidAge,
        Self::InvalidSex,
        Self::InvalidDischargeStatus,
    ];

    /// The name in interchange.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidCode => "INVALID_CODE",
            Self::SexConflict => "SEX_CONFLICT",
            Self::AgeConflict => "AGE_CONFLICT",
            Self::Unspecified => "UNSPECIFIED",
            Self::ManifestationAsPrincipal => "MANIFESTATION_AS_PDX",
            Self::ExternalCauseAsPrincipal => "E_CODE_AS_PDX",
            Self::UnacceptablePrincipal => "UNACCEPTABLE_PDX",
            Self::RequiresSecondary => "REQUIRES_SDX",
            Self::QuestionableAdmission => "QUESTIONABLE_ADMISSION",
            Self::DuplicateOfPrincipal => "DUPLICATE_OF_PDX",
            Self::WrongProcedurePerformed => "WRONG_PROCEDURE_PERFORMED",
            Self::NonCovered => "NON_COVERED",
            Self::LimitedCoverage => "LIMITED_COVERAGE",
            Self::QuestionableObstetricAdmission => "QUESTIONABLE_OBSTETRIC_ADMISSION",
            Self::InconsistentWithLengthOfStay => "INCONSISTENT_WITH_LENGTH_OF_STAY",
            Self::InvalidAdmitDiagnosis => "INVALID_ADMIT_DX",
            Self::InvalidAge => "INVALID_AGE",
            Self::InvalidSex => "INVALID_SEX",
            Self::InvalidDischargeStatus => "INVALID_DISCHARGE_STATUS",
        }
    }

    /// What is wrong and what to do next.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::InvalidCode => {
                "The code is not valid on the discharge date: choose a valid, complete code."
            }
            Self::SexConflict => "The code is for the other sex: correct the code or the sex.",
            Self::AgeConflict => {
                "The diagnosis does not occur at this age: correct the code or the age."
            }
            Self::Unspecified => {
                "The code leaves out the side that a more specific one states: code the side, or \
                 document why it can't be known."
            }
            Self::ManifestationAsPrincipal => {
                "A manifestation can't be principal: sequence the underlying disease first."
            }
            Self::ExternalCauseAsPrincipal => {
                "An external cause can't be principal: sequence the injury or condition first."
            }
            Self::UnacceptablePrincipal => {
                "The code gives no reason for the stay: choose the condition that led to it."
            }
            Self::RequiresSecondary => {
                "This principal diagnosis needs a secondary one: add the condition treated."
            }
            Self::QuestionableAdmission => {
                "This principal diagnosis seldom justifies an inpatient stay: check the admission."
            }
            Self::DuplicateOfPrincipal => {
                "A secondary diagnosis repeats the principal one: remove it."
            }
            Self::WrongProcedurePerformed => {
                "A wrong procedure, side or patient is reported: Medicare does not pay; review."
            }
            Self::NonCovered => "Medicare does not cover the procedure: check coverage.",
            Self::LimitedCoverage => {
                "Medicare covers the procedure under conditions: check that they are met."
            }
            Self::QuestionableObstetricAdmission => {
                "A delivery is reported without its outcome: add the code from category Z37."
            }
            Self::InconsistentWithLengthOfStay => {
                "Ventilation of more than 96 hours does not fit the stay: check the hours."
            }
            Self::InvalidAdmitDiagnosis => {
                "The admitting diagnosis is not valid on the discharge date: correct it."
            }
            Self::InvalidAge => "The age must be from 0 to 124 years: correct it.",
            Self::InvalidSex => "The sex must be male or female on this date: correct it.",
            Self::InvalidDischargeStatus => {
                "The discharge status is not valid on the discharge date: correct it."
            }
        }
    }
}

/// What on the claim an edit points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The principal diagnosis.
    Principal,
    /// A secondary diagnosis, counted from 0.
    Secondary(usize),
    /// A procedure, counted from 0.
    Procedure(usize),
    /// The admitting diagnosis.
    AdmitDiagnosis,
    /// Age, sex or discharge status.
    Claim,
}

/// One edit of a claim and everything that it points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is wrong.
    pub kind: EditKind,
    /// Where; never empty.
    pub places: Vec<Place>,
}
