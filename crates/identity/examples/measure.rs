//! Measures matching on a folder of labelled files: `cargo run --example measure -- FOLDER`.
//!
//! Reads whichever of these it finds: `febrl/dataset*.csv`, `splink-fake-1000/fake_1000.csv`,
//! `recordlinker/*.csv`. Prints precision, recall and F1 over thresholds, for the general model and
//! for one learned without labels. With `show` behind the folder, the tests whose verdict is not
//! the one expected are listed with their reasons.

use identity::block::{BLOCK_RECORDS_MAX, prepared_block_keys};
use identity::estimate::learn;
use identity::levels::levels;
use identity::{
    Address, Identifier, IdentifierKind, Model, Name, NameUse, Person, Prepared, Sex, Verdict,
    candidate_pairs, compare_with,
};
use record::{BirthDate, Private};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::time::Instant;

struct Labelled {
    person: Person,
    cluster: String,
    expected: String,
}

fn main() {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("Give the folder that holds febrl, splink-fake-1000 and recordlinker.");
        std::process::exit(2);
    };
    let folder = Path::new(&folder);
    for name in ["dataset1", "dataset2", "dataset3"] {
        measure(name, &read(&folder.join("febrl").join(format!("{name}.csv")), febrl));
    }
    let mut four = read(&folder.join("febrl/dataset4a.csv"), febrl);
    four.extend(read(&folder.join("febrl/dataset4b.csv"), febrl));
    measure("dataset4", &four);
    measure("splink", &read(&folder.join("splink-fake-1000/fake_1000.csv"), splink));
    let seed = read(&folder.join("recordlinker/nbs_seed.csv"), recordlinker);
    for name in ["nbs_test", "better_test"] {
        let file = folder.join("recordlinker").join(format!("{name}.csv"));
        graded(name, &seed, &read(&file, recordlinker));
    }
}

type Row = HashMap<String, String>;

fn read(path: &Path, make: fn(&Row) -> Labelled) -> Vec<Labelled> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut rows = csv(&text).into_iter();
    let head: Vec<String> =
        rows.next().unwrap_or_default().iter().map(|name| name.trim().to_lowercase()).collect();
    rows.filter(|fields| fields.len() > 1)
        .map(|fields| head.iter().cloned().zip(fields).collect::<Row>())
        .map(|row| make(&row))
        .collect()
}

fn csv(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    for letter in text.chars() {
        let row = rows.last_mut().expect("there is a row");
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' => {}
            other => row.last_mut().expect("there is a field").push(other),
        }
    }
    rows
}

fn field<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).map_or("", |text| text.trim())
}

fn national(text: &str) -> Vec<Identifier> {
    let given = (!text.is_empty()).then(|| Identifier::new(IdentifierKind::National, "", text));
    given.into_iter().collect()
}

fn febrl(row: &Row) -> Labelled {
    let street = ["street_number", "address_1", "address_2"].map(|name| field(row, name)).join(" ");
    let person = Person {
        names: vec![Name::new(field(row, "surname"), field(row, "given_name"))],
        birth_date: Some(BirthDate::new(field(row, "date_of_birth"))),
        addresses: vec![Address {
            street: Private::new(street.trim()),
            city: Private::new(field(row, "suburb")),
            state: Private::new(field(row, "state")),
            postal_code: Private::new(field(row, "postcode")),
        }],
        identifiers: national(field(row, "soc_sec_id")),
        ..Person::default()
    };
    let id = field(row, "rec_id");
    let cluster = id.split('-').nth(1).unwrap_or(id).to_owned();
    Labelled { person, cluster, expected: String::new() }
}

fn splink(row: &Row) -> Labelled {
    let person = Person {
        names: vec![Name::new(field(row, "surname"), field(row, "first_name"))],
        birth_date: Some(BirthDate::new(field(row, "dob"))),
        addresses: vec![Address { city: Private::new(field(row, "city")), ..Address::default() }],
        emails: vec![Private::new(field(row, "email"))],
        ..Person::default()
    };
    Labelled { person, cluster: field(row, "cluster").to_owned(), expected: String::new() }
}

/// `9/13/49` as `1949-09-13`: the file's short years are of the last century where over 26.
fn iso_date(text: &str) -> String {
    let parts: Vec<u32> = text.split('/').filter_map(|part| part.parse().ok()).collect();
    match parts.as_slice() {
        [month, day, year] if *year < 100 => {
            let century = if *year > 26 { 1900 } else { 2000 };
            format!("{:04}-{month:02}-{day:02}", century + year)
        }
        [month, day, year] if *month <= 12 => format!("{year:04}-{month:02}-{day:02}"),
        [year, month, day] => format!("{year:04}-{month:02}-{day:02}"),
        _ => text.to_owned(),
    }
}

fn recordlinker(row: &Row) -> Labelled {
    let given = field(row, "first");
    let mut names = vec![Name::new(field(row, "last"), given).with_suffix(field(row, "suffix"))];
    if !field(row, "maiden").is_empty() {
        names.push(Name::new(field(row, "maiden"), given).used_as(NameUse::Maiden));
    }
    let person = Person {
        names,
        birth_date: Some(BirthDate::new(iso_date(field(row, "birthdate")))),
        sex: Sex::parse(field(row, "gender")),
        addresses: vec![Address {
            street: Private::new(field(row, "address")),
            city: Private::new(field(row, "city")),
            state: Private::new(field(row, "state")),
            postal_code: Private::new(field(row, "zip")),
        }],
        identifiers: national(field(row, "ssn")),
        ..Person::default()
    };
    Labelled {
        person,
        cluster: field(row, "match id").to_owned(),
        expected: field(row, "expected result").to_owned(),
    }
}

