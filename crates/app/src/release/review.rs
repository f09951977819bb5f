//! Going through the documents of a release: marks are proposed, confirmed, rejected, added.
//!
//! A document is prepared once: the finders run over its texts and pages. Marks hold for the
//! content that they were made on; where a document changes afterwards it is reviewed again.

use super::case::{Case, CaseDocument, case_in};
use super::material::{Content, Material, material_in, screen_page, words_of_line};
use super::propose::{Finding, findings, propose_part};
use super::standing::{holding, knowledge_in};
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::pages_of::{PageImage, RenderPage};
use crate::{Error, FieldError};
use record::{Context, Private};
use redaction::PageBox;
use redaction::mark::{Decision, Finder, MarkState, Place, Reason};
use redaction::page::BOX_PARTS;
use redaction::text::find_phrase;
use release::lifecycle::StateName;
use store::release::{NewReleaseMark, ReleaseMark, ReleaseReview};
use store::{AuditEntry, Store, View};

/// Characters of a phrase that is searched.
const PHRASE_LETTERS_MAX: usize = 200;

/// How far one document has come.
#[derive(Clone)]
pub struct Progress {
    /// The document of the request.
    pub document: CaseDocument,
    /// Its kind and date.
    pub title: String,
    /// Marks that wait for a decision.
    pub proposed: usize,
    /// Marks that go.
    pub confirmed: usize,
    /// Marks that were decided against.
    pub rejected: usize,
    /// Its review; none while the finders have not run.
    pub review: Option<ReleaseReview>,
}

impl Progress {
    /// Whether somebody has gone through it.
    pub fn is_reviewed(&self) -> bool {
        self.review.as_ref().is_some_and(|review| review.reviewed_at.is_some())
    }
}

/// All documents of a request and how far each has come.
#[derive(Clone)]
pub struct Overview {
    /// The request and its scope.
    pub case: Case,
    /// Whose record.
    pub identity: Identity,
    /// Its documents, in the order of the packet.
    pub documents: Vec<Progress>,
}

impl Overview {
    /// Documents that were gone through.
    pub fn reviewed_count(&self) -> usize {
        self.documents.iter().filter(|progress| progress.is_reviewed()).count()
    }

    /// Whether marks may be changed now.
    pub fn can_be_changed(&self) -> bool {
        is_in_review(self.case.request.state.name())
    }

    /// The first document that nobody has gone through, after this one if there is one.
    pub fn next(&self, after: Option<i64>) -> Option<i64> {
        let at = after.and_then(|id| self.documents.iter().position(|p| p.document.id == id));
        let (before, behind) = self.documents.split_at(at.map_or(0, |at| at + 1));
        let open = behind.iter().chain(before).find(|progress| !progress.is_reviewed());
        open.map(|progress| progress.document.id)
    }
}

pub(super) fn is_in_review(state: StateName) -> bool {
    matches!(state, StateName::SensitiveReview | StateName::Redaction)
}

/// The documents of a request, and how far each has come.
///
/// # Errors
/// [`Error::NotFound`] where the request is not there, or its patient hidden.
pub fn overview(store: &Store, context: &Context, request: i64) -> Result<Overview, Error> {
    require(store, context, Right::Release)?;
    store.read(context, |view| {
        let overview = overview_in(view, request)?;
        let audit = AuditEntry::new(context, "release.review", format!("release/{request}"));
        let audit = audit.patients([overview.case.patient]);
        Ok((overview, audit))
    })
}

pub(super) fn overview_in(view: &mut View<'_>, request: i64) -> Result<Overview, Error> {
    let case = case_in(view, request)?;
    let identity = identity_in(view, case.patient)?;
    let mut documents = Vec::new();
    for document in &case.documents {
        let marks = view.release_mark_list(document.id)?;
        let count = |state| marks.iter().filter(|mark| mark.state == state).count();
        documents.push(Progress {
            document: document.clone(),
            title: document.title.clone(),
            proposed: count(MarkState::Proposed),
            confirmed: count(MarkState::Confirmed),
            rejected: count(MarkState::Rejected),
            review: view.release_review(document.id)?,
        });
    }
    Ok(Overview { case, identity, documents })
}

