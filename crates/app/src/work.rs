//! My work: the one queue of all desks, each item with why it stands where it stands.

use crate::Error;
use crate::access::{Right, require};
use record::{Context, Role};
use store::find::PatientRow;
use store::work::WorkItem;
use store::{AuditEntry, Store};

/// Items shown at most.
pub const ITEMS_MAX: i64 = 200;

/// An item of the queue with whose chart it is about, where this person may see it.
#[derive(Clone, Debug)]
pub struct Item {
    /// The item.
    pub work: WorkItem,
    /// The patient.
    pub patient: Option<PatientRow>,
    /// Whole days until it is due; negative when it is late.
    pub days_left: Option<i64>,
    /// Why it stands where it stands.
    pub why: String,
}

const DAY_MICROS: i64 = 86_400_000_000;

/// The queue of the person who asks: the work of their roles and what is assigned to them.
pub fn list(store: &Store, context: &Context, person: i64) -> Result<Vec<Item>, Error> {
    store.read(context, |view| {
        let mut items = Vec::new();
        for work in view.work_list(&context.roles, Some(person), ITEMS_MAX)? {
            let patient = match work.patient {
                Some(key) => view.patient_row(key)?,
                None => None,
            };
            if work.patient.is_some() && patient.is_none() {
                continue; // Hidden is absent.
            }
            let is_finding = work.kind == crate::integrity::WORK_KIND;
            if is_finding && view.quality_finding(work.subject)?.is_none() {
                continue; // The chart is open, the entry is hidden.
            }
            items.push(item(work, patient, context));
        }
        let patients: Vec<_> = items.iter().filter_map(|item| item.work.patient).collect();
        let entry = AuditEntry::new(context, "work.list", "work").patients(patients);
        Ok((items, entry))
    })
}

fn item(work: WorkItem, patient: Option<PatientRow>, context: &Context) -> Item {
    let left = work.due_at.map(|due| due.0 - context.at.0);
    let days_left = left.map(|left| left.div_euclid(DAY_MICROS));
    let waits = (context.at.0 - work.opened_at.0).div_euclid(DAY_MICROS);
    let due = match days_left {
        None => "No due date: after everything that has one".to_owned(),
        Some(days) if days < 0 => format!("Late by {}: first", days_text(-days)),
        Some(0) => "Due within a day".to_owned(),
        Some(days) => format!("Due in {}", days_text(days)),
    };
    let waits = match waits {
        0 => "came today".to_owned(),
        days => format!("waits {}", days_text(days)),
    };
    Item { why: format!("{due}; {waits}."), work, patient, days_left }
}

fn days_text(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// Assigns an item to a person, or gives it back to its role's queue.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::NotFound`] when the item is done.
pub fn assign(
    store: &Store,
    context: &Context,
    item: i64,
    person: Option<i64>,
) -> Result<(), Error> {
    require(store, context, Right::Assign)?;
    store.write(context, |transaction| {
        transaction.work_assign(item, person)?;
        let entry = AuditEntry::new(context, "work.assign", format!("work/{item}"));
        let to = person.map_or("null".to_owned(), |id| id.to_string());
        Ok(transaction.audit(&entry.detail(format!(r#"{{"person":{to}}}"#)))?)
    })
}

/// Every open item with its role, for a supervisor: load and lateness.
pub fn load(store: &Store, context: &Context) -> Result<Vec<(Role, u64, u64)>, Error> {
    require(store, context, Right::Assign)?;
    store.read(context, |view| {
        let items = view.work_list_all(100_000)?;
        let late = |item: &&WorkItem| item.due_at.is_some_and(|due| due < context.at);
        let of_role = |role: &Role| {
            let mine: Vec<&WorkItem> = items.iter().filter(|item| item.role == *role).collect();
            (*role, mine.len() as u64, mine.iter().copied().filter(late).count() as u64)
        };
        let load = Role::ALL.iter().map(of_role).filter(|(_, open, _)| *open > 0).collect();
        Ok((load, AuditEntry::new(context, "work.load", "work")))
    })
}
