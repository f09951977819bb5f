//! Typing errors put right before anything else is read: "heart atrack" is a heart attack.

use std::collections::HashMap;

use super::index::Index;
use super::rewrite;
use super::vocabulary::Vocabulary;
use super::words::{american, singular};

/// All the words that a query may hold: those of the indexes and those of the lay table.
pub struct Speller {
    vocabulary: Vocabulary,
    /// How rare each word is; lay words count as common.
    rarity: Vec<f32>,
}

impl Speller {
    /// Takes the words of the indexes.
    #[must_use]
    pub fn new<'a>(indexes: impl Iterator<Item = &'a Index>) -> Self {
        let mut known: HashMap<String, f32> = HashMap::new();
        for index in indexes {
            for (word, weight) in index.vocabulary.words().iter().zip(&index.weights) {
                let rarity = known.entry(word.clone()).or_insert(f32::MAX);
                *rarity = rarity.min(*weight);
            }
        }
        for word in rewrite::typed_words() {
            let rarity = known.entry(word.to_owned()).or_insert(f32::MAX);
            *rarity = rarity.min(5.0);
        }
        let mut words: Vec<(String, f32)> = known.into_iter().collect();
        words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        words.truncate(usize::from(u16::MAX));
        let rarity = words.iter().map(|(_, rarity)| *rarity).collect();
        let words = words.into_iter().map(|(word, _)| word).collect();
        Self { vocabulary: Vocabulary::new(words), rarity }
    }

    /// The word that was meant, where the typed one is no word: the nearest, then the one with
    /// the same first letter, then the commonest. The word being typed is left alone while some
    /// word starts with it.
    #[must_use]
    pub fn corrected(&self, typed: &str, unfinished: bool) -> Option<&str> {
        let known = |word: &str| self.vocabulary.exact(word).is_some();
        if known(typed)
            || known(singular(typed))
            || american(typed).is_some_and(|word| known(&word))
            || (unfinished && self.vocabulary.is_prefix(typed))
        {
            return None;
        }
        let mut near = Vec::new();
        self.vocabulary.near(typed, &mut near);
        let first = typed.as_bytes().first();
        let rank = |(errors, term): &(usize, u16)| {
            let word = self.vocabulary.word(*term);
            (*errors, word.as_bytes().first() != first, self.rarity[usize::from(*term)])
        };
        near.iter()
            .map(|found| (rank(found), found.1))
            .min_by(|(a, _), (b, _)| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)))
            .map(|(_, term)| self.vocabulary.word(term))
    }
}
