//! The life of a request.
//!
//! ```text
//! received --> identified --> validated --> selected --> sensitive review --> redaction
//!                                                                                |
//!      closed <-- delivered <-- ready <-- invoiced (where a fee is due) <-- quality check
//!
//! any open state  --hold-->  on hold  --resume-->  where it was, or identified
//! review, redaction, quality check, invoiced, ready  --send back-->  an earlier desk
//! identified to quality check  --deny-->  denied  --review-->  denied, or identified again
//! open states  --return, cancel-->  returned, cancelled       open states  --extend-->  same state
//! ```
//!
//! A request is never deleted: no action does that. Releases rest on a basis that is satisfied on
//! the day of validation *and* on the day of delivery.

mod action;
mod policy;
mod refusal;

pub use action::{
    Action, ActionName, DenialGround, DeniedItem, HoldReason, Settlement, actions_in,
};
pub use policy::protected_until;
pub use refusal::Refusal;

use crate::basis::Evaluation;
use crate::clock::{self, Due};
use crate::fee::Fee;
use crate::minimum_necessary::Method;
use crate::requester::{Gap, Requester};
use crate::scope::{Item, Scope};
use crate::{Basis, named};
use jiff::civil::Date;
use record::{Actor, ContentHash, Instant, PatientKey, Private, ResourceKey, Role};
use serde::{Deserialize, Serialize};

named! {
    /// The name of a state, as stored and shown.
    StateName {
        /// Logged; the patient isn't known yet, and no record is shown.
        Received = "received", "Received";
        /// The patient is confirmed.
        Identified = "identified", "Patient identified";
        /// Waits for something; a letter names what.
        OnHold = "on-hold", "On hold";
        /// Requester verified, basis satisfied.
        Validated = "validated", "Validated";
        /// Items are chosen.
        Selected = "selected", "Items selected";
        /// Sensitive content is looked at.
        SensitiveReview = "sensitive-review", "Sensitive review";
        /// Redactions are marked and confirmed.
        Redaction = "redaction", "Redaction";
        /// A second person checks.
        QualityCheck = "quality-check", "Quality check";
        /// A fee is due.
        Invoiced = "invoiced", "Invoiced";
        /// May be handed out.
        Ready = "ready", "Ready";
        /// Handed out.
        Delivered = "delivered", "Delivered";
        /// Done.
        Closed = "closed", "Closed";
        /// Denied in writing.
        Denied = "denied", "Denied";
        /// Sent back to the sender: not for this organization.
        Returned = "returned", "Returned";
        /// Withdrawn.
        Cancelled = "cancelled", "Cancelled";
    }
}

/// A state, with the data that only it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum State {
    /// See [`StateName::Received`].
    Received,
    /// See [`StateName::Identified`].
    Identified,
    /// See [`StateName::OnHold`].
    OnHold {
        /// Since when.
        since: Instant,
        /// What it waits for.
        reasons: Vec<HoldReason>,
        /// Where it goes when resumed.
        back_to: StateName,
    },
    /// See [`StateName::Validated`].
    Validated,
    /// See [`StateName::Selected`].
    Selected,
    /// See [`StateName::SensitiveReview`].
    SensitiveReview,
    /// See [`StateName::Redaction`].
    Redaction,
    /// See [`StateName::QualityCheck`].
    QualityCheck,
    /// See [`StateName::Invoiced`].
    Invoiced {
        /// What is owed.
        fee: Fee,
        /// Day of the invoice.
        on: Date,
        /// Who checked the packet as the second person.
        approved_by: Actor,
    },
    /// See [`StateName::Ready`].
    Ready {
        /// Who checked it as the second person.
        approved_by: Actor,
    },
    /// See [`StateName::Delivered`].
    Delivered {
        /// When.
        at: Instant,
        /// How: mail, portal, in person, fax.
        how: String,
        /// To whom.
        to: Private,
    },
    /// See [`StateName::Closed`].
    Closed,
    /// See [`StateName::Denied`].
    Denied {
        /// The ground.
        ground: DenialGround,
        /// Why it holds here.
        explanation: String,
        /// Who decided.
        by: Actor,
        /// Who upheld it on review, if anyone.
        upheld_by: Option<Actor>,
    },
    /// See [`StateName::Returned`].
    Returned {
        /// Why.
        reason: String,
    },
    /// See [`StateName::Cancelled`].
    Cancelled {
        /// Why.
        reason: String,
    },
}

