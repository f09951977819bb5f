//! Code sets of the site: taking a publisher's file in, and what that changes.
//!
//! ```text
//! bytes -> layout by content -> read whole -> what it adds, revises, retires, and whom it touches
//!       -> the file and one row in one transaction -> engines that were built before it
//! ```
//!
//! A load that was wrong is withdrawn: [`withdraw`].

mod touched;
mod withdrawal;

use crate::access::{Right, require};
use crate::coding::engines::{Engines, engines, in_force, keep, loads, put_together};
use crate::{Error, FieldError};
use coding::codeset::{Edition, System, Validity, embedded};
use coding::grouper::Tables;
use coding::import::changes::{self, Changes};
use coding::import::layout::{Layout, recognized};
use coding::import::lifecycle::{self, LoadAction, LoadState};
use coding::import::loaded::{self, Content, Loaded};
use coding::import::zip;
use jiff::civil::Date;
use record::{ContentHash, Context, Instant};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::code_set::{CodeSetLoad, NewCodeSetLoad};
use store::{AuditEntry, SITE_UNIT, Store};

use touched::Touching;
pub use touched::{FavouritesTouched, Touched};
pub use withdrawal::{Withdrawn, about, withdraw};

/// The largest file that the browser brings, in bytes.
pub const UPLOAD_BYTES_MAX: usize = 256 << 20;
/// Level of packing.
const PACK_LEVEL: i32 = 3;

/// A file that is brought.
#[derive(Clone, Copy)]
pub struct Brought<'a> {
    /// Its content.
    pub bytes: &'a [u8],
    /// From when it is in force; files that name their fiscal year need no date.
    pub effective: Option<Date>,
    /// Whether it is taken although it holds far fewer codes than the set before.
    pub may_be_fewer: bool,
    /// Whether it is only looked at.
    pub is_dry_run: bool,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It was loaded.
    Loaded,
    /// Its content is held since before: nothing was done.
    Held,
    /// It could be loaded; nothing was done.
    Checked,
}

/// What a load adds, revises, retires and touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What became of the file.
    pub state: State,
    /// Its layout.
    pub layout: Layout,
    /// First and last dates on which it is in force.
    pub dates: (Date, Date),
    /// When its content was loaded, where it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_since: Option<Date>,
    /// Codes or entries that it holds.
    pub entries_count: usize,
    /// What it changes.
    #[serde(flatten)]
    pub changes: Changes,
    /// Whom it touches.
    pub touched: Touched,
    /// What was left out, and why.
    pub findings: Vec<String>,
}

/// Takes a publisher's file in, or says what it would change.
///
/// # Errors
/// [`Error::Refused`] with the line where the file is wrong or cut: then nothing is changed;
/// [`Error::Forbidden`] without the right to administer.
pub fn load(store: &Store, context: &Context, brought: &Brought<'_>) -> Result<Report, Error> {
    require(store, context, Right::Administer)?;
    if zip::is_zip(brought.bytes) {
        let mut members = members(brought.bytes)?;
        if members.len() > 1 {
            let names: Vec<String> = members.into_iter().map(|member| member.name).collect();
            return Err(Error::Refused(format!(
                "Line 1: this ZIP file holds several files that can be loaded ({}). Unpack it, and \
                 load those that you want.",
                names.join(", ")
            )));
        }
        let bytes = members.pop().map(|member| member.bytes).unwrap_or_default();
        return load(store, context, &Brought { bytes: &bytes, ..*brought });
    }
    let source_hash = ContentHash::of(brought.bytes);
    if let Some(held) = store.look(context, |view| view.code_set_load_by_hash(source_hash))? {
        return held_report(&held);
    }
    let layout = layout_of(brought.bytes)?;
    let loaded = loaded::read(layout, brought.bytes, brought.effective)
        .map_err(|error| Error::Refused(capitalized(&error.to_string())))?;
    let now = engines(store, context)?;
    let changes = changes_of(store, context, &now, &loaded)?;
    let (cut, may_be_fewer) = (changes.looks_cut(), brought.may_be_fewer);
    let doing = match brought.is_dry_run {
        true => LoadAction::Check { looks_cut: cut, may_be_fewer },
        false => LoadAction::Load { looks_cut: cut, may_be_fewer },
    };
    // What is held, and not withdrawn, was answered above.
    lifecycle::apply(LoadState::NotHeld, doing)
        .map_err(|_| Error::Refused(looks_cut(brought.bytes, &changes)))?;
    let (dates, findings) = (loaded.covers, loaded.findings.clone());
    let entries_count = loaded.entries_count();
    let (marks, before) = loads(store, context, in_force)?;
    let next = put_together(before.into_iter().chain([loaded]).collect())?;
    let (retired, revised) = (named(&changes.retired), named(&changes.revised));
    let touched = Touching {
        now: &now.held,
        next: &next,
        dates,
        layout,
        is_named: &|_, code, _| retired.contains(code) || revised.contains(code),
        is_retired: &|_, code, _| retired.contains(code),
    };
    let touched = touched.count(store, context)?;
    let state = if brought.is_dry_run { State::Checked } else { State::Loaded };
    let report = Report {
        state,
        layout,
        dates,
        held_since: None,
        entries_count,
        changes,
        touched,
        findings,
    };
    if !brought.is_dry_run {
        // Built before the load is made: nobody waits for them afterwards.
        let marks = marks.into_iter().chain([(source_hash, dates.0.to_string())]).collect();
        keep(marks, Arc::new(Engines::of(next)));
        commit(store, context, brought.bytes, source_hash, &report)?;
    }
    Ok(report)
}

