//! How far an endpoint can be seen.

use deserr::{DeserializeError, Deserr, IntoValue, Value, ValuePointerRef};
use schemars::JsonSchema;

use super::{Host, Invalid, Located, text::refuse};
use crate::choice;

/// Who can reach a workload beside the pods that an edge or an opening lets in.
#[derive(Debug, Clone, Default, JsonSchema, serde::Serialize)]
#[schemars(tag = "type")]
#[serde(tag = "type")]
pub enum Exposure {
    /// Nobody.
    #[default]
    ClusterIP,
    /// Callers outside the cluster, at a port of every node.
    NodePort(AtNodePort),
    /// Callers outside the cluster, through the provider's load balancer.
    LoadBalancer,
    /// Callers outside the cluster by https, through the environment's ingress controller.
    Ingress(AtHost),
    /// Callers outside the cluster by https, through the environment's gateway.
    HTTPRoute(AtHost),
}

choice!(Exposure { ClusterIP, NodePort(AtNodePort), LoadBalancer, Ingress(AtHost), HTTPRoute(AtHost) });

/// A port of every node.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct AtNodePort {
    /// A port of every node: 30000 to 32767, used once in a cluster.
    pub node_port: Located<NodePort>,
}

/// A host of its own.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct AtHost {
    /// The host's full name, used once in a cluster.
    pub host: Located<Host>,
}

/// A port that every node opens: 30000 to 32767, the API server's default range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct NodePort(u16);

impl Exposure {
    /// The host by which callers outside the cluster come, if they do by name.
    pub const fn host(&self) -> Option<&Located<Host>> {
        match self {
            Self::Ingress(at) | Self::HTTPRoute(at) => Some(&at.host),
            Self::ClusterIP | Self::NodePort(_) | Self::LoadBalancer => None,
        }
    }
}

impl NodePort {
    /// The port's number.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl<E: DeserializeError> Deserr<E> for NodePort {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let number = u64::deserialize_from_value(value, location)?;
        match u16::try_from(number) {
            Ok(port @ 30_000..=32_767) => Ok(Self(port)),
            _ => Err(refuse::<V, E>(
                &Invalid::new(format!("{number} is not a node port"), "choose a port from 30000 to 32767"),
                location,
            )),
        }
    }
}

impl JsonSchema for NodePort {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "NodePort".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "integer", "minimum": 30_000, "maximum": 32_767})
    }
}