impl State {
    /// The state's name.
    pub fn name(&self) -> StateName {
        match self {
            State::Received => StateName::Received,
            State::Identified => StateName::Identified,
            State::OnHold { .. } => StateName::OnHold,
            State::Validated => StateName::Validated,
            State::Selected => StateName::Selected,
            State::SensitiveReview => StateName::SensitiveReview,
            State::Redaction => StateName::Redaction,
            State::QualityCheck => StateName::QualityCheck,
            State::Invoiced { .. } => StateName::Invoiced,
            State::Ready { .. } => StateName::Ready,
            State::Delivered { .. } => StateName::Delivered,
            State::Closed => StateName::Closed,
            State::Denied { .. } => StateName::Denied,
            State::Returned { .. } => StateName::Returned,
            State::Cancelled { .. } => StateName::Cancelled,
        }
    }
}

/// A request for release of information.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Number that people use: `R-2026-000017`.
    pub number: String,
    /// Day of receipt: the clocks start here.
    pub received: Date,
    /// Who asks.
    pub requester: Requester,
    /// What was asked for, in the words of the request.
    pub asked_for: Private,
    /// The state whose law applies beside the federal; none while it isn't set.
    pub jurisdiction: Option<String>,
    /// The patient, once confirmed.
    pub patient: Option<PatientKey>,
    /// The legal basis, once chosen.
    pub basis: Option<Basis>,
    /// The evaluation on which validation rests.
    pub validation: Option<Evaluation>,
    /// What was selected.
    pub selection: Option<Selection>,
    /// Everyone who prepared the packet: none of them may check it.
    pub prepared_by: Vec<Actor>,
    /// The packet that was checked.
    pub packet: Option<Packet>,
    /// When it is due, and by which rule.
    pub due: Option<Due>,
    /// Where it stands.
    pub state: State,
}

/// The items of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// Keys, in the order of the packet.
    pub items: Vec<ResourceKey>,
    /// How minimum necessary was met.
    pub method: Method,
    /// Why these items, or the name of the standing protocol.
    pub reason: Option<String>,
    /// Items denied, each with its ground; the rest is given (164.524(d)(1)).
    pub denied: Vec<DeniedItem>,
}

/// A packet that was built and verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// Hash of its bytes.
    pub hash: ContentHash,
    /// Pages.
    pub pages: u32,
    /// Leaks that the verifier found. Only zero leaves the house.
    pub leaks: u32,
    /// Whether the 2.32 statement is in it.
    pub has_part2_statement: bool,
}

/// What is known when an action is decided: loaded by the caller on one snapshot.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Who acts.
    pub actor: &'a Actor,
    /// In which roles.
    pub roles: &'a [Role],
    /// Now.
    pub at: Instant,
    /// Today, in the site's time zone.
    pub today: Date,
    /// The chosen basis, evaluated under today's rules.
    pub evaluation: Option<&'a Evaluation>,
    /// What the verification of the requester lacks; none while nobody verified.
    pub verification: Option<&'a [Gap]>,
    /// The scope.
    pub scope: Option<&'a Scope>,
    /// The items of the action or of the selection, with today's labels.
    pub items: &'a [Item],
    /// Whether the patient is an unemancipated minor today.
    pub minor: bool,
    /// The latest day on which the patient can have died, by the chart; none where it holds no
    /// date of death.
    pub died_on: Option<Date>,
    /// Proposals of sensitive content that nobody decided on.
    pub undecided_proposals: usize,
    /// Redactions marked and not confirmed.
    pub unconfirmed_redactions: usize,
    /// The packet as built and verified.
    pub packet: Option<&'a Packet>,
}

