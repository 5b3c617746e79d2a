//! An S3 server of the test's own: moto, in memory, and AWS's service of tokens, which clients ask by TLS alone.

use std::{fs, net::TcpStream, path::Path, process::Command};

use tempfile::TempDir;

use crate::{Server, free_port, repository};

/// One request at a time, since moto looks and then writes, and S3 does both at once when a put has a condition.
const PROGRAM: &str = "
import io, sys, threading
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_ssl_devcert, run_simple
plain, secure, keys = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
app, pair = DomainDispatcherApplication(create_backend_app), make_ssl_devcert(keys, cn='localhost')
# AWS takes the question in the query or in the body, moto in the body.
def tokens(environ, start):
    body = environ['QUERY_STRING'].encode()
    if not body:
        return app(environ, start)
    form = {'CONTENT_TYPE': 'application/x-www-form-urlencoded', 'CONTENT_LENGTH': str(len(body))}
    return app({**environ, **form, 'QUERY_STRING': '', 'wsgi.input': io.BytesIO(body)}, start)
threading.Thread(target=run_simple, args=('127.0.0.1', secure, tokens), kwargs={'ssl_context': pair}, daemon=True).start()
run_simple('127.0.0.1', plain, app, threaded=False)
";

/// An S3 server on loopback with one bucket.
pub struct S3 {
    server: Option<Server>,
    folder: TempDir,
    port: u16,
    tokens: u16,
}

impl S3 {
    /// Starts the server and makes the bucket.
    pub fn start(bucket: &str) -> Self {
        let python = repository().join("target/tools/s3/bin/python");
        assert!(python.is_file(), "moto is missing: run `cargo xtask tools`");
        let (folder, port, tokens) = (tempfile::tempdir().expect("a folder"), free_port(), free_port());
        let program = folder.path().join("s3.py");
        fs::write(&program, PROGRAM).expect("a program");
        let log = folder.path().join("log");
        let mut command = Command::new(python);
        command.arg(&program).args([port, tokens].map(|port| port.to_string())).arg(folder.path().join("keys"));
        command.current_dir(folder.path());
        let mut server = Server::start(&mut command, &log);
        let url = format!("http://127.0.0.1:{port}/{bucket}");
        server.wait("moto", &log, 60, || ureq::put(&url).send_empty().is_ok());
        server.wait("moto's tokens", &log, 60, || TcpStream::connect(("127.0.0.1", tokens)).is_ok());
        Self { server: Some(server), folder, port, tokens }
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

    /// The same for clients without keys, as workload identity gives them to pods: a role, and a token in a file.
    pub fn identity(&self) -> [(&'static str, String); 6] {
        let token = self.folder.path().join("token");
        fs::write(&token, "a projected token").expect("a token");
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let [endpoint, .., region] = self.variables();
        [
            endpoint,
            region,
            ("AWS_ENDPOINT_URL_STS", format!("https://localhost:{}", self.tokens)),
            ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/models".to_owned()),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", text(&token)),
            ("SSL_CERT_FILE", text(&self.folder.path().join("keys.crt"))),
        ]
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it said.
    pub fn log(&self) -> String {
        fs::read_to_string(Path::join(self.folder.path(), "log")).unwrap_or_default()
    }
}
