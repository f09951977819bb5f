//! The kinds of test claims.

use std::collections::HashMap;

use coding::grouper::{Grouper, LogicRow, Severity};

use crate::draw::Draw;
use crate::satisfy::satisfy;

/// What a version offers to choose from.
pub struct Pool<'a> {
    rows: Vec<LogicRow<'a>>,
    diagnoses: Vec<String>,
    of_mdc: Vec<Vec<String>>,
    of_severity: [Vec<String>; 3],
    excluding: Vec<String>,
    with_attribute: HashMap<String, Vec<String>>,
    attributes: HashMap<String, Vec<String>>,
    mdc: HashMap<String, (u8, u8)>,
    procedures: Vec<String>,
    procedures_with: HashMap<String, Vec<String>>,
    procedure_attributes: HashMap<String, Vec<String>>,
    classes: Vec<String>,
    clusters: Vec<Vec<Vec<String>>>,
    clusters_with: HashMap<String, Vec<usize>>,
}

/// A claim before it is written.
#[derive(Default)]
pub struct Sketch {
    pub from_and_to: (u32, u32),
    pub age_years: Option<u16>,
    pub sex: char,
    pub discharge_status: u16,
    pub length_of_stay_days: u32,
    pub admit_diagnosis: Option<String>,
    pub principal: (String, Option<char>),
    pub secondary: Vec<(String, Option<char>)>,
    pub procedures: Vec<String>,
    pub exempt: bool,
}

const STATUSES: [u16; 24] =
    [1, 2, 3, 4, 5, 6, 7, 20, 21, 30, 43, 50, 51, 62, 63, 65, 66, 70, 82, 85, 94, 0, 9, 99];
const SITES: [&str; 8] =
    ["sthead", "stchest", "stabdom", "stkidney", "stlolimb", "stpel", "stuplimb", "sturin"];
const JOINTS: [&str; 6] =
    ["lefthip", "righthip", "leftknee", "rightknee", "leftankle", "rightankle"];

impl<'a> Pool<'a> {
    pub fn new(grouper: &'a Grouper, version: u16) -> Self {
        let mut pool = Pool {
            rows: grouper.rows(version),
            diagnoses: Vec::new(),
            of_mdc: vec![Vec::new(); 32],
            of_severity: Default::default(),
            excluding: Vec::new(),
            with_attribute: HashMap::new(),
            attributes: HashMap::new(),
            mdc: HashMap::new(),
            procedures: Vec::new(),
            procedures_with: HashMap::new(),
            procedure_attributes: HashMap::new(),
            classes: Vec::new(),
            clusters: Vec::new(),
            clusters_with: HashMap::new(),
        };
        for facts in grouper.diagnoses(version) {
            let code = facts.code.text();
            pool.of_mdc[usize::from(facts.mdc.0)].push(code.clone());
            if facts.mdc.1 != facts.mdc.0 {
                pool.of_mdc[usize::from(facts.mdc.1)].push(code.clone());
            }
            pool.of_severity[facts.severity as usize].push(code.clone());
            if facts.excludes {
                pool.excluding.push(code.clone());
            }
            for name in &facts.attributes {
                pool.with_attribute.entry((*name).to_owned()).or_default().push(code.clone());
            }
            let names = facts.attributes.iter().map(|name| (*name).to_owned()).collect();
            pool.attributes.insert(code.clone(), names);
            pool.mdc.insert(code.clone(), facts.mdc);
            pool.diagnoses.push(code);
        }
        for facts in grouper.procedures(version) {
            let code = facts.code.text();
            for name in &facts.attributes {
                pool.procedures_with.entry((*name).to_owned()).or_default().push(code.clone());
            }
            let names = facts.attributes.iter().map(|name| (*name).to_owned()).collect();
            pool.procedure_attributes.insert(code.clone(), names);
            pool.procedures.push(code);
        }
        pool.classes = pool.procedures_with.keys().cloned().collect();
        pool.classes.sort_unstable();
        let text = |code: &coding::grouper::Code| code.text();
        for (place, (choices, attributes)) in grouper.clusters(version).iter().enumerate() {
            let choices = choices.iter().map(|choice| choice.iter().map(text).collect());
            pool.clusters.push(choices.collect());
            for name in attributes {
                pool.clusters_with.entry((*name).to_owned()).or_default().push(place);
            }
        }
        pool
    }

