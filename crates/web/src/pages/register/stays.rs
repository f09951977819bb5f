//! A patient at the registration desk: encounters opened, moved, ended, cancelled.

use crate::pages::banner;
use crate::pages::typed::{TypedForm, given_of, live};
use crate::server::{Answer, Clerk, Failure, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Choice, Column, Desk, Empty, Facts, Field, Heading, Row, Table, Tone, actions,
    date_text,
};
use app::Right;
use app::entry::{
    Event, Given, Place, Registration, admit, change, check_encounter, check_event, encounter_of,
    registration,
};
use axum::extract::Path;
use axum::response::IntoResponse;
use exchange::fhir::build::{self, DISCHARGE_DISPOSITIONS, EncounterClass, Stay};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use record::{Instant, PatientKey, ResourceKey};

/// The routes of encounters.
pub(super) fn routes(routes: Routes) -> Routes {
    let right = Guard::Right(Right::Register);
    routes
        .get("/patient/{patient}", right, show)
        .get("/patient/{patient}/admit", right, admit_form)
        .post("/patient/{patient}/admit", right, admit_save)
        .post("/encounter/check", right, check)
        .post("/encounter/check/{event}", right, event_check)
        .get("/encounter/{encounter}/{event}", right, event_form)
        .post("/encounter/{encounter}/{event}", right, event_save)
}

async fn show(clerk: Clerk, Path(patient): Path<i64>) -> Answer {
    let patient = PatientKey(patient);
    let seen = clerk.run(move |store, context| registration(store, context, patient)).await?;
    let may_read = app::access::allowed(clerk.context(), Right::ChartRead);
    let mut heading = Heading::new("Registration")
        .action(
            Button::link("Open an encounter", format!("/patient/{}/admit", patient.0))
                .main()
                .key("n"),
        )
        .action(
            Button::link("Correct demographics", format!("/patient/{}/correct", patient.0))
                .key("e"),
        );
    if may_read {
        let chart = format!("/chart/{}", patient.0);
        heading = heading.action(Button::link("Chart", chart).key("b"));
    }
    let content = html! { (heading) (table(&seen)) };
    let shell = clerk.page("Registration", Desk::Find);
    let shell = shell.with_banner(banner(&seen.identity, &clerk));
    Ok(Page(shell, content).into_response())
}

fn table(seen: &Registration) -> Markup {
    let rows = seen.stays.iter().map(|(row, stay)| {
        let key = row.resource.0;
        let about = format!("of {}", stay.start);
        let act = |event: Event| {
            let address = format!("/encounter/{key}/{}", event.as_str());
            Button::link(event.label(), address).small().about(about.as_str())
        };
        Row::new([
            html! { (stay.class.map_or("Other", EncounterClass::label)) },
            state(stay),
            time_text(&stay.start, &seen.place.zone),
            time_text(&stay.end, &seen.place.zone),
            html! { (stay.place) },
            html! { (stay.attending) },
            html! {
                @if stay.is_open() {
                    @for event in Event::ALL { (act(*event)) " " }
                } @else if !matches!(stay.status.as_str(), "cancelled" | "entered-in-error") {
                    (act(Event::Correct))
                }
            },
        ])
    });
    let table = Table::new("Encounters, the newest first")
        .column(Column::text("Class"))
        .column(Column::text("State"))
        .column(Column::text("From"))
        .column(Column::text("To"))
        .column(Column::text("Where"))
        .column(Column::text("Attending"))
        .column(Column::actions())
        .rows(rows)
        .empty(Empty::new(
            "No encounters",
            "They come when one is opened here, by import, or through the API.",
        ));
    html! { (table) }
}

fn state(stay: &Stay) -> Markup {
    let badge = match stay.status.as_str() {
        _ if stay.is_open() => Badge::new(Tone::Info, "open"),
        "finished" => Badge::new(Tone::Ok, "finished"),
        "cancelled" => Badge::new(Tone::Neutral, "cancelled"),
        "entered-in-error" => Badge::new(Tone::Stop, "entered in error"),
        other => Badge::new(Tone::Neutral, other),
    };
    html! { (badge) }
}

/// A FHIR time at the facility; a date alone stays a date.
fn time_text(text: &str, zone: &TimeZone) -> Markup {
    match Instant::parse(text) {
        Some(at) => crate::ui::moment(at, zone),
        None => date_text(text),
    }
}

fn admit_name(patient: PatientKey) -> String {
    format!("admit-{}", patient.0)
}

async fn admit_form(clerk: Clerk, Path(patient): Path<i64>) -> Answer {
    let patient = PatientKey(patient);
    let seen = clerk.run(move |store, context| registration(store, context, patient)).await?;
    let zone = seen.place.zone.clone();
    let initial = [("class", "IMP".to_owned()), ("start", now(&clerk, &zone))];
    let initial: Given = initial.into_iter().collect();
    let form = TypedForm::open(&clerk, Some(patient), admit_name(patient), &zone, initial).await?;
    Ok(admit_page(&clerk, &seen, form).into_response())
}

