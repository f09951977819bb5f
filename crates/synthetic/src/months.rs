//! What statistics come to, month by month: counted from the stays of the plan, night by night, so
//! that no formula of the product is used to check itself.

use crate::site::units;
use crate::truth::{Stay, Truth};
use jiff::{ToSpan, civil};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The counts of one month. Adults and children, where newborns are not named.
#[derive(Clone, Copy, Debug, Default, Serialize, PartialEq, Eq)]
pub struct Month {
    /// Inpatients who left, alive or dead.
    pub discharges: i64,
    /// Newborns who left.
    pub newborn_discharges: i64,
    /// Sum of the days of stay of those who left.
    pub stay_days: i64,
    /// Inpatients who died.
    pub deaths: i64,
    /// Of these, less than 48 hours after admission.
    pub deaths_under_48_hours: i64,
    /// Of these, within ten days of an operation.
    pub deaths_postoperative: i64,
    /// Nights in the house and days of admission and discharge, summed.
    pub service_days: i64,
    /// The same of newborns.
    pub newborn_service_days: i64,
    /// Beds of every day, summed.
    pub bed_days: i64,
    /// Bassinets of every day, summed.
    pub bassinet_days: i64,
    /// Those who left alive.
    pub index_discharges: i64,
    /// Of these, back within 30 days unplanned, in the same record.
    pub readmissions: i64,
    /// Of these, back within 30 days by plan, in the same record.
    pub planned_readmissions: i64,
    /// Mothers who gave birth here and left.
    pub deliveries: i64,
}

fn month_of(date: &str) -> String {
    date[..7].to_owned()
}

impl Truth {
    /// Counts each month up to the last day.
    pub(crate) fn count_months(&mut self, today: civil::Date) {
        let mut months: BTreeMap<String, Month> = BTreeMap::new();
        let inpatient: Vec<&Stay> = self.stays.iter().filter(|stay| stay.class == "IMP").collect();
        for stay in &inpatient {
            let Some(left) = &stay.discharged else { continue };
            let month = months.entry(month_of(left)).or_default();
            match stay.is_newborn {
                true => month.newborn_discharges += 1,
                false => {
                    month.discharges += 1;
                    month.stay_days += stay.length_days.unwrap_or(0);
                    month.deliveries += i64::from(stay.is_delivery);
                }
            }
        }
        for death in &self.deaths {
            let month = months.entry(month_of(&death.date)).or_default();
            month.deaths += 1;
            month.deaths_under_48_hours += i64::from(death.is_under_48_hours);
            month.deaths_postoperative += i64::from(death.is_postoperative);
        }
        for (date, day) in &self.census {
            let month = months.entry(month_of(date)).or_default();
            month.service_days += day.at_midnight + day.same_day;
            month.newborn_service_days += day.newborns;
        }
        self.count_returns(&mut months);
        for (name, month) in &mut months {
            let first: civil::Date = format!("{name}-01").parse().unwrap_or(today);
            let next = first.saturating_add(1.months());
            let days = i64::from((next.min(today) - first).get_days());
            for (_, beds, bassinets) in units() {
                month.bed_days += beds as i64 * days;
                month.bassinet_days += bassinets as i64 * days;
            }
        }
        self.months = months;
    }

    /// Whom the same record shows again within 30 days of leaving alive.
    fn count_returns(&self, months: &mut BTreeMap<String, Month>) {
        let died: BTreeSet<&str> =
            self.deaths.iter().map(|death| death.encounter.as_str()).collect();
        let is_adult = |stay: &&Stay| stay.class == "IMP" && !stay.is_newborn;
        let mut records: BTreeMap<&str, Vec<&Stay>> = BTreeMap::new();
        for stay in self.stays.iter().filter(is_adult) {
            records.entry(&stay.patient).or_default().push(stay);
        }
        for stays in records.values_mut() {
            stays.sort_by_key(|stay| stay.admitted.clone());
            for (place, stay) in stays.iter().enumerate() {
                let Some(left) = &stay.discharged else { continue };
                if died.contains(stay.encounter.as_str()) {
                    continue;
                }
                let month = months.entry(month_of(left)).or_default();
                month.index_discharges += 1;
                let next = stays[place + 1..].iter().find(|next| next.admitted >= *left);
                let Some(next) = next else { continue };
                let days = left.parse::<civil::Date>().ok().zip(next.admitted.parse().ok());
                let days = days.map(|(left, back): (_, civil::Date)| (back - left).get_days());
                if days.is_some_and(|days| days <= 30) {
                    match next.is_planned {
                        true => month.planned_readmissions += 1,
                        false => month.readmissions += 1,
                    }
                }
            }
        }
    }
}
