//! Logging a request, from the letter that it came with where that was scanned.

use super::effects::{due, work};
use crate::access::{Right, require};
use crate::documents::LETTER_REASON;
use crate::entry::zone_in;
use crate::pages_of::{PageImage, RenderPage, SCREEN_DPI};
use crate::{Error, FieldError};
use jiff::civil::Date;
use record::{Context, Private};
use release::Request;
use release::basis::Answers;
use release::lifecycle::Facts;
use release::requester::{Requester, RequesterKind};
use store::document::{Document, DocumentState};
use store::release::{Channel, NewRequest, ReleaseBody};
use store::{AuditEntry, Store, Transaction, View};

/// Unindexed documents shown at most.
const LETTERS_MAX: i64 = 200;
/// What is typed to log a request.
#[derive(Clone, Debug, Default)]
pub struct LogForm {
    /// Who asks.
    pub kind: Option<RequesterKind>,
    /// Their name.
    pub name: String,
    /// Their organization.
    pub organization: String,
    /// Where answers go.
    pub address: String,
    /// How it came.
    pub channel: Option<Channel>,
    /// What is asked for.
    pub asked_for: String,
    /// Why.
    pub purpose: String,
    /// Day of receipt.
    pub received: String,
    /// Day by which the request itself asks for an answer.
    pub stated_due: String,
    /// The state whose law applies: `US-CA` or `CA`.
    pub jurisdiction: String,
    /// Opaque id of the letter that it came with.
    pub document: String,
}

/// Logs a request; the patient need not be known yet.
///
/// # Errors
/// [`Error::Invalid`] names the fields; [`Error::Conflict`] when the letter belongs to another
/// request already.
pub fn log(store: &Store, context: &Context, form: &LogForm) -> Result<i64, Error> {
    require(store, context, Right::Release)?;
    store.write(context, |transaction| {
        let zone = zone_in(transaction)?;
        let today = context.at.date_in(&zone);
        let given = check(form, today)?;
        let document = linked(transaction, &form.document)?;
        let number = transaction.release_number_next(today.year())?;
        let asked_for = Private::new(form.asked_for.trim());
        let facts = nothing_known(context, today);
        let logged = Request::log(
            number,
            given.received,
            requester(form, given.kind),
            asked_for,
            None,
            &facts,
        );
        let (mut request, event) = logged.map_err(|refusal| invalid("received", refusal))?;
        request.jurisdiction = given.jurisdiction;
        let mut body = ReleaseBody {
            request,
            answers: Answers::new(),
            verification: None,
            scope: None,
            cover: None,
            restricted: Default::default(),
            litigation: Default::default(),
            stated_due: given.stated_due,
            purpose: private(&form.purpose),
            fee: None,
            delivery: None,
        };
        body.request.due = due(transaction, &body)?;
        let new = NewRequest { channel: given.channel, document: document.map(|d| d.id), body };
        let id = transaction.release_request_create(&new, &event)?;
        work(transaction, context, id, &zone, &new.body)?;
        transaction.audit(&AuditEntry::new(context, "release.log", format!("release/{id}")))?;
        Ok(id)
    })
}

fn invalid(field: &str, reason: impl ToString) -> Error {
    Error::Invalid(vec![FieldError::new(field, reason.to_string())])
}

fn private(text: &str) -> Option<Private> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(Private::new)
}

fn requester(form: &LogForm, kind: RequesterKind) -> Requester {
    Requester {
        kind,
        name: Private::new(form.name.trim()),
        organization: private(&form.organization),
        address: private(&form.address),
    }
}

fn nothing_known(context: &Context, today: Date) -> Facts<'_> {
    Facts {
        actor: &context.actor,
        roles: &context.roles,
        at: context.at,
        today,
        evaluation: None,
        verification: None,
        scope: None,
        items: &[],
        minor: false,
        died_on: None,
        undecided_proposals: 0,
        unconfirmed_redactions: 0,
        packet: None,
    }
}

/// What a form gives, once it holds.
struct Given {
    kind: RequesterKind,
    channel: Channel,
    received: Date,
    stated_due: Option<Date>,
    jurisdiction: Option<String>,
}

fn check(form: &LogForm, today: Date) -> Result<Given, Error> {
    let mut errors = Vec::new();
    let mut missing = |field: &str, lacks: bool, reason: &str| {
        if lacks {
            errors.push(FieldError::new(field, reason));
        }
    };
    missing("kind", form.kind.is_none(), "Choose who asks.");
    missing("name", form.name.trim().is_empty(), "Give the requester's name.");
    missing("channel", form.channel.is_none(), "Choose how the request came.");
    let asked = form.asked_for.trim().is_empty();
    missing("asked_for", asked, "Say what is asked for, in the words of the request.");
    let received = form.received.trim().parse::<Date>().ok();
    missing("received", received.is_none(), "Give the day of receipt as 2026-03-04.");
    let stated_due = match form.stated_due.trim() {
        "" => None,
        text => {
            let day = text.parse::<Date>().ok();
            missing("stated_due", day.is_none(), "Give the date that it states as 2026-03-04.");
            day
        }
    };
    let jurisdiction = match jurisdiction(&form.jurisdiction) {
        Ok(known) => known,
        Err(reason) => {
            missing("jurisdiction", true, reason);
            None
        }
    };
    if received.is_some_and(|day| day > today) {
        let reason = format!("The day of receipt lies in the future; today is {today}.");
        errors.push(FieldError::new("received", reason));
    }
    match (form.kind, form.channel, received, errors.is_empty()) {
        (Some(kind), Some(channel), Some(received), true) => {
            Ok(Given { kind, channel, received, stated_due, jurisdiction })
        }
        _ => Err(Error::Invalid(errors)),
    }
}

