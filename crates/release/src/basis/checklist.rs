//! A checklist as data, and its evaluation on a day.

use super::Basis;
use crate::FEDERAL;
use jiff::civil::Date;
use record::Citation;
use record::effective::Fault;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One version of a checklist: an audited row, in force from a day to a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    /// Id that its versions share: `us-164.508`.
    pub id: String,
    /// Version, counted from 1.
    pub version: u32,
    /// The basis that it belongs to.
    pub basis: Basis,
    /// `US`, or a state such as `US-CA`. State rows are asked beside the federal ones.
    pub jurisdiction: String,
    /// The rule.
    pub citation: Citation,
    /// First day in force.
    pub from: Date,
    /// Last day in force; none while it stands.
    pub to: Option<Date>,
    /// What is asked, in the order of the form.
    pub elements: Vec<Element>,
}

/// One question of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// Id within the basis: `expiration`.
    pub id: String,
    /// The paragraph: `45 CFR 164.508(c)(1)(v)`.
    pub citation: Citation,
    /// The question that a clerk answers with yes or no.
    pub question: String,
    /// What a letter says when the answer isn't right.
    pub remedy: String,
    /// What the answer must be.
    pub kind: ElementKind,
    /// Asked only when that other element was answered with yes.
    pub when: Option<String>,
}

/// What the answer to an element must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ElementKind {
    /// Yes is needed. A date counts as yes unless it lies ahead.
    Must,
    /// No is needed: yes is a defect. A date is a last day of validity: a defect once past.
    MustNot,
    /// At least one element of this group needs a yes; the others may stay unanswered.
    OneOf(String),
    /// Decides what else is asked; neither answer is wrong.
    Fact,
}

/// The answer to one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// A day, read by the kind of element.
    On(Date),
}

/// Answers by element id.
pub type Answers = BTreeMap<String, Answer>;

/// What became of one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The answer is right.
    Pass,
    /// The answer is wrong.
    Fail,
    /// No answer yet.
    Unanswered,
    /// Not asked here.
    DoesNotApply,
}

/// One element, evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Element id.
    pub id: String,
    /// The paragraph.
    pub citation: Citation,
    /// The question.
    pub question: String,
    /// What a letter says when it isn't met.
    pub remedy: String,
    /// The outcome.
    pub status: Status,
}

/// A basis, evaluated on a day under the rules of that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The basis.
    pub basis: Basis,
    /// The day whose rules were used.
    pub on: Date,
    /// Ids and versions of the checklists used.
    pub checklists: Vec<(String, u32)>,
    /// Every element, one outcome each.
    pub elements: Vec<Checked>,
}

impl Evaluation {
    /// Whether a release may rest on this basis: a checklist was in force, and every element
    /// passes or doesn't apply.
    pub fn is_satisfied(&self) -> bool {
        !self.checklists.is_empty() && self.missing().next().is_none()
    }

    /// Elements that fail or wait for an answer.
    pub fn missing(&self) -> impl Iterator<Item = &Checked> {
        self.elements.iter().filter(|e| matches!(e.status, Status::Fail | Status::Unanswered))
    }

    /// The outcome of one element.
    pub fn status(&self, id: &str) -> Option<Status> {
        self.elements.iter().find(|e| e.id == id).map(|e| e.status)
    }
}

impl Checklist {
    /// What is wrong with a checklist that a person entered.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut ids = BTreeSet::new();
        if self.elements.is_empty() {
            faults.push(Fault::new("elements", "Give at least one question."));
        }
        for (position, element) in self.elements.iter().enumerate() {
            let mut fault = |sentence: String| {
                let sentence = format!("Question {}: {sentence}", position + 1);
                faults.push(Fault::new("elements", sentence));
            };
            let texts = [&element.id, &element.citation.text, &element.question, &element.remedy];
            if texts.iter().any(|text| text.trim().is_empty()) {
                fault("give its name, paragraph, question, and what a letter says.".to_owned());
            }
            if !ids.insert(&element.id) {
                fault(format!("the name {} stands twice.", element.id));
            }
            if let Some(other) = &element.when
                && !self.elements[..position].iter().any(|earlier| &earlier.id == other)
            {
                fault(format!("no earlier question is named {other}."));
            }
        }
        faults
    }

    /// Whether it is in force on the day.
    pub fn is_in_force(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }
}

/// Evaluates the answers for a basis under the rules of the day: the federal checklists and
/// those of the jurisdiction, when one is set.
pub fn evaluate(
    checklists: &[Checklist],
    basis: Basis,
    jurisdiction: Option<&str>,
    answers: &Answers,
    on: Date,
) -> Evaluation {
    evaluate_under(checklists, basis, jurisdiction, answers, (on, on))
}

