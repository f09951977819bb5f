//! A licensee's own CPT file, and Table 5 of the IPPS rule: delimited text with a heading line.

use super::ImportError;
use super::delimited::{Row, rows};
use crate::codeset::source::tidy;
use crate::codeset::{Entry, EntryKind};

/// Reads a CPT file: the first column that holds a code, and the longest text beside it. Heading
/// lines before the first code are passed over.
///
/// # Errors
/// A line after the first code without one; a code without a descriptor; a code that stands
/// twice.
pub fn read_cpt(bytes: &[u8]) -> Result<Vec<Entry>, ImportError> {
    let text = super::text_of(bytes)?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for row in rows(text, 2)? {
        let column = (0..4).find(|at| is_cpt(row.field(*at)));
        let Some(column) = column else {
            if entries.is_empty() {
                continue;
            }
            return Err(row.wrong(0, "first field", "a CPT code"));
        };
        let code = row.field(column);
        let title = (0..12).filter(|at| *at != column).map(|at| row.field(at));
        let title = title.max_by_key(|text| text.len()).unwrap_or_default();
        if title.is_empty() {
            return Err(row.wrong(column + 1, "descriptor", "a text"));
        }
        if !seen.insert(code.to_owned()) {
            return Err(ImportError::at(row.line, &format!("the code {code} stands twice")));
        }
        entries.push(Entry {
            kind: EntryKind::Code,
            depth: 0,
            code: code.to_owned(),
            title: tidy(title),
            notes: Vec::new(),
            seventh: Vec::new(),
        });
    }
    if entries.is_empty() {
        return Err(ImportError::at(1, "the file holds no CPT code"));
    }
    Ok(entries)
}

pub(super) fn is_cpt(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 5
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && (bytes[4].is_ascii_digit() || b"FTUM".contains(&bytes[4]))
}

/// A line of Table 5: a diagnosis related group with its weight and mean stays.
#[derive(Debug, Clone, PartialEq)]
pub struct DrgWeight {
    /// 1 to 999.
    pub drg: u16,
    /// The major diagnostic category as printed: `05`, `PRE`.
    pub mdc: String,
    /// `SURG` or `MED` as printed.
    pub kind: String,
    /// The title.
    pub title: String,
    /// The relative weight; `None` where the table gives none.
    pub weight: Option<f64>,
    /// The geometric mean length of stay, in days.
    pub geometric_mean_stay_days: Option<f64>,
    /// The arithmetic mean length of stay, in days.
    pub arithmetic_mean_stay_days: Option<f64>,
}

/// Reads Table 5 as text: DRG, post-acute, special pay, MDC, type, title, weight, geometric and
/// arithmetic mean stay. Heading lines before the first DRG are passed over; with two weights
/// (before and after the cap) the last is taken.
///
/// # Errors
/// A line after the first DRG that is not one; a number that is none; a DRG that stands twice.
pub fn read_drg_weights(bytes: &[u8]) -> Result<Vec<DrgWeight>, ImportError> {
    let text = super::text_of(bytes)?;
    let mut read: Vec<DrgWeight> = Vec::new();
    for row in rows(text, 9)? {
        let Ok(drg) = row.field(0).parse::<u16>() else {
            if read.is_empty() || row.field(1).is_empty() {
                continue;
            }
            return Err(row.wrong(0, "DRG", "a number"));
        };
        if read.iter().any(|known| known.drg == drg) {
            return Err(ImportError::at(row.line, &format!("DRG {drg} stands twice")));
        }
        let last = (6..12).rev().find(|at| !row.field(*at).is_empty()).unwrap_or(8);
        read.push(DrgWeight {
            drg,
            mdc: row.field(3).to_owned(),
            kind: row.field(4).to_owned(),
            title: tidy(row.field(5)),
            weight: number(&row, last - 2, "weight")?,
            geometric_mean_stay_days: number(&row, last - 1, "geometric mean stay")?,
            arithmetic_mean_stay_days: number(&row, last, "arithmetic mean stay")?,
        });
    }
    if read.is_empty() {
        return Err(ImportError::at(1, "the file holds no DRG"));
    }
    Ok(read)
}

/// A number, or none where the table prints a dash or nothing.
fn number(row: &Row<'_>, at: usize, name: &str) -> Result<Option<f64>, ImportError> {
    let text = row.field(at).replace(',', "");
    if text.chars().all(|c| matches!(c, '-' | '*' | ' ')) || text.eq_ignore_ascii_case("n/a") {
        return Ok(None);
    }
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.map(Some).ok_or_else(|| row.wrong(at, name, "a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licensees_file_is_read_in_any_order_of_columns() {
        let text = "Concept,Code,Short,Long\n1,99900,Made up,\"Made up, long\"\n2,0901T,B,Bee\n";
        let entries = read_cpt(text.as_bytes()).unwrap();
        assert_eq!(
            (entries[0].code.as_str(), entries[0].title.as_str()),
            ("99900", "Made up, long")
        );
        let tabs = "99900\tMade up\n99901\tOther\n";
        assert_eq!(read_cpt(tabs.as_bytes()).unwrap().len(), 2);
        let twice = "99900\tMade up\n99900\tOther\n";
        let error = read_cpt(twice.as_bytes()).unwrap_err().to_string();
        assert_eq!(error, "line 2: the code 99900 stands twice; nothing was loaded");
        assert!(read_cpt(b"99900\tMade up\nend\there\n").is_err());
    }

    #[test]
    fn weights_are_read() {
        let text = "TABLE 5\tLIST OF DRGS\nMS-DRG\tPost\tSpecial\tMDC\tTYPE\tTitle\tWeights\tGeo\tAri\n\
            291\tYes\tNo\t05\tMED\tHEART FAILURE WITH MCC\t1.2683\t3.8\t4.9\n\
            998\tNo\tNo\t\t**\tPRINCIPAL DIAGNOSIS INVALID\t0.0000\t0.0\t-\n";
        let read = read_drg_weights(text.as_bytes()).unwrap();
        assert_eq!((read[0].drg, read[0].weight), (291, Some(1.2683)));
        assert_eq!(read[1].arithmetic_mean_stay_days, None);
        let broken = text.replace("1.2683", "heavy");
        let error = read_drg_weights(broken.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("line 3: the weight is \"heavy\""), "{error}");
    }
}
