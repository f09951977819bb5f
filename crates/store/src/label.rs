//! Labels put by hand, and broken glass.

use crate::resource::visible;
use crate::{Error, Row, Transaction, Value, View};
use integrity::glass::{GlassAction, GlassState};
use record::{Instant, LabelMask, PatientKey, ResourceKey, SensitiveClass};

/// A label on a patient or on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Id.
    pub id: i64,
    /// Whose chart.
    pub patient: PatientKey,
    /// On this resource only; on the whole chart when none.
    pub resource: Option<ResourceKey>,
    /// Whether that is an Encounter: the label stands on all that belongs to it.
    pub covers_encounter: bool,
    /// Which class.
    pub class: SensitiveClass,
    /// Where it comes from: a unit, a code, a person's judgement.
    pub source: String,
    /// Since when.
    pub at: Instant,
    /// By whom.
    pub actor: String,
}

/// When a label was ended, and by whom.
pub type LabelEnd = (Instant, String);

/// One breaking of the glass (45 CFR 170.315(d)(6)): it can't be edited, only reviewed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glass {
    /// Id.
    pub id: i64,
    /// Who broke it.
    pub person: i64,
    /// Whose chart.
    pub patient: PatientKey,
    /// The reason given.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// Until when the chart is open.
    pub until: Instant,
    /// When it was reviewed.
    pub reviewed_at: Option<Instant>,
    /// By whom.
    pub reviewed_by: Option<i64>,
    /// `appropriate` or `inappropriate`.
    pub outcome: Option<String>,
    /// What the reviewer wrote.
    pub note: Option<String>,
}

impl Glass {
    /// Where it stands at a time.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where its outcome is unknown.
    pub fn state(&self, now: Instant) -> Result<GlassState, Error> {
        let state = GlassState::read(self.until, self.outcome.as_deref(), now);
        state.ok_or_else(|| Error::Corrupt("the outcome of a review is unknown".into()))
    }
}

const GLASS_COLUMNS: &str =
    "glass, person, patient, reason, at, until, reviewed_at, reviewed_by, outcome, note";

fn glass_of(row: &Row) -> Result<Glass, Error> {
    Ok(Glass {
        id: row.integer(0)?,
        person: row.integer(1)?,
        patient: PatientKey(row.integer(2)?),
        reason: row.text(3)?.to_owned(),
        at: Instant(row.integer(4)?),
        until: Instant(row.integer(5)?),
        reviewed_at: row.integer_or_none(6)?.map(Instant),
        reviewed_by: row.integer_or_none(7)?,
        outcome: row.text_or_none(8)?.map(str::to_owned),
        note: row.text_or_none(9)?.map(str::to_owned),
    })
}

