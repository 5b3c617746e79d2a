//! The three probes of a Deployment's container. A component names what is asked; when and how often
//! follows from the start-up budget.

use k8s_openapi::{
    api::core::v1::{ExecAction, HTTPGetAction, Probe},
    apimachinery::pkg::util::intstr::IntOrString,
};

use super::int;
use crate::{handles::Handler, workload::Workload};

/// Seconds between two start-up probes.
const START_PERIOD: u32 = 5;

/// Red for longer than the whole budget kills the container, so the budget covers what it waits for.
pub(super) fn startup(workload: &Workload) -> Option<Probe> {
    let handler = workload.started.as_ref().or(workload.ready.as_ref())?;
    Some(probe(handler, START_PERIOD, workload.budget().div_ceil(START_PERIOD)))
}

/// Red for 15 s takes the pod out of its Service.
pub(super) fn readiness(workload: &Workload) -> Option<Probe> {
    workload.ready.as_ref().map(|handler| probe(handler, 5, 3))
}

/// Red for a minute restarts the container: slower than readiness, since a restart costs more.
pub(super) fn liveness(workload: &Workload) -> Option<Probe> {
    workload.live.as_ref().map(|handler| probe(handler, 10, 6))
}

fn probe(handler: &Handler, period: u32, failures: u32) -> Probe {
    let mut probe = Probe {
        period_seconds: Some(int(period)),
        failure_threshold: Some(int(failures)),
        timeout_seconds: Some(3),
        ..Probe::default()
    };
    match handler {
        Handler::Get { port, path } => {
            probe.http_get = Some(HTTPGetAction {
                path: Some((*path).to_owned()),
                port: IntOrString::String(port.to_string()),
                ..HTTPGetAction::default()
            });
        }
        Handler::Exec(command) => probe.exec = Some(ExecAction { command: Some(command.clone()) }),
    }
    probe
}
