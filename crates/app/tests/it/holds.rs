//! The matrix of a legal hold: what it lets be done with the record, in each of its states.

use crate::release::{site, somebody};
use app::holds;
use expect_test::expect;
use record::{Context, Role};
use store::destruction::DestructionOrder;

#[test]
fn the_matrix_of_a_hold() {
    let site = site();
    let officer = Context { roles: vec![Role::PrivacyOfficer], ..somebody(7) };
    let (store, patient) = (&site.store, site.patient);
    let order = DestructionOrder {
        witness: "the second person",
        method: "key forgotten",
        statement: "listed and past its time",
    };
    let mut matrix = String::new();
    let mut note = |state: &str, action: &str, refused: Option<String>| {
        matrix += &format!("{state} {action}: {}\n", refused.as_deref().unwrap_or("done"));
    };
    let refused = |done: Result<(), app::Error>| done.err().map(|error| error.to_string());
    let put = |reason: &str| refused(holds::put(store, &officer, patient, reason));
    let only = || holds::list(store, &officer, patient).unwrap().holds[0].id;
    let end = |id: i64| refused(holds::end(store, &officer, patient, id));
    let destroy = || {
        let done = store.patient_destroy(&officer, patient, &order);
        done.err().map(|error| error.to_string())
    };
    note("none", "put without a reason", put(" ").map(|_| "refused".to_owned()));
    note("none", "put", put("Notice of a claim"));
    note("stands", "destroy", destroy().map(|_| "refused".to_owned()));
    let id = only();
    note("stands", "end", end(id));
    note("ended", "end", end(id).map(|_| "refused".to_owned()));
    note("ended", "put", put("Another claim"));
    let second = only();
    note("stands again", "destroy", destroy().map(|_| "refused".to_owned()));
    note("stands again", "end", end(second));
    note("ended", "destroy", destroy());
    expect![[r#"
        none put without a reason: refused
        none put: done
        stands destroy: refused
        stands end: done
        ended end: refused
        ended put: done
        stands again destroy: refused
        stands again end: done
        ended destroy: done
    "#]]
    .assert_eq(&matrix);
    let clerk = holds::put(store, &somebody(1), patient, "Notice");
    assert!(matches!(clerk, Err(app::Error::Forbidden(_))));
}
