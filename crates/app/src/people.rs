//! People, roles and credentials, as an administrator keeps them.

use crate::access::{Right, require};
use crate::error::FieldError;
use crate::{Error, sign_in};
use record::{Actor, Context, Credential, Instant, LabelMask, Role};
use store::person::{Person, PersonChange, PersonCredential, Session};
use store::work::NewWork;
use store::{AuditEntry, Store, Transaction, View};

/// A field error.
pub(crate) fn field(name: &str, reason: &str) -> FieldError {
    FieldError::new(name, reason)
}

/// A new account, with the password that its owner must change at first sign-in.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Account id.
    pub person: i64,
    /// Shown once, kept nowhere.
    pub one_time_password: String,
}

/// What is asked for a new account.
#[derive(Clone, Debug, Default)]
pub struct AccountForm {
    /// Login: letters, digits, `.`, `-`, `_`.
    pub login: String,
    /// Name as colleagues know it.
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Sensitive classes that this person's work needs.
    pub cleared: LabelMask,
}

/// Makes an account.
///
/// # Errors
/// [`Error::Invalid`] names the fields that do not hold; [`Error::Conflict`] a login taken.
pub fn account_create(
    store: &Store,
    context: &Context,
    form: &AccountForm,
) -> Result<NewAccount, Error> {
    require(store, context, Right::Administer)?;
    let mut errors = Vec::new();
    let login_ok = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if !(2..=64).contains(&form.login.len()) || !form.login.chars().all(login_ok) {
        errors.push(field("login", "Give 2 to 64 letters, digits, '.', '-' or '_'."));
    }
    if form.name.trim().is_empty() {
        errors.push(field("name", "Give the name by which colleagues know this person."));
    }
    if form.roles.is_empty() {
        errors.push(field("roles", "Choose at least one role."));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let one_time_password = one_time_password()?;
    let hash = sign_in::password_hash(&one_time_password)?;
    let person = store.write(context, |transaction| {
        let name = form.name.trim();
        let person = transaction.person_create(&form.login, name, &hash, true)?;
        transaction.person_roles_put(person, &form.roles)?;
        let change = PersonChange {
            cleared: Some(form.cleared),
            password_until: Some(one_time_end(context)),
            ..PersonChange::default()
        };
        transaction.person_update(person, &change)?;
        let entry = AuditEntry::new(context, "account.create", format!("person/{person}"));
        transaction.audit(&entry)?;
        Ok::<i64, store::Error>(person)
    })?;
    Ok(NewAccount { person, one_time_password })
}

/// When a one-time password given now ends. That of the first administrator, whom no person made,
/// has no end: nobody could give another.
fn one_time_end(context: &Context) -> Option<Instant> {
    let by_person = matches!(context.actor, Actor::Person { .. });
    by_person.then(|| context.at.plus_seconds(sign_in::ONE_TIME_SECONDS))
}

/// Five groups of four characters that can't be mistaken for one another: 100 bits.
pub fn one_time_password() -> Result<String, Error> {
    const CHARACTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567899";
    let bytes = store::keys::random::<20>()?;
    let text: Vec<String> = bytes
        .chunks(4)
        .map(|group| group.iter().map(|b| CHARACTERS[usize::from(b % 32)] as char).collect())
        .collect();
    Ok(text.join("-"))
}

/// An account as the administrator sees it.
#[derive(Clone, Debug)]
pub struct Account {
    /// The person.
    pub person: Person,
    /// Credentials.
    pub credentials: Vec<PersonCredential>,
    /// Sessions that are open.
    pub sessions: Vec<Session>,
}

/// Everyone with an account.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn list(store: &Store, context: &Context) -> Result<Vec<Account>, Error> {
    require(store, context, Right::Administer)?;
    store.read(context, |view| {
        let mut accounts = Vec::new();
        for person in view.person_list()? {
            accounts.push(account(view, person)?);
        }
        Ok((accounts, AuditEntry::new(context, "account.list", "people")))
    })
}

fn account(view: &mut View<'_>, person: Person) -> Result<Account, Error> {
    Ok(Account {
        credentials: view.person_credentials(person.id)?,
        sessions: view.session_list(person.id)?,
        person,
    })
}

