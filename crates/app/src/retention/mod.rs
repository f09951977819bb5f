//! Retention: charts whose time has ended, and their destruction by two persons, from the list to
//! the certificate.

mod act;
mod card;
mod certificate;
mod standing;

pub use act::{Act, Outcome, Paper, act, propose};
pub use card::{Card, CardLine, card, destroyed_among};
pub use certificate::{Certificate, certificate};
pub use standing::Standing;

use crate::access::{Right, require};
use crate::entry::{names, zone_in};
use crate::{Error, rules};
use integrity::schedule::last_day_to_ask;
use integrity::{DestructionState, RetentionClass};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::{Context, Instant, PatientKey};
use std::collections::BTreeMap;
use store::destruction_case::{DestructionCase, DestructionEvent};
use store::find::PatientRow;
use store::{AuditEntry, Store, View};

/// Charts that a page of the list shows.
pub const CHARTS_MAX: usize = 50;
/// Destructions that a page shows.
pub const CASES_MAX: i64 = 100;
/// Candidates read at once.
const CANDIDATES_AT_ONCE: i64 = 200;
/// Candidates weighed for one page: those whose time was made longer are passed over.
const WEIGHED_MAX: i64 = 2_000;

/// Destructions by how they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Waits for a second person.
    Proposed,
    /// Waits to be carried out.
    Approved,
    /// Carried out, and does not reconcile.
    Incomplete,
    /// Destroyed.
    Destroyed,
    /// Rejected or stopped: the chart is whole.
    Ended,
}

impl Part {
    /// Every part, in the order of the tabs.
    pub const ALL: &'static [Part] =
        &[Part::Proposed, Part::Approved, Part::Incomplete, Part::Destroyed, Part::Ended];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Proposed => "proposed",
            Part::Approved => "approved",
            Part::Incomplete => "incomplete",
            Part::Destroyed => "destroyed",
            Part::Ended => "ended",
        }
    }

    /// The word on the tab.
    pub fn label(self) -> &'static str {
        match self {
            Part::Proposed => "To approve",
            Part::Approved => "To carry out",
            Part::Incomplete => "Do not reconcile",
            Part::Destroyed => "Destroyed",
            Part::Ended => "Rejected or stopped",
        }
    }

    /// The states in it.
    pub fn states(self) -> &'static [&'static str] {
        match self {
            Part::Proposed => &["proposed"],
            Part::Approved => &["approved"],
            Part::Incomplete => &["incomplete"],
            Part::Destroyed => &["destroyed"],
            Part::Ended => &["rejected", "stopped"],
        }
    }

    /// Reads the word of an address.
    pub fn parse(text: &str) -> Option<Part> {
        Part::ALL.iter().copied().find(|part| part.as_str() == text)
    }
}

/// A chart whose retention has ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Whose.
    pub patient: PatientRow,
    /// Classes, day, holdings, and what stops a destruction.
    pub standing: Standing,
}

/// A page of charts whose retention has ended.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The charts.
    pub charts: Vec<Ended>,
    /// How many more of this stretch may not be seen.
    pub withheld_count: u64,
    /// Where the next page begins.
    pub next: Option<PatientKey>,
    /// Charts with an encounter after this day were not weighed; none where a class keeps every
    /// chart for ever, or none governs charts.
    pub asked_until: Option<Date>,
    /// Destructions by state.
    pub counts: Vec<(String, i64)>,
}

/// What a reading of retention needs of the site.
pub(super) struct Site {
    pub classes: Vec<RetentionClass>,
    pub zone: TimeZone,
    pub today: Date,
}

pub(super) fn site_in(view: &mut View<'_>) -> Result<Site, Error> {
    let zone = zone_in(view)?;
    let today = view.context().at.date_in(&zone);
    let classes = rules::retention_classes(view, today)?;
    Ok(Site { classes: classes.into_iter().map(|one| one.rule).collect(), zone, today })
}

/// Charts whose retention has ended, by the order in which they came, after this one.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn list(store: &Store, context: &Context, after: PatientKey) -> Result<Listing, Error> {
    require(store, context, Right::Retention)?;
    store.read(context, |view| {
        let site = site_in(view)?;
        let mut listing = Listing {
            charts: Vec::new(),
            withheld_count: 0,
            next: None,
            asked_until: last_day_to_ask(&site.classes, site.today),
            counts: view.destruction_counts()?,
        };
        if let Some(day) = listing.asked_until {
            weigh(view, &site, day, after, &mut listing)?;
        }
        let entry = AuditEntry::new(context, "retention.list", "retention")
            .patients(listing.charts.iter().map(|one| one.patient.patient));
        Ok((listing, entry))
    })
}

