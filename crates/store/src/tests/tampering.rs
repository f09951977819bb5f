//! Whatever is changed, swapped, deleted or put in without the key is named by `verify`.
//!
//! For every column of every table, and for every row: the list comes from the schema, so a new
//! table is tried without a word here. A table that stays without rows fails the test.

use super::site::{Site, each_engine, note, patient};
use crate::engine::{Connection, SqliteConnection};
use crate::open::connect;
use crate::schema::{SCHEMA, Table, Voucher, tables};
use crate::{AuditEntry, Error, Location, Store, Transaction, Value};
use record::{Context, Private};
use serde_json::json;

/// Rows that each table has before it is tampered with.
const ROWS_MIN: usize = 2;
/// Every how many-th tampering is tried on PostgreSQL, whose round trips take longer.
const POSTGRES_STEP: usize = 5;

#[test]
fn every_tampering_is_named() {
    each_engine(|site| {
        populate(site);
        assert_eq!(site.breaks(), Vec::<String>::new(), "before anything was touched");
        let mut connection = connect(&site.location, true).unwrap();
        allow_anything(&mut connection);
        let (mut count, mut unnamed) = (0, Vec::new());
        for table in tables() {
            let rows = all(&mut connection, table);
            if table.name == "blob_content" && site.is_sqlite() {
                continue;
            }
            let least = if table.name == "head" { 1 } else { ROWS_MIN };
            assert!(rows.len() >= least, "{}: has no rows; `populate` must fill it", table.name);
            for (what, tampered) in tamperings(table, &rows) {
                count += 1;
                if !site.is_sqlite() && count % POSTGRES_STEP != 0 {
                    continue;
                }
                if put_all(&mut connection, table, &tampered).is_err() {
                    continue;
                }
                let breaks = site.breaks();
                let named = |text: &String| {
                    text.strip_prefix(table.name).is_some_and(|rest| rest.starts_with([' ', ':']))
                };
                if !breaks.iter().any(named) {
                    unnamed.push(format!("{}: {what}: {breaks:?}", table.name));
                }
                put_all(&mut connection, table, &rows).unwrap();
            }
        }
        assert!(count > 500, "only {count} were tried");
        assert_eq!(unnamed, Vec::<String>::new());
        assert_eq!(site.breaks(), Vec::<String>::new(), "after everything was put back");
    });
}

#[test]
fn a_step_of_the_schema_that_was_put_in_is_named() {
    each_engine(|site| {
        let mut connection = connect(&site.location, true).unwrap();
        connection.batch("INSERT INTO schema_step (step) VALUES (77)").unwrap();
        assert!(site.breaks().iter().any(|what| what.starts_with("schema_step")));
    });
}

#[test]
fn a_cut_tail_is_found_against_the_kept_checkpoint() {
    each_engine(|site| {
        populate(site);
        let (store, context) = (site.store(), site.context());
        let before = store.look(&context, |view| view.head()).unwrap();
        let entry = AuditEntry::new(&context, "test", "tail");
        store.write(&context, |transaction| transaction.audit(&entry)).unwrap();
        store.checkpoint_keep(&context).unwrap();
        let mut connection = connect(&site.location, true).unwrap();
        for table in ["audit_entry", "audit_block"] {
            let sql = format!("DELETE FROM {table} WHERE block > $1");
            connection.execute(&sql, &[before.block.into()]).unwrap();
        }
        let values = [before.next_id.into(), before.block.into(), before.block_hash.into()];
        let sql = "UPDATE head SET next_id = $1, block = $2, block_hash = $3";
        connection.execute(sql, &values).unwrap();
        let breaks = site.breaks();
        assert_eq!(breaks.len(), 1, "{breaks:?}");
        assert!(breaks[0].contains("the tail was cut"), "{breaks:?}");
    });
}

