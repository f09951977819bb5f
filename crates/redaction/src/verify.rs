//! The verifier: looks into a finished packet for what must not be there.
//!
//! It opens every object, inflates every stream, decodes every string, and looks for forbidden
//! texts in plain, hexadecimal, octal and UTF-16 forms, also where they are cut into pieces. It
//! knows what a packet is made of, and calls everything else a leak.

mod forms;
mod structure;

use forms::Forbidden;
use lopdf::content::Content;
use lopdf::{Document, Object, Stream};
use serde::{Deserialize, Serialize};

/// Something that must not be in a packet. Never holds the text itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leak {
    /// Where: `object 12`, `page 3`, `file`.
    pub place: String,
    /// What.
    pub what: LeakKind,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LeakKind {
    /// A forbidden text, by its index in the list given.
    Text {
        /// Index.
        index: usize,
    },
    /// Something that a packet never holds: a script, an attachment, a form, metadata.
    Foreign {
        /// Its name.
        name: String,
    },
    /// An image whose data is more than its pixels.
    ImageData,
    /// An object that no page refers to.
    Orphan,
    /// The file can't be opened, or holds more than one revision.
    Unreadable,
}

/// Inflated bytes of one stream that the verifier looks at; more is a leak (unreadable).
const STREAM_BYTES_MAX: usize = 400_000_000;

/// Looks for leaks in a packet. `forbidden` are the redacted texts; those with fewer than three
/// letters or digits can't be told from chance and are skipped.
pub fn verify_packet(bytes: &[u8], forbidden: &[String]) -> Vec<Leak> {
    let forbidden = Forbidden::new(forbidden);
    let mut leaks = Vec::new();
    for index in forbidden.in_raw(bytes) {
        leaks.push(Leak { place: "file".into(), what: LeakKind::Text { index } });
    }
    let Ok(document) = Document::load_mem(bytes) else {
        leaks.push(Leak { place: "file".into(), what: LeakKind::Unreadable });
        return leaks;
    };
    structure::check(bytes, &document, &mut leaks);
    for (id, object) in &document.objects {
        let place = format!("object {}", id.0);
        look(&place, object, &forbidden, &mut leaks);
    }
    let trailer = Object::Dictionary(document.trailer.clone());
    look("trailer", &trailer, &forbidden, &mut leaks);
    page_texts(&document, &forbidden, &mut leaks);
    leaks.dedup();
    leaks
}

/// Looks into an object and all that it holds.
fn look(place: &str, object: &Object, forbidden: &Forbidden, leaks: &mut Vec<Leak>) {
    match object {
        Object::String(bytes, _) => look_in_string(place, bytes, forbidden, leaks),
        Object::Name(bytes) => look_in_string(place, bytes, forbidden, leaks),
        Object::Array(items) => items.iter().for_each(|item| look(place, item, forbidden, leaks)),
        Object::Dictionary(dictionary) => {
            for (key, value) in dictionary.iter() {
                look_in_string(place, key, forbidden, leaks);
                look(place, value, forbidden, leaks);
            }
        }
        Object::Stream(stream) => look_in_stream(place, stream, forbidden, leaks),
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Reference(_) => {}
    }
}

fn look_in_string(place: &str, bytes: &[u8], forbidden: &Forbidden, leaks: &mut Vec<Leak>) {
    for index in forbidden.in_text(&forms::decode(bytes)) {
        leaks.push(Leak { place: place.to_owned(), what: LeakKind::Text { index } });
    }
}

fn look_in_stream(place: &str, stream: &Stream, forbidden: &Forbidden, leaks: &mut Vec<Leak>) {
    look(place, &Object::Dictionary(stream.dict.clone()), forbidden, leaks);
    let filtered = stream.dict.has(b"Filter");
    if structure::is_jpeg(stream) {
        for index in forbidden.in_raw(&stream.content) {
            leaks.push(Leak { place: place.to_owned(), what: LeakKind::Text { index } });
        }
        return;
    }
    let inflated = match filtered {
        true => stream.decompressed_content_with_limit(STREAM_BYTES_MAX),
        false => Ok(stream.content.clone()),
    };
    let Ok(inflated) = inflated else {
        leaks.push(Leak { place: place.to_owned(), what: LeakKind::Unreadable });
        return;
    };
    let found = match structure::is_image(stream) {
        true => forbidden.in_raw(&inflated),
        false => forbidden.in_content(&inflated),
    };
    for index in found {
        leaks.push(Leak { place: place.to_owned(), what: LeakKind::Text { index } });
    }
}

/// The texts that pages show, all pieces joined with and without spaces.
fn page_texts(document: &Document, forbidden: &Forbidden, leaks: &mut Vec<Leak>) {
    for (number, page) in document.get_pages() {
        let Ok(content) = document.get_page_content_with_limit(page, STREAM_BYTES_MAX) else {
            leaks.push(Leak { place: format!("page {number}"), what: LeakKind::Unreadable });
            continue;
        };
        let Ok(content) = Content::decode(&content) else {
            leaks.push(Leak { place: format!("page {number}"), what: LeakKind::Unreadable });
            continue;
        };
        let mut pieces = Vec::new();
        for operation in &content.operations {
            gather(&operation.operands, &mut pieces);
        }
        for joined in [pieces.concat(), pieces.join(" ")] {
            for index in forbidden.in_text(&joined) {
                let place = format!("page {number}");
                leaks.push(Leak { place, what: LeakKind::Text { index } });
            }
        }
    }
}

fn gather(operands: &[Object], pieces: &mut Vec<String>) {
    for operand in operands {
        match operand {
            Object::String(bytes, _) => pieces.push(forms::decode(bytes)),
            Object::Array(items) => gather(items, pieces),
            _ => {}
        }
    }
}
