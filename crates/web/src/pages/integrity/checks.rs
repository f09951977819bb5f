//! The checks with their scores; one check with what it means, its trend and its findings.

use super::{desk_tabs, failed, findings, score};
use crate::server::{Answer, Clerk, Page};
use crate::ui::{
    Button, Card, Column, Desk, Empty, Facts, Form, Heading, Row, Table, Tile, Tone, actions,
    count_text, notice, plot, progress, tiles, why,
};
use app::integrity::{CheckStanding, Overview, check_page, overview as load};
use axum::extract::Path;
use axum::response::IntoResponse;
use integrity::checks::Check;
use integrity::manual::{category, characteristic};
use maud::{Markup, html};
use report::Plot;
use report::plot::Series;
use store::quality::{QualityCount, QualityRun};

pub(super) async fn overview(clerk: Clerk) -> Answer {
    let seen = clerk.run(load).await?;
    let content = html! {
        (Heading::new("Integrity").lede(html! {
            "Twenty checks look at every chart. A row that fails opens work; putting it right \
             closes it, because the check runs again on that chart."
        }))
        (desk_tabs(&clerk, "/integrity"))
        (run_state(seen.run.as_ref()))
        (figures(&clerk, &seen))
        (Form::post("/integrity/run").csrf(clerk.csrf()).label("Run all checks").content(
            actions([Button::submit("Run all checks now").key("l")])
        ))
        (table(&seen))
    };
    Ok(Page(clerk.page("Integrity", Desk::Integrity), content).into_response())
}

/// What the latest run is doing.
pub(super) fn run_state(run: Option<&QualityRun>) -> Markup {
    let Some(run) = run else {
        return notice(
            Tone::Info,
            html! {
                p { "The checks have not run yet. They run every night at 2:00, and when you ask." }
            },
        );
    };
    let count = |number: i64| number.unsigned_abs();
    match run.state.as_str() {
        "done" => html! {},
        "failed" => failed(
            "The last run",
            run.failure.as_deref(),
            "Run all checks again when it is put right; the counts below are of the run before.",
        ),
        "waiting" => notice(
            Tone::Info,
            html! {
                p { "A run waits for its turn; it begins within seconds. " }
                (actions([Button::link("Look again", "/integrity").key("r")]))
            },
        ),
        _ => notice(
            Tone::Info,
            html! {
                (progress("run", "Charts checked", count(run.patients_done),
                    count(run.patients_count)))
                (actions([Button::link("Look again", "/integrity").key("r")]))
            },
        ),
    }
}

fn figures(clerk: &Clerk, seen: &Overview) -> Markup {
    let open: i64 = seen.checks.iter().map(|one| one.open_count).sum();
    let accepted: i64 = seen.checks.iter().map(|one| one.accepted_count).sum();
    let failing: i64 = seen.checks.iter().filter_map(|one| Some(one.last.as_ref()?.failing)).sum();
    let judged: i64 = seen.checks.iter().filter_map(|one| Some(one.last.as_ref()?.judged)).sum();
    let mut to_mend =
        Tile::new("Rows to mend", count_text(open.unsigned_abs())).opens("/integrity/list/open");
    if seen.withheld_count > 0 {
        to_mend = to_mend.note(html! {
            (seen.withheld_count) " of them on entries that you may not see"
        });
    }
    let last = seen.counts.last().map(|count| count.at);
    tiles([
        to_mend,
        Tile::new("Accepted", count_text(accepted.unsigned_abs()))
            .opens("/integrity/list/accepted")
            .note("Known, and not a fault, until a day"),
        Tile::new("Failing in the last run", score(failing, judged))
            .formula(format!("{failing} failing / {judged} judged, over all checks"))
            .source("Kahn et al., eGEMs 2016; AHIMA Data Quality Management Model, 2015")
            .note(match last {
                Some(at) => html! { "Run of " (clerk.stamp(at)) },
                None => html! { "No run yet" },
            }),
    ])
}

