//! The page of one deficiency: for its provider to complete, for the desk to verify.

use super::chart::provider_choice;
use super::{due_at, not_found, notice_badge, provider_name, state_badge};
use crate::pages::banner;
use crate::pages::register::now;
use crate::pages::typed::TypedForm;
use crate::server::{Answer, Clerk, Page};
use crate::ui::{
    Button, Card, Choice, Desk, Event, Facts, Field, Form, Heading, Tone, actions, moment, notice,
    timeline, why,
};
use app::Right;
use app::completion::{Opened, opened};
use app::entry::Given;
use axum::extract::Path;
use axum::response::IntoResponse;
use integrity::deficiency::{DeficiencyKind, DeficiencyState};
use maud::{Markup, html};

/// What the page shows: the deficiency, and what was typed into one of its forms.
pub(super) struct Shown {
    pub found: Opened,
    pub given: Given,
    pub form: TypedForm,
}

pub(super) async fn show(clerk: Clerk, Path(id): Path<String>) -> Answer {
    let id: i64 = id.parse().map_err(|_| not_found(&clerk))?;
    let found = clerk.run(move |store, context| opened(store, context, id)).await?;
    let zone = found.terms.zone.clone();
    let mut initial = Given::default();
    initial.or_put("event_time", now(&clerk, &zone));
    if let [(code, _), ..] = found.kinds.as_slice() {
        initial.or_put("loinc", code.as_str());
    }
    let patient = Some(found.identity.patient.patient);
    let form = TypedForm::open(&clerk, patient, format!("deficiency-{id}"), &zone, initial).await?;
    let shown = Shown { found, given: Given::default(), form };
    Ok(page(&clerk, &shown).into_response())
}

pub(super) fn page(clerk: &Clerk, shown: &Shown) -> Page {
    let found = &shown.found;
    let row = &found.row;
    let may = |right| app::access::allowed(clerk.context(), right);
    let is_desk = may(Right::Completion);
    let (back, to) = match is_desk {
        true => ("Completion", "/completion"),
        false => ("My deficiencies", "/completion/mine"),
    };
    let own = found.is_own && may(Right::Authenticate);
    let content = html! {
        (Heading::new(format!("{}: {}", row.kind.label(), row.document_name))
            .under(back, to)
            .action(Button::link("This chart's completion",
                format!("/completion/chart/{}", row.encounter.0)).key("c"))
            .action(Button::link("Chart",
                format!("/chart/{}", found.identity.patient.patient.0)).key("h")))
        @if !own || !can_complete(row) {
            (refusal(shown))
            (crate::ui::error_summary(&shown.form.errors))
        }
        (Card::new("What is wanting", facts(clerk, found)))
        @if let Some((document, text)) = &found.document {
            (Card::new("The document", html! {
                p {
                    a href={ "/entry/" (document.row.resource.0) } { (document.shown.title) }
                    " · " (document.shown.date_text) " · " (document.shown.status)
                    @if let Some(scan) = &found.scan {
                        " · " a href={ "/documents/" (scan) } { "the pages" }
                    }
                }
                @if let Some(text) = text { div class="note" { (text) } }
            }))
        }
        @if own && can_complete(row) { (completing(clerk, shown)) }
        @if is_desk { (desk_acts(clerk, shown)) }
        (Card::new("What happened", history(found)))
    };
    let shell = clerk.page("Deficiency", Desk::Completion);
    Page(shell.with_banner(banner(&found.identity, clerk)), content)
}

/// Why the last form was not taken, where that is of no one field.
fn refusal(shown: &Shown) -> Markup {
    html! {
        @if let Some(text) = &shown.form.refusal {
            (notice(Tone::Stop, html! { p { (text) } }))
        }
    }
}

fn can_complete(row: &store::deficiency::DeficiencyRow) -> bool {
    row.state.waits_for_provider() || matches!(row.state, DeficiencyState::Declined { .. })
}

