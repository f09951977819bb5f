//! Hand-worked cases in the manner of the textbooks, and the edges of each formula.

use super::*;
use crate::rows::{
    AccessRow, BedRow, BodyRow, DelinquentRow, DeliveryRow, Disposition, OperationRow, Period,
    PlaceRow, RegistrationRow, RequestRow, Rows, StayClass, UnbilledRow,
};
use crate::tables;
use jiff::civil::date;
use jiff::tz::TimeZone;
use record::{Instant, PatientKey};

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// `2026-03-DDTHH:00Z`; days over 31 reach into April, days under 1 into February.
fn march(day: i64, hour: i64) -> Instant {
    at("2026-03-01T00:00:00Z").plus_seconds(((day - 1) * 24 + hour) * 3_600)
}

fn stay(n: i64, from: i64, until: Option<i64>) -> StayRow {
    StayRow {
        id: format!("s{n}"),
        patient: PatientKey(n),
        class: StayClass::Inpatient,
        is_newborn: false,
        admitted: march(from, 8),
        discharged: until.map(|day| march(day, 16)),
        disposition: Disposition::Home,
        service: "Medicine".to_owned(),
        unit: "3 West".to_owned(),
        places: Vec::new(),
        is_obstetric: false,
        is_maternal_death: false,
        is_consulted: false,
        has_hospital_infection: false,
        is_planned: false,
        is_transfer_in: false,
        weight: None,
    }
}

/// So many stays of three days, discharged in March.
fn stays(count: i64) -> Vec<StayRow> {
    (0..count).map(|n| stay(n, 5, Some(8))).collect()
}

fn period() -> Period {
    Period { from: date(2026, 3, 1), until: date(2026, 3, 31) }
}

fn figure_over(rows: &Rows, period: Period, name: &str) -> Figure {
    let input = Input { rows, period, zone: &TimeZone::UTC, unit: None };
    let figures = by_name(name).unwrap().figures(&input);
    figures.into_iter().find(|figure| figure.name == name).unwrap()
}

fn figure(rows: &Rows, name: &str) -> Figure {
    figure_over(rows, period(), name)
}

fn words(rows: &Rows, name: &str) -> String {
    figure(rows, name).in_words()
}

/// Ten beds all month, five of them closed on the last day.
fn beds() -> Vec<BedRow> {
    let row = |day| BedRow {
        date: date(2026, 3, day),
        unit: "3 West".to_owned(),
        beds: if day == 31 { 5 } else { 10 },
        bassinets: 2,
    };
    (1..=31).map(row).collect()
}

#[test]
fn the_census_counts_midnights_and_same_day_patients_once() {
    let mut newborn = stay(5, 30, None);
    newborn.is_newborn = true;
    let mut observation = stay(6, 31, None);
    observation.class = StayClass::Observation;
    let rows = Rows {
        stays: vec![
            stay(1, 29, None),
            stay(2, 31, Some(31)),
            stay(3, 29, Some(31)),
            stay(4, 32, None),
            newborn,
            observation,
        ],
        ..Rows::default()
    };
    let census = figure(&rows, "daily_census");
    assert_eq!((census.value, census.rows), (Some(2.0), vec!["s1".to_owned(), "s2".to_owned()]));
    assert_eq!(words(&rows, "daily_census.newborns"), "1 patient");
    assert_eq!(words(&rows, "daily_census.observation"), "1 patient");
    // s1: 29, 30, 31; s2: 31; s3: 29, 30.
    assert_eq!(words(&rows, "service_days"), "6 days");
    assert_eq!(words(&rows, "service_days.newborns"), "2 days");
    assert_eq!(words(&rows, "average_daily_census"), "0.19 patients");
}

