//! Clients, each on a connection that stays open.

use super::machine::{machine_time, percentile, process_time, thread_time};
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// What a client asks.
pub struct Asked {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// Body; empty for a read.
    pub body: String,
}

/// What came of a run.
pub struct Measured {
    /// Answers in a second.
    pub per_second: f64,
    /// Half of the answers came faster.
    pub p50: Duration,
    /// Ninety-nine of a hundred came faster.
    pub p99: Duration,
    /// Processors that the clients used.
    pub clients_cpu: f64,
    /// Processors that the server used.
    pub server_cpu: f64,
    /// Part of the machine's processor time that nobody used.
    pub idle: f64,
}

impl Measured {
    /// Processor time that the server used for one answer.
    pub fn server_time(&self) -> Duration {
        Duration::from_secs_f64(self.server_cpu / self.per_second.max(1.0))
    }
}

/// The server that is asked.
#[derive(Clone, Copy)]
pub struct Server<'a> {
    /// Where it listens.
    pub address: SocketAddr,
    /// A client's token.
    pub token: &'a str,
}

/// Lets so many clients ask for so long; `ask` makes the n-th request of a client.
pub fn run(
    server: Server<'_>,
    connections: usize,
    lasting: Duration,
    ask: &(dyn Fn(usize, usize) -> Asked + Sync),
) -> Result<Measured> {
    let (began, cpu_before, machine_before) = (Instant::now(), process_time(), machine_time());
    let done: Vec<Result<(Vec<Duration>, Duration)>> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..connections)
            .map(|client| scope.spawn(move || one(server, lasting, |n| ask(client, n))))
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap_or_else(|_| bail!("a client failed")))
            .collect()
    });
    let seconds = began.elapsed().as_secs_f64();
    let (mut times, mut clients_time) = (Vec::new(), Duration::ZERO);
    for client in done {
        let (own, cpu) = client?;
        times.extend(own);
        clients_time += cpu;
    }
    let all = (process_time() - cpu_before).as_secs_f64();
    let (used, idle) = machine_time();
    let (used, idle) = (used - machine_before.0, idle - machine_before.1);
    Ok(Measured {
        per_second: times.len() as f64 / seconds,
        p50: percentile(&mut times, 50),
        p99: percentile(&mut times, 99),
        clients_cpu: clients_time.as_secs_f64() / seconds,
        server_cpu: (all - clients_time.as_secs_f64()).max(0.0) / seconds,
        idle: idle as f64 / (used + idle).max(1) as f64,
    })
}

fn one(
    server: Server<'_>,
    lasting: Duration,
    ask: impl Fn(usize) -> Asked,
) -> Result<(Vec<Duration>, Duration)> {
    let Server { address, token } = server;
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut times, end) = (Vec::new(), Instant::now() + lasting);
    while Instant::now() < end {
        let asked = ask(times.len());
        let began = Instant::now();
        let text = format!(
            "{} {} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\naccept: \
             application/fhir+json\r\ncontent-type: application/fhir+json\r\ncontent-length: \
             {}\r\n\r\n{}",
            asked.method,
            asked.path,
            asked.body.len(),
            asked.body
        );
        stream.write_all(text.as_bytes())?;
        answer(&mut reader).with_context(|| format!("{} failed", asked.method))?;
        times.push(began.elapsed());
    }
    Ok((times, thread_time()))
}

fn answer(reader: &mut BufReader<TcpStream>) -> Result<()> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let good = line.split(' ').nth(1).is_some_and(|status| status.starts_with('2'));
    if !good {
        bail!("the server answered {}", line.trim());
    }
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink())?;
    Ok(())
}
