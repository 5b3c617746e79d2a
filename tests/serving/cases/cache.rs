//! The cache on disk: damaged by a crash, a full disk, or a hand, it is not served.

use std::fs;

use serde_json::json;

use crate::{
    program::{Api, get},
    project::{Project, onnx, rows},
};

/// What a crash or a hand does to the ONNX file and to `current.json`.
type Damage<'d> = &'d dyn Fn(&mut Vec<u8>, &mut Vec<u8>);

/// A cache with version 1, damaged.
fn after(project: &Project, registry: &str, damage: Damage<'_>) -> String {
    let cache = project.text("cache");
    let _ = fs::remove_dir_all(&cache);
    drop(project.serve(registry, &["--cache", &cache]).ready());
    let current = format!("{cache}/current.json");
    let folder = fs::read_dir(&cache).unwrap().flatten().find(|entry| entry.path().is_dir()).unwrap().path();
    let (mut model, mut json) = (fs::read(folder.join("model.onnx")).unwrap(), fs::read(&current).unwrap());
    damage(&mut model, &mut json);
    fs::write(folder.join("model.onnx"), model).unwrap();
    fs::write(&current, json).unwrap();
    cache
}

#[test]
fn a_damaged_cache_is_not_served_but_the_registrys_version_is() {
    let project = Project::new();
    let registry = project.registry();
    project.train(&registry, 0);
    let other = Project::new();
    other.train(&other.registry(), 1);
    let other = onnx(&other.registry(), "1");
    let damages: [Damage<'_>; 4] = [
        &|model, _| model.truncate(100),
        // Whole, but not what was kept.
        &|model, _| *model = other.to_vec(),
        &|_, current| current.truncate(40),
        &|_, current| current.clear(),
    ];
    for damage in damages {
        let cache = after(&project, &registry, damage);
        // Without its registry there is nothing to serve.
        fs::rename(&registry, project.path("away")).unwrap();
        let waiting = project.serve(&registry, &["--cache", &cache]);
        waiting.until("a look at the registry", |api| api.logged("the registry does not answer as it should") == 1);
        assert_eq!(get(&waiting.url("/ready")).0, 503);
        assert_eq!(waiting.logged("the cached version is not served"), 1, "{}", waiting.log());
        drop(waiting);
        assert!(!project.path("registry").exists(), "who reads makes no registry");
        fs::rename(project.path("away"), &registry).unwrap();
        // With it, it is served and kept again.
        let served = |api: &Api| api.predict(&rows()[0]).1["model_version"] == json!("1");
        let api = project.serve(&registry, &["--cache", &cache]).ready();
        assert!(served(&api) && api.logged("the cached version is not served") == 1, "{}", api.log());
        drop(api);
        let api = project.serve(&registry, &["--cache", &cache]).ready();
        assert!(served(&api) && api.logged("serving the cached version") == 1, "{}", api.log());
    }
}

#[test]
fn a_cache_that_cannot_be_written_stops_nobody() {
    let project = Project::new();
    project.train(&project.registry(), 0);
    fs::write(project.path("no folder"), "").unwrap();
    let api = project.serve(&project.registry(), &["--cache", &project.text("no folder/cache")]).ready();
    assert_eq!(api.predict(&rows()[0]).0, 200);
    assert_eq!(api.logged("could not be kept on disk"), 1, "{}", api.log());
}
