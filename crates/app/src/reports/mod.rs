//! The reports desk: what is asked for, the rows behind it, figures, tables and plots, the rows of
//! a number, and the printed sheet.
//!
//! ```text
//! Asked (period, facility, unit) -> load (typed rows) -> report::measures -> Opened
//!                                                        figures open their rows; CSV; PDF
//! ```
//!
//! Totals count everyone. Who opens a number's rows sees those that are open to them, and how many
//! are withheld.

mod asked;
mod catalog;
mod coded;
mod formulas;
mod load;
mod opened;
mod print;
mod rows;

pub use asked::{Asked, Range};
pub use catalog::Report;
pub use formulas::{Formula, formulas};
pub use opened::{Opened, Scope, export_table, open, overview};
pub use print::pdf;
pub use rows::{
    AccessListed, Behind, Listed, RequestListed, RowsBehind, SHOWN_MAX, rows, rows_table,
};
