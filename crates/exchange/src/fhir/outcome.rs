//! What the API answers with: outcomes, bundles, its statement of capability.

use serde_json::{Value, json};

/// Severity of an outcome's issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing was done, and nothing can be done.
    Fatal,
    /// The request failed.
    Error,
    /// Done, with something to know.
    Warning,
    /// Done.
    Information,
}

impl Severity {
    fn code(self) -> &'static str {
        match self {
            Severity::Fatal => "fatal",
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
        }
    }
}

/// An OperationOutcome of one issue. `code` is of R4's issue-type: `not-found`, `invalid`,
/// `conflict`, `forbidden`, `login`, `throttled`, … The text is for people.
pub fn outcome(severity: Severity, code: &str, text: &str) -> Value {
    json!({
        "resourceType": "OperationOutcome",
        "issue": [{"severity": severity.code(), "code": code, "diagnostics": text}]
    })
}

/// Why an entry is in a search's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchMode {
    /// It matches.
    Match,
    /// It was asked for by `_include`.
    Include,
    /// It is an OperationOutcome about the search.
    Outcome,
}

/// One resource of a search's answer, as its own text: it is not read again.
#[derive(Clone)]
pub struct FoundEntry<'a> {
    /// Absolute URL of the resource.
    pub full_url: String,
    /// The resource's JSON.
    pub resource: &'a str,
    /// Why it is here.
    pub mode: SearchMode,
}

/// One version in a history's answer.
#[derive(Clone)]
pub struct VersionEntry<'a> {
    /// Absolute URL of the resource.
    pub full_url: String,
    /// The version's JSON; `None` for a deletion.
    pub resource: Option<&'a str>,
    /// `POST`, `PUT` or `DELETE`.
    pub method: &'a str,
    /// Relative URL of the request: `Patient/a1`.
    pub url: String,
    /// Version number, for the entity tag.
    pub version: u64,
    /// Time of the version, RFC 3339.
    pub last_modified: String,
}

/// A bundle of a search's answer, as text. Links are pairs of relation and URL.
pub fn bundle_searchset(
    total: Option<u64>,
    links: &[(&str, String)],
    entries: &[FoundEntry],
) -> String {
    let mut out = opening("searchset", total, links, entries.iter().map(|e| e.resource.len()));
    for (place, entry) in entries.iter().enumerate() {
        let mode = match entry.mode {
            SearchMode::Match => "match",
            SearchMode::Include => "include",
            SearchMode::Outcome => "outcome",
        };
        out.push_str(if place == 0 { ",\"entry\":[" } else { "," });
        out.push('{');
        if entry.mode != SearchMode::Outcome {
            out.push_str(&format!("\"fullUrl\":{},", quoted(&entry.full_url)));
        }
        out.push_str("\"resource\":");
        out.push_str(entry.resource);
        out.push_str(&format!(",\"search\":{{\"mode\":\"{mode}\"}}}}"));
    }
    closing(out, entries.is_empty())
}

/// A bundle of a resource's history, as text, newest version first.
pub fn bundle_history(
    total: Option<u64>,
    links: &[(&str, String)],
    entries: &[VersionEntry],
) -> String {
    let sizes = entries.iter().map(|entry| entry.resource.map_or(0, str::len));
    let mut out = opening("history", total, links, sizes);
    for (place, entry) in entries.iter().enumerate() {
        out.push_str(if place == 0 { ",\"entry\":[" } else { "," });
        out.push_str(&format!("{{\"fullUrl\":{},", quoted(&entry.full_url)));
        if let Some(resource) = entry.resource {
            out.push_str("\"resource\":");
            out.push_str(resource);
            out.push(',');
        }
        let status = match entry.method {
            "POST" => "201",
            "DELETE" => "204",
            _ => "200",
        };
        out.push_str(&format!(
            "\"request\":{{\"method\":{},\"url\":{}}},\"response\":{{\"status\":\"{status}\",\
             \"etag\":\"W/\\\"{}\\\"\",\"lastModified\":{}}}}}",
            quoted(entry.method),
            quoted(&entry.url),
            entry.version,
            quoted(&entry.last_modified),
        ));
    }
    closing(out, entries.is_empty())
}

