//! People who sign in, their sessions, and clients of the API.

use crate::{Error, Row, Transaction, Value, View};
use record::{ContentHash, Credential, Instant, LabelMask, Role};

/// A person with an account.
#[derive(Clone, Debug)]
pub struct Person {
    /// Account id.
    pub id: i64,
    /// What they type to sign in.
    pub login: String,
    /// Name as colleagues know it.
    pub name: String,
    /// PHC string of the password's hash.
    pub password_hash: String,
    /// Whether the password was given to them and must be changed.
    pub password_once: bool,
    /// When a one-time password ends, where it does.
    pub password_until: Option<Instant>,
    /// Sealed second factor, if set up.
    pub totp_secret: Option<Vec<u8>>,
    /// The time step of the last code that was taken; it and those before hold no more.
    pub totp_step: Option<i64>,
    /// Wrong passwords since the last right one.
    pub failures: i64,
    /// Until when sign-in is refused.
    pub locked_until: Option<Instant>,
    /// Whether the account may be used.
    pub active: bool,
    /// Sensitive classes they may see without breaking the glass.
    pub cleared: LabelMask,
    /// FHIR id of the Practitioner they are, for providers.
    pub practitioner: Option<String>,
    /// Roles.
    pub roles: Vec<Role>,
    /// When an emergency account ends by itself.
    pub expires_at: Option<Instant>,
}

impl Person {
    /// Whether the account may be used at this time.
    pub fn usable(&self, at: Instant) -> bool {
        self.active && self.expires_at.is_none_or(|end| at < end)
    }
}

/// A credential of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonCredential {
    /// Which.
    pub credential: Credential,
    /// Its number.
    pub number: String,
    /// Last day on which it is valid, `YYYY-MM-DD`.
    pub expires_on: String,
}

/// A session as kept: the token itself never is.
#[derive(Clone, Debug)]
pub struct Session {
    /// Hash of the token in the cookie.
    pub token_hash: ContentHash,
    /// Whose.
    pub person: i64,
    /// Since when.
    pub started_at: Instant,
    /// Last request, kept to the minute.
    pub seen_at: Instant,
    /// When it ended.
    pub ended_at: Option<Instant>,
}

/// A client of the API.
#[derive(Clone, Debug)]
pub struct Client {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// The role under which it acts.
    pub role: Role,
    /// SMART-like scopes, separated by spaces: `system/*.read`.
    pub scopes: String,
    /// Sensitive classes that it may see.
    pub cleared: LabelMask,
    /// Since when.
    pub created_at: Instant,
    /// When it was ended.
    pub ended_at: Option<Instant>,
}

/// What may be changed of a person; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct PersonChange {
    /// Name.
    pub name: Option<String>,
    /// New password hash, and whether it must be changed at first sign-in.
    pub password: Option<(String, bool)>,
    /// When a one-time password ends.
    pub password_until: Option<Option<Instant>>,
    /// Second factor: set, or taken away.
    pub totp_secret: Option<Option<Vec<u8>>>,
    /// The time step of a code that was taken.
    pub totp_step: Option<i64>,
    /// Wrong passwords so far, and until when sign-in is refused.
    pub failures: Option<(i64, Option<Instant>)>,
    /// Whether the account may be used.
    pub active: Option<bool>,
    /// Classes cleared.
    pub cleared: Option<LabelMask>,
    /// Practitioner.
    pub practitioner: Option<Option<String>>,
    /// When the account ends by itself.
    pub expires_at: Option<Option<Instant>>,
}

const PERSON_COLUMNS: &str = "person, login, name, password_hash, password_once, totp_secret, \
     failures, locked_until, state, cleared, practitioner, expires_at, password_until, totp_step";

