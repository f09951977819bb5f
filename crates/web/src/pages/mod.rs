//! The pages, a file or folder a desk, each with its routes.

mod account;
mod administration;
mod administration_code_sets;
mod administration_imports;
mod administration_rules;
mod administration_site;
mod audit;
mod audit_words;
mod chart;
mod coding;
mod completion;
mod document_pages;
mod documents;
mod drafts;
mod entry;
mod find;
mod glass;
mod holds;
mod identity;
mod integrity;
mod labels;
mod register;
mod release;
mod reports;
mod retention;
mod shown;
mod sign_in;
mod typed;
mod work;
mod work_team;

use crate::server::Routes;
pub(crate) use shown::{
    actor_name, banner, banner_of, field_errors, mrn_text, patient_facts, person_name,
};

/// Every page's routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .with(sign_in::routes)
        .with(work::routes)
        .with(work_team::routes)
        .with(find::routes)
        .with(chart::routes)
        .with(coding::routes)
        .with(completion::routes)
        .with(identity::routes)
        .with(integrity::routes)
        .with(register::routes)
        .with(release::routes)
        .with(reports::routes)
        .with(retention::routes)
        .with(entry::routes)
        .with(drafts::routes)
        .with(account::routes)
        .with(labels::routes)
        .with(holds::routes)
        .with(documents::routes)
        .with(document_pages::routes)
        .with(glass::routes)
        .with(audit::routes)
        .with(administration::routes)
        .with(administration_site::routes)
        .with(administration_code_sets::routes)
        .with(administration_imports::routes)
        .with(administration_rules::routes)
}
