//! Resources: versions written, read, and listed.

use crate::body::{self, Prepared};
use crate::mask::Placed;
use crate::projection::PersonRow;
use crate::typed::typed_tables;
use crate::units::SITE_UNIT;
use crate::{Error, Row, Transaction, Value, View};
use record::{ContentHash, Context, Instant, LabelMask, PatientKey, Reference, ResourceKey};

/// What happened to a resource in a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// First version, or brought back after a deletion.
    Create,
    /// A new version.
    Update,
    /// Logical deletion: the versions before stay.
    Delete,
}

impl Action {
    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
        }
    }
}

/// A resource as it stands, without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRow {
    /// Internal key.
    pub resource: ResourceKey,
    /// Type.
    pub kind: String,
    /// Logical id.
    pub fhir_id: String,
    /// Row of the current version.
    pub(crate) version: i64,
    /// Number of the current version, from 1.
    pub number: i64,
    /// The patient whose chart it belongs to.
    pub patient: Option<PatientKey>,
    /// FHIR id of its encounter.
    pub encounter: Option<String>,
    /// Effective labels.
    pub labels: LabelMask,
    /// Whether it is deleted.
    pub deleted: bool,
    /// When the current version was written.
    pub updated_at: Instant,
    /// Its status.
    pub status: Option<String>,
    /// First instant that its date covers.
    pub first_at: Option<Instant>,
}

/// One version of a resource.
#[derive(Clone, Debug)]
pub struct Version {
    /// Number, from 1.
    pub number: i64,
    /// When it was written.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// `create`, `update` or `delete`.
    pub action: String,
    /// Why.
    pub reason: String,
    /// Kept text.
    pub text: String,
}

pub(crate) const RESOURCE_COLUMNS: &str = "r.resource, r.kind, r.fhir_id, r.version, r.number, \
     r.patient, r.encounter, r.labels, r.deleted, r.updated_at, r.status, r.first_at";

pub(crate) fn resource_row(row: &Row) -> Result<ResourceRow, Error> {
    Ok(ResourceRow {
        resource: ResourceKey(row.integer(0)?),
        kind: row.text(1)?.to_owned(),
        fhir_id: row.text(2)?.to_owned(),
        version: row.integer(3)?,
        number: row.integer(4)?,
        patient: row.integer_or_none(5)?.map(PatientKey),
        encounter: row.text_or_none(6)?.map(str::to_owned),
        labels: LabelMask(row.integer(7)?),
        deleted: row.integer(8)? != 0,
        updated_at: Instant(row.integer(9)?),
        status: row.text_or_none(10)?.map(str::to_owned),
        first_at: row.integer_or_none(11)?.map(Instant),
    })
}

/// The condition under which a row `r` is not hidden from this context. Hidden is absent.
pub(crate) fn visible(context: &Context) -> String {
    visible_as(context, "r")
}

/// The same for a row under another name.
pub(crate) fn visible_as(context: &Context, row: &str) -> String {
    let hidden = LabelMask::ALL.without(context.cleared).0;
    if hidden == 0 {
        return "1 = 1".to_owned();
    }
    // Numbers of our own types only: nothing that a user wrote stands in this text.
    let opened: Vec<String> = context.opened.iter().map(|key| key.0.to_string()).collect();
    match opened.is_empty() {
        true => format!("({row}.labels & {hidden}) = 0"),
        false => {
            format!("(({row}.labels & {hidden}) = 0 OR {row}.patient IN ({}))", opened.join(", "))
        }
    }
}

/// The statement that finds a resource by `$1` type and `$2` id, unless it is hidden.
pub(crate) fn resource_by_id(context: &Context) -> String {
    format!(
        "SELECT {RESOURCE_COLUMNS} FROM resource r WHERE r.kind = $1 AND r.fhir_id = $2 AND {}",
        visible(context)
    )
}

pub(crate) fn body_context(resource: i64, number: i64) -> Vec<u8> {
    format!("version:{resource}:{number}").into_bytes()
}

