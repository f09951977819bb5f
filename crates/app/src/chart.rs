//! Opening a chart: who it is, its encounters, its entries, their history.

use crate::Error;
use crate::access::{Right, allowed, require};
use crate::completion::ChartPanel;
use exchange::fhir::build::{EntryKind, Facts};
use exchange::fhir::{Rendered, render_in};
use jiff::tz::TimeZone;
use record::{Actor, Context, Instant, LabelMask, PatientKey, Reference, ResourceKey};
use std::collections::BTreeMap;
use store::file_text::FileText;
use store::find::PatientRow;
use store::label::Label;
use store::{AuditEntry, ResourceRow, Store, Version, View};

/// Entries that one page of a chart shows.
pub const ENTRIES_MAX: i64 = 500;

/// Who a chart belongs to, as every page of it shows.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The patient.
    pub patient: PatientRow,
    /// Labels on the whole chart.
    pub labels: LabelMask,
    /// Labels in force, with their source.
    pub label_list: Vec<Label>,
    /// Entries by type.
    pub counts: Vec<(String, i64)>,
    /// The facility's time zone, in which pages show times.
    pub zone: TimeZone,
    /// Reasons of the legal holds that stand.
    pub holds: Vec<String>,
    /// Until when broken glass holds this chart open to the one who asks.
    pub glass_until: Option<Instant>,
}

/// An entry as a chart lists it.
#[derive(Clone)]
pub struct Entry {
    /// Its row.
    pub row: ResourceRow,
    /// Its content in words.
    pub shown: Rendered,
    /// Who made it, where it was entered at this desk.
    pub facts: Option<Facts>,
    /// Its kind, where it has a form.
    pub kind: Option<EntryKind>,
}

/// Parts of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Encounters in the order of time.
    Encounters,
    /// Documents and reports.
    Documents,
    /// Diagnoses and problems.
    Diagnoses,
    /// Allergies.
    Allergies,
    /// Medications.
    Medications,
    /// Immunizations.
    Immunizations,
    /// Vital signs, results and other observations.
    Observations,
    /// Procedures.
    Procedures,
    /// Everything else.
    Everything,
}

impl Part {
    /// Every part, in the order of the tabs.
    pub const ALL: &'static [Part] = &[
        Part::Encounters,
        Part::Documents,
        Part::Diagnoses,
        Part::Allergies,
        Part::Medications,
        Part::Immunizations,
        Part::Observations,
        Part::Procedures,
        Part::Everything,
    ];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Encounters => "encounters",
            Part::Documents => "documents",
            Part::Diagnoses => "diagnoses",
            Part::Allergies => "allergies",
            Part::Medications => "medications",
            Part::Immunizations => "immunizations",
            Part::Observations => "observations",
            Part::Procedures => "procedures",
            Part::Everything => "everything",
        }
    }

    /// The word on the tab.
    pub fn label(self) -> &'static str {
        match self {
            Part::Encounters => "Encounters",
            Part::Documents => "Documents",
            Part::Diagnoses => "Diagnoses",
            Part::Allergies => "Allergies",
            Part::Medications => "Medications",
            Part::Immunizations => "Immunizations",
            Part::Observations => "Observations",
            Part::Procedures => "Procedures",
            Part::Everything => "Everything",
        }
    }

    /// Reads the word of an address.
    pub fn parse(text: &str) -> Option<Part> {
        Part::ALL.iter().copied().find(|part| part.as_str() == text)
    }

    /// The types of resource in it; none means all.
    pub fn kinds(self) -> &'static [&'static str] {
        match self {
            Part::Encounters => &["Encounter"],
            Part::Documents => &["DocumentReference", "DiagnosticReport", "Composition", "Media"],
            Part::Diagnoses => &["Condition"],
            Part::Allergies => &["AllergyIntolerance"],
            Part::Medications => &[
                "MedicationRequest",
                "MedicationStatement",
                "MedicationAdministration",
                "MedicationDispense",
            ],
            Part::Immunizations => &["Immunization"],
            Part::Observations => &["Observation"],
            Part::Procedures => &["Procedure"],
            Part::Everything => &[],
        }
    }
}

/// Who a chart belongs to. Without clinical content, so registrars may see it too.
///
/// # Errors
/// [`Error::NotFound`] where the patient is not there, or hidden: the same for both.
pub fn identity(store: &Store, context: &Context, patient: PatientKey) -> Result<Identity, Error> {
    require(store, context, Right::PatientFind)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let entry = AuditEntry::new(context, "chart.identify", format!("patient/{}", patient.0));
        Ok((identity, entry.patients([patient])))
    })
}

