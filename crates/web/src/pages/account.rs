//! One's own account: password, second factor, sessions.

use crate::server::{Answer, Clerk, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Column, Field, FieldError, Form, Heading, Row, Table, Tone, actions,
    error_summary, qr,
};
use app::people;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;

/// The routes of one's own account.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/account", Guard::SignedIn, show)
        .get("/account/second-factor", Guard::SignedIn, second_factor)
        .post("/account/second-factor", Guard::SignedIn, second_factor_confirm)
        .post("/account/sessions/end", Guard::SignedIn, sessions_end)
        .post("/session/touch", Guard::SignedIn, touch)
}

/// Says that somebody is there. Signing in to any page notes that the session was used.
async fn touch(_posted: Posted) -> Response {
    StatusCode::NO_CONTENT.into_response()
}

async fn show(clerk: Clerk) -> Answer {
    let person = clerk.session.person.clone();
    let id = person.id;
    let sessions =
        clerk.run(move |store, context| people::own_sessions(store, context, id)).await?;
    let this = clerk.session.token_hash;
    let rows = sessions.iter().map(|session| {
        Row::new([
            clerk.stamp(session.started_at),
            clerk.stamp(session.seen_at),
            html! { @if session.token_hash == this { (Badge::new(Tone::Info, "this one")) } },
        ])
    });
    let table = Table::new("Open sessions")
        .column(Column::text("Began"))
        .column(Column::text("Last used"))
        .column(Column::text("Which"))
        .rows(rows);
    let factor = match person.totp_secret.is_some() {
        true => {
            "Set up. When the device is lost, or is to be another one, ask an administrator to \
             take it away; then set up the new one."
        }
        false => "Not set up. A code of your telephone beside the password keeps others out.",
    };
    let content = html! {
        (Heading::new("Your account").lede(html! { (person.name) ", " (person.login) }))
        (Card::new("Password", actions([Button::link("Change it", "/password").key("p")])))
        (Card::new("Second factor", html! {
            p { (factor) }
            @if person.totp_secret.is_none() {
                (actions([Button::link("Set it up", "/account/second-factor").key("s")]))
            }
        }))
        (Card::new("Sessions", html! {
            (table)
            @if sessions.len() > 1 {
                (Form::post("/account/sessions/end").csrf(clerk.csrf())
                    .label("End other sessions")
                    .content(actions([Button::submit("End all others").key("Shift+E")])))
            }
        }))
    };
    Ok(Page(clerk.shell.clone().titled("Your account"), content).into_response())
}

async fn second_factor(clerk: Clerk) -> Answer {
    let login = clerk.session.person.login.clone();
    let (secret, _) = clerk.run(move |_, _| app::sign_in::totp_new(&login)).await?;
    Ok(second_factor_page(&clerk, &secret, &[]).into_response())
}

fn second_factor_page(clerk: &Clerk, secret: &str, errors: &[FieldError]) -> Page {
    let login = &clerk.session.person.login;
    let address = format!(
        "otpauth://totp/Chartroom:{login}?secret={secret}&issuer=Chartroom&digits=6&period=30"
    );
    let grouped: Vec<&str> =
        (0..secret.len()).step_by(4).filter_map(|at| secret.get(at..at + 4)).collect();
    let content = html! {
        (Heading::new("Set up a second factor").under("Your account", "/account"))
        (error_summary(errors))
        p { "Read this with the authenticator app on your telephone." }
        (qr(&address, "The secret as a QR code"))
        p { "Or type the secret: " code { (grouped.join(" ")) } }
        p {
            "On the telephone itself: " a href=(address) { "open it in the authenticator app" } "."
        }
        (Form::post("/account/second-factor").csrf(clerk.csrf()).hidden("secret", secret)
            .label("Second factor").content(html! {
                (Field::text("code", "Code that the app shows now").errors(errors).width(8)
                    .autocomplete("one-time-code").required().autofocus())
                (actions([Button::submit("Set it up").main().key("Ctrl+Enter")]))
            }))
    };
    Page(clerk.shell.clone().titled("Second factor"), content)
}

async fn second_factor_confirm(posted: Posted) -> Answer {
    let session = posted.clerk.session.clone();
    let secret = posted.text("secret").to_owned();
    let (kept, code) = (secret.clone(), posted.text("code").to_owned());
    let done = posted
        .clerk
        .attempt(move |store, _| app::sign_in::totp_confirm(store, &session, &kept, &code))
        .await;
    match done {
        Ok(()) => Ok(see_other("/account")),
        Err(app::Error::Refused(sentence)) => {
            let errors = [FieldError::new("code", "", sentence, "")];
            let page = second_factor_page(&posted.clerk, &secret, &errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err((error, &posted.clerk).into()),
    }
}

async fn sessions_end(posted: Posted) -> Answer {
    let session = posted.clerk.session.clone();
    posted.clerk.run(move |store, _| people::own_sessions_end(store, &session)).await?;
    Ok(see_other("/account"))
}
