//! Compares this grouper with another one's answers to the same claims.
//!
//! `cargo run --release -p coding --example agreement -- CLAIMS ANSWERS`, both JSON Lines in the
//! same order. An answer is `{"id","initial_drg","drg","mdc","severity","hac":[…],"edits":[…]}`
//! with `hac` the numbers of conditions met and `edits` the names; a field that is missing is not
//! compared. Printed are the share that agrees, by field, and each claim that differs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};

use coding::grouper::{Claim, Grouper, Grouping, Scratch, Severity, jsonl};
use coding::mce::Editor;
use serde_json::Value;

/// Ventilation for more than 96 hours: its edit needs the length of the stay, which other editors
/// may not be told.
const LONG_VENTILATION: &str = "5A1955Z";
const SHOWN_MAX: usize = 20;

#[derive(Default)]
struct Tally {
    claims: u64,
    compared: BTreeMap<&'static str, u64>,
    different: BTreeMap<&'static str, u64>,
    drgs: BTreeSet<u16>,
    shown: Vec<String>,
}

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [claims, answers] = arguments.as_slice() else {
        eprintln!("give a file of claims and a file of answers");
        std::process::exit(2);
    };
    let claims = BufReader::new(File::open(claims)?).lines();
    let answers = BufReader::new(File::open(answers)?).lines();
    let mut scratch = Scratch::default();
    let mut tally = Tally::default();
    for (claim, answer) in claims.zip(answers) {
        let Ok((id, claim)) = jsonl::read(&claim?) else { continue };
        let answer: Value = serde_json::from_str(&answer?).unwrap_or_default();
        if answer.get("id") != Some(&id) {
            eprintln!("claims and answers are not in the same order at {id}");
            std::process::exit(1);
        }
        if let Ok(grouping) = Grouper::shipped().group(&mut scratch, &claim) {
            tally.add(&id, &claim, &grouping, &answer);
        }
    }
    tally.print();
    Ok(())
}

impl Tally {
    fn add(&mut self, id: &Value, claim: &Claim, grouping: &Grouping, answer: &Value) {
        self.claims += 1;
        self.drgs.insert(grouping.initial.drg);
        let severity = match grouping.last.severity {
            Severity::None => "NONE",
            Severity::Cc => "CC",
            Severity::Mcc => "MCC",
        };
        self.compare(id, answer, "initial_drg", Value::from(grouping.initial.drg));
        self.compare(id, answer, "drg", Value::from(grouping.last.drg));
        self.compare(id, answer, "mdc", Value::from(grouping.last.mdc));
        self.compare(id, answer, "severity", Value::from(severity));
        let hac: Vec<u8> = grouping.hac.numbers().collect();
        self.compare(id, answer, "hac", Value::from(hac));
        let long = claim.procedures.iter().any(|p| p.code.text() == LONG_VENTILATION);
        if !long && claim.age_years.is_some() {
            let edits = Editor::shipped().edit(claim).into_iter();
            let names: BTreeSet<&str> = edits.map(|edit| edit.kind.name()).collect();
            self.compare(id, answer, "edits", names.into_iter().map(Value::from).collect());
        }
    }

    fn compare(&mut self, id: &Value, answer: &Value, field: &'static str, ours: Value) {
        let Some(theirs) = answer.get(field) else { return };
        *self.compared.entry(field).or_default() += 1;
        if *theirs != ours {
            *self.different.entry(field).or_default() += 1;
            if self.shown.len() < SHOWN_MAX {
                self.shown.push(format!("{id} {field}: ours {ours}, theirs {theirs}"));
            }
        }
    }

    fn print(&self) {
        println!("{} claims, {} initial DRGs", self.claims, self.drgs.len());
        for (field, compared) in &self.compared {
            let different = self.different.get(field).copied().unwrap_or_default();
            let share = 100.0 * (compared - different) as f64 / *compared as f64;
            println!("{field}: {share:.4} % of {compared} agree, {different} differ");
        }
        self.shown.iter().for_each(|line| println!("{line}"));
    }
}
