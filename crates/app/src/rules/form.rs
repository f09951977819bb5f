//! Each kind of rule as a form: what is asked, and the rule that the answers make.

use super::kinds::{QueueRule, Rule};
use super::setting::{EVER, Setting, SettingRule};
use integrity::completion::{Condition, EncounterClass};
use integrity::retention::{Governs, Keep, RetentionStart};
use integrity::{ClockStart, CompletionRule, QueueTerms, RetentionClass, TimeAllowed, WorkKind};
use jiff::civil::Date;
use record::Citation;
use record::effective::{Fault, Term};
use release::FEDERAL;
use release::basis::{Basis, Checklist, Element, ElementKind};
use release::clock::{Clock, ClockRule};
use release::fee::{Schedule, Tier};
use std::collections::BTreeMap;

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A line of text.
    Line,
    /// A whole number.
    Number,
    /// Several lines.
    Lines,
    /// LOINC codes of kinds of document, with spaces between.
    DocumentKinds,
    /// One of these: stored word and what people read.
    One(Vec<(String, String)>),
    /// Any of these.
    Any(Vec<(String, String)>),
}

/// A question of a rule's form, with its present answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Name of the field.
    pub name: String,
    /// What is asked.
    pub label: String,
    /// How to answer.
    pub hint: String,
    /// What a number counts: `days`. Empty where it counts nothing.
    pub unit: String,
    /// By what.
    pub input: Input,
    /// What leaving it empty says: `for ever`.
    pub empty: String,
    /// The answer now.
    pub values: Vec<String>,
}

impl Question {
    fn new(name: &str, label: &str, input: Input, values: Vec<String>) -> Question {
        let (name, label) = (name.to_owned(), label.to_owned());
        let (hint, unit, empty) = (String::new(), String::new(), String::new());
        Question { name, label, hint, unit, empty, input, values }
    }

    fn line(name: &str, label: &str, value: &str) -> Question {
        Question::new(name, label, Input::Line, vec![value.to_owned()])
    }

    fn number(name: &str, label: &str, value: Option<i64>) -> Question {
        let values = value.map(|value| value.to_string()).into_iter().collect();
        Question::new(name, label, Input::Number, values)
    }

    fn hint(mut self, hint: &str) -> Question {
        hint.clone_into(&mut self.hint);
        self
    }

    fn unit(mut self, unit: &str) -> Question {
        unit.clone_into(&mut self.unit);
        self
    }

    fn empty(mut self, says: &str) -> Question {
        says.clone_into(&mut self.empty);
        self
    }

    /// The answer as people read it, with its unit.
    pub fn answer(&self) -> String {
        let label = |value: &String| match &self.input {
            Input::One(choices) | Input::Any(choices) => {
                let found = choices.iter().find(|(word, _)| word == value);
                found.map_or_else(|| value.clone(), |(_, label)| label.clone())
            }
            Input::Number if !self.unit.is_empty() => counted(value, &self.unit),
            Input::DocumentKinds => named_kinds(value),
            Input::Line | Input::Number | Input::Lines => value.clone(),
        };
        if self.values.iter().all(|value| value.is_empty()) {
            return self.empty.clone();
        }
        self.values.iter().map(label).collect::<Vec<_>>().join(", ")
    }
}

/// Kinds of document by name, one a line, the LOINC code beside: what people know them by.
pub fn named_kinds(codes: &str) -> String {
    let named = |code: &str| match exchange::loinc_documents().by_code(code) {
        Some(kind) => format!("{} ({code})", kind.name),
        None => format!("{code} (none of LOINC's document types)"),
    };
    codes.split_whitespace().map(named).collect::<Vec<_>>().join("\n")
}

/// `1 day`, `30 days`.
fn counted(value: &str, unit: &str) -> String {
    let unit = if value == "1" { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
    format!("{value} {unit}")
}

/// What a form holds: by name, each value given.
pub type Given = BTreeMap<String, Vec<String>>;

fn text<'a>(given: &'a Given, name: &str) -> &'a str {
    given.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
}

fn number<T: std::str::FromStr>(given: &Given, name: &str, faults: &mut Vec<Fault>) -> Option<T> {
    let parsed = text(given, name).parse().ok();
    if parsed.is_none() {
        faults.push(Fault::new(name, "Give a whole number."));
    }
    parsed
}

