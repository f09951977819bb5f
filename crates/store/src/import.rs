//! What an import leaves beside the records: its run, its files, its findings, its id map.

use crate::resource::visible;
use crate::units::SITE_UNIT;
use crate::{Error, Row, Store, Transaction, View};
use record::{ContentHash, Instant, PatientKey, Private, Reference, ResourceKey};
use std::borrow::Cow;

/// A run of the import.
#[derive(Clone, Debug)]
pub struct ImportRun {
    /// Id.
    pub id: i64,
    /// When it began.
    pub at: Instant,
    /// When it ended; none where it goes on, or was broken off.
    pub ended_at: Option<Instant>,
    /// By whom.
    pub actor: String,
    /// Its summary, in JSON.
    pub summary: String,
}

/// A finding of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFinding {
    /// Line of the file, from 1; 0 where it is about the whole file.
    pub line: i64,
    /// What kind of finding it is, in a word.
    pub kind: String,
    /// The entry that it is about, where that is held: who may not see it may not see this.
    pub resource: Option<ResourceKey>,
    /// The file; its name may identify a patient.
    pub file: Private,
    /// Why, in a sentence without patient data.
    pub reason: String,
}

/// Findings of a run, as far as a context may see them.
#[derive(Clone, Debug, Default)]
pub struct ImportFindings {
    /// Those that it may see, in the order in which they were made.
    pub shown: Vec<ImportFinding>,
    /// How many others there are: about entries that are hidden from it, or were destroyed.
    pub withheld_count: i64,
}

const RUN_COLUMNS: &str = "run, at, actor, summary, ended_at";

fn run_of(row: &Row) -> Result<ImportRun, Error> {
    Ok(ImportRun {
        id: row.integer(0)?,
        at: Instant(row.integer(1)?),
        actor: row.text(2)?.to_owned(),
        summary: row.text(3)?.to_owned(),
        ended_at: row.integer_or_none(4)?.map(Instant),
    })
}

/// The body of a finding: its file and its reason.
#[derive(serde::Serialize, serde::Deserialize)]
struct Body<'a> {
    file: Cow<'a, str>,
    reason: Cow<'a, str>,
}

/// The context under which a row's text is sealed.
fn sealed_as(what: &str, id: i64) -> Vec<u8> {
    format!("{what}:{id}").into_bytes()
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
        let sql = format!("SELECT {RUN_COLUMNS} FROM import_run ORDER BY run DESC LIMIT $1");
        self.query(&sql, &[limit.into()])?.iter().map(run_of).collect()
    }

    /// One run of the import.
    pub fn import_run(&mut self, run: i64) -> Result<Option<ImportRun>, Error> {
        let sql = format!("SELECT {RUN_COLUMNS} FROM import_run WHERE run = $1");
        self.query_one(&sql, &[run.into()])?.as_ref().map(run_of).transpose()
    }

    /// The paths that a run was given, in order. The name of a file that speaks of one patient is
    /// absent where that patient is hidden from this context, or was destroyed.
    pub fn import_paths(&mut self, run: i64) -> Result<Vec<Private>, Error> {
        let sql = format!(
            "SELECT path, body FROM import_path i WHERE run = $1 AND (i.patient IS NULL OR EXISTS
               (SELECT 1 FROM resource r
                WHERE r.patient = i.patient AND r.kind = 'Patient' AND {}))
             ORDER BY path",
            visible(self.context())
        );
        let key = self.unit_key(SITE_UNIT)?;
        let rows = self.query(&sql, &[run.into()])?;
        let open = |row: &Row| {
            let name = key.decrypt(row.blob(1)?, &sealed_as("path", row.integer(0)?))?;
            Ok(Private::new(String::from_utf8_lossy(&name)))
        };
        rows.iter().map(open).collect()
    }

    /// Findings of a run. Those about entries that are hidden from this context are counted only.
    pub fn import_findings(&mut self, run: i64) -> Result<ImportFindings, Error> {
        let sql = format!(
            "SELECT f.finding, f.line, f.body, f.kind, f.resource FROM import_finding f
             LEFT JOIN resource r ON r.resource = f.resource
             WHERE f.run = $1 AND (f.resource IS NULL OR (r.resource IS NOT NULL AND {}))
             ORDER BY f.finding",
            visible(self.context())
        );
        let key = self.unit_key(SITE_UNIT)?;
        let mut found = ImportFindings::default();
        for row in self.query(&sql, &[run.into()])? {
            let body = key.decrypt(row.blob(2)?, &sealed_as("finding", row.integer(0)?))?;
            let body: Body<'_> = serde_json::from_slice(&body)
                .map_err(|_| Error::Corrupt("the body of a finding is not as it was".into()))?;
            found.shown.push(ImportFinding {
                line: row.integer(1)?,
                kind: row.text(3)?.to_owned(),
                resource: row.integer_or_none(4)?.map(ResourceKey),
                file: Private::new(body.file),
                reason: body.reason.into_owned(),
            });
        }
        let sql = "SELECT COUNT(*) FROM import_finding WHERE run = $1";
        let all = self.query_one(sql, &[run.into()])?.ok_or(Error::NotFound)?.integer(0)?;
        found.withheld_count = all - found.shown.len() as i64;
        Ok(found)
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
        let values = [("summary", summary.into()), ("ended_at", self.context().at.0.into())];
        self.update("import_run", &[run.into()], &values).map(|_| ())
    }

    /// Records a path that a run was given; of a file that speaks of one patient, which.
    pub fn import_path_put(
        &mut self,
        run: i64,
        name: &Private,
        patient: Option<PatientKey>,
    ) -> Result<(), Error> {
        let id = self.new_id();
        let key = self.unit_key(SITE_UNIT)?;
        let body = key.encrypt(name.reveal().as_bytes(), &sealed_as("path", id))?;
        let values = [
            ("path", id.into()),
            ("run", run.into()),
            ("patient", patient.map(|key| key.0).into()),
            ("body", body.into()),
        ];
        self.insert("import_path", &values)
    }

    /// Records a finding of a run.
    pub fn import_finding_put(&mut self, run: i64, finding: &ImportFinding) -> Result<(), Error> {
        let id = self.new_id();
        let key = self.unit_key(SITE_UNIT)?;
        let body =
            Body { file: finding.file.reveal().into(), reason: finding.reason.as_str().into() };
        let body = serde_json::to_vec(&body).expect("two texts are JSON");
        let body = key.encrypt(&body, &sealed_as("finding", id))?;
        self.insert(
            "import_finding",
            &[
                ("finding", id.into()),
                ("run", run.into()),
                ("line", finding.line.into()),
                ("kind", finding.kind.as_str().into()),
                ("resource", finding.resource.map(|key| key.0).into()),
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
