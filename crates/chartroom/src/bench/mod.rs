//! What the measurement is made of: clients over HTTP, a server at rest, the disk, this process.

pub mod clients;
pub mod http;
pub mod machine;
pub mod rest;
