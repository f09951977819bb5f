//! A file's bytes to its entries: single resources, bundles of any type, NDJSON.
//!
//! Entries are found by their brackets, and each is read on its own: a bad one spoils no other.

use super::scan::{self, Broken};
use crate::finding::{Finding, Location};
use serde_json::Value;
use std::fmt;

/// Bundles within bundles that are opened: beyond this many, the inner one is a finding.
const NESTING_MAX: usize = 4;
/// The longest text of one resource that is read, in bytes: ten times as much memory goes into it.
const RECORD_BYTES_MAX: usize = if cfg!(test) { 4 << 20 } else { 64 << 20 };

/// What a bundle's entry asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// No request is stated (collection, searchset, document, message), or a POST.
    #[default]
    Post,
    /// Update, or create under the given id.
    Put,
    /// Partial update: not a whole resource.
    Patch,
    /// Delete.
    Delete,
    /// A read or search: brings nothing.
    Get,
}

/// One resource as it stands in the file, with what its bundle says about it.
#[derive(Clone)]
pub struct Entry<'a> {
    /// The resource's text as sent. Empty for a deletion.
    pub raw: &'a str,
    /// Where it stands.
    pub location: Location,
    /// `entry.fullUrl`.
    pub full_url: Option<String>,
    /// `entry.request.method`.
    pub method: Method,
    /// `entry.request.url`, as written.
    pub url: Option<String>,
    /// `entry.request.ifNoneExist`: create only where this search finds nothing.
    pub if_none_exist: Option<String>,
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[entry of {} bytes at {}]", self.raw.len(), self.location)
    }
}

impl Entry<'_> {
    /// Reads the resource. The finding names the place and the reason, never the content.
    pub fn parse(&self) -> Result<Value, Finding> {
        if self.raw.len() > RECORD_BYTES_MAX {
            let reason = format!(
                "One record of {} MiB; at most {} MiB are taken. Send what it holds inside as a \
                 file of its own.",
                self.raw.len() >> 20,
                RECORD_BYTES_MAX >> 20
            );
            return Err(Finding::new(self.location, reason));
        }
        super::parse(self.raw).map_err(|reason| Finding::new(self.location, reason))
    }
}

/// What was found in a file.
#[derive(Clone, Debug, Default)]
pub struct Split<'a> {
    /// Entries in the order of the file.
    pub entries: Vec<Entry<'a>>,
    /// What could not be taken.
    pub findings: Vec<Finding>,
}

/// Splits a file's text (see [`crate::kind::utf8`] for other encodings) into its entries.
///
/// Bundles inside bundles are opened too, except documents and messages, which R4 keeps whole.
pub fn split(bytes: &[u8]) -> Split<'_> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut splitter = Splitter { out: Split::default(), lines: Lines::new(bytes), text: bytes };
    splitter.values();
    splitter.out
}

struct Splitter<'a> {
    text: &'a [u8],
    lines: Lines<'a>,
    out: Split<'a>,
}

/// Line numbers of rising positions, counted once.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a [u8]) -> Self {
        Lines { text, at: 0, line: 1 }
    }

    fn of(&mut self, at: usize) -> usize {
        if at < self.at {
            (self.at, self.line) = (0, 1);
        }
        self.line += self.text[self.at..at].iter().filter(|byte| **byte == b'\n').count();
        self.at = at;
        self.line
    }
}

/// What the members of a bundle's entry say, by position.
#[derive(Default)]
struct Wrapper {
    resource: Option<(usize, usize)>,
    full_url: Option<(usize, usize)>,
    request: Option<(usize, usize)>,
}

/// What the members of a resource say about how to take it.
struct Head {
    is_bundle: bool,
    is_kept_whole: bool,
    entries_at: Option<usize>,
    /// Position after the value, or why it has none.
    end: Result<usize, Broken>,
}

impl<'a> Splitter<'a> {
    /// The values of the file, one after the other.
    fn values(&mut self) {
        let mut at = scan::skip_space(self.text, 0);
        while at < self.text.len() {
            let location = Location { line: self.lines.of(at), entry: None };
            let next = match self.text[at] {
                b'{' => self.value(at, location),
                _ => {
                    self.find(location, "This line is not a JSON object.");
                    None
                }
            };
            let next = match next {
                Some(end) => self.after_value(end),
                None => self.next_line(at),
            };
            at = scan::skip_space(self.text, next);
        }
    }

