//! Medicare Code Editor: edits of an inpatient claim by its discharge date.
//!
//! Each code has flags for ranges of dates; an edit asks for flags. Source: Definitions of Medicare
//! Code Edits, published with every MS-DRG version.

mod edit;

use std::sync::{Arc, OnceLock};

pub use edit::{Edit, EditKind, Place, SOURCE};

use crate::grouper::tables::{EditorCodes, Range, Tables, TablesError};
use crate::grouper::{Claim, Code, Sex, number_of};

/// Sex edits apply to discharges through this day.
const SEX_EDITS_LAST_DAY: u32 = 20_240_930;
/// Ages above are not valid.
const AGE_YEARS_MAX: u16 = 124;
/// Artificial lumbar discs are covered up to this age.
const LUMBAR_DISC_AGE_YEARS_MAX: u16 = 60;
/// "Greater than four consecutive days" of ventilation can't lie within a stay of so many days.
const VENTILATION_STAY_DAYS_MAX: u32 = 4;

/// What the tables say of a code on a day, a bit each.
type Flags = u32;

const FLAGS: [&str; 26] = [
    "male",
    "female",
    "newborn",
    "pediatric",
    "maternity",
    "adult",
    "ecodepdx",
    "manifestation",
    "unacceptable",
    "reqsdx",
    "qadm",
    "unspecified",
    "wrngproc",
    "delout",
    "diabtypeI",
    "ncov6",
    "ncov_z302",
    "noncovered",
    "lcov",
    "vagdel",
    "csect",
    "kidneyxp",
    "ncov45",
    "ncov12agele60",
    "los",
    "clintrial",
];
const MALE: Flags = 1;
const FEMALE: Flags = 1 << 1;
const AGES: [Flags; 4] = [1 << 2, 1 << 3, 1 << 4, 1 << 5];
const EXTERNAL_CAUSE: Flags = 1 << 6;
const MANIFESTATION: Flags = 1 << 7;
const UNACCEPTABLE: Flags = 1 << 8;
const REQUIRES_SECONDARY: Flags = 1 << 9;
const QUESTIONABLE: Flags = 1 << 10;
const UNSPECIFIED: Flags = 1 << 11;
const WRONG_PROCEDURE: Flags = 1 << 12;
const OUTCOME_OF_DELIVERY: Flags = 1 << 13;
const DIABETES_TYPE_1: Flags = 1 << 14;
/// On a diagnosis the reason, on a procedure what is then not covered.
const MARROW: Flags = 1 << 15;
const STERILIZATION: Flags = 1 << 16;
const NON_COVERED: Flags = 1 << 17;
const LIMITED_COVERAGE: Flags = 1 << 18;
const DELIVERY: Flags = 1 << 19 | 1 << 20;
const KIDNEY_TRANSPLANT: Flags = 1 << 21;
const PANCREAS_TRANSPLANT: Flags = 1 << 22;
const LUMBAR_DISC: Flags = 1 << 23;
const LONG_VENTILATION: Flags = 1 << 24;

/// Flags of every code by date.
struct Flagged {
    /// For each code the first of its records; one more at the end.
    first: Vec<u32>,
    records: Vec<(Range, Flags)>,
}

impl Flagged {
    fn new(codes: &EditorCodes, count: usize) -> Self {
        let lists = codes.flag_lists.iter().map(|names| {
            let known = FLAGS.iter().zip(0..).filter(|(flag, _)| names.iter().any(|n| n == *flag));
            known.fold(0, |bits, (_, position)| bits | 1 << position)
        });
        let lists: Vec<Flags> = lists.collect();
        let mut first = vec![0_u32; count + 1];
        for record in &codes.codes {
            first[record.code + 1] += 1;
        }
        for code in 0..count {
            first[code + 1] += first[code];
        }
        // Records are sorted by code.
        let records = codes.codes.iter().map(|record| (record.range, lists[record.value as usize]));
        Self { first, records: records.collect() }
    }

    #[inline]
    fn on(&self, code: usize, day: u32) -> Option<Flags> {
        let records = &self.records[self.first[code] as usize..self.first[code + 1] as usize];
        let mut valid = records.iter().filter(|(dates, _)| dates.0 <= day && day <= dates.1);
        valid.next().map(|(_, flags)| *flags)
    }
}

/// An age class and the years that belong to it on certain days.
struct AgeClass {
    flag: Flags,
    years: Range,
    dates: Range,
}

