//! Pods: one hardened container and what it needs.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{
        self as core, Capabilities, ConfigMapKeySelector, ConfigMapVolumeSource, Container, ContainerPort,
        EmptyDirVolumeSource, EnvVar, EnvVarSource, KeyToPath, Lifecycle, LifecycleHandler,
        PersistentVolumeClaimVolumeSource, PodSecurityContext, PodSpec, PodTemplateSpec, ResourceRequirements,
        SeccompProfile, SecretKeySelector, SecretVolumeSource, SecurityContext, SleepAction, VolumeMount,
    },
    apimachinery::pkg::{api::resource, apis::meta::v1::ObjectMeta},
};

use super::{
    Plan,
    hash::hash,
    meta::{CONFIG_HASH, ESCAPE_HATCH, Map, labels},
    probe,
};
use crate::{
    handles::{Mount, MountSource, SharedMount, SharedVolume, Volume},
    values::{ComputeResources, Quantity, Resources},
    workload::{Kind, Setting, Step, Workload},
};

/// The template of a Deployment's or a Job's pods.
pub(super) fn template(plan: &Plan<'_>, workload: &Workload) -> PodTemplateSpec {
    let mut annotations = Map::new();
    let configs = workload.configs();
    if !configs.is_empty() {
        // Another content is another template, so the pods that read it are rolled.
        let content: Vec<String> = configs.iter().map(|config| config.fingerprint()).collect();
        annotations.insert(CONFIG_HASH.into(), format!("{:08x}", hash(&content.join("\n"))));
    }
    let mut spec = pod(plan, workload);
    if let Some(hatch) = workload.hatch {
        annotations.insert(ESCAPE_HATCH.into(), hatch.reason.into());
        (hatch.patch)(&mut spec);
    }
    PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(labels(plan, &workload.name)),
            annotations: (!annotations.is_empty()).then_some(annotations),
            ..ObjectMeta::default()
        }),
        spec: Some(spec),
    }
}

fn pod(plan: &Plan<'_>, workload: &Workload) -> PodSpec {
    PodSpec {
        priority_class_name: plan.priority_class(workload).map(|name| name.to_string()),
        init_containers: some(workload.steps.iter().map(|it| step(workload, it)).collect()),
        service_account_name: Some(workload.name.to_string()),
        automount_service_account_token: Some(false),
        // Variables like `MLFLOW_PORT=tcp://…`, made for every Service, would be read as settings.
        enable_service_links: Some(false),
        restart_policy: workload.ends().then(|| "Never".into()),
        termination_grace_period_seconds: Some(i64::from(workload.grace)),
        security_context: Some(PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(workload.user),
            run_as_group: Some(workload.user),
            fs_group: Some(workload.user),
            fs_group_change_policy: Some("OnRootMismatch".into()),
            seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".into(), localhost_profile: None }),
            ..PodSecurityContext::default()
        }),
        containers: vec![container(workload)],
        volumes: some(workload.mounts.iter().map(volume).collect()),
        ..PodSpec::default()
    }
}

fn container(workload: &Workload) -> Container {
    Container {
        name: workload.name.to_string(),
        image: Some(workload.image.to_string()),
        image_pull_policy: Some("IfNotPresent".into()),
        command: some(workload.command.clone()),
        args: some(workload.args.clone()),
        env: some(workload.variables.iter().map(|(name, setting)| variable(name, setting)).collect()),
        ports: some(workload.ports.iter().map(port).collect()),
        resources: workload.resources.as_ref().map(|resources| requirements(resources, &workload.mounts)),
        startup_probe: probe::startup(workload),
        readiness_probe: probe::readiness(workload),
        liveness_probe: probe::liveness(workload),
        lifecycle: drain(workload),
        volume_mounts: some(workload.mounts.iter().map(mount).collect()),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            privileged: Some(false),
            read_only_root_filesystem: Some(true),
            run_as_non_root: Some(true),
            capabilities: Some(Capabilities { drop: Some(vec!["ALL".into()]), add: None }),
            ..SecurityContext::default()
        }),
        ..Container::default()
    }
}

/// The main container before it starts, with other arguments; or another program that is told the same.
fn step(workload: &Workload, step: &Step) -> Container {
    let main = container(workload);
    let (image, command, env) = match &step.program {
        Some(program) => (Some(program.image.to_string()), some(program.command.clone()), main.env),
        // What the program needs to know, a step is told by its arguments.
        None => (main.image, main.command, None),
    };
    Container {
        name: step.name.to_string(),
        image,
        command,
        args: some(step.args.clone()),
        env,
        ports: None,
        startup_probe: None,
        readiness_probe: None,
        liveness_probe: None,
        lifecycle: None,
        ..main
    }
}

