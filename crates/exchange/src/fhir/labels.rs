//! Security labels of resources (`meta.security`) and the record's sensitive classes.

use record::{LabelMask, SensitiveClass};
use serde_json::{Value, json};

/// The system of the record's own classes, which says each of them exactly.
pub const LABEL_SYSTEM: &str = "urn:chartroom:label";

const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// HL7 v3 ActCode's information sensitivity policies, and the class that each asks for.
const SENSITIVITIES: &[(&str, SensitiveClass)] = &[
    ("42CFRPart2", SensitiveClass::SubstanceUse),
    ("ETH", SensitiveClass::SubstanceUse),
    ("ETHUD", SensitiveClass::SubstanceUse),
    ("OPIOIDUD", SensitiveClass::SubstanceUse),
    ("SUD", SensitiveClass::SubstanceUse),
    ("PSYTHPN", SensitiveClass::Psychotherapy),
    ("BH", SensitiveClass::MentalHealth),
    ("MH", SensitiveClass::MentalHealth),
    ("PSY", SensitiveClass::MentalHealth),
    ("HIV", SensitiveClass::HivSti),
    ("STD", SensitiveClass::HivSti),
    ("GDIS", SensitiveClass::Genetic),
    ("SEX", SensitiveClass::Reproductive),
    ("SDV", SensitiveClass::DomesticViolence),
    ("CEL", SensitiveClass::Vip),
    ("VIP", SensitiveClass::Vip),
    ("EMP", SensitiveClass::Employee),
];

/// The sensitive class that a security label asks for; `None` for labels that ask for none.
pub fn sensitive_class(system: Option<&str>, code: &str) -> Option<SensitiveClass> {
    match system {
        Some(LABEL_SYSTEM) => SensitiveClass::parse(code),
        // Senders leave the system out, or give the version before R4.
        Some(ACT_CODE | "http://hl7.org/fhir/v3/ActCode") | None => {
            SENSITIVITIES.iter().find(|(known, _)| *known == code).map(|(_, class)| *class)
        }
        Some(_) => None,
    }
}

/// The classes of a resource's labels together (see [`super::Indexed::security`]).
pub fn label_mask(security: &[(Option<String>, String)]) -> LabelMask {
    let class =
        |(system, code): &(Option<String>, String)| sensitive_class(system.as_deref(), code);
    security.iter().filter_map(class).collect()
}

/// The security label of a class, as a Coding in the record's own system.
pub fn security_label(class: SensitiveClass) -> Value {
    json!({"system": LABEL_SYSTEM, "code": class.as_str(), "display": class.label()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_classes() {
        let table = [
            (Some(ACT_CODE), "ETH", Some(SensitiveClass::SubstanceUse)),
            (None, "PSY", Some(SensitiveClass::MentalHealth)),
            (Some(LABEL_SYSTEM), "minor-consented", Some(SensitiveClass::MinorConsented)),
            (Some(LABEL_SYSTEM), "ETH", None),
            (Some("http://terminology.hl7.org/CodeSystem/v3-Confidentiality"), "R", None),
            (Some("urn:other"), "HIV", None),
        ];
        for (system, code, expected) in table {
            assert_eq!(sensitive_class(system, code), expected, "{system:?} {code}");
        }
        for class in SensitiveClass::ALL {
            let label = security_label(*class);
            let code = label["code"].as_str().unwrap();
            assert_eq!(sensitive_class(Some(LABEL_SYSTEM), code), Some(*class));
        }
        let both = [(None, "HIV".to_owned()), (None, "CEL".to_owned())];
        let mask = label_mask(&both);
        assert!(mask.contains(SensitiveClass::HivSti) && mask.contains(SensitiveClass::Vip));
    }
}
