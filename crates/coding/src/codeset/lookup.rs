//! The answer to "can this code be reported on this date?".

use jiff::civil::Date;
use serde::Serialize;

use super::code::{System, dotted};

/// A title, or the fact that no loaded edition holds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Title<'a> {
    /// The published title.
    Text(&'a str),
    /// The code is valid, and no loaded edition names it.
    NotLoaded,
}

impl<'a> Title<'a> {
    /// The title, or the words "title not loaded".
    #[must_use]
    pub fn text(self) -> &'a str {
        match self {
            Self::Text(text) => text,
            Self::NotLoaded => "title not loaded",
        }
    }
}

/// What is known about a code on a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "answer")]
pub enum Lookup<'a> {
    /// It can be reported.
    Valid {
        /// Its title.
        title: Title<'a>,
    },
    /// It is a category: codes below it can be reported.
    NotReportable {
        /// The category's title.
        title: &'a str,
        /// The first reportable codes below it, at most [`LEAVES_MAX`].
        leaves: Vec<&'a str>,
        /// How many there are.
        leaf_count: usize,
    },
    /// The code exists, and not on this date.
    NotValidOn {
        /// The date asked about.
        date: Date,
        /// First and last dates of each span in which it can be reported.
        spans: Vec<(Date, Date)>,
        /// Its title.
        title: Title<'a>,
    },
    /// No loaded set covers the date. A stop: never answered from another year.
    DateNotCovered {
        /// The date asked about.
        date: Date,
        /// First date covered.
        from: Date,
        /// Last date covered.
        to: Date,
    },
    /// Nothing of this system is loaded at all.
    SystemNotLoaded,
    /// No loaded edition has such a code.
    Unknown,
}

/// How many leaves a [`Lookup::NotReportable`] names.
pub const LEAVES_MAX: usize = 12;

impl Lookup<'_> {
    /// Whether the code can be reported.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        matches!(self, Self::Valid { .. })
    }

    /// The answer as a sentence that a coder can act on.
    #[must_use]
    pub fn sentence(&self, system: System, code: &str) -> String {
        let shown = dotted(system, code);
        match self {
            Self::Valid { title } => format!("{shown} can be reported: {}.", title.text()),
            Self::NotReportable { leaves, leaf_count, .. } => {
                let named: Vec<String> = leaves.iter().map(|leaf| dotted(system, leaf)).collect();
                let more = leaf_count - named.len();
                let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!(
                    "{shown} is a category, not a code: choose a code below it ({}{tail}).",
                    named.join(", ")
                )
            }
            Self::NotValidOn { date, spans, .. } => {
                let named: Vec<String> =
                    spans.iter().map(|(from, to)| format!("{from} to {to}")).collect();
                format!(
                    "{shown} cannot be reported on {date}: it is valid from {}.",
                    named.join(" and from ")
                )
            }
            Self::DateNotCovered { date, from, to } => format!(
                "{system} of {date} (fiscal year {}) is not loaded: the sets held cover {from} \
                 to {to}. Import the publisher's file.",
                fiscal_year(*date)
            ),
            Self::SystemNotLoaded => {
                format!("No {system} file is loaded, so {shown} cannot be checked. Import one.")
            }
            Self::Unknown if shown.is_empty() => format!("No {system} code is given."),
            Self::Unknown => format!("{shown} is not an {system} code in any loaded year."),
        }
    }
}

/// The United States federal fiscal year of a date: it starts on October 1 of the year before.
#[must_use]
pub fn fiscal_year(date: Date) -> i16 {
    if date.month() >= 10 { date.year() + 1 } else { date.year() }
}
