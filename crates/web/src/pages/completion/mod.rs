//! The completion desk: what charts lack, by state, chart and provider; the provider's own page.

mod act;
mod chart;
mod one;
mod provider;

use crate::pages::person_name;
use crate::server::{Answer, Clerk, Failure, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Column, Desk, Empty, Field, Flash, Form, Heading, Row, Tab, Table, Tile,
    Tone, count_text, due, moment, tabs, tiles,
};
use app::Right;
use app::completion::{
    Charts, Listed, ListedChart, Mine, Part, Standing, Terms, find, list, mine, provider_word,
};
use axum::extract::{Path, Query};
use axum::response::IntoResponse;
use integrity::deficiency::DeficiencyState;
use integrity::{ChartStatus, NoticeLevel};
use maud::{Markup, html};
use record::Instant;
use std::collections::HashMap;
use store::deficiency::{DeficiencyRow, ProviderLoad};

/// The routes of the completion desk.
pub(super) fn routes(routes: Routes) -> Routes {
    let desk = Guard::Right(Right::Completion);
    let read = Guard::Right(Right::CompletionRead);
    let own = Guard::Right(Right::Authenticate);
    routes
        .get("/completion", read, first)
        .get("/completion/list/{part}", desk, part)
        .post("/completion/find", desk, look)
        .post("/completion/kinds", desk, kinds)
        .get("/completion/mine", own, own_list)
        .get("/completion/provider/{provider}", desk, provider::show)
        .get("/completion/chart/{encounter}", read, chart::show)
        .post("/completion/chart/{encounter}", desk, chart::open)
        .get("/completion/{deficiency}", read, one::show)
        .post("/completion/{deficiency}/complete", own, act::complete)
        .post("/completion/{deficiency}/decline", own, act::decline)
        .post("/completion/{deficiency}/act", desk, act::act)
        .post("/completion/{deficiency}/file", desk, act::file)
}

type Asked = Query<HashMap<String, String>>;

/// The desk for the desk's people, and for a provider what is theirs.
async fn first(clerk: Clerk, Query(asked): Asked) -> Answer {
    match app::access::allowed(clerk.context(), Right::Completion) {
        true => show(clerk, Part::Desk, &asked).await,
        false => show_mine(clerk).await,
    }
}

async fn part(clerk: Clerk, Path(part): Path<String>) -> Answer {
    let Some(part) = Part::parse(&part) else {
        return Err((app::Error::NotFound, &clerk).into());
    };
    show(clerk, part, &HashMap::new()).await
}

/// Kinds of document for the combobox of a deficiency by hand.
async fn kinds(posted: Posted) -> Answer {
    let allowed = |store: &store::Store, context: &record::Context| {
        app::access::require(store, context, Right::Completion)
    };
    posted.clerk.run(allowed).await?;
    Ok(crate::pages::entry::kinds_found(posted.text("q")))
}

/// Counts of the last look travel in the address: they identify nobody.
async fn look(posted: Posted) -> Answer {
    let since = posted.given("since").map(str::to_owned);
    let found = posted.clerk.run(move |store, context| {
        let day = since.as_deref().map(str::parse::<jiff::civil::Date>).transpose();
        let wrong = |_| app::Error::Refused("Give the day as 2026-03-04, or leave it out.".into());
        find(store, context, day.map_err(wrong)?)
    });
    let found = found.await?;
    Ok(see_other(format!(
        "/completion?encounters={}&opened={}&met={}",
        found.encounters_count, found.opened_count, found.met_count
    )))
}

async fn show(clerk: Clerk, part: Part, asked: &HashMap<String, String>) -> Answer {
    let (standing, listed, charts) =
        clerk.run(move |store, context| list(store, context, part)).await?;
    let mut heading = Heading::new("Completion").lede(html! {
        "What charts lack by the rules in force, whose it is, and until when."
    });
    if app::access::allowed(clerk.context(), Right::Authenticate) {
        heading = heading.action(Button::link("My deficiencies", "/completion/mine").key("m"));
    }
    let now = clerk.context().at;
    let content = html! {
        (heading)
        (figures(&standing))
        (part_tabs(&standing, part))
        @match part {
            Part::Desk | Part::Delinquent | Part::Open => {
                (table(part.label(), &listed, &standing.terms, now).empty(nothing(part)))
                (not_listed(&standing, part, listed.len()))
            }
            Part::Charts => { (charts_table(&charts, &standing.terms, now)) }
            Part::Providers => { (loads_table(&standing.loads, &standing.terms, now)) }
        }
        (Card::new("Hold charts against the rules", find_form(&clerk)))
    };
    let shell = clerk.page("Completion", Desk::Completion).with_flash(looked(asked));
    Ok(Page(shell, content).into_response())
}

