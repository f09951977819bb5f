//! What can be done with a request: the next step first, then the other ways.

use super::basis::changes_shown;
use super::request::{Shown, after};
use crate::server::{Answer, Posted};
use crate::ui::{Badge, Button, Card, Choice, Field, Form, Tone, actions, folded, why};
use app::release::{self as desk, FeeForm};
use axum::extract::Path;
use maud::{Markup, html};
use record::Private;
use release::Basis;
use release::basis::Status;
use release::fee::{Copy, Rate, dollars};
use release::lifecycle::{Action, ActionName, DenialGround, HoldReason, Settlement, StateName};

/// How a packet can be handed out.
const WAYS: &[(&str, &str)] = &[
    ("in person", "In person"),
    ("mail", "Mail"),
    ("portal", "Portal"),
    ("fax", "Fax"),
    ("secure e-mail", "Secure e-mail"),
    ("courier", "Courier"),
];

/// What a held request may wait for, beside open elements of the checklist.
const HOLDS: &[(&str, &str)] = &[
    ("missing", "What fails in the checklist"),
    ("requester", "Identity or authority of the requester"),
    ("patient", "The patient can't be told from others"),
    ("record", "The record isn't complete or not found yet"),
    ("privacy", "The privacy officer decides"),
    ("other", "Something else: say it in the note"),
];

pub(super) async fn act(Path(id): Path<i64>, posted: Posted) -> Answer {
    let shown = changes_shown(&posted);
    let action = match action_of(&posted, id).await {
        Ok(action) => action,
        Err(error) => return after(&posted, id, Err(error)).await,
    };
    let done = posted
        .clerk
        .attempt(move |store, context| desk::act(store, context, id, shown, action))
        .await;
    after(&posted, id, done).await
}

async fn action_of(posted: &Posted, id: i64) -> Result<Action, app::Error> {
    let text = |name: &str| posted.text(name).to_owned();
    let invalid =
        |field: &str, reason: &str| app::Error::Invalid(vec![app::FieldError::new(field, reason)]);
    Ok(match ActionName::parse(posted.text("do")) {
        Some(ActionName::Validate) => Action::Validate,
        Some(ActionName::Hold) => {
            let reasons = hold_reasons(posted, id).await?;
            Action::Hold { reasons, note: posted.given("note").map(str::to_owned) }
        }
        Some(ActionName::Resume) => Action::Resume { note: text("note") },
        Some(ActionName::StartReview) => Action::StartReview,
        Some(ActionName::Settle) => {
            let settlement = match posted.text("settled") {
                "waived" => Settlement::Waived { why: text("reference") },
                _ => Settlement::Paid { reference: text("reference") },
            };
            Action::Settle { settlement }
        }
        Some(ActionName::Deliver) => {
            Action::Deliver { how: text("how"), to: Private::new(posted.text("to")) }
        }
        Some(ActionName::Close) => Action::Close,
        Some(ActionName::Deny) => {
            let ground = DenialGround::parse(posted.text("ground"))
                .ok_or_else(|| invalid("ground", "Choose the ground of the denial."))?;
            Action::Deny { ground, explanation: text("explanation") }
        }
        Some(ActionName::Return) => Action::Return { reason: text("reason") },
        Some(ActionName::Cancel) => Action::Cancel { reason: text("reason") },
        Some(ActionName::Extend) => {
            let until = posted
                .text("until")
                .parse()
                .map_err(|_| invalid("until", "Give the new date as 2026-03-04."))?;
            Action::Extend { reason: text("reason"), until }
        }
        // The others have forms of their own.
        Some(
            ActionName::Identify
            | ActionName::ChooseBasis
            | ActionName::Select
            | ActionName::FinishReview
            | ActionName::FinishRedaction
            | ActionName::SendBack
            | ActionName::Approve
            | ActionName::ReviewDenial,
        )
        | None => return Err(app::Error::Refused("Choose what to do.".into())),
    })
}

