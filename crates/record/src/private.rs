//! What identifies a patient, in types that never print it by accident.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! private {
    ($(#[$meta:meta])* $name:ident, $shown:literal) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text.
            pub fn new(text: impl Into<String>) -> $name {
                $name(text.into())
            }

            /// The text itself, for a page or a message to one who may see it.
            pub fn reveal(&self) -> &str {
                &self.0
            }

            /// Whether there is no text.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($shown)
            }
        }
    };
}

private!(
    /// A person's name as it is shown: `Family, Given`.
    PersonName, "[patient name]"
);
private!(
    /// A medical record number.
    Mrn, "[MRN]"
);
private!(
    /// A date of birth, as FHIR text of any precision.
    BirthDate, "[birth date]"
);
private!(
    /// Any other text that identifies: a telephone number, an address, a file's name.
    Private, "[private]"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_text() {
        let shown = format!("{:?}", (PersonName::new("Roe, Jane"), Mrn::new("123")));
        assert_eq!(shown, "([patient name], [MRN])");
    }
}
