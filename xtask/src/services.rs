//! What the tests need beside the toolchain: a private PostgreSQL and a browser driver.
//!
//! Both live in a temporary folder, listen on loopback only, and are gone afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::{interrupt, program};

mod packages;
mod postgres;
mod webdriver;

pub use packages::install_missing;

/// The beginning of the temporary folder's name; this process's number follows.
const FOLDER_PREFIX: &str = "chartroom-services-";

/// The running services. Dropping it stops them and removes their folder.
pub struct Services {
    postgres: postgres::Server,
    webdriver: webdriver::Driver,
    chromium: PathBuf,
    // Dropped last: the services write in it.
    _folder: Folder,
}

impl Services {
    /// Starts PostgreSQL and the browser driver.
    pub fn start() -> Result<Self> {
        clear_abandoned();
        let folder = Folder::new()?;
        let postgres = postgres::Server::start(&folder.0)?;
        let webdriver = webdriver::Driver::start(&folder.0)?;
        let chromium = program::chromium().context("no chromium is installed")?;
        Ok(Self { postgres, webdriver, chromium, _folder: folder })
    }

    /// The variables by which tests find the services.
    pub fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("CHARTROOM_TEST_POSTGRES", self.postgres.url()),
            ("CHARTROOM_TEST_WEBDRIVER", self.webdriver.url()),
            ("CHARTROOM_TEST_CHROMIUM", self.chromium.display().to_string()),
        ]
    }
}

/// `cargo xtask services -- COMMAND…`: runs a command with the services up.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let command = match arguments {
        [dashes, command @ ..] if dashes == "--" => command,
        other => other,
    };
    let [name, arguments @ ..] = command else {
        bail!("usage: cargo xtask services -- COMMAND…");
    };
    interrupt::listen()?;
    install_missing()?;
    let services = Services::start()?;
    for (name, value) in services.environment() {
        eprintln!("{name}={value}");
    }
    let mut child = Command::new(name)
        .args(arguments)
        .envs(services.environment())
        .spawn()
        .with_context(|| format!("can't run {name}"))?;
    let status = interrupt::wait(&mut child, false)?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}

/// The temporary folder of the services, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("{FOLDER_PREFIX}{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("can't make {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

/// Removes a folder. A browser that is just ending may still write: so it is tried a few times.
fn remove(folder: &Path) {
    for _ in 0..20 {
        if fs::remove_dir_all(folder).is_ok() || !folder.exists() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    eprintln!("could not remove {}", folder.display());
}

/// Stops and removes what a killed run left behind: its process number is no longer in use.
fn clear_abandoned() {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(number) = name.to_str().and_then(|name| name.strip_prefix(FOLDER_PREFIX)) else {
            continue;
        };
        if number.parse::<u32>().is_ok() && !Path::new("/proc").join(number).exists() {
            postgres::stop_abandoned(&entry.path());
            webdriver::stop_abandoned(&entry.path());
            remove(&entry.path());
        }
    }
}
