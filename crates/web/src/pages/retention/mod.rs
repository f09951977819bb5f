//! Retention: charts whose time has ended, and their destruction by two persons.

mod card;
mod case;

pub(super) use card::{instead as card_instead, since as card_notice};

use crate::pages::patient_facts;
use crate::server::{Answer, Clerk, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Column, Desk, Empty, Flash, Form, Heading, Row, Tab, Table, Tone, actions,
    date_text, notice, tabs,
};
use app::Right;
use app::retention::{Cases, Ended, Listing, Part, Standing, cases, list, propose};
use axum::extract::{Path, Query};
use axum::response::IntoResponse;
use integrity::destruction::Holdings;
use integrity::schedule::Governing;
use maud::{Markup, html};
use record::PatientKey;
use std::collections::HashMap;

/// The routes of retention.
pub(super) fn routes(routes: Routes) -> Routes {
    let (see, approve) = (Guard::Right(Right::Retention), Guard::Right(Right::DestructionApprove));
    let carry = Guard::Right(Right::DestructionPropose);
    routes
        .get("/retention", see, first)
        .get("/retention/list/{part}", see, part)
        .post("/retention/propose", carry, put)
        .get("/retention/{case}", see, case::show)
        .get("/retention/{case}/certificate", see, case::certificate)
        .post("/retention/{case}/approve", approve, case::approve)
        .post("/retention/{case}/reject", approve, case::reject)
        .post("/retention/{case}/carry-out", carry, case::carry_out)
        .post("/retention/{case}/explain", approve, case::explain)
}

type Asked = Query<HashMap<String, String>>;

async fn first(clerk: Clerk, Query(asked): Asked) -> Answer {
    let number = |name: &str| asked.get(name).and_then(|text| text.parse::<i64>().ok());
    let after = PatientKey(number("after").unwrap_or(0));
    let seen = clerk.run(move |store, context| list(store, context, after)).await?;
    let content = html! {
        (Heading::new("Retention").lede(html! {
            "Charts whose retention has ended. Of the classes that govern a chart the longest \
             wins; a legal hold, open work and a chart of a living minor stop its destruction."
        }))
        (part_tabs(&seen.counts, None))
        (ended(&clerk, &seen))
    };
    let flash = number("proposed").map(|count| {
        let word = if count == 1 { "chart was" } else { "charts were" };
        Flash::new(Tone::Ok, format!("{count} {word} proposed. Another person approves."))
    });
    let shell = clerk.page("Retention", Desk::Retention).with_flash(flash);
    Ok(Page(shell, content).into_response())
}

fn ended(clerk: &Clerk, seen: &Listing) -> Markup {
    let may = app::access::allowed(clerk.context(), Right::DestructionPropose);
    let table = charts(&seen.charts, may);
    html! {
        @match seen.asked_until {
            None => (notice(Tone::Neutral, html! {
                "No class of the schedule lets a chart be destroyed: none governs charts, or one \
                 keeps them for ever. Classes stand in Administration, Rules."
            })),
            Some(day) => p class="quiet" {
                "Weighed: charts without an encounter after " (date_text(&day.to_string())) "."
            },
        }
        @if may && seen.charts.iter().any(|one| one.standing.stops.is_empty()) {
            (Form::post("/retention/propose").csrf(clerk.csrf()).label("Propose destruction")
                .content(html! {
                    (table)
                    (actions([Button::submit("Propose the chosen").main().key("p")]))
                }))
        } @else { (table) }
        @if seen.withheld_count > 0 {
            p class="quiet" {
                (seen.withheld_count) " more in this list hold what you may not see. Who is \
                 cleared for all of a chart proposes it."
            }
        }
        @if let Some(after) = seen.next {
            (actions([
                Button::link("More charts", format!("/retention?after={}", after.0)).key("m")
            ]))
        }
    }
}

fn charts(charts: &[Ended], may: bool) -> Table {
    let rows = charts.iter().map(|one| {
        let [name, born, _, mrn, _] = patient_facts(&one.patient);
        let key = one.patient.patient.0;
        let id = format!("chart-{key}");
        let choice = match may && one.standing.stops.is_empty() {
            true => html! {
                div class="choice" {
                    input type="checkbox" id=(id) name="patient" value=(key);
                    label for=(id) { (name) }
                }
            },
            false => html! { (name) },
        };
        Row::new([
            choice,
            born,
            mrn,
            until(&one.standing),
            html! { (holdings(&one.standing.holdings)) },
            stops(&one.standing),
        ])
        .opens(format!("/chart/{key}"))
    });
    Table::new("Charts whose retention has ended")
        .column(Column::text("Patient"))
        .column(Column::text("Born").fit())
        .column(Column::text("MRN"))
        .column(Column::text("Kept until, under what"))
        .column(Column::text("Holds"))
        .column(Column::text("Stopped by"))
        .rows(rows)
        .empty(Empty::new(
            "No chart's retention has ended",
            "Charts come here by themselves on the day after the last on which they must be kept.",
        ))
}