#[test]
fn an_older_copy_that_was_put_back_is_found() {
    let mut site = Site::sqlite();
    populate(&site);
    let Location::Directory(data) = site.location.clone() else { panic!("a folder") };
    let copy = site.folder.path().join("copy.db");
    SqliteConnection::open_reader(&data.join("chartroom.db")).unwrap().copy_into(&copy).unwrap();
    site.put(&patient("later", "Roe"));
    site.store().checkpoint_keep(&site.context()).unwrap();
    site.close();
    for name in ["chartroom.db-wal", "chartroom.db-shm"] {
        let _ = std::fs::remove_file(data.join(name));
    }
    std::fs::copy(&copy, data.join("chartroom.db")).unwrap();
    site.reopen();
    let breaks = site.breaks();
    assert!(breaks.iter().any(|what| what.contains("older copy was put back")), "{breaks:?}");
    // The copy goes on by itself: the same block number, another block.
    site.put(&patient("elsewhere", "Doe"));
    let breaks = site.breaks();
    assert!(breaks.iter().any(|what| what.contains("checkpoint")), "{breaks:?}");
}

#[test]
fn an_altered_or_missing_file_is_named() {
    let site = Site::sqlite();
    populate(&site);
    let Location::Directory(data) = &site.location else { panic!("a folder") };
    let shelf = std::fs::read_dir(data.join("blobs")).unwrap().next().unwrap().unwrap().path();
    let file = std::fs::read_dir(shelf).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    assert!(site.breaks().iter().any(|what| what.starts_with("blob") && what.contains("altered")));
    std::fs::remove_file(&file).unwrap();
    assert!(site.breaks().iter().any(|what| what.starts_with("blob") && what.contains("gone")));
}

/// Rows in every table: records, files and the chain by their own functions, the desks' tables
/// by what their columns and checks allow.
fn populate(site: &Site) {
    let store = site.store();
    for (id, family) in [("a", "Roe"), ("b", "Doe")] {
        let row = site.put(&patient(id, family));
        site.put(&note(&format!("n-{id}"), id, &format!("cough of {family}")));
        counted(id).iter().for_each(|resource| {
            site.put(resource);
        });
        let context = site.context();
        let entry = AuditEntry::new(&context, "chart.open", id).patients(row.patient);
        store.write(&context, |transaction| transaction.audit(&entry)).unwrap();
        let wrote = store.write(&context, |transaction| {
            let blob = store.blob_stage(transaction, crate::SITE_UNIT, id.repeat(90).as_bytes())?;
            transaction.document_create(blob, "text/plain", &Private::new(id))?;
            transaction.setting_put(&format!("test.{id}"), id)
        });
        wrote.unwrap();
    }
    let mut connection = connect(&site.location, true).unwrap();
    for table in tables().into_iter().filter(|table| table.voucher == Voucher::Journal) {
        while all(&mut connection, table).len() < ROWS_MIN {
            fill(store, &site.context(), table);
        }
    }
}

/// What statistics count: a stay that changed class and unit, its diagnosis, its charge.
fn counted(id: &str) -> [serde_json::Value; 5] {
    let subject = json!({"reference": format!("Patient/{id}")});
    let day = if id == "a" { 2 } else { 3 };
    let stay = json!({"reference": format!("Encounter/e-{id}")});
    let place = |unit: &str, hour: u8| {
        json!({"location": {"display": format!("{unit} {id}")},
               "period": {"start": format!("2026-03-0{day}T{hour:02}:00:00Z")}})
    };
    let elective = if id == "a" { "EL" } else { "UR" };
    let source = if id == "a" { "born" } else { "hosp-trans" };
    [
        json!({"resourceType": "Encounter", "id": format!("e-{id}"), "status": "finished",
            "subject": subject, "class": {"code": if id == "a" { "IMP" } else { "OBSENC" }},
            "classHistory": [{"class": {"code": if id == "a" { "OBSENC" } else { "EMER" }},
                "period": {"start": "2026-03-01", "end": format!("2026-03-02T0{day}:00:00Z")}}],
            "period": {"start": format!("2026-03-01T1{day}:00:00Z"),
                "end": format!("2026-03-0{}", day + 3)},
            "priority": {"coding": [{"code": elective}]},
            "hospitalization": {"admitSource": {"coding": [{"code": source}]},
                "dischargeDisposition": {"coding": [{"code": format!("0{day}")}]}},
            "serviceType": {"text": format!("Service {id}")},
            "serviceProvider": {"display": format!("Facility {id}")},
            "location": [place("ICU", 1), place("West", 5)]}),
        json!({"resourceType": "Condition", "id": format!("c-{id}"), "subject": subject,
            "encounter": stay, "code": {"coding": [
                {"system": format!("urn:codes:{id}"), "code": format!("J18.{day}{id}")}]}}),
        json!({"resourceType": "ChargeItem", "id": format!("m-{id}"), "status": "billable",
            "subject": subject, "context": stay,
            "priceOverride": {"value": if id == "a" { 120 } else { 340 }, "currency": "USD"}}),
        json!({"resourceType": "DocumentReference", "id": format!("d-{id}"), "status": "current",
            "subject": subject,
            "content": [{"attachment": {"url": format!("Binary/f-{id}")}}]}),
        json!({"resourceType": "Basic", "id": format!("w-{id}"),
            "subject": {"reference": format!("urn:uuid:{id}")}}),
    ]
}

