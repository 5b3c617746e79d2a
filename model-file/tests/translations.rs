//! A model file with words in further languages: what is told in each, and what is refused.

use documents::{Style, render};
use model_file::{Description, ModelFile};

const STATED: &str = r#"registry: {model: m, experiment: e, run: r}
data: {file: rows.csv, target: left}
features:
  - {name: tenure, type: integer, unit: months, range: [0, 72]}
  - {name: calls, type: integer, range: [0, 9]}
  - {name: contract, type: category, values: [monthly, yearly]}
classes:
  - {value: "0", label: Reste}
  - {value: "1", label: Part, positive: true}
risk_levels:
  - {label: Faible, below: 0.5}
  - {label: Élevé}
training: {n_estimators: 1, max_depth: 1, min_samples_split: 2, min_samples_leaf: 1, random_state: 0, test_size: 0.2, stratify: true}
"#;

const TRANSLATED: &str = r#"translations:
  en:
    title: Churn
    features: {tenure: Time as a customer}
    values: {contract: {monthly: Month to month}}
    classes: {"0": Stays, "1": Leaves}
    risk_levels: {Faible: Low, Élevé: High}
  fr:
    units: {tenure: mois}
"#;

fn described(translations: &str) -> Description {
    let read = ModelFile::read("m.yaml", format!("{STATED}{translations}").as_bytes());
    let (file, _) = read.unwrap_or_else(|mistakes| panic!("{}", render(&mistakes, Style::Plain)));
    file.description(Some("3"), true)
}

/// What people read of it: title, features with units, values, classes, risk levels.
fn shown(model: &Description) -> String {
    let features = model.features.iter().map(|feature| format!("{}/{:?}", feature.shown(), feature.unit));
    let values =
        model.features.iter().flat_map(|feature| feature.values.iter().map(|value| feature.shown_value(value)));
    let classes = model.classes.iter().map(|class| class.shown());
    let levels = model.risk_levels.iter().map(|level| level.shown());
    let words: Vec<String> = features.chain(values.chain(classes).chain(levels).map(str::to_owned)).collect();
    format!("{:?}: {}", model.title, words.join(", "))
}

#[test]
fn each_language_has_its_words_and_the_files_own_for_the_rest() {
    let model = described(TRANSLATED);
    let own = r#"None: tenure/Some("months"), calls/None, contract/None, monthly, yearly, Reste, Part, Faible, Élevé"#;
    assert_eq!(shown(&model), own);
    assert_eq!(shown(&model.in_language("de")), own);
    assert_eq!(shown(&model.in_language("fr")), own.replace("months", "mois"));
    let en = model.in_language("en");
    assert_eq!(
        shown(&en),
        r#"Some("Churn"): Time as a customer/Some("months"), calls/None, contract/None, Month to month, yearly, Stays, Leaves, Low, High"#
    );
    // What requests and answers have stays.
    let names = |model: &Description| {
        let labels = model.classes.iter().map(|class| class.label.clone());
        let levels = model.risk_levels.iter().map(|level| level.label.clone());
        let features =
            model.features.iter().flat_map(|feature| [vec![feature.name.clone()], feature.values.clone()].concat());
        labels.chain(levels).chain(features).collect::<Vec<_>>()
    };
    assert_eq!(names(&en), names(&model));
    assert!(described("").translations.is_empty());
}

#[test]
fn what_the_model_does_not_have_is_refused_where_it_stands() {
    for (right, wrong, told) in [
        ("{tenure: Time", "{tenur: Time", "m.yaml:17:16: the model has no feature `tenur`; did you mean `tenure`?"),
        (
            "{tenure: mois",
            "{calls: appels",
            "m.yaml:22:13: the model has no feature with a unit `calls`; the features with units here are `tenure`",
        ),
        (
            "{contract:",
            "{tenure:",
            "m.yaml:18:14: the model has no category `tenure`; the categories here are `contract`",
        ),
        (
            "monthly: Month",
            "weekly: Week",
            "m.yaml:18:25: the model has no value `weekly`; the values here are `monthly`, `yearly`",
        ),
        (r#""1": Leaves"#, r#""2": Leaves"#, "m.yaml:19:27: the model has no class `2`; the classes here are `0`, `1`"),
        ("Élevé: High", "Eleve: High", "m.yaml:20:32: the model has no risk level `Eleve`; did you mean `Élevé`?"),
        ("  fr:", "  fr-FR:", "m.yaml:21:3: `fr-FR` is no language code; write two or three small letters, such as fr"),
        ("title: Churn", "title: ' '", "m.yaml:16:12: a translation cannot be empty; write a word, or remove it"),
        ("Stays", "''", "m.yaml:19:20: a translation cannot be empty; write a word, or remove it"),
        ("Stays", "1", "m.yaml:19:20: `0` must be text, found the number 1; put it in quotes"),
        ("    units", "    unit", "m.yaml:22:5: unknown key `unit`; did you mean `units`?"),
    ] {
        let text = TRANSLATED.replacen(right, wrong, 1);
        assert_ne!(text, TRANSLATED, "{right}");
        let mistakes = ModelFile::read("m.yaml", format!("{STATED}{text}").as_bytes()).expect_err(wrong);
        let [mistake] = mistakes.as_slice() else { panic!("{}", render(&mistakes, Style::Plain)) };
        let drawn = render(std::slice::from_ref(mistake), Style::Plain);
        let place = drawn.split_once("--> ").and_then(|(_, rest)| rest.lines().next()).unwrap_or_default();
        let hint = mistake.hint.as_deref().unwrap_or_default();
        assert_eq!(format!("{place}: {}; {hint}", mistake.message), told);
    }
}
