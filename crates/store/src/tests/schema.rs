//! The schema's text and the migrations make the same database, on both engines.

use super::site::{Site, each_engine};
use crate::open::connect;
use crate::schema::create_whole;
use crate::{Location, Value};

/// Columns, constraints and indexes, as the engine itself tells them.
fn shape(location: &Location) -> Vec<Vec<Value>> {
    let mut connection = connect(location, true).unwrap();
    let queries: &[&str] = if connection.is_sqlite() {
        &[
            "SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_master m
             JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name <> 'schema_step' ORDER BY m.name, c.name",
            "SELECT m.tbl_name, m.type, m.sql FROM sqlite_master m
             WHERE m.tbl_name <> 'schema_step' ORDER BY m.tbl_name, m.type, m.name",
        ]
    } else {
        &[
            "SELECT table_name::text, column_name::text, data_type::text, is_nullable::text,
                    collation_name::text
             FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name <> 'schema_step' ORDER BY 1, 2",
            "SELECT tablename::text, indexdef::text FROM pg_indexes
             WHERE schemaname = 'public' AND tablename <> 'schema_step' ORDER BY 1, 2",
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid)::text FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace
               AND conrelid::regclass::text <> 'schema_step' ORDER BY 1, 2",
        ]
    };
    let mut out = Vec::new();
    for query in queries {
        out.extend(connection.query(query, &[]).unwrap().into_iter().map(|row| row.0));
    }
    assert!(out.len() > 100);
    out
}

#[test]
fn schema_and_migrations_agree() {
    each_engine(|site| {
        let migrated = shape(&site.location);
        let other = if site.is_sqlite() { Site::sqlite() } else { Site::postgres() };
        let mut connection = connect(&other.location, true).unwrap();
        for table in crate::schema::tables() {
            connection.batch(&format!("DROP TABLE {}", table.name)).unwrap();
        }
        create_whole(&mut connection).unwrap();
        let whole = shape(&other.location);
        for (a, b) in migrated.iter().zip(&whole) {
            assert_eq!(a, b);
        }
        assert_eq!(migrated.len(), whole.len());
    });
}
