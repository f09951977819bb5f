//! The desks of the workbench, their keys, and who sees them.

use record::Role;

/// A place of work, in the order of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Desk {
    /// The queue that all desks share.
    Work,
    /// Finding a patient and opening the chart.
    Find,
    /// Scans and notes to be indexed.
    Documents,
    /// Coding of encounters.
    Coding,
    /// Release of information.
    Release,
    /// Duplicates, merges, overlays.
    Identity,
    /// Deficiencies of charts.
    Completion,
    /// Statistics.
    Reports,
    /// Quality checks.
    Integrity,
    /// Charts whose time has ended.
    Retention,
    /// Who opened what.
    Audit,
    /// People, roles, sites, clients.
    Administration,
    /// Whether the store is as it was written, for those who have no other part of Integrity.
    Verification,
}

impl Desk {
    /// Every desk, in the order of the menu.
    pub const ALL: &'static [Desk] = &[
        Desk::Work,
        Desk::Find,
        Desk::Documents,
        Desk::Coding,
        Desk::Release,
        Desk::Identity,
        Desk::Completion,
        Desk::Reports,
        Desk::Integrity,
        Desk::Retention,
        Desk::Audit,
        Desk::Administration,
        Desk::Verification,
    ];

    /// Its name in the menu.
    pub fn label(self) -> &'static str {
        match self {
            Desk::Work => "My work",
            Desk::Find => "Find",
            Desk::Documents => "Documents",
            Desk::Coding => "Coding",
            Desk::Release => "Release",
            Desk::Identity => "Identity",
            Desk::Completion => "Completion",
            Desk::Reports => "Reports",
            Desk::Integrity => "Integrity",
            Desk::Retention => "Retention",
            Desk::Audit => "Audit",
            Desk::Administration => "Administration",
            Desk::Verification => "Verification",
        }
    }

    /// Its address.
    pub fn href(self) -> &'static str {
        match self {
            Desk::Work => "/work",
            Desk::Find => "/find",
            Desk::Documents => "/documents",
            Desk::Coding => "/coding",
            Desk::Release => "/release",
            Desk::Identity => "/identity",
            Desk::Completion => "/completion",
            Desk::Reports => "/reports",
            Desk::Integrity => "/integrity",
            Desk::Retention => "/retention",
            Desk::Audit => "/audit",
            Desk::Administration => "/administration",
            Desk::Verification => "/integrity/verification",
        }
    }

    /// The letter after `g` that goes there; every letter stands in the desk's name.
    pub fn letter(self) -> char {
        match self {
            Desk::Work => 'w',
            Desk::Find => 'f',
            Desk::Documents => 'd',
            Desk::Coding => 'c',
            Desk::Release => 'r',
            Desk::Identity => 'i',
            Desk::Completion => 'o',
            Desk::Reports => 'p',
            Desk::Integrity => 'n',
            Desk::Retention => 'e',
            Desk::Audit => 'a',
            Desk::Administration => 't',
            Desk::Verification => 'v',
        }
    }

    /// The roles that see the desk in their menu. What a role may do there is decided elsewhere.
    pub fn roles(self) -> &'static [Role] {
        use Role::*;
        match self {
            Desk::Work => &[
                Technician,
                Registrar,
                Coder,
                ReleaseSpecialist,
                Analyst,
                Provider,
                Supervisor,
                PrivacyOfficer,
            ],
            Desk::Find => &[
                Technician,
                Registrar,
                Coder,
                ReleaseSpecialist,
                Analyst,
                Provider,
                Supervisor,
                PrivacyOfficer,
            ],
            Desk::Documents => &[Technician, Supervisor],
            Desk::Coding => &[Coder, Supervisor],
            Desk::Release => &[ReleaseSpecialist, Supervisor, PrivacyOfficer],
            Desk::Identity => &[Technician, Registrar, Supervisor],
            Desk::Completion => &[Technician, Analyst, Provider, Supervisor],
            Desk::Reports => &[Analyst, Supervisor, PrivacyOfficer],
            Desk::Integrity => &[Technician, Registrar, Coder, Analyst, Supervisor, PrivacyOfficer],
            Desk::Retention => &[Technician, Supervisor, PrivacyOfficer],
            Desk::Audit => &[PrivacyOfficer, Auditor],
            Desk::Administration => &[Administrator],
            Desk::Verification => &[Auditor, Administrator],
        }
    }

    /// The desks that someone with these roles sees, in the order of the menu.
    pub fn for_roles(roles: &[Role]) -> Vec<Desk> {
        let has = |desk: Desk| desk.roles().iter().any(|role| roles.contains(role));
        // Who has the whole of Integrity finds the verification there.
        let twice = |desk: Desk| desk == Desk::Verification && has(Desk::Integrity);
        Desk::ALL.iter().copied().filter(|desk| has(*desk) && !twice(*desk)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn letters_are_distinct_and_stand_in_the_name() {
        let letters: HashSet<char> = Desk::ALL.iter().map(|desk| desk.letter()).collect();
        assert_eq!(letters.len(), Desk::ALL.len());
        for desk in Desk::ALL {
            assert!(desk.label().to_lowercase().contains(desk.letter()), "{desk:?}");
        }
    }

    #[test]
    fn every_role_has_a_desk() {
        for role in Role::ALL {
            assert!(!Desk::for_roles(&[*role]).is_empty(), "{role}");
        }
        assert_eq!(Desk::for_roles(&[Role::Auditor]), [Desk::Audit, Desk::Verification]);
        let both = Desk::for_roles(&[Role::Auditor, Role::Supervisor]);
        assert!(both.contains(&Desk::Integrity) && !both.contains(&Desk::Verification));
    }
}
