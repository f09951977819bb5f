//! The whole matrix of a deficiency, and its policies.

use super::*;
use expect_test::expect;

fn provider() -> Assignee {
    Assignee { account: Some(7), name: "Dr. Roe".to_owned() }
}

fn states() -> Vec<DeficiencyState> {
    let (assignee, at) = (provider(), Instant(1));
    let by = Actor::Person { id: 7 };
    let reason = "Why.".to_owned();
    let before = Assignee { account: None, name: "Dr. Doe".to_owned() };
    vec![
        DeficiencyState::Pending { assignee: provider() },
        DeficiencyState::Reassigned { assignee: provider(), before, reason: reason.clone() },
        DeficiencyState::Rejected { assignee: provider(), reason: reason.clone() },
        DeficiencyState::Declined {
            assignee: provider(),
            suggested: None,
            at,
            reason: reason.clone(),
        },
        DeficiencyState::Completed { assignee: provider(), by: by.clone(), at },
        DeficiencyState::Verified { assignee: provider(), by: by.clone(), at },
        DeficiencyState::Waived { assignee, by, at, reason },
    ]
}

fn actions() -> Vec<(&'static str, DeficiencyAction)> {
    let reason = "Why.".to_owned();
    let to = Assignee { account: Some(8), name: "Dr. Poe".to_owned() };
    vec![
        ("complete", DeficiencyAction::Complete),
        ("decline", DeficiencyAction::Decline { suggested: None, reason: reason.clone() }),
        ("satisfy", DeficiencyAction::Satisfy { reason: reason.clone() }),
        ("verify", DeficiencyAction::Verify),
        ("reject", DeficiencyAction::Reject { reason: reason.clone() }),
        ("reassign", DeficiencyAction::Reassign { to, reason: reason.clone() }),
        ("waive", DeficiencyAction::Waive { reason: reason.clone() }),
        ("reopen", DeficiencyAction::Reopen { reason }),
    ]
}

/// Who ordinarily does it.
fn ordinary(action: &DeficiencyAction) -> (Actor, Vec<Role>) {
    match action {
        DeficiencyAction::Complete | DeficiencyAction::Decline { .. } => {
            (Actor::Person { id: 7 }, vec![Role::Provider])
        }
        _ => (Actor::Person { id: 1 }, vec![Role::Supervisor]),
    }
}