/// Seconds that a pod serves on after it is told to stop, while the endpoints of its Service forget it.
const DRAIN: i64 = 5;

/// The kubelet itself waits (`sleep` is a field since Kubernetes 1.30), so the image needs no program for
/// it; where the old pod stops first, nobody is left to be sent elsewhere.
fn drain(workload: &Workload) -> Option<Lifecycle> {
    let replaced =
        matches!(workload.kind, Kind::Deployment) && !workload.is_only_writer() && !workload.ports.is_empty();
    replaced.then(|| Lifecycle {
        pre_stop: Some(LifecycleHandler { sleep: Some(SleepAction { seconds: DRAIN }), ..LifecycleHandler::default() }),
        ..Lifecycle::default()
    })
}

/// Nothing for an empty list: the manifest says only what there is.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

fn port((name, number): &(crate::values::Name, u16)) -> ContainerPort {
    ContainerPort {
        name: Some(name.to_string()),
        container_port: i32::from(*number),
        protocol: Some("TCP".into()),
        ..ContainerPort::default()
    }
}

fn variable(name: &str, setting: &Setting) -> EnvVar {
    let (value, value_from) = match setting {
        Setting::Text(text) => (Some(text.clone()), None),
        Setting::Secret(key) => {
            let selector = SecretKeySelector { name: key.secret.to_string(), key: key.key.to_string(), optional: None };
            (None, Some(EnvVarSource { secret_key_ref: Some(selector), ..EnvVarSource::default() }))
        }
        Setting::Config(key) => {
            let name = key.config.0.name.to_string();
            let selector = ConfigMapKeySelector { name, key: key.key.to_string(), optional: None };
            (None, Some(EnvVarSource { config_map_key_ref: Some(selector), ..EnvVarSource::default() }))
        }
    };
    EnvVar { name: name.to_owned(), value, value_from }
}

/// Disk of the node for logs, beside the empty directories.
const LOGS: Quantity = Quantity::mebibytes(128);

fn requirements(resources: &Resources, mounts: &[Mount]) -> ResourceRequirements {
    let scratch = mounts.iter().filter_map(|mount| match &mount.source {
        MountSource::Scratch(scratch) if !scratch.memory => Some(scratch.size),
        _ => None,
    });
    let amounts = |amounts: ComputeResources, disk: Quantity| -> Option<BTreeMap<String, resource::Quantity>> {
        let all = [("cpu", amounts.cpu), ("memory", amounts.memory), ("ephemeral-storage", disk)];
        Some(all.map(|(name, amount)| (name.to_owned(), amount.into())).into())
    };
    ResourceRequirements {
        requests: amounts(resources.requests, LOGS),
        limits: amounts(resources.limits, LOGS + scratch.sum()),
        claims: None,
    }
}

fn mount(mount: &Mount) -> VolumeMount {
    VolumeMount {
        name: mount.volume(),
        mount_path: mount.path.to_string(),
        read_only: match &mount.source {
            MountSource::Config(_) | MountSource::Secret(_) => Some(true),
            MountSource::Shared(shared) => (!shared.writes).then_some(true),
            MountSource::Claim(_) | MountSource::Scratch(_) => None,
        },
        ..VolumeMount::default()
    }
}

fn volume(mount: &Mount) -> core::Volume {
    let mut volume = core::Volume { name: mount.volume(), ..core::Volume::default() };
    match &mount.source {
        MountSource::Claim(Volume { name, .. })
        | MountSource::Shared(SharedMount { volume: SharedVolume { name, .. }, .. }) => {
            let claim_name = name.to_string();
            volume.persistent_volume_claim = Some(PersistentVolumeClaimVolumeSource { claim_name, read_only: None });
        }
        MountSource::Config(files) => {
            let name = files.0.0.name.to_string();
            volume.config_map = Some(ConfigMapVolumeSource { name, ..ConfigMapVolumeSource::default() });
        }
        MountSource::Secret(file) => {
            let key = file.0.key.to_string();
            volume.secret = Some(SecretVolumeSource {
                secret_name: Some(file.0.secret.to_string()),
                items: Some(vec![KeyToPath { key: key.clone(), path: key, mode: None }]),
                // The files belong to root and the pod's group, which the process is of.
                default_mode: Some(0o440),
                optional: None,
            });
        }
        MountSource::Scratch(scratch) => {
            volume.empty_dir = Some(EmptyDirVolumeSource {
                medium: scratch.memory.then(|| "Memory".into()),
                size_limit: Some(scratch.size.into()),
            });
        }
    }
    volume
}
