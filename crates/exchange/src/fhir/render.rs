//! Resources for people: a title, a date and labelled rows, in plain words.
//!
//! Nothing is hidden: what a type's own rows don't show follows in `more`, every leaf labelled.

mod dates;
mod rows;
mod systems;
mod types;
mod values;

pub use dates::{shown_date, shown_date_in};
pub use systems::system_name;
pub use types::kind_label;

use super::index::{at_path, dates::chart_values, each, text};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::borrow::Cow;

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

/// Renders any resource, its times by the clock of a place.
pub fn render_in(resource: &Value, zone: &TimeZone) -> Rendered {
    render(&dates::localized(resource, zone))
}

/// Renders any resource. Its times keep the offset that the sender wrote.
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

/// The value of an observation: its own, or those of its components, the systolic pressure first
/// as people say it.
fn main_value(resource: &Value) -> Option<String> {
    if let Some(own) = value_of(resource) {
        return own;
    }
    let mut components = at_path(resource, "component");
    components.sort_by_key(|component| is_coded(component, DIASTOLIC));
    let parts: Vec<String> = components.into_iter().filter_map(|one| value_of(one)?).collect();
    (!parts.is_empty()).then(|| parts.join(" / "))
}

/// LOINC: diastolic blood pressure.
const DIASTOLIC: &str = "8462-4";

fn is_coded(component: &Value, code: &str) -> bool {
    at_path(component, "code.coding").iter().any(|coding| text(coding, "code") == Some(code))
}

fn value_of(of: &Value) -> Option<Option<String>> {
    let mut members = of.as_object()?.iter();
    let (name, value) = members.find(|(name, _)| rows::is_choice(name, "value"))?;
    Some(values::one_line(name, &rounded(value)))
}

/// Decimals after which a number in a list is cut: computed ones have fifteen, and no instrument
/// that many. The entry's own page shows all.
const DECIMALS_MAX: usize = 3;

/// A quantity with two decimals, or three digits that say something, where it has many.
fn rounded(value: &Value) -> Cow<'_, Value> {
    let number = value.get("value").filter(|number| number.is_number());
    let written = number.map(Value::to_string).unwrap_or_default();
    let decimals = written.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let Some(exact) = number.and_then(Value::as_f64).filter(|_| decimals > DECIMALS_MAX) else {
        return Cow::Borrowed(value);
    };
    let zeros = (-exact.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    let shown = format!("{exact:.*}", zeros + 2);
    let Ok(number) = serde_json::from_str::<serde_json::Number>(&shown) else {
        return Cow::Borrowed(value);
    };
    let mut short = value.clone();
    short["value"] = Value::Number(number);
    Cow::Owned(short)
}

#[cfg(test)]
mod tests;
