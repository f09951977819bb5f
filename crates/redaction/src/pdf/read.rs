//! Pages of a foreign PDF to pixels and words, under limits.
//!
//! A hostile file can still hang or exhaust its process: whoever calls this does so in a child
//! process with limits of its own. A panic of the reader becomes an error here.

use crate::page::{PagePixels, Word};
use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::{LoadPdfError, Pdf, page::Page};
use hayro::kurbo::{Affine, BezPath, Point, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a reader allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes_max: usize,
    /// Pages of the file.
    pub pages_max: usize,
    /// Pixels of one page.
    pub page_pixels_max: u64,
    /// Dots per inch of the pixels.
    pub dpi: u32,
}

impl Default for Limits {
    /// 100 MB, 2,000 pages, 40 million pixels a page, 200 dots per inch.
    fn default() -> Limits {
        Limits {
            file_bytes_max: 100_000_000,
            pages_max: 2_000,
            page_pixels_max: 40_000_000,
            dpi: 200,
        }
    }
}

/// Why a file isn't read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ReadError {
    /// Too many bytes.
    #[error("The file is larger than {0} bytes. Split it, or ask the administrator.")]
    TooLarge(usize),
    /// Not a PDF, or broken beyond repair.
    #[error("The file can't be read as a PDF. Ask the sender for a new copy, or print and scan.")]
    Broken,
    /// Protected by a password.
    #[error("The PDF is protected by a password. Ask the sender for an open copy.")]
    Protected,
    /// No pages.
    #[error("The PDF has no pages. Ask the sender for a new copy.")]
    NoPages,
    /// Too many pages.
    #[error("The PDF has {pages} pages; {limit} are allowed. Split it.")]
    TooManyPages {
        /// In the file.
        pages: usize,
        /// Allowed.
        limit: usize,
    },
    /// A page's paper is too large.
    #[error("Page {0} is too large to be shown. Ask the sender for paper size.")]
    PageTooLarge(usize),
    /// The reader failed on a page.
    #[error("Page {0} can't be shown. Ask the sender for a new copy, or print and scan it.")]
    PageBroken(usize),
    /// The time is over.
    #[error("Reading took too long and was stopped at page {0}. Split the file.")]
    OutOfTime(usize),
}

/// Pages that were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages {
    /// Pages of the whole file.
    pub total: usize,
    /// Those asked for.
    pub pages: Vec<PagePixels>,
}

/// The count of pages.
pub fn count_pages(bytes: &[u8], limits: &Limits) -> Result<usize, ReadError> {
    guarded(ReadError::Broken, || open(bytes, limits).map(|pdf| pdf.pages().len()))
}

/// Reads the pages of `range` (cut to the file) as pixels with words. `keep_going` is asked before
/// each page: the caller owns the clock.
pub fn read_pages(
    bytes: &[u8],
    range: Range<usize>,
    limits: &Limits,
    keep_going: &dyn Fn() -> bool,
) -> Result<Pages, ReadError> {
    guarded(ReadError::Broken, || {
        let pdf = open(bytes, limits)?;
        let total = pdf.pages().len();
        let mut pages = Vec::new();
        for index in range.start..range.end.min(total) {
            if !keep_going() {
                return Err(ReadError::OutOfTime(index + 1));
            }
            let broken = ReadError::PageBroken(index + 1);
            pages.push(guarded(broken, || read_page(&pdf, index, limits))?);
        }
        Ok(Pages { total, pages })
    })
}

