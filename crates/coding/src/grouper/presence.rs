//! Which diagnoses must state whether they were present on admission.
//!
//! Source: ICD-10-CM Official Guidelines, Appendix I. The yearly list of exempt codes is a file of
//! its publisher; where it is not at hand, only diagnoses are asked for that no list of v40 to v44
//! exempts: outside the categories below.

use super::claim::{Claim, Code, HospitalPoaStatus};

/// Categories of which some codes, or all, are exempt from reporting.
const SOMETIMES_EXEMPT: [&str; 13] =
    ["B90", "B91", "B92", "B94", "E64", "I252", "I69", "O09", "O665", "O80", "O94", "P00", "R99"];
/// Chapters of which some codes, or all, are exempt: congenital malformations, external causes,
/// factors that influence health status, codes for special purposes.
const SOMETIMES_EXEMPT_CHAPTERS: [char; 7] = ['Q', 'U', 'V', 'W', 'X', 'Y', 'Z'];

/// Diagnoses without an indicator, where the hospital must report and the code is not exempt.
#[must_use]
pub fn missing_present_on_admission(claim: &Claim) -> Vec<Code> {
    if claim.hospital_poa_status == HospitalPoaStatus::Exempt {
        return Vec::new();
    }
    let all = std::iter::once(&claim.principal).chain(&claim.secondary);
    let silent = all.filter(|diagnosis| diagnosis.poa.is_none() && !diagnosis.code.is_empty());
    silent.map(|diagnosis| diagnosis.code).filter(|code| !may_be_exempt(*code)).collect()
}

fn may_be_exempt(code: Code) -> bool {
    let text = code.text();
    let later = text.len() == 7 && text.ends_with(['D', 'G', 'K', 'P', 'S']);
    text.starts_with(SOMETIMES_EXEMPT_CHAPTERS)
        || SOMETIMES_EXEMPT.iter().any(|category| text.starts_with(category))
        || (later && text.starts_with(['S', 'T', 'M']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_a_list_may_exempt_are_not_asked_for() {
        for (code, expected) in [
            ("I10", false),
            ("I21.4", false),
            ("I25.2", true),
            ("Z38.00", true),
            ("W19.XXXA", true),
            ("S72.001A", false),
            ("S72.001D", true),
            ("S72.001S", true),
            ("Q21.0", true),
            ("P00.1", true),
            ("P01.1", false),
        ] {
            assert_eq!(may_be_exempt(Code::new(code)), expected, "{code}");
        }
    }
}
