//! A rule that the administration changes from a day on: what came before that day keeps its rule.

use crate::release::{Site, site, somebody};
use app::release::{self as desk, LogForm};
use app::rules::{RuleDraft, append};
use record::effective::Effect;
use record::{Context, Role};
use release::Basis;
use release::lifecycle::Action;
use release::requester::RequesterKind;
use store::release::Channel;
use store::rule::RuleKind;

fn administrator() -> Context {
    Context { roles: vec![Role::Administrator], ..somebody(9) }
}

/// Enters a rule that holds from 2026-02-15 on.
fn enter(site: &Site, kind: RuleKind, name: &str, given: &[(&str, &str)]) {
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
    append(&site.store, &administrator(), &draft).unwrap();
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
