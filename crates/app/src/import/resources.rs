//! FHIR entries: made ready on one thread while the writer takes those before.

use super::decide::{Decision, Held, decide};
use super::references::{References, conditional_update, id_for};
use super::{FindingKind, Run, Source};
use crate::Error;
use exchange::fhir::{self, Entry, Method};
use record::{ContentHash, Context, PatientKey, Private, Reference, ResourceKey};
use serde_json::Value;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::sync_channel;
use store::{Action, Prepared, Store, Transaction};

/// Entries that are made ready at once.
const ENTRIES_AT_ONCE: usize = 400;
/// Parts of so many entries that may be ready before the writer takes them: what one wait for the
/// disk lasts.
const CHUNKS_AHEAD: usize = 6;
/// Entries that one commit takes: each waits for the disk once, so small files share one. A page
/// that many entries touch is written once a commit: of 160,000 synthetic resources 1,600 at a
/// time wrote 2.1 GB, 4,000 at a time 1.2 GB. Who else writes waits a quarter of a second for it.
const COMMIT_ENTRIES_MAX: usize = 4000;
/// Sources that one commit takes.
const COMMIT_SOURCES_MAX: usize = 32;
/// Packed bytes of sources that one commit takes.
const COMMIT_SOURCE_BYTES_MAX: usize = 16 << 20;
/// A file is kept byte for byte beside its records in parts of at most so many bytes.
const SOURCE_PART_BYTES_MAX: usize = if cfg!(test) { 1 << 10 } else { 64 << 20 };

/// Of an entry on which the program itself fails.
const OUR_FAULT: &str = "The program failed on this record, which is in the kept source file: \
    tell its makers.";

/// An entry made ready, or what kept it from being so.
struct Ready {
    line: usize,
    prepared: Result<Work, (FindingKind, String)>,
    aliases: Vec<(String, Reference)>,
    unresolved: Vec<String>,
}

enum Work {
    Put(Box<Prepared>),
    /// A conditional create whose search found this already.
    Found(Reference, ContentHash),
    Delete(Reference),
}

/// What the next commit takes.
#[derive(Default)]
pub(super) struct Waiting {
    /// Entries, with the file that each part of them comes from.
    entries: Vec<(Private, Vec<Ready>)>,
    entries_count: usize,
    sources: Vec<Packed>,
    source_bytes: usize,
}

/// A source, packed in parts.
struct Packed {
    file: Private,
    hash: ContentHash,
    parts: Vec<Vec<u8>>,
}

enum Outcome {
    Created,
    Updated,
    Unchanged,
    Finding(FindingKind, String),
}

/// What became of an entry, and the row that is held under its type and id, if there is one.
type Taken = (Outcome, Option<(ResourceKey, Option<PatientKey>)>);

/// Takes the entries of a file.
pub(super) fn take(run: &mut Run<'_>, source: &Source<'_>, bytes: &[u8]) -> Result<(), Error> {
    let text = exchange::kind::utf8(bytes);
    let split = fhir::split(&text);
    for finding in &split.findings {
        let line = finding.location.line;
        run.finding(&source.name, line, FindingKind::BadRecord, &finding.reason);
    }
    let chunks: Vec<&[Entry<'_>]> = split.entries.chunks(ENTRIES_AT_ONCE).collect();
    let (store, context) = (run.store, run.context);
    let references = std::mem::take(&mut run.references);
    let bases = bases(&split.entries);
    let result: Result<(), Error> = std::thread::scope(|scope| {
        let (send, receive) = sync_channel::<Vec<Ready>>(CHUNKS_AHEAD);
        let known = Known { store, context, references: &references, bases: &bases };
        scope.spawn(move || {
            for chunk in chunks {
                let ready = chunk.iter().map(|entry| prepare(&known, entry));
                if send.send(ready.collect()).is_err() {
                    return;
                }
            }
        });
        for ready in receive {
            let done: usize = bytes.len() * ready.len() / split.entries.len().max(1);
            run.waiting.entries_count += ready.len();
            run.waiting.entries.push((source.name.clone(), ready));
            if run.waiting.entries_count >= COMMIT_ENTRIES_MAX {
                commit(run)?;
            }
            run.progress.bytes_done(done as u64);
        }
        Ok(())
    });
    run.references = references;
    result?;
    keep_source(run, &source.name, bytes)
}

/// What entries are made ready with.
struct Known<'a> {
    store: &'a Store,
    context: &'a Context,
    references: &'a References,
    /// The addresses of the sender's server, where the file says so: what stands under them is
    /// ours from now on.
    bases: &'a BTreeSet<String>,
}

