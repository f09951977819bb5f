//! Reports of work that was done at the desks, against figures worked out by hand.

use crate::app::{NOON, TestStore, somebody};
use crate::release::{Site, site, somebody as specialist};
use app::release::{self as desk, Picked};
use app::reports::{Asked, Behind, Opened, Report, RowsBehind, open, rows};
use record::{Context, Instant, Private, Role};
use redaction::mark::Decision;
use release::lifecycle::Action as Step;
use release::minimum_necessary::Method;
use report::Figure;
use serde_json::json;
use store::{Action, Prepared, Store, Transaction};

const DAY_SECONDS: i64 = 86_400;
const MARCH: &str = "2026-03-02T12:00:00Z";

fn month(name: &str) -> Asked {
    let fields = [("range", "month"), ("month", name)];
    Asked::of(|wanted| fields.iter().find(|(known, _)| *known == wanted).map(|(_, value)| *value))
}

/// The analyst on 10 April 2026, so that March is over.
fn analyst() -> Context {
    let at = Instant::parse("2026-04-10T12:00:00Z").unwrap();
    Context { at, ..somebody(7, Role::Analyst) }
}

fn report(store: &Store, wanted: Report, of: &str) -> Opened {
    open(store, &analyst(), wanted, &month(of)).unwrap()
}

fn behind(store: &Store, wanted: Report, of: &str, figure: &str) -> RowsBehind {
    rows(store, &analyst(), wanted, &month(of), figure).unwrap()
}

fn figure<'a>(opened: &'a Opened, name: &str) -> &'a Figure {
    opened.figures.iter().find(|figure| figure.name == name).unwrap()
}

/// The patient's request for the note, received on a day, in sensitive review.
fn requested(site: &Site, received: &str) -> i64 {
    site.request_of(
        received,
        &Picked {
            items: vec![site.note],
            method: Some(Method::Individual),
            reason: "What was asked for".into(),
            ..Picked::default()
        },
    )
}

/// The patient's request for the note, received on a day, reviewed, checked by a second person and
/// handed out so many days after 2 March 2026.
fn delivered(site: &Site, received: &str, days_later: i64) {
    let id = requested(site, received);
    let document =
        desk::overview(&site.store, &specialist(1), id).unwrap().documents[0].document.id;
    site.open(id, document);
    site.decide_all(id, document, Decision::Confirm);
    site.reviewed(id, document).unwrap();
    site.finish(id).unwrap();
    site.make(id).unwrap();
    desk::approve(&site.store, &specialist(2), id, site.saves_count(id)).unwrap();
    let then = Context { at: NOON.plus_seconds(days_later * DAY_SECONDS), ..specialist(1) };
    let action = Step::Deliver { how: "in person".into(), to: Private::new("Jane Roe") };
    desk::act(&site.store, &then, id, site.saves_count(id), action).unwrap();
}

#[test]
fn the_turnaround_of_delivered_requests_is_the_one_worked_out_by_hand() {
    let site = site();
    delivered(&site, "2026-02-20", 0); // on 2 March: 10 days, as February 2026 has 28
    delivered(&site, "2026-03-01", 0); // on 2 March: 1 day
    delivered(&site, "2026-03-02", 3); // on 5 March: 3 days
    delivered(&site, "2026-03-02", 30); // on 1 April: 30 days
    requested(&site, "2026-02-25"); // never answered
    let withdrawn = requested(&site, "2026-02-26");
    site.act(withdrawn, Step::Cancel { reason: "Withdrawn by telephone".into() });

    let march = report(&site.store, Report::Release, "2026-03");
    let mean = figure(&march, "release_turnaround");
    assert_eq!((mean.numerator, mean.denominator), (14.0, Some(3.0)), "(10 + 1 + 3) / 3");
    assert_eq!(mean.in_words(), "4.67 days");
    let open_then = figure(&march, "release_turnaround.open");
    assert_eq!(open_then.numerator, 2.0, "the one of 25 February, and that of 1 April");

    let february = report(&site.store, Report::Release, "2026-02");
    assert_eq!(figure(&february, "release_turnaround").value, None, "nothing to divide by");
    // Received by its end, whenever they were logged: of 20, 25 and 26 February.
    assert_eq!(figure(&february, "release_turnaround.open").numerator, 3.0);
    let april = report(&site.store, Report::Release, "2026-04");
    let mean = figure(&april, "release_turnaround");
    assert_eq!((mean.numerator, mean.denominator), (30.0, Some(1.0)));
    assert_eq!(figure(&april, "release_turnaround.open").numerator, 1.0);

    let found = behind(&site.store, Report::Release, "2026-03", "release_turnaround");
    assert_eq!((found.total, found.withheld), (3, 0));
    let Behind::Requests(told) = found.behind else { panic!("requests stand behind it") };
    let days: Vec<(&str, &str)> =
        told.iter().map(|row| (row.received_on.as_str(), row.delivered_on.as_str())).collect();
    let expected =
        [("2026-02-20", "2026-03-02"), ("2026-03-01", "2026-03-02"), ("2026-03-02", "2026-03-05")];
    assert_eq!(days, expected);
}

