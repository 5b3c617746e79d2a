//! The same sources give the same bytes, wherever and whenever they are compiled.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use crate::commands::{copy, project};

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            files.extend(tree(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
    files
}

#[test]
fn place_language_time_zone_and_home_change_nothing() {
    let build = |language: &str, zone: &str, depth: &str| {
        let outside = tempfile::tempdir().expect("a folder");
        let inside = outside.path().join(depth);
        copy(project().path(), &inside);
        let done = Command::new(env!("CARGO_BIN_EXE_mlstack-under-test"))
            .arg("build")
            .current_dir(inside.join("models"))
            .env_clear()
            .envs([
                ("LANG", language),
                ("LC_ALL", language),
                ("TZ", zone),
                ("HOME", outside.path().to_str().expect("a path")),
            ])
            .status();
        assert!(done.expect("mlstack runs").success());
        (tree(&inside.join("out")), tree(&inside.join("images")))
    };
    let (one, other) = (build("C", "UTC", "a"), build("tr_TR.UTF-8", "Asia/Kathmandu", "b/deeper/é and blank"));
    assert!(one.0.len() > 5 && !one.1.is_empty());
    assert_eq!(one, other);
}
