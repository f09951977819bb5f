//! Letters of the release desk: kept as they were written, and marked when they were sent.

use crate::{Error, Row, Transaction, View};
use record::{Instant, PatientKey};
use release::letter::Letter;

/// A letter.
#[derive(Clone, Debug)]
pub struct ReleaseLetter {
    /// Key.
    pub id: i64,
    /// The request that it is about; none for an accounting.
    pub request: Option<i64>,
    /// Whose record it is about, where known.
    pub patient: Option<PatientKey>,
    /// `missing`, `denied`, `reviewed`, `extended`, `invoice`, `accounting` or `returned`.
    pub kind: String,
    /// When it was written.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// When it was sent.
    pub sent_at: Option<Instant>,
    /// Who sent it.
    pub sent_by: Option<String>,
    /// The letter.
    pub letter: Letter,
}

const COLUMNS: &str = "release_letter, release_request, patient, kind, at, actor, sent_at, \
     sent_by, unit, body";

impl View<'_> {
    /// The letters about a request, the newest first.
    pub fn release_letter_list(&mut self, request: i64) -> Result<Vec<ReleaseLetter>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM release_letter WHERE release_request = $1
             ORDER BY release_letter DESC"
        );
        let rows = self.query(&sql, &[request.into()])?;
        rows.iter().map(|row| self.letter_of(row)).collect()
    }

    /// One letter. Whether the context may see it depends on its request or its patient.
    pub fn release_letter(&mut self, id: i64) -> Result<Option<ReleaseLetter>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM release_letter WHERE release_letter = $1");
        let row = self.query_one(&sql, &[id.into()])?;
        row.map(|row| self.letter_of(&row)).transpose()
    }

    fn letter_of(&mut self, row: &Row) -> Result<ReleaseLetter, Error> {
        let id = row.integer(0)?;
        let key = self.unit_key(row.integer(8)?)?;
        let text = key.decrypt(row.blob(9)?, format!("release-letter:{id}").as_bytes())?;
        let letter = serde_json::from_slice(&text)
            .map_err(|_| Error::Corrupt("a letter can't be read".into()))?;
        Ok(ReleaseLetter {
            id,
            request: row.integer_or_none(1)?,
            patient: row.integer_or_none(2)?.map(PatientKey),
            kind: row.text(3)?.to_owned(),
            at: Instant(row.integer(4)?),
            actor: row.text(5)?.to_owned(),
            sent_at: row.integer_or_none(6)?.map(Instant),
            sent_by: row.text_or_none(7)?.map(str::to_owned),
            letter,
        })
    }
}

impl Transaction<'_> {
    /// Keeps a letter; returns its key.
    pub fn release_letter_create(
        &mut self,
        request: Option<i64>,
        patient: Option<PatientKey>,
        kind: &str,
        letter: &Letter,
    ) -> Result<i64, Error> {
        let id = self.new_id();
        let unit = self.unit_of(patient)?;
        let text = serde_json::to_vec(letter)
            .map_err(|_| Error::Corrupt("a letter can't be written".into()))?;
        let context = format!("release-letter:{id}");
        let sealed = self.unit_key(unit)?.encrypt(&text, context.as_bytes())?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "release_letter",
            &[
                ("release_letter", id.into()),
                ("release_request", request.into()),
                ("patient", patient.map(|patient| patient.0).into()),
                ("kind", kind.into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("unit", unit.into()),
                ("body", sealed.into()),
            ],
        )?;
        Ok(id)
    }

    /// Marks a letter as sent.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was marked before.
    pub fn release_letter_sent(&mut self, id: i64) -> Result<(), Error> {
        let letter = self.release_letter(id)?.ok_or(Error::NotFound)?;
        if letter.sent_at.is_some() {
            return Err(Error::Conflict("This letter is marked as sent already.".into()));
        }
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values = [("sent_at", at.into()), ("sent_by", actor.into())];
        self.update("release_letter", &[id.into()], &values).map(|_| ())
    }
}
