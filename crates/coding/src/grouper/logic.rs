//! One version of the grouper, compiled: what each code means and the rows of every category.

use super::formula::{Carrier, Expression, Mask, Names, compile, needed};
use super::tables::{Category, Cluster, Dated, Range, Tables, TablesError, VersionDates};

/// Major diagnostic categories as the tables number them.
pub(crate) const PRE_MDC: u32 = 0;
pub(crate) const UNRELATED: u32 = 29;
const ERRORS: u32 = 99;
const CATEGORIES: usize = 30;

/// What one set bit of a row mask stands for: a row of the category, in the order of the file.
type RowMask = u128;

/// Highest severity of complications and comorbidities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Neither.
    #[default]
    None,
    /// Complication or comorbidity.
    Cc,
    /// Major complication or comorbidity.
    Mcc,
}

/// The type of a DRG.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DrgType {
    /// A procedure decided.
    Surgical,
    /// The principal diagnosis decided.
    Medical,
    /// Ungroupable, or a principal diagnosis that is no discharge diagnosis.
    Neither,
}

/// What a diagnosis is to the grouper.
#[derive(Clone, Copy)]
pub(crate) struct DiagnosisMeaning {
    pub(crate) attributes: Mask,
    pub(crate) severity: Severity,
    pub(crate) hac: bool,
    pub(crate) mdc_male: u8,
    pub(crate) mdc_female: u8,
}

/// A diagnosis code in one version: 0 is not valid.
#[derive(Clone, Copy, Default)]
pub(crate) struct DiagnosisEntry {
    /// Position of its meaning, plus one.
    pub(crate) meaning: u16,
    /// Exclusion group when it is principal; 0 is none.
    pub(crate) group: u16,
}

/// A procedure code in one version: 0 is not valid.
#[derive(Clone, Copy, Default)]
pub(crate) struct ProcedureEntry {
    /// Position of its pattern, plus one.
    pub(crate) pattern: u16,
    /// It may form a cluster with others.
    pub(crate) component: bool,
}

/// Where a row leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leads {
    /// To its DRG.
    Drg,
    /// To another category.
    Category(u8),
    /// To the rows of procedures unrelated to the principal diagnosis.
    Unrelated,
    /// To an error where the discharge status is not valid.
    DischargeStatus,
    /// To an error where the sex is unknown and the category depends on it.
    Sex,
}

pub(crate) struct CompiledRow {
    pub(crate) base: u16,
    pub(crate) drg: u16,
    pub(crate) kind: DrgType,
    pub(crate) leads: Leads,
    pub(crate) expression: Expression,
    pub(crate) suppressed: Mask,
    pub(crate) formula: u32,
}

/// The rows of a category and which of them an attribute makes possible.
#[derive(Default)]
pub(crate) struct CompiledCategory {
    pub(crate) rows: Vec<CompiledRow>,
    always: RowMask,
    of_procedure: Possible,
    of_principal: Possible,
    of_secondary: Possible,
}

/// For each attribute the rows that it makes possible.
#[derive(Default)]
struct Possible {
    attributes: Mask,
    rows: Vec<RowMask>,
}

impl Possible {
    fn add(&mut self, attributes: &Mask, row: RowMask) {
        self.rows.resize(Mask::CAPACITY, 0);
        self.attributes.join(attributes);
        attributes.bits().for_each(|attribute| self.rows[attribute] |= row);
    }

    #[inline]
    fn collect(&self, present: &Mask, rows: &mut RowMask) {
        present.each_common(&self.attributes, |attribute| *rows |= self.rows[attribute]);
    }
}

impl CompiledCategory {
    /// Rows that may be true with these attributes; every other is false.
    #[inline]
    pub(crate) fn possible(&self, procedure: &Mask, principal: &Mask, secondary: &Mask) -> RowMask {
        let mut rows = self.always;
        self.of_procedure.collect(procedure, &mut rows);
        self.of_principal.collect(principal, &mut rows);
        self.of_secondary.collect(secondary, &mut rows);
        rows
    }

    fn push(&mut self, row: CompiledRow, common: &Mask) -> Result<(), TablesError> {
        if self.rows.len() as u32 >= RowMask::BITS {
            return Err(TablesError::TooMany { what: "rows in a category" });
        }
        let bit: RowMask = 1 << self.rows.len();
        match needed(&row.expression, common) {
            None => self.always |= bit,
            Some(clauses) => {
                for clause in clauses {
                    let attributes = &clause.attributes;
                    match clause.carrier {
                        Carrier::Procedure => self.of_procedure.add(attributes, bit),
                        Carrier::Principal | Carrier::EveryDiagnosis => {
                            self.of_principal.add(attributes, bit);
                        }
                        Carrier::Secondary => self.of_secondary.add(attributes, bit),
                        Carrier::AnyDiagnosis => {
                            self.of_principal.add(attributes, bit);
                            self.of_secondary.add(attributes, bit);
                        }
                    }
                }
            }
        }
        self.rows.push(row);
        Ok(())
    }
}

