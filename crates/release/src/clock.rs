//! Due dates by basis, as effective-dated rules. Calendar days.
//!
//! The rule's id and version are kept with the due date, so that it can be told later by which
//! law it was set.

use crate::{Basis, FEDERAL, named};
use jiff::{ToSpan, civil::Date};
use record::Citation;
use record::effective::Fault;
use serde::{Deserialize, Serialize};

named! {
    /// What runs.
    Clock {
        /// Access by the individual.
        Access = "access", "Access";
        /// A request to amend.
        Amendment = "amendment", "Amendment";
        /// A request for an accounting of disclosures.
        Accounting = "accounting", "Accounting of disclosures";
        /// An oral request to suspend the accounting.
        OralSuspension = "oral-suspension", "Oral suspension";
        /// Notice of a breach.
        Breach = "breach", "Breach notice";
        /// The organization's own goal for every other release.
        House = "house", "House goal";
    }
}

/// One version of a clock's rule: an audited row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRule {
    /// Id that its versions share: `us-access`.
    pub id: String,
    /// Version, counted from 1.
    pub version: u32,
    /// The clock.
    pub clock: Clock,
    /// `US` or a state.
    pub jurisdiction: String,
    /// The rule.
    pub citation: Citation,
    /// First day in force.
    pub from: Date,
    /// Last day in force; none while it stands.
    pub to: Option<Date>,
    /// Days from receipt or discovery.
    pub days: i32,
    /// Days of the one extension; none where there is none.
    pub extension_days: Option<i32>,
}

/// A due date with the rule that set it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last day.
    pub on: Date,
    /// The day from which days were counted.
    pub started: Date,
    /// Rule id.
    pub rule: String,
    /// Rule version.
    pub version: u32,
    /// The rule's citation.
    pub citation: Citation,
    /// Last day without extension.
    pub first_due: Date,
    /// Days of the one extension, while it is unused; none once used or where there is none.
    pub extension_days: Option<i32>,
    /// Why it was extended.
    pub extension_reason: Option<String>,
}

/// Why a due date isn't extended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ExtensionRefusal {
    /// The rule knows no extension, or it was used.
    #[error("This due date can't be extended (again): one extension at most ({0}).")]
    NoneLeft(Citation),
    /// No reason.
    #[error("Give the reason for the delay: the written notice must state it ({0}).")]
    NoReason(Citation),
    /// After the first term.
    #[error(
        "The notice must be sent by {first_due}, within the first term; today is later \
         ({citation}). Finish the request now."
    )]
    TooLate {
        /// Last day of the first term.
        first_due: Date,
        /// The paragraph.
        citation: Citation,
    },
    /// The new date is too far, or not later.
    #[error("The new date must lie after {first_due} and not after {latest} ({citation}).")]
    BadDate {
        /// Last day of the first term.
        first_due: Date,
        /// Latest day possible.
        latest: Date,
        /// The paragraph.
        citation: Citation,
    },
}

/// The federal rules, all versions.
pub fn built_in() -> Vec<ClockRule> {
    use jiff::civil::date;
    let privacy = date(2003, 4, 14);
    let omnibus = date(2013, 9, 23);
    let rows = [
        (Clock::Access, 1, "45 CFR 164.524(b)(2) (2003)", privacy, 30, Some(30)),
        (Clock::Access, 2, "45 CFR 164.524(b)(2)", omnibus, 30, Some(30)),
        (Clock::Amendment, 1, "45 CFR 164.526(b)(2)", privacy, 60, Some(30)),
        (Clock::Accounting, 1, "45 CFR 164.528(c)(1)", privacy, 60, Some(30)),
        (Clock::OralSuspension, 1, "45 CFR 164.528(a)(2)(ii)", privacy, 30, None),
        (Clock::Breach, 1, "45 CFR 164.404(b)", date(2009, 9, 23), 60, None),
    ];
    let mut rules: Vec<ClockRule> = rows
        .into_iter()
        .map(|(clock, version, citation, from, days, extension_days)| ClockRule {
            id: format!("us-{}", clock.as_str()),
            version,
            clock,
            jurisdiction: FEDERAL.to_owned(),
            citation: Citation::new(citation),
            from,
            to: None,
            days,
            extension_days,
        })
        .collect();
    rules[0].to = Some(date(2013, 9, 22));
    rules
}

