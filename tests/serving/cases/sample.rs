//! `serving sample` and what is made of its rows.

use std::{fs, process::Stdio};

use serde_json::{Value, json};
use servers::run;

use crate::program::{Api, done, model_file, serving};

const ROWS: [&str; 6] = ["sample", "churn", "--rows", "5000", "--seed", "7"];

#[test]
fn a_file_a_pipe_and_a_training_have_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new/data.csv").to_string_lossy().into_owned();
    let (out, _) = done(&mut serving(&ROWS));
    let (nothing, said) = done(serving(&ROWS).args(["--output", &file]));
    assert_eq!((nothing.as_str(), said.starts_with("wrote 5000 rows of churn to ")), ("", true), "{said}");
    assert!(fs::read_to_string(&file).unwrap() == out && out.lines().count() == 5001);
    // Again, over the one before; nothing is left behind.
    done(serving(&ROWS).args(["--output", &file]));
    assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), 1);

    let (model, registry) = (model_file("churn"), folder.path().join("registry").to_string_lossy().into_owned());
    let (_, said) = done(&mut serving(&["train", "--model-file", &model, "--registry", &registry]));
    assert!(said.starts_with("reading serving sample churn --rows 5000 --seed 7\n"), "{said}");
    // The version knows its data by their sum: the file has the same one.
    let (_, said) = done(&mut serving(&["train", "--model-file", &model, "--registry", &registry, "--data", &file]));
    assert!(said.contains("nothing to train"), "{said}");

    let api = Api::start(&model, &registry, &[], &[]).ready();
    let row = json!({"tenure": 1, "monthly_charges": 99.5, "total_charges": 99.5, "support_calls": 4, "contract": "month-to-month",
        "payment_method": "electronic-check", "internet_service": "fiber", "tech_support": "no", "paperless_billing": "yes",
        "senior": "no"});
    let loyal = json!({"tenure": 70, "monthly_charges": 20, "total_charges": 1400, "support_calls": 0, "contract": "two-year",
        "payment_method": "credit-card", "internet_service": "none", "tech_support": "no", "paperless_billing": "no",
        "senior": "no"});
    let answers = [row, loyal].map(|row| api.predict(&row).1);
    let words = |answer: &Value| (answer["will_churn"].clone(), answer["risk_level"].clone());
    assert_eq!(
        answers.each_ref().map(words),
        [(json!(true), json!("High")), (json!(false), json!("Low"))],
        "{answers:?}"
    );
}

#[test]
fn mistakes_are_told_and_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().to_string_lossy().into_owned();
    for (arguments, words) in [
        (&["sample", "churns"][..], "did you mean `churn`?"),
        (&["sample", "churn", "--rows", "many"], "--rows"),
        (&["sample", "churn", "--drift", "tenur=1"], "did you mean `tenure`?"),
        (&["sample", "churn", "--drift", "tenure"], "is no drift; write one such as"),
        (&["sample", "churn", "--drift", "contract=-2"], "write a number from -1 to 1"),
        (&["sample", "churn", "--output", &taken], "cannot write"),
        (&["sample", "churn", "--output", "/proc/nothing/data.csv"], "hint: check its folder"),
    ] {
        let ended = run(&mut serving(arguments));
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!((ended.status.code(), ended.stdout.len()), (Some(2), 0), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// As `serving sample churn | head` does.
#[test]
fn who_has_read_enough_may_go() {
    let mut child = serving(&["sample", "churn", "--rows", "1000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success() && ended.stderr.is_empty(), "{ended:?}");
}
