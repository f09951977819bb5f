//! Documents: the queue of those that belong to no chart yet, and their index.

use crate::pages::document_pages::{png, viewer};
use crate::pages::{banner, field_errors, patient_facts};
use crate::server::{Answer, Clerk, Failure, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Button, Card, Choice, Column, Combobox, Desk, Empty, Facts, Field, FieldError, Flash, Form,
    Heading, Row, Tab, Table, Tone, actions, due, error_summary, notice, tabs,
};
use app::documents::{
    ASIDE_REASONS, Brought, IndexForm, Listed, Opened, UPLOAD_BYTES_MAX, Uploaded,
};
use app::{Right, documents};
use axum::Json;
use axum::extract::{DefaultBodyLimit, Multipart, Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use maud::{Markup, html};
use record::{PatientKey, Private, ResourceKey};
use std::collections::HashMap;
use store::document::DocumentState;

const GUARD: Guard = Guard::Right(Right::DocumentIndex);
/// Kinds of document that a search shows.
const KINDS_MAX: usize = 20;

/// The routes of the desk.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/documents", GUARD, queue)
        .add(
            "POST",
            "/documents/new",
            GUARD,
            post(upload).layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX)),
        )
        .post("/documents/kinds", GUARD, kinds)
        .get("/documents/next", GUARD, next)
        .get("/documents/by-key/{key}", GUARD, by_key)
        .get("/documents/{document}", GUARD, open)
        .get("/documents/{document}/page/{page}", GUARD, image)
        .post("/documents/{document}/patient", GUARD, find_patient)
        .post("/documents/{document}/index", GUARD, index)
        .post("/documents/{document}/unindex", GUARD, unindex)
        .post("/documents/{document}/aside", GUARD, set_aside)
        .post("/documents/{document}/take-back", GUARD, take_back)
}

type Asked = Query<HashMap<String, String>>;

async fn queue(clerk: Clerk, Query(asked): Asked) -> Answer {
    let aside = asked.get("state").is_some_and(|state| state == "set-aside");
    let state = if aside { DocumentState::SetAside } else { DocumentState::Unindexed };
    let (listed, total) =
        clerk.run(move |store, context| documents::list(store, context, state)).await?;
    Ok(queue_page(&clerk, &listed, total, aside, flash(&asked), None).into_response())
}

fn queue_page(
    clerk: &Clerk,
    listed: &[Listed],
    total: i64,
    aside: bool,
    flash: Option<Flash>,
    said: Option<Markup>,
) -> Page {
    let waiting = (!aside).then_some(listed.len());
    let mut heading = Heading::new("Documents").lede(html! {
        @if aside { (total) " set aside: they belong to no chart, and are kept" }
        @else if total == 1 { "1 waits for its index" }
        @else { (total) " wait for their index, the oldest first" }
    });
    if app::access::allowed(clerk.context(), Right::Import) {
        heading = heading.action(Button::link("Imports", "/administration/imports").key("i"));
    }
    if waiting.is_some_and(|count| count > 0) {
        heading = heading.action(Button::link("Take the next", "/documents/next").main().key("n"));
    }
    let content = html! {
        (heading)
        @if let Some(said) = said { (said) }
        (tabs("Documents", [
            Tab::new("Waiting", "/documents").current(!aside).key("1"),
            Tab::new("Set aside", "/documents?state=set-aside").current(aside).key("2"),
        ]))
        (documents_table(clerk, listed, aside))
        @if !aside && !clerk.shell.demonstration { (Card::new("Bring files", upload_form(clerk))) }
    };
    Page(clerk.page("Documents", Desk::Documents).with_flash(flash), content)
}

fn documents_table(clerk: &Clerk, listed: &[Listed], aside: bool) -> Table {
    let today = clerk.today();
    let rows = listed.iter().map(|one| {
        let document = &one.document;
        let last = match &document.aside_reason {
            Some(reason) => html! { (aside_label(reason)) },
            None => due(one.due_at.date_in(clerk.zone()), today),
        };
        Row::new([
            html! { (file_name(document.name.reveal())) },
            html! { (kind_label(&document.media_type)) },
            html! { (size_text(one.size_bytes)) },
            clerk.stamp(document.received_at),
            last,
        ])
        .opens(format!("/documents/{}", document.public_id))
    });
    Table::new("Documents, the oldest first")
        .column(Column::text("File"))
        .column(Column::text("Kind").fit())
        .column(Column::number("Size").fit())
        .column(Column::text("Received").fit())
        .column(Column::text(if aside { "Why" } else { "Due" }).fit())
        .rows(rows)
        .empty(Empty::new(
            if aside { "Nothing is set aside" } else { "No document waits" },
            "Scans and files come here by import and by the form below, until somebody says \
             whose they are and of what kind.",
        ))
}

