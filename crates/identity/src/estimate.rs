//! Learning the rates from a site's own pairs, without anyone's labels.
//!
//! `u` is counted over random pairs (nearly all of them two people); `m` and the share of one
//! person among candidate pairs come from expectation and maximisation (Winkler, "Using the EM
//! Algorithm for Weight Computation in the Fellegi-Sunter Model", 1988). Both are smoothed toward
//! the rates that the model began with, so that a small site changes them little.

use crate::levels::Levels;
use crate::model::{Field, Level, Model, RateRow};
use std::collections::BTreeMap;

/// How many pairs the starting rates count for.
const SMOOTHING_PAIRS: f64 = 50.0;

/// A model learned from pairs.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The model, with rates and prior replaced.
    pub model: Model,
    /// The share of candidate pairs that look like one person, 0 to 1.
    pub same_share: f64,
    /// Rounds until the share settled.
    pub rounds: usize,
}

/// Learns rates from the levels of random pairs and of candidate pairs.
///
/// The prior is not replaced by the share among candidates where that is larger: candidates share
/// a blocking key, and that has been counted by the weight of the key's fields already.
pub fn learn(
    random: &[Levels],
    candidates: &[Levels],
    start: &Model,
    rounds_max: usize,
) -> Learned {
    let mut model = start.clone();
    model.version = format!("{} learned", start.version);
    let everyone = vec![1.0; random.len()];
    let counted = counts(random, &everyone);
    for row in &mut model.rates {
        row.rate.u = smoothed(row, &counted, row.rate.u);
    }
    let patterns = patterns(candidates);
    let mut same_share = 0.1;
    let mut rounds = 0;
    while rounds < rounds_max {
        rounds += 1;
        let expected: Vec<f64> = patterns
            .iter()
            .map(|(levels, count)| count * posterior(levels, &model, same_share))
            .collect();
        let levels: Vec<Levels> = patterns.iter().map(|(levels, _)| *levels).collect();
        let counted = counts(&levels, &expected);
        for (row, begun) in model.rates.iter_mut().zip(&start.rates) {
            row.rate.m = smoothed(row, &counted, begun.rate.m);
        }
        let before = same_share;
        same_share = expected.iter().sum::<f64>() / candidates.len().max(1) as f64;
        same_share = same_share.clamp(1e-6, 1.0 - 1e-6);
        if (same_share - before).abs() < 1e-6 {
            break;
        }
    }
    Learned { model, same_share, rounds }
}

fn patterns(pairs: &[Levels]) -> Vec<(Levels, f64)> {
    let mut found: BTreeMap<Levels, f64> = BTreeMap::new();
    for levels in pairs {
        *found.entry(*levels).or_default() += 1.0;
    }
    found.into_iter().collect()
}

fn posterior(levels: &Levels, model: &Model, same_share: f64) -> f64 {
    let weights = Field::ALL.into_iter().zip(levels);
    let bits: f64 = weights.map(|(field, level)| model.weight_bits(field, *level)).sum();
    let prior = (same_share / (1.0 - same_share)).log2();
    1.0 / (1.0 + (-(prior + bits)).exp2())
}

/// Pairs counted by field and level, and by field alone (what is missing is left out).
type Counts = BTreeMap<(Field, Option<Level>), f64>;

fn counts(pairs: &[Levels], shares: &[f64]) -> Counts {
    let mut counts = Counts::new();
    for (levels, share) in pairs.iter().zip(shares) {
        for (field, level) in Field::ALL.into_iter().zip(levels) {
            if *level != Level::Missing {
                *counts.entry((field, Some(*level))).or_default() += share;
                *counts.entry((field, None)).or_default() += share;
            }
        }
    }
    counts
}

fn smoothed(row: &RateRow, counts: &Counts, begun: f64) -> f64 {
    // Only agreement is ever counted for identifiers: their rates can't be learned.
    if row.field == Field::Identifier {
        return begun;
    }
    let count = |level| counts.get(&(row.field, level)).copied().unwrap_or(0.0);
    let share =
        (count(Some(row.level)) + begun * SMOOTHING_PAIRS) / (count(None) + SMOOTHING_PAIRS);
    share.clamp(1e-7, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(family: Level, birth: Level) -> Levels {
        let mut levels = [Level::Missing; 11];
        levels[0] = family;
        levels[4] = birth;
        levels
    }

    #[test]
    fn shares_and_rates_are_recovered() {
        use Level::*;
        let random = vec![levels(Different, Different); 2_000];
        let mut candidates = vec![levels(Different, Different); 700];
        candidates.extend(vec![levels(Exact, Exact); 240]);
        candidates.extend(vec![levels(Near, Exact); 60]);
        let learned = learn(&random, &candidates, &Model::default(), 100);
        assert!((learned.same_share - 0.3).abs() < 0.02, "{}", learned.same_share);
        let near = learned.model.rate(Field::Family, Near).m;
        assert!((near - 0.18).abs() < 0.03, "{near}");
        assert!(learned.model.version.ends_with("learned"));
    }

    #[test]
    fn nothing_to_learn_from_changes_nothing() {
        let start = Model::default();
        let learned = learn(&[], &[], &start, 10);
        for (row, begun) in learned.model.rates.iter().zip(&start.rates) {
            assert!((row.rate.m - begun.rate.m).abs() < 1e-9);
            assert!((row.rate.u - begun.rate.u).abs() < 1e-9);
        }
    }
}
