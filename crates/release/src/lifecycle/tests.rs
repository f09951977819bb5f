//! The matrix of states and actions, and the policies as tables.

use super::*;
use crate::basis::{Answer, Answers, ElementKind, built_in, evaluate};
use crate::requester::RequesterKind;
use expect_test::expect;
use jiff::civil::date;
use record::{LabelMask, SensitiveClass};

const TODAY: Date = date(2026, 3, 4);
const FIRST: Actor = Actor::Person { id: 1 };
const SECOND: Actor = Actor::Person { id: 2 };

/// Everything that facts borrow, so that a test can bend one thing.
struct Desk {
    actor: Actor,
    roles: Vec<Role>,
    evaluation: Option<Evaluation>,
    verification: Option<Vec<Gap>>,
    scope: Option<Scope>,
    items: Vec<Item>,
    minor: bool,
    died_on: Option<Date>,
    undecided: usize,
    unconfirmed: usize,
    packet: Option<Packet>,
    today: Date,
}

impl Desk {
    fn new(basis: Basis) -> Desk {
        let mut scope = Scope::new(basis, RequesterKind::Individual, Private::new("Pat"));
        scope.from = Some(date(2026, 1, 1));
        Desk {
            actor: FIRST,
            roles: vec![Role::ReleaseSpecialist],
            evaluation: Some(evaluate(&built_in(), basis, None, &right_answers(basis), TODAY)),
            verification: Some(Vec::new()),
            scope: Some(scope),
            items: vec![item(1, LabelMask::NONE)],
            minor: false,
            died_on: Some(date(1958, 7, 9)),
            undecided: 0,
            unconfirmed: 0,
            packet: Some(packet()),
            today: TODAY,
        }
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            actor: &self.actor,
            roles: &self.roles,
            at: Instant(1),
            today: self.today,
            evaluation: self.evaluation.as_ref(),
            verification: self.verification.as_deref(),
            scope: self.scope.as_ref(),
            items: &self.items,
            minor: self.minor,
            died_on: self.died_on,
            undecided_proposals: self.undecided,
            unconfirmed_redactions: self.unconfirmed,
            packet: self.packet.as_ref(),
        }
    }
}

/// Answers that satisfy a basis: yes to what must be, no to the rest.
fn right_answers(basis: Basis) -> Answers {
    let mut answers = Answers::new();
    for element in built_in().iter().filter(|l| l.basis == basis).flat_map(|l| &l.elements) {
        let answer = match element.kind {
            ElementKind::Must | ElementKind::OneOf(_) => Answer::Yes,
            ElementKind::MustNot | ElementKind::Fact => Answer::No,
        };
        answers.insert(element.id.clone(), answer);
    }
    answers
}

fn item(key: i64, labels: LabelMask) -> Item {
    Item {
        key: ResourceKey(key),
        kind: "18842-5".into(),
        date: Some(date(2026, 2, 1)),
        labels,
        restricted_from_plan: false,
        compiled_for_litigation: false,
    }
}

fn packet() -> Packet {
    Packet { hash: ContentHash::of(b"x"), pages: 2, leaks: 0, has_part2_statement: false }
}

fn requester() -> Requester {
    let name = Private::new("Pat");
    Requester { kind: RequesterKind::Individual, name, organization: None, address: None }
}

fn received(basis: Basis) -> Request {
    let desk = Desk::new(basis);
    let due = clock::due(&clock::built_in(), clock::Clock::Access, None, TODAY);
    let asked = Private::new("my chart");
    let logged = Request::log("R-1".into(), TODAY, requester(), asked, due, &desk.facts());
    logged.unwrap().0
}

fn select() -> Action {
    let selection = Selection {
        items: vec![ResourceKey(1)],
        method: Method::Individual,
        reason: Some("what was asked for".into()),
        denied: Vec::new(),
    };
    Action::Select { selection }
}

