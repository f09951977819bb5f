//! A QR code of a short text (ISO/IEC 18004: bytes, level L, versions 1 to 6), drawn as SVG: what
//! a telephone reads from the screen, so that nobody types a secret of 32 letters.

use maud::{Markup, html};

/// Of each version: check codewords of a block, blocks, data codewords of a block.
const VERSIONS: [(usize, usize, usize); 6] =
    [(7, 1, 19), (10, 1, 34), (15, 1, 55), (20, 1, 80), (26, 1, 108), (18, 2, 68)];
/// Light modules around the code, which readers need.
const QUIET: usize = 4;
/// How a text of any length is padded.
const PADDING: [u8; 2] = [0xec, 0x11];
const MASKS: u8 = 8;

/// The code as a drawing under a label; nothing for a text that is too long for it.
pub fn qr(text: &str, label: &str) -> Markup {
    let Some(code) = Code::of(text.as_bytes()) else { return html! {} };
    let side = code.size + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size {
        for x in 0..code.size {
            if code.is_dark(x, y) {
                path += &format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    html! {
        svg class="qr" viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(label)
            shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

/// The modules of a code, row by row.
#[derive(Clone)]
struct Code {
    size: usize,
    dark: Vec<bool>,
    /// Modules that hold no data: patterns and what is kept for the format.
    fixed: Vec<bool>,
}

impl Code {
    fn of(bytes: &[u8]) -> Option<Code> {
        let fits = |(_, blocks, data): &(usize, usize, usize)| bytes.len() + 2 <= blocks * data;
        let version = VERSIONS.iter().position(fits)? + 1;
        let mut code = Code::patterns(version);
        code.draw(&codewords(bytes, version));
        let masked = |mask| {
            let mut masked = code.clone();
            masked.mask(mask);
            masked.format(mask);
            masked
        };
        (0..MASKS).map(masked).min_by_key(Code::likeness)
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        self.dark[y * self.size + x]
    }

    fn fix(&mut self, x: usize, y: usize, dark: bool) {
        self.dark[y * self.size + x] = dark;
        self.fixed[y * self.size + x] = true;
    }

    /// What stands in every code of a version.
    fn patterns(version: usize) -> Code {
        let size = 17 + 4 * version;
        let mut code =
            Code { size, dark: vec![false; size * size], fixed: vec![false; size * size] };
        for at in 0..size {
            code.fix(at, 6, at % 2 == 0);
            code.fix(6, at, at % 2 == 0);
        }
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] {
            code.square(x, y, 4, |ring| ring != 2 && ring != 4);
        }
        if version > 1 {
            code.square(size - 7, size - 7, 2, |ring| ring != 1);
        }
        code.format(0);
        code
    }

    /// Rings around a module, as far as they lie inside.
    fn square(&mut self, x: usize, y: usize, rings: usize, is_dark: impl Fn(usize) -> bool) {
        let around = |at: usize, size: usize| at.saturating_sub(rings)..=(at + rings).min(size - 1);
        for row in around(y, self.size) {
            for column in around(x, self.size) {
                let ring = row.abs_diff(y).max(column.abs_diff(x));
                self.fix(column, row, is_dark(ring));
            }
        }
    }

    /// Level and mask, twice, with their check bits.
    fn format(&mut self, mask: u8) {
        let bits = format_bits(mask);
        let bit = |at: usize| bits >> at & 1 == 1;
        for at in 0..15 {
            let (x, y) = match at {
                0..=5 => (8, at),
                6 => (8, 7),
                7 => (8, 8),
                8 => (7, 8),
                _ => (14 - at, 8),
            };
            self.fix(x, y, bit(at));
            match at {
                0..=7 => self.fix(self.size - 1 - at, 8, bit(at)),
                _ => self.fix(8, self.size - 15 + at, bit(at)),
            }
        }
        self.fix(8, self.size - 8, true);
    }

    /// The places of data, in their order: up and down in columns of two, from the right.
    fn places(&self) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        let (mut right, mut upward) = (self.size - 1, true);
        loop {
            for row in 0..self.size {
                let y = if upward { self.size - 1 - row } else { row };
                places.extend([(right, y), (right - 1, y)]);
            }
            upward = !upward;
            match right {
                1 => break,
                // The column of the timing pattern is left out.
                8 => right = 5,
                _ => right -= 2,
            }
        }
        places.retain(|(x, y)| !self.fixed[y * self.size + x]);
        places
    }

    fn draw(&mut self, codewords: &[u8]) {
        let bits = codewords.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1));
        for ((x, y), bit) in self.places().into_iter().zip(bits) {
            self.dark[y * self.size + x] = bit == 1;
        }
    }

    fn mask(&mut self, mask: u8) {
        for (x, y) in self.places() {
            self.dark[y * self.size + x] ^= is_turned(mask, x, y);
        }
    }

    /// How many neighbours are alike: a code with few is read best.
    fn likeness(&self) -> usize {
        let alike = |x: usize, y: usize| {
            let here = self.is_dark(x, y);
            let beside = x + 1 < self.size && self.is_dark(x + 1, y) == here;
            let below = y + 1 < self.size && self.is_dark(x, y + 1) == here;
            usize::from(beside) + usize::from(below)
        };
        (0..self.size).map(|y| (0..self.size).map(|x| alike(x, y)).sum::<usize>()).sum()
    }
}

fn is_turned(mask: u8, x: usize, y: usize) -> bool {
    let product = x * y % 2 + x * y % 3;
    let rest = match mask {
        0 => (x + y) % 2,
        1 => y % 2,
        2 => x % 3,
        3 => (x + y) % 3,
        4 => (x / 3 + y / 2) % 2,
        5 => product,
        6 => product % 2,
        _ => ((x + y) % 2 + x * y % 3) % 2,
    };
    rest == 0
}

/// Level L is 01; ten check bits follow the mask, and all is turned by a fixed pattern.
fn format_bits(mask: u8) -> u32 {
    let data = 0b01 << 3 | u32::from(mask);
    let rest = (0..10).fold(data, |rest, _| (rest << 1) ^ ((rest >> 9) * 0x537));
    (data << 10 | rest) ^ 0x5412
}

/// Data and check codewords, the blocks interleaved.
fn codewords(bytes: &[u8], version: usize) -> Vec<u8> {
    let (checks, blocks, length) = VERSIONS[version - 1];
    // Four bits say that bytes follow, eight how many; four bits of zero end them.
    let mut nibbles = vec![0b0100, bytes.len() as u8 >> 4, bytes.len() as u8 & 15];
    nibbles.extend(bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]));
    nibbles.push(0);
    let data = nibbles.chunks(2).map(|pair| pair[0] << 4 | pair[1]);
    let data: Vec<u8> = data.chain(PADDING.into_iter().cycle()).take(blocks * length).collect();
    let data: Vec<&[u8]> = data.chunks(length).collect();
    let check: Vec<Vec<u8>> = data.iter().map(|block| remainder(block, checks)).collect();
    let mut all = Vec::new();
    (0..length).for_each(|at| all.extend(data.iter().map(|block| block[at])));
    (0..checks).for_each(|at| all.extend(check.iter().map(|block| block[at])));
    all
}

