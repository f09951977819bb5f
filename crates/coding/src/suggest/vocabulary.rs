//! Words as numbers, so that matching compares integers.

use std::collections::HashMap;

/// A word's number.
pub(super) type WordId = u32;

/// All words that a phrase or a title uses, in their normal form.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    numbers: HashMap<String, WordId>,
}

impl Vocabulary {
    /// The number of a word, given one if it had none.
    pub(super) fn add(&mut self, word: &str) -> WordId {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = WordId::try_from(self.numbers.len()).unwrap_or(WordId::MAX);
        self.numbers.insert(word.to_owned(), number);
        number
    }

    /// The number of a word that a phrase uses.
    pub(super) fn get(&self, word: &str) -> Option<WordId> {
        self.numbers.get(word).copied()
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}
