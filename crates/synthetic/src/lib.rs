//! A seeded synthetic hospital with its ground truth.
//!
//! One hospital with units, beds and people who work there; patients with encounters, coded
//! entries, notes and scans that agree; duplicates, requests, deficiencies and faults, each told
//! in the truth beside them. Nobody in it ever lived. The same seed gives the same bytes.

mod chart;
mod faults;
mod letters;
mod months;
mod names;
mod notes;
mod person;
mod plan;
mod random;
mod scan;
mod scenario;
mod site;
mod truth;
mod variants;

pub use chart::Chart;
pub use months::Month;
pub use scan::Scan;
pub use site::{ENCOUNTER_SYSTEM, MRN_SYSTEM, TIME_ZONE, units};
pub use truth::{
    CensusDay, Coding, Death, Deficiency, Fault, Overlay, Pair, Readmission, Request, ScanTruth,
    Stay, Truth,
};

use chart::{House, Writer};
use jiff::civil;
use person::Person;
use random::Random;
use serde_json::Value;

/// What hospital to make.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Number of persons; newborns, duplicates and lookalikes come on top.
    pub patients: u64,
    /// The seed.
    pub seed: u64,
    /// The day up to which the records reach.
    pub today: civil::Date,
}

/// A whole hospital in memory.
#[derive(Clone)]
pub struct Hospital {
    /// FHIR resources, each after those that it refers to.
    pub resources: Vec<Value>,
    /// Scans.
    pub scans: Vec<Scan>,
    /// The truth.
    pub truth: Truth,
}

impl Hospital {
    /// Makes a hospital.
    pub fn generate(options: Options) -> Hospital {
        let charts = Charts::new(options);
        let mut out =
            Hospital { resources: charts.site(), scans: Vec::new(), truth: Truth::default() };
        for chart in charts {
            out.resources.extend(chart.resources);
            out.scans.extend(chart.scans);
            out.truth.add(chart.truth);
        }
        out.truth.count_census(options.today);
        out.truth.count_months(options.today);
        for resource in &out.resources {
            let kind = resource["resourceType"].as_str().unwrap_or_default().to_owned();
            *out.truth.resources.entry(kind).or_default() += 1;
        }
        out
    }
}

/// The charts of a hospital one by one, for as many patients as a measurement needs.
pub struct Charts {
    options: Options,
    house: House,
    next: u64,
}

impl Charts {
    /// The charts of this hospital.
    pub fn new(options: Options) -> Charts {
        Charts { options, house: House::new(options.today), next: 0 }
    }

    /// The hospital's own resources, to which the charts refer.
    pub fn site(&self) -> Vec<Value> {
        site::resources()
    }

    /// How often something is done: each kind in its turn, every so many patients.
    fn turn(number: u64, every: u64, offset: u64) -> Option<usize> {
        (number % every == offset).then_some((number / every) as usize)
    }
}

impl Iterator for Charts {
    type Item = Chart;

    fn next(&mut self) -> Option<Chart> {
        if self.next == self.options.patients {
            return None;
        }
        self.next += 1;
        let number = self.next;
        let mut random = Random::new(self.options.seed, number);
        let person = Person::new(number, self.options.today, &mut random);
        let mut writer = Writer::new(&mut self.house, random);
        let person = writer.person(person, true);
        letters::papers(&mut writer, &person);
        if let Some(kind) = Charts::turn(number, 7, 3) {
            letters::request(&mut writer, &person, kind % letters::KINDS);
        }
        // Who died in the house is not registered again.
        let lives = person.deceased.is_none();
        if let Some(kind) = Charts::turn(number, 14, 5).filter(|_| lives) {
            variants::duplicate(&mut writer, &person, number, kind);
        }
        if let Some(kind) = Charts::turn(number, 33, 9) {
            variants::lookalike(&mut writer, &person, number, kind % 2 == 0);
        }
        if Charts::turn(number, 60, 31).is_some() {
            variants::overlay(&mut writer, &person, number);
        }
        if let Some(kind) = Charts::turn(number, 40, 11) {
            letters::orphan(&mut writer, &person, kind % 2 == 0);
        }
        if let Some(kind) = Charts::turn(number, 5, 2) {
            faults::put(&mut writer, &person, number, kind % faults::KINDS);
        }
        Some(writer.chart)
    }
}

#[cfg(test)]
mod tests;
