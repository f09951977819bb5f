//! Rules as data: the shipped law, overlaid by the site's rows, by the day.
//!
//! Desks call the typed functions here with their view and the day that matters. Each answers
//! with the rules in force and says of each whether it is shipped or the site's. Where every
//! version is needed, because one chart spans several days, take the history.

mod form;
mod keep;
mod kinds;
mod row;
mod setting;

pub use form::{Given, Input, Question, named_kinds};
pub use keep::{
    OpenedRule, Preview, RuleDraft, Shelf, Shown, append, blank, open, preview, shelf, titled_by,
};
pub use kinds::{Head, QueueRule, Rule};
pub use row::RowState;
pub use setting::{Setting, SettingRule};

use crate::Error;
use integrity::{CompletionRule, NoticeLevel, NoticeRule, QueueTerms, RetentionClass};
use jiff::civil::Date;
use record::effective::{Pick, SiteRow, Term, timeline};
use release::basis::{Basis, Checklist};
use release::clock::ClockRule;
use release::fee::Schedule;
use std::collections::{BTreeMap, BTreeSet};
use store::View;
use store::rule::RuleRow;

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Shipped with the product.
    Shipped,
    /// The site's row with this key.
    Site(i64),
}

/// A rule with the days on which it holds here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective<T> {
    /// The rule, its dates those on which it holds here.
    pub rule: T,
    /// Name, version, jurisdiction, citation, dates.
    pub head: Head,
    /// Shipped, or the site's.
    pub origin: Origin,
}

/// Every version of every rule of a kind, by name and first day, without overlap.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn history<T: Rule>(view: &mut View<'_>) -> Result<Vec<Effective<T>>, Error> {
    overlay(T::shipped(), &view.rule_list(T::KIND)?)
}

/// The rules of a kind in force on a day, by name.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn in_force<T: Rule>(view: &mut View<'_>, on: Date) -> Result<Vec<Effective<T>>, Error> {
    let mut all = history(view)?;
    all.retain(|one: &Effective<T>| one.head.term.holds_on(on));
    Ok(all)
}

/// Shipped rules and rows put together.
pub(crate) fn overlay<T: Rule>(
    shipped: Vec<T>,
    rows: &[RuleRow],
) -> Result<Vec<Effective<T>>, Error> {
    let mut of_name: BTreeMap<String, Vec<&T>> = BTreeMap::new();
    let mut names: BTreeSet<String> = rows.iter().map(|row| row.name.clone()).collect();
    for rule in &shipped {
        let name = rule.head().name;
        names.insert(name.clone());
        of_name.entry(name).or_default().push(rule);
    }
    let mut all = Vec::new();
    for name in names {
        let mut versions = of_name.remove(&name).unwrap_or_default();
        versions.sort_by_key(|rule| (rule.head().term.from, rule.head().version));
        let mine: Vec<&RuleRow> = rows.iter().filter(|row| row.name == name).collect();
        let terms: Vec<Term> = versions.iter().map(|rule| rule.head().term).collect();
        let site: Vec<SiteRow> =
            mine.iter().map(|row| SiteRow { term: row.term, effect: row.effect }).collect();
        for (term, pick) in timeline(&terms, &site) {
            let (rule, origin) = match pick {
                Pick::Shipped(at) => (versions[at].clone(), Origin::Shipped),
                Pick::Site(at) => (of_row(mine[at])?, Origin::Site(mine[at].id)),
            };
            let head = Head { term, ..rule.head() };
            let jurisdiction = match pick {
                Pick::Shipped(_) => head.jurisdiction,
                Pick::Site(at) => mine[at].jurisdiction.clone(),
            };
            let head = Head { jurisdiction, ..head };
            all.push(Effective { rule: rule.with_head(&head), head, origin });
        }
    }
    Ok(all)
}

/// The rule that a row sets.
pub(crate) fn of_row<T: Rule>(row: &RuleRow) -> Result<T, Error> {
    let unreadable = || Error::Internal(format!("rule {} can't be read", row.id));
    let text = row.content.as_deref().ok_or_else(unreadable)?;
    let rule: T = serde_json::from_str(text).map_err(|_| unreadable())?;
    Ok(rule.with_head(&Head {
        name: row.name.clone(),
        version: row.version,
        jurisdiction: row.jurisdiction.clone(),
        citation: row.citation.clone(),
        term: row.term,
    }))
}

