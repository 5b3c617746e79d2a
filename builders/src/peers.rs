//! Who stands at the other end of an opening that is no edge.

use std::{collections::BTreeMap, fmt};

use deserr::{DeserializeError, Deserr, IntoValue, Value, ValuePointerRef};
use schemars::JsonSchema;

use crate::{
    choice,
    values::{Cidr, Invalid, Labels, Name, refuse},
};

/// The private and link-local ranges of IPv4 (RFC 1918, RFC 6598, RFC 3927): everything that may be a
/// pod, a node, a neighbour or a cloud's metadata service.
const PRIVATE: [&str; 5] = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

/// The other side of an opening.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, JsonSchema, serde::Serialize)]
#[schemars(tag = "type")]
#[serde(tag = "type")]
pub enum Peer {
    /// Addresses, without the ranges that are excepted.
    Addresses(Addresses),
    /// Pods of one namespace.
    Pods(Pods),
    /// Every pod of the cluster.
    AnyPod,
}

choice!(Peer { Addresses(Addresses), Pods(Pods), AnyPod });

/// A range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, JsonSchema, serde::Serialize)]
#[schemars(deny_unknown_fields)]
pub struct Addresses {
    /// The range.
    pub cidr: Cidr,
    /// Ranges inside it that stay closed.
    #[schemars(default)]
    pub except: Vec<Cidr>,
}

/// A range as it is written, where an exception may be anywhere.
#[derive(Deserr)]
#[deserr(deny_unknown_fields)]
struct Written {
    cidr: Cidr,
    #[deserr(default)]
    except: Vec<Cidr>,
}

impl<E: DeserializeError> Deserr<E> for Addresses {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let Written { cidr, except } = Written::deserialize_from_value(value, location)?;
        if let Some((index, stray)) = except.iter().enumerate().find(|(_, part)| !cidr.holds(part)) {
            let what = format!("{stray} is no part of {cidr}");
            let why = Invalid::new(what, "except smaller ranges inside it, or remove this one");
            return Err(refuse::<V, E>(&why, location.push_key("except").push_index(index)));
        }
        Ok(Self { cidr, except })
    }
}

/// Pods of one namespace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Pods {
    /// Their namespace.
    pub namespace: Name,
    /// Labels that all of them have; every pod of the namespace if there are none.
    #[deserr(default)]
    #[schemars(default)]
    pub labels: Labels,
}

impl Peer {
    /// Every public address: all but the private ranges.
    pub fn internet() -> Self {
        let except = PRIVATE.iter().filter_map(|range| range.parse().ok()).collect();
        Self::Addresses(Addresses { cidr: Cidr::EVERY_V4, except })
    }

    /// Every address outside the cluster: all but the pods', where their range is known.
    ///
    /// Traffic through a node's port arrives with a rewritten source, often an address inside the pod
    /// range; most network plugins exempt node traffic from policies, which is what lets it in.
    pub fn outside(pod_cidr: Option<&Cidr>) -> Self {
        let cidr = pod_cidr.map_or(Cidr::EVERY_V4, Cidr::all);
        Self::Addresses(Addresses { cidr, except: pod_cidr.copied().into_iter().collect() })
    }

    /// One address.
    pub fn address(address: std::net::IpAddr) -> Self {
        Self::Addresses(Addresses { cidr: Cidr::one(address), except: Vec::new() })
    }

    /// All pods of a namespace, such as those of an ingress controller.
    pub const fn namespace(namespace: Name) -> Self {
        Self::Pods(Pods { namespace, labels: Labels(BTreeMap::new()) })
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |texts: Vec<String>| texts.join(", ");
        match self {
            Self::AnyPod => out.write_str("any pod of the cluster"),
            Self::Addresses(Addresses { cidr, except }) if except.is_empty() => cidr.fmt(out),
            Self::Addresses(Addresses { cidr, except }) => {
                write!(out, "{cidr} except {}", list(except.iter().map(ToString::to_string).collect()))
            }
            Self::Pods(Pods { namespace, labels }) if labels.0.is_empty() => write!(out, "pods of {namespace}"),
            Self::Pods(Pods { namespace, labels }) => {
                let labels = labels.0.iter().map(|(label, value)| format!("{label}={value}")).collect();
                write!(out, "pods of {namespace} with {}", list(labels))
            }
        }
    }
}