/// The words of a whole file, without its pixels: what its text layer says, for a search. Reading
/// ends once there are so many bytes of text; a page that can't be read is left out.
///
/// # Errors
/// When the file can't be opened, or none of its pages can be read.
pub fn read_words(
    bytes: &[u8],
    limits: &Limits,
    text_bytes_max: usize,
) -> Result<String, ReadError> {
    guarded(ReadError::Broken, || {
        let pdf = open(bytes, limits)?;
        let (mut text, mut broken) = (String::new(), None);
        let total = pdf.pages().len();
        let mut broken_count = 0;
        for index in 0..total {
            let error = ReadError::PageBroken(index + 1);
            match guarded(error, || words_of_page(&pdf, index)) {
                Ok(words) => words.iter().for_each(|word| {
                    text.push_str(&word.text);
                    text.push(' ');
                }),
                Err(error) => {
                    broken_count += 1;
                    broken.get_or_insert(error);
                }
            }
            if text.len() >= text_bytes_max {
                text.truncate(text.floor_char_boundary(text_bytes_max));
                break;
            }
        }
        match broken {
            Some(error) if broken_count == total => Err(error),
            _ => Ok(text),
        }
    })
}

fn words_of_page(pdf: &Pdf, index: usize) -> Result<Vec<Word>, ReadError> {
    let page = pdf.pages().get(index).ok_or(ReadError::PageBroken(index + 1))?;
    let (width, height) = page.render_dimensions();
    Ok(words_of(pdf, page, 1.0, f64::from(width), f64::from(height)))
}

/// A panic of the reader becomes the error.
fn guarded<T>(
    error: ReadError,
    read: impl FnOnce() -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(error))
}

fn open(bytes: &[u8], limits: &Limits) -> Result<Pdf, ReadError> {
    if bytes.len() > limits.file_bytes_max {
        return Err(ReadError::TooLarge(limits.file_bytes_max));
    }
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => ReadError::Protected,
        LoadPdfError::Invalid => ReadError::Broken,
    })?;
    match pdf.pages().len() {
        0 => Err(ReadError::NoPages),
        pages if pages > limits.pages_max => {
            Err(ReadError::TooManyPages { pages, limit: limits.pages_max })
        }
        _ => Ok(pdf),
    }
}

fn read_page(pdf: &Pdf, index: usize, limits: &Limits) -> Result<PagePixels, ReadError> {
    let too_large = ReadError::PageTooLarge(index + 1);
    let page = pdf.pages().get(index).ok_or(ReadError::PageBroken(index + 1))?;
    let (width, height) = page.render_dimensions();
    let scale = limits.dpi as f32 / 72.0;
    let (across, down) = (f64::from(width * scale), f64::from(height * scale));
    let side = f64::from(u16::MAX);
    let sane = (1.0..side).contains(&across) && (1.0..side).contains(&down);
    if !sane || across * down > limits.page_pixels_max as f64 {
        return Err(too_large);
    }
    let words = words_of(pdf, page, f64::from(scale), across, down);
    // The renderer cuts fractions of a pixel off: rounded sides are asked for, and a bit more.
    let rounded = |side: f64, points: f32| (side.round().max(1.0) as f32 + 0.01) / points;
    let settings = PixmapSettings {
        x_scale: rounded(across, width),
        y_scale: rounded(down, height),
        bg_color: WHITE,
    };
    let pixmap = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let opaque = pixmap.data_as_u8_slice().chunks_exact(4);
    let rgb: Vec<u8> = opaque.flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut read = PagePixels::new(width, height, rgb).ok_or(too_large)?;
    read.words = words.into_iter().filter(|word| is_visible(&read, word)).collect();
    Ok(read)
}

/// Difference of brightness, of 255, that ink and paper have at the least.
const CONTRAST_MIN: u8 = 40;

