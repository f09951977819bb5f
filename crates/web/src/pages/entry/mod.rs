//! Entries: entered, corrected, appended to, marked as entered in error, authenticated.

mod authenticate;
mod fields;

use crate::pages::banner;
use crate::pages::register::now;
use crate::pages::typed::{TypedForm, given_of, live};
use crate::server::{Answer, Clerk, Failure, Guard, Page, Posted, Routes, see_other};
use crate::ui::{Button, Desk, Heading, Tone, actions, notice};
use app::Right;
use app::chart::EntryHistory;
use app::entry::{
    EntryForm, EntryKind, Given, check, correct, diagnosis_codes, enter, form_of, mark_error,
    relate,
};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use exchange::fhir::build::NoteKind;
use maud::{Markup, html};
use record::{PatientKey, ResourceKey};

/// The routes of entry.
pub(super) fn routes(routes: Routes) -> Routes {
    let right = Guard::Right(Right::EntryWrite);
    routes
        .get("/chart/{patient}/new/{kind}", right, new)
        .post("/chart/{patient}/new/{kind}", right, new_save)
        .post("/entry/check/{kind}", right, live_check)
        .post("/entry/kinds", right, kinds)
        .post("/entry/codes", right, codes)
        .get("/entry/{entry}/{act}", right, act_form)
        .post("/entry/{entry}/{act}", right, act_save)
        .with(authenticate::routes)
}

fn not_found(clerk: &Clerk) -> Failure {
    Failure::new(app::Error::NotFound, &clerk.shell)
}

async fn live_check(Path(kind): Path<String>, posted: Posted) -> Answer {
    let kind = EntryKind::parse(&kind).ok_or_else(|| not_found(&posted.clerk))?;
    let given = given_of(&posted);
    let checked = posted.clerk.run(move |store, context| check(store, context, kind, &given));
    Ok(live(&posted, &checked.await?))
}

/// Kinds of document for the combobox, by words or by code.
async fn kinds(posted: Posted) -> Answer {
    let allowed = |store: &store::Store, context: &record::Context| {
        app::access::require(store, context, Right::EntryWrite)
    };
    posted.clerk.run(allowed).await?;
    Ok(kinds_found(posted.text("q")))
}

