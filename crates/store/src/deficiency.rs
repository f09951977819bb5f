//! Deficiencies of charts: what is wanting, whose it is, until when, what happened to it.

mod lists;

pub use lists::{DeficiencyFilter, ProviderLoad};

use crate::find::PatientRow;
use crate::resource::{RESOURCE_COLUMNS, resource_row, visible, visible_as};
use crate::{Error, ResourceRow, Row, Transaction, Value, View};
use integrity::deficiency::{DeficiencyKind, DeficiencyState};
use integrity::{ClockStart, TimeAllowed};
use record::{Context, Instant, PatientKey, Private, ResourceKey};

/// A deficiency as it stands.
#[derive(Clone, Debug)]
pub struct DeficiencyRow {
    /// Key.
    pub id: i64,
    /// The Encounter.
    pub encounter: ResourceKey,
    /// Whose chart it is in now.
    pub patient: PatientKey,
    /// What is wanting.
    pub kind: DeficiencyKind,
    /// The document, where there is one.
    pub document: Option<ResourceKey>,
    /// The kind of document, in words.
    pub document_name: String,
    /// LOINC codes of documents that satisfy it.
    pub codes: Vec<String>,
    /// The rule that opened it and its version; `None` when a person did.
    pub rule: Option<(String, String)>,
    /// FHIR id of the procedure, where it is one's.
    pub procedure: Option<String>,
    /// Where the rule stands.
    pub citation: String,
    /// What starts its clock.
    pub starts: ClockStart,
    /// How long the clock runs.
    pub allowed: TimeAllowed,
    /// When the clock started: admission, discharge, procedure or assignment.
    pub event_at: Option<Instant>,
    /// When it is due.
    pub due_at: Option<Instant>,
    /// When it was opened.
    pub opened_at: Instant,
    /// When it was given to its present provider.
    pub assigned_at: Instant,
    /// How it stands.
    pub state: DeficiencyState,
    /// What a person wrote of it when they opened it.
    pub note: Private,
    /// The document by which it was met.
    pub shown_by: Option<ResourceKey>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Grows with each change.
    pub changes: i64,
    unit: i64,
}

/// A deficiency about to be opened.
#[derive(Clone, Debug)]
pub struct NewDeficiency {
    /// The Encounter.
    pub encounter: ResourceKey,
    /// Whose chart.
    pub patient: PatientKey,
    /// What is wanting.
    pub kind: DeficiencyKind,
    /// The document, where there is one.
    pub document: Option<ResourceKey>,
    /// The kind of document, in words.
    pub document_name: String,
    /// LOINC codes of documents that satisfy it.
    pub codes: Vec<String>,
    /// The rule and its version.
    pub rule: Option<(String, String)>,
    /// FHIR id of the procedure.
    pub procedure: Option<String>,
    /// Where the rule stands.
    pub citation: String,
    /// What starts its clock.
    pub starts: ClockStart,
    /// How long the clock runs.
    pub allowed: TimeAllowed,
    /// When the clock started.
    pub event_at: Option<Instant>,
    /// When it is due.
    pub due_at: Option<Instant>,
    /// How it stands: pending.
    pub state: DeficiencyState,
    /// What the person who opens it writes.
    pub note: Private,
}

/// A change of a deficiency: what it is now, and the event that tells of it.
#[derive(Clone, Debug)]
pub struct DeficiencyMove<'a> {
    /// The deficiency as it was read, with the new state, assignment, clock and rule's version
    /// in it.
    pub row: &'a DeficiencyRow,
    /// The stored word of the state before.
    pub from: &'a str,
    /// The stored word of the action.
    pub action: &'a str,
    /// Who did it: a person, or the rules themselves.
    pub actor: &'a str,
    /// Why, in words.
    pub reason: &'a str,
}

/// Something that happened to a deficiency.
#[derive(Clone, Debug)]
pub struct DeficiencyEvent {
    /// When.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// Stored word of what was done.
    pub action: String,
    /// Stored word of the state before; empty when it was opened.
    pub from: String,
    /// Stored word of the state after.
    pub to: String,
    /// Why.
    pub reason: Private,
}

/// What of a deficiency may tell of the patient, as it is kept encrypted.
#[derive(serde::Serialize, serde::Deserialize)]
struct Body {
    state: DeficiencyState,
    note: String,
}

