//! The reports over the synthetic hospital against its truth, which is counted from the plan.

use crate::app::{NOON, TestStore, somebody};
use app::import::{Progress, Source};
use app::reports::{Asked, Opened, Report, open};
use jiff::civil::date;
use record::{Context, Private, Role};
use report::Figure;
use std::collections::BTreeSet;
use store::Store;
use synthetic::{Hospital, MRN_SYSTEM, Options, Truth, units};

/// Resources that statistics read, and those to which they refer: the others only take time.
const READ: &[&str] = &[
    "Organization",
    "Location",
    "Practitioner",
    "PractitionerRole",
    "Patient",
    "Encounter",
    "Condition",
    "Procedure",
    "ChargeItem",
];

struct Silent;

impl Progress for Silent {
    fn bytes_done(&self, _: u64) {}
    fn finding(&self, _: &Private, _: usize, _: &str) {}
}

/// The hospital of the demonstration, taken in as `chartroom demo` does.
fn hospital(store: &Store) -> Truth {
    let context = Context::system("demo", NOON);
    let options = Options { patients: 200, seed: 1, today: date(2026, 3, 2) };
    let hospital = Hospital::generate(options);
    let facility = |t: &mut store::Transaction<'_>| {
        let zone = synthetic::TIME_ZONE;
        let facility = t.facility_create("Prairie General Hospital", zone, MRN_SYSTEM)?;
        for (name, beds, bassinets) in units() {
            let (beds, bassinets) = (beds as i64, bassinets as i64);
            t.nursing_unit_create(facility, name, beds, bassinets, "2020-01-01")?;
        }
        Ok::<_, store::Error>(())
    };
    store.write(&context, facility).unwrap();
    let is_read = |one: &&serde_json::Value| READ.iter().any(|kind| one["resourceType"] == *kind);
    let lines: Vec<String> =
        hospital.resources.iter().filter(is_read).map(|one| one.to_string()).collect();
    let lines = lines.join("\n").into_bytes();
    let source =
        Source { name: Private::new("hospital.ndjson"), read: Box::new(|| Ok(lines.clone())) };
    app::import::run(store, &context, &[source], &Silent).unwrap();
    app::coding::find_work(store, &context, Some(date(2020, 1, 1))).unwrap();
    hospital.truth
}

fn asked(fields: &[(&str, &str)]) -> Asked {
    Asked::of(|name| fields.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
}

/// A report as one who may see nothing that is labelled: totals count everyone.
fn report(store: &Store, report: Report, fields: &[(&str, &str)]) -> Opened {
    open(store, &somebody(7, Role::Analyst), report, &asked(fields)).unwrap()
}

fn figure<'a>(opened: &'a Opened, name: &str) -> &'a Figure {
    opened.figures.iter().find(|figure| figure.name == name).unwrap()
}

/// Numerator and denominator.
fn parts(opened: &Opened, name: &str) -> (i64, i64) {
    let figure = figure(opened, name);
    (figure.numerator as i64, figure.denominator.unwrap_or(0.0) as i64)
}

