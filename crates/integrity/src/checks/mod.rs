//! Quality checks, a file each: what each finds, why it matters, an example and its source stand
//! at the head of its file, and the manual is made from there.

use crate::rows::{Rows, Table};
use record::{PatientKey, Role};
use serde::{Deserialize, Serialize};

mod birth_date_impossible;
mod birth_date_missing;
mod care_after_death;
mod care_before_birth;
mod death_before_birth;
mod death_not_recorded;
mod discharge_before_admission;
mod disposition_missing;
mod document_before_event;
mod document_kind_missing;
mod document_unsigned;
mod document_without_encounter;
#[cfg(test)]
mod fixture;
mod mrn_shared;
mod name_placeholder;
mod patients_alike;
mod principal_diagnosis_faulty;
mod procedure_outside_stay;
mod stay_open_too_long;
mod stays_overlap;
mod vital_sign_implausible;

/// AHIMA's characteristics of data quality (Data Quality Management Model, 2015).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Characteristic {
    /// The data are right.
    Accuracy,
    /// All that is needed is there.
    Comprehensiveness,
    /// The data agree with one another.
    Consistency,
    /// The data are of their time.
    Currency,
    /// Entered and authenticated in time.
    Timeliness,
}

/// Kahn's categories of data quality (Kahn et al., eGEMs 2016).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// The data keep to their form and relations.
    Conformance,
    /// The data are there.
    Completeness,
    /// The data can be true.
    Plausibility,
}

/// A row that fails a check.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// The table.
    pub table: Table,
    /// The row's id.
    pub id: String,
    /// Its patient, where there is one: the caller checks access by it.
    pub patient: Option<PatientKey>,
    /// What is wrong and what to do, without the patient's data.
    pub sentence: String,
}

/// What a check found: how many rows it could judge, and those that fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Rows judged.
    pub checked: usize,
    /// Rows that fail.
    pub findings: Vec<Finding>,
}

impl Found {
    /// Counts a row as judged, and as failing where there is a sentence.
    fn judge(&mut self, table: Table, id: &str, patient: Option<PatientKey>, fault: Option<&str>) {
        self.checked += 1;
        self.findings.extend(fault.map(|sentence| Finding {
            table,
            id: id.to_owned(),
            patient,
            sentence: sentence.to_owned(),
        }));
    }
}

/// A quality check.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its name, kept with its results.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Which characteristic of AHIMA's it watches.
    pub characteristic: Characteristic,
    /// Which of Kahn's categories it belongs to.
    pub category: Category,
    /// What the denominator counts.
    pub denominator: &'static str,
    /// Whose work a failing row is.
    pub role: Role,
    /// Days within which it is mended: few where a wrong row can harm at once.
    pub days: i64,
    /// Text of its file, for the manual.
    text: &'static str,
    find: fn(&Rows) -> Found,
}

impl Check {
    /// The text under a heading of its file; `None` where that is missing or empty.
    pub fn section(&self, heading: &str) -> Option<String> {
        record::manual::section(self.text, heading)
    }

    /// Whether a row is judged by other patients' rows, so that it fails or passes with them.
    pub fn is_across(&self) -> bool {
        ACROSS.contains(&self.name)
    }
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// Name of the check.
    pub check: String,
    /// Rows that fail.
    pub count: usize,
    /// Rows judged.
    pub denominator: usize,
    /// What the denominator counts.
    pub denominator_of: String,
    /// Failing rows by rows judged, 0 to 1; `None` where no row could be judged.
    pub rate: Option<f64>,
    /// The failing rows, by table and id.
    pub findings: Vec<Finding>,
}

impl CheckResult {
    /// Count and rate in words: `3 of 51,600 patients (0.0058 %)`. A rate is never rounded to
    /// nothing, and where no row could be judged there is none.
    pub fn in_words(&self) -> String {
        let counts = format!("{} of {} {}", self.count, self.denominator, self.denominator_of);
        match self.rate {
            None => format!("{counts} (no rate: nothing to judge)"),
            Some(rate) => format!("{counts} ({} %)", percent(rate)),
        }
    }
}

