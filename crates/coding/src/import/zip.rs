//! ZIP files as publishers put them on their pages: their members, and which of them are known.

use super::ImportError;
use super::layout::{Layout, recognized};
use std::io::{Cursor, Read as _, Write as _};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Members of one file at most.
pub const MEMBERS_MAX: usize = 200;
/// Bytes of one member, unpacked, at most.
pub const MEMBER_BYTES_MAX: u64 = 512 << 20;
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
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken("its directory"))?;
    let count = archive.len();
    if count > MEMBERS_MAX {
        return Err(said(format!(
            "the ZIP file holds {count} files; at most {MEMBERS_MAX} are looked at"
        )));
    }
    if archive.index_for_name("[Content_Types].xml").is_some() {
        return Err(said(
            "this is an Excel workbook or another Office file: save the sheet as text with tabs \
             (or as CSV), and load that",
        ));
    }
    let mut found = Vec::new();
    let mut all = 0;
    for place in 0..count {
        let Some((name, content)) = text_member(&mut archive, place)? else { continue };
        let Some(layout) = recognized(&content) else { continue };
        all += content.len();
        if all > ALL_BYTES_MAX {
            return Err(said("the ZIP file unpacks to more than a gigabyte"));
        }
        found.push(Member { name, layout, bytes: content });
    }
    match found.is_empty() {
        true => Err(said("the ZIP file holds none of the files that can be loaded")),
        false => Ok(found),
    }
}

/// Name and content of a member, where it may be one of the publishers' text files.
fn text_member(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    place: usize,
) -> Result<Option<(String, Vec<u8>)>, ImportError> {
    let raw = archive.by_index_raw(place).map_err(|_| broken("a member"))?;
    let name = raw.name().map_err(|_| broken("a name"))?.into_owned();
    if !is_text(&name) {
        return Ok(None);
    }
    if raw.encrypted() {
        return Err(said(format!("{name} in the ZIP file is locked with a password: unpack it")));
    }
    drop(raw);
    let member = archive.by_index(place).map_err(|error| match error {
        ZipError::UnsupportedArchive(_) => {
            said(format!("{name} is packed in a way that is not read: unpack it"))
        }
        _ => broken("a member"),
    })?;
    let mut content = Vec::new();
    let read = member.take(MEMBER_BYTES_MAX + 1).read_to_end(&mut content);
    read.map_err(|_| broken("a member does not unpack to what its checksum says"))?;
    match content.len() as u64 > MEMBER_BYTES_MAX {
        true => Err(said(format!("{name} in the ZIP file is larger than 512 MB"))),
        false => Ok(Some((name, content))),
    }
}

/// No folder, PDF, sheet or picture.
fn is_text(name: &str) -> bool {
    let name = name.to_lowercase();
    [".txt", ".xml", ".csv", ".tsv"].iter().any(|ending| name.ends_with(ending))
        && !name.contains("__macosx")
}

fn said(what: impl AsRef<str>) -> ImportError {
    ImportError::at(1, what.as_ref())
}

fn broken(what: &str) -> ImportError {
    said(format!("the ZIP file is cut or broken ({what}): get it again"))
}

/// A ZIP file of these members, deflated: for tests.
///
/// # Panics
/// Never: it writes to memory.
#[doc(hidden)]
#[must_use]
pub fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
    const WRITTEN: &str = "memory takes what is written";
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        file.start_file(*name, SimpleFileOptions::default()).expect(WRITTEN);
        file.write_all(content).expect(WRITTEN);
    }
    file.finish().expect(WRITTEN).into_inner()
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
