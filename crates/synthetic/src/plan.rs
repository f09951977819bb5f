//! When a person comes to the hospital, why, and how it ends.

use crate::person::Person;
use crate::random::Random;
use crate::scenario::{Class, DELIVERIES, INPATIENT, OUTPATIENT, SHORT, Scenario};
use jiff::{ToSpan, civil};

/// Days that the hospital's records reach back.
pub(crate) const WINDOW_DAYS: i64 = 730;

/// One coming.
pub(crate) struct Planned {
    pub scenario: &'static Scenario,
    pub start: civil::DateTime,
    /// `None` while in the house.
    pub end: Option<civil::DateTime>,
    pub dies: bool,
    /// The unit from which the patient moved to the scenario's, and when.
    pub moved_from: Option<(&'static str, civil::DateTime)>,
    /// A delivery: 0 vaginal, 1 by cesarean.
    pub delivery: Option<usize>,
}

impl Planned {
    fn last(&self) -> civil::DateTime {
        self.end.unwrap_or(civil::DateTime::MAX)
    }
}

/// Plans every visit of a person, in order of time, none overlapping another.
///
/// One that may not die is another record of someone who lives on.
pub(crate) fn encounters(
    person: &Person,
    today: civil::Date,
    may_die: bool,
    random: &mut Random,
) -> Vec<Planned> {
    let mut planned = Vec::new();
    for _ in 0..random.between(2, 5) {
        planned.extend(chosen(person, OUTPATIENT, any_day(today, random), random));
    }
    for _ in 0..random.between(0, 2) {
        planned.extend(chosen(person, SHORT, any_day(today, random), random));
    }
    if random.percent(38) {
        planned.extend(chosen(person, INPATIENT, any_day(today, random), random));
    }
    // Work of these weeks: stays that end shortly before today, or not yet.
    if random.percent(12) {
        let day = today.saturating_sub(random.between(4, 40).days());
        planned.extend(chosen(person, INPATIENT, day, random));
    }
    if random.percent(6) {
        let day = today.saturating_sub(random.between(0, 3).days());
        planned.extend(chosen(person, INPATIENT, day, random));
    }
    if person.sex == "female" && random.percent(20) {
        let kind = usize::from(random.percent(30));
        let day = any_day(today, random);
        let mut delivery = chosen(person, &DELIVERIES[kind..=kind], day, random);
        delivery.iter_mut().for_each(|visit| visit.delivery = Some(kind));
        planned.extend(delivery);
    }
    let mut kept = without_overlaps(planned);
    readmit(person, &mut kept, today, random);
    let open_since = today.to_datetime(civil::Time::midnight());
    for visit in &mut kept {
        visit.dies &= may_die;
        if visit.end.is_some_and(|end| end >= open_since) {
            visit.end = None;
            visit.dies = false;
        }
    }
    if let Some(death) = kept.iter().position(|visit| visit.dies) {
        kept.truncate(death + 1);
    }
    kept
}

fn any_day(today: civil::Date, random: &mut Random) -> civil::Date {
    today.saturating_sub(random.between(2, WINDOW_DAYS).days())
}

fn fits(scenario: &Scenario, person: &Person, age: i64) -> bool {
    (scenario.ages.0..=scenario.ages.1).contains(&age)
        && (scenario.sex.is_empty() || scenario.sex == person.sex)
}

/// A visit of one of the scenarios; none where no scenario fits the age.
fn chosen(
    person: &Person,
    scenarios: &'static [Scenario],
    day: civil::Date,
    random: &mut Random,
) -> Option<Planned> {
    let age = person.age_on(day);
    let fitting: Vec<&Scenario> =
        scenarios.iter().filter(|scenario| fits(scenario, person, age)).collect();
    let total: i64 = fitting.iter().map(|scenario| scenario.weight).sum();
    if total == 0 {
        return None;
    }
    let mut at = random.between(0, total - 1);
    let scenario = *fitting.iter().find(|scenario| {
        at -= scenario.weight;
        at < 0
    })?;
    Some(planned(scenario, day, random))
}

fn planned(scenario: &'static Scenario, day: civil::Date, random: &mut Random) -> Planned {
    let hour = match scenario.class {
        Class::Outpatient => random.between(8, 16),
        _ => random.between(0, 23),
    };
    let start = day.at(hour as i8, (random.between(0, 11) * 5) as i8, 0, 0);
    let length = random.between(scenario.length.0, scenario.length.1);
    let is_stay = scenario.class == Class::Inpatient;
    let dies = is_stay && random.percent(scenario.deaths);
    let end = match is_stay {
        true => {
            let hour = random.between(9, 18) as i8;
            let minute = (random.between(0, 11) * 5) as i8;
            let end = day.saturating_add(length.days()).at(hour, minute, 0, 0);
            // Some die on the first day.
            let early = dies && random.percent(30);
            if early { start.saturating_add(random.between(8, 40).hours()) } else { end }
        }
        false => start.saturating_add((length * 60 - random.between(0, 25)).minutes()),
    };
    let moves = is_stay && scenario.unit != "ob" && length > 2 && !dies && random.percent(25);
    let moved_from = moves.then(|| {
        let from = if scenario.unit == "icu" { "med" } else { "icu" };
        (from, start.saturating_add(random.between(14, 40).hours()))
    });
    Planned { scenario, start, end: Some(end), dies, moved_from, delivery: None }
}

fn without_overlaps(mut planned: Vec<Planned>) -> Vec<Planned> {
    planned.sort_by_key(|visit| visit.start);
    let mut kept: Vec<Planned> = Vec::new();
    let mut deliveries = 0;
    for visit in planned {
        let is_clear =
            kept.last().is_none_or(|last| last.last().saturating_add(2.hours()) <= visit.start);
        deliveries += i32::from(visit.delivery.is_some());
        if is_clear && (visit.delivery.is_none() || deliveries == 1) {
            kept.push(visit);
        }
    }
    kept
}

/// Some come back within thirty days.
fn readmit(person: &Person, kept: &mut Vec<Planned>, today: civil::Date, random: &mut Random) {
    let stays: Vec<civil::DateTime> = kept
        .iter()
        .filter(|visit| visit.scenario.class == Class::Inpatient && !visit.dies)
        .filter_map(|visit| visit.end)
        .collect();
    let mut again = Vec::new();
    for end in stays {
        if random.percent(16) {
            let day = end.date().saturating_add(random.between(3, 29).days());
            if day < today {
                again.extend(chosen(person, INPATIENT, day, random));
            }
        }
    }
    if !again.is_empty() {
        let mut all = std::mem::take(kept);
        all.extend(again);
        *kept = without_overlaps(all);
    }
}
