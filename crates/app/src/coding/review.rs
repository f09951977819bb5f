//! What the edits and the grouper say of a code set.

use super::engines::Engines;
use super::facts::Facts;
use coding::codeset::{System, dotted};
use coding::edits::{self, Draft, Edit, Evidence, Poa, Setting, Severity, may_be_overridden};
use coding::grouper::{
    Claim, Code, Diagnosis, DrgType, Grouper, HospitalPoaStatus, PresentOnAdmission, Procedure,
    Scratch, Sex, Step,
};
use coding::import::held::Held;
use coding::mce::{self, EditKind, Editor, Place};
use coding::work::CodeSet;

/// An edit with what the coder decided about it.
#[derive(Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The edit.
    pub edit: Edit,
    /// The reason for which it was set aside.
    pub overridden: Option<String>,
}

impl Reviewed {
    /// Whether it keeps the codes from becoming final.
    pub fn stops(&self) -> bool {
        self.edit.severity == Severity::Stop && self.overridden.is_none()
    }
}

/// The MS-DRG of an inpatient stay, with its reasons.
#[derive(Clone)]
pub struct Grouped {
    /// The DRG that is paid.
    pub drg: u16,
    /// Its title.
    pub title: String,
    /// The DRG before hospital-acquired conditions were taken off, where it differs.
    pub initial_drg: Option<u16>,
    /// Major diagnostic category.
    pub mdc: u8,
    /// Surgical or medical.
    pub kind: &'static str,
    /// `44.0`: the version of the logic.
    pub version: String,
    /// Relative weight, as printed; `None` where no table is loaded.
    pub weight: Option<String>,
    /// Geometric mean stay in days, as printed.
    pub mean_stay_days: Option<String>,
    /// The path through the logic.
    pub steps: Vec<Step>,
}

/// Everything that the engines say of a code set.
#[derive(Clone)]
pub struct Review {
    /// Edits, stops first.
    pub edits: Vec<Reviewed>,
    /// The DRG of an inpatient stay with a principal diagnosis, or why there is none.
    pub grouped: Option<Result<Grouped, String>>,
}

impl Review {
    /// Stops that are neither resolved nor set aside.
    pub fn stops_open(&self) -> usize {
        self.edits.iter().filter(|reviewed| reviewed.stops()).count()
    }
}

/// Edits of the Medicare Code Editor for which a claim is returned to its provider.
const RETURNED: [EditKind; 9] = [
    EditKind::InvalidCode,
    EditKind::SexConflict,
    EditKind::ManifestationAsPrincipal,
    EditKind::ExternalCauseAsPrincipal,
    EditKind::UnacceptablePrincipal,
    EditKind::RequiresSecondary,
    EditKind::DuplicateOfPrincipal,
    EditKind::InvalidAge,
    EditKind::InvalidDischargeStatus,
];

/// Checks and groups a code set; `says` is what the notes say about its codes.
pub(super) fn review(
    engines: &Engines,
    facts: &Facts,
    codes: &CodeSet,
    says: Vec<Evidence>,
) -> Review {
    let mut edits = own_edits(&engines.held, facts, codes, says);
    let mut grouped = None;
    if facts.setting == Setting::Inpatient && !codes.diagnoses.is_empty() {
        let claim = claim_of(facts, codes);
        edits.extend(Editor::shipped().edit(&claim).iter().map(|edit| from_mce(edit, codes)));
        grouped = Some(group(&engines.held, &claim));
    }
    edits.sort_by_key(|edit| edit.severity);
    let edits = edits.into_iter().map(|edit| {
        let overridden = overridden(&edit, codes);
        Reviewed { edit, overridden }
    });
    Review { edits: edits.collect(), grouped }
}

/// The edits of the classification and of the tables that are loaded.
pub(crate) fn own_edits(
    held: &Held,
    facts: &Facts,
    codes: &CodeSet,
    says: Vec<Evidence>,
) -> Vec<Edit> {
    let mut draft = Draft::new(facts.setting, facts.date);
    draft.age_years = facts.age_years;
    draft.sex = Some(facts.sex);
    draft.diagnoses.clone_from(&codes.diagnoses);
    draft.procedures.clone_from(&codes.procedures);
    draft.evidence = says;
    let mut edits = edits::check(&draft, held.tables(facts.date));
    if codes.diagnoses.is_empty() {
        edits.insert(0, nothing_coded(facts.setting));
    }
    edits
}

fn nothing_coded(setting: Setting) -> Edit {
    let (what, citation) = match setting {
        Setting::Inpatient => (
            "There is no principal diagnosis: add the condition established after study to be \
             chiefly responsible for the admission.",
            "ICD-10-CM Official Guidelines, section II",
        ),
        Setting::Outpatient => (
            "There is no first-listed diagnosis: add the main reason for the visit.",
            "ICD-10-CM Official Guidelines, section IV.A",
        ),
    };
    Edit {
        rule: "nothing_coded",
        severity: Severity::Stop,
        codes: Vec::new(),
        sentence: what.to_owned(),
        citation,
        can_be_overridden: false,
    }
}

