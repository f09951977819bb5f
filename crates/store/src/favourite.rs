//! Favourite codes: which codes a person keeps at hand.

use crate::{Error, Row, Transaction, Value, View};
use coding::codeset::System;

/// A code that a person keeps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeFavourite {
    /// Whose.
    pub person: i64,
    /// Its system.
    pub system: System,
    /// Without a dot.
    pub code: String,
}

fn favourite_of(row: &Row) -> Result<CodeFavourite, Error> {
    let unknown = || Error::Corrupt("a favourite code is of an unknown system".into());
    Ok(CodeFavourite {
        person: row.integer(0)?,
        system: System::named(row.text(1)?).ok_or_else(unknown)?,
        code: row.text(2)?.to_owned(),
    })
}

impl View<'_> {
    /// The favourites of a person, by code.
    pub fn code_favourite_list(&mut self, person: i64) -> Result<Vec<CodeFavourite>, Error> {
        let sql = "SELECT person, system, code FROM code_favourite WHERE person = $1
                   ORDER BY code, system";
        self.query(sql, &[person.into()])?.iter().map(favourite_of).collect()
    }

    /// Everybody's favourites, by person.
    pub fn code_favourite_all(&mut self) -> Result<Vec<CodeFavourite>, Error> {
        let sql = "SELECT person, system, code FROM code_favourite ORDER BY person, code, system";
        self.query(sql, &[])?.iter().map(favourite_of).collect()
    }
}

impl Transaction<'_> {
    /// Keeps a favourite, or drops it where it is kept; answers whether it is kept now.
    pub fn code_favourite_turn(&mut self, favourite: &CodeFavourite) -> Result<bool, Error> {
        let key: [Value; 3] = [
            favourite.person.into(),
            favourite.system.name().into(),
            favourite.code.as_str().into(),
        ];
        if self.delete("code_favourite", &key)? {
            return Ok(false);
        }
        let at = self.context().at.0;
        let [person, system, code] = key;
        let values = [("person", person), ("system", system), ("code", code), ("at", at.into())];
        self.insert("code_favourite", &values)?;
        Ok(true)
    }
}
