//! `chartroom serve`: the workbench and the API, until it is told to stop.

use super::tls::Files;
use crate::site::{Site, now};
use anyhow::{Context as _, Result, bail};
use app::file_text::ReadText;
use axum_server::Server;
use axum_server::tls_rustls::RustlsConfig;
use clap::Args;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use store::Store;

/// Options of `chartroom serve`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    site: Site,
    #[command(flatten)]
    listen: Listen,
}

/// Where to listen, and under which certificate.
#[derive(Args, Clone, Debug)]
pub struct Listen {
    /// Address and port. Without a certificate, only addresses of this machine.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Certificate chain in PEM.
    #[arg(long, requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// Private key in PEM.
    #[arg(long, requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
}

impl Listen {
    /// The certificate and its key, where both are given.
    fn certificate(&self) -> Option<Files> {
        let files = self.tls_certificate.clone().zip(self.tls_key.clone());
        files.map(|(certificate, key)| Files { certificate, key })
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let store = arguments.site.open()?;
    if crate::site::is_demonstration(&store)? {
        bail!("this is a demonstration store; serve it with: chartroom demo --data …");
    }
    serve(store, &arguments.listen, false)
}

/// Serves a store until the process is told to stop.
pub fn serve(store: Store, listen: &Listen, demonstration: bool) -> Result<ExitCode> {
    let certificate = listen.certificate();
    if certificate.is_none() && !listen.listen.ip().is_loopback() {
        bail!(
            "{} is not an address of this machine alone; give --tls-certificate and --tls-key, \
             or listen on 127.0.0.1",
            listen.listen
        );
    }
    let tls = certificate.as_ref().map(Files::config).transpose()?;
    let listener = TcpListener::bind(listen.listen)
        .with_context(|| format!("can't listen on {}; is another server there?", listen.listen))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let scheme = if certificate.is_some() { "https" } else { "http" };
    let store = Arc::new(store);
    let _socket = super::local_socket::listen(&store)?;
    let site = web::Site {
        store: store.clone(),
        now: Arc::new(now),
        demonstration,
        secure: certificate.is_some(),
        render_page: super::page::renderer()?,
    };
    let reader = super::file_text::reader()?;
    let warmed = store.clone();
    // Nobody should wait for the indexes of the code sets; they take some seconds to build.
    std::thread::spawn(move || {
        if let Err(error) = app::coding::warm(&warmed, &crate::site::context("serve")) {
            tracing::error!(%error, "the code sets can't be read");
        }
    });
    let (runtime, kept) = (tokio::runtime::Runtime::new()?, store.clone());
    runtime.block_on(async move {
        println!("Chartroom is up: {scheme}://{address}/");
        let router = web::router(site).into_make_service();
        let handle = axum_server::Handle::new();
        tokio::spawn(stop_on_signal(handle.clone()));
        tokio::spawn(background(kept.clone(), reader));
        match certificate.zip(tls) {
            None => limited(axum_server::from_tcp(listener)?).handle(handle).serve(router).await?,
            Some((files, tls)) => {
                let config = RustlsConfig::from_config(Arc::new(tls));
                tokio::spawn(files.follow(config.clone()));
                let server = axum_server::from_tcp_rustls(listener, config)?;
                limited(server).handle(handle).serve(router).await?;
            }
        }
        anyhow::Ok(())
    })?;
    store.checkpoint_keep(&crate::site::context("serve"))?;
    Ok(ExitCode::SUCCESS)
}

/// How long a client may take to send the head of a request, and be silent before it.
const HEAD_SECONDS_MAX: Duration = Duration::from_secs(60);
/// Letters that the head of a request may have: addresses and cookies of ours are short.
const HEAD_BYTES_MAX: usize = 64 << 10;
/// Requests of one connection that are answered together.
const STREAMS_MAX: u32 = 128;

/// A server that nobody holds up by sending slowly, or much.
fn limited<A>(mut server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    let http = server.http_builder();
    http.http1().header_read_timeout(HEAD_SECONDS_MAX).max_buf_size(HEAD_BYTES_MAX);
    http.http2()
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEAD_BYTES_MAX as u32)
        .keep_alive_interval(HEAD_SECONDS_MAX);
    server.first_request_timeout(HEAD_SECONDS_MAX)
}

/// Seconds after the start, and then between two looks, at which background work is done.
const BACKGROUND_SECONDS: u64 = 5;

/// Does background work while the server is up.
async fn background(store: Arc<Store>, reader: ReadText) {
    loop {
        tokio::time::sleep(Duration::from_secs(BACKGROUND_SECONDS)).await;
        while tick(store.clone(), reader.clone()).await {}
    }
}

/// Does the next piece of background work; whether there was any.
async fn tick(store: Arc<Store>, reader: ReadText) -> bool {
    let context = crate::site::context("background");
    let tick = move || app::background::tick(&store, &context, &reader);
    match tokio::task::spawn_blocking(tick).await {
        Ok(Ok(was_some)) => was_some,
        Ok(Err(error)) => {
            tracing::error!(%error, "background work failed");
            false
        }
        Err(_) => false,
    }
}

async fn stop_on_signal(handle: axum_server::Handle<SocketAddr>) {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
            handle.graceful_shutdown(Some(Duration::from_secs(5)));
            return;
        }
    }
    let _ = interrupted.await;
    handle.graceful_shutdown(Some(Duration::from_secs(5)));
}
