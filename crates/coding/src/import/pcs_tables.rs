//! ICD-10-PCS tables and definitions in XML (CMS).
//!
//! A `pcsTable` fixes the first three characters by an `axis` each; its `pcsRow`s say which
//! values the last four may have together. Definitions explain the values of an axis.

use roxmltree::{Document, Node};

use super::ImportError;
use super::tabular_xml::{line_of, whole_text};
use crate::codeset::source::tidy;

/// A value of a character, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The character.
    pub character: char,
    /// Its meaning.
    pub label: String,
}

/// A character's place in the code, and its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// From 1 to 7.
    pub position: u8,
    /// What the place says: Section, Body Part, Approach.
    pub title: String,
    /// Its values.
    pub values: Vec<Value>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Section, body system and operation, one value each.
    pub head: Vec<Axis>,
    /// Rows of the last four characters.
    pub rows: Vec<Vec<Axis>>,
}

/// All tables of a year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PcsTables {
    /// The fiscal year.
    pub fiscal_year: i16,
    /// In the published order.
    pub tables: Vec<Table>,
}

/// What an operation, body part or device is, in the publisher's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The section's character.
    pub section: char,
    /// The place of the value.
    pub position: u8,
    /// The value's label.
    pub term: String,
    /// What it means, with its explanation.
    pub definition: String,
    /// What it includes: words to search by.
    pub includes: Vec<String>,
}

impl Table {
    /// The first three characters.
    #[must_use]
    pub fn beginning(&self) -> String {
        self.head.iter().filter_map(|axis| axis.values.first()).map(|v| v.character).collect()
    }
}

impl PcsTables {
    /// The axis of the next character after the beginning of a code: the values that some row
    /// allows. `None` when the beginning fits no table, or is a whole code.
    #[must_use]
    pub fn next(&self, beginning: &str) -> Option<Axis> {
        let typed: Vec<char> = beginning.chars().collect();
        let mut next: Option<Axis> = None;
        for table in &self.tables {
            if said_by(&table.head, &typed).is_none() {
                continue;
            }
            for row in &table.rows {
                let axes: Vec<&Axis> = table.head.iter().chain(row).collect();
                let fits = typed.iter().zip(&axes).all(|(character, axis)| {
                    axis.values.iter().any(|value| value.character == *character)
                });
                let Some(axis) = axes.get(typed.len()).filter(|_| fits) else { continue };
                let open =
                    next.get_or_insert_with(|| Axis { values: Vec::new(), ..(*axis).clone() });
                for value in &axis.values {
                    if !open.values.contains(value) {
                        open.values.push(value.clone());
                    }
                }
            }
        }
        next
    }

    /// What each character of a beginning says; `None` when it fits no table.
    #[must_use]
    pub fn labels(&self, beginning: &str) -> Option<Vec<&str>> {
        let typed: Vec<char> = beginning.chars().collect();
        self.tables.iter().find_map(|table| {
            // A table is passed over by its head alone, so that its rows are seldom looked at.
            let head = said_by(&table.head, &typed)?;
            if typed.len() <= table.head.len() {
                return Some(head);
            }
            let rest = &typed[table.head.len()..];
            let row = table.rows.iter().find_map(|row| said_by(row, rest))?;
            Some([head, row].concat())
        })
    }

    /// Whether seven characters make a code.
    #[must_use]
    pub fn holds(&self, code: &str) -> bool {
        let typed: Vec<char> = code.chars().collect();
        typed.len() == 7
            && self.tables.iter().filter(|table| code.starts_with(&table.beginning())).any(
                |table| {
                    table.rows.iter().any(|row| {
                        row.iter().zip(&typed[3..]).all(|(axis, character)| {
                            axis.values.iter().any(|value| value.character == *character)
                        })
                    })
                },
            )
    }

    /// How many codes the tables make.
    #[must_use]
    pub fn code_count(&self) -> usize {
        let rows = self.tables.iter().flat_map(|table| &table.rows);
        rows.map(|row| row.iter().map(|axis| axis.values.len()).product::<usize>()).sum()
    }
}

