//! What is not worth a line of Rust: another model is a file and a line, another environment is a file.

use std::fs;

use crate::commands::{mlstack, project};

#[test]
fn a_fourth_model_is_a_file_and_a_line() {
    let project = project();
    let path = |name: &str| project.path().join(name);
    let iris = fs::read_to_string(path("models/iris.yaml")).expect("the model");
    fs::write(path("models/flowers.yaml"), iris.replace("model: iris-model", "model: flowers-model")).expect("a model");
    let local = fs::read_to_string(path("environments/local.yaml")).expect("local");
    fs::write(path("environments/local.yaml"), local.replacen("models:\n", "models:\n  - name: flowers\n", 1))
        .expect("local");

    let built = mlstack(project.path(), &["build"]);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let read = |file: &str| fs::read_to_string(path("out/local").join(file)).expect("a file");
    for kind in ["kind: Job", "kind: ServiceAccount", "kind: NetworkPolicy", "name: flowers-data"] {
        assert!(read("030-flowers-training.yaml").contains(kind), "{kind}");
    }
    for kind in ["kind: Deployment", "kind: Service", "kind: PodDisruptionBudget", "kind: NetworkPolicy"] {
        assert!(read("040-flowers-api.yaml").contains(kind), "{kind}");
    }
    assert!(read("050-ui.yaml").contains("API_URL_FLOWERS"), "the page knows it");
}

#[test]
fn a_fourth_environment_is_a_file() {
    let project = project();
    let folder = project.path().join("environments");
    let local = fs::read_to_string(folder.join("local.yaml")).expect("local");
    fs::write(folder.join("demo.yaml"), local.replace("namespace: mlops\n", "namespace: demo\n"))
        .expect("an environment");
    assert!(mlstack(project.path(), &["build"]).status.success());
    let files = |name: &str| {
        let folder = fs::read_dir(project.path().join("out").join(name)).expect("a folder").flatten();
        folder
            .map(|file| file.file_name().to_string_lossy().replace("mlops", "demo"))
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(files("demo"), files("local"));
}
