//! The scope of a release, and the documents chosen within it.

use super::act::{carry_out, load, target, told};
use super::entries::{self, Group, PickedItems, Which};
use super::loaded::Loaded;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::{Error, FieldError};
use exchange::fhir::{Standing, document_kind, released_kind, render, section, standing};
use jiff::civil::Date;
use record::{Context, LabelMask, Private, ResourceKey, SensitiveClass};
use release::Basis;
use release::lifecycle::{Action, DenialGround, DeniedItem, Selection};
use release::minimum_necessary::{Method, MinimumNecessary, minimum_necessary};
use release::requester::RequesterKind;
use release::scope::{Item, Scope, Withheld, withhold};
use std::collections::{BTreeMap, BTreeSet};
use store::release::{Choice, ReleaseSave};
use store::{AuditEntry, ResourceRow, Store, View};

/// Entries of a chart that can be chosen, at most.
const CANDIDATES_MAX: i64 = 2_000;
/// Types of entry that go out in a packet.
const KINDS: &[&str] = &["DocumentReference", "DiagnosticReport", "Composition", "Media"];

/// An entry that could go out.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What the rules ask of it.
    pub item: Item,
    /// Its kind in words.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Why it stays out; none where it may go.
    pub out: Option<Withheld>,
    /// Whether it is chosen.
    pub is_chosen: bool,
    /// On what ground it is denied.
    pub denied: Option<DenialGround>,
}

/// The page on which documents are chosen.
pub struct Choosing {
    /// The request.
    pub loaded: Loaded,
    /// Whose chart.
    pub identity: Identity,
    /// Entries, the newest first.
    pub candidates: Vec<Candidate>,
    /// Sections of lines, in the order of a chart.
    pub groups: Vec<Group>,
    /// Kinds in this chart: code, words, count.
    pub kinds: Vec<(String, String, usize)>,
    /// Whether minimum necessary asks for a reason, and by which paragraph.
    pub necessary: MinimumNecessary,
    /// Classes that this person isn't cleared for: entries so labelled aren't listed.
    pub uncleared: LabelMask,
}

/// What is typed of the scope.
#[derive(Clone, Debug, Default)]
pub struct ScopeForm {
    /// Who receives it, exactly as the form or the order names them.
    pub recipient_name: String,
    /// What they are.
    pub recipient: Option<RequesterKind>,
    /// First day of service; empty for no limit.
    pub from: String,
    /// Last day of service.
    pub to: String,
    /// Kinds; none for all.
    pub kinds: Vec<String>,
    /// Sensitive classes that the form names.
    pub classes: Vec<SensitiveClass>,
}

/// What was picked.
#[derive(Clone, Debug, Default)]
pub struct Picked {
    /// Documents that go out, and lines that are named one by one.
    pub items: Vec<ResourceKey>,
    /// Sections of which lines go out, by their code.
    pub sections: Vec<(String, Which)>,
    /// How minimum necessary was met.
    pub method: Option<Method>,
    /// Why these.
    pub reason: String,
    /// Entries denied, each with its ground.
    pub denied: Vec<(ResourceKey, DenialGround)>,
    /// Entries that the plan isn't to be told of.
    pub restricted: Vec<ResourceKey>,
    /// Entries compiled for a proceeding.
    pub litigation: Vec<ResourceKey>,
    /// That the order expressly names each of them.
    pub is_expressly_named: bool,
}

/// The entries of the patient's chart that could go out, as items, with their rows.
pub(super) fn candidate_rows(
    view: &mut View<'_>,
    loaded: &Loaded,
) -> Result<Vec<(Item, ResourceRow, serde_json::Value)>, Error> {
    let Some(patient) = loaded.patient_key() else { return Ok(Vec::new()) };
    let mut list = Vec::new();
    for row in view.chart_list(patient, KINDS, CANDIDATES_MAX)? {
        let value = view.resource_value(&row)?;
        if standing(&value) != Standing::EnteredInError {
            list.push((loaded.item(&row, &value), row, value));
        }
    }
    Ok(list)
}

