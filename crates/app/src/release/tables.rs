//! The tables of a packet: a section each, a line for each entry, without what is withheld.

use super::material::Content;
use super::standing::Standing;
use exchange::fhir::{HEAD, SECTIONS, Section};
use redaction::burn::redact_text;
use redaction::mark::{MarkState, Place};
use redaction::pdf::layout::Block;
use redaction::{ItemContent, PacketItem};

/// Widths of the columns of [`HEAD`], as shares.
const SHARES: [u32; 4] = [5, 4, 3, 5];

/// The rows of a section in the order of the packet, redacted.
fn rows(standing: &Standing, of: &'static Section) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (_, material, marks) in &standing.documents {
        for (number, part) in (0i64..).zip(&material.parts) {
            let Content::Line { section, cells } = &part.content else { continue };
            if *section != of {
                continue;
            }
            let confirmed = marks
                .iter()
                .filter(|mark| mark.part == number && mark.state == MarkState::Confirmed)
                .filter_map(|mark| match mark.place {
                    Place::Span(start, end) => Some((start, end)),
                    Place::Box(_) => None,
                });
            rows.push(redacted(cells, &confirmed.collect::<Vec<_>>()));
        }
    }
    rows
}

/// The cells without what lies under the spans, which count the cells as lines of one text.
fn redacted(cells: &[String], spans: &[(usize, usize)]) -> Vec<String> {
    let mut at = 0;
    let mut out = Vec::new();
    for cell in cells {
        let end = at + cell.chars().count();
        let own = spans.iter().map(|(from, to)| (*from.max(&at), *to.min(&end)));
        let own = own.filter(|(from, to)| from < to).map(|(from, to)| (from - at, to - at));
        out.push(redact_text(cell, &own.collect::<Vec<_>>()));
        at = end + 1;
    }
    out
}

/// The sections that go out, each as an item of the packet.
pub(super) fn of(standing: &Standing) -> Vec<PacketItem> {
    let mut items = Vec::new();
    for section in &SECTIONS {
        let rows = rows(standing, section);
        if rows.is_empty() {
            continue;
        }
        let head = HEAD.iter().map(|head| (*head).to_owned()).collect();
        let blocks = vec![
            Block::Title { text: section.label.to_owned() },
            Block::LongTable { head, shares: SHARES.to_vec(), rows },
        ];
        let content = ItemContent::Blocks { blocks };
        items.push(PacketItem { title: section.label.to_owned(), content });
    }
    items
}

/// What the cover lists: documents one by one, sections with the count of their lines.
pub(super) fn contents(standing: &Standing) -> Vec<String> {
    let is_line = |content: &Content| matches!(content, Content::Line { .. });
    let documents = standing.documents.iter().map(|(_, material, _)| material);
    let documents = documents.filter(|one| !one.parts.iter().any(|part| is_line(&part.content)));
    let mut contents: Vec<String> = documents.map(|material| material.title.clone()).collect();
    for section in &SECTIONS {
        match rows(standing, section).len() {
            0 => {}
            1 => contents.push(format!("{}, 1 line", section.label)),
            count => contents.push(format!("{}, {count} lines", section.label)),
        }
    }
    contents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_taken_out_of_the_cells_that_it_covers() {
        let cells = ["Gout", "active", "3 Feb 2026", ""].map(str::to_owned);
        let mark = redaction::burn::MARK;
        let table = [
            (vec![], ["Gout", "active", "3 Feb 2026", ""]),
            (vec![(0, 23)], [mark, mark, mark, ""]),
            (vec![(5, 11)], ["Gout", mark, "3 Feb 2026", ""]),
        ];
        for (spans, expected) in table {
            assert_eq!(redacted(&cells, &spans), expected, "{spans:?}");
        }
    }
}