/// The editor with its tables.
pub struct Editor {
    tables: Arc<Tables>,
    diagnoses: Flagged,
    procedures: Flagged,
    ages: Vec<AgeClass>,
}

impl Editor {
    /// The editor with the tables that the product ships, built once.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Editor> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            Self::new(Arc::clone(Tables::shipped())).expect("the shipped tables are tested")
        })
    }

    /// Builds the editor from tables.
    ///
    /// # Errors
    /// A class of ages that is not known.
    pub fn new(tables: Arc<Tables>) -> Result<Self, TablesError> {
        let classes = ["newborn", "pediatric", "maternity", "adult"];
        let ages = tables.age_ranges.iter().map(|range| {
            let name = range.name.to_lowercase();
            let class = classes.iter().zip(AGES).find(|(class, _)| **class == name);
            let (_, flag) = class.ok_or(TablesError::TooMany { what: "classes of ages" })?;
            Ok(AgeClass { flag, years: range.years, dates: range.dates })
        });
        Ok(Self {
            ages: ages.collect::<Result<_, TablesError>>()?,
            diagnoses: Flagged::new(&tables.editor_diagnoses, tables.diagnoses.len()),
            procedures: Flagged::new(&tables.editor_procedures, tables.procedures.len()),
            tables,
        })
    }

    /// The edits of a claim, in the order of [`EditKind::ALL`]; none for a clean claim.
    ///
    /// Whether the discharge date is covered at all, the grouper answers.
    #[must_use]
    pub fn edit(&self, claim: &Claim) -> Vec<Edit> {
        let mut found = Findings::default();
        let day = number_of(claim.discharge_date);
        let facts = self.facts(claim, day);
        self.diagnosis_edits(claim, day, &facts, &mut found);
        principal_edits(claim, self.diagnosis(claim.principal.code, day), &mut found);
        self.procedure_edits(claim, day, &facts, &mut found);
        self.claim_edits(claim, day, &mut found);
        found.in_order()
    }

    fn diagnosis(&self, code: Code, day: u32) -> Option<Flags> {
        self.diagnoses.on(self.tables.diagnoses.find(code)?, day)
    }

    fn procedure(&self, code: Code, day: u32) -> Option<Flags> {
        self.procedures.on(self.tables.procedures.find(code)?, day)
    }

    fn facts(&self, claim: &Claim, day: u32) -> Facts {
        let mut facts = Facts::default();
        for diagnosis in &claim.secondary {
            facts.secondary |= self.diagnosis(diagnosis.code, day).unwrap_or_default();
        }
        facts.diagnosis =
            facts.secondary | self.diagnosis(claim.principal.code, day).unwrap_or_default();
        for procedure in &claim.procedures {
            facts.procedure |= self.procedure(procedure.code, day).unwrap_or_default();
        }
        facts
    }

    fn diagnosis_edits(&self, claim: &Claim, day: u32, facts: &Facts, found: &mut Findings) {
        let principal = (Place::Principal, claim.principal.code);
        let secondary = claim.secondary.iter().enumerate();
        let secondary =
            secondary.map(|(place, diagnosis)| (Place::Secondary(place), diagnosis.code));
        let wrong_ages = self.wrong_ages(claim.age_years, day) & facts.diagnosis;
        for (place, code) in std::iter::once(principal).chain(secondary) {
            if code.is_empty() {
                continue;
            }
            if place != Place::Principal && code == claim.principal.code {
                found.add(EditKind::DuplicateOfPrincipal, place);
            }
            let Some(flags) = self.diagnosis(code, day) else {
                found.add(EditKind::InvalidCode, place);
                continue;
            };
            if flags & wrong_sex(claim.sex) != 0 {
                found.add(EditKind::SexConflict, place);
            }
            if flags & wrong_ages != 0 {
                found.add(EditKind::AgeConflict, place);
            }
            if flags & UNSPECIFIED != 0 {
                found.add(EditKind::Unspecified, place);
            }
            if flags & WRONG_PROCEDURE != 0 {
                found.add(EditKind::WrongProcedurePerformed, place);
            }
        }
        if let Some(code) = claim.admit_diagnosis
            && self.diagnosis(code, day).is_none()
        {
            found.add(EditKind::InvalidAdmitDiagnosis, Place::AdmitDiagnosis);
        }
    }

    /// The classes to which an age does not belong.
    fn wrong_ages(&self, age_years: Option<u16>, day: u32) -> Flags {
        let Some(age) = age_years.map(u32::from) else { return 0 };
        let today = self.ages.iter().filter(|class| class.dates.0 <= day && day <= class.dates.1);
        let wrong = today.filter(|class| age < class.years.0 || class.years.1 < age);
        wrong.fold(0, |flags, class| flags | class.flag)
    }

    fn procedure_edits(&self, claim: &Claim, day: u32, facts: &Facts, found: &mut Findings) {
        for (place, procedure) in claim.procedures.iter().enumerate() {
            let place = Place::Procedure(place);
            if procedure.code.is_empty() {
                continue;
            }
            let Some(flags) = self.procedure(procedure.code, day) else {
                found.add(EditKind::InvalidCode, place);
                continue;
            };
            if flags & wrong_sex(claim.sex) != 0 {
                found.add(EditKind::SexConflict, place);
            }
            if not_covered(flags, facts, claim.age_years) {
                found.add(EditKind::NonCovered, place);
            } else if flags & LIMITED_COVERAGE != 0 {
                found.add(EditKind::LimitedCoverage, place);
            }
            if flags & DELIVERY != 0 && facts.secondary & OUTCOME_OF_DELIVERY == 0 {
                found.add(EditKind::QuestionableObstetricAdmission, place);
            }
            let short = |days| days <= VENTILATION_STAY_DAYS_MAX;
            if flags & LONG_VENTILATION != 0 && claim.length_of_stay_days.is_some_and(short) {
                found.add(EditKind::InconsistentWithLengthOfStay, place);
            }
        }
    }

    fn claim_edits(&self, claim: &Claim, day: u32, found: &mut Findings) {
        if claim.age_years.is_none_or(|age| age > AGE_YEARS_MAX) {
            found.add(EditKind::InvalidAge, Place::Claim);
        }
        if claim.sex == Sex::Unknown && day <= SEX_EDITS_LAST_DAY {
            found.add(EditKind::InvalidSex, Place::Claim);
        }
        if !self.tables.discharge_status_is_valid(claim.discharge_status, day) {
            found.add(EditKind::InvalidDischargeStatus, Place::Claim);
        }
    }
}

