//! Labelled rows of a resource: its type's own first, every other leaf after them.

use super::types::main_members;
use super::values::{one_line, short};
use super::{Row, kind_label};
use crate::fhir::index::{each, text};
use record::Reference;
use serde_json::{Map, Value};

/// Members that are told elsewhere, or are not content.
const OMITTED: &[&str] = &["resourceType", "id", "meta", "text", "language", "implicitRules"];

/// Endings of choice members, longest first.
const CHOICES: &[&str] = &[
    "CodeableConcept",
    "Attachment",
    "SampledData",
    "Reference",
    "DateTime",
    "Boolean",
    "Quantity",
    "Integer",
    "Decimal",
    "Duration",
    "Instant",
    "Period",
    "Timing",
    "String",
    "Coding",
    "Range",
    "Ratio",
    "Money",
    "Canonical",
    "Uri",
    "Url",
    "Code",
    "Date",
    "Time",
    "Age",
    "Identifier",
    "Annotation",
    "Base64Binary",
];

/// Labels that the member's name alone would not give.
const LABELS: &[(&str, &str)] = &[
    ("abatement", "Resolved"),
    ("addresses", "Addresses"),
    ("asNeeded", "As needed"),
    ("authoredOn", "Ordered"),
    ("billablePeriod", "Billed period"),
    ("birthDate", "Birth date"),
    ("class", "Class"),
    ("docStatus", "Status of the document"),
    ("dosageInstruction", "Dosage"),
    ("effective", "Time"),
    ("hospitalization", "Hospital stay"),
    ("lotNumber", "Lot"),
    ("note", "Note"),
    ("occurrence", "Time"),
    ("onset", "Began"),
    ("payor", "Payer"),
    ("performed", "Performed"),
    ("period", "Time"),
    ("primarySource", "From the one who gave it"),
    ("reasonCode", "Reason"),
    ("priceOverride", "Price"),
    ("reasonReference", "Reason"),
    ("recordedDate", "Recorded"),
    ("referenceRange", "Reference range"),
    ("telecom", "Telephone, e-mail"),
    ("vaccineCode", "Vaccine"),
];

/// Whether a member is a choice of this stem: `valueQuantity` of `value`.
pub(super) fn is_choice(name: &str, stem: &str) -> bool {
    name.strip_prefix(stem).is_some_and(|ending| CHOICES.contains(&ending))
}

/// A member's name in plain words: `reasonReference` to `Reason`.
pub(super) fn label(name: &str) -> String {
    let known = |name: &str| LABELS.iter().find(|(member, _)| *member == name);
    let stem = CHOICES.iter().find_map(|ending| {
        let stem = name.strip_suffix(ending)?;
        let is_stem = stem.len() > 2 && stem.starts_with(|c: char| c.is_ascii_lowercase());
        is_stem.then_some(stem)
    });
    if let Some((_, label)) = known(name).or_else(|| stem.and_then(known)) {
        return (*label).to_owned();
    }
    // A stem alone stands for choices only; `birthDate` and `lastOccurrence` keep their ends.
    let stem = stem.filter(|stem| matches!(*stem, "value" | "deceased" | "medication" | "start"));
    let mut out = String::new();
    for letter in stem.unwrap_or(name).trim_start_matches('_').chars() {
        match letter {
            _ if out.is_empty() => out.extend(letter.to_uppercase()),
            _ if letter.is_ascii_uppercase() => {
                out.push(' ');
                out.push(letter.to_ascii_lowercase());
            }
            _ => out.push(letter),
        }
    }
    out
}

/// The type's own rows, and the others.
pub(super) fn rows(resource: &Value, kind: &str) -> (Vec<Row>, Vec<Row>) {
    let Some(members) = resource.as_object() else { return (Vec::new(), Vec::new()) };
    let order = main_members(kind);
    let mut own = Vec::new();
    let mut shown: Vec<&str> = Vec::new();
    for stem in order {
        for (name, value) in members {
            if name == stem || is_choice(name, stem) {
                shown.push(name);
                member(kind, name, value, &mut own);
            }
        }
    }
    let mut rest = Vec::new();
    for (name, value) in members {
        if !OMITTED.contains(&name.as_str()) && !shown.contains(&name.as_str()) {
            member(kind, name, value, &mut rest);
        }
    }
    if order.is_empty() { (rest, Vec::new()) } else { (own, rest) }
}

fn member(kind: &str, name: &str, value: &Value, out: &mut Vec<Row>) {
    match (kind, name) {
        ("Observation", "component") => {
            each(value).into_iter().for_each(|component| measured(component, out));
        }
        ("QuestionnaireResponse", "item") => {
            each(value).into_iter().for_each(|item| answered(item, out));
        }
        // Where and when the document belongs: a row each, and the encounter is led to.
        ("DocumentReference", "context") => {
            let members = each(value).into_iter().filter_map(Value::as_object).flatten();
            members.for_each(|(name, value)| member(kind, name, value, out));
        }
        (_, "contained") => each(value).into_iter().for_each(|one| contained(one, out)),
        (_, "extension" | "modifierExtension") => {
            each(value).into_iter().for_each(|one| extension(one, "", out));
        }
        _ => values(&label(name), name, value, out),
    }
}