/// Who the chart belongs to, links followed: for a record that was merged, its survivor.
pub(crate) fn identity_in(view: &mut View<'_>, patient: PatientKey) -> Result<Identity, Error> {
    let patient = view.patient_survivor(patient)?;
    let row = view.patient_row(patient)?.ok_or(Error::NotFound)?;
    let mut label_list = Vec::new();
    for member in view.patient_members(patient)? {
        label_list.extend(view.label_list(member)?);
    }
    let context = view.context();
    let glass_until = match &context.actor {
        Actor::Person { id } if context.opened.contains(&patient) => {
            view.glass_until(*id, patient, context.at)?
        }
        _ => None,
    };
    let holds = view.hold_list(patient)?.into_iter().filter(|hold| hold.ended.is_none());
    let holds = holds.map(|hold| hold.reason).collect();
    Ok(Identity {
        holds,
        labels: row.labels,
        glass_until,
        patient: row,
        label_list,
        counts: view.chart_counts(patient)?,
        zone: crate::entry::zone_in(view)?,
    })
}

/// Opens a part of a chart. The chart of a merged record is that of its survivor: the identity
/// tells whose chart was opened.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::NotFound`] where there is nothing to see.
pub fn open(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    part: Part,
) -> Result<(Identity, Vec<Entry>), Error> {
    require(store, context, Right::ChartRead)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let patient = identity.patient.patient;
        let rows = view.chart_list(patient, part.kinds(), ENTRIES_MAX)?;
        let entries = listed(view, rows, &identity.zone)?;
        let detail = format!(r#"{{"part":"{}","entries":{}}}"#, part.as_str(), entries.len());
        let entry = AuditEntry::new(context, "chart.open", format!("patient/{}", patient.0));
        let members = view.patient_members(patient)?;
        Ok(((identity, entries), entry.patients(members).detail(detail)))
    })
}

fn listed(
    view: &mut View<'_>,
    rows: Vec<ResourceRow>,
    zone: &TimeZone,
) -> Result<Vec<Entry>, Error> {
    rows.into_iter().map(|row| shown(view, row, zone)).collect()
}

/// An entry in words, its times by the clock of a place.
pub(crate) fn shown(
    view: &mut View<'_>,
    row: ResourceRow,
    zone: &TimeZone,
) -> Result<Entry, Error> {
    let value = view.resource_value(&row)?;
    Ok(entry_of(&value, row, zone))
}

fn entry_of(value: &serde_json::Value, row: ResourceRow, zone: &TimeZone) -> Entry {
    Entry {
        shown: render_in(value, zone),
        facts: Facts::of(value),
        kind: EntryKind::of(value),
        row,
    }
}

/// Puts what people call it in the place of a bare reference: `Inpatient, 28 Sep 2026` for
/// `Encounter/12`. What isn't held, is hidden, or is another patient's stays as it was written.
fn name_references(
    view: &mut View<'_>,
    patient: Option<PatientKey>,
    shown: &mut Rendered,
    zone: &TimeZone,
) -> Result<(), Error> {
    for row in shown.rows.iter_mut().chain(&mut shown.more) {
        let Some(written) = row.reference.clone() else { continue };
        let Some((before, after)) = row.value.split_once(&written) else { continue };
        let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '/';
        let Some(reference) = Reference::parse(&written).filter(|_| !after.starts_with(goes_on))
        else {
            continue;
        };
        let found = view.resource(&reference.kind, &reference.id)?;
        let Some(found) = found.filter(|one| one.patient.is_none() || one.patient == patient)
        else {
            continue;
        };
        let named = render_in(&view.resource_value(&found)?, zone);
        let name = match named.date_text.is_empty() {
            true => named.title,
            false => format!("{}, {}", named.title, named.date_text),
        };
        row.value = format!("{before}{name}{after}");
    }
    Ok(())
}

/// Types of resource that the timeline names; results and the like it counts.
const TIMELINE_KINDS: &[&str] = &[
    "Encounter",
    "Condition",
    "AllergyIntolerance",
    "MedicationRequest",
    "MedicationStatement",
    "Immunization",
    "Procedure",
    "DocumentReference",
    "DiagnosticReport",
];

/// The encounters of a chart, the newest first, each with its entries.
#[derive(Clone)]
pub struct Timeline {
    /// An encounter, and what belongs to it.
    pub encounters: Vec<(Entry, Vec<Entry>)>,
    /// Entries of no encounter that is shown.
    pub apart: Vec<Entry>,
    /// What charts of these encounters lack; filled for who may see deficiencies.
    pub completion: BTreeMap<ResourceKey, ChartPanel>,
    /// Whether there is more than is shown.
    pub more: bool,
}

