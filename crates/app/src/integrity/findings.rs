//! The checks with their scores, and their findings.

use super::places::{Place, places};
use crate::Error;
use crate::access::{Right, allowed, require};
use crate::entry::names;
use integrity::checks::{Check, all, by_name};
use record::Context;
use std::collections::BTreeMap;
use store::find::PatientRow;
use store::quality::{QualityCount, QualityEvent, QualityFinding, QualityRun};
use store::{AuditEntry, ResourceRow, Store, View};

/// Findings that a list shows.
pub const FINDINGS_MAX: i64 = 300;
/// Runs whose counts a trend shows.
const TREND_RUNS: i64 = 60;

/// Findings by how they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// To be mended.
    Open,
    /// Known, and not a fault, for a time.
    Accepted,
    /// Mended.
    Fixed,
}

impl Part {
    /// Every part, in the order of the tabs.
    pub const ALL: &'static [Part] = &[Part::Open, Part::Accepted, Part::Fixed];

    /// The word in addresses and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Open => "open",
            Part::Accepted => "accepted",
            Part::Fixed => "fixed",
        }
    }

    /// The word on the tab.
    pub fn label(self) -> &'static str {
        match self {
            Part::Open => "To mend",
            Part::Accepted => "Accepted",
            Part::Fixed => "Mended",
        }
    }

    /// Reads the word of an address.
    pub fn parse(text: &str) -> Option<Part> {
        Part::ALL.iter().copied().find(|part| part.as_str() == text)
    }
}

/// How a check stands.
#[derive(Clone, Debug)]
pub struct CheckStanding {
    /// The check.
    pub check: &'static Check,
    /// Findings to be mended, over all charts.
    pub open_count: i64,
    /// Findings that are accepted, over all charts.
    pub accepted_count: i64,
    /// What it counted in the last run that ended.
    pub last: Option<QualityCount>,
    /// What it counted in the run before that.
    pub before: Option<QualityCount>,
}

/// All checks with their scores.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The checks, in the order of the manual.
    pub checks: Vec<CheckStanding>,
    /// The latest run, ended or not.
    pub run: Option<QualityRun>,
    /// Counts of the last runs that ended, the oldest first.
    pub counts: Vec<QualityCount>,
    /// Findings to be mended that are on entries which this person may not see.
    pub withheld_count: i64,
}

/// The checks with their scores. Totals count all charts; nothing of a patient is shown.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn overview(store: &Store, context: &Context) -> Result<Overview, Error> {
    require(store, context, Right::Integrity)?;
    store.read(context, |view| {
        let overview = overview_in(view)?;
        Ok((overview, AuditEntry::new(context, "quality.overview", "quality")))
    })
}

fn overview_in(view: &mut View<'_>) -> Result<Overview, Error> {
    let standing = view.quality_standing()?;
    let counts = view.quality_counts(TREND_RUNS)?;
    let of = |check: &str, state: &str| -> i64 {
        let fits = |row: &&(String, String, i64, i64)| row.0 == check && row.1 == state;
        standing.iter().filter(fits).map(|row| row.2).sum()
    };
    let checks = all()
        .iter()
        .map(|check| {
            let mut counted = counts.iter().rev().filter(|count| count.check == check.name);
            CheckStanding {
                check,
                open_count: of(check.name, "open"),
                accepted_count: of(check.name, "accepted"),
                last: counted.next().cloned(),
                before: counted.next().cloned(),
            }
        })
        .collect();
    let open = standing.iter().filter(|row| row.1 == "open");
    let withheld_count = open.map(|(_, _, all, shown)| all - shown).sum();
    let run = view.quality_runs(1)?.pop();
    Ok(Overview { checks, run, counts, withheld_count })
}

/// A finding as a list shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The finding.
    pub finding: QualityFinding,
    /// Whose chart.
    pub patient: PatientRow,
}

/// Findings in one state.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Those that are shown.
    pub findings: Vec<Listed>,
    /// How many there are, hidden ones included.
    pub total_count: i64,
    /// How many of them this person may not see.
    pub withheld_count: i64,
}

/// Findings in one state, of one check or of all, the oldest first. Hidden is absent; how many
/// are withheld is told.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn list(
    store: &Store,
    context: &Context,
    part: Part,
    check: Option<&str>,
) -> Result<Listing, Error> {
    require(store, context, Right::Integrity)?;
    store.read(context, |view| {
        let listing = listing_in(view, part, check)?;
        let patients = listing.findings.iter().map(|one| one.finding.patient);
        let entry = AuditEntry::new(context, "quality.list", part.as_str()).patients(patients);
        Ok((listing, entry))
    })
}

