//! Codes for what was and for what runs in the family.
//!
//! Source: ICD-10-CM Official Guidelines, section I.C.21.c.4 (history), categories Z80 to Z87.

/// The personal-history code for a past condition; nothing where the condition stays current or
/// has no history code.
pub(super) fn personal(code: &str) -> Option<&'static str> {
    find(&PERSONAL, code)
}

/// The family-history code for a relative's condition.
pub(super) fn family(code: &str) -> Option<&'static str> {
    find(&FAMILY, code)
}

/// The longest prefix wins.
fn find(table: &[(&str, &'static str)], code: &str) -> Option<&'static str> {
    table
        .iter()
        .filter(|(prefix, _)| code.starts_with(prefix))
        .max_by_key(|(prefix, _)| prefix.len())
        .map(|(_, history)| *history)
}

const PERSONAL: [(&str, &str); 88] = [
    ("C00", "Z85819"),
    ("C01", "Z85810"),
    ("C02", "Z85810"),
    ("C03", "Z85818"),
    ("C04", "Z85818"),
    ("C05", "Z85818"),
    ("C06", "Z85819"),
    ("C07", "Z85818"),
    ("C08", "Z85818"),
    ("C09", "Z85818"),
    ("C10", "Z85818"),
    ("C11", "Z85818"),
    ("C12", "Z85818"),
    ("C13", "Z85818"),
    ("C14", "Z85819"),
    ("C15", "Z8501"),
    ("C16", "Z85028"),
    ("C17", "Z85068"),
    ("C18", "Z85038"),
    ("C19", "Z85048"),
    ("C20", "Z85048"),
    ("C21", "Z85048"),
    ("C22", "Z8505"),
    ("C23", "Z8509"),
    ("C24", "Z8509"),
    ("C25", "Z8507"),
    ("C30", "Z8522"),
    ("C32", "Z8521"),
    ("C33", "Z8512"),
    ("C34", "Z85118"),
    ("C37", "Z85238"),
    ("C38", "Z8529"),
    ("C40", "Z85830"),
    ("C41", "Z85830"),
    ("C43", "Z85820"),
    ("C44", "Z85828"),
    ("C4A", "Z85821"),
    ("C45", "Z8589"),
    ("C46", "Z8589"),
    ("C49", "Z85831"),
    ("C50", "Z853"),
    ("C51", "Z8544"),
    ("C52", "Z8544"),
    ("C53", "Z8541"),
    ("C54", "Z8542"),
    ("C55", "Z8542"),
    ("C56", "Z8543"),
    ("C60", "Z8549"),
    ("C61", "Z8546"),
    ("C62", "Z8547"),
    ("C64", "Z85528"),
    ("C65", "Z8553"),
    ("C66", "Z8554"),
    ("C67", "Z8551"),
    ("C69", "Z85840"),
    ("C70", "Z85848"),
    ("C71", "Z85841"),
    ("C72", "Z85848"),
    ("C73", "Z85850"),
    ("C74", "Z85858"),
    ("C80", "Z859"),
    ("C81", "Z8571"),
    ("C82", "Z8572"),
    ("C83", "Z8572"),
    ("C84", "Z8572"),
    ("C85", "Z8572"),
    ("C90", "Z8579"),
    ("C91", "Z856"),
    ("C92", "Z856"),
    ("C95", "Z856"),
    ("D12", "Z860100"),
    ("K635", "Z860100"),
    ("A15", "Z8611"),
    ("A80", "Z8612"),
    ("B50", "Z8613"),
    ("B54", "Z8613"),
    ("U071", "Z8616"),
    ("I26", "Z86711"),
    ("I82", "Z86718"),
    ("I63", "Z8673"),
    ("G45", "Z8673"),
    ("J18", "Z8701"),
    ("K27", "Z8711"),
    ("K25", "Z8711"),
    ("K26", "Z8711"),
    ("N20", "Z87442"),
    ("N390", "Z87440"),
    ("I21", "I252"),
];

const FAMILY: [(&str, &str); 60] = [
    ("C15", "Z800"),
    ("C16", "Z800"),
    ("C17", "Z800"),
    ("C18", "Z800"),
    ("C19", "Z800"),
    ("C20", "Z800"),
    ("C22", "Z800"),
    ("C25", "Z800"),
    ("C34", "Z801"),
    ("C32", "Z802"),
    ("C50", "Z803"),
    ("C56", "Z8041"),
    ("C61", "Z8042"),
    ("C62", "Z8043"),
    ("C53", "Z8049"),
    ("C54", "Z8049"),
    ("C64", "Z8051"),
    ("C67", "Z8052"),
    ("C91", "Z806"),
    ("C92", "Z806"),
    ("C95", "Z806"),
    ("C81", "Z807"),
    ("C85", "Z807"),
    ("C43", "Z808"),
    ("C71", "Z808"),
    ("C73", "Z808"),
    ("C80", "Z809"),
    ("D12", "Z83710"),
    ("K635", "Z83710"),
    ("F1", "Z814"),
    ("F10", "Z811"),
    ("F17", "Z812"),
    ("F20", "Z818"),
    ("F3", "Z818"),
    ("F03", "Z818"),
    ("G40", "Z820"),
    ("G30", "Z820"),
    ("G20", "Z820"),
    ("G35", "Z820"),
    ("H54", "Z821"),
    ("H40", "Z83511"),
    ("H9", "Z822"),
    ("I63", "Z823"),
    ("I21", "Z8249"),
    ("I25", "Z8249"),
    ("I1", "Z8249"),
    ("I42", "Z8249"),
    ("I50", "Z8249"),
    ("I46", "Z8241"),
    ("J45", "Z825"),
    ("J44", "Z836"),
    ("M", "Z8269"),
    ("M81", "Z8262"),
    ("E10", "Z833"),
    ("E11", "Z833"),
    ("E78", "Z83438"),
    ("E7800", "Z8342"),
    ("N18", "Z8419"),
    ("Q61", "Z8271"),
    ("D56", "Z832"),
];

/// Codes that are never given on doubt: HIV, Zika, COVID-19, novel influenza
/// (guidelines I.C.1.a.1, I.C.1.f, I.C.1.g.1.a, I.C.10.c).
pub(super) fn only_confirmed(code: &str) -> bool {
    ["B20", "Z21", "A925", "U071", "J09", "J10", "O987"]
        .iter()
        .any(|prefix| code.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeset::embedded::icd10cm;

    #[test]
    fn every_history_code_can_be_reported() {
        for (condition, history) in PERSONAL.iter().chain(&FAMILY) {
            let node = icd10cm().find(history);
            assert!(node.is_some_and(|node| node.is_reportable()), "{condition} to {history}");
        }
    }

    #[test]
    fn the_longest_prefix_decides() {
        assert_eq!(personal("C4A0"), Some("Z85821"));
        assert_eq!(personal("I10"), None);
        assert_eq!(family("E7800"), Some("Z8342"));
        assert_eq!(family("E785"), Some("Z83438"));
    }
}
