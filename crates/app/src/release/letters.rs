//! Letters: what is missing, denied, extended, owed; kept as written, marked when sent.

use super::act::told;
use super::loaded::Loaded;
use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use jiff::civil::Date;
use record::{Context, Private};
use release::State;
use release::basis::{Checked, Evaluation, Status};
use release::letter::{self, Envelope};
use release::lifecycle::{DenialGround, HoldReason};
use release::requester::Requester;
use store::release::{ReleaseBody, ReleaseLetter};
use store::{AuditEntry, Store, Transaction, View};

/// What a letter says.
pub(super) enum Kind {
    /// What is missing or wrong.
    Missing,
    /// What is denied, why, and the rights of the individual.
    Denied(DenialGround, String),
    /// The outcome of the review of a denial: whether it stands, and why.
    Reviewed(bool, String),
    /// The one extension.
    Extended,
    /// What a copy costs.
    Invoice,
    /// Why the request goes back, and where to ask.
    Returned(String),
}

impl Kind {
    fn as_str(&self) -> &'static str {
        match self {
            Kind::Missing => "missing",
            Kind::Denied(..) => "denied",
            Kind::Reviewed(..) => "reviewed",
            Kind::Extended => "extended",
            Kind::Invoice => "invoice",
            Kind::Returned(_) => "returned",
        }
    }
}

/// Whom the requester asks and complains to, unless the site sets it.
const CONTACT: &str = "Release of information, health information management department";

/// What every letter to a requester needs.
pub(super) fn envelope(
    view: &mut View<'_>,
    requester: &Requester,
    number: &str,
    on: Date,
) -> Result<Envelope, Error> {
    let facility = view.facility_list()?.into_iter().next();
    let contact = view.setting("release.contact")?;
    let lines =
        [Some(&requester.name), requester.organization.as_ref(), requester.address.as_ref()];
    let split = |text: &Private| -> Vec<Private> {
        text.reveal().lines().map(str::trim).filter(|l| !l.is_empty()).map(Private::new).collect()
    };
    Ok(Envelope {
        on,
        to: lines.into_iter().flatten().flat_map(split).collect(),
        request: number.to_owned(),
        organization: facility.map_or_else(|| "Chartroom".to_owned(), |facility| facility.name),
        contact: contact.unwrap_or_else(|| CONTACT.to_owned()),
    })
}

/// Writes a letter about a request and keeps it.
pub(super) fn write(
    transaction: &mut Transaction<'_>,
    loaded: &Loaded,
    body: &ReleaseBody,
    kind: Kind,
) -> Result<(), Error> {
    let request = &body.request;
    let envelope = envelope(transaction, &request.requester, &request.number, loaded.today)?;
    let written = match &kind {
        Kind::Missing => letter::missing_elements(&envelope, &missing(loaded, body)),
        Kind::Denied(ground, explanation) => letter::denied(&envelope, *ground, explanation),
        Kind::Reviewed(upheld, explanation) => letter::reviewed(&envelope, *upheld, explanation),
        Kind::Extended => match &request.due {
            Some(due) => letter::extended(&envelope, due),
            None => return Ok(()),
        },
        Kind::Returned(reason) => letter::returned(&envelope, reason),
        Kind::Invoice => match &body.fee {
            Some(fee) => letter::invoice(&envelope, fee),
            None => return Ok(()),
        },
    };
    let id = Some(loaded.row.id);
    transaction.release_letter_create(id, request.patient, kind.as_str(), &written)?;
    Ok(())
}

/// What is missing: of the basis' checklist, and of the verification of the requester. Where the
/// hold names elements, it is those: a question that nobody answered is not asked of others.
fn missing(loaded: &Loaded, body: &ReleaseBody) -> Evaluation {
    let mut all = loaded.evaluation.clone().unwrap_or_else(|| Evaluation {
        basis: body.request.basis.unwrap_or(release::Basis::Access),
        on: loaded.today,
        checklists: Vec::new(),
        elements: Vec::new(),
    });
    let reasons = match &body.request.state {
        State::OnHold { reasons, .. } => reasons.as_slice(),
        _ => &[],
    };
    let named = |id: &String| {
        reasons.iter().any(|reason| match reason {
            HoldReason::MissingElements { elements } => elements.contains(id),
            _ => false,
        })
    };
    if reasons.iter().any(|reason| matches!(reason, HoldReason::MissingElements { .. })) {
        all.elements.retain(|element| named(&element.id));
    }
    for gap in loaded.gaps.iter().flatten() {
        all.elements.push(Checked {
            id: "requester".to_owned(),
            citation: gap.citation.clone(),
            question: "Is the requester verified?".to_owned(),
            remedy: gap.sentence.clone(),
            status: Status::Fail,
        });
    }
    all
}

/// A letter as its page shows it.
pub struct LetterShown {
    /// The letter.
    pub letter: ReleaseLetter,
    /// Whose record it is about.
    pub identity: Option<Identity>,
    /// What its request can do next is on its page.
    pub request: Option<i64>,
}

/// Opens a letter.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or its patient is hidden.
pub fn letter(store: &Store, context: &Context, id: i64) -> Result<LetterShown, Error> {
    require(store, context, Right::Release)?;
    store.read(context, |view| {
        let letter = letter_in(view, id)?;
        let identity = letter.patient.map(|patient| identity_in(view, patient)).transpose()?;
        let audit = AuditEntry::new(context, "release.letter", format!("letter/{id}"));
        let audit = audit.patients(letter.patient);
        Ok((LetterShown { request: letter.request, letter, identity }, audit))
    })
}

fn letter_in(view: &mut View<'_>, id: i64) -> Result<ReleaseLetter, Error> {
    let letter = view.release_letter(id)?.ok_or(Error::NotFound)?;
    if let Some(request) = letter.request {
        view.release_request(request)?.ok_or(Error::NotFound)?;
    }
    if let Some(patient) = letter.patient {
        let patient = view.patient_survivor(patient)?;
        view.patient_row(patient)?.ok_or(Error::NotFound)?;
    }
    Ok(letter)
}

/// Marks a letter as sent.
///
/// # Errors
/// [`Error::Conflict`] when it was marked before.
pub fn letter_sent(store: &Store, context: &Context, id: i64) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    let done = store.write(context, |transaction| {
        let letter = letter_in(transaction, id)?;
        transaction.release_letter_sent(id)?;
        let audit = AuditEntry::new(context, "release.letter-sent", format!("letter/{id}"));
        Ok(transaction.audit(&audit.patients(letter.patient))?)
    });
    told(store, context, id, "release.letter-sent", done)
}