impl View<'_> {
    /// The labels now on a patient and the patient's entries. Those of entries that are hidden
    /// from this context are absent.
    pub fn label_list(&mut self, patient: PatientKey) -> Result<Vec<Label>, Error> {
        let history = self.label_history(patient)?;
        let now = history.into_iter().filter(|(_, ended)| ended.is_none());
        let mut labels: Vec<Label> = now.map(|(label, _)| label).collect();
        labels.reverse();
        Ok(labels)
    }

    /// Every label that was ever put on a patient's chart, the newest first, with when and by
    /// whom it was ended. Those of entries that are hidden from this context are absent.
    pub fn label_history(
        &mut self,
        patient: PatientKey,
    ) -> Result<Vec<(Label, Option<LabelEnd>)>, Error> {
        let sql = format!(
            "SELECT l.label, l.patient, l.resource, l.class, l.source, l.at, l.actor, l.ended_at,
                    l.ended_by, r.kind
             FROM label l LEFT JOIN resource r ON r.resource = l.resource
             WHERE l.patient = $1 AND (r.resource IS NULL OR {}) ORDER BY l.label DESC",
            visible(self.context())
        );
        let mut labels = Vec::new();
        for row in self.query(&sql, &[patient.0.into()])? {
            let Some(class) = SensitiveClass::parse(row.text(3)?) else { continue };
            let label = Label {
                id: row.integer(0)?,
                patient: PatientKey(row.integer(1)?),
                resource: row.integer_or_none(2)?.map(ResourceKey),
                covers_encounter: row.text_or_none(9)? == Some("Encounter"),
                class,
                source: row.text(4)?.to_owned(),
                at: Instant(row.integer(5)?),
                actor: row.text(6)?.to_owned(),
            };
            let ended = match (row.integer_or_none(7)?, row.text_or_none(8)?) {
                (Some(at), Some(by)) => Some((Instant(at), by.to_owned())),
                _ => None,
            };
            labels.push((label, ended));
        }
        Ok(labels)
    }

    /// Until when this person's breaking of the glass holds this chart open, if it does.
    pub fn glass_until(
        &mut self,
        person: i64,
        patient: PatientKey,
        now: Instant,
    ) -> Result<Option<Instant>, Error> {
        let sql = "SELECT MAX(until) FROM glass
                   WHERE person = $1 AND patient = $2 AND until > $3 AND
                         COALESCE(outcome, '') <> 'inappropriate'";
        let row = self.query_one(sql, &[person.into(), patient.0.into(), now.0.into()])?;
        Ok(row.map(|row| row.integer_or_none(0)).transpose()?.flatten().map(Instant))
    }

    /// The labels that stand on a patient's whole chart.
    pub fn patient_labels(&mut self, patient: PatientKey) -> Result<LabelMask, Error> {
        self.labels_of_patient(patient)
    }

    /// The patients whose glass this person has broken and not yet lost again: what
    /// [`GlassState::opens`] says of each row. An inappropriate breaking closes at its review.
    pub fn glass_open(&mut self, person: i64, now: Instant) -> Result<Vec<PatientKey>, Error> {
        let sql = "SELECT DISTINCT patient FROM glass
                   WHERE person = $1 AND until > $2 AND
                         COALESCE(outcome, '') <> 'inappropriate'";
        let rows = self.query(sql, &[person.into(), now.0.into()])?;
        let mut opened = Vec::new();
        for row in rows {
            // The glass of a chart is that of every record merged into it.
            opened.extend(self.patient_members(PatientKey(row.integer(0)?))?);
        }
        Ok(opened)
    }

    /// Every breaking of the glass, those not yet reviewed first, then the newest.
    pub fn glass_list(&mut self, limit: i64) -> Result<Vec<Glass>, Error> {
        let sql = format!(
            "SELECT {GLASS_COLUMNS} FROM glass
             ORDER BY (CASE WHEN reviewed_at IS NULL THEN 0 ELSE 1 END), glass DESC LIMIT $1"
        );
        self.query(&sql, &[limit.into()])?.iter().map(glass_of).collect()
    }

    /// One breaking of the glass.
    pub fn glass(&mut self, id: i64) -> Result<Option<Glass>, Error> {
        let sql = format!("SELECT {GLASS_COLUMNS} FROM glass WHERE glass = $1");
        self.query_one(&sql, &[id.into()])?.as_ref().map(glass_of).transpose()
    }
}

impl Transaction<'_> {
    /// Puts a label, and makes it stand on every row that it covers.
    pub fn label_put(
        &mut self,
        patient: PatientKey,
        resource: Option<ResourceKey>,
        class: SensitiveClass,
        source: &str,
    ) -> Result<i64, Error> {
        let id = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "label",
            &[
                ("label", id.into()),
                ("patient", patient.0.into()),
                ("resource", resource.map(|key| key.0).into()),
                ("class", class.as_str().into()),
                ("source", source.into()),
                ("at", at.into()),
                ("actor", actor.into()),
            ],
        )?;
        self.relabel_under(patient, resource)?;
        Ok(id)
    }

    /// Ends a label. It stays in the history; today's labels govern old versions too.
    pub fn label_end(&mut self, label: i64) -> Result<(), Error> {
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values = [("ended_at", at.into()), ("ended_by", actor.into())];
        let row = self.update("label", &[label.into()], &values)?;
        self.relabel_under(PatientKey(row.integer(1)?), row.integer_or_none(2)?.map(ResourceKey))
    }

    /// Breaks the glass: opens one chart to one person until a time.
    pub fn glass_break(
        &mut self,
        person: i64,
        patient: PatientKey,
        reason: &str,
        until: Instant,
    ) -> Result<i64, Error> {
        let id = self.new_id();
        let at = self.context().at.0;
        self.insert(
            "glass",
            &[
                ("glass", id.into()),
                ("person", person.into()),
                ("patient", patient.0.into()),
                ("reason", reason.into()),
                ("at", at.into()),
                ("until", until.0.into()),
            ],
        )?;
        Ok(id)
    }

    /// Records the review of a breaking of the glass.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was reviewed before.
    pub fn glass_review(
        &mut self,
        id: i64,
        reviewer: i64,
        appropriate: bool,
        note: &str,
    ) -> Result<(), Error> {
        let glass = self.glass(id)?.ok_or(Error::NotFound)?;
        let (is_own, until) = (glass.person == reviewer, glass.until);
        let action = GlassAction::Review { appropriate, note, is_own, until };
        let now = self.context().at;
        let after = integrity::glass::apply(glass.state(now)?, &action, now)
            .map_err(|no| Error::Conflict(no.to_string()))?;
        let at = now.0;
        let outcome = after.outcome();
        let values: [(&str, Value); 4] = [
            ("reviewed_at", at.into()),
            ("reviewed_by", reviewer.into()),
            ("outcome", outcome.map(str::to_owned).into()),
            ("note", note.into()),
        ];
        self.update("glass", &[id.into()], &values).map(|_| ())
    }
}
