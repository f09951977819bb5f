//! Measures the finders on marked texts: recall and precision by class.
//!
//! `cargo run -p redaction --example measure_identifiers -- FILE`, where FILE is either a JSON
//! list of `{full_text, spans: [{entity_type, start_position, end_position}]}`, or a text of
//! `===QUERY===` and `===PHI_TAGS===` blocks with `{"identifier_type", "value"}` lines. A marked
//! part counts as found when every letter and digit of it is covered; a span counts as right when
//! it touches a marked part of any class. A title before a name isn't counted.
//!
//! Where FILE is a folder, its `.txt` files are taken for texts that hold few identifiers or none,
//! and what is proposed in them is counted by class for every thousand words.

use redaction::{Class, Known, find};
use std::collections::BTreeMap;
use std::time::Instant;

/// A text with its marked parts: kind, start, end in characters.
type Marked = (String, Vec<(String, usize, usize)>);

/// What went wrong, as a sentence.
type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let path = std::env::args().nth(1).ok_or("Give the path of a file with marked texts.")?;
    let show = std::env::args().nth(2);
    if std::path::Path::new(&path).is_dir() {
        return alarms(&path, show.as_deref());
    }
    let content = std::fs::read_to_string(path)?;
    let texts = match content.trim_start().starts_with('[') {
        true => from_json(&content)?,
        false => from_blocks(&content)?,
    };
    measure(&texts, show.as_deref());
    Ok(())
}

fn measure(texts: &[Marked], show: Option<&str>) {
    let mut recall: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut precision: BTreeMap<Class, (usize, usize)> = BTreeMap::new();
    let started = Instant::now();
    let found: Vec<_> = texts.iter().map(|(text, _)| find(text, &Known::default())).collect();
    let seconds = started.elapsed().as_secs_f64();
    let bytes: usize = texts.iter().map(|(text, _)| text.len()).sum();
    for ((text, marks), spans) in texts.iter().zip(&found) {
        let characters: Vec<char> = text.chars().collect();
        let covered = |at: usize| spans.iter().any(|span| span.start <= at && at < span.end);
        for (kind, start, end) in marks {
            let start = &after_title(&characters, *start, *end);
            let found = (*start..*end).all(|at| !characters[at].is_alphanumeric() || covered(at));
            let count = recall.entry(kind).or_default();
            count.0 += usize::from(found);
            count.1 += 1;
            if !found && show == Some(kind) {
                println!("missed: {}", characters[*start..*end].iter().collect::<String>());
            }
        }
        for span in spans {
            let right = marks.iter().any(|(_, start, end)| span.start < *end && *start < span.end);
            let count = precision.entry(span.class).or_default();
            count.0 += usize::from(right);
            count.1 += 1;
            if !right && show == Some(span.class.label()) {
                println!("extra: {}", characters[span.start..span.end].iter().collect::<String>());
            }
        }
    }
    println!("{} texts, {:.2} MB/s", texts.len(), bytes as f64 / seconds / 1e6);
    let all = recall.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    for (kind, (found, all)) in recall {
        println!("recall    {kind:24} {found:5} of {all:5}  {:5.1} %", percent(found, all));
    }
    println!("recall    {:24} {:5} of {:5}  {:5.1} %", "all", all.0, all.1, percent(all.0, all.1));
    let sum = precision.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    for (class, (right, all)) in precision {
        let label = class.label();
        println!("precision {label:24} {right:5} of {all:5}  {:5.1} %", percent(right, all));
    }
    println!("precision {:24} {:5} of {:5}  {:5.1} %", "all", sum.0, sum.1, percent(sum.0, sum.1));
}

/// What is proposed in texts that hold few identifiers, by class.
fn alarms(folder: &str, show: Option<&str>) -> Result<(), Failure> {
    let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
    let (mut files, mut words, mut bytes, mut seconds) = (0, 0, 0, 0.0);
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        let started = Instant::now();
        let spans = find(&text, &Known::default());
        seconds += started.elapsed().as_secs_f64();
        files += 1;
        bytes += text.len();
        words += text.split_whitespace().count();
        for span in spans {
            *counts.entry(span.class).or_default() += 1;
            if show == Some(span.class.label()) {
                let part: String =
                    text.chars().skip(span.start).take(span.end - span.start).collect();
                println!("proposed: {part} ({})", span.why);
            }
        }
    }
    println!("{files} texts, {words} words, {:.2} MB/s", bytes as f64 / seconds / 1e6);
    let rate = |count: usize| 1000.0 * count as f64 / words.max(1) as f64;
    for (class, count) in &counts {
        println!("{:24} {count:5}  {:.3} per 1,000 words", class.label(), rate(*count));
    }
    let sum = counts.values().sum();
    println!("{:24} {sum:5}  {:.3} per 1,000 words", "all", rate(sum));
    Ok(())
}

/// A title isn't an identifier: where a mark begins with one, the name behind it counts.
fn after_title(characters: &[char], start: usize, end: usize) -> usize {
    let marked: String = characters[start..end].iter().collect();
    let titles = ["Dr. ", "Mr. ", "Mrs. ", "Ms. ", "Dr ", "Mr ", "Mrs ", "Ms ", "Miss "];
    let title = titles.iter().find(|title| marked.starts_with(**title));
    start + title.map_or(0, |title| title.chars().count())
}

fn percent(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}

fn from_json(content: &str) -> Result<Vec<Marked>, Failure> {
    let list: Vec<serde_json::Value> = serde_json::from_str(content)?;
    let number = |span: &serde_json::Value, key: &str| {
        span[key].as_u64().and_then(|value| usize::try_from(value).ok()).unwrap_or(0)
    };
    let text_of = |item: &serde_json::Value| {
        let text = item["full_text"].as_str().unwrap_or_default().to_owned();
        let spans = item["spans"].as_array().cloned().unwrap_or_default();
        let mark = |span: &serde_json::Value| {
            let kind = span["entity_type"].as_str().unwrap_or_default().to_owned();
            (kind, number(span, "start_position"), number(span, "end_position"))
        };
        let marks = spans.iter().map(mark).collect();
        (text, marks)
    };
    Ok(list.iter().map(text_of).collect())
}

fn from_blocks(content: &str) -> Result<Vec<Marked>, Failure> {
    let mut texts = Vec::new();
    for block in content.split("===QUERY===").skip(1) {
        let (text, tags) = block.split_once("===PHI_TAGS===").unwrap_or((block, ""));
        let text = text.trim().to_owned();
        let mut marks = Vec::new();
        for line in tags.lines().filter(|line| line.starts_with('{')) {
            let tag: serde_json::Value = serde_json::from_str(line)?;
            let value = tag["value"].as_str().unwrap_or_default();
            let kind = tag["identifier_type"].as_str().unwrap_or_default();
            if let Some(byte) = text.find(value).filter(|_| !value.is_empty()) {
                let start = text[..byte].chars().count();
                marks.push((kind.to_owned(), start, start + value.chars().count()));
            }
        }
        texts.push((text, marks));
    }
    Ok(texts)
}
