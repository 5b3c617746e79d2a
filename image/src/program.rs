//! The static program: built here, or given.
//!
//! It starts in an empty root, so the C library is linked into it; and it must be the same when it is built in another folder, so no
//! path of the machine may be in it (panic messages hold the paths of sources).

use std::{
    collections::BTreeSet,
    fs,
    io::BufReader,
    path::Path,
    process::{Command, Stdio},
};

use cargo_metadata::{Artifact, Message, PackageId, camino::Utf8Path};
use elf::{ElfBytes, abi, endian::AnyEndian};
use oci_spec::image::Arch;

use crate::{
    failure::Failure,
    toolchain::{Toolchain, cargo},
};

/// A program that needs nothing but a kernel.
#[derive(Debug)]
pub struct Program {
    /// The file.
    pub bytes: Vec<u8>,
    /// The machine that it runs on, by its own word.
    pub architecture: Arch,
    /// The packages that are linked into it, if we saw it built.
    pub packages: Option<BTreeSet<PackageId>>,
}

impl Program {
    /// Reads a program that was built elsewhere.
    pub fn read(file: &Path) -> Result<Self, Failure> {
        let bytes = fs::read(file).map_err(Failure::io("read", file))?;
        let wrong = |error| Failure::NotElf { path: file.to_owned(), error };
        let elf = ElfBytes::<AnyEndian>::minimal_parse(&bytes).map_err(wrong)?;
        let architecture = match elf.ehdr.e_machine {
            abi::EM_X86_64 => Arch::Amd64,
            abi::EM_AARCH64 => Arch::ARM64,
            machine => return Err(Failure::Machine { path: file.to_owned(), machine }),
        };
        if elf.segments().is_some_and(|segments| segments.iter().any(|segment| segment.p_type == abi::PT_INTERP)) {
            return Err(Failure::Dynamic(file.to_owned()));
        }
        Ok(Self { bytes, architecture, packages: None })
    }

    /// Builds the workspace's program `serving`.
    pub fn build(toolchain: &Toolchain) -> Result<Self, Failure> {
        let mut cargo = Command::new(cargo());
        cargo.args(["build", "--locked", "--release", "--package", "serving", "--bin", "serving"]);
        // With a target of its own, cargo keeps this apart from other builds, and the flags from build scripts.
        cargo.args(["--target", &toolchain.host, "--message-format", "json-render-diagnostics"]);
        cargo.current_dir(&toolchain.workspace.workspace_root).stdout(Stdio::piped());
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(toolchain).join("\u{1f}"));
        let start = |error| Failure::Start { program: "cargo".to_owned(), error };
        let mut child = cargo.spawn().map_err(start)?;
        let messages = child.stdout.take().map(BufReader::new).into_iter().flat_map(Message::parse_stream);
        let artifacts = messages.filter_map(|message| match message {
            Ok(Message::CompilerArtifact(artifact)) => Some(artifact),
            _ => None,
        });
        let artifacts: Vec<Artifact> = artifacts.filter(|artifact| is_linked(artifact, toolchain)).collect();
        if !child.wait().map_err(start)?.success() {
            return Err(Failure::Failed("cargo build"));
        }
        let executable = artifacts.iter().find_map(|artifact| artifact.executable.as_ref());
        let executable = executable.ok_or(Failure::Failed("cargo build"))?;
        let packages = artifacts.iter().map(|artifact| artifact.package_id.clone()).collect();
        Ok(Self { packages: Some(packages), ..Self::read(executable.as_std_path())? })
    }
}

/// Whether an artifact was compiled for the target: build scripts and macros are compiled for the compiler.
fn is_linked(artifact: &Artifact, toolchain: &Toolchain) -> bool {
    let folders = [Some(&toolchain.workspace.target_directory), toolchain.workspace.build_directory.as_ref()];
    let inside = |file: &Utf8Path| {
        let inside = folders.into_iter().flatten().filter_map(|folder| file.strip_prefix(folder).ok());
        inside.into_iter().any(|file| file.starts_with(&toolchain.host))
    };
    artifact.filenames.iter().any(|file| inside(file))
}

/// Flags of the compiler; of two that fit a path, the later one counts.
fn flags(toolchain: &Toolchain) -> Vec<String> {
    let workspace = &toolchain.workspace;
    let sources = workspace.packages.iter().filter(|package| package.source.is_some());
    let folders: BTreeSet<&Utf8Path> = sources.filter_map(|package| package.manifest_path.ancestors().nth(2)).collect();
    let mut remap = vec![(workspace.workspace_root.as_str(), "/workspace".to_owned())];
    // Generated code; the folder may be anywhere.
    let generated = [Some(&workspace.target_directory), workspace.build_directory.as_ref()];
    remap.extend(generated.into_iter().flatten().map(|folder| (folder.as_str(), "/workspace/target".to_owned())));
    remap.extend(folders.into_iter().map(|folder| (folder.as_str(), "/crates".to_owned())));
    // Without the sources of the standard library its paths are these; with them they would be the machine's.
    let library = format!("{}/lib/rustlib/src/rust", toolchain.sysroot);
    remap.push((&library, format!("/rustc/{}", toolchain.commit)));
    let remap = remap.into_iter().map(|(from, to)| format!("--remap-path-prefix={from}={to}"));
    ["-C", "target-feature=+crt-static"].map(str::to_owned).into_iter().chain(remap).collect()
}
