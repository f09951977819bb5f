//! Requests by where they stand, due first, and how long they take.

use crate::Error;
use crate::access::{Right, require};
use crate::entry::{names, zone_in};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::Context;
use release::lifecycle::StateName;
use store::find::PatientRow;
use store::release::{ReleaseRequest, ReleaseTimes};
use store::{AuditEntry, Store, View};

/// Requests that one page lists.
pub const LISTED_MAX: i64 = 200;
/// Days over which turnaround is counted.
pub const TURNAROUND_DAYS: i32 = 90;

/// Parts of the worklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Logged, not validated yet.
    New,
    /// Waits for something from outside.
    OnHold,
    /// Documents are chosen, reviewed, redacted.
    Preparing,
    /// A second person checks.
    Check,
    /// Owed for, or to be handed out.
    Ready,
    /// Handed out or at its end.
    Ended,
}

impl Part {
    /// Every part, in the order of the tabs.
    pub const ALL: &'static [Part] =
        &[Part::New, Part::OnHold, Part::Preparing, Part::Check, Part::Ready, Part::Ended];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::New => "new",
            Part::OnHold => "on-hold",
            Part::Preparing => "preparing",
            Part::Check => "check",
            Part::Ready => "ready",
            Part::Ended => "ended",
        }
    }

    /// The word on the tab.
    pub fn label(self) -> &'static str {
        match self {
            Part::New => "New",
            Part::OnHold => "On hold",
            Part::Preparing => "In preparation",
            Part::Check => "Second person",
            Part::Ready => "Ready",
            Part::Ended => "Delivered and ended",
        }
    }

    /// Reads the word of an address.
    pub fn parse(text: &str) -> Option<Part> {
        Part::ALL.iter().copied().find(|part| part.as_str() == text)
    }

    /// The states in it.
    pub fn states(self) -> &'static [StateName] {
        use StateName as S;
        match self {
            Part::New => &[S::Received, S::Identified],
            Part::OnHold => &[S::OnHold],
            Part::Preparing => &[S::Validated, S::Selected, S::SensitiveReview, S::Redaction],
            Part::Check => &[S::QualityCheck],
            Part::Ready => &[S::Invoiced, S::Ready],
            Part::Ended => &[S::Delivered, S::Closed, S::Denied, S::Returned, S::Cancelled],
        }
    }
}

/// A request of the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The request.
    pub request: ReleaseRequest,
    /// Whose record, once identified.
    pub patient: Option<PatientRow>,
    /// Who works on it.
    pub assigned_to: Option<String>,
}

/// How long requests took that were delivered in the last [`TURNAROUND_DAYS`] days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turnaround {
    /// Delivered.
    pub delivered_count: u64,
    /// Of these, delivered by their due date.
    pub in_time_count: u64,
    /// Of these, those that had a due date.
    pub with_due_count: u64,
    /// Days from receipt to delivery, the sum.
    pub days_sum: i64,
    /// The middle one of the days.
    pub days_median: i64,
    /// The most days.
    pub days_max: i64,
    /// Open requests whose due date has passed.
    pub overdue_count: u64,
    /// Open requests.
    pub open_count: u64,
}

/// One part of the worklist.
pub struct Worklist {
    /// Requests, due first; overdue ones stand at the top by that.
    pub listed: Vec<Listed>,
    /// How many stand in each part; hidden ones are counted, as totals are.
    pub counts: Vec<(Part, u64)>,
    /// How long requests take.
    pub turnaround: Turnaround,
    /// Today at the site.
    pub today: Date,
}

/// Requests in one part.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn worklist(store: &Store, context: &Context, part: Part) -> Result<Worklist, Error> {
    require(store, context, Right::Release)?;
    store.read(context, |view| {
        let zone = zone_in(view)?;
        let today = context.at.date_in(&zone);
        let requests = match part {
            Part::Ended => view.release_request_list_latest(part.states(), LISTED_MAX)?,
            _ => view.release_request_list(part.states(), LISTED_MAX)?,
        };
        let mut listed = Vec::with_capacity(requests.len());
        for request in requests {
            listed.push(listed_of(view, request)?);
        }
        let by_state = view.release_request_counts()?;
        let count = |part: &Part| {
            let of = by_state.iter().filter(|(state, _)| part.states().contains(state));
            (*part, of.map(|(_, count)| count.unsigned_abs()).sum())
        };
        let counts = Part::ALL.iter().map(count).collect();
        let from = today.saturating_sub(2.years());
        let turnaround = turnaround(&view.release_times(&from.to_string())?, today, &zone);
        let patients: Vec<_> = listed.iter().filter_map(|one| one.request.patient).collect();
        let entry = AuditEntry::new(context, "release.list", "release").patients(patients);
        Ok((Worklist { listed, counts, turnaround, today }, entry))
    })
}

