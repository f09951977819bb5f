//! What identity needs to know of a person: names, birth, contacts, identifiers.

use record::{BirthDate, Private};
use serde::{Deserialize, Serialize};

/// What a name is used for (FHIR R4 `HumanName.use`, narrowed).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameUse {
    /// The name in use.
    #[default]
    Official,
    /// A name before marriage.
    Maiden,
    /// A name no longer used.
    Former,
    /// A nickname, alias or pseudonym.
    Alias,
}

/// A person's name in its parts, as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// What the name is used for.
    pub name_use: NameUse,
    /// Family name.
    pub family: Private,
    /// Given names, the first one first.
    pub given: Vec<Private>,
    /// Jr, Sr, II and the like.
    pub suffix: Private,
}

impl Name {
    /// An official name from family name and given names, divided by spaces.
    pub fn new(family: &str, given: &str) -> Name {
        Name {
            family: Private::new(family.trim()),
            given: given.split_whitespace().map(Private::new).collect(),
            ..Name::default()
        }
    }

    /// The same name with another use.
    pub fn used_as(mut self, name_use: NameUse) -> Name {
        self.name_use = name_use;
        self
    }

    /// The same name with a suffix.
    pub fn with_suffix(mut self, suffix: &str) -> Name {
        self.suffix = Private::new(suffix.trim());
        self
    }
}

/// Administrative sex as registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither, as registered.
    Other,
}

impl Sex {
    /// Reads FHIR's `female`, `male`, `other` and HL7's `F`, `M`, `O`; anything else is unknown.
    pub fn parse(text: &str) -> Option<Sex> {
        match text.trim().to_ascii_lowercase().as_str() {
            "female" | "f" => Some(Sex::Female),
            "male" | "m" => Some(Sex::Male),
            "other" | "o" => Some(Sex::Other),
            _ => None,
        }
    }
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// House number, street and apartment.
    pub street: Private,
    /// City, town or suburb.
    pub city: Private,
    /// State or province.
    pub state: Private,
    /// Postal code.
    pub postal_code: Private,
}

/// What kind of number an identifier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentifierKind {
    /// A medical record number. Two of one namespace say nothing: duplicates have two.
    MedicalRecord,
    /// A number of the person for life: social security or another national number.
    National,
    /// Driving licence, passport, member number and the like.
    Other,
}

/// A number that somebody gave the person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// Who gives numbers of this kind: a namespace URI, or empty.
    pub system: String,
    /// What kind of number it is.
    pub kind: IdentifierKind,
    /// The number as written.
    pub value: Private,
}

impl Identifier {
    /// An identifier from its parts.
    pub fn new(kind: IdentifierKind, system: &str, value: &str) -> Identifier {
        Identifier { system: system.to_owned(), kind, value: Private::new(value.trim()) }
    }
}

/// A person as one record describes them. What is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Person {
    /// Names, the one in use first.
    pub names: Vec<Name>,
    /// Date of birth, of any precision.
    pub birth_date: Option<BirthDate>,
    /// Administrative sex.
    pub sex: Option<Sex>,
    /// Addresses, the present one first.
    pub addresses: Vec<Address>,
    /// Telephone numbers as written.
    pub phones: Vec<Private>,
    /// E-mail addresses.
    pub emails: Vec<Private>,
    /// Identifiers, medical record numbers included.
    pub identifiers: Vec<Identifier>,
    /// Whether the person is known to be a twin, triplet and so on.
    pub multiple_birth: bool,
}
