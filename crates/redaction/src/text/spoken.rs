//! Names by what is said around them: who is called so, who says, who lives somewhere. (A)

use super::names::is_no_name;
use super::{Class, Hit, pattern};

macro_rules! words {
    () => {
        concat!(
            r"(?:Dr\.?[ ]|Mrs?\.?[ ]|Ms\.?[ ])?\p{Lu}[\p{Ll}'’-]+",
            r"(?:[ ](?:[A-Z]\.?[ ])?\p{Lu}[\p{L}'’-]+){0,2}"
        )
    };
}

pattern!(
    CALLED,
    concat!(
        r"\b(?:[Cc]all(?:s|ed)? (?:me|him|her|them)|[Nn]amed (?:him|her|it|them)|",
        r"I['’]m|[Nn]ame['’]s|[Mm]aiden name is|[Ll]ast name is|[Ff]irst name is|",
        r"[Dd]irected by|[Dd]irected By:?|[Ww]ritten by|[Uu]ser:|[Bb]eneficiary:|[Cc]aller:|",
        r"[Ii]nformant:|[Rr]elative:|[Ss]on:|[Dd]aughter:|[Ww]ife:|[Hh]usband:|",
        r"[Cc]ounselor:|[Ss]ocial worker:|says|[Nn]ame is|[Uu]nder the name(?: of)?|",
        r"[Tt]ogether with)\s+(?P<id>",
        words!(),
        ")"
    )
);
pattern!(
    ACTS,
    concat!(
        r"(?m)(?:^|[.!?:;,]\s+|[a-z]\s)(?P<id>",
        words!(),
        r")\s+(?:says|said|lives|lived|told|shouted|asked|spent|listed|moved|works|worked|retired|",
        r"was born|grew up|enjoys|drives|called|wants|arrived|brought)\b"
    )
);
pattern!(
    HAS,
    concat!(
        r"\b(?P<id>",
        words!(),
        r")['’]s\s+(?:wife|husband|mother|father|mom|dad|son|daughter|brother|sister|kids?|",
        r"children|parents?|house|home|insurance|birthday|family|chart|lawyer|attorney|employer)\b"
    )
);

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let patterns: [(&regex::Regex, u8, &'static str); 3] = [
        (&CALLED, 53, "a name that somebody is called by"),
        (&ACTS, 24, "looks like a name before what people do"),
        (&HAS, 34, "looks like a name before what people have"),
    ];
    for (pattern, rank, why) in patterns {
        for found in pattern.captures_iter(text).filter_map(|found| found.name("id")) {
            let mut words = found.as_str().split([' ', '.']).filter(|word| word.len() > 1);
            let barred = words.clone().any(|word| is_no_name(word) && !is_title(word));
            if !barred && words.any(|word| !is_title(word)) {
                let (start, end) = (found.start(), found.end());
                hits.push(Hit { start, end, class: Class::Name, why, rank });
            }
        }
    }
}

fn is_title(word: &str) -> bool {
    ["Dr", "Mr", "Mrs", "Ms"].contains(&word)
}