/// The bases that the entries of a bundle stand under.
fn bases(entries: &[Entry<'_>]) -> BTreeSet<String> {
    let urls = entries.iter().filter_map(|entry| entry.full_url.as_deref());
    urls.filter_map(|url| Some(Reference::parse_absolute(url)?.0.to_owned())).collect()
}

fn prepare(known: &Known<'_>, entry: &Entry<'_>) -> Ready {
    let mut ready = Ready {
        line: entry.location.line,
        prepared: Err((FindingKind::Program, String::new())),
        aliases: Vec::new(),
        unresolved: Vec::new(),
    };
    let work = AssertUnwindSafe(|| work_of(known, entry, &mut ready));
    // One record that the program fails on must not stop the others.
    ready.prepared =
        catch_unwind(work).unwrap_or_else(|_| Err((FindingKind::Program, OUR_FAULT.to_owned())));
    ready
}

fn work_of(
    known: &Known<'_>,
    entry: &Entry<'_>,
    ready: &mut Ready,
) -> Result<Work, (FindingKind, String)> {
    let bad = |reason: String| (FindingKind::BadRecord, reason);
    match entry.method {
        Method::Delete => {
            let url = entry.url.as_deref().unwrap_or_default();
            let target = Reference::parse(url).or_else(|| known.resolve(url));
            let reason = "A deletion that names no resource held here; nothing was deleted.";
            return target
                .map(Work::Delete)
                .ok_or_else(|| (FindingKind::Deletion, reason.to_owned()));
        }
        Method::Patch => {
            return Err(bad("A patch is not a whole resource; send the resource.".into()));
        }
        Method::Get => {
            return Err(bad("A read brings no record; the entry was left out.".into()));
        }
        Method::Post | Method::Put => {}
    }
    let mut resource = entry.parse().map_err(|finding| bad(finding.reason))?;
    let kind = fhir::check(&resource).map_err(bad)?.kind.to_owned();
    let source_hash = ContentHash::of(&fhir::content_hash_bytes(&resource));
    let sent_id = resource.get("id").and_then(Value::as_str).map(str::to_owned);
    let mut id = sent_id.clone().unwrap_or_else(|| id_for(entry));
    if let Some(found) = found_by_condition(known, entry, &kind) {
        let is_same = found.id == id;
        note_alias(ready, entry, sent_id.as_deref(), &found);
        if entry.method == Method::Post && !is_same {
            return Ok(Work::Found(found, source_hash));
        }
        id = found.id;
    }
    put_id(&mut resource, &id);
    note_alias(ready, entry, sent_id.as_deref(), &Reference::new(&kind[..], &id[..]));
    rewrite(known, &mut resource, ready);
    let prepared = Prepared::new(&resource, Some(source_hash)).map_err(|e| bad(e.to_string()))?;
    Ok(Work::Put(Box::new(prepared)))
}

fn found_by_condition(known: &Known<'_>, entry: &Entry<'_>, kind: &str) -> Option<Reference> {
    if let Some(query) = &entry.if_none_exist {
        let query = query.rsplit_once('?').map_or(&query[..], |(_, query)| query);
        return known.by_search(kind, query);
    }
    let (kind, query) = conditional_update(entry)?;
    known.by_search(kind, query)
}

/// The id goes where the sender had it, or right behind the type.
fn put_id(resource: &mut Value, id: &str) {
    if let Some(members) = resource.as_object_mut() {
        match members.get_mut("id") {
            Some(known) => *known = id.into(),
            None => {
                members.shift_insert(1.min(members.len()), "id".into(), id.into());
            }
        }
    }
}

fn note_alias(ready: &mut Ready, entry: &Entry<'_>, sent_id: Option<&str>, now: &Reference) {
    if let Some(url) = entry.full_url.as_deref().filter(|url| url.starts_with("urn:")) {
        ready.aliases.push((url.to_owned(), now.clone()));
    }
    if let Some(sent) = sent_id.filter(|sent| *sent != now.id) {
        ready.aliases.push((format!("{}/{sent}", now.kind), now.clone()));
    }
}

impl Known<'_> {
    fn resolve(&self, text: &str) -> Option<Reference> {
        self.references.resolve(self.store, self.context, text)
    }

    fn by_search(&self, kind: &str, query: &str) -> Option<Reference> {
        self.references.by_search(self.store, self.context, kind, query)
    }
}

