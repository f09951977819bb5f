//! Searching a type: page by page, with what the matches refer to.

use super::Later;
use super::access::Doing;
use super::page::{After, Sealed, open, seal};
use super::query::{Query, Total};
use super::read::Resource;
use super::{Caller, Error, Handling};
use exchange::fhir::parameter_references;
use record::Reference;
use std::collections::BTreeSet;
use store::search::{Found, FoundPage};
use store::{AuditEntry, Store, View};

/// Resources that `_include` may add to a page.
const INCLUDED_MAX: usize = 1000;

/// Why a resource is in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Included {
    /// It matches.
    Match,
    /// A match refers to it.
    Reference,
}

/// The answer to a search.
pub struct Answer {
    /// Matches in order, then what was included.
    pub resources: Vec<(Resource, Included)>,
    /// How many match in all, where that was counted.
    pub total: Option<u64>,
    /// What was left out, and why.
    pub warnings: Vec<String>,
    /// The parameters that were used, where an address may show them.
    pub shown: Option<Vec<(String, String)>>,
    /// The sealed address of this search, where an address may not show its parameters.
    pub sealed: Option<String>,
    /// The sealed address of the next page.
    pub next: Option<String>,
}

/// The parameter that carries a sealed address.
pub const PAGE_PARAMETER: &str = "_page";

/// Carries out a search, or goes on with one by its sealed address.
///
/// # Errors
/// [`Error::Unreadable`] for values that can't be read, and for unknown parameters where they are
/// handled strictly.
pub fn search(
    store: &Store,
    caller: &Caller,
    kind: &str,
    parameters: Vec<(String, String)>,
    handling: Handling,
) -> Result<Later<Answer>, Error> {
    caller.require(store, Doing::Read, kind)?;
    let result = carry_out(store, caller, kind, parameters, handling);
    super::write::audited(store, caller, "fhir.search", kind, result)
}

fn carry_out(
    store: &Store,
    caller: &Caller,
    kind: &str,
    parameters: Vec<(String, String)>,
    handling: Handling,
) -> Result<Later<Answer>, Error> {
    let page = parameters.iter().find(|(name, _)| name == PAGE_PARAMETER);
    let (parameters, after) = match page {
        Some((_, sealed)) => {
            let page = open(store, caller, sealed)?;
            if page.kind != kind {
                return Err(Error::invalid("This address of a page is of another type."));
            }
            (page.parameters, page.after)
        }
        None => (caller.localized(parameters), None),
    };
    let answer = store.read_later(&caller.context, |view| {
        let query = Query::read(view, kind, &parameters, handling)?;
        answer(store, view, caller, &query, after.as_ref())
    })?;
    Ok(answer.map(Ok))
}

fn answer(
    store: &Store,
    view: &mut View<'_>,
    caller: &Caller,
    query: &Query,
    after: Option<&After>,
) -> Result<(Answer, AuditEntry), Error> {
    let bound = match after {
        Some(after) => after.bound(),
        None => view.head()?.next_id,
    };
    let mut search = query.search(bound);
    search.after = after.map(After::position);
    let page = match query.count_only {
        true => FoundPage::default(),
        false => view.search(&search)?,
    };
    let total = match (after, query.total) {
        (Some(after), _) => after.total,
        (None, Total::None) if !query.count_only => None,
        (None, _) if page.next.is_none() && !query.count_only => Some(page.matches.len() as u64),
        (None, Total::Cheap) if !query.count_only && !search.is_selective() => None,
        (None, _) => Some(view.search_count(&search)?.unsigned_abs()),
    };
    let included = included(view, caller, query, &page.matches)?;
    let next = page.next.as_ref().map(|position| After::new(position, bound, total));
    let sealed = |after: Option<After>| {
        let (kind, parameters) = (query.kind.clone(), query.used.clone());
        seal(store, caller, &Sealed { kind, parameters, after })
    };
    let shown = query.may_be_shown().then(|| query.used.clone());
    let answer = Answer {
        total,
        warnings: query.warnings.clone(),
        sealed: if shown.is_none() { Some(sealed(None)?) } else { None },
        shown,
        next: next.map(|after| sealed(Some(after))).transpose()?,
        resources: page
            .matches
            .iter()
            .map(|found| (Resource::of(found), Included::Match))
            .chain(included.iter().map(|found| (Resource::of(found), Included::Reference)))
            .collect(),
    };
    let names: Vec<&str> = query.used.iter().map(|(name, _)| name.as_str()).collect();
    let patients = page.matches.iter().chain(&included).filter_map(|found| found.row.patient);
    let entry = AuditEntry::new(&caller.context, "fhir.search", query.kind.as_str())
        .patients(patients)
        .detail(serde_json::json!({"by": names, "found": answer.resources.len()}).to_string());
    Ok((answer, entry))
}

/// What the matches refer to by the parameters that were asked for, each once. Types that this
/// client may not read are left out.
fn included(
    view: &mut View<'_>,
    caller: &Caller,
    query: &Query,
    matches: &[Found],
) -> Result<Vec<Found>, Error> {
    if query.includes.is_empty() {
        return Ok(Vec::new());
    }
    let mut wanted = BTreeSet::new();
    for found in matches {
        let value = body_value(&found.text)?;
        for (kind, parameter, target) in &query.includes {
            let references = parameter_references(&value, kind, parameter).unwrap_or_default();
            let references = references.iter().filter_map(|text| Reference::parse(text));
            wanted.extend(references.filter(|to| target.as_ref().is_none_or(|t| *t == to.kind)));
        }
    }
    let is_match =
        |to: &Reference| matches.iter().any(|m| m.row.kind == to.kind && m.row.fhir_id == to.id);
    let mut found = Vec::new();
    for reference in wanted.into_iter().filter(|to| !is_match(to)) {
        if found.len() >= INCLUDED_MAX {
            break;
        }
        if caller.may(Doing::Read, &reference.kind) {
            let one = view.resource_found(&reference.kind, &reference.id)?;
            found.extend(one.filter(|one| !one.row.deleted));
        }
    }
    Ok(found)
}

fn body_value(text: &str) -> Result<serde_json::Value, Error> {
    Ok(store::body::as_sent(text)?)
}
