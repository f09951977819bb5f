//! Signing in: passwords, second factor, lockout, sessions with idle logoff.

mod password;
mod second_factor;

pub use password::{PASSWORD_CHARACTERS_MIN, password_change, password_hash};
pub use second_factor::{totp_confirm, totp_new};

use crate::Error;
use crate::coding::zone_of;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::tz::TimeZone;
use password::password_holds;
use record::{Actor, ContentHash, Context, Instant, PurposeOfUse, Role};
use second_factor::code_step;
use serde::{Deserialize, Serialize};
use store::person::{Person, PersonChange};
use store::{AuditEntry, Store};

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
/// Seconds for which a one-time password that an administrator gave holds: seven days.
pub const ONE_TIME_SECONDS: i64 = 7 * 24 * 3600;
/// Seconds within which the code has to follow the password.
const CODE_SECONDS_MAX: i64 = 5 * 60;

/// What a sign-in asks for.
#[derive(Clone)]
pub struct SignIn<'a> {
    /// Login.
    pub login: &'a str,
    /// Password as typed.
    pub password: &'a str,
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
    CodeNeeded {
        /// Says so to [`sign_in_code`], sealed: the password need not be sent again.
        proof: String,
    },
    /// The code is wrong; another one may be given with the same proof.
    CodeWrong,
}

