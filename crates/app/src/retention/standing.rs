//! How a chart stands towards its destruction: what it holds, until when it is kept and why, and
//! what stops it.

use super::Site;
use crate::Error;
use exchange::fhir::death_date;
use integrity::destruction::{Holdings, Stop};
use integrity::schedule::{ChartFacts, Governing, kept_until, needs_birth_date, schedule};
use integrity::{RetentionClass, RetentionStart};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::{Instant, PartialDate, PatientKey};
use store::View;

/// How a chart stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The records that are read as this chart.
    pub members: Vec<PatientKey>,
    /// What would be destroyed.
    pub holdings: Holdings,
    /// The classes that govern it, the longest first.
    pub governing: Vec<Governing>,
    /// The day until which it is kept; none while no day is known.
    pub kept_until: Option<Date>,
    /// What stops a destruction; its time apart.
    pub stops: Vec<Stop>,
}

impl Standing {
    /// Whether it need not be kept any longer.
    pub fn is_ended(&self, today: Date) -> bool {
        self.kept_until.is_some_and(|day| day < today)
    }

    /// All that stops a destruction on a day, its time too.
    pub fn stops_on(&self, today: Date) -> Vec<Stop> {
        let mut stops = self.stops.clone();
        if !self.is_ended(today) {
            stops.insert(0, Stop::Kept(self.kept_until));
        }
        stops
    }
}

/// The last moment of a day at the site.
pub(super) fn end_of(day: Date, zone: &TimeZone) -> Instant {
    let next = day.tomorrow().unwrap_or(day).to_zoned(zone.clone());
    next.map_or(Instant(i64::MAX), |begins| Instant(begins.timestamp().as_microsecond() - 1))
}

/// How a chart stands, by its rows.
pub(super) fn standing_in(
    view: &mut View<'_>,
    patient: PatientKey,
    site: &Site,
) -> Result<Standing, Error> {
    let members = view.patient_group(patient)?;
    let facts = facts(view, patient, &members, site)?;
    let governing = schedule(&site.classes, &facts);
    let held = view.chart_holdings(&members)?;
    let day = |at: Option<Instant>| at.map(|at| at.date_in(&site.zone));
    let holdings = Holdings {
        entries_count: held.entries_count,
        versions_count: held.versions_count,
        files_count: held.files_count,
        from: day(held.from),
        until: day(held.until),
        newest: held.newest,
    };
    let mut stops = stops(view, patient, &members)?;
    if needs_birth_date(&site.classes, &facts) {
        stops.push(Stop::BirthDate);
    }
    let kept_until = kept_until(&governing).map(|(day, _)| day);
    Ok(Standing { members, holdings, governing, kept_until, stops })
}

fn facts(
    view: &mut View<'_>,
    patient: PatientKey,
    members: &[PatientKey],
    site: &Site,
) -> Result<ChartFacts, Error> {
    let days = view.retention_days(members)?;
    let day = |at: Option<Instant>| at.map(|at| at.date_in(&site.zone));
    let mut facts = ChartFacts {
        last_encounter: day(days.last_encounter),
        last_entry: day(days.last_entry),
        last_image: day(days.last_image),
        last_transfer: day(days.last_transfer),
        last_privacy: day(days.last_privacy),
        ..ChartFacts::default()
    };
    // Who may not see it counts it: the schedule is of the chart, not of its reader.
    if let Some((row, _)) = view.patient_to_decide(patient)? {
        let born = PartialDate::parse(row.birth_date.reveal(), &site.zone);
        facts.birth_date = born.map(|born| born.last.date_in(&site.zone));
        facts.is_deceased = row.deceased;
    }
    let from_death = |class: &RetentionClass| class.starts == RetentionStart::Death;
    if facts.is_deceased && site.classes.iter().any(from_death) {
        let value = view.patient_value_for_matching(patient)?;
        let died = death_date(&value).and_then(|text| PartialDate::parse(text, &site.zone));
        facts.death = died.map(|died| died.last.date_in(&site.zone));
    }
    Ok(facts)
}

/// How much there is of something, and the stop that it makes.
type Counted = (i64, fn(i64) -> Stop);

fn stops(
    view: &mut View<'_>,
    patient: PatientKey,
    members: &[PatientKey],
) -> Result<Vec<Stop>, Error> {
    let holds = view.hold_list(patient)?.into_iter().filter(|hold| hold.ended.is_none());
    let mut stops: Vec<Stop> = holds.map(|hold| Stop::Hold(hold.reason)).collect();
    let open = view.chart_open_work(members)?;
    let counted: [Counted; 6] = [
        (open.encounters, Stop::Encounters),
        (open.requests, Stop::Requests),
        (open.deficiencies, Stop::Deficiencies),
        (open.coding, Stop::Coding),
        (open.duplicates, Stop::Duplicates),
        (open.work, Stop::Work),
    ];
    stops.extend(counted.into_iter().filter(|(n, _)| *n > 0).map(|(n, stop)| stop(n)));
    Ok(stops)
}
