//! Lines of a chart that go out as tables: chosen by section, withheld line by line.

use crate::release::{RECEIVED, Site, site, somebody};
use app::Error;
use app::release::{self as desk, Picked, Which};
use record::{Context, Private, SensitiveClass};
use redaction::mark::MarkState;
use release::lifecycle::{Action, StateName};
use serde_json::{Value, json};
use store::Prepared;

const PROBLEMS: &str = "11450-4";
const VITALS: &str = "8716-3";

fn problem(id: &str, title: &str, note: &str) -> Value {
    json!({"resourceType": "Condition", "id": id, "recordedDate": "2026-02-03",
        "subject": {"reference": "Patient/p"}, "code": {"text": title},
        "clinicalStatus": {"coding": [{"code": "active"}]}, "note": [{"text": note}]})
}

fn pulse(id: &str, day: &str, rate: u32) -> Value {
    json!({"resourceType": "Observation", "id": id, "status": "final",
        "category": [{"coding": [{"code": "vital-signs"}]}],
        "subject": {"reference": "Patient/p"}, "code": {"text": "Heart rate"},
        "effectiveDateTime": day, "valueQuantity": {"value": rate, "unit": "/min"}})
}

/// A chart with five problems, one of a Part 2 program, one entered in error, and two pulses.
fn with_lines() -> Site {
    let site = site();
    let context = Context::system("test", crate::release::NOON);
    let mut mistaken = problem("mistaken", "Wrong patient gout", "");
    mistaken["verificationStatus"] = json!({"coding": [{"code": "entered-in-error"}]});
    let entries = [
        problem("knee", "Sprain of the knee", "Brought by her neighbor Tobias Fenwick."),
        problem("lung", "Sarcoidosis of the lung", ""),
        problem("program", "Opioid dependence", ""),
        mistaken,
        pulse("one", "2026-02-03", 72),
        pulse("two", "2026-02-04", 181),
    ];
    site.store
        .write(&context, |t| {
            for entry in &entries {
                let body = Prepared::new(entry, None)?;
                let row = t.resource_put(&body, None, store::Action::Create, "test")?;
                if entry["id"] == "program" {
                    let class = SensitiveClass::SubstanceUseCounselling;
                    t.label_put(site.patient, Some(row.resource), class, "Part 2 program")?;
                }
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    site
}

fn lines(site: &Site, id: i64, section: &str) -> desk::LinesOpened {
    desk::lines_open(&site.store, &somebody(1), &site.render, id, section).unwrap()
}

fn line_of(opened: &desk::LinesOpened, cell: usize, words: &str) -> i64 {
    let line = opened.lines.iter().find(|line| line.cells[cell] == words);
    line.expect("a line with these words").document.id
}

#[test]
fn sections_go_out_as_tables_and_withheld_lines_are_in_no_stream() {
    let site = with_lines();
    let all = |code: &str| (code.to_owned(), Which::All);
    let id = site.request_of(
        RECEIVED,
        &Picked {
            items: vec![site.note],
            sections: vec![all(PROBLEMS), all(VITALS)],
            ..Picked::default()
        },
    );
    let (store, context) = (&site.store, somebody(1));
    let problems = lines(&site, id, PROBLEMS);
    let titles: Vec<&str> = problems.lines.iter().map(|line| line.cells[0].as_str()).collect();
    assert_eq!(titles.len(), 2, "neither the program's nor the mistaken one: {titles:?}");

    // A name inside of a line waits; the line of the lung goes whole.
    let early = desk::lines_review(store, &context, id, PROBLEMS, true).unwrap_err().to_string();
    assert!(early.contains("wait for a decision"), "{early}");
    let knee = line_of(&problems, 0, "Sprain of the knee");
    desk::decide(store, &context, (id, knee), None, redaction::mark::Decision::Confirm).unwrap();
    let lung = line_of(&problems, 0, "Sarcoidosis of the lung");
    assert!(desk::line_decide(store, &context, (id, lung), Some("nonsense")).is_err());
    desk::line_decide(store, &context, (id, lung), Some("confidence")).unwrap();
    let vitals = lines(&site, id, VITALS);
    let fast = line_of(&vitals, 1, "181 /min");
    desk::line_decide(store, &context, (id, fast), Some("outside-scope")).unwrap();
    let seen = lines(&site, id, VITALS);
    let is_fast = |line: &&desk::LineShown| line.document.id == fast;
    assert!(seen.lines.iter().find(is_fast).unwrap().is_withheld());

    let next = desk::lines_review(store, &context, id, PROBLEMS, true).unwrap();
    assert!(next.is_some(), "the note and the pulses are left");
    desk::lines_review(store, &context, id, VITALS, true).unwrap();
    let note = desk::overview(store, &context, id).unwrap().documents[0].document.id;
    let marks = site.open(id, note).marks;
    assert!(marks.iter().all(|mark| mark.state == MarkState::Proposed));
    desk::decide(store, &context, (id, note), None, redaction::mark::Decision::Confirm).unwrap();
    site.reviewed(id, note).unwrap();
    site.finish(id).unwrap();
    site.make(id).unwrap();
    let own = desk::approve(store, &context, id, site.saves_count(id)).unwrap_err().to_string();
    assert!(own.contains("A second person"), "{own}");
    let second = lines(&site, id, PROBLEMS);
    assert_eq!(second.lines.len(), 2, "who checks sees the lines");
    desk::approve(store, &somebody(2), id, site.saves_count(id)).unwrap();

    let (_, bytes) = desk::packet_file(store, &context, id).unwrap();
    for absent in ["Sarcoidosis", "181 /min", "Fenwick", "Opioid dependence", "gout"] {
        assert!(redaction::verify_packet(&bytes, &[absent.into()]).is_empty(), "{absent}");
    }
    for there in ["Sprain of the knee", "Heart rate", "72 /min", "Diagnoses and problems"] {
        assert!(!redaction::verify_packet(&bytes, &[there.into()]).is_empty(), "{there}");
    }
    site.act(id, Action::Deliver { how: "in person".into(), to: Private::new("Jane Roe") });
    assert_eq!(site.state(id), StateName::Delivered);
    let page = desk::accounting(store, &context, site.patient).unwrap();
    let described = &page.disclosures[0].disclosed.entry.description;
    let expected = "1 document, Diagnoses and problems (2 lines), Vital signs (2 lines), \
                    2026-02-03 to 2026-02-04";
    assert_eq!(described, expected);
    let opened = desk::open(store, &context, id).unwrap();
    let decided: Vec<(&str, usize)> =
        opened.decided.iter().map(|one| (one.title.as_str(), one.count)).collect();
    let (problems, vitals) = ("Diagnoses and problems", "Vital signs");
    assert_eq!(decided, [("Letter", 1), (problems, 2), (vitals, 2), (problems, 1)]);
}

#[test]
fn a_section_is_chosen_whole_in_part_or_not_and_only_within_the_scope() {
    let site = with_lines();
    let id = site.request_of(RECEIVED, &Picked { items: vec![site.note], ..Picked::default() });
    let (store, context) = (&site.store, somebody(1));
    let back = Action::SendBack { to: StateName::Validated, why: "More is asked for".into() };
    site.act(id, back);
    let page = desk::choosing(store, &context, id, &[VITALS.to_owned()]).unwrap();
    let group = |page: &desk::Choosing, code: &str| {
        page.groups.iter().find(|group| group.section.code == code).unwrap().clone()
    };
    let problems = group(&page, PROBLEMS);
    assert_eq!((problems.may_go_count, problems.out.len(), problems.chosen_count), (2, 1, 0));
    let vitals = group(&page, VITALS).lines.unwrap();
    assert_eq!(vitals[0].kind, "181 /min", "the newest first");

    // One pulse by itself, all problems; then the pulse is kept, and the problems are left out.
    let pick = |items: &[record::ResourceKey], sections: &[(&str, Which)]| {
        let sections = sections.iter().map(|(code, which)| ((*code).to_owned(), *which));
        let picked =
            Picked { items: items.to_vec(), sections: sections.collect(), ..Picked::default() };
        desk::choose(store, &context, id, site.saves_count(id), &picked).unwrap();
        let page = desk::choosing(store, &context, id, &[]).unwrap();
        (group(&page, PROBLEMS).chosen_count, group(&page, VITALS).chosen_count)
    };
    let newest = vitals[0].item.key;
    let both = pick(&[newest], &[(VITALS, Which::Named), (PROBLEMS, Which::All)]);
    assert_eq!(both, (2, 1));
    assert_eq!(pick(&[site.note], &[(VITALS, Which::Kept)]), (0, 1));

    // A scope that names kinds leaves other sections out.
    let scope = desk::ScopeForm {
        recipient_name: "Jane Roe".into(),
        kinds: vec![PROBLEMS.to_owned()],
        from: "2026-02-01".into(),
        ..desk::ScopeForm::default()
    };
    desk::put_scope(store, &context, id, site.saves_count(id), &scope).unwrap();
    let page = desk::choosing(store, &context, id, &[]).unwrap();
    assert_eq!(group(&page, VITALS).may_go_count, 0);
    assert!(group(&page, VITALS).out[0].0.reason.contains("scope doesn't name"));
    assert!(group(&page, PROBLEMS).is_named);
}
