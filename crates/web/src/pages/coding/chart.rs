//! The coding page: the documents of the encounter, and beside them its codes.

use super::codes::code_form;
use super::engine::{drg, edit_list, suggestion_list};
use super::queue::state;
use crate::pages::{banner, field_errors, stamp};
use crate::server::{Answer, Clerk, Page};
use crate::ui::{
    Button, Card, Choice, Desk, Empty, Event, Field, FieldError, Form, Heading, Mark, Span, Table,
    Tone, actions, date_text, error_summary, marked_note, notice, timeline,
};
use app::coding::{NoteText, Opened, Services, open};
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use coding::edits::Setting;
use coding::work::{HoldReason, State};
use maud::{Markup, html};
use std::collections::HashMap;

/// The stretches of the documents that support a code, cut so that none overlaps another, and
/// where each place of a suggestion went.
pub(super) struct Evidence {
    spans: Vec<Vec<Span>>,
    ids: HashMap<(usize, usize, usize), String>,
}

impl Evidence {
    fn of(opened: &Opened) -> Evidence {
        let mut spans: Vec<Vec<Span>> = vec![Vec::new(); opened.notes.len()];
        let mut ids = HashMap::new();
        let mut places: Vec<_> = opened
            .suggestions
            .iter()
            .flat_map(|suggested| suggested.places.iter().map(move |place| (place, suggested)))
            .filter(|(place, _)| place.start < place.end)
            .collect();
        places.sort_by_key(|(place, _)| (place.note, place.start, std::cmp::Reverse(place.end)));
        for (place, suggested) in places {
            let what = format!("{} {}", suggested.code, suggested.title);
            let of_note = &mut spans[place.note];
            match of_note.last_mut().filter(|last| place.start < last.end) {
                Some(last) => {
                    last.end = last.end.max(place.end);
                    if !last.reason.contains(&suggested.code) {
                        last.reason = format!("{}; {what}", last.reason);
                    }
                }
                None => of_note.push(Span {
                    id: format!("said-{}-{}", place.note, place.start),
                    start: place.start,
                    end: place.end,
                    mark: Mark::Evidence,
                    reason: what,
                }),
            }
            if let Some(last) = of_note.last() {
                ids.insert((place.note, place.start, place.end), last.id.clone());
            }
        }
        Evidence { spans, ids }
    }

    /// The id of the mark that shows a place.
    pub(super) fn id(&self, place: &app::coding::Place) -> Option<&str> {
        self.ids.get(&(place.note, place.start, place.end)).map(String::as_str)
    }
}

pub(super) async fn show(clerk: Clerk, Path(work): Path<i64>) -> Answer {
    page(&clerk, work, &[]).await
}

pub(super) async fn page(
    clerk: &Clerk,
    work: i64,
    errors: &[app::FieldError],
) -> Result<Response, crate::server::Failure> {
    let opened = clerk.run(move |store, context| open(store, context, work)).await?;
    let errors = field_errors(errors);
    let evidence = Evidence::of(&opened);
    let content = html! {
        (heading(&opened))
        (error_summary(&errors))
        (notices(&opened))
        div class="reading" {
            div class="stack" { (documents(&opened.notes, &evidence)) }
            div class="stack" { (right(clerk, &opened, &evidence, &errors)) }
        }
    };
    let shell = clerk.page("Code an encounter", Desk::Coding);
    let shell = shell.with_banner(banner(&opened.identity, clerk.today()));
    Ok(Page(shell, content).into_response())
}

fn heading(opened: &Opened) -> Heading {
    let (facts, work) = (&opened.facts, &opened.work);
    let title = match facts.setting {
        Setting::Inpatient => "Code an inpatient stay",
        Setting::Outpatient => "Code an outpatient encounter",
    };
    let lede = html! {
        (facts.class) ", " (date_text(&work.started_on))
        @if work.started_on != work.ended_on { " to " (date_text(&work.ended_on)) }
        " · " (state(&work.state))
        " · " (opened.coder.as_deref().unwrap_or("nobody codes it yet"))
    };
    let side = if work.is_inpatient { "/coding" } else { "/coding/outpatient" };
    Heading::new(title).under("Coding", side).lede(lede)
}

fn notices(opened: &Opened) -> Markup {
    html! {
        @if let Some(stop) = &opened.date_stop { (notice(Tone::Stop, stop.as_str())) }
        @if let Some(note) = &opened.titles_note { (notice(Tone::Info, note.as_str())) }
        @if opened.facts.setting == Setting::Outpatient {
            (notice(Tone::Info, outpatient_checks(opened.services)))
        }
    }
}

