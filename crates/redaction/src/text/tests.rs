//! Finders as tables: what is found, and what stays.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;
use record::{Mrn, PersonName, Private};

fn found(text: &str, known: &Known) -> Vec<(Class, String)> {
    let cut = |span: &Span| text.chars().skip(span.start).take(span.end - span.start).collect();
    find(text, known).iter().map(|span| (span.class, cut(span))).collect()
}

fn check(table: &[(&str, &[(Class, &str)])]) {
    for (text, expected) in table {
        let expected: Vec<(Class, String)> =
            expected.iter().map(|(class, part)| (*class, (*part).to_owned())).collect();
        assert_eq!(found(text, &Known::default()), expected, "{text}");
    }
}

#[test]
fn contacts() {
    use Class::*;
    check(&[
        ("mail pat@example.org now", &[(Email, "pat@example.org")]),
        ("see https://example.org/a?b=1 today", &[(Url, "https://example.org/a?b=1")]),
        ("host 192.0.2.17 up", &[(Ip, "192.0.2.17")]),
        ("call (312) 555-0142", &[(Telephone, "(312) 555-0142")]),
        ("312.555.0142 x 12", &[(Telephone, "312.555.0142 x 12")]),
        ("on 079 123 45 67", &[(Telephone, "079 123 45 67")]),
        ("Fax: 312-555-0143", &[(Fax, "312-555-0143")]),
        ("312-555-0142x036", &[(Telephone, "312-555-0142x036")]),
        ("pressure 120/80, pulse 72", &[]),
        ("sodium 140, potassium 4.2", &[]),
    ]);
}

#[test]
fn numbers() {
    use Class::*;
    check(&[
        ("SSN 999-12-3456", &[(SocialSecurity, "999-12-3456")]),
        ("MRN: 00123456", &[(MedicalRecord, "00123456")]),
        ("member ID W123456789", &[(HealthPlan, "W123456789")]),
        ("account no. 4417-22-901", &[(Account, "4417-22-901")]),
        ("card 4111 1111 1111 1111", &[(Account, "4111 1111 1111 1111")]),
        ("driver's license D1234567", &[(Licence, "D1234567")]),
        ("VIN 1HGCM82633A004352", &[(Vehicle, "1HGCM82633A004352")]),
        ("pacemaker serial PM-889123", &[(Device, "PM-889123")]),
        ("case #778899", &[(Other, "778899")]),
        ("metoprolol 25 mg, 1000 mL in 2019", &[]),
        ("chart review of 300 patients", &[]),
    ]);
}

#[test]
fn dates_and_ages() {
    use Class::*;
    check(&[
        ("on 03/04/2026", &[(Date, "03/04/2026")]),
        ("on 2026-03-04T10:00:00Z", &[(Date, "2026-03-04T10:00:00Z")]),
        ("March 5th, 2021", &[(Date, "March 5th, 2021")]),
        ("5 March 2021", &[(Date, "5 March 2021")]),
        ("since March 2021", &[(Date, "March 2021")]),
        ("in 2021", &[]),
        ("may 10 percent", &[]),
        ("pain is 7-8/10 today", &[]),
        ("a 92-year-old man", &[(Age, "92-year-old")]),
        ("aged 90", &[(Age, "90")]),
        ("an 89-year-old man", &[]),
        ("a 34 year old", &[]),
    ]);
}

#[test]
fn places() {
    use Class::*;
    check(&[
        ("lives at 12 Oak Hill Road, Apt 4", &[(Geography, "12 Oak Hill Road, Apt 4")]),
        ("P.O. Box 77", &[(Geography, "P.O. Box 77")]),
        ("Smallville, KS 66002", &[(Geography, "Smallville"), (Geography, "66002")]),
        ("seen at Mercy General Hospital", &[(Geography, "Mercy General Hospital")]),
        ("flew to Chicago", &[(Geography, "Chicago")]),
        (
            "treated at St. Jude’s, then at Wexford",
            &[(Geography, "St. Jude’s"), (Geography, "Wexford")],
        ),
        ("PSC 0413, Box 8144", &[(Geography, "PSC 0413, Box 8144")]),
        ("Address: Lindenweg 12, Oberstadt", &[(Geography, "Lindenweg 12, Oberstadt")]),
        ("an office in Gartenstrasse 7", &[(Geography, "Gartenstrasse 7")]),
        ("moved to 12 rue de la Paix", &[(Geography, "12 rue de la Paix")]),
        ("lives at 4 Elm Crossing", &[(Geography, "4 Elm Crossing")]),
        ("admitted to Westfield clinic", &[(Geography, "Westfield clinic")]),
        ("started on Symbicort, as shown in Table 2", &[]),
        ("positive in Crohn's disease and at Baseline testing", &[]),
        ("moved to Ohio", &[]),
    ]);
}

