//! Names brought to one form: case, diacritics, hyphens, suffixes, titles, and how they sound.

use rphonetic::{DoubleMetaphone, Encoder, Nysiis};

/// Letters with marks and their plain form. What is not here stays as it is.
const PLAIN: &[(&str, &str)] = &[
    ("àáâãäåāăąǎ", "a"),
    ("æ", "ae"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęěẽ", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįıǐ", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŉ", "n"),
    ("òóôõöøōŏőǒ", "o"),
    ("œ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ß", "ss"),
    ("ţťŧț", "t"),
    ("þ", "th"),
    ("ùúûüũūŭůűųǔ", "u"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
];

/// Courtesy and professional titles that are no part of a name.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "fr", "hon", "sir", "md", "phd", "rn",
    "do", "dds", "esq",
];

/// Words that registration writes where no name is known.
const PLACEHOLDERS: &[&str] = &[
    "unknown",
    "unk",
    "unkown",
    "unnamed",
    "anonymous",
    "anon",
    "none",
    "na",
    "nofirstname",
    "nolastname",
    "noname",
    "nomiddlename",
    "null",
    "nil",
    "test",
    "patient",
    "xxx",
    "baby",
    "babyboy",
    "babygirl",
    "boy",
    "girl",
    "newborn",
    "infant",
    "twin",
    "twina",
    "twinb",
    "bb",
    "bg",
    "notgiven",
    "refused",
    "deceased",
    "trauma",
    "unidentified",
    "notknown",
    "nfn",
    "nln",
    "testing",
    "testpatient",
    "fetus",
    "stillborn",
    "triplet",
    "babyboygirl",
    "male",
    "female",
];

/// The generation that a suffix names. `Jr` and `II` are kept apart: families use both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generation {
    /// Sr or I.
    First,
    /// Jr.
    Junior,
    /// II, also 2nd.
    Second,
    /// III, also 3rd.
    Third,
    /// IV, also 4th.
    Fourth,
    /// V, also 5th.
    Fifth,
}

impl Generation {
    /// Reads a suffix: `Jr.`, `SR`, `III`, `3rd`.
    pub fn parse(text: &str) -> Option<Generation> {
        match normalise(text).as_str() {
            "sr" | "senior" | "i" | "1st" => Some(Generation::First),
            "jr" | "junior" | "jnr" => Some(Generation::Junior),
            "ii" | "2nd" => Some(Generation::Second),
            "iii" | "3rd" => Some(Generation::Third),
            "iv" | "4th" => Some(Generation::Fourth),
            "v" | "5th" => Some(Generation::Fifth),
            _ => None,
        }
    }

    /// Whether two suffixes can't be one person's. `Jr` and `II` can.
    pub fn conflicts_with(self, other: Generation) -> bool {
        let pair = (self.min(other), self.max(other));
        pair.0 != pair.1 && pair != (Generation::Junior, Generation::Second)
    }
}

/// One word in lower case without diacritics, apostrophes, hyphens, dots or spaces.
pub fn normalise(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii() {
            if letter.is_ascii_alphanumeric() {
                plain.push(letter);
            }
        } else if is_combining_mark(letter) {
            continue;
        } else if let Some((_, base)) = PLAIN.iter().find(|(marked, _)| marked.contains(letter)) {
            plain.push_str(base);
        } else if letter.is_alphanumeric() {
            plain.push(letter);
        }
    }
    plain
}

fn is_combining_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// The normalised words of a text, divided at spaces, hyphens, commas and the like.
pub fn words(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || "-‐‑–/,;.".contains(c))
        .map(normalise)
        .filter(|word| !word.is_empty())
        .collect()
}

/// A family name with its suffix taken out: `Smith-Jones, Jr.` gives `smithjones` and its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Family {
    /// All words joined: `smithjones`, `delacruz`. Empty where none is known.
    pub joined: String,
    /// The words, where there are several.
    pub parts: Vec<String>,
    /// A suffix that was written in the family name.
    pub generation: Option<Generation>,
}

/// Reads a family name.
pub fn family(text: &str) -> Family {
    let mut parts = words(text);
    let mut generation = None;
    while parts.len() > 1 {
        match parts.last().and_then(|last| Generation::parse(last)) {
            Some(found) => generation = Some(found),
            None => break,
        }
        parts.pop();
    }
    let joined = parts.concat();
    if is_placeholder(&joined) {
        return Family { generation, ..Family::default() };
    }
    Family { joined, parts, generation }
}

