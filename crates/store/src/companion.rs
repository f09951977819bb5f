//! Companions: files (Binary) that entries hold, and statements of provenance about entries. Who
//! may not see an entry may not see what accompanies it. So the labels of a companion are its own,
//! its patient's, and those of every entry that holds it or that it is about, of one that is hidden
//! among many too; through others, as of a statement about a file.
//!
//! A file stays with each entry of which any version held it, also once that entry is deleted: the
//! versions before stay, and so does what hides them. Only destruction ends it, and a label that
//! is ended. A companion is about what its current version names.

use crate::mask::Placed;
use crate::projection::Projection;
use crate::resource::ResourceRow;
use crate::{Error, Row, Transaction, View, body};
use exchange::fhir::is_companion;
use record::{LabelMask, PatientKey, Reference, ResourceKey};
use std::collections::BTreeSet;

/// The types of `is_companion`, for a statement.
const COMPANIONS: &str = "('Binary', 'Provenance')";

/// An entry that has companions, or is one.
struct Entry {
    resource: ResourceKey,
    kind: String,
    fhir_id: String,
    patient: Option<PatientKey>,
    encounter: Option<String>,
    own: LabelMask,
    labels: LabelMask,
}

const COLUMNS: &str =
    "r.resource, r.kind, r.fhir_id, r.patient, r.encounter, r.own_labels, r.labels";

impl Entry {
    fn placed(&self) -> Placed<'_> {
        Placed {
            resource: self.resource,
            kind: &self.kind,
            fhir_id: &self.fhir_id,
            patient: self.patient,
            encounter: self.encounter.as_deref(),
            is_new: false,
        }
    }
}

fn entry_of(row: &Row) -> Result<Entry, Error> {
    Ok(Entry {
        resource: ResourceKey(row.integer(0)?),
        kind: row.text(1)?.to_owned(),
        fhir_id: row.text(2)?.to_owned(),
        patient: row.integer_or_none(3)?.map(PatientKey),
        encounter: row.text_or_none(4)?.map(str::to_owned),
        own: LabelMask(row.integer(5)?),
        labels: LabelMask(row.integer(6)?),
    })
}

/// What stood of an entry before a write.
pub(crate) struct Before {
    /// Its labels; none where it is new.
    labels: Option<LabelMask>,
    /// Whether it holds a file now that it didn't hold.
    holds_more: bool,
}

impl View<'_> {
    /// What is kept of the files that an entry holds, or of what a companion is about.
    pub(crate) fn tied(&mut self, key: ResourceKey) -> Result<BTreeSet<Reference>, Error> {
        let sql = "SELECT kind, fhir_id FROM companion WHERE resource = $1";
        let rows = self.query(sql, &[key.0.into()])?;
        rows.iter().map(|row| Ok(Reference::new(row.text(0)?, row.text(1)?))).collect()
    }

    /// The files that versions of an entry held before this one.
    pub(crate) fn tied_before(
        &mut self,
        key: ResourceKey,
        kind: &str,
        number: i64,
    ) -> Result<BTreeSet<Reference>, Error> {
        let mut tied = BTreeSet::new();
        if is_companion(kind) {
            return Ok(tied);
        }
        let sql = "SELECT number, unit, body FROM version WHERE resource = $1 AND number < $2";
        for row in self.query(sql, &[key.0.into(), number.into()])? {
            let text = self.open_body(row.integer(1)?, key.0, row.integer(0)?, row.blob(2)?)?;
            if text.contains("Binary") {
                tied.extend(Projection::of(&body::as_sent(&text)?).tied);
            }
        }
        Ok(tied)
    }

    /// The labels of all entries that a companion accompanies. A statement may be about another;
    /// each counts once.
    pub(crate) fn labels_accompanied(
        &mut self,
        companion: ResourceKey,
        kind: &str,
        fhir_id: &str,
    ) -> Result<LabelMask, Error> {
        let mut labels = LabelMask::NONE;
        if !is_companion(kind) {
            return Ok(labels);
        }
        let mut seen = BTreeSet::from([companion]);
        let mut next = self.accompanied(companion, kind, fhir_id)?;
        while let Some(entry) = next.pop() {
            if !seen.insert(entry.resource) {
                continue;
            }
            if is_companion(&entry.kind) {
                labels = labels.with(self.labels_alone(&entry)?);
                next.extend(self.accompanied(entry.resource, &entry.kind, &entry.fhir_id)?);
            } else {
                labels = labels.with(entry.labels);
            }
        }
        Ok(labels)
    }

    /// The labels of a companion without those of what it accompanies.
    fn labels_alone(&mut self, entry: &Entry) -> Result<LabelMask, Error> {
        let (at, stay) = (Some(entry.resource), entry.encounter.as_deref());
        self.labels_effective(entry.own, at, entry.patient, stay)
    }

    /// The entries that hold a companion or that it is about.
    fn accompanied(
        &mut self,
        companion: ResourceKey,
        kind: &str,
        fhir_id: &str,
    ) -> Result<Vec<Entry>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM companion c JOIN resource r ON r.resource = c.resource
             WHERE c.kind = $1 AND c.fhir_id = $2 AND r.kind NOT IN {COMPANIONS}"
        );
        let holders = self.query(&sql, &[kind.into(), fhir_id.into()])?;
        let sql = format!(
            "SELECT {COLUMNS} FROM companion c
             JOIN resource r ON r.kind = c.kind AND r.fhir_id = c.fhir_id WHERE c.resource = $1"
        );
        let about = self.query(&sql, &[companion.0.into()])?;
        holders.iter().chain(&about).map(entry_of).collect()
    }

    /// The companions of an entry, with the labels that stand on them.
    pub(crate) fn companions_of(
        &mut self,
        entry: ResourceKey,
    ) -> Result<Vec<(ResourceKey, LabelMask)>, Error> {
        let about = format!(
            "SELECT r.resource, r.labels FROM resource e
             JOIN companion c ON c.kind = e.kind AND c.fhir_id = e.fhir_id
             JOIN resource r ON r.resource = c.resource
             WHERE e.resource = $1 AND r.kind IN {COMPANIONS}"
        );
        let held = format!(
            "SELECT r.resource, r.labels FROM resource e
             JOIN companion c ON c.resource = e.resource
             JOIN resource r ON r.kind = c.kind AND r.fhir_id = c.fhir_id
             WHERE e.resource = $1 AND e.kind NOT IN {COMPANIONS} AND r.kind IN {COMPANIONS}"
        );
        let mut found = self.query(&about, &[entry.0.into()])?;
        found.extend(self.query(&held, &[entry.0.into()])?);
        let read = |row: &Row| Ok((ResourceKey(row.integer(0)?), LabelMask(row.integer(1)?)));
        found.iter().map(read).collect()
    }
}