async fn hold_reasons(posted: &Posted, id: i64) -> Result<Vec<HoldReason>, app::Error> {
    let mut reasons = Vec::new();
    for word in posted.all("reason") {
        reasons.push(match word {
            "missing" => {
                let opened = posted.clerk.attempt(move |s, c| desk::open(s, c, id)).await?;
                let failing = opened.checklist.iter().filter(|one| one.status == Status::Fail);
                let elements: Vec<String> = failing.map(|one| one.element.id.clone()).collect();
                if elements.is_empty() {
                    return Err(app::Error::Refused(
                        "No answer of the checklist fails. Answer it first: the letter names \
                         what fails."
                            .into(),
                    ));
                }
                HoldReason::MissingElements { elements }
            }
            "requester" => HoldReason::RequesterUnverified,
            "patient" => HoldReason::PatientUnclear,
            "form" => HoldReason::SignedForm,
            "record" => HoldReason::RecordAwaited,
            "privacy" => HoldReason::PrivacyReview,
            "bill" => HoldReason::UnpaidBill,
            _ => HoldReason::Other { text: posted.text("note").to_owned() },
        });
    }
    Ok(reasons)
}

pub(super) async fn fee(Path(id): Path<i64>, posted: Posted) -> Answer {
    let shown = changes_shown(&posted);
    let text = |name: &str| posted.text(name).to_owned();
    let form = FeeForm {
        copy: match posted.text("copy") {
            "electronic" => Some(Copy::ElectronicOfElectronic),
            "scanned" => Some(Copy::ElectronicOfPaper),
            "paper" => Some(Copy::Paper),
            _ => None,
        },
        flat: posted.text("flat") == "yes",
        minutes: text("minutes"),
        labour: text("labour"),
        supplies: text("supplies"),
        postage: text("postage"),
        summary: text("summary"),
        summary_agreed: posted.text("summary_agreed") == "yes",
        pages: text("pages"),
    };
    let none = posted.text("do") == "none";
    let done = posted.clerk.attempt(move |store, context| {
        desk::put_fee(store, context, id, shown, (!none).then_some(&form))
    });
    let done = done.await;
    after(&posted, id, done).await
}

pub(super) async fn review_asked(Path(id): Path<i64>, posted: Posted) -> Answer {
    let done =
        posted.clerk.attempt(move |store, context| desk::review_asked(store, context, id)).await;
    after(&posted, id, done).await
}

/// What a held request waits for, in words.
pub(super) fn hold_words(reasons: &[HoldReason]) -> Markup {
    let word = |reason: &HoldReason| match reason {
        HoldReason::PatientUnclear => "The patient can't be told from others.".to_owned(),
        HoldReason::RequesterUnverified => {
            "Identity or authority of the requester isn't shown.".to_owned()
        }
        HoldReason::MissingElements { elements } => match elements.len() {
            1 => "One element of the checklist is missing or wrong.".to_owned(),
            many => format!("{many} elements of the checklist are missing or wrong."),
        },
        HoldReason::SignedForm => "A signed form is awaited.".to_owned(),
        HoldReason::RecordAwaited => "The record isn't complete or not found yet.".to_owned(),
        HoldReason::PrivacyReview => "The privacy officer decides.".to_owned(),
        HoldReason::UnpaidBill => "A bill is unpaid.".to_owned(),
        HoldReason::Other { text } => text.clone(),
    };
    html! { @for reason in reasons { (word(reason)) " " } }
}

fn act_form(shown: &Shown<'_>, action: ActionName, content: Markup) -> Form {
    shown.form("act", action.label()).hidden("do", action.as_str()).content(content)
}

fn button(label: &str, key: &str) -> Markup {
    html! { (actions([Button::submit(label).main().key(key)])) }
}

