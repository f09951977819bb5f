//! The words of a resource, for full text search, and the files inside it.

use super::index::{each, text as member};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

/// Senders leave out padding and wrap lines; both are taken.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Members whose texts people wrote.
const WRITTEN: &[&str] = &[
    "comment",
    "conclusion",
    "contentString",
    "description",
    "patientInstruction",
    "summary",
    "title",
    "valueString",
];

/// A file inside a resource, or named by it.
#[derive(Clone)]
pub struct Attachment<'a> {
    /// Where it stands: `content[0].attachment`.
    pub path: String,
    /// Media type as written, in lower case, with its parameters.
    pub content_type: String,
    /// The sender's title for it.
    pub title: Option<&'a str>,
    /// Where it can be fetched, when it is not inside.
    pub url: Option<&'a str>,
    /// Its date of creation, as written.
    pub creation: Option<&'a str>,
    data: Option<&'a str>,
}

impl Attachment<'_> {
    /// Whether its bytes are inside the resource.
    pub fn is_inline(&self) -> bool {
        self.data.is_some()
    }

    /// Its size in bytes; 0 where it is not inside.
    pub fn size(&self) -> usize {
        let digits = self.data.unwrap_or_default().bytes();
        digits.filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').count() * 3 / 4
    }

    /// Its bytes; `None` where it is not inside, or what is inside is not base64.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let data = self.data?;
        if data.bytes().any(|byte| byte.is_ascii_whitespace()) {
            let lean: Vec<u8> = data.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
            return BASE64.decode(lean).ok();
        }
        BASE64.decode(data).ok()
    }

    /// Whether it is a PDF inside the resource: its words are read elsewhere, under limits.
    pub fn is_inline_pdf(&self) -> bool {
        let kind = self.content_type.split(';').next().unwrap_or_default().trim();
        self.is_inline() && kind == "application/pdf"
    }

    /// Its words, for plain text, HTML and XML.
    pub fn text(&self) -> Option<String> {
        let kind = self.content_type.split(';').next().unwrap_or_default().trim();
        let is_marked = kind.ends_with("html") || kind.ends_with("xml");
        if !is_marked && !kind.starts_with("text/") {
            return None;
        }
        let bytes = self.bytes()?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            // Not UTF-8: the Latin code page of older systems.
            Err(error) => error.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
        };
        Some(if is_marked { stripped(&text) } else { text })
    }
}

/// The files of a resource, contained resources included, in their order.
pub fn attachments(resource: &Value) -> Vec<Attachment<'_>> {
    let mut found = Vec::new();
    collect_attachments(resource, &mut String::new(), &mut found);
    found
}

fn collect_attachments<'a>(value: &'a Value, path: &mut String, found: &mut Vec<Attachment<'a>>) {
    let length = path.len();
    match value {
        Value::Object(members) => {
            if let Some(content_type) = member(value, "contentType")
                && (members.contains_key("data") || members.contains_key("url"))
            {
                found.push(Attachment {
                    path: path.clone(),
                    content_type: content_type.to_ascii_lowercase(),
                    title: member(value, "title"),
                    url: member(value, "url"),
                    creation: member(value, "creation"),
                    data: member(value, "data"),
                });
            }
            for (name, value) in members {
                if value.is_object() || value.is_array() {
                    if length > 0 {
                        path.push('.');
                    }
                    path.push_str(name);
                    collect_attachments(value, path, found);
                    path.truncate(length);
                }
            }
        }
        Value::Array(values) => {
            for (place, value) in values.iter().enumerate() {
                path.push_str(&format!("[{place}]"));
                collect_attachments(value, path, found);
                path.truncate(length);
            }
        }
        _ => {}
    }
}

/// The words of a resource that people read: narrative, notes, texts, and text files inside it.
///
/// `None` where there are none. Codes and their names are not among them: see [`super::index()`].
pub fn text(resource: &Value) -> Option<String> {
    text_with(resource, &attachments(resource))
}

/// The same, where the files of the resource are at hand.
pub fn text_with(resource: &Value, files: &[Attachment<'_>]) -> Option<String> {
    let mut parts = Vec::new();
    collect_text(resource, &mut parts);
    parts.extend(files.iter().filter_map(Attachment::text));
    let joined: Vec<&str> =
        parts.iter().map(|part| part.trim()).filter(|p| !p.is_empty()).collect();
    (!joined.is_empty()).then(|| joined.join("\n\n"))
}

fn collect_text(value: &Value, parts: &mut Vec<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect_text(value, parts)),
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("div", Value::String(markup)) => parts.push(stripped(markup)),
                    ("note", notes) => parts.extend(
                        each(notes).into_iter().filter_map(|n| Some(member(n, "text")?.to_owned())),
                    ),
                    (name, Value::String(words)) if WRITTEN.contains(&name) => {
                        parts.push(words.clone());
                    }
                    (_, Value::Object(_) | Value::Array(_)) => collect_text(value, parts),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// Elements that end a line.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "tr",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "ul",
    "ol",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "hr",
    "paragraph",
    "item",
    "title",
    "section",
    "component",
];

