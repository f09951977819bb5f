//! The scope, and the documents chosen within it: what may go, what stays out and by which rule.

use super::basis::changes_shown;
use super::lines;
use super::request::{Fields, after};
use crate::pages::{banner, field_errors};
use crate::server::{Answer, Clerk, Failure, Page, Posted, see_other};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Desk, Empty, Field, FieldError, Form, Heading, Row, Table,
    Tone, actions, date_text, error_summary, notice, why,
};
use app::release::{self as desk, Candidate, Choosing, Picked, SHOWN_MAX, ScopeForm, Which};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use record::{ResourceKey, SensitiveClass};
use release::Basis;
use release::lifecycle::DenialGround;
use release::minimum_necessary::Method;
use release::requester::RequesterKind;
use std::collections::HashMap;

pub(super) async fn show(
    clerk: Clerk,
    Path(id): Path<i64>,
    Query(asked): Query<HashMap<String, String>>,
) -> Answer {
    let opened = asked.get("lines").cloned().into_iter().collect();
    page(&clerk, id, (&[], &Fields::new()), None, opened).await
}

pub(super) async fn scope(Path(id): Path<i64>, posted: Posted) -> Answer {
    let all = |name: &str| posted.all(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let form = ScopeForm {
        recipient_name: posted.text("recipient_name").to_owned(),
        recipient: RequesterKind::parse(posted.text("recipient")),
        from: posted.text("from").to_owned(),
        to: posted.text("to").to_owned(),
        kinds: all("kinds"),
        classes: posted.all("classes").into_iter().filter_map(SensitiveClass::parse).collect(),
    };
    let shown = changes_shown(&posted);
    let done = posted
        .clerk
        .attempt(move |store, context| desk::put_scope(store, context, id, shown, &form))
        .await;
    answered(&posted, id, done, format!("/release/{id}/documents")).await
}

pub(super) async fn save(Path(id): Path<i64>, posted: Posted) -> Answer {
    let keys = |name: &str| -> Vec<ResourceKey> {
        let all = posted.all(name).into_iter();
        all.filter_map(|key| key.parse().ok()).map(ResourceKey).collect()
    };
    let denied = posted.fields().into_iter().filter_map(|(name, value)| {
        let key = name.strip_prefix("deny-")?.parse().ok()?;
        Some((ResourceKey(key), DenialGround::parse(&value)?))
    });
    let mut denied: Vec<(ResourceKey, DenialGround)> = denied.collect();
    denied.sort_by_key(|(key, ground)| (*ground, key.0));
    let picked = Picked {
        items: keys("item"),
        sections: sections_posted(&posted),
        method: Method::parse(posted.text("method")),
        reason: posted.text("reason").to_owned(),
        denied,
        restricted: keys("restricted"),
        litigation: keys("litigation"),
        is_expressly_named: posted.text("named") == "yes",
    };
    let shown = changes_shown(&posted);
    let done = posted
        .clerk
        .attempt(move |store, context| desk::choose(store, context, id, shown, &picked))
        .await;
    answered(&posted, id, done, format!("/release/{id}")).await
}

/// Which lines go out, section by section: fields `section-CODE`.
fn sections_posted(posted: &Posted) -> Vec<(String, Which)> {
    let fields = posted.fields().into_iter();
    let sections = fields.filter_map(|(name, value)| {
        Some((name.strip_prefix("section-")?.to_owned(), Which::parse(&value)?))
    });
    sections.collect()
}

async fn answered(posted: &Posted, id: i64, done: Result<(), app::Error>, to: String) -> Answer {
    let (errors, said) = match done {
        Ok(()) => return Ok(see_other(to)),
        Err(app::Error::Invalid(errors)) => (errors, None),
        Err(app::Error::Refused(sentence)) => (Vec::new(), Some(sentence)),
        Err(error) => return Err((error, &posted.clerk).into()),
    };
    let named = sections_posted(posted).into_iter().filter(|(_, which)| *which == Which::Named);
    let opened = named.map(|(code, _)| code).collect();
    match page(&posted.clerk, id, (&errors, &posted.fields()), said.clone(), opened).await {
        Ok(shown) => Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response()),
        // Where there is nothing to choose from yet, the request's page says what comes first.
        Err(_) => after(posted, id, Err(app::Error::Refused(said.unwrap_or_default()))).await,
    }
}

