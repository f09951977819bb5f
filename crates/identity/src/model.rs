//! The model of agreement: fields, levels, and how likely each level is for one person and for two.
//!
//! After Fellegi and Sunter, "A Theory for Record Linkage" (1969): each field agrees to a level;
//! `m` is how often records of one person show that level, `u` how often records of two people
//! do; the weight is log2(m / u), and weights add up.

use crate::frequency::NameFrequencies;
use serde::{Deserialize, Serialize};

/// A field that two records are compared on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Family name.
    Family,
    /// First given name.
    Given,
    /// Further given names.
    Middle,
    /// Jr, Sr, II and the like.
    Suffix,
    /// Date of birth.
    BirthDate,
    /// Administrative sex.
    Sex,
    /// Postal address.
    Address,
    /// Telephone numbers.
    Phone,
    /// E-mail addresses.
    Email,
    /// Social security or another national number.
    NationalId,
    /// Licence, passport, member number.
    Identifier,
}

impl Field {
    /// Every field, in the order in which reasons are shown.
    pub const ALL: [Field; 11] = [
        Field::Family,
        Field::Given,
        Field::Middle,
        Field::Suffix,
        Field::BirthDate,
        Field::Sex,
        Field::Address,
        Field::Phone,
        Field::Email,
        Field::NationalId,
        Field::Identifier,
    ];

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Field::Family => "Family name",
            Field::Given => "Given name",
            Field::Middle => "Middle name",
            Field::Suffix => "Suffix",
            Field::BirthDate => "Birth date",
            Field::Sex => "Sex",
            Field::Address => "Address",
            Field::Phone => "Telephone",
            Field::Email => "E-mail",
            Field::NationalId => "National number",
            Field::Identifier => "Other identifier",
        }
    }
}

/// How far a field agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The same.
    Exact,
    /// A few letters or digits apart.
    Near,
    /// Forms of one given name.
    Nickname,
    /// The same by another name: maiden, alias, middle, part of a double name.
    OtherName,
    /// Family and given name, or day and month, exchanged.
    Transposed,
    /// Sound alike.
    Phonetic,
    /// An initial that fits.
    Initial,
    /// The same in part: month and year, a postal code, the last four digits.
    Partial,
    /// The same city only.
    City,
    /// Not the same.
    Different,
    /// Not known in one of the records: no evidence.
    Missing,
}

/// How often a level is seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Among pairs of records of one person.
    pub m: f64,
    /// Among pairs of records of two people.
    pub u: f64,
}

impl Rate {
    /// The weight in bits: positive speaks for one person.
    pub fn weight_bits(self) -> f64 {
        (self.m / self.u).log2()
    }
}

/// One row of a model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateRow {
    /// The field.
    pub field: Field,
    /// The level.
    pub level: Level,
    /// Its rates.
    pub rate: Rate,
}

/// Rates from general knowledge of registration: typing errors in some percent of fields, a move
/// in a few years, one birth date in 25,000, names by frequency.
const DEFAULT_RATES: &[(Field, Level, f64, f64)] = &[
    (Field::Family, Level::Exact, 0.86, 0.001),
    (Field::Family, Level::Near, 0.055, 0.001),
    (Field::Family, Level::OtherName, 0.03, 0.0008),
    (Field::Family, Level::Transposed, 0.008, 0.0001),
    (Field::Family, Level::Phonetic, 0.01, 0.003),
    (Field::Family, Level::Different, 0.037, 0.994),
    (Field::Given, Level::Exact, 0.82, 0.006),
    (Field::Given, Level::Near, 0.05, 0.003),
    (Field::Given, Level::Nickname, 0.05, 0.002),
    (Field::Given, Level::OtherName, 0.015, 0.003),
    (Field::Given, Level::Transposed, 0.008, 0.0005),
    (Field::Given, Level::Phonetic, 0.01, 0.006),
    (Field::Given, Level::Initial, 0.012, 0.01),
    (Field::Given, Level::Different, 0.035, 0.9695),
    (Field::Middle, Level::Exact, 0.7, 0.02),
    (Field::Middle, Level::Initial, 0.2, 0.06),
    (Field::Middle, Level::Near, 0.05, 0.01),
    (Field::Middle, Level::Different, 0.05, 0.91),
    (Field::Suffix, Level::Exact, 0.95, 0.35),
    (Field::Suffix, Level::Different, 0.05, 0.65),
    (Field::BirthDate, Level::Exact, 0.92, 0.00004),
    (Field::BirthDate, Level::Transposed, 0.012, 0.00004),
    (Field::BirthDate, Level::Near, 0.035, 0.0008),
    (Field::BirthDate, Level::Partial, 0.015, 0.005),
    (Field::BirthDate, Level::Different, 0.018, 0.99412),
    (Field::Sex, Level::Exact, 0.98, 0.5),
    (Field::Sex, Level::Different, 0.02, 0.5),
    (Field::Address, Level::Exact, 0.5, 0.0005),
    (Field::Address, Level::Near, 0.12, 0.0008),
    (Field::Address, Level::Partial, 0.12, 0.02),
    (Field::Address, Level::City, 0.1, 0.06),
    (Field::Address, Level::Different, 0.16, 0.9187),
    (Field::Phone, Level::Exact, 0.55, 0.0003),
    (Field::Phone, Level::Near, 0.04, 0.0005),
    (Field::Phone, Level::Different, 0.41, 0.9992),
    (Field::Email, Level::Exact, 0.55, 0.00005),
    (Field::Email, Level::Near, 0.08, 0.0004),
    (Field::Email, Level::Different, 0.37, 0.99955),
    (Field::NationalId, Level::Exact, 0.93, 0.00001),
    (Field::NationalId, Level::Near, 0.04, 0.0001),
    (Field::NationalId, Level::Partial, 0.01, 0.0002),
    (Field::NationalId, Level::Different, 0.02, 0.99969),
    (Field::Identifier, Level::Exact, 0.5, 0.00005),
];

