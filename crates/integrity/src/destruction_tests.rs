//! The whole matrix of a destruction, and its policies.

use super::*;
use expect_test::expect;

fn person(id: i64) -> Actor {
    Actor::Person { id }
}

fn carried() -> Carried {
    Carried {
        proposed_by: person(1),
        witness: person(2),
        by: person(1),
        at: Instant(1),
        method: "Shredded.".to_owned(),
        done: Done::default(),
    }
}

fn states() -> Vec<DestructionState> {
    let (by, at, reason) = (person(2), Instant(1), "Why.".to_owned());
    vec![
        DestructionState::Proposed { by: person(1) },
        DestructionState::Approved { proposed_by: person(1), witness: person(2), at },
        DestructionState::Incomplete { carried: carried(), differences: vec![reason.clone()] },
        DestructionState::Destroyed { carried: carried(), explained: None },
        DestructionState::Rejected { by, at, reason },
        DestructionState::Stopped { at, stops: vec![Stop::Changed] },
    ]
}

fn actions() -> Vec<(&'static str, DestructionAction)> {
    let reason = "Why.".to_owned();
    let carry = |differences| DestructionAction::CarryOut {
        method: "Shredded.".to_owned(),
        done: Done::default(),
        differences,
    };
    vec![
        ("approve", DestructionAction::Approve),
        ("reject", DestructionAction::Reject { reason: reason.clone() }),
        ("carry out", carry(vec![])),
        ("in part", carry(vec![reason.clone()])),
        ("finish", DestructionAction::Finish { files_left_count: 0, differences: vec![] }),
        ("explain", DestructionAction::Explain { reason }),
        ("stop", DestructionAction::Stop { stops: vec![Stop::Changed] }),
    ]
}

fn attempt(
    state: &DestructionState,
    action: &DestructionAction,
    actor: Actor,
    role: Role,
) -> Result<DestructionState, DestructionRefusal> {
    apply(state, action, &Acting { actor: &actor, roles: &[role], at: Instant(2) })
}

#[test]
fn matrix_of_states_and_actions() {
    let mut matrix = String::new();
    for state in states() {
        for (name, action) in actions() {
            let to = match attempt(&state, &action, person(3), Role::Supervisor) {
                Ok(next) => next.as_str().to_owned(),
                Err(refusal) => format!("- {refusal}"),
            };
            matrix += &format!("{:10} {name:9} {to}\n", state.as_str());
        }
    }
    expect![[r#"
        proposed   approve   approved
        proposed   reject    rejected
        proposed   carry out - Another person has to approve it first.
        proposed   in part   - Another person has to approve it first.
        proposed   finish    - Nothing is destroyed yet. There is nothing to explain.
        proposed   explain   - Nothing is destroyed yet. There is nothing to explain.
        proposed   stop      stopped
        approved   approve   - It is approved. It waits to be carried out.
        approved   reject    rejected
        approved   carry out destroyed
        approved   in part   incomplete
        approved   finish    - Nothing is destroyed yet. There is nothing to explain.
        approved   explain   - Nothing is destroyed yet. There is nothing to explain.
        approved   stop      stopped
        incomplete approve   - It is destroyed. What differs has to be explained.
        incomplete reject    - It is destroyed. What differs has to be explained.
        incomplete carry out - It is destroyed. What differs has to be explained.
        incomplete in part   - It is destroyed. What differs has to be explained.
        incomplete finish    destroyed
        incomplete explain   destroyed
        incomplete stop      - It is destroyed. What differs has to be explained.
        destroyed  approve   - It is destroyed. Nothing can be done about it any more.
        destroyed  reject    - It is destroyed. Nothing can be done about it any more.
        destroyed  carry out - It is destroyed. Nothing can be done about it any more.
        destroyed  in part   - It is destroyed. Nothing can be done about it any more.
        destroyed  finish    - It is destroyed. Nothing can be done about it any more.
        destroyed  explain   - It is destroyed. Nothing can be done about it any more.
        destroyed  stop      - It is destroyed. Nothing can be done about it any more.
        rejected   approve   - It ended, and the chart is whole. Propose it anew.
        rejected   reject    - It ended, and the chart is whole. Propose it anew.
        rejected   carry out - It ended, and the chart is whole. Propose it anew.
        rejected   in part   - It ended, and the chart is whole. Propose it anew.
        rejected   finish    - It ended, and the chart is whole. Propose it anew.
        rejected   explain   - It ended, and the chart is whole. Propose it anew.
        rejected   stop      - It ended, and the chart is whole. Propose it anew.
        stopped    approve   - It ended, and the chart is whole. Propose it anew.
        stopped    reject    - It ended, and the chart is whole. Propose it anew.
        stopped    carry out - It ended, and the chart is whole. Propose it anew.
        stopped    in part   - It ended, and the chart is whole. Propose it anew.
        stopped    finish    - It ended, and the chart is whole. Propose it anew.
        stopped    explain   - It ended, and the chart is whole. Propose it anew.
        stopped    stop      - It ended, and the chart is whole. Propose it anew.
    "#]]
    .assert_eq(&matrix);
}

#[test]
fn two_persons_and_their_roles() {
    let [proposed, approved, incomplete] = [0, 1, 2].map(|n| states()[n].clone());
    let [approve, reject, carry, explain] = [0, 1, 2, 5].map(|n| actions()[n].1.clone());
    let cases = [
        (&proposed, &approve, 1, Role::Supervisor, false),
        (&proposed, &approve, 2, Role::Supervisor, true),
        (&proposed, &approve, 2, Role::PrivacyOfficer, true),
        (&proposed, &approve, 2, Role::Technician, false),
        (&proposed, &approve, 2, Role::Administrator, false),
        (&proposed, &reject, 1, Role::Supervisor, true),
        (&approved, &carry, 2, Role::Supervisor, false),
        (&approved, &carry, 1, Role::Technician, true),
        (&approved, &carry, 3, Role::Supervisor, true),
        (&approved, &carry, 3, Role::Administrator, false),
        (&approved, &carry, 3, Role::PrivacyOfficer, false),
        (&incomplete, &explain, 1, Role::Supervisor, false),
        (&incomplete, &explain, 2, Role::Supervisor, true),
    ];
    for (state, action, actor, role, may) in cases {
        let done = attempt(state, action, person(actor), role);
        assert_eq!(done.is_ok(), may, "{} {action:?} by {actor}, {role}", state.as_str());
    }
    let silent = DestructionAction::Reject { reason: " ".to_owned() };
    assert!(attempt(&proposed, &silent, person(3), Role::Supervisor).is_err());
}

#[test]
fn what_differs_is_said() {
    let listed =
        Holdings { entries_count: 2, versions_count: 3, files_count: 1, ..Holdings::default() };
    let done = Done { entries_count: 2, versions_count: 3, files_count: 1, ..Done::default() };
    assert_eq!(differences(&listed, &done), Vec::<String>::new());
    let done = Done { versions_count: 2, files_left_count: 1, ..done };
    assert_eq!(
        differences(&listed, &done),
        [
            "3 versions were listed, 2 were destroyed.",
            "1 files could not be removed from the disk; their key is forgotten."
        ]
    );
}