/// One account.
///
/// # Errors
/// [`Error::NotFound`] where there is none with this id.
pub fn open(store: &Store, context: &Context, id: i64) -> Result<Account, Error> {
    require(store, context, Right::Administer)?;
    store.read(context, |view| {
        let person = view.person(id)?.ok_or(Error::NotFound)?;
        let entry = AuditEntry::new(context, "account.open", format!("person/{id}"));
        Ok((account(view, person)?, entry))
    })
}

/// Something that an administrator does to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountAction {
    /// Name, roles and cleared classes.
    Change {
        /// Name.
        name: String,
        /// Roles.
        roles: Vec<Role>,
        /// Cleared classes.
        cleared: LabelMask,
    },
    /// No sign-in from now on; sessions end.
    Suspend,
    /// Sign-in again.
    Activate,
    /// Ends a lockout.
    Unlock,
    /// Ends every session.
    EndSessions,
    /// Takes the second factor away, when the device is lost.
    RemoveSecondFactor,
    /// Records a credential.
    PutCredential(PersonCredential),
    /// Forgets a credential.
    RemoveCredential(Credential),
}

impl AccountAction {
    fn as_str(&self) -> &'static str {
        match self {
            AccountAction::Change { .. } => "account.change",
            AccountAction::Suspend => "account.suspend",
            AccountAction::Activate => "account.activate",
            AccountAction::Unlock => "account.unlock",
            AccountAction::EndSessions => "account.end-sessions",
            AccountAction::RemoveSecondFactor => "account.remove-second-factor",
            AccountAction::PutCredential(_) => "account.put-credential",
            AccountAction::RemoveCredential(_) => "account.remove-credential",
        }
    }
}

/// Does it.
///
/// # Errors
/// [`Error::Refused`] where nobody could administer the site any more; [`Error::Invalid`] names
/// the fields.
pub fn act(store: &Store, context: &Context, id: i64, action: &AccountAction) -> Result<(), Error> {
    require(store, context, Right::Administer)?;
    store.write(context, |transaction| {
        transaction.person(id)?.ok_or(Error::NotFound)?;
        let mut change = PersonChange::default();
        match action {
            AccountAction::Change { name, roles, cleared } => {
                if name.trim().is_empty() || roles.is_empty() {
                    let reason = "Give a name and at least one role.";
                    return Err(Error::Invalid(vec![field("name", reason)]));
                }
                change.name = Some(name.trim().to_owned());
                change.cleared = Some(*cleared);
                transaction.person_roles_put(id, roles)?;
            }
            AccountAction::Suspend => change.active = Some(false),
            AccountAction::Activate => change.active = Some(true),
            AccountAction::Unlock => change.failures = Some((0, None)),
            AccountAction::RemoveSecondFactor => change.totp_secret = Some(None),
            AccountAction::EndSessions => {}
            AccountAction::PutCredential(credential) => {
                if credential.expires_on.parse::<jiff::civil::Date>().is_err() {
                    let reason = "Give the last day on which it is valid, as 2027-12-31.";
                    return Err(Error::Invalid(vec![field("expires_on", reason)]));
                }
                transaction.person_credential_put(id, credential)?;
            }
            AccountAction::RemoveCredential(credential) => {
                transaction.person_credential_delete(id, *credential)?;
            }
        }
        transaction.person_update(id, &change)?;
        if matches!(action, AccountAction::Suspend | AccountAction::EndSessions) {
            end_sessions(transaction, id)?;
        }
        let rules = |person: &Person| {
            person.usable(context.at) && person.roles.contains(&Role::Administrator)
        };
        if !transaction.person_list()?.iter().any(rules) {
            return Err(Error::Refused(
                "Nobody would be left who can administer the site. Give another person the \
                 administrator's role first."
                    .into(),
            ));
        }
        let entry = AuditEntry::new(context, action.as_str(), format!("person/{id}"));
        Ok(transaction.audit(&entry)?)
    })
}

fn end_sessions(transaction: &mut Transaction<'_>, person: i64) -> Result<(), Error> {
    for session in transaction.session_list(person)? {
        transaction.session_end(session.token_hash, "ended by an administrator")?;
    }
    Ok(())
}

