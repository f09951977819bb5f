//! LOINC's document types, packed in the product, found by their words.
//!
//! This content from LOINC is copyright Regenstrief Institute, Inc. and the LOINC Committee, and
//! available at no cost under the licence at <http://loinc.org/terms-of-use>.

use std::sync::LazyLock;

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentType {
    /// LOINC code: `18842-5`.
    pub code: &'static str,
    /// LOINC name: `Discharge summary`.
    pub name: &'static str,
}

/// Every document type that LOINC has in HL7's value set c80-doc-typecodes.
pub struct LoincDocuments {
    /// Sorted by code.
    types: Vec<DocumentType>,
    /// Names in lower case, at the same places.
    lower: Vec<String>,
}

/// What an index desk uses daily, most used first: shown before all others that match as well.
const COMMON: &[&str] = &[
    "18842-5", "34117-2", "11506-3", "11488-4", "11504-8", "34111-5", "47039-3", "28570-0",
    "34746-8", "34108-1", "59284-0", "64293-4", "64292-6", "11502-2", "18748-4", "11526-1",
    "57133-1", "52033-8", "11503-0", "34109-9", "51851-4", "34133-9", "68608-9", "64297-5",
    "71230-7", "34895-3", "47046-8", "61358-8", "61359-6", "55107-7",
];

/// Words that people use for words of LOINC's names.
const SYNONYMS: &[(&str, &str)] = &[
    ("h&p", "history"),
    ("hp", "history"),
    ("op", "operation"),
    ("operative", "operation"),
    ("ed", "emergency"),
    ("er", "emergency"),
    ("xray", "imaging"),
    ("x-ray", "imaging"),
    ("lab", "laboratory"),
    ("roi", "release"),
    ("path", "pathology"),
    ("letter", "correspondence"),
    ("ob", "obstetrics"),
    ("dc", "discharge"),
];

static DOCUMENTS: LazyLock<LoincDocuments> = LazyLock::new(LoincDocuments::unpack);

/// LOINC's document types. Unpacked at the first use.
pub fn loinc_documents() -> &'static LoincDocuments {
    &DOCUMENTS
}

impl LoincDocuments {
    fn unpack() -> LoincDocuments {
        let packed = include_bytes!("../../../codesets/loinc-documents.zst");
        let bytes = zstd::bulk::decompress(packed, 4 << 20).expect("the packed set is whole");
        let text: &'static str =
            Box::leak(String::from_utf8(bytes).expect("the packed set is UTF-8").into_boxed_str());
        let rows = text.lines().filter_map(|line| line.split_once('\t'));
        let mut types: Vec<DocumentType> =
            rows.map(|(code, name)| DocumentType { code, name }).collect();
        types.sort_by_key(|kind| kind.code);
        let lower = types.iter().map(|kind| kind.name.to_lowercase()).collect();
        LoincDocuments { types, lower }
    }

    /// Number of types.
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// The type of a code.
    pub fn by_code(&self, code: &str) -> Option<DocumentType> {
        let at = self.types.binary_search_by_key(&code, |kind| kind.code).ok()?;
        Some(self.types[at])
    }

    /// The types that an index desk uses daily, most used first.
    pub fn common(&self) -> Vec<DocumentType> {
        COMMON.iter().filter_map(|code| self.by_code(code)).collect()
    }

    /// Types in whose name each given word begins a word, in any order, or whose code begins so.
    ///
    /// Common types first, then shorter names. Nothing given: the common types.
    pub fn search(&self, words: &str, limit: usize) -> Vec<DocumentType> {
        let lower = words.to_lowercase();
        let words: Vec<&str> = lower
            .split(|letter: char| letter.is_whitespace() || letter == ',')
            .filter(|word| !word.is_empty() && !matches!(*word, "and" | "of" | "the"))
            .collect();
        if words.is_empty() {
            return self.common().into_iter().take(limit).collect();
        }
        let rank = |code: &str| COMMON.iter().position(|one| *one == code).unwrap_or(COMMON.len());
        let mut found: Vec<(usize, usize, DocumentType)> = self
            .types
            .iter()
            .zip(&self.lower)
            .filter(|(kind, name)| words.iter().all(|word| matches(word, kind.code, name)))
            .map(|(kind, name)| (rank(kind.code), name.len(), *kind))
            .collect();
        found.sort_by_key(|(rank, length, kind)| (*rank, *length, kind.name));
        found.into_iter().take(limit).map(|(_, _, kind)| kind).collect()
    }
}

fn matches(word: &str, code: &str, name: &str) -> bool {
    let begins = |wanted: &str| {
        let parts = name.split(|letter: char| !letter.is_alphanumeric() && letter != '&');
        parts.into_iter().any(|part| part.starts_with(wanted))
    };
    let is_code =
        word.starts_with(|letter: char| letter.is_ascii_digit()) && code.starts_with(word);
    is_code || begins(word) || {
        let synonym = SYNONYMS.iter().find(|(said, _)| *said == word);
        synonym.is_some_and(|(_, meant)| begins(meant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_types_are_found_by_words() {
        let all = loinc_documents();
        assert_eq!(all.len(), 6401);
        let table = [
            ("disch sum", "18842-5"),
            ("summary discharge", "18842-5"),
            ("H&P", "34117-2"),
            ("progress", "11506-3"),
            ("op note", "11504-8"),
            ("ER note", "34111-5"),
            ("release consent", "64292-6"),
            ("death cert", "64297-5"),
            ("18842-5", "18842-5"),
            ("cardiology consult", "34099-2"),
            ("", "18842-5"),
        ];
        for (words, code) in table {
            let found = all.search(words, 10);
            assert_eq!(found.first().map(|kind| kind.code), Some(code), "{words}: {found:?}");
        }
        assert!(all.search("zebra crossing", 10).is_empty());
        assert_eq!(all.by_code("18842-5").unwrap().name, "Discharge summary");
        assert_eq!(all.common().len(), COMMON.len());
    }
}
