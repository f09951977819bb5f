//! The list of routes: one place from which the router, the tests of authorization and the tests
//! of audit are made.

use super::Site;
use app::Right;
use axum::Router;
use axum::routing::MethodRouter;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What a caller needs to be let in by a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Anyone, signed in or not.
    Open,
    /// Anyone who is signed in.
    SignedIn,
    /// One of the roles that have this right.
    Right(Right),
    /// A client of the API with a token.
    Client,
}

/// A route as the tests see it.
#[derive(Clone, Debug)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path with its parameters in braces.
    pub path: &'static str,
    /// What it needs.
    pub guard: Guard,
}

/// Routes as they are put together, desk by desk.
#[derive(Default)]
pub struct Routes {
    router: Router<Site>,
    list: Vec<Route>,
}

impl Routes {
    /// Adds a page that is read.
    pub fn get<H, T>(self, path: &'static str, guard: Guard, handler: H) -> Routes
    where
        H: axum::handler::Handler<T, Site>,
        T: 'static,
    {
        self.add("GET", path, guard, axum::routing::get(handler))
    }

    /// Adds an action.
    pub fn post<H, T>(self, path: &'static str, guard: Guard, handler: H) -> Routes
    where
        H: axum::handler::Handler<T, Site>,
        T: 'static,
    {
        self.add("POST", path, guard, axum::routing::post(handler))
    }

    /// Adds a route of another method.
    pub fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        guard: Guard,
        handler: MethodRouter<Site>,
    ) -> Routes {
        self.list.push(Route { method, path, guard });
        self.router = self.router.route(path, handler);
        self
    }

    /// Adds the routes of a desk.
    pub fn with(self, desk: impl FnOnce(Routes) -> Routes) -> Routes {
        desk(self)
    }

    /// Every route.
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    pub(super) fn router(self) -> Router<Site> {
        self.router
    }
}

/// Every route of the product.
pub fn routes() -> Routes {
    Routes::default()
        .with(crate::pages::routes)
        .with(crate::fhir::routes)
        .with(crate::metrics::routes)
}

/// Whether a page stands at this address: a desk without one is not shown in the menu.
pub(crate) fn is_served(path: &str) -> bool {
    static PATHS: LazyLock<BTreeSet<&'static str>> =
        LazyLock::new(|| routes().list().iter().map(|route| route.path).collect());
    PATHS.contains(path)
}
