//! `/metrics` in Prometheus' text format: requests by the route's pattern, never by the address
//! itself, which may hold ids; and the figures of the store.
//!
//! There is no exemption for loopback: behind a proxy on the same machine everybody comes from
//! there. A program that watches sends the token of a client that may read nothing else.

use crate::server::{Guard, Routes, Site, request_id};
use axum::extract::{Extension, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::metric::{COMMIT_WRITES, Metrics};
use tokio::time::Instant;

/// Upper ends of the buckets of time, in microseconds, with the seconds that the text says.
const BUCKETS: [(u64, &str); 11] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (5_000_000, "5"),
    (30_000_000, "30"),
];
/// What is said of a request that no route takes, and of files of the pages.
const OTHER: (&str, &str) = ("other", "other");
/// Classes of statuses, from 1xx to 5xx.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The route of the metrics.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get("/metrics", Guard::Client, show)
}

/// What was counted of one route and one class of statuses.
#[derive(Default)]
struct Counter {
    count: AtomicU64,
    micros: AtomicU64,
    buckets: [AtomicU64; BUCKETS.len()],
}

/// Requests since the start of the program, by method and pattern. The patterns are known from
/// the start, so nothing that a client sends can make the list longer.
pub(crate) struct Requests(BTreeMap<(&'static str, &'static str), [Counter; CLASSES.len()]>);

impl Requests {
    /// Of these routes.
    pub fn new(routes: &Routes) -> Requests {
        let own = routes.list().iter().map(|route| (route.method, route.path));
        Requests(own.chain([OTHER]).map(|key| (key, Default::default())).collect())
    }

    fn note(&self, method: &str, path: Option<&str>, status: StatusCode, took: Duration) {
        let known = path.and_then(|path| self.0.get(&(method, path)));
        let Some(classes) = known.or_else(|| self.0.get(&OTHER)) else { return };
        let class = usize::from(status.as_u16() / 100).saturating_sub(1).min(CLASSES.len() - 1);
        let counter = &classes[class];
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        counter.count.fetch_add(1, Ordering::Relaxed);
        counter.micros.fetch_add(micros, Ordering::Relaxed);
        if let Some(bucket) = BUCKETS.iter().position(|(most, _)| micros <= *most) {
            counter.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        }
    }

    fn write(&self, text: &mut String) {
        const NAME: &str = "chartroom_request_seconds";
        head(text, NAME, "histogram", "Requests by route and class of status, and their time.");
        for ((method, path), classes) in &self.0 {
            for (class, counter) in CLASSES.iter().zip(classes) {
                let count = counter.count.load(Ordering::Relaxed);
                if count == 0 {
                    continue;
                }
                let of = format!("method=\"{method}\",route=\"{path}\",status=\"{class}\"");
                let mut sum = 0;
                for ((_, end), bucket) in BUCKETS.iter().zip(&counter.buckets) {
                    sum += bucket.load(Ordering::Relaxed);
                    line(text, &format!("{NAME}_bucket{{{of},le=\"{end}\"}}"), sum);
                }
                line(text, &format!("{NAME}_bucket{{{of},le=\"+Inf\"}}"), count);
                let seconds = counter.micros.load(Ordering::Relaxed) as f64 / 1e6;
                line(text, &format!("{NAME}_sum{{{of}}}"), seconds);
                line(text, &format!("{NAME}_count{{{of}}}"), count);
            }
        }
    }
}

/// Counts each request when its answer begins.
pub(crate) async fn count(
    State(requests): State<Arc<Requests>>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let path = path.as_ref().map(MatchedPath::as_str);
    requests.note(method.as_str(), path, response.status(), began.elapsed());
    response
}

async fn show(
    State(site): State<Site>,
    Extension(requests): Extension<Arc<Requests>>,
    headers: HeaderMap,
) -> Response {
    let token = crate::fhir::bearer(&headers);
    let (store, at) = (site.store.clone(), (site.now)());
    let read = move || app::metrics::read(&store, at, token.as_deref(), &request_id());
    match tokio::task::spawn_blocking(read).await {
        Ok(Ok(Some(metrics))) => {
            let mut text = String::new();
            requests.write(&mut text);
            of_store(&mut text, &metrics);
            let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Ok(Ok(None)) => {
            let challenge = HeaderValue::from_static("Bearer realm=\"Chartroom\"");
            let text = "Send the token of a client: Authorization: Bearer …\n";
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)], text)
                .into_response()
        }
        Ok(Err(app::Error::Forbidden(text))) => {
            (StatusCode::FORBIDDEN, format!("{text}\n")).into_response()
        }
        Ok(Err(app::Error::Busy)) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Ok(Err(_)) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn of_store(text: &mut String, metrics: &Metrics) {
    const WRITES: &str = "chartroom_commit_writes";
    head(text, WRITES, "histogram", "Durable commits by the writes that each of them holds.");
    let mut sum = 0;
    for (most, count) in COMMIT_WRITES.iter().zip(&metrics.commit_writes) {
        sum += count;
        line(text, &format!("{WRITES}_bucket{{le=\"{most}\"}}"), sum);
    }
    line(text, &format!("{WRITES}_bucket{{le=\"+Inf\"}}"), metrics.commits);
    line(text, &format!("{WRITES}_sum"), metrics.writes);
    line(text, &format!("{WRITES}_count"), metrics.commits);
    let undone = "chartroom_commits_undone_total";
    head(text, undone, "counter", "Commits that could not be made durable.");
    line(text, undone, metrics.commits_failed);
    let jobs = "chartroom_jobs";
    head(text, jobs, "gauge", "Background work that waits, goes on, or was given up.");
    for job in &metrics.jobs {
        let of = format!("kind=\"{}\",state=\"{}\"", job.kind, job.state);
        line(text, &format!("{jobs}{{{of}}}"), job.count);
    }
    let gauges = [
        ("chartroom_outbox_messages", "Messages that wait to be sent.", metrics.outbox),
        ("chartroom_audit_blocks", "Blocks of the chain.", metrics.blocks),
        ("chartroom_open_sessions", "Sessions that are open and not idle.", metrics.sessions),
        ("chartroom_database_bytes", "Size of the database.", metrics.database_bytes),
        ("chartroom_files_bytes", "Size of the kept files.", metrics.files_bytes),
    ];
    for (name, help, value) in gauges {
        head(text, name, "gauge", help);
        line(text, name, value);
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(text: &mut String, name: &str, value: impl std::fmt::Display) {
    let _ = writeln!(text, "{name} {value}");
}
