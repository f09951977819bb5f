//! The packet: one PDF, written from nothing out of what may leave.

use crate::burn::{burn_page, redact_text, texts_under};
use crate::page::{PageBox, PagePixels};
use crate::pdf::layout::Block;
use crate::pdf::write::{WriteError, Writer};
use crate::verify::{Leak, verify_packet};
use serde::{Deserialize, Serialize};

/// What goes into a packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// Number of the request: in every footer.
    pub request: String,
    /// The cover: letter, contents, the 2.32 statement.
    pub cover: Vec<Block>,
    /// The items, in order.
    pub items: Vec<PacketItem>,
    /// More texts that must not be found: values redacted elsewhere.
    pub forbidden: Vec<String>,
    /// Redacted texts that a person allowed to stand elsewhere ("March", a ward's name).
    pub allowed: Vec<String>,
}

/// One item with its confirmed redactions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketItem {
    /// Running head of its pages: kind of document and date; no name.
    pub title: String,
    /// What it is.
    pub content: ItemContent,
}

/// The content of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ItemContent {
    /// A text note with redacted spans (start and end in characters).
    Text {
        /// The whole text.
        text: String,
        /// Spans to be redacted.
        redactions: Vec<(usize, usize)>,
    },
    /// Rendered entries or a letter, nothing to redact.
    Blocks {
        /// The blocks.
        blocks: Vec<Block>,
    },
    /// Pages of a PDF or a scan with redacted boxes.
    Pages {
        /// The pages.
        pages: Vec<PagePixels>,
        /// Boxes to be burned.
        redactions: Vec<PageBox>,
    },
}

/// A packet that was built and verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Built {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its pages.
    pub pages: usize,
}

impl std::fmt::Debug for Built {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[packet of {} pages, {} bytes]", self.pages, self.bytes.len())
    }
}

/// Why no packet comes out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Nothing in it.
    #[error("The packet has no items. Select items first.")]
    Empty,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The verifier found something.
    #[error(
        "The packet isn't handed out: {} redacted text(s) or foreign part(s) are still in it, the \
         first at {}. Redact the other places as well, or allow the text there.",
        .0.len(),
        .0.first().map_or("?", |leak| leak.place.as_str())
    )]
    Leaks(Vec<Leak>),
}

/// Builds the packet and verifies it. A packet with a leak is never handed out.
pub fn build(packet: &Packet) -> Result<Built, BuildError> {
    if packet.items.is_empty() {
        return Err(BuildError::Empty);
    }
    let items = packet.items.iter().map(pages_of_item).sum::<usize>();
    let total = Writer::pages_of(&packet.cover) + items;
    let mut builder = Builder::new(&packet.request, total);
    builder.add_blocks("", &packet.cover)?;
    for item in &packet.items {
        builder.add_item(item)?;
    }
    builder.finish(&forbidden_of(packet))
}

/// Builds a packet page by page, so that a long one never stands in memory as pixels.
#[derive(Debug)]
pub struct Builder {
    writer: Writer,
}

impl Builder {
    /// A builder whose footers count to `total` pages.
    pub fn new(request: &str, total: usize) -> Builder {
        Builder { writer: Writer::new(request, total) }
    }

    /// Adds blocks as they are.
    pub fn add_blocks(&mut self, title: &str, blocks: &[Block]) -> Result<(), BuildError> {
        Ok(self.writer.add_text(title, blocks)?)
    }

    /// Adds what survives of page `number` of a document.
    pub fn add_page(
        &mut self,
        title: &str,
        page: &PagePixels,
        number: u32,
        redactions: &[PageBox],
    ) -> Result<(), BuildError> {
        Ok(self.writer.add_pixels(title, &burn_page(page, number, redactions))?)
    }

    /// Adds what survives of an item.
    pub fn add_item(&mut self, item: &PacketItem) -> Result<(), BuildError> {
        match &item.content {
            ItemContent::Text { text, redactions } => {
                self.add_blocks(&item.title, &note(&item.title, text, redactions))
            }
            ItemContent::Blocks { blocks } => self.add_blocks(&item.title, blocks),
            ItemContent::Pages { pages, redactions } => {
                pages.iter().zip(0u32..).try_for_each(|(page, number)| {
                    self.add_page(&item.title, page, number, redactions)
                })
            }
        }
    }

    /// The packet, once the verifier has found nothing.
    pub fn finish(self, forbidden: &[String]) -> Result<Built, BuildError> {
        let pages = self.writer.pages();
        let bytes = self.writer.finish()?;
        let leaks = verify_packet(&bytes, forbidden);
        if leaks.is_empty() { Ok(Built { bytes, pages }) } else { Err(BuildError::Leaks(leaks)) }
    }
}

/// How many pages an item takes.
pub fn pages_of_item(item: &PacketItem) -> usize {
    match &item.content {
        ItemContent::Text { text, redactions } => {
            Writer::pages_of(&note(&item.title, text, redactions))
        }
        ItemContent::Blocks { blocks } => Writer::pages_of(blocks),
        ItemContent::Pages { pages, .. } => pages.len(),
    }
}

/// A note as blocks, redacted.
fn note(title: &str, text: &str, redactions: &[(usize, usize)]) -> Vec<Block> {
    vec![
        Block::Title { text: title.to_owned() },
        Block::Verbatim { text: redact_text(text, redactions) },
    ]
}

/// The redacted texts that the verifier looks for: those under the spans, and those given. What
/// lies under boxes was dropped word by word and isn't forbidden elsewhere, unless given.
pub fn forbidden_of(packet: &Packet) -> Vec<String> {
    let mut forbidden = packet.forbidden.clone();
    for item in &packet.items {
        match &item.content {
            ItemContent::Text { text, redactions } => {
                forbidden.extend(texts_under(text, redactions))
            }
            ItemContent::Blocks { .. } | ItemContent::Pages { .. } => {}
        }
    }
    let allowed: Vec<String> = packet.allowed.iter().map(|text| text.to_lowercase()).collect();
    forbidden.retain(|text| !allowed.contains(&text.trim().to_lowercase()));
    forbidden.sort();
    forbidden.dedup();
    forbidden
}

#[cfg(test)]
mod tests;
