//! Small plots: what is plotted, and where each line, bar and word of it stands.
//!
//! A plot is laid out once, as shapes; `svg` writes them for a page, and whoever prints draws the
//! same shapes on paper. The value axis holds zero.

use crate::tables::Table;

/// Width of a plot in its own units.
pub const WIDTH: f64 = 640.0;
/// Height of a plot in its own units.
pub const HEIGHT: f64 = 240.0;
/// Room left, right, above and below for words.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 46.0;
/// Series that are told apart; more are left to the table.
pub const SERIES_MAX: usize = 4;
/// Words along the axis that fit.
const WORDS_MAX: usize = 8;
/// Places up to which each point of a line has its mark.
const MARKS_MAX: usize = 62;
/// Width of a bar at most.
const BAR_MAX: f64 = 44.0;

/// One line, or one bar of each group.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// A number for each place; none where nothing was measured.
    pub values: Vec<Option<f64>>,
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

/// A plot with its title, its axis and its series.
#[derive(Clone, Debug, PartialEq)]
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

/// Where a text is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At its beginning.
    Start,
    /// In its middle.
    Middle,
    /// At its end.
    End,
}

/// A part of a plot, in its own units, from the upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A line of the grid: its height.
    Grid {
        /// From the top.
        y: f64,
        /// Left end.
        from: f64,
        /// Right end.
        to: f64,
    },
    /// The line at a limit.
    Threshold {
        /// From the top.
        y: f64,
        /// Left end.
        from: f64,
        /// Right end.
        to: f64,
    },
    /// A bar of a series.
    Bar {
        /// Which series, from 0.
        series: usize,
        /// Left.
        x: f64,
        /// Top.
        y: f64,
        /// Width.
        width: f64,
        /// Height.
        height: f64,
        /// What it says, in words.
        says: String,
    },
    /// A line of a series without a gap.
    Line {
        /// Which series, from 0.
        series: usize,
        /// Its points.
        points: Vec<(f64, f64)>,
    },
    /// A point of a series.
    Point {
        /// Which series, from 0.
        series: usize,
        /// From the left.
        x: f64,
        /// From the top.
        y: f64,
        /// What it says, in words.
        says: String,
    },
    /// Words.
    Text {
        /// From the left.
        x: f64,
        /// Baseline from the top.
        y: f64,
        /// Where it is held.
        anchor: Anchor,
        /// The words.
        text: String,
    },
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

    /// Digits after the point, in the table and in what marks say.
    pub fn decimals(mut self, decimals: usize) -> Plot {
        self.decimals = decimals;
        self
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The unit of its values; empty where there is none.
    pub fn unit_text(&self) -> &str {
        &self.unit
    }

    /// Places and series from a table: the first column names the places, these others hold
    /// numbers.
    pub fn from_table(mut self, table: &Table, columns: &[usize]) -> Plot {
        self.places = table.rows.iter().filter_map(|row| row.first().cloned()).collect();
        for column in columns {
            let values = table.rows.iter().map(|row| row.get(*column)?.parse().ok());
            let name = table.columns.get(*column).cloned().unwrap_or_default();
            self.series.push(Series::new(name, values));
        }
        self
    }

    /// The data as a table: what a screen reader is given, and what is printed below.
    pub fn table(&self) -> Table {
        let mut columns = vec![self.axis.clone()];
        columns.extend(self.series.iter().map(|series| series.name.clone()));
        let row = |at: usize, place: &String| {
            let values = self.series.iter().map(|series| series.values.get(at).copied().flatten());
            let texts = values.map(|value| value.map(|v| self.number(v)).unwrap_or_default());
            std::iter::once(place.clone()).chain(texts).collect()
        };
        let rows = self.places.iter().enumerate().map(|(at, place)| row(at, place)).collect();
        Table { title: format!("{}: data", self.title), columns, rows }
    }

    /// Every part of it, in the order in which it is drawn.
    pub fn shapes(&self) -> Vec<Shape> {
        let mut layout = Layout::of(self);
        layout.grid();
        match self.kind {
            Kind::Bars => layout.bars(),
            Kind::Lines => layout.lines(),
        }
        layout.threshold();
        if self.series.len() > 1 {
            layout.legend();
        }
        layout.shapes
    }

    fn number(&self, value: f64) -> String {
        format!("{value:.*}", self.decimals)
    }

    fn shown(&self) -> impl Iterator<Item = (usize, &Series)> {
        self.series.iter().take(SERIES_MAX).enumerate()
    }

    /// The lowest and the highest mark of the axis, and the step between marks.
    fn scale(&self) -> (f64, f64, f64) {
        let values = self.shown().flat_map(|(_, series)| series.values.iter().flatten().copied());
        let all = values.chain(self.threshold.as_ref().map(|(_, value)| *value));
        let finite = all.filter(|value| value.is_finite());
        let (low, high) = finite.fold((0.0f64, 0.0f64), |(a, b), v| (a.min(v), b.max(v)));
        if high - low <= 0.0 {
            return (0.0, 1.0, 1.0);
        }
        let step = step_over((high - low) / 4.0);
        ((low / step).floor() * step, (high / step).ceil() * step, step)
    }
}

