//! `chartroom page`: the process in which files from outside are opened.
//!
//! The server starts it for one page, writes the file to it and reads the page from it. It limits
//! itself before it reads the first byte: memory, processor time, no file may be written. The
//! server ends it when it takes too long. So a hostile file costs a page, never the server.

use anyhow::{Context as _, Result, bail};
use app::pages_of::{PageFacts, PageImage, RenderPage, render};
use clap::Args;
use record::ContentHash;
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

/// Memory that the process may address, in bytes.
const MEMORY_BYTES_MAX: u64 = 2 << 30;
/// Processor time, in seconds.
const PROCESSOR_SECONDS_MAX: u64 = 20;
/// Time on the clock, after which the server ends the process.
const WAIT_SECONDS_MAX: u64 = 25;
/// The largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 256 << 20;
/// Bytes of pages that are kept in memory, so that turning back is quick.
const KEPT_BYTES_MAX: usize = 32 << 20;
/// Processes at once.
const PROCESSES_MAX: usize = 4;

/// Exit code when the file is at fault: its sentence stands on standard output.
pub(super) const FILE_AT_FAULT: u8 = 65;

const TOO_MUCH: &str = "This page could not be shown: reading it took more time or memory than \
    is allowed. The file may be damaged. Ask the sender for a new copy, or print and scan it.";

/// Options of `chartroom page`.
#[derive(Args)]
pub struct Arguments {
    /// Media type of the file.
    media_type: String,
    /// Number of the page, from 1.
    page: u32,
    /// Resolution in dots per inch.
    dpi: u32,
}

/// Runs the command: the file comes by standard input, and the page goes to standard output, as
/// the length of its facts in eight bytes, its facts as JSON, and its image as PNG.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    limit_this_process()?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    let mut out = std::io::stdout().lock();
    match render(&bytes, &arguments.media_type, arguments.page, arguments.dpi) {
        Ok(image) => {
            let facts = serde_json::to_vec(&image.facts)?;
            out.write_all(&(facts.len() as u64).to_be_bytes())?;
            out.write_all(&facts)?;
            out.write_all(&image.png)?;
            out.flush()?;
            Ok(ExitCode::SUCCESS)
        }
        Err(sentence) => {
            out.write_all(sentence.as_bytes())?;
            Ok(ExitCode::from(FILE_AT_FAULT))
        }
    }
}

