//! The rows that quality checks read, made from the record: a few patients at a time.

use crate::projection::token_digest;
use crate::{Error, Row, Value, View, body};
use exchange::fhir::{
    self, JUDGED_VITAL_SIGNS, LOINC, judged_diagnoses, judged_disposition, judged_document,
    judged_numbers,
};
use integrity::completion::EncounterClass;
use integrity::rows::{
    DiagnosisRow, DocumentRow, EncounterRow, ObservationRow, PatientRow, ProcedureRow, Rows,
};
use jiff::tz::TimeZone;
use record::{Instant, Mrn, PatientKey, Reference};
use std::collections::{BTreeMap, BTreeSet};

/// Patients whose rows are read at once.
pub const BATCH_PATIENTS: usize = 100;

/// Types whose every entry is read.
const KINDS: [&str; 5] = ["Patient", "Encounter", "DocumentReference", "Procedure", "Condition"];

/// The registers' lines of a destroyed chart are not judged: what would complete them is gone.
const NOT_OF_REGISTERS: &str = "(r.kind = 'Patient' OR NOT EXISTS
     (SELECT 1 FROM destruction_case d
      WHERE d.destroyed_at IS NOT NULL AND r.version <= d.newest AND d.patient IN
        (SELECT r.patient UNION SELECT l.survivor FROM patient_link l
          WHERE l.patient = r.patient AND l.ended_at IS NULL)))";

/// A current version with what its row says.
struct Held {
    resource: i64,
    kind: String,
    fhir_id: String,
    patient: PatientKey,
    status: String,
    first_written: Instant,
    value: serde_json::Value,
}

/// What is made of the records of some patients.
struct Reading<'a> {
    rows: Rows,
    survivors: &'a BTreeMap<PatientKey, PatientKey>,
    /// Encounters read, by FHIR id.
    encounters: BTreeMap<String, i64>,
    /// FHIR ids of encounters that documents and procedures name.
    named: BTreeSet<String>,
    /// What encounters list: encounter, rank, Condition.
    ranked: Vec<(i64, u32, String)>,
    /// Codes of Conditions, by FHIR id.
    codes: BTreeMap<String, String>,
}

