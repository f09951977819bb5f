//! Demographics read back into the form of registration, and corrected there.

use super::PatientForm;
use super::read::move_member;
use serde_json::{Value, json};

/// Reads a Patient back into the form of registration.
pub fn patient_form(patient: &Value) -> PatientForm {
    let list = |name: &str| patient[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let string = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let named = |of: &str| list("name").iter().find(|name| name["use"] == of);
    let official = named("official").or(list("name").first()).unwrap_or(&Value::Null);
    let given: Vec<String> = official["given"]
        .as_array()
        .map(|all| all.iter().map(string).collect())
        .unwrap_or_default();
    let telecom = |system: &str| {
        let found = list("telecom").iter().find(|one| one["system"] == system);
        found.map(|one| string(&one["value"])).unwrap_or_default()
    };
    let identifier = |kind: &str| {
        let of_kind = |one: &&Value| one["type"]["coding"][0]["code"] == kind;
        list("identifier").iter().find(of_kind).map(|one| string(&one["value"])).unwrap_or_default()
    };
    let address = list("address").first().unwrap_or(&Value::Null);
    PatientForm {
        mrn: identifier("MR"),
        mrn_system: String::new(),
        family: string(&official["family"]),
        given: given.first().cloned().unwrap_or_default(),
        middle: given.get(1..).unwrap_or_default().join(" "),
        suffix: string(&official["suffix"][0]),
        former_family: named("maiden").map(|name| string(&name["family"])).unwrap_or_default(),
        called: named("nickname").map(|name| string(&name["given"][0])).unwrap_or_default(),
        birth_date: string(&patient["birthDate"]),
        gender: string(&patient["gender"]),
        phone: telecom("phone"),
        email: telecom("email"),
        street: string(&address["line"][0]),
        city: string(&address["city"]),
        state: string(&address["state"]),
        postal_code: string(&address["postalCode"]),
        ssn: identifier("SS"),
        language: string(&patient["communication"][0]["language"]["coding"][0]["code"]),
        deceased: string(&patient["deceasedDateTime"]),
    }
}

/// The patient as registered before, with what the form changed: `new` is what the form built.
/// Numbers, names of other uses and further addresses stay.
pub fn corrected_patient(old: &Value, new: &Value) -> Value {
    let mut out = old.clone();
    let (before, after) = (patient_form(old), patient_form(new));
    for (is_changed, member) in [
        (before.gender != after.gender, "gender"),
        (before.birth_date != after.birth_date, "birthDate"),
        (before.deceased != after.deceased, "deceasedDateTime"),
        (before.language != after.language, "communication"),
    ] {
        if is_changed {
            move_member(&mut out, new, member);
        }
    }
    if before.deceased.is_empty()
        && !after.deceased.is_empty()
        && let Some(members) = out.as_object_mut()
    {
        members.shift_remove("deceasedBoolean");
    }
    let is_number = |one: &Value| one["type"]["coding"][0]["code"] == "SS";
    if before.ssn != after.ssn {
        merge_list(&mut out, new, "identifier", is_number, is_number);
    }
    if before.phone != after.phone {
        let is_phone = |one: &Value| one["system"] == "phone";
        replace_first(&mut out, new, "telecom", is_phone);
    }
    if before.email != after.email {
        let is_email = |one: &Value| one["system"] == "email";
        replace_first(&mut out, new, "telecom", is_email);
    }
    correct_names(&mut out, new, &before, &after);
    correct_address(&mut out, &before, &after);
    out
}

fn correct_names(out: &mut Value, new: &Value, before: &PatientForm, after: &PatientForm) {
    let official = |form: &PatientForm| {
        (form.family.clone(), form.given.clone(), form.middle.clone(), form.suffix.clone())
    };
    let is_official = |one: &Value| one["use"] == "official";
    if official(before) != official(after) {
        let has_official =
            out["name"].as_array().is_some_and(|names| names.iter().any(is_official));
        match has_official {
            true => replace_first(out, new, "name", is_official),
            false => replace_first(out, new, "name", |_| true),
        }
    }
    if before.former_family != after.former_family {
        replace_first(out, new, "name", |one| one["use"] == "maiden");
    }
    if before.called != after.called {
        replace_first(out, new, "name", |one| one["use"] == "nickname");
    }
}

fn correct_address(out: &mut Value, before: &PatientForm, after: &PatientForm) {
    let place = |form: &PatientForm| {
        [&form.street, &form.city, &form.state, &form.postal_code].map(String::clone)
    };
    if place(before) == place(after) {
        return;
    }
    let mut address = out["address"][0].clone();
    if !address.is_object() {
        address = json!({});
    }
    let line = if after.street.is_empty() { Value::Null } else { json!([after.street]) };
    let text = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    for (member, value) in [
        ("line", line),
        ("city", text(&after.city)),
        ("state", text(&after.state)),
        ("postalCode", text(&after.postal_code)),
        // What locates the old address says nothing of the new one.
        ("extension", Value::Null),
        ("text", Value::Null),
    ] {
        let Some(members) = address.as_object_mut() else { return };
        match value {
            Value::Null => {
                members.shift_remove(member);
            }
            value => {
                members.insert(member.to_owned(), value);
            }
        }
    }
    match out["address"].as_array_mut() {
        Some(list) if !list.is_empty() => list[0] = address,
        _ => out["address"] = json!([address]),
    }
}

/// Takes out of a list what `old_goes` names, and puts what `new_comes` names at its end.
fn merge_list(
    out: &mut Value,
    new: &Value,
    member: &str,
    old_goes: impl Fn(&Value) -> bool,
    new_comes: impl Fn(&Value) -> bool,
) {
    let list = |value: &Value| value[member].as_array().cloned().unwrap_or_default();
    let mut merged = list(out);
    merged.retain(|one| !old_goes(one));
    merged.extend(list(new).into_iter().filter(new_comes));
    out[member] = Value::Array(merged);
}

/// Puts the first of the new list that fits in place of the first of the old that fits; without
/// a new one the old goes.
fn replace_first(out: &mut Value, new: &Value, member: &str, fits: impl Fn(&Value) -> bool) {
    let list = |value: &Value| value[member].as_array().cloned().unwrap_or_default();
    let mut merged = list(out);
    let at = merged.iter().position(&fits);
    let replacement = list(new).into_iter().find(&fits);
    match (at, replacement) {
        (Some(at), Some(new)) => merged[at] = new,
        (Some(at), None) => {
            merged.remove(at);
        }
        (None, Some(new)) => merged.push(new),
        (None, None) => {}
    }
    match merged.is_empty() {
        true => {
            if let Some(members) = out.as_object_mut() {
                members.shift_remove(member);
            }
        }
        false => out[member] = Value::Array(merged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corrected_patient_keeps_other_numbers_names_and_addresses() {
        let old = json!({
            "resourceType": "Patient", "id": "p",
            "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "1"},
                           {"system": "urn:other", "value": "9"}],
            "name": [{"use": "official", "family": "Roe", "given": ["Jane"], "prefix": ["Ms."]},
                     {"use": "old", "family": "Poe"}],
            "gender": "female", "birthDate": "1980-03-04",
            "address": [{"line": ["1 Elm"], "city": "Rye", "country": "US"}, {"city": "Ayr"}],
        });
        let form = PatientForm { street: "2 Oak".to_owned(), ..patient_form(&old) };
        let zone = jiff::tz::TimeZone::UTC;
        let desk = crate::fhir::build::Desk { zone: &zone, now: record::Instant(0) };
        let out = corrected_patient(&old, &form.build(&desk));
        assert_eq!(out["identifier"], old["identifier"]);
        assert_eq!(out["name"], old["name"], "an untouched name keeps its prefix");
        assert_eq!(out["address"][0]["line"], json!(["2 Oak"]));
        assert_eq!(out["address"][0]["country"], "US");
        assert_eq!(out["address"][1], old["address"][1]);
    }
}
