//! Going through the lines of a section: seen as one table, withheld line by line.

use super::case::{CaseDocument, case_in};
use super::material::{Content, Material, material_in, words_of_line};
use super::propose::{findings, propose_part};
use super::review::{
    Overview, confirm_at, is_in_review, open_case_in, overview_in, propose_in, reason_of,
};
use super::standing::{holding, knowledge_in};
use crate::Error;
use crate::access::{Right, require};
use crate::pages_of::RenderPage;
use exchange::fhir::{Section, section_of_code};
use record::{Context, Private};
use redaction::mark::{Decision, Finder, MarkState, Place};
use store::release::{NewReleaseMark, ReleaseMark, ReleaseReview};
use store::{AuditEntry, Store, View};

/// A section as its reviewer sees it.
pub struct LinesOpened {
    /// The request with all of its documents.
    pub overview: Overview,
    /// The section.
    pub section: &'static Section,
    /// Its lines, in the order of the packet.
    pub lines: Vec<LineShown>,
}

/// One line under review.
pub struct LineShown {
    /// Its entry.
    pub document: CaseDocument,
    /// Its cells.
    pub cells: Vec<String>,
    /// The marks that hold for it as it stands.
    pub marks: Vec<ReleaseMark>,
    /// Its review; none while the finders have not run.
    pub review: Option<ReleaseReview>,
}

impl LineShown {
    /// Whether all of it is withheld.
    pub fn is_withheld(&self) -> bool {
        let whole = whole_of(&self.cells);
        let is_whole = |mark: &&ReleaseMark| mark.place == whole;
        self.marks.iter().filter(is_whole).any(|mark| mark.state == MarkState::Confirmed)
    }

    /// Marks that wait for a decision.
    pub fn waiting_count(&self) -> usize {
        self.marks.iter().filter(|mark| mark.state == MarkState::Proposed).count()
    }
}

fn whole_of(cells: &[String]) -> Place {
    Place::Span(0, words_of_line(cells).chars().count())
}

fn cells_of(material: &Material) -> Result<&[String], Error> {
    match material.parts.first().map(|part| &part.content) {
        Some(Content::Line { cells, .. }) => Ok(cells),
        _ => Err(Error::NotFound),
    }
}

fn target(request: i64, section: &Section) -> String {
    format!("release/{request}/lines/{}", section.code)
}

/// Opens the lines of a section; the finders run over those that are new.
///
/// # Errors
/// [`Error::NotFound`] where no line of that section goes out, or it is hidden.
pub fn open(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    request: i64,
    section: &str,
) -> Result<LinesOpened, Error> {
    require(store, context, Right::Release)?;
    let section = section_of_code(section).ok_or(Error::NotFound)?;
    prepare(store, context, render, request, section)?;
    store.read(context, |view| {
        let overview = overview_in(view, request)?;
        let mut lines = Vec::new();
        for document in overview.case.lines_of(section) {
            let material = material_in(store, view, document.resource)?;
            lines.push(LineShown {
                document: document.clone(),
                cells: cells_of(&material)?.to_vec(),
                marks: holding(view.release_mark_list(document.id)?, &material),
                review: view.release_review(document.id)?,
            });
        }
        if lines.is_empty() {
            return Err(Error::NotFound);
        }
        let audit = AuditEntry::new(context, "release.lines", target(request, section));
        let audit = audit.patients([overview.case.patient]);
        Ok((LinesOpened { overview, section, lines }, audit))
    })
}

/// The section whose line an entry of a release is; none for a document.
///
/// # Errors
/// [`Error::NotFound`] where it doesn't go out with this request, or is hidden.
pub fn section_of(
    store: &Store,
    context: &Context,
    request: i64,
    document: i64,
) -> Result<Option<&'static Section>, Error> {
    require(store, context, Right::Release)?;
    store.look(context, |view| Ok(case_in(view, request)?.document(document)?.section))
}

