//! The vocabulary of the tests: a site with two charts, and somebody of every role.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use record::{
    ContentHash, Context, Instant, PatientKey, Private, ResourceKey, Role, SensitiveClass,
};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::audit::{AuditRow, AuditSearch};
use store::{Action, Location, Prepared, SITE_UNIT, Store, Transaction};
use tower::ServiceExt;

/// 2026-03-02 at noon, UTC.
pub const NOON: Instant = Instant(1_772_452_800_000_000);

/// A site in a folder of its own. Its clock stands until a test moves it.
pub struct TestApp {
    pub store: Arc<Store>,
    pub router: Router,
    /// The chart that everyone whose role opens charts may open.
    pub own: Chart,
    /// The chart of a person in the public eye: hidden from everyone here.
    pub hidden: Chart,
    /// A document that waits for its index.
    pub document: String,
    pub document_key: i64,
    pub facility: i64,
    /// A possible duplicate of the two charts.
    pub pair: i64,
    people: Vec<(Role, i64)>,
    seconds: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

/// A chart and what is in it.
#[derive(Clone, Debug)]
pub struct Chart {
    pub patient: PatientKey,
    pub encounter: i64,
    pub condition: i64,
    pub note: i64,
    /// The coding of the encounter.
    pub coding: i64,
    /// A deficiency of the encounter, opened by hand for the provider of the tests.
    pub deficiency: i64,
    /// What the release desk has about it.
    pub release: Release,
}

/// Rows of the release desk about one chart.
#[derive(Clone, Debug, Default)]
pub struct Release {
    /// A request of the patient, its basis chosen, at revision 2.
    pub request: i64,
    /// A request that was denied, its review asked for, at revision 3.
    pub denied: i64,
    /// The letter of the denial.
    pub letter: i64,
    /// A disclosure.
    pub disclosure: i64,
    /// An accounting that was asked for.
    pub asked: i64,
    /// A request in review, at revision 7.
    pub reviewed: i64,
    /// The document that goes out with it, and a proposed mark on it.
    pub document: i64,
    /// A line that goes out with it.
    pub line: i64,
    /// A request at quality check, its packet made.
    pub checked: i64,
    /// Its revision.
    pub checked_revision: i64,
}

/// What came back.
pub struct Answered {
    pub status: StatusCode,
    pub location: String,
    pub text: String,
}

impl TestApp {
    pub fn new() -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let context = Context::system("test", NOON);
        let location = Location::Directory(path("data"));
        let store = Arc::new(Store::create(&location, Path::new(&path("keys")), &context).unwrap());
        let facility = store
            .write(&context, |t| t.facility_create("Main hospital", "America/New_York", "urn:mrn"))
            .unwrap();
        let people: Vec<(Role, i64)> =
            Role::ALL.iter().map(|role| (*role, person(&store, *role))).collect();
        let mut own = chart(&store, "own", "Roe", "100001", "1957-03-04");
        let mut hidden = chart(&store, "hidden", "Quill", "100002", "1961-07-09");
        ::app::coding::find_work(&store, &context, None).unwrap();
        for (work, _) in store.look(&context, |view| view.coding_list(true, 10)).unwrap() {
            let chart = if work.patient == own.patient { &mut own } else { &mut hidden };
            chart.coding = work.id;
        }
        ::app::completion::find(&store, &context, None).unwrap();
        let provider = people_of(&people, Role::Provider);
        for chart in [&mut own, &mut hidden] {
            chart.deficiency = deficiency(&store, chart, provider);
        }
        own.release = release(&store, &own);
        hidden.release = release(&store, &hidden);
        store
            .write(&context, |t| t.label_put(hidden.patient, None, SensitiveClass::Vip, "asked"))
            .unwrap();
        let document = store
            .write(&context, |t| {
                let blob = store.blob_stage(t, SITE_UNIT, b"A letter about knees.")?;
                t.document_create(blob, "text/plain", &Private::new("a.txt"))
            })
            .unwrap();
        let pair = identity::Pair::new(own.patient, hidden.patient).unwrap();
        let evidence = ContentHash::of(b"evidence");
        let pair = store.write(&context, |t| t.duplicate_create(pair, 0.5, evidence)).unwrap();
        let seconds = Arc::new(AtomicI64::new(0));
        TestApp {
            router: router(&store, &seconds, false),
            store,
            own,
            hidden,
            document_key: document.id,
            document: document.public_id,
            facility,
            pair,
            people,
            seconds,
            _folder: folder,
        }
    }