/// An inpatient's stay from noon to noon.
fn stay(site: &TestStore, id: &str, from: &str, to: &str) {
    site.put(&json!({"resourceType": "Encounter", "id": id, "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "subject": {"reference": format!("Patient/{id}-p")},
        "period": {"start": format!("{from}T18:00:00Z"), "end": format!("{to}T18:00:00Z")}}));
}

fn system(at: &str) -> Context {
    Context::system("test", Instant::parse(at).unwrap())
}

/// A signed document of a stay, which comes in at this moment.
fn filed(site: &TestStore, stay: &str, loinc: &str, day: &str, comes_in: &str) {
    let document = json!({"resourceType": "DocumentReference", "id": format!("{stay}-{loinc}"),
        "status": "current", "docStatus": "final", "date": format!("{day}T20:00:00Z"),
        "subject": {"reference": format!("Patient/{stay}-p")},
        "type": {"coding": [{"system": "http://loinc.org", "code": loinc}]},
        "context": {"encounter": [{"reference": format!("Encounter/{stay}")}]},
        "content": [{"attachment": {"contentType": "text/plain", "title": "note"}}]});
    let prepared = Prepared::new(&document, None).unwrap();
    let put = |t: &mut Transaction<'_>| t.resource_put(&prepared, None, Action::Create, "test");
    site.store.write(&system(comes_in), put).unwrap();
}

const HISTORY_AND_PHYSICAL: &str = "34117-2";
const DISCHARGE_SUMMARY: &str = "18842-5";

#[test]
fn delinquent_charts_are_the_ones_worked_out_by_hand() {
    let site = TestStore::new();
    site.store
        .write(&system(MARCH), |t| t.facility_create("General", "America/Chicago", "urn:mrn"))
        .unwrap();
    for (id, family) in [("a", "Adams"), ("b", "Baker"), ("c", "Clark")] {
        site.patient(&format!("{id}-p"), family, "Ann", "1960-01-01");
    }
    // Everything is there.
    stay(&site, "a", "2026-01-05", "2026-01-08");
    filed(&site, "a", HISTORY_AND_PHYSICAL, "2026-01-05", MARCH);
    filed(&site, "a", DISCHARGE_SUMMARY, "2026-01-08", MARCH);
    // The history and physical was due on 11 February, the summary on 14 March.
    stay(&site, "b", "2026-02-10", "2026-02-12");
    // The summary was due on 27 March.
    stay(&site, "c", "2026-02-20", "2026-02-25");
    filed(&site, "c", HISTORY_AND_PHYSICAL, "2026-02-20", MARCH);
    app::completion::find(&site.store, &system("2026-03-02T13:00:00Z"), None).unwrap();

    let rate = |of: &str| {
        let opened = report(&site.store, Report::Delinquency, of);
        let rate = figure(&opened, "delinquency");
        (rate.numerator, rate.denominator, rate.in_words())
    };
    // Three discharges in twelve months are a quarter of one a month.
    assert_eq!(rate("2026-02"), (1.0, Some(0.25), "400.00 %".to_owned()), "b");
    assert_eq!(rate("2026-03"), (2.0, Some(0.25), "800.00 %".to_owned()), "b and c");
    let families = |of: &str| {
        let found = behind(&site.store, Report::Delinquency, of, "delinquency");
        let Behind::Encounters(told) = found.behind else { panic!("encounters stand behind it") };
        let name = |row: &str| row.split(',').next().unwrap_or_default().to_owned();
        let mut names: Vec<String> =
            told.iter().map(|row| name(row.encounter.patient.name.reveal())).collect();
        names.sort();
        names
    };
    assert_eq!(families("2026-02"), ["Baker"]);
    assert_eq!(families("2026-03"), ["Baker", "Clark"]);

    // What comes later mends the months after it, and not those before.
    filed(&site, "b", HISTORY_AND_PHYSICAL, "2026-02-10", "2026-04-05T11:00:00Z");
    filed(&site, "b", DISCHARGE_SUMMARY, "2026-02-12", "2026-04-05T11:00:00Z");
    app::completion::find(&site.store, &system("2026-04-05T12:00:00Z"), None).unwrap();
    assert_eq!(families("2026-03"), ["Baker", "Clark"]);
    assert_eq!(families("2026-04"), ["Clark"]);
    assert_eq!(rate("2026-04").0, 1.0);
}