fn sample(name: ActionName) -> Action {
    let text = || "a reason".to_owned();
    match name {
        ActionName::Identify => Action::Identify { patient: PatientKey(7) },
        ActionName::ChooseBasis => Action::ChooseBasis { basis: Basis::Access },
        ActionName::Validate => Action::Validate,
        ActionName::Hold => Action::Hold { reasons: vec![HoldReason::RecordAwaited], note: None },
        ActionName::Resume => Action::Resume { note: text() },
        ActionName::Select => select(),
        ActionName::StartReview => Action::StartReview,
        ActionName::FinishReview => Action::FinishReview { note: None },
        ActionName::FinishRedaction => Action::FinishRedaction,
        ActionName::SendBack => Action::SendBack { to: StateName::Selected, why: text() },
        ActionName::Approve => Action::Approve { fee: None },
        ActionName::Settle => Action::Settle { settlement: Settlement::Paid { reference: text() } },
        ActionName::Deliver => Action::Deliver { how: "mail".into(), to: Private::new("Pat") },
        ActionName::Close => Action::Close,
        ActionName::Deny => {
            Action::Deny { ground: DenialGround::DangerToLife, explanation: text() }
        }
        ActionName::ReviewDenial => Action::ReviewDenial { upheld: true, explanation: text() },
        ActionName::Return => Action::Return { reason: text() },
        ActionName::Cancel => Action::Cancel { reason: text() },
        ActionName::Extend => Action::Extend { reason: text(), until: date(2026, 4, 20) },
    }
}

/// A request in the state, with everything that its way there left behind.
fn in_state(name: StateName) -> Request {
    let mut request = received(Basis::Access);
    if name != StateName::Received {
        request.patient = Some(PatientKey(7));
        request.basis = Some(Basis::Access);
    }
    let Action::Select { selection } = select() else { unreachable!() };
    request.selection = Some(selection);
    request.prepared_by = vec![FIRST];
    request.packet = Some(packet());
    let fee = Fee::default();
    request.state = match name {
        StateName::OnHold => State::OnHold {
            since: Instant(0),
            reasons: vec![HoldReason::RecordAwaited],
            back_to: StateName::Selected,
        },
        StateName::Identified => State::Identified,
        StateName::Invoiced => State::Invoiced { fee, on: TODAY, approved_by: SECOND },
        StateName::Ready => State::Ready { approved_by: SECOND },
        StateName::Delivered => {
            State::Delivered { at: Instant(0), how: "mail".into(), to: Private::new("Pat") }
        }
        StateName::Closed => State::Closed,
        StateName::Denied => State::Denied {
            ground: DenialGround::DangerToLife,
            explanation: "a reason".into(),
            by: FIRST,
            upheld_by: None,
        },
        StateName::Returned => State::Returned { reason: "a reason".into() },
        StateName::Cancelled => State::Cancelled { reason: "a reason".into() },
        plain => plain_state(plain),
    };
    assert_eq!(request.state.name(), name);
    request
}

