//! Requests from the log to the accounting, on a store of their own.

use super::act::{carry_out, load};
use super::*;
use crate::Error;
use record::{
    Actor, ContentHash, Context, Instant, LabelMask, PatientKey, Private, PurposeOfUse,
    ResourceKey, Role, SensitiveClass,
};
use release::Basis;
use release::basis::ElementKind;
use release::lifecycle::{Action, DenialGround, HoldReason, Packet, StateName};
use release::minimum_necessary::Method;
use release::requester::{Authority, IdentityProof, RequesterKind};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use store::release::Channel;
use store::{Location, Prepared as Body, Store};

/// 2026-03-02 at noon, UTC.
const NOON: Instant = Instant(1_772_452_800_000_000);

struct Site {
    store: Store,
    patient: PatientKey,
    note: ResourceKey,
    part2: ResourceKey,
    _folder: tempfile::TempDir,
}

/// Somebody of the desk, cleared for everything.
fn somebody(id: i64, role: Role) -> Context {
    Context {
        actor: Actor::Person { id },
        roles: vec![role],
        purpose: PurposeOfUse::Release,
        at: NOON,
        cleared: LabelMask::ALL,
        opened: Vec::new(),
        request_id: String::new(),
    }
}

fn clerk() -> Context {
    somebody(1, Role::ReleaseSpecialist)
}

fn site() -> Site {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Directory(folder.path().join("data"));
    let context = Context::system("test", NOON);
    let store = Store::create(&location, &folder.path().join("keys"), &context).unwrap();
    let note = |id: &str| {
        json!({"resourceType": "DocumentReference", "id": id, "status": "current",
            "subject": {"reference": "Patient/p"}, "type": {"text": "Letter"},
            "date": "2026-02-03T10:00:00Z",
            "content": [{"attachment": {"contentType": "text/plain", "data": "S25lZQ=="}}]})
    };
    let patient = json!({"resourceType": "Patient", "id": "p", "birthDate": "1957-03-04",
        "name": [{"family": "Roe", "given": ["Jane"]}]});
    let (patient, note, part2) = store
        .write(&context, |t| {
            let mut keys = Vec::new();
            for resource in [&patient, &note("n"), &note("sud")] {
                let body = Body::new(resource, None)?;
                keys.push(t.resource_put(&body, None, store::Action::Create, "test")?.resource);
            }
            let patient = t.patient_key("p")?.unwrap();
            let class = SensitiveClass::SubstanceUse;
            t.label_put(patient, Some(keys[2]), class, "Part 2 program")?;
            Ok::<_, Error>((patient, keys[1], keys[2]))
        })
        .unwrap();
    Site { store, patient, note, part2, _folder: folder }
}

impl Site {
    /// A request as it is logged, with the patient identified.
    fn request(&self, kind: RequesterKind, stated_due: &str) -> i64 {
        let form = LogForm {
            kind: Some(kind),
            name: "Pat Quimby".into(),
            channel: Some(Channel::Mail),
            asked_for: "All letters".into(),
            received: "2026-03-01".into(),
            stated_due: stated_due.into(),
            jurisdiction: "MA".into(),
            ..LogForm::default()
        };
        let id = log(&self.store, &clerk(), &form).unwrap();
        self.act(id, Action::Identify { patient: self.patient }).unwrap();
        id
    }

    fn open(&self, id: i64) -> Opened {
        open(&self.store, &clerk(), id).unwrap()
    }

    fn changes(&self, id: i64) -> i64 {
        self.open(id).loaded.row.revision
    }

    fn state(&self, id: i64) -> StateName {
        self.open(id).loaded.row.state()
    }

    fn act(&self, id: i64, action: Action) -> Result<(), Error> {
        act(&self.store, &clerk(), id, self.changes(id), action)
    }

