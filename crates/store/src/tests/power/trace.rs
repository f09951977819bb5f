//! What a child did to its files, read from the lines of `strace`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The calls to watch: all that change a file or a folder, and those that sync.
pub(super) const CALLS: &str = "--trace=openat,open,creat,close,lseek,dup,dup2,dup3,write,writev,\
    pwrite64,pwritev,ftruncate,truncate,fallocate,fsync,fdatasync,sync_file_range,rename,renameat,\
    renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,copy_file_range,sendfile";

/// One thing that happened, in the order in which it was done. Paths are below the store's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A file came to be under this name.
    Created(PathBuf),
    /// A folder came to be under this name.
    FolderMade(PathBuf),
    /// Bytes were written at an offset.
    Wrote(PathBuf, u64, Vec<u8>),
    /// A file was cut, or grew with zeros.
    Sized(PathBuf, u64),
    /// A file got another name in the same folder.
    Renamed(PathBuf, PathBuf),
    /// A name was taken away.
    Removed(PathBuf),
    /// A sync of a file or a folder began; the number is of the thread.
    SyncBegan(u32, PathBuf),
    /// The sync that this thread had begun returned.
    SyncEnded(u32),
    /// A line went to standard error.
    Said(String),
}

/// The events in the folder, and what was said on standard error.
pub(super) fn read(text: &str, folder: &Path) -> Vec<Event> {
    let mut reader =
        Reader { folder, begun: HashMap::new(), places: HashMap::new(), events: vec![] };
    for line in text.lines() {
        reader.line(line);
    }
    reader.events
}

struct Reader<'a> {
    folder: &'a Path,
    /// The first half of a call that another thread's line came between.
    begun: HashMap<u32, String>,
    /// Where the next plain write to an open file goes.
    places: HashMap<String, u64>,
    events: Vec<Event>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) {
        let (thread, rest) =
            line.trim_start().split_once(' ').expect("a line begins with a thread");
        let (thread, rest) = (thread.parse().expect("a thread is a number"), rest.trim_start());
        if let Some(first) = rest.strip_suffix("<unfinished ...>") {
            self.begin(thread, first);
            self.begun.insert(thread, first.trim_end().to_owned());
        } else if let Some(second) = rest.strip_prefix("<... ") {
            let (_, second) = second.split_once(" resumed>").expect("a call is resumed by name");
            let first = self.begun.remove(&thread).expect("a resumed call was begun");
            self.call(thread, &(first + second));
        } else if !rest.starts_with(['+', '-']) {
            self.begin(thread, rest);
            self.call(thread, rest);
        }
    }

    /// A sync covers what was written before it began.
    fn begin(&mut self, thread: u32, call: &str) {
        if let Some(arguments) = call.strip_prefix("fsync(").or(call.strip_prefix("fdatasync("))
            && let Some(path) = self.below(&path_of_descriptor(arguments))
        {
            self.events.push(Event::SyncBegan(thread, path));
        }
    }

    fn call(&mut self, thread: u32, call: &str) {
        let (name, rest) = call.split_once('(').expect("a call has arguments");
        let (arguments, result) = rest.rsplit_once(" = ").expect("a call has a result");
        let result = result.trim();
        if result.starts_with(['-', '?']) {
            return;
        }
        let arguments = arguments.trim_end().strip_suffix(')').expect("arguments are closed");
        let arguments: Vec<&str> = arguments.split(", ").collect();
        match name {
            "openat" | "open" | "creat" => self.open(name, &arguments, result),
            "write" => self.write(&arguments, result),
            "pwrite64" => {
                let Some(path) = self.below(&path_of_descriptor(arguments[0])) else { return };
                let bytes = unquoted(arguments[1]);
                assert_eq!(result.parse::<usize>().ok(), Some(bytes.len()), "a write is whole");
                let offset = arguments[3].parse().expect("an offset is a number");
                self.events.push(Event::Wrote(path, offset, bytes));
            }
            "fsync" | "fdatasync" => {
                if self.below(&path_of_descriptor(arguments[0])).is_some() {
                    self.events.push(Event::SyncEnded(thread));
                }
            }
            "ftruncate" => {
                let path = path_of_descriptor(arguments[0]);
                let size = arguments[1].parse().expect("a size is a number");
                self.push(&path, |path| Event::Sized(path, size));
            }
            "rename" => self.rename(&quoted_path(arguments[0]), &quoted_path(arguments[1])),
            "renameat" | "renameat2" => {
                self.rename(&quoted_path(arguments[1]), &quoted_path(arguments[3]));
            }
            "unlink" => self.push(&quoted_path(arguments[0]), Event::Removed),
            "unlinkat" => self.push(&quoted_path(arguments[1]), Event::Removed),
            "mkdir" => self.push(&quoted_path(arguments[0]), Event::FolderMade),
            "mkdirat" => self.push(&quoted_path(arguments[1]), Event::FolderMade),
            "close" => {
                self.places.remove(arguments[0]);
            }
            _ => self.must_be_elsewhere(name, &arguments),
        }
    }

    /// A call that this reader can't play again must not be made on the store's files.
    fn must_be_elsewhere(&self, name: &str, arguments: &[&str]) {
        for argument in arguments {
            let is_below = argument.contains('<')
                && self.below(&path_of_descriptor(argument)).is_some()
                || argument.starts_with('"') && self.below(&quoted_path(argument)).is_some();
            assert!(!is_below, "the trace has a call that can't be played again: {name}");
        }
    }

    fn open(&mut self, name: &str, arguments: &[&str], result: &str) {
        let path = path_of_descriptor(result);
        let flags =
            if name == "openat" { arguments[2] } else { arguments.get(1).copied().unwrap_or("") };
        let Some(path) = self.below(&path) else { return };
        assert!(!flags.contains("O_APPEND"), "the trace has a file that is appended to");
        self.places.insert(result.to_owned(), 0);
        if flags.contains("O_CREAT") {
            self.events.push(Event::Created(path.clone()));
        }
        if flags.contains("O_TRUNC") {
            self.events.push(Event::Sized(path, 0));
        }
    }

    fn write(&mut self, arguments: &[&str], result: &str) {
        let bytes = unquoted(arguments[1]);
        assert_eq!(result.parse::<usize>().ok(), Some(bytes.len()), "a write is whole");
        if arguments[0].starts_with("2<") {
            let said = String::from_utf8_lossy(&bytes).into_owned();
            self.events.push(Event::Said(said));
        } else if let Some(path) = self.below(&path_of_descriptor(arguments[0])) {
            let place = self.places.get_mut(arguments[0]).expect("the file was opened");
            let offset = *place;
            *place += bytes.len() as u64;
            self.events.push(Event::Wrote(path, offset, bytes));
        }
    }

    fn rename(&mut self, from: &Path, to: &Path) {
        if let (Some(from), Some(to)) = (self.below(from), self.below(to)) {
            assert_eq!(from.parent(), to.parent(), "a file is renamed inside its folder");
            self.events.push(Event::Renamed(from, to));
        }
    }

    fn push(&mut self, path: &Path, event: impl FnOnce(PathBuf) -> Event) {
        if let Some(path) = self.below(path) {
            self.events.push(event(path));
        }
    }

    /// The path inside the store's folder. The index of the log is shared memory: no disk has it.
    fn below(&self, path: &Path) -> Option<PathBuf> {
        let path = path.strip_prefix(self.folder).ok()?;
        (!path.to_string_lossy().ends_with("-shm")).then(|| path.to_owned())
    }
}

