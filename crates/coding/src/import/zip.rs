//! ZIP files as publishers put them on their pages: their members, and which of them are known.
//!
//! Read under limits, and only what the format's specification (PKWARE APPNOTE) calls stored and
//! deflated: no encryption, no parts, no sizes beyond four gigabytes.

use super::ImportError;
use super::layout::{Layout, recognized};

/// Members of one file at most.
pub const MEMBERS_MAX: usize = 200;
/// Bytes of one member, unpacked, at most.
pub const MEMBER_BYTES_MAX: usize = 512 << 20;
/// Bytes of all members that are known, unpacked, at most.
pub const ALL_BYTES_MAX: usize = 1 << 30;

/// A member whose layout is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name in the file.
    pub name: String,
    /// How it is read.
    pub layout: Layout,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Whether bytes are a ZIP file.
#[must_use]
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The members whose layout is known, in the order of the file. PDF files, notes and the like are
/// passed over.
///
/// # Errors
/// A file that is cut or broken, an Excel workbook, one without a known member, or one beyond the
/// limits.
pub fn members(bytes: &[u8]) -> Result<Vec<Member>, ImportError> {
    let entries = entries(bytes)?;
    if entries.iter().any(|entry| entry.name == "[Content_Types].xml") {
        let what = "this is an Excel workbook or another Office file: save the sheet as text with \
                    tabs (or as CSV), and load that";
        return Err(ImportError::at(1, what));
    }
    let mut found = Vec::new();
    let mut all = 0;
    for entry in entries.into_iter().filter(Entry::is_text) {
        let content = entry.content(bytes)?;
        let Some(layout) = recognized(&content) else { continue };
        all += content.len();
        if all > ALL_BYTES_MAX {
            return Err(ImportError::at(1, "the ZIP file unpacks to more than a gigabyte"));
        }
        found.push(Member { name: entry.name, layout, bytes: content });
    }
    if found.is_empty() {
        let what = "the ZIP file holds none of the files that can be loaded";
        return Err(ImportError::at(1, what));
    }
    Ok(found)
}

/// What the directory of a ZIP file says of one member.
struct Entry {
    name: String,
    method: u16,
    is_encrypted: bool,
    checksum: u32,
    packed: usize,
    size: usize,
    at: usize,
}

fn broken(what: &str) -> ImportError {
    ImportError::at(1, &format!("the ZIP file is cut or broken ({what}): get it again"))
}

fn number(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    let part = bytes.get(at..at.checked_add(width)?)?;
    Some(part.iter().rev().fold(0, |number, byte| (number << 8) | usize::from(*byte)))
}

/// The members by the directory at the end of the file.
fn entries(bytes: &[u8]) -> Result<Vec<Entry>, ImportError> {
    const END_BYTES: usize = 22;
    const COMMENT_MAX: usize = 65_535;
    let tail = bytes.len().saturating_sub(END_BYTES + COMMENT_MAX);
    let end = bytes[tail..].windows(4).rposition(|four| four == b"PK\x05\x06");
    let end = tail + end.ok_or_else(|| broken("its directory is missing"))?;
    let cut = || broken("its directory is cut");
    let count = number(bytes, end + 10, 2).ok_or_else(cut)?;
    let mut at = number(bytes, end + 16, 4).ok_or_else(cut)?;
    if count > MEMBERS_MAX {
        let what = format!("the ZIP file holds {count} files; at most {MEMBERS_MAX} are looked at");
        return Err(ImportError::at(1, &what));
    }
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let (entry, length) = entry(bytes, at).ok_or_else(cut)?;
        entries.push(entry);
        at += length;
    }
    Ok(entries)
}

fn entry(bytes: &[u8], at: usize) -> Option<(Entry, usize)> {
    let field = |offset, width| number(bytes, at + offset, width);
    if bytes.get(at..at + 4)? != b"PK\x01\x02" {
        return None;
    }
    let (name, extra, comment) = (field(28, 2)?, field(30, 2)?, field(32, 2)?);
    let entry = Entry {
        name: String::from_utf8_lossy(bytes.get(at + 46..at + 46 + name)?).into_owned(),
        method: field(10, 2)? as u16,
        is_encrypted: field(8, 2)? & 1 == 1,
        checksum: field(16, 4)? as u32,
        packed: field(20, 4)?,
        size: field(24, 4)?,
        at: field(42, 4)?,
    };
    Some((entry, 46 + name + extra + comment))
}

impl Entry {
    /// Whether it may be one of the publishers' text files: no folder, PDF, sheet or picture.
    fn is_text(&self) -> bool {
        let name = self.name.to_lowercase();
        [".txt", ".xml", ".csv", ".tsv"].iter().any(|ending| name.ends_with(ending))
            && !name.contains("__macosx")
    }

