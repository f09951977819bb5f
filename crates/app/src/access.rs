//! Who may do what. One table, read by every use case.

use crate::Error;
use record::{Context, Role};
use serde::Serialize;
use store::{AuditEntry, Store};

/// A thing that one may or may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Right {
    /// Find patients and see who they are.
    PatientFind,
    /// Open a chart's clinical content.
    ChartRead,
    /// Register patients and encounters.
    Register,
    /// Enter, abstract and correct clinical entries.
    EntryWrite,
    /// Authenticate clinical entries as their provider.
    Authenticate,
    /// Index documents.
    DocumentIndex,
    /// Code encounters.
    Code,
    /// Work on requests for release.
    Release,
    /// Decide on possible duplicates; merge and unmerge.
    IdentityDecide,
    /// See deficiencies of charts that one may open.
    CompletionRead,
    /// Open and verify deficiencies.
    Completion,
    /// See reports and their rows.
    Report,
    /// See quality checks and work on their findings.
    Integrity,
    /// Accept a finding as known and not a fault.
    FindingAccept,
    /// Verify the store and see what verifications found.
    Verify,
    /// Put and end labels.
    Label,
    /// Put and end legal holds.
    Hold,
    /// See which charts' retention has ended, and what became of them.
    Retention,
    /// Propose destructions, and carry out approved ones.
    DestructionPropose,
    /// Approve, witness and reject destructions.
    DestructionApprove,
    /// Break the glass.
    GlassBreak,
    /// Review broken glass.
    GlassReview,
    /// Read the audit trail.
    AuditRead,
    /// Keep people, roles, credentials, facilities, clients, settings.
    Administer,
    /// Assign work to others.
    Assign,
    /// Bring records in.
    Import,
    /// Take records out whole.
    Export,
}

impl Right {
    /// Every right, in the order of the table.
    pub const ALL: &'static [Right] = &[
        Right::PatientFind,
        Right::ChartRead,
        Right::Register,
        Right::EntryWrite,
        Right::Authenticate,
        Right::DocumentIndex,
        Right::Code,
        Right::Release,
        Right::IdentityDecide,
        Right::CompletionRead,
        Right::Completion,
        Right::Report,
        Right::Integrity,
        Right::FindingAccept,
        Right::Verify,
        Right::Label,
        Right::Hold,
        Right::Retention,
        Right::DestructionPropose,
        Right::DestructionApprove,
        Right::GlassBreak,
        Right::GlassReview,
        Right::AuditRead,
        Right::Administer,
        Right::Assign,
        Right::Import,
        Right::Export,
    ];

    /// The roles that have this right.
    pub fn roles(self) -> &'static [Role] {
        use Role::*;
        match self {
            Right::PatientFind => &[
                Technician,
                Registrar,
                Coder,
                ReleaseSpecialist,
                Analyst,
                Provider,
                Supervisor,
                PrivacyOfficer,
            ],
            Right::ChartRead => &[
                Technician,
                Coder,
                ReleaseSpecialist,
                Analyst,
                Provider,
                Supervisor,
                PrivacyOfficer,
            ],
            Right::Register => &[Technician, Registrar, Supervisor],
            Right::EntryWrite => &[Technician, Supervisor],
            Right::Authenticate => &[Provider],
            Right::DocumentIndex => &[Technician, Supervisor],
            Right::Code => &[Coder, Supervisor],
            Right::Release => &[ReleaseSpecialist, Supervisor, PrivacyOfficer],
            Right::IdentityDecide => &[Technician, Registrar, Supervisor],
            // A provider sees deficiencies and completes their own, which is guarded by
            // Authenticate and by the lifecycle; the desk's acts are not theirs.
            Right::CompletionRead => &[Technician, Analyst, Provider, Supervisor],
            Right::Completion => &[Technician, Analyst, Supervisor],
            Right::Report => &[Analyst, Supervisor, PrivacyOfficer],
            Right::Integrity => {
                &[Technician, Registrar, Coder, Analyst, Supervisor, PrivacyOfficer]
            }
            Right::FindingAccept => &[Supervisor, PrivacyOfficer],
            Right::Verify => &[Supervisor, PrivacyOfficer, Administrator, Auditor],
            Right::Label | Right::Hold => &[Supervisor, PrivacyOfficer],
            Right::Retention => &[Technician, Supervisor, PrivacyOfficer],
            Right::DestructionPropose => &[Technician, Supervisor],
            Right::DestructionApprove => &[Supervisor, PrivacyOfficer],
            Right::GlassBreak => &[
                Technician,
                Registrar,
                Coder,
                ReleaseSpecialist,
                Provider,
                Supervisor,
                PrivacyOfficer,
            ],
            Right::GlassReview => &[PrivacyOfficer],
            Right::AuditRead => &[PrivacyOfficer, Auditor],
            Right::Administer => &[Administrator],
            Right::Assign => &[Supervisor],
            Right::Import => &[Administrator, Supervisor],
            Right::Export => &[Administrator, PrivacyOfficer],
        }
    }

    /// What it lets one do, in the words of a refusal.
    pub fn label(self) -> &'static str {
        match self {
            Right::PatientFind => "find patients",
            Right::ChartRead => "open charts",
            Right::Register => "register patients and encounters",
            Right::EntryWrite => "write and correct entries",
            Right::Authenticate => "authenticate entries",
            Right::DocumentIndex => "index documents",
            Right::Code => "code encounters",
            Right::Release => "work on requests for release",
            Right::IdentityDecide => "decide on duplicates",
            Right::CompletionRead => "see deficiencies",
            Right::Completion => "work on deficiencies",
            Right::Report => "see reports",
            Right::Integrity => "see quality checks",
            Right::FindingAccept => "accept findings of quality checks",
            Right::Verify => "verify the store",
            Right::Label => "put labels",
            Right::Hold => "put legal holds",
            Right::Retention => "see retention",
            Right::DestructionPropose => "propose and carry out destructions",
            Right::DestructionApprove => "approve destructions",
            Right::GlassBreak => "break the glass",
            Right::GlassReview => "review broken glass",
            Right::AuditRead => "read the audit trail",
            Right::Administer => "administer people and settings",
            Right::Assign => "assign work",
            Right::Import => "import records",
            Right::Export => "export records",
        }
    }
}

