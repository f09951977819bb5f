//! What every request goes through: the site, the session, the answer, its headers.

mod answer;
mod body;
mod clerk;
mod form;
mod headers;
mod route;

pub use answer::{Answer, Failure, Page, see_other};
pub use clerk::{Clerk, cookie};
pub(crate) use clerk::{request_id, session_cookie, shell_of};
pub use form::Posted;
pub use route::{Guard, Route, Routes, routes};

use crate::metrics::{Requests, count};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Extension, Router};
use record::Instant;
use std::sync::Arc;
use store::Store;

/// The site that the pages serve.
#[derive(Clone)]
pub struct Site {
    /// The store.
    pub store: Arc<Store>,
    /// What time it is. Only the binary owns a clock.
    pub now: Arc<dyn Fn() -> Instant + Send + Sync>,
    /// Whether this is a demonstration.
    pub demonstration: bool,
    /// Whether cookies may only travel over TLS.
    pub secure: bool,
    /// Renders one page of a file from outside, where a hostile one can do no harm.
    pub render_page: app::pages_of::RenderPage,
}

/// The whole application.
pub fn router(site: Site) -> Router {
    let routes = routes();
    let requests = Arc::new(Requests::new(&routes));
    let router = routes.router().merge(crate::assets::router()).fallback(answer::not_found);
    headers::layered(router, site.secure)
        .layer(from_fn(body::timed))
        .layer(Extension(requests.clone()))
        .layer(from_fn_with_state(requests, count))
        .with_state(site)
}
