//! What a model file must say beyond having the right form.

use std::{collections::BTreeSet, net::Ipv4Addr};

use documents::{Diagnostic, Document, Located};

use crate::{Answer, AnswerValue, Data, Feature, FeatureType, ModelFile, Sample, translations};

/// Collects mistakes with their places.
struct Checks<'d> {
    document: &'d Document,
    found: Vec<Diagnostic>,
}

impl Checks<'_> {
    fn expect<T>(&mut self, holds: bool, value: &Located<T>, message: impl Into<String>, hint: &str) {
        if !holds {
            self.found.push(self.document.diagnostic(&value.path, message, hint));
        }
    }
}

pub(crate) fn check(file: &ModelFile, document: &Document) -> Vec<Diagnostic> {
    let mut checks = Checks { document, found: Vec::new() };
    features(&mut checks, file);
    classes(&mut checks, file);
    training(&mut checks, file);
    data(&mut checks, file);
    answers(&mut checks, file);
    checks.found.extend(translations::check(file, document));
    checks.found
}

/// Exactly one source, and names that registry and columns can have.
fn data(checks: &mut Checks<'_>, file: &ModelFile) {
    let Data { url, file: bundled, sample, sha256, target } = &file.data;
    match (url, bundled, sample) {
        (Some(url), None, None) => public(checks, url),
        (None, Some(bundled), None) => beside(checks, bundled),
        (None, None, Some(sample)) => several(checks, &sample.value),
        (None, None, None) => {
            checks.expect(false, target, "the data set is nowhere", "write url:, file: or sample: beside its target");
        }
        (Some(_), Some(bundled), _) => {
            checks.expect(false, bundled, "the data set is at a url and in a file", "remove one of the two");
        }
        (_, _, Some(sample)) => {
            let place = if url.is_some() { "at a url" } else { "in a file" };
            let message = format!("the data set is {place}, and made as a sample");
            checks.expect(false, sample, message, "remove one of the two");
        }
    }
    if let Some(sum) = sha256 {
        let hex = sum.value.len() == 64 && sum.value.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        checks.expect(hex, sum, "a SHA-256 has 64 digits of 0-9 and a-f", "write what sha256sum prints");
    }
    let registry = &file.registry;
    for name in [&registry.model, &registry.experiment, &registry.run, &file.data.target] {
        checks.expect(!name.value.trim().is_empty(), name, "a name cannot be empty", "write a word");
    }
    let model = &registry.model;
    let taken = !model.value.contains(['/', ':']);
    checks.expect(taken, model, "MLflow takes no `/` and no `:` in a model's name", "write it with `-` instead");
}

/// Training holds all rows in memory, and splits them.
fn several(checks: &mut Checks<'_>, sample: &Sample) {
    let rows = &sample.rows;
    let message = format!("a sample of {} rows cannot be trained on", rows.value);
    checks.expect((10..=1_000_000).contains(&rows.value), rows, message, "write 10 to 1000000 rows");
}

/// The data set must be where the network policy of training lets it go: public, port 443.
fn public(checks: &mut Checks<'_>, url: &Located<String>) {
    let authority =
        url.value.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let host = authority.strip_suffix(":443").unwrap_or(authority);
    let name = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    let address = host.parse::<Ipv4Addr>().map(|ip| !(ip.is_private() || ip.is_loopback() || ip.is_link_local()));
    let inside = [".local", ".svc", ".internal", ".localhost"].iter().any(|end| host.ends_with(end));
    let public = host.contains('.') && host.chars().all(name) && !inside && address.unwrap_or(true);
    let clean = !url.value.contains(char::is_whitespace);
    let hint = "write https:// and a public host; training may reach nothing else";
    checks.expect(public && clean, url, "the data set needs a public https:// address on port 443", hint);
}

/// A bundled file travels with the model file, so it must lie beside it or below.
fn beside(checks: &mut Checks<'_>, file: &Located<String>) {
    let plain = |part: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        !part.is_empty() && !part.starts_with('.') && part.chars().all(known)
    };
    let below = file.value.split('/').all(plain);
    let message = format!("{:?} is no file beside the model file", file.value);
    checks.expect(below, file, message, "write a relative path without `..`, such as data/iris.csv");
}

/// Fields that every answer of `/predict` or `/explain` has, by which clients such as the page know it.
const STANDARD: [&str; 9] = [
    "class",
    "label",
    "probabilities",
    "risk_level",
    "model_name",
    "model_version",
    "warnings",
    "base_values",
    "contributions",
];

/// Each field of an answer once, none that means something else everywhere, and none that speaks of risk levels where there are none.
fn answers(checks: &mut Checks<'_>, file: &ModelFile) {
    let mut fields = BTreeSet::new();
    for Answer { field, holds } in &file.answer {
        let fresh = !field.value.trim().is_empty() && fields.insert(field.value.as_str());
        let message = format!("the answer field {:?} is empty or named twice", field.value);
        checks.expect(fresh, field, message, "give every field a name of its own");
        let standard = STANDARD.contains(&field.value.as_str());
        let own = !standard || (field.value == "risk_level" && *holds == AnswerValue::RiskLevel);
        let message = format!("the answer field {} means something else in the answers of every model", field.value);
        checks.expect(own, field, message, "give it another name");
        let known = *holds != AnswerValue::RiskLevel || !file.risk_levels.value.is_empty();
        let message = format!("the answer field {} holds a risk level, but there are none", field.value);
        checks.expect(known, field, message, "list them under risk_levels");
    }
}