async fn page(
    clerk: &Clerk,
    id: i64,
    (errors, fields): (&[app::FieldError], &Fields),
    said: Option<String>,
    opened: Vec<String>,
) -> Result<Response, Failure> {
    let choosing = clerk.run(move |store, context| desk::choosing(store, context, id, &opened));
    let choosing = choosing.await?;
    let errors = field_errors(errors);
    let request = choosing.loaded.request();
    let number = request.number.as_str();
    let content = html! {
        (Heading::new("Choose documents").under("Release", "/release")
            .under(number, format!("/release/{id}"))
            .lede(html! {
                (request.basis.map_or("", Basis::label)) " · asked for: "
                q { (request.asked_for.reveal()) }
            }))
        (error_summary(&errors))
        @if let Some(said) = &said { (notice(Tone::Stop, html! { p { (said) } })) }
        @if !choosing.uncleared.is_empty() { (not_listed(&choosing)) }
        (Card::new("Scope", scope_form(clerk, &choosing, &errors, fields)))
        (Card::new("Documents and entries", choose_form(clerk, &choosing, fields)))
    };
    let shell = clerk.page("Choose documents", Desk::Release);
    let shell = shell.with_banner(banner(&choosing.identity, clerk));
    Ok(Page(shell, content).into_response())
}

fn not_listed(choosing: &Choosing) -> Markup {
    let classes: Vec<&str> = choosing.uncleared.classes().map(|class| class.label()).collect();
    notice(
        Tone::Info,
        html! { p {
            "You aren't cleared for: " (classes.join(", ")) ". Documents with these labels are \
             not listed, whether there are any or not. If the request covers them, let a \
             colleague who is cleared choose."
        } },
    )
}

fn scope_form(
    clerk: &Clerk,
    choosing: &Choosing,
    errors: &[FieldError],
    fields: &Fields,
) -> Markup {
    let row = &choosing.loaded.row;
    let Some(scope) = &choosing.loaded.scope else { return html! {} };
    let value = |name: &str, kept: String| fields.get(name).cloned().unwrap_or(kept);
    let day = |date: Option<jiff::civil::Date>| date.map(|d| d.to_string()).unwrap_or_default();
    let recipients = RequesterKind::ALL.iter().map(|one| Choice::new(one.as_str(), one.label()));
    let kinds = choosing
        .kinds
        .iter()
        .map(|(code, words, count)| Choice::new(code, format!("{words} ({count})")));
    let mut kinds =
        Field::checks("kinds", "Kinds of document", kinds).hint("None ticked: all kinds");
    for kind in scope.kinds.iter().flatten() {
        kinds = kinds.value(kind);
    }
    let classes = SensitiveClass::ALL.iter().map(|one| Choice::new(one.as_str(), one.label()));
    let mut classes = Field::checks("classes", "Sensitive classes that it names", classes)
        .hint("As the form, the order or the privacy officer names them; Part 2 records need more");
    for class in scope.classes.classes() {
        classes = classes.value(class.as_str());
    }
    let form = Form::post(format!("/release/{}/scope", row.id))
        .csrf(clerk.csrf())
        .label("Scope")
        .hidden("revision", row.revision.to_string())
        .content(html! {
            (Field::text("recipient_name", "Recipient, exactly as named").errors(errors)
                .value(value("recipient_name", scope.recipient_name.reveal().to_owned())))
            (Field::select("recipient", "What the recipient is", recipients)
                .value(value("recipient", scope.recipient.as_str().to_owned())))
            (Field::date("from", "First day of service").optional().errors(errors)
                .value(value("from", day(scope.from))))
            (Field::date("to", "Last day of service").optional().errors(errors)
                .value(value("to", day(scope.to))))
            (kinds) (classes)
            (actions([Button::submit("Set the scope").key("s")]))
        });
    html! {
        (form)
        @if scope.is_entire_chart() {
            p { (Badge::new(Tone::Warn, "entire chart")) " Nothing narrows the scope." }
        }
    }
}

