//! One destruction: what was listed, what stops it, who did what, and what can be done now.

use super::{holdings, schedule};
use crate::pages::{banner_of, field_errors};
use crate::server::{Answer, Clerk, Failure, Page, Posted, see_other};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Desk, Event, Facts, Field, FieldError, Flash, Form,
    Heading, Row, Table, Tone, actions, date_text, error_summary, notice, timeline,
};
use app::Right;
use app::retention::{Act, Opened, Outcome, Paper, act, certificate as certificate_of, open};
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use integrity::DestructionState;
use integrity::destruction::{Carried, Holdings};
use maud::{Markup, html};
use std::collections::HashMap;

pub(super) async fn show(
    clerk: Clerk,
    Path(id): Path<i64>,
    Query(asked): Query<HashMap<String, String>>,
) -> Answer {
    let mut page = page(&clerk, id, &[]).await?;
    let flash = match asked.get("done").map(String::as_str) {
        Some("stopped") => {
            Some(Flash::new(Tone::Stop, "It was stopped: the chart is whole, as it was."))
        }
        Some("incomplete") => {
            Some(Flash::new(Tone::Warn, "It was destroyed, and does not reconcile with its list."))
        }
        Some("yes") => Some(Flash::new(Tone::Ok, "Done.")),
        _ => None,
    };
    page.0 = page.0.with_flash(flash);
    Ok(page.into_response())
}

async fn page(clerk: &Clerk, id: i64, errors: &[FieldError]) -> Result<Page, Failure> {
    let seen = clerk.run(move |store, context| open(store, context, id)).await?;
    let state = &seen.case.body.state;
    let heading = Heading::new("Destruction").under("Retention", "/retention").lede(html! {
        (badge(state)) " " (sentence(state))
    });
    let heading = match state.carried() {
        Some(_) => heading.action(
            Button::link("Certificate", format!("/retention/{id}/certificate")).main().key("c"),
        ),
        None => heading.action(
            Button::link("Open the chart", format!("/chart/{}", seen.case.patient.0)).key("b"),
        ),
    };
    let content = html! {
        (heading)
        (error_summary(errors))
        @if let Some(now) = &seen.now {
            @let stops = now.stops_on(clerk.today());
            @for stop in &stops { (notice(Tone::Stop, html! { p { (stop.sentence()) } })) }
            @if now.holdings != seen.case.body.listed {
                (notice(Tone::Stop, html! { p {
                    "The chart changed since it was listed. It will be stopped, and may be \
                     listed anew."
                } }))
            }
        }
        (Card::new("What is listed", listed(&seen)))
        (Card::new("Until when it is kept", html! { (schedule(&seen.case.body.governing)) }))
        @if let Some(carried) = state.carried() {
            (Card::new("How it was done", carried_out(&seen, carried)))
        }
        (todo(clerk, &seen, errors))
        (Card::new("History", history(clerk, &seen)))
    };
    let shell = clerk.page("Destruction", Desk::Retention);
    let banner = banner_of(&seen.patient, seen.patient.labels, clerk.today());
    Ok(Page(shell.with_banner(banner), content))
}

fn badge(state: &DestructionState) -> Badge {
    let tone = match state {
        DestructionState::Proposed { .. } | DestructionState::Approved { .. } => Tone::Info,
        DestructionState::Destroyed { .. } => Tone::Ok,
        DestructionState::Incomplete { .. } => Tone::Warn,
        DestructionState::Rejected { .. } | DestructionState::Stopped { .. } => Tone::Stop,
    };
    Badge::new(tone, state.label())
}

fn sentence(state: &DestructionState) -> String {
    match state {
        DestructionState::Proposed { .. } => {
            "A supervisor or the privacy officer, not who proposed it, approves and witnesses \
             it."
            .to_owned()
        }
        DestructionState::Approved { .. } => {
            "A technician or a supervisor, not the witness, carries it out.".to_owned()
        }
        DestructionState::Destroyed { explained: None, .. } => {
            "What was destroyed is what was listed. The index card and the registers are kept."
                .to_owned()
        }
        DestructionState::Destroyed { explained: Some(why), .. } => {
            format!("What differed was explained: {why}")
        }
        DestructionState::Incomplete { differences, .. } => differences.join(" "),
        DestructionState::Rejected { reason, .. } => reason.clone(),
        DestructionState::Stopped { stops, .. } => {
            let stops: Vec<String> = stops.iter().map(|stop| stop.sentence()).collect();
            stops.join(" ")
        }
    }
}

fn listed(seen: &Opened) -> Markup {
    let held = &seen.case.body.listed;
    let day = |date: Option<jiff::civil::Date>| {
        date.map_or_else(|| html! { "not known" }, |day| date_text(&day.to_string()))
    };
    html! {
        (Facts::new()
            .fact("Would be destroyed", holdings(held))
            .fact("Inclusive dates", html! { (day(held.from)) " to " (day(held.until)) })
            .fact("Kept for good", "who it is, the encounters' dates, and the register of surgery"))
    }
}

