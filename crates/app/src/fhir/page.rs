//! Addresses of pages: sealed, so that no search value stands in one, and of one length for
//! what differs inside.

use super::{Caller, Error};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use store::search::Position;
use store::{Store, Value};

/// Sealed texts are filled up to a multiple of this, in bytes.
const PADDING: usize = 128;

/// What the address of a page holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sealed {
    /// The type that was searched.
    pub kind: String,
    /// The parameters of the search.
    pub parameters: Vec<(String, String)>,
    /// Where the page begins; none for the first.
    pub after: Option<After>,
}

/// Where a page begins.
#[derive(Serialize, Deserialize)]
pub(crate) struct After {
    /// Ids of the store, in twenty digits: how many there are must not tell by a length.
    bound: String,
    resource: String,
    number: Option<i64>,
    text: Option<String>,
    /// How many matches the first page told.
    pub total: Option<u64>,
}

impl After {
    pub fn new(position: &Position, bound: i64, total: Option<u64>) -> After {
        let (number, text) = match &position.value {
            Some(Value::Integer(number)) => (Some(*number), None),
            Some(Value::Text(text)) => (None, Some(text.clone())),
            _ => (None, None),
        };
        let digits = |id: i64| format!("{id:020}");
        After { bound: digits(bound), resource: digits(position.resource), number, text, total }
    }

    pub fn bound(&self) -> i64 {
        self.bound.parse().unwrap_or(0)
    }

    pub fn position(&self) -> Position {
        let number = self.number.map(Value::from);
        let value = number.or_else(|| self.text.clone().map(Value::from));
        Position { value, resource: self.resource.parse().unwrap_or(0) }
    }
}

/// Seals a page for this client only.
pub(crate) fn seal(store: &Store, caller: &Caller, page: &Sealed) -> Result<String, Error> {
    let mut text = serde_json::to_vec(page).expect("a page is plain data");
    text.resize(text.len().next_multiple_of(PADDING), b' ');
    let sealed = store.keys().seal_secret(&text, &purpose(caller))?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

/// Opens what [`seal`] made for this client.
pub(crate) fn open(store: &Store, caller: &Caller, sealed: &str) -> Result<Sealed, Error> {
    let opened = URL_SAFE_NO_PAD
        .decode(sealed)
        .ok()
        .and_then(|bytes| store.keys().open_secret(&bytes, &purpose(caller)).ok())
        .and_then(|text| serde_json::from_slice(&text).ok());
    opened.ok_or_else(|| {
        Error::invalid("This address of a page is not one that this client was given. Search anew.")
    })
}

fn purpose(caller: &Caller) -> String {
    format!("fhir.page:{}", caller.client.id)
}
