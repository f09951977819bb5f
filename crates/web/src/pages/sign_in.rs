//! Signing in and out, and the first password.

use crate::server::{Answer, Clerk, Guard, Page, Posted, Routes, Site, see_other, session_cookie};
use crate::ui::{Button, Field, FieldError, Form, Shell, Tone, actions, error_summary, notice};
use app::sign_in::{PASSWORD_CHARACTERS_MIN, SignIn, SignedIn};
use axum::extract::{Form as Body, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;
use serde::Deserialize;
use tokio::sync::Semaphore;

/// The routes of signing in.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/", Guard::SignedIn, start)
        .get("/sign-in", Guard::Open, show)
        .post("/sign-in", Guard::Open, submit)
        .post("/sign-out", Guard::SignedIn, leave)
        .get("/password", Guard::SignedIn, password)
        .post("/password", Guard::SignedIn, password_change)
        .get("/healthz", Guard::Open, healthy)
}

async fn start(clerk: Clerk) -> Response {
    let first = clerk.shell.desks.first().map_or("/password", |(desk, _)| desk.href());
    see_other(first)
}

async fn healthy(State(site): State<Site>) -> Response {
    let context = record::Context::system("health", (site.now)());
    let store = site.store.clone();
    let head = tokio::task::spawn_blocking(move || store.look(&context, |view| view.head())).await;
    match head {
        Ok(Ok(_)) => "ok\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response(),
    }
}

/// Sign-ins that are looked at together: each takes 19 MiB and a core to hash a password.
static SIGN_INS: Semaphore = Semaphore::const_new(4);

#[derive(Clone, Deserialize, Default)]
struct Credentials {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    /// What says that the password was right.
    #[serde(default)]
    proof: String,
    #[serde(default)]
    code: String,
}

#[derive(Deserialize, Default)]
struct Ended {
    #[serde(default)]
    ended: String,
}

async fn show(State(site): State<Site>, headers: HeaderMap, Query(asked): Query<Ended>) -> Page {
    let shell = crate::server::shell_of(&headers, &site);
    let idle = "You were signed out because nothing was done for a while. What you typed is kept \
                as a draft and found again after you sign in.";
    let sentence = (asked.ended == "idle").then_some((Tone::Info, idle));
    form(shell, &Credentials::default(), sentence)
}

async fn submit(
    State(site): State<Site>,
    headers: HeaderMap,
    Body(given): Body<Credentials>,
) -> Response {
    let shell = crate::server::shell_of(&headers, &site);
    let (store, at) = (site.store.clone(), (site.now)());
    let asked = given.clone();
    let _permit = SIGN_INS.acquire().await;
    let result = tokio::task::spawn_blocking(move || match asked.proof.is_empty() {
        true => {
            let asked = SignIn { login: asked.login.trim(), password: &asked.password };
            app::sign_in::sign_in(&store, at, &asked)
        }
        false => app::sign_in::sign_in_code(&store, at, &asked.proof, asked.code.trim()),
    })
    .await
    .unwrap_or_else(|_| Err(app::Error::Internal("sign-in panicked".into())));
    match result {
        Ok(SignedIn::Session { token, password_once }) => {
            let to = if password_once { "/password" } else { "/" };
            let mut response = see_other(to);
            put_cookie(&mut response, &session_cookie(Some(&token), site.secure));
            response
        }
        Ok(SignedIn::CodeNeeded { proof }) => {
            form(shell, &Credentials { proof, ..Credentials::default() }, None).into_response()
        }
        Ok(SignedIn::CodeWrong) => {
            let page = form(shell, &given, Some((Tone::Stop, app::sign_in::WRONG_CODE)));
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
        Err(app::Error::Internal(reason)) => {
            tracing::error!(reason, "sign-in failed");
            let sentence = "Signing in failed on our side. Try again.";
            let given = Credentials { proof: String::new(), ..given };
            let page = form(shell, &given, Some((Tone::Stop, sentence)));
            (StatusCode::INTERNAL_SERVER_ERROR, page).into_response()
        }
        Err(error) => {
            let given = Credentials { login: given.login, ..Credentials::default() };
            let page = form(shell, &given, Some((Tone::Stop, &error.to_string())));
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
    }
}

fn form(shell: Shell, given: &Credentials, told: Option<(Tone, &str)>) -> Page {
    let demonstration = shell.demonstration;
    let asks_code = !given.proof.is_empty();
    let fields = html! {
        @if asks_code {
            (Field::text("code", "Code of your authenticator app")
                .hint("Six digits; a new one every 30 seconds.")
                .autocomplete("one-time-code").width(6).required().autofocus())
        } @else {
            @let login = Field::text("login", "Login").value(given.login.as_str())
                .autocomplete("username").required();
            @let password = Field::password("password", "Password")
                .autocomplete("current-password").required();
            // After a slip of the password, it is the password that is typed again.
            @if given.login.is_empty() { (login.autofocus()) (password) }
            @else { (login) (password.autofocus()) }
        }
        (actions([Button::submit("Sign in").main()]))
    };
    let mut sign_in = Form::post("/sign-in").label("Sign in");
    if asks_code {
        sign_in = sign_in.hidden("proof", given.proof.as_str());
    }
    let content = html! {
        h1 { "Sign in to Chartroom" }
        @if let Some((tone, sentence)) = told { (notice(tone, html! { p { (sentence) } })) }
        @if demonstration && told.is_none() {
            p { "The logins and passwords of this demonstration stand in the terminal." }
        }
        (sign_in.content(fields))
    };
    Page(shell.titled("Sign in"), content)
}

fn put_cookie(response: &mut Response, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

async fn leave(posted: Posted) -> Answer {
    let session = posted.clerk.session.clone();
    posted.clerk.run(move |store, _| app::sign_in::sign_out(store, &session)).await?;
    let mut response = see_other("/sign-in");
    put_cookie(&mut response, &session_cookie(None, posted.clerk.site.secure));
    Ok(response)
}

async fn password(clerk: Clerk) -> Page {
    password_page(&clerk, &[])
}

fn password_page(clerk: &Clerk, errors: &[FieldError]) -> Page {
    let once = clerk.session.person.password_once;
    let content = html! {
        h1 { "Choose your password" }
        @if once {
            p { "You signed in with a one-time password. Choose one of your own to go on." }
        }
        (error_summary(errors))
        (Form::post("/password").csrf(clerk.csrf()).label("Password").content(html! {
            (Field::password("old", "Present password").errors(errors)
                .autocomplete("current-password").required().autofocus())
            (Field::password("new", "New password").errors(errors)
                .hint(format!(
                    "At least {PASSWORD_CHARACTERS_MIN} characters; a short sentence does well."
                ))
                .autocomplete("new-password").required())
            (actions([Button::submit("Change password").main().key("Ctrl+Enter")]))
        }))
    };
    Page(clerk.shell.clone().titled("Password"), content)
}

async fn password_change(posted: Posted) -> Answer {
    let session = posted.clerk.session.clone();
    let (old, new) = (posted.exact("old").to_owned(), posted.exact("new").to_owned());
    let changed = posted
        .clerk
        .attempt(move |store, _| app::sign_in::password_change(store, &session, &old, &new))
        .await;
    match changed {
        Ok(()) => Ok(see_other("/")),
        Err(app::Error::Invalid(errors)) => {
            let errors = crate::pages::field_errors(&errors);
            let page = password_page(&posted.clerk, &errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err((error, &posted.clerk).into()),
    }
}
