//! The words of files come into the search of a chart; a file that can't be read costs nothing.

use crate::app::{NOON, TestStore, somebody};
use ::app::file_text::{ReadText, read};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use record::{Context, PatientKey, ResourceKey, Role};
use serde_json::json;
use std::sync::Arc;

/// A PDF of one page with this content stream.
fn pdf(content: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let (mut file, mut places) = ("%PDF-1.7\n".to_owned(), String::new());
    for (number, object) in objects.iter().enumerate() {
        places += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let table = file.len();
    file += &format!("xref\n0 6\n0000000000 65535 f \n{places}trailer\n<</Size 6/Root 1 0 R>>\n");
    format!("{file}startxref\n{table}\n%%EOF").into_bytes()
}

/// Files an entry with a file of this type.
fn put(test: &TestStore, id: &str, content_type: &str, bytes: &[u8]) {
    test.put(&json!({"resourceType": "DocumentReference", "id": id, "status": "current",
        "subject": {"reference": "Patient/a"},
        "content": [{"attachment": {
            "contentType": content_type, "data": STANDARD.encode(bytes)}}]}));
}

/// Does what the background has to do.
fn work_off(test: &TestStore) {
    let reader: ReadText = Arc::new(read);
    let context = Context::system("background", NOON.plus_seconds(1));
    while ::app::background::tick(&test.store, &context, &reader).unwrap() {}
}

fn found(test: &TestStore, patient: PatientKey, words: &str) -> Vec<String> {
    let technician = somebody(3, Role::Technician);
    let (_, entries) = ::app::chart::search(&test.store, &technician, patient, words).unwrap();
    entries.iter().map(|entry| entry.row.fhir_id.clone()).collect()
}

fn key(test: &TestStore, id: &str) -> ResourceKey {
    let context = Context::system("test", NOON);
    let row = test.store.look(&context, |view| view.resource("DocumentReference", id));
    row.unwrap().unwrap().resource
}

#[test]
fn words_of_files_are_found_in_the_chart() {
    let test = TestStore::new();
    let patient = test.patient("a", "Roe", "Jane", "1980-03-04");
    let good = pdf("BT /F1 12 Tf 72 700 Td (zebra fish) Tj ET");
    put(&test, "pdf", "application/pdf", &good);
    put(&test, "html", "text/html; charset=utf-8", b"<p>gir<b>affe</b> <script>x</script></p>");
    let cda = b"<ClinicalDocument><section><text>platypus</text></section></ClinicalDocument>";
    put(&test, "cda", "application/xml", cda);
    put(&test, "cda-own", "application/hl7-v3+xml", b"<ClinicalDocument>ocelot</ClinicalDocument>");
    for (id, bytes) in [("cut", &good[..60]), ("empty", b""), ("other", b"no PDF at all")] {
        put(&test, id, "application/pdf", bytes);
    }
    assert_eq!(found(&test, patient, "zebra"), Vec::<String>::new(), "not before it was read");
    assert_eq!(found(&test, patient, "platypus"), ["cda"]);
    work_off(&test);
    for (words, expected) in [
        ("zebra", "pdf"),
        ("fish zebra", "pdf"),
        ("giraffe", "html"),
        ("platypus", "cda"),
        ("ocelot", "cda-own"),
    ] {
        assert_eq!(found(&test, patient, words), [expected], "{words}");
    }
    assert!(found(&test, patient, "obj endobj stream").is_empty());
}

#[test]
fn a_file_that_cant_be_read_is_a_finding_and_nothing_else() {
    let test = TestStore::new();
    let patient = test.patient("a", "Roe", "Jane", "1980-03-04");
    put(&test, "cut", "application/pdf", b"%PDF-1.7 and nothing more");
    put(&test, "none", "application/pdf", &pdf("BT ET"));
    work_off(&test);
    let technician = somebody(3, Role::Technician);
    let unread =
        |id: &str| ::app::chart::entry(&test.store, &technician, key(&test, id)).unwrap().unread;
    assert_eq!(unread("cut").len(), 1);
    assert!(unread("cut")[0].contains("can't be read as a PDF"), "{:?}", unread("cut"));
    assert!(unread("none").is_empty(), "a page without words is no fault");
    let context = Context::system("test", NOON);
    let findings = test.store.look(&context, |view| {
        let runs = view.import_list(9)?;
        view.import_findings(runs[0].id)
    });
    let findings = findings.unwrap().shown;
    assert_eq!(findings.len(), 1);
    assert!(findings[0].file.reveal() == "DocumentReference/cut");
    assert_eq!(found(&test, patient, "nothing more"), Vec::<String>::new());
    assert!(test.store.verify(&context).unwrap().is_whole());
}
