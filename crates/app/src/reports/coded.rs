//! Deliveries, operations and obstetric stays, from the codes of the chart's entries.

use super::load::Window;
use crate::Error;
use coding::grouper::Grouper;
use exchange::fhir::{ICD_10_CM, ICD_10_PCS};
use record::Instant;
use report::rows::{DeliveryRow, OperationRow, StayRow};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;
use store::View;
use store::report::CodedRecord;

/// Procedures that the MS-DRG logic of the newest version shipped calls operating room procedures.
static OPERATING_ROOM: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let grouper = Grouper::shipped();
    let newest = coding::grouper::Tables::shipped().versions().iter().map(|v| v.version).max();
    let newest = newest.and_then(|version| u16::try_from(version).ok());
    let procedures = newest.map(|version| grouper.procedures(version)).unwrap_or_default();
    let is_operation = |attributes: &[&str]| !attributes.contains(&"nonor");
    procedures
        .iter()
        .filter(|procedure| is_operation(&procedure.attributes))
        .map(|procedure| procedure.code.text().to_owned())
        .collect()
});

/// Marks obstetric stays and direct obstetric deaths.
pub(super) fn obstetric(view: &mut View<'_>, stays: &mut [StayRow]) -> Result<(), Error> {
    let coded = view.report_codes("Condition", ICD_10_CM, "O", None)?;
    let (mut obstetric, mut direct) = (BTreeSet::new(), BTreeSet::new());
    for entry in &coded {
        let Some(encounter) = entry.encounter.map(|key| key.0.to_string()) else { continue };
        if is_direct(&entry.code) {
            direct.insert(encounter.clone());
        }
        obstetric.insert(encounter);
    }
    for stay in stays {
        stay.is_obstetric = obstetric.contains(&stay.id);
        stay.is_maternal_death = stay.is_death() && direct.contains(&stay.id);
    }
    Ok(())
}

/// O00 to O92: complications of pregnancy, childbirth and the puerperium. O94 to O9A are sequelae,
/// other diseases that complicate it, and injuries.
fn is_direct(code: &str) -> bool {
    code.get(1..3).and_then(|number| number.parse::<u8>().ok()).is_some_and(|number| number <= 92)
}

/// Operations of the window: procedures that the MS-DRG logic calls operating room procedures.
pub(super) fn operations(
    view: &mut View<'_>,
    window: &Window,
    stays: &[StayRow],
) -> Result<Vec<OperationRow>, Error> {
    let coded = view.report_codes("Procedure", ICD_10_PCS, "0", Some(window.days()))?;
    let inpatient: BTreeSet<&str> = stays.iter().map(|stay| stay.id.as_str()).collect();
    let is_counted = |entry: &&CodedRecord| {
        let code = entry.code.replace('.', "");
        let of_stay = entry.encounter.map(|key| key.0.to_string());
        OPERATING_ROOM.contains(&code) && of_stay.is_some_and(|id| inpatient.contains(id.as_str()))
    };
    let row = |entry: &CodedRecord| {
        Some(OperationRow {
            id: entry.entry.0.to_string(),
            patient: window.patient(entry.patient),
            at: entry.at?,
            is_clean: false,
            is_infected: false,
            anaesthetics: 0,
            is_anaesthetic_death: false,
        })
    };
    Ok(coded.iter().filter(is_counted).filter_map(row).collect())
}

/// Deliveries of the stays of the window: an encounter with an outcome of delivery each.
pub(super) fn deliveries(
    view: &mut View<'_>,
    stays: &[StayRow],
) -> Result<Vec<DeliveryRow>, Error> {
    let mut by_encounter: BTreeMap<String, DeliveryRow> = BTreeMap::new();
    let admitted: BTreeMap<&str, Instant> =
        stays.iter().map(|stay| (stay.id.as_str(), stay.admitted)).collect();
    let of = |entry: &CodedRecord| {
        let id = entry.encounter?.0.to_string();
        admitted.get(id.as_str()).map(|at| (id, *at))
    };
    let weeks: BTreeMap<String, u32> = view
        .report_codes("Condition", ICD_10_CM, "Z3A", None)?
        .iter()
        .filter_map(|entry| Some((of(entry)?.0, weeks(&entry.code)?)))
        .collect();
    for entry in view.report_codes("Condition", ICD_10_CM, "Z37", None)? {
        let Some((id, at)) = of(&entry) else { continue };
        let (live_births, still) = outcome(&entry.code);
        let row = by_encounter.entry(id.clone()).or_insert(DeliveryRow {
            id: id.clone(),
            at,
            is_caesarean: false,
            live_births: 0,
            early_fetal_deaths: 0,
            intermediate_fetal_deaths: 0,
            late_fetal_deaths: 0,
        });
        row.live_births = live_births;
        match weeks.get(&id) {
            Some(0..=19) => row.early_fetal_deaths = still,
            Some(20..=27) => row.intermediate_fetal_deaths = still,
            _ => row.late_fetal_deaths = still,
        }
    }
    for entry in view.report_codes("Procedure", ICD_10_PCS, "10", None)? {
        let Some((id, _)) = of(&entry) else { continue };
        let Some(row) = by_encounter.get_mut(&id) else { continue };
        row.at = entry.at.unwrap_or(row.at);
        row.is_caesarean |= entry.code.starts_with("10D00Z");
    }
    Ok(by_encounter.into_values().collect())
}

/// Weeks of gestation of a code of Z3A: `Z3A.39`.
fn weeks(code: &str) -> Option<u32> {
    let number = code.strip_prefix("Z3A.").or_else(|| code.strip_prefix("Z3A"))?;
    number.parse().ok().filter(|weeks| (8..=49).contains(weeks))
}

/// Infants born alive and stillborn, of an outcome of delivery. Where the code says only that some
/// were, one was stillborn.
fn outcome(code: &str) -> (u32, u32) {
    match code.replace('.', "").as_str() {
        "Z370" => (1, 0),
        "Z371" => (0, 1),
        "Z372" => (2, 0),
        "Z373" => (1, 1),
        "Z374" => (0, 2),
        "Z3750" | "Z3751" | "Z3759" => (3, 0),
        "Z3752" => (4, 0),
        "Z3753" => (5, 0),
        "Z3754" => (6, 0),
        "Z3760" | "Z3761" | "Z3769" => (2, 1),
        "Z3762" => (3, 1),
        "Z3763" => (4, 1),
        "Z3764" => (5, 1),
        "Z377" => (0, 3),
        _ => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_was_born_and_when() {
        assert_eq!(
            (outcome("Z37.0"), outcome("Z37.3"), outcome("Z37.9")),
            ((1, 0), (1, 1), (0, 0))
        );
        assert_eq!((weeks("Z3A.39"), weeks("Z3A.00"), weeks("Z38")), (Some(39), None, None));
        assert!(is_direct("O72.1") && is_direct("O00.00") && !is_direct("O99.41"));
        assert!(!is_direct("O9A.11"));
    }

    #[test]
    fn an_operation_is_one_by_the_grouper() {
        // A hip replacement is one; a central line and a delivery are none.
        assert!(OPERATING_ROOM.contains("0SR9019"));
        assert!(!OPERATING_ROOM.contains("02HV33Z") && !OPERATING_ROOM.contains("10E0XZZ"));
    }
}
