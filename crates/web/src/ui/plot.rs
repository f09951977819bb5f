//! Small plots in a page: the drawing of `report`, its caption, and its data as a table.
//!
//! They print, and tell their series apart by dashes and marks, not by colour alone.

use crate::ui::{Column, Row, Table, count_text, date_for_people};
use maud::{Markup, PreEscaped, html};
use report::{Plot, svg};

/// A plot with its caption and its data.
pub fn plot(plot: &Plot) -> Markup {
    html! {
        figure class="plot" {
            figcaption {
                (plot.title())
                @if !plot.unit_text().is_empty() {
                    " " span class="unit quiet" { "(" (plot.unit_text()) ")" }
                }
            }
            (PreEscaped(svg::write(plot)))
            details class="why" { summary { "Data" } div { (data(plot)) } }
        }
    }
}

/// A table of a report as a page shows it: the first column is text, the others are numbers.
pub fn table_of(of: &report::Table) -> Table {
    let mut table = Table::new(of.title.clone());
    for (at, column) in of.columns.iter().enumerate() {
        let column = column.clone();
        table = table.column(if at == 0 { Column::text(column) } else { Column::number(column) });
    }
    table.rows(of.rows.iter().map(|row| {
        Row::new(row.iter().enumerate().map(|(at, cell)| {
            html! { @if cell.is_empty() { "–" } @else { (shown(cell, at > 0)) } }
        }))
    }))
}

/// A cell as people read it: a day as `4 Mar 2026`, thousands of a number apart.
fn shown(cell: &str, is_number: bool) -> String {
    let (whole, rest) = cell.split_at(cell.find('.').unwrap_or(cell.len()));
    match whole.parse() {
        Ok(count) if is_number => format!("{}{rest}", count_text(count)),
        _ if cell.parse::<jiff::civil::Date>().is_ok() => date_for_people(cell),
        _ => cell.to_owned(),
    }
}

fn data(plot: &Plot) -> Table {
    table_of(&plot.table())
}

#[cfg(test)]
mod tests {
    use super::*;
    use report::plot::Series;

    #[test]
    fn cells_are_shown_as_people_read_them() {
        let table = [
            ("2026-03-04", false, "4 Mar 2026"),
            ("2026", false, "2026"),
            ("789500.00", true, "789,500.00"),
            ("12", true, "12"),
            ("Surgery", false, "Surgery"),
        ];
        for (cell, is_number, expected) in table {
            assert_eq!(shown(cell, is_number), expected);
        }
    }

    #[test]
    fn the_data_stand_in_a_table() {
        let drawn = Plot::bars("Discharges", "Month")
            .unit("patients")
            .places(["March", "April"])
            .series(Series::new("All", [Some(3.0), None]))
            .decimals(2);
        let page = plot(&drawn).into_string();
        assert!(page.contains("3.00") && page.contains("–") && page.contains("(patients)"));
        assert_eq!(page.matches("<rect").count(), 1, "one series has no legend");
        assert!(!page.contains("style="));
    }
}
