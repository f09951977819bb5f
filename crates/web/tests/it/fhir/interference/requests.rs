//! Requests of every kind, drawn at random, about what is seen, what is hidden, and what is not
//! there.
//!
//! `@Encounter` stands for the newest encounter that the client itself made in this run, so that
//! requests can be about what requests before them left.

use proptest::prelude::*;
use serde_json::{Value, json};

/// A request: method and path, a header, a body.
#[derive(Clone, Debug)]
pub struct Asked {
    pub line: String,
    pub header: Option<&'static str>,
    pub body: String,
}

const KINDS: &[&str] =
    &["Patient", "Observation", "Encounter", "DocumentReference", "Binary", "Provenance"];

const IDS: &[&str] = &[
    "vis", "vis-o", "vis-e", "vis-d", "veiled", "veiled-o", "veiled-e", "veiled-d", "veiled-f",
    "none", "stay-e", "stay-o", "stay-d", "stay-f", "stay-v", "@own",
];

/// Parts of a search.
const PARTS: &[&str] = &[
    "name=twin",
    "family:exact=Twin",
    "given=vera",
    "given=v",
    "family:contains=win",
    "identifier=h",
    "identifier=urn:mrn|",
    "identifier=urn:mrn|h",
    "birthdate=1970",
    "birthdate=ge1960",
    "birthdate=ne1969",
    "patient=veiled",
    "patient=vis,veiled",
    "patient=@Patient",
    "subject=Patient/veiled",
    "subject=Encounter/stay-e",
    "encounter=veiled-e",
    "encounter=Encounter/stay-e",
    "encounter=@Encounter",
    "identifier=urn:stays|7",
    "code=x",
    "code=urn:c|",
    "code:not=x",
    "status=final,preliminary",
    "status:not=final",
    "category=laboratory",
    "date=2025",
    "date=ge2025-01-01",
    "_id=veiled,vis",
    "_id=stay-f,stay-v",
    "_id=veiled-f,none,stay-d",
    "_lastUpdated=2026",
    "_lastUpdated=lt2026",
    "_count=1",
    "_count=2",
    "_count=0",
    "_count=1000",
    "_total=accurate",
    "_total=none",
    "_summary=count",
    "_summary=data",
    "_elements=id",
    "_sort=_lastUpdated",
    "_sort=-date",
    "_sort=date",
    "_sort=birthdate",
    "_sort=name",
    "_sort=-_id",
    "_include=Observation:subject",
    "_include=Observation:performer",
    "_include=Observation:encounter",
    "_include=Observation:has-member",
    "_include=Encounter:subject",
    "_include=DocumentReference:subject",
    "_include=DocumentReference:encounter",
    "_include=Provenance:target",
    "_include=*",
    "_revinclude=Observation:subject",
    "_revinclude=Provenance:target",
    "_has:Observation:patient:code=x",
    "_page=nonsense",
    "nonsense=veiled",
];

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> + Clone {
    prop::sample::select(words)
}

fn path() -> impl Strategy<Value = String> {
    (one_of(KINDS), one_of(IDS)).prop_map(|(kind, id)| match id {
        "@own" => format!("/{kind}/@{kind}"),
        id => format!("/{kind}/{id}"),
    })
}

fn search() -> impl Strategy<Value = String> {
    (one_of(KINDS), prop::collection::vec(one_of(PARTS), 0..4))
        .prop_map(|(kind, parts)| format!("/{kind}?{}", parts.join("&")))
}

/// Whom an entry may be about: by id, by search, by an address, by a name nobody gave.
const SUBJECTS: &[&str] = &[
    "",
    "Patient/vis",
    "Patient/vis",
    "Patient/vis",
    "Patient/@Patient",
    "Patient/veiled",
    "Patient/none",
    "http://example.org/fhir/Patient/veiled",
    "Patient/veiled/_history/1",
    "Patient?identifier=urn:mrn|v",
    "Patient?identifier=urn:mrn|h",
    "Patient?identifier=urn:mrn|n",
    "Patient?identifier=h",
    "Patient?name=twin",
    "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
    "#within",
];

const STAYS: &[&str] = &[
    "",
    "",
    "",
    "Encounter/vis-e",
    "Encounter/@Encounter",
    "Encounter/stay-e",
    "Encounter/veiled-e",
    "Encounter/none",
    "Encounter/stay-e/_history/1",
    "Encounter?identifier=urn:stays|7",
    "Encounter?identifier=7",
    "Encounter?identifier=urn:stays|1",
    "urn:uuid:7f3151bd-1cbf-4d64-b04d-cd9187a4c6e7",
];

