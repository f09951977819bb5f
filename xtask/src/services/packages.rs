//! Programs that the tests need, and the Debian packages that bring them.

use std::io::IsTerminal;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::program;

/// One package: what it is for, and how to see that it isn't needed.
struct Package {
    name: &'static str,
    reason: &'static str,
    found: fn() -> bool,
}

const PACKAGES: &[Package] = &[
    Package {
        name: "postgresql",
        reason: "every test of the store runs on PostgreSQL too",
        found: || program::postgres_folder().is_some(),
    },
    Package {
        name: "chromium",
        reason: "pages are tested in a real browser",
        found: || program::chromium().is_some(),
    },
    Package {
        name: "chromium-driver",
        reason: "drives that browser",
        found: || program::find("chromedriver").is_some(),
    },
    Package {
        name: "fonts-liberation",
        reason: "a browser without fonts draws empty boxes",
        found: program::has_fonts,
    },
    Package {
        name: "poppler-utils",
        reason: "a second reader looks for text in released PDF files",
        found: || program::find("pdftotext").is_some(),
    },
    Package {
        name: "qpdf",
        reason: "a second reader opens every stream of released PDF files",
        found: || program::find("qpdf").is_some(),
    },
    Package {
        name: "strace",
        reason: "a power failure is played again from what a process wrote and synced",
        found: || program::find("strace").is_some(),
    },
    Package {
        name: "tesseract-ocr",
        reason: "reads the text of scans",
        found: || program::find("tesseract").is_some(),
    },
];

/// Installs what is missing with apt-get, as root or by sudo; otherwise says what to do.
pub fn install_missing() -> Result<()> {
    let missing: Vec<&Package> = PACKAGES.iter().filter(|package| !(package.found)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("To be installed:");
    for package in &missing {
        println!("  {:<18} {}", package.name, package.reason);
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    let by_hand = format!(
        "Install them (on Debian: `apt-get install {}` as root), then run this again.",
        names.join(" ")
    );
    if program::find("apt-get").is_none() {
        bail!("This machine has no apt-get. {by_hand}");
    }
    let sudo = if program::is_root() {
        None
    } else if program::find("sudo").is_some() {
        Some(std::io::stdin().is_terminal())
    } else {
        bail!("You are not root and there is no sudo. {by_hand}");
    };
    // A list of packages that can't be refreshed may still do.
    if let Err(error) = apt_get(sudo, &["update", "-qq"]) {
        println!("{error}; going on with the packages that are known");
    }
    let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
    install.extend(&names);
    apt_get(sudo, &install).with_context(|| by_hand.clone())?;
    let absent: Vec<&str> =
        missing.iter().filter(|package| !(package.found)()).map(|package| package.name).collect();
    ensure!(absent.is_empty(), "installed, but still not found: {}", absent.join(", "));
    Ok(())
}

/// Runs apt-get. `sudo`: by sudo, and whether someone is there to type a password.
fn apt_get(sudo: Option<bool>, arguments: &[&str]) -> Result<()> {
    let mut command = match sudo {
        None => Command::new("apt-get"),
        Some(someone) => {
            let mut command = Command::new("sudo");
            if !someone {
                command.arg("-n");
            }
            command.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            command
        }
    };
    let status = command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").status()?;
    ensure!(status.success(), "apt-get {} failed", arguments[0]);
    Ok(())
}
