//! What each term of the order of My work weighs: effective-dated data, to be set by the site.

use crate::queue::WorkKind;
use record::effective::Fault;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The weights of the terms, in points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueTerms {
    /// For being late.
    pub late: i64,
    /// For each day of being late.
    pub late_each_day: i64,
    /// For being late, at most.
    pub late_max: i64,
    /// For being due today.
    pub due_today: i64,
    /// Fewer for each day that is left.
    pub due_less_each_day: i64,
    /// For a treating clinician who waits.
    pub stat: i64,
    /// For each full 10,000 dollars that wait.
    pub money_each_10_000_dollars: i64,
    /// For money, at most.
    pub money_max: i64,
    /// For each day since it came.
    pub age_each_day: i64,
    /// For age, at most.
    pub age_max: i64,
    /// For each item that waits for it.
    pub blocks_each_item: i64,
    /// For items that wait for it, at most.
    pub blocks_max: i64,
    /// For the kind of work.
    pub kinds: BTreeMap<WorkKind, i64>,
}

/// Points of one term at most: more would drown every other.
pub const POINTS_MAX: i64 = 1_000;

impl QueueTerms {
    /// The terms that a new site starts with.
    pub fn shipped() -> QueueTerms {
        let kinds = [
            (WorkKind::Release, 20),
            (WorkKind::Duplicate, 25),
            (WorkKind::Indexing, 20),
            (WorkKind::Coding, 15),
            (WorkKind::Query, 15),
            (WorkKind::Deficiency, 10),
            (WorkKind::Quality, 5),
            (WorkKind::AccessReview, 20),
            (WorkKind::ChartTracking, 5),
            (WorkKind::Retention, 0),
        ];
        QueueTerms {
            late: 100,
            late_each_day: 5,
            late_max: 200,
            due_today: 80,
            due_less_each_day: 4,
            stat: 150,
            money_each_10_000_dollars: 10,
            money_max: 50,
            age_each_day: 1,
            age_max: 30,
            blocks_each_item: 5,
            blocks_max: 25,
            kinds: kinds.into_iter().collect(),
        }
    }

    /// Each weight with its name in forms and what people read; kinds of work not included.
    pub fn weights(&self) -> [(&'static str, &'static str, i64); 12] {
        [
            ("late", "Late", self.late),
            ("late_each_day", "Late, for each day", self.late_each_day),
            ("late_max", "Late, at most", self.late_max),
            ("due_today", "Due today", self.due_today),
            ("due_less_each_day", "Fewer for each day that is left", self.due_less_each_day),
            ("stat", "A treating clinician waits", self.stat),
            (
                "money_each_10_000_dollars",
                "Each full 10,000 dollars that wait",
                self.money_each_10_000_dollars,
            ),
            ("money_max", "Money, at most", self.money_max),
            ("age_each_day", "Each day since it came", self.age_each_day),
            ("age_max", "Age, at most", self.age_max),
            ("blocks_each_item", "Each item that waits for it", self.blocks_each_item),
            ("blocks_max", "Items that wait, at most", self.blocks_max),
        ]
    }

    /// Sets the weight of this name; false where there is none.
    pub fn set(&mut self, name: &str, points: i64) -> bool {
        let weight = match name {
            "late" => &mut self.late,
            "late_each_day" => &mut self.late_each_day,
            "late_max" => &mut self.late_max,
            "due_today" => &mut self.due_today,
            "due_less_each_day" => &mut self.due_less_each_day,
            "stat" => &mut self.stat,
            "money_each_10_000_dollars" => &mut self.money_each_10_000_dollars,
            "money_max" => &mut self.money_max,
            "age_each_day" => &mut self.age_each_day,
            "age_max" => &mut self.age_max,
            "blocks_each_item" => &mut self.blocks_each_item,
            "blocks_max" => &mut self.blocks_max,
            _ => return false,
        };
        *weight = points;
        true
    }

    /// What is wrong with terms that a person entered.
    pub fn faults(&self) -> Vec<Fault> {
        let of_kinds = self.kinds.iter().map(|(kind, points)| (kind.as_str(), *points));
        let all =
            self.weights().into_iter().map(|(name, _, points)| (name, points)).chain(of_kinds);
        all.filter(|(_, points)| !(0..=POINTS_MAX).contains(points))
            .map(|(name, _)| Fault::new(name, "Give points from 0 to 1000."))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_can_be_set_by_its_name() {
        let mut terms = QueueTerms::shipped();
        for (position, (name, ..)) in QueueTerms::shipped().weights().into_iter().enumerate() {
            assert!(terms.set(name, 500 + position as i64), "{name}");
        }
        let points: Vec<i64> = terms.weights().into_iter().map(|(.., points)| points).collect();
        assert_eq!(points, (500..512).collect::<Vec<i64>>());
        assert!(!terms.set("beauty", 1));
        assert_eq!(terms.faults(), []);
        terms.stat = -1;
        assert_eq!(terms.faults()[0].field, "stat");
    }
}
