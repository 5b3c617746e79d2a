//! Whether people can use a page who do not see it, or have no mouse: axe-core (<https://github.com/dequelabs/axe-core>).

use std::{fs, path::PathBuf};

use serde_json::Value;
use servers::repository;

use crate::Browser;

impl Browser {
    /// The serious violations of the page as it is now, one a line: which rule, and where.
    pub async fn inaccessible(&self) -> Vec<String> {
        let source = fs::read_to_string(axe()).expect("axe-core");
        self.execute(&source, Vec::new()).await.expect("axe-core is a script");
        let run = "return axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)";
        let violations = self.evaluate(run).await;
        let serious = |violation: &&Value| matches!(violation["impact"].as_str(), Some("serious" | "critical"));
        let told = |violation: &Value| {
            let places = violation["nodes"].as_array().into_iter().flatten().map(|node| node["target"].to_string());
            format!("{}: {}", violation["id"], places.collect::<Vec<_>>().join(", "))
        };
        violations.as_array().expect("violations").iter().filter(serious).map(told).collect()
    }
}

/// The script, where `cargo xtask tools` put it.
fn axe() -> PathBuf {
    let libraries = repository().join("target/tools/axe/lib");
    let python = fs::read_dir(&libraries).into_iter().flatten().flatten().map(|entry| entry.path());
    let script = "site-packages/axe_playwright_python/axe.min.js";
    let mut found = python.map(|folder| folder.join(script)).filter(|file| file.is_file());
    found.next().unwrap_or_else(|| panic!("axe-core is missing: run `cargo xtask tools`"))
}
