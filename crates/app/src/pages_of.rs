//! Pages of files from outside, as images with their words.
//!
//! A hostile file can hang or exhaust the process that reads it. So the use cases call a
//! [`RenderPage`] that the binary makes, which opens the file in a child process with limits of
//! time and memory; [`render`] is what runs inside of that child.

use redaction::page::{PagePixels, Word};
use redaction::pdf::read::{Limits, ReadError, read_pages};
use redaction::scan::read_scan;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Resolution at which people read a page on the screen, in dots per inch.
pub const SCREEN_DPI: u32 = 110;
/// The finest resolution that is rendered, in dots per inch.
pub const DPI_MAX: u32 = 400;
/// Scans are shown at most so many pixels wide; finer ones are halved until they fit.
const SCREEN_WIDTH_MAX: u32 = 1700;

/// One page as an image.
#[derive(Clone)]
pub struct PageImage {
    /// What is known of it.
    pub facts: PageFacts,
    /// The image, as PNG.
    pub png: Vec<u8>,
}

/// What is known of a page beside its image.
#[derive(Clone, Serialize, Deserialize)]
pub struct PageFacts {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Pages of the whole file.
    pub pages: u32,
    /// Words with their boxes in pixels; empty where none are known.
    pub words: Vec<Word>,
}

impl PageImage {
    /// The words of the page in reading order.
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.facts.words.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }
}

/// Renders page `page` (from 1) of a file of this media type at so many dots per inch. The error
/// is a sentence for the person who opened the file.
pub type RenderPage = Arc<dyn Fn(&[u8], &str, u32, u32) -> Result<PageImage, String> + Send + Sync>;

/// Renders one page, in this process. Only for the limited child process, and for tests.
///
/// # Errors
/// A sentence: the file is broken, protected, too large, or has no such page.
pub fn render(bytes: &[u8], media_type: &str, page: u32, dpi: u32) -> Result<PageImage, String> {
    let limits = Limits { dpi: dpi.clamp(20, DPI_MAX), ..Limits::default() };
    let index = page.checked_sub(1).ok_or_else(no_such_page)? as usize;
    let (pixels, pages) = match media_type.split(';').next().unwrap_or_default().trim() {
        "application/pdf" => {
            let read = read_pages(bytes, index..index + 1, &limits, &|| true);
            let read = read.map_err(|error: ReadError| error.to_string())?;
            (read.pages.into_iter().next().ok_or_else(no_such_page)?, read.total)
        }
        "image/tiff" | "image/png" | "image/jpeg" => {
            let mut read = read_scan(bytes, &limits).map_err(|error| error.to_string())?;
            let total = read.len();
            if index >= total {
                return Err(no_such_page());
            }
            let page = read.swap_remove(index);
            (if dpi <= SCREEN_DPI { for_screen(page) } else { page }, total)
        }
        _ => return Err("This kind of file has no pages to show. Open its text.".to_owned()),
    };
    let pages = u32::try_from(pages).unwrap_or(u32::MAX);
    let png = pixels.to_png();
    let facts =
        PageFacts { width: pixels.width, height: pixels.height, pages, words: pixels.words };
    Ok(PageImage { facts, png })
}

fn no_such_page() -> String {
    "The file has no such page.".to_owned()
}

/// A scan at the width of a screen: squares of pixels become their mean.
fn for_screen(page: PagePixels) -> PagePixels {
    let step = page.width.div_ceil(SCREEN_WIDTH_MAX);
    if step < 2 {
        return page;
    }
    let (width, height) = (page.width / step, (page.height / step).max(1));
    let step_down = if page.height < step { 1 } else { step };
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    for row in 0..height {
        for column in 0..width {
            let mut sums = [0u32; 3];
            for y in row * step_down..(row + 1) * step_down {
                for x in column * step..(column + 1) * step {
                    let at = (y as usize * page.width as usize + x as usize) * 3;
                    (0..3).for_each(|channel| sums[channel] += u32::from(page.rgb[at + channel]));
                }
            }
            let count = step * step_down;
            rgb.extend(sums.map(|sum| u8::try_from(sum / count).unwrap_or(255)));
        }
    }
    PagePixels::new(width, height, rgb).unwrap_or(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(width: u32, height: u32) -> Vec<u8> {
        let rgb = vec![200; width as usize * height as usize * 3];
        PagePixels::new(width, height, rgb).unwrap().to_png()
    }

    #[test]
    fn scans_are_shown_at_the_width_of_a_screen() {
        for (width, height, expected) in
            [(800, 1000, (800, 1000)), (3400, 40, (1700, 20)), (5000, 9, (1666, 3))]
        {
            let shown = render(&scan(width, height), "image/png", 1, SCREEN_DPI).unwrap();
            assert_eq!((shown.facts.width, shown.facts.height), expected);
            assert_eq!(shown.facts.pages, 1);
        }
    }

    #[test]
    fn hostile_files_get_a_sentence() {
        let table: [(&[u8], &str, u32); 6] = [
            (b"%PDF-1.7 and nothing more", "application/pdf", 1),
            (b"", "application/pdf", 1),
            (b"\x89PNG\r\n\x1a\n cut", "image/png", 1),
            (b"II*\0\xff\xff\xff\xff", "image/tiff", 1),
            (b"<html>", "text/html", 1),
            (b"x", "image/png", 0),
        ];
        for (bytes, media_type, page) in table {
            let sentence = render(bytes, media_type, page, SCREEN_DPI).err().unwrap();
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }
}