/// One row a value that fits a line; the parts of the others below their label.
fn values(label: &str, name: &str, value: &Value, out: &mut Vec<Row>) {
    for value in each(value) {
        match (one_line(name, value), value) {
            (Some(line), _) => push(label, line, value, out),
            (None, Value::Object(members)) => parts(label, members, out),
            (None, _) => values(label, name, value, out),
        }
    }
}

/// The parts of one element: on one row where each fits a line, else a row each.
fn parts(above: &str, members: &Map<String, Value>, out: &mut Vec<Row>) {
    let lines: Option<Vec<(String, String)>> = members
        .iter()
        .filter(|(name, _)| *name != "extension")
        .map(|(name, value)| Some((label(name), one_line(name, value)?)))
        .collect();
    let has_long =
        |lines: &Vec<(String, String)>| lines.iter().map(|l| l.1.len()).sum::<usize>() > 300;
    match lines {
        Some(lines) if !has_long(&lines) => {
            let target = members.values().find_map(target);
            let line = joined(above, &lines);
            out.push(Row { label: above.to_owned(), value: line, reference: target });
        }
        _ => {
            for (name, value) in members.iter().filter(|(name, _)| *name != "extension") {
                let below = label(name);
                values(&format!("{above}: {}", lower(&below)), name, value, out);
            }
        }
    }
    for one in members.get("extension").map(each).unwrap_or_default() {
        extension(one, above, out);
    }
}

/// `location: 4 West; time: since 1 Mar 2026`; a part that is named as the whole has no label.
fn joined(above: &str, lines: &[(String, String)]) -> String {
    let shown = lines.iter().filter(|(_, value)| !value.is_empty());
    let part = |(label, value): &(String, String)| match above.ends_with(label.as_str()) {
        true => value.clone(),
        false => format!("{}: {value}", lower(label)),
    };
    shown.map(part).collect::<Vec<_>>().join("; ")
}

fn lower(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

fn push(label: &str, line: String, value: &Value, out: &mut Vec<Row>) {
    if !line.is_empty() {
        out.push(Row { label: label.to_owned(), value: line, reference: target(value) });
    }
}

fn target(value: &Value) -> Option<String> {
    Some(Reference::parse(text(value, "reference")?)?.to_string())
}

/// A component of an observation, under the name of what it measures.
fn measured(component: &Value, out: &mut Vec<Row>) {
    let named = component.get("code").and_then(short).unwrap_or_else(|| "Component".to_owned());
    let Some(members) = component.as_object() else { return };
    for (name, value) in members.iter().filter(|(name, _)| *name != "code") {
        let label = match is_choice(name, "value") {
            true => named.clone(),
            false => format!("{named}: {}", lower(&label(name))),
        };
        values(&label, name, value, out);
    }
}

/// A question and its answers, those below it after it.
fn answered(item: &Value, out: &mut Vec<Row>) {
    let question = text(item, "text").or_else(|| text(item, "linkId")).unwrap_or("Question");
    for answer in item.get("answer").map(each).unwrap_or_default() {
        let Some(members) = answer.as_object() else { continue };
        for (name, value) in members {
            match name.as_str() {
                "item" => each(value).into_iter().for_each(|item| answered(item, out)),
                _ => values(question, name, value, out),
            }
        }
    }
    each(item.get("item").unwrap_or(&Value::Null)).into_iter().for_each(|item| answered(item, out));
}

fn contained(resource: &Value, out: &mut Vec<Row>) {
    let kind = text(resource, "resourceType").unwrap_or("resource");
    let (own, rest) = rows(resource, kind);
    for row in own.into_iter().chain(rest) {
        let label = format!("Contained {}: {}", lower(kind_label(kind)), lower(&row.label));
        out.push(Row { label, ..row });
    }
}

/// An extension, under the last part of its URL.
fn extension(value: &Value, above: &str, out: &mut Vec<Row>) {
    let url = text(value, "url").unwrap_or("extension");
    let name = url.rsplit(['/', '#']).next().unwrap_or(url);
    let name = name.strip_prefix("us-core-").unwrap_or(name);
    let words = label(name).replace('-', " ");
    let named = match above.is_empty() {
        true => words,
        false => format!("{above}: {}", lower(&words)),
    };
    let Some(members) = value.as_object() else { return };
    for (name, value) in members {
        match name.as_str() {
            "url" | "id" => {}
            "extension" => each(value).into_iter().for_each(|one| extension(one, &named, out)),
            _ => values(&named, name, value, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_words() {
        let table = [
            ("effectiveDateTime", "Time"),
            ("valueQuantity", "Value"),
            ("priceOverride", "Price"),
            ("reasonReference", "Reason"),
            ("lastOccurrence", "Last occurrence"),
            ("birthDate", "Birth date"),
            ("serviceProvider", "Service provider"),
            ("medicationCodeableConcept", "Medication"),
            ("deceasedBoolean", "Deceased"),
            ("_birthDate", "Birth date"),
        ];
        for (name, expected) in table {
            assert_eq!(label(name), expected, "{name}");
        }
    }
}
