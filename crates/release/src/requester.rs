//! Who asks, and by what authority: 45 CFR 164.514(h) and 164.502(g).

use crate::named;
use jiff::civil::Date;
use record::{Actor, Citation, Private};
use serde::{Deserialize, Serialize};

named! {
    /// Who asks.
    RequesterKind {
        /// The individual.
        Individual = "individual", "The individual";
        /// One who stands in the individual's shoes (164.502(g)).
        Representative = "representative", "Personal representative";
        /// A relative or friend without authority.
        Family = "family", "Family or friend";
        /// A provider or hospital.
        Provider = "provider", "Health care provider";
        /// A health plan or insurer that pays for care.
        HealthPlan = "health-plan", "Health plan";
        /// A lawyer or a party to a proceeding.
        Attorney = "attorney", "Attorney or party";
        /// A court or tribunal.
        Court = "court", "Court or tribunal";
        /// Police, prosecutors.
        LawEnforcement = "law-enforcement", "Law enforcement";
        /// Any other public official or agency.
        PublicAgency = "public-agency", "Public agency";
        /// The Secretary of Health and Human Services.
        Hhs = "hhs", "HHS";
        /// A researcher.
        Researcher = "researcher", "Researcher";
        /// An employer, school, insurer not paying for care, or anyone else.
        Other = "other", "Other";
    }
}

named! {
    /// How the identity of the one who asks was confirmed.
    IdentityProof {
        /// A photo identification was seen.
        PhotoId = "photo-id", "Photo identification seen";
        /// Signed in to the portal.
        Portal = "portal", "Signed in to the portal";
        /// Two identifiers confirmed on a call placed by us to a number on file.
        CalledBack = "called-back", "Called back at a number on file";
        /// The signature was compared with one on file.
        Signature = "signature", "Signature compared";
        /// Known to staff in person.
        Known = "known", "Known to staff";
        /// Agency badge or other official credentials.
        Badge = "badge", "Agency badge or credentials";
        /// Request on government letterhead.
        Letterhead = "letterhead", "Government letterhead";
        /// A contract or statement that the person acts for a public official.
        ActsForOfficial = "acts-for-official", "Proof of acting for a public official";
        /// A provider or plan in our directory, at the number or address found there.
        Directory = "directory", "Known provider or plan, directory address";
    }
}

named! {
    /// By what authority somebody asks for this individual's information.
    Authority {
        /// For themselves, as an adult or emancipated minor.
        Themselves = "themselves", "For themselves";
        /// A minor who consented to this care alone (164.502(g)(3)(i)).
        MinorAlone = "minor-alone", "Minor who consented alone";
        /// Parent of an unemancipated minor (164.502(g)(3)).
        Parent = "parent", "Parent of a minor";
        /// Court-appointed guardian (164.502(g)(2)).
        Guardian = "guardian", "Guardian";
        /// Health care power of attorney in effect (164.502(g)(2)).
        PowerOfAttorney = "power-of-attorney", "Health care power of attorney";
        /// Executor or administrator of the estate (164.502(g)(4)).
        Executor = "executor", "Executor or administrator";
        /// Named in an authorization or consent.
        NamedInForm = "named-in-form", "Named in the authorization";
        /// A statute, order, warrant, subpoena or other legal process (164.514(h)(2)(iii)).
        LegalProcess = "legal-process", "Statute or legal process";
        /// A covered entity acting in treatment, payment or operations.
        CoveredEntity = "covered-entity", "Covered entity or provider";
        /// Involved in care, or a threat, a disaster: professional judgement (164.514(h)(2)(iv)).
        Judgement = "judgement", "Professional judgement";
    }
}

/// Who asks, and where answers go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// What they are.
    pub kind: RequesterKind,
    /// Their name.
    pub name: Private,
    /// Organization, where they act for one.
    pub organization: Option<Private>,
    /// Postal address, e-mail or fax.
    pub address: Option<Private>,
}

/// What a clerk did to verify the requester.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// How identity was confirmed; one at least.
    pub identity: Vec<IdentityProof>,
    /// The authority relied on.
    pub authority: Authority,
    /// The document that shows the authority: "letters testamentary, 2026-01-14".
    pub document: Option<Private>,
    /// Last day on which that document is valid, when it states one.
    pub document_until: Option<Date>,
    /// Whether abuse, neglect or endangerment by the representative is believed
    /// (164.502(g)(5)), or a court or the law keeps them out.
    pub representative_barred: bool,
    /// Who verified.
    pub by: Actor,
}

/// What a verification lacks: a sentence and its paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// What is wrong and what to do.
    pub sentence: String,
    /// The paragraph.
    pub citation: Citation,
}

