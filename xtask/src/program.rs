//! Finding programs on the machine.

use std::path::{Path, PathBuf};

/// A program on the search path.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Chromium, by the names that distributions give it.
pub fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find)
}

/// The folder with PostgreSQL's server programs: Debian's, newest first, else the search path's.
pub fn postgres_folder() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            folder.join("initdb").is_file().then_some((version, folder))
        })
        .collect();
    versions.sort();
    if let Some((_, folder)) = versions.pop() {
        return Some(folder);
    }
    find("initdb")?.parent().map(Path::to_path_buf)
}

/// Whether a font for page images is installed: a browser without one draws empty boxes.
pub fn has_fonts() -> bool {
    ["truetype", "opentype"].iter().any(|kind| {
        std::fs::read_dir(format!("/usr/share/fonts/{kind}"))
            .is_ok_and(|mut folders| folders.next().is_some())
    })
}

/// Whether this process is root, asked of `id` so that no unsafe call is needed.
pub fn is_root() -> bool {
    std::process::Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
