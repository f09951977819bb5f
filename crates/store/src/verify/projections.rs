//! The projections, recomputed from the record and compared row by row.

use super::journal::values;
use super::{Part, Progress, Verification, tell};
use crate::audit::patients_of;
use crate::body::{self, Prepared};
use crate::mask::Placed;
use crate::projection::{PersonRow, Projection};
use crate::resource::body_context;
use crate::schema::table;
use crate::typed::{TYPED_TABLES, typed_tables};
use crate::{Error, Row, Value, View};
use record::{PatientKey, Reference, ResourceKey};
use std::collections::{BTreeMap, BTreeSet};

/// Every entry's patients stand in `audit_patient`, and nothing else does.
pub(super) fn audit_patients(view: &mut View<'_>, result: &mut Verification) -> Result<(), Error> {
    let mut expected = BTreeSet::new();
    let sql = "SELECT entry, patients FROM audit_entry WHERE patients <> ''";
    view.connection.for_each(sql, &[], &mut |row| {
        let entry = row.integer(0)?;
        expected.extend(patients_of(row.text(1)?).into_iter().map(|key| (key.0, entry)));
        Ok(())
    })?;
    let sql = "SELECT patient, entry FROM audit_patient";
    view.connection.for_each(sql, &[], &mut |row| {
        let pair = (row.integer(0)?, row.integer(1)?);
        if !expected.remove(&pair) {
            result.broken(format!("audit_patient {}, {}: no entry says so", pair.0, pair.1));
        }
        Ok(())
    })?;
    for (patient, entry) in expected {
        result.broken(format!("audit_patient {patient}, {entry}: is missing"));
    }
    Ok(())
}

/// A current version, as far as its projection needs it.
struct Current {
    version: i64,
    resource: i64,
    number: i64,
    unit: i64,
    at: i64,
    action: String,
}

/// Counts of the rows that the resources account for.
#[derive(Default)]
struct Totals {
    resources: i64,
    tokens: i64,
    awaited: i64,
    companions: i64,
    words: i64,
    people: i64,
    terms: i64,
    typed: BTreeMap<&'static str, i64>,
}

/// Every resource's rows are those that its current version makes.
pub(super) fn resources(
    view: &mut View<'_>,
    result: &mut Verification,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let mut current = Vec::new();
    let sql = "SELECT v.version, v.resource, v.number, v.unit, v.at, v.action FROM version v
               WHERE v.number = (SELECT MAX(n.number) FROM version n WHERE n.resource = v.resource)
               ORDER BY v.resource";
    view.connection.for_each(sql, &[], &mut |row| {
        current.push(Current {
            version: row.integer(0)?,
            resource: row.integer(1)?,
            number: row.integer(2)?,
            unit: row.integer(3)?,
            at: row.integer(4)?,
            action: row.text(5)?.to_owned(),
        });
        Ok(())
    })?;
    let mut totals = Totals::default();
    for (done, version) in current.iter().enumerate() {
        tell(progress, Part::Record, done, current.len());
        result.resources_count += 1;
        if let Err(error) = one(view, version, &mut totals, result) {
            result.broken(format!("version {}: {error}", version.version));
        }
    }
    strangers(view, &totals, result)
}

fn one(
    view: &mut View<'_>,
    current: &Current,
    totals: &mut Totals,
    result: &mut Verification,
) -> Result<(), Error> {
    let sql = "SELECT content_hash, body FROM version WHERE version = $1";
    let row = view.query_one(sql, &[current.version.into()])?.ok_or(Error::NotFound)?;
    let key = view.unit_key(current.unit)?;
    let context = body_context(current.resource, current.number);
    let text = body::unpack(&key.decrypt(row.blob(1)?, &context)?)?;
    let prepared = Prepared::new(&body::as_sent(&text)?, None)?;
    if row.blob(0)? != prepared.content_hash.0 {
        result.broken(format!("version {}: its content has another hash", current.version));
    }
    let patient = match view.chart_of(&prepared.projection)? {
        Some(id) => view.patient_key(&id)?,
        None => None,
    };
    compare_resource(view, current, &prepared, patient, result)?;
    compare_companions(view, current, &prepared, totals, result)?;
    totals.resources += 1;
    if current.action != "delete" {
        compare_lists(view, current, &prepared.projection, totals, result)?;
        compare_typed(view, current, &prepared, totals, result)?;
        if let (Some(person), Some(patient)) = (&prepared.projection.person, patient) {
            compare_person(view, current, patient, person, totals, result)?;
        }
    }
    Ok(())
}