    /// The same site, served over TLS.
    pub fn over_tls(mut self) -> TestApp {
        self.router = router(&self.store, &self.seconds, true);
        self
    }

    /// One more chart of a person in the public eye, with all that the hidden chart has.
    pub fn add_veiled(&self) {
        let context = Context::system("test", NOON);
        let veiled = chart(&self.store, "veiled", "Roe", "100003", "1957-03-04");
        ::app::coding::find_work(&self.store, &context, None).unwrap();
        release(&self.store, &veiled);
        let label = |t: &mut Transaction<'_>| {
            t.label_put(veiled.patient, None, SensitiveClass::Vip, "asked").map(|_| ())
        };
        self.store.write(&context, label).unwrap();
    }

    /// One more encounter of the chart that everybody may open, under a label, with work of every
    /// desk: entries, a document, codes to come, a deficiency, a signature, a quality finding.
    pub fn add_veiled_encounter(&self) {
        let context = Context::system("test", NOON);
        let patient = self.own.patient;
        let (subject, stay) =
            (json!({"reference": "Patient/own"}), json!({"reference": "Encounter/veiled-e"}));
        let encounter = json!({"resourceType": "Encounter", "id": "veiled-e",
            "status": "finished", "subject": subject,
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                "code": "IMP"},
            "period": {"start": "2026-02-11T10:00:00Z", "end": "2026-02-14T10:00:00Z"}});
        let condition = json!({"resourceType": "Condition", "id": "veiled-c",
            "subject": subject, "code": {"text": "Knee, again"}, "encounter": stay});
        let note = json!({"resourceType": "DocumentReference", "id": "veiled-d",
            "status": "current", "subject": subject, "type": {"text": "Letter"},
            "context": {"encounter": [stay]},
            "content": [{"attachment": {"contentType": "text/plain", "data": "S25lZQ=="}}]});
        let put_all = |t: &mut Transaction<'_>| {
            let encounter = put(t, &encounter)?;
            let key = ResourceKey(encounter);
            t.label_put(patient, Some(key), SensitiveClass::Vip, "asked")?;
            let note = put(t, &note)?;
            t.quality_open(&store::quality::Failing {
                check: "document_kind_missing",
                resource: ResourceKey(note),
                patient,
                sentence: "The document has no kind. Look at it, and choose one.",
            })?;
            let sign = store::work::NewWork {
                kind: "authenticate",
                subject: note,
                patient: Some(patient),
                role: Role::Provider,
                due_at: Some(NOON),
                reason: "Sign it.",
            };
            t.work_open(&sign)?;
            Ok::<_, store::Error>((encounter, put(t, &condition)?, note))
        };
        let (encounter, condition, note) = self.store.write(&context, put_all).unwrap();
        ::app::coding::find_work(&self.store, &context, None).unwrap();
        ::app::completion::find(&self.store, &context, None).unwrap();
        let chart = Chart {
            encounter,
            condition,
            note,
            coding: 0,
            deficiency: 0,
            release: Release::default(),
            patient,
        };
        deficiency(&self.store, &chart, self.person(Role::Provider));
        ::app::integrity::recheck_due(&self.store, &context).unwrap();
    }

    /// Lets time pass.
    pub fn wait_seconds(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The account of the person with this role.
    pub fn person(&self, role: Role) -> i64 {
        people_of(&self.people, role)
    }

    /// Reads a page as somebody, or as nobody.
    pub async fn get(&self, role: Option<Role>, path: &str) -> Answered {
        self.ask("GET", role, path, "").await
    }

    /// Posts a form (`a=1&b=2`) as somebody, with the token of their session.
    pub async fn post(&self, role: Option<Role>, path: &str, fields: &str) -> Answered {
        self.ask("POST", role, path, fields).await
    }

    /// Asks for anything.
    pub async fn ask(
        &self,
        method: &str,
        role: Option<Role>,
        path: &str,
        fields: &str,
    ) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(role) = role {
            let token = token(role);
            let csrf = ContentHash::of(format!("csrf:{token}").as_bytes()).to_hex();
            request = request
                .header(header::COOKIE, format!("{}={token}", "chartroom_session"))
                .header("x-csrf", &csrf[..32]);
        }
        let kind = match fields.starts_with("--") {
            true => "multipart/form-data; boundary=x",
            false => "application/x-www-form-urlencoded",
        };
        let request = request.header(header::CONTENT_TYPE, kind);
        let request = request.body(Body::from(fields.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
        let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        Answered {
            status,
            location: location.unwrap_or_default().to_owned(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// The newest entries of the audit trail.
    pub fn trail(&self, limit: i64) -> Vec<AuditRow> {
        let search = AuditSearch { limit, ..AuditSearch::default() };
        let context = Context::system("test", NOON);
        self.store.look(&context, |view| view.audit_list(&search)).unwrap()
    }
}

/// The pages and the API of a store, by a clock that tests move.
fn router(store: &Arc<Store>, seconds: &Arc<AtomicI64>, secure: bool) -> Router {
    let clock = seconds.clone();
    web::router(web::Site {
        store: store.clone(),
        now: Arc::new(move || NOON.plus_seconds(clock.load(Ordering::Relaxed))),
        demonstration: false,
        secure,
        render_page: Arc::new(::app::pages_of::render),
    })
}

/// The token of the one session that somebody of this role has.
fn token(role: Role) -> String {
    ContentHash::of(role.as_str().as_bytes()).to_hex()
}

fn person(store: &Store, role: Role) -> i64 {
    let context = Context::system("test", NOON);
    store
        .write(&context, |t| {
            let name = format!("{} of the tests", role.label());
            let person = t.person_create(role.as_str(), &name, "no password", false)?;
            t.person_roles_put(person, &[role])?;
            t.session_create(ContentHash::of(token(role).as_bytes()), person)?;
            Ok::<_, store::Error>(person)
        })
        .unwrap()
}

fn people_of(people: &[(Role, i64)], role: Role) -> i64 {
    people.iter().find(|(known, _)| *known == role).unwrap().1
}

/// Opens a deficiency by hand: a consultation that no rule asks for.
fn deficiency(store: &Store, chart: &Chart, provider: i64) -> i64 {
    let form = ::app::completion::HandForm {
        encounter: chart.encounter,
        kind: "missing-document".to_owned(),
        loinc: "11488-4".to_owned(),
        account: Some(provider),
        days: "14".to_owned(),
        note: "The consultation of the second day.".to_owned(),
        ..Default::default()
    };
    ::app::completion::open_by_hand(store, &Context::system("test", NOON), &form).unwrap()
}

/// Puts a resource as it would come by import; returns its key.
pub fn put(transaction: &mut Transaction<'_>, resource: &Value) -> Result<i64, store::Error> {
    let prepared = Prepared::new(resource, None)?;
    Ok(transaction.resource_put(&prepared, None, Action::Create, "")?.resource.0)
}

/// What the release desk has about a patient.
fn release(store: &Store, chart: &Chart) -> Release {
    let (patient, note) = (chart.patient, chart.note);
    use ::app::release as desk;
    use ::release::lifecycle::{Action, DenialGround};
    let context = Context::system("test", NOON);
    let basis = ::release::Basis::Access;
    let request = || {
        let form = desk::LogForm {
            kind: Some(::release::requester::RequesterKind::Individual),
            name: "Jane Roe".into(),
            channel: Some(store::release::Channel::InPerson),
            asked_for: "The letter about the knee".into(),
            received: "2026-03-01".into(),
            ..desk::LogForm::default()
        };
        let id = desk::log(store, &context, &form).unwrap();
        desk::act(store, &context, id, 0, Action::Identify { patient }).unwrap();
        desk::act(store, &context, id, 1, Action::ChooseBasis { basis }).unwrap();
        id
    };
    let denied = request();
    let ground = DenialGround::DangerToLife;
    let deny = Action::Deny { ground, explanation: "A threat was recorded".into() };
    desk::act(store, &context, denied, 2, deny).unwrap();
    desk::review_asked(store, &context, denied).unwrap();
    let form = desk::DisclosureForm {
        on: "2026-02-20".into(),
        recipient: "County Health".into(),
        description: "A laboratory result".into(),
        purpose: "Reportable disease".into(),
        disclosure: Some(::release::accounting::Disclosure::Impermissible),
        ..desk::DisclosureForm::default()
    };
    desk::disclose(store, &context, patient, &form).unwrap();
    desk::ask(store, &context, patient, "2026-03-01", "").unwrap();
    let page = desk::accounting(store, &context, patient).unwrap();
    let reviewed = request();
    review(store, &context, reviewed, &[note, chart.condition]);
    let checked = request();
    review(store, &context, checked, &[note]);
    let render: ::app::pages_of::RenderPage = Arc::new(::app::pages_of::render);
    let overview = desk::overview(store, &context, checked).unwrap();
    let ids = (checked, overview.documents[0].document.id);
    desk::review_open(store, &context, &render, ids, (0, 1)).unwrap();
    desk::review_mark(store, &context, ids, true).unwrap();
    desk::finish(store, &context, &render, checked).unwrap();
    desk::packet_make(store, &context, &render, checked).unwrap();
    let overview = desk::overview(store, &context, reviewed).unwrap();
    let ids = (reviewed, overview.documents[0].document.id);
    desk::review_open(store, &context, &render, ids, (0, 1)).unwrap();
    desk::lines_open(store, &context, &render, reviewed, "11450-4").unwrap();
    Release {
        reviewed,
        document: ids.1,
        line: overview.documents[1].document.id,
        checked,
        checked_revision: desk::overview(store, &context, checked).unwrap().case.revision,
        request: request(),
        letter: desk::open(store, &context, denied).unwrap().letters[0].id,
        denied,
        disclosure: page.disclosures[0].disclosed.id,
        asked: page.asked[0].id,
    }
}

/// Brings a request of access into review, with these entries chosen.
fn review(store: &Store, context: &Context, id: i64, items: &[i64]) {
    use ::app::release as desk;
    use ::release::lifecycle::Action;
    use ::release::requester::{Authority, IdentityProof};
    let verify = desk::VerifyForm {
        identity: vec![IdentityProof::PhotoId],
        authority: Some(Authority::Themselves),
        ..desk::VerifyForm::default()
    };
    desk::put_verification(store, context, id, 2, &verify).unwrap();
    let answers = [("individual", "yes"), ("directive", "no")];
    let answers = answers.map(|(id, answer)| (id.to_owned(), answer.to_owned()));
    let check = desk::CheckForm { answers: answers.into(), ..desk::CheckForm::default() };
    desk::put_answers(store, context, id, 3, &check).unwrap();
    desk::act(store, context, id, 4, Action::Validate).unwrap();
    let picked = desk::Picked {
        items: items.iter().copied().map(record::ResourceKey).collect(),
        method: Some(::release::minimum_necessary::Method::Individual),
        reason: "What was asked for".into(),
        ..desk::Picked::default()
    };
    desk::choose(store, context, id, 5, &picked).unwrap();
    desk::act(store, context, id, 6, Action::StartReview).unwrap();
}

fn chart(store: &Store, id: &str, family: &str, mrn: &str, born: &str) -> Chart {
    let context = Context::system("test", NOON);
    let subject = json!({"reference": format!("Patient/{id}")});
    let patient = json!({"resourceType": "Patient", "id": id, "gender": "female",
        "birthDate": born, "name": [{"family": family, "given": ["Jane"]}],
        "identifier": [{"system": "urn:mrn", "value": mrn,
            "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                                 "code": "MR"}]}}]});
    let encounter = json!({"resourceType": "Encounter", "id": format!("{id}-e"),
        "status": "finished", "subject": subject,
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "period": {"start": "2026-02-01T10:00:00Z", "end": "2026-02-04T10:00:00Z"}});
    let condition = json!({"resourceType": "Condition", "id": format!("{id}-c"),
        "subject": subject, "code": {"text": "Sprain of the knee"},
        "encounter": {"reference": format!("Encounter/{id}-e")}});
    let note = json!({"resourceType": "DocumentReference", "id": format!("{id}-d"),
        "status": "current", "subject": subject, "type": {"text": "Letter"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "S25lZSBwYWlu"}}]});
    store
        .write(&context, |t| {
            put(t, &patient)?;
            Ok::<_, store::Error>(Chart {
                encounter: put(t, &encounter)?,
                condition: put(t, &condition)?,
                note: put(t, &note)?,
                coding: 0,
                deficiency: 0,
                release: Release::default(),
                patient: t.patient_key(id)?.unwrap(),
            })
        })
        .unwrap()
}
