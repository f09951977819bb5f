//! The order file of ICD-10-CM and ICD-10-PCS (CMS): fixed columns, one code a line.
//!
//! | Columns | Holds |
//! |---|---|
//! | 1-5 | running number |
//! | 7-13 | code without dot |
//! | 15 | 0 heading, 1 reportable |
//! | 17-76 | short title |
//! | 78- | long title |

use super::ImportError;
use crate::codeset::source::tidy;
use crate::codeset::{Code, Entry, EntryKind, System};

/// Reads an order file.
///
/// # Errors
/// A line that is not in the columns, a number out of order, a code of the other system, a
/// heading without codes below it.
pub fn read(bytes: &[u8], system: System) -> Result<Vec<Entry>, ImportError> {
    let text = super::text_of(bytes)?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut last_number = 0;
    let mut heading: Option<usize> = None;
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number_of_line = at + 1;
        let fields = fields(line, number_of_line)?;
        if fields.number <= last_number {
            let what = format!("the running number {} is out of order", fields.number);
            return Err(ImportError::at(number_of_line, &what));
        }
        last_number = fields.number;
        check_code(&fields, system, number_of_line)?;
        while open.last().is_some_and(|above| !fields.code.starts_with(above.as_str())) {
            open.pop();
        }
        if let Some(line) = heading.filter(|_| {
            entries.last().is_some_and(|last: &Entry| !fields.code.starts_with(&last.code))
        }) {
            return Err(ImportError::at(line, "the heading has no code below it"));
        }
        entries.push(Entry {
            kind: EntryKind::Code,
            depth: open.len() as u8,
            code: fields.code.to_owned(),
            title: tidy(fields.title),
            notes: Vec::new(),
            seventh: Vec::new(),
        });
        heading = (!fields.is_reportable).then_some(number_of_line);
        if !fields.is_reportable {
            open.push(fields.code.to_owned());
        }
    }
    if let Some(line) = heading {
        return Err(ImportError::at(line, "the file ends at a heading without codes: it is cut"));
    }
    Ok(entries)
}

struct Fields<'a> {
    number: u32,
    code: &'a str,
    is_reportable: bool,
    title: &'a str,
}

fn fields(line: &str, at: usize) -> Result<Fields<'_>, ImportError> {
    let wrong = |what: &str| ImportError::at(at, what);
    let head = line.get(..16).filter(|head| head.is_ascii());
    let head = head.ok_or_else(|| wrong("columns 1 to 16 are not a number, code and flag"))?;
    let number =
        head[..5].trim().parse().map_err(|_| wrong("columns 1 to 5 hold no running number"))?;
    let is_reportable = match &head[14..15] {
        "0" => false,
        "1" => true,
        _ => return Err(wrong("column 15 is neither 0 (heading) nor 1 (reportable)")),
    };
    let title = line.get(77..).filter(|title| !title.trim().is_empty());
    let title = title.ok_or_else(|| wrong("the long title (column 78) is missing: line is cut"))?;
    Ok(Fields { number, code: head[6..13].trim(), is_reportable, title })
}

fn check_code(fields: &Fields<'_>, system: System, at: usize) -> Result<(), ImportError> {
    let procedure = fields.code.len() == 7 || !fields.is_reportable && fields.code.len() == 3;
    let shaped = match system {
        System::Icd10Pcs => procedure && Code::parse(fields.code).is_some(),
        _ => super::is_diagnosis(fields.code),
    };
    if shaped {
        return Ok(());
    }
    let what = format!("columns 7 to 13 hold \"{}\", not an {system} code", fields.code);
    Err(ImportError::at(at, &what))
}

/// Writes a line of an order file.
#[must_use]
pub fn line(number: usize, code: &str, is_reportable: bool, title: &str) -> String {
    let flag = u8::from(is_reportable);
    let short: String = title.chars().filter(char::is_ascii).take(60).collect();
    format!("{number:05} {code:<7} {flag} {short:<60} {title}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> String {
        [("A00", false, "Cholera"), ("A000", true, "Cholera, biovar x"), ("A009", true, "Cholera")]
            .iter()
            .enumerate()
            .map(|(at, (code, reportable, title))| line(at + 1, code, *reportable, title))
            .collect()
    }

    #[test]
    fn columns_are_read() {
        let entries = read(sample().as_bytes(), System::Icd10Cm).unwrap();
        let shown: Vec<(u8, &str)> = entries.iter().map(|e| (e.depth, e.code.as_str())).collect();
        assert_eq!(shown, [(0, "A00"), (1, "A000"), (1, "A009")]);
        assert_eq!(entries[1].title, "Cholera, biovar x");
    }

    #[test]
    fn wrong_lines_are_named() {
        let table = [
            (sample().replace("00002", "00001"), "line 2: the running number 1 is out of order"),
            (sample().replace("A000    1", "A000    7"), "line 2: column 15"),
            (sample()[..sample().len() - 8].to_owned(), "line 3: the long title"),
            (sample().replace("A009 ", "?009 "), "line 3: columns 7 to 13"),
            (line(1, "A00", false, "Cholera"), "line 1: the file ends at a heading"),
            ("PK\u{3}\u{4}".to_owned(), "line 1: columns 1 to 16"),
        ];
        for (text, expected) in table {
            let error = read(text.as_bytes(), System::Icd10Cm).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let error = read(sample().as_bytes(), System::Icd10Pcs).unwrap_err().to_string();
        assert!(error.contains("not an ICD-10-PCS code"), "{error}");
    }
}
