//! What an editor thinks of environment and model files, by the committed schemas and a validator that is
//! not ours: it accepts what the build accepts, and flags what people get wrong most.

use std::{fs, path::Path, process::Command};

use serde_json::Value;
use tests::repository;

use crate::tools::{run, tool};

/// What the validator says of a file's text; nothing if it is content.
fn told(text: &str, schema: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("document.json");
    let document: Value = serde_yaml::from_str(text).expect("YAML");
    fs::write(&file, document.to_string()).expect("a file");
    let program = "import json, sys, jsonschema\n\
                   document, schema = [json.load(open(path)) for path in sys.argv[1:]]\n\
                   jsonschema.Draft7Validator.check_schema(schema)\n\
                   print(*[error.message for error in jsonschema.Draft7Validator(schema).iter_errors(document)], sep='\\n', end='')";
    let mut python = Command::new(tool("kubernetes-validate").with_file_name("python"));
    let done = run(python.args(["-c", program]).arg(&file).arg(repository().join(schema)));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

const ENVIRONMENT: &str = "environments/environment.schema.json";
const MODEL: &str = "models/model.schema.json";

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

#[test]
fn every_file_of_ours_fits_its_schema() {
    for (folder, schema) in [("environments", ENVIRONMENT), ("tests/environments", ENVIRONMENT), ("models", MODEL)] {
        let files =
            fs::read_dir(repository().join(folder)).expect("the folder is there").flatten().map(|entry| entry.path());
        let files: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect();
        assert!(!files.is_empty(), "{folder}");
        for file in files {
            assert_eq!(told(&read(&file), schema), "", "{}", file.display());
        }
    }
}

#[test]
fn what_people_get_wrong_is_flagged_while_they_write() {
    let local = read(&repository().join("environments/local.yaml"));
    for (right, wrong) in [
        ("replicas: 2", "replica: 2"),
        ("nodePort: 30851", "nodePort: 8080"),
        ("storage: 5Gi", "storage: 5GB"),
        ("\"1.34\"", "1.34"),
        ("namespace: mlops", "namespace: ML_Ops"),
        ("secrets: {type: Generated}", "secrets: {type: Somehow}"),
        ("{min: 2, max: 10, cpu: 50}", "{min: 2, cpu: 50}"),
        ("type: NodePort, nodePort: 30500", "type: NodePort"),
    ] {
        let changed = local.replacen(right, wrong, 1);
        assert_ne!(changed, local, "{right}");
        assert_ne!(told(&changed, ENVIRONMENT), "", "{wrong}");
    }
    let diabetes = read(&repository().join("models/diabetes.yaml"));
    for (right, wrong) in
        [("unit: mg/dL", "units: mg/dL"), ("type: integer", "type: int"), ("holds: probability", "holds: chance")]
    {
        assert_ne!(told(&diabetes.replacen(right, wrong, 1), MODEL), "", "{wrong}");
    }
}
