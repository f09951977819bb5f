//! Writes the decoded tables in the compact order that `coding::grouper` reads.
//!
//! Numbers are LEB128. Codes are sorted and written once, each as what it shares with the one
//! before and its rest; other tables refer to a code by its position. Columns stand apart, since
//! like values pack best beside each other.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};

use super::tables::{self, Coded, EditorCode, Numbered, Range, Table};
use super::weights::Weight;

/// The number of this layout; the reader refuses others.
const LAYOUT: u32 = 1;

/// Version, first and last discharge date: new logic each October 1, updates each April 1.
const VERSIONS: [(u32, u32, u32); 9] = [
    (400, 20_221_001, 20_230_331),
    (401, 20_230_401, 20_230_930),
    (410, 20_231_001, 20_240_331),
    (411, 20_240_401, 20_240_930),
    (420, 20_241_001, 20_250_331),
    (421, 20_250_401, 20_250_930),
    (430, 20_251_001, 20_260_331),
    (431, 20_260_401, 20_260_930),
    (440, 20_261_001, 20_270_331),
];

/// The versions that Table 5 of fiscal year 2026 serves.
const WEIGHTS_OF: Range = (430, 431);

type All<'a> = BTreeMap<String, &'a [u8]>;

/// A set of distinct values, numbered in their order.
struct Dictionary<T: Ord>(BTreeMap<T, u32>);

impl<T: Ord> Dictionary<T> {
    fn new(values: impl IntoIterator<Item = T>) -> Self {
        let distinct: BTreeSet<T> = values.into_iter().collect();
        Self(distinct.into_iter().zip(0..).collect())
    }

    fn number<Q: ?Sized + Ord>(&self, value: &Q) -> Result<u32>
    where
        T: std::borrow::Borrow<Q>,
    {
        self.0.get(value).copied().context("a value is missing from its dictionary")
    }
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn count(&mut self, length: usize) {
        self.number(u32::try_from(length).expect("tables have fewer than four billion entries"));
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn texts<'a>(&mut self, texts: impl ExactSizeIterator<Item = &'a String>) {
        self.count(texts.len());
        texts.for_each(|text| self.text(text));
    }

    fn ranges(&mut self, ranges: &Dictionary<Range>) {
        self.count(ranges.0.len());
        for (from, to) in ranges.0.keys() {
            self.number(*from);
            self.number(*to);
        }
    }

    /// Sorted codes: length shared with the one before, length of the rest, the rest.
    fn codes(&mut self, codes: &Dictionary<String>) {
        self.count(codes.0.len());
        let mut before = "";
        for code in codes.0.keys() {
            let shared = before.bytes().zip(code.bytes()).take_while(|(a, b)| a == b).count();
            self.0.push((shared * 16 + (code.len() - shared)) as u8);
            self.0.extend_from_slice(&code.as_bytes()[shared..]);
            before = code;
        }
    }

    /// Columns: step from the code before, number of the range, value.
    fn columns(&mut self, mut records: Vec<(u32, u32, u32)>) {
        records.sort_unstable();
        self.count(records.len());
        let mut before = 0;
        for (code, _, _) in &records {
            self.number(code - before);
            before = *code;
        }
        records.iter().for_each(|(_, range, _)| self.number(*range));
        records.iter().for_each(|(_, _, value)| self.number(*value));
    }
}

