//! The legal bases of a release: one file each, with a checklist as effective-dated data.

mod abuse;
mod access;
mod authorization;
mod checklist;
mod coroner;
mod court_order;
mod deidentified;
mod donation;
mod government;
mod hhs;
mod law_enforcement;
mod long_deceased;
mod opportunity;
mod oversight;
mod part2_consent;
mod part2_court_order;
mod part2_exception;
mod public_health;
mod reproductive_attestation;
mod required_by_law;
mod research;
mod subpoena;
mod threat;
mod treatment_payment_operations;
mod workers_compensation;

pub use checklist::{
    Answer, Answers, Checked, Checklist, Element, ElementKind, Evaluation, Status, evaluate,
    evaluate_under,
};

use crate::named;

named! {
    /// Why the law lets this information go to this recipient.
    Basis {
        /// The individual's own access.
        Access = "access", "Access by the individual (164.524)";
        /// An authorization signed by the individual.
        Authorization = "authorization", "Authorization (164.508)";
        /// Treatment by a provider.
        Treatment = "treatment", "Treatment (164.506(c)(1), (2))";
        /// Payment.
        Payment = "payment", "Payment (164.506(c)(1), (3))";
        /// Health care operations.
        Operations = "operations", "Health care operations (164.506(c)(1), (4))";
        /// Required by law.
        RequiredByLaw = "required-by-law", "Required by law (164.512(a))";
        /// Public health activities.
        PublicHealth = "public-health", "Public health (164.512(b))";
        /// Victims of abuse, neglect or domestic violence.
        Abuse = "abuse", "Abuse, neglect, domestic violence (164.512(c))";
        /// Health oversight.
        Oversight = "oversight", "Health oversight (164.512(d))";
        /// Order of a court or administrative tribunal.
        CourtOrder = "court-order", "Court order (164.512(e)(1)(i))";
        /// Subpoena or discovery request without an order.
        Subpoena = "subpoena", "Subpoena without an order (164.512(e)(1)(ii))";
        /// Law enforcement.
        LawEnforcement = "law-enforcement", "Law enforcement (164.512(f))";
        /// Coroners, medical examiners, funeral directors.
        Coroner = "coroner", "Coroner or funeral director (164.512(g))";
        /// Organ, eye or tissue donation.
        Donation = "donation", "Organ donation (164.512(h))";
        /// Research.
        Research = "research", "Research (164.512(i))";
        /// Serious threat to health or safety.
        Threat = "threat", "Serious threat (164.512(j))";
        /// Military and veterans.
        Military = "military", "Military and veterans (164.512(k)(1))";
        /// National security and intelligence.
        NationalSecurity = "national-security", "National security (164.512(k)(2))";
        /// Protective services for the President and others.
        ProtectiveServices = "protective-services", "Protective services (164.512(k)(3))";
        /// Medical suitability for the Department of State.
        MedicalSuitability = "medical-suitability", "Medical suitability (164.512(k)(4))";
        /// Correctional institutions and custody.
        Custody = "custody", "Correctional custody (164.512(k)(5))";
        /// Government programs providing public benefits.
        PublicBenefits = "public-benefits", "Public benefits (164.512(k)(6))";
        /// Workers' compensation.
        WorkersCompensation = "workers-compensation", "Workers' compensation (164.512(l))";
        /// Facility directory.
        Directory = "directory", "Facility directory (164.510(a))";
        /// Persons involved in the individual's care.
        InvolvedInCare = "involved-in-care", "Person involved in care (164.510(b))";
        /// The Secretary of Health and Human Services.
        Hhs = "hhs", "HHS enforcement (164.502(a)(2)(ii))";
        /// Limited data set.
        LimitedDataSet = "limited-data-set", "Limited data set (164.514(e))";
        /// The individual died more than 50 years ago: no longer protected.
        LongDeceased = "long-deceased", "Dead for more than 50 years (164.502(f))";
        /// Consent of a patient of a Part 2 program.
        Part2Consent = "part2-consent", "Part 2 consent (42 CFR 2.31)";
        /// Medical emergency of a patient of a Part 2 program.
        Part2Emergency = "part2-emergency", "Part 2 medical emergency (42 CFR 2.51)";
        /// Research on Part 2 records.
        Part2Research = "part2-research", "Part 2 research (42 CFR 2.52)";
        /// Management audits, financial audits, program evaluation.
        Part2Audit = "part2-audit", "Part 2 audit and evaluation (42 CFR 2.53)";
        /// Court order under subpart E.
        Part2CourtOrder = "part2-court-order", "Part 2 court order (42 CFR 2.61 to 2.67)";
    }
}

impl Basis {
    /// Whether the basis itself lifts 42 CFR Part 2, once its checklist is satisfied.
    pub fn covers_part2(self) -> bool {
        matches!(
            self,
            Basis::Part2Consent
                | Basis::Part2Emergency
                | Basis::Part2Research
                | Basis::Part2Audit
                | Basis::Part2CourtOrder
        )
    }

    /// Whether a form signed by the individual (164.508 or 2.31) carries this basis. Only then
    /// may a form be asked for.
    pub fn rests_on_a_form(self) -> bool {
        matches!(self, Basis::Authorization | Basis::Part2Consent)
    }
}

/// Every checklist that the product knows, federal law, all versions.
pub fn built_in() -> Vec<Checklist> {
    [
        access::checklists(),
        authorization::checklists(),
        treatment_payment_operations::checklists(),
        required_by_law::checklists(),
        public_health::checklists(),
        abuse::checklists(),
        oversight::checklists(),
        court_order::checklists(),
        subpoena::checklists(),
        law_enforcement::checklists(),
        coroner::checklists(),
        donation::checklists(),
        research::checklists(),
        threat::checklists(),
        government::checklists(),
        workers_compensation::checklists(),
        opportunity::checklists(),
        hhs::checklists(),
        deidentified::checklists(),
        long_deceased::checklists(),
        part2_consent::checklists(),
        part2_exception::checklists(),
        part2_court_order::checklists(),
        reproductive_attestation::checklists(),
    ]
    .concat()
}

#[cfg(test)]
mod tests;
