//! Where the data and the keys are, as said on the command line, and what time it is.

use anyhow::{Context as _, Result, bail};
use clap::Args;
use record::{Context, Instant};
use std::path::PathBuf;
use store::{Location, Store};

/// The options by which a command finds the store.
#[derive(Args, Clone)]
pub struct Site {
    /// Data directory, or a postgres:// address. An address with a password belongs into the
    /// environment, where other people of this machine can't see it.
    #[arg(long, env = "CHARTROOM_DATA", hide_env_values = true)]
    pub data: String,
    /// Folder of the keys; DIR with `.keys` appended unless given. Keep it apart from the data.
    #[arg(long, env = "CHARTROOM_KEYS")]
    pub keys: Option<PathBuf>,
}

impl Site {
    /// Where the data is.
    pub fn location(&self) -> Location {
        Location::parse(&self.data)
    }

    /// Where the keys are.
    ///
    /// # Errors
    /// For a PostgreSQL database the folder must be given: nothing on disk suggests one.
    pub fn keys(&self) -> Result<PathBuf> {
        if let Some(keys) = &self.keys {
            return Ok(keys.clone());
        }
        match self.location() {
            Location::Directory(folder) => {
                let mut name = folder.components().as_path().as_os_str().to_owned();
                name.push(".keys");
                Ok(PathBuf::from(name))
            }
            Location::Postgres(_) => {
                let home = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(|| {
                    std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"))
                });
                let Some(home) = home else {
                    bail!("name the folder of the keys with --keys");
                };
                // Another password is not another store.
                let mark = record::ContentHash::of(self.data_shown().as_bytes()).to_hex();
                Ok(home.join("chartroom").join(format!("{}.keys", &mark[..16])))
            }
        }
    }

    /// Opens the store.
    pub fn open(&self) -> Result<Store> {
        match Store::open(&self.location(), &self.keys()?) {
            Err(store::Error::NotFound) => bail!(
                "there is no store at {}. Make one with: chartroom init --data {}",
                self.data_shown(),
                self.data_shown()
            ),
            other => other.context("can't open the store"),
        }
    }

    /// The location without a password.
    pub fn data_shown(&self) -> String {
        self.location().shown()
    }
}

/// What time it is.
pub fn now() -> Instant {
    Instant::from_timestamp(jiff::Timestamp::now())
}

/// The context of a command.
pub fn context(command: &str) -> Context {
    let mut context = Context::system(command, now());
    let mark = store::keys::random::<8>().map(|bytes| record::hash::hex(&bytes));
    context.request_id = mark.unwrap_or_default();
    context
}

/// Whether this store holds a demonstration.
pub fn is_demonstration(store: &Store) -> Result<bool> {
    let context = context("open");
    let mark = store.look(&context, |view| view.setting("store.demonstration"))?;
    Ok(mark.is_some())
}
