//! The page around everything: desks, search, whose chart, what just happened.

use crate::assets;
use crate::ui::action::kbd;
use crate::ui::badge::{Tone, shape};
use crate::ui::{Banner, Button, Desk, Form, count_text, notice};
use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the reader's system is set.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Reads the value of the cookie `theme`; anything unknown is the system's theme.
    pub fn from_cookie(value: &str) -> Theme {
        match value {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }

    fn attribute(self) -> Option<&'static str> {
        match self {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// As colleagues know them.
    pub name: String,
    /// Roles and credentials, as shown under the name.
    pub roles: String,
}

/// How the last action is undone.
#[derive(Clone, Debug)]
pub struct Undo {
    /// Where the undo is posted.
    pub action: String,
    /// Hidden values that say what to undo.
    pub values: Vec<(String, String)>,
}

/// What the last action did, told once.
#[derive(Clone, Debug)]
pub struct Flash {
    /// How it is meant.
    pub tone: Tone,
    /// One sentence.
    pub text: String,
    /// How it is undone.
    pub undo: Option<Undo>,
}

impl Flash {
    /// A message.
    pub fn new(tone: Tone, text: impl Into<String>) -> Flash {
        Flash { tone, text: text.into(), undo: None }
    }

    /// With a way back: these values posted to this address.
    pub fn undone_by<'a>(
        mut self,
        action: impl Into<String>,
        values: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Flash {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.undo = Some(Undo { action: action.into(), values: values.collect() });
        self
    }
}

/// Everything of a page that is not its content. A request makes one, a handler adds the title.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// What the page is; stands in the browser's history, so never a patient's name or number.
    pub title: String,
    /// `None` before sign-in: then there are no desks and no search.
    pub person: Option<Person>,
    /// The desks in the menu, from [`Desk::for_roles`], each with the count of open work if known.
    pub desks: Vec<(Desk, Option<u64>)>,
    /// The desk of this page.
    pub desk: Option<Desk>,
    /// Whether the store is a demonstration.
    pub demonstration: bool,
    /// Light or dark.
    pub theme: Theme,
    /// Whether the reader has turned single keys off (cookie `keys=off`).
    pub keys_off: bool,
    /// Token against forged requests, for the shell's own forms and the modules.
    pub csrf: String,
    /// Whose chart the page shows.
    pub banner: Option<Banner>,
    /// What the last action did.
    pub flash: Option<Flash>,
    /// Seconds without a request after which the server ends the session.
    pub idle_seconds: Option<u32>,
}

impl Shell {
    /// This shell with a title.
    pub fn titled(mut self, title: impl Into<String>) -> Shell {
        self.title = title.into();
        self
    }

    /// This shell at a desk.
    pub fn at(mut self, desk: Desk) -> Shell {
        self.desk = Some(desk);
        self
    }

    /// This shell with a patient's banner.
    pub fn with_banner(mut self, banner: Banner) -> Shell {
        self.banner = Some(banner);
        self
    }

    /// This shell with a message.
    pub fn with_flash(mut self, flash: Option<Flash>) -> Shell {
        self.flash = flash;
        self
    }
}

/// A whole page.
pub fn page(shell: &Shell, content: Markup) -> Markup {
    let signed_in = shell.person.is_some();
    html! {
        (DOCTYPE)
        html lang="en" data-theme=[shell.theme.attribute()]
            data-keys=[shell.keys_off.then_some("off")] {
            (head(shell))
            body class=[(!signed_in).then_some("bare")]
                data-idle-seconds=[shell.idle_seconds.filter(|_| signed_in)] {
                a class="skip" href="#content" { "Skip to content" }
                @if shell.demonstration {
                    aside class="demonstration" aria-label="Demonstration" {
                        strong { "Demonstration." }
                        " Every patient here is invented. Nothing real may be entered."
                    }
                }
                @if signed_in {
                    header class="stuck" {
                        (top(shell))
                        @if let Some(banner) = &shell.banner { (banner) }
                    }
                    div class="frame" { (desks(shell)) (main(content)) }
                    (session_ending(shell))
                } @else { (main(content)) }
                (key_help(shell))
                @if let Some(flash) = &shell.flash { (toast(flash, &shell.csrf)) }
                div id="live" class="visually-hidden" role="status" aria-live="polite" {}
                div id="alert" class="visually-hidden" role="alert" {}
            }
        }
    }
}

