//! Holding encounters against the rules: what is wanting is opened, what is there is met.

use super::JOB_KIND;
use super::act::{Step, step};
use super::facts::{Asked, Seen, event_of, seen};
use crate::Error;
use crate::access::{Right, require};
use integrity::completion::missing;
use integrity::deficiency::{Acting, Assignee, DeficiencyAction, DeficiencyKind, apply};
use integrity::{CompletionRule, DeficiencyProposal, DeficiencyState};
use jiff::civil::Date;
use record::{Actor, Context, Instant, Private, ResourceKey};
use store::deficiency::{DeficiencyMove, DeficiencyRow, NewDeficiency};
use store::{AuditEntry, ResourceRow, Store, Transaction};

/// Encounters held against the rules in one transaction.
const REVIEWED_AT_ONCE: i64 = 100;
/// How far back encounters are looked at: a year, in which a record is still completed. Older
/// ones that came by import were completed, or not, elsewhere.
const LOOK_BACK_SECONDS: i64 = 365 * 86_400;
/// After how long an encounter that lasts is looked at again: its clocks start meanwhile.
const STALE_SECONDS: i64 = 20 * 3_600;
/// Seconds that one run of the job may take before another server takes it over.
const LEASE_SECONDS: i64 = 3_600;
const OUT_OF_RANGE: &str = "This day is out of range.";
const HOUR_MICROS: i64 = 3_600_000_000;

/// What came of holding encounters against the rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Encounters.
    pub encounters_count: u64,
    /// Deficiencies opened, or opened again.
    pub opened_count: u64,
    /// Deficiencies that the record now shows to be met.
    pub met_count: u64,
}

impl Found {
    fn add(&mut self, other: Found) {
        self.encounters_count += other.encounters_count;
        self.opened_count += other.opened_count;
        self.met_count += other.met_count;
    }
}

/// The rules as an actor.
pub(super) fn rules_actor() -> Actor {
    Actor::System { name: "completion".to_owned() }
}

/// Holds every encounter that is new or changed, and ended or began since a day, against the
/// rules. Without a day: of the last year.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::Refused`] where the day is out of range.
pub fn find(store: &Store, context: &Context, since: Option<Date>) -> Result<Found, Error> {
    require(store, context, Right::Completion)?;
    let is_asked = since.is_some();
    let since = match since {
        Some(day) => day_begins(store, context, day)?,
        None => context.at.plus_seconds(-LOOK_BACK_SECONDS),
    };
    let stale = context.at.plus_seconds(-STALE_SECONDS);
    let (mut found, mut after) = (Found::default(), ResourceKey(0));
    let (mark, next) = store
        .look(context, |view| Ok::<_, Error>((view.completion_mark()?, view.quality_mark()?)))?;
    // Who asks for a day wants what was passed over before, too.
    let from = if is_asked { 0 } else { mark };
    loop {
        let (part, last) = store.write(context, |transaction| {
            let times = (since, stale);
            let rows = transaction.completion_due(after, from, times, REVIEWED_AT_ONCE)?;
            let asked = Asked::load(transaction)?;
            let mut part = Found::default();
            for row in &rows {
                part.add(review(transaction, row, &asked)?);
            }
            let detail = format!(
                r#"{{"encounters":{},"opened":{},"met":{}}}"#,
                part.encounters_count, part.opened_count, part.met_count
            );
            let entry = AuditEntry::new(context, "completion.find", "completion").detail(detail);
            transaction.audit(&entry)?;
            Ok::<_, Error>((part, rows.last().map(|row| row.resource)))
        })?;
        found.add(part);
        match last {
            Some(last) if part.encounters_count == REVIEWED_AT_ONCE as u64 => after = last,
            _ => break,
        }
    }
    store.write(context, |transaction| {
        // What came to another chart meanwhile lowered the mark: that is looked at next time.
        let is_same = transaction.completion_mark()? == mark;
        if is_same { transaction.completion_mark_put(next) } else { Ok(()) }
    })?;
    Ok(found)
}

