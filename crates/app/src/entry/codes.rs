//! Diagnosis codes found by words while a diagnosis is typed.

use crate::Error;
use crate::access::{Right, require};
use coding::codeset::{CodeSets, System};
use coding::search::{Query, Search};
use record::Context;
use std::sync::OnceLock;
use store::Store;

/// Codes that the list shows.
const CODES_MAX: usize = 12;

/// Codes of ICD-10-CM that fit what was typed and can be reported today, with their titles.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn diagnosis_codes(
    store: &Store,
    context: &Context,
    text: &str,
) -> Result<Vec<(String, String)>, Error> {
    static SEARCH: OnceLock<Search> = OnceLock::new();
    require(store, context, Right::EntryWrite)?;
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let zone = super::place(store, context)?.zone;
    let search = SEARCH.get_or_init(|| Search::new(&CodeSets::embedded()));
    let query = Query {
        text,
        system: Some(System::Icd10Cm),
        on: context.at.date_in(&zone),
        limit: CODES_MAX,
        include_not_reportable: false,
    };
    let hits = search.search(&query).into_iter();
    Ok(hits.map(|hit| (dotted(&hit.code), hit.title)).collect())
}

/// `E119` as people write it: `E11.9`.
fn dotted(code: &str) -> String {
    match code.split_at_checked(3) {
        Some((head, tail)) if !tail.is_empty() => format!("{head}.{tail}"),
        _ => code.to_owned(),
    }
}
