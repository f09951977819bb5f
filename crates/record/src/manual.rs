//! Manuals are made from the heads of source files: one file a check or a measure, each with the
//! same headings in its module's comment.

/// The text under a heading of a file's module comment; `None` where the heading is missing or
/// nothing stands under it.
pub fn section(file: &str, heading: &str) -> Option<String> {
    let mark = format!("//! # {heading}");
    let after = file.lines().skip_while(|line| *line != mark).skip(1);
    let lines: Vec<&str> = after
        .take_while(|line| line.starts_with("//!") && !line.starts_with("//! # "))
        .map(|line| line.trim_start_matches("//!").trim())
        .filter(|line| !line.is_empty())
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::section;

    #[test]
    fn a_section_ends_at_the_next_heading_and_at_the_code() {
        let file = "//! A check.\n//!\n//! # What\n//! Two\n//!\n//! lines.\n//! # Why\n\nuse x;";
        assert_eq!(section(file, "What").as_deref(), Some("Two\nlines."));
        assert_eq!(section(file, "Why"), None);
        assert_eq!(section(file, "Source"), None);
    }
}