fn rewrite(known: &Known<'_>, resource: &mut Value, ready: &mut Ready) {
    let mut resolved: Vec<(String, Reference)> = Vec::new();
    let mut unresolved: Vec<String> = Vec::new();
    for text in fhir::references(resource) {
        let is_name = text.starts_with("urn:") || text.contains('?') || text.contains("://");
        if !is_name || resolved.iter().any(|(one, _)| one == text) {
            continue;
        }
        match known.resolve(text) {
            Some(found) => resolved.push((text.to_owned(), found)),
            None if text.contains("://") && !text.contains('?') => {}
            None if unresolved.iter().any(|one| one == text) => {}
            None => unresolved.push(text.to_owned()),
        }
    }
    if !resolved.is_empty() {
        fhir::rewrite_references(resource, &|text| {
            resolved.iter().find(|(one, _)| one == text).map(|(_, to)| to.to_string())
        });
    }
    if !known.bases.is_empty() {
        resolved.extend(fhir::localize(resource, &|base| known.bases.contains(base)));
    }
    ready.unresolved = unresolved;
    ready.aliases.extend(resolved);
}

/// Writes what waits, in one commit, and then the findings about it.
pub(super) fn commit(run: &mut Run<'_>) -> Result<(), Error> {
    let waiting = std::mem::take(&mut run.waiting);
    if !waiting.entries.is_empty() || !waiting.sources.is_empty() {
        let (store, context, id) = (run.store, run.context, run.id);
        let outcomes = store.write(context, |transaction| {
            foresee(transaction, &waiting)?;
            let mut outcomes = Vec::with_capacity(waiting.entries_count);
            for one in waiting.entries.iter().flat_map(|(_, ready)| ready) {
                outcomes.push(take_one(transaction, one)?);
            }
            keep_sources(store, transaction, id, &waiting.sources)?;
            Ok::<_, Error>(outcomes)
        })?;
        let named = waiting.entries.iter();
        let entries = named.flat_map(|(file, ready)| ready.iter().map(move |one| (file, one)));
        for ((file, one), outcome) in entries.zip(outcomes) {
            tell(run, file, one, outcome);
        }
    }
    run.findings_write()
}

/// Tells the store which entries come, so that it need not be asked about each by itself.
fn foresee(transaction: &mut Transaction<'_>, waiting: &Waiting) -> Result<(), Error> {
    let (mut aliases, mut entries) = (BTreeSet::new(), Vec::new());
    for one in waiting.entries.iter().flat_map(|(_, ready)| ready) {
        aliases.extend(one.aliases.iter().map(|(alias, _)| &alias[..]));
        if let Ok(Work::Put(prepared)) = &one.prepared {
            aliases.extend(prepared.projection.patient_names.iter().map(|name| &name[..]));
            aliases.extend(prepared.projection.encounter_names.iter().map(|name| &name[..]));
            entries.push(Reference::new(&prepared.kind[..], &prepared.fhir_id[..]));
        }
    }
    let aliases: Vec<&str> = aliases.into_iter().collect();
    Ok(transaction.entries_foresee(&aliases, &entries)?)
}

