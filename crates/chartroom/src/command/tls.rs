//! The certificate under which the workbench is served, and its renewal while it is served.

use anyhow::{Context as _, Result, anyhow, bail};
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How often the files are looked at: a certificate is renewed some days before it ends.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// The files of a certificate and its key.
#[derive(Clone, Debug)]
pub struct Files {
    /// Certificate chain in PEM.
    pub certificate: PathBuf,
    /// Private key in PEM.
    pub key: PathBuf,
}

impl Files {
    /// What serves under them: TLS 1.2 and 1.3, by HTTP/2 and HTTP/1.1.
    ///
    /// # Errors
    /// With what is wrong, and with which file.
    pub fn config(&self) -> Result<ServerConfig> {
        let chain = certificates(&self.certificate)?;
        let key = key(&self.key)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .context("this build knows no version of TLS")?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(|error| self.refused(&error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }

    fn refused(&self, error: &rustls::Error) -> anyhow::Error {
        let (certificate, key) = (self.certificate.display(), self.key.display());
        match error {
            rustls::Error::InconsistentKeys(_) => anyhow!(
                "the key in {key} is not that of the certificate in {certificate}; the server's \
                 own certificate must come first in its file"
            ),
            other => anyhow!("can't serve under {certificate} with the key in {key}: {other}"),
        }
    }

    /// When the files were last changed.
    fn changed_at(&self) -> Option<(SystemTime, SystemTime)> {
        let of = |path: &Path| fs::metadata(path).and_then(|found| found.modified()).ok();
        of(&self.certificate).zip(of(&self.key))
    }

    /// Takes renewed files into use, for as long as the server is up. What can't be used is
    /// logged, and the certificate before stays.
    pub async fn follow(self, served: RustlsConfig) {
        let mut known = self.changed_at();
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = self.changed_at();
            if now == known || now.is_none() {
                continue;
            }
            known = now;
            match self.config() {
                Ok(config) => served.reload_from_config(Arc::new(config)),
                Err(error) => tracing::error!("the renewed certificate is not used: {error:#}"),
            }
        }
    }
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let bytes = read(file, "certificate")?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        _ => bail!("{} (--tls-certificate) holds no certificate in PEM", file.display()),
    }
}

fn key(file: &Path) -> Result<PrivateKeyDer<'static>> {
    let bytes = read(file, "key")?;
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| {
        anyhow!(
            "{} (--tls-key) holds no private key in PEM that can be used; one under a passphrase \
             must be decrypted first: openssl pkey -in FILE -out NEW",
            file.display()
        )
    })
}

fn read(file: &Path, what: &str) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("can't read {} (--tls-{what})", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../store/tests/tls");

    #[test]
    fn what_is_wrong_with_a_certificate_is_said() {
        let of = |certificate: &str, key: &str| {
            let at = |name: &str| Path::new(FOLDER).join(name);
            let files = Files { certificate: at(certificate), key: at(key) };
            files.config().map(|_| ()).map_err(|error| format!("{error:#}"))
        };
        assert_eq!(of("server.crt", "server.key"), Ok(()));
        for (certificate, key, expected) in [
            ("other.crt", "server.key", "is not that of the certificate"),
            ("server.key", "server.key", "holds no certificate"),
            ("server.crt", "server.crt", "holds no private key"),
            ("gone.crt", "server.key", "can't read"),
            ("server.crt", "gone.key", "--tls-key"),
        ] {
            let reason = of(certificate, key).expect_err("it is not used");
            assert!(reason.contains(expected), "{certificate} {key}: {reason}");
            assert!(!reason.contains("PRIVATE"), "{reason}");
        }
    }
}
