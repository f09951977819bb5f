//! Names of persons: (A). By title, salutation, signature, field, relation, and by lists of common
//! names. What only looks like a name is left to the reviewer.

use super::lists::{FAMILY_NAMES, GIVEN_NAMES, NOT_NAMES};
use super::vocabulary::{is_eponym, is_word};
use super::world::GIVEN_NAMES_WORLD;
use super::{Class, Hit, pattern};
use std::collections::BTreeSet;
use std::sync::LazyLock;

macro_rules! name {
    () => {
        concat!(
            r"(?:[A-Z]\.\s?){0,2}(?:(?:van|von|de|del|della|la|le|da|di|dos|el|al|bin|ibn|Mc|",
            r"Mac|O['’])[ ]?)*\p{Lu}[\w'’-]+(?:[ ](?:(?:(?:van|von|de|del|la|le|da|di|el|al|",
            r"bin|ibn)[ ])*\p{Lu}[\w'’-]+|[A-Z]\b\.?)){0,3}",
        )
    };
}

pattern!(
    TITLED,
    concat!(
        concat!(
            r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor|Nurse|Rev|Fr|Sr|Sgt|Capt|Lt|Hon|",
            r"Judge|MR|MRS|MS|DR)\b\.?[ ]+(?P<id>",
        ),
        name!(),
        ")"
    )
);
pattern!(
    SALUTATION,
    concat!(r"(?m)\b(?:Dear|Hi|Hello|Attn:?|Attention:?)[ ]+(?P<id>", name!(), ")")
);
pattern!(
    SIGNED,
    concat!(
        concat!(
            r"(?m)(?:[Ss]igned|[Ss]igned by|[Ee]lectronically signed by|[Dd]ictated by|",
            r"[Aa]uthenticated by|[Ss]incerely|[Rr]egards|[Cc]osigned by|[Tt]ranscribed by|",
            r"[Aa]ttending|[Pp]rovider|[Pp]hysician|[Ss]urgeon|[Ww]itness|[Rr]eferred by|",
            r"[Ss]een by|[Rr]eviewed by|[Oo]rdered by|PCP)[:,]?\s+(?P<id>",
        ),
        name!(),
        ")"
    )
);
pattern!(
    FIELD,
    concat!(
        concat!(
            r"(?m)(?:(?:[Pp]atient|[Pp]t|[Cc]lient|[Ss]ubject|[Nn]ame|[Gg]uarantor|",
            r"[Nn]ext of kin|[Ee]mergency contact|[Ss]pouse|[Mm]other|[Ff]ather|[Gg]uardian|",
            r"[Cc]ontact)(?:'s name| name| Name)?\s*[:=]\s*|\b(?:named|[Nn]ame is|known as|",
            r"a\.k\.a\.|aka|called)\s+)(?P<id>",
        ),
        name!(),
        ")"
    )
);
pattern!(
    RELATION,
    concat!(
        concat!(
            r"\b(?:wife|husband|son|daughter|mother|father|brother|sister|partner|spouse|aunt|",
            r"uncle|cousin|grandmother|grandfather|friend|neighbor|niece|nephew|fiancée?|",
            r"caregiver|patient|pt|Patient|Pt),?\s+(?P<id>",
        ),
        name!(),
        ")"
    )
);
pattern!(
    CREDENTIAL,
    concat!(
        r"\b(?P<id>",
        name!(),
        concat!(
            r"),?\s+(?:M\.?D\.?|D\.?O\.?|R\.?N\.?|N\.?P\.?|P\.?A\.?(?:-C)?|PhD|Ph\.D\.|DDS|",
            r"DPM|LCSW|PharmD|LPN|CRNA)\b",
        )
    )
);
pattern!(FAMILY_GIVEN, r"\b(?P<id>\p{Lu}[\w'’-]+,[ ]\p{Lu}[\w'’-]+(?:[ ][A-Z]\.?)?)");
pattern!(INITIALED, r"\b(?P<id>\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?[ ](?:[A-Z]\.|[A-Z]\b))");
pattern!(WORD, r"\p{Lu}[\p{L}'’-]+");
pattern!(UPPER_PAIR, r"\b[A-Z][A-Z'’-]+,?[ ][A-Z][A-Z'’-]+\b");