impl Transaction<'_> {
    /// Keeps what an entry holds or is about, before its row is written; returns what stood.
    pub(crate) fn companions_put(
        &mut self,
        row: &ResourceRow,
        projection: &Projection,
        is_known: bool,
    ) -> Result<Before, Error> {
        let mut before = Before { labels: None, holds_more: false };
        let mut kept = BTreeSet::new();
        if is_known {
            let sql = "SELECT labels FROM resource WHERE resource = $1";
            let labels = self.query_one(sql, &[row.resource.0.into()])?;
            before.labels = labels.map(|row| row.integer(0).map(LabelMask)).transpose()?;
            if is_companion(&row.kind) {
                self.companions_drop(row.resource)?;
            } else {
                kept = self.tied(row.resource)?;
            }
        }
        for tied in projection.tied.iter().filter(|tied| !kept.contains(tied)) {
            before.holds_more = true;
            let values = [
                ("kind", tied.kind.as_str().into()),
                ("fhir_id", tied.id.as_str().into()),
                ("resource", row.resource.0.into()),
            ];
            self.insert("companion", &values)?;
        }
        Ok(before)
    }

    /// Forgets what an entry holds or is about.
    pub(crate) fn companions_drop(&mut self, entry: ResourceKey) -> Result<(), Error> {
        let sql = "DELETE FROM companion WHERE resource = $1";
        self.execute_projection("companion", sql, &[entry.0.into()]).map(|_| ())
    }

    /// Makes the companions of an entry follow once its row is written, where that may change
    /// their labels.
    pub(crate) fn companions_follow_put(
        &mut self,
        row: &ResourceRow,
        before: Before,
    ) -> Result<(), Error> {
        let is_behind = match before.labels {
            Some(labels) => before.holds_more || labels != row.labels,
            None if row.labels.is_empty() => false,
            // A new entry can only add labels.
            None => {
                let mut companions = self.companions_of(row.resource)?.into_iter();
                companions.any(|(_, labels)| !row.labels.is_within(labels))
            }
        };
        if is_behind { self.companions_follow(vec![row.resource], Vec::new()) } else { Ok(()) }
    }

    /// Computes the labels anew of the companions of entries whose labels changed, of these
    /// companions, and of all that accompany them in turn.
    pub(crate) fn companions_follow(
        &mut self,
        changed: Vec<ResourceKey>,
        companions: Vec<ResourceKey>,
    ) -> Result<(), Error> {
        let mut following: BTreeSet<ResourceKey> = companions.iter().copied().collect();
        let mut next = changed;
        next.extend(companions);
        while let Some(entry) = next.pop() {
            for (companion, _) in self.companions_of(entry)? {
                if following.insert(companion) {
                    next.push(companion);
                }
            }
        }
        following.into_iter().try_for_each(|companion| self.companion_relabel(companion))
    }

    fn companion_relabel(&mut self, companion: ResourceKey) -> Result<(), Error> {
        let sql = format!("SELECT {COLUMNS} FROM resource r WHERE r.resource = $1");
        let Some(row) = self.query_one(&sql, &[companion.0.into()])? else { return Ok(()) };
        let entry = entry_of(&row)?;
        let labels = self.labels_standing(entry.own, &entry.placed())?;
        if labels == entry.labels { Ok(()) } else { self.labels_set(companion, labels) }
    }
}
