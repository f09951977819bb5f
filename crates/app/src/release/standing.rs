//! What the review of a request has come to: what is decided, what waits, what must not be found
//! in its packet; and the end of the review.

use super::case::{Case, CaseDocument, case_in};
use super::material::{Content, Material, material_in};
use super::propose::{
    Knowledge, known_of, propose_part, same_texts, withheld_of_line, withheld_texts,
};
use crate::Error;
use crate::access::{Right, require};
use crate::pages_of::RenderPage;
use record::Context;
use redaction::mark::{MarkState, Place, Reason};
use release::lifecycle::{Packet, StateName};
use release::{Action, Refusal};
use std::collections::BTreeSet;
use store::release::{Choice, NewReleaseMark, ReleaseMark, ReleaseRequest};
use store::{AuditEntry, Store, View};

/// What review, redaction and packet have come to; nothing of it while the packet isn't built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// Proposals of sensitive content that nobody decided on.
    pub undecided_proposals: usize,
    /// Redactions marked and not confirmed, and documents that nobody has gone through.
    pub unconfirmed_redactions: usize,
    /// The packet as built and verified, since the documents were last in review.
    pub packet: Option<Packet>,
}

/// What the preparation of a request has come to.
pub(crate) fn prepared(view: &mut View<'_>, request: &ReleaseRequest) -> Result<Prepared, Error> {
    let mut prepared = Prepared::default();
    for document in view.release_document_list(request.id)? {
        if document.choice != Choice::Chosen {
            continue;
        }
        let review = view.release_review(document.id)?;
        let is_done = review.is_some_and(|review| review.reviewed_at.is_some());
        prepared.unconfirmed_redactions += usize::from(!is_done);
        for mark in view.release_mark_list(document.id)? {
            if mark.state == MarkState::Proposed {
                prepared.unconfirmed_redactions += 1;
                prepared.undecided_proposals += usize::from(mark.reason == Reason::Sensitive);
            }
        }
    }
    prepared.packet = view.release_packet_current(request.id)?.map(|packet| Packet {
        hash: packet.content_hash,
        pages: u32::try_from(packet.pages_count).unwrap_or(u32::MAX),
        leaks: u32::try_from(packet.leaks_count).unwrap_or(u32::MAX),
        has_part2_statement: packet.has_part2_statement,
    });
    Ok(prepared)
}

/// The marks that were made on the content as it stands.
pub(super) fn holding(marks: Vec<ReleaseMark>, material: &Material) -> Vec<ReleaseMark> {
    let holds = |mark: &ReleaseMark| {
        material.part(mark.part).is_ok_and(|part| part.hash == mark.content_hash)
    };
    marks.into_iter().filter(holds).collect()
}

/// What the finders know of the patient and of people near.
pub(super) fn knowledge_in(view: &mut View<'_>, case: &Case) -> Result<Knowledge, Error> {
    let zone = crate::entry::zone_in(view)?;
    let row = view.patient_row(case.patient)?.ok_or(Error::NotFound)?;
    let patient = view.resource_value_by_key(row.resource)?;
    let mut near = exchange::fhir::contacts(&patient, &zone);
    for row in view.chart_list(case.patient, &["RelatedPerson"], crate::chart::ENTRIES_MAX)? {
        near.push(exchange::fhir::index(&view.resource_value(&row)?, &zone));
    }
    let own = exchange::fhir::index(&patient, &zone);
    Ok(Knowledge { patient: known_of(&[own]), near: known_of(&near) })
}

/// What the review of a case stands at: what waits, and what changed since.
pub(super) struct Standing {
    /// Documents with their content and the marks that hold.
    pub documents: Vec<(CaseDocument, Material, Vec<ReleaseMark>)>,
    /// Documents that nobody has gone through as they stand.
    pub unreviewed: usize,
    /// Proposals of sensitive content without a decision.
    pub undecided_proposals: usize,
    /// Proposals of any kind without a decision.
    pub unconfirmed: usize,
    /// What the finders know.
    pub knowledge: Knowledge,
}

impl Standing {
    pub(super) fn of(store: &Store, view: &mut View<'_>, case: &Case) -> Result<Standing, Error> {
        let mut standing = Standing {
            documents: Vec::new(),
            unreviewed: 0,
            undecided_proposals: 0,
            unconfirmed: 0,
            knowledge: knowledge_in(view, case)?,
        };
        for document in &case.documents {
            let material = material_in(store, view, document.resource)?;
            let marks = holding(view.release_mark_list(document.id)?, &material);
            let review = view.release_review(document.id)?;
            let done = review.is_some_and(|review| {
                review.reviewed_at.is_some() && review.content_hash == material.hash()
            });
            standing.unreviewed += usize::from(!done);
            for mark in marks.iter().filter(|mark| mark.state == MarkState::Proposed) {
                standing.unconfirmed += 1;
                standing.undecided_proposals += usize::from(mark.reason == Reason::Sensitive);
            }
            standing.documents.push((document.clone(), material, marks));
        }
        Ok(standing)
    }

