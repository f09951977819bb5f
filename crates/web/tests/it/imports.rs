//! Imports through the pages: the list, one import, its findings by kind and as a file.

use crate::app::{NOON, TestApp};
use crate::markup::faults;
use ::app::import::{Progress, Source, run};
use record::Role::{Administrator, Coder, Supervisor};
use record::{Context, Private};

struct Silent;

impl Progress for Silent {
    fn bytes_done(&self, _: u64) {}
    fn finding(&self, _: &Private, _: usize, _: &str) {}
}

#[tokio::test]
async fn an_import_is_opened_with_its_findings_by_kind_and_as_a_file() {
    let app = TestApp::new();
    let files = [("charts.ndjson", "{\"resourceType\":\"Basic\"\n"), ("what.bin", "\u{1}\u{0}")];
    let sources = files.map(|(name, text)| Source {
        name: Private::new(name),
        read: Box::new(move || Ok(text.as_bytes().to_vec())),
    });
    run(&app.store, &Context::system("import", NOON), &sources, &Silent).unwrap();
    let id =
        app.store.look(&Context::system("test", NOON), |view| view.import_list(1)).unwrap()[0].id;
    let at = format!("/administration/imports/{id}");
    for role in [Administrator, Supervisor] {
        let list = app.get(Some(role), "/administration/imports").await;
        assert_eq!(faults(&list.text), Vec::<String>::new());
        assert!(list.text.contains("charts.ndjson") && list.text.contains(&at));
        let page = app.get(Some(role), &at).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        for word in ["Bad record", "Unknown format", "Ask the sender to put this record right"] {
            assert!(page.text.contains(word), "{word}");
        }
    }
    let one = app.get(Some(Supervisor), &format!("{at}?kind=unknown-format")).await;
    assert!(one.text.contains("what.bin") && !one.text.contains("Ask the sender to put this"));
    let file = app.get(Some(Supervisor), &format!("{at}/findings.csv")).await;
    assert!(file.text.contains("Bad record,charts.ndjson,1,"), "{}", file.text);
    assert_eq!(app.get(Some(Coder), &at).await.status, 403);
}
