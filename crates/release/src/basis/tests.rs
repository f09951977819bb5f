//! Checklists as tables: each element by its paragraph, each version by its dates.

use super::*;
use crate::FEDERAL;
use expect_test::expect;
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

const TODAY: Date = date(2026, 3, 4);

/// Answers that satisfy every element, optional branches included.
fn right(basis: Basis) -> Answers {
    let lists = built_in();
    let elements = lists.iter().filter(|l| l.basis == basis).flat_map(|l| &l.elements);
    let answer = |element: &Element| match element.kind {
        ElementKind::MustNot => Answer::No,
        ElementKind::Must | ElementKind::OneOf(_) | ElementKind::Fact => Answer::Yes,
    };
    elements.map(|element| (element.id.clone(), answer(element))).collect()
}

fn check(basis: Basis, answers: &Answers, on: Date) -> Evaluation {
    evaluate(&built_in(), basis, None, answers, on)
}

#[test]
fn every_basis_has_a_checklist_that_can_be_satisfied() {
    for basis in Basis::ALL {
        let evaluation = check(*basis, &right(*basis), TODAY);
        assert!(evaluation.is_satisfied(), "{basis:?}: {:?}", evaluation.missing().next());
        assert!(!check(*basis, &Answers::new(), TODAY).is_satisfied(), "{basis:?}");
    }
}

#[test]
fn every_wrong_answer_fails_at_its_own_paragraph() {
    for basis in Basis::ALL {
        let elements = check(*basis, &right(*basis), TODAY).elements;
        let lists = built_in();
        for element in lists.iter().filter(|l| l.basis == *basis).flat_map(|l| &l.elements) {
            if !elements.iter().any(|e| e.id == element.id) {
                continue;
            }
            let wrong = match element.kind {
                ElementKind::Must => Answer::No,
                ElementKind::MustNot => Answer::Yes,
                ElementKind::OneOf(_) | ElementKind::Fact => continue,
            };
            let mut answers = right(*basis);
            answers.insert(element.id.clone(), wrong);
            let evaluation = check(*basis, &answers, TODAY);
            let missing: Vec<&str> = evaluation.missing().map(|e| e.id.as_str()).collect();
            assert_eq!(missing, [element.id.as_str()], "{basis:?}");
            assert_eq!(evaluation.missing().next().unwrap().citation, element.citation);
        }
    }
}

#[test]
fn only_a_form_asks_for_a_form() {
    for list in built_in() {
        let asks = list.elements.iter().any(|e| e.citation.text.contains("164.508"));
        let may = list.basis == Basis::Authorization || list.basis == Basis::Part2Research;
        assert!(!asks || may, "{}", list.id);
    }
}

#[test]
fn every_file_explains_its_rule() {
    let files = [
        ("abuse.rs", include_str!("abuse.rs")),
        ("access.rs", include_str!("access.rs")),
        ("authorization.rs", include_str!("authorization.rs")),
        ("coroner.rs", include_str!("coroner.rs")),
        ("court_order.rs", include_str!("court_order.rs")),
        ("deidentified.rs", include_str!("deidentified.rs")),
        ("donation.rs", include_str!("donation.rs")),
        ("government.rs", include_str!("government.rs")),
        ("hhs.rs", include_str!("hhs.rs")),
        ("law_enforcement.rs", include_str!("law_enforcement.rs")),
        ("opportunity.rs", include_str!("opportunity.rs")),
        ("oversight.rs", include_str!("oversight.rs")),
        ("part2_consent.rs", include_str!("part2_consent.rs")),
        ("part2_court_order.rs", include_str!("part2_court_order.rs")),
        ("part2_exception.rs", include_str!("part2_exception.rs")),
        ("public_health.rs", include_str!("public_health.rs")),
        ("reproductive_attestation.rs", include_str!("reproductive_attestation.rs")),
        ("required_by_law.rs", include_str!("required_by_law.rs")),
        ("research.rs", include_str!("research.rs")),
        ("subpoena.rs", include_str!("subpoena.rs")),
        ("threat.rs", include_str!("threat.rs")),
        ("treatment_payment_operations.rs", include_str!("treatment_payment_operations.rs")),
        ("workers_compensation.rs", include_str!("workers_compensation.rs")),
    ];
    for (file, text) in files {
        for heading in ["# What it finds", "# Why it matters", "# Example", "# Source"] {
            assert!(text.contains(&format!("//! {heading}\n")), "{file}: {heading}");
        }
    }
}

