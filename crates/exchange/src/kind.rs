//! What a file is, told from its content and never from its name.

use std::borrow::Cow;

/// The kind of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One FHIR resource or bundle as JSON.
    FhirJson,
    /// FHIR resources, one a line.
    FhirNdjson,
    /// PDF.
    Pdf,
    /// TIFF, also BigTIFF.
    Tiff,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// Text without any structure that is known here.
    PlainText,
    /// No known format.
    Unknown {
        /// A sentence for the person who gave the file.
        why: &'static str,
    },
}

impl Kind {
    /// The media type under which a file of this kind is kept; `None` where it isn't kept.
    pub fn media_type(&self) -> Option<&'static str> {
        match self {
            Kind::FhirJson => Some("application/fhir+json"),
            Kind::FhirNdjson => Some("application/fhir+ndjson"),
            Kind::Pdf => Some("application/pdf"),
            Kind::Tiff => Some("image/tiff"),
            Kind::Png => Some("image/png"),
            Kind::Jpeg => Some("image/jpeg"),
            Kind::PlainText => Some("text/plain"),
            Kind::Unknown { .. } => None,
        }
    }
}

/// Marks at the start of a file, and what they mean.
const MARKS: &[(&[u8], Kind)] = &[
    (b"\x89PNG\r\n\x1a\n", Kind::Png),
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"II*\0", Kind::Tiff),
    (b"MM\0*", Kind::Tiff),
    (b"II+\0", Kind::Tiff),
    (b"MM\0+", Kind::Tiff),
    (b"\x1f\x8b", Kind::Unknown { why: "This is gzip: unpack it and give the files inside." }),
    (b"PK\x03\x04", Kind::Unknown { why: "This is a ZIP: unpack it and give the files inside." }),
    (b"\x28\xb5\x2f\xfd", Kind::Unknown { why: "This is Zstandard: unpack it first." }),
    (b"\x7fELF", Kind::Unknown { why: "This is a program, not a record." }),
    (b"MZ\x90\0", Kind::Unknown { why: "This is a program, not a record." }),
    (b"SQLite format 3\0", Kind::Unknown { why: "This is a database, not a record." }),
    (b"GIF8", Kind::Unknown { why: "GIF is not taken: scan to PDF, TIFF, PNG or JPEG." }),
    (b"\xd0\xcf\x11\xe0", Kind::Unknown { why: "This is an office file: save it as PDF." }),
];

const NOT_FHIR: Kind =
    Kind::Unknown { why: "This is JSON without a resourceType: not a FHIR resource." };
const LIST: Kind = Kind::Unknown {
    why: "This is a JSON list, which FHIR does not know: give the resources in a Bundle, or one \
          a line.",
};
const BROKEN: Kind =
    Kind::Unknown { why: "This begins like JSON but holds no FHIR resource that can be read." };

/// Tells the kind of a file from its content; the whole of it, or at least its first 64 KB.
///
/// A PDF's mark may stand anywhere in the first 1,024 bytes (ISO 32000-1, annex H, 3.4.1).
pub fn detect(bytes: &[u8]) -> Kind {
    if bytes.is_empty() {
        return Kind::Unknown { why: "The file is empty." };
    }
    if let Some((_, kind)) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return kind.clone();
    }
    let head = &bytes[..bytes.len().min(1024)];
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Kind::Pdf;
    }
    let text = utf8(bytes);
    let text = text.trim_ascii();
    match text.first() {
        None => Kind::Unknown { why: "The file holds only white space." },
        Some(b'{') if text.starts_with(b"{\\rtf") => {
            Kind::Unknown { why: "This is RTF, which is not taken here: save it as PDF or text." }
        }
        Some(b'{') => json_kind(text),
        Some(b'[') if is_json_list(text) => match contains(text, b"\"resourceType\"") {
            true => LIST,
            false => NOT_FHIR,
        },
        Some(b'<') => Kind::Unknown { why: marked_up(text) },
        Some(_) if has_resource_line(text) => Kind::FhirNdjson,
        Some(_) if is_v2(text) => Kind::Unknown {
            why: "This is an HL7 v2 message, which is not taken here: give FHIR as JSON.",
        },
        Some(_)
            if text.starts_with(b"ISA") && text.get(3).is_some_and(u8::is_ascii_punctuation) =>
        {
            Kind::Unknown {
                why: "This is an X12 interchange, which is not taken here: give FHIR as JSON.",
            }
        }
        Some(_) if is_text(text) => Kind::PlainText,
        Some(_) => Kind::Unknown { why: "This is binary data of no known format." },
    }
}

/// Why a file of XML or HTML isn't taken, by what its first elements say.
fn marked_up(text: &[u8]) -> &'static str {
    let head = &text[..text.len().min(4096)];
    let has = |word: &[u8]| contains(head, word);
    match () {
        () if has(b"ClinicalDocument") => {
            "This is a C-CDA document (XML), which is not taken here: give FHIR as JSON, or the \
             document as PDF."
        }
        () if has(b"http://hl7.org/fhir") => {
            "This is FHIR as XML, which is not taken here: give FHIR as JSON."
        }
        () if has(b"<html") || has(b"<HTML") || has(b"<!DOCTYPE html") => {
            "This is HTML, which is not taken here: save it as PDF or text."
        }
        () => "This is XML, which is not taken here: give FHIR as JSON.",
    }
}

