//! One person written in many ways, and people who are easily taken for another.

use super::*;
use crate::person::{Address, Identifier, IdentifierKind, Name, Sex};
use record::{BirthDate, Private};

/// A person of our own making.
fn jane() -> Person {
    Person {
        names: vec![Name::new("Zaleski", "Catherine Ann")],
        birth_date: Some(BirthDate::new("1980-03-14")),
        sex: Some(Sex::Female),
        addresses: vec![Address {
            street: Private::new("12 North Elm Street"),
            city: Private::new("Springfield"),
            state: Private::new("VT"),
            postal_code: Private::new("05156"),
        }],
        phones: vec![Private::new("(802) 555-0142")],
        emails: Vec::new(),
        identifiers: vec![Identifier::new(IdentifierKind::National, "", "531-00-4821")],
        multiple_birth: false,
    }
}

fn named(family: &str, given: &str) -> Vec<Name> {
    vec![Name::new(family, given)]
}

fn without_number(person: Person) -> Person {
    Person { identifiers: Vec::new(), ..person }
}

fn verdict(a: &Person, b: &Person) -> Verdict {
    let there = compare(a, b);
    let back = compare(b, a);
    assert!((there.score - back.score).abs() < 1e-9, "comparing is symmetric");
    assert_eq!(there.verdict, back.verdict);
    there.verdict
}

#[test]
fn one_person_written_in_many_ways() {
    let base = without_number(jane());
    let birth = |text: &str| Some(BirthDate::new(text));
    let table = [
        ("as is", base.clone()),
        ("nickname", Person { names: named("Zaleski", "Kate"), ..base.clone() }),
        ("typing error", Person { names: named("Zalesky", "Catherine"), ..base.clone() }),
        ("names exchanged", Person { names: named("Catherine", "Zaleski"), ..base.clone() }),
        ("shouting", Person { names: named("ZALESKI", "CATHERINE A"), ..base.clone() }),
        ("day and month", Person { birth_date: birth("1980-03-15"), ..base.clone() }),
        ("moved", Person { addresses: Vec::new(), phones: Vec::new(), ..base.clone() }),
        ("no sex", Person { sex: None, ..base.clone() }),
    ];
    for (what, other) in table {
        assert_eq!(verdict(&base, &other), Verdict::Same, "{what}");
    }
}

#[test]
fn relatives_are_never_called_the_same() {
    let base = without_number(jane());
    let birth = |text: &str| Some(BirthDate::new(text));
    let twin = Person { names: named("Zaleski", "Dorothea"), ..base.clone() };
    let known_twin =
        Person { names: named("Zaleski", "Catherina"), multiple_birth: true, ..base.clone() };
    let sister = Person { birth_date: birth("1983-11-02"), ..twin.clone() };
    let mother = Person { birth_date: birth("1955-06-20"), ..base.clone() };
    assert_eq!(verdict(&base, &twin), Verdict::Possible);
    assert_eq!(verdict(&base, &known_twin), Verdict::Possible);
    assert_eq!(verdict(&base, &sister), Verdict::Different);
    assert_eq!(verdict(&base, &mother), Verdict::Possible);
}

#[test]
fn twins_of_names_alike_go_to_a_person() {
    let of = |given: &str| Person { names: named("Zaleski", given), ..without_number(jane()) };
    for (one, other) in
        [("Jayden", "Hayden"), ("Erica", "Eric"), ("Donald", "Ronald"), ("J", "John")]
    {
        assert_eq!(verdict(&of(one), &of(other)), Verdict::Possible, "{one} {other}");
    }
    assert_eq!(verdict(&of("Catherine"), &of("Cathreine")), Verdict::Same, "a typing error");
    let numbered = |given: &str| Person { names: named("Zaleski", given), ..jane() };
    assert_eq!(verdict(&numbered("Hatherine"), &numbered("Catherine")), Verdict::Same);
}

#[test]
fn newborns_without_a_name_go_to_a_person() {
    let of = |given: &str| Person { names: named("Zaleski", given), ..without_number(jane()) };
    for (one, other) in [("Baby Boy", "Leopold"), ("BabyBoyA", "BabyBoyB"), ("Twin1", "Twin2")] {
        assert_eq!(verdict(&of(one), &of(other)), Verdict::Possible, "{one} {other}");
    }
}

#[test]
fn a_number_nearly_the_same_needs_the_family_name() {
    let base = jane();
    let number = |text: &str| vec![Identifier::new(IdentifierKind::National, "", text)];
    let near = Person { identifiers: number("531-00-4812"), ..base.clone() };
    assert_eq!(verdict(&base, &near), Verdict::Same);
    let renamed = Person { names: named("Ahlquist", "Catherine Ann"), ..near };
    assert_eq!(verdict(&base, &renamed), Verdict::Possible);
}