    fn content(&self, bytes: &[u8]) -> Result<Vec<u8>, ImportError> {
        const STORED: u16 = 0;
        const DEFLATED: u16 = 8;
        if self.is_encrypted {
            let what =
                format!("{} in the ZIP file is locked with a password: unpack it", self.name);
            return Err(ImportError::at(1, &what));
        }
        if self.size > MEMBER_BYTES_MAX {
            let what = format!("{} in the ZIP file is larger than 512 MB", self.name);
            return Err(ImportError::at(1, &what));
        }
        let packed = self.packed_bytes(bytes).ok_or_else(|| broken("a member is cut"))?;
        let content = match self.method {
            STORED => packed.to_vec(),
            DEFLATED => miniz_oxide::inflate::decompress_to_vec_with_limit(packed, self.size)
                .map_err(|_| broken("a member does not unpack"))?,
            _ => {
                let what = format!("{} is packed in a way that is not read: unpack it", self.name);
                return Err(ImportError::at(1, &what));
            }
        };
        match content.len() == self.size && checksum(&content) == self.checksum {
            true => Ok(content),
            false => Err(broken("a member is not what its checksum says")),
        }
    }

    fn packed_bytes<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        if bytes.get(self.at..self.at + 4)? != b"PK\x03\x04" {
            return None;
        }
        let (name, extra) = (number(bytes, self.at + 26, 2)?, number(bytes, self.at + 28, 2)?);
        let from = self.at + 30 + name + extra;
        bytes.get(from..from.checked_add(self.packed)?)
    }
}

/// CRC-32 as ZIP files use it (ISO 3309).
fn checksum(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    let step = |sum: u32, byte: &u8| TABLE[usize::from(sum as u8 ^ byte)] ^ (sum >> 8);
    !bytes.iter().fold(!0, step)
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let mut sum = at as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
            bit += 1;
        }
        table[at] = sum;
        at += 1;
    }
    table
}

/// A ZIP file of these members, deflated: for tests.
#[doc(hidden)]
#[must_use]
pub fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let deflated = miniz_oxide::deflate::compress_to_vec(content, 6);
        let at = (file.len() as u32).to_le_bytes();
        let mut head = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        head.extend(checksum(content).to_le_bytes());
        head.extend((deflated.len() as u32).to_le_bytes());
        head.extend((content.len() as u32).to_le_bytes());
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&head);
        file.extend(name.bytes());
        file.extend(deflated);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(at);
        directory.extend(name.bytes());
    }
    let (at, count) = (file.len() as u32, (members.len() as u16).to_le_bytes());
    let size = (directory.len() as u32).to_le_bytes();
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count, count].concat());
    file.extend(size);
    file.extend(at.to_le_bytes());
    file.extend([0, 0]);
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXEMPT: &[u8] = b"FY 2026 POA Exempt List\nZ79.4\tLong term use of insulin\n";

    #[test]
    fn the_known_members_are_found() {
        let file = packed(&[
            ("FY26/read me.txt", b"How to read this"),
            ("FY26/POA exempt codes.txt", EXEMPT),
            ("FY26/POA exempt codes.xlsx", b"PK"),
        ]);
        let found = members(&file).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].layout, found[0].bytes.as_slice()), (Layout::PoaExempt, EXEMPT));
        assert_eq!(found[0].name, "FY26/POA exempt codes.txt");
        assert_eq!(checksum(b"123456789"), 0xCBF4_3926, "the published check value");
    }

    #[test]
    fn what_can_not_be_read_is_said() {
        let whole = packed(&[("a.txt", EXEMPT)]);
        let mut altered = whole.clone();
        altered[40] ^= 1;
        let sheet = packed(&[("[Content_Types].xml", b"<Types/>"), ("xl/sheet1.xml", b"<x/>")]);
        let nothing = packed(&[("notes.pdf", b"%PDF")]);
        for (file, said) in [
            (&whole[..whole.len() - 30], "cut or broken"),
            (&whole[..60], "cut or broken"),
            (&altered, "cut or broken"),
            (&sheet, "Excel workbook"),
            (&nothing, "none of the files"),
        ] {
            let error = members(file).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(cut in 0_usize..400, at in 0_usize..400, byte in any::<u8>()) {
            let mut file = packed(&[("a.txt", EXEMPT), ("b.txt", b"x")]);
            let at = at % file.len();
            file[at] = byte;
            file.truncate(file.len() - cut % file.len());
            let _ = members(&file);
        }
    }
}