fn until(standing: &Standing) -> Markup {
    html! {
        @if let Some(day) = standing.kept_until { (date_text(&day.to_string())) }
        @if let Some(first) = standing.governing.first() {
            br; span class="quiet" {
                (first.citation) " (" (first.jurisdiction) "), " (first.why())
                @if standing.governing.len() > 1 {
                    "; the longest of " (standing.governing.len()) " classes"
                }
            }
        }
    }
}

/// What a chart holds, in words.
fn holdings(held: &Holdings) -> String {
    let some = |count: i64, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    format!(
        "{}, {}, {}",
        some(held.entries_count, "entry", "entries"),
        some(held.versions_count, "version", "versions"),
        some(held.files_count, "file", "files")
    )
}

fn stops(standing: &Standing) -> Markup {
    html! {
        @if standing.stops.is_empty() { span class="quiet" { "nothing" } }
        @for stop in &standing.stops { (Badge::new(Tone::Stop, stop.sentence())) " " }
    }
}

/// The classes that govern a chart, the longest first.
fn schedule(governing: &[Governing]) -> Table {
    use integrity::schedule::KeptUntil;
    let rows = governing.iter().map(|one| {
        Row::new([
            html! { (one.records) },
            html! { (one.citation) " (" (one.jurisdiction) ", version " (one.version) ")" },
            html! { (one.why()) },
            html! {
                @match one.until {
                    KeptUntil::Day(day) => (date_text(&day.to_string())),
                    KeptUntil::Permanently => "for ever",
                    KeptUntil::NotBegun => "not begun",
                }
            },
        ])
    });
    Table::new("Classes that govern the chart, the longest first")
        .column(Column::text("Records"))
        .column(Column::text("Rule"))
        .column(Column::text("Why"))
        .column(Column::text("Kept until").fit())
        .rows(rows)
        .empty(Empty::new("No class governs this chart", "Without one nothing is destroyed."))
}

fn part_tabs(counts: &[(String, i64)], now: Option<Part>) -> Markup {
    let count = |part: Part| -> u64 {
        let of = |(state, n): &(String, i64)| {
            if part.states().contains(&state.as_str()) { n.unsigned_abs() } else { 0 }
        };
        counts.iter().map(of).sum()
    };
    let ended = Tab::new("Retention ended", "/retention").current(now.is_none()).key("1");
    let others = Part::ALL.iter().enumerate().map(|(index, part)| {
        Tab::new(part.label(), format!("/retention/list/{}", part.as_str()))
            .current(Some(*part) == now)
            .count(count(*part))
            .key((index + 2).to_string())
    });
    tabs("Destructions", std::iter::once(ended).chain(others))
}

async fn part(clerk: Clerk, Path(part): Path<String>, Query(asked): Asked) -> Answer {
    let Some(part) = Part::parse(&part) else {
        return Err((app::Error::NotFound, &clerk).into());
    };
    let before = asked.get("before").and_then(|text| text.parse::<i64>().ok());
    let (listed, counts) =
        clerk.run(move |store, context| cases(store, context, part, before)).await?;
    let content = html! {
        (Heading::new(part.label()).under("Retention", "/retention"))
        (part_tabs(&counts, Some(part)))
        (case_table(&clerk, &listed, part))
        @if listed.len() as i64 == app::retention::CASES_MAX {
            @let last = listed.last().map_or(0, |(case, _)| case.id);
            @let older = format!("/retention/list/{}?before={last}", part.as_str());
            (actions([Button::link("Older ones", older).key("m")]))
        }
    };
    Ok(Page(clerk.page(part.label(), Desk::Retention), content).into_response())
}

fn case_table(clerk: &Clerk, listed: &Cases, part: Part) -> Table {
    let rows = listed.iter().map(|(case, patient)| {
        let [name, born, _, mrn, _] = patient_facts(patient);
        Row::new([
            name,
            born,
            mrn,
            html! { (date_text(&case.kept_until)) },
            html! { (holdings(&case.body.listed)) },
            clerk.stamp(case.changed_at),
        ])
        .opens(format!("/retention/{}", case.id))
    });
    Table::new(part.label())
        .column(Column::text("Patient"))
        .column(Column::text("Born").fit())
        .column(Column::text("MRN"))
        .column(Column::text("Kept until").fit())
        .column(Column::text("Listed"))
        .column(Column::text("Since").fit())
        .rows(rows)
        .empty(Empty::new(
            "No destruction here",
            "Charts are proposed from the list of those whose retention has ended.",
        ))
}

async fn put(posted: Posted) -> Answer {
    let chosen: Vec<PatientKey> =
        posted.all("patient").iter().filter_map(|text| text.parse().ok().map(PatientKey)).collect();
    let done = posted.clerk.run(move |store, context| propose(store, context, &chosen)).await?;
    Ok(see_other(format!("/retention?proposed={done}")))
}
