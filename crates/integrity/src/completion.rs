//! What a chart of this kind must hold, and what this one lacks.
//!
//! Rules are data with dates and a citation; [`missing`] compares them with the facts of one
//! encounter and proposes deficiencies. A person or a job opens them; nothing here writes.

use crate::clock::{ClockStart, TimeAllowed};
use crate::deficiency::{Assignee, DeficiencyKind};
use jiff::{civil::Date, tz::TimeZone};
use record::effective::Fault;
use record::{Citation, Instant};
use serde::{Deserialize, Serialize};

/// What kind of encounter it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EncounterClass {
    /// From an admission order on (42 CFR 412.3).
    Inpatient,
    /// Observation: outpatient in a bed.
    Observation,
    /// Emergency department.
    Emergency,
    /// Clinic, ambulatory surgery, other outpatient.
    Outpatient,
}

/// On what condition a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// For every encounter of its classes.
    Always,
    /// For each procedure done.
    EachProcedure,
    /// For each procedure under anaesthesia.
    EachAnaesthesia,
    /// Where the patient died.
    Died,
    /// Where the patient went home alive after at least 48 hours.
    AliveLongStay,
    /// Where the patient went home alive within 48 hours.
    AliveShortStay,
}

/// One required document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionRule {
    /// Name of the rule, kept with the deficiency.
    pub id: String,
    /// Version, kept with the due date.
    pub version: String,
    /// Encounters that it holds for.
    pub classes: Vec<EncounterClass>,
    /// On what condition.
    pub condition: Condition,
    /// The kind of document, in words.
    pub document_name: String,
    /// LOINC codes of documents that satisfy it.
    pub codes: Vec<String>,
    /// Whether it must be authenticated.
    pub needs_signature: bool,
    /// What starts the clock.
    pub starts: ClockStart,
    /// How long it runs.
    pub allowed: TimeAllowed,
    /// First day on which the rule holds.
    pub from: Date,
    /// Last day on which it holds.
    pub until: Option<Date>,
    /// Where it stands.
    pub citation: Citation,
}

impl EncounterClass {
    /// Every class, in the order in which pages list them.
    pub const ALL: [EncounterClass; 4] = [
        EncounterClass::Inpatient,
        EncounterClass::Observation,
        EncounterClass::Emergency,
        EncounterClass::Outpatient,
    ];

    /// The word that the store and forms use.
    pub fn as_str(self) -> &'static str {
        match self {
            EncounterClass::Inpatient => "inpatient",
            EncounterClass::Observation => "observation",
            EncounterClass::Emergency => "emergency",
            EncounterClass::Outpatient => "outpatient",
        }
    }

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            EncounterClass::Inpatient => "Inpatient",
            EncounterClass::Observation => "Observation",
            EncounterClass::Emergency => "Emergency",
            EncounterClass::Outpatient => "Outpatient",
        }
    }
}

impl Condition {
    /// Every condition, in the order in which pages list them.
    pub const ALL: [Condition; 6] = [
        Condition::Always,
        Condition::EachProcedure,
        Condition::EachAnaesthesia,
        Condition::Died,
        Condition::AliveLongStay,
        Condition::AliveShortStay,
    ];

    /// The word that the store and forms use.
    pub fn as_str(self) -> &'static str {
        match self {
            Condition::Always => "always",
            Condition::EachProcedure => "each-procedure",
            Condition::EachAnaesthesia => "each-anaesthesia",
            Condition::Died => "died",
            Condition::AliveLongStay => "alive-long-stay",
            Condition::AliveShortStay => "alive-short-stay",
        }
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Condition::Always => "Always",
            Condition::EachProcedure => "For each procedure",
            Condition::EachAnaesthesia => "For each procedure under anesthesia",
            Condition::Died => "Where the patient died",
            Condition::AliveLongStay => "Home alive after 48 hours or more",
            Condition::AliveShortStay => "Home alive within 48 hours",
        }
    }
}

/// Years that a clock may run at most: longer is a slip of the key.
const ALLOWED_DAYS_MAX: i64 = 3_660;