/// Opens the page on which documents and lines are chosen; these sections line by line.
///
/// # Errors
/// [`Error::Refused`] before the patient is identified and the basis chosen.
pub fn choosing(
    store: &Store,
    context: &Context,
    id: i64,
    opened: &[String],
) -> Result<Choosing, Error> {
    require(store, context, Right::Release)?;
    store.read(context, |view| {
        let loaded = Loaded::of(view, id)?;
        let patient = loaded.patient_key().ok_or_else(first_identify)?;
        let scope = loaded.scope.clone().ok_or_else(first_basis)?;
        let identity = identity_in(view, patient)?;
        let selected = loaded.request().selection.clone();
        let groups = entries::groups(view, &loaded, opened)?;
        let mut kinds: BTreeMap<String, (String, usize)> = BTreeMap::new();
        let mut candidates = Vec::new();
        for (item, _, value) in candidate_rows(view, &loaded)? {
            let kind = document_kind(&value).1;
            kinds.entry(item.kind.clone()).or_insert((kind.clone(), 0)).1 += 1;
            let out = withhold(&scope, &item);
            let denied =
                selected.as_ref().and_then(|s| s.denied.iter().find(|d| d.item == item.key));
            candidates.push(Candidate {
                is_chosen: selected.as_ref().is_some_and(|s| s.items.contains(&item.key)),
                denied: denied.map(|denied| denied.ground),
                title: render(&value).title,
                kind,
                out,
                item,
            });
        }
        let necessary = minimum_necessary(scope.basis, scope.recipient);
        let kinds = kinds.into_iter().map(|(code, (words, count))| (code, words, count));
        let sections = groups.iter().map(|group| {
            let count = group.may_go_count + group.out.iter().map(|(_, n)| n).sum::<usize>();
            (group.section.code.to_owned(), group.section.label.to_owned(), count)
        });
        let kinds = kinds.chain(sections).collect();
        let uncleared = match context.opened.contains(&patient) {
            true => LabelMask::NONE,
            false => LabelMask::ALL.without(context.cleared),
        };
        let audit = AuditEntry::new(context, "release.choosing", target(id)).patients([patient]);
        let detail = format!(r#"{{"entries":{}}}"#, candidates.len());
        let page = Choosing { loaded, identity, candidates, groups, kinds, necessary, uncleared };
        Ok((page, audit.detail(detail)))
    })
}

fn first_identify() -> Error {
    Error::Refused("No record is shown before the patient is identified. Identify first.".into())
}

fn first_basis() -> Error {
    Error::Refused("The scope follows from the legal basis. Choose the basis first.".into())
}

fn invalid(field: &str, reason: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, reason)])
}

fn day(field: &str, text: &str) -> Result<Option<Date>, Error> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| invalid(field, "Give the day as 2026-03-04.")),
    }
}

/// Writes down the scope.
///
/// # Errors
/// [`Error::Invalid`] names the fields; [`Error::Refused`] once the request left preparation.
pub fn put_scope(
    store: &Store,
    context: &Context,
    id: i64,
    revision: i64,
    form: &ScopeForm,
) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    let done = store.write(context, |transaction| {
        let loaded = load(transaction, id, revision)?;
        if !may_change_scope(&loaded) {
            return Err(Error::Refused(format!(
                "The scope stands while the request is \"{}\". Send it back to change it.",
                loaded.request().state.name()
            )));
        }
        let mut body = loaded.row.body.clone();
        let before = body.scope.take().ok_or_else(first_basis)?;
        body.scope = Some(scope_of(before, form)?);
        let save = ReleaseSave { was: &loaded.row, body: &body, event: None };
        transaction.release_request_save(&save)?;
        let entry = AuditEntry::new(context, "release.scope", target(id));
        Ok(transaction.audit(&entry.patients(loaded.row.patient))?)
    });
    told(store, context, id, "release.scope", done)
}

/// The scope stands from sensitive review on: what was reviewed rests on it.
pub(super) fn may_change_scope(loaded: &Loaded) -> bool {
    use release::lifecycle::StateName as S;
    matches!(loaded.row.state(), S::Identified | S::Validated | S::Selected | S::OnHold)
}

