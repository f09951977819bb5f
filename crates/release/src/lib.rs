//! Release of information: requests, legal bases, scope, clocks, fees, accounting, letters.
//!
//! Rules are data with an effective date, a jurisdiction and a citation, so that a decision of
//! the past can be replayed under the rules of its day. Nothing here reads a clock or a file.

pub mod accounting;
pub mod basis;
pub mod clock;
pub mod fee;
pub mod letter;
pub mod lifecycle;
pub mod minimum_necessary;
pub mod packet;
pub mod requester;
pub mod scope;

pub use basis::{Answer, Basis, Checklist, Element, ElementKind, Evaluation, Status};
pub use lifecycle::{Action, Event, Facts, Refusal, Request, State, apply};

/// The jurisdiction of federal rules. State rules use `US-CA` and the like (ISO 3166-2).
pub const FEDERAL: &str = "US";

/// Declares an enum with the word that is stored, the word that people read, and the way back.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$doc:meta])* $variant:ident = $text:literal, $label:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        pub enum $name { $($(#[$doc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every value, in the order in which pages list them.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word that the store and the API use.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// The words that people read.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)* }
            }

            /// Reads the stored word back.
            pub fn parse(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.label())
            }
        }
    };
}
pub(crate) use named;
