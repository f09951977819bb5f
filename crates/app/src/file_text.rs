//! The words of files for the search: PDFs of the chart and text files, read in the background.
//!
//! As with pages, a hostile file may hang or exhaust who reads it: so the use case calls a
//! [`ReadText`] that the binary makes, which reads the file in a child process with limits;
//! [`read`] is what runs inside of it. A file that can't be read is a finding, and nothing else.

use crate::Error;
use crate::import::FindingKind;
use exchange::fhir::{Attachment, attachments, stripped};
use record::{Context, Private, ResourceKey};
use redaction::pdf::read::{Limits, read_words};
use std::sync::Arc;
use store::file_text::{FileText, FileTextAsked, has_words};
use store::import::ImportFinding;
use store::job::Job;
use store::{AuditEntry, ResourceRow, Store, View};

/// Text of one file that is searched at most, in bytes.
const TEXT_BYTES_MAX: usize = 1 << 20;
/// Files of one entry that are read at most.
const FILES_MAX: usize = 50;

/// Reads the words of a file of this media type. The error is a sentence for the finding.
pub type ReadText = Arc<dyn Fn(&[u8], &str) -> Result<String, String> + Send + Sync>;

/// The job of the background that reads files.
pub(crate) use store::file_text::FILE_TEXT_JOB as JOB_KIND;

/// Reads the words of a file, in this process. Only for the limited child process, and for tests.
///
/// # Errors
/// A sentence: the file is broken, protected or too large.
pub fn read(bytes: &[u8], media_type: &str) -> Result<String, String> {
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    let mut text = match kind {
        "application/pdf" => {
            let read = read_words(bytes, &Limits::default(), TEXT_BYTES_MAX);
            read.map_err(|error| error.to_string())?
        }
        _ if kind.starts_with("text/") => {
            let text = exchange::kind::utf8(bytes);
            let text = String::from_utf8_lossy(&text);
            if kind == "text/html" { stripped(&text) } else { text.into_owned() }
        }
        _ => return Err("This kind of file has no text that could be searched.".to_owned()),
    };
    text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
    Ok(text)
}

/// Reads the files of the entry that a job names, and brings their words into the search.
pub(crate) fn work_off(
    store: &Store,
    context: &Context,
    job: &Job,
    reader: &ReadText,
) -> Result<(), Error> {
    let asked: FileTextAsked = serde_json::from_str(&job.body)
        .map_err(|error| Error::Internal(format!("the body of a job: {error}")))?;
    let found = store.look(context, |view| match current(view, asked)? {
        Some(row) => files_of(store, view, &row).map(Some),
        None => Ok::<_, Error>(None),
    })?;
    let Some(files) = found else { return Ok(()) };
    let texts: Vec<FileText> =
        files.iter().map(|(kind, bytes)| text_of(reader, kind, bytes)).collect();
    store.write(context, |transaction| {
        // A newer version asked for itself.
        let Some(row) = current(transaction, asked)? else { return Ok(()) };
        transaction.file_text_put(&row, &texts)?;
        let refused = texts.iter().filter_map(|text| match text {
            FileText::Refused(sentence) => Some(sentence),
            FileText::Read(_) => None,
        });
        let refused: Vec<&String> = refused.collect();
        if !refused.is_empty() {
            let run = transaction.import_begin()?;
            for sentence in &refused {
                let finding = ImportFinding {
                    line: 0,
                    kind: FindingKind::Words.as_str().to_owned(),
                    resource: Some(row.resource),
                    file: Private::new(format!("{}/{}", row.kind, row.fhir_id)),
                    reason: format!("The words of a file are not in the search: {sentence}"),
                };
                transaction.import_finding_put(run, &finding)?;
            }
            let summary = format!(r#"{{"resources":{{}},"findings":{}}}"#, refused.len());
            transaction.import_end(run, &summary)?;
        }
        let detail = format!(r#"{{"files":{},"refused":{}}}"#, texts.len(), refused.len());
        let target = format!("resource/{}", row.resource.0);
        let entry = AuditEntry::new(context, "file-text.read", target);
        transaction.audit(&entry.patients(row.patient).detail(detail))?;
        Ok(())
    })
}

/// The entry, while the version for which this was asked is the current one.
fn current(view: &mut View<'_>, asked: FileTextAsked) -> Result<Option<ResourceRow>, Error> {
    let row = view.resource_by_key(ResourceKey(asked.resource))?;
    Ok(row.filter(|row| row.number == asked.number && !row.deleted))
}

/// The files of an entry whose words are not in its own text: media type and bytes.
fn files_of(
    store: &Store,
    view: &mut View<'_>,
    row: &ResourceRow,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let value = view.resource_value(row)?;
    let inside = attachments(&value);
    let inside = inside.iter().filter(|file| file.is_inline_pdf()).take(FILES_MAX);
    let mut files: Vec<(String, Vec<u8>)> = inside
        .map(|file: &Attachment<'_>| {
            ("application/pdf".to_owned(), file.bytes().unwrap_or_default())
        })
        .collect();
    if let Some(document) = view.document_of_resource(row.resource)?
        && has_words(&document.media_type)
    {
        files.push((document.media_type, store.blob_content(view, document.blob)?));
    }
    Ok(files)
}

fn text_of(reader: &ReadText, media_type: &str, bytes: &[u8]) -> FileText {
    match reader(bytes, media_type) {
        Ok(text) => FileText::Read(Private::new(text)),
        Err(sentence) => FileText::Refused(sentence),
    }
}