impl CompletionRule {
    /// What is wrong with a rule that a person entered.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, text: &str| faults.push(Fault::new(field, text));
        if self.document_name.trim().is_empty() {
            fault("document_name", "Name the document, as Discharge summary.");
        }
        if self.classes.is_empty() {
            fault("classes", "Choose at least one class of encounter.");
        }
        if self.codes.is_empty() {
            fault("codes", "Give at least one LOINC code of a document that satisfies it.");
        }
        if !self.codes.iter().all(|code| is_loinc(code)) {
            fault("codes", "Give LOINC codes with spaces between, as 18842-5 34105-7.");
        }
        let (length, unit) = match self.allowed {
            TimeAllowed::Hours(hours) => (hours, 24),
            TimeAllowed::Days(days) => (days, 1),
        };
        if !(0..=ALLOWED_DAYS_MAX * unit).contains(&length) {
            fault("length", "Give a time from 0 to 10 years.");
        }
        let of_procedure =
            matches!(self.condition, Condition::EachProcedure | Condition::EachAnaesthesia);
        if of_procedure != (self.starts == ClockStart::Procedure) {
            fault(
                "starts",
                "The clock of a procedure's document, and of no other, starts with it.",
            );
        }
        faults
    }

    fn holds_on(&self, date: Date) -> bool {
        self.from <= date && self.until.is_none_or(|until| date <= until)
    }
}

/// Whether this looks like a LOINC code: digits, a hyphen, one digit.
fn is_loinc(code: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    code.split_once('-').is_some_and(|(number, check)| {
        digits(number) && number.len() <= 7 && digits(check) && check.len() == 1
    })
}

/// A procedure of the encounter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcedureFacts {
    /// Its id.
    pub id: String,
    /// When it was done.
    pub at: Instant,
    /// Whether under anaesthesia or deep sedation.
    pub under_anaesthesia: bool,
    /// Who did it.
    pub provider: Option<Assignee>,
}

/// What is known of the encounter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncounterFacts {
    /// Its id.
    pub id: String,
    /// Its class.
    pub class: EncounterClass,
    /// When it began.
    pub admitted: Option<Instant>,
    /// When it ended.
    pub discharged: Option<Instant>,
    /// Whether it ended with the patient's death.
    pub died: bool,
    /// The attending provider.
    pub attending: Option<Assignee>,
    /// Its procedures.
    pub procedures: Vec<ProcedureFacts>,
}

/// What is known of a document of the encounter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFacts {
    /// Its id.
    pub id: String,
    /// Its LOINC code.
    pub code: Option<String>,
    /// The moment that it tells of, or when it was entered.
    pub at: Instant,
    /// When it was authenticated.
    pub signed: Option<Instant>,
    /// Who wrote it.
    pub author: Option<Assignee>,
    /// Whether it was entered in error.
    pub is_void: bool,
}

/// A deficiency that the rules propose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeficiencyProposal {
    /// The rule.
    pub rule: String,
    /// The rule's version.
    pub version: String,
    /// What is wanting.
    pub kind: DeficiencyKind,
    /// The document, where there is one.
    pub document: Option<String>,
    /// The procedure, where it is one's.
    pub procedure: Option<String>,
    /// The kind of document, in words.
    pub document_name: String,
    /// Who should do it: the author, the operator, or the attending provider.
    pub assignee: Option<Assignee>,
    /// What starts the clock.
    pub starts: ClockStart,
    /// How long it runs.
    pub allowed: TimeAllowed,
    /// When it is due.
    pub due: Instant,
    /// What is wanting, since when and until when, in a sentence.
    pub sentence: String,
    /// Where the rule stands.
    pub citation: Citation,
}

/// What this encounter lacks under the rules of its day, in the order of rules.
///
/// A rule speaks as soon as its clock has started, so that work can be done in time. A document
/// that is present and not authenticated is proposed as a missing signature.
pub fn missing(
    encounter: &EncounterFacts,
    documents: &[DocumentFacts],
    rules: &[CompletionRule],
    now: Instant,
    zone: &TimeZone,
) -> Vec<DeficiencyProposal> {
    let mut proposals = Vec::new();
    for rule in rules.iter().filter(|rule| rule.classes.contains(&encounter.class)) {
        let occasions = occasions(rule, encounter);
        let mut candidates: Vec<&DocumentFacts> = documents
            .iter()
            .filter(|document| !document.is_void)
            .filter(|document| document.code.as_ref().is_some_and(|code| rule.codes.contains(code)))
            .collect();
        candidates.sort_by_key(|document| (document.signed.is_none(), document.at, &document.id));
        for (at, occasion) in occasions.iter().enumerate() {
            if occasion.start > now || !rule.holds_on(occasion.start.date_in(zone)) {
                continue;
            }
            // One document for each occasion: two operations need two reports.
            let proposal = match candidates.get(at) {
                None => Some(proposal(rule, occasion, None, encounter, zone)),
                Some(found) if rule.needs_signature && found.signed.is_none() => {
                    Some(proposal(rule, occasion, Some(found), encounter, zone))
                }
                Some(_) => None,
            };
            proposals.extend(proposal);
        }
    }
    proposals
}

