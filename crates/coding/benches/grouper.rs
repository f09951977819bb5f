//! Claims per second and memory of the grouper and the code editor, on one core.
//!
//! `cargo run --release -p coding --example claims -- 43.1 100000 1 > claims.jsonl`, then
//! `cargo bench -p coding --bench grouper -- claims.jsonl`. The median of several rounds is
//! printed; claims are parsed beforehand, except where JSON Lines is measured. Where the system
//! tells a thread's time on a processor, that is the time; so a busy machine does not hide it.

use std::hint::black_box;
use std::time::Instant;

use coding::grouper::{Claim, Grouper, Scratch, jsonl};
use coding::mce::Editor;

const ROUNDS: usize = 9;

fn main() {
    let Some(file) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else {
        println!("give a file of claims, one JSON object a line");
        return;
    };
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let start = Instant::now();
    let grouper = Grouper::shipped();
    println!("load of the grouper: {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    let start = Instant::now();
    let editor = Editor::shipped();
    println!("load of the editor: {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    println!("memory after loading: {} MB", resident_megabytes());
    let claims: Vec<Claim> =
        text.lines().filter_map(|line| jsonl::read(line).ok()).map(|(_, claim)| claim).collect();
    println!("claims: {}", claims.len());
    let mut scratch = Scratch::default();
    measure("grouping, without why", claims.len(), || {
        for claim in &claims {
            let _ = black_box(grouper.group(&mut scratch, claim));
        }
    });
    measure("code editor", claims.len(), || {
        for claim in &claims {
            black_box(editor.edit(claim));
        }
    });
    measure("grouping with why", claims.len(), || {
        for claim in &claims {
            let _ = black_box(grouper.explain(&mut scratch, claim));
        }
    });
    measure("JSON Lines, edits and why", claims.len(), || {
        let _ = jsonl::run(grouper, text.as_bytes(), std::io::sink());
    });
    println!("memory at the end: {} MB", resident_megabytes());
}

fn measure(name: &str, claims: usize, mut round: impl FnMut()) {
    let mut seconds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let (start, busy) = (Instant::now(), processor_seconds());
            round();
            match (busy, processor_seconds()) {
                (Some(before), Some(after)) => after - before,
                _ => start.elapsed().as_secs_f64(),
            }
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!("{name}: {:.0} claims/s", claims as f64 / seconds[ROUNDS / 2]);
}

/// Time that this thread has spent on a processor, where the system tells it.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// Resident memory where the system tells it, else 0.
fn resident_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1024
}
