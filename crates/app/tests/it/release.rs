//! A release from its review to its delivery: marks, the packet, the second person.

use app::pages_of::RenderPage;
use app::release::{self as desk, CheckForm, Drawn, DrawnAt, LogForm, Picked, VerifyForm};
use app::{Error, pages_of};
use base64::Engine as _;
use record::{
    Actor, Context, Instant, LabelMask, PatientKey, Private, PurposeOfUse, ResourceKey, Role,
};
use redaction::PagePixels;
use redaction::mark::{Decision, Finder, MarkState};
use release::Basis;
use release::lifecycle::{Action, StateName};
use release::minimum_necessary::Method;
use release::requester::{Authority, IdentityProof, RequesterKind};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::release::Channel;
use store::{Location, Prepared, Store};

/// 2026-03-02 at noon, UTC.
pub(crate) const NOON: Instant = Instant(1_772_452_800_000_000);
/// When requests came in, where a test does not say otherwise.
pub(crate) const RECEIVED: &str = "2026-03-01";
const NOTE: &str = "Jane Roe, seen 2026-02-03 for her knee.\nBrought by her neighbor Tobias \
    Fenwick, phone 312-555-0177.\nRest and ice. Mr. Fenwick will call.";

pub(crate) fn somebody(id: i64) -> Context {
    Context {
        actor: Actor::Person { id },
        roles: vec![Role::ReleaseSpecialist],
        purpose: PurposeOfUse::Release,
        at: NOON,
        cleared: LabelMask::ALL,
        opened: Vec::new(),
        request_id: String::new(),
    }
}

pub(crate) struct Site {
    pub store: Store,
    pub render: RenderPage,
    pub patient: PatientKey,
    pub note: ResourceKey,
    scan: ResourceKey,
    _folder: tempfile::TempDir,
}

fn document(id: &str, kind: &str, bytes: &[u8]) -> serde_json::Value {
    let data = base64::engine::general_purpose::STANDARD.encode(bytes);
    json!({"resourceType": "DocumentReference", "id": id, "status": "current",
        "subject": {"reference": "Patient/p"}, "type": {"text": "Letter"},
        "date": "2026-02-03T10:00:00Z",
        "content": [{"attachment": {"contentType": kind, "data": data}}]})
}

pub(crate) fn site() -> Site {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Directory(folder.path().join("data"));
    let context = Context::system("test", NOON);
    let store = Store::create(&location, &folder.path().join("keys"), &context).unwrap();
    let patient = json!({"resourceType": "Patient", "id": "p", "birthDate": "1957-03-04",
        "name": [{"family": "Roe", "given": ["Jane"]}]});
    let scan = PagePixels::new(400, 300, vec![230; 400 * 300 * 3]).unwrap().to_png();
    let put = |transaction: &mut store::Transaction<'_>, value: &serde_json::Value| {
        let body = Prepared::new(value, None)?;
        let row = transaction.resource_put(&body, None, store::Action::Create, "test")?;
        Ok::<_, Error>(row.resource)
    };
    let (patient, note, scan) = store
        .write(&context, |t| {
            put(t, &patient)?;
            let note = put(t, &document("n", "text/plain", NOTE.as_bytes()))?;
            let scan = put(t, &document("s", "image/png", &scan))?;
            Ok::<_, Error>((t.patient_key("p")?.unwrap(), note, scan))
        })
        .unwrap();
    let render: RenderPage = Arc::new(pages_of::render);
    Site { store, render, patient, note, scan, _folder: folder }
}

impl Site {
    pub(crate) fn saves_count(&self, id: i64) -> i64 {
        desk::open(&self.store, &somebody(1), id).unwrap().loaded.row.revision
    }

    pub(crate) fn state(&self, id: i64) -> StateName {
        desk::open(&self.store, &somebody(1), id).unwrap().loaded.row.state()
    }

