//! The packed tables of the grouper and the code editor, read into memory.

use std::sync::{Arc, OnceLock};

use super::code::{Code, CodeIndex};
use super::grouping::date_of;
use jiff::civil::Date;

/// The tables that the product ships, packed by `cargo xtask codesets msdrg`.
static PACKED: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../codesets/msdrg.bin.zst"));

/// The layout that this reader knows.
const LAYOUT: u32 = 1;

/// Inclusive: versions (431 is v43.1) or dates (yyyymmdd).
pub(crate) type Range = (u32, u32);

/// Why packed tables can't be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TablesError {
    /// The file ends early or holds what it can't hold.
    #[error("the MS-DRG tables are damaged at byte {at}: rebuild or import them again")]
    Damaged {
        /// Offset in the unpacked bytes.
        at: usize,
    },
    /// Packed by another release.
    #[error("the MS-DRG tables have layout {found}, this release reads {LAYOUT}: rebuild them")]
    Layout {
        /// What the file says.
        found: u32,
    },
    /// A formula that the language does not allow.
    #[error("MS-DRG formula can't be read: {formula}")]
    Formula {
        /// Its text.
        formula: String,
    },
    /// A row that leads elsewhere in a way that is not known.
    #[error("MS-DRG category {mdc} has a row without a DRG that is not known: {formula}")]
    Steering {
        /// The category.
        mdc: u32,
        /// Its text.
        formula: String,
    },
    /// More attributes or rows than the compiled form holds.
    #[error("the MS-DRG tables hold more {what} than this release can: update it")]
    TooMany {
        /// Attributes, rows or categories.
        what: &'static str,
    },
}

/// A version of the logic and the discharge dates that it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionDates {
    /// Ten times the version: 431 is v43.1.
    pub version: u32,
    /// First discharge date, yyyymmdd.
    pub from: u32,
    /// Last discharge date, yyyymmdd.
    pub to: u32,
}

impl VersionDates {
    /// The first and the last discharge date.
    pub fn days(&self) -> (Date, Date) {
        (date_of(self.from), date_of(self.to))
    }
}

/// Position of a code, range, value.
pub(crate) struct Dated {
    pub(crate) code: usize,
    pub(crate) range: Range,
    pub(crate) value: u32,
}

pub(crate) struct Scheme {
    pub(crate) mdc: u32,
    pub(crate) severity: u32,
    pub(crate) patterns: [u32; 3],
}

pub(crate) struct Cluster {
    pub(crate) name: usize,
    pub(crate) range: Range,
    pub(crate) mdcs: Vec<u32>,
    pub(crate) choices: Vec<Vec<u32>>,
}

pub(crate) struct Row {
    pub(crate) base: u32,
    pub(crate) drg: u32,
    pub(crate) kind: u32,
    pub(crate) formula: u32,
    pub(crate) suppressed: Vec<u32>,
}

pub(crate) struct Category {
    pub(crate) mdc: u32,
    pub(crate) version: u32,
    pub(crate) rows: Vec<Row>,
}

pub(crate) struct Numbered {
    pub(crate) number: u32,
    pub(crate) range: Range,
    pub(crate) text: String,
}

pub(crate) struct Weight {
    pub(crate) drg: u32,
    /// In ten-thousandths.
    pub(crate) weight: u32,
    /// In tenths of a day.
    pub(crate) geometric_mean_stay: u32,
    /// In tenths of a day.
    pub(crate) arithmetic_mean_stay: u32,
}

/// Flags of codes by date.
pub(crate) struct EditorCodes {
    pub(crate) flag_lists: Vec<Vec<String>>,
    pub(crate) codes: Vec<Dated>,
}

pub(crate) struct AgeRange {
    pub(crate) name: String,
    pub(crate) years: Range,
    pub(crate) dates: Range,
}

