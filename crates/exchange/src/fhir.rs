//! FHIR R4 (4.0.1) as JSON.

mod asked;
pub mod build;
mod canonical;
mod check;
mod conditional;
mod index;
mod index_card;
mod json;
mod judged;
mod kind;
mod labels;
mod legal_record;
mod lines;
mod near;
mod outcome;
mod reference_parameter;
mod references;
mod render;
pub(crate) mod scan;
mod search_parameters;
mod split;
mod stay;
mod text;
mod typed;
mod types;

pub use asked::{
    DocumentAsked, ProcedureAsked, attending, document_asked, ended_in_death, file_with_encounter,
    procedure_asked, sign_document, took_place,
};
pub use canonical::content_hash_bytes;
pub use check::{Checked, check};
pub use conditional::Conditional;
pub use index::{
    Address, CHART_NAME, Code, DateRange, IdentifierValue, Indexed, Link, Name, Telecom, Token,
    chart_name, index, is_companion,
};
pub use index_card::{death_date, index_card};
pub use json::parse;
pub use judged::{
    JUDGED_VITAL_SIGNS, JudgedDocument, JudgedNumber, LOINC, judged_diagnoses, judged_disposition,
    judged_document, judged_numbers,
};
pub use kind::document_kind;
pub use labels::{LABEL_SYSTEM, label_mask, security_label, sensitive_class};
pub use legal_record::{Standing, standing};
pub use lines::{
    HEAD, LINE_TYPES, SECTIONS, Section, line, released_kind, section, section_of_code,
};
pub use near::contacts;
pub use outcome::{
    FoundEntry, SearchMode, ServedType, Severity, VersionEntry, bundle_history, bundle_searchset,
    capability_statement, outcome,
};
pub use reference_parameter::parameter_references;
pub use references::{localize, references, rewrite_references};
pub use render::{
    Rendered, Row, kind_label, render, render_in, shown_date, shown_date_in, system_name,
};
pub use search_parameters::{SearchParameter, search_parameter};
pub use split::{Entry, Method, Split, split};
pub use stay::{Stay, stay};
pub use text::{Attachment, attachments, stripped, text, text_with};
pub use typed::{EncounterFacts, ICD_10_CM, ICD_10_PCS, charge_cents, coded, encounter_facts};
pub use types::{RESOURCE_TYPES, is_resource_type};