fn carried_out(seen: &Opened, carried: &Carried) -> Markup {
    let name = |key: String| seen.names.get(&key).cloned().unwrap_or(key);
    let held: &Holdings = &seen.case.body.listed;
    let done = &carried.done;
    let row = |what: &str, listed: i64, done: i64| {
        Row::new([html! { (what) }, html! { (listed) }, html! { (done) }])
    };
    html! {
        (Table::new("Reconciled")
            .column(Column::text("What"))
            .column(Column::number("Listed"))
            .column(Column::number("Destroyed"))
            .row(row("Entries", held.entries_count, done.entries_count))
            .row(row("Versions of entries", held.versions_count, done.versions_count))
            .row(row("Files", held.files_count, done.files_count)))
        p { (carried.method) }
        (Facts::new()
            .fact("Proposed by", name(carried.proposed_by.key()))
            .fact("Carried out by", name(carried.by.key()))
            .fact("Approved and witnessed by", name(carried.witness.key())))
    }
}

/// What can be done now, by who may.
fn todo(clerk: &Clerk, seen: &Opened, errors: &[FieldError]) -> Markup {
    let may = |right| app::access::allowed(clerk.context(), right);
    let (id, changes) = (seen.case.id, seen.case.changes.to_string());
    let form = |word: &str, label: &str| {
        Form::post(format!("/retention/{id}/{word}"))
            .csrf(clerk.csrf())
            .hidden("changes", changes.clone())
            .label(label)
    };
    let me = &clerk.context().actor;
    let decides = may(Right::DestructionApprove);
    let reject = html! {
        (Card::new("Reject it", form("reject", "Reject").content(html! {
            (Field::text("reason", "Why it is not to be destroyed").errors(errors).id("reject-why"))
            (actions([Button::submit("Reject").stop().key("x")]))
        })))
    };
    match &seen.case.body.state {
        DestructionState::Proposed { by } if decides => html! {
            (Card::new("Approve and witness it", form("approve", "Approve").content(html! {
                p { "You confirm that the retention has ended, and that you will see it done. If \
                     anything stops it, it is stopped." }
                @let button = Button::submit("Approve").main().key("a");
                @let own = "You proposed it. Another person has to approve it.";
                (actions([if by == me { button.refused(own) } else { button }]))
            })))
            (reject)
        },
        DestructionState::Approved { witness, .. } => html! {
            @if may(Right::DestructionPropose) && witness != me {
                (Card::new("Carry it out", form("carry-out", "Carry out").content(html! {
                    p { "The key of this chart is forgotten, and a backup made before is \
                         destroyed again when it is put back. This can't be undone." }
                    (Field::radios("paper", "Paper volumes and copies outside of the store",
                        Paper::ALL.map(|paper| Choice::new(paper.as_str(), paper.label())))
                        .errors(errors))
                    (Field::text("detail", "Which, where, when, by which firm").errors(errors)
                        .hint("Volumes by their barcodes; leave it empty when there are none"))
                    (actions([Button::submit("Destroy the chart").stop().key("Ctrl+Enter")]))
                })))
            }
            @if decides { (reject) }
        },
        DestructionState::Incomplete { carried, .. } if decides && carried.by != *me => html! {
            (Card::new("Explain what differs", form("explain", "Explain").content(html! {
                (Field::text("reason", "Where the differences come from").errors(errors))
                (actions([Button::submit("Close it").main().key("a")]))
            })))
        },
        DestructionState::Proposed { .. }
        | DestructionState::Incomplete { .. }
        | DestructionState::Destroyed { .. }
        | DestructionState::Rejected { .. }
        | DestructionState::Stopped { .. } => html! {},
    }
}

fn history(clerk: &Clerk, seen: &Opened) -> Markup {
    let events = seen.events.iter().map(|event| {
        let by = seen.names.get(&event.actor).unwrap_or(&event.actor);
        let what = html! { (event.to) " " span class="quiet" { (by) } };
        Event::new(Tone::Neutral, what, clerk.stamp(event.at))
            .detail(html! { (event.reason.reveal()) })
    });
    timeline(events)
}

pub(super) async fn approve(Path(id): Path<i64>, posted: Posted) -> Answer {
    done(id, posted, Act::Approve).await
}

pub(super) async fn reject(Path(id): Path<i64>, posted: Posted) -> Answer {
    let reason = posted.text("reason").to_owned();
    done(id, posted, Act::Reject(reason)).await
}

pub(super) async fn explain(Path(id): Path<i64>, posted: Posted) -> Answer {
    let reason = posted.text("reason").to_owned();
    done(id, posted, Act::Explain(reason)).await
}

pub(super) async fn carry_out(Path(id): Path<i64>, posted: Posted) -> Answer {
    let paper = Paper::parse(posted.text("paper"));
    let detail = posted.text("detail").to_owned();
    done(id, posted, Act::CarryOut { paper, detail }).await
}

async fn done(id: i64, posted: Posted, asked: Act) -> Answer {
    let changes = posted.number("changes").unwrap_or(-1);
    let result =
        posted.clerk.attempt(move |store, context| act(store, context, id, changes, &asked)).await;
    let word = match result {
        Ok(Outcome::Done) => "yes",
        Ok(Outcome::Stopped(_)) => "stopped",
        Ok(Outcome::Incomplete) => "incomplete",
        Err(app::Error::Invalid(errors)) => {
            let page = page(&posted.clerk, id, &field_errors(&errors)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Err(error) => return Err((error, &posted.clerk).into()),
    };
    Ok(see_other(format!("/retention/{id}?done={word}")))
}

pub(super) async fn certificate(clerk: Clerk, Path(id): Path<i64>) -> Answer {
    let made = clerk.run(move |store, context| certificate_of(store, context, id)).await?;
    let shown = format!("inline; filename=\"{}\"", made.name);
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, shown),
    ];
    Ok::<Response, Failure>((headers, made.bytes).into_response())
}
