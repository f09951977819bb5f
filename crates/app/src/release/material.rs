//! What an item of a release is made of: texts, and files whose pages are rendered.
//!
//! A document's own file comes first, then the files inside of its entry; an entry without files
//! is given in its words, as the chart shows it. Nothing of a file is read here: its pages come
//! through the child process.

use crate::Error;
use crate::pages_of::{PageImage, RenderPage, SCREEN_DPI};
use exchange::fhir::{Section, attachments, kind_label, render, section, stripped};
use record::{ContentHash, ResourceKey};
use redaction::PagePixels;
use redaction::pdf::read::Limits;
use redaction::scan::read_scan;
use std::fmt::Write as _;
use store::{ResourceRow, Store, View};

/// Resolution of pages in a packet, in dots per inch.
pub const PACKET_DPI: u32 = 200;

/// An item as it is reviewed and packed.
#[derive(Clone)]
pub struct Material {
    /// The kind of document or entry, and its date: no name, nothing of its content.
    pub title: String,
    /// Its parts.
    pub parts: Vec<Part>,
}

/// One text or one file.
#[derive(Clone)]
pub struct Part {
    /// What it holds.
    pub content: Content,
    /// Hash of that.
    pub hash: ContentHash,
}

/// The content of a part.
#[derive(Clone)]
pub enum Content {
    /// Words.
    Text(String),
    /// A PDF or a scan.
    Pages {
        /// `application/pdf`, `image/tiff`, …
        media_type: String,
        /// The file.
        bytes: Vec<u8>,
    },
    /// An entry as a line of its section's table, cell by cell.
    Line {
        /// The table.
        section: &'static Section,
        /// Its cells; none holds a line break.
        cells: Vec<String>,
    },
    /// A file that has neither pages nor words: sound, film, an archive.
    Other {
        /// Its media type.
        media_type: String,
    },
}

/// The words of a line, in which its marks are counted: a cell a line.
pub(super) fn words_of_line(cells: &[String]) -> String {
    cells.join("\n")
}

impl Part {
    fn new(content: Content) -> Part {
        let hash = match &content {
            Content::Text(text) => ContentHash::of(text.as_bytes()),
            Content::Line { cells, .. } => ContentHash::of(words_of_line(cells).as_bytes()),
            Content::Pages { bytes, .. } => ContentHash::of(bytes),
            Content::Other { media_type } => ContentHash::of(media_type.as_bytes()),
        };
        Part { content, hash }
    }

    fn of_file(media_type: &str, bytes: Vec<u8>) -> Part {
        let kind = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let text = || String::from_utf8_lossy(&bytes).into_owned();
        Part::new(match kind.as_str() {
            "application/pdf" | "image/tiff" | "image/png" | "image/jpeg" => {
                Content::Pages { media_type: kind, bytes }
            }
            _ if kind.ends_with("html") || kind.ends_with("xml") => {
                Content::Text(stripped(&text()))
            }
            _ if kind.starts_with("text/") => Content::Text(text()),
            _ => Content::Other { media_type: kind },
        })
    }
}

impl Material {
    /// Hash over all parts: when it changes, what was reviewed is no longer what is there.
    pub fn hash(&self) -> ContentHash {
        let all: Vec<u8> = self.parts.iter().flat_map(|part| part.hash.0).collect();
        ContentHash::of(&all)
    }

    /// A part by its number.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such part.
    pub fn part(&self, number: i64) -> Result<&Part, Error> {
        let index = usize::try_from(number).map_err(|_| Error::NotFound)?;
        self.parts.get(index).ok_or(Error::NotFound)
    }
}

