//! A request of a client: its token, its headers, the address of the API; and how it is refused.

use super::answer::outcome;
use super::readers;
use crate::server::Site;
use app::fhir::{Caller, Error, Later};
use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use record::Instant;
use store::Store;
use tokio::sync::oneshot;

/// The largest body that is taken, in bytes.
pub(super) const BODY_BYTES_MAX: usize = 16 << 20;

/// The largest body that is read before its client is known, in bytes.
const BODY_BYTES_SMALL: usize = 64 << 10;

fn panicked() -> Refusal {
    app::Error::Internal("a use case of the API panicked".into()).into()
}

/// Finds the client and runs a use case for it.
fn known<T>(
    store: &Store,
    at: Instant,
    asked: &Asked,
    work: impl FnOnce(&Store, &Caller) -> Result<T, Error>,
) -> Result<T, Refusal> {
    work(store, &client(store, at, asked)?).map_err(Refusal::from)
}

/// By which token, and under which address, a client asks.
struct Asked {
    token: Option<String>,
    base: String,
}

/// The client to whom the token belongs.
fn client(store: &Store, at: Instant, asked: &Asked) -> Result<Caller, Refusal> {
    let request_id = crate::server::request_id();
    let found = app::fhir::caller(store, at, asked.token.as_deref(), &request_id)?;
    let caller = found.ok_or(Refusal::Login { given: asked.token.is_some() })?;
    Ok(Caller { base: asked.base.clone(), ..caller })
}

/// Takes what came of a write, once it is durable.
pub(super) type Told<T> = Box<dyn FnOnce(Result<T, Error>) + Send>;

/// A request of a client that is not yet known.
pub(super) struct Call {
    site: Site,
    /// Headers.
    pub headers: HeaderMap,
    /// The query of the address, as it was written.
    pub query: String,
    /// Address of the API, without a slash at its end.
    pub base: String,
}

/// Why a request gets no answer.
pub(super) enum Refusal {
    /// No token, or one that is no client's.
    Login {
        /// Whether a token was given.
        given: bool,
    },
    /// The request itself: status, R4's issue code, and what is wrong.
    Request(StatusCode, &'static str, String),
    /// The use case's own.
    Case(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        Refusal::Case(error)
    }
}

impl From<app::Error> for Refusal {
    fn from(error: app::Error) -> Refusal {
        Refusal::Case(Error::App(error))
    }
}

impl FromRequestParts<Site> for Call {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Call, Response> {
        let call = Call {
            site: site.clone(),
            headers: parts.headers.clone(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            base: base(&parts.headers, site.secure),
        };
        match call.wants_json() {
            true => Ok(call),
            false => Err(Refusal::Request(
                StatusCode::NOT_ACCEPTABLE,
                "not-supported",
                "Answers are written in application/fhir+json only.".into(),
            )
            .into_response()),
        }
    }
}

impl Call {
    /// Finds the client and runs the use case, both on one thread that may wait.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store, &Caller) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (store, at, asked) = (self.site.store.clone(), (self.site.now)(), self.asked());
        let done = tokio::task::spawn_blocking(move || known(&store, at, &asked, work));
        done.await.unwrap_or_else(|_| Err(panicked()))
    }