    /// An action on a request whose review and packet are done, as their desk would have it.
    fn act_with_packet(&self, id: i64, person: i64, action: Action) -> Result<(), Error> {
        let context = somebody(person, Role::ReleaseSpecialist);
        let revision = self.changes(id);
        self.store.write(&context, |transaction| {
            let mut loaded = load(transaction, id, revision)?;
            let packet = Packet {
                hash: ContentHash::of(b"packet"),
                pages: 1,
                leaks: 0,
                has_part2_statement: true,
            };
            loaded.prepared = Prepared { packet: Some(packet), ..Prepared::default() };
            carry_out(transaction, &context, &loaded, action)
        })
    }

    fn verify(&self, id: i64, authority: Authority) {
        let form = VerifyForm {
            identity: vec![IdentityProof::PhotoId],
            authority: Some(authority),
            document: "the form of 1 Mar 2026".into(),
            ..VerifyForm::default()
        };
        put_verification(&self.store, &clerk(), id, self.changes(id), &form).unwrap();
    }

    /// Right answers to everything that the checklist asks, but these.
    fn answer(&self, id: i64, wrong: &[(&str, &str)]) {
        let form = right_answers(&self.open(id).checklist, wrong);
        put_answers(&self.store, &clerk(), id, self.changes(id), &form).unwrap();
    }

    fn validated(&self, basis: Basis, kind: RequesterKind, authority: Authority) -> i64 {
        let id = self.request(kind, "");
        self.act(id, Action::ChooseBasis { basis }).unwrap();
        self.verify(id, authority);
        let refused = self.act(id, Action::Validate);
        assert!(matches!(refused, Err(Error::Refused(_))), "{basis:?} without answers");
        self.answer(id, &[]);
        self.act(id, Action::Validate).unwrap_or_else(|error| panic!("{basis:?}: {error}"));
        id
    }

    fn choose(&self, id: i64, items: &[ResourceKey]) -> Result<(), Error> {
        let picked = Picked {
            items: items.to_vec(),
            method: Some(Method::Individual),
            reason: "What was asked for".into(),
            is_expressly_named: true,
            ..Picked::default()
        };
        choose(&self.store, &clerk(), id, self.changes(id), &picked)
    }
}

fn right_answers(checklist: &[Asked], wrong: &[(&str, &str)]) -> CheckForm {
    let mut answers = BTreeMap::new();
    for asked in checklist {
        let right = match asked.element.kind {
            ElementKind::Must | ElementKind::OneOf(_) => "yes",
            ElementKind::MustNot | ElementKind::Fact => "no",
        };
        let wrong = wrong.iter().find(|(element, _)| *element == asked.element.id);
        let answer = wrong.map_or(right, |(_, answer)| answer);
        answers.insert(asked.element.id.clone(), answer.to_owned());
    }
    CheckForm { answers, jurisdiction: "MA".into() }
}

#[test]
fn a_patients_own_request_passes_without_an_authorization_form() {
    let site = site();
    let id = site.validated(Basis::Access, RequesterKind::Individual, Authority::Themselves);
    let opened = site.open(id);
    let asked: Vec<&str> = opened.checklist.iter().map(|one| &*one.element.id).collect();
    assert!(asked.iter().all(|id| !id.contains("signature")), "{asked:?}");
    let hold = Action::Hold { reasons: vec![HoldReason::SignedForm], note: None };
    let refused = site.act(id, hold).unwrap_err().to_string();
    assert!(refused.contains("No signed form may be asked for"), "{refused}");
    let bill = Action::Hold { reasons: vec![HoldReason::UnpaidBill], note: None };
    assert!(site.act(id, bill).is_err());
    // Their own record of a Part 2 program is theirs to see (42 CFR 2.23).
    site.choose(id, &[site.note, site.part2]).unwrap();
    assert_eq!(site.state(id), StateName::Selected);
}