fn scope_of(before: Scope, form: &ScopeForm) -> Result<Scope, Error> {
    let name = form.recipient_name.trim();
    if name.is_empty() {
        return Err(invalid("recipient_name", "Name the recipient as the form or order does."));
    }
    let (from, to) = (day("from", &form.from)?, day("to", &form.to)?);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Err(invalid("to", "The last day lies before the first."));
    }
    let kinds: BTreeSet<String> = form.kinds.iter().cloned().collect();
    Ok(Scope {
        recipient: form.recipient.unwrap_or(before.recipient),
        recipient_name: Private::new(name),
        from,
        to,
        kinds: (!kinds.is_empty()).then_some(kinds),
        classes: form.classes.iter().copied().collect(),
        ..before
    })
}

/// Chooses the documents: the rules are asked for each, and nothing outside of the scope is
/// taken.
///
/// # Errors
/// [`Error::Refused`] with the first rule that keeps an item out, or that asks for a reason.
pub fn choose(
    store: &Store,
    context: &Context,
    id: i64,
    revision: i64,
    picked: &Picked,
) -> Result<(), Error> {
    require(store, context, Right::Release)?;
    let done = store.write(context, |transaction| {
        let mut loaded = load(transaction, id, revision)?;
        let PickedItems { items, untouched } = entries::picked_items(transaction, &loaded, picked)?;
        let before = loaded.request().selection.iter().flat_map(|s| s.denied.clone());
        let stands = before.filter(|denied| untouched.contains(&denied.item));
        let stands: Vec<DeniedItem> = stands.collect();
        let body = &mut loaded.row.body;
        body.restricted.retain(|key| untouched.contains(key));
        body.restricted.extend(&picked.restricted);
        body.litigation.retain(|key| untouched.contains(key));
        body.litigation.extend(&picked.litigation);
        let by_order =
            matches!(body.request.basis, Some(Basis::CourtOrder | Basis::Part2CourtOrder));
        if by_order {
            let named = picked.is_expressly_named;
            let items = items.iter().copied().collect();
            for scope in [&mut body.scope, &mut loaded.scope].into_iter().flatten() {
                scope.named_items = named.then(|| BTreeSet::clone(&items));
            }
        }
        loaded.items = loaded.items_of(transaction, &items)?;
        let denied = picked.denied.iter();
        let denied = denied.map(|(item, ground)| DeniedItem { item: *item, ground: *ground });
        let denied = denied.chain(stands).filter(|denied| !items.contains(&denied.item)).collect();
        let reason = picked.reason.trim();
        let selection = Selection {
            items,
            method: picked.method.unwrap_or(Method::Individual),
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
            denied,
        };
        carry_out(transaction, context, &loaded, Action::Select { selection })
    });
    told(store, context, id, "release.select", done)
}

/// Writes down which entries were chosen, for a page that lists them: title, kind, day.
pub(super) fn decided(
    view: &mut View<'_>,
    loaded: &Loaded,
) -> Result<Vec<super::open::Decided>, Error> {
    let mut list: Vec<super::open::Decided> = Vec::new();
    for document in view.release_document_list(loaded.row.id)? {
        if document.choice == Choice::TakenOut {
            continue;
        }
        // Hidden is absent, here too.
        let Some(row) = view.resource_by_key(document.resource)? else { continue };
        let value = view.resource_value(&row)?;
        let section = section(&value);
        let date = row.first_at.map(|at| at.date_in(&loaded.zone));
        let same = |one: &&mut super::open::Decided| {
            section.is_some_and(|section| one.kind == section.label)
                && one.document.choice == document.choice
        };
        if let Some(known) = list.iter_mut().find(same) {
            known.count += 1;
            known.date = known.date.max(date);
            known.labels = known.labels.with(row.labels);
            continue;
        }
        list.push(super::open::Decided {
            title: section.map_or_else(|| render(&value).title, |one| one.label.to_owned()),
            kind: released_kind(&value).1,
            count: 1,
            date,
            labels: row.labels,
            document,
        });
    }
    Ok(list)
}
