//! The kinds of an import's findings, and what to do about each.

/// What kind of finding it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// The file can't be read.
    Unreadable,
    /// The file is of no known format.
    UnknownFormat,
    /// A record that is not as FHIR R4 wants it.
    BadRecord,
    /// An older version, which is held.
    Repeats,
    /// Another content than the one that is held, which was written later.
    Conflicts,
    /// What was deleted here comes again.
    Deleted,
    /// A reference that leads nowhere.
    Reference,
    /// A conditional create whose search found another.
    Condition,
    /// A deletion of what is not held.
    Deletion,
    /// The words of a file could not be read for the search.
    Words,
    /// The program itself failed.
    Program,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: &'static [FindingKind] = &[
        FindingKind::Unreadable,
        FindingKind::UnknownFormat,
        FindingKind::BadRecord,
        FindingKind::Repeats,
        FindingKind::Conflicts,
        FindingKind::Deleted,
        FindingKind::Reference,
        FindingKind::Condition,
        FindingKind::Deletion,
        FindingKind::Words,
        FindingKind::Program,
    ];

    /// The stored word, which stands in addresses too.
    pub fn as_str(self) -> &'static str {
        match self {
            FindingKind::Unreadable => "unreadable",
            FindingKind::UnknownFormat => "unknown-format",
            FindingKind::BadRecord => "bad-record",
            FindingKind::Repeats => "repeats",
            FindingKind::Conflicts => "conflicts",
            FindingKind::Deleted => "deleted",
            FindingKind::Reference => "reference",
            FindingKind::Condition => "condition",
            FindingKind::Deletion => "deletion",
            FindingKind::Words => "words",
            FindingKind::Program => "program",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<FindingKind> {
        FindingKind::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }

    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            FindingKind::Unreadable => "File can't be read",
            FindingKind::UnknownFormat => "Unknown format",
            FindingKind::BadRecord => "Bad record",
            FindingKind::Repeats => "Older version",
            FindingKind::Conflicts => "Conflict",
            FindingKind::Deleted => "Deleted here",
            FindingKind::Reference => "Open reference",
            FindingKind::Condition => "Other entry found",
            FindingKind::Deletion => "Nothing to delete",
            FindingKind::Words => "Words not read",
            FindingKind::Program => "Our fault",
        }
    }

    /// What to do next.
    pub fn next_step(self) -> &'static str {
        match self {
            FindingKind::Unreadable => {
                "See that the file is whole and may be read here, then import it again."
            }
            FindingKind::UnknownFormat => {
                "Ask for FHIR R4 as JSON or NDJSON, PDF, TIFF, PNG, JPEG or plain text."
            }
            FindingKind::BadRecord => {
                "Ask the sender to put this record right and to send it again. The rest of the \
                 file was taken."
            }
            FindingKind::Repeats => {
                "Nothing, unless the older version is the right one: then correct the entry, whose \
                 history holds both."
            }
            FindingKind::Conflicts => {
                "Compare the source with the entry that is held. If the source is right, correct \
                 the entry."
            }
            FindingKind::Deleted => {
                "Nothing, unless the deletion was a mistake: then enter it again."
            }
            FindingKind::Reference => {
                "Import the file that holds what is named. The entry then follows by itself."
            }
            FindingKind::Condition => {
                "Compare the source with the entry that was found, and correct the entry where \
                 the source says more."
            }
            FindingKind::Deletion => "Nothing, unless it was to come by an import of its own.",
            FindingKind::Words => {
                "Open the document to read it. Ask for a copy that is not damaged or locked, if \
                 its words must be found."
            }
            FindingKind::Program => "Keep the source file, and tell the makers of the program.",
        }
    }
}
