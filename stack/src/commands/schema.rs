//! `mlstack schema`: what editors know about environment and model files.

use std::process::ExitCode;

use clap::Args;

use super::{Outcome, tell};
use crate::{output::Output, project::Project, schema::schemas};

/// Write the JSON schemas of environment and model files, beside them
#[derive(Debug, Args)]
pub(super) struct Schema {}

impl Schema {
    #[expect(clippy::unused_self, reason = "every command is called the same way")]
    pub(super) fn run(&self, project: &Project) -> Outcome {
        let mut output = Output::default();
        for (path, text) in schemas() {
            output.file(path.to_owned(), text);
        }
        let changes = output.changes(project)?;
        changes.apply(project)?;
        tell(&format!(
            "schemas: {} written, {} unchanged",
            changes.written.len(),
            output.len() - changes.written.len()
        ));
        Ok(ExitCode::SUCCESS)
    }
}
