//! The image: it starts in an empty root, other people's readers understand it, and nothing of this machine is in it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use servers::{free_port, repository, run, tool};

use crate::{
    container::Image,
    program::{Api, done, model_file, serving},
};

/// Runs a program that must succeed, and gives back what it printed.
fn printed(command: &mut Command) -> String {
    let done = run(command);
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{command:?}\n{out}{err}");
    out.into_owned()
}

/// The tests below would show nothing if the container were not as closed as a pod.
#[test]
fn the_container_is_what_a_restricted_pod_is() {
    let given = tempfile::tempdir().expect("a folder");
    let seen = printed(
        &mut Image::probe().container(&["one", "two"], &[(Path::new("/proc"), "/proc"), (given.path(), "/given")]),
    );
    for line in [
        r#"arguments ["one", "two"]"#,
        r#"folder "/""#,
        r#"root ["etc", "given", "proc", "serving", "tmp"]"#,
        "write /new Err(ReadOnlyFilesystem)",
        "write /etc/new Err(ReadOnlyFilesystem)",
        "write /serving Err(ReadOnlyFilesystem)",
        "write /tmp/new Ok(())",
        "write /given/new Err(PermissionDenied)",
        "owner (65532, 65532)",
        "Groups:\t ",
        "CapInh:\t0000000000000000",
        "CapPrm:\t0000000000000000",
        "CapEff:\t0000000000000000",
        "CapAmb:\t0000000000000000",
        "NoNewPrivs:\t1",
    ] {
        assert!(seen.lines().any(|seen| seen == line), "{line}\n{seen}");
    }
}

/// As a pod would: trained outside, served from an empty root, ended by a signal.
#[test]
fn the_program_predicts_in_the_image() {
    let image = Image::serving();
    assert!(printed(&mut image.container(&["--help"], &[])).contains("serve"));
    let (folder, models) = (tempfile::tempdir().expect("a folder"), repository().join("models"));
    let registry = folder.path().join("registry");
    done(&mut serving(&["train", "--model-file", &model_file("iris"), "--registry", &registry.to_string_lossy()]));
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let arguments = ["serve", "--model-file", "/models/iris.yaml", "--registry", "/registry", "--drain-seconds", "0"];
    let arguments = [&arguments[..], &["--listen", &listen]].concat();
    let mut command = image.container(&arguments, &[(&models, "/models"), (&registry, "/registry")]);
    let mut api = Api::run(&mut command, tempfile::tempdir().expect("a folder"), port).ready();
    let row = json!({"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2});
    let (status, answer) = api.predict(&row);
    assert_eq!((status, &answer["class"]), (200, &json!("setosa")), "{answer}");
    api.server.terminate();
    assert!(api.server.ended(10).success(), "{}", api.log());
}

#[test]
fn readers_of_both_formats_find_the_image_that_was_announced() {
    let image = Image::serving();
    let tar = image.tar.to_str().expect("text");
    printed(Command::new(tool("crane")).args(["validate", "--tarball", tar]));
    let folder = tempfile::tempdir().expect("a folder");
    let copies = ["oci-archive", "docker-archive"].map(|format| {
        let copy = folder.path().join(format);
        let mut skopeo = Command::new(tool("skopeo"));
        skopeo.args(["--insecure-policy", "copy", &format!("{format}:{tar}")]);
        printed(skopeo.arg(format!("dir:{}", copy.display())));
        fs::read(copy.join("manifest.json")).expect("a manifest")
    });
    let manifest = folder.path().join("oci-archive/manifest.json");
    assert_eq!(image.digest, printed(Command::new(tool("skopeo")).arg("manifest-digest").arg(manifest)).trim());
    // Docker's format has no manifest of its own: skopeo makes one, of the same parts.
    let parts = |manifest: &[u8]| {
        let manifest: Value = serde_json::from_slice(manifest).expect("JSON");
        [&manifest["config"], &manifest["layers"][0]].map(|part| part["digest"].clone())
    };
    assert_eq!(parts(&copies[0]), parts(&copies[1]));
}

#[test]
fn the_bill_of_materials_is_as_its_schema_has_it() {
    let bill = Image::serving().tar.with_file_name("serving.cdx.json");
    let validate = "import sys\n\
        from cyclonedx.schema import SchemaVersion\n\
        from cyclonedx.validation.json import JsonStrictValidator\n\
        sys.exit(JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read()))";
    let python = repository().join("target/tools/sbom/bin/python");
    assert!(python.is_file(), "the validator is missing: run `cargo xtask tools`");
    printed(Command::new(python).args(["-c", validate]).arg(&bill));

    let bill: Value = serde_json::from_slice(&fs::read(bill).expect("a bill")).expect("JSON");
    let components = bill["components"].as_array().expect("a list");
    let named = |name: &str| components.iter().find(|component| component["name"] == name);
    let authorities = named("webpki-root-certs").expect("the certificate authorities");
    assert!(authorities["purl"].as_str().is_some_and(|purl| purl.starts_with("pkg:cargo/webpki-root-certs@")));
    assert_eq!(authorities["hashes"][0]["content"].as_str().map(str::len), Some(64));
    // Macros are the compiler's business.
    assert!(named("serving").is_some() && named("syn").is_none());
}

#[test]
fn nothing_of_this_machine_is_in_the_image() {
    let image = fs::read(&Image::serving().tar).expect("a tar");
    let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let cargo = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    for path in [repository(), cargo, home.join(".rustup")] {
        let text = path.as_os_str().as_encoded_bytes();
        assert!(!image.windows(text.len()).any(|window| window == text), "{}", path.display());
    }
}

#[test]
fn the_image_is_small() {
    let size = fs::metadata(&Image::serving().tar).expect("a tar").len();
    assert!(size < 12_000_000, "{size} bytes");
}