/// The facility's clock, as a form takes it.
pub(crate) fn now(clerk: &Clerk, zone: &TimeZone) -> String {
    let zoned = clerk.context().at.timestamp().to_zoned(zone.clone());
    zoned.strftime("%Y-%m-%d %H:%M").to_string()
}

/// Unit and bed.
fn where_fields(form: &TypedForm, place: &Place) -> Markup {
    let units = std::iter::once(Choice::new("", "Choose"))
        .chain(place.units.iter().map(|unit| Choice::new(unit, unit)));
    html! {
        @if place.units.is_empty() {
            (form.line("location", "Unit or clinic"))
        } @else {
            (form.put("location", Field::select("location", "Unit or clinic", units)))
        }
        (form.line("bed", "Bed").width(8).optional())
    }
}

fn class_choices() -> impl Iterator<Item = Choice> {
    EncounterClass::ALL.into_iter().map(|class| {
        let choice = Choice::new(class.code(), class.label());
        match class {
            EncounterClass::Inpatient => choice.hint("By an admission order (42 CFR 412.3)"),
            EncounterClass::Observation => choice.hint("Outpatient: outside census and stay"),
            _ => choice,
        }
    })
}

/// A provider: one with an account, or another by name.
pub(crate) fn provider_fields(form: &TypedForm, place: &Place, field: &str, label: &str) -> Markup {
    let people = place.providers.iter();
    let people = people.map(|(id, name)| Choice::new(format!("person:{id}"), name));
    let choices = std::iter::once(Choice::new("", "Choose, or name one")).chain(people);
    let named = format!("{field}_name");
    html! {
        (form.put(field, Field::select(field, label, choices)))
        (form.line(&named, "Or another provider, by name").optional())
    }
}

fn admit_page(clerk: &Clerk, seen: &Registration, form: TypedForm) -> Page {
    let patient = seen.identity.patient.patient;
    let form = form.validates_at("/encounter/check");
    let content = html! {
        (form.put("class", Field::radios("class", "Class", class_choices())))
        (form.put("start", Field::date_time("start", "From")).required())
        div class="fields-two" { (where_fields(&form, &seen.place)) }
        div class="fields-two" {
            (provider_fields(&form, &seen.place, "attending", "Attending provider"))
        }
        (form.line("service", "Service").hint("Medicine, surgery, obstetrics, newborn").optional())
        (form.line("reason", "Reason in words").optional())
        (form.line("admit_source", "Where the patient came from").optional())
        (form.line("visit_number", "Encounter number").width(12).optional())
        (actions([
            Button::submit("Open the encounter").main().key("Ctrl+Enter"),
            Button::link("Back", format!("/patient/{}", patient.0)).plain().key("b"),
        ]))
    };
    let content = html! {
        (Heading::new("Open an encounter"))
        (form.form(&format!("/patient/{}/admit", patient.0), "Open an encounter", clerk.csrf(),
            content))
    };
    let shell = clerk.page("Open an encounter", Desk::Find);
    Page(shell.with_banner(banner(&seen.identity, clerk)), content)
}

async fn check(posted: Posted) -> Answer {
    let given = given_of(&posted);
    let checked = posted.clerk.run(move |store, context| check_encounter(store, context, &given));
    Ok(live(&posted, &checked.await?))
}

async fn admit_save(Path(patient): Path<i64>, posted: Posted) -> Answer {
    let patient = PatientKey(patient);
    let given = given_of(&posted);
    let done =
        posted.clerk.attempt(move |store, context| admit(store, context, patient, &given)).await;
    match done {
        Ok(_) => Ok(see_other(format!("/patient/{}", patient.0))),
        Err(error) => {
            let name = admit_name(patient);
            let (status, form) = TypedForm::failed(&posted, Some(patient), &name, error)?;
            let seen =
                posted.clerk.run(move |store, context| registration(store, context, patient));
            Ok((status, admit_page(&posted.clerk, &seen.await?, form)).into_response())
        }
    }
}

fn event_of(clerk: &Clerk, word: &str) -> Result<Event, Failure> {
    Event::parse(word).ok_or_else(|| Failure::new(app::Error::NotFound, &clerk.shell))
}

async fn event_check(Path(event): Path<String>, posted: Posted) -> Answer {
    let given = given_of(&posted);
    let event = event_of(&posted.clerk, &event)?;
    let checked =
        posted.clerk.run(move |store, context| check_event(store, context, event, &given));
    Ok(live(&posted, &checked.await?))
}

async fn event_form(clerk: Clerk, Path((key, event)): Path<(i64, String)>) -> Answer {
    let key = ResourceKey(key);
    let (seen, row, stay) =
        clerk.run(move |store, context| encounter_of(store, context, key)).await?;
    let event = event_of(&clerk, &event)?;
    let zone = seen.place.zone.clone();
    let mut initial = vec![("at", now(&clerk, &zone)), ("shown_version", row.number.to_string())];
    if event == Event::Correct {
        initial.extend(kept(&clerk, &stay, &zone));
    }
    let name = format!("{}-{}", event.as_str(), key.0);
    let patient = Some(seen.identity.patient.patient);
    let initial: Given = initial.into_iter().collect();
    let form = TypedForm::open(&clerk, patient, name, &zone, initial).await?;
    Ok(event_page(&clerk, &seen, key, &stay, event, form).into_response())
}

