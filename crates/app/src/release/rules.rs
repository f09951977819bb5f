//! The rules that the desk asks by: checklists, clocks, fee schedules, as the administration keeps
//! them.

use crate::Error;
use jiff::civil::Date;
use record::Citation;
use release::FEDERAL;
use release::basis::{Basis, Checklist, Element};
use release::clock::{Clock, ClockRule};
use release::fee::Schedule;
use store::View;

/// Days within which the organization means to answer a request that no law gives a date.
const HOUSE_DAYS: i32 = 30;

/// Every checklist, all versions.
pub(crate) fn checklists(view: &mut View<'_>) -> Result<Vec<Checklist>, Error> {
    crate::rules::release_checklists_all(view)
}

/// Every clock, all versions: the law's, and the organization's own goal, [`HOUSE_DAYS`] unless
/// the site set one that holds on the day.
pub(crate) fn clocks(view: &mut View<'_>, on: Date) -> Result<Vec<ClockRule>, Error> {
    let mut rules = crate::rules::release_clocks_all(view)?;
    if rules.iter().any(|rule| rule.clock == Clock::House && rule.is_in_force(on)) {
        return Ok(rules);
    }
    rules.push(ClockRule {
        id: "house-release".to_owned(),
        version: 1,
        clock: Clock::House,
        jurisdiction: FEDERAL.to_owned(),
        citation: Citation::new("The organization's own goal; no law sets a date"),
        from: jiff::civil::date(2003, 4, 14),
        to: None,
        days: HOUSE_DAYS,
        extension_days: None,
    });
    Ok(rules)
}

/// The fee schedules in force on a day, for those who don't pay the patient's rate.
pub(crate) fn schedules(view: &mut View<'_>, on: Date) -> Result<Vec<Schedule>, Error> {
    Ok(crate::rules::fee_schedules(view, on)?.into_iter().map(|one| one.rule).collect())
}

/// The elements that are asked for a basis on a day, in the order of the forms, with the
/// checklist that asks each.
pub(crate) fn elements(
    checklists: &[Checklist],
    basis: Basis,
    jurisdiction: Option<&str>,
    on: Date,
) -> Vec<Element> {
    checklists
        .iter()
        .filter(|list| list.basis == basis && list.is_in_force(on))
        .filter(|list| {
            list.jurisdiction == FEDERAL || Some(list.jurisdiction.as_str()) == jurisdiction
        })
        .flat_map(|list| list.elements.clone())
        .collect()
}
