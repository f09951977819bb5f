//! Keeping rules: what is in force, what was, what a new row would change, and adding it.

use super::form::{FIRST_DAY, Given, Question, RuleForm};
use super::kinds::{Head, QUEUE_NAME, QueueRule};
use super::row::{self, RowState, RuleFacts, RuleState};
use super::setting::{Setting, SettingRule};
use super::{Effective, Origin, history, overlay};
use crate::access::{Right, require};
use crate::coding::zone_of;
use crate::people::field;
use crate::{Error, FieldError};
use integrity::{CompletionRule, RetentionClass};
use jiff::civil::Date;
use record::Context;
use record::effective::{Effect, Fault, SiteRow, Term, is_jurisdiction};
use release::FEDERAL;
use release::basis::Checklist;
use release::clock::ClockRule;
use release::fee::Schedule;
use std::collections::BTreeMap;
use store::rule::{NewRule, RuleKind, RuleRow};
use store::{AuditEntry, Store, View};

/// A rule as a page shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Name, version, jurisdiction, citation, dates.
    pub head: Head,
    /// Shipped, or the site's.
    pub origin: Origin,
    /// What it says, as questions with their answers.
    pub questions: Vec<Question>,
}

impl Shown {
    /// What people call a rule of this kind; its name where it has no other.
    pub fn title(&self, kind: RuleKind) -> String {
        let answer = |name: &str| {
            let question = self.questions.iter().find(|question| question.name == name);
            question.map(Question::answer).filter(|answer| !answer.is_empty())
        };
        let title = match kind {
            RuleKind::Queue => Some("Points of My work".to_owned()),
            RuleKind::Setting => {
                Setting::parse(&self.head.name).map(|setting| setting.title().to_owned())
            }
            _ => titled_by(kind).and_then(answer),
        };
        title.unwrap_or_else(|| self.head.name.clone())
    }
}

/// The question whose answer is what people call a rule of this kind.
pub fn titled_by(kind: RuleKind) -> Option<&'static str> {
    match kind {
        RuleKind::Checklist => Some("basis"),
        RuleKind::Clock => Some("clock"),
        RuleKind::Retention => Some("records"),
        RuleKind::Completion => Some("document_name"),
        RuleKind::FeeSchedule | RuleKind::Queue | RuleKind::Setting => None,
    }
}

/// The rules of a kind in force on a day.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// The rules.
    pub rules: Vec<Shown>,
    /// Name and title of rules of which nothing is in force that day.
    pub ended: Vec<(String, String)>,
    /// The day.
    pub on: Date,
}

/// One rule with its past and future.
#[derive(Clone, Debug)]
pub struct OpenedRule {
    /// What holds from which day to which day.
    pub versions: Vec<Shown>,
    /// What the site entered, in order of entry.
    pub rows: Vec<RuleRow>,
    /// What is shipped under this name, oldest first, whatever the site entered over it.
    pub shipped: Vec<Shown>,
    /// Who entered rows, by actor key.
    pub actors: BTreeMap<String, String>,
    /// Today at the facility.
    pub today: Date,
}

impl OpenedRule {
    /// What holds on a day.
    pub fn on(&self, day: Date) -> Option<&Shown> {
        self.versions.iter().find(|one| one.head.term.holds_on(day))
    }

    /// Where the row at this place, in order of entry, stands today.
    pub fn row_today(&self, place: usize) -> RowState {
        let rows = self.rows.iter().map(|row| SiteRow { term: row.term, effect: row.effect });
        row::row_on(&rows.collect::<Vec<_>>(), place, self.today)
    }

    /// What the shipped rule says on a day.
    pub fn shipped_on(&self, day: Date) -> Option<&Shown> {
        self.shipped.iter().find(|one| one.head.term.holds_on(day))
    }
}

