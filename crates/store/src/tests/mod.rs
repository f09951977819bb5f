//! Tests that need what is inside: the schema, raw connections, the writer's own connection.

mod encryption;
mod power;
mod schema;
#[path = "../../tests/it/site.rs"]
#[allow(dead_code, reason = "the vocabulary is shared with the integration tests")]
mod site;
mod tampering;
