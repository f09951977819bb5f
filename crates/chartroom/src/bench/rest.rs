//! Memory of a server that does nothing: another process, since the one that measures still holds
//! what the filling left.

use super::machine::{memory_bytes_of, process_time_of};
use anyhow::{Context as _, Result};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Between two looks at whether the server still works.
const LOOK: Duration = Duration::from_millis(500);
/// Looks in a row that must find it at rest.
const LOOKS_AT_REST: usize = 4;
/// Looks at most.
const LOOKS_MAX: usize = 240;

/// Bytes that a server holds when it has just come up, and when the code sets' engines are built.
pub fn memory_at_rest(folder: &Path) -> Result<(u64, u64)> {
    let mut server = Command::new(std::env::current_exe()?)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.join("data"))
        .arg("--keys")
        .arg(folder.join("keys"))
        .stdout(Stdio::piped())
        .spawn()?;
    let measured = measure(&mut server);
    server.kill()?;
    server.wait()?;
    measured
}

fn measure(server: &mut Child) -> Result<(u64, u64)> {
    let process = server.id().to_string();
    let output = server.stdout.take().context("the output is piped")?;
    BufReader::new(output).lines().next().context("the server did not come up")??;
    let up = memory_bytes_of(&process);
    let (mut used, mut at_rest) = (process_time_of(&process), 0);
    for _ in 0..LOOKS_MAX {
        std::thread::sleep(LOOK);
        let now = process_time_of(&process);
        // Its background work takes a hundredth of a second now and then.
        at_rest = if now - used <= Duration::from_millis(10) { at_rest + 1 } else { 0 };
        used = now;
        if at_rest >= LOOKS_AT_REST {
            break;
        }
    }
    Ok((up, memory_bytes_of(&process)))
}