fn head(shell: &Shell) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            @if !shell.csrf.is_empty() { meta name="csrf" content=(shell.csrf); }
            title { (shell.title) " · Chartroom" }
            link rel="icon" type="image/svg+xml" href=(assets::url("icon.svg"));
            link rel="stylesheet" href=(assets::url("app.css"));
            script type="module" src=(assets::url("app.js")) {}
        }
    }
}

fn main(content: Markup) -> Markup {
    html! { main id="content" tabindex="-1" { (content) } }
}

/// The mark of the product.
fn mark() -> Markup {
    let folder = "M7 9.500A1.500 1.500 0 0 1 8.500 8H13l2 2.500h8.500A1.500 1.500 0 0 1 25 \
        12v11.500a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 7 23.500z";
    html! {
        svg class="mark" viewBox="4 4 24 24" aria-hidden="true" focusable="false" {
            path fill="currentColor" d=(PreEscaped(folder)) {}
        }
    }
}

fn top(shell: &Shell) -> Markup {
    let sees_find = shell.desks.iter().any(|(desk, _)| *desk == Desk::Find);
    html! {
        div class="top" {
            span class="row" {
                button type="button" class="button button-small menu-button" popovertarget="desks" {
                    "Desks"
                }
                a class="brand" href="/" aria-label="Chartroom, start page" {
                    (mark()) span class="word" { "Chartroom" }
                }
            }
            @if sees_find { (find_box(shell)) } @else { span {} }
            div class="top-end" {
                @if let Some(person) = &shell.person {
                    a class="who" href="/account" {
                        span { (person.name) } span class="quiet" { (person.roles) }
                    }
                }
                (Button::script("Theme", "theme").plain().small().key("Shift+T"))
                (Button::open("Keys", "key-help").plain().small().key("?"))
                (Form::post("/sign-out").csrf(&shell.csrf)
                    .content(Button::submit("Sign out").plain().small().render()))
            }
        }
    }
}

/// Searching is posted: a name or a number never stands in an address.
fn find_box(shell: &Shell) -> Markup {
    html! {
        form class="find" role="search" method="post" action="/find" {
            @if !shell.csrf.is_empty() {
                input type="hidden" name="csrf" value=(shell.csrf);
            }
            label class="visually-hidden" for="find-box" { "Find a patient" }
            input id="find-box" type="search" name="q" autocomplete="off" spellcheck="false"
                placeholder="Find by name, MRN, birth date or phone" data-key="/"
                aria-keyshortcuts="/";
            (kbd("/"))
        }
    }
}

fn desks(shell: &Shell) -> Markup {
    html! {
        nav class="desks" id="desks" popover aria-label="Desks" {
            ul {
                @for (desk, count) in &shell.desks {
                    @let current = (shell.desk == Some(*desk)).then_some("page");
                    @let key = format!("g {}", desk.letter());
                    li {
                        a href=(desk.href()) data-key=(key) aria-current=[current] {
                            span { (desk.label()) }
                            @if let Some(count) = count {
                                span class="count" { (count_text(*count)) }
                            }
                            span class="keys" { (kbd(&key)) }
                        }
                    }
                }
            }
        }
    }
}

/// Told before the server ends an idle session; idle.js opens it.
fn session_ending(shell: &Shell) -> Markup {
    html! {
        @if shell.idle_seconds.is_some() {
            dialog id="session-ending" aria-labelledby="session-ending-title" {
                header { h2 id="session-ending-title" { "Are you still there?" } }
                div class="dialog-body" {
                    p {
                        "Without activity you are signed out in "
                        strong data-idle-left { "2 minutes" } "."
                    }
                    p { "What you typed is kept as a draft and found again after you sign in." }
                    div class="actions" {
                        button type="button" class="button button-main" data-do="stay" {
                            "Stay signed in"
                        }
                    }
                }
            }
        }
    }
}

const GENERAL_KEYS: &[(&str, &str)] = &[
    ("/", "Find a patient"),
    ("j", "Next row"),
    ("k", "Row before"),
    ("Enter", "Open the row"),
    ("Ctrl+Enter", "Save and take the next"),
    ("Escape", "Close, or leave the field"),
    ("u", "Undo the last action"),
    ("?", "This list"),
];