fn upload_form(clerk: &Clerk) -> Form {
    Form::post("/documents/new").csrf(clerk.csrf()).with_files().label("Bring files").content(
        html! {
            (Field::file("files", "Files")
                .hint("PDF, TIFF, PNG, JPEG or plain text; 64 MB together. \
                       A folder of many files is quicker by chartroom import.")
                .accept(".pdf,.tif,.tiff,.png,.jpg,.jpeg,.txt"))
            (Field::file("files", "More files").id("files-more").optional()
                .accept(".pdf,.tif,.tiff,.png,.jpg,.jpeg,.txt"))
            (actions([Button::submit("Bring in").key("Shift+U")]))
        },
    )
}

async fn upload(clerk: Clerk, headers: axum::http::HeaderMap, mut parts: Multipart) -> Answer {
    // Up to 64 MB follow: who may not bring files is told before they are read.
    clerk.run(documents::upload_allowed).await?;
    let mut token = headers.get("x-csrf").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let mut files = Vec::new();
    let refused = |text: &str| Failure::new(app::Error::Refused(text.into()), &clerk.shell);
    let broken = "The files did not come whole, or are larger than 64 MB together. Send fewer.";
    while let Some(part) = parts.next_field().await.map_err(|_| refused(broken))? {
        let name = part.file_name().map(Private::new);
        if part.name() == Some("csrf") {
            token = Some(part.text().await.map_err(|_| refused(broken))?);
            continue;
        }
        let bytes = part.bytes().await.map_err(|_| refused(broken))?;
        if let (Some(name), false) = (name, bytes.is_empty()) {
            files.push(Brought { name, bytes: bytes.to_vec() });
        }
    }
    if !clerk.token_holds(token.as_deref().unwrap_or_default()) {
        return Err(refused("This form is from an older sign-in. Load the page again."));
    }
    let (uploaded, listed) = clerk
        .run(move |store, context| {
            let uploaded = documents::upload(store, context, &files)?;
            Ok((uploaded, documents::list(store, context, DocumentState::Unindexed)?))
        })
        .await?;
    let said = notice(Tone::Info, uploaded_words(&uploaded));
    Ok(queue_page(&clerk, &listed.0, listed.1, false, None, Some(said)).into_response())
}

fn uploaded_words(uploaded: &Uploaded) -> Markup {
    let (documents, before) = (uploaded.summary.documents, uploaded.summary.unchanged);
    html! {
        p {
            @if documents == 1 { "1 document was brought" }
            @else { (documents) " documents were brought" }
            @if before > 0 { "; " (before) " held before" } "."
        }
        @for name in &uploaded.refused {
            p { (name.reveal()) ": not a PDF, TIFF, PNG, JPEG or text. It was left out." }
        }
    }
}

/// What was done last, with the way back.
fn flash(asked: &HashMap<String, String>) -> Option<Flash> {
    let of = asked.get("of").filter(|id| id.chars().all(|c| c.is_ascii_hexdigit()))?;
    match asked.get("done")?.as_str() {
        "indexed" => Some(
            Flash::new(Tone::Ok, "The document was indexed.")
                .undone_by(format!("/documents/{of}/unindex"), []),
        ),
        "aside" => Some(
            Flash::new(Tone::Ok, "The document was set aside.")
                .undone_by(format!("/documents/{of}/take-back"), []),
        ),
        _ => None,
    }
}

async fn kinds(posted: Posted) -> Answer {
    let words = posted.text("q").to_owned();
    let right = |store: &store::Store, context: &record::Context| {
        app::access::require(store, context, Right::DocumentIndex)
    };
    posted.clerk.run(right).await?;
    let found = exchange::loinc_documents().search(&words, KINDS_MAX);
    let items: Vec<_> = (found.iter())
        .map(|kind| serde_json::json!({"value": kind.code, "label": kind.name}))
        .collect();
    Ok(Json(serde_json::json!({"items": items})).into_response())
}