impl Gap {
    fn new(citation: &str, sentence: impl Into<String>) -> Gap {
        Gap { sentence: sentence.into(), citation: Citation::new(citation) }
    }
}

impl Authority {
    /// The document that must be on file for this authority, and its paragraph.
    pub fn document_needed(self) -> Option<(&'static str, &'static str)> {
        match self {
            Authority::Themselves | Authority::CoveredEntity | Authority::Judgement => None,
            Authority::MinorAlone => None,
            Authority::Parent => {
                Some(("proof of parenthood or custody", "45 CFR 164.514(h)(1)(i), 164.502(g)(3)"))
            }
            Authority::Guardian => {
                Some(("the guardianship order", "45 CFR 164.514(h)(1)(ii), 164.502(g)(2)"))
            }
            Authority::PowerOfAttorney => {
                Some(("the power of attorney", "45 CFR 164.514(h)(1)(ii), 164.502(g)(2)"))
            }
            Authority::Executor => Some((
                "letters testamentary or of administration",
                "45 CFR 164.514(h)(1)(ii), 164.502(g)(4)",
            )),
            Authority::NamedInForm => {
                Some(("the signed authorization or consent", "45 CFR 164.508(b)(6)"))
            }
            Authority::LegalProcess => Some((
                "the statute, order, warrant, subpoena or written statement of authority",
                "45 CFR 164.514(h)(2)(iii)",
            )),
        }
    }

    fn is_representative(self) -> bool {
        matches!(
            self,
            Authority::Parent
                | Authority::Guardian
                | Authority::PowerOfAttorney
                | Authority::Executor
        )
    }
}

/// What is known of the individual when authority is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndividualFacts {
    /// An unemancipated minor on the day.
    pub minor: bool,
    /// Dead.
    pub deceased: bool,
}

type Check = fn(RequesterKind, &Verification, IndividualFacts, Date) -> Option<Gap>;

/// What is lacking in a verification on a day; empty when identity and authority stand.
pub fn gaps(
    kind: RequesterKind,
    verification: &Verification,
    individual: IndividualFacts,
    on: Date,
) -> Vec<Gap> {
    let checks: [Check; 5] =
        [no_identity, official_without_proof, no_document, document_over, authority_does_not_fit];
    checks.iter().filter_map(|check| check(kind, verification, individual, on)).collect()
}

fn no_identity(_: RequesterKind, v: &Verification, _: IndividualFacts, _: Date) -> Option<Gap> {
    v.identity.is_empty().then(|| {
        Gap::new(
            "45 CFR 164.514(h)(1)(i)",
            "The identity of the requester isn't verified. Record how it was confirmed.",
        )
    })
}

fn official_without_proof(
    kind: RequesterKind,
    v: &Verification,
    _: IndividualFacts,
    _: Date,
) -> Option<Gap> {
    let official = matches!(
        kind,
        RequesterKind::LawEnforcement | RequesterKind::PublicAgency | RequesterKind::Hhs
    );
    let shown = v.identity.iter().any(|proof| {
        matches!(
            proof,
            IdentityProof::Badge | IdentityProof::Letterhead | IdentityProof::ActsForOfficial
        )
    });
    (official && !v.identity.is_empty() && !shown).then(|| {
        Gap::new(
            "45 CFR 164.514(h)(2)(ii)",
            "A public official is verified by badge, by government letterhead, or by proof of \
             acting for one. Record which was seen.",
        )
    })
}

fn no_document(_: RequesterKind, v: &Verification, _: IndividualFacts, _: Date) -> Option<Gap> {
    let (document, citation) = v.authority.document_needed()?;
    let given = v.document.as_ref().is_some_and(|d| !d.reveal().trim().is_empty());
    (!given)
        .then(|| Gap::new(citation, format!("Authority isn't documented. Put {document} on file.")))
}

fn document_over(_: RequesterKind, v: &Verification, _: IndividualFacts, on: Date) -> Option<Gap> {
    let until = v.document_until.filter(|until| *until < on)?;
    Some(Gap::new(
        "45 CFR 164.514(h)(1)(ii)",
        format!("The document of authority ended on {until}. Ask for one in force."),
    ))
}