fn choose_form(clerk: &Clerk, choosing: &Choosing, fields: &Fields) -> Markup {
    let row = &choosing.loaded.row;
    let selection = choosing.loaded.request().selection.as_ref();
    let by_order =
        matches!(choosing.loaded.request().basis, Some(Basis::CourtOrder | Basis::Part2CourtOrder));
    let access = choosing.loaded.request().basis == Some(Basis::Access);
    let to_plan = choosing
        .loaded
        .scope
        .as_ref()
        .is_some_and(|scope| scope.recipient == RequesterKind::HealthPlan);
    // What was asked for by a form or by right is given unless a rule keeps it out.
    let preset = selection.is_none() && !choosing.necessary.applies && !by_order;
    let rows = choosing.candidates.iter().map(|one| candidate(one, preset, access, to_plan, row));
    let table = Table::new("Documents of the chart, the newest first")
        .column(Column::text("Goes out"))
        .column(Column::text("Date").fit())
        .column(Column::text("Kind"))
        .column(Column::text("Labels"))
        .column(Column::text("What the rules say"))
        .rows(rows)
        .empty(Empty::new(
            "No document in this chart",
            "Documents come by import and by indexing. Nothing can be released before.",
        ));
    let kept = selection.and_then(|one| one.reason.clone()).unwrap_or_default();
    let methods = Method::ALL.iter().map(|one| Choice::new(one.as_str(), one.label()));
    let method = selection.map_or(Method::Individual, |one| one.method);
    let form = Form::post(format!("/release/{}/documents", row.id))
        .csrf(clerk.csrf())
        .label("Choose documents")
        .hidden("revision", row.revision.to_string())
        .content(html! {
            (table)
            (lines::sections(choosing, fields))
            @for group in choosing.groups.iter() {
                @if let Some(one) = &group.lines {
                    (lines::one_by_one(group, one.iter().take(SHOWN_MAX).map(|line| {
                        candidate(line, false, access, to_plan, row)
                    })))
                }
            }
            @if by_order {
                (Field::check("named", "The order expressly names each one that is chosen"))
            }
            @if choosing.necessary.applies {
                (Field::select("method", "How minimum necessary is met", methods)
                    .value(method.as_str()).hint(choosing.necessary.citation.text.as_str()))
                (Field::text("reason", "Why these, or the name of the protocol")
                    .value(fields.get("reason").cloned().unwrap_or(kept)))
            } @else {
                p class="quiet" {
                    "Minimum necessary does not apply here (" (choosing.necessary.citation) ")."
                }
            }
            (actions([Button::submit("Choose these").main().key("Ctrl+Enter")]))
        });
    html! { (form) }
}

fn candidate(
    one: &Candidate,
    preset: bool,
    access: bool,
    to_plan: bool,
    row: &store::release::ReleaseRequest,
) -> Row {
    let key = one.item.key.0.to_string();
    let id = format!("item-{key}");
    let ticked = one.out.is_none() && (one.is_chosen || preset);
    let mark = |name: &str, label: &str, held: bool| {
        let mut field =
            Field::checks(name, "", [Choice::new(key.as_str(), label)]).id(format!("{name}-{key}"));
        if held {
            field = field.value(key.as_str());
        }
        field
    };
    let grounds = DenialGround::ALL.iter().filter(|ground| ground.is_of_access());
    let first = [Choice::new("", "Not denied")];
    let grounds = first.into_iter().chain(grounds.map(|g| Choice::new(g.as_str(), g.label())));
    let deny = Field::select(format!("deny-{key}"), "Denied on the ground", grounds)
        .value(one.denied.map_or("", DenialGround::as_str));
    Row::new([
        html! {
            div class="choice" {
                input type="checkbox" id=(id) name="item" value=(key) checked[ticked]
                    disabled[one.out.is_some()];
                label for=(id) { (one.title) }
            }
        },
        html! { @if let Some(date) = one.item.date { (date_text(&date.to_string())) }
        @else { span class="quiet" { "no date" } } },
        html! { (one.kind) },
        html! { @for class in one.item.labels.classes() {
            (Badge::new(Tone::Warn, class.label())) " "
        } },
        html! {
            @match &one.out {
                Some(out) => {
                    (Badge::new(Tone::Stop, "stays out")) " " (out.reason) " "
                    span class="citation" { (out.citation) }
                }
                None => { (Badge::new(Tone::Ok, "may go")) }
            }
            @if access {
                (why(if one.denied.is_some() { "Denied" } else { "Deny or mark" }, html! {
                    (deny)
                    (mark("litigation", "Compiled for a legal proceeding",
                        row.body.litigation.contains(&one.item.key)))
                }, None))
            }
            @if to_plan {
                (mark("restricted", "Paid in full; the plan isn't to be told",
                    row.body.restricted.contains(&one.item.key)))
            }
        },
    ])
}