/// Opens a chart at its timeline.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::NotFound`] where there is nothing to see.
pub fn timeline(
    store: &Store,
    context: &Context,
    patient: PatientKey,
) -> Result<(Identity, Timeline), Error> {
    require(store, context, Right::ChartRead)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let patient = identity.patient.patient;
        let rows = view.chart_list(patient, TIMELINE_KINDS, ENTRIES_MAX)?;
        let more = rows.len() as i64 == ENTRIES_MAX;
        let mut encounters: Vec<(Entry, Vec<Entry>)> = Vec::new();
        let mut places = BTreeMap::new();
        let mut others = Vec::new();
        for row in rows {
            let entry = shown(view, row, &identity.zone)?;
            if entry.row.kind == "Encounter" {
                places.insert(entry.row.fhir_id.clone(), encounters.len());
                encounters.push((entry, Vec::new()));
            } else {
                others.push(entry);
            }
        }
        let mut apart = Vec::new();
        for entry in others {
            let place = entry.row.encounter.as_ref().and_then(|id| places.get(id));
            match place {
                Some(place) => encounters[*place].1.push(entry),
                None => apart.push(entry),
            }
        }
        let entry = AuditEntry::new(context, "chart.open", format!("patient/{}", patient.0));
        let detail = format!(r#"{{"part":"encounters","entries":{}}}"#, encounters.len());
        let completion = match allowed(context, Right::CompletionRead) {
            true => crate::completion::of_patient(view, patient)?,
            false => BTreeMap::new(),
        };
        let timeline = Timeline { encounters, apart, completion, more };
        Ok(((identity, timeline), entry.patients([patient]).detail(detail)))
    })
}

/// Entries of one chart whose text holds every word, the newest first.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::NotFound`] where there is nothing to see.
pub fn search(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    text: &str,
) -> Result<(Identity, Vec<Entry>), Error> {
    require(store, context, Right::ChartRead)?;
    let words = store::projection::words(text);
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let patient = identity.patient.patient;
        let rows = view.text_find(&words, Some(patient), ENTRIES_MAX)?;
        let entries = listed(view, rows, &identity.zone)?;
        let detail = format!(r#"{{"words":{},"found":{}}}"#, words.len(), entries.len());
        let entry = AuditEntry::new(context, "chart.search", format!("patient/{}", patient.0));
        let members = view.patient_members(patient)?;
        Ok(((identity, entries), entry.patients(members).detail(detail)))
    })
}

/// One entry with its history.
#[derive(Clone)]
pub struct EntryHistory {
    /// Whose chart, where it belongs to one.
    pub identity: Option<Identity>,
    /// The entry as it stands.
    pub entry: Entry,
    /// Text of its notes and attachments.
    pub text: Option<String>,
    /// Why the search does not know the words of its files.
    pub unread: Vec<String>,
    /// Its versions, the newest first, each in words.
    pub versions: Vec<(Version, Rendered)>,
    /// The document file, when it is an indexed scan.
    pub document: Option<String>,
    /// Names of those who wrote the versions, by the keys that stand there.
    pub actors: BTreeMap<String, String>,
    /// The entry's content in the fields of its form, for correcting it.
    pub typed: Vec<(&'static str, String)>,
    /// Whether it waits for a provider's authentication, and for whose account.
    pub waits: Option<Option<i64>>,
    /// The facility's time zone.
    pub zone: TimeZone,
}

/// Opens one entry with every version of it.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or hidden.
pub fn entry(
    store: &Store,
    context: &Context,
    resource: ResourceKey,
) -> Result<EntryHistory, Error> {
    require(store, context, Right::ChartRead)?;
    store.read(context, |view| {
        let row = view.resource_by_key(resource)?.ok_or(Error::NotFound)?;
        let identity = match row.patient {
            Some(patient) => Some(identity_in(view, patient)?),
            None => None,
        };
        let zone = crate::entry::zone_in(view)?;
        let mut versions = Vec::new();
        for version in view.versions(resource)? {
            let mut words = render_in(&store::body::as_sent(&version.text)?, &zone);
            name_references(view, row.patient, &mut words, &zone)?;
            versions.push((version, words));
        }
        let value = view.resource_value(&row)?;
        let mut shown = render_in(&value, &zone);
        name_references(view, row.patient, &mut shown, &zone)?;
        let text = exchange::fhir::text(&value);
        let document = view.document_of_resource(resource)?.map(|document| document.public_id);
        let unread = view.file_texts(resource)?.into_iter().filter_map(|text| match text {
            FileText::Refused(sentence) => Some(sentence),
            FileText::Read(_) => None,
        });
        let unread = unread.collect();
        let patient = row.patient;
        let target = format!("{}/{}", row.kind, row.resource.0);
        let keys = versions.iter().map(|(version, _)| version.actor.as_str());
        let actors = crate::entry::names(view, keys)?;
        let work = view.work_about("authenticate", resource.0)?;
        let history = EntryHistory {
            identity,
            text,
            unread,
            document,
            actors,
            typed: exchange::fhir::build::typed(&value),
            waits: work.map(|work| work.assigned_to),
            entry: Entry { shown, ..entry_of(&value, row, &zone) },
            zone,
            versions,
        };
        let audit = AuditEntry::new(context, "entry.open", target).patients(patient);
        Ok((history, audit))
    })
}
