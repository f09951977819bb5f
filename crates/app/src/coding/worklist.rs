//! Encounters that wait for codes, and the finding of those that nobody queued yet.

use super::WORK_KIND;
use super::facts::{days_between, zone_of};
use crate::Error;
use crate::access::{Right, require};
use crate::rules::{Setting, setting};
use exchange::fhir::build::EncounterClass;
use exchange::fhir::stay;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::{Context, Instant, PatientKey, ResourceKey, Role};
use store::coding::{CodingWork, NewCodingWork};
use store::find::PatientRow;
use store::work::NewWork;
use store::{AuditEntry, ResourceRow, Store, Transaction};

/// Encounters that one page lists.
const LISTED_MAX: i64 = 200;
/// Encounters queued in one transaction.
const QUEUED_AT_ONCE: i64 = 200;
const DAY_SECONDS: i64 = 86_400;
/// The setting that holds up to where charges have been weighed.
const CHARGES_MARK: &str = "coding.charges-mark";
/// Charges weighed in one transaction.
const CHARGES_AT_ONCE: i64 = 500;

/// An encounter that waits.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The work.
    pub work: CodingWork,
    /// Whose.
    pub patient: PatientRow,
    /// Days since discharge or service.
    pub days_since: i64,
    /// Who codes it.
    pub coder: Option<String>,
}

/// Discharged, not final billed, for one setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unbilled {
    /// Encounters without final codes.
    pub encounters: i64,
    /// Of these, on hold.
    pub on_hold: i64,
    /// The sum of their days since discharge.
    pub days: i64,
    /// The most days of one of them.
    pub days_max: i64,
}

/// One side of the worklist.
#[derive(Clone, Debug)]
pub struct Worklist {
    /// What waits, due first.
    pub items: Vec<Listed>,
    /// Figures of inpatient stays.
    pub inpatient: Unbilled,
    /// Figures of outpatient encounters.
    pub outpatient: Unbilled,
    /// Encounters of this side that the list leaves out: hidden, or beyond its end.
    pub not_listed: i64,
}

/// What waits for codes.
///
/// # Errors
/// [`Error::Forbidden`] without the right to code.
pub fn worklist(store: &Store, context: &Context, is_inpatient: bool) -> Result<Worklist, Error> {
    require(store, context, Right::Code)?;
    store.read(context, |view| {
        let zone = zone_of(view)?;
        let today = context.at.date_in(&zone);
        let mut items = Vec::new();
        for (work, patient) in view.coding_list(is_inpatient, LISTED_MAX)? {
            let coder = match work.coder {
                Some(person) => view.person(person)?.map(|person| person.name),
                None => None,
            };
            items.push(listed(work, patient, coder, today));
        }
        let (mut inpatient, mut outpatient) = (Unbilled::default(), Unbilled::default());
        for (is_stay, state, day, count) in view.coding_counts()? {
            let figures = if is_stay { &mut inpatient } else { &mut outpatient };
            add(figures, &state, days_since(&day, today), count);
        }
        let of_side = if is_inpatient { inpatient } else { outpatient };
        let not_listed = of_side.encounters - items.len() as i64;
        let patients: Vec<_> = items.iter().map(|item| item.work.patient).collect();
        let entry = AuditEntry::new(context, "coding.list", "coding").patients(patients);
        Ok((Worklist { items, inpatient, outpatient, not_listed }, entry))
    })
}

fn listed(work: CodingWork, patient: PatientRow, coder: Option<String>, today: Date) -> Listed {
    let days_since = days_since(&work.ended_on, today);
    Listed { work, patient, days_since, coder }
}

fn days_since(day: &str, today: Date) -> i64 {
    day.parse::<Date>().map_or(0, |day| days_between(day, today))
}

fn add(figures: &mut Unbilled, state: &str, days: i64, count: i64) {
    figures.encounters += count;
    if state == "on-hold" {
        figures.on_hold += count;
    }
    figures.days += days * count;
    figures.days_max = figures.days_max.max(days);
}

