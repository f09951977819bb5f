//! Are two records one person? A sum of weights, the reasons behind it, and cautions against it.

use crate::levels::{Agreement, agreement};
use crate::model::{Field, Level, Model};
use crate::person::Person;
pub use crate::prepared::Prepared;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What the comparison comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Two people, as far as the records show.
    Different,
    /// A person has to look.
    Possible,
    /// One person, as far as the records show. Nothing merges by itself.
    Same,
}

/// One field's part in the sum, in words without the patient's data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The field.
    pub field: Field,
    /// How far it agrees.
    pub level: Level,
    /// Its weight in bits: positive speaks for one person, negative against.
    pub weight: f64,
    /// The sentence that a page shows.
    pub sentence: String,
}

/// The comparison of two people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Sum of the weights in bits (log2 of the Bayes factor).
    pub score: f64,
    /// Probability that they are one person, 0 to 1.
    pub probability: f64,
    /// What it comes to, cautions considered.
    pub verdict: Verdict,
    /// The reasons, the heaviest first.
    pub reasons: Vec<Reason>,
    /// Why two records that score high are not called the same.
    pub cautions: Vec<String>,
}

static GENERAL: LazyLock<Model> = LazyLock::new(Model::default);

/// Compares two people under the general model.
pub fn compare(a: &Person, b: &Person) -> Comparison {
    compare_with(&Prepared::new(a), &Prepared::new(b), &GENERAL)
}

/// Compares two prepared people under a model.
pub fn compare_with(a: &Prepared, b: &Prepared, model: &Model) -> Comparison {
    let agreement = agreement(a, b, model);
    let household = household_share(&agreement, a, b);
    let mut reasons = Vec::new();
    for (field, level) in Field::ALL.into_iter().zip(agreement.levels) {
        if level == Level::Missing {
            continue;
        }
        let weight = weight_of(field, level, &agreement, a, model);
        let is_shared_by_family =
            matches!(field, Field::Family | Field::Address | Field::Phone | Field::Email)
                && weight > 0.0;
        let weight = if is_shared_by_family { weight * household } else { weight };
        reasons.push(Reason { field, level, weight, sentence: sentence(field, level).to_owned() });
    }
    let score: f64 = reasons.iter().map(|reason| reason.weight).sum();
    let probability = model.probability(score);
    reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then(a.field.cmp(&b.field)));
    let cautions: Vec<String> =
        CAUTIONS.iter().filter_map(|caution| caution(&agreement, a, b)).collect();
    let verdict = match probability {
        p if p >= model.same_from && cautions.is_empty() => Verdict::Same,
        p if p >= model.possible_from => Verdict::Possible,
        _ => Verdict::Different,
    };
    Comparison { score, probability, verdict, reasons, cautions }
}

/// How much of the evidence that a household shares counts: two people of one family share name,
/// address and telephone. Given names that differ, or a birth a generation apart, say "family".
fn household_share(agreement: &Agreement, a: &Prepared, b: &Prepared) -> f64 {
    let given_differs = level_of(agreement, Field::Given) == Level::Different;
    if given_differs || is_generation_apart(a, b) { 0.3 } else { 1.0 }
}

/// Years between births from which one can be the other's parent.
const GENERATION_YEARS_MIN: i16 = 14;

fn is_generation_apart(a: &Prepared, b: &Prepared) -> bool {
    match (a.birth, b.birth) {
        (Some(a), Some(b)) => {
            let same_day = a.month == b.month && a.day == b.day && a.is_full();
            (a.year - b.year).abs() >= GENERATION_YEARS_MIN && !same_day
        }
        _ => false,
    }
}

fn level_of(agreement: &Agreement, field: Field) -> Level {
    let at = Field::ALL.iter().position(|one| *one == field);
    at.map_or(Level::Missing, |at| agreement.levels[at])
}

