//! One tar that is an OCI layout and a docker archive at once, as `docker save` has written it since version 25.
//!
//! `oci-layout` and `index.json` are for containerd, and so for minikube, kind and k3d; `manifest.json` is for engines
//! that know only Docker's own format. Both name the same blobs.

use std::collections::{BTreeMap, HashMap};

use oci_spec::image::{
    ANNOTATION_REF_NAME, Descriptor, Digest, ImageConfiguration, ImageIndexBuilder, ImageManifestBuilder, MediaType,
    OciLayoutBuilder, SCHEMA_VERSION, Sha256Digest,
};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tar::{Builder, EntryType};

use crate::{failure::Failure, name::Name, root};

/// containerd takes an image's name from here.
const IMAGE_NAME: &str = "io.containerd.image.name";

/// An image in a file.
#[derive(Debug)]
pub struct Archive {
    /// The digest of the manifest, by which a registry knows the image.
    pub digest: Digest,
    /// The tar.
    pub bytes: Vec<u8>,
}

/// Puts an image of one layer together.
pub fn assemble(name: &Name, configuration: &ImageConfiguration, layer: Vec<u8>) -> Result<Archive, Failure> {
    let mut files = BTreeMap::new();
    let configuration = blob(&mut files, MediaType::ImageConfig, json_of(configuration)?);
    let layer = blob(&mut files, MediaType::ImageLayer, layer);
    let docker = json!([{"Config": path(&configuration), "RepoTags": [name.to_string()], "Layers": [path(&layer)]}]);
    let manifest = ImageManifestBuilder::default()
        .schema_version(SCHEMA_VERSION)
        .media_type(MediaType::ImageManifest)
        .config(configuration)
        .layers([layer])
        .build()
        .map_err(Failure::description)?;
    let mut manifest = blob(&mut files, MediaType::ImageManifest, json_of(&manifest)?);
    let digest = manifest.digest().clone();
    let names = [(IMAGE_NAME, &name.full), (ANNOTATION_REF_NAME, &name.tag)];
    let names: HashMap<_, _> = names.into_iter().map(|(key, value)| (key.to_owned(), value.clone())).collect();
    manifest.set_annotations(Some(names));
    let index = ImageIndexBuilder::default()
        .schema_version(SCHEMA_VERSION)
        .media_type(MediaType::ImageIndex)
        .manifests([manifest])
        .build()
        .map_err(Failure::description)?;
    let layout = OciLayoutBuilder::default().image_layout_version("1.0.0").build().map_err(Failure::description)?;
    files.insert("index.json".to_owned(), json_of(&index)?);
    files.insert("manifest.json".to_owned(), json_of(&docker)?);
    files.insert("oci-layout".to_owned(), json_of(&layout)?);

    let mut tar = Builder::new(Vec::new());
    for (path, content) in &files {
        root::append(&mut tar, EntryType::Regular, path.as_ref(), 0o644, content)?;
    }
    let bytes = tar.into_inner().map_err(Failure::io("write", "the archive".as_ref()))?;
    Ok(Archive { digest, bytes })
}

/// The digest by which content is known.
pub fn digest(content: &[u8]) -> Digest {
    let hex = hex::encode(Sha256::digest(content));
    Digest::from(hex.parse::<Sha256Digest>().expect("64 hexadecimal digits"))
}

fn blob(files: &mut BTreeMap<String, Vec<u8>>, kind: MediaType, content: Vec<u8>) -> Descriptor {
    let descriptor = Descriptor::new(kind, content.len() as u64, digest(&content));
    files.insert(path(&descriptor), content);
    descriptor
}

fn path(descriptor: &Descriptor) -> String {
    format!("blobs/sha256/{}", descriptor.digest().digest())
}

/// The library keeps labels in maps without an order; and so would `serde_json`, if another crate asked it to.
fn json_of(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut value = serde_json::to_value(value).map_err(Failure::description)?;
    value.sort_all_objects();
    Ok(value.to_string().into_bytes())
}
