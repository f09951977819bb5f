//! Typed rows beside encounters, coded entries and charges, so that statistics over ten thousand
//! patients read rows and open no body. Projections: `verify` recomputes each from the record.

use crate::resource::visible;
use crate::{Error, Value, View};
use exchange::fhir::{charge_cents, coded, encounter_facts};
use jiff::tz::TimeZone;
use record::{PartialDate, ResourceKey};
use serde_json::Value as Json;

/// Every table of typed rows.
pub(crate) const TYPED_TABLES: &[&str] =
    &["encounter_row", "encounter_place", "coded_row", "charge_row"];

/// By what people know an encounter: its class, its first day, its facility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncounterNamed {
    /// Class code, empty where none is given.
    pub class: String,
    /// Begin, as sent.
    pub started: Option<String>,
    /// The facility in words; its reference where the sender gave none.
    pub facility: String,
}

impl View<'_> {
    /// By what people know an encounter, unless it is hidden from this context.
    pub fn encounter_named(&mut self, key: ResourceKey) -> Result<Option<EncounterNamed>, Error> {
        let sql = format!(
            "SELECT e.class, e.started, e.facility FROM encounter_row e
             JOIN resource r ON r.resource = e.resource WHERE e.resource = $1 AND {}",
            visible(self.context())
        );
        let row = self.query_one(&sql, &[key.0.into()])?;
        row.map(|row| {
            Ok(EncounterNamed {
                class: row.text(0)?.to_owned(),
                started: row.text_or_none(1)?.map(str::to_owned),
                facility: row.text(2)?.to_owned(),
            })
        })
        .transpose()
    }
}

/// A row of one of the tables, without the key of its resource.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TypedRow {
    pub table: &'static str,
    pub values: Vec<(&'static str, Value)>,
}

/// The tables in which resources of a type may have rows.
pub(crate) fn typed_tables(kind: &str) -> &'static [&'static str] {
    match kind {
        "Encounter" => &["encounter_row", "encounter_place"],
        "Condition" | "Procedure" => &["coded_row"],
        "ChargeItem" | "Claim" => &["charge_row"],
        _ => &[],
    }
}

/// The typed rows of a resource, in the order of their keys.
pub(crate) fn typed_rows(resource: &Json) -> Vec<TypedRow> {
    let mut rows = encounter_rows(resource);
    rows.extend(coded(resource).map(|(system, code)| TypedRow {
        table: "coded_row",
        values: vec![("system", system.into()), ("code", code.into())],
    }));
    rows.extend(
        charge_cents(resource)
            .map(|cents| TypedRow { table: "charge_row", values: vec![("cents", cents.into())] }),
    );
    rows
}

fn encounter_rows(resource: &Json) -> Vec<TypedRow> {
    let Some(facts) = encounter_facts(resource) else { return Vec::new() };
    // These find the rows of a period, with a day to spare; the texts decide the day itself.
    let read = |text: &Option<String>| PartialDate::parse(text.as_deref()?, &TimeZone::UTC);
    let started_at = read(&facts.started).map(|date| date.first.0);
    let ended_at = read(&facts.ended).map(|date| date.last.0);
    let mut rows = vec![TypedRow {
        table: "encounter_row",
        values: vec![
            ("class", facts.class.into()),
            ("class_before", facts.class_before.into()),
            ("class_since", facts.class_since.into()),
            ("started", facts.started.into()),
            ("ended", facts.ended.into()),
            ("started_at", started_at.into()),
            ("ended_at", ended_at.into()),
            ("disposition", facts.disposition.into()),
            ("service", facts.service.into()),
            ("facility", facts.facility.into()),
            ("newborn", facts.is_newborn.into()),
            ("planned", facts.is_planned.into()),
            ("transfer_in", facts.is_transfer_in.into()),
        ],
    }];
    rows.extend((1i64..).zip(facts.places).map(|(number, (unit, since))| TypedRow {
        table: "encounter_place",
        values: vec![
            ("number", number.into()),
            ("nursing_unit", unit.into()),
            ("since", since.into()),
        ],
    }));
    rows
}