fn find_form(clerk: &Clerk) -> Markup {
    let form = Form::post("/completion/find").csrf(clerk.csrf());
    let form = form.label("Hold charts against the rules").content(html! {
        p class="quiet" {
            "New and changed encounters. The server does it by itself every hour and after each \
             import, for those of the last year."
        }
        (Field::date("since", "Encounters that ended since").optional()
            .hint("As 2026-03-04. Left out: a year ago; charts of before that came by import were \
                   completed, or not, elsewhere"))
        (crate::ui::actions([Button::submit("Hold charts against the rules").key("l")]))
    });
    html! { (form) }
}

fn looked(asked: &HashMap<String, String>) -> Option<Flash> {
    let number = |name: &str| asked.get(name).and_then(|text| text.parse::<u64>().ok());
    let text = format!(
        "{} encounters were held against the rules: {} deficiencies opened, {} met.",
        count_text(number("encounters")?),
        count_text(number("opened")?),
        count_text(number("met")?)
    );
    Some(Flash::new(Tone::Ok, text))
}

fn count(n: i64) -> String {
    count_text(n.max(0).unsigned_abs())
}

fn figures(standing: &Standing) -> Markup {
    let suspended =
        standing.loads.iter().filter(|load| load.suspension_charts_count > 0).count() as u64;
    tiles([
        Tile::new("Charts deficient", count(standing.charts_count))
            .opens("/completion/list/charts"),
        Tile::new("Charts delinquent", count(standing.delinquent_charts_count))
            .opens("/completion/list/delinquent")
            .formula("charts with a deficiency past its time, open or to be verified")
            .source("42 CFR 482.24(c)(4)(vii): complete within 30 days of discharge"),
        Tile::new("To verify", count(standing.count(&["completed"])))
            .opens("/completion/list/desk"),
        Tile::new("Providers to be suspended", count_text(suspended))
            .opens("/completion/list/providers")
            .formula("providers for whom a chart waits so late that the site suspends"),
    ])
}

fn part_tabs(standing: &Standing, now: Part) -> Markup {
    let late: i64 = standing.counts.iter().map(|(_, _, late)| *late).sum();
    let all: i64 = standing.counts.iter().map(|(_, count, _)| *count).sum();
    let number = |part: Part| match part {
        Part::Desk => standing.count(&["completed", "declined"]),
        Part::Delinquent => late,
        Part::Open => all,
        Part::Charts => standing.charts_count,
        Part::Providers => standing.loads.len() as i64,
    };
    tabs(
        "Deficiencies",
        Part::ALL.iter().enumerate().map(|(index, part)| {
            Tab::new(part.label(), format!("/completion/list/{}", part.as_str()))
                .current(*part == now)
                .count(number(*part).max(0).unsigned_abs())
                .key((index + 1).to_string())
        }),
    )
}

fn nothing(part: Part) -> Empty {
    match part {
        Part::Desk => Empty::new(
            "Nothing to verify",
            "What a provider completed, or says is not theirs, comes here.",
        ),
        Part::Delinquent => Empty::new(
            "Nothing is past its time",
            "A deficiency comes here when its time has run out.",
        ),
        Part::Open | Part::Charts | Part::Providers => Empty::new(
            "No deficiency is open",
            "They are opened when an encounter ends, when a document is indexed, after an import, \
             and by hand from the chart.",
        ),
    }
}

fn not_listed(standing: &Standing, part: Part, listed: usize) -> Markup {
    let late: i64 = standing.counts.iter().map(|(_, _, late)| *late).sum();
    let all: i64 = standing.counts.iter().map(|(_, count, _)| *count).sum();
    let counted = match part {
        Part::Desk => standing.count(&["completed", "declined"]),
        Part::Delinquent => late,
        Part::Open | Part::Charts | Part::Providers => all,
    };
    withheld(counted - listed as i64)
}

/// Says how many are counted and not listed.
fn withheld(more: i64) -> Markup {
    html! {
        @if more > 0 {
            p class="quiet" {
                (count(more)) " more are counted and not listed: beyond the end of the list, or \
                 not open to you."
            }
        }
    }
}

