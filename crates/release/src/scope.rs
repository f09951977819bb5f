//! What may go out: the scope that was authorized, and the gate before every item.
//!
//! What is released is never wider than what the form, the order or the reviewer named.

use crate::Basis;
use crate::requester::{Authority, RequesterKind};
use jiff::civil::Date;
use record::{Citation, LabelMask, Private, ResourceKey, SensitiveClass};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The scope of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The basis.
    pub basis: Basis,
    /// What the recipient is.
    pub recipient: RequesterKind,
    /// The recipient named in the form or order, exactly.
    pub recipient_name: Private,
    /// The authority of the one who asks.
    pub authority: Authority,
    /// First day of service; none for no limit.
    pub from: Option<Date>,
    /// Last day of service; none for no limit.
    pub to: Option<Date>,
    /// Kinds of document (the record's type codes); none for all kinds.
    pub kinds: Option<BTreeSet<String>>,
    /// Items that an order expressly names; none where it isn't an order.
    pub named_items: Option<BTreeSet<ResourceKey>>,
    /// Sensitive classes named in the form, or approved in review.
    pub classes: LabelMask,
    /// What lifts 42 CFR Part 2, beside the basis itself.
    pub part2: Option<Part2Cover>,
    /// An authorization or consent of its own for psychotherapy or SUD counselling notes.
    pub own_form_for: LabelMask,
}

/// What lifts 42 CFR Part 2 for a release that rests on another basis as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part2Cover {
    /// A consent satisfied under 2.31.
    Consent,
    /// Emergency, 2.51.
    Emergency,
    /// Research, 2.52.
    Research,
    /// Audit, 2.53.
    Audit,
    /// Court order, 2.61 to 2.67.
    CourtOrder,
}

/// One thing that could be released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its key.
    pub key: ResourceKey,
    /// Type code, as in [`Scope::kinds`].
    pub kind: String,
    /// Day of service; none when it isn't known.
    pub date: Option<Date>,
    /// Effective labels.
    pub labels: LabelMask,
    /// Paid in full out of pocket, and the individual asked that the plan not be told.
    pub restricted_from_plan: bool,
    /// Compiled in anticipation of a proceeding.
    pub compiled_for_litigation: bool,
}

/// Why an item stays out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// A sentence for the clerk.
    pub reason: String,
    /// The paragraph.
    pub citation: Citation,
}

impl Scope {
    /// A scope with no limits and no sensitive class, to be narrowed.
    pub fn new(basis: Basis, recipient: RequesterKind, recipient_name: Private) -> Scope {
        let authority = match recipient {
            RequesterKind::Individual => Authority::Themselves,
            _ => Authority::NamedInForm,
        };
        Scope {
            basis,
            recipient,
            recipient_name,
            authority,
            from: None,
            to: None,
            kinds: None,
            named_items: None,
            classes: LabelMask::NONE,
            part2: None,
            own_form_for: LabelMask::NONE,
        }
    }

    /// Whether nothing narrows the scope: "the entire chart".
    pub fn is_entire_chart(&self) -> bool {
        self.from.is_none()
            && self.to.is_none()
            && self.kinds.is_none()
            && self.named_items.is_none()
    }

    /// Whether the individual asks for their own record, for themselves. A copy directed to
    /// somebody else isn't: Part 2 lets the patient see the record, and nobody with them (2.23).
    pub fn is_own_access(&self) -> bool {
        self.basis == Basis::Access
            && self.recipient == RequesterKind::Individual
            && matches!(self.authority, Authority::Themselves | Authority::MinorAlone)
    }

    /// Whether Part 2 records may go out, and whether by written consent (2.32 statement).
    pub fn part2_cover(&self) -> Option<Part2Cover> {
        let by_basis = match self.basis {
            Basis::Part2Consent => Some(Part2Cover::Consent),
            Basis::Part2Emergency => Some(Part2Cover::Emergency),
            Basis::Part2Research => Some(Part2Cover::Research),
            Basis::Part2Audit => Some(Part2Cover::Audit),
            Basis::Part2CourtOrder => Some(Part2Cover::CourtOrder),
            _ => None,
        };
        by_basis.or(self.part2)
    }
}

