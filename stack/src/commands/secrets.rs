//! `mlstack secrets`: the declared Secrets, with values, for kubectl.

use std::process::ExitCode;

use builders::SecretsFrom;
use clap::Args;

use super::{Outcome, Trouble, print, tell};
use crate::{
    compile::compile,
    project::Project,
    secrets::{Vault, manifests},
};

/// Print the declared Secrets with their values, to pipe into `kubectl apply -f -`
///
/// Values are drawn at random once and kept in environments/.secrets/ENV.json (mode 0600, ignored by
/// git), so that every run prints the same and no database is locked out. The namespace must exist:
/// apply out/ENV/000-namespace-*.yaml first.
#[derive(Debug, Args)]
pub(super) struct Secrets {
    /// An environment, by the name of its file in environments/
    #[arg(value_name = "ENV")]
    environment: String,
    /// Draw a new value for this key, such as `postgres/MLFLOW_PASSWORD`
    ///
    /// What already uses the old value keeps it: change a role's password in the database too.
    #[arg(long, value_name = "SECRET/KEY")]
    rotate: Vec<String>,
}

impl Secrets {
    pub(super) fn run(&self, project: &Project) -> Outcome {
        let artifacts = compile(&self.environment, project)?;
        if artifacts.environment.values.secrets != SecretsFrom::Generated {
            return Err(Trouble::Mistakes(vec![documents::Diagnostic::of_file(
                &format!("environments/{}.yaml", self.environment),
                format!("the secrets of {} come from elsewhere, not from mlstack", self.environment),
                "make them as that environment's operators do, or write secrets: {type: Generated}",
            )]));
        }
        let inventory = &artifacts.compiled.inventory;
        let mut vault = Vault::open(project, &self.environment)?;
        self.rotate.iter().try_for_each(|key| vault.rotate(key, inventory))?;
        vault.complete(inventory)?;
        vault.save()?;
        print(&manifests(inventory, &vault))?;
        for key in vault.undeclared(inventory) {
            tell(&format!("note: {key} is kept but no longer declared"));
        }
        Ok(ExitCode::SUCCESS)
    }
}
