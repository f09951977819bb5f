//! What an action brings about beside the new state: the due date, letters, what was chosen, the
//! disclosure, the work in the queue.

use super::letters::{self, Kind};
use super::loaded::Loaded;
use super::{REVIEW_KIND, WORK_KIND, rules};
use crate::Error;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::{Citation, Context, Instant, PatientKey, Role};
use release::accounting::{Disclosure, Entry, listing};
use release::clock::{self, Clock, Due};
use release::lifecycle::{Action, HoldReason, Selection, StateName};
use release::requester::RequesterKind;
use release::scope::{Scope, withhold};
use release::{Basis, State};
use store::release::{Choice, Delivery, NewDisclosure, ReleaseBody};
use store::work::NewWork;
use store::{Transaction, View};

/// Changes what is saved with the new state.
pub(super) fn prepare(
    view: &mut View<'_>,
    loaded: &Loaded,
    action: &Action,
    body: &mut ReleaseBody,
) -> Result<(), Error> {
    match action {
        Action::Identify { patient } if loaded.request().patient != Some(*patient) => {
            body.verification = None;
            body.restricted.clear();
            body.litigation.clear();
            body.fee = None;
            if let Some(scope) = &mut body.scope {
                scope.named_items = None;
            }
        }
        Action::ChooseBasis { basis } => {
            if loaded.request().basis != Some(*basis) {
                body.answers.clear();
                body.scope = Some(first_scope(body, *basis));
                body.fee = None;
            }
            body.request.due = due(view, body)?;
        }
        Action::Approve { fee } => body.fee = fee.clone(),
        Action::Deliver { how, to } => {
            let at = view.context().at;
            body.delivery = Some(Delivery { at, how: how.clone(), to: to.clone() });
        }
        _ => {}
    }
    Ok(())
}

/// The scope before anybody narrowed it: the requester is the recipient.
fn first_scope(body: &ReleaseBody, basis: Basis) -> Scope {
    let requester = &body.request.requester;
    Scope::new(basis, requester.kind, requester.name.clone())
}

/// The due date by the clock of the basis; before there is one, by who asks. A date that the
/// request itself states goes before the organization's own goal, never before the law's.
pub(super) fn due(view: &mut View<'_>, body: &ReleaseBody) -> Result<Option<Due>, Error> {
    let request = &body.request;
    let own =
        matches!(request.requester.kind, RequesterKind::Individual | RequesterKind::Representative);
    let runs = match request.basis {
        Some(basis) => clock::clock_for(basis),
        None if own => Clock::Access,
        None => Clock::House,
    };
    if let (Clock::House, Some(day)) = (runs, body.stated_due) {
        return Ok(Some(stated(day, request.received)));
    }
    let rules = rules::clocks(view, request.received)?;
    let found = clock::due(&rules, runs, request.jurisdiction.as_deref(), request.received);
    let before = request.due.as_ref();
    let extended = before.filter(|d| d.extension_reason.is_some());
    let same = |due: &&Due| found.as_ref().is_some_and(|new| new.rule == due.rule);
    Ok(extended.filter(same).cloned().or(found))
}

fn stated(on: Date, started: Date) -> Due {
    Due {
        on,
        started,
        rule: "stated".to_owned(),
        version: 1,
        citation: Citation::new("The date that the request itself states"),
        first_due: on,
        extension_days: None,
        extension_reason: None,
    }
}

