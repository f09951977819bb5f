//! The order of My work: a sum of stated terms, each with its sentence.
//!
//! Every desk's work stands in one queue. Nothing weighs in that is not shown: the priority is the
//! sum of the points below, and two items with equal sums stand by due date, age and id.

pub use crate::queue_terms::QueueTerms;
use jiff::tz::TimeZone;
use record::Instant;
use serde::{Deserialize, Serialize};

/// What kind of work it is. Each weighs what it costs to leave it lying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkKind {
    /// A request for release of information.
    Release,
    /// A possible duplicate or overlay.
    Duplicate,
    /// A document that stands in no chart yet.
    Indexing,
    /// A discharged encounter to code.
    Coding,
    /// A query to a physician.
    Query,
    /// A chart deficiency.
    Deficiency,
    /// A failing row of a quality check.
    Quality,
    /// A broken glass to review.
    AccessReview,
    /// A chart on loan that is overdue, a missing chart.
    ChartTracking,
    /// A record due for destruction or a hold to look at.
    Retention,
}

impl WorkKind {
    /// Every kind, in the order in which filters list them.
    pub const ALL: [WorkKind; 10] = [
        WorkKind::Release,
        WorkKind::Duplicate,
        WorkKind::Indexing,
        WorkKind::Coding,
        WorkKind::Query,
        WorkKind::Deficiency,
        WorkKind::Quality,
        WorkKind::AccessReview,
        WorkKind::ChartTracking,
        WorkKind::Retention,
    ];

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            WorkKind::Release => "Release of information",
            WorkKind::Duplicate => "Possible duplicate",
            WorkKind::Indexing => "Document to index",
            WorkKind::Coding => "Encounter to code",
            WorkKind::Query => "Query to a physician",
            WorkKind::Deficiency => "Chart deficiency",
            WorkKind::Quality => "Quality finding",
            WorkKind::AccessReview => "Access to review",
            WorkKind::ChartTracking => "Paper chart",
            WorkKind::Retention => "Retention",
        }
    }

    /// The word that the store and the API use.
    pub fn as_str(self) -> &'static str {
        match self {
            WorkKind::Release => "release",
            WorkKind::Duplicate => "duplicate",
            WorkKind::Indexing => "indexing",
            WorkKind::Coding => "coding",
            WorkKind::Query => "query",
            WorkKind::Deficiency => "deficiency",
            WorkKind::Quality => "quality",
            WorkKind::AccessReview => "access-review",
            WorkKind::ChartTracking => "chart-tracking",
            WorkKind::Retention => "retention",
        }
    }

    /// Reads the stored word back.
    pub fn parse(text: &str) -> Option<WorkKind> {
        WorkKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Why this kind of work weighs what it weighs.
    fn sentence(self) -> &'static str {
        match self {
            WorkKind::Release => "The law sets a latest date for requests.",
            WorkKind::Duplicate => "Care may be given from half of a record.",
            WorkKind::Indexing => "A document that is in no chart can't be read by anyone.",
            WorkKind::Coding => "The bill waits for the codes.",
            WorkKind::Query => "Coding waits for the answer.",
            WorkKind::Deficiency => "The record is not complete.",
            WorkKind::Quality => "A row fails a quality check.",
            WorkKind::AccessReview => "Every broken glass is reviewed.",
            WorkKind::ChartTracking => "The paper chart is not at its home.",
            WorkKind::Retention => "Retention can wait.",
        }
    }
}

/// An item of work, as far as its place in the queue goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItem {
    /// Its id.
    pub id: String,
    /// What kind of work it is.
    pub kind: WorkKind,
    /// When it is due, where it is.
    pub due: Option<Instant>,
    /// When it came.
    pub opened: Instant,
    /// Whether a treating clinician waits for it.
    pub is_stat: bool,
    /// Money that waits for it, in cents.
    pub waiting_cents: Option<i64>,
    /// How many other items wait for it.
    pub blocked_items: u32,
}

