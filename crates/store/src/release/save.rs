//! Logging a request and saving what was done with it: row, body and event in one step.

use super::request::{ReleaseRequest, body_context, derived};
use super::{NewRequest, ReleaseBody};
use crate::{Error, Transaction, Value};
use record::{Instant, PatientKey};
use release::Event;
use release::lifecycle::StateName;

/// A save of a request: what it becomes, and the event of the action that did it.
pub struct ReleaseSave<'a> {
    /// The request as it was read.
    pub was: &'a ReleaseRequest,
    /// What it becomes.
    pub body: &'a ReleaseBody,
    /// What happened; none where only answers, scope or fee were written down.
    pub event: Option<&'a Event>,
}

impl Transaction<'_> {
    /// The next number of a year: `R-2026-000017`.
    pub fn release_number_next(&mut self, year: i16) -> Result<String, Error> {
        let prefix = format!("R-{year}-");
        let last = self.release_number_last(&prefix)?;
        let count: u32 = last
            .and_then(|number| number.strip_prefix(&prefix).and_then(|text| text.parse().ok()))
            .unwrap_or(0);
        Ok(format!("{prefix}{:06}", count + 1))
    }

    /// Logs a request with its first event; returns its key.
    pub fn release_request_create(
        &mut self,
        new: &NewRequest,
        event: &Event,
    ) -> Result<i64, Error> {
        let id = self.new_id();
        let unit = self.release_unit(new.body.request.patient)?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let mut values = derived(&new.body);
        values.extend([
            ("release_request", id.into()),
            ("number", new.body.request.number.as_str().into()),
            ("document", new.document.into()),
            ("channel", new.channel.as_str().into()),
            ("logged_at", at.into()),
            ("logged_by", actor.as_str().into()),
            ("revision", 0.into()),
            ("changed_at", at.into()),
            ("changed_by", actor.as_str().into()),
            ("unit", unit.into()),
            ("body", self.release_sealed(id, unit, &new.body)?.into()),
        ]);
        self.insert("release_request", &values)?;
        self.release_event_insert(id, unit, event)?;
        Ok(id)
    }

    /// Saves a request, and tells the action as an event.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody saved after the request was read.
    pub fn release_request_save(&mut self, save: &ReleaseSave<'_>) -> Result<(), Error> {
        let was = save.was;
        let now = self.release_request(was.id)?.ok_or(Error::NotFound)?;
        if now.revision != was.revision {
            return Err(Error::Conflict(
                "Somebody else worked on this request meanwhile. Load the page again.".into(),
            ));
        }
        let unit = self.release_unit(save.body.request.patient)?;
        let (at, actor) = (self.context().at, self.context().actor.key());
        let mut values = derived(save.body);
        values.extend(ends(was, save.body, at));
        values.extend([
            ("revision", (was.revision + 1).into()),
            ("changed_at", at.0.into()),
            ("changed_by", actor.into()),
            ("unit", unit.into()),
            ("body", self.release_sealed(was.id, unit, save.body)?.into()),
        ]);
        self.update("release_request", &[was.id.into()], &values)?;
        match save.event {
            Some(event) => self.release_event_insert(was.id, unit, event),
            None => Ok(()),
        }
    }

    /// Links the document that a request came with.
    pub fn release_request_link(&mut self, id: i64, document: i64) -> Result<(), Error> {
        self.update("release_request", &[id.into()], &[("document", document.into())]).map(|_| ())
    }

    /// The unit under whose key a request is kept: the patient's, once there is one.
    pub(super) fn release_unit(&mut self, patient: Option<PatientKey>) -> Result<i64, Error> {
        self.unit_of(patient)
    }

    fn release_sealed(&mut self, id: i64, unit: i64, body: &ReleaseBody) -> Result<Vec<u8>, Error> {
        let text = serde_json::to_vec(body)
            .map_err(|_| Error::Corrupt("a request for release can't be written".into()))?;
        self.unit_key(unit)?.encrypt(&text, &body_context(id))
    }

    fn release_event_insert(&mut self, id: i64, unit: i64, event: &Event) -> Result<(), Error> {
        let key = self.new_id();
        let reason = event.why.as_deref().unwrap_or("");
        let context = format!("release-event:{key}");
        let sealed = self.unit_key(unit)?.encrypt(reason.as_bytes(), context.as_bytes())?;
        self.insert(
            "release_event",
            &[
                ("release_event", key.into()),
                ("release_request", id.into()),
                ("at", event.at.0.into()),
                ("actor", event.actor.key().into()),
                ("action", event.action.map(|action| action.as_str()).into()),
                ("from_state", event.from.map(StateName::as_str).into()),
                ("to_state", event.to.as_str().into()),
                ("unit", unit.into()),
                ("reason", sealed.into()),
            ],
        )
    }
}

/// When it was delivered and when it ended, as the state after tells.
fn ends(was: &ReleaseRequest, body: &ReleaseBody, at: Instant) -> [(&'static str, Value); 2] {
    let state = body.request.state.name();
    let delivered = match state {
        StateName::Delivered | StateName::Closed => Some(was.delivered_at.unwrap_or(at).0),
        _ => None,
    };
    let ended = (!body.request.is_open()).then(|| was.ended_at.unwrap_or(at).0);
    [("delivered_at", delivered.into()), ("ended_at", ended.into())]
}
