//! Documents: the queue of those that belong to no chart yet, their index, their pages.

use crate::access::{Right, require};
use crate::chart::{Entry, Identity, identity_in};
use crate::import::{Progress, Source, Summary};
use crate::pages_of::{PageImage, RenderPage, SCREEN_DPI};
use crate::{Error, FieldError};
use exchange::fhir::build::{Desk, DocumentForm, Facts, Party, entered_in_error};
use integrity::indexing::{DocumentAction, apply};
use record::{Context, Instant, PatientKey, Private, ResourceKey, Role};
use store::document::{Document, DocumentState};
use store::work::NewWork;
use store::{Action, AuditEntry, Prepared, Store, Transaction, View};

/// Documents that a list shows at most.
pub const DOCUMENTS_MAX: i64 = 200;
/// The largest file taken by the browser, in bytes.
pub const UPLOAD_BYTES_MAX: usize = 64 << 20;
/// Seconds within which a document should be indexed: one day.
pub const INDEX_SECONDS_MAX: i64 = crate::import::INDEX_SECONDS_MAX;
/// Encounters offered for a document.
const ENCOUNTERS_MAX: i64 = 100;

/// Why the letter of a request leaves the queue: it belongs to the request.
pub const LETTER_REASON: &str = "request";

/// Why a document belongs to no chart.
pub const ASIDE_REASONS: &[(&str, &str)] = &[
    ("blank", "Blank page or separator sheet"),
    ("duplicate", "The same document is in the chart already"),
    ("not-ours", "Not a document of this organization's record"),
    ("unreadable", "Can't be read; a new copy was asked for"),
    ("orphan", "Nobody can be found whose it is"),
    (LETTER_REASON, "A request for release: kept with the request"),
];

/// A document of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The document.
    pub document: Document,
    /// Size in bytes.
    pub size_bytes: i64,
    /// When its index is due.
    pub due_at: Instant,
}

/// Documents in a state, the oldest first.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn list(
    store: &Store,
    context: &Context,
    state: DocumentState,
) -> Result<(Vec<Listed>, i64), Error> {
    require(store, context, Right::DocumentIndex)?;
    store.read(context, |view| {
        let mut listed = Vec::new();
        for document in view.document_list(state, DOCUMENTS_MAX)? {
            let size_bytes = view.blob(document.blob)?.map_or(0, |blob| blob.size_bytes);
            let due_at = document.received_at.plus_seconds(INDEX_SECONDS_MAX);
            listed.push(Listed { document, size_bytes, due_at });
        }
        let total = view.document_count(state)?;
        Ok(((listed, total), AuditEntry::new(context, "document.list", state.as_str())))
    })
}

/// A document that is open on the desk.
pub struct Opened {
    /// The document.
    pub document: Document,
    /// Size in bytes.
    pub size_bytes: i64,
    /// Its text, for a text file.
    pub text: Option<String>,
    /// Whose chart it is in, once indexed.
    pub identity: Option<Identity>,
    /// The entry that describes it, once indexed.
    pub entry: Option<ResourceKey>,
}

/// Opens a document: one that waits for its index, or one of a chart.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or its chart is hidden.
pub fn open(store: &Store, context: &Context, public_id: &str) -> Result<Opened, Error> {
    store.read(context, |view| {
        let (document, patient) = document_in(store, view, public_id)?;
        let blob = view.blob(document.blob)?.ok_or(Error::NotFound)?;
        let text = match document.media_type.starts_with("text/") {
            true => Some(String::from_utf8_lossy(&store.blob_content(view, blob.id)?).into_owned()),
            false => None,
        };
        let identity = patient.map(|key| identity_in(view, key)).transpose()?;
        let target = format!("document/{}", document.id);
        let audit = AuditEntry::new(context, "document.open", target).patients(patient);
        let size_bytes = blob.size_bytes;
        let entry = document.resource;
        Ok((Opened { document, size_bytes, text, identity, entry }, audit))
    })
}

/// The document, when the context may see it: the indexing desk sees what waits; what is in a
/// chart is seen by those who may open the chart.
fn document_in(
    store: &Store,
    view: &mut View<'_>,
    public_id: &str,
) -> Result<(Document, Option<PatientKey>), Error> {
    let context = view.context();
    let found = view.document_by_public_id(public_id)?;
    let Some(resource) = found.as_ref().and_then(|document| document.resource) else {
        require(store, context, Right::DocumentIndex)?;
        return Ok((found.ok_or(Error::NotFound)?, None));
    };
    require(store, context, Right::ChartRead)?;
    let row = view.resource_by_key(resource)?.ok_or(Error::NotFound)?;
    Ok((found.ok_or(Error::NotFound)?, row.patient))
}

