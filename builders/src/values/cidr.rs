//! Ranges of network addresses.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::text::Invalid;
use crate::text_value;

/// A range of addresses in CIDR notation (RFC 4632), such as `10.244.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(IpNet);

impl Cidr {
    /// `0.0.0.0/0`, which nobody can write: whoever means it says why in Rust.
    pub(crate) const EVERY_V4: Self = Self(IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0)));
    const EVERY_V6: Self = Self(IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 0)));

    /// Every address of the same family.
    pub(crate) const fn all(&self) -> Self {
        match self.0 {
            IpNet::V4(_) => Self::EVERY_V4,
            IpNet::V6(_) => Self::EVERY_V6,
        }
    }

    /// Whether `part` is a part of this range, and not all of it.
    pub(crate) fn holds(&self, part: &Self) -> bool {
        self.0.contains(&part.0) && self.0 != part.0
    }

    /// The range of one address.
    pub(crate) fn one(address: IpAddr) -> Self {
        Self(address.into())
    }
}

impl FromStr for Cidr {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let rule = "write an address and a prefix length, such as 10.244.0.0/16";
        let net: IpNet = text.parse().map_err(|_| Invalid::new(format!("{text:?} is not a CIDR range"), rule))?;
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
