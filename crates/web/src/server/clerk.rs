//! A clerk at work: a request of somebody who is signed in.

use super::route::is_served;
use super::{Failure, Site, see_other};
use crate::ui::{Desk, Person, Shell, Theme, moment};
use app::sign_in::{OpenSession, session};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::Markup;
use record::{ContentHash, Context, Instant};
use store::Store;

/// Name of the cookie that carries the session's token on this machine alone.
const SESSION_COOKIE: &str = "chartroom_session";
/// The same over TLS: by its name a browser takes it from this host only, and only over TLS
/// (RFC 6265bis, 4.1.3.2).
const SESSION_COOKIE_SECURE: &str = "__Host-chartroom_session";

fn session_name(secure: bool) -> &'static str {
    if secure { SESSION_COOKIE_SECURE } else { SESSION_COOKIE }
}

/// The cookie of a session, or the one that ends it, as `Set-Cookie` says it.
pub(crate) fn session_cookie(token: Option<&str>, secure: bool) -> String {
    let name = session_name(secure);
    let tls = if secure { "; Secure" } else { "" };
    let ends = if token.is_none() { "; Max-Age=0" } else { "" };
    format!("{name}={}; Path=/; HttpOnly; SameSite=Strict{tls}{ends}", token.unwrap_or_default())
}

/// A request of somebody who is signed in: who, in what context, and the shell of their pages.
#[derive(Clone)]
pub struct Clerk {
    /// The site.
    pub site: Site,
    /// The session.
    pub session: OpenSession,
    /// The shell of the page to answer with.
    pub shell: Shell,
    csrf: String,
    /// Whether the request may write to charts.
    writes: bool,
}

impl Clerk {
    /// The context of this request.
    pub fn context(&self) -> &Context {
        &self.session.context
    }

    /// The token that forms of this session carry.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Whether the token is this session's.
    pub fn token_holds(&self, token: &str) -> bool {
        // Hashing both sides makes the comparison's time tell nothing.
        ContentHash::of(token.as_bytes()) == ContentHash::of(self.csrf.as_bytes())
    }

    /// Runs a use case on a thread that may wait, and turns its error into a page.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store, &Context) -> Result<T, app::Error> + Send + 'static,
    ) -> Result<T, Failure> {
        self.attempt(work).await.map_err(|error| Failure::new(error, &self.shell))
    }

    /// Runs a use case on a thread that may wait; the handler shows its error itself.
    pub async fn attempt<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store, &Context) -> Result<T, app::Error> + Send + 'static,
    ) -> Result<T, app::Error> {
        let (store, context) = (self.site.store.clone(), self.session.context.clone());
        let writes = self.writes;
        let run = move || match writes {
            true => {
                let (done, rechecked) = app::integrity::followed(&store, &context, work);
                if let Err(error) = rechecked {
                    tracing::warn!(%error, "a chart was not checked again; the background does it");
                }
                done
            }
            false => work(&store, &context),
        };
        let done = tokio::task::spawn_blocking(run).await;
        done.unwrap_or_else(|_| Err(app::Error::Internal("a use case panicked".into())))
    }

    /// The facility's time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.session.zone
    }

    /// A moment by the facility's clock, with its zone.
    pub fn stamp(&self, at: Instant) -> Markup {
        moment(at, self.zone())
    }

    /// Today's date at the facility.
    pub fn today(&self) -> Date {
        self.session.context.at.date_in(self.zone())
    }

    /// The shell with a title, at a desk.
    pub fn page(&self, title: &str, desk: Desk) -> Shell {
        self.shell.clone().titled(title).at(desk)
    }
}

impl FromRequestParts<Site> for Clerk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Clerk, Response> {
        let shell = shell_of(&parts.headers, site);
        let name = session_name(site.secure);
        let Some(token) = cookie(&parts.headers, name).map(str::to_owned) else {
            return Err(signed_out(&parts.method));
        };
        let (store, at) = (site.store.clone(), (site.now)());
        let csrf = ContentHash::of(format!("csrf:{token}").as_bytes()).to_hex()[..32].to_owned();
        let found = tokio::task::spawn_blocking(move || session(&store, at, &token)).await;
        let found = found.unwrap_or_else(|_| Err(app::Error::Internal("session".into())));
        let mut session = match found {
            Ok(Some(session)) => session,
            Ok(None) => return Err(signed_out(&parts.method)),
            Err(error) => return Err(Failure::new(error, &shell).into_response()),
        };
        session.context.request_id = request_id();
        let changing = parts.uri.path() == "/password" || parts.uri.path() == "/sign-out";
        if session.person.password_once && !changing {
            return Err(see_other("/password"));
        }
        let shell = signed_in(shell, &session, &csrf);
        let writes = parts.method != Method::GET;
        Ok(Clerk { site: site.clone(), session, shell, csrf, writes })
    }
}

/// A page asks to sign in; a script or a form gets told, so that it can keep what was typed.
fn signed_out(method: &Method) -> Response {
    if method == Method::GET {
        return see_other("/sign-in");
    }
    let text = "Your session has ended. Sign in again; what you typed is kept as a draft.";
    (StatusCode::UNAUTHORIZED, text).into_response()
}

fn signed_in(shell: Shell, session: &OpenSession, csrf: &str) -> Shell {
    let roles: Vec<&str> = session.person.roles.iter().map(|role| role.label()).collect();
    let mut desks = Desk::for_roles(&session.person.roles);
    desks.retain(|desk| is_served(desk.href()));
    Shell {
        person: Some(Person { name: session.person.name.clone(), roles: roles.join(", ") }),
        desks: desks.into_iter().map(|desk| (desk, None)).collect(),
        csrf: csrf.to_owned(),
        idle_seconds: u32::try_from(app::sign_in::IDLE_SECONDS_MAX).ok(),
        ..shell
    }
}

/// The shell of a page for nobody in particular.
pub(crate) fn shell_of(headers: &HeaderMap, site: &Site) -> Shell {
    Shell {
        demonstration: site.demonstration,
        theme: Theme::from_cookie(cookie(headers, "theme").unwrap_or_default()),
        keys_off: cookie(headers, "keys") == Some("off"),
        ..Shell::default()
    }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// A new id for a request.
pub(crate) fn request_id() -> String {
    store::keys::random::<8>().map(|bytes| record::hash::hex(&bytes)).unwrap_or_default()
}
