//! What is left of a destroyed chart: the card of the master patient index, the encounters and
//! operations that the registers keep, and where the certificate stands.

use super::day_text;
use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::entry::{names, zone_in};
use exchange::fhir::render_in;
use integrity::schedule::Governing;
use record::{Context, PatientKey};
use std::collections::BTreeMap;
use store::{AuditEntry, Store};

/// A line of a register: what it was, and when.
#[derive(Clone, Debug)]
pub struct CardLine {
    /// The encounter, or the operation.
    pub title: String,
    /// When.
    pub date_text: String,
    /// Whether it is an operation.
    pub is_surgery: bool,
}

/// The card of a destroyed chart.
#[derive(Clone, Debug)]
pub struct Card {
    /// Whose.
    pub identity: Identity,
    /// The destruction.
    pub case: i64,
    /// When the chart was destroyed.
    pub destroyed_on: String,
    /// The classes under which it was, the longest first.
    pub governing: Vec<Governing>,
    /// Who carried it out.
    pub by: String,
    /// Who witnessed it.
    pub witness: String,
    /// What the registers keep.
    pub lines: Vec<CardLine>,
    /// Whether something came to the chart since.
    pub has_more: bool,
}

/// The card of a patient whose chart was destroyed; none where it was not.
///
/// # Errors
/// [`Error::NotFound`] where the patient is not there, or hidden.
pub fn card(store: &Store, context: &Context, patient: PatientKey) -> Result<Option<Card>, Error> {
    require(store, context, Right::ChartRead)?;
    let known = store.look(context, |view| {
        let patient = view.patient_survivor(patient)?;
        Ok::<_, Error>(match view.patient_row(patient)? {
            Some(_) => view.destruction_of(patient)?.is_some(),
            None => false,
        })
    })?;
    if !known {
        return Ok(None);
    }
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let patient = identity.patient.patient;
        let case = view.destruction_of(patient)?.ok_or(Error::NotFound)?;
        let carried = case.body.state.carried().ok_or(Error::NotFound)?.clone();
        let members = view.patient_group(patient)?;
        let zone = zone_in(view)?;
        let mut lines = Vec::new();
        for row in view.chart_list(patient, &["Encounter", "Procedure"], 500)? {
            let shown = render_in(&view.resource_value(&row)?, &zone);
            let is_surgery = row.kind == "Procedure";
            lines.push(CardLine { title: shown.title, date_text: shown.date_text, is_surgery });
        }
        let keys = [carried.by.key(), carried.witness.key()];
        let names = names(view, keys.iter().map(String::as_str))?;
        let [by, witness] = keys.map(|key| names.get(&key).cloned().unwrap_or(key));
        let card = Card {
            case: case.id,
            destroyed_on: day_text(carried.at, &zone),
            governing: case.body.governing.clone(),
            by,
            witness,
            lines,
            has_more: view.chart_came_after(&members, case.newest)?,
            identity,
        };
        let entry = AuditEntry::new(context, "chart.card", format!("patient/{}", patient.0));
        Ok((Some(card), entry.patients([patient])))
    })
}

/// Which of these patients' charts were destroyed, with the day and the rule, for a list.
///
/// # Errors
/// [`Error::Forbidden`] without the right to find patients.
pub fn destroyed_among(
    store: &Store,
    context: &Context,
    patients: &[PatientKey],
) -> Result<BTreeMap<PatientKey, String>, Error> {
    require(store, context, Right::PatientFind)?;
    store.look(context, |view| {
        let zone = zone_in(view)?;
        let mut found = BTreeMap::new();
        for patient in patients {
            let Some(case) = view.destruction_of(*patient)? else { continue };
            let on = case.destroyed_at.map(|at| day_text(at, &zone)).unwrap_or_default();
            let rule = case.body.governing.first().map(|one| one.citation.to_string());
            let under = rule.map(|rule| format!(" under {rule}")).unwrap_or_default();
            found.insert(*patient, format!("chart destroyed on {on}{under}"));
        }
        Ok(found)
    })
}
