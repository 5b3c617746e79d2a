//! What no image is made of.

use std::fs;

use crate::project::Project;

fn refused(project: &Project, arguments: &[&str], code: i32, says: &str) {
    let output = project.run(arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(says), "{said}");
    assert!(output.stdout.is_empty());
    assert!(!project.path("target/image/serving.tar").exists());
}

#[test]
fn a_program_that_would_not_start_is_refused() {
    let project = Project::new();
    // The test itself needs the C library's loader.
    let dynamic = std::env::current_exe().expect("a path");
    refused(&project, &["--binary", dynamic.to_str().expect("text")], 1, "is linked dynamically");
    fs::write(project.path("text"), "#!/bin/sh\n").expect("a file");
    refused(&project, &["--binary", "text"], 1, "is no ELF program");
    refused(&project, &["--binary", "missing"], 1, "cannot read missing");
    let mut foreign = fs::read(dynamic).expect("a program");
    foreign[18] = 0xf3;
    fs::write(project.path("foreign"), foreign).expect("a file");
    refused(&project, &["--binary", "foreign"], 1, "for another machine");
}

#[test]
fn a_root_that_is_in_use_is_left_alone() {
    let project = Project::new();
    refused(&project, &["--root", "src"], 1, "src is not empty");
    assert!(!project.path("src/etc").exists());
}

#[test]
fn a_program_that_does_not_compile_makes_no_image() {
    let project = Project::new();
    fs::write(project.path("src/main.rs"), "fn main() { mistake }").expect("a file");
    refused(&project, &[], 1, "cargo build failed");
}

#[test]
fn usage_that_is_wrong_is_told_apart() {
    let project = Project::new();
    refused(&project, &["--tag", "serving"], 2, "write a name and a tag");
    refused(&project, &["--root", "root", "--tag", "serving:v1"], 2, "cannot be used with");
}