#[test]
fn a_unit_counts_whom_it_has_at_midnight() {
    // Intensive care from the 4th, 08:00; 3 West from the 6th, 20:00; home on the 9th.
    let place = |unit: &str, since| PlaceRow { unit: unit.to_owned(), since };
    let mut moved = stay(1, 4, Some(9));
    moved.places = vec![place("ICU", march(4, 8)), place("3 West", march(6, 20))];
    // Two moves on one day: only the unit at midnight counts.
    let mut twice = stay(2, 4, Some(6));
    let on_the_fourth = |unit: &str, hour| place(unit, march(4, hour));
    twice.places =
        vec![on_the_fourth("ED", 8), on_the_fourth("ICU", 9), on_the_fourth("3 West", 22)];
    // Admitted and discharged on one day: the unit that the patient left.
    let mut short = stay(3, 7, Some(7));
    short.unit = "ICU".to_owned();
    let rows = Rows { stays: vec![moved, twice, short], beds: beds(), ..Rows::default() };
    let of = |unit: &str, name: &str| {
        let input = Input { rows: &rows, period: period(), zone: &TimeZone::UTC, unit: Some(unit) };
        by_name(name).unwrap().figures(&input)[0].in_words()
    };
    // 4 and 5 March of the first, and the third.
    assert_eq!(of("ICU", "service_days"), "3 days");
    // 6, 7 and 8 March of the first, 4 and 5 March of the second.
    assert_eq!(of("3 West", "service_days"), "5 days");
    assert_eq!(of("ED", "service_days"), "0 days");
    assert_eq!((of("ICU", "discharges"), of("3 West", "discharges")), ("1".into(), "2".into()));
    assert_eq!(of("3 West", "occupancy"), "1.64 %");
    assert_eq!(of("ICU", "occupancy"), "none: There are no bed-count days to divide by.");
}

#[test]
fn days_begin_at_the_facility() {
    // 31 March, 22:00 in New York is 1 April in UTC.
    let zone = TimeZone::get("America/New_York").unwrap();
    let mut late = stay(1, 31, None);
    late.admitted = at("2026-04-01T02:00:00Z");
    let rows = Rows { stays: vec![late], ..Rows::default() };
    let census = |zone: &TimeZone| {
        let input = Input { rows: &rows, period: period(), zone, unit: None };
        by_name("daily_census").unwrap().figures(&input)[0].value
    };
    assert_eq!((census(&zone), census(&TimeZone::UTC)), (Some(1.0), Some(0.0)));
}

#[test]
fn stays_are_counted_over_discharges() {
    // 1 (same day) + 3 + 8 (from February) = 12 days over 3; the one still in house is left out.
    let rows = Rows {
        stays: vec![
            stay(1, 4, Some(4)),
            stay(2, 4, Some(7)),
            stay(3, -3, Some(5)),
            stay(4, 20, None),
        ],
        ..Rows::default()
    };
    assert_eq!(words(&rows, "average_stay"), "4.00 days");
    assert_eq!(words(&rows, "discharges"), "3");
    let none = words(&rows, "average_stay.newborns");
    assert_eq!(none, "none: There are no discharges to divide by.");
}

#[test]
fn occupancy_sums_the_beds_of_every_day() {
    // 61 patients x 3 midnights = 183 service days; 30 x 10 + 5 = 305 bed days.
    let rows = Rows { stays: stays(61), beds: beds(), ..Rows::default() };
    assert_eq!(words(&rows, "occupancy"), "60.00 %");
    assert_eq!(words(&rows, "occupancy.newborns"), "0.00 %");
    // 61 / (305 / 31) = 6.2; indirect 60 x 31 / (3 x 100) = 6.2.
    assert_eq!(words(&rows, "bed_turnover"), "6.20 per bed");
    assert_eq!(words(&rows, "bed_turnover.indirect"), "6.20 per bed");
    assert_eq!(words(&Rows::default(), "occupancy").split(':').next(), Some("none"));
}

#[test]
fn gross_and_net_death_rates() {
    // 1,250 discharges, 25 deaths, 7 of them under 48 hours:
    // gross 25 / 1,250 = 2.00 %; net 18 / 1,243 = 1.448 %.
    let mut all = stays(1_250);
    for (n, one) in all.iter_mut().take(25).enumerate() {
        one.disposition = Disposition::Died;
        if n < 7 {
            one.discharged = Some(march(7, 7));
        }
    }
    // Exactly 48 hours is not under; an emergency death is not an inpatient death.
    all[7].discharged = Some(march(7, 8));
    let mut emergency = stay(9_999, 5, Some(5));
    emergency.class = StayClass::Emergency;
    emergency.disposition = Disposition::Died;
    all.push(emergency);
    let rows = Rows { stays: all, ..Rows::default() };
    assert_eq!(words(&rows, "gross_death"), "2.00 %");
    let net = figure(&rows, "net_death");
    assert_eq!((net.numerator, net.denominator), (18.0, Some(1_243.0)));
    assert_eq!(net.in_words(), "1.45 %");
    assert_eq!(net.rows.len(), 18);
}

