//! The tables that the program reads out of the schema's text are those that the engines make.

use super::site::each_engine;
use crate::open::connect;
use crate::schema::tables;

#[test]
fn the_engine_has_the_columns_that_are_read_from_the_text() {
    each_engine(|site| {
        let mut connection = connect(&site.location, true).unwrap();
        let made = if connection.is_sqlite() {
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name <> 'schema_step' AND m.name NOT LIKE 'sqlite_%'
             ORDER BY m.name, c.cid"
        } else {
            "SELECT table_name::text, column_name::text FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name <> 'schema_step'
             ORDER BY table_name::text COLLATE \"C\", ordinal_position"
        };
        let rows = connection.query(made, &[]).unwrap();
        let made = rows.iter().map(|row| (row.text(0).unwrap(), row.text(1).unwrap()));
        let read = tables();
        let read = read.iter().flat_map(|table| table.columns.iter().map(|c| (table.name, *c)));
        assert_eq!(made.collect::<Vec<_>>(), read.collect::<Vec<_>>());
    });
}

#[test]
fn the_engine_has_the_keys_that_are_read_from_the_text() {
    each_engine(|site| {
        let mut connection = connect(&site.location, true).unwrap();
        for table in tables() {
            let key: Vec<&str> = table.key.iter().map(|at| table.columns[*at]).collect();
            let unique = if connection.is_sqlite() {
                format!(
                    "SELECT name FROM pragma_table_info('{}') WHERE pk > 0 ORDER BY pk",
                    table.name
                )
            } else {
                format!(
                    "SELECT a.attname::text FROM pg_index i
                     JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY k(number, place) ON true
                     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
                     WHERE i.indisprimary AND i.indrelid = '{}'::regclass ORDER BY k.place",
                    table.name
                )
            };
            let rows = connection.query(&unique, &[]).unwrap();
            let made: Vec<&str> = rows.iter().map(|row| row.text(0).unwrap()).collect();
            assert_eq!(made, key, "{}", table.name);
        }
    });
}
