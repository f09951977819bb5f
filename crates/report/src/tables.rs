//! Tables of a report: the census by day, discharges by service, money by reason.

use crate::figure::Figure;
use crate::measures::readmission;
use crate::rows::{Input, Period, Population, StayRow, days_between};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    let mut counts: BTreeMap<Date, [i64; 3]> =
        input.period.days().map(|day| (day, [0; 3])).collect();
    let mut count = |stay: &StayRow, column: usize| {
        for day in input.census_days(stay) {
            counts.entry(day).or_default()[column] += 1;
        }
    };
    input.inpatients(Population::AdultsAndChildren).for_each(|stay| count(stay, 0));
    input.inpatients(Population::Newborns).for_each(|stay| count(stay, 1));
    input.observed().for_each(|stay| count(stay, 2));
    for (day, numbers) in counts {
        let numbers = numbers.iter().map(i64::to_string);
        table.rows.push(std::iter::once(day.to_string()).chain(numbers).collect());
    }
    table
}

/// Service days, bed-count days and occupancy of each unit, newborns and bassinets included.
pub fn occupancy_by_unit(input: &Input<'_>) -> Table {
    let columns = ["Unit", "Service days", "Bed-count days", "Occupancy (%)"];
    let mut table = Table::new("Occupancy by unit", &columns);
    let mut units: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in input.rows.beds.iter().filter(|row| input.period.contains(row.date)) {
        let places = i64::from(row.beds) + i64::from(row.bassinets);
        units.entry(row.unit.as_str()).or_default().1 += places;
    }
    for stay in input.inpatients(Population::All) {
        for day in input.census_days(stay) {
            units.entry(input.unit_on(stay, day)).or_default().0 += 1;
        }
    }
    units.retain(|unit, counts| *counts != (0, 0) && input.unit.is_none_or(|asked| asked == *unit));
    for (unit, (days, places)) in units {
        let share = match places {
            0 => "no beds".to_owned(),
            _ => format!("{:.1}", days as f64 * 100.0 / places as f64),
        };
        let unit = if unit.is_empty() { "(no unit)" } else { unit };
        table.rows.push(vec![unit.to_owned(), days.to_string(), places.to_string(), share]);
    }
    table
}

/// A figure of one measure month by month, over the months that the period touches.
pub fn by_month(input: &Input<'_>, title: &str, names: &[&str]) -> Table {
    let mut table = Table::new(title, &["Month"]);
    for (from, until) in months(input.period) {
        let part = Input { period: Period { from, until }, ..input.clone() };
        let mut row = vec![from.strftime("%Y-%m").to_string()];
        table.columns.truncate(1);
        for name in names {
            let figures = crate::by_name(name).map(|measure| measure.figures(&part));
            let found = figures.into_iter().flatten().find(|figure| figure.name == *name);
            let Some(figure) = found else { continue };
            let unit = figure.unit.label();
            table.columns.push(match unit {
                "" => figure.title.clone(),
                _ => format!("{} ({unit})", figure.title),
            });
            row.push(figure.value.map(|value| figure.number(value)).unwrap_or_default());
        }
        table.rows.push(row);
    }
    table
}

/// The months that a period touches, cut to it.
fn months(period: Period) -> Vec<(Date, Date)> {
    let first = period.from.first_of_month();
    let starts = first.series(1.month()).take_while(|month| *month <= period.until);
    let cut = |month: Date| (month.max(period.from), month.last_of_month().min(period.until));
    starts.map(cut).collect()
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

/// Delinquent records by how long they have been so at the end of the period.
pub fn delinquent_by_age(input: &Input<'_>) -> Table {
    let mut table = Table::new("Delinquent records, by days", &["Delinquent for", "Records"]);
    let ages: Vec<i64> = input
        .rows
        .delinquent
        .iter()
        .map(|chart| days_between(input.day(chart.since), input.period.until).max(0))
        .collect();
    for (name, from, until) in [
        ("up to 7 days", 0, 7),
        ("8 to 14 days", 8, 14),
        ("15 to 30 days", 15, 30),
        ("31 to 60 days", 31, 60),
        ("over 60 days", 61, i64::MAX),
    ] {
        let count = ages.iter().filter(|age| (from..=until).contains(*age)).count();
        table.rows.push(vec![name.to_owned(), count.to_string()]);
    }
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

/// Index discharges and unplanned readmissions of each service.
pub fn readmissions_by_service(input: &Input<'_>) -> Table {
    let columns = ["Service", "Index discharges", "Came back unplanned", "Rate (%)"];
    let mut table = Table::new("Readmissions by service", &columns);
    let figures = readmission::compute(input);
    let back: BTreeSet<&str> =
        figures.iter().take(1).flat_map(|figure| figure.rows.iter().map(String::as_str)).collect();
    let mut services: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for stay in readmission::index_discharges(input) {
        let counts = services.entry(stay.service.as_str()).or_default();
        counts.0 += 1;
        counts.1 += i64::from(back.contains(stay.id.as_str()));
    }
    for (name, (index, came_back)) in services {
        let name = if name.is_empty() { "(no service)" } else { name };
        let rate = format!("{:.1}", came_back as f64 * 100.0 / index as f64);
        table.rows.push(vec![name.to_owned(), index.to_string(), came_back.to_string(), rate]);
    }
    table
}

/// Accesses of each day, and those by breaking the glass.
pub fn accesses_by_day(input: &Input<'_>) -> Table {
    let columns = ["Day", "Accesses", "By breaking the glass"];
    let mut table = Table::new("Accesses by day", &columns);
    let mut counts: BTreeMap<Date, (i64, i64)> =
        input.period.days().map(|day| (day, (0, 0))).collect();
    for access in &input.rows.accesses {
        if let Some(count) = counts.get_mut(&input.day(access.at)) {
            count.0 += 1;
            count.1 += i64::from(access.is_emergency);
        }
    }
    for (day, (all, emergency)) in counts {
        table.rows.push(vec![day.to_string(), all.to_string(), emergency.to_string()]);
    }
    table
}
