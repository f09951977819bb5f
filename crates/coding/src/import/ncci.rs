//! National Correct Coding Initiative: procedure-to-procedure pairs and medically unlikely edits,
//! in the text layouts that CMS publishes (fields parted by tabs, or by commas in quotes).

use std::collections::HashMap;

use jiff::civil::Date;

use super::ImportError;
use super::delimited::{Row, rows};
use crate::codeset::Code;

/// One pair: the column two code is not paid beside the column one code. A quarter has two
/// millions of them, so a pair holds no text of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PtpPair {
    /// The code that is paid.
    pub column_one: Code,
    /// The code that is part of it.
    pub column_two: Code,
    /// Whether the pair was in existence before 1996.
    pub before_1996: bool,
    /// The first date.
    pub from: Date,
    /// The last date; `None` while it is in force.
    pub to: Option<Date>,
    /// 0 never paid together, 1 paid with an NCCI-associated modifier, 9 deleted.
    pub modifier_indicator: u8,
    /// Why: a place in [`PtpTable::rationales`].
    pub rationale: u16,
}

/// All pairs of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PtpTable {
    /// Pairs sorted by column one, column two and first date.
    pub pairs: Vec<PtpPair>,
    /// The rationales that the file gives, each once.
    pub rationales: Vec<String>,
}

impl PtpTable {
    /// The pair of two codes in force on a date. Deleted pairs (indicator 9) are none.
    #[must_use]
    pub fn pair(&self, column_one: &str, column_two: &str, on: Date) -> Option<&PtpPair> {
        let wanted = (Code::parse(column_one)?, Code::parse(column_two)?);
        let key = |pair: &PtpPair| (pair.column_one, pair.column_two);
        let start = self.pairs.partition_point(|pair| key(pair) < wanted);
        self.pairs[start..].iter().take_while(|pair| key(pair) == wanted).find(|pair| {
            pair.modifier_indicator != 9 && pair.from <= on && pair.to.is_none_or(|to| on <= to)
        })
    }

    /// Why a pair is one, in the publisher's words.
    #[must_use]
    pub fn rationale(&self, pair: &PtpPair) -> &str {
        self.rationales.get(usize::from(pair.rationale)).map_or("", String::as_str)
    }

    /// Adds another part of the same publication: CMS parts the pairs of a quarter into files.
    pub fn add(&mut self, part: PtpTable) {
        let places: Vec<u16> = part.rationales.iter().map(|why| self.place_of(why)).collect();
        self.pairs.extend(part.pairs.into_iter().map(|pair| PtpPair {
            rationale: places.get(usize::from(pair.rationale)).copied().unwrap_or_default(),
            ..pair
        }));
        self.sort();
        self.pairs.dedup();
    }

