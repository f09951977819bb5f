//! Disclosures as they were made, their suspensions, and the accountings that were asked for
//! (45 CFR 164.528).

use crate::{Error, Row, Transaction, View};
use record::{Instant, PatientKey, Private};
use release::Basis;
use release::accounting::{Disclosure, Entry, Suspension};
use serde::{Deserialize, Serialize};

/// A disclosure that was made.
#[derive(Clone, Debug)]
pub struct Disclosed {
    /// Key.
    pub id: i64,
    /// The request, where there was one.
    pub request: Option<i64>,
    /// When it was written down.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// What 164.528(b)(2) asks for.
    pub entry: Entry,
}

/// A disclosure about to be written down.
#[derive(Clone, Debug)]
pub struct NewDisclosure {
    /// The request, where there was one.
    pub request: Option<i64>,
    /// What 164.528(b)(2) asks for.
    pub entry: Entry,
}

/// A suspension of the patient's right to see one disclosure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspensionRow {
    /// Key.
    pub id: i64,
    /// The disclosure.
    pub disclosure: i64,
    /// The suspension.
    pub suspension: Suspension,
    /// When it was written down.
    pub at: Instant,
    /// By whom.
    pub actor: String,
}

/// An accounting that a patient asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountingRow {
    /// Key.
    pub id: i64,
    /// Whose.
    pub patient: PatientKey,
    /// When it was asked for, `YYYY-MM-DD`.
    pub requested_on: String,
    /// First day asked for; none for the whole six years.
    pub from_date: Option<String>,
    /// Last day by its clock.
    pub due_on: String,
    /// When it was given.
    pub given_at: Option<Instant>,
    /// The letter that was given.
    pub letter: Option<i64>,
    /// When it was written down.
    pub at: Instant,
    /// By whom.
    pub actor: String,
}

/// What stands of an entry under the patient's key.
#[derive(Serialize, Deserialize)]
struct Body {
    recipient: Private,
    address: Option<Private>,
    description: String,
    purpose: String,
    number: Option<String>,
}

fn kind_word(disclosure: Disclosure) -> &'static str {
    match disclosure {
        Disclosure::Under(basis) => basis.as_str(),
        Disclosure::Impermissible => "impermissible",
        Disclosure::Incidental => "incidental",
    }
}

fn kind_of(word: &str) -> Result<Disclosure, Error> {
    match word {
        "impermissible" => Ok(Disclosure::Impermissible),
        "incidental" => Ok(Disclosure::Incidental),
        basis => Basis::parse(basis)
            .map(Disclosure::Under)
            .ok_or_else(|| Error::Corrupt("a disclosure on an unknown basis".into())),
    }
}

fn day(text: &str) -> Result<jiff::civil::Date, Error> {
    text.parse().map_err(|_| Error::Corrupt("a day that is none".into()))
}

fn suspension_of(row: &Row) -> Result<SuspensionRow, Error> {
    let (from, agency) = (day(row.text(3)?)?, row.text(5)?.to_owned());
    let suspension = match row.text_or_none(4)? {
        Some(until) => Suspension::Written { from, until: day(until)?, agency },
        None => Suspension::Oral { from, agency },
    };
    Ok(SuspensionRow {
        id: row.integer(0)?,
        disclosure: row.integer(1)?,
        suspension,
        at: Instant(row.integer(6)?),
        actor: row.text(7)?.to_owned(),
    })
}

fn accounting_of(row: &Row) -> Result<AccountingRow, Error> {
    Ok(AccountingRow {
        id: row.integer(0)?,
        patient: PatientKey(row.integer(1)?),
        requested_on: row.text(2)?.to_owned(),
        from_date: row.text_or_none(3)?.map(str::to_owned),
        due_on: row.text(4)?.to_owned(),
        given_at: row.integer_or_none(5)?.map(Instant),
        letter: row.integer_or_none(6)?,
        at: Instant(row.integer(7)?),
        actor: row.text(8)?.to_owned(),
    })
}

const ACCOUNTING_COLUMNS: &str =
    "accounting, patient, requested_on, from_date, due_on, given_at, letter, at, actor";

