//! The ICD-10-CM indexes in XML (NCHS): diseases, external causes, neoplasms, drugs; and the
//! ICD-10-PCS index (CMS), which is built alike.
//!
//! Layout: `letter` holds `mainTerm`s; a main term has a `title` and nested `term`s; each may
//! have a `code`, a `see`, or, in the tables of neoplasms and drugs, `cell`s by column.

use roxmltree::{Document, Node};

use super::ImportError;
use super::tabular_xml::{line_of, whole_text};
use crate::codeset::source::tidy;
use crate::codeset::{System, normalized};

/// One way into the classification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexEntry {
    /// The main term and the terms below it, from the top.
    pub path: Vec<String>,
    /// The code without its dot; a trailing dash (more characters are needed) is dropped.
    pub code: Option<String>,
    /// A second code that the entry asks for (the manifestation).
    pub second_code: Option<String>,
    /// The entry to look at instead.
    pub see: Option<String>,
    /// The column of a table: "Malignant Primary", "Poisoning Accidental".
    pub column: Option<String>,
}

impl IndexEntry {
    /// The entry as a phrase to search by.
    #[must_use]
    pub fn phrase(&self) -> String {
        let mut phrase = self.path.join(" ");
        if let Some(column) = &self.column {
            phrase.push(' ');
            phrase.push_str(column);
        }
        phrase
    }
}

/// An index file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexFile {
    /// Whose index it is.
    pub system: System,
    /// The fiscal year that the file names.
    pub fiscal_year: i16,
    /// In the published order.
    pub entries: Vec<IndexEntry>,
}

/// Reads an index file.
///
/// # Errors
/// Broken XML, another file, a term without a title: each with its line.
pub fn read(bytes: &[u8]) -> Result<IndexFile, ImportError> {
    let text = super::text_of(bytes)?;
    let document = super::xml_of(text)?;
    let root = document.root_element();
    let system = match root.tag_name().name() {
        "ICD10CM.index" => System::Icd10Cm,
        "ICD10PCS.index" => System::Icd10Pcs,
        other => return Err(ImportError::wrong_file(1, "an ICD10CM.index", other)),
    };
    let fiscal_year = root
        .children()
        .find(|child| child.has_tag_name("version"))
        .and_then(|version| tidy(&whole_text(version)).parse().ok())
        .ok_or_else(|| ImportError::at(1, "the file names no year in <version>"))?;
    let columns: Vec<(String, String)> = root
        .descendants()
        .filter(|node| node.has_tag_name("head"))
        .filter_map(|head| Some((head.attribute("col")?.to_owned(), tidy(&whole_text(head)))))
        .collect();
    let mut reader = Reader { document: &document, columns, entries: Vec::new() };
    for main in root.descendants().filter(|node| node.has_tag_name("mainTerm")) {
        reader.term(main, &mut Vec::new())?;
    }
    if reader.entries.is_empty() {
        return Err(ImportError::at(1, "the file holds no main term"));
    }
    Ok(IndexFile { system, fiscal_year, entries: reader.entries })
}

struct Reader<'a> {
    document: &'a Document<'a>,
    columns: Vec<(String, String)>,
    entries: Vec<IndexEntry>,
}

/// The deepest nesting that is read; the published indexes have nine levels.
const DEPTH_MAX: usize = 24;

impl Reader<'_> {
    fn term(&mut self, node: Node<'_, '_>, path: &mut Vec<String>) -> Result<(), ImportError> {
        // The line is counted only for an error: counting takes as long as reading up to it.
        let wrong = |what: &str| ImportError::at(line_of(self.document, node), what);
        if path.len() >= DEPTH_MAX {
            return Err(wrong("terms are nested deeper than the index goes"));
        }
        let title = text_of(node, "title").ok_or_else(|| wrong("the term has no title"))?;
        path.push(title);
        let entry = IndexEntry {
            path: path.clone(),
            code: text_of(node, "code").map(|code| plain(&code)),
            second_code: text_of(node, "manif").map(|code| plain(&code)),
            see: text_of(node, "see").or_else(|| text_of(node, "use")),
            column: None,
        };
        for cell in node.children().filter(|child| child.has_tag_name("cell")) {
            let code = tidy(&whole_text(cell));
            let column = cell.attribute("col").unwrap_or_default();
            if code.starts_with(|first: char| first.is_ascii_uppercase()) {
                let named = self.columns.iter().find(|(number, _)| number == column);
                let column = named.map(|(_, name)| name.clone());
                let code = Some(plain(&code));
                self.entries.push(IndexEntry { code, column, ..entry.clone() });
            }
        }
        if entry.code.is_some() || entry.see.is_some() {
            self.entries.push(entry);
        }
        self.codes_below(node, path);
        for below in node.children().filter(|child| child.has_tag_name("term")) {
            self.term(below, path)?;
        }
        path.pop();
        Ok(())
    }

    /// The ICD-10-PCS index lists several codes in `codes` or `tables`.
    fn codes_below(&mut self, node: Node<'_, '_>, path: &[String]) {
        let lists = node
            .children()
            .filter(|child| child.has_tag_name("codes") || child.has_tag_name("tables"));
        for code in lists.flat_map(|list| list.children()).filter(Node::is_element) {
            self.entries.push(IndexEntry {
                path: path.to_vec(),
                code: Some(plain(&tidy(&whole_text(code)))),
                second_code: None,
                see: None,
                column: None,
            });
        }
    }
}