/// What the claim holds anywhere.
#[derive(Default)]
struct Facts {
    diagnosis: Flags,
    secondary: Flags,
    procedure: Flags,
}

fn principal_edits(claim: &Claim, flags: Option<Flags>, found: &mut Findings) {
    let flags = flags.unwrap_or_default();
    if flags & MANIFESTATION != 0 {
        found.add(EditKind::ManifestationAsPrincipal, Place::Principal);
    }
    if flags & EXTERNAL_CAUSE != 0 {
        found.add(EditKind::ExternalCauseAsPrincipal, Place::Principal);
    }
    if flags & REQUIRES_SECONDARY != 0 {
        if claim.secondary.is_empty() {
            found.add(EditKind::RequiresSecondary, Place::Principal);
        }
    } else if flags & UNACCEPTABLE != 0 {
        found.add(EditKind::UnacceptablePrincipal, Place::Principal);
    }
    if flags & QUESTIONABLE != 0 {
        found.add(EditKind::QuestionableAdmission, Place::Principal);
    }
}

fn wrong_sex(sex: Sex) -> Flags {
    match sex {
        Sex::Male => FEMALE,
        Sex::Female => MALE,
        Sex::Unknown => MALE | FEMALE,
    }
}

/// Not covered: always; for the claim's diagnoses; a pancreas without diabetes type 1 or a kidney;
/// a lumbar disc above an age.
fn not_covered(flags: Flags, facts: &Facts, age_years: Option<u16>) -> bool {
    let pancreas_alone =
        facts.diagnosis & DIABETES_TYPE_1 == 0 && facts.procedure & KIDNEY_TRANSPLANT == 0;
    flags & NON_COVERED != 0
        || flags & facts.diagnosis & (STERILIZATION | MARROW) != 0
        || (flags & PANCREAS_TRANSPLANT != 0 && pancreas_alone)
        || (flags & LUMBAR_DISC != 0
            && age_years.is_some_and(|age| age > LUMBAR_DISC_AGE_YEARS_MAX))
}

/// Edits as they are found.
#[derive(Default)]
struct Findings(Vec<Edit>);

impl Findings {
    fn add(&mut self, kind: EditKind, place: Place) {
        match self.0.iter_mut().find(|edit| edit.kind == kind) {
            Some(edit) => edit.places.push(place),
            None => self.0.push(Edit { kind, places: vec![place] }),
        }
    }

    fn in_order(mut self) -> Vec<Edit> {
        self.0.sort_by_key(|edit| edit.kind);
        self.0
    }
}
