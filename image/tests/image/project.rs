//! A workspace with a program `serving`, in a folder and a repository of its own.

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

/// Says where its generated source was; and has the path of this source in its panic message.
const SOURCE: &str = r#"include!(concat!(env!("OUT_DIR"), "/made.rs"));
fn main() { std::env::args().nth(1).expect("an argument"); println!("{:?}", made()); }
"#;
/// As a C compiler does, this asks for the time of the build.
const SCRIPT: &str = r#"fn main() {
    let time = std::env::var("SOURCE_DATE_EPOCH").unwrap_or_else(|_| format!("{:?}", std::time::SystemTime::now()));
    let made = format!("fn made() -> (&'static str, &'static str) {{ (file!(), {time:?}) }}");
    std::fs::write(std::env::var("OUT_DIR").unwrap() + "/made.rs", made).unwrap();
}
"#;
const MANIFEST: &str =
    "[package]\nname = \"serving\"\ndescription = \"A program\"\nversion = \"0.1.0\"\nedition = \"2024\"\n
[profile.image]\ninherits = \"release\"\n";
const LOCK: &str = "version = 4\n\n[[package]]\nname = \"serving\"\nversion = \"0.1.0\"\n";

pub struct Project(TempDir);

impl Project {
    /// A project with one commit, always the same.
    pub fn new() -> Self {
        let project = Self(tempfile::tempdir().expect("a folder"));
        for folder in ["src", "image"] {
            fs::create_dir(project.path(folder)).expect("a folder");
        }
        for (path, text) in [
            ("Cargo.toml", MANIFEST),
            ("Cargo.lock", LOCK),
            ("src/main.rs", SOURCE),
            ("build.rs", SCRIPT),
            ("image/unwind.ld", include_str!("../../unwind.ld")),
            (".gitignore", "/target\n/root\n"),
        ] {
            fs::write(project.path(path), text).expect("a file");
        }
        project.git(&["init", "--quiet", "--initial-branch", "main"]);
        project.git(&["add", "."]);
        project.git(&["commit", "--quiet", "--message", "all: a program"]);
        project
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Git, with nothing of the user's own configuration.
    pub fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]).args(arguments);
        git.env("GIT_AUTHOR_DATE", "2026-01-02T03:04:05+02:00").env("GIT_COMMITTER_DATE", "2026-01-02T03:04:05+02:00");
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        let status = git.current_dir(self.0.path()).status().expect("git runs");
        assert!(status.success(), "{git:?}");
    }

    /// Runs the program under test in the project, with its target folder where cargo has it.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().expect("it runs")
    }

    /// The program under test, on a machine in another time zone.
    pub fn command(&self) -> Command {
        let mut image = Command::new(env!("CARGO_BIN_EXE_image"));
        image.current_dir(self.0.path()).env_remove("CARGO_TARGET_DIR").env("TZ", "JST-9");
        // Temporary folders may stand in somebody's repository.
        image.env("GIT_CEILING_DIRECTORIES", std::env::temp_dir());
        image
    }

    /// Runs it, and gives back what it printed.
    pub fn image(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }
}

/// An entry of a tar.
#[derive(Debug, PartialEq)]
pub struct Entry {
    pub mode: u32,
    pub owner: (u64, u64),
    pub time: u64,
    pub content: Vec<u8>,
}

/// The entries of a tar by their paths, in which each must come after the one before it.
pub fn entries(tar: &[u8]) -> BTreeMap<String, Entry> {
    let mut entries = BTreeMap::new();
    for entry in tar::Archive::new(tar).entries().expect("a tar") {
        let mut entry = entry.expect("an entry");
        let path = String::from_utf8(entry.path_bytes().into_owned()).expect("text");
        assert!(entries.last_key_value().is_none_or(|(before, _)| *before < path), "{path} is not in its place");
        assert!(entry.header().as_ustar().is_some(), "{path}");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("content");
        let header = entry.header();
        let owner = (header.uid().expect("a number"), header.gid().expect("a number"));
        let (mode, time) = (header.mode().expect("a mode"), header.mtime().expect("a time"));
        entries.insert(path, Entry { mode, owner, time, content });
    }
    entries
}

/// The image's tar.
pub fn tar(project: &Project) -> Vec<u8> {
    fs::read(project.path("target/image/serving.tar")).expect("a tar")
}

pub fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

/// Whether a text stands anywhere in the bytes.
pub fn holds(bytes: &[u8], text: &Path) -> bool {
    let text = text.as_os_str().as_encoded_bytes();
    bytes.windows(text.len()).any(|window| window == text)
}

/// The content that a descriptor names, after its size and digest.
pub fn blob<'e>(files: &'e BTreeMap<String, Entry>, descriptor: &Value) -> &'e [u8] {
    let hex = descriptor["digest"].as_str().and_then(|digest| digest.strip_prefix("sha256:")).expect("a digest");
    let content = &files[&format!("blobs/sha256/{hex}")].content;
    assert_eq!(descriptor["size"], content.len());
    content
}

/// The configuration of an image.
pub fn configuration(tar: &[u8]) -> Value {
    let files = entries(tar);
    let manifest = json(blob(&files, &json(&files["index.json"].content)["manifests"][0]));
    json(blob(&files, &manifest["config"]))
}