#[test]
fn a_defective_authorization_is_held_with_a_letter_that_names_what_is_wrong() {
    let site = site();
    let id = site.request(RequesterKind::Attorney, "");
    site.act(id, Action::ChooseBasis { basis: Basis::Authorization }).unwrap();
    site.verify(id, Authority::NamedInForm);
    site.answer(id, &[("expired", "2026-02-28"), ("signature", "no")]);
    let refused = site.act(id, Action::Validate).unwrap_err().to_string();
    assert!(refused.contains("2 element(s)"), "{refused}");
    let evaluation = site.open(id).loaded.evaluation.unwrap();
    let elements: Vec<String> = evaluation.missing().map(|one| one.id.clone()).collect();
    assert_eq!(elements, ["signature", "expired"]);
    let reasons = vec![HoldReason::MissingElements { elements }];
    site.act(id, Action::Hold { reasons, note: None }).unwrap();
    let opened = site.open(id);
    assert_eq!(opened.loaded.row.state(), StateName::OnHold);
    let text = opened.letters[0].letter.to_text();
    assert!(text.contains("Sign the authorization. (45 CFR 164.508(c)(1)(vi))"), "{text}");
    assert!(text.contains("has expired. Send a new one. (45 CFR 164.508(b)(2)(i))"), "{text}");
    letter_sent(&site.store, &clerk(), opened.letters[0].id).unwrap();
    assert!(letter_sent(&site.store, &clerk(), opened.letters[0].id).is_err());
    // What came in is answered anew: it goes back to where its basis is validated.
    site.answer(id, &[]);
    site.act(id, Action::Resume { note: "New form came".into() }).unwrap();
    assert_eq!(site.state(id), StateName::Identified);
    site.act(id, Action::Validate).unwrap();
}

#[test]
fn a_request_for_what_others_hold_goes_back_with_a_letter_that_says_where() {
    let site = site();
    let id = site.request(RequesterKind::Individual, "");
    let reason = "The films are held by Elm Street Imaging. Ask there.";
    site.act(id, Action::Return { reason: reason.into() }).unwrap();
    let opened = site.open(id);
    assert_eq!(opened.loaded.row.state(), StateName::Returned);
    assert_eq!(opened.letters.len(), 1);
    let text = opened.letters[0].letter.to_text();
    assert!(text.contains(reason) && text.contains("45 CFR 164.524(d)(3)"), "{text}");
}

#[test]
fn a_part_2_document_stays_out_without_a_consent_or_an_exception() {
    let site = site();
    let id = site.validated(Basis::Authorization, RequesterKind::Attorney, Authority::NamedInForm);
    let page = choosing(&site.store, &clerk(), id, &[]).unwrap();
    let out = |page: &Choosing| {
        let one = page.candidates.iter().find(|one| one.item.key == site.part2).unwrap();
        one.out.as_ref().map(|out| out.citation.text.clone())
    };
    assert_eq!(out(&page).as_deref(), Some("42 CFR 2.12, 2.13(a)"));
    let refused = site.choose(id, &[site.note, site.part2]).unwrap_err().to_string();
    assert!(refused.contains("42 CFR 2.12"), "{refused}");
    site.choose(id, &[site.note]).unwrap();
    let withheld: Vec<_> = site.open(id).decided.iter().map(|one| one.document.clone()).collect();
    assert!(withheld.iter().any(|one| {
        one.resource == site.part2 && matches!(one.choice, store::release::Choice::Withheld { .. })
    }));
    // A consent whose checklist isn't satisfied covers nothing.
    let consent = Some(Basis::Part2Consent);
    let unanswered = CheckForm { jurisdiction: "MA".into(), ..CheckForm::default() };
    put_cover(&site.store, &clerk(), id, site.changes(id), consent, &unanswered).unwrap();
    assert!(site.choose(id, &[site.part2]).is_err());
    let form = right_answers(&site.open(id).cover, &[]);
    put_cover(&site.store, &clerk(), id, site.changes(id), consent, &form).unwrap();
    assert_eq!(out(&choosing(&site.store, &clerk(), id, &[]).unwrap()), None);
    site.choose(id, &[site.note, site.part2]).unwrap();
    // A basis that says nothing of Part 2 is no cover.
    let revision = site.changes(id);
    let wrong = put_cover(&site.store, &clerk(), id, revision, Some(Basis::Payment), &form);
    assert!(matches!(wrong, Err(Error::Refused(_))));
}

