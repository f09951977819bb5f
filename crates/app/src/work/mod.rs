//! My work: the one queue of all desks, each item with the sum behind its place.

mod kind;
mod team;
mod title;

pub use kind::kind_of;
pub use team::{
    Assigned, Expiring, Load, Member, Team, TeamFilter, absence_create, absence_end, assign,
    assign_all, team,
};

use crate::coding::zone_of;
use crate::{Error, rules};
use integrity::{Priority, QueueTerms, WorkKind, queue};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::{Context, PatientKey};
use std::collections::{BTreeMap, HashMap};
use store::find::PatientRow;
use store::work::WorkItem;
use store::{AuditEntry, Store, View};

/// Work with whose chart it is about.
type Found = (WorkItem, Option<PatientRow>);

/// Items shown at most.
pub const ITEMS_MAX: usize = 200;
/// Items weighed at most: those due first.
pub const WEIGHED_MAX: i64 = 5_000;

/// An item of the queue, with the sum behind its place.
#[derive(Clone, Debug)]
pub struct Item {
    /// The item.
    pub work: WorkItem,
    /// The patient.
    pub patient: Option<PatientRow>,
    /// How the queue weighs it.
    pub kind: WorkKind,
    /// What is to be done, of what: `Code the inpatient stay of 12 Mar, discharged 5 days ago`.
    pub title: String,
    /// What tells it from others like it: its encounter and facility, and what else is known.
    pub note: String,
    /// The day on which it is due, at the facility.
    pub due_on: Option<Date>,
    /// The sum and its terms.
    pub priority: Priority,
}

/// The queue of one person.
#[derive(Clone, Debug)]
pub struct Queue {
    /// The most pressing items first.
    pub items: Vec<Item>,
    /// How many there are of each kind.
    pub counts: BTreeMap<WorkKind, u64>,
    /// How many there are of the kind that was asked for.
    pub found: usize,
    /// Whether there are more than could be weighed.
    pub more: bool,
    /// Today at the facility.
    pub today: Date,
}

/// The queue of the person who asks, or one kind of it: the work of their roles and what is
/// assigned to them.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn list(
    store: &Store,
    context: &Context,
    person: i64,
    kind: Option<WorkKind>,
) -> Result<Queue, Error> {
    store.read(context, |view| {
        let found = view.work_list(&context.roles, Some(person), WEIGHED_MAX)?;
        let more = found.len() as i64 == WEIGHED_MAX;
        let mut counts = BTreeMap::new();
        for (work, _) in &found {
            *counts.entry(kind_of(&work.kind).0).or_insert(0) += 1;
        }
        let of_kind = |(work, _): &(WorkItem, _)| kind.is_none_or(|k| kind_of(&work.kind).0 == k);
        let found: Vec<_> = found.into_iter().filter(of_kind).collect();
        let count = found.len();
        let zone = zone_of(view)?;
        let today = context.at.date_in(&zone);
        let items = ordered(view, found, &zone, ITEMS_MAX)?;
        let patients: Vec<_> = items.iter().filter_map(|item| item.work.patient).collect();
        let entry = AuditEntry::new(context, "work.list", "work").patients(patients);
        Ok((Queue { items, counts, found: count, more, today }, entry))
    })
}

/// These items in the order of the queue, the first of them in full.
fn ordered(
    view: &mut View<'_>,
    found: Vec<Found>,
    zone: &TimeZone,
    limit: usize,
) -> Result<Vec<Item>, Error> {
    let now = view.context().at;
    let today = now.date_in(zone);
    let terms = rules::queue_terms(view, today)?;
    let blocked = view.work_counts_of_patients()?;
    let weighed: Vec<queue::WorkItem> =
        found.iter().map(|(work, _)| weighed(work, &blocked)).collect();
    let mut rows: HashMap<String, (WorkItem, Option<PatientRow>)> =
        found.into_iter().map(|one| (key(&one.0), one)).collect();
    let mut items = Vec::new();
    for (weighed, priority) in ranked(&weighed, &terms, now, zone).into_iter().take(limit) {
        let Some((work, patient)) = rows.remove(&weighed.id) else { continue };
        let (title, note) = title::title(view, &work, zone)?;
        items.push(Item {
            title,
            note,
            due_on: work.due_at.map(|due| due.date_in(zone)),
            kind: weighed.kind,
            priority,
            work,
            patient,
        });
    }
    Ok(items)
}

fn ranked(
    items: &[queue::WorkItem],
    terms: &QueueTerms,
    now: record::Instant,
    zone: &TimeZone,
) -> Vec<(queue::WorkItem, Priority)> {
    queue::order(items, terms, now, zone)
}

/// Ids of equal sums stand by number.
fn key(work: &WorkItem) -> String {
    format!("{:020}", work.id)
}

/// What the queue weighs of an item. Other work about a patient who may be two waits for the
/// decision on that.
fn weighed(work: &WorkItem, of_patients: &HashMap<PatientKey, i64>) -> queue::WorkItem {
    let (kind, _) = kind_of(&work.kind);
    let about = work.patient.and_then(|patient| of_patients.get(&patient)).copied().unwrap_or(1);
    let others = u32::try_from(about - 1).unwrap_or(0);
    queue::WorkItem {
        id: key(work),
        kind,
        due: work.due_at,
        opened: work.opened_at,
        is_stat: work.is_stat,
        waiting_cents: work.waiting_cents,
        blocked_items: if kind == WorkKind::Duplicate { others } else { 0 },
    }
}

#[cfg(test)]
mod tests;
