//! Lines that can go out beside documents: the sections of a chart, how many of their lines may
//! go, which are chosen.

use super::choose::{Candidate, Picked};
use super::loaded::Loaded;
use crate::Error;
use exchange::fhir::{
    LINE_TYPES, SECTIONS, Section, Standing, line, section, section_of_code, standing,
};
use record::ResourceKey;
use release::scope::{Item, Withheld, withhold};
use std::collections::BTreeSet;
use store::View;

/// Lines of a chart that are looked at, at most.
const LOOKED_MAX: i64 = 10_000;
/// Lines of one section that a page shows one by one, at most.
pub const SHOWN_MAX: usize = 500;
/// Lines that one request gives, at most.
const GIVEN_MAX: usize = 2_000;

/// A section of the chart as it could go out.
#[derive(Clone, Debug)]
pub struct Group {
    /// The section.
    pub section: &'static Section,
    /// Lines that may go.
    pub may_go_count: usize,
    /// Lines that are chosen.
    pub chosen_count: usize,
    /// Lines that stay out, by reason.
    pub out: Vec<(Withheld, usize)>,
    /// Whether the scope names it.
    pub is_named: bool,
    /// Its lines one by one, where they were asked for.
    pub lines: Option<Vec<Candidate>>,
}

/// Which lines of a section go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All that may.
    All,
    /// Those that were chosen before.
    Kept,
    /// Those that are named one by one.
    Named,
}

impl Which {
    /// The word of a form.
    pub fn as_str(self) -> &'static str {
        match self {
            Which::All => "all",
            Which::Kept => "kept",
            Which::Named => "named",
        }
    }

    /// Reads the word of a form.
    pub fn parse(word: &str) -> Option<Which> {
        [Which::All, Which::Kept, Which::Named].into_iter().find(|one| one.as_str() == word)
    }
}

