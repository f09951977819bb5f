//! What the desks find in the demonstration is what its truth says.

use super::*;
use std::collections::BTreeSet;
use store::deficiency::DeficiencyFilter;

/// Kinds of document of which the truth tells what is wanting, by the names of their rules.
const TOLD: &[(&str, &[&str])] = &[
    ("34117-2", &["history-and-physical"]),
    ("11504-8", &["operative-report"]),
    ("18842-5", &["discharge-summary", "final-progress-note", "death-summary"]),
];

#[test]
fn deficiencies_are_those_of_the_truth() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let keys = folder.path().join("keys");
    let site = Site { data: data.display().to_string(), keys: Some(keys) };
    let arguments = Arguments {
        patients: 60,
        seed: 1,
        data: Some(data.clone()),
        listen: Listen { listen: ([127, 0, 0, 1], 0).into(), tls_certificate: None, tls_key: None },
        no_serve: true,
    };
    let store = make(&arguments, &site, &data).unwrap();
    let truth: serde_json::Value =
        serde_json::from_slice(&fs::read(data.join("truth.json")).unwrap()).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let since = now().plus_seconds(-365 * 86_400).date_in(&jiff::tz::TimeZone::UTC).to_string();
    let expected: BTreeSet<(String, String, String)> = truth["deficiencies"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| text(&one["discharged"]) > since)
        .map(|one| (text(&one["encounter"]), text(&one["loinc"]), text(&one["kind"])))
        .collect();
    // On the day at the edge of the year it is the hour that decides: left out on both sides.
    let is_recent = |encounter: &str| {
        let stays = truth["stays"].as_array().unwrap();
        let stay = stays.iter().find(|one| one["encounter"] == encounter).unwrap();
        stay["discharged"].as_str().is_none_or(|day| day > since.as_str())
    };
    let context = context("test");
    let filter = DeficiencyFilter::default();
    let found: BTreeSet<(String, String, String)> = store
        .look(&context, |view| {
            let mut found = BTreeSet::new();
            for row in view.deficiency_list(&filter, 10_000)? {
                let encounter = view.resource_by_key(row.encounter)?.unwrap().fhir_id;
                if !is_recent(&encounter) {
                    continue;
                }
                let rule = row.rule.as_ref().map(|(rule, _)| rule.as_str()).unwrap();
                let told = TOLD.iter().find(|(_, rules)| rules.contains(&rule));
                let Some((loinc, _)) = told else {
                    panic!("the truth has no {rule}, wanting in {encounter}");
                };
                found.insert((encounter, (*loinc).to_owned(), row.kind.as_str().to_owned()));
            }
            Ok::<_, store::Error>(found)
        })
        .unwrap();
    assert!(!expected.is_empty());
    assert_eq!(found, expected);
}