static GIVEN: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let lists = [GIVEN_NAMES, GIVEN_NAMES_WORLD];
    lists.iter().flat_map(|list| list.split_whitespace()).collect()
});
static FAMILY: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| FAMILY_NAMES.split_whitespace().collect());
static NOT: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| NOT_NAMES.split_whitespace().collect());

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let strong: [(&regex::Regex, u8, &'static str); 5] = [
        (&TITLED, 66, "a name after a title"),
        (&SALUTATION, 59, "a name after a salutation"),
        (&FIELD, 64, "a name in its field"),
        (&SIGNED, 58, "a name where one signs"),
        (&CREDENTIAL, 63, "a name before a credential"),
    ];
    for (pattern, rank, why) in strong {
        add_trimmed(text, pattern, rank, why, 1, hits);
    }
    add_trimmed(text, &RELATION, 52, "a name after a relation", 1, hits);
    for (pattern, why) in [
        (&FAMILY_GIVEN, "family name, given name"),
        (
            &INITIALED,
            "a given name \
        and an initial",
        ),
    ] {
        for found in pattern.captures_iter(text).filter_map(|found| found.name("id")) {
            let mut words = words_of(found.as_str());
            let listed = words.any(|(_, word)| is_given(word));
            let no_name = |(_, word): (usize, &str)| word.len() > 1 && NOT.contains(word);
            let barred = words_of(found.as_str()).any(no_name);
            if listed && !barred && !is_short_form_before_name(found.as_str()) {
                let (start, end) = (found.start(), found.end());
                hits.push(Hit { start, end, class: Class::Name, why, rank: 61 });
            }
        }
    }
    listed(text, hits);
    upper(text, hits);
    unusual(text, hits);
}

pattern!(PAIR, r"[a-z0-9,;)]\s+(?P<id>\p{Lu}[\p{Ll}'’-]+(?:[ ][A-Z]\.)?[ ]\p{Lu}[\p{Ll}'’-]+)");
pattern!(
    NOT_A_PERSON,
    concat!(
        r"^\s*(?i:disease|syndrome|criteria|score|scale|index|test|trial|study|sign|method|",
        r"stage|class|grade|type|virus|fever|protocol|guidelines?|questionnaire|inventory|",
        r"hospital|clinic|cent(?:er|re)|institute|university|college|school|medical|health|",
        r"street|st|avenue|ave|road|rd|county|city|group|society|association|foundation)\b"
    )
);

/// Two capitalised words inside a sentence, neither of the language of medicine: names that no
/// list holds. Weak: every other finder goes first.
fn unusual(text: &str, hits: &mut Vec<Hit>) {
    for found in PAIR.captures_iter(text).filter_map(|found| found.name("id")) {
        let medical = words_of(found.as_str()).any(|(_, word)| {
            let word = plain(word);
            is_no_name(word) || is_eponym(word)
        });
        if !medical && !NOT_A_PERSON.is_match(&text[found.end()..]) {
            let end = found.start() + plain(found.as_str()).len();
            let (start, class) = (found.start(), Class::Name);
            hits.push(Hit { start, end, class, why: "looks like a name", rank: 20 });
        }
    }
}

/// Endings of the words of medicine and of institutions.
fn is_medical(word: &str) -> bool {
    const ENDINGS: [&str; 34] = [
        "itis", "osis", "emia", "oma", "opathy", "ology", "ectomy", "ostomy", "plasty", "scopy",
        "graphy", "gram", "uria", "algia", "phobia", "mycin", "cillin", "azole", "statin", "pril",
        "sartan", "olol", "mab", "nib", "idine", "amide", "tion", "ment", "ness", "ing", "ity",
        "logy", "ical", "ular",
    ];
    let lower = word.to_lowercase();
    ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

/// Whether a capitalised word is known to be no name: of medicine, of the calendar, of grammar.
pub(super) fn is_no_name(word: &str) -> bool {
    NOT.contains(word) || is_word(word) || is_medical(word)
}

/// Whether a word is a given name of the lists, also in two parts: `Anne-Marie`.
fn is_given(word: &str) -> bool {
    GIVEN.contains(word) || word.split_once('-').is_some_and(|(first, _)| GIVEN.contains(first))
}

/// `COPD, John`: an abbreviation before a name isn't its family name.
fn is_short_form_before_name(found: &str) -> bool {
    let in_capitals = |word: &str| word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
    match found.split_once(", ") {
        Some((first, rest)) => in_capitals(first) && !in_capitals(rest),
        None => false,
    }
}

/// Words that are family names only after a given name: `Sarah White`.
const FAMILY_AFTER_GIVEN: [&str; 16] = [
    "White",
    "Black",
    "Young",
    "Long",
    "Bell",
    "Graves",
    "Addison",
    "North",
    "West",
    "East",
    "Love",
    "Price",
    "Wing",
    "Christian",
    "Major",
    "Small",
];

/// Adds a match, cut before the first word that is no name.
fn add_trimmed(
    text: &str,
    pattern: &regex::Regex,
    rank: u8,
    why: &'static str,
    words_min: usize,
    hits: &mut Vec<Hit>,
) {
    for found in pattern.captures_iter(text).filter_map(|found| found.name("id")) {
        let mut end = 0;
        let mut count = 0;
        for (at, word) in words_of(found.as_str()) {
            let initial = word.len() == 1 && word != "I";
            if !initial && (NOT.contains(word) || NOT.contains(word.trim_end_matches("'s"))) {
                break;
            }
            end = at + word.len();
            count += 1;
        }
        // A trailing initial keeps its full stop.
        let rest = &found.as_str()[end..];
        let initial = rest.starts_with('.') && found.as_str()[..end].ends_with(char::is_uppercase);
        if count >= words_min && end > 1 {
            let end = found.start() + end + usize::from(initial);
            hits.push(Hit { start: found.start(), end, class: Class::Name, why, rank });
        }
    }
}

fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let separator = |c: char| c.is_whitespace() || c == ',' || c == '.';
    text.split(separator).filter(|word| !word.is_empty()).map(move |word| {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        (at, word)
    })
}

