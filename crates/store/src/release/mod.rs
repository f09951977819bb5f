//! Release of information: requests, their documents, marks, packets, letters, and the
//! disclosures made.
//!
//! What is asked for, by whom and why is kept under the patient's key once the patient is known,
//! and under the site's before. Columns hold only what lists, clocks and reports ask for.

mod accounting;
mod document;
mod letter;
mod mark;
mod packet;
mod request;
mod save;

pub use accounting::{AccountingRow, Disclosed, NewDisclosure, SuspensionRow};
pub use document::{Choice, ReleaseDocument};
pub use letter::ReleaseLetter;
pub use mark::{NewReleaseMark, ReleaseMark, ReleaseReview};
pub use packet::{NewReleasePacket, ReleasePacket};
pub use request::{
    Channel, Delivery, NewRequest, ReleaseBody, ReleaseEvent, ReleaseRequest, ReleaseTimes,
};
pub use save::ReleaseSave;
