//! A running server, for as long as a test needs it: a demonstration, or a store with an import.

use anyhow::{Context, Result, bail, ensure};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A running `chartroom`, stopped when dropped.
pub struct Server {
    child: Child,
    /// Address of its start page, without the last slash.
    pub address: String,
    /// Passwords by login.
    pub passwords: HashMap<String, String>,
    folder: TempDir,
}

fn chartroom() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chartroom"));
    command.env_remove("CHARTROOM_DATA").env_remove("CHARTROOM_KEYS").stderr(Stdio::null());
    command
}

/// What a command prints, when it ends well.
fn output(command: &mut Command) -> Result<String> {
    let done = command.stderr(Stdio::piped()).output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{command:?} ended with {}: {said}", done.status);
    Ok(String::from_utf8(done.stdout)?)
}

impl Server {
    /// A demonstration of so many patients on a free port.
    pub fn demonstration(patients: u32) -> Result<Server> {
        let folder = tempfile::tempdir()?;
        let mut command = chartroom();
        command.args(["demo", "--listen", "127.0.0.1:0", "--patients", &patients.to_string()]);
        command.arg("--data").arg(folder.path().join("demo"));
        Server::start(command, folder)
    }

    /// A new store into which these files are imported, served on a free port. Its one account
    /// is `administrator`, with a one-time password. Gives the last line of the import, too.
    pub fn of_import(folder: TempDir, paths: &[PathBuf]) -> Result<(Server, String)> {
        let data = folder.path().join("store");
        let made = output(chartroom().arg("init").arg("--data").arg(&data))?;
        let password = (made.lines().find_map(|line| line.strip_prefix("One-time password:")))
            .context("init prints the one-time password")?;
        let import = output(chartroom().arg("import").arg("--data").arg(&data).args(paths))?;
        let last = import.lines().last().context("import prints a line")?.to_owned();
        let mut command = chartroom();
        command.args(["serve", "--listen", "127.0.0.1:0"]).arg("--data").arg(&data);
        let mut server = Server::start(command, folder)?;
        server.passwords.insert("administrator".into(), password.trim().to_owned());
        Ok((server, last))
    }

    fn start(mut command: Command, folder: TempDir) -> Result<Server> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("can't start chartroom")?;
        let output = child.stdout.take().context("the output is piped")?;
        let mut server =
            Server { child, address: String::new(), passwords: HashMap::new(), folder };
        for line in BufReader::new(output).lines() {
            let line = line?;
            if let Some(address) = line.strip_prefix("Chartroom is up: ") {
                address.trim_end_matches('/').clone_into(&mut server.address);
                return Ok(server);
            }
            let mut words = line.split_whitespace();
            if let (Some(login), Some(password)) = (words.next(), words.next()) {
                server.passwords.insert(login.to_owned(), password.to_owned());
            }
        }
        bail!("{command:?} ended before it was up");
    }

    /// A temporary folder that lasts as long as the server.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