/// 1, 2, 2.5 or 5 times a power of ten, at least as large as asked.
fn step_over(rough: f64) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    let mut factors = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|factor| factor * power);
    factors.find(|step| *step >= rough * 0.999_999).unwrap_or(power * 10.0)
}

/// A number at the axis with the digits that its step needs.
fn tick(value: f64, step: f64) -> String {
    let needed = (0..6).find(|digits| {
        let scaled = step * 10f64.powi(*digits);
        (scaled - scaled.round()).abs() < 1e-9
    });
    format!("{value:.*}", needed.unwrap_or(6) as usize)
}

struct Layout<'a> {
    plot: &'a Plot,
    low: f64,
    high: f64,
    step: f64,
    shapes: Vec<Shape>,
}

impl Layout<'_> {
    fn of(plot: &Plot) -> Layout<'_> {
        let (low, high, step) = plot.scale();
        Layout { plot, low, high, step, shapes: Vec::new() }
    }

    /// Width of a place on the axis.
    fn slot(&self) -> f64 {
        (WIDTH - LEFT - RIGHT) / self.plot.places.len().max(1) as f64
    }

    fn x(&self, place: usize) -> f64 {
        LEFT + self.slot() * (place as f64 + 0.5)
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
    }

    fn text(&mut self, x: f64, y: f64, anchor: Anchor, text: String) {
        self.shapes.push(Shape::Text { x, y, anchor, text });
    }

    fn grid(&mut self) {
        let count = ((self.high - self.low) / self.step).round() as u32;
        for at in 0..=count {
            let value = self.low + f64::from(at) * self.step;
            let y = self.y(value);
            self.shapes.push(Shape::Grid { y, from: LEFT, to: WIDTH - RIGHT });
            self.text(LEFT - 6.0, y + 4.0, Anchor::End, tick(value, self.step));
        }
        let every = self.plot.places.len().div_ceil(WORDS_MAX).max(1);
        for (at, place) in self.plot.places.iter().enumerate().step_by(every) {
            self.text(self.x(at), HEIGHT - BOTTOM + 16.0, Anchor::Middle, place.clone());
        }
    }

    fn says(&self, series: &Series, at: usize, value: f64) -> String {
        let place = self.plot.places.get(at).map(String::as_str).unwrap_or_default();
        let number = self.plot.number(value);
        format!("{}, {place}: {number} {}", series.name, self.plot.unit).trim_end().to_owned()
    }

    fn bars(&mut self) {
        let count = self.plot.series.len().clamp(1, SERIES_MAX) as f64;
        let width = (self.slot() * 0.72 / count).min(BAR_MAX);
        for (number, series) in self.plot.shown() {
            for (at, value) in series.values.iter().enumerate() {
                let Some(value) = *value else { continue };
                let x = self.x(at) + (number as f64 - count / 2.0) * width;
                let (zero, end) = (self.y(0.0), self.y(value));
                let (y, height) = (zero.min(end), (zero - end).abs());
                let says = self.says(series, at, value);
                let width = (width - 1.0).max(0.5);
                self.shapes.push(Shape::Bar { series: number, x, y, width, height, says });
            }
        }
    }

    fn lines(&mut self) {
        for (number, series) in self.plot.shown() {
            for run in runs(&series.values) {
                let points: Vec<_> =
                    run.iter().map(|(at, value)| (self.x(*at), self.y(*value))).collect();
                if points.len() > 1 {
                    self.shapes.push(Shape::Line { series: number, points });
                }
            }
            if self.plot.places.len() > MARKS_MAX {
                continue;
            }
            for (at, value) in series.values.iter().enumerate() {
                let Some(value) = *value else { continue };
                let says = self.says(series, at, value);
                let (x, y) = (self.x(at), self.y(value));
                self.shapes.push(Shape::Point { series: number, x, y, says });
            }
        }
    }

    fn threshold(&mut self) {
        let Some((name, value)) = &self.plot.threshold else { return };
        let y = self.y(*value);
        self.shapes.push(Shape::Threshold { y, from: LEFT, to: WIDTH - RIGHT });
        self.text(LEFT + 2.0, y - 4.0, Anchor::Start, name.clone());
    }

    /// The names of the series below the plot, each beside its mark.
    fn legend(&mut self) {
        let room = (WIDTH - LEFT - RIGHT) / self.plot.series.len().clamp(1, SERIES_MAX) as f64;
        for (number, series) in self.plot.shown() {
            let (x, y) = (LEFT + room * number as f64, HEIGHT - 8.0);
            let says = series.name.clone();
            match self.plot.kind {
                Kind::Bars => self.shapes.push(Shape::Bar {
                    series: number,
                    x,
                    y: y - 9.0,
                    width: 14.0,
                    height: 9.0,
                    says,
                }),
                Kind::Lines => {
                    let points = vec![(x, y - 4.0), (x + 22.0, y - 4.0)];
                    self.shapes.push(Shape::Line { series: number, points });
                }
            }
            self.text(x + 28.0, y, Anchor::Start, series.name.clone());
        }
    }
}

