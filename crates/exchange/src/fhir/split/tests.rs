//! What is taken from files, whole and broken.

use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn check(text: &str, expected: Expect) {
    use std::fmt::Write;
    let split = split(text.as_bytes());
    let mut shown = String::new();
    for entry in &split.entries {
        write!(shown, "{}: {:?} {}", entry.location, entry.method, entry.raw).unwrap();
        for part in [&entry.full_url, &entry.url, &entry.if_none_exist].into_iter().flatten() {
            write!(shown, " <{part}>").unwrap();
        }
        shown.push('\n');
    }
    for finding in &split.findings {
        writeln!(shown, "! {finding}").unwrap();
    }
    expected.assert_eq(&shown);
}

#[test]
fn single_resources_and_lines() {
    check(
        "{\"resourceType\":\"Basic\"}\n",
        expect![[r#"
        line 1: Post {"resourceType":"Basic"}
    "#]],
    );
    check(
        "{\"id\":\"1\"}\n\n{\"id\":\"2\"}\r\nnot json\n{\"id\":\"3\"",
        expect![[r#"
        line 1: Post {"id":"1"}
        line 3: Post {"id":"2"}
        ! line 4: This line is not a JSON object.
        ! line 5: The JSON ends before its last bracket or quote: send it again.
    "#]],
    );
    check(
        "{\"id\":\"1\"\n{\"id\":\"2\"}\n{]\n{\"id\":\"3\"} x\n{\"id\":\"4\"}",
        expect![[r#"
        line 2: Post {"id":"2"}
        line 4: Post {"id":"3"}
        line 5: Post {"id":"4"}
        ! line 1: A bracket or comma of the JSON is misplaced.
        ! line 3: A bracket or comma of the JSON is misplaced.
        ! line 4: Something follows the record that is not JSON.
    "#]],
    );
    check("", expect![""]);
}

#[test]
fn bundles_give_entries_one_by_one() {
    let bundle = r#"{"entry":[
      {"fullUrl":"urn:uuid:1","resource":{"id":"1"},"request":{"method":"PUT","url":"Basic/1"}},
      {"resource":{"id":"2"},"request":{"method":"POST","url":"Basic","ifNoneExist":"a=b"}},
      {"request":{"method":"DELETE","url":"Basic/3"}},
      {"request":{"method":"GET","url":"Basic/3"}},
      {"response":{"status":"200"}},
      {"resource":7},
      8,
      {"resource":{"id":"4"}}],"type":"history","resourceType":"Bundle"}"#;
    check(
        bundle,
        expect![[r#"
        line 2, entry 0: Put {"id":"1"} <urn:uuid:1> <Basic/1>
        line 3, entry 1: Post {"id":"2"} <Basic> <a=b>
        line 4, entry 2: Delete  <Basic/3>
        line 9, entry 7: Post {"id":"4"}
        ! line 5, entry 3: The entry asks to read: it brings no resource.
        ! line 6, entry 4: The entry holds no resource.
        ! line 7, entry 5: The entry's resource is not a JSON object.
        ! line 8, entry 6: The entry is not a JSON object.
    "#]],
    );
}

#[test]
fn a_list_is_no_bundle() {
    check(
        r#"{"resourceType":"List","entry":[{"item":{"reference":"a/1"}}]}"#,
        expect![[r#"
        line 1: Post {"resourceType":"List","entry":[{"item":{"reference":"a/1"}}]}
    "#]],
    );
}

#[test]
fn broken_entries_spoil_no_other() {
    let open = r#"{"resourceType":"Bundle","entry":["#;
    check(
        &format!(r#"{open}{{"resource":{{"id":"1"}},{{"resource":{{"id":"2"}}}}]}}"#),
        expect![[r#"
        line 1, entry 1: Post {"id":"2"}
        ! line 1, entry 0: A bracket or comma of the JSON is misplaced.
    "#]],
    );
    check(
        &format!(r#"{open}{{"resource":{{"id":"1"}}}},{{"resource":{{"id"#),
        expect![[r#"
        line 1, entry 0: Post {"id":"1"}
        ! line 1, entry 1: The JSON ends before its last bracket or quote: send it again.
    "#]],
    );
    check(
        &format!(r#"{open}{{"resource":{{"a":[}}}},{{"resource":{{"id":"2"}}}}]}}"#),
        expect![[r#"
        line 1, entry 1: Post {"id":"2"}
        ! line 1, entry 0: A bracket or comma of the JSON is misplaced.
    "#]],
    );
}

#[test]
fn bundles_in_bundles_are_opened() {
    let inner = r#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"id":"1"}}]}"#;
    let document = r#"{"resourceType":"Bundle","type":"document","entry":[]}"#;
    let entries = format!(r#"{{"resource":{inner}}},{{"resource":{document}}}"#);
    let outer = format!(r#"{{"resourceType":"Bundle","entry":[{entries}]}}"#);
    check(
        &format!("{{\"id\":\"0\"}}\n{outer}"),
        expect![[r#"
        line 1: Post {"id":"0"}
        line 2, entry 0: Post {"id":"1"}
        line 2, entry 1: Post {"resourceType":"Bundle","type":"document","entry":[]}
    "#]],
    );
}

#[test]
fn bytes_that_are_not_utf8_spoil_only_their_record() {
    let split = split(b"{\"id\":\"\xff\"}\n{\"id\":\"2\"}");
    assert_eq!((split.entries.len(), split.findings.len()), (1, 1));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        split(&bytes);
        crate::detect(&bytes);
    }

    #[test]
    fn no_marks_panic(
        text in r#"([{}\[\],:" \n]|"resource":|"entry":|"resourceType":"Bundle")*"#
    ) {
        for entry in split(text.as_bytes()).entries {
            let _ = entry.parse();
        }
    }

    #[test]
    fn every_line_is_taken(count in 1usize..20, broken in 0usize..20) {
        let lines: Vec<String> = (0..count)
            .map(|n| format!("{{\"id\":{}", if n == broken { "" } else { "7}" }))
            .collect();
        let text = lines.join("\n");
        let split = split(text.as_bytes());
        prop_assert_eq!(split.entries.len(), count - usize::from(broken < count));
        prop_assert_eq!(split.findings.len(), usize::from(broken < count));
    }
}

#[test]
fn what_is_no_entry_costs_no_other() {
    check(
        r#"{"resourceType":"Bundle","type":"collection","entry":[5,"x",null,[{"a":1}],
        {"resource":{"id":"1"}},{"resource":[]},{},
        {"request":{"method":"DELETE","url":"Basic/2"}}]}"#,
        expect![[r#"
        line 2, entry 4: Post {"id":"1"}
        line 3, entry 7: Delete  <Basic/2>
        ! line 1, entry 0: The entry is not a JSON object.
        ! line 1, entry 1: The entry is not a JSON object.
        ! line 1, entry 2: The entry is not a JSON object.
        ! line 1, entry 3: The entry is not a JSON object.
        ! line 2, entry 5: The entry's resource is not a JSON object.
        ! line 2, entry 6: The entry holds no resource.
    "#]],
    );
    check(
        r#"{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"id":"1"]},
        {"request":{"method":"DELETE","url":"Basic/2"}},{"fullUrl":"a","resource":{"id":"3"}}]}"#,
        expect![[r#"
        line 2, entry 1: Delete  <Basic/2>
        line 2, entry 2: Post {"id":"3"} <a>
        ! line 1, entry 0: A bracket or comma of the JSON is misplaced.
    "#]],
    );
}

#[test]
fn a_record_that_is_too_long_is_a_finding_and_the_others_are_read() {
    let long = "a".repeat(RECORD_BYTES_MAX);
    let text = format!(
        "{{\"resourceType\":\"Binary\",\"data\":\"{long}\"}}\n{{\"resourceType\":\"Basic\"}}\n"
    );
    let split = split(text.as_bytes());
    let read: Vec<Result<Value, Finding>> = split.entries.iter().map(Entry::parse).collect();
    let finding = read[0].as_ref().unwrap_err();
    assert_eq!(finding.location.line, 1);
    assert!(finding.reason.contains("at most 4 MiB"), "{}", finding.reason);
    assert_eq!(read[1].as_ref().unwrap()["resourceType"], "Basic");
}