fn features(checks: &mut Checks<'_>, file: &ModelFile) {
    let features = &file.features;
    checks.expect(
        !features.value.is_empty(),
        features,
        "a model needs at least one feature",
        "list its columns under features",
    );
    let mut names = BTreeSet::new();
    for feature in &features.value {
        let name = &feature.name;
        checks.expect(!name.value.trim().is_empty(), name, "a feature needs a name", "write its column's name");
        let free = !name.value.starts_with('.');
        let message = format!("the feature {} begins with a dot, as fields of the page's own do", name.value);
        checks.expect(free, name, message, "rename it, and its column in the data");
        let first = names.insert(name.value.as_str());
        checks.expect(first, name, format!("the feature {} is listed twice", name.value), "remove one of the two");
        let own = name.value != file.data.target.value;
        checks.expect(
            own,
            name,
            format!("the target {} cannot be a feature", name.value),
            "remove it from features, or name another target",
        );
        match feature.kind {
            FeatureType::Category => category(checks, feature),
            FeatureType::Integer | FeatureType::Number => number(checks, feature),
        }
    }
}

fn category(checks: &mut Checks<'_>, feature: &Feature) {
    let message = format!("the category {} needs at least two values", feature.name.value);
    match &feature.values {
        Some(values) => {
            let distinct = values.value.iter().collect::<BTreeSet<_>>().len();
            let several = distinct > 1 && distinct == values.value.len();
            checks.expect(several, values, message, "list different words under values");
        }
        None => checks.expect(false, &feature.name, message, "list them under values"),
    }
}

fn number(checks: &mut Checks<'_>, feature: &Feature) {
    let name = &feature.name.value;
    if let Some(encoding) = &feature.encoding {
        checks.expect(false, encoding, format!("the number {name} needs no encoding"), "remove it");
    }
    if let Some(values) = &feature.values {
        checks.expect(false, values, format!("the number {name} has no values"), "write type: category, or a range");
    }
    let whole = |value: &Option<Located<f64>>| value.as_ref().is_none_or(|value| value.value.fract() == 0.0);
    if feature.kind == FeatureType::Integer && !(whole(&feature.step) && whole(&feature.default)) {
        let message = format!("the step and the default of {name} must be whole, as its type says");
        checks.expect(false, &feature.name, message, "write whole numbers, or type: number");
    }
    let Some(range) = &feature.range else {
        let message = format!("the number {name} needs a range");
        return checks.expect(false, &feature.name, message, "write range: [lowest, highest] for the page's slider");
    };
    let &[low, high] = range.value.as_slice() else {
        let message = format!("the range of {name} must be two numbers, found {}", range.value.len());
        return checks.expect(false, range, message, "write range: [lowest, highest]");
    };
    checks.expect(
        low < high,
        range,
        format!("the range of {name} is empty: {low} is not below {high}"),
        "write [lowest, highest]",
    );
    if let Some(step) = &feature.step {
        let fits = step.value > 0.0 && step.value <= high - low;
        checks.expect(fits, step, format!("the step of {name} does not fit its range"), "write a number above 0");
    }
    if let Some(default) = &feature.default {
        let inside = (low..=high).contains(&default.value);
        checks.expect(
            inside,
            default,
            format!("the default of {name} is outside its range"),
            "choose a value a user may begin with",
        );
    }
}

fn classes(checks: &mut Checks<'_>, file: &ModelFile) {
    let classes = &file.classes;
    checks.expect(
        classes.value.len() > 1,
        classes,
        "a model tells at least two classes apart",
        "list them under classes",
    );
    let mut values = BTreeSet::new();
    for class in &classes.value {
        let first = values.insert(class.value.value.as_str());
        checks.expect(
            first,
            &class.value,
            format!("the class {} is listed twice", class.value.value),
            "remove one of the two",
        );
    }
    let positive = classes.value.iter().filter(|class| class.positive).count();
    let speaks_of_one = !file.risk_levels.value.is_empty() || !file.answer.is_empty();
    let clear = positive == 1 || (positive == 0 && !speaks_of_one);
    let message = format!("risk levels and answers speak of one positive class, found {positive}");
    checks.expect(clear, classes, message, "write positive: true at exactly one class");
    risk_levels(checks, file);
}

fn risk_levels(checks: &mut Checks<'_>, file: &ModelFile) {
    let mut floor = 0.0;
    let last = file.risk_levels.value.len().saturating_sub(1);
    for (index, level) in file.risk_levels.value.iter().enumerate() {
        if let Some(below) = &level.below {
            let rises = index < last && below.value > floor && below.value < 1.0;
            let message = format!("the risk level {} does not follow the one before it", level.label);
            let hint = "let below rise from level to level, between 0 and 1, and leave it out at the last";
            checks.expect(rises, below, message, hint);
            floor = below.value;
        } else {
            let message = format!("the risk level {} has no end, but is not the last", level.label);
            checks.expect(index == last, &file.risk_levels, message, "write below: at every level but the last");
        }
    }
}

fn training(checks: &mut Checks<'_>, file: &ModelFile) {
    let training = &file.training;
    let share = training.test_size.value;
    checks.expect(
        share > 0.0 && share < 1.0,
        &training.test_size,
        format!("test_size is {share}, not a share"),
        "write a number between 0 and 1, such as 0.2",
    );
    for (name, value, least) in [
        ("n_estimators", &training.n_estimators, 1),
        ("max_depth", &training.max_depth, 1),
        ("min_samples_split", &training.min_samples_split, 2),
        ("min_samples_leaf", &training.min_samples_leaf, 1),
    ] {
        checks.expect(
            value.value >= least,
            value,
            format!("{name} is {}, but must be at least {least}", value.value),
            "see scikit-learn's RandomForestClassifier",
        );
    }
}
