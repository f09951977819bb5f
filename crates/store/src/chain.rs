//! The audit chain: what a commit changed and what was audited, hashed and signed as one block.

use crate::keys::Keys;
use crate::schema::Table;
use crate::{Error, Value};
use record::{Context, Instant, PatientKey};
use ring::digest::{Context as Digest, SHA256};

/// Length of a row's hash in the journal. Sixteen bytes: a second row with the same hash can't
/// be found without 2^128 trials.
pub const ROW_HASH_LEN: usize = 16;

/// One thing done or refused, as the audit trail keeps it (45 CFR 164.312(b)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When the request began.
    pub at: Instant,
    /// Who: [`record::Actor::key`].
    pub actor: String,
    /// The roles they acted under, separated by commas.
    pub roles: String,
    /// The purpose of use.
    pub purpose: String,
    /// What was done: `chart.open`, `fhir.read`, `sign-in`.
    pub action: String,
    /// `done`, or `refused`.
    pub outcome: String,
    /// On what: ids only, never a name.
    pub target: String,
    /// The patients whose record was touched.
    pub patients: Vec<PatientKey>,
    /// Facts of the action in JSON: ids, counts and salted digests only.
    pub detail: String,
    /// Id of the request.
    pub request_id: String,
}

impl AuditEntry {
    /// An entry for what this context does.
    pub fn new(context: &Context, action: &str, target: impl Into<String>) -> AuditEntry {
        let roles: Vec<&str> = context.roles.iter().map(|role| role.as_str()).collect();
        AuditEntry {
            at: context.at,
            actor: context.actor.key(),
            roles: roles.join(","),
            purpose: context.purpose.as_str().to_owned(),
            action: action.to_owned(),
            outcome: "done".to_owned(),
            target: target.into(),
            patients: Vec::new(),
            detail: String::new(),
            request_id: context.request_id.clone(),
        }
    }

    /// With the patients touched.
    pub fn patients(mut self, patients: impl IntoIterator<Item = PatientKey>) -> AuditEntry {
        self.patients.extend(patients);
        self.patients.sort();
        self.patients.dedup();
        self
    }

    /// With facts of the action.
    pub fn detail(mut self, detail: impl Into<String>) -> AuditEntry {
        self.detail = detail.into();
        self
    }

    /// As a refusal.
    pub fn refused(mut self) -> AuditEntry {
        self.outcome = "refused".to_owned();
        self
    }

    /// The entry as a row of `audit_entry`, in the order of its columns.
    pub(crate) fn row(&self, entry: i64, block: i64) -> Vec<Value> {
        let patients: Vec<String> = self.patients.iter().map(|key| key.0.to_string()).collect();
        vec![
            entry.into(),
            block.into(),
            self.at.0.into(),
            self.actor.as_str().into(),
            self.roles.as_str().into(),
            self.purpose.as_str().into(),
            self.action.as_str().into(),
            self.outcome.as_str().into(),
            self.target.as_str().into(),
            patients.join(",").into(),
            self.detail.as_str().into(),
            self.request_id.as_str().into(),
        ]
    }
}

/// SHA-256 of a row: table, then each column's value with its kind and length.
pub fn row_digest(table: &str, row: &[Value]) -> [u8; 32] {
    let mut digest = Digest::new(&SHA256);
    digest.update(table.as_bytes());
    for value in row {
        match value {
            Value::Null => digest.update(&[0]),
            Value::Integer(integer) => {
                digest.update(&[1]);
                digest.update(&integer.to_le_bytes());
            }
            Value::Text(text) => update_bytes(&mut digest, 2, text.as_bytes()),
            Value::Blob(bytes) => update_bytes(&mut digest, 3, bytes),
        }
    }
    digest.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

fn update_bytes(digest: &mut Digest, kind: u8, bytes: &[u8]) {
    digest.update(&[kind]);
    digest.update(&(bytes.len() as u64).to_le_bytes());
    digest.update(bytes);
}

/// A row's change: which row, and its hash after the change; none when it is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Table.
    pub table: &'static str,
    /// Encoded key, by [`encode_key`].
    pub key: Vec<u8>,
    /// Hash of the row after the change.
    pub hash: Option<[u8; ROW_HASH_LEN]>,
}

