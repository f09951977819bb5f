//! A disk that forgets what was not synced: files and names, each with what is certain and what
//! is not yet.
//!
//! Stricter than common file systems: a synced file without a synced folder has no name.

use super::trace::Event;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Sectors are written whole or not at all.
const SECTOR_BYTES: usize = 512;

/// What becomes of the changes that no sync covers.
pub(super) enum Loss {
    /// Nothing of them reached the disk.
    Everything,
    /// Some did, in any order, some in part; drawn from a number.
    Drawn(u64),
}

impl Loss {
    pub(super) fn drawn_from(seed: u64) -> Loss {
        Loss::Drawn(seed)
    }

    /// A number below `end`: 0 where everything is lost.
    fn draw(&mut self, end: usize) -> usize {
        match self {
            Loss::Everything => 0,
            Loss::Drawn(state) => {
                *state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (*state >> 33) as usize % end
            }
        }
    }
}

#[derive(Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Size(u64),
}

/// A file's bytes on the disk, and the changes that wait.
#[derive(Clone, Default)]
struct File {
    bytes: Vec<u8>,
    waiting: Vec<Change>,
}

#[derive(Clone)]
enum NameChange {
    Put(PathBuf, usize),
    Move(PathBuf, PathBuf),
    Remove(PathBuf),
}

/// The names of a folder on the disk, and the changes that wait. A folder is a name without bytes.
#[derive(Clone, Default)]
pub(super) struct Disk {
    files: Vec<File>,
    /// Names as the process sees them.
    seen: BTreeMap<PathBuf, usize>,
    /// Names that the disk holds.
    certain: BTreeMap<PathBuf, usize>,
    waiting: Vec<NameChange>,
    folders: Vec<PathBuf>,
    /// The syncs that have begun: what they cover.
    syncs: BTreeMap<u32, Sync>,
}

#[derive(Clone)]
struct Sync {
    path: PathBuf,
    changes: usize,
}

impl Disk {
    /// A folder as it lies on the disk, synced.
    pub(super) fn of(folder: &Path) -> Disk {
        let mut disk = Disk::default();
        disk.take(folder, Path::new(""));
        disk.certain = disk.seen.clone();
        disk
    }

    fn take(&mut self, root: &Path, below: &Path) {
        for entry in fs::read_dir(root.join(below)).unwrap() {
            let entry = entry.unwrap();
            let path = below.join(entry.file_name());
            let id = self.files.len();
            self.files.push(File::default());
            if entry.file_type().unwrap().is_dir() {
                self.folders.push(path.clone());
                self.take(root, &path);
            } else {
                self.files[id].bytes = fs::read(entry.path()).unwrap();
            }
            self.seen.insert(path, id);
        }
    }

