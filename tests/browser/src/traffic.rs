//! What a page asked the network for, and what it complained about.

use serde_json::{Value, json};

use crate::Browser;

impl Browser {
    /// The addresses that were asked for since this was asked last, in their order; `data:` is none.
    pub async fn requests(&self) -> Vec<String> {
        let request = |entry: Value| {
            let event: Value = serde_json::from_str(entry["message"].as_str().unwrap_or_default()).expect("an event");
            let message = &event["message"];
            let address = message["params"]["request"]["url"].as_str().unwrap_or_default();
            let asked = message["method"] == "Network.requestWillBeSent" && !address.starts_with("data:");
            asked.then(|| address.to_owned())
        };
        self.log("performance").await.into_iter().filter_map(request).collect()
    }

    /// The lines of the console since this was asked last: errors of scripts, refused requests, warnings.
    pub async fn complaints(&self) -> Vec<String> {
        let line = |entry: Value| format!("{}: {}", entry["level"], entry["message"]);
        self.log("browser").await.into_iter().map(line).collect()
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let entries = self.command("se/log", json!({"type": kind})).await;
        entries.as_array().expect("entries").clone()
    }
}
