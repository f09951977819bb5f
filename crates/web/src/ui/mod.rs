//! The design system: typed components that render to markup, and the page around them.
//!
//! Every component is a small builder that implements [`maud::Render`], so that a page reads as
//! `html! { (Table::new("People").column(..).rows(..)) }`. Nothing here holds a rule, reads a
//! record or writes a style attribute or an inline script: the content security policy of
//! [`crate::assets`] allows neither.

mod action;
mod badge;
mod banner;
mod combobox;
mod compare;
mod date;
mod desk;
mod dialog;
mod error;
mod field;
mod figure;
mod form;
mod list;
mod plot;
mod qr;
mod shell;
mod table;
mod viewer;

pub(crate) use action::kbd;
pub use action::{Button, actions};
pub use badge::{Badge, Tone, shape};
pub use banner::{Banner, patient_dot, patient_name};
pub use combobox::Combobox;
pub use compare::{Comparison, diff};
pub use date::{age, date_for_people, date_text, due, moment, moment_text};
pub use desk::Desk;
pub use dialog::Dialog;
pub use error::{FieldError, error_summary};
pub use field::{Choice, Field};
pub use figure::{Tile, count_text, progress, skeleton, tiles};
pub use form::Form;
pub use list::{Card, Event, Facts, Tab, folded, notice, tabs, timeline, why};
pub use plot::{plot, table_of};
pub use qr::qr;
pub use shell::{Flash, Heading, Person, Shell, Theme, Undo, message, page};
pub use table::{Align, Column, Empty, Pages, Row, Sorted, Table};
pub use viewer::{Mark, Region, Span, Viewer, marked_note, span_form};
