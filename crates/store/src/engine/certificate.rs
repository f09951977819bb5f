//! What of a server's certificate is read here: when it holds, and the hash that binds a password
//! to the connection. All else is read by the library of TLS.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ring::digest::{Algorithm, SHA256, SHA384, SHA512, digest};

const SEQUENCE: u8 = 0x30;
const OBJECT: u8 = 0x06;
const VERSION: u8 = 0xA0;
const TIME_SHORT: u8 = 0x17;
const TIME_LONG: u8 = 0x18;

/// The first element of some DER: its tag, its content, and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        short if *short < 0x80 => (usize::from(*short), rest),
        long => {
            let count = usize::from(long & 0x7f);
            if !(1..=4).contains(&count) {
                return None;
            }
            let (digits, rest) = rest.split_at_checked(count)?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((*tag, content, after))
}

/// The content and what follows of an element that must have this tag.
fn expect(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, after) = element(bytes)?;
    (found == tag).then_some((content, after))
}

/// The first and the last second, since 1970, at which a certificate holds.
pub(crate) fn validity(certificate: &[u8]) -> Option<(i64, i64)> {
    let (certificate, _) = expect(certificate, SEQUENCE)?;
    let (mut rest, _) = expect(certificate, SEQUENCE)?;
    if element(rest)?.0 == VERSION {
        rest = element(rest)?.2;
    }
    // Serial number, algorithm of the signature, issuer.
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (times, _) = expect(rest, SEQUENCE)?;
    let (tag, from, rest) = element(times)?;
    let from = seconds(tag, from)?;
    let (tag, until, _) = element(rest)?;
    Some((from, seconds(tag, until)?))
}

/// `261122210911Z` or `20261122210911Z` (RFC 5280, 4.1.2.5).
fn seconds(tag: u8, text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (year, rest) = match tag {
        TIME_SHORT => {
            let year: i16 = text.get(..2)?.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, text.get(2..)?)
        }
        TIME_LONG => (text.get(..4)?.parse().ok()?, text.get(4..)?),
        _ => return None,
    };
    if rest.len() != 10 {
        return None;
    }
    let part = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    let time = DateTime::new(year, part(0)?, part(2)?, part(4)?, part(6)?, part(8)?, 0).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

/// Algorithms of signatures by their identifiers, and the hash that binds with them: that of the
/// signature, and SHA-256 in the place of older ones (RFC 5929, 4.1).
const HASHES: &[(&[u8], &Algorithm)] = &[
    (b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x04", &SHA256),
    (b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x05", &SHA256),
    (b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B", &SHA256),
    (b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0C", &SHA384),
    (b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0D", &SHA512),
    (b"\x2A\x86\x48\xCE\x3D\x04\x01", &SHA256),
    (b"\x2A\x86\x48\xCE\x3D\x04\x03\x02", &SHA256),
    (b"\x2A\x86\x48\xCE\x3D\x04\x03\x03", &SHA384),
    (b"\x2A\x86\x48\xCE\x3D\x04\x03\x04", &SHA512),
];

/// What binds a password to the connection on which it is given (`tls-server-end-point`); none for
/// an algorithm that has no hash of its own.
pub(crate) fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let (inside, _) = expect(certificate, SEQUENCE)?;
    let (_, rest) = expect(inside, SEQUENCE)?;
    let (algorithm, _) = expect(rest, SEQUENCE)?;
    let (object, _) = expect(algorithm, OBJECT)?;
    let (_, hash) = HASHES.iter().find(|(known, _)| *known == object)?;
    Some(digest(hash, certificate).as_ref().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    #[test]
    fn a_certificate_says_when_it_holds_and_what_binds() {
        let pem = include_bytes!("../../tests/tls/server.crt");
        let der = CertificateDer::from_pem_slice(pem).unwrap();
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
        let expected = (at("2026-11-22T21:09:11Z"), at("2126-10-29T21:09:11Z"));
        assert_eq!(validity(&der), Some(expected));
        assert_eq!(end_point(&der), Some(digest(&SHA256, &der).as_ref().to_vec()));
        for length in 0..der.len() {
            let _ = (validity(&der[..length]), end_point(&der[..length]));
        }
        assert_eq!(validity(b"\x30\x84\xff\xff\xff\xff"), None);
    }

    #[test]
    fn times_are_read_in_both_forms() {
        assert_eq!(seconds(TIME_SHORT, b"700101000001Z"), Some(1));
        assert_eq!(seconds(TIME_LONG, b"19700101000001Z"), Some(1));
        assert_eq!(seconds(TIME_SHORT, b"490101000000Z"), seconds(TIME_LONG, b"20490101000000Z"));
        for wrong in [&b"7001010000Z"[..], b"701301000000Z", b"700101000000", b"", b"\xff"] {
            assert_eq!(seconds(TIME_SHORT, wrong), None);
        }
    }
}
