//! Requests as they stand, their list, and what happened to them.

use crate::resource::visible;
use crate::{Error, Row, Value, View};
use jiff::civil::Date;
use record::{Instant, PatientKey, Private, ResourceKey};
use release::basis::Answers;
use release::fee::Fee;
use release::lifecycle::{ActionName, StateName};
use release::requester::{RequesterKind, Verification};
use release::scope::Scope;
use release::{Basis, Request};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// By post.
    Mail,
    /// By fax.
    Fax,
    /// At the window.
    InPerson,
    /// Through the portal.
    Portal,
    /// By e-mail.
    Email,
    /// By telephone.
    Telephone,
    /// Served by a court officer or a process server.
    Served,
}

impl Channel {
    /// Every way, in the order in which pages list them.
    pub const ALL: &'static [Channel] = &[
        Channel::Mail,
        Channel::Fax,
        Channel::InPerson,
        Channel::Portal,
        Channel::Email,
        Channel::Telephone,
        Channel::Served,
    ];

    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Mail => "mail",
            Channel::Fax => "fax",
            Channel::InPerson => "in-person",
            Channel::Portal => "portal",
            Channel::Email => "email",
            Channel::Telephone => "telephone",
            Channel::Served => "served",
        }
    }

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Channel::Mail => "Mail",
            Channel::Fax => "Fax",
            Channel::InPerson => "In person",
            Channel::Portal => "Portal",
            Channel::Email => "E-mail",
            Channel::Telephone => "Telephone",
            Channel::Served => "Served (legal process)",
        }
    }

    /// Reads the stored word back.
    pub fn parse(text: &str) -> Option<Channel> {
        Channel::ALL.iter().copied().find(|channel| channel.as_str() == text)
    }
}

/// What is kept of a request under its key: the request itself and what its desk found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseBody {
    /// The request, as its lifecycle knows it.
    pub request: Request,
    /// Answers to the checklist of the chosen basis.
    pub answers: Answers,
    /// What was done to verify the requester.
    pub verification: Option<Verification>,
    /// The scope, before what the answers lift is added.
    pub scope: Option<Scope>,
    /// A second basis that lifts 42 CFR Part 2 beside the first, with the answers to its
    /// checklist.
    pub cover: Option<(Basis, Answers)>,
    /// Entries that a health plan isn't to be told of: paid in full out of pocket (164.522(a)).
    pub restricted: BTreeSet<ResourceKey>,
    /// Entries compiled in anticipation of a proceeding (164.524(a)(1)(ii)).
    pub litigation: BTreeSet<ResourceKey>,
    /// The day by which the request itself asks for an answer: the return date of a subpoena.
    pub stated_due: Option<Date>,
    /// The purpose in the words of the request.
    pub purpose: Option<Private>,
    /// The fee as counted, before the packet is approved.
    pub fee: Option<Fee>,
    /// How it was handed out.
    pub delivery: Option<Delivery>,
}

/// How a packet was handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// When.
    pub at: Instant,
    /// Mail, portal, in person, fax.
    pub how: String,
    /// To whom.
    pub to: Private,
}

/// A request for release as it stands.
#[derive(Clone, Debug)]
pub struct ReleaseRequest {
    /// Key.
    pub id: i64,
    /// Whose record, once identified: the key under which it was identified.
    pub patient: Option<PatientKey>,
    /// The letter or form that it came with, where that is a document here.
    pub document: Option<i64>,
    /// How it came.
    pub channel: Channel,
    /// When it was logged.
    pub logged_at: Instant,
    /// By whom.
    pub logged_by: String,
    /// When it was delivered.
    pub delivered_at: Option<Instant>,
    /// When it came to an end.
    pub ended_at: Option<Instant>,
    /// Grows with each save.
    pub revision: i64,
    /// When it was saved last.
    pub changed_at: Instant,
    /// By whom.
    pub changed_by: String,
    /// What is kept under its key.
    pub body: ReleaseBody,
}

impl ReleaseRequest {
    /// The request, as its lifecycle knows it.
    pub fn request(&self) -> &Request {
        &self.body.request
    }

    /// Where it stands.
    pub fn state(&self) -> StateName {
        self.body.request.state.name()
    }
}

/// A request about to be logged.
#[derive(Clone, Debug)]
pub struct NewRequest {
    /// How it came.
    pub channel: Channel,
    /// The letter or form that it came with.
    pub document: Option<i64>,
    /// What is kept under its key.
    pub body: ReleaseBody,
}

/// What happened to a request.
#[derive(Clone, Debug)]
pub struct ReleaseEvent {
    /// When.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// What; none for the logging.
    pub action: Option<ActionName>,
    /// From which state; none for the logging.
    pub from: Option<StateName>,
    /// To which state.
    pub to: StateName,
    /// Why, in words; empty where nothing was said.
    pub why: Private,
}

