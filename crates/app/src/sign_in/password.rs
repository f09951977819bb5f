//! Passwords: their hashes, what is too easy, and changing one's own.

use super::{LOCKED, OpenSession, failed};
use crate::Error;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use store::person::{Person, PersonChange};
use store::{AuditEntry, Store};

/// Shortest password, in characters (NIST SP 800-63B-4, 3.1.1.2).
pub const PASSWORD_CHARACTERS_MIN: usize = 12;
/// Longest password, in bytes: beyond it nothing is gained, and hashing costs.
const PASSWORD_BYTES_MAX: usize = 1024;
/// Different characters that a password has at least.
const CHARACTERS_DIFFERENT_MIN: usize = 5;

/// What many choose: refused, alone and with something around it (NIST SP 800-63B-4, 3.1.1.2).
const EASY: &[&str] = &["password", "chartroom", "qwertyuiop", "1234567890", "letmein", "welcome"];

/// Hash of a password as a PHC string (argon2id).
pub fn password_hash(password: &str) -> Result<String, Error> {
    let salt = store::keys::random::<16>()?;
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Internal(format!("password hash: {error}")))
}

pub(super) fn password_holds(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Why a password is not taken.
fn too_easy(password: &str, login: &str) -> Option<&'static str> {
    if password.chars().count() < PASSWORD_CHARACTERS_MIN {
        return Some("Give at least 12 characters. A short sentence does well.");
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Some("Give at most some hundred characters.");
    }
    let lower = password.to_lowercase();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < CHARACTERS_DIFFERENT_MIN {
        return Some("Too few different characters. A short sentence does well.");
    }
    let leaves_little = |known: &str| {
        let rest = lower.replace(known, "");
        rest.len() < lower.len() && rest.chars().count() < PASSWORD_CHARACTERS_MIN / 2
    };
    let login = login.to_lowercase();
    let is_easy = EASY.iter().any(|known| leaves_little(known)) || leaves_little(&login);
    is_easy.then_some("Many would try this first. A short sentence of your own does well.")
}

/// Changes one's own password. Every other session of the person ends with it.
///
/// # Errors
/// [`Error::Invalid`] when the old one is wrong or the new one is too short, too easy or not new;
/// [`Error::Refused`] after too many wrong ones.
pub fn password_change(
    store: &Store,
    session: &OpenSession,
    old: &str,
    new: &str,
) -> Result<(), Error> {
    let invalid =
        |field: &str, reason: &str| Err(Error::Invalid(vec![crate::people::field(field, reason)]));
    if !password_holds(old, &session.person.password_hash) {
        if wrong_counted(store, session)? {
            return Err(Error::Refused(LOCKED.into()));
        }
        return invalid("old", "This is not your present password.");
    }
    if let Some(reason) = too_easy(new, &session.person.login) {
        return invalid("new", reason);
    }
    if old == new {
        return invalid("new", "Choose a password that differs from the present one.");
    }
    let hash = password_hash(new)?;
    let context = &session.context;
    store.write(context, |transaction| {
        let change = PersonChange {
            password: Some((hash, false)),
            password_until: Some(None),
            failures: Some((0, None)),
            ..PersonChange::default()
        };
        transaction.person_update(session.person.id, &change)?;
        for other in transaction.session_list(session.person.id)? {
            if other.token_hash != session.token_hash {
                transaction.session_end(other.token_hash, "the password was changed")?;
            }
        }
        let target = format!("person/{}", session.person.id);
        Ok(transaction.audit(&AuditEntry::new(context, "password.change", target))?)
    })
}

/// Counts a wrong present password as one at sign-in: whoever finds a session open may not guess
/// on. Whether the account is locked by it; then the session ends too.
fn wrong_counted(store: &Store, session: &OpenSession) -> Result<bool, Error> {
    let (context, id) = (&session.context, session.person.id);
    store.write(context, |transaction| {
        let person: Person = transaction.person(id)?.ok_or(Error::NotFound)?;
        let change = failed(&person, context.at);
        let is_locked = matches!(change.failures, Some((_, Some(_))));
        transaction.person_update(id, &change)?;
        if is_locked {
            transaction.session_end(session.token_hash, "too many wrong passwords")?;
        }
        let entry = AuditEntry::new(context, "password.change", format!("person/{id}"));
        transaction.audit(&entry.refused())?;
        Ok(is_locked)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_would_try_is_refused() {
        for (password, expected) in [
            ("short", true),
            ("aaaaaaaaaaaaaaaa", true),
            ("abababababab", true),
            ("Password2026", true),
            ("password-password", true),
            ("tess.tester99", true),
            ("1234567890ab", true),
            ("the ward has nine beds", false),
            ("correct horse battery staple", false),
            ("my password is a long sentence", false),
        ] {
            assert_eq!(too_easy(password, "tess.tester").is_some(), expected, "{password}");
        }
        assert!(too_easy(&"ab cde fgh ".repeat(200), "tess").is_some());
    }
}