fn facts(clerk: &Clerk, found: &Opened) -> Markup {
    let row = &found.row;
    let now = clerk.context().at;
    let opening = found.events.last().map(|event| event.reason.reveal()).unwrap_or_default();
    let mut facts = Facts::new()
        .fact("State", html! { (state_badge(&row.state)) " " (state_words(&row.state)) })
        .fact("Provider", provider_name(&row.state.assignee().name))
        .fact(
            "Encounter",
            html! {
                a href={ "/entry/" (row.encounter.0) } { (found.encounter.shown.title) }
                " · " (found.encounter.shown.date_text)
            },
        );
    facts = match row.closed_at {
        Some(at) => facts.fact("Closed", moment(at, &found.terms.zone)),
        None => facts.fact(
            "Due",
            html! {
                (due_at(row.due_at, &found.terms, now)) " " (notice_badge(found.notice))
            },
        ),
    };
    let clock = match row.event_at {
        Some(at) => html! {
            (row.allowed.label()) " from " (row.starts.label()) ", " (moment(at, &found.terms.zone))
        },
        None => html! { "The clock has not started." },
    };
    facts = facts.fact("Clock", clock);
    if !row.note.reveal().is_empty() {
        facts = facts.fact("In words", row.note.reveal());
    }
    html! {
        (facts)
        (why("Why is it wanting?", html! {
            p { (opening) }
            @match &row.rule {
                Some((rule, version)) => {
                    p {
                        "Rule: " (row.document_name) ". "
                        span class="quiet" {
                            "Its name is " code { (rule) } ", version " (version) "."
                        }
                    }
                }
                None => { p { "Opened by hand." } }
            }
        }, Some(&row.citation)))
    }
}

fn state_words(state: &DeficiencyState) -> Markup {
    html! {
        @match state {
            DeficiencyState::Pending { .. } | DeficiencyState::Verified { .. }
            | DeficiencyState::Completed { .. } => {}
            DeficiencyState::Reassigned { before, reason, .. } => {
                "before: " (provider_name(&before.name)) ". " (reason)
            }
            DeficiencyState::Rejected { reason, .. } => { "Still wanting: " (reason) }
            DeficiencyState::Declined { suggested, reason, .. } => {
                (reason)
                @if let Some(to) = suggested { " Perhaps " (to.name) "'s." }
            }
            DeficiencyState::Waived { reason, .. } => { (reason) }
        }
    }
}

/// The forms with which its provider completes it, the likeliest first.
fn completing(clerk: &Clerk, shown: &Shown) -> Markup {
    let row = &shown.found.row;
    html! {
        @match row.kind {
            DeficiencyKind::MissingSignature => { (Card::new("Sign", sign_form(clerk, shown))) }
            DeficiencyKind::MissingDocument => {
                (Card::new("Write and sign", write_form(clerk, shown, "The text of the document")))
            }
            DeficiencyKind::MissingContent => {
                (Card::new("Write and sign an addendum",
                    write_form(clerk, shown, "What is added; the document stays as it is")))
            }
        }
        @if !shown.found.fitting.is_empty() {
            (Card::new("It is in the chart already", file_form(clerk, shown, "complete")))
        }
        @if row.rule.is_none() {
            (Card::new("Done elsewhere", own_form(clerk, shown, "complete", "done").content(html! {
                (actions([Button::submit("I have done it").key("Shift+D")]))
            })))
        }
        (Card::new("Not mine", decline_form(clerk, shown)))
    }
}

/// A form of this deficiency that sends to one of its addresses.
fn own_form(clerk: &Clerk, shown: &Shown, to: &str, how: &str) -> Form {
    let row = &shown.found.row;
    Form::post(format!("/completion/{}/{to}", row.id))
        .csrf(clerk.csrf())
        .hidden("changes", row.changes.to_string())
        .hidden("how", how)
        .label(how)
}

