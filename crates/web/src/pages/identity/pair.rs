//! One possible duplicate: the two records side by side, the reasons, and the judgement.

use super::percent;
use crate::pages::field_errors;
use crate::server::{Answer, Clerk, Page, Posted, see_other};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Comparison, Desk, Event, Field, FieldError, Form, Heading,
    Row, Table, Tone, actions, date_for_people, error_summary, notice, timeline,
};
use app::identity::{Compared, JudgeForm, Side, compared};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use identity::duplicate::DuplicateState;
use identity::{Address, Answer as Judged, IdentifierKind, Name};
use maud::{Markup, html};
use record::{Instant, PatientKey, Private};
use std::collections::HashMap;

pub(super) async fn show(clerk: Clerk, Path(pair): Path<i64>) -> Answer {
    let found = clerk.run(move |store, context| compared(store, context, pair)).await?;
    Ok(page(&clerk, &found, &HashMap::new(), &[]).into_response())
}

pub(super) async fn judge(Path(pair): Path<i64>, posted: Posted) -> Answer {
    let form = JudgeForm {
        pair,
        changes: posted.number("changes").unwrap_or(-1),
        answer: match posted.text("answer") {
            "same" => Some(Judged::Same),
            "different" => Some(Judged::Different),
            "not-sure" => Some(Judged::NotSure),
            _ => None,
        },
        reason: posted.text("reason").to_owned(),
        keep: posted.number("keep").map(PatientKey),
        until: Instant::parse(&format!("{}T00:00:00Z", posted.text("until"))),
    };
    let done = posted
        .clerk
        .attempt(move |store, context| app::identity::judge(store, context, &form))
        .await;
    answered(posted, pair, done).await
}

pub(super) async fn unmerge(Path(pair): Path<i64>, posted: Posted) -> Answer {
    let (changes, reason) =
        (posted.number("changes").unwrap_or(-1), posted.text("reason").to_owned());
    let done = posted
        .clerk
        .attempt(move |store, context| {
            app::identity::unmerge(store, context, pair, changes, &reason)
        })
        .await;
    answered(posted, pair, done).await
}

/// Goes on to the pair, or shows the form again with what is wrong.
async fn answered(posted: Posted, pair: i64, done: Result<(), app::Error>) -> Answer {
    let errors = match done {
        Ok(()) => return Ok(see_other(format!("/identity/{pair}"))),
        Err(app::Error::Invalid(errors)) => field_errors(&errors),
        Err(other) => return Err((other, &posted.clerk).into()),
    };
    let clerk = &posted.clerk;
    let found = clerk.run(move |store, context| compared(store, context, pair)).await?;
    let page = page(clerk, &found, &posted.fields(), &errors);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn page(
    clerk: &Clerk,
    found: &Compared,
    values: &HashMap<String, String>,
    errors: &[FieldError],
) -> Page {
    let content = html! {
        (Heading::new(title(&found.pair.state))
            .under("Identity", "/identity")
            .lede(html! {
                (state_badge(&found.pair.state)) " Likeness "
                (percent(found.comparison.probability)) ", found "
                (clerk.stamp(found.pair.found_at))
            }))
        @if !errors.is_empty() { (error_summary(errors)) }
        @for caution in &found.comparison.cautions { (notice(Tone::Warn, html! { (caution) })) }
        (Card::new("Side by side", side_by_side(found)))
        (Card::new("Reasons", reasons(found)))
        @match &found.pair.state {
            DuplicateState::Merged { .. } =>
                (Card::new("Undo the merge", unmerge_form(clerk, found, values, errors))),
            DuplicateState::Different { reason, .. } => (Card::new("Judged", html! {
                p { "Two people: " (reason) }
                p class="quiet" { "The pair opens again by itself when the evidence changes." }
            })),
            DuplicateState::Withdrawn => (Card::new("Withdrawn", html! {
                p { "The two records no longer look alike, or are one by another merge." }
            })),
            _ => (Card::new("Judge", judge_form(clerk, found, values, errors))),
        }
        (Card::new("History", history(clerk, found)))
    };
    Page(clerk.page("Possible duplicate", Desk::Identity), content)
}

/// What the page is about: a question until it is answered.
fn title(state: &DuplicateState) -> &'static str {
    match state {
        DuplicateState::Open
        | DuplicateState::InReview { .. }
        | DuplicateState::Waiting { .. }
        | DuplicateState::ToMerge { .. } => "Are they one person?",
        DuplicateState::Merged { .. } => "One person, merged",
        DuplicateState::Different { .. } => "Two people",
        DuplicateState::Withdrawn => "No longer alike",
    }
}