fn weight_of(field: Field, level: Level, with: &Agreement, a: &Prepared, model: &Model) -> f64 {
    let weight = model.weight_bits(field, level);
    let by_share = |share: f64| (model.rate(field, level).m / share.max(1e-5)).log2();
    match (field, level) {
        (Field::Family, Level::Exact) => match &with.family {
            Some(name) => by_share(model.frequencies.of_family(name)),
            None => weight,
        },
        (Field::Given, Level::Exact) => match &with.given {
            Some(name) => by_share(model.frequencies.of_given(name)),
            None => weight,
        },
        // The first of January is what registration writes when only the year is known.
        (Field::BirthDate, Level::Exact) if is_first_of_january(a) => weight - 5.0,
        _ => weight,
    }
}

fn is_first_of_january(a: &Prepared) -> bool {
    a.birth.is_some_and(|birth| birth.month == Some(1) && birth.day == Some(1))
}

type Caution = fn(&Agreement, &Prepared, &Prepared) -> Option<String>;

/// Each stops "same" and leaves the decision to a person.
const CAUTIONS: &[Caution] = &[
    caution_twins,
    caution_birth_date,
    caution_national_number,
    caution_other_name,
    caution_generation,
    caution_initial,
    caution_sex,
    caution_little_known,
];

fn says(holds: bool, sentence: &str) -> Option<String> {
    holds.then(|| sentence.to_owned())
}

fn caution_twins(with: &Agreement, a: &Prepared, b: &Prepared) -> Option<String> {
    let given = level_of(with, Field::Given);
    let same_birth = level_of(with, Field::BirthDate) == Level::Exact;
    let differs = given == Level::Different;
    let may_differ = !matches!(given, Level::Exact | Level::Nickname | Level::Missing);
    let known_twin = a.multiple_birth || b.multiple_birth;
    let only_alike = given == Level::Phonetic || with.givens_look_like_two;
    let same_number = level_of(with, Field::NationalId) == Level::Exact
        || level_of(with, Field::Identifier) == Level::Exact;
    says(
        same_birth && (differs || (may_differ && (known_twin || (only_alike && !same_number)))),
        "Given names differ and the birth date is the same: they may be twins.",
    )
    .or_else(|| says(differs, "Given names differ: they may be relatives."))
}

fn caution_birth_date(with: &Agreement, _: &Prepared, _: &Prepared) -> Option<String> {
    let birth = level_of(with, Field::BirthDate);
    says(
        birth == Level::Different,
        "Birth dates differ: they may be parent and child, or one date is wrong.",
    )
    .or_else(|| says(birth == Level::Missing, "A birth date is missing: find it first."))
}

fn caution_national_number(with: &Agreement, _: &Prepared, _: &Prepared) -> Option<String> {
    let number = level_of(with, Field::NationalId);
    let same_birth = level_of(with, Field::BirthDate) == Level::Exact;
    let same_family = level_of(with, Field::Family) == Level::Exact;
    says(
        number == Level::Different || (number == Level::Near && !(same_birth && same_family)),
        "National numbers differ: one is wrong, or they are two people.",
    )
}

fn caution_other_name(with: &Agreement, _: &Prepared, _: &Prepared) -> Option<String> {
    let by_other_name = level_of(with, Field::Family) == Level::OtherName;
    let same_birth = level_of(with, Field::BirthDate) == Level::Exact;
    says(
        by_other_name && !same_birth,
        "Only another name agrees, not the one in use, and the birth date is not the same.",
    )
}

fn caution_generation(with: &Agreement, _: &Prepared, _: &Prepared) -> Option<String> {
    let conflict = level_of(with, Field::Suffix) == Level::Different;
    says(conflict, "Suffixes name two generations: they may be father and son.")
}

fn caution_initial(with: &Agreement, _: &Prepared, _: &Prepared) -> Option<String> {
    let initial = level_of(with, Field::Given) == Level::Initial;
    let same_number = [Field::NationalId, Field::Identifier]
        .into_iter()
        .any(|field| level_of(with, field) == Level::Exact);
    says(initial && !same_number, "Only an initial of the given name agrees.")
}

fn caution_sex(with: &Agreement, _: &Prepared, _: &Prepared) -> Option<String> {
    let differs = level_of(with, Field::Sex) == Level::Different;
    let same_number = level_of(with, Field::NationalId) == Level::Exact;
    says(differs && !same_number, "Sex differs: check it against the source documents.")
}

