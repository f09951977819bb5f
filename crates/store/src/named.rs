//! References that give a name and no id: `urn:uuid:…`, `Patient?identifier=…`. An entry may come
//! before what it names. The reference stays as it was written; once an alias says what the name
//! stands for, the entry's rows follow, and its versions go under the key of that chart.

use crate::projection::{Projection, token_digest};
use crate::resource::{RESOURCE_COLUMNS, ResourceRow, body_context, resource_row};
use crate::{Error, Transaction, View};
use record::{PatientKey, Reference, ResourceKey};

/// The token of an entry that waits for what this name stands for.
pub(crate) fn awaited(name: &str) -> i64 {
    match searched(name) {
        Some((_, digest)) => awaited_identifier(digest),
        None => token_digest("", "awaited", None, name),
    }
}

/// The token of an entry that waits for whoever has this identifier.
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
    pub(crate) fn stay_of(&mut self, projection: &Projection) -> Result<Option<String>, Error> {
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

    /// Entries, hidden ones too, that carry a token of waiting.
    fn awaiting(&mut self, token: i64) -> Result<Vec<ResourceRow>, Error> {
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM token t JOIN resource r ON r.resource = t.resource
             WHERE t.digest = $1 ORDER BY r.resource"
        );
        self.query(&sql, &[token.into()])?.iter().map(resource_row).collect()
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
    pub(crate) fn names_learn(&mut self, projection: &Projection) -> Result<(), Error> {
        for name in projection.patient_names.iter().chain(&projection.encounter_names) {
            let Some((kind, identifier)) = searched(name) else { continue };
            if self.alias(name)?.is_some() {
                continue;
            }
            if let Some(target) = self.one_with(kind, identifier)? {
                self.alias_put(name, &target)?;
            }
        }
        Ok(())
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
    pub(crate) fn name_arrived(&mut self, name: &str) -> Result<(), Error> {
        for row in self.awaiting(awaited(name))? {
            self.rows_follow(&row)?;
        }
        Ok(())
    }

    fn rows_follow(&mut self, row: &ResourceRow) -> Result<(), Error> {
        let value = self.resource_value(row)?;
        let projection = Projection::of(&value);
        let patient = match self.chart_of(&projection)? {
            Some(id) => Some(self.patient_key_or_new(&id)?),
            None => None,
        };
        let encounter = self.stay_of(&projection)?;
        if patient == row.patient && encounter == row.encounter {
            return Ok(());
        }
        if patient != row.patient {
            self.versions_seal_for(row.resource, row.patient, patient)?;
        }
        let mut labels = projection.labels;
        if let Some(patient) = patient {
            labels = labels.with(self.labels_on(patient, Some(row.resource))?);
        }
        self.execute_projection(
            "resource",
            "UPDATE resource SET patient = $2, encounter = $3, labels = $4 WHERE resource = $1",
            &[
                row.resource.0.into(),
                patient.map(|key| key.0).into(),
                encounter.into(),
                labels.0.into(),
            ],
        )?;
        Ok(())
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
        Ok(())
    }
}
