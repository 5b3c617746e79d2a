//! `mlstack seal`: values become ciphertexts that can be committed.

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode, time::SystemTime};

use builders::SecretsFrom;
use clap::Args;
use documents::Diagnostic;
use secrecy::SecretString;

use super::{
    Outcome, Trouble,
    from::{From, file, refusal},
    tell,
};
use crate::{
    compile::declared,
    output::Output,
    project::Project,
    sealed::{self, Certificate, Due, Sealed, due},
    secrets::{Given, KeyPath, ask, choose, draw, wanted},
};

/// Encrypt the values of the declared Secrets to the cluster's Sealed Secrets controller
///
/// Writes environments/sealed/ENV.yaml, which is to be committed, for exactly the keys that want a value. Values come
/// from --from, are drawn with --generate, or are asked for on the terminal. What is sealed already stays as it is;
/// what nobody declares any more is removed.
#[derive(Debug, Args)]
pub(super) struct Seal {
    /// An environment, by the name of its file in environments/
    #[arg(value_name = "ENV")]
    environment: String,
    /// The controller's certificate, as `kubeseal --fetch-cert` prints it
    #[arg(long, value_name = "FILE")]
    certificate: PathBuf,
    #[command(flatten)]
    from: From,
    /// Draw a value for every key that can be random and that nobody gave one
    #[arg(long)]
    generate: bool,
    /// Seal another value for this key, such as `postgres/MLFLOW_PASSWORD`
    ///
    /// What already uses the old value keeps it: change a role's password in the database too.
    #[arg(long, value_name = "SECRET/KEY")]
    rotate: Vec<String>,
    /// Seal another value for every key
    #[arg(long)]
    all: bool,
}

impl Seal {
    pub(super) fn run(&self, project: &Project) -> Outcome {
        let artifacts = declared(&self.environment, project)?;
        if artifacts.environment.values.secrets != SecretsFrom::Sealed {
            return Err(refusal(&self.environment, &artifacts.environment.values.secrets));
        }
        let inventory = &artifacts.compiled.inventory;
        let wanted = wanted(inventory);
        let before = Sealed::read(&self.environment, project)?;
        let rotated = self.rotate.iter().map(|text| choose(text, wanted.keys(), "secret key that wants a value"));
        let rotated = rotated.collect::<Result<Vec<_>, _>>().map_err(one)?;
        let due = due(&wanted, &before, |key| self.all || rotated.contains(&key));
        let given = self.from.read(&wanted, inventory)?;
        let certificate =
            Certificate::read(&self.certificate.display().to_string(), &file(&self.certificate)?).map_err(one)?;
        if let Some(warning) = certificate.warning(SystemTime::now()) {
            tell(&warning);
        }
        let values = self.values(&due, &given)?;
        let tree = sealed::seal(&wanted, &before, &values, &certificate).map_err(one)?;

        let path = sealed::path(&self.environment);
        let mut output = Output::default();
        output.file(path.clone(), sealed::text(&self.environment, &tree));
        output.changes(project)?.apply(project)?;
        for left in before.left_over(inventory) {
            tell(&format!("note: removed {}/{}/{}, which nobody declares", left.namespace, left.secret, left.key));
        }
        for key in given.keys().filter(|key| !values.contains_key(key)) {
            tell(&format!("note: {key} is sealed already, and was not sealed anew; --rotate {key} does"));
        }
        tell(&format!("{path}: {} sealed, {} kept", values.len(), wanted.len() - values.len()));
        Ok(ExitCode::SUCCESS)
    }

    /// A value for each: what was given, else what is drawn, else what somebody types.
    fn values(&self, due: &[Due<'_>], given: &Given) -> Result<BTreeMap<KeyPath, SecretString>, Trouble> {
        let (mut values, mut missing) = (BTreeMap::new(), Vec::new());
        for Due { key, random, elsewhere } in due {
            match given.get(key) {
                Some(value) => drop(values.insert((*key).clone(), value.clone())),
                None if self.generate && *random && !elsewhere => drop(values.insert((*key).clone(), draw()?)),
                None => missing.push(*key),
            }
        }
        let hint = match due.iter().find(|due| self.generate && due.random && due.elsewhere) {
            Some(Due { key, .. }) => format!(
                "{key} is sealed for another namespace: hand the same value over with --from, or add --rotate {key} for \
                 another one everywhere"
            ),
            None => "hand them over with --from FILE; --generate draws those that can be random".into(),
        };
        values.extend(ask(&missing, &hint)?);
        Ok(values)
    }
}

fn one(mistake: Diagnostic) -> Trouble {
    Trouble::Mistakes(vec![mistake])
}
