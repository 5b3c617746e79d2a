//! Google Cloud Storage as pods get to it: by the metadata server of their node (workload identity), or by a mounted key file.
//! Nobody's storage is asked: a server here notes who asks, and has nothing.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
    thread,
};

use registry::{Credentials, Registry};
use servers::{repository, run};

const TOKEN: &str = r#"{"access_token": "t0ken-of-the-node", "expires_in": 3600, "token_type": "Bearer"}"#;

/// Metadata server and storage at once.
pub struct Google {
    port: u16,
    /// The line of each request, and who asked by which token.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Google {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, asked) = (listener.local_addr().unwrap().port(), Arc::<Mutex<Vec<String>>>::default());
        let noted = asked.clone();
        thread::spawn(move || listener.incoming().flatten().try_for_each(|stream| answer(stream, &noted)));
        Self { port, asked }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Runs the test below as a process of its own, with these variables; gives back what it said.
    fn client(&self, variables: &[(&str, &str)]) -> String {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "gcs::champion_inside", "--include-ignored", "--nocapture"]);
        command.env("GOOGLE_BASE_URL", self.url()).env("GOOGLE_ALLOW_HTTP", "true");
        let done = run(command.env("HOME", "/nowhere").envs(variables.iter().copied()));
        String::from_utf8_lossy(&done.stdout).into_owned()
    }

    /// What was asked since this was asked.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

fn answer(mut stream: TcpStream, asked: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let lines: Vec<String> = lines.collect();
    let header = |name: &str| {
        let value = |line: &String| line.to_lowercase().starts_with(name).then(|| line[name.len()..].trim().to_owned());
        lines.iter().find_map(value).unwrap_or_default()
    };
    let line = lines.first().cloned().unwrap_or_default();
    let token = line.contains("/computeMetadata/v1/") && header("metadata-flavor:") == "Google";
    let (status, body) = if token { ("200 OK", TOKEN) } else { ("404 Not Found", "") };
    asked.lock().unwrap().push(format!("{line} {}", header("authorization:")));
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

#[test]
#[ignore = "the tests below run it with the variables it needs"]
fn champion_inside() {
    let location = "gs://models/team".parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let registry = Registry::open(&location, &Credentials::default());
    let champion = match registry {
        Ok(registry) => runtime.block_on(registry.aliased("iris", "champion")),
        Err(error) => Err(error),
    };
    match champion {
        Ok(champion) => println!("champion: {}", champion.is_some()),
        Err(error) => println!("error: {error}"),
    }
}

#[test]
fn the_node_tells_a_token() {
    let google = Google::start();
    let said = google.client(&[("GCE_METADATA_HOST", &format!("127.0.0.1:{}", google.port))]);
    assert!(said.contains("champion: false"), "{said}");
    let asked = google.asked();
    assert!(asked[0].starts_with("GET /computeMetadata/v1/instance/service-accounts/default/token?"), "{asked:?}");
    let (object, token) = ("GET /models/team%2Firis%2Faliases%2Fchampion%2Ejson ", "Bearer t0ken-of-the-node");
    assert!(asked[1].starts_with(object) && asked[1].ends_with(token), "{asked:?}");
}

/// Writes a key file as Google's console gives it to people.
pub fn private_key(path: &Path, kind: &str) {
    let script = "from cryptography.hazmat.primitives import serialization as s\n\
        from cryptography.hazmat.primitives.asymmetric import rsa\n\
        key = rsa.generate_private_key(65537, 2048)\n\
        print(key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()).decode())";
    let made = run(Command::new(repository().join("target/tools/s3/bin/python")).args(["-c", script]));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let key = serde_json::json!({"type": kind, "client_email": "models@project.iam.gserviceaccount.com",
        "private_key_id": "1", "private_key": String::from_utf8_lossy(&made.stdout)});
    fs::write(path, key.to_string()).unwrap();
}

#[test]
fn a_key_file_signs() {
    let (google, folder) = (Google::start(), tempfile::tempdir().unwrap());
    let file = |name: &str, kind: &str| {
        let path = folder.path().join(name);
        private_key(&path, kind);
        path.to_string_lossy().into_owned()
    };
    let key = file("key.json", "service_account");
    let said = google.client(&[("GOOGLE_APPLICATION_CREDENTIALS", &key)]);
    let asked = google.asked();
    assert!(said.contains("champion: false") && asked.len() == 1, "{said}\n{asked:?}");
    // A token that it signed itself, in three parts: nobody was asked for one.
    let token = asked[0].rsplit("Bearer ").next().unwrap();
    assert_eq!(token.split('.').count(), 3, "{asked:?}");

    for (path, words) in [
        (file("other.json", "external_account"), "external_account"),
        (folder.path().join("gone").to_string_lossy().into_owned(), "gone"),
    ] {
        let said = google.client(&[("GOOGLE_APPLICATION_CREDENTIALS", &path)]);
        assert!(said.contains("error: gs://models/team cannot be opened") && said.contains(words), "{said}");
        assert!(said.contains("hint: ") && !said.contains("PRIVATE KEY"), "{said}");
    }
}
