//! The lexicon of clinicians' words, and the phrases of the tabular list.
//!
//! `lexicon/*.tsv` is written from general medical knowledge and from the conventions of the
//! Alphabetic Index (the code a term defaults to). It is not learnt from any annotated corpus.
//!
//! - Chapter files: `code<TAB>phrase|phrase`. A phrase with `~` before it is weak; one
//!   with `?` counts only beside its diagnosis. A code `-`
//!   keeps its phrases from being read as something else. Codes joined by `+` are all meant.
//! - `sites.tsv`: `head|head<TAB>site|site=code;site=code`, every head with every site.
//! - `neoplasms.tsv`: site words, then malignant, secondary, in situ, benign, uncertain and
//!   unspecified, as in the table of neoplasms.

use super::dictionary::{Dictionary, Source, is_letter_a};
use super::tree::{NamedCode, plain_title};
use super::vocabulary::Vocabulary;
use super::words::{fold, is_filler, split_words};

const CHAPTERS: [&str; 9] = [
    include_str!("lexicon/infections.tsv"),
    include_str!("lexicon/blood_endocrine.tsv"),
    include_str!("lexicon/mind_nerves_senses.tsv"),
    include_str!("lexicon/heart_lungs.tsv"),
    include_str!("lexicon/digestive_skin.tsv"),
    include_str!("lexicon/bones_kidneys.tsv"),
    include_str!("lexicon/birth_signs.tsv"),
    include_str!("lexicon/injuries_status.tsv"),
    include_str!("lexicon/everyday_rare.tsv"),
];