/// The given names of a text, titles and placeholders left out.
pub fn given_names<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut names = Vec::new();
    for text in texts {
        for word in text.split_whitespace() {
            let plain = normalise(word);
            let is_title = TITLES.contains(&plain.as_str()) && plain != "do";
            if !plain.is_empty() && !is_title && !is_placeholder(&plain) {
                names.push(plain);
            }
        }
    }
    names
}

/// Whether a normalised word stands for "no name known".
pub fn is_placeholder(word: &str) -> bool {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    // `BabyBoyA`, `Twin2`, `ZZTest`: a letter or number of a multiple birth, the marks of a test.
    let born = |start: &str| {
        letters.strip_prefix(start).is_some_and(|rest| matches!(rest, "" | "a" | "b" | "c" | "d"))
    };
    PLACEHOLDERS.contains(&letters)
        || ["babyboy", "babygirl", "twin", "triplet"].into_iter().any(born)
        || letters.starts_with("zztest")
        || (word.len() > 1 && word.bytes().all(|b| b == b'x'))
}

/// How a normalised word sounds, as keys: Double Metaphone primary and alternate, and NYSIIS.
/// Words of other scripts have none.
pub fn sounds(word: &str) -> Vec<String> {
    let letters: String = word.chars().filter(char::is_ascii_alphabetic).collect();
    if letters.len() < 2 || letters.len() != word.len() {
        return Vec::new();
    }
    let metaphone = DoubleMetaphone::new(Some(6)).double_metaphone(&letters);
    let mut keys = vec![metaphone.primary(), metaphone.alternate()];
    keys.push(format!("y{}", Nysiis::new(true).encode(&letters)));
    keys.retain(|key| !key.is_empty() && key != "y");
    keys.sort();
    keys.dedup();
    keys
}

/// Whether two normalised words sound alike by Double Metaphone or NYSIIS.
pub fn sound_alike(a: &str, b: &str) -> bool {
    let sounds_of_b = sounds(b);
    sounds(a).iter().any(|key| sounds_of_b.contains(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_to_one_form() {
        let table = [
            ("O'Brien", "obrien"),
            ("MÜLLER", "muller"),
            ("Nuñez", "nunez"),
            ("Weiß", "weiss"),
            ("Łukasz", "lukasz"),
            ("e\u{301}lan", "elan"),
            ("Law-rence", "lawrence"),
            ("Иван", "иван"),
            ("  ", ""),
        ];
        for (text, expected) in table {
            assert_eq!(normalise(text), expected, "{text}");
        }
    }

    #[test]
    fn family_names_give_up_their_suffix() {
        let table = [
            ("Smith-Jones", "smithjones", 2, None),
            ("de la Cruz", "delacruz", 3, None),
            ("Smith Jr.", "smith", 1, Some(Generation::Junior)),
            ("Smith, III", "smith", 1, Some(Generation::Third)),
            ("Unknown", "", 0, None),
            ("V", "v", 1, None),
        ];
        for (text, joined, parts, generation) in table {
            let found = family(text);
            assert_eq!(found.joined, joined, "{text}");
            assert_eq!((found.parts.len(), found.generation), (parts, generation), "{text}");
        }
    }

    #[test]
    fn given_names_leave_titles_and_placeholders_out() {
        assert_eq!(given_names(["Dr. Mary Ann"]), ["mary", "ann"]);
        assert_eq!(given_names(["Baby Boy"]), Vec::<String>::new());
        assert_eq!(given_names(["Unk"]), Vec::<String>::new());
        assert_eq!(given_names(["BabyBoy B", "Twin2"]), ["b"]);
        assert_eq!(family("ZZTest3").joined, "");
        assert_eq!(given_names(["Twinkle", "Boyd"]), ["twinkle", "boyd"]);
    }

    #[test]
    fn suffixes_conflict_across_generations() {
        use Generation::*;
        assert!(Junior.conflicts_with(First) && Third.conflicts_with(Second));
        assert!(!Junior.conflicts_with(Second) && !Third.conflicts_with(Third));
        assert_eq!(Generation::parse("3rd"), Some(Third));
        assert_eq!(Generation::parse("MD"), None);
    }

    #[test]
    fn names_that_sound_alike() {
        let table = [
            ("smith", "smyth", true),
            ("catherine", "kathryn", true),
            ("schmidt", "smith", true),
            ("johnson", "johnsen", true),
            ("philips", "fillips", true),
            ("smith", "jones", false),
            ("иван", "ивен", false),
        ];
        for (a, b, expected) in table {
            assert_eq!(sound_alike(a, b), expected, "{a} {b}");
        }
    }
}
