//! What was redacted can't be recovered from a packet by the tools that people have: `pdftotext`,
//! `qpdf --qdf`, `pdfimages` with character recognition, any stream, metadata, the file's name.
//!
//! The control is the same packet without redactions: each tool finds every secret in it, so that
//! a tool that finds nothing at all fails the test.
#![allow(clippy::unwrap_used)]

mod chart;
mod tools;

use chart::{LINE_SECRETS, SECRETS, Site};

#[test]
fn no_tool_finds_what_was_redacted_and_each_finds_it_where_it_was_not() {
    let site = Site::new();
    let (name, redacted) = site.packet(true);
    let (_, open) = site.packet(false);
    let folder = tempfile::tempdir().unwrap();
    let seen_redacted = tools::seen(folder.path(), "redacted", &redacted);
    let seen_open = tools::seen(folder.path(), "open", &open);
    for ((tool, redacted), (_, open)) in seen_redacted.iter().zip(&seen_open) {
        for secret in SECRETS {
            let secret = secret.to_lowercase();
            assert!(!redacted.contains(&secret), "{tool} finds {secret} in the redacted packet");
            if tool.finds_words() {
                assert!(open.contains(&secret), "{tool} doesn't find {secret} where it stands");
            }
        }
        if tool.finds_words() {
            assert!(redacted.contains("metoprolol"), "{tool}: what was not redacted is there");
        }
    }
    for secret in LINE_SECRETS {
        let secret = secret.to_lowercase();
        for (tool, redacted) in &seen_redacted {
            assert!(!redacted.contains(&secret), "{tool} finds {secret} of a withheld line");
        }
        let is_there = seen_open.iter().any(|(_, open)| open.contains(&secret));
        assert!(is_there, "{secret} stands in the packet that withholds nothing");
    }
    assert!(SECRETS.iter().all(|secret| !name.contains(secret)), "the file's name");
    assert!(name.starts_with("R-2026-"), "{name}");
}
