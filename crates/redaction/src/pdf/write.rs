//! Packets written from nothing: pages of text, pages of pixels, headers and footers.
//!
//! The same input gives the same bytes. Metadata holds a fixed title and nothing of the patient.

use super::drawing::draw;
use super::layout::{Block, Font, Line, Piece, lines, pages};
use super::winansi::{MARK, to_winansi};
use crate::page::PagePixels;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use lopdf::content::{Content, Operation};
use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use std::fmt;

/// Letter paper, in points.
const PAGE_WIDTH: f32 = 612.0;
/// Margins left and right, in points.
const MARGIN: f32 = 72.0;
/// Baseline of the first line, in points from the bottom.
const TOP: f32 = 724.0;
/// An image whose deflated pixels are larger is also tried as JPEG.
const DEFLATED_BYTES_MAX: usize = 1_500_000;
/// Quality of those JPEGs, of 100.
const JPEG_QUALITY: u8 = 85;

/// Writes pages one after another.
pub struct Writer {
    document: Document,
    tree: ObjectId,
    fonts: ObjectId,
    pages: Vec<ObjectId>,
    /// Words before the page number in each footer: the number of the request.
    footer: String,
    total: usize,
    title: String,
}

/// A PDF can't be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// An image could not be encoded.
    #[error("A page's image could not be written ({0}). Open the source again.")]
    Image(String),
    /// The library refused.
    #[error("The packet could not be written ({0}).")]
    Pdf(String),
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Writer of {} pages", self.pages.len())
    }
}

impl Writer {
    /// A writer of a packet, whose footers read `footer · page n of total`.
    pub fn new(footer: &str, total: usize) -> Writer {
        Writer::titled(TITLE, footer, total)
    }

    /// A writer of a document of another title.
    pub fn titled(title: &str, footer: &str, total: usize) -> Writer {
        let mut document = Document::with_version("1.7");
        document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
        let tree = document.new_object_id();
        let font = |document: &mut Document, name: &str| {
            document.add_object(dictionary! {
                "Type" => "Font",
                "Subtype" => "Type1",
                "BaseFont" => name,
                "Encoding" => "WinAnsiEncoding",
            })
        };
        let plain = font(&mut document, "Helvetica");
        let bold = font(&mut document, "Helvetica-Bold");
        let fixed = font(&mut document, "Courier");
        let fonts = document.add_object(dictionary! { "F1" => plain, "F2" => bold, "F3" => fixed });
        let pages = Vec::new();
        let (footer, title) = (footer.to_owned(), title.to_owned());
        Writer { document, tree, fonts, pages, footer, total, title }
    }

    /// How many pages the blocks take.
    pub fn pages_of(blocks: &[Block]) -> usize {
        pages(lines(blocks)).len()
    }

    /// Adds blocks as pages of text. `running` heads each page.
    pub fn add_text(&mut self, running: &str, blocks: &[Block]) -> Result<(), WriteError> {
        self.add_lines(running, lines(blocks))
    }

    /// Adds lines as pages.
    pub fn add_lines(&mut self, running: &str, lines: Vec<Line>) -> Result<(), WriteError> {
        for page in pages(lines) {
            let mut operations = self.frame(running);
            let mut baseline = TOP;
            for line in &page {
                draw(&mut operations, &line.ink, MARGIN, baseline);
                baseline -= line.height as f32;
                draw_line(&mut operations, line, baseline);
            }
            self.add_page(operations, Dictionary::new())?;
        }
        Ok(())
    }

    /// Adds one page of pixels, fitted between header and footer, with its words as invisible
    /// text over them.
    pub fn add_pixels(&mut self, running: &str, page: &PagePixels) -> Result<(), WriteError> {
        let image = self.document.add_object(image_stream(page)?);
        let mut operations = self.frame(running);
        let (room_width, room_height) = (PAGE_WIDTH - 2.0 * 30.0, 686.0);
        let width = page.width.max(1) as f32;
        let height = page.height.max(1) as f32;
        let scale = (room_width / width).min(room_height / height);
        let left = (PAGE_WIDTH - width * scale) / 2.0;
        let bottom = 52.0 + (room_height - height * scale) / 2.0;
        operations.push(operation("q", &[]));
        let matrix = [width * scale, 0.0, 0.0, height * scale, left, bottom];
        operations.push(operation("cm", &matrix));
        operations.push(Operation::new("Do", vec!["I1".into()]));
        operations.push(operation("Q", &[]));
        for word in &page.words {
            let bytes = to_winansi(&word.text).bytes;
            let baseline = bottom + (height - word.top as f32 - word.height as f32) * scale;
            let size = (word.height as f32 * scale).max(1.0);
            let natural = super::layout::width_thousandths(&bytes, Font::Plain).max(1) as f32;
            let stretch = word.width as f32 * scale * 100_000.0 / (natural * size);
            let start = [1.0, 0.0, 0.0, 1.0, left + word.left as f32 * scale, baseline];
            operations.push(operation("BT", &[]));
            operations.push(Operation::new("Tf", vec!["F1".into(), Object::Real(size)]));
            operations.push(Operation::new("Tr", vec![Object::Integer(3)]));
            operations.push(operation("Tz", &[stretch.clamp(1.0, 1000.0)]));
            operations.push(operation("Tm", &start));
            operations.push(show(&bytes));
            operations.push(operation("ET", &[]));
        }
        self.add_page(operations, dictionary! { "I1" => image })
    }