/// `5</tmp/a>`: the path of an open file, as text or in hexadecimal.
fn path_of_descriptor(argument: &str) -> PathBuf {
    let path = argument.split_once('<').and_then(|(_, rest)| rest.rsplit_once('>'));
    let path = path.map_or("", |(path, _)| path);
    String::from_utf8_lossy(&bytes_of(path)).into_owned().into()
}

fn quoted_path(argument: &str) -> PathBuf {
    String::from_utf8_lossy(&unquoted(argument)).into_owned().into()
}

fn unquoted(argument: &str) -> Vec<u8> {
    assert!(!argument.ends_with("..."), "the trace cut a text");
    bytes_of(argument.trim_matches('"'))
}

/// `\x61\x62` as bytes; a text without such marks as it is.
fn bytes_of(text: &str) -> Vec<u8> {
    if !text.starts_with("\\x") {
        return text.as_bytes().to_vec();
    }
    let two = |digits: &str| u8::from_str_radix(digits, 16).expect("two hexadecimal digits");
    text.split("\\x").skip(1).map(two).collect()
}

#[test]
fn lines_are_read() {
    let text = "\
7 openat(AT_FDCWD</>, \"\\x2f\\x73\\x2f\\x61\", O_CREAT|O_TRUNC, 0600) = 4<\\x2f\\x73\\x2f\\x61>
7 write(4<\\x2f\\x73\\x2f\\x61>, \"\\x68\\x69\", 2) = 2
7 fsync(4<\\x2f\\x73\\x2f\\x61> <unfinished ...>
8 write(2<\\x70>, \"\\x61\\x0a\", 2) = 2
7 <... fsync resumed>) = 0
7 rename(\"\\x2f\\x73\\x2f\\x61\", \"\\x2f\\x73\\x2f\\x62\") = 0
8 unlink(\"\\x2f\\x73\\x2f\\x63\") = -1 ENOENT (No such file or directory)
8 +++ exited with 0 +++
";
    let (a, b) = (PathBuf::from("a"), PathBuf::from("b"));
    let expected = [
        Event::Created(a.clone()),
        Event::Sized(a.clone(), 0),
        Event::Wrote(a.clone(), 0, b"hi".to_vec()),
        Event::SyncBegan(7, a.clone()),
        Event::Said("a\n".into()),
        Event::SyncEnded(7),
        Event::Renamed(a, b),
    ];
    assert_eq!(read(text, Path::new("/s")), expected);
}