fn table(seen: &Overview) -> Table {
    Table::new("Checks, in the order of the manual")
        .column(Column::text("Check"))
        .column(Column::text("Whose work"))
        .column(Column::number("Failing").fit())
        .column(Column::number("Judged").fit())
        .column(Column::number("Score").unit("failing of judged").fit())
        .column(Column::number("Since the run before").fit())
        .column(Column::number("To mend").fit())
        .column(Column::number("Accepted").fit())
        .rows(seen.checks.iter().map(row))
}

fn row(one: &CheckStanding) -> Row {
    let count = |number: i64| html! { (count_text(number.unsigned_abs())) };
    let (failing, judged, scored) = match &one.last {
        Some(last) => {
            let scored = html! { (score(last.failing, last.judged)) };
            (count(last.failing), count(last.judged), scored)
        }
        None => (html! { "–" }, html! { "–" }, html! { "–" }),
    };
    Row::new([
        html! { (one.check.title) },
        html! { (one.check.role.label()) },
        failing,
        judged,
        scored,
        html! { (change(one)) },
        count(one.open_count),
        count(one.accepted_count),
    ])
    .opens(format!("/integrity/checks/{}", one.check.name))
}

fn change(one: &CheckStanding) -> String {
    match (&one.last, &one.before) {
        (Some(last), Some(before)) => match last.failing - before.failing {
            0 => "same".to_owned(),
            more if more > 0 => format!("{more} more"),
            fewer => format!("{} fewer", -fewer),
        },
        _ => "–".to_owned(),
    }
}

pub(super) async fn show(clerk: Clerk, Path(name): Path<String>) -> Answer {
    let (standing, counts, listing) =
        clerk.run(move |store, context| check_page(store, context, &name)).await?;
    let check = standing.check;
    let content = html! {
        (Heading::new(check.title).under("Integrity", "/integrity").lede(html! {
            (text(check, "What it finds"))
        }))
        (facts(&clerk, &standing))
        (Card::new("Why it matters", html! { p { (text(check, "Why it matters")) } }))
        (why("Example and source", html! {
            p { (text(check, "Example").replace('`', "")) }
            p class="citation" { (text(check, "Source")) }
        }, None))
        @if counts.len() > 1 { (plot(&trend(check, &counts))) }
        (Card::new("To mend", findings::table(&clerk, &listing, "Rows that fail this check")))
    };
    Ok(Page(clerk.page(check.title, Desk::Integrity), content).into_response())
}

/// A heading of the check's manual.
pub(super) fn text(check: &Check, heading: &str) -> String {
    check.section(heading).unwrap_or_default().replace('\n', " ")
}

fn facts(clerk: &Clerk, standing: &CheckStanding) -> Facts {
    let check = standing.check;
    let last = standing.last.as_ref().map(|last| {
        html! {
            (last.failing) " of " (last.judged) " " (check.denominator) ": "
            (score(last.failing, last.judged)) ", run of " (clerk.stamp(last.at))
        }
    });
    Facts::new()
        .fact("Score", last.unwrap_or_else(|| html! { "Not run yet" }))
        .fact(
            "Watches",
            format!(
                "{} (AHIMA), {} (Kahn et al.)",
                characteristic(check.characteristic),
                category(check.category)
            ),
        )
        .fact("Whose work", format!("{}, within {} days", check.role.label(), check.days))
        .fact("To mend", standing.open_count)
        .fact("Accepted", standing.accepted_count)
}

fn trend(check: &Check, counts: &[QualityCount]) -> Plot {
    let rate = |count: &QualityCount| {
        (count.judged > 0).then(|| count.failing as f64 * 100.0 / count.judged as f64)
    };
    Plot::lines(format!("{} by run", check.title), "Run")
        .unit("% of rows judged")
        .decimals(2)
        .places(counts.iter().map(|count| day(count.at)))
        .series(Series::new("Failing", counts.iter().map(rate)))
}

/// The day of a run, short enough for an axis.
pub(super) fn day(at: record::Instant) -> String {
    at.timestamp().strftime("%-d %b").to_string()
}

/// What stands in a list where nothing fails.
pub(super) fn nothing() -> Empty {
    Empty::new(
        "No row here",
        "Rows that fail a check come here when the checks run: every night, when somebody asks, \
         and again for each chart that is written to.",
    )
}
