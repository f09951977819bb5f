//! Whether a value can be kept as a FHIR R4 resource.

use super::is_resource_type;
use record::id::is_id;
use serde_json::Value;

/// A value that can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked<'a> {
    /// Its resource type.
    pub kind: &'a str,
    /// Its logical id, where it has one.
    pub id: Option<&'a str>,
}

/// Members that must be lists and members that must be objects, in every resource that has them.
const LISTS: &[&str] = &["contained", "extension", "modifierExtension"];
const OBJECTS: &[&str] = &["meta", "text"];

/// Checks what every resource must satisfy: a known type, an id of R4's syntax, and the shape of
/// the members that all resources share. What its own type demands is not checked: a sender's
/// content is kept as it came.
///
/// The error is a sentence without any patient data.
pub fn check(resource: &Value) -> Result<Checked<'_>, String> {
    let members = resource.as_object().ok_or("This is not a JSON object: not a FHIR resource.")?;
    let kind = match members.get("resourceType") {
        None => return Err("There is no resourceType: not a FHIR resource.".to_owned()),
        Some(Value::String(kind)) => kind.as_str(),
        Some(_) => return Err("resourceType is not a text.".to_owned()),
    };
    if !is_resource_type(kind) {
        return Err(unknown_type(kind));
    }
    let id = match members.get("id") {
        None => None,
        Some(Value::String(id)) if is_id(id) => Some(id.as_str()),
        Some(_) => {
            return Err(format!(
                "The id of this {kind} is not a FHIR id: 1 to 64 letters, digits, '-' and '.'."
            ));
        }
    };
    for name in LISTS {
        if members.get(*name).is_some_and(|value| !value.is_array()) {
            return Err(format!("{kind}.{name} must be a list."));
        }
    }
    for name in OBJECTS {
        if members.get(*name).is_some_and(|value| !value.is_object()) {
            return Err(format!("{kind}.{name} must be an object."));
        }
    }
    let contained = members.get("contained").and_then(Value::as_array);
    if contained.is_some_and(|all| all.iter().any(|one| one.get("resourceType").is_none())) {
        return Err(format!("A resource contained in this {kind} has no resourceType."));
    }
    Ok(Checked { kind, id })
}

fn unknown_type(kind: &str) -> String {
    let is_name = kind.len() <= 40 && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match is_name && !kind.is_empty() {
        true => format!("{kind} is not a resource type of FHIR R4."),
        false => "resourceType is not a resource type of FHIR R4.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn resources_are_told_from_others() {
        let good = json!({"resourceType": "Patient", "id": "a-1.B"});
        assert_eq!(check(&good), Ok(Checked { kind: "Patient", id: Some("a-1.B") }));
        let without = json!({"resourceType": "Binary"});
        assert_eq!(check(&without), Ok(Checked { kind: "Binary", id: None }));
        let table = [
            (json!([]), "object"),
            (json!({"id": "a"}), "no resourceType"),
            (json!({"resourceType": 1}), "not a text"),
            (json!({"resourceType": "Pacient"}), "Pacient is not"),
            (json!({"resourceType": "Jane Roe 1970"}), "resourceType is not"),
            (json!({"resourceType": "Patient", "id": "a_b"}), "FHIR id"),
            (json!({"resourceType": "Patient", "id": ""}), "FHIR id"),
            (json!({"resourceType": "Patient", "id": 7}), "FHIR id"),
            (json!({"resourceType": "Patient", "meta": []}), "meta must be"),
            (json!({"resourceType": "Patient", "contained": {}}), "contained must be"),
            (json!({"resourceType": "Patient", "contained": [{}]}), "no resourceType"),
        ];
        for (value, part) in table {
            let reason = check(&value).unwrap_err();
            assert!(reason.contains(part), "{reason}");
        }
    }
}