#[test]
fn newborn_and_maternal_death_rates() {
    let mut all = stays(600);
    for one in all.iter_mut().take(200) {
        one.is_newborn = true;
    }
    all[0].disposition = Disposition::Died;
    for one in all.iter_mut().skip(200).take(250) {
        one.is_obstetric = true;
    }
    for n in [200, 201] {
        all[n].disposition = Disposition::Died;
    }
    all[200].is_maternal_death = true;
    let rows = Rows { stays: all, ..Rows::default() };
    assert_eq!(words(&rows, "newborn_death"), "0.50 %");
    assert_eq!(words(&rows, "maternal_death"), "0.40 %");
}

fn delivery(n: i64, is_caesarean: bool, live_births: u32) -> DeliveryRow {
    DeliveryRow {
        id: format!("d{n}"),
        at: march(10, 3),
        is_caesarean,
        live_births,
        early_fetal_deaths: 0,
        intermediate_fetal_deaths: 0,
        late_fetal_deaths: 0,
    }
}

#[test]
fn deliveries() {
    // 100 deliveries, 25 by caesarean, 2 of twins, 2 stillborn and 1 early loss:
    // 100 + 2 - 3 = 99 live births; fetal 2 / (99 + 2) = 1.98 %.
    let mut deliveries: Vec<_> = (0..100).map(|n| delivery(n, n < 25, 1)).collect();
    deliveries[0].live_births = 2;
    deliveries[1].live_births = 2;
    deliveries[50..53].iter_mut().for_each(|one| one.live_births = 0);
    deliveries[50].intermediate_fetal_deaths = 1;
    deliveries[51].late_fetal_deaths = 1;
    deliveries[52].early_fetal_deaths = 1;
    let rows = Rows { deliveries, ..Rows::default() };
    assert_eq!(words(&rows, "caesarean"), "25.00 %");
    let fetal = figure(&rows, "fetal_death");
    assert_eq!((fetal.numerator, fetal.denominator), (2.0, Some(101.0)));
    assert_eq!(fetal.rows, ["d50", "d51"]);
}

fn operation(n: i64, day: i64) -> OperationRow {
    OperationRow {
        id: format!("o{n}"),
        patient: PatientKey(n),
        at: march(day, 10),
        is_clean: n % 2 == 0,
        is_infected: false,
        anaesthetics: 1,
        is_anaesthetic_death: false,
    }
}

#[test]
fn operations() {
    let mut operations: Vec<_> = (0..40).map(|n| operation(n, 5)).collect();
    // A second operation of one patient, with a second anaesthetic.
    operations.push(OperationRow { id: "again".to_owned(), ..operation(0, 7) });
    operations[2].is_infected = true;
    operations[3].is_infected = true;
    operations[1].is_anaesthetic_death = true;
    let died = |n, day| StayRow { disposition: Disposition::Died, ..stay(n, 4, Some(day)) };
    // Day 10 counts, day 11 does not.
    let rows =
        Rows { stays: vec![died(0, 15), died(1, 16), died(100, 6)], operations, ..Rows::default() };
    let deaths = figure(&rows, "postoperative_death");
    assert_eq!((deaths.numerator, deaths.denominator), (1.0, Some(40.0)));
    assert_eq!(deaths.rows, ["s0"]);
    assert_eq!(words(&rows, "anaesthesia_death"), "2.44 %");
    assert_eq!(words(&rows, "infection.postoperative"), "4.88 %");
    // 21 clean operations (20 and the second one), one infected.
    assert_eq!(words(&rows, "infection.postoperative_clean"), "4.76 %");
}

