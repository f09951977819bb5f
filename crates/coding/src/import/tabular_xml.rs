//! The ICD-10-CM tabular list as its publisher (NCHS) prints it in XML.
//!
//! Layout: `ICD10CM.tabular` holds `version` and `chapter`s; a chapter holds `section`s; a
//! section holds nested `diag`s with `name`, `desc`, notes and `sevenChrDef`.

use roxmltree::{Document, Node};

use super::ImportError;
use crate::codeset::source::tidy;
use crate::codeset::{Entry, EntryKind, NoteKind, normalized};

/// What a tabular XML file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabularList {
    /// The fiscal year that the file names in `version`.
    pub fiscal_year: i16,
    /// Chapters, blocks and codes in the published order.
    pub entries: Vec<Entry>,
}

/// Reads the tabular list.
///
/// # Errors
/// XML that is cut or broken, another file's root, an entry without name or title: each with
/// its line.
pub fn read(bytes: &[u8]) -> Result<TabularList, ImportError> {
    let text = super::text_of(bytes)?;
    let document = super::xml_of(text)?;
    let root = document.root_element();
    if !root.has_tag_name("ICD10CM.tabular") {
        return Err(ImportError::wrong_file(1, "ICD10CM.tabular", root.tag_name().name()));
    }
    let version = child_text(&document, root, "version")?;
    let fiscal_year = version
        .parse()
        .map_err(|_| ImportError::at(line_of(&document, root), "the version is not a year"))?;
    let mut reader = Reader { document: &document, entries: Vec::new() };
    for chapter in elements(root, "chapter") {
        reader.entry(chapter, EntryKind::Chapter, 0)?;
        for section in elements(chapter, "section") {
            reader.entry(section, EntryKind::Block, 1)?;
            for category in elements(section, "diag") {
                reader.diagnosis(category, 2)?;
            }
        }
    }
    if reader.entries.is_empty() {
        return Err(ImportError::at(1, "the file holds no chapter"));
    }
    Ok(TabularList { fiscal_year, entries: reader.entries })
}

struct Reader<'a> {
    document: &'a Document<'a>,
    entries: Vec<Entry>,
}

/// The deepest nesting that is read; the published list has seven levels.
const DEPTH_MAX: u8 = 9;

impl Reader<'_> {
    fn diagnosis(&mut self, node: Node<'_, '_>, depth: u8) -> Result<(), ImportError> {
        if depth > DEPTH_MAX {
            let line = line_of(self.document, node);
            return Err(ImportError::at(line, "codes are nested deeper than any code is long"));
        }
        self.entry(node, EntryKind::Code, depth)?;
        for below in elements(node, "diag") {
            self.diagnosis(below, depth + 1)?;
        }
        Ok(())
    }

    fn entry(&mut self, node: Node<'_, '_>, kind: EntryKind, depth: u8) -> Result<(), ImportError> {
        let code = match kind {
            EntryKind::Block => node
                .attribute("id")
                .map(str::to_owned)
                .ok_or_else(|| ImportError::at(line_of(self.document, node), "no section id"))?,
            EntryKind::Chapter => child_text(self.document, node, "name")?,
            EntryKind::Code => normalized(&child_text(self.document, node, "name")?),
        };
        let title = child_text(self.document, node, "desc")?;
        let mut entry = Entry { kind, depth, code, title, notes: Vec::new(), seventh: Vec::new() };
        for child in node.children().filter(Node::is_element) {
            collect(child, &mut entry);
        }
        self.entries.push(entry);
        Ok(())
    }
}

/// Takes the notes or seventh characters that `element` holds.
fn collect(element: Node<'_, '_>, entry: &mut Entry) {
    let kind = match element.tag_name().name() {
        "inclusionTerm" => NoteKind::Inclusion,
        "includes" => NoteKind::Includes,
        "excludes1" => NoteKind::Excludes1,
        "excludes2" => NoteKind::Excludes2,
        "codeFirst" => NoteKind::CodeFirst,
        "useAdditionalCode" => NoteKind::UseAdditional,
        "codeAlso" => NoteKind::CodeAlso,
        "notes" => NoteKind::Note,
        "sevenChrNote" => NoteKind::SeventhCharacter,
        "sevenChrDef" => {
            for extension in elements(element, "extension") {
                let character = extension.attribute("char").and_then(|c| c.chars().next());
                let meaning = tidy(&whole_text(extension));
                entry.seventh.extend(character.map(|c| (c, meaning)));
            }
            return;
        }
        _ => return,
    };
    for note in elements(element, "note") {
        let text = tidy(&whole_text(note));
        if !text.is_empty() {
            entry.notes.push((kind, text));
        }
    }
}

fn elements<'a, 'i>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

/// All the text below a node, that of nested marks included.
pub(super) fn whole_text(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

/// The text of a child element that must be there.
pub(super) fn child_text(
    document: &Document<'_>,
    node: Node<'_, '_>,
    name: &str,
) -> Result<String, ImportError> {
    let found = elements(node, name).next().map(|child| tidy(&whole_text(child)));
    found.filter(|text| !text.is_empty()).ok_or_else(|| {
        let place = format!("<{}> without <{name}>", node.tag_name().name());
        ImportError::at(line_of(document, node), &place)
    })
}

/// The line on which an element starts, counted from 1.
pub(super) fn line_of(document: &Document<'_>, node: Node<'_, '_>) -> usize {
    document.text_pos_at(node.range().start).row as usize
}
