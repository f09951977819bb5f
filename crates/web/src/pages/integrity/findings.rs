//! Findings: listed, and one with what is wrong, where, why it matters and where it is mended.

use super::checks::{nothing, text};
use super::{desk_tabs, state_badge, who};
use crate::pages::{banner_of, field_errors, patient_facts};
use crate::server::{Answer, Clerk, Page, Posted, see_other};
use crate::ui::{
    Button, Card, Column, Desk, Event, Facts, Field, FieldError, Flash, Form, Heading, Row, Table,
    Tone, actions, error_summary, notice, timeline,
};
use app::Right;
use app::integrity::{
    AcceptForm, FINDINGS_MAX, Listing, Opened, Part, Place, check_again, end_acceptance, finding,
    group as load_group, list as load,
};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use integrity::FindingState;
use integrity::checks::by_name;
use maud::{Markup, html};
use record::Instant;
use std::collections::HashMap;

pub(super) async fn list(
    clerk: Clerk,
    Path(part): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let Some(part) = Part::parse(&part) else {
        return Err((app::Error::NotFound, &clerk).into());
    };
    if let Some(group) = query.get("group").and_then(|group| group.parse().ok()) {
        return of_group(clerk, group).await;
    }
    let seen = clerk.run(move |store, context| load(store, context, part, None)).await?;
    let content = html! {
        (Heading::new(part.label()).under("Integrity", "/integrity"))
        (desk_tabs(&clerk, &format!("/integrity/list/{}", part.as_str())))
        (table(&clerk, &seen, part.label()))
    };
    Ok(Page(clerk.page(part.label(), Desk::Integrity), content).into_response())
}

/// The rows of one piece of work.
async fn of_group(clerk: Clerk, group: i64) -> Answer {
    let (title, seen) = clerk.run(move |store, context| load_group(store, context, group)).await?;
    let content = html! {
        (Heading::new(title.as_str()).under("My work", "/work").lede(html! {
            "These rows came together and are one piece of work. It ends by itself when each of \
             them is mended, or accepted."
        }))
        (desk_tabs(&clerk, "/integrity/list/open"))
        (table(&clerk, &seen, &title))
    };
    Ok(Page(clerk.page("To mend", Desk::Integrity), content).into_response())
}

/// Findings as a table, the oldest first, and how many are withheld.
pub(super) fn table(clerk: &Clerk, seen: &Listing, caption: &str) -> Markup {
    let rows = seen.findings.iter().map(|one| {
        let [name, birth_date, _, mrn, _] = patient_facts(&one.patient);
        let title = by_name(&one.finding.check).map_or(one.finding.check.as_str(), |c| c.title);
        Row::new([
            name,
            birth_date,
            mrn,
            html! { (title) },
            html! { (one.finding.sentence) },
            clerk.stamp(one.finding.found_at),
        ])
        .opens(format!("/integrity/findings/{}", one.finding.id))
    });
    let table = Table::new(caption)
        .column(Column::text("Patient"))
        .column(Column::text("Born").fit())
        .column(Column::text("MRN"))
        .column(Column::text("Check"))
        .column(Column::text("What is wrong"))
        .column(Column::text("Since").fit())
        .rows(rows)
        .empty(nothing());
    html! {
        (table)
        @if seen.total_count > seen.findings.len() as i64 + seen.withheld_count {
            p class="quiet" { "The oldest " (FINDINGS_MAX) " of " (seen.total_count) " are shown." }
        }
        @if seen.withheld_count > 0 {
            p class="quiet" {
                (seen.withheld_count) " more are on entries that you may not see."
            }
        }
    }
}

pub(super) async fn show(
    clerk: Clerk,
    Path(id): Path<i64>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let seen = clerk.run(move |store, context| finding(store, context, id)).await?;
    let mut page = page(&clerk, &seen, &HashMap::new(), &[]);
    if query.contains_key("checked") {
        let flash = match seen.finding.state {
            FindingState::Fixed => Flash::new(Tone::Ok, "Checked again: the row is mended."),
            FindingState::Open | FindingState::Accepted { .. } => {
                Flash::new(Tone::Warn, "Checked again: the row still fails.")
            }
        };
        page.0 = page.0.with_flash(Some(flash));
    }
    Ok(page.into_response())
}