/// The same, under the checklists in force on `asked`, by what is so `on` another day: a request
/// is asked by the rules of its receipt, and a form that has expired since has expired.
pub fn evaluate_under(
    checklists: &[Checklist],
    basis: Basis,
    jurisdiction: Option<&str>,
    answers: &Answers,
    (asked, on): (Date, Date),
) -> Evaluation {
    let used: Vec<&Checklist> = checklists
        .iter()
        .filter(|c| c.basis == basis && c.is_in_force(asked))
        .filter(|c| c.jurisdiction == FEDERAL || Some(c.jurisdiction.as_str()) == jurisdiction)
        .collect();
    let elements: Vec<&Element> = used.iter().flat_map(|c| &c.elements).collect();
    let chosen = chosen_groups(&elements, answers);
    let elements = elements
        .iter()
        .map(|element| Checked {
            id: element.id.clone(),
            citation: element.citation.clone(),
            question: element.question.clone(),
            remedy: element.remedy.clone(),
            status: status(element, answers, &chosen, on),
        })
        .collect();
    let checklists = used.iter().map(|c| (c.id.clone(), c.version)).collect();
    Evaluation { basis, on, checklists, elements }
}

/// Groups of which at least one element was answered with yes.
fn chosen_groups<'a>(elements: &[&'a Element], answers: &Answers) -> BTreeSet<&'a str> {
    elements
        .iter()
        .filter(|e| is_yes(answers.get(&e.id)))
        .filter_map(|e| match &e.kind {
            ElementKind::OneOf(group) => Some(group.as_str()),
            ElementKind::Must | ElementKind::MustNot | ElementKind::Fact => None,
        })
        .collect()
}

fn is_yes(answer: Option<&Answer>) -> bool {
    matches!(answer, Some(Answer::Yes | Answer::On(_)))
}

fn status(element: &Element, answers: &Answers, chosen: &BTreeSet<&str>, on: Date) -> Status {
    if element.when.as_ref().is_some_and(|other| !is_yes(answers.get(other))) {
        return Status::DoesNotApply;
    }
    let answer = answers.get(&element.id);
    match (&element.kind, answer) {
        (ElementKind::OneOf(group), Some(Answer::Yes | Answer::On(_))) => {
            debug_assert!(chosen.contains(group.as_str()));
            Status::Pass
        }
        (ElementKind::OneOf(group), _) if chosen.contains(group.as_str()) => Status::DoesNotApply,
        (_, None) => Status::Unanswered,
        (ElementKind::OneOf(_), Some(Answer::No)) => Status::Fail,
        (ElementKind::Fact, Some(_)) => Status::Pass,
        (ElementKind::Must, Some(Answer::Yes)) => Status::Pass,
        (ElementKind::Must, Some(Answer::No)) => Status::Fail,
        (ElementKind::Must, Some(Answer::On(day))) => pass_if(*day <= on),
        (ElementKind::MustNot, Some(Answer::No)) => Status::Pass,
        (ElementKind::MustNot, Some(Answer::Yes)) => Status::Fail,
        (ElementKind::MustNot, Some(Answer::On(last_day))) => pass_if(on <= *last_day),
    }
}

fn pass_if(right: bool) -> Status {
    if right { Status::Pass } else { Status::Fail }
}

/// First day on which most covered entities had to follow the Privacy Rule (45 CFR 164.534).
pub(super) const PRIVACY_RULE: Date = jiff::civil::date(2003, 4, 14);

/// A federal checklist, version 1, in force since the Privacy Rule.
pub(super) fn federal(basis: Basis, id: &str, citation: &str, elements: Vec<Element>) -> Checklist {
    Checklist {
        id: format!("us-{id}"),
        version: 1,
        basis,
        jurisdiction: FEDERAL.to_owned(),
        citation: Citation::new(citation),
        from: PRIVACY_RULE,
        to: None,
        elements,
    }
}

/// An element whose answer must be yes.
pub(super) fn must(id: &str, citation: &str, question: &str, remedy: &str) -> Element {
    element(ElementKind::Must, id, citation, question, remedy)
}

/// An element whose answer must be no.
pub(super) fn must_not(id: &str, citation: &str, question: &str, remedy: &str) -> Element {
    element(ElementKind::MustNot, id, citation, question, remedy)
}

/// One of several of which one must be yes.
pub(super) fn one_of(group: &str, id: &str, citation: &str, question: &str) -> Element {
    let remedy = format!("Tell us which ground applies, for example: {question}");
    element(ElementKind::OneOf(group.to_owned()), id, citation, question, &remedy)
}

/// A question that decides what else is asked.
pub(super) fn fact(id: &str, citation: &str, question: &str) -> Element {
    element(ElementKind::Fact, id, citation, question, "Tell us whether this is so.")
}

fn element(kind: ElementKind, id: &str, citation: &str, question: &str, remedy: &str) -> Element {
    Element {
        id: id.to_owned(),
        citation: Citation::new(citation),
        question: question.to_owned(),
        remedy: remedy.to_owned(),
        kind,
        when: None,
    }
}

impl Element {
    /// Asked only when `other` was answered with yes.
    pub(super) fn when(mut self, other: &str) -> Element {
        self.when = Some(other.to_owned());
        self
    }
}