async fn next(clerk: Clerk) -> Answer {
    Ok(see_other(to_next(&clerk, None).await?))
}

/// The address of the document that waits longest, told what was just done.
async fn to_next(clerk: &Clerk, done: Option<(&str, &str)>) -> Result<String, Failure> {
    let next = clerk.run(documents::next).await?;
    let query = done.map(|(what, of)| format!("?done={what}&of={of}")).unwrap_or_default();
    Ok(match next {
        Some(id) => format!("/documents/{id}{query}"),
        None => format!("/documents{query}"),
    })
}

async fn by_key(clerk: Clerk, Path(key): Path<i64>) -> Answer {
    let id = clerk.run(move |store, context| documents::public_id(store, context, key)).await?;
    Ok(see_other(format!("/documents/{id}")))
}

/// What the desk's page shows beside the document.
#[derive(Default)]
struct Filled {
    page: u32,
    patient: Option<PatientKey>,
    found: Option<app::find::Found>,
    fields: HashMap<String, String>,
    errors: Vec<FieldError>,
    flash: Option<Flash>,
}

async fn open(clerk: Clerk, Path(id): Path<String>, Query(asked): Asked) -> Answer {
    let filled = Filled {
        page: asked.get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
        patient: asked.get("patient").and_then(|key| key.parse().ok()).map(PatientKey),
        flash: flash(&asked),
        ..Filled::default()
    };
    show(&clerk, &id, filled, StatusCode::OK).await
}

async fn show(clerk: &Clerk, id: &str, filled: Filled, status: StatusCode) -> Answer {
    let public_id = id.to_owned();
    let opened =
        clerk.run(move |store, context| documents::open(store, context, &public_id)).await?;
    let chosen = match filled.patient.filter(|_| opened.entry.is_none()) {
        Some(key) => {
            let choose = move |store: &store::Store, context: &record::Context| {
                documents::choose_patient(store, context, key)
            };
            Some(clerk.run(choose).await?)
        }
        None => None,
    };
    let number = filled.page.max(1);
    let href = match filled.patient {
        Some(patient) => format!("/documents/{id}?patient={}&page=", patient.0),
        None => format!("/documents/{id}?page="),
    };
    let seen = viewer(clerk, &opened.document.public_id, &opened, number, &href).await;
    let aside = match (&opened.identity, &chosen) {
        (Some(_), _) => indexed(clerk, &opened),
        (None, Some((identity, encounters))) => {
            index_form(clerk, id, identity, encounters, &filled)
        }
        (None, None) => html! {
            (choose_form(clerk, id, &filled))
            (Card::new("It belongs to no chart", aside_form(clerk, &opened)))
        },
    };
    let content = html! {
        (Heading::new("Index a document").under("Documents", "/documents").lede(html! {
            @if !opened.document.name.is_empty() { (opened.document.name.reveal()) ", " }
            (kind_label(&opened.document.media_type)) ", " (size_text(opened.size_bytes))
            ", received " (clerk.stamp(opened.document.received_at))
        }))
        (error_summary(&filled.errors))
        div class="split" { (seen) div class="stack" { (aside) } }
    };
    let mut shell = clerk.page("Index a document", Desk::Documents).with_flash(filled.flash);
    let identity = opened.identity.as_ref().or(chosen.as_ref().map(|(identity, _)| identity));
    if let Some(identity) = identity {
        shell = shell.with_banner(banner(identity, clerk));
    }
    Ok((status, Page(shell, content)).into_response())
}

