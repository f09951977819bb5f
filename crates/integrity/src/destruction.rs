//! The lifecycle of a chart's destruction.
//!
//! ```text
//!             approve (another person,      carry out (not the witness)
//!              who becomes its witness)
//!   proposed -----------------> approved ---------------> destroyed
//!      |  |                       |  |  |                     ^  ^
//!      |  | reject                |  |  | carry out,    finish|  | explain (not who carried
//!      |  +------> rejected <-----+  |  | and not all         |  |          it out)
//!      |                             |  | reconciles yet      |  |
//!      |                             |  +----------> incomplete -+
//!      +---------> stopped <---------+
//!        a hold, open work, a changed chart, a longer class
//! ```
//!
//! Destruction closes only when what was destroyed reconciles with what was listed; who proposed
//! it, who approved and witnessed it and who carried it out stand in its certificate for good.
//! Rejected and stopped are ends: the chart stays whole and may be proposed anew.

use jiff::civil::Date;
use record::{Actor, Citation, Instant, Role};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a chart held when it was listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holdings {
    /// Entries.
    pub entries_count: i64,
    /// Versions of entries.
    pub versions_count: i64,
    /// Files.
    pub files_count: i64,
    /// First day of which the chart tells.
    pub from: Option<Date>,
    /// Last day of which the chart tells.
    pub until: Option<Date>,
    /// Id of the newest version: what came or changed later has a higher one.
    pub newest: i64,
}

/// What was destroyed, and what of it is still there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Entries.
    pub entries_count: i64,
    /// Versions of entries.
    pub versions_count: i64,
    /// Files.
    pub files_count: i64,
    /// Entries of the index and of the registers that outlive the chart.
    pub cards_count: i64,
    /// Files that could not be removed from the disk. Without their key nobody can read them.
    pub files_left_count: i64,
}

/// Where what was destroyed differs from what was listed, as sentences.
pub fn differences(listed: &Holdings, done: &Done) -> Vec<String> {
    let pairs = [
        ("entries", listed.entries_count, done.entries_count),
        ("versions", listed.versions_count, done.versions_count),
        ("files", listed.files_count, done.files_count),
    ];
    let mut differ: Vec<String> = pairs
        .iter()
        .filter(|(_, listed, destroyed)| listed != destroyed)
        .map(|(what, listed, destroyed)| {
            format!("{listed} {what} were listed, {destroyed} were destroyed.")
        })
        .collect();
    if done.files_left_count > 0 {
        differ.push(format!(
            "{} files could not be removed from the disk; their key is forgotten.",
            done.files_left_count
        ));
    }
    differ
}

/// Why a chart may not be destroyed now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stop", content = "of", rename_all = "kebab-case")]
pub enum Stop {
    /// A legal hold stands, for this reason.
    Hold(String),
    /// Its retention has not ended.
    Kept(Option<Date>),
    /// A class protects minors, and the birth date isn't known.
    BirthDate,
    /// An encounter is not finished.
    Encounters(i64),
    /// A request for release or for an accounting is open.
    Requests(i64),
    /// A deficiency is open.
    Deficiencies(i64),
    /// An encounter has no final codes.
    Coding(i64),
    /// It may be one person's with another chart: that is decided first.
    Duplicates(i64),
    /// Other work is open.
    Work(i64),
    /// It changed since it was listed.
    Changed,
}

impl Stop {
    /// What stops it and what to do, as a sentence.
    pub fn sentence(&self) -> String {
        let some = |count: &i64, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {many}"),
        };
        match self {
            Stop::Hold(reason) => format!("A legal hold stands: {reason}"),
            Stop::Kept(Some(day)) => {
                format!("It must be kept until {}.", day.strftime("%-d %b %Y"))
            }
            Stop::Kept(None) => "No class says when its retention ends.".to_owned(),
            Stop::BirthDate => {
                "A class protects minors, and the birth date isn't known. Enter it first.".to_owned()
            }
            Stop::Encounters(n) => {
                format!("{} not finished.", some(n, "encounter is", "encounters are"))
            }
            Stop::Requests(n) => {
                format!("{} open at the release desk.", some(n, "request is", "requests are"))
            }
            Stop::Deficiencies(n) => {
                format!("{} open.", some(n, "deficiency is", "deficiencies are"))
            }
            Stop::Coding(n) => {
                format!("{} without final codes.", some(n, "encounter is", "encounters are"))
            }
            Stop::Duplicates(n) => {
                format!("{} not decided.", some(n, "possible duplicate is", "possible duplicates are"))
            }
            Stop::Work(n) => {
                format!("{} open.", some(n, "other piece of work is", "other pieces of work are"))
            }
            Stop::Changed => "The chart changed since it was listed. List it anew.".to_owned(),
        }
    }
}

