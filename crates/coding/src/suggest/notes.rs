//! The shape of a note: sections by their headings, sentences inside them.

use super::words::{Gap, Word, fold};

/// What a part of a note speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Assessment, impression, final or discharge diagnoses.
    Diagnosis,
    /// History of present illness, hospital course, findings, and text without a heading.
    Narrative,
    /// Past medical, surgical and personal history.
    PastHistory,
    /// What relatives have or had.
    FamilyHistory,
    /// Orders, follow-up, instructions: what may come, not what is.
    Instructions,
}

/// Words of one sentence, as a range of the note's words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sentence {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) section: Section,
}

const HEADINGS: [(&str, Section); 46] = [
    ("assessment", Section::Diagnosis),
    ("impression", Section::Diagnosis),
    ("assessment and plan", Section::Diagnosis),
    ("assessment plan", Section::Diagnosis),
    ("a p", Section::Diagnosis),
    ("diagnosis", Section::Diagnosis),
    ("diagnoses", Section::Diagnosis),
    ("final diagnosis", Section::Diagnosis),
    ("final diagnoses", Section::Diagnosis),
    ("discharge diagnosis", Section::Diagnosis),
    ("discharge diagnoses", Section::Diagnosis),
    ("principal diagnosis", Section::Diagnosis),
    ("secondary diagnoses", Section::Diagnosis),
    ("admission diagnosis", Section::Diagnosis),
    ("admitting diagnosis", Section::Diagnosis),
    ("postoperative diagnosis", Section::Diagnosis),
    ("problem list", Section::Diagnosis),
    ("active problems", Section::Diagnosis),
    ("chief complaint", Section::Narrative),
    ("reason for visit", Section::Narrative),
    ("history of present illness", Section::Narrative),
    ("present illness", Section::Narrative),
    ("hpi", Section::Narrative),
    ("current condition", Section::Narrative),
    ("hospital course", Section::Narrative),
    ("review of systems", Section::Narrative),
    ("physical exam", Section::Narrative),
    ("physical examination", Section::Narrative),
    ("vitals", Section::Narrative),
    ("medications", Section::Narrative),
    ("allergies", Section::Narrative),
    ("social history", Section::Narrative),
    ("results", Section::Narrative),
    ("past medical history", Section::PastHistory),
    ("past surgical history", Section::PastHistory),
    ("medical history", Section::PastHistory),
    ("past history", Section::PastHistory),
    ("pmh", Section::PastHistory),
    ("psh", Section::PastHistory),
    ("family history", Section::FamilyHistory),
    ("family medical history", Section::FamilyHistory),
    ("fh", Section::FamilyHistory),
    ("plan", Section::Instructions),
    ("discharge instructions", Section::Instructions),
    ("patient instructions", Section::Instructions),
    ("follow up", Section::Instructions),
];

const HEADING_WORDS_MAX: usize = 5;
const SENTENCE_WORDS_MAX: usize = 80;

/// Cuts a note into sentences, each with the section it stands in. The words of a heading are in
/// none: "Allergies" above "none known" says nothing of the patient.
pub(super) fn split_sentences(text: &str, words: &[Word<'_>]) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut section = Section::Narrative;
    let mut inline = false;
    let mut first = 0;
    for index in 0..words.len() {
        if index < first {
            continue;
        }
        let start_of_line = index == 0 || {
            let between = &text[words[index - 1].byte_end..words[index].byte_start];
            between.contains('\n')
        };
        let cut = index > first && ends_sentence(text, &words[index - 1], &words[index]);
        if cut || index - first >= SENTENCE_WORDS_MAX {
            sentences.push(Sentence { first, end: index, section });
            first = index;
        }
        if start_of_line || first == index {
            if start_of_line && inline {
                section = Section::Narrative;
                inline = false;
            }
            if let Some((found, length)) = heading(text, words, index) {
                if first < index {
                    sentences.push(Sentence { first, end: index, section });
                }
                section = found;
                inline = !text[words[index + length - 1].byte_end..]
                    .trim_start_matches([':', ' ', '\t', '\r'])
                    .starts_with('\n');
                first = index + length;
            }
        }
    }
    if first < words.len() {
        sentences.push(Sentence { first, end: words.len(), section });
    }
    sentences
}

/// A known heading at a word: its section and its length in words.
fn heading(text: &str, words: &[Word<'_>], index: usize) -> Option<(Section, usize)> {
    let mut written = String::new();
    for length in 1..=HEADING_WORDS_MAX.min(words.len() - index) {
        let word = &words[index + length - 1];
        if length > 1 {
            if word.before == Gap::Clause {
                return None;
            }
            written.push(' ');
        }
        written.push_str(&fold(word.text));
        let after = text[word.byte_end..].trim_start_matches([' ', '\t', '*', '\r']);
        if !(after.starts_with(':') || after.starts_with('\n')) {
            continue;
        }
        if let Some((_, section)) = HEADINGS.iter().find(|(name, _)| *name == written) {
            return Some((*section, length));
        }
    }
    None
}

/// Whether a sentence ends between two words that follow each other.
fn ends_sentence(text: &str, left: &Word<'_>, right: &Word<'_>) -> bool {
    let between = &text[left.byte_end..right.byte_start];
    if between.contains('\n') {
        let starts_new = right.text.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
        let marks = between.contains(['-', '*', '•', '·', '#', '.', ':', ';', '!', '?']);
        if starts_new || marks || between.matches('\n').count() > 1 {
            return true;
        }
    }
    if between.contains(['!', '?']) && !between.starts_with(" ?") && !between.starts_with(" (?") {
        return right.text.starts_with(char::is_uppercase);
    }
    let Some(stop) = between.find('.') else { return false };
    if stop > 0 || between.len() < 2 {
        // A dot without a blank: a decimal, an initialism, a file name.
        return stop > 0 && between.len() > 1;
    }
    let abbreviation = matches!(
        fold(left.text).as_str(),
        "dr" | "mr" | "mrs" | "ms" | "vs" | "eg" | "e" | "i" | "approx" | "pt" | "hx" | "no" | "st"
    );
    let number =
        left.text.chars().all(char::is_numeric) && right.text.starts_with(char::is_numeric);
    !(abbreviation || number || right.text.starts_with(char::is_lowercase))
}

#[cfg(test)]
mod tests {
    use super::super::words::split_words;
    use super::*;

    #[test]
    fn sections_and_sentences() {
        let text = "A man of 40.5 years. Had fever,\nand cough.\n\
                    Family history: mother had asthma.\n\
                    He was treated.\nPLAN:\nReturn if fever.\n";
        let words = split_words(text);
        let seen: Vec<_> = split_sentences(text, &words)
            .iter()
            .map(|s| (s.section, words[s.first].text, s.end - s.first))
            .collect();
        assert_eq!(
            seen,
            [
                (Section::Narrative, "A", 6),
                (Section::Narrative, "Had", 4),
                (Section::FamilyHistory, "mother", 3),
                (Section::Narrative, "He", 3),
                (Section::Instructions, "Return", 3),
            ]
        );
    }
}
