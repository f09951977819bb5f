//! Links between resources: found, and rewritten when ids change.

use record::Reference;
use serde_json::Value;

/// Members that hold a `uri` or `url`, where a transaction's links stand too.
const LINK_MEMBERS: &[&str] = &["url", "valueUri", "valueUrl", "valueOid", "valueUuid"];

/// Every `reference` text in the resource, contained resources included; fragments left out.
pub fn references(resource: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    collect(resource, &mut found);
    found
}

fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "reference" && !text.starts_with('#') => {
                        found.push(text);
                    }
                    Value::Object(_) | Value::Array(_) => collect(value, found),
                    _ => {}
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// Rewrites each link for which `to` has an answer. True when something changed.
///
/// Links are every `reference` that is no fragment, `urn:uuid:` and `urn:oid:` in members of type
/// `url`, `uri`, `oid` and `uuid`, and the same in `href` and `src` of narratives. Canonical
/// members stay (FHIR R4, http.html#trules).
pub fn rewrite_references(resource: &mut Value, to: &dyn Fn(&str) -> Option<String>) -> bool {
    match resource {
        Value::Object(members) => {
            let mut changed = false;
            for (name, value) in members.iter_mut() {
                changed |= match value {
                    Value::String(text) => rewrite_text(name, text, to),
                    Value::Object(_) | Value::Array(_) => rewrite_references(value, to),
                    _ => false,
                };
            }
            changed
        }
        Value::Array(values) => {
            values.iter_mut().fold(false, |changed, value| rewrite_references(value, to) | changed)
        }
        _ => false,
    }
}

fn rewrite_text(name: &str, text: &mut String, to: &dyn Fn(&str) -> Option<String>) -> bool {
    let is_link = match name {
        "reference" => !text.starts_with('#'),
        "div" => return rewrite_narrative(text, to),
        _ => LINK_MEMBERS.contains(&name) && is_urn(text),
    };
    match is_link.then(|| to(text)).flatten() {
        Some(new) if new != *text => {
            *text = new;
            true
        }
        _ => false,
    }
}

/// Makes absolute links relative where their base is ours: references, and addresses of files
/// (Binary). What is on another server stays as it was written. Returns each address that was
/// changed, without a version, and what stands there.
pub fn localize(resource: &mut Value, is_ours: &dyn Fn(&str) -> bool) -> Vec<(String, Reference)> {
    let mut changed = Vec::new();
    localize_in(resource, is_ours, &mut changed);
    changed
}

fn localize_in(
    value: &mut Value,
    is_ours: &dyn Fn(&str) -> bool,
    changed: &mut Vec<(String, Reference)>,
) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                match value {
                    Value::String(text)
                        if name == "reference" || LINK_MEMBERS.contains(&&name[..]) =>
                    {
                        let Some((base, target)) = Reference::parse_absolute(text) else {
                            continue;
                        };
                        if is_ours(base) && (name == "reference" || target.kind == "Binary") {
                            changed.push((format!("{base}/{target}"), target));
                            *text = text[base.len() + 1..].to_owned();
                        }
                    }
                    _ => localize_in(value, is_ours, changed),
                }
            }
        }
        Value::Array(values) => {
            values.iter_mut().for_each(|value| localize_in(value, is_ours, changed));
        }
        _ => {}
    }
}

fn is_urn(text: &str) -> bool {
    text.starts_with("urn:uuid:") || text.starts_with("urn:oid:")
}