    fn place_of(&mut self, rationale: &str) -> u16 {
        let known = self.rationales.iter().position(|known| known == rationale);
        let place = known.unwrap_or_else(|| {
            self.rationales.push(rationale.to_owned());
            self.rationales.len() - 1
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    fn sort(&mut self) {
        self.pairs.sort_unstable_by_key(|pair| (pair.column_one, pair.column_two, pair.from));
    }
}

/// A limit of units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MueLimit {
    /// The most units that are paid.
    pub units_max: u32,
    /// 1 a claim line, 2 a date of service by policy, 3 a date of service.
    pub adjudication: u8,
    /// Why.
    pub rationale: String,
}

/// All limits of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MueTable {
    /// By code.
    pub limits: HashMap<String, MueLimit>,
}

impl MueTable {
    /// The limit of a code.
    #[must_use]
    pub fn limit(&self, code: &str) -> Option<&MueLimit> {
        self.limits.get(code.trim())
    }
}

/// Reads a file of pairs: column one, column two, in existence prior to 1996 (`*` or blank),
/// effective date, deletion date (`*` for none), modifier indicator, rationale. Heading lines
/// before the first pair are passed over.
///
/// # Errors
/// A line after the first pair that is not one; a file without any.
pub fn read_ptp(bytes: &[u8]) -> Result<PtpTable, ImportError> {
    let text = super::text_of(bytes)?;
    let mut table = PtpTable::default();
    for row in rows(text, 6)? {
        if table.pairs.is_empty() && !is_procedure(row.field(0)) {
            continue;
        }
        let rationale = table.place_of(row.field(6));
        table.pairs.push(ptp_pair(&row, rationale)?);
    }
    if table.pairs.is_empty() {
        return Err(ImportError::at(1, "the file holds no procedure-to-procedure pair"));
    }
    table.sort();
    Ok(table)
}

fn ptp_pair(row: &Row<'_>, rationale: u16) -> Result<PtpPair, ImportError> {
    let code = |at: usize, name: &str| {
        let code = Code::parse(row.field(at)).filter(|_| is_procedure(row.field(at)));
        code.ok_or_else(|| row.wrong(at, name, "a code of five characters"))
    };
    let deletion = row.field(4);
    let to = match deletion {
        "" | "*" => None,
        _ => Some(row.date(4, "deletion date")?),
    };
    let indicator = match row.field(5) {
        "0" => 0,
        "1" => 1,
        "9" => 9,
        _ => return Err(row.wrong(5, "modifier indicator", "0, 1 or 9")),
    };
    Ok(PtpPair {
        column_one: code(0, "column one")?,
        column_two: code(1, "column two")?,
        before_1996: row.field(2) == "*",
        from: row.date(3, "effective date")?,
        to,
        modifier_indicator: indicator,
        rationale,
    })
}

/// Reads a file of limits: code, MUE value, adjudication indicator ("2 Date of Service Edit:
/// Policy"), rationale. Heading lines before the first limit are passed over.
///
/// # Errors
/// A line after the first limit that is not one; a file without any.
pub fn read_mue(bytes: &[u8]) -> Result<MueTable, ImportError> {
    let text = super::text_of(bytes)?;
    let mut limits = HashMap::new();
    for row in rows(text, 3)? {
        if limits.is_empty() && !is_procedure(row.field(0)) {
            continue;
        }
        if !is_procedure(row.field(0)) {
            return Err(row.wrong(0, "code", "a code of five characters"));
        }
        let units_max = row
            .field(1)
            .parse()
            .map_err(|_| row.wrong(1, "MUE value", "a whole number of units"))?;
        let adjudication = match row.field(2).chars().next() {
            Some('1') => 1,
            Some('2') => 2,
            Some('3') => 3,
            _ => return Err(row.wrong(2, "adjudication indicator", "1, 2 or 3")),
        };
        let rationale = row.field(3).to_owned();
        limits.insert(row.field(0).to_owned(), MueLimit { units_max, adjudication, rationale });
    }
    if limits.is_empty() {
        return Err(ImportError::at(1, "the file holds no medically unlikely edit"));
    }
    Ok(MueTable { limits })
}

/// Whether a field is a CPT or HCPCS code: five letters and digits, a digit among them.
fn is_procedure(code: &str) -> bool {
    code.len() == 5
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && code.bytes().filter(u8::is_ascii_digit).count() >= 4
}

/// A few lines in the published layout of pairs, made up.
pub const PTP_SAMPLE: &str = "Column1/Column2 Edits\n\
    Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date *=no data\t\
    Modifier 0=not allowed 1=allowed 9=not applicable\tPTP Edit Rationale\n\
    G9001\tG9002\t\t20200101\t*\t1\tMisuse of column two code with column one code\n\
    G9001\tG9003\t*\t19960101\t20191231\t0\tMutually exclusive procedures\n\
    G9003\tG9004\t\t20200101\t20200101\t9\tCPT Manual or CMS manual coding instructions\n";

/// A few lines in the published layout of limits, made up.
pub const MUE_SAMPLE: &str = "HCPCS/CPT Code,Practitioner Services MUE Values,\
    MUE Adjudication Indicator,MUE Rationale\n\
    G9001,2,\"3 Date of Service Edit: Clinical\",\"Clinical: Data\"\n\
    G9002,1,\"1 Line Edit\",\"Nature of Service/Procedure\"\n";

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn pairs_are_read_and_dated() {
        let table = read_ptp(PTP_SAMPLE.as_bytes()).unwrap();
        assert_eq!(table.pairs.len(), 3);
        let on = date(2026, 1, 1);
        assert_eq!(table.pair("G9001", "G9002", on).unwrap().modifier_indicator, 1);
        assert!(table.pair("G9001", "G9003", on).is_none());
        assert!(table.pair("G9001", "G9003", date(2000, 1, 1)).unwrap().before_1996);
        assert!(table.pair("G9003", "G9004", date(2020, 1, 1)).is_none());
    }

    #[test]
    fn parts_of_a_quarter_are_put_together() {
        let mut table = read_ptp(PTP_SAMPLE.as_bytes()).unwrap();
        let other = PTP_SAMPLE.replace("G9001", "G9000").replace("Misuse", "Overuse");
        table.add(read_ptp(other.as_bytes()).unwrap());
        assert_eq!(table.pairs.len(), 5, "a pair that both parts hold stands once");
        let pair = table.pair("G9000", "G9002", date(2026, 1, 1)).unwrap();
        assert!(table.rationale(pair).starts_with("Overuse"));
        assert!(table.pairs.is_sorted_by_key(|pair| (pair.column_one, pair.column_two, pair.from)));
    }

    #[test]
    fn limits_are_read() {
        let table = read_mue(MUE_SAMPLE.as_bytes()).unwrap();
        let limit = table.limit("G9001").unwrap();
        assert_eq!((limit.units_max, limit.adjudication), (2, 3));
    }

    #[test]
    fn broken_lines_are_named() {
        let broken = PTP_SAMPLE.replace("20200101\t*\t1", "2020-13-01\t*\t1");
        assert_eq!(
            read_ptp(broken.as_bytes()).unwrap_err().to_string(),
            "line 3: the effective date is \"2020-13-01\", not a date (YYYYMMDD); nothing was \
             loaded"
        );
        let cut = PTP_SAMPLE.replace("\t20191231\t0\tMutually exclusive procedures", "");
        assert!(read_ptp(cut.as_bytes()).unwrap_err().to_string().starts_with("line 4:"));
        assert!(read_mue(b"nothing here\n").is_err());
        let broken = MUE_SAMPLE.replace("G9002,1,", "G9002,many,");
        assert!(read_mue(broken.as_bytes()).unwrap_err().to_string().contains("MUE value"));
    }
}
