//! Coding edits: what a coder is told before a chart is final. One rule a file in [`rules`].
//!
//! ```text
//! draft + code sets + loaded tables -> every rule in force on the date -> edits, stops first
//! ```
//!
//! Edits of the Medicare Code Editor are in [`crate::mce`]; these rules come from the
//! classification itself, the Official Guidelines, and the tables that a site imports.

pub mod draft;
pub mod instructions;
pub mod manual;
mod overriding;
pub mod rules;

use jiff::civil::Date;
use serde::Serialize;

use crate::codeset::{CodeSets, Node, System};
use crate::import::ncci::{MueTable, PtpTable};
use crate::import::poa_exempt::PoaExemptList;

pub use draft::{Diagnosis, Draft, Evidence, Poa, Procedure, Setting};
pub use overriding::{OverrideRefusal, may_be_overridden};

/// How strongly an edit speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The chart can't be final until it is resolved or overridden with a reason.
    Stop,
    /// Worth a look.
    Advice,
}

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// The name of the rule.
    pub rule: &'static str,
    /// How strongly it speaks.
    pub severity: Severity,
    /// The codes that it is about, without dots, the one to change first.
    pub codes: Vec<String>,
    /// What is wrong and what to do, in a sentence or two.
    pub sentence: String,
    /// Where the rule stands.
    pub citation: &'static str,
    /// Whether a reason can set it aside. A code that is not valid can't be kept.
    pub can_be_overridden: bool,
}

/// The tables that rules look into.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    /// All code sets.
    pub sets: &'a CodeSets,
    /// NCCI procedure-to-procedure pairs, when loaded.
    pub ptp: Option<&'a PtpTable>,
    /// NCCI medically unlikely edits, when loaded.
    pub mue: Option<&'a MueTable>,
    /// The list of codes exempt from POA reporting, when loaded.
    pub poa_exempt: Option<&'a PoaExemptList>,
}

impl<'a> Tables<'a> {
    /// Code sets alone: rules that need imported tables stay silent.
    #[must_use]
    pub fn of(sets: &'a CodeSets) -> Self {
        Self { sets, ptp: None, mue: None, poa_exempt: None }
    }
}

/// A draft with the tables that it is checked against.
#[derive(Clone, Copy)]
pub struct Chart<'a> {
    /// What was coded.
    pub draft: &'a Draft,
    /// The tables.
    pub tables: Tables<'a>,
}

impl<'a> Chart<'a> {
    /// The node of a diagnosis in the edition for the draft's date.
    #[must_use]
    pub fn node(&self, code: &str) -> Option<Node<'a>> {
        self.tables.sets.node(System::Icd10Cm, code, self.draft.date)
    }

    /// Every code with its system: diagnoses, then procedures of systems that are loaded.
    pub fn coded(&self) -> impl Iterator<Item = (System, &'a str)> {
        let diagnoses = self.draft.diagnoses.iter();
        let procedures = self.draft.procedures.iter();
        diagnoses.map(|dx| (System::Icd10Cm, dx.code.as_str())).chain(
            procedures
                .filter(|procedure| procedure.system != System::Cpt)
                .map(|procedure| (procedure.system, procedure.code.as_str())),
        )
    }

    /// Each diagnosis with its position and node, where the code is known.
    pub fn nodes(&self) -> impl Iterator<Item = (usize, &'a Diagnosis, Node<'a>)> {
        let chart = *self;
        self.draft
            .diagnoses
            .iter()
            .enumerate()
            .filter_map(move |(at, dx)| Some((at, dx, chart.node(&dx.code)?)))
    }
}

/// A rule: what it says of itself, when it is in force, and how it looks.
pub struct Rule {
    /// Its name, that of its file.
    pub name: &'static str,
    /// How strongly it speaks at most.
    pub severity: Severity,
    /// Whether its edits can be set aside with a reason.
    pub can_be_overridden: bool,
    /// The regulation, guideline or convention.
    pub citation: &'static str,
    /// The first date on which it is in force.
    pub from: Date,
    /// The last date, where it has one.
    pub to: Option<Date>,
    /// The text of its file, whose headings make the manual.
    pub text: &'static str,
    /// Looks at a chart.
    pub check: fn(&Chart<'_>, &Rule, &mut Vec<Edit>),
    /// A draft in which it finds something.
    pub finds: fn() -> Draft,
    /// A draft like it in which it finds nothing.
    pub passes: fn() -> Draft,
}

impl Rule {
    /// An edit of this rule with its own severity.
    #[must_use]
    pub fn edit(&self, codes: &[&str], sentence: String) -> Edit {
        Edit {
            rule: self.name,
            severity: self.severity,
            codes: codes.iter().map(|code| crate::codeset::normalized(code)).collect(),
            sentence,
            citation: self.citation,
            can_be_overridden: self.can_be_overridden,
        }
    }

    /// The same as advice.
    #[must_use]
    pub fn advice(&self, codes: &[&str], sentence: String) -> Edit {
        Edit { severity: Severity::Advice, can_be_overridden: true, ..self.edit(codes, sentence) }
    }

    /// Whether the rule is in force on a date.
    #[must_use]
    pub fn is_in_force(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
}

/// Every edit of a draft, stops first, then in the order of the rules.
#[must_use]
pub fn check(draft: &Draft, tables: Tables<'_>) -> Vec<Edit> {
    let chart = Chart { draft, tables };
    let mut edits = Vec::new();
    for rule in rules::ALL.iter().filter(|rule| rule.is_in_force(draft.date)) {
        (rule.check)(&chart, rule, &mut edits);
    }
    edits.sort_by_key(|edit| edit.severity);
    edits
}

/// A code as it is printed, with its dot; a chapter, whose code is its number, is called one.
#[must_use]
pub fn shown(code: &str) -> String {
    if code.len() <= 2 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("chapter {code}");
    }
    crate::codeset::dotted(System::Icd10Cm, code)
}

#[cfg(test)]
mod tests;
