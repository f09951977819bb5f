//! Accounting of disclosures, 45 CFR 164.528: what appears, for how long, at what fee.

use crate::Basis;
use jiff::{ToSpan, civil::Date};
use record::{Citation, PatientKey, Private};
use serde::{Deserialize, Serialize};

/// What kind of disclosure happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disclosure {
    /// A release on a legal basis.
    Under(Basis),
    /// One that no basis allowed: the wrong recipient, too much, a loss.
    Impermissible,
    /// Incident to an allowed use (164.502(a)(1)(iii)).
    Incidental,
}

/// Whether a disclosure must appear, and by which paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Whether the individual's accounting lists it.
    pub appears: bool,
    /// The paragraph.
    pub citation: Citation,
}

/// Whether a disclosure must appear in the accounting.
pub fn listing(disclosure: Disclosure) -> Listing {
    let (appears, citation) = match disclosure {
        Disclosure::Impermissible => (true, "45 CFR 164.528(a)(1)"),
        Disclosure::Incidental => (false, "45 CFR 164.528(a)(1)(iii)"),
        Disclosure::Under(basis) => by_basis(basis),
    };
    Listing { appears, citation: Citation::new(citation) }
}

fn by_basis(basis: Basis) -> (bool, &'static str) {
    match basis {
        Basis::Treatment | Basis::Payment | Basis::Operations => (false, "45 CFR 164.528(a)(1)(i)"),
        Basis::Part2Emergency => (false, "45 CFR 164.528(a)(1)(i); 42 CFR 2.51(c)"),
        Basis::Access => (false, "45 CFR 164.528(a)(1)(ii)"),
        Basis::Authorization | Basis::Part2Consent => (false, "45 CFR 164.528(a)(1)(iv)"),
        Basis::Directory | Basis::InvolvedInCare => (false, "45 CFR 164.528(a)(1)(v)"),
        Basis::NationalSecurity => (false, "45 CFR 164.528(a)(1)(vi)"),
        Basis::Custody => (false, "45 CFR 164.528(a)(1)(vii)"),
        Basis::LongDeceased => (false, "45 CFR 160.103 (protected health information, (2)(iv))"),
        Basis::LimitedDataSet => (false, "45 CFR 164.528(a)(1)(viii)"),
        Basis::RequiredByLaw
        | Basis::PublicHealth
        | Basis::Abuse
        | Basis::Oversight
        | Basis::CourtOrder
        | Basis::Subpoena
        | Basis::LawEnforcement
        | Basis::Coroner
        | Basis::Donation
        | Basis::Research
        | Basis::Threat
        | Basis::Military
        | Basis::ProtectiveServices
        | Basis::MedicalSuitability
        | Basis::PublicBenefits
        | Basis::WorkersCompensation
        | Basis::Hhs
        | Basis::Part2Research
        | Basis::Part2Audit
        | Basis::Part2CourtOrder => (true, "45 CFR 164.528(a)(1)"),
    }
}

/// One disclosure, with what 164.528(b)(2) asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Whose information.
    pub patient: PatientKey,
    /// Day of the disclosure (b)(2)(i).
    pub on: Date,
    /// Who received it (b)(2)(ii).
    pub recipient: Private,
    /// Their address, when known (b)(2)(ii).
    pub recipient_address: Option<Private>,
    /// What was disclosed, in brief (b)(2)(iii).
    pub description: String,
    /// The purpose, or that a copy of the request is attached (b)(2)(iv).
    pub purpose: String,
    /// What kind of disclosure.
    pub disclosure: Disclosure,
    /// The request, by its number, where there was one.
    pub request: Option<String>,
    /// Suspensions asked for by oversight or law enforcement (a)(2).
    pub suspensions: Vec<Suspension>,
}

/// A suspension of the individual's right to see an entry, 164.528(a)(2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Suspension {
    /// On a written statement, for the time that it states.
    Written {
        /// First day.
        from: Date,
        /// Last day, as stated.
        until: Date,
        /// Agency and official.
        agency: String,
    },
    /// On an oral statement that was documented: 30 days at most.
    Oral {
        /// Day of the statement.
        from: Date,
        /// Agency and official, documented with the statement.
        agency: String,
    },
}

/// Days for which an oral statement suspends, 164.528(a)(2)(ii)(C).
pub const ORAL_SUSPENSION_DAYS: i32 = 30;