/// One term of the sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorityTerm {
    /// Short name: `due`, `stat`, `money`, `age`, `kind`, `blocks`.
    pub name: String,
    /// Points that it adds.
    pub points: i64,
    /// Why, in a sentence.
    pub sentence: String,
}

/// The priority of an item: the sum, and every term of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priority {
    /// Sum of the points. Higher stands earlier.
    pub total: i64,
    /// The terms, the largest first. Terms of no points are left out.
    pub terms: Vec<PriorityTerm>,
}

/// The priority of an item now.
pub fn priority(item: &WorkItem, terms: &QueueTerms, now: Instant, zone: &TimeZone) -> Priority {
    let mut parts = vec![
        due_term(item.due, terms, now, zone),
        stat_term(item.is_stat, terms),
        money_term(item.waiting_cents, terms),
        age_term(item.opened, terms, now, zone),
        kind_term(item.kind, terms),
        blocks_term(item.blocked_items, terms),
    ];
    parts.retain(|term| term.points != 0);
    parts.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.name.cmp(&b.name)));
    Priority { total: parts.iter().map(|term| term.points).sum(), terms: parts }
}

/// The items in the order in which they should be done, each with its priority.
pub fn order(
    items: &[WorkItem],
    terms: &QueueTerms,
    now: Instant,
    zone: &TimeZone,
) -> Vec<(WorkItem, Priority)> {
    let mut ordered: Vec<(WorkItem, Priority)> =
        items.iter().map(|item| (item.clone(), priority(item, terms, now, zone))).collect();
    ordered.sort_by(|(a, pa), (b, pb)| {
        let due = |item: &WorkItem| item.due.unwrap_or(Instant(i64::MAX));
        pb.total
            .cmp(&pa.total)
            .then_with(|| due(a).cmp(&due(b)))
            .then_with(|| a.opened.cmp(&b.opened))
            .then_with(|| a.id.cmp(&b.id))
    });
    ordered
}

fn term(name: &str, points: i64, sentence: String) -> PriorityTerm {
    PriorityTerm { name: name.to_owned(), points, sentence }
}

fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

/// Whole calendar days from one instant to another in a zone.
fn days_between(from: Instant, to: Instant, zone: &TimeZone) -> i64 {
    let span = to.date_in(zone) - from.date_in(zone);
    i64::from(span.get_days())
}

fn due_term(
    due: Option<Instant>,
    terms: &QueueTerms,
    now: Instant,
    zone: &TimeZone,
) -> PriorityTerm {
    let Some(due) = due else { return term("due", 0, "It has no due date.".to_owned()) };
    let left = days_between(now, due, zone);
    if now > due {
        let points = (terms.late - terms.late_each_day * left).min(terms.late_max);
        let how_late =
            if left == 0 { "since today".to_owned() } else { format!("by {}", days(-left)) };
        return term("due", points, format!("It is late {how_late}."));
    }
    let points = (terms.due_today - terms.due_less_each_day * left).max(0);
    let when = if left == 0 { "today".to_owned() } else { format!("in {}", days(left)) };
    term("due", points, format!("It is due {when}."))
}

fn stat_term(is_stat: bool, terms: &QueueTerms) -> PriorityTerm {
    let points = if is_stat { terms.stat } else { 0 };
    term("stat", points, "A treating clinician waits for it.".to_owned())
}

fn money_term(cents: Option<i64>, terms: &QueueTerms) -> PriorityTerm {
    let cents = cents.unwrap_or(0).max(0);
    let points = (cents / 1_000_000).saturating_mul(terms.money_each_10_000_dollars);
    term("money", points.min(terms.money_max), format!("{} dollars wait for it.", cents / 100))
}

fn age_term(opened: Instant, terms: &QueueTerms, now: Instant, zone: &TimeZone) -> PriorityTerm {
    let age = days_between(opened, now, zone).max(0);
    let points = (age * terms.age_each_day).min(terms.age_max);
    term("age", points, format!("It came {} ago.", days(age)))
}

