//! TLS to a PostgreSQL server, by the library that serves the workbench too.
//!
//! The crates that do this for `rustls` bring a reader of certificates and a dozen others for
//! channel binding; the few fields that it needs are read in `certificate`.

use super::certificate::{end_point, validity};
use crate::Error;
use postgres::Socket;
use postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;

/// What is checked of the server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checks {
    /// That the given authority vouches for it, or that it is the given one.
    Chain,
    /// That, and that it is for the host that was asked.
    ChainAndName,
}

/// How a connection is encrypted.
#[derive(Clone, Debug)]
pub(crate) struct Encryption {
    /// What is checked.
    pub checks: Checks,
    /// File in PEM with the certificates that are trusted.
    pub certificates: PathBuf,
}

impl Encryption {
    /// Reads the certificates and makes what encrypts connections.
    pub fn connector(&self) -> Result<MakeTls, Error> {
        let unusable = |what: &str| {
            let file = self.certificates.display();
            Error::Database(format!("the certificates in {file} (sslrootcert) {what}"))
        };
        let bytes = std::fs::read(&self.certificates)
            .map_err(|error| unusable(&format!("can't be read: {error}")))?;
        let given: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&bytes)
            .collect::<Result<_, _>>()
            .map_err(|_| unusable("are not in PEM"))?;
        let mut roots = RootCertStore::empty();
        if given.is_empty() || roots.add_parsable_certificates(given.iter().cloned()).0 == 0 {
            return Err(unusable("are none"));
        }
        let provider = Arc::new(ring::default_provider());
        let chain =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build();
        let chain = chain.map_err(|_| unusable("can't vouch for a server"))?;
        let verifier = Verifier { chain, given, checks: self.checks, provider: provider.clone() };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| unusable("can't be used with any version of TLS"))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(MakeTls(Arc::new(config)))
    }
}

/// Checks as `libpq` does under `verify-ca` and `verify-full`. `rustls` alone knows only the
/// second, and takes no server's own certificate for its voucher.
#[derive(Debug)]
struct Verifier {
    chain: Arc<WebPkiServerVerifier>,
    given: Vec<CertificateDer<'static>>,
    checks: Checks,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.given.iter().any(|given| given == certificate) {
            holds_at(certificate, now)?;
            if self.checks == Checks::ChainAndName {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        // The name is what is checked last: whoever fails there has passed all else.
        match self.chain.verify_server_cert(certificate, others, name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.checks == Checks::Chain => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A certificate that was given by itself holds no longer than it says.
fn holds_at(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), rustls::Error> {
    let (from, until) = validity(certificate).ok_or(CertificateError::BadEncoding)?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    match now {
        _ if now < from => Err(CertificateError::NotValidYet.into()),
        _ if now > until => Err(CertificateError::Expired.into()),
        _ => Ok(()),
    }
}

/// Encrypts connections, as the client of PostgreSQL asks for it.
#[derive(Clone)]
pub(crate) struct MakeTls(Arc<ClientConfig>);

/// Encrypts one connection.
pub(crate) struct Connect(Arc<ClientConfig>, ServerName<'static>);

/// A connection that is being encrypted.
pub(crate) struct Connecting(tokio_rustls::Connect<Socket>);

/// An encrypted connection.
pub(crate) struct Encrypted(tokio_rustls::client::TlsStream<Socket>);

impl MakeTlsConnect<Socket> for MakeTls {
    type Stream = Encrypted;
    type TlsConnect = Connect;
    type Error = rustls::pki_types::InvalidDnsNameError;

    fn make_tls_connect(&mut self, host: &str) -> Result<Connect, Self::Error> {
        Ok(Connect(self.0.clone(), ServerName::try_from(host.to_owned())?))
    }
}

impl TlsConnect<Socket> for Connect {
    type Stream = Encrypted;
    type Error = io::Error;
    type Future = Connecting;

    fn connect(self, stream: Socket) -> Connecting {
        Connecting(TlsConnector::from(self.0).connect(self.1, stream))
    }
}

impl Future for Connecting {
    type Output = io::Result<Encrypted>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map_ok(Encrypted)
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

impl TlsStream for Encrypted {
    fn channel_binding(&self) -> ChannelBinding {
        let (_, connection) = self.0.get_ref();
        let certificate = connection.peer_certificates().and_then(<[_]>::first);
        match certificate.and_then(|certificate| end_point(certificate)) {
            Some(hash) => ChannelBinding::tls_server_end_point(hash),
            None => ChannelBinding::none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_certificate_given_by_itself_ends() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/server.crt");
        let given = CertificateDer::from_pem_file(file).unwrap();
        let from = validity(&given).unwrap().0;
        let at = |seconds: i64| {
            let seconds = u64::try_from(from + seconds).unwrap();
            holds_at(&given, UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
        };
        assert!(at(0).is_ok() && at(99 * 365 * 86400).is_ok());
        assert_eq!(at(-1), Err(CertificateError::NotValidYet.into()));
        assert_eq!(at(101 * 366 * 86400), Err(CertificateError::Expired.into()));
    }
}
