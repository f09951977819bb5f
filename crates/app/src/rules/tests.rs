//! The overlay, as tables.

use super::*;
use expect_test::expect;
use jiff::civil::date;
use record::Instant;
use record::effective::Effect;
use store::rule::RuleKind;

fn row(id: i64, name: &str, from: Date, effect: Effect, content: Option<String>) -> RuleRow {
    RuleRow {
        id,
        kind: RuleKind::Clock,
        name: name.to_owned(),
        version: id,
        jurisdiction: "US-CA".to_owned(),
        citation: "Cal. Health & Safety Code 123110(b)".to_owned(),
        term: Term { from, until: None },
        effect,
        content,
        reason: "State law".to_owned(),
        entered_at: Instant(0),
        entered_by: "person/1".to_owned(),
    }
}

fn content(days: i32) -> Option<String> {
    let like = release::clock::built_in().remove(1);
    serde_json::to_string(&ClockRule { days, extension_days: None, ..like }).ok()
}

#[test]
fn rows_of_the_site_overlay_the_shipped_rules_by_the_day() {
    let rows = [
        row(11, "us-ca-access", date(2003, 1, 1), Effect::Set, content(15)),
        row(12, "us-amendment", date(2026, 1, 1), Effect::Set, content(45)),
        row(13, "us-amendment", date(2027, 1, 1), Effect::Shipped, None),
        row(14, "us-breach", date(2027, 1, 1), Effect::Off, None),
    ];
    let all = overlay(release::clock::built_in(), &rows).unwrap();
    let mut shown = String::new();
    for Effective { rule, head, origin } in &all {
        let until = head.term.until.map_or("on".to_owned(), |day| day.to_string());
        let (name, version, from, days) = (&head.name, head.version, head.term.from, rule.days);
        assert_eq!((&rule.id, rule.from, rule.to), (name, from, head.term.until));
        shown += &format!("{name} {version}: {from} {until}, {days} days, {origin:?}\n");
    }
    expect![[r#"
        us-access 1: 2003-04-14 2013-09-22, 30 days, Shipped
        us-access 2: 2013-09-23 on, 30 days, Shipped
        us-accounting 1: 2003-04-14 on, 60 days, Shipped
        us-amendment 1: 2003-04-14 2025-12-31, 60 days, Shipped
        us-amendment 12: 2026-01-01 2026-12-31, 45 days, Site(12)
        us-amendment 1: 2027-01-01 on, 60 days, Shipped
        us-breach 1: 2009-09-23 2026-12-31, 60 days, Shipped
        us-ca-access 11: 2003-01-01 on, 15 days, Site(11)
        us-oral-suspension 1: 2003-04-14 on, 30 days, Shipped
    "#]]
    .assert_eq(&shown);
    let due = release::clock::due(
        &plain(all),
        release::clock::Clock::Access,
        Some("US-CA"),
        date(2026, 3, 1),
    );
    assert_eq!(due.unwrap().on, date(2026, 3, 16));
}

#[test]
fn every_shipped_rule_is_without_fault() {
    fn faults<T: Rule>() -> Vec<String> {
        let rules = T::shipped();
        let of = |rule: &T| rule.faults().into_iter().map(|f| f.sentence).collect::<Vec<_>>();
        rules.iter().flat_map(of).collect()
    }
    assert_eq!(faults::<Checklist>(), Vec::<String>::new());
    assert_eq!(faults::<ClockRule>(), Vec::<String>::new());
    assert_eq!(faults::<RetentionClass>(), Vec::<String>::new());
    assert_eq!(faults::<CompletionRule>(), Vec::<String>::new());
    assert_eq!(faults::<QueueRule>(), Vec::<String>::new());
    assert_eq!(faults::<SettingRule>(), Vec::<String>::new());
}

#[test]
fn the_shipped_levels_of_notice_are_the_library_s() {
    let shipped = |setting: Setting| setting.shipped();
    let days = integrity::clock::NOTICE_RULES.map(|rule| rule.days_after_due);
    let settings = [
        -shipped(Setting::NoticeReminderDaysBefore),
        -shipped(Setting::NoticeWarningDaysBefore),
        shipped(Setting::NoticeDelinquentDaysAfter),
        shipped(Setting::NoticeSuspensionDaysAfter),
    ];
    assert_eq!(days, settings);
}