/// One time that a rule asks for a document.
struct Occasion<'a> {
    start: Instant,
    procedure: Option<&'a ProcedureFacts>,
}

fn occasions<'a>(rule: &CompletionRule, encounter: &'a EncounterFacts) -> Vec<Occasion<'a>> {
    /// Joint Commission RC.02.04.01: a final progress note may serve after a stay under 48 hours.
    const SHORT_STAY_HOURS: i64 = 48;
    let is_short = match (encounter.admitted, encounter.discharged) {
        (Some(admitted), Some(discharged)) => {
            discharged < admitted.plus_seconds(SHORT_STAY_HOURS * 3_600)
        }
        _ => false,
    };
    let applies = match rule.condition {
        Condition::Always => true,
        Condition::Died => encounter.died,
        Condition::AliveLongStay => !encounter.died && !is_short,
        Condition::AliveShortStay => !encounter.died && is_short,
        Condition::EachProcedure | Condition::EachAnaesthesia => {
            return each_procedure(rule, encounter);
        }
    };
    let start = match rule.starts {
        ClockStart::Admission | ClockStart::Assignment => encounter.admitted,
        ClockStart::Discharge => encounter.discharged,
        ClockStart::Procedure => encounter.procedures.iter().map(|procedure| procedure.at).min(),
    };
    let occasion = start.filter(|_| applies).map(|start| Occasion { start, procedure: None });
    occasion.into_iter().collect()
}

fn each_procedure<'a>(rule: &CompletionRule, encounter: &'a EncounterFacts) -> Vec<Occasion<'a>> {
    let only_anaesthesia = rule.condition == Condition::EachAnaesthesia;
    let mut procedures: Vec<&ProcedureFacts> = encounter
        .procedures
        .iter()
        .filter(|procedure| procedure.under_anaesthesia || !only_anaesthesia)
        .collect();
    procedures.sort_by_key(|procedure| (procedure.at, &procedure.id));
    procedures
        .into_iter()
        .map(|procedure| Occasion { start: procedure.at, procedure: Some(procedure) })
        .collect()
}

/// `within 24 hours of admission`, or `before the procedure` where no time is allowed.
fn term(rule: &CompletionRule) -> String {
    match rule.allowed {
        TimeAllowed::Hours(0) | TimeAllowed::Days(0) => format!("before {}", rule.starts.label()),
        allowed => format!("within {} of {}", allowed.label(), rule.starts.label()),
    }
}

fn proposal(
    rule: &CompletionRule,
    occasion: &Occasion<'_>,
    unsigned: Option<&DocumentFacts>,
    encounter: &EncounterFacts,
    zone: &TimeZone,
) -> DeficiencyProposal {
    let due = rule.allowed.after(occasion.start, zone);
    let kind = match unsigned {
        Some(_) => DeficiencyKind::MissingSignature,
        None => DeficiencyKind::MissingDocument,
    };
    let what = match unsigned {
        Some(_) => "is not authenticated",
        None => "is missing",
    };
    let operator = occasion.procedure.and_then(|procedure| procedure.provider.clone());
    let author = unsigned.and_then(|document| document.author.clone());
    DeficiencyProposal {
        rule: rule.id.clone(),
        version: rule.version.clone(),
        kind,
        document: unsigned.map(|document| document.id.clone()),
        procedure: occasion.procedure.map(|procedure| procedure.id.clone()),
        document_name: rule.document_name.clone(),
        assignee: author.or(operator).or_else(|| encounter.attending.clone()),
        starts: rule.starts,
        allowed: rule.allowed,
        due,
        sentence: format!(
            "{} {what}: due {}, by {}.",
            rule.document_name,
            term(rule),
            due.date_in(zone),
        ),
        citation: rule.citation.clone(),
    }
}

#[cfg(test)]
#[path = "completion_tests.rs"]
mod tests;