fn text_of(node: Node<'_, '_>, name: &str) -> Option<String> {
    let child = node.children().find(|child| child.has_tag_name(name))?;
    Some(tidy(&whole_text(child))).filter(|text| !text.is_empty())
}

/// The code without its dot and without the dash that asks for more characters.
fn plain(code: &str) -> String {
    normalized(code.trim_end_matches('-')).trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISEASES: &str = "<?xml version=\"1.0\"?><ICD10CM.index><version>2026</version>\
        <title>Index</title><letter><title>A</title>\n\
        <mainTerm><title>Abscess <nemod>(acute)</nemod></title><code>L02.91</code>\n\
        <term level=\"1\"><title>brain</title><code>G06.0</code>\n\
        <term level=\"2\"><title>amebic</title><code>A06.6</code></term></term>\n\
        <term level=\"1\"><title>heart</title><see>Carditis</see></term>\n\
        <term level=\"1\"><title>hip</title><code>L02.41-</code></term></mainTerm>\n\
        </letter></ICD10CM.index>";

    const NEOPLASMS: &str = "<ICD10CM.index><version>2026</version><indexHeading>\
        <head col=\"1\">Site</head><head col=\"2\">Malignant Primary</head>\
        <head col=\"5\">Benign</head></indexHeading>\n\
        <letter><title>N</title><mainTerm><title>Neoplasm</title>\
        <term level=\"1\"><title>bone</title><cell col=\"2\">C41.9</cell>\
        <cell col=\"5\">D16.9</cell><cell col=\"6\">-</cell></term></mainTerm></letter>\
        </ICD10CM.index>";

    #[test]
    fn terms_are_read_with_their_path() {
        let file = read(DISEASES.as_bytes()).unwrap();
        let shown: Vec<String> = file
            .entries
            .iter()
            .map(|entry| format!("{} {:?} {:?}", entry.phrase(), entry.code, entry.see))
            .collect();
        assert_eq!(
            shown,
            [
                "Abscess (acute) Some(\"L0291\") None",
                "Abscess (acute) brain Some(\"G060\") None",
                "Abscess (acute) brain amebic Some(\"A066\") None",
                "Abscess (acute) heart None Some(\"Carditis\")",
                "Abscess (acute) hip Some(\"L0241\") None",
            ]
        );
    }

    #[test]
    fn tables_give_an_entry_a_cell() {
        let file = read(NEOPLASMS.as_bytes()).unwrap();
        let shown: Vec<String> = file.entries.iter().map(IndexEntry::phrase).collect();
        assert_eq!(shown, ["Neoplasm bone Malignant Primary", "Neoplasm bone Benign"]);
    }

    #[test]
    fn wrong_files_are_named_by_line() {
        let cut = &DISEASES[..DISEASES.len() - 60];
        assert!(read(cut.as_bytes()).unwrap_err().to_string().starts_with("line "));
        let untitled = DISEASES.replace("<title>heart</title>", "");
        let error = read(untitled.as_bytes()).unwrap_err().to_string();
        assert_eq!(error, "line 5: the term has no title; nothing was loaded");
        let other = "<ICD10CM.tabular><version>2026</version></ICD10CM.tabular>";
        assert!(read(other.as_bytes()).unwrap_err().to_string().contains("ICD10CM.tabular"));
        let entity = "<!DOCTYPE x [<!ENTITY a \"b\">]><ICD10CM.index/>";
        assert!(read(entity.as_bytes()).is_err());
    }
}
