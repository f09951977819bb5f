//! Fees for copies, in whole cents.
//!
//! The patient rate (45 CFR 164.524(c)(4)) allows labour for copying, supplies, postage and an
//! agreed summary, and never search or retrieval. Others pay the site's or state's schedule.

use crate::Basis;
use jiff::civil::Date;
use record::Citation;
use record::effective::Fault;
use serde::{Deserialize, Serialize};

/// Who pays by which rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rate {
    /// The individual's own copy: reasonable and cost-based.
    Patient,
    /// Anyone else, and directives to third parties: the schedule.
    Schedule,
    /// Nobody pays.
    None,
}

/// What is copied into what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Copy {
    /// An electronic copy of electronic information.
    ElectronicOfElectronic,
    /// An electronic copy of paper: scanning is copying labour.
    ElectronicOfPaper,
    /// A paper copy.
    Paper,
}

/// Costs of one copy at the patient rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientCosts {
    /// The kind of copy.
    pub copy: Copy,
    /// Ask the flat 6.50 USD instead of counting costs.
    pub flat: bool,
    /// Minutes of labour for copying only.
    pub copying_minutes: u32,
    /// Labour, cents an hour.
    pub labour_cents_per_hour: u32,
    /// Paper, toner, disc.
    pub supplies_cents: u32,
    /// Postage, when the copy is mailed.
    pub postage_cents: u32,
    /// An agreed summary or explanation; none when none is asked for.
    pub summary_cents: Option<u32>,
    /// Whether the individual agreed in advance to the summary and its fee.
    pub summary_agreed: bool,
    /// Search, retrieval, review, verification: refused, whatever the amount.
    pub search_and_retrieval_cents: u32,
}

/// A schedule for those who don't pay the patient rate: an audited, effective-dated row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Id.
    pub id: String,
    /// Version.
    pub version: u32,
    /// State or site.
    pub jurisdiction: String,
    /// The statute or the site's decision.
    pub citation: Citation,
    /// First day in force.
    pub from: Date,
    /// Last day in force; none while it stands.
    pub to: Option<Date>,
    /// Search or base fee.
    pub base_cents: u32,
    /// Price of pages: up to and including a page number, so many cents each. The last tier holds
    /// for all further pages.
    pub tiers: Vec<Tier>,
}

impl Schedule {
    /// What is wrong with a schedule that a person entered.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.tiers.is_empty() {
            let sentence = "Give at least one step: up to which page, and cents a page.";
            faults.push(Fault::new("tiers", sentence));
        }
        if self.tiers.windows(2).any(|pair| pair[0].through_page >= pair[1].through_page) {
            let sentence = "Each step must end at a later page than the one before.";
            faults.push(Fault::new("tiers", sentence));
        }
        faults
    }
}

/// One step of the price of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// Last page of the tier.
    pub through_page: u32,
    /// Cents a page.
    pub cents: u32,
}

/// One line of a fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLine {
    /// What for.
    pub what: String,
    /// Cents.
    pub cents: u64,
    /// The paragraph.
    pub citation: Citation,
}

/// A fee with its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// Lines.
    pub lines: Vec<FeeLine>,
}

/// Why a fee can't be charged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum FeeRefusal {
    /// Search or retrieval at the patient rate.
    #[error(
        "Search and retrieval can't be charged to the individual (45 CFR 164.524(c)(4)). \
             Remove the amount."
    )]
    SearchAndRetrieval,
    /// The flat fee for a copy that isn't electronic of electronic.
    #[error(
        "The flat fee of 6.50 USD is only for electronic copies of electronic information \
             (HHS guidance on 45 CFR 164.524(c)(4)). Count the costs instead."
    )]
    FlatNotHere,
    /// A summary without agreement.
    #[error(
        "A summary is charged only when the individual agreed in advance to it and to its \
             fee (45 CFR 164.524(c)(2)(iii), (c)(4)(iv))."
    )]
    SummaryNotAgreed,
    /// No schedule in force.
    #[error(
        "No fee schedule is in force on {0}. Ask the administrator to enter one, or waive \
             the fee."
    )]
    NoSchedule(Date),
}

/// The flat fee that a site may ask instead of counting: 6.50 USD (HHS, 2016).
pub const FLAT_CENTS: u64 = 650;

impl Fee {
    /// The sum, in cents.
    pub fn total_cents(&self) -> u64 {
        self.lines.iter().map(|line| line.cents).sum()
    }

    fn add(&mut self, what: &str, cents: u64, citation: &str) {
        if cents > 0 {
            let citation = Citation::new(citation);
            self.lines.push(FeeLine { what: what.to_owned(), cents, citation });
        }
    }
}

/// Cents as dollars: `6.50 USD`.
pub fn dollars(cents: u64) -> String {
    format!("{}.{:02} USD", cents / 100, cents % 100)
}

/// The rate of a request: the patient's for their own access, nothing for treatment and for HHS,
/// the schedule for the rest, directives to third parties among them (Ciox v. Azar, 2020).
pub fn rate(basis: Basis, directive_to_third_party: bool) -> Rate {
    match basis {
        Basis::Access if directive_to_third_party => Rate::Schedule,
        Basis::Access => Rate::Patient,
        Basis::Treatment | Basis::Hhs | Basis::Part2Emergency | Basis::Threat => Rate::None,
        _ => Rate::Schedule,
    }
}

