//! The tables of the MS-DRG database, decoded from their fixed layouts.
//!
//! Every table starts with a four-byte mark; offsets count from the table's first byte; a string
//! reference is an offset and a length. A version range is two inclusive numbers, ten times the
//! version: 431 is v43.1.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

use super::lmdb::{slice, u16_at, u32_at};

/// An inclusive range of versions (431 is v43.1) or of dates (yyyymmdd).
pub type Range = (u32, u32);

/// One table's bytes.
#[derive(Clone, Copy)]
pub struct Table<'a>(&'a [u8]);

impl<'a> Table<'a> {
    /// The table with this key, after a check of its mark.
    pub fn open(all: &BTreeMap<String, &'a [u8]>, key: &str, mark: &[u8; 4]) -> Result<Self> {
        let bytes = all.get(key).with_context(|| format!("the file has no table {key}"))?;
        ensure!(bytes.starts_with(mark), "table {key} does not start with its mark");
        Ok(Self(bytes))
    }

    /// The number at an offset.
    pub fn number(&self, at: usize) -> Result<u32> {
        u32_at(self.0, at)
    }

    fn size(&self, at: usize) -> Result<usize> {
        Ok(self.number(at)? as usize)
    }

    fn text(&self, at: usize, length: usize) -> Result<String> {
        let bytes = slice(self.0, at, length)?;
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(length);
        Ok(std::str::from_utf8(&bytes[..end])?.trim_end().to_owned())
    }

    fn string(&self, at: usize) -> Result<String> {
        self.text(self.size(at)?, self.size(at + 4)?)
    }

    fn range(&self, at: usize) -> Result<Range> {
        Ok((self.number(at)?, self.number(at + 4)?))
    }

    /// Records of a code, a version range and `extra` numbers.
    fn coded(&self, first: usize, count: usize, extra: usize) -> Result<Vec<Coded>> {
        let width = 16 + 4 * extra;
        (0..count)
            .map(|index| {
                let at = first + index * width;
                let numbers = (0..extra).map(|n| self.number(at + 16 + 4 * n));
                Ok(Coded {
                    code: self.text(at, 8)?,
                    range: self.range(at + 8)?,
                    numbers: numbers.collect::<Result<_>>()?,
                })
            })
            .collect()
    }
}

/// What a code means for a range of versions.
pub struct Coded {
    /// Upper case, without a dot.
    pub code: String,
    /// The versions.
    pub range: Range,
    /// The numbers that the table gives it.
    pub numbers: Vec<u32>,
}

/// What a diagnosis is to the grouper.
pub struct Scheme {
    /// Major diagnostic category as principal diagnosis.
    pub mdc: u32,
    /// `NCC`, `CC` or `MCC` as a secondary diagnosis.
    pub severity: String,
    /// Pattern ids: general, HAC, principal class; 0 is none.
    pub patterns: [u32; 3],
}

/// Schemes and coded records of `diagnosis`.
pub fn diagnosis(table: Table) -> Result<(Vec<Scheme>, Vec<Coded>)> {
    let (schemes, records) = (table.size(12)?, table.size(16)?);
    let schemes = (0..table.size(4)?)
        .map(|index| {
            let at = schemes + 20 * index;
            Ok(Scheme {
                mdc: table.number(at)?,
                severity: table.text(at + 4, 4)?,
                patterns: [table.number(at + 8)?, table.number(at + 12)?, table.number(at + 16)?],
            })
        })
        .collect::<Result<_>>()?;
    Ok((schemes, table.coded(records, table.size(8)?, 1)?))
}

/// Lists of attribute names, by pattern id less one.
pub fn patterns(table: Table) -> Result<Vec<Vec<String>>> {
    let index = table.size(8)?;
    (0..table.size(4)?)
        .map(|position| {
            let at = index + 12 * position;
            ensure!(table.size(at)? == position + 1, "pattern ids are not 1, 2, 3 and so on");
            let list = table.size(at + 8)?;
            (0..table.size(at + 4)?).map(|name| table.string(list + 8 * name)).collect()
        })
        .collect()
}

/// Coded records of a table whose header is mark, count, offset.
pub fn coded(table: Table, numbers: usize) -> Result<Vec<Coded>> {
    table.coded(table.size(8)?, table.size(4)?, numbers)
}

/// Procedures that act together as one more procedure.
pub struct Cluster {
    /// Its name, a key of the procedure attributes.
    pub name: String,
    /// The versions.
    pub range: Range,
    /// Categories in which its components no longer count.
    pub mdcs: Vec<u8>,
    /// A code of each choice must be on the claim.
    pub choices: Vec<Vec<String>>,
}

/// `cluster_info`.
pub fn clusters(table: Table) -> Result<Vec<Cluster>> {
    let offsets = table.size(8)?;
    (0..table.size(4)?)
        .map(|index| {
            let mut at = table.size(offsets + 4 * index)?;
            let name = table.string(at)?;
            let range = table.range(at + 8)?;
            let count = usize::from(slice(table.0, at + 16, 1)?[0]);
            let mdcs = slice(table.0, at + 17, count)?.to_vec();
            at += 17 + count;
            let count = slice(table.0, at, 1)?[0];
            at += 1;
            let mut choices = Vec::new();
            for _ in 0..count {
                let codes = usize::from(slice(table.0, at + 1, 1)?[0]);
                let list = (0..codes).map(|code| table.string(at + 2 + 8 * code));
                choices.push(list.collect::<Result<_>>()?);
                at += 2 + 8 * codes;
            }
            Ok(Cluster { name, range, mdcs, choices })
        })
        .collect()
}

