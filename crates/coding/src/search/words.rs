//! Words of titles and of what people type, brought to one form.

/// Words that carry no meaning of their own. `without`, `not` and `no` do.
const STOP_WORDS: &[&str] = &[
    "of", "the", "and", "or", "in", "with", "to", "for", "by", "at", "due", "on", "an", "from",
    "as", "is", "w", "patient", "pt", "has", "s", "p", "x",
];

/// A text in one form: lower case, accents folded, words parted by single spaces, possessive `'s`
/// dropped. Two titles with the same form are the same title.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in raw_words(text) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

/// The words as typed, in lower case and folded; possessive `'s` dropped.
pub fn raw_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\'' || letter == '\u{2019}' {
            let ends = letters.peek().is_some_and(|next| matches!(next, 's' | 'S'));
            if ends && !word.is_empty() {
                letters.next();
                if letters.peek().is_some_and(|next| next.is_alphanumeric()) {
                    word.push('s');
                    continue;
                }
            }
            continue;
        }
        if letter.is_alphanumeric() {
            fold_into(letter, &mut word);
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn fold_into(letter: char, word: &mut String) {
    let folded = match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'É' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        other => {
            word.extend(other.to_lowercase());
            return;
        }
    };
    word.push(folded);
}

/// Whether a word is left out of the index.
#[must_use]
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}

/// The word without a plural ending; the same for titles and queries, so that it need not be a
/// word of the language.
#[must_use]
pub fn singular(word: &str) -> &str {
    let kept = ["ss", "us", "is", "os"].iter().any(|ending| word.ends_with(ending));
    if word.len() > 3 && word.ends_with('s') && !kept { &word[..word.len() - 1] } else { word }
}

/// Endings that change the kind of a word and not its matter: hypoxia, hypoxic, hypoxemia.
const ENDINGS: &[&str] = &[
    "ations", "ation", "ative", "ating", "ated", "emia", "emic", "ions", "ion", "ives", "ive",
    "ious", "ical", "ally", "osis", "otic", "ing", "ied", "ous", "ial", "ual", "ary", "ity", "ism",
    "ist", "ies", "ate", "ed", "es", "ic", "ia", "al", "ar", "um", "us", "is", "y", "e", "a", "s",
];

/// The shortest stem that still tells words apart.
const STEM_MIN: usize = 5;

/// The stem that words of one family share, where the word is long enough to have one.
#[must_use]
pub fn stem(word: &str) -> Option<&str> {
    if !word.is_ascii() || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut stem = word;
    for ending in ENDINGS {
        if let Some(rest) = stem.strip_suffix(ending).filter(|rest| rest.len() >= STEM_MIN) {
            stem = rest;
            break;
        }
    }
    (stem.len() >= STEM_MIN).then_some(stem)
}

/// The American spelling of a British word: anaemia, oedema, tumour, haemorrhage.
#[must_use]
pub fn american(word: &str) -> Option<String> {
    let plain = word.replace("ae", "e").replace("oe", "e").replace("our", "or");
    let plain = plain.replace("isation", "ization").replace("lyse", "lyze");
    (plain != word).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_brought_to_one_form() {
        let table = [
            ("Ménière's disease, left ear", "meniere disease left ear"),
            ("Legg-Calvé-Perthes", "legg calve perthes"),
            ("Alzheimer\u{2019}s  (early onset)", "alzheimer early onset"),
            ("", ""),
            ("COVID-19", "covid 19"),
        ];
        for (text, expected) in table {
            assert_eq!(folded(text), expected);
        }
    }

    #[test]
    fn families_share_a_stem() {
        for family in [
            &["hypoxia", "hypoxic", "hypoxemia"][..],
            &["obstruction", "obstructive", "obstructed"],
            &["infection", "infected", "infectious", "infective"],
            &["diabetic", "diabete"],
        ] {
            let stems: Vec<_> = family.iter().map(|word| stem(word)).collect();
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{family:?} {stems:?}");
        }
        assert_eq!(stem("hip"), None);
        assert_eq!(singular("stones"), "stone");
        assert_eq!(singular("sepsis"), "sepsis");
        assert_eq!(american("oedema").as_deref(), Some("edema"));
    }
}
