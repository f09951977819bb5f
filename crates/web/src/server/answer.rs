//! What a handler answers: a page, a redirect, or a failure told as a page.

use super::Clerk;
use crate::ui::{Button, Desk, Shell, page};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// What every handler returns.
pub type Answer = Result<Response, Failure>;

/// A page of the shell.
pub struct Page(pub Shell, pub Markup);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        page(&self.0, self.1).into_response()
    }
}

/// Goes to another page after an action.
pub fn see_other(to: impl AsRef<str>) -> Response {
    let to = HeaderValue::from_str(to.as_ref()).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// A use case that was not carried out, with the shell in which to say so.
pub struct Failure {
    error: app::Error,
    shell: Box<Shell>,
}

impl Failure {
    /// A failure inside this clerk.
    pub fn new(error: app::Error, shell: &Shell) -> Failure {
        Failure { error, shell: Box::new(shell.clone()) }
    }

    /// The error itself, for a handler that shows it in its own form.
    pub fn error(self) -> app::Error {
        self.error
    }
}

impl From<(app::Error, &Clerk)> for Failure {
    fn from((error, clerk): (app::Error, &Clerk)) -> Failure {
        Failure::new(error, &clerk.shell)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, title) = match &self.error {
            app::Error::Forbidden(_) => (StatusCode::FORBIDDEN, "Not allowed"),
            app::Error::NotFound => (StatusCode::NOT_FOUND, "Not found"),
            app::Error::Conflict(_) => (StatusCode::CONFLICT, "Changed by somebody else"),
            app::Error::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "Not possible"),
            app::Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "Check what you gave"),
            app::Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, "Busy"),
            app::Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "Our fault"),
        };
        let text = match &self.error {
            app::Error::Internal(reason) => {
                tracing::error!(reason, "a request failed");
                "Something failed on our side. Nothing was changed. Try again; if it stays so, \
                 tell your administrator the time at which it happened."
                    .to_owned()
            }
            other => other.to_string(),
        };
        let mut response = (status, plain(*self.shell, title, &text)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("3"));
        }
        response
    }
}

fn plain(shell: Shell, title: &str, text: &str) -> Markup {
    // The reader's own desks: a way that is refused again is none.
    let desks: Vec<Desk> = shell.desks.iter().map(|(desk, _)| *desk).take(2).collect();
    let content = html! {
        h1 { (title) }
        p { (text) }
        @if shell.person.is_some() {
            div class="actions" {
                (Button::script("Back", "back").key("b"))
                @for desk in &desks { (Button::link(desk.label(), desk.href()).plain()) }
            }
        } @else {
            // It leads on to signing in, where nobody is signed in.
            p { a href="/" { "Start page" } }
        }
    };
    page(&shell.titled(title), content)
}

/// The answer where there is no route. The same for everyone.
pub(super) async fn not_found() -> Response {
    let text = "There is no page at this address. Check it, or begin at the start page.";
    (StatusCode::NOT_FOUND, plain(Shell::default(), "No such page", text)).into_response()
}
