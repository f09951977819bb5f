//! A rule that the administration changes from a day on: what came before that day keeps its rule.

use crate::app::TestStore;
use crate::release::{Site, site, somebody};
use app::release::{self as desk, LogForm};
use app::rules::{RuleDraft, append, retention_classes};
use integrity::retention::{Kept, Occasion, kept};
use jiff::civil::{Date, date};
use record::effective::Effect;
use record::{Context, Role};
use release::Basis;
use release::lifecycle::Action;
use release::requester::RequesterKind;
use serde_json::json;
use store::Store;
use store::deficiency::DeficiencyRow;
use store::release::Channel;
use store::rule::RuleKind;

fn administrator() -> Context {
    Context { roles: vec![Role::Administrator], ..somebody(9) }
}

/// Enters a rule that holds from 2026-02-15 on.
fn enter(site: &Site, kind: RuleKind, name: &str, given: &[(&str, &str)]) {
    enter_in(&site.store, kind, name, given);
}

fn enter_in(store: &Store, kind: RuleKind, name: &str, given: &[(&str, &str)]) {
    let mut answers = app::rules::Given::default();
    for (field, value) in given {
        answers.entry((*field).to_owned()).or_default().push((*value).to_owned());
    }
    let draft = RuleDraft {
        kind,
        name: name.into(),
        jurisdiction: "US".into(),
        citation: "Bylaws 4.2".into(),
        from: "2026-02-15".into(),
        until: String::new(),
        effect: Effect::Set,
        reason: "Voted in February".into(),
        given: answers,
    };
    append(store, &administrator(), &draft).unwrap();
}

/// A request received on this day, on this basis.
fn received(site: &Site, day: &str, basis: Basis) -> i64 {
    let kind =
        if basis == Basis::Access { RequesterKind::Individual } else { RequesterKind::Other };
    let form = LogForm {
        kind: Some(kind),
        name: "Pat Quimby".into(),
        channel: Some(Channel::Mail),
        asked_for: "All letters".into(),
        received: day.into(),
        ..LogForm::default()
    };
    let id = desk::log(&site.store, &somebody(1), &form).unwrap();
    site.act(id, Action::Identify { patient: site.patient });
    site.act(id, Action::ChooseBasis { basis });
    id
}

#[test]
fn a_clock_that_is_changed_sets_the_due_dates_of_requests_from_that_day_on() {
    let site = site();
    let clock = [("clock", "access"), ("days", "10"), ("extension_days", "")];
    enter(&site, RuleKind::Clock, "us-access", &clock);
    let house = [("clock", "house"), ("days", "5"), ("extension_days", "")];
    enter(&site, RuleKind::Clock, "house-release", &house);
    let due = |day: &str, basis: Basis| {
        let id = received(&site, day, basis);
        let opened = desk::open(&site.store, &somebody(1), id).unwrap();
        let due = opened.loaded.request().due.clone().unwrap();
        (due.on.to_string(), due.version)
    };
    let table = [
        ("2026-02-14", Basis::Access, "2026-03-16", 2),
        ("2026-02-15", Basis::Access, "2026-02-25", 3),
        ("2026-02-14", Basis::Authorization, "2026-03-16", 1),
        ("2026-02-15", Basis::Authorization, "2026-02-20", 1),
    ];
    for (day, basis, on, version) in table {
        assert_eq!(due(day, basis), (on.to_owned(), version), "{day} {basis:?}");
    }
}

#[test]
fn a_checklist_that_is_changed_is_asked_of_requests_from_that_day_on() {
    let site = site();
    let context = somebody(1);
    let before = received(&site, "2026-02-14", Basis::Payment);
    let asked = |id: i64| {
        let opened = desk::open(&site.store, &context, id).unwrap();
        let evaluation = opened.loaded.evaluation.unwrap();
        let of_page: Vec<String> = opened.checklist.into_iter().map(|a| a.element.id).collect();
        let judged: Vec<String> = evaluation.elements.into_iter().map(|e| e.id).collect();
        assert_eq!(of_page, judged, "what is asked is what is judged");
        judged
    };
    let old = asked(before);
    assert!(!old.contains(&"signed-by-plan".to_owned()));
    let name = release::basis::built_in()
        .into_iter()
        .find(|list| list.basis == Basis::Payment)
        .expect("a checklist of payment ships")
        .id;
    let line = "signed-by-plan | must | Bylaws 4.2 | Has the plan signed its request? | Have the \
                plan sign it.";
    let one = [("basis", "payment"), ("elements", line)];
    enter(&site, RuleKind::Checklist, &name, &one);
    let after = received(&site, "2026-02-15", Basis::Payment);
    assert_eq!(asked(before), old);
    assert_eq!(asked(after), ["signed-by-plan"]);
}

/// A finished inpatient stay.
fn stay(test: &TestStore, id: &str, admitted: &str, discharged: &str) {
    test.put(&json!({"resourceType": "Encounter", "id": id, "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "subject": {"reference": "Patient/p"},
        "period": {"start": format!("{admitted}T08:00:00Z"),
            "end": format!("{discharged}T10:00:00Z")}}));
}

/// What the rules ask of a stay: each rule with its version, its time and its due date.
fn asked_of(test: &TestStore, id: &str) -> Vec<String> {
    let rows = test.store.look(&Context::system("test", crate::app::NOON), |view| {
        let encounter = view.resource("Encounter", id)?.ok_or(store::Error::NotFound)?;
        view.deficiency_of_encounter(encounter.resource)
    });
    let line = |row: &DeficiencyRow| {
        let (rule, version) = row.rule.clone().unwrap();
        let due = row.due_at.map(|due| due.to_rfc3339()).unwrap_or_default();
        format!("{rule} {version}: {}, {}, {}", row.allowed.label(), &due[..10], row.citation)
    };
    let mut lines: Vec<String> = rows.unwrap().iter().map(line).collect();
    lines.sort();
    lines
}

