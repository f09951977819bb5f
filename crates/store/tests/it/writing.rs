//! One writer: many at once, refusals, panics.

use crate::site::{Site, each_engine, note, patient, put};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use store::{AuditEntry, Error};

fn setting(site: &Site, name: &str) -> Option<String> {
    site.store().look(&site.context(), |view| view.setting(name)).unwrap()
}

#[test]
fn writers_at_once_share_commits_and_lose_nothing() {
    each_engine(|site| {
        site.put(&patient("a", "Roe"));
        let before = blocks(site);
        let barrier = Barrier::new(32);
        let contexts: Vec<_> = (0..32).map(|_| site.context()).collect();
        std::thread::scope(|scope| {
            for (thread, context) in contexts.iter().enumerate() {
                let (store, barrier) = (site.store(), &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    for n in 0..8 {
                        let id = format!("n{thread}-{n}");
                        put(store, context, &note(&id, "a", "cough")).unwrap();
                        let read = store.look(context, |view| view.resource("Observation", &id));
                        assert!(read.unwrap().is_some(), "{id} is not there after its commit");
                    }
                });
            }
        });
        let commits = blocks(site) - before;
        assert!(commits < 256, "{commits} commits for 256 writes: none was shared");
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}

fn blocks(site: &Site) -> i64 {
    site.store().look(&site.context(), |view| view.head()).unwrap().block
}

#[test]
fn a_refused_use_case_leaves_nothing() {
    each_engine(|site| {
        let context = site.context();
        let refused: Result<(), Error> = site.store().write(&context, |transaction| {
            transaction.setting_put("half", "done")?;
            transaction.patient_key_or_new("nobody")?;
            transaction.audit(&AuditEntry::new(&context, "test", "nothing"))?;
            Err(Error::Conflict("refused".into()))
        });
        assert!(matches!(refused, Err(Error::Conflict(_))));
        assert_eq!(setting(site, "half"), None);
        site.put(&patient("nobody", "Roe"));
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}

#[test]
fn a_panicking_use_case_leaves_nothing_and_the_store_goes_on() {
    each_engine(|site| {
        for n in 0..40 {
            let context = site.context();
            let wrote = catch_unwind(AssertUnwindSafe(|| {
                site.store().write(&context, |transaction| -> Result<(), Error> {
                    transaction.setting_put("half", "done")?;
                    panic!("a fault in a use case")
                })
            }));
            let read = catch_unwind(AssertUnwindSafe(|| {
                site.store().look(&context, |_| -> Result<(), Error> {
                    panic!("a fault in a reading use case")
                })
            }));
            assert!(wrote.is_err() && read.is_err());
            assert_eq!(setting(site, "half"), None);
            site.put(&patient(&format!("p{n}"), "Roe"));
        }
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}

#[test]
fn who_shares_a_commit_with_a_panic_is_told() {
    each_engine(|site| {
        let contexts: Vec<_> = (0..24).map(|_| site.context()).collect();
        let barrier = Barrier::new(24);
        std::thread::scope(|scope| {
            for (thread, context) in contexts.iter().enumerate() {
                let (store, barrier) = (site.store(), &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    for n in 0..10 {
                        let name = format!("s{thread}-{n}");
                        let wrote = catch_unwind(AssertUnwindSafe(|| {
                            store.write(context, |transaction| {
                                transaction.setting_put(&name, "kept")?;
                                assert!(thread % 6 != 0, "a fault in a use case");
                                Ok::<_, Error>(())
                            })
                        }));
                        let kept = store.look(context, |view| view.setting(&name)).unwrap();
                        let told = matches!(wrote, Ok(Ok(())));
                        assert_eq!(kept.is_some(), told, "{name}: what was told is not what is");
                    }
                });
            }
        });
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}
