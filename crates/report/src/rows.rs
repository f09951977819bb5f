//! The rows that statistics read: a plain view, filled by the store.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use record::{Instant, PatientKey};
use serde::{Deserialize, Serialize};

/// What kind of stay it is. Only inpatient stays count in the census.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StayClass {
    /// From an admission order on (42 CFR 412.3).
    Inpatient,
    /// Observation: outpatient in a bed.
    Observation,
    /// Emergency department.
    Emergency,
    /// Other outpatient.
    Outpatient,
}

/// Where the patient went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disposition {
    /// Home, or to other care than acute.
    Home,
    /// To another acute care hospital.
    Transfer,
    /// Died here.
    Died,
    /// Left against advice.
    Left,
    /// Not known, or anything else.
    Other,
}

/// A unit in which a patient lay, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRow {
    /// The unit.
    pub unit: String,
    /// Since when.
    pub since: Instant,
}

/// A stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StayRow {
    /// Id of the encounter.
    pub id: String,
    /// Its patient, merges resolved.
    pub patient: PatientKey,
    /// What kind of stay.
    pub class: StayClass,
    /// Whether the patient was born here in this stay.
    pub is_newborn: bool,
    /// When it began.
    pub admitted: Instant,
    /// When it ended, death included.
    pub discharged: Option<Instant>,
    /// Where the patient went.
    pub disposition: Disposition,
    /// Service at discharge.
    pub service: String,
    /// Unit at discharge.
    pub unit: String,
    /// Every unit in order of time; empty where the patient never moved.
    pub places: Vec<PlaceRow>,
    /// Whether it is an obstetric stay.
    pub is_obstetric: bool,
    /// Whether it ended in a death by a direct obstetric cause.
    pub is_maternal_death: bool,
    /// Whether a consultant was called.
    pub is_consulted: bool,
    /// Whether an infection was acquired here (not present on admission).
    pub has_hospital_infection: bool,
    /// Whether the admission was planned.
    pub is_planned: bool,
    /// Whether the patient came from another acute care hospital.
    pub is_transfer_in: bool,
    /// Relative weight of its DRG, once grouped.
    pub weight: Option<f64>,
}

impl StayRow {
    /// Whether it ended in death.
    pub fn is_death(&self) -> bool {
        self.disposition == Disposition::Died && self.discharged.is_some()
    }
}

/// Beds set up and staffed on a day in a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BedRow {
    /// The day.
    pub date: Date,
    /// The unit.
    pub unit: String,
    /// Beds for adults and children.
    pub beds: u32,
    /// Bassinets for newborns.
    pub bassinets: u32,
}

/// An operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationRow {
    /// Id of the procedure.
    pub id: String,
    /// Its patient.
    pub patient: PatientKey,
    /// When.
    pub at: Instant,
    /// Whether the wound was clean (class I).
    pub is_clean: bool,
    /// Whether an infection followed.
    pub is_infected: bool,
    /// Anaesthetics given.
    pub anaesthetics: u32,
    /// Whether an anaesthetic caused the death.
    pub is_anaesthetic_death: bool,
}

/// A delivery of one mother, whatever the number of infants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRow {
    /// Id of the delivery.
    pub id: String,
    /// When.
    pub at: Instant,
    /// Whether by caesarean.
    pub is_caesarean: bool,
    /// Infants born alive.
    pub live_births: u32,
    /// Early fetal deaths: under 20 weeks or 500 g.
    pub early_fetal_deaths: u32,
    /// Intermediate fetal deaths: 20 to 27 weeks, or 501 to 1,000 g.
    pub intermediate_fetal_deaths: u32,
    /// Late fetal deaths: 28 weeks on, or over 1,000 g.
    pub late_fetal_deaths: u32,
}

