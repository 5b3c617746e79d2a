//! The static program: built here, or given.
//!
//! It starts in an empty root, so the C library is linked into it; and it must be the same when it is built in another
//! folder, so no path of the machine may be in it (panic messages hold the paths of sources).

use std::{
    collections::BTreeSet,
    fs,
    io::BufReader,
    path::Path,
    process::{Command, Stdio},
};

use cargo_metadata::{
    Artifact, Message, PackageId,
    camino::{Utf8Path, Utf8PathBuf},
};
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
        let start = |error| Failure::Start { program: "cargo".to_owned(), error };
        let mut child = cargo_build(toolchain).spawn().map_err(start)?;
        let messages = child.stdout.take().map(BufReader::new).into_iter().flat_map(Message::parse_stream);
        // Build scripts and macros are compiled for the compiler, in another folder.
        let folder = target(toolchain).join(&toolchain.host);
        let linked = messages.filter_map(|message| match message {
            Ok(Message::CompilerArtifact(it)) if it.filenames.iter().any(|file| file.starts_with(&folder)) => Some(it),
            _ => None,
        });
        let linked: Vec<Artifact> = linked.collect();
        if !child.wait().map_err(start)?.success() {
            return Err(Failure::Failed("cargo build"));
        }
        let executable = linked.iter().find_map(|artifact| artifact.executable.as_ref());
        let executable = executable.ok_or(Failure::Failed("cargo build"))?;
        let packages = linked.iter().map(|artifact| artifact.package_id.clone()).collect();
        Ok(Self { packages: Some(packages), ..Self::read(executable.as_std_path())? })
    }
}

/// A folder of its own: what other builds left behind was not made by the settings below.
fn target(toolchain: &Toolchain) -> Utf8PathBuf {
    toolchain.workspace.target_directory.join("image/build")
}

fn cargo_build(toolchain: &Toolchain) -> Command {
    let mut cargo = Command::new(cargo());
    cargo.args(["build", "--locked", "--profile", "image", "--package", "serving", "--bin", "serving"]);
    // With a target of its own, cargo keeps the flags from build scripts.
    cargo.args(["--target", &toolchain.host, "--message-format", "json-render-diagnostics"]);
    cargo.current_dir(&toolchain.workspace.workspace_root).stdout(Stdio::piped());
    cargo.env("CARGO_TARGET_DIR", target(toolchain)).env("CARGO_BUILD_BUILD_DIR", target(toolchain));
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(toolchain).join("\u{1f}"));
    // mimalloc's C has `__DATE__` and `__TIME__` in it. Not the commit's time: what was compiled at
    // the last commit is not compiled again, and would differ from a build from nothing.
    cargo.env("SOURCE_DATE_EPOCH", "0");
    cargo
}

/// Flags of the compiler; of two that fit a path, the later one counts.
fn flags(toolchain: &Toolchain) -> Vec<String> {
    let workspace = &toolchain.workspace;
    let sources = workspace.packages.iter().filter(|package| package.source.is_some());
    let folders: BTreeSet<&Utf8Path> = sources.filter_map(|package| package.manifest_path.ancestors().nth(2)).collect();
    let mut remap = vec![(workspace.workspace_root.as_str(), "/workspace".to_owned())];
    // Generated code; the folder may be anywhere.
    let target = target(toolchain);
    remap.push((target.as_str(), "/workspace/target".to_owned()));
    remap.extend(folders.into_iter().map(|folder| (folder.as_str(), "/crates".to_owned())));
    // Without the sources of the standard library its paths are these; with them they would be the machine's.
    let library = format!("{}/lib/rustlib/src/rust", toolchain.sysroot);
    remap.push((&library, format!("/rustc/{}", toolchain.commit)));
    let remap = remap.into_iter().map(|(from, to)| format!("--remap-path-prefix={from}={to}"));
    let flags = [
        ["-C", "target-feature=+crt-static"],
        // The path is from the workspace's root, where cargo compiles its packages: a full one would be the machine's.
        ["-C", "link-arg=-Wl,-T,image/unwind.ld"],
        // A static program finds no getrandom in a shared library, and an empty root has no /dev/urandom: the system call is there.
        ["--cfg", "getrandom_backend=\"linux_getrandom\""],
    ];
    // Half a megabyte less of addresses to correct at the start.
    let packed =
        toolchain.glibc.as_deref().is_some_and(unpacks).then_some(["-C", "link-arg=-Wl,-z,pack-relative-relocs"]);
    flags.into_iter().chain(packed).flatten().map(str::to_owned).chain(remap).collect()
}

/// Whether a C library of this version knows packed relocations; a program with an older one would end at its start.
fn unpacks(glibc: &str) -> bool {
    let mut numbers = glibc.split('.').map(str::parse::<u32>);
    matches!((numbers.next(), numbers.next()), (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= (2, 36))
}

#[cfg(test)]
mod tests {
    use super::unpacks;

    #[test]
    fn relocations_are_packed_for_those_who_unpack_them() {
        assert!(["2.36", "2.41", "2.36.9000", "3.0"].into_iter().all(unpacks));
        assert!(!["2.35", "2.4", "1.99", "2", ""].into_iter().any(unpacks));
    }
}
