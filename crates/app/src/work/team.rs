//! The supervisor's side of the queue: load and lateness, assigning, who is away.

use super::{Item, kind_of, ordered};
use crate::Error;
use crate::access::{Right, require};
use crate::coding::zone_of;
use crate::people::field;
use crate::rules::{Setting, setting};
use integrity::WorkKind;
use jiff::ToSpan;
use jiff::civil::Date;
use record::{Context, Instant, Role};
use std::collections::BTreeMap;
use store::absence::Absence;
use store::person::{Person, PersonCredential};
use store::work::{WorkCount, WorkItem};
use store::{AuditEntry, Store, Transaction, View};

/// Items that the page lists.
const LISTED_MAX: usize = 200;
/// Items weighed at most.
const WEIGHED_MAX: i64 = 20_000;
/// Items assigned at once.
const ASSIGNED_MAX: usize = 500;
/// Days of an absence at most.
const ABSENCE_DAYS_MAX: i32 = 366;

/// How much is open and late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Open items.
    pub open: i64,
    /// Of these, late.
    pub late: i64,
    /// The earliest due date.
    pub first_due: Option<Instant>,
}

impl Load {
    fn add(&mut self, count: &WorkCount) {
        self.open += count.open;
        self.late += count.late;
        self.first_due = [self.first_due, count.first_due].into_iter().flatten().min();
    }
}

/// Somebody who works on the queue.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// What is assigned to them.
    pub load: Load,
    /// When they are away, now or soon.
    pub absences: Vec<Absence>,
    /// Whether they are away today.
    pub away: bool,
}

/// A credential that has expired, or soon will.
#[derive(Clone, Debug)]
pub struct Expiring {
    /// Whose.
    pub name: String,
    /// Which.
    pub credential: PersonCredential,
    /// Its last day.
    pub last_day: Date,
}

/// Which items are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct TeamFilter {
    /// Of this role.
    pub role: Option<Role>,
    /// Of this kind.
    pub kind: Option<WorkKind>,
    /// Assigned to this person; zero is nobody.
    pub person: Option<i64>,
    /// Late only.
    pub late: bool,
}

impl TeamFilter {
    fn fits(&self, work: &WorkItem, now: Instant) -> bool {
        self.role.is_none_or(|role| work.role == role)
            && self.kind.is_none_or(|kind| kind_of(&work.kind).0 == kind)
            && self.person.is_none_or(|person| work.assigned_to.unwrap_or(0) == person)
            && (!self.late || work.due_at.is_some_and(|due| due < now))
    }
}

/// What became of assigning all items of a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assigned {
    /// Items that went over.
    pub assigned: usize,
    /// Items that the person may not do, or would not see; they stay where they are.
    pub left: usize,
    /// Why the first of those stays.
    pub why: String,
    /// Whether there are more of the filter than go over at once.
    pub more: bool,
}

/// The queue as a supervisor sees it.
#[derive(Clone, Debug)]
pub struct Team {
    /// By role.
    pub roles: Vec<(Role, Load)>,
    /// By kind.
    pub kinds: BTreeMap<WorkKind, Load>,
    /// By person, those who may work on the queue.
    pub members: Vec<Member>,
    /// What is assigned to nobody.
    pub nobody: Load,
    /// Items of the filter, the most pressing first.
    pub items: Vec<Item>,
    /// How many the filter finds.
    pub found: usize,
    /// Open items that this person may not see.
    pub withheld: i64,
    /// Credentials that expire.
    pub expiring: Vec<Expiring>,
    /// Today at the facility.
    pub today: Date,
}

/// Load and lateness by role, person and kind, with the items of a filter.
///
/// # Errors
/// [`Error::Forbidden`] without the right to assign.
pub fn team(store: &Store, context: &Context, filter: TeamFilter) -> Result<Team, Error> {
    require(store, context, Right::Assign)?;
    store.read(context, |view| {
        let zone = zone_of(view)?;
        let today = context.at.date_in(&zone);
        let counts = view.work_counts(context.at)?;
        let found = view.work_list_all(WEIGHED_MAX)?;
        let open: i64 = counts.iter().map(|count| count.open).sum();
        let withheld = open - found.len() as i64;
        let wanted = found.into_iter().filter(|(work, _)| filter.fits(work, context.at));
        let wanted: Vec<_> = wanted.collect();
        let count = wanted.len();
        let items = ordered(view, wanted, &zone, LISTED_MAX)?;
        let (members, nobody) = members(view, &counts, today)?;
        let (roles, kinds) = by_role_and_kind(&counts);
        let expiring = expiring(view, &members, today)?;
        let patients: Vec<_> = items.iter().filter_map(|item| item.work.patient).collect();
        let entry = AuditEntry::new(context, "work.team", "work").patients(patients);
        let team =
            Team { roles, kinds, members, nobody, items, found: count, withheld, expiring, today };
        Ok((team, entry))
    })
}

