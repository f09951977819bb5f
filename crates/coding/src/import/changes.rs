//! What a load adds, revises and retires, against what answered for its dates before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::loaded::{Content, Loaded};
use super::ncci::{PtpPair, PtpTable};
use crate::codeset::{Edition, System, dotted};

/// What a set changes against the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The set before; `None` where there was none: then nothing is listed.
    pub against: Option<String>,
    /// How many entries the set before holds.
    pub before_count: usize,
    /// Codes or entries that are new.
    pub added: Vec<String>,
    /// Those whose text or values differ.
    pub revised: Vec<String>,
    /// Those that are gone.
    pub retired: Vec<String>,
}

/// A set before with fewer entries is too small to say that the next one is cut.
const JUDGED_MIN: usize = 200;

impl Changes {
    /// Whether so much is gone that the file is rather cut than a new year: more than a quarter.
    #[must_use]
    pub fn looks_cut(&self) -> bool {
        self.before_count >= JUDGED_MIN && self.retired.len() * 4 > self.before_count
    }
}

/// What the codes of an edition change against another. Notes are compared only where both
/// editions have their own.
#[must_use]
pub fn of_editions(before: &Edition, after: &Edition) -> Changes {
    let with_notes = before.notes_of.is_none() && after.notes_of.is_none();
    let texts = |edition: &Edition| -> BTreeMap<String, String> {
        let text = |node: crate::codeset::Node<'_>| match with_notes {
            true => format!("{} {:?}", node.title(), node.notes().collect::<Vec<_>>()),
            false => node.title().to_owned(),
        };
        let of = |node: crate::codeset::Node<'_>| (dotted(edition.system, node.code()), text(node));
        edition.reportable().map(of).collect()
    };
    compared(before.name.clone(), &texts(before), &texts(after))
}

/// What a load without codes of its own changes against the load before it.
#[must_use]
pub fn of_loads(before: &Loaded, after: &Loaded) -> Changes {
    let name = format!("{} of {}", before.layout.label(), before.covers.0);
    match (&before.content, &after.content) {
        (Content::NcciPairs(before), Content::NcciPairs(after)) => of_pairs(name, before, after),
        _ => compared(name, &texts(before), &texts(after)),
    }
}