fn day_begins(store: &Store, context: &Context, day: Date) -> Result<Instant, Error> {
    store.look(context, |view| {
        let zone = crate::entry::zone_in(view)?;
        let begins = day.to_zoned(zone).map_err(|_| Error::Refused(OUT_OF_RANGE.into()))?;
        Ok(Instant::from_timestamp(begins.timestamp()))
    })
}

/// Asks for the job once an hour, and does it when it is due; also what an import asked for.
/// Returns whether there was anything to do.
pub(crate) fn review_job(store: &Store, context: &Context) -> Result<bool, Error> {
    let key = format!("{JOB_KIND}:{}", context.at.0.div_euclid(HOUR_MICROS));
    let leased = store.write(context, |transaction| {
        transaction.job_add(JOB_KIND, &key, "{}", context.at)?;
        transaction.job_lease(&[JOB_KIND], LEASE_SECONDS)
    })?;
    let Some(job) = leased else { return Ok(false) };
    match find(store, context, None) {
        Ok(_) => store.write(context, |transaction| transaction.job_done(&job))?,
        Err(error) => {
            let text = error.to_string();
            store.write(context, |transaction| transaction.job_fail(&job, &text))?;
        }
    }
    Ok(true)
}

/// Holds the encounter of an entry, or the encounter itself, against the rules, after something
/// was done with it. Encounters of long ago that nobody looked at are left alone.
pub(crate) fn review_entry(
    transaction: &mut Transaction<'_>,
    row: &ResourceRow,
) -> Result<(), Error> {
    let encounter = match row.kind.as_str() {
        "Encounter" => Some(row.clone()),
        "DocumentReference" | "Procedure" => transaction.completion_encounter(row)?,
        _ => None,
    };
    let Some(encounter) = encounter.filter(|row| row.patient.is_some()) else { return Ok(()) };
    let asked = Asked::load(transaction)?;
    if transaction.completion_review(encounter.resource)?.is_none() {
        let since = transaction.context().at.plus_seconds(-LOOK_BACK_SECONDS);
        let Some(seen) = seen(transaction, &encounter, &asked)? else { return Ok(()) };
        let last = seen.facts.discharged.or(seen.facts.admitted);
        if last.is_none_or(|last| last < since) {
            return Ok(());
        }
    }
    review(transaction, &encounter, &asked).map(|_| ())
}

fn review(
    transaction: &mut Transaction<'_>,
    encounter: &ResourceRow,
    asked: &Asked,
) -> Result<Found, Error> {
    let mut found = Found { encounters_count: 1, ..Found::default() };
    let Some(seen) = seen(transaction, encounter, asked)? else { return Ok(found) };
    let now = transaction.context().at;
    let proposals = proposals(&seen, asked, now);
    let known = transaction.deficiency_of_encounter(encounter.resource)?;
    for proposal in &proposals {
        match known.iter().find(|row| is_same(row, proposal, &seen)) {
            None => {
                open(transaction, encounter, proposal, &seen, asked)?;
                found.opened_count += 1;
            }
            Some(row) if row.state.is_open() => keep(transaction, row, proposal, (&seen, asked))?,
            Some(row) => found.opened_count += u64::from(reopen(transaction, row)?),
        }
    }
    for row in known.iter().filter(|row| row.state.is_open()) {
        if let Some((reason, shown_by)) = met(row, &proposals, &seen) {
            found.met_count += u64::from(satisfy(transaction, row, &reason, shown_by)?);
        }
    }
    transaction.completion_reviewed(encounter.resource, seen.is_over)?;
    Ok(found)
}

fn proposals(seen: &Seen, asked: &Asked, now: Instant) -> Vec<DeficiencyProposal> {
    match seen.counts {
        true => missing(&seen.facts, &seen.documents, &asked.rules, now, &asked.zone),
        false => Vec::new(),
    }
}