/// Whether the 2.32 statement must go with a release of these labels.
pub fn needs_part2_statement(scope: &Scope, labels: LabelMask) -> bool {
    scope.part2_cover() == Some(Part2Cover::Consent)
        && (labels.contains(SensitiveClass::SubstanceUse)
            || labels.contains(SensitiveClass::SubstanceUseCounselling))
}

/// Why the item stays out of this release; none when it may go.
///
/// Every gate is asked in the order of the strictest law first, and the first answer stands.
pub fn withhold(scope: &Scope, item: &Item) -> Option<Withheld> {
    let gates: [fn(&Scope, &Item) -> Option<Withheld>; 10] = [
        counselling_note,
        part2_record,
        psychotherapy_note,
        litigation,
        plan_restriction,
        parent_and_minor,
        class_not_named,
        not_expressly_named,
        outside_dates,
        kind_not_named,
    ];
    gates.iter().find_map(|gate| gate(scope, item))
}

fn withheld(citation: &str, reason: impl Into<String>) -> Option<Withheld> {
    Some(Withheld { reason: reason.into(), citation: Citation::new(citation) })
}

fn counselling_note(scope: &Scope, item: &Item) -> Option<Withheld> {
    let class = SensitiveClass::SubstanceUseCounselling;
    if !item.labels.contains(class) || scope.own_form_for.contains(class) {
        return None;
    }
    if scope.basis == Basis::Part2CourtOrder {
        return None;
    }
    withheld(
        "42 CFR 2.31(b)",
        "SUD counselling notes are kept apart and need a consent of their own.",
    )
}

fn part2_record(scope: &Scope, item: &Item) -> Option<Withheld> {
    let labelled = item.labels.contains(SensitiveClass::SubstanceUse);
    if !labelled || scope.part2_cover().is_some() || scope.is_own_access() {
        return None;
    }
    withheld(
        "42 CFR 2.12, 2.13(a)",
        "A record of a Part 2 program goes out only by a consent under 2.31, an exception (2.51 \
         to 2.53) or an order under 2.61 to 2.67.",
    )
}

fn psychotherapy_note(scope: &Scope, item: &Item) -> Option<Withheld> {
    let class = SensitiveClass::Psychotherapy;
    if !item.labels.contains(class) || scope.own_form_for.contains(class) {
        return None;
    }
    match scope.basis {
        Basis::RequiredByLaw | Basis::Hhs | Basis::Coroner => None,
        Basis::CourtOrder | Basis::Part2CourtOrder => None,
        Basis::Threat => None,
        // No longer protected health information: 45 CFR 160.103.
        Basis::LongDeceased => None,
        Basis::Access => {
            withheld("45 CFR 164.524(a)(1)(i)", "Psychotherapy notes are outside access.")
        }
        Basis::Oversight => withheld(
            "45 CFR 164.508(a)(2)(ii)",
            "Psychotherapy notes go to oversight of their originator only. Refer to the privacy \
             officer.",
        ),
        _ => withheld(
            "45 CFR 164.508(a)(2), (b)(3)(ii)",
            "Psychotherapy notes need an authorization of their own.",
        ),
    }
}

fn litigation(scope: &Scope, item: &Item) -> Option<Withheld> {
    if scope.basis != Basis::Access || !item.compiled_for_litigation {
        return None;
    }
    withheld(
        "45 CFR 164.524(a)(1)(ii)",
        "Information compiled in anticipation of a proceeding is outside access.",
    )
}

fn plan_restriction(scope: &Scope, item: &Item) -> Option<Withheld> {
    let to_plan = scope.recipient == RequesterKind::HealthPlan
        && matches!(scope.basis, Basis::Payment | Basis::Operations | Basis::Part2Consent);
    if !to_plan || !item.restricted_from_plan {
        return None;
    }
    withheld(
        "45 CFR 164.522(a)(1)(vi)",
        "Paid in full out of pocket, and the individual asked that the health plan not be told.",
    )
}

