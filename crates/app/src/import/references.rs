//! What the references of a file point to: `urn:uuid:` names of bundles, searches by identifier,
//! whatever the order in which the files come.

use super::Source;
use exchange::Kind;
use exchange::fhir::{Entry, Method, split};
use record::{ContentHash, Reference, hash::hex};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeSet, HashMap};
use store::Store;
use store::projection::token_digest;

/// Names that the files of one import give to their entries.
#[derive(Default)]
pub(crate) struct References {
    aliases: HashMap<String, Reference>,
    identifiers: HashMap<i64, Option<Reference>>,
}

/// The members of a resource that name it.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(rename = "resourceType")]
    kind: Option<String>,
    id: Option<String>,
    #[serde(borrow)]
    identifier: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Identifier {
    system: Option<String>,
    value: Option<String>,
}

impl References {
    /// Reads what names the entries of all files: names in bundles, and, of the types that some
    /// reference searches for, their identifiers.
    pub fn scan(&mut self, sources: &[Source<'_>]) {
        let mut searched = BTreeSet::new();
        for source in sources {
            if let Ok(bytes) = (source.read)() {
                kinds_searched(&bytes, &mut searched);
                if exchange::detect(&bytes) == Kind::FhirJson {
                    self.scan_entries(&bytes, &|_| true);
                }
            }
        }
        if searched.is_empty() {
            return;
        }
        for source in sources {
            let Ok(bytes) = (source.read)() else { continue };
            if exchange::detect(&bytes) == Kind::FhirNdjson {
                self.scan_entries(&bytes, &|raw| {
                    searched.iter().any(|kind| raw.contains(&format!("\"{kind}\"")[..]))
                });
            }
        }
    }

    fn scan_entries(&mut self, bytes: &[u8], wanted: &dyn Fn(&str) -> bool) {
        let text = exchange::kind::utf8(bytes);
        for entry in split(&text).entries.iter().filter(|entry| wanted(entry.raw)) {
            let Ok(named) = serde_json::from_str::<Named<'_>>(entry.raw) else { continue };
            let Some(kind) = named.kind else { continue };
            let id = named.id.unwrap_or_else(|| id_for(entry));
            let reference = Reference::new(kind, id);
            if let Some(url) = &entry.full_url {
                self.aliases.entry(url.clone()).or_insert_with(|| reference.clone());
            }
            if let Some(raw) = named.identifier {
                self.scan_identifiers(raw.get(), &reference);
            }
        }
    }

    fn scan_identifiers(&mut self, raw: &str, reference: &Reference) {
        let identifiers: Vec<Identifier> = serde_json::from_str(raw).unwrap_or_default();
        for identifier in identifiers {
            let Some(value) = identifier.value else { continue };
            let system = identifier.system.as_deref();
            for system in [None, Some(system.unwrap_or(""))] {
                let digest = token_digest(&reference.kind, "identifier", system, &value);
                self.identifiers
                    .entry(digest)
                    .and_modify(|known| {
                        // Two that share an identifier: a search for it is ambiguous.
                        if known.as_ref().is_some_and(|known| known != reference) {
                            *known = None;
                        }
                    })
                    .or_insert_with(|| Some(reference.clone()));
            }
        }
    }

    /// What a reference points to: none where it already says so, or where nothing is known.
    pub fn resolve(
        &self,
        store: &Store,
        context: &record::Context,
        text: &str,
    ) -> Option<Reference> {
        if let Some(found) = self.aliases.get(text) {
            return Some(found.clone());
        }
        if text.starts_with("urn:") {
            return store.look(context, |view| view.alias(text)).ok().flatten();
        }
        let (kind, query) = text.split_once('?')?;
        self.by_search(store, context, kind, query)
    }

    /// The one resource that a search by identifier finds, in these files or in the store.
    pub fn by_search(
        &self,
        store: &Store,
        context: &record::Context,
        kind: &str,
        query: &str,
    ) -> Option<Reference> {
        let token = query.strip_prefix("identifier=").filter(|rest| !rest.contains('&'))?;
        let (system, value) = match token.split_once('|') {
            Some((system, value)) => (Some(system), value),
            None => (None, token),
        };
        let digest = token_digest(kind, "identifier", system, value);
        if let Some(found) = self.identifiers.get(&digest) {
            return found.clone();
        }
        let held = store.look(context, |view| view.by_token(kind, digest, 2)).ok()?;
        match &held[..] {
            [one] => Some(Reference::new(&one.kind[..], &one.fhir_id[..])),
            _ => None,
        }
    }
}

/// The types that references of the form `Type?identifier=…` search for.
fn kinds_searched(bytes: &[u8], kinds: &mut BTreeSet<String>) {
    const MARK: &[u8] = b"?identifier=";
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(MARK.len()).position(|part| part == MARK) {
        let end = at + found;
        let start =
            bytes[..end].iter().rposition(|b| !b.is_ascii_alphabetic()).map_or(0, |n| n + 1);
        let kind = String::from_utf8_lossy(&bytes[start..end]);
        if record::id::is_kind(&kind) {
            kinds.insert(kind.into_owned());
        }
        at = end + MARK.len();
    }
}

/// The id of an entry that has none: from its `urn:uuid:` name, else from its content, so that
/// the same entry gets the same id whenever it comes.
pub(crate) fn id_for(entry: &Entry<'_>) -> String {
    let named = entry.full_url.as_deref().and_then(|url| url.strip_prefix("urn:uuid:"));
    match named {
        Some(id) if record::id::is_id(id) => id.to_owned(),
        _ => hex(&ContentHash::of(entry.raw.as_bytes()).0[..16]),
    }
}

/// Whether the entry asks for an update of what a search finds, and for which search.
pub(crate) fn conditional_update<'a>(entry: &'a Entry<'_>) -> Option<(&'a str, &'a str)> {
    match entry.method {
        Method::Put => entry.url.as_deref()?.split_once('?'),
        _ => None,
    }
}
