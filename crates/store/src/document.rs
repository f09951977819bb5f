//! Files of the record: scans and documents, and the queue of those not yet indexed.

use crate::units::SITE_UNIT;
use crate::{Error, Row, Store, Transaction, View};
pub use integrity::indexing::DocumentState;
use integrity::indexing::{DocumentAction, apply};
use record::{ContentHash, Instant, PatientKey, Private, ResourceKey};

fn state_of(text: &str) -> Result<DocumentState, Error> {
    let state = DocumentState::parse(text);
    state.ok_or_else(|| Error::Corrupt(format!("a document's state is {text}")))
}

/// A document file.
#[derive(Clone, Debug)]
pub struct Document {
    /// Key.
    pub id: i64,
    /// Opaque id for addresses of pages.
    pub public_id: String,
    /// The stored file.
    pub blob: i64,
    /// `application/pdf`, `image/png`, …
    pub media_type: String,
    /// The file's name when it came.
    pub name: Private,
    /// Where it stands.
    pub state: DocumentState,
    /// The DocumentReference, once indexed.
    pub resource: Option<ResourceKey>,
    /// When it came.
    pub received_at: Instant,
    /// Who brought it.
    pub received_by: String,
    /// Why it was set aside: a word of the desk's list.
    pub aside_reason: Option<String>,
}

/// A stored file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Key.
    pub id: i64,
    /// The unit whose key encrypts it.
    pub unit: i64,
    /// Hash of the content.
    pub content_hash: ContentHash,
    /// Hash of the encrypted bytes: its name.
    pub stored_hash: ContentHash,
    /// Size of the content in bytes.
    pub size_bytes: i64,
}

const DOCUMENT_COLUMNS: &str = "document, public_id, blob, media_type, name, state, resource, \
     received_at, received_by, aside_reason";

fn blob_context(content_hash: ContentHash) -> Vec<u8> {
    format!("blob:{}", content_hash.to_hex()).into_bytes()
}

fn blob_of(row: &Row) -> Result<Blob, Error> {
    let cut = || Error::Corrupt("a file's hash is cut".into());
    Ok(Blob {
        id: row.integer(0)?,
        unit: row.integer(1)?,
        content_hash: ContentHash::from_slice(row.blob(2)?).ok_or_else(cut)?,
        stored_hash: ContentHash::from_slice(row.blob(3)?).ok_or_else(cut)?,
        size_bytes: row.integer(4)?,
    })
}

impl Store {
    /// Encrypts and stores a file, synced, for a row to refer to. Until one does, it is an
    /// orphan, which `verify` counts and a sweep may remove.
    pub fn blob_stage(
        &self,
        transaction: &mut Transaction<'_>,
        unit: i64,
        content: &[u8],
    ) -> Result<i64, Error> {
        let staged = self.blobs_stage(transaction, &[(unit, content)])?;
        Ok(staged[0])
    }

    /// Stores files as [`Store::blob_stage`] does, each under its unit, in their order. They are
    /// synced side by side: a disk takes many syncs in little more time than one.
    pub fn blobs_stage(
        &self,
        transaction: &mut Transaction<'_>,
        files: &[(i64, &[u8])],
    ) -> Result<Vec<i64>, Error> {
        let mut ids = Vec::with_capacity(files.len());
        let mut fresh = Vec::new();
        for (unit, content) in files {
            let content_hash = ContentHash::of(content);
            if let Some(known) = transaction.blob_by_content(*unit, content_hash)? {
                ids.push(known.id);
                continue;
            }
            let key = transaction.unit_key(*unit)?;
            let sealed = key.encrypt(content, &blob_context(content_hash))?;
            let id = transaction.new_id();
            let at = transaction.context().at.0;
            transaction.insert(
                "blob",
                &[
                    ("blob", id.into()),
                    ("unit", (*unit).into()),
                    ("content_hash", content_hash.0.to_vec().into()),
                    ("stored_hash", ContentHash::of(&sealed).0.to_vec().into()),
                    ("size_bytes", (content.len() as i64).into()),
                    ("at", at.into()),
                ],
            )?;
            ids.push(id);
            fresh.push(sealed);
        }
        self.blobs.put(transaction.connection, &fresh)?;
        Ok(ids)
    }

