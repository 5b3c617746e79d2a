//! What differs between versions of MLflow's server.

use std::{fmt, str::FromStr};

use builders::{ImageRef, Invalid, Resources};

/// A version of MLflow, such as `3.17.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

/// The oldest version whose flags and answers are tested.
const OLDEST: Version = Version { major: 2, minor: 17, patch: 2 };

/// From here on the server refuses requests whose Host header it does not know.
const CHECKS_HOST: Version = Version { major: 3, minor: 5, patch: 0 };

impl Default for Version {
    fn default() -> Self {
        Self { major: 3, minor: 17, patch: 2 }
    }
}

impl Version {
    /// The image that `images/mlflow/<version>` makes.
    pub fn image(&self) -> ImageRef {
        ImageRef::tagged("mlstack/mlflow", self)
    }

    /// Measured with one worker: 377 MB for 2.17.2, 501 MB for 3.17.2 without its job runner.
    pub const fn resources(&self) -> Resources {
        if self.major < 3 { Resources::new((200, 512), (1000, 768)) } else { Resources::new((200, 512), (1000, 1024)) }
    }

    /// Settings without which the server writes outside its directories, calls home, or starts
    /// processes that nobody asked for.
    pub fn variables(&self) -> Vec<(&'static str, &'static str)> {
        let mut variables = vec![("HOME", "/tmp"), ("USER", "mlflow"), ("DO_NOT_TRACK", "true")];
        if self.major >= 3 {
            variables.extend([("MLFLOW_DISABLE_TELEMETRY", "true"), ("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false")]);
        }
        variables
    }

    /// Whether the server refuses requests whose Host header it does not know.
    pub fn checks_host(&self) -> bool {
        *self >= CHECKS_HOST
    }
}

impl FromStr for Version {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refused = |why: &str| {
            let what = format!("{text:?} is not a version of MLflow{why}");
            Invalid::new(what, "write major.minor.patch, such as 3.17.2")
        };
        let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        let [major, minor, patch] = *numbers.map_err(|_| refused(""))?.as_slice() else { return Err(refused("")) };
        let version = Self { major, minor, patch };
        match version {
            _ if version.to_string() != text => Err(refused("")),
            _ if version < OLDEST => Err(refused(&format!(" that is tested: {OLDEST} is the oldest"))),
            _ => Ok(version),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

builders::text_value!(Version, schema: "MlflowVersion", about: "A version of MLflow", example: "3.17.2", pattern: r"^[0-9]+\.[0-9]+\.[0-9]+$", numbers: number);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_version_is_refused() {
        for bad in ["", "3", "3.17", "3.17.2.1", "v3.17.2", "3.17.x", "1.30.0", "2.17.1", "03.1.1", "3..1", "+3.1.1"] {
            assert!(bad.parse::<Version>().is_err(), "{bad}");
        }
    }
}
