//! The versions that the registry has: `GET /versions`. The one who follows the alias asks for them, as rarely as for reports.

use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::{Json, extract::State};
use registry::Version;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Refusal, Shared, auth::MonitoringToken};

/// No more of them are asked for, and told.
pub const MOST: usize = 50;

/// What is known of them.
#[derive(Debug, Default)]
pub struct Known(ArcSwap<List>);

#[derive(Debug, Default)]
struct List {
    alias: String,
    versions: Vec<Registered>,
}

impl Known {
    /// These are the newest, and the alias stands on `aliased`, if on any.
    pub fn are(&self, alias: &str, aliased: Option<&str>, versions: &[Version]) {
        let one = |version: &Version| Registered {
            version: version.number.clone(),
            aliases: (aliased == Some(version.number.as_str())).then(|| alias.to_owned()).into_iter().collect(),
            created: version.created_ms.and_then(|ms| {
                let moment = jiff::Timestamp::from_millisecond(i64::try_from(ms).ok()?).ok()?;
                Some(moment.to_string())
            }),
        };
        let list = List { alias: alias.to_owned(), versions: versions.iter().map(one).collect() };
        self.0.store(Arc::new(list));
    }
}

/// A version in the registry.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Registered {
    /// Its number.
    #[schema(example = "3")]
    version: String,
    /// The alias that is followed, where it stands on this version; other aliases are not told.
    aliases: Vec<String>,
    /// When it was registered (RFC 3339, UTC), where the registry says so.
    created: Option<String>,
}

/// The versions of a model.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "what clients read")]
pub struct Versions {
    /// The model's name in the registry.
    model: String,
    /// The alias that is followed; empty before the registry answered.
    alias: String,
    /// The version that is served, if one is.
    served: Option<String>,
    /// The newest ones, at most 50, newest first; empty before the registry answered.
    versions: Vec<Registered>,
}

/// The versions of the model that the registry has, and which of them is served.
#[utoipa::path(get, path = "/versions", tag = "Monitoring", security(("monitoring_token" = [])),
    responses((status = 200, description = "The newest versions; up to a few minutes old", body = Versions),
              (status = 401, description = "The monitoring token is missing or wrong", body = Refusal)))]
pub async fn versions(State(service): State<Shared>, _: MonitoringToken) -> Json<Versions> {
    let list = service.versions.0.load();
    Json(Versions {
        model: service.words.model.clone(),
        alias: list.alias.clone(),
        served: service.model().map(|model| model.version.clone()),
        versions: list.versions.clone(),
    })
}
