//! What the record states of an encounter, in the words of the rules of completion.

use super::rules::rules;
use crate::Error;
use exchange::fhir::build::{EncounterClass, Party};
use exchange::fhir::{
    attending, document_asked, ended_in_death, procedure_asked, stay, took_place,
};
use integrity::completion::EncounterClass as Class;
use integrity::deficiency::Assignee;
use integrity::{CompletionRule, DocumentFacts, EncounterFacts, ProcedureFacts};
use jiff::tz::TimeZone;
use record::{Instant, Reference, ResourceKey, Role};
use std::collections::BTreeMap;
use store::{ResourceRow, View};

/// Providers with an account, by the practitioner they are and by name.
pub(super) struct Providers {
    by_practitioner: BTreeMap<String, Assignee>,
    by_name: BTreeMap<String, Option<Assignee>>,
}

impl Providers {
    fn load(view: &mut View<'_>) -> Result<Providers, Error> {
        let (mut by_practitioner, mut by_name) = (BTreeMap::new(), BTreeMap::new());
        for person in view.person_list()? {
            if !person.active || !person.roles.contains(&Role::Provider) {
                continue;
            }
            let assignee = Assignee { account: Some(person.id), name: person.name.clone() };
            if let Some(practitioner) = person.practitioner {
                by_practitioner.insert(practitioner, assignee.clone());
            }
            // Two providers of one name are told apart by nobody here.
            by_name.entry(person.name).and_modify(|one| *one = None).or_insert(Some(assignee));
        }
        Ok(Providers { by_practitioner, by_name })
    }

    /// Who a party is: a provider with an account where one is, else a name.
    pub(super) fn assignee(&self, party: &Party) -> Assignee {
        let practitioner = Reference::parse(&party.reference)
            .filter(|reference| reference.kind == "Practitioner")
            .and_then(|reference| self.by_practitioner.get(&reference.id));
        let named = || self.by_name.get(&party.display).and_then(Option::as_ref);
        let known = practitioner.or_else(named).cloned();
        known.unwrap_or_else(|| Assignee { account: None, name: party.display.clone() })
    }
}

/// What is asked with every encounter: read once.
pub(super) struct Asked {
    pub rules: Vec<CompletionRule>,
    pub zone: TimeZone,
    pub providers: Providers,
}

impl Asked {
    pub(super) fn load(view: &mut View<'_>) -> Result<Asked, Error> {
        Ok(Asked {
            rules: rules(view)?,
            zone: crate::entry::zone_in(view)?,
            providers: Providers::load(view)?,
        })
    }
}

/// An encounter with its documents, as the rules see it. Labels hide nothing here: a document
/// that somebody may not see is not missing.
pub(super) struct Seen {
    pub facts: EncounterFacts,
    pub documents: Vec<DocumentFacts>,
    /// Keys of the documents, by their ids.
    pub keys: BTreeMap<String, ResourceKey>,
    /// Whether it took place, in a class that rules know.
    pub counts: bool,
    /// Whether it is over.
    pub is_over: bool,
}

impl Seen {
    /// The document that satisfies a rule with these codes, one that is signed before others.
    pub(super) fn shown_by(&self, codes: &[String]) -> Option<ResourceKey> {
        let fits = |document: &&DocumentFacts| {
            !document.is_void && document.code.as_ref().is_some_and(|code| codes.contains(code))
        };
        let found = self.documents.iter().filter(fits).min_by_key(|one| one.signed.is_none())?;
        self.keys.get(&found.id).copied()
    }

    /// Whether this document stands there authenticated.
    pub(super) fn is_signed(&self, document: ResourceKey) -> bool {
        let is_it = |one: &&DocumentFacts| self.keys.get(&one.id) == Some(&document);
        self.documents.iter().find(is_it).is_some_and(|one| !one.is_void && one.signed.is_some())
    }
}

/// Reads an encounter and what belongs to it.
pub(super) fn seen(
    view: &mut View<'_>,
    row: &ResourceRow,
    asked: &Asked,
) -> Result<Option<Seen>, Error> {
    let value = view.resource_value(row)?;
    let Some(stay) = stay(&value, &asked.zone) else { return Ok(None) };
    let mut seen = Seen {
        facts: EncounterFacts {
            id: row.fhir_id.clone(),
            class: class_of(stay.class),
            admitted: stay.started_at,
            discharged: stay.ended_at.filter(|_| stay.is_finished),
            died: ended_in_death(&value),
            attending: attending(&value).map(|party| asked.providers.assignee(&party)),
            procedures: Vec::new(),
        },
        documents: Vec::new(),
        keys: BTreeMap::new(),
        counts: stay.class.is_some() && took_place(&value),
        is_over: stay.is_finished,
    };
    for entry in view.completion_entries(row, &["DocumentReference", "Procedure"])? {
        let value = view.resource_value(&entry)?;
        if let Some(document) = document_asked(&value, &asked.zone) {
            let known = |code: &&String| asked.rules.iter().any(|rule| rule.codes.contains(code));
            let code = document.codes.iter().find(known).or(document.codes.first());
            seen.keys.insert(entry.fhir_id.clone(), entry.resource);
            seen.documents.push(DocumentFacts {
                id: entry.fhir_id.clone(),
                code: code.cloned(),
                at: document.at.unwrap_or(entry.updated_at),
                signed: document.signed,
                author: document.author.map(|party| asked.providers.assignee(&party)),
                is_void: document.is_void,
            });
        } else if let Some(procedure) = procedure_asked(&value, &asked.zone) {
            let at = procedure.at.filter(|_| !procedure.is_void);
            // The codes of one operation ask for one report, not for one each.
            let is_same = |one: &ProcedureFacts| one.under_anaesthesia && Some(one.at) == at;
            if procedure.under_anaesthesia && seen.facts.procedures.iter().any(is_same) {
                continue;
            }
            seen.facts.procedures.extend(at.map(|at| ProcedureFacts {
                id: entry.fhir_id.clone(),
                at,
                under_anaesthesia: procedure.under_anaesthesia,
                provider: procedure.performer.map(|party| asked.providers.assignee(&party)),
            }));
        }
    }
    Ok(Some(seen))
}

fn class_of(class: Option<EncounterClass>) -> Class {
    match class {
        Some(EncounterClass::Inpatient) => Class::Inpatient,
        Some(EncounterClass::Observation) => Class::Observation,
        Some(EncounterClass::Emergency) => Class::Emergency,
        Some(EncounterClass::Outpatient) | None => Class::Outpatient,
    }
}

/// The event from which a clock runs, where it has happened.
pub(super) fn event_of(
    seen: &Seen,
    starts: integrity::ClockStart,
    procedure: Option<&str>,
) -> Option<Instant> {
    match starts {
        integrity::ClockStart::Admission => seen.facts.admitted,
        integrity::ClockStart::Discharge => seen.facts.discharged,
        integrity::ClockStart::Procedure => {
            let of_it = |one: &&ProcedureFacts| Some(one.id.as_str()) == procedure;
            seen.facts.procedures.iter().find(of_it).map(|one| one.at)
        }
        integrity::ClockStart::Assignment => None,
    }
}