#[test]
fn matrix_of_states_and_actions() {
    let mut matrix = String::new();
    for state in states() {
        for (name, action) in actions() {
            let (actor, roles) = ordinary(&action);
            let acting = Acting { actor: &actor, roles: &roles, at: Instant(2) };
            let to = match apply(&state, &action, &acting) {
                Ok(next) => next.as_str().to_owned(),
                Err(refusal) => format!("- {refusal}"),
            };
            matrix += &format!("{:10} {name:8} {to}\n", state.as_str());
        }
    }
    expect![[r#"
        pending    complete completed
        pending    decline  declined
        pending    satisfy  verified
        pending    verify   - The provider has not completed it yet. There is nothing to look at.
        pending    reject   - The provider has not completed it yet. There is nothing to look at.
        pending    reassign reassigned
        pending    waive    waived
        pending    reopen   - It is open. There is nothing to reopen.
        reassigned complete completed
        reassigned decline  declined
        reassigned satisfy  verified
        reassigned verify   - The provider has not completed it yet. There is nothing to look at.
        reassigned reject   - The provider has not completed it yet. There is nothing to look at.
        reassigned reassign reassigned
        reassigned waive    waived
        reassigned reopen   - It is open. There is nothing to reopen.
        rejected   complete completed
        rejected   decline  declined
        rejected   satisfy  verified
        rejected   verify   - The provider has not completed it yet. There is nothing to look at.
        rejected   reject   - The provider has not completed it yet. There is nothing to look at.
        rejected   reassign reassigned
        rejected   waive    waived
        rejected   reopen   - It is open. There is nothing to reopen.
        declined   complete completed
        declined   decline  - The desk knows, and decides whose it is.
        declined   satisfy  verified
        declined   verify   - The provider has not completed it yet. There is nothing to look at.
        declined   reject   rejected
        declined   reassign reassigned
        declined   waive    waived
        declined   reopen   - It is open. There is nothing to reopen.
        completed  complete - It is completed and waits for verification.
        completed  decline  - You completed it. Ask the desk to send it back if that was wrong.
        completed  satisfy  verified
        completed  verify   verified
        completed  reject   rejected
        completed  reassign - It is completed. Verify it, or reject it and then reassign it.
        completed  waive    waived
        completed  reopen   - It is open. There is nothing to reopen.
        verified   complete - It is closed. Reopen it first, with the reason.
        verified   decline  - It is closed. Reopen it first, with the reason.
        verified   satisfy  - It is closed. Reopen it first, with the reason.
        verified   verify   - It is closed. Reopen it first, with the reason.
        verified   reject   - It is closed. Reopen it first, with the reason.
        verified   reassign - It is closed. Reopen it first, with the reason.
        verified   waive    - It is closed. Reopen it first, with the reason.
        verified   reopen   pending
        waived     complete - It is closed. Reopen it first, with the reason.
        waived     decline  - It is closed. Reopen it first, with the reason.
        waived     satisfy  - It is closed. Reopen it first, with the reason.
        waived     verify   - It is closed. Reopen it first, with the reason.
        waived     reject   - It is closed. Reopen it first, with the reason.
        waived     reassign - It is closed. Reopen it first, with the reason.
        waived     waive    - It is closed. Reopen it first, with the reason.
        waived     reopen   pending
    "#]]
    .assert_eq(&matrix);
}

#[test]
fn policies_refuse_with_a_citation() {
    let try_as = |state: usize, action: DeficiencyAction, id: i64, roles: &[Role]| {
        let actor = Actor::Person { id };
        let acting = Acting { actor: &actor, roles, at: Instant(2) };
        apply(&states()[state], &action, &acting).err().map(|refusal| refusal.citation.text)
    };
    let reason = || "Why.".to_owned();
    let authentication = Some(AUTHENTICATION.to_owned());
    let completion = Some(COMPLETION.to_owned());
    // Another provider, and a technician, can't complete.
    let complete = || DeficiencyAction::Complete;
    assert_eq!(try_as(0, complete(), 8, &[Role::Provider]), authentication);
    assert_eq!(try_as(0, complete(), 7, &[Role::Technician]), authentication);
    assert_eq!(try_as(0, complete(), 7, &[Role::Provider]), None);
    // A provider can't verify, and nobody verifies their own.
    let completed = 4;
    assert_eq!(try_as(completed, DeficiencyAction::Verify, 8, &[Role::Provider]), completion);
    assert_eq!(try_as(completed, DeficiencyAction::Verify, 7, &[Role::Analyst]), authentication);
    assert_eq!(try_as(completed, DeficiencyAction::Verify, 8, &[Role::Analyst]), None);
    // Another provider can't say that it is not theirs.
    let decline = || DeficiencyAction::Decline { suggested: None, reason: reason() };
    assert_eq!(try_as(0, decline(), 8, &[Role::Provider]), authentication);
    assert_eq!(try_as(0, decline(), 7, &[Role::Provider]), None);
    // Only a supervisor waives, and never without a reason.
    let waive = |reason| DeficiencyAction::Waive { reason };
    assert_eq!(try_as(0, waive(reason()), 8, &[Role::Analyst]), completion);
    assert_eq!(try_as(0, waive(" ".to_owned()), 8, &[Role::Supervisor]), completion);
    assert_eq!(try_as(0, waive(reason()), 8, &[Role::Supervisor]), None);
}

#[test]
fn the_rules_themselves_satisfy_and_reopen_and_no_more() {
    let actor = Actor::System { name: "completion".to_owned() };
    let acting = Acting { actor: &actor, roles: &[], at: Instant(2) };
    let done: Vec<&str> = actions()
        .iter()
        .flat_map(|(name, action)| states().into_iter().map(move |state| (*name, action, state)))
        .filter(|(_, action, state)| apply(state, action, &acting).is_ok())
        .map(|(name, ..)| name)
        .collect();
    let mut done = done;
    done.dedup();
    assert_eq!(done, ["satisfy", "reassign", "reopen"]);
}

#[test]
fn clocks_run_from_their_start() {
    let mut deficiency = Deficiency {
        kind: DeficiencyKind::MissingDocument,
        encounter: "e1".to_owned(),
        document: None,
        document_name: "Discharge summary".to_owned(),
        rule: None,
        starts: ClockStart::Discharge,
        allowed: TimeAllowed::Days(30),
        opened: Instant(0),
        assigned: Instant(0),
        state: states().remove(0),
    };
    let day = 86_400_000_000;
    assert_eq!(deficiency.due(None, &TimeZone::UTC), None);
    assert_eq!(deficiency.due(Some(Instant(day)), &TimeZone::UTC), Some(Instant(31 * day)));
    deficiency.starts = ClockStart::Assignment;
    deficiency.assigned = Instant(5 * day);
    assert_eq!(deficiency.due(Some(Instant(day)), &TimeZone::UTC), Some(Instant(35 * day)));
}
