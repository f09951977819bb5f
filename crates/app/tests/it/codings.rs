//! What the synthetic hospital says that a coder should find passes the edits, the Medicare Code
//! Editor and the grouper: the demonstration can be coded to its end as its truth says.

use coding::codeset::System;
use coding::edits::{self, Draft, Poa, Setting, Severity, Tables};
use coding::grouper::{
    Claim, Code, Diagnosis, Grouper, HospitalPoaStatus, PresentOnAdmission, Procedure, Scratch, Sex,
};
use coding::mce::{EditKind, Editor};
use jiff::civil::{Date, date};
use synthetic::{Hospital, Options};

/// DRGs of a claim that can't be grouped.
const UNGROUPED: [u16; 2] = [998, 999];
/// Edits for which a claim is returned because of its codes.
const RETURNED: [EditKind; 8] = [
    EditKind::InvalidCode,
    EditKind::SexConflict,
    EditKind::AgeConflict,
    EditKind::ManifestationAsPrincipal,
    EditKind::ExternalCauseAsPrincipal,
    EditKind::UnacceptablePrincipal,
    EditKind::RequiresSecondary,
    EditKind::DuplicateOfPrincipal,
];
/// The first day of the earliest version of the logic that is shipped.
const GROUPED_FROM: Date = date(2022, 10, 1);

struct Stay {
    discharged: Date,
    born: Date,
    sex: char,
    length_days: u32,
}

fn poa_of(letter: &str) -> Option<Poa> {
    match letter {
        "Y" => Some(Poa::Y),
        "N" => Some(Poa::N),
        "U" => Some(Poa::U),
        "W" => Some(Poa::W),
        _ => None,
    }
}

#[test]
fn the_truth_of_the_hospital_can_be_coded() {
    let options = Options { patients: 120, seed: 1, today: date(2026, 1, 1) };
    let hospital = Hospital::generate(options);
    let (mut coded, mut grouped, mut wrong) = (0, 0, Vec::new());
    for coding in &hospital.truth.codings {
        let Some(stay) = stay_of(&hospital, &coding.encounter) else { continue };
        let draft = draft_of(&stay, coding);
        coded += 1;
        let found = edits::check(&draft, Tables::of(&coding::codeset::CodeSets::embedded()));
        for edit in found.iter().filter(|edit| edit.severity == Severity::Stop) {
            wrong.push(format!("{}: {}", coding.encounter, edit.sentence));
        }
        if stay.discharged < GROUPED_FROM {
            continue;
        }
        let claim = claim_of(&stay, &draft);
        let edits = Editor::shipped().edit(&claim);
        for edit in edits.iter().filter(|edit| RETURNED.contains(&edit.kind)) {
            wrong.push(format!("{}: {}", coding.encounter, edit.kind.text()));
        }
        let grouping = Grouper::shipped().explain(&mut Scratch::default(), &claim);
        match grouping {
            Ok((grouping, _)) if UNGROUPED.contains(&grouping.last.drg) => {
                wrong.push(format!("{}: DRG {}", coding.encounter, grouping.last.drg));
            }
            Ok(_) => grouped += 1,
            Err(error) => wrong.push(format!("{}: {error}", coding.encounter)),
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(coded > 50 && grouped > 20, "{coded} stays, {grouped} of them grouped");
    assert!(wrong.is_empty(), "{} of {coded} stays:\n{}", wrong.len(), wrong.join("\n"));
}

fn stay_of(hospital: &Hospital, encounter: &str) -> Option<Stay> {
    let stay = hospital.truth.stays.iter().find(|stay| stay.encounter == encounter)?;
    let patient = hospital.resources.iter().find(|resource| {
        resource["resourceType"] == "Patient" && resource["id"] == stay.patient.as_str()
    })?;
    let day = |text: &str| text.get(..10)?.parse::<Date>().ok();
    Some(Stay {
        discharged: day(stay.discharged.as_deref()?)?,
        born: day(patient["birthDate"].as_str()?)?,
        sex: if patient["gender"] == "female" { 'F' } else { 'M' },
        length_days: u32::try_from(stay.length_days?).ok()?,
    })
}

fn draft_of(stay: &Stay, coding: &synthetic::Coding) -> Draft {
    let mut draft = Draft::new(Setting::Inpatient, stay.discharged);
    let years = (stay.discharged - stay.born).get_days() / 366;
    draft.age_years = u16::try_from(years).ok();
    draft.sex = Some(stay.sex);
    let is_exempt = coding.principal.starts_with('Z') || coding.principal == "O80";
    draft = draft.diagnosis(coding.principal, (!is_exempt).then_some(Poa::Y));
    for (code, letter) in &coding.secondary {
        draft = draft.diagnosis(code, poa_of(letter));
    }
    for code in &coding.procedures {
        draft = draft.procedure(System::Icd10Pcs, code, &[], 1);
    }
    draft
}

fn claim_of(stay: &Stay, draft: &Draft) -> Claim {
    let mut diagnoses = draft.diagnoses.iter().map(|dx| Diagnosis {
        code: Code::new(&dx.code.replace('.', "")),
        poa: dx.poa.map(|poa| match poa {
            Poa::Y => PresentOnAdmission::Yes,
            Poa::N => PresentOnAdmission::No,
            Poa::U => PresentOnAdmission::Unknown,
            Poa::W => PresentOnAdmission::Undetermined,
            Poa::Exempt => PresentOnAdmission::Exempt,
        }),
    });
    Claim {
        discharge_date: stay.discharged,
        age_years: draft.age_years,
        sex: if stay.sex == 'F' { Sex::Female } else { Sex::Male },
        discharge_status: 1,
        length_of_stay_days: Some(stay.length_days),
        admit_diagnosis: None,
        principal: diagnoses.next().expect("a draft of a truth has a principal"),
        secondary: diagnoses.collect(),
        procedures: draft
            .procedures
            .iter()
            .map(|one| Procedure { code: Code::new(&one.code), date: Some(stay.discharged) })
            .collect(),
        hospital_poa_status: HospitalPoaStatus::Reporting,
    }
}