pub(crate) const COLUMNS: &str = "d.deficiency, d.encounter, r.patient, d.kind, d.document, \
     d.document_name, d.codes, d.rule, d.rule_version, d.procedure_id, d.citation, d.starts, \
     d.allowed_unit, d.allowed, d.event_at, d.due_at, d.opened_at, d.assigned_at, d.shown_by, \
     d.closed_at, d.changes, d.unit, d.body";

/// The condition under which a deficiency `d` of the encounter `r` is not hidden: neither its
/// encounter nor its document is.
pub(crate) fn shown(context: &Context) -> String {
    format!(
        "r.deleted = 0 AND r.patient IS NOT NULL AND {} AND (d.document IS NULL OR EXISTS
         (SELECT 1 FROM resource x WHERE x.resource = d.document AND {}))",
        visible(context),
        visible_as(context, "x")
    )
}

/// The setting that holds up to where encounters were held against the rules.
const COMPLETION_MARK: &str = "completion.mark";

fn body_context(id: i64) -> Vec<u8> {
    format!("deficiency:{id}").into_bytes()
}

fn event_context(id: i64) -> Vec<u8> {
    format!("deficiency-event:{id}").into_bytes()
}

fn allowed_parts(allowed: TimeAllowed) -> (&'static str, i64) {
    match allowed {
        TimeAllowed::Hours(hours) => ("hours", hours),
        TimeAllowed::Days(days) => ("days", days),
    }
}

fn starts_word(starts: ClockStart) -> &'static str {
    match starts {
        ClockStart::Admission => "admission",
        ClockStart::Discharge => "discharge",
        ClockStart::Procedure => "procedure",
        ClockStart::Assignment => "assignment",
    }
}

fn starts_of(word: &str) -> ClockStart {
    match word {
        "admission" => ClockStart::Admission,
        "discharge" => ClockStart::Discharge,
        "procedure" => ClockStart::Procedure,
        _ => ClockStart::Assignment,
    }
}

fn kind_of(word: &str) -> DeficiencyKind {
    match word {
        "missing-signature" => DeficiencyKind::MissingSignature,
        "missing-content" => DeficiencyKind::MissingContent,
        _ => DeficiencyKind::MissingDocument,
    }
}