/// A body: of an inpatient, or of another patient brought for autopsy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyRow {
    /// Id of the stay or the case.
    pub id: String,
    /// When the patient died.
    pub died: Instant,
    /// Whether the patient died as an inpatient here.
    pub is_inpatient: bool,
    /// Whether the coroner or medical examiner took the case.
    pub is_coroner_case: bool,
    /// Whether the hospital's pathologist did an autopsy.
    pub is_autopsied: bool,
}

/// A chart that is delinquent at the end of the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelinquentRow {
    /// Id of the encounter.
    pub id: String,
    /// When it became delinquent.
    pub since: Instant,
}

/// A discharged account that is not final billed at the end of the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnbilledRow {
    /// Id of the encounter.
    pub id: String,
    /// When the patient left.
    pub discharged: Instant,
    /// Charges in cents.
    pub charges_cents: i64,
    /// Why it is held.
    pub reason: String,
}

/// A request for release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRow {
    /// Id of the request.
    pub id: String,
    /// When it was received.
    pub received: Instant,
    /// When it was delivered, where it was.
    pub delivered: Option<Instant>,
}

/// An access to a record in the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRow {
    /// Id of the entry.
    pub id: String,
    /// When.
    pub at: Instant,
    /// Whether the glass was broken.
    pub is_emergency: bool,
}

/// A registration of a new patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationRow {
    /// Id of the patient's record.
    pub id: String,
    /// When.
    pub at: Instant,
    /// Whether it was confirmed later to be a duplicate of a record that was there.
    pub is_confirmed_duplicate: bool,
}

/// Everything that the measures read. What was merged or entered in error is left out by the
/// caller, and what the reader may not see is counted by it and stated as withheld.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// Stays that touch the period, and those of 30 days after and 12 months before it.
    pub stays: Vec<StayRow>,
    /// Beds by day and unit.
    pub beds: Vec<BedRow>,
    /// Operations.
    pub operations: Vec<OperationRow>,
    /// Deliveries.
    pub deliveries: Vec<DeliveryRow>,
    /// Bodies.
    pub bodies: Vec<BodyRow>,
    /// Delinquent charts.
    pub delinquent: Vec<DelinquentRow>,
    /// Accounts not final billed.
    pub unbilled: Vec<UnbilledRow>,
    /// Revenue of the twelve months before the period's end, in cents.
    pub revenue_cents: i64,
    /// Days over which that revenue was made.
    pub revenue_days: u32,
    /// Requests for release.
    pub requests: Vec<RequestRow>,
    /// Accesses.
    pub accesses: Vec<AccessRow>,
    /// Patient records that are not merged into another, at the end of the period.
    pub patient_count: u64,
    /// Ids of patient records that stand in a possible-duplicate pair not judged "different".
    pub possible_duplicates: Vec<String>,
    /// Registrations of new patients.
    pub registrations: Vec<RegistrationRow>,
}

/// Days of a report, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

impl Period {
    /// Every day of it.
    pub fn days(self) -> impl Iterator<Item = Date> {
        self.from.series(1.day()).take_while(move |day| *day <= self.until)
    }

    /// How many days.
    pub fn length_days(self) -> i64 {
        days_between(self.from, self.until) + 1
    }

    /// Whether the day is in it.
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

/// Whole days from one date to another.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// What a measure is given.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The rows.
    pub rows: &'a Rows,
    /// The period.
    pub period: Period,
    /// The facility's time zone: days begin and end there.
    pub zone: &'a TimeZone,
    /// Only this unit: its patients at midnight, those whom it discharged, its beds.
    pub unit: Option<&'a str>,
}

/// Whose stays are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Population {
    /// All inpatients but newborns.
    AdultsAndChildren,
    /// Newborns.
    Newborns,
    /// Both.
    All,
}

impl Population {
    fn has(self, stay: &StayRow) -> bool {
        match self {
            Population::AdultsAndChildren => !stay.is_newborn,
            Population::Newborns => stay.is_newborn,
            Population::All => true,
        }
    }
}

impl<'a> Input<'a> {
    /// The day of an instant at the facility.
    pub fn day(&self, at: Instant) -> Date {
        at.date_in(self.zone)
    }