    /// Does what the process did.
    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::Created(path) if self.seen.contains_key(path) => {}
            Event::Created(path) => self.put(path),
            Event::FolderMade(path) => {
                self.folders.push(path.clone());
                self.put(path);
            }
            Event::Wrote(path, offset, bytes) => {
                self.file(path).waiting.push(Change::Write(*offset, bytes.clone()));
            }
            Event::Sized(path, size) => self.file(path).waiting.push(Change::Size(*size)),
            Event::Renamed(from, to) => {
                let id = self.seen.remove(from).expect("a renamed file has a name");
                self.seen.insert(to.clone(), id);
                self.waiting.push(NameChange::Move(from.clone(), to.clone()));
            }
            Event::Removed(path) => {
                self.seen.remove(path);
                self.waiting.push(NameChange::Remove(path.clone()));
            }
            Event::SyncBegan(thread, path) => {
                let folder = self.folders.contains(path) || path.as_os_str().is_empty();
                let changes =
                    if folder { self.waiting.len() } else { self.file(path).waiting.len() };
                self.syncs.insert(*thread, Sync { path: path.clone(), changes });
            }
            Event::SyncEnded(thread) => {
                let sync = self.syncs.remove(thread).expect("a sync began before it ended");
                self.sync(&sync);
            }
            Event::Said(_) => {}
        }
    }

    fn put(&mut self, path: &Path) {
        self.files.push(File::default());
        let id = self.files.len() - 1;
        self.seen.insert(path.to_owned(), id);
        self.waiting.push(NameChange::Put(path.to_owned(), id));
    }

    fn file(&mut self, path: &Path) -> &mut File {
        let id = self.seen.get(path).unwrap_or_else(|| panic!("no file {}", path.display()));
        &mut self.files[*id]
    }

    fn sync(&mut self, sync: &Sync) {
        if self.folders.contains(&sync.path) || sync.path.as_os_str().is_empty() {
            let (covered, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting)
                .into_iter()
                .enumerate()
                .partition(|(n, change)| *n < sync.changes && folder_of(change) == sync.path);
            self.waiting = later.into_iter().map(|(_, change)| change).collect();
            for (_, change) in covered {
                name_change(&mut self.certain, &change);
            }
        } else {
            let file = self.file(&sync.path);
            let count = sync.changes.min(file.waiting.len());
            let covered: Vec<Change> = file.waiting.drain(..count).collect();
            for change in &covered {
                change_bytes(&mut file.bytes, change);
            }
        }
    }

    /// What is found when the power is back.
    pub(super) fn after_power_failure(mut self, loss: &mut Loss) -> Disk {
        // A journal of names keeps their order: some first part of it reached the disk.
        let reached = loss.draw(self.waiting.len() + 1);
        for change in self.waiting.drain(..).take(reached) {
            name_change(&mut self.certain, &change);
        }
        for file in &mut self.files {
            for change in std::mem::take(&mut file.waiting) {
                match (loss.draw(3), change) {
                    (0, _) => {}
                    (1, Change::Write(offset, bytes)) => {
                        let sectors = loss.draw(bytes.len() / SECTOR_BYTES + 1);
                        let part = bytes[..sectors * SECTOR_BYTES].to_vec();
                        change_bytes(&mut file.bytes, &Change::Write(offset, part));
                    }
                    (_, change) => change_bytes(&mut file.bytes, &change),
                }
            }
        }
        self
    }

    /// Lays the files whose names are certain into a folder.
    pub(super) fn write_to(&self, folder: &Path) {
        for (path, id) in &self.certain {
            let to = folder.join(path);
            if self.folders.contains(path) {
                fs::create_dir_all(to).unwrap();
            } else if to.parent().is_some_and(Path::exists) {
                fs::write(to, &self.files[*id].bytes).unwrap();
            }
        }
    }
}

fn folder_of(change: &NameChange) -> &Path {
    let (NameChange::Put(path, _) | NameChange::Move(path, _) | NameChange::Remove(path)) = change;
    path.parent().expect("a name is in a folder")
}

fn name_change(names: &mut BTreeMap<PathBuf, usize>, change: &NameChange) {
    match change {
        NameChange::Put(path, id) => {
            names.insert(path.clone(), *id);
        }
        NameChange::Move(from, to) => {
            if let Some(id) = names.remove(from) {
                names.insert(to.clone(), id);
            }
        }
        NameChange::Remove(path) => {
            names.remove(path);
        }
    }
}

fn change_bytes(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Size(size) => bytes.resize(*size as usize, 0),
        Change::Write(offset, written) => {
            let (start, end) = (*offset as usize, *offset as usize + written.len());
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[start..end].copy_from_slice(written);
        }
    }
}

#[test]
fn what_was_not_synced_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("kept"), "old").unwrap();
    let path = |name: &str| PathBuf::from(name);
    let said = [
        Event::Wrote(path("kept"), 0, b"new".to_vec()),
        Event::Created(path("named")),
        Event::Wrote(path("named"), 0, b"one".to_vec()),
        Event::SyncBegan(1, path("named")),
        Event::Wrote(path("named"), 0, b"two".to_vec()),
        Event::SyncEnded(1),
        Event::SyncBegan(1, path("")),
        Event::Created(path("unnamed")),
        Event::SyncEnded(1),
        Event::Wrote(path("unnamed"), 0, b"one".to_vec()),
        Event::SyncBegan(1, path("unnamed")),
        Event::SyncEnded(1),
    ];
    let mut disk = Disk::of(folder.path());
    said.iter().for_each(|event| disk.apply(event));
    let left = tempfile::tempdir().unwrap();
    disk.after_power_failure(&mut Loss::Everything).write_to(left.path());
    let content = |name: &str| fs::read_to_string(left.path().join(name)).ok();
    assert_eq!(content("kept").as_deref(), Some("old"));
    assert_eq!(content("named").as_deref(), Some("one"));
    assert_eq!(content("unnamed"), None);
}