/// Gives a person a new one-time password and ends their sessions; returns the password, which is
/// shown once.
///
/// # Errors
/// [`Error::NotFound`] where there is none with this id.
pub fn password_reset(store: &Store, context: &Context, id: i64) -> Result<String, Error> {
    require(store, context, Right::Administer)?;
    let password = one_time_password()?;
    let hash = sign_in::password_hash(&password)?;
    store.write(context, |transaction| {
        transaction.person(id)?.ok_or(Error::NotFound)?;
        let change = PersonChange {
            password: Some((hash, true)),
            password_until: Some(one_time_end(context)),
            failures: Some((0, None)),
            ..PersonChange::default()
        };
        transaction.person_update(id, &change)?;
        end_sessions(transaction, id)?;
        let entry = AuditEntry::new(context, "account.password-reset", format!("person/{id}"));
        Ok::<(), Error>(transaction.audit(&entry)?)
    })?;
    Ok(password)
}

/// Seconds for which an emergency account can be used: twelve hours.
pub const EMERGENCY_SECONDS: i64 = 12 * 3600;
/// Seconds within which what it did is reviewed: three days.
const EMERGENCY_REVIEW_SECONDS: i64 = 3 * 24 * 3600;

/// Makes an account that reaches every record for a while, when ordinary sign-in is down
/// (45 CFR 164.312(a)(2)(ii)). The privacy officer reviews what it did.
///
/// # Errors
/// [`Error::Invalid`] without a reason of ten characters.
pub fn emergency_account(
    store: &Store,
    context: &Context,
    reason: &str,
) -> Result<(String, NewAccount), Error> {
    require(store, context, Right::Administer)?;
    if reason.trim().chars().count() < crate::glass::REASON_CHARACTERS_MIN {
        let least = "Say why in at least ten characters.";
        return Err(Error::Invalid(vec![field("reason", least)]));
    }
    let login = format!("emergency-{}", record::hash::hex(&store::keys::random::<4>()?));
    let one_time_password = one_time_password()?;
    let hash = sign_in::password_hash(&one_time_password)?;
    let person = store.write(context, |transaction| {
        let person = transaction.person_create(&login, "Emergency access", &hash, true)?;
        transaction.person_roles_put(person, &[Role::Provider])?;
        let change = PersonChange {
            cleared: Some(LabelMask::ALL),
            expires_at: Some(Some(context.at.plus_seconds(EMERGENCY_SECONDS))),
            ..PersonChange::default()
        };
        transaction.person_update(person, &change)?;
        transaction.work_open(&NewWork {
            kind: "review-emergency",
            subject: person,
            patient: None,
            role: Role::PrivacyOfficer,
            due_at: Some(context.at.plus_seconds(EMERGENCY_REVIEW_SECONDS)),
            reason: &format!("An emergency account was made: {}", reason.trim()),
        })?;
        let entry = AuditEntry::new(context, "account.emergency", format!("person/{person}"));
        transaction.audit(&entry)?;
        Ok::<i64, store::Error>(person)
    })?;
    Ok((login, NewAccount { person, one_time_password }))
}

/// Closes the review of an emergency account, and the account.
///
/// # Errors
/// [`Error::NotFound`] where it is no emergency account.
pub fn emergency_reviewed(store: &Store, context: &Context, id: i64) -> Result<(), Error> {
    require(store, context, Right::GlassReview)?;
    store.write(context, |transaction| {
        let person = transaction.person(id)?.filter(|person| person.expires_at.is_some());
        person.ok_or(Error::NotFound)?;
        let change = PersonChange { active: Some(false), ..PersonChange::default() };
        transaction.person_update(id, &change)?;
        end_sessions(transaction, id)?;
        transaction.work_close("review-emergency", id, true)?;
        let entry = AuditEntry::new(context, "account.emergency-review", format!("person/{id}"));
        Ok(transaction.audit(&entry)?)
    })
}

/// One's own open sessions.
pub fn own_sessions(store: &Store, context: &Context, id: i64) -> Result<Vec<Session>, Error> {
    Ok(store.look(context, |view| view.session_list(id))?)
}

/// Ends one's own sessions, but for this one.
pub fn own_sessions_end(store: &Store, session: &sign_in::OpenSession) -> Result<(), Error> {
    let context = &session.context;
    store.write(context, |transaction| {
        for other in transaction.session_list(session.person.id)? {
            if other.token_hash != session.token_hash {
                transaction.session_end(other.token_hash, "ended by its owner")?;
            }
        }
        let target = format!("person/{}", session.person.id);
        Ok(transaction.audit(&AuditEntry::new(context, "account.end-own-sessions", target))?)
    })
}
