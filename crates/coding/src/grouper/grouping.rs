//! From a claim to its DRG.
//!
//! The order is the publisher's: codes, exclusions, clusters; the rows before the categories; the
//! rows of the principal diagnosis's category, surgical before medical, with the rows of unrelated
//! procedures between them; then hospital-acquired conditions are taken off and the rows are tried
//! again for the final DRG. (MS-DRG Definitions Manual, appendices C to I.)

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::claim::{Claim, HospitalPoaStatus, PresentOnAdmission};
use super::formula::Mask;
use super::logic::{
    CompiledRow, DiagnosisMeaning, DrgType, Leads, Logic, PRE_MDC, ProcedureMeaning, Severity,
    UNRELATED, procedure_meanings,
};
use super::stay::{Lost, Scratch, Unusable, View, category_for};
use super::tables::{Numbered, Tables, TablesError};

/// The DRG of a claim that can't be grouped.
pub const UNGROUPABLE: u16 = 999;

/// Catheter-associated urinary tract infection. Met alone, it does not ask that every other
/// candidate state whether it was present on admission; the other conditions do.
const CATHETER_INFECTION: u8 = 6;

/// The discharge date lies outside every version that is loaded.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "no MS-DRG version is loaded for a discharge on {date}: loaded are {from} to {to}; \
     import the tables of that year or correct the date"
)]
pub struct NotLoaded {
    /// The claim's discharge date.
    pub date: Date,
    /// First date covered.
    pub from: Date,
    /// Last date covered.
    pub to: Date,
}

/// How grouping ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// In a DRG.
    Grouped,
    /// The principal diagnosis is not valid on the discharge date.
    InvalidPrincipal,
    /// The principal diagnosis is an external cause of morbidity.
    ExternalCausePrincipal,
    /// A diagnosis counts only for the living, and the discharge status is not valid.
    InvalidDischargeStatus,
    /// The principal diagnosis's category depends on the sex, which is unknown.
    InvalidSex,
    /// No row of the category is true.
    NoRow,
    /// A hospital-acquired condition is coded without its present-on-admission indicator.
    MissingPoa,
}

/// A set of hospital-acquired conditions, by their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conditions(u32);

impl Conditions {
    fn insert(&mut self, number: u8) {
        self.0 |= 1u32.wrapping_shl(u32::from(number));
    }

    /// The numbers, lowest first.
    pub fn numbers(self) -> impl Iterator<Item = u8> {
        (0..32).filter(move |number| self.0 >> number & 1 == 1)
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A DRG and how it was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// 1 to 998, or [`UNGROUPABLE`].
    pub drg: u16,
    /// The first DRG of its family.
    pub base_drg: u16,
    /// Major diagnostic category, 0 where there is none.
    pub mdc: u8,
    /// Surgical or medical.
    pub kind: DrgType,
    /// The highest severity that counted for the row: what splits the family, where it is split.
    pub severity: Severity,
    /// How it ended.
    pub ending: Ending,
    /// The category whose row fired, and the row's place in it.
    pub(crate) row: Option<(u8, u8)>,
}

/// What a claim groups to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grouping {
    /// Ten times the version: 431 is v43.1.
    pub version: u16,
    /// Before hospital-acquired conditions are taken off.
    pub initial: Decision,
    /// What is paid.
    pub last: Decision,
    /// Conditions whose criteria are met and that were not present on admission.
    pub hac: Conditions,
}

/// The MS-DRG grouper: every loaded version, compiled.
pub struct Grouper {
    pub(crate) tables: Arc<Tables>,
    pub(crate) meanings: Vec<ProcedureMeaning>,
    pub(crate) versions: Vec<Logic>,
}

