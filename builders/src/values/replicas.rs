//! How many pods a workload has: a number, or a range that an autoscaler moves in.

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValueKind, ValuePointerRef, take_cf_content};
use schemars::{JsonSchema, json_schema};

use super::{AtMost, Invalid, text::refuse};

/// `replicas: 2`, or `replicas: {min: 2, max: 10, cpu: 50}`.
///
/// The two exclude each other here because they do in Kubernetes: a Deployment that states a number
/// would set the autoscaler's choice back at every apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replicas {
    /// Always so many.
    Fixed(u32),
    /// As many as the load asks for.
    Autoscaled(Autoscaling),
}

/// A number of pods; more than any cluster has nodes for is a slip of the keyboard.
pub type Pods = AtMost<10_000>;

/// The range and the targets of a `HorizontalPodAutoscaler`.
#[derive(Debug, Clone, PartialEq, Eq, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct Autoscaling {
    /// Fewest pods, at least 1.
    pub min: Pods,
    /// Most pods, at least `min`.
    pub max: Pods,
    /// Mean CPU use to aim at, in percent of the request.
    #[deserr(default)]
    #[schemars(default)]
    pub cpu: Option<Percent>,
    /// Mean memory use to aim at, in percent of the request.
    #[deserr(default)]
    #[schemars(default)]
    pub memory: Option<Percent>,
    /// Requests per second and pod to aim at, as Prometheus counts them; needs KEDA and `prometheus:`.
    #[deserr(default)]
    #[schemars(default)]
    pub requests_per_second: Option<Rate>,
}

/// Requests per second.
pub type Rate = AtMost<1_000_000>;

impl Autoscaling {
    /// Resources whose use is aimed at, in the words of Kubernetes, with the targets.
    pub fn resources(&self) -> impl Iterator<Item = (&'static str, Percent)> {
        [("cpu", self.cpu), ("memory", self.memory)].into_iter().filter_map(|(what, target)| Some((what, target?)))
    }

    /// What is wrong, and at which key.
    fn problem(&self) -> Option<(&'static str, Invalid)> {
        let (min, max) = (self.min.get(), self.max.get());
        if min == 0 {
            return Some(("min", Invalid::new("an autoscaler cannot go down to 0 pods", "write min: 1 or more")));
        }
        if min > max {
            let what = format!("the minimum of {min} replicas is above the maximum of {max}");
            return Some(("min", Invalid::new(what, "lower min or raise max")));
        }
        if self.requests_per_second.is_some_and(|rate| rate.get() == 0) {
            let error = Invalid::new("no pod is wanted for 0 requests per second", "write what one pod should answer");
            return Some(("requestsPerSecond", error));
        }
        (self.resources().next().is_none() && self.requests_per_second.is_none()).then(|| {
            let what = "an autoscaler needs a target";
            ("max", Invalid::new(what, "add cpu: or memory: in percent of the request, or requestsPerSecond:"))
        })
    }
}

/// A share of a request in percent, 1 to 1000; above 100 a pod lives on what others leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Percent(u16);

impl Replicas {
    /// Fewest pods.
    pub const fn min(&self) -> u32 {
        match self {
            Self::Fixed(count) => *count,
            Self::Autoscaled(range) => range.min.get(),
        }
    }

    /// Most pods, rollouts aside.
    pub const fn max(&self) -> u32 {
        match self {
            Self::Fixed(count) => *count,
            Self::Autoscaled(range) => range.max.get(),
        }
    }
}

impl Percent {
    /// The number, in percent.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl<E: DeserializeError> Deserr<E> for Replicas {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        match value {
            Value::Integer(_) => Pods::deserialize_from_value(value, location).map(|pods| Self::Fixed(pods.get())),
            Value::Map(_) => {
                let range = Autoscaling::deserialize_from_value(value, location)?;
                if let Some((key, error)) = range.problem() {
                    return Err(refuse::<V, E>(&error, location.push_key(key)));
                }
                Ok(Self::Autoscaled(range))
            }
            actual => {
                let accepted = &[ValueKind::Integer, ValueKind::Map];
                Err(take_cf_content(E::error(None, ErrorKind::IncorrectValueKind { actual, accepted }, location)))
            }
        }
    }
}

impl<E: DeserializeError> Deserr<E> for Percent {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let number = u64::deserialize_from_value(value, location)?;
        if let Ok(percent @ 1..=1000) = u16::try_from(number) {
            return Ok(Self(percent));
        }
        let error = Invalid::new(format!("{number} is not a share in percent"), "write 1 to 1000, such as 50");
        Err(refuse::<V, E>(&error, location))
    }
}

impl JsonSchema for Replicas {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Replicas".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let range = generator.subschema_for::<Autoscaling>();
        json_schema!({
            "description": "A number of pods, or a range that an autoscaler moves in",
            "anyOf": [{"type": "integer", "minimum": 0, "maximum": 10_000}, range],
            "examples": [2, {"min": 2, "max": 10, "cpu": 50}],
        })
    }
}

impl JsonSchema for Percent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        json_schema!({"type": "integer", "minimum": 1, "maximum": 1000})
    }
}

impl serde::Serialize for Replicas {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fixed(count) => out.serialize_u32(*count),
            Self::Autoscaled(range) => range.serialize(out),
        }
    }
}
