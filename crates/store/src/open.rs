//! Opening a store: its location, its keys, the writer and the readers.

use crate::awaiting::{Awaiting, LaterWriter};
use crate::blob::BlobHome;
use crate::chain::AuditEntry;
use crate::engine::{Connection, PostgresConnection, SqliteConnection};
use crate::keys::Keys;
use crate::schema::migrate;
use crate::units::{SITE_UNIT, Units};
use crate::writer::{Deferred, Writer, checkpoint_of, continues, head_create, lock};
use crate::{Error, Transaction, Value, View};
use record::Context;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};

/// Where a store is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A data directory with an embedded database.
    Directory(PathBuf),
    /// A PostgreSQL database, by its address.
    Postgres(String),
}

impl Location {
    /// Reads what stands after `--data`.
    pub fn parse(text: &str) -> Location {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Location::Postgres(text.to_owned())
        } else {
            Location::Directory(PathBuf::from(text))
        }
    }

    /// The location as it may be shown: without a name and a password.
    pub fn shown(&self) -> String {
        match self {
            Location::Directory(folder) => folder.display().to_string(),
            Location::Postgres(address) => crate::engine::shown(address),
        }
    }

    /// Whether it holds a password.
    pub fn has_password(&self) -> bool {
        match self {
            Location::Directory(_) => false,
            Location::Postgres(address) => crate::engine::has_password(address),
        }
    }
}

impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

/// An open store.
pub struct Store {
    pub(crate) location: Location,
    pub(crate) keys: Arc<Keys>,
    pub(crate) units: Arc<Units>,
    pub(crate) blobs: BlobHome,
    // What waits is written, then readers close, then the writer, which folds the log into the
    // file.
    later: LaterWriter,
    readers: Readers,
    pub(crate) writer: Arc<Writer>,
    _lock: Option<File>,
}

impl Store {
    /// Makes a new, empty store.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is one already.
    pub fn create(location: &Location, keys: &Path, context: &Context) -> Result<Store, Error> {
        if let Location::Directory(folder) = location {
            crate::keys::folder_private(folder)?;
        }
        let lock = own(location)?;
        let mut connection = connect(location, true)?;
        migrate(&mut connection)?;
        if !connection.query("SELECT one FROM head", &[])?.is_empty() {
            return Err(Error::Conflict("there is a store already; nothing was changed".into()));
        }
        let keys = Keys::create(keys)?;
        head_create(&mut connection)?;
        let store = Store::assemble(location, keys, connection, lock)?;
        store.write(context, |transaction| {
            transaction.unit_create_site()?;
            let mark = record::hash::hex(&crate::keys::random::<16>()?);
            transaction.setting_put("store.id", &mark)?;
            transaction.audit(&AuditEntry::new(context, "store.create", format!("store/{mark}")))
        })?;
        Ok(store)
    }

    /// Opens a store and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no store, [`Error::Owned`] when another process has the
    /// directory, [`Error::Keys`] when the keys are missing.
    pub fn open(location: &Location, keys: &Path) -> Result<Store, Error> {
        if let Location::Directory(folder) = location
            && !folder.join(DATABASE).exists()
        {
            return Err(Error::NotFound);
        }
        let lock = own(location)?;
        let keys = Keys::open(keys)?;
        let mut connection = connect(location, true)?;
        migrate(&mut connection)?;
        if connection.query("SELECT one FROM head", &[])?.is_empty() {
            return Err(Error::NotFound);
        }
        if !keys_fit(&mut connection, &keys)? {
            return Err(Error::Keys(format!(
                "the keys in {} are of another store; give this store's own folder with --keys",
                keys.folder().display()
            )));
        }
        Store::assemble(location, keys, connection, lock)
    }

    fn assemble(
        location: &Location,
        keys: Keys,
        connection: Connection,
        lock: Option<File>,
    ) -> Result<Store, Error> {
        let blobs = match location {
            Location::Directory(folder) => BlobHome::Folder(folder.join("blobs")),
            Location::Postgres(_) => BlobHome::Table,
        };
        let (keys, units) = (Arc::new(keys), Arc::new(Units::default()));
        let writer = Arc::new(Writer::new(connection, location.clone()));
        Ok(Store {
            location: location.clone(),
            later: LaterWriter::start(writer.clone(), keys.clone(), units.clone()),
            keys,
            units,
            blobs,
            writer,
            readers: Readers::new(location.clone()),
            _lock: lock,
        })
    }

