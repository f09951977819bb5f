//! Forms: plain HTML, saved as a draft while typing when script runs.

use maud::{Markup, Render, html};

/// What viewer.js fills in by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Redacts {
    Boxes,
    Spans,
}

/// A form. What it holds is markup: fields, texts, actions.
#[derive(Clone, Debug)]
pub struct Form {
    action: String,
    method: &'static str,
    id: Option<String>,
    hidden: Vec<(String, String)>,
    draft: Option<(String, Option<String>)>,
    files: bool,
    label: Option<String>,
    class: &'static str,
    redacts: Option<Redacts>,
    content: Markup,
}

impl Form {
    fn of(method: &'static str, action: impl Into<String>) -> Form {
        Form {
            action: action.into(),
            method,
            id: None,
            hidden: Vec::new(),
            draft: None,
            files: false,
            label: None,
            class: "",
            redacts: None,
            content: html! {},
        }
    }

    /// A form that changes something.
    pub fn post(action: impl Into<String>) -> Form {
        Form::of("post", action)
    }

    /// Filters whose values may stand in an address: never a patient's name or number.
    pub fn filters(action: impl Into<String>) -> Form {
        Form { class: "filters", ..Form::of("get", action) }
    }

    /// The token against forged requests; empty tokens are left out.
    pub fn csrf(self, token: &str) -> Form {
        if token.is_empty() { self } else { self.hidden("csrf", token) }
    }

    /// A hidden value.
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Form {
        self.hidden.push((name.into(), value.into()));
        self
    }

    /// Its id, for a button elsewhere on the page.
    pub fn id(mut self, id: impl Into<String>) -> Form {
        self.id = Some(id.into());
        self
    }

    /// A name for screen readers, when a page has several forms.
    pub fn label(mut self, label: impl Into<String>) -> Form {
        self.label = Some(label.into());
        self
    }

    /// Saved at this address as it is typed: the form's fields are posted there, the answer is
    /// 204, 409 when the draft was changed elsewhere, 401 after logoff. `restored`: when the
    /// values shown come from a draft, the time at which it was saved, as people read it.
    pub fn draft(mut self, address: impl Into<String>, restored: Option<String>) -> Form {
        self.draft = Some((address.into(), restored));
        self
    }

    /// Carries files.
    pub fn with_files(mut self) -> Form {
        self.files = true;
        self
    }

    /// Filled by drawing boxes in the viewer.
    pub(crate) fn boxes(mut self) -> Form {
        self.redacts = Some(Redacts::Boxes);
        self
    }

    /// Filled by choosing stretches of a note.
    pub(crate) fn spans(mut self) -> Form {
        self.redacts = Some(Redacts::Spans);
        self
    }

    /// What the form holds.
    pub fn content(mut self, content: Markup) -> Form {
        self.content = content;
        self
    }
}

impl Render for Form {
    fn render(&self) -> Markup {
        let draft = self.draft.as_ref();
        html! {
            form class=[(!self.class.is_empty()).then_some(self.class)] method=(self.method)
                action=(self.action) id=[self.id.as_deref()] aria-label=[self.label.as_deref()]
                enctype=[self.files.then_some("multipart/form-data")] novalidate
                data-redaction-boxes[self.redacts == Some(Redacts::Boxes)]
                data-redaction-spans[self.redacts == Some(Redacts::Spans)]
                data-draft-url=[draft.map(|(address, _)| address)] {
                @for (name, value) in &self.hidden {
                    input type="hidden" name=(name) value=(value);
                }
                (self.content)
                @if let Some((_, restored)) = draft {
                    output class="draft-state" data-draft-state {
                        @if let Some(when) = restored { "Draft of " (when) " restored" }
                    }
                }
            }
        }
    }
}