impl Grouper {
    /// The grouper with the tables that the product ships, compiled once.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Grouper> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            Self::new(Arc::clone(Tables::shipped())).expect("the shipped tables are tested")
        })
    }

    /// Compiles tables.
    ///
    /// # Errors
    /// A formula or a steering row that this release does not know.
    pub fn new(tables: Arc<Tables>) -> Result<Self, TablesError> {
        let versions = tables.versions.iter().map(|dates| Logic::compile(&tables, *dates));
        let versions = versions.collect::<Result<_, _>>()?;
        Ok(Self { meanings: procedure_meanings(&tables), versions, tables })
    }

    /// Groups one claim. The scratch is reused from claim to claim.
    ///
    /// # Errors
    /// The discharge date lies outside the loaded versions.
    pub fn group(&self, scratch: &mut Scratch, claim: &Claim) -> Result<Grouping, NotLoaded> {
        let logic = self.version_on(claim.discharge_date)?;
        let version = logic.dates.version as u16;
        let principal = match scratch.fill(&self.tables, &self.meanings, logic, claim) {
            Ok(principal) => principal,
            Err(unusable) => {
                let ending = match unusable {
                    Unusable::NotValid => Ending::InvalidPrincipal,
                    Unusable::ExternalCause => Ending::ExternalCausePrincipal,
                };
                let decision = ungroupable(0, ending);
                let hac = Conditions::default();
                return Ok(Grouping { version, initial: decision, last: decision, hac });
            }
        };
        let initial = self.decide(logic, scratch, &principal, claim);
        let mut hac = Conditions::default();
        let mut last = initial;
        if initial.ending == Ending::Grouped
            && claim.hospital_poa_status == HospitalPoaStatus::Reporting
        {
            match self.take_off_acquired(logic, scratch, &mut hac) {
                Acquired::None => {}
                Acquired::MissingPoa => last = ungroupable(0, Ending::MissingPoa),
                Acquired::Dropped => last = self.decide(logic, scratch, &principal, claim),
            }
        }
        Ok(Grouping { version, initial, last, hac })
    }

    /// The version that serves a discharge date.
    pub(crate) fn version_on(&self, date: Date) -> Result<&Logic, NotLoaded> {
        let day = number_of(date);
        let mut versions = self.versions.iter();
        versions.find(|logic| logic.dates.from <= day && day <= logic.dates.to).ok_or_else(|| {
            let dates = self.tables.versions();
            NotLoaded {
                date,
                from: dates.first().map_or(Date::MIN, |first| date_of(first.from)),
                to: dates.last().map_or(Date::MIN, |last| date_of(last.to)),
            }
        })
    }

    fn decide(
        &self,
        logic: &Logic,
        stay: &Scratch,
        principal: &DiagnosisMeaning,
        claim: &Claim,
    ) -> Decision {
        let own = category_for(principal, claim.sex);
        let reported = own.unwrap_or(u32::from(principal.mdc_male));
        let before = self.first_true(logic, stay, PRE_MDC, |row| match row.leads {
            Leads::Sex => own.is_none(),
            Leads::DischargeStatus => {
                let day = number_of(claim.discharge_date);
                !self.tables.discharge_status_is_valid(claim.discharge_status, day)
            }
            _ => true,
        });
        let mut category = reported;
        if let Some((place, row)) = before {
            match row.leads {
                Leads::Drg => return decision(logic, row, (PRE_MDC, place), reported, stay),
                Leads::Category(other) => category = u32::from(other),
                Leads::DischargeStatus => return ungroupable(0, Ending::InvalidDischargeStatus),
                Leads::Sex => return ungroupable(0, Ending::InvalidSex),
                Leads::Unrelated => {}
            }
        }
        let mut unrelated = None;
        let found = self.first_true(logic, stay, category, |row| match row.leads {
            Leads::Unrelated => {
                unrelated = self.first_true(logic, stay, UNRELATED, |_| true);
                unrelated.is_some()
            }
            Leads::Drg => true,
            _ => false,
        });
        match (found, unrelated) {
            (Some(_), Some((place, row))) => {
                decision(logic, row, (UNRELATED, place), category, stay)
            }
            (Some((place, row)), None) => decision(logic, row, (category, place), category, stay),
            (None, _) => ungroupable(0, Ending::NoRow),
        }
    }

    /// The first row of a category that is true and that the caller accepts.
    fn first_true<'l>(
        &self,
        logic: &'l Logic,
        stay: &Scratch,
        category: u32,
        mut accept: impl FnMut(&CompiledRow) -> bool,
    ) -> Option<(u8, &'l CompiledRow)> {
        let compiled = &logic.categories[category as usize];
        let mut view = self.view(logic, stay, category);
        let mut rest = compiled.possible(&view.procedure, &stay.principal, &stay.secondary);
        while rest != 0 {
            let place = rest.trailing_zeros();
            rest &= rest - 1;
            let row = &compiled.rows[place as usize];
            view.severity = stay.severity_for(row, &logic.meanings);
            if view.holds(&row.expression) && accept(row) {
                return Some((place as u8, row));
            }
        }
        None
    }

    /// A claim as a category sees it.
    pub(crate) fn view<'a>(
        &'a self,
        logic: &'a Logic,
        stay: &'a Scratch,
        category: u32,
    ) -> View<'a> {
        View {
            stay,
            counted: &logic.counted,
            meanings: &self.meanings,
            category,
            procedure: stay.procedures_in(category, &self.meanings),
            secondary: stay.secondary,
            severity: stay.severity,
        }
    }

    /// Takes the severity off hospital-acquired conditions that were not present on admission.
    pub(crate) fn take_off_acquired(
        &self,
        logic: &Logic,
        stay: &mut Scratch,
        hac: &mut Conditions,
    ) -> Acquired {
        let (mut silent, mut silent_and_met) = (false, false);
        for place in 0..stay.secondaries.len() {
            let secondary = stay.secondaries[place];
            let meaning = &logic.meanings[usize::from(secondary.meaning)];
            if !meaning.hac || secondary.lost == Lost::Principal {
                continue;
            }
            let is_silent = secondary.poa.is_none();
            silent |= is_silent;
            if secondary.poa.is_some_and(PresentOnAdmission::pays) {
                continue;
            }
            let met = self.conditions_met(logic, stay, &meaning.attributes);
            if met.is_empty() {
                continue;
            }
            hac.0 |= met.0;
            silent_and_met |= is_silent;
            let secondary = &mut stay.secondaries[place];
            if secondary.severity > Severity::None {
                secondary.severity = Severity::None;
                secondary.lost = Lost::Acquired;
            }
        }
        stay.weigh();
        let beyond_catheters = hac.numbers().any(|number| number != CATHETER_INFECTION);
        if silent_and_met || (silent && beyond_catheters) {
            Acquired::MissingPoa
        } else if hac.is_empty() {
            Acquired::None
        } else {
            Acquired::Dropped
        }
    }

    /// The conditions whose criteria a secondary diagnosis meets.
    pub(crate) fn conditions_met(
        &self,
        logic: &Logic,
        stay: &Scratch,
        attributes: &Mask,
    ) -> Conditions {
        let mut view = self.view(logic, stay, PRE_MDC);
        view.procedure = stay.procedure;
        let mut met = Conditions::default();
        for condition in &logic.conditions {
            if condition.carriers.meets(attributes) && view.holds(&condition.expression) {
                met.insert(condition.number);
            }
        }
        met
    }

    /// The title of a DRG in a version.
    #[must_use]
    pub fn title(&self, version: u16, drg: u16) -> Option<&str> {
        let logic = self.logic(version)?;
        let place = logic.titles.get(usize::from(drg))?.checked_sub(1)?;
        Some(&self.tables.drg_titles[usize::from(place)].text)
    }

    /// Relative weight and mean stays of a DRG in a version; none where no table was loaded.
    #[must_use]
    pub fn weight(&self, version: u16, drg: u16) -> Option<RelativeWeight> {
        let logic = self.logic(version)?;
        let place = logic.weights.get(usize::from(drg))?.checked_sub(1)?;
        let weight = &self.tables.weights[usize::from(place)];
        Some(RelativeWeight {
            weight_ten_thousandths: weight.weight,
            geometric_mean_stay_tenth_days: weight.geometric_mean_stay,
            arithmetic_mean_stay_tenth_days: weight.arithmetic_mean_stay,
        })
    }

    /// ", title" of a category, or nothing.
    pub(crate) fn mdc_title(&self, logic: &Logic, mdc: u8) -> String {
        titled(&self.tables.mdc_titles, logic, mdc)
    }

    /// ", title" of a hospital-acquired condition, or nothing.
    pub(crate) fn hac_title(&self, logic: &Logic, number: u8) -> String {
        titled(&self.tables.hac_titles, logic, number)
    }

    pub(crate) fn logic(&self, version: u16) -> Option<&Logic> {
        self.versions.iter().find(|logic| logic.dates.version == u32::from(version))
    }
}

