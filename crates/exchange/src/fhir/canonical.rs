//! One text for one content, so that "the same again" can be told from "changed".

use serde_json::{Map, Value};

/// The resource's content as bytes to hash: members sorted by name, decimals' text kept, without
/// `meta.versionId` and `meta.lastUpdated`; a `meta` left empty goes too.
///
/// Two resources have equal bytes exactly when they say the same.
pub fn content_hash_bytes(resource: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    match resource {
        Value::Object(members) => write_members(members, true, &mut out),
        other => write(other, &mut out),
    }
    out
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(number.as_str(), out),
        Value::String(text) => write_string(text, out),
        Value::Array(values) => {
            out.push(b'[');
            for (place, value) in values.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                write(value, out);
            }
            out.push(b']');
        }
        Value::Object(members) => write_members(members, false, out),
    }
}

/// Digits as sent; an exponent in one spelling, since some readers respell `1E5` as `1e+5`.
fn write_number(text: &str, out: &mut Vec<u8>) {
    match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => {
            out.extend_from_slice(digits.as_bytes());
            out.push(b'e');
            out.extend_from_slice(exponent.trim_start_matches('+').as_bytes());
        }
        None => out.extend_from_slice(text.as_bytes()),
    }
}

fn write_members(members: &Map<String, Value>, is_top: bool, out: &mut Vec<u8>) {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_unstable_by_key(|(name, _)| name.as_str());
    out.push(b'{');
    let mut is_first = true;
    for (name, value) in sorted {
        let lean;
        let value = match value {
            Value::Object(meta) if is_top && name == "meta" => {
                lean = without_version(meta);
                match lean.as_object() {
                    Some(kept) if kept.is_empty() => continue,
                    _ => &lean,
                }
            }
            other => other,
        };
        if !is_first {
            out.push(b',');
        }
        is_first = false;
        write_string(name, out);
        out.push(b':');
        write(value, out);
    }
    out.push(b'}');
}

fn without_version(meta: &Map<String, Value>) -> Value {
    let kept =
        meta.iter().filter(|(name, _)| !matches!(name.as_str(), "versionId" | "lastUpdated"));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("writing a text to memory succeeds");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse;

    fn same(one: &str, other: &str) -> bool {
        content_hash_bytes(&parse(one).unwrap()) == content_hash_bytes(&parse(other).unwrap())
    }

    #[test]
    fn same_content_has_same_bytes() {
        let table = [
            (r#"{"a":1,"b":{"d":1,"c":2}}"#, r#"{ "b":{"c":2,"d":1}, "a":1}"#, true),
            (r#"{"a":1,"meta":{"versionId":"2","lastUpdated":"2026"}}"#, r#"{"a":1}"#, true),
            (r#"{"a":1,"meta":{"versionId":"2","source":"s"}}"#, r#"{"a":1}"#, false),
            (r#"{"a":1.0}"#, r#"{"a":1.00}"#, false),
            (r#"{"a":1E5}"#, r#"{"a":1e+5}"#, true),
            (r#"{"a":1e-5}"#, r#"{"a":1e5}"#, false),
            (r#"{"a":["1","2"]}"#, r#"{"a":["2","1"]}"#, false),
            (r#"{"a":"\u0041"}"#, r#"{"a":"A"}"#, true),
            (r#"{"x":{"meta":{"versionId":"1"}}}"#, r#"{"x":{"meta":{"versionId":"2"}}}"#, false),
        ];
        for (one, other, expected) in table {
            assert_eq!(same(one, other), expected, "{one} {other}");
        }
    }
}