fn page(
    clerk: &Clerk,
    seen: &Opened,
    values: &HashMap<String, String>,
    errors: &[FieldError],
) -> Page {
    let state = seen.finding.state;
    let content = html! {
        (Heading::new(seen.check.title).under("Integrity", "/integrity")
            .lede(html! {
                (state_badge(state.as_str())) " " (seen.finding.sentence)
            })
            .action(Button::link("All to mend", "/integrity/list/open").key("b")))
        @if !errors.is_empty() { (error_summary(errors)) }
        (Card::new("Where", place(clerk, seen)))
        (Card::new("Why it matters", html! {
            p { (text(seen.check, "Why it matters")) }
            p class="citation" { (text(seen.check, "Source")) }
        }))
        @match state {
            FindingState::Fixed => {
                (notice(Tone::Ok, html! { p { "Mended: the check ran again and passed." } }))
            }
            FindingState::Open | FindingState::Accepted { .. } => {
                (Card::new("Mend it", mend(clerk, seen)))
                (Card::new("Known, and not a fault", accepted(clerk, seen, values, errors)))
            }
        }
        (Card::new("History", history(clerk, seen)))
    };
    let shell = clerk.page("Finding", Desk::Integrity);
    let banner = banner_of(&seen.patient, seen.patient.labels, clerk.today());
    Page(shell.with_banner(banner), content)
}

fn place(clerk: &Clerk, seen: &Opened) -> Facts {
    let mut facts = Facts::new().fact("Entry", exchange::fhir::kind_label(&seen.row.kind));
    if let Some((title, date)) = &seen.shown {
        let date = Some(date.as_str()).filter(|date| !date.is_empty());
        facts = facts.fact("What", title.as_str()).fact_if("When", date);
    } else if let Some(at) = seen.row.first_at {
        facts = facts.fact("When", clerk.stamp(at));
    }
    facts
        .fact("Version", seen.row.number)
        .fact("Found", clerk.stamp(seen.finding.found_at))
        .fact("Whose work", format!("{}, within {} days", seen.check.role.label(), seen.check.days))
}

/// Where a place stands.
fn address(place: &Place) -> String {
    match place {
        Place::Demographics(patient) => format!("/patient/{}/correct", patient.0),
        Place::Encounter(key) => format!("/encounter/{}/correct", key.0),
        Place::Discharge(key) => format!("/encounter/{}/discharge", key.0),
        Place::Pair(pair) => format!("/identity/{pair}"),
        Place::Identity => "/identity".to_owned(),
        Place::Document(id) => format!("/documents/{id}"),
        Place::Correction(key) => format!("/entry/{}/correct", key.0),
        Place::Entry(key) => format!("/entry/{}", key.0),
        Place::Coding(work) => format!("/coding/{work}"),
        Place::CodingDesk => "/coding".to_owned(),
    }
}

fn mend(clerk: &Clerk, seen: &Opened) -> Markup {
    let may = |place: &&Place| app::access::allowed(clerk.context(), place.right());
    let (open, closed): (Vec<&Place>, Vec<&Place>) = seen.places.iter().partition(may);
    let button = |(index, place): (usize, &&Place)| {
        let button = Button::link(place.label(), address(place));
        match index {
            0 => button.main().key("e"),
            1 => button.key("o"),
            _ => button,
        }
    };
    let id = seen.finding.id;
    html! {
        (actions(open.iter().enumerate().map(button)))
        @for place in closed {
            @let roles: Vec<&str> = place.right().roles().iter().map(|r| r.label()).collect();
            p class="quiet" { (place.label()) ": for " (roles.join(", ")) "." }
        }
        p { "Saving the correction checks this chart again; the finding closes by itself." }
        (Form::post(format!("/integrity/findings/{id}/check")).csrf(clerk.csrf())
            .label("Check again")
            .content(actions([Button::submit("Check this chart again").key("c")])))
    }
}

