//! The guidelines across a whole note: what its mentions together support.

use std::collections::{BTreeMap, BTreeSet};

use super::combination::combine;
use super::companion::stands_beside;
use super::dictionary::Source;
use super::encounter::{is_planned, settle};
use super::mention::{Mention, Status};
use super::notes::Section;
use super::residual::{below, covering, integral_to, is_same_thing};
use super::{Evidence, SCORE_MIN, Setting, Suggester, Suggestion, history};

const REPEATED: f64 = 0.02;
const COVERED_FACTOR: f64 = 0.65;
const INTEGRAL_FACTOR: f64 = 0.6;

/// Suggestions from the mentions of one note, surest first.
pub(super) fn decide(
    suggester: &Suggester,
    text: &str,
    mentions: &[Mention],
    setting: Setting,
) -> Vec<Suggestion> {
    let mut codes = gather(suggester, text, mentions, setting);
    drop_ended(&mut codes);
    drop_what_sequelae_say(&mut codes);
    settle(&mut codes);
    combine(&mut codes);
    add_companions(suggester, text, mentions, &mut codes);
    codes.retain(|code, _| suggester.tree.find(code).is_some());
    weigh_covered(suggester, &mut codes);
    lower_integral(&mut codes);
    let mut suggestions: Vec<Suggestion> = codes.into_values().collect();
    suggestions.retain(|suggestion| suggestion.score >= SCORE_MIN);
    suggestions.sort_by(|left, right| {
        right.score.total_cmp(&left.score).then_with(|| left.code.cmp(&right.code))
    });
    suggestions
}

/// One suggestion a code, with every place that supports it.
fn gather(
    suggester: &Suggester,
    text: &str,
    mentions: &[Mention],
    setting: Setting,
) -> BTreeMap<String, Suggestion> {
    let mut codes: BTreeMap<String, Suggestion> = BTreeMap::new();
    for mention in mentions.iter().filter(|mention| mention.source != Source::Companion) {
        let code = suggester.tree.node(mention.node).code.as_str();
        let Some((code, reason)) = coded(suggester, code, mention, setting) else { continue };
        if is_planned(&code, mention.section) {
            continue;
        }
        let score = score(mention);
        let evidence = evidence(text, mention);
        let entry = codes.entry(code.clone()).or_insert_with(|| Suggestion {
            code,
            score: score - REPEATED,
            evidence: Vec::new(),
            reason: reason.to_owned(),
        });
        if score > entry.score {
            reason.clone_into(&mut entry.reason);
        }
        entry.score = (entry.score.max(score - REPEATED) + REPEATED).min(0.99);
        if !holds(&entry.evidence, &evidence) {
            entry.evidence.push(evidence);
        }
    }
    codes
}

/// Whether a place stands among the last ones: mentions come in the order of the note, those of
/// one sentence together.
fn holds(places: &[Evidence], wanted: &Evidence) -> bool {
    const SENTENCE_MENTIONS: usize = 64;
    places.iter().rev().take(SENTENCE_MENTIONS).any(|place| place == wanted)
}

fn evidence(text: &str, mention: &Mention) -> Evidence {
    Evidence {
        start: mention.start,
        end: mention.end,
        text: text.get(mention.bytes.0..mention.bytes.1).unwrap_or_default().to_owned(),
    }
}

/// Adds codes that stand only beside a diagnosis which the note holds.
fn add_companions(
    suggester: &Suggester,
    text: &str,
    mentions: &[Mention],
    codes: &mut BTreeMap<String, Suggestion>,
) {
    for mention in mentions.iter().filter(|mention| mention.source == Source::Companion) {
        let code = suggester.tree.node(mention.node).code.as_str();
        if mention.status != Status::Present {
            continue;
        }
        let Some(diagnosis) =
            codes.keys().find(|diagnosis| stands_beside(code, diagnosis)).cloned()
        else {
            continue;
        };
        let entry = codes.entry(code.to_owned()).or_insert_with(|| Suggestion {
            code: code.to_owned(),
            score: score(mention),
            evidence: Vec::new(),
            reason: format!(
                "An additional code beside {} (guideline I.A.17).",
                crate::edits::shown(&diagnosis)
            ),
        });
        let evidence = evidence(text, mention);
        if !holds(&entry.evidence, &evidence) {
            entry.evidence.push(evidence);
        }
    }
}

