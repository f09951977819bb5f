//! A request as its reviewers see it: the patient, the scope, the documents that go out.

use super::loaded::Loaded;
use super::material::title_in;
use crate::Error;
use exchange::fhir::{SECTIONS, Section};
use record::{PatientKey, ResourceKey};
use release::lifecycle::StateName;
use release::scope::{Item, Scope};
use release::{Refusal, Request};
use store::View;
use store::release::Choice;

/// A request with the documents that go out.
#[derive(Clone)]
pub struct Case {
    /// Key of the request.
    pub id: i64,
    /// Grows with each save of the request.
    pub revision: i64,
    /// The request.
    pub request: Request,
    /// Its scope today.
    pub scope: Option<Scope>,
    /// Whose record.
    pub patient: PatientKey,
    /// Its documents, in the order of the packet.
    pub documents: Vec<CaseDocument>,
}

/// A document that goes out.
#[derive(Clone)]
pub struct CaseDocument {
    /// Key of the choice.
    pub id: i64,
    /// Its kind and date: no name, nothing of its content.
    pub title: String,
    /// The section whose line it is; none for a document.
    pub section: Option<&'static Section>,
    /// Its entry.
    pub resource: ResourceKey,
    /// As an item of the release, with today's labels.
    pub item: Item,
}

impl Case {
    /// A document by its key.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it doesn't go out with this request.
    pub fn document(&self, id: i64) -> Result<&CaseDocument, Error> {
        self.documents.iter().find(|document| document.id == id).ok_or(Error::NotFound)
    }

    /// The sections of which lines go out, in the order of the packet.
    pub fn sections(&self) -> impl Iterator<Item = &'static Section> {
        SECTIONS.iter().filter(|section| self.lines_of(section).next().is_some())
    }

    /// The lines of a section that go out, in the order of the packet.
    pub fn lines_of(&self, section: &'static Section) -> impl Iterator<Item = &CaseDocument> {
        self.documents.iter().filter(move |document| document.section == Some(section))
    }

    /// The scope.
    ///
    /// # Errors
    /// [`Error::Refused`] while none is set.
    pub fn scope(&self) -> Result<&Scope, Error> {
        self.scope.as_ref().ok_or_else(|| Error::Refused(Refusal::NoScope.to_string()))
    }
}

/// Loads the case of a request.
///
/// # Errors
/// [`Error::NotFound`] where the request, its patient or a chosen document is not there, or
/// hidden from this context.
pub(super) fn case_in(view: &mut View<'_>, id: i64) -> Result<Case, Error> {
    let loaded = Loaded::of(view, id)?;
    case_of(view, loaded)
}

/// Whether the packet has left.
pub(super) fn is_sent(state: StateName) -> bool {
    matches!(state, StateName::Delivered | StateName::Closed)
}

/// The case of a request that was loaded.
pub(super) fn case_of(view: &mut View<'_>, loaded: Loaded) -> Result<Case, Error> {
    let (id, revision) = (loaded.row.id, loaded.row.revision);
    let patient = loaded.patient_key().ok_or_else(|| {
        Error::Refused("The patient isn't identified yet. Identify the patient first.".into())
    })?;
    let mut documents = Vec::new();
    for row in view.release_document_list(id)? {
        if row.choice != Choice::Chosen {
            continue;
        }
        let item = loaded.items.iter().find(|item| item.key == row.resource).cloned();
        let Some(item) = item else {
            // What went out stays what it was, whatever became of the chart since.
            if is_sent(loaded.row.state()) {
                continue;
            }
            return Err(Error::Refused(
                "A chosen document is no longer there, or you may not see it. Choose the \
                 documents again."
                    .into(),
            ));
        };
        let (title, section) = title_in(view, row.resource)?;
        documents.push(CaseDocument { id: row.id, title, section, resource: row.resource, item });
    }
    let (request, scope) = (loaded.row.body.request, loaded.scope);
    Ok(Case { id, revision, request, scope, patient, documents })
}
