//! A web server that serves data sets as badly as some do.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread,
};

/// Answers on loopback until the test ends.
pub struct Stub {
    port: u16,
}

impl Stub {
    /// Serves `text` at `/ok`, and what its other paths say.
    pub fn start(text: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, text) = (listener.local_addr().unwrap().port(), text.to_owned());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Who is refused half-way goes away; that is no mistake here.
                let _ = answer(stream, &text);
            }
        });
        Self { port }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

fn answer(mut stream: TcpStream, text: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let asked = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = asked.split(['?', ' ']).nth(1).unwrap_or_default();
    let whole = |status: &str, body: &str| {
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    let moved =
        |to: &str| format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let said = match path {
        "/ok" => whole("200 OK", text),
        "/moved" => moved("/ok"),
        "/loop" => moved("/loop"),
        "/away" => whole("503 Service Unavailable", "later"),
        "/page" => {
            whole("200 OK", &format!("<!DOCTYPE html><html><title>Sign in</title>{}", "<p>x, y</p>".repeat(9999)))
        }
        "/cut" => format!("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{text}"),
        "/endless" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            loop {
                stream.write_all(format!("400\r\n{}\r\n", "1".repeat(0x400)).as_bytes())?;
            }
        }
        _ => whole("404 Not Found", "no such file"),
    };
    stream.write_all(said.as_bytes())
}