/// What stands in the encounter, for the form that corrects it.
fn kept(clerk: &Clerk, stay: &Stay, zone: &TimeZone) -> [(&'static str, String); 4] {
    let desk = build::Desk { zone, now: clerk.context().at };
    let kept = build::EncounterCorrection::of(stay, &desk);
    let class = kept.class.map_or("", EncounterClass::code).to_owned();
    [("class", class), ("start", kept.start), ("end", kept.end), ("disposition", kept.disposition)]
}

/// The fields that correct an encounter: what is not changed stays as it was sent.
fn correct_fields(form: &TypedForm, stay: &Stay) -> Markup {
    let is_listed = DISCHARGE_DISPOSITIONS.iter().any(|(code, _)| *code == stay.disposition);
    let sent = (!is_listed && !stay.disposition.is_empty())
        .then(|| Choice::new(&stay.disposition, format!("{} as sent", stay.disposition)));
    let choices = std::iter::once(Choice::new("", "None")).chain(sent).chain(dispositions());
    html! {
        (form.put("class", Field::radios("class", "Class", class_choices())))
        (form.put("start", Field::date_time("start", "From")).required().autofocus())
        (form.put("end", Field::date_time("end", "To")).hint("Empty while it lasts").optional())
        (form.put("disposition", Field::select("disposition", "Where the patient went", choices))
            .hint("Patient discharge status, UB-04 form locator 17"))
        (form.line("reason", "Why it is corrected").required())
    }
}

/// What an event happens to, after its own name.
fn event_of_what(event: Event) -> &'static str {
    match event {
        Event::Transfer | Event::Discharge => "the patient",
        Event::ChangeClass => "of the encounter",
        Event::Cancel | Event::Correct => "the encounter",
    }
}

fn dispositions() -> impl Iterator<Item = Choice> {
    DISCHARGE_DISPOSITIONS.iter().map(|(code, words)| Choice::new(*code, format!("{code} {words}")))
}

fn event_page(
    clerk: &Clerk,
    seen: &Registration,
    key: ResourceKey,
    stay: &Stay,
    event: Event,
    form: TypedForm,
) -> Page {
    let patient = seen.identity.patient.patient;
    let form = match event {
        Event::Cancel => form,
        _ => form.validates_at(format!("/encounter/check/{}", event.as_str())),
    };
    let choices = std::iter::once(Choice::new("", "Choose")).chain(dispositions());
    let content = html! {
        input type="hidden" name="shown_version" value=(form.given.text("shown_version"));
        @if !matches!(event, Event::Cancel | Event::Correct) {
            (form.put("at", Field::date_time("at", "When")).required().autofocus())
        }
        @match event {
            Event::Transfer => { div class="fields-two" { (where_fields(&form, &seen.place)) } }
            Event::ChangeClass => {
                (form.put("class", Field::radios("class", "To the class", class_choices())))
            }
            Event::Discharge => {
                (form.put("disposition",
                    Field::select("disposition", "Where the patient went", choices))
                    .hint("Patient discharge status, UB-04 form locator 17").required())
            }
            Event::Cancel => {
                (form.line("reason", "Why it did not take place").required().autofocus())
            }
            Event::Correct => { (correct_fields(&form, stay)) }
        }
        (actions([
            Button::submit(event.label()).main().key("Ctrl+Enter"),
            Button::link("Back", format!("/patient/{}", patient.0)).plain().key("b"),
        ]))
    };
    let facts = Facts::new()
        .fact("Class", stay.class.map_or("Other", EncounterClass::label))
        .fact("From", time_text(&stay.start, &seen.place.zone))
        .fact("Where", stay.place.as_str())
        .fact("Attending", stay.attending.as_str());
    let content = html! {
        (Heading::new(format!("{} {}", event.label(), event_of_what(event))))
        (facts)
        (form.form(&format!("/encounter/{}/{}", key.0, event.as_str()), event.label(),
            clerk.csrf(), content))
    };
    let shell = clerk.page(event.label(), Desk::Find);
    Page(shell.with_banner(banner(&seen.identity, clerk)), content)
}

async fn event_save(Path((key, event)): Path<(i64, String)>, posted: Posted) -> Answer {
    let key = ResourceKey(key);
    let event = event_of(&posted.clerk, &event)?;
    let version = posted.number("shown_version").unwrap_or(0);
    let given = given_of(&posted);
    let done = posted
        .clerk
        .attempt(move |store, context| change(store, context, key, version, event, &given));
    match done.await {
        Ok(patient) => Ok(see_other(format!("/patient/{}", patient.0))),
        Err(error) => {
            // Who may not see the encounter gets no form of it either.
            let name = format!("{}-{}", event.as_str(), key.0);
            let (status, form) = TypedForm::failed(&posted, None, &name, error)?;
            let (seen, _, stay) =
                posted.clerk.run(move |store, context| encounter_of(store, context, key)).await?;
            let page = event_page(&posted.clerk, &seen, key, &stay, event, form);
            Ok((status, page).into_response())
        }
    }
}