/// An HL7 v2 message, a batch or a file of them: the mark of a header and its separator.
fn is_v2(text: &[u8]) -> bool {
    // Some lines wrap each message into a start and an end block (0x0B, 0x1C).
    let text = text.strip_prefix(b"\x0b").unwrap_or(text);
    let heads: [&[u8]; 3] = [b"MSH", b"FHS", b"BHS"];
    heads.iter().any(|head| text.starts_with(head))
        && text.get(3).is_some_and(u8::is_ascii_punctuation)
}

/// A file's text as UTF-8: a byte order mark goes, UTF-16 is rewritten; else the bytes as given.
pub fn utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(rest),
        [0xff, 0xfe, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => {
            Cow::Owned(utf16(bytes, u16::from_le_bytes))
        }
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => {
            Cow::Owned(utf16(bytes, u16::from_be_bytes))
        }
        _ => Cow::Borrowed(bytes),
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Vec<u8> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| read(*pair));
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect::<String>()
        .into_bytes()
}

/// JSON that begins with an object: one value, or several.
fn json_kind(text: &[u8]) -> Kind {
    let named = contains(&text[..text.len().min(1 << 20)], b"\"resourceType\"");
    if !named {
        return if is_text(text) { NOT_FHIR } else { BROKEN };
    }
    match crate::fhir::scan::skip_value(text, 0) {
        Ok(end) if text[end..].trim_ascii().is_empty() => Kind::FhirJson,
        Ok(_) => Kind::FhirNdjson,
        Err(_) if resource_lines(text).take(2).count() == 2 => Kind::FhirNdjson,
        Err(_) => Kind::FhirJson,
    }
}

fn is_json_list(text: &[u8]) -> bool {
    text.last() == Some(&b']') && contains(text, b"\"")
}

/// A file whose first line is broken may still hold resources in the others.
fn has_resource_line(text: &[u8]) -> bool {
    resource_lines(text).next().is_some()
}

fn resource_lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| {
        line.starts_with(b"{") && line.ends_with(b"}") && contains(line, b"\"resourceType\"")
    })
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

/// Text: no control characters beyond white space and form feed, in UTF-8 or a Latin code page.
fn is_text(text: &[u8]) -> bool {
    let odd = |byte: &u8| matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31 | 127);
    if text.iter().any(odd) {
        return false;
    }
    // In a Latin code page, letters with accents are few among plain ones.
    std::str::from_utf8(text).is_ok()
        || text.iter().filter(|byte| **byte >= 128).count() * 10 < text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn kinds_are_read_from_content() {
        let patient = r#"{"resourceType":"Patient","id":"a"}"#;
        let mut marked = vec![0xff, 0xfe];
        marked.extend(utf16le(patient));
        let table: Vec<(Vec<u8>, Kind)> = vec![
            (patient.into(), Kind::FhirJson),
            (format!("\u{feff}  {patient}\n\n").into(), Kind::FhirJson),
            (marked, Kind::FhirJson),
            (utf16le(patient), Kind::FhirJson),
            (format!("{patient}\n{patient}\n").into(), Kind::FhirNdjson),
            (format!("not json\n{patient}\n").into(), Kind::FhirNdjson),
            (format!("{{\"resourceType\":\n{patient}\n{patient}\n").into(), Kind::FhirNdjson),
            ("{\n \"id\": \"a\",\n \"resourceType\": \"Patient\"\n}".into(), Kind::FhirJson),
            (b"junk before %PDF-1.7\n".to_vec(), Kind::Pdf),
            (b"II*\0\x08\0\0\0".to_vec(), Kind::Tiff),
            (b"MM\0*".to_vec(), Kind::Tiff),
            (b"\x89PNG\r\n\x1a\n\0".to_vec(), Kind::Png),
            (b"\xff\xd8\xff\xe0".to_vec(), Kind::Jpeg),
            ("Progress note\n\nSeen today.".into(), Kind::PlainText),
            (
                b"Caf\xe9 in Latin letters, the way an old system writes them".to_vec(),
                Kind::PlainText,
            ),
        ];
        for (bytes, expected) in table {
            assert_eq!(detect(&bytes), expected, "{:?}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn unknown_kinds_say_why() {
        let table: [(&[u8], &str); 14] = [
            (b"", "empty"),
            (b" \n ", "white space"),
            (b"\x1f\x8b\x08\0", "gzip"),
            (b"<?xml version='1.0'?>", "XML"),
            (b"<ClinicalDocument xmlns='urn:hl7-org:v3'/>", "C-CDA"),
            (b"<Patient xmlns='http://hl7.org/fhir'/>", "FHIR as XML"),
            (b"MSH|^~\\&|A|B\rPID|1\r", "HL7 v2"),
            (b"\x0bMSH|^~\\&|A|B\rPID|1\r\x1c\r", "HL7 v2"),
            (b"ISA*00*", "X12"),
            (b"{\\rtf1 a}", "RTF"),
            (b"{\"a\":1}", "resourceType"),
            (b"[\"a\"]", "resourceType"),
            (b"[{\"resourceType\":\"Patient\"}]", "Bundle"),
            (b"\x01\x02\x03\x04\x99", "binary"),
        ];
        for (bytes, part) in table {
            let Kind::Unknown { why } = detect(bytes) else { panic!("{part} was taken") };
            assert!(why.contains(part), "{why}");
        }
    }
}