/// Everything, in the order of the reader; fills the counts for the manifest.
pub fn pack(
    all: &All,
    weights: &BTreeMap<u32, Weight>,
    counts: &mut BTreeMap<String, u64>,
) -> Result<Vec<u8>> {
    let mut out = Writer::default();
    out.number(LAYOUT);
    out.count(VERSIONS.len());
    for (version, from, to) in VERSIONS {
        [version, from, to].into_iter().for_each(|number| out.number(number));
    }
    let sets = Sets::read(all)?;
    sets.count(counts);
    counts.insert("weights".to_owned(), weights.len() as u64);
    let names = Names::new(&sets);
    out.texts(names.diagnosis.0.keys());
    out.texts(names.procedure.0.keys());
    out.ranges(&names.ranges);
    out.codes(&names.diagnoses);
    out.codes(&names.procedures);
    diagnoses(&mut out, &sets, &names)?;
    procedures(&mut out, &sets, &names)?;
    logic(&mut out, &sets, &names)?;
    for table in [&sets.hac_formulas, &sets.drg_titles, &sets.mdc_titles, &sets.hac_titles] {
        numbered(&mut out, table, &names)?;
    }
    out.number(WEIGHTS_OF.0);
    out.number(WEIGHTS_OF.1);
    out.count(weights.len());
    for (drg, weight) in weights {
        out.number(*drg);
        out.number(weight.weight);
        out.number(weight.geometric_mean_stay);
        out.number(weight.arithmetic_mean_stay);
    }
    editor(&mut out, all, &sets, &names)?;
    Ok(out.0)
}

/// The decoded tables.
struct Sets {
    schemes: Vec<tables::Scheme>,
    diagnosis: Vec<Coded>,
    diagnosis_patterns: Vec<Vec<String>>,
    procedure: Vec<Coded>,
    procedure_patterns: Vec<Vec<String>>,
    clusters: Vec<tables::Cluster>,
    exclusions: Vec<Coded>,
    exclusion_groups: Vec<Vec<String>>,
    sexed: Vec<Coded>,
    logic: Vec<tables::Logic>,
    hac_formulas: Vec<Numbered>,
    drg_titles: Vec<Numbered>,
    mdc_titles: Vec<Numbered>,
    hac_titles: Vec<Numbered>,
    editor_diagnoses: Vec<EditorCode>,
    editor_procedures: Vec<EditorCode>,
}

impl Sets {
    fn read(all: &All) -> Result<Self> {
        let open = |key: &str, mark: &[u8; 4]| Table::open(all, key, mark);
        let (schemes, diagnosis) = tables::diagnosis(open("diagnosis", b"GAID")?)?;
        let current = |key: &str| -> Result<Vec<EditorCode>> {
            let mut codes = tables::editor_codes(open(key, b"DECM")?)?;
            codes.retain(|code| code.range.1 >= VERSIONS[0].1);
            Ok(codes)
        };
        Ok(Self {
            schemes,
            diagnosis,
            diagnosis_patterns: tables::patterns(open("dx_patterns", b"TPXD")?)?,
            procedure: tables::coded(open("procedure_attributes", b"TARP")?, 1)?,
            procedure_patterns: tables::patterns(open("pr_patterns", b"TPRP")?)?,
            clusters: tables::clusters(open("cluster_info", b"NILC")?)?,
            exclusions: tables::coded(open("exclusion_ids", b"DIXE")?, 1)?,
            exclusion_groups: tables::exclusion_groups(open("exclusion_groups", b"RDSM")?)?,
            sexed: tables::coded(open("gender_mdcs", b"DNEG")?, 2)?,
            logic: tables::logic(open("drg_formulas", b"MROF")?)?,
            hac_formulas: tables::hac_formulas(open("hac_formulas", b"FCAH")?)?,
            drg_titles: tables::descriptions(open("drg_descriptions", b"DGRD")?)?,
            mdc_titles: tables::descriptions(open("mdc_descriptions", b"DCDM")?)?,
            hac_titles: tables::descriptions(open("hac_descriptions", b"DCAH")?)?,
            editor_diagnoses: current("mce_i10dx_master")?,
            editor_procedures: current("mce_i10sg_master")?,
        })
    }

    fn count(&self, counts: &mut BTreeMap<String, u64>) {
        let rows = self.logic.iter().map(|logic| logic.rows.len()).sum();
        for (name, length) in [
            ("diagnosis records", self.diagnosis.len()),
            ("procedure records", self.procedure.len()),
            ("clusters", self.clusters.len()),
            ("exclusion groups", self.exclusion_groups.len()),
            ("formula rows", rows),
            ("DRG titles", self.drg_titles.len()),
            ("code editor diagnoses", self.editor_diagnoses.len()),
            ("code editor procedures", self.editor_procedures.len()),
        ] {
            counts.insert(name.to_owned(), length as u64);
        }
    }
}

