//! Buttons and links that act, each with its key shown beside it.

use maud::{Markup, Render, html};

/// How much weight an action has on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Main,
    Ordinary,
    Plain,
    Stop,
}

/// What happens on activation.
#[derive(Clone, Debug)]
enum Deed {
    Submit { name: Option<(String, String)>, form_action: Option<String> },
    Link(String),
    Open(String),
    Script(String),
}

/// A button, or a link that looks like one.
#[derive(Clone, Debug)]
pub struct Button {
    label: String,
    deed: Deed,
    weight: Weight,
    key: Option<String>,
    small: bool,
    refused: Option<String>,
    form: Option<String>,
    for_whom: Option<String>,
}

impl Button {
    fn of(label: impl Into<String>, deed: Deed) -> Button {
        Button {
            label: label.into(),
            deed,
            weight: Weight::Ordinary,
            key: None,
            small: false,
            refused: None,
            form: None,
            for_whom: None,
        }
    }

    /// Sends the form around it.
    pub fn submit(label: impl Into<String>) -> Button {
        Button::of(label, Deed::Submit { name: None, form_action: None })
    }

    /// Goes to an address.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Button {
        Button::of(label, Deed::Link(href.into()))
    }

    /// Opens the dialog of this id; shown only with script.
    pub fn open(label: impl Into<String>, dialog_id: impl Into<String>) -> Button {
        Button::of(label, Deed::Open(dialog_id.into()))
    }

    /// Is handled by a module that looks for `data-do="NAME"`; shown only with script.
    pub fn script(label: impl Into<String>, name: impl Into<String>) -> Button {
        Button::of(label, Deed::Script(name.into()))
    }

    /// The page's one main action.
    pub fn main(mut self) -> Button {
        self.weight = Weight::Main;
        self
    }

    /// Without a frame, for the least of several actions.
    pub fn plain(mut self) -> Button {
        self.weight = Weight::Plain;
        self
    }

    /// An action that withholds, ends or destroys.
    pub fn stop(mut self) -> Button {
        self.weight = Weight::Stop;
        self
    }

    /// Its key: `e`, `Ctrl+Enter`, `Shift+D`, `g f`. Bound and listed under `?` by itself.
    pub fn key(mut self, key: impl Into<String>) -> Button {
        self.key = Some(key.into());
        self
    }

    /// For rows and bars.
    pub fn small(mut self) -> Button {
        self.small = true;
        self
    }

    /// The name and value that a form gets when this of several submit buttons is pressed.
    pub fn named(mut self, name: impl Into<String>, value: impl Into<String>) -> Button {
        if let Deed::Submit { name: slot, .. } = &mut self.deed {
            *slot = Some((name.into(), value.into()));
        }
        self
    }

    /// Sends the form to another address than its own.
    pub fn sends_to(mut self, address: impl Into<String>) -> Button {
        if let Deed::Submit { form_action, .. } = &mut self.deed {
            *form_action = Some(address.into());
        }
        self
    }

    /// The id of a form that stands elsewhere on the page.
    pub fn of_form(mut self, id: impl Into<String>) -> Button {
        self.form = Some(id.into());
        self
    }

    /// What the action is about, for screen readers, when the same label stands in many rows.
    pub fn about(mut self, what: impl Into<String>) -> Button {
        self.for_whom = Some(what.into());
        self
    }

    /// Shown but not to be used now, with the reason.
    pub fn refused(mut self, reason: impl Into<String>) -> Button {
        self.refused = Some(reason.into());
        self
    }

    fn class(&self) -> String {
        let weight = match self.weight {
            Weight::Main => " button-main",
            Weight::Ordinary => "",
            Weight::Plain => " button-plain",
            Weight::Stop => " button-stop",
        };
        format!("button{weight}{}", if self.small { " button-small" } else { "" })
    }

    fn content(&self) -> Markup {
        html! {
            (self.label)
            @if let Some(what) = &self.for_whom { span class="visually-hidden" { " " (what) } }
            @if let Some(key) = &self.key { (kbd(key)) }
        }
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        let class = self.class();
        let key = self.key.as_deref();
        if let Some(reason) = &self.refused {
            return html! {
                button type="button" class=(class) aria-disabled="true" title=(reason) {
                    (self.content()) span class="visually-hidden" { " (" (reason) ")" }
                }
                span class="why-not" aria-hidden="true" { (reason) }
            };
        }
        match &self.deed {
            Deed::Submit { name, form_action } => html! {
                button type="submit" class=(class) data-key=[key] form=[self.form.as_deref()]
                    formaction=[form_action.as_deref()]
                    name=[name.as_ref().map(|pair| &pair.0)]
                    value=[name.as_ref().map(|pair| &pair.1)] { (self.content()) }
            },
            Deed::Link(href) => html! {
                a class=(class) href=(href) data-key=[key] { (self.content()) }
            },
            Deed::Open(id) => html! {
                button type="button" class=(class) data-key=[key] data-opens=(id)
                    aria-haspopup="dialog" data-needs-script hidden { (self.content()) }
            },
            Deed::Script(name) => html! {
                button type="button" class=(class) data-key=[key] data-do=(name) data-needs-script
                    hidden { (self.content()) }
            },
        }
    }
}

/// The keys of an action as they are shown: `g f` is two keys, `Ctrl+Enter` one chord.
pub(crate) fn kbd(keys: &str) -> Markup {
    html! {
        @for key in keys.split(' ') { kbd aria-hidden="true" { (shown(key)) } }
    }
}

fn shown(key: &str) -> String {
    key.replace("Enter", "↵").replace("Escape", "Esc").replace("Shift+", "⇧")
}

/// A row of actions, the main one first.
pub fn actions(buttons: impl IntoIterator<Item = Button>) -> Markup {
    html! { div class="actions" { @for button in buttons { (button) } } }
}
