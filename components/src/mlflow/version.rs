//! What differs between versions of MLflow's server.

use std::{fmt, str::FromStr};

use builders::{Exposure, ImageRef, Invalid, Resources};

/// A version of MLflow, such as `3.17.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

/// From here on the server refuses requests whose Host header it does not know.
const CHECKS_HOST: Version = Version { major: 3, minor: 5, patch: 0 };

/// The addresses that MLflow itself trusts when no host is named (`mlflow.server.security_utils`):
/// naming one replaces them, so whoever comes by a node's address needs them said again.
const PRIVATE_HOSTS: [&str; 2] = ["10.*", "192.168.*"];

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

    /// Flags that name who may ask. Without them every client of a newer server gets 403 "Invalid Host
    /// header", while `/health` stays green.
    pub fn security_flags(&self, services: &[String], exposure: &Exposure, further: &[String]) -> Vec<String> {
        if *self < CHECKS_HOST {
            return Vec::new();
        }
        let mut hosts: Vec<String> = services.to_vec();
        hosts.extend(["localhost".to_owned(), "127.0.0.1".to_owned()]);
        // A name and a name with a port are two entries.
        hosts = hosts.into_iter().flat_map(|host| [format!("{host}:*"), host]).collect();
        let mut origins: Vec<String> =
            further.iter().flat_map(|host| [format!("http://{host}"), format!("https://{host}")]).collect();
        hosts.extend(further.iter().cloned());
        if let Exposure::NodePort { node_port } = exposure {
            hosts.extend(PRIVATE_HOSTS.map(str::to_owned));
            hosts.extend((16..32).map(|block| format!("172.{block}.*")));
            // The page asks for its data with POST, which browsers send with an Origin.
            origins.push(format!("http://*:{}", node_port.value.number()));
        }
        let mut flags = vec![format!("--allowed-hosts={}", hosts.join(","))];
        if !origins.is_empty() {
            flags.push(format!("--cors-allowed-origins={}", origins.join(",")));
        }
        flags
    }
}

impl FromStr for Version {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refused = |why: &str| {
            Invalid::new(format!("{text:?} is not a version of MLflow{why}"), "write major.minor.patch, such as 3.17.2")
        };
        let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        match *numbers.map_err(|_| refused(""))?.as_slice() {
            [major @ 0..2, ..] => Err(refused(&format!(": {major} is too old, 2.17.2 is the oldest that is tested"))),
            [major, minor, patch] if text == format!("{major}.{minor}.{patch}") => Ok(Self { major, minor, patch }),
            _ => Err(refused("")),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

builders::text_value!(Version, schema: "MlflowVersion", about: "A version of MLflow", example: "3.17.2", pattern: r"^[0-9]+\.[0-9]+\.[0-9]+$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_server_has_no_flags_it_does_not_know() {
        let old: Version = "2.17.2".parse().expect("a version");
        assert!(old.security_flags(&["mlflow".into()], &Exposure::ClusterIP, &[]).is_empty());
        assert!(old.variables().iter().all(|(name, _)| !name.starts_with("MLFLOW_SERVER")));
    }

    #[test]
    fn a_new_server_trusts_its_services_by_name_and_by_name_and_port() {
        let flags = Version::default().security_flags(&["mlflow".into()], &Exposure::ClusterIP, &["ml.example".into()]);
        assert_eq!(
            flags,
            [
                "--allowed-hosts=mlflow:*,mlflow,localhost:*,localhost,127.0.0.1:*,127.0.0.1,ml.example",
                "--cors-allowed-origins=http://ml.example,https://ml.example"
            ]
        );
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for bad in ["", "3", "3.17", "3.17.2.1", "v3.17.2", "3.17.x", "1.30.0", "03.1.1", "3..1"] {
            assert!(bad.parse::<Version>().is_err(), "{bad}");
        }
    }
}
