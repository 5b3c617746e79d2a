//! kubeseal, with the controller's private key: what `mlstack seal` encrypts, the controller decrypts, and the
//! other way round the build takes what kubeseal encrypts.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{manifests, repository};

use crate::tools::{run, stdout, tool};

/// Values as people have them: short, long, of several lines, with letters of all kinds.
fn values() -> BTreeMap<&'static str, String> {
    let key = "{\n  \"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMIIE\\n\"\n}\n".to_owned();
    [("MLFLOW_PASSWORD", "x".into()), ("POSTGRES_PASSWORD", key), ("PREDICTIONS_PASSWORD", "pâté 🦀 ".repeat(2000))]
        .into()
}

/// A project of one environment whose Secrets are sealed, and a controller's key and certificate.
fn project() -> TempDir {
    let project = tempfile::tempdir().expect("a folder");
    let at = project.path();
    for (from, to) in [
        ("tests/environments/minimal.yaml", "environments/local.yaml"),
        ("models/diabetes.yaml", "models/diabetes.yaml"),
    ] {
        let text = fs::read_to_string(repository().join(from)).expect("a file");
        fs::create_dir_all(at.join(to).parent().expect("a folder")).expect("a folder");
        fs::write(at.join(to), text.replace("secrets: {type: Generated}", "secrets: {type: Sealed}")).expect("a file");
    }
    let mut openssl = Command::new(tool("openssl"));
    openssl.args(["req", "-x509", "-newkey", "rsa:4096", "-nodes", "-days", "2", "-subj", "/O=sealed-secret"]);
    openssl.args(["-keyout", "controller.key", "-out", "controller.pem"]).current_dir(at);
    assert!(run(&mut openssl).status.success());
    project
}

fn mlstack(project: &Path, arguments: &[&str], stdin: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlstack-under-test"));
    let done = piped(command.args(arguments).current_dir(project), stdin);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn piped(command: &mut Command, stdin: &str) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    child.stdin.take().expect("stdin").write_all(stdin.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn seal(project: &Path) {
    let given = json!({"postgres": values()}).to_string();
    mlstack(project, &["seal", "local", "--certificate", "controller.pem", "--from", "-"], &given);
}

/// The one `SealedSecret` of what the environment compiles to.
fn sealed_secret(project: &Path) -> Value {
    mlstack(project, &["build"], "");
    let text = fs::read_to_string(project.join("out/local/001-secrets-mlops.yaml")).expect("the Secrets");
    let objects = manifests::objects([&text]);
    assert_eq!(objects.iter().map(manifests::identity).collect::<Vec<_>>(), [("SealedSecret", "mlops", "postgres")]);
    serde_json::to_value(&objects[0]).expect("JSON")
}

/// What the controller makes of it: the Secret, or why not.
fn unsealed(project: &Path, object: &Value) -> Result<Value, String> {
    let mut kubeseal = Command::new(tool("kubeseal"));
    kubeseal.args(["--recovery-unseal", "--recovery-private-key", "controller.key"]).current_dir(project);
    let done = piped(&mut kubeseal, &object.to_string());
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned());
    }
    Ok(serde_json::from_str(&stdout(&done)).expect("kubeseal prints JSON"))
}

/// The values of a Secret.
fn data(secret: &Value) -> BTreeMap<String, String> {
    let decoded = |text: &Value| {
        let mut base64 = Command::new("base64");
        stdout(&piped(base64.arg("--decode"), text.as_str().expect("text")))
    };
    secret["data"].as_object().expect("data").iter().map(|(key, text)| (key.clone(), decoded(text))).collect()
}

#[test]
fn the_controller_makes_the_secret_that_was_meant() {
    let project = project();
    seal(project.path());
    let secret = unsealed(project.path(), &sealed_secret(project.path())).expect("it decrypts");
    let mut wanted: BTreeMap<String, String> =
        values().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    wanted.extend(
        [("MLFLOW_USER", "mlflow"), ("PREDICTIONS_USER", "predictions")].map(|(a, b)| (a.to_owned(), b.to_owned())),
    );
    assert_eq!(data(&secret), wanted);
    assert_eq!((&secret["kind"], &secret["type"]), (&json!("Secret"), &json!("Opaque")));
    let labels = json!({
        "app.kubernetes.io/managed-by": "mlstack", "app.kubernetes.io/name": "postgres", "app.kubernetes.io/part-of": "mlstack",
    });
    assert_eq!(secret["metadata"]["labels"], labels);
}

#[test]
fn a_ciphertext_is_bound_to_its_namespace_and_secret() {
    let project = project();
    seal(project.path());
    let good = sealed_secret(project.path());
    unsealed(project.path(), &good).expect("it decrypts where it belongs");
    for (what, other) in [("namespace", "elsewhere"), ("name", "another")] {
        let mut moved = good.clone();
        moved["metadata"][what] = json!(other);
        let why = unsealed(project.path(), &moved).expect_err("it is for another Secret");
        assert!(why.contains("no key could decrypt secret"), "{why}");
    }
}

#[test]
fn what_kubeseal_encrypts_the_build_takes() {
    let project = project();
    let at = project.path();
    let raw = |value: &str| {
        let mut kubeseal = Command::new(tool("kubeseal"));
        kubeseal.args(["--raw", "--cert", "controller.pem", "--namespace", "mlops", "--name", "postgres"]);
        stdout(&piped(kubeseal.args(["--from-file", "/dev/stdin"]).current_dir(at), value))
    };
    let lines = values().iter().fold(String::new(), |all, (key, value)| format!("{all}    {key}: {}\n", raw(value)));
    fs::create_dir_all(at.join("environments/sealed")).expect("a folder");
    fs::write(at.join("environments/sealed/local.yaml"), format!("mlops:\n  postgres:\n{lines}")).expect("a file");
    let decrypted = data(&unsealed(at, &sealed_secret(at)).expect("it decrypts"));
    for (key, value) in values() {
        assert_eq!(decrypted[key], value);
    }
    // And beside what kubeseal sealed, mlstack seals anew.
    mlstack(
        at,
        &["seal", "local", "--certificate", "controller.pem", "--generate", "--rotate", "postgres/MLFLOW_PASSWORD"],
        "",
    );
    let rotated = data(&unsealed(at, &sealed_secret(at)).expect("it decrypts"));
    let changed: Vec<_> = rotated.keys().filter(|key| rotated[*key] != decrypted[*key]).collect();
    assert_eq!(changed, ["MLFLOW_PASSWORD"]);
    assert_eq!(rotated["MLFLOW_PASSWORD"].len(), 48);
}
