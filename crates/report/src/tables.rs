//! Tables of a report: the census by day, discharges by service, money by reason.

use crate::figure::Figure;
use crate::rows::{Input, Population, StayClass, days_between};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A table of text, ready for a page, a file or a plot's description.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its title.
    pub title: String,
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// Rows, a text for each column.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(title: &str, columns: &[&str]) -> Table {
        Table {
            title: title.to_owned(),
            columns: columns.iter().map(|column| (*column).to_owned()).collect(),
            rows: Vec::new(),
        }
    }
}

/// The census of every day: adults and children, newborns, and observation apart.
pub fn census_by_day(input: &Input<'_>) -> Table {
    let columns = ["Day", "Adults and children", "Newborns", "Observation"];
    let mut table = Table::new("Daily census", &columns);
    for day in input.period.days() {
        let inpatients = |population| {
            input.inpatients(population).filter(|stay| input.counts_on(stay, day)).count()
        };
        let observation = input
            .rows
            .stays
            .iter()
            .filter(|stay| stay.class == StayClass::Observation && input.counts_on(stay, day))
            .count();
        table.rows.push(vec![
            day.to_string(),
            inpatients(Population::AdultsAndChildren).to_string(),
            inpatients(Population::Newborns).to_string(),
            observation.to_string(),
        ]);
    }
    table
}

/// Discharges, days of stay and deaths by service, and a last row that sums them.
pub fn discharges_by_service(input: &Input<'_>) -> Table {
    let columns = ["Service", "Discharges", "Days of stay", "Average stay", "Deaths"];
    let mut table = Table::new("Discharges by service", &columns);
    let mut services: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for stay in input.discharges(Population::All) {
        let service = services.entry(stay.service.as_str()).or_default();
        service.0 += 1;
        service.1 += input.stay_days(stay).unwrap_or(0);
        service.2 += i64::from(stay.is_death());
    }
    let mut total = (0, 0, 0);
    let row = |name: &str, (discharges, days, deaths): (i64, i64, i64)| {
        let average = match discharges {
            0 => "none".to_owned(),
            _ => format!("{:.2}", days as f64 / discharges as f64),
        };
        let name = if name.is_empty() { "(no service)" } else { name };
        vec![name.to_owned(), discharges.to_string(), days.to_string(), average, deaths.to_string()]
    };
    for (name, sums) in services {
        total = (total.0 + sums.0, total.1 + sums.1, total.2 + sums.2);
        table.rows.push(row(name, sums));
    }
    table.rows.push(row("All", total));
    table
}

/// Accounts not final billed by reason of hold: count, dollars, average age in days.
pub fn unbilled_by_reason(input: &Input<'_>) -> Table {
    let columns = ["Reason", "Accounts", "Dollars", "Average age (days)"];
    let mut table = Table::new("Discharged, not final billed", &columns);
    let mut reasons: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for account in &input.rows.unbilled {
        let age = days_between(input.day(account.discharged), input.period.until).max(0);
        let reason = reasons.entry(account.reason.as_str()).or_default();
        *reason = (reason.0 + 1, reason.1 + account.charges_cents, reason.2 + age);
    }
    for (name, (count, cents, age)) in reasons {
        let name = if name.is_empty() { "(no reason)" } else { name };
        table.rows.push(vec![
            name.to_owned(),
            count.to_string(),
            format!("{}.{:02}", cents / 100, (cents % 100).abs()),
            format!("{:.1}", age as f64 / count as f64),
        ]);
    }
    table
}

/// Figures as a table: number, numerator, denominator, formula, version.
pub fn of_figures(title: &str, figures: &[Figure]) -> Table {
    let columns = ["Measure", "Value", "Numerator", "Denominator", "Formula", "Version"];
    let mut table = Table::new(title, &columns);
    for figure in figures {
        table.rows.push(vec![
            figure.title.clone(),
            figure.in_words(),
            figure.numerator.to_string(),
            figure.denominator.map(|number| number.to_string()).unwrap_or_default(),
            figure.formula.clone(),
            figure.version.clone(),
        ]);
    }
    table
}
