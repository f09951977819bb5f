//! The law of merges: undoing one gives back both sides.

use super::*;
use proptest::prelude::*;

fn act() -> Act {
    Act { by: Actor::Person { id: 1 }, at: Instant(0), reason: "One person.".to_owned() }
}

fn key(n: i64) -> PatientKey {
    PatientKey(n)
}

fn merged(pairs: &[(i64, i64)]) -> Links {
    let mut links = Links::default();
    for (at, (retired, survivor)) in pairs.iter().enumerate() {
        links.merge(LinkId(at as i64), key(*retired), key(*survivor), act()).unwrap();
    }
    links
}

#[test]
fn chains_resolve_to_their_end() {
    let mut links = merged(&[(1, 2), (2, 3)]);
    assert_eq!(links.resolve(key(1)), key(3));
    assert_eq!(links.members(key(2)), [key(1), key(2), key(3)]);
    links.unmerge(LinkId(0), act()).unwrap();
    assert_eq!((links.resolve(key(1)), links.resolve(key(2))), (key(1), key(3)));
    let mut links = merged(&[(1, 2), (2, 3)]);
    links.unmerge(LinkId(1), act()).unwrap();
    assert_eq!((links.resolve(key(1)), links.resolve(key(3))), (key(2), key(3)));
}

#[test]
fn refusals() {
    let links = merged(&[(1, 2)]);
    let ended = {
        let mut links = links.clone();
        links.unmerge(LinkId(0), act()).unwrap();
        links
    };
    let table = [
        (key(4), key(4), LinkRefusal::SameRecord),
        (key(1), key(3), LinkRefusal::AlreadyMerged { link: LinkId(0) }),
        (key(3), key(1), LinkRefusal::SurvivorMerged { into: key(2) }),
        (key(2), key(1), LinkRefusal::AlreadyOne),
        (key(1), key(2), LinkRefusal::AlreadyOne),
    ];
    for (retired, survivor, refusal) in table {
        assert_eq!(links.may_merge(retired, survivor, "why"), Err(refusal));
    }
    assert_eq!(links.may_merge(key(3), key(2), " "), Err(LinkRefusal::NoReason));
    assert_eq!(ended.may_merge(key(1), key(3), "why"), Ok(()));
    let exists = ended.clone().merge(LinkId(0), key(1), key(3), act());
    assert_eq!(exists, Err(LinkRefusal::LinkExists { link: LinkId(0) }));
    let missing = links.clone().unmerge(LinkId(9), act());
    assert_eq!(missing, Err(LinkRefusal::NoSuchLink { link: LinkId(9) }));
    let again = ended.clone().unmerge(LinkId(0), act());
    assert_eq!(again, Err(LinkRefusal::AlreadyEnded { link: LinkId(0) }));
}

#[test]
fn stored_links_give_the_same_structure() {
    let mut links = merged(&[(1, 2), (2, 3), (4, 5)]);
    links.unmerge(LinkId(2), act()).unwrap();
    assert_eq!(Links::from_links(links.history().cloned()), links);
}

/// Something that happens to the charts.
#[derive(Clone, Debug)]
enum Step {
    File { chart: i64 },
    Merge { retired: i64, survivor: i64 },
    Unmerge { link: i64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0i64..6).prop_map(|chart| Step::File { chart }),
        (0i64..6, 0i64..6).prop_map(|(retired, survivor)| Step::Merge { retired, survivor }),
        (0i64..8).prop_map(|link| Step::Unmerge { link }),
    ];
    prop::collection::vec(step, 0..24)
}

/// Charts with documents: each document stays under the key where it was filed.
#[derive(Default)]
struct Charts {
    links: Links,
    documents: Vec<PatientKey>,
    next_link: i64,
}

impl Charts {
    fn take(&mut self, step: &Step, keep: Option<LinkId>) {
        match step {
            Step::File { chart } => {
                let survivor = self.links.resolve(key(*chart));
                self.documents.push(survivor);
            }
            Step::Merge { retired, survivor } => {
                let id = LinkId(self.next_link);
                self.next_link += 1;
                let _ = self.links.merge(id, key(*retired), key(*survivor), act());
            }
            Step::Unmerge { link } if keep != Some(LinkId(*link)) => {
                let _ = self.links.unmerge(LinkId(*link), act());
            }
            Step::Unmerge { .. } => {}
        }
    }

    /// The documents, by index, that a reader of this chart sees.
    fn seen(&self, chart: PatientKey) -> Vec<usize> {
        let members = self.links.members(chart);
        (0..self.documents.len()).filter(|at| members.contains(&self.documents[*at])).collect()
    }
}

proptest! {
    /// unmerge(merge(x)) = x: whatever happened before, and whatever was filed in between.
    #[test]
    fn unmerge_gives_back_both_sides(
        before in steps(), retired in 0i64..6, survivor in 0i64..6, filed in steps(),
    ) {
        let mut charts = Charts { next_link: 100, ..Charts::default() };
        before.iter().for_each(|step| charts.take(step, None));
        let standing = charts.links.standing();
        let seen: Vec<Vec<usize>> = (0..6).map(|n| charts.seen(key(n))).collect();
        let known = charts.documents.len();
        let id = LinkId(99);
        if charts.links.merge(id, key(retired), key(survivor), act()).is_ok() {
            for step in filed.iter().filter(|step| matches!(step, Step::File { .. })) {
                charts.take(step, None);
            }
            charts.links.unmerge(id, act()).unwrap();
        }
        prop_assert_eq!(charts.links.standing(), standing);
        for (n, seen) in (0i64..6).zip(seen) {
            let now: Vec<usize> =
                charts.seen(key(n)).into_iter().filter(|at| *at < known).collect();
            prop_assert_eq!(now, seen);
        }
    }

    /// Merges and unmerges of others in between leave the same result as if ours never was,
    /// where they do not lean on it.
    #[test]
    fn every_key_has_one_survivor_that_survives(all in steps()) {
        let mut charts = Charts::default();
        for step in &all {
            charts.take(step, None);
            for n in 0..6 {
                let survivor = charts.links.resolve(key(n));
                prop_assert_eq!(charts.links.resolve(survivor), survivor);
                prop_assert!(charts.links.members(survivor).contains(&key(n)));
                prop_assert!(charts.links.standing_link(survivor).is_none());
            }
            let seen: usize = {
                let survivors: BTreeSet<_> = (0..6).map(|n| charts.links.resolve(key(n))).collect();
                survivors.into_iter().map(|one| charts.seen(one).len()).sum()
            };
            prop_assert_eq!(seen, charts.documents.len());
        }
    }

    /// The events alone give the structure back.
    #[test]
    fn replaying_gives_the_same(pairs in prop::collection::vec((0i64..6, 0i64..6), 0..10)) {
        let mut links = Links::default();
        let mut events = Vec::new();
        for (at, (retired, survivor)) in pairs.into_iter().enumerate() {
            let event = LinkEvent::Merged {
                id: LinkId(at as i64), retired: key(retired), survivor: key(survivor), act: act(),
            };
            if links.apply(&event).is_ok() {
                events.push(event);
            } else if let Some(LinkEvent::Merged { id, .. }) = events.first() {
                let undo = LinkEvent::Unmerged { id: *id, act: act() };
                if links.apply(&undo).is_ok() {
                    events.push(undo);
                }
            }
        }
        prop_assert_eq!(Links::replay(events).unwrap(), links);
    }
}
