//! Small plots as SVG: lines and bars, with title, description and the data as a table.
//!
//! No style and no script stand in the text, so that a strict content security policy holds. The
//! page's style sheet gives colours and dashes by class: `plot-series-1` to `-6` (lines),
//! `plot-mark-1` and so on (points), `plot-bar-1` and so on (bars, and the swatches of the legend),
//! `plot-grid`, `plot-label`. Attributes give plain defaults that print.

use crate::tables::Table;
/// Width of a plot in its own units.
const WIDTH: f64 = 640.0;
/// Height of a plot in its own units.
const HEIGHT: f64 = 240.0;
/// Room left, right, above and below for labels.
const LEFT: f64 = 48.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 48.0;
/// Series that the style sheet tells apart.
const SERIES_MAX: usize = 6;
/// Labels along the axis that fit.
const LABELS_MAX: usize = 8;

/// One line, or one bar of each group.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// A number for each label; none where nothing was measured.
    pub values: Vec<Option<f64>>,
}

/// What is plotted.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// Id prefix, unique on the page: letters, digits and hyphens; anything else is left out.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it shows, in a sentence.
    pub description: String,
    /// Unit of the numbers.
    pub unit: String,
    /// Labels along the horizontal axis.
    pub labels: Vec<String>,
    /// The series; more than six are left to the table.
    pub series: Vec<Series>,
}

impl Plot {
    /// The data as a table: what a screen reader is given, and what is printed below.
    pub fn table(&self) -> Table {
        let mut columns = vec![String::new()];
        columns.extend(self.series.iter().map(|series| series.name.clone()));
        let row = |at: usize, label: &String| {
            let numbers = self.series.iter().map(|series| series.values.get(at).copied().flatten());
            let texts = numbers.map(|value| value.map(number).unwrap_or_default());
            std::iter::once(label.clone()).chain(texts).collect()
        };
        let rows = self.labels.iter().enumerate().map(|(at, label)| row(at, label)).collect();
        Table { title: self.title.clone(), columns, rows }
    }

    /// A plot from a table whose first column holds labels and whose others hold numbers.
    pub fn from_table(id: &str, description: &str, unit: &str, table: &Table) -> Plot {
        let column = |at: usize| {
            let parse = |row: &Vec<String>| row.get(at).and_then(|text| text.parse().ok());
            table.rows.iter().map(parse).collect()
        };
        let names = table.columns.iter().enumerate().skip(1);
        Plot {
            id: id.to_owned(),
            title: table.title.clone(),
            description: description.to_owned(),
            unit: unit.to_owned(),
            labels: table.rows.iter().filter_map(|row| row.first().cloned()).collect(),
            series: names
                .map(|(at, name)| Series { name: name.clone(), values: column(at) })
                .collect(),
        }
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        let shown = self.series.iter().take(SERIES_MAX);
        shown.flat_map(|series| series.values.iter().flatten().copied()).filter(|v| v.is_finite())
    }

    /// The axis from the lowest to the highest mark, with the step between marks.
    fn scale(&self) -> (f64, f64, f64) {
        let low = self.values().fold(0.0, f64::min);
        let high = self.values().fold(0.0, f64::max);
        let step = nice_step((high - low).max(f64::MIN_POSITIVE) / 4.0);
        let bottom = (low / step).floor() * step;
        let top = ((high / step).ceil() * step).max(bottom + step);
        (bottom, top, step)
    }
}

/// 1, 2 or 5 times a power of ten, at least as large as asked.
fn nice_step(rough: f64) -> f64 {
    if !rough.is_finite() || rough < 1e-9 {
        return 1.0;
    }
    let power = 10f64.powf(rough.log10().floor());
    let found = [1.0, 2.0, 5.0, 10.0].into_iter().find(|times| times * power >= rough * 0.999_999);
    found.unwrap_or(10.0) * power
}

fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() && c != '\n' => {}
            c => safe.push(c),
        }
    }
    safe
}

/// A line plot. Lines break where a number is missing; every number has a mark with its label.
pub fn line(plot: &Plot) -> String {
    draw(plot, |canvas, plot| {
        for (index, series) in plot.series.iter().take(SERIES_MAX).enumerate() {
            let class = format!("plot-series plot-series-{}", index + 1);
            for points in canvas.unbroken(&series.values) {
                let path: Vec<String> =
                    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
                canvas.put(&format!(
                    "<polyline class=\"{class}\" fill=\"none\" stroke=\"currentColor\" \
                     points=\"{}\"/>",
                    path.join(" ")
                ));
            }
            for (at, value) in series.values.iter().enumerate() {
                let Some(value) = value.filter(|value| value.is_finite()) else { continue };
                let (x, y) = (canvas.x_middle(at), canvas.y(value));
                let label = canvas.label(plot, series, at, value);
                canvas.put(&format!(
                    "<circle class=\"plot-mark plot-mark-{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\">\
                     <title>{label}</title></circle>",
                    index + 1
                ));
            }
        }
    })
}

