//! States told by word, by shape and by colour.

use maud::{Markup, PreEscaped, Render, html};

/// How a state is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// A plain fact.
    #[default]
    Neutral,
    /// Worth knowing; in progress.
    Info,
    /// Done, valid, complete.
    Ok,
    /// Due soon, incomplete, to be looked at.
    Warn,
    /// Refused, overdue, on hold, invalid.
    Stop,
}

impl Tone {
    /// The word in class names.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "neutral",
            Tone::Info => "info",
            Tone::Ok => "ok",
            Tone::Warn => "warn",
            Tone::Stop => "stop",
        }
    }
}

/// The shape that goes with a tone: ring, dot, tick, triangle, barred square. It is hidden from
/// screen readers: the word beside it says the same.
pub fn shape(tone: Tone) -> Markup {
    let path = match tone {
        Tone::Neutral => "M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0m0 2a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
        Tone::Info => "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1",
        Tone::Ok => "M1.400 5.200 0 6.700 4.300 11 12 2.700 10.500 1.300 4.200 8.100z",
        Tone::Warn => {
            "M6 .500 12 11.500H0zM5.200 4.500v3.300h1.600V4.500zm0 4.200v1.500h1.600V8.700z"
        }
        Tone::Stop => {
            "M1 0h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H1a1 1 0 0 1-1-1V1a1 1 0 0 1 1-1m1.800 \
             5v2h6.400V5z"
        }
    };
    drawn(path)
}

/// A shape of twelve by twelve units.
pub(crate) fn drawn(path: &str) -> Markup {
    html! {
        svg class="shape" viewBox="0 0 12 12" aria-hidden="true" focusable="false" {
            path fill-rule="evenodd" d=(PreEscaped(path)) {}
        }
    }
}

/// A state in a table, a heading or a banner.
#[derive(Clone, Debug)]
pub struct Badge {
    tone: Tone,
    word: String,
    title: Option<String>,
}

impl Badge {
    /// A badge of this tone with this word: the word alone must say the state.
    pub fn new(tone: Tone, word: impl Into<String>) -> Badge {
        Badge { tone, word: word.into(), title: None }
    }

    /// A longer text for those who point at it. Never the only place where something is said.
    pub fn title(mut self, title: impl Into<String>) -> Badge {
        self.title = Some(title.into());
        self
    }
}

impl Render for Badge {
    fn render(&self) -> Markup {
        html! {
            span class={ "badge badge-" (self.tone.class()) } title=[self.title.as_deref()] {
                (shape(self.tone)) (self.word)
            }
        }
    }
}
