//! HCPCS Level II in the fixed-width record layout of CMS (records of up to 320 characters).
//!
//! | Columns | Holds |
//! |---|---|
//! | 1-5 | code; a modifier stands right |
//! | 6-10 | sequence number |
//! | 11 | 3 first line of a procedure, 4 further line, 7 and 8 the same of a modifier |
//! | 12-91 | long title |
//! | 92-119 | short title |
//! | 269-276 | date added |
//! | 277-284 | date of the last action |
//! | 285-292 | date terminated |

use jiff::civil::Date;

use super::ImportError;
use super::delimited::date_of;
use crate::codeset::source::tidy;

/// One code or modifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HcpcsCode {
    /// Five characters, or two for a modifier.
    pub code: String,
    /// Whether it is a modifier.
    pub is_modifier: bool,
    /// All lines of the long title.
    pub title: String,
    /// The short title.
    pub short_title: String,
    /// The first date.
    pub added: Option<Date>,
    /// The last date.
    pub terminated: Option<Date>,
}

/// Reads the file. Dental codes (D0000 to D9999) are the ADA's and are left out; the second value
/// is how many were.
///
/// # Errors
/// A line that is no record, a further line without its first, a date that is none.
pub fn read(bytes: &[u8]) -> Result<(Vec<HcpcsCode>, usize), ImportError> {
    let text = super::text_of(bytes)?;
    let mut codes: Vec<HcpcsCode> = Vec::new();
    let mut dental = 0;
    let mut skipping = false;
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |what: &str| ImportError::at(at + 1, what);
        let column = |from: usize, to: usize| column(line, from, to);
        let code = column(1, 5);
        let kind = column(11, 11);
        let title = tidy(column(12, 91));
        if title.is_empty() {
            return Err(wrong("columns 12 to 91 hold no title: the line is cut"));
        }
        match kind {
            "3" | "7" => {
                skipping = kind == "3" && code.starts_with('D');
                dental += usize::from(skipping);
                if skipping {
                    continue;
                }
                let is_modifier = kind == "7";
                check_code(code, is_modifier).map_err(|what| wrong(&what))?;
                let date = |from: usize, name: &str| match column(from, from + 7) {
                    "" => Ok(None),
                    text => date_of(text)
                        .map(Some)
                        .ok_or_else(|| wrong(&format!("the {name} \"{text}\" is not a date"))),
                };
                codes.push(HcpcsCode {
                    code: code.to_owned(),
                    is_modifier,
                    title,
                    short_title: column(92, 119).to_owned(),
                    added: date(269, "date added")?,
                    terminated: date(285, "date terminated")?,
                });
            }
            "4" | "8" if skipping => {}
            "4" | "8" => {
                let last = codes.last_mut().filter(|last| last.code == code);
                let last = last.ok_or_else(|| wrong("a further line stands without its first"))?;
                last.title.push(' ');
                last.title.push_str(&title);
            }
            _ => return Err(wrong("column 11 is none of 3, 4, 7 and 8")),
        }
    }
    Ok((codes, dental))
}

/// The text of columns counted from 1, without spaces around it.
fn column(line: &str, from: usize, to: usize) -> &str {
    line.get(from - 1..to.min(line.len())).unwrap_or("").trim()
}

fn check_code(code: &str, is_modifier: bool) -> Result<(), String> {
    let length = if is_modifier { 2 } else { 5 };
    let shaped = code.len() == length && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let level_two = is_modifier || code.starts_with(|first: char| first.is_ascii_uppercase());
    if shaped && level_two {
        return Ok(());
    }
    Err(format!("columns 1 to 5 hold \"{code}\", not a HCPCS Level II code"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(code: &str, kind: &str, long: &str, dates: [&str; 3]) -> String {
        let [added, action, terminated] = dates;
        let head = format!("{code:>5}{:<5}{kind}{long:<80}{:<28}", "00100", "Short");
        format!("{head:<268}{added:<8}{action:<8}{terminated:<8}N\n")
    }

    fn sample() -> String {
        let dates = ["20200101", "20200101", ""];
        let none = ["", "", ""];
        [
            record("G9001", "3", "Made up service,", dates),
            record("G9001", "4", "each hour", none),
            record("D0120", "3", "Periodic", dates),
            record("D0120", "4", "more", none),
            record("E9002", "3", "Made up chair", ["20200101", "20210101", "20231231"]),
            record("LT", "7", "Left side", dates),
        ]
        .concat()
    }

    #[test]
    fn records_are_joined_and_dental_codes_left_out() {
        let (codes, dental) = read(sample().as_bytes()).unwrap();
        let shown: Vec<(&str, &str)> =
            codes.iter().map(|code| (code.code.as_str(), code.title.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("G9001", "Made up service, each hour"),
                ("E9002", "Made up chair"),
                ("LT", "Left side"),
            ]
        );
        assert_eq!(dental, 1);
        assert_eq!(codes[1].terminated, Some(jiff::civil::date(2023, 12, 31)));
    }

    #[test]
    fn wrong_lines_are_named() {
        for (text, expected) in [
            (sample().replace("20231231", "20231331"), "line 5: the date terminated"),
            (record("G9001", "4", "alone", ["", "", ""]), "line 1: a further line"),
            (record("99213", "3", "not ours", ["", "", ""]), "line 1: columns 1 to 5"),
            ("G9001".to_owned(), "line 1: columns 12 to 91"),
        ] {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
