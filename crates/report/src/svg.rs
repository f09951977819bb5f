//! Plots as SVG.
//!
//! No style and no script stand in the text, so that a strict content security policy holds: the
//! page's style sheet gives colours and dashes by class, `plot-series-0` to `-3`.

use crate::plot::{Anchor, HEIGHT, Plot, Shape, WIDTH};

/// A plot as one `svg` element.
pub fn write(plot: &Plot) -> String {
    let label = escaped(&format!("{}. The data follow as a table.", plot.title()));
    let mut text = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{label}\" \
         xmlns=\"http://www.w3.org/2000/svg\">\n"
    );
    for shape in plot.shapes() {
        text += &element(&shape);
        text.push('\n');
    }
    text += "</svg>\n";
    text
}

fn element(shape: &Shape) -> String {
    match shape {
        Shape::Grid { y, from, to } => level("plot-grid", *y, *from, *to),
        Shape::Threshold { y, from, to } => level("plot-threshold", *y, *from, *to),
        Shape::Bar { series, x, y, width, height, says } => format!(
            "<rect class=\"plot-bar plot-series-{series}\" x=\"{x:.1}\" y=\"{y:.1}\" \
             width=\"{width:.1}\" height=\"{height:.1}\"><title>{}</title></rect>",
            escaped(says)
        ),
        Shape::Line { series, points } => {
            let points: Vec<String> =
                points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            format!(
                "<polyline class=\"plot-line plot-series-{series}\" points=\"{}\"/>",
                points.join(" ")
            )
        }
        Shape::Point { series, x, y, says } => format!(
            "<circle class=\"plot-point plot-series-{series}\" r=\"2.5\" cx=\"{x:.1}\" \
             cy=\"{y:.1}\"><title>{}</title></circle>",
            escaped(says)
        ),
        Shape::Text { x, y, anchor, text } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            format!(
                "<text class=\"plot-number\" x=\"{x:.1}\" y=\"{y:.1}\" \
                 text-anchor=\"{anchor}\">{}</text>",
                escaped(text)
            )
        }
    }
}

