//! A record of somebody who died more than 50 years ago, 45 CFR 164.502(f).
//!
//! # What it finds
//! That the date of death is shown, and that nothing else than the Privacy Rule still protects
//! the record. That 50 years are over is counted from the date of death in the chart.
//!
//! # Why it matters
//! Such a record is no longer protected health information: nobody needs an authorization, and
//! the accounting doesn't list it. State law, and 42 CFR Part 2, know no such end.
//!
//! # Example
//! A local historian asks for the chart of a patient who died in 1958.
//!
//! # Source
//! 45 CFR 164.502(f); 160.103, protected health information (2)(iv); 42 CFR 2.15(b).

use super::Basis;
use super::checklist::{Checklist, federal, must, must_not};
use jiff::civil::{Date, date};

/// From which day the definition reads so (78 FR 5566).
const OMNIBUS_RULE: Date = date(2013, 3, 26);

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "death-shown",
            "45 CFR 164.502(f)",
            "Is the date of death shown by a certificate, a register or another reliable source?",
            "Send proof of the date of death: a certificate, or an entry of a register.",
        ),
        must_not(
            "other-law",
            "45 CFR 160.203(b)",
            "Does a law of the state, or a term of the archive, still keep this record closed?",
            "State law still protects this record. Show that you may have it under that law.",
        ),
    ];
    let citation = "45 CFR 164.502(f); 160.103";
    let list = federal(Basis::LongDeceased, "164.502f", citation, elements);
    vec![Checklist { from: OMNIBUS_RULE, ..list }]
}
