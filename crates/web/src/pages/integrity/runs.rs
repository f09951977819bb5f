//! Runs of all checks: their history, their trend, and one with the counts of each check.

use super::checks::{day, run_state};
use super::{cause, desk_tabs, score, state_badge};
use crate::server::{Answer, Clerk, Page, Posted, see_other};
use crate::ui::{Card, Column, Desk, Empty, Facts, Heading, Row, Table, count_text, moment, plot};
use app::integrity::{RunPage, run_page, runs};
use axum::extract::Path;
use axum::response::IntoResponse;
use integrity::checks::all;
use maud::{Markup, html};
use report::Plot;
use report::plot::Series;
use store::quality::QualityCount;

pub(super) async fn ask(posted: Posted) -> Answer {
    posted.clerk.run(app::integrity::ask).await?;
    Ok(see_other("/integrity"))
}

pub(super) async fn list(clerk: Clerk) -> Answer {
    let seen = clerk.run(runs).await?;
    let content = html! {
        (Heading::new("Runs").under("Integrity", "/integrity").lede(html! {
            "All checks run over all charts every night, and when somebody asks. Next by \
             itself: " (moment(seen.next_at, &seen.zone))
        }))
        (desk_tabs(&clerk, "/integrity/runs"))
        (run_state(seen.runs.first()))
        (trend(&seen.counts))
        (table(&clerk, &seen))
    };
    Ok(Page(clerk.page("Runs", Desk::Integrity), content).into_response())
}

/// What all checks of a run counted together, the oldest run first: run, when, failing, judged.
fn sums(counts: &[QualityCount]) -> Vec<(i64, record::Instant, i64, i64)> {
    let mut sums: Vec<(i64, record::Instant, i64, i64)> = Vec::new();
    for count in counts {
        match sums.last_mut() {
            Some(sum) if sum.0 == count.run => {
                sum.2 += count.failing;
                sum.3 += count.judged;
            }
            _ => sums.push((count.run, count.at, count.failing, count.judged)),
        }
    }
    sums
}

fn trend(counts: &[QualityCount]) -> Markup {
    let sums = sums(counts);
    html! {
        @if sums.len() > 1 {
            (plot(&Plot::lines("Failing rows by run", "Run")
                .unit("rows")
                .places(sums.iter().map(|sum| day(sum.1)))
                .series(Series::new("Failing", sums.iter().map(|sum| Some(sum.2 as f64))))))
        }
    }
}

fn table(clerk: &Clerk, seen: &RunPage) -> Table {
    let sums = sums(&seen.counts);
    let rows = seen.runs.iter().map(|run| {
        let sum = sums.iter().find(|sum| sum.0 == run.id);
        let number = |number: i64| html! { (count_text(number.unsigned_abs())) };
        let none = || html! { "–" };
        Row::new([
            clerk.stamp(run.asked_at),
            cause(&run.cause, &seen.names, &run.asked_by),
            html! { (state_badge(&run.state)) },
            number(run.patients_done),
            sum.map_or_else(none, |sum| number(sum.2)),
            sum.map_or_else(none, |sum| html! { (score(sum.2, sum.3)) }),
            number(run.opened_count),
            number(run.fixed_count),
        ])
        .opens(format!("/integrity/runs/{}", run.id))
    });
    Table::new("Runs, the newest first")
        .column(Column::text("When").fit())
        .column(Column::text("Why"))
        .column(Column::text("State").fit())
        .column(Column::number("Charts"))
        .column(Column::number("Failing"))
        .column(Column::number("Score").unit("failing of judged"))
        .column(Column::number("Opened"))
        .column(Column::number("Mended"))
        .rows(rows)
        .empty(Empty::new("No run yet", "The checks run every night at 2:00, and when you ask."))
}

pub(super) async fn show(clerk: Clerk, Path(id): Path<i64>) -> Answer {
    let (run, counts) = clerk.run(move |store, context| run_page(store, context, id)).await?;
    let rows = counts.iter().map(|count| {
        let check = all().iter().find(|check| check.name == count.check);
        Row::new([
            html! { (check.map_or(count.check.as_str(), |check| check.title)) },
            html! { (count_text(count.failing.unsigned_abs())) },
            html! { (count_text(count.judged.unsigned_abs())) },
            html! { (check.map_or("", |check| check.denominator)) },
            html! { (score(count.failing, count.judged)) },
        ])
        .opens(format!("/integrity/checks/{}", count.check))
    });
    let table = Table::new("Counts by check")
        .column(Column::text("Check"))
        .column(Column::number("Failing"))
        .column(Column::number("Judged"))
        .column(Column::text("Of"))
        .column(Column::number("Score"))
        .rows(rows)
        .empty(Empty::new("No counts yet", "They stand here when the run has ended."));
    let facts = Facts::new()
        .fact("State", state_badge(&run.state))
        .fact("Asked", clerk.stamp(run.asked_at))
        .fact_if("Ended", run.finished_at.map(|at| clerk.stamp(at)))
        .fact_if("Why it failed", run.failure.as_deref())
        .fact("Charts checked", run.patients_done)
        .fact("Findings opened", run.opened_count)
        .fact("Findings seen mended", run.fixed_count);
    let content = html! {
        (Heading::new("Run").under("Integrity", "/integrity").under("Runs", "/integrity/runs"))
        (Card::new("Run", facts))
        (table)
    };
    Ok(Page(clerk.page("Run", Desk::Integrity), content).into_response())
}
