//! A figure: a number with its formula, its version and the rows behind it.

use serde::{Deserialize, Serialize};

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Things.
    Count,
    /// Days.
    Days,
    /// Patients (an average may be broken).
    Patients,
    /// Hundredths.
    Percent,
    /// Discharges for each bed.
    PerBed,
    /// Relative weight.
    Weight,
    /// Dollars.
    Dollars,
}

impl Unit {
    /// What stands behind the number.
    pub fn label(self) -> &'static str {
        match self {
            Unit::Count => "",
            Unit::Days => "days",
            Unit::Patients => "patients",
            Unit::Percent => "%",
            Unit::PerBed => "per bed",
            Unit::Weight => "",
            Unit::Dollars => "USD",
        }
    }
}

/// A figure of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Name of the measure, with a part behind a dot where it has parts.
    pub name: String,
    /// Title.
    pub title: String,
    /// The number; `None` where there is no denominator.
    pub value: Option<f64>,
    /// Why there is no number.
    pub no_value: Option<String>,
    /// What is divided, or the number itself where nothing is divided.
    pub numerator: f64,
    /// By what.
    pub denominator: Option<f64>,
    /// What the number counts.
    pub unit: Unit,
    /// The formula, in words.
    pub formula: String,
    /// Version of the formula.
    pub version: String,
    /// Ids of the rows behind the numerator: what the number opens.
    pub rows: Vec<String>,
}

impl Figure {
    /// A count, or a sum of the rows given.
    pub fn count(name: &str, title: &str, unit: Unit, value: f64, rows: Vec<String>) -> Figure {
        Figure {
            name: name.to_owned(),
            title: title.to_owned(),
            value: Some(value),
            no_value: None,
            numerator: value,
            denominator: None,
            unit,
            formula: String::new(),
            version: String::new(),
            rows,
        }
    }

    /// A quotient. Without a denominator there is no value, and the figure says so: never zero,
    /// and never a number that is none.
    pub fn quotient(
        name: &str,
        title: &str,
        unit: Unit,
        numerator: f64,
        denominator: f64,
        denominator_of: &str,
        rows: Vec<String>,
    ) -> Figure {
        let scale = if unit == Unit::Percent { 100.0 } else { 1.0 };
        let has_value = denominator > 0.0;
        Figure {
            value: has_value.then(|| numerator * scale / denominator),
            no_value: (!has_value).then(|| format!("There are no {denominator_of} to divide by.")),
            denominator: Some(denominator),
            ..Figure::count(name, title, unit, numerator, rows)
        }
    }

    /// The number as people read it: two decimals for what was divided, none for counts. A share
    /// that is not zero never shows as zero.
    pub fn in_words(&self) -> String {
        let Some(value) = self.value else {
            return format!("none: {}", self.no_value.as_deref().unwrap_or_default());
        };
        let number = self.number(value);
        let label = match (number.as_str(), self.unit.label()) {
            ("1", "patients") => "patient",
            ("1", "days") => "day",
            (_, label) => label,
        };
        format!("{number} {label}").trim_end().to_owned()
    }

    /// A value of this figure with its decimals, without its unit.
    pub fn number(&self, value: f64) -> String {
        let is_whole = self.denominator.is_none() && value.fract() == 0.0;
        let small = value != 0.0 && value.abs() < 0.01;
        match (is_whole, small) {
            (true, _) => format!("{value:.0}"),
            (false, true) => {
                let decimals = (1.0 - value.abs().log10().floor()) as usize;
                format!("{value:.decimals$}")
            }
            (false, false) => format!("{value:.2}"),
        }
    }

    /// The numbers put into the formula: `183 / 305`.
    pub fn numbers(&self) -> String {
        let plain = |value: f64| match value.fract() == 0.0 {
            true => format!("{value:.0}"),
            false => format!("{value:.2}"),
        };
        match self.denominator {
            Some(below) => format!("{} / {}", plain(self.numerator), plain(below)),
            None => plain(self.numerator),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_in_words() {
        let quotient = |numerator, denominator| {
            Figure::quotient("a", "A", Unit::Percent, numerator, denominator, "stays", Vec::new())
                .in_words()
        };
        assert_eq!(quotient(25.0, 1250.0), "2.00 %");
        assert_eq!(quotient(0.0, 10.0), "0.00 %");
        assert_eq!(quotient(1.0, 200_000.0), "0.00050 %");
        assert_eq!(quotient(0.0, 0.0), "none: There are no stays to divide by.");
        let count = Figure::count("a", "A", Unit::Days, 12.0, Vec::new());
        assert_eq!(count.in_words(), "12 days");
    }
}
