//! Proposing, approving, carrying out, explaining: each by whom the lifecycle lets, and never past
//! a hold, open work or a chart that changed.

use super::standing::{Standing, standing_in};
use super::{case_in, site_in};
use crate::access::{Right, require};
use crate::entry::names;
use crate::{Error, FieldError};
use integrity::destruction::{Acting, Done, Stop, apply, differences};
use integrity::schedule::Governing;
use integrity::{DestructionAction, DestructionState};
use record::{Context, PatientKey, Role};
use store::destruction::DestructionOrder;
use store::destruction_case::{DestructionBody, DestructionCase};
use store::work::NewWork;
use store::{AuditEntry, Store, Transaction, View};

/// Charts proposed at once.
const PROPOSED_MAX: usize = 200;

/// The pieces of work of a destruction: for the supervisor, for the privacy officer, for who
/// carries it out, for who explains what differs.
const WORK: [&str; 4] =
    ["approve-destruction", "witness-destruction", "carry-out-destruction", "explain-destruction"];

/// What becomes of paper volumes and of copies outside of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// None is known.
    None,
    /// Cut to pieces.
    Shredded,
    /// Dissolved.
    Pulped,
    /// Burnt.
    Incinerated,
}

impl Paper {
    /// Every way, in the order of the form.
    pub const ALL: [Paper; 4] = [Paper::None, Paper::Shredded, Paper::Pulped, Paper::Incinerated];

    /// The word of the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Paper::None => "none",
            Paper::Shredded => "shredded",
            Paper::Pulped => "pulped",
            Paper::Incinerated => "incinerated",
        }
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Paper::None => "There are none",
            Paper::Shredded => "Shredded",
            Paper::Pulped => "Pulped",
            Paper::Incinerated => "Incinerated",
        }
    }

    /// Reads the word of the form.
    pub fn parse(text: &str) -> Option<Paper> {
        Paper::ALL.into_iter().find(|paper| paper.as_str() == text)
    }
}

/// What a person does with a destruction.
#[derive(Clone, Debug)]
pub enum Act {
    /// Approves and witnesses it.
    Approve,
    /// Rejects it, for a reason.
    Reject(String),
    /// Carries it out.
    CarryOut {
        /// What became of paper and copies.
        paper: Option<Paper>,
        /// Which volumes, where and when, by which firm.
        detail: String,
    },
    /// Says where differences come from.
    Explain(String),
}

