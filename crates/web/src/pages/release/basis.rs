//! Who asks by what authority, on what legal basis, and the checklist of that basis.

use super::request::{Shown, after};
use crate::server::{Answer, Posted};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Field, Row, Table, Tone, actions, date_text, why,
};
use app::release::{self as desk, Asked, CheckForm, VerifyForm};
use axum::extract::Path;
use jiff::civil::Date;
use maud::{Markup, html};
use release::basis::{Basis, ElementKind, Evaluation, Status};
use release::lifecycle::Action;
use release::requester::{Authority, IdentityProof};
use std::collections::BTreeMap;

/// The revision that a form was shown with.
pub(super) fn changes_shown(posted: &Posted) -> i64 {
    posted.number("revision").unwrap_or(-1)
}

pub(super) async fn verify(Path(id): Path<i64>, posted: Posted) -> Answer {
    let form = VerifyForm {
        identity: posted.all("identity").into_iter().filter_map(IdentityProof::parse).collect(),
        authority: Authority::parse(posted.text("authority")),
        document: posted.text("document").to_owned(),
        document_until: posted.text("document_until").to_owned(),
        representative_barred: posted.text("barred") == "yes",
    };
    let shown = changes_shown(&posted);
    let done = posted
        .clerk
        .attempt(move |store, context| desk::put_verification(store, context, id, shown, &form));
    let done = done.await;
    after(&posted, id, done).await
}

pub(super) async fn choose(Path(id): Path<i64>, posted: Posted) -> Answer {
    let shown = changes_shown(&posted);
    let Some(basis) = Basis::parse(posted.text("basis")) else {
        let error = app::FieldError::new("basis", "Choose the legal basis.");
        return after(&posted, id, Err(app::Error::Invalid(vec![error]))).await;
    };
    let done = posted
        .clerk
        .attempt(move |store, context| {
            desk::act(store, context, id, shown, Action::ChooseBasis { basis })
        })
        .await;
    after(&posted, id, done).await
}

fn check_form(posted: &Posted) -> CheckForm {
    let mut answers = BTreeMap::new();
    for (name, value) in posted.fields() {
        if let Some(element) = name.strip_prefix("answer-") {
            let day = posted.text(&format!("day-{element}")).to_owned();
            let answer = if day.is_empty() { value } else { day };
            answers.insert(element.to_owned(), answer);
        }
    }
    CheckForm { answers, jurisdiction: posted.text("jurisdiction").to_owned() }
}

pub(super) async fn answer(Path(id): Path<i64>, posted: Posted) -> Answer {
    let (form, shown) = (check_form(&posted), changes_shown(&posted));
    let done = posted
        .clerk
        .attempt(move |store, context| desk::put_answers(store, context, id, shown, &form));
    let done = done.await;
    after(&posted, id, done).await
}

pub(super) async fn cover(Path(id): Path<i64>, posted: Posted) -> Answer {
    let (form, shown) = (check_form(&posted), changes_shown(&posted));
    let basis = Basis::parse(posted.text("cover"));
    let done = posted
        .clerk
        .attempt(move |store, context| desk::put_cover(store, context, id, shown, basis, &form));
    let done = done.await;
    after(&posted, id, done).await
}

/// The choice of the legal basis, before anything else.
pub(super) fn basis_card(shown: &Shown<'_>) -> Markup {
    let chosen = shown.opened.loaded.request().basis;
    let first = [Choice::new("", "Choose")];
    let choices = Basis::ALL.iter().map(|basis| Choice::new(basis.as_str(), basis.label()));
    let kept = chosen.map_or("", Basis::as_str);
    let form = shown.form("basis", "Legal basis").content(html! {
        @if let Some(until) = protected_until(shown) {
            p { "The record was protected for 50 years after the death, until "
                (date_text(&until.to_string())) ". It is no longer protected health information "
                span class="citation" { "45 CFR 164.502(f)" } "." }
        }
        (Field::select("basis", "Why this release is lawful", first.into_iter().chain(choices))
            .hint("The patient's own request is access: it needs no authorization form")
            .value(shown.value("basis", kept)).errors(shown.errors).key("b"))
        (actions([Button::submit("Choose the basis")]))
    });
    let badge = match chosen {
        Some(_) => Badge::new(Tone::Ok, "chosen"),
        None => Badge::new(Tone::Warn, "not chosen"),
    };
    html! { (Card::new("Legal basis", form).beside(badge)) }
}

/// Until when the record was protected, where the patient died so long ago that it isn't any more.
fn protected_until(shown: &Shown<'_>) -> Option<Date> {
    let loaded = &shown.opened.loaded;
    let until = release::lifecycle::protected_until(loaded.died_on?);
    Some(until).filter(|until| *until < loaded.today)
}

