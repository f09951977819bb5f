//! Checks of a page by axe-core, whose script the caller gives.

use std::fmt;

use anyhow::Result;
use serde::Deserialize;
use serde_json::json;

use crate::Browser;

/// A rule of accessibility that the page breaks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Violation {
    /// The rule's name in axe.
    pub id: String,
    /// How much it hinders: minor, moderate, serious, critical.
    pub impact: Option<String>,
    /// What is wrong.
    pub help: String,
    /// Where, as selectors.
    pub targets: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let impact = self.impact.as_deref().unwrap_or("unrated");
        write!(out, "{} ({impact}): {} at {}", self.id, self.help, self.targets.join(", "))
    }
}

impl Browser {
    /// What axe finds on the page as it is shown now. `source` is the text of `axe.min.js`.
    pub fn axe(&self, source: &str) -> Result<Vec<Violation>> {
        let loaded = self.run("return typeof window.axe === 'object'", &[])?;
        if loaded != json!(true) {
            self.run(source, &[])?;
        }
        let script = "const done = arguments[arguments.length - 1]; \
            window.axe.run(document, { resultTypes: ['violations'] }).then(\
              result => done(result.violations.map(one => ({ \
                id: one.id, impact: one.impact, help: one.help, \
                targets: one.nodes.map(node => node.target.flat().join(' ')) }))), \
              error => done([{ id: 'axe-failed', impact: 'critical', \
                help: String(error), targets: [] }]))";
        Ok(serde_json::from_value(self.run_until_called(script, &[])?)?)
    }
}
