//! Text in the encoding of the fourteen standard fonts (PDF 32000-1, annex D, WinAnsiEncoding).
//!
//! A character that the encoding lacks is transliterated, or shown by its code point: `[U+4E2D]`.
//! Nothing is lost silently.

/// What becomes of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Bytes in WinAnsiEncoding, and [`MARK`] for each redaction mark.
    pub bytes: Vec<u8>,
    /// How many characters were transliterated or shown by code point.
    pub changed: usize,
}

/// Stands for one `█` in encoded text: drawn as a filled box, never as text.
pub const MARK: u8 = 0x01;

/// Encodes a text. Tabs become four spaces; other control characters become spaces.
pub fn to_winansi(text: &str) -> Shown {
    let mut shown = Shown { bytes: Vec::with_capacity(text.len()), changed: 0 };
    for character in text.chars() {
        match character {
            '\u{2588}' => shown.bytes.push(MARK),
            '\t' => shown.bytes.extend(b"    "),
            c if c.is_control() => shown.bytes.push(b' '),
            c => match encode(c) {
                Some(byte) => shown.bytes.push(byte),
                None => {
                    shown.changed += 1;
                    shown.bytes.extend(transliterate(c));
                }
            },
        }
    }
    shown
}

fn encode(character: char) -> Option<u8> {
    let code = u32::from(character);
    match code {
        0x20..=0x7e | 0xa1..=0xac | 0xae..=0xff => u8::try_from(code).ok(),
        0xa0 | 0x202f | 0x2009 => Some(b' '),
        0xad => Some(b'-'),
        _ => {
            let index = HIGH.chars().position(|c| c == character && c != ' ')?;
            u8::try_from(0x80 + index).ok()
        }
    }
}

/// Code points of 0x80 to 0x9f; spaces where the encoding has none.
const HIGH: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

fn transliterate(character: char) -> Vec<u8> {
    let table = [
        ("≤", "<="),
        ("≥", ">="),
        ("≠", "!="),
        ("≈", "~"),
        ("→", "->"),
        ("←", "<-"),
        ("↑", "(up)"),
        ("↓", "(down)"),
        ("−", "-"),
        ("‐", "-"),
        ("‑", "-"),
        ("―", "-"),
        ("′", "'"),
        ("″", "\""),
        ("⁄", "/"),
        ("√", "(root)"),
        ("∞", "(infinity)"),
        ("☐", "[ ]"),
        ("☑", "[x]"),
        ("☒", "[x]"),
        ("✓", "[x]"),
        ("✔", "[x]"),
        ("●", "•"),
        ("■", "•"),
        ("▪", "•"),
        ("◦", "•"),
        ("ﬁ", "fi"),
        ("ﬂ", "fl"),
        ("α", "alpha"),
        ("β", "beta"),
        ("γ", "gamma"),
        ("δ", "delta"),
        ("Δ", "Delta"),
        ("ε", "epsilon"),
        ("κ", "kappa"),
        ("λ", "lambda"),
        ("μ", "µ"),
        ("π", "pi"),
        ("σ", "sigma"),
        ("Ω", "Ohm"),
        ("ω", "omega"),
    ];
    let text = character.to_string();
    if let Some((_, plain)) = table.iter().find(|(from, _)| *from == text) {
        // The few replacements beyond ASCII are in the encoding themselves.
        return plain.chars().map(|c| encode(c).unwrap_or(b'?')).collect();
    }
    match latin_base(character) {
        Some(base) => base.to_string().into_bytes(),
        None => format!("[U+{:04X}]", u32::from(character)).into_bytes(),
    }
}

/// The plain letter of Latin Extended-A letters, alphabetically grouped as Unicode orders them.
fn latin_base(character: char) -> Option<char> {
    const RUNS: [(u32, u32, &str); 16] = [
        (0x100, 0x105, "Aa"),
        (0x106, 0x10d, "Cc"),
        (0x10e, 0x111, "Dd"),
        (0x112, 0x11b, "Ee"),
        (0x11c, 0x123, "Gg"),
        (0x124, 0x127, "Hh"),
        (0x128, 0x131, "Ii"),
        (0x134, 0x135, "Jj"),
        (0x136, 0x137, "Kk"),
        (0x143, 0x148, "Nn"),
        (0x14c, 0x151, "Oo"),
        (0x154, 0x159, "Rr"),
        (0x15a, 0x161, "Ss"),
        (0x162, 0x167, "Tt"),
        (0x168, 0x173, "Uu"),
        (0x174, 0x175, "Ww"),
    ];
    let code = u32::from(character);
    let odd_first = |first: u32, pair: &str| {
        let upper = (code - first).is_multiple_of(2);
        pair.chars().nth(usize::from(!upper))
    };
    match code {
        0x139 | 0x13b | 0x13d | 0x13f | 0x141 => Some('L'),
        0x13a | 0x13c | 0x13e | 0x140 | 0x142 => Some('l'),
        0x179 | 0x17b => Some('Z'),
        0x17a | 0x17c => Some('z'),
        _ => {
            let (first, _, pair) = RUNS.iter().find(|(a, b, _)| (*a..=*b).contains(&code))?;
            odd_first(*first, pair)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(input: &str) -> String {
        to_winansi(input).bytes.iter().map(|b| char::from(*b)).collect()
    }

    #[test]
    fn characters_are_kept_or_said() {
        let table = [
            ("plain", "plain", 0),
            ("Müller", "Müller", 0),
            ("≥ 38 °C", ">= 38 °C", 1),
            ("Łódź", "Lódz", 2),
            ("Čapek, Šafařík", "Capek, \u{8a}afarík", 2),
            ("中", "[U+4E2D]", 1),
            ("a\tb\u{7}c", "a    b c", 0),
            ("μg", "µg", 1),
            ("“x”", "\u{93}x\u{94}", 0),
            ("€", "\u{80}", 0),
            ("██", "\u{1}\u{1}", 0),
        ];
        for (input, expected, changed) in table {
            assert_eq!(text(input), expected, "{input}");
            assert_eq!(to_winansi(input).changed, changed, "{input}");
        }
    }
}