/// What happened: kept with the request for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: Actor,
    /// What; none for the logging of the request.
    pub action: Option<ActionName>,
    /// From which state; none for the logging.
    pub from: Option<StateName>,
    /// To which state.
    pub to: StateName,
    /// Why, in words.
    pub why: Option<String>,
}

impl Request {
    /// Logs a request. Its date is never in the future.
    pub fn log(
        number: String,
        received: Date,
        requester: Requester,
        asked_for: Private,
        due: Option<Due>,
        facts: &Facts,
    ) -> Result<(Request, Event), Refusal> {
        if received > facts.today {
            return Err(Refusal::DateInFuture { received, today: facts.today });
        }
        let request = Request {
            number,
            received,
            requester,
            asked_for,
            jurisdiction: None,
            patient: None,
            basis: None,
            validation: None,
            selection: None,
            prepared_by: Vec::new(),
            packet: None,
            due,
            state: State::Received,
        };
        let event = Event {
            at: facts.at,
            actor: facts.actor.clone(),
            action: None,
            from: None,
            to: StateName::Received,
            why: None,
        };
        Ok((request, event))
    }

    /// Actions that the state allows; whether they are refused shows in [`apply`].
    pub fn actions(&self) -> &'static [ActionName] {
        actions_in(self.state.name())
    }

    /// Whether records of the patient may be shown for this request.
    pub fn shows_record(&self) -> bool {
        self.patient.is_some()
    }

    /// The basis under which information went out; none when nothing did. What the accounting
    /// makes of it: [`crate::accounting::listing`].
    pub fn disclosed_under(&self) -> Option<Basis> {
        match self.state.name() {
            StateName::Delivered | StateName::Closed => self.basis,
            StateName::Received
            | StateName::Identified
            | StateName::OnHold
            | StateName::Validated
            | StateName::Selected
            | StateName::SensitiveReview
            | StateName::Redaction
            | StateName::QualityCheck
            | StateName::Invoiced
            | StateName::Ready
            | StateName::Denied
            | StateName::Returned
            | StateName::Cancelled => None,
        }
    }

    /// Whether the request still waits for somebody's work.
    pub fn is_open(&self) -> bool {
        match self.state.name() {
            StateName::Received
            | StateName::Identified
            | StateName::OnHold
            | StateName::Validated
            | StateName::Selected
            | StateName::SensitiveReview
            | StateName::Redaction
            | StateName::QualityCheck
            | StateName::Invoiced
            | StateName::Ready
            | StateName::Delivered => true,
            StateName::Closed | StateName::Denied | StateName::Returned | StateName::Cancelled => {
                false
            }
        }
    }
}

/// Decides an action: the request as it becomes, and the event to keep; or why not.
///
/// The request's clock should be set again by the caller (`clock::due`) when the basis changes.
pub fn apply(
    request: &Request,
    action: Action,
    facts: &Facts,
) -> Result<(Request, Event), Refusal> {
    let from = request.state.name();
    let name = action.name();
    if !actions_in(from).contains(&name) {
        return Err(Refusal::NotFromHere { action: name, state: from });
    }
    policy::check(request, &action, facts)?;
    let why = action.why();
    let mut next = request.clone();
    next.state = carry_out(&mut next, action, facts)?;
    let event = Event {
        at: facts.at,
        actor: facts.actor.clone(),
        action: Some(name),
        from: Some(from),
        to: next.state.name(),
        why,
    };
    Ok((next, event))
}