/// Every table, as packed.
pub struct Tables {
    pub(crate) versions: Vec<VersionDates>,
    pub(crate) diagnosis_names: Vec<String>,
    pub(crate) procedure_names: Vec<String>,
    pub(crate) diagnoses: CodeIndex,
    pub(crate) procedures: CodeIndex,
    pub(crate) diagnosis_patterns: Vec<Vec<u32>>,
    pub(crate) schemes: Vec<Scheme>,
    pub(crate) diagnosis_schemes: Vec<Dated>,
    pub(crate) exclusions: Vec<Dated>,
    pub(crate) exclusion_groups: Vec<Vec<u32>>,
    pub(crate) mdc_male: Vec<Dated>,
    pub(crate) mdc_female: Vec<Dated>,
    pub(crate) procedure_patterns: Vec<Vec<u32>>,
    pub(crate) procedure_attributes: Vec<Dated>,
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) formulas: Vec<String>,
    pub(crate) categories: Vec<Category>,
    pub(crate) hac_formulas: Vec<Numbered>,
    pub(crate) drg_titles: Vec<Numbered>,
    pub(crate) mdc_titles: Vec<Numbered>,
    pub(crate) hac_titles: Vec<Numbered>,
    pub(crate) weights_of: Range,
    pub(crate) weights: Vec<Weight>,
    pub(crate) editor_diagnoses: EditorCodes,
    pub(crate) editor_procedures: EditorCodes,
    pub(crate) age_ranges: Vec<AgeRange>,
    pub(crate) discharge_statuses: Vec<(u32, Range)>,
}

impl Tables {
    /// The tables that the product ships, read once.
    pub fn shipped() -> &'static Arc<Self> {
        static SHIPPED: OnceLock<Arc<Tables>> = OnceLock::new();
        SHIPPED.get_or_init(|| Arc::new(Self::read(PACKED).expect("the shipped tables are tested")))
    }

    /// Reads packed tables.
    ///
    /// # Errors
    /// Damaged bytes, or a layout of another release.
    pub fn read(packed: &[u8]) -> Result<Self, TablesError> {
        let bytes = unpack(packed)?;
        let mut reader = Reader { bytes: &bytes, at: 0, ranges: Vec::new() };
        let layout = reader.number()?;
        if layout != LAYOUT {
            return Err(TablesError::Layout { found: layout });
        }
        let tables = reader.tables()?;
        if reader.at == bytes.len() { Ok(tables) } else { Err(reader.damaged()) }
    }

    /// Whether a patient discharge status may stand on a claim of a day, yyyymmdd.
    pub(crate) fn discharge_status_is_valid(&self, status: u16, day: u32) -> bool {
        let mut known = self.discharge_statuses.iter();
        known.any(|(known, dates)| *known == u32::from(status) && dates.0 <= day && day <= dates.1)
    }

    /// The versions held, with the discharge dates that each serves, in order.
    #[must_use]
    pub fn versions(&self) -> &[VersionDates] {
        &self.versions
    }
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, TablesError> {
    const LARGEST_BYTES: usize = 64 << 20;
    let damaged = |_| TablesError::Damaged { at: 0 };
    zstd::bulk::decompress(packed, LARGEST_BYTES).map_err(damaged)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    ranges: Vec<Range>,
}

type Read<T> = Result<T, TablesError>;