    /// One top-level value; the position after it, or `None` where the rest of the line is lost.
    fn value(&mut self, at: usize, location: Location) -> Option<usize> {
        let head = self.head(at);
        if head.is_bundle || (head.end.is_err() && self.looks_like_entries(head.entries_at)) {
            let end = head.entries_at.and_then(|entries| self.entries(entries, location, 1));
            return match (head.end, end) {
                (Ok(end), _) => Some(end),
                (Err(_), Some(end)) => Some(self.rest_of_object(end)),
                (Err(_), None) if head.entries_at.is_some() => Some(self.text.len()),
                (Err(broken), None) => {
                    self.find(location, broken.reason());
                    None
                }
            };
        }
        match head.end {
            Ok(end) => {
                self.push(at, end, location, Wrapper::default());
                Some(end)
            }
            Err(broken) => {
                self.find(location, broken.reason());
                None
            }
        }
    }

    /// Whether a broken object whose type is not known holds a bundle's entries.
    fn looks_like_entries(&self, at: Option<usize>) -> bool {
        at.is_some_and(|at| {
            let first = scan::skip_space(self.text, at + 1);
            self.text.get(first) == Some(&b'{') && self.begins_entry(first)
        })
    }

    /// The end of an object, from a position between its members; the text's end where it is lost.
    fn rest_of_object(&self, at: usize) -> usize {
        let mut at = at;
        loop {
            match scan::next_member(self.text, at) {
                Ok(None) => return self.closing(at),
                Ok(Some(member)) => match scan::skip_value(self.text, member.value) {
                    Ok(end) => at = end,
                    Err(_) => return self.text.len(),
                },
                Err(_) => return self.text.len(),
            }
        }
    }

    /// After a value only white space or the next line may follow.
    fn after_value(&mut self, end: usize) -> usize {
        let next = scan::skip_space(self.text, end);
        match self.text.get(next) {
            None | Some(b'{') => next,
            Some(_) => {
                let location = Location { line: self.lines.of(next), entry: None };
                self.find(
                    location,
                    match self.text[end..next].contains(&b'\n') {
                        true => "This line is not a JSON object.",
                        false => "Something follows the record that is not JSON.",
                    },
                );
                self.next_line(next)
            }
        }
    }

    /// Start of the next line that begins like a record.
    fn next_line(&self, at: usize) -> usize {
        let mut at = at;
        loop {
            match self.text[at..].iter().position(|byte| *byte == b'\n') {
                None => return self.text.len(),
                Some(step) => at += step + 1,
            }
            match self.text.get(at) {
                None | Some(b'{') => return at,
                Some(b'\n' | b'\r' | b' ' | b'\t' | b'}' | b']' | b'"' | b'[') => {}
                Some(_) => return at,
            }
        }
    }

    /// Reads the members that tell what a resource is. One pass over its text.
    fn head(&self, at: usize) -> Head {
        let mut head =
            Head { is_bundle: false, is_kept_whole: false, entries_at: None, end: Ok(at) };
        let mut at = at + 1;
        head.end = loop {
            match scan::next_member(self.text, at) {
                Err(broken) => break Err(broken),
                Ok(None) => break Ok(self.closing(at)),
                Ok(Some(member)) => {
                    let is = |word: &[u8]| self.text[member.value..].starts_with(word);
                    match member.name {
                        b"resourceType" => head.is_bundle = is(b"\"Bundle\""),
                        b"type" => head.is_kept_whole = is(b"\"document\"") || is(b"\"message\""),
                        b"entry" if is(b"[") => head.entries_at = Some(member.value),
                        _ => {}
                    }
                    match scan::skip_value(self.text, member.value) {
                        Ok(end) => at = end,
                        Err(broken) => break Err(broken),
                    }
                }
            }
        };
        head
    }

    fn closing(&self, at: usize) -> usize {
        let at = scan::skip_space(self.text, at);
        // A comma before the closing bracket is told when the record is read.
        let at = if self.text[at] == b',' { scan::skip_space(self.text, at + 1) } else { at };
        at + 1
    }

    /// The entries of a bundle's list that begins at `at`; the position after the list.
    fn entries(&mut self, at: usize, outer: Location, depth: usize) -> Option<usize> {
        let mut at = scan::skip_space(self.text, at + 1);
        let mut place = 0;
        loop {
            match self.text.get(at) {
                Some(b']') => return Some(at + 1),
                Some(b',') => {
                    at = scan::skip_space(self.text, at + 1);
                    continue;
                }
                _ => {}
            }
            let inner = (depth == 1).then_some(place).or(outer.entry);
            let location = Location { line: self.lines.of(at.min(self.text.len())), entry: inner };
            let taken = match self.text.get(at) {
                Some(b'{') | None => self.entry(at, location, depth),
                Some(_) => scan::skip_value(self.text, at)
                    .inspect(|_| self.find(location, "The entry is not a JSON object.")),
            };
            match taken {
                Ok(end) => at = scan::skip_space(self.text, end),
                Err(broken) => {
                    self.find(location, broken.reason());
                    at = self.next_entry(at + 1)?;
                }
            }
            place += 1;
        }
    }