/// Whether this context has the right. The product itself has every right.
pub fn allowed(context: &Context, right: Right) -> bool {
    context.is_system() || right.roles().iter().any(|role| context.has(*role))
}

/// Refuses, and records the refusal, where this context lacks the right.
///
/// # Errors
/// [`Error::Forbidden`], with the roles that have it.
pub fn require(store: &Store, context: &Context, right: Right) -> Result<(), Error> {
    if allowed(context, right) {
        return Ok(());
    }
    let entry = AuditEntry::new(context, "access.refuse", format!("right/{right:?}")).refused();
    store.write(context, |transaction| transaction.audit(&entry))?;
    let roles: Vec<&str> = right.roles().iter().map(|role| role.label()).collect();
    Err(Error::Forbidden(format!(
        "Your roles do not let you {}. These do: {}. Ask your supervisor.",
        right.label(),
        roles.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    /// Judged by hand: the administrator and the auditor open no chart; only providers
    /// authenticate; only the privacy officer reviews broken glass.
    #[test]
    fn the_table_of_rights() {
        let mut table = String::new();
        for right in Right::ALL {
            let roles: Vec<&str> = right.roles().iter().map(|role| role.as_str()).collect();
            table.push_str(&format!("{right:?}: {}\n", roles.join(" ")));
        }
        expect![[r#"
            PatientFind: technician registrar coder release-specialist analyst provider supervisor privacy-officer
            ChartRead: technician coder release-specialist analyst provider supervisor privacy-officer
            Register: technician registrar supervisor
            EntryWrite: technician supervisor
            Authenticate: provider
            DocumentIndex: technician supervisor
            Code: coder supervisor
            Release: release-specialist supervisor privacy-officer
            IdentityDecide: technician registrar supervisor
            CompletionRead: technician analyst provider supervisor
            Completion: technician analyst supervisor
            Report: analyst supervisor privacy-officer
            Integrity: technician registrar coder analyst supervisor privacy-officer
            FindingAccept: supervisor privacy-officer
            Verify: supervisor privacy-officer administrator auditor
            Label: supervisor privacy-officer
            Hold: supervisor privacy-officer
            Retention: technician supervisor privacy-officer
            DestructionPropose: technician supervisor
            DestructionApprove: supervisor privacy-officer
            GlassBreak: technician registrar coder release-specialist provider supervisor privacy-officer
            GlassReview: privacy-officer
            AuditRead: privacy-officer auditor
            Administer: administrator
            Assign: supervisor
            Import: administrator supervisor
            Export: administrator privacy-officer
        "#]]
        .assert_eq(&table);
    }
}