/// A row that somebody wants to add.
#[derive(Clone, Debug)]
pub struct RuleDraft {
    /// What kind of rule.
    pub kind: RuleKind,
    /// Its name.
    pub name: String,
    /// `US`, or a state.
    pub jurisdiction: String,
    /// Where it stands.
    pub citation: String,
    /// First day, as typed.
    pub from: String,
    /// Last day, as typed; empty while it stands.
    pub until: String,
    /// What it does.
    pub effect: Effect,
    /// Why.
    pub reason: String,
    /// The answers of the form.
    pub given: Given,
}

/// What a row would change.
#[derive(Clone, Debug)]
pub struct Preview {
    /// When it would hold.
    pub term: Term,
    /// What holds on its first day now.
    pub before: Option<Shown>,
    /// What would hold: questions with answers; none where nothing would.
    pub after: Option<Vec<Question>>,
    /// What to think of before adding it.
    pub notes: Vec<String>,
}

fn shown_of<T: RuleForm>(view: &mut View<'_>) -> Result<Vec<Shown>, Error> {
    let all = history::<T>(view)?.into_iter();
    Ok(all.map(shown_one).collect())
}

fn shown_one<T: RuleForm>(one: Effective<T>) -> Shown {
    Shown { questions: T::questions(Some(&one.rule)), head: one.head, origin: one.origin }
}

fn shipped_of<T: RuleForm>() -> Result<Vec<Shown>, Error> {
    Ok(overlay::<T>(T::shipped(), &[])?.into_iter().map(shown_one).collect())
}

fn shipped(kind: RuleKind) -> Result<Vec<Shown>, Error> {
    match kind {
        RuleKind::Checklist => shipped_of::<Checklist>(),
        RuleKind::Clock => shipped_of::<ClockRule>(),
        RuleKind::FeeSchedule => shipped_of::<Schedule>(),
        RuleKind::Retention => shipped_of::<RetentionClass>(),
        RuleKind::Completion => shipped_of::<CompletionRule>(),
        RuleKind::Queue => shipped_of::<QueueRule>(),
        RuleKind::Setting => shipped_of::<SettingRule>(),
    }
}

fn shown(view: &mut View<'_>, kind: RuleKind) -> Result<Vec<Shown>, Error> {
    match kind {
        RuleKind::Checklist => shown_of::<Checklist>(view),
        RuleKind::Clock => shown_of::<ClockRule>(view),
        RuleKind::FeeSchedule => shown_of::<Schedule>(view),
        RuleKind::Retention => shown_of::<RetentionClass>(view),
        RuleKind::Completion => shown_of::<CompletionRule>(view),
        RuleKind::Queue => shown_of::<QueueRule>(view),
        RuleKind::Setting => shown_of::<SettingRule>(view),
    }
}

/// The empty form of a kind.
pub fn blank(kind: RuleKind) -> Vec<Question> {
    match kind {
        RuleKind::Checklist => Checklist::questions(None),
        RuleKind::Clock => ClockRule::questions(None),
        RuleKind::FeeSchedule => Schedule::questions(None),
        RuleKind::Retention => RetentionClass::questions(None),
        RuleKind::Completion => CompletionRule::questions(None),
        RuleKind::Queue => QueueRule::questions(None),
        RuleKind::Setting => SettingRule::questions(None),
    }
}

fn content_of<T: RuleForm>(
    name: &str,
    given: &Given,
) -> Result<(String, Vec<Question>), Vec<Fault>> {
    let rule = T::read(name, given)?;
    let faults = rule.faults();
    let unwritable = |_| vec![Fault::new("name", "This rule can't be written.")];
    match faults.is_empty() {
        true => Ok((serde_json::to_string(&rule).map_err(unwritable)?, T::questions(Some(&rule)))),
        false => Err(faults),
    }
}

