//! Drafts: forms saved as they are typed, found again after logoff, and both versions where two
//! pages typed into one form.

use crate::pages::banner;
use crate::pages::typed::given_of;
use crate::server::{Answer, Clerk, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Button, Column, Comparison, Desk, Empty, Form, Heading, Row, Table, actions, moment,
};
use app::entry::{
    DraftSaved, EntryKind, Event, Given, draft, draft_choose, draft_list, draft_patient, draft_save,
};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use record::PatientKey;

/// The routes of drafts.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/drafts", Guard::SignedIn, list)
        .get("/drafts/{patient}/{form}", Guard::SignedIn, show)
        .post("/drafts/{patient}/{form}", Guard::SignedIn, save)
        .post("/drafts/{patient}/{form}/choose", Guard::SignedIn, choose)
}

fn patient_of(key: i64) -> Option<PatientKey> {
    (key > 0).then_some(PatientKey(key))
}

async fn save(at: Path<(i64, String)>, headers: axum::http::HeaderMap, posted: Posted) -> Answer {
    let Path((patient, form)) = at;
    let given = given_of(&posted);
    let header = headers.get("draft-version").and_then(|value| value.to_str().ok());
    let seen = header.unwrap_or(posted.text("draft_seen")).to_owned();
    let saved = posted.clerk.run(move |store, context| {
        draft_save(store, context, patient_of(patient), &form, &seen, &given)
    });
    Ok(match saved.await? {
        DraftSaved::Saved(version) => {
            (StatusCode::NO_CONTENT, [("draft-version", version)]).into_response()
        }
        DraftSaved::Conflict => StatusCode::CONFLICT.into_response(),
    })
}

async fn list(clerk: Clerk) -> Answer {
    let (drafts, zone) = clerk
        .run(|store, context| {
            let place = app::entry::place(store, context)?;
            Ok((draft_list(store, context)?, place.zone))
        })
        .await?;
    let rows = drafts.iter().map(|(form, saved_at)| {
        let row = Row::new([html! { (label(form)) }, moment(*saved_at, &zone)]);
        match address(form) {
            Some(address) => row.opens(address),
            None => row,
        }
    });
    let table = Table::new("Your drafts")
        .column(Column::text("Form"))
        .column(Column::text("Saved"))
        .rows(rows)
        .empty(Empty::new(
            "No drafts",
            "What you type into a form is kept here until you save the form, also when you are \
             signed out meanwhile.",
        ));
    let content = html! { (Heading::new("Drafts").under("My work", "/work")) (table) };
    Ok(Page(clerk.page("Drafts", Desk::Work), content).into_response())
}

/// The word of a form's name, and the key that it is about.
fn parts(form: &str) -> (&str, Option<i64>) {
    let cut = form.rsplit_once('-');
    match cut.and_then(|(word, key)| Some((word, key.parse().ok()?))) {
        Some((word, key)) => (word, Some(key)),
        None => (form, None),
    }
}

fn label(form: &str) -> String {
    let (word, _) = parts(form);
    let fixed = match word {
        "register" => "Register a patient",
        "demographics" => "Correct demographics",
        "admit" => "Open an encounter",
        "correct" => "Correct an entry",
        "error" => "Mark an entry as entered in error",
        "addendum" => "Addendum",
        "late" => "Late entry",
        "deficiency" => "Complete a record",
        _ => "",
    };
    if !fixed.is_empty() {
        return fixed.to_owned();
    }
    let kind = EntryKind::parse(word).map(EntryKind::label);
    kind.or(Event::parse(word).map(Event::label)).unwrap_or(word).to_owned()
}

/// Where the form stands.
fn address(form: &str) -> Option<String> {
    let (word, key) = parts(form);
    if word == "register" {
        return Some("/register".to_owned());
    }
    let key = key?;
    Some(match word {
        "demographics" => format!("/patient/{key}/correct"),
        "deficiency" => format!("/completion/{key}"),
        "admit" => format!("/patient/{key}/admit"),
        "correct" | "error" | "addendum" | "late" => format!("/entry/{key}/{word}"),
        _ if EntryKind::parse(word).is_some() => format!("/chart/{key}/new/{word}"),
        _ if Event::parse(word).is_some() => format!("/encounter/{key}/{word}"),
        _ => return None,
    })
}

async fn show(clerk: Clerk, Path((patient, form)): Path<(i64, String)>) -> Answer {
    let name = form.clone();
    let (held, other) = clerk.run(move |store, context| draft(store, context, &name)).await?;
    let here = address(&form).unwrap_or_else(|| "/drafts".to_owned());
    let content = match (&held, &other) {
        (Some(held), Some(other)) => html! {
            p { "Two pages typed into this form. Choose the version to go on with." }
            (compared(&held.given, &other.given))
            (Form::post(format!("/drafts/{patient}/{form}/choose")).csrf(clerk.csrf())
                .label("Choose a version").content(actions([
                    Button::submit("Keep the one saved first").named("choice", "held").key("1"),
                    Button::submit("Keep the other").named("choice", "other").key("2"),
                ])))
        },
        (Some(_), None) => html! {
            p { "There is one version of this draft." }
            (Form::post(format!("/drafts/{patient}/{form}/choose")).csrf(clerk.csrf())
                .label("Drop the draft").content(actions([
                    Button::link("Go on with it", here).main().key("o"),
                    Button::submit("Drop it").named("choice", "drop").stop().key("x"),
                ])))
        },
        _ => html! { (Empty::new("No draft", "It was saved, or dropped.")) },
    };
    let content = html! { (Heading::new(label(&form)).under("Drafts", "/drafts")) (content) };
    let mut shell = clerk.page("Draft", Desk::Work);
    if let (Some(key), true) = (patient_of(patient), held.is_some()) {
        let asked = clerk.run(move |store, context| draft_patient(store, context, key));
        shell = shell.with_banner(banner(&asked.await?, &clerk));
    }
    Ok(Page(shell, content).into_response())
}

fn compared(held: &Given, other: &Given) -> Markup {
    let heads = [html! { "Saved first" }, html! { "The other" }];
    let mut table = Comparison::new("Both versions of the draft", heads);
    let mut names: Vec<&String> = held.0.keys().chain(other.0.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let (one, two) = (held.text(name), other.text(name));
        if !(one.is_empty() && two.is_empty()) {
            table = table.field(name.replace('_', " "), [one, two]);
        }
    }
    html! { (table) }
}

async fn choose(Path((patient, form)): Path<(i64, String)>, posted: Posted) -> Answer {
    let choice = posted.text("choice").to_owned();
    let to = match choice.as_str() {
        "drop" => "/drafts".to_owned(),
        _ => address(&form).unwrap_or_else(|| "/drafts".to_owned()),
    };
    let choosing = posted.clerk.run(move |store, context| {
        draft_choose(store, context, patient_of(patient), &form, &choice)
    });
    choosing.await?;
    let answer: Response = see_other(to);
    Ok(answer)
}
