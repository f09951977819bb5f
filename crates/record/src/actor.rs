//! Who acts, in what role, for what purpose: the context that every read and write needs.

use crate::{Instant, LabelMask, PatientKey};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! named {
    (
        $(#[$meta:meta])*
        $name:ident {
            $($(#[$doc:meta])* $variant:ident = $text:literal, $label:literal;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every value, in the order in which pages list them.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word that the store and the API use.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// The word that people read.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)* }
            }

            /// Reads the stored word back.
            pub fn parse(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.label()) }
        }
    };
}
pub(crate) use named;

named! {
    /// What a person is employed to do. A person may hold several.
    Role {
        /// Enters, abstracts, indexes and corrects.
        Technician = "technician", "Technician";
        /// Registers patients and encounters; sees identity, not clinical content.
        Registrar = "registrar", "Registrar";
        /// Codes encounters.
        Coder = "coder", "Coder";
        /// Releases information.
        ReleaseSpecialist = "release-specialist", "Release specialist";
        /// Reads for reports and quality.
        Analyst = "analyst", "Analyst";
        /// Authenticates clinical entries and answers queries.
        Provider = "provider", "Provider";
        /// Assigns and reviews the desks' work.
        Supervisor = "supervisor", "Supervisor";
        /// Answers for privacy: labels, broken glass, accounting, audit.
        PrivacyOfficer = "privacy-officer", "Privacy officer";
        /// Keeps people, sites and settings; sees no chart.
        Administrator = "administrator", "Administrator";
        /// Reads the audit trail and nothing else.
        Auditor = "auditor", "Auditor";
    }
}

named! {
    /// Why a record is opened (HL7 v3 PurposeOfUse, narrowed to what this department does).
    PurposeOfUse {
        /// Health information operations: the department's ordinary work.
        Operations = "operations", "Health care operations";
        /// Treatment of the patient.
        Treatment = "treatment", "Treatment";
        /// Billing and coding.
        Payment = "payment", "Payment";
        /// A request for release of information.
        Release = "release", "Release of information";
        /// An emergency: the glass was broken.
        Emergency = "emergency", "Emergency access";
        /// Supervision of privacy and security.
        Oversight = "oversight", "Privacy oversight";
        /// The system's own work (imports, rebuilds, checks).
        System = "system", "System";
    }
}

named! {
    /// Professional credentials of the field, each kept with an expiry date.
    Credential {
        /// Registered Health Information Technician (AHIMA).
        Rhit = "rhit", "RHIT";
        /// Registered Health Information Administrator (AHIMA).
        Rhia = "rhia", "RHIA";
        /// Certified Coding Specialist (AHIMA).
        Ccs = "ccs", "CCS";
        /// Certified Coding Specialist, physician-based (AHIMA).
        CcsP = "ccs-p", "CCS-P";
        /// Certified Coding Associate (AHIMA).
        Cca = "cca", "CCA";
        /// Certified Professional Coder (AAPC).
        Cpc = "cpc", "CPC";
        /// Certified in Healthcare Privacy and Security (AHIMA).
        Chps = "chps", "CHPS";
        /// Certified Health Data Analyst (AHIMA).
        Chda = "chda", "CHDA";
        /// Doctor of Medicine.
        Md = "md", "MD";
        /// Doctor of Osteopathic Medicine.
        Do = "do", "DO";
        /// Registered Nurse.
        Rn = "rn", "RN";
    }
}

/// Who acts: a person signed in, a client of the API, or the system itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Actor {
    /// A person, by the id of their account.
    Person {
        /// Account id.
        id: i64,
    },
    /// A named client of the API, by the id of its registration.
    Client {
        /// Client id.
        id: i64,
    },
    /// The product's own work, with the name of the command or job.
    System {
        /// For example `import`, `verify`, `demo`.
        name: String,
    },
}

impl Actor {
    /// The text under which the audit trail keeps this actor: `person:7`, `client:2`,
    /// `system:import`.
    pub fn key(&self) -> String {
        match self {
            Actor::Person { id } => format!("person:{id}"),
            Actor::Client { id } => format!("client:{id}"),
            Actor::System { name } => format!("system:{name}"),
        }
    }
}

/// The context of one request: nothing of the record can be read or written without one.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who acts.
    pub actor: Actor,
    /// The roles under which they act.
    pub roles: Vec<Role>,
    /// Why.
    pub purpose: PurposeOfUse,
    /// When the request began.
    pub at: Instant,
    /// Sensitive classes that this actor may see without breaking the glass.
    pub cleared: LabelMask,
    /// Patients whose glass this actor has broken, for as long as that lasts.
    pub opened: Vec<PatientKey>,
    /// Id of the request, for the audit trail and the log.
    pub request_id: String,
}

impl Context {
    /// A context of the product itself, which sees everything and is audited like anyone.
    pub fn system(name: &str, at: Instant) -> Context {
        Context {
            actor: Actor::System { name: name.to_owned() },
            roles: Vec::new(),
            purpose: PurposeOfUse::System,
            at,
            cleared: LabelMask::ALL,
            opened: Vec::new(),
            request_id: String::new(),
        }
    }

    /// Whether the actor holds this role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the actor is this part of the product.
    pub fn is_system_named(&self, name: &str) -> bool {
        matches!(&self.actor, Actor::System { name: own } if own == name)
    }

    /// Whether the actor is the product itself.
    pub fn is_system(&self) -> bool {
        matches!(self.actor, Actor::System { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(*role));
        }
        assert_eq!(Role::parse("surgeon"), None);
    }

    #[test]
    fn actor_keys_differ_by_kind() {
        assert_eq!(Actor::Person { id: 7 }.key(), "person:7");
        assert_eq!(Actor::Client { id: 7 }.key(), "client:7");
    }
}
