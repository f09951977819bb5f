//! Connections to PostgreSQL over TLS: which certificates are taken, and what no error says.

use super::site::Site;
use crate::open::connect;
use crate::{Error, Location, Value};

/// The certificate of the server of the tests, which is for `localhost`, and that of a stranger.
const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/server.crt");
const OTHER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/other.crt");

/// Whether the connection is encrypted, or why there is none.
fn connected(address: &str, host: &str, query: &str) -> Result<bool, String> {
    let address = address.replace("127.0.0.1", host);
    let location = Location::Postgres(format!("{address}?{query}"));
    let mut connection = match connect(&location, true) {
        Ok(connection) => connection,
        Err(Error::Database(reason)) => return Err(reason),
        Err(other) => panic!("{other}"),
    };
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    Ok(connection.query(sql, &[]).unwrap()[0].0[0] == Value::Integer(1))
}

#[test]
fn a_server_is_believed_under_a_certificate_that_is_known() {
    let site = Site::postgres();
    let Location::Postgres(address) = &site.location else { panic!("a database") };
    let password = address.split([':', '@']).nth(2).unwrap();
    let table = [
        ("127.0.0.1", "sslmode=disable".to_owned(), "plain"),
        ("127.0.0.1", format!("sslmode=require&sslrootcert={OWN}"), "encrypted"),
        ("localhost", format!("sslmode=verify-full&sslrootcert={OWN}"), "encrypted"),
        (
            "localhost",
            format!("sslmode=verify-full&sslrootcert={OWN}&channel_binding=require"),
            "encrypted",
        ),
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={OWN}"), "certificate"),
        ("localhost", format!("sslmode=verify-full&sslrootcert={OTHER}"), "certificate"),
        ("localhost", format!("sslmode=require&sslrootcert={OTHER}"), "certificate"),
        ("localhost", format!("sslmode=require&sslrootcert={OWN}.gone"), "can't be read"),
        ("localhost", format!("sslmode=require&sslrootcert={}", file!()), "can't be read"),
        ("localhost", "sslmode=require".to_owned(), "sslrootcert=FILE"),
    ];
    for (host, query, expected) in table {
        match connected(address, host, &query) {
            Ok(is_encrypted) => {
                assert_eq!(if is_encrypted { "encrypted" } else { "plain" }, expected, "{query}");
            }
            Err(reason) => {
                assert!(reason.contains(expected), "{host} {query}: {reason}");
                assert!(!reason.contains(password), "{reason}");
            }
        }
    }
    let wrong = address.replace(password, "another-secret");
    let reason = connected(&wrong, "127.0.0.1", "sslmode=disable").unwrap_err();
    assert!(reason.contains("authentication failed") && !reason.contains("another-secret"));
    assert!(!format!("{:?}", site.location).contains(password));
}