/// A rate in percent: two decimals, or as many as two figures need.
pub fn percent(rate: f64) -> String {
    let percent = rate * 100.0;
    let decimals = match percent {
        p if p <= 0.0 || p >= 0.1 => 2,
        p => (1.0 - p.log10().floor()) as usize,
    };
    format!("{percent:.decimals$}")
}

/// How much failing is accepted: a threshold has an author and a reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// Name of the check.
    pub check: String,
    /// Highest rate accepted, 0 to 1.
    pub rate_max: f64,
    /// Who set it.
    pub author: String,
    /// Why so much.
    pub reason: String,
}

impl Threshold {
    /// Whether a result keeps to the threshold. Without a rate there is nothing to hold against it.
    pub fn holds(&self, result: &CheckResult) -> bool {
        result.rate.is_none_or(|rate| rate <= self.rate_max)
    }
}

/// Adds the results of one check over parts of the rows that have no row in common.
pub fn add(sum: &mut CheckResult, part: CheckResult) {
    sum.count += part.count;
    sum.denominator += part.denominator;
    sum.findings.extend(part.findings);
    let rate = sum.count as f64 / sum.denominator as f64;
    sum.rate = (sum.denominator > 0).then_some(rate);
}

/// Runs a check.
pub fn run(check: &Check, rows: &Rows) -> CheckResult {
    let mut found = (check.find)(rows);
    found.findings.sort();
    let rate = found.findings.len() as f64 / found.checked as f64;
    CheckResult {
        check: check.name.to_owned(),
        count: found.findings.len(),
        denominator: found.checked,
        denominator_of: check.denominator.to_owned(),
        rate: (found.checked > 0).then_some(rate),
        findings: found.findings,
    }
}

/// The check of this name.
pub fn by_name(name: &str) -> Option<&'static Check> {
    all().iter().find(|check| check.name == name)
}

macro_rules! registry {
    ($(
        $name:ident, $title:literal, $characteristic:ident, $category:ident, $denominator:literal,
        $role:ident, $days:literal;
    )*) => {
        /// Every check, in the order of the manual.
        pub fn all() -> &'static [Check] {
            &[$(Check {
                name: stringify!($name),
                title: $title,
                characteristic: Characteristic::$characteristic,
                category: Category::$category,
                denominator: $denominator,
                role: Role::$role,
                days: $days,
                text: include_str!(concat!(stringify!($name), ".rs")),
                find: $name::find,
            },)*]
        }

        /// A failing and a passing example of every check: without them this does not compile.
        #[cfg(test)]
        fn fixtures() -> Vec<(&'static str, Rows, Rows)> {
            vec![$((stringify!($name), $name::failing(), $name::passing()),)*]
        }
    };
}

/// Checks that compare patients with one another.
const ACROSS: &[&str] = &["mrn_shared", "patients_alike"];

