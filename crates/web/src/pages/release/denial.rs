//! The review of a denial, by a provider who took no part in it (45 CFR 164.524(a)(4)).

use super::basis::changes_shown;
use crate::pages::banner;
use crate::server::{Answer, Clerk, Page, Posted, see_other};
use crate::ui::{Button, Card, Choice, Desk, Facts, Field, Form, Heading, actions};
use app::release as desk;
use axum::extract::Path;
use axum::response::IntoResponse;
use maud::html;
use release::State;
use release::lifecycle::Action;

pub(super) async fn show(clerk: Clerk, Path(id): Path<i64>) -> Answer {
    let opened = clerk.run(move |store, context| desk::open_denial(store, context, id)).await?;
    let (row, request) = (&opened.loaded.row, opened.loaded.request());
    let State::Denied { ground, explanation, .. } = &request.state else {
        return Err((app::Error::NotFound, &clerk).into());
    };
    let form = Form::post(format!("/release/{id}/denial"))
        .csrf(clerk.csrf())
        .label("Review the denial")
        .hidden("revision", row.revision.to_string())
        .content(html! {
            (Field::radios("upheld", "The denial", [
                Choice::new("yes", "stands").hint("The individual is told in writing"),
                Choice::new("no", "does not stand").hint("The request goes on"),
            ]))
            (Field::area("explanation", "Why", 4).autofocus())
            (actions([Button::submit("Decide").main().key("Ctrl+Enter")]))
        });
    let content = html! {
        (Heading::new(format!("Review the denial of {}", request.number))
            .under("My work", "/work")
            .lede(html! {
                "Asked for by the individual: a provider who took no part in the denial decides \
                 whether it stands (45 CFR 164.524(a)(4))."
            }))
        (Card::new("The denial", Facts::new()
            .fact("Asked for", request.asked_for.reveal())
            .fact("Ground", html! { (ground.label()) " (" (ground.citation()) ")" })
            .fact("Why", explanation.as_str())))
        (Card::new("Your decision", form))
    };
    let mut shell = clerk.page("Review a denial", Desk::Work);
    if let Some(identity) = &opened.identity {
        shell = shell.with_banner(banner(identity, &clerk));
    }
    Ok(Page(shell, content).into_response())
}

pub(super) async fn judge(Path(id): Path<i64>, posted: Posted) -> Answer {
    let shown = changes_shown(&posted);
    let action = Action::ReviewDenial {
        upheld: posted.text("upheld") == "yes",
        explanation: posted.text("explanation").to_owned(),
    };
    posted.clerk.run(move |store, context| desk::act(store, context, id, shown, action)).await?;
    Ok(see_other("/work"))
}