fn sign_form(clerk: &Clerk, shown: &Shown) -> Markup {
    let version = shown.found.document.as_ref().map_or(0, |(entry, _)| entry.row.number);
    let form = own_form(clerk, shown, "complete", "sign")
        .hidden("shown_version", version.to_string())
        .content(html! {
            p { "Read the document above. By signing you answer for what it says." }
            (actions([Button::submit("Sign and complete, next").main().key("Ctrl+Enter")]))
        });
    html! {
        (refusal(shown))
        (form)
    }
}

fn write_form(clerk: &Clerk, shown: &Shown, label: &str) -> Markup {
    let (row, form) = (&shown.found.row, &shown.form);
    let kinds = &shown.found.kinds;
    let content = html! {
        input type="hidden" name="changes" value=(row.changes);
        input type="hidden" name="how" value="write";
        @if kinds.len() > 1 {
            (form.put("loinc", Field::select("loinc", "Kind of document",
                kinds.iter().map(|(code, name)| Choice::new(code, name)))))
        } @else if let [(code, _)] = kinds.as_slice() {
            input type="hidden" name="loinc" value=(code);
        }
        (form.put("event_time", Field::date_time("event_time", "Time of what it tells")).required())
        (form.put("text", Field::note("text", label)).required().autofocus())
        (actions([Button::submit("Sign and complete, next").main().key("Ctrl+Enter")]))
    };
    form.form(&format!("/completion/{}/complete", row.id), "Write and sign", clerk.csrf(), content)
}

/// Documents of the chart that would do, to be filed with the encounter.
fn file_form(clerk: &Clerk, shown: &Shown, to: &str) -> Markup {
    let fits = shown.found.fitting.iter();
    let choices = fits.map(|(key, words)| Choice::new(key.0.to_string(), words));
    let field = Field::radios(
        "document",
        "Documents of this chart that belong to no encounter yet",
        choices,
    )
    .errors(&shown.form.errors);
    let label = if to == "file" { "File it" } else { "File and complete, next" };
    let form = own_form(clerk, shown, to, "file").content(html! {
        (field)
        (actions([Button::submit(label).key("Shift+F")]))
    });
    html! { (form) }
}

fn decline_form(clerk: &Clerk, shown: &Shown) -> Markup {
    let is_it = shown.given.text("how") == "decline";
    let people = shown.found.providers.iter();
    let people = people.map(|(id, name)| Choice::new(id.to_string(), name));
    let choices = std::iter::once(Choice::new("", "I do not know")).chain(people);
    let whose = Field::select("account", "Whose it is", choices).optional();
    let why = Field::text("reason", "Why it is not yours").key("n").required();
    let form = own_form(clerk, shown, "decline", "decline").content(html! {
        (typed(whose, "account", "decline", shown, is_it))
        (typed(why, "reason", "decline", shown, is_it))
        (actions([Button::submit("It is not mine").stop().key("Shift+N")]))
    });
    html! { (form) }
}

/// A field of one of several forms that have fields of this name: the one that was sent holds
/// what was typed and what is wrong with it, and has the id to which the summary of errors leads.
fn typed(field: Field, name: &str, form: &str, shown: &Shown, is_it: bool) -> Field {
    match is_it {
        true => field.value(shown.given.text(name)).errors(&shown.form.errors),
        false => field.id(format!("{form}-{name}")),
    }
}