fn authority_does_not_fit(
    kind: RequesterKind,
    v: &Verification,
    individual: IndividualFacts,
    _: Date,
) -> Option<Gap> {
    if v.authority.is_representative() && v.representative_barred {
        return Some(Gap::new(
            "45 CFR 164.502(g)(5)",
            "This representative isn't to be treated as the individual (abuse, endangerment or a \
             court). Refer to the privacy officer.",
        ));
    }
    let (citation, sentence) = match v.authority {
        Authority::Parent if !individual.minor => (
            "45 CFR 164.502(g)(3)",
            "A parent represents a minor only. The individual is an adult.",
        ),
        Authority::Executor if !individual.deceased => (
            "45 CFR 164.502(g)(4)",
            "An executor represents a deceased individual only. No death is recorded.",
        ),
        Authority::Themselves if individual.deceased => (
            "45 CFR 164.502(g)(4)",
            "The individual is recorded as dead. Ask for the executor's authority.",
        ),
        Authority::Themselves if individual.minor && kind == RequesterKind::Individual => (
            "45 CFR 164.502(g)(3)",
            "The individual is a minor. A parent asks, or state law must let the minor consent \
             alone.",
        ),
        Authority::Themselves if kind != RequesterKind::Individual => (
            "45 CFR 164.514(h)(1)",
            "Only the individual asks for themselves. Choose the authority.",
        ),
        Authority::MinorAlone if !individual.minor => {
            ("45 CFR 164.502(g)(3)(i)", "The individual isn't a minor. Choose \"for themselves\".")
        }
        _ if kind == RequesterKind::Representative
            && !v.authority.is_representative()
            && v.authority != Authority::Judgement =>
        {
            ("45 CFR 164.502(g)(1)", "State which authority makes this a personal representative.")
        }
        _ => return None,
    };
    Some(Gap::new(citation, sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn verification(authority: Authority, proof: IdentityProof) -> Verification {
        Verification {
            identity: vec![proof],
            authority,
            document: Some(Private::new("a document")),
            document_until: None,
            representative_barred: false,
            by: Actor::Person { id: 1 },
        }
    }

    #[test]
    fn each_gap_has_its_paragraph() {
        use Authority as A;
        use IdentityProof as P;
        use RequesterKind as K;
        let adult = IndividualFacts::default();
        let minor = IndividualFacts { minor: true, deceased: false };
        let dead = IndividualFacts { minor: false, deceased: true };
        let table: [(K, A, P, IndividualFacts, Option<&str>); 14] = [
            (K::Individual, A::Themselves, P::PhotoId, adult, None),
            (K::Individual, A::Themselves, P::PhotoId, minor, Some("45 CFR 164.502(g)(3)")),
            (K::Individual, A::MinorAlone, P::PhotoId, minor, None),
            (K::Individual, A::MinorAlone, P::PhotoId, adult, Some("45 CFR 164.502(g)(3)(i)")),
            (K::Individual, A::Themselves, P::PhotoId, dead, Some("45 CFR 164.502(g)(4)")),
            (K::Representative, A::Parent, P::PhotoId, minor, None),
            (K::Representative, A::Parent, P::PhotoId, adult, Some("45 CFR 164.502(g)(3)")),
            (K::Representative, A::Executor, P::PhotoId, dead, None),
            (K::Representative, A::Executor, P::PhotoId, adult, Some("45 CFR 164.502(g)(4)")),
            (K::Representative, A::CoveredEntity, P::PhotoId, adult, Some("45 CFR 164.502(g)(1)")),
            (K::LawEnforcement, A::LegalProcess, P::Badge, adult, None),
            (K::LawEnforcement, A::LegalProcess, P::Known, adult, Some("45 CFR 164.514(h)(2)(ii)")),
            (K::Attorney, A::Themselves, P::PhotoId, adult, Some("45 CFR 164.514(h)(1)")),
            (K::Provider, A::CoveredEntity, P::Directory, adult, None),
        ];
        for (kind, authority, proof, individual, expected) in table {
            let found = gaps(kind, &verification(authority, proof), individual, date(2026, 3, 4));
            let found = found.first().map(|gap| gap.citation.text.clone());
            assert_eq!(found.as_deref(), expected, "{kind:?} {authority:?} {proof:?}");
        }
    }

    #[test]
    fn identity_document_and_its_end_are_asked_for() {
        let mut v = verification(Authority::Guardian, IdentityProof::PhotoId);
        v.identity.clear();
        v.document = None;
        v.document_until = Some(date(2026, 3, 3));
        let kind = RequesterKind::Representative;
        let found = gaps(kind, &v, IndividualFacts::default(), date(2026, 3, 4));
        assert_eq!(found.len(), 3, "{found:?}");
        v.document_until = Some(date(2026, 3, 4));
        let found = gaps(kind, &v, IndividualFacts::default(), date(2026, 3, 4));
        assert_eq!(found.len(), 2, "its last day still counts");
    }

    #[test]
    fn a_barred_representative_is_refused() {
        let mut v = verification(Authority::Parent, IdentityProof::PhotoId);
        v.representative_barred = true;
        let minor = IndividualFacts { minor: true, deceased: false };
        let found = gaps(RequesterKind::Representative, &v, minor, date(2026, 3, 4));
        assert_eq!(found[0].citation.text, "45 CFR 164.502(g)(5)");
    }
}
