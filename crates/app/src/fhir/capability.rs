//! What the API can do, from the same tables by which it does it.

use super::parameter;
use exchange::fhir::{RESOURCE_TYPES, ServedType, capability_statement};
use serde_json::{Value, json};

/// Interactions of every type.
const INTERACTIONS: &[&str] =
    &["read", "vread", "history-instance", "create", "update", "delete", "search-type"];

/// The day on which what the API can do last changed.
const CHANGED_ON: &str = "2026-11-22";

/// The CapabilityStatement of the API at this address.
pub fn statement(base: &str) -> Value {
    let parameters: Vec<(&str, Vec<(&str, &str)>)> =
        RESOURCE_TYPES.iter().map(|kind| (*kind, parameter::of_type(kind))).collect();
    let includes: Vec<Vec<String>> = RESOURCE_TYPES.iter().map(|kind| includes(kind)).collect();
    let includes: Vec<Vec<&str>> =
        includes.iter().map(|all| all.iter().map(String::as_str).collect()).collect();
    let types: Vec<ServedType> = parameters
        .iter()
        .zip(&includes)
        .map(|((kind, parameters), includes)| ServedType {
            kind,
            interactions: INTERACTIONS,
            parameters,
            includes,
        })
        .collect();
    let mut statement = capability_statement(base, env!("CARGO_PKG_VERSION"), CHANGED_ON, &types);
    let resources = statement.pointer_mut("/rest/0/resource").and_then(Value::as_array_mut);
    for resource in resources.into_iter().flatten() {
        resource["conditionalRead"] = json!("not-match");
        resource["conditionalDelete"] = json!("not-supported");
    }
    statement
}

fn includes(kind: &str) -> Vec<String> {
    let known = ["patient", "subject", "encounter", "performer", "author", "practitioner"];
    let has = |name: &&&str| {
        exchange::fhir::search_parameter(kind, name).is_some_and(|p| p.kind == "reference")
    };
    known.iter().filter(has).map(|name| format!("{kind}:{name}")).collect()
}