/// A line with its section and, where it was asked for, its words.
type LineRow = (Item, &'static Section, Option<(String, String)>);

/// The lines of the patient's chart, the newest first; their words for these sections only.
pub(super) fn line_rows(
    view: &mut View<'_>,
    loaded: &Loaded,
    with_words: &[String],
) -> Result<Vec<LineRow>, Error> {
    let Some(patient) = loaded.patient_key() else { return Ok(Vec::new()) };
    let mut list = Vec::new();
    for row in view.chart_list(patient, LINE_TYPES, LOOKED_MAX)? {
        let value = view.resource_value(&row)?;
        let Some(section) = section(&value) else { continue };
        if standing(&value) == Standing::EnteredInError {
            continue;
        }
        let words = with_words.iter().any(|code| code == section.code).then(|| {
            let cells = line(&value);
            (cells[0].clone(), cells[1].clone())
        });
        list.push((loaded.item(&row, &value), section, words));
    }
    Ok(list)
}

/// The sections of the chart, in its order; those without a line are left out.
pub(super) fn groups(
    view: &mut View<'_>,
    loaded: &Loaded,
    opened: &[String],
) -> Result<Vec<Group>, Error> {
    let Some(scope) = &loaded.scope else { return Ok(Vec::new()) };
    let rows = line_rows(view, loaded, opened)?;
    let selection = loaded.request().selection.as_ref();
    let chosen: BTreeSet<ResourceKey> =
        selection.map(|selection| selection.items.iter().copied().collect()).unwrap_or_default();
    let mut groups = Vec::new();
    for of in &SECTIONS {
        let mut group = Group {
            section: of,
            may_go_count: 0,
            chosen_count: 0,
            out: Vec::new(),
            is_named: scope.kinds.as_ref().is_some_and(|kinds| kinds.contains(of.code)),
            lines: opened.iter().any(|code| code == of.code).then(Vec::new),
        };
        for (item, _, words) in rows.iter().filter(|(_, section, _)| *section == of) {
            let out = withhold(scope, item);
            let is_chosen = chosen.contains(&item.key);
            group.chosen_count += usize::from(is_chosen);
            group.may_go_count += usize::from(out.is_none());
            if let Some(out) = &out {
                match group.out.iter_mut().find(|(known, _)| known == out) {
                    Some((_, count)) => *count += 1,
                    None => group.out.push((out.clone(), 1)),
                }
            }
            if let (Some(lines), Some((title, value))) = (&mut group.lines, words) {
                lines.push(Candidate {
                    item: item.clone(),
                    kind: value.clone(),
                    title: title.clone(),
                    out,
                    is_chosen,
                    denied: None,
                });
            }
        }
        if group.may_go_count > 0 || !group.out.is_empty() {
            groups.push(group);
        }
    }
    Ok(groups)
}

/// What was picked, with the lines of whole sections.
pub(super) struct PickedItems {
    /// Documents first, then lines, section by section.
    pub items: Vec<ResourceKey>,
    /// Lines of sections that were not looked at one by one: what was said of them stands.
    pub untouched: BTreeSet<ResourceKey>,
}

/// Puts together what was picked.
///
/// # Errors
/// [`Error::Refused`] where more lines are picked than one request gives.
pub(super) fn picked_items(
    view: &mut View<'_>,
    loaded: &Loaded,
    picked: &Picked,
) -> Result<PickedItems, Error> {
    let rows = line_rows(view, loaded, &[])?;
    let named: BTreeSet<ResourceKey> = picked.items.iter().copied().collect();
    let selection = loaded.request().selection.as_ref();
    let before: BTreeSet<ResourceKey> =
        selection.map(|selection| selection.items.iter().copied().collect()).unwrap_or_default();
    let mut items = picked.items.clone();
    items.retain(|key| rows.iter().all(|(item, ..)| item.key != *key));
    let documents_count = items.len();
    let mut untouched = BTreeSet::new();
    for of in &SECTIONS {
        let which = picked.sections.iter().find(|(code, _)| code == of.code).map(|(_, w)| *w);
        for (item, ..) in rows.iter().filter(|(_, section, _)| *section == of) {
            let may_go = || loaded.scope.as_ref().is_some_and(|s| withhold(s, item).is_none());
            let goes = match which {
                Some(Which::All) => may_go(),
                Some(Which::Kept) => before.contains(&item.key),
                Some(Which::Named) | None => named.contains(&item.key),
            };
            if goes {
                items.push(item.key);
            }
            if matches!(which, Some(Which::All | Which::Kept)) {
                untouched.insert(item.key);
            }
        }
    }
    let lines_count = items.len() - documents_count;
    if lines_count > GIVEN_MAX {
        return Err(Error::Refused(format!(
            "{lines_count} lines are picked; one request gives {GIVEN_MAX} at most. Narrow the \
             dates of the scope, or leave a section out."
        )));
    }
    Ok(PickedItems { items, untouched })
}

/// Labelled lines that a rule keeps out of the sections that go out, with the rule.
pub(super) fn kept_out(
    view: &mut View<'_>,
    loaded: &Loaded,
) -> Result<Vec<(ResourceKey, Withheld)>, Error> {
    let Some(scope) = &loaded.scope else { return Ok(Vec::new()) };
    let going: BTreeSet<&str> = loaded
        .items
        .iter()
        .filter_map(|item| section_of_code(&item.kind))
        .map(|section| section.code)
        .collect();
    if going.is_empty() {
        return Ok(Vec::new());
    }
    let rows = line_rows(view, loaded, &[])?;
    let labelled = rows
        .into_iter()
        .filter(|(item, section, _)| !item.labels.is_empty() && going.contains(section.code));
    Ok(labelled
        .filter_map(|(item, ..)| withhold(scope, &item).map(|out| (item.key, out)))
        .collect())
}

/// Documents and lines that go out, in brief: `2 documents, Medications (3 lines)`.
pub(super) fn counted(items: &[Item]) -> String {
    let documents = items.iter().filter(|item| section_of_code(&item.kind).is_none()).count();
    let mut parts = Vec::new();
    match documents {
        0 => {}
        1 => parts.push("1 document".to_owned()),
        count => parts.push(format!("{count} documents")),
    }
    for section in &SECTIONS {
        match items.iter().filter(|item| item.kind == section.code).count() {
            0 => {}
            1 => parts.push(format!("{} (1 line)", section.label)),
            count => parts.push(format!("{} ({count} lines)", section.label)),
        }
    }
    parts.join(", ")
}