/// Whether the rules, asked now, still want what this deficiency says.
pub(super) fn is_wanting(
    transaction: &mut Transaction<'_>,
    encounter: &ResourceRow,
    row: &DeficiencyRow,
) -> Result<bool, Error> {
    let asked = Asked::load(transaction)?;
    let Some(seen) = seen(transaction, encounter, &asked)? else { return Ok(false) };
    let now = transaction.context().at;
    Ok(match row.rule {
        Some(_) => proposals(&seen, &asked, now).iter().any(|one| is_same(row, one, &seen)),
        None => match (row.kind, row.document) {
            (DeficiencyKind::MissingSignature, Some(document)) => !seen.is_signed(document),
            _ => false,
        },
    })
}

fn is_same(row: &DeficiencyRow, proposal: &DeficiencyProposal, seen: &Seen) -> bool {
    let document = proposal.document.as_ref().and_then(|id| seen.keys.get(id)).copied();
    row.rule.as_ref().is_some_and(|(rule, _)| *rule == proposal.rule)
        && row.procedure == proposal.procedure
        && row.kind == proposal.kind
        && row.document == document
}

fn open(
    transaction: &mut Transaction<'_>,
    encounter: &ResourceRow,
    proposal: &DeficiencyProposal,
    seen: &Seen,
    asked: &Asked,
) -> Result<(), Error> {
    let patient = encounter.patient.ok_or(Error::NotFound)?;
    let nobody = Assignee { account: None, name: String::new() };
    let assignee = proposal.assignee.clone().unwrap_or(nobody);
    let new = NewDeficiency {
        encounter: encounter.resource,
        patient,
        kind: proposal.kind,
        document: proposal.document.as_ref().and_then(|id| seen.keys.get(id)).copied(),
        document_name: proposal.document_name.clone(),
        codes: codes_of(proposal, asked),
        rule: Some((proposal.rule.clone(), proposal.version.clone())),
        procedure: proposal.procedure.clone(),
        citation: proposal.citation.text.clone(),
        starts: proposal.starts,
        allowed: proposal.allowed,
        event_at: event_of(seen, proposal.starts, proposal.procedure.as_deref()),
        due_at: Some(proposal.due),
        state: DeficiencyState::Pending { assignee },
        note: Private::new(""),
    };
    let actor = rules_actor().key();
    let id = transaction.deficiency_open(&new, &actor, &proposal.sentence)?;
    // Read without regard to labels: who opened it by an act of theirs need not see it.
    let rows = transaction.deficiency_of_encounter(encounter.resource)?;
    let row = rows.iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
    super::act::work(transaction, row)
}

/// The codes of the documents that satisfy the version of the rule that proposes.
fn codes_of(proposal: &DeficiencyProposal, asked: &Asked) -> Vec<String> {
    let is_it =
        |rule: &&CompletionRule| rule.id == proposal.rule && rule.version == proposal.version;
    asked.rules.iter().find(is_it).map(|rule| rule.codes.clone()).unwrap_or_default()
}