/// Who asks, and how identity and authority were confirmed.
pub(super) fn verify_card(shown: &Shown<'_>) -> Markup {
    let loaded = &shown.opened.loaded;
    let kept = loaded.row.body.verification.as_ref();
    let proofs = IdentityProof::ALL.iter().map(|one| Choice::new(one.as_str(), one.label()));
    let mut identity = Field::checks("identity", "How identity was confirmed", proofs);
    for proof in kept.iter().flat_map(|done| &done.identity) {
        identity = identity.value(proof.as_str());
    }
    let first = [Choice::new("", "Choose")];
    let authorities = Authority::ALL.iter().map(|one| Choice::new(one.as_str(), one.label()));
    let authority = kept.map_or("", |done| done.authority.as_str());
    let document = kept.and_then(|done| done.document.as_ref()).map_or("", |text| text.reveal());
    let until = kept.and_then(|done| done.document_until).map(|day| day.to_string());
    let mut barred = Field::check(
        "barred",
        "The representative is not to be treated as the \
        individual: abuse or endangerment is believed, or a court says so (45 CFR 164.502(g)(5))",
    );
    if kept.is_some_and(|done| done.representative_barred) {
        barred = barred.value("yes");
    }
    let form = shown.form("verify", "Verify the requester").content(html! {
        (identity)
        (Field::select("authority", "By what authority", first.into_iter().chain(authorities))
            .value(shown.value("authority", authority)).errors(shown.errors).key("i"))
        (Field::text("document", "Document that shows the authority").optional()
            .hint("As: letters testamentary of 14 Jan 2026; the signed authorization")
            .value(shown.value("document", document)).errors(shown.errors))
        (Field::date("document_until", "Valid until").optional()
            .value(shown.value("document_until", until.unwrap_or_default())).errors(shown.errors))
        (barred)
        (actions([Button::submit("Save the verification")]))
    });
    let (badge, gaps) = match &loaded.gaps {
        None => (Badge::new(Tone::Warn, "not verified"), html! {}),
        Some(gaps) if gaps.is_empty() => (Badge::new(Tone::Ok, "verified"), html! {}),
        Some(gaps) => (
            Badge::new(Tone::Stop, "not enough"),
            html! { ul { @for gap in gaps {
                li { (gap.sentence) " " span class="citation" { (gap.citation) } }
            } } },
        ),
    };
    let is_settled = loaded.gaps.as_ref().is_some_and(Vec::is_empty) && shown.errors.is_empty();
    let content = html! {
        (gaps)
        @if let (true, Some(done)) = (is_settled, kept) {
            p {
                (done.authority.label())
                @if !document.is_empty() { ": " (document) }
                br;
                "Identity: "
                @for (index, proof) in done.identity.iter().enumerate() {
                    @if index > 0 { ", " } (proof.label())
                }
            }
            (why("Change it", form, None))
        } @else { (form) }
    };
    html! { (Card::new("Requester: identity and authority", content).beside(badge)) }
}

/// The checklist of the chosen basis.
pub(super) fn checklist_card(shown: &Shown<'_>) -> Markup {
    let loaded = &shown.opened.loaded;
    let Some(basis) = loaded.request().basis else { return html! {} };
    let evaluation = loaded.evaluation.as_ref();
    let law = loaded.request().jurisdiction.clone().unwrap_or_default();
    let form = shown.form("answers", "Checklist").content(html! {
        (Field::text("jurisdiction", "State whose law applies").optional().width(4)
            .hint("Two letters, as CA").id("field-answers-jurisdiction")
            .value(shown.value("jurisdiction", law.trim_start_matches("US-")))
            .errors(shown.errors))
        (questions(shown, &shown.opened.checklist, "field"))
        (actions([Button::submit("Save the answers").key("s")]))
    });
    let is_settled = evaluation.is_some_and(|one| one.is_satisfied()) && shown.errors.is_empty();
    let content = html! {
        (rules_used(evaluation))
        @if is_settled { (why("Every answer passes; look at them or change them", form, None)) }
        @else { (form) }
    };
    html! { (Card::new(format!("Checklist: {basis}"), content).beside(outcome(evaluation))) }
}

