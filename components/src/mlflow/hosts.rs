//! Who may ask the server, by the Host and Origin of their requests.

use std::{fmt, str::FromStr};

use builders::{AtNodePort, Exposure, Invalid, text_value};

use super::Version;

/// The addresses that MLflow itself trusts when no host is named (`mlflow.server.security_utils`):
/// naming one replaces them, so whoever comes by a node's address needs them said again.
const PRIVATE_HOSTS: [&str; 2] = ["10.*", "192.168.*"];

/// A name under which people open the page: `host` or `host:port`, with `*` for any part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern(String);

impl FromStr for HostPattern {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (host, port) = text.split_once(':').unwrap_or((text, "*"));
        let is_host = host.chars().all(|c| c.is_ascii_alphanumeric() || ".-*".contains(c));
        let is_port = port == "*" || port.parse::<u16>().is_ok_and(|port| port > 0);
        // A pattern of stars alone would let everybody in.
        if !is_host || !is_port || !host.chars().any(|c| c.is_ascii_alphanumeric()) {
            let what = format!("{text:?} is not a host");
            return Err(Invalid::new(what, "write host or host:port, such as mlflow.example or *.example:8443"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

text_value!(HostPattern, schema: "HostPattern", about: "A name under which people open a page", example: "mlflow.example", pattern: r"^[a-zA-Z0-9.*-]*[a-zA-Z0-9][a-zA-Z0-9.*-]*(:([0-9]{1,5}|\*))?$");

/// Flags that name who may ask. Without them every client of a newer server gets 403 "Invalid Host
/// header", while `/health` stays green.
pub fn flags(version: &Version, services: &[String], exposure: &Exposure, further: &[HostPattern]) -> Vec<String> {
    if !version.checks_host() {
        return Vec::new();
    }
    let mut hosts: Vec<String> = services.to_vec();
    hosts.extend(["localhost".to_owned(), "127.0.0.1".to_owned()]);
    // A name and a name with a port are two entries.
    hosts = hosts.into_iter().flat_map(|host| [format!("{host}:*"), host]).collect();
    let mut origins: Vec<String> =
        further.iter().flat_map(|host| [format!("http://{host}"), format!("https://{host}")]).collect();
    hosts.extend(further.iter().map(ToString::to_string));
    if let Some(host) = exposure.host() {
        hosts.push(host.value.to_string());
        origins.push(format!("https://{}", host.value));
    }
    if let Exposure::NodePort(AtNodePort { node_port }) = exposure {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_server_has_no_flags_it_does_not_know() {
        let old: Version = "2.17.2".parse().expect("a version");
        assert!(flags(&old, &["mlflow".into()], &Exposure::ClusterIP, &[]).is_empty());
        assert!(old.variables().iter().all(|(name, _)| !name.starts_with("MLFLOW_SERVER")));
    }

    #[test]
    fn a_new_server_trusts_its_services_by_name_and_by_name_and_port() {
        let further = ["ml.example".parse().expect("a host")];
        let flags = flags(&Version::default(), &["mlflow".into()], &Exposure::ClusterIP, &further);
        assert_eq!(
            flags,
            [
                "--allowed-hosts=mlflow:*,mlflow,localhost:*,localhost,127.0.0.1:*,127.0.0.1,ml.example",
                "--cors-allowed-origins=http://ml.example,https://ml.example"
            ]
        );
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for bad in ["", "*", "*:*", "a,b", "a b", "https://a", "a/b", "a:0", "a:b", "a:1:2"] {
            assert!(bad.parse::<HostPattern>().is_err(), "{bad}");
        }
        for good in ["a", "a.example", "*.example", "a:8443", "a:*"] {
            assert!(good.parse::<HostPattern>().is_ok(), "{good}");
        }
    }
}
