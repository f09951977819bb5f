//! The gate, as tables.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn item(labels: &[SensitiveClass]) -> Item {
    Item {
        key: ResourceKey(1),
        kind: "18842-5".into(),
        date: Some(date(2026, 3, 4)),
        labels: labels.iter().copied().collect(),
        restricted_from_plan: false,
        compiled_for_litigation: false,
    }
}

fn scope(basis: Basis, recipient: RequesterKind) -> Scope {
    Scope::new(basis, recipient, Private::new("someone"))
}

fn cited(scope: &Scope, item: &Item) -> Option<String> {
    withhold(scope, item).map(|withheld| withheld.citation.text)
}

#[test]
fn labels_hold_back_by_basis() {
    use RequesterKind as K;
    use SensitiveClass as C;
    let table = [
        (Basis::Access, K::Individual, C::SubstanceUse, None),
        (Basis::Access, K::Individual, C::HivSti, None),
        (Basis::Access, K::Individual, C::Vip, None),
        (Basis::Access, K::Individual, C::Psychotherapy, Some("45 CFR 164.524(a)(1)(i)")),
        (Basis::Access, K::Individual, C::SubstanceUseCounselling, Some("42 CFR 2.31(b)")),
        (Basis::Access, K::Representative, C::SubstanceUse, Some("42 CFR 2.12, 2.13(a)")),
        (Basis::Access, K::Representative, C::HivSti, Some("45 CFR 164.502(g)")),
        (Basis::Authorization, K::Attorney, C::SubstanceUse, Some("42 CFR 2.12, 2.13(a)")),
        (
            Basis::Authorization,
            K::Attorney,
            C::Psychotherapy,
            Some("45 CFR 164.508(a)(2), (b)(3)(ii)"),
        ),
        (
            Basis::Authorization,
            K::Attorney,
            C::MentalHealth,
            Some("45 CFR 164.508(b)(1)(i), (c)(1)(i)"),
        ),
        (Basis::Authorization, K::Attorney, C::Employee, None),
        (Basis::Treatment, K::Provider, C::MentalHealth, None),
        (Basis::Treatment, K::Provider, C::SubstanceUse, Some("42 CFR 2.12, 2.13(a)")),
        (Basis::Payment, K::HealthPlan, C::Genetic, Some("45 CFR 164.502(b)(1)")),
        (Basis::Part2Consent, K::Provider, C::SubstanceUse, None),
        (Basis::Part2Consent, K::Provider, C::SubstanceUseCounselling, Some("42 CFR 2.31(b)")),
        (Basis::Part2Consent, K::Provider, C::HivSti, Some("42 CFR 2.31(a)(3)")),
        (Basis::Part2Emergency, K::Provider, C::SubstanceUse, None),
        (Basis::Part2Research, K::Researcher, C::SubstanceUse, None),
        (Basis::Part2Audit, K::PublicAgency, C::SubstanceUse, None),
        (Basis::Subpoena, K::Attorney, C::SubstanceUse, Some("42 CFR 2.12, 2.13(a)")),
        (Basis::Oversight, K::PublicAgency, C::Psychotherapy, Some("45 CFR 164.508(a)(2)(ii)")),
        (Basis::RequiredByLaw, K::PublicAgency, C::Psychotherapy, None),
    ];
    for (basis, recipient, class, expected) in table {
        let mut scope = scope(basis, recipient);
        if recipient == K::Representative {
            scope.authority = Authority::Guardian;
        }
        let found = cited(&scope, &item(&[class]));
        assert_eq!(found.as_deref(), expected, "{basis:?} to {recipient:?}: {class:?}");
    }
}

#[test]
fn a_copy_directed_to_another_is_not_own_access() {
    let mut scope = scope(Basis::Access, RequesterKind::Attorney);
    scope.authority = Authority::Themselves;
    let found = cited(&scope, &item(&[SensitiveClass::SubstanceUse]));
    assert_eq!(found.as_deref(), Some("42 CFR 2.12, 2.13(a)"));
    assert!(cited(&scope, &item(&[SensitiveClass::HivSti])).is_some(), "a reviewer names it");
}

#[test]
fn a_consent_beside_the_basis_opens_part_2() {
    let mut scope = scope(Basis::Authorization, RequesterKind::Attorney);
    let record = item(&[SensitiveClass::SubstanceUse]);
    assert!(withhold(&scope, &record).is_some());
    scope.part2 = Some(Part2Cover::Consent);
    assert_eq!(withhold(&scope, &record), None);
    assert!(needs_part2_statement(&scope, record.labels));
    assert!(!needs_part2_statement(&scope, LabelMask::NONE));
    scope.part2 = Some(Part2Cover::Emergency);
    assert!(!needs_part2_statement(&scope, record.labels), "2.32 is for consent only");
}

