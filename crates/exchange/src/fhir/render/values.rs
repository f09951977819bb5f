//! Values in one line, told by their shape: concepts, quantities, periods, names, addresses.

use super::dates::shown_date;
use super::rows::label;
use super::systems::system_name;
use crate::fhir::index::{each, text};
use serde_json::{Map, Value};

/// Units as people write them, for UCUM codes that they don't.
const UNITS: &[(&str, &str)] = &[
    ("mm[Hg]", "mmHg"),
    ("Cel", "°C"),
    ("[degF]", "°F"),
    ("[lb_av]", "lb"),
    ("[in_i]", "in"),
    ("kg/m2", "kg/m²"),
    ("{score}", ""),
    ("1", ""),
    ("10*3/uL", "×10³/µL"),
    ("10*6/uL", "×10⁶/µL"),
    ("d", "days"),
    ("wk", "weeks"),
    ("mo", "months"),
    ("a", "years"),
    ("h", "hours"),
    ("min", "minutes"),
];

/// A code as words: `entered-in-error` to `Entered in error`.
pub(super) fn words(code: &str) -> String {
    let spaced = code.replace(['-', '_'], " ");
    let mut letters = spaced.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => spaced,
    }
}

/// Members of type `code`, whose value is a word of R4 itself.
const CODES: &[&str] = &[
    "status",
    "intent",
    "use",
    "gender",
    "priority",
    "criticality",
    "category",
    "mode",
    "outcome",
    "docStatus",
    "lifecycleStatus",
    "severity",
    "kind",
    "type",
    "entryType",
    "rank",
];

