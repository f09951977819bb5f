//! Changing the codes of an encounter, and moving it through its lifecycle.

use super::WORK_KIND;
use super::engines::{Engines, engines};
use super::facts::{Facts, facts};
use super::open::date_stop;
use super::review::{printed, review};
use super::worklist::work_open;
use crate::access::{Right, require};
use crate::{Error, FieldError};
use coding::codeset::{Lookup, System, normalized};
use coding::edits::{Diagnosis, Poa, Procedure, Setting, may_be_overridden};
use coding::work::{Action, CodeSet, HoldReason, Override, State, apply};
use jiff::civil::Date;
use record::{Actor, Context};
use store::coding::{CodingMove, CodingWork};
use store::{AuditEntry, Store, Transaction};

/// What a form states of one diagnosis that stands in the list.
#[derive(Clone, Debug)]
pub struct DiagnosisFields {
    /// Its code.
    pub code: String,
    /// Present on admission.
    pub poa: Option<Poa>,
    /// Whether the chart calls it uncertain.
    pub is_uncertain: bool,
}

/// What a form states of one procedure that stands in the list.
#[derive(Clone, Debug)]
pub struct ProcedureFields {
    /// Its place in the list, from 0.
    pub place: usize,
    /// Its code, which must be the one at that place.
    pub code: String,
    /// `YYYY-MM-DD`, or empty.
    pub date: String,
    /// Modifiers with blanks or commas between them.
    pub modifiers: String,
    /// Units of service; empty for one.
    pub units: String,
}

/// The fields of the list of codes.
#[derive(Clone, Debug, Default)]
pub struct CodeFields {
    /// Diagnoses.
    pub diagnoses: Vec<DiagnosisFields>,
    /// Procedures.
    pub procedures: Vec<ProcedureFields>,
    /// Patient discharge status as typed; none where the form has no such field.
    pub discharge_status: Option<String>,
}

/// What is done to the codes of an encounter.
#[derive(Clone, Debug)]
pub enum Change {
    /// The fields are saved.
    Save,
    /// A code is added: a diagnosis at the end or as the first one, or a procedure.
    Add {
        /// Its system.
        system: System,
        /// As typed.
        code: String,
        /// Whether it becomes the principal or first-listed diagnosis.
        is_first: bool,
    },
    /// A diagnosis is taken off.
    RemoveDiagnosis(String),
    /// The procedure at a place is taken off.
    RemoveProcedure(usize),
    /// A diagnosis becomes the principal or first-listed one.
    PutFirst(String),
    /// A diagnosis moves up by one.
    MoveUp(String),
    /// An edit is set aside.
    Override {
        /// The rule.
        rule: String,
        /// The codes that it is about.
        codes: Vec<String>,
        /// Why.
        reason: String,
    },
    /// An edit that was set aside stands again.
    EndOverride {
        /// The rule.
        rule: String,
        /// The codes that it is about.
        codes: Vec<String>,
    },
    /// The encounter is put on hold.
    Hold {
        /// Why.
        reason: HoldReason,
        /// In words.
        note: String,
    },
    /// The hold ends.
    Resume,
    /// The codes become final.
    Finalize,
    /// Final codes are opened again.
    Reopen(String),
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was saved.
    Saved,
    /// The code typed is a category: the walk goes on from it.
    Walk(System, String),
}

/// Makes a change, with the fields of the list as they were sent and the revision that was shown.
///
/// # Errors
/// [`Error::Conflict`] when another person saved meanwhile; [`Error::Refused`] by the lifecycle;
/// [`Error::Invalid`] with the field that does not hold.
pub fn change(
    store: &Store,
    context: &Context,
    id: i64,
    revision: i64,
    fields: Option<&CodeFields>,
    change: &Change,
) -> Result<Outcome, Error> {
    run(store, context, (id, revision), fields, change, true)
}