/// A bar plot, the bars of one label side by side.
pub fn bars(plot: &Plot) -> String {
    draw(plot, |canvas, plot| {
        let shown = plot.series.len().clamp(1, SERIES_MAX);
        let width = canvas.slot * 0.8 / shown as f64;
        for (index, series) in plot.series.iter().take(SERIES_MAX).enumerate() {
            for (at, value) in series.values.iter().enumerate() {
                let Some(value) = value.filter(|value| value.is_finite()) else { continue };
                let x = LEFT + canvas.slot * (at as f64 + 0.1) + width * index as f64;
                let (zero, end) = (canvas.y(0.0), canvas.y(value));
                let label = canvas.label(plot, series, at, value);
                canvas.put(&format!(
                    "<rect class=\"plot-bar plot-bar-{}\" x=\"{x:.1}\" y=\"{:.1}\" \
                     width=\"{width:.1}\" height=\"{:.1}\"><title>{label}</title></rect>",
                    index + 1,
                    zero.min(end),
                    (zero - end).abs()
                ));
            }
        }
    })
}

struct Canvas {
    text: String,
    bottom: f64,
    top: f64,
    /// Width of a label's place.
    slot: f64,
}

impl Canvas {
    fn put(&mut self, element: &str) {
        self.text.push_str(element);
        self.text.push('\n');
    }

    fn x_middle(&self, at: usize) -> f64 {
        LEFT + self.slot * (at as f64 + 0.5)
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.bottom) / (self.top - self.bottom);
        HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
    }

    fn label(&self, plot: &Plot, series: &Series, at: usize, value: f64) -> String {
        let label = plot.labels.get(at).map(String::as_str).unwrap_or_default();
        let text = format!("{}, {label}: {} {}", series.name, number(value), plot.unit);
        escaped(text.trim_end())
    }

    fn unbroken(&self, values: &[Option<f64>]) -> Vec<Vec<(f64, f64)>> {
        let mut parts = vec![Vec::new()];
        for (at, value) in values.iter().enumerate() {
            match value.filter(|value| value.is_finite()) {
                Some(value) => {
                    let point = (self.x_middle(at), self.y(value));
                    if let Some(part) = parts.last_mut() {
                        part.push(point);
                    }
                }
                None => parts.push(Vec::new()),
            }
        }
        parts.retain(|part| part.len() > 1);
        parts
    }
}

fn draw(plot: &Plot, marks: fn(&mut Canvas, &Plot)) -> String {
    let (bottom, top, step) = plot.scale();
    let slot = (WIDTH - LEFT - RIGHT) / plot.labels.len().max(1) as f64;
    let mut canvas = Canvas { text: String::new(), bottom, top, slot };
    let id: String = plot.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    canvas.put(&format!(
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-description\" xmlns=\"http://www.w3.org/2000/svg\">"
    ));
    let (title, description) = (escaped(&plot.title), escaped(&plot.description));
    canvas.put(&format!("<title id=\"{id}-title\">{title}</title>"));
    canvas.put(&format!("<desc id=\"{id}-description\">{description}</desc>"));
    let count = ((top - bottom) / step).round() as i64;
    for at in 0..=count.clamp(1, 20) {
        let value = bottom + step * at as f64;
        let y = canvas.y(value);
        let right = WIDTH - RIGHT;
        canvas.put(&format!(
            "<line class=\"plot-grid\" stroke=\"currentColor\" stroke-opacity=\"0.2\" \
             x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>"
        ));
        canvas.put(&format!(
            "<text class=\"plot-label plot-label-y\" x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            y + 4.0,
            number(value)
        ));
    }
    let every = plot.labels.len().div_ceil(LABELS_MAX).max(1);
    for (at, label) in plot.labels.iter().enumerate().step_by(every) {
        canvas.put(&format!(
            "<text class=\"plot-label plot-label-x\" x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"middle\">{}</text>",
            canvas.x_middle(at),
            HEIGHT - BOTTOM + 18.0,
            escaped(label)
        ));
    }
    marks(&mut canvas, plot);
    if plot.series.len() > 1 {
        legend(&mut canvas, plot);
    }
    let mut text = canvas.text;
    text.push_str("</svg>\n");
    text
}

