//! The workbench in a real browser, by the keyboard alone.
//!
//! Each journey is a test with steps that have names; a failing step says which it was, and where
//! the browser stood. Every page passes through [`stage::Stage::look`].

mod administration;
mod charts;
mod coding;
mod day;
mod day_imported;
mod desks;
mod documents;
mod drafts;
mod every_page;
mod glass;
mod import;
mod pages_of_record;
mod pictures;
mod record;
mod registration;
mod release;
mod retention;
mod server;
mod stage;
