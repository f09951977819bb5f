//! Redactions carried out: burned into pixels, replaced in text.
//!
//! On a page, the pixels under a box become black and every word that touches a box is dropped;
//! the page is then rebuilt from what survived. In a text, a span becomes a mark of one fixed
//! width, so that its length tells nothing.

use crate::page::{BOX_PARTS, PageBox, PagePixels, Word};

/// What stands for a redacted span, whatever its length.
pub const MARK: &str = "██████";

/// Pixels that a box grows on every side, so that anti-aliased edges go with it.
const MARGIN_PIXELS: i64 = 2;

/// A rectangle of pixels: left, top, right, bottom; right and bottom are outside.
#[derive(Clone, Copy)]
struct Rectangle {
    left: i64,
    top: i64,
    right: i64,
    bottom: i64,
}

/// Burns the boxes of page `number` into the pixels and drops the words that touch one.
pub fn burn_page(page: &PagePixels, number: u32, boxes: &[PageBox]) -> PagePixels {
    let mut burned = page.clone();
    let rectangles: Vec<Rectangle> = boxes
        .iter()
        .filter(|drawn| drawn.page == number)
        .map(|drawn| rectangle(page, drawn))
        .collect();
    for rectangle in &rectangles {
        blacken(&mut burned, rectangle);
    }
    burned.words.retain(|word| !rectangles.iter().any(|r| touches(word, r)));
    burned
}

/// The words that [`burn_page`] drops: what must not be found in the packet at their place.
pub fn words_under<'a>(page: &'a PagePixels, number: u32, boxes: &[PageBox]) -> Vec<&'a Word> {
    let under = |word: &&Word| {
        boxes
            .iter()
            .filter(|drawn| drawn.page == number)
            .any(|drawn| touches(word, &rectangle(page, drawn)))
    };
    page.words.iter().filter(under).collect()
}

fn rectangle(page: &PagePixels, drawn: &PageBox) -> Rectangle {
    let parts = i64::from(BOX_PARTS);
    let (width, height) = (i64::from(page.width), i64::from(page.height));
    let down = |value: u32, side: i64| i64::from(value) * side / parts;
    let up = |value: u64, side: i64| {
        let value = i64::try_from(value).unwrap_or(parts).min(parts);
        (value * side + parts - 1) / parts
    };
    let right = u64::from(drawn.left) + u64::from(drawn.width);
    let bottom = u64::from(drawn.top) + u64::from(drawn.height);
    Rectangle {
        left: (down(drawn.left, width) - MARGIN_PIXELS).clamp(0, width),
        top: (down(drawn.top, height) - MARGIN_PIXELS).clamp(0, height),
        right: (up(right, width) + MARGIN_PIXELS).clamp(0, width),
        bottom: (up(bottom, height) + MARGIN_PIXELS).clamp(0, height),
    }
}

fn blacken(page: &mut PagePixels, rectangle: &Rectangle) {
    let index = |value: i64| usize::try_from(value).unwrap_or(0);
    let row_bytes = page.width as usize * 3;
    for row in index(rectangle.top)..index(rectangle.bottom) {
        let start = row * row_bytes + index(rectangle.left) * 3;
        let end = row * row_bytes + index(rectangle.right) * 3;
        if let Some(pixels) = page.rgb.get_mut(start..end) {
            pixels.fill(0);
        }
    }
}

fn touches(word: &Word, r: &Rectangle) -> bool {
    let (left, top) = (i64::from(word.left), i64::from(word.top));
    let right = left + i64::from(word.width.max(1));
    let bottom = top + i64::from(word.height.max(1));
    left < r.right && r.left < right && top < r.bottom && r.top < bottom
}

