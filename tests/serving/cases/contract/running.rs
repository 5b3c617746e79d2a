//! A pod that runs, as the kubelet sees it.

use std::{collections::BTreeMap, net::SocketAddr, ops::Deref, process::Command};

use serde_yaml::Value;
use tests::manifests::{items, text};

use super::pod::only;
use crate::program::{Api, get};

const PROBES: [&str; 3] = ["startupProbe", "livenessProbe", "readinessProbe"];

pub struct Running {
    api: Api,
    /// The paths of the probes.
    probes: BTreeMap<&'static str, String>,
}

impl Running {
    pub(super) fn new(container: &Value, command: &mut Command, address: SocketAddr) -> Self {
        let ports: BTreeMap<_, _> = items(container, &["ports"])
            .map(|port| (text(port, &["name"]), port["containerPort"].as_u64().expect("a port")))
            .collect();
        // What the program listens on by itself.
        let own = if container["args"][0] == "ui" { 8501 } else { 8000 };
        assert!(ports.values().eq(&[own]), "{ports:?}");
        let probe = |name: &'static str| {
            let get = &container[name]["httpGet"];
            assert_eq!(only(get, &["path", "port"]), [""; 0], "{get:?}");
            assert!(ports.contains_key(text(get, &["port"])), "{name} asks port {:?}", get["port"]);
            (name, text(get, &["path"]).to_owned())
        };
        let probes = PROBES.map(probe).into();
        Self { api: Api::run_at(command, tempfile::tempdir().unwrap(), address), probes }
    }

    /// What the kubelet is told: start-up, liveness, readiness.
    pub fn probed(&self) -> [u16; 3] {
        PROBES.map(|name| get(&self.api.url(&self.probes[name])).0)
    }

    /// Waits until all probes are green.
    pub fn ready(self) -> Self {
        let api = self.api.ready();
        let ready = Self { api, probes: self.probes };
        assert_eq!(ready.probed(), [200; 3]);
        ready
    }

    /// Ends it as the kubelet does, and waits.
    pub fn stop(mut self) {
        self.api.server.terminate();
        assert!(self.api.server.ended(20).success(), "{}", self.api.log());
    }
}

impl Deref for Running {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}
