//! The writer against a second, independent reader. kubectl's own reader is in the judges.

use builders::to_yaml;
use serde_json::{Value, json};
use tests::nasty;

#[test]
fn every_nasty_string_is_read_back_as_it_was_as_value_item_and_key() {
    let strings = nasty::strings();
    assert!(strings.len() > 1000);
    for text in strings {
        // A key of one line ends within 1024 characters (YAML 1.2.2, section 7.4.2), far beyond what
        // Kubernetes takes for one.
        let key: String = text.chars().take(1000).collect();
        let value = json!({"value": text, "list": [text, {"name": text}], "map": {key: {"inner": text}}});
        let written = to_yaml(&value);
        let read: Value = serde_yaml::from_str(&written).unwrap_or_else(|error| panic!("{error}\n{text:?}\n{written}"));
        assert_eq!(read, value, "{text:?}\n{written}");
    }
}

#[test]
fn empty_and_nested_things_have_a_form() {
    let value = json!({"a": {}, "b": [], "c": [[], [1, [2]], {}, {"d": []}], "n": null, "t": true, "f": 1.5});
    let read: Value = serde_yaml::from_str(&to_yaml(&value)).expect("YAML");
    // Nothing is written for a null: a manifest says only what there is.
    assert_eq!(read, json!({"a": {}, "b": [], "c": [[], [1, [2]], {}, {"d": []}], "t": true, "f": 1.5}));
}

#[test]
fn what_an_object_is_comes_first() {
    let value = json!({"spec": {"z": 1, "name": "web", "a": 2}, "metadata": {"labels": {}, "name": "x"}, "kind": "K", "apiVersion": "v1"});
    assert_eq!(
        to_yaml(&value),
        "apiVersion: v1\nkind: K\nmetadata:\n  name: x\n  labels: {}\nspec:\n  name: web\n  a: 2\n  z: 1\n"
    );
}