/// The labels of characters by the axes that they stand at; `None` where one has no such value.
fn said_by<'a>(axes: &'a [Axis], typed: &[char]) -> Option<Vec<&'a str>> {
    let pairs = axes.iter().zip(typed);
    let label = |(axis, character): (&'a Axis, &char)| {
        let value = axis.values.iter().find(|value| value.character == *character)?;
        Some(value.label.as_str())
    };
    pairs.map(label).collect()
}

/// Reads the tables.
///
/// # Errors
/// Broken XML, another file, a table without three axes or a row without four, a row whose count
/// of codes is not the one that it states: each with its line.
pub fn read(bytes: &[u8]) -> Result<PcsTables, ImportError> {
    let text = super::text_of(bytes)?;
    let document = super::xml_of(text)?;
    let root = root(&document, "ICD10PCS.tabular")?;
    let mut tables = Vec::new();
    for node in root.descendants().filter(|node| node.has_tag_name("pcsTable")) {
        let head = axes(&document, node)?;
        let fixed = head.iter().all(|axis| axis.values.len() == 1);
        if head.len() != 3 || !fixed {
            let line = line_of(&document, node);
            return Err(ImportError::at(line, "the table does not fix three characters"));
        }
        let mut rows = Vec::new();
        for row in node.children().filter(|child| child.has_tag_name("pcsRow")) {
            rows.push(read_row(&document, row)?);
        }
        tables.push(Table { head, rows });
    }
    if tables.is_empty() {
        return Err(ImportError::at(1, "the file holds no table"));
    }
    Ok(PcsTables { fiscal_year: year_of(root)?, tables })
}

fn read_row(document: &Document<'_>, row: Node<'_, '_>) -> Result<Vec<Axis>, ImportError> {
    let wrong = |what: &str| ImportError::at(line_of(document, row), what);
    let read = axes(document, row)?;
    if read.len() != 4 {
        return Err(wrong("the row does not have four characters"));
    }
    let made: usize = read.iter().map(|axis| axis.values.len()).product();
    let stated: Option<usize> = row.attribute("codes").and_then(|codes| codes.parse().ok());
    if stated.is_some_and(|stated| stated != made) {
        let what = format!("the row makes {made} codes and states another number: it is cut");
        return Err(wrong(&what));
    }
    Ok(read)
}

fn axes(document: &Document<'_>, node: Node<'_, '_>) -> Result<Vec<Axis>, ImportError> {
    let mut read = Vec::new();
    for axis in node.children().filter(|child| child.has_tag_name("axis")) {
        let wrong = |what: &str| ImportError::at(line_of(document, axis), what);
        let position = axis.attribute("pos").and_then(|pos| pos.parse().ok());
        let position = position.ok_or_else(|| wrong("the axis has no position"))?;
        let title = axis.children().find(|child| child.has_tag_name("title"));
        let values: Vec<Value> = axis
            .children()
            .filter(|child| child.has_tag_name("label"))
            .filter_map(|label| {
                let character = label.attribute("code")?.chars().next()?;
                Some(Value { character, label: tidy(&whole_text(label)) })
            })
            .collect();
        if values.is_empty() {
            return Err(wrong("the axis has no value"));
        }
        let title = title.map(|title| tidy(&whole_text(title))).unwrap_or_default();
        read.push(Axis { position, title, values });
    }
    Ok(read)
}

/// Reads the definitions, with the fiscal year where the file names it.
///
/// # Errors
/// Broken XML, another file, a file without definitions.
pub fn read_definitions(bytes: &[u8]) -> Result<(Vec<Definition>, Option<i16>), ImportError> {
    let text = super::text_of(bytes)?;
    let document = super::xml_of(text)?;
    let root = root(&document, "ICD10PCS.definitions")?;
    let mut read = Vec::new();
    for section in root.children().filter(|child| child.has_tag_name("section")) {
        let character = section.attribute("code").and_then(|code| code.chars().next());
        let character = character.ok_or_else(|| {
            ImportError::at(line_of(&document, section), "the section has no character")
        })?;
        for axis in section.children().filter(|child| child.has_tag_name("axis")) {
            let position = axis.attribute("pos").and_then(|pos| pos.parse().ok()).unwrap_or(0);
            for terms in axis.children().filter(|child| child.has_tag_name("terms")) {
                read.extend(definitions_of(terms, character, position));
            }
        }
    }
    if read.is_empty() {
        return Err(ImportError::at(1, "the file holds no definition"));
    }
    Ok((read, year_of(root).ok()))
}