fn listed_of(view: &mut View<'_>, request: ReleaseRequest) -> Result<Listed, Error> {
    let patient = match request.patient {
        Some(key) => {
            let survivor = view.patient_survivor(key)?;
            view.patient_row(survivor)?
        }
        None => None,
    };
    let work = view.work_about(super::WORK_KIND, request.id)?;
    let person = work.and_then(|work| work.assigned_to).map(|id| format!("person:{id}"));
    let assigned_to = match person {
        Some(key) => names(view, [key.as_str()].into_iter())?.remove(&key),
        None => None,
    };
    Ok(Listed { request, patient, assigned_to })
}

/// The dates of requests received since a day, for reports: nothing in them identifies a patient.
///
/// # Errors
/// When the store fails.
pub fn times(view: &mut View<'_>, received_from: Date) -> Result<Vec<ReleaseTimes>, Error> {
    Ok(view.release_times(&received_from.to_string())?)
}

/// Turnaround of what was delivered lately, and what is overdue now.
pub(crate) fn turnaround(times: &[ReleaseTimes], today: Date, zone: &TimeZone) -> Turnaround {
    let since = today.saturating_sub(TURNAROUND_DAYS.days());
    let mut found = Turnaround::default();
    let mut all_days = Vec::new();
    for one in times {
        let due: Option<Date> = one.due_on.as_ref().and_then(|day| day.parse().ok());
        if let Some(at) = one.delivered_at {
            let on = at.date_in(zone);
            let received: Option<Date> = one.received_on.parse().ok();
            if let Some(received) = received.filter(|_| on >= since) {
                all_days.push(i64::from((on - received).get_days()));
                found.with_due_count += u64::from(due.is_some());
                found.in_time_count += u64::from(due.is_some_and(|due| on <= due));
            }
        } else if one.ended_at.is_none() {
            found.open_count += 1;
            found.overdue_count += u64::from(due.is_some_and(|due| due < today));
        }
    }
    all_days.sort_unstable();
    found.delivered_count = all_days.len() as u64;
    found.days_sum = all_days.iter().sum();
    found.days_max = all_days.last().copied().unwrap_or(0);
    // The lower of the two in the middle, so that the figure is one that occurred.
    found.days_median = all_days.get(all_days.len().saturating_sub(1) / 2).copied().unwrap_or(0);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use record::Instant;
    use release::requester::RequesterKind;

    fn one(received: &str, due: Option<&str>, delivered: Option<&str>) -> ReleaseTimes {
        let at = |day: &str| Instant::parse(&format!("{day}T12:00:00Z")).unwrap();
        ReleaseTimes {
            id: 1,
            received_on: received.to_owned(),
            due_on: due.map(str::to_owned),
            logged_at: at(received),
            delivered_at: delivered.map(at),
            ended_at: None,
            state: StateName::Received,
            basis: None,
            requester: RequesterKind::Individual,
        }
    }

    #[test]
    fn turnaround_counts_what_was_delivered_lately() {
        let times = [
            one("2026-02-01", Some("2026-03-03"), Some("2026-02-05")),
            one("2026-01-01", Some("2026-01-31"), Some("2026-02-10")),
            one("2026-02-20", None, Some("2026-03-01")),
            one("2025-01-01", Some("2025-01-31"), Some("2025-01-20")),
            one("2026-01-15", Some("2026-02-14"), None),
            one("2026-03-01", Some("2026-03-31"), None),
        ];
        let found = turnaround(&times, date(2026, 3, 2), &TimeZone::UTC);
        let expected = Turnaround {
            delivered_count: 3,
            in_time_count: 1,
            with_due_count: 2,
            days_sum: 4 + 40 + 9,
            days_median: 9,
            days_max: 40,
            overdue_count: 1,
            open_count: 2,
        };
        assert_eq!(found, expected);
    }
}
