//! The policies: small named functions, each a reason to refuse.

use super::{Action, DenialGround, Facts, HoldReason, Refusal, Request, Selection, State};
use super::{Settlement, StateName};
use crate::Basis;
use crate::fee::{Fee, Rate, rate};
use crate::minimum_necessary::minimum_necessary;
use crate::scope::{Item, Scope, needs_part2_statement, withhold};
use jiff::ToSpan;
use jiff::civil::Date;
use record::{LabelMask, Private, ResourceKey, Role, SensitiveClass};

type Verdict = Result<(), Refusal>;

/// Asks every policy of the action.
pub(super) fn check(request: &Request, action: &Action, facts: &Facts) -> Verdict {
    match action {
        Action::Validate => validation(request, facts),
        Action::Hold { reasons, .. } => hold(request, reasons, facts),
        Action::Select { selection } => selection_allowed(request, selection, facts),
        Action::FinishReview { .. } => review(request, facts),
        Action::FinishRedaction => redactions_confirmed(facts),
        Action::SendBack { to, why } => send_back(request, *to, why),
        Action::Approve { fee } => approval(request, fee.as_ref(), facts),
        Action::Deliver { how, to } => delivery(request, how, to, facts),
        Action::Deny { ground, explanation } => denial(request, *ground, explanation),
        Action::ReviewDenial { explanation, .. } => denial_review(request, explanation, facts),
        Action::Resume { note: text }
        | Action::Return { reason: text }
        | Action::Cancel { reason: text } => reason_given(text),
        Action::Settle { settlement: Settlement::Paid { reference: text } }
        | Action::Settle { settlement: Settlement::Waived { why: text } } => reason_given(text),
        Action::Identify { .. }
        | Action::ChooseBasis { .. }
        | Action::StartReview
        | Action::Close
        | Action::Extend { .. } => Ok(()),
    }
}

fn refuse_if(wrong: bool, refusal: Refusal) -> Verdict {
    if wrong { Err(refusal) } else { Ok(()) }
}

fn reason_given(text: &str) -> Verdict {
    refuse_if(text.trim().is_empty(), Refusal::NoReason)
}

fn validation(request: &Request, facts: &Facts) -> Verdict {
    basis_satisfied(request, facts)?;
    requester_verified(facts)?;
    jurisdiction_set(request, facts, facts.minor, "the patient is a minor")
}

/// The chosen basis is satisfied under today's rules.
fn basis_satisfied(request: &Request, facts: &Facts) -> Verdict {
    let basis = request.basis.ok_or(Refusal::NoBasis)?;
    let evaluation = facts.evaluation.ok_or(Refusal::NotEvaluated)?;
    let current = evaluation.basis == basis && evaluation.on == facts.today;
    refuse_if(!current || evaluation.checklists.is_empty(), Refusal::NotEvaluated)?;
    match evaluation.missing().next() {
        None => protection_over(basis, facts),
        Some(first) => Err(Refusal::BasisNotSatisfied {
            missing: evaluation.missing().count(),
            first: first.question.clone(),
            citation: first.citation.text.clone(),
        }),
    }
}

/// Years after a death for which a record stays protected, 164.502(f).
const YEARS_AFTER_DEATH: i16 = 50;

/// Last day on which the record of one who died on this day is protected.
pub fn protected_until(died_on: Date) -> Date {
    died_on.saturating_add(YEARS_AFTER_DEATH.years())
}

/// What rests on a death of long ago rests on the date of death in the chart.
fn protection_over(basis: Basis, facts: &Facts) -> Verdict {
    if basis != Basis::LongDeceased {
        return Ok(());
    }
    let until = protected_until(facts.died_on.ok_or(Refusal::NoDateOfDeath)?);
    refuse_if(facts.today <= until, Refusal::StillProtected { until })
}

fn requester_verified(facts: &Facts) -> Verdict {
    match facts.verification.ok_or(Refusal::RequesterNotVerified)?.first() {
        None => Ok(()),
        Some(gap) => Err(Refusal::VerificationGap {
            sentence: gap.sentence.clone(),
            citation: gap.citation.text.clone(),
        }),
    }
}