#[test]
fn names_by_context() {
    use Class::*;
    check(&[
        ("Dr. Okonkwo came", &[(Name, "Okonkwo")]),
        ("Dear Ms. Roe-Smith,", &[(Name, "Roe-Smith")]),
        ("Patient: Zebulon Quackenbush", &[(Name, "Zebulon Quackenbush")]),
        ("Roe, Jane A. was seen", &[(Name, "Roe, Jane A.")]),
        ("ROE, JANE", &[(Name, "ROE, JANE")]),
        ("with Anna S. yesterday", &[(Name, "Anna S.")]),
        ("Jane's knee", &[(Name, "Jane")]),
        ("was met by Thurgood Anselmo today", &[(Name, "Thurgood Anselmo")]),
        ("Patient Education was given after the Mini Mental test", &[]),
        ("Electronically signed by Ada Lovelace, MD", &[(Name, "Ada Lovelace")]),
        ("stage 3 COPD, John Whitlow came", &[(Name, "John Whitlow")]),
        ("under Dr. A. Barnes", &[(Name, "A. Barnes")]),
        ("with Sarah White", &[(Name, "Sarah White")]),
        ("they call her Ximena", &[(Name, "Ximena")]),
        ("a note. Oswaldine lives alone", &[(Name, "Oswaldine")]),
        ("good Respiratory Effort, seen in Internal Medicine", &[]),
        ("grew Escherichia Coli on Western Blot", &[]),
        ("Parkinson disease and Crohn disease", &[]),
        ("Blood pressure was normal. Follow up.", &[]),
    ]);
}

#[test]
fn what_is_known_is_found_however_written() {
    let known = Known {
        names: vec![PersonName::new("Quackenbush, Zebulon")],
        dates: vec![date(1950, 7, 4)],
        mrns: vec![Mrn::new("A-00123")],
        telephones: vec![Private::new("(312) 555-0142")],
        emails: Vec::new(),
        addresses: vec![Private::new("Evergreen Terrace")],
        numbers: Vec::new(),
    };
    let table = [
        ("zebulon came", Class::Name, "zebulon"),
        ("QUACKENBUSH, ZEBULON came", Class::Name, "QUACKENBUSH, ZEBULON"),
        ("Zebulon Quackenbush's knee", Class::Name, "Zebulon Quackenbush"),
        ("born 7/4/50", Class::Date, "7/4/50"),
        ("born July 4, 1950", Class::Date, "July 4, 1950"),
        ("chart A00123", Class::MedicalRecord, "A00123"),
        ("3125550142", Class::Telephone, "3125550142"),
        ("on evergreen terrace", Class::Geography, "evergreen terrace"),
    ];
    for (text, class, part) in table {
        assert_eq!(found(text, &known), [(class, part.to_owned())], "{text}");
    }
    assert_eq!(found("Zebulonian", &known), [], "whole words only");
}

#[test]
fn a_family_name_alone_is_forbidden_too() {
    let text = "Patient: Zebulon Quackenbush, on 2026-03-04";
    let parts = forbidden_parts(text, &find(text, &Known::default()));
    assert_eq!(parts, ["2026-03-04", "Quackenbush", "Zebulon", "Zebulon Quackenbush"]);
}

#[test]
fn every_class_has_its_letter() {
    let letters: String = Class::ALL.iter().map(|class| class.letter()).collect();
    assert_eq!(letters, "ABCCDEFGHIJKLMNOPQR");
    assert_eq!(Class::Ip.citation().text, "45 CFR 164.514(b)(2)(i)(O)");
}

proptest! {
    /// Spans are sorted, don't overlap, and lie inside the text, whatever it holds.
    #[test]
    fn spans_are_in_order(text in "(?s).{0,200}") {
        let count = text.chars().count();
        let mut last = 0;
        for span in find(&text, &Known::default()) {
            prop_assert!(last <= span.start && span.start < span.end && span.end <= count);
            last = span.end;
        }
        for proposal in sensitive::propose(&text) {
            prop_assert!(proposal.start < proposal.end && proposal.end <= count);
        }
    }
}