#[cfg(unix)]
pub(super) fn limit_this_process() -> Result<()> {
    use rlimit::{Resource, setrlimit};
    setrlimit(Resource::AS, MEMORY_BYTES_MAX, MEMORY_BYTES_MAX).context("limit of memory")?;
    let seconds = PROCESSOR_SECONDS_MAX;
    setrlimit(Resource::CPU, seconds, seconds).context("limit of time")?;
    setrlimit(Resource::FSIZE, 0, 0).context("limit of files")?;
    setrlimit(Resource::CORE, 0, 0).context("limit of traces")?;
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn limit_this_process() -> Result<()> {
    Ok(())
}

/// The function by which the server renders pages: in a process of their own, the last ones kept.
///
/// # Errors
/// When the program does not know where it stands itself.
pub fn renderer() -> Result<RenderPage> {
    let program = std::env::current_exe().context("can't find the program's own file")?;
    let kept = Mutex::new(Kept::default());
    let turns = Turns::default();
    Ok(Arc::new(move |bytes, media_type, page, dpi| {
        let key = (ContentHash::of(bytes), page, dpi);
        let known = kept.lock().ok().and_then(|mut kept| kept.get(&key));
        if let Some(known) = known {
            return Ok(known);
        }
        let _turn = turns.take();
        let asked = ["page", media_type, &page.to_string(), &dpi.to_string()];
        let too_much = |error: anyhow::Error| {
            tracing::warn!(reason = %error, "a page was not rendered");
            TOO_MUCH.to_owned()
        };
        let answer = ask(&program, &asked, bytes).map_err(too_much)?;
        let image = read_answer(&answer?).map_err(too_much)?;
        if let Ok(mut kept) = kept.lock() {
            kept.put(key, image.clone());
        }
        Ok(image)
    }))
}

/// Starts the process, feeds it, and reads its answer, or the sentence of a bad file.
pub(super) fn ask(program: &Path, asked: &[&str], bytes: &[u8]) -> Result<Result<Vec<u8>, String>> {
    let mut child = start(program, asked)?;
    let mut input = child.stdin.take().context("no standard input")?;
    let mut output = child.stdout.take().context("no standard output")?;
    let (sender, receiver) = mpsc::channel();
    let answer = std::thread::scope(|scope| {
        // The child may stop reading early; what it answers is what counts.
        scope.spawn(move || input.write_all(bytes));
        scope.spawn(move || {
            let mut answer = Vec::new();
            let read = output.by_ref().take(ANSWER_BYTES_MAX).read_to_end(&mut answer);
            let _ = sender.send(read.map(|_| answer));
        });
        let answer = receiver.recv_timeout(Duration::from_secs(WAIT_SECONDS_MAX));
        if answer.is_err() {
            let _ = child.kill();
        }
        answer
    });
    let status = child.wait()?;
    let answer = answer.context("it took too long")??;
    match status.code() {
        Some(0) => Ok(Ok(answer)),
        Some(code) if code == i32::from(FILE_AT_FAULT) => {
            Ok(Err(String::from_utf8_lossy(&answer).into_owned()))
        }
        _ => bail!("the process ended with {status}"),
    }
}

/// Starts the process without this one's environment: it needs none.
fn start(program: &Path, asked: &[&str]) -> Result<Child> {
    Command::new(program)
        .args(asked)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("can't start the process that opens files")
}

fn read_answer(answer: &[u8]) -> Result<PageImage> {
    let (length, rest) = answer.split_first_chunk::<8>().context("the answer is cut")?;
    let length = usize::try_from(u64::from_be_bytes(*length))?;
    let facts = rest.get(..length).context("the answer is cut")?;
    let facts: PageFacts = serde_json::from_slice(facts)?;
    Ok(PageImage { facts, png: rest[length..].to_vec() })
}

type Key = (ContentHash, u32, u32);

/// The pages rendered last. Only in memory: no page of a record lies on a disk in the clear.
#[derive(Default)]
struct Kept {
    pages: VecDeque<(Key, PageImage)>,
    bytes: usize,
}

impl Kept {
    fn get(&mut self, key: &Key) -> Option<PageImage> {
        let at = self.pages.iter().position(|(known, _)| known == key)?;
        let entry = self.pages.remove(at)?;
        let image = entry.1.clone();
        self.pages.push_back(entry);
        Some(image)
    }

    fn put(&mut self, key: Key, image: PageImage) {
        self.bytes += image.png.len();
        self.pages.push_back((key, image));
        while self.bytes > KEPT_BYTES_MAX {
            let Some((_, old)) = self.pages.pop_front() else { break };
            self.bytes -= old.png.len();
        }
    }
}

/// So many processes at once; the others wait for their turn.
struct Turns {
    free: Mutex<usize>,
    freed: std::sync::Condvar,
}

impl Default for Turns {
    fn default() -> Turns {
        Turns { free: Mutex::new(PROCESSES_MAX), freed: std::sync::Condvar::new() }
    }
}

impl Turns {
    fn take(&self) -> Turn<'_> {
        let mut free = self.free.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        while *free == 0 {
            free = self.freed.wait(free).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        *free -= 1;
        Turn(self)
    }
}

struct Turn<'a>(&'a Turns);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut free = self.0.free.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *free += 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_cut_short_is_refused() {
        for answer in [&b""[..], b"1234567", b"\0\0\0\0\0\0\0\x09{}"] {
            assert!(read_answer(answer).is_err());
        }
    }

    #[test]
    fn pages_kept_stay_within_their_bytes() {
        let mut kept = Kept::default();
        for page in 0..40u32 {
            let facts = PageFacts { width: 1, height: 1, pages: 40, words: Vec::new() };
            let key = (ContentHash::of(b"a file"), page, 110);
            kept.put(key, PageImage { facts, png: vec![0; 1 << 20] });
        }
        assert!(kept.bytes <= KEPT_BYTES_MAX && kept.pages.len() == 32);
        assert!(kept.get(&(ContentHash::of(b"a file"), 39, 110)).is_some());
        assert!(kept.get(&(ContentHash::of(b"a file"), 0, 110)).is_none());
    }
}
