//! Checks that what is stored is what was written: the chain, its signatures, every journaled
//! row, every projection against the record, every file.
//!
//! Each break is named: the table, the key of the row, and what is wrong with it.

mod journal;
mod projections;

use crate::blob::BlobHome;
use crate::schema::MIGRATIONS;
use crate::{Error, Store, View};
use record::Context;

/// How far a verification has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What is being read.
    pub part: Part,
    /// How much of it is done.
    pub done: usize,
    /// How much there is; 0 where it isn't known before.
    pub total: usize,
}

/// What a verification reads, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Blocks and audit entries.
    Chain,
    /// Journaled rows.
    Rows,
    /// Entries of the record, with their projections.
    Record,
    /// Files.
    Files,
}

impl Stage {
    /// What is being read, in words.
    pub fn label(&self) -> &'static str {
        match self.part {
            Part::Chain => "the chain of blocks and the audit trail",
            Part::Rows => "every row that the blocks vouch for",
            Part::Record => "entries of the record, and what finds them",
            Part::Files => "stored files",
        }
    }
}

/// Told how far a verification has come: at each part, and some twenty times within a long one.
type Progress<'a> = &'a mut dyn FnMut(Stage);

/// Tells how far a part has come, each twentieth of it.
fn tell(progress: Progress<'_>, part: Part, done: usize, total: usize) {
    if done.is_multiple_of((total / 20).max(500)) {
        progress(Stage { part, done, total });
    }
}

/// Breaks named at most; past that they are only counted.
const BREAKS_NAMED_MAX: usize = 1000;

/// The result of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Verification {
    /// Blocks of the chain read.
    pub blocks_count: u64,
    /// Audit entries read.
    pub entries_count: u64,
    /// Journaled rows compared with the journal.
    pub rows_count: u64,
    /// Resources whose projections were recomputed.
    pub resources_count: u64,
    /// Files read.
    pub files_count: u64,
    /// Files to which no row refers: left by a process that was killed, harmless.
    pub orphans_count: u64,
    /// How many breaks there are.
    pub breaks_count: u64,
    /// The breaks, named; the first thousand.
    pub breaks: Vec<String>,
}

impl Verification {
    /// Whether everything is as it was written.
    pub fn is_whole(&self) -> bool {
        self.breaks_count == 0
    }

    /// What can't even be read is a break of that table.
    fn named<T>(&mut self, table: &str, result: Result<T, Error>) -> Option<T> {
        result.map_err(|error| self.broken(format!("{table}: {error}"))).ok()
    }

    fn broken(&mut self, what: String) {
        self.breaks_count += 1;
        if self.breaks.len() < BREAKS_NAMED_MAX {
            self.breaks.push(what);
        }
    }
}

impl Store {
    /// Verifies the whole store on one consistent state, and keeps the checkpoint when it is
    /// whole.
    ///
    /// # Errors
    /// Only when the store can't be read at all; what is wrong in it is in the result.
    pub fn verify(&self, context: &Context) -> Result<Verification, Error> {
        self.verify_telling(context, &mut |_| {})
    }

    /// The same, telling how far it has come.
    ///
    /// # Errors
    /// As [`Store::verify`].
    pub fn verify_telling(
        &self,
        context: &Context,
        progress: Progress<'_>,
    ) -> Result<Verification, Error> {
        let mut result = Verification::default();
        self.look(context, |view| {
            progress(Stage { part: Part::Chain, done: 0, total: 0 });
            let steps = schema_steps(view, &mut result);
            result.named("schema_step", steps);
            let expected = journal::chain(view, &mut result);
            if let Some(expected) = result.named("audit_block", expected) {
                progress(Stage { part: Part::Rows, done: 0, total: 0 });
                journal::rows(view, expected, &mut result);
            }
            let patients = projections::audit_patients(view, &mut result);
            result.named("audit_patient", patients);
            let resources = projections::resources(view, &mut result, progress);
            result.named("version", resources);
            let files = self.verify_files(view, &mut result, progress);
            result.named("blob", files);
            Ok::<_, Error>(())
        })?;
        if result.is_whole() {
            self.checkpoint_keep(context)?;
        }
        Ok(result)
    }

    fn verify_files(
        &self,
        view: &mut View<'_>,
        result: &mut Verification,
        progress: Progress<'_>,
    ) -> Result<(), Error> {
        let mut stored = self.blobs.list(view.connection)?;
        stored.sort();
        let mut named = Vec::new();
        let rows = view.query("SELECT blob FROM blob ORDER BY blob", &[])?;
        for (done, row) in rows.iter().enumerate() {
            tell(progress, Part::Files, done, rows.len());
            let id = row.integer(0)?;
            let Some(blob) = view.blob(id)? else { continue };
            named.push(blob.stored_hash);
            result.files_count += 1;
            if let Err(error) = self.blob_content(view, id) {
                let table = match self.blobs {
                    BlobHome::Table => "blob_content of blob",
                    BlobHome::Folder(_) => "blob",
                };
                result.broken(format!("{table} {id}: {error}"));
            }
        }
        named.sort();
        let orphans = stored.iter().filter(|hash| named.binary_search(hash).is_err());
        if let BlobHome::Table = self.blobs {
            // Written in the same commit as the row that names it: none can be left behind.
            for orphan in orphans {
                result.broken(format!("blob_content {}: no file has it", orphan.to_hex()));
            }
            return Ok(());
        }
        result.orphans_count = orphans.count() as u64;
        let rows = view.query("SELECT stored_hash FROM blob_content LIMIT 1", &[])?;
        if !rows.is_empty() {
            result.broken("blob_content: has rows; the files of this store are in a folder".into());
        }
        Ok(())
    }
}

fn schema_steps(view: &mut View<'_>, result: &mut Verification) -> Result<(), Error> {
    let rows = view.query("SELECT step FROM schema_step ORDER BY step", &[])?;
    let steps = rows.iter().map(|row| row.integer(0)).collect::<Result<Vec<_>, _>>()?;
    if steps != (1..=MIGRATIONS.len() as i64).collect::<Vec<_>>() {
        result.broken(format!("schema_step: holds {steps:?}, not every step of this program"));
    }
    Ok(())
}