    fn diagnosis(&self, draw: &mut Draw) -> String {
        draw.pick(&self.diagnoses).cloned().unwrap_or_default()
    }

    fn procedure(&self, draw: &mut Draw) -> String {
        draw.pick(&self.procedures).cloned().unwrap_or_default()
    }

    fn complication(&self, draw: &mut Draw) -> String {
        let severity = if draw.one_in(2) { Severity::Cc } else { Severity::Mcc };
        draw.pick(&self.of_severity[severity as usize]).cloned().unwrap_or_default()
    }

    fn with(&self, attribute: &str, absent: &[String], draw: &mut Draw) -> Option<String> {
        avoid(self.with_attribute.get(attribute)?, &self.attributes, absent, draw)
    }

    fn procedure_with(
        &self,
        attribute: &str,
        absent: &[String],
        draw: &mut Draw,
    ) -> Option<String> {
        avoid(self.procedures_with.get(attribute)?, &self.procedure_attributes, absent, draw)
    }

    /// A procedure with an attribute, or at times the parts of a cluster that has it.
    fn procedures_for(&self, attribute: &str, absent: &[String], draw: &mut Draw) -> Vec<String> {
        let single = self.procedure_with(attribute, absent, draw);
        let clusters = self.clusters_with.get(attribute);
        match (single, clusters.and_then(|places| draw.pick(places))) {
            (Some(code), Some(_)) if !draw.one_in(3) => vec![code],
            (_, Some(place)) => {
                let choices = self.clusters[*place].iter();
                choices.filter_map(|choice| draw.pick(choice).cloned()).collect()
            }
            (single, None) => single.into_iter().collect(),
        }
    }

    fn principal_with(
        &self,
        wanted: &[String],
        absent: &[String],
        mdc: u8,
        draw: &mut Draw,
    ) -> String {
        let Some(first) = wanted.first().and_then(|name| self.with_attribute.get(name)) else {
            return draw.pick(&self.of_mdc[usize::from(mdc)]).cloned().unwrap_or_default();
        };
        let fits = |code: &&String| {
            let names = &self.attributes[*code];
            wanted.iter().all(|name| names.contains(name))
        };
        let here = |code: &&String| {
            let (male, female) = self.mdc[*code];
            mdc == 0 || mdc > 25 || male == mdc || female == mdc
        };
        let fitting: Vec<String> = first.iter().filter(fits).filter(here).cloned().collect();
        let fitting =
            if fitting.is_empty() { first.iter().filter(fits).cloned().collect() } else { fitting };
        avoid(&fitting, &self.attributes, absent, draw).unwrap_or_else(|| self.diagnosis(draw))
    }
}

/// One of the codes, if possible one that carries none of some attributes.
fn avoid(
    codes: &[String],
    attributes: &HashMap<String, Vec<String>>,
    absent: &[String],
    draw: &mut Draw,
) -> Option<String> {
    for _ in 0..20 {
        let code = draw.pick(codes)?;
        if !attributes[code].iter().any(|name| absent.contains(name)) {
            return Some(code.clone());
        }
    }
    draw.pick(codes).cloned()
}

/// The kind and the sketch of the claim with this number.
pub fn sketch(pool: &Pool, draw: &mut Draw, index: u64) -> (&'static str, Sketch) {
    let mut sketch = plain(pool, draw);
    // Half of the claims go to the rows, in turn; the other kinds share the rest.
    if index.is_multiple_of(2) {
        row(pool, draw, &mut sketch, (index / 2) as usize);
        return ("row", sketch);
    }
    let kind = match index / 2 % 12 {
        0 => "uniform",
        1 => of_mdc(pool, draw, &mut sketch),
        2 => surgical_class(pool, draw, &mut sketch),
        3 => complications(pool, draw, &mut sketch),
        4 => newborn(pool, draw, &mut sketch),
        5 | 6 => acquired(pool, draw, &mut sketch),
        7 => status(pool, draw, &mut sketch),
        8 | 9 => edits(pool, draw, &mut sketch),
        10 => cluster(pool, draw, &mut sketch, (index / 24) as usize),
        _ => trauma(pool, draw, &mut sketch),
    };
    (kind, sketch)
}

fn poa(draw: &mut Draw) -> Option<char> {
    draw.pick(&[Some('Y'), Some('Y'), Some('N'), Some('U'), Some('W'), None]).copied().flatten()
}

