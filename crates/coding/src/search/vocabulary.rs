//! The words of one index: found exactly, by prefix, by family and with typing errors.

use std::collections::HashMap;

use super::families::family_of;
use super::words::{american, singular, stem};

/// The number of a word in its vocabulary.
pub type Term = u16;

/// How a typed word met a word of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// The same word.
    Exact,
    /// A word of the same family, or another spelling.
    Family,
    /// A word that starts with what was typed.
    Prefix,
    /// A word one or two typing errors away.
    Typo,
}

/// Words of an index in sorted order, with the tables that find them.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: Vec<String>,
    /// (hash of a stem, term), sorted.
    families: Vec<(u32, Term)>,
    /// (hash of the word with letters left out, term), sorted.
    shortened: Vec<(u32, Term)>,
    /// Where in `shortened` the hashes with each upper half begin: a long word with an error is
    /// looked up some two hundred times, and a search through millions costs most of a query.
    shelves: Vec<u32>,
}

/// The bits of a hash that name its shelf.
const SHELF_BITS: u32 = 16;

/// How many words a prefix stands for at most.
const PREFIX_WORDS_MAX: usize = 24;
/// The shortest word in which one typing error is looked for.
const ONE_ERROR_MIN: usize = 4;
/// The shortest word in which two are.
const TWO_ERRORS_MIN: usize = 8;
/// The longest word that typing errors are looked for in.
const LETTERS_MAX: usize = 20;

impl Vocabulary {
    /// Builds the tables for words that are already sorted and distinct.
    #[must_use]
    pub fn new(words: Vec<String>) -> Self {
        let mut families = Vec::new();
        let mut shortened = Vec::new();
        for (term, word) in words.iter().enumerate() {
            let term = term as Term;
            families.extend(stem(word).map(|stem| (hash(stem.as_bytes()), term)));
            if is_corrected(word) {
                for_each_shortened(word.as_bytes(), |hash| shortened.push((hash, term)));
            }
        }
        families.sort_unstable();
        shortened.sort_unstable();
        shortened.dedup();
        shortened.shrink_to_fit();
        let shelves = shelves_of(&shortened);
        Self { words, families, shortened, shelves }
    }

    /// How many words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// The text of a term.
    #[must_use]
    pub fn word(&self, term: Term) -> &str {
        &self.words[usize::from(term)]
    }

    /// The term of exactly this word.
    #[must_use]
    pub fn exact(&self, word: &str) -> Option<Term> {
        self.words.binary_search_by(|known| known.as_str().cmp(word)).ok().map(|at| at as Term)
    }

    /// Every word, sorted.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether some word starts with this.
    #[must_use]
    pub fn is_prefix(&self, typed: &str) -> bool {
        let start = self.words.partition_point(|word| word.as_str() < typed);
        self.words.get(start).is_some_and(|word| word.starts_with(typed))
    }

    /// Adds every word that `typed` may mean, the exact one first. Prefixes are taken only for a
    /// word still being typed or one that nothing else answers; typing errors only where
    /// asked for, in a word that nothing else answers.
    pub fn matches(
        &self,
        typed: &str,
        unfinished: bool,
        with_errors: bool,
        found: &mut Vec<(Term, Match)>,
    ) {
        let exact = self.exact(typed);
        found.extend(exact.map(|term| (term, Match::Exact)));
        self.family(typed, found);
        if let Some(other) = american(typed) {
            found.extend(self.exact(&other).map(|term| (term, Match::Family)));
        }
        if exact.is_none() || unfinished {
            self.prefixed(typed, found);
        }
        if found.is_empty() && with_errors {
            self.corrected(typed, found);
        }
    }

    fn family(&self, typed: &str, found: &mut Vec<(Term, Match)>) {
        for relative in family_of(typed).iter().filter(|relative| **relative != typed) {
            let term = self.exact(relative).or_else(|| self.exact(singular(relative)));
            found.extend(term.map(|term| (term, Match::Family)));
        }
        let Some(wanted) = stem(typed) else { return };
        let key = hash(wanted.as_bytes());
        let start = self.families.partition_point(|(known, _)| *known < key);
        for (_, term) in self.families[start..].iter().take_while(|(known, _)| *known == key) {
            let known = found.iter().any(|(known, _)| known == term);
            if !known && stem(self.word(*term)) == Some(wanted) {
                found.push((*term, Match::Family));
            }
        }
    }

