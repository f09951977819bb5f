//! A store for a test: on each engine, in a folder or a database of its own.

use record::{Context, Instant, LabelMask};
use serde_json::{Value, json};
use std::cell::Cell;
use std::path::PathBuf;
use store::{Action, Keys, Location, Prepared, ResourceRow, Store};
use tempfile::TempDir;

/// The variable that names the PostgreSQL server of the tests.
const POSTGRES: &str = "CHARTROOM_TEST_POSTGRES";

/// A store that is gone when the test ends.
pub struct Site {
    store: Option<Store>,
    pub location: Location,
    pub keys: PathBuf,
    pub folder: TempDir,
    clock: Cell<i64>,
    server: Option<(String, String)>,
}

/// Runs a test on the embedded engine, then on PostgreSQL.
pub fn each_engine(test: impl Fn(&mut Site)) {
    test(&mut Site::sqlite());
    test(&mut Site::postgres());
}

impl Site {
    /// A store in a folder.
    pub fn sqlite() -> Site {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Directory(folder.path().join("data"));
        Site::create(location, folder, None)
    }

    /// A store in a database of its own.
    pub fn postgres() -> Site {
        let server = std::env::var(POSTGRES).unwrap_or_else(|_| {
            panic!("this test needs PostgreSQL; run all tests with: cargo xtask test")
        });
        let name = format!("t{}", record::hash::hex(&store::keys::random::<8>().unwrap()));
        let mut client = ::postgres::Client::connect(&server, ::postgres::NoTls).unwrap();
        client.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let (host, _) = server.rsplit_once('/').unwrap();
        let location = Location::Postgres(format!("{host}/{name}"));
        Site::create(location, tempfile::tempdir().unwrap(), Some((server, name)))
    }

    fn create(location: Location, folder: TempDir, server: Option<(String, String)>) -> Site {
        let keys = folder.path().join("keys");
        let clock = Cell::new(1_700_000_000_000_000);
        let mut site = Site { store: None, location, keys, folder, clock, server };
        let store = Store::create(&site.location, &site.keys, &site.context()).unwrap();
        site.store = Some(store);
        site
    }

    /// The open store.
    pub fn store(&self) -> &Store {
        self.store.as_ref().expect("the store is open")
    }

    /// Closes the store.
    pub fn close(&mut self) {
        self.store = None;
    }

    /// Closes the store and opens it again.
    pub fn reopen(&mut self) {
        self.close();
        self.store = Some(Store::open(&self.location, &self.keys).unwrap());
    }

    /// Whether this is the embedded engine.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.location, Location::Directory(_))
    }

    /// The context of the product itself, a second after the one before.
    pub fn context(&self) -> Context {
        self.clock.set(self.clock.get() + 1_000_000);
        Context::system("test", Instant(self.clock.get()))
    }

    /// A context that is cleared for nothing sensitive.
    pub fn context_uncleared(&self) -> Context {
        Context { cleared: LabelMask::NONE, ..self.context() }
    }

    /// Writes a version of a resource.
    pub fn put(&self, resource: &Value) -> ResourceRow {
        put(self.store(), &self.context(), resource).unwrap()
    }

    /// The breaks that `verify` names.
    pub fn breaks(&self) -> Vec<String> {
        self.store().verify(&self.context()).unwrap().breaks
    }

    /// Another store's keys.
    pub fn other_keys(&self) -> PathBuf {
        let folder = self.folder.path().join("other.keys");
        Keys::create(&folder).unwrap();
        folder
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.store = None;
        if let Some((server, name)) = &self.server
            && let Ok(mut client) = ::postgres::Client::connect(server, ::postgres::NoTls)
        {
            let _ = client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// Writes a version of a resource.
pub fn put(
    store: &Store,
    context: &Context,
    resource: &Value,
) -> Result<ResourceRow, store::Error> {
    let prepared = Prepared::new(resource, None)?;
    store.write(context, |transaction| {
        let existing = transaction.resource(&prepared.kind, &prepared.fhir_id)?;
        let action = if existing.is_some() { Action::Update } else { Action::Create };
        transaction.resource_put(&prepared, existing.as_ref(), action, "test")
    })
}

/// A patient who never lived.
pub fn patient(id: &str, family: &str) -> Value {
    json!({
        "resourceType": "Patient", "id": id, "gender": "female", "birthDate": "1970-02-03",
        "name": [{"family": family, "given": ["Ada"]}],
        "identifier": [{"system": "urn:test:mrn", "value": format!("m-{id}")}],
    })
}

/// A note in a patient's chart.
pub fn note(id: &str, patient: &str, text: &str) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}], "text": text},
        "subject": {"reference": format!("Patient/{patient}")},
        "effectiveDateTime": "2024-01-02T03:04:05Z",
        "note": [{"text": text}],
    })
}
