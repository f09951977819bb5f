//! A request as its page shows it: where it stands, what is asked, what comes next.

use super::loaded::Loaded;
use super::rules;
use super::save::is_directive;
use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::entry::names;
use jiff::civil::Date;
use record::{Context, LabelMask};
use release::Basis;
use release::basis::{Answers, Element, Evaluation, Status};
use release::fee::{Rate, rate};
use release::lifecycle::ActionName;
use std::collections::BTreeMap;
use store::release::{ReleaseDocument, ReleaseEvent, ReleaseLetter};
use store::{AuditEntry, Store, View};

/// One question of a checklist with its answer and outcome.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The question.
    pub element: Element,
    /// The answer as it is typed: `yes`, `no`, a day, or empty.
    pub answer: String,
    /// What became of it.
    pub status: Status,
}

/// An entry that was decided on, as a list shows it.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The decision.
    pub document: ReleaseDocument,
    /// Its title.
    pub title: String,
    /// Its kind in words.
    pub kind: String,
    /// How many: of lines, those of its section that were decided on alike.
    pub count: usize,
    /// Its day of service; of lines, the last.
    pub date: Option<Date>,
    /// Its labels.
    pub labels: LabelMask,
}

/// A request, opened.
pub struct Opened {
    /// The request with what was judged of it.
    pub loaded: Loaded,
    /// Whose record, once identified.
    pub identity: Option<Identity>,
    /// The checklist of the basis.
    pub checklist: Vec<Asked>,
    /// The checklist of what lifts Part 2 beside it.
    pub cover: Vec<Asked>,
    /// What was decided on each entry.
    pub decided: Vec<Decided>,
    /// Letters, the newest first.
    pub letters: Vec<ReleaseLetter>,
    /// What happened, the newest first.
    pub events: Vec<ReleaseEvent>,
    /// Names of those who acted.
    pub actors: BTreeMap<String, String>,
    /// What the state allows.
    pub actions: &'static [ActionName],
    /// By which rate a fee is counted, once the basis is chosen.
    pub rate: Option<Rate>,
    /// Opaque id of the letter that it came with.
    pub letter_id: Option<String>,
    /// Whether the review of the denial was asked for.
    pub is_review_asked: bool,
}

/// Opens a request.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or its patient is hidden.
pub fn open(store: &Store, context: &Context, id: i64) -> Result<Opened, Error> {
    require(store, context, Right::Release)?;
    store.read(context, |view| {
        let opened = open_in(view, id)?;
        let entry = AuditEntry::new(context, "release.open", format!("release/{id}"));
        let patient = opened.loaded.row.patient;
        Ok((opened, entry.patients(patient)))
    })
}

/// Opens a denial for the provider who reviews it: nothing else of the desk is open to them.
///
/// # Errors
/// [`Error::NotFound`] where no review was asked for, or the patient is hidden.
pub fn open_denial(store: &Store, context: &Context, id: i64) -> Result<Opened, Error> {
    require(store, context, Right::Authenticate)?;
    store.read(context, |view| {
        let opened = open_in(view, id)?;
        if !opened.is_review_asked {
            return Err(Error::NotFound);
        }
        let entry = AuditEntry::new(context, "release.open-denial", format!("release/{id}"));
        let patient = opened.loaded.row.patient;
        Ok((opened, entry.patients(patient)))
    })
}

fn open_in(view: &mut View<'_>, id: i64) -> Result<Opened, Error> {
    let loaded = Loaded::of(view, id)?;
    let identity = loaded.patient_key().map(|key| identity_in(view, key)).transpose()?;
    let body = &loaded.row.body;
    let checklists = rules::checklists(view)?;
    let asked = |basis: Basis, answers: &Answers, judged: Option<&Evaluation>| -> Vec<Asked> {
        let jurisdiction = body.request.jurisdiction.as_deref();
        let elements = rules::elements(&checklists, basis, jurisdiction, loaded.asked_on());
        elements.into_iter().map(|element| asked(element, answers, judged)).collect()
    };
    let checklist = body
        .request
        .basis
        .map_or_else(Vec::new, |basis| asked(basis, &body.answers, loaded.evaluation.as_ref()));
    let cover = body
        .cover
        .as_ref()
        .map_or_else(Vec::new, |(basis, answers)| asked(*basis, answers, loaded.cover.as_ref()));
    let events = view.release_events(id)?;
    let keys = events.iter().map(|event| event.actor.as_str());
    let keys = keys.chain([loaded.row.logged_by.as_str()]);
    let letter_id = match loaded.row.document {
        Some(document) => view.document(document)?.map(|document| document.public_id),
        None => None,
    };
    Ok(Opened {
        actors: names(view, keys)?,
        decided: super::choose::decided(view, &loaded)?,
        letters: view.release_letter_list(id)?,
        actions: loaded.request().actions(),
        rate: body.request.basis.map(|basis| rate(basis, is_directive(body))),
        is_review_asked: view.work_about(super::REVIEW_KIND, id)?.is_some(),
        letter_id,
        identity,
        checklist,
        cover,
        events,
        loaded,
    })
}

fn asked(element: Element, answers: &Answers, judged: Option<&Evaluation>) -> Asked {
    use release::basis::Answer;
    let answer = match answers.get(&element.id) {
        None => String::new(),
        Some(Answer::Yes) => "yes".to_owned(),
        Some(Answer::No) => "no".to_owned(),
        Some(Answer::On(day)) => day.to_string(),
    };
    let status = judged.and_then(|evaluation| evaluation.status(&element.id));
    Asked { status: status.unwrap_or(Status::Unanswered), answer, element }
}
