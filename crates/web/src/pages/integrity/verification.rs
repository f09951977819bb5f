//! Verification of the store: what is vouched for, the history, and each break by name.

use super::{cause, desk_tabs, failed, state_badge, who};
use crate::pages::field_errors;
use crate::server::{Answer, Clerk, Page, Posted, see_other};
use crate::ui::{
    Badge, Button, Card, Column, Desk, Empty, Facts, Field, FieldError, Form, Heading, Row, Table,
    Tone, actions, count_text, error_summary, notice, progress,
};
use app::Right;
use app::integrity::{
    VerificationPage, VerificationShown, ask_verification, review as write, verification,
    verifications,
};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use maud::{Markup, html};
use store::verification::VerificationRun;

pub(super) async fn list(clerk: Clerk) -> Answer {
    let seen = clerk.run(verifications).await?;
    let content = html! {
        (Heading::new("Verification").lede(html! {
            "Reads everything again, believes nothing, and names each thing that is not as it was \
             written"
        }))
        (desk_tabs(&clerk, "/integrity/verification"))
        @if let Some(run) = seen.runs.first() { (state(run)) }
        (Form::post("/integrity/verification").csrf(clerk.csrf()).label("Verify").content(
            actions([Button::submit("Verify everything now").main().key("v")])
        ))
        (Card::new("How the store stands", standing(&clerk, &seen)))
        (Card::new("What is vouched for", vouched()))
        (table(&clerk, &seen))
    };
    Ok(Page(clerk.page("Verification", desk(&clerk)), content).into_response())
}

/// The desk in whose menu this person finds the verification.
fn desk(clerk: &Clerk) -> Desk {
    match app::access::allowed(clerk.context(), Right::Integrity) {
        true => Desk::Integrity,
        false => Desk::Verification,
    }
}

/// What the latest verification says, or how far it is.
fn state(run: &VerificationRun) -> Markup {
    let again = || actions([Button::link("Look again", "/integrity/verification").key("r")]);
    match run.state.as_str() {
        "waiting" => notice(
            Tone::Info,
            html! {
                p { "A verification waits for its turn; it begins within seconds." }
                (again())
            },
        ),
        "running" => notice(
            Tone::Info,
            html! {
                p { "Under way. Now: " (run.stage) "." }
                @if run.stage_total > 0 {
                    (progress("verification", "Read", run.stage_done.unsigned_abs(),
                        run.stage_total.unsigned_abs()))
                }
                (again())
            },
        ),
        "failed" => failed(
            "The last verification",
            run.failure.as_deref(),
            "Verify again when it is put right: until then nobody knows whether anything changed.",
        ),
        _ if run.breaks_count == 0 => notice(
            Tone::Ok,
            html! {
                p { "At the last verification everything was as it was written." }
            },
        ),
        _ => notice(
            Tone::Stop,
            html! {
                p {
                    (run.breaks_count) " breaks at the last verification: what is stored is not \
                     what was written. Keep the server as it is, and call who is in charge of it."
                }
                (actions([
                    Button::link("See each break", format!("/integrity/verification/{}", run.id))
                        .key("e"),
                ]))
            },
        ),
    }
}

fn standing(clerk: &Clerk, seen: &VerificationPage) -> Facts {
    let last = seen.runs.iter().find(|run| run.state == "done");
    let kept = seen.kept.as_ref().map(|kept| {
        let hash = kept.block_hash.get(..16).unwrap_or_default();
        html! { "block " (kept.block) ", hash " code { (hash) } }
    });
    Facts::new()
        .fact("Last block of the chain", seen.block)
        .fact("Checkpoint beside the keys", kept.unwrap_or_else(|| html! { "none yet" }))
        .fact(
            "Last verified",
            match last.and_then(|run| run.finished_at) {
                Some(at) => clerk.stamp(at),
                None => html! { "never" },
            },
        )
        .fact("Next by itself", clerk.stamp(seen.next_at))
}

/// The tamper evidence in plain words.
fn vouched() -> Markup {
    html! {
        p {
            "Each save is sealed in a block. A block holds a fingerprint of every row that was \
             changed and of every audit entry, and the fingerprint of the block before it; it is \
             signed with a key that is kept outside of the data."
        }
        ul {
            li {
                "Whoever changes, removes or adds a row, an audit entry or a file without that key \
                 is found, also with all rights on the database: the fingerprints no longer agree."
            }
            li {
                "Entries of the record are opened and compared with their fingerprint; lists and \
                 indexes that are made from them are made again and compared."
            }
            li {
                "Cutting off the end, or putting back an older copy, is found against the \
                 checkpoint: the last block's fingerprint, kept beside the keys."
            }
        }
        p {
            "It does not vouch for what was wrong when it was entered (the checks look for that), \
             nor against somebody who holds the keys as well as the data: keep the two apart. What \
             was taken away and destroyed together with its backup can be named, not brought back."
        }
    }
}