    pub(crate) fn act(&self, id: i64, action: Action) {
        desk::act(&self.store, &somebody(1), id, self.saves_count(id), action).unwrap();
    }

    /// The patient's own request for both documents, in sensitive review.
    fn request(&self) -> i64 {
        let picked = Picked {
            items: vec![self.note, self.scan],
            method: Some(Method::Individual),
            reason: "What was asked for".into(),
            ..Picked::default()
        };
        self.request_of(RECEIVED, &picked)
    }

    /// The same for what is picked, received on a day.
    pub(crate) fn request_of(&self, received: &str, picked: &Picked) -> i64 {
        let (store, context) = (&self.store, somebody(1));
        let form = LogForm {
            kind: Some(RequesterKind::Individual),
            name: "Jane Roe".into(),
            channel: Some(Channel::InPerson),
            asked_for: "My letters".into(),
            received: received.into(),
            ..LogForm::default()
        };
        let id = desk::log(store, &context, &form).unwrap();
        self.act(id, Action::Identify { patient: self.patient });
        self.act(id, Action::ChooseBasis { basis: Basis::Access });
        let verify = VerifyForm {
            identity: vec![IdentityProof::PhotoId],
            authority: Some(Authority::Themselves),
            ..VerifyForm::default()
        };
        desk::put_verification(store, &context, id, self.saves_count(id), &verify).unwrap();
        let answers = [("individual", "yes"), ("directive", "no")];
        let answers = answers.map(|(id, answer)| (id.to_owned(), answer.to_owned()));
        let check = CheckForm { answers: BTreeMap::from(answers), ..CheckForm::default() };
        desk::put_answers(store, &context, id, self.saves_count(id), &check).unwrap();
        self.act(id, Action::Validate);
        desk::choose(store, &context, id, self.saves_count(id), picked).unwrap();
        self.act(id, Action::StartReview);
        id
    }

    fn documents(&self, id: i64) -> [i64; 2] {
        let overview = desk::overview(&self.store, &somebody(1), id).unwrap();
        [overview.documents[0].document.id, overview.documents[1].document.id]
    }

    pub(crate) fn open(&self, id: i64, document: i64) -> desk::ReviewOpened {
        let (store, context) = (&self.store, somebody(1));
        desk::review_open(store, &context, &self.render, (id, document), (0, 1)).unwrap()
    }

    pub fn decide_all(&self, id: i64, document: i64, decision: Decision) {
        desk::decide(&self.store, &somebody(1), (id, document), None, decision).unwrap();
    }

    pub(crate) fn reviewed(&self, id: i64, document: i64) -> Result<Option<i64>, Error> {
        desk::review_mark(&self.store, &somebody(1), (id, document), true)
    }

    pub(crate) fn finish(&self, id: i64) -> Result<(), Error> {
        desk::finish(&self.store, &somebody(1), &self.render, id)
    }

    pub(crate) fn make(&self, id: i64) -> Result<(), Error> {
        desk::packet_make(&self.store, &somebody(1), &self.render, id)
    }
}

