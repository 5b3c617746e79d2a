//! The same commit gives the same bytes, wherever it is.

use std::{fs, path::Path};

use crate::project::{Project, configuration, holds, tar};

fn files(project: &Project) -> (String, Vec<u8>, Vec<u8>) {
    let printed = project.image(&[]);
    (printed, tar(project), fs::read(project.path("target/image/serving.cdx.json")).expect("a bill of materials"))
}

#[test]
fn the_same_commit_gives_the_same_bytes_in_another_folder() {
    let (one, other) = (Project::new(), Project::new());
    let first = files(&one);
    assert!(first == files(&one), "twice in one folder");
    fs::remove_dir_all(one.path("target")).expect("a folder");
    assert!(first == files(&one), "built again from nothing");
    assert!(first == files(&other), "in another folder");
    let output = other.command().env("CARGO_TARGET_DIR", other.path("root")).output().expect("it runs");
    assert_eq!(first.0.as_bytes(), output.stdout, "with the target elsewhere");
    assert!(!holds(&first.1, &one.path("")) && !holds(&first.2, &one.path("")), "the folder is in the image");
}

#[test]
fn without_a_repository_the_image_names_no_commit() {
    let project = Project::new();
    fs::remove_dir_all(project.path(".git")).expect("a folder");
    let output = project.run(&[]);
    assert!(output.status.success() && String::from_utf8_lossy(&output.stderr).contains("git knows no commit"));
    let configuration = configuration(&tar(&project));
    assert_eq!(configuration["created"], "1970-01-01T00:00:00Z");
    assert!(configuration["config"]["Labels"].get("org.opencontainers.image.revision").is_none());
}

#[test]
fn a_changed_file_makes_another_image_that_says_so() {
    let project = Project::new();
    let before = project.image(&[]);
    fs::write(project.path("README.md"), "not in the commit").expect("a file");
    assert_ne!(before, project.image(&[]));
    assert!(holds(&tar(&project), Path::new("-dirty\"")));
}
