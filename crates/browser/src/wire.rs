//! JSON over HTTP/1.1 to a driver on this machine: a connection a request, nothing else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Longer than any page load or script that a test should need.
const ANSWER_SECONDS_MAX: u64 = 60;

/// Sends a request and returns the answer's `value`. An error of the driver is an error here.
pub fn request(address: &str, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
    let answer = exchange(address, method, path, body)
        .with_context(|| format!("the browser driver at {address} did not answer {path}"))?;
    let value = answer.get("value").cloned().unwrap_or(Value::Null);
    if let Some(error) = value.get("error").and_then(Value::as_str) {
        let message = value.get("message").and_then(Value::as_str).unwrap_or_default();
        // What follows the first line is the driver's stack.
        bail!("{error}: {}", message.lines().next().unwrap_or_default());
    }
    Ok(value)
}

fn exchange(address: &str, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(ANSWER_SECONDS_MAX)))?;
    stream.set_nodelay(true)?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut length = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            bail!("the connection was closed");
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = Some(value.trim().parse()?);
        }
    }
    let mut bytes = Vec::new();
    match length {
        Some(length) => {
            bytes.resize(length, 0);
            reader.read_exact(&mut bytes)?;
        }
        None => drop(reader.read_to_end(&mut bytes)?),
    }
    Ok(serde_json::from_slice(&bytes)?)
}
