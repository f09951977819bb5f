//! A backup while others write, and putting it back.

use crate::site::{Site, note, patient};
use record::Private;
use std::fs;
use store::destruction::DestructionOrder;
use store::{Action, Error, Keys, Location, Prepared, Store, Transaction};

#[test]
fn a_backup_taken_while_others_write_is_whole() {
    let site = Site::sqlite();
    let folder = site.folder.path().join("backup");
    fs::create_dir(&folder).unwrap();
    site.put(&patient("a", "Roe"));
    let stage = site.store().write(&site.context(), |transaction| {
        let blob = site.store().blob_stage(transaction, store::SITE_UNIT, b"a scan")?;
        transaction.document_create(blob, "text/plain", &Private::new("scan.txt"))
    });
    stage.unwrap();
    let contexts: Vec<_> = (0..60).map(|_| site.context()).collect();
    let backup = std::thread::scope(|scope| {
        let store = site.store();
        let contexts = &contexts;
        scope.spawn(move || {
            for (n, context) in contexts.iter().enumerate() {
                let note = note(&format!("n{n}"), "a", "cough");
                crate::site::put(store, context, &note).unwrap();
            }
        });
        store.backup(&site.context(), &folder).unwrap()
    });
    assert_eq!(backup.files_count, 1);
    assert_eq!(Store::backup_read(&folder).unwrap(), backup);
    let data = site.folder.path().join("restored");
    Store::backup_unpack(&folder, &data).unwrap();
    let restored = Store::open(&Location::Directory(data.clone()), &site.keys).unwrap();
    // The live store went on: its checkpoint is later than the copy.
    site.store().checkpoint_keep(&site.context()).unwrap();
    let result = restored.verify(&site.context()).unwrap();
    assert!(result.breaks.iter().any(|what| what.contains("older copy")), "{:?}", result.breaks);
    let record = restored.restore_record(&site.context(), &backup).unwrap();
    assert!(record.block < record.block_seen);
    assert_eq!(restored.verify(&site.context()).unwrap().breaks, Vec::<String>::new());
    assert!(matches!(Store::backup_unpack(&folder, &data), Err(Error::Conflict(_))));
}

#[test]
fn what_was_destroyed_after_a_backup_is_destroyed_again() {
    let mut site = Site::sqlite();
    let folder = site.folder.path().join("backup");
    fs::create_dir(&folder).unwrap();
    let row = site.put(&patient("a", "Roe"));
    site.put(&note("n", "a", "cough"));
    site.put(&patient("b", "Doe"));
    let backup = site.store().backup(&site.context(), &folder).unwrap();
    let order = DestructionOrder { witness: "W", method: "key forgotten", statement: "schedule" };
    site.store().patient_destroy(&site.context(), row.patient.unwrap(), &order).unwrap();
    assert_eq!(site.breaks(), Vec::<String>::new(), "after the destruction");
    site.close();
    let data = site.folder.path().join("restored");
    Store::backup_unpack(&folder, &data).unwrap();
    let restored = Store::open(&Location::Directory(data), &site.keys).unwrap();
    let record = restored.restore_record(&site.context(), &backup).unwrap();
    assert_eq!(record.units_destroyed.len(), 1);
    let found = restored
        .look(&site.context(), |view| {
            let entry = view.resource("Observation", "n")?.is_some();
            let card = view.resource("Patient", "a")?.is_some();
            Ok::<_, Error>((entry, card, view.resource("Patient", "b")?.is_some()))
        })
        .unwrap();
    assert_eq!(found, (false, true, true), "the entry is gone, who it was is kept");
    assert_eq!(restored.verify(&site.context()).unwrap().breaks, Vec::<String>::new());
    // A chart that comes now gets no number that was destroyed: the next restore spares it.
    let destroyed = site_units(&site);
    let context = site.context();
    let prepared = Prepared::new(&patient("new", "Poe"), None).unwrap();
    let put = |t: &mut Transaction<'_>| t.resource_put(&prepared, None, Action::Create, "test");
    restored.write(&context, put).unwrap();
    let again = restored.restore_record(&context, &backup).unwrap();
    assert_eq!(again.units_destroyed, Vec::<i64>::new());
    assert_eq!(site_units(&site), destroyed);
    assert_eq!(restored.verify(&context).unwrap().breaks, Vec::<String>::new());
}

fn site_units(site: &Site) -> Vec<i64> {
    Keys::open(&site.keys).unwrap().destroyed_units().unwrap()
}
