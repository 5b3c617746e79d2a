//! Ranges of network addresses.

use std::{fmt, str::FromStr};

use super::text::Invalid;
use crate::text_value;

/// A range of addresses in CIDR notation (RFC 4632), such as `10.244.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(ipnet::IpNet);

impl Cidr {
    /// Every address of the same family.
    pub const fn all(&self) -> &'static str {
        match self.0 {
            ipnet::IpNet::V4(_) => "0.0.0.0/0",
            ipnet::IpNet::V6(_) => "::/0",
        }
    }
}

impl FromStr for Cidr {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let rule = "write an address and a prefix length, such as 10.244.0.0/16";
        let net: ipnet::IpNet =
            text.parse().map_err(|_| Invalid::new(format!("{text:?} is not a CIDR range"), rule))?;
        if net.trunc() != net {
            let what = format!("{text:?} has bits set behind its prefix");
            return Err(Invalid::new(what, format!("write {}", net.trunc())));
        }
        if net.prefix_len() == 0 {
            return Err(Invalid::new(format!("{text:?} is every address there is"), rule));
        }
        Ok(Self(net))
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

text_value!(Cidr, schema: "Cidr", about: "A range of addresses in CIDR notation", example: "10.244.0.0/16", pattern: "^[0-9a-fA-F.:]+/[0-9]{1,3}$");
