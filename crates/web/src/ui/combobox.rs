//! Searching a code while typing it (ARIA combobox). Without script it is a line of text.

use crate::ui::FieldError;
use crate::ui::error::control_id;
use maud::{Markup, Render, html};

/// A field whose value is looked up on the server.
///
/// The address is posted `q`, the fields of the form whose names begin with `context`, and the
/// token; it answers
/// `{"items": [{"value", "label", "detail"?, "refused"?}], "more": 12}`. An item with `refused`
/// is shown with that reason and can't be chosen. With favourites, the empty field is asked for
/// too, an item may say `favourite`, and `*` on a found item posts its `code` to their address,
/// which answers `{"favourite": true}`.
#[derive(Clone, Debug)]
pub struct Combobox {
    name: String,
    label: String,
    url: String,
    id: String,
    hint: Option<String>,
    value: String,
    chosen: String,
    error: Option<FieldError>,
    required: bool,
    autofocus: bool,
    key: Option<String>,
    validate_url: Option<String>,
    favourites_url: Option<String>,
}

impl Combobox {
    /// A field that looks up its value at this address.
    pub fn new(
        name: impl Into<String>,
        label: impl Into<String>,
        url: impl Into<String>,
    ) -> Combobox {
        let name = name.into();
        Combobox {
            id: control_id(&name),
            name,
            label: label.into(),
            url: url.into(),
            hint: None,
            value: String::new(),
            chosen: String::new(),
            error: None,
            required: false,
            autofocus: false,
            key: None,
            validate_url: None,
            favourites_url: None,
        }
    }

    /// Offers a person's favourites in the empty field, and keeps them at this address.
    pub fn favourites_at(mut self, address: impl Into<String>) -> Combobox {
        self.favourites_url = Some(address.into());
        self
    }

    /// A line above it.
    pub fn hint(mut self, hint: impl Into<String>) -> Combobox {
        self.hint = Some(hint.into());
        self
    }

    /// What it holds: the value, and its label in words.
    pub fn value(mut self, value: impl Into<String>, label: impl Into<String>) -> Combobox {
        self.value = value.into();
        self.chosen = label.into();
        self
    }

    /// The error of this field, when one of these is of it.
    pub fn errors(mut self, errors: &[FieldError]) -> Combobox {
        self.error = errors.iter().find(|error| error.field == self.name).cloned();
        self
    }

    /// Must be given.
    pub fn required(mut self) -> Combobox {
        self.required = true;
        self
    }

    /// Where typing begins on this page.
    pub fn autofocus(mut self) -> Combobox {
        self.autofocus = true;
        self
    }

    /// A key that goes to the field.
    pub fn key(mut self, key: impl Into<String>) -> Combobox {
        self.key = Some(key.into());
        self
    }

    /// Validated while typing, as [`crate::ui::Field::validates_at`].
    pub fn validates_at(mut self, address: impl Into<String>) -> Combobox {
        self.validate_url = Some(address.into());
        self
    }

    /// Another id than `field-NAME`.
    pub fn id(mut self, id: impl Into<String>) -> Combobox {
        self.id = id.into();
        self
    }

    fn described_by(&self) -> String {
        let mut ids = vec![format!("{}-status", self.id)];
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.id));
        }
        if self.error.is_some() {
            ids.push(format!("{}-error", self.id));
        }
        ids.join(" ")
    }
}

impl Render for Combobox {
    fn render(&self) -> Markup {
        let id = &self.id;
        html! {
            div class=(if self.error.is_some() { "field field-error" } else { "field" }) {
                label for=(id) { (self.label) }
                @if let Some(hint) = &self.hint { span class="hint" id={ (id) "-hint" } { (hint) } }
                @if let Some(error) = &self.error { (error.beside(id)) }
                div class="combobox" data-combobox data-url=(self.url)
                    data-favourites=[self.favourites_url.as_deref()] {
                    input class="control" type="text" id=(id) name=(self.name) value=(self.value)
                        role="combobox" aria-autocomplete="list" aria-expanded="false"
                        aria-controls={ (id) "-list" } aria-describedby=(self.described_by())
                        aria-invalid=[self.error.as_ref().map(|_| "true")]
                        aria-required=[self.required.then_some("true")]
                        autocomplete="off" spellcheck="false" autofocus[self.autofocus]
                        data-key=[self.key.as_deref()]
                        data-validate-url=[self.validate_url.as_deref()];
                    ul class="combobox-list" role="listbox" id={ (id) "-list" }
                        aria-label=(self.label) hidden {}
                    div class="combobox-status" id={ (id) "-status" } role="status"
                        data-combobox-status { (self.chosen) }
                }
                @if self.validate_url.is_some() {
                    span class="live-note" id={ (id) "-live" } aria-live="polite" {}
                }
            }
        }
    }
}