/// A state as ISO 3166-2 writes it: `CA` and `us-ca` become `US-CA`.
pub(super) fn jurisdiction(text: &str) -> Result<Option<String>, &'static str> {
    let typed = text.trim().to_ascii_uppercase();
    let state = typed.strip_prefix("US-").unwrap_or(&typed);
    match state.len() {
        0 => Ok(None),
        2 if state.chars().all(|c| c.is_ascii_uppercase()) => Ok(Some(format!("US-{state}"))),
        _ => Err("Give the state by its two letters, as CA."),
    }
}

/// The letter, which leaves the indexing desk's queue: it belongs to the request.
fn linked(transaction: &mut Transaction<'_>, id: &str) -> Result<Option<Document>, Error> {
    if id.trim().is_empty() {
        return Ok(None);
    }
    let found = transaction.document_by_public_id(id.trim())?.ok_or(Error::NotFound)?;
    if transaction.release_request_of_document(found.id)?.is_some() {
        return Err(Error::Conflict("This letter belongs to another request already.".into()));
    }
    if found.state != DocumentState::Unindexed {
        return Err(Error::Conflict("This document was indexed or set aside meanwhile.".into()));
    }
    transaction.document_set_aside(found.id, LETTER_REASON)?;
    transaction.work_close("index-document", found.id, true)?;
    Ok(Some(found))
}

/// Documents that wait for their index: a request may be among them.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn letters_waiting(store: &Store, context: &Context) -> Result<Vec<Document>, Error> {
    require(store, context, Right::Release)?;
    store.read(context, |view| {
        let list = view.document_list(DocumentState::Unindexed, LETTERS_MAX)?;
        Ok((list, AuditEntry::new(context, "release.letters", "documents")))
    })
}

/// A letter that may be a request, or is one.
pub struct LetterDocument {
    /// The document.
    pub document: Document,
    /// Its text, for a text file.
    pub text: Option<String>,
    /// The request that it belongs to.
    pub request: Option<i64>,
}

/// Opens a letter: one that waits for its index, or one that belongs to a request.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or belongs to a chart.
pub fn letter_document(
    store: &Store,
    context: &Context,
    public_id: &str,
) -> Result<LetterDocument, Error> {
    require(store, context, Right::Release)?;
    store.read(context, |view| {
        let (document, request) = letter_in(view, public_id)?;
        let text = match document.media_type.starts_with("text/") {
            true => {
                let bytes = store.blob_content(view, document.blob)?;
                Some(String::from_utf8_lossy(&bytes).into_owned())
            }
            false => None,
        };
        let target = format!("document/{}", document.id);
        let audit = AuditEntry::new(context, "release.open-letter", target);
        Ok((LetterDocument { document, text, request }, audit))
    })
}

fn letter_in(view: &mut View<'_>, id: &str) -> Result<(Document, Option<i64>), Error> {
    let document = view.document_by_public_id(id)?.ok_or(Error::NotFound)?;
    let request = view.release_request_of_document(document.id)?;
    if let Some(request) = request {
        view.release_request(request)?.ok_or(Error::NotFound)?;
    }
    let waits = document.state == DocumentState::Unindexed;
    if request.is_none() && !waits { Err(Error::NotFound) } else { Ok((document, request)) }
}

/// One page of a letter as an image.
///
/// # Errors
/// [`Error::Refused`] with a sentence when the file can't be shown.
pub fn letter_page(
    store: &Store,
    context: &Context,
    render: &RenderPage,
    public_id: &str,
    page: u32,
) -> Result<PageImage, Error> {
    require(store, context, Right::Release)?;
    let (bytes, media_type) = store.read(context, |view| {
        let (document, _) = letter_in(view, public_id)?;
        let bytes = store.blob_content(view, document.blob)?;
        let target = format!("document/{}", document.id);
        let audit = AuditEntry::new(context, "release.letter-page", target);
        Ok::<_, Error>((
            (bytes, document.media_type),
            audit.detail(format!(r#"{{"page":{page}}}"#)),
        ))
    })?;
    render(&bytes, &media_type, page, SCREEN_DPI).map_err(Error::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_taken_by_two_letters() {
        assert_eq!(jurisdiction(" ca "), Ok(Some("US-CA".to_owned())));
        assert_eq!(jurisdiction("US-NY"), Ok(Some("US-NY".to_owned())));
        assert_eq!(jurisdiction(""), Ok(None));
        assert!(jurisdiction("California").is_err());
    }
}