/// What the desk can do in this state.
fn desk_acts(clerk: &Clerk, shown: &Shown) -> Markup {
    let state = &shown.found.row.state;
    let is_supervisor = clerk.context().has(record::Role::Supervisor);
    let is_closed = !state.is_open();
    html! {
        @if matches!(state, DeficiencyState::Completed { .. }) {
            (Card::new("Verify", desk_form(clerk, shown, "verify").content(html! {
                p { "Look at the document: right patient, right encounter, whole, signed." }
                (actions([Button::submit("Verify, next").main().key("Ctrl+Enter")]))
            })))
        }
        @if !is_closed && !shown.found.fitting.is_empty() {
            (Card::new("It is in the chart already", file_form(clerk, shown, "file")))
        }
        @if state.waits_for_provider() || matches!(state, DeficiencyState::Declined { .. }) {
            (Card::new("Give it to another provider", reassign_form(clerk, shown)))
        }
        @if state.waits_for_desk() {
            (reason_card(clerk, shown, "reject", "Send it back to its provider",
                "What is still wanting", Button::submit("Send back").key("Shift+B")))
        }
        @if !is_closed {
            (reason_card(clerk, shown, "satisfy", "The record shows it",
                "Where: the signature stands on page 2 of the scan",
                Button::submit("Close: the record shows it").key("Shift+R")))
        }
        @if !is_closed && is_supervisor {
            (reason_card(clerk, shown, "waive", "Waive", "Why it will not be done",
                Button::submit("Waive").stop().key("Shift+W")))
        }
        @if is_closed {
            (reason_card(clerk, shown, "reopen", "Reopen", "What is wanting after all",
                Button::submit("Reopen").key("Shift+O")))
        }
    }
}

fn desk_form(clerk: &Clerk, shown: &Shown, act: &str) -> Form {
    let row = &shown.found.row;
    Form::post(format!("/completion/{}/act", row.id))
        .csrf(clerk.csrf())
        .hidden("changes", row.changes.to_string())
        .hidden("do", act)
        .label(act)
}

fn reason_card(
    clerk: &Clerk,
    shown: &Shown,
    act: &str,
    title: &str,
    hint: &str,
    button: Button,
) -> Markup {
    let is_it = shown.given.text("do") == act;
    let field = Field::text("reason", "Why").hint(hint).required();
    let form = desk_form(clerk, shown, act).content(html! {
        (typed(field, "reason", act, shown, is_it))
        (actions([button]))
    });
    html! { (Card::new(title, form)) }
}

fn reassign_form(clerk: &Clerk, shown: &Shown) -> Markup {
    let is_it = shown.given.text("do") == "reassign";
    let mut given = if is_it { shown.given.clone() } else { Given::default() };
    let errors = if is_it { shown.form.errors.as_slice() } else { &[] };
    if let DeficiencyState::Declined { suggested: Some(to), .. } = &shown.found.row.state
        && let Some(account) = to.account
    {
        given.or_put("account", account.to_string());
    }
    let mut whose = provider_choice(&shown.found.providers, &given, errors).key("p");
    if !is_it {
        whose = whose.id("reassign-account");
    }
    let why = Field::text("reason", "Why").required();
    let form = desk_form(clerk, shown, "reassign").content(html! {
        (whose)
        (Field::text("name", "Or a provider without an account, by name")
            .value(given.text("name")).optional())
        (typed(why, "reason", "reassign", shown, is_it))
        (actions([Button::submit("Reassign").key("Shift+A")]))
    });
    html! { (form) }
}

fn history(found: &Opened) -> Markup {
    timeline(found.events.iter().map(|event| {
        let who = found.actors.get(&event.actor).map_or(event.actor.as_str(), String::as_str);
        let what = match event.action.as_str() {
            "open" => "Opened",
            "complete" => "Completed",
            "decline" => "Said to be not theirs",
            "satisfy" => "Shown by the record",
            "verify" => "Verified",
            "reject" => "Sent back",
            "reassign" => "Given to another provider",
            "waive" => "Waived",
            "reopen" => "Opened again",
            "clock" => "Its clock was put right",
            other => other,
        };
        let tone = match event.to.as_str() {
            "verified" => Tone::Ok,
            "declined" | "rejected" => Tone::Stop,
            _ => Tone::Neutral,
        };
        Event::new(tone, html! { (what) ", by " (who) }, moment(event.at, &found.terms.zone))
            .detail(html! { p { (event.reason.reveal()) } })
    }))
}
