//! Which crate may depend on which: the arrows that are never reversed.

use super::Finding;
use super::metadata::{Metadata, Package};

/// Crates of the domain: siblings that never see each other.
const DOMAIN: &[&str] =
    &["exchange", "identity", "coding", "release", "redaction", "integrity", "report"];

/// Third-party crates that only some of ours may use, outside of tests.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("postgres", &["store"]),
    ("axum", &["web", "chartroom"]),
    ("axum-server", &["web", "chartroom"]),
    ("maud", &["web"]),
    ("tower", &["web", "chartroom"]),
    // The store knows its traits of reading and writing, for TLS to PostgreSQL; no more.
    ("tokio", &["web", "chartroom", "store"]),
    ("clap", &["chartroom"]),
    ("indicatif", &["chartroom"]),
    ("tracing-subscriber", &["chartroom"]),
    ("argon2", &["app"]),
    ("totp-rs", &["app"]),
];

/// Whether one of our crates may depend on another of ours. None: it has no place yet.
fn may_use(name: &str, other: &str) -> Option<bool> {
    let domain = DOMAIN.contains(&other);
    Some(match name {
        "record" | "browser" => false,
        _ if DOMAIN.contains(&name) => other == "record",
        "store" => other == "record" || domain,
        "synthetic" => other == "record",
        "app" => matches!(other, "record" | "store") || domain,
        "web" => matches!(other, "record" | "app" | "store") || domain,
        "chartroom" | "xtask" => other != "browser" || name == "xtask",
        _ => return None,
    })
}

/// Whether one of our crates may depend on another of ours in its tests only.
fn may_test_with(name: &str, other: &str) -> bool {
    match name {
        "record" => false,
        "web" | "app" | "chartroom" | "xtask" => true,
        "store" => other == "synthetic",
        _ => may_use(name, other) == Some(true),
    }
}

/// Checks the arrows between our crates, and those to crates kept to one place.
pub fn check(metadata: &Metadata) -> Vec<Finding> {
    metadata.packages.iter().filter(|package| package.source.is_none()).flat_map(of_one).collect()
}

fn of_one(package: &Package) -> Vec<Finding> {
    let name = package.name.as_str();
    let folder = if name == "xtask" { name.to_owned() } else { format!("crates/{name}") };
    let path = format!("{folder}/Cargo.toml");
    let finding = |message: String| Finding::new(&path, 0, "arrows", message);
    let mut findings = Vec::new();
    if may_use(name, "record").is_none() {
        findings.push(finding(format!(
            "{name} has no place among the arrows: give it one in xtask/src/tidy/arrows.rs \
             and in ARCHITECTURE.md"
        )));
        return findings;
    }
    for dependency in &package.dependencies {
        let other = dependency.name.as_str();
        let test = dependency.kind.as_deref() == Some("dev");
        if dependency.path.is_some() {
            let allowed =
                may_use(name, other) == Some(true) || (test && may_test_with(name, other));
            if !allowed {
                findings.push(finding(format!("{name} may not depend on {other}")));
            }
        } else if let Some((_, places)) = KEPT_TO.iter().find(|(kept, _)| *kept == other)
            && !test
            && !places.contains(&name)
        {
            let places = places.join(", ");
            findings.push(finding(format!("{other} is kept to {places}: not for {name}")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::metadata::Dependency;
    use super::*;

    fn count(name: &str, other: &str, kind: Option<&str>, ours: bool) -> usize {
        let package = Package {
            name: name.into(),
            version: String::new(),
            license: None,
            source: None,
            dependencies: vec![Dependency {
                name: other.into(),
                kind: kind.map(Into::into),
                path: ours.then(String::new),
            }],
        };
        of_one(&package).len()
    }

    #[test]
    fn arrows_point_one_way() {
        for (name, other, expected) in [
            ("coding", "record", 0),
            ("coding", "release", 1),
            ("record", "coding", 1),
            ("store", "coding", 0),
            ("store", "app", 1),
            ("app", "store", 0),
            ("web", "app", 0),
            ("web", "store", 0),
            ("chartroom", "web", 0),
            ("chartroom", "browser", 1),
            ("surprise", "record", 1),
        ] {
            assert_eq!(count(name, other, None, true), expected, "{name} -> {other}");
        }
        assert_eq!(count("store", "synthetic", Some("dev"), true), 0);
        assert_eq!(count("coding", "release", Some("dev"), true), 1);
    }

    #[test]
    fn some_crates_are_kept_to_one_place() {
        assert_eq!(count("store", "rusqlite", None, false), 0);
        assert_eq!(count("web", "rusqlite", None, false), 1);
        assert_eq!(count("chartroom", "rusqlite", Some("dev"), false), 0);
        assert_eq!(count("coding", "tokio", None, false), 1);
    }
}
