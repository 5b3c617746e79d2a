//! An account of its own for every workload, without a token: nothing here talks to the API server.

use k8s_openapi::api::core::v1::ServiceAccount;

use super::{Plan, meta::meta, names};
use crate::workload::Workload;

pub(super) fn account(plan: &Plan<'_>, workload: &Workload) -> ServiceAccount {
    let (name, namespace) = names(workload);
    let mut metadata = meta(plan, &name, &namespace, &name);
    metadata.annotations = (!workload.identity.0.is_empty()).then(|| workload.identity.0.clone());
    ServiceAccount { metadata, automount_service_account_token: Some(false), ..ServiceAccount::default() }
}