fn content(draft: &RuleDraft) -> Result<(String, Vec<Question>), Vec<Fault>> {
    let (name, given) = (&draft.name[..], &draft.given);
    match draft.kind {
        RuleKind::Checklist => content_of::<Checklist>(name, given),
        RuleKind::Clock => content_of::<ClockRule>(name, given),
        RuleKind::FeeSchedule => content_of::<Schedule>(name, given),
        RuleKind::Retention => content_of::<RetentionClass>(name, given),
        RuleKind::Completion => content_of::<CompletionRule>(name, given),
        RuleKind::Queue => content_of::<QueueRule>(name, given),
        RuleKind::Setting => content_of::<SettingRule>(name, given),
    }
}

/// The rules of a kind in force on a day; today where none is given.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn shelf(
    store: &Store,
    context: &Context,
    kind: RuleKind,
    on: Option<Date>,
) -> Result<Shelf, Error> {
    require(store, context, Right::Administer)?;
    store.read(context, |view| {
        let on = match on {
            Some(day) => day,
            None => context.at.date_in(&zone_of(view)?),
        };
        let all = shown(view, kind)?;
        let titles: BTreeMap<String, String> =
            all.iter().map(|one| (one.head.name.clone(), one.title(kind))).collect();
        let mut ended: BTreeMap<String, String> =
            view.rule_list(kind)?.into_iter().map(|row| (row.name.clone(), row.name)).collect();
        ended.extend(titles);
        let rules: Vec<Shown> = all.into_iter().filter(|one| one.head.term.holds_on(on)).collect();
        ended.retain(|name, _| rules.iter().all(|one| one.head.name != *name));
        let ended = ended.into_iter().collect();
        let entry = AuditEntry::new(context, "rule.list", format!("rules/{}", kind.as_str()));
        Ok((Shelf { rules, ended, on }, entry))
    })
}

fn opened(view: &mut View<'_>, kind: RuleKind, name: &str) -> Result<OpenedRule, Error> {
    let mut versions = shown(view, kind)?;
    versions.retain(|one| one.head.name == name);
    let mut rows = view.rule_list(kind)?;
    rows.retain(|row| row.name == name);
    let mut shipped = shipped(kind)?;
    shipped.retain(|one| one.head.name == name);
    let today = view.context().at.date_in(&zone_of(view)?);
    let actors = actors(view, &rows)?;
    Ok(OpenedRule { versions, rows, shipped, actors, today })
}

fn actors(view: &mut View<'_>, rows: &[RuleRow]) -> Result<BTreeMap<String, String>, Error> {
    let mut names = BTreeMap::new();
    for row in rows {
        let id = row.entered_by.strip_prefix("person:").and_then(|id| id.parse().ok());
        let Some(id) = id else { continue };
        if let Some(person) = view.person(id)? {
            names.insert(row.entered_by.clone(), person.name);
        }
    }
    Ok(names)
}

fn names<T: RuleForm>() -> Vec<(String, i64)> {
    let name = |rule: &T| (rule.head().name, rule.head().version);
    T::shipped().iter().map(name).collect()
}

fn shipped_names(kind: RuleKind) -> Vec<(String, i64)> {
    match kind {
        RuleKind::Checklist => names::<Checklist>(),
        RuleKind::Clock => names::<ClockRule>(),
        RuleKind::FeeSchedule => names::<Schedule>(),
        RuleKind::Retention => names::<RetentionClass>(),
        RuleKind::Completion => names::<CompletionRule>(),
        RuleKind::Queue => names::<QueueRule>(),
        RuleKind::Setting => names::<SettingRule>(),
    }
}

/// When the shipped versions of a rule hold.
fn shipped_terms(kind: RuleKind, name: &str) -> Vec<Term> {
    let all = shipped(kind).unwrap_or_default();
    all.into_iter().filter(|shown| shown.head.name == name).map(|shown| shown.head.term).collect()
}

