//! PDF: written from nothing, read under limits.

pub mod drawing;
pub mod encrypt;
pub mod layout;
pub mod read;
mod winansi;
pub mod write;

pub use winansi::{Shown, to_winansi};
