//! Loads of code sets: which file of a publisher was taken in, when, and for which dates.

use crate::{Error, Row, Transaction, Value, View};
use coding::import::lifecycle::LoadState;
use record::{ContentHash, Instant};

/// One file that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSetLoad {
    /// Key, in the order of the loads.
    pub id: i64,
    /// Stored word of its layout.
    pub layout: String,
    /// First date on which it is in force, `YYYY-MM-DD`.
    pub from_date: String,
    /// Last date.
    pub to_date: String,
    /// Hash of the file as it came.
    pub source_hash: ContentHash,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// The stored file, packed.
    pub blob: i64,
    /// Codes or entries that it holds.
    pub entries_count: i64,
    /// How many of them were new.
    pub added_count: i64,
    /// How many differed from those before.
    pub revised_count: i64,
    /// How many of those before are gone.
    pub retired_count: i64,
    /// When it was loaded.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// How it was withdrawn, where it was.
    pub withdrawal: Option<Withdrawal>,
}

/// The end of a load that was wrong: it answers for nothing from then on, and stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// Since when.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// Why.
    pub reason: String,
}

impl CodeSetLoad {
    /// Where it stands.
    pub fn state(&self) -> LoadState {
        if self.withdrawal.is_some() { LoadState::Withdrawn } else { LoadState::InForce }
    }

    /// Whether it answered at an instant.
    pub fn answered_at(&self, at: Instant) -> bool {
        self.at <= at && self.withdrawal.as_ref().is_none_or(|withdrawal| at <= withdrawal.at)
    }
}

/// A load about to be made.
#[derive(Clone, Debug)]
pub struct NewCodeSetLoad<'a> {
    /// Stored word of its layout.
    pub layout: &'a str,
    /// First and last dates.
    pub dates: (String, String),
    /// Hash of the file as it came.
    pub source_hash: ContentHash,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// The staged file.
    pub blob: i64,
    /// Entries; added, revised, retired.
    pub counts: [i64; 4],
}

const COLUMNS: &str = "code_set_load, layout, from_date, to_date, source_hash, size_bytes, blob, \
     entries_count, added_count, revised_count, retired_count, at, actor, \
     withdrawn_at, withdrawn_by, withdrawn_why";

fn load_of(row: &Row) -> Result<CodeSetLoad, Error> {
    let cut = || Error::Corrupt("the hash of a code set's file is cut".into());
    Ok(CodeSetLoad {
        id: row.integer(0)?,
        layout: row.text(1)?.to_owned(),
        from_date: row.text(2)?.to_owned(),
        to_date: row.text(3)?.to_owned(),
        source_hash: ContentHash::from_slice(row.blob(4)?).ok_or_else(cut)?,
        size_bytes: row.integer(5)?,
        blob: row.integer(6)?,
        entries_count: row.integer(7)?,
        added_count: row.integer(8)?,
        revised_count: row.integer(9)?,
        retired_count: row.integer(10)?,
        at: Instant(row.integer(11)?),
        actor: row.text(12)?.to_owned(),
        withdrawal: match row.integer_or_none(13)? {
            Some(at) => Some(Withdrawal {
                at: Instant(at),
                actor: row.text(14)?.to_owned(),
                reason: row.text(15)?.to_owned(),
            }),
            None => None,
        },
    })
}

impl View<'_> {
    /// Every load, the withdrawn ones too, in the order in which they were made.
    pub fn code_set_load_list(&mut self) -> Result<Vec<CodeSetLoad>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM code_set_load ORDER BY code_set_load");
        self.query(&sql, &[])?.iter().map(load_of).collect()
    }

    /// Content and first date of every load that answers, in the order in which they were made:
    /// what tells whether engines that were built from them still hold.
    pub fn code_set_load_marks(&mut self) -> Result<Vec<(ContentHash, String)>, Error> {
        let sql = "SELECT source_hash, from_date FROM code_set_load
                   WHERE withdrawn_at IS NULL ORDER BY code_set_load";
        let mark = |row: &Row| {
            let cut = || Error::Corrupt("the hash of a code set's file is cut".into());
            let hash = ContentHash::from_slice(row.blob(0)?).ok_or_else(cut)?;
            Ok((hash, row.text(1)?.to_owned()))
        };
        self.query(sql, &[])?.iter().map(mark).collect()
    }

    /// One load.
    pub fn code_set_load(&mut self, id: i64) -> Result<Option<CodeSetLoad>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM code_set_load WHERE code_set_load = $1");
        self.query_one(&sql, &[id.into()])?.as_ref().map(load_of).transpose()
    }

    /// The load of a file with this content that answers.
    pub fn code_set_load_by_hash(
        &mut self,
        source_hash: ContentHash,
    ) -> Result<Option<CodeSetLoad>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM code_set_load
             WHERE source_hash = $1 AND withdrawn_at IS NULL"
        );
        let row = self.query_one(&sql, &[source_hash.0.to_vec().into()])?;
        row.as_ref().map(load_of).transpose()
    }
}

impl Transaction<'_> {
    /// Keeps a load.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the same content is held.
    pub fn code_set_load_create(&mut self, new: &NewCodeSetLoad<'_>) -> Result<i64, Error> {
        if self.code_set_load_by_hash(new.source_hash)?.is_some() {
            return Err(Error::Conflict("this file is held already".into()));
        }
        let id = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let [entries, added, revised, retired] = new.counts;
        self.insert(
            "code_set_load",
            &[
                ("code_set_load", id.into()),
                ("layout", new.layout.into()),
                ("from_date", new.dates.0.as_str().into()),
                ("to_date", new.dates.1.as_str().into()),
                ("source_hash", new.source_hash.0.to_vec().into()),
                ("size_bytes", new.size_bytes.into()),
                ("blob", new.blob.into()),
                ("entries_count", entries.into()),
                ("added_count", added.into()),
                ("revised_count", revised.into()),
                ("retired_count", retired.into()),
                ("at", at.into()),
                ("actor", actor.into()),
            ],
        )?;
        Ok(id)
    }

    /// Ends a load: it answers for nothing from now on.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was withdrawn before; [`Error::NotFound`].
    pub fn code_set_load_withdraw(&mut self, id: i64, reason: &str) -> Result<(), Error> {
        if self.code_set_load(id)?.ok_or(Error::NotFound)?.withdrawal.is_some() {
            return Err(Error::Conflict("this load was withdrawn before".into()));
        }
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values: [(&str, Value); 3] = [
            ("withdrawn_at", at.into()),
            ("withdrawn_by", actor.into()),
            ("withdrawn_why", reason.into()),
        ];
        self.update("code_set_load", &[id.into()], &values)?;
        Ok(())
    }
}
