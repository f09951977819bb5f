//! The words of files: what the text layer of a PDF says, and a text file that was scanned in.
//!
//! Reading a PDF takes a process with limits, so it can't be a part of writing an entry, nor of
//! `verify`. What was read is kept instead, journaled and sealed under the key of its chart, and
//! the words of the search are made from it. A new version of the entry drops it and asks again.

use crate::projection::{Projection, words};
use crate::resource::ResourceRow;
use crate::{Error, Row, Transaction, Value, View};
use record::{Private, ResourceKey};
use std::collections::BTreeSet;

/// The job that reads the files of an entry. Its body is the entry's key and version number.
pub const FILE_TEXT_JOB: &str = "file-text";

/// The entry whose files a job reads, and the version for which that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FileTextAsked {
    /// The entry.
    pub resource: i64,
    /// Number of its version.
    pub number: i64,
}

/// What came of reading one file.
#[derive(Clone, Debug)]
pub enum FileText {
    /// Its words.
    Read(Private),
    /// The sentence that says why it has none.
    Refused(String),
}

/// Kinds of document files that have words: `text/plain` and `application/pdf`.
pub fn has_words(media_type: &str) -> bool {
    media_type.starts_with("text/") || media_type == "application/pdf"
}

fn context_of(id: i64) -> Vec<u8> {
    format!("file_text:{id}").into_bytes()
}

impl View<'_> {
    /// What came of reading the files of an entry.
    pub fn file_texts(&mut self, resource: ResourceKey) -> Result<Vec<FileText>, Error> {
        let sql = "SELECT file_text, unit, state, body FROM file_text
                   WHERE resource = $1 ORDER BY file_text";
        let rows = self.query(sql, &[resource.0.into()])?;
        rows.iter().map(|row| self.file_text_of(row)).collect()
    }

    fn file_text_of(&mut self, row: &Row) -> Result<FileText, Error> {
        let key = self.unit_key(row.integer(1)?)?;
        let text = key.decrypt(row.blob(3)?, &context_of(row.integer(0)?))?;
        let text = crate::body::unpack(&text)?;
        Ok(match row.text(2)? {
            "read" => FileText::Read(Private::new(text)),
            _ => FileText::Refused(text),
        })
    }

    /// The words that the files of an entry add to those of the entry itself.
    pub(crate) fn file_text_words(&mut self, key: ResourceKey) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        for text in self.file_texts(key)? {
            if let FileText::Read(text) = text {
                found.extend(words(text.reveal()));
            }
        }
        Ok(found)
    }
}

impl Transaction<'_> {
    /// Asks for the reading of an entry's files, where it has any with words.
    pub(crate) fn file_text_ask(&mut self, row: &ResourceRow, has_pdf: bool) -> Result<(), Error> {
        let is_wanted = has_pdf
            || row.kind == "DocumentReference"
                && self
                    .document_of_resource(row.resource)?
                    .is_some_and(|document| has_words(&document.media_type));
        if !is_wanted {
            return Ok(());
        }
        let asked = FileTextAsked { resource: row.resource.0, number: row.number };
        let body = serde_json::to_string(&asked).expect("two numbers are JSON");
        let key = format!("{FILE_TEXT_JOB}:{}:{}", asked.resource, asked.number);
        let at = self.context().at;
        self.job_add(FILE_TEXT_JOB, &key, &body, at)
    }

    /// Keeps what came of reading the files of an entry, in place of what was kept before, and
    /// brings the words into the search.
    pub fn file_text_put(&mut self, row: &ResourceRow, texts: &[FileText]) -> Result<(), Error> {
        self.file_text_drop(row.resource)?;
        let unit = self.unit_of(row.patient)?;
        let (key, at) = (self.unit_key(unit)?, self.context().at.0);
        for text in texts {
            let (state, text) = match text {
                FileText::Read(text) => ("read", text.reveal()),
                FileText::Refused(sentence) => ("refused", sentence.as_str()),
            };
            let id = self.new_id();
            let body = key.encrypt(&crate::body::pack(text), &context_of(id))?;
            self.insert(
                "file_text",
                &[
                    ("file_text", id.into()),
                    ("resource", row.resource.0.into()),
                    ("unit", unit.into()),
                    ("state", state.into()),
                    ("body", body.into()),
                    ("at", at.into()),
                ],
            )?;
        }
        self.file_words_put(row)
    }

    /// Makes the words of an entry anew: its own, and those of its files.
    fn file_words_put(&mut self, row: &ResourceRow) -> Result<(), Error> {
        let value = self.resource_value(row)?;
        let mut found: BTreeSet<String> = Projection::of(&value).words.into_iter().collect();
        found.extend(self.file_text_words(row.resource)?);
        let key = Value::Integer(row.resource.0);
        let sql = "DELETE FROM word WHERE resource = $1";
        self.execute_projection("word", sql, std::slice::from_ref(&key))?;
        for word in &found {
            self.insert("word", &[("word", word.into()), ("resource", key.clone())])?;
        }
        Ok(())
    }

    /// Forgets what was read of an entry's files. Its words go with the entry's other rows.
    pub(crate) fn file_text_drop(&mut self, resource: ResourceKey) -> Result<(), Error> {
        let sql = "SELECT file_text FROM file_text WHERE resource = $1 ORDER BY file_text";
        for row in self.query(sql, &[resource.0.into()])? {
            self.delete("file_text", &[row.integer(0)?.into()])?;
        }
        Ok(())
    }

    /// Seals what was read anew, under the key of the chart that the entry came to.
    pub(crate) fn file_text_seal_for(
        &mut self,
        resource: ResourceKey,
        before: i64,
        now: i64,
    ) -> Result<(), Error> {
        let sql = "SELECT file_text, body FROM file_text
                   WHERE resource = $1 AND unit = $2 ORDER BY file_text";
        let (opens, seals) = (self.unit_key(before)?, self.unit_key(now)?);
        for row in self.query(sql, &[resource.0.into(), before.into()])? {
            let context = context_of(row.integer(0)?);
            let body = seals.encrypt(&opens.decrypt(row.blob(1)?, &context)?, &context)?;
            let values = [("unit", now.into()), ("body", body.into())];
            self.update("file_text", &[row.integer(0)?.into()], &values)?;
        }
        Ok(())
    }
}