fn measure(name: &str, people: &[Labelled]) {
    if people.is_empty() {
        return;
    }
    let started = Instant::now();
    let prepared: Vec<Prepared> = people.iter().map(|one| Prepared::new(&one.person)).collect();
    let keys: Vec<Vec<String>> = prepared.iter().map(prepared_block_keys).collect();
    let candidates = candidate_pairs(&keys, BLOCK_RECORDS_MAX);
    let general = Model::default();
    candidates.iter().for_each(|(a, b)| {
        std::hint::black_box(compare_with(&prepared[*a], &prepared[*b], &general));
    });
    let speed = people.len() as f64 / started.elapsed().as_secs_f64();
    let keys_each = keys.iter().map(Vec::len).sum::<usize>() as f64 / people.len() as f64;
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    people.iter().for_each(|one| *sizes.entry(&one.cluster).or_default() += 1);
    let true_pairs: usize = sizes.values().map(|n| n * (n - 1) / 2).sum();
    let is_true = |(a, b): &(usize, usize)| people[*a].cluster == people[*b].cluster;
    let reached = candidates.iter().filter(|pair| is_true(pair)).count();
    println!(
        "\n{name}: {} records ({speed:.0} records/s, {keys_each:.1} keys each), \
         {true_pairs} true pairs, {} candidates reach {:.2} %",
        people.len(),
        candidates.len(),
        100.0 * reached as f64 / true_pairs as f64
    );
    let learned = learn_from(&prepared, &candidates, &general);
    for (label, model) in [("general", &general), ("learned", &learned)] {
        let found: Vec<(f64, Verdict, bool)> = candidates
            .iter()
            .map(|pair| {
                let result = compare_with(&prepared[pair.0], &prepared[pair.1], model);
                (result.probability, result.verdict, is_true(pair))
            })
            .collect();
        print!("  {label}:");
        for threshold in [0.05, 0.2, 0.5, 0.9, 0.99, 0.999] {
            let chosen = found.iter().filter(|one| one.0 >= threshold);
            print!(" {}", figures(threshold, chosen.map(|one| one.2), true_pairs));
        }
        let same = found.iter().filter(|one| one.1 == Verdict::Same);
        println!("\n    verdict same {}", figures(0.0, same.map(|one| one.2), true_pairs));
        let possible = found.iter().filter(|one| one.1 != Verdict::Different);
        println!("    same or possible {}", figures(0.0, possible.map(|one| one.2), true_pairs));
    }
}

fn figures(at: f64, chosen: impl Iterator<Item = bool>, true_pairs: usize) -> String {
    let (mut right, mut wrong) = (0usize, 0usize);
    chosen.for_each(|is_true| if is_true { right += 1 } else { wrong += 1 });
    let precision = right as f64 / (right + wrong).max(1) as f64;
    let recall = right as f64 / true_pairs.max(1) as f64;
    let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
    format!("[{at}: P {precision:.4} R {recall:.4} F1 {f1:.4}]")
}

fn learn_from(people: &[Prepared], candidates: &[(usize, usize)], start: &Model) -> Model {
    // Every 7th record against one far from it: as good as random, and the same every time.
    let count = people.len();
    let random: Vec<_> = (0..count * 4)
        .map(|at| (at * 7919 % count, (at * 104_729 + count / 2 + at / count) % count))
        .filter(|(a, b)| a != b)
        .map(|(a, b)| levels(&people[a], &people[b], start))
        .collect();
    let seen: Vec<_> =
        candidates.iter().map(|(a, b)| levels(&people[*a], &people[*b], start)).collect();
    let learned = learn(&random, &seen, start, 50);
    println!("  learned in {} rounds, share {:.3}", learned.rounds, learned.same_share);
    learned.model
}

fn graded(name: &str, seed: &[Labelled], tests: &[Labelled]) {
    let model = Model::default();
    let prepared: Vec<Prepared> = seed.iter().map(|one| Prepared::new(&one.person)).collect();
    let mut table: BTreeMap<(String, String), usize> = BTreeMap::new();
    let known: BTreeSet<&str> = seed.iter().map(|one| one.cluster.as_str()).collect();
    for test in tests {
        let asked = Prepared::new(&test.person);
        let compared = seed.iter().zip(&prepared).map(|(labelled, one)| {
            (compare_with(&asked, one, &model), labelled.cluster == test.cluster)
        });
        let best = compared.max_by(|a, b| a.0.score.total_cmp(&b.0.score));
        if std::env::args().nth(2).is_some()
            && let Some((result, _)) = &best
        {
            let reasons: Vec<String> = result
                .reasons
                .iter()
                .map(|reason| format!("{:?} {:?} {:.1}", reason.field, reason.level, reason.weight))
                .collect();
            let id = &test.cluster;
            println!("{} {:?} {id}: {}", test.expected, result.verdict, reasons.join(", "));
        }
        let got = best.map_or("none".to_owned(), |(result, is_true)| {
            let place = match (is_true, known.contains(test.cluster.as_str())) {
                (true, _) => "",
                (false, true) => " of another",
                (false, false) => " of none",
            };
            format!("{:?}{place}", result.verdict)
        });
        *table.entry((test.expected.clone(), got)).or_default() += 1;
    }
    println!("\n{name}: {} tests", tests.len());
    for ((expected, got), count) in table {
        println!("  {expected:15} {got:24} {count}");
    }
}