/// Rows are actions, columns states; a cell names the next state, `.` where the state doesn't
/// allow the action, `!` where a policy refused it.
#[test]
fn the_whole_matrix() {
    let mut desk = Desk::new(Basis::Access);
    desk.actor = SECOND;
    desk.roles = vec![Role::Provider];
    let short = |state: StateName| state.as_str()[..4].to_owned();
    let heads: Vec<String> = StateName::ALL.iter().map(|state| short(*state)).collect();
    let mut matrix = format!("{:17}{}\n", "", heads.join(" "));
    for action in ActionName::ALL {
        let cell =
            |state: &StateName| match apply(&in_state(*state), sample(*action), &desk.facts()) {
                Ok((next, event)) => {
                    assert_eq!((event.from, event.to), (Some(*state), next.state.name()));
                    short(next.state.name())
                }
                Err(Refusal::NotFromHere { .. }) => ".   ".to_owned(),
                Err(_) => "!   ".to_owned(),
            };
        let cells: Vec<String> = StateName::ALL.iter().map(cell).collect();
        matrix += &format!("{:17}{}\n", action.as_str(), cells.join(" ").trim_end());
    }
    expect![[r#"
                         rece iden on-h vali sele sens reda qual invo read deli clos deni retu canc
        identify         iden iden .    .    .    .    .    .    .    .    .    .    .    .    .
        choose-basis     rece iden on-h .    .    .    .    .    .    .    .    .    .    .    .
        validate         .    vali .    .    .    .    .    .    .    .    .    .    .    .    .
        hold             on-h on-h .    on-h on-h on-h on-h on-h on-h on-h .    .    .    .    .
        resume           .    .    sele .    .    .    .    .    .    .    .    .    .    .    .
        select           .    .    .    sele sele .    .    .    .    .    .    .    .    .    .
        start-review     .    .    .    .    sens .    .    .    .    .    .    .    .    .    .
        finish-review    .    .    .    .    .    reda .    .    .    .    .    .    .    .    .
        finish-redaction .    .    .    .    .    .    qual .    .    .    .    .    .    .    .
        send-back        .    .    .    .    .    sele sele sele sele sele .    .    .    .    .
        approve          .    .    .    .    .    .    .    read .    .    .    .    .    .    .
        settle           .    .    .    .    .    .    .    .    read .    .    .    .    .    .
        deliver          .    .    .    .    .    .    .    .    .    deli .    .    .    .    .
        close            .    .    .    .    .    .    .    .    .    .    clos .    .    .    .
        deny             .    deni deni deni deni deni deni deni .    .    .    .    .    .    .
        review-denial    .    .    .    .    .    .    .    .    .    .    .    .    deni .    .
        return           retu retu retu .    .    .    .    .    .    .    .    .    .    .    .
        cancel           canc canc canc canc canc canc canc canc canc canc .    .    .    .    .
        extend           rece iden on-h vali sele sens reda qual invo read .    .    .    .    .
    "#]]
    .assert_eq(&matrix);
}

#[test]
fn a_patients_own_request_passes_without_any_form() {
    let mut request = received(Basis::Access);
    let mut desk = Desk::new(Basis::Access);
    let way = [
        ActionName::Identify,
        ActionName::ChooseBasis,
        ActionName::Validate,
        ActionName::Select,
        ActionName::StartReview,
        ActionName::FinishReview,
        ActionName::FinishRedaction,
        ActionName::Approve,
        ActionName::Deliver,
        ActionName::Close,
    ];
    for name in way {
        if name == ActionName::Approve {
            desk.actor = SECOND;
        }
        request = apply(&request, sample(name), &desk.facts()).unwrap().0;
    }
    assert_eq!(request.state, State::Closed);
    assert_eq!(request.prepared_by, [FIRST]);
    assert_eq!(request.disclosed_under(), Some(Basis::Access));
    assert_eq!(in_state(StateName::Ready).disclosed_under(), None);
}

#[test]
fn asking_for_a_form_is_refused_where_it_is_a_violation() {
    let hold = Action::Hold { reasons: vec![HoldReason::SignedForm], note: None };
    for basis in Basis::ALL {
        let mut request = in_state(StateName::Identified);
        request.basis = Some(*basis);
        let outcome = apply(&request, hold.clone(), &Desk::new(*basis).facts());
        assert_eq!(outcome.is_ok(), basis.rests_on_a_form(), "{basis:?}");
    }
    let elements = vec!["signature".to_owned()];
    let hold = Action::Hold { reasons: vec![HoldReason::MissingElements { elements }], note: None };
    let refused = apply(&in_state(StateName::Identified), hold, &Desk::new(Basis::Access).facts());
    assert_eq!(refused.unwrap_err(), Refusal::ElementNotMissing("signature".into()));
}

#[test]
fn a_defective_authorization_is_held_and_comes_back() {
    let basis = Basis::Authorization;
    let mut desk = Desk::new(basis);
    let mut answers = right_answers(basis);
    answers.insert("expired".into(), Answer::On(date(2026, 3, 3)));
    desk.evaluation = Some(evaluate(&built_in(), basis, None, &answers, TODAY));
    let mut request = in_state(StateName::Identified);
    request.basis = Some(basis);
    let refused = apply(&request, Action::Validate, &desk.facts()).unwrap_err();
    assert!(matches!(refused, Refusal::BasisNotSatisfied { missing: 1, .. }));
    assert!(refused.to_string().contains("164.508(b)(2)(i)"), "{refused}");
    let elements = vec!["expired".to_owned()];
    let reasons = vec![HoldReason::MissingElements { elements }];
    let held = apply(&request, Action::Hold { reasons, note: None }, &desk.facts()).unwrap().0;
    let resumed = apply(&held, sample(ActionName::Resume), &desk.facts()).unwrap().0;
    assert_eq!(resumed.state, State::Identified);
    assert!(apply(&resumed, Action::Validate, &desk.facts()).is_err());
    answers.insert("expired".into(), Answer::On(TODAY));
    desk.evaluation = Some(evaluate(&built_in(), basis, None, &answers, TODAY));
    assert!(apply(&resumed, Action::Validate, &desk.facts()).is_ok(), "its last day counts");
}

#[test]
fn a_record_is_protected_for_fifty_years_after_the_death() {
    let basis = Basis::LongDeceased;
    let mut request = in_state(StateName::Identified);
    request.basis = Some(basis);
    let validated = |died_on: Option<Date>| {
        let desk = Desk { died_on, ..Desk::new(basis) };
        apply(&request, Action::Validate, &desk.facts()).map(|(next, _)| next.state.name())
    };
    let until = |day| Err(Refusal::StillProtected { until: day });
    // The 50 years after the death are protected; today is 2026-03-04.
    let table = [
        (Some(date(1976, 3, 3)), Ok(StateName::Validated)),
        (Some(date(1976, 3, 4)), until(date(2026, 3, 4))),
        (Some(date(2020, 2, 29)), until(date(2070, 2, 28))),
        (None, Err(Refusal::NoDateOfDeath)),
    ];
    for (died_on, expected) in table {
        assert_eq!(validated(died_on), expected, "{died_on:?}");
    }
    // Every other basis holds for the dead as for the living.
    let desk = Desk { died_on: None, ..Desk::new(Basis::Coroner) };
    let mut other = request.clone();
    other.basis = Some(Basis::Coroner);
    assert!(apply(&other, Action::Validate, &desk.facts()).is_ok());
}

#[test]
fn nothing_leaves_without_a_satisfied_basis() {
    for basis in Basis::ALL {
        let mut request = in_state(StateName::Identified);
        request.basis = Some(*basis);
        let mut desk = Desk::new(*basis);
        let passed = apply(&request, Action::Validate, &desk.facts());
        assert!(passed.is_ok(), "{basis:?}: {passed:?}");
        let none = Answers::new();
        desk.evaluation = Some(evaluate(&built_in(), *basis, None, &none, TODAY));
        assert!(apply(&request, Action::Validate, &desk.facts()).is_err(), "{basis:?}");
        request.state = State::Ready { approved_by: SECOND };
        let delivered = apply(&request, sample(ActionName::Deliver), &desk.facts());
        assert!(matches!(delivered, Err(Refusal::BasisNotSatisfied { .. })), "{basis:?}");
    }
}

type Bend = fn(&mut Desk);

#[test]
fn each_policy_refuses() {
    use ActionName as A;
    let table: [(&str, A, StateName, Bend); 16] = [
        ("isn't evaluated", A::Validate, StateName::Identified, |d| d.today = date(2026, 3, 5)),
        ("isn't evaluated", A::Validate, StateName::Identified, |d| d.evaluation = None),
        ("isn't verified", A::Validate, StateName::Identified, |d| d.verification = None),
        ("a minor", A::Validate, StateName::Identified, |d| d.minor = true),
        ("stay out", A::Select, StateName::Validated, |d| {
            d.items = vec![item(1, LabelMask::of(SensitiveClass::Psychotherapy))];
        }),
        ("isn't in this patient's", A::Select, StateName::Validated, |d| d.items.clear()),
        ("scope isn't set", A::Select, StateName::Validated, |d| d.scope = None),
        ("no decision", A::FinishReview, StateName::SensitiveReview, |d| d.undecided = 1),
        ("jurisdiction isn't set", A::FinishReview, StateName::SensitiveReview, |d| {
            d.items = vec![item(1, LabelMask::of(SensitiveClass::HivSti))];
        }),
        ("aren't confirmed", A::FinishRedaction, StateName::Redaction, |d| d.unconfirmed = 1),
        ("second person", A::Approve, StateName::QualityCheck, |d| d.actor = FIRST),
        ("isn't built", A::Approve, StateName::QualityCheck, |d| d.packet = None),
        ("still holds 3", A::Approve, StateName::QualityCheck, |d| {
            d.packet = Some(Packet { leaks: 3, ..packet() });
        }),
        ("isn't the one that was checked", A::Deliver, StateName::Ready, |d| {
            d.packet = Some(Packet { hash: ContentHash::of(b"y"), ..packet() });
        }),
        ("recipient", A::Deliver, StateName::Ready, |d| {
            d.scope.as_mut().unwrap().recipient_name = Private::new("Someone else");
        }),
        ("licensed professional", A::ReviewDenial, StateName::Denied, |d| d.roles.clear()),
    ];
    for (words, action, state, bend) in table {
        let mut desk = Desk::new(Basis::Access);
        desk.actor = SECOND;
        desk.roles = vec![Role::Provider];
        bend(&mut desk);
        let refused = apply(&in_state(state), sample(action), &desk.facts()).unwrap_err();
        assert!(refused.to_string().contains(words), "{action:?}: {refused}");
    }
}

#[test]
fn labels_of_today_count_on_delivery() {
    let mut desk = Desk::new(Basis::Access);
    desk.items = vec![item(1, LabelMask::of(SensitiveClass::Psychotherapy))];
    let late = apply(&in_state(StateName::Ready), sample(ActionName::Deliver), &desk.facts());
    assert!(matches!(late, Err(Refusal::OutsideScope { count: 1, .. })));
}

#[test]
fn part_2_by_consent_needs_its_statement() {
    let basis = Basis::Part2Consent;
    let mut desk = Desk::new(basis);
    desk.actor = SECOND;
    desk.items = vec![item(1, LabelMask::of(SensitiveClass::SubstanceUse))];
    let mut request = in_state(StateName::QualityCheck);
    request.basis = Some(basis);
    let refused = apply(&request, sample(ActionName::Approve), &desk.facts());
    assert_eq!(refused.unwrap_err(), Refusal::NoPart2Statement);
    desk.packet = Some(Packet { has_part2_statement: true, ..packet() });
    assert!(apply(&request, sample(ActionName::Approve), &desk.facts()).is_ok());
}

#[test]
fn minimum_necessary_asks_for_a_reason() {
    let basis = Basis::Payment;
    let mut desk = Desk::new(basis);
    let mut request = in_state(StateName::Validated);
    request.basis = Some(basis);
    let selection = |reason: Option<&str>| Action::Select {
        selection: Selection {
            items: vec![ResourceKey(1)],
            method: Method::Individual,
            reason: reason.map(str::to_owned),
            denied: Vec::new(),
        },
    };
    let refused = apply(&request, selection(None), &desk.facts()).unwrap_err();
    assert!(matches!(refused, Refusal::MinimumNecessary { .. }));
    assert!(apply(&request, selection(Some("the claim's days")), &desk.facts()).is_ok());
    desk.scope.as_mut().unwrap().from = None;
    let refused = apply(&request, selection(None), &desk.facts()).unwrap_err();
    assert_eq!(refused, Refusal::EntireChart);
}

#[test]
fn a_request_is_never_dated_in_the_future() {
    let desk = Desk::new(Basis::Access);
    let tomorrow = date(2026, 3, 5);
    let asked = Private::new("my chart");
    let logged = Request::log("R-1".into(), tomorrow, requester(), asked, None, &desk.facts());
    assert!(matches!(logged, Err(Refusal::DateInFuture { .. })));
}

#[test]
fn an_unidentified_patient_shows_no_record() {
    assert!(!received(Basis::Access).shows_record());
    assert!(in_state(StateName::Identified).shows_record());
}

#[test]
fn a_fee_is_invoiced_and_the_approver_stays() {
    let mut desk = Desk::new(Basis::Access);
    desk.actor = SECOND;
    let line = crate::fee::FeeLine {
        what: "Copying".into(),
        cents: 650,
        citation: record::Citation::new("45 CFR 164.524(c)(4)(i)"),
    };
    let fee = Some(Fee { lines: vec![line] });
    let approve = Action::Approve { fee };
    let request = apply(&in_state(StateName::QualityCheck), approve, &desk.facts()).unwrap().0;
    assert_eq!(request.state.name(), StateName::Invoiced);
    desk.actor = FIRST;
    let request = apply(&request, sample(ActionName::Settle), &desk.facts()).unwrap().0;
    assert_eq!(request.state, State::Ready { approved_by: SECOND });
}

#[test]
fn denials_need_a_ground_that_fits() {
    let desk = Desk::new(Basis::Access);
    let deny = |ground| Action::Deny { ground, explanation: "a reason".into() };
    let mut request = in_state(StateName::Identified);
    let refused = apply(&request, deny(DenialGround::BasisNotMet), &desk.facts());
    assert_eq!(refused.unwrap_err(), Refusal::GroundDoesNotFit);
    request.basis = Some(Basis::Subpoena);
    let refused = apply(&request, deny(DenialGround::DangerToLife), &desk.facts());
    assert_eq!(refused.unwrap_err(), Refusal::GroundDoesNotFit);
    assert!(apply(&request, deny(DenialGround::BasisNotMet), &desk.facts()).is_ok());
}

#[test]
fn requests_and_events_survive_their_json() {
    let desk = Desk::new(Basis::Access);
    for name in StateName::ALL {
        let request = in_state(*name);
        let json = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<Request>(&json).unwrap(), request);
        for action in request.actions() {
            let action = sample(*action);
            let json = serde_json::to_string(&action).unwrap();
            assert_eq!(serde_json::from_str::<Action>(&json).unwrap(), action);
            if let Ok((_, event)) = apply(&request, action, &desk.facts()) {
                let json = serde_json::to_string(&event).unwrap();
                assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
            }
        }
    }
}