/// How a destruction was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// Who proposed it.
    pub proposed_by: Actor,
    /// Who approved it and saw it done.
    pub witness: Actor,
    /// Who carried it out.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// How the record that is held here was destroyed, and what became of paper and copies.
    pub method: String,
    /// What was destroyed.
    pub done: Done,
}

/// How a destruction stands, with what only that state has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum DestructionState {
    /// Listed, for another person to approve.
    Proposed {
        /// Who proposed it.
        by: Actor,
    },
    /// Approved, to be carried out.
    Approved {
        /// Who proposed it.
        proposed_by: Actor,
        /// Who approved it and witnesses it.
        witness: Actor,
        /// When.
        at: Instant,
    },
    /// Destroyed, and reconciled with what was listed.
    Destroyed {
        /// How.
        carried: Carried,
        /// What the witness said of differences, where there were any.
        explained: Option<String>,
    },
    /// Destroyed, and it does not reconcile.
    Incomplete {
        /// How.
        carried: Carried,
        /// What differs.
        differences: Vec<String>,
    },
    /// Not to be destroyed.
    Rejected {
        /// By whom.
        by: Actor,
        /// When.
        at: Instant,
        /// Why.
        reason: String,
    },
    /// Something came in between.
    Stopped {
        /// When.
        at: Instant,
        /// What.
        stops: Vec<Stop>,
    },
}

impl DestructionState {
    /// The word that the store uses.
    pub fn as_str(&self) -> &'static str {
        match self {
            DestructionState::Proposed { .. } => "proposed",
            DestructionState::Approved { .. } => "approved",
            DestructionState::Destroyed { .. } => "destroyed",
            DestructionState::Incomplete { .. } => "incomplete",
            DestructionState::Rejected { .. } => "rejected",
            DestructionState::Stopped { .. } => "stopped",
        }
    }

    /// The word that people read.
    pub fn label(&self) -> &'static str {
        match self {
            DestructionState::Proposed { .. } => "Proposed",
            DestructionState::Approved { .. } => "Approved",
            DestructionState::Destroyed { .. } => "Destroyed",
            DestructionState::Incomplete { .. } => "Does not reconcile",
            DestructionState::Rejected { .. } => "Rejected",
            DestructionState::Stopped { .. } => "Stopped",
        }
    }

    /// How it was carried out, where it was.
    pub fn carried(&self) -> Option<&Carried> {
        match self {
            DestructionState::Destroyed { carried, .. }
            | DestructionState::Incomplete { carried, .. } => Some(carried),
            DestructionState::Proposed { .. }
            | DestructionState::Approved { .. }
            | DestructionState::Rejected { .. }
            | DestructionState::Stopped { .. } => None,
        }
    }
}

/// What can be done with a destruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DestructionAction {
    /// A second person approves it, and witnesses it.
    Approve,
    /// It is not to be destroyed.
    Reject {
        /// Why.
        reason: String,
    },
    /// It is carried out.
    CarryOut {
        /// How.
        method: String,
        /// What was destroyed.
        done: Done,
        /// Where that differs from what was listed.
        differences: Vec<String>,
    },
    /// The product itself has removed the files after the rows were committed.
    Finish {
        /// Files that could not be removed.
        files_left_count: i64,
        /// What differs now.
        differences: Vec<String>,
    },
    /// Another person says where the differences come from.
    Explain {
        /// Where from.
        reason: String,
    },
    /// The product itself stops it.
    Stop {
        /// What stops it.
        stops: Vec<Stop>,
    },
}

/// Who acts, in what roles, when.
#[derive(Clone, Debug)]
pub struct Acting<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// Their roles.
    pub roles: &'a [Role],
    /// When.
    pub at: Instant,
}

/// Why an action is refused: a sentence, and the rule behind it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct DestructionRefusal {
    /// What is wrong and what to do.
    pub sentence: String,
    /// The rule.
    pub citation: Citation,
}

const PRACTICE: &str = "AHIMA, Retention and Destruction of Health Information (2013)";