impl View<'_> {
    /// What the checks judge of these patients, each the record under which others may be merged:
    /// their own rows and those filed under the records merged into them. Hidden ones too: checks
    /// run over all, and findings are filtered where they are shown. Ids are keys of resources.
    pub fn quality_rows(
        &mut self,
        patients: &[PatientKey],
        zone: &TimeZone,
    ) -> Result<Rows, Error> {
        let mut survivors = BTreeMap::new();
        for patient in patients {
            for member in self.patient_members(*patient)? {
                survivors.insert(member, *patient);
            }
        }
        let now = self.context().at;
        let mut reading = Reading {
            rows: Rows::empty(now, zone.clone()),
            survivors: &survivors,
            encounters: BTreeMap::new(),
            named: BTreeSet::new(),
            ranked: Vec::new(),
            codes: BTreeMap::new(),
        };
        if !survivors.is_empty() {
            for held in self.quality_held(&survivors)? {
                reading.take(&held);
            }
            self.quality_foreign_encounters(&mut reading)?;
            self.quality_codes(&mut reading)?;
        }
        Ok(reading.finish())
    }

    /// Identity of these patients alone, for checks that compare patients with one another.
    pub fn quality_patients(&mut self, patients: &[PatientKey]) -> Result<Vec<PatientRow>, Error> {
        let mut found = Vec::new();
        for some in patients.chunks(BATCH_PATIENTS * 5) {
            let list: Vec<String> = some.iter().map(|key| key.0.to_string()).collect();
            let condition = format!("r.patient IN ({}) AND r.kind = 'Patient'", list.join(", "));
            for held in self.quality_query(&condition, &[])? {
                found.push(patient_row(&held, held.patient));
            }
        }
        Ok(found)
    }

    fn quality_held(
        &mut self,
        survivors: &BTreeMap<PatientKey, PatientKey>,
    ) -> Result<Vec<Held>, Error> {
        // Numbers of our own types only: nothing that a user wrote stands in this text.
        let list: Vec<String> = survivors.keys().map(|key| key.0.to_string()).collect();
        let kinds: Vec<String> = KINDS.iter().map(|kind| format!("'{kind}'")).collect();
        let (list, kinds) = (list.join(", "), kinds.join(", "));
        let sql = "SELECT 1 FROM destruction_case WHERE destroyed_at IS NOT NULL LIMIT 1";
        let judged = match self.query_one(sql, &[])? {
            Some(_) => NOT_OF_REGISTERS,
            None => "1 = 1",
        };
        let condition = format!("r.patient IN ({list}) AND r.kind IN ({kinds}) AND {judged}");
        let mut held = self.quality_query(&condition, &[])?;
        let digest = |code: &&str| token_digest("Observation", "code", Some(LOINC), code);
        let digests: Vec<Value> =
            JUDGED_VITAL_SIGNS.iter().map(|code| digest(code).into()).collect();
        let places: Vec<String> = (1..=digests.len()).map(|n| format!("${n}")).collect();
        let condition = format!(
            "r.patient IN ({list}) AND r.kind = 'Observation' AND EXISTS
             (SELECT 1 FROM token t WHERE t.resource = r.resource AND t.digest IN ({}))",
            places.join(", ")
        );
        held.extend(self.quality_query(&condition, &digests)?);
        Ok(held)
    }

    fn quality_query(&mut self, condition: &str, parameters: &[Value]) -> Result<Vec<Held>, Error> {
        let sql = format!(
            "SELECT r.resource, r.kind, r.fhir_id, r.patient, r.status, v.unit, r.number, v.body,
                    (SELECT f.at FROM version f WHERE f.resource = r.resource AND f.number = 1)
             FROM resource r JOIN version v ON v.version = r.version
             WHERE {condition} AND r.deleted = 0 ORDER BY r.resource"
        );
        let rows = self.query(&sql, parameters)?;
        rows.iter().map(|row| self.quality_held_of(row)).collect()
    }

    fn quality_held_of(&mut self, row: &Row) -> Result<Held, Error> {
        let resource = row.integer(0)?;
        let text = self.open_body(row.integer(5)?, resource, row.integer(6)?, row.blob(7)?)?;
        Ok(Held {
            resource,
            kind: row.text(1)?.to_owned(),
            fhir_id: row.text(2)?.to_owned(),
            patient: PatientKey(row.integer(3)?),
            status: row.text_or_none(4)?.unwrap_or_default().to_owned(),
            first_written: Instant(row.integer_or_none(8)?.unwrap_or(0)),
            value: body::as_sent(&text)?,
        })
    }

    /// Encounters of other patients that documents of these name: never judged themselves.
    fn quality_foreign_encounters(&mut self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let sql = "SELECT resource, patient FROM resource
                   WHERE kind = 'Encounter' AND fhir_id = $1 AND deleted = 0";
        for id in std::mem::take(&mut reading.named) {
            if reading.encounters.contains_key(&id) {
                continue;
            }
            let Some(row) = self.query_one(sql, &[id.as_str().into()])? else { continue };
            let Some(patient) = row.integer_or_none(1)? else { continue };
            let resource = row.integer(0)?;
            reading.rows.encounters.push(EncounterRow {
                id: resource.to_string(),
                patient: PatientKey(patient),
                class: EncounterClass::Outpatient,
                admitted: None,
                discharged: None,
                disposition: None,
                is_void: true,
            });
            reading.encounters.insert(id, resource);
        }
        Ok(())
    }

    /// The codes of encounters: those last made final here, else those that the record lists.
    fn quality_codes(&mut self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let list: Vec<String> = reading.survivors.keys().map(|key| key.0.to_string()).collect();
        let sql = format!(
            "SELECT c.encounter, v.coding_version, v.unit, v.body FROM coding_work c
             JOIN coding_version v ON v.coding_work = c.coding_work
                                  AND v.number = c.versions_count
             WHERE c.patient IN ({}) ORDER BY c.encounter",
            list.join(", ")
        );
        let mut coded = BTreeSet::new();
        for row in self.query(&sql, &[])? {
            let encounter = row.integer(0)?;
            let context = format!("coding-version:{}", row.integer(1)?);
            let body = self.unit_key(row.integer(2)?)?.decrypt(row.blob(3)?, context.as_bytes())?;
            let codes: coding::work::CodeSet = serde_json::from_slice(&body)
                .map_err(|_| Error::Corrupt("a code set can't be read".into()))?;
            coded.insert(encounter);
            for (place, diagnosis) in codes.diagnoses.iter().enumerate() {
                let rank = u32::try_from(place + 1).unwrap_or(u32::MAX);
                reading.diagnosis(encounter, rank, &diagnosis.code);
            }
        }
        for (encounter, rank, condition) in std::mem::take(&mut reading.ranked) {
            if coded.contains(&encounter) {
                continue;
            }
            let code = reading.codes.get(&condition).cloned().unwrap_or(condition);
            reading.diagnosis(encounter, rank, &code);
        }
        Ok(())
    }
}

/// FHIR id of a reference of this type.
fn id_of(reference: &str, kind: &str) -> Option<String> {
    Reference::parse(reference).filter(|found| found.kind == kind).map(|found| found.id)
}

fn patient_row(held: &Held, key: PatientKey) -> PatientRow {
    let indexed = fhir::index(&held.value, &TimeZone::UTC);
    let mrns = indexed.identifiers.iter().filter(|one| one.is_mrn());
    PatientRow {
        key,
        id: held.resource.to_string(),
        mrns: mrns
            .map(|one| (one.system.clone().unwrap_or_default(), Mrn::new(one.value.reveal())))
            .collect(),
        name: indexed.names.first().map(|name| name.shown()).unwrap_or_default(),
        birth_date: indexed.birth_date.clone(),
        sex: indexed.gender.clone(),
        died: indexed.deceased_at.map(|(first, _)| first),
        is_deceased: indexed.deceased == Some(true),
    }
}

