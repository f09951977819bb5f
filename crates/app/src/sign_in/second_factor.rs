//! The second factor: codes of an authenticator app (RFC 6238). A code holds once.

use super::{OpenSession, WRONG_CODE};
use crate::Error;
use record::Instant;
use store::person::PersonChange;
use store::{AuditEntry, Store};
use totp_rs::{Builder, Secret, Totp};

/// A new second factor: the secret in base32, and the address for an authenticator app.
pub fn totp_new(login: &str) -> Result<(String, String), Error> {
    let secret = store::keys::random::<20>()?;
    let totp = totp_of(secret.to_vec(), login)?;
    let address = totp.to_url().map_err(|e| Error::Internal(format!("second factor: {e}")))?;
    Ok((Secret::new_stack(secret).to_base32(), address))
}

/// Sets up one's second factor, once a code shows that the app has it.
///
/// # Errors
/// [`Error::Refused`] when the code does not fit, and where a second factor is set up already:
/// whoever finds a session open may not put their own in its place.
pub fn totp_confirm(
    store: &Store,
    session: &OpenSession,
    secret_base32: &str,
    code: &str,
) -> Result<(), Error> {
    let secret = Secret::try_from_base32(secret_base32)
        .map_err(|_| Error::Refused("The secret is damaged. Begin again.".into()))?
        .as_bytes()
        .to_vec();
    let totp = totp_of(secret.clone(), &session.person.login)?;
    let Some(step) = totp.check(code.trim(), seconds(session.context.at)) else {
        return Err(Error::Refused(WRONG_CODE.into()));
    };
    let sealed = store.keys().seal_secret(&secret, "totp")?;
    store.write(&session.context, |transaction| {
        let person = transaction.person(session.person.id)?.ok_or(Error::NotFound)?;
        if person.totp_secret.is_some() {
            return Err(Error::Refused(ALREADY.into()));
        }
        let change = PersonChange {
            totp_secret: Some(Some(sealed)),
            totp_step: Some(step_number(step)),
            ..PersonChange::default()
        };
        transaction.person_update(session.person.id, &change)?;
        let target = format!("person/{}", session.person.id);
        Ok(transaction.audit(&AuditEntry::new(&session.context, "totp.set", target))?)
    })
}

const ALREADY: &str = "A second factor is set up already. Ask an administrator to take it away; \
    then set up the new one.";

/// The time step of a code that fits now, whether or not it was taken before.
pub(super) fn code_step(
    store: &Store,
    sealed: &[u8],
    code: &str,
    at: Instant,
) -> Result<Option<i64>, Error> {
    let secret = store.keys().open_secret(sealed, "totp")?;
    Ok(totp_of(secret, "Chartroom")?.check(code.trim(), seconds(at)).map(step_number))
}

fn step_number(step: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}

fn totp_of(secret: Vec<u8>, login: &str) -> Result<Totp, Error> {
    Builder::new()
        .with_secret(Secret::new(secret.into_boxed_slice()))
        .with_account_name(login.to_owned())
        .with_issuer(Some("Chartroom".to_owned()))
        .build()
        .map_err(|error| Error::Internal(format!("second factor: {error}")))
}

fn seconds(at: Instant) -> u64 {
    u64::try_from(at.0 / 1_000_000).unwrap_or(0)
}
