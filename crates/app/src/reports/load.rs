//! From typed rows of the store to the rows that measures read.

use super::asked::Asked;
use super::catalog::{Needs, Report};
use super::coded;
use crate::Error;
use crate::rules::{Setting, setting};
use coding::import::held::Held;
use identity::Links;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::{Instant, PartialDate, PatientKey, ResourceKey};
use report::rows::{
    AccessRow, BedRow, Disposition, PlaceRow, RegistrationRow, RequestRow, StayClass, StayRow,
    UnbilledRow,
};
use report::{Period, Rows};
use std::collections::BTreeMap;
use store::View;
use store::report::{AccountRecord, StayRecord};
use store::work::{Facility, NursingUnit};

/// What is counted where and when.
pub(super) struct Window {
    pub period: Period,
    pub zone: TimeZone,
    pub facilities: Vec<Facility>,
    pub units: Vec<NursingUnit>,
    facility: Option<i64>,
    links: Links,
}

impl Window {
    /// Reads what is asked for against the facilities of the site.
    pub fn of(view: &mut View<'_>, asked: &Asked) -> Result<Window, Error> {
        let facilities = view.facility_list()?;
        let chosen = match asked.facility {
            Some(key) => Some(facilities.iter().find(|f| f.id == key).ok_or(Error::NotFound)?),
            None => facilities.first(),
        };
        let zone = chosen.and_then(|facility| TimeZone::get(&facility.time_zone).ok());
        let zone = zone.unwrap_or(TimeZone::UTC);
        let today = view.context().at.date_in(&zone);
        let links = view.patient_links()?;
        let month = setting(view, Setting::FiscalYearMonth, today)?;
        let period = asked.period(today, i8::try_from(month).unwrap_or(1))?;
        let units = view.nursing_unit_list()?;
        Ok(Window { period, zone, units, facility: asked.facility, facilities, links })
    }

    /// The first instant of the period and the first after it.
    pub fn days(&self) -> (Instant, Instant) {
        (self.start_of(self.period.from), self.start_of(self.period.until.saturating_add(1.days())))
    }

    /// The record under which a patient is found today.
    pub fn patient(&self, key: PatientKey) -> PatientKey {
        self.links.resolve(key)
    }

    fn start_of(&self, day: Date) -> Instant {
        let zoned = day.to_zoned(self.zone.clone());
        zoned.map_or(Instant(i64::MAX), |zoned| Instant::from_timestamp(zoned.timestamp()))
    }

    /// The facility of a stay: that of its last unit, else that of its name, else the only one.
    fn facility_of(&self, stay: &StayRecord) -> Option<i64> {
        let unit = stay.facts.places.last().map(|(unit, _)| unit.as_str());
        let by_unit = self.units.iter().find(|known| Some(known.name.as_str()) == unit);
        let by_name = || self.facilities.iter().find(|known| known.name == stay.facts.facility);
        let only = || self.facilities.first().filter(|_| self.facilities.len() == 1);
        let facility = by_unit.map(|unit| unit.facility);
        facility.or_else(|| by_name().or_else(only).map(|facility| facility.id))
    }

    fn is_counted(&self, stay: &StayRecord) -> bool {
        self.facility.is_none_or(|asked| self.facility_of(stay) == Some(asked))
    }
}

/// Everything that a report's measures read.
pub(super) fn load(
    view: &mut View<'_>,
    held: &Held,
    window: &Window,
    report: Report,
) -> Result<Rows, Error> {
    load_needs(view, held, window, report.needs())
}

pub(super) fn load_needs(
    view: &mut View<'_>,
    held: &Held,
    window: &Window,
    needs: Needs,
) -> Result<Rows, Error> {
    let mut rows = Rows::default();
    if needs.stays {
        rows.stays = stays(view, window, needs)?;
        rows.beds = beds(window);
    }
    if needs.codes {
        coded::obstetric(view, &mut rows.stays)?;
        rows.operations = coded::operations(view, window, &rows.stays)?;
        rows.deliveries = coded::deliveries(view, &rows.stays)?;
    }
    if needs.weights {
        weights(view, held, window, &mut rows.stays)?;
    }
    if needs.accounts {
        accounts(view, window, &mut rows)?;
    }
    let (from, until) = window.days();
    if needs.deficiencies {
        rows.delinquent = crate::completion::delinquent_rows(view, until)?;
    }
    if needs.requests {
        rows.requests = requests(view, window)?;
    }
    if needs.accesses {
        let access = |access: store::report::AccessRecord| AccessRow {
            id: access.entry.to_string(),
            at: access.at,
            is_emergency: access.purpose == record::PurposeOfUse::Emergency.as_str(),
        };
        rows.accesses = view.report_accesses(from, until)?.into_iter().map(access).collect();
    }
    if needs.identity {
        let pairs = view.report_possible_duplicates()?;
        rows.possible_duplicates = pairs.iter().map(|key| key.0.to_string()).collect();
        rows.patient_count = u64::try_from(view.patient_count()?.0).unwrap_or(0);
        let registered = view.report_registrations(from, until)?.into_iter();
        let registration = |(key, at, is_confirmed_duplicate): (PatientKey, Instant, bool)| {
            RegistrationRow { id: key.0.to_string(), at, is_confirmed_duplicate }
        };
        rows.registrations = registered.map(registration).collect();
    }
    Ok(rows)
}