impl View<'_> {
    /// The person with this login.
    pub fn person_by_login(&mut self, login: &str) -> Result<Option<Person>, Error> {
        let sql = format!("SELECT {PERSON_COLUMNS} FROM person WHERE login = $1");
        let row = self.query_one(&sql, &[login.into()])?;
        row.map(|row| self.person_of(&row)).transpose()
    }

    /// The person with this id.
    pub fn person(&mut self, id: i64) -> Result<Option<Person>, Error> {
        let sql = format!("SELECT {PERSON_COLUMNS} FROM person WHERE person = $1");
        let row = self.query_one(&sql, &[id.into()])?;
        row.map(|row| self.person_of(&row)).transpose()
    }

    /// Everyone, by name.
    pub fn person_list(&mut self) -> Result<Vec<Person>, Error> {
        let sql = format!("SELECT {PERSON_COLUMNS} FROM person ORDER BY name, person");
        let rows = self.query(&sql, &[])?;
        rows.iter().map(|row| self.person_of(row)).collect()
    }

    fn person_of(&mut self, row: &Row) -> Result<Person, Error> {
        let id = row.integer(0)?;
        let sql = "SELECT role FROM person_role WHERE person = $1 ORDER BY role";
        let roles = self.query(sql, &[id.into()])?;
        let roles = roles
            .iter()
            .filter_map(|row| row.text(0).map(Role::parse).transpose())
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(Person {
            id,
            login: row.text(1)?.to_owned(),
            name: row.text(2)?.to_owned(),
            password_hash: row.text(3)?.to_owned(),
            password_once: row.integer(4)? != 0,
            totp_secret: row.blob_or_none(5)?.map(<[u8]>::to_vec),
            failures: row.integer(6)?,
            locked_until: row.integer_or_none(7)?.map(Instant),
            active: row.text(8)? == "active",
            cleared: LabelMask(row.integer(9)?),
            practitioner: row.text_or_none(10)?.map(str::to_owned),
            roles,
            expires_at: row.integer_or_none(11)?.map(Instant),
            password_until: row.integer_or_none(12)?.map(Instant),
            totp_step: row.integer_or_none(13)?,
        })
    }

    /// The credentials of a person.
    pub fn person_credentials(&mut self, person: i64) -> Result<Vec<PersonCredential>, Error> {
        let sql = "SELECT credential, number, expires_on FROM person_credential
                   WHERE person = $1 ORDER BY credential";
        let rows = self.query(sql, &[person.into()])?;
        let mut credentials = Vec::new();
        for row in &rows {
            if let Some(credential) = Credential::parse(row.text(0)?) {
                let (number, expires_on) = (row.text(1)?.to_owned(), row.text(2)?.to_owned());
                credentials.push(PersonCredential { credential, number, expires_on });
            }
        }
        Ok(credentials)
    }

    /// The session with this token, ended or not.
    pub fn session(&mut self, token_hash: ContentHash) -> Result<Option<Session>, Error> {
        let row = self.row("session", &[token_hash.0.to_vec().into()])?;
        row.as_ref().map(session_of).transpose()
    }

    /// The sessions of a person that have not ended.
    pub fn session_list(&mut self, person: i64) -> Result<Vec<Session>, Error> {
        let sql = "SELECT token_hash, person, started_at, seen_at, ended_at, ended_why
                   FROM session WHERE person = $1 AND ended_at IS NULL ORDER BY started_at";
        self.query(sql, &[person.into()])?.iter().map(session_of).collect()
    }

    /// The client with this token, unless it was ended.
    pub fn client_by_token(&mut self, token_hash: ContentHash) -> Result<Option<Client>, Error> {
        let sql = format!(
            "SELECT {CLIENT_COLUMNS} FROM client WHERE token_hash = $1 AND ended_at IS NULL"
        );
        let row = self.query_one(&sql, &[token_hash.0.to_vec().into()])?;
        row.as_ref().map(client_of).transpose()
    }

    /// Every client, by name.
    pub fn client_list(&mut self) -> Result<Vec<Client>, Error> {
        let sql = format!("SELECT {CLIENT_COLUMNS} FROM client ORDER BY name");
        self.query(&sql, &[])?.iter().map(client_of).collect()
    }
}

const CLIENT_COLUMNS: &str = "client, name, role, scopes, cleared, created_at, ended_at";

fn client_of(row: &Row) -> Result<Client, Error> {
    let role = row.text(2)?;
    Ok(Client {
        id: row.integer(0)?,
        name: row.text(1)?.to_owned(),
        role: Role::parse(role).ok_or_else(|| Error::Corrupt(format!("role {role} is unknown")))?,
        scopes: row.text(3)?.to_owned(),
        cleared: LabelMask(row.integer(4)?),
        created_at: Instant(row.integer(5)?),
        ended_at: row.integer_or_none(6)?.map(Instant),
    })
}

fn session_of(row: &Row) -> Result<Session, Error> {
    Ok(Session {
        token_hash: ContentHash::from_slice(row.blob(0)?)
            .ok_or_else(|| Error::Corrupt("a session's token hash is cut".into()))?,
        person: row.integer(1)?,
        started_at: Instant(row.integer(2)?),
        seen_at: Instant(row.integer(3)?),
        ended_at: row.integer_or_none(4)?.map(Instant),
    })
}