#[test]
fn statistics_are_those_of_the_truth() {
    let site = TestStore::new();
    let truth = hospital(&site.store);
    // A death whose disposition was taken away on purpose is none to the record.
    let unstated: BTreeSet<&str> = truth
        .faults
        .iter()
        .filter(|fault| fault.kind == "discharge-disposition-missing")
        .filter_map(|fault| fault.resource.strip_prefix("Encounter/"))
        .collect();
    let mut compared = 0;
    for (name, truth_of) in &truth.months {
        let month = [("range", "month"), ("month", name.as_str())];
        let of = |wanted: Report| report(&site.store, wanted, &month);
        let lost: Vec<_> = truth
            .deaths
            .iter()
            .filter(|death| death.date.starts_with(name.as_str()))
            .filter(|death| unstated.contains(death.encounter.as_str()))
            .collect();
        let early_lost = lost.iter().filter(|death| death.is_under_48_hours).count() as i64;
        let lost = lost.len() as i64;
        let (deaths, early) = (truth_of.deaths - lost, truth_of.deaths_under_48_hours - early_lost);

        let census = of(Report::Census);
        let occupancy = (truth_of.service_days, truth_of.bed_days);
        assert_eq!(parts(&census, "occupancy"), occupancy, "{name}: occupancy");
        let newborns = (truth_of.newborn_service_days, truth_of.bassinet_days);
        assert_eq!(parts(&census, "occupancy.newborns"), newborns, "{name}: bassinets");
        days_are_equal(&truth, &census);

        let left = of(Report::Discharges);
        let stays = (truth_of.stay_days, truth_of.discharges);
        assert_eq!(parts(&left, "average_stay"), stays, "{name}: average stay");
        let newborns = (truth_of.newborn_discharges, 0);
        assert_eq!(parts(&left, "discharges.newborns"), newborns, "{name}: newborns");

        let died = of(Report::Deaths);
        let all = truth_of.discharges + truth_of.newborn_discharges;
        assert_eq!(parts(&died, "gross_death"), (deaths, all), "{name}: gross deaths");
        let net = (deaths - early, all - early);
        assert_eq!(parts(&died, "net_death"), net, "{name}: net deaths");

        let back = of(Report::Readmissions);
        let index = truth_of.index_discharges + lost;
        let returns = (truth_of.readmissions, index);
        assert_eq!(parts(&back, "readmission"), returns, "{name}: readmissions");
        let planned = (truth_of.planned_readmissions, index);
        assert_eq!(parts(&back, "readmission.planned"), planned, "{name}: planned");
        compared += 1;
    }
    assert!(compared > 20, "{compared} months");
    let sum = |of: fn(&synthetic::Month) -> i64| truth.months.values().map(of).sum::<i64>();
    let (deaths, returns) = (sum(|month| month.deaths), sum(|month| month.readmissions));
    assert!(deaths > 3 && returns > 3, "{deaths} deaths, {returns} readmissions");
    over_all_days(&site.store, &truth);
}

/// The table of days against the truth's census.
fn days_are_equal(truth: &Truth, census: &Opened) {
    let table = census.tables.iter().find(|table| table.title == "Daily census").unwrap();
    for row in &table.rows {
        let day = truth.census.get(&row[0]).copied().unwrap_or_default();
        let observed = day.observation + day.observation_same_day;
        let expected =
            [day.at_midnight + day.same_day, day.newborns, observed].map(|n| n.to_string());
        assert_eq!(row[1..], expected, "{}", row[0]);
    }
}

/// Over two years: deliveries, deaths after operations, dollars not final billed.
fn over_all_days(store: &Store, truth: &Truth) {
    let days = [("range", "days"), ("from", "2024-02-01"), ("until", "2026-03-01")];
    let deliveries = report(store, Report::Deliveries, &days);
    let (_, counted) = parts(&deliveries, "caesarean");
    let mothers = truth.stays.iter().filter(|stay| stay.is_delivery);
    let (left, in_house): (Vec<_>, Vec<_>) = mothers.partition(|stay| stay.discharged.is_some());
    let (least, most) = (left.len() as i64, (left.len() + in_house.len()) as i64);
    assert!((least..=most).contains(&counted) && least > 0, "{least} <= {counted} <= {most}");

    let deaths = report(store, Report::Deaths, &days);
    let after_operations: i64 = truth.months.values().map(|month| month.deaths_postoperative).sum();
    assert_eq!(parts(&deaths, "postoperative_death").0, after_operations);

    let never_closed: BTreeSet<String> = truth
        .faults
        .iter()
        .filter(|fault| fault.kind == "visit-never-closed")
        .map(|fault| fault.resource.replace("Encounter/", ""))
        .collect();
    let ended = truth
        .stays
        .iter()
        .filter(|stay| stay.discharged.is_some() && !never_closed.contains(&stay.encounter));
    let (mut accounts, mut cents) = (0, 0);
    for stay in ended {
        (accounts, cents) = (accounts + 1, cents + stay.charge_cents);
    }
    let unbilled = report(store, Report::Unbilled, &days);
    assert_eq!(parts(&unbilled, "unbilled_days.accounts").0, accounts);
    assert_eq!(parts(&unbilled, "unbilled_days.dollars").0, cents / 100);
}
