//! Kinds of work: how the queue weighs them, and which right they need.

use crate::access::Right;
use integrity::WorkKind;

/// How the queue weighs a kind of work, and the right that doing it needs.
pub fn kind_of(kind: &str) -> (WorkKind, Right) {
    match kind {
        "release-request" | "give-accounting" => (WorkKind::Release, Right::Release),
        "review-denial" => (WorkKind::Release, Right::Authenticate),
        "possible-duplicate" => (WorkKind::Duplicate, Right::IdentityDecide),
        "index-document" => (WorkKind::Indexing, Right::DocumentIndex),
        "code-encounter" => (WorkKind::Coding, Right::Code),
        "query" => (WorkKind::Query, Right::Authenticate),
        "deficiency" | "authenticate" => (WorkKind::Deficiency, Right::Authenticate),
        "deficiency-desk" => (WorkKind::Deficiency, Right::Completion),
        "review-glass" | "review-emergency" => (WorkKind::AccessReview, Right::GlassReview),
        "chain-broken" => (WorkKind::AccessReview, Right::AuditRead),
        "loan" => (WorkKind::ChartTracking, Right::DocumentIndex),
        "approve-destruction" | "witness-destruction" | "explain-destruction" => {
            (WorkKind::Retention, Right::DestructionApprove)
        }
        "carry-out-destruction" => (WorkKind::Retention, Right::DestructionPropose),
        _ => (WorkKind::Quality, Right::Integrity),
    }
}