/// A column as the schema's text describes it.
struct Column {
    name: &'static str,
    kind: &'static str,
    required: bool,
    allowed: Vec<&'static str>,
}

fn columns(table: &Table) -> Vec<Column> {
    let start = SCHEMA.find(&format!("CREATE TABLE {} (", table.name)).unwrap();
    let text = &SCHEMA[start..start + SCHEMA[start..].find("\n);").unwrap()];
    let column = |name: &&'static str| {
        let line =
            text.lines().map(str::trim).find(|l| l.starts_with(&format!("{name} "))).unwrap();
        // Not the end of another column's name.
        let is_whole = |at: &usize| text[..*at].ends_with([' ', '(']);
        let found = text.match_indices(&format!("{name} IN (")).map(|(at, _)| at).find(is_whole);
        let allowed = found.map_or(Vec::new(), |at| {
            let list = &text[at + name.len() + 5..];
            list[..list.find(')').unwrap()].split(", ").map(|v| v.trim_matches('\'')).collect()
        });
        let kind = line.split([' ', ',']).nth(1).unwrap();
        let required = line.contains("NOT NULL") || line.contains("PRIMARY KEY");
        Column { name, kind, required, allowed }
    };
    table.columns.iter().map(column).collect()
}

/// Puts one row into a table, by trying what the checks allow.
fn fill(store: &Store, context: &Context, table: &Table) {
    let columns = columns(table);
    let open: Vec<usize> = (0..columns.len()).filter(|n| !columns[*n].required).collect();
    let choices: usize = columns.iter().map(|c| c.allowed.len().max(1)).product();
    for filled in 0..1_usize << open.len().min(12) {
        for choice in 0..choices {
            let wrote = store.write(context, |transaction| {
                let row = made(transaction, &columns, &open, filled, choice)?;
                transaction.insert(table.name, &row)
            });
            if wrote.is_ok() {
                return;
            }
        }
    }
    panic!("{}: no row fits its checks; fill it in `populate`", table.name);
}

fn made(
    transaction: &mut Transaction<'_>,
    columns: &[Column],
    open: &[usize],
    filled: usize,
    mut choice: usize,
) -> Result<Vec<(&'static str, Value)>, Error> {
    let mut row = Vec::new();
    for (n, column) in columns.iter().enumerate() {
        if open.iter().position(|at| *at == n).is_some_and(|bit| filled >> bit.min(63) & 1 == 0) {
            continue;
        }
        let fresh = transaction.new_id();
        let value = if column.allowed.is_empty() {
            match column.kind {
                "BIGINT" => fresh.into(),
                "TEXT" => format!("2031-01-{fresh:02}").into(),
                _ => Value::Blob(fresh.to_le_bytes().to_vec()),
            }
        } else {
            let allowed = column.allowed[choice % column.allowed.len()];
            choice /= column.allowed.len();
            match column.kind {
                "BIGINT" => allowed.parse::<i64>().unwrap().into(),
                _ => allowed.into(),
            }
        };
        row.push((column.name, value));
    }
    Ok(row)
}

