//! Reads every key and value of an LMDB file's main database. Nothing else of LMDB is needed.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

const PAGE_BYTES: usize = 4096;
const PAGE_HEADER_BYTES: usize = 16;
const MAGIC: u32 = 0xBEEF_C0DE;
/// Offset of the main database's root page number inside a meta page.
const MAIN_ROOT: usize = PAGE_HEADER_BYTES + 24 + 48 + 40;
const TRANSACTION: usize = PAGE_HEADER_BYTES + 24 + 48 + 48 + 8;
const BRANCH: u16 = 0x01;
const LEAF: u16 = 0x02;
const BIG_DATA: u16 = 0x01;

/// All entries of the main database; NUL padding of keys is dropped.
pub fn entries(file: &[u8]) -> Result<BTreeMap<String, &[u8]>> {
    ensure!(u32_at(file, PAGE_HEADER_BYTES)? == MAGIC, "this is not an LMDB file");
    let newest = if u64_at(file, TRANSACTION)? >= u64_at(file, PAGE_BYTES + TRANSACTION)? {
        0
    } else {
        PAGE_BYTES
    };
    let mut found = BTreeMap::new();
    walk(file, u64_at(file, newest + MAIN_ROOT)?, &mut found, 0)?;
    Ok(found)
}

fn walk<'a>(
    file: &'a [u8],
    page: u64,
    found: &mut BTreeMap<String, &'a [u8]>,
    depth: u32,
) -> Result<()> {
    ensure!(depth < 16, "the LMDB tree is deeper than any valid one");
    let start = usize::try_from(page)? * PAGE_BYTES;
    let flags = u16_at(file, start + 10)?;
    let count = (usize::from(u16_at(file, start + 12)?) - PAGE_HEADER_BYTES) / 2;
    for index in 0..count {
        let node = start + usize::from(u16_at(file, start + PAGE_HEADER_BYTES + 2 * index)?);
        let low = u64::from(u32_at(file, node)?);
        let node_flags = u16_at(file, node + 4)?;
        let key_bytes = usize::from(u16_at(file, node + 6)?);
        if flags & BRANCH != 0 {
            walk(file, low | u64::from(node_flags) << 32, found, depth + 1)?;
            continue;
        }
        ensure!(flags & LEAF != 0, "page {page} is neither branch nor leaf");
        let key = slice(file, node + 8, key_bytes)?;
        let key = std::str::from_utf8(key)?.trim_end_matches('\0').to_owned();
        let size = usize::try_from(low)?;
        let data = node + 8 + key_bytes;
        let value = if node_flags & BIG_DATA != 0 {
            let first = usize::try_from(u64_at(file, data)?)?;
            slice(file, first * PAGE_BYTES + PAGE_HEADER_BYTES, size)?
        } else {
            slice(file, data, size)?
        };
        if found.insert(key.clone(), value).is_some() {
            bail!("key {key} occurs twice");
        }
    }
    Ok(())
}

/// `length` bytes at `start`, or an error where the file ends before.
pub fn slice(bytes: &[u8], start: usize, length: usize) -> Result<&[u8]> {
    bytes
        .get(start..start + length)
        .with_context(|| format!("the file ends before byte {}", start + length))
}

/// The little-endian number at an offset.
pub fn u16_at(bytes: &[u8], start: usize) -> Result<u16> {
    Ok(u16::from_le_bytes(slice(bytes, start, 2)?.try_into()?))
}

/// The little-endian number at an offset.
pub fn u32_at(bytes: &[u8], start: usize) -> Result<u32> {
    Ok(u32::from_le_bytes(slice(bytes, start, 4)?.try_into()?))
}

fn u64_at(bytes: &[u8], start: usize) -> Result<u64> {
    Ok(u64::from_le_bytes(slice(bytes, start, 8)?.try_into()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two meta pages and one leaf with the entry `key` = `value`.
    fn file() -> Vec<u8> {
        let mut file = vec![0; 3 * PAGE_BYTES];
        for start in [0, PAGE_BYTES] {
            file[start + 16..start + 20].copy_from_slice(&MAGIC.to_le_bytes());
            file[start + MAIN_ROOT] = 2;
        }
        let leaf = 2 * PAGE_BYTES;
        file[leaf + 10] = LEAF as u8;
        file[leaf + 12] = PAGE_HEADER_BYTES as u8 + 2;
        file[leaf + 16..leaf + 18].copy_from_slice(&100_u16.to_le_bytes());
        file[leaf + 100] = 5;
        file[leaf + 106] = 4;
        file[leaf + 108..leaf + 117].copy_from_slice(b"key\0value");
        file
    }

    #[test]
    fn an_entry_is_read_and_its_padding_dropped() {
        let file = file();
        let entries = entries(&file).unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries["key"], b"value");
    }

    #[test]
    fn other_and_cut_files_are_refused() {
        let file = file();
        assert!(entries(b"PK").is_err());
        assert!(entries(&file[..2 * PAGE_BYTES + 50]).is_err());
    }
}
