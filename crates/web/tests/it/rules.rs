//! Rules as data through the pages: superseded from a day on, refused with a sentence.

use crate::app::{NOON, TestApp};
use crate::markup::faults;
use ::app::rules::{completion_rules, fee_schedules};
use integrity::TimeAllowed;
use jiff::civil::{Date, date};
use record::Context;
use record::Role::Administrator;

const SUMMARY: &str = "/administration/rules/completion/discharge-summary";
const CHANGE: &str = "from=2026-07-01&effect=set&document_name=Discharge+summary&codes=18842-5&\
    classes=inpatient&condition=always&starts=discharge&length=14&unit=days&needs_signature=yes&\
    citation=Medical+staff+bylaws+4.2&reason=Voted+in+February";

async fn page(app: &TestApp, path: &str) -> String {
    let answer = app.get(Some(Administrator), path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    assert_eq!(faults(&answer.text), Vec::<String>::new(), "{path}");
    answer.text
}

/// The time allowed for the discharge summary on a day, as the desk of completion asks it.
fn allowed(app: &TestApp, on: Date) -> TimeAllowed {
    let context = Context::system("test", NOON);
    let rules = app.store.look(&context, |view| {
        completion_rules(view, on).map_err(|error| store::Error::Corrupt(error.to_string()))
    });
    let rules = rules.unwrap();
    rules.iter().find(|one| one.head.name == "discharge-summary").unwrap().rule.allowed
}

#[tokio::test]
async fn a_completion_rule_is_superseded_from_a_future_day() {
    let app = TestApp::new();
    let listed = page(&app, "/administration/rules").await;
    assert!(listed.contains("href=\"/administration/rules/completion/discharge-summary\""));
    let opened = page(&app, SUMMARY).await;
    assert!(opened.contains("42 CFR 482.24(c)(4)"), "{opened}");

    let looked = app.post(Some(Administrator), SUMMARY, &format!("do=look&{CHANGE}")).await;
    assert_eq!(looked.status, 200, "{}", looked.text);
    assert_eq!(faults(&looked.text), Vec::<String>::new());
    assert!(looked.text.contains("Nothing is entered yet."));
    assert_eq!(allowed(&app, date(2026, 7, 1)), TimeAllowed::Days(30));

    let entered = app.post(Some(Administrator), SUMMARY, &format!("do=enter&{CHANGE}")).await;
    assert_eq!(entered.status, 303, "{}", entered.text);
    for (day, days) in [(date(2026, 3, 2), 30), (date(2026, 6, 30), 30), (date(2026, 7, 1), 14)] {
        assert_eq!(allowed(&app, day), TimeAllowed::Days(days), "{day}");
    }
    let opened = page(&app, SUMMARY).await;
    assert!(opened.contains("Medical staff bylaws 4.2") && opened.contains("Voted in February"));
    assert!(!opened.contains("person:"), "who entered it has a name");
    assert!(opened.contains("42 CFR 482.24(c)(4)"), "the shipped rule stays in sight");
    assert!(opened.contains("still to come"), "where the row stands today");
    let today = page(&app, "/administration/rules").await;
    assert!(!today.contains("Medical staff bylaws 4.2"));
    let july = page(&app, "/administration/rules?on=2026-07-01").await;
    assert!(july.contains("Medical staff bylaws 4.2"));

    let back = "do=enter&from=2026-09-01&effect=shipped&citation=Bylaws&reason=Repealed";
    assert_eq!(app.post(Some(Administrator), SUMMARY, back).await.status, 303);
    assert_eq!(allowed(&app, date(2026, 8, 31)), TimeAllowed::Days(14));
    assert_eq!(allowed(&app, date(2026, 9, 1)), TimeAllowed::Days(30));
}

#[tokio::test]
async fn what_is_wrong_with_a_rule_is_said_at_its_field() {
    let app = TestApp::new();
    let cases = [
        (SUMMARY, CHANGE.replace("18842-5", "summary"), "Give LOINC codes with spaces between"),
        (SUMMARY, CHANGE.replace("length=14", "length=soon"), "Give a whole number."),
        (SUMMARY, CHANGE.replace("classes=inpatient&", ""), "Choose at least one class"),
        (SUMMARY, CHANGE.replace("2026-07-01", "July"), "Give the first day as 2026-03-04."),
        (SUMMARY, CHANGE.replace("reason=Voted+in+February", ""), "Say why it is entered."),
        (
            "/administration/rules/clock/us-access",
            "from=2026-07-01&effect=off&citation=None&reason=None".to_owned(),
            "Federal law and settings can&#39;t be switched off here.",
        ),
        (
            "/administration/rules/clock/us-access",
            "from=2026-07-01&effect=off&jurisdiction=US-CA&citation=None&reason=None".to_owned(),
            "Federal law and settings can&#39;t be switched off here.",
        ),
        (
            "/administration/rules/setting/bill-hold-days",
            "from=2026-07-01&value=400&citation=None&reason=None".to_owned(),
            "Give a number from 0 to 366.",
        ),
    ];
    for (path, fields, sentence) in cases {
        let answer = app.post(Some(Administrator), path, &format!("do=enter&{fields}")).await;
        assert_eq!(answer.status, 422, "{sentence}: {}", answer.text);
        let text = answer.text.replace('\'', "&#39;");
        assert!(text.contains(sentence), "{sentence}: {text}");
    }
    assert_eq!(allowed(&app, date(2026, 7, 1)), TimeAllowed::Days(30));
}

#[tokio::test]
async fn a_state_s_schedule_of_fees_is_entered_under_a_new_name() {
    let app = TestApp::new();
    let at = "/administration/rules/fee-schedule/new";
    page(&app, at).await;
    let fields = "do=enter&name=us-ca-copies&from=2026-01-01&base_cents=0&tiers=999999+|+25&\
        jurisdiction=US-CA&citation=Cal.+Health+%26+Safety+Code+123110&reason=State+law";
    let answer = app.post(Some(Administrator), at, fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    page(&app, "/administration/rules/fee-schedule/us-ca-copies").await;
    let context = Context::system("test", NOON);
    let schedules = app.store.look(&context, |view| {
        fee_schedules(view, date(2026, 3, 2))
            .map_err(|error| store::Error::Corrupt(error.to_string()))
    });
    let schedules = schedules.unwrap();
    assert_eq!(schedules[0].head.jurisdiction, "US-CA");
    assert_eq!(schedules[0].rule.tiers[0].cents, 25);
}

#[tokio::test]
async fn a_kind_or_a_name_that_does_not_exist_is_no_page() {
    let app = TestApp::new();
    for path in ["/administration/rules/law/us-access", "/administration/rules/clock/us-moon"] {
        assert_eq!(app.get(Some(Administrator), path).await.status, 404, "{path}");
    }
}
