//! Which codes made a formula true.

use super::formula::{Carrier, Expression, Mask, Word};
use super::grouping::Grouper;
use super::logic::{Logic, Severity};
use super::stay::{Scratch, View};
use super::why::severity_name;

/// A part of a formula that is true.
pub(crate) enum Fact {
    /// The principal diagnosis has the attribute.
    Principal(String),
    /// The secondary diagnosis at a place has it.
    Secondary(u32, String),
    /// The procedure at a place has it, or a cluster.
    Procedure(Option<u32>, String),
    /// A test of its own, in words.
    Sentence(String),
}

impl Grouper {
    /// The true parts of a formula, in its order; what stands under "not" is said as absent.
    pub(crate) fn evidence(
        &self,
        logic: &Logic,
        stay: &Scratch,
        category: u32,
        expression: &Expression,
        suppressed: &Mask,
    ) -> Vec<Fact> {
        let mut view = self.view(logic, stay, category);
        view.severity = stay.severity_without(suppressed, &logic.meanings);
        let mut facts = Vec::new();
        self.collect(logic, &view, expression, &mut facts);
        facts
    }

    fn collect(&self, logic: &Logic, view: &View, expression: &Expression, facts: &mut Vec<Fact>) {
        if !view.holds(expression) {
            return;
        }
        match expression {
            Expression::Has(carrier, mask) => self.carriers(logic, view, *carrier, mask, facts),
            Expression::Word(word) => facts.extend(sentence(*word, view).map(Fact::Sentence)),
            Expression::All(parts) | Expression::Some(parts) => {
                parts.iter().for_each(|part| self.collect(logic, view, part, facts));
            }
            Expression::Not(inner) => {
                let mut names = Vec::new();
                self.names(inner, &mut names);
                if !names.is_empty() {
                    facts
                        .push(Fact::Sentence(format!("Nothing is on list {}", names.join(" or "))));
                }
            }
        }
    }

    fn carriers(
        &self,
        logic: &Logic,
        view: &View,
        carrier: Carrier,
        mask: &Mask,
        facts: &mut Vec<Fact>,
    ) {
        let stay = view.stay;
        if carrier == Carrier::Procedure {
            for procedure in &stay.procedures {
                let attributes = &self.meanings[usize::from(procedure.pattern)].attributes;
                if procedure.hidden_in >> view.category & 1 == 0 && attributes.meets(mask) {
                    let name = joined(&self.tables.procedure_names, attributes, mask);
                    facts.push(Fact::Procedure(procedure.place, name));
                }
            }
            return;
        }
        let names = &self.tables.diagnosis_names;
        if carrier != Carrier::Secondary && stay.principal.meets(mask) {
            facts.push(Fact::Principal(joined(names, &stay.principal, mask)));
        }
        if carrier != Carrier::Principal {
            for secondary in &stay.secondaries {
                let attributes = &logic.meanings[usize::from(secondary.meaning)].attributes;
                if attributes.meets(mask) {
                    let name = joined(names, attributes, mask);
                    facts.push(Fact::Secondary(secondary.place, name));
                }
            }
        }
    }

    fn names(&self, expression: &Expression, names: &mut Vec<String>) {
        match expression {
            Expression::Has(Carrier::Procedure, mask) => {
                names.push(joined(&self.tables.procedure_names, mask, mask));
            }
            Expression::Has(_, mask) => {
                names.push(joined(&self.tables.diagnosis_names, mask, mask));
            }
            Expression::Word(_) => {}
            Expression::All(parts) | Expression::Some(parts) => {
                parts.iter().for_each(|part| self.names(part, names));
            }
            Expression::Not(inner) => self.names(inner, names),
        }
    }
}

fn joined(names: &[String], attributes: &Mask, wanted: &Mask) -> String {
    let mut both = *attributes;
    both.narrow(wanted);
    let names: Vec<&str> = both.bits().map(|bit| names[bit].as_str()).collect();
    names.join(", ")
}

fn sentence(word: Word, view: &View) -> Option<String> {
    let text = match word {
        Word::Mcc | Word::Cc => {
            return (view.severity > Severity::None)
                .then(|| format!("An {} counts", severity_name(view.severity)))
                .map(|text| text.replace("An CC", "A CC"));
        }
        Word::Alive => "The patient left alive",
        Word::Died => "The patient died",
        Word::LeftAgainstAdvice => "The patient left against medical advice",
        Word::Transferred => "The patient was transferred to another acute hospital",
        Word::MultipleTrauma => "Injuries of at least two body sites",
        Word::Bilateral => "Procedures on at least two hips, knees or ankles",
        Word::FourStents => "At least four stents",
        Word::FourVessels => "At least four vessels",
        Word::FourDrugElutingStents => "At least four drug-eluting stents",
        Word::FourOtherStents => "At least four stents that elute no drug",
        Word::SingleFusions => "At least three single-level fusions",
        Word::AnteriorFusions => "At least two single-level anterior fusions",
        Word::PosteriorFusionsOne | Word::PosteriorFusions => {
            "At least two single-level posterior fusions"
        }
        Word::AnteriorFusionsSection => "At least two anterior fusions beside another section",
        Word::MultipleFusion => "At least two single-level fusions",
        Word::OperatingRoom => "An operating room procedure",
        Word::Always | Word::Never => return None,
    };
    Some(text.to_owned())
}