/// A procedure pattern, with what counters need.
#[derive(Clone, Copy)]
pub(crate) struct ProcedureMeaning {
    pub(crate) attributes: Mask,
    pub(crate) stents: u8,
    pub(crate) vessels: u8,
}

/// Attributes that the words in capitals count.
pub(crate) struct Counted {
    pub(crate) trauma_sites: Mask,
    pub(crate) joints: Mask,
    pub(crate) not_operating_room: Mask,
    pub(crate) drug_eluting_stents: Mask,
    pub(crate) other_stents: Mask,
    pub(crate) anterior: Mask,
    pub(crate) anterior_section: Mask,
    pub(crate) posterior: Mask,
    pub(crate) posterior_one: Mask,
    pub(crate) multiple: Mask,
    pub(crate) alive_only: Mask,
    pub(crate) external_cause: Mask,
}

pub(crate) struct CompiledCluster {
    /// Pattern of the procedure that it acts as.
    pub(crate) pattern: u16,
    pub(crate) name: u32,
    /// A bit for each category in which its components don't count.
    pub(crate) hides_components_in: u32,
    pub(crate) choices: Vec<Vec<u32>>,
}

/// One hospital-acquired condition.
pub(crate) struct Condition {
    pub(crate) number: u8,
    pub(crate) expression: Expression,
    /// Attributes of the diagnoses that the condition can take off.
    pub(crate) carriers: Mask,
}

/// One version, compiled.
pub(crate) struct Logic {
    pub(crate) dates: VersionDates,
    pub(crate) meanings: Vec<DiagnosisMeaning>,
    pub(crate) diagnoses: Vec<DiagnosisEntry>,
    pub(crate) procedures: Vec<ProcedureEntry>,
    pub(crate) clusters: Vec<CompiledCluster>,
    /// Component code and cluster, sorted.
    pub(crate) components: Vec<(u32, u32)>,
    pub(crate) categories: Vec<CompiledCategory>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) counted: Counted,
    /// Position of a DRG's title, plus one.
    pub(crate) titles: Vec<u16>,
    /// Position of a DRG's weight, plus one.
    pub(crate) weights: Vec<u16>,
}

fn serves(range: Range, version: u32) -> bool {
    range.0 <= version && version <= range.1
}

fn in_version(records: &[Dated], version: u32) -> impl Iterator<Item = &Dated> {
    records.iter().filter(move |record| serves(record.range, version))
}

impl Logic {
    pub(crate) fn compile(tables: &Tables, dates: VersionDates) -> Result<Self, TablesError> {
        let version = dates.version;
        let capacity = Mask::CAPACITY;
        if tables.diagnosis_names.len() > capacity || tables.procedure_names.len() > capacity {
            return Err(TablesError::TooMany { what: "attributes" });
        }
        let names =
            Names { diagnosis: &tables.diagnosis_names, procedure: &tables.procedure_names };
        let (meanings, diagnoses) = diagnoses(tables, version);
        let clusters = clusters(tables, version);
        let mut components: Vec<(u32, u32)> = Vec::new();
        for (cluster, position) in clusters.iter().zip(0..) {
            let codes = cluster.choices.iter().flatten();
            components.extend(codes.map(|code| (*code, position)));
        }
        components.sort_unstable();
        components.dedup();
        let mut procedures = vec![ProcedureEntry::default(); tables.procedures.len()];
        for record in in_version(&tables.procedure_attributes, version) {
            procedures[record.code].pattern = record.value as u16 + 1;
        }
        for (code, _) in &components {
            procedures[*code as usize].component = true;
        }
        Ok(Self {
            dates,
            meanings,
            diagnoses,
            procedures,
            clusters,
            components,
            categories: categories(tables, version, names)?,
            conditions: conditions(tables, version, names)?,
            counted: Counted::new(names),
            titles: titles(tables, version),
            weights: weights(tables, version),
        })
    }
}

