//! Form fields: label, hint, control, unit and error, tied together by ids.

use crate::ui::FieldError;
use crate::ui::error::control_id;
use maud::{Markup, Render, html};

/// One of several values.
#[derive(Clone, Debug)]
pub struct Choice {
    value: String,
    label: String,
    hint: Option<String>,
}

impl Choice {
    /// A value with what people read.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into(), hint: None }
    }

    /// A line of explanation under it; radio buttons and checkboxes only.
    pub fn hint(mut self, hint: impl Into<String>) -> Choice {
        self.hint = Some(hint.into());
        self
    }
}

#[derive(Clone, Debug)]
enum Control {
    Input { kind: &'static str, mode: Option<&'static str> },
    Area { rows: u8 },
    Select(Vec<Choice>),
    Radios(Vec<Choice>),
    Checks(Vec<Choice>),
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    name: String,
    label: String,
    control: Control,
    id: String,
    hint: Option<String>,
    values: Vec<String>,
    error: Option<FieldError>,
    required: bool,
    optional_shown: bool,
    unit: Option<String>,
    width: Option<u8>,
    autocomplete: Option<String>,
    validate_url: Option<String>,
    read_only: bool,
    autofocus: bool,
    key: Option<String>,
    extra_class: &'static str,
    accept: Option<String>,
    max_length: Option<u32>,
}

impl Field {
    fn of(name: impl Into<String>, label: impl Into<String>, control: Control) -> Field {
        let name = name.into();
        Field {
            id: control_id(&name),
            name,
            label: label.into(),
            control,
            hint: None,
            values: Vec::new(),
            error: None,
            required: false,
            optional_shown: false,
            unit: None,
            width: None,
            autocomplete: None,
            validate_url: None,
            read_only: false,
            autofocus: false,
            key: None,
            extra_class: "",
            accept: None,
            max_length: None,
        }
    }

    fn input(name: impl Into<String>, label: impl Into<String>, kind: &'static str) -> Field {
        Field::of(name, label, Control::Input { kind, mode: None })
    }