/// The value in one line; `None` where it has parts that need rows of their own.
pub(super) fn one_line(name: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(flag) => Some(if *flag { "Yes" } else { "No" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(match shown_date(text).filter(|_| is_date(text)) {
            Some(date) => date,
            None if CODES.contains(&name) && is_code(text) => words(text),
            None => text.clone(),
        }),
        Value::Array(values) => {
            let parts: Option<Vec<String>> =
                values.iter().map(|value| one_line(name, value)).collect();
            Some(parts?.join("; "))
        }
        Value::Object(members) => object(value, members),
    }
}

/// A full date, or a date with a time: a bare year may be anything.
fn is_date(text: &str) -> bool {
    text.len() >= 10
}

fn is_code(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

fn object(value: &Value, members: &Map<String, Value>) -> Option<String> {
    let has = |name: &str| members.contains_key(name);
    let only = |names: &[&str]| members.keys().all(|name| names.contains(&name.as_str()));
    if has("coding") || (has("text") && only(&["text", "id", "extension"])) {
        return Some(concept(value));
    }
    if has("reference") || (has("display") && !has("code")) {
        return Some(reference(value));
    }
    if has("currency") && has("value") {
        return Some(format!("{} {}", number(value), text(value, "currency").unwrap_or_default()));
    }
    if members.get("value").is_some_and(Value::is_number) {
        return Some(quantity(value));
    }
    if only(&["start", "end", "id", "extension"]) {
        return time(value);
    }
    if has("low") || has("high") && only(&["low", "high", "type", "appliesTo", "age", "text"]) {
        return range(value);
    }
    if has("numerator") || has("denominator") {
        let part = |name: &str| value.get(name).map(quantity).unwrap_or_default();
        return Some(format!("{} per {}", part("numerator"), part("denominator")));
    }
    if has("family") || has("given") {
        return Some(person(value));
    }
    if has("line") || has("city") || has("postalCode") {
        return Some(address(value));
    }
    if has("contentType") && (has("data") || has("url") || has("title")) {
        return Some(attachment(value));
    }
    if has("value") && has("system") || only(&["value", "use", "type", "system", "period"]) {
        return Some(identifier(value));
    }
    if has("code")
        && has("system")
        && only(&["code", "system", "display", "version", "userSelected"])
    {
        return Some(coding(value));
    }
    if has("text") && (has("time") || has("authorString") || has("authorReference")) {
        return Some(annotation(value));
    }
    if has("repeat") || has("event") && only(&["event", "repeat", "code"]) {
        return Some(timing(value));
    }
    if has("doseAndRate") || has("asNeededBoolean") || has("timing") && has("route") {
        return Some(dosage(value));
    }
    None
}

/// A short form for titles: a concept without its codes, a name, a reference.
pub(super) fn short(value: &Value) -> Option<String> {
    if let Some(words) = text(value, "text").or_else(|| text(value, "display")) {
        return Some(words.to_owned());
    }
    let codings = value.get("coding").map(each).unwrap_or_default();
    if let Some(words) = codings.iter().find_map(|coding| text(coding, "display")) {
        return Some(words.to_owned());
    }
    if let Some(coding) = codings.first() {
        return Some(self::coding(coding));
    }
    if let Some(name) = text(value, "name") {
        return Some(name.to_owned());
    }
    if let Some(attachment) = value.get("attachment") {
        return text(attachment, "title").map(str::to_owned);
    }
    object(value, value.as_object()?)
}

fn concept(value: &Value) -> String {
    let codings = value.get("coding").map(each).unwrap_or_default();
    let words = text(value, "text").or_else(|| codings.iter().find_map(|c| text(c, "display")));
    let codes: Vec<String> = codings
        .iter()
        .filter_map(|coding| {
            let name = system_name(text(coding, "system")?)?;
            Some(format!("{name} {}", text(coding, "code")?))
        })
        .collect();
    match (words, codes.is_empty()) {
        (Some(words), true) => words_of_codes(&[words]),
        (Some(words), false) => format!("{words} ({})", codes.join(", ")),
        (None, false) => codes.join(", "),
        (None, true) => {
            let codes: Vec<&str> = codings.iter().filter_map(|c| text(c, "code")).collect();
            words_of_codes(&codes)
        }
    }
}

fn words_of_codes(codes: &[&str]) -> String {
    let shown: Vec<String> = codes
        .iter()
        .map(|code| if is_code(code) { words(code) } else { (*code).to_owned() })
        .collect();
    shown.join(", ")
}

/// Codes of v3-ActCode for encounters, which senders often leave without words.
const CLASSES: &[(&str, &str)] = &[
    ("AMB", "Outpatient"),
    ("EMER", "Emergency"),
    ("FLD", "Field"),
    ("HH", "Home health"),
    ("IMP", "Inpatient"),
    ("ACUTE", "Inpatient acute"),
    ("NONAC", "Inpatient non-acute"),
    ("OBSENC", "Observation"),
    ("PRENC", "Pre-admission"),
    ("SS", "Short stay"),
    ("VR", "Virtual"),
];

fn coding(value: &Value) -> String {
    let code = text(value, "code").unwrap_or_default();
    let system = text(value, "system").unwrap_or_default();
    let class = CLASSES.iter().find(|(known, _)| *known == code && system.ends_with("ActCode"));
    let words = class.map(|(_, words)| *words).or_else(|| text(value, "display"));
    match (words, system_name(system)) {
        (Some(words), Some(name)) => format!("{words} ({name} {code})"),
        (Some(words), None) => words.to_owned(),
        (None, Some(name)) => format!("{name} {code}"),
        (None, None) => words_of_codes(&[code]),
    }
}

fn reference(value: &Value) -> String {
    let target = text(value, "reference")
        .or_else(|| value.get("identifier").and_then(|identifier| text(identifier, "value")));
    text(value, "display").or(target).unwrap_or_default().to_owned()
}

fn number(value: &Value) -> String {
    value.get("value").map(Value::to_string).unwrap_or_default()
}

fn quantity(value: &Value) -> String {
    let unit = text(value, "unit").or_else(|| text(value, "code")).unwrap_or_default();
    let unit = UNITS.iter().find(|(code, _)| *code == unit).map_or(unit, |(_, shown)| shown);
    let unit = if unit.starts_with('{') { unit.trim_matches(['{', '}']) } else { unit };
    let comparator = text(value, "comparator").map_or(String::new(), |sign| format!("{sign} "));
    format!("{comparator}{} {unit}", number(value)).trim_end().to_owned()
}

/// A date, a period or a timing in words.
pub(super) fn time(value: &Value) -> Option<String> {
    if let Value::String(text) = value {
        return shown_date(text);
    }
    let part =
        |name: &str| text(value, name).map(|t| shown_date(t).unwrap_or_else(|| t.to_owned()));
    match (part("start"), part("end")) {
        (Some(start), Some(end)) if start == end => Some(start),
        (Some(start), Some(end)) => Some(from_to(&start, &end)),
        (Some(start), None) => Some(format!("since {start}")),
        (None, Some(end)) => Some(format!("until {end}")),
        (None, None) => {
            let shown = timing(value);
            (!shown.is_empty()).then_some(shown)
        }
    }
}

/// Both ends of a period, the zone and the day said once where they are the same.
fn from_to(start: &str, end: &str) -> String {
    let is_zone = |word: &str| word.len() > 2 && word.starts_with(|c: char| c.is_ascii_uppercase());
    let zone = |text: &str| {
        let at = text.rfind(' ').filter(|at| is_zone(&text[at + 1..]))?;
        Some(text[at..].to_owned())
    };
    let start = match zone(start) {
        Some(of_start) if Some(&of_start) == zone(end).as_ref() => {
            start.strip_suffix(of_start.as_str()).unwrap_or(start)
        }
        _ => start,
    };
    let day = |text: &str| text.find(':').and_then(|colon| text.get(..colon - 2)).map(str::len);
    match day(start) {
        Some(cut) if end.get(..cut) == start.get(..cut) => format!("{start} to {}", &end[cut..]),
        _ => format!("{start} to {end}"),
    }
}

fn range(value: &Value) -> Option<String> {
    let part = |name: &str| value.get(name).map(quantity);
    let words = match (part("low"), part("high")) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => text(value, "text")?.to_owned(),
    };
    Some(match value.get("type").map(concept) {
        Some(kind) => format!("{words} ({kind})"),
        None => words,
    })
}

fn texts<'a>(value: &'a Value, name: &str) -> Vec<&'a str> {
    value.get(name).map(each).unwrap_or_default().into_iter().filter_map(Value::as_str).collect()
}