/// A document as the reviewer sees it: one of its parts, one page.
pub struct Opened {
    /// The request, all documents.
    pub overview: Overview,
    /// This document.
    pub document: CaseDocument,
    /// Its kind and date.
    pub title: String,
    /// How many parts it has.
    pub parts: usize,
    /// The part that is shown, from 0.
    pub part: i64,
    /// What is shown of it.
    pub shown: Shown,
    /// Every mark of the document that holds for it as it stands.
    pub marks: Vec<ReleaseMark>,
}

/// What is shown of a part.
pub enum Shown {
    /// A text.
    Text(String),
    /// A page as an image, or the sentence that says why it can't be shown.
    Page(u32, Result<crate::pages_of::PageFacts, String>),
    /// Neither text nor pages.
    Other(String),
}

/// Opens a document of a request for review; the finders run over it when it is new.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or hidden.
pub fn open(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    (request, document): (i64, i64),
    (part, page): (i64, u32),
) -> Result<Opened, Error> {
    require(store, context, Right::Release)?;
    prepare(store, context, render, request, document)?;
    let (overview, document, material, marks) = store.read(context, |view| {
        let overview = overview_in(view, request)?;
        let document = overview.case.document(document)?.clone();
        let material = material_in(store, view, document.resource)?;
        let marks = holding(view.release_mark_list(document.id)?, &material);
        let audit = AuditEntry::new(context, "release.document", target(request, document.id));
        let audit = audit.patients([overview.case.patient]);
        Ok::<_, Error>(((overview, document, material, marks), audit))
    })?;
    let shown = match &material.part(part)?.content {
        Content::Text(text) => Shown::Text(text.clone()),
        Content::Line { cells, .. } => Shown::Text(words_of_line(cells)),
        Content::Other { media_type } => Shown::Other(media_type.clone()),
        Content::Pages { media_type, bytes } => {
            let image = screen_page(render, media_type, bytes, page);
            Shown::Page(page, image.map(|image| image.facts).map_err(|error| error.to_string()))
        }
    };
    let (title, parts) = (material.title, material.parts.len());
    Ok(Opened { overview, document, title, parts, part, shown, marks })
}

fn target(request: i64, document: i64) -> String {
    format!("release/{request}/document/{document}")
}

