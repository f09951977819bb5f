//! All editions that are held, and the lookup across them.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use jiff::civil::Date;

use super::code::{Code, System};
use super::edition::{Edition, Node};
use super::embedded;
use super::lookup::{LEAVES_MAX, Lookup, Title};
use super::validity::Validity;
use crate::import::pcs_tables::{Definition, PcsTables};

/// An edition that can be kept: a shipped one, or a share of an imported one.
#[derive(Debug, Clone)]
pub enum EditionHandle {
    /// Shipped with the product.
    Shipped(&'static Edition),
    /// Imported by the site.
    Imported(Arc<Edition>),
}

impl Deref for EditionHandle {
    type Target = Edition;

    fn deref(&self) -> &Edition {
        match self {
            Self::Shipped(edition) => edition,
            Self::Imported(edition) => edition,
        }
    }
}

/// The code sets that the product ships, and those that the site has imported. Cheap to clone.
///
/// ```
/// use coding::codeset::{CodeSets, System};
/// let sets = CodeSets::embedded();
/// let answer = sets.lookup(System::Icd10Cm, "E11.9", jiff::civil::date(2026, 4, 15));
/// assert!(answer.is_valid());
/// ```
#[derive(Debug, Clone, Default)]
pub struct CodeSets {
    imported: Vec<Arc<Edition>>,
    entries: HashMap<System, Arc<Vec<(String, String)>>>,
    pcs_tables: Vec<((Date, Date), Arc<PcsTables>)>,
    definitions: Arc<Vec<Definition>>,
}

impl CodeSets {
    /// The shipped sets alone.
    #[must_use]
    pub fn embedded() -> Self {
        Self::default()
    }

    /// Adds an imported edition, which answers for the dates that it covers from now on.
    pub fn add(&mut self, edition: Arc<Edition>) {
        self.imported.push(edition);
    }

    /// Adds phrases of an imported index (phrase, code), replacing those of a load before.
    pub fn set_index_entries(&mut self, system: System, entries: Vec<(String, String)>) {
        self.entries.insert(system, Arc::new(entries));
    }

    /// The phrases of the imported index of a system.
    #[must_use]
    pub fn index_entries(&self, system: System) -> &[(String, String)] {
        self.entries.get(&system).map_or(&[], |entries| entries.as_slice())
    }

    /// Adds imported ICD-10-PCS tables, which build codes of the dates that they cover.
    pub fn add_pcs_tables(&mut self, covers: (Date, Date), tables: PcsTables) {
        self.pcs_tables.push((covers, Arc::new(tables)));
    }

    /// The imported ICD-10-PCS tables that cover a date.
    #[must_use]
    pub fn pcs_tables_on(&self, date: Date) -> Option<&PcsTables> {
        let holds = |((from, to), _): &&((Date, Date), _)| *from <= date && date <= *to;
        self.pcs_tables.iter().rev().find(holds).map(|(_, tables)| tables.as_ref())
    }

    /// Takes the imported ICD-10-PCS definitions, replacing those of a load before.
    pub fn set_definitions(&mut self, definitions: Vec<Definition>) {
        self.definitions = Arc::new(definitions);
    }

    /// What a value of an ICD-10-PCS character means, in the publisher's words.
    #[must_use]
    pub fn definition(&self, section: char, position: u8, term: &str) -> Option<&Definition> {
        self.definitions.iter().find(|one| {
            (one.section, one.position) == (section, position)
                && one.term.eq_ignore_ascii_case(term)
        })
    }

    /// Every edition of a system: imported ones first, the latest loaded first.
    pub fn editions(&self, system: System) -> impl Iterator<Item = &Edition> {
        let imported = self.imported.iter().rev().map(AsRef::as_ref);
        imported
            .filter(move |edition| edition.system == system)
            .chain(shipped(system).iter().map(|edition| edition()))
    }

    /// The same editions, to be kept.
    pub fn edition_handles(&self, system: System) -> impl Iterator<Item = EditionHandle> {
        let imported = self.imported.iter().rev().filter(move |edition| edition.system == system);
        imported
            .map(|edition| EditionHandle::Imported(Arc::clone(edition)))
            .chain(shipped(system).iter().map(|edition| EditionHandle::Shipped(edition())))
    }

    /// The shipped table of dates for a system, where there is one.
    #[must_use]
    pub fn validity(&self, system: System) -> Option<&'static Validity> {
        match system {
            System::Icd10Cm => Some(embedded::icd10cm_validity()),
            System::Icd10Pcs => Some(embedded::icd10pcs_validity()),
            System::Hcpcs | System::Cpt | System::MsDrg => None,
        }
    }

    /// The imported edition that answers for `date`.
    fn imported_on(&self, system: System, date: Date) -> Option<&Edition> {
        let found = |edition: &&Arc<Edition>| edition.system == system && edition.covers(date);
        self.imported.iter().rev().find(found).map(AsRef::as_ref)
    }

