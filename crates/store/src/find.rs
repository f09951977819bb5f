//! Finding patients by the keys of `identity`, and the parts of a chart.

use crate::resource::{RESOURCE_COLUMNS, ResourceRow, resource_row, visible};
use crate::{Error, Row, Value, View};
use record::{BirthDate, LabelMask, Mrn, PatientKey, PersonName, ResourceKey};

/// A patient as a list shows one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientRow {
    /// Key.
    pub patient: PatientKey,
    /// The Patient resource.
    pub resource: ResourceKey,
    /// Its FHIR id.
    pub fhir_id: String,
    /// `Family, Given`.
    pub name: PersonName,
    /// As registered.
    pub birth_date: BirthDate,
    /// As registered.
    pub sex: String,
    /// First medical record number.
    pub mrn: Mrn,
    /// Whether the patient has died.
    pub deceased: bool,
    /// Labels of the Patient resource.
    pub labels: LabelMask,
}

pub(crate) const PATIENT_COLUMNS: &str =
    "p.patient, p.resource, r.fhir_id, p.name, p.birth_date, p.sex, p.mrn, p.deceased, r.labels";

pub(crate) fn patient_row(row: &Row) -> Result<PatientRow, Error> {
    Ok(PatientRow {
        patient: PatientKey(row.integer(0)?),
        resource: ResourceKey(row.integer(1)?),
        fhir_id: row.text(2)?.to_owned(),
        name: PersonName::new(row.text(3)?),
        birth_date: BirthDate::new(row.text(4)?),
        sex: row.text(5)?.to_owned(),
        mrn: Mrn::new(row.text(6)?),
        deceased: row.integer(7)? != 0,
        labels: LabelMask(row.integer(8)?),
    })
}

/// One term of a search: a patient fits when one of the keys, or a key that begins so, is theirs.
#[derive(Clone, Debug, Default)]
pub struct TermKeys {
    /// Whole keys.
    pub keys: Vec<String>,
    /// The beginning of a key.
    pub prefix: Option<String>,
}

