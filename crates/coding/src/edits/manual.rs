//! The manual page of the edits, made from the headings in each rule's file.

use super::Severity;
use super::rules::ALL;

/// The headings that every rule's file has.
pub const HEADINGS: [&str; 4] = ["What it finds", "Why it matters", "Example", "Source"];

/// The page as Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# Coding edits\n\n\
         Made from the rules themselves; change a rule's file, not this page.\n\n\
         A **stop** keeps a chart from being final until it is resolved, or overridden with a \
         reason where that is allowed. **Advice** asks for a look. The Medicare Code Editor's \
         edits are apart.\n\n\
         | Edit | Kind | Can be overridden | In force |\n|---|---|---|---|\n",
    );
    for rule in ALL {
        let kind = match rule.severity {
            Severity::Stop => "stop",
            Severity::Advice => "advice",
        };
        let overridden = if rule.can_be_overridden { "with a reason" } else { "no" };
        let until = rule.to.map_or_else(String::new, |to| format!(" to {to}"));
        page.push_str(&format!(
            "| [{0}](#{0}) | {kind} | {overridden} | from {1}{until} |\n",
            rule.name, rule.from
        ));
    }
    for rule in ALL {
        page.push_str(&format!("\n## {}\n\n{}", rule.name, described(rule.text)));
    }
    page
}

/// The module's comment of a rule's file, from its first heading on.
fn described(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    let mut described = String::new();
    for line in lines.skip_while(|line| !line.starts_with(" # ")) {
        match line.strip_prefix(" # ") {
            Some(heading) => described.push_str(&format!("### {heading}\n")),
            None => described.push_str(&format!("{}\n", line.strip_prefix(' ').unwrap_or(line))),
        }
    }
    described
}
