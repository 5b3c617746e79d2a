//! What is told about a window, as JSON: by `serving drift`, beside the version in the registry, and by the API.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Where the last report of a version lies, beside it in the registry.
pub const PATH: &str = "drift/report.json";
/// Bytes that a report may have; one of a hundred features has a tenth.
pub const LARGEST: u64 = 1 << 20;

/// A window of a version's rows beside its reference sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The model's name in the registry.
    pub model: String,
    /// The version that was asked, and whose reference it is.
    pub version: String,
    /// When the report was made (RFC 3339, UTC).
    pub created: String,
    /// Where the rows are from.
    pub window: Rows,
    /// What the comparison tells.
    #[serde(flatten)]
    pub drift: drift::Report,
}

/// The rows that were looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Where they were read.
    pub source: String,
    /// The first moment of a log (RFC 3339, UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The end of the span of time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Rows of other versions in the same span, which are not in the comparison, by version.
    pub other_versions: BTreeMap<String, u64>,
    /// Rows of other models in the same folder.
    pub other_models: u64,
    /// Lines that are no rows.
    pub unreadable: u64,
    /// File and line of the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_unreadable: Option<String>,
}

impl Report {
    /// Reads a report about this version.
    ///
    /// # Errors
    /// When it is none, or about something else.
    pub fn read(bytes: &[u8], model: &str, version: &str) -> Result<Self, String> {
        let report: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if report.model != model || report.version != version {
            return Err(format!("it is about version {} of {}", report.version, report.model));
        }
        if report.created.parse::<jiff::Timestamp>().is_err() {
            return Err(format!("it was made at {:?}, which is no time", report.created));
        }
        Ok(report)
    }

    /// The same as JSON, for people to read.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The answer in one line.
    pub fn says(&self) -> String {
        let named = |status| {
            let features = self.drift.features.iter().filter(move |feature| feature.status == status);
            features.map(|feature| feature.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let (rows, needed) = (self.drift.rows, self.drift.limits.rows);
        match self.drift.status {
            drift::Status::Drift => format!("drift in {}", named(drift::Status::Drift)),
            drift::Status::NoDrift => "no drift".to_owned(),
            drift::Status::NotEnoughData if rows < needed => {
                format!("not enough data: {rows} of the {needed} rows that are needed, which is not \"no drift\"")
            }
            drift::Status::NotEnoughData => {
                let named = named(drift::Status::NotEnoughData);
                format!("not enough data: fewer than {needed} values of {named}, which is not \"no drift\"")
            }
        }
    }

    /// What is to be known beside it, a line each.
    pub fn remarks(&self) -> Vec<String> {
        let Rows { other_versions, other_models, unreadable, first_unreadable, .. } = &self.window;
        let others = other_versions.iter().map(|(version, rows)| format!("{rows} of version {version}"));
        let others = others.collect::<Vec<_>>().join(", ");
        let missing = self.drift.features.iter().filter(|feature| feature.missing > 0);
        let missing = missing.map(|feature| format!("{} in {}", feature.missing, feature.name)).collect::<Vec<_>>();
        let first = first_unreadable.as_ref().map_or_else(String::new, |first| format!(", first {first}"));
        let said = [
            (!others.is_empty()).then(|| format!("left out, being of other versions: {others}")),
            (*other_models > 0).then(|| format!("left out, being of other models: {other_models}")),
            (*unreadable > 0).then(|| format!("lines that are no rows: {unreadable}{first}")),
            (!missing.is_empty()).then(|| format!("values that are missing: {}", missing.join(", "))),
        ];
        said.into_iter().flatten().collect()
    }
}
