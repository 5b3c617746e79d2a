//! The image's bill of materials: CycloneDX 1.5, in JSON.
//!
//! It lists what was linked, by what the compiler did: cargo's graph of the workspace also holds what build scripts and
//! macros need, and features of other members. Nothing in it is random or from a clock.

use std::collections::{BTreeMap, BTreeSet};

use cargo_lock::Lockfile;
use cargo_metadata::{DependencyKind, Package, PackageId};
use cyclonedx_bom::{
    external_models::{spdx::SpdxExpression, uri::Purl},
    models::{
        bom::{Bom, SpecVersion, UrnUuid},
        component::{Classification, Component, Components},
        dependency::{Dependencies, Dependency},
        hash::{Hash, HashAlgorithm, HashValue, Hashes},
        license::{LicenseChoice, Licenses},
        metadata::Metadata,
    },
    prelude::{DateTime, NormalizedString, Validate},
};
use uuid::Uuid;

use crate::{
    archive::{self, Archive},
    failure::Failure,
    name::Name,
    origin::Origin,
    program::Program,
    toolchain::Toolchain,
};

/// The package of the certificate authorities, which are in the image whether the program links it or not.
const AUTHORITIES: &str = "webpki-root-certs";

/// The bill of an image, where we saw its program built.
pub fn of(
    name: &Name,
    archive: &Archive,
    program: &Program,
    origin: &Origin,
    toolchain: &Toolchain,
) -> Result<Option<Vec<u8>>, Failure> {
    let Some(linked) = &program.packages else { return Ok(None) };
    let packages = toolchain.workspace.packages.iter();
    let packages = packages.filter(|package| linked.contains(&package.id) || package.name.as_str() == AUTHORITIES);
    let packages: BTreeMap<&PackageId, &Package> = packages.map(|package| (&package.id, package)).collect();
    let lock = Lockfile::load(toolchain.workspace.workspace_root.join("Cargo.lock"))?;
    let mut components =
        packages.values().map(|package| component(package, program, &lock)).collect::<Result<Vec<_>, _>>()?;
    components.extend(libraries(toolchain));
    components.sort_by(|one, other| one.bom_ref.cmp(&other.bom_ref));

    let mut image = Component::new(Classification::Container, &name.to_string(), &name.tag, Some("image".to_owned()));
    image.hashes = Some(sha256(archive.digest.digest()));
    let bom = Bom {
        version: 1,
        serial_number: Some(serial_number(&archive.digest)?),
        metadata: Some(Metadata {
            timestamp: Some(DateTime::try_from(origin.created.clone()).map_err(Failure::description)?),
            component: Some(image),
            ..Metadata::default()
        }),
        dependencies: Some(Dependencies(dependencies(&packages, &components, toolchain))),
        components: Some(Components(components)),
        spec_version: SpecVersion::V1_5,
        ..Bom::default()
    };
    if let Some(error) = bom.validate().errors().next() {
        return Err(Failure::Description(format!("{error:?}")));
    }
    let mut json = Vec::new();
    bom.output_as_json_v1_5(&mut json).map_err(Failure::description)?;
    json.push(b'\n');
    Ok(Some(json))
}

/// A package, as scanners know it.
fn component(package: &Package, program: &Program, lock: &Lockfile) -> Result<Component, Failure> {
    let (name, version) = (package.name.as_str(), package.version.to_string());
    let mut component = Component::new(Classification::Library, name, &version, Some(reference(package)));
    component.description = package.description.as_deref().map(|text| NormalizedString::new(text.trim()));
    component.licenses = package.license.as_deref().map(licenses);
    // Packages of the workspace have names that somebody else has at crates.io: an address there would be a lie.
    if package.source.as_ref().is_some_and(cargo_metadata::Source::is_crates_io) {
        component.purl = Some(Purl::new("cargo", name, &version).map_err(Failure::description)?);
        let locked = lock.packages.iter().find(|locked| {
            locked.name.as_str() == name && locked.version == package.version && locked.source.is_some()
        });
        component.hashes = locked.and_then(|locked| Some(sha256(&locked.checksum.as_ref()?.to_string())));
    } else if name == "serving" {
        component.component_type = Classification::Application;
        component.hashes = Some(sha256(archive::digest(&program.bytes).digest()));
    }
    Ok(component)
}

/// What is linked and is no package.
fn libraries(toolchain: &Toolchain) -> Vec<Component> {
    let library = |name: &str, version: &str, license| {
        let reference = format!("{name}@{version}");
        let mut library = Component::new(Classification::Library, name, version, Some(reference));
        library.licenses = Some(licenses(license));
        library
    };
    let rust = library("rust-std", &toolchain.release, "MIT OR Apache-2.0");
    let glibc = toolchain.glibc.iter().map(|version| library("glibc", version, "LGPL-2.1-or-later"));
    glibc.chain([rust]).collect()
}

/// Who needs whom, of those that are in the image.
fn dependencies(
    packages: &BTreeMap<&PackageId, &Package>,
    components: &[Component],
    toolchain: &Toolchain,
) -> Vec<Dependency> {
    let nodes = toolchain.workspace.resolve.iter().flat_map(|resolve| &resolve.nodes);
    let mut all: Vec<Dependency> = nodes
        .filter_map(|node| {
            let normal =
                node.deps.iter().filter(|dep| dep.dep_kinds.iter().any(|dep| dep.kind == DependencyKind::Normal));
            let needed: BTreeSet<_> = normal.filter_map(|dep| packages.get(&dep.pkg)).map(|it| reference(it)).collect();
            let dependency_ref = reference(packages.get(&node.id)?);
            Some(Dependency { dependency_ref, dependencies: needed.into_iter().collect() })
        })
        .collect();
    all.sort_by(|one, other| one.dependency_ref.cmp(&other.dependency_ref));
    let parts = ["glibc", "rust-std", "serving", AUTHORITIES].map(NormalizedString::new);
    let parts = components.iter().filter(|component| parts.contains(&component.name));
    let parts = parts.filter_map(|component| component.bom_ref.clone()).collect();
    all.insert(0, Dependency { dependency_ref: "image".to_owned(), dependencies: parts });
    all
}

fn reference(package: &Package) -> String {
    format!("{}@{}", package.name, package.version)
}

/// Some packages still write `MIT/Apache-2.0`, which SPDX has given up.
fn licenses(license: &str) -> Licenses {
    let expression = SpdxExpression::parse_lax(license.to_owned()).map(LicenseChoice::Expression);
    Licenses(vec![expression.unwrap_or_else(|_| LicenseChoice::license(license))])
}

fn sha256(hex: &str) -> Hashes {
    Hashes(vec![Hash { alg: HashAlgorithm::SHA_256, content: HashValue(hex.to_owned()) }])
}

/// As unique as the image: another bill for the same image would be the same.
fn serial_number(digest: &oci_spec::image::Digest) -> Result<UrnUuid, Failure> {
    let bytes = hex::decode(digest.digest()).map_err(Failure::description)?;
    let first = bytes.first_chunk().ok_or_else(|| Failure::description("the digest is short"))?;
    Ok(UrnUuid::from(Uuid::new_v8(*first)))
}