impl View<'_> {
    /// Every disclosure of a patient's information, links followed, the oldest first, with its
    /// suspensions. What the patient sees of them: `release::accounting::account`.
    pub fn disclosure_list(&mut self, patient: PatientKey) -> Result<Vec<Disclosed>, Error> {
        let members = self.members_sql(patient)?;
        let sql = format!(
            "SELECT disclosure, release_request, on_date, basis, at, actor, unit, body
             FROM disclosure WHERE patient IN ({members}) ORDER BY on_date, disclosure"
        );
        let mut list = Vec::new();
        for row in self.query(&sql, &[])? {
            let suspensions = self.disclosure_suspension_list(row.integer(0)?)?;
            let suspensions = suspensions.into_iter().map(|one| one.suspension).collect();
            list.push(self.disclosed_of(&row, patient, suspensions)?);
        }
        Ok(list)
    }

    /// Whose disclosure this is.
    pub fn disclosure_patient(&mut self, id: i64) -> Result<Option<PatientKey>, Error> {
        let row = self.row("disclosure", &[id.into()])?;
        row.map(|row| Ok(PatientKey(row.integer(1)?))).transpose()
    }

    /// The suspensions of one disclosure, the oldest first.
    pub fn disclosure_suspension_list(
        &mut self,
        disclosure: i64,
    ) -> Result<Vec<SuspensionRow>, Error> {
        let sql = "SELECT disclosure_suspension, disclosure, kind, from_date, until_date, agency,
                          at, actor
                   FROM disclosure_suspension WHERE disclosure = $1
                   ORDER BY disclosure_suspension";
        self.query(sql, &[disclosure.into()])?.iter().map(suspension_of).collect()
    }

    /// The accountings that a patient asked for, links followed, the newest first.
    pub fn accounting_list(&mut self, patient: PatientKey) -> Result<Vec<AccountingRow>, Error> {
        let members = self.members_sql(patient)?;
        let sql = format!(
            "SELECT {ACCOUNTING_COLUMNS} FROM accounting WHERE patient IN ({members})
             ORDER BY requested_on DESC, accounting DESC"
        );
        self.query(&sql, &[])?.iter().map(accounting_of).collect()
    }

    /// One accounting that was asked for.
    pub fn accounting(&mut self, id: i64) -> Result<Option<AccountingRow>, Error> {
        let sql = format!("SELECT {ACCOUNTING_COLUMNS} FROM accounting WHERE accounting = $1");
        self.query_one(&sql, &[id.into()])?.as_ref().map(accounting_of).transpose()
    }

    fn disclosed_of(
        &mut self,
        row: &Row,
        patient: PatientKey,
        suspensions: Vec<Suspension>,
    ) -> Result<Disclosed, Error> {
        let id = row.integer(0)?;
        let key = self.unit_key(row.integer(6)?)?;
        let text = key.decrypt(row.blob(7)?, format!("disclosure:{id}").as_bytes())?;
        let body: Body = serde_json::from_slice(&text)
            .map_err(|_| Error::Corrupt("a disclosure can't be read".into()))?;
        let entry = Entry {
            patient,
            on: day(row.text(2)?)?,
            recipient: body.recipient,
            recipient_address: body.address,
            description: body.description,
            purpose: body.purpose,
            disclosure: kind_of(row.text(3)?)?,
            request: body.number,
            suspensions,
        };
        Ok(Disclosed {
            id,
            request: row.integer_or_none(1)?,
            at: Instant(row.integer(4)?),
            actor: row.text(5)?.to_owned(),
            entry,
        })
    }
}

impl Transaction<'_> {
    /// Writes a disclosure down; returns its key.
    pub fn disclosure_create(&mut self, new: &NewDisclosure) -> Result<i64, Error> {
        let (id, entry) = (self.new_id(), &new.entry);
        let unit = self.unit_of(Some(entry.patient))?;
        let body = Body {
            recipient: entry.recipient.clone(),
            address: entry.recipient_address.clone(),
            description: entry.description.clone(),
            purpose: entry.purpose.clone(),
            number: entry.request.clone(),
        };
        let text = serde_json::to_vec(&body)
            .map_err(|_| Error::Corrupt("a disclosure can't be written".into()))?;
        let sealed = self.unit_key(unit)?.encrypt(&text, format!("disclosure:{id}").as_bytes())?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "disclosure",
            &[
                ("disclosure", id.into()),
                ("patient", entry.patient.0.into()),
                ("release_request", new.request.into()),
                ("on_date", entry.on.to_string().into()),
                ("basis", kind_word(entry.disclosure).into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("unit", unit.into()),
                ("body", sealed.into()),
            ],
        )?;
        Ok(id)
    }

    /// Suspends the patient's right to see a disclosure.
    pub fn disclosure_suspend(
        &mut self,
        disclosure: i64,
        suspension: &Suspension,
    ) -> Result<i64, Error> {
        let id = self.new_id();
        let (kind, from, until, agency) = match suspension {
            Suspension::Written { from, until, agency } => ("written", from, Some(until), agency),
            Suspension::Oral { from, agency } => ("oral", from, None, agency),
        };
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "disclosure_suspension",
            &[
                ("disclosure_suspension", id.into()),
                ("disclosure", disclosure.into()),
                ("kind", kind.into()),
                ("from_date", from.to_string().into()),
                ("until_date", until.map(ToString::to_string).into()),
                ("agency", agency.as_str().into()),
                ("at", at.into()),
                ("actor", actor.into()),
            ],
        )?;
        Ok(id)
    }

    /// Writes down that a patient asked for an accounting; returns its key.
    pub fn accounting_ask(
        &mut self,
        patient: PatientKey,
        requested_on: &str,
        from_date: Option<&str>,
        due_on: &str,
    ) -> Result<i64, Error> {
        let id = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "accounting",
            &[
                ("accounting", id.into()),
                ("patient", patient.0.into()),
                ("requested_on", requested_on.into()),
                ("from_date", from_date.into()),
                ("due_on", due_on.into()),
                ("state", "asked".into()),
                ("at", at.into()),
                ("actor", actor.into()),
            ],
        )?;
        Ok(id)
    }

    /// Marks an accounting as given, with the letter that was given.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was given before.
    pub fn accounting_give(&mut self, id: i64, letter: i64) -> Result<(), Error> {
        let row = self.accounting(id)?.ok_or(Error::NotFound)?;
        if row.given_at.is_some() {
            return Err(Error::Conflict("This accounting was given already.".into()));
        }
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values = [
            ("state", "given".into()),
            ("letter", letter.into()),
            ("given_at", at.into()),
            ("given_by", actor.into()),
        ];
        self.update("accounting", &[id.into()], &values).map(|_| ())
    }
}
