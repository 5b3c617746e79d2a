//! Flags that several commands share. Each is also a variable, for pods; secrets are variables alone, since the
//! arguments of a process are everybody's to read.

use std::{env, fs, path::PathBuf};

use clap::Args;
use model_file::ModelFile;
use registry::{Credentials, Location, Registry};
use secrecy::SecretString;

use super::Trouble;

/// Which model, and where its versions are.
#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "the fields are the flags")]
pub struct Model {
    /// The model file: what the model is.
    #[arg(long, env = "MODEL_FILE", value_name = "FILE")]
    pub model_file: PathBuf,
    /// The model's name in the registry, if it is not the one in the model file.
    #[arg(long, env = "MODEL_NAME", value_name = "NAME")]
    model_name: Option<String>,
    /// The alias that is followed, and moved by a training.
    #[arg(long, env = "MODEL_ALIAS", value_name = "ALIAS", default_value = "champion")]
    pub model_alias: String,
    /// Where versions are: http(s)://… for MLflow, or a folder, s3://bucket/prefix, gs://bucket/prefix.
    #[arg(long, env = "REGISTRY", value_name = "LOCATION")]
    registry: Option<String>,
    /// Where MLflow is, if --registry is not given; MLFLOW_TRACKING_USERNAME and _PASSWORD, or MLFLOW_TRACKING_TOKEN, if it asks.
    /// Without either, versions are in ./registry.
    #[arg(long, env = "MLFLOW_TRACKING_URI", hide_env_values = true, value_name = "URL")]
    mlflow_tracking_uri: Option<String>,
}

impl Model {
    /// Reads the model file.
    pub fn read(&self) -> Result<ModelFile, Trouble> {
        let name = self.model_file.display().to_string();
        let bytes = fs::read(&self.model_file).map_err(|error| {
            Trouble::Input(format!("cannot read {name}: {error}\n\nhint: name a model file, such as models/iris.yaml"))
        })?;
        let (mut file, _) = ModelFile::read(&name, &bytes).map_err(Trouble::Mistakes)?;
        if let Some(name) = self.model_name.as_ref().filter(|name| !name.is_empty()) {
            file.registry.model.value.clone_from(name);
        }
        Ok(file)
    }

    /// Opens the registry.
    pub fn registry(&self) -> Result<Registry, Trouble> {
        let given = [&self.registry, &self.mlflow_tracking_uri].into_iter().flatten().find(|text| !text.is_empty());
        let location: Location = given.map_or("./registry", String::as_str).parse().map_err(Trouble::from)?;
        let credentials = Credentials {
            username: env::var("MLFLOW_TRACKING_USERNAME").ok().filter(|name| !name.is_empty()),
            password: secret("MLFLOW_TRACKING_PASSWORD")?,
            token: secret("MLFLOW_TRACKING_TOKEN")?,
        };
        Ok(Registry::open(&location, &credentials)?)
    }
}

/// A secret from the variable `name`, or from the file that the variable `<name>_FILE` names.
pub fn secret(name: &str) -> Result<Option<SecretString>, Trouble> {
    let file = format!("{name}_FILE");
    let path = match (env::var_os(name), env::var_os(&file)) {
        (None, None) => return Ok(None),
        (None, Some(path)) => PathBuf::from(path),
        (Some(value), None) => {
            let no_text = |_| Trouble::Input(format!("{name} is no text\n\nhint: write it in UTF-8"));
            return Ok(Some(value.into_string().map_err(no_text)?.into()));
        }
        (Some(_), Some(_)) => {
            let found = format!("{name} and {file} are both set");
            return Err(Trouble::Input(format!("{found}\n\nhint: leave one of them out")));
        }
    };
    let text = fs::read_to_string(&path).map_err(|error| {
        let path = path.display();
        Trouble::Input(format!(
            "cannot read {path}, which {file} names: {error}\n\nhint: mount the secret, or leave {file} out"
        ))
    })?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).into()))
}
