//! Figures that open their rows and their formula; waiting that says how long.

use maud::{Markup, Render, html};

/// One figure: its value, its unit, the rows it counts and the formula that made it.
#[derive(Clone, Debug)]
pub struct Tile {
    label: String,
    value: String,
    unit: Option<String>,
    rows_href: Option<String>,
    formula: Option<String>,
    source: Option<String>,
    note: Option<Markup>,
}

impl Tile {
    /// A figure, as text so that nothing is rounded on the way.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Tile {
        Tile {
            label: label.into(),
            value: value.into(),
            unit: None,
            rows_href: None,
            formula: None,
            source: None,
            note: None,
        }
    }

    /// Its unit.
    pub fn unit(mut self, unit: impl Into<String>) -> Tile {
        self.unit = Some(unit.into());
        self
    }

    /// The rows that it counts.
    pub fn opens(mut self, href: impl Into<String>) -> Tile {
        self.rows_href = Some(href.into());
        self
    }

    /// How it was computed, with its numbers: `12 discharged late / 240 discharges`.
    pub fn formula(mut self, formula: impl Into<String>) -> Tile {
        self.formula = Some(formula.into());
        self
    }

    /// Where the formula comes from.
    pub fn source(mut self, source: impl Into<String>) -> Tile {
        self.source = Some(source.into());
        self
    }

    /// A line under it: the target, the change, a badge.
    pub fn note(mut self, note: impl Render) -> Tile {
        self.note = Some(note.render());
        self
    }
}

impl Render for Tile {
    fn render(&self) -> Markup {
        let value = html! {
            (self.value)
            @if let Some(unit) = &self.unit { " " span class="unit" { (unit) } }
        };
        html! {
            div class="tile" {
                div class="tile-label" { (self.label) }
                div class="tile-value" {
                    @if let Some(href) = &self.rows_href {
                        a href=(href) {
                            (value)
                            span class="visually-hidden" { ": " (self.label) ", open the rows" }
                        }
                    } @else { (value) }
                }
                @if let Some(note) = &self.note { div class="quiet" { (note) } }
                @if let Some(formula) = &self.formula {
                    details class="why" {
                        summary { "Formula" span class="visually-hidden" { " of " (self.label) } }
                        div {
                            p class="formula" { (formula) }
                            @if let Some(source) = &self.source { p class="citation" { (source) } }
                        }
                    }
                }
            }
        }
    }
}

/// Tiles side by side.
pub fn tiles(tiles: impl IntoIterator<Item = Tile>) -> Markup {
    html! { div class="tiles" { @for tile in tiles { (tile) } } }
}

/// Work under way, with a count. `id` must be unique on the page.
pub fn progress(id: &str, label: &str, done: u64, total: u64) -> Markup {
    html! {
        div class="progress" {
            div class="row" {
                label for=(id) { (label) }
                span class="quiet" { (count_text(done)) " of " (count_text(total)) }
            }
            progress id=(id) value=(done) max=(total.max(1)) { (done) " of " (total) }
        }
    }
}

/// The shape of what comes, while it comes; `what` is told to screen readers.
pub fn skeleton(what: &str, lines: u8) -> Markup {
    html! {
        div role="status" {
            span class="visually-hidden" { (what) }
            div class="skeleton" aria-hidden="true" { @for _ in 0..lines { span {} } }
        }
    }
}

/// A count with its thousands apart: `1,204`.
pub fn count_text(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_their_thousands_apart() {
        let table = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
        for (count, expected) in table {
            assert_eq!(count_text(count), expected);
        }
    }
}