/// Keeps an open deficiency in step: its clock where the event was put right, or where another
/// version of its rule holds on the day of the event; its provider where they got an account.
fn keep(
    transaction: &mut Transaction<'_>,
    row: &DeficiencyRow,
    proposal: &DeficiencyProposal,
    (seen, asked): (&Seen, &Asked),
) -> Result<(), Error> {
    let mut row = row.clone();
    let event = event_of(seen, proposal.starts, proposal.procedure.as_deref());
    let rule = Some((proposal.rule.clone(), proposal.version.clone()));
    if row.due_at != Some(proposal.due) || row.event_at != event || row.rule != rule {
        row.due_at = Some(proposal.due);
        row.event_at = event;
        (row.starts, row.allowed) = (proposal.starts, proposal.allowed);
        row.citation = proposal.citation.text.clone();
        row.codes = codes_of(proposal, asked);
        row.rule = rule;
        let (from, actor) = (row.state.as_str().to_owned(), rules_actor().key());
        transaction.deficiency_move(&DeficiencyMove {
            row: &row,
            from: &from,
            action: "clock",
            actor: &actor,
            reason: &proposal.sentence,
        })?;
        row.changes += 1;
        super::act::work(transaction, &row)?;
    }
    let has_account = proposal.assignee.as_ref().is_some_and(|one| one.account.is_some());
    let is_untouched = matches!(&row.state, DeficiencyState::Pending { assignee }
        if assignee.account.is_none());
    if let (true, true, Some(to)) = (has_account, is_untouched, proposal.assignee.clone()) {
        let reason = "This provider has an account here now.".to_owned();
        let action = DeficiencyAction::Reassign { to, reason };
        step(transaction, &row, &Step::of_rules(&action))?;
    }
    Ok(())
}

/// Opens again what the record showed to be met and no longer shows. What a person waived, or
/// attested from paper, stays closed.
fn reopen(transaction: &mut Transaction<'_>, row: &DeficiencyRow) -> Result<bool, Error> {
    let by_record = match &row.state {
        DeficiencyState::Verified { by, .. } => {
            matches!(by, Actor::System { .. }) || row.shown_by.is_some()
        }
        _ => false,
    };
    if by_record {
        let reason = "The record no longer shows it.".to_owned();
        step(transaction, row, &Step::of_rules(&DeficiencyAction::Reopen { reason }))?;
    }
    Ok(by_record)
}

/// Why an open deficiency is met, and by which document; `None` while it is wanting.
fn met(
    row: &DeficiencyRow,
    proposals: &[DeficiencyProposal],
    seen: &Seen,
) -> Option<(String, Option<ResourceKey>)> {
    if row.rule.is_none() {
        let document = row.document.filter(|key| seen.is_signed(*key))?;
        let is_signature = row.kind == DeficiencyKind::MissingSignature;
        return is_signature.then(|| ("The document is authenticated.".to_owned(), Some(document)));
    }
    if proposals.iter().any(|proposal| is_same(row, proposal, seen)) {
        return None;
    }
    let shown = |reason: &str, by: Option<ResourceKey>| Some((reason.to_owned(), by));
    let document = match row.document {
        Some(document) => Some(document).filter(|key| seen.is_signed(*key)),
        None => seen.shown_by(&row.codes),
    };
    match (seen.counts, document) {
        (false, _) => shown("The encounter does not count: no rule asks for it.", None),
        (true, Some(by)) if row.document.is_some() => {
            shown("The document is authenticated.", Some(by))
        }
        (true, Some(by)) => shown("The document is in the chart.", Some(by)),
        (true, None) => shown("The rules no longer ask for it.", None),
    }
}

/// Completes it where the one who acts is its provider: then the desk verifies. Else the record
/// shows it, and it closes. What was completed waits for the eyes of the desk.
fn satisfy(
    transaction: &mut Transaction<'_>,
    row: &DeficiencyRow,
    reason: &str,
    shown_by: Option<ResourceKey>,
) -> Result<bool, Error> {
    if matches!(row.state, DeficiencyState::Completed { .. }) {
        return Ok(false);
    }
    let context = transaction.context();
    let acting = Acting { actor: &context.actor, roles: &context.roles, at: context.at };
    let complete = DeficiencyAction::Complete;
    let satisfy = DeficiencyAction::Satisfy { reason: reason.to_owned() };
    let is_own = shown_by.is_some() && apply(&row.state, &complete, &acting).is_ok();
    let done = match is_own {
        true => Step { shown_by, ..Step::of_person(&complete, context) },
        false => Step { shown_by, ..Step::of_rules(&satisfy) },
    };
    step(transaction, row, &done)?;
    Ok(true)
}
