//! References that give a name and no id: `urn:uuid:…`, `Patient?identifier=…`. An entry may come
//! before what it names. The reference stays as it was written; once an alias says what the name
//! stands for, the entry's rows follow, and its versions go under the key of that chart.
//!
//! What is about an entry (Provenance) and a file that an entry holds (Binary) belong to that
//! entry's chart in the same way: by the name of its chart, `chart:Type/id`.

use crate::engine::Foreseen;
use crate::mask::Placed;
use crate::projection::{Projection, token_digest};
use crate::resource::{
    RESOURCE_COLUMNS, ResourceRow, body_context, resource_by_id, resource_row, visible,
};
use crate::schema::table;
use crate::{Error, Transaction, Value, View};
use exchange::fhir::{CHART_NAME, chart_name};
use record::{PatientKey, Reference, ResourceKey};

/// Who waits for something.
const AWAITING: &str = "SELECT resource FROM awaited WHERE digest = $1 ORDER BY resource";

/// The digest under which an entry waits for what this name stands for.
pub(crate) fn awaited(name: &str) -> i64 {
    match searched(name) {
        Some((_, digest)) => awaited_identifier(digest),
        None => token_digest("", "awaited", None, name),
    }
}

/// The digest under which an entry waits for whoever has this identifier.
fn awaited_identifier(digest: i64) -> i64 {
    token_digest("", "awaited-identifier", None, &digest.to_string())
}

/// The type and the identifier's digest of a name that is a search by one identifier.
fn searched(name: &str) -> Option<(&str, i64)> {
    let (kind, query) = name.split_once('?')?;
    let token = query.strip_prefix("identifier=").filter(|rest| !rest.contains('&'))?;
    let (system, value) = match token.split_once('|') {
        Some((system, value)) => (Some(system), value),
        None => (None, token),
    };
    Some((kind, token_digest(kind, "identifier", system, value)))
}

impl View<'_> {
    /// FHIR id of the patient whose chart an entry belongs to: by its id, else by what an alias
    /// says of its name.
    pub fn chart_of(&mut self, projection: &Projection) -> Result<Option<String>, Error> {
        match &projection.patient {
            Some(id) => Ok(Some(id.clone())),
            None => self.first_named(&projection.patient_names, "Patient"),
        }
    }

    /// FHIR id of the encounter of an entry, in the same way.
    pub fn encounter_of(&mut self, projection: &Projection) -> Result<Option<String>, Error> {
        match &projection.encounter {
            Some(id) => Ok(Some(id.clone())),
            None => self.first_named(&projection.encounter_names, "Encounter"),
        }
    }

    fn first_named(&mut self, names: &[String], kind: &str) -> Result<Option<String>, Error> {
        for name in names {
            if let Some(target) = self.alias(name)?.filter(|target| target.kind == kind) {
                return Ok(Some(target.id));
            }
        }
        Ok(None)
    }

    /// Entries, hidden ones too, that wait for this.
    fn awaiting(&mut self, digest: i64) -> Result<Vec<ResourceRow>, Error> {
        let mut found = Vec::new();
        for row in self.query(AWAITING, &[digest.into()])? {
            let sql = format!("SELECT {RESOURCE_COLUMNS} FROM resource r WHERE r.resource = $1");
            let row = self.query_one(&sql, &[row.integer(0)?.into()])?;
            found.extend(row.as_ref().map(resource_row).transpose()?);
        }
        Ok(found)
    }

    /// Asks at once what the coming entries will ask one by one: what their aliases stand for,
    /// whether they are held, and who waits for them. Where each question is a journey over a
    /// network, an import is many times as fast.
    pub fn entries_foresee(
        &mut self,
        aliases: &[&str],
        entries: &[Reference],
    ) -> Result<(), Error> {
        let asked: Vec<Vec<Value>> = aliases.iter().map(|name| vec![(*name).into()]).collect();
        let many = "SELECT alias, alias, kind, fhir_id FROM alias WHERE alias IN ({})";
        let foreseen = Foreseen { asked: &asked, many };
        self.connection.foresee(table("alias")?.select_sql(), &foreseen)?;

        let key = |entry: &Reference| vec![entry.kind.as_str().into(), entry.id.as_str().into()];
        let asked: Vec<Vec<Value>> = entries.iter().map(key).collect();
        let many = format!(
            "SELECT r.fhir_id, {RESOURCE_COLUMNS} FROM resource r
             WHERE r.kind = $1 AND r.fhir_id IN ({{}}) AND {}",
            visible(self.context())
        );
        let one = resource_by_id(self.context());
        self.connection.foresee(&one, &Foreseen { asked: &asked, many: &many })?;

        let digest = |entry: &Reference| vec![awaited(&chart_name(entry)).into()];
        let asked: Vec<Vec<Value>> = entries.iter().map(digest).collect();
        let many = "SELECT digest, resource FROM awaited WHERE digest IN ({}) ORDER BY resource";
        self.connection.foresee(AWAITING, &Foreseen { asked: &asked, many })
    }

    /// The patient in whose chart an entry stands, hidden or not.
    fn chart_held(&mut self, entry: &Reference) -> Result<Option<Reference>, Error> {
        let sql = "SELECT p.fhir_id FROM resource r JOIN patient p ON p.patient = r.patient
                   WHERE r.kind = $1 AND r.fhir_id = $2";
        let row = self.query_one(sql, &[entry.kind.as_str().into(), entry.id.as_str().into()])?;
        row.map(|row| Ok(Reference::new("Patient", row.text(0)?))).transpose()
    }

    /// The one resource, hidden or not, that a search by identifier finds.
    fn one_with(&mut self, kind: &str, identifier: i64) -> Result<Option<Reference>, Error> {
        let sql = "SELECT r.fhir_id FROM token t JOIN resource r ON r.resource = t.resource
                   WHERE t.digest = $1 AND r.kind = $2 AND r.deleted = 0 LIMIT 2";
        match &self.query(sql, &[identifier.into(), kind.into()])?[..] {
            [one] => Ok(Some(Reference::new(kind, one.text(0)?))),
            _ => Ok(None),
        }
    }
}