    fn prefixed(&self, typed: &str, found: &mut Vec<(Term, Match)>) {
        if typed.len() < 2 {
            return;
        }
        let start = self.words.partition_point(|word| word.as_str() < typed);
        let longer = self.words[start..].iter().take_while(|word| word.starts_with(typed));
        for (offset, _) in longer.enumerate().take(PREFIX_WORDS_MAX) {
            found.push(((start + offset) as Term, Match::Prefix));
        }
    }

    fn corrected(&self, typed: &str, found: &mut Vec<(Term, Match)>) {
        let mut near = Vec::new();
        self.near(typed, &mut near);
        let best = near.first().map_or(0, |(errors, _)| *errors);
        let kept = near.iter().take_while(|(errors, _)| *errors <= best.max(1)).take(8);
        found.extend(kept.map(|(_, term)| (*term, Match::Typo)));
    }

    /// The entries whose hash has the same upper half: some dozens.
    fn shelf(&self, key: u32) -> &[(u32, Term)] {
        let shelf = (key >> SHELF_BITS) as usize;
        match (self.shelves.get(shelf), self.shelves.get(shelf + 1)) {
            (Some(from), Some(to)) => &self.shortened[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// Adds every word within the allowed number of typing errors, the nearest first.
    pub fn near(&self, typed: &str, near: &mut Vec<(usize, Term)>) {
        if !is_corrected(typed) {
            return;
        }
        let typed = typed.as_bytes();
        let allowed = errors_allowed(typed.len());
        let mut candidates: Vec<Term> = Vec::new();
        for_each_shortened(typed, |key| {
            let same = self.shelf(key).iter().filter(|(known, _)| *known == key);
            candidates.extend(same.map(|(_, term)| *term));
        });
        candidates.sort_unstable();
        candidates.dedup();
        let measured = candidates
            .into_iter()
            .map(|term| (errors_between(typed, self.word(term).as_bytes()), term));
        near.extend(measured.filter(|(errors, _)| *errors <= allowed));
        near.sort_unstable();
    }
}

/// The first place of each shelf, and the end of the last.
fn shelves_of(shortened: &[(u32, Term)]) -> Vec<u32> {
    let mut shelves = Vec::with_capacity((1 << SHELF_BITS) + 1);
    let mut at = 0;
    for shelf in 0..=1_u64 << SHELF_BITS {
        while shortened.get(at).is_some_and(|(hash, _)| u64::from(hash >> SHELF_BITS) < shelf) {
            at += 1;
        }
        shelves.push(at as u32);
    }
    shelves
}

fn is_corrected(word: &str) -> bool {
    let letters = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    letters && (ONE_ERROR_MIN..=LETTERS_MAX).contains(&word.len())
}

fn errors_allowed(letters: usize) -> usize {
    if letters >= TWO_ERRORS_MIN { 2 } else { 1 }
}

/// FNV-1a, 32 bits: short keys, no attacker.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(16_777_619))
}

/// Calls `take` with the hash of the word and of the word with one letter, and for long words
/// two letters, left out. Two words within that many errors share one of these.
fn for_each_shortened(word: &[u8], mut take: impl FnMut(u32)) {
    take(hash(word));
    let mut buffer = [0_u8; LETTERS_MAX];
    let two = word.len() >= TWO_ERRORS_MIN - 1;
    for first in 0..word.len() {
        let mut length = 0;
        for (at, byte) in word.iter().enumerate() {
            if at != first {
                buffer[length] = *byte;
                length += 1;
            }
        }
        take(hash(&buffer[..length]));
        if !two {
            continue;
        }
        let mut shorter = [0_u8; LETTERS_MAX];
        for second in first..length {
            let mut kept = 0;
            for (at, byte) in buffer[..length].iter().enumerate() {
                if at != second {
                    shorter[kept] = *byte;
                    kept += 1;
                }
            }
            take(hash(&shorter[..kept]));
        }
    }
}

/// Letters to insert, leave out, change or swap with a neighbour (optimal string alignment).
fn errors_between(a: &[u8], b: &[u8]) -> usize {
    if a.len().abs_diff(b.len()) > 2 || a.len() > LETTERS_MAX || b.len() > LETTERS_MAX {
        return usize::MAX;
    }
    let mut rows = [[0_usize; LETTERS_MAX + 1]; 3];
    for (column, cell) in rows[1].iter_mut().enumerate() {
        *cell = column;
    }
    for row in 1..=a.len() {
        let (before, last, now) = ((row + 2) % 3, row % 3, (row + 1) % 3);
        rows[now][0] = row;
        for column in 1..=b.len() {
            let change = usize::from(a[row - 1] != b[column - 1]);
            let mut least = (rows[last][column] + 1)
                .min(rows[now][column - 1] + 1)
                .min(rows[last][column - 1] + change);
            let swapped =
                row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1];
            if swapped {
                least = least.min(rows[before][column - 2] + 1);
            }
            rows[now][column] = least;
        }
    }
    rows[(a.len() + 1) % 3][b.len()]
}

/// Counts the words of texts and gives them their numbers.
#[derive(Default)]
pub struct Counting {
    seen: HashMap<String, u32>,
}

impl Counting {
    /// The provisional number of a word.
    pub fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.seen.get(word) {
            return *number;
        }
        let number = self.seen.len() as u32;
        self.seen.insert(word.to_owned(), number);
        number
    }

