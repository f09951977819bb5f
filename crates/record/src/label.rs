//! Labels: the sensitive classes of records, and masks of them.

use crate::actor::named;
use serde::{Deserialize, Serialize};
use std::fmt;

named! {
    /// A class of records that the law or the organization protects beyond the ordinary.
    SensitiveClass {
        /// Substance use disorder records of a Part 2 program (42 CFR Part 2).
        SubstanceUse = "sud", "Substance use (Part 2)";
        /// Substance use counselling notes, kept apart (42 CFR 2.11).
        SubstanceUseCounselling = "sud-counselling", "SUD counselling note";
        /// Psychotherapy notes, kept apart (45 CFR 164.501).
        Psychotherapy = "psychotherapy", "Psychotherapy note";
        /// Mental health.
        MentalHealth = "mental-health", "Mental health";
        /// HIV and sexually transmitted infection.
        HivSti = "hiv-sti", "HIV or STI";
        /// Genetic information.
        Genetic = "genetic", "Genetic";
        /// Reproductive health.
        Reproductive = "reproductive", "Reproductive";
        /// Care a minor may consent to alone.
        MinorConsented = "minor-consented", "Minor-consented care";
        /// Domestic violence.
        DomesticViolence = "domestic-violence", "Domestic violence";
        /// A person in the public eye.
        Vip = "vip", "VIP";
        /// An employee of the organization.
        Employee = "employee", "Employee";
    }
}

/// A set of sensitive classes, one bit each.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LabelMask(pub i64);

impl LabelMask {
    /// No class.
    pub const NONE: LabelMask = LabelMask(0);
    /// Every class.
    pub const ALL: LabelMask = LabelMask((1 << SensitiveClass::ALL.len()) - 1);

    /// The mask of one class.
    pub fn of(class: SensitiveClass) -> LabelMask {
        LabelMask(1 << class as i64)
    }

    /// Both masks together.
    pub fn with(self, other: LabelMask) -> LabelMask {
        LabelMask(self.0 | other.0)
    }

    /// This mask less the other.
    pub fn without(self, other: LabelMask) -> LabelMask {
        LabelMask(self.0 & !other.0)
    }

    /// Whether this class is in the mask.
    pub fn contains(self, class: SensitiveClass) -> bool {
        self.0 & LabelMask::of(class).0 != 0
    }

    /// Whether every class of this mask is in `cleared`.
    pub fn is_within(self, cleared: LabelMask) -> bool {
        self.0 & !cleared.0 == 0
    }

    /// Whether the mask is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The classes in the mask, in the order of [`SensitiveClass::ALL`].
    pub fn classes(self) -> impl Iterator<Item = SensitiveClass> {
        SensitiveClass::ALL.iter().copied().filter(move |class| self.contains(*class))
    }
}

impl FromIterator<SensitiveClass> for LabelMask {
    fn from_iter<I: IntoIterator<Item = SensitiveClass>>(classes: I) -> LabelMask {
        classes.into_iter().fold(LabelMask::NONE, |mask, class| mask.with(LabelMask::of(class)))
    }
}

impl fmt::Debug for LabelMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.classes()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_sets() {
        let mask: LabelMask = [SensitiveClass::Vip, SensitiveClass::Genetic].into_iter().collect();
        assert!(mask.contains(SensitiveClass::Vip) && !mask.contains(SensitiveClass::HivSti));
        assert!(mask.is_within(LabelMask::ALL) && !mask.is_within(LabelMask::NONE));
        assert_eq!(mask.classes().collect::<LabelMask>(), mask);
    }
}
