//! Charts, and what they lack.

use super::*;
use crate::completion_rules::completion_rules;
use expect_test::expect;
use jiff::civil::date;

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn provider(name: &str) -> Option<Assignee> {
    Some(Assignee { account: None, name: name.to_owned() })
}

/// An inpatient stay of four days with one operation.
fn stay() -> EncounterFacts {
    EncounterFacts {
        id: "e1".to_owned(),
        class: EncounterClass::Inpatient,
        admitted: Some(at("2026-03-01T08:00:00Z")),
        discharged: Some(at("2026-03-05T10:00:00Z")),
        died: false,
        attending: provider("Dr. Roe"),
        procedures: vec![ProcedureFacts {
            id: "p1".to_owned(),
            at: at("2026-03-02T09:00:00Z"),
            under_anaesthesia: true,
            provider: provider("Dr. Poe"),
        }],
    }
}

fn document(id: &str, code: &str, signed: bool) -> DocumentFacts {
    DocumentFacts {
        id: id.to_owned(),
        code: Some(code.to_owned()),
        at: at("2026-03-02T12:00:00Z"),
        signed: signed.then(|| at("2026-03-02T12:30:00Z")),
        author: provider("Dr. Moe"),
        is_void: false,
    }
}

fn shown(encounter: &EncounterFacts, documents: &[DocumentFacts], now: &str) -> String {
    let found = missing(encounter, documents, &completion_rules(), at(now), &TimeZone::UTC);
    let line = |one: DeficiencyProposal| {
        let who = one.assignee.map(|assignee| assignee.name).unwrap_or_default();
        format!("{} | {who} | {} [{}]\n", one.kind.as_str(), one.sentence, one.citation)
    };
    found.into_iter().map(line).collect()
}

#[test]
fn an_empty_chart_lacks_everything() {
    expect![[r#"
        missing-document | Dr. Roe | History and physical is missing: due within 24 hours of admission, by 2026-03-02. [42 CFR 482.24(c)(4)(i)(A)]
        missing-document | Dr. Roe | Discharge summary is missing: due within 30 days of discharge, by 2026-04-04. [42 CFR 482.24(c)(4)(vii)]
        missing-document | Dr. Poe | Informed consent is missing: due before the procedure, by 2026-03-02. [42 CFR 482.24(c)(4)(v)]
        missing-document | Dr. Poe | Operative report is missing: due within 24 hours of the procedure, by 2026-03-03. [42 CFR 482.51(b)(6)]
        missing-document | Dr. Poe | Anesthesia record is missing: due within 48 hours of the procedure, by 2026-03-04. [42 CFR 482.52(b)]
    "#]].assert_eq(&shown(&stay(), &[], "2026-03-06T00:00:00Z"));
}

#[test]
fn rules_speak_when_their_clock_has_started() {
    let mut inpatient = stay();
    inpatient.discharged = None;
    inpatient.procedures.clear();
    assert_eq!(shown(&inpatient, &[], "2026-03-01T07:00:00Z"), "");
    expect![[r#"
        missing-document | Dr. Roe | History and physical is missing: due within 24 hours of admission, by 2026-03-02. [42 CFR 482.24(c)(4)(i)(A)]
    "#]].assert_eq(&shown(&inpatient, &[], "2026-03-01T09:00:00Z"));
}

#[test]
fn an_unsigned_document_is_a_missing_signature_of_its_author() {
    let mut visit = stay();
    visit.class = EncounterClass::Outpatient;
    visit.procedures.clear();
    let unsigned = document("d1", "34108-1", false);
    expect![[r#"
        missing-signature | Dr. Moe | Outpatient note is not authenticated: due within 30 days of discharge, by 2026-04-04. [42 CFR 482.24(c)(4)(vii)]
    "#]].assert_eq(&shown(
        &visit,
        std::slice::from_ref(&unsigned),
        "2026-03-06T00:00:00Z",
    ));
    assert_eq!(shown(&visit, &[document("d1", "34108-1", true)], "2026-03-06T00:00:00Z"), "");
    // A signed one satisfies the rule, whatever stands beside it; a void one never does.
    let both = [unsigned, document("d2", "34108-1", true)];
    assert_eq!(shown(&visit, &both, "2026-03-06T00:00:00Z"), "");
    let void = DocumentFacts { is_void: true, ..document("d3", "34108-1", true) };
    assert!(shown(&visit, &[void], "2026-03-06T00:00:00Z").starts_with("missing-document"));
}

#[test]
fn two_operations_need_two_reports() {
    let mut twice = stay();
    let second = ProcedureFacts {
        id: "p2".to_owned(),
        at: at("2026-03-04T09:00:00Z"),
        ..twice.procedures[0].clone()
    };
    twice.procedures.push(second);
    let reports = [document("d1", "11504-8", true)];
    let found =
        missing(&twice, &reports, &completion_rules(), at("2026-03-06T00:00:00Z"), &TimeZone::UTC);
    let reports: Vec<_> = found.iter().filter(|one| one.rule == "operative-report").collect();
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].procedure.as_deref(), Some("p2"));
}

#[test]
fn short_stays_and_deaths_have_their_own_document() {
    let rules_of = |encounter: &EncounterFacts| -> Vec<String> {
        let now = at("2026-03-06T00:00:00Z");
        let found = missing(encounter, &[], &completion_rules(), now, &TimeZone::UTC);
        found.into_iter().map(|one| one.rule).collect()
    };
    let mut short = stay();
    short.procedures.clear();
    short.discharged = Some(at("2026-03-02T08:00:00Z"));
    assert_eq!(rules_of(&short), ["history-and-physical", "final-progress-note"]);
    short.died = true;
    assert_eq!(rules_of(&short), ["history-and-physical", "death-summary"]);
}

#[test]
fn rules_hold_from_their_day_to_their_last() {
    let mut rules = completion_rules();
    rules.retain(|rule| rule.id == "discharge-summary");
    let found = |rules: &[CompletionRule]| {
        missing(&stay(), &[], rules, at("2026-03-06T00:00:00Z"), &TimeZone::UTC).len()
    };
    assert_eq!(found(&rules), 1);
    rules[0].until = Some(date(2026, 3, 4));
    assert_eq!(found(&rules), 0);
    rules[0].until = Some(date(2026, 3, 5));
    assert_eq!(found(&rules), 1);
    rules[0].from = date(2026, 3, 6);
    assert_eq!(found(&rules), 0);
}
