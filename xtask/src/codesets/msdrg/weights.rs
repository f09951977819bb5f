//! IPPS Table 5: relative weights and mean stays, tab separated.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

/// What Table 5 gives a DRG. Decimals are kept as whole numbers.
pub struct Weight {
    /// Relative weight after the 10 % cap on a year's fall, in ten-thousandths.
    pub weight: u32,
    /// Geometric mean stay, in tenths of a day.
    pub geometric_mean_stay: u32,
    /// Arithmetic mean stay, in tenths of a day.
    pub arithmetic_mean_stay: u32,
}

/// Weights by DRG. A DRG whose row holds no weight is left out.
pub fn read(file: &[u8]) -> Result<BTreeMap<u32, Weight>> {
    let text = String::from_utf8_lossy(file);
    let mut found = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let Some(drg) = cells.first().and_then(|cell| cell.parse::<u32>().ok()) else {
            continue;
        };
        ensure!(cells.len() >= 10, "DRG {drg} of Table 5 has {} columns", cells.len());
        let [weight, geometric, arithmetic] = [(7, 4), (8, 1), (9, 1)]
            .map(|(column, places): (usize, usize)| decimal(cells[column], places));
        if let (Some(weight), Some(geometric_mean_stay), Some(arithmetic_mean_stay)) =
            (weight, geometric, arithmetic)
        {
            found.insert(drg, Weight { weight, geometric_mean_stay, arithmetic_mean_stay });
        }
    }
    found.get(&1).context("Table 5 has no DRG 1: its layout has changed")?;
    Ok(found)
}

/// A decimal with at most `places` digits after its point, as a whole number of that unit.
fn decimal(cell: &str, places: usize) -> Option<u32> {
    let (whole, part) = cell.split_once('.').unwrap_or((cell, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > places {
        return None;
    }
    format!("{whole}{part:0<places$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADING: &str = "TABLE 5\nMS-DRG\tPost\tSpecial\tMDC\tTYPE\tTitle\tBefore\tCap\tG\tA\n";

    #[test]
    fn the_capped_weight_and_both_stays_are_read() {
        let heart = "001\tNo\tNo\tPRE\tSURG\tHEART\t28.0239\t28.0240\t25.8\t36";
        let invalid = "998\tNo\tNo\t\t**\tINVALID\t\t\t\t";
        let text = format!("{HEADING}{heart}\n{invalid}\n");
        let weights = read(text.as_bytes()).unwrap();
        assert_eq!(weights.len(), 1);
        let weight = &weights[&1];
        assert_eq!(weight.weight, 280_240);
        assert_eq!(weight.geometric_mean_stay, 258);
        assert_eq!(weight.arithmetic_mean_stay, 360);
    }

    #[test]
    fn another_layout_is_refused() {
        assert!(read(HEADING.as_bytes()).is_err());
        assert!(read(b"001\tHEART\t28.0239\n").is_err());
    }
}
