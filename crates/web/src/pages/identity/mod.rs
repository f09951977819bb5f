//! The identity desk: possible duplicates, listed and side by side.

mod pair;

use crate::pages::{mrn_text, person_name};
use crate::server::{Answer, Clerk, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Button, Column, Desk, Empty, Flash, Form, Heading, Row, Tab, Table, Tile, Tone, count_text,
    date_text, tabs, tiles,
};
use app::Right;
use app::identity::{Listed, PAIRS_MAX, Part, Standing, find, list};
use axum::extract::{Path, Query};
use axum::response::IntoResponse;
use maud::{Markup, html};
use std::collections::HashMap;

/// The routes of the identity desk.
pub(super) fn routes(routes: Routes) -> Routes {
    let guard = Guard::Right(Right::IdentityDecide);
    routes
        .get("/identity", guard, first)
        .get("/identity/list/{part}", guard, part)
        .post("/identity/find", guard, look)
        .get("/identity/{pair}", guard, pair::show)
        .post("/identity/{pair}/judge", guard, pair::judge)
        .post("/identity/{pair}/unmerge", guard, pair::unmerge)
}

async fn first(clerk: Clerk, Query(query): Query<HashMap<String, String>>) -> Answer {
    show(clerk, Part::Open, &query).await
}

async fn part(clerk: Clerk, Path(part): Path<String>) -> Answer {
    let Some(part) = Part::parse(&part) else {
        return Err((app::Error::NotFound, &clerk).into());
    };
    show(clerk, part, &HashMap::new()).await
}

/// Counts of the last search travel in the address: they identify nobody.
async fn look(posted: Posted) -> Answer {
    let found = posted.clerk.run(find).await?;
    Ok(see_other(format!(
        "/identity?records={}&opened={}&reopened={}&withdrawn={}",
        found.records_count, found.opened_count, found.reopened_count, found.withdrawn_count
    )))
}

async fn show(clerk: Clerk, part: Part, query: &HashMap<String, String>) -> Answer {
    let (standing, listed) = clerk.run(move |store, context| list(store, context, part)).await?;
    let content = html! {
        (Heading::new("Identity").lede(html! {
            "Two records of one person are found by comparing all records. Nothing merges by \
             itself: a person judges every pair."
        }))
        (figures(&standing))
        (Form::post("/identity/find").csrf(clerk.csrf()).label("Look for duplicates").content(
            html! { (crate::ui::actions([Button::submit("Look for duplicates").key("l")])) }
        ))
        (part_tabs(&standing, part))
        @if listed.len() as i64 == PAIRS_MAX {
            p class="quiet" { "The likeliest " (PAIRS_MAX) " are shown." }
        }
        (table(&listed, part))
    };
    let shell = clerk.page("Identity", Desk::Identity).with_flash(searched(query));
    Ok(Page(shell, content).into_response())
}

fn searched(query: &HashMap<String, String>) -> Option<Flash> {
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<u64>().ok());
    let records = number("records")?;
    Some(Flash::new(
        Tone::Ok,
        format!(
            "{} records were compared: {} new pairs, {} came back, {} no longer look alike.",
            count_text(records),
            number("opened")?,
            number("reopened")?,
            number("withdrawn")?
        ),
    ))
}

fn figures(standing: &Standing) -> Markup {
    let (pairs, records) = (standing.records_in_pairs, standing.records_count);
    let rate = match records {
        0 => "none".to_owned(),
        _ => share(pairs as f64 * 100.0 / records as f64),
    };
    tiles([
        Tile::new("Records in open pairs", count_text(pairs.unsigned_abs())),
        Tile::new("Possible duplicates", rate)
            .unit(if records == 0 { "" } else { "%" })
            .formula(format!("{pairs} records in open pairs x 100 / {records} records"))
            .source("AHIMA: error rate of the master patient index; at most 1 % is aimed at"),
    ])
}

/// A share that is not zero never shows as zero.
fn share(percent: f64) -> String {
    if percent > 0.0 && percent < 0.01 { format!("{percent:.4}") } else { format!("{percent:.2}") }
}

fn part_tabs(standing: &Standing, now: Part) -> Markup {
    let count = |part: Part| -> u64 {
        let of = |(state, n): &(String, i64)| {
            if part.states().contains(&state.as_str()) { n.unsigned_abs() } else { 0 }
        };
        standing.counts.iter().map(of).sum()
    };
    tabs(
        "Possible duplicates",
        Part::ALL.iter().enumerate().map(|(index, part)| {
            Tab::new(part.label(), format!("/identity/list/{}", part.as_str()))
                .current(*part == now)
                .count(count(*part))
                .key((index + 1).to_string())
        }),
    )
}

fn table(listed: &[Listed], part: Part) -> Markup {
    let rows = listed.iter().map(|one| {
        let [a, b] = &one.patients;
        Row::new([
            html! { (person_name(&a.name)) br; (person_name(&b.name)) },
            html! { (date_text(a.birth_date.reveal())) br; (date_text(b.birth_date.reveal())) },
            html! { (mrn_text(a)) br; (mrn_text(b)) },
            html! { (percent(one.pair.probability)) },
        ])
        .opens(format!("/identity/{}", one.pair.id))
    });
    let table = Table::new(part.label())
        .column(Column::text("Two records"))
        .column(Column::text("Born"))
        .column(Column::text("MRN"))
        .column(Column::number("Likeness"))
        .rows(rows)
        .empty(Empty::new(
            "No pair here",
            "Look for duplicates compares all records; the pairs that may be one person come here.",
        ));
    html! { (table) }
}

/// A probability as people read it: never rounded to certainty.
pub(super) fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    if percent > 99.9 { "over 99.9 %".to_owned() } else { format!("{percent:.1} %") }
}
