//! The labels that stand on a row: its own, its patient's, its encounter's. They are kept with the
//! row, so that a statement filters by one number; when a label changes, the rows that it covers
//! follow in the same transaction, and no body is opened for it. Files and statements of provenance
//! follow the entries that they accompany (`companion`).

use crate::resource::ResourceRow;
use crate::{Error, Row, Transaction, Value, View};
use exchange::fhir::is_companion;
use record::{LabelMask, PatientKey, ResourceKey, SensitiveClass};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The labels in force that these rows name by their first column.
fn mask_of(rows: &[Row]) -> Result<LabelMask, Error> {
    rows.iter().try_fold(LabelMask::NONE, |mask, row| Ok(mask.with(class_mask(row.text(0)?))))
}

fn class_mask(class: &str) -> LabelMask {
    SensitiveClass::parse(class).map_or(LabelMask::NONE, LabelMask::of)
}

/// Where an entry stands: what decides which labels of others stand on it too.
pub(crate) struct Placed<'a> {
    pub resource: ResourceKey,
    pub kind: &'a str,
    pub fhir_id: &'a str,
    pub patient: Option<PatientKey>,
    pub encounter: Option<&'a str>,
    /// Whether it was made just now: nobody can have put a label on it.
    pub is_new: bool,
}

impl<'a> Placed<'a> {
    pub fn of(row: &'a ResourceRow) -> Placed<'a> {
        Placed {
            resource: row.resource,
            kind: &row.kind,
            fhir_id: &row.fhir_id,
            patient: row.patient,
            encounter: row.encounter.as_deref(),
            is_new: false,
        }
    }
}

impl View<'_> {
    /// Labels put on a whole chart. They stand on every record that was merged with it.
    pub(crate) fn labels_of_patient(&mut self, patient: PatientKey) -> Result<LabelMask, Error> {
        let group = self.patient_group(patient)?;
        let members: Vec<Value> = group.iter().map(|one| one.0.into()).collect();
        let names: Vec<String> = (1..=group.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT class FROM label
             WHERE ended_at IS NULL AND resource IS NULL AND patient IN ({})",
            names.join(", ")
        );
        mask_of(&self.query(&sql, &members)?)
    }

    /// The labels that stand on an entry, with those of its own content: of its chart, of the
    /// encounter that it belongs to, and those put on itself.
    pub(crate) fn labels_effective(
        &mut self,
        own: LabelMask,
        entry: Option<ResourceKey>,
        patient: Option<PatientKey>,
        encounter: Option<&str>,
    ) -> Result<LabelMask, Error> {
        let mut mask = own;
        if let Some(entry) = entry {
            mask = mask.with(self.labels_put_on(entry)?);
        }
        if let Some(patient) = patient {
            mask = mask.with(self.labels_of_patient(patient)?);
        }
        match encounter {
            Some(id) => Ok(mask.with(self.labels_of_encounter(id)?)),
            None => Ok(mask),
        }
    }

    /// What an encounter says of its sensitivity, and the labels put on it; nothing before it
    /// comes in.
    fn labels_of_encounter(&mut self, id: &str) -> Result<LabelMask, Error> {
        let sql = "SELECT resource, own_labels FROM resource WHERE kind = $1 AND fhir_id = $2";
        match self.query_one(sql, &["Encounter".into(), id.into()])? {
            Some(row) => {
                let put = self.labels_put_on(ResourceKey(row.integer(0)?))?;
                Ok(put.with(LabelMask(row.integer(1)?)))
            }
            None => Ok(LabelMask::NONE),
        }
    }

    /// The labels put on an entry itself.
    fn labels_put_on(&mut self, entry: ResourceKey) -> Result<LabelMask, Error> {
        let sql = "SELECT class FROM label WHERE resource = $1 AND ended_at IS NULL";
        mask_of(&self.query(sql, &[entry.0.into()])?)
    }

    /// All labels that stand on an entry, with those of the entries that it accompanies.
    pub(crate) fn labels_standing(
        &mut self,
        own: LabelMask,
        at: &Placed<'_>,
    ) -> Result<LabelMask, Error> {
        let encounter = at.encounter.filter(|_| at.kind != "Encounter");
        let put_on = Some(at.resource).filter(|_| !at.is_new);
        let labels = self.labels_effective(own, put_on, at.patient, encounter)?;
        Ok(labels.with(self.labels_accompanied(at.resource, at.kind, at.fhir_id)?))
    }
}

