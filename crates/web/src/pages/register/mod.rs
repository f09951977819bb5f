//! Registration: a new patient, with possible duplicates before saving; demographics corrected.

mod stays;

pub(crate) use stays::{now, provider_fields};

use crate::pages::typed::{TypedForm, given_of, live};
use crate::pages::{banner, mrn_text};
use crate::server::{Answer, Clerk, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Choice, Desk, Facts, Field, Heading, Tone, actions, date_text, notice,
};
use app::Right;
use app::entry::{
    Duplicate, Given, Registered, check_patient, correct_patient, patient_values, register,
    registration,
};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use maud::{Markup, html};
use record::PatientKey;

/// The routes of registration.
pub(super) fn routes(routes: Routes) -> Routes {
    let right = Guard::Right(Right::Register);
    routes
        .get("/register", right, new)
        .post("/register", right, save)
        .post("/register/check", right, check)
        .get("/patient/{patient}/correct", right, correct)
        .post("/patient/{patient}/correct", right, correct_save)
        .with(stays::routes)
}

const FORM: &str = "register";

async fn new(clerk: Clerk) -> Answer {
    clerk.run(|store, context| app::access::require(store, context, Right::Register)).await?;
    let form = TypedForm::open(&clerk, None, FORM.into(), clerk.zone(), Given::default()).await?;
    Ok(page(&clerk, form, &[]).into_response())
}

async fn check(posted: Posted) -> Answer {
    let given = given_of(&posted);
    let checked = posted.clerk.run(move |store, context| check_patient(store, context, &given));
    Ok(live(&posted, &checked.await?))
}

