//! Reports as files: PDF for paper, CSV for a spreadsheet. Each is audited.

use super::{Given, asked_of, report_of};
use crate::server::{Answer, Clerk, Failure};
use app::reports::{export_table, pdf as pdf_of, rows, rows_table};
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use report::{Period, Table};

const CSV: &str = "text/csv; charset=utf-8";

pub(super) async fn pdf(
    clerk: Clerk,
    Path(word): Path<String>,
    Query(given): Query<Given>,
) -> Answer {
    let report = report_of(&word).map_err(|error| Failure::new(error, &clerk.shell))?;
    let asked = asked_of(&given);
    let made = clerk.run(move |store, context| pdf_of(store, context, report, &asked)).await?;
    Ok(file(&made.0, "application/pdf", made.1))
}

pub(super) async fn csv(
    clerk: Clerk,
    Path((word, table)): Path<(String, String)>,
    Query(given): Query<Given>,
) -> Answer {
    let report = report_of(&word).map_err(|error| Failure::new(error, &clerk.shell))?;
    let (asked, named) = (asked_of(&given), table.clone());
    let (opened, found) = clerk
        .run(move |store, context| export_table(store, context, report, &asked, &named))
        .await?;
    let name = format!("{}-{table}", report.as_str());
    Ok(csv_file(&name, opened.scope.period, &found))
}

pub(super) async fn rows_csv(
    clerk: Clerk,
    Path((word, figure)): Path<(String, String)>,
    Query(given): Query<Given>,
) -> Answer {
    let report = report_of(&word).map_err(|error| Failure::new(error, &clerk.shell))?;
    let asked = asked_of(&given);
    let found =
        clerk.run(move |store, context| rows(store, context, report, &asked, &figure)).await?;
    let name = found.figure.name.replace('.', "-");
    Ok(csv_file(&name, found.scope.period, &rows_table(&found)))
}

fn csv_file(name: &str, period: Period, table: &Table) -> Response {
    let name = format!("{name}-{}-to-{}.csv", period.from, period.until);
    // A byte order mark: without it spreadsheets take the file for an older encoding.
    let text = format!("\u{FEFF}{}", report::csv::write(table));
    file(&name, CSV, text.into_bytes())
}

fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let name: String = name.chars().filter(plain).collect();
    let place = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, place)];
    (headers, bytes).into_response()
}
