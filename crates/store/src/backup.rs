//! A copy of the store while it works, and putting one back.
//!
//! The database is copied first, as it stands at one moment; then the files that this copy
//! names. Keys are not part of a backup: who finds it can read nothing. A destruction after a
//! backup stays a destruction: its unit stands in a log beside the keys, and putting an older
//! copy back destroys it again.

use crate::blob::{BlobHome, path_of};
use crate::engine::{Connection, SqliteConnection};
use crate::keys::Checkpoint;
use crate::open::DATABASE;
use crate::writer::checkpoint_of;
use crate::{AuditEntry, Error, Location, Store};
use record::{ContentHash, Context};
use std::fs::{self, File};
use std::path::Path;

/// What a backup holds, kept beside it as `backup.json`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Backup {
    /// The mark of the store.
    pub store: String,
    /// When it was taken, in microseconds of UTC.
    pub taken_at: i64,
    /// The head of the chain in it, or an earlier one.
    pub checkpoint: Checkpoint,
    /// Files copied.
    pub files_count: u64,
    /// Size of all that was copied, in bytes.
    pub size_bytes: u64,
}

/// What putting a backup back came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The block at which the copy ends.
    pub block: i64,
    /// The block that the kept checkpoint had seen.
    pub block_seen: i64,
    /// Units that were destroyed after the backup, and are again.
    pub units_destroyed: Vec<i64>,
}

const MANIFEST: &str = "backup.json";

impl Store {
    /// Copies the store into a new folder, while others work. The audit entry comes first.
    ///
    /// On PostgreSQL the database is copied by its own `pg_dump`; this keeps what it must be
    /// compared with.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a file is missing or altered: the copy is not whole then.
    pub fn backup(&self, context: &Context, folder: &Path) -> Result<Backup, Error> {
        let entry = AuditEntry::new(context, "store.backup", "store");
        self.write(context, |transaction| transaction.audit(&entry))?;
        let (store, head) = self.look(context, |view| {
            Ok::<_, Error>((view.setting("store.id")?.unwrap_or_default(), view.head()?))
        })?;
        let mut backup = Backup {
            store,
            taken_at: context.at.0,
            checkpoint: checkpoint_of(&head),
            files_count: 0,
            size_bytes: 0,
        };
        if let (Location::Directory(data), BlobHome::Folder(blobs)) = (&self.location, &self.blobs)
        {
            let copy = folder.join(DATABASE);
            SqliteConnection::open_reader(&data.join(DATABASE))?.copy_into(&copy)?;
            File::open(&copy)?.sync_all()?;
            backup.size_bytes = fs::metadata(&copy)?.len();
            copy_files(&copy, blobs, &folder.join("blobs"), &mut backup)?;
        }
        let text = serde_json::to_vec_pretty(&backup).expect("a backup's list is plain data");
        fs::write(folder.join(MANIFEST), text)?;
        File::open(folder.join(MANIFEST))?.sync_all()?;
        File::open(folder)?.sync_all()?;
        Ok(backup)
    }

    /// Puts the files of a backup into a new data directory, to be opened then.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the folder holds no backup; [`Error::Conflict`] when the
    /// directory is not empty.
    pub fn backup_unpack(folder: &Path, data: &Path) -> Result<Backup, Error> {
        let backup = Store::backup_read(folder)?;
        crate::keys::folder_private(data)?;
        if fs::read_dir(data)?.next().is_some() {
            return Err(Error::Conflict(format!(
                "{} is not empty; a backup is put back into a new directory",
                data.display()
            )));
        }
        let mut copied = Backup { files_count: 0, ..backup.clone() };
        let (from, to) = (folder.join("blobs"), data.join("blobs"));
        copy_files(&folder.join(DATABASE), &from, &to, &mut copied)?;
        fs::copy(folder.join(DATABASE), data.join(DATABASE))?;
        File::open(data.join(DATABASE))?.sync_all()?;
        File::open(data)?.sync_all()?;
        Ok(backup)
    }

    /// What a backup says of itself.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the folder holds no backup.
    pub fn backup_read(folder: &Path) -> Result<Backup, Error> {
        let bytes = fs::read(folder.join(MANIFEST)).map_err(|_| Error::NotFound)?;
        serde_json::from_slice(&bytes).map_err(|_| Error::Corrupt(format!("{MANIFEST} is damaged")))
    }

    /// Records that this store was put back from a backup: destroys again what was destroyed
    /// since, audits it, and takes this state as the one that the checkpoint keeps.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the store does not hold the block that the backup saw.
    pub fn restore_record(&self, context: &Context, backup: &Backup) -> Result<Restored, Error> {
        let seen = self.keys.checkpoint()?.map_or(0, |kept| kept.block);
        let block = self.look(context, |view| {
            let sql = "SELECT block_hash FROM audit_block WHERE block = $1";
            let row = view.query_one(sql, &[backup.checkpoint.block.into()])?;
            let hash = row.map(|row| row.blob(0).map(record::hash::hex)).transpose()?;
            match hash.as_ref() == Some(&backup.checkpoint.block_hash) {
                true => Ok(view.head()?.block),
                false => Err(Error::Conflict(
                    "this database is not the one that the backup was taken of".into(),
                )),
            }
        })?;
        let units_destroyed = self.units_destroy_again(context)?;
        let detail = serde_json::json!({
            "block": block, "block_seen": seen, "taken_at": backup.taken_at,
            "units_destroyed": units_destroyed,
        });
        let entry = AuditEntry::new(context, "store.restore", "store").detail(detail.to_string());
        self.write(context, |transaction| transaction.audit(&entry))?;
        self.checkpoint_replace(context)?;
        Ok(Restored { block, block_seen: seen, units_destroyed })
    }
}

/// Copies the files that a copied database names, checking each against its hash.
fn copy_files(database: &Path, from: &Path, to: &Path, backup: &mut Backup) -> Result<(), Error> {
    let mut copy = Connection::Sqlite(SqliteConnection::open_reader(database)?);
    let target = BlobHome::Folder(to.to_owned());
    let rows = copy.query("SELECT stored_hash FROM blob ORDER BY blob", &[])?;
    for row in rows {
        let hash = ContentHash::from_slice(row.blob(0)?)
            .ok_or_else(|| Error::Corrupt("a file's hash is cut".into()))?;
        let bytes = fs::read(path_of(from, hash))
            .map_err(|_| Error::Corrupt(format!("the file {} is gone", hash.to_hex())))?;
        if ContentHash::of(&bytes) != hash {
            return Err(Error::Corrupt(format!("the file {} was altered", hash.to_hex())));
        }
        backup.files_count += 1;
        backup.size_bytes += bytes.len() as u64;
        target.put(&mut copy, &[bytes])?;
    }
    Ok(())
}