impl Reading<'_> {
    fn take(&mut self, held: &Held) {
        let Some(patient) = self.survivors.get(&held.patient).copied() else { return };
        match held.kind.as_str() {
            // The record of a patient that is merged into another is left out.
            "Patient" if held.patient == patient => {
                self.rows.patients.push(patient_row(held, patient));
            }
            "Encounter" => self.encounter(held, patient),
            "DocumentReference" => self.document(held, patient),
            "Procedure" => self.procedure(held),
            "Observation" => self.observation(held, patient),
            "Condition" => {
                let codes = fhir::index(&held.value, &TimeZone::UTC).codes;
                if let Some(code) = codes.into_iter().next() {
                    self.codes.insert(held.fhir_id.clone(), code.code);
                }
            }
            _ => {}
        }
    }

    fn encounter(&mut self, held: &Held, patient: PatientKey) {
        let Some(stay) = fhir::stay(&held.value, &self.rows.zone) else { return };
        use fhir::build::EncounterClass as Sent;
        let class = match stay.class {
            Some(Sent::Inpatient) => EncounterClass::Inpatient,
            Some(Sent::Observation) => EncounterClass::Observation,
            Some(Sent::Emergency) => EncounterClass::Emergency,
            Some(Sent::Outpatient) | None => EncounterClass::Outpatient,
        };
        self.encounters.insert(held.fhir_id.clone(), held.resource);
        for (rank, condition) in judged_diagnoses(&held.value) {
            let condition = id_of(&condition, "Condition").unwrap_or(condition);
            self.ranked.push((held.resource, rank, condition));
        }
        self.rows.encounters.push(EncounterRow {
            id: held.resource.to_string(),
            patient,
            class,
            admitted: stay.started_at,
            discharged: stay.ended_at,
            disposition: judged_disposition(&held.value),
            is_void: matches!(&held.status[..], "cancelled" | "entered-in-error" | "planned"),
        });
    }

    fn document(&mut self, held: &Held, patient: PatientKey) {
        let judged = judged_document(&held.value, &self.rows.zone);
        let encounter = fhir::index(&held.value, &TimeZone::UTC).encounter;
        let encounter = encounter.and_then(|text| id_of(&text, "Encounter"));
        self.named.extend(encounter.clone());
        self.rows.documents.push(DocumentRow {
            id: held.resource.to_string(),
            patient: Some(patient),
            encounter,
            kind: judged.kind,
            event: judged.event,
            entered: judged.written.unwrap_or(held.first_written),
            signed: judged.signed,
            needs_signature: judged.needs_signature,
            // What was replaced by its correction stands no more.
            is_void: matches!(&held.status[..], "entered-in-error" | "superseded"),
        });
    }

    fn procedure(&mut self, held: &Held) {
        if matches!(&held.status[..], "entered-in-error" | "not-done") {
            return;
        }
        let indexed = fhir::index(&held.value, &self.rows.zone);
        let encounter = indexed.encounter.and_then(|text| id_of(&text, "Encounter"));
        let Some(encounter) = encounter else { return };
        self.named.insert(encounter.clone());
        self.rows.procedures.push(ProcedureRow {
            id: held.resource.to_string(),
            encounter,
            performed: indexed.date.map(|(first, _)| first),
        });
    }

    fn observation(&mut self, held: &Held, patient: PatientKey) {
        let is_void = matches!(&held.status[..], "entered-in-error" | "cancelled");
        for number in judged_numbers(&held.value) {
            self.rows.observations.push(ObservationRow {
                id: held.resource.to_string(),
                patient,
                code: number.code,
                value: Some(number.value),
                unit: number.unit,
                at: None,
                is_void,
            });
        }
    }

    fn diagnosis(&mut self, encounter: i64, rank: u32, code: &str) {
        self.rows.diagnoses.push(DiagnosisRow {
            id: format!("{encounter}-{rank}"),
            encounter: encounter.to_string(),
            code: code.to_owned(),
            rank,
        });
    }

    /// Encounters that are named become keys; one that is not there keeps its name.
    fn finish(mut self) -> Rows {
        let key = |id: &str| self.encounters.get(id).map(i64::to_string);
        for document in &mut self.rows.documents {
            if let Some(encounter) = &mut document.encounter {
                *encounter = key(encounter).unwrap_or_else(|| format!("gone:{encounter}"));
            }
        }
        for procedure in &mut self.rows.procedures {
            let known = key(&procedure.encounter);
            procedure.encounter = known.unwrap_or_else(|| format!("gone:{}", procedure.encounter));
        }
        self.rows
    }
}
