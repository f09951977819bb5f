//! Retention: how long a class of records must be kept. The longest rule wins; a hold beats all.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use record::Citation;
use record::effective::{Fault, Term};
use serde::{Deserialize, Serialize};

/// How long a class is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "keep", content = "years", rename_all = "kebab-case")]
pub enum Keep {
    /// For ever.
    Permanently,
    /// So many years after the start.
    Years(i16),
}

/// What starts the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetentionStart {
    /// The last encounter of the patient.
    LastEncounter,
    /// The day on which the record was made, or last in effect where it is a policy.
    Made,
    /// The patient's death.
    Death,
}

impl RetentionStart {
    /// Every start, in the order in which pages list them.
    pub const ALL: [RetentionStart; 3] =
        [RetentionStart::LastEncounter, RetentionStart::Made, RetentionStart::Death];

    /// The word that the store and forms use.
    pub fn as_str(self) -> &'static str {
        match self {
            RetentionStart::LastEncounter => "last-encounter",
            RetentionStart::Made => "made",
            RetentionStart::Death => "death",
        }
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            RetentionStart::LastEncounter => "the last encounter",
            RetentionStart::Made => "the day it was made or last in effect",
            RetentionStart::Death => "the patient's death",
        }
    }
}

/// Which part of what a department keeps a class is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Governs {
    /// Every chart.
    #[default]
    Charts,
    /// Charts with reports or images of radiology or nuclear medicine.
    Images,
    /// Charts of patients transferred to or from the hospital.
    Transfers,
    /// What the release desk keeps of a chart: requests, disclosures, accountings, letters.
    PrivacyDocuments,
    /// No chart: the index, the registers, the destruction log, policies. They outlive charts.
    NoChart,
}

impl Governs {
    /// Every value, in the order in which pages list them.
    pub const ALL: [Governs; 5] = [
        Governs::Charts,
        Governs::Images,
        Governs::Transfers,
        Governs::PrivacyDocuments,
        Governs::NoChart,
    ];

    /// The word that the store and forms use.
    pub fn as_str(self) -> &'static str {
        match self {
            Governs::Charts => "charts",
            Governs::Images => "images",
            Governs::Transfers => "transfers",
            Governs::PrivacyDocuments => "privacy-documents",
            Governs::NoChart => "no-chart",
        }
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Governs::Charts => "every chart",
            Governs::Images => "charts with images or diagnostic reports",
            Governs::Transfers => "charts with a transfer from or to a hospital",
            Governs::PrivacyDocuments => "charts with requests, disclosures or accountings",
            Governs::NoChart => "no chart: the index, registers, logs, policies",
        }
    }
}

/// One retention class under one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionClass {
    /// Id that its versions share: `us-hospital-record`.
    pub id: String,
    /// Version, counted from 1.
    pub version: u32,
    /// Which records, in words.
    pub records: String,
    /// `US`, or a state.
    pub jurisdiction: String,
    /// The rule.
    pub citation: Citation,
    /// When the rule is in force.
    pub term: Term,
    /// What starts the time.
    pub starts: RetentionStart,
    /// How long.
    pub keep: Keep,
    /// For minors: at least until this many years after birth (majority plus the statute).
    pub minor_until_age: Option<i16>,
    /// What it is about.
    #[serde(default)]
    pub governs: Governs,
}

/// Years that a class may be kept at most, unless it is kept for ever.
const YEARS_MAX: i16 = 150;

impl RetentionClass {
    /// What is wrong with a class that a person entered.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.records.trim().is_empty() {
            faults.push(Fault::new("records", "Say which records it holds for."));
        }
        if matches!(self.keep, Keep::Years(years) if !(1..=YEARS_MAX).contains(&years)) {
            faults.push(Fault::new("years", "Give years from 1 to 150, or keep it for ever."));
        }
        if self.minor_until_age.is_some_and(|age| !(18..=40).contains(&age)) {
            let sentence = "Give the age until which a minor's record is kept, from 18 to 40.";
            faults.push(Fault::new("minor_until_age", sentence));
        }
        faults
    }
}

/// What is known of the record whose time is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The day that starts the class's time.
    pub start: Date,
    /// The patient's birth date, where known.
    pub birth_date: Option<Date>,
}

/// Until when a record is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// For ever, by the class of this id.
    Permanently(String),
    /// Until and including a day, by the class of this id.
    Until(Date, String),
}

/// Until when a record is kept to which all these classes apply: the longest wins. None without
/// a class.
pub fn kept(classes: &[&RetentionClass], occasion: Occasion) -> Option<Kept> {
    let permanent = classes.iter().find(|class| class.keep == Keep::Permanently);
    if let Some(class) = permanent {
        return Some(Kept::Permanently(class.id.clone()));
    }
    let until = |class: &RetentionClass| {
        let Keep::Years(years) = class.keep else { return Date::MAX };
        let by_years = occasion.start.saturating_add(years.years());
        let was_minor = |birth: &Date| occasion.start < birth.saturating_add(18.years());
        let of_age = occasion
            .birth_date
            .filter(was_minor)
            .zip(class.minor_until_age)
            .map(|(birth, age)| birth.saturating_add(age.years()));
        of_age.map_or(by_years, |day| day.max(by_years))
    };
    let longest = classes.iter().map(|class| (until(class), class)).max_by_key(|(day, _)| *day);
    longest.map(|(day, class)| Kept::Until(day, class.id.clone()))
}

