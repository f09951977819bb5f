//! Numbers and codes: (G) to (M) and (R), by form and by the words before them.

use super::{Class, Hit, add_all, pattern};

/// A number or code of at least four characters with a digit in it.
macro_rules! after {
    ($name:ident, $($words:literal),+ $(,)?) => {
        pattern!(
            $name,
            concat!(
                r"(?i)\b(?:",
                $($words,)+
                r")\b\.?(?:\s*(?:no\.?|number|num\.?|nbr|id|identifier|code))*",
                concat!(
                    r"\s*(?:is|was|of|=|:|#|",
                    r"-)*\s*#?\s*(?P<id>[a-z]{0,4}[-]?\d[a-z0-9]*(?:[-/]?[a-z0-9]+){0,5})\b",
                )
            )
        );
    };
}

pattern!(SSN, r"\b(?:\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4})\b");
after!(SSN_NAMED, r"ssn|social security|soc\.? sec");
after!(
    MRN,
    r"mrn|mr ?#|medical record|med\.? rec|record|chart|patient id|patient identifier|",
    r"pt\.? id|hospital id|unit",
);
after!(
    PLAN,
    r"medicare|medicaid|mbi|member|subscriber|policy|beneficiary|insurance|",
    r"health plan|plan id|group",
);
after!(ACCOUNT, r"account|acct|a/c|invoice|billing id|bank|routing|iban|credit card|card|claim");
after!(
    LICENCE,
    r"licen[cs]e|lic|driver'?s licen[cs]e|dl|npi|dea|certificate|cert|passport|registration|permit"
);
after!(VEHICLE, r"vin|plate|license plate|tag number|vehicle");
after!(DEVICE, r"serial|s/n|udi|device|pacemaker|implant|imei|mac address|lot|model serial|pump");
after!(
    OTHER,
    r"case|study id|subject|trial id|accession|specimen|sample id|encounter|visit|",
    r"visit id|order|rx|prescription|ref|reference|id|identifier|employee id|",
    r"student id|confirmation|token|uuid|barcode",
);
pattern!(VIN, r"\b[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{2}\d{6}\b");
pattern!(CARD, r"\b(?:\d[ -]?){13,19}\b");
pattern!(IBAN, r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b");
pattern!(
    MBI,
    concat!(
        r"\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9",
        r"]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b",
    )
);
pattern!(UUID, r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b");
pattern!(UDI, r"\(01\)\d{14}(?:\(\d{2}\)[A-Za-z0-9]+)*");
pattern!(LONG, r"\b\d{7,12}\b");
pattern!(MIXED, r"\b[A-Z]{1,4}-?\d{5,10}\b");

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    add_all(hits, text, &SSN, Class::SocialSecurity, 88, "form of a social security number");
    let named: [(&regex::Regex, Class, &'static str); 8] = [
        (&SSN_NAMED, Class::SocialSecurity, "number after the words social security"),
        (&MRN, Class::MedicalRecord, "number after the words medical record"),
        (&PLAN, Class::HealthPlan, "number after the name of a plan"),
        (&ACCOUNT, Class::Account, "number after the word account"),
        (&LICENCE, Class::Licence, "number after the word licence"),
        (&VEHICLE, Class::Vehicle, "number after the word vehicle"),
        (&DEVICE, Class::Device, "number after the word device"),
        (&OTHER, Class::Other, "number after the word for a code"),
    ];
    for (rank, (pattern, class, why)) in (0u8..).zip(named) {
        for found in pattern.captures_iter(text) {
            let Some(id) = found.name("id") else { continue };
            if is_code(id.as_str()) {
                let (start, end) = (id.start(), id.end());
                hits.push(Hit { start, end, class, why, rank: 86 - rank });
            }
        }
    }
    add_all(hits, text, &VIN, Class::Vehicle, 70, "form of a vehicle's number");
    add_all(hits, text, &MBI, Class::HealthPlan, 72, "form of a Medicare number");
    add_all(hits, text, &UUID, Class::Other, 84, "form of a unique identifier");
    add_all(hits, text, &UDI, Class::Device, 84, "form of a unique device identifier");
    for found in CARD.find_iter(text) {
        if is_card(found.as_str()) {
            let end = found.start() + found.as_str().trim_end_matches([' ', '-']).len();
            let (class, why) = (Class::Account, "form of a card number");
            hits.push(Hit { start: found.start(), end, class, why, rank: 89 });
        }
    }
    for found in IBAN.find_iter(text).filter(|found| is_iban(found.as_str())) {
        let (start, end) = (found.start(), found.end());
        let why = "form of a bank account";
        hits.push(Hit { start, end, class: Class::Account, why, rank: 76 });
    }
    add_all(hits, text, &MIXED, Class::Other, 42, "letters and a long number");
    add_all(hits, text, &LONG, Class::Other, 40, "a long number");
}

/// A code has four characters or more, with at least three digits; a bare year, a measured
/// quantity or a word isn't one.
fn is_code(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    let lower = text.to_ascii_lowercase();
    let unit = ["mg", "ml", "mcg", "kg", "cm", "mm", "hrs", "days", "years", "am", "pm"]
        .iter()
        .any(|unit| lower.ends_with(unit));
    text.len() >= 4 && digits >= 3 && !year && !(unit && digits <= 4)
}

/// Luhn's check (ISO/IEC 7812-1).
fn is_card(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let doubled = |(index, digit): (usize, &u32)| match index % 2 {
        0 => *digit,
        _ if digit * 2 > 9 => digit * 2 - 9,
        _ => digit * 2,
    };
    (13..=19).contains(&digits.len())
        && digits.iter().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}

/// The check of ISO 13616: the number, turned, leaves 1 modulo 97.
fn is_iban(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
    if plain.len() < 15 {
        return false;
    }
    let turned = plain[4..].iter().chain(&plain[..4]);
    turned.fold(0u32, |rest, character| {
        let value = character.to_digit(36).unwrap_or(0);
        if value > 9 { (rest * 100 + value) % 97 } else { (rest * 10 + value) % 97 }
    }) == 1
}
