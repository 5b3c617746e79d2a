//! Load, from a process with a core of its own.
//!
//! It looks at its connections again and again and never sleeps: a client that sleeps is woken by the server's
//! answers, which the kernel counts as the server's time, a fifth of it here, and more the faster the client is.

use std::{
    env, fs,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use super::{KEY, process::Process};

/// Connections that ask at the same time, each again as soon as it is answered.
const CONNECTIONS: usize = 16;
/// The core of the load; servers have core 0.
const CORE: &str = "1";

/// Posts the bodies of a file, a line each, in turn for so many seconds, and counts the answers.
pub fn predict(server: &Process, seconds: u32, bodies: &Path) -> Result<u32> {
    run(server, "/predict", seconds, Some(bodies))
}

/// Asks how the server is for so many seconds, and counts the answers.
pub fn health(server: &Process, seconds: u32) -> Result<u32> {
    run(server, "/health", seconds, None)
}

fn run(server: &Process, path: &str, seconds: u32, bodies: Option<&Path>) -> Result<u32> {
    let mut load = Command::new("taskset");
    load.args(["--cpu-list", CORE]).arg(env::current_exe()?);
    load.args(["load", &server.address(), path, &seconds.to_string()]).args(bodies);
    let output = load.output().context("cannot start taskset; it comes with util-linux")?;
    if !output.status.success() {
        bail!("cannot make load: {}\n\nhint: two cores are needed", String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8_lossy(&output.stdout).trim().parse().context("the load counted something that is no number")
}

/// What the process of its own does: asks for `path`, or posts the bodies of a file, and counts the answers.
///
/// # Errors
/// When an answer is anything but 200.
pub fn send(address: &str, path: &str, seconds: u32, bodies: Option<&Path>) -> Result<u32> {
    let post = |body: &str| {
        let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nX-API-Key: {KEY}\r\n");
        format!("{head}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    };
    let requests: Vec<String> = match bodies {
        Some(file) => fs::read_to_string(file)?.lines().map(post).collect(),
        None => vec![format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n")],
    };
    let mut next = requests.iter().cycle();
    let mut ask = |stream: &mut TcpStream| stream.write_all(next.next().map_or(b"", |request| request.as_bytes()));
    let mut streams = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        ask(&mut stream)?;
        streams.push((stream, Vec::new()));
    }
    let (end, mut answered) = (Instant::now() + Duration::from_secs(seconds.into()), 0);
    let mut buffer = [0; 4096];
    while Instant::now() < end {
        for (stream, answer) in &mut streams {
            match stream.read(&mut buffer) {
                Ok(0) => bail!("the server closed a connection"),
                Ok(read) => answer.extend_from_slice(&buffer[..read]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
                Err(error) => return Err(error.into()),
            }
            if whole_answer(answer)? {
                answered += 1;
                answer.clear();
                ask(stream)?;
            }
        }
    }
    Ok(answered)
}

/// Whether all of an answer has arrived.
fn whole_answer(answer: &[u8]) -> Result<bool> {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return Ok(false) };
    ensure!(head.starts_with("HTTP/1.1 200 "), "the server answered {text}");
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>())
    });
    Ok(body.len() >= length.context("an answer without a length")??)
}