    /// A line of text.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::input(name, label, "text")
    }

    /// A password; never filled in by the server.
    pub fn password(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::input(name, label, "password")
    }

    /// A number, typed as text with a numeric keyboard so that nothing is rounded or scrolled.
    pub fn number(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::of(name, label, Control::Input { kind: "text", mode: Some("decimal") }).width(8)
    }

    /// A date, typed: `2026-03-04`. Text, so that it can be typed fast and given partly.
    pub fn date(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::of(name, label, Control::Input { kind: "text", mode: Some("numeric") })
            .width(12)
            .hint("Year, month, day: 2026-03-04")
    }

    /// A date and time, typed: `2026-03-04 14:30`.
    pub fn date_time(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::text(name, label).width(12).hint("Day and time: 2026-03-04 14:30")
    }

    /// A file.
    pub fn file(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::input(name, label, "file")
    }

    /// Several lines of text.
    pub fn area(name: impl Into<String>, label: impl Into<String>, rows: u8) -> Field {
        Field::of(name, label, Control::Area { rows })
    }

    /// The text of a clinical note: tall.
    pub fn note(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field { extra_class: " note", ..Field::area(name, label, 14) }
    }

    /// One of many values, from a list.
    pub fn select(
        name: impl Into<String>,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Field {
        Field::of(name, label, Control::Select(choices.into_iter().collect()))
    }

    /// One of a few values, all in sight.
    pub fn radios(
        name: impl Into<String>,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Field {
        Field::of(name, label, Control::Radios(choices.into_iter().collect()))
    }

    /// Any of a few values.
    pub fn checks(
        name: impl Into<String>,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Field {
        Field::of(name, label, Control::Checks(choices.into_iter().collect()))
    }

    /// Yes or no, with value `yes`.
    pub fn check(name: impl Into<String>, label: impl Into<String>) -> Field {
        let label = label.into();
        let choice = Choice::new("yes", label);
        Field::of(name, "", Control::Checks(vec![choice]))
    }

    /// What to give, and how, in a line above the control.
    pub fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = Some(hint.into());
        self
    }

    /// What it holds now. For checkboxes call it once for each that is ticked.
    pub fn value(mut self, value: impl Into<String>) -> Field {
        self.values.push(value.into());
        self
    }

    /// The error of this field, when one of these is of it.
    pub fn errors(mut self, errors: &[FieldError]) -> Field {
        self.error = errors.iter().find(|error| error.field == self.name).cloned();
        self
    }

    /// Must be given. Said to screen readers; the server decides.
    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }

    /// Says "(optional)" beside the label.
    pub fn optional(mut self) -> Field {
        self.optional_shown = true;
        self
    }

    /// The unit, after the control.
    pub fn unit(mut self, unit: impl Into<String>) -> Field {
        self.unit = Some(unit.into());
        self
    }

    /// About so many characters wide: 4, 8, 12 or 20; other widths fill the line.
    pub fn width(mut self, characters: u8) -> Field {
        self.width = Some(characters);
        self
    }

    /// The autocomplete token (`username`, `current-password`, `off`…).
    pub fn autocomplete(mut self, token: impl Into<String>) -> Field {
        self.autocomplete = Some(token.into());
        self
    }

    /// Validated while typing: the form is posted to this address, which answers with JSON
    /// `{"error": null | {"given", "reason", "would_do"}, "note": "…"}`.
    pub fn validates_at(mut self, address: impl Into<String>) -> Field {
        self.validate_url = Some(address.into());
        self
    }

    /// Shown, not to be changed.
    pub fn read_only(mut self) -> Field {
        self.read_only = true;
        self
    }

    /// Where typing begins on this page.
    pub fn autofocus(mut self) -> Field {
        self.autofocus = true;
        self
    }

    /// A key that goes to the field.
    pub fn key(mut self, key: impl Into<String>) -> Field {
        self.key = Some(key.into());
        self
    }

    /// Another id than `field-NAME`, when two forms of a page have a field of one name.
    pub fn id(mut self, id: impl Into<String>) -> Field {
        self.id = id.into();
        self
    }

    /// The kinds of file that a file field takes.
    pub fn accept(mut self, kinds: impl Into<String>) -> Field {
        self.accept = Some(kinds.into());
        self
    }

    /// The most characters that can be typed.
    pub fn max_length(mut self, characters: u32) -> Field {
        self.max_length = Some(characters);
        self
    }

    fn value_text(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or("")
    }

    /// The ids of the texts that describe the control.
    fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let live = self.validate_url.as_ref().map(|_| format!("{}-live", self.id));
        let ids: Vec<String> = [hint, error, live].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn control_class(&self) -> String {
        let width = match self.width {
            Some(width @ (4 | 8 | 12 | 20)) => format!(" width-{width}"),
            _ => String::new(),
        };
        format!("control{width}{}", self.extra_class)
    }

    fn about(&self) -> Markup {
        html! {
            @if let Some(hint) = &self.hint {
                span class="hint" id={ (self.id) "-hint" } { (hint) }
            }
            @if let Some(error) = &self.error { (error.beside(&self.id)) }
        }
    }

    fn line(&self, kind: &str, mode: Option<&str>) -> Markup {
        let shown = !matches!(kind, "password" | "file");
        html! {
            input class=(self.control_class()) type=(kind) id=(self.id) name=(self.name)
                value=[shown.then(|| self.value_text())] inputmode=[mode]
                aria-describedby=[self.described_by()]
                aria-invalid=[self.error.as_ref().map(|_| "true")]
                aria-required=[self.required.then_some("true")]
                autocomplete=(self.autocomplete.as_deref().unwrap_or("off"))
                accept=[self.accept.as_deref()] maxlength=[self.max_length]
                spellcheck="false" readonly[self.read_only] autofocus[self.autofocus]
                data-key=[self.key.as_deref()] data-validate-url=[self.validate_url.as_deref()];
        }
    }

    fn area_control(&self, rows: u8) -> Markup {
        html! {
            textarea class=(self.control_class()) id=(self.id) name=(self.name) rows=(rows)
                aria-describedby=[self.described_by()]
                aria-invalid=[self.error.as_ref().map(|_| "true")]
                aria-required=[self.required.then_some("true")] maxlength=[self.max_length]
                readonly[self.read_only] autofocus[self.autofocus]
                data-key=[self.key.as_deref()] data-validate-url=[self.validate_url.as_deref()]
                { "\n" (self.value_text()) }
        }
    }

    fn select_control(&self, choices: &[Choice]) -> Markup {
        html! {
            select class=(self.control_class()) id=(self.id) name=(self.name)
                aria-describedby=[self.described_by()]
                aria-invalid=[self.error.as_ref().map(|_| "true")]
                aria-required=[self.required.then_some("true")] autofocus[self.autofocus]
                data-key=[self.key.as_deref()] data-validate-url=[self.validate_url.as_deref()] {
                @for choice in choices {
                    option value=(choice.value) selected[choice.value == self.value_text()] {
                        (choice.label)
                    }
                }
            }
        }
    }

    /// Radio buttons or checkboxes; the first has the field's id, for the error summary's link.
    fn group(&self, choices: &[Choice], kind: &str) -> Markup {
        html! {
            @for (index, choice) in choices.iter().enumerate() {
                @let id = if index == 0 { self.id.clone() } else { format!("{}-{index}", self.id) };
                @let hint_id = choice.hint.as_ref().map(|_| format!("{id}-choice-hint"));
                div class="choice" {
                    input type=(kind) id=(id) name=(self.name) value=(choice.value)
                        checked[self.values.contains(&choice.value)]
                        autofocus[self.autofocus && index == 0]
                        aria-describedby=[hint_id.as_deref()]
                        data-validate-url=[self.validate_url.as_deref()];
                    div {
                        label for=(id) { (choice.label) }
                        @if let Some(hint) = &choice.hint {
                            span class="hint" id=[hint_id.as_deref()] { (hint) }
                        }
                    }
                }
            }
        }
    }

    fn label_words(&self) -> Markup {
        html! {
            (self.label)
            @if self.optional_shown { " " span class="optional" { "(optional)" } }
        }
    }

    fn live(&self) -> Markup {
        html! {
            @if self.validate_url.is_some() {
                span class="live-note" id={ (self.id) "-live" } aria-live="polite" {}
            }
        }
    }
}

impl Render for Field {
    fn render(&self) -> Markup {
        let class = if self.error.is_some() { "field field-error" } else { "field" };
        let control = match &self.control {
            Control::Radios(choices) | Control::Checks(choices) => {
                let radios = matches!(self.control, Control::Radios(_));
                return html! {
                    fieldset class=(class) aria-describedby=[self.described_by()] {
                        @if !self.label.is_empty() { legend { (self.label_words()) } }
                        @else { legend class="visually-hidden" {
                            (choices.first().map(|choice| choice.label.as_str()).unwrap_or(""))
                        } }
                        (self.about())
                        (self.group(choices, if radios { "radio" } else { "checkbox" }))
                        (self.live())
                    }
                };
            }
            Control::Input { kind, mode } => self.line(kind, *mode),
            Control::Area { rows } => self.area_control(*rows),
            Control::Select(choices) => self.select_control(choices),
        };
        html! {
            div class=(class) {
                label for=(self.id) { (self.label_words()) }
                (self.about())
                @if let Some(unit) = &self.unit {
                    div class="with-unit" { (control) span class="quiet" { (unit) } }
                } @else { (control) }
                (self.live())
            }
        }
    }
}
