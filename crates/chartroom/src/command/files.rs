//! The files below the paths of an import, whatever stands there.
//!
//! Nothing in a folder stops an import: what is no ordinary file, or can't be read, becomes a
//! finding with its reason. A folder that is reached twice is read once.

use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// The largest file that is taken, in bytes: it is held in memory while it is read.
const FILE_BYTES_MAX: u64 = 4 << 30;

/// A file, or what stands in its place.
pub struct Found {
    /// Where it stands.
    pub path: PathBuf,
    /// Why it can't be read, where that is known already.
    refused: Option<String>,
}

impl Found {
    /// Its content.
    ///
    /// # Errors
    /// With the reason, for a finding.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        if let Some(reason) = &self.refused {
            return Err(io::Error::other(reason.clone()));
        }
        let file = File::open(&self.path)?;
        let size = file.metadata()?.len();
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(usize::try_from(size).unwrap_or(usize::MAX))?;
        file.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The files below some paths, in the order of their names.
#[derive(Default)]
pub struct Files {
    /// What was found.
    pub found: Vec<Found>,
    /// Bytes of all that can be read.
    pub bytes: u64,
    /// Folders that were entered, by device and number.
    entered: HashSet<(u64, u64)>,
    /// The path that was named, without links: those below it lead nowhere else.
    root: PathBuf,
}

impl Files {
    /// Adds what stands at a path and below it. Hidden files of a folder are left out.
    pub fn collect(&mut self, path: &Path) {
        self.root = fs::canonicalize(path).unwrap_or_default();
        self.take(path);
    }

    fn take(&mut self, path: &Path) {
        match fs::metadata(path) {
            Err(error) => self.refuse(path, plain(&error)),
            Ok(metadata) if metadata.is_dir() => self.enter(path, &metadata),
            Ok(metadata) => match reason_against(&metadata) {
                Some(reason) => self.refuse(path, reason),
                None => {
                    self.bytes += metadata.len();
                    self.found.push(Found { path: path.to_owned(), refused: None });
                }
            },
        }
    }

    fn enter(&mut self, folder: &Path, metadata: &Metadata) {
        if !self.entered.insert((metadata.dev(), metadata.ino())) {
            return;
        }
        let names = fs::read_dir(folder)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>());
        let mut names: Vec<PathBuf> = match names {
            Ok(names) => names,
            Err(error) => return self.refuse(folder, plain(&error)),
        };
        names.sort();
        for path in names {
            let is_hidden =
                path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
            match () {
                () if is_hidden => {}
                () if self.leads_out(&path) => self.refuse(&path, LEADS_OUT),
                () => self.take(&path),
            }
        }
    }

    /// Whether a link leads out of what was named: whoever may put files into a folder must not
    /// choose what else this process reads.
    fn leads_out(&self, path: &Path) -> bool {
        path.is_symlink() && fs::canonicalize(path).is_ok_and(|to| !to.starts_with(&self.root))
    }

    fn refuse(&mut self, path: &Path, reason: impl Into<String>) {
        self.found.push(Found { path: path.to_owned(), refused: Some(reason.into()) });
    }
}

const LEADS_OUT: &str = "it is a link that leads out of the folder; name its target by itself";

/// Why what stands there isn't read at all.
fn reason_against(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    match () {
        () if kind.is_fifo() => Some("it is a pipe; write its content into a file first"),
        () if kind.is_socket() => Some("it is a socket"),
        () if kind.is_char_device() || kind.is_block_device() => Some("it is a device"),
        () if metadata.len() > FILE_BYTES_MAX => Some("it is larger than 4 GB; split it"),
        () => None,
    }
}

fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is a link to nothing".to_owned(),
        _ => error.to_string(),
    }
}

/// Whether a letter would turn or hide what stands beside it (Unicode, bidirectional controls and
/// letters without width).
fn is_hiding(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A path as it may be shown on one line: marks that would break it are written as escapes.
pub fn name_of(path: &Path) -> String {
    let mut shown = String::new();
    for letter in path.display().to_string().chars() {
        match letter.is_control() || is_hiding(letter) {
            true => shown.extend(letter.escape_default()),
            false => shown.push(letter),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    /// Each file found: its name, and its content or the reason.
    fn found(folder: &Path) -> Vec<(String, String)> {
        let mut files = Files::default();
        files.collect(folder);
        let read = |file: &Found| match file.read() {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => error.to_string(),
        };
        let name = |file: &Found| name_of(file.path.strip_prefix(folder).expect("below"));
        files.found.iter().map(|file| (name(file), read(file))).collect()
    }

    #[test]
    fn what_is_named_itself_may_be_a_link_and_no_name_turns_the_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "text").expect("a file");
        symlink(&file, &link).expect("a link");
        assert_eq!(found(&link).len(), 1);
        assert_eq!(name_of(Path::new("a\u{202e}fdp.\u{1b}[31m")), r"a\u{202e}fdp.\u{1b}[31m");
    }

    #[test]
    fn nothing_in_a_folder_stops_an_import() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &[u8]| folder.path().join(OsStr::from_bytes(name));
        fs::create_dir_all(at(b"sub/deeper")).expect("folders");
        for name in [&b"a"[..], b"n\new", b"w\xffrong", b"sub/deeper/in", b".hidden"] {
            fs::write(at(name), "text").expect("a file");
        }
        symlink("/nowhere/at/all", at(b"dangling")).expect("a link");
        symlink("loop", at(b"loop")).expect("a link");
        symlink("/dev/zero", at(b"device")).expect("a link");
        symlink("a", at(b"link")).expect("a link");
        let elsewhere = tempfile::NamedTempFile::new().expect("a file elsewhere");
        symlink(elsewhere.path(), at(b"out")).expect("a link");
        symlink("../..", at(b"sub/deeper/up")).expect("a link");
        symlink(".", at(b"sub/self")).expect("a link");
        let _socket = UnixListener::bind(at(b"socket")).expect("a socket");
        let large = File::create(at(b"large")).expect("a file");
        large.set_len(FILE_BYTES_MAX + 1).expect("a hole");
        let found = found(folder.path());
        let reason = |name: &str| {
            let one = found.iter().find(|(known, _)| known == name);
            one.unwrap_or_else(|| panic!("{name} is not among {found:?}")).1.clone()
        };
        for name in ["a", "link", r"n\new", "w\u{FFFD}rong", "sub/deeper/in"] {
            assert_eq!(reason(name), "text", "{name}");
        }
        assert_eq!(reason("dangling"), "it is a link to nothing");
        assert!(reason("loop").contains("symbolic links"), "{}", reason("loop"));
        assert_eq!(reason("device"), LEADS_OUT);
        assert_eq!(reason("out"), LEADS_OUT);
        assert_eq!(reason("socket"), "it is a socket");
        assert_eq!(reason("large"), "it is larger than 4 GB; split it");
        assert_eq!(found.len(), 11, "each once, hidden ones left out: {found:?}");
    }
}
