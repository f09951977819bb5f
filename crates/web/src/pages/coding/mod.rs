//! The coding desk: what waits, the page on which an encounter is coded, the walk to a code.

mod actions;
mod chart;
mod codes;
mod engine;
mod queue;
mod walk;

use crate::server::{Guard, Routes};
use app::Right;
use coding::codeset::System;

/// The routes of the desk.
pub(super) fn routes(routes: Routes) -> Routes {
    let code = Guard::Right(Right::Code);
    routes
        .get("/coding", code, queue::inpatient)
        .get("/coding/outpatient", code, queue::outpatient)
        .post("/coding/find", code, queue::find)
        .post("/coding/search/{system}", code, walk::search)
        .post("/coding/favourite/{system}", code, walk::favourite)
        .get("/coding/{work}", code, chart::show)
        .post("/coding/{work}/change", code, actions::change)
        .get("/coding/{work}/draft", code, actions::draft_shown)
        .post("/coding/{work}/draft", code, actions::draft)
        .post("/coding/{work}/override", code, actions::set_aside)
        .post("/coding/{work}/hold", code, actions::hold)
        .post("/coding/{work}/reopen", code, actions::reopen)
        .get("/coding/{work}/walk/{system}/{code}", code, walk::show)
}

/// The word of a system in addresses.
fn system_word(system: System) -> &'static str {
    match system {
        System::Icd10Cm => "diagnosis",
        System::Icd10Pcs => "procedure",
        System::Hcpcs => "hcpcs",
        System::Cpt => "cpt",
        System::MsDrg => "drg",
    }
}

/// The systems that a search field asks.
fn systems_of(word: &str) -> Option<&'static [System]> {
    match word {
        "diagnosis" => Some(&[System::Icd10Cm]),
        "procedure" => Some(&[System::Icd10Pcs]),
        "service" => Some(&[System::Cpt, System::Hcpcs]),
        _ => None,
    }
}

/// The system of an address: those that are walked.
fn system_of(word: &str) -> Option<System> {
    [System::Icd10Cm, System::Icd10Pcs].into_iter().find(|system| system_word(*system) == word)
}