/// One page of a document of a request, as an image.
///
/// # Errors
/// [`Error::Refused`] with a sentence when it can't be shown.
pub fn page(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    (request, document): (i64, i64),
    (part, page): (i64, u32),
) -> Result<PageImage, Error> {
    require(store, context, Right::Release)?;
    let (media_type, bytes) = store.read(context, |view| {
        let case = case_in(view, request)?;
        let document = case.document(document)?;
        let material = material_in(store, view, document.resource)?;
        let Content::Pages { media_type, bytes } = material.part(part)?.content.clone() else {
            return Err(Error::NotFound);
        };
        let audit = AuditEntry::new(context, "release.page", target(request, document.id));
        let detail = format!(r#"{{"part":{part},"page":{page}}}"#);
        Ok(((media_type, bytes), audit.patients([case.patient]).detail(detail)))
    })?;
    screen_page(render, &media_type, &bytes, page)
}

/// Runs the finders over a document that is new or has changed.
fn prepare(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    request: i64,
    document: i64,
) -> Result<(), Error> {
    let (case, document, material, knowledge, known) = store.look(context, |view| {
        let case = case_in(view, request)?;
        let document = case.document(document)?.clone();
        let material = material_in(store, view, document.resource)?;
        let knowledge = knowledge_in(view, &case)?;
        let known = view.release_review(document.id)?;
        Ok::<_, Error>((case, document, material, knowledge, known))
    })?;
    let is_current = known.is_some_and(|review| review.content_hash == material.hash());
    if is_current || !is_in_review(case.request.state.name()) {
        return Ok(());
    }
    let scope = case.scope()?;
    let finders = |text: &str| findings(text, &knowledge, scope, &document.item);
    let (mut marks, mut pages_count) = (Vec::new(), 0);
    for (number, part) in material.parts.iter().enumerate() {
        // A file that can't be rendered shows its sentence; it stops the packet, not the review.
        if let Ok((found, pages)) = propose_part(render, number, part, &finders) {
            marks.extend(found);
            pages_count += i64::from(pages);
        }
    }
    store.write(context, |transaction| {
        propose_in(transaction, &case, (document.id, &material), &marks, pages_count)?;
        let audit = AuditEntry::new(context, "release.propose", target(request, document.id));
        let detail = format!(r#"{{"proposed":{}}}"#, marks.len());
        Ok(transaction.audit(&audit.patients([case.patient]).detail(detail))?)
    })
}

/// Keeps what the finders propose for a document as it stands now.
pub(super) fn propose_in(
    transaction: &mut store::Transaction<'_>,
    case: &Case,
    (document, material): (i64, &Material),
    marks: &[NewReleaseMark],
    pages_count: i64,
) -> Result<(), Error> {
    // Proposals on content that is no longer there can't be decided: they end.
    for mark in transaction.release_mark_list(document)? {
        let holds = material.part(mark.part).is_ok_and(|part| part.hash == mark.content_hash);
        if !holds && mark.state == MarkState::Proposed {
            transaction.release_mark_decide(&mark, Decision::Reject)?;
        }
    }
    for mark in marks {
        transaction.release_mark_create(document, case.patient, mark)?;
    }
    Ok(transaction.release_review_begin(document, material.hash(), pages_count)?)
}

/// A mark made by hand.
pub struct Drawn {
    /// Which part.
    pub part: i64,
    /// Where.
    pub at: DrawnAt,
    /// Stored word of the reason.
    pub reason: String,
}

/// Where a mark was made by hand.
#[derive(Clone, Copy)]
pub enum DrawnAt {
    /// From this character to that.
    Span(usize, usize),
    /// On a page (from 1), in units of an image of this size: left, top, width, height.
    Box {
        /// The page, from 1.
        page: u32,
        /// Width and height of the image.
        of: (u32, u32),
        /// Left, top, width, height.
        area: [u32; 4],
    },
}

/// Marks a place by hand. What a person marks is confirmed at once.
///
/// # Errors
/// [`Error::Invalid`] names what is missing; [`Error::Refused`] outside of the review.
pub fn draw(
    store: &Store,
    context: &Context,
    (request, document): (i64, i64),
    drawn: &Drawn,
) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    let reason = reason_of(&drawn.reason)?;
    store.write(context, |transaction| {
        let case = open_case_in(transaction, request)?;
        let document = case.document(document)?;
        let material = material_in(store, transaction, document.resource)?;
        let part = material.part(drawn.part)?;
        let (place, text) = placed(&part.content, drawn.at)?;
        let mark = NewReleaseMark {
            part: drawn.part,
            place,
            content_hash: part.hash,
            finder: Finder::Hand,
            reason,
            text,
            why: "Marked by hand.".to_owned(),
            state: MarkState::Confirmed,
        };
        let made = transaction.release_mark_create(document.id, case.patient, &mark)?;
        if made.is_none() {
            confirm_at(transaction, document.id, &mark)?;
        }
        let audit = AuditEntry::new(context, "release.mark", target(request, document.id));
        Ok(transaction.audit(&audit.patients([case.patient]))?)
    })
}

/// A place that is marked already: the mark is confirmed.
pub(super) fn confirm_at(
    transaction: &mut store::Transaction<'_>,
    document: i64,
    new: &NewReleaseMark,
) -> Result<(), Error> {
    let marks = transaction.release_mark_list(document)?;
    let there = marks.iter().find(|mark| mark.part == new.part && mark.place == new.place);
    match there.filter(|mark| mark.state != MarkState::Confirmed) {
        Some(mark) => Ok(transaction.release_mark_decide(mark, Decision::Confirm).map(|_| ())?),
        None => Ok(()),
    }
}

pub(super) fn reason_of(word: &str) -> Result<Reason, Error> {
    Reason::parse(word).ok_or_else(|| invalid("reason", "Choose why it is withheld."))
}

fn invalid(field: &str, reason: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, reason)])
}