/// Check codewords of a block: what its polynomial leaves over the code's generator.
fn remainder(data: &[u8], degree: usize) -> Vec<u8> {
    let (mut generator, mut root) = (vec![0; degree], 1);
    generator[degree - 1] = 1;
    for _ in 0..degree {
        for at in 0..degree {
            generator[at] = product(generator[at], root);
            if at + 1 < degree {
                generator[at] ^= generator[at + 1];
            }
        }
        root = product(root, 2);
    }
    let mut rest = vec![0; degree];
    for byte in data {
        let factor = byte ^ rest[0];
        rest.rotate_left(1);
        rest[degree - 1] = 0;
        for (at, term) in generator.iter().enumerate() {
            rest[at] ^= product(*term, factor);
        }
    }
    rest
}

/// A product in the field of 256 elements by x⁸ + x⁴ + x³ + x² + 1.
fn product(a: u8, b: u8) -> u8 {
    (0..8).rev().fold(0u8, |sum, at| {
        let doubled = (sum << 1) ^ ((sum >> 7) * 0x1d);
        doubled ^ ((b >> at & 1) * a)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_codewords_are_those_of_the_standard_s_example() {
        let data = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17];
        assert_eq!(remainder(&data, 10), [196, 35, 39, 119, 235, 215, 231, 226, 93, 23]);
    }

    #[test]
    fn format_bits_are_those_of_the_standard_s_table() {
        let table = [0b111011111000100, 0b111001011110011, 0b111110110101010, 0b111100010011101];
        for (mask, bits) in (0..).zip(table) {
            assert_eq!(format_bits(mask), bits, "mask {mask}");
        }
    }

    /// Reads a code back as a reader does: format, mask, places, blocks.
    fn read(code: &Code) -> Vec<u8> {
        let mask = (0..MASKS)
            .find(|mask| {
                let bits = format_bits(*mask);
                (0..8).all(|at| code.is_dark(code.size - 1 - at, 8) == (bits >> at & 1 == 1))
            })
            .expect("the format is one of eight");
        let bit = |(x, y)| u8::from(code.is_dark(x, y) ^ is_turned(mask, x, y));
        let bits: Vec<u8> = code.places().into_iter().map(bit).collect();
        let byte = |bits: &[u8]| bits.iter().fold(0u8, |byte, bit| byte << 1 | bit);
        let all: Vec<u8> = bits.chunks_exact(8).map(byte).collect();
        let (_, blocks, length) = VERSIONS[(code.size - 17) / 4 - 1];
        let mut data = Vec::new();
        for block in 0..blocks {
            data.extend((0..length).map(|at| all[at * blocks + block]));
        }
        let nibbles: Vec<u8> = data.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect();
        assert_eq!(nibbles[0], 0b0100);
        let count = usize::from(nibbles[1] << 4 | nibbles[2]);
        nibbles[3..3 + 2 * count].chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
    }

    #[test]
    fn a_code_is_read_back_at_every_size() {
        for length in [0, 1, 17, 18, 32, 53, 78, 106, 107, 134] {
            let text: Vec<u8> = (0..length).map(|at| b'a' + (at % 26) as u8).collect();
            let code = Code::of(&text).expect("it fits");
            assert_eq!(read(&code), text, "{length} bytes");
        }
        assert!(Code::of(&[b'a'; 135]).is_none());
    }
}