fn compare_resource(
    view: &mut View<'_>,
    current: &Current,
    prepared: &Prepared,
    patient: Option<PatientKey>,
    result: &mut Verification,
) -> Result<(), Error> {
    let projection = &prepared.projection;
    let stay = view.encounter_of(projection)?;
    let at = Placed {
        resource: ResourceKey(current.resource),
        kind: &prepared.kind,
        fhir_id: &prepared.fhir_id,
        patient,
        encounter: stay.as_deref(),
        is_new: false,
    };
    let labels = view.labels_standing(projection.labels, &at)?;
    let expected: Vec<Value> = vec![
        current.resource.into(),
        prepared.kind.as_str().into(),
        prepared.fhir_id.as_str().into(),
        current.version.into(),
        current.number.into(),
        patient.map(|key| key.0).into(),
        stay.into(),
        projection.labels.0.into(),
        labels.0.into(),
        (current.action == "delete").into(),
        current.at.into(),
        projection.status.clone().into(),
        projection.date.map(|(first, _)| first.0).into(),
        projection.date.map(|(_, last)| last.0).into(),
    ];
    match view.row("resource", &[current.resource.into()])? {
        Some(row) if values(&row) == expected => {}
        Some(_) => {
            result.broken(format!("resource {}: differs from its record", current.resource));
        }
        None => result.broken(format!("resource {}: is missing", current.resource)),
    }
    Ok(())
}

fn compare_lists(
    view: &mut View<'_>,
    current: &Current,
    projection: &Projection,
    totals: &mut Totals,
    result: &mut Verification,
) -> Result<(), Error> {
    let key = [Value::Integer(current.resource)];
    let sql = "SELECT digest FROM token WHERE resource = $1 ORDER BY digest";
    let tokens = view.query(sql, &key)?;
    let expected: Vec<Value> = projection.tokens.iter().map(|digest| (*digest).into()).collect();
    same_list("token", current.resource, &tokens, &expected, result);
    let sql = "SELECT digest FROM awaited WHERE resource = $1 ORDER BY digest";
    let awaited = view.query(sql, &key)?;
    let expected: Vec<Value> = projection.awaited.iter().map(|digest| (*digest).into()).collect();
    same_list("awaited", current.resource, &awaited, &expected, result);
    totals.awaited += awaited.len() as i64;
    let sql = "SELECT word FROM word WHERE resource = $1 ORDER BY word";
    let words = view.query(sql, &key)?;
    let mut expected = projection.words.clone();
    expected.extend(view.file_text_words(ResourceKey(current.resource))?);
    expected.sort_unstable();
    expected.dedup();
    let expected: Vec<Value> = expected.iter().map(Value::from).collect();
    same_list("word", current.resource, &words, &expected, result);
    totals.tokens += tokens.len() as i64;
    totals.words += words.len() as i64;
    Ok(())
}

/// What an entry holds or is about: for good, deleted too.
fn compare_companions(
    view: &mut View<'_>,
    current: &Current,
    prepared: &Prepared,
    totals: &mut Totals,
    result: &mut Verification,
) -> Result<(), Error> {
    let key = ResourceKey(current.resource);
    let mut expected: BTreeSet<Reference> = prepared.projection.tied.iter().cloned().collect();
    if current.number > 1 {
        expected.extend(view.tied_before(key, &prepared.kind, current.number)?);
    }
    let held = view.tied(key)?;
    if held != expected {
        result.broken(format!("companion: the rows of {} differ from the record", key.0));
    }
    totals.companions += held.len() as i64;
    Ok(())
}