    /// The edition whose tree and notes are shown for `date`: the one that covers it, else the
    /// nearest in time. [`Edition::name`] says which.
    #[must_use]
    pub fn edition_on(&self, system: System, date: Date) -> Option<&Edition> {
        let imported = self.imported.iter().rev().map(AsRef::as_ref);
        imported
            .filter(|edition| edition.system == system)
            .chain(shipped(system).first().map(|edition| edition()))
            .min_by_key(|edition| distance_days(edition, date))
    }

    /// Shipped editions that hold only codes deleted since, for titles of the past.
    pub fn former_editions(&self, system: System) -> impl Iterator<Item = &Edition> {
        shipped(system).iter().skip(1).map(|edition| edition())
    }

    /// The node of a code in the edition nearest to `date` that holds it.
    #[must_use]
    pub fn node(&self, system: System, code: &str, date: Date) -> Option<Node<'_>> {
        let mut editions: Vec<&Edition> = self.editions(system).collect();
        editions.sort_by_key(|edition| distance_days(edition, date));
        editions.into_iter().find_map(|edition| edition.find(code))
    }

    /// Whether a code can be reported on a date. False too where nothing covers the date.
    #[must_use]
    pub fn is_valid(&self, system: System, code: &str, date: Date) -> bool {
        let Some(parsed) = Code::parse(code) else { return false };
        if let Some(edition) = self.imported_on(system, date) {
            return edition.find(code).is_some_and(|node| node.is_reportable());
        }
        if let Some(tables) = self.tables_of(system, date) {
            return tables.holds(parsed.as_str());
        }
        self.validity(system).is_some_and(|table| table.is_valid(parsed, date))
    }

    /// The imported tables that say which codes of a system are built on a date.
    fn tables_of(&self, system: System, date: Date) -> Option<&PcsTables> {
        self.pcs_tables_on(date).filter(|_| system == System::Icd10Pcs)
    }

    /// Whether some loaded set says which codes can be reported on `date`.
    #[must_use]
    pub fn covers(&self, system: System, date: Date) -> bool {
        self.imported_on(system, date).is_some()
            || self.tables_of(system, date).is_some()
            || self.validity(system).is_some_and(|table| table.covers(date))
    }

    /// What is known about a code on a date, with or without its dot.
    #[must_use]
    pub fn lookup(&self, system: System, code: &str, date: Date) -> Lookup<'_> {
        let table = self.validity(system);
        if !self.covers(system, date) {
            return self.not_covered(system, date);
        }
        let Some(parsed) = Code::parse(code) else { return Lookup::Unknown };
        let node = self.node(system, code, date);
        let title = node.map_or(Title::NotLoaded, |node| Title::Text(node.title()));
        if self.is_valid(system, code, date) {
            return Lookup::Valid { title };
        }
        if let Some(category) = node.filter(|node| !node.is_reportable()) {
            let leaves: Vec<&str> = category
                .leaves()
                .map(|leaf| leaf.code())
                .filter(|leaf| self.is_valid(system, leaf, date))
                .collect();
            return Lookup::NotReportable {
                title: category.title(),
                leaf_count: leaves.len(),
                leaves: leaves.into_iter().take(LEAVES_MAX).collect(),
            };
        }
        let spans = self.spans(system, parsed, table);
        if spans.is_empty() { Lookup::Unknown } else { Lookup::NotValidOn { date, spans, title } }
    }

    /// When a code can be reported, by the table of dates and the imported editions.
    fn spans(&self, system: System, code: Code, table: Option<&Validity>) -> Vec<(Date, Date)> {
        let mut spans: Vec<(Date, Date)> =
            table.map(|table| table.spans(code).collect()).unwrap_or_default();
        for edition in self.imported.iter().filter(|edition| edition.system == system) {
            if edition.find(code.as_str()).is_some_and(|node| node.is_reportable()) {
                spans.push((edition.from, edition.to));
            }
        }
        spans.sort_unstable();
        spans.dedup();
        spans
    }

    fn not_covered(&self, system: System, date: Date) -> Lookup<'static> {
        let imported = self.imported.iter().filter(|edition| edition.system == system);
        let shipped = self.validity(system).map(|table| (table.from, table.to));
        let tables = self.pcs_tables.iter().filter(|_| system == System::Icd10Pcs);
        let dates = imported.map(|edition| (edition.from, edition.to)).chain(shipped);
        let dates = dates.chain(tables.map(|(covers, _)| *covers));
        match dates.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) {
            Some((from, to)) => Lookup::DateNotCovered { date, from, to },
            None => Lookup::SystemNotLoaded,
        }
    }
}

