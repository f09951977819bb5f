//! Words of a note: where they stand, what separates them, and their normal form.
//!
//! The normal form folds accents, British and Latin spellings, plurals, and maps adjectives to
//! the noun they stand for ("hepatic" to "liver"), so that a note and a code title meet.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Blanks, a hyphen, a slash, brackets or nothing.
    Near,
    /// A comma.
    Comma,
    /// A semicolon or a colon.
    Clause,
    /// A question mark directly before the word, as in "?pneumonia".
    Question,
}

/// A word as written, with its place in the text.
#[derive(Clone, Debug)]
pub(super) struct Word<'a> {
    /// As written.
    pub(super) text: &'a str,
    /// First byte.
    pub(super) byte_start: usize,
    /// One past the last byte.
    pub(super) byte_end: usize,
    /// First Unicode scalar value.
    pub(super) start: usize,
    /// One past the last Unicode scalar value.
    pub(super) end: usize,
    /// What stands before it.
    pub(super) before: Gap,
}

/// Splits text into words, counting scalar values as it goes.
pub(super) fn split_words(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::with_capacity(text.len() / 6 + 1);
    let mut open: Option<(usize, usize)> = None;
    let mut before = Gap::Near;
    let mut count = 0;
    for (byte, letter) in text.char_indices() {
        if letter.is_alphanumeric() {
            open.get_or_insert((byte, count));
        } else {
            if let Some((byte_start, start)) = open.take() {
                words.push(word(text, byte_start, byte, start, count, before));
                before = Gap::Near;
            }
            match letter {
                ',' => before = Gap::Comma,
                ';' | ':' => before = Gap::Clause,
                '?' => before = Gap::Question,
                _ => {}
            }
        }
        count += 1;
    }
    if let Some((byte_start, start)) = open {
        words.push(word(text, byte_start, text.len(), start, count, before));
    }
    words
}

fn word(
    text: &str,
    byte_start: usize,
    byte_end: usize,
    start: usize,
    end: usize,
    before: Gap,
) -> Word<'_> {
    Word { text: &text[byte_start..byte_end], byte_start, byte_end, start, end, before }
}

/// Variant to normal word: adjectives, Latin and British forms, lay words, Roman numerals.
static EQUIVALENTS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    for line in include_str!("lexicon/equivalents.tsv").lines() {
        if let Some((normal, variants)) = line.split_once('\t') {
            for variant in variants.split('|') {
                map.insert(variant, normal);
            }
        }
    }
    map
});

/// The normal form of one word.
pub(super) fn normal(raw: &str) -> String {
    let folded = fold(raw);
    if let Some(equivalent) = EQUIVALENTS.get(folded.as_str()) {
        return (*equivalent).to_owned();
    }
    let stem = stem(spell(folded));
    match EQUIVALENTS.get(stem.as_str()) {
        Some(equivalent) => (*equivalent).to_owned(),
        None => stem,
    }
}

