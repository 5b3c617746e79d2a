//! Volumes as a kubelet lays them out, with its owners and modes.

use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
};

use serde_yaml::Value;
use tests::manifests::{at, items, map, text};

use super::{cluster::Cluster, pod::only};

/// Where a volume is on the machine, and whether pods may write to it at all.
pub struct Volume {
    pub folder: PathBuf,
    pub writable: bool,
}

/// The volumes of a pod by name; its own ones are in `own`.
pub fn lay_out(cluster: &Cluster, namespace: &str, pod: &Value, own: &Path) -> BTreeMap<String, Volume> {
    let group = group(pod);
    let volume = |volume: &Value| {
        let (name, folder) = (text(volume, &["name"]), own.join(text(volume, &["name"])));
        let laid_out = match only(volume, &["name"]).as_slice() {
            ["emptyDir"] => {
                fs::create_dir(&folder).unwrap();
                shared(&folder, group, 0o777);
                Volume { folder, writable: true }
            }
            ["persistentVolumeClaim"] => {
                let claim = cluster.claim(namespace, text(volume, &["persistentVolumeClaim", "claimName"]));
                shared(&claim, group, 0o755);
                let read_only = at(volume, &["persistentVolumeClaim", "readOnly"]).as_bool().unwrap_or_default();
                Volume { folder: claim, writable: !read_only }
            }
            ["configMap"] => {
                let config = at(volume, &["configMap"]);
                assert_eq!(only(config, &["name", "defaultMode"]), [""; 0], "{config:?}");
                let config = cluster.object("ConfigMap", namespace, text(config, &["name"]));
                files(&folder, map(config, &["data"]), 0o644, None)
            }
            ["secret"] => {
                let secret = at(volume, &["secret"]);
                assert_eq!(only(secret, &["secretName", "defaultMode", "items"]), [""; 0], "{secret:?}");
                let mode = at(secret, &["defaultMode"]).as_u64().map_or(0o644, |mode| u32::try_from(mode).unwrap());
                // Who is in the group of the volumes may read what its owner may.
                let mode = if group.is_some() { mode | (mode & 0o400) >> 3 } else { mode };
                let mut keys = cluster.keys(namespace, text(secret, &["secretName"]));
                if !at(secret, &["items"]).is_null() {
                    let file = |item: &Value| {
                        let key = text(item, &["key"]);
                        let value = keys.get(key).unwrap_or_else(|| panic!("no key {key}, which a pod mounts"));
                        (text(item, &["path"]).to_owned(), value.clone())
                    };
                    keys = items(secret, &["items"]).map(file).collect();
                }
                files(&folder, keys, mode, group)
            }
            other => panic!("the harness knows no volume such as {other:?}: {volume:?}"),
        };
        (name.to_owned(), laid_out)
    };
    items(pod, &["volumes"]).map(volume).collect()
}

/// The group that a pod's volumes belong to.
pub fn group(pod: &Value) -> Option<u32> {
    at(pod, &["securityContext", "fsGroup"]).as_u64().map(|group| u32::try_from(group).unwrap())
}

/// A folder of root, and of the pod's group if it has one.
fn shared(folder: &Path, group: Option<u32>, mode: u32) {
    chown(folder, None, group).unwrap();
    let mode = if group.is_some() { mode | 0o2070 } else { mode };
    fs::set_permissions(folder, Permissions::from_mode(mode)).unwrap();
}

/// A folder of files that nobody may write to.
pub fn files(folder: &Path, texts: BTreeMap<String, String>, mode: u32, group: Option<u32>) -> Volume {
    fs::create_dir(folder).unwrap();
    for (name, content) in texts {
        let file = folder.join(name);
        fs::write(&file, content).unwrap();
        chown(&file, None, group).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
    }
    Volume { folder: folder.to_owned(), writable: false }
}