/// The next step, at the top of the page.
pub(super) fn next(shown: &Shown<'_>) -> Markup {
    let loaded = &shown.opened.loaded;
    let id = loaded.row.id;
    let link = |label: &str, to: &str| {
        html! { (actions([Button::link(label, format!("/release/{id}/{to}")).main().key("n")])) }
    };
    let content = match loaded.row.state() {
        StateName::Received => html! {
            p { "Identify the patient. Until then no record is shown." }
        },
        StateName::Identified => ready_to_validate(shown),
        StateName::OnHold => html! {
            (act_form(shown, ActionName::Resume, html! {
                (Field::text("note", "What came in").value(shown.value("note", "")).key("n"))
                (button("Take off hold", "r"))
            }))
        },
        StateName::Validated => html! {
            p { "Set the scope, and choose the documents within it." }
            (link("Choose documents", "documents"))
        },
        StateName::Selected => html! {
            p { (loaded.items.len()) " documents are chosen." }
            (act_form(shown, ActionName::StartReview, button("To sensitive review", "n")))
            (actions([Button::link("Choose again", format!("/release/{id}/documents")).key("d")]))
        },
        StateName::SensitiveReview | StateName::Redaction => html! {
            p { "Look at sensitive content, and mark and confirm what is redacted." }
            (link("Review and redact", "review"))
        },
        StateName::QualityCheck => html! {
            p { "A second person, who did not prepare it, checks the packet." }
            (link("Check the packet", "packet"))
        },
        StateName::Invoiced => settle(shown),
        StateName::Ready => deliver(shown),
        StateName::Delivered => html! {
            p { "The disclosure is written down. Close the request when nothing is left to do." }
            (act_form(shown, ActionName::Close, button("Close the request", "n")))
        },
        StateName::Denied => denied(shown),
        StateName::Closed | StateName::Returned | StateName::Cancelled => return html! {},
    };
    html! { (Card::new("Next", content)) }
}

fn ready_to_validate(shown: &Shown<'_>) -> Markup {
    let loaded = &shown.opened.loaded;
    let verified = loaded.gaps.as_ref().is_some_and(Vec::is_empty);
    let basis = loaded.request().basis;
    let satisfied = loaded.evaluation.as_ref().is_some_and(|one| one.is_satisfied());
    let open = loaded.evaluation.as_ref().map_or(0, |one| one.missing().count());
    let step = |done: bool, words: String| {
        let (tone, word) = if done { (Tone::Ok, "done") } else { (Tone::Warn, "open") };
        html! { li { (Badge::new(tone, word)) " " (words) } }
    };
    html! {
        ul class="steps" {
            (step(basis.is_some(), "Choose the legal basis".to_owned()))
            (step(verified, "Verify identity and authority of the requester".to_owned()))
            (step(satisfied, match basis {
                Some(_) if !satisfied => format!("Answer the checklist: {open} open"),
                _ => "Answer the checklist of the basis".to_owned(),
            }))
        }
        (act_form(shown, ActionName::Validate, button("Validate", "v")))
        @if shown.opened.checklist.iter().any(|one| one.status == Status::Fail) {
            (shown.form("act", "Hold and write the letter")
                .hidden("do", ActionName::Hold.as_str())
                .hidden("reason", "missing")
                .content(html! {
                    (actions([Button::submit("Hold, and write what is missing").key("h")]))
                }))
        }
    }
}

fn settle(shown: &Shown<'_>) -> Markup {
    let form = act_form(
        shown,
        ActionName::Settle,
        html! {
            (Field::radios("settled", "The fee", [
                Choice::new("paid", "is paid"),
                Choice::new("waived", "is waived"),
            ]).value(shown.value("settled", "paid")))
            (Field::text("reference", "Reference of the payment, or why it is waived")
                .value(shown.value("reference", "")))
            (button("Settle the fee", "n"))
        },
    );
    html! { (form) }
}

