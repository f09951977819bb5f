//! A report on paper: a PDF written from nothing, with its numbers, formulas, plots and tables.

use super::asked::Asked;
use super::catalog::Report;
use super::opened::{Opened, audited};
use crate::Error;
use record::Context;
use redaction::pdf::drawing::{Ink, Stroke, drawn};
use redaction::pdf::layout::{Block, Line, lines, pages};
use redaction::pdf::write::{WriteError, Writer};
use report::plot::{Anchor, HEIGHT, Plot, Shape, WIDTH};
use report::{Figure, Table};
use store::Store;

/// Rows of a table that are printed; the file of the table has all of them.
const ROWS_MAX: usize = 400;
/// Points of paper for one unit of a plot: a plot is as wide as the text.
const SCALE: f64 = 468.0 / WIDTH;
/// Points above a plot for its title.
const TITLE: f64 = 20.0;

/// A report as a PDF: its name and its bytes.
///
/// # Errors
/// As [`super::open`]; [`Error::Internal`] where it can't be written.
pub fn pdf(
    store: &Store,
    context: &Context,
    report: Report,
    asked: &Asked,
) -> Result<(String, Vec<u8>), Error> {
    let opened = audited(store, context, report, asked, "report.pdf")?;
    let bytes = written(&opened).map_err(|error| Error::Internal(error.to_string()))?;
    let (from, until) = (opened.scope.period.from, opened.scope.period.until);
    Ok((format!("{}-{from}-to-{until}.pdf", report.as_str()), bytes))
}

fn written(opened: &Opened) -> Result<Vec<u8>, WriteError> {
    let laid = laid(opened);
    let scope = &opened.scope;
    let made = scope.at.timestamp().to_zoned(scope.zone.clone());
    let footer = format!("Made {} by Chartroom", made.strftime("%-d %b %Y %H:%M %Z"));
    let title = opened.report.title();
    let mut writer = Writer::titled(title, &footer, pages(laid.clone()).len());
    writer.add_lines(&format!("{} · {title}", scope.facility_text()), laid)?;
    writer.finish()
}

fn laid(opened: &Opened) -> Vec<Line> {
    let scope = &opened.scope;
    let paragraph = |text: String| Block::Paragraph { text };
    let day = |date: jiff::civil::Date| date.strftime("%-d %b %Y").to_string();
    let unit = match scope.asked.unit.as_str() {
        unit if !unit.is_empty() && opened.report.is_by_unit() => format!(", {unit}"),
        _ => String::new(),
    };
    let mut blocks = vec![
        Block::Title { text: opened.report.title().to_owned() },
        paragraph(format!("{}{unit}", scope.facility_text())),
        paragraph(format!(
            "{} to {}: {} days, which begin and end at midnight in {}.",
            day(scope.period.from),
            day(scope.period.until),
            scope.period.length_days(),
            scope.zone_name
        )),
        paragraph(opened.report.lede().to_owned() + "."),
        Block::Heading { text: "Figures".to_owned() },
        figures(&opened.figures),
    ];
    blocks.extend(opened.report.note().map(|note| paragraph(note.to_owned())));
    let mut laid = lines(&blocks);
    laid.extend(opened.plots.iter().map(drawing));
    let mut blocks = Vec::new();
    for table in &opened.tables {
        blocks.push(Block::Heading { text: table.title.clone() });
        blocks.push(printed(table));
        if table.rows.len() > ROWS_MAX {
            let more = table.rows.len() - ROWS_MAX;
            blocks.push(paragraph(format!("{more} more rows stand in the file of this table.")));
        }
    }
    laid.extend(lines(&blocks));
    laid
}

fn plot_title(plot: &Plot) -> String {
    match plot.unit_text() {
        "" => plot.title().to_owned(),
        unit => format!("{} ({unit})", plot.title()),
    }
}

fn figures(figures: &[Figure]) -> Block {
    let head = ["Measure", "Value", "Numbers", "Formula"].map(str::to_owned).to_vec();
    let row = |figure: &Figure| {
        vec![
            figure.title.clone(),
            figure.in_words(),
            figure.numbers(),
            format!("{} (version {})", figure.formula, figure.version),
        ]
    };
    Block::Table { head, rows: figures.iter().map(row).collect() }
}

fn printed(table: &Table) -> Block {
    let rows = table.rows.iter().take(ROWS_MAX).cloned().collect();
    Block::Table { head: table.columns.clone(), rows }
}

/// A plot in ink under its title, on one page with it: series are told apart by their grey and
/// their dashes.
fn drawing(plot: &Plot) -> Line {
    let title = Ink::Text { x: 0.0, y: 12.0, held: 0.0, text: plot_title(plot), is_heading: true };
    let shapes = plot.shapes();
    let ink = std::iter::once(title).chain(shapes.iter().flat_map(inked)).collect();
    drawn(ink, (HEIGHT * SCALE + TITLE).ceil() as u32)
}

fn inked(shape: &Shape) -> Vec<Ink> {
    let at = |value: f64| (value * SCALE) as f32;
    let down = |value: f64| (value * SCALE + TITLE) as f32;
    let line = |points: Vec<(f32, f32)>, stroke| Ink::Line { points, stroke };
    match shape {
        Shape::Grid { y, from, to } => {
            let stroke = Stroke { width: 0.4, grey: 0.8, dash: &[] };
            vec![line(vec![(at(*from), down(*y)), (at(*to), down(*y))], stroke)]
        }
        Shape::Threshold { y, from, to } => {
            let stroke = Stroke { width: 1.0, grey: 0.2, dash: &[4.0, 2.0] };
            vec![line(vec![(at(*from), down(*y)), (at(*to), down(*y))], stroke)]
        }
        Shape::Bar { series, x, y, width, height, .. } => {
            let (x, y, width, height) = (at(*x), down(*y), at(*width), at(*height));
            let grey = [0.25, 0.85, 0.55, 0.7][*series % 4];
            vec![Ink::Fill { x, y, width, height, grey }]
        }
        Shape::Line { series, points } => {
            let points = points.iter().map(|(x, y)| (at(*x), down(*y))).collect();
            vec![line(points, STROKES[*series % 4])]
        }
        Shape::Point { x, y, .. } => {
            let (x, y) = (at(*x) - 1.3, down(*y) - 1.3);
            vec![Ink::Fill { x, y, width: 2.6, height: 2.6, grey: 0.1 }]
        }
        Shape::Text { x, y, anchor, text } => {
            let text = text.clone();
            let held = match anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => 0.5,
                Anchor::End => 1.0,
            };
            vec![Ink::Text { x: at(*x), y: down(*y), held, text, is_heading: false }]
        }
    }
}

/// How each series is drawn.
const STROKES: [Stroke; 4] = [
    Stroke { width: 1.4, grey: 0.1, dash: &[] },
    Stroke { width: 1.2, grey: 0.3, dash: &[5.0, 3.0] },
    Stroke { width: 1.2, grey: 0.45, dash: &[1.5, 2.0] },
    Stroke { width: 1.2, grey: 0.2, dash: &[8.0, 2.0, 1.5, 2.0] },
];