/// A table of deficiencies, each opened by its row.
fn table(caption: &str, listed: &[Listed], terms: &Terms, now: Instant) -> Table {
    let row = |one: &Listed| {
        Row::new([
            html! { (one.row.document_name) " " span class="quiet" { (one.row.kind.label()) } },
            person_name(&one.patient.name),
            html! { (one.patient.mrn.reveal()) },
            provider_name(&one.row.state.assignee().name),
            due_at(one.row.due_at, terms, now),
            html! { (notice_badge(one.notice)) },
            html! { (state_badge(&one.row.state)) },
        ])
        .opens(format!("/completion/{}", one.row.id))
    };
    Table::new(caption)
        .column(Column::text("What is wanting"))
        .column(Column::text("Patient"))
        .column(Column::text("MRN"))
        .column(Column::text("Provider"))
        .column(Column::text("Due"))
        .column(Column::text("Notice"))
        .column(Column::text("State"))
        .rows(listed.iter().map(row))
}

fn charts_table(charts: &Charts, terms: &Terms, now: Instant) -> Markup {
    let row = |chart: &ListedChart| {
        let names: std::collections::BTreeSet<&str> =
            chart.open.iter().map(|row| row.document_name.as_str()).collect();
        let oldest = chart.open.iter().filter_map(|row| row.due_at).min();
        Row::new([
            person_name(&chart.patient.name),
            html! { (chart.patient.mrn.reveal()) },
            html! { (chart_badge(chart.status)) },
            html! { (chart.open.len()) },
            html! { (names.into_iter().collect::<Vec<_>>().join("; ")) },
            due_at(oldest, terms, now),
        ])
        .opens(format!("/completion/chart/{}", chart.encounter.0))
    };
    let table = Table::new("Charts by their earliest due date")
        .column(Column::text("Patient"))
        .column(Column::text("MRN"))
        .column(Column::text("Chart"))
        .column(Column::number("Open"))
        .column(Column::text("What is wanting"))
        .column(Column::text("Earliest due"))
        .rows(charts.iter().map(row))
        .empty(nothing(Part::Charts));
    html! { (table) }
}

fn loads_table(loads: &[ProviderLoad], terms: &Terms, now: Instant) -> Markup {
    let row = |load: &ProviderLoad| {
        let notice = terms.notice(load.oldest_due_at, now);
        Row::new([
            provider_name(&load.provider),
            html! { @if load.account.is_some() { "yes" } @else { "no" } },
            html! { (count(load.deficiencies_count)) },
            html! { (count(load.charts_count)) },
            html! { (count(load.delinquent_charts_count)) },
            html! { (count(load.suspension_charts_count)) },
            due_at(load.oldest_due_at, terms, now),
            html! { (notice_badge(notice)) },
        ])
        .opens(format!("/completion/provider/{}", provider_word(load)))
    };
    let table = Table::new("Providers by their delinquent charts")
        .column(Column::text("Provider"))
        .column(Column::text("Account"))
        .column(Column::number("Deficiencies"))
        .column(Column::number("Charts"))
        .column(Column::number("Delinquent charts"))
        .column(Column::number("To suspend").unit("charts"))
        .column(Column::text("Earliest due"))
        .column(Column::text("Notice"))
        .rows(loads.iter().map(row))
        .empty(nothing(Part::Providers));
    html! { (table) }
}

async fn own_list(clerk: Clerk) -> Answer {
    show_mine(clerk).await
}

async fn show_mine(clerk: Clerk) -> Answer {
    let found = clerk.run(mine).await?;
    let now = clerk.context().at;
    let heading = Heading::new("My deficiencies")
        .lede(html! { "Documents and signatures that wait for you, due first. Enter opens one." })
        .action(Button::link("Authenticate entries", "/authenticate").key("a"));
    let content = html! {
        (heading)
        (notice_card(&found, now))
        (own_figures(&found))
        (table("What waits for you, due first", &found.listed, &found.terms, now)
            .empty(Empty::new("Nothing waits for you",
                "A document that you owe to a chart, or a signature, comes here by itself.")))
        (withheld(found.withheld_count))
    };
    Ok(Page(clerk.page("My deficiencies", Desk::Completion), content).into_response())
}

fn own_figures(found: &Mine) -> Markup {
    let of = |count_of: fn(&ProviderLoad) -> i64| count(found.load.as_ref().map_or(0, count_of));
    tiles([
        Tile::new("Deficiencies", of(|load| load.deficiencies_count)),
        Tile::new("Charts", of(|load| load.charts_count)),
        Tile::new("Delinquent charts", of(|load| load.delinquent_charts_count)),
    ])
}

