//! Search, walk and notes over the shipped code sets, built once for the process.

use crate::Error;
use crate::access::{Right, require};
use coding::codeset::{CodeSets, Node, System, dotted};
use coding::search::walk::{Step, walk};
use coding::search::{Query, Reason, Search};
use coding::suggest::Suggester;
use jiff::civil::Date;
use record::Context;
use std::sync::LazyLock;
use store::Store;

pub(super) struct Engines {
    pub sets: CodeSets,
    pub search: Search,
    pub suggester: Suggester,
}

static ENGINES: LazyLock<Engines> = LazyLock::new(|| {
    let sets = CodeSets::embedded();
    Engines { search: Search::new(&sets), suggester: Suggester::new(&sets), sets }
});

pub(super) fn engines() -> &'static Engines {
    &ENGINES
}

/// Builds the engines ahead of the first visit.
pub fn warm() {
    LazyLock::force(&ENGINES);
    coding::grouper::Grouper::shipped();
    coding::mce::Editor::shipped();
}

/// What a code field asks.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// As typed.
    pub text: &'a str,
    /// Diagnoses or procedures.
    pub system: System,
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
}

/// Codes for what was typed. Shows nothing of a patient.
///
/// # Errors
/// [`Error::Forbidden`] without the right to code.
pub fn search(store: &Store, context: &Context, asked: &Asked<'_>) -> Result<Vec<Hit>, Error> {
    require(store, context, Right::Code)?;
    let query = Query {
        text: asked.text,
        system: Some(asked.system),
        on: asked.on,
        limit: asked.limit,
        include_not_reportable: false,
    };
    let hits = engines().search.search(&query);
    let shown = |hit: coding::search::Hit| Hit {
        code: dotted(hit.system, &hit.code),
        because: because(&hit),
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
    let sets = &engines().sets;
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
        from: inherited(&at).then(|| format!("{}, {}", dotted(at.system(), at.code()), at.title())),
    };
    node.notes_with_inherited().map(note).collect()
}