fn jurisdiction_set(request: &Request, facts: &Facts, matters: bool, what: &str) -> Verdict {
    let decided = request.jurisdiction.is_some() || facts.roles.contains(&Role::PrivacyOfficer);
    refuse_if(matters && !decided, Refusal::JurisdictionNotSet { what: what.to_owned() })
}

fn hold(request: &Request, reasons: &[HoldReason], facts: &Facts) -> Verdict {
    refuse_if(reasons.is_empty(), Refusal::NoReason)?;
    for reason in reasons {
        match reason {
            HoldReason::SignedForm => {
                let basis = request.basis.ok_or(Refusal::NoBasis)?;
                refuse_if(!basis.rests_on_a_form(), Refusal::FormDemanded)?;
            }
            HoldReason::UnpaidBill => return Err(Refusal::UnpaidBill),
            HoldReason::MissingElements { elements } => elements_missing(elements, facts)?,
            HoldReason::Other { text } => reason_given(text)?,
            HoldReason::PatientUnclear
            | HoldReason::RequesterUnverified
            | HoldReason::RecordAwaited
            | HoldReason::PrivacyReview => {}
        }
    }
    Ok(())
}

fn elements_missing(elements: &[String], facts: &Facts) -> Verdict {
    refuse_if(elements.is_empty(), Refusal::NoReason)?;
    let evaluation = facts.evaluation.ok_or(Refusal::NotEvaluated)?;
    let stranger = elements.iter().find(|id| !evaluation.missing().any(|e| e.id == **id));
    stranger.map_or(Ok(()), |id| Err(Refusal::ElementNotMissing(id.clone())))
}

fn selection_allowed(request: &Request, selection: &Selection, facts: &Facts) -> Verdict {
    refuse_if(selection.items.is_empty(), Refusal::NothingSelected)?;
    let scope = scope_of(request, facts)?;
    within_scope(&selection.items, scope, facts)?;
    let access = request.basis == Some(Basis::Access);
    let grounds_fit = selection.denied.iter().all(|d| d.ground.is_of_access() == access);
    refuse_if(!grounds_fit, Refusal::GroundDoesNotFit)?;
    let rule = minimum_necessary(scope.basis, scope.recipient);
    let reasoned = selection.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    if rule.applies && !reasoned {
        let citation = rule.citation.text;
        return Err(match scope.is_entire_chart() {
            true => Refusal::EntireChart,
            false => Refusal::MinimumNecessary { citation },
        });
    }
    Ok(())
}

fn scope_of<'a>(request: &Request, facts: &Facts<'a>) -> Result<&'a Scope, Refusal> {
    let basis = request.basis.ok_or(Refusal::NoBasis)?;
    facts.scope.filter(|scope| scope.basis == basis).ok_or(Refusal::NoScope)
}

/// What is released is never wider than the scope, under today's labels.
fn within_scope(keys: &[ResourceKey], scope: &Scope, facts: &Facts) -> Verdict {
    let items = loaded(keys, facts)?;
    let out: Vec<_> = items.iter().filter_map(|item| withhold(scope, item)).collect();
    match out.first() {
        None => Ok(()),
        Some(first) => Err(Refusal::OutsideScope { count: out.len(), first: first.clone() }),
    }
}

fn loaded<'a>(keys: &[ResourceKey], facts: &Facts<'a>) -> Result<Vec<&'a Item>, Refusal> {
    let find = |key: &ResourceKey| facts.items.iter().find(|item| item.key == *key);
    keys.iter().map(find).collect::<Option<Vec<_>>>().ok_or(Refusal::UnknownItem)
}

fn selected<'a>(request: &Request, facts: &Facts<'a>) -> Result<Vec<&'a Item>, Refusal> {
    let selection = request.selection.as_ref().ok_or(Refusal::NothingSelected)?;
    loaded(&selection.items, facts)
}

fn labels_of(items: &[&Item]) -> LabelMask {
    items.iter().fold(LabelMask::NONE, |mask, item| mask.with(item.labels))
}

