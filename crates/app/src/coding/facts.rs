//! What the chart states that edits and grouper need beside the codes.

use crate::Error;
use coding::edits::Setting;
use exchange::fhir::stay;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::coding::CodingWork;
use store::find::PatientRow;
use store::{ResourceRow, View};

/// The chart's facts about an encounter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Inpatient or outpatient.
    pub setting: Setting,
    /// Its class in words.
    pub class: &'static str,
    /// First day.
    pub started_on: Date,
    /// Last day.
    pub ended_on: Date,
    /// The date by which codes are judged: discharge of an inpatient, service of others.
    pub date: Date,
    /// Age on the first day, in whole years.
    pub age_years: Option<u16>,
    /// `M`, `F` or `U`.
    pub sex: char,
    /// Patient discharge status (UB-04 form locator 17), where the chart states it.
    pub discharge_status: Option<u16>,
}

impl Facts {
    /// Days of the stay: discharge less admission, at least one.
    pub fn length_of_stay_days(&self) -> u32 {
        let days = (self.ended_on - self.started_on).get_days().max(1);
        u32::try_from(days).unwrap_or(1)
    }

    /// The last day of the encounter in days before a day.
    pub fn days_since(&self, day: Date) -> i64 {
        days_between(self.ended_on, day)
    }
}

/// Whole days from one day to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// The facility's time zone.
pub(crate) fn zone_of(view: &mut View<'_>) -> Result<TimeZone, Error> {
    let facilities = view.facility_list()?;
    let zone = facilities.first().and_then(|facility| TimeZone::get(&facility.time_zone).ok());
    Ok(zone.unwrap_or(TimeZone::UTC))
}

pub(crate) fn facts(
    view: &mut View<'_>,
    work: &CodingWork,
    encounter: &ResourceRow,
    patient: &PatientRow,
) -> Result<Facts, Error> {
    let zone = zone_of(view)?;
    let value = view.resource_value(encounter)?;
    let stay = stay(&value, &zone);
    let class = stay.as_ref().and_then(|stay| stay.class).map_or("Other", |class| class.label());
    let disposition = stay.and_then(|stay| stay.disposition);
    facts_of(work, class, patient.birth_date.reveal(), &patient.sex, disposition.as_deref())
}

/// The facts of an encounter from its parts.
pub(super) fn facts_of(
    work: &CodingWork,
    class: &'static str,
    birth_date: &str,
    sex: &str,
    disposition: Option<&str>,
) -> Result<Facts, Error> {
    let day = |text: &str| text.parse::<Date>();
    let broken = |_| Error::Internal("coding work holds a day that is none".into());
    let started_on = day(&work.started_on).map_err(broken)?;
    let ended_on = day(&work.ended_on).map_err(broken)?;
    let setting = if work.is_inpatient { Setting::Inpatient } else { Setting::Outpatient };
    Ok(Facts {
        setting,
        class,
        started_on,
        ended_on,
        date: if work.is_inpatient { ended_on } else { started_on },
        age_years: age_years(birth_date, started_on),
        sex: match sex {
            "male" => 'M',
            "female" => 'F',
            _ => 'U',
        },
        discharge_status: disposition.and_then(status_of),
    })
}

fn age_years(birth_date: &str, on: Date) -> Option<u16> {
    let born: Date = birth_date.parse().ok()?;
    let years = i32::from(on.year()) - i32::from(born.year());
    let before = (on.month(), on.day()) < (born.month(), born.day());
    u16::try_from(years - i32::from(before)).ok()
}

/// Patient discharge status of a disposition: the National Uniform Billing Committee's codes as
/// they are, and those words of HL7's discharge-disposition system that mean one of them alone.
fn status_of(disposition: &str) -> Option<u16> {
    match disposition {
        "home" | "alt-home" => Some(1),
        "snf" => Some(3),
        "aadvice" => Some(7),
        "exp" => Some(20),
        "rehab" => Some(62),
        "long" => Some(63),
        "psy" => Some(65),
        other => other.parse().ok().filter(|status| (1..100).contains(status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn age_turns_on_the_birthday() {
        let table = [
            ("1980-03-04", date(2026, 3, 3), Some(45)),
            ("1980-03-04", date(2026, 3, 4), Some(46)),
            ("2026-03-04", date(2026, 3, 4), Some(0)),
            ("1980-03", date(2026, 3, 4), None),
            ("2027-01-01", date(2026, 3, 4), None),
        ];
        for (born, on, expected) in table {
            assert_eq!(age_years(born, on), expected, "{born}");
        }
    }

    #[test]
    fn dispositions_become_discharge_status() {
        for (disposition, expected) in
            [("01", Some(1)), ("exp", Some(20)), ("hosp", None), ("999", None), ("0", None)]
        {
            assert_eq!(status_of(disposition), expected, "{disposition}");
        }
    }
}