/// The fee at the patient rate, 45 CFR 164.524(c)(4).
pub fn patient_fee(costs: &PatientCosts) -> Result<Fee, FeeRefusal> {
    if costs.search_and_retrieval_cents > 0 {
        return Err(FeeRefusal::SearchAndRetrieval);
    }
    let mut fee = Fee::default();
    if costs.flat {
        if costs.copy != Copy::ElectronicOfElectronic {
            return Err(FeeRefusal::FlatNotHere);
        }
        fee.add("Electronic copy, flat", FLAT_CENTS, "45 CFR 164.524(c)(4) (flat option)");
        return Ok(fee);
    }
    let labour = u64::from(costs.copying_minutes) * u64::from(costs.labour_cents_per_hour) / 60;
    fee.add("Labour for copying", labour, "45 CFR 164.524(c)(4)(i)");
    fee.add("Supplies", costs.supplies_cents.into(), "45 CFR 164.524(c)(4)(ii)");
    fee.add("Postage", costs.postage_cents.into(), "45 CFR 164.524(c)(4)(iii)");
    if let Some(cents) = costs.summary_cents {
        if !costs.summary_agreed {
            return Err(FeeRefusal::SummaryNotAgreed);
        }
        fee.add("Summary, as agreed", cents.into(), "45 CFR 164.524(c)(4)(iv)");
    }
    Ok(fee)
}

/// The fee by the schedule of a jurisdiction on a day.
pub fn schedule_fee(
    schedules: &[Schedule],
    jurisdiction: &str,
    pages: u32,
    postage_cents: u32,
    on: Date,
) -> Result<Fee, FeeRefusal> {
    let schedule = schedules
        .iter()
        .filter(|s| s.jurisdiction == jurisdiction && s.from <= on)
        .filter(|s| s.to.is_none_or(|to| on <= to))
        .max_by_key(|s| s.version)
        .ok_or(FeeRefusal::NoSchedule(on))?;
    let citation = schedule.citation.text.as_str();
    let mut fee = Fee::default();
    fee.add("Base fee", schedule.base_cents.into(), citation);
    let mut done = 0;
    for (index, tier) in schedule.tiers.iter().enumerate() {
        let last = index + 1 == schedule.tiers.len();
        let through = if last { pages } else { tier.through_page.min(pages) };
        let count = through.saturating_sub(done);
        let what = format!("{count} pages at {}", dollars(tier.cents.into()));
        fee.add(&what, u64::from(count) * u64::from(tier.cents), citation);
        done = done.max(through);
    }
    fee.add("Postage", postage_cents.into(), citation);
    Ok(fee)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn costs(copy: Copy, flat: bool) -> PatientCosts {
        PatientCosts {
            copy,
            flat,
            copying_minutes: 20,
            labour_cents_per_hour: 1_800,
            supplies_cents: 45,
            postage_cents: 300,
            summary_cents: None,
            summary_agreed: false,
            search_and_retrieval_cents: 0,
        }
    }

    #[test]
    fn patient_rate_by_paragraph() {
        let fee = patient_fee(&costs(Copy::Paper, false)).unwrap();
        let lines: Vec<(u64, &str)> =
            fee.lines.iter().map(|l| (l.cents, l.citation.text.as_str())).collect();
        let expected = [
            (600, "45 CFR 164.524(c)(4)(i)"),
            (45, "45 CFR 164.524(c)(4)(ii)"),
            (300, "45 CFR 164.524(c)(4)(iii)"),
        ];
        assert_eq!(lines, expected);
        assert_eq!(dollars(fee.total_cents()), "9.45 USD");
    }

    #[test]
    fn flat_is_an_option_for_electronic_of_electronic_only() {
        let flat = |copy| patient_fee(&costs(copy, true)).map(|fee| fee.total_cents());
        assert_eq!(flat(Copy::ElectronicOfElectronic), Ok(650));
        assert_eq!(flat(Copy::ElectronicOfPaper), Err(FeeRefusal::FlatNotHere));
        assert_eq!(flat(Copy::Paper), Err(FeeRefusal::FlatNotHere));
    }

    #[test]
    fn search_and_summary_are_refused() {
        let mut search = costs(Copy::Paper, false);
        search.search_and_retrieval_cents = 1;
        assert_eq!(patient_fee(&search), Err(FeeRefusal::SearchAndRetrieval));
        let mut summary = costs(Copy::Paper, false);
        summary.summary_cents = Some(2_000);
        assert_eq!(patient_fee(&summary), Err(FeeRefusal::SummaryNotAgreed));
        summary.summary_agreed = true;
        assert_eq!(patient_fee(&summary).unwrap().total_cents(), 2_945);
    }

    #[test]
    fn the_rate_follows_the_basis() {
        let table = [
            (Basis::Access, false, Rate::Patient),
            (Basis::Access, true, Rate::Schedule),
            (Basis::Authorization, false, Rate::Schedule),
            (Basis::Treatment, false, Rate::None),
            (Basis::Hhs, false, Rate::None),
        ];
        for (basis, directive, expected) in table {
            assert_eq!(rate(basis, directive), expected, "{basis:?}");
        }
    }

    #[test]
    fn tiers_add_up() {
        let schedule = Schedule {
            id: "house".into(),
            version: 1,
            jurisdiction: "US-XX".into(),
            citation: Citation::new("House schedule"),
            from: date(2026, 1, 1),
            to: None,
            base_cents: 1_000,
            tiers: vec![
                Tier { through_page: 25, cents: 100 },
                Tier { through_page: 50, cents: 50 },
            ],
        };
        let total = |pages| {
            schedule_fee(std::slice::from_ref(&schedule), "US-XX", pages, 0, date(2026, 3, 4))
                .unwrap()
                .total_cents()
        };
        assert_eq!([total(0), total(25), total(26), total(100)], [1_000, 3_500, 3_550, 7_250]);
        let none = schedule_fee(&[], "US-XX", 1, 0, date(2026, 3, 4));
        assert_eq!(none, Err(FeeRefusal::NoSchedule(date(2026, 3, 4))));
    }
}