/// Runs the finders over lines that are new or have changed, all in one transaction.
fn prepare(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    request: i64,
    section: &'static Section,
) -> Result<(), Error> {
    let (case, knowledge, fresh) = store.look(context, |view| {
        let case = case_in(view, request)?;
        let knowledge = knowledge_in(view, &case)?;
        let mut fresh = Vec::new();
        for document in case.lines_of(section) {
            let material = material_in(store, view, document.resource)?;
            let known = view.release_review(document.id)?;
            if known.is_none_or(|review| review.content_hash != material.hash()) {
                fresh.push((document.clone(), material));
            }
        }
        Ok::<_, Error>((case, knowledge, fresh))
    })?;
    if fresh.is_empty() || !is_in_review(case.request.state.name()) {
        return Ok(());
    }
    let scope = case.scope()?;
    let mut found = Vec::new();
    for (document, material) in fresh {
        let finders = |text: &str| findings(text, &knowledge, scope, &document.item);
        let mut marks = Vec::new();
        for (number, part) in material.parts.iter().enumerate() {
            marks.extend(propose_part(render, number, part, &finders)?.0);
        }
        found.push((document.id, material, marks));
    }
    store.write(context, |transaction| {
        let mut count = 0;
        for (document, material, marks) in &found {
            propose_in(transaction, &case, (*document, material), marks, 1)?;
            count += marks.len();
        }
        let audit = AuditEntry::new(context, "release.propose", target(request, section));
        let detail = format!(r#"{{"proposed":{count}}}"#);
        Ok(transaction.audit(&audit.patients([case.patient]).detail(detail))?)
    })
}

/// Withholds a whole line, or lets it stand with all that was proposed in it.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Refused`] outside of the review.
pub fn decide(
    store: &Store,
    context: &Context,
    (request, document): (i64, i64),
    withheld_for: Option<&str>,
) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    let reason = withheld_for.map(reason_of).transpose()?;
    store.write(context, |transaction| {
        let case = open_case_in(transaction, request)?;
        let document = case.document(document)?.clone();
        let material = material_in(store, transaction, document.resource)?;
        let cells = cells_of(&material)?.to_vec();
        let whole = whole_of(&cells);
        match reason {
            Some(reason) => {
                let mark = NewReleaseMark {
                    part: 0,
                    place: whole,
                    content_hash: material.part(0)?.hash,
                    finder: Finder::Hand,
                    reason,
                    text: Private::new(words_of_line(&cells)),
                    why: "The whole line is withheld by hand.".to_owned(),
                    state: MarkState::Confirmed,
                };
                if transaction.release_mark_create(document.id, case.patient, &mark)?.is_none() {
                    confirm_at(transaction, document.id, &mark)?;
                }
                // What was proposed inside of it goes with it.
                decide_where(transaction, document.id, Decision::Confirm, |mark| {
                    mark.state == MarkState::Proposed
                })?;
            }
            None => decide_where(transaction, document.id, Decision::Reject, |mark| {
                mark.place == whole || mark.state == MarkState::Proposed
            })?,
        }
        let action = if reason.is_some() { "release.mark" } else { "release.decide" };
        let audit =
            AuditEntry::new(context, action, format!("release/{request}/document/{}", document.id));
        Ok(transaction.audit(&audit.patients([case.patient]))?)
    })
}

fn decide_where(
    transaction: &mut store::Transaction<'_>,
    document: i64,
    decision: Decision,
    is_meant: impl Fn(&ReleaseMark) -> bool,
) -> Result<(), Error> {
    for mark in transaction.release_mark_list(document)? {
        let is_open = mark.state != MarkState::Rejected || decision == Decision::Confirm;
        if is_open && is_meant(&mark) {
            transaction.release_mark_decide(&mark, decision)?;
        }
    }
    Ok(())
}

/// Says that a person has gone through all lines of a section, or takes that back. Returns the
/// next document that nobody has gone through.
///
/// # Errors
/// [`Error::Refused`] while a mark of a line waits for a decision.
pub fn review(
    store: &Store,
    context: &Context,
    request: i64,
    section: &str,
    done: bool,
) -> Result<Option<i64>, Error> {
    require(store, context, Right::Release)?;
    let section = section_of_code(section).ok_or(Error::NotFound)?;
    store.write(context, |transaction| {
        let case = open_case_in(transaction, request)?;
        let lines: Vec<CaseDocument> = case.lines_of(section).cloned().collect();
        let last = lines.last().ok_or(Error::NotFound)?.id;
        let mut waiting = 0;
        for line in &lines {
            waiting += waiting_in(store, transaction, line)?;
        }
        if done && waiting > 0 {
            return Err(Error::Refused(format!(
                "{waiting} proposed mark(s) of these lines wait for a decision. Withhold each \
                 line, or let it stand."
            )));
        }
        for line in &lines {
            transaction.release_review_mark(line.id, done)?;
        }
        let audit = AuditEntry::new(context, "release.reviewed", target(request, section));
        let detail = format!(r#"{{"lines":{}}}"#, lines.len());
        transaction.audit(&audit.patients([case.patient]).detail(detail))?;
        Ok(overview_in(transaction, request)?.next(Some(last)))
    })
}

fn waiting_in(store: &Store, view: &mut View<'_>, line: &CaseDocument) -> Result<usize, Error> {
    let material = material_in(store, view, line.resource)?;
    let review = view.release_review(line.id)?;
    if review.is_none_or(|review| review.content_hash != material.hash()) {
        return Err(Error::Conflict(
            "A line has changed since it was opened. Load the page again.".into(),
        ));
    }
    let marks = holding(view.release_mark_list(line.id)?, &material);
    Ok(marks.iter().filter(|mark| mark.state == MarkState::Proposed).count())
}