registry! {
    name_placeholder, "Name missing or a stand-in", Accuracy, Completeness, "patients",
        Registrar, 14;
    birth_date_missing, "Birth date missing", Comprehensiveness, Completeness, "patients",
        Registrar, 14;
    birth_date_impossible, "Birth date impossible", Accuracy, Plausibility,
        "patients with a birth date", Registrar, 7;
    mrn_shared, "Medical record number shared", Consistency, Conformance,
        "medical record numbers", Technician, 3;
    patients_alike, "Patients alike", Consistency, Conformance, "patients", Technician, 7;
    death_before_birth, "Death before birth", Accuracy, Plausibility,
        "patients with both dates", Registrar, 7;
    death_not_recorded, "Death not recorded on the patient", Consistency, Conformance,
        "encounters that ended in death", Registrar, 3;
    care_after_death, "Care after death", Accuracy, Plausibility,
        "encounters of deceased patients", Technician, 3;
    care_before_birth, "Care before birth", Accuracy, Plausibility,
        "encounters of patients with a birth date", Technician, 3;
    discharge_before_admission, "Discharge before admission", Accuracy, Plausibility,
        "encounters with both times", Registrar, 7;
    stays_overlap, "Inpatient stays overlap", Consistency, Plausibility, "inpatient stays",
        Registrar, 7;
    stay_open_too_long, "Stay open too long", Currency, Plausibility, "stays without discharge",
        Registrar, 7;
    disposition_missing, "Discharge disposition missing", Comprehensiveness, Completeness,
        "discharged stays", Registrar, 14;
    principal_diagnosis_faulty, "Principal diagnosis missing or repeated", Comprehensiveness,
        Completeness, "coded or long discharged stays", Coder, 14;
    procedure_outside_stay, "Procedure outside its stay", Consistency, Plausibility,
        "procedures with a time", Technician, 14;
    document_without_encounter, "Document without its encounter", Consistency, Conformance,
        "indexed documents", Technician, 7;
    document_kind_missing, "Document kind missing", Comprehensiveness, Completeness,
        "indexed documents", Technician, 14;
    document_unsigned, "Document not authenticated in time", Timeliness, Completeness,
        "documents that need authentication", Technician, 7;
    document_before_event, "Document entered before its event", Timeliness, Plausibility,
        "documents with an event time", Technician, 14;
    vital_sign_implausible, "Vital sign implausible", Accuracy, Plausibility, "vital signs",
        Technician, 7;
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn every_check_finds_its_fault_and_passes_the_rest() {
        let mut shown = String::new();
        for (name, failing, passing) in fixtures() {
            let check = by_name(name).unwrap();
            let failed = run(check, &failing);
            let passed = run(check, &passing);
            assert!(failed.count > 0, "{name} does not find its fault");
            assert_eq!(passed.findings, [], "{name} fails what is right");
            assert!(passed.denominator > 0, "{name} judges nothing in its passing example");
            shown += &format!("{name}: {}\n", failed.in_words());
            for finding in failed.findings {
                let table = finding.table.as_str();
                shown += &format!("    {table} {}: {}\n", finding.id, finding.sentence);
            }
        }
        expect![[r#"
            name_placeholder: 2 of 5 patients (40.00 %)
                patient p8: The name is missing or a stand-in. Find the name, and register it.
                patient p9: The name is missing or a stand-in. Find the name, and register it.
            birth_date_missing: 3 of 3 patients (100.00 %)
                patient p1: The birth date is missing. Ask for it and enter it.
                patient p2: The birth date lacks its day or month. Ask for it and enter it.
                patient p3: The birth date is no date of the calendar. Correct it.
            birth_date_impossible: 2 of 3 patients with a birth date (66.67 %)
                patient p1: The birth date lies in the future. Correct it.
                patient p2: The birth date is more than 120 years back. Correct it, or record the death.
            mrn_shared: 2 of 3 medical record numbers (66.67 %)
                patient p1: Another patient holds the same medical record number. Compare the two records: merge them, or give one its own number.
                patient p2: Another patient holds the same medical record number. Compare the two records: merge them, or give one its own number.
            patients_alike: 2 of 4 patients (50.00 %)
                patient p1: Another record has the same name, birth date and sex. Compare the two, and judge whether they are one person.
                patient p8: Another record has the same name, birth date and sex. Compare the two, and judge whether they are one person.
            death_before_birth: 1 of 1 patients with both dates (100.00 %)
                patient p3: The death lies before the birth. Check both dates against the source.
            death_not_recorded: 1 of 1 encounters that ended in death (100.00 %)
                encounter e3: The stay ended in death and the patient is recorded as alive. Check the disposition, and record the death.
            care_after_death: 1 of 2 encounters of deceased patients (50.00 %)
                encounter e9: The encounter begins after the patient's death. Check the death, and whose encounter it is.
            care_before_birth: 1 of 4 encounters of patients with a birth date (25.00 %)
                encounter e9: The encounter begins before the patient's birth. Check the birth date, and whose encounter it is.
            discharge_before_admission: 1 of 2 encounters with both times (50.00 %)
                encounter e1: The discharge lies before the admission. Check both times.
            stays_overlap: 1 of 4 inpatient stays (25.00 %)
                encounter e9: The stay begins before another stay of the patient has ended. Check whether it was entered twice, or is another person's.
            stay_open_too_long: 1 of 1 stays without discharge (100.00 %)
                encounter e2: The stay has no discharge and is open longer than such stays are. Check whether the patient has left.
            disposition_missing: 1 of 2 discharged stays (50.00 %)
                encounter e1: The discharge has no disposition. Enter where the patient went.
            principal_diagnosis_faulty: 2 of 2 coded or long discharged stays (100.00 %)
                encounter e1: The principal diagnosis stands again among the secondary ones. Remove it.
                encounter e3: The stay has more than one principal diagnosis. Keep one.
            procedure_outside_stay: 1 of 1 procedures with a time (100.00 %)
                procedure o1: The procedure lies outside its stay. Check its time, and whose it is.
            document_without_encounter: 2 of 3 indexed documents (66.67 %)
                document d8: The document belongs to no encounter. Index it to one.
                document d9: The document is indexed to an encounter of another patient. Find out whose it is before anyone reads it.
            document_kind_missing: 1 of 1 indexed documents (100.00 %)
                document d1: The document has no kind. Look at it, and choose one.
            document_unsigned: 1 of 1 documents that need authentication (100.00 %)
                document d1: The document was not authenticated within 30 days. Remind its author.
            document_before_event: 2 of 2 documents with an event time (100.00 %)
                document d1: The document was entered before its event. Check both times with its author.
                document d9: The document tells of a time that has not come. Check its time.
            vital_sign_implausible: 2 of 3 vital signs (66.67 %)
                observation v8: The vital sign lies outside what a living person shows. Check its number and unit against the source.
                observation v9: The vital sign lies outside what a living person shows. Check its number and unit against the source.
        "#]].assert_eq(&shown);
    }

    #[test]
    fn a_sound_record_passes_every_check() {
        for check in all() {
            assert_eq!(run(check, &fixture::sound()).findings, [], "{}", check.name);
        }
    }

    #[test]
    fn nothing_to_judge_gives_no_rate() {
        let empty = Rows::empty(fixture::at("2026-03-10T12:00:00Z"), jiff::tz::TimeZone::UTC);
        for check in all() {
            let result = run(check, &empty);
            assert_eq!((result.count, result.denominator, result.rate), (0, 0, None));
            assert!(result.in_words().contains("no rate"), "{}", check.name);
        }
    }

    #[test]
    fn a_rate_is_never_rounded_to_nothing() {
        let table = [
            (0.0, "0.00"),
            (0.5, "50.00"),
            (3.0 / 51_600.0, "0.0058"),
            (1.0 / 1_000_000.0, "0.00010"),
            (0.001, "0.10"),
        ];
        for (rate, expected) in table {
            assert_eq!(percent(rate), expected);
        }
    }

    #[test]
    fn thresholds_hold_or_not() {
        let check = by_name("birth_date_missing").unwrap();
        let result = run(check, &birth_date_missing::failing());
        let threshold = |rate_max| Threshold {
            check: check.name.to_owned(),
            rate_max,
            author: "Supervisor".to_owned(),
            reason: "Old paper charts.".to_owned(),
        };
        assert!(!threshold(0.0).holds(&result) && threshold(1.0).holds(&result));
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = all().iter().map(|check| check.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all().len());
        assert!(names.len() >= 20);
    }
}
