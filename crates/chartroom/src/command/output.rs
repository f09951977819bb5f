//! Where a command writes: the terminal, or the socket of who asked.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, PoisonError};

/// Where a command writes.
pub enum Output {
    /// Standard output and standard error of this process.
    Terminal,
    /// Frames to another process, which writes them on its own.
    Socket(Mutex<UnixStream>),
}

/// One piece of what a command says, a line of JSON on the socket.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Frame {
    /// A line of standard output.
    Out(String),
    /// A line of standard error.
    Error(String),
    /// The end, with the exit code.
    Exit(u8),
}

impl Output {
    /// Writes a line of the result.
    pub fn line(&self, text: &str) {
        match self {
            Output::Terminal => println!("{text}"),
            Output::Socket(_) => self.send(&Frame::Out(text.to_owned())),
        }
    }

    /// Writes a line for people beside the result.
    pub fn aside(&self, text: &str) {
        match self {
            Output::Terminal => eprintln!("{text}"),
            Output::Socket(_) => self.send(&Frame::Error(text.to_owned())),
        }
    }

    /// Whether a person watches this very process.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Output::Terminal) && std::io::IsTerminal::is_terminal(&std::io::stderr())
    }

    /// Sends a frame; who asked may be gone, and the work is done all the same.
    pub fn send(&self, frame: &Frame) {
        if let Output::Socket(stream) = self {
            let text = serde_json::to_string(frame).expect("a frame is plain data");
            let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = writeln!(stream, "{text}");
        }
    }
}
