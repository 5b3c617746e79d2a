//! Kinds of other projects, judged by the projects' own schemas: `cargo xtask tools` takes them out of their Go modules.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use serde_yaml::Value;
use servers::repository;
use tests::manifests::{at, items, objects, text};

use crate::tools::files;

/// The files of the schemas (`CustomResourceDefinition`s).
pub fn schemas() -> Vec<PathBuf> {
    let folder = repository().join("target/tools/crds");
    assert!(folder.is_dir(), "the schemas of other projects' kinds are missing: run `cargo xtask tools`");
    files(&folder).into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "yaml")).collect()
}

/// `apiVersion` and `kind` of everything that the schemas define.
pub fn kinds() -> BTreeSet<(String, String)> {
    let texts: Vec<String> = schemas().iter().map(|file| fs::read_to_string(file).expect("a file")).collect();
    let definitions = objects(&texts);
    let of = |definition: &Value| {
        let (group, kind) = (text(definition, &["spec", "group"]), text(definition, &["spec", "names", "kind"]));
        let served = items(definition, &["spec", "versions"]).filter(|it| at(it, &["served"]).as_bool() == Some(true));
        served.map(|it| (format!("{group}/{}", text(it, &["name"])), kind.to_owned())).collect::<Vec<_>>()
    };
    definitions.iter().flat_map(of).collect()
}

/// The same files without the objects that the schemas define; what neither Kubernetes nor a schema knows stays in.
pub fn without(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let kinds = kinds();
    let known = |document: &&str| {
        let objects = objects([&(*document).to_owned()]);
        !objects.iter().any(|it| kinds.contains(&(text(it, &["apiVersion"]).into(), text(it, &["kind"]).into())))
    };
    let native = |text: &String| text.split("---\n").filter(known).collect::<Vec<_>>().join("---\n");
    files.iter().map(|(name, text)| (name.clone(), native(text))).collect()
}