impl View<'_> {
    /// One deficiency, unless its encounter or its document is hidden.
    pub fn deficiency(&mut self, id: i64) -> Result<Option<DeficiencyRow>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM deficiency d JOIN resource r ON r.resource = d.encounter
             WHERE d.deficiency = $1 AND {}",
            shown(self.context())
        );
        let row = self.query_one(&sql, &[id.into()])?;
        row.map(|row| self.deficiency_of(&row)).transpose()
    }

    /// Every deficiency of an encounter, hidden ones too: for asking the rules again, never for
    /// showing.
    pub fn deficiency_of_encounter(
        &mut self,
        encounter: ResourceKey,
    ) -> Result<Vec<DeficiencyRow>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM deficiency d JOIN resource r ON r.resource = d.encounter
             WHERE d.encounter = $1 AND r.patient IS NOT NULL ORDER BY d.deficiency"
        );
        let rows = self.query(&sql, &[encounter.0.into()])?;
        rows.iter().map(|row| self.deficiency_of(row)).collect()
    }

    /// What happened to a deficiency, the newest first.
    pub fn deficiency_events(&mut self, id: i64) -> Result<Vec<DeficiencyEvent>, Error> {
        let sql = "SELECT deficiency_event, at, actor, action, from_state, to_state, unit, reason
                   FROM deficiency_event WHERE deficiency = $1 ORDER BY deficiency_event DESC";
        let mut events = Vec::new();
        for row in self.query(sql, &[id.into()])? {
            let key = self.unit_key(row.integer(6)?)?;
            let reason = key.decrypt(row.blob(7)?, &event_context(row.integer(0)?))?;
            events.push(DeficiencyEvent {
                at: Instant(row.integer(1)?),
                actor: row.text(2)?.to_owned(),
                action: row.text(3)?.to_owned(),
                from: row.text(4)?.to_owned(),
                to: row.text(5)?.to_owned(),
                reason: Private::new(String::from_utf8_lossy(&reason)),
            });
        }
        Ok(events)
    }

    pub(crate) fn deficiency_of(&mut self, row: &Row) -> Result<DeficiencyRow, Error> {
        let (id, unit) = (row.integer(0)?, row.integer(21)?);
        let damaged = || Error::Corrupt(format!("deficiency {id} can't be read"));
        let body = self.unit_key(unit)?.decrypt(row.blob(22)?, &body_context(id))?;
        let body: Body = serde_json::from_slice(&body).map_err(|_| damaged())?;
        let rule = row.text_or_none(7)?.zip(row.text_or_none(8)?);
        let allowed = row.integer(13)?;
        Ok(DeficiencyRow {
            id,
            encounter: ResourceKey(row.integer(1)?),
            patient: PatientKey(row.integer(2)?),
            kind: kind_of(row.text(3)?),
            document: row.integer_or_none(4)?.map(ResourceKey),
            document_name: row.text(5)?.to_owned(),
            codes: row.text(6)?.split_whitespace().map(str::to_owned).collect(),
            rule: rule.map(|(rule, version)| (rule.to_owned(), version.to_owned())),
            procedure: row.text_or_none(9)?.map(str::to_owned),
            citation: row.text(10)?.to_owned(),
            starts: starts_of(row.text(11)?),
            allowed: match row.text(12)? {
                "hours" => TimeAllowed::Hours(allowed),
                _ => TimeAllowed::Days(allowed),
            },
            event_at: row.integer_or_none(14)?.map(Instant),
            due_at: row.integer_or_none(15)?.map(Instant),
            opened_at: Instant(row.integer(16)?),
            assigned_at: Instant(row.integer(17)?),
            state: body.state,
            note: Private::new(body.note),
            shown_by: row.integer_or_none(18)?.map(ResourceKey),
            closed_at: row.integer_or_none(19)?.map(Instant),
            changes: row.integer(20)?,
            unit,
        })
    }

    /// Entries of an encounter of these types, hidden ones too: for asking the rules, never for
    /// showing.
    pub fn completion_entries(
        &mut self,
        encounter: &ResourceRow,
        kinds: &[&str],
    ) -> Result<Vec<ResourceRow>, Error> {
        let mut parameters: Vec<Value> = vec![encounter.fhir_id.as_str().into()];
        parameters.push(encounter.patient.map(|key| key.0).into());
        let list: Vec<String> = (0..kinds.len()).map(|n| format!("${}", n + 3)).collect();
        parameters.extend(kinds.iter().map(|kind| Value::from(*kind)));
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM resource r
             WHERE r.encounter = $1 AND r.patient = $2 AND r.deleted = 0 AND r.kind IN ({})
             ORDER BY r.resource",
            list.join(", ")
        );
        self.query(&sql, &parameters)?.iter().map(resource_row).collect()
    }

    /// The encounter of an entry, hidden or not: for asking the rules, never for showing.
    pub fn completion_encounter(
        &mut self,
        entry: &ResourceRow,
    ) -> Result<Option<ResourceRow>, Error> {
        let Some(id) = entry.encounter.as_deref() else { return Ok(None) };
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM resource r
             WHERE r.kind = 'Encounter' AND r.fhir_id = $1 AND r.deleted = 0"
        );
        self.query_one(&sql, &[id.into()])?.as_ref().map(resource_row).transpose()
    }

    /// When an encounter was last held against the rules, and whether it was over then.
    pub fn completion_review(
        &mut self,
        encounter: ResourceKey,
    ) -> Result<Option<(Instant, bool)>, Error> {
        let row = self.row("completion_review", &[encounter.0.into()])?;
        row.map(|row| Ok((Instant(row.integer(1)?), row.integer(2)? != 0))).transpose()
    }

    /// Encounters after this key that are to be held against the rules: those that ended, or
    /// began and last, since an instant and were not yet; those that changed since; and those
    /// that last and were looked at before `stale`. Looked at are only those of which something
    /// was written from the id `mark` on, and those that last. Hidden ones too.
    pub fn completion_due(
        &mut self,
        after: ResourceKey,
        mark: i64,
        (since, stale): (Instant, Instant),
        limit: i64,
    ) -> Result<Vec<ResourceRow>, Error> {
        // The encounter's few entries are looked through, not all entries of a kind.
        let sql = format!(
            "WITH changed AS MATERIALIZED (
               SELECT c.resource, c.kind, c.encounter FROM resource c WHERE c.version >= $5),
             due AS MATERIALIZED (
               SELECT c.resource FROM changed c WHERE c.kind = 'Encounter'
               UNION SELECT e.resource FROM changed c CROSS JOIN resource e
                 WHERE e.kind = 'Encounter' AND e.fhir_id = c.encounter
                   AND c.kind IN ('DocumentReference', 'Procedure')
               UNION SELECT w.encounter FROM completion_review w
                 WHERE w.is_over = 0 AND w.at < $3)
             SELECT {RESOURCE_COLUMNS} FROM due d CROSS JOIN resource r
             LEFT JOIN completion_review v ON v.encounter = r.resource
             WHERE r.resource = d.resource AND r.kind = 'Encounter' AND r.deleted = 0
               AND r.patient IS NOT NULL AND r.resource > $1
               AND ((v.encounter IS NULL AND ((r.status = 'finished' AND r.last_at >= $2)
                      OR (r.status = 'in-progress' AND r.first_at >= $2)))
                 OR (v.encounter IS NOT NULL AND (r.updated_at > v.at
                      OR (r.status = 'in-progress' AND v.at < $3)
                      OR EXISTS (SELECT 1 FROM resource x WHERE x.encounter = r.fhir_id
                           AND x.kind || '' IN ('DocumentReference', 'Procedure')
                           AND x.updated_at > v.at))))
             ORDER BY r.resource LIMIT $4"
        );
        let parameters =
            [after.0.into(), since.0.into(), stale.0.into(), limit.into(), mark.into()];
        self.query(&sql, &parameters)?.iter().map(resource_row).collect()
    }

    /// The id from which on what was written may have to be held against the rules.
    pub fn completion_mark(&mut self) -> Result<i64, Error> {
        let mark = self.setting(COMPLETION_MARK)?;
        Ok(mark.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Whose chart it is, as a list shows it.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the patient is hidden.
    pub fn deficiency_patient(&mut self, row: &DeficiencyRow) -> Result<PatientRow, Error> {
        let survivor = self.patient_survivor(row.patient)?;
        self.patient_row(survivor)?.ok_or(Error::NotFound)
    }
}

impl Transaction<'_> {
    /// Opens a deficiency; tells it as an event by `actor`.
    pub fn deficiency_open(
        &mut self,
        new: &NewDeficiency,
        actor: &str,
        reason: &str,
    ) -> Result<i64, Error> {
        let id = self.new_id();
        let unit = self.unit_of(Some(new.patient))?;
        let at = self.context().at.0;
        let body = Body { state: new.state.clone(), note: new.note.reveal().to_owned() };
        let (allowed_unit, allowed) = allowed_parts(new.allowed);
        let mut values = self.deficiency_values(id, unit, &body)?;
        let rule = new.rule.as_ref();
        values.extend([
            ("deficiency", id.into()),
            ("encounter", new.encounter.0.into()),
            ("patient", new.patient.0.into()),
            ("kind", new.kind.as_str().into()),
            ("document", new.document.map(|key| key.0).into()),
            ("document_name", new.document_name.as_str().into()),
            ("codes", new.codes.join(" ").into()),
            ("rule", rule.map(|(rule, _)| rule.as_str()).into()),
            ("rule_version", rule.map(|(_, version)| version.as_str()).into()),
            ("procedure_id", new.procedure.as_deref().into()),
            ("citation", new.citation.as_str().into()),
            ("starts", starts_word(new.starts).into()),
            ("allowed_unit", allowed_unit.into()),
            ("allowed", allowed.into()),
            ("event_at", new.event_at.map(|at| at.0).into()),
            ("due_at", new.due_at.map(|at| at.0).into()),
            ("opened_at", at.into()),
            ("assigned_at", at.into()),
            ("changes", 0.into()),
            ("unit", unit.into()),
        ]);
        self.insert("deficiency", &values)?;
        let to = new.state.as_str();
        self.deficiency_event((id, unit), actor, ("open", "", to), reason)?;
        Ok(id)
    }

    /// Saves a deficiency in its new state with its clock and its provider, and tells the event.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody changed it since it was read.
    pub fn deficiency_move(&mut self, change: &DeficiencyMove<'_>) -> Result<(), Error> {
        let row = change.row;
        let kept = self.row("deficiency", &[row.id.into()])?.ok_or(Error::NotFound)?;
        let place = crate::schema::table("deficiency")?.column("changes")?;
        if kept.integer(place)? != row.changes {
            return Err(Error::Conflict(
                "Somebody else has worked on this deficiency. Load the page again.".into(),
            ));
        }
        let body = Body { state: row.state.clone(), note: row.note.reveal().to_owned() };
        let (allowed_unit, allowed) = allowed_parts(row.allowed);
        let version = row.rule.as_ref().map(|(_, version)| version.as_str());
        let mut values = self.deficiency_values(row.id, row.unit, &body)?;
        values.extend([
            ("rule_version", version.into()),
            ("codes", row.codes.join(" ").into()),
            ("citation", row.citation.as_str().into()),
            ("starts", starts_word(row.starts).into()),
            ("allowed_unit", allowed_unit.into()),
            ("allowed", allowed.into()),
            ("event_at", row.event_at.map(|at| at.0).into()),
            ("due_at", row.due_at.map(|at| at.0).into()),
            ("assigned_at", row.assigned_at.0.into()),
            ("shown_by", row.shown_by.map(|key| key.0).into()),
            ("changes", (row.changes + 1).into()),
        ]);
        self.update("deficiency", &[row.id.into()], &values)?;
        let states = (change.action, change.from, row.state.as_str());
        self.deficiency_event((row.id, row.unit), change.actor, states, change.reason)
    }

    fn deficiency_values(
        &mut self,
        id: i64,
        unit: i64,
        body: &Body,
    ) -> Result<Vec<(&'static str, Value)>, Error> {
        let state = &body.state;
        let at = self.context().at.0;
        let text = serde_json::to_vec(body).expect("a state is plain data and serialises");
        let sealed = self.unit_key(unit)?.encrypt(&text, &body_context(id))?;
        Ok(vec![
            ("account", state.assignee().account.into()),
            ("provider", state.assignee().name.as_str().into()),
            ("state", state.as_str().into()),
            ("closed_at", (!state.is_open()).then_some(at).into()),
            ("changed_at", at.into()),
            ("body", sealed.into()),
        ])
    }

    fn deficiency_event(
        &mut self,
        (deficiency, unit): (i64, i64),
        actor: &str,
        (action, from, to): (&str, &str, &str),
        reason: &str,
    ) -> Result<(), Error> {
        let id = self.new_id();
        let at = self.context().at.0;
        let reason = self.unit_key(unit)?.encrypt(reason.as_bytes(), &event_context(id))?;
        self.insert(
            "deficiency_event",
            &[
                ("deficiency_event", id.into()),
                ("deficiency", deficiency.into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("action", action.into()),
                ("from_state", from.into()),
                ("to_state", to.into()),
                ("unit", unit.into()),
                ("reason", reason.into()),
            ],
        )
    }

    /// Notes up to where encounters were held against the rules.
    pub fn completion_mark_put(&mut self, mark: i64) -> Result<(), Error> {
        if self.completion_mark()? == mark {
            return Ok(());
        }
        self.setting_put(COMPLETION_MARK, &mark.to_string())
    }

    /// An entry came to another chart or encounter without a new version: it is looked at again.
    pub(crate) fn completion_mark_lower(&mut self, version: i64) -> Result<(), Error> {
        let mark = self.completion_mark()?;
        if mark > version { self.completion_mark_put(version) } else { Ok(()) }
    }

    /// Notes that an encounter was held against the rules now.
    pub fn completion_reviewed(
        &mut self,
        encounter: ResourceKey,
        is_over: bool,
    ) -> Result<(), Error> {
        let at = self.context().at.0;
        let (key, over) = (encounter.0, i64::from(is_over));
        if self.row("completion_review", &[key.into()])?.is_none() {
            let values = [("encounter", key.into()), ("at", at.into()), ("is_over", over.into())];
            return self.insert("completion_review", &values);
        }
        let values = [("at", at.into()), ("is_over", over.into())];
        self.update("completion_review", &[key.into()], &values).map(|_| ())
    }
}
