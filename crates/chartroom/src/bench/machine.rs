//! The disk and this process, as the system tells of them (Linux).

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Times of so many appends of a page, each synced: half are shorter than the first, 99 of 100
/// shorter than the second.
pub fn sync_times(folder: &Path) -> std::io::Result<(Duration, Duration)> {
    let path = folder.join("sync.test");
    let mut file = File::create(&path)?;
    let mut times = Vec::new();
    for _ in 0..300 {
        file.write_all(&[7; 4096])?;
        let began = Instant::now();
        file.sync_data()?;
        times.push(began.elapsed());
    }
    fs::remove_file(path)?;
    Ok((percentile(&mut times, 50), percentile(&mut times, 99)))
}

/// The time under which so many of a hundred are.
pub fn percentile(times: &mut [Duration], of_hundred: usize) -> Duration {
    times.sort_unstable();
    times.get(times.len() * of_hundred / 100).copied().unwrap_or_default()
}

/// Memory of this process that is in use, in bytes.
pub fn memory_bytes() -> u64 {
    memory_bytes_of("self")
}

/// Memory of a process that is in use, in bytes.
pub fn memory_bytes_of(process: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// Processor time that all of the machine has used and not used, in ticks.
pub fn machine_time() -> (u64, u64) {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = stat.lines().next().unwrap_or_default();
    let ticks: Vec<u64> = line.split_whitespace().filter_map(|n| n.parse().ok()).collect();
    // user, nice, system, idle, waiting for a disk, …
    let idle = ticks.iter().skip(3).take(2).sum();
    (ticks.iter().sum::<u64>() - idle, idle)
}

/// Processor time that this process has used.
pub fn process_time() -> Duration {
    process_time_of("self")
}

/// Processor time that a process has used.
pub fn process_time_of(process: &str) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    // The kernel counts in hundredths of a second on every system that we know.
    Duration::from_millis(ticks * 10)
}

/// Processor time that this thread has used.
pub fn thread_time() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = stat.split_whitespace().next().and_then(|n| n.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

/// Size of a folder's files, in bytes.
pub fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(kind) if kind.is_dir() => folder_bytes(&entry.path()),
            Ok(kind) => kind.len(),
            Err(_) => 0,
        })
        .sum()
}
