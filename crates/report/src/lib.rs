//! Statistics: pure functions from rows to figures and tables, each with its formula and version.

pub mod csv;
pub mod figure;
pub mod manual;
pub mod measures;
pub mod plot;
pub mod rows;
pub mod svg;
pub mod tables;

pub use figure::{Figure, Unit};
pub use measures::{Measure, all as all_measures, by_name};
pub use plot::Plot;
pub use rows::{Input, Period, Rows};
pub use tables::Table;