impl Suspension {
    /// Last day of the suspension.
    pub fn last_day(&self) -> Date {
        match self {
            Suspension::Written { until, .. } => *until,
            Suspension::Oral { from, .. } => from.saturating_add(ORAL_SUSPENSION_DAYS.days()),
        }
    }

    /// Whether the entry is hidden from the individual on the day.
    pub fn is_active(&self, on: Date) -> bool {
        let from = match self {
            Suspension::Written { from, .. } | Suspension::Oral { from, .. } => *from,
        };
        from <= on && on <= self.last_day()
    }
}

impl Entry {
    /// What the entry lacks before it can stand; empty when it is complete.
    pub fn missing(&self) -> Vec<Citation> {
        let checks = [
            (self.recipient.reveal().trim().is_empty(), "45 CFR 164.528(b)(2)(ii)"),
            (self.description.trim().is_empty(), "45 CFR 164.528(b)(2)(iii)"),
            (self.purpose.trim().is_empty(), "45 CFR 164.528(b)(2)(iv)"),
        ];
        checks.iter().filter(|(lacks, _)| *lacks).map(|(_, c)| Citation::new(*c)).collect()
    }
}

/// An accounting as the individual gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounting {
    /// First day covered.
    pub from: Date,
    /// Last day covered: the day of the request.
    pub to: Date,
    /// Entries that the individual sees, oldest first.
    pub entries: Vec<Entry>,
    /// How many are suspended. Never told to the individual; for the privacy officer.
    pub suspended: usize,
}

/// Disclosures to one recipient, of the same kind of information, for one purpose, 164.528(b)(3):
/// the first in full, how many, and the day of the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// The first.
    pub first: Entry,
    /// How many there are.
    pub count: usize,
    /// Day of the last.
    pub last: Date,
}

impl Accounting {
    /// The entries with multiple disclosures put together where 164.528(b)(3) allows it: to the
    /// Secretary, or under 164.512. Others stand one by one. Disclosures for research on 50 or
    /// more individuals are listed like others, by (b)(2): the shorter form of (b)(4) isn't used.
    pub fn series(&self) -> Vec<Series> {
        let mut all: Vec<Series> = Vec::new();
        for entry in &self.entries {
            let same = |series: &&mut Series| is_series(&series.first, entry);
            match all.iter_mut().find(same) {
                Some(series) => {
                    series.count += 1;
                    series.last = series.last.max(entry.on);
                }
                None => all.push(Series { first: entry.clone(), count: 1, last: entry.on }),
            }
        }
        all
    }
}

fn is_series(first: &Entry, next: &Entry) -> bool {
    let may_be = match first.disclosure {
        Disclosure::Under(basis) => by_basis(basis).0 && !basis.covers_part2(),
        Disclosure::Impermissible | Disclosure::Incidental => false,
    };
    may_be
        && first.disclosure == next.disclosure
        && first.recipient == next.recipient
        && first.recipient_address == next.recipient_address
        && first.description == next.description
        && first.purpose == next.purpose
}

/// Years that an accounting reaches back, 164.528(a)(1).
pub const YEARS: i16 = 6;

/// The accounting of one patient, asked for on `requested`, prepared on `today`. `from` narrows it
/// when the individual asks for less than six years (164.528(a)(3)).
pub fn account(
    entries: &[Entry],
    patient: PatientKey,
    requested: Date,
    from: Option<Date>,
    today: Date,
) -> Accounting {
    let start = requested.saturating_sub(YEARS.years()).max(jiff::civil::date(2003, 4, 14));
    let from = from.map_or(start, |from| from.max(start));
    let due: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.patient == patient)
        .filter(|entry| from <= entry.on && entry.on <= requested)
        .filter(|entry| listing(entry.disclosure).appears)
        .collect();
    let hidden = |entry: &Entry| entry.suspensions.iter().any(|s| s.is_active(today));
    let mut shown: Vec<Entry> = due.iter().filter(|e| !hidden(e)).map(|e| (*e).clone()).collect();
    shown.sort_by_key(|entry| entry.on);
    Accounting { from, to: requested, suspended: due.len() - shown.len(), entries: shown }
}

/// Whether a fee may be charged for an accounting, 164.528(c)(2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountingFee {
    /// The first in twelve months: free.
    Free,
    /// A reasonable, cost-based fee, when the individual was told first and may withdraw.
    MayCharge,
}