/// The clock that a basis starts: access has the law's, the rest the organization's own goal.
pub fn clock_for(basis: Basis) -> Clock {
    match basis {
        Basis::Access => Clock::Access,
        _ => Clock::House,
    }
}

/// The due date of something received or discovered on a day: of the rules in force then, federal
/// and of the jurisdiction, the shortest. None when no rule applies.
pub fn due(
    rules: &[ClockRule],
    clock: Clock,
    jurisdiction: Option<&str>,
    started: Date,
) -> Option<Due> {
    let rule = rules
        .iter()
        .filter(|rule| rule.clock == clock && rule.is_in_force(started))
        .filter(|r| r.jurisdiction == FEDERAL || Some(r.jurisdiction.as_str()) == jurisdiction)
        .min_by_key(|rule| rule.days)?;
    let on = started.saturating_add(rule.days.days());
    Some(Due {
        on,
        started,
        rule: rule.id.clone(),
        version: rule.version,
        citation: rule.citation.clone(),
        first_due: on,
        extension_days: rule.extension_days,
        extension_reason: None,
    })
}

/// The due date, extended to `until`, when a written notice with `reason` is sent on `today`.
///
/// Conditions: 164.524(b)(2)(ii), 164.526(b)(2)(ii), 164.528(c)(1)(ii): once, a written reason
/// and the date, within the first term.
pub fn extend(due: &Due, reason: &str, until: Date, today: Date) -> Result<Due, ExtensionRefusal> {
    let citation = due.citation.clone();
    let Some(days) = due.extension_days else {
        return Err(ExtensionRefusal::NoneLeft(citation));
    };
    if reason.trim().is_empty() {
        return Err(ExtensionRefusal::NoReason(citation));
    }
    let first_due = due.first_due;
    if today > first_due {
        return Err(ExtensionRefusal::TooLate { first_due, citation });
    }
    let latest = first_due.saturating_add(days.days());
    if until <= first_due || until > latest {
        return Err(ExtensionRefusal::BadDate { first_due, latest, citation });
    }
    Ok(Due {
        on: until,
        extension_days: None,
        extension_reason: Some(reason.trim().to_owned()),
        ..due.clone()
    })
}

/// Days that a clock may run at most: longer is a slip of the key.
const DAYS_MAX: i32 = 3_660;

