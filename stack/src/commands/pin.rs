//! `mlstack pin`: the image of an environment, by digest.

use std::process::ExitCode;

use builders::ImageRef;
use clap::Args;

use super::{Outcome, print, tell};
use crate::{environment, output::Output, pin, project::Project, project::Sources};

/// Write a released image into an environment, or print the one it has
///
/// Replaces `serving.image` in environments/ENV.yaml and nothing else: comments and layout stay. Compile afterwards.
#[derive(Debug, Args)]
pub(super) struct Pin {
    /// An environment, by the name of its file in environments/
    #[arg(value_name = "ENV")]
    environment: String,
    /// The image by digest, as a registry names it after a push: repository@sha256:…
    #[arg(value_name = "IMAGE", value_parser = pin::released)]
    image: Option<ImageRef>,
}

impl Pin {
    pub(super) fn run(&self, project: &Project) -> Outcome {
        let Some(image) = &self.image else {
            let (environment, _) = environment::read(&self.environment, project)?;
            print(&format!("{}\n", environment.values.serving.image))?;
            return Ok(ExitCode::SUCCESS);
        };
        let source = project.environment(&self.environment)?;
        let mut output = Output::default();
        output.file(source.name.clone(), pin::pinned(&source, image)?);
        let changes = output.changes(project)?;
        changes.apply(project)?;
        if changes.is_empty() {
            tell(&format!("{} runs {image} already", source.name));
        } else {
            tell(&format!("{} runs {image} now; compile it: cargo build-manifests", source.name));
        }
        Ok(ExitCode::SUCCESS)
    }
}