/// From which day the conditions of participation for hospitals read so (51 FR 22042).
const HOSPITALS: Date = date(1986, 9, 15);
/// From which day transfers are so recorded (59 FR 32086).
const TRANSFERS: Date = date(1994, 7, 22);
/// From which day most had to follow the Privacy Rule (45 CFR 164.534).
const PRIVACY_RULE: Date = date(2003, 4, 14);
/// From which day most had to follow the Security Rule (45 CFR 164.318).
const SECURITY_RULE: Date = date(2005, 4, 20);
/// The month of the practice brief.
const PRACTICE_BRIEF: Date = date(2013, 10, 1);
const AHIMA: &str = "AHIMA, Retention and Destruction of Health Information (2013)";

struct Row {
    id: &'static str,
    records: &'static str,
    citation: &'static str,
    from: Date,
    starts: RetentionStart,
    keep: Keep,
    governs: Governs,
}

const ROWS: [Row; 9] = [
    Row {
        id: "us-hospital-record",
        records: "Hospital records",
        citation: "42 CFR 482.24(b)(1)",
        from: HOSPITALS,
        starts: RetentionStart::LastEncounter,
        keep: Keep::Years(5),
        governs: Governs::Charts,
    },
    Row {
        id: "us-images",
        records: "Reports and images of radiology",
        citation: "42 CFR 482.26(d)(2)",
        from: HOSPITALS,
        starts: RetentionStart::Made,
        keep: Keep::Years(5),
        governs: Governs::Images,
    },
    Row {
        id: "us-nuclear-medicine",
        records: "Records of nuclear medicine",
        citation: "42 CFR 482.53(d)",
        from: HOSPITALS,
        starts: RetentionStart::Made,
        keep: Keep::Years(5),
        governs: Governs::Images,
    },
    Row {
        id: "us-transfers",
        records: "Records of patients transferred to or from the hospital",
        citation: "42 CFR 489.20(r)(1)",
        from: TRANSFERS,
        starts: RetentionStart::Made,
        keep: Keep::Years(5),
        governs: Governs::Transfers,
    },
    Row {
        id: "us-privacy-documents",
        records: "Authorizations, accountings, notices, complaints, privacy policies",
        citation: "45 CFR 164.530(j)(2)",
        from: PRIVACY_RULE,
        starts: RetentionStart::Made,
        keep: Keep::Years(6),
        governs: Governs::PrivacyDocuments,
    },
    Row {
        id: "us-security-documents",
        records: "Security policies and what was done under them",
        citation: "45 CFR 164.316(b)(2)(i)",
        from: SECURITY_RULE,
        starts: RetentionStart::Made,
        keep: Keep::Years(6),
        governs: Governs::NoChart,
    },
    Row {
        id: "master-patient-index",
        records: "Master patient index",
        citation: AHIMA,
        from: PRACTICE_BRIEF,
        starts: RetentionStart::Made,
        keep: Keep::Permanently,
        governs: Governs::NoChart,
    },
    Row {
        id: "registers",
        records: "Registers of births, deaths and surgery",
        citation: AHIMA,
        from: PRACTICE_BRIEF,
        starts: RetentionStart::Made,
        keep: Keep::Permanently,
        governs: Governs::NoChart,
    },
    Row {
        id: "destruction-log",
        records: "Log of destruction",
        citation: AHIMA,
        from: PRACTICE_BRIEF,
        starts: RetentionStart::Made,
        keep: Keep::Permanently,
        governs: Governs::NoChart,
    },
];

/// The classes that a new site starts with: federal law, and the field's practice where the
/// citation says so. State law sets longer times: the site enters them.
pub fn shipped() -> Vec<RetentionClass> {
    let class = |row: &Row| RetentionClass {
        id: row.id.to_owned(),
        version: 1,
        records: row.records.to_owned(),
        jurisdiction: "US".to_owned(),
        citation: Citation::new(row.citation),
        term: Term { from: row.from, until: None },
        starts: row.starts,
        keep: row.keep,
        minor_until_age: None,
        governs: row.governs,
    };
    ROWS.iter().map(class).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(id: &str, keep: Keep, minor_until_age: Option<i16>) -> RetentionClass {
        let like = shipped().remove(0);
        RetentionClass { id: id.to_owned(), keep, minor_until_age, ..like }
    }

    #[test]
    fn the_longest_rule_wins() {
        let federal = class("federal", Keep::Years(5), None);
        let state = class("state", Keep::Years(7), Some(21));
        let index = class("index", Keep::Permanently, None);
        let until = |day, id: &str| Some(Kept::Until(day, id.to_owned()));
        let adult = Occasion { start: date(2026, 3, 4), birth_date: Some(date(1960, 1, 1)) };
        let infant = Occasion { start: date(2026, 3, 4), birth_date: Some(date(2026, 3, 1)) };
        let unknown = Occasion { start: date(2026, 3, 4), birth_date: None };
        let table = [
            (vec![], adult, None),
            (vec![&federal], adult, until(date(2031, 3, 4), "federal")),
            (vec![&federal, &state], adult, until(date(2033, 3, 4), "state")),
            (vec![&federal, &state], infant, until(date(2047, 3, 1), "state")),
            (vec![&federal, &state], unknown, until(date(2033, 3, 4), "state")),
            (vec![&state, &index], infant, Some(Kept::Permanently("index".to_owned()))),
        ];
        for (classes, occasion, expected) in table {
            assert_eq!(kept(&classes, occasion), expected);
        }
    }

    #[test]
    fn a_class_is_checked_when_it_is_entered() {
        for class in shipped() {
            assert_eq!(class.faults(), [], "{}", class.id);
        }
        assert_eq!(class("x", Keep::Years(0), None).faults()[0].field, "years");
        assert_eq!(class("x", Keep::Years(5), Some(60)).faults()[0].field, "minor_until_age");
    }
}
