//! What review and redaction of a request have come to.

use crate::Error;
use release::lifecycle::Packet;
use store::View;
use store::release::ReleaseRequest;

/// What review, redaction and packet have come to; nothing of it while the packet isn't built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// Proposals of sensitive content that nobody decided on.
    pub undecided_proposals: usize,
    /// Redactions marked and not confirmed.
    pub unconfirmed_redactions: usize,
    /// The packet as built and verified.
    pub packet: Option<Packet>,
}

/// What the preparation of a request has come to.
pub(crate) fn prepared(_view: &mut View<'_>, _request: &ReleaseRequest) -> Result<Prepared, Error> {
    Ok(Prepared::default())
}