    /// Where the next entry seems to begin, after one that could not be read.
    fn next_entry(&self, at: usize) -> Option<usize> {
        let mut at = at;
        loop {
            at += self.text.get(at..)?.iter().position(|byte| *byte == b'{')?;
            if self.begins_entry(at) {
                return Some(at);
            }
            at += 1;
        }
    }

    fn begins_entry(&self, at: usize) -> bool {
        match scan::next_member(self.text, at + 1) {
            Ok(Some(scan::Member { name: b"fullUrl" | b"resource", .. })) => true,
            // Resources have members of this name, too.
            Ok(Some(scan::Member { name: b"request", value })) => {
                self.text[value..].starts_with(b"{")
                    && matches!(
                        scan::next_member(self.text, value + 1),
                        Ok(Some(scan::Member { name: b"method" | b"url", .. }))
                    )
            }
            _ => false,
        }
    }

    /// One entry of a bundle; the position after it.
    fn entry(&mut self, at: usize, location: Location, depth: usize) -> Result<usize, Broken> {
        match self.text.get(at) {
            Some(b'{') => {}
            None => return Err(Broken::Truncated),
            Some(_) => return Err(Broken::Misplaced),
        }
        let mut wrapper = Wrapper::default();
        let mut next = at + 1;
        while let Some(member) = scan::next_member(self.text, next)? {
            let end = scan::skip_value(self.text, member.value)?;
            let span = Some((member.value, end));
            match member.name {
                b"resource" => wrapper.resource = span,
                b"fullUrl" => wrapper.full_url = span,
                b"request" => wrapper.request = span,
                _ => {}
            }
            next = end;
        }
        let end = self.closing(next);
        match wrapper.resource {
            Some((from, to)) => self.resource(from, to, location, wrapper, depth),
            None => self.without_resource(location, wrapper),
        }
        Ok(end)
    }

    fn resource(
        &mut self,
        from: usize,
        to: usize,
        location: Location,
        wrapper: Wrapper,
        depth: usize,
    ) {
        if self.text[from] != b'{' {
            return self.find(location, "The entry's resource is not a JSON object.");
        }
        if self.text[from..to].starts_with(b"{\"resourceType\":\"Bundle\"")
            || self.may_be_bundle(from, to)
        {
            let head = self.head(from);
            if head.is_bundle && !head.is_kept_whole {
                if depth == NESTING_MAX {
                    return self.find(location, "Bundles are nested deeper than four levels.");
                }
                if let Some(entries) = head.entries_at {
                    self.entries(entries, location, depth + 1);
                }
                return;
            }
        }
        self.push(from, to, location, wrapper);
    }

    fn may_be_bundle(&self, from: usize, to: usize) -> bool {
        let first = scan::next_member(self.text, from + 1);
        match first {
            Ok(Some(member)) if member.name == b"resourceType" => {
                self.text[member.value..to].starts_with(b"\"Bundle\"")
            }
            _ => self.head(from).is_bundle,
        }
    }

    fn without_resource(&mut self, location: Location, wrapper: Wrapper) {
        let entry = self.wrapped("", location, wrapper);
        match entry.method {
            Method::Delete => self.out.entries.push(entry),
            Method::Get => self.find(location, "The entry asks to read: it brings no resource."),
            _ => self.find(location, "The entry holds no resource."),
        }
    }

    fn push(&mut self, from: usize, to: usize, location: Location, wrapper: Wrapper) {
        match std::str::from_utf8(&self.text[from..to]) {
            Err(_) => self.find(location, "The record is not UTF-8 text."),
            Ok(raw) => {
                let entry = self.wrapped(raw, location, wrapper);
                match entry.method {
                    Method::Patch => self.find(
                        location,
                        "The entry changes parts of a resource (PATCH): send the whole resource.",
                    ),
                    _ => self.out.entries.push(entry),
                }
            }
        }
    }

    fn wrapped(&self, raw: &'a str, location: Location, wrapper: Wrapper) -> Entry<'a> {
        let read = |span: Option<(usize, usize)>| {
            let (from, to) = span?;
            serde_json::from_slice::<Value>(&self.text[from..to]).ok()
        };
        let text = |value: &Value, name: &str| Some(value.get(name)?.as_str()?.to_owned());
        let request = read(wrapper.request).unwrap_or_default();
        let method = match request.get("method").and_then(Value::as_str) {
            Some("PUT") => Method::Put,
            Some("PATCH") => Method::Patch,
            Some("DELETE") => Method::Delete,
            Some("GET" | "HEAD") => Method::Get,
            _ => Method::Post,
        };
        Entry {
            raw,
            location,
            full_url: read(wrapper.full_url).and_then(|url| Some(url.as_str()?.to_owned())),
            method,
            url: text(&request, "url"),
            if_none_exist: text(&request, "ifNoneExist"),
        }
    }

    fn find(&mut self, location: Location, reason: &str) {
        self.out.findings.push(Finding::new(location, reason));
    }
}

#[cfg(test)]
mod tests;
