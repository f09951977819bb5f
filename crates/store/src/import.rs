//! What an import leaves beside the records: its run, its files, its findings, its id map.

use crate::units::SITE_UNIT;
use crate::{Error, Store, Transaction, View};
use record::{ContentHash, Instant, Private, Reference};

/// A run of the import.
#[derive(Clone, Debug)]
pub struct ImportRun {
    /// Id.
    pub id: i64,
    /// When it began.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// Its summary, in JSON.
    pub summary: String,
}

/// A finding of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFinding {
    /// Line of the file, from 1.
    pub line: i64,
    /// `file: reason`; the file's name may identify a patient.
    pub text: Private,
}

impl Store {
    /// A source as it was received, byte for byte; `None` where no such source was kept, or where
    /// it was destroyed since.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it is no longer what was received.
    pub fn import_source(
        &self,
        view: &mut View<'_>,
        source_hash: ContentHash,
    ) -> Result<Option<Vec<u8>>, Error> {
        let damaged = |_| Error::Corrupt("a part of a source does not unpack".into());
        let sql = "SELECT blob FROM import_file WHERE source_hash = $1 ORDER BY file";
        let parts = view.query(sql, &[source_hash.0.to_vec().into()])?;
        let mut source = Vec::new();
        for part in &parts {
            let Some(blob) = part.integer_or_none(0)? else { return Ok(None) };
            let packed = self.blob_content(view, blob)?;
            source.extend(zstd::stream::decode_all(&packed[..]).map_err(damaged)?);
        }
        match parts.is_empty() {
            true => Ok(None),
            false if ContentHash::of(&source) == source_hash => Ok(Some(source)),
            false => Err(Error::Corrupt("a source is not as it was received".into())),
        }
    }
}

impl View<'_> {
    /// Runs of the import, the newest first.
    pub fn import_list(&mut self, limit: i64) -> Result<Vec<ImportRun>, Error> {
        let sql = "SELECT run, at, actor, summary FROM import_run ORDER BY run DESC LIMIT $1";
        let rows = self.query(sql, &[limit.into()])?;
        rows.iter()
            .map(|row| {
                Ok(ImportRun {
                    id: row.integer(0)?,
                    at: Instant(row.integer(1)?),
                    actor: row.text(2)?.to_owned(),
                    summary: row.text(3)?.to_owned(),
                })
            })
            .collect()
    }

    /// Findings of a run, in the order in which they were made.
    pub fn import_findings(&mut self, run: i64) -> Result<Vec<ImportFinding>, Error> {
        let sql = "SELECT finding, line, body FROM import_finding WHERE run = $1 ORDER BY finding";
        let key = self.unit_key(SITE_UNIT)?;
        let rows = self.query(sql, &[run.into()])?;
        rows.iter()
            .map(|row| {
                let context = format!("finding:{}", row.integer(0)?);
                let text = key.decrypt(row.blob(2)?, context.as_bytes())?;
                let text = Private::new(String::from_utf8_lossy(&text));
                Ok(ImportFinding { line: row.integer(1)?, text })
            })
            .collect()
    }

    /// Whether a file with this content was taken before.
    pub fn import_file_known(&mut self, source_hash: ContentHash) -> Result<bool, Error> {
        let known = "SELECT file FROM import_file WHERE source_hash = $1";
        Ok(self.query_one(known, &[source_hash.0.to_vec().into()])?.is_some())
    }

    /// What an alias (`urn:uuid:…`, a sender's `Type/id`, a search) stands for here.
    pub fn alias(&mut self, alias: &str) -> Result<Option<Reference>, Error> {
        let row = self.row("alias", &[alias.into()])?;
        row.map(|row| Ok(Reference::new(row.text(1)?, row.text(2)?))).transpose()
    }

    /// The whole id map, in order. Names of charts are ours and no sender's.
    pub fn alias_each(
        &mut self,
        visit: &mut dyn FnMut(&str, &Reference) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let sql = "SELECT alias, kind, fhir_id FROM alias
                   WHERE alias NOT LIKE 'chart:%' ORDER BY alias";
        self.connection.for_each(sql, &[], &mut |row| {
            visit(row.text(0)?, &Reference::new(row.text(1)?, row.text(2)?))
        })
    }
}

impl Transaction<'_> {
    /// Records a run of the import; its summary is put when it ends.
    pub fn import_begin(&mut self) -> Result<i64, Error> {
        let run = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "import_run",
            &[
                ("run", run.into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("summary", "{}".into()),
            ],
        )?;
        Ok(run)
    }

    /// Puts the summary of a run.
    pub fn import_end(&mut self, run: i64, summary: &str) -> Result<(), Error> {
        self.update("import_run", &[run.into()], &[("summary", summary.into())]).map(|_| ())
    }

    /// Records a finding of a run.
    pub fn import_finding_put(&mut self, run: i64, finding: &ImportFinding) -> Result<(), Error> {
        let id = self.new_id();
        let context = format!("finding:{id}");
        let key = self.unit_key(SITE_UNIT)?;
        let body = key.encrypt(finding.text.reveal().as_bytes(), context.as_bytes())?;
        self.insert(
            "import_finding",
            &[
                ("finding", id.into()),
                ("run", run.into()),
                ("line", finding.line.into()),
                ("body", body.into()),
            ],
        )
    }

    /// A destruction unit of its own for a file that speaks of several patients.
    pub fn unit_for_file(&mut self) -> Result<i64, Error> {
        self.unit_create()
    }

    /// Records a file, unless one with this content was taken before: a row for each of its
    /// parts, in their order.
    pub fn import_file_put(
        &mut self,
        run: i64,
        name: &Private,
        kind: &str,
        source_hash: ContentHash,
        parts: &[i64],
    ) -> Result<(), Error> {
        if self.import_file_known(source_hash)? {
            return Ok(());
        }
        parts.iter().try_for_each(|blob| self.import_part_put(run, name, kind, source_hash, *blob))
    }

    fn import_part_put(
        &mut self,
        run: i64,
        name: &Private,
        kind: &str,
        source_hash: ContentHash,
        blob: i64,
    ) -> Result<(), Error> {
        let id = self.new_id();
        let key = self.unit_key(SITE_UNIT)?;
        let context = format!("file:{id}");
        let name = key.encrypt(name.reveal().as_bytes(), context.as_bytes())?;
        self.insert(
            "import_file",
            &[
                ("file", id.into()),
                ("run", run.into()),
                ("name", name.into()),
                ("kind", kind.into()),
                ("source_hash", source_hash.0.to_vec().into()),
                ("blob", blob.into()),
            ],
        )
    }

    /// Records what an alias stands for; an alias known before keeps its meaning. Entries that
    /// waited for it come to their chart.
    pub fn alias_put(&mut self, alias: &str, target: &Reference) -> Result<(), Error> {
        if self.alias(alias)?.is_some() {
            return Ok(());
        }
        self.insert(
            "alias",
            &[
                ("alias", alias.into()),
                ("kind", target.kind.as_str().into()),
                ("fhir_id", target.id.as_str().into()),
            ],
        )?;
        self.name_arrived(alias, target)
    }
}
