//! The completion of one encounter: what it lacks and lacked, and a deficiency opened by hand.

use super::{chart_badge, of_chart};
use crate::pages::banner;
use crate::pages::typed::errors_of;
use crate::server::{Answer, Clerk, Failure, Page, Posted, see_other};
use crate::ui::{
    Button, Card, Choice, Combobox, Desk, Field, FieldError, Form, Heading, actions, error_summary,
    moment,
};
use app::Right;
use app::completion::{Chart, HandForm, chart, open_by_hand};
use app::entry::Given;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use maud::{Markup, html};
use record::ResourceKey;

pub(super) async fn show(clerk: Clerk, Path(encounter): Path<i64>) -> Answer {
    let found = load(&clerk, encounter).await?;
    let mut given = Given::default();
    given.or_put("kind", "missing-document");
    given.or_put("days", "14");
    Ok(page(&clerk, encounter, &found, &given, &[]).into_response())
}

async fn load(clerk: &Clerk, encounter: i64) -> Result<Chart, Failure> {
    clerk.run(move |store, context| chart(store, context, ResourceKey(encounter))).await
}

pub(super) async fn open(Path(encounter): Path<i64>, posted: Posted) -> Answer {
    let given = crate::pages::typed::given_of(&posted);
    let form = HandForm {
        encounter,
        kind: given.text("kind"),
        document: posted.number("document").map(ResourceKey),
        loinc: given.text("loinc"),
        account: posted.number("account"),
        name: given.text("name"),
        days: given.text("days"),
        note: given.text("note"),
    };
    let done = posted.clerk.attempt(move |store, context| open_by_hand(store, context, &form));
    let errors = match done.await {
        Ok(id) => return Ok(see_other(format!("/completion/{id}"))),
        Err(app::Error::Invalid(errors)) => errors_of(&errors, &given),
        Err(other) => return Err((other, &posted.clerk).into()),
    };
    let found = load(&posted.clerk, encounter).await?;
    let page = page(&posted.clerk, encounter, &found, &given, &errors);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn page(
    clerk: &Clerk,
    encounter: i64,
    found: &Chart,
    given: &Given,
    errors: &[FieldError],
) -> Page {
    let now = clerk.context().at;
    let patient = found.identity.patient.patient.0;
    let content = html! {
        (Heading::new("Completion of an encounter")
            .under("Chart", format!("/chart/{patient}"))
            .lede(html! {
                (chart_badge(found.status)) " "
                a href={ "/entry/" (encounter) } { (found.encounter.shown.title) }
                " · " (found.encounter.shown.date_text) " · "
                @match found.reviewed_at {
                    Some(at) => { "held against the rules " (moment(at, &found.terms.zone)) }
                    None => { "not yet held against the rules" }
                }
            })
            .action(Button::link("All charts", "/completion").key("u")))
        (of_chart(&found.rows, &found.terms, now))
        @if app::access::allowed(clerk.context(), Right::Completion) {
            (error_summary(errors))
            (Card::new("Open a deficiency by hand",
                hand_form(clerk, encounter, found, given, errors)))
        }
    };
    let shell = clerk.page("Completion of an encounter", Desk::Completion);
    Page(shell.with_banner(banner(&found.identity, clerk)), content)
}

fn hand_form(
    clerk: &Clerk,
    encounter: i64,
    found: &Chart,
    given: &Given,
    errors: &[FieldError],
) -> Markup {
    let documents = std::iter::once(Choice::new("", "None"))
        .chain(found.documents.iter().map(|(key, words)| Choice::new(key.0.to_string(), words)));
    let loinc = given.text("loinc");
    let named = exchange::loinc_documents().by_code(&loinc).map_or("", |kind| kind.name);
    let form = Form::post(format!("/completion/chart/{encounter}"))
        .csrf(clerk.csrf())
        .label("Open a deficiency by hand")
        .content(html! {
            (Field::radios("kind", "What is wanting", [
                Choice::new("missing-document", "A document"),
                Choice::new("missing-signature", "A signature under a document"),
                Choice::new("missing-content", "Content in a document"),
            ]).value(given.text("kind")).errors(errors).required())
            (Combobox::new("loinc", "For a document: its kind", "/completion/kinds")
                .value(loinc.as_str(), named).errors(errors)
                .hint("Type words: consultation note"))
            (Field::select("document", "For a signature or content: the document", documents)
                .value(given.text("document")).errors(errors))
            (provider_choice(&found.providers, given, errors))
            (Field::text("name", "Or a provider without an account, by name")
                .value(given.text("name")).errors(errors).optional())
            (Field::number("days", "Due in").unit("days").width(4)
                .hint("Counted from now, and anew when it goes to another provider")
                .value(given.text("days")).errors(errors).required())
            (Field::area("note", "What is wanting, in words", 3)
                .value(given.text("note")).errors(errors).required())
            (actions([Button::submit("Open the deficiency").main().key("Ctrl+Enter")]))
        });
    html! { (form) }
}

/// The providers with an account, as a field.
pub(super) fn provider_choice(
    providers: &[(i64, String)],
    given: &Given,
    errors: &[FieldError],
) -> Field {
    let people = providers.iter().map(|(id, name)| Choice::new(id.to_string(), name));
    let choices = std::iter::once(Choice::new("", "Choose, or name one")).chain(people);
    Field::select("account", "Provider", choices).value(given.text("account")).errors(errors)
}
