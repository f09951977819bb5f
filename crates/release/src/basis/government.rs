//! Specialised government functions, 45 CFR 164.512(k), paragraph by paragraph.
//!
//! # What it finds
//! Which function applies. They are bases apart, since (2) and (5) stay out of the accounting.
//!
//! # Why it matters
//! A uniform alone isn't a basis.
//!
//! # Example
//! A jail nurse asks for the medicines of an inmate: custody, (k)(5).
//!
//! # Source
//! 45 CFR 164.512(k)(1) to (6).

use super::Basis;
use super::checklist::{Checklist, Element, federal, must, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    vec![
        one(
            Basis::Military,
            1,
            "Does a military command authority ask, for a mission that a Federal Register \
             notice names (or Veterans Affairs, for benefits)?",
        ),
        one(
            Basis::NationalSecurity,
            2,
            "Does an authorized federal official ask, for intelligence under the National \
             Security Act?",
        ),
        one(
            Basis::ProtectiveServices,
            3,
            "Does an authorized federal official ask, to protect the President or other \
             protected persons?",
        ),
        one(
            Basis::MedicalSuitability,
            4,
            "Does the Department of State ask, for a medical suitability determination?",
        ),
        custody(),
        one(
            Basis::PublicBenefits,
            6,
            "Do government programs share eligibility or enrolment as a statute requires?",
        ),
    ]
}

fn one(basis: Basis, paragraph: u8, question: &str) -> Checklist {
    let citation = format!("45 CFR 164.512(k)({paragraph})");
    let remedy = "Show the authority under which the information is asked for.";
    let elements = vec![must("function", &citation, question, remedy)];
    federal(basis, &format!("164.512k{paragraph}"), &citation, elements)
}

fn custody() -> Checklist {
    let mut elements: Vec<Element> = vec![must(
        "custodian",
        "45 CFR 164.512(k)(5)(i)",
        "Does a correctional institution, or an officer with lawful custody, ask?",
        "Show that the individual is in your lawful custody.",
    )];
    let grounds = [
        ("care", "(A)", "Is it needed for health care of the inmate?"),
        ("safety-of-inmates", "(B)", "Is it needed for the health and safety of inmates?"),
        ("safety-of-officers", "(C)", "Is it needed for the health and safety of officers?"),
        ("transport", "(D)", "Is it needed for those who transport inmates?"),
        ("enforcement", "(E)", "Is it needed for law enforcement on the premises?"),
        ("order", "(F)", "Is it needed for safety, security and good order?"),
    ];
    elements.extend(grounds.into_iter().map(|(id, paragraph, question)| {
        one_of("need", id, &format!("45 CFR 164.512(k)(5)(i){paragraph}"), question)
    }));
    elements.push(must(
        "still-inmate",
        "45 CFR 164.512(k)(5)(iii)",
        "Is the individual still in custody (not on parole, probation or released)?",
        "The individual is no longer an inmate: another basis is needed.",
    ));
    federal(Basis::Custody, "164.512k5", "45 CFR 164.512(k)(5)", elements)
}
