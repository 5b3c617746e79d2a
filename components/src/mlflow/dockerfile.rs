//! The image of the server: the official one and the driver it lacks.

use askama::Template;

use super::Version;

#[derive(Template)]
#[template(path = "mlflow.Dockerfile", escape = "none")]
struct Dockerfile<'a> {
    version: &'a Version,
}

/// The text of `images/mlflow/<version>/Dockerfile`.
pub fn dockerfile(version: &Version) -> String {
    Dockerfile { version }.to_string()
}
