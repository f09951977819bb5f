//! The manual of quality checks, made from the heads of their files.

use crate::checks::{Category, Characteristic, all};

/// The headings that every check's file has, in order.
pub const HEADINGS: [&str; 4] = ["What it finds", "Why it matters", "Example", "Source"];

/// The manual as Markdown: `docs/quality-checks.md` holds exactly this.
pub fn quality_checks() -> String {
    let mut manual = String::from(
        "# Quality checks\n\n\
         Made from the checks' own files; edit those. Each check shows how many rows fail, of how\n\
         many it could judge. A failing row opens work; the check runs again after the fix.\n",
    );
    for check in all() {
        manual += &format!("\n## {}\n\n", check.title);
        manual += &format!(
            "`{}` · {} · {} · of {} · {} mends it within {} days\n",
            check.name,
            characteristic(check.characteristic),
            category(check.category),
            check.denominator,
            check.role.label(),
            check.days
        );
        for heading in HEADINGS {
            let text = check.section(heading).unwrap_or_default();
            manual += &format!("\n### {heading}\n\n{text}\n");
        }
    }
    manual
}

/// The characteristic in a word.
pub fn characteristic(of: Characteristic) -> &'static str {
    match of {
        Characteristic::Accuracy => "accuracy",
        Characteristic::Comprehensiveness => "comprehensiveness",
        Characteristic::Consistency => "consistency",
        Characteristic::Currency => "currency",
        Characteristic::Timeliness => "timeliness",
    }
}

/// The category in a word.
pub fn category(of: Category) -> &'static str {
    match of {
        Category::Conformance => "conformance",
        Category::Completeness => "completeness",
        Category::Plausibility => "plausibility",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_its_headings() {
        for check in all() {
            for heading in HEADINGS {
                assert!(check.section(heading).is_some(), "{} lacks {heading}", check.name);
            }
        }
    }

    /// Run the tests with `UPDATE_EXPECT=1` to write the manual anew.
    #[test]
    fn the_manual_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/quality-checks.md");
        expect_test::expect_file![path].assert_eq(&quality_checks());
    }
}
