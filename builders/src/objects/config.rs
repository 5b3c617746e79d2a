//! `ConfigMaps`. Each stands in the file of the first workload that reads it.

use std::collections::HashMap;

use k8s_openapi::api::core::v1::ConfigMap;

use super::{Plan, meta::meta};
use crate::{handles::Config, model::Model, values::Name, workload::Workload};

/// `owner` is the component that it belongs to.
pub(super) fn config(plan: &Plan<'_>, config: &Config, owner: &Name) -> ConfigMap {
    let content = &config.0;
    ConfigMap {
        metadata: meta(plan, &content.name, &content.namespace, owner),
        data: Some(content.data.iter().map(|(key, text)| (key.to_string(), text.clone())).collect()),
        ..ConfigMap::default()
    }
}

/// By workload, the configurations it is the first to read.
pub(super) fn owners(model: &Model) -> Vec<Vec<usize>> {
    let key = |config: &Config| -> (Name, Name) { (config.0.namespace.clone(), config.0.name.clone()) };
    let mut unowned: HashMap<(Name, Name), usize> =
        model.configs.iter().enumerate().map(|(index, config)| (key(config), index)).collect();
    let of = |workload: &Workload| {
        workload.configs().into_iter().filter_map(|config| unowned.remove(&key(config))).collect()
    };
    model.workloads.iter().map(of).collect()
}
