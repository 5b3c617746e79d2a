//! Programs that run until they are replaced.

use super::{Done, Metrics, Opening, Unfinished};
use crate::{
    handles::{Endpoint, Exporter, Handler, Port, Protocol},
    model::WorkloadId,
    peers::Peer,
    values::{Exposure, Located, Replicas},
};

/// Pods behind a Service, replaced without a gap.
#[derive(Debug)]
pub enum Deployment {}

impl Unfinished<'_, Deployment> {
    /// How many pods; one if nothing is said.
    ///
    /// More than one get a disruption budget and are spread over nodes; a range gets an autoscaler.
    pub fn scale(mut self, replicas: &Located<Replicas>) -> Self {
        self.spec.replicas = Some(replicas.clone());
        self
    }

    /// How far it can be seen; inside the cluster if nothing is said.
    pub fn expose(mut self, exposure: &Exposure) -> Self {
        self.spec.exposure = exposure.clone();
        self
    }

    /// Lets in callers that are no client by an edge, for a reason that reviewers read in the annotations of the policy.
    pub fn admit<P: Protocol>(mut self, peer: Peer, port: &Port<P>, reason: impl Into<String>) -> Self {
        self.spec.callers.push(Opening { peer, port: port.number, reason: reason.into() });
        self
    }

    /// The program exports metrics on the port that is served first: where there is an operator's Prometheus, it is let in
    /// and told to scrape them, and an autoscaler can go by the requests that they count. A Prometheus of the stack's own finds
    /// them with [`crate::App::exporters`].
    pub fn exports(mut self, metrics: Metrics) -> Self {
        self.spec.metrics = Some(metrics);
        self
    }

    /// When a pod may get traffic.
    pub fn ready(mut self, probe: Handler) -> Self {
        self.spec.ready = Some(probe);
        self
    }

    /// When a pod is beyond help and must be restarted.
    pub fn live(mut self, probe: Handler) -> Self {
        self.spec.live = Some(probe);
        self
    }

    /// When a pod has started, if that is not when it is ready for the first time.
    pub fn started(mut self, probe: Handler) -> Self {
        self.spec.started = Some(probe);
        self
    }

    /// Seconds the program itself needs to start (60 if nothing is said). What it waits for comes on
    /// top: a start-up probe that is red for too long kills the container.
    pub fn starts_within(mut self, seconds: u32) -> Self {
        self.spec.own_seconds = seconds;
        self
    }

    /// It cannot start before a Job is done, so the start-up budget covers the Job's deadline too.
    pub fn after(mut self, job: &Done) -> Self {
        self.spec.waits = self.spec.waits.max(job.within);
        self.spec.depth = self.spec.depth.max(job.depth + 1);
        self
    }

    /// Seconds from the order to stop to the end (30 if nothing is said): five in which the endpoints of the
    /// Service forget the pod, then SIGTERM, and the rest to finish requests.
    pub fn drains_within(mut self, seconds: u32) -> Self {
        self.spec.grace = seconds;
        self
    }

    /// Finishes the workload with a Service on `port`, for others to connect to.
    pub fn serve<P: Protocol>(mut self, port: &Port<P>) -> Endpoint<P> {
        self.spec.ports.push((port.name.clone(), port.number));
        let target = self.spec.target(WorkloadId(self.model.workloads.len()), port.number, P::SCHEME);
        self.finish();
        Endpoint::new(target)
    }

    /// An edge to every pod of an exporter: egress here, ingress there, a name that has their addresses, and the file of the
    /// token where they ask for one ([`Exporter::token_file`]). Nobody waits for what is only looked at.
    pub fn scrape(mut self, exporter: &Exporter) -> Self {
        let target = exporter.target.clone();
        if let Some(server) = target.workload.map(|id| &mut self.model.workloads[id.0]) {
            server.scraped = true;
            self.spec.depth = self.spec.depth.max(server.depth + 1);
        }
        self.spec.edges.push(target);
        match exporter.token() {
            Some(token) => self.mount(&token.file(), exporter.token_folder()),
            None => self,
        }
    }
}