fn titled(titles: &[Numbered], logic: &Logic, number: u8) -> String {
    let version = logic.dates.version;
    let mut known = titles.iter().filter(|title| {
        title.number == u32::from(number) && title.range.0 <= version && version <= title.range.1
    });
    known.next().map_or_else(String::new, |title| format!(", {}", title.text))
}

/// Table 5 of the inpatient prospective payment system's final rule, in whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelativeWeight {
    /// Relative weight, after the 10 % cap on a year's fall.
    pub weight_ten_thousandths: u32,
    /// Geometric mean length of stay.
    pub geometric_mean_stay_tenth_days: u32,
    /// Arithmetic mean length of stay.
    pub arithmetic_mean_stay_tenth_days: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Acquired {
    None,
    Dropped,
    MissingPoa,
}

fn decision(
    logic: &Logic,
    row: &CompiledRow,
    (category, place): (u32, u8),
    reported: u32,
    stay: &Scratch,
) -> Decision {
    Decision {
        drg: row.drg,
        base_drg: row.base,
        mdc: reported as u8,
        kind: row.kind,
        severity: stay.severity_for(row, &logic.meanings),
        ending: Ending::Grouped,
        row: Some((category as u8, place)),
    }
}

fn ungroupable(mdc: u8, ending: Ending) -> Decision {
    Decision {
        drg: UNGROUPABLE,
        base_drg: UNGROUPABLE,
        mdc,
        kind: DrgType::Neither,
        severity: Severity::None,
        ending,
        row: None,
    }
}

/// A date as the tables write it, yyyymmdd.
pub(crate) fn number_of(date: Date) -> u32 {
    let year = u32::try_from(date.year()).unwrap_or(0);
    year * 10_000 + date.month() as u32 * 100 + date.day() as u32
}

/// The date that a number of the tables means.
pub(crate) fn date_of(number: u32) -> Date {
    let [year, month, day] = [number / 10_000, number / 100 % 100, number % 100];
    Date::new(year as i16, month as i8, day as i8).unwrap_or(Date::MIN)
}