    /// Header and footer of the next page.
    fn frame(&self, running: &str) -> Vec<Operation> {
        let mut operations = Vec::new();
        let number = format!("{} · page {} of {}", self.footer, self.pages.len() + 1, self.total);
        for (text, baseline) in [(running, 756.0), (number.as_str(), 30.0)] {
            let bytes = to_winansi(text).bytes;
            let piece = Piece { left: 0, bytes, font: Font::Plain, size: 8 };
            let line = Line { pieces: vec![piece], ink: Vec::new(), height: 8, under: None };
            draw_line(&mut operations, &line, baseline);
        }
        operations
    }

    fn add_page(
        &mut self,
        operations: Vec<Operation>,
        images: Dictionary,
    ) -> Result<(), WriteError> {
        let content =
            Content { operations }.encode().map_err(|e| WriteError::Pdf(e.to_string()))?;
        let mut stream = Stream::new(Dictionary::new(), content);
        stream.compress().map_err(|e| WriteError::Pdf(e.to_string()))?;
        let content = self.document.add_object(stream);
        let resources = dictionary! { "Font" => self.fonts, "XObject" => images };
        let page = self.document.add_object(dictionary! {
            "Type" => "Page",
            "Parent" => self.tree,
            "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
            "Resources" => resources,
            "Contents" => content,
        });
        self.pages.push(page);
        Ok(())
    }

    /// Pages so far.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// The file.
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        let count = i64::try_from(self.pages.len()).unwrap_or(i64::MAX);
        let kids: Vec<Object> = self.pages.iter().map(|page| (*page).into()).collect();
        let tree = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
        self.document.objects.insert(self.tree, Object::Dictionary(tree));
        let catalog =
            self.document.add_object(dictionary! { "Type" => "Catalog", "Pages" => self.tree });
        let title = Object::string_literal(self.title.as_str());
        let info = self.document.add_object(dictionary! { "Title" => title });
        self.document.trailer.set("Root", catalog);
        self.document.trailer.set("Info", info);
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).map_err(|e| WriteError::Pdf(e.to_string()))?;
        Ok(bytes)
    }
}

/// The title of every packet.
pub(crate) const TITLE: &str = "Release of information";

fn operation(operator: &str, operands: &[f32]) -> Operation {
    Operation::new(operator, operands.iter().map(|number| Object::Real(*number)).collect())
}

fn show(bytes: &[u8]) -> Operation {
    Operation::new("Tj", vec![Object::String(bytes.to_vec(), StringFormat::Literal)])
}

/// Draws a line: runs of text as text, runs of marks as filled boxes.
fn draw_line(operations: &mut Vec<Operation>, line: &Line, baseline: f32) {
    for piece in &line.pieces {
        let size = piece.size as f32;
        let mut left = MARGIN + piece.left as f32;
        for run in piece.bytes.chunk_by(|a, b| (*a == MARK) == (*b == MARK)) {
            let width = super::layout::width_thousandths(run, piece.font) as f32 * size / 1000.0;
            if run.first() == Some(&MARK) {
                let rectangle = [left, baseline - 0.2 * size, width, size];
                operations.push(operation("re", &rectangle));
                operations.push(operation("f", &[]));
            } else {
                let name = match piece.font {
                    Font::Plain => "F1",
                    Font::Bold => "F2",
                    Font::Fixed => "F3",
                };
                operations.push(operation("BT", &[]));
                operations.push(Operation::new("Tf", vec![name.into(), Object::Real(size)]));
                operations.push(operation("Td", &[left, baseline]));
                operations.push(show(run));
                operations.push(operation("ET", &[]));
            }
            left += width;
        }
    }
}

/// Pixels as an image object: grey where all pixels are grey, deflated, or JPEG where that is
/// smaller and the deflated form is large.
fn image_stream(page: &PagePixels) -> Result<Stream, WriteError> {
    let grey = page.rgb.chunks_exact(3).all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]);
    let pixels: Vec<u8> = match grey {
        true => page.rgb.iter().step_by(3).copied().collect(),
        false => page.rgb.clone(),
    };
    let space = if grey { "DeviceGray" } else { "DeviceRGB" };
    let dictionary = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(page.width),
        "Height" => i64::from(page.height),
        "ColorSpace" => space,
        "BitsPerComponent" => 8,
    };
    let mut deflated = Stream::new(dictionary.clone(), pixels.clone());
    deflated.compress().map_err(|error| WriteError::Pdf(error.to_string()))?;
    if deflated.content.len() <= DEFLATED_BYTES_MAX {
        return Ok(deflated);
    }
    let mut jpeg = Vec::new();
    let color = if grey { ExtendedColorType::L8 } else { ExtendedColorType::Rgb8 };
    JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
        .write_image(&pixels, page.width, page.height, color)
        .map_err(|error| WriteError::Image(error.to_string()))?;
    if jpeg.len() >= deflated.content.len() {
        return Ok(deflated);
    }
    let mut dictionary = dictionary;
    dictionary.set("Filter", "DCTDecode");
    Ok(Stream::new(dictionary, jpeg).with_compression(false))
}