impl Reader<'_> {
    fn damaged(&self) -> TablesError {
        TablesError::Damaged { at: self.at }
    }

    fn byte(&mut self) -> Read<u8> {
        let byte = *self.bytes.get(self.at).ok_or_else(|| self.damaged())?;
        self.at += 1;
        Ok(byte)
    }

    fn number(&mut self) -> Read<u32> {
        let mut value = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.damaged())
    }

    fn below(&mut self, limit: usize) -> Read<usize> {
        let value = self.number()? as usize;
        if value < limit { Ok(value) } else { Err(self.damaged()) }
    }

    fn text(&mut self) -> Read<String> {
        let length = self.number()? as usize;
        let bytes = self.bytes.get(self.at..).and_then(|rest| rest.get(..length));
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
        let text = text.ok_or_else(|| self.damaged())?.to_owned();
        self.at += length;
        Ok(text)
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        (0..self.number()?).map(|_| read(self)).collect()
    }

    fn range(&mut self) -> Read<Range> {
        let number = self.below(self.ranges.len())?;
        Ok(self.ranges[number])
    }

    fn codes(&mut self) -> Read<CodeIndex> {
        let mut before = String::new();
        let mut codes = Vec::new();
        for _ in 0..self.number()? {
            let lengths = usize::from(self.byte()?);
            let rest = self.bytes.get(self.at..self.at + lengths % 16);
            let rest = rest.and_then(|bytes| std::str::from_utf8(bytes).ok());
            let rest = rest.ok_or_else(|| self.damaged())?;
            if !before.is_char_boundary(lengths / 16) {
                return Err(self.damaged());
            }
            before.truncate(lengths / 16);
            before.push_str(rest);
            self.at += lengths % 16;
            codes.push(Code::new(&before));
        }
        Ok(CodeIndex::new(codes))
    }

    fn columns(&mut self, codes: usize, values: usize) -> Read<Vec<Dated>> {
        let count = self.number()? as usize;
        let mut records = Vec::new();
        let mut code = 0;
        for _ in 0..count {
            code += self.number()? as usize;
            if code >= codes {
                return Err(self.damaged());
            }
            records.push(Dated { code, range: (0, 0), value: 0 });
        }
        for record in &mut records {
            record.range = self.range()?;
        }
        for record in &mut records {
            record.value = self.below(values)? as u32;
        }
        Ok(records)
    }

    fn patterns(&mut self, names: usize) -> Read<Vec<Vec<u32>>> {
        self.list(|reader| reader.list(|reader| Ok(reader.below(names)? as u32)))
    }

    fn tables(&mut self) -> Read<Tables> {
        let versions = self.list(|reader| {
            let [version, from, to] = [reader.number()?, reader.number()?, reader.number()?];
            Ok(VersionDates { version, from, to })
        })?;
        let diagnosis_names = self.list(Self::text)?;
        let procedure_names = self.list(Self::text)?;
        self.ranges = self.list(|reader| Ok((reader.number()?, reader.number()?)))?;
        let diagnoses = self.codes()?;
        let procedures = self.codes()?;
        let diagnosis_patterns = self.patterns(diagnosis_names.len())?;
        let schemes = self.schemes(diagnosis_patterns.len())?;
        let diagnosis_schemes = self.columns(diagnoses.len(), schemes.len())?;
        let exclusions = self.columns(diagnoses.len(), usize::from(u16::MAX))?;
        let exclusion_groups = self.list(|reader| reader.exclusion_group(diagnoses.len()))?;
        let mdc_male = self.columns(diagnoses.len(), 32)?;
        let mdc_female = self.columns(diagnoses.len(), 32)?;
        let procedure_patterns = self.patterns(procedure_names.len())?;
        let procedure_attributes = self.columns(procedures.len(), procedure_patterns.len() + 1)?;
        let clusters = self.list(|reader| reader.cluster(procedures.len()))?;
        let formulas = self.list(Self::text)?;
        let limits = (formulas.len(), diagnosis_names.len());
        let categories = self.list(|reader| {
            let [mdc, version] = [reader.number()?, reader.number()?];
            Ok(Category { mdc, version, rows: reader.list(|reader| reader.row(limits))? })
        })?;
        Ok(Tables {
            hac_formulas: self.list(Self::numbered)?,
            drg_titles: self.list(Self::numbered)?,
            mdc_titles: self.list(Self::numbered)?,
            hac_titles: self.list(Self::numbered)?,
            weights_of: (self.number()?, self.number()?),
            weights: self.list(Self::weight)?,
            editor_diagnoses: self.editor_codes(diagnoses.len())?,
            editor_procedures: self.editor_codes(procedures.len())?,
            age_ranges: self.list(Self::age_range)?,
            discharge_statuses: self
                .list(|reader| Ok((reader.number()?, (reader.number()?, reader.number()?))))?,
            versions,
            diagnosis_names,
            procedure_names,
            diagnoses,
            procedures,
            diagnosis_patterns,
            schemes,
            diagnosis_schemes,
            exclusions,
            exclusion_groups,
            mdc_male,
            mdc_female,
            procedure_patterns,
            procedure_attributes,
            clusters,
            formulas,
            categories,
        })
    }

    fn schemes(&mut self, patterns: usize) -> Read<Vec<Scheme>> {
        self.list(|reader| {
            Ok(Scheme {
                mdc: reader.below(32)? as u32,
                severity: reader.below(3)? as u32,
                patterns: [
                    reader.below(patterns + 1)? as u32,
                    reader.below(patterns + 1)? as u32,
                    reader.below(patterns + 1)? as u32,
                ],
            })
        })
    }

    fn exclusion_group(&mut self, codes: usize) -> Read<Vec<u32>> {
        let mut member = 0;
        let count = self.number()?;
        (0..count)
            .map(|_| {
                member = self.number()?.saturating_add(member);
                if (member as usize) < codes { Ok(member) } else { Err(self.damaged()) }
            })
            .collect()
    }

    fn cluster(&mut self, procedures: usize) -> Read<Cluster> {
        Ok(Cluster {
            name: self.below(procedures)?,
            range: self.range()?,
            mdcs: self.list(Self::number)?,
            choices: self
                .list(|reader| reader.list(|reader| Ok(reader.below(procedures)? as u32)))?,
        })
    }

    fn row(&mut self, (formulas, names): (usize, usize)) -> Read<Row> {
        Ok(Row {
            base: self.below(1000)? as u32,
            drg: self.below(1000)? as u32,
            kind: self.below(3)? as u32,
            formula: self.below(formulas)? as u32,
            suppressed: self.list(|reader| Ok(reader.below(names)? as u32))?,
        })
    }

    fn numbered(&mut self) -> Read<Numbered> {
        Ok(Numbered { number: self.number()?, range: self.range()?, text: self.text()? })
    }

    fn weight(&mut self) -> Read<Weight> {
        Ok(Weight {
            drg: self.number()?,
            weight: self.number()?,
            geometric_mean_stay: self.number()?,
            arithmetic_mean_stay: self.number()?,
        })
    }

    fn editor_codes(&mut self, codes: usize) -> Read<EditorCodes> {
        let flag_lists = self.list(|reader| reader.list(Self::text))?;
        let codes = self.columns(codes, flag_lists.len())?;
        Ok(EditorCodes { flag_lists, codes })
    }

    fn age_range(&mut self) -> Read<AgeRange> {
        Ok(AgeRange {
            name: self.text()?,
            years: (self.number()?, self.number()?),
            dates: (self.number()?, self.number()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_hold_what_the_publisher_counts() {
        let tables = Tables::shipped();
        assert_eq!(tables.versions.len(), 9);
        assert_eq!(tables.schemes.len(), 828);
        let on = |range: Range, version| range.0 <= version && version <= range.1;
        let valid = |records: &[Dated], version| {
            records.iter().filter(|record| on(record.range, version)).count()
        };
        assert_eq!(valid(&tables.diagnosis_schemes, 400), 73_639);
        assert_eq!(valid(&tables.diagnosis_schemes, 431), 74_719);
        assert_eq!(valid(&tables.diagnosis_schemes, 440), 74_879);
        let rows: usize = tables.categories.iter().map(|category| category.rows.len()).sum();
        assert_eq!(rows, 7_540);
    }

    #[test]
    fn cut_tables_are_refused_and_not_read_in_part() {
        let bytes = unpack(PACKED).unwrap();
        for length in [0, 1, 100, 10_000, bytes.len() - 1] {
            let packed = zstd::bulk::compress(&bytes[..length], 1).unwrap();
            assert!(Tables::read(&packed).is_err(), "cut to {length} bytes");
        }
        assert!(Tables::read(b"not packed").is_err());
    }
}