/// Bases whose releases the patient's accounting lists: 164.512 but for (k)(2) and (k)(5), HHS,
/// and Part 2 without consent but for emergencies.
const LISTED: &[Basis] = &[
    Basis::RequiredByLaw,
    Basis::PublicHealth,
    Basis::Abuse,
    Basis::Oversight,
    Basis::CourtOrder,
    Basis::Subpoena,
    Basis::LawEnforcement,
    Basis::Coroner,
    Basis::Donation,
    Basis::Research,
    Basis::Threat,
    Basis::Military,
    Basis::ProtectiveServices,
    Basis::MedicalSuitability,
    Basis::PublicBenefits,
    Basis::WorkersCompensation,
    Basis::Hhs,
    Basis::Part2Research,
    Basis::Part2Audit,
    Basis::Part2CourtOrder,
];

#[test]
fn the_accounting_lists_exactly_what_it_must_of_a_release_on_every_basis() {
    let site = site();
    let mut numbers = BTreeMap::new();
    // A death of long ago is no basis for one who lives: it has a test of its own.
    let all: Vec<&Basis> =
        Basis::ALL.iter().filter(|basis| **basis != Basis::LongDeceased).collect();
    for basis in all.iter().copied() {
        let (kind, authority) = match basis {
            Basis::Access => (RequesterKind::Individual, Authority::Themselves),
            _ => (RequesterKind::Other, Authority::Judgement),
        };
        let id = site.validated(*basis, kind, authority);
        site.choose(id, &[site.note]).unwrap_or_else(|error| panic!("{basis:?}: {error}"));
        let to = || Action::Deliver { how: "mail".into(), to: Private::new("Pat Quimby") };
        assert!(site.act_with_packet(id, 1, to()).is_err(), "{basis:?}: not yet");
        for action in
            [Action::StartReview, Action::FinishReview { note: None }, Action::FinishRedaction]
        {
            site.act_with_packet(id, 1, action).unwrap();
        }
        assert!(site.act(id, Action::Approve { fee: None }).is_err(), "no packet");
        let own = site.act_with_packet(id, 1, Action::Approve { fee: None }).unwrap_err();
        assert!(own.to_string().contains("A second person checks"), "{own}");
        site.act_with_packet(id, 2, Action::Approve { fee: None }).unwrap();
        let other = Action::Deliver { how: "mail".into(), to: Private::new("Somebody else") };
        assert!(site.act_with_packet(id, 1, other).is_err(), "{basis:?}: wrong recipient");
        site.act_with_packet(id, 1, to()).unwrap();
        site.act(id, Action::Close).unwrap();
        numbers.insert(site.open(id).loaded.request().number.clone(), *basis);
    }
    let page = accounting(&site.store, &clerk(), site.patient).unwrap();
    assert_eq!(page.disclosures.len(), all.len(), "each release is written down");
    let number = |entry: &release::accounting::Entry| numbers[entry.request.as_ref().unwrap()];
    let listed: BTreeSet<Basis> = page.account.entries.iter().map(number).collect();
    assert_eq!(listed, LISTED.iter().copied().collect());
    assert_eq!(page.account.entries.len(), LISTED.len());
    let list = worklist(&site.store, &clerk(), Part::Ended).unwrap();
    assert_eq!(list.listed.len(), all.len());
    assert_eq!(list.turnaround.delivered_count, all.len() as u64);
    assert_eq!(list.turnaround.days_max, 1);
}

/// Records the death of the patient.
fn died(site: &Site, date: &str) {
    let patient = json!({"resourceType": "Patient", "id": "p", "birthDate": "1900-03-04",
        "deceasedDateTime": date, "name": [{"family": "Roe", "given": ["Jane"]}]});
    let done = site.store.write(&Context::system("test", NOON), |t| {
        let row = t.resource("Patient", "p")?;
        let body = Body::new(&patient, None)?;
        t.resource_put(&body, row.as_ref(), store::Action::Update, "test").map(|_| ())
    });
    done.unwrap();
}