fn listing_in(view: &mut View<'_>, part: Part, check: Option<&str>) -> Result<Listing, Error> {
    let standing = view.quality_standing()?;
    let fits = |row: &&(String, String, i64, i64)| {
        row.1 == part.as_str() && check.is_none_or(|name| row.0 == name)
    };
    let (mut total_count, mut withheld_count) = (0, 0);
    for (_, _, all, shown) in standing.iter().filter(fits) {
        total_count += all;
        withheld_count += all - shown;
    }
    let mut findings = Vec::new();
    for finding in view.quality_list(part.as_str(), check, FINDINGS_MAX)? {
        if let Some(patient) = view.patient_row(finding.patient)? {
            findings.push(Listed { finding, patient });
        }
    }
    Ok(Listing { findings, total_count, withheld_count })
}

/// The open findings of a group that is one piece of work.
///
/// # Errors
/// [`Error::NotFound`] where there is no such group.
pub fn group(store: &Store, context: &Context, group: i64) -> Result<(String, Listing), Error> {
    require(store, context, Right::Integrity)?;
    store.read(context, |view| {
        let (check, total_count, seen_count) = view.quality_group(group)?.ok_or(Error::NotFound)?;
        let mut findings = Vec::new();
        for finding in view.quality_group_list(group, FINDINGS_MAX)? {
            if let Some(patient) = view.patient_row(finding.patient)? {
                findings.push(Listed { finding, patient });
            }
        }
        let title = by_name(&check).map_or(check, |check| check.title.to_owned());
        let patients = findings.iter().map(|one| one.finding.patient);
        let entry = AuditEntry::new(context, "quality.group", format!("finding-group/{group}"))
            .patients(patients);
        let withheld_count = total_count - seen_count;
        Ok(((title, Listing { findings, total_count, withheld_count }), entry))
    })
}

/// A check with its counts over time and its open findings.
///
/// # Errors
/// [`Error::NotFound`] where there is no such check.
pub fn check_page(
    store: &Store,
    context: &Context,
    name: &str,
) -> Result<(CheckStanding, Vec<QualityCount>, Listing), Error> {
    require(store, context, Right::Integrity)?;
    let check = by_name(name).ok_or(Error::NotFound)?;
    store.read(context, |view| {
        let mut overview = overview_in(view)?;
        overview.counts.retain(|count| count.check == check.name);
        let standing = overview.checks.into_iter().find(|one| one.check.name == check.name);
        let standing = standing.ok_or(Error::NotFound)?;
        let listing = listing_in(view, Part::Open, Some(check.name))?;
        let patients = listing.findings.iter().map(|one| one.finding.patient);
        let target = format!("check/{}", check.name);
        let entry = AuditEntry::new(context, "quality.check-open", target).patients(patients);
        Ok(((standing, overview.counts, listing), entry))
    })
}

/// A finding that is open on the desk.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The finding.
    pub finding: QualityFinding,
    /// Its check.
    pub check: &'static Check,
    /// Whose chart.
    pub patient: PatientRow,
    /// The entry that fails, without its content.
    pub row: ResourceRow,
    /// What the entry is called and its date, for one who may open charts.
    pub shown: Option<(String, String)>,
    /// Where it is mended, the likeliest place first.
    pub places: Vec<Place>,
    /// What happened to it, the newest first.
    pub events: Vec<QualityEvent>,
    /// Names of those who acted.
    pub names: BTreeMap<String, String>,
}

/// Opens a finding.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or its entry is hidden.
pub fn finding(store: &Store, context: &Context, id: i64) -> Result<Opened, Error> {
    require(store, context, Right::Integrity)?;
    store.read(context, |view| {
        let finding = view.quality_finding(id)?.ok_or(Error::NotFound)?;
        let check = by_name(&finding.check).ok_or(Error::NotFound)?;
        let patient = view.patient_row(finding.patient)?.ok_or(Error::NotFound)?;
        let row = view.resource_by_key(finding.resource)?.ok_or(Error::NotFound)?;
        let shown = match allowed(context, Right::ChartRead) && !row.deleted {
            true => {
                let zone = crate::entry::zone_in(view)?;
                let shown = exchange::fhir::render_in(&view.resource_value(&row)?, &zone);
                Some((shown.title, shown.date_text))
            }
            false => None,
        };
        let places = if row.deleted { Vec::new() } else { places(view, &finding, &row)? };
        let events = view.quality_events(&finding)?;
        let names = names(view, events.iter().map(|event| event.actor.as_str()))?;
        let entry = AuditEntry::new(context, "quality.open", format!("finding/{id}"))
            .patients([finding.patient]);
        let opened = Opened { finding, check, patient, row, shown, places, events, names };
        Ok((opened, entry))
    })
}
