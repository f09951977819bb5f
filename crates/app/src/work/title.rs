//! What an item is called: what is to be done, and of what.

use crate::Error;
use exchange::fhir::build::EncounterClass;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::{Instant, PartialDate, Reference, ResourceKey};
use store::View;
use store::work::WorkItem;

/// What is to be done, of what; and what tells it from others like it.
pub(super) fn title(
    view: &mut View<'_>,
    work: &WorkItem,
    zone: &TimeZone,
) -> Result<(String, String), Error> {
    let since = day(work.opened_at, zone);
    let title = match &work.kind[..] {
        "code-encounter" => return coding(view, work, zone),
        "deficiency" | "deficiency-desk" => return deficiency(view, work, zone),
        "authenticate" => return authenticate(view, work, zone),
        "index-document" => match view.document(work.subject)? {
            Some(found) => {
                let received = day(found.received_at, zone);
                match found.name.reveal().rsplit(['/', '\\']).next().unwrap_or_default() {
                    "" => format!("Index a document received {received}"),
                    name => format!("Index {name}, received {received}"),
                }
            }
            None => "Index a document".to_owned(),
        },
        "quality-findings" => match view.quality_group(work.subject)? {
            Some((_, _, 1)) => format!("Mend 1 row: {}", sentence(&work.reason)),
            Some((_, _, seen)) => format!("Mend {seen} rows: {}", sentence(&work.reason)),
            None => work.reason.clone(),
        },
        "possible-duplicate" => "Judge a possible duplicate: two records, one person?".to_owned(),
        "review-glass" => format!("Review broken glass of {since}"),
        "review-emergency" => format!("Review the emergency account of {since}"),
        "chain-broken" => format!("Verification found breaks on {since}"),
        "release-request" => format!("Answer a request, {}", sentence(&work.reason)),
        "give-accounting" => format!("Give the accounting of disclosures asked for {since}"),
        _ => work.reason.clone(),
    };
    Ok((title, String::new()))
}

/// Coding by the encounter's kind and days, with its facility.
fn coding(
    view: &mut View<'_>,
    work: &WorkItem,
    zone: &TimeZone,
) -> Result<(String, String), Error> {
    let Some((coding, _)) = view.coding_work(work.subject)? else {
        return Ok(("Code an encounter".to_owned(), work.reason.clone()));
    };
    let named = view.encounter_named(coding.encounter)?;
    let class = match coding.is_inpatient {
        true => Some(EncounterClass::Inpatient),
        false => named.as_ref().and_then(|named| EncounterClass::parse(&named.class)),
    };
    let today = view.context().at.date_in(zone);
    let title = encounter(class, &coding.started_on, &coding.ended_on, today);
    let facility = named.map(|named| named.facility).unwrap_or_default();
    Ok((title, facility_name(view, facility)?))
}

/// A deficiency by its document, with the encounter in which it is wanting.
fn deficiency(
    view: &mut View<'_>,
    work: &WorkItem,
    zone: &TimeZone,
) -> Result<(String, String), Error> {
    let (head, rest) = work.reason.split_once(". ").unwrap_or((&work.reason, ""));
    let head = sentence(head);
    let Some(row) = view.deficiency(work.subject)? else {
        return Ok((work.reason.clone(), String::new()));
    };
    let mut parts = Vec::new();
    if !head.contains(&row.document_name) {
        parts.push(row.document_name);
    }
    if let Some(named) = view.encounter_named(row.encounter)? {
        let kind = kind_words(EncounterClass::parse(&named.class));
        let started = named.started.and_then(|text| PartialDate::parse(&text, zone));
        parts.push(match started {
            Some(date) => format!("{kind} of {}", day(date.first, zone)),
            None => kind.to_owned(),
        });
        parts.push(facility_name(view, named.facility)?);
    }
    parts.retain(|part| !part.is_empty());
    let mut note = parts.join(", ");
    if !rest.is_empty() {
        note = if note.is_empty() { rest.to_owned() } else { format!("{note}. {rest}") };
    }
    Ok((head.to_owned(), first_capital(&note)))
}

/// An entry to authenticate by its title and date.
fn authenticate(
    view: &mut View<'_>,
    work: &WorkItem,
    zone: &TimeZone,
) -> Result<(String, String), Error> {
    let since = day(work.opened_at, zone);
    let Some(row) = view.resource_by_key(ResourceKey(work.subject))? else {
        return Ok((format!("Authenticate the entry of {since}"), String::new()));
    };
    let shown = exchange::fhir::render_in(&view.resource_value(&row)?, zone);
    let date = if shown.date_text.is_empty() { since } else { shown.date_text };
    Ok((format!("Authenticate: {}, {date}", shown.title), String::new()))
}

/// What a facility is called that stands as a reference; nothing where that isn't held.
fn facility_name(view: &mut View<'_>, facility: String) -> Result<String, Error> {
    let Some(reference) = Reference::parse(&facility) else {
        // What leads elsewhere is no name.
        let is_name = !facility.contains([':', '/', '#']);
        return Ok(if is_name { facility } else { String::new() });
    };
    Ok(match view.resource(&reference.kind, &reference.id)?.filter(|row| !row.deleted) {
        Some(row) => exchange::fhir::render(&view.resource_value(&row)?).title,
        None => String::new(),
    })
}

fn first_capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What people call an encounter of a class.
fn kind_words(class: Option<EncounterClass>) -> &'static str {
    match class {
        Some(EncounterClass::Inpatient) => "inpatient stay",
        Some(EncounterClass::Observation) => "observation stay",
        Some(EncounterClass::Emergency) => "emergency encounter",
        Some(EncounterClass::Outpatient) | None => "outpatient encounter",
    }
}

fn sentence(reason: &str) -> &str {
    reason.trim().trim_end_matches('.')
}

fn encounter(class: Option<EncounterClass>, from: &str, until: &str, today: Date) -> String {
    let days = |day: Date| (today - day).get_days();
    let shown = |text: &str| text.parse::<Date>().map_or_else(|_| text.to_owned(), date_text);
    let ago = match until.parse::<Date>().map(days) {
        Ok(0) => "today".to_owned(),
        Ok(1) => "1 day ago".to_owned(),
        Ok(count) => format!("{count} days ago"),
        Err(_) => format!("on {until}"),
    };
    let end = if class == Some(EncounterClass::Inpatient) { "discharged" } else { "ended" };
    format!("Code the {} of {}, {end} {ago}", kind_words(class), shown(from))
}

fn day(at: Instant, zone: &TimeZone) -> String {
    date_text(at.date_in(zone))
}

fn date_text(day: Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn encounters_are_named_by_their_days() {
        let today = date(2026, 3, 17);
        let table = [
            (
                Some(EncounterClass::Inpatient),
                ("2026-03-09", "2026-03-12"),
                "Code the inpatient stay of 9 Mar 2026, discharged 5 days ago",
            ),
            (
                None,
                ("2026-03-16", "2026-03-16"),
                "Code the outpatient encounter of 16 Mar 2026, ended 1 day ago",
            ),
            (
                Some(EncounterClass::Inpatient),
                ("2026-03-17", "2026-03-17"),
                "Code the inpatient stay of 17 Mar 2026, discharged today",
            ),
            (
                Some(EncounterClass::Emergency),
                ("2026-03-15", "2026-03-15"),
                "Code the emergency encounter of 15 Mar 2026, ended 2 days ago",
            ),
        ];
        for (class, (from, until), expected) in table {
            assert_eq!(encounter(class, from, until, today), expected);
        }
    }
}
