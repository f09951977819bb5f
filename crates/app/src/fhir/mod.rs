//! The FHIR R4 API's use cases: one file an interaction.

pub mod access;
pub mod capability;
mod error;
mod named;
mod page;
mod parameter;
mod query;
mod read;
mod search;
mod write;

pub use access::{Caller, caller, token_hash};
pub use error::Error;
pub use query::Handling;
pub use read::{History, HistoryPart, Later, Resource, history, read, version_read};
pub use search::{Answer, Included, PAGE_PARAMETER, search};
pub use write::{Deleted, Outcome, Written, create, delete, update};

/// The pairs of a query string or of a posted form, decoded.
pub fn parameters(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

/// Percent decoding of forms: a plus sign is a space; what is no text becomes U+FFFD.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = || text.get(at + 1..at + 3).and_then(|two| u8::from_str_radix(two, 16).ok());
        match (bytes[at], hex()) {
            (b'+', _) => out.push(b' '),
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}
