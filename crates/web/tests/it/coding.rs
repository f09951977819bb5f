//! An inpatient stay from the first code to final codes, through the pages.

use crate::app::TestApp;
use crate::markup::faults;
use record::Role;

const CODER: Option<Role> = Some(Role::Coder);

async fn shown(app: &TestApp, path: &str) -> String {
    let answer = app.get(CODER, path).await;
    assert_eq!(answer.status, 200, "{path}");
    assert_eq!(faults(&answer.text), Vec::<String>::new(), "{path}");
    answer.text
}

#[tokio::test]
async fn an_inpatient_stay_is_coded_to_its_end() {
    let app = TestApp::new();
    let at = format!("/coding/{}", app.own.coding);
    let list = shown(&app, "/coding").await;
    assert!(list.contains("Roe") && !list.contains("Quill"), "hidden is absent");
    shown(&app, "/coding/outpatient").await;
    let page = shown(&app, &at).await;
    assert!(page.contains("There is no principal diagnosis"));
    let entries = "Diagnoses and procedures in the chart";
    assert!(page.contains(entries), "no document has text: its entries are read");

    let change = format!("{at}/change");
    let add = app.post(CODER, &change, "revision=0&do=add&diagnosis=J18").await;
    assert_eq!(add.location, format!("{at}/walk/diagnosis/J18"), "a category leads on");
    assert!(shown(&app, &add.location).await.contains("J18.9"));
    let wrong = app.post(CODER, &change, "revision=0&do=add&diagnosis=QQQ").await;
    assert_eq!(wrong.status, 422);
    app.post(CODER, &change, "revision=0&do=add&diagnosis=J18.9&procedure=5A1955Z").await;
    let page = shown(&app, &at).await;
    assert!(page.contains("needs a present-on-admission indicator"));
    assert!(page.contains("MS-DRG v43") && page.contains("Why this DRG"));

    let refused = app.post(CODER, &change, "revision=9&do=finalize").await;
    assert_eq!(refused.status, 422, "a stop is open");
    let fields = "revision=9&coded=J189&poa-J189=Y&done=5A1955Z&date-0=2026-02-02\
                  &discharge_status=01";
    app.post(CODER, &change, &format!("{fields}&do=save")).await;
    let final_codes = app.post(CODER, &change, &format!("{fields}&do=finalize")).await;
    assert_eq!(final_codes.status, 303, "{}", final_codes.text);
    let page = shown(&app, &at).await;
    assert!(page.contains("Final version 1") && page.contains("Reopen"));
    assert!(!shown(&app, "/coding").await.contains("Roe"));

    let reopened = app.post(CODER, &format!("{at}/reopen"), "revision=9&reason=Late report").await;
    assert_eq!(reopened.status, 303);
    assert!(shown(&app, "/coding").await.contains("Reopened"));
}
