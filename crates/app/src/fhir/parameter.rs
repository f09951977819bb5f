//! Search parameters that the API answers, by type. What is not here is not searched by.

use exchange::fhir::search_parameter;
use store::search::SortKey;

/// How a parameter is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// `_id`.
    Id,
    /// `_lastUpdated`.
    Updated,
    /// The patient whose chart it is in.
    Patient,
    /// The encounter.
    Encounter,
    /// A token, by its digest.
    Token,
    /// Part of a name.
    Name,
    /// The birth date, as a word.
    BirthDate,
    /// The date under which a chart shows it.
    Date,
}

/// Token parameters that are indexed wherever R4 has them.
const TOKENS: &[&str] = &[
    "_security",
    "_tag",
    "active",
    "category",
    "class",
    "clinical-status",
    "code",
    "gender",
    "identifier",
    "intent",
    "lifecycle-status",
    "status",
    "type",
    "vaccine-code",
    "verification-status",
];

/// Types whose chart date is the value of this date parameter. Elsewhere it is `date`.
const OWN_DATES: &[(&str, &str)] = &[
    ("Condition", "onset-date"),
    ("MedicationAdministration", "effective-time"),
    ("MedicationDispense", "whenhandedover"),
    ("MedicationRequest", "authoredon"),
    ("MedicationStatement", "effective"),
];

/// Types with patients: what `patient` and `subject` mean in them is the chart.
const SUBJECTS: &[&str] = &["patient", "subject", "beneficiary"];

/// How this type answers a parameter of this name; none where it does not.
pub(crate) fn parameter(kind: &str, name: &str) -> Option<Parameter> {
    match name {
        "_id" => return Some(Parameter::Id),
        "_lastUpdated" => return Some(Parameter::Updated),
        _ => {}
    }
    let known = search_parameter(kind, name)?;
    match name {
        _ if SUBJECTS.contains(&name) && known.targets.split(',').any(|t| t == "Patient") => {
            Some(Parameter::Patient)
        }
        "encounter" if known.kind == "reference" => Some(Parameter::Encounter),
        "birthdate" => Some(Parameter::BirthDate),
        "family" | "given" | "name" if known.kind == "string" && has_names(kind) => {
            Some(Parameter::Name)
        }
        _ if TOKENS.contains(&name) && known.kind == "token" => Some(Parameter::Token),
        _ if is_date(kind, name) => Some(Parameter::Date),
        _ => None,
    }
}

fn is_date(kind: &str, name: &str) -> bool {
    match OWN_DATES.iter().find(|(known, _)| *known == kind) {
        Some((_, own)) => *own == name,
        None => name == "date",
    }
}

/// Types whose names are indexed.
fn has_names(kind: &str) -> bool {
    matches!(
        kind,
        "HealthcareService"
            | "Location"
            | "Organization"
            | "Patient"
            | "Person"
            | "Practitioner"
            | "RelatedPerson"
    )
}

/// Names and kinds of all parameters of a type, for the statement of capability.
pub(crate) fn of_type(kind: &str) -> Vec<(&'static str, &'static str)> {
    let own = OWN_DATES.iter().map(|(_, name)| *name);
    let names =
        ["_id", "_lastUpdated", "birthdate", "date", "encounter", "family", "given", "name"]
            .into_iter()
            .chain(SUBJECTS.iter().copied())
            .chain(TOKENS.iter().copied())
            .chain(own);
    let mut found: Vec<(&str, &str)> = names
        .filter_map(|name| {
            let kind = match parameter(kind, name)? {
                Parameter::Id | Parameter::Token => "token",
                Parameter::Updated | Parameter::Date | Parameter::BirthDate => "date",
                Parameter::Patient | Parameter::Encounter => "reference",
                Parameter::Name => "string",
            };
            Some((name, kind))
        })
        .collect();
    found.sort_unstable();
    found
}

/// What a name in `_sort` sorts by; none where the type can't be sorted so.
pub(crate) fn sort_key(kind: &str, name: &str) -> Option<SortKey> {
    match name {
        "_id" => Some(SortKey::Id),
        "_lastUpdated" => Some(SortKey::Updated),
        "name" | "family" if kind == "Patient" => Some(SortKey::Name),
        "birthdate" if kind == "Patient" => Some(SortKey::BirthDate),
        _ if parameter(kind, name) == Some(Parameter::Date) => Some(SortKey::Date),
        _ => None,
    }
}

/// Whether a value of this parameter may identify a patient, so that it may stand in no address.
pub(crate) fn identifies(name: &str) -> bool {
    let name = name.split(':').next().unwrap_or(name);
    !(TOKENS.contains(&name) && name != "identifier"
        || name == "date"
        || name == "_lastUpdated"
        || matches!(name, "_sort" | "_count" | "_total" | "_include" | "_summary"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_answer_their_own_parameters() {
        let table = [
            ("Patient", "birthdate", Some(Parameter::BirthDate)),
            ("Patient", "family", Some(Parameter::Name)),
            ("Patient", "patient", None),
            ("Observation", "subject", Some(Parameter::Patient)),
            ("Observation", "patient", Some(Parameter::Patient)),
            ("Observation", "code", Some(Parameter::Token)),
            ("Observation", "date", Some(Parameter::Date)),
            ("Observation", "family", None),
            ("Condition", "onset-date", Some(Parameter::Date)),
            ("Condition", "clinical-status", Some(Parameter::Token)),
            ("MedicationRequest", "date", None),
            ("MedicationRequest", "authoredon", Some(Parameter::Date)),
            ("Organization", "name", Some(Parameter::Name)),
            ("Observation", "nonsense", None),
            ("Observation", "value-quantity", None),
        ];
        for (kind, name, expected) in table {
            assert_eq!(parameter(kind, name), expected, "{kind} {name}");
        }
    }

    #[test]
    fn values_that_identify_stay_out_of_addresses() {
        for name in ["family:exact", "identifier", "_id", "patient", "birthdate", "anything"] {
            assert!(identifies(name), "{name}");
        }
        for name in ["code", "status", "_count", "date", "category:not"] {
            assert!(!identifies(name), "{name}");
        }
    }
}