const SUMMARY: [(&str, &str); 8] = [
    ("document_name", "Discharge summary"),
    ("codes", "18842-5"),
    ("classes", "inpatient"),
    ("condition", "alive-long-stay"),
    ("starts", "discharge"),
    ("length", "10"),
    ("unit", "days"),
    ("needs_signature", "yes"),
];

const OLD: [&str; 2] = [
    "discharge-summary 1: 30 days, 2026-03-16, 42 CFR 482.24(c)(4)(vii)",
    "history-and-physical 1: 24 hours, 2026-02-11, 42 CFR 482.24(c)(4)(i)(A)",
];

#[test]
fn a_completion_rule_that_is_changed_asks_of_stays_that_ended_from_that_day_on() {
    let test = TestStore::new();
    test.patient("p", "Roe", "Jane", "1957-03-04");
    enter_in(&test.store, RuleKind::Completion, "discharge-summary", &SUMMARY);
    stay(&test, "before", "2026-02-10", "2026-02-14");
    // Admitted before the change, discharged after it: each document by the day of its own event.
    stay(&test, "across", "2026-02-10", "2026-02-15");
    app::completion::find(&test.store, &Context::system("test", crate::app::NOON), None).unwrap();
    assert_eq!(asked_of(&test, "before"), OLD);
    let new = ["discharge-summary 2: 10 days, 2026-02-25, Bylaws 4.2", OLD[1]];
    assert_eq!(asked_of(&test, "across"), new);
}

#[test]
fn what_was_asked_before_a_completion_rule_was_entered_follows_it_when_it_is_asked_again() {
    let test = TestStore::new();
    let context = Context::system("test", crate::app::NOON);
    test.patient("p", "Roe", "Jane", "1957-03-04");
    stay(&test, "before", "2026-02-10", "2026-02-14");
    stay(&test, "after", "2026-02-10", "2026-02-15");
    app::completion::find(&test.store, &context, None).unwrap();
    let first = ["discharge-summary 1: 30 days, 2026-03-17, 42 CFR 482.24(c)(4)(vii)", OLD[1]];
    assert_eq!(asked_of(&test, "after"), first);
    enter_in(&test.store, RuleKind::Completion, "discharge-summary", &SUMMARY);
    assert_eq!(asked_of(&test, "after"), first, "what was asked stays until it is asked again");
    // Both charts change, and are held against the rules again.
    let later = Context { at: crate::app::NOON.plus_seconds(3600), ..context };
    for id in ["before", "after"] {
        let document = json!({"resourceType": "DocumentReference", "id": id, "status": "current",
            "type": {"coding": [{"system": "http://loinc.org", "code": "11506-3"}]},
            "subject": {"reference": "Patient/p"},
            "context": {"encounter": [{"reference": format!("Encounter/{id}")}]},
            "content": [{"attachment": {"contentType": "text/plain", "title": "Note"}}]});
        let put = test.store.write(&later, |t| {
            let body = store::Prepared::new(&document, None)?;
            t.resource_put(&body, None, store::Action::Create, "test").map(|_| ())
        });
        put.unwrap();
    }
    app::completion::find(&test.store, &later, None).unwrap();
    assert_eq!(asked_of(&test, "before"), OLD, "its day came before the change");
    let new = ["discharge-summary 2: 10 days, 2026-02-25, Bylaws 4.2", OLD[1]];
    assert_eq!(asked_of(&test, "after"), new, "clock, version and citation are those of one rule");
    assert!(test.store.verify(&later).unwrap().is_whole());
}

/// Whether a record may be destroyed is asked by the law of the day on which it is asked: a longer
/// time keeps what is still there, and one that is entered for a day to come changes nothing yet.
#[test]
fn a_retention_class_that_is_changed_is_asked_from_that_day_on() {
    let test = TestStore::new();
    let longer = [
        ("records", "Hospital records"),
        ("starts", "last-encounter"),
        ("years", "10"),
        ("minor_until_age", "21"),
    ];
    enter_in(&test.store, RuleKind::Retention, "us-hospital-record", &longer);
    let context = Context::system("test", crate::app::NOON);
    let (last, adult, child) = (date(2020, 6, 1), date(1957, 3, 4), date(2016, 6, 1));
    let until = |asked: Date, born: Date| {
        let classes = test.store.look(&context, |view| retention_classes(view, asked)).unwrap();
        let of_charts = classes.iter().filter(|one| one.head.name == "us-hospital-record");
        let classes: Vec<_> = of_charts.map(|one| &one.rule).collect();
        let occasion = Occasion { start: last, birth_date: Some(born) };
        match kept(&classes, occasion) {
            Some(Kept::Until(day, _)) => (day.to_string(), classes[0].version),
            other => panic!("{other:?}"),
        }
    };
    let table = [
        (date(2026, 2, 14), adult, "2025-06-01", 1),
        (date(2026, 2, 14), child, "2025-06-01", 1),
        (date(2026, 2, 15), adult, "2030-06-01", 2),
        (date(2026, 2, 15), child, "2037-06-01", 2),
    ];
    for (asked, born, day, version) in table {
        assert_eq!(until(asked, born), (day.to_owned(), version), "{asked} {born}");
    }
}
