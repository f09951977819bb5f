//! Pages as a scanner gives them: words drawn with a small bitmap font, packed as PNG or PDF.

mod pdf;
mod png;

use crate::truth::ScanTruth;
use font8x8::legacy::BASIC_LEGACY;

/// A scanned document.
#[derive(Clone)]
pub struct Scan {
    /// The file.
    pub bytes: Vec<u8>,
    /// `image/png` or `application/pdf`.
    pub media_type: &'static str,
    /// What it shows, and where it belongs.
    pub truth: ScanTruth,
}

/// Width and height of a letter page at 150 dots an inch.
const WIDTH: usize = 1275;
const HEIGHT: usize = 1650;
const MARGIN: usize = 75;
/// Each point of the 8 by 8 font becomes a square of this many dots.
const SCALE: usize = 2;
/// Height of a line in dots.
const LINE: usize = 28;
/// Letters in a line.
const COLUMNS: usize = (WIDTH - 2 * MARGIN) / (8 * SCALE);

/// A black and white page, one bit a dot, 1 for white.
struct Page {
    bits: Vec<u8>,
}

const STRIDE: usize = WIDTH.div_ceil(8);

impl Page {
    fn drawn(text: &str) -> Page {
        let mut page = Page { bits: vec![0xff; STRIDE * HEIGHT] };
        let rows = (HEIGHT - 2 * MARGIN) / LINE;
        for (row, line) in wrapped(text, COLUMNS).iter().take(rows).enumerate() {
            for (column, letter) in line.chars().enumerate() {
                let (x, y) = (MARGIN + column * 8 * SCALE, MARGIN + row * LINE);
                page.letter(letter, x, y);
            }
        }
        page
    }

    fn letter(&mut self, letter: char, x: usize, y: usize) {
        let glyph = BASIC_LEGACY.get(letter as usize).unwrap_or(&BASIC_LEGACY[b'?' as usize]);
        for (row, bits) in glyph.iter().enumerate() {
            for column in (0..8).filter(|column| bits >> column & 1 == 1) {
                for dot in 0..SCALE * SCALE {
                    let (right, down) = (dot % SCALE, dot / SCALE);
                    let (dx, dy) = (x + column * SCALE + right, y + row * SCALE + down);
                    self.bits[dy * STRIDE + dx / 8] &= !(0x80 >> (dx % 8));
                }
            }
        }
    }
}

/// Lines of at most so many letters, broken at blanks.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut current = String::new();
        for word in line.split(' ') {
            if !current.is_empty() && current.len() + word.len() + 1 > columns {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    lines
}

impl Scan {
    /// A picture of a page without any text behind it.
    pub(crate) fn picture(mut truth: ScanTruth) -> Scan {
        truth.name.push_str(".png");
        let page = Page::drawn(&truth.text);
        Scan { bytes: png::packed(&page.bits, WIDTH, HEIGHT), media_type: "image/png", truth }
    }

    /// A PDF with its text.
    pub(crate) fn pdf(mut truth: ScanTruth) -> Scan {
        truth.name.push_str(".pdf");
        let lines = wrapped(&truth.text, 88);
        Scan { bytes: pdf::written(&lines), media_type: "application/pdf", truth }
    }
}