impl View<'_> {
    /// The resource with this id, deleted or not, unless it is hidden from this context.
    pub fn resource(&mut self, kind: &str, fhir_id: &str) -> Result<Option<ResourceRow>, Error> {
        let sql = resource_by_id(self.context());
        let row = self.query_one(&sql, &[kind.into(), fhir_id.into()])?;
        row.as_ref().map(resource_row).transpose()
    }

    /// The resource with this key, unless it is hidden from this context.
    pub fn resource_by_key(&mut self, key: ResourceKey) -> Result<Option<ResourceRow>, Error> {
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM resource r WHERE r.resource = $1 AND {}",
            visible(self.context())
        );
        let row = self.query_one(&sql, &[key.0.into()])?;
        row.as_ref().map(resource_row).transpose()
    }

    /// The kept text of a resource's current version.
    pub fn resource_text(&mut self, row: &ResourceRow) -> Result<String, Error> {
        let sql = "SELECT unit, body FROM version WHERE version = $1";
        let found = self.query_one(sql, &[row.version.into()])?;
        let found = found.ok_or_else(|| missing_version(row.resource, row.number))?;
        self.open_body(found.integer(0)?, row.resource.0, row.number, found.blob(1)?)
    }

    /// The current version as JSON with its version and time.
    pub fn resource_json(&mut self, row: &ResourceRow) -> Result<String, Error> {
        let text = self.resource_text(row)?;
        Ok(body::with_version(&text, &row.kind, &row.fhir_id, row.number, row.updated_at))
    }

    /// The current version as a value, as it was sent.
    pub fn resource_value(&mut self, row: &ResourceRow) -> Result<serde_json::Value, Error> {
        body::as_sent(&self.resource_text(row)?)
    }

    /// The current version of the resource with this key, as it was sent.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not there, or hidden.
    pub fn resource_value_by_key(&mut self, key: ResourceKey) -> Result<serde_json::Value, Error> {
        let row = self.resource_by_key(key)?.ok_or(Error::NotFound)?;
        self.resource_value(&row)
    }

    /// All versions of a resource, the newest first.
    pub fn versions(&mut self, key: ResourceKey) -> Result<Vec<Version>, Error> {
        let sql = "SELECT number, at, actor, action, reason, unit, body FROM version
                   WHERE resource = $1 ORDER BY number DESC";
        let rows = self.query(sql, &[key.0.into()])?;
        rows.iter().map(|row| self.version_of(key, row)).collect()
    }

    /// One version of a resource.
    pub fn version(&mut self, key: ResourceKey, number: i64) -> Result<Option<Version>, Error> {
        let sql = "SELECT number, at, actor, action, reason, unit, body FROM version
                   WHERE resource = $1 AND number = $2";
        let row = self.query_one(sql, &[key.0.into(), number.into()])?;
        row.map(|row| self.version_of(key, &row)).transpose()
    }

    fn version_of(&mut self, key: ResourceKey, row: &Row) -> Result<Version, Error> {
        let number = row.integer(0)?;
        Ok(Version {
            number,
            at: Instant(row.integer(1)?),
            actor: row.text(2)?.to_owned(),
            action: row.text(3)?.to_owned(),
            reason: row.text(4)?.to_owned(),
            text: self.open_body(row.integer(5)?, key.0, number, row.blob(6)?)?,
        })
    }

    pub(crate) fn open_body(
        &mut self,
        unit: i64,
        resource: i64,
        number: i64,
        sealed: &[u8],
    ) -> Result<String, Error> {
        let key = self.unit_key(unit)?;
        body::unpack(&key.decrypt(sealed, &body_context(resource, number))?)
    }

    /// The number of the version whose content was sent as this, the newest first, and the
    /// sender's time of the current version.
    pub fn version_sent_as(
        &mut self,
        key: ResourceKey,
        source_hash: ContentHash,
    ) -> Result<Option<i64>, Error> {
        let sql = "SELECT number FROM version
                   WHERE resource = $1 AND (source_hash = $2 OR content_hash = $2)
                     AND action <> 'delete'
                   ORDER BY number DESC LIMIT 1";
        let row = self.query_one(sql, &[key.0.into(), source_hash.0.to_vec().into()])?;
        row.map(|row| row.integer(0)).transpose()
    }

    /// The sender's time of the current version, where the sender gave one.
    pub fn sent_at(&mut self, row: &ResourceRow) -> Result<Option<Instant>, Error> {
        let sql = "SELECT sent_at FROM version WHERE version = $1";
        let found = self.query_one(sql, &[row.version.into()])?;
        Ok(found.map(|row| row.integer_or_none(0)).transpose()?.flatten().map(Instant))
    }

    /// Resources of this type that carry a token, at most `limit`.
    pub fn by_token(
        &mut self,
        kind: &str,
        digest: i64,
        limit: i64,
    ) -> Result<Vec<ResourceRow>, Error> {
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM token t JOIN resource r ON r.resource = t.resource
             WHERE t.digest = $1 AND r.kind = $2 AND r.deleted = 0 AND {} LIMIT $3",
            visible(self.context())
        );
        let rows = self.query(&sql, &[digest.into(), kind.into(), limit.into()])?;
        rows.iter().map(resource_row).collect()
    }

    /// Resources that are not deleted, by key, after this one.
    pub fn resource_page(&mut self, after: i64, limit: i64) -> Result<Vec<ResourceRow>, Error> {
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM resource r
             WHERE r.resource > $1 AND r.deleted = 0 AND {} ORDER BY r.resource LIMIT $2",
            visible(self.context())
        );
        let rows = self.query(&sql, &[after.into(), limit.into()])?;
        rows.iter().map(resource_row).collect()
    }

    /// The key of a patient by FHIR id, if it was ever mentioned.
    pub fn patient_key(&mut self, fhir_id: &str) -> Result<Option<PatientKey>, Error> {
        let sql = "SELECT patient FROM patient WHERE fhir_id = $1";
        let row = self.query_one(sql, &[fhir_id.into()])?;
        row.map(|row| row.integer(0).map(PatientKey)).transpose()
    }
}

