//! Search over code sets, in memory: words in any order, prefixes, typing errors, abbreviations
//! and lay words, inclusion terms and imported index entries.
//!
//! ```text
//! text -> readings (rewrite) -> texts of each index (rank) -> the code below (leaf) -> hits
//! ```

mod characters;
mod families;
mod index;
mod leaf;
mod rank;
pub mod rewrite;
mod speller;
mod vocabulary;
pub mod walk;
mod words;

use jiff::civil::Date;
use serde::Serialize;

use crate::codeset::sets::EditionHandle;
use crate::codeset::{Code, CodeSets, Node, System};
use index::{Index, TextKind};
use rewrite::Reading;
use speller::Speller;
use vocabulary::Match;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// As typed.
    pub text: &'a str,
    /// One system, or diagnoses and procedures both.
    pub system: Option<System>,
    /// The discharge or service date: only codes that can be reported then are found.
    pub on: Date,
    /// How many hits at most.
    pub limit: usize,
    /// Whether categories and codes outside their dates are found too.
    pub include_not_reportable: bool,
}

/// Why a code was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The code itself was typed.
    Code,
    /// Words of its title.
    Title,
    /// An inclusion term or "includes" note.
    InclusionTerm,
    /// An entry of the imported alphabetic index.
    IndexEntry,
    /// An abbreviation or lay word was read as words of the classification.
    Abbreviation,
    /// A word was found after correcting its typing.
    TypoCorrected,
}

/// One code found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Without its dot.
    pub code: String,
    /// Its system.
    pub system: System,
    /// Its title.
    pub title: String,
    /// Whether it can be reported on the date asked about.
    pub reportable: bool,
    /// Why it was found.
    pub reason: Reason,
    /// The text that answered, where it is not the title; what was read for what.
    pub because: String,
    /// 1 for an exact answer; only the order counts.
    pub score: f32,
}

/// Indexes over all the editions that a [`CodeSets`] holds. Built once, shared by threads.
pub struct Search {
    sets: CodeSets,
    indexes: Vec<(EditionHandle, Index)>,
    speller: Speller,
}

/// How many texts are followed down to their codes for each hit asked for.
const TEXTS_PER_HIT: usize = 2;
/// What procedures lose when no system is named: the word "hip" alone asks for a diagnosis.
const PROCEDURE_LOSS: f32 = 0.06;
/// What a later meaning of an abbreviation loses.
const RANK_LOSS: f32 = 0.02;
/// What a code loses when, on the way down to it, a word speaks against the query.
const RIVAL_LOSS: f32 = 0.2;
/// A score that needs no further reading of the words as typed.
const SURE_SCORE: f32 = 0.93;

/// A code that may become a hit.
struct Candidate<'a> {
    node: Node<'a>,
    score: f32,
    /// The edition, the text that answered and how; `None` for a code or a whole title.
    source: Option<(&'a EditionHandle, &'a index::Text, Match, usize)>,
    reason: Reason,
}

impl Search {
    /// Builds the indexes. Takes some tenths of a second for the shipped sets.
    #[must_use]
    pub fn new(sets: &CodeSets) -> Self {
        let mut indexes = Vec::new();
        for system in System::ALL {
            for handle in sets.edition_handles(system) {
                let index = Index::new(&handle, sets.index_entries(system));
                indexes.push((handle, index));
            }
        }
        let speller = Speller::new(indexes.iter().map(|(_, index)| index));
        Self { sets: sets.clone(), indexes, speller }
    }

    /// The code sets that are searched.
    #[must_use]
    pub fn sets(&self) -> &CodeSets {
        &self.sets
    }

    /// The best codes for what was typed, the best first.
    #[must_use]
    pub fn search(&self, query: &Query<'_>) -> Vec<Hit> {
        let typed = words::raw_words(query.text);
        if typed.is_empty() || query.limit == 0 {
            return Vec::new();
        }
        let folded = typed.join(" ");
        let unfinished = !query.text.ends_with(' ');
        let readings = self.readings(&typed, unfinished);
        let mut found: Vec<Candidate<'_>> = Vec::new();
        for (edition, index) in self.indexes_for(query) {
            found.extend(index.titled(edition, &folded).map(|node| Candidate {
                node,
                score: 2.0,
                source: None,
                reason: Reason::Title,
            }));
            by_code(query, edition, &mut found);
            for (number, reading) in readings.iter().enumerate() {
                let best = found.iter().map(|found| found.score).fold(0.0, f32::max);
                if reading.is_fallback && best >= SURE_SCORE {
                    break;
                }
                if !is_said_in(index, reading) {
                    continue;
                }
                self.by_words(query, (edition, index), (number, reading), &mut found);
            }
        }
        self.hits(query, found, &readings)
    }

