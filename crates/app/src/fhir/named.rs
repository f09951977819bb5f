//! References that are searches (`Patient?identifier=…`), of a client from which something is
//! hidden: each becomes the id of the one resource that this client sees by it, as a server does
//! with conditional references (FHIR R4, 3.1.0.11.3).
//!
//! What the store has learnt of such a name, or finds by it, counts hidden resources too: whether
//! the entry is then taken would tell of them.

use super::query::{Handling, Query};
use super::{Error, parameters};
use serde_json::Value;
use store::{Prepared, ResourceRow, Transaction};

/// The searches that say whose an entry is, or of which encounter.
fn searches(prepared: &Prepared) -> Vec<String> {
    let projection = &prepared.projection;
    let names = projection.patient_names.iter().chain(&projection.encounter_names);
    names.filter(|name| name.contains("?identifier=")).cloned().collect()
}

/// Whether an entry says whose it is by a search.
pub(super) fn has_searches(prepared: &Prepared) -> bool {
    !searches(prepared).is_empty()
}

/// The entry with ids in the place of searches. A name under which the entry stands already where
/// it stands remains.
pub(super) fn with_ids(
    transaction: &mut Transaction<'_>,
    prepared: &Prepared,
    mut value: Value,
    existing: Option<&ResourceRow>,
) -> Result<Prepared, Error> {
    for name in searches(prepared) {
        if stands(transaction, &name, existing)? {
            continue;
        }
        let found = found_by(transaction, &name)?;
        replace(&mut value, &name, &format!("{}/{}", found.kind, found.fhir_id));
    }
    Ok(Prepared::new(&value, None)?)
}

/// Whether it is by this name that the entry is where it is.
fn stands(
    transaction: &mut Transaction<'_>,
    name: &str,
    existing: Option<&ResourceRow>,
) -> Result<bool, Error> {
    let (Some(row), Some(target)) = (existing, transaction.alias(name)?) else {
        return Ok(false);
    };
    Ok(match &target.kind[..] {
        "Patient" => row.patient.is_some() && transaction.patient_key(&target.id)? == row.patient,
        _ => row.encounter.as_deref() == Some(&target.id),
    })
}

/// The one resource that this client sees by a search.
fn found_by(transaction: &mut Transaction<'_>, name: &str) -> Result<ResourceRow, Error> {
    let (kind, text) = name.split_once('?').unwrap_or((name, ""));
    let query = Query::read(transaction, kind, &parameters(text), Handling::Strict)?;
    let mut search = query.search(i64::MAX);
    search.limit = 1;
    let page = transaction.search(&search)?;
    let what = if kind == "Patient" { "patient" } else { "encounter" };
    let refused = |reason: String| Err(Error::Unprocessable(reason));
    match (page.matches.into_iter().next(), page.next) {
        (Some(found), None) => Ok(found.row),
        (Some(_), Some(_)) => refused(format!(
            "More than one {what} has the identifier by which this refers to it. Refer by the id."
        )),
        (None, _) => refused(format!(
            "The {what} to whom this refers is not held here. Create the {what} first."
        )),
    }
}

/// Puts an id in the place of a search, wherever it stands in the entry.
fn replace(value: &mut Value, name: &str, id: &str) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                match value {
                    Value::String(text) if member == "reference" && text == name => {
                        id.clone_into(text);
                    }
                    other => replace(other, name, id),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| replace(value, name, id)),
        _ => {}
    }
}
