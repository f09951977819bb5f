//! What R4's reference parameters lead to, for the includes of a search.

use super::index::at_path;
use super::search_parameter;
use serde_json::Value;

/// The references that a reference parameter finds in a resource: `Observation`, `performer`.
///
/// `None` where the type has no such parameter, or it is of another kind. The parameter's
/// expression is read as paths joined by `|`; choices (`medication as Reference`) and conditions
/// on what a reference leads to are understood, for they only narrow the types.
pub fn parameter_references<'a>(
    resource: &'a Value,
    kind: &str,
    parameter: &str,
) -> Option<Vec<&'a str>> {
    let found = search_parameter(kind, parameter).filter(|found| found.kind == "reference")?;
    let mut references = Vec::new();
    for path in paths(found.expression, kind) {
        for value in at_path(resource, &path) {
            references.extend(value.get("reference").and_then(Value::as_str));
        }
    }
    references.dedup();
    Some(references)
}

/// The member paths of an expression that belong to a type, without the type itself.
fn paths(expression: &str, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in expression.split('|') {
        let part = part.trim().trim_start_matches('(');
        let Some(path) = part.strip_prefix(kind).and_then(|rest| rest.strip_prefix('.')) else {
            continue;
        };
        let path = path.split(".where(").next().unwrap_or(path);
        let choice = [" as ", ".as(", ".ofType("].iter().find_map(|mark| path.split_once(mark));
        match choice {
            Some((stem, _)) => found.push(format!("{}Reference", stem.trim())),
            None => {
                let path = path.trim_end_matches(')').trim();
                // A choice without `as` is written with its type in R4's JSON.
                found.push(path.to_owned());
                found.push(format!("{path}Reference"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parameters_lead_to_references() {
        let resource = json!({
            "resourceType": "MedicationRequest",
            "subject": {"reference": "Patient/p"},
            "encounter": {"reference": "Encounter/e"},
            "medicationReference": {"reference": "Medication/m"},
            "requester": {"reference": "Practitioner/d"},
        });
        let table: [(&str, Option<Vec<&str>>); 6] = [
            ("patient", Some(vec!["Patient/p"])),
            ("subject", Some(vec!["Patient/p"])),
            ("encounter", Some(vec!["Encounter/e"])),
            ("medication", Some(vec!["Medication/m"])),
            ("requester", Some(vec!["Practitioner/d"])),
            ("code", None),
        ];
        for (parameter, expected) in table {
            let found = parameter_references(&resource, "MedicationRequest", parameter);
            assert_eq!(found, expected, "{parameter}");
        }
        let observation = json!({
            "resourceType": "Observation",
            "subject": {"reference": "Patient/p"},
            "performer": [{"reference": "Practitioner/a"}, {"reference": "Practitioner/b"}],
        });
        let found = parameter_references(&observation, "Observation", "performer");
        assert_eq!(found, Some(vec!["Practitioner/a", "Practitioner/b"]));
        let found = parameter_references(&observation, "Observation", "patient");
        assert_eq!(found, Some(vec!["Patient/p"]));
    }
}