fn deliver(shown: &Shown<'_>) -> Markup {
    let scope = shown.opened.loaded.scope.as_ref();
    let to = scope.map_or("", |scope| scope.recipient_name.reveal());
    let ways = WAYS.iter().map(|(word, label)| Choice::new(*word, *label));
    let form = act_form(
        shown,
        ActionName::Deliver,
        html! {
            (Field::select("how", "How it is handed out", ways).value(shown.value("how", "mail")))
            (Field::text("to", "To whom").value(shown.value("to", to))
                .hint("The recipient of the scope, exactly"))
            (button("Deliver", "n"))
        },
    );
    let id = shown.opened.loaded.row.id;
    html! {
        (form)
        (actions([Button::link("The packet", format!("/release/{id}/packet")).key("k")]))
    }
}

fn denied(shown: &Shown<'_>) -> Markup {
    let release::State::Denied { ground, upheld_by, .. } = &shown.opened.loaded.request().state
    else {
        return html! {};
    };
    if !ground.is_reviewable() || upheld_by.is_some() {
        return html! { p { "The denial stands. The rest of the record is given." } };
    }
    if shown.opened.is_review_asked {
        return html! { p {
            "A review was asked for: a provider who took no part in the denial has it in My work."
        } };
    }
    let form = shown.form("review-asked", "Review asked for").content(html! {
        (actions([Button::submit("The individual asks for a review").key("n")]))
    });
    html! {
        p { "The individual may have the denial reviewed (45 CFR 164.524(a)(4))." }
        (form)
    }
}

/// The fee, counted before the packet is approved.
pub(super) fn fee_card(shown: &Shown<'_>) -> Markup {
    let loaded = &shown.opened.loaded;
    let state = loaded.row.state();
    let stands = matches!(state, StateName::Invoiced | StateName::Ready);
    let (Some(rate), false) = (shown.opened.rate, stands) else { return html! {} };
    let money = |name: &str, label: &str| {
        Field::number(name, label).unit("USD").value(shown.value(name, "")).errors(shown.errors)
    };
    let fields = match rate {
        Rate::None => {
            return html! { (Card::new("Fee", html! { p { "No fee is charged on this basis." } })) };
        }
        Rate::Patient => html! {
            p { "Labour for copying, supplies, postage, an agreed summary; never search or \
                retrieval (45 CFR 164.524(c)(4))." }
            (Field::select("copy", "What is copied", [
                Choice::new("electronic", "Electronic copy of electronic records"),
                Choice::new("scanned", "Electronic copy of paper"),
                Choice::new("paper", "Paper copy"),
            ]).value(shown.value("copy", "electronic")).errors(shown.errors))
            (Field::check("flat", "Flat fee of 6.50 USD instead of counted costs"))
            (Field::number("minutes", "Labour for copying").unit("minutes")
                .value(shown.value("minutes", "")).errors(shown.errors))
            (money("labour", "Labour, an hour"))
            (money("supplies", "Supplies"))
            (money("postage", "Postage"))
            (money("summary", "Summary, where one was asked for"))
            (Field::check("summary_agreed", "The individual agreed to the summary and its fee"))
        },
        Rate::Schedule => html! {
            p { "By the schedule of the state or the site in force today." }
            (Field::number("pages", "Pages").value(shown.value("pages", "")).errors(shown.errors))
            (money("postage", "Postage"))
        },
    };
    let form = shown.form("fee", "Fee").content(html! {
        (fields)
        (actions([
            Button::submit("Count the fee"),
            Button::submit("No fee").named("do", "none").plain(),
        ]))
    });
    let fee = loaded.row.body.fee.as_ref();
    let kept = fee.map_or("no fee".to_owned(), |fee| dollars(fee.total_cents()));
    let lines = html! {
        @if let Some(fee) = fee {
            ul { @for line in &fee.lines {
                li { (line.what) ": " (dollars(line.cents)) " " span class="citation" {
                    (line.citation) } }
            } }
        }
        (why("Count the fee", form, None))
    };
    html! { (Card::new("Fee", lines).beside(Badge::new(Tone::Neutral, kept))) }
}