    /// Where this store is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The keys of this store.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Runs a use case that writes; returns once all of it is durable, or none of it.
    pub fn write<T, E: From<Error>>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.writer.write(&self.keys, &self.units, context, work)
    }

    /// Runs a use case that writes, in one of the next commits, and doesn't wait: `told` is called
    /// once all of it is durable, or none of it, on the thread that commits: be quick. What is
    /// refused is undone; the entry that `refusal` makes of it is written beside.
    pub fn write_later<T: Send + 'static, E: From<Error> + Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        refusal: impl FnOnce(&E) -> Option<AuditEntry> + Send + 'static,
        told: impl FnOnce(Result<T, E>) + Send + 'static,
    ) {
        let write = Deferred::new(context.clone(), work, refusal, told);
        if let Err(write) = self.later.add(write) {
            write.turn_away(Error::Busy);
        }
    }

    /// Runs a use case that reads a record. What it found is handed out only after the entry
    /// that it made for the audit trail is durable.
    pub fn read<T, E: From<Error>>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut View<'_>) -> Result<(T, AuditEntry), E>,
    ) -> Result<T, E> {
        let (found, entry) = self.look(context, work)?;
        self.write(context, |transaction| transaction.audit(&entry))?;
        Ok(found)
    }

    /// Runs a use case that reads a record, and doesn't wait: what it found stays sealed until the
    /// entry that it made for the audit trail is durable.
    pub fn read_later<T, E: From<Error>>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut View<'_>) -> Result<(T, AuditEntry), E>,
    ) -> Result<Awaiting<T>, E> {
        let (found, entry) = self.look(context, work)?;
        Ok(self.later.seal(found, entry))
    }

    /// Runs a look-up that shows nothing of a patient's record: a session, a list of code sets.
    pub fn look<T, E: From<Error>>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut View<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut reader = self.readers.take()?;
        let connection = reader.connection();
        connection.execute("BEGIN", &[])?;
        if !connection.is_sqlite() {
            let mode = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
            connection.execute(mode, &[])?;
        }
        let result = work(&mut View::new(connection, &self.keys, &self.units, context));
        connection.execute("ROLLBACK", &[])?;
        reader.give_back();
        result
    }

    /// Keeps the head of the chain as the checkpoint beside the keys, if this store goes on from
    /// the one kept before. A store that was put back from an older copy does not: `verify` says
    /// so until a `restore` records it.
    pub fn checkpoint_keep(&self, context: &Context) -> Result<(), Error> {
        let (head, goes_on) = self.look(context, |view| {
            let goes_on = continues(view.connection, &self.keys)?;
            Ok::<_, Error>((view.head()?, goes_on))
        })?;
        match goes_on {
            true => self.keys.keep_checkpoint(&checkpoint_of(&head)),
            false => Ok(()),
        }
    }

    /// Keeps the head of the chain as the checkpoint, whatever was kept before: the end of a
    /// recorded restore.
    pub fn checkpoint_replace(&self, context: &Context) -> Result<(), Error> {
        let head = self.look(context, |view| view.head())?;
        self.keys.keep_checkpoint(&checkpoint_of(&head))
    }
}

/// Name of the embedded database in a data directory.
pub(crate) const DATABASE: &str = "chartroom.db";

pub(crate) fn connect(location: &Location, writes: bool) -> Result<Connection, Error> {
    Ok(match location {
        Location::Directory(folder) => {
            let path = folder.join(DATABASE);
            Connection::Sqlite(match writes {
                true => SqliteConnection::open_writer(&path)?,
                false => SqliteConnection::open_reader(&path)?,
            })
        }
        Location::Postgres(address) => {
            Connection::Postgres(Box::new(PostgresConnection::open(address)?))
        }
    })
}

