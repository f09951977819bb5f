//! Makes a hospital in memory, then streams one: counts, sizes and speed. Arguments: patients,
//! seed, and a folder to write the hospital to.

use std::time::Instant;
use synthetic::{Charts, Hospital, Options};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise| arguments.next().and_then(|n| n.parse().ok()).unwrap_or(otherwise);
    let (patients, seed) = (number(200), number(1));
    let options = Options { patients, seed, today: jiff::civil::date(2026, 3, 4) };
    let start = Instant::now();
    let hospital = Hospital::generate(options);
    println!("{:.3} s in memory", start.elapsed().as_secs_f64());
    let truth = &hospital.truth;
    println!("{} resources: {:?}", hospital.resources.len(), truth.resources);
    let bytes: usize = hospital.scans.iter().map(|scan| scan.bytes.len()).sum();
    println!("{} scans, {bytes} bytes", hospital.scans.len());
    println!(
        "{} duplicates, {} lookalikes, {} overlays, {} deaths, {} births, {} readmissions, \
         {} deficiencies, {} requests, {} faults, {} stays",
        truth.duplicates.len(),
        truth.lookalikes.len(),
        truth.overlays.len(),
        truth.deaths.len(),
        truth.births.len(),
        truth.readmissions.len(),
        truth.deficiencies.len(),
        truth.requests.len(),
        truth.faults.len(),
        truth.stays.len(),
    );
    let start = Instant::now();
    let streamed: usize = Charts::new(options).map(|chart| chart.resources.len()).sum();
    println!("{streamed} streamed in {:.3} s", start.elapsed().as_secs_f64());
    if let Some(folder) = std::env::args().nth(3) {
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        let lines: Vec<String> = hospital.resources.iter().map(|one| one.to_string()).collect();
        let write = |name: &str, bytes: &[u8]| {
            std::fs::write(format!("{folder}/{name}"), bytes).expect("the file can be written");
        };
        write("hospital.ndjson", lines.join("\n").as_bytes());
        write("truth.json", serde_json::to_string_pretty(truth).expect("JSON").as_bytes());
        for scan in &hospital.scans {
            write(&scan.truth.name, &scan.bytes);
        }
    }
}
