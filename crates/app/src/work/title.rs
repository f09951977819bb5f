//! What an item is called: what is to be done, and of what.

use crate::Error;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::Instant;
use store::View;
use store::work::WorkItem;

/// What is to be done, of what.
pub(super) fn title(
    view: &mut View<'_>,
    work: &WorkItem,
    zone: &TimeZone,
) -> Result<String, Error> {
    let today = view.context().at.date_in(zone);
    let since = day(work.opened_at, zone);
    Ok(match &work.kind[..] {
        "code-encounter" => match view.coding_work(work.subject)? {
            Some((coding, _)) => {
                let (from, until) = (&coding.started_on, &coding.ended_on);
                encounter(coding.is_inpatient, from, until, today)
            }
            None => "Code an encounter".to_owned(),
        },
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
        "authenticate" => format!("Authenticate the entry of {since}"),
        "review-glass" => format!("Review broken glass of {since}"),
        "review-emergency" => format!("Review the emergency account of {since}"),
        "chain-broken" => format!("Verification found breaks on {since}"),
        "release-request" => format!("Answer a request, {}", sentence(&work.reason)),
        "give-accounting" => format!("Give the accounting of disclosures asked for {since}"),
        _ => work.reason.clone(),
    })
}

fn sentence(reason: &str) -> &str {
    reason.trim().trim_end_matches('.')
}

fn encounter(is_inpatient: bool, from: &str, until: &str, today: Date) -> String {
    let days = |day: Date| (today - day).get_days();
    let shown = |text: &str| text.parse::<Date>().map_or_else(|_| text.to_owned(), date_text);
    let ago = match until.parse::<Date>().map(days) {
        Ok(0) => "today".to_owned(),
        Ok(1) => "1 day ago".to_owned(),
        Ok(count) => format!("{count} days ago"),
        Err(_) => format!("on {until}"),
    };
    if is_inpatient {
        format!("Code the inpatient stay of {}, discharged {ago}", shown(from))
    } else {
        format!("Code the outpatient encounter of {}, ended {ago}", shown(from))
    }
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
                true,
                ("2026-03-09", "2026-03-12"),
                "Code the inpatient stay of 9 Mar 2026, discharged 5 days ago",
            ),
            (
                false,
                ("2026-03-16", "2026-03-16"),
                "Code the outpatient encounter of 16 Mar 2026, ended 1 day ago",
            ),
            (
                true,
                ("2026-03-17", "2026-03-17"),
                "Code the inpatient stay of 17 Mar 2026, discharged today",
            ),
        ];
        for (is_inpatient, (from, until), expected) in table {
            assert_eq!(encounter(is_inpatient, from, until, today), expected);
        }
    }
}
