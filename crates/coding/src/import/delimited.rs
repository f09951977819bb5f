//! Lines of fields parted by tabs, commas, semicolons or bars, with their line numbers.

use jiff::civil::Date;

use super::ImportError;

/// One line of fields.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// Counted from 1.
    pub line: usize,
    fields: Vec<std::borrow::Cow<'a, str>>,
}

impl Row<'_> {
    /// A field without spaces around it; empty where the line has none.
    pub fn field(&self, at: usize) -> &str {
        self.fields.get(at).map_or("", |field| field.trim())
    }

    /// The error for a field that is not what it should be.
    pub fn wrong(&self, at: usize, name: &str, wanted: &str) -> ImportError {
        let shown: String = self.field(at).chars().take(40).collect();
        ImportError::at(self.line, &format!("the {name} is \"{shown}\", not {wanted}"))
    }

    /// A date as `YYYYMMDD`, `YYYY-MM-DD` or `MM/DD/YYYY`.
    pub fn date(&self, at: usize, name: &str) -> Result<Date, ImportError> {
        date_of(self.field(at)).ok_or_else(|| self.wrong(at, name, "a date (YYYYMMDD)"))
    }
}

/// Reads a date in one of the forms that publishers use.
pub(super) fn date_of(text: &str) -> Option<Date> {
    let parts: Vec<&str> = match text.split(['-', '/']).collect::<Vec<_>>() {
        parts if parts.len() == 3 => parts,
        _ if text.len() == 8 && text.is_ascii() => vec![&text[..4], &text[4..6], &text[6..]],
        _ => return None,
    };
    let (year, month, day) = if parts[0].len() == 4 {
        (parts[0], parts[1], parts[2])
    } else {
        (parts[2], parts[0], parts[1])
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The lines that hold anything, split at the separator that the file uses: the one of tab, bar,
/// semicolon and comma that gives the most lines their number of fields. A line is split when it
/// is asked for: a file of millions is never held in parts.
pub(super) fn rows(
    text: &str,
    fields_min: usize,
) -> Result<impl Iterator<Item = Row<'_>>, ImportError> {
    let lines = move || text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let fitting = |separator: char| {
        lines().take(64).filter(|(_, line)| split(line, separator).len() >= fields_min).count()
    };
    let separator = ['\t', '|', ';', ',']
        .into_iter()
        .max_by_key(|separator| (fitting(*separator), *separator == '\t'))
        .expect("four separators are tried");
    if fitting(separator) == 0 {
        let what = format!("the file has no line with {fields_min} fields parted by tab or comma");
        return Err(ImportError::at(1, &what));
    }
    Ok(lines().map(move |(at, line)| Row { line: at + 1, fields: split(line, separator) }))
}

/// Splits a line; a field in double quotes may hold the separator, and `""` for a quote.
fn split(line: &str, separator: char) -> Vec<std::borrow::Cow<'_, str>> {
    if !line.contains('"') {
        return line.split(separator).map(Into::into).collect();
    }
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '"' && quoted && letters.peek() == Some(&'"') {
            field.push('"');
            letters.next();
        } else if letter == '"' {
            quoted = !quoted;
        } else if letter == separator && !quoted {
            fields.push(std::mem::take(&mut field).into());
        } else {
            field.push(letter);
        }
    }
    fields.push(field.into());
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_the_separator() {
        let all: Vec<Row<'_>> = rows("a,\"b, \"\"c\"\"\",d\n\ne,f,g\n", 3).unwrap().collect();
        assert_eq!(all[0].field(1), "b, \"c\"");
        assert_eq!((all[1].line, all[1].field(9)), (3, ""));
    }

    #[test]
    fn dates_are_read_in_three_forms() {
        for text in ["20260401", "2026-04-01", "04/01/2026"] {
            assert_eq!(date_of(text), Some(jiff::civil::date(2026, 4, 1)), "{text}");
        }
        assert_eq!(date_of("2026041"), None);
    }
}
