//! Programs that run in pods: what is declared of them.

mod builder;
mod cron_job;
mod deployment;
mod job;
mod postgres_cluster;

pub use builder::Unfinished;
pub use cron_job::CronJob;
pub(crate) use cron_job::Recurrence;
pub use deployment::Deployment;
pub use job::{Done, Ends, Job};
use k8s_openapi::api::core::v1::PodSpec;
pub(crate) use postgres_cluster::ARCHIVER;
pub use postgres_cluster::{Archive, Credentials, PostgresCluster, Recovery};

use crate::{
    handles::{Config, ConfigKey, Handler, Mount, SecretKey, Target},
    model::WorkloadId,
    name,
    objects::label,
    peers::{Peer, Pods},
    values::{Annotations, Exposure, ImageRef, Labels, Located, Name, Origin, Replicas, Resources},
};

/// A finished workload.
#[derive(Debug)]
pub(crate) struct Workload {
    pub(crate) name: Name,
    pub(crate) namespace: Name,
    pub(crate) kind: Kind,
    pub(crate) image: ImageRef,
    pub(crate) command: Vec<String>,
    pub(crate) args: Vec<String>,
    pub(crate) variables: Vec<(String, Setting)>,
    pub(crate) mounts: Vec<Mount>,
    pub(crate) resources: Option<Resources>,
    /// User and group of the process and of its volumes.
    pub(crate) user: i64,
    pub(crate) ports: Vec<(Name, u16)>,
    pub(crate) exposure: Exposure,
    pub(crate) ready: Option<Handler>,
    pub(crate) live: Option<Handler>,
    pub(crate) started: Option<Handler>,
    pub(crate) replicas: Option<Located<Replicas>>,
    /// Seconds the program itself takes to start, or a Job's own time.
    pub(crate) own_seconds: u32,
    /// Seconds from apply until what it waits for is there.
    pub(crate) waits: u32,
    /// Seconds between the order to stop and SIGKILL.
    pub(crate) grace: u32,
    pub(crate) retries: u32,
    /// Exit codes of a Job after which no other try would help.
    pub(crate) final_codes: Vec<u8>,
    /// Run one after the other before the program starts.
    pub(crate) steps: Vec<Step>,
    /// Annotations of its account.
    pub(crate) identity: Annotations,
    pub(crate) priority: Priority,
    pub(crate) metrics: Option<Metrics>,
    /// Whether a workload of the stack scrapes it, and so asks for the addresses of its pods.
    pub(crate) scraped: bool,
    pub(crate) edges: Vec<Target>,
    pub(crate) openings: Vec<Opening>,
    /// Who is let in beside clients by an edge.
    pub(crate) callers: Vec<Opening>,
    /// Longest path of edges below it: a file meets the cluster after those it depends on.
    pub(crate) depth: usize,
    pub(crate) hatch: Option<Hatch>,
    pub(crate) origin: Origin,
}

/// What kind of object carries the pods.
#[derive(Debug)]
pub(crate) enum Kind {
    Deployment,
    Job,
    CronJob(Recurrence),
    PostgresCluster(Box<PostgresCluster>),
}

/// Who goes first when the cluster has no room for all; pods say it where the cluster has priority classes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Somebody waits for an answer: takes the room of batch work.
    #[default]
    Serving,
    /// Work that can be done later; it takes nobody's room.
    Batch,
}

impl Priority {
    /// The last part of the name of its class.
    pub(crate) const fn name(self) -> Name {
        match self {
            Self::Serving => name!("serving"),
            Self::Batch => name!("batch"),
        }
    }
}

/// What a program exports for Prometheus.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// The path, with its leading slash.
    pub path: &'static str,
    /// The counter of answered requests, if autoscalers may go by it.
    pub requests: Option<&'static str>,
    /// The bearer token that the path asks for.
    pub token: Option<SecretKey>,
}

/// A step before the program starts.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: Name,
    /// Another program, which reads the same variables; that of the workload if nothing is said.
    pub(crate) program: Option<Program>,
    pub(crate) args: Vec<String>,
}