/// The dates of one request, for turnaround. Nothing in it identifies a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseTimes {
    /// Key.
    pub id: i64,
    /// Day of receipt, `YYYY-MM-DD`.
    pub received_on: String,
    /// Last day by its clock, where one runs.
    pub due_on: Option<String>,
    /// When it was logged.
    pub logged_at: Instant,
    /// When it was delivered.
    pub delivered_at: Option<Instant>,
    /// When it came to an end: closed, denied, returned, cancelled.
    pub ended_at: Option<Instant>,
    /// Where it stands.
    pub state: StateName,
    /// The legal basis, once chosen.
    pub basis: Option<Basis>,
    /// Who asked.
    pub requester: RequesterKind,
}

const COLUMNS: &str = "q.release_request, q.patient, q.document, q.channel, q.state, \
     q.logged_at, q.logged_by, q.delivered_at, q.ended_at, q.revision, q.changed_at, \
     q.changed_by, q.unit, q.body";

fn corrupt(what: &str) -> Error {
    Error::Corrupt(format!("a request for release: {what}"))
}

/// The condition under which a request `q` is not hidden: its patient isn't. Before the patient
/// is identified it shows nothing of a record.
fn shown(view: &View<'_>) -> String {
    format!(
        "(q.patient IS NULL OR EXISTS (SELECT 1 FROM patient_row p
          JOIN resource r ON r.resource = p.resource WHERE p.patient = q.patient AND {}))",
        visible(view.context())
    )
}

/// Words of our own types as a list for a statement.
fn words(states: &[StateName]) -> String {
    let list: Vec<String> = states.iter().map(|state| format!("'{}'", state.as_str())).collect();
    if list.is_empty() { "''".to_owned() } else { list.join(", ") }
}

impl View<'_> {
    /// Requests in any of these states, due first; those of hidden patients are absent.
    pub fn release_request_list(
        &mut self,
        states: &[StateName],
        limit: i64,
    ) -> Result<Vec<ReleaseRequest>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM release_request q WHERE q.state IN ({}) AND {}
             ORDER BY COALESCE(q.due_on, '9999'), q.received_on, q.release_request LIMIT $1",
            words(states),
            shown(self)
        );
        let rows = self.query(&sql, &[limit.into()])?;
        rows.iter().map(|row| self.request_of(row)).collect()
    }

    /// Requests that ended or were delivered, the latest first.
    pub fn release_request_list_latest(
        &mut self,
        states: &[StateName],
        limit: i64,
    ) -> Result<Vec<ReleaseRequest>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM release_request q WHERE q.state IN ({}) AND {}
             ORDER BY q.changed_at DESC, q.release_request DESC LIMIT $1",
            words(states),
            shown(self)
        );
        let rows = self.query(&sql, &[limit.into()])?;
        rows.iter().map(|row| self.request_of(row)).collect()
    }

    /// Requests about a patient, links followed, the newest first.
    pub fn release_request_list_of(
        &mut self,
        patient: PatientKey,
    ) -> Result<Vec<ReleaseRequest>, Error> {
        let members = self.members_sql(patient)?;
        let sql = format!(
            "SELECT {COLUMNS} FROM release_request q WHERE q.patient IN ({members}) AND {}
             ORDER BY q.release_request DESC",
            shown(self)
        );
        let rows = self.query(&sql, &[])?;
        rows.iter().map(|row| self.request_of(row)).collect()
    }

    /// How many requests stand in each state. Hidden ones are counted, as totals are.
    pub fn release_request_counts(&mut self) -> Result<Vec<(StateName, i64)>, Error> {
        let sql = "SELECT state, COUNT(*) FROM release_request GROUP BY state ORDER BY state";
        let rows = self.query(sql, &[])?;
        rows.iter().map(|row| Ok((state_of(row.text(0)?)?, row.integer(1)?))).collect()
    }

    /// The request with this key, unless its patient is hidden from this context.
    pub fn release_request(&mut self, id: i64) -> Result<Option<ReleaseRequest>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM release_request q WHERE q.release_request = $1 AND {}",
            shown(self)
        );
        let row = self.query_one(&sql, &[id.into()])?;
        row.map(|row| self.request_of(&row)).transpose()
    }

    /// The open request that came with this document, if there is one.
    pub fn release_request_of_document(&mut self, document: i64) -> Result<Option<i64>, Error> {
        let sql = "SELECT release_request FROM release_request WHERE document = $1
                   ORDER BY release_request DESC LIMIT 1";
        let row = self.query_one(sql, &[document.into()])?;
        row.map(|row| row.integer(0)).transpose()
    }

    /// The last number given out that begins so.
    pub(crate) fn release_number_last(&mut self, prefix: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT number FROM release_request WHERE number >= $1 AND number < $2
                   ORDER BY number DESC LIMIT 1";
        let row = self.query_one(sql, &[prefix.into(), format!("{prefix}~").into()])?;
        row.map(|row| Ok(row.text(0)?.to_owned())).transpose()
    }

    /// What happened to a request, the newest first.
    pub fn release_events(&mut self, request: i64) -> Result<Vec<ReleaseEvent>, Error> {
        let sql = "SELECT release_event, at, actor, action, from_state, to_state, unit, reason
                   FROM release_event WHERE release_request = $1 ORDER BY release_event DESC";
        let mut events = Vec::new();
        for row in self.query(sql, &[request.into()])? {
            let key = self.unit_key(row.integer(6)?)?;
            let context = format!("release-event:{}", row.integer(0)?);
            let why = key.decrypt(row.blob(7)?, context.as_bytes())?;
            let action = row.text_or_none(3)?.map(ActionName::parse);
            events.push(ReleaseEvent {
                at: Instant(row.integer(1)?),
                actor: row.text(2)?.to_owned(),
                action: match action {
                    Some(None) => return Err(corrupt("an action that is none")),
                    Some(known) => known,
                    None => None,
                },
                from: row.text_or_none(4)?.map(state_of).transpose()?,
                to: state_of(row.text(5)?)?,
                why: Private::new(String::from_utf8_lossy(&why)),
            });
        }
        Ok(events)
    }

    /// The dates of every request received from a day on; hidden ones are there too, as in every
    /// total.
    pub fn release_times(&mut self, received_from: &str) -> Result<Vec<ReleaseTimes>, Error> {
        let sql = "SELECT release_request, received_on, due_on, logged_at, delivered_at, ended_at,
                          state, basis, requester_kind
                   FROM release_request WHERE received_on >= $1
                   ORDER BY received_on, release_request";
        let rows = self.query(sql, &[received_from.into()])?;
        rows.iter().map(times_of).collect()
    }

    fn request_of(&mut self, row: &Row) -> Result<ReleaseRequest, Error> {
        let (id, unit) = (row.integer(0)?, row.integer(12)?);
        let key = self.unit_key(unit)?;
        let text = key.decrypt(row.blob(13)?, body_context(id).as_slice())?;
        let body: ReleaseBody =
            serde_json::from_slice(&text).map_err(|_| corrupt("its body can't be read"))?;
        if body.request.state.name() != state_of(row.text(4)?)? {
            return Err(corrupt("row and body differ in their state"));
        }
        Ok(ReleaseRequest {
            id,
            patient: row.integer_or_none(1)?.map(PatientKey),
            document: row.integer_or_none(2)?,
            channel: Channel::parse(row.text(3)?).ok_or_else(|| corrupt("an unknown channel"))?,
            logged_at: Instant(row.integer(5)?),
            logged_by: row.text(6)?.to_owned(),
            delivered_at: row.integer_or_none(7)?.map(Instant),
            ended_at: row.integer_or_none(8)?.map(Instant),
            revision: row.integer(9)?,
            changed_at: Instant(row.integer(10)?),
            changed_by: row.text(11)?.to_owned(),
            body,
        })
    }
}