fn caution_little_known(with: &Agreement, _: &Prepared, _: &Prepared) -> Option<String> {
    let known = |field| level_of(with, field) != Level::Missing;
    let has_names = known(Field::Family) && known(Field::Given);
    let agrees = |field| matches!(level_of(with, field), Level::Exact | Level::Near);
    let sure = [Field::BirthDate, Field::NationalId, Field::Identifier].into_iter().any(agrees)
        || (agrees(Field::Phone) && agrees(Field::Address))
        || (agrees(Field::Email) && (agrees(Field::Phone) || agrees(Field::Address)));
    says(!has_names, "A name is missing: look at the source documents.")
        .or_else(|| says(!sure, "Too little beside the name agrees to be sure."))
}

/// The sentence for a field and a level.
pub fn sentence(field: Field, level: Level) -> &'static str {
    match (field, level) {
        (Field::Family, Level::Exact) => "Family names are the same.",
        (Field::Family, Level::OtherName) => {
            "A maiden, former or other name, or part of a double name, is the same."
        }
        (Field::Family, Level::Near) => "Family names are a letter or two apart.",
        (Field::Family, Level::Phonetic) => "Family names sound alike.",
        (Field::Family | Field::Given, Level::Transposed) => {
            "Family and given name stand in each other's place."
        }
        (Field::Family, _) => "Family names differ.",
        (Field::Given, Level::Exact) => "Given names are the same.",
        (Field::Given, Level::Nickname) => "One given name is a short form of the other.",
        (Field::Given, Level::OtherName) => "One record's given name is the other's middle name.",
        (Field::Given, Level::Near) => "Given names are a letter or two apart.",
        (Field::Given, Level::Phonetic) => "Given names sound alike.",
        (Field::Given, Level::Initial) => "An initial fits the given name.",
        (Field::Given, _) => "Given names differ.",
        (Field::Middle, Level::Exact) => "Middle names are the same.",
        (Field::Middle, Level::Initial) => "The middle initial fits.",
        (Field::Middle, Level::Near) => "Middle names are a letter or two apart.",
        (Field::Middle, _) => "Middle names differ.",
        (Field::Suffix, Level::Exact) => "Suffixes fit together.",
        (Field::Suffix, _) => "Suffixes name two generations.",
        (Field::BirthDate, Level::Exact) => "Birth dates are the same.",
        (Field::BirthDate, Level::Transposed) => "Day and month of birth are exchanged.",
        (Field::BirthDate, Level::Near) => "Birth dates are one digit apart.",
        (Field::BirthDate, Level::Partial) => "Birth dates agree in part.",
        (Field::BirthDate, _) => "Birth dates differ.",
        (Field::Sex, Level::Exact) => "Sex is the same.",
        (Field::Sex, _) => "Sex differs.",
        (Field::Address, Level::Exact) => "Addresses are the same.",
        (Field::Address, Level::Near) => "Addresses are nearly the same.",
        (Field::Address, Level::Partial) => "Postal codes are the same, streets are not.",
        (Field::Address, Level::City) => "Cities are the same, streets are not.",
        (Field::Address, _) => "Addresses differ: people move.",
        (Field::Phone, Level::Exact) => "A telephone number is the same.",
        (Field::Phone, Level::Near) => "Telephone numbers are one digit apart.",
        (Field::Phone, _) => "Telephone numbers differ.",
        (Field::Email, Level::Exact) => "An e-mail address is the same.",
        (Field::Email, Level::Near) => "E-mail addresses are nearly the same.",
        (Field::Email, _) => "E-mail addresses differ.",
        (Field::NationalId, Level::Exact) => "National numbers are the same.",
        (Field::NationalId, Level::Near) => "National numbers are one digit apart.",
        (Field::NationalId, Level::Partial) => "The last four digits of the numbers are the same.",
        (Field::NationalId, _) => "National numbers differ.",
        (Field::Identifier, _) => "Another identifier is the same.",
    }
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