/// Brings about what follows from an action that was saved.
pub(super) fn follow(
    transaction: &mut Transaction<'_>,
    context: &Context,
    loaded: &Loaded,
    body: &ReleaseBody,
    action: &Action,
) -> Result<(), Error> {
    match action {
        Action::Identify { patient } if loaded.request().patient != Some(*patient) => {
            transaction.release_document_put(loaded.row.id, &[])?;
        }
        Action::Hold { reasons, .. } if reasons.iter().any(asks_for_something) => {
            letters::write(transaction, loaded, body, Kind::Missing)?;
        }
        Action::Select { selection } => chosen(transaction, loaded, body, selection)?,
        Action::Approve { .. } => {
            if let Some(packet) = transaction.release_packet_current(loaded.row.id)? {
                transaction.release_packet_check(packet.id)?;
            }
            if matches!(body.request.state, State::Invoiced { .. }) {
                letters::write(transaction, loaded, body, Kind::Invoice)?;
            }
        }
        Action::Deny { ground, explanation } => {
            let kind = Kind::Denied(*ground, explanation.clone());
            letters::write(transaction, loaded, body, kind)?;
        }
        Action::Return { reason } => {
            letters::write(transaction, loaded, body, Kind::Returned(reason.clone()))?;
        }
        Action::Extend { .. } => {
            letters::write(transaction, loaded, body, Kind::Extended)?;
        }
        Action::Deliver { .. } => disclosed(transaction, loaded, body)?,
        Action::ReviewDenial { upheld, explanation } => {
            let kind = Kind::Reviewed(*upheld, explanation.clone());
            letters::write(transaction, loaded, body, kind)?;
            transaction.work_close(REVIEW_KIND, loaded.row.id, true)?;
        }
        _ => {}
    }
    work(transaction, context, loaded.row.id, &loaded.zone, body)
}

/// Whether the requester has to send something, so that a letter must say what.
fn asks_for_something(reason: &HoldReason) -> bool {
    match reason {
        HoldReason::RequesterUnverified
        | HoldReason::MissingElements { .. }
        | HoldReason::SignedForm => true,
        HoldReason::PatientUnclear
        | HoldReason::RecordAwaited
        | HoldReason::PrivacyReview
        | HoldReason::UnpaidBill
        | HoldReason::Other { .. } => false,
    }
}

/// Keeps what was decided on each entry, and writes the letter of what is denied.
fn chosen(
    transaction: &mut Transaction<'_>,
    loaded: &Loaded,
    body: &ReleaseBody,
    selection: &Selection,
) -> Result<(), Error> {
    let mut choices: Vec<_> = selection.items.iter().map(|item| (*item, Choice::Chosen)).collect();
    for denied in &selection.denied {
        let reason = denied.ground.label().to_owned();
        let citation = denied.ground.citation().to_owned();
        choices.push((denied.item, Choice::Denied { reason, citation }));
    }
    // Labelled entries that a rule keeps out are written down with the rule.
    for row in super::choose::candidate_rows(transaction, loaded)? {
        let known = choices.iter().any(|(key, _)| *key == row.0.key);
        let out = loaded.scope.as_ref().and_then(|scope| withhold(scope, &row.0));
        if let (false, false, Some(out)) = (known, row.0.labels.is_empty(), out) {
            let citation = out.citation.text;
            choices.push((row.0.key, Choice::Withheld { reason: out.reason, citation }));
        }
    }
    for (key, out) in super::entries::kept_out(transaction, loaded)? {
        if choices.iter().all(|(known, _)| *known != key) {
            let citation = out.citation.text;
            choices.push((key, Choice::Withheld { reason: out.reason, citation }));
        }
    }
    transaction.release_document_put(loaded.row.id, &choices)?;
    let before = loaded.request().selection.as_ref().map_or(&[][..], |s| &s.denied);
    let mut grounds: Vec<_> = selection.denied.iter().map(|denied| denied.ground).collect();
    grounds.dedup();
    for ground in grounds {
        if before.iter().all(|denied| denied.ground != ground) {
            let count = selection.denied.iter().filter(|d| d.ground == ground).count();
            let explanation = format!("{count} of the items asked for");
            letters::write(transaction, loaded, body, Kind::Denied(ground, explanation))?;
        }
    }
    Ok(())
}

/// Writes the disclosure down; the accounting takes those that it must list.
fn disclosed(
    transaction: &mut Transaction<'_>,
    loaded: &Loaded,
    body: &ReleaseBody,
) -> Result<(), Error> {
    let request = &body.request;
    let (Some(patient), Some(basis), Some(scope)) = (request.patient, request.basis, &loaded.scope)
    else {
        return Err(Error::Internal("a delivered request without patient, basis or scope".into()));
    };
    let purpose = match &body.purpose {
        Some(purpose) => purpose.reveal().to_owned(),
        None => format!("As stated in request {}, a copy of which is kept", request.number),
    };
    let address = request.requester.address.clone();
    let entry = Entry {
        patient,
        on: loaded.today,
        recipient: scope.recipient_name.clone(),
        recipient_address: address,
        description: described(loaded),
        purpose,
        disclosure: Disclosure::Under(basis),
        request: Some(request.number.clone()),
        suspensions: Vec::new(),
    };
    if let (true, Some(lacks)) = (listing(entry.disclosure).appears, entry.missing().first()) {
        return Err(Error::Refused(format!(
            "The accounting of disclosures needs more of this release ({lacks}). Complete it."
        )));
    }
    transaction.disclosure_create(&NewDisclosure { request: Some(loaded.row.id), entry })?;
    Ok(())
}