    /// Whether an instant lies in the period.
    pub fn in_period(&self, at: Instant) -> bool {
        self.period.contains(self.day(at))
    }

    /// Inpatient stays of a population.
    pub fn inpatients(&self, population: Population) -> impl Iterator<Item = &'a StayRow> {
        self.rows
            .stays
            .iter()
            .filter(move |stay| stay.class == StayClass::Inpatient && population.has(stay))
    }

    /// Stays under observation.
    pub fn observed(&self) -> impl Iterator<Item = &'a StayRow> {
        self.rows.stays.iter().filter(|stay| stay.class == StayClass::Observation)
    }

    /// Inpatient discharges of the period, deaths included, from the unit that is asked for.
    pub fn discharges(&self, population: Population) -> Vec<&'a StayRow> {
        self.inpatients(population)
            .filter(|stay| self.unit.is_none_or(|unit| stay.unit == unit))
            .filter(|stay| stay.discharged.is_some_and(|at| self.in_period(at)))
            .collect()
    }

    /// The days of the period on which a stay counts in the census, in order: those at whose end
    /// the patient is in house, or the one day of admission and discharge. Of one unit: those at
    /// whose end the patient is there.
    pub fn census_days(&self, stay: &StayRow) -> Vec<Date> {
        let admitted = self.day(stay.admitted);
        let last = match stay.discharged.map(|at| self.day(at)) {
            None => self.period.until,
            Some(left) if left == admitted => admitted,
            Some(left) => left.yesterday().unwrap_or(left),
        };
        let (from, last) = (admitted.max(self.period.from), last.min(self.period.until));
        let days = from.series(1.day()).take_while(|day| *day <= last);
        match self.unit {
            None => days.collect(),
            Some(unit) => days.filter(|day| self.unit_on(stay, *day) == unit).collect(),
        }
    }

    /// The unit in which the patient is at the end of a day, or was when leaving on it.
    pub fn unit_on<'s>(&self, stay: &'s StayRow, day: Date) -> &'s str {
        let here = stay.places.iter().rev().find(|place| self.day(place.since) <= day);
        here.or(stay.places.first()).map_or(&stay.unit, |place| &place.unit)
    }

    /// Whether a stay counts in a day's census: in house at midnight, or admitted and discharged
    /// on that day.
    pub fn counts_on(&self, stay: &StayRow, day: Date) -> bool {
        let admitted = self.day(stay.admitted);
        let is_here = match stay.discharged.map(|at| self.day(at)) {
            None => admitted <= day,
            Some(left) => (admitted <= day && day < left) || (admitted == day && left == day),
        };
        is_here && self.unit.is_none_or(|unit| self.unit_on(stay, day) == unit)
    }

    /// Inpatient service days of a population in the period, and the stays that gave them.
    pub fn service_days(&self, population: Population) -> (i64, Vec<String>) {
        let mut total = 0;
        let mut rows = Vec::new();
        for stay in self.inpatients(population) {
            let days = self.census_days(stay).len();
            if days > 0 {
                total += days as i64;
                rows.push(stay.id.clone());
            }
        }
        (total, rows)
    }

    /// Bed-count days and bassinet-count days of the period.
    pub fn bed_days(&self) -> (i64, i64) {
        let beds = self.rows.beds.iter().filter(|row| self.period.contains(row.date));
        let beds = beds.filter(|row| self.unit.is_none_or(|unit| row.unit == unit));
        beds.fold((0, 0), |(beds, bassinets), row| {
            (beds + i64::from(row.beds), bassinets + i64::from(row.bassinets))
        })
    }

    /// Length of a finished stay in days: discharge day minus admission day, and 1 where they are
    /// one day. A stay that ends before it begins counts as one day, and a quality check finds it.
    pub fn stay_days(&self, stay: &StayRow) -> Option<i64> {
        let discharged = self.day(stay.discharged?);
        Some(days_between(self.day(stay.admitted), discharged).max(1))
    }
}
