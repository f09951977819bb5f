//! Tables as CSV: RFC 4180, and safe to open in a spreadsheet.
//!
//! A field that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or
//! a carriage return and is no plain number) gets an apostrophe before it (OWASP, CSV injection).

use crate::tables::Table;

/// A table as CSV, the title left out, lines ended by CR LF.
pub fn write(table: &Table) -> String {
    let mut text = String::new();
    for row in std::iter::once(&table.columns).chain(&table.rows) {
        let fields: Vec<String> = row.iter().map(|field| quoted(field)).collect();
        text += &fields.join(",");
        text += "\r\n";
    }
    text
}

fn quoted(field: &str) -> String {
    let safe = if is_formula(field) { format!("'{field}") } else { field.to_owned() };
    if safe.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

fn is_formula(field: &str) -> bool {
    let is_plain = field.chars().all(|c| c.is_ascii_digit() || "+-.".contains(c));
    let is_number = is_plain && field.parse::<f64>().is_ok();
    field.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value that a spreadsheet reads from a written field.
    fn unquoted(written: &str) -> String {
        match written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => written.to_owned(),
        }
    }

    #[test]
    fn fields_are_quoted_and_defused() {
        let table = [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+2", "'=1+2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =1", "' =1"),
            ("-5.25", "-5.25"),
            ("-5+cmd", "'-5+cmd"),
            ("\t=1", "'\t=1"),
            ("", ""),
        ];
        for (field, expected) in table {
            assert_eq!(quoted(field), expected, "{field:?}");
        }
    }

    #[test]
    fn tables_have_a_head_and_end_lines_as_the_standard_says() {
        let table = Table {
            title: "Days".to_owned(),
            columns: vec!["Day".to_owned(), "Census".to_owned()],
            rows: vec![vec!["2026-03-01".to_owned(), "12".to_owned()]],
        };
        assert_eq!(write(&table), "Day,Census\r\n2026-03-01,12\r\n");
    }

    proptest::proptest! {
        #[test]
        fn no_field_starts_a_formula(field in "[ =@\t\"]{0,3}\\PC{0,12}") {
            let written = quoted(&field);
            let read = unquoted(&written);
            let first = read.trim_start_matches(' ').chars().next();
            let defused = !matches!(first, Some('=' | '@' | '\t'));
            proptest::prop_assert!(defused, "{written}");
            proptest::prop_assert_eq!(read.strip_prefix('\'').unwrap_or(&read), field.strip_prefix('\'').unwrap_or(&field));
        }
    }
}
