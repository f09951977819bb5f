//! The forms in which a text can hide in a file.

use aho_corasick::AhoCorasick;

/// Forbidden texts, prepared.
pub(super) struct Forbidden {
    /// Index in the list given, and the folded words.
    texts: Vec<(usize, String)>,
    /// All raw forms of the longer ones; none when they are too many for one automaton.
    raw: Option<AhoCorasick>,
    /// The index of each raw form's text.
    raw_indexes: Vec<usize>,
}

/// Letters and digits that a text needs to be looked for.
const LETTERS_MIN: usize = 3;
/// Bytes that a text needs to be looked for in binary data, where shorter ones occur by chance.
const RAW_BYTES_MIN: usize = 7;

impl Forbidden {
    pub(super) fn new(texts: &[String]) -> Forbidden {
        let folded = texts.iter().enumerate().map(|(index, text)| (index, fold(text)));
        let long = |(_, text): &(usize, String)| {
            text.chars().filter(|c| c.is_alphanumeric()).count() >= LETTERS_MIN
        };
        let texts: Vec<(usize, String)> = folded.filter(long).collect();
        let mut forms = Vec::new();
        let mut raw_indexes = Vec::new();
        for (index, text) in texts.iter().filter(|(_, text)| text.len() >= RAW_BYTES_MIN) {
            for form in raw_forms(text) {
                forms.push(form);
                raw_indexes.push(*index);
            }
        }
        let raw = AhoCorasick::builder().ascii_case_insensitive(true).build(&forms);
        Forbidden { texts, raw: raw.ok(), raw_indexes }
    }

    /// Indexes of texts found as whole words in a decoded text.
    pub(super) fn in_text(&self, text: &str) -> Vec<usize> {
        let folded = fold(text);
        let found = self.texts.iter().filter(|(_, forbidden)| has_words(&folded, forbidden));
        found.map(|(index, _)| *index).collect()
    }

    /// Indexes of texts found in a content stream or another text-like stream: plain, UTF-16,
    /// and in hexadecimal or octal strings.
    pub(super) fn in_content(&self, bytes: &[u8]) -> Vec<usize> {
        let mut views = vec![latin(bytes), String::from_utf8_lossy(bytes).into_owned()];
        views.push(without_zeros(bytes));
        views.push(hex_strings(bytes));
        views.push(octal_strings(bytes));
        let mut found: Vec<usize> = views.iter().flat_map(|view| self.in_text(view)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Indexes of long texts found in raw bytes: plain, upper and lower case, UTF-16, hexadecimal.
    pub(super) fn in_raw(&self, bytes: &[u8]) -> Vec<usize> {
        let Some(raw) = &self.raw else { return self.in_content(bytes) };
        let matches = raw.find_overlapping_iter(bytes);
        let mut found: Vec<usize> =
            matches.map(|found| self.raw_indexes[found.pattern().as_usize()]).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn raw_forms(text: &str) -> Vec<Vec<u8>> {
    let plain = text.to_ascii_lowercase().into_bytes();
    let units: Vec<u16> = text.encode_utf16().collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let hex = |bytes: &[u8]| record::hash::hex(bytes).into_bytes();
    let mut forms = vec![hex(&plain), hex(&big), plain, big, little];
    // Hexadecimal of the capitalised form, as names are written.
    forms.push(hex(capitalised(text).as_bytes()));
    forms.push(hex(text.to_uppercase().as_bytes()));
    forms
}

fn capitalised(text: &str) -> String {
    let mut start = true;
    let mut capital = String::with_capacity(text.len());
    for character in text.chars() {
        if start {
            capital.extend(character.to_uppercase());
        } else {
            capital.push(character);
        }
        start = !character.is_alphanumeric();
    }
    capital
}

/// Lower case, white space as single blanks.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether the words occur with no letter or digit right before or after.
fn has_words(text: &str, words: &str) -> bool {
    let joins = |a: Option<char>, b: Option<char>| {
        a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(words).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        !joins(before, found.chars().next()) && !joins(found.chars().next_back(), after)
    })
}

/// A PDF string as text: UTF-16 with a mark, UTF-8, or one byte a character.
pub(super) fn decode(bytes: &[u8]) -> String {
    let units = |from: &[u8], big: bool| -> String {
        let unit = |pair: &[u8]| match big {
            true => u16::from_be_bytes([pair[0], pair[1]]),
            false => u16::from_le_bytes([pair[0], pair[1]]),
        };
        let units: Vec<u16> = from.chunks_exact(2).map(unit).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => units(rest, true),
        [0xff, 0xfe, rest @ ..] => units(rest, false),
        _ if bytes.len() >= 4 && bytes.iter().step_by(2).all(|b| *b == 0) => units(bytes, true),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => latin(bytes),
        },
    }
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// UTF-16 without a mark reads as plain text once its zeros are gone.
fn without_zeros(bytes: &[u8]) -> String {
    bytes.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect()
}

/// The contents of `<...>` strings.
fn hex_strings(bytes: &[u8]) -> String {
    let mut text = String::new();
    for part in bytes.split(|byte| *byte == b'<').skip(1) {
        let inside = part.split(|byte| *byte == b'>').next().unwrap_or_default();
        let digits: Vec<u8> = inside
            .iter()
            .filter(|byte| !byte.is_ascii_whitespace())
            .map_while(|byte| char::from(*byte).to_digit(16))
            .map(|digit| u8::try_from(digit).unwrap_or(0))
            .collect();
        let decoded: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect();
        text += &decode(&decoded);
    }
    text
}

/// The bytes with `\ddd` escapes resolved.
fn octal_strings(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        let digits = bytes.get(index + 1..index + 4).filter(|_| *byte == b'\\');
        let value = digits
            .filter(|digits| digits.iter().all(|digit| (b'0'..=b'7').contains(digit)))
            .map(|d| d.iter().fold(0u32, |v, digit| v * 8 + u32::from(digit - b'0')));
        match value {
            Some(value) => {
                text.push(char::from(u8::try_from(value & 0xff).unwrap_or(0)));
                index += 4;
            }
            None => {
                text.push(char::from(*byte));
                index += 1;
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_found() {
        let forbidden = Forbidden::new(&["Jane Roe".into(), "ab".into(), "999-12-3456".into()]);
        let utf16: Vec<u8> = "Jane Roe".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let table: [(&[u8], &[usize]); 9] = [
            (b"(Jane Roe) Tj", &[0]),
            (b"(jane  ROE) Tj", &[0]),
            (b"<4A616E6520526F65> Tj", &[0]),
            (b"<4A61 6E65 2052 6F65> Tj", &[0]),
            (b"(\\112ane \\122oe) Tj", &[0]),
            (&utf16, &[0]),
            (b"(Janet Roemer) Tj", &[]),
            (b"(ab) Tj", &[]),
            (b"(SSN 999-12-3456.) Tj", &[2]),
        ];
        for (content, expected) in table {
            assert_eq!(forbidden.in_content(content), expected, "{}", latin(content));
        }
        assert_eq!(forbidden.in_raw(b"..JANE ROE.."), [0]);
        assert_eq!(forbidden.in_raw(b"..4A616E6520526F65.."), [0]);
        assert_eq!(forbidden.in_raw(&utf16), [0]);
        assert_eq!(forbidden.in_raw(b"..jane rob.."), Vec::<usize>::new());
    }
}
