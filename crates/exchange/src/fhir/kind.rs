//! What a document or a report is, as its sender coded it.

use serde_json::Value;

/// The code and the words of a document's or report's kind. LOINC goes before other systems;
/// where there is no code, the words stand for it.
pub fn document_kind(resource: &Value) -> (String, String) {
    let concept = match resource["resourceType"].as_str() {
        Some("DiagnosticReport") => &resource["code"],
        _ => &resource["type"],
    };
    let codings = concept["coding"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_loinc = |coding: &&Value| coding["system"].as_str() == Some("http://loinc.org");
    let coding = codings.iter().find(is_loinc).or(codings.first());
    let member = |name: &str| coding.and_then(|coding| coding[name].as_str());
    let words = concept["text"].as_str().or(member("display")).unwrap_or("Document, no kind");
    let code = member("code").unwrap_or(words);
    (code.to_owned(), words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn kinds_come_from_their_codes() {
        let loinc = json!({"system": "http://loinc.org", "code": "11506-3", "display": "Note"});
        let other = json!({"system": "urn:house", "code": "N"});
        let table = [
            (json!({"type": {"coding": [other, loinc]}}), ("11506-3", "Note")),
            (json!({"type": {"text": "Letter"}}), ("Letter", "Letter")),
            (
                json!({"resourceType": "DiagnosticReport", "code": {"coding": [loinc]}}),
                ("11506-3", "Note"),
            ),
            (json!({}), ("Document, no kind", "Document, no kind")),
        ];
        for (resource, (code, words)) in table {
            assert_eq!(document_kind(&resource), (code.to_owned(), words.to_owned()));
        }
    }
}
