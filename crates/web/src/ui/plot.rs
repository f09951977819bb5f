//! Small plots in a page: the drawing of `report`, its caption, and its data as a table.
//!
//! They print, and tell their series apart by dashes and marks, not by colour alone.

use crate::ui::{Column, Row, Table};
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
        Row::new(row.iter().map(|cell| {
            html! { @if cell.is_empty() { "–" } @else { (cell) } }
        }))
    }))
}

fn data(plot: &Plot) -> Table {
    table_of(&plot.table())
}

#[cfg(test)]
mod tests {
    use super::*;
    use report::plot::Series;

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