/// The typed rows of an Encounter, a coded entry, a charge.
fn compare_typed(
    view: &mut View<'_>,
    current: &Current,
    prepared: &Prepared,
    totals: &mut Totals,
    result: &mut Verification,
) -> Result<(), Error> {
    for name in typed_tables(&prepared.kind) {
        let described = table(name)?;
        let mut expected = Vec::new();
        for typed in prepared.projection.typed.iter().filter(|typed| typed.table == *name) {
            let mut row = vec![Value::Null; described.columns.len()];
            row[described.column("resource")?] = current.resource.into();
            for (column, value) in &typed.values {
                row[described.column(column)?] = value.clone();
            }
            expected.push(row);
        }
        let held = view.query(&described.all_of_sql("resource"), &[current.resource.into()])?;
        let is_same = held.len() == expected.len()
            && held.iter().zip(&expected).all(|(row, expected)| values(row) == *expected);
        if !is_same {
            result.broken(format!("{name} {}: differs from its record", current.resource));
        }
        *totals.typed.entry(name).or_default() += held.len() as i64;
    }
    Ok(())
}

fn same_list(table: &str, key: i64, rows: &[Row], expected: &[Value], result: &mut Verification) {
    let same = rows.len() == expected.len()
        && rows.iter().zip(expected).all(|(row, value)| values(row)[0] == *value);
    if !same {
        result.broken(format!("{table}: the rows of {key} differ from the record"));
    }
}

fn compare_person(
    view: &mut View<'_>,
    current: &Current,
    patient: PatientKey,
    person: &PersonRow,
    totals: &mut Totals,
    result: &mut Verification,
) -> Result<(), Error> {
    let expected: Vec<Value> = vec![
        patient.0.into(),
        current.resource.into(),
        person.name.reveal().into(),
        person.birth_date.as_str().into(),
        person.sex.as_str().into(),
        person.mrn.as_str().into(),
        person.deceased.into(),
    ];
    match view.row("patient_row", &[patient.0.into()])? {
        Some(row) if values(&row) == expected => totals.people += 1,
        Some(_) => {
            totals.people += 1;
            result.broken(format!("patient_row {}: differs from the record", patient.0));
        }
        None => result.broken(format!("patient_row {}: is missing", patient.0)),
    }
    let sql = "SELECT term FROM patient_term WHERE patient = $1 ORDER BY term";
    let terms = view.query(sql, &[patient.0.into()])?;
    let expected: Vec<Value> = person.terms.iter().map(Value::from).collect();
    same_list("patient_term", patient.0, &terms, &expected, result);
    totals.terms += terms.len() as i64;
    Ok(())
}

/// Rows that belong to no resource of the record.
fn strangers(view: &mut View<'_>, totals: &Totals, result: &mut Verification) -> Result<(), Error> {
    let typed = |name: &&'static str| (*name, totals.typed.get(name).copied().unwrap_or(0));
    let typed = TYPED_TABLES.iter().map(typed).map(|(name, count)| (name, count, "resource"));
    let own = [
        ("resource", totals.resources, "resource"),
        ("token", totals.tokens, "resource"),
        ("awaited", totals.awaited, "resource"),
        ("companion", totals.companions, "resource"),
        ("word", totals.words, "resource"),
        ("patient_row", totals.people, "patient"),
        ("patient_term", totals.terms, "patient"),
    ];
    for (table, expected, column) in own.into_iter().chain(typed) {
        let row = view.query_one(&format!("SELECT COUNT(*) FROM {table}"), &[])?;
        let held = row.ok_or(Error::NotFound)?.integer(0)?;
        if held == expected {
            continue;
        }
        let home = if column == "resource" { "version" } else { "patient_row" };
        let sql = format!(
            "SELECT DISTINCT t.{column} FROM {table} t
             WHERE t.{column} NOT IN (SELECT h.{column} FROM {home} h) LIMIT 20"
        );
        let foreign = view.query(&sql, &[])?;
        let named: Vec<String> = foreign
            .iter()
            .filter_map(|row| row.integer(0).ok())
            .map(|key| key.to_string())
            .collect();
        let named = if named.is_empty() { "unknown".to_owned() } else { named.join(", ") };
        result.broken(format!(
            "{table}: {held} rows, the record makes {expected}; foreign keys: {named}"
        ));
    }
    Ok(())
}