fn diagnoses(tables: &Tables, version: u32) -> (Vec<DiagnosisMeaning>, Vec<DiagnosisEntry>) {
    let pattern = |id: u32| {
        let attributes = id.checked_sub(1).map(|id| &tables.diagnosis_patterns[id as usize]);
        Mask::of(attributes.into_iter().flatten().copied())
    };
    let mut meanings: Vec<DiagnosisMeaning> = (tables.schemes.iter())
        .map(|scheme| {
            let [general, hac, class] = scheme.patterns.map(pattern);
            let mut attributes = general;
            attributes.join(&hac);
            attributes.join(&class);
            DiagnosisMeaning {
                attributes,
                severity: [Severity::None, Severity::Cc, Severity::Mcc][scheme.severity as usize],
                hac: !hac.is_empty(),
                mdc_male: scheme.mdc as u8,
                mdc_female: scheme.mdc as u8,
            }
        })
        .collect();
    let mut entries = vec![DiagnosisEntry::default(); tables.diagnoses.len()];
    for record in in_version(&tables.diagnosis_schemes, version) {
        entries[record.code].meaning = record.value as u16 + 1;
    }
    for record in in_version(&tables.exclusions, version) {
        entries[record.code].group = record.value as u16;
    }
    let female: Vec<&Dated> = in_version(&tables.mdc_female, version).collect();
    for male in in_version(&tables.mdc_male, version) {
        let Some(female) = female.iter().find(|record| record.code == male.code) else { continue };
        let entry = &mut entries[male.code];
        let Some(position) = entry.meaning.checked_sub(1) else { continue };
        let meaning = meanings[usize::from(position)];
        let (mdc_male, mdc_female) = (male.value as u8, female.value as u8);
        meanings.push(DiagnosisMeaning { mdc_male, mdc_female, ..meaning });
        entry.meaning = meanings.len() as u16;
    }
    (meanings, entries)
}

fn clusters(tables: &Tables, version: u32) -> Vec<CompiledCluster> {
    const EVERYWHERE_BUT_NOWHERE: u32 = 99;
    let mut patterns: Vec<Option<u16>> = vec![None; tables.procedures.len()];
    for record in in_version(&tables.procedure_attributes, version) {
        patterns[record.code] = Some(record.value as u16);
    }
    let compile = |cluster: &Cluster| {
        let hidden = cluster.mdcs.iter().filter(|mdc| **mdc < EVERYWHERE_BUT_NOWHERE);
        Some(CompiledCluster {
            pattern: patterns[cluster.name]?,
            name: cluster.name as u32,
            hides_components_in: hidden.fold(0, |bits, mdc| bits | 1u32.wrapping_shl(*mdc)),
            choices: cluster.choices.clone(),
        })
    };
    let valid = tables.clusters.iter().filter(|cluster| serves(cluster.range, version));
    valid.filter_map(compile).collect()
}

fn categories(
    tables: &Tables,
    version: u32,
    names: Names,
) -> Result<Vec<CompiledCategory>, TablesError> {
    let common = ["d468", "d477", "nonor", "ornec"];
    let common = attributes(names.procedure, &common);
    let mut compiled: Vec<CompiledCategory> = Vec::new();
    compiled.resize_with(CATEGORIES, CompiledCategory::default);
    for category in tables.categories.iter().filter(|category| category.version == version) {
        if category.mdc == ERRORS {
            continue;
        }
        let Some(target) = compiled.get_mut(category.mdc as usize) else {
            return Err(TablesError::TooMany { what: "categories" });
        };
        for row in &category.rows {
            let formula = &tables.formulas[row.formula as usize];
            let leads = if row.drg == 0 { steering(category, formula)? } else { Some(Leads::Drg) };
            let Some(leads) = leads else { continue };
            let expression = match leads {
                Leads::Sex => Expression::Word(super::formula::Word::Always),
                _ => compile(formula, names)?,
            };
            let expression = match (leads, expression) {
                (Leads::DischargeStatus, Expression::All(mut parts)) => parts.remove(0),
                (_, expression) => expression,
            };
            let row = CompiledRow {
                base: row.base as u16,
                drg: row.drg as u16,
                kind: [DrgType::Neither, DrgType::Surgical, DrgType::Medical][row.kind as usize],
                leads,
                expression,
                suppressed: Mask::of(row.suppressed.iter().copied()),
                formula: row.formula,
            };
            target.push(row, &common)?;
        }
    }
    Ok(compiled)
}