#[test]
fn a_note_and_a_scan_go_out_redacted_after_a_second_person_looked() {
    let site = site();
    let id = site.request();
    let [note, scan] = site.documents(id);
    assert!(site.make(id).is_err(), "no packet before the review");

    let opened = site.open(id, note);
    let texts: Vec<&str> = opened.marks.iter().map(|mark| mark.text.reveal()).collect();
    assert_eq!(texts, ["Tobias Fenwick", "312-555-0177", "Fenwick"], "the patient stays");
    assert!(opened.marks.iter().all(|mark| mark.finder == Finder::Identifier));
    let early = site.reviewed(id, note).unwrap_err().to_string();
    assert!(early.contains("3 proposed mark(s)"), "{early}");
    site.decide_all(id, note, Decision::Confirm);
    assert_eq!(site.reviewed(id, note).unwrap(), Some(scan));

    site.open(id, scan);
    let left = site.finish(id).unwrap_err().to_string();
    assert!(left.contains("1 document(s) aren't reviewed"), "{left}");
    let at = DrawnAt::Box { page: 1, of: (400, 300), area: [10, 10, 100, 20] };
    let drawn = Drawn { part: 0, at, reason: "another-person".into() };
    desk::draw(&site.store, &somebody(1), (id, scan), &drawn).unwrap();
    assert_eq!(site.reviewed(id, scan).unwrap(), None);
    site.finish(id).unwrap();
    assert_eq!(site.state(id), StateName::QualityCheck);

    let none = desk::approve(&site.store, &somebody(2), id, site.saves_count(id));
    assert!(none.unwrap_err().to_string().contains("isn't built"));
    site.make(id).unwrap();
    let own = desk::approve(&site.store, &somebody(1), id, site.saves_count(id)).unwrap_err();
    assert!(own.to_string().contains("A second person checks it"), "{own}");
    let early = desk::packet_file(&site.store, &somebody(1), id).unwrap_err().to_string();
    assert!(early.contains("second person"), "{early}");
    desk::approve(&site.store, &somebody(2), id, site.saves_count(id)).unwrap();
    assert_eq!(site.state(id), StateName::Ready);

    let (name, bytes) = desk::packet_file(&site.store, &somebody(1), id).unwrap();
    assert!(name.starts_with("R-2026-") && name.ends_with(".pdf"), "{name}");
    let shown = desk::packet(&site.store, &somebody(1), id).unwrap();
    let packet = shown.current.unwrap();
    assert_eq!((packet.leaks_count, packet.pages_count), (0, 3), "cover, note, scan");
    assert_eq!(packet.checked_by.as_deref(), Some("person:2"));
    assert!(
        redaction::verify_packet(&bytes, &["Fenwick".into(), "312-555-0177".into()]).is_empty()
    );
    assert!(!redaction::verify_packet(&bytes, &["Rest and ice".into()]).is_empty(), "the rest");
    site.act(id, Action::Deliver { how: "in person".into(), to: Private::new("Jane Roe") });
    assert_eq!(site.state(id), StateName::Delivered);
    site.act(id, Action::Close);

    // Later a document leaves the chart: what was sent stays there, byte for byte.
    let context = Context::system("test", NOON);
    site.store
        .write(&context, |t| {
            let row = t.resource_by_key(site.note)?.unwrap();
            let body = Prepared::new(&document("n", "text/plain", NOTE.as_bytes()), None)?;
            t.resource_put(&body, Some(&row), store::Action::Delete, "misfiled")?;
            Ok::<_, Error>(())
        })
        .unwrap();
    let (_, again) = desk::packet_file(&site.store, &somebody(1), id).unwrap();
    assert_eq!(again, bytes);
    let kept = desk::packet(&site.store, &somebody(1), id).unwrap().current.unwrap();
    assert_eq!(kept.content_hash, packet.content_hash);
}