/// Whether an accounting asked for on `today` may be charged, given the days of earlier requests.
pub fn accounting_fee(earlier: &[Date], today: Date) -> AccountingFee {
    let year_ago = today.saturating_sub(12.months());
    let again = earlier.iter().any(|day| year_ago < *day && *day <= today);
    if again { AccountingFee::MayCharge } else { AccountingFee::Free }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use expect_test::expect;
    use jiff::civil::date;

    fn entry(on: Date, disclosure: Disclosure) -> Entry {
        Entry {
            patient: PatientKey(1),
            on,
            recipient: Private::new("County Health"),
            recipient_address: None,
            description: "Laboratory result".into(),
            purpose: "Reportable disease".into(),
            disclosure,
            request: None,
            suspensions: Vec::new(),
        }
    }

    #[test]
    fn what_appears_by_paragraph() {
        let mut table = String::new();
        let others = [Disclosure::Impermissible, Disclosure::Incidental];
        let all = Basis::ALL.iter().map(|basis| Disclosure::Under(*basis)).chain(others);
        for disclosure in all {
            let name = match disclosure {
                Disclosure::Under(basis) => basis.label(),
                Disclosure::Impermissible => "Impermissible",
                Disclosure::Incidental => "Incidental",
            };
            let found = listing(disclosure);
            let appears = if found.appears { "appears" } else { "left out" };
            table += &format!("{appears:8} {name}\n  {}\n", found.citation);
        }
        expect![[r#"
            left out Access by the individual (164.524)
              45 CFR 164.528(a)(1)(ii)
            left out Authorization (164.508)
              45 CFR 164.528(a)(1)(iv)
            left out Treatment (164.506(c)(1), (2))
              45 CFR 164.528(a)(1)(i)
            left out Payment (164.506(c)(1), (3))
              45 CFR 164.528(a)(1)(i)
            left out Health care operations (164.506(c)(1), (4))
              45 CFR 164.528(a)(1)(i)
            appears  Required by law (164.512(a))
              45 CFR 164.528(a)(1)
            appears  Public health (164.512(b))
              45 CFR 164.528(a)(1)
            appears  Abuse, neglect, domestic violence (164.512(c))
              45 CFR 164.528(a)(1)
            appears  Health oversight (164.512(d))
              45 CFR 164.528(a)(1)
            appears  Court order (164.512(e)(1)(i))
              45 CFR 164.528(a)(1)
            appears  Subpoena without an order (164.512(e)(1)(ii))
              45 CFR 164.528(a)(1)
            appears  Law enforcement (164.512(f))
              45 CFR 164.528(a)(1)
            appears  Coroner or funeral director (164.512(g))
              45 CFR 164.528(a)(1)
            appears  Organ donation (164.512(h))
              45 CFR 164.528(a)(1)
            appears  Research (164.512(i))
              45 CFR 164.528(a)(1)
            appears  Serious threat (164.512(j))
              45 CFR 164.528(a)(1)
            appears  Military and veterans (164.512(k)(1))
              45 CFR 164.528(a)(1)
            left out National security (164.512(k)(2))
              45 CFR 164.528(a)(1)(vi)
            appears  Protective services (164.512(k)(3))
              45 CFR 164.528(a)(1)
            appears  Medical suitability (164.512(k)(4))
              45 CFR 164.528(a)(1)
            left out Correctional custody (164.512(k)(5))
              45 CFR 164.528(a)(1)(vii)
            appears  Public benefits (164.512(k)(6))
              45 CFR 164.528(a)(1)
            appears  Workers' compensation (164.512(l))
              45 CFR 164.528(a)(1)
            left out Facility directory (164.510(a))
              45 CFR 164.528(a)(1)(v)
            left out Person involved in care (164.510(b))
              45 CFR 164.528(a)(1)(v)
            appears  HHS enforcement (164.502(a)(2)(ii))
              45 CFR 164.528(a)(1)
            left out Limited data set (164.514(e))
              45 CFR 164.528(a)(1)(viii)
            left out Dead for more than 50 years (164.502(f))
              45 CFR 160.103 (protected health information, (2)(iv))
            left out Part 2 consent (42 CFR 2.31)
              45 CFR 164.528(a)(1)(iv)
            left out Part 2 medical emergency (42 CFR 2.51)
              45 CFR 164.528(a)(1)(i); 42 CFR 2.51(c)
            appears  Part 2 research (42 CFR 2.52)
              45 CFR 164.528(a)(1)
            appears  Part 2 audit and evaluation (42 CFR 2.53)
              45 CFR 164.528(a)(1)
            appears  Part 2 court order (42 CFR 2.61 to 2.67)
              45 CFR 164.528(a)(1)
            appears  Impermissible
              45 CFR 164.528(a)(1)
            left out Incidental
              45 CFR 164.528(a)(1)(iii)
        "#]]
        .assert_eq(&table);
    }

    #[test]
    fn six_years_back_to_the_day() {
        let under = Disclosure::Under(Basis::PublicHealth);
        let entries = [
            entry(date(2020, 3, 3), under),
            entry(date(2020, 3, 4), under),
            entry(date(2026, 3, 4), under),
            entry(date(2026, 3, 5), under),
            entry(date(2025, 1, 1), Disclosure::Under(Basis::Treatment)),
        ];
        let requested = date(2026, 3, 4);
        let found = account(&entries, PatientKey(1), requested, None, requested);
        let days: Vec<Date> = found.entries.iter().map(|e| e.on).collect();
        assert_eq!(days, [date(2020, 3, 4), date(2026, 3, 4)]);
        let narrowed =
            account(&entries, PatientKey(1), requested, Some(date(2026, 1, 1)), requested);
        assert_eq!(narrowed.entries.len(), 1);
        assert!(account(&entries, PatientKey(2), requested, None, requested).entries.is_empty());
    }

    #[test]
    fn suspended_entries_are_hidden_and_kept() {
        let from = date(2026, 1, 1);
        let oral = Suspension::Oral { from, agency: "Police".into() };
        let written = Suspension::Written { from, until: date(2026, 6, 30), agency: "OIG".into() };
        let table = [
            (oral.clone(), date(2026, 1, 31), 1),
            (oral, date(2026, 2, 1), 0),
            (written.clone(), date(2026, 6, 30), 1),
            (written, date(2026, 7, 1), 0),
        ];
        for (suspension, today, suspended) in table {
            let mut entry = entry(from, Disclosure::Under(Basis::LawEnforcement));
            entry.suspensions.push(suspension);
            let found = account(&[entry], PatientKey(1), today, None, today);
            assert_eq!((found.suspended, found.entries.len()), (suspended, 1 - suspended));
        }
    }

    #[test]
    fn the_first_in_twelve_months_is_free() {
        let today = date(2026, 3, 4);
        let table = [
            (vec![], AccountingFee::Free),
            (vec![date(2025, 3, 4)], AccountingFee::Free),
            (vec![date(2025, 3, 5)], AccountingFee::MayCharge),
            (vec![date(2020, 1, 1), date(2026, 3, 1)], AccountingFee::MayCharge),
        ];
        for (earlier, fee) in table {
            assert_eq!(accounting_fee(&earlier, today), fee, "{earlier:?}");
        }
    }

    #[test]
    fn multiple_disclosures_are_put_together_where_the_rule_allows_it() {
        let oversight = Disclosure::Under(Basis::Oversight);
        let mut elsewhere = entry(date(2026, 2, 1), oversight);
        elsewhere.recipient = Private::new("State auditor");
        let mut other = entry(date(2026, 2, 9), oversight);
        other.description = "Whole chart".into();
        let entries = [
            entry(date(2026, 1, 5), oversight),
            entry(date(2026, 1, 6), Disclosure::Impermissible),
            entry(date(2026, 1, 7), Disclosure::Impermissible),
            entry(date(2026, 1, 12), oversight),
            elsewhere,
            other,
            entry(date(2026, 2, 16), oversight),
            entry(date(2026, 2, 17), Disclosure::Under(Basis::Hhs)),
        ];
        let day = date(2026, 3, 4);
        let found = account(&entries, PatientKey(1), day, None, day).series();
        let told: Vec<(String, usize, String)> = found
            .iter()
            .map(|one| (one.first.on.to_string(), one.count, one.last.to_string()))
            .collect();
        let series = |first: &str, count, last: &str| (first.to_owned(), count, last.to_owned());
        assert_eq!(
            told,
            [
                series("2026-01-05", 3, "2026-02-16"),
                series("2026-01-06", 1, "2026-01-06"),
                series("2026-01-07", 1, "2026-01-07"),
                series("2026-02-01", 1, "2026-02-01"),
                series("2026-02-09", 1, "2026-02-09"),
                series("2026-02-17", 1, "2026-02-17"),
            ]
        );
    }

    /// What of 164.528 is kept where: each rule once, with the paragraph that makes it.
    #[test]
    fn the_rules_of_the_accounting_by_paragraph() {
        let (requested, under) = (date(2026, 3, 4), Disclosure::Under(Basis::Oversight));
        let of = |entries: &[Entry], from, today| {
            account(entries, PatientKey(1), requested, from, today)
        };
        let on = |day: Date| [entry(day, under)];
        let suspended = |suspension: Suspension, today: Date| {
            let mut one = entry(date(2026, 2, 1), under);
            one.suspensions.push(suspension);
            of(&[one], None, today).entries.is_empty()
        };
        let agency = || "OIG".to_owned();
        let oral = || Suspension::Oral { from: date(2026, 2, 2), agency: agency() };
        let written =
            |until| Suspension::Written { from: date(2026, 2, 2), until, agency: agency() };
        let clock =
            crate::clock::due(&crate::clock::built_in(), Clock::Accounting, None, requested);
        let due = clock.clone().unwrap();
        let latest = date(2026, 6, 2);
        let lacking = Entry { recipient: Private::new(" "), ..entry(requested, under) };
        let repeated = [entry(date(2026, 2, 1), under), entry(date(2026, 2, 2), under)];
        let table = [
            (
                "(a)(1)",
                "six years back",
                of(&on(date(2020, 3, 4)), None, requested).entries.len() == 1,
            ),
            ("(a)(1)", "no further", of(&on(date(2020, 3, 3)), None, requested).entries.is_empty()),
            (
                "(a)(1)(i)",
                "payment is left out",
                !listing(Disclosure::Under(Basis::Payment)).appears,
            ),
            (
                "(a)(2)(i)",
                "a written statement for its time",
                suspended(written(date(2026, 9, 1)), date(2026, 9, 1)),
            ),
            ("(a)(2)(i)", "and no longer", !suspended(written(date(2026, 9, 1)), date(2026, 9, 2))),
            ("(a)(2)(ii)(C)", "an oral one for 30 days", suspended(oral(), date(2026, 3, 4))),
            ("(a)(2)(ii)(C)", "and no longer", !suspended(oral(), date(2026, 3, 5))),
            (
                "(a)(3)",
                "less when less is asked for",
                of(&on(date(2026, 1, 1)), Some(date(2026, 2, 1)), requested).entries.is_empty(),
            ),
            (
                "(b)(2)(ii)",
                "the recipient is named",
                lacking.missing()[0].text.ends_with("(b)(2)(ii)"),
            ),
            (
                "(b)(3)",
                "multiple disclosures once",
                of(&repeated, None, requested).series().len() == 1,
            ),
            (
                "(b)(4)",
                "research on many is listed in full",
                listing(Disclosure::Under(Basis::Research)).appears,
            ),
            ("(c)(1)(i)", "60 days", due.on == date(2026, 5, 3)),
            (
                "(c)(1)(ii)",
                "30 more, once, with a reason",
                crate::clock::extend(&due, "Volume", latest, requested).is_ok(),
            ),
            (
                "(c)(1)(ii)",
                "and no more",
                crate::clock::extend(&due, "Volume", latest.tomorrow().unwrap(), requested)
                    .is_err(),
            ),
            (
                "(c)(2)",
                "the first in 12 months is free",
                accounting_fee(&[], requested) == AccountingFee::Free,
            ),
            (
                "(c)(2)",
                "the next may cost",
                accounting_fee(&[date(2026, 1, 1)], requested) == AccountingFee::MayCharge,
            ),
        ];
        for (paragraph, rule, holds) in table {
            assert!(holds, "45 CFR 164.528{paragraph}: {rule}");
        }
        let clocks = crate::clock::built_in();
        let oral = clocks.iter().find(|rule| rule.clock == Clock::OralSuspension).unwrap();
        assert_eq!(oral.days, ORAL_SUSPENSION_DAYS, "the clock and its days are one rule");
    }

    #[test]
    fn an_entry_names_what_it_lacks() {
        let mut entry = entry(date(2026, 1, 1), Disclosure::Impermissible);
        assert!(entry.missing().is_empty());
        entry.purpose.clear();
        assert_eq!(entry.missing()[0].text, "45 CFR 164.528(b)(2)(iv)");
    }
}