fn named(codes: &[String]) -> BTreeSet<&str> {
    codes.iter().map(String::as_str).collect()
}

fn commit(
    store: &Store,
    context: &Context,
    bytes: &[u8],
    source_hash: ContentHash,
    report: &Report,
) -> Result<(), Error> {
    let packed = zstd::bulk::compress(bytes, PACK_LEVEL)
        .map_err(|error| Error::Internal(format!("a code set does not pack: {error}")))?;
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let changes = &report.changes;
    store.write(context, |transaction| {
        let blob = store.blob_stage(transaction, SITE_UNIT, &packed)?;
        let id = transaction.code_set_load_create(&NewCodeSetLoad {
            layout: report.layout.as_str(),
            dates: (report.dates.0.to_string(), report.dates.1.to_string()),
            source_hash,
            size_bytes: count(bytes.len()),
            blob,
            counts: [
                count(report.entries_count),
                count(changes.added.len()),
                count(changes.revised.len()),
                count(changes.retired.len()),
            ],
        })?;
        let detail = format!(
            r#"{{"layout":"{}","from":"{}","entries":{}}}"#,
            report.layout.as_str(),
            report.dates.0,
            report.entries_count
        );
        let entry = AuditEntry::new(context, "code-set.load", format!("code-set/{id}"));
        transaction.audit(&entry.detail(detail))
    })?;
    Ok(())
}

/// Every load, the newest first.
///
/// # Errors
/// [`Error::Forbidden`] without the right to administer.
pub fn list(store: &Store, context: &Context) -> Result<Vec<CodeSetLoad>, Error> {
    require(store, context, Right::Administer)?;
    store.read(context, |view| {
        let mut loads = view.code_set_load_list()?;
        loads.reverse();
        Ok((loads, AuditEntry::new(context, "code-set.list", "code-set")))
    })
}

/// A set that the product ships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// What it holds.
    pub what: &'static str,
    /// Which edition.
    pub name: String,
    /// First and last dates that it covers.
    pub dates: (Date, Date),
}

/// The sets that the product ships. They are no secret: every coder works with them.
pub fn shipped() -> Vec<Shipped> {
    let edition = |what, edition: &Edition| Shipped {
        what,
        name: edition.name.clone(),
        dates: (edition.from, edition.to),
    };
    let dates = |what, table: &Validity| Shipped {
        what,
        name: "Medicare Code Editor".to_owned(),
        dates: (table.from, table.to),
    };
    let mut all = vec![
        edition("ICD-10-CM titles, tree and notes", embedded::icd10cm()),
        dates("ICD-10-CM codes by date", embedded::icd10cm_validity()),
        edition("ICD-10-PCS titles", embedded::icd10pcs()),
        dates("ICD-10-PCS codes by date", embedded::icd10pcs_validity()),
    ];
    all.extend(Tables::shipped().versions().iter().map(|logic| Shipped {
        what: "MS-DRG tables",
        name: format!("v{}.{}", logic.version / 10, logic.version % 10),
        dates: logic.days(),
    }));
    all
}

