//! What a site holds: the shipped sets and every load of its own, put together for use.

use std::sync::Arc;

use jiff::civil::Date;

use super::layout::Layout;
use super::licensed::DrgWeight;
use super::loaded::{Content, Loaded};
use super::ncci::{MueTable, PtpTable};
use super::poa_exempt::PoaExemptList;
use crate::codeset::{CodeSets, PackError, System};
use crate::edits::Tables;

/// First and last dates.
type Covers = (Date, Date);
/// Phrases of an index, each with its code.
type Phrases = Vec<(String, String)>;

/// The sets and tables that answer, by date.
#[derive(Debug, Default)]
pub struct Held {
    /// Codes, indexes, ICD-10-PCS tables.
    pub sets: CodeSets,
    pairs: Vec<(Covers, PtpTable)>,
    units: Vec<(Layout, Covers, MueTable)>,
    exempt: Vec<(Covers, PoaExemptList)>,
    weights: Vec<(Covers, Vec<DrgWeight>)>,
}

impl Held {
    /// Puts loads together, given in the order in which they were made. Of two loads for a date
    /// the one in force later answers; of two in force from one date the tabular list before the
    /// order file, else the later load.
    ///
    /// # Errors
    /// A load whose entries are no tree; one that was read has none.
    pub fn new(mut loads: Vec<Loaded>) -> Result<Held, PackError> {
        loads.sort_by_key(|load| (load.covers.0, load.layout == Layout::Icd10CmTabular));
        let mut held = Held::default();
        let mut phrases: Vec<(Layout, System, Phrases)> = Vec::new();
        for load in loads {
            let beside = held.sets.edition_on(System::Icd10Cm, load.covers.0);
            if let Some(edition) = load.edition(beside)? {
                held.sets.add(Arc::new(edition));
            }
            let (layout, covers) = (load.layout, load.covers);
            match load.content {
                Content::Codes { .. } | Content::Hcpcs(_) => {}
                Content::Index(index) => {
                    phrases.retain(|(known, ..)| *known != layout);
                    let own = index.entries.iter();
                    let own = own.filter_map(|entry| Some((entry.phrase(), entry.code.clone()?)));
                    phrases.push((layout, index.system, own.collect()));
                }
                Content::PcsTables(tables) => held.sets.add_pcs_tables(covers, tables),
                Content::PcsDefinitions(definitions) => held.sets.set_definitions(definitions),
                Content::PoaExempt(list) => held.exempt.push((covers, list)),
                Content::NcciPairs(table) => held.add_pairs(covers, table),
                Content::NcciUnits(table) => held.units.push((layout, covers, table)),
                Content::DrgWeights(weights) => held.weights.push((covers, weights)),
            }
        }
        for system in [System::Icd10Cm, System::Icd10Pcs] {
            let own = phrases.iter().filter(|(_, of, _)| *of == system);
            let all: Vec<_> = own.flat_map(|(.., phrases)| phrases.iter().cloned()).collect();
            if !all.is_empty() {
                held.sets.set_index_entries(system, all);
            }
        }
        Ok(held)
    }

    /// CMS parts the pairs of a quarter into files: those with the same dates are one table.
    fn add_pairs(&mut self, covers: Covers, table: PtpTable) {
        match self.pairs.iter_mut().find(|(known, _)| *known == covers) {
            Some((_, known)) => known.add(table),
            None => self.pairs.push((covers, table)),
        }
    }

    /// The tables that edits look into on a date.
    #[must_use]
    pub fn tables(&self, on: Date) -> Tables<'_> {
        Tables {
            sets: &self.sets,
            ptp: in_force(&self.pairs, on),
            mue: self.limits(on),
            poa_exempt: in_force(&self.exempt, on),
        }
    }

    /// The limits of a hospital's outpatient services; where they are not loaded, those of
    /// practitioners.
    fn limits(&self, on: Date) -> Option<&MueTable> {
        let of = |layout: Layout| {
            let own = self.units.iter().rev().filter(move |(of, ..)| *of == layout);
            own.filter(|(_, covers, _)| holds(covers, on)).map(|(.., table)| table).next()
        };
        of(Layout::NcciUnitsHospital).or_else(|| of(Layout::NcciUnitsPractitioner))
    }

    /// The line of a DRG in the loaded Table 5 of a date.
    #[must_use]
    pub fn weight(&self, drg: u16, on: Date) -> Option<&DrgWeight> {
        in_force(&self.weights, on)?.iter().find(|weight| weight.drg == drg)
    }
}