/// Stretches without a gap.
fn runs(values: &[Option<f64>]) -> Vec<Vec<(usize, f64)>> {
    let mut runs = vec![Vec::new()];
    for (at, value) in values.iter().enumerate() {
        match value {
            Some(value) => runs.last_mut().expect("one run at least").push((at, *value)),
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
            (vec![], (0.0, 1.0, 1.0)),
            (vec![0.0], (0.0, 1.0, 1.0)),
            (vec![4.0], (0.0, 4.0, 1.0)),
            (vec![7.0], (0.0, 8.0, 2.0)),
            (vec![1_204.0], (0.0, 1_500.0, 500.0)),
            (vec![0.31], (0.0, 0.4, 0.1)),
            (vec![-3.0, 5.0], (-4.0, 6.0, 2.0)),
        ];
        for (values, (low, high, step)) in table {
            let found = plot(&values).scale();
            let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
            assert!(near(found.0, low) && near(found.1, high) && near(found.2, step), "{values:?}");
        }
    }

    #[test]
    fn gaps_break_a_line() {
        let values = [Some(1.0), None, Some(2.0), Some(3.0), None];
        assert_eq!(runs(&values), [vec![(0, 1.0)], vec![(2, 2.0), (3, 3.0)]]);
    }

    #[test]
    fn plots_carry_their_table() {
        let table = plot(&[3.0, 5.0]).decimals(1).table();
        assert_eq!((table.columns[0].as_str(), table.rows[1][1].as_str()), ("Month", "5.0"));
        let back = Plot::lines("Again", "Month").from_table(&table, &[1]);
        assert_eq!(back.series[0].values, [Some(3.0), Some(5.0)]);
    }

    #[test]
    fn a_long_line_has_no_marks_and_a_legend_names_the_series() {
        let long = Plot::lines("Census", "Day")
            .places((0..90).map(|day| day.to_string()))
            .series(Series::new("One", (0..90).map(|n| Some(f64::from(n)))))
            .series(Series::new("Two", (0..90).map(|_| Some(1.0))));
        let shapes = long.shapes();
        assert!(!shapes.iter().any(|shape| matches!(shape, Shape::Point { .. })));
        let names = shapes.iter().filter(
            |shape| matches!(shape, Shape::Text { text, .. } if text == "One" || text == "Two"),
        );
        assert_eq!(names.count(), 2);
    }
}