/// The date that a form gives, or an error of its field.
///
/// # Errors
/// [`Error::Invalid`] for what is no date.
pub fn effective_of(typed: &str) -> Result<Option<Date>, Error> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| {
        let reason = "Give the day as 2026-10-01, or leave it out where the file names its year.";
        Error::Invalid(vec![FieldError::new("effective", reason)])
    })
}

/// The files of a publisher's ZIP file that can be loaded.
///
/// # Errors
/// [`Error::Refused`] where it is cut, or holds none.
pub fn members(bytes: &[u8]) -> Result<Vec<zip::Member>, Error> {
    zip::members(bytes).map_err(|error| Error::Refused(capitalized(&error.to_string())))
}

fn layout_of(bytes: &[u8]) -> Result<Layout, Error> {
    recognized(bytes).ok_or_else(|| {
        let known: Vec<&str> = Layout::ALL.iter().map(|layout| layout.label()).collect();
        Error::Refused(format!(
            "Line 1: this is none of the files that can be loaded, or its first line is cut. Known \
             are: {}.",
            known.join("; ")
        ))
    })
}

fn held_report(held: &CodeSetLoad) -> Result<Report, Error> {
    let broken = || Error::Internal(format!("code set load {} can't be read", held.id));
    let layout = Layout::parse(&held.layout).ok_or_else(broken)?;
    let date = |text: &str| text.parse::<Date>().map_err(|_| broken());
    Ok(Report {
        state: State::Held,
        layout,
        dates: (date(&held.from_date)?, date(&held.to_date)?),
        held_since: Some(day_of(held.at)),
        entries_count: usize::try_from(held.entries_count).unwrap_or_default(),
        changes: Changes::default(),
        touched: Touched::default(),
        findings: Vec::new(),
    })
}

fn day_of(at: Instant) -> Date {
    at.date_in(&jiff::tz::TimeZone::UTC)
}

/// What the file changes: a list of codes against the edition that answers for its first date, or
/// else the nearest; other files against the last load of their layout.
fn changes_of(
    store: &Store,
    context: &Context,
    now: &Engines,
    loaded: &Loaded,
) -> Result<Changes, Error> {
    if let Some(system) = loaded.layout.system() {
        let before = now.sets().edition_on(system, loaded.covers.0);
        let made = loaded.edition(before.filter(|_| system == System::Icd10Cm));
        let made = made.map_err(|error| Error::Refused(capitalized(&error.to_string())))?;
        return Ok(match (before, made) {
            (Some(before), Some(made)) => changes::of_editions(before, &made),
            _ => Changes::default(),
        });
    }
    let all = store.look(context, |view| view.code_set_load_list())?;
    let mut same: Vec<CodeSetLoad> = (all.into_iter().filter(in_force))
        .filter(|load| load.layout == loaded.layout.as_str())
        .collect();
    same.sort_by(|a, b| (&a.from_date, a.id).cmp(&(&b.from_date, b.id)));
    let from = loaded.covers.0.to_string();
    let is_pairs = matches!(loaded.content, Content::NcciPairs(_));
    let is_part = |load: &CodeSetLoad| is_pairs && load.from_date == from;
    // Another part of the same quarter retires nothing of the first.
    let last = same.iter().rev().find(|load| load.from_date <= from && !is_part(load));
    let Some(last) = last.map(|load| load.id) else { return Ok(Changes::default()) };
    let (_, before) = loads(store, context, |load| load.id == last)?;
    Ok(before.first().map_or_else(Changes::default, |before| changes::of_loads(before, loaded)))
}

fn looks_cut(bytes: &[u8], changes: &Changes) -> String {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    format!(
        "Line {lines}: the file ends here, and {} of the {} entries of {} are not in it. It looks \
         cut; nothing was loaded. Get it again, or say that it is meant to hold fewer.",
        changes.retired.len(),
        changes.before_count,
        changes.against.as_deref().unwrap_or("the set before"),
    )
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
