//! The commands, a file each.

pub mod backup;
pub mod bench;
pub mod codes;
pub mod demo;
mod demo_desks;
pub mod drg;
pub mod emergency_account;
pub mod export;
pub mod file_text;
mod files;
pub mod import;
pub mod imports;
pub mod init;
pub mod local_socket;
pub mod output;
pub mod page;
pub mod restore;
pub mod serve;
pub mod suggest;
mod tls;
pub mod verify;