    /// The vocabulary, and the term of each provisional number. Words beyond what a term can
    /// number are given the last term: an index of the shipped sets holds some 15,000.
    #[must_use]
    pub fn finish(self) -> (Vocabulary, Vec<Term>) {
        let mut words: Vec<(String, u32)> = self.seen.into_iter().collect();
        words.sort_unstable();
        words.truncate(usize::from(Term::MAX));
        let mut terms = vec![0; words.len()];
        for (term, (_, number)) in words.iter().enumerate() {
            if let Some(place) = terms.get_mut(*number as usize) {
                *place = term as Term;
            }
        }
        (Vocabulary::new(words.into_iter().map(|(word, _)| word).collect()), terms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vocabulary() -> Vocabulary {
        let mut words: Vec<String> =
            ["fracture", "fractured", "hypoxia", "hypoxic", "femur", "pneumonia", "heart", "left"]
                .iter()
                .map(|word| (*word).to_owned())
                .collect();
        words.sort();
        Vocabulary::new(words)
    }

    fn found(typed: &str, unfinished: bool) -> String {
        let vocabulary = vocabulary();
        let mut found = Vec::new();
        vocabulary.matches(typed, unfinished, true, &mut found);
        let shown: Vec<String> =
            found.iter().map(|(term, how)| format!("{}:{how:?}", vocabulary.word(*term))).collect();
        shown.join(" ")
    }

    #[test]
    fn words_are_met_in_four_ways() {
        assert_eq!(found("heart", false), "heart:Exact");
        assert_eq!(found("hypoxia", false), "hypoxia:Exact hypoxic:Family");
        assert_eq!(found("fem", true), "femur:Prefix");
        assert_eq!(found("haert", false), "heart:Typo");
        assert_eq!(found("pnuemnia", false), "pneumonia:Typo");
        assert_eq!(found("zzzz", false), "");
    }

    #[test]
    fn errors_are_counted() {
        for (a, b, errors) in [
            ("heart", "haert", 1),
            ("heart", "heart", 0),
            ("left", "lift", 1),
            ("abcd", "acbdx", 2),
        ] {
            assert_eq!(errors_between(a.as_bytes(), b.as_bytes()), errors, "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn one_error_in_a_word_is_corrected(at in 1_usize..8, letter in b'a'..=b'z') {
            let mut typed = b"fracture".to_vec();
            typed[at.min(7)] = letter;
            let typed = String::from_utf8(typed).unwrap();
            prop_assert!(found(&typed, false).contains("fracture:"));
        }

        #[test]
        fn nothing_typed_panics(typed in ".{0,40}") {
            let mut list = Vec::new();
            vocabulary().matches(&typed, true, true, &mut list);
        }
    }
}
