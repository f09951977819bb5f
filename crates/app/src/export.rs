//! Taking everything out: current versions as NDJSON, a file a type, with the id map.

use crate::Error;
use crate::access::{Right, require};
use record::Context;
use std::collections::BTreeMap;
use store::{AuditEntry, Store};

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
                .map(|row| Ok((row.clone(), view.resource_value(row)?)))
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
