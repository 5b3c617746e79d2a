//! The serving image, assembled without a container engine.
//!
//! An image is a tar of a root file system and three small JSON files that name each other by digest, so cargo and
//! a few crates make it where no engine runs. Nothing in it says when and where it was made: the same commit and
//! compiler give the same bytes, and whoever doubts an image builds it again and compares one digest.
//!
//! Data goes to stdout, everything else to stderr; the exit code is 0 when all is well, 1 when something failed, 2
//! for bad usage.

mod archive;
mod configuration;
mod failure;
mod name;
mod origin;
mod program;
mod root;
mod sbom;
mod toolchain;

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;

use crate::{failure::Failure, name::Name, origin::Origin, program::Program, toolchain::Toolchain};

/// Builds the program `serving` and assembles its image: an OCI layout and a docker archive in one tar.
#[derive(Debug, Parser)]
#[command(name = "image", version, max_term_width = 100)]
struct Cli {
    /// The image's name and tag.
    #[arg(long, value_name = "NAME:TAG", default_value = "mlstack/serving:v1")]
    tag: Name,
    /// A static program that was built elsewhere, in place of building it here. No bill of materials is
    /// written then: nobody knows what is in it.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// The folder of serving.tar and serving.cdx.json [default: target/image]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Write the image's files into this empty folder, and no image.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["tag", "output"])]
    root: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Where stderr is closed there is nobody to tell; the exit code says it.
            let _ = writeln!(io::stderr(), "error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<(), Failure> {
    let toolchain = Toolchain::find()?;
    let program = match &cli.binary {
        Some(file) => Program::read(file)?,
        None => Program::build(&toolchain)?,
    };
    let entries = root::entries(program.bytes.clone());
    if let Some(folder) = &cli.root {
        return root::write(&entries, folder);
    }
    let layer = root::layer(&entries)?;
    let origin = Origin::of(toolchain.workspace.workspace_root.as_std_path());
    if origin.revision.is_none() {
        let _ = writeln!(io::stderr(), "note: git knows no commit here, so the image names none");
    }
    let configuration = configuration::of(&program, &origin, &toolchain, &layer)?;
    let archive = archive::assemble(&cli.tag, &configuration, layer)?;

    let default = || toolchain.workspace.target_directory.join("image").into_std_path_buf();
    let output = cli.output.clone().unwrap_or_else(default);
    fs::create_dir_all(&output).map_err(Failure::io("make", &output))?;
    let (tar, bill) = (output.join("serving.tar"), output.join("serving.cdx.json"));
    match sbom::of(&cli.tag, &archive, &program, &origin, &toolchain)? {
        Some(json) => replace(&bill, &json)?,
        // That of another program would lie.
        None if bill.exists() => fs::remove_file(&bill).map_err(Failure::io("remove", &bill))?,
        None => (),
    }
    replace(&tar, &archive.bytes)?;

    let mebibytes = |bytes: &[u8]| format!("{}.{} MiB", bytes.len() >> 20, ((bytes.len() >> 10) % 1024) * 10 / 1024);
    let _ = writeln!(io::stderr(), "program {}, image {}", mebibytes(&program.bytes), mebibytes(&archive.bytes));
    writeln!(io::stdout(), "{} {}", cli.tag, archive.digest).map_err(Failure::io("write", "the output".as_ref()))
}

/// Writes a file whole or not at all: whoever loads an image must not find half of one.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let new = path.with_extension("new");
    fs::write(&new, bytes).map_err(Failure::io("write", &new))?;
    fs::rename(&new, path).map_err(Failure::io("write", path))
}
