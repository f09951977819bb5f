//! Codes that say little, and what makes them needless in one note.
//!
//! An unspecified code is for what the record leaves open (guideline I.B.18): where the note
//! itself says more, the code that says more stands alone. Signs that belong to a disease are not
//! coded beside it (guideline I.B.5); since a note may mention a sign for another reason, they
//! only lose score.

use std::collections::BTreeSet;

/// A code of the note that says more than this one.
pub(super) fn covering<'a>(code: &str, codes: &'a BTreeSet<String>) -> Option<&'a str> {
    COVERED.iter().filter(|(open, _)| code.starts_with(open)).find_map(|(open, by)| {
        by.iter().find_map(|prefix| {
            below(codes, prefix).find(|other| !other.starts_with(open) && *other != code)
        })
    })
}

/// A disease of the note that this sign usually belongs to.
pub(super) fn integral_to<'a>(sign: &str, codes: &'a BTreeSet<String>) -> Option<&'a str> {
    INTEGRAL
        .iter()
        .filter(|(_, signs)| signs.iter().any(|prefix| sign.starts_with(prefix)))
        .find_map(|(diseases, _)| {
            diseases.iter().find_map(|prefix| below(codes, prefix).find(|other| *other != sign))
        })
}

/// Codes that start with a prefix.
pub(super) fn below<'a>(
    codes: &'a BTreeSet<String>,
    prefix: &'a str,
) -> impl Iterator<Item = &'a str> {
    codes
        .range::<str, _>((std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded))
        .map(String::as_str)
        .take_while(move |code| code.starts_with(prefix))
}

/// Whether a covered code names the very thing that the other code names ("the tumor").
pub(super) fn is_same_thing(code: &str) -> bool {
    ["C801", "C799", "D499", "D369", "R229", "T1490", "T148", "T300", "L0291", "K469", "C859"]
        .iter()
        .any(|prefix| code.starts_with(prefix))
}

