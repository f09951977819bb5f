//! Documents: into the queue of those not yet indexed, each once.

use super::{Run, Source};
use crate::Error;
use exchange::Kind;
use record::{ContentHash, Instant, Role};
use store::SITE_UNIT;
use store::work::NewWork;

/// Seconds within which a document should be indexed: one day.
pub const INDEX_SECONDS_MAX: i64 = 24 * 3600;

/// Takes a document file.
pub(super) fn take(
    run: &mut Run<'_>,
    source: &Source<'_>,
    bytes: &[u8],
    kind: &Kind,
) -> Result<(), Error> {
    let hash = ContentHash::of(bytes);
    run.documents_seen.insert(hash);
    let media_type = kind.media_type().unwrap_or("application/octet-stream");
    let (store, context) = (run.store, run.context);
    let taken = store.write(context, |transaction| {
        if transaction.document_by_content(hash)?.is_some() {
            return Ok::<bool, store::Error>(false);
        }
        let blob = store.blob_stage(transaction, SITE_UNIT, bytes)?;
        let document = transaction.document_create(blob, media_type, &source.name)?;
        let due_at: Instant = context.at.plus_seconds(INDEX_SECONDS_MAX);
        transaction.work_open(&NewWork {
            kind: "index-document",
            subject: document.id,
            patient: None,
            role: Role::Technician,
            due_at: Some(due_at),
            reason: "This document belongs to no chart yet.",
        })?;
        Ok(true)
    })?;
    if !taken {
        run.summary.unchanged += 1;
    }
    run.progress.bytes_done(bytes.len() as u64);
    Ok(())
}
