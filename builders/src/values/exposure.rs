//! How far an endpoint can be seen.

use deserr::{DeserializeError, Deserr, IntoValue, Value, ValuePointerRef};
use schemars::JsonSchema;

use super::{Invalid, Located, text::refuse};

/// Who can reach a Service, in the words of `spec.type` of a Service.
#[derive(Debug, Clone, Default, JsonSchema, serde::Serialize)]
#[schemars(tag = "type", deny_unknown_fields)]
#[serde(tag = "type")]
pub enum Exposure {
    /// Only pods that an edge or an opening lets in.
    #[default]
    ClusterIP,
    /// Also from outside the cluster, at this port of every node.
    NodePort {
        /// A port of every node: 30000 to 32767, used once in a cluster.
        #[serde(rename = "nodePort")]
        node_port: Located<NodePort>,
    },
    /// Also from outside the cluster, through the provider's load balancer.
    LoadBalancer,
}

/// As written, before type and port are held against each other.
#[derive(Deserr)]
#[deserr(deny_unknown_fields)]
struct Written {
    #[deserr(rename = "type")]
    kind: Kind,
    #[deserr(rename = "nodePort", default)]
    node_port: Option<Located<NodePort>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserr)]
enum Kind {
    ClusterIP,
    NodePort,
    LoadBalancer,
}

impl<E: DeserializeError> Deserr<E> for Exposure {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let refused = |what: &str, hint: &str, at| Err(refuse::<V, E>(&Invalid::new(what, hint), at));
        match Written::deserialize_from_value(value, location)? {
            Written { kind: Kind::NodePort, node_port: Some(node_port) } => Ok(Self::NodePort { node_port }),
            Written { kind: Kind::NodePort, node_port: None } => {
                refused("a node port needs a number", "add nodePort: with a port from 30000 to 32767", location)
            }
            Written { node_port: Some(_), .. } => {
                let hint = "write type: NodePort, or remove nodePort";
                refused("only type NodePort has a node port", hint, location.push_key("nodePort"))
            }
            Written { kind: Kind::ClusterIP, .. } => Ok(Self::ClusterIP),
            Written { kind: Kind::LoadBalancer, .. } => Ok(Self::LoadBalancer),
        }
    }
}

/// A port that every node opens: 30000 to 32767, the API server's default range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct NodePort(u16);

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