    /// Refuses while a document isn't reviewed or a mark isn't decided.
    pub(super) fn require_done(&self) -> Result<(), Error> {
        match (self.unreviewed, self.unconfirmed) {
            (0, 0) => Ok(()),
            (0, open) => Err(Error::Refused(Refusal::RedactionsUnconfirmed(open).to_string())),
            (left, _) => Err(Error::Refused(format!(
                "{left} document(s) aren't reviewed as they stand now. Open each and go through \
                 it."
            ))),
        }
    }

    /// Texts that must not be found in the packet: under confirmed marks, save those that a
    /// person let stand somewhere.
    pub(super) fn forbidden(&self) -> Vec<String> {
        let folded =
            |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let (mut allowed, mut forbidden) = (BTreeSet::new(), Vec::new());
        for (_, material, marks) in &self.documents {
            for mark in marks {
                match mark.state {
                    MarkState::Rejected => {
                        allowed.insert(folded(mark.text.reveal()));
                    }
                    MarkState::Confirmed => forbidden.extend(self.texts_under(material, mark)),
                    MarkState::Proposed => {}
                }
            }
        }
        forbidden.retain(|text| !allowed.contains(&folded(text)));
        forbidden.sort();
        forbidden.dedup();
        forbidden
    }

    fn texts_under(&self, material: &Material, mark: &ReleaseMark) -> Vec<String> {
        let text = mark.text.reveal();
        match (material.part(mark.part).map(|part| &part.content), mark.place) {
            (Ok(Content::Line { section, cells }), Place::Span(start, _)) => {
                withheld_of_line(section, cells, text, start)
            }
            _ => withheld_texts(text, &mark.why, &self.knowledge.patient),
        }
    }

    /// Places where a withheld text stands that no mark covers: proposed now.
    fn elsewhere(&self, render: &RenderPage) -> Result<Vec<(i64, NewReleaseMark)>, Error> {
        let forbidden = self.forbidden();
        if forbidden.is_empty() {
            return Ok(Vec::new());
        }
        let finders = |text: &str| same_texts(text, &forbidden);
        let mut found = Vec::new();
        for (document, material, marks) in &self.documents {
            for (number, part) in material.parts.iter().enumerate() {
                let (new, _) = propose_part(render, number, part, &finders)?;
                let fresh = new.into_iter().filter(|new| {
                    let covers = |mark: &&ReleaseMark| {
                        mark.part == new.part && overlap(&mark.place, &new.place)
                    };
                    !marks.iter().any(|mark| covers(&mark))
                });
                found.extend(fresh.map(|new| (document.id, new)));
            }
        }
        Ok(found)
    }
}

fn overlap(a: &Place, b: &Place) -> bool {
    match (a, b) {
        (Place::Span(start, end), Place::Span(from, to)) => start < to && from < end,
        (Place::Box(a), Place::Box(b)) => {
            a.page == b.page
                && a.left < b.left + b.width
                && b.left < a.left + a.width
                && a.top < b.top + b.height
                && b.top < a.top + a.height
        }
        (Place::Span(..), Place::Box(_)) | (Place::Box(_), Place::Span(..)) => false,
    }
}

/// Ends the review: every document gone through, every mark decided, and no withheld text left
/// standing elsewhere. The request goes to quality check.
///
/// # Errors
/// [`Error::Refused`] says what is left; texts left elsewhere are proposed then.
pub fn finish(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    request: i64,
) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    let (case, standing) = store.look(context, |view| {
        let case = case_in(view, request)?;
        let standing = Standing::of(store, view, &case)?;
        Ok::<_, Error>((case, standing))
    })?;
    standing.require_done()?;
    let elsewhere = standing.elsewhere(render)?;
    if !elsewhere.is_empty() {
        propose_elsewhere(store, context, &case, &elsewhere)?;
        return Err(Error::Refused(format!(
            "{} more place(s) hold a text that you withhold elsewhere in this release. They are \
             proposed now: confirm each, or reject it to let it stand there.",
            elsewhere.len()
        )));
    }
    let mut revision = case.revision;
    if case.request.state.name() == StateName::SensitiveReview {
        super::act(store, context, request, revision, Action::FinishReview { note: None })?;
        revision += 1;
    }
    super::act(store, context, request, revision, Action::FinishRedaction)
}

fn propose_elsewhere(
    store: &Store,
    context: &Context,
    case: &Case,
    elsewhere: &[(i64, NewReleaseMark)],
) -> Result<(), Error> {
    store.write(context, |transaction| {
        for (document, mark) in elsewhere {
            transaction.release_mark_create(*document, case.patient, mark)?;
            transaction.release_review_mark(*document, false)?;
        }
        let audit = AuditEntry::new(context, "release.propose", format!("release/{}", case.id));
        let detail = format!(r#"{{"elsewhere":{}}}"#, elsewhere.len());
        Ok(transaction.audit(&audit.patients([case.patient]).detail(detail))?)
    })
}