fn level(class: &str, y: f64, from: f64, to: f64) -> String {
    format!("<line class=\"{class}\" x1=\"{from:.1}\" x2=\"{to:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::Series;
    use expect_test::expect;

    fn dressed(plot: Plot) -> Plot {
        plot.unit("patients")
            .places(["1 Mar", "2 Mar", "3 Mar"])
            .series(Series::new("Adults", [Some(3.0), None, Some(7.0)]))
            .series(Series::new("<New>", [Some(1.0), Some(2.0), Some(f64::NAN)]))
    }

    #[test]
    fn a_line_plot() {
        expect![[r#"
            <svg viewBox="0 0 640 240" role="img" aria-label="Census &amp; beds. The data follow as a table." xmlns="http://www.w3.org/2000/svg">
            <line class="plot-grid" x1="52.0" x2="628.0" y1="194.0" y2="194.0"/>
            <text class="plot-number" x="46.0" y="198.0" text-anchor="end">0</text>
            <line class="plot-grid" x1="52.0" x2="628.0" y1="148.5" y2="148.5"/>
            <text class="plot-number" x="46.0" y="152.5" text-anchor="end">2</text>
            <line class="plot-grid" x1="52.0" x2="628.0" y1="103.0" y2="103.0"/>
            <text class="plot-number" x="46.0" y="107.0" text-anchor="end">4</text>
            <line class="plot-grid" x1="52.0" x2="628.0" y1="57.5" y2="57.5"/>
            <text class="plot-number" x="46.0" y="61.5" text-anchor="end">6</text>
            <line class="plot-grid" x1="52.0" x2="628.0" y1="12.0" y2="12.0"/>
            <text class="plot-number" x="46.0" y="16.0" text-anchor="end">8</text>
            <text class="plot-number" x="148.0" y="210.0" text-anchor="middle">1 Mar</text>
            <text class="plot-number" x="340.0" y="210.0" text-anchor="middle">2 Mar</text>
            <text class="plot-number" x="532.0" y="210.0" text-anchor="middle">3 Mar</text>
            <circle class="plot-point plot-series-0" r="2.5" cx="148.0" cy="125.8"><title>Adults, 1 Mar: 3 patients</title></circle>
            <circle class="plot-point plot-series-0" r="2.5" cx="532.0" cy="34.8"><title>Adults, 3 Mar: 7 patients</title></circle>
            <polyline class="plot-line plot-series-1" points="148.0,171.2 340.0,148.5"/>
            <circle class="plot-point plot-series-1" r="2.5" cx="148.0" cy="171.2"><title>&lt;New&gt;, 1 Mar: 1 patients</title></circle>
            <circle class="plot-point plot-series-1" r="2.5" cx="340.0" cy="148.5"><title>&lt;New&gt;, 2 Mar: 2 patients</title></circle>
            <polyline class="plot-line plot-series-0" points="52.0,228.0 74.0,228.0"/>
            <text class="plot-number" x="80.0" y="232.0" text-anchor="start">Adults</text>
            <polyline class="plot-line plot-series-1" points="340.0,228.0 362.0,228.0"/>
            <text class="plot-number" x="368.0" y="232.0" text-anchor="start">&lt;New&gt;</text>
            </svg>
        "#]].assert_eq(&write(&dressed(Plot::lines("Census & beds", "Day"))));
    }

    #[test]
    fn a_bar_plot() {
        let plot = dressed(Plot::bars("Census & beds", "Day")).threshold("Beds", 6.0);
        expect![[r#"
            <svg viewBox="0 0 640 240" role="img" aria-label="Census &amp; beds. The data follow as a table." xmlns="http://www.w3.org/2000/svg">
            <line class="plot-grid" x1="52.0" x2="628.0" y1="194.0" y2="194.0"/>
            <text class="plot-number" x="46.0" y="198.0" text-anchor="end">0</text>
            <line class="plot-grid" x1="52.0" x2="628.0" y1="148.5" y2="148.5"/>
            <text class="plot-number" x="46.0" y="152.5" text-anchor="end">2</text>
            <line class="plot-grid" x1="52.0" x2="628.0" y1="103.0" y2="103.0"/>
            <text class="plot-number" x="46.0" y="107.0" text-anchor="end">4</text>
            <line class="plot-grid" x1="52.0" x2="628.0" y1="57.5" y2="57.5"/>
            <text class="plot-number" x="46.0" y="61.5" text-anchor="end">6</text>
            <line class="plot-grid" x1="52.0" x2="628.0" y1="12.0" y2="12.0"/>
            <text class="plot-number" x="46.0" y="16.0" text-anchor="end">8</text>
            <text class="plot-number" x="148.0" y="210.0" text-anchor="middle">1 Mar</text>
            <text class="plot-number" x="340.0" y="210.0" text-anchor="middle">2 Mar</text>
            <text class="plot-number" x="532.0" y="210.0" text-anchor="middle">3 Mar</text>
            <rect class="plot-bar plot-series-0" x="104.0" y="125.8" width="43.0" height="68.2"><title>Adults, 1 Mar: 3 patients</title></rect>
            <rect class="plot-bar plot-series-0" x="488.0" y="34.8" width="43.0" height="159.2"><title>Adults, 3 Mar: 7 patients</title></rect>
            <rect class="plot-bar plot-series-1" x="148.0" y="171.2" width="43.0" height="22.8"><title>&lt;New&gt;, 1 Mar: 1 patients</title></rect>
            <rect class="plot-bar plot-series-1" x="340.0" y="148.5" width="43.0" height="45.5"><title>&lt;New&gt;, 2 Mar: 2 patients</title></rect>
            <line class="plot-threshold" x1="52.0" x2="628.0" y1="57.5" y2="57.5"/>
            <text class="plot-number" x="54.0" y="53.5" text-anchor="start">Beds</text>
            <rect class="plot-bar plot-series-0" x="52.0" y="223.0" width="14.0" height="9.0"><title>Adults</title></rect>
            <text class="plot-number" x="80.0" y="232.0" text-anchor="start">Adults</text>
            <rect class="plot-bar plot-series-1" x="340.0" y="223.0" width="14.0" height="9.0"><title>&lt;New&gt;</title></rect>
            <text class="plot-number" x="368.0" y="232.0" text-anchor="start">&lt;New&gt;</text>
            </svg>
        "#]].assert_eq(&write(&plot));
    }

    proptest::proptest! {
        #[test]
        fn any_data_is_drawn(values in proptest::collection::vec(-1e6f64..1e6, 0..40)) {
            for plot in [Plot::lines("a", "b"), Plot::bars("a", "b")] {
                let plot = plot
                    .places(values.iter().map(f64::to_string))
                    .series(Series::new("a", values.iter().copied().map(Some)));
                let text = write(&plot);
                proptest::prop_assert!(!text.contains("NaN") && !text.contains("inf"));
                proptest::prop_assert!(!text.contains("style="));
            }
        }
    }
}