fn take_one(transaction: &mut Transaction<'_>, one: &Ready) -> Result<Taken, Error> {
    for (alias, target) in &one.aliases {
        transaction.alias_put(alias, target)?;
    }
    match &one.prepared {
        Ok(work) => perform(transaction, work),
        Err((kind, reason)) => Ok((Outcome::Finding(*kind, reason.clone()), None)),
    }
}

fn tell(run: &mut Run<'_>, file: &Private, one: &Ready, (outcome, row): Taken) {
    let entry = row.map(|(entry, _)| entry);
    if let Some((_, Some(patient))) = row {
        run.patient_seen(file, patient);
    }
    match outcome {
        Outcome::Created => run.summary.created += 1,
        Outcome::Updated => run.summary.updated += 1,
        Outcome::Unchanged => run.summary.unchanged += 1,
        Outcome::Finding(kind, reason) => {
            run.finding_about(file, one.line, kind, &reason, entry);
        }
    }
    for text in &one.unresolved {
        run.unresolved(file, one.line, text, entry);
    }
    match &one.prepared {
        Ok(Work::Put(prepared)) => {
            run.seen.insert((prepared.kind.clone(), prepared.fhir_id.clone()));
        }
        Ok(Work::Found(found, _)) => {
            run.seen.insert((found.kind.clone(), found.id.clone()));
        }
        Ok(Work::Delete(_)) | Err(_) => {}
    }
}

fn perform(transaction: &mut Transaction<'_>, work: &Work) -> Result<Taken, Error> {
    match work {
        Work::Put(prepared) => put(transaction, prepared),
        Work::Found(found, sent) => found_before(transaction, found, *sent),
        Work::Delete(target) => delete(transaction, target),
    }
}

fn put(transaction: &mut Transaction<'_>, prepared: &Prepared) -> Result<Taken, Error> {
    let existing = transaction.resource(&prepared.kind, &prepared.fhir_id)?;
    let held = match &existing {
        None => None,
        Some(row) => Some(Held {
            number: row.number,
            deleted: row.deleted,
            sent_at: transaction.sent_at(row)?,
            same_as: transaction.version_sent_as(row.resource, prepared.source_hash)?,
        }),
    };
    let mut row = existing.as_ref().map(place);
    let outcome = match decide(held, prepared.sent_at) {
        Decision::Create => {
            let made = transaction.resource_put(prepared, None, Action::Create, "import")?;
            label_chart(transaction, prepared, &made)?;
            row = Some(place(&made));
            Outcome::Created
        }
        Decision::Update => {
            let existing = existing.as_ref();
            let made = transaction.resource_put(prepared, existing, Action::Update, "import")?;
            label_chart(transaction, prepared, &made)?;
            row = Some(place(&made));
            Outcome::Updated
        }
        Decision::Unchanged => Outcome::Unchanged,
        Decision::Finding(kind, reason) => {
            if let Some(existing) = &existing {
                label_older(transaction, prepared, existing)?;
            }
            let reason = format!("{} {}: {reason}", prepared.kind, prepared.fhir_id);
            Outcome::Finding(kind, reason)
        }
    };
    Ok((outcome, row))
}

/// The key of a row, and whose chart it stands in.
fn place(row: &store::ResourceRow) -> (ResourceKey, Option<PatientKey>) {
    (row.resource, row.patient)
}

/// Labels that the sender put on the patient stand on the whole chart.
pub(crate) fn label_chart(
    transaction: &mut Transaction<'_>,
    prepared: &Prepared,
    row: &store::ResourceRow,
) -> Result<(), Error> {
    let Some(patient) = row.patient.filter(|_| prepared.kind == "Patient") else { return Ok(()) };
    let known = transaction.patient_labels(patient)?;
    for class in prepared.projection.labels.without(known).classes() {
        transaction.label_put(patient, None, class, "sent with the patient (meta.security)")?;
    }
    Ok(())
}

