//! Until when a chart is kept: which classes govern it, from which day each counts, and which of
//! them is the longest.

use crate::retention::{Governs, Kept, Occasion, RetentionClass, RetentionStart, kept};
use jiff::ToSpan;
use jiff::civil::Date;
use record::Citation;
use serde::{Deserialize, Serialize};

/// What is known of a chart, from its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChartFacts {
    /// Last day of the last encounter.
    pub last_encounter: Option<Date>,
    /// Last day of which an entry tells.
    pub last_entry: Option<Date>,
    /// Last day of an image or a diagnostic report.
    pub last_image: Option<Date>,
    /// Last day of an encounter with a transfer from or to a hospital.
    pub last_transfer: Option<Date>,
    /// Last day on which the release desk did something.
    pub last_privacy: Option<Date>,
    /// Birth date; of a month or a year its last day.
    pub birth_date: Option<Date>,
    /// Whether the patient died.
    pub is_deceased: bool,
    /// The day of death, where it is known.
    pub death: Option<Date>,
}

/// Until when one class keeps a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeptUntil {
    /// For ever.
    Permanently,
    /// Its time has not begun: it counts from a death.
    NotBegun,
    /// Until and including this day.
    Day(Date),
}

/// A class that governs a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Governing {
    /// Id of the class.
    pub class: String,
    /// Its version.
    pub version: u32,
    /// Which records, in words.
    pub records: String,
    /// `US`, or a state.
    pub jurisdiction: String,
    /// The rule.
    pub citation: Citation,
    /// What starts its time.
    pub starts: RetentionStart,
    /// On which day that was here.
    pub start: Option<Date>,
    /// Until when it keeps the chart.
    pub until: KeptUntil,
    /// Whether the age of a minor made it longer.
    pub is_minor: bool,
}

impl Governing {
    /// Why until then, in words.
    pub fn why(&self) -> String {
        let from = match self.start {
            Some(day) => format!("{}, {}", self.starts.label(), day.strftime("%-d %b %Y")),
            None => self.starts.label().to_owned(),
        };
        match self.is_minor {
            true => format!("the patient was a minor on the day of {from}"),
            false => format!("counted from {from}"),
        }
    }
}

/// Every class that governs a chart, the longest first. Nothing may be destroyed of a chart that
/// no class governs.
pub fn schedule(classes: &[RetentionClass], facts: &ChartFacts) -> Vec<Governing> {
    let mut found: Vec<Governing> =
        classes.iter().filter_map(|class| governing(class, facts)).collect();
    let days = |one: &Governing| match one.until {
        KeptUntil::Permanently | KeptUntil::NotBegun => Date::MAX,
        KeptUntil::Day(day) => day,
    };
    found.sort_by(|a, b| days(b).cmp(&days(a)).then(a.class.cmp(&b.class)));
    found
}

/// The day until which the longest class keeps the chart, and that class; none where none governs
/// it, or one keeps it for ever or has not begun.
pub fn kept_until(governing: &[Governing]) -> Option<(Date, &Governing)> {
    let longest = governing.first()?;
    match longest.until {
        KeptUntil::Day(day) => Some((day, longest)),
        KeptUntil::Permanently | KeptUntil::NotBegun => None,
    }
}

/// Whether a class protects minors while it isn't known whether the patient was one.
pub fn needs_birth_date(classes: &[RetentionClass], facts: &ChartFacts) -> bool {
    let protects = |class: &RetentionClass| {
        class.minor_until_age.is_some() && governing(class, facts).is_some()
    };
    facts.birth_date.is_none() && classes.iter().any(protects)
}

fn governing(class: &RetentionClass, facts: &ChartFacts) -> Option<Governing> {
    let made = match class.governs {
        Governs::Charts => facts.last_entry.max(facts.last_encounter),
        Governs::Images => Some(facts.last_image?),
        Governs::Transfers => Some(facts.last_transfer?),
        Governs::PrivacyDocuments => Some(facts.last_privacy?),
        Governs::NoChart => return None,
    };
    let start = match class.starts {
        // An entry that came after the last encounter is no shorter kept than that.
        RetentionStart::LastEncounter => facts.last_encounter.max(facts.last_entry),
        RetentionStart::Made => made,
        RetentionStart::Death if facts.is_deceased => facts.death.or(made),
        RetentionStart::Death => None,
    };
    let (until, is_minor) = match start {
        None => (KeptUntil::NotBegun, false),
        Some(start) => {
            let occasion = Occasion { start, birth_date: facts.birth_date };
            let adult = Occasion { start, birth_date: None };
            let until = match kept(&[class], occasion)? {
                Kept::Permanently(_) => KeptUntil::Permanently,
                Kept::Until(day, _) => KeptUntil::Day(day),
            };
            (until, kept(&[class], occasion) != kept(&[class], adult))
        }
    };
    Some(Governing {
        class: class.id.clone(),
        version: class.version,
        records: class.records.clone(),
        jurisdiction: class.jurisdiction.clone(),
        citation: class.citation.clone(),
        starts: class.starts,
        start,
        until,
        is_minor,
    })
}