/// One rule with its past and future.
///
/// # Errors
/// [`Error::NotFound`] where there is none of this name.
pub fn open(
    store: &Store,
    context: &Context,
    kind: RuleKind,
    name: &str,
) -> Result<OpenedRule, Error> {
    require(store, context, Right::Administer)?;
    store.read(context, |view| {
        let rule = opened(view, kind, name)?;
        if rule.shipped.is_empty() && rule.rows.is_empty() {
            return Err(Error::NotFound);
        }
        let target = format!("rule/{}/{name}", kind.as_str());
        Ok((rule, AuditEntry::new(context, "rule.open", target)))
    })
}

/// What is checked of a draft: its days, and its rule where it sets one.
struct Checked {
    term: Term,
    content: Option<(String, Vec<Question>)>,
}

fn check(draft: &RuleDraft, rows: &[RuleRow]) -> Result<Checked, Error> {
    let mut errors = check_name(draft);
    let mut wrong = |name: &str, reason: &str| errors.push(field(name, reason));
    if !is_jurisdiction(&draft.jurisdiction) {
        wrong("jurisdiction", "Give US, or a state as US-CA.");
    }
    if draft.citation.trim().is_empty() {
        wrong("citation", "Say where the rule stands: the paragraph, or whose decision it is.");
    }
    if draft.reason.trim().is_empty() {
        wrong("reason", "Say why it is entered.");
    }
    let term = term_of(draft, &mut errors);
    let day = term.map_or(FIRST_DAY, |term| term.from);
    if let Err(refusal) = row::apply(state_on(draft, rows, day), draft.effect, facts_of(draft)?) {
        errors.push(field("effect", &refusal.to_string()));
    }
    let mut made = None;
    if draft.effect == Effect::Set {
        match content(draft) {
            Ok(content) => made = Some(content),
            Err(faults) => {
                errors.extend(faults.iter().map(|fault| field(&fault.field, &fault.sentence)));
            }
        }
    }
    match term {
        Some(term) if errors.is_empty() => Ok(Checked { term, content: made }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// What holds on a day of the rule that a draft is about.
fn state_on(draft: &RuleDraft, rows: &[RuleRow], day: Date) -> RuleState {
    let terms = shipped_terms(draft.kind, &draft.name);
    let mine = rows.iter().filter(|row| row.name == draft.name);
    let rows: Vec<SiteRow> =
        mine.map(|row| SiteRow { term: row.term, effect: row.effect }).collect();
    row::rule_on(&terms, &rows, day)
}

/// Law and settings must hold somehow: a site may enter another rule, and never do without one.
fn facts_of(draft: &RuleDraft) -> Result<RuleFacts, Error> {
    let mut like = shipped(draft.kind)?;
    like.retain(|shown| shown.head.name == draft.name);
    let is_federal = like.iter().any(|shown| shown.head.jurisdiction == FEDERAL);
    let is_binding = match draft.kind {
        RuleKind::Queue | RuleKind::Setting => true,
        RuleKind::Checklist | RuleKind::Clock => is_federal,
        RuleKind::FeeSchedule | RuleKind::Retention | RuleKind::Completion => false,
    };
    Ok(RuleFacts { is_shipped: !like.is_empty(), is_binding })
}

fn check_name(draft: &RuleDraft) -> Vec<FieldError> {
    let name = draft.name.as_str();
    let is_of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let mut errors = Vec::new();
    if name.is_empty() || name.len() > 60 || !name.chars().all(is_of_name) {
        let sentence = "Give a short name in small letters, digits, '-' or '.', as us-ca-access.";
        errors.push(field("name", sentence));
    }
    if name == "new" {
        errors.push(field("name", "Give it a name of its own."));
    }
    let is_known = match draft.kind {
        RuleKind::Queue => name == QUEUE_NAME,
        RuleKind::Setting => Setting::parse(name).is_some(),
        _ => true,
    };
    if !is_known {
        errors.push(field("name", "There is no setting of this name."));
    }
    errors
}

/// The days on which a draft would hold; none where they are wrong.
fn term_of(draft: &RuleDraft, errors: &mut Vec<FieldError>) -> Option<Term> {
    let from = draft.from.trim().parse::<Date>().ok().filter(|day| *day >= FIRST_DAY);
    if from.is_none() {
        errors.push(field("from", "Give the first day as 2026-03-04."));
    }
    let from = from?;
    let until = match draft.until.trim() {
        "" => None,
        text => match text.parse::<Date>() {
            Ok(day) if day >= from => Some(day),
            _ => {
                let sentence = "Give a last day that is not before the first, or leave it empty.";
                errors.push(field("until", sentence));
                return None;
            }
        },
    };
    Some(Term { from, until })
}

/// What a row would change.
///
/// # Errors
/// [`Error::Invalid`] names the fields.
pub fn preview(store: &Store, context: &Context, draft: &RuleDraft) -> Result<Preview, Error> {
    require(store, context, Right::Administer)?;
    store.read(context, |view| {
        let checked = check(draft, &view.rule_list(draft.kind)?)?;
        let rule = opened(view, draft.kind, &draft.name)?;
        let term = checked.term;
        let before = rule.on(term.from).cloned();
        let after = match draft.effect {
            Effect::Set => checked.content.map(|(_, questions)| questions),
            Effect::Off => None,
            Effect::Shipped => rule.shipped_on(term.from).map(|one| one.questions.clone()),
        };
        let notes = notes(&rule, term);
        let target = format!("rule/{}/{}", draft.kind.as_str(), draft.name);
        let entry = AuditEntry::new(context, "rule.preview", target);
        Ok((Preview { term, before, after, notes }, entry))
    })
}

fn notes(rule: &OpenedRule, term: Term) -> Vec<String> {
    let mut notes = Vec::new();
    if term.from < rule.today {
        notes.push(
            "It begins before today. What was decided since then keeps the rule by which it was \
             decided; what is asked again is judged by this one."
                .to_owned(),
        );
    }
    let later = rule.rows.iter().filter(|row| row.term.from > term.from).map(|row| row.term.from);
    if let Some(day) = later.min() {
        notes.push(format!("From {day} on, what was entered before for that day holds."));
    }
    if let Some(until) = term.until {
        let after =
            if !rule.shipped.is_empty() { "the shipped rule holds again" } else { "nothing holds" };
        notes.push(format!("After {until}, {after}."));
    }
    notes
}

/// Adds a row. Nothing is overwritten: it supersedes from its first day.
///
/// # Errors
/// [`Error::Invalid`] names the fields.
pub fn append(store: &Store, context: &Context, draft: &RuleDraft) -> Result<i64, Error> {
    require(store, context, Right::Administer)?;
    store.write(context, |transaction| {
        let rows = transaction.rule_list(draft.kind)?;
        let checked = check(draft, &rows)?;
        let of_rows = rows.iter().filter(|row| row.name == draft.name).map(|row| row.version);
        let shipped = shipped_names(draft.kind);
        let of_shipped = shipped.iter().filter(|(name, _)| *name == draft.name).map(|(_, v)| *v);
        let version = of_rows.chain(of_shipped).max().unwrap_or(0) + 1;
        let content = checked.content.as_ref().map(|(content, _)| content.as_str());
        let id = transaction.rule_append(&NewRule {
            kind: draft.kind,
            name: &draft.name,
            version,
            jurisdiction: &draft.jurisdiction,
            citation: draft.citation.trim(),
            term: checked.term,
            effect: draft.effect,
            content,
            reason: draft.reason.trim(),
        })?;
        let target = format!("rule/{}/{}", draft.kind.as_str(), draft.name);
        let entry = AuditEntry::new(context, "rule.append", target);
        transaction.audit(&entry.detail(format!(r#"{{"row":{id},"version":{version}}}"#)))?;
        Ok(id)
    })
}
