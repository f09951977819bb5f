//! The order of My work, as a table.

use super::*;
use expect_test::expect;
use record::{Instant, Role};

const DAY: i64 = 86_400_000_000;

fn work(id: i64, kind: &str, due_day: Option<i64>) -> WorkItem {
    WorkItem {
        id,
        kind: kind.to_owned(),
        subject: id,
        patient: None,
        role: Role::Technician,
        assigned_to: None,
        opened_at: Instant(0),
        due_at: due_day.map(|day| Instant(day * DAY)),
        reason: String::new(),
        is_stat: false,
        waiting_cents: None,
    }
}

#[test]
fn the_order_is_the_sum_of_stated_terms() {
    let duplicate =
        WorkItem { patient: Some(PatientKey(7)), ..work(5, "possible-duplicate", None) };
    let items = [
        work(1, "release-request", Some(13)),
        work(2, "authenticate", Some(6)),
        WorkItem { is_stat: true, ..work(3, "release-request", Some(40)) },
        WorkItem { waiting_cents: Some(4_512_300), ..work(4, "code-encounter", Some(14)) },
        duplicate,
        work(6, "index-document", Some(11)),
        work(7, "quality-finding", None),
        work(8, "quality-finding", None),
    ];
    let of_patients = HashMap::from([(PatientKey(7), 3)]);
    let weighed: Vec<_> = items.iter().map(|item| weighed(item, &of_patients)).collect();
    let now = Instant(10 * DAY);
    let shown = |terms: &QueueTerms| {
        let mut text = String::new();
        for (item, priority) in ranked(&weighed, terms, now, &TimeZone::UTC) {
            let parts: Vec<String> =
                priority.terms.iter().map(|t| format!("{} {:+}", t.name, t.points)).collect();
            let id = item.id.trim_start_matches('0');
            text +=
                &format!("{id} {} = {}: {}\n", item.kind.label(), priority.total, parts.join(", "));
        }
        text
    };
    expect![[r#"
        3 Release of information = 180: stat +150, kind +20, age +10
        2 Chart deficiency = 140: due +120, age +10, kind +10
        4 Encounter to code = 129: due +64, money +40, kind +15, age +10
        6 Document to index = 106: due +76, kind +20, age +10
        1 Release of information = 98: due +68, kind +20, age +10
        5 Possible duplicate = 45: kind +25, age +10, blocks +10
        7 Quality finding = 15: age +10, kind +5
        8 Quality finding = 15: age +10, kind +5
    "#]]
    .assert_eq(&shown(&QueueTerms::shipped()));
    let mut terms = QueueTerms::shipped();
    terms.set("stat", 0);
    terms.kinds.insert(WorkKind::Quality, 900);
    expect![[r#"
        7 Quality finding = 910: kind +900, age +10
        8 Quality finding = 910: kind +900, age +10
        2 Chart deficiency = 140: due +120, age +10, kind +10
        4 Encounter to code = 129: due +64, money +40, kind +15, age +10
        6 Document to index = 106: due +76, kind +20, age +10
        1 Release of information = 98: due +68, kind +20, age +10
        5 Possible duplicate = 45: kind +25, age +10, blocks +10
        3 Release of information = 30: kind +20, age +10
    "#]]
    .assert_eq(&shown(&terms));
}