/// Hold, extend, deny, return, cancel: what the state allows beside the next step.
pub(super) fn others(shown: &Shown<'_>) -> Markup {
    let allowed = |action: ActionName| shown.opened.actions.contains(&action);
    html! {
        @if allowed(ActionName::Hold) { (Card::new("Put on hold", hold_form(shown))) }
        @if allowed(ActionName::Extend) && shown.opened.loaded.request().due.is_some() {
            (Card::new("Extend the due date", extend_form(shown)))
        }
        @if allowed(ActionName::Deny) { (Card::new("Deny", deny_form(shown))) }
        @if allowed(ActionName::Cancel) { (Card::new("End without release", end_forms(shown))) }
    }
}

fn hold_form(shown: &Shown<'_>) -> Markup {
    let rests = shown.opened.loaded.request().basis.is_some_and(Basis::rests_on_a_form);
    let form = [("form", "A form signed by the individual")];
    let reasons = HOLDS.iter().chain(form.iter().filter(|_| rests));
    let choices = reasons.map(|(word, label)| Choice::new(*word, *label));
    let form = act_form(
        shown,
        ActionName::Hold,
        html! {
            (Field::checks("reason", "What it waits for", choices).id("hold-reason"))
            (Field::text("note", "Note").optional().id("hold-note"))
            (actions([Button::submit("Put on hold").stop()]))
        },
    );
    folded("Wait for something", form, None, shown.came_back_for(ActionName::Hold))
}

fn extend_form(shown: &Shown<'_>) -> Markup {
    let form = act_form(
        shown,
        ActionName::Extend,
        html! {
            (Field::date("until", "New date").value(shown.value("until", "")).errors(shown.errors))
            (Field::text("reason", "Reason of the delay, as the letter states it")
                .id("extend-reason"))
            (actions([Button::submit("Extend, and write the letter").key("x")]))
        },
    );
    let is_open = shown.came_back_for(ActionName::Extend);
    let question = "Once, with a written reason, within the first term";
    folded(question, form, Some("45 CFR 164.524(b)(2)"), is_open)
}

fn deny_form(shown: &Shown<'_>) -> Markup {
    let access = shown.opened.loaded.request().basis == Some(Basis::Access);
    let fits = |ground: &&DenialGround| {
        ground.is_of_access() == access || **ground == DenialGround::NotHeld
    };
    let first = [Choice::new("", "Choose")];
    let grounds = DenialGround::ALL.iter().filter(fits).map(|ground| {
        Choice::new(ground.as_str(), format!("{} ({})", ground.label(), ground.citation()))
    });
    let form = act_form(
        shown,
        ActionName::Deny,
        html! {
            (Field::select("ground", "Ground", first.into_iter().chain(grounds))
                .value(shown.value("ground", "")).errors(shown.errors))
            (Field::area("explanation", "Why it holds here, as the letter states it", 3)
                .value(shown.value("explanation", "")))
            (actions([Button::submit("Deny, and write the letter").stop()]))
        },
    );
    let is_open = shown.came_back_for(ActionName::Deny);
    let question = "In writing, with the rights of the individual";
    folded(question, form, Some("45 CFR 164.524(d)"), is_open)
}

fn end_forms(shown: &Shown<'_>) -> Markup {
    let allowed = |action: ActionName| shown.opened.actions.contains(&action);
    let form = |action: ActionName, id: &str, label: &str| {
        act_form(
            shown,
            action,
            html! {
                (Field::text("reason", label).id(id))
                (actions([Button::submit(action.label())]))
            },
        )
    };
    html! {
        @if allowed(ActionName::Return) {
            (why("Not for this organization", form(
                ActionName::Return, "return-reason", "Why it goes back, and where to ask",
            ), None))
        }
        (why("Withdrawn by the requester",
            form(ActionName::Cancel, "cancel-reason", "Why it is cancelled"), None))
    }
}
