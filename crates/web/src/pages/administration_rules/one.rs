//! The page of one rule: what holds today, what is shipped, its history, and superseding it.

use super::form::{State, entering};
use super::{AT, is_unit, origin_badge, purpose};
use crate::server::{Clerk, Page};
use crate::ui::{
    Badge, Card, Column, Desk, Empty, Event, Facts, Heading, Row, Table, Tone, date_text,
    error_summary, notice, timeline,
};
use app::rules::{OpenedRule, Origin, Preview, Question, RowState, Shown};
use jiff::civil::Date;
use maud::{Markup, html};
use record::effective::Term;

/// The page.
pub(super) fn page(clerk: &Clerk, state: &State) -> Page {
    let title = match &state.rule {
        Some(rule) => {
            let last = rule.on(rule.today).or(rule.versions.last()).or(rule.shipped.last());
            last.map_or_else(|| state.key.clone(), |shown| shown.title(state.kind))
        }
        None => "New rule".to_owned(),
    };
    let content = html! {
        (Heading::new(title.as_str()).under("Rules", format!("{AT}#{}", state.kind.as_str()))
            .lede(html! {
                (state.kind.label())
                @if state.rule.is_some() { ", " code { (state.key) } }
                ". " (purpose(state.kind))
            }))
        (error_summary(&state.errors))
        @if let Some(preview) = &state.preview { (Card::new("What it changes", change(preview))) }
        @if let Some(rule) = &state.rule { (standing(rule)) }
        (Card::new(
            if state.rule.is_some() { "Supersede it from a day on" } else { "Enter it" },
            entering(clerk, state),
        ))
        @if let Some(rule) = &state.rule {
            (Card::new("History", history(rule)))
            @if rule.rows.is_empty() {
                p class="quiet" { "The site entered nothing under this name." }
            } @else { (entered(clerk, rule)) }
        }
    };
    Page(clerk.page(&title, Desk::Administration), content)
}

/// What holds today, and beside it the shipped rule where another one holds.
fn standing(rule: &OpenedRule) -> Markup {
    let now = rule.on(rule.today);
    let is_shipped = now.is_some_and(|shown| shown.origin == Origin::Shipped);
    let law = rule.shipped_on(rule.today).filter(|_| !is_shipped);
    html! {
        div class="columns" {
            @match now {
                Some(shown) => {
                    (Card::new("In force today", facts(shown)).beside(origin_badge(shown.origin)))
                }
                None => {
                    (Card::new("In force today", html! {
                        p { "No rule of this name holds here today." }
                    }))
                }
            }
            @if let Some(shown) = law {
                (Card::new("As shipped", facts(shown)).beside(origin_badge(shown.origin)))
            }
        }
    }
}

fn facts(shown: &Shown) -> Facts {
    let facts = Facts::new()
        .fact("Version", shown.head.version)
        .fact("Holds", days(shown.head.term))
        .fact("Where", shown.head.jurisdiction.as_str())
        .fact("Citation", shown.head.citation.as_str());
    shown
        .questions
        .iter()
        .filter(|question| !is_unit(question))
        .fold(facts, |facts, question| facts.fact(question.label.as_str(), answer(question)))
}

fn answer(question: &Question) -> Markup {
    let answer = question.answer();
    html! {
        @if answer.trim().is_empty() { "none" }
        @else {
            @for (index, line) in answer.lines().enumerate() {
                @if index > 0 { br; }
                (line)
            }
        }
    }
}

fn days(term: Term) -> Markup {
    html! {
        "from " (date_text(&term.from.to_string()))
        @if let Some(until) = term.until { " to " (date_text(&until.to_string())) }
    }
}

/// What a row would change, question by question.
fn change(preview: &Preview) -> Markup {
    let before = preview.before.as_ref().map(|shown| &shown.questions[..]).unwrap_or_default();
    let after = preview.after.as_deref().unwrap_or_default();
    html! {
        p { "It holds " (days(preview.term)) "." }
        @if preview.after.is_none() {
            (notice(Tone::Warn, html! {
                p { "No rule of this name holds here from that day on." }
            }))
        } @else {
            (changes(before, after))
        }
        @for note in &preview.notes { (notice(Tone::Info, html! { p { (note) } })) }
        p { "Nothing is entered yet." }
    }
}

fn changes(before: &[Question], after: &[Question]) -> Table {
    let rows = after.iter().filter_map(|question| {
        let held = before.iter().find(|other| other.name == question.name);
        let differs = held.is_none_or(|held| held.values != question.values);
        let was = held.map_or_else(|| html! { "none" }, answer);
        differs.then(|| Row::new([html! { (question.label) }, was, answer(question)]))
    });
    Table::new("What changes")
        .column(Column::text("What"))
        .column(Column::text("Until then"))
        .column(Column::text("From then on"))
        .rows(rows)
        .empty(Empty::new("It says the same", "Only its days, citation or reason are new."))
}

/// What holds from which day to which day, the newest first.
fn history(rule: &OpenedRule) -> Markup {
    if rule.versions.is_empty() {
        return html! { p { "No rule of this name has ever held." } };
    }
    let events = rule.versions.iter().enumerate().rev().map(|(position, shown)| {
        let earlier = position.checked_sub(1).and_then(|earlier| rule.versions.get(earlier));
        let what = html! { "Version " (shown.head.version) " " (origin_badge(shown.origin)) };
        Event::new(tone(shown.head.term, rule.today), what, days(shown.head.term))
            .detail(detail(shown, earlier))
    });
    timeline(events)
}

fn tone(term: Term, today: Date) -> Tone {
    match (term.holds_on(today), term.from > today) {
        (true, _) => Tone::Ok,
        (false, true) => Tone::Info,
        (false, false) => Tone::Neutral,
    }
}

/// The citation, and what differs from the version before.
fn detail(shown: &Shown, earlier: Option<&Shown>) -> Markup {
    let differs = |question: &&Question| {
        let held = earlier.and_then(|e| e.questions.iter().find(|q| q.name == question.name));
        held.is_some_and(|held| held.values != question.values)
    };
    html! {
        p class="citation" { (shown.head.citation) }
        @for question in shown.questions.iter().filter(differs) {
            p { (question.label) ": " (answer(question)) }
        }
    }
}

/// What the site entered, by whom and why.
fn entered(clerk: &Clerk, rule: &OpenedRule) -> Table {
    let rows = rule.rows.iter().enumerate().rev().map(|(place, row)| {
        let state = rule.row_today(place);
        let tone = if state == RowState::InForce { Tone::Ok } else { Tone::Neutral };
        let by = rule.actors.get(&row.entered_by).unwrap_or(&row.entered_by);
        Row::new([
            clerk.stamp(row.entered_at),
            html! { (by) },
            html! { (Badge::new(Tone::Info, row.effect.label())) " " (days(row.term)) },
            html! { (Badge::new(tone, state.label())) },
            html! { (row.citation) },
            html! { (row.reason) },
        ])
    });
    Table::new("Entered by the site, the newest first")
        .show_caption()
        .column(Column::text("Entered").fit())
        .column(Column::text("By"))
        .column(Column::text("What"))
        .column(Column::text("Today").fit())
        .column(Column::text("Citation"))
        .column(Column::text("Reason"))
        .rows(rows)
}