/// What a proof holds.
#[derive(Serialize, Deserialize)]
struct Proof {
    person: i64,
    /// Of the password's hash: a proof ends with the password.
    password: String,
    at: i64,
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
/// [`Error::Refused`] with the same words, after the same work, for an unknown login, a wrong
/// password and an account that is locked.
pub fn sign_in(store: &Store, at: Instant, asked: &SignIn<'_>) -> Result<SignedIn, Error> {
    let system = Context::system("sign-in", at);
    let found = store.look(&system, |view| view.person_by_login(asked.login))?;
    let Some(person) = found else {
        // The same work as for a person who exists, so that time tells nothing.
        let _ = password_hash(asked.password);
        return refuse(store, &system, None, WRONG);
    };
    let context = context_of(&person, at, Vec::new());
    let holds = password_holds(asked.password, &person.password_hash);
    if is_locked(&person, at) {
        return refuse(store, &context, None, WRONG);
    }
    if !holds {
        return refuse(store, &context, Some(person.id), WRONG);
    }
    if !person.usable(at) {
        return refuse(store, &context, None, SUSPENDED);
    }
    if person.password_once && person.password_until.is_some_and(|until| at > until) {
        return refuse(store, &context, None, TOO_OLD);
    }
    match &person.totp_secret {
        Some(_) => Ok(SignedIn::CodeNeeded { proof: proof(store, &person, at)? }),
        None => begin(store, &context, &person, None),
    }
}

/// Signs a person in whose password was right, by the code of the second factor.
///
/// # Errors
/// [`Error::Refused`] for a wrong code, one that was taken before, and a proof that is too old.
pub fn sign_in_code(
    store: &Store,
    at: Instant,
    proof: &str,
    code: &str,
) -> Result<SignedIn, Error> {
    let system = Context::system("sign-in", at);
    let Some(known) = proof_open(store, proof) else {
        return refuse(store, &system, None, AGAIN);
    };
    let found = store.look(&system, |view| view.person(known.person))?;
    let is_fresh = at.0 - known.at <= CODE_SECONDS_MAX * 1_000_000;
    let holds = |person: &Person| is_fresh && known.password == fingerprint(person);
    let Some(person) = found.filter(|person| holds(person) && person.usable(at)) else {
        return refuse(store, &system, None, AGAIN);
    };
    let context = context_of(&person, at, Vec::new());
    if is_locked(&person, at) {
        return refuse(store, &context, None, LOCKED);
    }
    let Some(sealed) = &person.totp_secret else {
        return refuse(store, &context, None, AGAIN);
    };
    match code_step(store, sealed, code, at)? {
        Some(step) => begin(store, &context, &person, Some(step)),
        None => code_wrong(store, &context, person.id),
    }
}

fn code_wrong(store: &Store, context: &Context, person: i64) -> Result<SignedIn, Error> {
    match refuse(store, context, Some(person), WRONG_CODE) {
        Err(Error::Refused(_)) => Ok(SignedIn::CodeWrong),
        other => other,
    }
}

fn is_locked(person: &Person, at: Instant) -> bool {
    person.locked_until.is_some_and(|until| until > at)
}

fn fingerprint(person: &Person) -> String {
    ContentHash::of(person.password_hash.as_bytes()).to_hex()
}

fn proof(store: &Store, person: &Person, at: Instant) -> Result<String, Error> {
    let proof = Proof { person: person.id, password: fingerprint(person), at: at.0 };
    let text = serde_json::to_vec(&proof).expect("a proof is plain data");
    Ok(URL_SAFE_NO_PAD.encode(store.keys().seal_secret(&text, "sign-in")?))
}

fn proof_open(store: &Store, proof: &str) -> Option<Proof> {
    let sealed = URL_SAFE_NO_PAD.decode(proof).ok()?;
    serde_json::from_slice(&store.keys().open_secret(&sealed, "sign-in").ok()?).ok()
}

/// Begins a session. What others did to the account meanwhile is looked at again, inside the
/// transaction: guesses at the same time count one by one, and a code is taken once.
fn begin(
    store: &Store,
    context: &Context,
    person: &Person,
    step: Option<i64>,
) -> Result<SignedIn, Error> {
    let token = record::hash::hex(&store::keys::random::<32>()?);
    let token_hash = ContentHash::of(token.as_bytes());
    let begun = store.write(context, |transaction| {
        let now = transaction.person(person.id)?.ok_or(Error::NotFound)?;
        let is_taken = step.is_some_and(|step| now.totp_step.is_some_and(|last| last >= step));
        if is_taken || is_locked(&now, context.at) {
            return Ok(false);
        }
        let change =
            PersonChange { failures: Some((0, None)), totp_step: step, ..PersonChange::default() };
        transaction.person_update(person.id, &change)?;
        transaction.session_create(token_hash, person.id)?;
        let entry = AuditEntry::new(context, "sign-in", format!("person/{}", person.id));
        transaction.audit(&entry)?;
        Ok::<_, Error>(true)
    })?;
    match (begun, step) {
        (true, _) => Ok(SignedIn::Session { token, password_once: person.password_once }),
        (false, Some(_)) => code_wrong(store, context, person.id),
        (false, None) => refuse(store, context, None, WRONG),
    }
}

const WRONG: &str = "The login or the password is wrong, or sign-in is refused for now. Check \
    both, and that Caps Lock is off. After five wrong passwords sign-in is refused for 15 minutes; \
    an administrator can end that.";
/// What is said of a code that does not hold.
pub const WRONG_CODE: &str =
    "The code is wrong, too old, or was used before. Type the six digits of the next one.";
const SUSPENDED: &str = "This account is suspended, or has ended. Ask an administrator.";
const TOO_OLD: &str =
    "This one-time password is more than seven days old. Ask an administrator for a new one.";
const AGAIN: &str = "The code came too late after the password. Sign in again.";
const LOCKED: &str = "Too many wrong passwords or codes. Sign-in is refused for 15 minutes; an \
    administrator can end that.";

/// Refuses a sign-in, and counts the failure of this person.
fn refuse<T>(
    store: &Store,
    context: &Context,
    failure: Option<i64>,
    sentence: &str,
) -> Result<T, Error> {
    store.write(context, |transaction| -> Result<(), store::Error> {
        let person = failure.map(|id| transaction.person(id)).transpose()?.flatten();
        if let Some(person) = person.filter(|person| !is_locked(person, context.at)) {
            transaction.person_update(person.id, &failed(&person, context.at))?;
        }
        transaction.audit(&AuditEntry::new(context, "sign-in", context.actor.key()).refused())
    })?;
    Err(Error::Refused(sentence.to_owned()))
}

/// One more failure: of the person as they stand in this transaction.
fn failed(person: &Person, at: Instant) -> PersonChange {
    let failures = person.failures + 1;
    let until = (failures >= FAILURES_MAX).then(|| at.plus_seconds(LOCKOUT_SECONDS));
    let kept = if until.is_some() { 0 } else { failures };
    PersonChange { failures: Some((kept, until)), ..PersonChange::default() }
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