/// The shipped editions of a system, unpacked when called: the whole list first, then lists of
/// codes that it no longer holds.
fn shipped(system: System) -> &'static [fn() -> &'static Edition] {
    match system {
        System::Icd10Cm => &[embedded::icd10cm, embedded::icd10cm_former],
        System::Icd10Pcs => &[embedded::icd10pcs],
        System::Hcpcs | System::Cpt | System::MsDrg => &[],
    }
}

/// Days between a date and an edition; 0 inside it.
fn distance_days(edition: &Edition, date: Date) -> i32 {
    let days = |later: Date, earlier: Date| (later - earlier).get_days();
    if date < edition.from {
        days(edition.from, date)
    } else if date > edition.to {
        days(date, edition.to)
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use jiff::civil::date;

    #[test]
    fn answers_are_by_date() {
        let sets = CodeSets::embedded();
        let table = [
            (System::Icd10Cm, "E11.9", date(2026, 4, 15)),
            (System::Icd10Cm, "e119", date(2016, 1, 1)),
            (System::Icd10Cm, "E11.2", date(2026, 4, 15)),
            (System::Icd10Cm, "A04.7", date(2016, 1, 1)),
            (System::Icd10Cm, "A04.7", date(2026, 1, 1)),
            (System::Icd10Cm, "A04.71", date(2016, 1, 1)),
            (System::Icd10Cm, "E11.9", date(2027, 4, 1)),
            (System::Icd10Cm, "E11.9", date(2015, 9, 30)),
            (System::Icd10Cm, "E11.ZZ", date(2026, 4, 15)),
            (System::Icd10Cm, "", date(2026, 4, 15)),
            (System::Icd10Pcs, "0DTJ4ZZ", date(2026, 4, 15)),
            (System::Cpt, "99213", date(2026, 4, 15)),
        ];
        let sentences: Vec<String> = table
            .iter()
            .map(|(system, code, on)| sets.lookup(*system, code, *on).sentence(*system, code))
            .collect();
        expect![[r#"
            E11.9 can be reported: Type 2 diabetes mellitus without complications.
            E11.9 can be reported: Type 2 diabetes mellitus without complications.
            E11.2 is a category, not a code: choose a code below it (E11.21, E11.22, E11.29).
            A04.7 can be reported: Enterocolitis due to Clostridium difficile.
            A04.7 is a category, not a code: choose a code below it (A04.71, A04.72).
            A04.71 cannot be reported on 2016-01-01: it is valid from 2017-10-01 to 2027-03-31.
            ICD-10-CM of 2027-04-01 (fiscal year 2027) is not loaded: the sets held cover 2015-10-01 to 2027-03-31. Import the publisher's file.
            ICD-10-CM of 2015-09-30 (fiscal year 2015) is not loaded: the sets held cover 2015-10-01 to 2027-03-31. Import the publisher's file.
            E11.ZZ is not an ICD-10-CM code in any loaded year.
            No ICD-10-CM code is given.
            0DTJ4ZZ can be reported: Resection of Appendix, Percutaneous Endoscopic Approach.
            No CPT file is loaded, so 99213 cannot be checked. Import one."#]].assert_eq(&sentences.join("\n"));
    }

    #[test]
    fn codes_of_a_year_without_titles_are_valid_and_say_so() {
        let sets = CodeSets::embedded();
        let on = date(2026, 10, 15);
        let table = embedded::icd10cm_validity();
        let valid = table.codes().filter(|code| table.is_valid(*code, on));
        let untitled = valid
            .filter(|code| {
                let answer = sets.lookup(System::Icd10Cm, code.as_str(), on);
                answer == Lookup::Valid { title: Title::NotLoaded }
            })
            .count();
        assert!((1..1000).contains(&untitled), "{untitled}");
    }

    #[test]
    fn imported_edition_answers_for_its_dates() {
        let mut sets = CodeSets::embedded();
        let dates = (date(2027, 10, 1), date(2028, 9, 30));
        let text = "0\tE119\tType 2 diabetes, revised\n0\tE99\tNew disease\n";
        let edition = Edition::from_text(System::Icd10Cm, "FY2028", dates, text).unwrap();
        sets.add(Arc::new(edition));
        let on = date(2028, 1, 1);
        let title = Title::Text("Type 2 diabetes, revised");
        assert_eq!(sets.lookup(System::Icd10Cm, "E11.9", on), Lookup::Valid { title });
        assert!(!sets.lookup(System::Icd10Cm, "I10", on).is_valid());
        let gap = sets.lookup(System::Icd10Cm, "I10", date(2027, 5, 1));
        assert!(matches!(gap, Lookup::DateNotCovered { .. }));
        assert!(matches!(
            sets.lookup(System::Icd10Cm, "E99", date(2026, 1, 1)),
            Lookup::NotValidOn { .. }
        ));
    }
}