/// Another image, and what of it is started.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) image: ImageRef,
    pub(crate) command: Vec<String>,
}

/// The value of an environment variable.
#[derive(Debug)]
pub(crate) enum Setting {
    Text(String),
    Secret(SecretKey),
    Config(ConfigKey),
}

/// A way through a network policy that is no edge.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    pub(crate) peer: Peer,
    pub(crate) port: u16,
    pub(crate) reason: String,
}

/// The one way round the builders: see [`Unfinished::escape_hatch`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hatch {
    pub(crate) reason: &'static str,
    pub(crate) patch: fn(&mut PodSpec),
}

impl Workload {
    /// Seconds from apply until it answers (or, for a Job, until it is done).
    pub(crate) const fn budget(&self) -> u32 {
        self.waits.saturating_add(self.own_seconds)
    }

    /// A port of it, the workload `id`, as an edge needs to know it.
    pub(crate) fn target(&self, id: WorkloadId, port: u16, scheme: &'static str) -> Target {
        Target {
            workload: Some(id),
            peer: self.pods(),
            host: format!("{}.{}.svc.cluster.local", self.name, self.namespace),
            port,
            scheme,
            path: String::new(),
            login: None,
            starts_within: self.budget(),
        }
    }

    /// The label whose value on its pods is its name.
    pub(crate) const fn label(&self) -> &'static str {
        // CloudNativePG names its pods after the cluster, by a label of its own.
        if matches!(self.kind, Kind::PostgresCluster(_)) { "cnpg.io/cluster" } else { label::NAME }
    }

    /// What its pods have, and no others of the namespace.
    pub(crate) fn labels(&self) -> Labels {
        Labels([(self.label().to_owned(), self.name.to_string())].into())
    }

    /// Its pods, as policies name them.
    pub(crate) fn pods(&self) -> Peer {
        Peer::Pods(Pods { namespace: self.namespace.clone(), labels: self.labels() })
    }

    pub(crate) fn replicas(&self) -> Replicas {
        self.replicas.as_ref().map_or(Replicas::Fixed(1), |replicas| replicas.value.clone())
    }

    /// Whether it holds a claim of one writer, so that an old pod must stop before a new one starts.
    pub(crate) fn is_only_writer(&self) -> bool {
        self.mounts.iter().any(|mount| matches!(mount.source, crate::handles::MountSource::Claim(_)))
    }

    /// Pods beyond the replicas that exist while a rollout goes on.
    pub(crate) fn surge(&self) -> u32 {
        let replaced = match self.kind {
            Kind::Deployment => !self.is_only_writer() && self.replicas().max() > 0,
            Kind::Job | Kind::CronJob(_) => false,
            // The Job that copies an instance into a new one.
            Kind::PostgresCluster(_) => true,
        };
        u32::from(replaced)
    }

    /// Whether its pods run to their end.
    pub(crate) const fn ends(&self) -> bool {
        matches!(self.kind, Kind::Job | Kind::CronJob(_))
    }

    /// Configurations it reads, as variables or as files, each once, in the order of their names.
    pub(crate) fn configs(&self) -> Vec<&Config> {
        let variables = self.variables.iter().filter_map(|(_, setting)| match setting {
            Setting::Config(key) => Some(&key.config),
            _ => None,
        });
        let files = self.mounts.iter().filter_map(|mount| match &mount.source {
            crate::handles::MountSource::Config(files) => Some(&files.0),
            _ => None,
        });
        let mut configs: Vec<&Config> = variables.chain(files).collect();
        configs.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        configs.dedup_by(|a, b| a.0.name == b.0.name);
        configs
    }

    /// Keys of Secrets it reads, as variables or as files.
    pub(crate) fn secret_keys(&self) -> impl Iterator<Item = &SecretKey> {
        let variables = self.variables.iter().filter_map(|(_, setting)| match setting {
            Setting::Secret(key) => Some(key),
            _ => None,
        });
        let files = self.mounts.iter().filter_map(|mount| match &mount.source {
            crate::handles::MountSource::Secret(file) => Some(&file.0),
            _ => None,
        });
        variables.chain(files)
    }
}
