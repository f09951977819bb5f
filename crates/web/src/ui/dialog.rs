//! Dialogs: the browser's own, opened by a button with [`crate::ui::Button::open`].

use crate::ui::action::kbd;
use maud::{Markup, Render, html};

/// A dialog.
#[derive(Clone, Debug)]
pub struct Dialog {
    id: String,
    title: String,
    wide: bool,
    content: Markup,
}

impl Dialog {
    /// A dialog with an id of its own, a title and its content. What it asks must also be
    /// reachable without script: by a page that holds the same form.
    pub fn new(id: impl Into<String>, title: impl Into<String>, content: impl Render) -> Dialog {
        Dialog { id: id.into(), title: title.into(), wide: false, content: content.render() }
    }

    /// For tables and comparisons.
    pub fn wide(mut self) -> Dialog {
        self.wide = true;
        self
    }
}

impl Render for Dialog {
    fn render(&self) -> Markup {
        let title_id = format!("{}-title", self.id);
        html! {
            dialog id=(self.id) class=[self.wide.then_some("wide")] aria-labelledby=(title_id) {
                header {
                    h2 id=(title_id) { (self.title) }
                    form method="dialog" {
                        button class="button button-plain button-small" {
                            "Close" (kbd("Escape"))
                        }
                    }
                }
                div class="dialog-body" { (self.content) }
            }
        }
    }
}
