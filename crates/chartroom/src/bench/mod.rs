//! What the measurement is made of: clients over HTTP, the disk, this process.

pub mod clients;
pub mod machine;