fn plain(pool: &Pool, draw: &mut Draw) -> Sketch {
    let secondary = (0..draw.below(9)).map(|_| (pool.diagnosis(draw), poa(draw))).collect();
    let procedures = (0..draw.below(4)).map(|_| pool.procedure(draw)).collect();
    Sketch {
        age_years: Some(if draw.one_in(8) { draw.below(18) } else { draw.below(100) } as u16),
        sex: if draw.one_in(2) { 'M' } else { 'F' },
        discharge_status: if draw.one_in(4) {
            draw.pick(&STATUSES).copied().unwrap_or(1)
        } else {
            1
        },
        length_of_stay_days: draw.below(12) as u32,
        admit_diagnosis: draw.one_in(2).then(|| pool.diagnosis(draw)),
        principal: (pool.diagnosis(draw), poa(draw)),
        secondary,
        procedures,
        exempt: draw.one_in(6),
        ..Sketch::default()
    }
}

fn few(draw: &mut Draw, sketch: &mut Sketch) {
    sketch.secondary.truncate(draw.below(4));
    sketch.procedures.truncate(if draw.one_in(3) { draw.below(2) } else { 0 });
}

fn row(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch, index: usize) {
    let row = &pool.rows[index % pool.rows.len()];
    let needs = satisfy(row.formula, draw);
    sketch.secondary.clear();
    sketch.procedures.clear();
    let mdc = if matches!(row.mdc, 1..=25) { row.mdc } else { 1 + draw.below(25) as u8 };
    let category = if needs.principal.is_empty() { mdc } else { row.mdc };
    let principal = pool.principal_with(&needs.principal, &needs.absent, category, draw);
    if let Some((male, female)) = pool.mdc.get(&principal)
        && male != female
    {
        sketch.sex = if *male == row.mdc { 'M' } else { 'F' };
    }
    sketch.principal.0 = principal;
    for attribute in &needs.secondary {
        let code = pool.with(attribute, &needs.absent, draw);
        sketch.secondary.extend(code.map(|code| (code, poa(draw))));
    }
    for attribute in &needs.procedure {
        sketch.procedures.extend(pool.procedures_for(attribute, &needs.absent, draw));
    }
    if draw.one_in(8) {
        sketch.discharge_status = 20;
    }
    for word in &needs.words {
        fulfil(pool, draw, sketch, word, &needs.absent);
    }
    noise(pool, draw, sketch, needs.every.as_deref());
}

fn fulfil(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch, word: &str, absent: &[String]) {
    let severity = match word {
        "MCC" => Some(Severity::Mcc),
        "CC" => Some(Severity::Cc),
        _ => None,
    };
    if let Some(severity) = severity {
        let code = draw.pick(&pool.of_severity[severity as usize]).cloned();
        sketch.secondary.extend(code.map(|code| (code, Some('Y'))));
    }
    match word {
        "DIED" => sketch.discharge_status = 20,
        "ALIVE" => sketch.discharge_status = 1,
        "AMA" => sketch.discharge_status = 7,
        "XFRNBA" => {
            sketch.discharge_status = draw.pick(&[2, 5, 66, 82, 85, 94]).copied().unwrap_or(2);
        }
        "MULTST" => {
            for _ in 0..2 {
                let site = draw.pick(&SITES).copied().unwrap_or("sthead");
                sketch.secondary.extend(pool.with(site, absent, draw).map(|code| (code, None)));
            }
        }
        _ => {}
    }
    let (attributes, count): (&[&str], usize) = match word {
        "BILATERAL" => (&JOINTS, 2),
        "FOUR_STENTS" => (&["stent1", "stent2", "stent3", "stent4"], 3),
        "FOUR_VESSELS" => (&["vessel1", "vessel2", "vessel3", "vessel4"], 3),
        "FOUR_DRUG_ELUTING_STENTS" => (&["NORdrugstent"], 3),
        "FOUR_NON_DRUG_ELUTING_STENTS" => (&["NORstent"], 3),
        "SINGLEFUSIONCTR" => (&["sglantfuse", "sglpostfuse"], 3),
        "SGLANTCTR" => (&["sglantfuse"], 2),
        "SGLPOST1CTR" => (&["sglpostfuse1"], 2),
        "SGLANTSECTXCTR" => (&["sglantsectXfuse"], 2),
        "SGLPOSTFUSECTR" => (&["sglpostfuse"], 2),
        "MULTFUSE" => (&["singlefusion", "singlefusionA", "sglantsectXfuse"], 2),
        "ORPROC" => (&["d468", "d477", "ornec"], 1),
        _ => (&[], 0),
    };
    for _ in 0..count {
        let attribute = draw.pick(attributes).copied().unwrap_or_default();
        sketch.procedures.extend(pool.procedure_with(attribute, absent, draw));
    }
}

