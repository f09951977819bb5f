//! What the engines say, shown: edits with their citations, the DRG with its reasons, suggestions
//! with their evidence.

use super::chart::Evidence;
use crate::server::Clerk;
use crate::ui::{Badge, Button, Column, Empty, Facts, Field, Form, Row, Table, Tone, actions, why};
use app::coding::{Grouped, Opened, Reviewed, Suggested};
use coding::edits::{Severity, shown};
use coding::grouper::{Step, StepKind};
use maud::{Markup, html};

/// Places of one suggestion that are linked.
const LINKED_MAX: usize = 4;

pub(super) fn edit_list(clerk: &Clerk, opened: &Opened) -> Markup {
    html! {
        @if opened.review.edits.is_empty() { p { "No edit finds anything." } }
        @else {
            ul class="plain stack-tight" {
                @for (n, reviewed) in opened.review.edits.iter().enumerate() {
                    li { (edit(clerk, opened, reviewed, n)) }
                }
            }
        }
    }
}

fn edit(clerk: &Clerk, opened: &Opened, reviewed: &Reviewed, n: usize) -> Markup {
    let edit = &reviewed.edit;
    let badge = match (edit.severity, &reviewed.overridden) {
        (_, Some(_)) => Badge::new(Tone::Ok, "Set aside"),
        (Severity::Stop, None) => Badge::new(Tone::Stop, "Stop"),
        (Severity::Advice, None) => Badge::new(Tone::Warn, "Advice"),
    };
    let may_be_set_aside = edit.severity == Severity::Stop
        && edit.can_be_overridden
        && opened.work.state.can_be_edited();
    html! {
        p { (badge) " " (edit.sentence) }
        @if let Some(reason) = &reviewed.overridden { p class="quiet" { "Reason: " (reason) } }
        (why("Source", edit.rule.replace('_', " ").to_lowercase(), Some(edit.citation)))
        @if may_be_set_aside {
            details {
                summary { @if reviewed.overridden.is_some() { "Let it stand again" }
                    @else { "Set aside with a reason" } }
                (override_form(clerk, opened, reviewed, n))
            }
        }
    }
}

fn override_form(clerk: &Clerk, opened: &Opened, reviewed: &Reviewed, n: usize) -> Markup {
    let edit = &reviewed.edit;
    let codes: Vec<String> = edit.codes.iter().map(|code| shown(code)).collect();
    let form = Form::post(format!("/coding/{}/override", opened.work.id))
        .csrf(clerk.csrf())
        .label(format!("Set aside: {} {}", edit.rule.replace('_', " "), codes.join(" ")))
        .hidden("revision", opened.work.revision.to_string())
        .hidden("rule", edit.rule)
        .hidden("codes", edit.codes.join(" "));
    let content = match &reviewed.overridden {
        Some(_) => actions([Button::submit("Let it stand again").named("do", "end").small()]),
        None => html! {
            (Field::text("reason", "Reason").hint("At least three words").id(format!("reason-{n}")))
            (actions([Button::submit("Set aside").small()]))
        },
    };
    html! { (form.content(content)) }
}

pub(super) fn drg(grouped: &Result<Grouped, String>) -> Markup {
    let grouped = match grouped {
        Ok(grouped) => grouped,
        Err(reason) => return html! { p { (Badge::new(Tone::Stop, "Not grouped")) " " (reason) } },
    };
    let is_contribution = |step: &&Step| matches!(step.kind, StepKind::Contribution { .. });
    let contributions: Vec<&Step> = grouped.steps.iter().filter(is_contribution).collect();
    let path: Vec<&Step> = grouped.steps.iter().filter(|step| !is_contribution(step)).collect();
    let not_loaded = || "not loaded for this version".to_owned();
    html! {
        p { strong { (format!("{:03}", grouped.drg)) " " (grouped.title) } }
        (Facts::new()
            .fact("Version", format!("MS-DRG v{}", grouped.version))
            .fact("Category", format!("MDC {:02}, {}", grouped.mdc, grouped.kind))
            .fact_if("Before hospital-acquired conditions",
                grouped.initial_drg.map(|drg| format!("{drg:03}")))
            .fact("Relative weight", grouped.weight.clone().unwrap_or_else(not_loaded))
            .fact("Geometric mean stay", grouped.mean_stay_days.as_ref()
                .map_or_else(not_loaded, |days| format!("{days} days"))))
        h3 { "What each code contributes" }
        @if contributions.is_empty() {
            p { "Without any one of the other codes the DRG would be the same." }
        } @else {
            ul { @for step in contributions { li { (step.text) } } }
        }
        details {
            summary { "Why this DRG" }
            (tree(&path))
        }
    }
}

fn tree(steps: &[&Step]) -> Markup {
    html! {
        ul {
            @for step in steps {
                li {
                    (step.text)
                    @if !step.children.is_empty() {
                        (tree(&step.children.iter().collect::<Vec<_>>()))
                    }
                }
            }
        }
    }
}

pub(super) fn suggestion_list(opened: &Opened, evidence: &Evidence) -> Markup {
    let can_be_edited = opened.work.state.can_be_edited();
    let mut keys = '1'..='9';
    let rows = opened.suggestions.iter().map(|suggested| {
        let mut add = Button::submit("Add")
            .of_form("codes")
            .named("do", format!("add:{}", suggested.code))
            .small()
            .about(suggested.code.as_str());
        if let Some(key) = keys.next().filter(|_| can_be_edited && !suggested.is_coded) {
            add = add.key(key);
        }
        Row::new([
            html! { code { (suggested.code) } " " (suggested.title)
            p class="quiet" { (suggested.reason) } },
            places(opened, suggested, evidence),
            html! {
                @if suggested.is_coded { (Badge::new(Tone::Ok, "Coded")) }
                @else if can_be_edited { (add) }
            },
        ])
    });
    let table = Table::new("Codes that the documents support, the surest first")
        .column(Column::text("Code"))
        .column(Column::text("Evidence"))
        .column(Column::actions())
        .rows(rows)
        .empty(Empty::new(
            "Nothing is suggested",
            "Suggestions come from the text of the documents. A coder decides on each.",
        ));
    html! {
        p class="quiet" { "Suggested, never assigned: read the evidence, then add." }
        (table)
    }
}

/// Links to the words of the documents: Enter goes there.
fn places(opened: &Opened, suggested: &Suggested, evidence: &Evidence) -> Markup {
    let more = suggested.places.len().saturating_sub(LINKED_MAX);
    html! {
        ul class="plain" {
            @for place in suggested.places.iter().take(LINKED_MAX) {
                @if let (Some(id), Some(note)) =
                    (evidence.id(place), opened.notes.get(place.note))
                {
                    li {
                        a href={ "#" (id) } data-points=(id) {
                            q { (words(note.text.as_deref().unwrap_or_default(), place)) }
                        }
                    }
                }
            }
        }
        @if more > 0 { span class="quiet" { "and " (more) " more" } }
    }
}

fn words(text: &str, place: &app::coding::Place) -> String {
    text.chars().skip(place.start).take(place.end.saturating_sub(place.start).min(80)).collect()
}
