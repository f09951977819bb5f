//! How a record's body is kept: one JSON text, packed, with a place for the version's own meta.
//!
//! The text begins `{"resourceType":…,"id":…,"meta":{`, so that the version and its time can be
//! put in when it is read, without parsing it again. What the sender wrote as `meta.versionId`
//! and `meta.lastUpdated` is not kept: they are the sender's, not ours.

use crate::Error;
use crate::projection::Projection;
use record::{ContentHash, Instant};
use serde_json::{Map, Value};
use std::cell::RefCell;

/// Level of packing: what a millisecond buys most with, seen on Synthea charts.
const PACK_LEVEL: i32 = 3;
/// The largest body that is unpacked, in bytes.
const BODY_BYTES_MAX: usize = 256 << 20;

/// A resource made ready for the writer: everything that needs no database is done.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Resource type.
    pub kind: String,
    /// Logical id.
    pub fhir_id: String,
    /// Packed text.
    pub(crate) packed: Vec<u8>,
    /// Hash of the content as it is kept.
    pub content_hash: ContentHash,
    /// Hash of the content as it was sent, before ids and references were rewritten.
    pub source_hash: ContentHash,
    /// `meta.lastUpdated` as sent.
    pub sent_at: Option<Instant>,
    /// The rows beside it.
    pub projection: Projection,
}

impl Prepared {
    /// Makes a resource ready. It must have a type and an id.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it has not.
    pub fn new(resource: &Value, source_hash: Option<ContentHash>) -> Result<Prepared, Error> {
        let member = |name: &str| resource.get(name).and_then(Value::as_str);
        let (Some(kind), Some(id)) = (member("resourceType"), member("id")) else {
            return Err(Error::Conflict("a resource needs a type and an id".into()));
        };
        let sent_at = resource.pointer("/meta/lastUpdated").and_then(Value::as_str);
        let content_hash = ContentHash::of(&exchange::fhir::content_hash_bytes(resource));
        Ok(Prepared {
            kind: kind.to_owned(),
            fhir_id: id.to_owned(),
            packed: pack(&kept_text(resource, kind, id)),
            content_hash,
            source_hash: source_hash.unwrap_or(content_hash),
            sent_at: sent_at.and_then(Instant::parse),
            projection: Projection::of(resource),
        })
    }

    /// The JSON as it is handed out, once it is a version of this number and time.
    pub fn json(&self, number: i64, at: Instant) -> Result<String, Error> {
        Ok(with_version(&unpack(&self.packed)?, &self.kind, &self.fhir_id, number, at))
    }
}

/// The text as it is kept: type, id and meta first, without the sender's version.
fn kept_text(resource: &Value, kind: &str, id: &str) -> String {
    let empty = Map::new();
    let members = resource.as_object().unwrap_or(&empty);
    let mut text = head(kind, id);
    let meta = members.get("meta").and_then(Value::as_object).unwrap_or(&empty);
    let kept = meta.iter().filter(|(name, _)| !["versionId", "lastUpdated"].contains(&&name[..]));
    push_members(&mut text, kept);
    text.push('}');
    let rest =
        members.iter().filter(|(name, _)| !["resourceType", "id", "meta"].contains(&&name[..]));
    let mut tail = String::new();
    push_members(&mut tail, rest);
    if !tail.is_empty() {
        text.push(',');
        text.push_str(&tail);
    }
    text.push('}');
    text
}

fn head(kind: &str, id: &str) -> String {
    format!(r#"{{"resourceType":"{kind}","id":"{id}","meta":{{"#)
}

fn push_members<'a>(text: &mut String, members: impl Iterator<Item = (&'a String, &'a Value)>) {
    for (n, (name, value)) in members.enumerate() {
        if n > 0 {
            text.push(',');
        }
        text.push_str(&serde_json::to_string(name).expect("a text is JSON"));
        text.push(':');
        text.push_str(&serde_json::to_string(value).expect("a value is JSON"));
    }
}

/// Puts the version and its time into a kept text.
pub fn with_version(text: &str, kind: &str, id: &str, number: i64, at: Instant) -> String {
    let cut = head(kind, id).len();
    let rest = &text[cut..];
    let comma = if rest.starts_with('}') { "" } else { "," };
    let stamp = at.timestamp().strftime("%Y-%m-%dT%H:%M:%S%.6fZ");
    format!(r#"{}"versionId":"{number}","lastUpdated":"{stamp}"{comma}{rest}"#, &text[..cut])
}

/// The kept text as a value, as the sender wrote it: no empty meta of our making.
pub fn as_sent(text: &str) -> Result<Value, Error> {
    let mut value =
        exchange::fhir::parse(text).map_err(|e| Error::Corrupt(format!("a body: {e}")))?;
    if let Some(members) = value.as_object_mut()
        && members.get("meta").and_then(Value::as_object).is_some_and(Map::is_empty)
    {
        members.shift_remove("meta");
    }
    Ok(value)
}

thread_local! {
    static PACKER: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<zstd::bulk::Decompressor<'static>>> =
        const { RefCell::new(None) };
}

pub(crate) fn pack(text: &str) -> Vec<u8> {
    PACKER.with_borrow_mut(|packer| {
        let packer = packer.get_or_insert_with(|| {
            zstd::bulk::Compressor::new(PACK_LEVEL).expect("a compressor needs only memory")
        });
        packer.compress(text.as_bytes()).expect("compressing into memory succeeds")
    })
}

pub(crate) fn unpack(packed: &[u8]) -> Result<String, Error> {
    let damaged = || Error::Corrupt("a body does not unpack".into());
    let size = zstd::zstd_safe::get_frame_content_size(packed).map_err(|_| damaged())?;
    let size = size.ok_or_else(damaged)? as usize;
    let bytes = UNPACKER.with_borrow_mut(|unpacker| {
        let unpacker = unpacker.get_or_insert_with(|| {
            zstd::bulk::Decompressor::new().expect("a decompressor needs only memory")
        });
        unpacker.decompress(packed, size.min(BODY_BYTES_MAX)).map_err(|_| damaged())
    })?;
    String::from_utf8(bytes).map_err(|_| damaged())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_version_is_put_in_and_the_senders_left_out() {
        let sent = json!({
            "resourceType": "Observation", "id": "o",
            "meta": {"versionId": "9", "lastUpdated": "2020-01-01T00:00:00Z", "source": "x"},
            "status": "final",
        });
        let prepared = Prepared::new(&sent, None).unwrap();
        let text = unpack(&prepared.packed).unwrap();
        let read = with_version(&text, "Observation", "o", 3, Instant(0));
        let read: Value = serde_json::from_str(&read).unwrap();
        assert_eq!(read["meta"]["versionId"], "3");
        assert_eq!(read["meta"]["lastUpdated"], "1970-01-01T00:00:00.000000Z");
        assert_eq!(read["meta"]["source"], "x");
        assert_eq!(as_sent(&text).unwrap()["meta"], json!({"source": "x"}));
    }

    #[test]
    fn a_resource_without_meta_comes_back_without() {
        let sent: Value =
            serde_json::from_str(r#"{"resourceType":"Basic","id":"b","n":1.50}"#).unwrap();
        let text = unpack(&Prepared::new(&sent, None).unwrap().packed).unwrap();
        assert_eq!(as_sent(&text).unwrap(), sent);
        assert!(text.contains("1.50"));
        let read = with_version(&text, "Basic", "b", 1, Instant(0));
        assert!(serde_json::from_str::<Value>(&read).is_ok());
    }
}
