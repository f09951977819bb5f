//! Why a claim has its DRG: the path through the logic as a tree, and as lines of text.

use jiff::civil::Date;

use super::claim::{Claim, Code, HospitalPoaStatus};
use super::evidence::Fact;
use super::grouping::{Decision, Ending, Grouper, Grouping, NotLoaded, UNGROUPABLE};
use super::logic::{Leads, Logic, PRE_MDC, Severity, UNRELATED};
use super::stay::{Lost, Scratch};

/// One step of the path, with what it rests on.
#[derive(Clone, PartialEq)]
pub struct Step {
    /// What the step is.
    pub kind: StepKind,
    /// The step in a sentence.
    pub text: String,
    /// What it rests on.
    pub children: Vec<Step>,
}

/// What a step is, with its facts.
#[derive(Clone, PartialEq)]
pub enum StepKind {
    /// The discharge date chose a version.
    Version {
        /// Ten times the version: 431 is v43.1.
        version: u16,
        /// The discharge date.
        date: Date,
    },
    /// The principal diagnosis chose a category.
    Category {
        /// The principal diagnosis.
        code: Code,
        /// Major diagnostic category.
        mdc: u8,
    },
    /// What a secondary diagnosis counts for.
    Comorbidity {
        /// Its place among the secondary diagnoses.
        place: usize,
        /// The diagnosis.
        code: Code,
        /// What its code is.
        severity: Severity,
        /// Why it does not count, if it does not.
        lost: Lost,
    },
    /// Procedures that act together as one.
    Cluster {
        /// The name in the tables.
        name: Code,
    },
    /// A row sent the claim to another category.
    Redirection {
        /// The category.
        mdc: u8,
    },
    /// The row that gave the DRG.
    Row {
        /// The DRG.
        drg: u16,
        /// The category whose rows were tried; 0 before the categories, 29 unrelated procedures.
        category: u8,
    },
    /// A part of the row's formula that is true, and by which code.
    Evidence,
    /// No DRG.
    Ungroupable {
        /// Why.
        ending: Ending,
    },
    /// Hospital-acquired conditions.
    Acquired {
        /// The number of the condition.
        number: u8,
    },
    /// What one code contributes.
    Contribution {
        /// The code.
        code: Code,
        /// The DRG of the claim without it.
        without: u16,
    },
}

impl std::fmt::Debug for Step {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[step]")
    }
}

impl Step {
    fn new(kind: StepKind, text: String) -> Self {
        Self { kind, text, children: Vec::new() }
    }

    /// The step and what it rests on, a line each, indented by two spaces a level.
    pub fn lines(&self, depth: usize, lines: &mut Vec<String>) {
        lines.push(format!("{:depth$}{}", "", self.text, depth = depth * 2));
        self.children.iter().for_each(|child| child.lines(depth + 1, lines));
    }
}

impl Grouper {
    /// Groups a claim and says why.
    ///
    /// # Errors
    /// The discharge date lies outside the loaded versions.
    pub fn explain(
        &self,
        scratch: &mut Scratch,
        claim: &Claim,
    ) -> Result<(Grouping, Vec<Step>), NotLoaded> {
        let grouping = self.group(scratch, claim)?;
        let logic = self.version_on(claim.discharge_date)?;
        let mut steps = vec![version(logic, claim)];
        if scratch.fill(&self.tables, &self.meanings, logic, claim).is_err() {
            steps.push(ungroupable(grouping.last.ending, claim));
            return Ok((grouping, steps));
        }
        let teller = Teller { grouper: self, logic, claim };
        steps.push(teller.category(&grouping.initial));
        steps.extend(teller.comorbidities(scratch));
        steps.extend(teller.clusters(scratch));
        let changed = grouping.last != grouping.initial;
        let label = if changed { "Initial DRG" } else { "DRG" };
        steps.extend(teller.path(scratch, &grouping.initial, label));
        if grouping.initial.ending == Ending::Grouped {
            steps.extend(teller.acquired(scratch, &grouping));
        }
        if changed {
            steps.extend(teller.path(scratch, &grouping.last, "Final DRG"));
        }
        steps.extend(self.contributions(scratch, claim, &grouping));
        Ok((grouping, steps))
    }