/// What the site's notice says by now; nothing where no notice has begun.
fn notice_card(found: &Mine, now: Instant) -> Markup {
    let Some(load) = &found.load else { return html! {} };
    let tone = notice_tone(found.notice);
    let charts = |n: i64| if n == 1 { "1 chart".to_owned() } else { format!("{n} charts") };
    let words = match found.notice {
        NoticeLevel::None => return html! {},
        NoticeLevel::Reminder => "Something is due within two weeks.".to_owned(),
        NoticeLevel::Warning => "Something is due within days.".to_owned(),
        NoticeLevel::Delinquent => {
            format!("{} past the time allowed.", charts(load.delinquent_charts_count))
        }
        NoticeLevel::Suspension => format!(
            "{} past the time allowed, {} so late that the site's bylaws suspend. A suspension \
             does not stop the clock.",
            charts(load.delinquent_charts_count),
            load.suspension_charts_count
        ),
    };
    crate::ui::notice(
        tone,
        html! {
            p { strong { (found.notice.label()) ": " } (words) }
            @if let Some(oldest) = load.oldest_due_at {
                p { "The earliest was or is due " (due_at(Some(oldest), &found.terms, now)) }
            }
        },
    )
}

fn notice_tone(notice: NoticeLevel) -> Tone {
    match notice {
        NoticeLevel::None => Tone::Neutral,
        NoticeLevel::Reminder => Tone::Info,
        NoticeLevel::Warning => Tone::Warn,
        NoticeLevel::Delinquent | NoticeLevel::Suspension => Tone::Stop,
    }
}

fn notice_badge(notice: NoticeLevel) -> Badge {
    Badge::new(notice_tone(notice), notice.label())
}

/// The state of a deficiency.
fn state_badge(state: &DeficiencyState) -> Badge {
    let tone = match state {
        DeficiencyState::Pending { .. } | DeficiencyState::Reassigned { .. } => Tone::Warn,
        DeficiencyState::Rejected { .. } | DeficiencyState::Declined { .. } => Tone::Stop,
        DeficiencyState::Completed { .. } => Tone::Info,
        DeficiencyState::Verified { .. } => Tone::Ok,
        DeficiencyState::Waived { .. } => Tone::Neutral,
    };
    Badge::new(tone, state.label())
}

/// What a chart is called.
pub(crate) fn chart_badge(status: ChartStatus) -> Badge {
    let tone = match status {
        ChartStatus::Complete => Tone::Ok,
        ChartStatus::Incomplete => Tone::Info,
        ChartStatus::Deficient => Tone::Warn,
        ChartStatus::Delinquent => Tone::Stop,
    };
    Badge::new(tone, status.label())
}

fn provider_name(name: &str) -> Markup {
    html! { @if name.is_empty() { span class="quiet" { "nobody named" } } @else { (name) } }
}

/// A due date with the days left, in the site's zone.
fn due_at(at: Option<Instant>, terms: &Terms, now: Instant) -> Markup {
    html! {
        @match at {
            Some(at) => { (due(at.date_in(&terms.zone), now.date_in(&terms.zone))) }
            None => { span class="quiet" { "no clock runs" } }
        }
    }
}

/// A table of the deficiencies of one chart.
fn of_chart(rows: &[DeficiencyRow], terms: &Terms, now: Instant) -> Markup {
    let row = |one: &DeficiencyRow| {
        Row::new([
            html! { (one.document_name) " " span class="quiet" { (one.kind.label()) } },
            provider_name(&one.state.assignee().name),
            html! {
                @match one.closed_at {
                    Some(at) => { "closed " (moment(at, &terms.zone)) }
                    None => { (due_at(one.due_at, terms, now)) }
                }
            },
            html! { (state_badge(&one.state)) },
            html! { span class="quiet" { (one.citation) } },
        ])
        .opens(format!("/completion/{}", one.id))
    };
    let table = Table::new("Deficiencies of this chart")
        .column(Column::text("What is wanting"))
        .column(Column::text("Provider"))
        .column(Column::text("Due"))
        .column(Column::text("State"))
        .column(Column::text("Rule"))
        .rows(rows.iter().map(row))
        .empty(Empty::new(
            "Nothing is wanting",
            "The rules ask for nothing that is not there. What no rule knows is opened below.",
        ));
    html! { (table) }
}

/// What stands in the chart's timeline beside an encounter.
pub(crate) fn panel(encounter: i64, panel: &app::completion::ChartPanel) -> Markup {
    let names: Vec<&str> = panel.open.iter().map(|row| row.document_name.as_str()).collect();
    html! {
        p {
            (chart_badge(panel.status)) " "
            a href={ "/completion/chart/" (encounter) } {
                (panel.open.len())
                @if panel.open.len() == 1 { " deficiency" } @else { " deficiencies" }
            }
            " " span class="quiet" { (names.join("; ")) }
        }
    }
}

fn not_found(clerk: &Clerk) -> Failure {
    Failure::new(app::Error::NotFound, &clerk.shell)
}
