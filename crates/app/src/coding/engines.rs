//! Search, walk and notes over the code sets: the shipped ones, with the loads of the site.
//!
//! Engines are built once for the loads that a store holds, and kept by the content of those
//! loads: whoever asks after another load was made, on whichever server, gets the new ones.

use super::favourites::{favourite_hit, favourites_of};
use crate::Error;
use crate::access::{Right, require};
use coding::codeset::{CodeSets, Node, System, dotted, embedded};
use coding::import::held::Held;
use coding::import::layout::Layout;
use coding::import::loaded::{self, Loaded};
use coding::search::walk::{Step, walk};
use coding::search::{Query, Reason, Search};
use coding::suggest::Suggester;
use jiff::civil::Date;
use record::{ContentHash, Context, Instant};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use store::Store;
use store::code_set::CodeSetLoad;

pub(crate) struct Engines {
    pub held: Arc<Held>,
    pub search: Arc<Search>,
    pub suggester: Arc<Suggester>,
}

impl Engines {
    pub fn of(held: Held) -> Engines {
        let search = Arc::new(Search::new(&held.sets));
        let suggester = match whole_edition(&held.sets) {
            Some(suggester) => Arc::new(suggester),
            None => SUGGESTER.clone(),
        };
        Engines { search, suggester, held: Arc::new(held) }
    }

    pub fn sets(&self) -> &CodeSets {
        &self.held.sets
    }
}

/// The suggester of the latest year, where a whole one is loaded: never that of a part.
fn whole_edition(sets: &CodeSets) -> Option<Suggester> {
    let shipped = embedded::icd10cm();
    let whole = sets.editions(System::Icd10Cm).filter(|edition| edition.len() * 2 > shipped.len());
    let latest = whole.max_by_key(|edition| edition.from)?;
    (!std::ptr::eq(latest, shipped)).then(|| Suggester::from_edition(latest))
}

static SUGGESTER: LazyLock<Arc<Suggester>> =
    LazyLock::new(|| Arc::new(Suggester::from_edition(embedded::icd10cm())));
static SHIPPED: LazyLock<Arc<Engines>> = LazyLock::new(|| Arc::new(Engines::of(Held::default())));

/// Content and first date of each load.
pub(crate) type Marks = Vec<(ContentHash, String)>;

/// Engines kept at once: those of the store, and of the load that is about to be made.
const KEPT_MAX: usize = 2;
static KEPT: Mutex<Vec<(Marks, Arc<Engines>)>> = Mutex::new(Vec::new());
/// Held while engines are built, so that two who ask at once do not both build them.
static BUILDING: Mutex<()> = Mutex::new(());

/// The engines for what a store holds.
pub(crate) fn engines(store: &Store, context: &Context) -> Result<Arc<Engines>, Error> {
    let marks = store.look(context, |view| view.code_set_load_marks())?;
    if marks.is_empty() {
        return Ok(SHIPPED.clone());
    }
    if let Some(kept) = kept(&marks) {
        return Ok(kept);
    }
    let _building = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = kept(&marks) {
        return Ok(kept);
    }
    let (marks, loads) = loads(store, context, in_force)?;
    let built = Arc::new(Engines::of(put_together(loads)?));
    keep(marks, built.clone());
    Ok(built)
}

fn kept(marks: &Marks) -> Option<Arc<Engines>> {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.iter().find(|(known, _)| known == marks).map(|(_, engines)| engines.clone())
}

/// Keeps engines for loads, also ahead of the load that makes them the ones to use.
pub(crate) fn keep(marks: Marks, engines: Arc<Engines>) {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.insert(0, (marks, engines));
    kept.truncate(KEPT_MAX);
}

/// Whether a load answers now.
pub(crate) fn in_force(load: &CodeSetLoad) -> bool {
    load.withdrawal.is_none()
}

/// What answered when codes became final, kept by the keys of its loads.
type Past = (Vec<i64>, Arc<Held>);
static PAST: Mutex<Vec<Past>> = Mutex::new(Vec::new());