impl Transaction<'_> {
    /// Makes an account with a password that must be changed at first sign-in.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the login is taken.
    pub fn person_create(
        &mut self,
        login: &str,
        name: &str,
        password_hash: &str,
        password_once: bool,
    ) -> Result<i64, Error> {
        if self.person_by_login(login)?.is_some() {
            return Err(Error::Conflict(format!("the login {login} is taken")));
        }
        let id = self.new_id();
        let at = self.context().at.0;
        self.insert(
            "person",
            &[
                ("person", id.into()),
                ("login", login.into()),
                ("name", name.into()),
                ("password_hash", password_hash.into()),
                ("password_once", password_once.into()),
                ("failures", 0.into()),
                ("state", "active".into()),
                ("cleared", 0.into()),
                ("created_at", at.into()),
            ],
        )?;
        Ok(id)
    }

    /// Changes a person's account.
    pub fn person_update(&mut self, id: i64, change: &PersonChange) -> Result<(), Error> {
        let mut values: Vec<(&str, Value)> = Vec::new();
        if let Some(name) = &change.name {
            values.push(("name", name.into()));
        }
        if let Some((hash, once)) = &change.password {
            values.push(("password_hash", hash.into()));
            values.push(("password_once", (*once).into()));
        }
        if let Some(until) = change.password_until {
            values.push(("password_until", until.map(|at| at.0).into()));
        }
        if let Some(step) = change.totp_step {
            values.push(("totp_step", step.into()));
        }
        if let Some(secret) = &change.totp_secret {
            values.push(("totp_secret", secret.clone().into()));
        }
        if let Some((failures, until)) = change.failures {
            values.push(("failures", failures.into()));
            values.push(("locked_until", until.map(|at| at.0).into()));
        }
        if let Some(active) = change.active {
            values.push(("state", if active { "active" } else { "suspended" }.into()));
        }
        if let Some(cleared) = change.cleared {
            values.push(("cleared", cleared.0.into()));
        }
        if let Some(practitioner) = &change.practitioner {
            values.push(("practitioner", practitioner.clone().into()));
        }
        if let Some(end) = change.expires_at {
            values.push(("expires_at", end.map(|at| at.0).into()));
        }
        if !values.is_empty() {
            self.update("person", &[id.into()], &values)?;
        }
        Ok(())
    }

    /// Gives a person exactly these roles.
    pub fn person_roles_put(&mut self, person: i64, roles: &[Role]) -> Result<(), Error> {
        for role in Role::ALL {
            let key = [person.into(), role.as_str().into()];
            let held = self.row("person_role", &key)?.is_some();
            match (held, roles.contains(role)) {
                (false, true) => {
                    let values = [("person", person.into()), ("role", role.as_str().into())];
                    self.insert("person_role", &values)?;
                }
                (true, false) => {
                    self.delete("person_role", &key)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Records a credential of a person, in place of an earlier one of the kind.
    pub fn person_credential_put(
        &mut self,
        person: i64,
        credential: &PersonCredential,
    ) -> Result<(), Error> {
        let kind = credential.credential.as_str();
        self.delete("person_credential", &[person.into(), kind.into()])?;
        self.insert(
            "person_credential",
            &[
                ("person", person.into()),
                ("credential", kind.into()),
                ("number", credential.number.as_str().into()),
                ("expires_on", credential.expires_on.as_str().into()),
            ],
        )
    }

    /// Forgets a credential of a person.
    pub fn person_credential_delete(
        &mut self,
        person: i64,
        credential: Credential,
    ) -> Result<bool, Error> {
        self.delete("person_credential", &[person.into(), credential.as_str().into()])
    }

    /// Begins a session.
    pub fn session_create(&mut self, token_hash: ContentHash, person: i64) -> Result<(), Error> {
        let at = self.context().at.0;
        self.insert(
            "session",
            &[
                ("token_hash", token_hash.0.to_vec().into()),
                ("person", person.into()),
                ("started_at", at.into()),
                ("seen_at", at.into()),
            ],
        )
    }

    /// Notes that a session was used.
    pub fn session_seen(&mut self, token_hash: ContentHash) -> Result<(), Error> {
        let at = self.context().at.0;
        let key = [token_hash.0.to_vec().into()];
        self.update("session", &key, &[("seen_at", at.into())]).map(|_| ())
    }

    /// Ends a session: `signed out`, `idle`, `ended by an administrator`.
    pub fn session_end(&mut self, token_hash: ContentHash, why: &str) -> Result<(), Error> {
        let at = self.context().at.0;
        let key = [token_hash.0.to_vec().into()];
        let values = [("ended_at", at.into()), ("ended_why", why.into())];
        self.update("session", &key, &values).map(|_| ())
    }

    /// Registers a client of the API.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the name is taken.
    pub fn client_create(
        &mut self,
        name: &str,
        token_hash: ContentHash,
        role: Role,
        scopes: &str,
        cleared: LabelMask,
    ) -> Result<i64, Error> {
        let taken = "SELECT client FROM client WHERE name = $1";
        if self.query_one(taken, &[name.into()])?.is_some() {
            return Err(Error::Conflict(format!(
                "There is, or was, a client named {name}. Give this one another name."
            )));
        }
        let id = self.new_id();
        let at = self.context().at.0;
        self.insert(
            "client",
            &[
                ("client", id.into()),
                ("name", name.into()),
                ("token_hash", token_hash.0.to_vec().into()),
                ("role", role.as_str().into()),
                ("scopes", scopes.into()),
                ("cleared", cleared.0.into()),
                ("created_at", at.into()),
            ],
        )?;
        Ok(id)
    }

    /// Ends a client: its token is refused from now on.
    pub fn client_end(&mut self, client: i64) -> Result<(), Error> {
        let at = self.context().at.0;
        self.update("client", &[client.into()], &[("ended_at", at.into())]).map(|_| ())
    }
}
