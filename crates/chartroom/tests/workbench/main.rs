//! The workbench in a real browser, on the demonstration hospital, by the keyboard alone.

mod server;
mod tour;
