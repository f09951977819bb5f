//! The page of a request: where it stands, what the law asks of it, what comes next.

use super::{actions, basis, find, list};
use crate::pages::{banner, field_errors};
use crate::server::{Answer, Clerk, Failure, Page, Posted, see_other};
use crate::ui::{
    Badge, Button, Card, Column, Desk, Empty, Event, Facts, FieldError, Heading, Row, Table, Tone,
    date_text, error_summary, moment, notice, timeline, why,
};
use app::release::{Opened, open};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use release::fee::dollars;
use release::lifecycle::{ActionName, StateName};
use release::{Basis, State};
use std::collections::HashMap;
use store::release::Choice as Decision;

/// What a form was sent with, to show it again as it was filled.
pub(super) type Fields = HashMap<String, String>;

/// A page of a request with what was wrong with the form that was sent.
pub(super) struct Shown<'a> {
    pub clerk: &'a Clerk,
    pub opened: &'a Opened,
    pub errors: &'a [FieldError],
    pub fields: &'a Fields,
}

impl Shown<'_> {
    /// What was typed into a field, else what is kept.
    pub fn value(&self, name: &str, kept: impl Into<String>) -> String {
        self.fields.get(name).cloned().unwrap_or_else(|| kept.into())
    }

    /// Whether the page came back because this action was refused.
    pub fn came_back_for(&self, action: ActionName) -> bool {
        self.fields.get("do").is_some_and(|given| given == action.as_str())
    }

    /// A form of this request's page, with the revision that was shown.
    pub fn form(&self, action: &str, label: &str) -> crate::ui::Form {
        let row = &self.opened.loaded.row;
        crate::ui::Form::post(format!("/release/{}/{action}", row.id))
            .csrf(self.clerk.csrf())
            .label(label)
            .hidden("revision", row.revision.to_string())
    }
}

pub(super) async fn show(clerk: Clerk, Path(id): Path<i64>) -> Answer {
    page(&clerk, id, &[], &Fields::new(), None).await
}

