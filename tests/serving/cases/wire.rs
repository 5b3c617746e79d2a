//! HTTP/1.1 by hand: for requests that come in pieces, too slowly, or are none.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

use crate::program::Api;

/// A connection.
pub struct Wire {
    stream: TcpStream,
    /// Bytes of the next answer that came with the one before.
    early: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    /// A header, in small letters.
    pub fn header(&self, name: &str) -> Option<String> {
        self.head.lines().find_map(|line| Some(line.to_lowercase().strip_prefix(name)?.strip_prefix(": ")?.to_owned()))
    }

    /// The status of an answer that says in JSON what is wrong.
    pub fn refusal(&self) -> u16 {
        assert!(self.json()["error"].is_string(), "{self:?}");
        assert_eq!(self.header("content-type").as_deref(), Some("application/json"), "{self:?}");
        self.status
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A request of JSON.
pub fn post(path: &str, body: &str, headers: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
}

pub fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
}

/// The answer to one request on a connection of its own.
pub fn answer(api: &Api, request: &str) -> Answer {
    let mut wire = Wire::connect(&api.address());
    wire.send(request);
    wire.answer().unwrap_or_else(|| panic!("no answer to {}", &request[..request.len().min(300)]))
}

impl Wire {
    /// Connects; reading from it gives up after half a minute.
    pub fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, early: Vec::new() }
    }

    /// Sends bytes; whether the other side still takes them.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    /// Says that nothing more will be sent.
    pub fn finish(&self) {
        // A connection that is closed already needs no end.
        let _ = self.stream.shutdown(std::net::Shutdown::Write);
    }

    /// The next answer; nothing where the other side closed the connection instead.
    pub fn answer(&mut self) -> Option<Answer> {
        let mut read = std::mem::take(&mut self.early);
        let end = loop {
            if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.more(&mut read)?;
        };
        let head = String::from_utf8_lossy(&read[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{head}"));
        let answer = Answer { status, head, body: String::new() };
        let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        while read.len() < end + length {
            self.more(&mut read)?;
        }
        self.early = read.split_off(end + length);
        Some(Answer { body: String::from_utf8(read.split_off(end)).unwrap(), ..answer })
    }

    /// Whether the other side closes the connection without a further word.
    pub fn is_closed(&mut self) -> bool {
        self.early.is_empty() && self.more(&mut Vec::new()).is_none()
    }

    fn more(&mut self, read: &mut Vec<u8>) -> Option<()> {
        let mut buffer = [0; 1 << 14];
        match self.stream.read(&mut buffer) {
            Ok(0) => None,
            Ok(count) => {
                read.extend_from_slice(&buffer[..count]);
                Some(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => None,
            Err(error) => panic!("nothing came: {error}"),
        }
    }
}
