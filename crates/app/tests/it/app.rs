//! The vocabulary of the tests: a store in a folder of its own, and people who act.

use ::app::import::{Progress, Source};
use record::{Actor, Context, Instant, LabelMask, PatientKey, Private, PurposeOfUse, Role};
use serde_json::{Value, json};
use std::sync::Mutex;
use store::{Action, Location, Prepared, Store};

/// 2026-03-02 at noon, UTC.
pub const NOON: Instant = Instant(1_772_452_800_000_000);

/// A store in a folder of its own.
pub struct TestStore {
    pub store: Store,
    _folder: tempfile::TempDir,
}

impl TestStore {
    pub fn new() -> TestStore {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Directory(folder.path().join("data"));
        let keys = folder.path().join("keys");
        let context = Context::system("test", NOON);
        TestStore { store: Store::create(&location, &keys, &context).unwrap(), _folder: folder }
    }

    /// Puts a resource as it would come by import: a new version where it is held already.
    pub fn put(&self, resource: &Value) {
        let context = Context::system("test", NOON);
        let prepared = Prepared::new(resource, None).unwrap();
        let (kind, id) = (&prepared.kind, &prepared.fhir_id);
        self.store
            .write(&context, |t| {
                let existing = t.resource(kind, id)?;
                let action = if existing.is_some() { Action::Update } else { Action::Create };
                t.resource_put(&prepared, existing.as_ref(), action, "test").map(|_| ())
            })
            .unwrap();
    }

    /// Registers a patient.
    pub fn patient(&self, id: &str, family: &str, given: &str, born: &str) -> PatientKey {
        self.put(&json!({"resourceType": "Patient", "id": id, "birthDate": born,
        "gender": "female", "name": [{"family": family, "given": [given]}],
        "telecom": [{"system": "phone", "value": "617-555-0142"}],
        "identifier": [{
            "system": "urn:mrn",
            "value": format!("41000{}", id.as_bytes()[0]),
            "type": {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]},
        }]}));
        let context = Context::system("test", NOON);
        self.store.look(&context, |view| view.patient_key(id)).unwrap().unwrap()
    }

    /// Files a document with this text, or a new version of it.
    pub fn document(&self, id: &str, patient: &str, text: &str) {
        let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{text}</div>");
        self.put(&json!({"resourceType": "DocumentReference", "id": id, "status": "current",
            "text": {"status": "generated", "div": div},
            "subject": {"reference": format!("Patient/{patient}")}, "description": text,
            "content": [{"attachment": {"contentType": "text/plain", "title": text}}]}));
    }
}

/// Somebody with a role.
pub fn somebody(id: i64, role: Role) -> Context {
    Context {
        actor: Actor::Person { id },
        roles: vec![role],
        purpose: PurposeOfUse::Operations,
        at: NOON,
        cleared: LabelMask::NONE,
        opened: Vec::new(),
        request_id: String::new(),
    }
}

/// Remembers what the findings say.
struct Heard(Mutex<Vec<String>>);

impl Progress for Heard {
    fn bytes_done(&self, _: u64) {}
    fn finding(&self, _: &Private, _: usize, reason: &str) {
        self.0.lock().unwrap().push(reason.to_owned());
    }
}

/// Takes in files, each with its name and text; returns what the findings say.
pub fn import(store: &Store, files: &[(&str, &str)]) -> Vec<String> {
    let source = |(name, text): &(&str, &str)| {
        let bytes = text.as_bytes().to_vec();
        Source { name: Private::new(*name), read: Box::new(move || Ok(bytes.clone())) }
    };
    let sources: Vec<Source<'_>> = files.iter().map(source).collect();
    let heard = Heard(Mutex::new(Vec::new()));
    ::app::import::run(store, &Context::system("test", NOON), &sources, &heard).unwrap();
    heard.0.into_inner().unwrap()
}
