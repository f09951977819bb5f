//! The edit `laterality`.
//!
//! # What it finds
//! The same condition coded for the left and the right side where a code for both exists, or for
//! an unspecified side beside a specified one.
//!
//! # Why it matters
//! One code for both sides is the one to report; an unspecified side beside a known one
//! contradicts it.
//!
//! # Example
//! `M17.11` and `M17.12`: osteoarthritis of both knees is `M17.0`.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.B.13.

use jiff::civil::date;

use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "laterality",
    severity: Severity::Advice,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.B.13",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("laterality.rs"),
    check,
    finds: || Draft::inpatient(&["M17.11", "M17.12"]),
    passes: || Draft::inpatient(&["M17.11", "M16.12"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let sided: Vec<(&str, Side, String)> = chart
        .nodes()
        .filter_map(|(_, dx, node)| {
            let (side, rest) = side_of(&node.title().to_lowercase())?;
            Some((dx.code.as_str(), side, rest))
        })
        .collect();
    for (at, (code, side, rest)) in sided.iter().enumerate() {
        for (other, other_side, other_rest) in &sided[at + 1..] {
            if rest != other_rest || side == other_side {
                continue;
            }
            let pair = format!("{} and {}", shown(code), shown(other));
            let is_open = *side == Side::Unspecified || *other_side == Side::Unspecified;
            let sentence = if is_open {
                format!("{pair} name the same condition with a side and without: keep the side.")
            } else if let Some(both) = bilateral(chart, code, rest) {
                format!("{pair} name both sides: report {} instead.", shown(&both))
            } else {
                continue;
            };
            edits.push(rule.edit(&[code, other], sentence));
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Both,
    Unspecified,
}

/// The side that a title names, and the title without it.
fn side_of(title: &str) -> Option<(Side, String)> {
    let sides = [
        ("left", Side::Left),
        ("right", Side::Right),
        ("bilateral", Side::Both),
        ("unspecified", Side::Unspecified),
    ];
    let words: Vec<&str> = title.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let side = sides.iter().find(|(word, _)| words.contains(word)).map(|(_, side)| *side)?;
    let rest: Vec<&str> =
        words.into_iter().filter(|word| !sides.iter().any(|(side, _)| side == word)).collect();
    Some((side, rest.join(" ")))
}

/// The code near this one whose title is the same with "bilateral".
fn bilateral(chart: &Chart<'_>, code: &str, rest: &str) -> Option<String> {
    let category = chart.node(code)?.ancestors().find(|above| above.code().len() == 3)?;
    category
        .leaves()
        .filter(|leaf| leaf.title().to_lowercase().contains("bilateral"))
        .find(|leaf| {
            side_of(&leaf.title().to_lowercase()).is_some_and(|(_, other)| same(&other, rest))
        })
        .map(|leaf| leaf.code().to_owned())
}

/// The same words in any order.
fn same(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut words: Vec<String> =
            text.to_lowercase().split(' ').map(|word| word.trim_matches('s').to_owned()).collect();
        words.retain(|word| word != "of" && word != "unilateral");
        words.sort();
        words
    };
    sorted(a) == sorted(b)
}
