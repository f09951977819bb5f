//! Blocks of text to lines on pages: fonts, widths, wrapping.

use super::drawing::{Ink, Stroke};
use super::winansi::{MARK, to_winansi};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A part of a document: what letters, notes and rendered entries are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// The title of a part.
    Title {
        /// Its text.
        text: String,
    },
    /// A heading.
    Heading {
        /// Its text.
        text: String,
    },
    /// A paragraph, wrapped to the page.
    Paragraph {
        /// Its text.
        text: String,
    },
    /// Text whose line breaks and columns are kept, in a fixed-width font.
    Verbatim {
        /// Its text.
        text: String,
    },
    /// A list.
    List {
        /// Its items.
        items: Vec<String>,
    },
    /// A table, columns of equal width.
    Table {
        /// Column heads.
        head: Vec<String>,
        /// Rows.
        rows: Vec<Vec<String>>,
    },
    /// A long table: columns of given widths, a rule between rows, the head again on each page.
    LongTable {
        /// Column heads.
        head: Vec<String>,
        /// Width of each column, as a share of their sum.
        shares: Vec<u32>,
        /// Rows.
        rows: Vec<Vec<String>>,
    },
}

/// The fonts in use, all of the standard fourteen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Font {
    /// Helvetica.
    Plain,
    /// Helvetica-Bold.
    Bold,
    /// Courier.
    Fixed,
}

/// One piece of text at a place of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Points from the left margin.
    pub left: u32,
    /// Encoded text.
    pub bytes: Vec<u8>,
    /// Font.
    pub font: Font,
    /// Size in points.
    pub size: u32,
}

/// One line: pieces and its height.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Pieces; none for white space.
    pub pieces: Vec<Piece>,
    /// What is drawn in it.
    pub ink: Vec<Ink>,
    /// Height in points.
    pub height: u32,
    /// The head of the table that it stands in, where that comes again on each page.
    pub under: Option<Arc<Vec<Line>>>,
}

/// Width of the text area in points: letter paper with one-inch margins.
pub const TEXT_WIDTH: u32 = 468;
/// Height of the text area in points.
pub const TEXT_HEIGHT: u32 = 640;

/// Lays blocks out as lines.
pub fn lines(blocks: &[Block]) -> Vec<Line> {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Title { text } => wrapped(&mut lines, text, Font::Bold, 15, 0, TEXT_WIDTH),
            Block::Heading { text } => {
                space(&mut lines, 6);
                wrapped(&mut lines, text, Font::Bold, 11, 0, TEXT_WIDTH);
            }
            Block::Paragraph { text } => {
                wrapped(&mut lines, text, Font::Plain, 10, 0, TEXT_WIDTH);
            }
            Block::Verbatim { text } => wrapped(&mut lines, text, Font::Fixed, 9, 0, TEXT_WIDTH),
            Block::List { items } => items.iter().for_each(|item| list_item(&mut lines, item)),
            Block::Table { head, rows } => table(&mut lines, head, rows),
            Block::LongTable { head, shares, rows } => long_table(&mut lines, head, shares, rows),
        }
        space(&mut lines, 6);
    }
    lines
}

/// Breaks lines into pages. A line higher than a page can't occur: heights are of single lines.
pub fn pages(lines: Vec<Line>) -> Vec<Vec<Line>> {
    let mut pages = vec![Vec::new()];
    let mut used = 0;
    for line in lines {
        if used + line.height > TEXT_HEIGHT {
            let head = line.under.as_ref().map_or_else(Vec::new, |head| head.to_vec());
            used = head.iter().map(|line| line.height).sum();
            pages.push(head);
        }
        used += line.height;
        pages.last_mut().expect("there is always a page").push(line);
    }
    pages
}

fn space(lines: &mut Vec<Line>, height: u32) {
    lines.push(Line { pieces: Vec::new(), ink: Vec::new(), height, under: None });
}

fn wrapped(lines: &mut Vec<Line>, text: &str, font: Font, size: u32, left: u32, width: u32) {
    for source in text.split('\n') {
        for bytes in wrap(source, font, size, width) {
            let piece = Piece { left, bytes, font, size };
            let height = size * 13 / 10;
            lines.push(Line { pieces: vec![piece], ink: Vec::new(), height, under: None });
        }
    }
}

fn list_item(lines: &mut Vec<Line>, item: &str) {
    let before = lines.len();
    wrapped(lines, item, Font::Plain, 10, 14, TEXT_WIDTH - 14);
    if let Some(line) = lines.get_mut(before) {
        let bullet = Piece { left: 2, bytes: vec![0x95], font: Font::Plain, size: 10 };
        line.pieces.insert(0, bullet);
    }
}

fn table(lines: &mut Vec<Line>, head: &[String], rows: &[Vec<String>]) {
    table_row(lines, head, Font::Bold);
    rows.iter().for_each(|row| table_row(lines, row, Font::Plain));
}

fn table_row(lines: &mut Vec<Line>, cells: &[String], font: Font) {
    let columns = u32::try_from(cells.len()).unwrap_or(1).max(1);
    let width = TEXT_WIDTH / columns;
    let places: Vec<(u32, u32)> = (0..columns).map(|column| (column * width, width)).collect();
    lines.extend(row_lines(cells, font, &places));
}

