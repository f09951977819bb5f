//! Marks on the documents of a request, and which documents were reviewed.

use crate::{Error, Row, Transaction, View};
use record::{ContentHash, Instant, PatientKey, Private};
use redaction::PageBox;
use redaction::mark::{Decision, Finder, MarkState, Place, Reason, decide};
use serde::{Deserialize, Serialize};

/// A mark on a document of a request.
#[derive(Clone, Debug)]
pub struct ReleaseMark {
    /// Key.
    pub id: i64,
    /// The document of the request.
    pub document: i64,
    /// Which of its parts, from 0.
    pub part: i64,
    /// Where.
    pub place: Place,
    /// Hash of the part when the mark was made.
    pub content_hash: ContentHash,
    /// Who made it.
    pub finder: Finder,
    /// Why it should go.
    pub reason: Reason,
    /// The text that it covers, where that is known.
    pub text: Private,
    /// Why, in words, without the text.
    pub why: String,
    /// How far it has come.
    pub state: MarkState,
    /// When it was made.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// By whom.
    pub decided_by: Option<String>,
}

/// A mark about to be kept.
#[derive(Clone, Debug)]
pub struct NewReleaseMark {
    /// Which part of the document.
    pub part: i64,
    /// Where.
    pub place: Place,
    /// Hash of the part.
    pub content_hash: ContentHash,
    /// Who made it.
    pub finder: Finder,
    /// Why it should go.
    pub reason: Reason,
    /// The text that it covers, where that is known.
    pub text: Private,
    /// Why, in words, without the text.
    pub why: String,
    /// Proposed, or confirmed at once by the person who made it.
    pub state: MarkState,
}

/// How far the review of a document has come.
#[derive(Clone, Debug)]
pub struct ReleaseReview {
    /// The document of the request.
    pub document: i64,
    /// Hash of all its parts when the finders ran.
    pub content_hash: ContentHash,
    /// Pages of its scans and PDFs; a text counts as one.
    pub pages_count: i64,
    /// When the finders ran.
    pub proposed_at: Instant,
    /// When a person had gone through it.
    pub reviewed_at: Option<Instant>,
    /// Who.
    pub reviewed_by: Option<String>,
}

/// What a mark keeps encrypted.
#[derive(Serialize, Deserialize)]
struct Body {
    text: String,
    why: String,
}

const MARK_COLUMNS: &str = "release_mark, release_document, part, page, box_left, box_top, \
     box_width, box_height, span_start, span_end, content_hash, finder, reason, unit, body, state, \
     at, actor, decided_at, decided_by";

fn corrupt(what: &str) -> Error {
    Error::Corrupt(format!("a mark's {what} can't be read"))
}

fn hash_of(row: &Row, column: usize) -> Result<ContentHash, Error> {
    ContentHash::from_slice(row.blob(column)?).ok_or_else(|| corrupt("hash"))
}

fn place_of(row: &Row) -> Result<Place, Error> {
    let part = |column| u32::try_from(row.integer(column)?).map_err(|_| corrupt("box"));
    let place = |column| usize::try_from(row.integer(column)?).map_err(|_| corrupt("span"));
    Ok(match row.integer_or_none(3)? {
        Some(_) => Place::Box(PageBox {
            page: part(3)?,
            left: part(4)?,
            top: part(5)?,
            width: part(6)?,
            height: part(7)?,
        }),
        None => Place::Span(place(8)?, place(9)?),
    })
}

fn review_of(row: &Row) -> Result<ReleaseReview, Error> {
    Ok(ReleaseReview {
        document: row.integer(0)?,
        content_hash: hash_of(row, 1)?,
        pages_count: row.integer(2)?,
        proposed_at: Instant(row.integer(3)?),
        reviewed_at: row.integer_or_none(4)?.map(Instant),
        reviewed_by: row.text_or_none(5)?.map(str::to_owned),
    })
}

impl View<'_> {
    /// Marks of a document of a request, in the order of its parts and pages.
    pub fn release_mark_list(&mut self, document: i64) -> Result<Vec<ReleaseMark>, Error> {
        let sql = format!(
            "SELECT {MARK_COLUMNS} FROM release_mark WHERE release_document = $1
             ORDER BY part, COALESCE(page, 0), COALESCE(span_start, box_top), release_mark"
        );
        let rows = self.query(&sql, &[document.into()])?;
        rows.iter().map(|row| self.release_mark_of(row)).collect()
    }

    /// One mark.
    pub fn release_mark(&mut self, id: i64) -> Result<Option<ReleaseMark>, Error> {
        let sql = format!("SELECT {MARK_COLUMNS} FROM release_mark WHERE release_mark = $1");
        let row = self.query_one(&sql, &[id.into()])?;
        row.map(|row| self.release_mark_of(&row)).transpose()
    }

    fn release_mark_of(&mut self, row: &Row) -> Result<ReleaseMark, Error> {
        let id = row.integer(0)?;
        let key = self.unit_key(row.integer(13)?)?;
        let body = key.decrypt(row.blob(14)?, format!("release-mark:{id}").as_bytes())?;
        let body: Body = serde_json::from_slice(&body).map_err(|_| corrupt("text"))?;
        Ok(ReleaseMark {
            id,
            document: row.integer(1)?,
            part: row.integer(2)?,
            place: place_of(row)?,
            content_hash: hash_of(row, 10)?,
            finder: Finder::parse(row.text(11)?).ok_or_else(|| corrupt("finder"))?,
            reason: Reason::parse(row.text(12)?).ok_or_else(|| corrupt("reason"))?,
            text: Private::new(body.text),
            why: body.why,
            state: MarkState::parse(row.text(15)?).ok_or_else(|| corrupt("state"))?,
            at: Instant(row.integer(16)?),
            actor: row.text(17)?.to_owned(),
            decided_at: row.integer_or_none(18)?.map(Instant),
            decided_by: row.text_or_none(19)?.map(str::to_owned),
        })
    }

    /// How far the review of a document has come; none while the finders have not run.
    pub fn release_review(&mut self, document: i64) -> Result<Option<ReleaseReview>, Error> {
        let row = self.row("release_review", &[document.into()])?;
        row.as_ref().map(review_of).transpose()
    }
}

