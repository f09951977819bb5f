//! Splits, reads and indexes every file of the given folders: counts, findings and speed.

use exchange::{Kind, detect, fhir};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| files(&entry.path(), found)),
        Err(_) => found.push(path.to_owned()),
    }
}

fn main() {
    let mut paths = Vec::new();
    std::env::args().skip(1).for_each(|path| files(Path::new(&path), &mut paths));
    paths.sort();
    let texts: Vec<Vec<u8>> =
        paths.iter().map(|path| std::fs::read(path).expect("readable")).collect();
    let bytes: usize = texts.iter().map(Vec::len).sum();
    let speed = |what: &str, start: Instant| {
        let seconds = start.elapsed().as_secs_f64();
        println!("{what}: {seconds:.3} s, {:.0} MB/s", bytes as f64 / seconds / 1e6);
    };

    let start = Instant::now();
    let kinds: Vec<Kind> = texts.iter().map(|text| detect(text)).collect();
    speed("detect", start);
    for (path, kind) in paths.iter().zip(&kinds) {
        if !matches!(kind, Kind::FhirJson | Kind::FhirNdjson) {
            println!("{}: {kind:?}", path.display());
        }
    }
    let start = Instant::now();
    let splits: Vec<fhir::Split> = texts.iter().map(|text| fhir::split(text)).collect();
    speed("split", start);
    let start = Instant::now();
    let entries = splits.iter().flat_map(|split| &split.entries);
    let values: Vec<_> = entries.map(|entry| entry.parse().expect("JSON")).collect();
    speed("parse", start);
    let start = Instant::now();
    let indexes: Vec<_> = values.iter().map(|value| fhir::index(value, &TimeZone::UTC)).collect();
    speed("index", start);
    let start = Instant::now();
    let hashed: usize = values.iter().map(|value| fhir::content_hash_bytes(value).len()).sum();
    speed("canonical", start);

    let start = Instant::now();
    let shown: Vec<_> = values.iter().map(fhir::render).collect();
    speed("render", start);
    println!("{} rows", shown.iter().map(|one| one.rows.len() + one.more.len()).sum::<usize>());
    let mut counts: BTreeMap<&str, [usize; 7]> = BTreeMap::new();
    for (value, index) in values.iter().zip(&indexes) {
        fhir::check(value).expect("a resource");
        let row = counts.entry(&index.kind).or_default();
        row[0] += 1;
        row[1] += usize::from(index.patient.is_some());
        row[2] += usize::from(index.encounter.is_some());
        row[3] += usize::from(index.date.is_some());
        row[4] += usize::from(index.status.is_some());
        row[5] += usize::from(!index.codes.is_empty());
        row[6] += index.tokens.len();
    }
    println!("{} resources, {hashed} canonical bytes", values.len());
    println!("type: count, patient, encounter, date, status, code, tokens");
    for (kind, row) in counts {
        println!("{kind}: {row:?}");
    }
    for (path, split) in paths.iter().zip(&splits) {
        split.findings.iter().for_each(|finding| println!("{}: {finding}", path.display()));
    }
}