fn rewrite_narrative(div: &mut String, to: &dyn Fn(&str) -> Option<String>) -> bool {
    if !div.contains("\"urn:") {
        return false;
    }
    let mut out = String::with_capacity(div.len());
    let mut rest = div.as_str();
    let mut changed = false;
    while let Some(at) = rest.find("\"urn:") {
        let (before, quoted) = rest.split_at(at + 1);
        let Some(end) = quoted.find('"') else { break };
        out.push_str(before);
        let link = &quoted[..end];
        let is_target = before.ends_with("href=\"") || before.ends_with("src=\"");
        match (is_target && is_urn(link)).then(|| to(link)).flatten() {
            Some(new) => {
                changed |= new != link;
                out.push_str(&new);
            }
            None => out.push_str(link),
        }
        rest = &quoted[end..];
    }
    out.push_str(rest);
    *div = out;
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn links_to_our_own_base_become_relative_and_no_others() {
        let mut resource = json!({
            "subject": {"reference": "https://a.example/fhir/Patient/1"},
            "author": [{"reference": "https://a.example/fhir/Practitioner/2/_history/3"},
                       {"reference": "https://b.example/fhir/Practitioner/2"}],
            "content": [{"attachment": {"url": "https://a.example/fhir/Binary/4"}}],
            "extension": [{"url": "https://a.example/fhir/StructureDefinition/5"}]
        });
        let changed = localize(&mut resource, &|base| base == "https://a.example/fhir");
        let expected = json!({
            "subject": {"reference": "Patient/1"},
            "author": [{"reference": "Practitioner/2/_history/3"},
                       {"reference": "https://b.example/fhir/Practitioner/2"}],
            "content": [{"attachment": {"url": "Binary/4"}}],
            "extension": [{"url": "https://a.example/fhir/StructureDefinition/5"}]
        });
        assert_eq!(resource, expected);
        let names: Vec<&str> = changed.iter().map(|(name, _)| &name[..]).collect();
        assert_eq!(
            names,
            [
                "https://a.example/fhir/Patient/1",
                "https://a.example/fhir/Practitioner/2",
                "https://a.example/fhir/Binary/4",
            ]
        );
    }

    #[test]
    fn links_are_rewritten_and_nothing_else() {
        let mut resource = json!({
            "resourceType": "DocumentReference",
            "text": {"div": "<div><a href=\"urn:uuid:1\">x</a><p title=\"urn:uuid:1\"/></div>"},
            "identifier": [{"system": "urn:uuid:1", "value": "urn:uuid:1"}],
            "subject": {"reference": "urn:uuid:1"},
            "author": [{"reference": "#c"}, {"reference": "Practitioner?identifier=a|b"}],
            "contained": [{"resourceType": "Basic", "subject": {"reference": "urn:uuid:1"}}],
            "content": [{"attachment": {"url": "urn:uuid:1"}}],
            "instantiatesCanonical": ["urn:uuid:1"],
            "extension": [{"url": "https://example.org/x", "valueUri": "urn:uuid:2"}]
        });
        let to = |text: &str| match text {
            "urn:uuid:1" => Some("Patient/a".to_owned()),
            "Practitioner?identifier=a|b" => Some("Practitioner/p".to_owned()),
            "#c" => Some("Patient/never".to_owned()),
            _ => None,
        };
        assert!(rewrite_references(&mut resource, &to));
        let expected = json!({
            "resourceType": "DocumentReference",
            "text": {"div": "<div><a href=\"Patient/a\">x</a><p title=\"urn:uuid:1\"/></div>"},
            "identifier": [{"system": "urn:uuid:1", "value": "urn:uuid:1"}],
            "subject": {"reference": "Patient/a"},
            "author": [{"reference": "#c"}, {"reference": "Practitioner/p"}],
            "contained": [{"resourceType": "Basic", "subject": {"reference": "Patient/a"}}],
            "content": [{"attachment": {"url": "Patient/a"}}],
            "instantiatesCanonical": ["urn:uuid:1"],
            "extension": [{"url": "https://example.org/x", "valueUri": "urn:uuid:2"}]
        });
        assert_eq!(resource, expected);
        assert!(!rewrite_references(&mut resource, &to));
        assert_eq!(references(&resource), ["Patient/a", "Practitioner/p", "Patient/a"]);
    }
}
