//! The manual of statistics, made from the heads of the measures' files.

use crate::measures::all;

/// The headings that every measure's file has, in order.
pub const HEADINGS: [&str; 4] = ["What it counts", "Formula", "Edge cases", "Source"];

/// The manual as Markdown: `docs/statistics.md` holds exactly this.
pub fn statistics() -> String {
    let mut manual = String::from(
        "# Statistics\n\n\
         Made from the measures' own files; edit those. Each number opens its rows, and shows its\n\
         formula and version. Where there is nothing to divide by, there is no number, and the\n\
         reason stands in its place. Days begin and end in the facility's time zone.\n",
    );
    for measure in all() {
        manual += &format!("\n## {}\n\n", measure.title);
        manual += &format!("`{}`, version {}\n", measure.name, measure.version);
        for heading in HEADINGS {
            let text = measure.section(heading).unwrap_or_default();
            manual += &format!("\n### {heading}\n\n{text}\n");
        }
    }
    manual
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_its_headings() {
        for measure in all() {
            for heading in HEADINGS {
                assert!(measure.section(heading).is_some(), "{} lacks {heading}", measure.name);
            }
        }
    }

    /// Run the tests with `UPDATE_EXPECT=1` to write the manual anew.
    #[test]
    fn the_manual_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/statistics.md");
        expect_test::expect_file![path].assert_eq(&statistics());
    }
}