/// Markup to words: tags go, blocks end lines, entities become characters.
pub fn stripped(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len() / 2);
    let mut rest = markup;
    while let Some(at) = rest.find(['<', '&']) {
        push_words(&mut out, &rest[..at]);
        rest = &rest[at..];
        rest =
            if rest.starts_with('<') { skip_tag(rest, &mut out) } else { entity(rest, &mut out) };
    }
    push_words(&mut out, rest);
    out.trim().to_owned()
}

/// White space runs become one blank.
fn push_words(out: &mut String, words: &str) {
    for letter in words.chars() {
        match letter {
            _ if !letter.is_whitespace() => out.push(letter),
            _ if out.is_empty() || out.ends_with([' ', '\n']) => {}
            _ => out.push(' '),
        }
    }
}

fn skip_tag<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let (tag, after) = match rest.strip_prefix("<!--") {
        Some(comment) => ("", comment.split_once("-->").map_or("", |(_, after)| after)),
        None => match rest[1..].split_once('>') {
            Some((tag, after)) => (tag, after),
            None => ("", ""),
        },
    };
    let name = tag.trim_start_matches('/').split([' ', '/', '\n', '\t']).next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    if matches!(name.as_str(), "script" | "style") && !tag.starts_with('/') {
        let close = format!("</{name}");
        let found = after.to_ascii_lowercase().find(&close);
        return found.map_or("", |at| &after[at..]);
    }
    if BLOCKS.contains(&name.as_str()) {
        while out.ends_with(' ') {
            out.pop();
        }
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
    } else if matches!(name.as_str(), "td" | "th") {
        push_words(out, " ");
    }
    after
}

fn entity<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let end = rest.bytes().take(12).position(|byte| byte == b';');
    let letter = end.and_then(|end| match &rest[1..end] {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    });
    match (letter, end) {
        (Some(letter), Some(end)) => {
            out.push(letter);
            &rest[end + 1..]
        }
        _ => {
            out.push('&');
            &rest[1..]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn markup_becomes_words() {
        let table = [
            ("<div>One <b>two</b><br/>three</div>", "One two\nthree"),
            ("<p>a &lt; b &amp; c&#39;s &#x41; &odd;</p>", "a < b & c's A &odd;"),
            ("<script>if (a < b) x()</script>after", "after"),
            ("a <!-- <p>not</p> --> b", "a b"),
            ("<td>1</td><td>2</td>", "1 2"),
            ("broken <p", "broken"),
        ];
        for (markup, expected) in table {
            assert_eq!(stripped(markup), expected, "{markup}");
        }
    }

    #[test]
    fn words_and_files_are_found() {
        let resource = json!({
            "resourceType": "DocumentReference",
            "text": {"status": "generated", "div": "<div>Narrative</div>"},
            "description": "Described",
            "content": [
                {"attachment": {"contentType": "text/plain; charset=UTF-8", "data": "SGVs\nbG8"}},
                {"attachment": {"contentType": "text/html", "data": "PHA+TWFya2VkPC9wPg=="}},
                {"attachment": {"contentType": "application/pdf", "data": "JVBERg==",
                                "title": "Scan"}},
                {"attachment": {"contentType": "text/plain", "data": "!!"}},
                {"attachment": {"contentType": "image/png", "url": "Binary/1"}}
            ]
        });
        assert_eq!(text(&resource).unwrap(), "Narrative\n\nDescribed\n\nScan\n\nHello\n\nMarked");
        let files = attachments(&resource);
        let shown: Vec<(&str, usize)> = files.iter().map(|f| (f.path.as_str(), f.size())).collect();
        assert_eq!(shown[2], ("content[2].attachment", 4));
        assert_eq!(files[2].bytes().unwrap(), b"%PDF");
        assert!(files[3].bytes().is_none() && !files[4].is_inline());
        let note = json!({"resourceType": "Condition", "note": [{"text": "Watch"}],
                          "code": {"text": "Gout"}});
        assert_eq!(text(&note).as_deref(), Some("Watch"));
        assert_eq!(text(&json!({"resourceType": "Basic"})), None);
    }

    proptest! {
        #[test]
        fn no_markup_panics(markup in r"([<>&;/!\-#xé ]|script|p|amp|65)*") {
            stripped(&markup);
        }
    }
}
