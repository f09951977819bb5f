//! A diagnosis or procedure code as one number, and a fast way from it to its position.

use std::fmt;

/// An ICD-10-CM or ICD-10-PCS code without its dot, in upper case.
///
/// At most eight characters of six bits each, packed from the left: comparing and hashing cost one
/// instruction. A longer text keeps its first eight characters; no valid code is longer than seven,
/// so it stays unknown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Code(u64);

const CHARACTERS: u32 = 8;
const BITS: u32 = 6;

impl Code {
    /// Reads a code as people write it: with or without dots, in any case, spaces ignored.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut packed = 0;
        let mut used = 0;
        for byte in text.bytes().filter(|byte| *byte != b'.' && !byte.is_ascii_whitespace()) {
            if used == CHARACTERS {
                break;
            }
            packed = packed << BITS | six_bits(byte);
            used += 1;
        }
        Self(packed << (BITS * (CHARACTERS - used)))
    }

    /// True where the text had no character of a code.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The text without a dot.
    #[must_use]
    pub fn text(self) -> String {
        (0..CHARACTERS)
            .map(|position| self.0 >> (BITS * (CHARACTERS - 1 - position)) & 0x3f)
            .filter(|bits| *bits != 0)
            .map(character)
            .collect()
    }

    /// The bits of the first seven characters; none where there is an eighth.
    fn seven(self) -> Option<u64> {
        (self.0 & 0x3f == 0).then_some(self.0 >> BITS)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[code]")
    }
}

/// 1 to 26 letters, 27 to 36 digits, 37 the at sign of cluster names, 63 anything else.
fn six_bits(byte: u8) -> u64 {
    match byte {
        b'A'..=b'Z' => u64::from(byte - b'A') + 1,
        b'a'..=b'z' => u64::from(byte - b'a') + 1,
        b'0'..=b'9' => u64::from(byte - b'0') + 27,
        b'@' => 37,
        _ => 63,
    }
}

fn character(bits: u64) -> char {
    match bits {
        1..=26 => (b'A' + (bits - 1) as u8) as char,
        27..=36 => (b'0' + (bits - 27) as u8) as char,
        37 => '@',
        _ => '?',
    }
}

/// From a code to its position in a list: open addressing, one word an entry.
///
/// An entry is the 42 bits of a code of seven characters and 22 bits of its position, so that the
/// whole index of some 80,000 codes is one megabyte and stays near the processor.
pub(crate) struct CodeIndex {
    codes: Vec<Code>,
    slots: Vec<u64>,
    shift: u32,
}

const POSITION_BITS: u32 = 22;
const EMPTY: u64 = u64::MAX;

impl CodeIndex {
    pub(crate) fn new(codes: Vec<Code>) -> Self {
        let size = (codes.len() * 3 / 2).next_power_of_two().max(2);
        let shift = 64 - size.trailing_zeros();
        let mut index = Self { codes, slots: vec![EMPTY; size], shift };
        for position in 0..index.codes.len() {
            let Some(key) = index.codes[position].seven() else { continue };
            let mut slot = index.home(key);
            while index.slots[slot] != EMPTY {
                slot = (slot + 1) & (size - 1);
            }
            index.slots[slot] = key << POSITION_BITS | position as u64;
        }
        index
    }

    fn home(&self, key: u64) -> usize {
        (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    /// The code's position, if it is in the list.
    #[inline]
    pub(crate) fn find(&self, code: Code) -> Option<usize> {
        let key = code.seven()?;
        let mut slot = self.home(key);
        loop {
            let entry = self.slots[slot];
            if entry == EMPTY {
                return None;
            }
            if entry >> POSITION_BITS == key {
                return Some((entry & ((1 << POSITION_BITS) - 1)) as usize);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// The code at a position.
    pub(crate) fn code(&self, position: usize) -> Code {
        self.codes[position]
    }

    /// How many codes there are.
    pub(crate) fn len(&self) -> usize {
        self.codes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        for (text, expected) in [
            ("i21.4", "I214"),
            (" I50.23 ", "I5023"),
            ("02703DZ", "02703DZ"),
            ("s06.5x9a", "S065X9A"),
            ("", ""),
            ("ABCDEFGHIJ", "ABCDEFGH"),
            ("Z@0217", "Z@0217"),
            ("é", "??"),
        ] {
            assert_eq!(Code::new(text).text(), expected);
        }
    }

    #[test]
    fn every_code_is_found_at_its_position_and_others_are_not() {
        let texts = ["A000", "A001", "I10", "I214", "02703DZ", "Z@0217"];
        let index = CodeIndex::new(texts.iter().map(|text| Code::new(text)).collect());
        for (position, text) in texts.iter().enumerate() {
            assert_eq!(index.find(Code::new(text)), Some(position));
        }
        for text in ["", "A00", "A0000", "02703DZ1", "I21.44"] {
            assert_eq!(index.find(Code::new(text)), None);
        }
    }
}