fn weigh(
    view: &mut View<'_>,
    site: &Site,
    day: Date,
    after: PatientKey,
    listing: &mut Listing,
) -> Result<(), Error> {
    let (mut after, mut weighed) = (after, 0);
    loop {
        let before = standing::end_of(day, &site.zone);
        let page = view.retention_page(before, after, CANDIDATES_AT_ONCE)?;
        for patient in &page {
            if listing.charts.len() == CHARTS_MAX || weighed == WEIGHED_MAX {
                listing.next = Some(after);
                return Ok(());
            }
            (after, weighed) = (*patient, weighed + 1);
            let standing = standing::standing_in(view, *patient, site)?;
            if !standing.is_ended(site.today) {
                continue;
            }
            let row = match view.chart_withheld(&standing.members)? {
                true => None,
                false => view.patient_row(*patient)?,
            };
            match row {
                Some(patient) => listing.charts.push(Ended { patient, standing }),
                None => listing.withheld_count += 1,
            }
        }
        if page.len() < CANDIDATES_AT_ONCE as usize {
            return Ok(());
        }
    }
}

/// Destructions that stand so, with whose charts they are, the newest first, before this id.
pub type Cases = Vec<(DestructionCase, PatientRow)>;

/// Destructions in one part, and how many stand in each state.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn cases(
    store: &Store,
    context: &Context,
    part: Part,
    before: Option<i64>,
) -> Result<(Cases, Vec<(String, i64)>), Error> {
    require(store, context, Right::Retention)?;
    store.read(context, |view| {
        let before = before.unwrap_or(i64::MAX);
        let mut cases = view.destruction_list(part.states(), before, CASES_MAX)?;
        let mut seen = Vec::with_capacity(cases.len());
        for one in cases.drain(..) {
            let members = view.patient_group(one.0.patient)?;
            if !view.chart_withheld(&members)? {
                seen.push(one);
            }
        }
        let entry = AuditEntry::new(context, "retention.cases", part.as_str())
            .patients(seen.iter().map(|(case, _)| case.patient));
        Ok(((seen, view.destruction_counts()?), entry))
    })
}

/// A destruction as its page shows it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The destruction.
    pub case: DestructionCase,
    /// Whose chart.
    pub patient: PatientRow,
    /// How the chart stands now, while it is whole and the destruction under way.
    pub now: Option<Standing>,
    /// What happened, the newest first.
    pub events: Vec<DestructionEvent>,
    /// Names of those who acted.
    pub names: BTreeMap<String, String>,
    /// The site's zone.
    pub zone: TimeZone,
}

/// Opens a destruction.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or anything of its chart is hidden.
pub fn open(store: &Store, context: &Context, id: i64) -> Result<Opened, Error> {
    require(store, context, Right::Retention)?;
    store.read(context, |view| {
        let opened = opened_in(view, id)?;
        let entry = AuditEntry::new(context, "retention.open", format!("destruction/{id}"));
        let patient = opened.case.patient;
        Ok((opened, entry.patients([patient])))
    })
}

fn opened_in(view: &mut View<'_>, id: i64) -> Result<Opened, Error> {
    let (case, patient) = case_in(view, id)?;
    let site = site_in(view)?;
    let now = match case.body.state {
        DestructionState::Proposed { .. } | DestructionState::Approved { .. } => {
            Some(standing::standing_in(view, case.patient, &site)?)
        }
        DestructionState::Destroyed { .. }
        | DestructionState::Incomplete { .. }
        | DestructionState::Rejected { .. }
        | DestructionState::Stopped { .. } => None,
    };
    let events = view.destruction_events(id)?;
    let names = names(view, events.iter().map(|event| event.actor.as_str()))?;
    Ok(Opened { case, patient, now, events, names, zone: site.zone })
}

/// A destruction whose whole chart this context may see.
pub(super) fn case_in(
    view: &mut View<'_>,
    id: i64,
) -> Result<(DestructionCase, PatientRow), Error> {
    let case = view.destruction(id)?.ok_or(Error::NotFound)?;
    let members = view.patient_group(case.patient)?;
    let patient = view.patient_row(case.patient)?.ok_or(Error::NotFound)?;
    match view.chart_withheld(&members)? {
        true => Err(Error::NotFound),
        false => Ok((case, patient)),
    }
}

/// The day of an instant at the site, for people.
pub(super) fn day_text(at: Instant, zone: &TimeZone) -> String {
    at.date_in(zone).strftime("%-d %b %Y").to_string()
}
