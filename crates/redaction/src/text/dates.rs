//! Dates except the bare year, and ages over 89: (C).

use super::{Class, Hit, add_all, pattern};

macro_rules! month {
    () => {
        concat!(
            r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|",
            r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?",
        )
    };
}

pattern!(
    ISO,
    concat!(
        r"\b(?:19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|",
        r"3[01])(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?\b",
    )
);
pattern!(
    NUMERIC,
    r"\b(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:(?:19|20)\d{2}|\d{2})\b"
);
pattern!(MONTH_YEAR_NUMERIC, r"\b(?:0?[1-9]|1[0-2])/(?:19|20)\d{2}\b");
pattern!(
    MONTH_DAY,
    concat!(
        r"(?i)\b",
        month!(),
        concat!(
            r"\s*(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?\b(?:(?:\s*,\s*|\s+)(?:(?:19|",
            r"20)\d{2}\b|'\d{2}\b))?",
        )
    )
);
pattern!(
    DAY_MONTH,
    concat!(
        r"(?i)\b(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?:\s+of)?[\s-]+",
        month!(),
        r"(?:[\s,-]+(?:(?:19|20)\d{2}|'?\d{2}))?\b"
    )
);
pattern!(MONTH_YEAR, concat!(r"(?i)\b", month!(), r"(?:\s*,\s*|\s+of\s+|\s+|-)(?:19|20)\d{2}\b"));
pattern!(
    MONTH_NAMED,
    concat!(
        r"\b(?:[Ii]n|[Ss]ince|[Dd]uring|[Ll]ast|[Tt]his|[Nn]ext|[Bb]y|[Ee]arly|[Ll]ate|",
        r"[Mm]id-?)\s+(?P<id>January|February|March|April|May|June|July|August|September|",
        r"October|November|December)\b",
    )
);
pattern!(
    SHORT,
    concat!(
        r"(?i)\b(?:on|dated?|dob|born|admitted|discharged|seen|since|from|to|until|",
        r"d\.o\.b\.)\s*:?\s*(?P<id>(?:0?[1-9]|1[0-2])/(?:[12]\d|3[01]|0?[1-9]))\b",
    )
);
pattern!(
    HOLIDAY,
    concat!(
        r"(?i)\b(?:christmas(?: eve| day)?|thanksgiving|new year's(?: eve| day)?|",
        r"independence day|fourth of july|labor day|memorial day|halloween|",
        r"valentine's day|easter(?: sunday)?)\b",
    )
);
pattern!(
    AGE,
    concat!(
        r"(?i)\b(?P<id>(?:9\d|1[0-2]\d)[\s-]*(?:years?[\s-]*old|year[\s-]old|y\.?/?o\.?\b|",
        r"yrs?\.?[\s-]*old|yo\b|y\.o\.))",
    )
);
pattern!(
    AGE_AFTER,
    concat!(
        r"(?i)\b(?:aged?|age of|age is|age:|turn(?:ed|ing|s)?|",
        r"at the age of)\s*:?\s*(?P<id>9\d|1[0-2]\d)\b",
    )
);
pattern!(
    AGE_WORDS,
    concat!(
        r"(?i)\b(?:ninety(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?|",
        r"one hundred(?:[\s-]and[\s-]\w+)?)[\s-]+years?[\s-]+old\b",
    )
);

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let dates: [(&regex::Regex, u8); 7] = [
        (&ISO, 87),
        (&NUMERIC, 79),
        (&MONTH_DAY, 77),
        (&DAY_MONTH, 77),
        (&MONTH_YEAR, 73),
        (&MONTH_YEAR_NUMERIC, 65),
        (&SHORT, 60),
    ];
    for (pattern, rank) in dates {
        for found in pattern.captures_iter(text) {
            let Some(part) = found.name("id").or_else(|| found.get(0)) else { continue };
            let reads = !is_may_verb(text, part.as_str()) && has_one_separator(part.as_str());
            if !starts_inside_a_word(text, part.start()) && reads {
                let (start, end) = (part.start(), part.end());
                let why = "form of a date";
                hits.push(Hit { start, end, class: Class::Date, why, rank });
            }
        }
    }
    add_all(hits, text, &MONTH_NAMED, Class::Date, 50, "a month");
    add_all(hits, text, &HOLIDAY, Class::Date, 45, "a day of the year");
    add_all(hits, text, &AGE, Class::Age, 70, "an age over 89");
    add_all(hits, text, &AGE_AFTER, Class::Age, 68, "an age over 89");
    add_all(hits, text, &AGE_WORDS, Class::Age, 68, "an age over 89");
}

/// A ratio or a version (`1.2.3.4`, `10/12/5/1`) goes on before the match.
fn starts_inside_a_word(text: &str, start: usize) -> bool {
    let mut before = text[..start].chars().rev();
    matches!((before.next(), before.next()), (Some('.' | '/' | '-'), Some(c)) if c.is_ascii_digit())
}

/// `7-8/10` is a pain score, `7/8/10` a date: a date in digits keeps to one separator.
fn has_one_separator(found: &str) -> bool {
    let day = found.split(['T', ' ']).next().unwrap_or_default();
    let mut between = day.chars().filter(|c| matches!(c, '-' | '/' | '.'));
    let first = between.next();
    !day.starts_with(|c: char| c.is_ascii_digit()) || between.all(|c| Some(c) == first)
}

/// "may 10" in lower case is the verb more often than the month.
fn is_may_verb(_: &str, found: &str) -> bool {
    found.starts_with("may ") || found.starts_with("mar ") && found.len() < 6
}