#[test]
fn autopsies() {
    // 20 inpatient deaths: 6 autopsied, one of them a coroner's case; 2 more taken by the
    // coroner; 2 outpatients brought and autopsied.
    let body = |n: i64| BodyRow {
        id: format!("b{n}"),
        died: march(9, 9),
        is_inpatient: n < 20,
        is_coroner_case: [0, 10, 11].contains(&n),
        is_autopsied: !(6..20).contains(&n),
    };
    let rows = Rows { bodies: (0..22).map(body).collect(), ..Rows::default() };
    assert_eq!(words(&rows, "autopsy"), "30.00 %");
    assert_eq!(words(&rows, "autopsy.net"), "33.33 %");
    assert_eq!(words(&rows, "autopsy.adjusted"), "40.00 %");
}

#[test]
fn infections_and_consultations() {
    let mut all = stays(500);
    all.iter_mut().take(12).for_each(|one| one.has_hospital_infection = true);
    all.iter_mut().take(140).for_each(|one| one.is_consulted = true);
    let rows = Rows { stays: all, ..Rows::default() };
    assert_eq!(words(&rows, "infection"), "2.40 %");
    assert_eq!(words(&rows, "consultation"), "28.00 %");
}

#[test]
fn readmissions() {
    let mut all = stays(10);
    let again = |n: i64, day: i64| StayRow {
        id: format!("again{n}"),
        patient: PatientKey(n),
        ..stay(n, day, None)
    };
    // Discharged on the 8th: back on day 30 counts, on day 31 does not.
    all.push(again(0, 38));
    all.push(again(1, 39));
    all.push(StayRow { is_planned: true, ..again(2, 20) });
    all.push(StayRow { is_transfer_in: true, ..again(3, 9) });
    all.push(StayRow { class: StayClass::Observation, ..again(4, 9) });
    // The first admission decides: planned first, unplanned after.
    all.push(StayRow { id: "later".to_owned(), ..again(2, 25) });
    // A death and a transfer are no index.
    all[8].disposition = Disposition::Died;
    all[9].disposition = Disposition::Transfer;
    let rows = Rows { stays: all, ..Rows::default() };
    let unplanned = figure(&rows, "readmission");
    assert_eq!((unplanned.numerator, unplanned.denominator), (1.0, Some(8.0)));
    assert_eq!(unplanned.rows, ["s0"]);
    assert_eq!(figure(&rows, "readmission.planned").rows, ["s2"]);
}

#[test]
fn money_that_waits() {
    let account = |n: i64, dollars: i64, day: i64| UnbilledRow {
        id: format!("u{n}"),
        discharged: march(day, 10),
        charges_cents: dollars * 100,
        reason: if n == 0 { "Query".to_owned() } else { String::new() },
    };
    let rows = Rows {
        unbilled: vec![account(0, 300_000, 21), account(1, 450_000, 27)],
        revenue_cents: 3_650_000_000,
        revenue_days: 365,
        ..Rows::default()
    };
    // 750,000 / 100,000 a day; ages 10 and 4.
    assert_eq!(words(&rows, "unbilled_days"), "7.50 days");
    assert_eq!(words(&rows, "unbilled_days.dollars"), "750000 USD");
    assert_eq!(words(&rows, "unbilled_days.age"), "7.00 days");
    let without = Rows { revenue_days: 0, ..rows.clone() };
    assert_eq!(figure(&without, "unbilled_days").value, None);
    let input = Input { rows: &rows, period: period(), zone: &TimeZone::UTC, unit: None };
    let table = tables::unbilled_by_reason(&input);
    assert_eq!(table.rows[0], ["(no reason)", "1", "450000.00", "4.0"]);
}

#[test]
fn delinquency_is_against_a_months_discharges() {
    // 1,200 discharges in twelve months are 100 a month; 45 delinquent.
    let chart = |n: i64| DelinquentRow { id: format!("s{n}"), since: march(20, 0) };
    let rows =
        Rows { stays: stays(1_200), delinquent: (0..45).map(chart).collect(), ..Rows::default() };
    assert_eq!(words(&rows, "delinquency"), "45.00 %");
    // Since the 20th: eleven days at the end of March.
    let input = Input { rows: &rows, period: period(), zone: &TimeZone::UTC, unit: None };
    assert_eq!(tables::delinquent_by_age(&input).rows[1], ["8 to 14 days", "45"]);
}