    /// The content of a stored file.
    pub fn blob_content(&self, view: &mut View<'_>, blob: i64) -> Result<Vec<u8>, Error> {
        let blob = view.blob(blob)?.ok_or(Error::NotFound)?;
        let key = view.unit_key(blob.unit)?;
        let sealed = self.blobs.get(view.connection, blob.stored_hash)?;
        key.decrypt(&sealed, &blob_context(blob.content_hash))
    }

    /// Moves a file under the key of another unit, when a document is indexed to a patient.
    pub fn blob_move(
        &self,
        transaction: &mut Transaction<'_>,
        blob: i64,
        patient: PatientKey,
    ) -> Result<i64, Error> {
        let content = self.blob_content(transaction, blob)?;
        let unit = transaction.unit_of(Some(patient))?;
        self.blob_stage(transaction, unit, &content)
    }

    /// Moves a file back under the key of the site, when its index is taken back.
    pub fn blob_move_to_site(
        &self,
        transaction: &mut Transaction<'_>,
        blob: i64,
    ) -> Result<i64, Error> {
        let content = self.blob_content(transaction, blob)?;
        self.blob_stage(transaction, SITE_UNIT, &content)
    }
}

impl View<'_> {
    /// A stored file.
    pub fn blob(&mut self, id: i64) -> Result<Option<Blob>, Error> {
        self.row("blob", &[id.into()])?.as_ref().map(blob_of).transpose()
    }

    fn blob_by_content(&mut self, unit: i64, hash: ContentHash) -> Result<Option<Blob>, Error> {
        let sql = "SELECT blob, unit, content_hash, stored_hash, size_bytes FROM blob
                   WHERE content_hash = $1 AND unit = $2";
        let row = self.query_one(sql, &[hash.0.to_vec().into(), unit.into()])?;
        row.as_ref().map(blob_of).transpose()
    }

    /// The document whose content is this, whatever its unit.
    pub fn document_by_content(&mut self, hash: ContentHash) -> Result<Option<Document>, Error> {
        let sql = "SELECT d.document FROM document d JOIN blob b ON b.blob = d.blob
                   WHERE b.content_hash = $1 ORDER BY d.document LIMIT 1";
        match self.query_one(sql, &[hash.0.to_vec().into()])? {
            Some(row) => self.document(row.integer(0)?),
            None => Ok(None),
        }
    }

    /// A document by its key.
    pub fn document(&mut self, id: i64) -> Result<Option<Document>, Error> {
        let sql = format!("SELECT {DOCUMENT_COLUMNS} FROM document WHERE document = $1");
        let row = self.query_one(&sql, &[id.into()])?;
        row.map(|row| self.document_of(&row)).transpose()
    }

    /// A document by its opaque id.
    pub fn document_by_public_id(&mut self, id: &str) -> Result<Option<Document>, Error> {
        let sql = format!("SELECT {DOCUMENT_COLUMNS} FROM document WHERE public_id = $1");
        let row = self.query_one(&sql, &[id.into()])?;
        row.map(|row| self.document_of(&row)).transpose()
    }

    /// The document file that a DocumentReference describes.
    pub fn document_of_resource(&mut self, key: ResourceKey) -> Result<Option<Document>, Error> {
        let sql = format!("SELECT {DOCUMENT_COLUMNS} FROM document WHERE resource = $1");
        let row = self.query_one(&sql, &[key.0.into()])?;
        row.map(|row| self.document_of(&row)).transpose()
    }

    /// Documents in a state, the oldest first.
    pub fn document_list(
        &mut self,
        state: DocumentState,
        limit: i64,
    ) -> Result<Vec<Document>, Error> {
        let sql = format!(
            "SELECT {DOCUMENT_COLUMNS} FROM document WHERE state = $1
             ORDER BY received_at, document LIMIT $2"
        );
        let rows = self.query(&sql, &[state.as_str().into(), limit.into()])?;
        rows.iter().map(|row| self.document_of(row)).collect()
    }

    /// How many documents stand in a state.
    pub fn document_count(&mut self, state: DocumentState) -> Result<i64, Error> {
        let sql = "SELECT COUNT(*) FROM document WHERE state = $1";
        self.query_one(sql, &[state.as_str().into()])?.ok_or(Error::NotFound)?.integer(0)
    }

    fn document_of(&mut self, row: &Row) -> Result<Document, Error> {
        let public_id = row.text(1)?.to_owned();
        let name = self.unit_key(SITE_UNIT)?.decrypt(row.blob(4)?, public_id.as_bytes())?;
        Ok(Document {
            id: row.integer(0)?,
            blob: row.integer(2)?,
            media_type: row.text(3)?.to_owned(),
            name: Private::new(String::from_utf8_lossy(&name)),
            state: state_of(row.text(5)?)?,
            resource: row.integer_or_none(6)?.map(ResourceKey),
            received_at: Instant(row.integer(7)?),
            received_by: row.text(8)?.to_owned(),
            aside_reason: row.text_or_none(9)?.map(str::to_owned),
            public_id,
        })
    }
}

