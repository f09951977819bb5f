//! Identifiers of other people in a patient's record: relatives, neighbours, other patients.
//!
//! What identifies the patient goes to whoever may have the record; what identifies somebody else
//! was often told in confidence (45 CFR 164.524(a)(2)(v)). The names of those who cared for the
//! patient belong to the record and are left alone. A proposal decides nothing.

use super::{Class, Hit, Known, Span, find, settle};

/// What a hit says when it was found by what is known of the people near the patient.
const NEAR: &str = "somebody near the patient, known from the chart";

/// Words before a name that say that a provider is meant.
const PROVIDER_TITLES: [&str; 7] = ["Dr", "DR", "Doctor", "Prof", "Professor", "Nurse", "RN"];

/// Finds what identifies somebody else than the patient. `near` is what the chart knows of
/// relatives and contacts; it wins over the patient where both have a name in common only when
/// the whole name is theirs.
pub fn find_others(text: &str, patient: &Known, near: &Known) -> Vec<Span> {
    let own = known_spans(text, patient);
    let relatives = whole_names(text, near);
    let mut found: Vec<Span> = find(text, &without_names(near))
        .into_iter()
        .filter(identifies)
        .filter(|span| !is_provider(text, span))
        .filter(|span| !own.iter().any(|mine| overlap(mine, span)))
        .filter(|span| !relatives.iter().any(|whole| overlap(whole, span)))
        .map(reworded)
        .collect();
    found.extend(relatives);
    found.sort_by_key(|span| (span.start, span.end));
    found
}

fn overlap(a: &Span, b: &Span) -> bool {
    a.start < b.end && b.start < a.end
}

fn known_spans(text: &str, known: &Known) -> Vec<Span> {
    let mut hits = Vec::new();
    known.find(text, &mut hits);
    settle(text, hits)
}

fn without_names(near: &Known) -> Known {
    Known { names: Vec::new(), dates: Vec::new(), ..near.clone() }
}

/// Names of relatives, where given and family name stand together in either order.
fn whole_names(text: &str, near: &Known) -> Vec<Span> {
    let mut hits: Vec<Hit> = Vec::new();
    for name in &near.names {
        let words: Vec<&str> =
            name.reveal().split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let [family, given @ ..] = words.as_slice() else { continue };
        let forms = match given.first() {
            Some(first) => vec![
                format!("{first} {family}"),
                format!("{family}, {first}"),
                format!("{} {family}", given.join(" ")),
            ],
            None => Vec::new(),
        };
        for form in forms {
            super::known::add(text, &form, Class::Name, NEAR, &mut hits);
        }
    }
    settle(text, hits)
}

fn reworded(span: Span) -> Span {
    if span.why.starts_with("the patient's") { Span { why: NEAR.to_owned(), ..span } } else { span }
}

/// Whether the span can tell who somebody is. What only looks like a name is left to the reader.
fn identifies(span: &Span) -> bool {
    match span.class {
        Class::Name => {
            !["looks like a name", "a name where one signs", "a name before a credential"]
                .contains(&span.why.as_str())
        }
        Class::Telephone
        | Class::Fax
        | Class::Email
        | Class::SocialSecurity
        | Class::MedicalRecord
        | Class::HealthPlan
        | Class::Account
        | Class::Licence
        | Class::Vehicle => true,
        Class::Geography | Class::Other => span.why.starts_with("the patient's"),
        Class::Date
        | Class::Age
        | Class::Device
        | Class::Url
        | Class::Ip
        | Class::Biometric
        | Class::Photograph => false,
    }
}

/// Whether the words right before the name are a provider's title.
fn is_provider(text: &str, span: &Span) -> bool {
    if span.class != Class::Name {
        return false;
    }
    let before: String = text.chars().take(span.start).collect();
    let word = before.trim_end_matches([' ', '.']).rsplit(|c: char| !c.is_alphanumeric()).next();
    word.is_some_and(|word| PROVIDER_TITLES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::{Mrn, PersonName, Private};

    fn texts(text: &str) -> Vec<String> {
        let patient = Known {
            names: vec![PersonName::new("Roe, Jane")],
            mrns: vec![Mrn::new("100001")],
            telephones: vec![Private::new("312-555-0142")],
            ..Known::default()
        };
        let near = Known {
            names: vec![PersonName::new("Roe, Winifred")],
            telephones: vec![Private::new("(312) 555-0177")],
            ..Known::default()
        };
        let cut = |span: &Span| -> String {
            text.chars().skip(span.start).take(span.end - span.start).collect()
        };
        find_others(text, &patient, &near).iter().map(cut).collect()
    }

    #[test]
    fn the_patient_and_the_providers_stay_and_others_are_proposed() {
        let table: [(&str, &[&str]); 8] = [
            ("Jane Roe, MRN 100001, phone 312-555-0142.", &[]),
            ("Her mother Winifred Roe called.", &["Winifred Roe"]),
            ("Roe, Winifred", &["Winifred Roe"]),
            ("Call 312.555.0177 first.", &["312.555.0177"]),
            ("Seen by Dr. Albert Quill.", &[]),
            ("Brought by her neighbor Tobias Fenwick.", &["Tobias Fenwick"]),
            ("MRN: 889900 was filed here.", &["889900"]),
            ("Left knee pain, Tinel sign negative.", &[]),
        ];
        for (text, expected) in table {
            let found = texts(text);
            let expected: Vec<&str> = match text {
                "Roe, Winifred" => vec!["Roe, Winifred"],
                _ => expected.to_vec(),
            };
            assert_eq!(found, expected, "{text}");
        }
    }
}