#[test]
fn father_and_son_of_one_name() {
    let father = Person {
        names: vec![Name::new("Zaleski", "Robert").with_suffix("Sr")],
        birth_date: Some(BirthDate::new("1950-01-20")),
        sex: Some(Sex::Male),
        ..without_number(jane())
    };
    let son = Person {
        names: vec![Name::new("Zaleski Jr.", "Robert")],
        birth_date: Some(BirthDate::new("1980-01-21")),
        ..father.clone()
    };
    assert_eq!(verdict(&father, &son), Verdict::Different);
    let undated = Person { birth_date: None, ..son };
    assert_ne!(verdict(&father, &undated), Verdict::Same);
    let numbered = |person: &Person| Person { identifiers: jane().identifiers, ..person.clone() };
    let copied = Person { names: vec![Name::new("Zaleski Jr.", "Robert")], ..father.clone() };
    assert_eq!(verdict(&numbered(&father), &numbered(&copied)), Verdict::Possible);
}

#[test]
fn strangers_and_the_unknown_are_different() {
    let base = jane();
    let namesake = Person {
        names: named("Zaleski", "Catherine"),
        birth_date: Some(BirthDate::new("1944-12-01")),
        ..Person::default()
    };
    let nobody = Person { names: named("Unknown", "Baby Girl"), ..Person::default() };
    assert_eq!(verdict(&base, &Person::default()), Verdict::Different);
    assert_eq!(verdict(&base, &namesake), Verdict::Different);
    assert_eq!(verdict(&nobody, &nobody), Verdict::Different);
}

#[test]
fn a_conflict_of_numbers_goes_to_a_person() {
    let base = jane();
    let numbers = vec![Identifier::new(IdentifierKind::National, "", "219-88-1107")];
    let other = Person { identifiers: numbers, ..base.clone() };
    let found = compare(&base, &other);
    assert_eq!(found.verdict, Verdict::Possible);
    assert_eq!(found.cautions, ["National numbers differ: one is wrong, or they are two people."]);
}

#[test]
fn rare_names_weigh_more() {
    let of = |family: &str| Person {
        names: named(family, "Mary"),
        birth_date: Some(BirthDate::new("1980-03-14")),
        ..Person::default()
    };
    let common = compare(&of("Smith"), &of("Smith")).score;
    let rare = compare(&of("Zaleski"), &of("Zaleski")).score;
    assert!(rare > common + 2.0, "{rare} {common}");
}

#[test]
fn stand_ins_are_no_evidence() {
    let with = |number: &str, phone: &str| Person {
        identifiers: vec![Identifier::new(IdentifierKind::National, "", number)],
        phones: vec![Private::new(phone)],
        ..Person::default()
    };
    let one = with("999-99-9999", "000-000-0000");
    assert_eq!(compare(&one, &one).reasons, []);
}

#[test]
fn reasons_are_sentences_without_data() {
    let found = compare(&jane(), &Person { names: named("Zaleski", "Kate"), ..jane() });
    let shown: Vec<String> = found
        .reasons
        .iter()
        .map(|reason| {
            format!("{:+.1} {}: {}", reason.weight, reason.field.label(), reason.sentence)
        })
        .collect();
    expect_test::expect![[r#"
        +16.5 National number: National numbers are the same.
        +14.5 Birth date: Birth dates are the same.
        +11.5 Family name: Family names are the same.
        +10.8 Telephone: A telephone number is the same.
        +10.0 Address: Addresses are the same.
        +4.6 Given name: One given name is a short form of the other.
        +1.0 Sex: Sex is the same."#]]
    .assert_eq(&shown.join("\n"));
}

proptest::proptest! {
    #[test]
    fn any_two_people_compare(
        family in "\\PC{0,12}", given in "\\PC{0,12}", birth in "\\PC{0,10}",
        street in "\\PC{0,20}", phone in "[0-9() +é-]{0,14}", number in "\\PC{0,12}",
    ) {
        let odd = Person {
            names: vec![Name::new(&family, &given).with_suffix(&given)],
            birth_date: Some(BirthDate::new(birth)),
            addresses: vec![Address {
                street: Private::new(street.clone()),
                postal_code: Private::new(phone.clone()),
                city: Private::new(street),
                ..Address::default()
            }],
            phones: vec![Private::new(phone)],
            identifiers: vec![Identifier::new(IdentifierKind::National, "", &number)],
            ..Person::default()
        };
        let there = compare(&odd, &jane());
        let back = compare(&jane(), &odd);
        proptest::prop_assert!((there.score - back.score).abs() < 1e-9);
        proptest::prop_assert!((0.0..=1.0).contains(&there.probability));
        crate::block::block_keys(&odd);
    }
}