/// Where a row without a DRG leads; none where it has no effect.
fn steering(category: &Category, formula: &str) -> Result<Option<Leads>, TablesError> {
    let leads = match (category.mdc, formula) {
        (PRE_MDC, "SDX:mccalive & INVALID_DSTAT") => Some(Leads::DischargeStatus),
        (PRE_MDC, "PDX:strauma & MULTST") => Some(Leads::Category(24)),
        (PRE_MDC, "PDX:hiv | (PDX:hivsig & SDX:hiv)") => Some(Leads::Category(25)),
        (PRE_MDC, "kidneyxp") => Some(Leads::Category(11)),
        (PRE_MDC, "INVALID_SEX") => Some(Leads::Sex),
        (1..=25, "(d468 | d477)" | "ORPROC") => Some(Leads::Unrelated),
        // Answered before the rows are tried.
        (PRE_MDC, "INVALID_PDX" | "PDX_ECODE") => None,
        // Marks of the publisher's own program, without effect on the DRG: where a category
        // starts, and which attributes a following row suppresses.
        (_, formula) if formula.starts_with("MDC") || formula.ends_with(')') => None,
        (_, "ANY:ami & INVALID_DSTAT" | "INVALID_DSTAT" | "5") => None,
        (mdc, formula) => {
            return Err(TablesError::Steering { mdc, formula: formula.to_owned() });
        }
    };
    Ok(leads)
}

fn conditions(tables: &Tables, version: u32, names: Names) -> Result<Vec<Condition>, TablesError> {
    (tables.hac_formulas.iter())
        .filter(|record| serves(record.range, version))
        .map(|record| {
            let expression = compile(&record.text, names)?;
            let prefix = format!("hac{:02}", record.number);
            let carriers = (names.diagnosis.iter().zip(0..))
                .filter(|(name, _)| name.to_lowercase().starts_with(&prefix))
                .map(|(_, position)| position);
            let carriers = Mask::of(carriers);
            Ok(Condition { number: record.number as u8, expression, carriers })
        })
        .collect()
}

fn titles(tables: &Tables, version: u32) -> Vec<u16> {
    let mut positions = vec![0; 1000];
    for (title, position) in tables.drg_titles.iter().zip(1..) {
        if serves(title.range, version)
            && let Some(slot) = positions.get_mut(title.number as usize)
        {
            *slot = position;
        }
    }
    positions
}

fn weights(tables: &Tables, version: u32) -> Vec<u16> {
    let mut positions = vec![0; 1000];
    for (weight, position) in tables.weights.iter().zip(1..) {
        if serves(tables.weights_of, version)
            && let Some(slot) = positions.get_mut(weight.drg as usize)
        {
            *slot = position;
        }
    }
    positions
}

fn attributes(names: &[String], wanted: &[&str]) -> Mask {
    let known = names.iter().zip(0..).filter(|(name, _)| wanted.contains(&name.as_str()));
    Mask::of(known.map(|(_, position)| position))
}

impl Counted {
    fn new(names: Names) -> Self {
        let procedure = |wanted: &[&str]| attributes(names.procedure, wanted);
        let diagnosis = |wanted: &[&str]| attributes(names.diagnosis, wanted);
        Self {
            trauma_sites: diagnosis(&[
                "sthead", "stchest", "stabdom", "stkidney", "stlolimb", "stpel", "stuplimb",
                "sturin",
            ]),
            joints: procedure(&[
                "lefthip",
                "righthip",
                "leftknee",
                "rightknee",
                "leftankle",
                "rightankle",
            ]),
            not_operating_room: procedure(&["nonor"]),
            drug_eluting_stents: procedure(&["NORdrugstent"]),
            other_stents: procedure(&["NORstent"]),
            anterior: procedure(&["sglantfuse"]),
            anterior_section: procedure(&["sglantsectXfuse"]),
            posterior: procedure(&["sglpostfuse"]),
            posterior_one: procedure(&["sglpostfuse1"]),
            multiple: procedure(&["singlefusionA", "sglantsectXfuse"]),
            alive_only: diagnosis(&["mccalive"]),
            external_cause: diagnosis(&["ecode"]),
        }
    }
}

/// What each procedure pattern means, shared by all versions.
pub(crate) fn procedure_meanings(tables: &Tables) -> Vec<ProcedureMeaning> {
    let number = |pattern: &[u32], prefix: &str| {
        let names = pattern.iter().map(|name| &tables.procedure_names[*name as usize]);
        names.filter_map(|name| name.strip_prefix(prefix)?.parse::<u8>().ok()).sum()
    };
    let none = ProcedureMeaning { attributes: Mask::EMPTY, stents: 0, vessels: 0 };
    let patterns = tables.procedure_patterns.iter().map(|pattern| ProcedureMeaning {
        attributes: Mask::of(pattern.iter().copied()),
        stents: number(pattern, "stent"),
        vessels: number(pattern, "vessel"),
    });
    // Pattern 0 is "no attribute".
    std::iter::once(none).chain(patterns).collect()
}