/// The text with its spans (start and end in characters) replaced by [`MARK`]. Overlapping and
/// touching spans become one mark; spans beyond the end are cut.
pub fn redact_text(text: &str, spans: &[(usize, usize)]) -> String {
    let mut spans: Vec<(usize, usize)> = spans.iter().copied().filter(|(a, b)| a < b).collect();
    spans.sort_unstable();
    let mut redacted = String::with_capacity(text.len());
    let mut next = spans.into_iter().peekable();
    let mut hidden_until = 0;
    for (index, character) in text.chars().enumerate() {
        while let Some((start, end)) = next.next_if(|(start, _)| *start <= index) {
            if start >= hidden_until && !(start == hidden_until && redacted.ends_with(MARK)) {
                redacted += MARK;
            }
            hidden_until = hidden_until.max(end);
        }
        if index >= hidden_until {
            redacted.push(character);
        }
    }
    redacted
}

/// The texts under the spans, to be looked for in the finished packet.
pub fn texts_under(text: &str, spans: &[(usize, usize)]) -> Vec<String> {
    let cut = |(start, end): &(usize, usize)| {
        text.chars().skip(*start).take(end.saturating_sub(*start)).collect::<String>()
    };
    spans.iter().map(cut).filter(|text| !text.trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spans_become_marks_of_one_width() {
        type Row = (&'static str, &'static [(usize, usize)], &'static str);
        let table: [Row; 7] = [
            ("Jane Roe, 54", &[(0, 8)], "██████, 54"),
            ("Jane Roe, 54", &[(0, 4), (5, 8)], "██████ ██████, 54"),
            ("Jane Roe, 54", &[(0, 6), (4, 8)], "██████, 54"),
            ("Jane Roe, 54", &[(0, 4), (4, 8)], "██████, 54"),
            ("Jane Roe, 54", &[(10, 99)], "Jane Roe, ██████"),
            ("Müller é", &[(0, 6)], "██████ é"),
            ("plain", &[(3, 3), (9, 4)], "plain"),
        ];
        for (text, spans, expected) in table {
            assert_eq!(redact_text(text, spans), expected, "{text} {spans:?}");
        }
    }

    #[test]
    fn pixels_turn_black_and_words_go() {
        let mut page = PagePixels::new(100, 50, vec![255; 100 * 50 * 3]).unwrap();
        let word =
            |text: &str, left| Word { text: text.into(), left, top: 10, width: 20, height: 10 };
        page.words = vec![word("kept", 0), word("secret", 40), word("edge", 63)];
        let drawn = PageBox { page: 0, left: 4_000, top: 2_000, width: 2_200, height: 2_000 };
        let burned = burn_page(&page, 0, &[drawn]);
        let left: Vec<&str> = burned.words.iter().map(|w| w.text.as_str()).collect();
        assert_eq!(left, ["kept"]);
        assert_eq!(words_under(&page, 0, &[drawn]).len(), 2);
        let pixel = |x: usize, y: usize| burned.rgb[(y * 100 + x) * 3];
        assert_eq!([pixel(40, 10), pixel(61, 19), pixel(30, 10), pixel(40, 30)], [0, 0, 255, 255]);
        assert_eq!(burn_page(&page, 1, &[drawn]), page, "another page is untouched");
    }

    proptest! {
        /// Characters inside a span never survive, those outside always do.
        #[test]
        fn only_survivors_remain(text in "[a-z ]{0,60}", a in 0usize..70, n in 0usize..20) {
            let kept: String = text
                .chars()
                .enumerate()
                .filter(|(i, _)| *i < a || *i >= a + n)
                .map(|(_, c)| c)
                .collect();
            prop_assert_eq!(redact_text(&text, &[(a, a + n)]).replace('█', ""), kept);
        }

        /// Boxes beyond the page never panic.
        #[test]
        fn any_box_is_safe(l: u32, t: u32, w: u32, h: u32) {
            let page = PagePixels::new(10, 10, vec![255; 300]).unwrap();
            burn_page(&page, 0, &[PageBox { page: 0, left: l, top: t, width: w, height: h }]);
        }
    }
}