    /// What each code contributes: the DRG of the claim without it, where it differs.
    fn contributions(&self, scratch: &mut Scratch, claim: &Claim, with: &Grouping) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut rest = claim.clone();
        for place in 0..claim.secondary.len() {
            let removed = rest.secondary.remove(place);
            steps.extend(self.contribution(
                scratch,
                &rest,
                dotted(removed.code),
                removed.code,
                with,
            ));
            rest.secondary.insert(place, removed);
        }
        for place in 0..claim.procedures.len() {
            let removed = rest.procedures.remove(place);
            let text = removed.code.text();
            steps.extend(self.contribution(scratch, &rest, text, removed.code, with));
            rest.procedures.insert(place, removed);
        }
        steps
    }

    fn contribution(
        &self,
        scratch: &mut Scratch,
        rest: &Claim,
        written: String,
        code: Code,
        with: &Grouping,
    ) -> Option<Step> {
        let without = self.group(scratch, rest).ok()?.last.drg;
        if without == with.last.drg {
            return None;
        }
        let weight = |drg| self.weight(with.version, drg).map(|w| w.weight_ten_thousandths);
        let mut text = format!("Without {written} the DRG would be {}", self.named(with, without));
        if let (Some(with), Some(without)) = (weight(with.last.drg), weight(without)) {
            let difference = (f64::from(with) - f64::from(without)) / 10_000.0;
            text.push_str(&format!("; it changes the weight by {difference:+.4}"));
        }
        Some(Step::new(StepKind::Contribution { code, without }, text))
    }

    fn named(&self, grouping: &Grouping, drg: u16) -> String {
        match self.title(grouping.version, drg) {
            Some(title) => format!("{drg:03}, {title}"),
            None => format!("{drg:03}"),
        }
    }
}

/// What the steps of one claim are told from.
struct Teller<'a> {
    grouper: &'a Grouper,
    logic: &'a Logic,
    claim: &'a Claim,
}