fn stays(view: &mut View<'_>, window: &Window, needs: Needs) -> Result<Vec<StayRow>, Error> {
    let first = match needs.year {
        true => window.period.until.saturating_sub(1.years()),
        false => window.period.from,
    };
    let last = window.period.until.saturating_add(if needs.after { 31 } else { 1 }.days());
    // A day more on both sides: the store keeps dates without a time as days in UTC.
    let from = window.start_of(first.min(window.period.from).saturating_sub(1.days()));
    let until = window.start_of(last.saturating_add(1.days()));
    let records = view.report_stays(from, until)?;
    let counted = records.into_iter().filter(|stay| window.is_counted(stay));
    Ok(counted.flat_map(|stay| stay_rows(window, stay)).collect())
}

/// The row of a stay, and the one of its time under observation before an order admitted the
/// patient. A stay whose class was changed back to observation was never inpatient.
fn stay_rows(window: &Window, stay: StayRecord) -> Vec<StayRow> {
    let StayRecord { encounter, patient, facts } = stay;
    let read = |text: &Option<String>| PartialDate::parse(text.as_deref()?, &window.zone);
    let Some(started) = read(&facts.started).map(|date| date.first) else { return Vec::new() };
    let changed = read(&facts.class_since).map(|date| date.first);
    let is_inpatient = facts.class == "IMP";
    let admitted = changed.filter(|_| is_inpatient).unwrap_or(started);
    let places: Vec<PlaceRow> = facts
        .places
        .iter()
        .map(|(unit, since)| PlaceRow {
            unit: unit.clone(),
            since: read(since).map_or(started, |date| date.first),
        })
        .collect();
    let row = StayRow {
        id: encounter.0.to_string(),
        patient: window.patient(patient),
        class: if is_inpatient { StayClass::Inpatient } else { StayClass::Observation },
        is_newborn: facts.is_newborn,
        admitted,
        discharged: read(&facts.ended).map(|date| date.last),
        disposition: disposition_of(facts.disposition.as_deref()),
        service: facts.service,
        unit: places.last().map(|place| place.unit.clone()).unwrap_or_default(),
        places,
        is_obstetric: false,
        is_maternal_death: false,
        is_consulted: false,
        has_hospital_infection: false,
        is_planned: facts.is_planned,
        is_transfer_in: facts.is_transfer_in,
        weight: None,
    };
    let was_observed = is_inpatient && facts.class_before.as_deref() == Some("OBSENC");
    let observed = StayRow {
        class: StayClass::Observation,
        admitted: started,
        discharged: Some(admitted),
        disposition: Disposition::Other,
        ..row.clone()
    };
    if was_observed && started < admitted { vec![observed, row] } else { vec![row] }
}

/// Where a patient went, of a patient discharge status (National Uniform Billing Committee) or a
/// code of HL7's discharge-disposition system. The codes of eighty and more are those of sixty and
/// less with a planned readmission.
pub(super) fn disposition_of(code: Option<&str>) -> Disposition {
    match code.unwrap_or_default() {
        "20" | "40" | "41" | "42" | "exp" => Disposition::Died,
        "02" | "05" | "43" | "66" | "82" | "85" | "88" | "94" => Disposition::Transfer,
        "07" | "aadvice" => Disposition::Left,
        "01" | "03" | "04" | "06" | "50" | "51" | "61" | "62" | "63" | "64" | "65" | "81"
        | "83" | "84" | "86" | "89" | "90" | "91" | "92" | "93" | "home" | "alt-home" | "hosp"
        | "long" | "psy" | "rehab" | "snf" => Disposition::Home,
        _ => Disposition::Other,
    }
}