/// The answer to a form of the page: the page again, with what was wrong where something was.
pub(super) async fn after(posted: &Posted, id: i64, done: Result<(), app::Error>) -> Answer {
    let (errors, said) = match done {
        Ok(()) => return Ok(see_other(format!("/release/{id}"))),
        Err(app::Error::Invalid(errors)) => (errors, None),
        Err(app::Error::Refused(sentence)) => (Vec::new(), Some(sentence)),
        Err(error) => return Err((error, &posted.clerk).into()),
    };
    let shown = page(&posted.clerk, id, &errors, &posted.fields(), said).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

async fn page(
    clerk: &Clerk,
    id: i64,
    errors: &[app::FieldError],
    fields: &Fields,
    said: Option<String>,
) -> Result<Response, Failure> {
    let opened = clerk.run(move |store, context| open(store, context, id)).await?;
    let errors = field_errors(errors);
    let shown = Shown { clerk, opened: &opened, errors: &errors, fields };
    let content = html! {
        (heading(&opened))
        (error_summary(&errors))
        @if let Some(said) = &said { (notice(Tone::Stop, html! { p { (said) } })) }
        (standing(&opened))
        div class="columns" {
            div class="stack" { (left(&shown)) }
            div class="stack" { (right(clerk, &opened)) }
        }
    };
    let mut shell = clerk.page("Request for release", Desk::Release);
    if let Some(identity) = &opened.identity {
        shell = shell.with_banner(banner(identity, clerk));
    }
    Ok(Page(shell, content).into_response())
}

fn heading(opened: &Opened) -> Heading {
    let request = opened.loaded.request();
    let lede = html! {
        (list::state(request.state.name()))
        " · received " (date_text(&request.received.to_string()))
        @if request.due.is_some() {
            " · due " (list::due_shown(request, opened.loaded.today, &opened.loaded.zone))
        }
    };
    let mut heading =
        Heading::new(format!("Request {}", request.number)).under("Release", "/release").lede(lede);
    if let Some(letter) = &opened.letter_id {
        let href = format!("/release/letters/{letter}");
        heading = heading.action(Button::link("Its letter", href).key("l"));
    }
    if let Some(identity) = &opened.identity {
        let patient = identity.patient.patient.0;
        heading = heading
            .action(Button::link("Chart", format!("/chart/{patient}")).key("t"))
            .action(Button::link("Accounting", format!("/release/accounting/{patient}")).key("a"));
    }
    heading
}

/// What the state itself has to say.
fn standing(opened: &Opened) -> Markup {
    let request = opened.loaded.request();
    match &request.state {
        State::OnHold { reasons, .. } => notice(
            Tone::Stop,
            html! { p { strong { "On hold. " } (actions::hold_words(reasons)) } },
        ),
        State::Denied { ground, explanation, upheld_by, .. } => notice(
            Tone::Stop,
            html! { p {
                strong { "Denied: " } (ground.label()) ". " (explanation) " (" (ground.citation())
                ")" @if upheld_by.is_some() { ". Reviewed, and upheld." }
            } },
        ),
        State::Returned { reason } | State::Cancelled { reason } => {
            notice(Tone::Neutral, html! { p { (reason) } })
        }
        State::Delivered { at, how, to } => notice(
            Tone::Ok,
            html! { p {
                "Delivered " (moment(*at, &opened.loaded.zone)) " to " (to.reveal()) ", " (how)
                "."
            } },
        ),
        State::Invoiced { fee, .. } => notice(
            Tone::Warn,
            html! { p { (dollars(fee.total_cents())) " is owed. An unpaid bill for care is never \
            a ground to hold a copy back." } },
        ),
        State::Received
        | State::Identified
        | State::Validated
        | State::Selected
        | State::SensitiveReview
        | State::Redaction
        | State::QualityCheck
        | State::Ready { .. }
        | State::Closed => html! {},
    }
}

fn left(shown: &Shown<'_>) -> Markup {
    let state = shown.opened.loaded.row.state();
    let before = matches!(state, StateName::Received | StateName::Identified | StateName::OnHold);
    let is_open = shown.opened.loaded.request().is_open();
    let prepared = is_open && state != StateName::Delivered;
    html! {
        (actions::next(shown))
        @if matches!(state, StateName::Received | StateName::Identified) { (whose(shown)) }
        @if before { (basis::basis_card(shown)) }
        @if prepared {
            (basis::verify_card(shown))
            (basis::checklist_card(shown))
            (basis::cover_card(shown))
        }
        @if prepared && !before { (actions::fee_card(shown)) }
        (actions::others(shown))
    }
}

fn whose(shown: &Shown<'_>) -> Markup {
    let opened = shown.opened;
    let id = opened.loaded.row.id;
    let search = find::find_form(id, shown.clerk.csrf(), "");
    let card = match &opened.identity {
        None => Card::new(
            "Whose record",
            html! {
                p { "No record is shown before the patient is identified." }
                (search)
            },
        )
        .beside(Badge::new(Tone::Warn, "not identified")),
        Some(_) => Card::new(
            "Whose record",
            html! {
                (why("Not the right patient?", search, None))
            },
        )
        .beside(Badge::new(Tone::Ok, "identified")),
    };
    html! { (card) }
}

fn right(clerk: &Clerk, opened: &Opened) -> Markup {
    html! {
        (Card::new("The request", facts(opened)))
        (Card::new("Documents", documents(opened)))
        (Card::new("Letters", letters(clerk, opened)))
        (Card::new("What happened", happened(opened)))
    }
}

fn facts(opened: &Opened) -> Facts {
    let (row, request) = (&opened.loaded.row, opened.loaded.request());
    let requester = &request.requester;
    let due_rule = request.due.as_ref().map(|clock| {
        html! {
            (date_text(&clock.on.to_string())) " " span class="quiet" {
                (clock.citation)
                @if let Some(basis) = request.basis {
                    ", rule: " (release::clock::clock_for(basis).label())
                }
                " (" (clock.rule) ", version " (clock.version) ")"
            }
            @if let Some(reason) = &clock.extension_reason { br; "Extended: " (reason) }
        }
    });
    Facts::new()
        .fact("Asked for", request.asked_for.reveal())
        .fact(
            "Requester",
            html! {
                (requester.name.reveal())
                @if let Some(of) = &requester.organization { ", " (of.reveal()) }
                br; span class="quiet" { (requester.kind.label()) }
            },
        )
        .fact_if("Address", requester.address.as_ref().map(|text| text.reveal()))
        .fact("Came by", row.channel.label())
        .fact_if("Purpose", row.body.purpose.as_ref().map(|text| text.reveal()))
        .fact("Basis", request.basis.map_or("Not chosen", Basis::label))
        .fact_if("Due", due_rule)
        .fact("State law", request.jurisdiction.as_deref().unwrap_or("Not set"))
        .fact_if("Fee", row.body.fee.as_ref().map(|fee| dollars(fee.total_cents())))
        .fact(
            "Logged",
            html! {
                (moment(row.logged_at, &opened.loaded.zone)) " by "
                (opened.actors.get(&row.logged_by).map_or("somebody", String::as_str))
            },
        )
}

fn documents(opened: &Opened) -> Markup {
    let rows = opened.decided.iter().map(|one| {
        let what = match &one.document.choice {
            Decision::Chosen => html! { (Badge::new(Tone::Ok, "goes out")) },
            Decision::Withheld { reason, citation } => html! {
                (Badge::new(Tone::Stop, "stays out")) " " (reason) " "
                span class="citation" { (citation) }
            },
            Decision::Denied { reason, citation } => html! {
                (Badge::new(Tone::Stop, "denied")) " " (reason) " "
                span class="citation" { (citation) }
            },
            Decision::TakenOut => html! { "taken out" },
        };
        Row::new([
            html! { (one.title) @if one.count > 1 { ", " (one.count) " lines" } },
            html! { @if let Some(date) = one.date { (date_text(&date.to_string())) }
            @else { "no date" } },
            what,
        ])
    });
    let table = Table::new("Documents decided on")
        .column(Column::text("Document"))
        .column(Column::text("Date").fit())
        .column(Column::text("Decision"))
        .rows(rows)
        .empty(Empty::new("Nothing is chosen yet", "Documents are chosen within the scope."));
    html! { (table) }
}

fn letters(clerk: &Clerk, opened: &Opened) -> Markup {
    let rows = opened.letters.iter().map(|letter| {
        let sent = match letter.sent_at {
            Some(at) => html! { "sent " (clerk.stamp(at)) },
            None => html! { (Badge::new(Tone::Warn, "not sent yet")) },
        };
        Row::new([html! { (letter.letter.title) }, date_text(&letter.letter.on.to_string()), sent])
            .opens(format!("/release/letter/{}", letter.id))
    });
    let table = Table::new("Letters")
        .column(Column::text("Letter"))
        .column(Column::text("Of").fit())
        .column(Column::text("Sent"))
        .rows(rows)
        .empty(Empty::new(
            "No letter",
            "Letters are written when something is missing, denied, extended or owed.",
        ));
    html! { (table) }
}

fn happened(opened: &Opened) -> Markup {
    timeline(opened.events.iter().map(|event| {
        let moved = event.from.is_some_and(|from| from != event.to);
        let what = match event.action {
            None => "Logged",
            Some(_) if moved => event.to.label(),
            Some(ActionName::ChooseBasis) => "Basis chosen",
            Some(ActionName::Extend) => "Due date extended",
            Some(action) => action.label(),
        };
        let who = opened.actors.get(&event.actor).map_or("somebody", String::as_str);
        Event::new(Tone::Neutral, what, moment(event.at, &opened.loaded.zone)).detail(html! {
            (who)
            @if !event.why.is_empty() { br; (event.why.reveal()) }
        })
    }))
}
