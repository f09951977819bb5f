//! Writes seeded test claims as JSON Lines, to compare groupers with each other.
//!
//! `cargo run --release -p coding --example claims -- VERSION COUNT SEED > claims.jsonl`
//!
//! Random claims hide errors, so most kinds are directed: at every row of the version's logic, at
//! every cluster, at exclusions, at hospital-acquired conditions with each present-on-admission
//! indicator, at the edits. The kind stands first in the claim's id. The same version, count and
//! seed give the same claims.

use std::io::{BufWriter, Write, stdout};

use coding::grouper::{Grouper, Tables};
use serde_json::{Value, json};

mod draw;
mod kinds;
mod satisfy;

use draw::Draw;
use kinds::{Pool, Sketch};

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, otherwise: u64| {
        arguments
            .get(place)
            .and_then(|text| text.replace('.', "").parse().ok())
            .unwrap_or(otherwise)
    };
    let (version, count, seed) = (number(0, 431) as u16, number(1, 1000), number(2, 1));
    let dates = Tables::shipped().versions().iter();
    let Some(dates) = dates.copied().find(|dates| dates.version == u32::from(version)) else {
        eprintln!("no version {version} is loaded; write 43.1 or 431");
        std::process::exit(2);
    };
    let pool = Pool::new(Grouper::shipped(), version);
    let mut draw = Draw::new(seed);
    let mut output = BufWriter::new(stdout().lock());
    for index in 0..count {
        let (kind, mut sketch) = kinds::sketch(&pool, &mut draw, index);
        sketch.from_and_to = (dates.from, dates.to);
        let id = format!("{kind}-{version}-{seed}-{index}");
        serde_json::to_writer(&mut output, &claim(&id, &sketch, &mut draw))?;
        output.write_all(b"\n")?;
    }
    output.flush()
}

fn claim(id: &str, sketch: &Sketch, draw: &mut Draw) -> Value {
    let date = discharge_date(sketch.from_and_to, draw);
    let diagnosis = |(code, poa): &(String, Option<char>)| json!({"code": code, "poa": poa});
    let procedures = sketch.procedures.iter().map(|code| json!({"code": code, "date": date}));
    json!({
        "id": id,
        "discharge_date": date,
        "age_years": sketch.age_years,
        "sex": sketch.sex.to_string(),
        "discharge_status": sketch.discharge_status,
        "length_of_stay_days": sketch.length_of_stay_days,
        "admit_diagnosis": sketch.admit_diagnosis,
        "principal": diagnosis(&sketch.principal),
        "secondary": sketch.secondary.iter().map(diagnosis).collect::<Vec<_>>(),
        "procedures": procedures.collect::<Vec<_>>(),
        "hospital_poa_status": if sketch.exempt { "exempt" } else { "reporting" },
    })
}

/// A day of the version: its first, its last, or one between.
fn discharge_date((from, to): (u32, u32), draw: &mut Draw) -> String {
    let written =
        |date: u32| format!("{:04}-{:02}-{:02}", date / 10_000, date / 100 % 100, date % 100);
    match draw.below(10) {
        0 => written(from),
        1 => written(to),
        _ => {
            let month = from / 100 % 100 + draw.below(3) as u32;
            let year = from / 10_000;
            written(year * 10_000 + month * 100 + 1 + draw.below(28) as u32)
        }
    }
}
