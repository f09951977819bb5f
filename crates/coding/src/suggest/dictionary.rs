//! Phrases that name a code, and where a sentence holds them, in any order and with small gaps.

use std::collections::HashMap;

use super::vocabulary::{Vocabulary, WordId};
use super::words::{fold, is_filler, normal, split_words};

/// Where a phrase comes from, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// Our lexicon, marked there as standing only beside a diagnosis.
    Companion,
    /// An inclusion term of the tabular list.
    Inclusion,
    /// A title of the tabular list.
    Title,
    /// A head and a site of our lexicon, put together.
    Site,
    /// Our lexicon, marked there as weak: a word that often means something else.
    Weak,
    /// Our lexicon.
    Lexicon,
}

/// A phrase: its words, rarest first, and the codes it leads to.
#[derive(Debug)]
pub(super) struct Phrase {
    pub(super) words: Vec<WordId>,
    /// Code or prefix without dot; empty where the phrase only keeps its words from other phrases.
    pub(super) target: String,
    pub(super) source: Source,
    /// The phrase itself joins its words by "and" or "or".
    joined: bool,
}

/// A phrase found in a sentence.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    /// Index of the phrase.
    pub(super) phrase: usize,
    /// Places of its words in the sentence, in order.
    pub(super) places: Vec<usize>,
    /// Words between its words that belong to no phrase word and carry meaning.
    pub(super) strangers: usize,
}

/// A word of a sentence as the dictionary sees it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// The word in its normal form, when a phrase or a title uses it.
    pub(super) id: Option<WordId>,
    /// The same word as an abbreviation in capitals.
    pub(super) capital: Option<WordId>,
    /// Carries no meaning between the words of a phrase.
    pub(super) filler: bool,
    /// Says which or how: any phrase may hold it.
    pub(super) modifier: bool,
    /// No phrase reaches across the place before this word.
    pub(super) wall: bool,
    /// A conjunction or a comma: what follows may share a word with what precedes.
    pub(super) joins: bool,
}

/// All phrases, found by their rarest word.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    phrases: Vec<Phrase>,
    by_anchor: Vec<Vec<usize>>,
    seen: HashMap<Vec<WordId>, usize>,
}

const REACH_WORDS: usize = 9;
const PHRASE_WORDS_MAX: usize = 7;

impl Dictionary {
    /// Adds a phrase; of phrases with the same words the one of the stronger source stays, and
    /// of equal sources the first.
    pub(super) fn add(
        &mut self,
        vocabulary: &mut Vocabulary,
        text: &str,
        target: &str,
        source: Source,
    ) {
        let mut words =
            phrase_words(text, vocabulary, source >= Source::Site || source == Source::Companion);
        if words.is_empty() || words.len() > PHRASE_WORDS_MAX {
            return;
        }
        words.sort_unstable();
        words.dedup();
        if let Some(&index) = self.seen.get(&words) {
            if self.phrases[index].source < source {
                self.phrases[index].source = source;
                self.phrases[index].target = target.to_owned();
            }
            return;
        }
        self.seen.insert(words.clone(), self.phrases.len());
        let joined = text.contains(" and ") || text.contains(" or ");
        self.phrases.push(Phrase { words, target: target.to_owned(), source, joined });
    }

    /// Orders the words of every phrase by rarity and builds the index.
    pub(super) fn finish(&mut self, vocabulary: &Vocabulary) {
        let mut uses = vec![0usize; vocabulary.len()];
        for phrase in &self.phrases {
            for word in &phrase.words {
                uses[*word as usize] += 1;
            }
        }
        self.by_anchor = vec![Vec::new(); vocabulary.len()];
        for (index, phrase) in self.phrases.iter_mut().enumerate() {
            phrase.words.sort_by_key(|word| uses[*word as usize]);
            self.by_anchor[phrase.words[0] as usize].push(index);
        }
        self.seen = HashMap::new();
    }

    pub(super) fn phrase(&self, index: usize) -> &Phrase {
        &self.phrases[index]
    }

    /// Every phrase in a sentence, without those whose words another phrase covers.
    pub(super) fn find(&self, seen: &[Seen], stamps: &mut Stamps) -> Vec<Hit> {
        stamps.start(self.by_anchor.len());
        for word in seen {
            for id in [word.id, word.capital].into_iter().flatten() {
                stamps.mark(id);
            }
        }
        let mut hits = Vec::new();
        for (place, word) in seen.iter().enumerate() {
            for id in [word.id, word.capital].into_iter().flatten() {
                let Some(candidates) = self.by_anchor.get(id as usize) else { continue };
                for &phrase in candidates {
                    let known = &self.phrases[phrase];
                    if known.words[1..].iter().all(|word| stamps.has(*word))
                        && let Some(hit) = fit(phrase, known, place, seen)
                    {
                        hits.push(hit);
                    }
                }
            }
        }
        self.choose(hits, seen)
    }

