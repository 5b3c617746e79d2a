//! The reference sample of a version, bound to the model file: what a window is counted against.

use drift::{Sample, Window};
use forest::Reference;
use model_file::{FeatureType, ModelFile};

/// A reference sample that a window cannot be compared with.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// Foreign versions have none.
    #[error("version {0} has no reference sample\n\nhint: train the model with `serving train`, which keeps one")]
    None(String),
    /// Of something else.
    #[error(
        "the reference sample of version {version} is not its own: {problem}\n\nhint: its reference.json was put there by hand; \
         train the model again"
    )]
    Other {
        /// The version.
        version: String,
        /// How it shows.
        problem: String,
    },
}

/// An empty window beside `reference`, of `version`, which was trained on data with the sum `data_sha256`.
///
/// # Errors
/// When there is no reference, or it is that of another model or version.
pub fn window(
    reference: Option<Reference>,
    file: &ModelFile,
    version: &str,
    data_sha256: Option<&str>,
) -> Result<Window, Unfit> {
    let reference = reference.ok_or_else(|| Unfit::None(version.to_owned()))?;
    let other = |problem: String| Unfit::Other { version: version.to_owned(), problem };
    let model = &file.registry.model.value;
    if let Some(theirs) = reference.model.filter(|theirs| theirs != model) {
        return Err(other(format!("it is of the model {theirs}, not of {model}")));
    }
    if let (Some(theirs), Some(ours)) = (&reference.data_sha256, data_sha256)
        && theirs != ours
    {
        return Err(other(format!("it is of data with the SHA-256 {theirs}, and the version was trained on {ours}")));
    }
    let [theirs, ours] = [
        reference.features.iter().map(|sample| sample.name.as_str()).collect::<Vec<_>>(),
        file.features.value.iter().map(|feature| feature.name.value.as_str()).collect::<Vec<_>>(),
    ];
    if theirs != ours {
        return Err(other(format!(
            "it has the features {}, the model file has {}",
            theirs.join(", "),
            ours.join(", ")
        )));
    }
    let sample = |(sample, feature): (forest::Sample, &model_file::Feature)| {
        let category = feature.kind == FeatureType::Category;
        if if category { !sample.sorted.is_empty() } else { !sample.counts.is_empty() } {
            return Err(other(format!("the model file has another type for {}", sample.name)));
        }
        let values = if category {
            Sample::Words(sample.counts.into_iter().map(|(word, count)| (word, count as u64)).collect())
        } else {
            Sample::Numbers(sample.sorted)
        };
        Ok((sample.name, values))
    };
    let samples = reference.features.into_iter().zip(&file.features.value).map(sample);
    Ok(Window::new(samples.collect::<Result<Vec<_>, _>>()?))
}
