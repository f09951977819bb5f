//! Where a finding is mended.

use crate::Error;
use crate::access::Right;
use record::{PatientKey, ResourceKey};
use store::quality::QualityFinding;
use store::{ResourceRow, View};

/// A place of the workbench where a row can be put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The demographics of a patient, at registration.
    Demographics(PatientKey),
    /// The times, class and disposition of an encounter, at registration.
    Encounter(ResourceKey),
    /// The discharge of an encounter that is open.
    Discharge(ResourceKey),
    /// A pair of records, at identity.
    Pair(i64),
    /// The search for possible duplicates, at identity.
    Identity,
    /// A document's index.
    Document(String),
    /// The form that corrects an entry.
    Correction(ResourceKey),
    /// An entry with its history and what can be done with it.
    Entry(ResourceKey),
    /// The coding of an encounter.
    Coding(i64),
    /// The list of encounters to be coded.
    CodingDesk,
}

impl Place {
    /// What one does there.
    pub fn label(&self) -> &'static str {
        match self {
            Place::Demographics(_) => "Correct demographics",
            Place::Encounter(_) => "Correct the encounter",
            Place::Discharge(_) => "Discharge",
            Place::Pair(_) => "Compare the two records",
            Place::Identity => "Look for duplicates",
            Place::Document(_) => "Open the document's index",
            Place::Correction(_) => "Correct the entry",
            Place::Entry(_) => "Open the entry",
            Place::Coding(_) => "Open its coding",
            Place::CodingDesk => "Open the coding desk",
        }
    }

    /// What one needs there.
    pub fn right(&self) -> Right {
        match self {
            Place::Demographics(_) | Place::Encounter(_) | Place::Discharge(_) => Right::Register,
            Place::Pair(_) | Place::Identity => Right::IdentityDecide,
            Place::Document(_) => Right::DocumentIndex,
            Place::Correction(_) => Right::EntryWrite,
            Place::Entry(_) => Right::ChartRead,
            Place::Coding(_) | Place::CodingDesk => Right::Code,
        }
    }
}

/// Where this finding is mended, the likeliest place first.
pub(super) fn places(
    view: &mut View<'_>,
    finding: &QualityFinding,
    row: &ResourceRow,
) -> Result<Vec<Place>, Error> {
    let (patient, key) = (Place::Demographics(finding.patient), finding.resource);
    let encounter = Place::Encounter(key);
    Ok(match finding.check.as_str() {
        "name_placeholder"
        | "birth_date_missing"
        | "birth_date_impossible"
        | "death_before_birth" => vec![patient],
        "mrn_shared" | "patients_alike" => match pair_of(view, finding.patient)? {
            Some(pair) => vec![Place::Pair(pair), patient],
            None => vec![Place::Identity, patient],
        },
        "death_not_recorded" | "care_before_birth" => vec![patient, encounter],
        "care_after_death" => vec![encounter, patient],
        "stay_open_too_long" => vec![Place::Discharge(key), encounter],
        "discharge_before_admission" | "stays_overlap" | "disposition_missing" => vec![encounter],
        "principal_diagnosis_faulty" => match view.coding_about(key)? {
            Some(work) => vec![Place::Coding(work)],
            None => vec![Place::CodingDesk],
        },
        _ => entry_places(view, key, row)?,
    })
}

/// A document is indexed anew, an entry with a form is corrected, another is opened.
fn entry_places(
    view: &mut View<'_>,
    key: ResourceKey,
    row: &ResourceRow,
) -> Result<Vec<Place>, Error> {
    if let Some(document) = view.document_of_resource(key)? {
        return Ok(vec![Place::Document(document.public_id), Place::Entry(key)]);
    }
    let value = view.resource_value(row)?;
    Ok(match exchange::fhir::build::EntryKind::of(&value) {
        Some(_) => vec![Place::Correction(key), Place::Entry(key)],
        None => vec![Place::Entry(key)],
    })
}

/// The likeliest pair that this patient stands in and that is to be judged.
fn pair_of(view: &mut View<'_>, patient: PatientKey) -> Result<Option<i64>, Error> {
    let pairs = view.duplicate_list(&["open", "in-review", "waiting", "to-merge"], 100_000)?;
    let of_patient = |pair: &identity::Pair| pair.low == patient || pair.high == patient;
    Ok(pairs.into_iter().find(|row| of_patient(&row.pair)).map(|row| row.id))
}
