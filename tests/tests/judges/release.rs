//! `just release-image`, with a real registry: what it pushed is what the manifests name.

use std::{fs, net::TcpStream, path::Path, process::Command};

use servers::{Server, free_port};
use tests::repository;

use crate::{
    recipes::Place,
    tools::{run, stdout, tool},
};

/// A registry on loopback, which ends with the test.
fn registry(folder: &Path) -> (Server, String) {
    let host = format!("127.0.0.1:{}", free_port());
    let mut command = Command::new(tool("crane"));
    let log = folder.join("registry.log");
    let mut server = Server::start(command.args(["registry", "serve", "--address", &host]), &log);
    server.wait("the registry", &log, 10, || TcpStream::connect(&host).is_ok());
    (server, host)
}

/// What a program prints that must succeed.
fn in_folder(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let done = run(Command::new(program).args(arguments).current_dir(folder));
    assert!(done.status.success(), "{program} {arguments:?}\n{}", String::from_utf8_lossy(&done.stderr));
    stdout(&done).trim().to_owned()
}

#[test]
fn a_release_is_pushed_pinned_and_compiled() {
    let place = Place::new();
    let (_registry, host) = registry(place.path());
    let repository_name = format!("{host}/team/serving");
    in_folder(place.path(), "git", &["init", "--quiet"]);
    in_folder(place.path(), "git", &["add", "justfile", "environments", "models"]);
    let commit = ["-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "--message", "one"];
    in_folder(place.path(), "git", &commit);
    let commit = in_folder(place.path(), "git", &["rev-parse", "--short", "HEAD"]);

    // An image of a small program: what matters is the way of its digest.
    fs::write(place.path().join("one.rs"), "fn main() {}").expect("a program");
    let rustc = ["--edition", "2024", "-C", "target-feature=+crt-static", "-o", "one", "one.rs"];
    in_folder(place.path(), "rustc", &rustc);
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    place.program(
        "cargo",
        &format!(
            "case \"$*\" in\n\
             *'--package image -- '*) cd '{}' && exec '{cargo}' run --quiet --package image -- \
                --binary '{place}/one' --output '{place}/target/image' \"${{@:6}}\" ;;\n\
             *'--bin mlstack -- '*) exec '{}' \"${{@:8}}\" ;;\n\
             *) exit 1 ;;\nesac",
            repository().display(),
            env!("CARGO_BIN_EXE_mlstack-under-test"),
            place = place.path().display(),
        ),
    );
    place.program("crane", &format!("exec '{}' \"$@\"", tool("crane").display()));

    let done = place.just(&["release-image", "local", &repository_name]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let crane = tool("crane");
    let crane = crane.to_str().expect("text");
    let digest = in_folder(place.path(), crane, &["digest", &format!("{repository_name}:{commit}")]);
    let pinned = format!("{repository_name}@{digest}");
    let environment = fs::read_to_string(place.path().join("environments/local.yaml")).expect("local");
    let before = fs::read_to_string(repository().join("environments/local.yaml")).expect("local");
    assert_eq!(environment, before.replace("image: mlstack/serving:v1", &format!("image: {pinned}")));
    in_folder(place.path(), env!("CARGO_BIN_EXE_mlstack-under-test"), &["build"]);
    let api = fs::read_to_string(place.path().join("out/local/040-diabetes-api.yaml")).expect("the API");
    assert!(api.contains(&format!("image: {pinned}\n")), "{api}");

    // The next one goes where the last one went, and says that it holds what is in no commit.
    let done = place.just(&["release-image", "local"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let tags = in_folder(place.path(), crane, &["ls", &repository_name]);
    assert_eq!(tags.lines().collect::<Vec<_>>(), [commit.clone(), format!("{commit}-dirty")]);

    // A registry that keeps something else than it was given, and one that is not there.
    place.program("crane", "echo \"$3@sha256:00\"");
    let done = place.just(&["release-image", "local"]);
    assert!(!done.status.success() && String::from_utf8_lossy(&done.stderr).contains("was built"));
    place.program("crane", "[ $1 = version ]");
    assert!(!place.just(&["release-image", "local"]).status.success());
    assert_eq!(fs::read_to_string(place.path().join("environments/local.yaml")).expect("local"), environment);
}
