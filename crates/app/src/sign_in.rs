//! Signing in: passwords, second factor, lockout, sessions with idle logoff.

use crate::Error;
use crate::coding::zone_of;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use jiff::tz::TimeZone;
use record::{Actor, ContentHash, Context, Instant, PurposeOfUse, Role};
use store::person::{Person, PersonChange};
use store::{AuditEntry, Store};
use totp_rs::{Builder, Secret, Totp};

/// Wrong passwords in a row before sign-in is refused for a while.
pub const FAILURES_MAX: i64 = 5;
/// How long it is then refused, in seconds.
pub const LOCKOUT_SECONDS: i64 = 15 * 60;
/// Seconds without a request after which a session ends (45 CFR 164.312(a)(2)(iii)).
pub const IDLE_SECONDS_MAX: i64 = 15 * 60;
/// Seconds after which a session ends in any case.
pub const SESSION_SECONDS_MAX: i64 = 12 * 3600;
/// Seconds between two notes that a session was used.
const SEEN_INTERVAL_SECONDS: i64 = 60;
/// Shortest password, in characters (NIST SP 800-63B-4, 3.1.1.2).
pub const PASSWORD_CHARACTERS_MIN: usize = 12;

/// What a sign-in asks for.
#[derive(Clone, Debug)]
pub struct SignIn<'a> {
    /// Login.
    pub login: &'a str,
    /// Password as typed.
    pub password: &'a str,
    /// Six digits of the second factor, where one is set up.
    pub code: Option<&'a str>,
}

/// What came of a sign-in.
#[derive(Debug)]
pub enum SignedIn {
    /// A session: the token goes into a cookie and is nowhere kept.
    Session {
        /// The token, as hexadecimal digits.
        token: String,
        /// Whether the password was given to them and must be changed first.
        password_once: bool,
    },
    /// The password is right, and the second factor is asked for.
    CodeNeeded,
}

/// A person's open session with the context that it gives.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// The person.
    pub person: Person,
    /// Hash of the token.
    pub token_hash: ContentHash,
    /// Context of requests in this session.
    pub context: Context,
    /// The facility's time zone: by it days begin and moments are shown.
    pub zone: TimeZone,
}

/// Signs a person in.
///
/// # Errors
/// [`Error::Refused`] with the same words for an unknown login and a wrong password;
/// [`Error::Refused`] while the account is locked.
pub fn sign_in(store: &Store, at: Instant, asked: &SignIn<'_>) -> Result<SignedIn, Error> {
    let system = Context::system("sign-in", at);
    let found = store.look(&system, |view| view.person_by_login(asked.login))?;
    let Some(person) = found else {
        // The same work as for a person who exists, so that time tells nothing.
        let _ = password_hash(asked.password);
        return refuse(store, &system, "sign-in", None, WRONG);
    };
    let context = context_of(&person, at, Vec::new());
    if !person.usable(at) {
        return refuse(store, &context, "sign-in", None, SUSPENDED);
    }
    if person.locked_until.is_some_and(|until| until > at) {
        return refuse(store, &context, "sign-in", None, LOCKED);
    }
    if !password_holds(asked.password, &person.password_hash) {
        return refuse(store, &context, "sign-in", Some(failed(&person, at)), WRONG);
    }
    if let Some(sealed) = &person.totp_secret {
        let Some(code) = asked.code else { return Ok(SignedIn::CodeNeeded) };
        if !code_holds(store, sealed, code, at)? {
            return refuse(store, &context, "sign-in", Some(failed(&person, at)), WRONG_CODE);
        }
    }
    let token = record::hash::hex(&store::keys::random::<32>()?);
    let token_hash = ContentHash::of(token.as_bytes());
    store.write(&context, |transaction| {
        let change = PersonChange { failures: Some((0, None)), ..PersonChange::default() };
        transaction.person_update(person.id, &change)?;
        transaction.session_create(token_hash, person.id)?;
        transaction.audit(&AuditEntry::new(&context, "sign-in", format!("person/{}", person.id)))
    })?;
    Ok(SignedIn::Session { token, password_once: person.password_once })
}

const WRONG: &str = "The login or the password is wrong. Check both, and that Caps Lock is off.";
const WRONG_CODE: &str = "The code is wrong or too old. Type the six digits shown now.";
const SUSPENDED: &str = "This account is suspended. Ask an administrator.";
const LOCKED: &str =
    "Too many wrong passwords. Sign-in is refused for 15 minutes; an administrator can end that.";

fn refuse<T>(
    store: &Store,
    context: &Context,
    action: &str,
    failure: Option<(i64, PersonChange)>,
    sentence: &str,
) -> Result<T, Error> {
    store.write(context, |transaction| -> Result<(), store::Error> {
        if let Some((person, change)) = &failure {
            transaction.person_update(*person, change)?;
        }
        transaction.audit(&AuditEntry::new(context, action, context.actor.key()).refused())
    })?;
    Err(Error::Refused(sentence.to_owned()))
}

fn failed(person: &Person, at: Instant) -> (i64, PersonChange) {
    let failures = person.failures + 1;
    let until = (failures >= FAILURES_MAX).then(|| at.plus_seconds(LOCKOUT_SECONDS));
    let kept = if until.is_some() { 0 } else { failures };
    (person.id, PersonChange { failures: Some((kept, until)), ..PersonChange::default() })
}