/// Codes beside the needed ones, so that order and suppression matter.
fn noise(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch, every: Option<&str>) {
    if let Some(attribute) = every {
        for _ in 0..draw.below(3) {
            sketch.secondary.extend(pool.with(attribute, &[], draw).map(|code| (code, None)));
        }
        return;
    }
    if draw.one_in(2) {
        return;
    }
    for _ in 0..draw.below(4) {
        let code = match draw.below(3) {
            0 => pool.diagnosis(draw),
            1 => pool.complication(draw),
            _ => {
                let names = pool.attributes.get(&sketch.principal.0);
                let names: Vec<&String> = names.into_iter().flatten().collect();
                let name = draw.pick(&names).map(|name| name.as_str()).unwrap_or("ami");
                pool.with(name, &[], draw).unwrap_or_default()
            }
        };
        sketch.secondary.push((code, poa(draw)));
    }
    for _ in 0..draw.below(3) {
        let code = match draw.below(3) {
            0 => pool.procedure(draw),
            1 => sketch.procedures.first().cloned().unwrap_or_else(|| pool.procedure(draw)),
            _ => class(pool, draw),
        };
        sketch.procedures.push(code);
    }
    if draw.one_in(2) {
        sketch.procedures.reverse();
    }
}

fn class(pool: &Pool, draw: &mut Draw) -> String {
    let name = draw.pick(&pool.classes).map_or("d468", String::as_str);
    pool.procedure_with(name, &[], draw).unwrap_or_default()
}

fn of_mdc(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch) -> &'static str {
    let mdc = draw.below(26);
    if let Some(code) = draw.pick(&pool.of_mdc[mdc]) {
        sketch.principal.0.clone_from(code);
    }
    few(draw, sketch);
    "mdc"
}

fn surgical_class(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch) -> &'static str {
    let name = draw.pick(&pool.classes).cloned().unwrap_or_default();
    let asking: Vec<&LogicRow> = (pool.rows.iter())
        .filter(|row| row.formula.contains(&name) && matches!(row.mdc, 1..=25))
        .collect();
    if let Some(row) = draw.pick(&asking)
        && let Some(code) = draw.pick(&pool.of_mdc[usize::from(row.mdc)])
    {
        sketch.principal.0.clone_from(code);
    }
    sketch.procedures = pool.procedure_with(&name, &[], draw).into_iter().collect();
    for _ in 0..draw.below(3) {
        sketch.procedures.push(class(pool, draw));
    }
    "class"
}

fn complications(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch) -> &'static str {
    few(draw, sketch);
    if let Some(code) = draw.pick(&pool.excluding) {
        sketch.principal.0.clone_from(code);
    }
    // Neighbours in the code book are the ones that exclude each other.
    let place = pool.diagnoses.binary_search(&sketch.principal.0).unwrap_or(0);
    for _ in 0..1 + draw.below(5) {
        let near = place.saturating_sub(40) + draw.below(80);
        let near = pool.diagnoses.get(near).cloned().unwrap_or_default();
        let code = if draw.one_in(2) { pool.complication(draw) } else { near };
        sketch.secondary.push((code, poa(draw)));
    }
    "complication"
}

fn newborn(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch) -> &'static str {
    few(draw, sketch);
    sketch.age_years = Some(draw.below(2) as u16);
    if let Some(code) = draw.pick(&pool.of_mdc[15]) {
        sketch.principal.0.clone_from(code);
    }
    let names = ["extimm", "nbmaj", "preterm", "incident", "mdc15fallthrough", "drg794codes"];
    for _ in 0..draw.below(3) {
        let name = draw.pick(&names).copied().unwrap_or_default();
        sketch.secondary.extend(pool.with(name, &[], draw).map(|code| (code, poa(draw))));
    }
    sketch.discharge_status = draw.pick(&STATUSES).copied().unwrap_or(1);
    "newborn"
}