#[test]
fn a_record_of_one_long_dead_goes_out_without_any_form_and_part_2_stays() {
    let site = site();
    let id = site.request(RequesterKind::Other, "");
    let refused = |id: i64| site.act(id, Action::Validate).unwrap_err().to_string();
    site.act(id, Action::ChooseBasis { basis: Basis::LongDeceased }).unwrap();
    site.verify(id, Authority::Judgement);
    site.answer(id, &[]);
    assert!(refused(id).contains("holds no date of death"), "{}", refused(id));
    // A year alone may be its last day.
    died(&site, "1976");
    assert!(refused(id).contains("protected until 2026-12-31"), "{}", refused(id));
    died(&site, "1976-03-01");
    site.act(id, Action::Validate).unwrap();
    let form = Action::Hold { reasons: vec![HoldReason::SignedForm], note: None };
    assert!(site.act(id, form).is_err(), "no form is asked for");
    let part2 = site.choose(id, &[site.note, site.part2]).unwrap_err().to_string();
    assert!(part2.contains("Part 2 program"), "{part2}");
    site.choose(id, &[site.note]).unwrap();
    for action in [Action::StartReview, Action::FinishReview { note: None }] {
        site.act_with_packet(id, 1, action).unwrap();
    }
    site.act_with_packet(id, 1, Action::FinishRedaction).unwrap();
    site.act_with_packet(id, 2, Action::Approve { fee: None }).unwrap();
    // A corrected date of death counts on the day of delivery, too.
    let deliver = || Action::Deliver { how: "mail".into(), to: Private::new("Pat Quimby") };
    died(&site, "1986-03-01");
    assert!(site.act_with_packet(id, 1, deliver()).is_err());
    died(&site, "1976-03-01");
    site.act_with_packet(id, 1, deliver()).unwrap();
    let page = accounting(&site.store, &clerk(), site.patient).unwrap();
    assert_eq!((page.disclosures.len(), page.account.entries.len()), (1, 0));
}

#[test]
fn a_suspended_disclosure_is_kept_and_not_told() {
    let site = site();
    let (store, context) = (&site.store, clerk());
    let form = DisclosureForm {
        on: "2026-02-20".into(),
        recipient: "Wrong fax number".into(),
        description: "One letter".into(),
        purpose: "Sent by mistake".into(),
        disclosure: Some(release::accounting::Disclosure::Impermissible),
        ..DisclosureForm::default()
    };
    disclose(store, &context, site.patient, &form).unwrap();
    let lacking = DisclosureForm { purpose: String::new(), ..form.clone() };
    assert!(matches!(disclose(store, &context, site.patient, &lacking), Err(Error::Invalid(_))));
    let page = accounting(store, &context, site.patient).unwrap();
    assert_eq!(page.account.entries.len(), 1);
    let id = page.disclosures[0].disclosed.id;
    let oral = SuspensionForm {
        from: "2026-03-01".into(),
        agency: "State police, Sgt. Doe".into(),
        ..SuspensionForm::default()
    };
    suspend(store, &context, id, &oral).unwrap();
    ask(store, &context, site.patient, "2026-03-02", "").unwrap();
    let page = accounting(store, &context, site.patient).unwrap();
    assert_eq!((page.account.entries.len(), page.account.suspended), (0, 1));
    assert_eq!(page.asked[0].due_on, "2026-05-01", "60 days, 164.528(c)(1)");
    let letter_id = give(store, &context, page.asked[0].id).unwrap();
    let text = letter(store, &context, letter_id).unwrap().letter.letter.to_text();
    assert!(text.contains("There are none.") && !text.contains("fax"), "{text}");
    assert!(matches!(give(store, &context, page.asked[0].id), Err(Error::Conflict(_))));
}