fn missing_version(key: ResourceKey, number: i64) -> Error {
    Error::Corrupt(format!("version {number} of resource {} is gone", key.0))
}

impl Transaction<'_> {
    /// The key of a patient, made on first mention: references may come before the patient.
    pub fn patient_key_or_new(&mut self, fhir_id: &str) -> Result<PatientKey, Error> {
        if let Some(key) = self.patient_key(fhir_id)? {
            return Ok(key);
        }
        let unit = self.unit_create()?;
        let key = self.new_id();
        let at = self.context().at.0;
        self.insert(
            "patient",
            &[
                ("patient", key.into()),
                ("fhir_id", fhir_id.into()),
                ("unit", unit.into()),
                ("created_at", at.into()),
            ],
        )?;
        Ok(PatientKey(key))
    }

    /// The destruction unit of a patient, or of the site.
    pub(crate) fn unit_of(&mut self, patient: Option<PatientKey>) -> Result<i64, Error> {
        let Some(patient) = patient else { return Ok(SITE_UNIT) };
        let row = self.row("patient", &[patient.0.into()])?.ok_or(Error::NotFound)?;
        row.integer(2)
    }

    /// Writes a new version and the rows beside it. `existing` is what stood there before.
    pub fn resource_put(
        &mut self,
        prepared: &Prepared,
        existing: Option<&ResourceRow>,
        action: Action,
        reason: &str,
    ) -> Result<ResourceRow, Error> {
        self.names_learn(&prepared.projection)?;
        let chart = self.chart_of(&prepared.projection)?;
        let patient = match &chart {
            Some(id) => Some(self.patient_key_or_new(id)?),
            None => None,
        };
        let encounter = self.encounter_of(&prepared.projection)?;
        let resource = existing.map_or_else(|| self.new_id(), |row| row.resource.0);
        let number = existing.map_or(1, |row| row.number + 1);
        let version = self.version_insert(prepared, patient, resource, number, action, reason)?;
        let mut row = ResourceRow {
            resource: ResourceKey(resource),
            kind: prepared.kind.clone(),
            fhir_id: prepared.fhir_id.clone(),
            version,
            number,
            patient,
            encounter,
            labels: LabelMask::NONE,
            deleted: action == Action::Delete,
            updated_at: self.context().at,
            status: prepared.projection.status.clone(),
            first_at: prepared.projection.date.map(|(first, _)| first),
        };
        let before = self.companions_put(&row, &prepared.projection, existing.is_some())?;
        let at = Placed { is_new: existing.is_none(), ..Placed::of(&row) };
        row.labels = self.labels_standing(prepared.projection.labels, &at)?;
        if existing.is_some() {
            self.projection_remove(&row)?;
            self.file_text_drop(row.resource)?;
        }
        self.projection_insert(&row, prepared)?;
        self.companions_follow_put(&row, before)?;
        if row.kind == "Encounter" && (existing.is_some() || row.labels != LabelMask::NONE) {
            self.relabel_encounter(&row.fhir_id)?;
        }
        if !row.deleted {
            self.file_text_ask(&row, prepared.projection.has_pdf)?;
            self.identifiers_arrived(&prepared.projection.identifiers)?;
            if let Some(id) = chart {
                let entry = Reference::new(&row.kind[..], &row.fhir_id[..]);
                self.chart_arrived(&entry, &prepared.projection, &id)?;
            }
        }
        Ok(row)
    }

    fn version_insert(
        &mut self,
        prepared: &Prepared,
        patient: Option<PatientKey>,
        resource: i64,
        number: i64,
        action: Action,
        reason: &str,
    ) -> Result<i64, Error> {
        let unit = self.unit_of(patient)?;
        let key = self.unit_key(unit)?;
        let body = key.encrypt(&prepared.packed, &body_context(resource, number))?;
        let version = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "version",
            &[
                ("version", version.into()),
                ("resource", resource.into()),
                ("number", number.into()),
                ("unit", unit.into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("action", action.as_str().into()),
                ("reason", reason.into()),
                ("sent_at", prepared.sent_at.map(|at| at.0).into()),
                ("content_hash", prepared.content_hash.0.to_vec().into()),
                ("source_hash", prepared.source_hash.0.to_vec().into()),
                ("body", body.into()),
            ],
        )?;
        Ok(version)
    }

    pub(crate) fn projection_remove(&mut self, row: &ResourceRow) -> Result<(), Error> {
        let key = [Value::Integer(row.resource.0)];
        self.execute_projection("resource", "DELETE FROM resource WHERE resource = $1", &key)?;
        self.execute_projection("token", "DELETE FROM token WHERE resource = $1", &key)?;
        let sql = "DELETE FROM awaited WHERE resource = $1";
        self.execute_projection("awaited", sql, &key)?;
        self.execute_projection("word", "DELETE FROM word WHERE resource = $1", &key)?;
        for table in typed_tables(&row.kind) {
            let sql = format!("DELETE FROM {table} WHERE resource = $1");
            self.execute_projection(table, &sql, &key)?;
        }
        if let (Some(patient), "Patient") = (row.patient, &row.kind[..]) {
            let key = [Value::Integer(patient.0)];
            let sql = "DELETE FROM patient_row WHERE patient = $1";
            self.execute_projection("patient_row", sql, &key)?;
            let sql = "DELETE FROM patient_term WHERE patient = $1";
            self.execute_projection("patient_term", sql, &key)?;
        }
        Ok(())
    }

    pub(crate) fn projection_insert(
        &mut self,
        row: &ResourceRow,
        prepared: &Prepared,
    ) -> Result<(), Error> {
        let projection = &prepared.projection;
        let last_at = projection.date.map(|(_, last)| last.0);
        self.insert(
            "resource",
            &[
                ("resource", row.resource.0.into()),
                ("kind", row.kind.as_str().into()),
                ("fhir_id", row.fhir_id.as_str().into()),
                ("version", row.version.into()),
                ("number", row.number.into()),
                ("patient", row.patient.map(|key| key.0).into()),
                ("encounter", row.encounter.clone().into()),
                ("own_labels", projection.labels.0.into()),
                ("labels", row.labels.0.into()),
                ("deleted", row.deleted.into()),
                ("updated_at", row.updated_at.0.into()),
                ("status", row.status.clone().into()),
                ("first_at", row.first_at.map(|at| at.0).into()),
                ("last_at", last_at.into()),
            ],
        )?;
        if row.deleted {
            return Ok(());
        }
        let key = Value::Integer(row.resource.0);
        for digest in &projection.tokens {
            self.insert("token", &[("digest", (*digest).into()), ("resource", key.clone())])?;
        }
        for digest in &projection.awaited {
            self.insert("awaited", &[("digest", (*digest).into()), ("resource", key.clone())])?;
        }
        for word in &projection.words {
            self.insert("word", &[("word", word.into()), ("resource", key.clone())])?;
        }
        for typed in &projection.typed {
            let mut values = vec![("resource", key.clone())];
            values.extend(typed.values.iter().cloned());
            self.insert(typed.table, &values)?;
        }
        match (&projection.person, row.patient) {
            (Some(person), Some(patient)) => self.patient_row_insert(row, patient, person),
            _ => Ok(()),
        }
    }

    fn patient_row_insert(
        &mut self,
        row: &ResourceRow,
        patient: PatientKey,
        person: &PersonRow,
    ) -> Result<(), Error> {
        self.insert(
            "patient_row",
            &[
                ("patient", patient.0.into()),
                ("resource", row.resource.0.into()),
                ("name", person.name.reveal().into()),
                ("birth_date", person.birth_date.as_str().into()),
                ("sex", person.sex.as_str().into()),
                ("mrn", person.mrn.as_str().into()),
                ("deceased", person.deceased.into()),
            ],
        )?;
        for term in &person.terms {
            self.insert("patient_term", &[("term", term.into()), ("patient", patient.0.into())])?;
        }
        Ok(())
    }
}
