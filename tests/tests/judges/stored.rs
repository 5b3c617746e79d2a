//! What a server keeps, against what was written.
//!
//! Defaults are welcome, with one exception: a list of a foreign kind is compared and replaced as a whole (only
//! Kubernetes' own lists have keys to merge by), so that a default inside one would be a difference for ever to whoever
//! compares what is written with what is kept, as Argo CD does. Those defaults we write. Defaults elsewhere (CloudNativePG
//! has forty) would only hide what we mean.

use serde_json::Value;

/// What is kept otherwise than written, by its path; empty when all is well.
pub fn other(written: &Value, stored: &Value, foreign: bool) -> Vec<String> {
    let mut found = Vec::new();
    compare("", written, stored, foreign, false, &mut found);
    found
}

fn compare(path: &str, written: &Value, stored: &Value, foreign: bool, in_list: bool, found: &mut Vec<String>) {
    match (written, stored) {
        (Value::Object(written), Value::Object(stored)) => {
            for (key, value) in written {
                let kept = stored.get(key).unwrap_or(&Value::Null);
                compare(&format!("{path}.{key}"), value, kept, foreign, in_list, found);
            }
            if foreign && in_list {
                let added = stored.iter().filter(|(key, _)| !written.contains_key(*key));
                found.extend(added.map(|(key, value)| format!("{path}.{key}: {value} is added inside a list")));
            }
        }
        (Value::Array(written), Value::Array(stored)) if written.len() == stored.len() => {
            for (index, (written, stored)) in written.iter().zip(stored).enumerate() {
                compare(&format!("{path}[{index}]"), written, stored, foreign, true, found);
            }
        }
        _ if written == stored => {}
        _ => found.push(format!("{path}: {written} is kept as {stored}")),
    }
}

#[test]
fn what_is_changed_or_added_inside_a_list_is_found() {
    let written = serde_json::json!({"spec": {"a": 1, "list": [{"b": "x"}]}});
    let mut stored = written.clone();
    stored["spec"]["default"] = true.into();
    assert_eq!(other(&written, &stored, true), [""; 0]);
    stored["spec"]["list"][0]["default"] = true.into();
    assert_eq!(other(&written, &stored, false), [""; 0]);
    assert_eq!(other(&written, &stored, true), [".spec.list[0].default: true is added inside a list"]);
    stored["spec"]["a"] = 2.into();
    assert_eq!(other(&written, &stored, false), [".spec.a: 1 is kept as 2"]);
}