/// The dictionaries that other tables refer to.
struct Names {
    diagnosis: Dictionary<String>,
    procedure: Dictionary<String>,
    ranges: Dictionary<Range>,
    diagnoses: Dictionary<String>,
    procedures: Dictionary<String>,
}

impl Names {
    fn new(sets: &Sets) -> Self {
        let suppressed =
            sets.logic.iter().flat_map(|logic| &logic.rows).flat_map(|r| &r.suppressed);
        let coded = [&sets.diagnosis, &sets.procedure, &sets.exclusions, &sets.sexed];
        let titled = [&sets.hac_formulas, &sets.drg_titles, &sets.mdc_titles, &sets.hac_titles];
        let editor = [&sets.editor_diagnoses, &sets.editor_procedures];
        let ranges = (coded.into_iter().flatten().map(|record| record.range))
            .chain(titled.into_iter().flatten().map(|record| record.range))
            .chain(editor.into_iter().flatten().map(|record| record.range))
            .chain(sets.clusters.iter().map(|cluster| cluster.range));
        let codes = |records: &[Coded]| -> Vec<String> {
            records.iter().map(|record| record.code.clone()).collect()
        };
        let editor_codes = |records: &[EditorCode]| -> Vec<String> {
            records.iter().map(|record| record.code.clone()).collect()
        };
        let diagnoses = [codes(&sets.diagnosis), codes(&sets.exclusions), codes(&sets.sexed)];
        let members = sets.exclusion_groups.iter().flatten().cloned();
        let components = sets.clusters.iter().flat_map(|cluster| &cluster.choices).flatten();
        Self {
            diagnosis: Dictionary::new(
                sets.diagnosis_patterns.iter().flatten().chain(suppressed).cloned(),
            ),
            procedure: Dictionary::new(sets.procedure_patterns.iter().flatten().cloned()),
            ranges: Dictionary::new(ranges),
            diagnoses: Dictionary::new(
                (diagnoses.into_iter().flatten())
                    .chain(members)
                    .chain(editor_codes(&sets.editor_diagnoses)),
            ),
            procedures: Dictionary::new(
                (codes(&sets.procedure).into_iter())
                    .chain(components.cloned())
                    .chain(sets.clusters.iter().map(|cluster| cluster.name.clone()))
                    .chain(editor_codes(&sets.editor_procedures)),
            ),
        }
    }

    /// A record as positions: code, range, one of its numbers.
    fn column(
        &self,
        codes: &Dictionary<String>,
        records: &[Coded],
        number: usize,
    ) -> Result<Column> {
        (records.iter())
            .map(|record| {
                let code = codes.number(&record.code)?;
                Ok((code, self.ranges.number(&record.range)?, record.numbers[number]))
            })
            .collect()
    }
}

type Column = Vec<(u32, u32, u32)>;

fn attribute_lists(
    out: &mut Writer,
    patterns: &[Vec<String>],
    names: &Dictionary<String>,
) -> Result<()> {
    out.count(patterns.len());
    for pattern in patterns {
        out.count(pattern.len());
        for name in pattern {
            out.number(names.number(name)?);
        }
    }
    Ok(())
}

fn diagnoses(out: &mut Writer, sets: &Sets, names: &Names) -> Result<()> {
    attribute_lists(out, &sets.diagnosis_patterns, &names.diagnosis)?;
    out.count(sets.schemes.len());
    for scheme in &sets.schemes {
        out.number(scheme.mdc);
        let severity = ["NCC", "CC", "MCC"].iter().position(|name| *name == scheme.severity);
        out.count(severity.with_context(|| format!("severity {} is new", scheme.severity))?);
        scheme.patterns.iter().for_each(|pattern| out.number(*pattern));
    }
    out.columns(names.column(&names.diagnoses, &sets.diagnosis, 0)?);
    out.columns(names.column(&names.diagnoses, &sets.exclusions, 0)?);
    out.count(sets.exclusion_groups.len());
    for group in &sets.exclusion_groups {
        let mut members: Vec<u32> =
            (group.iter()).map(|code| names.diagnoses.number(code)).collect::<Result<_>>()?;
        members.sort_unstable();
        out.count(members.len());
        let mut before = 0;
        for member in members {
            out.number(member - before);
            before = member;
        }
    }
    out.columns(names.column(&names.diagnoses, &sets.sexed, 0)?);
    out.columns(names.column(&names.diagnoses, &sets.sexed, 1)?);
    Ok(())
}