fn refusal(sentence: &str) -> DestructionRefusal {
    DestructionRefusal { sentence: sentence.to_owned(), citation: Citation::new(PRACTICE) }
}

type Policy = fn(&DestructionState, &DestructionAction, &Acting<'_>) -> Option<DestructionRefusal>;

/// What forbids an action whatever the state, in the order in which a clerk is told.
const POLICIES: &[Policy] = &[
    only_supervisors_and_privacy_officers_witness,
    only_technicians_and_supervisors_carry_out,
    two_persons,
    texts_are_written,
];

fn only_supervisors_and_privacy_officers_witness(
    _: &DestructionState,
    action: &DestructionAction,
    acting: &Acting<'_>,
) -> Option<DestructionRefusal> {
    use DestructionAction as A;
    let needs = matches!(action, A::Approve | A::Reject { .. } | A::Explain { .. });
    let may = [Role::Supervisor, Role::PrivacyOfficer].iter().any(|r| acting.roles.contains(r));
    (needs && !may).then(|| {
        refusal("Only a supervisor or the privacy officer decides on it.")
    })
}

fn only_technicians_and_supervisors_carry_out(
    _: &DestructionState,
    action: &DestructionAction,
    acting: &Acting<'_>,
) -> Option<DestructionRefusal> {
    let needs = matches!(action, DestructionAction::CarryOut { .. });
    let may = [Role::Technician, Role::Supervisor].iter().any(|r| acting.roles.contains(r));
    (needs && !may).then(|| refusal("Only a technician or a supervisor carries it out."))
}

/// Nobody approves what they proposed, and nobody witnesses what they do.
fn two_persons(
    state: &DestructionState,
    action: &DestructionAction,
    acting: &Acting<'_>,
) -> Option<DestructionRefusal> {
    match (state, action) {
        (DestructionState::Proposed { by }, DestructionAction::Approve) if by == acting.actor => {
            Some(refusal("You proposed it. Another person has to approve it."))
        }
        (DestructionState::Approved { witness, .. }, DestructionAction::CarryOut { .. })
            if witness == acting.actor =>
        {
            Some(refusal("You are its witness. Another person has to carry it out."))
        }
        (DestructionState::Incomplete { carried, .. }, DestructionAction::Explain { .. })
            if carried.by == *acting.actor =>
        {
            Some(refusal("You carried it out. Another person has to explain what differs."))
        }
        _ => None,
    }
}

fn texts_are_written(
    _: &DestructionState,
    action: &DestructionAction,
    _: &Acting<'_>,
) -> Option<DestructionRefusal> {
    let (text, sentence) = match action {
        DestructionAction::Approve
        | DestructionAction::Stop { .. }
        | DestructionAction::Finish { .. } => return None,
        DestructionAction::CarryOut { method, .. } => {
            (method, "Say what became of paper and copies, or that there were none.")
        }
        DestructionAction::Reject { reason } => (reason, "Write why it is not to be destroyed."),
        DestructionAction::Explain { reason } => (reason, "Write where the differences come from."),
    };
    text.trim().is_empty().then(|| refusal(sentence))
}

/// The next state.
///
/// # Errors
/// A sentence that says why the action can't be done, and what can.
pub fn apply(
    state: &DestructionState,
    action: &DestructionAction,
    acting: &Acting<'_>,
) -> Result<DestructionState, DestructionRefusal> {
    use DestructionAction as A;
    use DestructionState as S;
    if let Some(refused) = POLICIES.iter().find_map(|policy| policy(state, action, acting)) {
        return Err(refused);
    }
    let (by, at) = (acting.actor.clone(), acting.at);
    let no = |sentence: &str| Err(refusal(sentence));
    match (state, action) {
        (S::Proposed { by: proposed_by }, A::Approve) => {
            Ok(S::Approved { proposed_by: proposed_by.clone(), witness: by, at })
        }
        (S::Approved { .. }, A::Approve) => no("It is approved. It waits to be carried out."),
        (S::Proposed { .. } | S::Approved { .. }, A::Reject { reason }) => {
            Ok(S::Rejected { by, at, reason: reason.clone() })
        }
        (S::Proposed { .. } | S::Approved { .. }, A::Stop { stops }) => {
            Ok(S::Stopped { at, stops: stops.clone() })
        }
        (S::Proposed { .. }, A::CarryOut { .. }) => no("Another person has to approve it first."),
        (S::Approved { proposed_by, witness, .. }, A::CarryOut { method, done, differences }) => {
            let (proposed_by, witness) = (proposed_by.clone(), witness.clone());
            let method = method.trim().to_owned();
            let carried = Carried { proposed_by, witness, by, at, method, done: *done };
            match differences.is_empty() {
                true => Ok(S::Destroyed { carried, explained: None }),
                false => Ok(S::Incomplete { carried, differences: differences.clone() }),
            }
        }
        (S::Incomplete { carried, .. }, A::Explain { reason }) => {
            let explained = Some(reason.trim().to_owned());
            Ok(S::Destroyed { carried: carried.clone(), explained })
        }
        (S::Incomplete { carried, .. }, A::Finish { files_left_count, differences }) => {
            let mut carried = carried.clone();
            carried.done.files_left_count = *files_left_count;
            match differences.is_empty() {
                true => Ok(S::Destroyed { carried, explained: None }),
                false => Ok(S::Incomplete { carried, differences: differences.clone() }),
            }
        }
        (S::Proposed { .. } | S::Approved { .. }, A::Explain { .. } | A::Finish { .. }) => {
            no("Nothing is destroyed yet. There is nothing to explain.")
        }
        (
            S::Incomplete { .. },
            A::Approve | A::Reject { .. } | A::CarryOut { .. } | A::Stop { .. },
        ) => no("It is destroyed. What differs has to be explained."),
        (
            S::Destroyed { .. },
            A::Approve
            | A::Reject { .. }
            | A::CarryOut { .. }
            | A::Finish { .. }
            | A::Explain { .. }
            | A::Stop { .. },
        ) => no("It is destroyed. Nothing can be done about it any more."),
        (
            S::Rejected { .. } | S::Stopped { .. },
            A::Approve
            | A::Reject { .. }
            | A::CarryOut { .. }
            | A::Finish { .. }
            | A::Explain { .. }
            | A::Stop { .. },
        ) => no("It ended, and the chart is whole. Propose it anew."),
    }
}

#[cfg(test)]
mod tests {
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
            proposed   explain   - Nothing is destroyed yet. There is nothing to explain.
            proposed   stop      stopped
            approved   approve   - It is approved. It waits to be carried out.
            approved   reject    rejected
            approved   carry out destroyed
            approved   in part   incomplete
            approved   explain   - Nothing is destroyed yet. There is nothing to explain.
            approved   stop      stopped
            incomplete approve   - It is destroyed. What differs has to be explained.
            incomplete reject    - It is destroyed. What differs has to be explained.
            incomplete carry out - It is destroyed. What differs has to be explained.
            incomplete in part   - It is destroyed. What differs has to be explained.
            incomplete explain   destroyed
            incomplete stop      - It is destroyed. What differs has to be explained.
            destroyed  approve   - It is destroyed. Nothing can be done about it any more.
            destroyed  reject    - It is destroyed. Nothing can be done about it any more.
            destroyed  carry out - It is destroyed. Nothing can be done about it any more.
            destroyed  in part   - It is destroyed. Nothing can be done about it any more.
            destroyed  explain   - It is destroyed. Nothing can be done about it any more.
            destroyed  stop      - It is destroyed. Nothing can be done about it any more.
            rejected   approve   - It ended, and the chart is whole. Propose it anew.
            rejected   reject    - It ended, and the chart is whole. Propose it anew.
            rejected   carry out - It ended, and the chart is whole. Propose it anew.
            rejected   in part   - It ended, and the chart is whole. Propose it anew.
            rejected   explain   - It ended, and the chart is whole. Propose it anew.
            rejected   stop      - It ended, and the chart is whole. Propose it anew.
            stopped    approve   - It ended, and the chart is whole. Propose it anew.
            stopped    reject    - It ended, and the chart is whole. Propose it anew.
            stopped    carry out - It ended, and the chart is whole. Propose it anew.
            stopped    in part   - It ended, and the chart is whole. Propose it anew.
            stopped    explain   - It ended, and the chart is whole. Propose it anew.
            stopped    stop      - It ended, and the chart is whole. Propose it anew.
        "#]].assert_eq(&matrix);
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
        let listed = Holdings {
            entries_count: 2,
            versions_count: 3,
            files_count: 1,
            ..Holdings::default()
        };
        let done = Done {
            entries_count: 2,
            versions_count: 3,
            files_count: 1,
            ..Done::default()
        };
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
}
