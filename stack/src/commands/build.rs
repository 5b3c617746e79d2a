//! `mlstack build`: environments and models become manifests.

use std::process::ExitCode;

use clap::Args;

use super::{Outcome, print, tell};
use crate::{
    compile::compile,
    output::{Changes, Output},
    project::Project,
};

/// Compile environments to out/<ENV>/*.yaml, all of them if none is named
///
/// Nothing is written unless everything compiles. Files that did not change are not touched; files
/// that are no longer made are removed.
#[derive(Debug, Args)]
pub(super) struct Build {
    /// Environments, by the name of their file in environments/
    #[arg(value_name = "ENV")]
    environments: Vec<String>,
    /// Write nothing; print the differences to what is on disk and exit 1 if there are any
    #[arg(long)]
    check: bool,
}

impl Build {
    pub(super) fn run(&self, project: &Project) -> Outcome {
        let output = self.compile(project)?;
        let changes = output.changes(project)?;
        if self.check {
            return check(&changes);
        }
        changes.apply(project)?;
        let Changes { written, removed } = &changes;
        let unchanged = output.len() - written.len();
        let removed = if removed.is_empty() { String::new() } else { format!(", {} removed", removed.len()) };
        tell(&format!("out/: {} written{removed}, {unchanged} unchanged", written.len()));
        Ok(ExitCode::SUCCESS)
    }

    fn compile(&self, project: &Project) -> Result<Output, super::Trouble> {
        let all = self.environments.is_empty();
        let names = if all { project.environments()? } else { self.environments.clone() };
        let (mut output, mut mistakes) = (Output::default(), Vec::new());
        for name in &names {
            match compile(name, project) {
                Ok(artifacts) => {
                    artifacts.images.into_iter().for_each(|(path, text)| output.file(path, text));
                    output.manifests(name, artifacts.compiled);
                }
                // Environments share their models, and a model's mistake is one.
                Err(diagnostics) => {
                    mistakes.extend(diagnostics.into_iter().filter(|it| !mistakes.contains(it)).collect::<Vec<_>>());
                }
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes.into());
        }
        if all {
            // What a removed environment or an old version has left behind.
            for folder in project.folders("out").into_iter().chain(project.folders("images/mlflow")) {
                output.only(folder);
            }
        }
        Ok(output)
    }
}

fn check(changes: &Changes<'_>) -> Outcome {
    if changes.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    print(&changes.diff())?;
    tell("error: out/ is not what the sources compile to\n\nhint: run `cargo build-manifests` and commit the result");
    Ok(ExitCode::from(1))
}