/// An empty field is none; anything else must be a number.
fn number_if<T: std::str::FromStr>(
    given: &Given,
    name: &str,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    if text(given, name).is_empty() { None } else { number(given, name, faults) }
}

fn choose<T>(
    given: &Given,
    name: &str,
    find: impl Fn(&str) -> Option<T>,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let found = find(text(given, name));
    if found.is_none() {
        faults.push(Fault::new(name, "Choose one."));
    }
    found
}

fn choices<T: Copy>(
    all: &[T],
    word: impl Fn(T) -> &'static str,
    label: impl Fn(T) -> &'static str,
) -> Vec<(String, String)> {
    all.iter().map(|one| (word(*one).to_owned(), label(*one).to_owned())).collect()
}

fn made<T>(rule: Option<T>, mut faults: Vec<Fault>) -> Result<T, Vec<Fault>> {
    match rule {
        Some(rule) if faults.is_empty() => Ok(rule),
        _ => {
            if faults.is_empty() {
                faults.push(Fault::new("name", "Fill in the form."));
            }
            Err(faults)
        }
    }
}

/// A kind of rule that has a form.
pub trait RuleForm: Rule {
    /// What is asked, answered as this rule stands; without a rule, empty.
    fn questions(rule: Option<&Self>) -> Vec<Question>;
    /// The rule of this name that the answers make, under a head that the caller replaces.
    ///
    /// # Errors
    /// What is wrong, field by field.
    fn read(name: &str, given: &Given) -> Result<Self, Vec<Fault>>;
}

fn no_citation() -> Citation {
    Citation::new("")
}

const ELEMENT_KINDS: [(&str, &str); 3] = [
    ("must", "yes is needed"),
    ("must-not", "no is needed"),
    ("fact", "decides what else is asked"),
];

impl RuleForm for Checklist {
    fn questions(rule: Option<&Checklist>) -> Vec<Question> {
        let basis = choices(Basis::ALL, Basis::as_str, Basis::label);
        let elements = rule.map_or(&[][..], |rule| &rule.elements);
        let lines: Vec<String> = elements.iter().map(element_line).collect();
        vec![
            Question::new(
                "basis",
                "Legal basis",
                Input::One(basis),
                rule.map(|rule| rule.basis.as_str().to_owned()).into_iter().collect(),
            ),
            Question::new("elements", "Questions", Input::Lines, vec![lines.join("\n")]).hint(
                "One a line: name | must, must-not, fact or one-of GROUP | paragraph | question | \
                 what a letter says | name of the question it depends on (may be left out)",
            ),
        ]
    }

    fn read(name: &str, given: &Given) -> Result<Checklist, Vec<Fault>> {
        let mut faults = Vec::new();
        let basis = choose(given, "basis", Basis::parse, &mut faults);
        let mut elements = Vec::new();
        for (at, line) in text(given, "elements").lines().enumerate() {
            match element_of(line) {
                Some(element) => elements.push(element),
                None if line.trim().is_empty() => {}
                None => {
                    let sentence =
                        format!("Line {}: give five or six parts with | between them.", at + 1);
                    faults.push(Fault::new("elements", sentence));
                }
            }
        }
        let rule = basis.map(|basis| Checklist {
            id: name.to_owned(),
            version: 1,
            basis,
            jurisdiction: FEDERAL.to_owned(),
            citation: no_citation(),
            from: EVER,
            to: None,
            elements,
        });
        made(rule, faults)
    }
}

fn element_line(element: &Element) -> String {
    let kind = match &element.kind {
        ElementKind::Must => ELEMENT_KINDS[0].0.to_owned(),
        ElementKind::MustNot => ELEMENT_KINDS[1].0.to_owned(),
        ElementKind::Fact => ELEMENT_KINDS[2].0.to_owned(),
        ElementKind::OneOf(group) => format!("one-of {group}"),
    };
    let mut parts = vec![
        element.id.clone(),
        kind,
        element.citation.text.clone(),
        element.question.clone(),
        element.remedy.clone(),
    ];
    parts.extend(element.when.clone());
    parts.join(" | ")
}

