//! Administration: the rules that hold, shipped or the site's, and superseding one from a day on.

mod form;
mod one;

use crate::pages::administration::{GUARD, desk_tabs};
use crate::server::{Answer, Clerk, Failure, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Column, Desk, Empty, Field, Form, Heading, Row, Table, Tone, actions,
    date_text,
};
use app::rules::{Input, Origin, Shelf, Shown, append, open, preview, shelf, titled_by};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use form::State;
use jiff::civil::Date;
use maud::{Markup, html};
use std::collections::HashMap;
use store::rule::RuleKind;

const AT: &str = "/administration/rules";
/// The last part of the address of a rule that has no name yet.
const NEW: &str = "new";

/// The routes of rules.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get(AT, GUARD, list).get("/administration/rules/{kind}/{key}", GUARD, show).post(
        "/administration/rules/{kind}/{key}",
        GUARD,
        save,
    )
}

fn address(kind: RuleKind, name: &str) -> String {
    format!("{AT}/{}/{name}", kind.as_str())
}

fn kind_of(clerk: &Clerk, text: &str) -> Result<RuleKind, Failure> {
    RuleKind::parse(text).ok_or_else(|| (app::Error::NotFound, clerk).into())
}

/// Whether rules of this kind have names of the site's choosing.
fn is_open_ended(kind: RuleKind) -> bool {
    !matches!(kind, RuleKind::Queue | RuleKind::Setting)
}

async fn list(clerk: Clerk, Query(asked): Query<HashMap<String, String>>) -> Answer {
    let day = asked.get("on").map(|day| day.trim()).unwrap_or_default();
    let on = day.parse::<Date>().ok();
    let shelves = clerk
        .run(move |store, context| {
            let of_kind = |kind: RuleKind| Ok((kind, shelf(store, context, kind, on)?));
            RuleKind::ALL.into_iter().map(of_kind).collect::<Result<Vec<_>, app::Error>>()
        })
        .await?;
    let shown = shelves.first().map(|(_, shelf)| shelf.on.to_string()).unwrap_or_default();
    let content = html! {
        (Heading::new("Rules").lede(html! {
            "What is in force on " (date_text(&shown)) ". Nothing is overwritten: a rule of the "
            "site supersedes from its first day, and a day of the past keeps the rule of that day."
        }))
        (desk_tabs(AT))
        (Form::filters(AT).label("Day shown").content(html! {
            (Field::date("on", "In force on").value(shown.as_str()).width(12).key("f"))
            (actions([Button::submit("Show")]))
        }))
        @for (kind, shelf) in &shelves { (shelf_card(*kind, shelf)) }
    };
    Ok(Page(clerk.page("Rules", Desk::Administration), content).into_response())
}

fn shelf_card(kind: RuleKind, shelf: &Shelf) -> Card {
    let rows = shelf.rules.iter().map(|rule| {
        let name = rule.head.name.as_str();
        Row::new([
            html! { (rule.title(kind)) },
            html! { (summary(kind, rule)) " " code class="quiet" { (name) } },
            origin_badge(rule.origin),
            html! { (rule.head.jurisdiction) },
            html! { (rule.head.citation) },
            date_text(&rule.head.term.from.to_string()),
        ])
        .opens(address(kind, name))
    });
    let table = Table::new(kind.label())
        .column(Column::text("Name"))
        .column(Column::text("What it says"))
        .column(Column::text("From whom").fit())
        .column(Column::text("Where").fit())
        .column(Column::text("Citation"))
        .column(Column::text("Since").fit())
        .rows(rows)
        .empty(Empty::new("None is in force", empty_hint(kind)));
    let content = html! {
        p class="quiet" { (purpose(kind)) }
        (table)
        @if !shelf.ended.is_empty() {
            p {
                "Not in force that day: "
                @for (index, (name, title)) in shelf.ended.iter().enumerate() {
                    @if index > 0 { ", " }
                    a href=(address(kind, name)) { (title) }
                    @if title != name { " " code class="quiet" { (name) } }
                }
            }
        }
    };
    let card = Card::new(kind.label(), content).id(kind.as_str());
    match is_open_ended(kind) {
        true => {
            card.action(Button::link("New rule", address(kind, NEW)).small().about(kind.label()))
        }
        false => card,
    }
}