fn accepted(
    clerk: &Clerk,
    seen: &Opened,
    values: &HashMap<String, String>,
    errors: &[FieldError],
) -> Markup {
    let (id, may) = (seen.finding.id, app::access::allowed(clerk.context(), Right::FindingAccept));
    let value = |name: &str| values.get(name).cloned().unwrap_or_default();
    let is_accepted = matches!(seen.finding.state, FindingState::Accepted { .. });
    let end = if is_accepted { "end" } else { "accept" };
    html! {
        @if let FindingState::Accepted { until } = seen.finding.state {
            p {
                "Accepted until " (clerk.stamp(until))
                ". Then it is work again, if the row still fails."
            }
        } @else {
            p {
                "Where the row is right as it stands, it can be accepted with a reason and a last \
                 day, at most a year from now."
            }
        }
        @if may {
            (Form::post(format!("/integrity/findings/{id}/{end}")).csrf(clerk.csrf())
                .hidden("changes", seen.finding.changes.to_string())
                .label("Known, and not a fault")
                .content(html! {
                    (Field::area("reason", "Why", 2).value(value("reason")).errors(errors)
                        .required())
                    @if is_accepted {
                        (actions([Button::submit("It is a fault after all").key("Shift+A")]))
                    } @else {
                        (Field::date("until", "Until").value(value("until")).errors(errors)
                            .required())
                        (actions([Button::submit("Accept until then").key("Shift+A")]))
                    }
                }))
        } @else {
            @let roles: Vec<&str> =
                Right::FindingAccept.roles().iter().map(|role| role.label()).collect();
            p class="quiet" { "For " (roles.join(" and ")) "." }
        }
    }
}

fn history(clerk: &Clerk, seen: &Opened) -> Markup {
    timeline(seen.events.iter().map(|event| {
        let (tone, what) = match (event.from.as_str(), event.to.as_str()) {
            ("", _) => (Tone::Warn, "Found"),
            (_, "fixed") => (Tone::Ok, "Mended"),
            (_, "accepted") => (Tone::Info, "Accepted"),
            ("fixed", _) => (Tone::Warn, "Fails again"),
            _ => (Tone::Warn, "Work again"),
        };
        Event::new(tone, html! { (what) }, clerk.stamp(event.at)).detail(html! {
            (who(&seen.names, &event.actor))
            @if !event.reason.is_empty() { ": " (event.reason.reveal()) }
        })
    }))
}

pub(super) async fn check(Path(id): Path<i64>, posted: Posted) -> Answer {
    posted.clerk.run(move |store, context| check_again(store, context, id)).await?;
    Ok(see_other(format!("/integrity/findings/{id}?checked=1")))
}

pub(super) async fn accept(Path(id): Path<i64>, posted: Posted) -> Answer {
    let form = AcceptForm {
        finding: id,
        changes: posted.number("changes").unwrap_or(-1),
        reason: posted.text("reason").to_owned(),
        until: Instant::parse(&format!("{}T23:59:59Z", posted.text("until"))),
    };
    let done = posted
        .clerk
        .attempt(move |store, context| app::integrity::accept(store, context, &form))
        .await;
    answered(posted, id, done).await
}

pub(super) async fn end(Path(id): Path<i64>, posted: Posted) -> Answer {
    let (changes, reason) =
        (posted.number("changes").unwrap_or(-1), posted.text("reason").to_owned());
    let done = posted
        .clerk
        .attempt(move |store, context| end_acceptance(store, context, id, changes, &reason))
        .await;
    answered(posted, id, done).await
}

/// Goes back to the finding, or shows the form again with what is wrong.
async fn answered(posted: Posted, id: i64, done: Result<(), app::Error>) -> Answer {
    let errors = match done {
        Ok(()) => return Ok(see_other(format!("/integrity/findings/{id}"))),
        Err(app::Error::Invalid(errors)) => field_errors(&errors),
        Err(other) => return Err((other, &posted.clerk).into()),
    };
    let clerk = &posted.clerk;
    let seen = clerk.run(move |store, context| finding(store, context, id)).await?;
    let page = page(clerk, &seen, &posted.fields(), &errors);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
