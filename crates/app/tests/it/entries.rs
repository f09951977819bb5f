//! The life of an entry that a technician typed for a provider: it waits for its authentication,
//! is authenticated, is corrected and waits again, or was entered in error.

use crate::app::{NOON, TestStore, somebody};
use crate::matrices::{Done, matrix};
use ::app::entry::{self, EntryKind, Given};
use expect_test::expect;
use record::{Context, PatientKey, ResourceKey, Role};
use std::collections::BTreeMap;

/// A diagnosis with the provider who answers for it.
struct Diagnosis {
    test: TestStore,
    technician: i64,
    provider: i64,
    other: i64,
    key: ResourceKey,
}

fn given(provider: i64, words: &str, reason: &str) -> Given {
    let author = format!("person:{provider}");
    let fields = [
        ("words", words),
        ("is_problem", "yes"),
        ("clinical_status", "active"),
        ("author", &author),
        ("reason", reason),
    ];
    let field = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Given(fields.into_iter().map(field).collect::<BTreeMap<_, _>>())
}

impl Diagnosis {
    fn technician(&self) -> Context {
        somebody(self.technician, Role::Technician)
    }

    fn waiting() -> Diagnosis {
        let test = TestStore::new();
        let patient: PatientKey = test.patient("p", "Roe", "Jane", "1957-03-04");
        let made = test.store.write(&Context::system("test", NOON), |t| {
            let technician = t.person_create("tess", "Tess", "x", false)?;
            let provider = t.person_create("moe", "Dr. Moe", "x", false)?;
            let other = t.person_create("poe", "Dr. Poe", "x", false)?;
            t.person_roles_put(provider, &[Role::Provider])?;
            t.person_roles_put(other, &[Role::Provider])?;
            Ok::<_, store::Error>((technician, provider, other))
        });
        let (technician, provider, other) = made.unwrap();
        let context = somebody(technician, Role::Technician);
        let kind = EntryKind::Diagnosis;
        let form = given(provider, "Asthma", "");
        let key = entry::enter(&test.store, &context, patient, kind, &form).unwrap();
        Diagnosis { test, technician, provider, other, key }
    }

    fn authenticated() -> Diagnosis {
        let diagnosis = Diagnosis::waiting();
        diagnosis.authenticate().unwrap();
        diagnosis
    }

    fn in_error() -> Diagnosis {
        let diagnosis = Diagnosis::waiting();
        diagnosis.mark_error().unwrap();
        diagnosis
    }

    fn version(&self) -> i64 {
        let found = self.test.store.look(&self.technician(), |view| view.resource_by_key(self.key));
        found.unwrap().unwrap().number
    }

    fn authenticate_as(&self, person: i64) -> Done {
        let context = somebody(person, Role::Provider);
        let entries = [(self.key, self.version())];
        entry::authenticate(&self.test.store, &context, &entries).map(|_| ())
    }

    fn authenticate(&self) -> Done {
        self.authenticate_as(self.provider)
    }

    fn correct(&self, words: &str, reason: &str) -> Done {
        let form = given(self.provider, words, reason);
        let store = &self.test.store;
        entry::correct(store, &self.technician(), self.key, self.version(), &form).map(|_| ())
    }

    fn mark_error(&self) -> Done {
        let form = given(self.provider, "", "Another patient's");
        entry::mark_error(&self.test.store, &self.technician(), self.key, self.version(), &form)
    }

    fn state(&self) -> String {
        let found = self.test.store.look(&self.technician(), |view| {
            let row = view.resource_by_key(self.key)?.ok_or(store::Error::NotFound)?;
            let waits = view.work_about("authenticate", self.key.0)?.is_some();
            Ok::<_, store::Error>((view.resource_value(&row)?, waits))
        });
        let (value, waits) = found.unwrap();
        let is_error = value["verificationStatus"].to_string().contains("entered-in-error");
        match (waits, is_error) {
            (true, false) => "waiting",
            (false, true) => "entered in error",
            (false, false) => "authenticated",
            (true, true) => "entered in error, and waiting",
        }
        .to_owned()
    }
}

/// Judged: one provider authenticates, once; a correction waits anew; what was entered in error
/// is never silently right again.
#[test]
fn an_entry() {
    expect![[r#"
        waiting + authenticate = authenticated
        waiting + authenticate as another provider = refused: This entry waits for another provider. Only who made it authenticates it (42 CFR 482.24(c)(1)).
        waiting + correct = waiting
        waiting + correct without a reason = refused: The original stays, so it must be said why.
        waiting + correct nothing = refused: Nothing was changed, so nothing was saved.
        waiting + mark as entered in error = entered in error
        authenticated + authenticate = refused: This entry waits for no authentication: it may be done.
        authenticated + authenticate as another provider = refused: This entry waits for no authentication: it may be done.
        authenticated + correct = waiting
        authenticated + correct without a reason = refused: The original stays, so it must be said why.
        authenticated + correct nothing = refused: Nothing was changed, so nothing was saved.
        authenticated + mark as entered in error = entered in error
        entered in error + authenticate = refused: This entry waits for no authentication: it may be done.
        entered in error + authenticate as another provider = refused: This entry waits for no authentication: it may be done.
        entered in error + correct = refused: This was entered in error, and stays so. Enter what is right as a new entry.
        entered in error + correct without a reason = refused: This was entered in error, and stays so. Enter what is right as a new entry.
        entered in error + correct nothing = refused: This was entered in error, and stays so. Enter what is right as a new entry.
        entered in error + mark as entered in error = refused: It is marked as entered in error already.
    "#]].assert_eq(&matrix(
        &[
            ("waiting", Diagnosis::waiting),
            ("authenticated", Diagnosis::authenticated),
            ("entered in error", Diagnosis::in_error),
        ],
        &[
            ("authenticate", Diagnosis::authenticate),
            ("authenticate as another provider", |one| one.authenticate_as(one.other)),
            ("correct", |one| one.correct("Bronchitis", "Misread")),
            ("correct without a reason", |one| one.correct("Bronchitis", "")),
            ("correct nothing", |one| one.correct("Asthma", "Misread")),
            ("mark as entered in error", Diagnosis::mark_error),
        ],
        Diagnosis::state,
    ));
}
