//! Addresses of HTTP servers.

use std::{fmt, str::FromStr};

use super::Invalid;
use crate::text_value;

const RULE: &str =
    "write scheme, host and port, such as http://prometheus.monitoring.svc:9090 or https://s3.example.com";

/// The address of an HTTP server: scheme, host, port and perhaps a path. It holds no login, since addresses end in logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    text: String,
    port: u16,
}

impl Url {
    /// A default in a component.
    ///
    /// # Panics
    /// When the text is no address: the first environment that compiles would show it.
    pub fn literal(text: &'static str) -> Self {
        text.parse().unwrap_or_else(|error| panic!("a default must be right: {error}"))
    }

    /// The port that is asked.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is plain http.
    pub fn is_plain(&self) -> bool {
        self.text.starts_with("http://")
    }
}

impl FromStr for Url {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        // The text is not repeated: somebody may have written a password into it.
        let refused = |what: &str| Err(Invalid::new(what, RULE));
        let (default, rest) = match (text.strip_prefix("http://"), text.strip_prefix("https://")) {
            (Some(rest), _) => (80, rest),
            (_, Some(rest)) => (443, rest),
            _ => return refused("this address does not begin with http:// or https://"),
        };
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.contains('@') {
            return refused("an address must not hold a user or a password");
        }
        if rest.contains(['?', '#']) || rest.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return refused("an address has no query, no fragment and no blanks");
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok().filter(|port| *port > 0)),
            None => (authority, Some(default)),
        };
        let is_host = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
        match port {
            Some(port) if is_host => Ok(Self { text: text.trim_end_matches('/').to_owned(), port }),
            Some(_) => refused("this address names no host"),
            None => refused("the port of this address is no number from 1 to 65535"),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

text_value!(Url, schema: "Url", about: "The address of an HTTP server", example: "https://s3.example.com", pattern: r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^?#\s]*)?$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_know_their_port() {
        for (text, port) in [("http://a", 80), ("https://a.b/c", 443), ("http://a:9000/", 9000)] {
            assert_eq!(text.parse::<Url>().map(|url| url.port()), Ok(port), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_text() {
        for bad in ["", "a:80", "ftp://a", "http://", "http://secret@a", "http://a:0", "http://a?secret", "http://a b"]
        {
            let error = bad.parse::<Url>().expect_err(bad).to_string();
            assert!(!error.contains("secret") && error.contains("hint: "), "{error}");
        }
    }
}