fn state_badge(state: &DuplicateState) -> Badge {
    match state {
        DuplicateState::Open => Badge::new(Tone::Warn, "to judge"),
        DuplicateState::InReview { .. } => Badge::new(Tone::Warn, "being compared"),
        DuplicateState::Waiting { .. } => Badge::new(Tone::Warn, "not sure"),
        DuplicateState::ToMerge { .. } => Badge::new(Tone::Warn, "to merge"),
        DuplicateState::Merged { .. } => Badge::new(Tone::Ok, "merged"),
        DuplicateState::Different { .. } => Badge::new(Tone::Neutral, "not the same"),
        DuplicateState::Withdrawn => Badge::new(Tone::Neutral, "withdrawn"),
    }
}

fn side_by_side(found: &Compared) -> Markup {
    let [a, b] = &found.sides;
    let head = |side: &Side, letter: &str| {
        let key = side.patient.patient.0;
        html! {
            "Record " (letter) ": " a href={ "/chart/" (key) } { "open the chart" }
            @if side.survivor != side.patient.patient {
                " " (Badge::new(Tone::Neutral, "merged into the other"))
            }
        }
    };
    let both = |of: &dyn Fn(&Side) -> String| [of(a), of(b)];
    let texts = |list: &[Private]| joined(list.iter().map(|one| one.reveal().to_owned()));
    let table = Comparison::new("The two records", [head(a, "A"), head(b, "B")])
        .field("Name", both(&|side| joined(side.person.names.iter().map(name))))
        .field(
            "Born",
            both(&|side| {
                side.person
                    .birth_date
                    .as_ref()
                    .map_or(String::new(), |d| date_for_people(d.reveal()))
            }),
        )
        .field("Sex", both(&|side| side.patient.sex.clone()))
        .field(
            "Deceased",
            both(&|side| {
                if side.patient.deceased { "yes".to_owned() } else { "not recorded".to_owned() }
            }),
        )
        .field("MRN", both(&|side| numbers(side, IdentifierKind::MedicalRecord)))
        .field("National number", both(&|side| numbers(side, IdentifierKind::National)))
        .field("Other numbers", both(&|side| numbers(side, IdentifierKind::Other)))
        .field("Address", both(&|side| joined(side.person.addresses.iter().map(address))))
        .field("Telephone", both(&|side| texts(&side.person.phones)))
        .field("E-mail", both(&|side| texts(&side.person.emails)))
        .field("Entries", both(&|side| joined(side.counts.iter().filter(is_entry).map(of_kind))));
    html! { (table) }
}

/// Whether these are entries of the record, and not the demographics that stand above.
fn is_entry((kind, _): &&(String, i64)) -> bool {
    kind != "Patient"
}

/// How many entries of a kind there are.
fn of_kind((kind, count): &(String, i64)) -> String {
    format!("{}: {count}", exchange::fhir::kind_label(kind))
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    let texts: Vec<String> = texts.filter(|text| !text.trim().is_empty()).collect();
    if texts.is_empty() { "none".to_owned() } else { texts.join("; ") }
}

fn name(name: &Name) -> String {
    let given: Vec<&str> = name.given.iter().map(Private::reveal).collect();
    let whole = format!("{}, {} {}", name.family.reveal(), given.join(" "), name.suffix.reveal());
    whole.trim_matches([',', ' ']).to_owned()
}

fn numbers(side: &Side, kind: IdentifierKind) -> String {
    let of_kind = side.person.identifiers.iter().filter(|one| one.kind == kind);
    joined(of_kind.map(|one| one.value.reveal().to_owned()))
}

