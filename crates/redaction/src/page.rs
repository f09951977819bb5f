//! A page as pixels with its words: what PDFs, scans and redactions have in common.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A page as pixels, with the words that are known to stand on it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagePixels {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Red, green, blue of each pixel, row by row.
    pub rgb: Vec<u8>,
    /// Words with their boxes; empty where none are known.
    pub words: Vec<Word>,
}

/// A word and its box in pixels from the top left.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// The text.
    pub text: String,
    /// From the left.
    pub left: i32,
    /// From the top.
    pub top: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// A box on a page, in ten-thousandths of the page's width and height from the top left, so that
/// it holds at any resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PageBox {
    /// Page, counted from 0.
    pub page: u32,
    /// From the left.
    pub left: u32,
    /// From the top.
    pub top: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// Parts of a page's side in which boxes are measured.
pub const BOX_PARTS: u32 = 10_000;

impl PagePixels {
    /// A page of pixels without words. None when the count of bytes doesn't fit the size.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Option<PagePixels> {
        let bytes = u64::from(width) * u64::from(height) * 3;
        let fits = bytes == rgb.len() as u64 && bytes > 0;
        fits.then_some(PagePixels { width, height, rgb, words: Vec::new() })
    }

    /// The pixels as a PNG, quickly rather than small: for a page on the screen, or to hand over
    /// between processes ([`crate::scan::read_scan`] reads it back).
    pub fn to_png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Up)
            .write_image(&self.rgb, self.width, self.height, ExtendedColorType::Rgb8)
            .expect("the count of bytes fits the size, and memory takes what is written");
        bytes
    }

    /// The words in reading order, joined by spaces, and where each starts (in characters): to
    /// find identifiers in a page and to draw boxes over them.
    pub fn text(&self) -> (String, Vec<usize>) {
        let mut text = String::new();
        let mut starts = Vec::with_capacity(self.words.len());
        let mut count = 0;
        for word in &self.words {
            if count > 0 {
                text.push(' ');
                count += 1;
            }
            starts.push(count);
            text += &word.text;
            count += word.text.chars().count();
        }
        (text, starts)
    }

    /// The boxes that cover a span of [`PagePixels::text`]: words side by side share one, so that
    /// the gaps between them don't show their lengths.
    pub fn boxes_of(&self, page: u32, start: usize, end: usize) -> Vec<PageBox> {
        let (_, starts) = self.text();
        let touched = self
            .words
            .iter()
            .zip(starts)
            .filter(|(word, at)| *at < end && start < at + word.text.chars().count());
        let mut boxes: Vec<PageBox> = Vec::new();
        for drawn in touched.map(|(word, _)| self.box_of(page, word)) {
            match boxes.last_mut().filter(|last| are_side_by_side(last, &drawn)) {
                Some(last) => {
                    let bottom = (last.top + last.height).max(drawn.top + drawn.height);
                    last.width = drawn.left + drawn.width - last.left;
                    last.top = last.top.min(drawn.top);
                    last.height = bottom - last.top;
                }
                None => boxes.push(drawn),
            }
        }
        boxes
    }

    fn box_of(&self, page: u32, word: &Word) -> PageBox {
        let part = |pixels: i32, side: u32| {
            let parts = i64::from(pixels.max(0)) * i64::from(BOX_PARTS) / i64::from(side.max(1));
            u32::try_from(parts).unwrap_or(BOX_PARTS).min(BOX_PARTS)
        };
        let left = part(word.left, self.width);
        let top = part(word.top, self.height);
        let right = part(word.left + word.width, self.width) + 1;
        let bottom = part(word.top + word.height, self.height) + 1;
        PageBox { page, left, top, width: right - left, height: bottom - top }
    }
}

/// Whether the second box follows the first on its line.
fn are_side_by_side(first: &PageBox, second: &PageBox) -> bool {
    let right = first.left + first.width;
    let gap_max = 2 * first.height.max(second.height);
    let overlap = first.top < second.top + second.height && second.top < first.top + first.height;
    overlap && second.left >= first.left && second.left <= right + gap_max
}

impl fmt::Debug for PagePixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[page {}x{}, {} words]", self.width, self.height, self.words.len())
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[word at {},{}]", self.left, self.top)
    }
}