/// Lower case without accents.
pub(super) fn fold(raw: &str) -> String {
    if raw.is_ascii() {
        return raw.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(raw.len());
    for letter in raw.chars().flat_map(char::to_lowercase) {
        match letter {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'í' | 'ì' | 'î' | 'ï' => folded.push('i'),
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => folded.push('o'),
            'ú' | 'ù' | 'û' | 'ü' => folded.push('u'),
            'ñ' => folded.push('n'),
            'ç' => folded.push('c'),
            'æ' | 'œ' => folded.push('e'),
            'ß' => folded.push_str("ss"),
            'α' => folded.push_str("alpha"),
            'β' => folded.push_str("beta"),
            'γ' => folded.push_str("gamma"),
            other => folded.push(other),
        }
    }
    folded
}

/// One spelling for British, American and half-translated forms.
fn spell(word: String) -> String {
    if word.len() < 5 || !word.is_ascii() {
        return word;
    }
    let mut spelt = word;
    for (from, to) in
        [("ae", "e"), ("oe", "e"), ("leuco", "leuko"), ("sulph", "sulf"), ("umour", "umor")]
    {
        if spelt.contains(from) {
            spelt = spelt.replace(from, to);
        }
    }
    spelt
}

/// Singular of regular and learned plurals.
fn stem(word: String) -> String {
    if word.len() < 4 || !word.is_ascii() {
        return word;
    }
    for (ending, singular) in
        [("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("uses", "us")]
    {
        if word.len() > ending.len() + 2
            && let Some(head) = word.strip_suffix(ending)
        {
            return format!("{head}{singular}");
        }
    }
    const NOT_LEARNED: [&str; 8] =
        ["eases", "cases", "nses", "ulses", "oses ", "auses", "bases", "rses"];
    if word.len() > 6
        && let Some(head) = word.strip_suffix("ses")
        && !NOT_LEARNED.iter().any(|end| word.ends_with(end))
    {
        return format!("{head}sis");
    }
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word;
    }
    match word.strip_suffix('s') {
        Some(head) => head.to_owned(),
        None => word,
    }
}

/// Words that carry no meaning in a title or between the words of a phrase.
pub(super) fn is_filler(folded: &str) -> bool {
    matches!(
        folded,
        "a" | "an"
            | "the"
            | "of"
            | "in"
            | "on"
            | "at"
            | "to"
            | "by"
            | "for"
            | "from"
            | "and"
            | "or"
            | "with"
            | "due"
            | "his"
            | "her"
            | "its"
            | "their"
            | "my"
            | "s"
            | "as"
            | "both"
            | "this"
            | "that"
            | "into"
            | "over"
            | "per"
            | "level"
            | "region"
            | "area"
            | "associated"
            | "il"
            | "la"
            | "de"
    )
}

/// Words that say which, how much or how: they may stand inside any phrase.
pub(super) fn is_modifier(folded: &str) -> bool {
    matches!(
        folded,
        "right"
            | "left"
            | "bilateral"
            | "upper"
            | "lower"
            | "superior"
            | "inferior"
            | "anterior"
            | "posterior"
            | "lateral"
            | "medial"
            | "proximal"
            | "distal"
            | "mild"
            | "moderate"
            | "severe"
            | "intense"
            | "marked"
            | "significant"
            | "important"
            | "slight"
            | "large"
            | "small"
            | "big"
            | "multiple"
            | "several"
            | "numerous"
            | "some"
            | "single"
            | "solitary"
            | "isolated"
            | "diffuse"
            | "generalized"
            | "acute"
            | "chronic"
            | "subacute"
            | "progressive"
            | "persistent"
            | "recurrent"
            | "intermittent"
            | "occasional"
            | "sudden"
            | "new"
            | "giant"
            | "huge"
            | "massive"
            | "extensive"
            | "complete"
            | "partial"
            | "total"
            | "primary"
            | "secondary"
            | "simple"
            | "complex"
            | "advanced"
            | "probable"
            | "possible"
            | "intraabdominal"
            | "internal"
            | "external"
            | "deep"
            | "superficial"
            | "first"
            | "third"
            | "fourth"
            | "fifth"
            | "middle"
            | "central"
            | "peripheral"
            | "both"
            | "one"
            | "two"
            | "three"
            | "four"
            | "five"
            | "unilateral"
            | "painless"
            | "painful"
            | "old"
            | "known"
            | "typical"
            | "atypical"
            | "associated"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_meet() {
        for (left, right) in [
            ("anaemia", "anemia"),
            ("Oesophageal", "esophagus"),
            ("metastases", "metastasis"),
            ("hepatic", "liver"),
            ("renal", "kidneys"),
            ("tumours", "tumor"),
            ("diarrhoea", "diarrhea"),
            ("biopsies", "biopsy"),
            ("Sjögren", "Sjogren"),
            ("haematuria", "hematuria"),
            ("III", "3"),
            ("thrombi", "thrombus"),
            ("diseases", "disease"),
        ] {
            assert_eq!(normal(left), normal(right), "{left} and {right}");
        }
    }

    #[test]
    fn places_are_counted_in_scalar_values() {
        let words = split_words("Señora: fièvre, ?grippe");
        let seen: Vec<_> = words.iter().map(|w| (w.text, w.start, w.end, w.before)).collect();
        assert_eq!(
            seen,
            [
                ("Señora", 0, 6, Gap::Near),
                ("fièvre", 8, 14, Gap::Clause),
                ("grippe", 17, 23, Gap::Question)
            ]
        );
    }
}