#[test]
fn ids_are_unique_where_they_are_asked_together() {
    for basis in Basis::ALL {
        for on in [TODAY, date(2025, 2, 1)] {
            let evaluation = check(*basis, &Answers::new(), on);
            let ids: BTreeSet<&str> = evaluation.elements.iter().map(|e| e.id.as_str()).collect();
            assert_eq!(ids.len(), evaluation.elements.len(), "{basis:?}");
        }
    }
    for list in built_in() {
        assert!(list.to.is_none_or(|to| list.from <= to), "{}", list.id);
        for element in &list.elements {
            if let Some(other) = &element.when {
                assert!(list.elements.iter().any(|e| e.id == *other), "{other}");
            }
        }
    }
}

#[test]
fn a_dated_answer_is_read_by_its_kind() {
    let mut answers = right(Basis::Authorization);
    let table = [
        ("expired", date(2026, 3, 4), Status::Pass),
        ("expired", date(2026, 3, 3), Status::Fail),
        ("signature-date", date(2026, 3, 4), Status::Pass),
        ("signature-date", date(2026, 3, 5), Status::Fail),
    ];
    for (id, day, expected) in table {
        answers.insert(id.into(), Answer::On(day));
        let evaluation = check(Basis::Authorization, &answers, TODAY);
        assert_eq!(evaluation.status(id), Some(expected), "{id} {day}");
    }
}

#[test]
fn one_ground_is_enough_and_its_own_conditions_count() {
    let basis = Basis::LawEnforcement;
    let answers: Answers = [("administrative".to_owned(), Answer::Yes)].into();
    let missing: Vec<String> =
        check(basis, &answers, TODAY).missing().map(|e| e.citation.text.clone()).collect();
    let expected = [
        "45 CFR 164.512(f)(1)(ii)(C)(1)",
        "45 CFR 164.512(f)(1)(ii)(C)(2)",
        "45 CFR 164.512(f)(1)(ii)(C)(3)",
    ];
    assert_eq!(missing, expected);
    let answers: Answers = [("warrant".to_owned(), Answer::Yes)].into();
    assert!(check(basis, &answers, TODAY).is_satisfied());
}

#[test]
fn a_subpoena_needs_satisfactory_assurance() {
    let yes = |ids: &[&str]| -> Answers {
        ids.iter().map(|id| ((*id).to_owned(), Answer::Yes)).collect()
    };
    let notice =
        ["lawful-process", "notice", "notice-sent", "notice-informs", "time-elapsed"].as_slice();
    let order =
        ["lawful-process", "protective-order", "protective-order-sought", "protective-order-terms"]
            .as_slice();
    let table = [
        (yes(&["lawful-process"]), false),
        (yes(notice), false),
        (yes(&[notice, &["objections-resolved"]].concat()), true),
        (yes(order), true),
    ];
    for (answers, satisfied) in table {
        let found = check(Basis::Subpoena, &answers, TODAY);
        assert_eq!(found.is_satisfied(), satisfied, "{answers:?}");
    }
}

#[test]
fn rules_of_their_day() {
    let mut answers = right(Basis::Subpoena);
    answers.insert("attested".into(), Answer::No);
    let table = [
        (date(2024, 12, 22), true),
        (date(2024, 12, 23), false),
        (date(2025, 6, 17), false),
        (date(2025, 6, 18), true),
        (date(2002, 1, 1), false),
    ];
    for (on, satisfied) in table {
        assert_eq!(check(Basis::Subpoena, &answers, on).is_satisfied(), satisfied, "{on}");
    }
    let versions = |on| check(Basis::Part2Consent, &Answers::new(), on).checklists;
    assert_eq!(versions(date(2026, 2, 15)), [("us-42-2.31".to_owned(), 1)]);
    assert_eq!(versions(date(2026, 2, 16)), [("us-42-2.31".to_owned(), 2)]);
}