/// What lifts 42 CFR Part 2 beside the basis, with its own checklist.
pub(super) fn cover_card(shown: &Shown<'_>) -> Markup {
    let loaded = &shown.opened.loaded;
    let own = loaded.scope.as_ref().is_some_and(|scope| scope.is_own_access());
    if loaded.request().basis.is_none_or(Basis::covers_part2) || own {
        return html! {};
    }
    let kept = loaded.row.body.cover.as_ref().map(|(basis, _)| *basis);
    let first = [Choice::new("", "Nothing: Part 2 records stay out")];
    let covering = Basis::ALL.iter().filter(|basis| basis.covers_part2());
    let choices = covering.map(|basis| Choice::new(basis.as_str(), basis.label()));
    let form = shown.form("cover", "What lifts Part 2").content(html! {
        (Field::select("cover", "What lets Part 2 records go", first.into_iter().chain(choices))
            .value(shown.value("cover", kept.map_or("", Basis::as_str))).errors(shown.errors))
        (questions(shown, &shown.opened.cover, "cover"))
        (actions([Button::submit("Save what covers Part 2")]))
    });
    let badge = kept.map(|_| outcome(loaded.cover.as_ref()));
    let content = why("A consent under 2.31, or an exception", form, Some("42 CFR 2.12, 2.13(a)"));
    let mut card = Card::new("Substance use disorder records (42 CFR Part 2)", content);
    if let Some(badge) = badge {
        card = card.beside(badge);
    }
    html! { (card) }
}

fn rules_used(evaluation: Option<&Evaluation>) -> Markup {
    let Some(evaluation) = evaluation else { return html! {} };
    html! {
        p class="quiet" {
            "Under the rules of " (crate::ui::date_text(&evaluation.on.to_string())) ": "
            @for (index, (id, version)) in evaluation.checklists.iter().enumerate() {
                @if index > 0 { ", " } "checklist " (id) ", version " (version)
            }
            @if evaluation.checklists.is_empty() { "no checklist is in force" }
        }
    }
}

fn outcome(evaluation: Option<&Evaluation>) -> Badge {
    match evaluation {
        Some(one) if one.is_satisfied() => Badge::new(Tone::Ok, "satisfied"),
        Some(one) => {
            let open = one.missing().count();
            Badge::new(Tone::Stop, format!("{open} open"))
        }
        None => Badge::new(Tone::Warn, "not evaluated"),
    }
}

/// Every question that is asked, with its paragraph and what became of it. Two checklists of a
/// page may ask the same: `place` begins the ids of their fields.
fn questions(shown: &Shown<'_>, list: &[Asked], place: &str) -> Markup {
    let asked =
        list.iter().filter(|one| one.element.when.is_none() || one.status != Status::DoesNotApply);
    let table = Table::new("What the law asks")
        .column(Column::text("Question"))
        .column(Column::text("Answer").fit())
        .column(Column::text("Outcome"))
        .rows(asked.map(|one| question(shown, one, place)));
    html! { @if !list.is_empty() { (table) } }
}

fn question(shown: &Shown<'_>, one: &Asked, place: &str) -> Row {
    let element = &one.element;
    let (answer, day) = match one.answer.as_str() {
        known @ ("" | "yes" | "no") => (known, ""),
        day => ("", day),
    };
    let (name, day_name) = (format!("answer-{}", element.id), format!("day-{}", element.id));
    let (answer, day) = (shown.value(&name, answer), shown.value(&day_name, day));
    let wrong = shown.errors.iter().any(|error| error.field == name);
    // Where the question is about a date, the date itself may be the answer.
    let dated = matches!(element.kind, ElementKind::Must | ElementKind::MustNot)
        && element.question.to_ascii_lowercase().contains("date");
    let id = format!("{place}-{name}");
    Row::new([
        html! {
            label for=(id) { (element.question) } " "
            span class="citation" { (element.citation) }
        },
        html! {
            select class="control width-8" id=(id) name=(name)
                aria-invalid=[wrong.then_some("true")] {
                @for (value, words) in [("", "–"), ("yes", "Yes"), ("no", "No")] {
                    option value=(value) selected[value == answer] { (words) }
                }
            }
            @if dated {
                br;
                input class="control width-12" type="text" inputmode="numeric" name=(day_name)
                    id={ (place) "-" (day_name) } value=(day) autocomplete="off"
                    placeholder="2026-03-04" aria-label={ "Or its date: " (element.question) };
            }
        },
        html! {
            @match one.status {
                Status::Pass => { (Badge::new(Tone::Ok, "passes")) }
                Status::Fail => { (Badge::new(Tone::Stop, "fails")) " " (element.remedy) }
                Status::Unanswered => { (Badge::new(Tone::Warn, "no answer yet")) }
                Status::DoesNotApply => { (Badge::new(Tone::Neutral, "not needed")) }
            }
        },
    ])
}