fn acquired(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch) -> &'static str {
    few(draw, sketch);
    let number = 1 + draw.below(14);
    let (sdx, principal, procedure) = match number {
        6 => ("hac06_sdx".to_owned(), None, None),
        11 => ("hac11_sdx".to_owned(), Some("hac11_pdx"), Some("hac11_proc".to_owned())),
        8 | 10 | 12 | 13 | 14 => {
            (format!("HAC{number:02}"), None, Some(format!("hac{number:02}_proc")))
        }
        _ => (format!("HAC{number:02}"), None, None),
    };
    for _ in 0..1 + draw.below(2) {
        sketch.secondary.extend(pool.with(&sdx, &[], draw).map(|code| (code, poa(draw))));
    }
    if draw.one_in(3) {
        let other = format!("HAC{:02}", 1 + draw.below(14));
        sketch.secondary.extend(pool.with(&other, &[], draw).map(|code| (code, poa(draw))));
    }
    if let Some(name) = principal
        && !draw.one_in(4)
    {
        sketch.principal.0 = pool.with(name, &[], draw).unwrap_or_default();
    }
    if let Some(name) = procedure
        && !draw.one_in(4)
    {
        sketch.procedures.extend(pool.procedure_with(&name, &[], draw));
    }
    if draw.one_in(3) {
        sketch.secondary.push((pool.complication(draw), poa(draw)));
    }
    "hac"
}

fn status(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch) -> &'static str {
    few(draw, sketch);
    sketch.discharge_status = if draw.one_in(2) {
        draw.below(101) as u16
    } else {
        draw.pick(&STATUSES).copied().unwrap_or(1)
    };
    let name = draw.pick(&["mccalive", "ami", "mccalive", "nbmaj"]).copied().unwrap_or_default();
    sketch.secondary.extend(pool.with(name, &[], draw).map(|code| (code, poa(draw))));
    let mdc = draw.pick(&[5, 5, 15, 20, 0]).copied().unwrap_or(5);
    if mdc > 0
        && let Some(code) = draw.pick(&pool.of_mdc[mdc])
    {
        sketch.principal.0.clone_from(code);
    }
    "status"
}

fn edits(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch) -> &'static str {
    few(draw, sketch);
    match draw.below(8) {
        0 => sketch.sex = 'U',
        1 => sketch.principal.0 = draw.pick(&pool.of_mdc[0]).cloned().unwrap_or_default(),
        2 => sketch.secondary.push(sketch.principal.clone()),
        3 => sketch.secondary.push((sketch.principal.0.chars().take(3).collect(), None)),
        4 => sketch.procedures.push("0ZZZZZZ".to_owned()),
        5 => {
            sketch.age_years = draw.pick(&[None, Some(0), Some(125), Some(200)]).copied().flatten()
        }
        6 => sketch.principal.0.truncate(3),
        _ => {
            let mdc = 12 + draw.below(4);
            if let Some(code) = draw.pick(&pool.of_mdc[mdc]) {
                sketch.principal.0.clone_from(code);
            }
        }
    }
    "edit"
}

fn cluster(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch, index: usize) -> &'static str {
    few(draw, sketch);
    let Some(choices) = pool.clusters.get((index * 7) % pool.clusters.len().max(1)) else {
        return "cluster";
    };
    for choice in choices {
        sketch.procedures.extend(draw.pick(choice).cloned());
    }
    let mdc = draw.pick(&[1, 5, 5, 8, 8, 8, 10, 11, 13, 6, 7, 21, 24]).copied().unwrap_or(5);
    if let Some(code) = draw.pick(&pool.of_mdc[mdc]) {
        sketch.principal.0.clone_from(code);
    }
    "cluster"
}

fn trauma(pool: &Pool, draw: &mut Draw, sketch: &mut Sketch) -> &'static str {
    few(draw, sketch);
    let mut names = vec!["strauma", "hiv", "hivsig"];
    names.extend(SITES);
    let name = draw.pick(&names).copied().unwrap_or_default();
    sketch.principal.0 = pool.with(name, &[], draw).unwrap_or_default();
    for _ in 0..draw.below(3) {
        let name = draw.pick(&names).copied().unwrap_or_default();
        sketch.secondary.extend(pool.with(name, &[], draw).map(|code| (code, poa(draw))));
    }
    "trauma"
}
