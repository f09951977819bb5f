//! Vital signs outside what a living person shows.
//!
//! # What it finds
//! Heart rate, breathing rate, body temperature, blood pressure, oxygen saturation, weight and
//! height outside wide limits, in the unit given. Unknown units are left out.
//!
//! # Why it matters
//! A slip of the decimal point in a weight is a slip of the dose.
//!
//! # Example
//! Body temperature `98.6` in degrees Celsius; oxygen saturation `980` %.
//!
//! # Source
//! Kahn et al., A Harmonized Data Quality Assessment Terminology, eGEMs 2016: plausibility,
//! atemporal. FHIR R4 vital signs profile for codes and units.

use super::Found;
use crate::rows::{Rows, Table};

/// LOINC code, UCUM unit, lowest and highest value that is believed.
const LIMITS: &[(&str, &str, f64, f64)] = &[
    ("8867-4", "/min", 10.0, 350.0),
    ("9279-1", "/min", 2.0, 150.0),
    ("8310-5", "Cel", 20.0, 46.0),
    ("8310-5", "[degF]", 68.0, 115.0),
    ("8480-6", "mm[Hg]", 20.0, 350.0),
    ("8462-4", "mm[Hg]", 5.0, 250.0),
    ("2708-6", "%", 20.0, 100.0),
    ("59408-5", "%", 20.0, 100.0),
    ("29463-7", "kg", 0.2, 700.0),
    ("29463-7", "g", 200.0, 20_000.0),
    ("29463-7", "[lb_av]", 0.4, 1_500.0),
    ("8302-2", "cm", 15.0, 275.0),
    ("8302-2", "[in_i]", 6.0, 110.0),
    ("39156-5", "kg/m2", 5.0, 200.0),
];

/// Vital signs outside their limits.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    for observation in rows.observations.iter().filter(|observation| !observation.is_void) {
        let (Some(value), Some(unit)) = (observation.value, &observation.unit) else { continue };
        let limits = LIMITS.iter().find(|row| row.0 == observation.code && row.1 == unit);
        let Some((.., low, high)) = limits else { continue };
        let is_fault = !(*low..=*high).contains(&value);
        let sentence = "The vital sign lies outside what a living person shows. \
                        Check its number and unit against the source.";
        let fault = is_fault.then_some(sentence);
        found.judge(Table::Observation, &observation.id, Some(observation.patient), fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.observations.push(super::fixture::observation("v8", "8310-5", 98.6, "Cel"));
    rows.observations.push(super::fixture::observation("v9", "2708-6", 980.0, "%"));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