impl Transaction<'_> {
    /// Takes in a document file that was staged, into the unindexed queue.
    pub fn document_create(
        &mut self,
        blob: i64,
        media_type: &str,
        name: &Private,
    ) -> Result<Document, Error> {
        let id = self.new_id();
        let public_id = record::hash::hex(&crate::keys::random::<12>()?);
        let key = self.unit_key(SITE_UNIT)?;
        let sealed_name = key.encrypt(name.reveal().as_bytes(), public_id.as_bytes())?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "document",
            &[
                ("document", id.into()),
                ("public_id", public_id.as_str().into()),
                ("blob", blob.into()),
                ("media_type", media_type.into()),
                ("name", sealed_name.into()),
                ("state", DocumentState::Unindexed.as_str().into()),
                ("received_at", at.into()),
                ("received_by", actor.into()),
            ],
        )?;
        self.document(id)?.ok_or(Error::NotFound)
    }

    /// Attaches a document to the DocumentReference that describes it.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody indexed it or set it aside first.
    pub fn document_index(
        &mut self,
        id: i64,
        blob: i64,
        resource: ResourceKey,
    ) -> Result<(), Error> {
        let after = self.document_after(id, DocumentAction::Index)?;
        let values = [
            ("state", after.as_str().into()),
            ("resource", resource.0.into()),
            ("blob", blob.into()),
        ];
        self.update("document", &[id.into()], &values)?;
        let row = self.resource_by_key(resource)?.ok_or(Error::NotFound)?;
        self.file_text_ask(&row, false)
    }

    /// Takes an index back: the document waits again. `blob` is its file under the site's key.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is not indexed.
    pub fn document_unindex(&mut self, id: i64, blob: i64) -> Result<(), Error> {
        let after = self.document_after(id, DocumentAction::Unindex)?;
        let values = [
            ("state", after.as_str().into()),
            ("resource", None::<i64>.into()),
            ("blob", blob.into()),
        ];
        self.update("document", &[id.into()], &values).map(|_| ())
    }

    /// Sets a document aside that belongs to no chart. The reason is a word of the desk's list.
    pub fn document_set_aside(&mut self, id: i64, reason: &str) -> Result<(), Error> {
        let after = self.document_after(id, DocumentAction::SetAside)?;
        let values = [("state", after.as_str().into()), ("aside_reason", reason.into())];
        self.update("document", &[id.into()], &values).map(|_| ())
    }

    /// Puts a document that was set aside back into the queue.
    pub fn document_take_back(&mut self, id: i64) -> Result<(), Error> {
        let after = self.document_after(id, DocumentAction::TakeBack)?;
        let values = [("state", after.as_str().into()), ("aside_reason", None::<String>.into())];
        self.update("document", &[id.into()], &values).map(|_| ())
    }

    /// What an action makes of a document, by its lifecycle.
    fn document_after(&mut self, id: i64, action: DocumentAction) -> Result<DocumentState, Error> {
        let document = self.document(id)?.ok_or(Error::NotFound)?;
        apply(document.state, action).map_err(|no| Error::Conflict(no.to_string()))
    }
}