fn parent_and_minor(scope: &Scope, item: &Item) -> Option<Withheld> {
    let class = SensitiveClass::MinorConsented;
    if scope.authority != Authority::Parent || !item.labels.contains(class) {
        return None;
    }
    withheld(
        "45 CFR 164.502(g)(3)(i)",
        "The minor consented to this care alone: the parent isn't the representative for it.",
    )
}

/// Classes that a form or a reviewer must name. VIP and employee are labels of access inside
/// the house and hold nothing back here; the first three have gates of their own.
const NAMED_CLASSES: [SensitiveClass; 6] = [
    SensitiveClass::MentalHealth,
    SensitiveClass::HivSti,
    SensitiveClass::Genetic,
    SensitiveClass::Reproductive,
    SensitiveClass::MinorConsented,
    SensitiveClass::DomesticViolence,
];

fn class_not_named(scope: &Scope, item: &Item) -> Option<Withheld> {
    let free = scope.is_own_access()
        || matches!(scope.basis, Basis::Treatment | Basis::Hhs | Basis::Part2Emergency);
    if free {
        return None;
    }
    let class = NAMED_CLASSES
        .iter()
        .find(|class| item.labels.contains(**class) && !scope.classes.contains(**class))?;
    let citation = match scope.basis {
        Basis::Authorization => "45 CFR 164.508(b)(1)(i), (c)(1)(i)",
        Basis::Part2Consent => "42 CFR 2.31(a)(3)",
        Basis::Access => "45 CFR 164.502(g)",
        _ => "45 CFR 164.502(b)(1)",
    };
    let reason = format!(
        "Labelled {}, which neither the form nor a reviewer has named. Name the class or leave \
         the item out.",
        class.label()
    );
    withheld(citation, reason)
}

fn not_expressly_named(scope: &Scope, item: &Item) -> Option<Withheld> {
    let citation = match scope.basis {
        Basis::CourtOrder => "45 CFR 164.512(e)(1)(i)",
        Basis::Part2CourtOrder => "42 CFR 2.64(e), 2.65(e)",
        _ => "45 CFR 164.508(a)(1)",
    };
    match &scope.named_items {
        Some(named) if !named.contains(&item.key) => {
            withheld(citation, "Not among the items that the order or the form names.")
        }
        Some(_) => None,
        None if scope.basis == Basis::CourtOrder || scope.basis == Basis::Part2CourtOrder => {
            withheld(citation, "Mark first which items the order expressly names.")
        }
        None => None,
    }
}

fn scope_citation(basis: Basis) -> &'static str {
    match basis {
        Basis::Authorization => "45 CFR 164.508(a)(1), (c)(1)(i)",
        Basis::Part2Consent => "42 CFR 2.31(a)(3)",
        Basis::Access => "45 CFR 164.524(a)(1)",
        _ => "45 CFR 164.502(b)(1)",
    }
}

fn outside_dates(scope: &Scope, item: &Item) -> Option<Withheld> {
    if scope.from.is_none() && scope.to.is_none() {
        return None;
    }
    let citation = scope_citation(scope.basis);
    let Some(date) = item.date else {
        return withheld(citation, "Its date isn't known, and the scope is limited by dates.");
    };
    let outside =
        scope.from.is_some_and(|from| date < from) || scope.to.is_some_and(|to| date > to);
    if !outside {
        return None;
    }
    withheld(citation, format!("Dated {date}, outside the dates of the scope."))
}

fn kind_not_named(scope: &Scope, item: &Item) -> Option<Withheld> {
    let kinds = scope.kinds.as_ref()?;
    if kinds.contains(&item.kind) {
        return None;
    }
    withheld(scope_citation(scope.basis), "A kind of document that the scope doesn't name.")
}

#[cfg(test)]
mod tests;