/// Kinds of document by words or by code, as a combobox takes them; the common ones for no words.
pub(crate) fn kinds_found(asked: &str) -> Response {
    let all = exchange::loinc_documents();
    let found = match asked.is_empty() {
        true => all.common(),
        false => all.by_code(asked).map_or_else(|| all.search(asked, 12), |kind| vec![kind]),
    };
    let items: Vec<serde_json::Value> = found
        .iter()
        .map(|kind| serde_json::json!({"value": kind.code, "label": kind.name}))
        .collect();
    let body = serde_json::json!({"items": items}).to_string();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Diagnosis codes for the combobox, those that can be reported today.
async fn codes(posted: Posted) -> Answer {
    let asked = posted.text("q").to_owned();
    let found = posted.clerk.run(move |store, context| diagnosis_codes(store, context, &asked));
    let items: Vec<serde_json::Value> = found
        .await?
        .iter()
        .map(|(code, title)| serde_json::json!({"value": code, "label": title}))
        .collect();
    let body = serde_json::json!({"items": items}).to_string();
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

async fn new(clerk: Clerk, Path((patient, word)): Path<(i64, String)>) -> Answer {
    let patient = PatientKey(patient);
    let page = clerk.run(move |store, context| form_of(store, context, patient)).await?;
    let kind = EntryKind::parse(&word).ok_or_else(|| not_found(&clerk))?;
    let zone = page.place.zone.clone();
    let initial = Given::default();
    let name = format!("{}-{}", kind.as_str(), patient.0);
    let mut form = TypedForm::open(&clerk, Some(patient), name, &zone, initial).await?;
    let moment = match kind {
        EntryKind::VitalSigns => Some("taken_at"),
        EntryKind::Note => Some("event_time"),
        _ => None,
    };
    if let Some(field) = moment {
        form.given.or_put(field, now(&clerk, &zone));
    }
    form.given.or_put("usage", "ordered");
    Ok(new_page(&clerk, &page, kind, form).into_response())
}

fn new_page(clerk: &Clerk, page: &EntryForm, kind: EntryKind, form: TypedForm) -> Page {
    let patient = page.identity.patient.patient;
    let form = form.validates_at(format!("/entry/check/{}", kind.as_str()));
    let content = html! {
        (fields::of_kind(&form, page, kind))
        (actions([
            Button::submit("Save").main().key("Ctrl+Enter"),
            Button::submit("Save and enter another")
                .named("next", "yes")
                .key("Ctrl+Shift+Enter"),
            Button::link("Back to the chart", format!("/chart/{}", patient.0)).plain().key("b"),
        ]))
    };
    let content = html! {
        (Heading::new(format!("New: {}", kind.label())).lede(html! {
            "Its provider authenticates it. What you type is kept as a draft."
        }))
        (form.form(&format!("/chart/{}/new/{}", patient.0, kind.as_str()), kind.label(),
            clerk.csrf(), content))
    };
    let shell = clerk.page(kind.label(), Desk::Find);
    Page(shell.with_banner(banner(&page.identity, clerk)), content)
}

async fn new_save(Path((patient, word)): Path<(i64, String)>, posted: Posted) -> Answer {
    let patient = PatientKey(patient);
    let kind = EntryKind::parse(&word).ok_or_else(|| not_found(&posted.clerk))?;
    let given = given_of(&posted);
    let clerk = &posted.clerk;
    let done =
        clerk.attempt(move |store, context| enter(store, context, patient, kind, &given)).await;
    match done {
        Ok(_) if posted.text("next") == "yes" => {
            Ok(see_other(format!("/chart/{}/new/{}", patient.0, kind.as_str())))
        }
        Ok(entry) => Ok(see_other(format!("/entry/{}", entry.0))),
        Err(error) => {
            let name = format!("{}-{}", kind.as_str(), patient.0);
            let (status, form) = TypedForm::failed(&posted, Some(patient), &name, error)?;
            let page = clerk.run(move |store, context| form_of(store, context, patient)).await?;
            Ok((status, new_page(clerk, &page, kind, form)).into_response())
        }
    }
}

/// What can be done with an entry that stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Correct,
    Error,
    Addendum,
    Late,
}

impl Act {
    fn parse(word: &str) -> Option<Act> {
        match word {
            "correct" => Some(Act::Correct),
            "error" => Some(Act::Error),
            "addendum" => Some(Act::Addendum),
            "late" => Some(Act::Late),
            _ => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Act::Correct => "correct",
            Act::Error => "error",
            Act::Addendum => "addendum",
            Act::Late => "late",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Act::Correct => "Correct the entry",
            Act::Error => "Mark as entered in error",
            Act::Addendum => "Addendum",
            Act::Late => "Late entry",
        }
    }

    fn lede(self) -> &'static str {
        match self {
            Act::Correct => {
                "The original stays in the history. A note is corrected by another \
                             note; the original is marked as superseded."
            }
            Act::Error => "The entry stays, marked so that nobody relies on it.",
            Act::Addendum => "New information. The note stays as it is.",
            Act::Late => "What was left out at its time. The note stays as it is.",
        }
    }
}

async fn loaded(clerk: &Clerk, entry: i64) -> Result<(EntryHistory, EntryForm), Failure> {
    let key = ResourceKey(entry);
    clerk
        .run(move |store, context| {
            app::access::require(store, context, Right::EntryWrite)?;
            let history = app::chart::entry(store, context, key)?;
            let patient = history.entry.row.patient.ok_or(app::Error::NotFound)?;
            Ok((history, form_of(store, context, patient)?))
        })
        .await
}

async fn act_form(clerk: Clerk, Path((entry, act)): Path<(i64, String)>) -> Answer {
    let (history, page) = loaded(&clerk, entry).await?;
    let act = Act::parse(&act).ok_or_else(|| not_found(&clerk))?;
    let zone = page.place.zone.clone();
    let initial = initial(&history, &page, act, now(&clerk, &zone));
    let name = format!("{}-{entry}", act.as_str());
    let patient = history.entry.row.patient;
    let form = TypedForm::open(&clerk, patient, name, &zone, initial).await?;
    Ok(act_page(&clerk, &history, &page, act, form).into_response())
}