fn compared(
    name: String,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> Changes {
    let revised = new.iter().filter(|(key, text)| old.get(*key).is_some_and(|old| old != *text));
    Changes {
        against: Some(name),
        before_count: old.len(),
        added: new.keys().filter(|key| !old.contains_key(*key)).cloned().collect(),
        revised: revised.map(|(key, _)| key.clone()).collect(),
        retired: old.keys().filter(|key| !new.contains_key(*key)).cloned().collect(),
    }
}

/// Two sorted tables side by side: a quarter has two millions of pairs.
fn of_pairs(name: String, before: &PtpTable, after: &PtpTable) -> Changes {
    let key = |pair: &PtpPair| (pair.column_one, pair.column_two, pair.from);
    let shown = |pair: &PtpPair| format!("{} with {}", pair.column_two, pair.column_one);
    let count = before.pairs.len();
    let mut changes = Changes { against: Some(name), before_count: count, ..Changes::default() };
    let (mut old, mut new) = (before.pairs.iter().peekable(), after.pairs.iter().peekable());
    loop {
        match (old.peek(), new.peek()) {
            (None, None) => return changes,
            (Some(a), Some(b)) if key(a) == key(b) => {
                if (a.to, a.modifier_indicator) != (b.to, b.modifier_indicator) {
                    changes.revised.push(shown(b));
                }
                old.next();
                new.next();
            }
            (Some(a), b) if b.is_none_or(|b| key(a) < key(b)) => {
                changes.retired.push(shown(a));
                old.next();
            }
            (_, Some(b)) => {
                changes.added.push(shown(b));
                new.next();
            }
            (Some(_), None) => unreachable!("the arm before takes what is left of the old"),
        }
    }
}

/// Each key of a set with its text: what a comparison looks at.
fn texts(loaded: &Loaded) -> BTreeMap<String, String> {
    match &loaded.content {
        Content::Codes { system, entries } => {
            let of =
                |entry: &crate::codeset::Entry| (dotted(*system, &entry.code), entry.title.clone());
            entries.iter().map(of).collect()
        }
        Content::Index(index) => index
            .entries
            .iter()
            .map(|entry| (entry.phrase(), format!("{:?} {:?}", entry.code, entry.see)))
            .collect(),
        Content::PcsTables(tables) => tables
            .tables
            .iter()
            .map(|table| (table.beginning(), format!("{:?}", table.rows)))
            .collect(),
        Content::PcsDefinitions(all) => all
            .iter()
            .map(|one| {
                (format!("{}{} {}", one.section, one.position, one.term), one.definition.clone())
            })
            .collect(),
        Content::PoaExempt(list) => {
            let of = |code: &String| (dotted(System::Icd10Cm, code), String::new());
            list.codes.iter().map(of).collect()
        }
        Content::Hcpcs(codes) => codes
            .iter()
            .map(|code| (code.code.clone(), format!("{} {:?}", code.title, code.terminated)))
            .collect(),
        Content::NcciPairs(_) => BTreeMap::new(),
        Content::NcciUnits(table) => table
            .limits
            .iter()
            .map(|(code, limit)| {
                (code.clone(), format!("{} {}", limit.units_max, limit.adjudication))
            })
            .collect(),
        Content::DrgWeights(weights) => {
            weights.iter().map(|one| (format!("{:03}", one.drg), format!("{one:?}"))).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::layout::Layout;
    use crate::import::loaded::read;
    use crate::import::{ncci, order_file};
    use jiff::civil::{Date, date};

    fn load(layout: Layout, text: &str, from: Date) -> Loaded {
        read(layout, text.as_bytes(), Some(from)).unwrap()
    }

    fn order(codes: &[(&str, bool, &str)], from: Date) -> Edition {
        let lines = codes.iter().enumerate().map(|(at, (code, reportable, title))| {
            order_file::line(at + 1, code, *reportable, title)
        });
        let loaded = load(Layout::Icd10CmOrder, &lines.collect::<String>(), from);
        loaded.edition(None).unwrap().unwrap()
    }

    #[test]
    fn a_new_year_adds_revises_and_retires() {
        let old = &[("A00", false, "Cholera"), ("A000", true, "One"), ("A001", true, "Two")];
        let new = &[("A00", false, "Cholera"), ("A000", true, "1"), ("A009", true, "New")];
        let (old, new) = (order(old, date(2025, 10, 1)), order(new, date(2026, 10, 1)));
        let changes = of_editions(&old, &new);
        assert_eq!((changes.added, changes.revised), (vec!["A00.9".into()], vec!["A00.0".into()]));
        assert_eq!(changes.retired, ["A00.1"]);
        assert_eq!(
            of_editions(&old, &old),
            Changes { against: Some(old.name.clone()), before_count: 2, ..Changes::default() }
        );
    }

    #[test]
    fn a_file_of_which_a_quarter_is_gone_looks_cut() {
        let codes: Vec<String> = (0..400).map(|n| format!("A{:02}{}", n / 10, n % 10)).collect();
        let lines: Vec<_> = codes.iter().map(|code| (code.as_str(), true, "One")).collect();
        let whole = order(&lines, date(2025, 10, 1));
        let changes = of_editions(&whole, &order(&lines[..290], date(2026, 10, 1)));
        assert!(changes.looks_cut());
        let changes = of_editions(&whole, &order(&lines[..310], date(2026, 10, 1)));
        assert!(!changes.looks_cut());
    }

    #[test]
    fn pairs_are_compared_side_by_side() {
        let at = date(2026, 1, 1);
        let before = load(Layout::NcciPairs, ncci::PTP_SAMPLE, at);
        let text = ncci::PTP_SAMPLE
            .replace("G9001\tG9002\t\t20200101\t*\t1", "G9001\tG9002\t\t20200101\t20260331\t1")
            .replace("G9003\tG9004", "G9003\tG9005");
        let changes = of_loads(&before, &load(Layout::NcciPairs, &text, at));
        assert_eq!(changes.revised, ["G9002 with G9001"]);
        assert_eq!(changes.retired, ["G9004 with G9003"]);
        assert_eq!(changes.added, ["G9005 with G9003"]);
    }
}