fn by_role_and_kind(counts: &[WorkCount]) -> (Vec<(Role, Load)>, BTreeMap<WorkKind, Load>) {
    let of_role = |role: &Role| {
        let mut load = Load::default();
        counts.iter().filter(|count| count.role == *role).for_each(|count| load.add(count));
        (*role, load)
    };
    let roles = Role::ALL.iter().map(of_role).filter(|(_, load)| load.open > 0).collect();
    let mut kinds: BTreeMap<WorkKind, Load> = BTreeMap::new();
    for count in counts {
        kinds.entry(kind_of(&count.kind).0).or_default().add(count);
    }
    (roles, kinds)
}

fn members(
    view: &mut View<'_>,
    counts: &[WorkCount],
    today: Date,
) -> Result<(Vec<Member>, Load), Error> {
    let now = view.context().at;
    let absences = view.absence_list(today)?;
    let load = |person: Option<i64>| {
        let mut load = Load::default();
        counts.iter().filter(|count| count.person == person).for_each(|count| load.add(count));
        load
    };
    let mut members = Vec::new();
    for person in view.person_list()? {
        let (load, is_usable) = (load(Some(person.id)), person.usable(now));
        if !is_usable && load.open == 0 {
            continue;
        }
        let absences: Vec<Absence> =
            absences.iter().filter(|absence| absence.person == person.id).cloned().collect();
        let away = absences.iter().any(|absence| absence.from <= today);
        members.push(Member { person, load, absences, away });
    }
    Ok((members, load(None)))
}

fn expiring(view: &mut View<'_>, members: &[Member], today: Date) -> Result<Vec<Expiring>, Error> {
    let days = setting(view, Setting::CredentialExpiryDays, today)?;
    let last = today.saturating_add(days.days());
    let mut expiring = Vec::new();
    for member in members {
        for credential in view.person_credentials(member.person.id)? {
            let Ok(last_day) = credential.expires_on.parse::<Date>() else { continue };
            if last_day <= last {
                let name = member.person.name.clone();
                expiring.push(Expiring { name, credential, last_day });
            }
        }
    }
    expiring.sort_by_key(|one| one.last_day);
    Ok(expiring)
}

