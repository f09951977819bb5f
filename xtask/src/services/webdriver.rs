//! ChromeDriver on a port of its own choice.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{interrupt, program};

const START_SECONDS_MAX: u64 = 30;
const STOP_SECONDS_MAX: u64 = 5;

/// A running driver. Dropping it ends its browsers and itself.
pub struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    /// Starts the driver; browsers keep their profiles in the folder.
    pub fn start(folder: &Path) -> Result<Self> {
        let program = program::find("chromedriver").context("no chromedriver is installed")?;
        let profiles = folder.join("browser");
        fs::create_dir(&profiles)?;
        let log = folder.join("chromedriver.log");
        let output = File::create(&log)?;
        let mut child = Command::new(program)
            .arg("--port=0")
            .env("TMPDIR", &profiles)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            // Ctrl-C must not reach it before the tests have ended.
            .process_group(0)
            .spawn()
            .context("can't run chromedriver")?;
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(START_SECONDS_MAX) {
            if let Some(port) = port_in(&fs::read_to_string(&log)?) {
                return Ok(Self { child, port });
            }
            if child.try_wait()?.is_some() || interrupt::happened() {
                break;
            }
            sleep(Duration::from_millis(20));
        }
        interrupt::end(&mut child, true);
        bail!("chromedriver did not start:\n{}", fs::read_to_string(log)?);
    }

    /// Where WebDriver clients connect.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        shut_down(self.port);
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(STOP_SECONDS_MAX) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            sleep(Duration::from_millis(20));
        }
        interrupt::end(&mut self.child, true);
    }
}

/// Ends the driver that a killed run left behind.
pub fn stop_abandoned(folder: &Path) {
    let log = fs::read_to_string(folder.join("chromedriver.log")).unwrap_or_default();
    if let Some(port) = port_in(&log) {
        shut_down(port);
    }
}

/// Asks a driver to end its browsers and itself.
fn shut_down(port: u16) {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return };
    let asked = stream
        .set_read_timeout(Some(Duration::from_secs(STOP_SECONDS_MAX)))
        .and_then(|()| stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    if asked.is_ok() {
        let _ = stream.read(&mut [0; 64]);
    }
}

/// The port in the driver's first words: `… was started successfully on port 40123.`
fn port_in(log: &str) -> Option<u16> {
    let (_, after) = log.split_once("started successfully on port ")?;
    let digits = after.split(|letter: char| !letter.is_ascii_digit()).next()?;
    // The number is whole only when something follows it.
    (digits.len() < after.len()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_once_it_is_whole() {
        assert_eq!(port_in("Starting ChromeDriver 1\n"), None);
        assert_eq!(port_in("ChromeDriver was started successfully on port 401"), None);
        assert_eq!(port_in("ChromeDriver was started successfully on port 40123.\n"), Some(40123));
    }
}