fn review(request: &Request, facts: &Facts) -> Verdict {
    let undecided = facts.undecided_proposals;
    refuse_if(undecided > 0, Refusal::ProposalsUndecided(undecided))?;
    let in_house = [SensitiveClass::Vip, SensitiveClass::Employee].into_iter().collect();
    let sensitive = !labels_of(&selected(request, facts)?).without(in_house).is_empty();
    jurisdiction_set(request, facts, sensitive, "sensitive items are selected")
}

fn redactions_confirmed(facts: &Facts) -> Verdict {
    let open = facts.unconfirmed_redactions;
    refuse_if(open > 0, Refusal::RedactionsUnconfirmed(open))
}

fn send_back(request: &Request, to: StateName, why: &str) -> Verdict {
    reason_given(why)?;
    let desks = [
        StateName::Validated,
        StateName::Selected,
        StateName::SensitiveReview,
        StateName::Redaction,
        StateName::QualityCheck,
        StateName::Invoiced,
        StateName::Ready,
    ];
    let place = |name| desks.iter().position(|desk| *desk == name);
    let earlier = match (place(to), place(request.state.name())) {
        (Some(target), Some(here)) => target < here && to != StateName::Invoiced,
        (None, _) | (_, None) => false,
    };
    refuse_if(!earlier, Refusal::NotEarlier(to))
}

fn approval(request: &Request, fee: Option<&Fee>, facts: &Facts) -> Verdict {
    refuse_if(request.prepared_by.contains(facts.actor), Refusal::SamePerson)?;
    redactions_confirmed(facts)?;
    packet_clean(request, facts)?;
    let basis = request.basis.ok_or(Refusal::NoBasis)?;
    let free = rate(basis, false) == Rate::None;
    refuse_if(free && fee.is_some_and(|fee| fee.total_cents() > 0), Refusal::NoFeeHere)
}

fn packet_clean(request: &Request, facts: &Facts) -> Verdict {
    let packet = facts.packet.ok_or(Refusal::NoPacket)?;
    refuse_if(packet.leaks > 0, Refusal::PacketLeaks(packet.leaks))?;
    let labels = labels_of(&selected(request, facts)?);
    let needed = needs_part2_statement(scope_of(request, facts)?, labels);
    refuse_if(needed && !packet.has_part2_statement, Refusal::NoPart2Statement)
}

fn delivery(request: &Request, how: &str, to: &Private, facts: &Facts) -> Verdict {
    reason_given(how)?;
    basis_satisfied(request, facts)?;
    let scope = scope_of(request, facts)?;
    let selection = request.selection.as_ref().ok_or(Refusal::NothingSelected)?;
    within_scope(&selection.items, scope, facts)?;
    packet_clean(request, facts)?;
    refuse_if(facts.packet != request.packet.as_ref(), Refusal::PacketChanged)?;
    let same = to.reveal().trim() == scope.recipient_name.reveal().trim();
    let citation = match scope.basis {
        Basis::Part2Consent => "42 CFR 2.31(a)(4)",
        Basis::Access => "45 CFR 164.524(c)(3)",
        _ => "45 CFR 164.508(c)(1)(iii)",
    };
    refuse_if(!same, Refusal::WrongRecipient(citation.to_owned()))
}

fn denial(request: &Request, ground: DenialGround, explanation: &str) -> Verdict {
    reason_given(explanation)?;
    let basis = request.basis.ok_or(Refusal::NoBasis)?;
    let fits = match basis {
        Basis::Access => ground.is_of_access(),
        _ => matches!(ground, DenialGround::BasisNotMet | DenialGround::NotHeld),
    };
    refuse_if(!fits, Refusal::GroundDoesNotFit)
}

fn denial_review(request: &Request, explanation: &str, facts: &Facts) -> Verdict {
    reason_given(explanation)?;
    let State::Denied { ground, by, upheld_by, .. } = &request.state else {
        return Ok(());
    };
    refuse_if(!ground.is_reviewable(), Refusal::NotReviewable)?;
    refuse_if(upheld_by.is_some(), Refusal::AlreadyReviewed)?;
    let wrong = by == facts.actor || !facts.roles.contains(&Role::Provider);
    refuse_if(wrong, Refusal::WrongReviewer)
}
