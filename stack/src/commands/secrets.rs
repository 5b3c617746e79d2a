//! `mlstack secrets`: the declared Secrets, with values, for kubectl.

use std::process::ExitCode;

use builders::SecretsFrom;
use clap::Args;

use super::{
    Outcome,
    from::{From, refusal},
    print, tell,
};
use crate::{
    compile::compile,
    project::Project,
    secrets::{KeyPath, Vault, ask, choose, draw, manifests, wanted},
};

/// Print the declared Secrets with their values, to pipe into `kubectl apply -f -`
///
/// Values are drawn at random once and kept in environments/.secrets/ENV.json (mode 0600, ignored by
/// git), so that every run prints the same and no database is locked out; those that nobody can draw are taken from
/// --from or asked for, and kept there too. The namespace must exist: apply out/ENV/000-namespace-*.yaml first.
#[derive(Debug, Args)]
pub(super) struct Secrets {
    /// An environment, by the name of its file in environments/
    #[arg(value_name = "ENV")]
    environment: String,
    #[command(flatten)]
    from: From,
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
            return Err(refusal(&self.environment, &artifacts.environment.values.secrets));
        }
        let inventory = &artifacts.compiled.inventory;
        let wanted = wanted(inventory);
        let mut vault = Vault::open(project, &self.environment)?;
        let given = self.from.read(&wanted, inventory)?;
        let random = wanted.iter().filter(|(_, wanted)| wanted.random).map(|(key, _)| key);
        for text in &self.rotate {
            vault.forget(choose(text, random.clone(), "random secret key").map_err(|mistake| vec![mistake])?);
        }
        let mut missing = Vec::new();
        for (key, wanted) in &wanted {
            match given.get(key) {
                Some(value) => vault.set(key, value.clone()),
                None if vault.get(key).is_some() => {}
                None if wanted.random => vault.set(key, draw()?),
                None => missing.push(key),
            }
        }
        for (key, value) in ask(&missing, "hand them over once with --from FILE")? {
            vault.set(&key, value);
        }
        vault.save()?;
        print(&manifests(&artifacts.environment.values.stack, inventory, &vault))?;
        let declared = inventory.secrets.iter().flat_map(|((_, secret), declared)| {
            declared.keys.keys().map(move |key| KeyPath { secret: secret.clone(), key: key.clone() })
        });
        for key in vault.undeclared(&declared.collect::<Vec<_>>()) {
            tell(&format!("note: {key} is kept but no longer declared"));
        }
        Ok(ExitCode::SUCCESS)
    }
}