/// What statements of provenance, files and lists of members may be about.
const ENTRIES: &[&str] = &[
    "Observation/vis-o",
    "Observation/@Observation",
    "Observation/stay-o",
    "Observation/veiled-o",
    "Observation/stay-o/_history/1",
    "DocumentReference/vis-d",
    "DocumentReference/stay-d",
    "DocumentReference/@DocumentReference",
    "Binary/stay-f",
    "Binary/veiled-f",
    "Binary/@Binary",
    "Provenance/stay-v",
    "Patient/veiled",
    "Patient/vis",
    "Encounter/stay-e",
    "Observation/none",
    "Observation?identifier=7",
];

/// Ids of bodies: those of an update.
const BODY_IDS: &[&str] = &[
    "vis", "vis-o", "vis-e", "vis-d", "veiled", "veiled-o", "veiled-d", "veiled-f", "none",
    "stay-o", "stay-e", "stay-f", "@own",
];

fn reference(text: &str) -> Value {
    json!({"reference": text})
}

fn id_of(kind: &str, id: &str) -> String {
    if id == "@own" { format!("@{kind}") } else { id.to_owned() }
}

/// An entry of a chart, with its subject, its encounter and what it refers to.
fn entry(kind: &'static str) -> impl Strategy<Value = String> {
    let parts = (one_of(BODY_IDS), one_of(SUBJECTS), one_of(STAYS), one_of(ENTRIES), "[a-c]");
    (parts, 0..4_u8, any::<bool>()).prop_map(
        move |((id, subject, stay, other, code), status, labelled)| {
            let mut value = json!({"resourceType": kind, "id": id_of(kind, id)});
            if !subject.is_empty() {
                value["subject"] = reference(subject);
            }
            match kind {
                "Observation" => observation(&mut value, (stay, other, &code), status),
                "Encounter" => encounter(&mut value, &code, stay),
                _ => document(&mut value, stay, other, status),
            }
            if labelled && status == 0 {
                value["meta"] = json!({"security": [
                    exchange::fhir::security_label(record::SensitiveClass::Vip)]});
            }
            value.to_string()
        },
    )
}

fn observation(value: &mut Value, (stay, other, code): (&str, &str, &str), status: u8) {
    value["status"] = if status == 1 { "final" } else { "preliminary" }.into();
    value["code"] = json!({"coding": [{"system": "urn:c", "code": code}]});
    if !stay.is_empty() {
        value["encounter"] = reference(stay);
    }
    if status > 1 {
        value["hasMember"] = json!([reference(other)]);
        value["performer"] = json!([reference("Patient/veiled")]);
    }
}

fn encounter(value: &mut Value, code: &str, stay: &str) {
    value["status"] = if code == "a" { "planned" } else { "finished" }.into();
    value["class"] = json!({"code": "AMB"});
    let number = if code == "b" { "7" } else { "1" };
    value["identifier"] = json!([{"system": "urn:stays", "value": number}]);
    if code == "c" && !stay.is_empty() {
        value["partOf"] = reference(stay);
    }
}

fn document(value: &mut Value, stay: &str, other: &str, status: u8) {
    value["status"] = "current".into();
    let file = if status < 2 { "Binary/@Binary" } else { other };
    let attachment = json!({"contentType": "text/plain", "url": file});
    value["content"] = json!([{"attachment": attachment}]);
    if !stay.is_empty() {
        value["context"] = json!({"encounter": [reference(stay)]});
    }
}

fn body() -> impl Strategy<Value = String> {
    let person = (one_of(BODY_IDS), "[hvn]", one_of(&["", "Patient/veiled", "Patient/none"]));
    let person = person.prop_map(|(id, number, link)| {
        let mut value = json!({"resourceType": "Patient", "id": id_of("Patient", id),
            "name": [{"family": "Twin"}], "birthDate": "1970-01-01",
            "identifier": [{"system": "urn:mrn", "value": number}]});
        if !link.is_empty() {
            value["link"] = json!([{"other": reference(link), "type": "seealso"}]);
        }
        value.to_string()
    });
    let said = (any::<bool>(), one_of(ENTRIES), one_of(BODY_IDS));
    let said = said.prop_map(|(names_patient, about, id)| {
        let mut targets = vec![reference(about)];
        if names_patient {
            targets.push(reference("Patient/vis"));
        }
        json!({"resourceType": "Provenance", "id": id_of("Provenance", id), "target": targets,
            "recorded": "2026-01-01T00:00:00Z", "agent": [{"who": {"display": "Me"}}]})
        .to_string()
    });
    let file = (one_of(BODY_IDS), prop::option::of(one_of(ENTRIES))).prop_map(|(id, of)| {
        let mut value = json!({"resourceType": "Binary", "id": id_of("Binary", id),
            "contentType": "text/plain", "data": "S25lZQ=="});
        if let Some(of) = of {
            value["securityContext"] = reference(of);
        }
        value.to_string()
    });
    prop_oneof![
        4 => entry("Observation"),
        2 => entry("Encounter"),
        2 => entry("DocumentReference"),
        2 => person,
        2 => said,
        2 => file,
    ]
}