    /// Keeps longer, stronger, tighter hits; drops hits inside them and doubtful crossings.
    fn choose(&self, mut hits: Vec<Hit>, seen: &[Seen]) -> Vec<Hit> {
        hits.sort_by_key(|hit| {
            (
                std::cmp::Reverse(hit.places.len()),
                hit.strangers,
                std::cmp::Reverse(self.phrases[hit.phrase].source),
                hit.places[hit.places.len() - 1] - hit.places[0],
                hit.places[0],
            )
        });
        let mut kept: Vec<Hit> = Vec::new();
        for hit in hits {
            // A side or a degree alone does not make it another finding.
            let inside = kept.iter().any(|other| {
                hit.places.iter().all(|place| seen[*place].modifier || other.places.contains(place))
            });
            if inside {
                continue;
            }
            let crosses = kept
                .iter()
                .any(|other| hit.places.iter().any(|place| other.places.contains(place)));
            let span = hit.places[0] + 1..=hit.places[hit.places.len() - 1];
            let joined = seen[span].iter().any(|word| word.joins);
            if crosses && hit.strangers > 0 && !joined {
                continue;
            }
            kept.push(hit);
        }
        kept
    }
}

/// Which words a sentence holds: a stamp per word that is never cleared.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    stamps: Vec<u32>,
    now: u32,
}

impl Stamps {
    fn start(&mut self, words: usize) {
        if self.stamps.len() < words {
            self.stamps.resize(words, 0);
        }
        self.now += 1;
    }

    fn mark(&mut self, word: WordId) {
        if let Some(stamp) = self.stamps.get_mut(word as usize) {
            *stamp = self.now;
        }
    }

    fn has(&self, word: WordId) -> bool {
        self.stamps.get(word as usize) == Some(&self.now)
    }
}

/// Places a phrase around its rarest word, nearest words first, if it fits there.
fn fit(phrase: usize, known: &Phrase, anchor: usize, seen: &[Seen]) -> Option<Hit> {
    let words = &known.words;
    let mut places = vec![anchor];
    for word in &words[1..] {
        let holds = |place: usize| {
            let at = &seen[place];
            (at.id == Some(*word) || at.capital == Some(*word)) && !places.contains(&place)
        };
        let place = (1..=REACH_WORDS).find_map(|distance| {
            if let Some(before) = anchor.checked_sub(distance)
                && holds(before)
            {
                return Some(before);
            }
            let after = anchor + distance;
            (after < seen.len() && holds(after)).then_some(after)
        })?;
        places.push(place);
    }
    places.sort_unstable();
    let mut strangers = 0;
    for pair in places.windows(2) {
        let mut between = 0;
        let mut joins = false;
        for place in &seen[pair[0] + 1..=pair[1]] {
            if place.wall {
                return None;
            }
            joins |= place.joins;
        }
        for place in &seen[pair[0] + 1..pair[1]] {
            between += usize::from(!place.filler && !place.modifier);
        }
        // "Blood and urine" is not blood in the urine.
        if joins && between == 0 && !known.joined {
            return None;
        }
        strangers += between;
    }
    let most = match known.source {
        Source::Weak | Source::Site | Source::Companion => 0,
        _ => (words.len() - 1).min(2),
    };
    (strangers <= most).then_some(Hit { phrase, places, strangers })
}

/// Words of a phrase that carry meaning. In the lexicon, words in capitals match capitals only.
fn phrase_words(text: &str, vocabulary: &mut Vocabulary, capitals: bool) -> Vec<WordId> {
    split_words(text)
        .iter()
        .enumerate()
        .filter_map(|(place, word)| {
            let folded = fold(word.text);
            if capitals && is_capital(word.text) {
                return Some(vocabulary.add(word.text));
            }
            (!is_filler(&folded) || is_letter_a(word.text, place))
                .then(|| vocabulary.add(&normal(word.text)))
        })
        .collect()
}

/// Whether a word is the letter A of "hepatitis A" and not the article.
pub(super) fn is_letter_a(text: &str, place: usize) -> bool {
    text == "A" && place > 0
}

/// Whether a word is written as an abbreviation: two capitals or more, no small letter.
pub(super) fn is_capital(text: &str) -> bool {
    text.len() > 1
        && text.bytes().filter(u8::is_ascii_uppercase).count() > 1
        && !text.contains(char::is_lowercase)
}
