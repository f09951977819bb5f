//! Ctrl-C and termination: the running command is stopped, then everything that was started.

use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// How often a running command is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// How long an interrupted command has to end by itself.
const GRACE: Duration = Duration::from_secs(5);

/// From now on an interrupt ends the running command instead of this process.
pub fn listen() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst))
        .context("can't listen for interrupts")
}

/// Whether the run was interrupted.
pub fn happened() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Waits for a command; after an interrupt it has a few seconds to end, then it is killed.
///
/// `group` says that the command leads a process group of its own, which is then ended whole.
pub fn wait(child: &mut Child, group: bool) -> Result<ExitStatus> {
    let mut interrupted_at = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if happened() {
            let since = *interrupted_at.get_or_insert_with(|| {
                signal(child, "TERM", group);
                Instant::now()
            });
            if since.elapsed() > GRACE {
                end(child, group);
            }
        }
        sleep(GLANCE);
    }
}

/// Kills a command, with its process group when it leads one.
pub fn end(child: &mut Child, group: bool) {
    if group {
        signal(child, "KILL", group);
    }
    // It may have ended by itself: then there is nothing to kill.
    let _ = child.kill();
    let _ = child.wait();
}

/// Signals a process or its group. The shell's own `kill` is used: slim systems have no other.
fn signal(child: &Child, signal: &str, group: bool) {
    let target = if group { format!("-{}", child.id()) } else { child.id().to_string() };
    let _ = Command::new("sh").args(["-c", &format!("kill -{signal} {target}")]).status();
}
