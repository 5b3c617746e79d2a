//! Which version becomes the champion: conditions decide, and trainings at once do not disturb each other.

use std::{fs, thread};

use servers::{Mlflow, Postgres, run};

use crate::{
    program::{done, model_file, serving},
    project::{Project, onnx, with},
};

fn champion(registry: &str) -> Option<String> {
    with(registry, async |registry| Some(registry.aliased("iris-model", "champion").await.unwrap()?.number))
}

fn versions(registry: &str) -> Vec<String> {
    let versions = with(registry, async |registry| registry.versions("iris-model").await.unwrap());
    versions.into_iter().map(|version| version.number).collect()
}

#[test]
fn conditions_decide() {
    let project = Project::new();
    let registry = project.registry();
    fs::create_dir_all(&registry).unwrap();
    // Mistakes come before a training.
    for (condition, words) in [
        ("auc_roc", "is no condition"),
        ("auc_roc==1", "is no condition"),
        ("auc_roc>=", "is no condition"),
        ("auc>=0.8", "there is no metric \"auc\""),
        ("accuracy>=0.5,auc>=champion", "accuracy, precision, recall, f1_score, auc_roc"),
        ("cv_accuracy_mean>=0.5", "there is no metric \"cv_accuracy_mean\""),
    ] {
        let (code, said) = project.training(&["--promote-if", condition]);
        assert!(code == 2 && said.contains(words), "{condition}: {code}: {said}");
        assert_eq!(versions(&registry), [""; 0], "{condition}: {said}");
    }
    let (code, said) = project.training(&["--promote-if", "accuracy>=0.8", "--promote-if", "auc_roc>=champion"]);
    assert!(code == 0 && said.contains("there is no champion to compare with"), "{code}: {said}");
    assert_eq!(champion(&registry).as_deref(), Some("1"), "{said}");

    // One tree of two leaves cannot tell three species apart.
    let stated = fs::read_to_string(project.model_file()).unwrap();
    let worse = stated.replace("n_estimators: 5", "n_estimators: 1").replace("max_depth: 10", "max_depth: 1");
    fs::write(project.model_file(), worse).unwrap();
    let (code, said) = project.training(&["--promote-if", "auc_roc>=champion"]);
    assert!(code == 0 && said.contains("does not hold: auc_roc>=champion"), "{code}: {said}");
    assert_eq!((champion(&registry).as_deref(), versions(&registry).len()), (Some("1"), 2), "{said}");
    // Applied again, it changes nothing.
    let (code, said) = project.training(&["--promote-if", "auc_roc>=champion"]);
    assert!(code == 0 && said.contains("nothing to train"), "{code}: {said}");
    assert_eq!((champion(&registry).as_deref(), versions(&registry).len()), (Some("1"), 2), "{said}");

    let more = stated.replace("n_estimators: 5", "n_estimators: 20");
    fs::write(project.model_file(), more).unwrap();
    let (code, said) = project.training(&["--folds", "3", "--promote-if", "auc_roc>=0.9,cv_accuracy_mean>0.8"]);
    assert!(code == 0 && said.contains("champion is version 3 now"), "{code}: {said}");
    assert_eq!(champion(&registry).as_deref(), Some("3"));
}

/// A champion that is asked what it was taught knows it by heart: of data that grow, no version would ever take its place.
#[test]
fn data_that_grow_are_compared_on_rows_that_nobody_has_learnt_from() {
    let (project, file) = (Project::new(), model_file("churn"));
    let (registry, data) = (project.registry(), project.path("data.csv"));
    let sample = |rows, seed| done(&mut serving(&["sample", "churn", "--rows", rows, "--seed", seed])).0;
    let train = |text: &str| {
        fs::write(&data, text).unwrap();
        let arguments = ["train", "--model-file", &file, "--registry", &registry, "--promote-if", "auc_roc>=champion"];
        done(serving(&arguments).arg("--data").arg(&data)).1
    };
    let (old, more) = (sample("1200", "1"), sample("400", "2"));
    assert!(train(&old).contains("there is no champion to compare with"));
    let said = train(&(old + more.split_once('\n').unwrap().1));
    let number = |before: &str| {
        let after = said.split(before).nth(1).unwrap_or_else(|| panic!("{before}: {said}"));
        after.split([' ', '\n']).next().unwrap().parse::<f64>().unwrap()
    };
    // Three rows in four are old, and four of five old ones were trained on.
    let rows = number("compared on ");
    assert!((100.0..160.0).contains(&rows) && said.contains("of 320 rows held back"), "{said}");
    assert!(number("the champion has ") < 0.9, "{said}");
    assert!(said.contains("champion is version 2 now"), "{said}");
}

#[test]
fn a_model_from_elsewhere_is_compared_with_the_champion() {
    let (project, others) = (Project::new(), Project::new());
    let (registry, data) = (project.registry(), project.text("iris.csv"));
    project.train(&registry, 0);
    others.train(&others.registry(), 0);
    others.train(&others.registry(), 1);
    for (number, condition, wanted) in
        [("2", "auc_roc>=champion", "1"), ("2", "auc_roc>=0.5", "1"), ("1", "auc_roc>=champion", "4")]
    {
        let file = others.path("model.onnx");
        fs::write(&file, onnx(&others.registry(), number)).unwrap();
        let mut command = serving(&["register", "--model-file", &project.model_file(), "--registry", &registry]);
        let done = run(command.args(["--data", &data, "--promote-if", condition]).arg(&file));
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(champion(&registry).as_deref(), Some(wanted));
    }
    assert_eq!(onnx(&registry, "4"), onnx(&registry, "1"));
}

/// Both end well, each version is whole and its own, and the champion is one of them.
fn two_at_once(registry: &str) {
    let project = Project::new();
    thread::scope(|scope| {
        for shift in [0, 1] {
            let project = &project;
            scope.spawn(move || project.train(registry, shift));
        }
    });
    let mut numbers = versions(registry);
    numbers.sort();
    assert_eq!(numbers, ["1", "2"]);
    assert_ne!(onnx(registry, "1"), onnx(registry, "2"));
    assert!(champion(registry).is_some_and(|champion| numbers.contains(&champion)));
    let api = project.serve(registry, &[]).ready();
    assert_eq!(api.version(), champion(registry));
}

#[test]
fn two_trainings_at_once_in_a_folder() {
    for _ in 0..3 {
        two_at_once(&Project::new().registry());
    }
}

#[test]
fn two_trainings_at_once_in_mlflow() {
    let postgres = Postgres::start();
    two_at_once(&Mlflow::start("3.17.2", &postgres).url());
}