/// The kind and the id of a body.
fn named(body: &str) -> (String, String) {
    let value: Value = serde_json::from_str(body).expect("it is JSON");
    let text = |name: &str| value[name].as_str().expect("it has one").to_owned();
    (text("resourceType"), text("id"))
}

fn condition() -> impl Strategy<Value = Option<&'static str>> + Clone {
    prop::sample::select(vec![
        None,
        None,
        Some("if-none-exist: identifier=h"),
        Some("if-none-exist: identifier=urn:mrn|v"),
        Some("if-none-exist: identifier=urn:stays|7"),
        Some("if-none-exist: name=twin"),
        Some("if-none-exist: patient=veiled"),
        Some("if-none-exist: _id=stay-f"),
        Some("prefer: return=minimal"),
        Some("prefer: return=OperationOutcome"),
    ])
}

fn version() -> impl Strategy<Value = Option<&'static str>> + Clone {
    prop::sample::select(vec![
        None,
        Some("if-match: W/\"1\""),
        Some("if-match: W/\"2\""),
        Some("if-match: \"1\""),
        Some("if-match: *"),
        Some("if-none-match: *"),
    ])
}

fn plain(line: String) -> Asked {
    Asked { line, header: None, body: String::new() }
}

fn reads() -> impl Strategy<Value = Asked> {
    let known = prop::sample::select(vec![
        None,
        Some("if-none-match: W/\"1\""),
        Some("if-modified-since: Sun, 01 Mar 2026 00:00:00 GMT"),
    ]);
    let part = one_of(&["", "?_count=1", "?_since=2026-01-01T00:00:00Z", "?_count=0"]);
    let operation =
        one_of(&["/$everything", "/$meta", "/_history/2", "/_history/9", "/Observation"]);
    let with = |line: String, header| Asked { line, header, body: String::new() };
    prop_oneof![
        4 => (path(), known).prop_map(move |(path, header)| with(format!("GET {path}"), header)),
        1 => path().prop_map(|path| plain(format!("HEAD {path}"))),
        2 => (path(), part).prop_map(|(path, part)| plain(format!("GET {path}/_history{part}"))),
        2 => path().prop_map(|path| plain(format!("GET {path}/_history/1"))),
        1 => (path(), operation).prop_map(|(path, end)| plain(format!("GET {path}{end}"))),
    ]
}

fn searches() -> impl Strategy<Value = Asked> {
    let form = Some("content-type: application/x-www-form-urlencoded");
    let strict = prop::sample::select(vec![None, Some("prefer: handling=strict")]);
    prop_oneof![
        4 => (search(), strict).prop_map(|(path, header)| Asked {
            line: format!("GET {path}"), header, body: String::new() }),
        2 => search().prop_map(move |path| {
            let (kind, query) = path.split_once('?').expect("a search has a query");
            Asked { line: format!("POST {kind}/_search"), header: form, body: query.to_owned() }
        }),
    ]
}

fn writes() -> impl Strategy<Value = Asked> {
    let patch = Some("content-type: application/json-patch+json");
    prop_oneof![
        4 => (body(), condition()).prop_map(|(body, header)| {
            Asked { line: format!("POST /{}", named(&body).0), header, body }
        }),
        4 => (body(), version()).prop_map(|(body, header)| {
            let (kind, id) = named(&body);
            Asked { line: format!("PUT /{kind}/{id}"), header, body }
        }),
        2 => (path(), version()).prop_map(|(path, header)| {
            Asked { line: format!("DELETE {path}"), header, body: String::new() }
        }),
        1 => path().prop_map(move |path| {
            let body = r#"[{"op": "remove", "path": "/name"}]"#.to_owned();
            Asked { line: format!("PATCH {path}"), header: patch, body }
        }),
        1 => (search(), body()).prop_map(|(path, body)| {
            Asked { line: format!("PUT {path}"), header: None, body }
        }),
        1 => search().prop_map(|path| plain(format!("DELETE {path}"))),
    ]
}

/// A request of any kind.
pub fn asked() -> impl Strategy<Value = Asked> {
    prop_oneof![2 => reads(), 3 => searches(), 5 => writes()]
}