fn element_of(line: &str) -> Option<Element> {
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    let [id, kind, citation, question, remedy, when @ ..] = &parts[..] else { return None };
    let kind = match *kind {
        "must" => ElementKind::Must,
        "must-not" => ElementKind::MustNot,
        "fact" => ElementKind::Fact,
        other => ElementKind::OneOf(other.strip_prefix("one-of ")?.trim().to_owned()),
    };
    let when = match when {
        [] => None,
        [other] => Some((*other).to_owned()).filter(|other| !other.is_empty()),
        _ => return None,
    };
    Some(Element {
        id: (*id).to_owned(),
        citation: Citation::new(*citation),
        question: (*question).to_owned(),
        remedy: (*remedy).to_owned(),
        kind,
        when,
    })
}

impl RuleForm for ClockRule {
    fn questions(rule: Option<&ClockRule>) -> Vec<Question> {
        vec![
            Question::new(
                "clock",
                "What runs",
                Input::One(choices(Clock::ALL, Clock::as_str, Clock::label)),
                rule.map(|rule| rule.clock.as_str().to_owned()).into_iter().collect(),
            ),
            Question::number("days", "Time allowed", rule.map(|rule| rule.days.into()))
                .unit("days")
                .hint("Calendar days from the day on which it is received"),
            Question::number(
                "extension_days",
                "The one extension",
                rule.and_then(|rule| rule.extension_days).map(i64::from),
            )
            .unit("days")
            .hint("Empty where there is none"),
        ]
    }

    fn read(name: &str, given: &Given) -> Result<ClockRule, Vec<Fault>> {
        let mut faults = Vec::new();
        let clock = choose(given, "clock", Clock::parse, &mut faults);
        let days = number(given, "days", &mut faults);
        let extension_days = number_if(given, "extension_days", &mut faults);
        let rule = clock.zip(days).map(|(clock, days)| ClockRule {
            id: name.to_owned(),
            version: 1,
            clock,
            jurisdiction: FEDERAL.to_owned(),
            citation: no_citation(),
            from: EVER,
            to: None,
            days,
            extension_days,
        });
        made(rule, faults)
    }
}

impl RuleForm for Schedule {
    fn questions(rule: Option<&Schedule>) -> Vec<Question> {
        let tier = |tier: &Tier| format!("{} | {}", tier.through_page, tier.cents);
        let tiers: Vec<String> =
            rule.map_or(&[][..], |rule| &rule.tiers).iter().map(tier).collect();
        vec![
            Question::number("base_cents", "Base fee", rule.map(|r| r.base_cents.into()))
                .unit("cents"),
            Question::new("tiers", "Price of pages", Input::Lines, vec![tiers.join("\n")])
                .hint("One step a line: last page | cents a page. The last holds for all further."),
        ]
    }

    fn read(name: &str, given: &Given) -> Result<Schedule, Vec<Fault>> {
        let mut faults = Vec::new();
        let base_cents = number(given, "base_cents", &mut faults);
        let mut tiers = Vec::new();
        for line in text(given, "tiers").lines().filter(|line| !line.trim().is_empty()) {
            let parts = line.split_once('|');
            let tier = parts.and_then(|(page, cents)| {
                let (through_page, cents) = (page.trim().parse().ok()?, cents.trim().parse().ok()?);
                Some(Tier { through_page, cents })
            });
            match tier {
                Some(tier) => tiers.push(tier),
                None => faults.push(Fault::new("tiers", "Write each step as 25 | 100.")),
            }
        }
        let rule = base_cents.map(|base_cents| Schedule {
            id: name.to_owned(),
            version: 1,
            jurisdiction: FEDERAL.to_owned(),
            citation: no_citation(),
            from: EVER,
            to: None,
            base_cents,
            tiers,
        });
        made(rule, faults)
    }
}