fn procedures(out: &mut Writer, sets: &Sets, names: &Names) -> Result<()> {
    attribute_lists(out, &sets.procedure_patterns, &names.procedure)?;
    out.columns(names.column(&names.procedures, &sets.procedure, 0)?);
    out.count(sets.clusters.len());
    for cluster in &sets.clusters {
        out.number(names.procedures.number(&cluster.name)?);
        out.number(names.ranges.number(&cluster.range)?);
        out.count(cluster.mdcs.len());
        cluster.mdcs.iter().for_each(|mdc| out.number(u32::from(*mdc)));
        out.count(cluster.choices.len());
        for choice in &cluster.choices {
            out.count(choice.len());
            for code in choice {
                out.number(names.procedures.number(code)?);
            }
        }
    }
    Ok(())
}

fn logic(out: &mut Writer, sets: &Sets, names: &Names) -> Result<()> {
    let rows = || sets.logic.iter().flat_map(|logic| &logic.rows);
    let formulas = Dictionary::new(rows().map(|row| row.formula.clone()));
    out.texts(formulas.0.keys());
    out.count(sets.logic.len());
    for logic in &sets.logic {
        out.number(logic.mdc);
        out.number(logic.version);
        out.count(logic.rows.len());
        for row in &logic.rows {
            out.number(row.base);
            out.number(row.drg);
            let kind = ["NA", "SURGICAL", "MEDICAL"].iter().position(|name| *name == row.kind);
            out.count(kind.with_context(|| format!("type {} is new", row.kind))?);
            out.number(formulas.number(&row.formula)?);
            out.count(row.suppressed.len());
            for name in &row.suppressed {
                out.number(names.diagnosis.number(name)?);
            }
        }
    }
    Ok(())
}

fn numbered(out: &mut Writer, records: &[Numbered], names: &Names) -> Result<()> {
    out.count(records.len());
    for record in records {
        out.number(record.number);
        out.number(names.ranges.number(&record.range)?);
        out.text(&record.text);
    }
    Ok(())
}

fn editor(out: &mut Writer, all: &All, sets: &Sets, names: &Names) -> Result<()> {
    for (codes, records) in
        [(&names.diagnoses, &sets.editor_diagnoses), (&names.procedures, &sets.editor_procedures)]
    {
        let lists = Dictionary::new(records.iter().map(|record| record.flags.clone()));
        out.count(lists.0.len());
        lists.0.keys().for_each(|flags| out.texts(flags.iter()));
        let columns = (records.iter())
            .map(|record| {
                let code = codes.number(&record.code)?;
                Ok((code, names.ranges.number(&record.range)?, lists.number(&record.flags)?))
            })
            .collect::<Result<_>>()?;
        out.columns(columns);
    }
    let ages = tables::age_ranges(Table::open(all, "mce_age_ranges", b"GACM")?)?;
    out.count(ages.len());
    for (name, years, dates) in ages {
        out.text(&name);
        [years.0, years.1, dates.0, dates.1].into_iter().for_each(|number| out.number(number));
    }
    let statuses = tables::discharge_statuses(Table::open(all, "mce_discharge_status", b"SDCM")?)?;
    ensure!(!statuses.is_empty(), "no discharge status is valid");
    out.count(statuses.len());
    for (status, dates) in statuses {
        [status, dates.0, dates.1].into_iter().for_each(|number| out.number(number));
    }
    Ok(())
}