#[test]
fn a_withheld_text_that_stands_elsewhere_is_proposed_before_the_review_ends() {
    let site = site();
    let id = site.request();
    let [note, scan] = site.documents(id);
    let opened = site.open(id, note);
    for mark in &opened.marks {
        // The neighbor's name is withheld once and let stand at its other place by mistake.
        let decision = match mark.text.reveal() {
            "312-555-0177" => Decision::Confirm,
            _ => Decision::Reject,
        };
        let ids = (id, note);
        desk::decide(&site.store, &somebody(1), ids, Some(mark.id), decision).unwrap();
    }
    let start = NOTE.find("Mr. Fenwick").unwrap();
    let at = DrawnAt::Span(start, start + "Mr. Fenwick will call".len());
    let drawn = Drawn { part: 0, at, reason: "confidence".into() };
    desk::draw(&site.store, &somebody(1), (id, note), &drawn).unwrap();
    let everywhere = ("her knee", "outside-scope");
    let found = desk::search(&site.store, &somebody(1), &site.render, id, everywhere).unwrap();
    assert_eq!(found, 1);
    site.reviewed(id, note).unwrap();
    site.open(id, scan);
    site.reviewed(id, scan).unwrap();
    site.finish(id).unwrap();
    site.make(id).unwrap();

    // Back to redaction: the packet made before no longer counts.
    let back = desk::send_back(&site.store, &somebody(2), id, (site.saves_count(id), "The name"));
    back.unwrap();
    let shown = desk::packet(&site.store, &somebody(1), id).unwrap();
    assert!(shown.current.is_none() && shown.packets.len() == 1);
    let marks = site.open(id, note).marks;
    let name = marks.iter().find(|mark| mark.text.reveal() == "Tobias Fenwick").unwrap();
    let ids = (id, note);
    desk::decide(&site.store, &somebody(1), ids, Some(name.id), Decision::Confirm).unwrap();
    let twice = desk::decide(&site.store, &somebody(1), ids, Some(name.id), Decision::Confirm);
    assert!(matches!(twice, Err(Error::Conflict(_))));
    site.finish(id).unwrap();
    assert_eq!(site.state(id), StateName::QualityCheck);
    let late = desk::draw(&site.store, &somebody(1), (id, note), &drawn).unwrap_err();
    assert!(late.to_string().contains("while a request is in review"), "{late}");
}

#[test]
fn the_same_text_in_another_place_waits_for_a_decision() {
    let site = site();
    let id = site.request();
    let [note, scan] = site.documents(id);
    site.open(id, note);
    site.decide_all(id, note, Decision::Reject);
    let start = NOTE.find("knee").unwrap();
    let at = DrawnAt::Span(start, start + 4);
    let drawn = Drawn { part: 0, at, reason: "outside-scope".into() };
    desk::draw(&site.store, &somebody(1), (id, note), &drawn).unwrap();
    site.reviewed(id, note).unwrap();
    site.open(id, scan);
    site.reviewed(id, scan).unwrap();
    site.finish(id).unwrap();

    // The chart changes: what was reviewed is no longer what is there.
    let changed = NOTE.replace("Rest and ice.", "The other knee hurts.");
    let context = Context::system("test", NOON);
    site.store
        .write(&context, |t| {
            let row = t.resource_by_key(site.note)?.unwrap();
            let body = Prepared::new(&document("n", "text/plain", changed.as_bytes()), None)?;
            t.resource_put(&body, Some(&row), store::Action::Update, "corrected")?;
            Ok::<_, Error>(())
        })
        .unwrap();
    let stale = site.make(id).unwrap_err().to_string();
    assert!(stale.contains("aren't reviewed as they stand now"), "{stale}");
    desk::send_back(&site.store, &somebody(2), id, (site.saves_count(id), "It changed")).unwrap();
    let opened = site.open(id, note);
    assert!(opened.marks.iter().all(|mark| mark.state == MarkState::Proposed), "marked anew");
    site.decide_all(id, note, Decision::Reject);
    let start = changed.find("knee").unwrap();
    let drawn = Drawn { at: DrawnAt::Span(start, start + 4), ..drawn };
    desk::draw(&site.store, &somebody(1), (id, note), &drawn).unwrap();
    site.reviewed(id, note).unwrap();
    let elsewhere = site.finish(id).unwrap_err().to_string();
    assert!(elsewhere.contains("1 more place(s)"), "{elsewhere}");
    let marks = site.open(id, note).marks;
    let same: Vec<_> = marks.iter().filter(|mark| mark.finder == Finder::Same).collect();
    assert_eq!(same.len(), 1);
    site.decide_all(id, note, Decision::Reject);
    site.reviewed(id, note).unwrap();
    site.finish(id).unwrap();
    site.make(id).unwrap();
}