/// Queues every finished encounter that ended since a day and is not queued yet; returns how many.
/// Without a day: as far back as the setting says.
///
/// # Errors
/// [`Error::Forbidden`] without the right to code.
pub fn find_work(store: &Store, context: &Context, since: Option<Date>) -> Result<u64, Error> {
    require(store, context, Right::Code)?;
    let mut queued = 0;
    loop {
        let (found, more) = store.write(context, |transaction| {
            let zone = zone_of(transaction)?;
            let today = context.at.date_in(&zone);
            let look_back_days = setting(transaction, Setting::CodingLookBackDays, today)?;
            let due_days = setting(transaction, Setting::BillHoldDays, today)?;
            let from = match since.map(|day| day.to_zoned(zone.clone())) {
                Some(Ok(zoned)) => Instant::from_timestamp(zoned.timestamp()),
                Some(Err(_)) => return Err(Error::Refused("This day is out of range.".into())),
                None => context.at.plus_seconds(-look_back_days * DAY_SECONDS),
            };
            let rows = transaction.coding_missing(from, QUEUED_AT_ONCE)?;
            let mut found = 0;
            for row in &rows {
                found += u64::from(queue(transaction, row, &zone, due_days)?);
            }
            let detail = format!(r#"{{"queued":{found}}}"#);
            transaction.audit(&AuditEntry::new(context, "coding.find", "coding").detail(detail))?;
            Ok((found, rows.len() as i64 == QUEUED_AT_ONCE && found > 0))
        })?;
        queued += found;
        if !more {
            weigh_charged(store, context)?;
            return Ok(queued);
        }
    }
}

/// Queues an encounter; false where it states no end, which a quality check finds.
fn queue(
    transaction: &mut Transaction<'_>,
    row: &ResourceRow,
    zone: &TimeZone,
    due_days: i64,
) -> Result<bool, Error> {
    let value = transaction.resource_value(row)?;
    let (Some(stay), Some(patient)) = (stay(&value, zone), row.patient) else { return Ok(false) };
    let Some(ended_at) = stay.ended_at.or(row.first_at) else { return Ok(false) };
    let is_inpatient = stay.class == Some(EncounterClass::Inpatient);
    let due_at = ended_at.plus_seconds(due_days * DAY_SECONDS);
    let day = |at: Instant| at.date_in(zone).to_string();
    let new = NewCodingWork {
        encounter: row.resource,
        patient,
        is_inpatient,
        started_on: day(stay.started_at.unwrap_or(ended_at)),
        ended_on: day(ended_at),
        due_at,
    };
    let id = transaction.coding_create(&new)?;
    let what = if is_inpatient { "Inpatient stay" } else { "Outpatient encounter" };
    let reason = format!("{what} that ended on {}.", new.ended_on);
    work_open(transaction, (id, row.resource), patient, due_at, &reason)?;
    Ok(true)
}

/// Queues an encounter at once that was finished by the API or at the registration desk. One of
/// long ago is left to who asks for it.
pub(crate) fn queue_finished(
    transaction: &mut Transaction<'_>,
    row: &ResourceRow,
) -> Result<(), Error> {
    let is_finished = row.kind == "Encounter" && row.status.as_deref() == Some("finished");
    if !is_finished || row.deleted || transaction.coding_about(row.resource)?.is_some() {
        return Ok(());
    }
    let (zone, now) = (zone_of(transaction)?, transaction.context().at);
    let today = now.date_in(&zone);
    let look_back_days = setting(transaction, Setting::CodingLookBackDays, today)?;
    let due_days = setting(transaction, Setting::BillHoldDays, today)?;
    let since = now.plus_seconds(-look_back_days * DAY_SECONDS);
    let ended = stay(&transaction.resource_value(row)?, &zone).and_then(|stay| stay.ended_at);
    if ended.or(row.first_at).is_some_and(|ended| ended >= since) {
        queue(transaction, row, &zone, due_days)?;
    }
    Ok(())
}

/// Weighs the open work anew of encounters whose charges were written since the last look: what
/// is not billed yet counts behind the order of My work.
fn weigh_charged(store: &Store, context: &Context) -> Result<(), Error> {
    loop {
        let more = store.write(context, |transaction| {
            let mark = transaction.setting(CHARGES_MARK)?;
            let mark = mark.and_then(|text| text.parse().ok()).unwrap_or(0);
            let end = transaction.quality_mark()?;
            let charged = transaction.charges_since(mark, CHARGES_AT_ONCE)?;
            for (_, encounter) in &charged {
                weigh_encounter(transaction, encounter)?;
            }
            let is_all = (charged.len() as i64) < CHARGES_AT_ONCE;
            let next = match charged.last() {
                Some((version, _)) if !is_all => version + 1,
                _ => end,
            };
            // A mark that stands where nothing was charged since is not written again.
            if !charged.is_empty() {
                transaction.setting_put(CHARGES_MARK, &next.to_string())?;
            }
            Ok::<_, Error>(!is_all)
        })?;
        if !more {
            return Ok(());
        }
    }
}

/// Weighs the work anew of the encounter of a charge that was just written.
pub(crate) fn weigh_charge(
    transaction: &mut Transaction<'_>,
    row: &ResourceRow,
) -> Result<(), Error> {
    match &row.encounter {
        Some(encounter) if matches!(&row.kind[..], "ChargeItem" | "Claim") => {
            weigh_encounter(transaction, encounter)
        }
        _ => Ok(()),
    }
}

fn weigh_encounter(transaction: &mut Transaction<'_>, encounter: &str) -> Result<(), Error> {
    let Some(key) = transaction.encounter_key(encounter)? else { return Ok(()) };
    let Some(coding) = transaction.coding_about(key)? else { return Ok(()) };
    let Some(work) = transaction.work_about(WORK_KIND, coding)? else { return Ok(()) };
    let cents = transaction.encounter_cents(key)?;
    if work.waiting_cents != cents {
        transaction.work_weigh(work.id, work.is_stat, cents)?;
    }
    Ok(())
}

/// Opens the item of My work for an encounter.
pub(super) fn work_open(
    transaction: &mut Transaction<'_>,
    (id, encounter): (i64, ResourceKey),
    patient: PatientKey,
    due_at: Instant,
    reason: &str,
) -> Result<(), Error> {
    let work = NewWork {
        kind: WORK_KIND,
        subject: id,
        patient: Some(patient),
        role: Role::Coder,
        due_at: Some(due_at),
        reason,
    };
    let item = transaction.work_open(&work)?;
    // What waits to be billed with the codes.
    let cents = transaction.encounter_cents(encounter)?;
    if cents.is_some() {
        transaction.work_weigh(item, false, cents)?;
    }
    Ok(())
}