/// The engines by which final codes are read: where a load that answered when they became final
/// was withdrawn since, it still answers for them.
pub(crate) fn engines_of_final(
    store: &Store,
    context: &Context,
    finalized_at: Option<Instant>,
) -> Result<Arc<Engines>, Error> {
    let now = engines(store, context)?;
    let Some(at) = finalized_at else { return Ok(now) };
    let all = store.look(context, |view| view.code_set_load_list())?;
    let answers = |load: &CodeSetLoad| in_force(load) || load.answered_at(at);
    if all.iter().all(|load| in_force(load) || !answers(load)) {
        return Ok(now);
    }
    let keys: Vec<i64> = all.iter().filter(|load| answers(load)).map(|load| load.id).collect();
    let mut past = PAST.lock().unwrap_or_else(PoisonError::into_inner);
    let known = past.iter().find(|(known, _)| *known == keys).map(|(_, held)| held.clone());
    let held = match known {
        Some(held) => held,
        None => {
            let (_, loads) = loads(store, context, answers)?;
            let held = Arc::new(put_together(loads)?);
            past.insert(0, (keys, held.clone()));
            past.truncate(KEPT_MAX);
            held
        }
    };
    let (search, suggester) = (now.search.clone(), now.suggester.clone());
    Ok(Arc::new(Engines { held, search, suggester }))
}

/// Reads the stored files of those loads that are wanted, with their marks.
pub(crate) fn loads(
    store: &Store,
    context: &Context,
    wanted: impl Fn(&CodeSetLoad) -> bool,
) -> Result<(Marks, Vec<Loaded>), Error> {
    let files = store.look(context, |view| {
        let mut files = Vec::new();
        for load in view.code_set_load_list()?.into_iter().filter(wanted) {
            files.push((store.blob_content(view, load.blob)?, load));
        }
        Ok::<_, Error>(files)
    })?;
    let marks = files.iter().map(|(_, load)| (load.source_hash, load.from_date.clone())).collect();
    let loads: Result<Vec<Loaded>, Error> =
        files.iter().map(|(packed, load)| read(packed, load)).collect();
    Ok((marks, loads?))
}

fn read(packed: &[u8], load: &CodeSetLoad) -> Result<Loaded, Error> {
    let broken = |what: &str| Error::Internal(format!("code set load {}: {what}", load.id));
    let size = usize::try_from(load.size_bytes).map_err(|_| broken("its size is none"))?;
    let bytes = zstd::bulk::decompress(packed, size).map_err(|_| broken("it does not unpack"))?;
    let layout = Layout::parse(&load.layout).ok_or_else(|| broken("its layout is unknown"))?;
    let from = load.from_date.parse().map_err(|_| broken("its date is none"))?;
    loaded::read(layout, &bytes, Some(from)).map_err(|error| broken(&error.to_string()))
}

pub(crate) fn put_together(loads: Vec<Loaded>) -> Result<Held, Error> {
    Held::new(loads).map_err(|error| Error::Internal(format!("code sets: {error}")))
}

/// Builds the engines of a store ahead of the first person who needs them.
///
/// # Errors
/// [`Error::Internal`] when a stored file can't be read.
pub fn warm(store: &Store, context: &Context) -> Result<(), Error> {
    engines(store, context)?;
    coding::grouper::Grouper::shipped();
    coding::mce::Editor::shipped();
    Ok(())
}

/// What a code field asks.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// As typed.
    pub text: &'a str,
    /// The systems to look in; services may be of two.
    pub systems: &'a [System],
    /// Discharge or service date.
    pub on: Date,
    /// Codes wanted at most.
    pub limit: usize,
}

/// A code that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// With its dot.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Why it was found, where the title does not say it.
    pub because: String,
    /// Whether the person keeps it as a favourite.
    pub is_favourite: bool,
    /// Why it can't be reported on the date: of favourites alone, others are not found then.
    pub refused: Option<String>,
}

/// Codes for a whole query, those that can't be reported too where it asks for them. Shows
/// nothing of a patient.
///
/// # Errors
/// [`Error::Forbidden`] without the right to code.
pub fn find_codes(
    store: &Store,
    context: &Context,
    query: &Query<'_>,
) -> Result<Vec<coding::search::Hit>, Error> {
    require(store, context, Right::Code)?;
    Ok(engines(store, context)?.search.search(query))
}