/// Runs of capitalised words in which one is a given or family name of the lists.
fn listed(text: &str, hits: &mut Vec<Hit>) {
    let words: Vec<regex::Match> = WORD.find_iter(text).collect();
    let mut index = 0;
    while index < words.len() {
        let run = run_at(text, &words, index);
        let parts: Vec<&str> = words[index..run].iter().map(|word| plain(word.as_str())).collect();
        if let Some((first, last)) = person_in(&parts) {
            let start = words[index + first].start();
            let end = words[index + last].start() + plain(words[index + last].as_str()).len();
            let rank = if last > first { 54 } else { 36 };
            let why = "a common name";
            hits.push(Hit { start, end, class: Class::Name, why, rank });
        }
        index = run;
    }
}

/// The end of the run of words that stand one blank (and at most an initial) apart.
fn run_at(text: &str, words: &[regex::Match], first: usize) -> usize {
    let mut last = first;
    while last + 1 < words.len() {
        let between = &text[words[last].end()..words[last + 1].start()];
        let initial = between.len() <= 4
            && between.starts_with(' ')
            && between.ends_with(' ')
            && between.trim().trim_end_matches('.').chars().all(|c| c.is_ascii_uppercase());
        if between != " " && !initial {
            break;
        }
        last += 1;
    }
    last + 1
}

/// The word without a possessive ending.
fn plain(word: &str) -> &str {
    word.trim_end_matches("'s").trim_end_matches("’s").trim_end_matches(['\'', '’', '-'])
}

/// First and last word of a person's name in a run: a given name and what follows it, up to three
/// words; a given name alone; a family name after another capitalised word.
fn person_in(words: &[&str]) -> Option<(usize, usize)> {
    let allowed = |word: &str| !NOT.contains(word);
    let given = words.iter().position(|word| is_given(word) && allowed(word));
    if let Some(first) = given {
        let belongs = |(place, word): &(usize, &&str)| {
            let family = *place == 0 && FAMILY_AFTER_GIVEN.contains(*word);
            family || !(NOT.contains(*word) || is_word(word))
        };
        let rest = words[first + 1..].iter().take(2).enumerate();
        let follows = rest.take_while(belongs).count();
        return Some((first, first + follows));
    }
    let family = words.iter().position(|word| FAMILY.contains(word) && allowed(word))?;
    if family > 0 && allowed(words[family - 1]) && words[family - 1].len() > 1 {
        return Some((family - 1, family));
    }
    None
}

/// `ROE, JANE` and `JANE ROE` in capitals, when a given name is among them.
fn upper(text: &str, hits: &mut Vec<Hit>) {
    for found in UPPER_PAIR.find_iter(text) {
        let capital = |word: &str| -> String {
            let mut letters = word.chars();
            let first = letters.next().map(|c| c.to_string()).unwrap_or_default();
            first + &letters.as_str().to_lowercase()
        };
        let is_given = |(_, word): (usize, &str)| GIVEN.contains(capital(word).as_str());
        if words_of(found.as_str()).any(is_given) {
            let (start, end) = (found.start(), found.end());
            let why = "a common name in capitals";
            hits.push(Hit { start, end, class: Class::Name, why, rank: 48 });
        }
    }
}
