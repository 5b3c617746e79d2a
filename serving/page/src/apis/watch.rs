//! Looks after the APIs: each is asked every few seconds what its model is, however many people look at the page.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;
use tracing::{info, warn};

use super::{Api, Condition, Seen, Trouble};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(3);

/// Every so many looks, and when it is another than before, it is asked for what changes rarely.
const RARELY: u32 = 5;

/// Watches an API for ever.
pub async fn watch(api: Arc<Api>) {
    for round in (0..RARELY).cycle() {
        let before = api.seen();
        api.look().await;
        api.look_at_traffic().await;
        if round == 0 || before.which() != api.seen().which() {
            api.look_closer().await;
        }
        sleep(EVERY).await;
    }
}

impl Api {
    /// Asks once, and remembers what it said.
    pub async fn look(&self) {
        let before = self.seen();
        let seen = match self.describe().await {
            Ok(model) => {
                let condition = if model.version.is_some() { Condition::Loaded } else { Condition::NoModel };
                Seen { condition, models: Seen::describes(&model) }
            }
            Err(trouble) => {
                let condition = match trouble {
                    Trouble::Unreachable => Condition::Unreachable,
                    Trouble::NoModel => Condition::NoModel,
                    // Too busy to say anything new.
                    Trouble::Busy(_) => before.condition,
                    _ => Condition::Foreign,
                };
                // Once.
                if before.condition != condition {
                    warn!(model = self.name, ?trouble, "the API does not say what its model is");
                }
                Seen { condition, models: before.models.clone() }
            }
        };
        if before.condition != seen.condition && seen.condition == Condition::Loaded {
            info!(model = self.name, "the API has a model");
        }
        self.seen.store(Arc::new(seen));
    }
}
