//! The reports desk: the first page, a report over its period, the rows of a number, files.

mod choose;
mod files;
mod formulas;
mod overview;
mod rows;
mod show;

use crate::server::{Guard, Routes};
use crate::ui::{Tile, count_text, date_for_people};
use app::Right;
use app::reports::{Asked, Report, Scope};
use maud::{Markup, html};
use report::Figure;
use std::collections::HashMap;

/// The routes of the desk.
pub(super) fn routes(routes: Routes) -> Routes {
    let guard = Guard::Right(Right::Report);
    routes
        .get("/reports", guard, overview::show)
        .get("/reports/formulas", guard, formulas::show)
        .get("/reports/{report}", guard, show::show)
        .get("/reports/{report}/pdf", guard, files::pdf)
        .get("/reports/{report}/csv/{table}", guard, files::csv)
        .get("/reports/{report}/rows/{figure}", guard, rows::show)
        .get("/reports/{report}/rows/{figure}/csv", guard, files::rows_csv)
}

/// The query of an address of this desk.
type Given = HashMap<String, String>;

fn asked_of(given: &Given) -> Asked {
    Asked::of(|name| given.get(name).map(String::as_str))
}

fn report_of(word: &str) -> Result<Report, app::Error> {
    Report::parse(word).ok_or(app::Error::NotFound)
}

/// Where and when, in a line under the heading.
fn scope_text(scope: &Scope, report: Option<Report>) -> Markup {
    let day = |day: jiff::civil::Date| date_for_people(&day.to_string());
    let by_unit = report.is_none_or(Report::is_by_unit);
    let is_cut = scope.period.until.tomorrow().is_ok_and(|next| next == scope.today);
    html! {
        @if report.is_none_or(Report::is_by_facility) { (scope.facility_text()) ", " }
        @if by_unit && !scope.asked.unit.is_empty() { (scope.asked.unit) ", " }
        (day(scope.period.from)) " to " (day(scope.period.until))
        " (" (scope.period.length_days()) " days, by the clock of " (scope.zone_name) ")"
        @if is_cut { "; today isn't over and not counted" }
    }
}

/// A number that opens its rows and shows its formula.
fn tile(figure: &Figure, scope: &Scope, may_open: bool) -> Tile {
    let report = Report::of_figure(&figure.name);
    let value = figure.value.map_or("none".to_owned(), |value| apart(&figure.number(value)));
    let mut tile = Tile::new(figure.title.as_str(), value).formula(format!(
        "{} = {} (version {})",
        figure.formula,
        figure.numbers(),
        figure.version
    ));
    let words = figure.in_words();
    if let (Some(_), Some((_, unit))) = (figure.value, words.split_once(' ')) {
        tile = tile.unit(unit);
    }
    let source = report::by_name(&figure.name).and_then(|m| m.section("Source"));
    if let Some(source) = source {
        tile = tile.source(source.replace('\n', " "));
    }
    if let Some(reason) = &figure.no_value {
        tile = tile.note(html! { (reason) });
    }
    match report.filter(|_| may_open && !figure.rows.is_empty()) {
        Some(report) => tile.opens(format!(
            "/reports/{}/rows/{}?{}",
            report.as_str(),
            figure.name,
            scope.asked.query()
        )),
        None => tile,
    }
}

/// A number with its thousands apart.
fn apart(number: &str) -> String {
    let (whole, rest) = number.split_once('.').map_or((number, ""), |(whole, rest)| (whole, rest));
    let Ok(count) = whole.parse() else { return number.to_owned() };
    if rest.is_empty() { count_text(count) } else { format!("{}.{rest}", count_text(count)) }
}

/// Whether this clerk may open the rows of a report: accesses are the audit trail's.
fn may_open(context: &record::Context, report: Report) -> bool {
    report != Report::Accesses || app::access::allowed(context, Right::AuditRead)
}