#[test]
fn case_mix() {
    let mut all = stays(4);
    for (one, weight) in all.iter_mut().zip([1.25, 0.75, 2.5]) {
        one.weight = Some(weight);
    }
    let rows = Rows { stays: all, ..Rows::default() };
    assert_eq!(words(&rows, "case_mix_index"), "1.50");
    assert_eq!(figure(&rows, "case_mix_index.ungrouped").rows, ["s3"]);
}

#[test]
fn requests_and_accesses() {
    let request = |n: i64, from: i64, until: Option<i64>| RequestRow {
        id: format!("r{n}"),
        received: march(from, 9),
        delivered: until.map(|day| march(day, 15)),
    };
    let access =
        |n: i64, is_emergency| AccessRow { id: format!("a{n}"), at: march(3, 3), is_emergency };
    let rows = Rows {
        requests: vec![
            request(1, -5, Some(5)),
            request(2, 7, Some(7)),
            request(3, 9, None),
            request(4, 9, Some(40)),
        ],
        accesses: vec![access(1, false), access(2, true)],
        ..Rows::default()
    };
    assert_eq!(words(&rows, "release_turnaround"), "5.00 days");
    assert_eq!(figure(&rows, "release_turnaround.open").rows, ["r3"]);
    assert_eq!(words(&rows, "accesses"), "2");
    assert_eq!(words(&rows, "accesses.emergency"), "1");
}

#[test]
fn duplicates() {
    // 30 of 2,000 records in pairs, one of them in two; 3 of 200 registrations confirmed.
    let mut pairs: Vec<String> = (0..30).map(|n| format!("p{n}")).collect();
    pairs.push("p0".to_owned());
    let registration = |n: i64| RegistrationRow {
        id: format!("n{n}"),
        at: march(if n < 200 { 4 } else { 40 }, 9),
        is_confirmed_duplicate: !(3..=250).contains(&n),
    };
    let rows = Rows {
        patient_count: 2_000,
        possible_duplicates: pairs,
        registrations: (0..300).map(registration).collect(),
        ..Rows::default()
    };
    assert_eq!(words(&rows, "duplicates"), "1.50 %");
    assert_eq!(words(&rows, "duplicates.created"), "1.50 %");
    assert_eq!(figure(&rows, "duplicates.created").rows, ["n0", "n1", "n2"]);
}

#[test]
fn every_measure_has_a_hand_worked_case() {
    let cases = include_str!("tests.rs");
    for measure in all() {
        let named = [format!("\"{}\"", measure.name), format!("\"{}.", measure.name)];
        assert!(named.iter().any(|name| cases.contains(name)), "{} has none", measure.name);
    }
}

#[test]
fn nothing_gives_no_number_and_a_reason() {
    let input =
        Input { rows: &Rows::default(), period: period(), zone: &TimeZone::UTC, unit: None };
    for measure in all() {
        for figure in measure.figures(&input) {
            let is_stated = figure.value.is_some() != figure.no_value.is_some();
            assert!(is_stated, "{}", figure.name);
            assert!(figure.value.is_none_or(f64::is_finite), "{}", figure.name);
            if figure.denominator == Some(0.0) {
                assert_eq!(figure.value, None, "{}", figure.name);
            }
            assert!(!figure.formula.is_empty() && !figure.version.is_empty());
            assert_eq!(by_name(&figure.name).unwrap().name, measure.name);
        }
    }
}

#[test]
fn tables_agree_with_the_figures() {
    let rows = Rows { stays: stays(3), ..Rows::default() };
    let input = Input { rows: &rows, period: period(), zone: &TimeZone::UTC, unit: None };
    let census = tables::census_by_day(&input);
    assert_eq!(census.rows.len(), 31);
    let sum: f64 = census.rows.iter().map(|row| row[1].parse::<f64>().unwrap()).sum();
    assert_eq!(Some(sum), figure(&rows, "service_days").value);
    let services = tables::discharges_by_service(&input);
    assert_eq!(services.rows.last().unwrap(), &["All", "3", "9", "3.00", "0"]);
}
