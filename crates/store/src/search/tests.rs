//! Plans: what is asked of one patient, name, number or encounter never reads a whole table.

use super::statement::{Phase, Statement, phases};
use super::*;
use crate::{Action, Location, Prepared, Store};
use record::{Context, Instant, LabelMask};
use serde_json::json;

fn context() -> Context {
    Context::system("test", Instant(1_772_452_800_000_000))
}

/// A context from which something is hidden: its filter must not spoil a plan.
fn plain() -> Context {
    Context { cleared: LabelMask::NONE, ..context() }
}

fn store(folder: &tempfile::TempDir) -> Store {
    let location = Location::Directory(folder.path().join("data"));
    let store = Store::create(&location, &folder.path().join("keys"), &context()).unwrap();
    let resources = [
        json!({"resourceType": "Patient", "id": "p", "name": [{"family": "Roe"}]}),
        json!({"resourceType": "Observation", "id": "o", "status": "final",
            "subject": {"reference": "Patient/p"}, "effectiveDateTime": "2026-01-01"}),
    ];
    store
        .write(&context(), |transaction| {
            for resource in &resources {
                let prepared = Prepared::new(resource, None)?;
                transaction.resource_put(&prepared, None, Action::Create, "")?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    store
}

fn token(digests: &[i64], selective: bool) -> Condition {
    Condition::Tokens { digests: digests.to_vec(), negated: false, selective }
}

fn word() -> Condition {
    Condition::Words(vec![WordTest::begins("Patient.family=ro"), WordTest::is("Patient.name=x")])
}

fn stretch() -> Condition {
    Condition::Words(vec![WordTest::begins("Patient.name=ro")])
}

fn date(prefix: Prefix) -> Condition {
    Condition::Dates(vec![DateTest { prefix, first: 0, last: i64::MAX }])
}

/// Conditions, the index that must drive, and whether SQLite may sort what that gives.
fn table() -> Vec<(Vec<Condition>, &'static str, bool)> {
    let patients = || Condition::Patients(vec![PatientKey(3)]);
    let updated = DateTest { prefix: Prefix::Greater, first: 0, last: 0 };
    vec![
        (vec![Condition::Ids(vec!["p".into()])], "sqlite_autoindex_resource", true),
        (vec![patients()], "resource_patient", false),
        (vec![patients(), token(&[1], false)], "resource_patient", false),
        (vec![patients(), date(Prefix::GreaterOrEqual)], "resource_patient", false),
        (vec![Condition::Encounters(vec!["e".into()])], "resource_encounter", true),
        (vec![token(&[1], true)], "t USING PRIMARY KEY", true),
        (vec![token(&[1], false)], "t USING PRIMARY KEY", false),
        (vec![token(&[1], false), token(&[2], false)], "t USING PRIMARY KEY", false),
        (vec![token(&[1, 2], false)], "t USING PRIMARY KEY", true),
        (vec![word()], "w USING PRIMARY KEY", true),
        (vec![stretch()], "w USING PRIMARY KEY", false),
        (vec![stretch(), word(), token(&[1], false)], "w USING PRIMARY KEY", false),
        (vec![word(), word()], "w USING PRIMARY KEY", true),
        (vec![date(Prefix::Equal)], "resource_date", false),
        (vec![Condition::Updated(vec![updated])], "resource_updated", false),
        (vec![], "resource_updated", false),
    ]
}

#[test]
fn no_search_reads_a_whole_table() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let context = plain();
    for (conditions, index, may_sort) in table() {
        let search = Search {
            kind: "Observation".into(),
            conditions: conditions.clone(),
            limit: 20,
            bound: i64::MAX,
            ..Search::default()
        };
        let mut statements: Vec<Statement> = phases(&search)
            .into_iter()
            .filter(|phase| *phase != Phase::Undated)
            .map(|phase| Statement::page(&search, &context, phase, 21))
            .collect();
        statements.push(Statement::count(&search, &context));
        for (n, statement) in statements.iter().enumerate() {
            let plan = store
                .look(&context, |view| {
                    let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
                    let rows = view.query(&sql, &statement.parameters)?;
                    let lines: Result<Vec<_>, Error> =
                        rows.iter().map(|row| row.text(3).map(str::to_owned)).collect();
                    Ok::<_, Error>(lines?.join("\n"))
                })
                .unwrap();
            let shown = format!("{conditions:?}\n{}\n{plan}", statement.sql);
            let scans = plan.lines().any(|line| line.trim().starts_with("SCAN"));
            assert!(!scans, "{shown}");
            let is_page = n + 1 < statements.len();
            assert!(!is_page || plan.contains(index), "{index} does not drive: {shown}");
            assert!(may_sort || !plan.contains("ORDER BY"), "sorts: {shown}");
        }
    }
}

#[test]
fn the_searches_of_the_table_run() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    for (conditions, ..) in table() {
        let search = Search {
            kind: "Observation".into(),
            conditions,
            limit: 1,
            bound: i64::MAX,
            ..Search::default()
        };
        let found = store.look(&plain(), |view| {
            Ok::<_, Error>((view.search(&search)?.matches.len(), view.search_count(&search)?))
        });
        let (on_page, in_all) = found.unwrap();
        assert!(on_page as i64 <= in_all.min(1));
    }
}