#[test]
fn a_state_row_is_asked_beside_the_federal_ones() {
    let mut lists = built_in();
    let mut state = lists.iter().find(|l| l.basis == Basis::Hhs).unwrap().clone();
    state.id = "us-xx-hiv".into();
    state.basis = Basis::Payment;
    state.jurisdiction = "US-XX".into();
    state.elements.truncate(1);
    lists.push(state);
    let satisfied = |jurisdiction| {
        let answers = right(Basis::Payment);
        evaluate(&lists, Basis::Payment, jurisdiction, &answers, TODAY).is_satisfied()
    };
    assert!(satisfied(None) && satisfied(Some("US-YY")) && satisfied(Some(FEDERAL)));
    assert!(!satisfied(Some("US-XX")));
}

#[test]
fn checklists_survive_their_json() {
    let json = serde_json::to_string(&built_in()).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Checklist>>(&json).unwrap(), built_in());
}

#[test]
fn every_element_and_its_paragraph() {
    let mut table = String::new();
    for list in built_in() {
        let to = list.to.map_or(String::new(), |to| to.to_string());
        table +=
            &format!("{} v{} {}..{to} ({})\n", list.id, list.version, list.from, list.citation);
        for element in &list.elements {
            table += &format!("  {} {}\n", element.id, element.citation);
        }
    }
    expect![[r#"
        us-164.524 v1 2003-04-14.. (45 CFR 164.524)
          individual 45 CFR 164.524(a)(1)
          directive 45 CFR 164.524(c)(3)(ii)
          directive-signed 45 CFR 164.524(c)(3)(ii)
          directive-recipient 45 CFR 164.524(c)(3)(ii)
          directive-electronic 45 CFR 164.524(c)(3)(ii); Ciox Health v. Azar (D.D.C. 2020)
        us-164.508 v1 2003-04-14.. (45 CFR 164.508)
          description 45 CFR 164.508(c)(1)(i)
          discloser 45 CFR 164.508(c)(1)(ii)
          recipient 45 CFR 164.508(c)(1)(iii)
          purpose 45 CFR 164.508(c)(1)(iv)
          expiration 45 CFR 164.508(c)(1)(v)
          signature 45 CFR 164.508(c)(1)(vi)
          signature-date 45 CFR 164.508(c)(1)(vi)
          representative 45 CFR 164.508(c)(1)(vi)
          representative-authority 45 CFR 164.508(c)(1)(vi)
          right-to-revoke 45 CFR 164.508(c)(2)(i)
          conditioning 45 CFR 164.508(c)(2)(ii)
          redisclosure 45 CFR 164.508(c)(2)(iii)
          plain-language 45 CFR 164.508(c)(3)
          expired 45 CFR 164.508(b)(2)(i)
          incomplete 45 CFR 164.508(b)(2)(ii)
          revoked 45 CFR 164.508(b)(2)(iii)
          combined-or-conditioned 45 CFR 164.508(b)(2)(iv)
          false 45 CFR 164.508(b)(2)(v)
          psychotherapy 45 CFR 164.508(a)(2)
          psychotherapy-alone 45 CFR 164.508(b)(3)(ii)
          marketing 45 CFR 164.508(a)(3)
          marketing-statement 45 CFR 164.508(a)(3)(ii)
          sale 45 CFR 164.508(a)(4)
          sale-statement 45 CFR 164.508(a)(4)(i)
          sought-by-us 45 CFR 164.508(c)(4)
          copy-given 45 CFR 164.508(c)(4)
        us-164.506-treatment v1 2003-04-14.. (45 CFR 164.506(c)(1), (2))
          treats 45 CFR 164.506(c)(2)
        us-164.506-payment v1 2003-04-14.. (45 CFR 164.506(c)(1), (3))
          payer-or-provider 45 CFR 164.506(c)(3)
          for-payment 45 CFR 164.506(c)(3)
        us-164.506-operations v1 2003-04-14.. (45 CFR 164.506(c)(1), (4))
          for-others 45 CFR 164.506(c)(4)
          both-related 45 CFR 164.506(c)(4)
          about-relationship 45 CFR 164.506(c)(4)
          quality-or-competence 45 CFR 164.506(c)(4)(i)
          fraud-detection 45 CFR 164.506(c)(4)(ii)
        us-164.512a v1 2003-04-14.. (45 CFR 164.512(a))
          mandated 45 CFR 164.512(a)(1); 164.103
          within-law 45 CFR 164.512(a)(1)
          abuse-judicial-police 45 CFR 164.512(a)(2)
          those-rules-met 45 CFR 164.512(a)(2)
        us-164.512b v1 2003-04-14.. (45 CFR 164.512(b))
          authority 45 CFR 164.512(b)(1)(i)
          child-abuse 45 CFR 164.512(b)(1)(ii)
          fda 45 CFR 164.512(b)(1)(iii)
          exposed-person 45 CFR 164.512(b)(1)(iv)
          employer 45 CFR 164.512(b)(1)(v)
          school 45 CFR 164.512(b)(1)(vi)
          employer-duty 45 CFR 164.512(b)(1)(v)(C)
          employer-notice 45 CFR 164.512(b)(1)(v)(D)
          school-agreement 45 CFR 164.512(b)(1)(vi)(C)
        us-164.512c v1 2003-04-14.. (45 CFR 164.512(c))
          belief 45 CFR 164.512(c)(1)
          authority 45 CFR 164.512(c)(1)
          required 45 CFR 164.512(c)(1)(i)
          agreed 45 CFR 164.512(c)(1)(ii)
          authorized-and-necessary 45 CFR 164.512(c)(1)(iii)
          told 45 CFR 164.512(c)(2)
        us-164.512d v1 2003-04-14.. (45 CFR 164.512(d))
          agency 45 CFR 164.512(d)(1); 164.501
          authorized-activity 45 CFR 164.512(d)(1)
          about-individual 45 CFR 164.512(d)(2)
        us-164.512e-order v1 2003-04-14.. (45 CFR 164.512(e)(1)(i))
          order 45 CFR 164.512(e)(1)(i)
          expressly-named 45 CFR 164.512(e)(1)(i)
        us-164.512e-subpoena v1 2003-04-14.. (45 CFR 164.512(e)(1)(ii))
          lawful-process 45 CFR 164.512(e)(1)(ii)
          notice 45 CFR 164.512(e)(1)(ii)(A)
          protective-order 45 CFR 164.512(e)(1)(ii)(B)
          notice-sent 45 CFR 164.512(e)(1)(iii)(A)
          notice-informs 45 CFR 164.512(e)(1)(iii)(B)
          time-elapsed 45 CFR 164.512(e)(1)(iii)(C)
          objections-resolved 45 CFR 164.512(e)(1)(iii)(C)
          protective-order-sought 45 CFR 164.512(e)(1)(iv)
          protective-order-terms 45 CFR 164.512(e)(1)(v)
        us-164.512f v1 2003-04-14.. (45 CFR 164.512(f))
          report 45 CFR 164.512(f)(1)(i)
          warrant 45 CFR 164.512(f)(1)(ii)(A)
          grand-jury 45 CFR 164.512(f)(1)(ii)(B)
          administrative 45 CFR 164.512(f)(1)(ii)(C)
          locate 45 CFR 164.512(f)(2)
          victim 45 CFR 164.512(f)(3)
          decedent 45 CFR 164.512(f)(4)
          premises 45 CFR 164.512(f)(5)
          emergency 45 CFR 164.512(f)(6)
          relevant 45 CFR 164.512(f)(1)(ii)(C)(1)
          specific 45 CFR 164.512(f)(1)(ii)(C)(2)
          not-deidentified 45 CFR 164.512(f)(1)(ii)(C)(3)
          locate-list 45 CFR 164.512(f)(2)(i)
          locate-dna 45 CFR 164.512(f)(2)(ii)
          victim-agrees 45 CFR 164.512(f)(3)
        us-164.512g v1 2003-04-14.. (45 CFR 164.512(g))
          coroner 45 CFR 164.512(g)(1)
          funeral-director 45 CFR 164.512(g)(2)
          duty 45 CFR 164.512(g)
        us-164.512h v1 2003-04-14.. (45 CFR 164.512(h))
          organization 45 CFR 164.512(h)
          cadaveric 45 CFR 164.512(h)
        us-164.512i v1 2003-04-14.. (45 CFR 164.512(i))
          waiver 45 CFR 164.512(i)(1)(i)
          preparatory 45 CFR 164.512(i)(1)(ii)
          decedents 45 CFR 164.512(i)(1)(iii)
          waiver-board 45 CFR 164.512(i)(2)(i)
          waiver-criteria 45 CFR 164.512(i)(2)(ii)
          waiver-information 45 CFR 164.512(i)(2)(iii)
          waiver-procedure 45 CFR 164.512(i)(2)(iv)
          waiver-signature 45 CFR 164.512(i)(2)(v)
          preparatory-only 45 CFR 164.512(i)(1)(ii)(A)
          nothing-removed 45 CFR 164.512(i)(1)(ii)(B)
          preparatory-necessary 45 CFR 164.512(i)(1)(ii)(C)
          decedents-only 45 CFR 164.512(i)(1)(iii)(A)
          death-documented 45 CFR 164.512(i)(1)(iii)(B)
          decedents-necessary 45 CFR 164.512(i)(1)(iii)(C)
        us-164.512j v1 2003-04-14.. (45 CFR 164.512(j))
          good-faith 45 CFR 164.512(j)(1), (4)
          prevent 45 CFR 164.512(j)(1)(i)
          admitted-crime 45 CFR 164.512(j)(1)(ii)(A)
          escaped 45 CFR 164.512(j)(1)(ii)(B)
          able-to-prevent 45 CFR 164.512(j)(1)(i)(B)
          learned-in-therapy 45 CFR 164.512(j)(2)
          statement-only 45 CFR 164.512(j)(3)
        us-164.512k1 v1 2003-04-14.. (45 CFR 164.512(k)(1))
          function 45 CFR 164.512(k)(1)
        us-164.512k2 v1 2003-04-14.. (45 CFR 164.512(k)(2))
          function 45 CFR 164.512(k)(2)
        us-164.512k3 v1 2003-04-14.. (45 CFR 164.512(k)(3))
          function 45 CFR 164.512(k)(3)
        us-164.512k4 v1 2003-04-14.. (45 CFR 164.512(k)(4))
          function 45 CFR 164.512(k)(4)
        us-164.512k5 v1 2003-04-14.. (45 CFR 164.512(k)(5))
          custodian 45 CFR 164.512(k)(5)(i)
          care 45 CFR 164.512(k)(5)(i)(A)
          safety-of-inmates 45 CFR 164.512(k)(5)(i)(B)
          safety-of-officers 45 CFR 164.512(k)(5)(i)(C)
          transport 45 CFR 164.512(k)(5)(i)(D)
          enforcement 45 CFR 164.512(k)(5)(i)(E)
          order 45 CFR 164.512(k)(5)(i)(F)
          still-inmate 45 CFR 164.512(k)(5)(iii)
        us-164.512k6 v1 2003-04-14.. (45 CFR 164.512(k)(6))
          function 45 CFR 164.512(k)(6)
        us-164.512l v1 2003-04-14.. (45 CFR 164.512(l))
          authorized 45 CFR 164.512(l)
          necessary 45 CFR 164.512(l)
        us-164.510a v1 2003-04-14.. (45 CFR 164.510(a))
          by-name 45 CFR 164.510(a)(1)(ii)
          informed 45 CFR 164.510(a)(2), (3)
          objected 45 CFR 164.510(a)(2)
          directory-only 45 CFR 164.510(a)(1)(i)
        us-164.510b v1 2003-04-14.. (45 CFR 164.510(b))
          agreed 45 CFR 164.510(b)(2)(i)
          not-objected 45 CFR 164.510(b)(2)(ii)
          inferred 45 CFR 164.510(b)(2)(iii)
          absent 45 CFR 164.510(b)(3)
          disaster 45 CFR 164.510(b)(4)
          deceased 45 CFR 164.510(b)(5)
          involved 45 CFR 164.510(b)(1)
          relevant 45 CFR 164.510(b)(1)(i)
        us-164.502a2ii v1 2003-04-14.. (45 CFR 164.502(a)(2)(ii))
          secretary 45 CFR 164.502(a)(2)(ii)
          compliance 45 CFR 160.310(c)
        us-164.514e v1 2003-04-14.. (45 CFR 164.514(e))
          identifiers-removed 45 CFR 164.514(e)(2)
          purpose 45 CFR 164.514(e)(3)(i)
          agreement 45 CFR 164.514(e)(4)
        us-164.502f v1 2013-03-26.. (45 CFR 164.502(f); 160.103)
          death-shown 45 CFR 164.502(f)
          other-law 45 CFR 160.203(b)
        us-42-2.31 v1 2017-03-21..2026-02-15 (42 CFR 2.31)
          patient 42 CFR 2.31(a)(1)
          discloser 42 CFR 2.31(a)(2)
          description 42 CFR 2.31(a)(3)
          recipient 42 CFR 2.31(a)(4)(i)
          purpose 42 CFR 2.31(a)(5)
          right-to-revoke 42 CFR 2.31(a)(6)
          expiration 42 CFR 2.31(a)(7)
          signature 42 CFR 2.31(a)(8)
          signature-date 42 CFR 2.31(a)(9)
          expired 42 CFR 2.31(c)(1)
          deficient 42 CFR 2.31(c)(2)
          revoked 42 CFR 2.31(c)(3)
          false 42 CFR 2.31(c)(4)
        us-42-2.31 v2 2026-02-16.. (42 CFR 2.31)
          patient 42 CFR 2.31(a)(1)
          discloser 42 CFR 2.31(a)(2)
          description 42 CFR 2.31(a)(3)
          recipient 42 CFR 2.31(a)(4)(i)
          purpose 42 CFR 2.31(a)(5)
          right-to-revoke 42 CFR 2.31(a)(6)
          expiration 42 CFR 2.31(a)(7)
          signature 42 CFR 2.31(a)(8)
          signature-date 42 CFR 2.31(a)(9)
          expired 42 CFR 2.31(c)(1)
          deficient 42 CFR 2.31(c)(2)
          revoked 42 CFR 2.31(c)(3)
          false 42 CFR 2.31(c)(4)
          intermediary 42 CFR 2.31(a)(4)(ii)
          intermediary-participants 42 CFR 2.31(a)(4)(ii)
          all-future-care 42 CFR 2.31(a)(4)(iii)
          redisclosure 42 CFR 2.31(a)(4)(iii), (a)(10)(i)
          consequences 42 CFR 2.31(a)(10)(ii)
          counselling-notes 42 CFR 2.31(b)
          counselling-alone 42 CFR 2.31(b)
          proceedings 42 CFR 2.31(d)
          proceedings-alone 42 CFR 2.31(d)
        us-42-2.51 v1 2003-04-14.. (42 CFR 2.51)
          bona-fide 42 CFR 2.51(a)(1)
          program-closed 42 CFR 2.51(a)(2)
          fda 42 CFR 2.51(b)
          documented 42 CFR 2.51(c)
        us-42-2.52 v1 2003-04-14.. (42 CFR 2.52)
          permitted 42 CFR 2.52(a)
          resists 42 CFR 2.52(b)(1)
          identifies-in-reports 42 CFR 2.52(b)(3)
        us-42-2.53 v1 2003-04-14.. (42 CFR 2.53)
          oversees 42 CFR 2.53(a)(1)(i)
          payer-or-quality 42 CFR 2.53(a)(1)(ii)
          found-qualified 42 CFR 2.53(a)(2)
          agreement 42 CFR 2.53(a), (b)
        us-42-2.61 v1 2003-04-14.. (42 CFR 2.61 to 2.67)
          order 42 CFR 2.61(a)
          subpoena 42 CFR 2.61(a), (b)
          noncriminal 42 CFR 2.64
          against-patient 42 CFR 2.65
          against-program 42 CFR 2.66
          undercover 42 CFR 2.67
          notice 42 CFR 2.64(b)
          serious-crime 42 CFR 2.65(d)(1)
          limited 42 CFR 2.64(e), 2.65(e)
          confidential-communications 42 CFR 2.63
        us-164.509-oversight v1 2024-12-23..2025-06-17 (45 CFR 164.509)
          reproductive 45 CFR 164.509(a)
          attested 45 CFR 164.509(b), (c)
        us-164.509-court-order v1 2024-12-23..2025-06-17 (45 CFR 164.509)
          reproductive 45 CFR 164.509(a)
          attested 45 CFR 164.509(b), (c)
        us-164.509-subpoena v1 2024-12-23..2025-06-17 (45 CFR 164.509)
          reproductive 45 CFR 164.509(a)
          attested 45 CFR 164.509(b), (c)
        us-164.509-law-enforcement v1 2024-12-23..2025-06-17 (45 CFR 164.509)
          reproductive 45 CFR 164.509(a)
          attested 45 CFR 164.509(b), (c)
        us-164.509-coroner v1 2024-12-23..2025-06-17 (45 CFR 164.509)
          reproductive 45 CFR 164.509(a)
          attested 45 CFR 164.509(b), (c)
    "#]]
    .assert_eq(&table);
}