    /// Finds the client and runs a use case that only reads. No thread waits for the audit
    /// entry: the answer comes when it is durable.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store, &Caller) -> Result<Later<T>, Error> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.on_a_reader(move |store, at, asked, send| {
            match known(store, at, asked, work) {
                // Who has gone away gets no answer.
                Err(refusal) => drop(send.send(Err(refusal))),
                Ok(later) => later.then(move |found| {
                    let found = found.map_err(|error| Refusal::from(app::Error::from(error)));
                    drop(send.send(found.and_then(|found| found.map_err(Refusal::from))));
                }),
            }
        })
        .await
    }

    /// Finds the client and runs a use case that writes. No thread waits for its commit: the
    /// answer comes when it is durable.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store, &Caller, Told<T>) + Send + 'static,
    ) -> Result<T, Refusal> {
        self.on_a_reader(move |store, at, asked, send| match client(store, at, asked) {
            Err(refusal) => drop(send.send(Err(refusal))),
            Ok(caller) => {
                let told = |done: Result<T, Error>| drop(send.send(done.map_err(Refusal::from)));
                work(store, &caller, Box::new(told));
            }
        })
        .await
    }

    /// Makes sure that the client is known, before anything else is looked at.
    pub async fn known(&self) -> Result<(), Refusal> {
        self.on_a_reader(|store, at, asked, send| {
            drop(send.send(known(store, at, asked, |_, _| Ok(()))));
        })
        .await
    }

    /// Runs a job on a reading thread; it sends the answer, now or later.
    async fn on_a_reader<T, J>(&self, job: J) -> Result<T, Refusal>
    where
        T: Send + 'static,
        J: FnOnce(&Store, Instant, &Asked, oneshot::Sender<Result<T, Refusal>>) + Send + 'static,
    {
        let (send, answer) = oneshot::channel();
        let (asked, store, at) = (self.asked(), self.site.store.clone(), (self.site.now)());
        readers::run(move || job(&store, at, &asked, send));
        answer.await.unwrap_or_else(|_| Err(panicked()))
    }

    fn asked(&self) -> Asked {
        Asked { token: bearer(&self.headers), base: self.base.clone() }
    }

    /// A header's text.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether `Prefer` asks for this: `return=minimal`.
    pub fn prefers(&self, what: &str) -> bool {
        let prefer = self.headers.get_all(HeaderName::from_static("prefer"));
        let texts = prefer.iter().filter_map(|value| value.to_str().ok());
        texts.flat_map(|text| text.split([',', ';'])).any(|part| part.trim() == what)
    }

    /// The version in `If-Match`: `W/"3"`.
    pub fn if_match(&self) -> Result<Option<i64>, Refusal> {
        let Some(value) = self.headers.get(header::IF_MATCH) else { return Ok(None) };
        let tag = value.to_str().unwrap_or_default().trim();
        let number = tag.trim_start_matches("W/").trim_matches('"').parse().ok();
        number.map(Some).ok_or_else(|| {
            Refusal::Request(
                StatusCode::BAD_REQUEST,
                "invalid",
                "If-Match holds a version as ETag gave it: W/\"3\".".into(),
            )
        })
    }

    /// Reads the body of a write. The client of a large one is known before; that of a small one
    /// is asked for once, when its use case is run.
    pub async fn body(&self, body: Body) -> Result<Bytes, Refusal> {
        let kind = self.header(header::CONTENT_TYPE).unwrap_or("application/fhir+json");
        let kind = kind.split(';').next().unwrap_or(kind).trim();
        let is_json = matches!(kind, "application/fhir+json" | "application/json");
        let length = self.header(header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
        if !is_json || length.is_none_or(|bytes: usize| bytes > BODY_BYTES_SMALL) {
            self.known().await?;
        }
        if !is_json {
            return Err(Refusal::Request(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-supported",
                "Send application/fhir+json.".into(),
            ));
        }
        whole(body).await
    }

    fn wants_json(&self) -> bool {
        let format = app::fhir::parameters(&self.query).into_iter().find(|(n, _)| n == "_format");
        if let Some((_, format)) = format {
            // A plus sign that was not encoded comes as a space.
            return matches!(
                format.replace(' ', "+").as_str(),
                "json" | "application/json" | "application/fhir+json"
            );
        }
        let Some(accept) = self.header(header::ACCEPT) else { return true };
        accept.split(',').any(|part| {
            let kind = part.split(';').next().unwrap_or(part).trim();
            matches!(
                kind,
                "" | "*/*" | "application/*" | "application/json" | "application/fhir+json"
            )
        })
    }
}

/// The whole body, up to [`BODY_BYTES_MAX`].
pub(super) async fn whole(body: Body) -> Result<Bytes, Refusal> {
    axum::body::to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| {
        Refusal::Request(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-long",
            format!("A body may have {} MiB at most; larger files come by import.", 16),
        )
    })
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}

fn base(headers: &HeaderMap, secure: bool) -> String {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    let host = host.filter(|host| !host.is_empty() && host.chars().all(plain));
    let scheme = if secure { "https" } else { "http" };
    format!("{scheme}://{}/fhir", host.unwrap_or("localhost"))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Refusal::Login { given } => login(given),
            Refusal::Request(status, code, text) => outcome(status, code, &text),
            Refusal::Case(error) => refused(&error),
        }
    }
}

fn login(given: bool) -> Response {
    let (challenge, text) = match given {
        true => (
            "Bearer realm=\"Chartroom\", error=\"invalid_token\"",
            "This token is not one of a client, or the client was ended.",
        ),
        false => {
            ("Bearer realm=\"Chartroom\"", "Send the token of a client: Authorization: Bearer …")
        }
    };
    let mut response = outcome(StatusCode::UNAUTHORIZED, "login", text);
    let challenge = HeaderValue::from_static(challenge);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}

/// The one place where errors of use cases become statuses of the API.
fn refused(error: &Error) -> Response {
    use app::Error as App;
    let (status, code) = match error {
        Error::App(App::Forbidden(_)) | Error::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
        Error::App(App::NotFound) => (StatusCode::NOT_FOUND, "not-found"),
        Error::App(App::Conflict(_)) => (StatusCode::CONFLICT, "conflict"),
        Error::App(App::Refused(_)) | Error::Unprocessable(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "business-rule")
        }
        Error::App(App::Invalid(_)) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        Error::App(App::Busy) => (StatusCode::SERVICE_UNAVAILABLE, "throttled"),
        Error::App(App::Internal(reason)) => {
            tracing::error!(reason, "a request of the API failed");
            let text = "Something failed on the server's side. Nothing was changed.";
            return outcome(StatusCode::INTERNAL_SERVER_ERROR, "exception", text);
        }
        Error::Gone { .. } => (StatusCode::GONE, "deleted"),
        Error::Precondition(_) => (StatusCode::PRECONDITION_FAILED, "conflict"),
        Error::Unreadable(code, _) => (StatusCode::BAD_REQUEST, *code),
        Error::UnknownType => (StatusCode::NOT_FOUND, "not-supported"),
        Error::NotAllowed(_) => (StatusCode::METHOD_NOT_ALLOWED, "not-supported"),
    };
    let mut response = outcome(status, code, &error.to_string());
    let headers = response.headers_mut();
    match error {
        Error::App(App::Busy) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("3"));
        }
        Error::NotAllowed(_) => {
            headers.insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
        }
        Error::Gone { number } => super::answer::put_etag(headers, *number),
        _ => {}
    }
    response
}
