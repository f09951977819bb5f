//! Groups of diagnosis codes: CMS-HCC V28, AHRQ Elixhauser comorbidities, chronic condition
//! indicator and clinical classification (CCSR).
//!
//! Packed as text, one line a fact, fields parted by tabs: `hcc` and `comorbidity` name a group,
//! `above` says which categories a category drops, `coefficient` gives a weight, and
//! `hcc-codes`, `comorbidity-codes`, `chronic-codes` and `class-codes` list the codes of a group.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::code::Code;
use super::source::PackError;

/// A hierarchical condition category of the CMS-HCC model V28.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionCategory {
    /// Its number: 38 of HCC38.
    pub number: u16,
    /// Its label.
    pub label: String,
    /// The numbers of the lesser categories that it drops.
    pub drops: Vec<u16>,
}

/// An AHRQ Elixhauser comorbidity measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comorbidity {
    /// Its abbreviation: `DIAB_CX`.
    pub abbreviation: String,
    /// Its description.
    pub description: String,
    /// Whether a diagnosis counts only when present on admission.
    pub needs_present_on_admission: bool,
}

/// All groups.
#[derive(Debug, Default)]
pub struct RiskGroups {
    categories: HashMap<u16, ConditionCategory>,
    comorbidities: Vec<Comorbidity>,
    coefficients: HashMap<String, f64>,
    category_of: HashMap<Code, Vec<u16>>,
    comorbidities_of: HashMap<Code, Vec<u16>>,
    is_chronic: HashMap<Code, bool>,
    class_of: HashMap<Code, String>,
}

/// The shipped groups, unpacked when first asked for.
pub fn shipped() -> &'static RiskGroups {
    static SET: OnceLock<RiskGroups> = OnceLock::new();
    const PACKED: &[u8] = include_bytes!("../../../../codesets/risk-2026.zst");
    SET.get_or_init(|| {
        super::embedded::unpacked(PACKED)
            .and_then(|text| RiskGroups::from_text(&text))
            .expect("the embedded set is read by a test")
    })
}

impl RiskGroups {
    /// Reads the packed text.
    ///
    /// # Errors
    /// The first line that is not a fact of this module's form.
    pub fn from_text(text: &str) -> Result<Self, PackError> {
        let mut groups = Self::default();
        for (at, line) in text.lines().enumerate() {
            groups.line(line).ok_or(PackError::Line { line: at + 1 })?;
        }
        Ok(groups)
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let (fact, rest) = line.split_once('\t')?;
        let (name, rest) = rest.split_once('\t')?;
        let codes = || rest.split(' ').filter_map(Code::parse);
        match fact {
            "hcc" => {
                let number = name.parse().ok()?;
                let label = rest.to_owned();
                let category = ConditionCategory { number, label, drops: Vec::new() };
                self.categories.insert(number, category);
            }
            "above" => {
                let drops = rest.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
                self.categories.get_mut(&name.parse().ok()?)?.drops = drops;
            }
            "coefficient" => {
                self.coefficients.insert(name.to_owned(), rest.parse().ok()?);
            }
            "comorbidity" => {
                let (admission, description) = rest.split_once('\t')?;
                self.comorbidities.push(Comorbidity {
                    abbreviation: name.to_owned(),
                    description: description.to_owned(),
                    needs_present_on_admission: admission == "yes",
                });
            }
            "hcc-codes" => {
                let number = name.parse().ok()?;
                codes().for_each(|code| self.category_of.entry(code).or_default().push(number));
            }
            "comorbidity-codes" => {
                let named = |one: &Comorbidity| one.abbreviation == name;
                let at = self.comorbidities.iter().position(named)? as u16;
                codes().for_each(|code| self.comorbidities_of.entry(code).or_default().push(at));
            }
            "chronic-codes" => {
                self.is_chronic.extend(codes().map(|code| (code, name == "1")));
            }
            "class-codes" => {
                self.class_of.extend(codes().map(|code| (code, name.to_owned())));
            }
            _ => return None,
        }
        Some(())
    }

    /// The condition categories of a diagnosis (CMS-HCC V28), with or without its dot.
    pub fn categories(&self, code: &str) -> impl Iterator<Item = &ConditionCategory> {
        let numbers = Code::parse(code).and_then(|code| self.category_of.get(&code));
        numbers.into_iter().flatten().filter_map(|number| self.categories.get(number))
    }

    /// The coefficient of a variable of the V28 model: `CNA_HCC38`.
    #[must_use]
    pub fn coefficient(&self, variable: &str) -> Option<f64> {
        self.coefficients.get(&variable.to_ascii_uppercase()).copied()
    }

    /// The comorbidity measures of a diagnosis (AHRQ Elixhauser, refined for ICD-10-CM).
    pub fn comorbidities(&self, code: &str) -> impl Iterator<Item = &Comorbidity> {
        let places = Code::parse(code).and_then(|code| self.comorbidities_of.get(&code));
        places.into_iter().flatten().filter_map(|at| self.comorbidities.get(usize::from(*at)))
    }

    /// Whether a diagnosis is chronic (AHRQ CCIR v2023.1); `None` where it is not determined.
    #[must_use]
    pub fn is_chronic(&self, code: &str) -> Option<bool> {
        self.is_chronic.get(&Code::parse(code)?).copied()
    }

    /// The default CCSR category of a diagnosis: `CIR019`.
    #[must_use]
    pub fn class(&self, code: &str) -> Option<&str> {
        self.class_of.get(&Code::parse(code)?).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_groups_are_read() {
        let groups = shipped();
        let category = groups.categories("E11.22").next().unwrap();
        assert_eq!((category.number, category.drops.contains(&38)), (37, true));
        assert_eq!(groups.categories("I10").count(), 0);
        let measures: Vec<&str> =
            groups.comorbidities("I50.9").map(|one| one.abbreviation.as_str()).collect();
        assert_eq!(measures, ["HF"]);
        assert_eq!(groups.is_chronic("I10"), Some(true));
        assert_eq!(groups.is_chronic("A00.0"), Some(false));
        assert_eq!(groups.class("I50.9"), Some("CIR019"));
        assert!(groups.coefficient("CNA_HCC38").is_some());
    }

    #[test]
    fn broken_line_is_named() {
        let error = RiskGroups::from_text("hcc\t1\tHIV\nwhat\n").unwrap_err();
        assert_eq!(error, PackError::Line { line: 2 });
    }
}
