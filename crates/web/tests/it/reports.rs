//! The reports desk through its pages: numbers, their rows, what is withheld, files.

use crate::app::{NOON, TestApp, put};
use crate::markup::faults;
use record::{Actor, Context, Role, SensitiveClass};
use serde_json::json;
use store::AuditEntry;

const ANALYST: Option<Role> = Some(Role::Analyst);
const FEBRUARY: &str = "range=month&month=2026-02";

async fn shown(app: &TestApp, path: &str) -> String {
    let answer = app.get(ANALYST, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    assert_eq!(faults(&answer.text), Vec::<String>::new(), "{path}");
    answer.text
}

/// The number of a tile.
fn number<'a>(page: &'a str, title: &str) -> &'a str {
    let label = format!("<div class=\"tile-label\">{title}</div>");
    let at = page.find(&label).unwrap_or_else(|| panic!("no tile {title}"));
    let rest = &page[at + label.len()..];
    let rest = &rest[rest.find("tile-value\">").unwrap() + "tile-value\">".len()..];
    let rest = rest.strip_prefix("<a").map_or(rest, |link| &link[link.find('>').unwrap() + 1..]);
    rest[..rest.find('<').unwrap()].trim()
}

/// Two charts of one stay each, 1 to 4 February; one of them is labelled.
#[tokio::test]
async fn numbers_count_everyone_and_rows_state_what_is_withheld() {
    let app = TestApp::new();
    let page = shown(&app, &format!("/reports/discharges?{FEBRUARY}")).await;
    assert_eq!(number(&page, "Discharges, adults and children"), "2");
    assert_eq!(number(&page, "Average stay, adults and children"), "3.00");
    assert!(page.contains("(version 1)") && page.contains("AHIMA Press"));
    let rows = shown(&app, &format!("/reports/discharges/rows/discharges?{FEBRUARY}")).await;
    assert!(rows.contains("Roe") && !rows.contains("Quill"), "hidden is absent");
    assert!(rows.contains("The number counts 2 rows"));
    assert!(rows.contains("One of them is withheld"));
    let trail = app.trail(1);
    assert_eq!(trail[0].action, "report.rows");
    assert_eq!(trail[0].patients, [app.own.patient]);
    assert_eq!(trail[0].detail, r#"{"rows":2,"withheld":1}"#);
    let csv =
        app.get(ANALYST, &format!("/reports/discharges/rows/discharges/csv?{FEBRUARY}")).await;
    assert!(csv.text.contains("Roe") && !csv.text.contains("Quill"));
}

#[tokio::test]
async fn the_census_is_taken_at_midnight_of_the_facility() {
    let app = TestApp::new();
    let context = Context::system("test", NOON);
    let stay = |id: &str, class: &str, from: &str, until: &str| {
        let status = if id == "voided" { "entered-in-error" } else { "finished" };
        json!({"resourceType": "Encounter", "id": id, "status": status,
            "subject": {"reference": "Patient/own"}, "class": {"code": class},
            "period": {"start": from, "end": until},
            "location": [{"location": {"display": "4 West"}, "period": {"start": from}}]})
    };
    app.store
        .write(&context, |t| {
            // 23:00 on the 10th in New York; the 11th in Greenwich. Gone on the 11th at 10:00.
            put(t, &stay("late", "IMP", "2026-02-11T04:00:00Z", "2026-02-11T15:00:00Z"))?;
            put(t, &stay("watched", "OBSENC", "2026-02-10T15:00:00Z", "2026-02-12T15:00:00Z"))?;
            put(t, &stay("voided", "IMP", "2026-02-10T15:00:00Z", "2026-02-12T15:00:00Z"))?;
            t.nursing_unit_create(app.facility, "4 West", 1, 0, "2026-01-01")
        })
        .unwrap();
    let on = |day: u8| format!("range=days&from=2026-02-{day:02}&until=2026-02-{day:02}");
    let csv = |query: String| {
        let app = &app;
        async move {
            let at = format!("/reports/census/csv/daily-census?{query}");
            app.get(ANALYST, &at).await.text
        }
    };
    assert!(csv(on(10)).await.contains("2026-02-10,1,0,1"), "the late one is in house");
    assert!(csv(on(11)).await.contains("2026-02-11,0,0,1"));
    assert!(csv(on(12)).await.contains("2026-02-12,0,0,0"));
    let page = shown(&app, &format!("/reports/census?{}&unit=4%20West", on(10))).await;
    assert_eq!(number(&page, "Occupancy, adults and children"), "100.00");
    assert!(page.contains("<svg") && page.contains("America/New_York"));
}

#[tokio::test]
async fn a_label_put_later_withholds_and_changes_no_number() {
    let app = TestApp::new();
    let context = Context::system("test", NOON);
    let at = format!("/reports/discharges/rows/discharges?{FEBRUARY}");
    assert!(shown(&app, &at).await.contains("Roe"));
    app.store
        .write(&context, |t| t.label_put(app.own.patient, None, SensitiveClass::Vip, "asked"))
        .unwrap();
    let page = shown(&app, &at).await;
    assert!(!page.contains("Roe") && page.contains("2 of them are withheld"));
    assert!(page.contains("The number counts 2 rows"));
}

#[tokio::test]
async fn every_report_opens_and_prints() {
    let app = TestApp::new();
    shown(&app, "/reports/formulas").await;
    for query in [FEBRUARY, "range=fiscal&year=2026", "range=days&from=2026-01-15"] {
        let page = shown(&app, &format!("/reports?{query}")).await;
        assert!(page.contains("Discharges, adults and children"));
        for report in app::reports::Report::ALL {
            let at = format!("/reports/{}", report.as_str());
            shown(&app, &format!("{at}?{query}")).await;
            let pdf = app.get(ANALYST, &format!("{at}/pdf?{query}")).await;
            assert!(pdf.status == 200 && pdf.text.starts_with("%PDF-1.7"), "{at}");
            assert_eq!(app.trail(1)[0].action, "report.pdf");
        }
    }
    let refused = app.get(ANALYST, "/reports/census?range=month&month=2027-01").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("No day of this period is over yet"));
    assert_eq!(app.get(ANALYST, "/reports/nothing").await.status, 404);
}

