//! Every place where a phrase stands: in any case, whatever blanks and line breaks are between
//! its words.

/// Places of a phrase in a text, in characters, as whole words. A phrase without a letter or a
/// digit is nowhere.
pub fn find_phrase(text: &str, phrase: &str) -> Vec<(usize, usize)> {
    if !phrase.chars().any(char::is_alphanumeric) {
        return Vec::new();
    }
    let words: Vec<String> = phrase.split_whitespace().map(regex::escape).collect();
    let pattern = regex::RegexBuilder::new(&words.join(r"\s+")).case_insensitive(true).build();
    let Ok(pattern) = pattern else { return Vec::new() };
    let mut places = Vec::new();
    let (mut bytes, mut characters) = (0, 0);
    for found in pattern.find_iter(text) {
        let inside = found.as_str();
        let before = text[..found.start()].chars().next_back();
        let after = text[found.end()..].chars().next();
        if joins(before, inside.chars().next()) || joins(inside.chars().next_back(), after) {
            continue;
        }
        characters += text[bytes..found.start()].chars().count();
        let end = characters + inside.chars().count();
        places.push((characters, end));
        (bytes, characters) = (found.end(), end);
    }
    places
}

fn joins(a: Option<char>, b: Option<char>) -> bool {
    a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn phrases_are_found_as_whole_words() {
        type Row = (&'static str, &'static str, &'static [(usize, usize)]);
        let table: [Row; 7] = [
            ("Jane Roe and JANE\n roe", "jane roe", &[(0, 8), (13, 22)]),
            ("Janet Roemer", "Jane", &[]),
            ("é Müller, Müller-Lüdenscheid", "müller", &[(2, 8), (10, 16)]),
            ("a (b) c", "(b)", &[(2, 5)]),
            ("anything", "  ", &[]),
            ("anything", "--", &[]),
            ("1 2 1", "1", &[(0, 1), (4, 5)]),
        ];
        for (text, phrase, expected) in table {
            assert_eq!(find_phrase(text, phrase), expected, "{text} {phrase}");
        }
    }

    proptest! {
        /// A word that stands alone in a text is always found, where it stands.
        #[test]
        fn what_stands_there_is_found(before in "[a-zé .]{0,30}", word in "[a-z]{3,9}") {
            let text = format!("{before} {word} end");
            let start = before.chars().count() + 1;
            let places = find_phrase(&text, &word.to_uppercase());
            prop_assert!(places.contains(&(start, start + word.len())));
        }
    }
}
