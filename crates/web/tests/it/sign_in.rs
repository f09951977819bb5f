//! Signing in as a browser does, and as those do who have no business here.

use crate::app::{Answered, NOON, TestApp};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use record::{Context, Role};
use store::person::PersonChange;
use tower::ServiceExt;

const PASSWORD: &str = "nine beds by the window";

/// An account of one who signs in by a password: `ann`.
fn account(app: &TestApp) -> i64 {
    let hash = ::app::sign_in::password_hash(PASSWORD).unwrap();
    let context = Context::system("test", NOON);
    app.store
        .write(&context, |t| {
            let person = t.person_create("ann", "Ann of the tests", &hash, false)?;
            t.person_roles_put(person, &[Role::Technician])?;
            Ok::<_, store::Error>(person)
        })
        .unwrap()
}

/// The text of an answer, and its headers.
async fn send(app: &TestApp, method: &str, path: &str, fields: &str, more: &[(&str, &str)]) -> Got {
    let mut request = Request::builder().method(method).uri(path);
    request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(fields.to_owned())).unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    Got { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

struct Got {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Got {
    fn cookie(&self) -> &str {
        let cookie = self.headers.get(header::SET_COOKIE).map(|value| value.to_str().unwrap());
        cookie.unwrap_or_default()
    }

    fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.text.split_once(&mark).map_or("", |(_, rest)| rest);
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

async fn sign_in(app: &TestApp, login: &str, password: &str) -> Got {
    let fields = format!("login={login}&password={}", password.replace(' ', "+"));
    send(app, "POST", "/sign-in", &fields, &[]).await
}

async fn opened(app: &TestApp, cookie: &str, path: &str) -> StatusCode {
    let pair = cookie.split(';').next().unwrap();
    send(app, "GET", path, "", &[("cookie", pair)]).await.status
}

#[tokio::test]
async fn nobody_learns_which_logins_exist() {
    let app = TestApp::new();
    account(&app);
    let unknown = sign_in(&app, "bob", "wrong").await;
    let plainly = |got: &Got, login: &str| got.text.replace(&format!("value=\"{login}\""), "");
    for _ in 0..7 {
        let wrong = sign_in(&app, "ann", "wrong").await;
        assert_eq!(wrong.status, unknown.status);
        assert_eq!(plainly(&wrong, "ann"), plainly(&unknown, "bob"));
    }
    // Locked: the right password is answered like a wrong one.
    let right = sign_in(&app, "ann", PASSWORD).await;
    assert_eq!(plainly(&right, "ann"), plainly(&unknown, "bob"));
    app.wait_seconds(15 * 60 + 1);
    assert_eq!(sign_in(&app, "ann", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guesses_at_the_same_time_count_one_by_one() {
    let app = TestApp::new();
    account(&app);
    let mut set = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let router = app.router.clone();
        let request = Request::builder()
            .method("POST")
            .uri("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("login=ann&password=wrong"))
            .unwrap();
        set.spawn(router.oneshot(request));
    }
    while let Some(done) = set.join_next().await {
        assert_eq!(done.unwrap().unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(sign_in(&app, "ann", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// The code of an authenticator app at this time.
fn code(secret: &str, seconds: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new()
        .with_secret(secret)
        .with_account_name("ann".to_owned())
        .with_issuer(Some("Chartroom".to_owned()))
        .build()
        .unwrap();
    let at = u64::try_from(NOON.0 / 1_000_000 + seconds).unwrap();
    totp.generate(at).to_string()
}

#[tokio::test]
async fn a_code_is_taken_once_and_the_password_is_not_sent_back() {
    let app = TestApp::new();
    account(&app);
    let session = sign_in(&app, "ann", PASSWORD).await;
    let cookie = session.cookie().split(';').next().unwrap().to_owned();
    let with = [("cookie", cookie.as_str())];
    let page = send(&app, "GET", "/account/second-factor", "", &with).await;
    let (secret, csrf) = (page.hidden("secret"), page.hidden("csrf"));
    let set = |code: String| format!("csrf={csrf}&secret={secret}&code={code}");
    let done = send(&app, "POST", "/account/second-factor", &set(code(&secret, 0)), &with).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let again = send(&app, "POST", "/account/second-factor", &set(code(&secret, 30)), &with).await;
    assert!(again.text.contains("set up already"), "{}", again.text);

    let asked = sign_in(&app, "ann", PASSWORD).await;
    assert!(!asked.text.contains("nine beds") && asked.cookie().is_empty());
    let proof = asked.hidden("proof");
    let give = async |proof: &str, code: &str| {
        send(&app, "POST", "/sign-in", &format!("proof={proof}&code={code}"), &[]).await
    };
    // The code by which the second factor was set up was used.
    assert!(give(&proof, &code(&secret, 0)).await.cookie().is_empty());
    app.wait_seconds(60);
    let next = code(&secret, 60);
    assert_eq!(give(&proof, &next).await.status, StatusCode::SEE_OTHER);
    let other = sign_in(&app, "ann", PASSWORD).await.hidden("proof");
    assert_eq!(give(&other, &next).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(give("forged", &next).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.wait_seconds(6 * 60);
    let late = give(&proof, &code(&secret, 60 + 6 * 60)).await;
    assert!(late.text.contains("too late") && late.cookie().is_empty(), "{}", late.text);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_guesses_end_this_one() {
    let app = TestApp::new();
    account(&app);
    let (one, other) = (sign_in(&app, "ann", PASSWORD).await, sign_in(&app, "ann", PASSWORD).await);
    assert_ne!(one.cookie(), other.cookie());
    let cookie = one.cookie().split(';').next().unwrap().to_owned();
    let with = [("cookie", cookie.as_str())];
    let csrf = send(&app, "GET", "/password", "", &with).await.hidden("csrf");
    let old = PASSWORD.replace(' ', "+");
    let change = |old: &str, new: &str| format!("csrf={csrf}&old={old}&new={new}");
    let easy = send(&app, "POST", "/password", &change(&old, "password1234"), &with).await;
    assert!(easy.text.contains("Many would try this first"));
    let fields = change(&old, "ten+beds+by+the+door");
    let done = send(&app, "POST", "/password", &fields, &with).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(opened(&app, one.cookie(), "/account").await, StatusCode::OK);
    assert_eq!(opened(&app, other.cookie(), "/account").await, StatusCode::SEE_OTHER);
    for _ in 0..5 {
        send(&app, "POST", "/password", &change("wrong", "eleven+beds+in+all"), &with).await;
    }
    assert_eq!(opened(&app, one.cookie(), "/account").await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_one_time_password_that_a_person_gave_ends_after_a_week() {
    let app = TestApp::new();
    let id = account(&app);
    let administrator = app.person(Role::Administrator);
    let person = {
        let context = Context::system("test", NOON);
        app.store.look(&context, |view| view.person(administrator)).unwrap().unwrap()
    };
    let context = ::app::sign_in::context_of(&person, NOON, Vec::new());
    let given = ::app::people::password_reset(&app.store, &context, id).unwrap();
    let in_time = sign_in(&app, "ann", &given).await;
    assert_eq!(in_time.headers[header::LOCATION], "/password");
    app.wait_seconds(7 * 24 * 3600 + 1);
    assert!(sign_in(&app, "ann", &given).await.text.contains("seven days"));
    // One that no person gave has no end.
    let none = PersonChange { password_until: Some(None), ..PersonChange::default() };
    app.store.write(&Context::system("test", NOON), |t| t.person_update(id, &none)).unwrap();
    assert_eq!(sign_in(&app, "ann", &given).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_role_that_is_taken_away_ends_what_it_allowed_at_once() {
    let app = TestApp::new();
    let id = app.person(Role::Technician);
    let status = async |app: &TestApp| -> Answered {
        app.get(Some(Role::Technician), &format!("/chart/{}", app.own.patient.0)).await
    };
    assert_eq!(status(&app).await.status, StatusCode::OK);
    let context = Context::system("test", NOON);
    app.store.write(&context, |t| t.person_roles_put(id, &[Role::Registrar])).unwrap();
    assert_eq!(status(&app).await.status, StatusCode::FORBIDDEN);
    let suspended = PersonChange { active: Some(false), ..PersonChange::default() };
    app.store.write(&context, |t| t.person_update(id, &suspended)).unwrap();
    assert_eq!(status(&app).await.location, "/sign-in");
}

#[tokio::test]
async fn a_page_of_another_server_changes_nothing() {
    let app = TestApp::new();
    account(&app);
    let fields = format!("login=ann&password={}", PASSWORD.replace(' ', "+"));
    for site in ["cross-site", "same-site"] {
        let got = send(&app, "POST", "/sign-in", &fields, &[("sec-fetch-site", site)]).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN);
        assert!(got.cookie().is_empty());
    }
    let own = send(&app, "POST", "/sign-in", &fields, &[("sec-fetch-site", "same-origin")]).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
    let away = send(&app, "GET", "/sign-in?next=//evil.example", "", &[]).await;
    assert!(!away.text.contains("evil.example"));
}

#[tokio::test]
async fn every_answer_has_its_headers_and_tls_its_own() {
    let app = TestApp::new();
    account(&app);
    for path in ["/sign-in", "/nowhere", "/fhir/metadata", "/find", "/healthz"] {
        let got = send(&app, "GET", path, "", &[]).await;
        let text = |name: &str| got.headers.get(name).map_or("", |value| value.to_str().unwrap());
        assert!(text("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(text("x-content-type-options"), "nosniff");
        assert_eq!(text("referrer-policy"), "no-referrer");
        assert_eq!(text("cross-origin-resource-policy"), "same-origin");
        assert_eq!(text("cache-control"), "no-store", "{path}");
        assert_eq!(text("strict-transport-security"), "");
    }
    let plain = sign_in(&app, "ann", PASSWORD).await;
    assert!(plain.cookie().ends_with("; Path=/; HttpOnly; SameSite=Strict"));
    let app = app.over_tls();
    let got = sign_in(&app, "ann", PASSWORD).await;
    assert!(got.cookie().starts_with("__Host-chartroom_session="));
    assert!(got.cookie().ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"));
    assert!(got.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    assert_eq!(opened(&app, got.cookie(), "/account").await, StatusCode::OK);
    // A cookie by the name that another page of the host could set is none.
    let plain = got.cookie().replace("__Host-", "");
    assert_eq!(opened(&app, &plain, "/account").await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let app = TestApp::new();
    let fields = format!("login=ann&password={}", "x".repeat(3 << 20));
    let got = send(&app, "POST", "/sign-in", &fields, &[]).await;
    assert_eq!(got.status, StatusCode::PAYLOAD_TOO_LARGE);
}
