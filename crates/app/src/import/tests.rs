//! Sources come back byte for byte; files that nobody should send cost no other.

use super::*;
use record::Instant;
use std::sync::Mutex;
use store::Location;

struct Heard(Mutex<Vec<String>>);

impl Progress for Heard {
    fn bytes_done(&self, _: u64) {}
    fn finding(&self, file: &Private, line: usize, reason: &str) {
        self.0.lock().unwrap().push(format!("{}:{line}: {reason}", file.reveal()));
    }
}

fn store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Directory(folder.path().join("data"));
    let store = Store::create(&location, &folder.path().join("keys"), &context()).unwrap();
    (store, folder)
}

fn context() -> Context {
    Context::system("test", Instant(1_772_452_800_000_000))
}

/// Takes files in; what came of it, and what the findings say.
fn import(store: &Store, files: &[(&str, Vec<u8>)]) -> (Summary, Vec<String>) {
    let source = |(name, bytes): &(&str, Vec<u8>)| {
        let bytes = bytes.clone();
        Source { name: Private::new(*name), read: Box::new(move || Ok(bytes.clone())) }
    };
    let sources: Vec<Source<'_>> = files.iter().map(source).collect();
    let heard = Heard(Mutex::new(Vec::new()));
    let summary = run(store, &context(), &sources, &heard).unwrap();
    (summary, heard.0.into_inner().unwrap())
}

#[test]
fn a_source_in_many_parts_comes_back_byte_for_byte() {
    let (store, _folder) = store();
    let line = |n: usize| format!("{{\"resourceType\":\"Basic\",\"id\":\"b{n}\"}}\r\n");
    let whole: String = (0..200).map(line).collect();
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("many", whole.clone().into_bytes()),
        ("one", line(0).into_bytes()),
        ("edge", format!("{}{}", " ".repeat(1024 - line(7).len()), line(7)).into_bytes()),
    ];
    assert!(files[0].1.len() > 4 << 10 && files[2].1.len() == 1 << 10);
    import(&store, &files);
    let sources = store.look(&context(), |view| {
        let read = |(_, bytes): &(&str, Vec<u8>)| {
            store.import_source(view, ContentHash::of(bytes)).map(Option::unwrap_or_default)
        };
        files.iter().map(read).collect::<Result<Vec<_>, _>>()
    });
    for (source, (name, bytes)) in sources.unwrap().iter().zip(&files) {
        assert!(source == bytes, "{name} is not as it was received");
    }
    let (again, _) = import(&store, &files);
    assert_eq!((again.unchanged, again.findings), (202, 0));
    let verified = store.verify(&context()).unwrap();
    assert!(verified.is_whole() && verified.files_count > 6, "{}", verified.files_count);
}

