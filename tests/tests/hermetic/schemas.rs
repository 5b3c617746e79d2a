//! The committed schemas are those of the types, and what they promise an editor is what the build does.

use std::fs;

use stack::schema::schemas;
use tests::repository;

#[test]
fn committed_schemas_are_fresh() {
    for (path, text) in schemas() {
        let committed = fs::read_to_string(repository().join(path)).unwrap_or_default();
        assert!(committed == text, "{path} is stale: run `just schema` and commit the result");
    }
}

#[test]
fn every_yaml_file_names_its_schema_in_the_first_line() {
    for folder in ["environments", "models", "tests/environments"] {
        for entry in fs::read_dir(repository().join(folder)).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "yaml") {
                let text = fs::read_to_string(&path).expect("a text file");
                let first = text.lines().next().unwrap_or_default();
                let schema = first.strip_prefix("# yaml-language-server: $schema=").unwrap_or_default();
                assert!(path.with_file_name("").join(schema).is_file(), "{} names {schema:?}", path.display());
            }
        }
    }
}
