//! Codes that stand only beside another: what a "use additional code" note asks for, and what
//! may be reported only with its diagnosis.
//!
//! Sources: ICD-10-CM tabular list, "use additional code" at E08 to E13, N18 and E66; Official
//! Guidelines I.B.14 (body mass index only with its diagnosis), I.C.4.a.3 (insulin and oral drugs).

use super::words::{Word, fold};

/// Whether a companion code may stand beside a diagnosis.
pub(super) fn stands_beside(companion: &str, diagnosis: &str) -> bool {
    BESIDE.iter().any(|(companions, diagnoses)| {
        companion.starts_with(companions)
            && diagnoses.iter().any(|prefix| diagnosis.starts_with(prefix))
    })
}

const BESIDE: [(&str, &[&str]); 6] = [
    ("Z794", &["E08", "E09", "E11", "E13", "O24"]),
    ("Z798", &["E08", "E09", "E11", "E13", "O24"]),
    ("Z7901", &["I48", "I82", "I26", "I27", "Z86", "Z95", "D68"]),
    ("Z992", &["N185", "N186", "I120", "I1311", "I132"]),
    (
        "Z68",
        &["E40", "E41", "E42", "E43", "E44", "E45", "E46", "E66", "R634", "R635", "R636", "R64"],
    ),
    ("Z3A", &["O"]),
];

/// A body mass index in a sentence: its code and the places of its first and last word.
pub(super) struct BodyMass {
    pub(super) code: &'static str,
    pub(super) first: usize,
    pub(super) last: usize,
}

const REACH_WORDS: usize = 4;

/// Finds "BMI 41.5", "BMI of 32 kg/m2", "body mass index: 29". Kilograms per square metre.
pub(super) fn body_mass(words: &[Word<'_>]) -> Option<BodyMass> {
    let first = words.iter().position(|word| {
        let folded = fold(word.text);
        folded == "bmi" || folded == "index"
    })?;
    let named = fold(words[first].text) == "bmi"
        || (first >= 2
            && fold(words[first - 1].text) == "mass"
            && fold(words[first - 2].text) == "body");
    if !named {
        return None;
    }
    let last = (first + 1..words.len().min(first + 1 + REACH_WORDS))
        .find(|place| words[*place].text.bytes().all(|byte| byte.is_ascii_digit()))?;
    let whole: u32 = words[last].text.parse().ok()?;
    Some(BodyMass { code: body_mass_code(whole)?, first, last })
}

/// The code for an adult's body mass index by its whole part.
fn body_mass_code(whole: u32) -> Option<&'static str> {
    const BY_UNIT: [&str; 20] = [
        "Z6820", "Z6821", "Z6822", "Z6823", "Z6824", "Z6825", "Z6826", "Z6827", "Z6828", "Z6829",
        "Z6830", "Z6831", "Z6832", "Z6833", "Z6834", "Z6835", "Z6836", "Z6837", "Z6838", "Z6839",
    ];
    match whole {
        10..=19 => Some("Z681"),
        20..=39 => BY_UNIT.get(whole as usize - 20).copied(),
        40..=44 => Some("Z6841"),
        45..=49 => Some("Z6842"),
        50..=59 => Some("Z6843"),
        60..=69 => Some("Z6844"),
        70..=120 => Some("Z6845"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::split_words;
    use super::*;

    #[test]
    fn body_mass_is_read_with_its_code() {
        for (text, expected) in [
            ("Obesity, BMI 41.5.", Some("Z6841")),
            ("BMI of 32 kg/m2", Some("Z6832")),
            ("Body mass index: 19.9", Some("Z681")),
            ("BMI was not measured in 2020 by us", None),
            ("Cardiac index 2.5", None),
            ("BMI 99999999999999999999", None),
        ] {
            let found = body_mass(&split_words(text)).map(|found| found.code);
            assert_eq!(found, expected, "{text}");
        }
    }
}