fn empty_hint(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::FeeSchedule => {
            "Fees for copies are set by states and by the site. A patient's own request is charged \
             by 45 CFR 164.524(c)(4), without a schedule."
        }
        _ => "Enter one with its citation and its first day.",
    }
}

/// Where a rule comes from.
fn origin_badge(origin: Origin) -> Markup {
    match origin {
        Origin::Shipped => html! { (Badge::new(Tone::Neutral, "shipped")) },
        Origin::Site(_) => html! { (Badge::new(Tone::Info, "the site's")) },
    }
}

/// What a rule says, in one line of a list: what its title doesn't.
fn summary(kind: RuleKind, rule: &Shown) -> String {
    if kind == RuleKind::Queue {
        return format!("Points of {} terms; the most points stand first", rule.questions.len());
    }
    let part = |question: &app::rules::Question| match &question.input {
        Input::Lines => {
            let lines = question.values.iter().flat_map(|text| text.lines()).count();
            Some(format!("{}: {lines}", question.label))
        }
        _ => Some(question.answer().replace('\n', ", "))
            .filter(|answer| !answer.is_empty())
            .map(|answer| format!("{}: {answer}", question.label)),
    };
    let title = titled_by(kind);
    let told = |question: &&app::rules::Question| {
        Some(question.name.as_str()) != title && !is_unit(question)
    };
    rule.questions.iter().filter(told).filter_map(part).collect::<Vec<_>>().join("; ")
}

/// Whether a question asks only for the unit of another, which is told with that one.
fn is_unit(question: &app::rules::Question) -> bool {
    question.name == "unit"
}

/// What rules of a kind are for.
fn purpose(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Checklist => {
            "The questions that a release specialist answers before anything is released on this \
             basis."
        }
        RuleKind::Clock => "By when what was asked for must be done; My work counts down to it.",
        RuleKind::FeeSchedule => "What copies cost those whom no federal rule lets copy at cost.",
        RuleKind::Retention => "How long records are kept, and from which day that is counted.",
        RuleKind::Completion => {
            "Which documents an encounter must have, signed, and by when. What is missing becomes \
             a deficiency of its provider."
        }
        RuleKind::Queue => {
            "Each item of My work gets the sum of the points that fit it, shown beside it; the \
             item with the most stands first."
        }
        RuleKind::Setting => "One number each, used by the desk that it names.",
    }
}

async fn show(clerk: Clerk, Path((kind, key)): Path<(String, String)>) -> Answer {
    let kind = kind_of(&clerk, &kind)?;
    if key == NEW && is_open_ended(kind) {
        return Ok(one::page(&clerk, &State::blank(kind)).into_response());
    }
    let name = key.clone();
    let rule = clerk.run(move |store, context| open(store, context, kind, &name)).await?;
    Ok(one::page(&clerk, &State { rule: Some(rule), key, ..State::blank(kind) }).into_response())
}

async fn save(Path((kind, key)): Path<(String, String)>, posted: Posted) -> Answer {
    let clerk = &posted.clerk;
    let kind = kind_of(clerk, &kind)?;
    let draft = form::draft(kind, &key, &posted);
    let mut state =
        State { key: key.clone(), given: Some(form::typed(&posted)), ..State::blank(kind) };
    let asked = draft.clone();
    let done = match posted.text("do") {
        "enter" => {
            let done = clerk.attempt(move |store, context| append(store, context, &asked)).await;
            match done {
                Ok(_) => return Ok(see_other(address(kind, &draft.name))),
                Err(error) => Err(error),
            }
        }
        _ => clerk.attempt(move |store, context| preview(store, context, &asked)).await,
    };
    let status = match done {
        Ok(preview) => {
            state.preview = Some(preview);
            StatusCode::OK
        }
        Err(app::Error::Invalid(errors)) => {
            state.errors = crate::pages::field_errors(&errors);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(error) => return Err((error, clerk).into()),
    };
    if !(key == NEW && is_open_ended(kind)) {
        state.rule = Some(clerk.run(move |store, context| open(store, context, kind, &key)).await?);
    }
    Ok((status, one::page(clerk, &state)).into_response())
}