fn table(clerk: &Clerk, seen: &VerificationPage) -> Table {
    let rows = seen.runs.iter().map(|run| {
        let read = run.rows_count + run.resources_count + run.files_count;
        Row::new([
            clerk.stamp(run.asked_at),
            cause(&run.cause, &seen.names, &run.asked_by),
            html! { (state_badge(&run.state)) },
            html! { (count_text(run.blocks_count.unsigned_abs())) },
            html! { (count_text(read.unsigned_abs())) },
            breaks(run),
        ])
        .opens(format!("/integrity/verification/{}", run.id))
    });
    Table::new("Verifications, the newest first")
        .column(Column::text("When").fit())
        .column(Column::text("Why"))
        .column(Column::text("State").fit())
        .column(Column::number("Blocks"))
        .column(Column::number("Rows, entries and files"))
        .column(Column::text("Breaks"))
        .rows(rows)
        .empty(Empty::new("Never verified", "It is done once a day by itself, and when you ask."))
}

fn breaks(run: &VerificationRun) -> Markup {
    html! {
        @if run.state != "done" { "–" }
        @else if run.breaks_count == 0 { (Badge::new(Tone::Ok, "none")) }
        @else {
            (Badge::new(Tone::Stop, format!("{}", run.breaks_count)))
            @if run.reviewed_at.is_some() { " looked into" }
        }
    }
}

pub(super) async fn ask(posted: Posted) -> Answer {
    posted.clerk.run(ask_verification).await?;
    Ok(see_other("/integrity/verification"))
}

pub(super) async fn show(clerk: Clerk, Path(id): Path<i64>) -> Answer {
    let seen = clerk.run(move |store, context| verification(store, context, id)).await?;
    Ok(page(&clerk, &seen, "", &[]).into_response())
}

fn page(clerk: &Clerk, seen: &VerificationShown, note: &str, errors: &[FieldError]) -> Page {
    let run = &seen.run;
    let facts = Facts::new()
        .fact("Asked", clerk.stamp(run.asked_at))
        .fact("Why", cause(&run.cause, &seen.names, &run.asked_by))
        .fact("State", state_badge(&run.state))
        .fact_if("Ended", run.finished_at.map(|at| clerk.stamp(at)))
        .fact_if("Why it failed", run.failure.as_deref())
        .fact("Blocks read", run.blocks_count)
        .fact("Rows that the blocks vouch for", run.rows_count)
        .fact("Entries of the record", run.resources_count)
        .fact("Files", run.files_count)
        .fact("Breaks", breaks(run));
    let content = html! {
        (Heading::new("Verification").under("Verifications", "/integrity/verification"))
        @if !errors.is_empty() { (error_summary(errors)) }
        (Card::new("What was read", facts))
        @if run.breaks_count > 0 {
            (Card::new("Breaks", html! {
                p { "Each names the table and the row, never what stands in it." }
                ul { @for what in &run.breaks { li { code { (what) } } } }
                @if run.breaks.len() as i64 != run.breaks_count {
                    p class="quiet" { "The first " (run.breaks.len()) " are named." }
                }
            }))
            (Card::new("What became of it", reviewed(clerk, seen, note, errors)))
        }
    };
    Page(clerk.page("Verification", desk(clerk)), content)
}

fn reviewed(clerk: &Clerk, seen: &VerificationShown, typed: &str, errors: &[FieldError]) -> Markup {
    let run = &seen.run;
    if let (Some(at), Some(by), Some(note)) = (run.reviewed_at, &run.reviewed_by, &run.note) {
        return html! {
            p { (note) }
            p class="quiet" { (who(&seen.names, by)) ", " (clerk.stamp(at)) }
        };
    }
    if !app::access::allowed(clerk.context(), Right::GlassReview) {
        return html! { p class="quiet" { "Waits for the privacy officer." } };
    }
    let content = html! {
        (Field::area("note", "What was found out, and what was done", 4).value(typed)
            .errors(errors).required())
        (actions([Button::submit("Keep this").main().key("Ctrl+Enter")]))
    };
    html! {
        (Form::post(format!("/integrity/verification/{}/review", run.id)).csrf(clerk.csrf())
            .label("What became of it").content(content))
    }
}

pub(super) async fn review(Path(id): Path<i64>, posted: Posted) -> Answer {
    let note = posted.text("note").to_owned();
    let done = posted.clerk.attempt(move |store, context| write(store, context, id, &note)).await;
    let errors = match done {
        Ok(()) => return Ok(see_other(format!("/integrity/verification/{id}"))),
        Err(app::Error::Invalid(errors)) => field_errors(&errors),
        Err(other) => return Err((other, &posted.clerk).into()),
    };
    let clerk = &posted.clerk;
    let seen = clerk.run(move |store, context| verification(store, context, id)).await?;
    let page = page(clerk, &seen, posted.text("note"), &errors);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
