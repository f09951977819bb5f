//! Agreement of suggestions with a folder of annotated case reports.
//!
//! `suggest_agreement FOLDER [worst]`: the folder holds `trainD.tsv`, `devD.tsv`
//! (`document<TAB>code`) and `train_text_en/`, `dev_text_en/` with `document.txt`. The annotations
//! count every mention, denied ones too, so this measures finding and mapping and not the
//! accuracy of United States coding. With `worst`, what was wrong and what was missed is listed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use coding::codeset::{CodeSets, System};
use coding::suggest::{Setting, Suggester};

type Codes = BTreeSet<String>;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder");
    let detail = arguments.next();
    let started = Instant::now();
    let sets = CodeSets::embedded();
    let edition = sets.editions(System::Icd10Cm).next().expect("an edition of ICD-10-CM");
    println!("{}: codes loaded in {:.0?}", edition.name, started.elapsed());
    let started = Instant::now();
    let suggester = Suggester::new(&sets);
    println!("engine built in {:.0?}", started.elapsed());
    let reportable: Codes = edition.reportable().map(|node| node.code().to_owned()).collect();
    for part in ["train", "dev"] {
        measure(Path::new(&folder), part, &suggester, &reportable, detail.as_deref());
    }
}

#[derive(Default)]
struct Counts {
    right: usize,
    given: usize,
    wanted: usize,
}

impl Counts {
    fn add(&mut self, given: &Codes, wanted: &Codes) {
        self.right += given.intersection(wanted).count();
        self.given += given.len();
        self.wanted += wanted.len();
    }

    fn print(&self, name: &str) {
        let precision = self.right as f64 / self.given.max(1) as f64;
        let recall = self.right as f64 / self.wanted.max(1) as f64;
        let sum = (precision + recall).max(f64::MIN_POSITIVE);
        let f1 = 2.0 * precision * recall / sum;
        println!("  {name:32} precision {precision:.3}  recall {recall:.3}  F1 {f1:.3}");
    }
}

fn measure(
    folder: &Path,
    part: &str,
    suggester: &Suggester,
    reportable: &Codes,
    detail: Option<&str>,
) {
    let wanted = annotations(&folder.join(format!("{part}D.tsv")));
    let mut counts: [Counts; 4] = Default::default();
    let mut bytes = 0;
    let mut seconds = 0.0;
    let mut missed: BTreeMap<String, usize> = BTreeMap::new();
    let mut extra: BTreeMap<String, (usize, usize, String)> = BTreeMap::new();
    let mut by_score: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for (document, all) in &wanted {
        let path = folder.join(format!("{part}_text_en/{document}.txt"));
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let started = Instant::now();
        let suggestions = suggester.suggest(&text, Setting::Inpatient);
        seconds += started.elapsed().as_secs_f64();
        bytes += text.len();
        let given: Codes = suggestions.iter().map(|s| s.code.clone()).collect();
        let kept: Codes = all.intersection(reportable).cloned().collect();
        counts[0].add(&given, &kept);
        counts[1].add(&given, all);
        counts[2].add(&cut(&given), &cut(all));
        counts[3].add(&given, &updated(all, &given, reportable));
        for code in kept.difference(&given) {
            *missed.entry(code.clone()).or_default() += 1;
        }
        for suggestion in &suggestions {
            let entry = extra.entry(suggestion.code.clone()).or_default();
            let scored = by_score.entry((suggestion.score * 20.0) as u32 * 5).or_default();
            if kept.contains(&suggestion.code) {
                entry.1 += 1;
                scored.0 += 1;
            } else {
                entry.0 += 1;
                scored.1 += 1;
                entry.2 = format!(
                    "{} <{}>",
                    entry.2.chars().take(90).collect::<String>(),
                    suggestion.evidence[0].text.replace('\n', " ")
                );
            }
        }
    }
    println!("{part}: {} documents, {:.2} MB/s", wanted.len(), bytes as f64 / seconds / 1e6);
    counts[0].print("reportable codes of this year");
    counts[1].print("all annotated codes");
    counts[2].print("three characters");
    counts[3].print("all, older codes met by finer");
    if detail.is_some() && part == "train" {
        println!("by score (right, wrong): {by_score:?}");
        let mut list: Vec<_> = extra.into_iter().collect();
        list.sort_by_key(|(_, (wrong, _, _))| std::cmp::Reverse(*wrong));
        for (code, (wrong, right, words)) in list.into_iter().take(150) {
            println!("extra {code} wrong {wrong} right {right} {words}");
        }
        let mut list: Vec<_> = missed.into_iter().collect();
        list.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        for (code, times) in list.into_iter().take(200) {
            print!("{code}:{times} ");
        }
        println!();
    }
}

/// Annotated codes, where one that this year's set has since divided is met by a finer code given.
fn updated(all: &Codes, given: &Codes, reportable: &Codes) -> Codes {
    all.iter()
        .map(|code| {
            let finer = given.iter().find(|given| given.starts_with(code.as_str()));
            match finer {
                Some(finer) if !reportable.contains(code) => finer.clone(),
                _ => code.clone(),
            }
        })
        .collect()
}

fn cut(codes: &Codes) -> Codes {
    codes.iter().map(|code| code.chars().take(3).collect()).collect()
}

fn annotations(path: &Path) -> BTreeMap<String, Codes> {
    let mut documents: BTreeMap<String, Codes> = BTreeMap::new();
    for line in std::fs::read_to_string(path).expect("annotations").lines() {
        if let Some((document, code)) = line.split_once('\t') {
            let code = code.trim().to_uppercase().replace('.', "");
            documents.entry(document.to_owned()).or_default().insert(code);
        }
    }
    documents
}