impl ClockRule {
    /// What is wrong with a rule that a person entered.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !(1..=DAYS_MAX).contains(&self.days) {
            faults.push(Fault::new("days", "Give the days, from 1 to 3660."));
        }
        if self.extension_days.is_some_and(|days| !(1..=DAYS_MAX).contains(&days)) {
            let sentence = "Give the days of the one extension, or leave it empty.";
            faults.push(Fault::new("extension_days", sentence));
        }
        faults
    }

    /// Whether it is in force on the day.
    pub fn is_in_force(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use jiff::civil::date;

    /// Every rule, version by version: counted from its first day, and as far as its extension
    /// reaches.
    #[test]
    fn every_rule_with_its_paragraph() {
        let mut table = String::new();
        for rule in built_in() {
            let first = due(&built_in(), rule.clock, None, rule.from).unwrap();
            let latest = rule.extension_days.map(|days| first.on.saturating_add(days.days()));
            let extended = match latest {
                Some(day) => {
                    let done = extend(&first, "why", day, first.on).unwrap();
                    format!(", once to {}", done.on)
                }
                None => ", never extended".to_owned(),
            };
            let until = rule.to.map_or("on".to_owned(), |day| day.to_string());
            table += &format!(
                "{} {} ({} {until}): {} days, so {}{extended}\n  {}\n",
                rule.clock, rule.version, rule.from, rule.days, first.on, rule.citation
            );
        }
        expect![[r#"
            Access 1 (2003-04-14 2013-09-22): 30 days, so 2003-05-14, once to 2003-06-13
              45 CFR 164.524(b)(2) (2003)
            Access 2 (2013-09-23 on): 30 days, so 2013-10-23, once to 2013-11-22
              45 CFR 164.524(b)(2)
            Amendment 1 (2003-04-14 on): 60 days, so 2003-06-13, once to 2003-07-13
              45 CFR 164.526(b)(2)
            Accounting of disclosures 1 (2003-04-14 on): 60 days, so 2003-06-13, once to 2003-07-13
              45 CFR 164.528(c)(1)
            Oral suspension 1 (2003-04-14 on): 30 days, so 2003-05-14, never extended
              45 CFR 164.528(a)(2)(ii)
            Breach notice 1 (2009-09-23 on): 60 days, so 2009-11-22, never extended
              45 CFR 164.404(b)
        "#]]
        .assert_eq(&table);
    }

    #[test]
    fn each_clock_by_its_paragraph() {
        let table = [
            (Clock::Access, date(2026, 1, 31), "2026-03-02", "us-access 2", Some(30)),
            (Clock::Access, date(2013, 9, 22), "2013-10-22", "us-access 1", Some(30)),
            (Clock::Access, date(2024, 2, 1), "2024-03-02", "us-access 2", Some(30)),
            (Clock::Amendment, date(2026, 1, 1), "2026-03-02", "us-amendment 1", Some(30)),
            (Clock::Accounting, date(2026, 1, 1), "2026-03-02", "us-accounting 1", Some(30)),
            (Clock::OralSuspension, date(2026, 1, 1), "2026-01-31", "us-oral-suspension 1", None),
            (Clock::Breach, date(2026, 1, 1), "2026-03-02", "us-breach 1", None),
        ];
        for (clock, started, on, rule, extension) in table {
            let due = due(&built_in(), clock, None, started).unwrap();
            assert_eq!(due.on.to_string(), on, "{clock:?}");
            assert_eq!(format!("{} {}", due.rule, due.version), rule);
            assert_eq!(due.extension_days, extension);
        }
        assert_eq!(due(&built_in(), Clock::Access, None, date(2002, 1, 1)), None);
        assert_eq!(due(&built_in(), Clock::House, None, date(2026, 1, 1)), None);
    }

    #[test]
    fn a_shorter_state_term_wins_where_it_applies() {
        let mut rules = built_in();
        rules.push(ClockRule {
            id: "us-ca-access".into(),
            version: 1,
            clock: Clock::Access,
            jurisdiction: "US-CA".into(),
            citation: Citation::new("Cal. Health & Safety Code 123110(b)"),
            from: date(2003, 1, 1),
            to: None,
            days: 15,
            extension_days: None,
        });
        let on = |state| due(&rules, Clock::Access, state, date(2026, 3, 1)).unwrap().on;
        assert_eq!(on(Some("US-CA")), date(2026, 3, 16));
        assert_eq!(on(Some("US-TX")), date(2026, 3, 31));
        assert_eq!(on(None), date(2026, 3, 31));
    }

    #[test]
    fn an_extension_has_conditions() {
        let first = due(&built_in(), Clock::Access, None, date(2026, 1, 1)).unwrap();
        assert_eq!(first.on, date(2026, 1, 31));
        let in_time = date(2026, 1, 31);
        let latest = date(2026, 3, 2);
        let ok = extend(&first, "records off site", latest, in_time).unwrap();
        assert_eq!((ok.on, ok.first_due), (latest, first.on));
        assert!(matches!(
            extend(&ok, "again", latest, in_time),
            Err(ExtensionRefusal::NoneLeft(_))
        ));
        assert!(matches!(extend(&first, " ", latest, in_time), Err(ExtensionRefusal::NoReason(_))));
        assert!(matches!(
            extend(&first, "why", latest, date(2026, 2, 1)),
            Err(ExtensionRefusal::TooLate { .. })
        ));
        for until in [date(2026, 3, 3), date(2026, 1, 31)] {
            let refused = extend(&first, "why", until, in_time);
            assert!(matches!(refused, Err(ExtensionRefusal::BadDate { .. })), "{until}");
        }
    }
}