#[tokio::test]
async fn accesses_open_for_who_reads_the_audit_trail() {
    let app = TestApp::new();
    // Yesterday, for today isn't over.
    let opened = Context {
        actor: Actor::Person { id: app.person(Role::Technician) },
        ..Context::system("test", NOON.plus_seconds(-86_400))
    };
    let entry = AuditEntry::new(&opened, "chart.open", "chart").patients([app.own.patient]);
    app.store.write(&opened, |t| t.audit(&entry)).unwrap();
    let at = "/reports/accesses?range=days&from=2026-03-01";
    let page = shown(&app, at).await;
    assert_eq!(number(&page, "Accesses to records"), "1");
    let rows = "/reports/accesses/rows/accesses?range=days&from=2026-03-01";
    assert_eq!(app.get(ANALYST, rows).await.status, 403);
    let privacy = app.get(Some(Role::PrivacyOfficer), rows).await;
    assert!(privacy.text.contains("Technician of the tests"));
}

#[tokio::test]
async fn what_is_not_final_billed_has_days_and_dollars() {
    let app = TestApp::new();
    let context = Context::system("test", NOON);
    let charge = |id: &str, of: &str, dollars: i64| {
        json!({"resourceType": "ChargeItem", "id": id, "status": "billable",
            "subject": {"reference": format!("Patient/{of}")},
            "context": {"reference": format!("Encounter/{of}-e")},
            "code": {"text": "Room and board"},
            "priceOverride": {"value": dollars, "currency": "USD"}})
    };
    app.store
        .write(&context, |t| {
            put(t, &charge("m1", "own", 1_000))?;
            put(t, &charge("m2", "own", 200))?;
            put(t, &charge("m3", "hidden", 300))
        })
        .unwrap();
    let page = shown(&app, &format!("/reports/unbilled?{FEBRUARY}")).await;
    assert_eq!(number(&page, "Dollars not final billed"), "1,500");
    assert_eq!(number(&page, "Accounts not final billed"), "2");
    // 1,500 dollars, of a revenue of 1,500 in 365 days: every day of it.
    assert_eq!(number(&page, "Days not final billed"), "365.00");
    // Both left on the 4th: 24 days to the 28th.
    assert!(page.contains("24.00"));
    assert!(page.contains("Waiting for a coder"));
}