/// The lines of one row, its cells wrapped at these places: left edge and width.
fn row_lines(cells: &[String], font: Font, places: &[(u32, u32)]) -> Vec<Line> {
    let mut wrapped_cells: Vec<(u32, Vec<Vec<u8>>)> = Vec::new();
    for (cell, (left, width)) in cells.iter().zip(places) {
        let one_line = cell.replace('\n', " ");
        wrapped_cells.push((*left, wrap(&one_line, font, 9, width.saturating_sub(6))));
    }
    let height = wrapped_cells.iter().map(|(_, cell)| cell.len()).max().unwrap_or(0);
    let line = |index: usize| {
        let pieces = wrapped_cells.iter().filter_map(|(left, cell)| {
            let bytes = cell.get(index)?.clone();
            Some(Piece { left: *left, bytes, font, size: 9 })
        });
        Line { pieces: pieces.collect(), ink: Vec::new(), height: 12, under: None }
    };
    (0..height).map(line).collect()
}

fn long_table(lines: &mut Vec<Line>, head: &[String], shares: &[u32], rows: &[Vec<String>]) {
    let sum = shares.iter().sum::<u32>().max(1);
    let mut places = Vec::new();
    let mut left = 0;
    for share in shares {
        let width = TEXT_WIDTH * share / sum;
        places.push((left, width));
        left += width;
    }
    let rule = |grey: f32| {
        let points = vec![(0.0, 2.0), (TEXT_WIDTH as f32, 2.0)];
        let ink = Ink::Line { points, stroke: Stroke { width: 0.5, grey, dash: &[] } };
        Line { pieces: Vec::new(), ink: vec![ink], height: 3, under: None }
    };
    let mut first = row_lines(head, Font::Bold, &places);
    first.push(rule(0.3));
    let under = Arc::new(first.clone());
    lines.extend(first);
    for row in rows {
        let body = row_lines(row, Font::Plain, &places).into_iter().chain([rule(0.8)]);
        lines.extend(body.map(|line| Line { under: Some(Arc::clone(&under)), ..line }));
    }
}

/// Breaks one source line at spaces, and inside words that are wider than the area.
fn wrap(text: &str, font: Font, size: u32, width: u32) -> Vec<Vec<u8>> {
    let bytes = to_winansi(text.trim_end()).bytes;
    let limit = u64::from(width) * 1000;
    let wide = |bytes: &[u8]| width_thousandths(bytes, font) * u64::from(size) > limit;
    let mut lines = vec![Vec::new()];
    for word in bytes.split_inclusive(|byte| *byte == b' ') {
        let line: &mut Vec<u8> = lines.last_mut().expect("there is always a line");
        let mut longer = line.clone();
        longer.extend(word);
        if !wide(trim_end(&longer)) {
            *line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(Vec::new());
        }
        for byte in word {
            let line: &mut Vec<u8> = lines.last_mut().expect("there is always a line");
            line.push(*byte);
            if line.len() > 1 && wide(trim_end(line)) {
                let last = line.pop().expect("it was just pushed");
                lines.push(vec![last]);
            }
        }
    }
    lines
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
    &bytes[..end]
}

/// Width of encoded text in thousandths of the font size.
pub fn width_thousandths(bytes: &[u8], font: Font) -> u64 {
    bytes.iter().map(|byte| u64::from(byte_width(*byte, font))).sum()
}

/// Widths of Helvetica (Adobe font metrics); bold is taken a tenth wider, which never overflows.
fn byte_width(byte: u8, font: Font) -> u32 {
    if byte == MARK || font == Font::Fixed {
        return 600;
    }
    let plain = match byte {
        0x20..=0x7e => u32::from(HELVETICA[usize::from(byte - 0x20)]),
        0x85 | 0x89 | 0x97 | 0x99 | 0x8c | 0xc6 => 1000,
        0x91 | 0x92 | 0x82 => 222,
        _ => 611,
    };
    if font == Font::Bold { plain * 11 / 10 } else { plain }
}

#[rustfmt::skip]
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// No character is lost by wrapping, and no line is wider than the area.
        #[test]
        fn wrapping_keeps_every_letter(text in "[ -~]{0,300}", width in 20u32..468) {
            let lines = wrap(&text, Font::Plain, 10, width);
            let joined: Vec<u8> = lines.concat().into_iter().filter(|b| *b != b' ').collect();
            let source: Vec<u8> = text.bytes().filter(|b| *b != b' ').collect();
            prop_assert_eq!(joined, source);
            for line in lines {
                let wide = width_thousandths(trim_end(&line), Font::Plain) * 10;
                prop_assert!(wide <= u64::from(width) * 1000 || line.len() <= 1);
            }
        }
    }

    #[test]
    fn the_head_of_a_long_table_stands_on_each_page() {
        let head = vec!["What".to_owned(), "Date".to_owned()];
        let rows = vec![vec!["Heart rate".to_owned(), "3 Feb 2026".to_owned()]; 100];
        let pages = pages(lines(&[Block::LongTable { head, shares: vec![3, 1], rows }]));
        assert_eq!(pages.len(), 3);
        for page in &pages {
            let first = &page[0].pieces;
            assert_eq!((first[0].bytes.as_slice(), first[1].left), (&b"What"[..], 351));
            assert!(page.iter().map(|line| line.height).sum::<u32>() <= TEXT_HEIGHT);
        }
        let is_row = |line: &&Line| line.pieces.iter().any(|piece| piece.bytes == b"Heart rate");
        assert_eq!(pages.iter().flatten().filter(is_row).count(), 100);
    }

    #[test]
    fn pages_break() {
        let text = "line\n".repeat(200);
        let pages = pages(lines(&[Block::Verbatim { text }]));
        assert_eq!(pages.len(), 4);
        let count: usize = pages.iter().flatten().filter(|line| !line.pieces.is_empty()).count();
        assert_eq!(count, 201);
    }
}