/// Weights, name frequencies, the prior and the thresholds of one comparison.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Model {
    /// Name of this set of rates, kept with every judgement made under it.
    pub version: String,
    /// Rates by field and level.
    pub rates: Vec<RateRow>,
    /// log2 of the odds that a candidate pair is one person before anything is compared.
    pub prior_bits: f64,
    /// From this probability on, with no caution against it, two records are one person.
    pub same_from: f64,
    /// From this probability on, a person has to look.
    pub possible_from: f64,
    /// How common names are at this site.
    pub frequencies: NameFrequencies,
}

impl Default for Model {
    fn default() -> Model {
        let row = |&(field, level, m, u): &(Field, Level, f64, f64)| RateRow {
            field,
            level,
            rate: Rate { m, u },
        };
        Model {
            version: "general 1".to_owned(),
            rates: DEFAULT_RATES.iter().map(row).collect(),
            // One candidate pair in two thousand: candidates share a blocking key.
            prior_bits: -11.0,
            same_from: 0.99,
            possible_from: 0.1,
            frequencies: NameFrequencies::default(),
        }
    }
}

impl Model {
    /// The rate of a level; a level that the model does not know is no evidence.
    pub fn rate(&self, field: Field, level: Level) -> Rate {
        let found = self.rates.iter().find(|row| row.field == field && row.level == level);
        found.map_or(Rate { m: 1.0, u: 1.0 }, |row| row.rate)
    }

    /// The weight of a level in bits.
    pub fn weight_bits(&self, field: Field, level: Level) -> f64 {
        match level {
            Level::Missing => 0.0,
            _ => self.rate(field, level).weight_bits(),
        }
    }

    /// The probability that a sum of weights stands for, 0 to 1.
    pub fn probability(&self, weight_bits: f64) -> f64 {
        1.0 / (1.0 + (-(self.prior_bits + weight_bits)).exp2())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_of_a_field_sum_to_one() {
        let model = Model::default();
        for field in Field::ALL.into_iter().filter(|field| *field != Field::Identifier) {
            let rows = model.rates.iter().filter(|row| row.field == field);
            let (m, u) = rows.fold((0.0, 0.0), |(m, u), row| (m + row.rate.m, u + row.rate.u));
            assert!((m - 1.0).abs() < 0.011, "{field:?} m {m}");
            assert!((u - 1.0).abs() < 0.011, "{field:?} u {u}");
        }
    }

    #[test]
    fn no_evidence_leaves_the_prior() {
        let model = Model::default();
        assert!((model.probability(0.0) - 1.0 / 2049.0).abs() < 1e-9);
        assert!((model.probability(11.0) - 0.5).abs() < 1e-9);
        assert_eq!(model.weight_bits(Field::Family, Level::Missing), 0.0);
        assert_eq!(model.weight_bits(Field::Sex, Level::Nickname), 0.0);
    }
}