    /// The ways to read what was typed, after typing errors were put right.
    fn readings(&self, typed: &[String], unfinished: bool) -> Vec<Reading> {
        let mut corrected: Vec<(String, String)> = Vec::new();
        let mut words = typed.to_vec();
        for (at, word) in words.iter_mut().enumerate() {
            let last = at + 1 == typed.len();
            if let Some(meant) = self.speller.corrected(word, last && unfinished) {
                corrected.push((word.clone(), meant.to_owned()));
                meant.clone_into(word);
            }
        }
        let mut readings = rewrite::readings(&words, unfinished);
        for reading in &mut readings {
            reading.corrected.clone_from(&corrected);
        }
        if !corrected.is_empty() {
            readings.push(Reading::as_typed(typed, unfinished));
        }
        self.add_finished(&words, unfinished, &mut readings);
        readings
    }

    /// A last word that some rare word starts with may also be a finished word with an error.
    fn add_finished(&self, words: &[String], unfinished: bool, readings: &mut Vec<Reading>) {
        let Some((last, before)) = words.split_last().filter(|_| unfinished) else { return };
        let Some(meant) = self.speller.corrected(last, false) else { return };
        let mut finished = before.to_vec();
        finished.push(meant.to_owned());
        for mut reading in rewrite::readings(&finished, false) {
            reading.corrected.push((last.clone(), meant.to_owned()));
            reading.rank += 1;
            reading.is_fallback = true;
            readings.push(reading);
        }
    }

    /// The best candidates as hits: each code once, only what may be shown.
    fn hits(
        &self,
        query: &Query<'_>,
        mut found: Vec<Candidate<'_>>,
        readings: &[Reading],
    ) -> Vec<Hit> {
        found.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| a.node.code().cmp(b.node.code()))
        });
        let mut hits: Vec<Hit> = Vec::with_capacity(query.limit);
        for candidate in found {
            let (code, system) = (candidate.node.code(), candidate.node.system());
            if hits.iter().any(|hit| hit.code == code && hit.system == system) {
                continue;
            }
            let reportable = self.sets.is_valid(system, code, query.on);
            if !reportable && !query.include_not_reportable {
                continue;
            }
            let because = candidate.because(readings);
            hits.push(Hit {
                code: code.to_owned(),
                system,
                title: candidate.node.title().to_owned(),
                reportable,
                reason: candidate.reason,
                because,
                score: candidate.score,
            });
            if hits.len() == query.limit {
                break;
            }
        }
        hits
    }

    /// The edition that answers for the date, and those of deleted codes, of each system asked
    /// about.
    fn indexes_for<'a>(
        &'a self,
        query: &'a Query<'_>,
    ) -> impl Iterator<Item = (&'a EditionHandle, &'a Index)> {
        let wanted = move |system: &System| query.system.is_none_or(|asked| asked == *system);
        System::ALL.into_iter().filter(wanted).flat_map(|system| {
            let former = self.sets.former_editions(system);
            let editions = self.sets.edition_on(system, query.on).into_iter().chain(former);
            editions.filter_map(|edition| {
                let same = |held: &&(EditionHandle, Index)| std::ptr::eq(&*held.0, edition);
                self.indexes.iter().find(same).map(|(handle, index)| (handle, index))
            })
        })
    }

    fn by_words<'a>(
        &'a self,
        query: &Query<'_>,
        (edition, index): (&'a EditionHandle, &'a Index),
        (number, reading): (usize, &Reading),
        candidates: &mut Vec<Candidate<'a>>,
    ) {
        let beside = edition.system == System::Icd10Pcs && query.system.is_none();
        let bounds = if number == 0 && !beside {
            rank::Bounds {
                wanted: (query.limit * TEXTS_PER_HIT).max(8),
                texts_max: rank::TEXTS_MAX,
                pairs: true,
            }
        } else {
            rank::Bounds {
                wanted: query.limit.max(8),
                texts_max: rank::TEXTS_MAX / 3,
                pairs: !beside,
            }
        };
        rank::with_best(index, reading, bounds, |scoring, found| {
            for found in found.iter().filter(|found| found.score > 0.0) {
                let text = index.text(found.text);
                let node = edition.node(text.node);
                let (leaf, answered, rival) = leaf::leaf_of(scoring, node);
                let added = scoring.added(found.answered, answered);
                let mut score = found.score + added * 0.9 - RANK_LOSS * reading.rank as f32;
                if rival {
                    score -= RIVAL_LOSS;
                }
                if beside {
                    score -= PROCEDURE_LOSS;
                }
                let source = Some((edition, text, found.how, number));
                let reason = reason_of(text, found.how, reading);
                if query.include_not_reportable && node.id != leaf.id {
                    candidates.push(Candidate { node, score: score - 0.001, source, reason });
                }
                let node = self.valid_leaf(query, node, leaf);
                candidates.push(Candidate { node, score, source, reason });
            }
        });
    }

    /// The chosen leaf; where it cannot be reported on the date, the code above it that could
    /// then, or the first one beside it.
    fn valid_leaf<'a>(&self, query: &Query<'_>, node: Node<'a>, leaf: Node<'a>) -> Node<'a> {
        let valid = |leaf: &Node<'_>| self.sets.is_valid(leaf.system(), leaf.code(), query.on);
        if query.include_not_reportable || valid(&leaf) {
            return leaf;
        }
        let beside = || node.leaves().take(64).find(valid);
        leaf.ancestors().find(valid).or_else(beside).unwrap_or(leaf)
    }
}

