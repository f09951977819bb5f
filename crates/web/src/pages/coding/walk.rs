//! Codes while typing, and the walk from a category to a code that can be reported.

use super::{system_of, system_word, systems_of};
use crate::pages::banner;
use crate::server::{Answer, Clerk, Page, Posted};
use crate::ui::{Button, Card, Column, Desk, Form, Heading, Row, Table, Tone, actions, notice};
use app::coding::{Asked, Guide, Opened, favourite_turn, guide, open, search as find};
use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;
use coding::codeset::{System, dotted, normalized};
use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::json;

/// Codes that the list of a field shows.
const SHOWN_MAX: usize = 12;

pub(super) async fn search(Path(system): Path<String>, posted: Posted) -> Answer {
    let clerk = &posted.clerk;
    let Some(systems) = systems_of(&system) else {
        return Err((app::Error::NotFound, clerk).into());
    };
    let text = posted.text("q").to_owned();
    let on = posted.text("context-date").parse::<Date>().unwrap_or_else(|_| clerk.today());
    let hits = clerk.run(move |store, context| {
        find(store, context, &Asked { text: &text, systems, on, limit: SHOWN_MAX })
    });
    let items: Vec<_> = (hits.await?.into_iter())
        .map(|hit| {
            let mut item = json!({"value": hit.code, "label": hit.title});
            if !hit.because.is_empty() {
                item["detail"] = json!(hit.because);
            }
            if hit.is_favourite {
                item["favourite"] = json!(true);
            }
            if let Some(reason) = hit.refused {
                item["refused"] = json!(reason);
            }
            item
        })
        .collect();
    Ok(Json(json!({ "items": items })).into_response())
}

/// Keeps or drops a favourite of a code field.
pub(super) async fn favourite(Path(field): Path<String>, posted: Posted) -> Answer {
    let clerk = &posted.clerk;
    let code = posted.text("code").trim().to_owned();
    let Some(system) = system_of_field(&field, &code) else {
        return Err((app::Error::NotFound, clerk).into());
    };
    let kept = clerk.run(move |store, context| favourite_turn(store, context, system, &code));
    Ok(Json(json!({ "favourite": kept.await? })).into_response())
}

/// The system of a code that was found in a field.
fn system_of_field(field: &str, code: &str) -> Option<System> {
    match systems_of(field)? {
        [system] => Some(*system),
        _ if code.starts_with(|c: char| c.is_ascii_alphabetic()) => Some(System::Hcpcs),
        _ => Some(System::Cpt),
    }
}

pub(super) async fn show(
    clerk: Clerk,
    Path((work, system, code)): Path<(i64, String, String)>,
) -> Answer {
    let Some(system) = system_of(&system) else {
        return Err((app::Error::NotFound, &clerk).into());
    };
    let (opened, guide) = clerk
        .run(move |store, context| {
            let opened = open(store, context, work)?;
            let guide = guide(store, context, system, &code, opened.facts.date)?;
            Ok((opened, guide))
        })
        .await?;
    let printed = dotted(system, &guide.step.code);
    let content = html! {
        (Heading::new(format!("{printed} {}", guide.step.title))
            .under("Coding", "/coding").under("Encounter", format!("/coding/{work}")))
        (path(&guide))
        @if guide.is_reportable { (add_form(&clerk, &opened, &guide)) }
        @else if guide.step.choices.is_empty() { (notice(Tone::Stop, guide.sentence.as_str())) }
        @else { (choices(&opened, &guide)) }
        @if !guide.notes.is_empty() {
            (Card::new("Notes", notes(&guide)))
        }
    };
    let banner = banner(&opened.identity, &clerk);
    Ok(Page(clerk.page("A code", Desk::Coding).with_banner(banner), content).into_response())
}

fn path(guide: &Guide) -> Markup {
    html! {
        @if !guide.above.is_empty() {
            p class="quiet" {
                @for (n, (code, title)) in guide.above.iter().enumerate() {
                    @if n > 0 { " › " }
                    (code) " " (title)
                }
            }
        }
    }
}

fn choices(opened: &Opened, guide: &Guide) -> Markup {
    let asked = guide.step.question.map_or("Which one?", |question| question.sentence());
    let word = system_word(guide.system);
    let rows = guide.step.choices.iter().map(|choice| {
        let code = dotted(guide.system, &choice.code);
        let end = if choice.reportable { "can be reported" } else { "more to choose" };
        Row::new([
            html! { code { (code) } },
            html! {
                (choice.label)
                @if let Some(definition) = &choice.definition {
                    div class="quiet" { (definition) }
                }
            },
            html! { span class="quiet" { (end) } },
        ])
        .opens(format!("/coding/{}/walk/{word}/{code}", opened.work.id))
    });
    let table = Table::new(asked)
        .show_caption()
        .column(Column::text("Code").fit())
        .column(Column::text("Meaning"))
        .column(Column::text("Then"));
    html! { (table.rows(rows)) }
}

fn add_form(clerk: &Clerk, opened: &Opened, guide: &Guide) -> Markup {
    let code = &guide.step.code;
    let add = |label: &str, deed: &str| Button::submit(label).named("do", format!("{deed}:{code}"));
    let mut buttons = if guide.system == System::Icd10Pcs {
        vec![add("Add", "add-procedure").main().key("a")]
    } else if opened.diagnoses.is_empty() {
        vec![add("Add as the first diagnosis", "add").main().key("a")]
    } else {
        vec![add("Add", "add").main().key("a"), add("Add as the first", "add-first").key("f")]
    };
    let is_kept = opened.favourites.contains(&(guide.system, normalized(code)));
    buttons.push(favourite_button(guide.system, code, is_kept).key("*"));
    let form = Form::post(format!("/coding/{}/change", opened.work.id))
        .csrf(clerk.csrf())
        .label("Add this code")
        .hidden("revision", opened.work.revision.to_string())
        .content(html! { p { (guide.sentence) } (actions(buttons)) });
    html! { (form) }
}

/// Keeps a code as a favourite, or drops it.
pub(super) fn favourite_button(system: System, code: &str, is_kept: bool) -> Button {
    let label = if is_kept { "Drop favourite" } else { "Favourite" };
    let deed = format!("favourite-{}:{code}", system_word(system));
    Button::submit(label).named("do", deed).plain()
}

fn notes(guide: &Guide) -> Markup {
    note_list(&guide.notes)
}

/// Notes of the classification with where they stand.
pub(super) fn note_list(notes: &[app::coding::CodeNote]) -> Markup {
    html! {
        ul class="stack-tight" {
            @for note in notes {
                li {
                    strong { (note.heading) ": " } (note.text)
                    @if let Some(from) = &note.from { span class="quiet" { " (at " (from) ")" } }
                }
            }
        }
    }
}