impl Change {
    /// The change that left this row.
    pub(crate) fn of(table: &Table, row: &[Value]) -> Change {
        let digest = row_digest(table.name, row);
        let mut hash = [0; ROW_HASH_LEN];
        hash.copy_from_slice(&digest[..ROW_HASH_LEN]);
        Change { table: table.name, key: encode_key(&table.key_of(row)), hash: Some(hash) }
    }

    /// The change that removed the row with this key.
    pub(crate) fn removed(table: &Table, key: &[Value]) -> Change {
        Change { table: table.name, key: encode_key(key), hash: None }
    }
}

/// A key's values as bytes that can be told apart: kind, length, content.
pub fn encode_key(key: &[Value]) -> Vec<u8> {
    let mut out = Vec::with_capacity(10);
    for value in key {
        match value {
            Value::Null => out.push(0),
            Value::Integer(integer) => {
                out.push(1);
                out.extend_from_slice(&integer.to_le_bytes());
            }
            Value::Text(text) => {
                out.push(2);
                out.extend_from_slice(&(text.len() as u32).to_le_bytes());
                out.extend_from_slice(text.as_bytes());
            }
            Value::Blob(bytes) => {
                out.push(3);
                out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
                out.extend_from_slice(bytes);
            }
        }
    }
    out
}

/// A key for people: `17`, or `12, registrar`. Bytes are shown by their first digits.
pub fn show_key(key: &[u8]) -> String {
    let mut parts = Vec::new();
    let mut rest = key;
    while let Some((kind, after)) = rest.split_first() {
        let length = if *kind == 1 { 8 } else { 4 };
        let Some((head, tail)) = after.split_at_checked(if *kind == 0 { 0 } else { length }) else {
            break;
        };
        rest = tail;
        match kind {
            1 => parts.push(i64::from_le_bytes(head.try_into().expect("8 bytes")).to_string()),
            2 | 3 => {
                let length = u32::from_le_bytes(head.try_into().expect("4 bytes")) as usize;
                let (content, tail) = rest.split_at(length.min(rest.len()));
                rest = tail;
                parts.push(match kind {
                    2 => String::from_utf8_lossy(content).into_owned(),
                    _ => record::hash::hex(&content[..content.len().min(8)]),
                });
            }
            _ => parts.push("none".to_owned()),
        }
    }
    parts.join(", ")
}

/// The changes of one commit as bytes, grouped as they came.
pub fn encode_changes(changes: &[Change]) -> Vec<u8> {
    let mut out = Vec::with_capacity(changes.len() * 28);
    for change in changes {
        out.push(change.table.len() as u8);
        out.extend_from_slice(change.table.as_bytes());
        out.extend_from_slice(&(change.key.len() as u16).to_le_bytes());
        out.extend_from_slice(&change.key);
        match &change.hash {
            Some(hash) => {
                out.push(1);
                out.extend_from_slice(hash);
            }
            None => out.push(0),
        }
    }
    zstd::bulk::compress(&out, 1).expect("compressing into memory succeeds")
}

/// A change read back: table, key, hash.
pub type DecodedChange = (String, Vec<u8>, Option<[u8; ROW_HASH_LEN]>);

/// Reads [`encode_changes`] back; `None` when the bytes are not of that form.
pub fn decode_changes(bytes: &[u8]) -> Option<Vec<DecodedChange>> {
    let bytes = zstd::stream::decode_all(bytes).ok()?;
    let (mut rest, mut changes) = (&bytes[..], Vec::new());
    while let Some((length, after)) = rest.split_first() {
        let (table, after) = after.split_at_checked(usize::from(*length))?;
        let (length, after) = after.split_at_checked(2)?;
        let length = u16::from_le_bytes(length.try_into().ok()?);
        let (key, after) = after.split_at_checked(usize::from(length))?;
        let (kept, after) = after.split_first()?;
        let (hash, after) = match kept {
            0 => (None, after),
            _ => {
                let (hash, after) = after.split_at_checked(ROW_HASH_LEN)?;
                (Some(hash.try_into().ok()?), after)
            }
        };
        changes.push((String::from_utf8(table.to_vec()).ok()?, key.to_vec(), hash));
        rest = after;
    }
    Some(changes)
}