/// The form as it opens: a correction with what stands there, its author as it was.
fn initial(history: &EntryHistory, page: &EntryForm, act: Act, now: String) -> Given {
    let mut given = match act {
        Act::Correct => history.typed.iter().cloned().collect(),
        _ => Given::default(),
    };
    given.or_put("shown_version", history.entry.row.number.to_string());
    if matches!(act, Act::Addendum | Act::Late) {
        let kept = ["loinc", "encounter"];
        for (name, value) in history.typed.iter().filter(|(name, _)| kept.contains(name)) {
            given.or_put(name, value.as_str());
        }
        given.or_put("event_time", now);
    }
    if let Some(facts) = &history.entry.facts {
        let author = facts.author.display.as_str();
        match page.place.providers.iter().find(|(_, name)| name == author) {
            Some((id, _)) => given.or_put("author", format!("person:{id}")),
            None => given.or_put("author_name", author),
        }
        if let Some(source) = &facts.source_document {
            given.or_put("source_document", source.as_str());
        }
    }
    given
}

fn act_page(
    clerk: &Clerk,
    history: &EntryHistory,
    page: &EntryForm,
    act: Act,
    form: TypedForm,
) -> Page {
    let key = history.entry.row.resource.0;
    let kind = history.entry.kind;
    let form = match (act, kind) {
        (Act::Error, _) | (_, None) => form,
        (_, Some(kind)) => form.validates_at(format!("/entry/check/{}", kind.as_str())),
    };
    let possible = match act {
        Act::Error => true,
        Act::Correct => kind.is_some(),
        Act::Addendum | Act::Late => kind == Some(EntryKind::Note),
    };
    let body = html! {
        @if possible {
            (form.form(&format!("/entry/{key}/{}", act.as_str()), act.label(), clerk.csrf(),
                act_fields(page, act, kind, key, &form)))
        } @else {
            (notice(Tone::Stop, html! {
                p { "This entry has no form for that. An entry of another kind can be marked as \
                     entered in error; its source corrects it." }
            }))
            (actions([Button::link("Back", format!("/entry/{key}")).key("b")]))
        }
    };
    let content = html! {
        (Heading::new(act.label()).under(history.entry.shown.title.clone(),
            format!("/entry/{key}")).lede(html! { (act.lede()) }))
        (body)
    };
    let shell = clerk.page(act.label(), Desk::Find);
    Page(shell.with_banner(banner(&page.identity, clerk)), content)
}

fn act_fields(
    page: &EntryForm,
    act: Act,
    kind: Option<EntryKind>,
    key: i64,
    form: &TypedForm,
) -> Markup {
    let save = match act {
        Act::Error => Button::submit("Mark as entered in error").stop(),
        _ => Button::submit("Save").main(),
    };
    html! {
        input type="hidden" name="shown_version" value=(form.given.text("shown_version"));
        @if act != Act::Addendum {
            (form.line("reason", "Why").required().hint(match act {
                Act::Late => "Why it was left out",
                _ => "Wrong patient, wrong side, read from the wrong page",
            }))
        }
        @match (act, kind) {
            (Act::Correct, Some(kind)) => { (fields::of_kind(form, page, kind)) }
            (Act::Addendum | Act::Late, _) => {
                (fields::note(form)) (fields::whose(form, page, true))
            }
            _ => {}
        }
        (actions([
            save.key("Ctrl+Enter"),
            Button::link("Back", format!("/entry/{key}")).plain().key("b"),
        ]))
    }
}

async fn act_save(Path((entry, word)): Path<(i64, String)>, posted: Posted) -> Answer {
    let act = Act::parse(&word).ok_or_else(|| not_found(&posted.clerk))?;
    let (key, given) = (ResourceKey(entry), given_of(&posted));
    let version = posted.number("shown_version").unwrap_or(0);
    let done = posted.clerk.attempt(move |store, context| match act {
        Act::Correct => correct(store, context, key, version, &given),
        Act::Error => mark_error(store, context, key, version, &given).map(|()| key),
        Act::Addendum => relate(store, context, key, NoteKind::Addendum, &given),
        Act::Late => relate(store, context, key, NoteKind::LateEntry, &given),
    });
    match done.await {
        Ok(shown) => Ok(see_other(format!("/entry/{}", shown.0))),
        Err(error) => {
            let name = format!("{}-{entry}", act.as_str());
            let (status, form) = TypedForm::failed(&posted, None, &name, error)?;
            let (history, page) = loaded(&posted.clerk, entry).await?;
            let page = act_page(&posted.clerk, &history, &page, act, form);
            Ok((status, page).into_response())
        }
    }
}
