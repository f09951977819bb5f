//! The packet of a request: made, verified, checked by a second person, handed out.
//!
//! ```text
//!           make            check (second person)       settle
//! not made ------> made ---------------------> owed ------------> ready --hand out--> ready
//!    |  ^            |  \----- no fee is due ---------------------^    \--deliver--> sent
//!    |  |            |
//!    |  +--reopen----+---- from every state but sent: an older packet counts no more
//!    v
//! refused (the verifier found something in it; there is no file) --make--> made, or refused
//! ```
//!
//! A packet has no life of its own: what is here follows the request, whose lifecycle decides who
//! may do what. This says which file may be looked at, and which may leave the house.

use crate::lifecycle::{Request, StateName};
use record::ContentHash;
use thiserror::Error;

/// Where the packet of a request stands, since the documents were last in review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketState {
    /// None is made.
    NotMade,
    /// The verifier refused it: what was found is kept, and no file.
    Refused {
        /// What the verifier found.
        leaks: u32,
    },
    /// It is made, and nobody else has looked at it.
    Made,
    /// A second person checked it; its fee is owed.
    Owed,
    /// It may be handed out.
    Ready,
    /// It left the house.
    Sent,
}

/// A packet as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptPacket {
    /// Hash of its file.
    pub hash: ContentHash,
    /// What the verifier found.
    pub leaks: u32,
    /// Whether a second person checked it.
    pub is_checked: bool,
}

impl PacketState {
    /// Where the packet of this request stands, by what is kept of it.
    pub fn of(request: &Request, kept: Option<KeptPacket>) -> PacketState {
        let Some(kept) = kept else { return PacketState::NotMade };
        if kept.leaks > 0 {
            return PacketState::Refused { leaks: kept.leaks };
        }
        let is_same = request.packet.as_ref().is_some_and(|packet| packet.hash == kept.hash);
        if !is_same || !kept.is_checked {
            return PacketState::Made;
        }
        match request.state.name() {
            StateName::Invoiced => PacketState::Owed,
            StateName::Ready => PacketState::Ready,
            StateName::Delivered | StateName::Closed => PacketState::Sent,
            // Held after the check, it is checked again; ended without delivery, it never leaves.
            StateName::Received
            | StateName::Identified
            | StateName::OnHold
            | StateName::Validated
            | StateName::Selected
            | StateName::SensitiveReview
            | StateName::Redaction
            | StateName::QualityCheck
            | StateName::Denied
            | StateName::Returned
            | StateName::Cancelled => PacketState::Made,
        }
    }
}

/// What is done with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketAction {
    /// It is written and verified.
    Make {
        /// Whether the review of its documents is finished.
        is_reviewed: bool,
        /// What the verifier found.
        leaks: u32,
    },
    /// A page of it is looked at, here.
    Look,
    /// A second person says that it is right.
    Check {
        /// Whether the one who checks prepared it.
        is_own: bool,
        /// Whether a fee is due for it.
        is_owed: bool,
    },
    /// Its fee is settled.
    Settle,
    /// Its file is taken, to be given to the recipient.
    HandOut,
    /// It was given to the recipient.
    Deliver,
    /// Its documents go back to an earlier desk.
    Reopen,
}

/// Why an action is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PacketRefusal {
    /// Something is still in review.
    #[error("A packet is made when the review is finished. Finish it first.")]
    InReview,
    /// There is none.
    #[error("The packet isn't made. Make it first.")]
    IsNotMade,
    /// The verifier refused it.
    #[error("The verifier refused this packet; there is no file. Go back to redaction.")]
    WasRefused,
    /// Nobody else looked at it, or its fee is owed.
    #[error("The packet is handed out when a second person has checked it and its fee is settled.")]
    IsNotReady,
    /// One's own work.
    #[error("You prepared this packet. A second person checks it.")]
    IsOwn,
    /// It was checked.
    #[error("This packet was checked. Send the request back before another one is made.")]
    WasChecked,
    /// No fee is owed.
    #[error("No fee is owed for this packet.")]
    IsNotOwed,
    /// It is gone.
    #[error("This packet left the house; what was sent stays what it was.")]
    WasSent,
}