impl Transaction<'_> {
    /// Learns what the names of an entry stand for, where that is held already.
    pub fn names_learn(&mut self, projection: &Projection) -> Result<(), Error> {
        for name in projection.patient_names.iter().chain(&projection.encounter_names) {
            if self.alias(name)?.is_some() {
                continue;
            }
            let entry = name.strip_prefix(CHART_NAME).and_then(Reference::parse);
            let found = match (entry, searched(name)) {
                (Some(entry), _) => self.chart_held(&entry)?,
                (None, Some((kind, identifier))) => self.one_with(kind, identifier)?,
                (None, None) => None,
            };
            if let Some(target) = found {
                self.alias_put(name, &target)?;
            }
        }
        Ok(())
    }

    /// An entry stands in this patient's chart: so does what is about it, and each file of it.
    pub(crate) fn chart_arrived(
        &mut self,
        entry: &Reference,
        projection: &Projection,
        patient: &str,
    ) -> Result<(), Error> {
        let patient = Reference::new("Patient", patient);
        for file in &projection.files {
            self.alias_put(file, &patient)?;
        }
        let name = chart_name(entry);
        let is_about = entry.kind != "Patient" && !self.awaiting(awaited(&name))?.is_empty();
        if is_about { self.alias_put(&name, &patient) } else { Ok(()) }
    }

    /// What came in with these identifiers may be what others wait for.
    pub(crate) fn identifiers_arrived(&mut self, identifiers: &[i64]) -> Result<(), Error> {
        for identifier in identifiers {
            for row in self.awaiting(awaited_identifier(*identifier))? {
                let value = self.resource_value(&row)?;
                self.names_learn(&Projection::of(&value))?;
            }
        }
        Ok(())
    }

    /// Brings everything that waited for a name to the chart and encounter that it stands for.
    pub(crate) fn name_arrived(&mut self, name: &str, target: &Reference) -> Result<(), Error> {
        let waiting = self.awaiting(awaited(name))?;
        if waiting.is_empty() {
            return Ok(());
        }
        let patient = match target.kind == "Patient" {
            true => self.patient_key(&target.id)?,
            false => None,
        };
        for row in waiting {
            // Where it stands there already, one more name for that leads nowhere else: what is
            // about a thousand entries of one chart is opened for the first of them only.
            let is_there = match &target.kind[..] {
                "Patient" => patient.is_some() && row.patient == patient,
                "Encounter" => row.encounter.as_deref() == Some(&target.id[..]),
                _ => true,
            };
            if !is_there {
                self.rows_follow(&row)?;
            }
        }
        Ok(())
    }

    fn rows_follow(&mut self, row: &ResourceRow) -> Result<(), Error> {
        let value = self.resource_value(row)?;
        let projection = Projection::of(&value);
        let chart = self.chart_of(&projection)?;
        let patient = match &chart {
            Some(id) => Some(self.patient_key_or_new(id)?),
            None => None,
        };
        let encounter = self.encounter_of(&projection)?;
        if patient == row.patient && encounter == row.encounter {
            return Ok(());
        }
        if patient != row.patient {
            self.versions_seal_for(row.resource, row.patient, patient)?;
        }
        let row = &ResourceRow { patient, encounter, ..row.clone() };
        let labels = self.labels_standing(projection.labels, &Placed::of(row))?;
        self.execute_projection(
            "resource",
            "UPDATE resource SET patient = $2, encounter = $3, labels = $4 WHERE resource = $1",
            &[
                row.resource.0.into(),
                patient.map(|key| key.0).into(),
                row.encounter.clone().into(),
                labels.0.into(),
            ],
        )?;
        if labels != row.labels {
            self.companions_follow(vec![row.resource], Vec::new())?;
        }
        if ["Encounter", "DocumentReference", "Procedure"].contains(&&row.kind[..]) {
            self.completion_mark_lower(row.version)?;
        }
        match chart.filter(|_| !row.deleted) {
            Some(id) => {
                let entry = Reference::new(&row.kind[..], &row.fhir_id[..]);
                self.chart_arrived(&entry, &projection, &id)
            }
            None => Ok(()),
        }
    }

    /// Seals versions anew, under the key of the chart that they came to: they are destroyed
    /// with it.
    fn versions_seal_for(
        &mut self,
        resource: ResourceKey,
        before: Option<PatientKey>,
        now: Option<PatientKey>,
    ) -> Result<(), Error> {
        let (before, now) = (self.unit_of(before)?, self.unit_of(now)?);
        let (opens, seals) = (self.unit_key(before)?, self.unit_key(now)?);
        let sql = "SELECT version, number, body FROM version
                   WHERE resource = $1 AND unit = $2 ORDER BY number";
        for row in self.query(sql, &[resource.0.into(), before.into()])? {
            let context = body_context(resource.0, row.integer(1)?);
            let body = seals.encrypt(&opens.decrypt(row.blob(2)?, &context)?, &context)?;
            let values = [("unit", now.into()), ("body", body.into())];
            self.update("version", &[row.integer(0)?.into()], &values)?;
        }
        self.file_text_seal_for(resource, before, now)
    }
}