/// First step: whose is it?
fn choose_form(clerk: &Clerk, id: &str, filled: &Filled) -> Markup {
    let form = Form::post(format!("/documents/{id}/patient")).csrf(clerk.csrf()).label("Patient");
    let rows = filled.found.iter().flat_map(|found| &found.patients).map(|patient| {
        let [name, born, sex, mrn, labels] = patient_facts(patient);
        Row::new([name, born, mrn, sex, labels])
            .opens(format!("/documents/{id}?patient={}", patient.patient.0))
    });
    let table = Table::new("Patients found")
        .column(Column::text("Name"))
        .column(Column::text("Born").fit())
        .column(Column::text("MRN"))
        .column(Column::text("Sex").fit())
        .column(Column::text("Labels"))
        .rows(rows)
        .empty(Empty::new("Nobody fits", "Leave a word out, or try the record number alone."));
    html! {
        (Card::new("Whose is it?", html! {
            (form.content(html! {
                (Field::text("q", "Name, record number or birth date")
                    .hint("Read two identifiers from the document itself").autofocus().key("p"))
                (actions([Button::submit("Find").main()]))
            }))
            @if filled.found.is_some() { (table) }
        }))
    }
}

/// Second step: which encounter, what kind, of when.
fn index_form(
    clerk: &Clerk,
    id: &str,
    identity: &app::chart::Identity,
    encounters: &[app::chart::Entry],
    filled: &Filled,
) -> Markup {
    let value = |name: &str| filled.fields.get(name).cloned().unwrap_or_default();
    let patient = &identity.patient;
    let kind = value("loinc");
    let kind_name =
        exchange::loinc_documents().by_code(&kind).map(|kind| kind.name).unwrap_or_default();
    let choices = encounters.iter().map(|one| {
        let words = format!("{} · {}", one.shown.date_text, one.shown.title);
        Choice::new(one.row.resource.0.to_string(), words)
    });
    let choices: Vec<Choice> =
        std::iter::once(Choice::new("", "No encounter")).chain(choices).collect();
    let facts = Facts::new()
        .fact("Name", patient.name.reveal())
        .fact("Born", crate::ui::date_text(patient.birth_date.reveal()))
        .fact("MRN", patient.mrn.reveal());
    let fields = html! {
        (Combobox::new("loinc", "Kind of document", "/documents/kinds")
            .hint("Words, as disch sum, or a LOINC code")
            .value(kind, kind_name).errors(&filled.errors).required().autofocus().key("k"))
        (Field::date("date", "Date of the document").value(value("date"))
            .errors(&filled.errors).required())
        (Field::select("encounter", "Encounter", choices).value(value("encounter"))
            .errors(&filled.errors))
        (Field::text("title", "Title").value(value("title")).optional()
            .hint("The kind's name where it is empty"))
        (Field::check("same", "Name and birth date or MRN on the document are this patient's")
            .errors(&filled.errors))
        (actions([
            Button::submit("Save and take the next").named("then", "next").main().key("Ctrl+Enter"),
            Button::submit("Save").key("Shift+S"),
            Button::link("Another patient", format!("/documents/{id}")).plain().key("Shift+P"),
        ]))
    };
    html! {
        (Card::new("Compare with the document", facts))
        (Card::new("Index", Form::post(format!("/documents/{id}/index")).csrf(clerk.csrf())
            .hidden("patient", patient.patient.0.to_string())
            .hidden("page", filled.page.to_string())
            .label("Index").content(fields)))
    }
}

fn aside_form(clerk: &Clerk, opened: &Opened) -> Form {
    let id = &opened.document.public_id;
    if let Some(reason) = &opened.document.aside_reason {
        let content = html! {
            p { "Set aside: " (aside_label(reason)) "." }
            (actions([Button::submit("Put back into the queue").key("Shift+B")]))
        };
        return Form::post(format!("/documents/{id}/take-back"))
            .csrf(clerk.csrf())
            .label("Take back")
            .content(content);
    }
    let choices = ASIDE_REASONS.iter().map(|(word, label)| Choice::new(*word, *label));
    let choices: Vec<Choice> =
        std::iter::once(Choice::new("", "Choose why")).chain(choices).collect();
    Form::post(format!("/documents/{id}/aside")).csrf(clerk.csrf()).label("Set aside").content(
        html! {
            (Field::select("reason", "Why", choices).key("a"))
            (actions([Button::submit("Set aside").key("Shift+A")]))
        },
    )
}

