//! Small plots as SVG: they print, carry their data as a table, and tell their series apart by
//! dashes and marks, not by colour.

use crate::ui::{Column, Row, Table};
use maud::{Markup, Render, html};

const WIDE: f64 = 640.0;
const HIGH: f64 = 220.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 26.0;

/// One series: a value a place of the axis, or none where nothing was measured.
#[derive(Clone, Debug)]
pub struct Series {
    name: String,
    values: Vec<Option<f64>>,
}

impl Series {
    /// A series; values that are not finite count as not measured.
    pub fn new(name: impl Into<String>, values: impl IntoIterator<Item = Option<f64>>) -> Series {
        let values = values.into_iter().map(|value| value.filter(|value| value.is_finite()));
        Series { name: name.into(), values: values.collect() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bars,
    Lines,
}

/// A plot with its title, its axis and its series. The value axis begins at zero.
#[derive(Clone, Debug)]
pub struct Plot {
    kind: Kind,
    title: String,
    axis: String,
    unit: String,
    places: Vec<String>,
    series: Vec<Series>,
    threshold: Option<(String, f64)>,
    decimals: usize,
}

impl Plot {
    fn of(kind: Kind, title: impl Into<String>, axis: impl Into<String>) -> Plot {
        Plot {
            kind,
            title: title.into(),
            axis: axis.into(),
            unit: String::new(),
            places: Vec::new(),
            series: Vec::new(),
            threshold: None,
            decimals: 0,
        }
    }

    /// Bars over an axis of this name (`Month`, `Unit`). For one or two series.
    pub fn bars(title: impl Into<String>, axis: impl Into<String>) -> Plot {
        Plot::of(Kind::Bars, title, axis)
    }

    /// Lines over an axis of this name, broken where nothing was measured.
    pub fn lines(title: impl Into<String>, axis: impl Into<String>) -> Plot {
        Plot::of(Kind::Lines, title, axis)
    }

    /// The unit of the values.
    pub fn unit(mut self, unit: impl Into<String>) -> Plot {
        self.unit = unit.into();
        self
    }

    /// The names of the places on the axis.
    pub fn places<T: Into<String>>(mut self, places: impl IntoIterator<Item = T>) -> Plot {
        self.places = places.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a series.
    pub fn series(mut self, series: Series) -> Plot {
        self.series.push(series);
        self
    }

    /// A line at a limit, with its name.
    pub fn threshold(mut self, name: impl Into<String>, value: f64) -> Plot {
        self.threshold = Some((name.into(), value));
        self
    }

    /// Digits after the point, on the axis and in the table.
    pub fn decimals(mut self, decimals: usize) -> Plot {
        self.decimals = decimals;
        self
    }

    fn number(&self, value: f64) -> String {
        format!("{value:.*}", self.decimals)
    }

    /// The round number at the top of the axis, and the step between its lines.
    fn scale(&self) -> (f64, f64) {
        let values = self.series.iter().flat_map(|series| series.values.iter().flatten());
        let most = values.copied().chain(self.threshold.as_ref().map(|(_, value)| *value));
        let most = most.fold(0.0, f64::max);
        if most <= 0.0 {
            return (1.0, 1.0);
        }
        let power = 10f64.powf((most / 4.0).log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * power)
            .find(|step| step * 4.0 >= most)
            .unwrap_or(power * 10.0);
        ((most / step).ceil() * step, step)
    }

    fn x(&self, place: f64) -> f64 {
        LEFT + (WIDE - LEFT - RIGHT) * (place + 0.5) / self.places.len().max(1) as f64
    }

    fn y(&self, value: f64, top: f64) -> f64 {
        TOP + (HIGH - TOP - BOTTOM) * (1.0 - value.max(0.0) / top)
    }

    fn grid(&self, top: f64, step: f64) -> Markup {
        let count = (top / step).round() as u32;
        let every = self.places.len().div_ceil(12).max(1);
        html! {
            @for line in 0..=count {
                @let value = f64::from(line) * step;
                @let y = at(self.y(value, top));
                line class="plot-grid" x1=(LEFT) x2=(WIDE - RIGHT) y1=(y) y2=(y) {}
                text class="plot-number" x=(LEFT - 8.0) y=(y) dy="0.32em" text-anchor="end" {
                    (self.tick(value, step))
                }
            }
            @for (index, place) in self.places.iter().enumerate().step_by(every) {
                text class="plot-number" x=(at(self.x(index as f64))) y=(HIGH - 8.0)
                    text-anchor="middle" { (place) }
            }
        }
    }

    /// An axis' number has the digits that its step needs.
    fn tick(&self, value: f64, step: f64) -> String {
        let needed = (0..6).find(|digits| {
            let scaled = step * 10f64.powi(*digits);
            (scaled - scaled.round()).abs() < 1e-9
        });
        format!("{value:.*}", needed.unwrap_or(6) as usize)
    }

    fn drawn_bars(&self, top: f64) -> Markup {
        let room = (WIDE - LEFT - RIGHT) / self.places.len().max(1) as f64;
        let wide = (room * 0.72 / self.series.len().max(1) as f64).min(44.0);
        html! {
            @for (number, series) in self.series.iter().enumerate() {
                @for (index, value) in series.values.iter().enumerate() {
                    @if let Some(value) = value {
                        @let middle = self.x(index as f64);
                        @let offset = (number as f64 - self.series.len() as f64 / 2.0) * wide;
                        @let y = self.y(*value, top);
                        rect class={ "plot-bar plot-series-" (number % 4) } x=(at(middle + offset))
                            y=(at(y)) width=(at(wide - 1.0)) height=(at(HIGH - BOTTOM - y)) {}
                    }
                }
            }
        }
    }

    fn drawn_lines(&self, top: f64) -> Markup {
        html! {
            @for (number, series) in self.series.iter().enumerate() {
                @for run in runs(&series.values) {
                    @let points: Vec<String> = run.iter()
                        .map(|(index, value)| {
                            format!("{},{}", at(self.x(*index as f64)), at(self.y(*value, top)))
                        })
                        .collect();
                    polyline class={ "plot-line plot-series-" (number % 4) }
                        points=(points.join(" ")) {}
                    @for (index, value) in &run {
                        circle class={ "plot-point plot-series-" (number % 4) } r="2.5"
                            cx=(at(self.x(*index as f64))) cy=(at(self.y(*value, top))) {}
                    }
                }
            }
        }
    }

    fn legend(&self) -> Markup {
        html! {
            @if self.series.len() > 1 {
                ul class="plot-legend" {
                    @for (number, series) in self.series.iter().enumerate() {
                        li {
                            svg viewBox="0 0 24 12" aria-hidden="true" {
                                @match self.kind {
                                    Kind::Bars => rect x="2" y="1" width="20" height="10"
                                        class={ "plot-bar plot-series-" (number % 4) } {},
                                    Kind::Lines => line x1="0" x2="24" y1="6" y2="6"
                                        class={ "plot-line plot-series-" (number % 4) } {},
                                }
                            }
                            (series.name)
                        }
                    }
                }
            }
        }
    }

    fn table(&self) -> Table {
        let mut table =
            Table::new(format!("{}: data", self.title)).column(Column::text(self.axis.clone()));
        for series in &self.series {
            let column = Column::number(series.name.clone());
            let unit = (!self.unit.is_empty()).then(|| self.unit.clone());
            table = table.column(match unit {
                Some(unit) => column.unit(unit),
                None => column,
            });
        }
        table.rows(self.places.iter().enumerate().map(|(index, place)| {
            let values = self.series.iter().map(|series| {
                let value = series.values.get(index).copied().flatten();
                html! { (value.map_or("–".to_owned(), |value| self.number(value))) }
            });
            Row::new(std::iter::once(html! { (place) }).chain(values))
        }))
    }
}

impl Render for Plot {
    fn render(&self) -> Markup {
        let (top, step) = self.scale();
        html! {
            figure class="plot" {
                figcaption {
                    (self.title)
                    @if !self.unit.is_empty() {
                        " " span class="unit quiet" { "(" (self.unit) ")" }
                    }
                }
                svg viewBox={ "0 0 " (WIDE) " " (HIGH) } role="img"
                    aria-label={ (self.title) ". The data follow as a table." } {
                    (self.grid(top, step))
                    @match self.kind {
                        Kind::Bars => (self.drawn_bars(top)),
                        Kind::Lines => (self.drawn_lines(top)),
                    }
                    @if let Some((name, value)) = &self.threshold {
                        @let y = at(self.y(*value, top));
                        line class="plot-threshold" x1=(LEFT) x2=(WIDE - RIGHT) y1=(y) y2=(y) {}
                        text class="plot-number" x=(LEFT + 2.0) y=(y) dy="-0.4em" { (name) }
                    }
                }
                (self.legend())
                details class="why" { summary { "Data" } div { (self.table()) } }
            }
        }
    }
}

/// A coordinate with one digit after the point.
fn at(value: f64) -> String {
    format!("{value:.1}")
}

/// Stretches without a gap.
fn runs(values: &[Option<f64>]) -> Vec<Vec<(usize, f64)>> {
    let mut runs = vec![Vec::new()];
    for (index, value) in values.iter().enumerate() {
        match value {
            Some(value) => runs.last_mut().expect("one run at least").push((index, *value)),
            None => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(values: &[f64]) -> Plot {
        Plot::bars("Discharges", "Month")
            .places(values.iter().map(f64::to_string))
            .series(Series::new("All", values.iter().copied().map(Some)))
    }

    #[test]
    fn the_axis_holds_every_value_on_round_steps() {
        let table = [
            (vec![], (1.0, 1.0)),
            (vec![0.0], (1.0, 1.0)),
            (vec![4.0], (4.0, 1.0)),
            (vec![7.0], (8.0, 2.0)),
            (vec![1_204.0], (1_500.0, 500.0)),
            (vec![0.31], (0.4, 0.1)),
        ];
        for (values, (top, step)) in table {
            let found = plot(&values).scale();
            assert!((found.0 - top).abs() < 1e-9 && (found.1 - step).abs() < 1e-9, "{values:?}");
        }
    }

    #[test]
    fn gaps_break_a_line() {
        let values = [Some(1.0), None, Some(2.0), Some(3.0), None];
        assert_eq!(runs(&values), [vec![(0, 1.0)], vec![(2, 2.0), (3, 3.0)]]);
    }

    #[test]
    fn the_data_stand_in_a_table() {
        let page = plot(&[3.0, 5.0]).decimals(2).render().into_string();
        assert!(page.contains("3.00") && page.contains("5.00"));
        assert_eq!(page.matches("<rect").count(), 2, "one series has no legend");
        let odd = Plot::lines("Odd", "Day").places(["1"]);
        let odd = odd.series(Series::new("All", [Some(f64::NAN)])).render().into_string();
        assert!(!odd.contains("NaN"));
    }
}