impl Teller<'_> {
    fn category(&self, initial: &Decision) -> Step {
        let code = self.claim.principal.code;
        let entry =
            self.grouper.tables.diagnoses.find(code).map(|place| self.logic.diagnoses[place]);
        let meaning = entry.and_then(|entry| entry.meaning.checked_sub(1));
        let meaning = meaning.map(|place| self.logic.meanings[usize::from(place)]);
        let own = meaning.and_then(|meaning| super::stay::category_for(&meaning, self.claim.sex));
        let mdc = own.map_or(initial.mdc, |mdc| mdc as u8);
        let title = self.grouper.mdc_title(self.logic, mdc);
        let text = format!("Principal diagnosis {} leads to MDC {mdc}{title}", dotted(code));
        Step::new(StepKind::Category { code, mdc }, text)
    }

    fn comorbidities(&self, stay: &Scratch) -> Vec<Step> {
        let mut steps = Vec::new();
        let principal = dotted(self.claim.principal.code);
        for (place, diagnosis) in self.claim.secondary.iter().enumerate() {
            let code = diagnosis.code;
            let fact = stay.secondaries.iter().find(|fact| fact.place as usize == place);
            let Some(fact) = fact else {
                let kind = StepKind::Comorbidity {
                    place,
                    code,
                    severity: Severity::None,
                    lost: Lost::Nothing,
                };
                let text = format!("{} is not valid on the date and is ignored", dotted(code));
                steps.push(Step::new(kind, text));
                continue;
            };
            let severity = self.logic.meanings[usize::from(fact.meaning)].severity;
            let name = severity_name(severity);
            let effect = match fact.lost {
                Lost::Nothing if severity == Severity::None => "neither CC nor MCC".to_owned(),
                Lost::Nothing if severity < stay.severity => {
                    format!("{name}, counts, but an MCC outweighs it")
                }
                Lost::Nothing => format!("{name}, counts"),
                Lost::Principal => format!("{name}, excluded by principal diagnosis {principal}"),
                Lost::Died => format!("{name}, does not count: the patient died (status 20)"),
                Lost::Acquired => format!("{name}, taken off as hospital-acquired"),
            };
            let kind = StepKind::Comorbidity { place, code, severity, lost: fact.lost };
            steps.push(Step::new(kind, format!("{}: {effect}", dotted(code))));
        }
        steps
    }

    fn clusters(&self, stay: &Scratch) -> Vec<Step> {
        let formed = stay.procedures.iter().filter(|procedure| procedure.place.is_none());
        let step = |cluster: &super::stay::ProcedureFact| {
            let compiled = &self.logic.clusters[cluster.code as usize];
            let choices = compiled.choices.iter().flatten();
            let part =
                |code: &&u32| stay.procedures.iter().any(|p| p.place.is_some() && p.code == **code);
            let parts: Vec<String> = choices
                .filter(part)
                .map(|code| self.grouper.tables.procedures.code(*code as usize).text())
                .collect();
            let name = self.grouper.tables.procedures.code(compiled.name as usize);
            let text = format!("Procedures {} act together as one", parts.join(" and "));
            Step::new(StepKind::Cluster { name }, text)
        };
        formed.map(step).collect()
    }

    /// From the category to the row, with the evidence for each.
    fn path(&self, stay: &Scratch, decision: &Decision, label: &str) -> Vec<Step> {
        let Some((category, place)) = decision.row else {
            return vec![ungroupable(decision.ending, self.claim)];
        };
        let mut steps = Vec::new();
        let category = u32::from(category);
        if category != PRE_MDC {
            let mdc = u32::from(decision.mdc);
            steps.extend(self.redirection(stay, mdc));
            let tried = "No row before the categories gives a DRG".to_owned();
            let row = StepKind::Row { drg: 0, category: PRE_MDC as u8 };
            steps.insert(0, Step::new(row, tried));
        }
        let row = &self.logic.categories[category as usize].rows[usize::from(place)];
        let place = match category {
            PRE_MDC => "before the categories".to_owned(),
            UNRELATED => format!(
                "for procedures unrelated to MDC {} (none of its surgical rows is true)",
                decision.mdc
            ),
            mdc => format!("of MDC {mdc}"),
        };
        let title = self.grouper.title(self.logic.dates.version as u16, row.drg).unwrap_or("");
        let formula = &self.grouper.tables.formulas[row.formula as usize];
        let text =
            format!("{label} {:03}, {title}: the first true row {place} is {formula}", row.drg);
        let kind = StepKind::Row { drg: row.drg, category: category as u8 };
        let mut step = Step::new(kind, text);
        step.children = self.evidence(stay, category, &row.expression, row.suppressed);
        for fact in self.suppressed(stay, &row.suppressed) {
            step.children.push(Step::new(StepKind::Evidence, fact));
        }
        steps.push(step);
        steps
    }

    /// The row that sent the claim to a category that is not the principal diagnosis's own.
    fn redirection(&self, stay: &Scratch, mdc: u32) -> Option<Step> {
        let view = self.grouper.view(self.logic, stay, PRE_MDC);
        let rows = self.logic.categories[PRE_MDC as usize].rows.iter();
        let mut leading = rows.filter(|row| row.leads == Leads::Category(mdc as u8));
        let row = leading.find(|row| view.holds(&row.expression))?;
        let formula = &self.grouper.tables.formulas[row.formula as usize];
        let title = self.grouper.mdc_title(self.logic, mdc as u8);
        let text = format!("A row before the categories leads to MDC {mdc}{title}: {formula}");
        let mut step = Step::new(StepKind::Redirection { mdc: mdc as u8 }, text);
        step.children = self.evidence(stay, PRE_MDC, &row.expression, row.suppressed);
        Some(step)
    }

    fn evidence(
        &self,
        stay: &Scratch,
        category: u32,
        expression: &super::formula::Expression,
        suppressed: super::formula::Mask,
    ) -> Vec<Step> {
        let facts = self.grouper.evidence(self.logic, stay, category, expression, &suppressed);
        let step = |fact: Fact| Step::new(StepKind::Evidence, self.sentence(&fact));
        facts.into_iter().map(step).collect()
    }

    fn sentence(&self, fact: &Fact) -> String {
        match fact {
            Fact::Principal(name) => {
                format!(
                    "Principal diagnosis {} is on list {name}",
                    dotted(self.claim.principal.code)
                )
            }
            Fact::Secondary(place, name) => {
                let code = self.claim.secondary.get(*place as usize).map(|d| dotted(d.code));
                format!("Secondary diagnosis {} is on list {name}", code.unwrap_or_default())
            }
            Fact::Procedure(Some(place), name) => {
                let code = self.claim.procedures.get(*place as usize).map(|p| p.code.text());
                format!("Procedure {} is on list {name}", code.unwrap_or_default())
            }
            Fact::Procedure(None, name) => {
                format!("The procedures acting together are on list {name}")
            }
            Fact::Sentence(text) => text.clone(),
        }
    }

    /// Secondaries that may not supply CC or MCC to a row.
    fn suppressed(&self, stay: &Scratch, suppressed: &super::formula::Mask) -> Vec<String> {
        let carries = stay.secondaries.iter().filter(|fact| {
            let meaning = &self.logic.meanings[usize::from(fact.meaning)];
            fact.severity > Severity::None && meaning.attributes.meets(suppressed)
        });
        let code = |place: u32| self.claim.secondary.get(place as usize).map(|d| dotted(d.code));
        carries
            .filter_map(|fact| code(fact.place))
            .map(|code| format!("{code} can't be the CC or MCC of this row: it names the row"))
            .collect()
    }

    /// Takes hospital-acquired conditions off, as grouping did, and tells of each.
    fn acquired(&self, stay: &mut Scratch, grouping: &Grouping) -> Vec<Step> {
        if self.claim.hospital_poa_status == HospitalPoaStatus::Exempt {
            return Vec::new();
        }
        let mut told = super::grouping::Conditions::default();
        self.grouper.take_off_acquired(self.logic, stay, &mut told);
        let mut steps: Vec<Step> = told
            .numbers()
            .map(|number| {
                let title = self.grouper.hac_title(self.logic, number);
                let text = format!("Hospital-acquired condition {number}{title}: criteria met");
                Step::new(StepKind::Acquired { number }, text)
            })
            .collect();
        if let Some(last) = steps.last_mut() {
            let taken = stay.secondaries.iter().filter(|fact| fact.lost == Lost::Acquired);
            last.children = taken
                .filter_map(|fact| self.claim.secondary.get(fact.place as usize))
                .map(|diagnosis| {
                    let code = dotted(diagnosis.code);
                    let text = format!("{code} was not present on admission and no longer counts");
                    Step::new(StepKind::Evidence, text)
                })
                .collect();
            if grouping.last == grouping.initial {
                let text = "The DRG stays the same".to_owned();
                last.children.push(Step::new(StepKind::Evidence, text));
            }
        }
        steps
    }
}

