//! Bringing records in: FHIR files entry by entry, and documents of any kind.
//!
//! An import never stops at one bad record: what could not be taken is a finding that says where
//! it stands and why. Taking anything twice, in any order, adds nothing.

mod decide;
mod documents;
mod finding;
mod list;
mod references;
mod resources;
#[cfg(test)]
mod tests;

pub use documents::INDEX_SECONDS_MAX;
pub(crate) use resources::label_chart;

pub use decide::{Decision, Held, decide};
pub use finding::FindingKind;
pub use list::{ImportPage, ImportShown, Kept, import_findings, imports, open_import};

use crate::Error;
use crate::access::{Right, require};
use exchange::Kind;
use record::{ContentHash, Context, PatientKey, Private, ResourceKey};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use store::import::ImportFinding;
use store::{AuditEntry, Store};

/// A file to take in: its name, and its content when it is asked for.
pub struct Source<'a> {
    /// As the user named it. It may identify a patient.
    pub name: Private,
    /// Reads the content.
    pub read: Box<dyn Fn() -> std::io::Result<Vec<u8>> + Send + Sync + 'a>,
}

/// What came of an import. Findings are kept in the store too.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Distinct type and id held from these files, by type.
    pub resources: BTreeMap<String, u64>,
    /// Distinct documents held from these files.
    pub documents: u64,
    /// Entries and documents that were held before, with the same content.
    pub unchanged: u64,
    /// What could not be taken, or repeats or conflicts with another version.
    pub findings: u64,
    /// New resources.
    #[serde(skip)]
    pub created: u64,
    /// New versions of resources.
    #[serde(skip)]
    pub updated: u64,
    /// Files that are of no known format, by name.
    #[serde(skip)]
    pub unknown_files: Vec<Private>,
}

/// What an import tells while it runs.
pub trait Progress: Sync {
    /// So many more bytes of the input are done.
    fn bytes_done(&self, count: u64);
    /// A finding was made.
    fn finding(&self, file: &Private, line: usize, reason: &str);
}

/// Everything that one run collects.
pub(crate) struct Run<'a> {
    pub store: &'a Store,
    pub context: &'a Context,
    pub progress: &'a dyn Progress,
    pub id: i64,
    pub summary: Summary,
    pub seen: HashSet<(String, String)>,
    pub documents_seen: HashSet<ContentHash>,
    pub references: references::References,
    /// Entries and sources of several files that the next commit takes.
    waiting: resources::Waiting,
    unresolved: HashSet<String>,
    /// The paths that were given, and the patients of those that are files.
    paths: Vec<(Private, Patients)>,
    pending: Vec<ImportFinding>,
}

/// The patients of whom a file speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Patients {
    /// Nobody's record came from it.
    #[default]
    None,
    /// One.
    One(PatientKey),
    /// Several: it can't be named after one of them.
    Several,
}

impl Patients {
    fn and(self, patient: PatientKey) -> Patients {
        match self {
            Patients::None => Patients::One(patient),
            Patients::One(known) if known == patient => self,
            _ => Patients::Several,
        }
    }
}

/// Paths that an import names at most.
const PATHS_MAX: usize = 50;

/// Findings written in one transaction.
const FINDINGS_AT_ONCE: usize = 500;

impl Run<'_> {
    pub(crate) fn finding(&mut self, file: &Private, line: usize, kind: FindingKind, reason: &str) {
        self.finding_about(file, line, kind, reason, None);
    }

    /// A finding about an entry that is held.
    pub(crate) fn finding_about(
        &mut self,
        file: &Private,
        line: usize,
        kind: FindingKind,
        reason: &str,
        resource: Option<ResourceKey>,
    ) {
        self.summary.findings += 1;
        self.progress.finding(file, line, reason);
        self.pending.push(ImportFinding {
            line: line as i64,
            kind: kind.as_str().to_owned(),
            resource,
            file: file.clone(),
            reason: reason.to_owned(),
        });
    }

    /// A record of this patient came from a file.
    pub(crate) fn patient_seen(&mut self, file: &Private, patient: PatientKey) {
        let path = self.paths.iter_mut().find(|(path, _)| path.reveal() == file.reveal());
        if let Some((_, patients)) = path {
            *patients = patients.and(patient);
        }
    }

    /// A reference that finds nothing is told once a run, where it first stands.
    pub(crate) fn unresolved(
        &mut self,
        file: &Private,
        line: usize,
        text: &str,
        entry: Option<ResourceKey>,
    ) {
        if self.unresolved.insert(text.to_owned()) {
            let what = match text.split_once('?') {
                Some((kind, _)) => format!("by a search for a {kind}"),
                None => format!("to {text}"),
            };
            let reason = format!(
                "A reference {what} finds nothing, or more than one, in these files or in the \
                 store; wherever it stands it was kept as written. An entry that names its patient \
                 or encounter so comes to that chart once it is taken in."
            );
            self.finding_about(file, line, FindingKind::Reference, &reason, entry);
        }
    }

    pub(crate) fn findings_write(&mut self) -> Result<(), Error> {
        for part in self.pending.chunks(FINDINGS_AT_ONCE) {
            self.store.write(self.context, |transaction| {
                part.iter().try_for_each(|f| transaction.import_finding_put(self.id, f))
            })?;
        }
        self.pending.clear();
        Ok(())
    }
}