/// The place in the content, with the text that it covers where that is known.
fn placed(content: &Content, at: DrawnAt) -> Result<(Place, Private), Error> {
    let words = match content {
        Content::Text(text) => Some(text.clone()),
        Content::Line { cells, .. } => Some(words_of_line(cells)),
        Content::Pages { .. } | Content::Other { .. } => None,
    };
    match (content, at) {
        (Content::Text(_) | Content::Line { .. }, DrawnAt::Span(start, end)) => {
            let text = words.unwrap_or_default();
            let end = end.min(text.chars().count());
            if start >= end {
                return Err(invalid("start", "Choose words of the text, or give two numbers."));
            }
            let covered: String = text.chars().skip(start).take(end - start).collect();
            Ok((Place::Span(start, end), Private::new(covered)))
        }
        (Content::Pages { .. }, DrawnAt::Box { page, of, area }) => {
            let index =
                page.checked_sub(1).ok_or_else(|| invalid("page", "Pages begin at number 1."))?;
            let drawn = box_of(index, of, area)
                .ok_or_else(|| invalid("width", "Draw a box on the page, or give its numbers."))?;
            Ok((Place::Box(drawn), Private::new("")))
        }
        _ => Err(invalid("start", "Words are chosen in a text, boxes are drawn on a page.")),
    }
}

/// A box in units of an image, as parts of the page; never smaller than what was drawn.
fn box_of(page: u32, of: (u32, u32), [left, top, width, height]: [u32; 4]) -> Option<PageBox> {
    let parts = u64::from(BOX_PARTS);
    let down = |value: u32, side: u32| u64::from(value) * parts / u64::from(side);
    let up = |value: u64, side: u32| (value * parts).div_ceil(u64::from(side)).min(parts);
    if of.0 == 0 || of.1 == 0 || width == 0 || height == 0 || left >= of.0 || top >= of.1 {
        return None;
    }
    let (from_left, from_top) = (down(left, of.0), down(top, of.1));
    let right = up(u64::from(left) + u64::from(width), of.0);
    let bottom = up(u64::from(top) + u64::from(height), of.1);
    Some(PageBox {
        page,
        left: u32::try_from(from_left).ok()?,
        top: u32::try_from(from_top).ok()?,
        width: u32::try_from(right - from_left).ok()?,
        height: u32::try_from(bottom - from_top).ok()?,
    })
}

