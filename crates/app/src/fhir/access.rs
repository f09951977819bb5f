//! Clients of the API: who a token belongs to, and what its role and scopes allow.

use super::Error;
use crate::access::{Right, allowed};
use record::{Actor, ContentHash, Context, Instant, LabelMask, PurposeOfUse, Reference};
use store::person::Client;
use store::{AuditEntry, Store};

/// A client with its context.
#[derive(Clone)]
pub struct Caller {
    /// The registered client.
    pub client: Client,
    /// Address of the API as the client asked it, without a slash at its end: absolute references
    /// to it are ours, and no others.
    pub base: String,
    /// Under which it acts.
    pub context: Context,
}

/// What a request does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Read, vread, history, search.
    Read,
    /// Create, update, delete.
    Write,
}

/// Types that say who and where, not what was found: those who register may see them.
const ADMINISTRATIVE: &[&str] = &[
    "Account",
    "Appointment",
    "Coverage",
    "Encounter",
    "HealthcareService",
    "Location",
    "Organization",
    "Patient",
    "Person",
    "Practitioner",
    "PractitionerRole",
    "RelatedPerson",
    "Schedule",
    "Slot",
];

/// The hash under which a client's token is kept.
pub fn token_hash(token: &str) -> ContentHash {
    ContentHash::of(token.as_bytes())
}

/// The client to whom a token belongs; none where it is missing, wrong or ended, which is audited.
pub fn caller(
    store: &Store,
    at: Instant,
    token: Option<&str>,
    request_id: &str,
) -> Result<Option<Caller>, crate::Error> {
    let mut context = Context::system("fhir", at);
    request_id.clone_into(&mut context.request_id);
    let found = match token.map(token_hash) {
        Some(hash) => store.look(&context, |view| view.client_by_token(hash))?,
        None => None,
    };
    let Some(client) = found else {
        let entry = AuditEntry::new(&context, "fhir.sign-in", "client").refused();
        store.write(&context, |transaction| transaction.audit(&entry))?;
        return Ok(None);
    };
    let context = Context {
        actor: Actor::Client { id: client.id },
        roles: vec![client.role],
        purpose: PurposeOfUse::Operations,
        at,
        cleared: client.cleared,
        opened: Vec::new(),
        request_id: request_id.to_owned(),
    };
    Ok(Some(Caller { client, base: String::new(), context }))
}

impl Caller {
    /// Parameters of a search in which references to our own address are relative.
    pub(super) fn localized(&self, parameters: Vec<(String, String)>) -> Vec<(String, String)> {
        let local = |value: &str| match Reference::parse_absolute(value) {
            Some((base, _)) if base == self.base => value[base.len() + 1..].to_owned(),
            _ => value.to_owned(),
        };
        let values = |text: String| text.split(',').map(local).collect::<Vec<_>>().join(",");
        parameters.into_iter().map(|(name, text)| (name, values(text))).collect()
    }

    /// Whether role and scopes allow this.
    pub fn may(&self, doing: Doing, kind: &str) -> bool {
        allowed(&self.context, right(doing, kind))
            && self.client.scopes.split_whitespace().any(|scope| permits(scope, doing, kind))
    }

    /// Whether nothing is hidden from this client.
    pub fn sees_all(&self) -> bool {
        LabelMask::ALL.is_within(self.context.cleared)
    }

    /// Refuses, and records the refusal, where role or scopes do not allow this.
    pub(crate) fn require(&self, store: &Store, doing: Doing, kind: &str) -> Result<(), Error> {
        if !exchange::fhir::is_resource_type(kind) {
            return Err(Error::UnknownType);
        }
        if self.may(doing, kind) {
            return Ok(());
        }
        let entry = AuditEntry::new(&self.context, "access.refuse", format!("{doing:?}/{kind}"));
        store.write(&self.context, |transaction| transaction.audit(&entry.refused()))?;
        let word = if doing == Doing::Read { "read" } else { "write" };
        Err(Error::Forbidden(format!(
            "The role ({}) or the scopes of this client do not let it {word} {kind}. Ask the \
             administrator for a scope such as system/{kind}.{word}.",
            self.client.role.label()
        )))
    }
}

fn right(doing: Doing, kind: &str) -> Right {
    match (doing, ADMINISTRATIVE.contains(&kind)) {
        (Doing::Read, true) => Right::PatientFind,
        (Doing::Read, false) => Right::ChartRead,
        (Doing::Write, true) => Right::Register,
        (Doing::Write, false) => Right::EntryWrite,
    }
}

/// Whether a scope permits this: `system/Patient.read`, `user/*.write`, `system/*.*`, and the
/// letters of SMART 2 (`system/Observation.rs`). `patient/` scopes need a launch context, which
/// a client of its own has not: they permit nothing.
fn permits(scope: &str, doing: Doing, kind: &str) -> bool {
    let rest = scope.strip_prefix("system/").or_else(|| scope.strip_prefix("user/"));
    let Some((on, what)) = rest.and_then(|rest| rest.split_once('.')) else { return false };
    if on != "*" && on != kind {
        return false;
    }
    match (what, doing) {
        ("*", _) | ("read", Doing::Read) | ("write", Doing::Write) => true,
        ("read" | "write", _) => false,
        (letters, _) if !letters.chars().all(|letter| "cruds".contains(letter)) => false,
        (letters, Doing::Read) => letters.contains('r') && letters.contains('s'),
        (letters, Doing::Write) => "cud".chars().all(|letter| letters.contains(letter)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_permit_what_they_say() {
        let table = [
            ("system/Patient.read", Doing::Read, "Patient", true),
            ("system/Patient.read", Doing::Write, "Patient", false),
            ("system/Patient.read", Doing::Read, "Observation", false),
            ("user/*.write", Doing::Write, "Observation", true),
            ("system/*.*", Doing::Write, "Patient", true),
            ("system/*.rs", Doing::Read, "Patient", true),
            ("system/*.rs", Doing::Write, "Patient", false),
            ("system/*.cruds", Doing::Write, "Patient", true),
            ("patient/*.read", Doing::Read, "Patient", false),
            ("system/*.drop", Doing::Write, "Patient", false),
            ("openid", Doing::Read, "Patient", false),
        ];
        for (scope, doing, kind, expected) in table {
            assert_eq!(permits(scope, doing, kind), expected, "{scope} {doing:?} {kind}");
        }
    }
}