/// Why an edit was set aside, where it was and may be.
fn overridden(edit: &Edit, codes: &CodeSet) -> Option<String> {
    let found = codes.overrides.iter().find(|o| o.rule == edit.rule && o.codes == edit.codes)?;
    may_be_overridden(edit, &found.reason).ok().map(|()| found.reason.clone())
}

fn from_mce(edit: &mce::Edit, codes: &CodeSet) -> Edit {
    let code = |place: &Place| match place {
        Place::Principal => codes.diagnoses.first().map(|dx| dx.code.clone()),
        Place::Secondary(place) => codes.diagnoses.get(place + 1).map(|dx| dx.code.clone()),
        Place::Procedure(place) => pcs(codes).nth(*place).map(|procedure| procedure.code.clone()),
        Place::AdmitDiagnosis | Place::Claim => None,
    };
    let is_stop = RETURNED.contains(&edit.kind);
    Edit {
        rule: edit.kind.name(),
        severity: if is_stop { Severity::Stop } else { Severity::Advice },
        codes: edit.places.iter().filter_map(code).collect(),
        sentence: edit.kind.text().to_owned(),
        citation: mce::SOURCE,
        can_be_overridden: edit.kind != EditKind::InvalidCode,
    }
}

fn pcs(codes: &CodeSet) -> impl Iterator<Item = &edits::Procedure> {
    codes.procedures.iter().filter(|procedure| procedure.system == System::Icd10Pcs)
}

fn claim_of(facts: &Facts, codes: &CodeSet) -> Claim {
    let diagnosis =
        |dx: &edits::Diagnosis| Diagnosis { code: Code::new(&dx.code), poa: dx.poa.map(poa_of) };
    let mut diagnoses = codes.diagnoses.iter().map(diagnosis);
    let none = Diagnosis { code: Code::default(), poa: None };
    let procedure = |procedure: &edits::Procedure| Procedure {
        code: Code::new(&procedure.code),
        date: procedure.date,
    };
    Claim {
        discharge_date: facts.date,
        age_years: facts.age_years,
        sex: match facts.sex {
            'M' => Sex::Male,
            'F' => Sex::Female,
            _ => Sex::Unknown,
        },
        discharge_status: codes.discharge_status.or(facts.discharge_status).unwrap_or(0),
        length_of_stay_days: Some(facts.length_of_stay_days()),
        admit_diagnosis: None,
        principal: diagnoses.next().unwrap_or(none),
        secondary: diagnoses.collect(),
        procedures: pcs(codes).map(procedure).collect(),
        hospital_poa_status: HospitalPoaStatus::Reporting,
    }
}

/// The relative weight of an inpatient stay's codes; none where they reach no DRG with a weight.
pub(super) fn final_weight_of(held: &Held, facts: &Facts, codes: &CodeSet) -> Option<f64> {
    if facts.setting != Setting::Inpatient || codes.diagnoses.is_empty() {
        return None;
    }
    let grouper = Grouper::shipped();
    let claim = claim_of(facts, codes);
    let grouping = grouper.group(&mut Scratch::default(), &claim).ok()?;
    weight(held, &claim, grouping.version, grouping.last.drg).0
}

fn poa_of(poa: Poa) -> PresentOnAdmission {
    match poa {
        Poa::Y => PresentOnAdmission::Yes,
        Poa::N => PresentOnAdmission::No,
        Poa::U => PresentOnAdmission::Unknown,
        Poa::W => PresentOnAdmission::Undetermined,
        Poa::Exempt => PresentOnAdmission::Exempt,
    }
}

fn group(held: &Held, claim: &Claim) -> Result<Grouped, String> {
    let grouper = Grouper::shipped();
    let (grouping, steps) =
        grouper.explain(&mut Scratch::default(), claim).map_err(|error| error.to_string())?;
    let last = grouping.last;
    let (weight, days) = weight(held, claim, grouping.version, last.drg);
    Ok(Grouped {
        drg: last.drg,
        title: grouper.title(grouping.version, last.drg).unwrap_or("Ungroupable").to_owned(),
        initial_drg: (grouping.initial.drg != last.drg).then_some(grouping.initial.drg),
        mdc: last.mdc,
        kind: match last.kind {
            DrgType::Surgical => "surgical",
            DrgType::Medical => "medical",
            DrgType::Neither => "neither surgical nor medical",
        },
        version: format!("{}.{}", grouping.version / 10, grouping.version % 10),
        weight: weight.map(|weight| format!("{weight:.4}")),
        mean_stay_days: days.map(|days| format!("{days:.1}")),
        steps,
    })
}

/// Relative weight and geometric mean stay in days: by the site's Table 5 of the date, else by
/// the table that is shipped.
fn weight(held: &Held, claim: &Claim, version: u16, drg: u16) -> (Option<f64>, Option<f64>) {
    if let Some(line) = held.weight(drg, claim.discharge_date) {
        return (line.weight, line.geometric_mean_stay_days);
    }
    let shipped = Grouper::shipped().weight(version, drg);
    let weight = shipped.map(|weight| f64::from(weight.weight_ten_thousandths) / 10_000.0);
    let days = shipped.map(|weight| f64::from(weight.geometric_mean_stay_tenth_days) / 10.0);
    (weight, days)
}

/// A code as it is printed.
pub(super) fn printed(system: System, code: &str) -> String {
    dotted(system, code)
}
