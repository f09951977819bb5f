//! Abbreviations and lay words, read as the words of the classification.

use std::collections::HashMap;
use std::sync::OnceLock;

/// The curated table: what people write, and what it stands for.
const TABLE: &str = include_str!("lay_terms.tsv");

/// The most words that one entry of the table has.
const KEY_WORDS_MAX: usize = 5;

/// The most readings of one query, besides the words as typed.
const READINGS_MAX: usize = 3;

/// One way to read a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The words, in lower case.
    pub words: Vec<String>,
    /// What was replaced: (as typed, as read).
    pub replaced: Vec<(String, String)>,
    /// Typing errors put right: (as typed, as read).
    pub corrected: Vec<(String, String)>,
    /// Whether it is looked at only when the other readings find nothing good.
    pub is_fallback: bool,
    /// 0 for the likeliest meaning, more for later alternatives.
    pub rank: usize,
    /// Whether the last word may still be being typed.
    pub unfinished: bool,
}

fn table() -> &'static HashMap<&'static str, Vec<&'static str>> {
    static READ: OnceLock<HashMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    READ.get_or_init(|| {
        TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('\t'))
            .map(|(key, meanings)| (key, meanings.split('|').collect()))
            .collect()
    })
}

/// The meanings of an abbreviation or lay word, the likeliest first.
#[must_use]
pub fn meanings(typed: &str) -> &'static [&'static str] {
    table().get(typed).map_or(&[], Vec::as_slice)
}

/// Every word that an entry of the table is typed with.
pub fn typed_words() -> impl Iterator<Item = &'static str> {
    table().keys().flat_map(|key| key.split(' '))
}

/// "bmi 42" as the range that the classification names (Z68).
fn body_mass_index(words: &[String]) -> Option<(usize, String)> {
    let named = words.first().is_some_and(|word| word == "bmi");
    let index: u16 = words.get(1).filter(|_| named)?.parse().ok()?;
    let range = match index {
        ..20 => "19 9 or less".to_owned(),
        20..40 => format!("{index} 0 {index} 9"),
        40..45 => "40 0 44 9".to_owned(),
        45..50 => "45 0 49 9".to_owned(),
        50..60 => "50 0 59 9".to_owned(),
        60..70 => "60 0 69 9".to_owned(),
        _ => "70 or greater".to_owned(),
    };
    let decimals = words.get(2).filter(|word| word.parse::<u16>().is_ok());
    let taken = if decimals.is_some() { 3 } else { 2 };
    Some((taken, format!("body mass index bmi {range} adult")))
}

/// Every way to read the typed words: with the table applied first, as typed last.
#[must_use]
pub fn readings(words: &[String], unfinished: bool) -> Vec<Reading> {
    let mut readings = vec![Reading::empty()];
    let mut at = 0;
    while at < words.len() {
        if let Some((taken, meaning)) = body_mass_index(&words[at..]) {
            readings = branch(&readings, &words[at..at + taken].join(" "), &[&meaning]);
            at += taken;
            continue;
        }
        let (taken, found) = longest(&words[at..]);
        if taken == 0 {
            for reading in &mut readings {
                reading.words.push(words[at].clone());
                reading.unfinished = unfinished && at + 1 == words.len();
            }
            at += 1;
            continue;
        }
        let typed = words[at..at + taken].join(" ");
        let is_qualified = words.get(at + taken).is_some_and(|word| word == "with" || word == "w");
        match is_qualified {
            true => {
                let bare: Vec<&str> =
                    found.iter().map(|meaning| without_default(meaning)).collect();
                readings = branch(&readings, &typed, &bare);
            }
            false => readings = branch(&readings, &typed, found),
        }
        at += taken;
    }
    if readings.iter().any(|reading| !reading.replaced.is_empty()) {
        readings.push(Reading { words: words.to_vec(), rank: 1, unfinished, ..Reading::empty() });
    }
    readings
}

/// A meaning without the default that it ends in: "gallstones with acute cholecystitis" are not
/// those "without cholecystitis".
fn without_default(meaning: &str) -> &str {
    let ends = [" without ", " with "].iter().filter_map(|word| meaning.find(word));
    let bare = &meaning[..ends.min().unwrap_or(meaning.len())];
    bare.trim_end_matches(" uncomplicated").trim_end_matches(" unspecified")
}

/// The longest entry that starts here: how many words it takes, and its meanings.
fn longest(words: &[String]) -> (usize, &'static [&'static str]) {
    for count in (1..=words.len().min(KEY_WORDS_MAX)).rev() {
        let found = meanings(&words[..count].join(" "));
        if !found.is_empty() {
            return (count, found);
        }
    }
    (0, &[])
}

fn branch(readings: &[Reading], typed: &str, meanings: &[&str]) -> Vec<Reading> {
    let mut branched = Vec::new();
    for (rank, meaning) in meanings.iter().enumerate() {
        for reading in readings {
            let mut next = reading.clone();
            next.words.extend(meaning.split(' ').map(str::to_owned));
            if *meaning != typed {
                next.replaced.push((typed.to_owned(), (*meaning).to_owned()));
            }
            next.rank += rank;
            next.unfinished = false;
            branched.push(next);
        }
    }
    branched.truncate(READINGS_MAX);
    branched
}

impl Reading {
    fn empty() -> Self {
        Self {
            words: Vec::new(),
            replaced: Vec::new(),
            corrected: Vec::new(),
            is_fallback: false,
            rank: 0,
            unfinished: false,
        }
    }

    /// The words just as typed, looked at when nothing better is found.
    #[must_use]
    pub fn as_typed(words: &[String], unfinished: bool) -> Self {
        let words = words.to_vec();
        Self { words, rank: 1, unfinished, is_fallback: true, ..Self::empty() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        readings(&words, true).iter().map(|reading| reading.words.join(" ")).collect()
    }

    #[test]
    fn table_is_well_formed() {
        let mut keys = std::collections::HashSet::new();
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let (key, meanings) = line.split_once('\t').expect(line);
            assert!(keys.insert(key), "{key} stands twice");
            assert!(key.split(' ').count() <= KEY_WORDS_MAX, "{key}");
            let plain = |text: &str| {
                text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b' ')
            };
            assert!(plain(key), "{key}");
            assert!(meanings.split('|').all(|meaning| plain(meaning) && !meaning.is_empty()));
        }
        assert!(keys.len() > 500);
    }

    #[test]
    fn longest_entry_is_read_first() {
        assert_eq!(read("heart attack left")[0], "acute myocardial infarction unspecified left");
        assert_eq!(read("ra").len(), 3);
        assert_eq!(read("cholera"), ["cholera"]);
        assert_eq!(read("gallstones with pain")[0], "calculus gallbladder with pain");
    }
}
