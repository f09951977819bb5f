//! Everything that the coding page shows of one encounter.

use super::engines::{CodeNote, Engines, engines_of_final, notes_of};
use super::facts::{Facts, facts, facts_of, zone_of};
use super::favourites::favourites_of;
use super::review::{Review, final_weight_of, printed, review};
use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use coding::codeset::{Edition, System, normalized};
use coding::edits::{self, Evidence, Setting};
use coding::import::held::Held;
use coding::suggest;
use coding::work::{CodeSet, State};
use exchange::fhir::{render_in, text};
use record::{Context, ResourceKey};
use std::collections::BTreeSet;
use store::coding::{CodingEvent, CodingVersion, CodingWork};
use store::{AuditEntry, ResourceRow, Store, View};

/// Suggestions shown at most.
const SUGGESTED_MAX: usize = 40;
/// Types of entry whose text a coder reads.
const NOTE_KINDS: &[&str] = &["DocumentReference", "DiagnosticReport", "Composition"];

/// Types of entry that stand for the documents where no document has text.
const ENTRY_KINDS: &[&str] = &["Condition", "Procedure"];
/// The status of an entry that says nothing of the patient.
const IN_ERROR: &str = "Entered in error";
/// What they are called together.
const ENTRIES_TITLE: &str = "Diagnoses and procedures in the chart";

/// A document of the encounter, or what its entries say where no document has text.
#[derive(Clone)]
pub struct NoteText {
    /// Its entry.
    pub resource: ResourceKey,
    /// `Discharge summary`.
    pub title: String,
    /// Its date in words.
    pub date_text: String,
    /// Its text, where it has any.
    pub text: Option<String>,
}

/// A place in one of the documents, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which document, from 0.
    pub note: usize,
    /// First character.
    pub start: usize,
    /// One after the last.
    pub end: usize,
}

/// A code that the documents support.
#[derive(Clone)]
pub struct Suggested {
    /// With its dot.
    pub code: String,
    /// Its title.
    pub title: String,
    /// From 0 to 1: an order of merit.
    pub score: f64,
    /// Why.
    pub reason: String,
    /// Where it stands in the documents.
    pub places: Vec<Place>,
    /// Whether the coder has it already.
    pub is_coded: bool,
}

/// A diagnosis as coded, with what is known about its code.
#[derive(Clone)]
pub struct CodedDiagnosis {
    /// As coded.
    pub coded: edits::Diagnosis,
    /// With its dot.
    pub printed: String,
    /// Its title.
    pub title: String,
    /// Notes that bear on it.
    pub notes: Vec<CodeNote>,
}

/// A procedure as coded.
#[derive(Clone)]
pub struct CodedProcedure {
    /// As coded.
    pub coded: edits::Procedure,
    /// Its title; empty for a service whose code set is not loaded.
    pub title: String,
}

/// One encounter on the coding page.
#[derive(Clone)]
pub struct Opened {
    /// The work.
    pub work: CodingWork,
    /// Whose chart.
    pub identity: Identity,
    /// What the chart states.
    pub facts: Facts,
    /// Its documents, the oldest first.
    pub notes: Vec<NoteText>,
    /// Diagnoses in order.
    pub diagnoses: Vec<CodedDiagnosis>,
    /// Procedures in order.
    pub procedures: Vec<CodedProcedure>,
    /// Discharge status that the coder set.
    pub discharge_status: Option<u16>,
    /// What edits and grouper say.
    pub review: Review,
    /// What the documents support, the surest first.
    pub suggestions: Vec<Suggested>,
    /// Final versions, the newest first.
    pub versions: Vec<CodingVersion>,
    /// Changes of state, the newest first.
    pub events: Vec<CodingEvent>,
    /// Who codes it.
    pub coder: Option<String>,
    /// A stop about the date: no loaded set covers it.
    pub date_stop: Option<String>,
    /// That titles of the date's year are not loaded, where they are not.
    pub titles_note: Option<String>,
    /// What is loaded for the services of an outpatient.
    pub services: Services,
    /// The reader's favourites, as codes without dots.
    pub favourites: BTreeSet<(System, String)>,
}

