//! The completion rules that a new site starts with: effective-dated data, to be edited there.

use crate::clock::{ClockStart, TimeAllowed};
use crate::completion::{CompletionRule, Condition, EncounterClass};
use jiff::civil::{Date, date};
use record::Citation;

/// The day from which 42 CFR 482.24(c)(4) reads as it does (71 FR 68694).
const HOSPITAL_RULE_FROM: Date = date(2007, 1, 26);

struct Row {
    id: &'static str,
    classes: &'static [EncounterClass],
    condition: Condition,
    name: &'static str,
    codes: &'static [&'static str],
    starts: ClockStart,
    allowed: TimeAllowed,
    citation: &'static str,
}

use EncounterClass::{Emergency, Inpatient, Observation, Outpatient};

/// LOINC codes stand beside their names: history and physical, discharge summary, and so on.
const ROWS: &[Row] = &[
    Row {
        id: "history-and-physical",
        classes: &[Inpatient, Observation],
        condition: Condition::Always,
        name: "History and physical",
        codes: &["34117-2", "11492-6", "28626-0", "34774-0"],
        starts: ClockStart::Admission,
        allowed: TimeAllowed::Hours(24),
        citation: "42 CFR 482.24(c)(4)(i)(A)",
    },
    Row {
        id: "discharge-summary",
        classes: &[Inpatient],
        condition: Condition::AliveLongStay,
        name: "Discharge summary",
        codes: &["18842-5", "34105-7", "28655-9"],
        starts: ClockStart::Discharge,
        allowed: TimeAllowed::Days(30),
        citation: "42 CFR 482.24(c)(4)(vii)",
    },
    Row {
        id: "final-progress-note",
        classes: &[Inpatient, Observation],
        condition: Condition::AliveShortStay,
        name: "Discharge summary or final progress note",
        codes: &["18842-5", "34105-7", "28655-9", "11506-3", "34130-5"],
        starts: ClockStart::Discharge,
        allowed: TimeAllowed::Days(30),
        citation: "42 CFR 482.24(c)(4)(vii)",
    },
    Row {
        id: "death-summary",
        classes: &[Inpatient],
        condition: Condition::Died,
        name: "Death summary",
        codes: &["47046-8", "18842-5", "34105-7"],
        starts: ClockStart::Discharge,
        allowed: TimeAllowed::Days(30),
        citation: "42 CFR 482.24(c)(4)(vii)",
    },
    Row {
        id: "informed-consent",
        classes: &[Inpatient, Observation, Outpatient],
        condition: Condition::EachAnaesthesia,
        name: "Informed consent",
        codes: &["59284-0", "64293-4", "61358-8", "61359-6"],
        starts: ClockStart::Procedure,
        allowed: TimeAllowed::Hours(0),
        citation: "42 CFR 482.24(c)(4)(v)",
    },
    Row {
        id: "operative-report",
        classes: &[Inpatient, Observation, Outpatient],
        condition: Condition::EachAnaesthesia,
        name: "Operative report",
        codes: &["11504-8", "28570-0"],
        starts: ClockStart::Procedure,
        allowed: TimeAllowed::Hours(24),
        citation: "42 CFR 482.51(b)(6)",
    },
    Row {
        id: "anaesthesia-record",
        classes: &[Inpatient, Observation, Outpatient],
        condition: Condition::EachAnaesthesia,
        name: "Anesthesia record",
        codes: &["11485-0", "34750-0", "59774-0"],
        starts: ClockStart::Procedure,
        allowed: TimeAllowed::Hours(48),
        citation: "42 CFR 482.52(b)",
    },
    Row {
        id: "emergency-note",
        classes: &[Emergency],
        condition: Condition::Always,
        name: "Emergency department note",
        codes: &["34111-5", "34878-9", "51846-4"],
        starts: ClockStart::Discharge,
        allowed: TimeAllowed::Days(30),
        citation: "42 CFR 482.24(c)(4)(vii)",
    },
    Row {
        id: "visit-note",
        classes: &[Outpatient],
        condition: Condition::Always,
        name: "Outpatient note",
        codes: &["34108-1", "11506-3", "34109-9", "11488-4", "34117-2"],
        starts: ClockStart::Discharge,
        allowed: TimeAllowed::Days(30),
        citation: "42 CFR 482.24(c)(4)(vii)",
    },
];

/// The rules that a new site starts with. All of them ask for authentication,
/// 42 CFR 482.24(c)(1).
pub fn completion_rules() -> Vec<CompletionRule> {
    let rule = |row: &Row| CompletionRule {
        id: row.id.to_owned(),
        version: "1".to_owned(),
        classes: row.classes.to_vec(),
        condition: row.condition,
        document_name: row.name.to_owned(),
        codes: row.codes.iter().map(|code| (*code).to_owned()).collect(),
        needs_signature: true,
        starts: row.starts,
        allowed: row.allowed,
        from: HOSPITAL_RULE_FROM,
        until: None,
        citation: Citation::new(row.citation),
    };
    ROWS.iter().map(rule).collect()
}
