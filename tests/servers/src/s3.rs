//! An S3 server of the test's own: moto, in memory.

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

use crate::{Server, free_port, repository};

/// One request at a time, since moto looks and then writes, and S3 does both at once when a put has a condition.
const PROGRAM: &str = "
import sys
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
run_simple('127.0.0.1', int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
";

/// An S3 server on loopback with one bucket.
pub struct S3 {
    server: Option<Server>,
    folder: TempDir,
    port: u16,
}

impl S3 {
    /// Starts the server and makes the bucket.
    pub fn start(bucket: &str) -> Self {
        let python = repository().join("target/tools/s3/bin/python");
        assert!(python.is_file(), "moto is missing: run `cargo xtask tools`");
        let (folder, port) = (tempfile::tempdir().expect("a folder"), free_port());
        let program = folder.path().join("s3.py");
        fs::write(&program, PROGRAM).expect("a program");
        let log = folder.path().join("log");
        let mut command = Command::new(python);
        command.arg(&program).arg(port.to_string()).current_dir(folder.path());
        let mut server = Server::start(&mut command, &log);
        let url = format!("http://127.0.0.1:{port}/{bucket}");
        server.wait("moto", &log, 60, || ureq::put(&url).send_empty().is_ok());
        Self { server: Some(server), folder, port }
    }

    /// Ends the server; what it held is lost.
    pub fn kill(&mut self) {
        self.server = None;
    }

    /// The variables by which clients find it.
    pub fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port)),
            ("AWS_ACCESS_KEY_ID", "testing".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "testing".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
        ]
    }

    /// What it said.
    pub fn log(&self) -> String {
        fs::read_to_string(Path::join(self.folder.path(), "log")).unwrap_or_default()
    }
}