/// The code for a mention as the note states it, with the reason.
fn coded(
    suggester: &Suggester,
    code: &str,
    mention: &Mention,
    setting: Setting,
) -> Option<(String, &'static str)> {
    match mention.status {
        Status::Present => Some((code.to_owned(), "The note states it.")),
        Status::Doubtful if setting == Setting::Outpatient || history::only_confirmed(code) => None,
        Status::Doubtful => Some((
            code.to_owned(),
            "The note gives it as uncertain; an inpatient's uncertain diagnosis at discharge is \
             coded as if it existed (guideline II.H).",
        )),
        // An adverse effect that was is over: what the drug did is not coded again.
        Status::Past if is_adverse_effect(code) => None,
        Status::Past => match history::personal(code) {
            Some(past) if suggester.tree.find(past).is_some() => {
                Some((past.to_owned(), "The note gives it as history (guideline I.C.21.c.4)."))
            }
            _ => {
                Some((code.to_owned(), "The note gives it as history; it is coded while it lasts."))
            }
        },
        Status::Family => history::family(code)
            .filter(|family| suggester.tree.find(family).is_some())
            .map(|family| {
                (family.to_owned(), "The note gives it as family history (guideline I.C.21.c.4).")
            }),
    }
}

/// Whether a code says that a drug, taken as it should be, did harm (guideline I.C.19.e.5.a).
fn is_adverse_effect(code: &str) -> bool {
    let category = code.get(1..3).and_then(|number| number.parse::<u8>().ok());
    code.starts_with('T')
        && category.is_some_and(|number| (36..=50).contains(&number))
        && (code.as_bytes().get(5) == Some(&b'5'))
}

fn score(mention: &Mention) -> f64 {
    let base = match mention.source {
        Source::Lexicon => 0.75,
        Source::Title => 0.65,
        Source::Inclusion => 0.60,
        Source::Site => 0.70,
        Source::Weak => 0.45,
        Source::Companion => 0.65,
    };
    let words = 0.05 * (mention.words.min(4) as f64 - 1.0);
    let section = match mention.section {
        Section::Diagnosis => 0.08,
        Section::Instructions => -0.1,
        _ => 0.0,
    };
    let doubt = if mention.status == Status::Doubtful { -0.15 } else { 0.0 };
    let missing = -0.08 * mention.missing.min(4) as f64;
    let strangers = -0.10 * mention.strangers.min(3) as f64;
    (base + words + strangers + section + doubt + missing).clamp(0.0, 0.97)
}

/// A disease that the note also gives as present is not history (guideline I.C.2.m).
fn drop_ended(codes: &mut BTreeMap<String, Suggestion>) {
    let current: Vec<String> =
        codes.keys().filter_map(|code| history::personal(code)).map(str::to_owned).collect();
    for past in current {
        if past.starts_with("Z85") {
            codes.remove(&past);
        }
    }
}

/// What is left of an old stroke is one code: the deficit alone is excluded beside it (excludes1
/// at G81, R47.0, R47.1), and so is a history without deficits (guideline I.C.9.d.3).
fn drop_what_sequelae_say(codes: &mut BTreeMap<String, Suggestion>) {
    const SAID: [(&str, &str); 4] =
        [("I6935", "G819"), ("I69320", "R4701"), ("I69322", "R471"), ("I693", "Z8673")];
    for (sequela, said) in SAID {
        if codes.keys().any(|code| code.starts_with(sequela)) {
            codes.retain(|code, _| !code.starts_with(said));
        }
    }
}

/// The part of a code below which another code speaks of the same disease: the category where
/// categories are diseases, the next level up where they are regions or symptoms.
fn stem(code: &str) -> &str {
    let length = if code.starts_with(['C', 'D', 'E', 'F', 'G', 'I', 'J', 'K', 'N']) {
        3
    } else {
        code.len() - 1
    };
    code.get(..length).unwrap_or(code)
}

/// Drops or lowers codes that say less than another code of the note says.
fn weigh_covered(suggester: &Suggester, codes: &mut BTreeMap<String, Suggestion>) {
    let tree = &suggester.tree;
    let is_open = |code: &str| tree.find(code).is_some_and(|node| tree.is_unspecified(node));
    let all: BTreeSet<String> = codes.keys().cloned().collect();
    codes.retain(|code, suggestion| {
        let sibling = || {
            let stem = stem(code);
            below(&all, stem).find(|other| is_open(code) && *other != code && !is_open(other))
        };
        let Some(finer) = covering(code, &all).or_else(sibling) else { return true };
        suggestion.score *= COVERED_FACTOR;
        suggestion.reason = format!(
            "{finer} says more; code this one too only for another finding (guideline I.B.18)."
        );
        !is_same_thing(code)
    });
}

/// Lowers signs that are part of a disease of the note (guideline I.B.5).
fn lower_integral(codes: &mut BTreeMap<String, Suggestion>) {
    let all: BTreeSet<String> = codes.keys().cloned().collect();
    for (code, suggestion) in codes.iter_mut() {
        if let Some(disease) = integral_to(code, &all) {
            suggestion.score *= INTEGRAL_FACTOR;
            suggestion.reason = format!(
                "A usual part of {}; code it only when it is not (guideline I.B.5).",
                crate::edits::shown(disease)
            );
        }
    }
}
