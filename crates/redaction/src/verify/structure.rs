//! What a packet is made of; everything else is a leak.

use super::{Leak, LeakKind};
use crate::pdf::write::TITLE;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use std::collections::BTreeSet;

/// Keys of dictionaries that a packet never holds (PDF 32000-1: actions, attachments, forms,
/// annotations, metadata, private data, alternates, optional content).
const FOREIGN: [&[u8]; 25] = [
    b"AA",
    b"AF",
    b"AcroForm",
    b"Alternates",
    b"Annots",
    b"B",
    b"Collection",
    b"EF",
    b"EmbeddedFiles",
    b"JS",
    b"JavaScript",
    b"Mask",
    b"Metadata",
    b"Names",
    b"OC",
    b"OCProperties",
    b"OpenAction",
    b"Outlines",
    b"PieceInfo",
    b"Prev",
    b"SMask",
    b"StructTreeRoot",
    b"Thumb",
    b"URI",
    b"XFA",
];

/// Looks at the file, its objects and its images.
pub(super) fn check(bytes: &[u8], document: &Document, leaks: &mut Vec<Leak>) {
    let ends = bytes.windows(5).filter(|part| *part == b"%%EOF").count();
    if ends != 1 || document.is_encrypted() {
        leaks.push(Leak { place: "file".into(), what: LeakKind::Unreadable });
    }
    after_the_end(bytes, leaks);
    foreign_keys("trailer", &document.trailer, leaks);
    metadata(document, leaks);
    let reached = reachable(document);
    for (id, object) in &document.objects {
        let place = format!("object {}", id.0);
        if !reached.contains(id) {
            leaks.push(Leak { place: place.clone(), what: LeakKind::Orphan });
        }
        match object {
            Object::Dictionary(dictionary) => foreign_keys(&place, dictionary, leaks),
            Object::Stream(stream) => {
                foreign_keys(&place, &stream.dict, leaks);
                image(&place, stream, leaks);
            }
            _ => {}
        }
    }
}

/// Bytes behind the end mark belong to nobody.
fn after_the_end(bytes: &[u8], leaks: &mut Vec<Leak>) {
    let end = bytes.windows(5).rposition(|part| part == b"%%EOF").map_or(0, |at| at + 5);
    if !bytes[end..].iter().all(u8::is_ascii_whitespace) {
        let name = "data after the end".to_owned();
        leaks.push(Leak { place: "file".into(), what: LeakKind::Foreign { name } });
    }
}

fn foreign_keys(place: &str, dictionary: &Dictionary, leaks: &mut Vec<Leak>) {
    for (key, value) in dictionary.iter() {
        if FOREIGN.contains(&key.as_slice()) {
            let name = String::from_utf8_lossy(key).into_owned();
            leaks.push(Leak { place: place.to_owned(), what: LeakKind::Foreign { name } });
        }
        if let Object::Dictionary(inner) = value {
            foreign_keys(place, inner, leaks);
        }
    }
}

/// The document's information holds the fixed title and nothing else.
fn metadata(document: &Document, leaks: &mut Vec<Leak>) {
    let info = document.trailer.get(b"Info").ok().and_then(|info| document.dereference(info).ok());
    let Some((_, Object::Dictionary(info))) = info else { return };
    for (key, value) in info.iter() {
        let fixed = key == b"Title" && value.as_str().is_ok_and(|text| text == TITLE.as_bytes());
        if !fixed {
            let name = String::from_utf8_lossy(key).into_owned();
            leaks.push(Leak { place: "metadata".into(), what: LeakKind::Foreign { name } });
        }
    }
}

/// Objects that the trailer leads to.
fn reachable(document: &Document) -> BTreeSet<ObjectId> {
    let mut reached = BTreeSet::new();
    let mut waiting = Vec::new();
    references_of(&Object::Dictionary(document.trailer.clone()), &mut waiting);
    while let Some(id) = waiting.pop() {
        if reached.insert(id)
            && let Ok(object) = document.get_object(id)
        {
            references_of(object, &mut waiting);
        }
    }
    reached
}

fn references_of(object: &Object, found: &mut Vec<ObjectId>) {
    match object {
        Object::Reference(id) => found.push(*id),
        Object::Array(items) => items.iter().for_each(|item| references_of(item, found)),
        Object::Dictionary(dictionary) => {
            dictionary.iter().for_each(|(_, value)| references_of(value, found));
        }
        Object::Stream(stream) => {
            stream.dict.iter().for_each(|(_, value)| references_of(value, found));
        }
        _ => {}
    }
}

pub(super) fn is_image(stream: &Stream) -> bool {
    stream.dict.get(b"Subtype").is_ok_and(|kind| kind.as_name().is_ok_and(|n| n == b"Image"))
}

pub(super) fn is_jpeg(stream: &Stream) -> bool {
    is_image(stream) && stream.filters().is_ok_and(|filters| filters == [b"DCTDecode"])
}

/// An image holds its pixels and nothing more: no rows beyond its size, no JPEG comments.
fn image(place: &str, stream: &Stream, leaks: &mut Vec<Leak>) {
    if !is_image(stream) {
        return;
    }
    let clean = if is_jpeg(stream) { jpeg_is_plain(&stream.content) } else { pixels_fit(stream) };
    if !clean {
        leaks.push(Leak { place: place.to_owned(), what: LeakKind::ImageData });
    }
}

fn pixels_fit(stream: &Stream) -> bool {
    let number = |key: &[u8]| stream.dict.get(key).and_then(Object::as_i64).unwrap_or(0);
    let space = stream.dict.get(b"ColorSpace").and_then(Object::as_name).unwrap_or_default();
    let components = if space == b"DeviceGray" { 1 } else { 3 };
    let expected = number(b"Width").saturating_mul(number(b"Height")).saturating_mul(components);
    let inflated = stream.decompressed_content_with_limit(super::STREAM_BYTES_MAX);
    inflated.is_ok_and(|pixels| i64::try_from(pixels.len()).is_ok_and(|len| len == expected))
}

/// Walks a JPEG's segments (ITU T.81, annex B): no comment, no application data but JFIF's own
/// header, nothing behind the end of the image.
fn jpeg_is_plain(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xff, marker]) = bytes.get(at..at + 2) {
        let Some([high, low]) = bytes.get(at + 2..at + 4) else { return false };
        let length = usize::from(*high) << 8 | usize::from(*low);
        match marker {
            0xda => return bytes.ends_with(&[0xff, 0xd9]),
            0xe0 if length == 16 => {}
            0xe0..=0xef | 0xfe => return false,
            _ => {}
        }
        at += 2 + length;
    }
    false
}
