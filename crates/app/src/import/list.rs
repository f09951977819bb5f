//! What imports left behind: who took in what, when, and every finding with what to do next.

use super::{FindingKind, Summary};
use crate::Error;
use crate::access::{Right, require};
use crate::entry::names;
use record::{Context, Private};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::import::{ImportFinding, ImportFindings, ImportRun};
use store::{AuditEntry, Store, View};

/// Imports that the list shows.
const IMPORTS_MAX: i64 = 200;

/// The counts of an import as they are kept with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Distinct type and id held from the files, by type.
    pub resources: BTreeMap<String, u64>,
    /// Documents held from the files.
    pub documents: u64,
    /// New resources.
    pub created: u64,
    /// New versions.
    pub updated: u64,
    /// What was held before with the same content.
    pub unchanged: u64,
    /// Findings.
    pub findings: u64,
}

impl Kept {
    pub(super) fn of(summary: &Summary) -> Kept {
        Kept {
            resources: summary.resources.clone(),
            documents: summary.documents,
            created: summary.created,
            updated: summary.updated,
            unchanged: summary.unchanged,
            findings: summary.findings,
        }
    }

    fn read(run: &ImportRun) -> Kept {
        serde_json::from_str(&run.summary).unwrap_or_default()
    }
}

/// An import as the list shows it.
#[derive(Clone, Debug)]
pub struct ImportShown {
    /// The run.
    pub run: ImportRun,
    /// Its counts.
    pub kept: Kept,
    /// The paths that it was given, as far as they may be seen.
    pub paths: Vec<Private>,
    /// Who.
    pub by: String,
}

/// One import with its findings.
#[derive(Clone, Debug)]
pub struct ImportPage {
    /// The import.
    pub import: ImportShown,
    /// How many findings of each kind may be seen.
    pub kinds: Vec<(FindingKind, usize)>,
    /// The findings of the kind that was asked for, or all.
    pub findings: Vec<ImportFinding>,
    /// Findings about entries that are hidden from the reader, or were destroyed.
    pub withheld_count: i64,
}

/// The imports, the newest first.
///
/// # Errors
/// [`Error::Forbidden`] without the right to import.
pub fn imports(store: &Store, context: &Context) -> Result<Vec<ImportShown>, Error> {
    require(store, context, Right::Import)?;
    store.read(context, |view| {
        let runs = view.import_list(IMPORTS_MAX)?;
        let names = names(view, runs.iter().map(|run| &run.actor[..]))?;
        let shown = runs.into_iter().map(|run| shown(view, run, &names));
        let shown = shown.collect::<Result<Vec<_>, _>>()?;
        Ok((shown, AuditEntry::new(context, "import.list", "imports")))
    })
}

fn shown(
    view: &mut View<'_>,
    run: ImportRun,
    names: &BTreeMap<String, String>,
) -> Result<ImportShown, Error> {
    let by = names.get(&run.actor).cloned().unwrap_or_default();
    Ok(ImportShown { kept: Kept::read(&run), paths: view.import_paths(run.id)?, by, run })
}

/// One import, with its findings of one kind or all.
///
/// # Errors
/// [`Error::NotFound`] where there is no such import.
pub fn open_import(
    store: &Store,
    context: &Context,
    id: i64,
    kind: Option<FindingKind>,
) -> Result<ImportPage, Error> {
    page(store, context, id, kind, "import.open")
}

/// The same, to be taken away as a file.
///
/// # Errors
/// As [`open_import`].
pub fn import_findings(
    store: &Store,
    context: &Context,
    id: i64,
    kind: Option<FindingKind>,
) -> Result<ImportPage, Error> {
    page(store, context, id, kind, "import.findings-export")
}

fn page(
    store: &Store,
    context: &Context,
    id: i64,
    kind: Option<FindingKind>,
    action: &str,
) -> Result<ImportPage, Error> {
    require(store, context, Right::Import)?;
    store.read(context, |view| {
        let run = view.import_run(id)?.ok_or(Error::NotFound)?;
        let ImportFindings { shown: all, withheld_count } = view.import_findings(id)?;
        let count = |kind: &FindingKind| all.iter().filter(|one| one.kind == kind.as_str()).count();
        let kinds = FindingKind::ALL.iter().map(|kind| (*kind, count(kind)));
        let kinds = kinds.filter(|(_, count)| *count > 0).collect();
        let is_asked = |one: &ImportFinding| kind.is_none_or(|kind| one.kind == kind.as_str());
        let findings = all.into_iter().filter(is_asked).collect();
        let names = names(view, std::iter::once(&run.actor[..]))?;
        let import = shown(view, run, &names)?;
        let entry = AuditEntry::new(context, action, format!("import/{id}"));
        Ok((ImportPage { import, kinds, findings, withheld_count }, entry))
    })
}