fn kind_term(kind: WorkKind, terms: &QueueTerms) -> PriorityTerm {
    let points = terms.kinds.get(&kind).copied().unwrap_or(0);
    term("kind", points, kind.sentence().to_owned())
}

fn blocks_term(blocked: u32, terms: &QueueTerms) -> PriorityTerm {
    let points = (i64::from(blocked) * terms.blocks_each_item).min(terms.blocks_max);
    let what = if blocked == 1 { "item waits" } else { "items wait" };
    term("blocks", points, format!("{blocked} other {what} for it."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const DAY: i64 = 86_400_000_000;

    fn item(id: &str, kind: WorkKind, due_days: Option<i64>) -> WorkItem {
        WorkItem {
            id: id.to_owned(),
            kind,
            due: due_days.map(|days| Instant(days * DAY)),
            opened: Instant(0),
            is_stat: false,
            waiting_cents: None,
            blocked_items: 0,
        }
    }

    fn now() -> Instant {
        Instant(10 * DAY)
    }

    #[test]
    fn order_is_by_the_sum_and_every_term_is_shown() {
        let items = [
            item("release due in 3 days", WorkKind::Release, Some(13)),
            item("deficiency late by 4 days", WorkKind::Deficiency, Some(6)),
            WorkItem { is_stat: true, ..item("stat release", WorkKind::Release, Some(40)) },
            WorkItem {
                waiting_cents: Some(4_512_300),
                ..item("dear coding", WorkKind::Coding, Some(14))
            },
            WorkItem { blocked_items: 2, ..item("duplicate", WorkKind::Duplicate, None) },
            item("retention", WorkKind::Retention, None),
        ];
        let mut shown = String::new();
        for (item, priority) in order(&items, &QueueTerms::shipped(), now(), &TimeZone::UTC) {
            shown += &format!("{} = {}\n", item.id, priority.total);
            for term in &priority.terms {
                shown += &format!("    {:+} {}: {}\n", term.points, term.name, term.sentence);
            }
        }
        expect![[r#"
            stat release = 180
                +150 stat: A treating clinician waits for it.
                +20 kind: The law sets a latest date for requests.
                +10 age: It came 10 days ago.
            deficiency late by 4 days = 140
                +120 due: It is late by 4 days.
                +10 age: It came 10 days ago.
                +10 kind: The record is not complete.
            dear coding = 129
                +64 due: It is due in 4 days.
                +40 money: 45123 dollars wait for it.
                +15 kind: The bill waits for the codes.
                +10 age: It came 10 days ago.
            release due in 3 days = 98
                +68 due: It is due in 3 days.
                +20 kind: The law sets a latest date for requests.
                +10 age: It came 10 days ago.
            duplicate = 45
                +25 kind: Care may be given from half of a record.
                +10 age: It came 10 days ago.
                +10 blocks: 2 other items wait for it.
            retention = 10
                +10 age: It came 10 days ago.
        "#]]
        .assert_eq(&shown);
    }

    #[test]
    fn the_total_is_the_sum_of_what_is_shown() {
        for due in [None, Some(0), Some(9), Some(10), Some(11), Some(400)] {
            for kind in WorkKind::ALL {
                let priority =
                    priority(&item("a", kind, due), &QueueTerms::shipped(), now(), &TimeZone::UTC);
                let sum: i64 = priority.terms.iter().map(|term| term.points).sum();
                assert_eq!(priority.total, sum);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn order_depends_on_the_items_alone(dues in proptest::collection::vec(0i64..40, 0..8)) {
            let items: Vec<WorkItem> = dues
                .iter()
                .enumerate()
                .map(|(at, due)| item(&at.to_string(), WorkKind::ALL[at % 10], Some(*due)))
                .collect();
            let backwards: Vec<WorkItem> = items.iter().rev().cloned().collect();
            proptest::prop_assert_eq!(
                order(&items, &QueueTerms::shipped(), now(), &TimeZone::UTC),
                order(&backwards, &QueueTerms::shipped(), now(), &TimeZone::UTC)
            );
        }
    }
}
