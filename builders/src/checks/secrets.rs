//! Keys of Secrets whose declarations and readers do not fit together.

use std::collections::BTreeMap;

use super::Finding;
use crate::{handles::Source, model::Model, values::Origin};

pub(super) fn check(model: &Model) -> Vec<Finding> {
    let mut findings = sources(model);
    findings.extend(elsewhere(model));
    findings.extend(nothing_secret(model));
    findings
}

/// One key has one source, in whatever namespace it is read.
fn sources(model: &Model) -> Vec<Finding> {
    let mut sources = BTreeMap::new();
    let mut findings = Vec::new();
    for (_, _, key, origin) in model.secret_reads() {
        let (source, first) = *sources.entry((&key.secret, &key.key)).or_insert((&key.source, origin));
        if *source != key.source {
            let (one, other) = (source.min(&key.source), source.max(&key.source));
            findings.push(Finding {
                message: format!("the key {} of the Secret {} is both {one} and {other}", key.key, key.secret),
                origins: vec![origin.clone(), first.clone()],
                hint: "ask the Secret for a key once, and hand the key around".into(),
            });
        }
    }
    findings
}

/// What an operator makes is in one namespace, and nobody copies it into another.
fn elsewhere(model: &Model) -> Vec<Finding> {
    let finding = |(reader, namespace, key, origin): (&_, &_, &crate::handles::SecretKey, &Origin)| {
        let Source::Operator { by, namespace: made } = &key.source else { return None };
        (made != namespace).then(|| Finding {
            message: format!(
                "{reader} is in namespace {namespace}, but {by} makes the Secret {} in {made}",
                key.secret
            ),
            origins: vec![origin.clone()],
            hint: format!("run {reader} in {made}, or give it a login of its own in a Secret that mlstack declares"),
        })
    };
    model.secret_reads().filter_map(finding).collect()
}

/// A Secret of values that everybody may see has nothing that could be sealed or fetched.
fn nothing_secret(model: &Model) -> Vec<Finding> {
    let mut read: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (_, namespace, key, origin) in model.secret_reads() {
        read.entry((namespace, &key.secret)).or_default().push((&key.source, origin));
    }
    read.retain(|_, keys| keys.iter().all(|(source, _)| matches!(source, Source::Fixed(_))));
    let finding = |((namespace, secret), keys): ((_, _), Vec<(_, &Origin)>)| Finding {
        message: format!("nothing that is read of the Secret {secret} in namespace {namespace} is secret"),
        origins: keys.into_iter().take(1).map(|(_, origin)| origin.clone()).collect(),
        hint: "set what everybody may see with `.variable(\"NAME\", value)`".into(),
    };
    read.into_iter().map(finding).collect()
}
