//! One deficiency opened: what is wanting and why, its clock, its document, what happened to it.

use super::complete::{fitting, kinds};
use super::rules::{Terms, terms};
use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Entry, Identity, identity_in, shown};
use crate::entry::{names, person_of, place_in};
use integrity::NoticeLevel;
use jiff::tz::TimeZone;
use record::{Context, ResourceKey};
use std::collections::BTreeMap;
use store::deficiency::{DeficiencyEvent, DeficiencyRow};
use store::{AuditEntry, Store, View};

/// A deficiency with everything that its page shows.
#[derive(Clone)]
pub struct Opened {
    /// Whose chart.
    pub identity: Identity,
    /// The deficiency.
    pub row: DeficiencyRow,
    /// Its encounter.
    pub encounter: Entry,
    /// The document that it is about, or that met it, with its text.
    pub document: Option<(Entry, Option<String>)>,
    /// The file of that document, where it is a scan.
    pub scan: Option<String>,
    /// Events, the newest first.
    pub events: Vec<DeficiencyEvent>,
    /// Names of those who acted, by the keys that stand there.
    pub actors: BTreeMap<String, String>,
    /// Whether it is the one's who asks.
    pub is_own: bool,
    /// How loudly its provider is told by now.
    pub notice: NoticeLevel,
    /// Kinds of document that meet it: LOINC code and name.
    pub kinds: Vec<(String, String)>,
    /// Documents of the chart that could be filed with the encounter: key and words.
    pub fitting: Vec<(ResourceKey, String)>,
    /// Providers with an account.
    pub providers: Vec<(i64, String)>,
    /// The site's terms.
    pub terms: Terms,
}

/// Opens a deficiency.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or its encounter or its document is hidden.
pub fn opened(store: &Store, context: &Context, id: i64) -> Result<Opened, Error> {
    require(store, context, Right::CompletionRead)?;
    store.read(context, |view| {
        let row = view.deficiency(id)?.ok_or(Error::NotFound)?;
        let identity = identity_in(view, row.patient)?;
        let encounter = view.resource_by_key(row.encounter)?.ok_or(Error::NotFound)?;
        let zone = identity.zone.clone();
        let encounter = shown(view, encounter, &zone)?;
        let (document, scan) = document(view, &row, &zone)?;
        let events = view.deficiency_events(id)?;
        let actors = names(view, events.iter().map(|event| event.actor.as_str()))?;
        let (place, terms) = (place_in(view)?, terms(view)?);
        let mut fits = Vec::new();
        if row.state.waits_for_provider() {
            for (entry, value) in fitting(view, &row, &place)? {
                let words = exchange::fhir::render_in(&value, &zone);
                fits.push((entry.resource, format!("{} · {}", words.title, words.date_text)));
            }
        }
        let account = row.state.assignee().account;
        let opened = Opened {
            is_own: account.is_some() && account == person_of(context),
            notice: terms.notice(row.due_at.filter(|_| row.state.is_open()), context.at),
            kinds: kinds(&row),
            fitting: fits,
            providers: place.providers,
            identity,
            encounter,
            document,
            scan,
            events,
            actors,
            terms,
            row,
        };
        let entry = AuditEntry::new(context, "deficiency.read", format!("deficiency/{id}"));
        let patient = opened.row.patient;
        Ok((opened, entry.patients([patient])))
    })
}

type Shown = Option<(Entry, Option<String>)>;

/// The document that it is about, or the one that met it.
fn document(
    view: &mut View<'_>,
    row: &DeficiencyRow,
    zone: &TimeZone,
) -> Result<(Shown, Option<String>), Error> {
    let Some(key) = row.shown_by.or(row.document) else { return Ok((None, None)) };
    let Some(found) = view.resource_by_key(key)? else { return Ok((None, None)) };
    let text = exchange::fhir::text(&view.resource_value(&found)?);
    let scan = view.document_of_resource(key)?.map(|document| document.public_id);
    Ok((Some((shown(view, found, zone)?, text)), scan))
}
