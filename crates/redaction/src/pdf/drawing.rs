//! Drawings on a page: lines, filled boxes and words, as plots are made of.

use super::layout::{Font, Line, width_thousandths};
use super::winansi::to_winansi;
use lopdf::content::Operation;
use lopdf::{Object, StringFormat};

/// Size of the words of a drawing, in points.
const WORDS_SIZE: f32 = 7.5;
/// Size of its heading.
const HEADING_SIZE: f32 = 11.0;

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Width in points.
    pub width: f32,
    /// From 0, black, to 1, white.
    pub grey: f32,
    /// Points drawn and left out in turn; empty for a whole line.
    pub dash: &'static [f32],
}

/// A part of a drawing, in points from its upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub enum Ink {
    /// A line through points.
    Line {
        /// The points.
        points: Vec<(f32, f32)>,
        /// How it is drawn.
        stroke: Stroke,
    },
    /// A filled box with a thin edge.
    Fill {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Width.
        width: f32,
        /// Height.
        height: f32,
        /// From 0, black, to 1, white.
        grey: f32,
    },
    /// Words.
    Text {
        /// Where they are held.
        x: f32,
        /// Baseline.
        y: f32,
        /// 0: `x` is their beginning; 0.5: their middle; 1: their end.
        held: f32,
        /// The words.
        text: String,
        /// Whether they are the drawing's heading: bold and larger.
        is_heading: bool,
    },
}

/// A drawing as one line of a page, so high in points.
pub fn drawn(ink: Vec<Ink>, height: u32) -> Line {
    Line { pieces: Vec::new(), ink, height, under: None }
}

fn operation(operator: &str, operands: &[f32]) -> Operation {
    Operation::new(operator, operands.iter().map(|number| Object::Real(*number)).collect())
}

/// Draws ink whose upper left corner lies here, in points from the lower left of the page.
pub(super) fn draw(operations: &mut Vec<Operation>, ink: &[Ink], left: f32, top: f32) {
    if ink.is_empty() {
        return;
    }
    operations.push(operation("q", &[]));
    for part in ink {
        match part {
            Ink::Line { points, stroke } => {
                let dash = stroke.dash.iter().map(|length| Object::Real(*length)).collect();
                operations.push(Operation::new("d", vec![Object::Array(dash), 0.into()]));
                operations.push(operation("w", &[stroke.width]));
                operations.push(operation("G", &[stroke.grey]));
                for (number, (x, y)) in points.iter().enumerate() {
                    let operator = if number == 0 { "m" } else { "l" };
                    operations.push(operation(operator, &[left + x, top - y]));
                }
                operations.push(operation("S", &[]));
            }
            Ink::Fill { x, y, width, height, grey } => {
                operations.push(Operation::new("d", vec![Object::Array(Vec::new()), 0.into()]));
                operations.push(operation("w", &[0.4]));
                operations.push(operation("G", &[0.2]));
                operations.push(operation("g", &[*grey]));
                operations.push(operation("re", &[left + x, top - y - height, *width, *height]));
                operations.push(operation("B", &[]));
            }
            Ink::Text { x, y, held, text, is_heading } => {
                let font = if *is_heading { Font::Bold } else { Font::Plain };
                words(operations, text, font, *held, (left + x, top - y));
            }
        }
    }
    operations.push(operation("Q", &[]));
}

fn words(
    operations: &mut Vec<Operation>,
    text: &str,
    font: Font,
    held: f32,
    (x, baseline): (f32, f32),
) {
    let bytes = to_winansi(text).bytes;
    let (name, size) = match font {
        Font::Bold => ("F2", HEADING_SIZE),
        Font::Plain | Font::Fixed => ("F1", WORDS_SIZE),
    };
    let width = width_thousandths(&bytes, font) as f32 * size / 1000.0;
    operations.push(operation("g", &[0.0]));
    operations.push(operation("BT", &[]));
    operations.push(Operation::new("Tf", vec![name.into(), Object::Real(size)]));
    operations.push(operation("Td", &[x - width * held, baseline]));
    let shown = Object::String(bytes, StringFormat::Literal);
    operations.push(Operation::new("Tj", vec![shown]));
    operations.push(operation("ET", &[]));
}