impl Act {
    fn right(&self) -> Right {
        match self {
            Act::Approve | Act::Reject(_) | Act::Explain(_) => Right::DestructionApprove,
            Act::CarryOut { .. } => Right::DestructionPropose,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Act::Approve => "destruction.approve",
            Act::Reject(_) => "destruction.reject",
            Act::CarryOut { .. } => "destruction.carry-out",
            Act::Explain(_) => "destruction.explain",
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it was asked.
    Done,
    /// Something stopped it; the chart is whole.
    Stopped(Vec<Stop>),
    /// It was destroyed and does not reconcile.
    Incomplete,
}

/// Proposes the destruction of charts; returns how many.
///
/// # Errors
/// [`Error::Refused`] where something stops one of them: none is proposed then;
/// [`Error::NotFound`] where anything of one is hidden.
pub fn propose(store: &Store, context: &Context, patients: &[PatientKey]) -> Result<u64, Error> {
    require(store, context, Right::DestructionPropose)?;
    if patients.is_empty() || patients.len() > PROPOSED_MAX {
        let sentence = format!("Choose at least one chart, and at most {PROPOSED_MAX}.");
        return Err(Error::Invalid(vec![FieldError::new("patient", sentence)]));
    }
    store.write(context, |transaction| {
        let site = site_in(transaction)?;
        for patient in patients {
            let patient = transaction.patient_survivor(*patient)?;
            let standing = standing_in(transaction, patient, &site)?;
            transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
            if transaction.chart_withheld(&standing.members)? {
                return Err(Error::NotFound);
            }
            let stops = standing.stops_on(site.today);
            if let Some(stop) = stops.first() {
                let what = "None was proposed, since one of the charts may not be destroyed.";
                return Err(Error::Refused(format!("{what} {}", stop.sentence())));
            }
            propose_one(transaction, context, patient, standing)?;
        }
        let audit = AuditEntry::new(context, "destruction.propose", "retention");
        transaction.audit(&audit.patients(patients.iter().copied()))?;
        Ok(patients.len() as u64)
    })
}

fn propose_one(
    transaction: &mut Transaction<'_>,
    context: &Context,
    patient: PatientKey,
    standing: Standing,
) -> Result<(), Error> {
    let kept_until = standing.kept_until.map(|day| day.to_string()).unwrap_or_default();
    let body = DestructionBody {
        state: DestructionState::Proposed { by: context.actor.clone() },
        listed: standing.holdings,
        governing: standing.governing,
    };
    let case = transaction.destruction_create(patient, &kept_until, &body)?;
    let reason = "Approve the destruction of a chart whose retention has ended";
    work(transaction, case, patient, WORK[0], Role::Supervisor, reason)?;
    work(transaction, case, patient, WORK[1], Role::PrivacyOfficer, reason)
}

fn work(
    transaction: &mut Transaction<'_>,
    case: i64,
    patient: PatientKey,
    kind: &'static str,
    role: Role,
    reason: &str,
) -> Result<(), Error> {
    let (subject, patient) = (case, Some(patient));
    transaction.work_open(&NewWork { kind, subject, patient, role, due_at: None, reason })?;
    Ok(())
}

/// Does something with a destruction that was read at this count of changes. Whatever stops it
/// ends it: the chart stays whole.
///
/// # Errors
/// [`Error::Refused`] with what the lifecycle says; [`Error::Conflict`] when somebody was faster;
/// [`Error::NotFound`] where anything of the chart is hidden.
pub fn act(
    store: &Store,
    context: &Context,
    id: i64,
    changes: i64,
    asked: &Act,
) -> Result<Outcome, Error> {
    require(store, context, asked.right())?;
    let action = action_of(asked)?;
    let (outcome, files) = store.write(context, |transaction| {
        let (mut case, _) = case_in(transaction, id)?;
        if case.changes != changes {
            return Err(Error::Conflict(
                "Somebody else has worked on this destruction. Load the page again.".into(),
            ));
        }
        // Whoever may not, is told so before anything else happens.
        step(&case.body.state, &action, context)?;
        let stops = match asked {
            Act::Approve | Act::CarryOut { .. } => stops_now(transaction, &case)?,
            Act::Reject(_) | Act::Explain(_) => Vec::new(),
        };
        let (action, files) = match (stops.is_empty(), action) {
            (false, _) => (DestructionAction::Stop { stops: stops.clone() }, Vec::new()),
            (true, DestructionAction::CarryOut { method, .. }) => {
                destroy(store, transaction, &mut case, method)?
            }
            (true, action) => (action, Vec::new()),
        };
        case.body.state = step(&case.body.state, &action, context)?;
        transaction.destruction_save(&case, &reason_of(&action))?;
        next_work(transaction, &case)?;
        let state = case.body.state.as_str();
        let audit = AuditEntry::new(context, asked.word(), format!("destruction/{id}"))
            .detail(format!(r#"{{"state":"{state}"}}"#))
            .patients([case.patient]);
        transaction.audit(&audit)?;
        let outcome = match &case.body.state {
            DestructionState::Stopped { stops, .. } => Outcome::Stopped(stops.clone()),
            DestructionState::Incomplete { .. } => Outcome::Incomplete,
            DestructionState::Proposed { .. }
            | DestructionState::Approved { .. }
            | DestructionState::Destroyed { .. }
            | DestructionState::Rejected { .. } => Outcome::Done,
        };
        Ok((outcome, files))
    })?;
    match files.is_empty() {
        true => Ok(outcome),
        false => finish(store, context, id, store.files_destroy(&files)),
    }
}

fn action_of(asked: &Act) -> Result<DestructionAction, Error> {
    Ok(match asked {
        Act::Approve => DestructionAction::Approve,
        Act::Reject(reason) => DestructionAction::Reject { reason: reason.trim().to_owned() },
        Act::Explain(reason) => DestructionAction::Explain { reason: reason.trim().to_owned() },
        Act::CarryOut { paper, detail } => DestructionAction::CarryOut {
            method: method(*paper, detail.trim())?,
            done: Done::default(),
            differences: Vec::new(),
        },
    })
}

/// The sentence of the certificate on how it was done.
fn method(paper: Option<Paper>, detail: &str) -> Result<String, Error> {
    let here = "The key that encrypted the record was forgotten, its rows, search terms and files \
                were removed; a backup made before is destroyed again when it is put back.";
    let refuse = |field: &str, reason: &str| {
        let error = FieldError::new(field, reason);
        Err(Error::Invalid(vec![error]))
    };
    match (paper, detail.is_empty()) {
        (None, _) => {
            refuse("paper", "Say what became of paper and copies, or that there are none.")
        }
        (Some(Paper::None), true) => Ok(format!("{here} There are no paper volumes or copies.")),
        (Some(Paper::None), false) => {
            Ok(format!("{here} There are no paper volumes or copies: {detail}"))
        }
        (Some(_), true) => refuse("detail", "Say which volumes and copies, where, when, by whom."),
        (Some(paper), false) => {
            let how = paper.label().to_lowercase();
            Ok(format!("{here} Paper volumes and copies were {how}: {detail}"))
        }
    }
}

fn step(
    state: &DestructionState,
    action: &DestructionAction,
    context: &Context,
) -> Result<DestructionState, Error> {
    let acting = Acting { actor: &context.actor, roles: &context.roles, at: context.at };
    apply(state, action, &acting).map_err(|refused| Error::Refused(refused.to_string()))
}

/// What came in between: a hold, open work, a longer class, a change of the chart.
fn stops_now(view: &mut View<'_>, case: &DestructionCase) -> Result<Vec<Stop>, Error> {
    let site = site_in(view)?;
    let now = standing_in(view, case.patient, &site)?;
    let mut stops = now.stops_on(site.today);
    if now.holdings != case.body.listed {
        stops.push(Stop::Changed);
    }
    Ok(stops)
}

/// Under which schedule, in one sentence.
pub(super) fn statement(governing: &[Governing], kept_until: &str) -> String {
    let class = match governing.first() {
        Some(one) => {
            let (records, place, rule) = (&one.records, &one.jurisdiction, &one.citation);
            format!("{records} ({place}, {rule}), {}", one.why())
        }
        None => "no class".to_owned(),
    };
    format!(
        "Destroyed in the ordinary course of business under the retention schedule: {class}; to \
         be kept until {kept_until}."
    )
}

fn destroy(
    store: &Store,
    transaction: &mut Transaction<'_>,
    case: &mut DestructionCase,
    method: String,
) -> Result<(DestructionAction, Vec<record::ContentHash>), Error> {
    let witness = match &case.body.state {
        DestructionState::Approved { witness, .. } => witness.key(),
        _ => return Err(Error::Internal("only what is approved is destroyed".into())),
    };
    let names = names(transaction, [witness.as_str()].into_iter())?;
    let statement = statement(&case.body.governing, &case.kept_until);
    let order = DestructionOrder {
        witness: names.get(&witness).unwrap_or(&witness),
        method: &method,
        statement: &statement,
    };
    let (destroyed, files) = store.patient_destroy_rows(transaction, case.patient, &order)?;
    let done = Done {
        entries_count: destroyed.entries_count,
        versions_count: destroyed.versions_count,
        files_count: destroyed.blobs_count,
        cards_count: destroyed.cards_count,
        files_left_count: files.len() as i64,
    };
    let members = transaction.patient_group(case.patient)?;
    case.newest = transaction.chart_holdings(&members)?.newest;
    case.destroyed_at = Some(transaction.context().at);
    let differences = differences(&case.body.listed, &done);
    Ok((DestructionAction::CarryOut { method, done, differences }, files))
}

/// Says what became of the files, which are removed once their rows are.
fn finish(store: &Store, context: &Context, id: i64, left: i64) -> Result<Outcome, Error> {
    store.write(context, |transaction| {
        let mut case = transaction.destruction(id)?.ok_or(Error::NotFound)?;
        let Some(carried) = case.body.state.carried() else { return Err(Error::NotFound) };
        let done = Done { files_left_count: left, ..carried.done };
        let differences = differences(&case.body.listed, &done);
        let action = DestructionAction::Finish { files_left_count: left, differences };
        case.body.state = step(&case.body.state, &action, context)?;
        transaction.destruction_save(&case, "The files were removed.")?;
        next_work(transaction, &case)?;
        let audit = AuditEntry::new(context, "destruction.finish", format!("destruction/{id}"));
        transaction.audit(&audit.patients([case.patient]))?;
        Ok(match case.body.state {
            DestructionState::Incomplete { .. } => Outcome::Incomplete,
            DestructionState::Proposed { .. }
            | DestructionState::Approved { .. }
            | DestructionState::Destroyed { .. }
            | DestructionState::Rejected { .. }
            | DestructionState::Stopped { .. } => Outcome::Done,
        })
    })
}

fn reason_of(action: &DestructionAction) -> String {
    match action {
        DestructionAction::Approve => "Approved, and to be witnessed.".to_owned(),
        DestructionAction::Reject { reason } | DestructionAction::Explain { reason } => {
            reason.clone()
        }
        DestructionAction::CarryOut { method, .. } => method.clone(),
        DestructionAction::Finish { .. } => "The files were removed.".to_owned(),
        DestructionAction::Stop { stops } => {
            stops.iter().map(Stop::sentence).collect::<Vec<_>>().join(" ")
        }
    }
}

/// Ends the work of the state before, and opens that of the present one.
fn next_work(transaction: &mut Transaction<'_>, case: &DestructionCase) -> Result<(), Error> {
    let is_done = !matches!(
        case.body.state,
        DestructionState::Rejected { .. } | DestructionState::Stopped { .. }
    );
    for kind in WORK {
        transaction.work_close(kind, case.id, is_done)?;
    }
    match case.body.state {
        DestructionState::Approved { .. } => {
            let reason = "Carry out the destruction of a chart that another person approved";
            work(transaction, case.id, case.patient, WORK[2], Role::Technician, reason)
        }
        DestructionState::Incomplete { .. } => {
            let reason = "Explain why what was destroyed does not reconcile with the list";
            work(transaction, case.id, case.patient, WORK[3], Role::Supervisor, reason)
        }
        DestructionState::Proposed { .. }
        | DestructionState::Destroyed { .. }
        | DestructionState::Rejected { .. }
        | DestructionState::Stopped { .. } => Ok(()),
    }
}
