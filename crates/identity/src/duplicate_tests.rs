//! The whole matrix of a possible duplicate.

use super::*;
use expect_test::expect;

fn me() -> Actor {
    Actor::Person { id: 1 }
}

fn states() -> Vec<DuplicateState> {
    let reason = "Seen both.".to_owned();
    vec![
        DuplicateState::Open,
        DuplicateState::InReview { by: me() },
        DuplicateState::Waiting { reason: reason.clone(), until: Instant(1) },
        DuplicateState::ToMerge { reason: reason.clone() },
        DuplicateState::Merged { link: LinkId(1) },
        DuplicateState::Different { reason, evidence: ContentHash([1; 32]) },
        DuplicateState::Withdrawn,
    ]
}

fn judge_as(answer: Answer) -> DuplicateAction {
    DuplicateAction::Judge {
        answer,
        reason: "Seen both.".to_owned(),
        evidence: ContentHash([1; 32]),
        until: Some(Instant(1)),
    }
}

fn actions() -> Vec<(&'static str, DuplicateAction)> {
    let evidence = ContentHash([2; 32]);
    let reason = "Two birth dates.".to_owned();
    vec![
        ("take", DuplicateAction::Take),
        ("release", DuplicateAction::Release),
        ("same", judge_as(Answer::Same)),
        ("different", judge_as(Answer::Different)),
        ("not sure", judge_as(Answer::NotSure)),
        ("merge done", DuplicateAction::RecordMerge { link: LinkId(1) }),
        ("unmerge done", DuplicateAction::RecordUnmerge { reason, evidence }),
        ("evidence changed", DuplicateAction::EvidenceChanged { evidence }),
        ("withdraw", DuplicateAction::Withdraw),
    ]
}

#[test]
fn matrix_of_states_and_actions() {
    let mut matrix = String::new();
    for state in states() {
        for (name, action) in actions() {
            let to = match apply(&state, &action, &me()) {
                Ok(next) => next.as_str().to_owned(),
                Err(refusal) => format!("- {refusal}"),
            };
            matrix += &format!("{:9} {name:16} {to}\n", state.as_str());
        }
    }
    expect![[r#"
        open      take             in-review
        open      release          - Nobody has taken this pair.
        open      same             - Take the pair first, so that no one else judges it at the same time.
        open      different        - Take the pair first, so that no one else judges it at the same time.
        open      not sure         - Take the pair first, so that no one else judges it at the same time.
        open      merge done       - Judge the pair first: a merge follows the judgement "same person".
        open      unmerge done     - This pair is not merged. There is nothing to undo.
        open      evidence changed open
        open      withdraw         withdrawn
        in-review take             in-review
        in-review release          open
        in-review same             to-merge
        in-review different        different
        in-review not sure         waiting
        in-review merge done       - Judge the pair first: a merge follows the judgement "same person".
        in-review unmerge done     - This pair is not merged. There is nothing to undo.
        in-review evidence changed in-review
        in-review withdraw         - Somebody compares this pair now. Their judgement is waited for.
        waiting   take             in-review
        waiting   release          - Nobody has taken this pair.
        waiting   same             - Take the pair first, so that no one else judges it at the same time.
        waiting   different        - Take the pair first, so that no one else judges it at the same time.
        waiting   not sure         - Take the pair first, so that no one else judges it at the same time.
        waiting   merge done       - Judge the pair first: a merge follows the judgement "same person".
        waiting   unmerge done     - This pair is not merged. There is nothing to undo.
        waiting   evidence changed open
        waiting   withdraw         withdrawn
        to-merge  take             - This pair is judged and waits for its merge. Put it back to judge it again.
        to-merge  release          open
        to-merge  same             - This pair is judged and waits for its merge. Put it back to judge it again.
        to-merge  different        - This pair is judged and waits for its merge. Put it back to judge it again.
        to-merge  not sure         - This pair is judged and waits for its merge. Put it back to judge it again.
        to-merge  merge done       merged
        to-merge  unmerge done     - This pair is not merged. There is nothing to undo.
        to-merge  evidence changed to-merge
        to-merge  withdraw         - Somebody compares this pair now. Their judgement is waited for.
        merged    take             - This pair is closed. It opens again when the evidence changes.
        merged    release          - This pair is closed. It opens again when the evidence changes.
        merged    same             - This pair is closed. It opens again when the evidence changes.
        merged    different        - This pair is closed. It opens again when the evidence changes.
        merged    not sure         - This pair is closed. It opens again when the evidence changes.
        merged    merge done       - This pair is closed. It opens again when the evidence changes.
        merged    unmerge done     different
        merged    evidence changed - The two records are merged. Changed data is compared again after an unmerge.
        merged    withdraw         - This pair is closed. There is nothing to withdraw.
        different take             - This pair is closed. It opens again when the evidence changes.
        different release          - This pair is closed. It opens again when the evidence changes.
        different same             - This pair is closed. It opens again when the evidence changes.
        different different        - This pair is closed. It opens again when the evidence changes.
        different not sure         - This pair is closed. It opens again when the evidence changes.
        different merge done       - This pair is closed. It opens again when the evidence changes.
        different unmerge done     - This pair is not merged. There is nothing to undo.
        different evidence changed open
        different withdraw         - This pair is closed. There is nothing to withdraw.
        withdrawn take             - This pair is closed. It opens again when the evidence changes.
        withdrawn release          - This pair is closed. It opens again when the evidence changes.
        withdrawn same             - This pair is closed. It opens again when the evidence changes.
        withdrawn different        - This pair is closed. It opens again when the evidence changes.
        withdrawn not sure         - This pair is closed. It opens again when the evidence changes.
        withdrawn merge done       - This pair is closed. It opens again when the evidence changes.
        withdrawn unmerge done     - This pair is not merged. There is nothing to undo.
        withdrawn evidence changed open
        withdrawn withdraw         - This pair is closed. There is nothing to withdraw.
    "#]].assert_eq(&matrix);
}

#[test]
fn judging_needs_a_reason_a_holder_and_a_day() {
    let state = DuplicateState::InReview { by: me() };
    let other = Actor::Person { id: 2 };
    assert!(apply(&state, &judge_as(Answer::Same), &other).is_err());
    assert!(apply(&state, &DuplicateAction::Take, &other).is_err());
    let judged = |reason: &str, until| DuplicateAction::Judge {
        answer: Answer::NotSure,
        reason: reason.to_owned(),
        evidence: ContentHash([1; 32]),
        until,
    };
    assert!(apply(&state, &judged(" ", Some(Instant(1))), &me()).is_err());
    assert!(apply(&state, &judged("Why.", None), &me()).is_err());
}

#[test]
fn different_stays_so_until_the_evidence_changes() {
    let state = &states()[5];
    let same = DuplicateAction::EvidenceChanged { evidence: ContentHash([1; 32]) };
    let changed = DuplicateAction::EvidenceChanged { evidence: ContentHash([2; 32]) };
    assert!(apply(state, &same, &me()).is_err());
    assert_eq!(apply(state, &changed, &me()), Ok(DuplicateState::Open));
}
