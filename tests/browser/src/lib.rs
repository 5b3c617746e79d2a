//! A real browser for tests: Debian's Chromium, driven by `WebDriver` on loopback, gone with the test.
//!
//! A [`Browser`] is fantoccini's client (elements, keys, scripts) with what a page test always asks beside it: how wide the window
//! is, what the page asked the network for, what it complained about, and a picture. It resolves no name, so a page that wants
//! something from elsewhere fails here as it would behind a closed door.
//!
//! Everything here panics with what the browser said: it is for tests alone.
#![allow(clippy::missing_panics_doc)]

mod axe;
mod devtools;
mod traffic;

use std::{fs, net::TcpStream, ops::Deref, path::PathBuf, process::Command};

use base64::{Engine, prelude::BASE64_STANDARD};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use servers::{Server, free_port, repository, tool};
use tempfile::TempDir;

/// A browser with one window.
pub struct Browser {
    client: Client,
    // It takes the browser along, whatever became of it; then the profile goes.
    _server: Server,
    _folder: TempDir,
}

/// Starts a browser, does `work` with it, and ends it.
pub fn browse<T>(work: impl AsyncFnOnce(&Browser) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let browser = Browser::start().await;
        let outcome = work(&browser).await;
        browser.client.clone().close().await.expect("the browser ends");
        outcome
    })
}

impl Browser {
    async fn start() -> Self {
        let (folder, port) = (tempfile::tempdir().expect("a folder"), free_port());
        let log = folder.path().join("log");
        let mut command = Command::new(tool("chromedriver"));
        command.arg(format!("--port={port}")).env("HOME", folder.path()).env("TMPDIR", folder.path());
        let mut server = Server::start(&mut command, &log);
        server.wait("chromedriver", &log, 30, || TcpStream::connect(("127.0.0.1", port)).is_ok());
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities()).connect(&format!("http://127.0.0.1:{port}")).await;
        let said = || fs::read_to_string(&log).unwrap_or_default();
        let client = client.unwrap_or_else(|error| panic!("chromedriver: {error}\n{}", said()));
        Self { client, _server: server, _folder: folder }
    }

    /// Makes the window so wide and high, in CSS pixels, also narrower than a screen's windows can be.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics).await;
    }

    /// Shows pages as on a screen that is `dark` or `light`.
    pub async fn scheme(&self, scheme: &str) {
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", &media).await;
    }

    /// What a script returns.
    pub async fn evaluate(&self, script: &str) -> Value {
        self.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Takes a picture of the whole page, also of what one would scroll to, into `target/tests/pictures/<name>.png`, for people to
    /// look at.
    pub async fn picture(&self, name: &str) -> PathBuf {
        let folder = repository().join("target/tests/pictures");
        fs::create_dir_all(&folder).expect("a folder");
        let taken = self.devtools("Page.captureScreenshot", &json!({"captureBeyondViewport": true})).await;
        let png = BASE64_STANDARD.decode(taken["data"].as_str().unwrap_or_default()).expect("a picture");
        let file = folder.join(format!("{name}.png"));
        fs::write(&file, png).expect("a file");
        file
    }
}

impl Deref for Browser {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

fn capabilities() -> Map<String, Value> {
    let arguments = json!([
        "--headless=new",
        // In a container there is no other user to become, and little shared memory.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]);
    let browser = json!({"binary": tool("chromium"), "args": arguments});
    let logs = json!({"browser": "ALL", "performance": "ALL"});
    [("goog:chromeOptions".to_owned(), browser), ("goog:loggingPrefs".to_owned(), logs)].into_iter().collect()
}
