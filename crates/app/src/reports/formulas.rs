//! The measures as a reader may ask about them.

use super::catalog::Report;
use crate::Error;
use crate::access::{Right, require};
use record::Context;
use report::manual::HEADINGS;
use report::measures::all;
use store::Store;

/// A measure with what its file says of it.
#[derive(Clone, Debug)]
pub struct Formula {
    /// Its name.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its formula in short.
    pub formula: &'static str,
    /// Version of the formula.
    pub version: &'static str,
    /// What it counts, formula, edge cases, source.
    pub parts: Vec<(&'static str, String)>,
    /// Whether a report of the desk shows it.
    pub is_counted: bool,
}

/// Every measure. Shows nothing of a patient.
///
/// # Errors
/// [`Error::Forbidden`] without the right to see reports.
pub fn formulas(store: &Store, context: &Context) -> Result<Vec<Formula>, Error> {
    require(store, context, Right::Report)?;
    let formula = |measure: &report::Measure| {
        let part =
            |heading: &&'static str| Some((*heading, measure.section(heading)?.replace('\n', " ")));
        Formula {
            name: measure.name,
            title: measure.title,
            formula: measure.formula,
            version: measure.version,
            parts: HEADINGS.iter().filter_map(part).collect(),
            is_counted: Report::of_figure(measure.name).is_some(),
        }
    };
    Ok(all().iter().map(formula).collect())
}