impl RuleForm for RetentionClass {
    fn questions(rule: Option<&RetentionClass>) -> Vec<Question> {
        let years = rule.and_then(|rule| match rule.keep {
            Keep::Years(years) => Some(i64::from(years)),
            Keep::Permanently => None,
        });
        let starts = choices(&RetentionStart::ALL, RetentionStart::as_str, RetentionStart::label);
        vec![
            Question::line("records", "Records", rule.map_or("", |rule| &rule.records)),
            Question::number("years", "Kept for", years)
                .unit("years")
                .hint("Empty: for ever")
                .empty("for ever"),
            Question::new(
                "starts",
                "Counted from",
                Input::One(starts),
                rule.map(|rule| rule.starts.as_str().to_owned()).into_iter().collect(),
            ),
            Question::number(
                "minor_until_age",
                "Minors: at least until this age",
                rule.and_then(|rule| rule.minor_until_age).map(i64::from),
            )
            .unit("years")
            .hint("Majority plus the statute of limitations; empty where no rule says so"),
            Question::new(
                "governs",
                "Governs",
                Input::One(choices(&Governs::ALL, Governs::as_str, Governs::label)),
                vec![rule.map_or(Governs::Charts, |rule| rule.governs).as_str().to_owned()],
            ),
        ]
    }

    fn read(name: &str, given: &Given) -> Result<RetentionClass, Vec<Fault>> {
        let mut faults = Vec::new();
        let word = |text: &str| RetentionStart::ALL.into_iter().find(|s| s.as_str() == text);
        let starts = choose(given, "starts", word, &mut faults);
        let years = number_if(given, "years", &mut faults);
        let minor_until_age = number_if(given, "minor_until_age", &mut faults);
        // Who does not say governs every chart: that keeps too long rather than too short.
        let governs = text(given, "governs");
        let governs = Governs::ALL.into_iter().find(|one| one.as_str() == governs);
        let rule = starts.map(|starts| RetentionClass {
            id: name.to_owned(),
            version: 1,
            records: text(given, "records").to_owned(),
            jurisdiction: FEDERAL.to_owned(),
            citation: no_citation(),
            term: Term { from: EVER, until: None },
            starts,
            keep: years.map_or(Keep::Permanently, Keep::Years),
            minor_until_age,
            governs: governs.unwrap_or_default(),
        });
        made(rule, faults)
    }
}

impl RuleForm for CompletionRule {
    fn questions(rule: Option<&CompletionRule>) -> Vec<Question> {
        let (length, unit) = match rule.map(|rule| rule.allowed) {
            Some(TimeAllowed::Hours(hours)) => (Some(hours), "hours"),
            Some(TimeAllowed::Days(days)) => (Some(days), "days"),
            None => (None, "days"),
        };
        let word = |word: &'static str| vec![word.to_owned()];
        let classes = choices(&EncounterClass::ALL, EncounterClass::as_str, EncounterClass::label);
        let conditions = choices(&Condition::ALL, Condition::as_str, Condition::label);
        let starts = choices(&ClockStart::ALL, ClockStart::as_str, ClockStart::label);
        let units = vec![("hours".into(), "hours".into()), ("days".into(), "days".into())];
        let signature = vec![("yes".into(), "Yes".into()), ("no".into(), "No".into())];
        let needs = rule.is_none_or(|rule| rule.needs_signature);
        let held = rule.map_or(&[][..], |rule| &rule.classes);
        vec![
            Question::line("document_name", "Document", rule.map_or("", |r| &r.document_name)),
            Question::new(
                "codes",
                "Satisfied by any of",
                Input::DocumentKinds,
                rule.map(|rule| rule.codes.join(" ")).into_iter().collect(),
            )
            .hint("LOINC codes with spaces between, as 18842-5 34105-7"),
            Question::new(
                "classes",
                "Encounters",
                Input::Any(classes),
                held.iter().map(|class| class.as_str().to_owned()).collect(),
            ),
            Question::new(
                "condition",
                "When",
                Input::One(conditions),
                word(rule.map_or(Condition::Always, |rule| rule.condition).as_str()),
            ),
            Question::new(
                "starts",
                "The clock starts at",
                Input::One(starts),
                word(rule.map_or(ClockStart::Discharge, |rule| rule.starts).as_str()),
            ),
            Question::number("length", "Time allowed", length).unit(unit).hint("0: before it"),
            Question::new("unit", "Counted in", Input::One(units), word(unit)),
            Question::new(
                "needs_signature",
                "Must be authenticated",
                Input::One(signature),
                word(if needs { "yes" } else { "no" }),
            ),
        ]
    }

