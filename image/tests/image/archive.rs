//! What is in the tar, and that everything in it agrees.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::project::{Project, blob, entries, json, tar};

#[test]
fn every_part_names_the_next_by_its_digest() {
    let project = Project::new();
    project.git(&["remote", "add", "origin", "https://robot:token@github.com/team/stack.git"]);
    let printed = project.image(&["--tag", "team/serving:v2"]);
    let files = entries(&tar(&project));

    for (path, entry) in &files {
        assert_eq!((entry.mode, entry.owner, entry.time), (0o644, (0, 0), 0), "{path}");
        if let Some(name) = path.strip_prefix("blobs/sha256/") {
            assert_eq!(name, hex::encode(Sha256::digest(&entry.content)), "{path}");
        }
    }
    assert_eq!(files.len(), 6, "{:?}", files.keys());
    assert_eq!(json(&files["oci-layout"].content), json!({"imageLayoutVersion": "1.0.0"}));

    let index = json(&files["index.json"].content);
    let described = &index["manifests"][0];
    assert_eq!(described["annotations"]["io.containerd.image.name"], "docker.io/team/serving:v2");
    assert_eq!(described["annotations"]["org.opencontainers.image.ref.name"], "v2");
    assert_eq!(printed, format!("team/serving:v2 {}\n", described["digest"].as_str().expect("a digest")));

    let manifest = json(blob(&files, described));
    let configuration = json(blob(&files, &manifest["config"]));
    let layer = blob(&files, &manifest["layers"][0]);
    assert_eq!(configuration["rootfs"]["diff_ids"], json!([manifest["layers"][0]["digest"]]));
    assert_eq!(manifest["layers"].as_array().map(Vec::len), configuration["history"].as_array().map(Vec::len));

    let path =
        |descriptor: &Value| descriptor["digest"].as_str().map(|digest| format!("blobs/{}", digest.replace(':', "/")));
    let docker = json!([{
        "Config": path(&manifest["config"]),
        "RepoTags": ["team/serving:v2"],
        "Layers": [path(&manifest["layers"][0])],
    }]);
    assert_eq!(json(&files["manifest.json"].content), docker);

    let config = &configuration["config"];
    assert_eq!(configuration["created"], "2026-01-02T01:04:05Z");
    assert_eq!(configuration["os"], "linux");
    assert_eq!(config["User"], "65532:65532");
    assert_eq!(config["Entrypoint"], json!(["/serving"]));
    let revision =
        format!("IMAGE_REVISION={}", config["Labels"]["org.opencontainers.image.revision"].as_str().expect("one"));
    assert_eq!(config["Env"], json!([revision, "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"]));
    assert_eq!(config["ExposedPorts"], json!({"8000/tcp": {}, "8501/tcp": {}}));
    assert_eq!(config["WorkingDir"], "/");
    let mut labels = config["Labels"].clone();
    let revision = labels["org.opencontainers.image.revision"].take();
    assert!(revision.as_str().is_some_and(|text| text.len() == 40 && text.chars().all(|c| c.is_ascii_hexdigit())));
    let wanted = json!({
        "org.opencontainers.image.description": "A program",
        "org.opencontainers.image.revision": null,
        "org.opencontainers.image.source": "https://github.com/team/stack.git",
        "org.opencontainers.image.title": "serving",
        "org.opencontainers.image.version": "0.1.0",
    });
    assert_eq!(labels, wanted);

    the_layer_is_a_whole_root(layer);
}

fn the_layer_is_a_whole_root(layer: &[u8]) {
    let files = entries(layer);
    let modes: Vec<_> = files.iter().map(|(path, entry)| (path.as_str(), entry.mode)).collect();
    let wanted = [
        ("etc", 0o755),
        ("etc/group", 0o644),
        ("etc/passwd", 0o644),
        ("etc/ssl", 0o755),
        ("etc/ssl/certs", 0o755),
        ("etc/ssl/certs/ca-certificates.crt", 0o644),
        ("serving", 0o755),
        ("tmp", 0o1777),
    ];
    assert_eq!(modes, wanted);
    assert!(files.values().all(|entry| entry.owner == (0, 0) && entry.time == 0));
    let text = |path: &str| String::from_utf8(files[path].content.clone()).expect("text");
    assert!(text("etc/passwd").contains("nonroot:x:65532:65532:"));
    let authorities = text("etc/ssl/certs/ca-certificates.crt");
    assert!(authorities.matches("-----BEGIN CERTIFICATE-----\n").count() > 100);
    assert!(files["serving"].content.starts_with(b"\x7fELF"));
}

#[test]
fn a_folder_of_the_root_holds_what_the_layer_holds() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    project.image(&[]);
    project.image(&["--root", "root"]);
    let files = entries(&tar(&project));
    let layer = files.iter().max_by_key(|(_, entry)| entry.content.len()).expect("a layer").1;
    let layer = entries(&layer.content);
    for (path, entry) in &layer {
        let path = project.path("root").join(path);
        assert_eq!(path.metadata().expect("a file").permissions().mode() & 0o7777, entry.mode, "{}", path.display());
        if path.is_file() {
            assert_eq!(std::fs::read(&path).expect("a file"), entry.content, "{}", path.display());
        }
    }
    // And it starts: a program that was linked with everything it needs does so outside of the image as well.
    let mut program = std::process::Command::new(project.path("root/serving"));
    let said = String::from_utf8(program.arg("x").output().expect("it runs").stdout).expect("text");
    assert!(said.starts_with("(\"/workspace/target/") && said.ends_with("/made.rs\", \"0\")\n"), "{said}");
}