/// The least that any class keeps a chart: no chart with an encounter since then has ended. None
/// where no class governs charts, or one keeps them for ever.
pub fn last_day_to_ask(classes: &[RetentionClass], today: Date) -> Option<Date> {
    let of_charts = || classes.iter().filter(|class| class.governs == Governs::Charts);
    let years = |class: &RetentionClass| match class.keep {
        crate::Keep::Years(years) => Some(years),
        crate::Keep::Permanently => None,
    };
    if of_charts().any(|class| years(class).is_none()) {
        return None;
    }
    let longest = of_charts().filter(|class| class.starts != RetentionStart::Death);
    let longest = longest.filter_map(years).max();
    let longest = longest.or_else(|| of_charts().next().map(|_| 0))?;
    Some(today.saturating_sub(longest.years()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retention::{Keep, shipped};
    use expect_test::expect;
    use jiff::civil::date;

    fn class(id: &str, governs: Governs, starts: RetentionStart, keep: Keep) -> RetentionClass {
        let like = shipped().remove(0);
        RetentionClass { id: id.to_owned(), governs, starts, keep, ..like }
    }

    fn shown(classes: &[RetentionClass], facts: &ChartFacts) -> String {
        let found = schedule(classes, facts);
        found.iter().map(|one| format!("{}: {:?}, {}\n", one.class, one.until, one.why())).collect()
    }

    fn facts() -> ChartFacts {
        ChartFacts {
            last_encounter: Some(date(2010, 3, 4)),
            last_entry: Some(date(2010, 3, 2)),
            birth_date: Some(date(1950, 1, 1)),
            ..ChartFacts::default()
        }
    }

    #[test]
    fn what_a_chart_holds_decides_which_classes_govern_it() {
        let all = ChartFacts {
            last_image: Some(date(2010, 3, 3)),
            last_transfer: Some(date(2004, 1, 1)),
            last_privacy: Some(date(2018, 5, 6)),
            ..facts()
        };
        expect![[r#"
            us-hospital-record: Day(2015-03-04), counted from the last encounter, 4 Mar 2010
        "#]]
        .assert_eq(&shown(&shipped(), &facts()));
        expect![[r#"
            us-privacy-documents: Day(2024-05-06), counted from the day it was made or last in effect, 6 May 2018
            us-hospital-record: Day(2015-03-04), counted from the last encounter, 4 Mar 2010
            us-images: Day(2015-03-03), counted from the day it was made or last in effect, 3 Mar 2010
            us-nuclear-medicine: Day(2015-03-03), counted from the day it was made or last in effect, 3 Mar 2010
            us-transfers: Day(2009-01-01), counted from the day it was made or last in effect, 1 Jan 2004
        "#]]
        .assert_eq(&shown(&shipped(), &all));
    }

    #[test]
    fn minors_the_living_and_the_permanent() {
        use RetentionStart::{Death, LastEncounter};
        let mut state = class("state", Governs::Charts, LastEncounter, Keep::Years(7));
        state.minor_until_age = Some(23);
        let born = Some(date(2008, 6, 7));
        let infant = ChartFacts { birth_date: born, ..facts() };
        let unknown = ChartFacts { birth_date: None, ..facts() };
        let state = [state];
        expect![[r#"
            state: Day(2031-06-07), the patient was a minor on the day of the last encounter, 4 Mar 2010
        "#]]
        .assert_eq(&shown(&state, &infant));
        assert!(needs_birth_date(&state, &unknown) && !needs_birth_date(&state, &infant));
        assert!(!needs_birth_date(&shipped(), &unknown));
        let death = [class("death", Governs::Charts, Death, Keep::Years(10))];
        let dead = ChartFacts { is_deceased: true, death: Some(date(2012, 1, 1)), ..facts() };
        assert_eq!(kept_until(&schedule(&death, &facts())), None, "who lives is kept");
        assert_eq!(kept_until(&schedule(&death, &dead)).unwrap().0, date(2022, 1, 1));
        let ever = [class("ever", Governs::Charts, LastEncounter, Keep::Permanently)];
        assert_eq!(kept_until(&schedule(&ever, &facts())), None);
        assert_eq!(kept_until(&schedule(&[], &facts())), None, "no class, no destruction");
    }

    #[test]
    fn only_charts_that_can_have_ended_are_asked_for() {
        use RetentionStart::{Death, LastEncounter};
        let today = date(2026, 3, 4);
        assert_eq!(last_day_to_ask(&shipped(), today), Some(date(2021, 3, 4)));
        let state = class("state", Governs::Charts, LastEncounter, Keep::Years(7));
        let mut both = shipped();
        both.push(state);
        assert_eq!(last_day_to_ask(&both, today), Some(date(2019, 3, 4)));
        both.push(class("ever", Governs::Charts, LastEncounter, Keep::Permanently));
        assert_eq!(last_day_to_ask(&both, today), None);
        let death = [class("death", Governs::Charts, Death, Keep::Years(10))];
        assert_eq!(last_day_to_ask(&death, today), Some(today));
        assert_eq!(last_day_to_ask(&[], today), None);
    }
}
