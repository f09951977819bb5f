//! What can be done with a request, and in which state.

use super::{Selection, StateName};
use crate::fee::Fee;
use crate::{Basis, named};
use jiff::civil::Date;
use record::{PatientKey, Private, ResourceKey};
use serde::{Deserialize, Serialize};

named! {
    /// The name of an action, as stored and on its button.
    ActionName {
        /// Confirm the patient.
        Identify = "identify", "Identify patient";
        /// Choose the legal basis.
        ChooseBasis = "choose-basis", "Choose basis";
        /// Accept requester and basis.
        Validate = "validate", "Validate";
        /// Put on hold with a letter.
        Hold = "hold", "Hold";
        /// Take off hold.
        Resume = "resume", "Resume";
        /// Choose items.
        Select = "select", "Select items";
        /// Hand to sensitive review.
        StartReview = "start-review", "To sensitive review";
        /// End the sensitive review.
        FinishReview = "finish-review", "Finish review";
        /// End the redaction.
        FinishRedaction = "finish-redaction", "Finish redaction";
        /// Back to an earlier desk.
        SendBack = "send-back", "Send back";
        /// Approve as the second person.
        Approve = "approve", "Approve";
        /// The fee is paid or waived.
        Settle = "settle", "Settle fee";
        /// Hand out.
        Deliver = "deliver", "Deliver";
        /// Close.
        Close = "close", "Close";
        /// Deny in writing.
        Deny = "deny", "Deny";
        /// Review a denial.
        ReviewDenial = "review-denial", "Review denial";
        /// Return to the sender.
        Return = "return", "Return to sender";
        /// Cancel at the requester's wish.
        Cancel = "cancel", "Cancel";
        /// Extend the due date.
        Extend = "extend", "Extend";
    }
}

/// An action with its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    /// The patient is confirmed by two identifiers.
    Identify {
        /// The patient.
        patient: PatientKey,
    },
    /// The basis is chosen; what rested on another is validated again.
    ChooseBasis {
        /// The basis.
        basis: Basis,
    },
    /// Requester verified and basis satisfied today.
    Validate,
    /// Waits for something.
    Hold {
        /// For what.
        reasons: Vec<HoldReason>,
        /// A note.
        note: Option<String>,
    },
    /// Goes on.
    Resume {
        /// What came in.
        note: String,
    },
    /// Items are chosen.
    Select {
        /// Items, reasons, denials.
        selection: Selection,
    },
    /// To sensitive review.
    StartReview,
    /// Sensitive content was decided on.
    FinishReview {
        /// A note.
        note: Option<String>,
    },
    /// Every redaction is confirmed.
    FinishRedaction,
    /// Back to an earlier desk.
    SendBack {
        /// To which.
        to: StateName,
        /// Why.
        why: String,
    },
    /// The second person approves the packet.
    Approve {
        /// A fee, where one is due.
        fee: Option<Fee>,
    },
    /// The fee is settled.
    Settle {
        /// How.
        settlement: Settlement,
    },
    /// Handed out.
    Deliver {
        /// Mail, portal, in person, fax.
        how: String,
        /// To whom: the recipient of the scope.
        to: Private,
    },
    /// Closed.
    Close,
    /// Denied in writing.
    Deny {
        /// The ground.
        ground: DenialGround,
        /// Why it holds here.
        explanation: String,
    },
    /// A licensed professional reviewed the denial.
    ReviewDenial {
        /// Whether it stands.
        upheld: bool,
        /// The reviewer's reason.
        explanation: String,
    },
    /// Sent back to the sender.
    Return {
        /// Why.
        reason: String,
    },
    /// Withdrawn.
    Cancel {
        /// Why.
        reason: String,
    },
    /// One extension, with a written notice.
    Extend {
        /// The reason stated in the notice.
        reason: String,
        /// The new date.
        until: Date,
    },
}

/// How a fee was settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Settlement {
    /// Paid in full.
    Paid {
        /// Reference of the payment.
        reference: String,
    },
    /// Waived.
    Waived {
        /// Why.
        why: String,
    },
}