fn address(address: &Address) -> String {
    let parts = [&address.street, &address.city, &address.state, &address.postal_code];
    let known: Vec<&str> =
        parts.iter().map(|part| part.reveal()).filter(|part| !part.is_empty()).collect();
    known.join(", ")
}

fn reasons(found: &Compared) -> Markup {
    let rows = found.comparison.reasons.iter().map(|reason| {
        let speaks = match reason.weight {
            weight if weight > 0.05 => Badge::new(Tone::Ok, "for one person"),
            weight if weight < -0.05 => Badge::new(Tone::Warn, "against"),
            _ => Badge::new(Tone::Neutral, "says little"),
        };
        Row::new([
            html! { (reason.field.label()) },
            html! { (reason.sentence) },
            html! { (speaks) },
            html! { (format!("{:+.1}", reason.weight)) },
        ])
    });
    let table = Table::new("What speaks for and against")
        .column(Column::text("Field"))
        .column(Column::text("Finding"))
        .column(Column::text("Speaks"))
        .column(Column::number("Weight").unit("bits"))
        .rows(rows);
    html! {
        (table)
        p class="quiet" {
            "The sum is " (format!("{:+.1}", found.comparison.score))
            " bits: each bit doubles the odds that the two are one person."
        }
    }
}

fn judge_form(
    clerk: &Clerk,
    found: &Compared,
    values: &HashMap<String, String>,
    errors: &[FieldError],
) -> Markup {
    let value = |name: &str| values.get(name).cloned().unwrap_or_default();
    let [a, b] = &found.sides;
    let keep = |side: &Side, letter: &str| {
        Choice::new(side.patient.patient.0.to_string(), format!("Record {letter}"))
            .hint(format!("MRN {}", side.patient.mrn.reveal()))
    };
    let form = Form::post(format!("/identity/{}/judge", found.pair.id))
        .csrf(clerk.csrf())
        .hidden("changes", found.pair.changes.to_string())
        .label("Judge the pair")
        .content(html! {
            (Field::radios("answer", "Are they one person?", [
                Choice::new("same", "Same person").hint("Merges; can be undone"),
                Choice::new("different", "Not the same").hint("Stays so until the data change"),
                Choice::new("not-sure", "Not sure").hint("Comes back on a day"),
            ]).value(value("answer")).errors(errors).required())
            (Field::radios("keep", "For the same person: keep", [keep(a, "A"), keep(b, "B")])
                .value(value("keep")).errors(errors))
            (Field::date("until", "For not sure: look again on").value(value("until"))
                .errors(errors))
            (Field::area("reason", "Why", 3).value(value("reason")).errors(errors).required())
            (actions([
                Button::submit("Save the judgement").main().key("Ctrl+Enter"),
                Button::link("Back to the list", "/identity").plain().key("Escape"),
            ]))
        });
    html! { (form) }
}

fn unmerge_form(
    clerk: &Clerk,
    found: &Compared,
    values: &HashMap<String, String>,
    errors: &[FieldError],
) -> Markup {
    let form = Form::post(format!("/identity/{}/unmerge", found.pair.id))
        .csrf(clerk.csrf())
        .hidden("changes", found.pair.changes.to_string())
        .label("Undo the merge")
        .content(html! {
            p {
                "Both records stand for themselves again, each with what was filed under it \
                 before and since."
            }
            (Field::area("reason", "Why", 3)
                .value(values.get("reason").cloned().unwrap_or_default())
                .errors(errors).required())
            (actions([
                Button::submit("Undo the merge").stop().key("u"),
                Button::link("Back to the list", "/identity").plain().key("Escape"),
            ]))
        });
    html! { (form) }
}

/// A state's word as people read it.
fn words(state: &str) -> String {
    state.replace('-', " ")
}

fn history(clerk: &Clerk, found: &Compared) -> Markup {
    timeline(found.events.iter().map(|event| {
        let who = found.names.get(&event.actor).unwrap_or(&event.actor);
        let what = match event.from.as_str() {
            "" => format!("Found, by {who}"),
            from => format!("From {} to {}, by {who}", words(from), words(&event.to)),
        };
        Event::new(Tone::Neutral, what, clerk.stamp(event.at))
            .detail(html! { p { (event.reason.reveal()) } })
    }))
}
