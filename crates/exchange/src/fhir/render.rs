//! Resources for people: a title, a date and labelled rows, in plain words.
//!
//! Nothing is hidden: what a type's own rows don't show follows in `more`, every leaf labelled.

mod dates;
mod rows;
mod systems;
mod types;
mod values;

pub use dates::shown_date;
pub use systems::system_name;
pub use types::kind_label;

use super::index::{at_path, dates::chart_values, each, text};
use serde_json::Value;

/// A labelled value.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The label, in plain words.
    pub label: String,
    /// The value, with unit and code.
    pub value: String,
    /// `Type/id` that the value leads to, where it is a reference.
    pub reference: Option<String>,
}

/// A resource for people.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// What it is about: `Essential hypertension`.
    pub title: String,
    /// What kind of entry, and its main value: `Vital sign: 120 mmHg`.
    pub subtitle: String,
    /// Its status in words.
    pub status: String,
    /// Its date, unambiguous: `4 Mar 2026 10:30 UTC-05:00`.
    pub date_text: String,
    /// What a reader looks for first.
    pub rows: Vec<Row>,
    /// Everything else that the sender wrote.
    pub more: Vec<Row>,
}

/// Renders any resource.
pub fn render(resource: &Value) -> Rendered {
    let kind = text(resource, "resourceType").unwrap_or_default();
    let label = kind_label(kind);
    let named = title(resource, kind);
    let value = match kind {
        "Observation" => main_value(resource),
        _ => None,
    };
    let (rows, more) = rows::rows(resource, kind);
    Rendered {
        title: named.unwrap_or_else(|| label.to_owned()),
        subtitle: value.map_or_else(|| label.to_owned(), |value| format!("{label}: {value}")),
        status: status(resource),
        date_text: date_text(resource, kind),
        rows,
        more,
    }
}

fn date_text(resource: &Value, kind: &str) -> String {
    let shown = chart_values(resource, kind).into_iter().find_map(values::time).unwrap_or_default();
    match kind {
        // Its period is when the care was given, often with a start alone; it doesn't go on.
        "DocumentReference" => shown.strip_prefix("since ").unwrap_or(&shown).to_owned(),
        _ => shown,
    }
}

fn status(resource: &Value) -> String {
    super::index::status(resource).map(|code| values::words(&code)).unwrap_or_default()
}

/// Where a title stands, in this order.
const TITLES: &[&str] = &[
    "code",
    "vaccineCode",
    "medicationCodeableConcept",
    "medicationReference",
    "medication",
    "deviceName",
    "name",
    "title",
    "description",
    "type",
    "category",
    "class",
    "content",
    "scope",
    "relationship",
    "identifier",
];

fn title(resource: &Value, kind: &str) -> Option<String> {
    let order: &[&str] = match kind {
        "Encounter" => &["type", "class"],
        "DocumentReference" => &["type", "description", "content"],
        "Claim" | "ExplanationOfBenefit" => &["type", "use"],
        "Device" => &["deviceName", "type"],
        "QuestionnaireResponse" => &["questionnaire"],
        "Goal" => &["description"],
        "Provenance" => &["activity", "target"],
        _ => TITLES,
    };
    order.iter().find_map(|name| {
        let value = each(resource.get(*name)?).into_iter().next()?;
        let shown = match value {
            Value::Object(_) => values::short(value)?,
            Value::String(text) if !text.is_empty() => text.clone(),
            _ => return None,
        };
        (!shown.is_empty()).then_some(shown)
    })
}

/// The value of an observation: its own, or those of its components.
fn main_value(resource: &Value) -> Option<String> {
    let members = resource.as_object()?;
    let own = members.iter().find(|(name, _)| rows::is_choice(name, "value"));
    if let Some((name, value)) = own {
        return values::one_line(name, value);
    }
    let parts: Vec<String> = at_path(resource, "component")
        .into_iter()
        .filter_map(|component| {
            let members = component.as_object()?;
            let (name, value) = members.iter().find(|(n, _)| rows::is_choice(n, "value"))?;
            values::one_line(name, value)
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(" / "))
}

#[cfg(test)]
mod tests;
