//! Redaction: finding what must not leave, taking it out, writing the packet, looking for leaks.
//!
//! A packet is written from nothing out of what survives. Nothing of a source file is copied into
//! it but pixels and words, so that what was redacted isn't there to be recovered.

pub mod burn;
pub mod mark;
pub mod packet;
pub mod page;
pub mod pdf;
pub mod scan;
pub mod text;
pub mod verify;

pub use packet::{BuildError, Builder, Built, ItemContent, Packet, PacketItem, build};
pub use page::{PageBox, PagePixels, Word};
pub use text::{Class, Known, Span, find, forbidden_parts};
pub use verify::{Leak, LeakKind, verify_packet};
