//! A demonstration that serves, for as long as a test needs it.

use anyhow::{Context, Result, bail};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A running `chartroom demo`, stopped when dropped.
pub struct Server {
    child: Child,
    /// Address of its start page, without the last slash.
    pub address: String,
    /// Passwords by login.
    pub passwords: HashMap<String, String>,
    _folder: TempDir,
}

impl Server {
    /// Starts a demonstration of so many patients on a free port.
    pub fn start(patients: u32) -> Result<Server> {
        let folder = tempfile::tempdir()?;
        let mut child = Command::new(env!("CARGO_BIN_EXE_chartroom"))
            .args(["demo", "--listen", "127.0.0.1:0", "--patients", &patients.to_string()])
            .arg("--data")
            .arg(folder.path().join("demo"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("can't start the demonstration")?;
        let output = child.stdout.take().context("the output is piped")?;
        let mut passwords = HashMap::new();
        for line in BufReader::new(output).lines() {
            let line = line?;
            if let Some(address) = line.strip_prefix("Chartroom is up: ") {
                let address = address.trim_end_matches('/').to_owned();
                return Ok(Server { child, address, passwords, _folder: folder });
            }
            let mut words = line.split_whitespace();
            if let (Some(login), Some(password)) = (words.next(), words.next()) {
                passwords.insert(login.to_owned(), password.to_owned());
            }
        }
        bail!("the demonstration ended before it was up");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