/// What the site has loaded for outpatient services of a date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Services {
    /// HCPCS Level II.
    pub hcpcs: bool,
    /// The licensee's CPT file.
    pub cpt: bool,
    /// NCCI procedure-to-procedure pairs.
    pub pairs: bool,
    /// NCCI medically unlikely edits.
    pub units: bool,
}

/// What is read from the store for it; the engines run after.
struct Read {
    work: CodingWork,
    identity: Identity,
    facts: Facts,
    codes: CodeSet,
    notes: Vec<NoteText>,
    versions: Vec<CodingVersion>,
    events: Vec<CodingEvent>,
    coder: Option<String>,
    favourites: BTreeSet<(System, String)>,
}

/// Opens an encounter for coding.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::NotFound`] where it is not there, or hidden.
pub fn open(store: &Store, context: &Context, id: i64) -> Result<Opened, Error> {
    require(store, context, Right::Code)?;
    let kept = favourites_of(store, context)?;
    let favourites: BTreeSet<_> = kept.into_iter().map(|kept| (kept.system, kept.code)).collect();
    let read = store.read(context, |view| {
        let read = Read { favourites: favourites.clone(), ..read(view, id)? };
        let detail = format!(r#"{{"notes":{}}}"#, read.notes.len());
        let entry = AuditEntry::new(context, "coding.open", format!("coding/{id}"));
        let entry = entry.patients([read.work.patient]).detail(detail);
        Ok::<_, Error>((read, entry))
    })?;
    let finalized_at = read.work.finalized_at.filter(|_| read.work.state == State::Final);
    let engines = engines_of_final(store, context, finalized_at)?;
    Ok(opened(&engines, read))
}

/// The relative weight of an encounter's final codes, hidden or not: for totals, which count
/// everyone.
pub(crate) fn final_weight(
    view: &mut View<'_>,
    held: &Held,
    encounter: ResourceKey,
) -> Result<Option<f64>, Error> {
    let Some(done) = view.coding_final(encounter)? else { return Ok(None) };
    let (birth_date, disposition) = (done.birth_date.reveal(), done.disposition.as_deref());
    let facts = facts_of(&done.work, "Inpatient", birth_date, &done.sex, disposition)?;
    Ok(final_weight_of(held, &facts, &done.codes))
}

fn read(view: &mut View<'_>, id: i64) -> Result<Read, Error> {
    let (work, encounter) = view.coding_work(id)?.ok_or(Error::NotFound)?;
    let identity = identity_in(view, work.patient)?;
    let coder = match work.coder {
        Some(person) => view.person(person)?.map(|person| person.name),
        None => None,
    };
    let (mut versions, mut events) = (view.coding_versions(&work)?, view.coding_events(&work)?);
    for actor in versions.iter_mut().map(|version| &mut version.actor) {
        *actor = name_of(view, actor)?;
    }
    for actor in events.iter_mut().map(|event| &mut event.actor) {
        *actor = name_of(view, actor)?;
    }
    Ok(Read {
        facts: facts(view, &work, &encounter, &identity.patient)?,
        codes: view.coding_draft(&work)?,
        notes: notes(view, &encounter)?,
        versions,
        events,
        coder,
        identity,
        work,
        favourites: BTreeSet::new(),
    })
}

/// The name of who acted, where a person did.
fn name_of(view: &mut View<'_>, actor: &str) -> Result<String, Error> {
    let id = actor.strip_prefix("person:").and_then(|id| id.parse().ok());
    let person = id.map(|id| view.person(id)).transpose()?.flatten();
    Ok(person.map_or_else(|| actor.to_owned(), |person| person.name))
}

fn notes(view: &mut View<'_>, encounter: &ResourceRow) -> Result<Vec<NoteText>, Error> {
    let zone = zone_of(view)?;
    let mut notes = Vec::new();
    for row in view.encounter_list(encounter, NOTE_KINDS)? {
        let value = view.resource_value(&row)?;
        let shown = render_in(&value, &zone);
        let (title, date_text) = (shown.title, shown.date_text);
        notes.push(NoteText { resource: row.resource, title, date_text, text: text(&value) });
    }
    if notes.iter().all(|note| note.text.is_none()) {
        notes.extend(entries(view, encounter)?);
    }
    Ok(notes)
}

/// The encounter's diagnoses and procedures, a line each, as a coder reads a document.
fn entries(view: &mut View<'_>, encounter: &ResourceRow) -> Result<Option<NoteText>, Error> {
    let zone = zone_of(view)?;
    let mut lines = Vec::new();
    for row in view.encounter_list(encounter, ENTRY_KINDS)? {
        let shown = render_in(&view.resource_value(&row)?, &zone);
        if shown.status == IN_ERROR {
            continue;
        }
        lines.push(format!("{}: {} ({})", shown.subtitle, shown.title, shown.date_text));
    }
    Ok((!lines.is_empty()).then(|| NoteText {
        resource: encounter.resource,
        title: ENTRIES_TITLE.to_owned(),
        date_text: String::new(),
        text: Some(lines.join("\n")),
    }))
}

fn opened(engines: &Engines, read: Read) -> Opened {
    let suggestions = suggestions(engines, &read.notes, &read.facts, &read.codes);
    let says = says(&read.notes, &suggestions, &read.codes);
    let on = read.facts.date;
    let sets = engines.sets();
    let title = |system, code: &str| {
        sets.node(system, code, on).map_or("title not loaded", |node| node.title()).to_owned()
    };
    let diagnosis = |coded: &edits::Diagnosis| CodedDiagnosis {
        printed: printed(System::Icd10Cm, &coded.code),
        title: title(System::Icd10Cm, &coded.code),
        notes: sets.node(System::Icd10Cm, &coded.code, on).map(notes_of).unwrap_or_default(),
        coded: coded.clone(),
    };
    let procedure = |coded: &edits::Procedure| CodedProcedure {
        title: match coded.system {
            System::Icd10Pcs => title(System::Icd10Pcs, &coded.code),
            system => sets.node(system, &coded.code, on).map_or("", |node| node.title()).to_owned(),
        },
        coded: coded.clone(),
    };
    Opened {
        review: review(engines, &read.facts, &read.codes, says),
        diagnoses: read.codes.diagnoses.iter().map(diagnosis).collect(),
        procedures: read.codes.procedures.iter().map(procedure).collect(),
        discharge_status: read.codes.discharge_status,
        date_stop: date_stop(engines, &read.facts),
        titles_note: titles_note(engines, &read.facts),
        services: services(engines, &read.facts),
        suggestions,
        work: read.work,
        identity: read.identity,
        facts: read.facts,
        notes: read.notes,
        versions: read.versions,
        events: read.events,
        coder: read.coder,
        favourites: read.favourites,
    }
}

/// The systems whose codes an encounter of this setting needs.
fn systems(facts: &Facts) -> &'static [System] {
    match facts.setting {
        Setting::Inpatient => &[System::Icd10Cm, System::Icd10Pcs],
        Setting::Outpatient => &[System::Icd10Cm],
    }
}