/// Beds of each day, as the units' rows state them.
fn beds(window: &Window) -> Vec<BedRow> {
    let count = |beds: i64| u32::try_from(beds).unwrap_or(0);
    let is_asked = |unit: &&NursingUnit| window.facility.is_none_or(|f| f == unit.facility);
    let units: Vec<&NursingUnit> = window.units.iter().filter(is_asked).collect();
    let mut rows = Vec::new();
    for date in window.period.days() {
        let day = date.to_string();
        let open = units.iter().filter(|unit| {
            unit.from_date <= day && unit.until_date.as_ref().is_none_or(|until| *until >= day)
        });
        rows.extend(open.map(|unit| BedRow {
            date,
            unit: unit.name.clone(),
            beds: count(unit.beds),
            bassinets: count(unit.bassinets),
        }));
    }
    rows
}

/// Puts the relative weight of its final codes on each discharge of the period.
fn weights(
    view: &mut View<'_>,
    held: &Held,
    window: &Window,
    stays: &mut [StayRow],
) -> Result<(), Error> {
    for stay in stays {
        let left = stay.discharged.map(|at| at.date_in(&window.zone));
        let is_asked = stay.class == StayClass::Inpatient
            && left.is_some_and(|day| window.period.contains(day));
        if let (true, Ok(key)) = (is_asked, stay.id.parse()) {
            stay.weight = crate::coding::final_weight(view, held, ResourceKey(key))?;
        }
    }
    Ok(())
}

/// Accounts that were not final at the end of the period, their charges, and the revenue of the
/// twelve months to it.
fn accounts(view: &mut View<'_>, window: &Window, rows: &mut Rows) -> Result<(), Error> {
    let until = window.period.until;
    let end = window.start_of(until.saturating_add(1.days()));
    let year = window.start_of(until.saturating_sub(1.years()).saturating_add(1.days()));
    let charged = view.report_charges(end)?;
    let charges: BTreeMap<ResourceKey, i64> =
        charged.iter().map(|charge| (charge.encounter, charge.cents)).collect();
    let of_year = charged.iter().filter(|charge| charge.ended_at >= year);
    rows.revenue_cents = of_year.map(|charge| charge.cents).sum();
    let first = until.saturating_sub(1.years()).saturating_add(1.days());
    rows.revenue_days = u32::try_from(report::rows::days_between(first, until) + 1).unwrap_or(0);
    let account = |account: AccountRecord| {
        let day = PartialDate::parse(&account.ended_on, &window.zone)?;
        Some(UnbilledRow {
            id: account.encounter.0.to_string(),
            discharged: day.first,
            charges_cents: charges.get(&account.encounter).copied().unwrap_or(0),
            reason: reason_of(&account, end),
        })
    };
    let held = view.report_accounts(&until.to_string(), end)?;
    rows.unbilled = held.into_iter().filter_map(account).collect();
    Ok(())
}

/// Why an account was not final at an instant, in words.
fn reason_of(account: &AccountRecord, at: Instant) -> String {
    let held = account.hold_reason.as_deref().and_then(coding::work::HoldReason::parse);
    match (account.state.as_str(), held) {
        _ if account.finalized_at.is_some_and(|done| done > at) => "Final since".to_owned(),
        (_, Some(reason)) => format!("On hold: {}", reason.label()),
        ("waiting", _) => "Waiting for a coder".to_owned(),
        ("in-progress", _) => "Being coded".to_owned(),
        ("reopened", _) => "Reopened".to_owned(),
        (other, _) => other.to_owned(),
    }
}

fn requests(view: &mut View<'_>, window: &Window) -> Result<Vec<RequestRow>, Error> {
    let (from, until) = window.days();
    let request = |request: store::report::RequestRecord| {
        let received = PartialDate::parse(&request.received_on, &window.zone)?;
        Some(RequestRow {
            id: request.request.to_string(),
            received: received.first,
            delivered: request.delivered_at.filter(|at| *at < until),
        })
    };
    Ok(view.report_requests(from, until)?.into_iter().filter_map(request).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dispositions_are_read() {
        use Disposition::*;
        for (code, expected) in [
            (Some("20"), Died),
            (Some("exp"), Died),
            (Some("02"), Transfer),
            (Some("07"), Left),
            (Some("01"), Home),
            (Some("51"), Home),
            (Some("xx"), Other),
            (None, Other),
        ] {
            assert_eq!(disposition_of(code), expected, "{code:?}");
        }
    }
}
