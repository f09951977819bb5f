//! Full-size files in the publishers' layouts, generated and loaded: time and memory.
//! `cargo bench -p coding --bench import`

use std::fmt::Write;
use std::fs;
use std::time::Instant;

use coding::codeset::{EntryKind, embedded};
use coding::import::layout::{Layout, recognized};
use coding::import::loaded::read;
use coding::import::order_file;

fn main() {
    let codes = embedded::icd10cm().nodes().filter(|node| node.kind() == EntryKind::Code);
    let mut order = String::new();
    for (at, node) in codes.enumerate().take(99_999) {
        order.push_str(&order_file::line(at + 1, node.code(), node.is_reportable(), node.title()));
    }
    load("ICD-10-CM order file", Layout::Icd10CmOrder, order.as_bytes());
    load("ICD-10-CM index", Layout::Icd10CmIndex, index().as_bytes());
    load("ICD-10-PCS order file", Layout::Icd10PcsOrder, procedures().as_bytes());
    load("HCPCS Level II", Layout::Hcpcs, services().as_bytes());
    load("NCCI pairs", Layout::NcciPairs, pairs().as_bytes());
}

fn load(name: &str, layout: Layout, bytes: &[u8]) {
    assert!(recognized(bytes) == Some(layout), "{name} is recognized");
    let before = memory_peak_mebibytes();
    let started = Instant::now();
    match read(layout, bytes, Some(jiff::civil::date(2025, 10, 1))) {
        Ok(loaded) => {
            let edition = loaded.edition(None);
            println!(
                "{name}: {:.1} MiB in {:?}, memory at its peak {} MiB (before {before}), {}",
                bytes.len() as f64 / 1_048_576.0,
                started.elapsed(),
                memory_peak_mebibytes(),
                edition
                    .ok()
                    .flatten()
                    .map_or(String::new(), |held| format!("{} codes", held.len())),
            );
        }
        Err(error) => println!("{name}: {error}"),
    }
}

/// A main term for each title: about as many as the publisher's index has.
fn index() -> String {
    let mut text = String::from("<ICD10CM.index><version>2026</version><letter>\n");
    for node in embedded::icd10cm().reportable() {
        let title = node.title().replace('&', "and").replace(['<', '>'], "");
        let _ = writeln!(
            text,
            "<mainTerm><title>{title}</title><code>{}</code></mainTerm>",
            node.code()
        );
    }
    text.push_str("</letter></ICD10CM.index>");
    text
}

/// Every procedure that is shipped, each as a line.
fn procedures() -> String {
    let codes = embedded::icd10pcs().reportable().enumerate();
    codes.map(|(at, node)| order_file::line(at + 1, node.code(), true, node.title())).collect()
}

/// Eight thousand made-up services, about as many as a quarter has.
fn services() -> String {
    let mut text = String::new();
    for number in 0..8000 {
        let head = format!("G{number:04}001003{:<80}{:<28}", "Made up service", "Short");
        let _ = writeln!(text, "{head:<268}{:<8}{:<8}{:<8}N", "20200101", "20200101", "");
    }
    text
}

/// Two million made-up pairs, about as many as a quarter has.
fn pairs() -> String {
    let mut text = String::from("Column 1\tColumn 2\tPrior\tEffective\tDeletion\tModifier\tWhy\n");
    for number in 0..2_000_000 {
        let (one, two) = (number / 2000, number % 2000);
        let _ = writeln!(text, "G{one:04}\tG{two:04}\t\t20200101\t*\t1\tMisuse of column two code");
    }
    text
}

/// The most memory that this process has held.
fn memory_peak_mebibytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kibibytes.unwrap_or(0) / 1024
}