/// One page of a document as an image.
///
/// # Errors
/// [`Error::Refused`] with a sentence when the file can't be shown.
pub fn page(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    public_id: &str,
    page: u32,
) -> Result<PageImage, Error> {
    let (bytes, media_type) = store.read(context, |view| {
        let (document, patient) = document_in(store, view, public_id)?;
        let bytes = store.blob_content(view, document.blob)?;
        let target = format!("document/{}", document.id);
        let audit = AuditEntry::new(context, "document.page", target).patients(patient);
        Ok::<_, Error>(((bytes, document.media_type), audit.detail(page_detail(page))))
    })?;
    render(&bytes, &media_type, page, SCREEN_DPI).map_err(Error::Refused)
}

fn page_detail(page: u32) -> String {
    format!(r#"{{"page":{page}}}"#)
}

/// The opaque id of a document, for one who comes from the queue of work.
pub fn public_id(store: &Store, context: &Context, document: i64) -> Result<String, Error> {
    require(store, context, Right::DocumentIndex)?;
    store.read(context, |view| {
        let found = view.document(document)?.ok_or(Error::NotFound)?;
        let target = format!("document/{document}");
        Ok((found.public_id, AuditEntry::new(context, "document.address", target)))
    })
}

/// The document that has waited longest.
pub fn next(store: &Store, context: &Context) -> Result<Option<String>, Error> {
    require(store, context, Right::DocumentIndex)?;
    store.read(context, |view| {
        let first = view.document_list(DocumentState::Unindexed, 1)?.pop();
        let id = first.map(|document| document.public_id);
        Ok((id, AuditEntry::new(context, "document.next", "documents")))
    })
}

/// Whose chart a document may go to: the patient with their encounters, the newest first.
///
/// # Errors
/// [`Error::NotFound`] where the patient is not there, or hidden.
pub fn choose_patient(
    store: &Store,
    context: &Context,
    patient: PatientKey,
) -> Result<(Identity, Vec<Entry>), Error> {
    require(store, context, Right::DocumentIndex)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let mut encounters = Vec::new();
        for row in view.chart_list(patient, &["Encounter"], ENCOUNTERS_MAX)? {
            encounters.push(crate::chart::shown(view, row, &identity.zone)?);
        }
        let target = format!("patient/{}", patient.0);
        let audit = AuditEntry::new(context, "document.choose-patient", target);
        Ok(((identity, encounters), audit.patients([patient])))
    })
}

/// What is typed to index a document.
#[derive(Clone, Default)]
pub struct IndexForm {
    /// Whose it is.
    pub patient: Option<PatientKey>,
    /// The encounter, if it belongs to one.
    pub encounter: Option<ResourceKey>,
    /// LOINC code of its kind.
    pub loinc: String,
    /// Its date.
    pub date: String,
    /// Its title.
    pub title: String,
}

/// Indexes a document: it becomes an entry of the chart, and leaves the queue.
///
/// # Errors
/// [`Error::Invalid`] names the fields; [`Error::Conflict`] when somebody was faster.
pub fn index(
    store: &Store,
    context: &Context,
    public_id: &str,
    form: &IndexForm,
) -> Result<ResourceKey, Error> {
    require(store, context, Right::DocumentIndex)?;
    let id = record::hash::hex(&store::keys::random::<12>()?);
    store.write(context, |transaction| {
        let document = transaction.document_by_public_id(public_id)?.ok_or(Error::NotFound)?;
        let patient =
            form.patient.ok_or_else(|| invalid("patient", "Find and choose whose it is."))?;
        let row = transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
        let blob = transaction.blob(document.blob)?.ok_or(Error::NotFound)?;
        let described = DocumentForm {
            patient: format!("Patient/{}", row.fhir_id),
            encounter: encounter_of(transaction, patient, form.encounter)?,
            loinc: form.loinc.clone(),
            date: form.date.clone(),
            title: form.title.clone(),
            content_type: document.media_type.clone(),
            url: format!("urn:chartroom:document:{}", document.public_id),
            size_bytes: blob.size_bytes,
        };
        let zone = crate::entry::zone_in(transaction)?;
        let desk = Desk { zone: &zone, now: context.at };
        let errors = described.check(&desk);
        if !errors.is_empty() {
            let of = |e: &exchange::fhir::build::FieldError| {
                FieldError::new(e.field, format!("{} {}", e.reason, e.would_do))
            };
            return Err(Error::Invalid(errors.iter().map(of).collect()));
        }
        let mut resource = described.build(&facts(context, &form.date), &desk);
        resource["id"] = id.as_str().into();
        let prepared = Prepared::new(&resource, None)?;
        let entry = transaction.resource_put(&prepared, None, Action::Create, "indexed")?;
        let moved = store.blob_move(transaction, document.blob, patient)?;
        transaction.document_index(document.id, moved, entry.resource)?;
        transaction.work_close("index-document", document.id, true)?;
        crate::completion::review_entry(transaction, &entry)?;
        let audit = AuditEntry::new(context, "document.index", format!("document/{}", document.id));
        let detail = format!(r#"{{"entry":{}}}"#, entry.resource.0);
        transaction.audit(&audit.patients([patient]).detail(detail))?;
        Ok(entry.resource)
    })
}

fn invalid(field: &str, reason: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, reason)])
}