fn holds(covers: &Covers, on: Date) -> bool {
    covers.0 <= on && on <= covers.1
}

fn in_force<T>(all: &[(Covers, T)], on: Date) -> Option<&T> {
    all.iter().rev().find(|(covers, _)| holds(covers, on)).map(|(_, table)| table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::{self, Diagnosis, Draft, Setting};
    use crate::import::loaded::read;
    use crate::import::{ncci, order_file};
    use jiff::civil::date;

    fn load(layout: Layout, text: &str, from: Date) -> Loaded {
        read(layout, text.as_bytes(), Some(from)).unwrap()
    }

    fn order(codes: &[(&str, &str)]) -> String {
        let lines = codes.iter().enumerate();
        lines.map(|(at, (code, title))| order_file::line(at + 1, code, true, title)).collect()
    }

    #[test]
    fn the_later_year_answers_for_its_dates_alone() {
        let text = order(&[("E119", "Type 2 diabetes, revised"), ("Z999", "New status")]);
        let held = Held::new(vec![load(Layout::Icd10CmOrder, &text, date(2026, 10, 1))]).unwrap();
        let valid = |code, on| held.sets.is_valid(System::Icd10Cm, code, on);
        assert!(valid("Z999", date(2026, 10, 1)) && !valid("Z999", date(2026, 9, 30)));
        assert!(valid("I10", date(2026, 9, 30)) && !valid("I10", date(2026, 10, 1)));
        assert!(!held.sets.covers(System::Icd10Cm, date(2027, 10, 1)));
    }

    #[test]
    fn tables_are_those_of_the_date() {
        let (first, second) = (date(2026, 1, 1), date(2026, 4, 1));
        let hospital = ncci::MUE_SAMPLE.replace("G9001,2", "G9001,5");
        let part = ncci::PTP_SAMPLE.replace("G9001", "G9000");
        let held = Held::new(vec![
            load(Layout::NcciPairs, &part, second),
            load(Layout::NcciPairs, ncci::PTP_SAMPLE, second),
            load(Layout::NcciUnitsPractitioner, ncci::MUE_SAMPLE, first),
            load(Layout::NcciUnitsPractitioner, ncci::MUE_SAMPLE, second),
            load(Layout::NcciUnitsHospital, &hospital, second),
            load(Layout::PoaExempt, "Exempt\nZ79.4 Insulin\n", date(2025, 10, 1)),
        ])
        .unwrap();
        let (before, after) = (held.tables(date(2026, 2, 1)), held.tables(date(2026, 4, 15)));
        assert!(before.ptp.is_none() && before.mue.unwrap().limit("G9001").unwrap().units_max == 2);
        assert_eq!(after.mue.unwrap().limit("G9001").unwrap().units_max, 5);
        let pairs = after.ptp.unwrap();
        assert!(pairs.pair("G9000", "G9002", second).is_some());
        assert!(pairs.pair("G9001", "G9002", second).is_some());
        // The list of the year, not the categories of the guidelines: Z86.7 would be exempt.
        let mut draft = Draft::new(Setting::Inpatient, date(2026, 4, 15));
        let bare = |code: &str| Diagnosis { code: code.into(), poa: None, is_uncertain: false };
        draft.diagnoses = vec![bare("Z79.4"), bare("Z86.73")];
        let found = edits::check(&draft, after);
        let missing: Vec<_> = found.iter().filter(|edit| edit.rule == "poa_missing").collect();
        assert_eq!(missing.len(), 1, "{found:?}");
        assert_eq!(missing[0].codes, ["Z8673"]);
    }

    #[test]
    fn weights_are_those_of_the_date() {
        let text = "TABLE 5 MS-DRG weights\n291\tYes\tNo\t05\tMED\tHEART FAILURE\t1.2\t3.8\t4.9\n";
        let held = Held::new(vec![load(Layout::DrgWeights, text, date(2025, 10, 1))]).unwrap();
        assert_eq!(held.weight(291, date(2026, 1, 1)).unwrap().weight, Some(1.2));
        assert!(held.weight(291, date(2026, 10, 1)).is_none());
        assert!(held.weight(292, date(2026, 1, 1)).is_none());
    }
}
