//! A synthetic chart with known secrets in a note, a PDF, a scan and a photograph of a page, and
//! its packets as the product makes them.

use app::Error;
use app::pages_of::{PageFacts, PageImage, RenderPage};
use app::release::{self as desk, CheckForm, Drawn, DrawnAt, LogForm, Picked, VerifyForm};
use record::{Actor, Context, Instant, LabelMask, PatientKey, PurposeOfUse, ResourceKey, Role};
use redaction::mark::{Decision, MarkState};
use redaction::pdf::layout::Block;
use redaction::pdf::read::{Limits, read_pages};
use redaction::{Builder, PagePixels, Word};
use release::Basis;
use release::lifecycle::{Action, StateName};
use release::minimum_necessary::Method;
use release::requester::{Authority, IdentityProof, RequesterKind};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use store::release::Channel;
use store::{Location, Prepared, SITE_UNIT, Store};

/// What must not be found: a neighbor's name and telephone number.
pub const SECRETS: [&str; 3] = ["Tobias", "Fenwick", "555-0177"];

/// What a line of a table says that is withheld whole.
pub const LINE_SECRETS: [&str; 2] = ["Sarcoidosis", "granulomas"];

/// 2026-03-02 at noon, UTC.
const NOON: Instant = Instant(1_772_452_800_000_000);
const TEXT: &str = "Jane Roe continues metoprolol twice daily.\n\
    Brought by her neighbor Tobias Fenwick, phone 312-555-0177.\n\
    The swelling of the left knee is less than last week.";

pub struct Site {
    store: Store,
    render: RenderPage,
    patient: PatientKey,
    items: Vec<ResourceKey>,
    /// Boxes over the secrets of a scan, in pixels, and the size of its page.
    secret_boxes: Vec<[u32; 4]>,
    size: (u32, u32),
    _folder: tempfile::TempDir,
}

