//! The bill of materials names what is linked. A judge reads it by CycloneDX's own schema, in `tests/serving/cases/`.

use std::fs;

use crate::project::{Project, json};

#[test]
fn the_bill_names_the_program_and_what_is_linked_into_it() {
    let project = Project::new();
    let printed = project.image(&[]);
    let bill = json(&fs::read(project.path("target/image/serving.cdx.json")).expect("a bill"));
    assert_eq!(bill["bomFormat"], "CycloneDX");
    assert_eq!(bill["specVersion"], "1.5");
    let digest = printed.trim().rsplit_once("sha256:").expect("a digest").1;
    assert_eq!(bill["metadata"]["component"]["hashes"][0]["content"], digest);
    let serial = bill["serialNumber"].as_str().expect("a text");
    assert_eq!(serial.strip_prefix("urn:uuid:").map(|uuid| &uuid[..8]), Some(&digest[..8]));
    assert_eq!(bill["metadata"]["timestamp"], "2026-01-02T01:04:05Z");
    let components = bill["components"].as_array().expect("a list");
    let program = components.iter().find(|component| component["name"] == "serving").expect("the program");
    assert_eq!(program["type"], "application");
    // There is another `serving` at crates.io.
    assert!(program.get("purl").is_none());
    assert!(components.iter().any(|component| component["name"] == "rust-std"));
}

#[test]
fn a_program_that_nobody_saw_built_has_no_bill() {
    let project = Project::new();
    project.image(&["--root", "root"]);
    project.image(&[]);
    assert!(project.path("target/image/serving.cdx.json").exists());
    project.image(&["--binary", "root/serving"]);
    assert!(!project.path("target/image/serving.cdx.json").exists());
}