fn definitions_of(terms: Node<'_, '_>, section: char, position: u8) -> Vec<Definition> {
    let texts = |name: &'static str| -> Vec<String> {
        let named = terms.children().filter(move |child| child.has_tag_name(name));
        named.map(|child| tidy(&whole_text(child))).collect()
    };
    let definition = [texts("definition"), texts("explanation")].concat().join(" ");
    let includes = texts("includes");
    texts("title")
        .into_iter()
        .map(|term| Definition {
            section,
            position,
            term,
            definition: definition.clone(),
            includes: includes.clone(),
        })
        .collect()
}

fn root<'a>(document: &'a Document<'a>, name: &str) -> Result<Node<'a, 'a>, ImportError> {
    let root = document.root_element();
    if root.has_tag_name(name) {
        return Ok(root);
    }
    Err(ImportError::wrong_file(1, name, root.tag_name().name()))
}

fn year_of(root: Node<'_, '_>) -> Result<i16, ImportError> {
    root.children()
        .find(|child| child.has_tag_name("version"))
        .and_then(|version| tidy(&whole_text(version)).parse().ok())
        .ok_or_else(|| ImportError::at(1, "the file names no year in <version>"))
}

/// A table in the published layout.
pub const TABLES_SAMPLE: &str = "<ICD10PCS.tabular><version>2026</version>\n\
    <pcsTable><axis pos=\"1\" values=\"1\"><title>Section</title>\
    <label code=\"0\">Medical and Surgical</label></axis>\n\
    <axis pos=\"2\" values=\"1\"><title>Body System</title>\
    <label code=\"D\">Gastrointestinal System</label></axis>\n\
    <axis pos=\"3\" values=\"1\"><title>Operation</title>\
    <label code=\"T\">Resection</label></axis>\n\
    <pcsRow codes=\"4\"><axis pos=\"4\" values=\"2\"><title>Body Part</title>\
    <label code=\"H\">Cecum</label><label code=\"J\">Appendix</label></axis>\n\
    <axis pos=\"5\" values=\"2\"><title>Approach</title><label code=\"0\">Open</label>\
    <label code=\"4\">Percutaneous Endoscopic</label></axis>\n\
    <axis pos=\"6\" values=\"1\"><title>Device</title>\
    <label code=\"Z\">No Device</label></axis>\
    <axis pos=\"7\" values=\"1\"><title>Qualifier</title>\
    <label code=\"Z\">No Qualifier</label></axis></pcsRow></pcsTable></ICD10PCS.tabular>";

/// A definition in the published layout.
pub const DEFINITIONS_SAMPLE: &str = "\
    <ICD10PCS.definitions><version>2026</version><section code=\"0\">\
    <title>Medical and Surgical</title><axis pos=\"3\"><title>Operation</title>\
    <terms><title>Resection</title><definition>Cutting out or off</definition>\
    <explanation>All of a body part</explanation><includes>Total removal</includes>\
    </terms></axis></section></ICD10PCS.definitions>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_built_from_the_tables() {
        let tables = read(TABLES_SAMPLE.as_bytes()).unwrap();
        assert_eq!((tables.code_count(), tables.tables[0].beginning().as_str()), (4, "0DT"));
        assert!(tables.holds("0DTJ4ZZ") && !tables.holds("0DTJ3ZZ"));
        let next = tables.next("0DTJ").unwrap();
        assert_eq!((next.title.as_str(), next.values.len()), ("Approach", 2));
        assert!(tables.next("0DTX").is_none() && tables.next("0DTJ4ZZ").is_none());
    }

    #[test]
    fn cut_row_is_named() {
        let cut = TABLES_SAMPLE.replace("<label code=\"J\">Appendix</label>", "");
        let error = read(cut.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("line 5: the row makes 2 codes"), "{error}");
        assert!(read(b"<ICD10PCS.index/>").is_err());
    }

    #[test]
    fn definitions_are_read() {
        let (read, year) = read_definitions(DEFINITIONS_SAMPLE.as_bytes()).unwrap();
        assert_eq!(year, Some(2026));
        assert_eq!(read[0].definition, "Cutting out or off All of a body part");
        assert_eq!((read[0].section, read[0].position), ('0', 3));
    }
}
