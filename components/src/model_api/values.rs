//! What an environment says of an API.

use builders::{Exposure, Located, Peer, Replicas, Resources};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::prediction_log;

/// Size and visibility of an API.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", default, rename = "ModelApiValues")]
#[serde(rename_all = "camelCase")]
pub struct Values {
    /// How many pods.
    #[deserr(default = Values::default().replicas)]
    pub replicas: Located<Replicas>,
    /// What a pod asks for and may use.
    #[deserr(default = Values::default().resources)]
    pub resources: Resources,
    /// Who can reach it.
    #[deserr(default)]
    pub exposure: Exposure,
    /// Where predictions are kept for drift. They hold what was asked about people: nowhere, unless it is said.
    #[deserr(default)]
    pub prediction_log: prediction_log::Values,
    /// Whether callers send a key as `X-API-Key`; it is in the Secret of the API's name.
    #[deserr(default)]
    pub api_key: bool,
    /// Whether who watches it (`/metrics`, `/drift`, `/versions`, `/traffic`) sends a token; it is in the same Secret.
    #[deserr(default)]
    pub monitoring_token: bool,
    /// Who may call it beside the page and those that the exposure lets in.
    #[deserr(default)]
    pub callers: Vec<Caller>,
}

/// Somebody who may call an API.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Caller {
    /// Who.
    pub peer: Peer,
    /// Why, for who reads the network policy.
    pub reason: String,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            replicas: Located::nowhere(Replicas::Fixed(2)),
            resources: Resources::new((100, 64), (500, 128)),
            exposure: Exposure::default(),
            prediction_log: prediction_log::Values::Off,
            api_key: false,
            monitoring_token: false,
            callers: Vec::new(),
        }
    }
}
