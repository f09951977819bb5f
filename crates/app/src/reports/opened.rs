//! A report as it is opened: figures, tables and plots over one load of rows.

use super::asked::Asked;
use super::catalog::{Needs, Report};
use super::load::{Window, load, load_needs};
use crate::Error;
use crate::access::{Right, require};
use crate::coding::engines::engines;
use coding::import::held::Held;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::Context;
use report::{Figure, Input, Period, Plot, Rows, Table, tables};
use std::collections::BTreeSet;
use store::work::Facility;
use store::{AuditEntry, Store, View};

/// Where and when a report counts.
#[derive(Clone, Debug)]
pub struct Scope {
    /// What was asked for.
    pub asked: Asked,
    /// The days that are counted.
    pub period: Period,
    /// Today at the facility: not over yet, so never counted.
    pub today: Date,
    /// The zone in which days begin and end.
    pub zone: TimeZone,
    /// Its name.
    pub zone_name: String,
    /// Facilities to choose from.
    pub facilities: Vec<Facility>,
    /// Units to choose from.
    pub units: Vec<String>,
    /// When it was made.
    pub at: record::Instant,
}

impl Scope {
    fn of(window: &Window, asked: &Asked, context: &Context) -> Scope {
        let is_asked = |facility: i64| asked.facility.is_none_or(|one| one == facility);
        let units = window.units.iter().filter(|unit| is_asked(unit.facility));
        let units: BTreeSet<String> = units.map(|unit| unit.name.clone()).collect();
        Scope {
            asked: asked.clone(),
            period: window.period,
            today: context.at.date_in(&window.zone),
            zone: window.zone.clone(),
            zone_name: window.zone.iana_name().unwrap_or("UTC").to_owned(),
            facilities: window.facilities.clone(),
            units: units.into_iter().collect(),
            at: context.at,
        }
    }

    /// The facility in words.
    pub fn facility_text(&self) -> String {
        let chosen = self.facilities.iter().find(|one| Some(one.id) == self.asked.facility);
        match (chosen, self.facilities.as_slice()) {
            (Some(one), _) | (None, [one]) => one.name.clone(),
            (None, _) => "All facilities".to_owned(),
        }
    }

    /// What the audit trail keeps of it.
    pub(super) fn detail(&self) -> String {
        let facts = serde_json::json!({
            "from": self.period.from.to_string(), "until": self.period.until.to_string(),
            "facility": self.asked.facility, "unit": self.asked.unit,
        });
        facts.to_string()
    }
}

/// A report over its period.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Which.
    pub report: Report,
    /// Where and when.
    pub scope: Scope,
    /// Its numbers.
    pub figures: Vec<Figure>,
    /// Its tables.
    pub tables: Vec<Table>,
    /// Its plots.
    pub plots: Vec<Plot>,
}

impl Opened {
    /// The table of this word: `figures`, or the title in small letters and hyphens.
    pub fn table(&self, word: &str) -> Option<Table> {
        match word {
            "figures" => Some(tables::of_figures(self.report.title(), &self.figures)),
            _ => self.tables.iter().find(|table| Opened::word_of(table) == word).cloned(),
        }
    }

    /// The word of a table in addresses.
    pub fn word_of(table: &Table) -> String {
        let letters = table.title.to_lowercase();
        let parts = letters.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<&str> = parts.filter(|word| !word.is_empty()).collect();
        words.join("-")
    }
}

/// The unit that a report counts, where one is asked for and it knows units.
fn unit_of(report: Report, asked: &Asked) -> Option<&str> {
    Some(asked.unit.as_str()).filter(|unit| !unit.is_empty() && report.is_by_unit())
}

pub(super) fn opened(
    view: &mut View<'_>,
    held: &Held,
    report: Report,
    asked: &Asked,
) -> Result<(Opened, Rows), Error> {
    let window = Window::of(view, asked)?;
    let rows = load(view, held, &window, report)?;
    let (period, zone) = (window.period, &window.zone);
    let input = Input { rows: &rows, period, zone, unit: unit_of(report, asked) };
    let tables = report.tables(&input);
    let opened = Opened {
        report,
        scope: Scope::of(&window, asked, view.context()),
        figures: report.figures(&input),
        plots: report.plots(&tables),
        tables,
    };
    Ok((opened, rows))
}

/// Opens a report.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::Invalid`] where the period is none.
pub fn open(
    store: &Store,
    context: &Context,
    report: Report,
    asked: &Asked,
) -> Result<Opened, Error> {
    audited(store, context, report, asked, "report.open")
}

/// Opens a report to take one of its tables away as a file.
///
/// # Errors
/// [`Error::NotFound`] where the report has no such table.
pub fn export_table(
    store: &Store,
    context: &Context,
    report: Report,
    asked: &Asked,
    table: &str,
) -> Result<(Opened, Table), Error> {
    let opened = audited(store, context, report, asked, "report.csv")?;
    let found = opened.table(table).ok_or(Error::NotFound)?;
    Ok((opened, found))
}

pub(super) fn audited(
    store: &Store,
    context: &Context,
    report: Report,
    asked: &Asked,
    action: &'static str,
) -> Result<Opened, Error> {
    require(store, context, Right::Report)?;
    let engines = engines(store, context)?;
    store.read(context, |view| {
        let (opened, _) = opened(view, &engines.held, report, asked)?;
        let target = format!("report/{}", report.as_str());
        let entry = AuditEntry::new(context, action, target).detail(opened.scope.detail());
        Ok((opened, entry))
    })
}

/// The figures of the desk's first page, each with its report.
const HEADLINES: &[&str] = &[
    "daily_census",
    "occupancy",
    "discharges",
    "average_stay",
    "gross_death",
    "net_death",
    "readmission",
    "delinquency",
    "unbilled_days.accounts",
    "unbilled_days.dollars",
    "release_turnaround",
    "accesses",
    "duplicates",
];

/// The first page: one figure of each kind over the period.
///
/// # Errors
/// As [`open`].
pub fn overview(
    store: &Store,
    context: &Context,
    asked: &Asked,
) -> Result<(Scope, Vec<Figure>), Error> {
    require(store, context, Right::Report)?;
    let engines = engines(store, context)?;
    store.read(context, |view| {
        let window = Window::of(view, asked)?;
        let needs = Needs {
            stays: true,
            after: true,
            year: true,
            deficiencies: true,
            accounts: true,
            requests: true,
            accesses: true,
            identity: true,
            ..Needs::default()
        };
        let rows = load_needs(view, &engines.held, &window, needs)?;
        let (period, zone) = (window.period, &window.zone);
        let mut figures = Vec::new();
        for name in HEADLINES {
            let Some(report) = Report::of_figure(name) else { continue };
            let input = Input { rows: &rows, period, zone, unit: unit_of(report, asked) };
            let measure = report::by_name(name).map(|measure| measure.figures(&input));
            figures.extend(measure.into_iter().flatten().filter(|figure| figure.name == *name));
        }
        let scope = Scope::of(&window, asked, context);
        let entry = AuditEntry::new(context, "report.overview", "reports").detail(scope.detail());
        Ok(((scope, figures), entry))
    })
}