/// Whether something can be seen where a word stands. Text under a black bar, white on white, or
/// behind a picture is a bad redaction by somebody else: no reviewer sees it, so none of it is
/// kept. The text layer of a scan stays, since its ink is on the picture.
fn is_visible(page: &PagePixels, word: &Word) -> bool {
    // The core of the letters: a bar that fits tightly still leaves paper around them.
    let inset = word.width / 20;
    let side = |value: i32, end: u32| usize::try_from(value).unwrap_or(0).min(end as usize);
    let left = side(word.left + inset, page.width);
    let right = side(word.left + word.width - inset, page.width);
    let top = side(word.top + word.height * 35 / 100, page.height);
    let bottom = side(word.top + word.height * 75 / 100 + 1, page.height);
    let (mut darkest, mut lightest) = (u8::MAX, u8::MIN);
    for row in top..bottom {
        let start = (row * page.width as usize + left) * 3;
        let end = (row * page.width as usize + right) * 3;
        for value in page.rgb.get(start..end).unwrap_or_default() {
            darkest = darkest.min(*value);
            lightest = lightest.max(*value);
        }
    }
    lightest.saturating_sub(darkest) >= CONTRAST_MIN
}

/// The words of a page with boxes in pixels. Words outside the page are left out: they can't be
/// seen, and what can't be seen isn't kept.
fn words_of(pdf: &Pdf, page: &Page, scale: f64, width: f64, height: f64) -> Vec<Word> {
    let cache = InterpreterCache::new();
    let transform = Affine::scale(scale) * page.initial_transform(true).to_kurbo();
    let bounds = Rect::new(0.0, 0.0, width, height);
    let settings = InterpreterSettings::default();
    let mut context = Context::new(transform, bounds, &cache, pdf.xref(), settings);
    let mut reader = WordReader::default();
    interpret_page(page, &mut context, &mut reader);
    reader.end_word();
    let inside = |word: &Word| {
        word.left < width as i32
            && word.top < height as i32
            && word.left + word.width > 0
            && word.top + word.height > 0
    };
    reader.words.into_iter().filter(inside).collect()
}

/// Gathers glyphs into words.
#[derive(Default)]
struct WordReader {
    words: Vec<Word>,
    text: String,
    boxed: Option<Rect>,
    /// Where the next glyph of the same word would start, and the size of the last.
    end: Option<(Point, f64)>,
}

impl WordReader {
    fn glyph(&mut self, text: &str, transform: Affine, advance: f64) {
        let start = transform * Point::ZERO;
        let stop = transform * Point::new(advance, 0.0);
        let top = transform * Point::new(0.0, 800.0);
        let size = ((top.x - start.x).powi(2) + (top.y - start.y).powi(2)).sqrt().max(0.1);
        let goes_on = self.end.is_some_and(|(end, last)| {
            let size = size.max(last);
            (start.x - end.x).abs() < 0.25 * size && (start.y - end.y).abs() < 0.25 * size
        });
        if !goes_on {
            self.end_word();
        }
        if text.trim().is_empty() {
            self.end_word();
            return;
        }
        let corners = [(0.0, -200.0), (advance, -200.0), (0.0, 800.0), (advance, 800.0)];
        for (x, y) in corners {
            let corner = transform * Point::new(x, y);
            let point = Rect::from_points(corner, corner);
            self.boxed = Some(self.boxed.map_or(point, |boxed| boxed.union(point)));
        }
        self.text += text;
        self.end = Some((stop, size));
    }

    fn end_word(&mut self) {
        let text = std::mem::take(&mut self.text);
        self.end = None;
        let Some(boxed) = self.boxed.take() else { return };
        if text.is_empty() || !boxed.is_finite() {
            return;
        }
        self.words.push(Word {
            text,
            left: boxed.x0.floor() as i32,
            top: boxed.y0.floor() as i32,
            width: boxed.width().ceil().max(1.0) as i32,
            height: boxed.height().ceil().max(1.0) as i32,
        });
    }
}

impl Device<'_> for WordReader {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let text = match glyph.as_unicode() {
                Some(BfString::Char(character)) => character.to_string(),
                Some(BfString::String(text)) => text,
                None => char::REPLACEMENT_CHARACTER.to_string(),
            };
            let advance = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width(),
                Glyph::Type3(type3) => type3.advance_width(),
            };
            let transform = props.transform * glyph.transform();
            self.glyph(&text, transform, f64::from(advance.unwrap_or(600.0)));
        }
    }
}
