//! What a single workload forgets or says twice.

use std::collections::BTreeSet;

use super::Finding;
use crate::{
    handles::Handler,
    values::Origin,
    workload::{Kind, Workload},
};

/// The longest name of a port, in bytes (RFC 6335).
const PORT_NAME_MAX: usize = 15;

pub(super) fn check(workload: &Workload) -> Vec<Finding> {
    let mut findings = Findings { workload, found: Vec::new() };
    variables(&mut findings);
    ports(&mut findings);
    mounts(&mut findings);
    size(&mut findings);
    name(&mut findings);
    probes(&mut findings);
    findings.found
}

/// Findings of one workload, told where it was declared.
struct Findings<'w> {
    workload: &'w Workload,
    found: Vec<Finding>,
}

impl Findings<'_> {
    fn say(&mut self, message: String, hint: &str) {
        self.say_at(self.workload.origin.clone(), message, hint);
    }

    fn say_at(&mut self, origin: Origin, message: String, hint: &str) {
        self.found.push(Finding { message, origins: vec![origin], hint: hint.into() });
    }
}

/// A Job's name has eleven characters behind that of its `CronJob`.
const CRON_JOB_NAME_MAX: usize = 52;

fn name(findings: &mut Findings<'_>) {
    let Workload { name, kind, .. } = findings.workload;
    if matches!(kind, Kind::CronJob(_)) && name.as_str().len() > CRON_JOB_NAME_MAX {
        let hint = "a CronJob's name has at most 52 characters: shorten the name of the model that it is for";
        findings.say(format!("the name {name} is too long for a CronJob"), hint);
    }
}

fn variables(findings: &mut Findings<'_>) {
    let Workload { name, variables, .. } = findings.workload;
    let mut seen = BTreeSet::new();
    for (variable, _) in variables {
        if !seen.insert(variable) {
            let hint = "a pod has one value per variable; two databases need two workloads, since libpq has one PGUSER";
            findings.say(format!("the variable {variable} of {name} is set twice"), hint);
        }
    }
}

fn ports(findings: &mut Findings<'_>) {
    let Workload { name, ports, .. } = findings.workload;
    for (port, number) in ports {
        if *number == 0 {
            findings.say(format!("{name} serves port 0"), "a port is a number from 1 to 65535");
        }
        if port.as_str().len() > PORT_NAME_MAX {
            let hint = "a port's name has at most 15 characters";
            findings.say(format!("the port name {port} of {name} is too long"), hint);
        }
    }
}

fn mounts(findings: &mut Findings<'_>) {
    let Workload { name, mounts, .. } = findings.workload;
    let (mut paths, mut volumes) = (BTreeSet::new(), BTreeSet::new());
    for mount in mounts {
        let (path, volume) = (mount.path.as_ref(), mount.volume());
        if !path.starts_with('/') || volume.is_empty() {
            let hint = "write an absolute path below the root, such as /data";
            findings.say(format!("{name} mounts something at {path:?}"), hint);
        } else if !paths.insert(path) {
            findings.say(format!("{name} mounts two things at {path}"), "give one of them another path");
        } else if !volumes.insert(volume.clone()) {
            let message = format!("two volumes of {name} would be named {volume}, after their paths");
            findings.say(message, "give one of them another path");
        }
    }
}

fn probes(findings: &mut Findings<'_>) {
    let Workload { name, kind, ports, started, ready, live, .. } = findings.workload;
    let asked: BTreeSet<_> = [started, ready, live]
        .into_iter()
        .filter_map(|probe| match probe {
            Some(Handler::Get { port, .. }) => Some(port),
            _ => None,
        })
        .collect();
    for port in asked.into_iter().filter(|port| ports.iter().all(|(open, _)| open != *port)) {
        let message = format!("a probe of {name} asks the port {port}, which it does not serve");
        findings.say(message, "make the probe from the port that `.serve` gets");
    }
    if matches!(kind, Kind::Deployment) && (ready.is_none() || live.is_none()) {
        let hint = "add `.ready(port.get(\"/ready\"))` and `.live(port.get(\"/health\"))`";
        findings.say(format!("{name} has no probes"), hint);
    }
}

fn size(findings: &mut Findings<'_>) {
    let Workload { name, resources, replicas, .. } = findings.workload;
    if resources.is_none() {
        let hint = "add `.resources(&values.resources)`: quotas and autoscalers count on it";
        findings.say(format!("{name} states no resources"), hint);
    }
    if let Some(replicas) = replicas.as_ref().filter(|it| it.value.max() > 1 && findings.workload.is_only_writer()) {
        let message = format!("{name} has a volume of one writer, but {} replicas", replicas.value.max());
        let hint = "write replicas: 1, or keep its files in an object store";
        findings.say_at(Origin::Value(replicas.path.clone()), message, hint);
    }
}