#[test]
fn named_classes_and_own_forms_open() {
    let mut scope = scope(Basis::Authorization, RequesterKind::Attorney);
    scope.classes = LabelMask::of(SensitiveClass::MentalHealth);
    assert_eq!(withhold(&scope, &item(&[SensitiveClass::MentalHealth])), None);
    let note = item(&[SensitiveClass::MentalHealth, SensitiveClass::Psychotherapy]);
    assert!(withhold(&scope, &note).is_some());
    scope.own_form_for = LabelMask::of(SensitiveClass::Psychotherapy);
    assert_eq!(withhold(&scope, &note), None);
}

#[test]
fn a_plan_is_not_told_what_was_paid_out_of_pocket() {
    let mut paid = item(&[]);
    paid.restricted_from_plan = true;
    let plan = RequesterKind::HealthPlan;
    let table = [
        (Basis::Payment, plan, Some("45 CFR 164.522(a)(1)(vi)")),
        (Basis::Operations, plan, Some("45 CFR 164.522(a)(1)(vi)")),
        (Basis::RequiredByLaw, plan, None),
        (Basis::Authorization, plan, None),
        (Basis::Treatment, RequesterKind::Provider, None),
    ];
    for (basis, recipient, expected) in table {
        assert_eq!(cited(&scope(basis, recipient), &paid).as_deref(), expected, "{basis:?}");
    }
}

#[test]
fn a_parent_does_not_see_what_the_minor_consented_to() {
    let mut scope = scope(Basis::Access, RequesterKind::Representative);
    scope.authority = Authority::Parent;
    scope.classes = LabelMask::ALL;
    let found = cited(&scope, &item(&[SensitiveClass::MinorConsented]));
    assert_eq!(found.as_deref(), Some("45 CFR 164.502(g)(3)(i)"));
}

#[test]
fn an_order_releases_only_what_it_names() {
    let mut scope = scope(Basis::CourtOrder, RequesterKind::Court);
    assert!(withhold(&scope, &item(&[])).is_some(), "nothing is named yet");
    scope.named_items = Some([ResourceKey(2)].into());
    assert_eq!(cited(&scope, &item(&[])).as_deref(), Some("45 CFR 164.512(e)(1)(i)"));
    scope.named_items = Some([ResourceKey(1)].into());
    assert_eq!(withhold(&scope, &item(&[])), None);
}

#[test]
fn litigation_files_are_outside_access_only() {
    let mut file = item(&[]);
    file.compiled_for_litigation = true;
    assert!(withhold(&scope(Basis::Access, RequesterKind::Individual), &file).is_some());
    assert!(withhold(&scope(Basis::Authorization, RequesterKind::Attorney), &file).is_none());
}

#[test]
fn an_unknown_date_is_outside_a_dated_scope() {
    let mut scope = scope(Basis::Authorization, RequesterKind::Attorney);
    scope.from = Some(date(2026, 1, 1));
    let mut undated = item(&[]);
    undated.date = None;
    assert!(withhold(&scope, &undated).is_some());
}

proptest! {
    /// Narrowing a scope never lets an item out that was held before.
    #[test]
    fn narrower_is_never_wider(
        labels in 0i64..2048, day in 1i8..28, from in 1i8..28, to in 1i8..28,
        basis in 0usize..Basis::ALL.len(), classes in 0i64..2048, other_kind: bool,
    ) {
        let mut wide = scope(Basis::ALL[basis], RequesterKind::Other);
        wide.classes = LabelMask(classes);
        let mut item = item(&[]);
        item.labels = LabelMask(labels);
        item.date = Some(date(2026, 3, day));
        if other_kind { item.kind = "11506-3".into(); }
        let mut narrow = wide.clone();
        narrow.from = Some(date(2026, 3, from));
        narrow.to = Some(date(2026, 3, to));
        narrow.kinds = Some(["18842-5".to_owned()].into());
        narrow.classes = LabelMask(classes & 0b1010101);
        if withhold(&wide, &item).is_some() {
            prop_assert!(withhold(&narrow, &item).is_some());
        }
        if withhold(&narrow, &item).is_none() {
            prop_assert!(from <= day && day <= to && !other_kind);
        }
    }
}