/// What a held request waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum HoldReason {
    /// The patient can't be told from others.
    PatientUnclear,
    /// Identity or authority of the requester isn't shown.
    RequesterUnverified,
    /// Elements of the basis' checklist fail.
    MissingElements {
        /// Their ids.
        elements: Vec<String>,
    },
    /// A form under 164.508 or 2.31 is awaited.
    SignedForm,
    /// The record isn't complete or not found yet.
    RecordAwaited,
    /// The privacy officer decides.
    PrivacyReview,
    /// A bill for care is unpaid.
    UnpaidBill,
    /// Something else.
    Other {
        /// In words.
        text: String,
    },
}

impl HoldReason {
    /// Whether the request must be validated again before it goes on.
    pub fn shakes_validation(&self) -> bool {
        match self {
            HoldReason::PatientUnclear
            | HoldReason::RequesterUnverified
            | HoldReason::MissingElements { .. }
            | HoldReason::SignedForm => true,
            HoldReason::RecordAwaited
            | HoldReason::PrivacyReview
            | HoldReason::UnpaidBill
            | HoldReason::Other { .. } => false,
        }
    }
}

named! {
    /// Why a request, or an item of it, is denied.
    DenialGround {
        /// 164.524(a)(1)(i), (a)(2)(i).
        PsychotherapyNotes = "psychotherapy-notes", "Psychotherapy notes";
        /// 164.524(a)(1)(ii), (a)(2)(i).
        Litigation = "litigation", "Compiled for a legal proceeding";
        /// 164.524(a)(2)(ii).
        InmateCopy = "inmate-copy", "Inmate's copy would endanger";
        /// 164.524(a)(2)(iii).
        ResearchInProgress = "research", "Research in progress, as agreed";
        /// 164.524(a)(2)(iv).
        PrivacyAct = "privacy-act", "Privacy Act";
        /// 164.524(a)(2)(v).
        Confidence = "confidence", "Obtained in confidence from another person";
        /// 164.524(a)(3)(i).
        DangerToLife = "danger", "Danger to life or physical safety";
        /// 164.524(a)(3)(ii).
        HarmToAnother = "harm-to-another", "Substantial harm to another person named";
        /// 164.524(a)(3)(iii).
        HarmByRepresentative = "harm-by-representative",
            "Substantial harm through a representative";
        /// Not in a designated record set that we hold, 164.524(a)(1), (d)(3).
        NotHeld = "not-held", "Not held by us";
        /// For every other basis: it isn't satisfied and won't be.
        BasisNotMet = "basis-not-met", "The law doesn't allow this release";
    }
}

impl DenialGround {
    /// The paragraph.
    pub fn citation(self) -> &'static str {
        match self {
            DenialGround::PsychotherapyNotes => "45 CFR 164.524(a)(1)(i), (a)(2)(i)",
            DenialGround::Litigation => "45 CFR 164.524(a)(1)(ii), (a)(2)(i)",
            DenialGround::InmateCopy => "45 CFR 164.524(a)(2)(ii)",
            DenialGround::ResearchInProgress => "45 CFR 164.524(a)(2)(iii)",
            DenialGround::PrivacyAct => "45 CFR 164.524(a)(2)(iv)",
            DenialGround::Confidence => "45 CFR 164.524(a)(2)(v)",
            DenialGround::DangerToLife => "45 CFR 164.524(a)(3)(i)",
            DenialGround::HarmToAnother => "45 CFR 164.524(a)(3)(ii)",
            DenialGround::HarmByRepresentative => "45 CFR 164.524(a)(3)(iii)",
            DenialGround::NotHeld => "45 CFR 164.524(a)(1), (d)(3)",
            DenialGround::BasisNotMet => "45 CFR 164.502(a)",
        }
    }

    /// Whether the individual may ask for a review, 164.524(a)(3), (a)(4).
    pub fn is_reviewable(self) -> bool {
        matches!(
            self,
            DenialGround::DangerToLife
                | DenialGround::HarmToAnother
                | DenialGround::HarmByRepresentative
        )
    }

    /// Whether it is a ground on which access can be denied.
    pub fn is_of_access(self) -> bool {
        self != DenialGround::BasisNotMet
    }
}

/// An item that is denied while the rest is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeniedItem {
    /// The item.
    pub item: ResourceKey,
    /// The ground.
    pub ground: DenialGround,
}