/// Assigns items to a person, or gives them back to their roles' queues: all of them or none.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::Conflict`] when one is done;
/// [`Error::Refused`] where the person may not do the work.
pub fn assign(
    store: &Store,
    context: &Context,
    items: &[i64],
    person: Option<i64>,
) -> Result<(), Error> {
    require(store, context, Right::Assign)?;
    if items.is_empty() || items.len() > ASSIGNED_MAX {
        return Err(Error::Refused("Choose from 1 to 500 items to assign.".to_owned()));
    }
    store.write(context, |transaction| {
        let person = match person {
            Some(id) => Some(transaction.person(id)?.ok_or(Error::NotFound)?),
            None => None,
        };
        let mut patients = Vec::new();
        for item in items {
            let work = transaction.work_open_item(*item)?;
            if let Some(patient) = work.patient {
                transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
                patients.push(patient);
            }
            if let Some(person) = &person {
                may_do(transaction, person, &work)?;
            }
            transaction.work_assign(*item, person.as_ref().map(|person| person.id))?;
        }
        let to = person.map_or("null".to_owned(), |person| person.id.to_string());
        let entry = AuditEntry::new(context, "work.assign", "work").patients(patients);
        let detail = format!(r#"{{"items":{items:?},"person":{to}}}"#);
        Ok(transaction.audit(&entry.detail(detail))?)
    })
}

/// Assigns all items of a filter to a person, as when somebody is away, or gives them back to
/// their roles' queues. What the person may not do, or would not see, stays where it is.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::Refused`] without a filter;
/// [`Error::NotFound`] for an unknown person.
pub fn assign_all(
    store: &Store,
    context: &Context,
    filter: TeamFilter,
    person: Option<i64>,
) -> Result<Assigned, Error> {
    require(store, context, Right::Assign)?;
    if filter.role.is_none() && filter.kind.is_none() && filter.person.is_none() {
        let why = "Choose a role, a kind or a person first: everybody's work is not moved at once.";
        return Err(Error::Refused(why.to_owned()));
    }
    store.write(context, |transaction| {
        let person = match person {
            Some(id) => Some(transaction.person(id)?.ok_or(Error::NotFound)?),
            None => None,
        };
        let to = person.as_ref().map(|person| person.id);
        let (mut done, mut items, mut patients) = (Assigned::default(), Vec::new(), Vec::new());
        for (work, _) in transaction.work_list_all(WEIGHED_MAX)? {
            if !filter.fits(&work, context.at) || work.assigned_to == to {
                continue;
            }
            if items.len() == ASSIGNED_MAX {
                done.more = true;
                break;
            }
            match person.as_ref().map_or(Ok(()), |person| may_do(transaction, person, &work)) {
                Ok(()) => {
                    transaction.work_assign(work.id, to)?;
                    items.push(work.id);
                    patients.extend(work.patient);
                }
                Err(Error::Refused(why)) => {
                    done.left += 1;
                    if done.why.is_empty() {
                        done.why = why;
                    }
                }
                Err(error) => return Err(error),
            }
        }
        done.assigned = items.len();
        let to = to.map_or("null".to_owned(), |id| id.to_string());
        let entry = AuditEntry::new(context, "work.assign", "work").patients(patients);
        transaction.audit(&entry.detail(format!(r#"{{"items":{items:?},"person":{to}}}"#)))?;
        Ok(done)
    })
}

/// Refuses where this person may not do this work, or could not see it.
fn may_do(
    transaction: &mut Transaction<'_>,
    person: &Person,
    work: &WorkItem,
) -> Result<(), Error> {
    let refuse = |why: String| Err(Error::Refused(why));
    let (kind, right) = kind_of(&work.kind);
    let (name, what) = (&person.name, kind.label());
    if !person.usable(transaction.context().at) {
        return refuse(format!("{name}'s account is closed. Choose somebody else."));
    }
    if !person.roles.iter().any(|role| right.roles().contains(role)) {
        let roles: Vec<&str> = right.roles().iter().map(|role| role.label()).collect();
        return refuse(format!(
            "{name}'s roles do not let them {} ({what}). These do: {}. Choose somebody else.",
            right.label(),
            roles.join(", ")
        ));
    }
    if !transaction.work_shown_to(work.id, person.cleared)? {
        return refuse(format!(
            "{name} is not cleared for the sensitive class of this chart, or of what the item \
             is about, and would not see the item ({what}). Choose somebody else."
        ));
    }
    Ok(())
}

/// Notes that a person is away from a day to a day.
///
/// # Errors
/// [`Error::Invalid`] names the fields; [`Error::NotFound`] for an unknown person.
pub fn absence_create(
    store: &Store,
    context: &Context,
    person: i64,
    from: &str,
    until: &str,
) -> Result<(), Error> {
    require(store, context, Right::Assign)?;
    let day = |text: &str| text.trim().parse::<Date>();
    let (Ok(from), Ok(until)) = (day(from), day(until)) else {
        let name = if day(from).is_err() { "from" } else { "until" };
        return Err(Error::Invalid(vec![field(name, "Give the day as 2026-03-04.")]));
    };
    if until < from || (until - from).get_days() > ABSENCE_DAYS_MAX {
        let reason = "The last day must not lie before the first, nor more than a year after it.";
        return Err(Error::Invalid(vec![field("until", reason)]));
    }
    store.write(context, |transaction| {
        transaction.person(person)?.ok_or(Error::NotFound)?;
        let id = transaction.absence_create(person, from, until)?;
        let entry = AuditEntry::new(context, "absence.create", format!("absence/{id}"));
        Ok(transaction.audit(&entry.detail(format!(r#"{{"person":{person}}}"#)))?)
    })
}

/// Ends an absence before its time.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it has been ended.
pub fn absence_end(store: &Store, context: &Context, absence: i64) -> Result<(), Error> {
    require(store, context, Right::Assign)?;
    store.write(context, |transaction| {
        transaction.absence_end(absence)?;
        let entry = AuditEntry::new(context, "absence.end", format!("absence/{absence}"));
        Ok(transaction.audit(&entry)?)
    })
}
