//! Why an action is refused: sentences that a clerk can act on, with their citation.

use super::{ActionName, StateName};
use crate::clock::ExtensionRefusal;
use crate::scope::Withheld;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why an action is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Refusal {
    /// The state doesn't allow the action.
    #[error("\"{action}\" isn't possible while the request is \"{state}\". Choose another action.")]
    NotFromHere {
        /// The action.
        action: ActionName,
        /// The state.
        state: StateName,
    },
    /// Received tomorrow.
    #[error("Received on {received} lies in the future; today is {today}. Correct the date.")]
    DateInFuture {
        /// As given.
        received: Date,
        /// Today.
        today: Date,
    },
    /// No basis.
    #[error("No legal basis is chosen. Choose it first (45 CFR 164.502(a)).")]
    NoBasis,
    /// Evaluation of another basis, of another day, or none.
    #[error("The basis isn't evaluated under today's rules. Open its checklist and save it.")]
    NotEvaluated,
    /// The checklist isn't satisfied.
    #[error(
        "The basis isn't satisfied: {missing} element(s) fail or wait for an answer, first \
         \"{first}\" ({citation}). Put the request on hold; the letter names them."
    )]
    BasisNotSatisfied {
        /// How many.
        missing: usize,
        /// The first one's question.
        first: String,
        /// Its paragraph.
        citation: String,
    },
    /// A death of long ago that the chart doesn't date.
    #[error(
        "The chart holds no date of death. Record it at registration, with its source, before the \
         record goes out as no longer protected (45 CFR 164.502(f))."
    )]
    NoDateOfDeath,
    /// Dead for less than 50 years.
    #[error(
        "The record is protected until {until}, 50 years after the death (45 CFR 164.502(f)). \
         Choose another basis."
    )]
    StillProtected {
        /// Last day of the protection.
        until: Date,
    },
    /// Nobody verified the requester.
    #[error("The requester isn't verified. Record identity and authority (45 CFR 164.514(h)).")]
    RequesterNotVerified,
    /// The verification has a gap.
    #[error("{sentence} ({citation})")]
    VerificationGap {
        /// What is wrong.
        sentence: String,
        /// The paragraph.
        citation: String,
    },
    /// Minor or sensitive, and no state law chosen.
    #[error(
        "The jurisdiction isn't set, and {what}: state law may be stricter. Set the state, or let \
         the privacy officer decide."
    )]
    JurisdictionNotSet {
        /// Why it matters here.
        what: String,
    },
    /// A hold without a reason.
    #[error("Say what the request waits for.")]
    NoReason,
    /// A form asked for where none may be.
    #[error(
        "No signed form may be asked for here: only an authorization (45 CFR 164.508) or a Part 2 \
         consent (42 CFR 2.31) rests on one. Access is a right (45 CFR 164.524(a)(1)), and \
         holding it for a form is a violation."
    )]
    FormDemanded,
    /// Held for an unpaid bill.
    #[error(
        "An unpaid bill for care is no ground to hold a copy back (45 CFR 164.524(a); HHS \
         guidance on access). Go on with the request."
    )]
    UnpaidBill,
    /// Held for an element that isn't missing.
    #[error(
        "\"{0}\" isn't an open element of this basis' checklist. Hold for what the checklist \
         shows as missing."
    )]
    ElementNotMissing(String),
    /// Nothing selected.
    #[error("Nothing is selected. Select items, or deny the request with its ground.")]
    NothingSelected,
    /// An item that wasn't loaded.
    #[error("A selected item isn't in this patient's record. Load the page again.")]
    UnknownItem,
    /// No scope, or of another basis.
    #[error("The scope isn't set for this basis. Set dates, kinds and recipient first.")]
    NoScope,
    /// Items that may not go.
    #[error(
        "{count} selected item(s) stay out. The first: {} ({})", .first.reason, .first.citation
    )]
    OutsideScope {
        /// How many.
        count: usize,
        /// Why the first stays out.
        first: Withheld,
    },
    /// Minimum necessary without a reason.
    #[error(
        "Say why these items are the minimum necessary, or name the standing protocol \
         ({citation})."
    )]
    MinimumNecessary {
        /// The paragraph.
        citation: String,
    },
    /// The entire chart without a justification.
    #[error(
        "The scope is the entire chart: justify it, or narrow it by dates or kinds (45 CFR \
         164.514(d)(5))."
    )]
    EntireChart,
    /// Proposals without a decision.
    #[error("{0} proposal(s) of sensitive content have no decision. Decide on each.")]
    ProposalsUndecided(usize),
    /// Redactions without confirmation.
    #[error("{0} redaction(s) aren't confirmed. Confirm or remove each.")]
    RedactionsUnconfirmed(usize),
    /// The checker prepared it.
    #[error("You prepared this packet. A second person checks it.")]
    SamePerson,
    /// No packet.
    #[error("The packet isn't built. Build it and look at it first.")]
    NoPacket,
    /// The packet leaks.
    #[error("The packet still holds {0} redacted text(s) or marks. Go back to redaction.")]
    PacketLeaks(u32),
    /// 2.32 missing.
    #[error(
        "The packet holds Part 2 records by consent and lacks the statement of 42 CFR 2.32. Build \
         it again with the cover."
    )]
    NoPart2Statement,
    /// Not the packet that was checked.
    #[error("The packet isn't the one that was checked. Send it back to quality check.")]
    PacketChanged,
    /// A fee where none may be.
    #[error("No fee is charged on this basis. Approve without one.")]
    NoFeeHere,
    /// Not the recipient of the scope.
    #[error("The recipient isn't the one of the scope. Deliver to the one named there ({0}).")]
    WrongRecipient(String),
    /// A ground that doesn't fit.
    #[error(
        "Access can be denied only on a ground of 45 CFR 164.524(a)(2) or (3); other requests are \
         denied because their basis isn't met. Choose the ground that fits."
    )]
    GroundDoesNotFit,
    /// No right of review.
    #[error("This ground gives no right of review (45 CFR 164.524(a)(2)).")]
    NotReviewable,
    /// The reviewer took part, or isn't a professional.
    #[error(
        "A licensed professional who took no part in the decision reviews it (45 CFR \
         164.524(a)(4))."
    )]
    WrongReviewer,
    /// Reviewed before.
    #[error("The denial was reviewed and upheld. The outcome stands (45 CFR 164.524(d)(4)).")]
    AlreadyReviewed,
    /// Not an earlier desk.
    #[error("\"{0}\" isn't an earlier desk of this request. Choose an earlier one.")]
    NotEarlier(StateName),
    /// No due date.
    #[error("This request has no legal due date to extend.")]
    NoClock,
    /// The extension isn't possible.
    #[error(transparent)]
    Extension(#[from] ExtensionRefusal),
}
