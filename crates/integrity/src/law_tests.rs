//! Each clock of completion and each retention class that a new site starts with, as a table with
//! its paragraph.

use crate::completion::EncounterClass;
use crate::retention::{self, Keep, Kept, Occasion};
use crate::{ClockStart, TimeAllowed, completion_rules};
use expect_test::expect;
use jiff::civil::date;
use jiff::tz::TimeZone;
use record::Instant;

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// A stay from 1 to 5 March 2026, with an operation on the second day: when each document is due.
#[test]
fn each_clock_of_completion_by_its_paragraph() {
    let mut table = String::new();
    for rule in completion_rules() {
        let starts = match rule.starts {
            ClockStart::Admission | ClockStart::Assignment => at("2026-03-01T08:00:00Z"),
            ClockStart::Procedure => at("2026-03-02T09:00:00Z"),
            ClockStart::Discharge => at("2026-03-05T10:00:00Z"),
        };
        let due = rule.allowed.after(starts, &TimeZone::UTC);
        let classes: Vec<String> = rule.classes.iter().map(|c| format!("{c:?}")).collect();
        table += &format!(
            "{} ({:?}; {}): {} from {}, due {}, in force from {}\n  {}\n",
            rule.document_name,
            rule.condition,
            classes.join(", "),
            rule.allowed.label(),
            rule.starts.label(),
            due.to_rfc3339(),
            rule.from,
            rule.citation
        );
        assert!(rule.needs_signature, "42 CFR 482.24(c)(1): {}", rule.id);
    }
    expect![[r#"
        History and physical (Always; Inpatient, Observation): 24 hours from admission, due 2026-03-02T08:00:00.000000Z, in force from 2007-01-26
          42 CFR 482.24(c)(4)(i)(A)
        Discharge summary (AliveLongStay; Inpatient): 30 days from discharge, due 2026-04-04T10:00:00.000000Z, in force from 2007-01-26
          42 CFR 482.24(c)(4)(vii)
        Discharge summary or final progress note (AliveShortStay; Inpatient, Observation): 30 days from discharge, due 2026-04-04T10:00:00.000000Z, in force from 2007-01-26
          42 CFR 482.24(c)(4)(vii)
        Death summary (Died; Inpatient): 30 days from discharge, due 2026-04-04T10:00:00.000000Z, in force from 2007-01-26
          42 CFR 482.24(c)(4)(vii)
        Informed consent (EachAnaesthesia; Inpatient, Observation, Outpatient): 0 hours from the procedure, due 2026-03-02T09:00:00.000000Z, in force from 2007-01-26
          42 CFR 482.24(c)(4)(v)
        Operative report (EachAnaesthesia; Inpatient, Observation, Outpatient): 24 hours from the procedure, due 2026-03-03T09:00:00.000000Z, in force from 2007-01-26
          42 CFR 482.51(b)(6)
        Anesthesia record (EachAnaesthesia; Inpatient, Observation, Outpatient): 48 hours from the procedure, due 2026-03-04T09:00:00.000000Z, in force from 2007-01-26
          42 CFR 482.52(b)
        Emergency department note (Always; Emergency): 30 days from discharge, due 2026-04-04T10:00:00.000000Z, in force from 2007-01-26
          42 CFR 482.24(c)(4)(vii)
        Outpatient note (Always; Outpatient): 30 days from discharge, due 2026-04-04T10:00:00.000000Z, in force from 2007-01-26
          42 CFR 482.24(c)(4)(vii)
    "#]].assert_eq(&table);
}

/// The two that everybody asks for, said by themselves.
#[test]
fn the_chart_is_complete_in_thirty_days_and_examined_in_one() {
    let allowed = |id: &str| {
        let rule = completion_rules().into_iter().find(|rule| rule.id == id).unwrap();
        (rule.starts, rule.allowed, rule.citation.text)
    };
    let complete = "42 CFR 482.24(c)(4)(vii)".to_owned();
    for id in ["discharge-summary", "final-progress-note", "death-summary"] {
        let expected = (ClockStart::Discharge, TimeAllowed::Days(30), complete.clone());
        assert_eq!(allowed(id), expected, "{id}");
    }
    let examined =
        (ClockStart::Admission, TimeAllowed::Hours(24), "42 CFR 482.24(c)(4)(i)(A)".to_owned());
    assert_eq!(allowed("history-and-physical"), examined);
    let rules = completion_rules();
    let of = |class| rules.iter().filter(|rule| rule.classes.contains(&class)).count();
    for class in [
        EncounterClass::Inpatient,
        EncounterClass::Observation,
        EncounterClass::Emergency,
        EncounterClass::Outpatient,
    ] {
        assert!(of(class) > 0, "{class:?} has a clock");
    }
}

/// Until when something of 4 March 2026 is kept.
#[test]
fn each_retention_class_by_its_paragraph() {
    let occasion = Occasion { start: date(2026, 3, 4), birth_date: None };
    let mut table = String::new();
    for class in retention::shipped() {
        let until = match retention::kept(&[&class], occasion) {
            Some(Kept::Until(day, _)) => format!("until {day}"),
            Some(Kept::Permanently(_)) => "for ever".to_owned(),
            None => "not at all".to_owned(),
        };
        table += &format!(
            "{}: {until}, from {}, in force from {}\n  {}\n",
            class.records,
            class.starts.label(),
            class.term.from,
            class.citation
        );
    }
    expect![[r#"
        Hospital records: until 2031-03-04, from the last encounter, in force from 1986-09-15
          42 CFR 482.24(b)(1)
        Reports and images of radiology: until 2031-03-04, from the day it was made or last in effect, in force from 1986-09-15
          42 CFR 482.26(d)(2)
        Records of nuclear medicine: until 2031-03-04, from the day it was made or last in effect, in force from 1986-09-15
          42 CFR 482.53(d)
        Records of patients transferred to or from the hospital: until 2031-03-04, from the day it was made or last in effect, in force from 1994-07-22
          42 CFR 489.20(r)(1)
        Authorizations, accountings, notices, complaints, privacy policies: until 2032-03-04, from the day it was made or last in effect, in force from 2003-04-14
          45 CFR 164.530(j)(2)
        Security policies and what was done under them: until 2032-03-04, from the day it was made or last in effect, in force from 2005-04-20
          45 CFR 164.316(b)(2)(i)
        Master patient index: for ever, from the day it was made or last in effect, in force from 2013-10-01
          AHIMA, Retention and Destruction of Health Information (2013)
        Registers of births, deaths and surgery: for ever, from the day it was made or last in effect, in force from 2013-10-01
          AHIMA, Retention and Destruction of Health Information (2013)
        Log of destruction: for ever, from the day it was made or last in effect, in force from 2013-10-01
          AHIMA, Retention and Destruction of Health Information (2013)
    "#]].assert_eq(&table);
}

#[test]
fn hospital_records_five_years_and_privacy_documents_six() {
    let years = |id: &str| {
        let class = retention::shipped().into_iter().find(|class| class.id == id).unwrap();
        (class.keep, class.citation.text)
    };
    let hospital = (Keep::Years(5), "42 CFR 482.24(b)(1)".to_owned());
    assert_eq!(years("us-hospital-record"), hospital);
    let privacy = (Keep::Years(6), "45 CFR 164.530(j)(2)".to_owned());
    assert_eq!(years("us-privacy-documents"), privacy);
}