/// What somebody with the database's own rights could switch off first.
fn allow_anything(connection: &mut Connection) {
    if connection.is_sqlite() {
        connection.batch("PRAGMA ignore_check_constraints = ON").unwrap();
        return;
    }
    let sql = "SELECT conrelid::regclass::text, conname::text FROM pg_constraint
               WHERE contype = 'c' AND connamespace = 'public'::regnamespace";
    for row in connection.query(sql, &[]).unwrap() {
        let (table, name) = (row.text(0).unwrap(), row.text(1).unwrap());
        connection.batch(&format!("ALTER TABLE {table} DROP CONSTRAINT \"{name}\"")).unwrap();
    }
}

type Rows = Vec<Vec<Value>>;

fn all(connection: &mut Connection, table: &Table) -> Rows {
    connection.query(&table.all_sql(), &[]).unwrap().into_iter().map(|row| row.0).collect()
}

fn put_all(connection: &mut Connection, table: &Table, rows: &Rows) -> Result<(), Error> {
    connection.batch("BEGIN")?;
    let put = connection.execute(&format!("DELETE FROM {}", table.name), &[]).and_then(|_| {
        rows.iter().try_for_each(|row| connection.execute(table.insert_sql(), row).map(|_| ()))
    });
    connection.batch(if put.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    put
}

/// Each tampering with a table: what was done, and the rows after it.
fn tamperings(table: &Table, rows: &Rows) -> Vec<(String, Rows)> {
    let kinds = columns(table);
    let mut out = Vec::new();
    for (column, described) in kinds.iter().enumerate() {
        let mut changed = rows.clone();
        let at = rows.iter().position(|row| row[column] != Value::Null).unwrap_or(0);
        changed[at][column] = other(&rows[at][column], described.kind);
        out.push((format!("{} changed", described.name), changed));
        let pair = (0..rows.len())
            .flat_map(|a| (a + 1..rows.len()).map(move |b| (a, b)))
            .find(|(a, b)| rows[*a][column] != rows[*b][column]);
        if let Some((a, b)) = pair {
            let mut swapped = rows.clone();
            swapped[a][column] = rows[b][column].clone();
            swapped[b][column] = rows[a][column].clone();
            // The whole key swapped with nothing else in the row is the same set of rows.
            let sorted = |rows: &Rows| {
                let mut rows = rows.clone();
                rows.sort();
                rows
            };
            if sorted(&swapped) != sorted(rows) {
                out.push((format!("{} swapped", described.name), swapped));
            }
        }
    }
    out.push(("row deleted".into(), rows[1..].to_vec()));
    out.push(("last row deleted".into(), rows[..rows.len() - 1].to_vec()));
    // A copy under a new key; the second time with all that may have to be unique renewed.
    for renewed in [false, true] {
        let mut copy = rows[0].clone();
        for (column, described) in kinds.iter().enumerate() {
            if table.key.contains(&column) || (renewed && described.allowed.is_empty()) {
                copy[column] = other(&copy[column], described.kind);
            }
        }
        let mut appended = rows.clone();
        appended.push(copy);
        out.push(("row appended".into(), appended));
    }
    out
}

fn other(value: &Value, kind: &str) -> Value {
    match value {
        Value::Null if kind == "BIGINT" => Value::Integer(7),
        Value::Null if kind == "TEXT" => Value::from("x"),
        Value::Null => Value::Blob(vec![7]),
        Value::Integer(integer) => Value::Integer(integer.wrapping_add(1_000_003)),
        Value::Text(text) => Value::Text(format!("{text}1")),
        Value::Blob(bytes) => {
            let mut bytes = bytes.clone();
            match bytes.first_mut() {
                Some(first) => *first ^= 1,
                None => bytes.push(1),
            }
            Value::Blob(bytes)
        }
    }
}