fn person(value: &Value) -> String {
    let mut parts = texts(value, "prefix");
    parts.extend(texts(value, "given"));
    parts.extend(text(value, "family"));
    parts.extend(texts(value, "suffix"));
    let name = parts.join(" ");
    match text(value, "use") {
        Some(usage) if usage != "official" && usage != "usual" => format!("{name} ({usage})"),
        _ => name,
    }
}

fn address(value: &Value) -> String {
    let mut parts: Vec<String> = texts(value, "line").into_iter().map(str::to_owned).collect();
    parts.extend(text(value, "city").map(str::to_owned));
    let region = [text(value, "state"), text(value, "postalCode")];
    let region: Vec<&str> = region.into_iter().flatten().collect();
    if !region.is_empty() {
        parts.push(region.join(" "));
    }
    parts.extend(text(value, "country").map(str::to_owned));
    parts.join(", ")
}

fn attachment(value: &Value) -> String {
    let title = text(value, "title").unwrap_or("File");
    let mut details = vec![text(value, "contentType").unwrap_or_default().to_owned()];
    if let Some(data) = text(value, "data") {
        details.push(format!("{} bytes", data.trim_end_matches('=').len() * 3 / 4));
    }
    details.extend(text(value, "url").map(str::to_owned));
    details.extend(text(value, "creation").and_then(shown_date));
    format!("{title} ({})", details.join(", "))
}

fn identifier(value: &Value) -> String {
    let number = match value.get("value") {
        Some(Value::String(number)) => number.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let kind = value.get("type").and_then(short);
    let system = text(value, "system").unwrap_or_default();
    match (kind, system_name(system)) {
        (Some(kind), _) => format!("{number} ({kind})"),
        (None, Some(name)) => format!("{number} ({name})"),
        (None, None) if matches!(system, "phone" | "email" | "fax" | "sms" | "pager") => {
            let usage = text(value, "use").map_or(String::new(), |usage| format!(", {usage}"));
            format!("{number} ({system}{usage})")
        }
        (None, None) if system.is_empty() || system == "url" => number,
        (None, None) => format!("{number} ({system})"),
    }
}

fn annotation(value: &Value) -> String {
    let mut by: Vec<String> = text(value, "authorString").map(str::to_owned).into_iter().collect();
    by.extend(value.get("authorReference").map(reference));
    by.extend(text(value, "time").and_then(shown_date));
    let said = text(value, "text").unwrap_or_default();
    if by.is_empty() { said.to_owned() } else { format!("{said} ({})", by.join(", ")) }
}

fn timing(value: &Value) -> String {
    let mut parts: Vec<String> = value.get("code").map(concept).into_iter().collect();
    let events = texts(value, "event").into_iter().filter_map(shown_date);
    parts.extend(events);
    if let Some(repeat) = value.get("repeat") {
        parts.extend(frequency(repeat));
        parts.extend(texts(repeat, "when").into_iter().map(str::to_owned));
        parts.extend(repeat.get("boundsPeriod").and_then(time));
    }
    parts.join(", ")
}

/// `2 times a day`, `once every 8 hours`.
fn frequency(repeat: &Value) -> Option<String> {
    let figure = |name: &str| repeat.get(name).map(Value::to_string);
    let often = match figure("frequency").as_deref() {
        Some("1") => Some("once".to_owned()),
        Some(times) => Some(format!("{times} times")),
        None => None,
    };
    let unit = text(repeat, "periodUnit").unwrap_or_default();
    let unit = UNITS.iter().find(|(code, _)| *code == unit).map_or(unit, |(_, shown)| shown);
    let every = match figure("period").as_deref() {
        Some("1") => {
            let article = if unit == "hours" { "an" } else { "a" };
            Some(format!("{article} {}", unit.trim_end_matches('s')))
        }
        Some(period) => Some(format!("every {period} {unit}")),
        None => None,
    };
    let parts: Vec<String> = often.into_iter().chain(every).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn dosage(value: &Value) -> String {
    let mut parts: Vec<String> = text(value, "text").map(str::to_owned).into_iter().collect();
    for dose in value.get("doseAndRate").map(each).unwrap_or_default() {
        let Some(members) = dose.as_object() else { continue };
        let shown = members.iter().filter(|(name, _)| *name != "type");
        parts.extend(shown.filter_map(|(name, value)| one_line(name, value)));
    }
    for name in ["timing", "route", "site", "method", "additionalInstruction"] {
        match (name, value.get(name)) {
            (_, None) => {}
            ("timing", Some(value)) => parts.push(timing(value)),
            (_, Some(value)) => parts.extend(one_line(name, value)),
        }
    }
    match value.get("asNeededBoolean") {
        Some(Value::Bool(true)) => parts.push("as needed".to_owned()),
        _ => parts.extend(
            value
                .get("asNeededCodeableConcept")
                .map(|reason| format!("as needed for {}", concept(reason))),
        ),
    }
    if let Some(text) = text(value, "patientInstruction") {
        parts.push(format!("{}: {text}", label("patientInstruction")));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}
