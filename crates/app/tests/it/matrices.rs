//! Every state and every action of the lifecycles that the store keeps by itself: documents that
//! wait for their index, labels, clients, absences, accountings, letters.
//!
//! Each cell starts from a store of its own; it names the state afterwards, or the refusal.

use crate::app::{NOON, TestStore, somebody};
use ::app::Error;
use ::app::administration::{self, ClientForm};
use ::app::release::{self as desk, LogForm};
use ::app::work;
use ::app::{documents, fhir, labels};
use expect_test::expect;
use jiff::civil::date;
use record::{Context, LabelMask, PatientKey, Private, Role, SensitiveClass};
use release::requester::RequesterKind;
use store::SITE_UNIT;
use store::release::Channel;

pub(crate) type Done = Result<(), Error>;
pub(crate) type Named<T> = [(&'static str, T)];

/// The matrix: each action in each state, and what became of it.
pub(crate) fn matrix<S>(
    states: &Named<fn() -> S>,
    actions: &Named<fn(&S) -> Done>,
    state_of: fn(&S) -> String,
) -> String {
    let mut matrix = String::new();
    for (is, begin) in states {
        for (what, act) in actions {
            let site = begin();
            assert_eq!(state_of(&site), *is, "the state that the row begins with");
            let after = match act(&site) {
                Ok(()) => state_of(&site),
                Err(error) => {
                    assert_eq!(state_of(&site), *is, "a refusal changes nothing");
                    format!("refused: {error}")
                }
            };
            matrix += &format!("{is} + {what} = {after}\n");
        }
    }
    matrix
}

pub(crate) fn system() -> Context {
    Context::system("test", NOON)
}

fn technician() -> Context {
    somebody(1, Role::Technician)
}

fn supervisor() -> Context {
    Context { cleared: LabelMask::ALL, ..somebody(2, Role::Supervisor) }
}

pub(crate) fn administrator() -> Context {
    somebody(3, Role::Administrator)
}

fn release_desk() -> Context {
    somebody(4, Role::ReleaseSpecialist)
}

/// A document that came in, and a patient whose it may be.
struct Paper {
    test: TestStore,
    id: String,
    patient: PatientKey,
}

fn paper() -> Paper {
    let test = TestStore::new();
    let patient = test.patient("p", "Roe", "Jane", "1957-03-04");
    let made = test.store.write(&system(), |t| {
        let blob = test.store.blob_stage(t, SITE_UNIT, b"A letter about knees.")?;
        t.document_create(blob, "text/plain", &Private::new("a.txt"))
    });
    Paper { id: made.unwrap().public_id, patient, test }
}

impl Paper {
    fn index(&self) -> Done {
        let form = documents::IndexForm {
            patient: Some(self.patient),
            loinc: "34108-1".into(),
            date: "2026-02-20".into(),
            title: "Letter".into(),
            ..documents::IndexForm::default()
        };
        documents::index(&self.test.store, &technician(), &self.id, &form).map(|_| ())
    }

    fn set_aside(&self) -> Done {
        documents::set_aside(&self.test.store, &technician(), &self.id, "blank")
    }

    fn log(&self) -> Done {
        let form = LogForm {
            kind: Some(RequesterKind::Attorney),
            name: "Pat Quimby".into(),
            channel: Some(Channel::Mail),
            asked_for: "All letters".into(),
            received: "2026-03-01".into(),
            document: self.id.clone(),
            ..LogForm::default()
        };
        desk::log(&self.test.store, &release_desk(), &form).map(|_| ())
    }

    fn state(&self) -> String {
        let found = self.test.store.look(&system(), |view| {
            let document = view.document_by_public_id(&self.id)?.ok_or(store::Error::NotFound)?;
            let request = view.release_request_of_document(document.id)?;
            let work = view.work_about("index-document", document.id)?;
            Ok::<_, Error>((document.state, request.is_some(), work.is_some()))
        });
        let (state, is_request, waits) = found.unwrap();
        let is_unindexed = state == store::document::DocumentState::Unindexed;
        assert!(!waits || is_unindexed, "only what waits is work");
        match is_request {
            true => format!("{} with its request", state.as_str()),
            false => state.as_str().to_owned(),
        }
    }
}

/// Judged: one way out of the queue and one way back; the letter of a request stays with it.
#[test]
fn a_document_that_came_in() {
    let indexed = || {
        let paper = paper();
        paper.index().unwrap();
        paper
    };
    let aside = || {
        let paper = paper();
        paper.set_aside().unwrap();
        paper
    };
    let letter = || {
        let paper = paper();
        paper.log().unwrap();
        paper
    };
    expect![[r#"
        unindexed + index = indexed
        unindexed + take the index back = refused: This document is not indexed, so there is no index to take back.
        unindexed + set aside = set-aside
        unindexed + take back = refused: This document is not set aside. Load the page again.
        unindexed + log as a request = set-aside with its request
        indexed + index = refused: This document is indexed already. Take its index back first.
        indexed + take the index back = unindexed
        indexed + set aside = refused: This document is indexed already. Take its index back first.
        indexed + take back = refused: This document is not set aside. Load the page again.
        indexed + log as a request = refused: This document was indexed or set aside meanwhile.
        set-aside + index = refused: This document is set aside. Put it back into the queue first.
        set-aside + take the index back = refused: This document is not indexed, so there is no index to take back.
        set-aside + set aside = refused: This document is set aside. Put it back into the queue first.
        set-aside + take back = unindexed
        set-aside + log as a request = refused: This document was indexed or set aside meanwhile.
        set-aside with its request + index = refused: This document is set aside. Put it back into the queue first.
        set-aside with its request + take the index back = refused: This document is not indexed, so there is no index to take back.
        set-aside with its request + set aside = refused: This document is set aside. Put it back into the queue first.
        set-aside with its request + take back = refused: This is the letter of a request for release, and stays with it.
        set-aside with its request + log as a request = refused: This letter belongs to another request already.
    "#]].assert_eq(&matrix(
        &[
            ("unindexed", paper),
            ("indexed", indexed),
            ("set-aside", aside),
            ("set-aside with its request", letter),
        ],
        &[
            ("index", Paper::index),
            ("take the index back", |paper| {
                documents::unindex(&paper.test.store, &technician(), &paper.id)
            }),
            ("set aside", Paper::set_aside),
            ("take back", |paper| {
                documents::take_back(&paper.test.store, &technician(), &paper.id)
            }),
            ("log as a request", Paper::log),
        ],
        Paper::state,
    ));
}

/// A chart with or without a label.
struct Labelled {
    test: TestStore,
    patient: PatientKey,
}

impl Labelled {
    fn new() -> Labelled {
        let test = TestStore::new();
        let patient = test.patient("p", "Roe", "Jane", "1957-03-04");
        Labelled { test, patient }
    }

    fn standing() -> Labelled {
        let site = Labelled::new();
        site.put().unwrap();
        site
    }

    fn ended() -> Labelled {
        let site = Labelled::standing();
        site.end().unwrap();
        site
    }

    fn put(&self) -> Done {
        let class = Some(SensitiveClass::Vip);
        labels::put(&self.test.store, &supervisor(), self.patient, None, class, "asked").map(|_| ())
    }

    fn end(&self) -> Done {
        let history = labels::list(&self.test.store, &supervisor(), self.patient, None)?.history;
        let id = history.first().map_or(0, |(label, _)| label.id);
        labels::end(&self.test.store, &supervisor(), self.patient, id)
    }

    fn state(&self) -> String {
        let list = labels::list(&self.test.store, &supervisor(), self.patient, None).unwrap();
        let (open, ended): (Vec<_>, Vec<_>) =
            list.history.iter().partition(|(_, ended)| ended.is_none());
        match (open.len(), ended.len()) {
            (0, 0) => "none".to_owned(),
            (1, 0) => "stands".to_owned(),
            (0, 1) => "ended".to_owned(),
            (1, 1) => "stands again".to_owned(),
            other => format!("{other:?}"),
        }
    }
}

/// Judged: a label stands once, with its source, and what has ended stays in the history.
#[test]
fn a_label() {
    expect![[r#"
        none + put = stands
        none + put without its source = refused: Say where it comes from: a unit, a notice, a request.
        none + end = refused: There is nothing here, or nothing that you may see.
        stands + put = refused: This label stands there already.
        stands + put without its source = refused: Say where it comes from: a unit, a notice, a request.
        stands + end = ended
        ended + put = stands again
        ended + put without its source = refused: Say where it comes from: a unit, a notice, a request.
        ended + end = refused: There is nothing here, or nothing that you may see.
    "#]].assert_eq(&matrix(
        &[("none", Labelled::new), ("stands", Labelled::standing), ("ended", Labelled::ended)],
        &[
            ("put", Labelled::put),
            ("put without its source", |site| {
                let class = Some(SensitiveClass::Vip);
                let store = &site.test.store;
                labels::put(store, &supervisor(), site.patient, None, class, " ").map(|_| ())
            }),
            ("end", Labelled::end),
        ],
        Labelled::state,
    ));
}

/// A program that calls, with its token.
struct Program {
    test: TestStore,
    token: String,
}

fn program() -> Program {
    let test = TestStore::new();
    let form = ClientForm {
        name: "Registry".into(),
        role: Some(Role::Analyst),
        scopes: "system/*.read".into(),
        cleared: LabelMask::NONE,
    };
    let token = administration::client_create(&test.store, &administrator(), &form).unwrap();
    Program { test, token }
}

impl Program {
    fn end(&self) -> Done {
        let clients = administration::clients(&self.test.store, &administrator())?;
        administration::client_end(&self.test.store, &administrator(), clients[0].id)
    }

    fn is_let_in(&self) -> bool {
        let caller = fhir::caller(&self.test.store, NOON, Some(&self.token), "test");
        caller.unwrap().is_some()
    }

    fn state(&self) -> String {
        let clients = administration::clients(&self.test.store, &administrator()).unwrap();
        let is_ended = clients[0].ended_at.is_some();
        assert_eq!(self.is_let_in(), !is_ended, "an ended token opens nothing");
        if is_ended { "ended" } else { "in use" }.to_owned()
    }
}

/// Judged: an ended token opens nothing, and its name is never another program's.
#[test]
fn a_client_and_its_token() {
    let ended = || {
        let program = program();
        program.end().unwrap();
        program
    };
    expect![[r#"
        in use + call = in use
        in use + end = ended
        in use + register another of its name = refused: There is, or was, a client named Registry. Give this one another name.
        ended + call = refused: the token is no longer known
        ended + end = refused: There is nothing here, or nothing that you may see.
        ended + register another of its name = refused: There is, or was, a client named Registry. Give this one another name.
    "#]]
    .assert_eq(&matrix(
        &[("in use", program), ("ended", ended)],
        &[
            ("call", |program| match program.is_let_in() {
                true => Ok(()),
                false => Err(Error::Forbidden("the token is no longer known".into())),
            }),
            ("end", Program::end),
            ("register another of its name", |program| {
                let form = ClientForm {
                    name: "Registry".into(),
                    role: Some(Role::Analyst),
                    scopes: "system/*.read".into(),
                    cleared: LabelMask::NONE,
                };
                administration::client_create(&program.test.store, &administrator(), &form)
                    .map(|_| ())
            }),
        ],
        Program::state,
    ));
}

/// Days on which a person is away.
struct Away {
    test: TestStore,
}

fn away() -> Away {
    let test = TestStore::new();
    let made = test.store.write(&system(), |t| {
        let person = t.person_create("ada", "Ada", "x", false)?;
        t.absence_create(person, date(2026, 3, 1), date(2026, 3, 9)).map(|_| ())
    });
    made.unwrap();
    Away { test }
}

impl Away {
    fn list(&self) -> Vec<store::absence::Absence> {
        self.test.store.look(&system(), |view| view.absence_list(date(2026, 3, 2))).unwrap()
    }
}

#[test]
fn an_absence_ends_once() {
    let away = away();
    let absence = away.list()[0].id;
    work::absence_end(&away.test.store, &supervisor(), absence).unwrap();
    assert_eq!(away.list(), []);
    let again = work::absence_end(&away.test.store, &supervisor(), absence);
    assert!(matches!(again, Err(Error::NotFound)));
}

/// An accounting that a patient asked for.
struct Asked {
    test: TestStore,
    patient: PatientKey,
}

fn nothing_asked() -> Asked {
    let test = TestStore::new();
    let patient = test.patient("p", "Roe", "Jane", "1957-03-04");
    Asked { test, patient }
}

fn asked() -> Asked {
    let site = nothing_asked();
    site.ask().unwrap();
    site
}

fn given() -> Asked {
    let site = asked();
    site.give().unwrap();
    site
}

fn sent() -> Asked {
    let site = given();
    site.send().unwrap();
    site
}

impl Asked {
    fn row(&self) -> Option<store::release::AccountingRow> {
        let patient = self.patient;
        self.test.store.look(&system(), |view| view.accounting_list(patient)).unwrap().pop()
    }

    fn ask(&self) -> Done {
        desk::ask(&self.test.store, &release_desk(), self.patient, "2026-03-01", "")
    }

    fn give(&self) -> Done {
        let id = self.row().map_or(0, |row| row.id);
        desk::give(&self.test.store, &release_desk(), id).map(|_| ())
    }

    fn send(&self) -> Done {
        let letter = self.row().and_then(|row| row.letter).unwrap_or(0);
        desk::letter_sent(&self.test.store, &release_desk(), letter)
    }

    fn state(&self) -> String {
        let Some(row) = self.row() else { return "nothing asked".to_owned() };
        let Some(letter) = row.letter else { return "asked".to_owned() };
        let letter = desk::letter(&self.test.store, &release_desk(), letter).unwrap();
        let is_sent = letter.letter.sent_at.is_some();
        if is_sent { "given, its letter sent" } else { "given" }.to_owned()
    }
}

/// Judged: given once, sent once; the letter is there only once it is given.
#[test]
fn an_accounting_and_its_letter() {
    expect![[r#"
        nothing asked + give = refused: There is nothing here, or nothing that you may see.
        nothing asked + send its letter = refused: There is nothing here, or nothing that you may see.
        asked + give = given
        asked + send its letter = refused: There is nothing here, or nothing that you may see.
        given + give = refused: This accounting was given already.
        given + send its letter = given, its letter sent
        given, its letter sent + give = refused: This accounting was given already.
        given, its letter sent + send its letter = refused: This letter is marked as sent already.
    "#]].assert_eq(&matrix(
        &[
            ("nothing asked", nothing_asked),
            ("asked", asked),
            ("given", given),
            ("given, its letter sent", sent),
        ],
        &[("give", Asked::give), ("send its letter", Asked::send)],
        Asked::state,
    ));
}
