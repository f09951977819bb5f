//! The rows behind a number. Those that are hidden from the reader are withheld, and counted.

use super::asked::Asked;
use super::catalog::Report;
use super::opened::{Opened, Scope, opened};
use crate::Error;
use crate::access::{Right, require};
use crate::coding::engines::engines;
use jiff::tz::TimeZone;
use record::{Context, PartialDate, PatientKey, ResourceKey};
use release::lifecycle::StateName;
use report::{Figure, Table};
use std::collections::{BTreeMap, BTreeSet};
use store::audit::AuditRow;
use store::find::PatientRow;
use store::report::EncounterListed;
use store::{AuditEntry, Store, View};

/// Rows that a page shows; a file has all of them.
pub const SHOWN_MAX: usize = 500;

/// An access with the name of who made it.
#[derive(Clone, Debug)]
pub struct AccessListed {
    /// The entry of the audit trail.
    pub row: AuditRow,
    /// Who.
    pub who: String,
}

/// A request with whose it is, where that is known.
#[derive(Clone, Debug)]
pub struct RequestListed {
    /// Key.
    pub request: i64,
    /// Its number.
    pub number: String,
    /// State, in words.
    pub state: String,
    /// Day of receipt.
    pub received_on: String,
    /// Day of delivery, where it was delivered.
    pub delivered_on: String,
    /// Whose.
    pub patient: Option<PatientRow>,
}

/// An encounter with its days at the facility.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The encounter.
    pub encounter: EncounterListed,
    /// First day.
    pub started_on: String,
    /// Last day; empty while in house.
    pub ended_on: String,
    /// Days of stay; none while in house.
    pub days: Option<i64>,
}

/// What stands behind a number.
#[derive(Clone, Debug)]
pub enum Behind {
    /// Encounters.
    Encounters(Vec<Listed>),
    /// Patients' records.
    Patients(Vec<PatientRow>),
    /// Entries of the audit trail.
    Accesses(Vec<AccessListed>),
    /// Requests for release.
    Requests(Vec<RequestListed>),
}

impl Behind {
    /// How many rows are open to the reader.
    pub fn count(&self) -> usize {
        match self {
            Behind::Encounters(rows) => rows.len(),
            Behind::Patients(rows) => rows.len(),
            Behind::Accesses(rows) => rows.len(),
            Behind::Requests(rows) => rows.len(),
        }
    }

    fn patients(&self) -> BTreeSet<PatientKey> {
        match self {
            Behind::Encounters(rows) => {
                rows.iter().map(|row| row.encounter.patient.patient).collect()
            }
            Behind::Patients(rows) => rows.iter().map(|row| row.patient).collect(),
            Behind::Accesses(rows) => {
                rows.iter().flat_map(|row| row.row.patients.iter().copied()).collect()
            }
            Behind::Requests(rows) => {
                rows.iter().filter_map(|row| row.patient.as_ref()).map(|row| row.patient).collect()
            }
        }
    }
}

/// A number with the rows behind it.
#[derive(Clone, Debug)]
pub struct RowsBehind {
    /// The report.
    pub report: Report,
    /// Where and when.
    pub scope: Scope,
    /// The number.
    pub figure: Figure,
    /// The rows that are open to the reader.
    pub behind: Behind,
    /// Rows that the number counts.
    pub total: usize,
    /// Of these, hidden from the reader.
    pub withheld: usize,
}

/// Opens the rows of a figure.
///
/// # Errors
/// [`Error::NotFound`] where the report has no such figure; [`Error::Forbidden`] for accesses,
/// without the right to read the audit trail.
pub fn rows(
    store: &Store,
    context: &Context,
    report: Report,
    asked: &Asked,
    figure: &str,
) -> Result<RowsBehind, Error> {
    require(store, context, Right::Report)?;
    if report == Report::Accesses {
        require(store, context, Right::AuditRead)?;
    }
    let engines = engines(store, context)?;
    store.read(context, |view| {
        let (opened, _) = opened(view, &engines.held, report, asked)?;
        let Opened { scope, figures, .. } = opened;
        let found = figures.into_iter().find(|known| known.name == figure);
        let figure = found.ok_or(Error::NotFound)?;
        let mut seen = BTreeSet::new();
        let ids: Vec<i64> = figure
            .rows
            .iter()
            .filter_map(|id| id.parse().ok())
            .filter(|id| report == Report::Accesses || seen.insert(*id))
            .collect();
        let behind = behind(view, report, &ids, &scope.zone)?;
        let withheld = ids.len() - behind.count().min(ids.len());
        let facts = serde_json::json!({"rows": ids.len(), "withheld": withheld});
        let target = format!("report/{}/{}", report.as_str(), figure.name);
        let entry = AuditEntry::new(context, "report.rows", target).detail(facts.to_string());
        let entry = entry.patients(behind.patients());
        Ok((RowsBehind { report, scope, figure, behind, total: ids.len(), withheld }, entry))
    })
}

fn behind(
    view: &mut View<'_>,
    report: Report,
    ids: &[i64],
    zone: &TimeZone,
) -> Result<Behind, Error> {
    let keys = || ids.iter().copied().map(ResourceKey).collect::<Vec<_>>();
    Ok(match report {
        Report::Duplicates => {
            let patients: Vec<PatientKey> = ids.iter().copied().map(PatientKey).collect();
            Behind::Patients(view.report_patients(&patients)?)
        }
        Report::Accesses => Behind::Accesses(accesses(view, ids)?),
        Report::Release => Behind::Requests(requests(view, ids, zone)?),
        _ => Behind::Encounters(listed(view, &keys(), zone)?),
    })
}

