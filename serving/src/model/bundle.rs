//! The files of a version.
//!
//! A version is a folder as `mlflow.onnx.log_model` writes one: `MLmodel` and the ONNX file that it names.
//! Those that `serving train` made have more beside it, which foreign ones may lack.

use bytes::Bytes;
use registry::File;

use super::{Broken, Signature};

/// The ONNX file of our versions.
pub const MODEL: &str = "model.onnx";
/// What MLflow wants to know.
pub const MLMODEL: &str = "MLmodel";
/// The model file that a version was trained by.
pub const SPECIFICATION: &str = "model.yaml";
/// Samples of the data that it was trained on.
pub const REFERENCE: &str = "reference.json";
/// Fingerprints of the rows that it was trained on.
pub const TRAINED_ON: &str = "trained_on.bin";

/// The files of a version, found.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The ONNX file.
    pub onnx: Bytes,
    /// What `MLmodel` says of inputs; nothing where there is no `MLmodel` or no signature.
    pub signature: Option<Signature>,
    /// Samples of the training data, as JSON.
    pub reference: Option<Bytes>,
}

impl Bundle {
    /// Finds the files of a version.
    ///
    /// # Errors
    /// When it has no ONNX file, or several and nobody says which.
    pub fn of(files: &[File]) -> Result<Self, Broken> {
        let find = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.bytes.clone());
        let (named, signature) = match find(MLMODEL) {
            Some(bytes) => Signature::read(&bytes)?,
            None => (None, None),
        };
        let mut ending = files.iter().filter(|file| file.path.rsplit_once('.').is_some_and(|(_, end)| end == "onnx"));
        let onnx = match (named, ending.next(), ending.next()) {
            (Some(path), ..) => {
                find(&path).ok_or_else(|| Broken::Files(format!("MLmodel names {path}, which is not there")))
            }
            (None, Some(file), None) => Ok(file.bytes.clone()),
            (None, None, _) => Err(Broken::Files("it has no .onnx file".into())),
            (None, Some(_), Some(_)) => Err(Broken::Files("it has several .onnx files and no MLmodel".into())),
        }?;
        Ok(Self { onnx, signature, reference: find(REFERENCE) })
    }
}
