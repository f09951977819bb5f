//! The address of a PostgreSQL database: what it says of encryption, and what of it may be shown.
//!
//! Records never cross a network in plain text by an oversight: a server on another machine is
//! reached over TLS under a certificate that is known, or the address says `sslmode=disable`.
//! `sslmode=prefer` and its like, which fall back to plain text, are refused.

use super::tls::{Checks, Encryption};
use crate::Error;
use postgres::Config;
use postgres::config::{Host, SslMode};
use std::path::PathBuf;

/// A database to connect to.
pub(crate) struct Address {
    /// Host, name, password and the rest.
    pub config: Config,
    /// How the connection is encrypted; not at all when none.
    pub encryption: Option<Encryption>,
}

const UNREADABLE: &str = "the address of the database can't be read; it is written \
    postgres://NAME:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full&sslrootcert=FILE, and in a \
    password the marks @ / ? # & % are written %40 %2F %3F %23 %26 %25";
const IN_PLAIN_TEXT: &str = "the database is on another machine, and its address says nothing of \
    encryption: add sslmode=verify-full&sslrootcert=FILE, where FILE holds the certificate of the \
    server or of its authority, or add sslmode=disable if the network between may be trusted";
const NO_CERTIFICATE: &str = "without sslrootcert=FILE in the address of the database anybody \
    could answer in the server's place: name the file with the certificate of the server or of \
    its authority";
const NO_SUCH_MODE: &str = "sslmode in the address of the database must be verify-full, \
    verify-ca, require or disable; the others may fall back to plain text";

impl Address {
    /// Reads an address. No error holds any part of it.
    pub fn parse(text: &str) -> Result<Address, Error> {
        let refused = |sentence: &str| Error::Database(sentence.to_owned());
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut mode, mut certificate, mut rest) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let known = match pair.split_once('=') {
                Some(("sslmode", value)) => mode.replace(value.to_owned()).is_some(),
                Some(("sslrootcert", value)) => certificate.replace(decoded(value)).is_some(),
                _ => {
                    rest.push(pair);
                    false
                }
            };
            if known {
                return Err(refused(UNREADABLE));
            }
        }
        let mark = if rest.is_empty() { "" } else { "?" };
        let lean = format!("{base}{mark}{}", rest.join("&"));
        let mut config: Config = lean.parse().map_err(|_| refused(UNREADABLE))?;
        let checks = match mode.as_deref() {
            None if is_local(&config) => None,
            None => return Err(refused(IN_PLAIN_TEXT)),
            Some("disable") => None,
            Some("require" | "verify-ca") => Some(Checks::Chain),
            Some("verify-full") => Some(Checks::ChainAndName),
            Some(_) => return Err(refused(NO_SUCH_MODE)),
        };
        let encryption = match (checks, certificate) {
            (None, _) => None,
            (Some(_), None) => return Err(refused(NO_CERTIFICATE)),
            (Some(checks), Some(file)) => Some(Encryption { checks, certificates: file }),
        };
        config.ssl_mode(if encryption.is_some() { SslMode::Require } else { SslMode::Disable });
        Ok(Address { config, encryption })
    }
}

/// Whether every host is this machine.
fn is_local(config: &Config) -> bool {
    let numbers = config.get_hostaddrs();
    if !numbers.is_empty() {
        return numbers.iter().all(std::net::IpAddr::is_loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            let number = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
            name == "localhost" || number.is_ok_and(|number| number.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

/// `%2F` and its like, resolved.
fn decoded(text: &str) -> PathBuf {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let digits = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(number) => {
                out.push(number);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    PathBuf::from(String::from_utf8_lossy(&out).into_owned())
}

/// An address without name, password and particulars.
pub(crate) fn shown(text: &str) -> String {
    let scheme = text.split_once("://").map_or("postgres", |(scheme, _)| scheme);
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    let (base, query) = rest.split_once('?').unwrap_or((rest, ""));
    match base.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://…@{host}"),
        // A bare ? in a password: what stands before it may be its first half.
        None if query.contains('@') => format!("{scheme}://…"),
        None => format!("{scheme}://{base}"),
    }
}

/// Whether an address holds a password.
pub(crate) fn has_password(text: &str) -> bool {
    let (base, query) = text.split_once('?').unwrap_or((text, ""));
    let name = base.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
    name.is_some_and(|(name, _)| name.contains(':')) || query.contains("password=")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> &'static str {
        match Address::parse(text) {
            Ok(Address { encryption: None, .. }) => "plain",
            Ok(Address { encryption: Some(encryption), .. }) => match encryption.checks {
                Checks::Chain => "chain",
                Checks::ChainAndName => "chain and name",
            },
            Err(Error::Database(sentence)) => {
                let known = [UNREADABLE, IN_PLAIN_TEXT, NO_CERTIFICATE, NO_SUCH_MODE];
                known.into_iter().find(|known| *known == sentence).expect("a known sentence")
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn an_address_says_how_it_is_encrypted() {
        let table = [
            ("postgres://a:b@127.0.0.1:5432/c", "plain"),
            ("postgres://a:b@localhost/c", "plain"),
            ("postgresql://a:b@[::1]/c", "plain"),
            ("postgres://a:b@%2Frun%2Fpostgresql/c", "plain"),
            ("postgres://a:b@db.example.org/c", IN_PLAIN_TEXT),
            ("postgres://a:b@localhost,10.0.0.7/c", IN_PLAIN_TEXT),
            ("postgres://a:b@localhost/c?hostaddr=10.0.0.7", IN_PLAIN_TEXT),
            ("postgres://a:b@10.0.0.7/c?connect_timeout=3", IN_PLAIN_TEXT),
            ("postgres://a:b@10.0.0.7/c?sslmode=disable", "plain"),
            ("postgres://a:b@10.0.0.7/c?sslmode=prefer", NO_SUCH_MODE),
            ("postgres://a:b@10.0.0.7/c?sslmode=allow", NO_SUCH_MODE),
            ("postgres://a:b@10.0.0.7/c?sslmode=require", NO_CERTIFICATE),
            ("postgres://a:b@10.0.0.7/c?sslmode=require&sslrootcert=/a", "chain"),
            ("postgres://a:b@10.0.0.7/c?sslmode=verify-ca&sslrootcert=/a", "chain"),
            ("postgres://a:b@10.0.0.7/c?sslrootcert=%2Fa&sslmode=verify-full", "chain and name"),
            ("postgres://a:b@10.0.0.7/c?sslmode=verify-full&sslmode=disable", UNREADABLE),
            ("postgres://a:p?secret=x@10.0.0.7/c", IN_PLAIN_TEXT),
            ("postgres://a:b@10.0.0.7/c?nonsense=1&sslmode=disable", UNREADABLE),
        ];
        for (text, expected) in table {
            assert_eq!(outcome(text), expected, "{text}");
        }
        assert_eq!(decoded("%2Fa%2fb%zz%"), PathBuf::from("/a/b%zz%"));
    }

    #[test]
    fn no_password_is_shown() {
        let table = [
            ("postgres://me:secret@host:1/db", "postgres://…@host:1/db"),
            ("postgres://me:sec@ret/x@host/db?sslmode=disable", "postgres://…@host/db"),
            ("postgresql://host/db?user=me&password=secret", "postgresql://host/db"),
            ("postgres://host/db?password=sec@ret", "postgres://…"),
            ("postgres://me:sec?ret@host/db", "postgres://…"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected, "{text}");
            assert!(has_password(text) || text.contains("sec?ret"), "{text}");
        }
        assert!(!has_password("postgres://me@host/db"));
    }
}
