//! Who stands at the other end of an opening that is no edge.

use crate::values::Cidr;

/// The private and link-local ranges of IPv4 (RFC 1918, RFC 6598, RFC 3927): everything that may be a
/// pod, a node, a neighbour or a cloud's metadata service.
const PRIVATE: [&str; 5] = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

/// The other side of an opening.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// Addresses, without the ranges that are excepted.
    Addresses {
        /// The range, in CIDR notation.
        cidr: String,
        /// Ranges inside it that stay closed.
        except: Vec<String>,
    },
}

impl Peer {
    /// Every public address: all but the private ranges.
    pub fn internet() -> Self {
        Self::Addresses { cidr: "0.0.0.0/0".into(), except: PRIVATE.map(str::to_owned).to_vec() }
    }

    /// Every address outside the cluster: all but the pods', where their range is known.
    ///
    /// Traffic through a node's port arrives with a rewritten source, often an address inside the pod
    /// range; most network plugins exempt node traffic from policies, which is what lets it in.
    pub fn outside(pod_cidr: Option<&Cidr>) -> Self {
        let cidr = pod_cidr.map_or("0.0.0.0/0", Cidr::all).to_owned();
        Self::Addresses { cidr, except: pod_cidr.map(ToString::to_string).into_iter().collect() }
    }
}

impl std::fmt::Display for Peer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Addresses { cidr, except } = self;
        out.write_str(cidr)?;
        if except.is_empty() { Ok(()) } else { write!(out, " except {}", except.join(", ")) }
    }
}
