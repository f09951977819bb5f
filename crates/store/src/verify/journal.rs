//! The chain of blocks, and the journaled rows that it vouches for.

use super::Verification;
use crate::audit::{AuditRow, audit_row};
use crate::chain::{BlockParts, Change, EntriesHash, ROW_HASH_LEN, decode_changes, show_key};
use crate::schema::{Voucher, tables};
use crate::{Error, Row, Value, View};
use std::collections::{BTreeMap, HashMap};

/// What the journal says of each row: table, then key, then hash.
pub(super) type Expected = HashMap<String, HashMap<Vec<u8>, [u8; ROW_HASH_LEN]>>;

/// Walks the chain from its first block; returns what the journal says of each row.
pub(super) fn chain(view: &mut View<'_>, result: &mut Verification) -> Result<Expected, Error> {
    let entries = entries_by_block(view, result)?;
    let mut walk = Walk { entries, previous: vec![0; 32], block: 0, ..Walk::default() };
    let keys = view.keys;
    let checkpoint = result.named("checkpoint", keys.checkpoint()).flatten();
    let sql = "SELECT block, at, next_id, previous_hash, entries_hash, changes, block_hash,
               signature FROM audit_block ORDER BY block";
    view.connection.for_each(sql, &[], &mut |row| {
        walk.block(keys, &row, result)?;
        if let Some(kept) = &checkpoint
            && kept.block == walk.block
            && kept.block_hash != record::hash::hex(&walk.previous)
        {
            result.broken(format!(
                "audit_block {}: is not the block that the kept checkpoint saw; the store was \
                 replaced by another copy",
                kept.block
            ));
        }
        Ok(())
    })?;
    for block in walk.entries.keys() {
        result.broken(format!("audit_entry: entries name block {block}, which does not exist"));
    }
    if let Some(kept) = checkpoint.filter(|kept| kept.block > walk.block) {
        result.broken(format!(
            "audit_block: ends at block {}, but the kept checkpoint saw block {}: the tail was \
             cut, or an older copy was put back",
            walk.block, kept.block
        ));
    }
    let head = head(view, &walk, result);
    result.named("head", head);
    Ok(walk.expected)
}

fn head(view: &mut View<'_>, walk: &Walk, result: &mut Verification) -> Result<(), Error> {
    let heads = view.query("SELECT one FROM head", &[])?.len();
    if heads != 1 {
        result.broken(format!("head: {heads} rows, there must be one"));
        return Ok(());
    }
    match view.head() {
        Ok(head)
            if head.block == walk.block
                && head.block_hash == walk.previous
                && head.next_id == walk.next_id => {}
        Ok(head) => result.broken(format!(
            "head: says block {} and next id {}, the chain ends at block {} with next id {}",
            head.block, head.next_id, walk.block, walk.next_id
        )),
        Err(error) => result.broken(format!("head: {error}")),
    }
    Ok(())
}

#[derive(Default)]
struct Walk {
    entries: BTreeMap<i64, (EntriesHash, u64)>,
    previous: Vec<u8>,
    block: i64,
    next_id: i64,
    expected: Expected,
}

impl Walk {
    fn block(
        &mut self,
        keys: &crate::Keys,
        row: &Row,
        result: &mut Verification,
    ) -> Result<(), Error> {
        let block = row.integer(0)?;
        result.blocks_count += 1;
        if block != self.block + 1 {
            result.broken(format!("audit_block {}: is missing", self.block + 1));
        }
        let parts = BlockParts {
            block,
            at: row.integer(1)?,
            next_id: row.integer(2)?,
            previous_hash: row.blob(3)?,
            entries_hash: row.blob(4)?,
            changes: row.blob(5)?,
        };
        let (hash, stored) = (parts.hash(), row.blob(6)?);
        if parts.previous_hash != self.previous {
            result.broken(format!("audit_block {block}: does not follow the block before it"));
        }
        if hash != stored {
            result.broken(format!("audit_block {block}: was altered: its hash differs"));
        }
        if !keys.signature_holds(stored, row.blob(7)?) {
            result.broken(format!("audit_block {block}: its signature is not ours"));
        }
        let none = (EntriesHash::new(), 0);
        let (entries, count) = self.entries.remove(&block).unwrap_or(none);
        result.entries_count += count;
        if entries.finish() != parts.entries_hash {
            result.broken(format!(
                "audit_entry: the {count} entries of block {block} are not those it sealed"
            ));
        }
        self.take_changes(block, parts.changes, result);
        (self.block, self.next_id, self.previous) = (block, parts.next_id, stored.to_vec());
        Ok(())
    }

    fn take_changes(&mut self, block: i64, changes: &[u8], result: &mut Verification) {
        let Some(changes) = decode_changes(changes) else {
            result.broken(format!("audit_block {block}: its changes can't be read"));
            return;
        };
        for (table, key, hash) in changes {
            let rows = self.expected.entry(table).or_default();
            match hash {
                Some(hash) => rows.insert(key, hash),
                None => rows.remove(&key),
            };
        }
    }
}

fn entries_by_block(
    view: &mut View<'_>,
    result: &mut Verification,
) -> Result<BTreeMap<i64, (EntriesHash, u64)>, Error> {
    let mut blocks: BTreeMap<i64, (EntriesHash, u64)> = BTreeMap::new();
    let sql = "SELECT entry, block, at, actor, roles, purpose, action, outcome, target, patients,
               detail, request_id FROM audit_entry ORDER BY entry";
    view.connection.for_each(sql, &[], &mut |row| {
        let entry: AuditRow = match audit_row(&row) {
            Ok(entry) => entry,
            Err(error) => {
                result.broken(format!("audit_entry: {error}"));
                return Ok(());
            }
        };
        let hash = blocks.entry(entry.block).or_default();
        hash.0.add(&row.0);
        hash.1 += 1;
        Ok(())
    })?;
    Ok(blocks)
}

/// Compares every journaled row with the journal.
pub(super) fn rows(view: &mut View<'_>, mut expected: Expected, result: &mut Verification) {
    for table in tables().into_iter().filter(|table| table.voucher == Voucher::Journal) {
        let mut known = expected.remove(table.name).unwrap_or_default();
        let read = view.connection.for_each(&table.all_sql(), &[], &mut |row| {
            result.rows_count += 1;
            let change = Change::of(table, &row.0);
            let shown = || show_key(&change.key);
            match known.remove(&change.key) {
                Some(hash) if Some(hash) == change.hash => {}
                Some(_) => result.broken(format!("{} {}: was altered", table.name, shown())),
                None => result.broken(format!(
                    "{} {}: is not in the journal: it was put in from outside",
                    table.name,
                    shown()
                )),
            }
            Ok(())
        });
        result.named(table.name, read);
        let mut missing: Vec<_> = known.keys().map(|key| show_key(key)).collect();
        missing.sort();
        for key in missing {
            result.broken(format!("{} {key}: is missing", table.name));
        }
    }
    for table in expected.keys() {
        result.broken(format!("{table}: is in the journal, but there is no such table"));
    }
}

/// The value of a column, for comparing.
pub(super) fn values(row: &Row) -> &[Value] {
    &row.0
}