/// Reads an item of a release.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or hidden from this context.
pub fn material_in(
    store: &Store,
    view: &mut View<'_>,
    resource: ResourceKey,
) -> Result<Material, Error> {
    let row = view.resource_by_key(resource)?.filter(|row| !row.deleted).ok_or(Error::NotFound)?;
    let value = view.resource_value(&row)?;
    let shown = render(&value);
    if let Some(section) = section(&value) {
        let cells = exchange::fhir::line(&value);
        let title = title_of(&row, &shown);
        return Ok(Material { title, parts: vec![Part::new(Content::Line { section, cells })] });
    }
    let mut parts = Vec::new();
    if let Some(document) = view.document_of_resource(resource)? {
        let bytes = store.blob_content(view, document.blob)?;
        parts.push(Part::of_file(&document.media_type, bytes));
    }
    for file in attachments(&value).iter().filter(|file| file.is_inline()) {
        parts.push(match file.text() {
            Some(text) => Part::new(Content::Text(text)),
            None => Part::of_file(&file.content_type, file.bytes().unwrap_or_default()),
        });
    }
    let title = title_of(&row, &shown);
    if parts.is_empty() {
        parts.push(Part::new(Content::Text(words_of(&shown, &value))));
    }
    Ok(Material { title, parts })
}

/// The kind of an item and its date, and the section whose line it is.
pub(super) fn title_in(
    view: &mut View<'_>,
    resource: ResourceKey,
) -> Result<(String, Option<&'static Section>), Error> {
    let row = view.resource_by_key(resource)?.ok_or(Error::NotFound)?;
    let value = view.resource_value(&row)?;
    Ok((title_of(&row, &render(&value)), section(&value)))
}

/// Documents are named by their kind; of other entries even the name may tell what is redacted.
fn title_of(row: &ResourceRow, shown: &exchange::fhir::Rendered) -> String {
    let label = match row.kind.as_str() {
        "DocumentReference" | "DiagnosticReport" | "Composition" => shown.title.as_str(),
        kind => kind_label(kind),
    };
    match shown.date_text.as_str() {
        "" => label.to_owned(),
        date => format!("{label}, {date}"),
    }
}

/// An entry in words, all that the sender wrote.
fn words_of(shown: &exchange::fhir::Rendered, value: &serde_json::Value) -> String {
    let mut words = format!("{}\n{}\n", shown.title, shown.subtitle);
    for (label, text) in [("Status", &shown.status), ("Date", &shown.date_text)] {
        if !text.is_empty() {
            let _ = writeln!(words, "{label}: {text}");
        }
    }
    for row in &shown.rows {
        let _ = writeln!(words, "{}: {}", row.label, row.value);
    }
    if let Some(text) = exchange::fhir::text(value) {
        let _ = write!(words, "\n{}\n", text.trim());
    }
    if !shown.more.is_empty() {
        words += "\nAlso recorded\n";
        for row in &shown.more {
            let _ = writeln!(words, "{}: {}", row.label, row.value);
        }
    }
    words
}

/// One page of a file for the screen, with its words.
///
/// # Errors
/// [`Error::Refused`] with a sentence when the file can't be shown.
pub fn screen_page(
    render: &RenderPage,
    media_type: &str,
    bytes: &[u8],
    page: u32,
) -> Result<PageImage, Error> {
    render(bytes, media_type, page, SCREEN_DPI).map_err(Error::Refused)
}

/// One page of a file as pixels with words, at the resolution of a packet. The file itself is
/// opened in the child process; what comes back from there is an image of our own making.
///
/// # Errors
/// [`Error::Refused`] with a sentence when the file can't be rendered.
pub fn packet_page(
    render: &RenderPage,
    media_type: &str,
    bytes: &[u8],
    page: u32,
) -> Result<PagePixels, Error> {
    let image = render(bytes, media_type, page, PACKET_DPI).map_err(Error::Refused)?;
    pixels_of(image)
}

/// The pixels of a rendered page.
///
/// # Errors
/// [`Error::Refused`] when the image can't be read.
pub fn pixels_of(image: PageImage) -> Result<PagePixels, Error> {
    let read = read_scan(&image.png, &Limits::default());
    let read = read.map_err(|error| Error::Refused(error.to_string()))?;
    let mut page = read.into_iter().next().ok_or(Error::NotFound)?;
    page.words = image.facts.words;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use redaction::PagePixels;

    #[test]
    fn a_page_from_the_child_is_read_back_with_its_words() {
        let page = PagePixels::new(20, 10, vec![200; 600]).unwrap();
        let facts =
            crate::pages_of::PageFacts { width: 20, height: 10, pages: 1, words: Vec::new() };
        let image = PageImage { facts, png: page.to_png() };
        assert_eq!(pixels_of(image).unwrap(), page);
    }
}
