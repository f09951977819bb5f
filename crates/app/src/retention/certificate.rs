//! The certificate of destruction, on paper: what, when, how, by whom, witnessed by whom, under
//! which schedule, and how it reconciles.

use super::act::statement;
use super::{case_in, day_text};
use crate::Error;
use crate::access::{Right, require};
use crate::entry::{names, zone_in};
use integrity::DestructionState;
use integrity::destruction::{Carried, Holdings};
use jiff::tz::TimeZone;
use record::Context;
use redaction::pdf::layout::{Block, lines, pages};
use redaction::pdf::write::{WriteError, Writer};
use std::collections::BTreeMap;
use store::destruction_case::DestructionCase;
use store::find::PatientRow;
use store::{AuditEntry, Store};

/// A certificate as a file.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// Its name: by the number of the destruction, never by the patient's.
    pub name: String,
    /// A PDF.
    pub bytes: Vec<u8>,
}

/// The certificate of a destruction that was carried out.
///
/// # Errors
/// [`Error::NotFound`] where nothing was destroyed, or anything of the chart is hidden.
pub fn certificate(store: &Store, context: &Context, id: i64) -> Result<Certificate, Error> {
    require(store, context, Right::Retention)?;
    store.read(context, |view| {
        let (case, patient) = case_in(view, id)?;
        let carried = case.body.state.carried().ok_or(Error::NotFound)?.clone();
        let keys = [carried.proposed_by.key(), carried.witness.key(), carried.by.key()];
        let names = names(view, keys.iter().map(String::as_str))?;
        let facility = view.facility_list()?.into_iter().next();
        let site = facility.map_or_else(|| "Chartroom".to_owned(), |facility| facility.name);
        let zone = zone_in(view)?;
        let blocks = blocks(&case, &carried, &patient, &names, &zone, &site);
        let bytes = written(&site, id, &blocks).map_err(|e| Error::Internal(e.to_string()))?;
        let target = format!("destruction/{id}");
        let audit = AuditEntry::new(context, "destruction.certificate", target);
        let name = format!("certificate-of-destruction-{id}.pdf");
        Ok((Certificate { name, bytes }, audit.patients([case.patient])))
    })
}

fn written(site: &str, id: i64, blocks: &[Block]) -> Result<Vec<u8>, WriteError> {
    let laid = lines(blocks);
    let title = format!("Certificate of destruction {id}");
    let mut writer = Writer::titled(&title, &title, pages(laid.clone()).len());
    writer.add_lines(&format!("{site} · {title}"), laid)?;
    writer.finish()
}

fn blocks(
    case: &DestructionCase,
    carried: &Carried,
    patient: &PatientRow,
    names: &BTreeMap<String, String>,
    zone: &TimeZone,
    site: &str,
) -> Vec<Block> {
    let heading = |text: &str| Block::Heading { text: text.to_owned() };
    let paragraph = |text: String| Block::Paragraph { text };
    let name = |key: String| names.get(&key).cloned().unwrap_or(key);
    let at = carried.at.timestamp().to_zoned(zone.clone());
    let listed = &case.body.listed;
    let mut blocks = vec![
        Block::Title { text: "Certificate of destruction".to_owned() },
        paragraph(site.to_owned()),
        heading("Whose record"),
        paragraph(format!(
            "{}, record number {}, born {}.",
            patient.name.reveal(),
            patient.mrn.reveal(),
            patient.birth_date.reveal()
        )),
        heading("What"),
        counts(listed, carried),
        paragraph(inclusive(listed)),
        paragraph(format!(
            "{} entries of the master patient index and of the registers of admissions, births, \
             deaths and surgery are kept for good. A received file that speaks of several \
             patients is kept as it came, under a key of its own.",
            carried.done.cards_count
        )),
        heading("When and how"),
        paragraph(at.strftime("%-d %b %Y, %H:%M %Z").to_string()),
        paragraph(carried.method.clone()),
        heading("Under which schedule"),
        paragraph(statement(&case.body.governing, &case.kept_until)),
    ];
    blocks.push(Block::List {
        items: case
            .body
            .governing
            .iter()
            .map(|one| format!("{}: {}, {}", one.records, one.citation, one.why()))
            .collect(),
    });
    blocks.extend([
        heading("By whom"),
        paragraph(format!(
            "Proposed on {} by {}.",
            day_text(case.proposed_at, zone),
            name(carried.proposed_by.key())
        )),
        paragraph(format!("Carried out by {}.", name(carried.by.key()))),
        paragraph(format!("Approved and witnessed by {}.", name(carried.witness.key()))),
        heading("Reconciled"),
    ]);
    blocks.push(match &case.body.state {
        DestructionState::Destroyed { explained: None, .. } => {
            paragraph("What was destroyed is what was listed.".to_owned())
        }
        DestructionState::Destroyed { explained: Some(why), .. } => {
            paragraph(format!("What differed was explained: {why}"))
        }
        DestructionState::Incomplete { differences, .. } => {
            paragraph(format!("NOT RECONCILED. {}", differences.join(" ")))
        }
        DestructionState::Proposed { .. }
        | DestructionState::Approved { .. }
        | DestructionState::Rejected { .. }
        | DestructionState::Stopped { .. } => paragraph(String::new()),
    });
    blocks
}

fn counts(listed: &Holdings, carried: &Carried) -> Block {
    let row = |what: &str, listed: i64, done: i64| {
        vec![what.to_owned(), listed.to_string(), done.to_string()]
    };
    let done = &carried.done;
    Block::Table {
        head: ["", "Listed", "Destroyed"].map(str::to_owned).to_vec(),
        rows: vec![
            row("Entries", listed.entries_count, done.entries_count),
            row("Versions of entries", listed.versions_count, done.versions_count),
            row("Files", listed.files_count, done.files_count),
        ],
    }
}

fn inclusive(listed: &Holdings) -> String {
    let day = |date: Option<jiff::civil::Date>| {
        date.map_or_else(|| "not known".to_owned(), |d| d.strftime("%-d %b %Y").to_string())
    };
    format!("Inclusive dates: {} to {}.", day(listed.from), day(listed.until))
}
