//! Facts, events, tabs, cards, notices: the quiet parts of a page.

use crate::ui::badge::{Tone, shape};
use crate::ui::{Button, count_text};
use maud::{Markup, Render, html};

/// Names and their values, one a line.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    lines: Vec<(String, Markup)>,
}

impl Facts {
    /// An empty list.
    pub fn new() -> Facts {
        Facts::default()
    }

    /// Adds a fact.
    pub fn fact(mut self, name: impl Into<String>, value: impl Render) -> Facts {
        self.lines.push((name.into(), value.render()));
        self
    }

    /// Adds a fact when there is one.
    pub fn fact_if(self, name: impl Into<String>, value: Option<impl Render>) -> Facts {
        match value {
            Some(value) => self.fact(name, value),
            None => self,
        }
    }
}

impl Render for Facts {
    fn render(&self) -> Markup {
        html! {
            dl class="facts" {
                @for (name, value) in &self.lines { div { dt { (name) } dd { (value) } } }
            }
        }
    }
}

/// One event of a timeline.
#[derive(Clone, Debug)]
pub struct Event {
    tone: Tone,
    what: Markup,
    when: Markup,
    detail: Option<Markup>,
}

impl Event {
    /// What happened and when it did.
    pub fn new(tone: Tone, what: impl Render, when: impl Render) -> Event {
        Event { tone, what: what.render(), when: when.render(), detail: None }
    }

    /// Who did it, why, what changed.
    pub fn detail(mut self, detail: impl Render) -> Event {
        self.detail = Some(detail.render());
        self
    }
}

/// Events in order, newest or oldest first as the page has them.
pub fn timeline(events: impl IntoIterator<Item = Event>) -> Markup {
    html! {
        ol class="timeline" {
            @for event in events {
                li class={ "tone-" (event.tone.class()) } {
                    (shape(event.tone))
                    div class="what" { (event.what) }
                    div class="when" { (event.when) }
                    @if let Some(detail) = event.detail { div { (detail) } }
                }
            }
        }
    }
}

/// A tab: a link to another face of the same thing.
#[derive(Clone, Debug)]
pub struct Tab {
    label: String,
    href: String,
    current: bool,
    count: Option<u64>,
    key: Option<String>,
}

impl Tab {
    /// A tab that leads here.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Tab {
        Tab { label: label.into(), href: href.into(), current: false, count: None, key: None }
    }

    /// The tab that is open, when `current` is true.
    pub fn current(mut self, current: bool) -> Tab {
        self.current = current;
        self
    }

    /// How many things are behind it.
    pub fn count(mut self, count: u64) -> Tab {
        self.count = Some(count);
        self
    }

    /// Its key, by custom `1` to `9` from the left.
    pub fn key(mut self, key: impl Into<String>) -> Tab {
        self.key = Some(key.into());
        self
    }
}

/// Tabs as links; `label` names them for screen readers.
pub fn tabs(label: &str, tabs: impl IntoIterator<Item = Tab>) -> Markup {
    html! {
        nav class="tabs" aria-label=(label) {
            @for tab in tabs {
                a href=(tab.href) aria-current=[tab.current.then_some("page")]
                    data-key=[tab.key.as_deref()] {
                    (tab.label)
                    @if let Some(count) = tab.count {
                        " " span class="count" { (count_text(count)) }
                    }
                    @if let Some(key) = &tab.key { " " (crate::ui::action::kbd(key)) }
                }
            }
        }
    }
}

/// A part of a page with a heading of its own.
#[derive(Clone, Debug)]
pub struct Card {
    title: String,
    actions: Vec<Button>,
    beside: Option<Markup>,
    content: Markup,
    id: Option<String>,
}

impl Card {
    /// A card with a heading and its content.
    pub fn new(title: impl Into<String>, content: impl Render) -> Card {
        Card {
            title: title.into(),
            actions: Vec::new(),
            beside: None,
            content: content.render(),
            id: None,
        }
    }

    /// An action on the card.
    pub fn action(mut self, button: Button) -> Card {
        self.actions.push(button);
        self
    }

    /// A badge or a count beside the heading.
    pub fn beside(mut self, markup: impl Render) -> Card {
        self.beside = Some(markup.render());
        self
    }

    /// An id to link to.
    pub fn id(mut self, id: impl Into<String>) -> Card {
        self.id = Some(id.into());
        self
    }
}

impl Render for Card {
    fn render(&self) -> Markup {
        html! {
            section class="card" id=[self.id.as_deref()] {
                header {
                    span class="row" {
                        h2 { (self.title) }
                        @if let Some(beside) = &self.beside { (beside) }
                    }
                    @if !self.actions.is_empty() {
                        div class="actions" { @for action in &self.actions { (action) } }
                    }
                }
                div class="card-body" { (self.content) }
            }
        }
    }
}

/// Something to know before going on, in the flow of the page.
pub fn notice(tone: Tone, content: impl Render) -> Markup {
    html! {
        div class={ "notice notice-" (tone.class()) } role="note" {
            (shape(tone)) div { (content.render()) }
        }
    }
}

/// Why it stands so: the rule and its citation, one click away.
pub fn why(question: &str, rule: impl Render, citation: Option<&str>) -> Markup {
    folded(question, rule, citation, false)
}

/// The same, open where what is inside has something to say, as a form that came back.
pub fn folded(question: &str, rule: impl Render, citation: Option<&str>, is_open: bool) -> Markup {
    html! {
        details class="why" open[is_open] {
            summary { (question) }
            div {
                (rule.render())
                @if let Some(citation) = citation { p class="citation" { (citation) } }
            }
        }
    }
}