fn plain<T>(all: Vec<Effective<T>>) -> Vec<T> {
    all.into_iter().map(|one| one.rule).collect()
}

/// The completion rules in force on a day.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn completion_rules(
    view: &mut View<'_>,
    on: Date,
) -> Result<Vec<Effective<CompletionRule>>, Error> {
    in_force(view, on)
}

/// Every version of the completion rules, each with the days on which it holds: what
/// [`integrity::missing`] needs, which judges each occasion by the rule of its own day.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn completion_rules_all(view: &mut View<'_>) -> Result<Vec<CompletionRule>, Error> {
    Ok(plain(history(view)?))
}

/// The checklists of a legal basis in force on a day, federal and of every state.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn release_checklist(
    view: &mut View<'_>,
    basis: Basis,
    on: Date,
) -> Result<Vec<Effective<Checklist>>, Error> {
    let mut all: Vec<Effective<Checklist>> = in_force(view, on)?;
    all.retain(|one| one.rule.basis == basis);
    Ok(all)
}

/// Every version of every checklist: what [`release::basis::evaluate`] needs.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn release_checklists_all(view: &mut View<'_>) -> Result<Vec<Checklist>, Error> {
    Ok(plain(history(view)?))
}

/// The clocks of release in force on a day.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn release_clocks(view: &mut View<'_>, on: Date) -> Result<Vec<Effective<ClockRule>>, Error> {
    in_force(view, on)
}

/// Every version of every clock: what [`release::clock::due`] needs.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn release_clocks_all(view: &mut View<'_>) -> Result<Vec<ClockRule>, Error> {
    Ok(plain(history(view)?))
}

/// The schedules of fees in force on a day. None is shipped: states and sites set them.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn fee_schedules(view: &mut View<'_>, on: Date) -> Result<Vec<Effective<Schedule>>, Error> {
    in_force(view, on)
}

/// The retention classes in force on a day.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn retention_classes(
    view: &mut View<'_>,
    on: Date,
) -> Result<Vec<Effective<RetentionClass>>, Error> {
    in_force(view, on)
}

/// The terms of the order of My work in force on a day.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn queue_terms(view: &mut View<'_>, on: Date) -> Result<QueueTerms, Error> {
    let rules: Vec<Effective<QueueRule>> = in_force(view, on)?;
    let found = rules.into_iter().find(|one| one.head.name == kinds::QUEUE_NAME);
    Ok(found.map_or_else(QueueTerms::shipped, |one| one.rule.terms))
}

/// The number of a setting in force on a day.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn setting(view: &mut View<'_>, setting: Setting, on: Date) -> Result<i64, Error> {
    let rules: Vec<Effective<SettingRule>> = in_force(view, on)?;
    let found = rules.iter().find(|one| one.head.name == setting.as_str());
    Ok(found.map_or(setting.shipped(), |one| one.rule.value))
}

/// The levels of notice for deficiencies in force on a day.
///
/// # Errors
/// [`Error::Internal`] when a row can't be read.
pub fn notice_rules(view: &mut View<'_>, on: Date) -> Result<Vec<NoticeRule>, Error> {
    let levels = [
        (NoticeLevel::Reminder, Setting::NoticeReminderDaysBefore, -1),
        (NoticeLevel::Warning, Setting::NoticeWarningDaysBefore, -1),
        (NoticeLevel::Delinquent, Setting::NoticeDelinquentDaysAfter, 1),
        (NoticeLevel::Suspension, Setting::NoticeSuspensionDaysAfter, 1),
    ];
    let rules: Vec<Effective<SettingRule>> = in_force(view, on)?;
    let value = |setting: Setting| {
        let found = rules.iter().find(|one| one.head.name == setting.as_str());
        found.map_or(setting.shipped(), |one| one.rule.value)
    };
    let rule = |(level, setting, sign): &(NoticeLevel, Setting, i64)| NoticeRule {
        level: *level,
        days_after_due: sign * value(*setting),
    };
    Ok(levels.iter().map(rule).collect())
}

#[cfg(test)]
mod tests;