fn version(logic: &Logic, claim: &Claim) -> Step {
    let version = logic.dates.version as u16;
    let date = claim.discharge_date;
    let text = format!("MS-DRG v{}.{} serves a discharge on {date}", version / 10, version % 10);
    Step::new(StepKind::Version { version, date }, text)
}

fn ungroupable(ending: Ending, claim: &Claim) -> Step {
    let principal = dotted(claim.principal.code);
    let reason = match ending {
        Ending::Grouped => "grouped".to_owned(),
        Ending::InvalidPrincipal => {
            format!("principal diagnosis {principal} is not valid on the discharge date")
        }
        Ending::ExternalCausePrincipal => {
            format!("{principal} is an external cause and can't be principal")
        }
        Ending::InvalidDischargeStatus => {
            "the discharge status is not valid, and a diagnosis counts only for the living"
                .to_owned()
        }
        Ending::InvalidSex => {
            format!("the category of {principal} depends on the sex, which is unknown")
        }
        Ending::NoRow => "no row of the category is true".to_owned(),
        Ending::MissingPoa => {
            "a hospital-acquired condition is coded and an indicator of presence on admission is \
             missing"
                .to_owned()
        }
    };
    let text = format!("DRG {UNGROUPABLE}, ungroupable: {reason}");
    Step::new(StepKind::Ungroupable { ending }, text)
}

pub(crate) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::None => "NONE",
        Severity::Cc => "CC",
        Severity::Mcc => "MCC",
    }
}

/// A diagnosis code as people write it.
fn dotted(code: Code) -> String {
    let text = code.text();
    match text.split_at_checked(3) {
        Some((category, rest)) if !rest.is_empty() => format!("{category}.{rest}"),
        _ => text,
    }
}