/// The reference of an encounter, when it is this patient's and may be seen.
fn encounter_of(
    view: &mut View<'_>,
    patient: PatientKey,
    encounter: Option<ResourceKey>,
) -> Result<String, Error> {
    let Some(key) = encounter else { return Ok(String::new()) };
    let row = view.resource_by_key(key)?.filter(|row| row.patient == Some(patient));
    let row = row.filter(|row| row.kind == "Encounter" && !row.deleted);
    let row = row.ok_or_else(|| invalid("encounter", "Choose an encounter of this patient."))?;
    Ok(format!("Encounter/{}", row.fhir_id))
}

fn facts(context: &Context, date: &str) -> Facts {
    Facts {
        author: Party::new("", "See the document"),
        entered_by: Party::new("", context.actor.key()),
        event_time: date.to_owned(),
        ..Facts::default()
    }
}

/// Takes an index back: the entry stays in the chart's history, marked as entered in error, and
/// the document waits again.
///
/// # Errors
/// [`Error::NotFound`] where it is not there or hidden; [`Error::Conflict`] when not indexed.
pub fn unindex(store: &Store, context: &Context, public_id: &str) -> Result<(), Error> {
    require(store, context, Right::DocumentIndex)?;
    store.write(context, |transaction| {
        let document = transaction.document_by_public_id(public_id)?.ok_or(Error::NotFound)?;
        apply(document.state, DocumentAction::Unindex)
            .map_err(|no| Error::Conflict(no.to_string()))?;
        let key = document.resource.ok_or(Error::NotFound)?;
        let row = transaction.resource_by_key(key)?.ok_or(Error::NotFound)?;
        let mut resource = transaction.resource_value(&row)?;
        entered_in_error(&mut resource);
        let prepared = Prepared::new(&resource, None)?;
        let row =
            transaction.resource_put(&prepared, Some(&row), Action::Update, "index taken back")?;
        crate::completion::review_entry(transaction, &row)?;
        let blob = store.blob_move_to_site(transaction, document.blob)?;
        transaction.document_unindex(document.id, blob)?;
        wait(transaction, context, document.id)?;
        let audit =
            AuditEntry::new(context, "document.unindex", format!("document/{}", document.id));
        transaction.audit(&audit.patients(row.patient))?;
        Ok(())
    })
}

fn wait(transaction: &mut Transaction<'_>, context: &Context, id: i64) -> Result<(), Error> {
    transaction.work_open(&NewWork {
        kind: "index-document",
        subject: id,
        patient: None,
        role: Role::Technician,
        due_at: Some(context.at.plus_seconds(INDEX_SECONDS_MAX)),
        reason: "This document belongs to no chart yet.",
    })?;
    Ok(())
}

