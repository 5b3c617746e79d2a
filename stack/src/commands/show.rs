//! `mlstack show`: an environment at a glance, or how it differs from another.

use std::process::ExitCode;

use builders::{Exposure, Inventory, Replicas, Row, Source, Totals};
use clap::Args;

use super::{Outcome, print, table::table};
use crate::{
    compare::{self, Side},
    compile::compile,
    project::Project,
};

/// Print what an environment consists of: workloads, secrets and their readers, totals
#[derive(Debug, Args)]
pub(super) struct Show {
    /// An environment, by the name of its file in environments/
    #[arg(value_name = "ENV")]
    environment: String,
    /// Print how it differs from this environment instead, resource by resource
    #[arg(long, value_name = "ENV")]
    compare: Option<String>,
}

impl Show {
    pub(super) fn run(&self, project: &Project) -> Outcome {
        if let Some(base) = &self.compare {
            return compared(base, &self.environment, project);
        }
        let artifacts = compile(&self.environment, project)?;
        print(&text(&artifacts.compiled.inventory))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn compared(base: &str, environment: &str, project: &Project) -> Outcome {
    let side = |name: &str| compile(name, project).and_then(|artifacts| Side::new(name, &artifacts.compiled));
    // The mistakes of both, all at once.
    let [base, environment] = match (side(base), side(environment)) {
        (Ok(base), Ok(environment)) => [base, environment],
        (base, environment) => {
            let mistakes = [base.err(), environment.err()].into_iter().flatten().flatten();
            return Err(mistakes.collect::<Vec<_>>().into());
        }
    };
    print(&compare::text(&base, &environment))?;
    Ok(ExitCode::SUCCESS)
}

/// An inventory for people.
pub fn text(inventory: &Inventory) -> String {
    let Inventory { smallest, largest, .. } = inventory;
    [resources(inventory), secrets(inventory), totals(smallest, largest)].join("\n")
}

fn resources(inventory: &Inventory) -> String {
    let workloads = inventory.rows.iter().map(|row| {
        let requests = row.requests.map_or_else(|| "-".to_owned(), |all| format!("{} cpu, {}", all.cpu, all.memory));
        let (namespace, name) = (row.namespace.to_string(), row.name.to_string());
        [row.kind.to_owned(), namespace, name, replicas(&row.replicas), requests, exposure(row)]
    });
    let claims = inventory.claims.iter().map(|(namespace, name, size)| {
        let none = || "-".to_owned();
        ["Claim".to_owned(), namespace.to_string(), name.to_string(), none(), size.to_string(), none()]
    });
    let rows: Vec<_> = workloads.chain(claims).collect();
    table(["KIND", "NAMESPACE", "NAME", "REPLICAS", "REQUESTS", "EXPOSURE"], &rows)
}

fn replicas(replicas: &Replicas) -> String {
    match replicas {
        Replicas::Fixed(count) => count.to_string(),
        Replicas::Autoscaled(range) => {
            let mut targets: Vec<String> =
                range.resources().map(|(what, target)| format!("{} % {what}", target.number())).collect();
            targets.extend(range.requests_per_second.map(|rate| format!("{} requests/s", rate.get())));
            format!("{} to {} at {}", range.min.get(), range.max.get(), targets.join(" and "))
        }
    }
}

fn exposure(row: &Row) -> String {
    match &row.exposure {
        None => "-".to_owned(),
        Some(Exposure::ClusterIP) => "ClusterIP".to_owned(),
        Some(Exposure::NodePort(at)) => format!("NodePort {}", at.node_port.value.number()),
        Some(Exposure::LoadBalancer) => "LoadBalancer".to_owned(),
        Some(Exposure::Ingress(at)) => format!("Ingress {}", at.host.value),
        Some(Exposure::HTTPRoute(at)) => format!("HTTPRoute {}", at.host.value),
    }
}

fn secrets(inventory: &Inventory) -> String {
    let rows = inventory.secrets.iter().flat_map(|((namespace, secret), declared)| {
        declared.keys.iter().map(move |(key, (source, readers))| {
            let value = match (source, &declared.from) {
                (Source::Fixed(value), _) => value.to_string(),
                (Source::Operator { by, .. }, _) => format!("made by {by}"),
                (_, Some(from)) => from.clone(),
                (Source::Random, None) => "drawn at random".to_owned(),
                (Source::Supplied, None) => "supplied by others".to_owned(),
            };
            let readers: Vec<&str> = readers.iter().map(builders::Name::as_str).collect();
            [secret.to_string(), namespace.to_string(), key.to_string(), value, readers.join(", ")]
        })
    });
    table(["SECRET", "NAMESPACE", "KEY", "VALUE", "READ BY"], &rows.collect::<Vec<_>>())
}

fn totals(smallest: &Totals, largest: &Totals) -> String {
    let row = |what: &str, sum: &Totals| {
        [
            what.to_owned(),
            sum.pods.to_string(),
            format!("{} cpu, {}", sum.requests.cpu, sum.requests.memory),
            format!("{} cpu, {}", sum.limits.cpu, sum.limits.memory),
            format!("{} in {} claims", sum.storage, sum.claims),
        ]
    };
    let rows = [row("smallest (Jobs done)", smallest), row("largest (the quota: rollouts and Jobs too)", largest)];
    table(["TOTAL", "PODS", "REQUESTS", "LIMITS", "STORAGE"], &rows)
}