fn indexed(clerk: &Clerk, opened: &Opened) -> Markup {
    let id = &opened.document.public_id;
    let entry = opened.entry.map(|entry| format!("/entry/{}", entry.0)).unwrap_or_default();
    html! {
        (Card::new("In the chart", html! {
            p { "This document is indexed. " a href=(entry) { "Its entry" } " says as what." }
            @if app::access::allowed(clerk.context(), Right::DocumentIndex) {
                p {
                    "In the wrong chart, or as the wrong kind? Take the index back: the entry \
                     stays in its history as entered in error, and the document waits again."
                }
                (Form::post(format!("/documents/{id}/unindex")).csrf(clerk.csrf())
                    .label("Take the index back")
                    .content(actions([
                        Button::submit("Take the index back").stop().key("Shift+T")
                    ])))
            }
        }))
    }
}

async fn find_patient(Path(id): Path<String>, posted: Posted) -> Answer {
    let text = posted.text("q").to_owned();
    let found = posted
        .clerk
        .run(move |store, context| {
            app::access::require(store, context, Right::DocumentIndex)?;
            app::find::patients(store, context, &text)
        })
        .await?;
    let filled = Filled { found: Some(found), page: 1, ..Filled::default() };
    show(&posted.clerk, &id, filled, StatusCode::OK).await
}

async fn index(Path(id): Path<String>, posted: Posted) -> Answer {
    let patient = posted.number("patient").map(PatientKey);
    let same = posted.text("same") == "yes";
    let form = IndexForm {
        patient,
        encounter: posted.number("encounter").map(ResourceKey),
        loinc: posted.text("loinc").to_owned(),
        date: posted.text("date").to_owned(),
        title: posted.text("title").to_owned(),
    };
    let public_id = id.clone();
    let done = posted
        .clerk
        .attempt(move |store, context| {
            app::access::require(store, context, Right::DocumentIndex)?;
            if !same {
                let reason = "Compare two identifiers on the document, and tick that they are \
                              this patient's.";
                return Err(app::Error::Invalid(vec![app::FieldError::new("same", reason)]));
            }
            documents::index(store, context, &public_id, &form)
        })
        .await;
    match done {
        Ok(_) if posted.text("then") == "next" => {
            Ok(see_other(to_next(&posted.clerk, Some(("indexed", &id))).await?))
        }
        Ok(_) => Ok(see_other(format!("/documents/{id}?done=indexed&of={id}"))),
        Err(app::Error::Invalid(errors)) => {
            let filled = Filled {
                page: posted.number("page").and_then(|page| page.try_into().ok()).unwrap_or(1),
                patient,
                fields: posted.fields(),
                errors: field_errors(&errors),
                ..Filled::default()
            };
            show(&posted.clerk, &id, filled, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err((error, &posted.clerk).into()),
    }
}

async fn unindex(Path(id): Path<String>, posted: Posted) -> Answer {
    let of = id.clone();
    posted.clerk.run(move |store, context| documents::unindex(store, context, &of)).await?;
    Ok(see_other(format!("/documents/{id}")))
}

async fn set_aside(Path(id): Path<String>, posted: Posted) -> Answer {
    let (of, reason) = (id.clone(), posted.text("reason").to_owned());
    posted
        .clerk
        .run(move |store, context| documents::set_aside(store, context, &of, &reason))
        .await?;
    Ok(see_other(to_next(&posted.clerk, Some(("aside", &id))).await?))
}

async fn take_back(Path(id): Path<String>, posted: Posted) -> Answer {
    let of = id.clone();
    posted.clerk.run(move |store, context| documents::take_back(store, context, &of)).await?;
    Ok(see_other(format!("/documents/{id}")))
}

async fn image(clerk: Clerk, Path((id, page)): Path<(String, u32)>) -> Result<Response, Failure> {
    let render = clerk.site.render_page.clone();
    let image = clerk
        .run(move |store, context| documents::page(store, context, &render, &id, page))
        .await?;
    Ok(png(image.png))
}

/// The last part of a path: in which folder of which machine it once was tells nobody here.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn kind_label(media_type: &str) -> &str {
    match media_type {
        "application/pdf" => "PDF",
        "image/tiff" => "TIFF scan",
        "image/png" => "PNG image",
        "image/jpeg" => "JPEG image",
        "text/plain" => "Text",
        other => other,
    }
}

fn aside_label(reason: &str) -> &str {
    ASIDE_REASONS.iter().find(|(word, _)| *word == reason).map_or(reason, |(_, label)| label)
}

fn size_text(bytes: i64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}
