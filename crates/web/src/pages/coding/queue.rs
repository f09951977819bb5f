//! What waits for codes: inpatient and outpatient apart, due first.

use crate::pages::{mrn_text, person_name};
use crate::server::{Answer, Clerk, Page, Posted, see_other};
use crate::ui::{
    Badge, Button, Card, Column, Desk, Empty, Field, Flash, Form, Heading, Row, Tab, Table, Tile,
    Tone, actions, count_text, date_text, due, tabs, tiles,
};
use app::coding::{Listed, Unbilled, Worklist, find_work, worklist};
use axum::extract::Query;
use axum::response::IntoResponse;
use coding::work::State;
use maud::{Markup, html};
use std::collections::HashMap;

type Asked = Query<HashMap<String, String>>;

pub(super) async fn inpatient(clerk: Clerk, Query(asked): Asked) -> Answer {
    show(clerk, true, &asked).await
}

pub(super) async fn outpatient(clerk: Clerk, Query(asked): Asked) -> Answer {
    show(clerk, false, &asked).await
}

pub(super) async fn find(posted: Posted) -> Answer {
    let since = posted.given("since").map(str::to_owned);
    let back = if posted.text("side") == "outpatient" { "/coding/outpatient" } else { "/coding" };
    let found = posted.clerk.run(move |store, context| {
        let day = since.as_deref().map(str::parse::<jiff::civil::Date>).transpose();
        let wrong = |_| app::Error::Refused("Give the day as 2026-03-04, or leave it out.".into());
        find_work(store, context, day.map_err(wrong)?)
    });
    // The count travels in the address: it identifies nobody.
    Ok(see_other(format!("{back}?queued={}", found.await?)))
}

fn queued(asked: &HashMap<String, String>) -> Option<Flash> {
    let count = asked.get("queued")?.parse::<u64>().ok()?;
    Some(match count {
        0 => Flash::new(Tone::Info, "No other encounter that ended in this time waits for codes."),
        1 => Flash::new(Tone::Ok, "1 encounter was queued for coding."),
        _ => Flash::new(Tone::Ok, format!("{} encounters were queued.", count_text(count))),
    })
}

async fn show(clerk: Clerk, is_inpatient: bool, asked: &HashMap<String, String>) -> Answer {
    let list = clerk.run(move |store, context| worklist(store, context, is_inpatient)).await?;
    let figures = if is_inpatient { &list.inpatient } else { &list.outpatient };
    let content = html! {
        (Heading::new("Coding")
            .lede(html! { "Encounters that ended and have no final codes yet." }))
        (sides(&list, is_inpatient))
        (unbilled(figures))
        (table(&clerk, &list, is_inpatient))
        @if list.not_listed > 0 {
            p class="quiet" {
                (list.not_listed) " more are counted and not listed: beyond the end of the list, \
                 or not open to you."
            }
        }
        (Card::new("Find work", find_form(&clerk, is_inpatient)))
    };
    let shell = clerk.page("Coding", Desk::Coding).with_flash(queued(asked));
    Ok(Page(shell, content).into_response())
}

fn sides(list: &Worklist, is_inpatient: bool) -> Markup {
    let count = |figures: &Unbilled| figures.encounters.max(0) as u64;
    let stays = Tab::new("Inpatient", "/coding").current(is_inpatient).key("1");
    let visits = Tab::new("Outpatient", "/coding/outpatient").current(!is_inpatient).key("2");
    let stays = stays.count(count(&list.inpatient));
    tabs("Settings", [stays, visits.count(count(&list.outpatient))])
}

fn unbilled(figures: &Unbilled) -> Markup {
    let count = |n: i64| count_text(n.max(0) as u64);
    let mean = figures.days as f64 / figures.encounters.max(1) as f64;
    tiles([
        Tile::new("Discharged, not final coded", count(figures.encounters)).note(html! {
            "What they are charged stands in the report \u{201c}Discharged, not final \
             billed\u{201d}."
        }),
        Tile::new("On hold", count(figures.on_hold)),
        Tile::new("Days not final billed", count(figures.days)).unit("days").formula(format!(
            "the sum of days since discharge of {} encounters; {mean:.1} each",
            figures.encounters
        )),
        Tile::new("The oldest", count(figures.days_max)).unit("days"),
    ])
}

fn table(clerk: &Clerk, list: &Worklist, is_inpatient: bool) -> Markup {
    let ended = if is_inpatient { "Discharged" } else { "Ended" };
    let table = Table::new("Encounters to code, due first")
        .column(Column::text("Patient"))
        .column(Column::text("MRN"))
        .column(Column::text(ended))
        .column(Column::number("Days since"))
        .column(Column::text("Due").fit())
        .column(Column::text("State"))
        .column(Column::text("Coder"))
        .rows(list.items.iter().map(|item| row(clerk, item)))
        .empty(Empty::new(
            "Nothing waits",
            "Encounters come here when they have ended. Find work looks for those that came by \
             import.",
        ));
    html! { (table) }
}

fn row(clerk: &Clerk, item: &Listed) -> Row {
    Row::new([
        person_name(&item.patient.name),
        mrn_text(&item.patient),
        date_text(&item.work.ended_on),
        html! { (count_text(item.days_since.max(0).unsigned_abs())) },
        due(item.work.due_at.date_in(clerk.zone()), clerk.today()),
        state(&item.work.state),
        html! { (item.coder.as_deref().unwrap_or("nobody yet")) },
    ])
    .opens(format!("/coding/{}", item.work.id))
}

/// The state with the reason of a hold.
pub(super) fn state(state: &State) -> Markup {
    let tone = match state {
        State::Waiting => Tone::Neutral,
        State::InProgress => Tone::Info,
        State::OnHold { .. } => Tone::Stop,
        State::Final => Tone::Ok,
        State::Reopened => Tone::Warn,
    };
    html! {
        (Badge::new(tone, state.label()))
        @if let State::OnHold { reason, .. } = state { " " span class="quiet" { (reason.label()) } }
    }
}

fn find_form(clerk: &Clerk, is_inpatient: bool) -> Markup {
    let side = if is_inpatient { "inpatient" } else { "outpatient" };
    let form = Form::post("/coding/find").csrf(clerk.csrf()).label("Find work");
    let form = form.hidden("side", side).content(html! {
        (Field::date("since", "Encounters that ended since").optional()
            .hint("As 2026-03-04. Left out: a year ago, the time in which a claim to Medicare \
                   must be filed (42 CFR 424.44)"))
        (actions([Button::submit("Find work").key("n")]))
    });
    html! { (form) }
}