/// Codes for what was typed; where nothing is, the person's favourites, with the reason for those
/// that can't be reported. Shows nothing of a patient.
///
/// # Errors
/// [`Error::Forbidden`] without the right to code.
pub fn search(store: &Store, context: &Context, asked: &Asked<'_>) -> Result<Vec<Hit>, Error> {
    require(store, context, Right::Code)?;
    let engines = engines(store, context)?;
    let kept = favourites_of(store, context)?;
    if asked.text.trim().is_empty() {
        let kept = kept.iter().filter(|kept| asked.systems.contains(&kept.system));
        return Ok(kept.map(|kept| favourite_hit(&engines, kept, asked.on)).collect());
    }
    let mut hits: Vec<coding::search::Hit> = Vec::new();
    for system in asked.systems {
        hits.extend(engines.search.search(&Query {
            text: asked.text,
            system: Some(*system),
            on: asked.on,
            limit: asked.limit,
            include_not_reportable: false,
        }));
    }
    if asked.systems.len() > 1 {
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.code.cmp(&b.code)));
        hits.truncate(asked.limit);
    }
    let shown = |hit: coding::search::Hit| Hit {
        code: dotted(hit.system, &hit.code),
        because: because(&hit),
        is_favourite: (kept.iter())
            .any(|kept| (kept.system, &kept.code) == (hit.system, &hit.code)),
        refused: None,
        title: hit.title,
    };
    Ok(hits.into_iter().map(shown).collect())
}

fn because(hit: &coding::search::Hit) -> String {
    match hit.reason {
        Reason::Code | Reason::Title => hit.because.clone(),
        Reason::InclusionTerm if hit.because.is_empty() => "By an inclusion term.".to_owned(),
        Reason::IndexEntry if hit.because.is_empty() => "By the index.".to_owned(),
        Reason::InclusionTerm
        | Reason::IndexEntry
        | Reason::Abbreviation
        | Reason::TypoCorrected => hit.because.clone(),
    }
}

/// A note of the classification that bears on a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeNote {
    /// `Excludes1`, `Code first`, …
    pub heading: &'static str,
    /// The note.
    pub text: String,
    /// Where it stands when it is inherited: `E11, Type 2 diabetes mellitus`.
    pub from: Option<String>,
}

/// A step of the walk to a code that can be reported.
#[derive(Clone, Debug)]
pub struct Guide {
    /// Its system.
    pub system: System,
    /// The step.
    pub step: Step,
    /// What stands above it, the widest first: code and title.
    pub above: Vec<(String, String)>,
    /// Notes that bear on it.
    pub notes: Vec<CodeNote>,
    /// What is known about the code on the date.
    pub sentence: String,
    /// Whether it can be reported as it is.
    pub is_reportable: bool,
}

/// The step of the walk at a code or category.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::NotFound`] for an unknown code.
pub fn guide(
    store: &Store,
    context: &Context,
    system: System,
    code: &str,
    on: Date,
) -> Result<Guide, Error> {
    require(store, context, Right::Code)?;
    let engines = engines(store, context)?;
    let sets = engines.sets();
    let step = walk(sets, system, code, on).ok_or(Error::NotFound)?;
    let node = sets.node(system, &step.code, on);
    let mut above: Vec<(String, String)> = node
        .iter()
        .flat_map(Node::ancestors)
        .map(|above| (dotted(system, above.code()), above.title().to_owned()))
        .collect();
    above.reverse();
    Ok(Guide {
        system,
        above,
        notes: node.map(notes_of).unwrap_or_default(),
        sentence: sets.lookup(system, &step.code, on).sentence(system, &step.code),
        is_reportable: sets.is_valid(system, &step.code, on),
        step,
    })
}

/// Every note that bears on a code, its own first.
pub(super) fn notes_of(node: Node<'_>) -> Vec<CodeNote> {
    let inherited = |at: &Node<'_>| at.id != node.id;
    let note = |(at, kind, text): (Node<'_>, coding::codeset::NoteKind, &str)| CodeNote {
        heading: kind.heading(),
        text: text.to_owned(),
        from: inherited(&at).then(|| place_of(&at)),
    };
    node.notes_with_inherited().map(note).collect()
}

/// A chapter by its number, anything else by its code, with its title.
fn place_of(at: &Node<'_>) -> String {
    let code = dotted(at.system(), at.code());
    let is_chapter = code.len() < 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    let chapter = if is_chapter { "chapter " } else { "" };
    format!("{chapter}{code}, {}", at.title())
}