/// What the encryption of a request's body is bound to.
pub(crate) fn body_context(id: i64) -> Vec<u8> {
    format!("release:{id}").into_bytes()
}

fn state_of(text: &str) -> Result<StateName, Error> {
    StateName::parse(text).ok_or_else(|| corrupt("an unknown state"))
}

fn times_of(row: &Row) -> Result<ReleaseTimes, Error> {
    let basis = row.text_or_none(7)?.map(Basis::parse);
    let requester = RequesterKind::parse(row.text(8)?);
    Ok(ReleaseTimes {
        id: row.integer(0)?,
        received_on: row.text(1)?.to_owned(),
        due_on: row.text_or_none(2)?.map(str::to_owned),
        logged_at: Instant(row.integer(3)?),
        delivered_at: row.integer_or_none(4)?.map(Instant),
        ended_at: row.integer_or_none(5)?.map(Instant),
        state: state_of(row.text(6)?)?,
        basis: match basis {
            Some(None) => return Err(corrupt("an unknown basis")),
            known => known.flatten(),
        },
        requester: requester.ok_or_else(|| corrupt("an unknown requester"))?,
    })
}

/// Columns of the row that follow from the body.
pub(crate) fn derived(body: &ReleaseBody) -> Vec<(&'static str, Value)> {
    let request = &body.request;
    let state = request.state.name();
    let (mut held_at, mut ground) = (None, None);
    if let release::State::OnHold { since, .. } = &request.state {
        held_at = Some(since.0);
    }
    if let release::State::Denied { ground: why, .. } = &request.state {
        ground = Some(why.as_str());
    }
    let items = request.selection.as_ref().map_or(0, |selection| selection.items.len());
    let due_on = request.due.as_ref().map(|due| due.on.to_string());
    let validated_on = request.validation.as_ref().map(|evaluation| evaluation.on.to_string());
    let fee_cents = body.fee.as_ref().and_then(|fee| i64::try_from(fee.total_cents()).ok());
    vec![
        ("patient", request.patient.map(|patient| patient.0).into()),
        ("requester_kind", request.requester.kind.as_str().into()),
        ("received_on", request.received.to_string().into()),
        ("basis", request.basis.map(Basis::as_str).into()),
        ("due_on", due_on.into()),
        ("state", state.as_str().into()),
        ("validated_on", validated_on.into()),
        ("items_count", (items as i64).into()),
        ("packet_hash", request.packet.as_ref().map(|packet| packet.hash.0.to_vec()).into()),
        ("fee_cents", fee_cents.into()),
        ("denial_ground", ground.into()),
        ("held_at", held_at.into()),
    ]
}