/// The stop about a date that no loaded set covers.
pub(super) fn date_stop(engines: &Engines, facts: &Facts) -> Option<String> {
    let sets = engines.sets();
    let system = systems(facts).iter().find(|system| !sets.covers(**system, facts.date))?;
    Some(format!(
        "No loaded {} set covers {}. Nothing can be final until the set of fiscal year {} is \
         imported, or the date is corrected.",
        system.name(),
        facts.date,
        coding::codeset::lookup::fiscal_year(facts.date)
    ))
}

fn titles_note(engines: &Engines, facts: &Facts) -> Option<String> {
    let sets = engines.sets();
    let editions =
        || systems(facts).iter().map(|system| (system, sets.edition_on(*system, facts.date)));
    let lacking = |(system, edition): (&System, Option<&Edition>)| {
        let is_lacking = sets.covers(*system, facts.date) && !edition?.covers(facts.date);
        is_lacking.then_some(system.name())
    };
    let named: Vec<&str> = editions().filter_map(lacking).collect();
    if !named.is_empty() {
        return Some(format!(
            "Fiscal year {} titles not loaded for {}: codes are checked for this date, titles and \
             notes are those of the nearest year, and new codes have none.",
            coding::codeset::lookup::fiscal_year(facts.date),
            named.join(" and ")
        ));
    }
    let notes_of = editions().find_map(|(_, edition)| edition?.notes_of.clone())?;
    Some(format!(
        "The order file of this year holds titles and no notes: instructional notes are those of \
         {notes_of}. Load the tabular list for this year's own."
    ))
}

