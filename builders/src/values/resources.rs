//! What a container asks for and may use.

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValuePointerRef, take_cf_content};
use schemars::JsonSchema;

use super::{Invalid, Quantity};

/// Requests and limits of a container; all four are stated, so that quotas and plans can add them up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, serde::Serialize)]
#[schemars(deny_unknown_fields)]
pub struct Resources {
    /// What the scheduler sets aside.
    pub requests: ComputeResources,
    /// What the container may use at most.
    pub limits: ComputeResources,
}

/// An amount of CPU and memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct ComputeResources {
    /// In CPUs, such as `100m` or `2`.
    pub cpu: Quantity,
    /// In bytes, such as `512Mi`.
    pub memory: Quantity,
}

impl ComputeResources {
    fn of(&self, what: &str) -> Quantity {
        if what == "cpu" { self.cpu } else { self.memory }
    }

    const fn new((milli_cpu, mebibytes): (u32, u32)) -> Self {
        Self { cpu: Quantity::milli(milli_cpu), memory: Quantity::mebibytes(mebibytes) }
    }
}

/// As written, before requests and limits are held against each other.
#[derive(Deserr)]
#[deserr(deny_unknown_fields)]
struct Written {
    requests: ComputeResources,
    limits: ComputeResources,
}

impl Resources {
    /// From thousandths of a CPU and MiB of memory: `Resources::new((100, 256), (500, 512))`.
    pub const fn new(requests: (u32, u32), limits: (u32, u32)) -> Self {
        Self { requests: ComputeResources::new(requests), limits: ComputeResources::new(limits) }
    }
}

impl<E: DeserializeError> Deserr<E> for Resources {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let Written { requests, limits } = Written::deserialize_from_value(value, location)?;
        let mut error: Option<E> = None;
        let at = location.push_key("requests");
        for (what, request, limit) in [("cpu", requests.cpu, limits.cpu), ("memory", requests.memory, limits.memory)] {
            if request > limit {
                let refused = Invalid::new(
                    format!("the {what} request of {request} is above its limit of {limit}"),
                    format!("lower requests.{what} or raise limits.{what}"),
                );
                let kind = ErrorKind::Unexpected { msg: refused.to_string() };
                error = Some(take_cf_content(E::error::<V>(error, kind, at.push_key(what))));
            }
        }
        for (kind, amounts) in [("requests", requests), ("limits", limits)] {
            let at = location.push_key(kind);
            for (what, senseless, hint) in [
                ("cpu", amounts.cpu.is_zero(), "write a part of a CPU, such as 100m, or a number of CPUs"),
                (
                    "memory",
                    amounts.memory.is_zero() || !amounts.memory.is_whole(),
                    "write whole bytes with a unit, such as 256Mi",
                ),
            ] {
                if senseless {
                    let refused =
                        Invalid::new(format!("a container cannot run with {} of {what}", amounts.of(what)), hint);
                    let kind = ErrorKind::Unexpected { msg: refused.to_string() };
                    error = Some(take_cf_content(E::error::<V>(error, kind, at.push_key(what))));
                }
            }
        }
        error.map_or(Ok(Self { requests, limits }), Err)
    }
}