/// The list of keys. keys.js adds the keys of the page's own actions.
fn key_help(shell: &Shell) -> Markup {
    html! {
        dialog id="key-help" class="wide" aria-labelledby="key-help-title" {
            header {
                h2 id="key-help-title" { "Keys" }
                form method="dialog" {
                    button class="button button-plain button-small" { "Close" (kbd("Escape")) }
                }
            }
            div class="dialog-body stack" {
                section data-page-keys hidden {
                    h3 { "On this page" }
                    dl class="key-list" {}
                }
                section {
                    h3 { "Everywhere" }
                    dl class="key-list" {
                        @for (key, what) in GENERAL_KEYS {
                            div { dt { (kbd(key)) } dd { (what) } }
                        }
                        @for (desk, _) in &shell.desks {
                            @let key = format!("g {}", desk.letter());
                            div { dt { (kbd(&key)) } dd { (desk.label()) } }
                        }
                    }
                }
                div class="choice" {
                    input type="checkbox" id="single-keys" data-do="single-keys"
                        checked[!shell.keys_off];
                    label for="single-keys" {
                        "Single keys are on (Ctrl+Enter and Esc always work)"
                    }
                }
            }
        }
    }
}

fn toast(flash: &Flash, csrf: &str) -> Markup {
    html! {
        div class={ "toast tone-" (flash.tone.class()) } role="status" data-toast {
            (shape(flash.tone)) span { (flash.text) }
            @if let Some(undo) = &flash.undo {
                @let form = undo.values.iter().fold(
                    Form::post(&undo.action).csrf(csrf),
                    |form, (name, value)| form.hidden(name, value),
                );
                (form.content(Button::submit("Undo").small().key("u").render()))
            }
            (Button::script("Dismiss", "dismiss").plain().small())
        }
    }
}

/// The content of a page that only tells something: not found, refused, signed out. `sentence`
/// says what is the matter and what to do next.
pub fn message(title: &str, tone: Tone, sentence: &str, actions: &[Button]) -> Markup {
    html! {
        (Heading::new(title))
        (notice(tone, sentence))
        @if !actions.is_empty() {
            div class="actions" { @for action in actions { (action) } }
        }
    }
}

/// A page's heading with its actions.
#[derive(Clone, Debug)]
pub struct Heading {
    title: String,
    beside: Option<Markup>,
    lede: Option<Markup>,
    trail: Vec<(String, String)>,
    actions: Vec<Button>,
}

impl Heading {
    /// The page's one `h1`.
    pub fn new(title: impl Into<String>) -> Heading {
        let (trail, actions) = (Vec::new(), Vec::new());
        Heading { title: title.into(), beside: None, lede: None, trail, actions }
    }

    /// Something small on the heading's line, as a search of what is below.
    pub fn beside(mut self, markup: Markup) -> Heading {
        self.beside = Some(markup);
        self
    }

    /// A line under it: counts, the state, why it is here.
    pub fn lede(mut self, lede: Markup) -> Heading {
        self.lede = Some(lede);
        self
    }

    /// A page above this one.
    pub fn under(mut self, label: impl Into<String>, href: impl Into<String>) -> Heading {
        self.trail.push((label.into(), href.into()));
        self
    }

    /// An action of the page.
    pub fn action(mut self, button: Button) -> Heading {
        self.actions.push(button);
        self
    }
}

impl Render for Heading {
    fn render(&self) -> Markup {
        html! {
            div class="page-head" {
                div {
                    @if !self.trail.is_empty() {
                        nav class="trail" aria-label="Above this page" {
                            ol {
                                @for (label, href) in &self.trail {
                                    li { a href=(href) { (label) } }
                                }
                            }
                        }
                    }
                    @if let Some(beside) = &self.beside {
                        div class="title-line" { h1 { (self.title) } (beside) }
                    } @else { h1 { (self.title) } }
                    @if let Some(lede) = &self.lede { div class="lede" { (lede) } }
                }
                @if !self.actions.is_empty() {
                    div class="actions" { @for action in &self.actions { (action) } }
                }
            }
        }
    }
}
