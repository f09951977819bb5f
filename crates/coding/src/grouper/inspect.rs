//! What the loaded tables say, for pages that show the logic and for makers of test claims.

use super::code::Code;
use super::grouping::Grouper;
use super::logic::{DrgType, Leads, Severity};

/// One row of a category's logic.
pub struct LogicRow<'a> {
    /// 0 before the categories, 29 unrelated procedures.
    pub mdc: u8,
    /// The DRG; none on a row that steers.
    pub drg: Option<u16>,
    /// Surgical or medical.
    pub kind: DrgType,
    /// The condition, as published.
    pub formula: &'a str,
}

/// What a diagnosis is in a version.
pub struct DiagnosisFacts<'a> {
    /// ICD-10-CM.
    pub code: Code,
    /// Category as principal diagnosis, for men and for women.
    pub mdc: (u8, u8),
    /// What it is as a secondary diagnosis.
    pub severity: Severity,
    /// Names that formulas ask for.
    pub attributes: Vec<&'a str>,
    /// True where some diagnosis loses its severity beside it.
    pub excludes: bool,
}

/// What a procedure is in a version.
pub struct ProcedureFacts<'a> {
    /// ICD-10-PCS.
    pub code: Code,
    /// Names that formulas ask for.
    pub attributes: Vec<&'a str>,
}

impl Grouper {
    /// The rows of a version, in the order in which each category tries them.
    #[must_use]
    pub fn rows(&self, version: u16) -> Vec<LogicRow<'_>> {
        let categories = self.logic(version).into_iter().flat_map(|logic| &logic.categories);
        let rows = categories.zip(0..).flat_map(|(category, mdc)| {
            category.rows.iter().map(move |row| LogicRow {
                mdc,
                drg: (row.leads == Leads::Drg).then_some(row.drg),
                kind: row.kind,
                formula: &self.tables.formulas[row.formula as usize],
            })
        });
        rows.collect()
    }

    /// Every diagnosis that is valid in a version.
    #[must_use]
    pub fn diagnoses(&self, version: u16) -> Vec<DiagnosisFacts<'_>> {
        let Some(logic) = self.logic(version) else { return Vec::new() };
        let entries = logic.diagnoses.iter().enumerate();
        let valid = entries.filter_map(|(place, entry)| {
            let meaning = &logic.meanings[usize::from(entry.meaning.checked_sub(1)?)];
            let names = &self.tables.diagnosis_names;
            Some(DiagnosisFacts {
                code: self.tables.diagnoses.code(place),
                mdc: (meaning.mdc_male, meaning.mdc_female),
                severity: meaning.severity,
                attributes: meaning.attributes.bits().map(|bit| names[bit].as_str()).collect(),
                excludes: entry.group > 0,
            })
        });
        valid.collect()
    }

    /// Every procedure that is valid in a version.
    #[must_use]
    pub fn procedures(&self, version: u16) -> Vec<ProcedureFacts<'_>> {
        let Some(logic) = self.logic(version) else { return Vec::new() };
        let entries = logic.procedures.iter().enumerate();
        let valid = entries.filter_map(|(place, entry)| {
            let meaning = &self.meanings[usize::from(entry.pattern.checked_sub(1)?)];
            let names = &self.tables.procedure_names;
            let code = self.tables.procedures.code(place);
            (!code.text().contains('@')).then(|| ProcedureFacts {
                code,
                attributes: meaning.attributes.bits().map(|bit| names[bit].as_str()).collect(),
            })
        });
        valid.collect()
    }

    /// Procedures that act together as one: for each cluster the codes of each of its choices,
    /// and the attributes of the procedure that it becomes.
    #[must_use]
    pub fn clusters(&self, version: u16) -> Vec<(Vec<Vec<Code>>, Vec<&str>)> {
        let Some(logic) = self.logic(version) else { return Vec::new() };
        let code = |place: &u32| self.tables.procedures.code(*place as usize);
        let clusters = logic.clusters.iter().map(|cluster| {
            let choices = cluster.choices.iter();
            let meaning = &self.meanings[usize::from(cluster.pattern)];
            let names = &self.tables.procedure_names;
            (
                choices.map(|choice| choice.iter().map(code).collect()).collect(),
                meaning.attributes.bits().map(|bit| names[bit].as_str()).collect(),
            )
        });
        clusters.collect()
    }
}