/// A version that isn't taken protects too: a class that it says, and that never stood on the
/// chart, is put, so that the order of files decides nothing.
fn label_older(
    transaction: &mut Transaction<'_>,
    prepared: &Prepared,
    row: &store::ResourceRow,
) -> Result<(), Error> {
    let Some(patient) = row.patient.filter(|_| prepared.kind == "Patient") else { return Ok(()) };
    let history = transaction.label_history(patient)?;
    let of_chart = history.iter().filter(|(label, _)| label.resource.is_none());
    let ever = of_chart.map(|(label, _)| label.class).collect();
    for class in prepared.projection.labels.without(ever).classes() {
        transaction.label_put(patient, None, class, "sent with an older version of the patient")?;
    }
    Ok(())
}

fn found_before(
    transaction: &mut Transaction<'_>,
    found: &Reference,
    sent: ContentHash,
) -> Result<Taken, Error> {
    let Some(row) = transaction.resource(&found.kind, &found.id)? else {
        return Ok((Outcome::Unchanged, None));
    };
    let outcome = match transaction.version_sent_as(row.resource, sent)? {
        Some(_) => Outcome::Unchanged,
        None => Outcome::Finding(
            FindingKind::Condition,
            format!(
                "The search of this conditional create found {found} version {}; the entry was \
                 not taken.",
                row.number
            ),
        ),
    };
    Ok((outcome, Some(place(&row))))
}

fn delete(transaction: &mut Transaction<'_>, target: &Reference) -> Result<Taken, Error> {
    let Some(row) = transaction.resource(&target.kind, &target.id)? else {
        let reason = format!("{target} is not held; nothing was deleted.");
        return Ok((Outcome::Finding(FindingKind::Deletion, reason), None));
    };
    if row.deleted {
        return Ok((Outcome::Unchanged, Some(place(&row))));
    }
    let value = transaction.resource_value(&row)?;
    let prepared = Prepared::new(&value, None)?;
    transaction.resource_put(&prepared, Some(&row), Action::Delete, "import")?;
    Ok((Outcome::Updated, Some(place(&row))))
}

/// Keeps the file byte for byte: in the unit of its patient where it speaks of one only, else
/// in a unit of its own. The next commit takes it.
fn keep_source(run: &mut Run<'_>, name: &Private, bytes: &[u8]) -> Result<(), Error> {
    let hash = ContentHash::of(bytes);
    if run.store.look(run.context, |view| view.import_file_known(hash))? {
        return Ok(());
    }
    // Each part is a frame of its own: one after the other they unpack to the whole file.
    let parts = bytes
        .chunks(SOURCE_PART_BYTES_MAX)
        .map(|part| zstd::bulk::compress(part, 3).map_err(|e| Error::Internal(e.to_string())))
        .collect::<Result<Vec<_>, Error>>()?;
    run.waiting.source_bytes += parts.iter().map(Vec::len).sum::<usize>();
    run.waiting.sources.push(Packed { file: name.clone(), hash, parts });
    let is_full = run.waiting.sources.len() >= COMMIT_SOURCES_MAX
        || run.waiting.source_bytes >= COMMIT_SOURCE_BYTES_MAX;
    if is_full { commit(run) } else { Ok(()) }
}

fn keep_sources(
    store: &Store,
    transaction: &mut Transaction<'_>,
    id: i64,
    sources: &[Packed],
) -> Result<(), Error> {
    let mut files = Vec::new();
    let mut kept: Vec<&Packed> = Vec::new();
    for source in sources {
        // The same content may come under two names.
        let is_repeated = kept.iter().any(|one| one.hash == source.hash);
        if is_repeated || transaction.import_file_known(source.hash)? {
            continue;
        }
        let unit = transaction.unit_for_file()?;
        files.extend(source.parts.iter().map(|part| (unit, &part[..])));
        kept.push(source);
    }
    let mut blobs = &store.blobs_stage(transaction, &files)?[..];
    for source in kept {
        let (own, others) = blobs.split_at(source.parts.len());
        transaction.import_file_put(id, &source.file, "fhir", source.hash, own)?;
        blobs = others;
    }
    Ok(())
}