/// Takes files in.
///
/// # Errors
/// [`Error::Forbidden`] without the right to import; [`Error::Refused`] in a demonstration
/// store; [`Error::Internal`] when the store fails. What is wrong with a file is a finding.
pub fn run(
    store: &Store,
    context: &Context,
    sources: &[Source<'_>],
    progress: &dyn Progress,
) -> Result<Summary, Error> {
    let paths: Vec<Private> = sources.iter().map(|source| source.name.clone()).collect();
    run_paths(store, context, &paths, sources, progress)
}

/// Takes in the files that stand under these paths; the import is listed by their names.
///
/// # Errors
/// As [`run`].
pub fn run_paths(
    store: &Store,
    context: &Context,
    paths: &[Private],
    sources: &[Source<'_>],
    progress: &dyn Progress,
) -> Result<Summary, Error> {
    require(store, context, Right::Import)?;
    taken(store, context, paths, sources, progress)
}

/// Takes in documents that the index desk brings; its own right was asked.
pub(crate) fn take_documents(
    store: &Store,
    context: &Context,
    sources: &[Source<'_>],
    progress: &dyn Progress,
) -> Result<Summary, Error> {
    taken(store, context, &[], sources, progress)
}

/// A demonstration takes in nothing but its own hospital.
pub(crate) fn refuse_demonstration(store: &Store, context: &Context) -> Result<(), Error> {
    let demonstration = store.look(context, |view| view.setting("store.demonstration"))?;
    if demonstration.is_some() && !context.is_system_named("demo") {
        return Err(Error::Refused(
            "This is a demonstration store: it takes no records in. Make a store of your own \
             with `chartroom init --data DIR`."
                .into(),
        ));
    }
    Ok(())
}

fn taken(
    store: &Store,
    context: &Context,
    paths: &[Private],
    sources: &[Source<'_>],
    progress: &dyn Progress,
) -> Result<Summary, Error> {
    refuse_demonstration(store, context)?;
    let id = store.write(context, |transaction| transaction.import_begin())?;
    let mut run = Run {
        store,
        context,
        progress,
        id,
        summary: Summary::default(),
        seen: HashSet::new(),
        documents_seen: HashSet::new(),
        references: references::References::default(),
        waiting: resources::Waiting::default(),
        unresolved: HashSet::new(),
        paths: paths.iter().take(PATHS_MAX).map(|p| (p.clone(), Patients::None)).collect(),
        pending: Vec::new(),
    };
    run.references.scan(sources);
    for source in sources {
        take(&mut run, source)?;
    }
    finish(run)
}

fn take(run: &mut Run<'_>, source: &Source<'_>) -> Result<(), Error> {
    let bytes = match (source.read)() {
        Ok(bytes) => bytes,
        Err(error) => {
            let reason = format!("The file can't be read: {error}.");
            run.finding(&source.name, 0, FindingKind::Unreadable, &reason);
            return Ok(());
        }
    };
    match exchange::detect(&bytes) {
        Kind::FhirJson | Kind::FhirNdjson => resources::take(run, source, &bytes)?,
        Kind::Unknown { why } => {
            let reason = format!("The file is of no known format: {why}");
            run.finding(&source.name, 0, FindingKind::UnknownFormat, &reason);
            run.summary.unknown_files.push(source.name.clone());
        }
        document => documents::take(run, source, &bytes, &document)?,
    }
    Ok(())
}

fn finish(mut run: Run<'_>) -> Result<Summary, Error> {
    resources::commit(&mut run)?;
    for (kind, _) in &run.seen {
        *run.summary.resources.entry(kind.clone()).or_default() += 1;
    }
    run.summary.documents = run.documents_seen.len() as u64;
    let text = serde_json::to_string(&run.summary).expect("a summary is plain data");
    let kept = serde_json::to_string(&Kept::of(&run.summary)).expect("a summary is plain data");
    let (store, context, id) = (run.store, run.context, run.id);
    store.write(context, |transaction| {
        for (name, patients) in &run.paths {
            let patient = match patients {
                Patients::One(patient) => Some(*patient),
                Patients::None | Patients::Several => None,
            };
            transaction.import_path_put(id, name, patient)?;
        }
        transaction.import_end(id, &kept)?;
        // What came may lack, or show, what completion asks for.
        let kind = crate::completion::JOB_KIND;
        transaction.job_add(kind, &format!("{kind}:import:{id}"), "{}", context.at)?;
        let entry = AuditEntry::new(context, "import", format!("import/{id}"));
        transaction.audit(&entry.detail(text.as_str()))
    })?;
    Ok(run.summary)
}
