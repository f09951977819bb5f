//! Who is away, from day to day: work is not left with them.

use crate::{Error, Row, Transaction, View};
use jiff::civil::Date;

/// Days on which a person is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Key.
    pub id: i64,
    /// Who.
    pub person: i64,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

fn absence_of(row: &Row) -> Result<Absence, Error> {
    let day = |text: &str| {
        text.parse().map_err(|_| Error::Corrupt(format!("an absence holds the day {text}")))
    };
    Ok(Absence {
        id: row.integer(0)?,
        person: row.integer(1)?,
        from: day(row.text(2)?)?,
        until: day(row.text(3)?)?,
    })
}

impl View<'_> {
    /// Absences that are not over on a day, the first to begin first.
    pub fn absence_list(&mut self, on: Date) -> Result<Vec<Absence>, Error> {
        let sql = "SELECT absence, person, from_date, until_date FROM absence
                   WHERE until_date >= $1 AND ended_at IS NULL ORDER BY from_date, absence";
        self.query(sql, &[on.to_string().into()])?.iter().map(absence_of).collect()
    }
}

impl Transaction<'_> {
    /// Notes that a person is away; returns its key.
    pub fn absence_create(&mut self, person: i64, from: Date, until: Date) -> Result<i64, Error> {
        let id = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "absence",
            &[
                ("absence", id.into()),
                ("person", person.into()),
                ("from_date", from.to_string().into()),
                ("until_date", until.to_string().into()),
                ("entered_at", at.into()),
                ("entered_by", actor.into()),
            ],
        )?;
        Ok(id)
    }

    /// Ends an absence before its time. It stays in the history.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, or it has been ended.
    pub fn absence_end(&mut self, id: i64) -> Result<(), Error> {
        let row = self.row("absence", &[id.into()])?.ok_or(Error::NotFound)?;
        if row.integer_or_none(6)?.is_some() {
            return Err(Error::NotFound);
        }
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values = [("ended_at", at.into()), ("ended_by", actor.into())];
        self.update("absence", &[id.into()], &values).map(|_| ())
    }
}