/// What goes out, in brief: `3 documents, Medications (2 lines), 2026-02-01 to 2026-02-04`.
fn described(loaded: &Loaded) -> String {
    let what = super::entries::counted(&loaded.items);
    let days: Vec<Date> = loaded.items.iter().filter_map(|item| item.date).collect();
    match (days.iter().min(), days.iter().max()) {
        (Some(first), Some(last)) if first != last => {
            format!("{what}, {first} to {last}")
        }
        (Some(day), _) => format!("{what} of {day}"),
        (None, _) => what,
    }
}

/// The end of a day, as the last moment of a due date.
pub(super) fn end_of(day: Date, zone: &TimeZone) -> Option<Instant> {
    let last = day.at(23, 59, 59, 0).to_zoned(zone.clone()).ok()?;
    Some(Instant::from_timestamp(last.timestamp()))
}

/// The item of My work: one while the request is open, with its next step and its due date.
pub(super) fn work(
    transaction: &mut Transaction<'_>,
    _context: &Context,
    id: i64,
    zone: &TimeZone,
    body: &ReleaseBody,
) -> Result<(), Error> {
    let request = &body.request;
    let before = transaction.work_about(WORK_KIND, id)?;
    transaction.work_close(WORK_KIND, id, true)?;
    if !request.is_open() {
        return Ok(());
    }
    let reason = format!("{}: {}", request.number, next_step(&request.state));
    let item = transaction.work_open(&NewWork {
        kind: WORK_KIND,
        subject: id,
        patient: request.patient,
        role: Role::ReleaseSpecialist,
        due_at: request.due.as_ref().and_then(|due| end_of(due.on, zone)),
        reason: &reason,
    })?;
    transaction.work_weigh(item, is_urgent(request.basis), None)?;
    // A second person checks: that step goes back to everyone's queue.
    let keeps = request.state.name() != StateName::QualityCheck;
    if let Some(person) = before.and_then(|work| work.assigned_to).filter(|_| keeps) {
        transaction.work_assign(item, Some(person))?;
    }
    Ok(())
}

/// Whether a treating clinician waits for the answer: continuing care, and the medical emergency
/// of a patient of a Part 2 program.
fn is_urgent(basis: Option<Basis>) -> bool {
    matches!(basis, Some(Basis::Treatment | Basis::Part2Emergency))
}

fn next_step(state: &State) -> &'static str {
    match state {
        State::Received => "identify the patient",
        State::Identified => "verify the requester, choose the basis, answer its checklist",
        State::OnHold { .. } => "on hold; look whether what is missing came",
        State::Validated => "choose the documents within the scope",
        State::Selected => "hand to sensitive review",
        State::SensitiveReview => "decide on sensitive content",
        State::Redaction => "mark and confirm redactions",
        State::QualityCheck => "second person's check of the packet",
        State::Invoiced { .. } => "a fee is owed; settle it when it comes",
        State::Ready { .. } => "hand the packet out",
        State::Delivered { .. } => "close the request",
        State::Closed | State::Denied { .. } | State::Returned { .. } | State::Cancelled { .. } => {
            "nothing"
        }
    }
}

/// Opens the review of a denial for a provider who took no part in it.
pub(super) fn review_work(
    transaction: &mut Transaction<'_>,
    id: i64,
    patient: Option<PatientKey>,
    number: &str,
) -> Result<(), Error> {
    let reason = format!("{number}: review the denial (45 CFR 164.524(a)(4))");
    transaction.work_open(&NewWork {
        kind: REVIEW_KIND,
        subject: id,
        patient,
        role: Role::Provider,
        due_at: None,
        reason: &reason,
    })?;
    Ok(())
}