async fn save(posted: Posted) -> Answer {
    let given = given_of(&posted);
    let asked = given.clone();
    let done = posted.clerk.attempt(move |store, context| register(store, context, &asked)).await;
    match done {
        Ok(Registered::New(patient)) => Ok(see_other(format!("/patient/{}", patient.0))),
        Ok(Registered::Possible(found)) => {
            let refusal = app::Error::Invalid(Vec::new());
            let (_, form) = TypedForm::failed(&posted, None, FORM, refusal)?;
            let page = page(&posted.clerk, form, &found);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => {
            let (status, form) = TypedForm::failed(&posted, None, FORM, error)?;
            Ok((status, page(&posted.clerk, form, &[])).into_response())
        }
    }
}

fn page(clerk: &Clerk, form: TypedForm, found: &[Duplicate]) -> Page {
    let form = form.validates_at("/register/check");
    let content = html! {
        @if !found.is_empty() {
            (notice(Tone::Warn, html! {
                p { strong { "Nothing is saved yet." }
                    " These records may be the same person. Use one of them, or say why this is \
                      somebody else." }
            }))
            @for one in found { (duplicate(one, &form.given)) }
            (form.line("anyway", "Why this is somebody else").autofocus()
                .hint("Twins; father and son; two identifiers compared and different"))
        }
        (fields(&form, found.is_empty()))
        (actions([match found.is_empty() {
            true => Button::submit("Register").main().key("Ctrl+Enter"),
            false => Button::submit("Register anyway").main().key("Ctrl+Enter"),
        }]))
    };
    let content = html! {
        (Heading::new("Register a patient").under("Find", "/find").lede(html! {
            "Records of the same person are looked for before anything is saved. The medical \
             record number is given by the facility."
        }))
        (form.form("/register", "Register a patient", clerk.csrf(), content))
    };
    Page(clerk.page("Register a patient", Desk::Find), content)
}

fn duplicate(found: &Duplicate, given: &Given) -> Markup {
    let patient = &found.patient;
    let percent = (found.comparison.probability * 100.0).floor().min(99.0);
    let facts = Facts::new()
        .fact(
            "Born",
            html! {
                (date_text(patient.birth_date.reveal()))
                " · typed: " (date_text(&given.text("birth_date")))
            },
        )
        .fact("Sex", html! { (patient.sex) " · typed: " (given.text("gender")) })
        .fact("MRN", mrn_text(patient));
    let reasons = html! {
        ul { @for reason in &found.comparison.reasons { li { (reason.sentence) } } }
        @for caution in &found.comparison.cautions { p class="quiet" { (caution) } }
    };
    let title = patient.name.reveal().to_owned();
    let card = Card::new(title, html! { (facts) (reasons) })
        .beside(Badge::new(Tone::Warn, format!("{percent} % the same person")));
    let address = format!("/patient/{}", patient.patient.0);
    match found.hidden {
        false => {
            let about = patient.name.reveal();
            html! { (card.action(Button::link("Use this one", address).about(about))) }
        }
        true => html! {
            (card)
            p class="quiet" {
                "This record is restricted. If it is the same person, ask the privacy officer; \
                 you may break the glass with a reason."
            }
        },
    }
}

/// The fields of demographics, in the order of an identity document.
fn fields(form: &TypedForm, is_first: bool) -> Markup {
    let family = form.line("family", "Family name").required();
    let family = if is_first { family.autofocus() } else { family };
    let sexes = [
        Choice::new("", "Choose"),
        Choice::new("female", "Female"),
        Choice::new("male", "Male"),
        Choice::new("other", "Other"),
        Choice::new("unknown", "Unknown"),
    ];
    html! {
        div class="fields-two" {
            (family)
            (form.line("given", "Given name").required())
            (form.line("middle", "Other given names").optional())
            (form.line("suffix", "Suffix").width(8).optional())
            (form.put("birth_date", Field::date("birth_date", "Birth date")).required())
            (form.put("gender", Field::select("gender", "Sex", sexes)).required())
        }
        div class="fields-two" {
            (form.line("phone", "Telephone").width(20).optional())
            (form.line("email", "E-mail").optional())
        }
        (form.line("street", "Street and number").optional())
        div class="fields-few" {
            (form.line("city", "City").optional())
            (form.line("state", "State").width(8).hint("Two letters").optional())
            (form.line("postal_code", "ZIP code").width(12).optional())
        }
        div class="fields-two" {
            (form.line("ssn", "Social Security number").width(12).optional())
            (form.line("language", "Language").width(8).hint("Its code: en, es").optional())
            (form.line("former_family", "Former family name").optional())
            (form.line("called", "Called").optional())
            (form.put("deceased", Field::date("deceased", "Died on")).optional())
        }
    }
}

fn demographics_form(patient: PatientKey) -> String {
    format!("demographics-{}", patient.0)
}

async fn correct(clerk: Clerk, Path(patient): Path<i64>) -> Answer {
    let patient = PatientKey(patient);
    let (mut given, version) =
        clerk.run(move |store, context| patient_values(store, context, patient)).await?;
    given.or_put("shown_version", version.to_string());
    let name = demographics_form(patient);
    let form = TypedForm::open(&clerk, Some(patient), name, clerk.zone(), given).await?;
    correct_page(&clerk, patient, form).await.map(IntoResponse::into_response)
}

async fn correct_page(
    clerk: &Clerk,
    patient: PatientKey,
    form: TypedForm,
) -> Result<Page, crate::server::Failure> {
    let seen = clerk.run(move |store, context| registration(store, context, patient)).await?;
    let form = form.validates_at("/register/check");
    let content = html! {
        input type="hidden" name="shown_version" value=(form.given.text("shown_version"));
        (form.line("reason", "Why it is corrected").required().autofocus()
            .hint("What was shown: passport, court order; misspelt before"))
        (fields(&form, false))
        (actions([
            Button::submit("Save the correction").main().key("Ctrl+Enter"),
            Button::link("Back", format!("/patient/{}", patient.0)).plain().key("b"),
        ]))
    };
    let content = html! {
        (Heading::new("Correct demographics").lede(html! {
            "The version before stays in the history."
        }))
        (form.form(&format!("/patient/{}/correct", patient.0), "Correct demographics",
            clerk.csrf(), content))
    };
    let shell = clerk.page("Correct demographics", Desk::Find);
    Ok(Page(shell.with_banner(banner(&seen.identity, clerk)), content))
}

async fn correct_save(Path(patient): Path<i64>, posted: Posted) -> Answer {
    let patient = PatientKey(patient);
    let given = given_of(&posted);
    let version = posted.number("shown_version").unwrap_or(0);
    let done = posted
        .clerk
        .attempt(move |store, context| correct_patient(store, context, patient, version, &given));
    match done.await {
        Ok(()) => Ok(see_other(format!("/patient/{}", patient.0))),
        Err(error) => {
            let name = demographics_form(patient);
            let (status, form) = TypedForm::failed(&posted, Some(patient), &name, error)?;
            let page = correct_page(&posted.clerk, patient, form).await?;
            Ok((status, page).into_response())
        }
    }
}