/// Changes the request and gives its next state; every policy was asked before.
fn carry_out(next: &mut Request, action: Action, facts: &Facts) -> Result<State, Refusal> {
    let state = match action {
        Action::Identify { patient } => {
            if next.patient != Some(patient) {
                next.validation = None;
                next.selection = None;
                next.packet = None;
            }
            next.patient = Some(patient);
            State::Identified
        }
        Action::ChooseBasis { basis } => {
            next.basis = Some(basis);
            next.validation = None;
            after_basis(&next.state)
        }
        Action::Validate => {
            next.validation = facts.evaluation.cloned();
            State::Validated
        }
        Action::Hold { reasons, .. } => {
            State::OnHold { since: facts.at, back_to: back_to(&next.state, &reasons), reasons }
        }
        Action::Resume { .. } => resumed(next),
        Action::Select { selection } => {
            next.selection = Some(selection);
            prepared(next, facts);
            State::Selected
        }
        Action::StartReview => State::SensitiveReview,
        Action::FinishReview { .. } => {
            prepared(next, facts);
            State::Redaction
        }
        Action::FinishRedaction => {
            prepared(next, facts);
            State::QualityCheck
        }
        Action::SendBack { to, .. } => {
            next.packet = None;
            plain_state(to)
        }
        Action::Approve { fee } => {
            next.packet = facts.packet.cloned();
            let approved_by = facts.actor.clone();
            match fee.filter(|fee| fee.total_cents() > 0) {
                Some(fee) => State::Invoiced { fee, on: facts.today, approved_by },
                None => State::Ready { approved_by },
            }
        }
        Action::Settle { .. } => settled(&next.state),
        Action::Deliver { how, to } => State::Delivered { at: facts.at, how, to },
        Action::Close => State::Closed,
        Action::Deny { ground, explanation } => {
            let by = facts.actor.clone();
            State::Denied { ground, explanation, by, upheld_by: None }
        }
        Action::ReviewDenial { upheld, .. } => reviewed(&next.state, upheld, facts),
        Action::Return { reason } => State::Returned { reason },
        Action::Cancel { reason } => State::Cancelled { reason },
        Action::Extend { reason, until } => {
            let due = next.due.as_ref().ok_or(Refusal::NoClock)?;
            next.due = Some(clock::extend(due, &reason, until, facts.today)?);
            next.state.clone()
        }
    };
    Ok(state)
}

/// A new basis sends the work that rested on the old one back.
fn after_basis(state: &State) -> State {
    match state {
        State::OnHold { since, reasons, back_to } => {
            let back_to = match back_to {
                StateName::Received => StateName::Received,
                _ => StateName::Identified,
            };
            State::OnHold { since: *since, reasons: reasons.clone(), back_to }
        }
        other => other.clone(),
    }
}

/// Where a held request goes on: what its validation rested on must be validated again.
fn back_to(state: &State, reasons: &[HoldReason]) -> StateName {
    let name = state.name();
    let shaken = reasons.iter().any(HoldReason::shakes_validation);
    if shaken && name != StateName::Received { StateName::Identified } else { name }
}

fn resumed(next: &Request) -> State {
    match &next.state {
        State::OnHold { back_to: StateName::Invoiced | StateName::Ready, .. } => {
            State::QualityCheck
        }
        State::OnHold { back_to, .. } => plain_state(*back_to),
        other => other.clone(),
    }
}

/// The state of a name that has no data of its own; those with data are reached by their action.
fn plain_state(name: StateName) -> State {
    match name {
        StateName::Received => State::Received,
        StateName::Validated => State::Validated,
        StateName::Selected => State::Selected,
        StateName::SensitiveReview => State::SensitiveReview,
        StateName::Redaction => State::Redaction,
        StateName::QualityCheck => State::QualityCheck,
        StateName::Identified
        | StateName::OnHold
        | StateName::Invoiced
        | StateName::Ready
        | StateName::Delivered
        | StateName::Closed
        | StateName::Denied
        | StateName::Returned
        | StateName::Cancelled => State::Identified,
    }
}

fn settled(state: &State) -> State {
    match state {
        State::Invoiced { approved_by, .. } => State::Ready { approved_by: approved_by.clone() },
        other => other.clone(),
    }
}

fn prepared(next: &mut Request, facts: &Facts) {
    if !next.prepared_by.contains(facts.actor) {
        next.prepared_by.push(facts.actor.clone());
    }
}

fn reviewed(state: &State, upheld: bool, facts: &Facts) -> State {
    match state {
        State::Denied { ground, explanation, by, .. } if upheld => State::Denied {
            ground: *ground,
            explanation: explanation.clone(),
            by: by.clone(),
            upheld_by: Some(facts.actor.clone()),
        },
        _ => State::Identified,
    }
}

#[cfg(test)]
mod tests;