/// Fills the dictionary from the lexicon and the tabular list.
pub(super) fn fill(
    dictionary: &mut Dictionary,
    vocabulary: &mut Vocabulary,
    codes: &[NamedCode<'_>],
) {
    for chapter in CHAPTERS {
        for (target, phrases) in lines(chapter) {
            for phrase in phrases.split('|') {
                let (source, phrase) = strength(phrase);
                dictionary.add(vocabulary, phrase, target.trim_matches('-'), source);
            }
        }
    }
    fill_sites(dictionary, vocabulary);
    fill_neoplasms(dictionary, vocabulary);
    // Unspecified titles first: of titles with the same words the least specific is meant.
    let (open, exact): (Vec<&NamedCode<'_>>, Vec<&NamedCode<'_>>) =
        codes.iter().partition(|code| code.title.contains("nspecified"));
    for code in open.into_iter().chain(exact) {
        fill_code(dictionary, vocabulary, code);
    }
}

fn lines(table: &str) -> impl Iterator<Item = (&str, &str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

fn strength(phrase: &str) -> (Source, &str) {
    if let Some(phrase) = phrase.strip_prefix('~') {
        (Source::Weak, phrase)
    } else if let Some(phrase) = phrase.strip_prefix('?') {
        (Source::Companion, phrase)
    } else {
        (Source::Lexicon, phrase)
    }
}

fn fill_sites(dictionary: &mut Dictionary, vocabulary: &mut Vocabulary) {
    for (heads, sites) in lines(include_str!("lexicon/sites.tsv")) {
        for entry in sites.split(';') {
            let Some((names, code)) = entry.split_once('=') else { continue };
            let (source, heads) = match strength(heads) {
                (Source::Weak, heads) => (Source::Weak, heads),
                (_, heads) => (Source::Site, heads),
            };
            for head in heads.split('|') {
                for site in names.split('|') {
                    let phrase = format!("{head} {site}");
                    dictionary.add(vocabulary, &phrase, code, source);
                }
            }
        }
    }
}

const MALIGNANT: [&str; 8] = [
    "cancer",
    "carcinoma",
    "adenocarcinoma",
    "malignant neoplasm",
    "malignant tumor",
    "squamous cell carcinoma",
    "primary tumor",
    "CA",
];
const SECONDARY: [&str; 4] =
    ["metastasis", "secondary malignant", "metastatic disease to", "metastatic lesion"];
const IN_SITU: [&str; 2] = ["carcinoma in situ", "in situ cancer"];
const BENIGN: [&str; 3] = ["adenoma", "benign tumor", "benign neoplasm"];
const UNCERTAIN: [&str; 1] = ["neoplasm uncertain behavior"];
const UNSPECIFIED: [&str; 2] = ["tumor", "neoplasm"];

fn fill_neoplasms(dictionary: &mut Dictionary, vocabulary: &mut Vocabulary) {
    let behaviours: [&[&str]; 6] =
        [&MALIGNANT, &SECONDARY, &IN_SITU, &BENIGN, &UNCERTAIN, &UNSPECIFIED];
    for (sites, codes) in lines(include_str!("lexicon/neoplasms.tsv")) {
        for (heads, code) in behaviours.iter().zip(codes.split('\t')) {
            if code.is_empty() {
                continue;
            }
            for head in *heads {
                for site in sites.split('|') {
                    let phrase = format!("{head} {site}");
                    dictionary.add(vocabulary, &phrase, code, Source::Site);
                }
            }
        }
    }
}

/// Titles and inclusion terms of one code.
fn fill_code(dictionary: &mut Dictionary, vocabulary: &mut Vocabulary, code: &NamedCode<'_>) {
    let external = code.code.starts_with(['V', 'W', 'X', 'Y', 'Z']);
    if external || code.code.len() > 6 {
        return;
    }
    if !code.title.starts_with("Other ") && !code.title.contains("specified elsewhere") {
        add_term(dictionary, vocabulary, code.title, code.code, Source::Title);
    }
    for term in &code.terms {
        add_term(dictionary, vocabulary, term, code.code, Source::Inclusion);
    }
}

fn add_term(
    dictionary: &mut Dictionary,
    vocabulary: &mut Vocabulary,
    term: &str,
    code: &str,
    source: Source,
) {
    let plain = plain_title(term);
    let kept: Vec<&str> = split_words(&plain)
        .iter()
        .enumerate()
        .filter(|(place, word)| {
            let folded = fold(word.text);
            (!is_filler(&folded)
                || is_letter_a(word.text, *place)
                || matches!(folded.as_str(), "and" | "or"))
                && !matches!(folded.as_str(), "unspecified" | "nos" | "nec" | "other" | "specified")
        })
        .map(|(_, word)| word.text)
        .collect();
    let meaning = kept
        .iter()
        .map(|word| fold(word))
        .filter(|word| !is_common(word) && !is_filler(word))
        .count();
    if meaning == 0 || plain.contains("ther specified") {
        return;
    }
    dictionary.add(vocabulary, &kept.join(" "), code, source);
}

/// Words that name a code only together with another word.
fn is_common(folded: &str) -> bool {
    matches!(
        folded,
        "disease"
            | "diseases"
            | "disorder"
            | "disorders"
            | "syndrome"
            | "syndromes"
            | "lesion"
            | "lesions"
            | "condition"
            | "conditions"
            | "acute"
            | "chronic"
            | "infection"
            | "infections"
            | "unilateral"
            | "bilateral"
            | "right"
            | "left"
            | "primary"
            | "secondary"
            | "complete"
            | "partial"
            | "mild"
            | "moderate"
            | "severe"
            | "drug"
            | "drugs"
            | "normal"
            | "abnormal"
            | "injury"
            | "treatment"
            | "study"
            | "birth"
            | "death"
            | "postoperative"
            | "congenital"
            | "acquired"
            | "localized"
            | "generalized"
            | "multiple"
            | "single"
            | "idiopathic"
            | "family"
            | "history"
            | "male"
            | "female"
            | "use"
            | "abuse"
            | "exposure"
            | "contact"
            | "hospital"
            | "home"
            | "age"
            | "pain"
            | "upper"
            | "lower"
            | "type"
            | "stage"
            | "grade"
            | "first"
            | "second"
            | "third"
            | "loss"
            | "mass"
            | "reaction"
            | "effects"
            | "effect"
            | "late"
            | "early"
            | "onset"
            | "delivery"
            | "pregnancy"
            | "labor"
            | "fetus"
            | "newborn"
            | "test"
            | "skin"
            | "hair"
            | "head"
            | "face"
            | "eye"
            | "general"
            | "simple"
            | "common"
            | "active"
            | "chest"
            | "retention"
            | "block"
            | "arm"
            | "leg"
            | "neck"
            | "back"
            | "hand"
            | "foot"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeset::embedded::icd10cm;

    fn assert_known(target: &str, line: &str) {
        for code in target.split('+').filter(|code| !code.is_empty() && *code != "-") {
            assert!(icd10cm().starting_with(code).next().is_some(), "{code} is no code: {line}");
        }
    }

    #[test]
    fn every_target_is_a_code_or_leads_to_one() {
        for (target, phrases) in CHAPTERS.into_iter().flat_map(lines) {
            assert_known(target, phrases);
        }
        for (heads, sites) in lines(include_str!("lexicon/sites.tsv")) {
            for entry in sites.split(';') {
                let (_, target) = entry.split_once('=').expect("site=code");
                assert_known(target, heads);
            }
        }
        for (sites, codes) in lines(include_str!("lexicon/neoplasms.tsv")) {
            assert_eq!(codes.split('\t').count(), 6, "{sites}");
            codes.split('\t').for_each(|code| assert_known(code, sites));
        }
    }
}