fn listed(
    view: &mut View<'_>,
    keys: &[ResourceKey],
    zone: &TimeZone,
) -> Result<Vec<Listed>, Error> {
    let rows = view.report_encounters(keys)?;
    let day = |text: &str, is_end: bool| {
        let date = PartialDate::parse(text, zone)?;
        Some(if is_end { date.last } else { date.first }.date_in(zone))
    };
    let words = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let row = |encounter: EncounterListed| {
        let (first, last) = (day(&encounter.started, false), day(&encounter.ended, true));
        let days = first.zip(last).map(|(a, b)| report::rows::days_between(a, b).max(1));
        Listed { encounter, started_on: words(first), ended_on: words(last), days }
    };
    Ok(rows.into_iter().map(row).collect())
}

fn accesses(view: &mut View<'_>, ids: &[i64]) -> Result<Vec<AccessListed>, Error> {
    let people = view.person_list()?.into_iter();
    let mut names: BTreeMap<String, String> =
        people.map(|person| (format!("person:{}", person.id), person.name)).collect();
    let clients = view.client_list()?.into_iter();
    names.extend(clients.map(|client| (format!("client:{}", client.id), client.name)));
    let mut rows = Vec::new();
    for id in ids {
        let Some(row) = view.audit_entry(*id)? else { continue };
        let who = names.get(&row.actor).cloned().unwrap_or_else(|| row.actor.clone());
        rows.push(AccessListed { row, who });
    }
    Ok(rows)
}

fn requests(
    view: &mut View<'_>,
    ids: &[i64],
    zone: &TimeZone,
) -> Result<Vec<RequestListed>, Error> {
    let records = view.report_request_list(ids)?;
    let patients: Vec<PatientKey> = records.iter().filter_map(|record| record.patient).collect();
    let visible: BTreeMap<PatientKey, PatientRow> =
        view.report_patients(&patients)?.into_iter().map(|row| (row.patient, row)).collect();
    let mut rows = Vec::new();
    for record in records {
        let patient = record.patient.map(|key| visible.get(&key).cloned());
        if patient == Some(None) {
            continue;
        }
        let delivered = record.delivered_at.map(|at| at.date_in(zone).to_string());
        rows.push(RequestListed {
            request: record.request,
            number: record.number,
            state: StateName::parse(&record.state).map_or(record.state, |s| s.label().to_owned()),
            received_on: record.received_on,
            delivered_on: delivered.unwrap_or_default(),
            patient: patient.flatten(),
        });
    }
    Ok(rows)
}

/// The rows as a table for a file: what the page shows, all of them.
pub fn rows_table(opened: &RowsBehind) -> Table {
    let who = |patient: &PatientRow| {
        vec![
            patient.mrn.reveal().to_owned(),
            patient.name.reveal().to_owned(),
            patient.birth_date.reveal().to_owned(),
            patient.sex.clone(),
        ]
    };
    let title = opened.figure.title.as_str();
    match &opened.behind {
        Behind::Encounters(rows) => {
            let columns = [
                "MRN",
                "Patient",
                "Birth date",
                "Sex",
                "Encounter",
                "Class",
                "Admitted",
                "Discharged",
                "Days of stay",
                "Service",
            ];
            let mut table = Table::new(title, &columns);
            table.rows.extend(rows.iter().map(|row| {
                let encounter = &row.encounter;
                let mut cells = who(&encounter.patient);
                cells.extend([
                    encounter.encounter.0.to_string(),
                    encounter.class.clone(),
                    row.started_on.clone(),
                    row.ended_on.clone(),
                    row.days.map(|days| days.to_string()).unwrap_or_default(),
                    encounter.service.clone(),
                ]);
                cells
            }));
            table
        }
        Behind::Patients(rows) => {
            let mut table = Table::new(title, &["MRN", "Patient", "Birth date", "Sex"]);
            table.rows.extend(rows.iter().map(who));
            table
        }
        Behind::Accesses(rows) => {
            let mut table = Table::new(title, &["Entry", "When (UTC)", "Who", "What", "Purpose"]);
            table.rows.extend(rows.iter().map(|access| {
                let row = &access.row;
                let (at, what) = (row.at.to_rfc3339(), row.action.clone());
                vec![row.entry.to_string(), at, access.who.clone(), what, row.purpose.clone()]
            }));
            table
        }
        Behind::Requests(rows) => {
            let columns = ["Number", "State", "Received", "Delivered", "MRN", "Patient"];
            let mut table = Table::new(title, &columns);
            table.rows.extend(rows.iter().map(|row| {
                let patient = row.patient.as_ref();
                let (mrn, name) = (
                    patient.map_or("", |patient| patient.mrn.reveal()),
                    patient.map_or("", |patient| patient.name.reveal()),
                );
                vec![
                    row.number.clone(),
                    row.state.clone(),
                    row.received_on.clone(),
                    row.delivered_on.clone(),
                    mrn.to_owned(),
                    name.to_owned(),
                ]
            }));
            table
        }
    }
}
