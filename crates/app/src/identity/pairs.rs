//! Possible duplicates listed, and the two records of one side by side.

use crate::Error;
use crate::access::{Right, require};
use crate::entry::names;
use identity::{Comparison, Person, compare};
use record::{Context, PatientKey};
use std::collections::BTreeMap;
use store::find::PatientRow;
use store::identity::{DuplicateEvent, DuplicatePair};
use store::{AuditEntry, Store, View};

/// Pairs that one page lists.
pub const PAIRS_MAX: i64 = 200;

/// Parts of the list of possible duplicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// To be judged.
    Open,
    /// Could not be told yet.
    Waiting,
    /// Judged one person, and merged.
    Merged,
    /// Judged two people.
    Different,
}

impl Part {
    /// Every part, in the order of the tabs.
    pub const ALL: &'static [Part] = &[Part::Open, Part::Waiting, Part::Merged, Part::Different];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Open => "open",
            Part::Waiting => "waiting",
            Part::Merged => "merged",
            Part::Different => "different",
        }
    }

    /// The word on the tab.
    pub fn label(self) -> &'static str {
        match self {
            Part::Open => "To judge",
            Part::Waiting => "Not sure",
            Part::Merged => "Merged",
            Part::Different => "Not the same",
        }
    }

    /// Reads the word of an address.
    pub fn parse(text: &str) -> Option<Part> {
        Part::ALL.iter().copied().find(|part| part.as_str() == text)
    }

    /// The states in it.
    pub fn states(self) -> &'static [&'static str] {
        match self {
            Part::Open => &["open", "in-review", "to-merge"],
            Part::Waiting => &["waiting"],
            Part::Merged => &["merged"],
            Part::Different => &["different"],
        }
    }
}

/// A pair as the list shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The pair.
    pub pair: DuplicatePair,
    /// The two records.
    pub patients: [PatientRow; 2],
}

/// How the whole index stands.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Pairs in each state.
    pub counts: Vec<(String, i64)>,
    /// Records in pairs that are not closed.
    pub records_in_pairs: i64,
    /// Records of patients that are not merged into another.
    pub records_count: i64,
}

/// Lists pairs, the likeliest first.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn list(
    store: &Store,
    context: &Context,
    part: Part,
) -> Result<(Standing, Vec<Listed>), Error> {
    require(store, context, Right::IdentityDecide)?;
    store.read(context, |view| {
        let (counts, records_in_pairs) = view.duplicate_counts()?;
        let records_count = view.patient_count()?.0;
        let mut listed = Vec::new();
        for pair in view.duplicate_list(part.states(), PAIRS_MAX)? {
            let low = view.patient_to_decide(pair.pair.low)?;
            let high = view.patient_to_decide(pair.pair.high)?;
            if let (Some((low, _)), Some((high, _))) = (low, high) {
                listed.push(Listed { pair, patients: [low, high] });
            }
        }
        let patients = listed.iter().flat_map(|one| one.patients.iter().map(|row| row.patient));
        let entry = AuditEntry::new(context, "identity.list", part.as_str()).patients(patients);
        Ok(((Standing { counts, records_in_pairs, records_count }, listed), entry))
    })
}

/// One of the two records of a pair.
#[derive(Clone, Debug)]
pub struct Side {
    /// The patient as a list shows one.
    pub patient: PatientRow,
    /// What identifies the patient.
    pub person: Person,
    /// Entries that this person may see, by type.
    pub counts: Vec<(String, i64)>,
    /// The record under which it is found today.
    pub survivor: PatientKey,
}

/// The two records of a pair side by side, with the reasons.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The pair.
    pub pair: DuplicatePair,
    /// Its records, the older one first.
    pub sides: [Side; 2],
    /// How they compare now.
    pub comparison: Comparison,
    /// What happened to the pair, the newest first.
    pub events: Vec<DuplicateEvent>,
    /// Who acted, by the key of the actor.
    pub names: BTreeMap<String, String>,
}

/// Opens a pair. What the decision needs is shown whatever its labels, and that is audited.
///
/// # Errors
/// [`Error::NotFound`] where there is no such pair.
pub fn compared(store: &Store, context: &Context, id: i64) -> Result<Compared, Error> {
    require(store, context, Right::IdentityDecide)?;
    store.read(context, |view| {
        let pair = view.duplicate(id)?.ok_or(Error::NotFound)?;
        let sides = [side(view, pair.pair.low)?, side(view, pair.pair.high)?];
        let comparison = compare(&sides[0].person, &sides[1].person);
        let events = view.duplicate_events(&pair)?;
        let names = names(view, events.iter().map(|event| event.actor.as_str()))?;
        let entry = AuditEntry::new(context, "identity.open", format!("duplicate/{id}"))
            .patients([pair.pair.low, pair.pair.high]);
        Ok((Compared { pair, sides, comparison, events, names }, entry))
    })
}

fn side(view: &mut View<'_>, patient: PatientKey) -> Result<Side, Error> {
    let (row, person) = view.patient_to_decide(patient)?.ok_or(Error::NotFound)?;
    let (counts, survivor) = (view.chart_counts(patient)?, view.patient_survivor(patient)?);
    Ok(Side { patient: row, person, counts, survivor })
}
