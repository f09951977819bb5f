//! Pages and API over HTTP. Only this crate knows HTTP.
//!
//! `server` holds what every request goes through; `pages` a file or folder a desk; `ui` the
//! design system. No handler holds a rule or a statement: they call `app`.

pub mod assets;
mod fhir;
mod metrics;
pub mod pages;
pub mod server;
pub mod ui;

pub use server::{Site, router, routes};
