//! `/metrics`: for a client of administrators with its scope, and for nobody else.

use crate::app::TestApp;
use crate::fhir::client;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use record::{LabelMask, Role};
use tower::ServiceExt;

/// Asks with a token, or without one; returns the status and the text.
async fn metrics(app: &TestApp, token: Option<&str>) -> (u16, String) {
    let mut request = Request::builder().uri("/metrics");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::empty()).unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn metrics_are_for_a_client_of_administrators() {
    let app = TestApp::new();
    let scope = ::app::metrics::SCOPE;
    client(&app, "watcher", Role::Administrator, scope, LabelMask::NONE);
    client(&app, "scopeless", Role::Administrator, "system/*.read", LabelMask::NONE);
    client(&app, "technician", Role::Technician, scope, LabelMask::ALL);
    for (token, expected) in
        [(None, 401), (Some("nobody"), 401), (Some("scopeless"), 403), (Some("technician"), 403)]
    {
        let before = app.trail(1)[0].entry;
        let (status, text) = metrics(&app, token).await;
        assert_eq!(status, expected, "{token:?}: {text}");
        assert!(!text.contains("chartroom_"), "{token:?}");
        assert!(app.trail(1)[0].entry > before, "the refusal of {token:?} is audited");
    }
    assert_eq!(metrics(&app, Some("watcher")).await.0, 200);
    let record = app.ask("GET", None, "/fhir/Patient/own", "").await;
    assert_eq!(record.status.as_u16(), 401, "a cookie is no token, nor the other way round");
}

#[tokio::test]
async fn metrics_count_by_pattern_and_tell_of_nobody() {
    let app = TestApp::new();
    client(&app, "watcher", Role::Administrator, ::app::metrics::SCOPE, LabelMask::NONE);
    let chart = format!("/chart/{}", app.own.patient.0);
    assert_eq!(app.get(Some(Role::Technician), &chart).await.status.as_u16(), 200);
    app.get(Some(Role::Technician), "/no-such-page/Roe").await;
    let before = app.trail(1)[0].entry;
    let (_, text) = metrics(&app, Some("watcher")).await;
    assert_eq!(app.trail(1)[0].entry, before, "reading them leaves no entry");
    let of_chart = "method=\"GET\",route=\"/chart/{patient}\",status=\"2xx\"";
    for line in [
        format!("chartroom_request_seconds_count{{{of_chart}}} 1"),
        format!("chartroom_request_seconds_bucket{{{of_chart},le=\"+Inf\"}} 1"),
        "method=\"other\",route=\"other\",status=\"4xx\"".to_owned(),
        "# TYPE chartroom_commit_writes histogram".to_owned(),
        "chartroom_commit_writes_bucket{le=\"256\"}".to_owned(),
    ] {
        assert!(text.contains(&line), "{line} is missing in:\n{text}");
    }
    let value = |name: &str| -> i64 {
        let found = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
        found.unwrap_or_else(|| panic!("{name} is missing")).parse().unwrap()
    };
    assert!(value("chartroom_audit_blocks") > 1);
    assert!(value("chartroom_database_bytes") > 0 && value("chartroom_files_bytes") > 0);
    assert_eq!(value("chartroom_open_sessions"), Role::ALL.len() as i64);
    for word in ["Roe", "Quill", "Jane", "no-such-page", "/chart/1"] {
        assert!(!text.contains(word), "{word} has no place in metrics");
    }
    // Each line of a figure is a name, its labels and one number.
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, number) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("chartroom_") && number.parse::<f64>().is_ok(), "{line}");
    }
}
