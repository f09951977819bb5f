//! Style sheet, modules and icon: embedded, served under the hash of their content.
//!
//! All assets share one version in the path (`/assets/VERSION/keys.js`), the hash of all their
//! bytes, so that modules can import each other by relative path and everything can be cached
//! forever.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use record::ContentHash;
use std::sync::LazyLock;

/// Headers of every page: nothing is loaded from anywhere else, nothing runs inline, nothing
/// frames us, nothing is kept by a shared cache.
pub const PAGE_HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "geolocation=(), microphone=(), payment=(), usb=()"),
    ("cache-control", "no-store"),
];

/// What a page may load and do.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; \
     script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// One embedded file.
struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

const STYLE: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/shell.css"),
    include_str!("../assets/css/form.css"),
    include_str!("../assets/css/table.css"),
    include_str!("../assets/css/parts.css"),
    include_str!("../assets/css/viewer.css"),
    include_str!("../assets/css/print.css"),
);

macro_rules! modules {
    ($($name:literal),* $(,)?) => {
        &[$(Asset {
            name: $name,
            kind: "text/javascript; charset=utf-8",
            bytes: include_bytes!(concat!("../assets/js/", $name)),
        },)*]
    };
}

const MODULES: &[Asset] = modules![
    "app.js",
    "page.js",
    "keys.js",
    "theme.js",
    "idle.js",
    "table.js",
    "draft.js",
    "live-validate.js",
    "combobox.js",
    "viewer.js",
];

const OTHERS: &[Asset] = &[
    Asset { name: "app.css", kind: "text/css; charset=utf-8", bytes: STYLE.as_bytes() },
    Asset { name: "icon.svg", kind: "image/svg+xml", bytes: include_bytes!("../assets/icon.svg") },
];

fn all() -> impl Iterator<Item = &'static Asset> {
    OTHERS.iter().chain(MODULES)
}

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut every = Vec::new();
    for asset in all() {
        every.extend_from_slice(asset.name.as_bytes());
        every.extend_from_slice(asset.bytes);
    }
    ContentHash::of(&every).to_hex()[..16].to_owned()
});

/// The path of an asset: `/assets/3f…/app.css`.
pub fn url(name: &str) -> String {
    debug_assert!(all().any(|asset| asset.name == name), "no asset {name}");
    format!("/assets/{}/{name}", *VERSION)
}

/// Names and bytes of every asset, for pages written to files.
pub fn files() -> impl Iterator<Item = (String, &'static [u8])> {
    all().map(|asset| (url(asset.name), asset.bytes))
}

/// The routes that serve the assets. They need no sign-in: they hold nothing of a record.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{version}/{name}", get(serve))
}

/// A page opened before an upgrade still finds its modules, uncached, under the old version.
async fn serve(Path((version, name)): Path<(String, String)>) -> Response {
    let Some(asset) = all().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let caching =
        if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-store" };
    let headers = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, caching),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    async fn fetch(path: &str) -> Response {
        let request = Request::get(path).body(Body::empty()).unwrap();
        router::<()>().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn assets_are_typed_and_cached_forever() {
        for asset in all() {
            let answer = fetch(&url(asset.name)).await;
            assert_eq!(answer.status(), StatusCode::OK, "{}", asset.name);
            let header = |name| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
            assert_eq!(header("content-type"), asset.kind);
            assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(header("x-content-type-options"), "nosniff");
            let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            assert_eq!(&body[..], asset.bytes);
        }
    }

    #[tokio::test]
    async fn old_versions_are_not_cached_and_unknown_names_not_found() {
        let answer = fetch("/assets/0000000000000000/keys.js").await;
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(fetch("/assets/0/passwd").await.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn assets_call_no_other_server_and_keep_nothing_in_the_browser() {
        for asset in MODULES.iter().chain(&OTHERS[..1]) {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            for forbidden in
                ["http://", "https://", "localStorage", "sessionStorage", "innerHTML", "eval("]
            {
                assert!(!text.contains(forbidden), "{} holds {forbidden}", asset.name);
            }
        }
    }

    #[test]
    fn modules_import_only_what_is_served() {
        for asset in MODULES {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            for name in text.split("'./").skip(1).filter_map(|rest| rest.split('\'').next()) {
                assert!(all().any(|other| other.name == name), "{} imports {name}", asset.name);
            }
        }
    }

    #[test]
    fn assets_are_light() {
        let total: usize = all().map(|asset| asset.bytes.len()).sum();
        assert!(total < 100_000, "assets are {total} bytes");
    }
}