/// Codes that start with what was typed, where it has the form of a code.
fn by_code<'a>(query: &Query<'_>, edition: &'a EditionHandle, candidates: &mut Vec<Candidate<'a>>) {
    let typed = query.text.trim();
    let numbered = typed.bytes().any(|byte| byte.is_ascii_digit());
    let Some(code) = Code::parse(typed).filter(|_| numbered) else { return };
    if code.as_str().len() < 2 {
        return;
    }
    for (place, node) in edition.starting_with(code.as_str()).take(query.limit * 8).enumerate() {
        let score = 3.0 - place as f32 * 0.001;
        candidates.push(Candidate { node, score, source: None, reason: Reason::Code });
    }
}

/// Whether the meanings that were put into a reading are words of the index: a replaced knee is a
/// status among diagnoses, and no words of it stand in the titles of procedures.
fn is_said_in(index: &Index, reading: &Reading) -> bool {
    let words = reading.replaced.iter().flat_map(|(_, meaning)| meaning.split(' '));
    words.filter(|word| !words::is_stop_word(word)).all(|word| index.knows(word))
}

fn reason_of(text: &index::Text, how: Match, reading: &Reading) -> Reason {
    if how == Match::Typo || !reading.corrected.is_empty() {
        return Reason::TypoCorrected;
    }
    if !reading.replaced.is_empty() {
        return Reason::Abbreviation;
    }
    match text.kind {
        TextKind::Title => Reason::Title,
        TextKind::Inclusion | TextKind::Includes => Reason::InclusionTerm,
        TextKind::Index => Reason::IndexEntry,
    }
}

impl Candidate<'_> {
    /// What was read for what, and whose terms answered.
    fn because(&self, readings: &[Reading]) -> String {
        let Some((edition, text, _, number)) = self.source else { return String::new() };
        let mut because = String::new();
        let Some(reading) = readings.get(number) else { return because };
        for (typed, meaning) in reading.corrected.iter().chain(&reading.replaced) {
            because.push_str(&format!("“{typed}” read as “{meaning}”. "));
        }
        if matches!(text.kind, TextKind::Inclusion | TextKind::Includes) {
            let node = edition.node(text.node);
            because.push_str(&format!("A term of {}. ", node.title()));
        }
        because.trim_end().to_owned()
    }
}