/// Saves the fields while they are typed, without an audit entry of its own.
///
/// # Errors
/// As [`change`].
pub fn change_quietly(
    store: &Store,
    context: &Context,
    id: i64,
    revision: i64,
    fields: &CodeFields,
) -> Result<(), Error> {
    run(store, context, (id, revision), Some(fields), &Change::Save, false).map(|_| ())
}

fn run(
    store: &Store,
    context: &Context,
    (id, revision): (i64, i64),
    fields: Option<&CodeFields>,
    change: &Change,
    is_audited: bool,
) -> Result<Outcome, Error> {
    require(store, context, Right::Code)?;
    let engines = engines(store, context)?;
    let done = store.write(context, |transaction| {
        let (work, encounter) = transaction.coding_work(id)?.ok_or(Error::NotFound)?;
        if work.revision != revision && work.saved_by != context.actor.key() {
            return Err(Error::Conflict(
                "Somebody else saved these codes meanwhile. Load the page again, and make your \
                 change on what stands there now."
                    .into(),
            ));
        }
        let patient = transaction.patient_row(work.patient)?.ok_or(Error::NotFound)?;
        let facts = facts(transaction, &work, &encounter, &patient)?;
        let before = transaction.coding_draft(&work)?;
        let mut codes = before.clone();
        if let Some(fields) = fields.filter(|_| work.state.can_be_edited()) {
            let taken = take_fields(&mut codes, fields);
            // While somebody types, a date may be half there: the rest is saved all the same.
            taken.or_else(|error| if is_audited { Err(error) } else { Ok(()) })?;
        }
        let outcome = edit(&engines, &mut codes, change, &facts)?;
        let (action, reason) = action_of(&engines, change, &codes, &facts);
        let to =
            apply(work.state, action).map_err(|refusal| Error::Refused(refusal.to_string()))?;
        if to == work.state && codes == before {
            return Ok(outcome);
        }
        save(transaction, &work, to, &codes, reason)?;
        if is_audited {
            let entry = AuditEntry::new(context, verb(change), format!("coding/{id}"));
            let entry = entry.patients([work.patient]).detail(counts(&codes));
            transaction.audit(&entry)?;
        }
        Ok(outcome)
    });
    if let Err(Error::Conflict(_) | Error::Refused(_)) = &done {
        let entry = AuditEntry::new(context, verb(change), format!("coding/{id}")).refused();
        store.write(context, |transaction| transaction.audit(&entry))?;
    }
    done
}

fn counts(codes: &CodeSet) -> String {
    let (diagnoses, procedures) = (codes.diagnoses.len(), codes.procedures.len());
    format!(r#"{{"diagnoses":{diagnoses},"procedures":{procedures}}}"#)
}

fn verb(change: &Change) -> &'static str {
    match change {
        Change::Hold { .. } => "coding.hold",
        Change::Resume => "coding.resume",
        Change::Finalize => "coding.finalize",
        Change::Reopen(_) => "coding.reopen",
        Change::Override { .. } | Change::EndOverride { .. } => "coding.override",
        Change::Save
        | Change::Add { .. }
        | Change::RemoveDiagnosis(_)
        | Change::RemoveProcedure(_)
        | Change::PutFirst(_)
        | Change::MoveUp(_) => "coding.save",
    }
}

fn save(
    transaction: &mut Transaction<'_>,
    work: &CodingWork,
    to: State,
    codes: &CodeSet,
    reason: &str,
) -> Result<(), Error> {
    let me = match &transaction.context().actor {
        Actor::Person { id, .. } => Some(*id),
        _ => work.coder,
    };
    let coder = if to == State::Waiting { work.coder } else { me };
    transaction.coding_move(&CodingMove { work, to, codes, coder, reason })?;
    if to == State::Final {
        transaction.work_close(WORK_KIND, work.id, true)?;
    } else if work.state == State::Final {
        let why = "Final codes were reopened.";
        work_open(transaction, (work.id, work.encounter), work.patient, work.due_at, why)?;
    }
    Ok(())
}

