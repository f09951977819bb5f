//! What is wrong with a field: which one, what was given, why it will not do, and what would.

use maud::{Markup, html};

/// One field's error. Both texts are plain sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's `name`.
    pub field: String,
    /// What was given, as it was given; empty when nothing was.
    pub given: String,
    /// Why it will not do.
    pub reason: String,
    /// What would do.
    pub would_do: String,
}

impl FieldError {
    /// An error from its parts.
    pub fn new(
        field: impl Into<String>,
        given: impl Into<String>,
        reason: impl Into<String>,
        would_do: impl Into<String>,
    ) -> FieldError {
        FieldError {
            field: field.into(),
            given: given.into(),
            reason: reason.into(),
            would_do: would_do.into(),
        }
    }

    /// The error beside its field.
    pub(crate) fn beside(&self, id: &str) -> Markup {
        html! {
            span class="error" id={ (id) "-error" } {
                span class="visually-hidden" { "Error: " }
                (self.reason)
                @if !self.given.is_empty() {
                    span class="given" { "Given: " q { (self.given) } }
                }
                @if !self.would_do.is_empty() { span class="would-do" { (self.would_do) } }
            }
        }
    }
}

/// The id of the control of a field, unless the field was given another.
pub(crate) fn control_id(field: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    format!("field-{}", field.chars().map(safe).collect::<String>())
}

/// All errors of a page at its top, each a link to its field; nothing when there is none.
pub fn error_summary(errors: &[FieldError]) -> Markup {
    html! {
        @if !errors.is_empty() {
            section class="error-summary" id="error-summary" tabindex="-1" role="alert"
                aria-labelledby="error-summary-title" {
                h2 id="error-summary-title" { "Mend this before it can be saved" }
                ul {
                    @for error in errors {
                        li { a href={ "#" (control_id(&error.field)) } { (error.reason) } }
                    }
                }
            }
        }
    }
}