/// Decides marks of a document: one, or all that wait.
///
/// # Errors
/// [`Error::Conflict`] when a mark was decided so before.
pub fn decide(
    store: &Store,
    context: &Context,
    (request, document): (i64, i64),
    mark: Option<i64>,
    decision: Decision,
) -> Result<usize, Error> {
    require(store, context, Right::Release)?;
    store.write(context, |transaction| {
        let case = open_case_in(transaction, request)?;
        let document = case.document(document)?.id;
        let mut marks = transaction.release_mark_list(document)?;
        match mark {
            Some(id) => marks.retain(|known| known.id == id),
            None => marks.retain(|known| known.state == MarkState::Proposed),
        }
        if mark.is_some() && marks.is_empty() {
            return Err(Error::NotFound);
        }
        for known in &marks {
            transaction.release_mark_decide(known, decision)?;
        }
        let audit = AuditEntry::new(context, "release.decide", target(request, document));
        let detail = format!(r#"{{"decision":"{decision:?}","marks":{}}}"#, marks.len());
        transaction.audit(&audit.patients([case.patient]).detail(detail))?;
        Ok(marks.len())
    })
}

/// Marks every place of a phrase, in all documents of the request, as confirmed. Returns how many.
///
/// # Errors
/// [`Error::Invalid`] when the phrase says nothing.
pub fn search(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    request: i64,
    (phrase, reason): (&str, &str),
) -> Result<usize, Error> {
    require(store, context, Right::Release)?;
    let reason = reason_of(reason)?;
    let letters = phrase.chars().filter(|c| c.is_alphanumeric()).count();
    if letters < 2 || phrase.chars().count() > PHRASE_LETTERS_MAX {
        return Err(invalid("phrase", "Give a phrase of two letters or more, at most 200."));
    }
    let finders = |text: &str| {
        let places = find_phrase(text, phrase);
        let finding = |(start, end)| Finding {
            start,
            end,
            finder: Finder::Search,
            reason,
            why: "Marked by a search.".to_owned(),
            state: MarkState::Confirmed,
        };
        places.into_iter().map(finding).collect()
    };
    let case = store.look(context, |view| open_case_in(view, request))?;
    let mut found = Vec::new();
    for document in &case.documents {
        prepare(store, context, render, request, document.id)?;
        let material = store.look(context, |view| material_in(store, view, document.resource))?;
        for (number, part) in material.parts.iter().enumerate() {
            let (marks, _) = propose_part(render, number, part, &finders)?;
            found.extend(marks.into_iter().map(|mark| (document.id, mark)));
        }
    }
    store.write(context, |transaction| {
        open_case_in(transaction, request)?;
        for (document, mark) in &found {
            if transaction.release_mark_create(*document, case.patient, mark)?.is_none() {
                confirm_at(transaction, *document, mark)?;
            }
        }
        let audit = AuditEntry::new(context, "release.search", format!("release/{request}"));
        let detail = format!(r#"{{"marks":{}}}"#, found.len());
        transaction.audit(&audit.patients([case.patient]).detail(detail))?;
        Ok(found.len())
    })
}

/// The case, where its marks may be changed now.
pub(super) fn open_case_in(view: &mut View<'_>, request: i64) -> Result<Case, Error> {
    let case = case_in(view, request)?;
    let state = case.request.state.name();
    if is_in_review(state) {
        return Ok(case);
    }
    Err(Error::Refused(format!(
        "Marks are changed while a request is in review; this one is \"{state}\". Begin its \
         review, or send it back to redaction, first."
    )))
}

/// Says that a person has gone through a document, or takes that back.
///
/// # Errors
/// [`Error::Refused`] while a mark of it waits for a decision.
pub fn review(
    store: &Store,
    context: &Context,
    (request, document): (i64, i64),
    done: bool,
) -> Result<Option<i64>, Error> {
    require(store, context, Right::Release)?;
    store.write(context, |transaction| {
        let case = open_case_in(transaction, request)?;
        let document = case.document(document)?.clone();
        let material = material_in(store, transaction, document.resource)?;
        let review = transaction.release_review(document.id)?;
        if review.is_none_or(|review| review.content_hash != material.hash()) {
            return Err(Error::Conflict(
                "This document has changed since it was opened. Load the page again.".into(),
            ));
        }
        let marks = holding(transaction.release_mark_list(document.id)?, &material);
        let open = marks.iter().filter(|mark| mark.state == MarkState::Proposed).count();
        if done && open > 0 {
            return Err(Error::Refused(format!(
                "{open} proposed mark(s) of this document wait for a decision. Confirm or reject \
                 each."
            )));
        }
        transaction.release_review_mark(document.id, done)?;
        let audit = AuditEntry::new(context, "release.reviewed", target(request, document.id));
        transaction.audit(&audit.patients([case.patient]))?;
        Ok(overview_in(transaction, request)?.next(Some(document.id)))
    })
}