/// Whether these are the keys of this store: they signed its first block or its last, or open
/// the key of the site. One row that was tampered with doesn't keep `verify` from naming it.
fn keys_fit(connection: &mut Connection, keys: &Keys) -> Result<bool, Error> {
    let sql = "SELECT wrapped FROM unit_key WHERE unit = $1";
    for row in connection.query(sql, &[SITE_UNIT.into()])? {
        if row.blob(0).is_ok_and(|wrapped| keys.unwrap_unit_key(SITE_UNIT, wrapped).is_ok()) {
            return Ok(true);
        }
    }
    for order in ["ASC", "DESC"] {
        let sql =
            format!("SELECT block_hash, signature FROM audit_block ORDER BY block {order} LIMIT 1");
        for row in connection.query(&sql, &[])? {
            if let (Ok(hash), Ok(signature)) = (row.blob(0), row.blob(1))
                && keys.signature_holds(hash, signature)
            {
                return Ok(true);
            }
        }
    }
    Ok(connection.query("SELECT block FROM audit_block LIMIT 1", &[])?.is_empty())
}

/// Takes the data directory for this process, until the file is closed.
fn own(location: &Location) -> Result<Option<File>, Error> {
    let Location::Directory(folder) = location else { return Ok(None) };
    let file =
        File::options().create(true).truncate(false).write(true).open(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Err(Error::Owned(format!(
            "another Chartroom process is using {}; stop it, or run the command while `serve` \
             is up, which then does the work",
            folder.display()
        ))),
        Err(fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Connections that read, as many as needed up to a bound.
struct Readers {
    location: Location,
    free: Mutex<(Vec<Connection>, usize)>,
    returned: Condvar,
}

/// Reading connections open at once.
const READERS_MAX: usize = 16;

impl Readers {
    fn new(location: Location) -> Readers {
        Readers { location, free: Mutex::default(), returned: Condvar::new() }
    }

    fn take(&self) -> Result<Reader<'_>, Error> {
        let mut free = lock(&self.free);
        loop {
            if let Some(connection) = free.0.pop() {
                return Ok(Reader { readers: self, connection: Some(connection), whole: false });
            }
            if free.1 < READERS_MAX {
                free.1 += 1;
                drop(free);
                let mut reader = Reader { readers: self, connection: None, whole: false };
                reader.connection = Some(connect(&self.location, false)?);
                return Ok(reader);
            }
            free = self.returned.wait(free).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }
}

/// A reading connection while it is in use. One whose transaction was not ended, by a failure or
/// a panic, may be broken: it is closed, and the next reader opens a new one.
struct Reader<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
    whole: bool,
}

impl Reader<'_> {
    fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a reader has a connection until it is dropped")
    }

    fn give_back(mut self) {
        self.whole = true;
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut free = lock(&self.readers.free);
        match self.connection.take().filter(|_| self.whole) {
            Some(connection) => free.0.push(connection),
            None => free.1 -= 1,
        }
        drop(free);
        self.readers.returned.notify_one();
    }
}

impl View<'_> {
    /// The head of the chain in this view.
    pub fn head(&mut self) -> Result<crate::chain::Head, Error> {
        let sql = "SELECT next_id, block, block_hash FROM head WHERE one = 1";
        let row = self
            .query_one(sql, &[])?
            .ok_or_else(|| Error::Corrupt("the head of the chain is gone".into()))?;
        Ok(crate::chain::Head {
            next_id: row.integer(0)?,
            block: row.integer(1)?,
            block_hash: row.blob(2)?.to_vec(),
        })
    }

    /// A setting of the store.
    pub fn setting(&mut self, name: &str) -> Result<Option<String>, Error> {
        let row = self.row("setting", &[Value::from(name)])?;
        row.map(|row| row.text(1).map(str::to_owned)).transpose()
    }
}

impl Transaction<'_> {
    /// Sets a setting of the store.
    pub fn setting_put(&mut self, name: &str, value: &str) -> Result<(), Error> {
        if self.row("setting", &[Value::from(name)])?.is_some() {
            self.update("setting", &[Value::from(name)], &[("value", value.into())])?;
            return Ok(());
        }
        self.insert("setting", &[("name", name.into()), ("value", value.into())])
    }
}