/// Labels that many rows share, each looked up once.
#[derive(Default)]
struct Shared {
    patients: HashMap<PatientKey, LabelMask>,
    encounters: HashMap<String, LabelMask>,
    entries: HashMap<i64, LabelMask>,
}

impl Transaction<'_> {
    /// Makes the rows follow that a label on this chart, or on this entry of it, covers.
    pub(crate) fn relabel_under(
        &mut self,
        patient: PatientKey,
        entry: Option<ResourceKey>,
    ) -> Result<(), Error> {
        let Some(entry) = entry else { return self.relabel_all(patient) };
        let sql = "SELECT fhir_id FROM resource WHERE resource = $1 AND kind = 'Encounter'";
        match self.query_one(sql, &[entry.0.into()])? {
            Some(row) => self.relabel_encounter(row.text(0)?),
            None => self.relabel_where("r.resource = $1", &entry.0.into()),
        }
    }

    /// Computes the effective labels anew of a patient and of all records merged with it.
    pub(crate) fn relabel_all(&mut self, patient: PatientKey) -> Result<(), Error> {
        self.patient_group(patient)?.into_iter().try_for_each(|member| self.relabel(member))
    }

    /// Computes the effective labels of all rows of a patient anew.
    pub(crate) fn relabel(&mut self, patient: PatientKey) -> Result<(), Error> {
        self.relabel_where("r.patient = $1", &patient.0.into())
    }

    /// Computes the effective labels anew of an encounter and of everything that belongs to it,
    /// in whoever's chart it stands.
    pub(crate) fn relabel_encounter(&mut self, id: &str) -> Result<(), Error> {
        self.relabel_where("r.encounter = $1", &id.into())
    }

    fn relabel_where(&mut self, condition: &str, parameter: &Value) -> Result<(), Error> {
        let parameter = std::slice::from_ref(parameter);
        let mut shared = Shared::default();
        let sql = format!(
            "SELECT l.resource, l.class FROM label l JOIN resource r ON r.resource = l.resource
             WHERE l.ended_at IS NULL AND {condition}"
        );
        for row in self.query(&sql, parameter)? {
            let mask = shared.entries.entry(row.integer(0)?).or_insert(LabelMask::NONE);
            *mask = mask.with(class_mask(row.text(1)?));
        }
        let sql = format!(
            "SELECT r.resource, r.patient, r.encounter, r.kind, r.own_labels, r.labels
             FROM resource r WHERE {condition}"
        );
        let (mut changed, mut companions) = (Vec::new(), Vec::new());
        for row in self.query(&sql, parameter)? {
            let resource = ResourceKey(row.integer(0)?);
            if is_companion(row.text(3)?) {
                companions.push(resource);
                continue;
            }
            let labels = self.labels_shared(&row, &mut shared)?;
            if labels.0 != row.integer(5)? {
                self.labels_set(resource, labels)?;
                changed.push(resource);
            }
        }
        self.companions_follow(changed, companions)
    }

    pub(crate) fn labels_set(
        &mut self,
        resource: ResourceKey,
        labels: LabelMask,
    ) -> Result<(), Error> {
        let sql = "UPDATE resource SET labels = $2 WHERE resource = $1";
        let values = [resource.0.into(), labels.0.into()];
        self.execute_projection("resource", sql, &values).map(|_| ())
    }

    /// The labels of a row of `relabel_where`.
    fn labels_shared(&mut self, row: &Row, shared: &mut Shared) -> Result<LabelMask, Error> {
        let mut labels = LabelMask(row.integer(4)?);
        labels = labels.with(shared.entries.get(&row.integer(0)?).copied().unwrap_or_default());
        if let Some(patient) = row.integer_or_none(1)?.map(PatientKey) {
            labels = labels.with(match shared.patients.entry(patient) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => *new.insert(self.labels_of_patient(patient)?),
            });
        }
        match row.text_or_none(2)?.filter(|_| row.text(3).is_ok_and(|kind| kind != "Encounter")) {
            Some(id) => {
                if !shared.encounters.contains_key(id) {
                    shared.encounters.insert(id.to_owned(), self.labels_of_encounter(id)?);
                }
                Ok(labels.with(shared.encounters[id]))
            }
            None => Ok(labels),
        }
    }
}