type Rule = (&'static str, &'static [&'static str]);

const COVERED: [Rule; 56] = [
    (
        "C801",
        &[
            "C0", "C1", "C2", "C3", "C4", "C5", "C6", "C70", "C71", "C72", "C73", "C74", "C75",
            "C8", "C9",
        ],
    ),
    ("C799", &["C77", "C78", "C79"]),
    ("D499", &["C", "D0", "D1", "D2", "D3", "D4"]),
    ("D369", &["D1", "D2", "D30", "D31", "D32", "D33", "D34", "D35"]),
    ("C419", &["C40", "C41"]),
    ("C499", &["C46", "C48", "C49"]),
    ("C859", &["C81", "C82", "C83", "C84", "C88"]),
    ("C959", &["C91", "C92", "C93", "C94"]),
    (
        "R229",
        &["R22", "R19", "R91", "N63", "N50", "N28", "E04", "J98", "C", "D1", "D2", "D3", "D4"],
    ),
    ("R52", &["G89", "R10", "R07", "M54", "M25", "M79", "R51", "N23", "H57", "K62", "N50"]),
    (
        "R58",
        &[
            "K92", "K62", "N93", "R04", "I60", "I61", "I62", "O72", "R31", "D62", "H11", "H35",
            "H43", "K25", "K26", "K66", "K68", "N92", "I85",
        ],
    ),
    ("I96", &["K55", "M87", "N17", "N49", "E11"]),
    ("B999", &["A", "B", "J", "N39", "L0", "T81", "U07", "M86"]),
    ("A499", &["A4", "J15", "A0"]),
    ("B349", &["B0", "B1", "B2", "J12", "U07", "A8"]),
    ("B49", &["B3", "B4"]),
    ("T1490", &["S", "T07", "T2"]),
    ("T148", &["S", "L", "T07"]),
    ("T300", &["T2"]),
    ("I8290", &["I82", "I81", "I67", "H34", "K55", "I23", "I51", "I80"]),
    ("I998", &["I20", "I21", "I24", "I25", "I63", "I67", "I70", "K55", "I73", "H47", "G45"]),
    ("I749", &["I74", "I26"]),
    ("I709", &["I70", "I25"]),
    ("I729", &["I71", "I72", "I67", "I25"]),
    ("I519", &["I2", "I3", "I4", "I50", "I51"]),
    ("I499", &["I48", "I47", "I49"]),
    ("K469", &["K40", "K41", "K42", "K43", "K44", "K45", "M51"]),
    ("K279", &["K25", "K26"]),
    ("K529", &["K50", "K51", "K55", "A0", "K57"]),
    ("K759", &["B15", "B16", "B17", "B18", "B19", "K70", "K71", "K72", "K73", "K75"]),
    ("K769", &["K70", "K71", "K72", "K73", "K74", "K75", "K76", "C22", "C78", "B1"]),
    ("K929", &["K"]),
    ("N19", &["N17", "N18"]),
    ("N289", &["N0", "N1", "N2", "C64", "D30", "Q6", "E112"]),
    ("N059", &["N0"]),
    ("D649", &["D5", "D60", "D61", "D62", "D63"]),
    ("D699", &["D6"]),
    ("J984", &["J1", "J8", "R91", "C34", "C78"]),
    ("J988", &["J0", "J1", "J2"]),
    ("J40", &["J20", "J41", "J42", "J44"]),
    ("M1990", &["M0", "M1"]),
    ("M899", &["M8", "C41", "C79", "M9"]),
    ("M359", &["M3", "M0"]),
    ("L989", &["L", "C43", "C44", "D22", "D23", "B0", "R21"]),
    ("L309", &["L2"]),
    ("L0291", &["K", "L02", "N", "G06", "J", "M"]),
    ("L98499", &["L97", "L89", "I83"]),
    ("L929", &["L9", "D86", "K"]),
    ("G629", &["G60", "G61", "G62", "E11", "G63"]),
    ("G939", &["G9", "C71", "C79", "I6", "D49"]),
    ("F99", &["F"]),
    ("F03", &["F01", "F02"]),
    ("K81", &["K80"]),
    ("K3580", &["K352", "K353"]),
    ("F05", &["F10231", "F10121", "F10921"]),
    ("T7840", &["T78", "Z88", "Z91"]),
];

const INTEGRAL: [(&[&str], &[&str]); 23] = [
    (&["J12", "J13", "J14", "J15", "J16", "J17", "J18"], &["R05", "R093", "R50", "R060", "R071"]),
    (&["J20", "J21", "J40", "J06", "J10", "J11"], &["R05", "R50", "R070", "J3489"]),
    (&["J44", "J45"], &["R05", "R060", "R062"]),
    (&["J02", "J03"], &["R070", "R50"]),
    (&["I21", "I20", "I2511"], &["R07"]),
    (&["I50", "I110", "I13"], &["R060", "R600", "R609", "J811"]),
    (&["I48", "I47"], &["R000", "R002"]),
    (&["K35", "K37", "K36"], &["R10", "R112", "R110", "R50"]),
    (&["K80", "K81", "K83", "K85", "K86"], &["R10", "R110", "R111", "R112"]),
    (&["K56", "K65", "K63"], &["R10", "R110", "R111", "R112", "R14"]),
    (&["A0", "K52"], &["R197", "R10", "R110", "R111", "R112"]),
    (&["K25", "K26", "K27", "K29", "K21"], &["R1013", "R12", "R101"]),
    (&["K70", "K74"], &["R17", "R188"]),
    (&["N10", "N12", "N30", "N39"], &["R30", "R35", "R50", "N23", "R10"]),
    (&["G934", "G92", "F05"], &["R410", "R4182"]),
    (&["N20", "N132"], &["N23", "R10", "R31"]),
    (&["G43", "G44", "I60", "G00", "G03"], &["R51", "R110", "R112"]),
    (&["G40"], &["R56"]),
    (&["A40", "A41", "R652"], &["R50", "R65", "I959"]),
    (&["I63", "I61", "G45"], &["R47", "R298"]),
    (&["M54", "M51"], &["M549"]),
    (&["B20", "A15", "A16"], &["R05", "R50", "R634"]),
    (&["S", "M16", "M17", "M15"], &["M25", "M79"]),
];
