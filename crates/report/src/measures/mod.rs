//! Measures, a file each: what each counts, its formula, its edge cases and its source stand at the
//! head of its file, and the manual is made from there.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, StayRow};

mod accesses;
mod anaesthesia_death;
mod autopsy;
mod average_daily_census;
mod average_stay;
mod bed_turnover;
mod caesarean;
mod case_mix_index;
mod consultation;
mod daily_census;
mod delinquency;
mod discharges;
mod duplicates;
mod fetal_death;
mod gross_death;
mod infection;
mod maternal_death;
mod net_death;
mod newborn_death;
mod occupancy;
mod postoperative_death;
pub(crate) mod readmission;
mod release_turnaround;
mod service_days;
#[cfg(test)]
mod tests;
mod unbilled_days;

/// A measure.
#[derive(Clone, Copy)]
pub struct Measure {
    /// Its name.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Version of its formula, kept with every figure.
    pub version: &'static str,
    /// Its formula, kept with every figure.
    pub formula: &'static str,
    /// Text of its file, for the manual.
    text: &'static str,
    compute: fn(&Input<'_>) -> Vec<Figure>,
}

impl std::fmt::Debug for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Measure {
    /// The text under a heading of its file; `None` where that is missing or empty.
    pub fn section(&self, heading: &str) -> Option<String> {
        record::manual::section(self.text, heading)
    }

    /// Its figures for these rows, each with formula and version.
    pub fn figures(&self, input: &Input<'_>) -> Vec<Figure> {
        let mut figures = (self.compute)(input);
        for figure in &mut figures {
            figure.formula = self.formula.to_owned();
            figure.version = self.version.to_owned();
        }
        figures
    }
}

/// The measure of this name; a figure's name with its part behind the dot finds it too.
pub fn by_name(name: &str) -> Option<&'static Measure> {
    let name = name.split('.').next().unwrap_or(name);
    all().iter().find(|measure| measure.name == name)
}

fn ids(stays: &[&StayRow]) -> Vec<String> {
    stays.iter().map(|stay| stay.id.clone()).collect()
}

/// A share of stays in percent, with the stays above the line as its rows.
fn percent(name: &str, title: &str, above: &[&StayRow], below: &[&StayRow], of: &str) -> Figure {
    let (count, all) = (above.len() as f64, below.len() as f64);
    Figure::quotient(name, title, Unit::Percent, count, all, of, ids(above))
}

macro_rules! registry {
    ($($name:ident, $title:literal, $version:literal, $formula:literal;)*) => {
        /// Every measure, in the order of the manual.
        pub fn all() -> &'static [Measure] {
            &[$(Measure {
                name: stringify!($name),
                title: $title,
                version: $version,
                formula: $formula,
                text: include_str!(concat!(stringify!($name), ".rs")),
                compute: $name::compute,
            },)*]
        }
    };
}

registry! {
    daily_census, "Daily inpatient census", "1",
        "in house at midnight + admitted and discharged the same day";
    service_days, "Inpatient service days", "1",
        "sum of the daily census";
    average_daily_census, "Average daily census", "1",
        "service days / days of the period";
    discharges, "Discharges", "1",
        "count of inpatient discharges, deaths included";
    average_stay, "Average length of stay", "1",
        "days of stay of the discharged / discharges";
    occupancy, "Occupancy", "1",
        "service days x 100 / bed-count days";
    bed_turnover, "Bed turnover", "1",
        "direct: discharges / average beds; indirect: occupancy x days / (average stay x 100)";
    gross_death, "Gross death rate", "1",
        "inpatient deaths x 100 / discharges with deaths";
    net_death, "Net death rate", "1",
        "(deaths - deaths under 48 h) x 100 / (discharges - deaths under 48 h)";
    newborn_death, "Newborn death rate", "1",
        "newborn deaths x 100 / newborn discharges with deaths";
    maternal_death, "Maternal death rate", "1",
        "direct obstetric deaths x 100 / obstetric discharges with deaths";
    fetal_death, "Fetal death rate", "1",
        "intermediate and late fetal deaths x 100 / (births + those deaths)";
    postoperative_death, "Postoperative death rate", "1",
        "deaths within 10 days of surgery x 100 / patients operated on";
    anaesthesia_death, "Anaesthesia death rate", "1",
        "anaesthetic deaths x 100 / anaesthetics given";
    autopsy, "Autopsy rates", "1",
        "gross: autopsies / deaths; net: autopsies / (deaths - unautopsied coroner's cases); \
         adjusted: hospital autopsies / bodies available; all x 100";
    infection, "Infection rates", "1",
        "hospital-acquired: discharges with one x 100 / discharges; postoperative: infected x \
         100 / operations";
    caesarean, "Caesarean rate", "1",
        "caesareans x 100 / deliveries";
    consultation, "Consultation rate", "1",
        "patients consulted on x 100 / discharges";
    readmission, "Readmission rate", "1",
        "index discharges followed by an unplanned inpatient admission within 30 days x 100 / \
         index discharges";
    unbilled_days, "Discharged, not final billed", "1",
        "dollars not final billed / average daily revenue";
    delinquency, "Delinquency rate", "1",
        "delinquent records x 100 / average monthly discharges";
    case_mix_index, "Case-mix index", "1",
        "sum of relative weights / discharges";
    duplicates, "Duplicate records", "1",
        "records in possible-duplicate pairs x 100 / records; \
         confirmed duplicates x 100 / registrations";
    release_turnaround, "Release turnaround", "1",
        "days from receipt to delivery, summed / requests delivered";
    accesses, "Accesses to records", "1",
        "count of accesses";
}