/// The session of a token, with the context of its person now; none when it has ended.
///
/// An idle session is ended here, on the server, whatever the page shows.
pub fn session(store: &Store, at: Instant, token: &str) -> Result<Option<OpenSession>, Error> {
    let token_hash = ContentHash::of(token.as_bytes());
    let system = Context::system("session", at);
    let found = store.look(&system, |view| -> Result<_, Error> {
        let Some(session) = view.session(token_hash)? else { return Ok(None) };
        let Some(person) = view.person(session.person)? else { return Ok(None) };
        let opened = view.glass_open(person.id, at)?;
        Ok(Some((session, person, opened, zone_of(view)?)))
    })?;
    let Some((session, person, opened, zone)) = found else { return Ok(None) };
    if session.ended_at.is_some() {
        return Ok(None);
    }
    let idle = at.0 - session.seen_at.0 > IDLE_SECONDS_MAX * 1_000_000;
    let old = at.0 - session.started_at.0 > SESSION_SECONDS_MAX * 1_000_000;
    if idle || old || !person.usable(at) {
        let why = if idle { "idle" } else { "too long" };
        end(store, &context_of(&person, at, Vec::new()), token_hash, why)?;
        return Ok(None);
    }
    let context = context_of(&person, at, opened);
    if at.0 - session.seen_at.0 > SEEN_INTERVAL_SECONDS * 1_000_000 {
        store.write(&context, |transaction| transaction.session_seen(token_hash))?;
    }
    Ok(Some(OpenSession { person, token_hash, context, zone }))
}

/// Signs out.
pub fn sign_out(store: &Store, session: &OpenSession) -> Result<(), Error> {
    end(store, &session.context, session.token_hash, "signed out")
}

fn end(store: &Store, context: &Context, token: ContentHash, why: &str) -> Result<(), Error> {
    store.write(context, |transaction| {
        transaction.session_end(token, why)?;
        let entry = AuditEntry::new(context, "sign-out", context.actor.key());
        Ok(transaction.audit(&entry.detail(format!(r#"{{"why":"{why}"}}"#)))?)
    })
}

/// Changes one's own password.
///
/// # Errors
/// [`Error::Invalid`] when the old one is wrong or the new one is too short or not new.
pub fn password_change(
    store: &Store,
    session: &OpenSession,
    old: &str,
    new: &str,
) -> Result<(), Error> {
    let invalid =
        |field: &str, reason: &str| Err(Error::Invalid(vec![crate::people::field(field, reason)]));
    if !password_holds(old, &session.person.password_hash) {
        return invalid("old", "This is not your present password.");
    }
    if new.chars().count() < PASSWORD_CHARACTERS_MIN {
        return invalid("new", "Give at least 12 characters. A short sentence does well.");
    }
    if old == new {
        return invalid("new", "Choose a password that differs from the present one.");
    }
    let hash = password_hash(new)?;
    store.write(&session.context, |transaction| {
        let change = PersonChange { password: Some((hash, false)), ..PersonChange::default() };
        transaction.person_update(session.person.id, &change)?;
        let target = format!("person/{}", session.person.id);
        Ok(transaction.audit(&AuditEntry::new(&session.context, "password.change", target))?)
    })
}

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
/// [`Error::Refused`] when the code does not fit.
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
    if totp.check(code.trim(), seconds(session.context.at)).is_none() {
        return Err(Error::Refused(WRONG_CODE.into()));
    }
    let sealed = store.keys().seal_secret(&secret, "totp")?;
    store.write(&session.context, |transaction| {
        let change = PersonChange { totp_secret: Some(Some(sealed)), ..PersonChange::default() };
        transaction.person_update(session.person.id, &change)?;
        let target = format!("person/{}", session.person.id);
        Ok(transaction.audit(&AuditEntry::new(&session.context, "totp.set", target))?)
    })
}

fn code_holds(store: &Store, sealed: &[u8], code: &str, at: Instant) -> Result<bool, Error> {
    let secret = store.keys().open_secret(sealed, "totp")?;
    Ok(totp_of(secret, "Chartroom")?.check(code.trim(), seconds(at)).is_some())
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

/// Hash of a password as a PHC string (argon2id).
pub fn password_hash(password: &str) -> Result<String, Error> {
    let salt = store::keys::random::<16>()?;
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Internal(format!("password hash: {error}")))
}

fn password_holds(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// The context in which this person acts.
pub fn context_of(person: &Person, at: Instant, opened: Vec<record::PatientKey>) -> Context {
    let purpose = match person.roles.first() {
        _ if !opened.is_empty() => PurposeOfUse::Emergency,
        Some(Role::Provider) => PurposeOfUse::Treatment,
        Some(Role::PrivacyOfficer | Role::Auditor) => PurposeOfUse::Oversight,
        _ => PurposeOfUse::Operations,
    };
    Context {
        actor: Actor::Person { id: person.id },
        roles: person.roles.clone(),
        purpose,
        at,
        cleared: person.cleared,
        opened,
        request_id: String::new(),
    }
}
