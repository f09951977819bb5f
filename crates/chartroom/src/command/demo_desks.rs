//! What waits at the desks when the demonstration opens: coding, possible duplicates, deficiencies,
//! findings of the checks, requests for release that were logged, and letters that nobody has
//! read yet.

use anyhow::{Context as _, Result};
use app::file_text::ReadText;
use app::release::LogForm;
use record::{ContentHash, Context};
use release::lifecycle::Action;
use release::requester::RequesterKind;
use std::sync::Arc;
use store::Store;
use store::release::Channel;
use synthetic::{Hospital, Request};

/// Of so many letters one stays in the queue of unindexed documents, for somebody to log.
const LETTERS_LEFT_ONE_IN: usize = 4;
/// Of so many logged requests one waits for its patient to be identified.
const UNIDENTIFIED_ONE_IN: usize = 3;

/// Fills the desks.
pub fn fill(store: &Store, context: &Context, hospital: &Hospital) -> Result<()> {
    app::coding::find_work(store, context, None)?;
    app::identity::find(store, context)?;
    app::completion::find(store, context, None)?;
    for (number, request) in hospital.truth.requests.iter().enumerate() {
        if number % LETTERS_LEFT_ONE_IN != LETTERS_LEFT_ONE_IN - 1 {
            log(store, context, hospital, number, request)
                .with_context(|| format!("the request {} can't be logged", request.kind))?;
        }
    }
    app::integrity::ask(store, context)?;
    // These files are our own: no process apart is needed to read them.
    let reader: ReadText = Arc::new(app::file_text::read);
    while app::background::tick(store, context, &reader)? {}
    Ok(())
}

fn log(
    store: &Store,
    context: &Context,
    hospital: &Hospital,
    number: usize,
    request: &Request,
) -> Result<()> {
    let scan = hospital.scans.iter().find(|scan| scan.truth.name == request.scan);
    let scan = scan.context("the letter was scanned")?;
    let hash = ContentHash::of(&scan.bytes);
    let (document, patient) = store.look(context, |view| {
        let document = view.document_by_content(hash)?;
        Ok::<_, store::Error>((document, view.patient_key(&request.patient)?))
    })?;
    let (kind, channel) = asked_by(request.kind);
    let form = LogForm {
        kind: Some(kind),
        name: request.requester.clone(),
        channel: Some(channel),
        asked_for: asked_for(request.kind).to_owned(),
        received: request.received.clone(),
        document: document.context("the letter was taken in")?.public_id,
        ..LogForm::default()
    };
    let id = app::release::log(store, context, &form)?;
    if let Some(patient) = patient.filter(|_| !number.is_multiple_of(UNIDENTIFIED_ONE_IN)) {
        app::release::act(store, context, id, 0, Action::Identify { patient })?;
    }
    Ok(())
}

/// Who sends such a letter, and how it comes.
fn asked_by(kind: &str) -> (RequesterKind, Channel) {
    use RequesterKind as Kind;
    match kind {
        "patient-access" | "accounting" | "amendment" => (Kind::Individual, Channel::InPerson),
        "personal-representative" | "executor" | "parent-of-minor" => {
            (Kind::Representative, Channel::Mail)
        }
        "treatment" => (Kind::Provider, Channel::Fax),
        "payment" | "restricted-payer" | "authorization-expired" => {
            (Kind::HealthPlan, Channel::Fax)
        }
        "subpoena-without-assurance" | "subpoena-with-notice" => (Kind::Attorney, Channel::Served),
        "court-order" => (Kind::Court, Channel::Served),
        "law-enforcement" => (Kind::LawEnforcement, Channel::InPerson),
        "public-health" | "coroner" | "health-oversight" | "workers-compensation" => {
            (Kind::PublicAgency, Channel::Mail)
        }
        "research" => (Kind::Researcher, Channel::Email),
        "substance-use-consent" => (Kind::Provider, Channel::Fax),
        "authorization-without-expiration" | "substance-use-without-consent" => {
            (Kind::Other, Channel::Mail)
        }
        _ => (Kind::Attorney, Channel::Mail),
    }
}

/// What such a letter asks for, in the words of who logs it.
fn asked_for(kind: &str) -> &'static str {
    match kind {
        "patient-access" => "The complete record of the last stay",
        "accounting" => "An accounting of disclosures of the last six years",
        "amendment" => "An amendment of the history in the last note",
        "treatment" => "Discharge summary, medications and results for continued care",
        "payment" | "restricted-payer" => "The record of the billed stay",
        "coroner" => "The whole record of the deceased",
        "research" => "Diagnoses and results for a study",
        _ => "The records that the letter names",
    }
}
