//! A letter as it was written: to read, to print, to mark as sent.

use crate::pages::banner;
use crate::server::{Answer, Clerk, Page, Posted, see_other};
use crate::ui::{Badge, Button, Column, Desk, Form, Heading, Row, Table, Tone, date_text};
use app::release as desk;
use axum::extract::Path;
use axum::response::IntoResponse;
use maud::{Markup, html};
use release::letter::{Block, Letter};

pub(super) async fn show(clerk: Clerk, Path(id): Path<i64>) -> Answer {
    let shown = clerk.run(move |store, context| desk::letter(store, context, id)).await?;
    let kept = &shown.letter;
    let mut heading =
        Heading::new(kept.letter.title.as_str()).under("Release", "/release").lede(html! {
            "Of " (date_text(&kept.letter.on.to_string())) " · "
            @match kept.sent_at {
                Some(at) => { (Badge::new(Tone::Ok, "sent")) " " (clerk.stamp(at)) }
                None => { (Badge::new(Tone::Warn, "not sent yet")) }
            }
        });
    if let Some(request) = shown.request {
        heading = heading.under(kept.letter.request.as_str(), format!("/release/{request}"));
    } else if let Some(patient) = kept.patient {
        heading = heading.under("Accounting", format!("/release/accounting/{}", patient.0));
    }
    let sent = Form::post(format!("/release/letter/{id}/sent"))
        .csrf(clerk.csrf())
        .label("Mark as sent")
        .content(html! { (Button::submit("Mark as sent").main().key("s")) });
    let content = html! {
        (heading)
        div class="actions" {
            @if kept.sent_at.is_none() { (sent) }
            (Button::script("Print", "print").key("Shift+P"))
        }
        (sheet(&kept.letter))
    };
    let mut shell = clerk.page("Letter", Desk::Release);
    if let Some(identity) = &shown.identity {
        shell = shell.with_banner(banner(identity, &clerk));
    }
    Ok(Page(shell, content).into_response())
}

/// The letter laid out.
fn sheet(letter: &Letter) -> Markup {
    html! {
        article class="card" {
            div class="card-body stack" {
                p { @for line in &letter.to { (line.reveal()) br; } }
                p { (date_text(&letter.on.to_string())) " · " (letter.request) }
                h2 { (letter.title) }
                @for block in &letter.blocks { (part(block)) }
            }
        }
    }
}

fn part(block: &Block) -> Markup {
    match block {
        Block::Heading { text } => html! { h3 { (text) } },
        Block::Paragraph { text } => html! { p { (text) } },
        Block::List { items } => html! { ul { @for item in items { li { (item) } } } },
        Block::Table { head, rows } => {
            let table = head.iter().fold(Table::new("In the letter"), |table, name| {
                table.column(Column::text(name.as_str()))
            });
            let rows = rows.iter().map(|row| Row::new(row.iter().map(|cell| html! { (cell) })));
            html! { (table.rows(rows)) }
        }
    }
}

pub(super) async fn sent(Path(id): Path<i64>, posted: Posted) -> Answer {
    posted.clerk.run(move |store, context| desk::letter_sent(store, context, id)).await?;
    Ok(see_other(format!("/release/letter/{id}")))
}