#[test]
fn due_dates_follow_the_clock_of_the_basis() {
    let site = site();
    let due = |id: i64| {
        let due = site.open(id).loaded.request().due.clone().unwrap();
        (due.on.to_string(), due.citation.text)
    };
    let law = "45 CFR 164.524(b)(2)";
    let stated = "The date that the request itself states";
    let own = site.request(RequesterKind::Individual, "2026-03-05");
    assert_eq!(due(own), ("2026-03-31".into(), law.into()), "the law's, whatever is stated");
    let court = site.request(RequesterKind::Court, "2026-03-12");
    assert_eq!(due(court), ("2026-03-12".into(), stated.into()));
    let attorney = site.request(RequesterKind::Attorney, "");
    assert!(due(attorney).1.contains("own goal"));
    site.act(own, Action::ChooseBasis { basis: Basis::Access }).unwrap();
    let until = jiff::civil::date(2026, 4, 30);
    let late = jiff::civil::date(2026, 5, 1);
    let extend = |reason: &str, until| Action::Extend { reason: reason.into(), until };
    assert!(site.act(own, extend("", until)).is_err(), "a reason is stated");
    assert!(site.act(own, extend("Paper volume in storage", late)).is_err(), "30 days at most");
    site.act(own, extend("Paper volume in storage", until)).unwrap();
    assert_eq!(due(own).0, "2026-04-30");
    assert!(site.act(own, extend("Again", until)).is_err(), "once");
    let letter = site.open(own).letters[0].letter.to_text();
    assert!(letter.contains("Paper volume in storage") && letter.contains("2026-04-30"));
    site.answer(own, &[]);
    assert_eq!(due(own).0, "2026-04-30", "answers leave the extension as it is");
    let work = |store: &Store| store.look(&clerk(), |view| view.work_about(WORK_KIND, own));
    let end_of_day = Instant::parse("2026-04-30T23:59:59Z");
    assert_eq!(work(&site.store).unwrap().unwrap().due_at, end_of_day);
    site.act(own, Action::Cancel { reason: "Withdrawn".into() }).unwrap();
    assert!(work(&site.store).unwrap().is_none(), "nothing is left to do");
}

#[test]
fn a_denial_is_written_and_reviewed_by_a_provider_who_took_no_part() {
    let site = site();
    let id = site.request(RequesterKind::Individual, "");
    site.act(id, Action::ChooseBasis { basis: Basis::Access }).unwrap();
    let deny = |ground| Action::Deny { ground, explanation: "A threat was recorded".into() };
    assert!(site.act(id, deny(DenialGround::BasisNotMet)).is_err(), "no ground of access");
    site.act(id, deny(DenialGround::DangerToLife)).unwrap();
    let text = site.open(id).letters[0].letter.to_text();
    assert!(text.contains("Your right to a review") && text.contains("How to complain"));
    let provider = somebody(9, Role::Provider);
    assert!(matches!(open_denial(&site.store, &provider, id), Err(Error::NotFound)));
    review_asked(&site.store, &clerk(), id).unwrap();
    open_denial(&site.store, &provider, id).unwrap();
    let review = Action::ReviewDenial { upheld: false, explanation: "No danger now".into() };
    let mine = act(&site.store, &clerk(), id, site.changes(id), review.clone());
    assert!(matches!(mine, Err(Error::Forbidden(_))));
    act(&site.store, &provider, id, site.changes(id), review).unwrap();
    let text = site.open(id).letters[0].letter.to_text();
    assert!(text.contains("does not stand") && text.contains("No danger now"), "{text}");
    assert_eq!(site.state(id), StateName::Identified);
}

#[test]
fn who_worked_meanwhile_is_not_overwritten() {
    let site = site();
    let id = site.request(RequesterKind::Individual, "");
    let stale = site.changes(id) - 1;
    let basis = Action::ChooseBasis { basis: Basis::Access };
    let refused = act(&site.store, &clerk(), id, stale, basis);
    assert!(matches!(refused, Err(Error::Conflict(_))));
}
