//! Files of the record, encrypted, by the hash of what is stored.
//!
//! Two homes: a folder (beside the embedded database), or a table (where servers share one
//! database). An object store fills the same seam.

use crate::engine::Connection;
use crate::{Error, Value};
use record::ContentHash;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where encrypted files live.
pub(crate) enum BlobHome {
    /// A folder: `ab/abcdef…` by the hash of the stored bytes.
    Folder(PathBuf),
    /// The table `blob_content`.
    Table,
}

impl BlobHome {
    /// Stores files under their hashes: written to a temporary name, synced, renamed, directory
    /// synced. The commit whose rows refer to them comes after.
    pub fn put(&self, connection: &mut Connection, files: &[Vec<u8>]) -> Result<(), Error> {
        match self {
            BlobHome::Folder(folder) => put_files(folder, files)?,
            BlobHome::Table => {
                for bytes in files {
                    let hash = ContentHash::of(bytes);
                    connection.execute(
                        "INSERT INTO blob_content (stored_hash, body) VALUES ($1, $2)
                         ON CONFLICT (stored_hash) DO NOTHING",
                        &[hash.0.to_vec().into(), bytes[..].into()],
                    )?;
                }
            }
        }
        Ok(())
    }

    /// The stored bytes.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when they are gone or no longer have this hash.
    pub fn get(&self, connection: &mut Connection, hash: ContentHash) -> Result<Vec<u8>, Error> {
        let bytes = match self {
            BlobHome::Folder(folder) => fs::read(path_of(folder, hash))
                .map_err(|_| Error::Corrupt(format!("the file {} is gone", hash.to_hex())))?,
            BlobHome::Table => {
                let key = [Value::Blob(hash.0.to_vec())];
                let sql = "SELECT body FROM blob_content WHERE stored_hash = $1";
                let rows = connection.query(sql, &key)?;
                let row = rows.first().ok_or_else(|| {
                    Error::Corrupt(format!("the stored file {} is gone", hash.to_hex()))
                })?;
                row.blob(0)?.to_vec()
            }
        };
        if ContentHash::of(&bytes) == hash {
            Ok(bytes)
        } else {
            Err(Error::Corrupt(format!("the file {} was altered", hash.to_hex())))
        }
    }

    /// Removes stored bytes that lie in the database, with the commit that forgets them.
    pub fn remove_rows(
        &self,
        connection: &mut Connection,
        hashes: &[ContentHash],
    ) -> Result<(), Error> {
        if let BlobHome::Table = self {
            for hash in hashes {
                let key = [Value::Blob(hash.0.to_vec())];
                connection.execute("DELETE FROM blob_content WHERE stored_hash = $1", &key)?;
            }
        }
        Ok(())
    }

    /// Removes stored bytes that lie in files, after the commit that forgets them. A file left
    /// behind can't be read by anyone.
    pub fn remove_files(&self, hashes: &[ContentHash]) -> Result<(), Error> {
        let BlobHome::Folder(folder) = self else { return Ok(()) };
        for hash in hashes {
            match fs::remove_file(path_of(folder, *hash)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error.into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The hashes of everything stored.
    pub fn list(&self, connection: &mut Connection) -> Result<Vec<ContentHash>, Error> {
        match self {
            BlobHome::Folder(folder) => list_files(folder),
            BlobHome::Table => {
                let rows = connection.query("SELECT stored_hash FROM blob_content", &[])?;
                rows.iter()
                    .map(|row| {
                        ContentHash::from_slice(row.blob(0)?)
                            .ok_or_else(|| Error::Corrupt("a stored hash is cut".into()))
                    })
                    .collect()
            }
        }
    }
}

/// Path of a stored file below its folder.
pub fn path_of(folder: &Path, hash: ContentHash) -> PathBuf {
    let name = hash.to_hex();
    folder.join(&name[..2]).join(name)
}

/// Threads that store files side by side; all they do is wait for the disk.
const PUT_THREADS: usize = 16;

fn put_files(folder: &Path, files: &[Vec<u8>]) -> Result<(), Error> {
    let part = files.len().div_ceil(PUT_THREADS).max(1);
    std::thread::scope(|scope| {
        let put_part = |part: &[Vec<u8>]| {
            part.iter().try_for_each(|bytes| put_file(folder, ContentHash::of(bytes), bytes))
        };
        let mut parts = files.chunks(part);
        let own = parts.next();
        let others: Vec<_> = parts.map(|part| scope.spawn(move || put_part(part))).collect();
        own.map_or(Ok(()), put_part)?;
        others.into_iter().try_for_each(|thread| match thread.join() {
            Ok(put) => put,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

fn put_file(folder: &Path, hash: ContentHash, bytes: &[u8]) -> Result<(), Error> {
    let path = path_of(folder, hash);
    let parent = path.parent().expect("a stored file is in a folder");
    fs::create_dir_all(parent)?;
    let temporary = path.with_extension("new");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, &path)?;
    File::open(parent)?.sync_all()?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

fn list_files(folder: &Path) -> Result<Vec<ContentHash>, Error> {
    let mut hashes = Vec::new();
    if !folder.exists() {
        return Ok(hashes);
    }
    for shelf in fs::read_dir(folder)? {
        let shelf = shelf?.path();
        if !shelf.is_dir() {
            continue;
        }
        for file in fs::read_dir(shelf)? {
            hashes.extend(file?.file_name().to_str().and_then(hash_of_name));
        }
    }
    hashes.sort();
    Ok(hashes)
}

fn hash_of_name(name: &str) -> Option<ContentHash> {
    if name.len() != 64 {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..32)
        .map(|n| name.get(2 * n..2 * n + 2).and_then(|two| u8::from_str_radix(two, 16).ok()))
        .collect();
    ContentHash::from_slice(&bytes?)
}