/// The head of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The next free id of any row.
    pub next_id: i64,
    /// Number of the last block.
    pub block: i64,
    /// Hash of the last block.
    pub block_hash: Vec<u8>,
}

/// The parts of a block that its hash covers.
pub struct BlockParts<'a> {
    /// Number.
    pub block: i64,
    /// When it was sealed.
    pub at: i64,
    /// Next free id after it.
    pub next_id: i64,
    /// Hash of the block before.
    pub previous_hash: &'a [u8],
    /// Hash over the hashes of its entries.
    pub entries_hash: &'a [u8],
    /// Encoded changes.
    pub changes: &'a [u8],
}

impl BlockParts<'_> {
    /// The hash of the block.
    pub fn hash(&self) -> [u8; 32] {
        let mut digest = Digest::new(&SHA256);
        digest.update(b"chartroom block 1");
        for number in [self.block, self.at, self.next_id] {
            digest.update(&number.to_le_bytes());
        }
        for part in [self.previous_hash, self.entries_hash, self.changes] {
            update_bytes(&mut digest, 3, part);
        }
        digest.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
    }
}

/// Hash over the rows of a block's entries, in the order of their ids.
#[derive(Clone)]
pub struct EntriesHash(Digest);

impl EntriesHash {
    /// Of no entry yet.
    pub fn new() -> EntriesHash {
        EntriesHash(Digest::new(&SHA256))
    }

    /// Takes in the next entry's row.
    pub fn add(&mut self, row: &[Value]) {
        self.0.update(&row_digest("audit_entry", row));
    }

    /// The hash of all of them.
    pub fn finish(self) -> Vec<u8> {
        self.0.finish().as_ref().to_vec()
    }
}

impl Default for EntriesHash {
    fn default() -> EntriesHash {
        EntriesHash::new()
    }
}

/// Seals a block: the row of `audit_block`, and the new head.
pub(crate) fn seal(
    keys: &Keys,
    head: &Head,
    at: Instant,
    entries_hash: &[u8],
    changes: &[Change],
) -> Result<(Vec<Value>, Head), Error> {
    let changes = encode_changes(changes);
    let parts = BlockParts {
        block: head.block + 1,
        at: at.0,
        next_id: head.next_id,
        previous_hash: &head.block_hash,
        entries_hash,
        changes: &changes,
    };
    let hash = parts.hash();
    let signature = keys.sign(&hash);
    let next = Head { next_id: head.next_id, block: parts.block, block_hash: hash.to_vec() };
    let row = vec![
        parts.block.into(),
        parts.at.into(),
        parts.next_id.into(),
        head.block_hash.clone().into(),
        entries_hash.into(),
        changes.clone().into(),
        hash.to_vec().into(),
        signature.into(),
    ];
    Ok((row, next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_shown() {
        let key = encode_key(&[Value::Integer(12), Value::from("registrar")]);
        assert_eq!(show_key(&key), "12, registrar");
    }

    proptest! {
        #[test]
        fn changes_decode_to_what_was_encoded(
            rows in proptest::collection::vec((any::<i64>(), any::<bool>(), "[a-z]{0,9}"), 0..20)
        ) {
            let changes: Vec<Change> = rows.iter().map(|(id, kept, text)| Change {
                table: "setting",
                key: encode_key(&[Value::Integer(*id), Value::from(text.as_str())]),
                hash: kept.then_some([*id as u8; ROW_HASH_LEN]),
            }).collect();
            let decoded = decode_changes(&encode_changes(&changes)).unwrap();
            prop_assert_eq!(decoded.len(), changes.len());
            for (got, put) in decoded.iter().zip(&changes) {
                prop_assert_eq!((&got.0[..], &got.1, &got.2), (put.table, &put.key, &put.hash));
            }
        }

        #[test]
        fn rows_with_moved_bytes_differ(a in "[a-z]{1,5}", b in "[a-z]{1,5}") {
            let joined = [Value::from(format!("{a}{b}")), Value::from("")];
            let apart = [Value::from(a.as_str()), Value::from(b.as_str())];
            prop_assert_ne!(row_digest("t", &joined), row_digest("t", &apart));
        }
    }
}
