//! Labels of the sensitive classes, put by hand on a chart, on one encounter of it with all that
//! belongs to it, or on one entry.

use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::entry::names;
use crate::people::field;
use record::{Context, Instant, LabelMask, PatientKey, ResourceKey, SensitiveClass};
use std::collections::BTreeMap;
use store::label::Label;
use store::{AuditEntry, Store, View};

/// Every label that a chart ever had, with when and by whom it was ended.
pub type History = Vec<(Label, Option<(Instant, String)>)>;

/// The entry on which a label is about to be put.
#[derive(Clone, Debug)]
pub struct On {
    /// The entry.
    pub entry: ResourceKey,
    /// Its content in words.
    pub title: String,
    /// Of an Encounter: how many entries and documents belong to it, on which the label stands too.
    pub covers: Option<i64>,
}

/// What the page of a chart's labels shows.
#[derive(Clone)]
pub struct Labels {
    /// Whose chart.
    pub identity: Identity,
    /// Every label that it ever had.
    pub history: History,
    /// Names of who put and ended them, by the keys that stand there.
    pub names: BTreeMap<String, String>,
    /// The entry that was asked for.
    pub on: Option<On>,
}

/// A chart's labels and their history; with an entry of it, what a label on that would cover.
///
/// # Errors
/// [`Error::NotFound`] where the patient or the entry is not there, or hidden.
pub fn list(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    entry: Option<ResourceKey>,
) -> Result<Labels, Error> {
    require(store, context, Right::Label)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let members = view.patient_members(identity.patient.patient)?;
        let mut history = Vec::new();
        for member in &members {
            history.extend(view.label_history(*member)?);
        }
        history.sort_by_key(|(label, _)| std::cmp::Reverse(label.id));
        let ends = history.iter().filter_map(|(_, ended)| ended.as_ref().map(|(_, by)| by));
        let keys = history.iter().map(|(label, _)| &label.actor).chain(ends);
        let names = names(view, keys.map(String::as_str))?;
        let on = entry.map(|entry| on_entry(view, entry, &members)).transpose()?;
        let entry = AuditEntry::new(context, "label.list", format!("patient/{}", patient.0));
        Ok((Labels { identity, history, names, on }, entry.patients([patient])))
    })
}

fn on_entry(view: &mut View<'_>, entry: ResourceKey, members: &[PatientKey]) -> Result<On, Error> {
    let row = view.resource_by_key(entry)?.ok_or(Error::NotFound)?;
    if !row.patient.is_some_and(|of| members.contains(&of)) {
        return Err(Error::NotFound);
    }
    let covers = match &row.kind[..] {
        "Encounter" => Some(view.encounter_count(&row.fhir_id)?),
        _ => None,
    };
    let title = exchange::fhir::render(&view.resource_value(&row)?).title;
    Ok(On { entry, title, covers })
}

/// Puts a label on the whole chart, or on one entry of it: on an Encounter, it stands on all that
/// belongs to it too. Tells whether one may still see the
/// chart afterwards.
///
/// # Errors
/// [`Error::Invalid`] names the fields; [`Error::Conflict`] when it stands there already.
pub fn put(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    entry: Option<ResourceKey>,
    class: Option<SensitiveClass>,
    source: &str,
) -> Result<bool, Error> {
    require(store, context, Right::Label)?;
    store.look(context, |view| view.patient_row(patient))?.ok_or(Error::NotFound)?;
    let mut errors = Vec::new();
    if class.is_none() {
        errors.push(field("class", "Choose the class."));
    }
    if source.trim().is_empty() {
        errors.push(field("source", "Say where it comes from: a unit, a notice, a request."));
    }
    let Some(class) = class.filter(|_| errors.is_empty()) else {
        return Err(Error::Invalid(errors));
    };
    store.write(context, |transaction| {
        transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
        let (mut of, mut on) = (patient, "chart");
        if let Some(key) = entry {
            let row = transaction.resource_by_key(key)?.ok_or(Error::NotFound)?;
            // An entry of a record that was merged into this one stands in its own record.
            of = row.patient.ok_or(Error::NotFound)?;
            if of != patient && !transaction.patient_members(patient)?.contains(&of) {
                return Err(Error::NotFound);
            }
            on = if row.kind == "Encounter" { "encounter" } else { "entry" };
        }
        let same = |label: &Label| label.class == class && label.resource == entry;
        if transaction.label_list(of)?.iter().any(same) {
            return Err(Error::Conflict("This label stands there already.".into()));
        }
        let label = transaction.label_put(of, entry, class, source.trim())?;
        let audit = AuditEntry::new(context, "label.put", format!("label/{label}"));
        let detail = match entry {
            Some(key) => {
                format!(r#"{{"class":"{}","on":"{on}/{}"}}"#, class.as_str(), key.0)
            }
            None => format!(r#"{{"class":"{}","on":"{on}"}}"#, class.as_str()),
        };
        transaction.audit(&audit.patients([of]).detail(detail))?;
        let opened = context.opened.contains(&patient);
        let hides = entry.is_none() && !LabelMask::of(class).is_within(context.cleared);
        Ok(opened || !hides)
    })
}

/// Ends a label. It stays in the history.
///
/// # Errors
/// [`Error::NotFound`] where the chart is hidden, or has no such label in force.
pub fn end(store: &Store, context: &Context, patient: PatientKey, label: i64) -> Result<(), Error> {
    require(store, context, Right::Label)?;
    store.write(context, |transaction| {
        transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
        let mut of = None;
        for member in transaction.patient_members(patient)? {
            let labels = transaction.label_list(member)?;
            of = of.or(labels.iter().any(|known| known.id == label).then_some(member));
        }
        let of = of.ok_or(Error::NotFound)?;
        transaction.label_end(label)?;
        let audit = AuditEntry::new(context, "label.end", format!("label/{label}"));
        Ok(transaction.audit(&audit.patients([of]))?)
    })
}
