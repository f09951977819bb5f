//! PNG (W3C PNG, second edition) of one bit a dot, packed with the runs that a page is made of.

/// Packs rows of one bit a dot.
pub(super) fn packed(bits: &[u8], width: usize, height: usize) -> Vec<u8> {
    let stride = width.div_ceil(8);
    let mut raw = Vec::with_capacity((stride + 1) * height);
    for row in bits.chunks(stride) {
        raw.push(0);
        raw.extend_from_slice(row);
    }
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend_from_slice(&(width as u32).to_be_bytes());
    header.extend_from_slice(&(height as u32).to_be_bytes());
    header.extend_from_slice(&[1, 0, 0, 0, 0]);
    chunk(b"IHDR", &header, &mut out);
    // 150 dots an inch in dots a meter.
    chunk(b"pHYs", &[0, 0, 0x17, 0x12, 0, 0, 0x17, 0x12, 1], &mut out);
    chunk(b"IDAT", &zlib(&raw, stride + 1), &mut out);
    chunk(b"IEND", &[], &mut out);
    out
}

fn chunk(name: &[u8; 4], data: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend_from_slice(name);
    out.extend_from_slice(data);
    let sum = crc(&out[start..]);
    out.extend_from_slice(&sum.to_be_bytes());
}

const CRC_TABLE: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut place = 0;
    while place < 256 {
        let mut value = place as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[place] = value;
        place += 1;
    }
    table
}

fn crc(data: &[u8]) -> u32 {
    let step =
        |sum: u32, byte: &u8| CRC_TABLE[((sum ^ u32::from(*byte)) & 255) as usize] ^ (sum >> 8);
    !data.iter().fold(u32::MAX, step)
}

fn adler(data: &[u8]) -> u32 {
    let (mut one, mut two) = (1u32, 0u32);
    for part in data.chunks(3000) {
        for byte in part {
            one += u32::from(*byte);
            two += one;
        }
        one %= 65_521;
        two %= 65_521;
    }
    two << 16 | one
}

/// Deflate (RFC 1951) with fixed codes; matches only the byte before and the row above.
fn zlib(raw: &[u8], stride: usize) -> Vec<u8> {
    let mut bits = Bits { out: vec![0x78, 0x01], held: 0, count: 0 };
    bits.push(1, 1);
    bits.push(1, 2);
    let mut at = 0;
    while at < raw.len() {
        let same = |distance: usize| {
            if distance > at {
                return 0;
            }
            let limit = (raw.len() - at).min(258);
            (0..limit).take_while(|step| raw[at + step] == raw[at + step - distance]).count()
        };
        let (length, distance) = match (same(1), same(stride)) {
            (run, above) if run >= above => (run, 1),
            (_, above) => (above, stride),
        };
        if length >= 3 {
            bits.length(length);
            bits.distance(distance);
            at += length;
        } else {
            bits.literal(u32::from(raw[at]));
            at += 1;
        }
    }
    bits.literal(256);
    bits.push(0, 7);
    let mut out = bits.out;
    out.extend_from_slice(&adler(raw).to_be_bytes());
    out
}

/// Writes bits, lowest first; codes of the alphabet highest first.
struct Bits {
    out: Vec<u8>,
    held: u64,
    count: u32,
}

/// First length and extra bits of each length code (RFC 1951, 3.2.5).
const LENGTHS: [(usize, u32); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];

/// First distance and extra bits of the distance codes in use.
const DISTANCES: [(usize, u32); 18] = [
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (5, 1),
    (7, 1),
    (9, 2),
    (13, 2),
    (17, 3),
    (25, 3),
    (33, 4),
    (49, 4),
    (65, 5),
    (97, 5),
    (129, 6),
    (193, 6),
    (257, 7),
    (385, 7),
];

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        self.held |= u64::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    fn code(&mut self, code: u32, count: u32) {
        self.push(code.reverse_bits() >> (32 - count), count);
    }

    /// A symbol of the fixed literal alphabet.
    fn literal(&mut self, symbol: u32) {
        match symbol {
            0..=143 => self.code(0x30 + symbol, 8),
            144..=255 => self.code(0x190 + symbol - 144, 9),
            256..=279 => self.code(symbol - 256, 7),
            _ => self.code(0xc0 + symbol - 280, 8),
        }
    }

    fn length(&mut self, length: usize) {
        let code = LENGTHS.partition_point(|(first, _)| *first <= length) - 1;
        let (first, extra) = LENGTHS[code];
        self.literal(257 + code as u32);
        self.push((length - first) as u32, extra);
    }

    fn distance(&mut self, distance: usize) {
        let code = DISTANCES.partition_point(|(first, _)| *first <= distance) - 1;
        let (first, extra) = DISTANCES[code];
        self.code(code as u32, 5);
        self.push((distance - first) as u32, extra);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_the_published_ones() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler(b"Wikipedia"), 0x11e6_0398);
    }
}
