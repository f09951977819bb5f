//! Speed and recall of the code search: `cargo bench -p coding --bench search [misses]`.
//!
//! Prints the time per query (p50, p99), recall of the phrase list, and how many codes are found
//! by their own title and how many inclusion terms find their code.

use std::time::Instant;

use coding::codeset::{CodeSets, System, embedded};
use coding::search::{Query, Search};
use jiff::civil::date;

const PHRASES: &str = include_str!("../tests/data/phrases.tsv");

fn main() {
    let misses = std::env::args().any(|argument| argument == "misses");
    let started = Instant::now();
    let sets = CodeSets::embedded();
    for system in [System::Icd10Cm, System::Icd10Pcs] {
        let count: usize = sets.editions(system).map(|edition| edition.len()).sum();
        println!("{system}: {count} nodes");
    }
    println!("sets unpacked in {:?}", started.elapsed());
    let started = Instant::now();
    let search = Search::new(&sets);
    println!("indexes built in {:?}", started.elapsed());
    recall(&search, misses);
    speed(&search);
    own_titles(&search);
    inclusion_terms(&search, misses);
}

fn codes(search: &Search, text: &str, system: Option<System>, limit: usize) -> Vec<String> {
    let on = date(2026, 4, 15);
    let query = Query { text, system, on, limit, include_not_reportable: false };
    search.search(&query).into_iter().map(|hit| hit.code).collect()
}

fn recall(search: &Search, misses: bool) {
    let mut totals = [[0_usize; 3]; 2];
    for line in PHRASES.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let wanted: Vec<String> = fields[1].split('|').map(|c| c.replace('.', "")).collect();
        let found = codes(search, fields[0], Some(System::Icd10Cm), 5);
        let place = found.iter().position(|code| wanted.contains(code));
        let total = &mut totals[usize::from(fields[2] == "typo")];
        total[0] += 1;
        total[1] += usize::from(place == Some(0));
        total[2] += usize::from(place.is_some());
        if misses && place != Some(0) {
            println!("miss {:?}: {} wanted {}, found {found:?}", place, fields[0], fields[1]);
        }
    }
    for (name, [all, first, five]) in ["plain", "with typing errors"].iter().zip(totals) {
        let share = |part: usize| 100.0 * part as f64 / all as f64;
        println!(
            "phrases {name}: {all}, recall at 1 {:.1} %, at 5 {:.1} %",
            share(first),
            share(five)
        );
    }
}

fn speed(search: &Search) {
    let phrases: Vec<&str> = PHRASES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').next())
        .collect();
    for (name, system) in [("diagnoses", Some(System::Icd10Cm)), ("both systems", None)] {
        let mut times: Vec<u128> = Vec::new();
        for phrase in &phrases {
            times.push(least_time(search, phrase, system));
        }
        show(&format!("whole phrases, {name}"), times);
        let mut times: Vec<u128> = Vec::new();
        for phrase in phrases.iter().step_by(3) {
            for end in 2..=phrase.len() {
                let Some(typed) = phrase.get(..end) else { continue };
                times.push(least_time(search, typed, system));
            }
        }
        show(&format!("keystrokes, {name}"), times);
    }
}

/// The least of three runs in nanoseconds: what other processes take is not the search's.
fn least_time(search: &Search, text: &str, system: Option<System>) -> u128 {
    let run = || {
        let started = Instant::now();
        codes(search, text, system, 10);
        started.elapsed().as_nanos()
    };
    run().min(run()).min(run())
}

fn show(name: &str, mut times: Vec<u128>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize] as f64 / 1000.0;
    println!(
        "{name}: {} queries, p50 {:.0} µs, p90 {:.0} µs, p99 {:.0} µs",
        times.len(),
        at(0.5),
        at(0.9),
        at(0.99)
    );
}

fn own_titles(search: &Search) {
    let mut first = 0;
    let mut all = 0;
    for node in embedded::icd10cm().reportable() {
        all += 1;
        let found = codes(search, node.title(), Some(System::Icd10Cm), 1);
        first += usize::from(found.first().is_some_and(|code| code == node.code()));
    }
    println!("own title in first place: {first} of {all}");
}

fn inclusion_terms(search: &Search, misses: bool) {
    let (mut all, mut found) = (0, 0);
    for node in embedded::icd10cm().nodes() {
        for term in node.inclusion_terms() {
            all += 1;
            let hits = codes(search, term, Some(System::Icd10Cm), 3);
            let is_found = hits.iter().any(|code| code.starts_with(node.code()));
            found += usize::from(is_found);
            if misses && !is_found {
                println!("inclusion miss: {term} of {} found {hits:?}", node.code());
            }
        }
    }
    println!("inclusion term in first three: {found} of {all}");
}