impl Action {
    /// The action's name.
    pub fn name(&self) -> ActionName {
        match self {
            Action::Identify { .. } => ActionName::Identify,
            Action::ChooseBasis { .. } => ActionName::ChooseBasis,
            Action::Validate => ActionName::Validate,
            Action::Hold { .. } => ActionName::Hold,
            Action::Resume { .. } => ActionName::Resume,
            Action::Select { .. } => ActionName::Select,
            Action::StartReview => ActionName::StartReview,
            Action::FinishReview { .. } => ActionName::FinishReview,
            Action::FinishRedaction => ActionName::FinishRedaction,
            Action::SendBack { .. } => ActionName::SendBack,
            Action::Approve { .. } => ActionName::Approve,
            Action::Settle { .. } => ActionName::Settle,
            Action::Deliver { .. } => ActionName::Deliver,
            Action::Close => ActionName::Close,
            Action::Deny { .. } => ActionName::Deny,
            Action::ReviewDenial { .. } => ActionName::ReviewDenial,
            Action::Return { .. } => ActionName::Return,
            Action::Cancel { .. } => ActionName::Cancel,
            Action::Extend { .. } => ActionName::Extend,
        }
    }

    /// The reason that its event keeps.
    pub(super) fn why(&self) -> Option<String> {
        match self {
            Action::Hold { note, .. } | Action::FinishReview { note } => note.clone(),
            Action::Resume { note } => Some(note.clone()),
            Action::ChooseBasis { basis } => Some(basis.label().to_owned()),
            Action::Select { selection } => selection.reason.clone(),
            Action::SendBack { why, .. } => Some(why.clone()),
            Action::Settle { settlement: Settlement::Paid { reference } } => {
                Some(reference.clone())
            }
            Action::Settle { settlement: Settlement::Waived { why } } => Some(why.clone()),
            Action::Deny { explanation, .. } | Action::ReviewDenial { explanation, .. } => {
                Some(explanation.clone())
            }
            Action::Return { reason } | Action::Cancel { reason } => Some(reason.clone()),
            Action::Extend { reason, .. } => Some(reason.clone()),
            Action::Identify { .. }
            | Action::Validate
            | Action::StartReview
            | Action::FinishRedaction
            | Action::Approve { .. }
            | Action::Deliver { .. }
            | Action::Close => None,
        }
    }
}

/// The actions that a state allows, in the order of its buttons.
pub fn actions_in(state: StateName) -> &'static [ActionName] {
    use ActionName as A;
    match state {
        StateName::Received => {
            &[A::Identify, A::ChooseBasis, A::Hold, A::Return, A::Cancel, A::Extend]
        }
        StateName::Identified => &[
            A::Validate,
            A::ChooseBasis,
            A::Identify,
            A::Hold,
            A::Deny,
            A::Return,
            A::Cancel,
            A::Extend,
        ],
        StateName::OnHold => &[A::Resume, A::ChooseBasis, A::Deny, A::Return, A::Cancel, A::Extend],
        StateName::Validated => &[A::Select, A::Hold, A::Deny, A::Cancel, A::Extend],
        StateName::Selected => &[A::StartReview, A::Select, A::Hold, A::Deny, A::Cancel, A::Extend],
        StateName::SensitiveReview => {
            &[A::FinishReview, A::SendBack, A::Hold, A::Deny, A::Cancel, A::Extend]
        }
        StateName::Redaction => {
            &[A::FinishRedaction, A::SendBack, A::Hold, A::Deny, A::Cancel, A::Extend]
        }
        StateName::QualityCheck => {
            &[A::Approve, A::SendBack, A::Hold, A::Deny, A::Cancel, A::Extend]
        }
        StateName::Invoiced => &[A::Settle, A::SendBack, A::Hold, A::Cancel, A::Extend],
        StateName::Ready => &[A::Deliver, A::SendBack, A::Hold, A::Cancel, A::Extend],
        StateName::Delivered => &[A::Close],
        StateName::Denied => &[A::ReviewDenial],
        StateName::Closed | StateName::Returned | StateName::Cancelled => &[],
    }
}
