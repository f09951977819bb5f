//! The repository's text files.

use std::fs;
use std::path::Path;

use anyhow::Result;

/// One text file.
pub struct File {
    /// Its path from the repository's root, with `/`.
    pub path: String,
    /// Its content.
    pub text: String,
}

impl File {
    /// Whether the path ends so.
    pub fn is(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    /// The crate's folder name for a file under `crates/`.
    pub fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }
}

/// Folders that hold what others wrote or what is built.
const LEFT_OUT: &[&str] = &["target", ".git", "vendor", "node_modules"];

/// Kinds of text that rules speak of.
const ENDINGS: &[&str] = &[".rs", ".md", ".toml", ".sql", ".js", ".css"];

/// Reads every text file of ours, in order of path.
pub fn read(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    read_folder(root, "", &mut files)?;
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        if kind.is_dir() && !LEFT_OUT.contains(&name.as_str()) {
            read_folder(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else if kind.is_file() && ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            let text = String::from_utf8_lossy(&fs::read(entry.path())?).into_owned();
            files.push(File { path: format!("{prefix}{name}"), text });
        }
    }
    Ok(())
}