impl Transaction<'_> {
    /// Keeps a mark. One that lies at the same place and was not rejected is not kept twice.
    pub fn release_mark_create(
        &mut self,
        document: i64,
        patient: PatientKey,
        new: &NewReleaseMark,
    ) -> Result<Option<i64>, Error> {
        let known = self.release_mark_list(document)?;
        let same = |mark: &&ReleaseMark| mark.part == new.part && mark.place == new.place;
        if known.iter().filter(same).any(|mark| mark.content_hash == new.content_hash) {
            return Ok(None);
        }
        let (id, unit) = (self.new_id(), self.unit_of(Some(patient))?);
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let key = self.unit_key(unit)?;
        let body = Body { text: new.text.reveal().to_owned(), why: new.why.clone() };
        let body = serde_json::to_vec(&body).map_err(|_| corrupt("text"))?;
        let sealed = key.encrypt(&body, format!("release-mark:{id}").as_bytes())?;
        let (drawn, span) = match new.place {
            Place::Box(drawn) => (Some(drawn), None),
            Place::Span(start, end) => (None, Some((start as i64, end as i64))),
        };
        let decided = new.state != MarkState::Proposed;
        let side = |of: fn(&PageBox) -> u32| drawn.as_ref().map(|drawn| i64::from(of(drawn)));
        self.insert(
            "release_mark",
            &[
                ("release_mark", id.into()),
                ("release_document", document.into()),
                ("part", new.part.into()),
                ("page", side(|drawn| drawn.page).into()),
                ("box_left", side(|drawn| drawn.left).into()),
                ("box_top", side(|drawn| drawn.top).into()),
                ("box_width", side(|drawn| drawn.width).into()),
                ("box_height", side(|drawn| drawn.height).into()),
                ("span_start", span.map(|(start, _)| start).into()),
                ("span_end", span.map(|(_, end)| end).into()),
                ("content_hash", new.content_hash.0.to_vec().into()),
                ("finder", new.finder.as_str().into()),
                ("reason", new.reason.as_str().into()),
                ("unit", unit.into()),
                ("body", sealed.into()),
                ("state", new.state.as_str().into()),
                ("at", at.into()),
                ("actor", actor.as_str().into()),
                ("decided_at", decided.then_some(at).into()),
                ("decided_by", decided.then_some(actor).into()),
            ],
        )?;
        Ok(Some(id))
    }

    /// Decides a mark.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was decided so before.
    pub fn release_mark_decide(
        &mut self,
        mark: &ReleaseMark,
        decision: Decision,
    ) -> Result<MarkState, Error> {
        let now = self.release_mark(mark.id)?.ok_or(Error::NotFound)?;
        let to =
            decide(now.state, decision).map_err(|refusal| Error::Conflict(refusal.to_string()))?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values = [
            ("state", to.as_str().into()),
            ("decided_at", at.into()),
            ("decided_by", actor.into()),
        ];
        self.update("release_mark", &[mark.id.into()], &values)?;
        Ok(to)
    }

    /// Notes that the finders ran over a document as it stands; its review begins anew.
    pub fn release_review_begin(
        &mut self,
        document: i64,
        content_hash: ContentHash,
        pages_count: i64,
    ) -> Result<(), Error> {
        let at = self.context().at.0;
        let known = self.release_review(document)?;
        let values = [
            ("release_document", document.into()),
            ("content_hash", content_hash.0.to_vec().into()),
            ("pages_count", pages_count.into()),
            ("proposed_at", at.into()),
            ("reviewed_at", None::<i64>.into()),
            ("reviewed_by", None::<String>.into()),
        ];
        match known {
            None => self.insert("release_review", &values),
            Some(_) => self.update("release_review", &[document.into()], &values[1..]).map(|_| ()),
        }
    }

    /// Notes that a person has gone through a document, or that it is to be gone through again.
    pub fn release_review_mark(&mut self, document: i64, done: bool) -> Result<(), Error> {
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values = [
            ("reviewed_at", done.then_some(at).into()),
            ("reviewed_by", done.then_some(actor).into()),
        ];
        self.update("release_review", &[document.into()], &values).map(|_| ())
    }
}
