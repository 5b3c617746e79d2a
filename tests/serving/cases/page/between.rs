//! Somebody between the page and an API, for what a sound API does not do on demand.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::Value;

use crate::program::{Api, get, post};

/// What is answered in place of the API, by path: a status and JSON.
type Says = Box<dyn FnMut(&str) -> Option<(u16, Value)> + Send>;

/// Passes on what it does not answer.
pub struct Between {
    pub url: String,
    says: Arc<Mutex<Says>>,
}

impl Between {
    pub fn of(api: &Api) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (url, api) = (format!("http://{}", listener.local_addr().unwrap()), api.url(""));
        let says: Arc<Mutex<Says>> = Arc::new(Mutex::new(Box::new(|_| None)));
        let this = Self { url, says: Arc::clone(&says) };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (api, says) = (api.clone(), Arc::clone(&says));
                // A page that gives up goes away; that is no mistake here.
                thread::spawn(move || drop(pass(stream, &api, &says)));
            }
        });
        this
    }

    /// From now on.
    pub fn says(&self, says: impl FnMut(&str) -> Option<(u16, Value)> + Send + 'static) {
        *self.says.lock().unwrap() = Box::new(says);
    }
}

fn pass(mut stream: TcpStream, api: &str, says: &Mutex<Says>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut asked, mut length) = (String::new(), 0);
    reader.read_line(&mut asked)?;
    for header in reader.by_ref().lines() {
        let header = header?.to_lowercase();
        match header.split_once(": ") {
            Some(("content-length", bytes)) => length = bytes.parse().unwrap(),
            None => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let words: Vec<&str> = asked.split(' ').collect();
    let own = says.lock().unwrap()(words[1]);
    let url = format!("{api}{}", words[1]);
    let (status, body) = match own {
        Some((status, answer)) => (status, answer.to_string()),
        None if words[0] == "GET" => get(&url),
        None => post(&url, std::str::from_utf8(&body).unwrap(), &[]),
    };
    let head = format!("HTTP/1.1 {status} x\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: {}", body.len());
    write!(stream, "{head}\r\n\r\n{body}")
}