fn opening(
    kind: &str,
    total: Option<u64>,
    links: &[(&str, String)],
    sizes: impl Iterator<Item = usize>,
) -> String {
    let size: usize = sizes.map(|size| size + 200).sum();
    let mut out = String::with_capacity(size + 500);
    out.push_str(&format!("{{\"resourceType\":\"Bundle\",\"type\":\"{kind}\""));
    if let Some(total) = total {
        out.push_str(&format!(",\"total\":{total}"));
    }
    for (place, (relation, url)) in links.iter().enumerate() {
        out.push_str(if place == 0 { ",\"link\":[" } else { "," });
        let (relation, url) = (quoted(relation), quoted(url));
        out.push_str(&format!("{{\"relation\":{relation},\"url\":{url}}}"));
    }
    if !links.is_empty() {
        out.push(']');
    }
    out
}

fn closing(mut out: String, is_empty: bool) -> String {
    out.push_str(if is_empty { "}" } else { "]}" });
    out
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A resource type that the API serves.
#[derive(Clone, Debug)]
pub struct ServedType<'a> {
    /// Its name.
    pub kind: &'a str,
    /// Interactions, by R4's codes: `read`, `vread`, `search-type`, `create`, …
    pub interactions: &'a [&'a str],
    /// Search parameters: name and type.
    pub parameters: &'a [(&'a str, &'a str)],
    /// Values for `_include`.
    pub includes: &'a [&'a str],
}

/// The CapabilityStatement of the API: what it serves, as an instance. `date` is the build's.
pub fn capability_statement(base: &str, version: &str, date: &str, types: &[ServedType]) -> Value {
    let resources: Vec<Value> = types.iter().map(served).collect();
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": date,
        "kind": "instance",
        "software": {"name": "Chartroom", "version": version},
        "implementation": {"description": "Chartroom", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [{
            "mode": "server",
            "security": {
                "description": "Bearer tokens of named clients, each under a role and scopes."
            },
            "resource": resources
        }]
    })
}

fn served(kind: &ServedType) -> Value {
    let interactions: Vec<Value> =
        kind.interactions.iter().map(|code| json!({"code": code})).collect();
    let parameters: Vec<Value> =
        kind.parameters.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect();
    let mut out = json!({
        "type": kind.kind,
        "interaction": interactions,
        "versioning": "versioned-update",
        "readHistory": true,
        "updateCreate": true,
        "conditionalCreate": true
    });
    if !kind.includes.is_empty() {
        out["searchInclude"] = json!(kind.includes);
    }
    if !parameters.is_empty() {
        out["searchParam"] = Value::Array(parameters);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse;

    #[test]
    fn bundles_are_json_and_keep_decimals() {
        let entry = FoundEntry {
            full_url: "https://example.org/fhir/Basic/\"1".to_owned(),
            resource: r#"{"resourceType":"Basic","v":1.00}"#,
            mode: SearchMode::Match,
        };
        let bundle = bundle_searchset(Some(3), &[("self", "u?a=1&b=2".to_owned())], &[entry]);
        let value = parse(&bundle).unwrap();
        assert_eq!(
            value["entry"][0]["resource"].to_string(),
            r#"{"resourceType":"Basic","v":1.00}"#
        );
        assert_eq!(value["link"][0]["url"], "u?a=1&b=2");
        assert_eq!(value["total"], 3);
        let empty = parse(&bundle_searchset(None, &[], &[])).unwrap();
        assert_eq!(empty, json!({"resourceType": "Bundle", "type": "searchset"}));
    }

    #[test]
    fn histories_show_deletions() {
        let entry = VersionEntry {
            full_url: "u".to_owned(),
            resource: None,
            method: "DELETE",
            url: "Basic/1".to_owned(),
            version: 2,
            last_modified: "2026-01-01T00:00:00Z".to_owned(),
        };
        let value = parse(&bundle_history(Some(1), &[], &[entry])).unwrap();
        assert_eq!(value["entry"][0]["response"]["etag"], "W/\"2\"");
        assert!(value["entry"][0].get("resource").is_none());
    }
}