/// The names of the series below the plot, each with a swatch.
fn legend(canvas: &mut Canvas, plot: &Plot) {
    let shown = plot.series.len().min(SERIES_MAX);
    let place = (WIDTH - LEFT - RIGHT) / shown as f64;
    for (index, series) in plot.series.iter().take(SERIES_MAX).enumerate() {
        let (x, y) = (LEFT + place * index as f64, HEIGHT - 14.0);
        canvas.put(&format!(
            "<rect class=\"plot-bar plot-bar-{}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"10\" \
             height=\"10\"/>",
            index + 1
        ));
        canvas.put(&format!(
            "<text class=\"plot-label plot-label-legend\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x + 14.0,
            y + 9.0,
            escaped(&series.name)
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn plot() -> Plot {
        Plot {
            id: "census <1>".to_owned(),
            title: "Census & beds".to_owned(),
            description: "Patients at midnight.".to_owned(),
            unit: "patients".to_owned(),
            labels: ["1 Mar", "2 Mar", "3 Mar"].map(str::to_owned).to_vec(),
            series: vec![
                Series { name: "Adults".to_owned(), values: vec![Some(3.0), None, Some(7.0)] },
                Series { name: "<New>".to_owned(), values: vec![Some(1.0), Some(2.0)] },
            ],
        }
    }

    #[test]
    fn a_line_plot() {
        expect![[r#"
            <svg class="plot" viewBox="0 0 640 240" role="img" aria-labelledby="census1-title census1-description" xmlns="http://www.w3.org/2000/svg">
            <title id="census1-title">Census &amp; beds</title>
            <desc id="census1-description">Patients at midnight.</desc>
            <line class="plot-grid" stroke="currentColor" stroke-opacity="0.2" x1="48" y1="192.0" x2="628" y2="192.0"/>
            <text class="plot-label plot-label-y" x="42.0" y="196.0" text-anchor="end">0</text>
            <line class="plot-grid" stroke="currentColor" stroke-opacity="0.2" x1="48" y1="147.0" x2="628" y2="147.0"/>
            <text class="plot-label plot-label-y" x="42.0" y="151.0" text-anchor="end">2</text>
            <line class="plot-grid" stroke="currentColor" stroke-opacity="0.2" x1="48" y1="102.0" x2="628" y2="102.0"/>
            <text class="plot-label plot-label-y" x="42.0" y="106.0" text-anchor="end">4</text>
            <line class="plot-grid" stroke="currentColor" stroke-opacity="0.2" x1="48" y1="57.0" x2="628" y2="57.0"/>
            <text class="plot-label plot-label-y" x="42.0" y="61.0" text-anchor="end">6</text>
            <line class="plot-grid" stroke="currentColor" stroke-opacity="0.2" x1="48" y1="12.0" x2="628" y2="12.0"/>
            <text class="plot-label plot-label-y" x="42.0" y="16.0" text-anchor="end">8</text>
            <text class="plot-label plot-label-x" x="144.7" y="210.0" text-anchor="middle">1 Mar</text>
            <text class="plot-label plot-label-x" x="338.0" y="210.0" text-anchor="middle">2 Mar</text>
            <text class="plot-label plot-label-x" x="531.3" y="210.0" text-anchor="middle">3 Mar</text>
            <circle class="plot-mark plot-mark-1" cx="144.7" cy="124.5" r="3"><title>Adults, 1 Mar: 3 patients</title></circle>
            <circle class="plot-mark plot-mark-1" cx="531.3" cy="34.5" r="3"><title>Adults, 3 Mar: 7 patients</title></circle>
            <polyline class="plot-series plot-series-2" fill="none" stroke="currentColor" points="144.7,169.5 338.0,147.0"/>
            <circle class="plot-mark plot-mark-2" cx="144.7" cy="169.5" r="3"><title>&lt;New&gt;, 1 Mar: 1 patients</title></circle>
            <circle class="plot-mark plot-mark-2" cx="338.0" cy="147.0" r="3"><title>&lt;New&gt;, 2 Mar: 2 patients</title></circle>
            <rect class="plot-bar plot-bar-1" x="48.0" y="226.0" width="10" height="10"/>
            <text class="plot-label plot-label-legend" x="62.0" y="235.0">Adults</text>
            <rect class="plot-bar plot-bar-2" x="338.0" y="226.0" width="10" height="10"/>
            <text class="plot-label plot-label-legend" x="352.0" y="235.0">&lt;New&gt;</text>
            </svg>
        "#]].assert_eq(&line(&plot()));
    }

    #[test]
    fn a_bar_plot() {
        expect![[r#"
            <svg class="plot" viewBox="0 0 640 240" role="img" aria-labelledby="census1-title census1-description" xmlns="http://www.w3.org/2000/svg">
            <title id="census1-title">Census &amp; beds</title>
            <desc id="census1-description">Patients at midnight.</desc>
            <line class="plot-grid" stroke="currentColor" stroke-opacity="0.2" x1="48" y1="192.0" x2="628" y2="192.0"/>
            <text class="plot-label plot-label-y" x="42.0" y="196.0" text-anchor="end">0</text>
            <line class="plot-grid" stroke="currentColor" stroke-opacity="0.2" x1="48" y1="147.0" x2="628" y2="147.0"/>
            <text class="plot-label plot-label-y" x="42.0" y="151.0" text-anchor="end">2</text>
            <line class="plot-grid" stroke="currentColor" stroke-opacity="0.2" x1="48" y1="102.0" x2="628" y2="102.0"/>
            <text class="plot-label plot-label-y" x="42.0" y="106.0" text-anchor="end">4</text>
            <line class="plot-grid" stroke="currentColor" stroke-opacity="0.2" x1="48" y1="57.0" x2="628" y2="57.0"/>
            <text class="plot-label plot-label-y" x="42.0" y="61.0" text-anchor="end">6</text>
            <line class="plot-grid" stroke="currentColor" stroke-opacity="0.2" x1="48" y1="12.0" x2="628" y2="12.0"/>
            <text class="plot-label plot-label-y" x="42.0" y="16.0" text-anchor="end">8</text>
            <text class="plot-label plot-label-x" x="144.7" y="210.0" text-anchor="middle">1 Mar</text>
            <text class="plot-label plot-label-x" x="338.0" y="210.0" text-anchor="middle">2 Mar</text>
            <text class="plot-label plot-label-x" x="531.3" y="210.0" text-anchor="middle">3 Mar</text>
            <rect class="plot-bar plot-bar-1" x="67.3" y="124.5" width="77.3" height="67.5"><title>Adults, 1 Mar: 3 patients</title></rect>
            <rect class="plot-bar plot-bar-1" x="454.0" y="34.5" width="77.3" height="157.5"><title>Adults, 3 Mar: 7 patients</title></rect>
            <rect class="plot-bar plot-bar-2" x="144.7" y="169.5" width="77.3" height="22.5"><title>&lt;New&gt;, 1 Mar: 1 patients</title></rect>
            <rect class="plot-bar plot-bar-2" x="338.0" y="147.0" width="77.3" height="45.0"><title>&lt;New&gt;, 2 Mar: 2 patients</title></rect>
            <rect class="plot-bar plot-bar-1" x="48.0" y="226.0" width="10" height="10"/>
            <text class="plot-label plot-label-legend" x="62.0" y="235.0">Adults</text>
            <rect class="plot-bar plot-bar-2" x="338.0" y="226.0" width="10" height="10"/>
            <text class="plot-label plot-label-legend" x="352.0" y="235.0">&lt;New&gt;</text>
            </svg>
        "#]].assert_eq(&bars(&plot()));
    }

    #[test]
    fn plots_carry_their_table() {
        let table = plot().table();
        assert_eq!(table.columns, ["", "Adults", "<New>"]);
        assert_eq!(table.rows[1], ["2 Mar", "", "2"]);
        let back = Plot::from_table("census", "Patients at midnight.", "patients", &table);
        assert_eq!(back.series[0].values, [Some(3.0), None, Some(7.0)]);
    }

    #[test]
    fn steps_are_round() {
        for (rough, step) in [(0.3, 0.5), (1.0, 1.0), (1.7, 2.0), (23.0, 50.0), (0.0, 1.0)] {
            assert!((nice_step(rough) - step).abs() < 1e-9, "{rough}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_data_is_drawn(values in proptest::collection::vec(-1e6f64..1e6, 0..40)) {
            let plot = Plot {
                labels: values.iter().map(f64::to_string).collect(),
                series: vec![Series {
                    name: "a".to_owned(),
                    values: values.into_iter().map(Some).collect(),
                }],
                ..plot()
            };
            for text in [line(&plot), bars(&plot)] {
                proptest::prop_assert!(!text.contains("NaN") && !text.contains("inf"));
                proptest::prop_assert!(!text.contains("style="));
            }
        }
    }
}
