//! kubectl's own reader: what it understands must be what the compiler meant.

use std::{collections::BTreeMap, fs, process::Command};

use builders::to_yaml;
use serde_json::{Value, json};
use tests::{manifests::objects, nasty};

use crate::tools::{files, folder, manifests, run, stdout, tool};

/// Every object of a folder as kubectl reads it; it needs no cluster for a label.
fn read(folder: &std::path::Path) -> Vec<Value> {
    let mut kubectl = Command::new(tool("kubectl"));
    kubectl.args(["label", "--local", "--dry-run=client", "--output=json", "judged=yes", "--filename"]).arg(folder);
    let done = run(&mut kubectl);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    // One JSON document behind the other.
    let documents = serde_json::Deserializer::from_str(&stdout(&done)).into_iter().collect::<Result<Vec<Value>, _>>();
    let documents = documents.expect("kubectl prints JSON");
    documents
        .into_iter()
        .flat_map(|document| document["items"].as_array().cloned().unwrap_or_else(|| vec![document]))
        .collect()
}

/// The same object with the label that [`read`] adds.
fn labelled(mut object: Value) -> Value {
    object["metadata"]["labels"]["judged"] = "yes".into();
    object
}

fn by_name(objects: impl IntoIterator<Item = Value>) -> BTreeMap<String, Value> {
    objects.into_iter().map(|object| (name(&object), object)).collect()
}

fn name(object: &Value) -> String {
    format!("{} {} {}", object["kind"], object["metadata"]["namespace"], object["metadata"]["name"])
}

#[test]
fn kubectl_and_a_second_reader_agree_on_every_value() {
    for (name, folder) in manifests() {
        let texts: Vec<String> =
            files(folder.path()).iter().map(|file| fs::read_to_string(file).expect("a file")).collect();
        let second = objects(&texts).into_iter().map(|object| serde_json::to_value(object).expect("JSON"));
        let (first, second) = (by_name(read(folder.path())), by_name(second.map(labelled)));
        assert!(first.len() > 20, "{name}");
        assert_eq!(first, second, "{name}");
    }
}

#[test]
fn kubectl_reads_every_nasty_string_as_it_was() {
    let strings = nasty::strings();
    let data: BTreeMap<String, &String> =
        strings.iter().enumerate().map(|(index, text)| (format!("k{index:04}"), text)).collect();
    let mut values = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "values"}, "data": data});
    let keys: BTreeMap<String, String> =
        strings.iter().filter(|text| text.chars().count() <= 1000).map(|text| (text.clone(), "v".into())).collect();
    let mut keyed = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "keys"}, "data": keys});
    let text = format!("{}---\n{}", to_yaml(&values), to_yaml(&keyed));
    let read = by_name(read(folder([(&"corpus.yaml".to_owned(), &text)]).path()));
    for wanted in [&mut values, &mut keyed] {
        *wanted = labelled(wanted.clone());
        let name = name(wanted);
        for (key, value) in wanted["data"].as_object().expect("a map") {
            assert_eq!(read[&name]["data"].get(key), Some(value), "{name} {key:?}");
        }
        assert_eq!(&read[&name], wanted);
    }
}