/// Sets a document aside that belongs to no chart. It is kept, and can be taken back.
///
/// # Errors
/// [`Error::Invalid`] without a reason of [`ASIDE_REASONS`].
pub fn set_aside(
    store: &Store,
    context: &Context,
    public_id: &str,
    reason: &str,
) -> Result<(), Error> {
    require(store, context, Right::DocumentIndex)?;
    if !ASIDE_REASONS.iter().any(|(word, _)| *word == reason) {
        return Err(invalid("reason", "Choose why this document belongs to no chart."));
    }
    store.write(context, |transaction| {
        let document = transaction.document_by_public_id(public_id)?.ok_or(Error::NotFound)?;
        transaction.document_set_aside(document.id, reason)?;
        transaction.work_close("index-document", document.id, false)?;
        let target = format!("document/{}", document.id);
        let audit = AuditEntry::new(context, "document.set-aside", target);
        Ok(transaction.audit(&audit.detail(format!(r#"{{"reason":"{reason}"}}"#)))?)
    })
}

/// Puts a document that was set aside back into the queue.
///
/// # Errors
/// [`Error::Conflict`] when it is not set aside, or is the letter of a request.
pub fn take_back(store: &Store, context: &Context, public_id: &str) -> Result<(), Error> {
    require(store, context, Right::DocumentIndex)?;
    store.write(context, |transaction| {
        let document = transaction.document_by_public_id(public_id)?.ok_or(Error::NotFound)?;
        if transaction.release_request_of_document(document.id)?.is_some() {
            return Err(Error::Conflict(
                "This is the letter of a request for release, and stays with it.".into(),
            ));
        }
        transaction.document_take_back(document.id)?;
        wait(transaction, context, document.id)?;
        let target = format!("document/{}", document.id);
        Ok(transaction.audit(&AuditEntry::new(context, "document.take-back", target))?)
    })
}

/// A file that was brought by the browser.
pub struct Brought {
    /// Its name on the sender's machine.
    pub name: Private,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Whether this person may bring files here: asked before a byte of them is read.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::Refused`] in a demonstration store.
pub fn upload_allowed(store: &Store, context: &Context) -> Result<(), Error> {
    require(store, context, Right::DocumentIndex)?;
    crate::import::refuse_demonstration(store, context)
}

/// Takes files into the queue. Each is told by its content; what is not a document is named.
///
/// # Errors
/// [`Error::Refused`] in a demonstration store.
pub fn upload(store: &Store, context: &Context, files: &[Brought]) -> Result<Uploaded, Error> {
    upload_allowed(store, context)?;
    let mut refused = Vec::new();
    let mut sources = Vec::new();
    for file in files {
        let kind = exchange::detect(&file.bytes);
        let is_document = kind.media_type().is_some_and(|media| !media.contains("fhir"));
        if is_document {
            let bytes = &file.bytes;
            let read = Box::new(move || Ok(bytes.clone()));
            sources.push(Source { name: file.name.clone(), read });
        } else {
            refused.push(file.name.clone());
        }
    }
    let summary = crate::import::take_documents(store, context, &sources, &Silent)?;
    Ok(Uploaded { summary, refused })
}

/// What came of an upload.
pub struct Uploaded {
    /// What was taken, and what was held before.
    pub summary: Summary,
    /// Files that are no documents.
    pub refused: Vec<Private>,
}

struct Silent;

impl Progress for Silent {
    fn bytes_done(&self, _count: u64) {}
    fn finding(&self, _file: &Private, _line: usize, _reason: &str) {}
}

/// A file inside an entry.
pub struct InlineFile {
    /// Whose chart.
    pub identity: Option<Identity>,
    /// What it is called.
    pub title: String,
    /// Media type.
    pub media_type: String,
    /// Its words, for text files; markup is stripped.
    pub text: Option<String>,
    bytes: Vec<u8>,
}

/// Opens a file that stands inside of an entry, by its place from 0.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or hidden.
pub fn inline(
    store: &Store,
    context: &Context,
    entry: ResourceKey,
    place: usize,
) -> Result<InlineFile, Error> {
    require(store, context, Right::ChartRead)?;
    store.read(context, |view| {
        let row = view.resource_by_key(entry)?.ok_or(Error::NotFound)?;
        let identity = row.patient.map(|key| identity_in(view, key)).transpose()?;
        let value = view.resource_value(&row)?;
        let files = exchange::fhir::attachments(&value);
        let file = files.get(place).filter(|file| file.is_inline()).ok_or(Error::NotFound)?;
        let file = InlineFile {
            identity,
            title: file.title.unwrap_or("File").to_owned(),
            media_type: file.content_type.clone(),
            text: file.text(),
            bytes: file.bytes().unwrap_or_default(),
        };
        let target = format!("{}/{}", row.kind, entry.0);
        let audit = AuditEntry::new(context, "entry.file", target).patients(row.patient);
        Ok((file, audit))
    })
}

/// One page of a file that stands inside of an entry.
///
/// # Errors
/// [`Error::Refused`] with a sentence when the file can't be shown.
pub fn inline_page(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    entry: ResourceKey,
    place: usize,
    page: u32,
) -> Result<PageImage, Error> {
    let file = inline(store, context, entry, place)?;
    render(&file.bytes, &file.media_type, page, SCREEN_DPI).map_err(Error::Refused)
}
