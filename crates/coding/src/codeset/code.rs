//! Codes and the systems that they belong to.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A code system that the coding desk knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// Diagnoses, ICD-10-CM.
    Icd10Cm,
    /// Inpatient procedures, ICD-10-PCS.
    Icd10Pcs,
    /// Products, supplies and services, HCPCS Level II.
    Hcpcs,
    /// Procedures, CPT. Licensed: held only when the licensee has imported its own file.
    Cpt,
    /// Diagnosis related groups.
    MsDrg,
}

impl System {
    /// Every system.
    pub const ALL: [Self; 5] = [Self::Icd10Cm, Self::Icd10Pcs, Self::Hcpcs, Self::Cpt, Self::MsDrg];

    /// The name that people use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Icd10Cm => "ICD-10-CM",
            Self::Icd10Pcs => "ICD-10-PCS",
            Self::Hcpcs => "HCPCS Level II",
            Self::Cpt => "CPT",
            Self::MsDrg => "MS-DRG",
        }
    }

    /// The system that `word` names: `icd10cm`, `ICD-10-CM`, `cm`, `pcs`, `hcpcs`, `cpt`, `drg`.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let plain: String =
            word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        match plain.as_str() {
            "icd10cm" | "cm" | "icd10" => Some(Self::Icd10Cm),
            "icd10pcs" | "pcs" => Some(Self::Icd10Pcs),
            "hcpcs" | "hcpcslevelii" | "hcpcs2" => Some(Self::Hcpcs),
            "cpt" => Some(Self::Cpt),
            "msdrg" | "drg" => Some(Self::MsDrg),
            _ => None,
        }
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A code of at most eight characters, upper case, without a dot. Small and `Copy`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 8]);

impl Code {
    /// Reads a code with or without its dot, in either case, with spaces around it.
    /// `None` for anything that cannot be a code: empty, longer than eight characters, or
    /// holding a character that no code has.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 8];
        let mut length = 0;
        for byte in text.trim().bytes() {
            if byte == b'.' {
                continue;
            }
            if !byte.is_ascii_alphanumeric() || length == bytes.len() {
                return None;
            }
            bytes[length] = byte.to_ascii_uppercase();
            length += 1;
        }
        (length > 0).then_some(Self(bytes))
    }

    /// The code without a dot.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(8);
        std::str::from_utf8(&self.0[..length]).expect("only ASCII letters and digits are taken")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The code upper case and without dot or spaces: the form that every table is keyed by.
#[must_use]
pub fn normalized(code: &str) -> String {
    code.trim().chars().filter(|c| *c != '.').map(|c| c.to_ascii_uppercase()).collect()
}

/// The code as it is printed: ICD-10-CM with the dot after the third character, others as is.
#[must_use]
pub fn dotted(system: System, code: &str) -> String {
    let plain = normalized(code);
    if system == System::Icd10Cm && plain.len() > 3 && plain.is_ascii() && !plain.contains('-') {
        format!("{}.{}", &plain[..3], &plain[3..])
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_read_with_or_without_dot() {
        for text in ["S02.101A", "s02101a", " S02101A "] {
            assert_eq!(Code::parse(text).unwrap().as_str(), "S02101A");
        }
        for text in ["", "   ", "S02 1", "A000000000", "é12"] {
            assert!(Code::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn dot_stands_after_the_third_character() {
        assert_eq!(dotted(System::Icd10Cm, "e1122"), "E11.22");
        assert_eq!(dotted(System::Icd10Cm, "B20"), "B20");
        assert_eq!(dotted(System::Icd10Cm, "A00-A09"), "A00-A09");
        assert_eq!(dotted(System::Icd10Pcs, "0DTJ4ZZ"), "0DTJ4ZZ");
    }

    #[test]
    fn systems_are_named_as_people_name_them() {
        assert_eq!(System::named("ICD-10-PCS"), Some(System::Icd10Pcs));
        assert_eq!(System::named("snomed"), None);
        for system in System::ALL {
            assert_eq!(System::named(system.name()), Some(system));
        }
    }
}