impl View<'_> {
    /// The patient with this key, unless hidden from this context.
    pub fn patient_row(&mut self, patient: PatientKey) -> Result<Option<PatientRow>, Error> {
        let sql = format!(
            "SELECT {PATIENT_COLUMNS} FROM patient_row p
             JOIN resource r ON r.resource = p.resource WHERE p.patient = $1 AND {}",
            visible(self.context())
        );
        self.query_one(&sql, &[patient.0.into()])?.as_ref().map(patient_row).transpose()
    }

    /// The patients with this record number, whichever of theirs it is, and this birth date,
    /// unless hidden from this context.
    pub fn patient_by_identifiers(
        &mut self,
        mrn: &Mrn,
        birth_date: &BirthDate,
    ) -> Result<Vec<PatientRow>, Error> {
        let typed = identity::identifier_keys(mrn.reveal().trim());
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let mut parameters: Vec<Value> = vec![birth_date.reveal().into()];
        let any = TermKeys { keys: typed.clone(), prefix: None };
        let condition = term_condition(&any, &mut parameters);
        let sql = format!(
            "SELECT {PATIENT_COLUMNS} FROM patient_row p
             JOIN resource r ON r.resource = p.resource
             WHERE p.birth_date = $1 AND {condition} AND {} ORDER BY p.patient",
            visible(self.context())
        );
        let rows: Vec<PatientRow> =
            self.query(&sql, &parameters)?.iter().map(patient_row).collect::<Result<_, _>>()?;
        let mut fits = Vec::with_capacity(rows.len());
        for row in rows {
            // The terms hold every identifier; only a record number counts here.
            let resource = self.resource_value_by_key(row.resource)?;
            let held = exchange::fhir::index(&resource, &jiff::tz::TimeZone::UTC).identifiers;
            let is_it = |value: &str| {
                let keys = identity::identifier_keys(value);
                keys.iter().any(|key| typed.contains(key))
            };
            let is_typed = is_it(row.mrn.reveal());
            if is_typed || held.iter().any(|one| one.is_mrn() && is_it(one.value.reveal())) {
                fits.push(row);
            }
        }
        Ok(fits)
    }

    /// Patients who fit every term, at most `limit`. Hidden ones are absent.
    pub fn patient_find(
        &mut self,
        terms: &[TermKeys],
        limit: i64,
    ) -> Result<Vec<PatientRow>, Error> {
        let mut parameters: Vec<Value> = Vec::new();
        let mut conditions = vec![visible(self.context())];
        for term in terms {
            conditions.push(term_condition(term, &mut parameters));
        }
        self.patients_where(&conditions.join(" AND "), parameters, limit)
    }

    /// Patients who share any of these keys: candidates for matching. Hidden ones are included
    /// when `all` is given, for the decision on a possible duplicate, which is audited.
    pub fn patient_sharing(
        &mut self,
        keys: &[String],
        all: bool,
        limit: i64,
    ) -> Result<Vec<PatientRow>, Error> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut parameters: Vec<Value> = Vec::new();
        let any = TermKeys { keys: keys.to_vec(), prefix: None };
        let condition = term_condition(&any, &mut parameters);
        let shown = if all { "1 = 1".to_owned() } else { visible(self.context()) };
        self.patients_where(&format!("{shown} AND {condition}"), parameters, limit)
    }

    /// Patients who fit every one of these terms, hidden ones included: candidates for the
    /// decision on a possible duplicate at registration, which is audited.
    pub fn patient_alike(
        &mut self,
        terms: &[TermKeys],
        limit: i64,
    ) -> Result<Vec<PatientRow>, Error> {
        let mut parameters: Vec<Value> = Vec::new();
        let mut conditions = vec!["r.deleted = 0".to_owned()];
        for term in terms {
            conditions.push(term_condition(term, &mut parameters));
        }
        self.patients_where(&conditions.join(" AND "), parameters, limit)
    }

    fn patients_where(
        &mut self,
        condition: &str,
        mut parameters: Vec<Value>,
        limit: i64,
    ) -> Result<Vec<PatientRow>, Error> {
        parameters.push(limit.into());
        let sql = format!(
            "SELECT {PATIENT_COLUMNS} FROM patient_row p
             JOIN resource r ON r.resource = p.resource
             WHERE {condition} ORDER BY p.patient LIMIT ${}",
            parameters.len()
        );
        self.query(&sql, &parameters)?.iter().map(patient_row).collect()
    }

    /// The Patient resource of a candidate, hidden or not: for comparing, never for showing.
    pub fn patient_value_for_matching(
        &mut self,
        patient: PatientKey,
    ) -> Result<serde_json::Value, Error> {
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM patient_row p
             JOIN resource r ON r.resource = p.resource WHERE p.patient = $1"
        );
        let row = self.query_one(&sql, &[patient.0.into()])?.ok_or(Error::NotFound)?;
        self.resource_value(&resource_row(&row)?)
    }

    /// How many patients are held, hidden ones included, and how many this context may see. A
    /// record that is merged into another is not counted.
    pub fn patient_count(&mut self) -> Result<(i64, i64), Error> {
        let sql = format!(
            "SELECT COUNT(*), SUM(CASE WHEN {} THEN 1 ELSE 0 END) FROM resource r
             WHERE r.kind = 'Patient' AND r.deleted = 0 AND NOT EXISTS
                   (SELECT 1 FROM patient_link l
                    WHERE l.patient = r.patient AND l.ended_at IS NULL)",
            visible(self.context())
        );
        let row = self.query_one(&sql, &[])?.ok_or(Error::NotFound)?;
        Ok((row.integer(0)?, row.integer_or_none(1)?.unwrap_or(0)))
    }

    /// Every resource of a patient's chart that this context may see, of these types (all when
    /// empty), the newest first; what was filed under a record merged into it is there too.
    pub fn chart_list(
        &mut self,
        patient: PatientKey,
        kinds: &[&str],
        limit: i64,
    ) -> Result<Vec<ResourceRow>, Error> {
        let members = self.members_sql(patient)?;
        let mut parameters: Vec<Value> = Vec::new();
        let mut kind = "1 = 1".to_owned();
        if !kinds.is_empty() {
            let list: Vec<String> = (0..kinds.len()).map(|n| format!("${}", n + 1)).collect();
            kind = format!("r.kind IN ({})", list.join(", "));
            parameters.extend(kinds.iter().map(|kind| Value::from(*kind)));
        }
        parameters.push(limit.into());
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM resource r
             WHERE r.patient IN ({members}) AND {kind} AND r.deleted = 0 AND {}
             ORDER BY COALESCE(r.first_at, r.updated_at) DESC, r.resource DESC LIMIT ${}",
            visible(self.context()),
            parameters.len()
        );
        self.query(&sql, &parameters)?.iter().map(resource_row).collect()
    }

    /// How many entries of each type a chart holds that this context may see.
    pub fn chart_counts(&mut self, patient: PatientKey) -> Result<Vec<(String, i64)>, Error> {
        let members = self.members_sql(patient)?;
        let sql = format!(
            "SELECT r.kind, COUNT(*) FROM resource r
             WHERE r.patient IN ({members}) AND r.deleted = 0 AND {}
             GROUP BY r.kind ORDER BY r.kind",
            visible(self.context())
        );
        let rows = self.query(&sql, &[])?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.integer(1)?))).collect()
    }

    /// Resources whose text holds all of these words, of one patient or of all, newest first.
    pub fn text_find(
        &mut self,
        words: &[String],
        patient: Option<PatientKey>,
        limit: i64,
    ) -> Result<Vec<ResourceRow>, Error> {
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut parameters: Vec<Value> = Vec::new();
        let mut conditions = vec!["r.deleted = 0".to_owned(), visible(self.context())];
        for word in words {
            parameters.push(word.into());
            conditions.push(format!(
                "EXISTS (SELECT 1 FROM word w WHERE w.word = ${} AND w.resource = r.resource)",
                parameters.len()
            ));
        }
        if let Some(patient) = patient {
            conditions.push(format!("r.patient IN ({})", self.members_sql(patient)?));
        }
        parameters.push(limit.into());
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM resource r
             WHERE r.resource IN (SELECT w0.resource FROM word w0 WHERE w0.word = $1) AND {}
             ORDER BY COALESCE(r.first_at, r.updated_at) DESC, r.resource DESC LIMIT ${}",
            conditions.join(" AND "),
            parameters.len()
        );
        self.query(&sql, &parameters)?.iter().map(resource_row).collect()
    }
}

fn term_condition(term: &TermKeys, parameters: &mut Vec<Value>) -> String {
    let mut parts = Vec::new();
    if !term.keys.is_empty() {
        let list: Vec<String> = term
            .keys
            .iter()
            .map(|key| {
                parameters.push(key.into());
                format!("${}", parameters.len())
            })
            .collect();
        parts.push(format!("t.term IN ({})", list.join(", ")));
    }
    if let Some(prefix) = &term.prefix {
        parameters.push(prefix.into());
        let first = parameters.len();
        parameters.push(format!("{prefix}\u{10FFFF}").into());
        parts.push(format!("(t.term >= ${first} AND t.term < ${})", first + 1));
    }
    if parts.is_empty() {
        return "1 = 0".to_owned();
    }
    format!("p.patient IN (SELECT t.patient FROM patient_term t WHERE {})", parts.join(" OR "))
}