fn somebody(id: i64) -> Context {
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

/// A PDF with words, as a word processor of the sender writes one.
fn pdf() -> Vec<u8> {
    let mut builder = Builder::new("Outside record", 1);
    let lines = TEXT.lines().map(|line| Block::Heading { text: line.to_owned() });
    builder.add_blocks("", &lines.collect::<Vec<_>>()).unwrap();
    builder.finish(&[]).unwrap().bytes
}

/// The page of that PDF as a scanner gives it: pixels alone; and where its secrets lie.
fn scan() -> (PagePixels, Vec<[u32; 4]>) {
    let limits = Limits { dpi: 200, ..Limits::default() };
    let mut page = read_pages(&pdf(), 0..1, &limits, &|| true).unwrap().pages.remove(0);
    let words = std::mem::take(&mut page.words);
    let is_secret = |word: &&Word| SECRETS.iter().any(|secret| word.text.contains(secret));
    let side = |value: i32| u32::try_from(value.max(0)).unwrap();
    let area = |word: &Word| {
        // By hand one draws a little wider than the letters.
        let (left, top) = (side(word.left - 6), side(word.top - 8));
        [left, top, side(word.width + 12), side(word.height + 16)]
    };
    (page, words.iter().filter(is_secret).map(area).collect())
}

fn described(id: &str, url: &str) -> Value {
    json!({"resourceType": "DocumentReference", "id": id, "status": "current",
        "subject": {"reference": "Patient/p"}, "type": {"text": "Outside record"},
        "date": "2026-02-03T10:00:00Z",
        "content": [{"attachment": {"contentType": "text/plain", "url": url}}]})
}

/// Renders in a process of its own, as the server does.
fn render() -> RenderPage {
    Arc::new(|bytes, media_type, page, dpi| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_chartroom"))
            .arg("page")
            .args([media_type, &page.to_string(), &dpi.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut input = child.stdin.take().unwrap();
        let bytes = bytes.to_vec();
        let feeding = std::thread::spawn(move || input.write_all(&bytes));
        let output = child.wait_with_output().map_err(|error| error.to_string())?;
        feeding.join().unwrap().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let (length, rest) = output.stdout.split_first_chunk::<8>().unwrap();
        let length = usize::try_from(u64::from_be_bytes(*length)).unwrap();
        let facts: PageFacts = serde_json::from_slice(&rest[..length]).unwrap();
        Ok(PageImage { facts, png: rest[length..].to_vec() })
    })
}

impl Site {
    pub fn new() -> Site {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Directory(folder.path().join("data"));
        let context = Context::system("test", NOON);
        let store = Store::create(&location, &folder.path().join("keys"), &context).unwrap();
        let (page, secret_boxes) = scan();
        assert!(secret_boxes.len() >= SECRETS.len(), "each secret stands on the scan");
        let size = (page.width, page.height);
        let files: [(&str, &str, Vec<u8>); 3] = [
            ("note", "text/plain", TEXT.as_bytes().to_vec()),
            ("pdf", "application/pdf", pdf()),
            ("scan", "image/png", page.to_png()),
        ];
        let patient = json!({"resourceType": "Patient", "id": "p", "birthDate": "1957-03-04",
            "name": [{"family": "Roe", "given": ["Jane"]}]});
        let entry = json!({"resourceType": "Condition", "id": "c", "recordedDate": "2026-02-03",
            "subject": {"reference": "Patient/p"}, "code": {"text": "Sprain of the knee"},
            "note": [{"text": TEXT}]});
        let withheld = json!({"resourceType": "Condition", "id": "w",
            "recordedDate": "2026-02-04", "subject": {"reference": "Patient/p"},
            "code": {"text": "Sarcoidosis of the lung"}, "note": [{"text": "With granulomas"}]});
        let (patient, items) = store
            .write(&context, |t| {
                let put = |t: &mut store::Transaction<'_>, value: &Value| {
                    let body = Prepared::new(value, None)?;
                    let row = t.resource_put(&body, None, store::Action::Create, "test")?;
                    Ok::<_, Error>(row.resource)
                };
                put(t, &patient)?;
                let patient = t.patient_key("p")?.unwrap();
                let mut items = vec![put(t, &entry)?, put(t, &withheld)?];
                for (id, media_type, bytes) in &files {
                    let blob = store.blob_stage(t, SITE_UNIT, bytes)?;
                    let name = record::Private::new(format!("{id} of Tobias Fenwick"));
                    let document = t.document_create(blob, media_type, &name)?;
                    let key = put(t, &described(id, &format!("urn:{}", document.public_id)))?;
                    let moved = store.blob_move(t, blob, patient)?;
                    t.document_index(document.id, moved, key)?;
                    items.push(key);
                }
                Ok::<_, Error>((patient, items))
            })
            .unwrap();
        let render = render();
        Site { store, render, patient, items, secret_boxes, size, _folder: folder }
    }

    fn saves_count(&self, id: i64) -> i64 {
        desk::open(&self.store, &somebody(1), id).unwrap().loaded.row.revision
    }

    fn act(&self, id: i64, action: Action) {
        desk::act(&self.store, &somebody(1), id, self.saves_count(id), action).unwrap();
    }

    /// The packet of the patient's own request: with everything withheld that identifies the
    /// neighbor, or with nothing withheld.
    pub fn packet(&self, redacts: bool) -> (String, Vec<u8>) {
        let id = self.request();
        let decision = if redacts { Decision::Confirm } else { Decision::Reject };
        let store = &self.store;
        let overview = desk::overview(store, &somebody(1), id).unwrap();
        for progress in &overview.documents {
            let ids = (id, progress.document.id);
            desk::review_open(store, &somebody(1), &self.render, ids, (0, 1)).unwrap();
            desk::decide(store, &somebody(1), ids, None, decision).unwrap();
        }
        let section = overview.documents.iter().find_map(|one| one.document.section).unwrap().code;
        let lines = desk::lines_open(store, &somebody(1), &self.render, id, section).unwrap();
        let withheld = lines.lines.iter().filter(|_| redacts);
        for line in withheld.filter(|line| line.cells[0].starts_with("Sarcoidosis")) {
            let ids = (id, line.document.id);
            desk::line_decide(store, &somebody(1), ids, Some("confidence")).unwrap();
        }
        let is_file = |progress: &&desk::Progress| progress.document.section.is_none();
        let scan = overview.documents.iter().rfind(is_file).unwrap().document.id;
        for area in self.secret_boxes.iter().filter(|_| redacts) {
            let at = DrawnAt::Box { page: 1, of: self.size, area: *area };
            let drawn = Drawn { part: 0, at, reason: "another-person".into() };
            desk::draw(store, &somebody(1), (id, scan), &drawn).unwrap();
        }
        self.review_all(id, decision);
        desk::packet_make(store, &somebody(1), &self.render, id).unwrap();
        desk::approve(store, &somebody(2), id, self.saves_count(id)).unwrap();
        desk::packet_file(store, &somebody(2), id).unwrap()
    }

    /// Says that each document is reviewed, until nothing more is proposed.
    fn review_all(&self, id: i64, decision: Decision) {
        for _ in 0..3 {
            let overview = desk::overview(&self.store, &somebody(1), id).unwrap();
            for progress in &overview.documents {
                let ids = (id, progress.document.id);
                let opened =
                    desk::review_open(&self.store, &somebody(1), &self.render, ids, (0, 1));
                let marks = opened.unwrap().marks;
                if marks.iter().any(|mark| mark.state == MarkState::Proposed) {
                    desk::decide(&self.store, &somebody(1), ids, None, decision).unwrap();
                }
                desk::review_mark(&self.store, &somebody(1), ids, true).unwrap();
            }
            if desk::finish(&self.store, &somebody(1), &self.render, id).is_ok() {
                break;
            }
        }
        let opened = desk::open(&self.store, &somebody(1), id).unwrap();
        assert_eq!(opened.loaded.row.state(), StateName::QualityCheck);
    }

    fn request(&self) -> i64 {
        let (store, context) = (&self.store, somebody(1));
        let form = LogForm {
            kind: Some(RequesterKind::Individual),
            name: "Jane Roe".into(),
            channel: Some(Channel::InPerson),
            asked_for: "My records".into(),
            received: "2026-03-01".into(),
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
        let picked = Picked {
            items: self.items.clone(),
            method: Some(Method::Individual),
            reason: "What was asked for".into(),
            ..Picked::default()
        };
        desk::choose(store, &context, id, self.saves_count(id), &picked).unwrap();
        self.act(id, Action::StartReview);
        id
    }
}
