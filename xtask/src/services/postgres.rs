//! A private PostgreSQL cluster on a free loopback port.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::program;

/// A certificate that vouches for itself, for `localhost`, and its key. For these tests only.
const CERTIFICATE: &str = include_str!("../../../crates/store/tests/tls/server.crt");
const CERTIFICATE_KEY: &str = include_str!("../../../crates/store/tests/tls/server.key");

/// Settings for a cluster that lives for minutes: no durability, many connections.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
    "max_parallel_workers_per_gather=0",
    "max_wal_size=4GB",
    // Over TLS for those who ask for it.
    "ssl=on",
];

/// Another process may take a free port before PostgreSQL does: so several are tried.
const TRIES_MAX: usize = 3;

/// A running cluster. Dropping it stops it.
pub struct Server {
    cluster: PathBuf,
    port: u16,
    password: String,
    owner: Option<(u32, u32)>,
}

impl Server {
    /// Makes a cluster in the folder and starts it.
    pub fn start(folder: &Path) -> Result<Self> {
        let cluster = folder.join("postgres");
        fs::create_dir(&cluster)?;
        fs::set_permissions(&cluster, fs::Permissions::from_mode(0o700))?;
        let password_file = cluster.join("password");
        let password = password()?;
        fs::write(&password_file, &password)?;
        // initdb refuses to run as root.
        let owner = if program::is_root() { Some(postgres_user()?) } else { None };
        if let Some((user, group)) = owner {
            chown(&cluster, Some(user), Some(group))?;
            chown(&password_file, Some(user), Some(group))?;
        }
        let data = cluster.join("data");
        let initdb = command(owner, "initdb")?
            .args(["--username=chartroom", "--auth=scram-sha-256", "--encoding=UTF8"])
            .args(["--locale=C.UTF-8", "--no-sync"])
            .arg(format!("--pwfile={}", password_file.display()))
            .arg(format!("--pgdata={}", data.display()))
            .current_dir(&cluster)
            .output()
            .context("can't run initdb")?;
        ensure!(initdb.status.success(), "initdb: {}", String::from_utf8_lossy(&initdb.stderr));
        certify(&data, owner)?;
        let mut server = Self { cluster, port: 0, password, owner };
        server.start_on_a_free_port()?;
        Ok(server)
    }

    fn start_on_a_free_port(&mut self) -> Result<()> {
        let log = self.cluster.join("log");
        for _ in 0..TRIES_MAX {
            self.port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            let mut options = format!("-p {}", self.port);
            for setting in SETTINGS {
                options.push_str(&format!(" -c {setting}"));
            }
            let status = pg_ctl(self.owner, &self.cluster)?
                .args(["start", "--wait", "--silent"])
                .arg(format!("--log={}", log.display()))
                .arg(format!("--options={options}"))
                .status()
                .context("can't run pg_ctl")?;
            if status.success() {
                return Ok(());
            }
        }
        bail!("PostgreSQL did not start:\n{}", fs::read_to_string(log).unwrap_or_default());
    }

    /// Where the tests connect; each makes a database of its own.
    pub fn url(&self) -> String {
        format!("postgres://chartroom:{}@127.0.0.1:{}/postgres", self.password, self.port)
    }
}

/// Gives the cluster its certificate. PostgreSQL wants a key that only its owner can read.
fn certify(data: &Path, owner: Option<(u32, u32)>) -> Result<()> {
    for (name, text) in [("server.crt", CERTIFICATE), ("server.key", CERTIFICATE_KEY)] {
        let file = data.join(name);
        fs::write(&file, text)?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
        if let Some((user, group)) = owner {
            chown(&file, Some(user), Some(group))?;
        }
    }
    Ok(())
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(self.owner, &self.cluster);
    }
}

/// Stops the cluster that a killed run left in a folder.
pub fn stop_abandoned(folder: &Path) {
    let cluster = folder.join("postgres");
    if cluster.join("data/postmaster.pid").exists() {
        let owner = if program::is_root() { postgres_user().ok() } else { None };
        stop(owner, &cluster);
    }
}

fn stop(owner: Option<(u32, u32)>, cluster: &Path) {
    let stopped = pg_ctl(owner, cluster)
        .and_then(|mut command| {
            Ok(command.args(["stop", "--mode=immediate", "--silent"]).status()?)
        })
        .is_ok_and(|status| status.success());
    if !stopped {
        eprintln!("could not stop PostgreSQL in {}", cluster.display());
    }
}

fn pg_ctl(owner: Option<(u32, u32)>, cluster: &Path) -> Result<Command> {
    let mut command = command(owner, "pg_ctl")?;
    command.arg(format!("--pgdata={}", cluster.join("data").display())).current_dir(cluster);
    Ok(command)
}

/// One of PostgreSQL's programs, run as the given user and group.
fn command(owner: Option<(u32, u32)>, name: &str) -> Result<Command> {
    let folder = program::postgres_folder().context("PostgreSQL's initdb is not installed")?;
    let mut command = Command::new(folder.join(name));
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    // What the caller's own PostgreSQL is told must not reach this one.
    for variable in ["PGDATA", "PGPORT", "PGHOST", "PGUSER", "PGPASSWORD", "PGOPTIONS"] {
        command.env_remove(variable);
    }
    Ok(command)
}

/// The user and group numbers of `postgres`, whom Debian's package makes.
fn postgres_user() -> Result<(u32, u32)> {
    let people = fs::read_to_string("/etc/passwd")?;
    user_numbers(&people, "postgres").context(
        "PostgreSQL can't be run by root, and there is no user `postgres` to run it: \
         make one with `adduser --system --group postgres`",
    )
}

/// A user's numbers in the text of `/etc/passwd`.
fn user_numbers(people: &str, name: &str) -> Option<(u32, u32)> {
    people.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(name)).then_some(())?;
        Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

/// A random password, so that no other user of the machine can connect.
fn password() -> Result<String> {
    use ring::rand::SecureRandom;
    let mut bytes = [0; 16];
    ring::rand::SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| anyhow::anyhow!("the system gives no random bytes"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_numbers_are_read_by_whole_name() {
        let people = "root:x:0:0:root:/root:/bin/sh\npostgres2:x:7:8::/:\npostgres:x:101:104:a:/:";
        assert_eq!(user_numbers(people, "postgres"), Some((101, 104)));
        assert_eq!(user_numbers(people, "nobody"), None);
    }
}