    fn read(name: &str, given: &Given) -> Result<CompletionRule, Vec<Fault>> {
        let mut faults = Vec::new();
        let condition = |text: &str| Condition::ALL.into_iter().find(|c| c.as_str() == text);
        let condition = choose(given, "condition", condition, &mut faults);
        let starts = |text: &str| ClockStart::ALL.into_iter().find(|s| s.as_str() == text);
        let starts = choose(given, "starts", starts, &mut faults);
        let length: Option<i64> = number(given, "length", &mut faults);
        let of_unit = |text: &str| match text {
            "hours" => Some(TimeAllowed::Hours as fn(i64) -> TimeAllowed),
            "days" => Some(TimeAllowed::Days as fn(i64) -> TimeAllowed),
            _ => None,
        };
        let unit = choose(given, "unit", of_unit, &mut faults);
        let classes = given.get("classes").cloned().unwrap_or_default();
        let held = |class: &EncounterClass| classes.iter().any(|word| word == class.as_str());
        let rule = condition.zip(starts).zip(length.zip(unit)).map(
            |((condition, starts), (length, unit))| CompletionRule {
                id: name.to_owned(),
                version: "1".to_owned(),
                classes: EncounterClass::ALL.into_iter().filter(held).collect(),
                condition,
                document_name: text(given, "document_name").to_owned(),
                codes: text(given, "codes").split_whitespace().map(str::to_owned).collect(),
                needs_signature: text(given, "needs_signature") != "no",
                starts,
                allowed: unit(length),
                from: EVER,
                until: None,
                citation: no_citation(),
            },
        );
        made(rule, faults)
    }
}

fn points_of(name: &str, label: &str, points: i64) -> Question {
    Question::number(name, label, Some(points)).unit("points")
}

impl RuleForm for QueueRule {
    fn questions(rule: Option<&QueueRule>) -> Vec<Question> {
        let terms = rule.map_or_else(QueueTerms::shipped, |rule| rule.terms.clone());
        let weight = |(name, label, points): (&str, &str, i64)| points_of(name, label, points);
        let kind = |kind: &WorkKind| {
            let points = terms.kinds.get(kind).copied().unwrap_or(0);
            points_of(kind.as_str(), kind.label(), points)
        };
        terms.weights().into_iter().map(weight).chain(WorkKind::ALL.iter().map(kind)).collect()
    }

    fn read(name: &str, given: &Given) -> Result<QueueRule, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut terms = QueueTerms::shipped();
        for (weight, ..) in QueueTerms::shipped().weights() {
            if let Some(points) = number(given, weight, &mut faults) {
                terms.set(weight, points);
            }
        }
        for kind in WorkKind::ALL {
            if let Some(points) = number(given, kind.as_str(), &mut faults) {
                terms.kinds.insert(kind, points);
            }
        }
        let (id, citation) = (name.to_owned(), String::new());
        let rule = QueueRule { id, version: 1, terms, citation, from: EVER, until: None };
        made(Some(rule), faults)
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl RuleForm for SettingRule {
    fn questions(rule: Option<&SettingRule>) -> Vec<Question> {
        let setting = rule.and_then(|rule| Setting::parse(&rule.id));
        let label = setting.map_or("Number", Setting::label);
        let value = rule.map(|rule| rule.value);
        let question = match setting {
            Some(Setting::FiscalYearMonth) => {
                let month = |(name, at): (&&str, i64)| (at.to_string(), (*name).to_owned());
                let months = MONTHS.iter().zip(1..).map(month);
                let chosen = value.map(|value| value.to_string()).into_iter().collect();
                Question::new("value", label, Input::One(months.collect()), chosen)
            }
            _ => Question::number("value", label, value).unit("days"),
        };
        vec![question.hint(setting.map_or("", Setting::meaning))]
    }

    fn read(name: &str, given: &Given) -> Result<SettingRule, Vec<Fault>> {
        let mut faults = Vec::new();
        let value = number(given, "value", &mut faults);
        let rule = value.map(|value| SettingRule {
            id: name.to_owned(),
            version: 1,
            value,
            citation: String::new(),
            from: EVER,
            until: None,
        });
        made(rule, faults)
    }
}

/// The first day that a form may name.
pub(super) const FIRST_DAY: Date = EVER;