/// What is checked of an outpatient's services, and what is not.
fn outpatient_checks(services: Services) -> String {
    let named = |wanted: bool| {
        let all = [
            (services.hcpcs, "HCPCS codes"),
            (services.cpt, "CPT codes"),
            (services.pairs, "NCCI pairs"),
            (services.units, "NCCI units"),
        ];
        let fitting: Vec<&str> =
            all.iter().filter(|(loaded, _)| *loaded == wanted).map(|(_, name)| *name).collect();
        fitting.join(", ")
    };
    let (checked, open) = (named(true), named(false));
    let mut text = "Outpatient: the integrated outpatient code editor (I/OCE) and ambulatory \
                    payment classifications (APC) are not checked here."
        .to_owned();
    if !checked.is_empty() {
        text.push_str(&format!(" Checked by the files loaded for this date: {checked}."));
    }
    if !open.is_empty() {
        text.push_str(&format!(" Not loaded for this date: {open}; codes by their form only."));
    }
    text
}

fn documents(notes: &[NoteText], evidence: &Evidence) -> Markup {
    html! {
        @if notes.is_empty() {
            (Table::new("Documents of the encounter").empty(Empty::new(
                "This encounter has no document",
                "Documents come by import, or by indexing a scan to this encounter.",
            )))
        }
        @for (index, note) in notes.iter().enumerate() {
            (Card::new(note.title.as_str(), html! {
                @match &note.text {
                    Some(text) => (marked_note(text, &evidence.spans[index])),
                    None => p { "No text: " a href={ "/entry/" (note.resource.0) } {
                        "open " (note.title)
                    } },
                }
            })
            .id(format!("note-{index}"))
            .beside(html! { span class="quiet" { (note.date_text) } }))
        }
    }
}

fn right(clerk: &Clerk, opened: &Opened, evidence: &Evidence, errors: &[FieldError]) -> Markup {
    let stops = opened.review.stops_open() + usize::from(opened.date_stop.is_some());
    html! {
        (Card::new("Codes", code_form(clerk, opened, errors, stops)).id("codes-card"))
        (Card::new("Edits", edit_list(clerk, opened)).id("edits").beside(html! {
            span class="quiet" { (stops) @if stops == 1 { " stop open" } @else { " stops open" } }
        }))
        @if let Some(grouped) = &opened.review.grouped {
            (Card::new("MS-DRG", drg(grouped)).id("drg"))
        }
        (Card::new("Suggested from the documents", suggestion_list(opened, evidence))
            .id("suggestions"))
        @match opened.work.state {
            State::Final => (Card::new("Reopen", reopen_form(clerk, opened, errors))),
            State::OnHold { .. } | State::Waiting | State::InProgress | State::Reopened => {
                (Card::new("Hold", hold_form(clerk, opened, errors)))
            }
        }
        @if !opened.events.is_empty() { (Card::new("History", history(opened))) }
    }
}

fn hold_form(clerk: &Clerk, opened: &Opened, errors: &[FieldError]) -> Markup {
    let form = Form::post(format!("/coding/{}/hold", opened.work.id)).csrf(clerk.csrf());
    let form = form.hidden("revision", opened.work.revision.to_string());
    if let State::OnHold { reason, .. } = opened.work.state {
        let end = Button::submit("End the hold").named("do", "resume").key("r");
        return html! {
            (form.label("End the hold").content(html! {
                p { (reason.label()) "." } (actions([end]))
            }))
        };
    }
    let choices = HoldReason::ALL.iter().map(|r| Choice::new(r.as_str(), r.label()));
    let choices = std::iter::once(Choice::new("", "Choose a reason")).chain(choices);
    html! {
        (form.label("Hold").content(html! {
            (Field::select("hold_reason", "Why it can't be coded now", choices).errors(errors))
            (Field::text("note", "What is awaited").optional())
            (actions([Button::submit("Put on hold").stop()]))
        }))
    }
}

fn reopen_form(clerk: &Clerk, opened: &Opened, errors: &[FieldError]) -> Markup {
    let form = Form::post(format!("/coding/{}/reopen", opened.work.id)).csrf(clerk.csrf());
    let form = form.hidden("revision", opened.work.revision.to_string()).label("Reopen");
    html! {
        (form.content(html! {
            (Field::text("reason", "Why the codes are reopened").errors(errors).required())
            (actions([Button::submit("Reopen")]))
        }))
    }
}

fn history(opened: &Opened) -> Markup {
    let events = opened.events.iter().map(|event| {
        let tone = if event.to == "final" { Tone::Ok } else { Tone::Neutral };
        let what = format!("{} by {}", words_of(&event.to), event.actor);
        let event_shown = Event::new(tone, what, stamp(event.at));
        let reason = event.reason.reveal().to_owned();
        if reason.is_empty() { event_shown } else { event_shown.detail(reason) }
    });
    html! {
        (timeline(events))
        @for version in &opened.versions {
            details {
                summary { "Final version " (version.number) " of " (stamp(version.at)) }
                p {
                    @for (n, dx) in version.codes.diagnoses.iter().enumerate() {
                        @if n > 0 { ", " }
                        code { (coding::edits::shown(&dx.code)) }
                    }
                    @for procedure in &version.codes.procedures { ", " code { (procedure.code) } }
                }
            }
        }
    }
}

fn words_of(state: &str) -> &'static str {
    State::ALL.iter().find(|known| known.as_str() == state).map_or("Changed", |s| s.label())
}