/// `exclusion_groups`: secondary diagnoses that lose their severity, by group id less one.
pub fn exclusion_groups(table: Table) -> Result<Vec<Vec<String>>> {
    (0..table.size(4)?)
        .map(|position| {
            let at = 8 + 12 * position;
            ensure!(table.size(at)? == position + 1, "group ids are not 1, 2, 3 and so on");
            let list = table.size(at + 8)?;
            (0..table.size(at + 4)?).map(|member| table.text(list + 8 * member, 8)).collect()
        })
        .collect()
}

/// One row of a category's logic.
pub struct Row {
    /// The family's first DRG.
    pub base: u32,
    /// The DRG, 0 on a row that steers.
    pub drg: u32,
    /// `SURGICAL`, `MEDICAL` or `NA`.
    pub kind: String,
    /// The condition.
    pub formula: String,
    /// Diagnosis attributes whose carriers may not supply CC or MCC for this row.
    pub suppressed: Vec<String>,
}

/// The rows of one category in one version, in the order in which they are tried.
pub struct Logic {
    /// 0 before the categories, 29 unrelated procedures, 99 errors.
    pub mdc: u32,
    /// 431 is v43.1.
    pub version: u32,
    /// In the order of the file.
    pub rows: Vec<Row>,
}

/// `drg_formulas`.
pub fn logic(table: Table) -> Result<Vec<Logic>> {
    let (sets, rows) = (table.size(12)?, table.size(16)?);
    (0..table.size(4)?)
        .map(|index| {
            let at = sets + 20 * index;
            let (version, last) = table.range(at + 4)?;
            ensure!(version == last, "a set of rows serves more than one version");
            let first = rows + 48 * table.size(at + 12)?;
            let rows = (0..table.size(at + 16)?).map(|row| self::row(table, first + 48 * row));
            Ok(Logic { mdc: table.number(at)?, version, rows: rows.collect::<Result<_>>()? })
        })
        .collect()
}

fn row(table: Table, at: usize) -> Result<Row> {
    let list = table.size(at + 40)?;
    let names = (0..table.size(at + 44)?).map(|name| table.string(list + 8 * name));
    Ok(Row {
        base: table.number(at + 8)?,
        drg: table.number(at + 12)?,
        kind: table.text(at + 16, 12)?,
        formula: table.string(at + 32)?,
        suppressed: names.collect::<Result<_>>()?,
    })
}

/// A number, the versions, a text.
pub struct Numbered {
    /// DRG, category or condition.
    pub number: u32,
    /// The versions.
    pub range: Range,
    /// Title or formula.
    pub text: String,
}

/// `hac_formulas`.
pub fn hac_formulas(table: Table) -> Result<Vec<Numbered>> {
    let first = table.size(8)?;
    (0..table.size(4)?)
        .map(|index| {
            let at = first + 16 * index;
            Ok(Numbered {
                number: u32::from(u16_at(table.0, at)?),
                range: table.range(at + 4)?,
                text: table.string(table.size(at + 12)?)?,
            })
        })
        .collect()
}

/// Titles of DRGs, categories or conditions.
pub fn descriptions(table: Table) -> Result<Vec<Numbered>> {
    let first = table.size(8)?;
    (0..table.size(4)?)
        .map(|index| {
            let at = first + 20 * index;
            Ok(Numbered {
                number: table.number(at)?,
                range: table.range(at + 4)?,
                text: table.string(at + 12)?,
            })
        })
        .collect()
}

/// What the Medicare Code Editor holds of a code for a range of dates.
pub struct EditorCode {
    /// Upper case, without a dot.
    pub code: String,
    /// Dates, yyyymmdd.
    pub range: Range,
    /// Names such as `adult` or `manifestation`.
    pub flags: Vec<String>,
}

/// `mce_i10dx_master` or `mce_i10sg_master`.
pub fn editor_codes(table: Table) -> Result<Vec<EditorCode>> {
    let (first, pool) = (table.size(8)?, table.size(12)?);
    (0..table.size(4)?)
        .map(|index| {
            let at = first + 24 * index;
            let mut names = pool + table.size(at + 16)?;
            let mut flags = Vec::new();
            for _ in 0..table.size(at + 20)? {
                let rest = slice(table.0, names, table.0.len() - names)?;
                let end = rest.iter().position(|&byte| byte == 0).context("name has no end")?;
                flags.push(std::str::from_utf8(&rest[..end])?.to_owned());
                names += end + 1;
            }
            Ok(EditorCode { code: table.text(at, 8)?, range: table.range(at + 8)?, flags })
        })
        .collect()
}

/// `mce_age_ranges`: name, ages in years, dates.
pub fn age_ranges(table: Table) -> Result<Vec<(String, Range, Range)>> {
    let (first, pool) = (table.size(8)?, table.size(12)?);
    (0..table.size(4)?)
        .map(|index| {
            let at = first + 24 * index;
            let name = table.text(pool + table.size(at)?, table.size(at + 4)?)?;
            Ok((name, table.range(at + 8)?, table.range(at + 16)?))
        })
        .collect()
}

/// `mce_discharge_status`: status, dates.
pub fn discharge_statuses(table: Table) -> Result<Vec<(u32, Range)>> {
    let first = table.size(8)?;
    (0..table.size(4)?)
        .map(|index| Ok((table.number(first + 12 * index)?, table.range(first + 12 * index + 4)?)))
        .collect()
}