/// What the state becomes.
///
/// # Errors
/// [`PacketRefusal`] where the state doesn't allow it.
pub fn apply(state: PacketState, action: PacketAction) -> Result<PacketState, PacketRefusal> {
    use PacketAction as A;
    use PacketRefusal as No;
    use PacketState as S;
    match (state, action) {
        (S::Sent, A::Make { .. } | A::Check { .. } | A::Settle | A::Deliver | A::Reopen) => {
            Err(No::WasSent)
        }
        (S::Owed | S::Ready, A::Make { .. } | A::Check { .. }) => Err(No::WasChecked),
        (S::NotMade | S::Refused { .. } | S::Made, A::Make { is_reviewed: false, .. }) => {
            Err(No::InReview)
        }
        (S::NotMade | S::Refused { .. } | S::Made, A::Make { leaks: 0, .. }) => Ok(S::Made),
        (S::NotMade | S::Refused { .. } | S::Made, A::Make { leaks, .. }) => {
            Ok(S::Refused { leaks })
        }
        (S::NotMade, A::Look | A::Check { .. } | A::HandOut | A::Deliver) => Err(No::IsNotMade),
        (S::Refused { .. }, A::Look | A::Check { .. } | A::HandOut | A::Deliver) => {
            Err(No::WasRefused)
        }
        (S::Made | S::Owed | S::Ready | S::Sent, A::Look) => Ok(state),
        (S::Made, A::Check { is_own: true, .. }) => Err(No::IsOwn),
        (S::Made, A::Check { is_owed: true, .. }) => Ok(S::Owed),
        (S::Made, A::Check { .. }) => Ok(S::Ready),
        (S::Owed, A::Settle) => Ok(S::Ready),
        (S::NotMade | S::Refused { .. } | S::Made | S::Ready, A::Settle) => Err(No::IsNotOwed),
        (S::Made | S::Owed, A::HandOut | A::Deliver) => Err(No::IsNotReady),
        (S::Ready | S::Sent, A::HandOut) => Ok(state),
        (S::Ready, A::Deliver) => Ok(S::Sent),
        (S::NotMade | S::Refused { .. } | S::Made | S::Owed | S::Ready, A::Reopen) => {
            Ok(S::NotMade)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const STATES: [(&str, PacketState); 6] = [
        ("not made", PacketState::NotMade),
        ("refused", PacketState::Refused { leaks: 2 }),
        ("made", PacketState::Made),
        ("owed", PacketState::Owed),
        ("ready", PacketState::Ready),
        ("sent", PacketState::Sent),
    ];

    const ACTIONS: [(&str, PacketAction); 11] = [
        ("make in review", PacketAction::Make { is_reviewed: false, leaks: 0 }),
        ("make", PacketAction::Make { is_reviewed: true, leaks: 0 }),
        ("make with leaks", PacketAction::Make { is_reviewed: true, leaks: 3 }),
        ("look", PacketAction::Look),
        ("check one's own", PacketAction::Check { is_own: true, is_owed: false }),
        ("check", PacketAction::Check { is_own: false, is_owed: false }),
        ("check with a fee", PacketAction::Check { is_own: false, is_owed: true }),
        ("settle", PacketAction::Settle),
        ("hand out", PacketAction::HandOut),
        ("deliver", PacketAction::Deliver),
        ("reopen", PacketAction::Reopen),
    ];

    /// Judged: only what was checked by somebody else and is paid leaves the house; what the
    /// verifier refused has no file in any state; what was sent never changes.
    #[test]
    fn matrix_of_states_and_actions() {
        let mut matrix = String::new();
        for (is, state) in STATES {
            for (what, action) in ACTIONS {
                let after = match apply(state, action) {
                    Ok(PacketState::Refused { leaks }) => format!("refused for {leaks}"),
                    Ok(after) => {
                        let named = STATES.iter().find(|(_, known)| *known == after);
                        named.unwrap().0.to_owned()
                    }
                    Err(no) => format!("no: {no}"),
                };
                matrix += &format!("{is} + {what} = {after}\n");
            }
        }
        expect![[r#"
            not made + make in review = no: A packet is made when the review is finished. Finish it first.
            not made + make = made
            not made + make with leaks = refused for 3
            not made + look = no: The packet isn't made. Make it first.
            not made + check one's own = no: The packet isn't made. Make it first.
            not made + check = no: The packet isn't made. Make it first.
            not made + check with a fee = no: The packet isn't made. Make it first.
            not made + settle = no: No fee is owed for this packet.
            not made + hand out = no: The packet isn't made. Make it first.
            not made + deliver = no: The packet isn't made. Make it first.
            not made + reopen = not made
            refused + make in review = no: A packet is made when the review is finished. Finish it first.
            refused + make = made
            refused + make with leaks = refused for 3
            refused + look = no: The verifier refused this packet; there is no file. Go back to redaction.
            refused + check one's own = no: The verifier refused this packet; there is no file. Go back to redaction.
            refused + check = no: The verifier refused this packet; there is no file. Go back to redaction.
            refused + check with a fee = no: The verifier refused this packet; there is no file. Go back to redaction.
            refused + settle = no: No fee is owed for this packet.
            refused + hand out = no: The verifier refused this packet; there is no file. Go back to redaction.
            refused + deliver = no: The verifier refused this packet; there is no file. Go back to redaction.
            refused + reopen = not made
            made + make in review = no: A packet is made when the review is finished. Finish it first.
            made + make = made
            made + make with leaks = refused for 3
            made + look = made
            made + check one's own = no: You prepared this packet. A second person checks it.
            made + check = ready
            made + check with a fee = owed
            made + settle = no: No fee is owed for this packet.
            made + hand out = no: The packet is handed out when a second person has checked it and its fee is settled.
            made + deliver = no: The packet is handed out when a second person has checked it and its fee is settled.
            made + reopen = not made
            owed + make in review = no: This packet was checked. Send the request back before another one is made.
            owed + make = no: This packet was checked. Send the request back before another one is made.
            owed + make with leaks = no: This packet was checked. Send the request back before another one is made.
            owed + look = owed
            owed + check one's own = no: This packet was checked. Send the request back before another one is made.
            owed + check = no: This packet was checked. Send the request back before another one is made.
            owed + check with a fee = no: This packet was checked. Send the request back before another one is made.
            owed + settle = ready
            owed + hand out = no: The packet is handed out when a second person has checked it and its fee is settled.
            owed + deliver = no: The packet is handed out when a second person has checked it and its fee is settled.
            owed + reopen = not made
            ready + make in review = no: This packet was checked. Send the request back before another one is made.
            ready + make = no: This packet was checked. Send the request back before another one is made.
            ready + make with leaks = no: This packet was checked. Send the request back before another one is made.
            ready + look = ready
            ready + check one's own = no: This packet was checked. Send the request back before another one is made.
            ready + check = no: This packet was checked. Send the request back before another one is made.
            ready + check with a fee = no: This packet was checked. Send the request back before another one is made.
            ready + settle = no: No fee is owed for this packet.
            ready + hand out = ready
            ready + deliver = sent
            ready + reopen = not made
            sent + make in review = no: This packet left the house; what was sent stays what it was.
            sent + make = no: This packet left the house; what was sent stays what it was.
            sent + make with leaks = no: This packet left the house; what was sent stays what it was.
            sent + look = sent
            sent + check one's own = no: This packet left the house; what was sent stays what it was.
            sent + check = no: This packet left the house; what was sent stays what it was.
            sent + check with a fee = no: This packet left the house; what was sent stays what it was.
            sent + settle = no: This packet left the house; what was sent stays what it was.
            sent + hand out = sent
            sent + deliver = no: This packet left the house; what was sent stays what it was.
            sent + reopen = no: This packet left the house; what was sent stays what it was.
        "#]].assert_eq(&matrix);
    }

    #[test]
    fn only_a_checked_packet_whose_fee_is_settled_leaves_the_house() {
        let leave = |state| apply(state, PacketAction::HandOut).is_ok();
        let all: Vec<&str> =
            STATES.into_iter().filter(|(_, state)| leave(*state)).map(|(name, _)| name).collect();
        assert_eq!(all, ["ready", "sent"]);
    }
}