fn services(engines: &Engines, facts: &Facts) -> Services {
    let tables = engines.held.tables(facts.date);
    Services {
        hcpcs: engines.sets().covers(System::Hcpcs, facts.date),
        cpt: engines.sets().covers(System::Cpt, facts.date),
        pairs: tables.ptp.is_some(),
        units: tables.mue.is_some(),
    }
}

/// What all documents together support, each code once.
fn suggestions(
    engines: &Engines,
    notes: &[NoteText],
    facts: &Facts,
    codes: &CodeSet,
) -> Vec<Suggested> {
    let setting = match facts.setting {
        Setting::Inpatient => suggest::Setting::Inpatient,
        Setting::Outpatient => suggest::Setting::Outpatient,
    };
    let sets = engines.sets();
    let mut found: Vec<(String, Suggested)> = Vec::new();
    for (note, text) in notes.iter().enumerate() {
        let Some(text) = &text.text else { continue };
        for one in engines.suggester.suggest(text, setting) {
            if !sets.is_valid(System::Icd10Cm, &one.code, facts.date) {
                continue;
            }
            let places = one.evidence.iter().map(|e| Place { note, start: e.start, end: e.end });
            match found.iter_mut().find(|(code, _)| *code == one.code) {
                Some((_, known)) => {
                    known.score = known.score.max(one.score);
                    known.places.extend(places);
                }
                None => {
                    let node = sets.node(System::Icd10Cm, &one.code, facts.date);
                    let suggested = Suggested {
                        code: printed(System::Icd10Cm, &one.code),
                        title: node.map_or("title not loaded", |node| node.title()).to_owned(),
                        score: one.score,
                        reason: one.reason,
                        places: places.collect(),
                        is_coded: codes.diagnoses.iter().any(|dx| dx.code == one.code),
                    };
                    found.push((one.code, suggested));
                }
            }
        }
    }
    let mut list: Vec<Suggested> = found.into_iter().map(|(_, suggested)| suggested).collect();
    list.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.code.cmp(&b.code)));
    list.truncate(SUGGESTED_MAX);
    list
}

/// What the documents say about the coded diagnoses: the lines that support codes of the same
/// category.
fn says(notes: &[NoteText], suggestions: &[Suggested], codes: &CodeSet) -> Vec<Evidence> {
    let mut says = Vec::new();
    for dx in &codes.diagnoses {
        let category = dx.code.get(..3).unwrap_or_default();
        let alike = |s: &&Suggested| normalized(&s.code).starts_with(category);
        for place in suggestions.iter().filter(alike).flat_map(|s| &s.places) {
            if let Some(text) = notes.get(place.note).and_then(|note| note.text.as_deref()) {
                says.push(Evidence { code: dx.code.clone(), text: line_around(text, place) });
            }
        }
    }
    says
}

/// The line of a text that holds a place.
fn line_around(text: &str, place: &Place) -> String {
    let characters: Vec<char> = text.chars().collect();
    let start = place.start.min(characters.len());
    let end = place.end.clamp(start, characters.len());
    let before = characters[..start].iter().rposition(|c| *c == '\n').map_or(0, |at| at + 1);
    let after = characters[end..].iter().position(|c| *c == '\n');
    characters[before..after.map_or(characters.len(), |at| end + at)].iter().collect()
}
