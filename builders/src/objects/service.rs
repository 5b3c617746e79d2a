//! The stable address of a Deployment, and the addresses of its pods.

use k8s_openapi::{
    api::core::v1::{Service, ServicePort, ServiceSpec},
    apimachinery::pkg::util::intstr::IntOrString,
};

use super::{
    Plan,
    meta::{label, map, meta},
    names,
};
use crate::{handles::pods_of, values::Exposure, workload::Workload};

/// A name that has the address of every pod, for whoever scrapes them: an API without a model is not ready, and that is
/// what somebody wants to know.
pub(super) fn pods(plan: &Plan<'_>, workload: &Workload) -> Option<Service> {
    let (port, number) = workload.ports.first().filter(|_| workload.scraped)?;
    let (name, namespace) = names(workload);
    Some(Service {
        metadata: meta(plan, &pods_of(&name), &namespace, &name),
        spec: Some(ServiceSpec {
            cluster_ip: Some("None".into()),
            publish_not_ready_addresses: Some(true),
            selector: Some(workload.labels().0),
            ports: Some(vec![ServicePort {
                name: Some(port.to_string()),
                port: i32::from(*number),
                target_port: Some(IntOrString::String(port.to_string())),
                protocol: Some("TCP".into()),
                ..ServicePort::default()
            }]),
            type_: Some("ClusterIP".into()),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    })
}

pub(super) fn service(plan: &Plan<'_>, workload: &Workload) -> Option<Service> {
    if workload.ports.is_empty() {
        return None;
    }
    let (name, namespace) = names(workload);
    let (kind, node_port) = match &workload.exposure {
        Exposure::ClusterIP | Exposure::Ingress(_) | Exposure::HTTPRoute(_) => ("ClusterIP", None),
        Exposure::NodePort(at) => ("NodePort", Some(i32::from(at.node_port.value.number()))),
        Exposure::LoadBalancer => ("LoadBalancer", None),
    };
    let ports = workload.ports.iter().enumerate().map(|(index, (port, number))| ServicePort {
        name: Some(port.to_string()),
        port: i32::from(*number),
        target_port: Some(IntOrString::String(port.to_string())),
        protocol: Some("TCP".into()),
        // The first port is the one that is exposed.
        node_port: node_port.filter(|_| index == 0),
        ..ServicePort::default()
    });
    Some(Service {
        metadata: meta(plan, &name, &namespace, &name),
        spec: Some(ServiceSpec {
            type_: Some(kind.into()),
            selector: Some(map([(label::NAME, name.as_str())])),
            ports: Some(ports.collect()),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    })
}