/// What the lifecycle is asked, with the reason that the event keeps.
fn action_of<'a>(
    engines: &Engines,
    change: &'a Change,
    codes: &CodeSet,
    facts: &Facts,
) -> (Action, &'a str) {
    match change {
        Change::Hold { reason, note } => (Action::Hold(*reason), note.trim()),
        Change::Resume => (Action::Resume, ""),
        Change::Finalize => {
            let uncovered = usize::from(date_stop(engines, facts).is_some());
            let review = review(engines, facts, codes, Vec::new());
            let stops_open = review.stops_open() + uncovered;
            (Action::Finalize { stops_open }, "")
        }
        Change::Reopen(reason) => {
            (Action::Reopen { has_reason: !reason.trim().is_empty() }, reason.trim())
        }
        _ => (Action::Save, ""),
    }
}

fn take_fields(codes: &mut CodeSet, fields: &CodeFields) -> Result<(), Error> {
    for sent in &fields.diagnoses {
        let code = normalized(&sent.code);
        if let Some(dx) = codes.diagnoses.iter_mut().find(|dx| dx.code == code) {
            (dx.poa, dx.is_uncertain) = (sent.poa, sent.is_uncertain);
        }
    }
    let mut errors = Vec::new();
    for sent in &fields.procedures {
        let Some(procedure) = codes.procedures.get_mut(sent.place) else { continue };
        if procedure.code == normalized(&sent.code) {
            take_procedure(procedure, sent, &mut errors);
        }
    }
    match fields.discharge_status.as_deref().map(str::trim) {
        None => {}
        Some("") => codes.discharge_status = None,
        Some(typed) => match typed.parse::<u16>() {
            Ok(status) if (1..100).contains(&status) => codes.discharge_status = Some(status),
            _ => errors.push(FieldError::new(
                "discharge_status",
                "Give a patient discharge status of two digits, as 01 for home.",
            )),
        },
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

fn take_procedure(procedure: &mut Procedure, sent: &ProcedureFields, errors: &mut Vec<FieldError>) {
    let name = |field: &str| format!("{field}-{}", sent.place);
    match (sent.date.trim(), sent.date.trim().parse::<Date>()) {
        ("", _) => procedure.date = None,
        (_, Ok(date)) => procedure.date = Some(date),
        (_, Err(_)) => errors.push(FieldError::new(
            &name("date"),
            format!("Give the day of {} as 2026-03-04.", procedure.code),
        )),
    }
    let modifiers = sent.modifiers.split(|c: char| c == ',' || c.is_whitespace());
    procedure.modifiers =
        modifiers.filter(|word| !word.is_empty()).map(str::to_uppercase).collect();
    match (sent.units.trim(), sent.units.trim().parse::<u32>()) {
        ("", _) => procedure.units = 1,
        (_, Ok(units @ 1..=9999)) => procedure.units = units,
        _ => errors.push(FieldError::new(
            &name("units"),
            format!("Give the units of {} as a number from 1 to 9999.", procedure.code),
        )),
    }
}

fn edit(
    engines: &Engines,
    codes: &mut CodeSet,
    change: &Change,
    facts: &Facts,
) -> Result<Outcome, Error> {
    match change {
        Change::Add { system, code, is_first } => {
            return add(engines, codes, (*system, code), *is_first, facts);
        }
        Change::RemoveDiagnosis(code) => {
            let code = normalized(code);
            codes.diagnoses.retain(|dx| dx.code != code);
        }
        Change::RemoveProcedure(place) if *place < codes.procedures.len() => {
            codes.procedures.remove(*place);
        }
        Change::PutFirst(code) => move_to(codes, code, |_| 0),
        Change::MoveUp(code) => move_to(codes, code, |place| place.saturating_sub(1)),
        Change::Override { rule, codes: about, reason } => {
            set_aside(engines, codes, (rule, about), reason, facts)?;
        }
        Change::EndOverride { rule, codes: about } => {
            codes.overrides.retain(|o| o.rule != *rule || o.codes != *about);
        }
        Change::Save
        | Change::RemoveProcedure(_)
        | Change::Hold { .. }
        | Change::Resume
        | Change::Finalize
        | Change::Reopen(_) => {}
    }
    Ok(Outcome::Saved)
}

fn move_to(codes: &mut CodeSet, code: &str, to: impl Fn(usize) -> usize) {
    let code = normalized(code);
    if let Some(place) = codes.diagnoses.iter().position(|dx| dx.code == code) {
        let moved = codes.diagnoses.remove(place);
        codes.diagnoses.insert(to(place), moved);
    }
}

fn set_aside(
    engines: &Engines,
    codes: &mut CodeSet,
    (rule, about): (&str, &[String]),
    reason: &str,
    facts: &Facts,
) -> Result<(), Error> {
    let review = review(engines, facts, codes, Vec::new());
    let found = review.edits.into_iter().map(|reviewed| reviewed.edit);
    let edit = found.into_iter().find(|edit| edit.rule == rule && edit.codes == about);
    // Advice that rests on the notes needs no override, and is not found here.
    let edit = edit.ok_or_else(|| {
        Error::Refused("This edit no longer stands, or it is advice that needs no reason.".into())
    })?;
    may_be_overridden(&edit, reason)
        .map_err(|refusal| Error::Refused(format!("Not set aside: {refusal}.")))?;
    codes.overrides.retain(|o| o.rule != rule || o.codes != about);
    let (rule, reason) = (rule.to_owned(), reason.trim().to_owned());
    codes.overrides.push(Override { rule, codes: about.to_vec(), reason });
    Ok(())
}

fn add(
    engines: &Engines,
    codes: &mut CodeSet,
    (system, typed): (System, &str),
    is_first: bool,
    facts: &Facts,
) -> Result<Outcome, Error> {
    let field = match system {
        System::Icd10Cm => "diagnosis",
        System::Hcpcs | System::Cpt => "service",
        System::Icd10Pcs | System::MsDrg => "procedure",
    };
    let refuse = |reason: String| Err(Error::Invalid(vec![FieldError::new(field, reason)]));
    let code = normalized(typed);
    if code.is_empty() {
        return refuse("Type a code, or words of it, and choose from the list.".into());
    }
    // Services are looked up where the site has loaded them; else only their form is checked.
    if !is_service(system) || engines.sets().covers(system, facts.date) {
        match engines.sets().lookup(system, &code, facts.date) {
            Lookup::Valid { .. } => {}
            Lookup::NotReportable { .. } => return Ok(Outcome::Walk(system, code)),
            // Characters of a procedure lead on too: 0DTJ is the beginning of codes.
            Lookup::Unknown if system == System::Icd10Pcs && code.len() < 7 => {
                return Ok(Outcome::Walk(system, code));
            }
            other => return refuse(other.sentence(system, &code)),
        }
    }
    if system != System::Icd10Cm {
        let date = (facts.setting == Setting::Outpatient).then_some(facts.date);
        codes.procedures.push(Procedure { system, code, modifiers: Vec::new(), units: 1, date });
        return Ok(Outcome::Saved);
    }
    if codes.diagnoses.iter().any(|dx| dx.code == code) {
        return refuse(format!("{} stands in the list already.", printed(system, &code)));
    }
    let dx = Diagnosis { code, poa: None, is_uncertain: false };
    let place = if is_first { 0 } else { codes.diagnoses.len() };
    codes.diagnoses.insert(place, dx);
    Ok(Outcome::Saved)
}

fn is_service(system: System) -> bool {
    matches!(system, System::Cpt | System::Hcpcs)
}
