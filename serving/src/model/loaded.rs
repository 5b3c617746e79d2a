//! A version that is ready to predict.

use forest::{Explainer, Predictor, Reference, import};
use model_file::ModelFile;
use registry::File;

use super::Bundle;

/// A version in memory, tried.
#[derive(Debug)]
pub struct Loaded {
    /// Its number in the registry.
    pub version: String,
    /// What tells probabilities.
    pub predictor: Predictor,
    /// What tells why; foreign versions have none.
    pub explainer: Option<Explainer>,
    /// What the training data looked like; foreign versions have none.
    pub reference: Option<Reference>,
}

/// A version that cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// Files that are missing or are something else.
    #[error(
        "the version's files are not those of a model: {0}\n\nhint: log it with mlflow.onnx.log_model or `serving register`"
    )]
    Files(String),
    /// An ONNX file that is not served.
    #[error(transparent)]
    Onnx(#[from] forest::Unreadable),
    /// Columns with other names or in another order.
    #[error(
        "the model takes the columns {theirs}, the model file has {ours}\n\nhint: train on the features of the model \
         file, in its order"
    )]
    Columns {
        /// What its signature says.
        theirs: String,
        /// What the model file says.
        ours: String,
    },
    /// Answers that are no probabilities.
    #[error("the model answers {0}, which are no probabilities\n\nhint: export the model again")]
    Answers(String),
}

/// The reference sample among a version's files, if there is one.
///
/// # Errors
/// When it is something else.
pub fn reference(bundle: &Bundle) -> Result<Option<Reference>, Broken> {
    let read = bundle.reference.as_ref().map(|bytes| serde_json::from_slice(bytes)).transpose();
    read.map_err(|error| Broken::Files(format!("reference.json cannot be read: {error}")))
}

impl Loaded {
    /// Reads a version's files, binds them to the model file, and predicts a few rows with them.
    ///
    /// # Errors
    /// When anything about it is wrong; then the version is not to be served.
    pub fn new(version: &str, files: &[File], file: &ModelFile) -> Result<Self, Broken> {
        let bundle = Bundle::of(files)?;
        let ours: Vec<&str> = file.features.value.iter().map(|feature| feature.name.value.as_str()).collect();
        let theirs = bundle.signature.as_ref().map(|signature| signature.columns.clone()).unwrap_or_default();
        if !theirs.is_empty() && theirs != ours {
            return Err(Broken::Columns { theirs: theirs.join(", "), ours: ours.join(", ") });
        }
        let foreign = import(&bundle.onnx, file)?;
        let predictor = Predictor::new(&foreign.ensemble, &foreign.columns);
        let reference = reference(&bundle)?;
        let background = reference.as_ref().map_or(&[][..], |reference| &reference.background);
        let explainer = Explainer::new(&foreign.ensemble, &foreign.columns, ours.len(), background);
        let loaded = Self { version: version.to_owned(), predictor, explainer, reference };
        loaded.warm_up(ours.len())?;
        Ok(loaded)
    }

    /// The background sample, or a row of zeros: pages of memory are touched, and answers are looked at.
    fn warm_up(&self, features: usize) -> Result<(), Broken> {
        let known = self.reference.iter().flat_map(|reference| reference.background.clone());
        let rows: Vec<Vec<f32>> = known.filter(|row| row.len() == features).chain([vec![0.0; features]]).collect();
        let answers = self.predictor.predict_all(&rows.concat(), features);
        let wrong = |answer: &&[f64]| !answer.iter().all(|share| (-1e-6..=1.0 + 1e-6).contains(share));
        match answers.chunks_exact(self.predictor.classes()).find(wrong) {
            Some(answer) => Err(Broken::Answers(format!("{answer:?}"))),
            None => Ok(()),
        }
    }
}
