//! Taking everything out: current versions as NDJSON, a file a type, with the id map.

use crate::Error;
use crate::access::{Right, require};
use record::Context;
use serde_json::Value;
use std::collections::BTreeMap;
use store::{AuditEntry, ResourceRow, Store, View};

/// Resources read in one look.
const PAGE: i64 = 1000;

/// Writes every current version, by type and id, through `write(file, line)`; then the id map.
/// Returns how many of each type.
///
/// # Errors
/// [`Error::Forbidden`] without the right; [`Error::Internal`] when reading or writing fails.
pub fn run(
    store: &Store,
    context: &Context,
    write: &mut dyn FnMut(&str, &str) -> std::io::Result<()>,
) -> Result<BTreeMap<String, u64>, Error> {
    require(store, context, Right::Export)?;
    let entry = AuditEntry::new(context, "export", "store");
    store.write(context, |transaction| transaction.audit(&entry))?;
    let failed = |error: std::io::Error| Error::Internal(format!("export: {error}"));
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = store.look(context, |view| {
            let rows = view.resource_page(after, PAGE)?;
            rows.iter()
                .map(|row| Ok((row.clone(), exported(view, row)?)))
                .collect::<Result<Vec<_>, store::Error>>()
        })?;
        let Some((last, _)) = page.last() else { break };
        after = last.resource.0;
        for (row, value) in &page {
            *counts.entry(row.kind.clone()).or_default() += 1;
            write(&format!("{}.ndjson", row.kind), &value.to_string()).map_err(failed)?;
        }
    }
    let mut aliases = Vec::new();
    store.look(context, |view| {
        view.alias_each(&mut |from, to| {
            aliases.push(serde_json::json!({"from": from, "to": to.to_string()}).to_string());
            Ok(())
        })
    })?;
    for line in &aliases {
        write("id-map.ndjson", line).map_err(failed)?;
    }
    Ok(counts)
}

/// A current version, in which each name that the id map knows by now has become its id: what
/// comes out is the same whatever came in first.
fn exported(view: &mut View<'_>, row: &ResourceRow) -> Result<Value, store::Error> {
    let mut value = view.resource_value(row)?;
    let mut known = BTreeMap::new();
    for text in exchange::fhir::references(&value) {
        let is_name = text.starts_with("urn:") || text.contains('?');
        if !is_name || known.contains_key(text) {
            continue;
        }
        if let Some(target) = view.alias(text)? {
            known.insert(text.to_owned(), target.to_string());
        }
    }
    if !known.is_empty() {
        exchange::fhir::rewrite_references(&mut value, &|text| known.get(text).cloned());
    }
    Ok(value)
}