/// A file, the types it brings (`Patient 1`), and a part of what its finding says.
type Odd = (&'static str, Vec<u8>, &'static str, &'static str);

fn odd_files() -> Vec<Odd> {
    let patient = |id: &str| format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#);
    let utf16 = |text: &str| -> Vec<u8> {
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    let bundle = |kind: &str, entries: &str| {
        format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{entries}]}}"#)
    };
    let in_bundle = |kind: &str| {
        let entries =
            format!(r#"5,{{"response":{{"status":"404"}}}},{{"resource":{}}}"#, patient(kind));
        bundle(kind, &entries).into_bytes()
    };
    let mut odd: Vec<Odd> = vec![
        ("cut", patient("a")[..25].into(), "", "ends before its last bracket"),
        ("deep", nested(100_000), "", "deeper than 128"),
        ("dup", br#"{"resourceType":"Patient","id":"a","id":"b"}"#.into(), "", "written twice"),
        ("bom", format!("\u{feff}{}", patient("bom")).into(), "Patient 1", ""),
        ("utf-16", utf16(&patient("u16")), "Patient 1", ""),
        ("crlf", format!("{}\r\n{}\r\n", patient("c1"), patient("c2")).into(), "Patient 2", ""),
        ("empty", Vec::new(), "", "is empty"),
        ("gzip", b"\x1f\x8b\x08\0\0\0".into(), "", "gzip"),
        ("zip", b"PK\x03\x04".into(), "", "ZIP"),
        ("list", format!("[{}]", patient("l")).into(), "", "JSON list"),
        ("type", br#"{"resourceType":"Pacient","id":"a"}"#.into(), "", "not a resource type"),
        ("r5", br#"{"resourceType":"Transport","id":"a"}"#.into(), "", "not a resource type"),
        ("id", br#"{"resourceType":"Patient","id":"../a"}"#.into(), "", "not a FHIR id"),
        ("latin", b"{\"resourceType\":\"Patient\",\"id\":\"\xfc\"}".into(), "", "not UTF-8"),
        ("half", br#"{"resourceType":"Basic","id":"h","x":"\ud800"}"#.into(), "", "half a"),
        ("comma", br#"{"resourceType":"Basic","id":"t",}"#.into(), "", "misplaced"),
        ("mixed", format!("{}\nno\n{}", patient("m1"), patient("m2")).into(), "Patient 2", "line"),
        (
            "many",
            br#"{"resourceType":"Basic","id":"n","x":[1.0e400,1.00,-0.0]}"#.into(),
            "Basic 1",
            "",
        ),
        (
            "nul",
            br#"{"resourceType":"Patient","id":"nul","gender":"\u0000"}"#.into(),
            "Patient 1",
            "",
        ),
        (
            "shape",
            br#"{"resourceType":"Patient","id":"s","name":"x","identifier":5}"#.into(),
            "Patient 1",
            "",
        ),
        (
            "dates",
            br#"{"resourceType":"Patient","id":"d","birthDate":"9999-99-99"}"#.into(),
            "Patient 1",
            "",
        ),
        (
            "round",
            br#"{"resourceType":"Encounter","id":"r","partOf":{"reference":"Encounter/r"}}"#.into(),
            "Encounter 1",
            "",
        ),
        (
            "search",
            br#"{"resourceType":"Basic","id":"q","subject":{"reference":"Patient?identifier=x"}}"#
                .into(),
            "Basic 1",
            "finds nothing",
        ),
        (
            "gone",
            bundle("history", r#"{"request":{"method":"DELETE","url":"Patient/none"}}"#).into(),
            "",
            "not held",
        ),
        (
            "read",
            bundle("batch", r#"{"request":{"method":"GET","url":"Patient"}}"#).into(),
            "",
            "brings no resource",
        ),
    ];
    for kind in [
        "document",
        "message",
        "transaction",
        "transaction-response",
        "batch",
        "batch-response",
        "history",
        "searchset",
        "collection",
    ] {
        odd.push((kind, in_bundle(kind), "Patient 1", "holds no resource"));
    }
    odd
}

fn nested(levels: usize) -> Vec<u8> {
    let (open, close) = ("[".repeat(levels), "]".repeat(levels));
    format!(r#"{{"resourceType":"Patient","id":"deep","extension":{open}{close}}}"#).into()
}

#[test]
fn odd_files_are_held_or_told_and_cost_no_other() {
    let (store, _folder) = store();
    let good = ("good", br#"{"resourceType":"Basic","id":"good"}"#.to_vec());
    for (name, bytes, expected, part) in odd_files() {
        let (summary, said) = import(&store, &[(name, bytes), good.clone()]);
        let mut held = summary.resources.clone();
        *held.get_mut("Basic").expect("the good one is held") -= 1;
        held.retain(|_, count| *count > 0);
        let held: Vec<String> =
            held.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        assert_eq!(held.join(" "), expected, "{name}: {said:?}");
        match part {
            "" => assert_eq!(said, Vec::<String>::new(), "{name}"),
            _ => assert!(said.iter().any(|one| one.contains(part)), "{name}: {said:?}"),
        }
        assert!(said.iter().all(|one| one.starts_with(name)), "{name}: {said:?}");
    }
    assert!(store.verify(&context()).unwrap().is_whole());
}
