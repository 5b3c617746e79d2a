//! What can go wrong: a message, then what to do.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why there is no image.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file that could not be had or written.
    #[error("cannot {verb} {}: {error}\n\nhint: check the permissions of its folder and the room on the disk", path.display())]
    Io {
        /// What was to be done with it.
        verb: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Another program does not even start.
    #[error("cannot run {program}: {error}\n\nhint: install it, or run this with `cargo run --package image`")]
    Start {
        /// Its name.
        program: String,
        /// What the system says.
        error: io::Error,
    },
    /// Another program failed, and said why on stderr.
    #[error("{0} failed\n\nhint: see what it says above")]
    Failed(&'static str),
    /// Cargo does not tell what the workspace is made of.
    #[error("cannot read the workspace: {0}\n\nhint: run this in the folder of the repository")]
    Workspace(#[from] cargo_metadata::Error),
    /// The lock file cannot be read.
    #[error("cannot read Cargo.lock: {0}\n\nhint: restore it with `git checkout Cargo.lock`")]
    Lock(#[from] cargo_lock::Error),
    /// Not a program for Linux.
    #[error("{} is no ELF program: {error}\n\nhint: build on Linux, or with `docker build --file images/serving/Dockerfile .`", path.display())]
    NotElf {
        /// The file.
        path: PathBuf,
        /// What its reader says.
        error: elf::ParseError,
    },
    /// A program for a machine that we don't know the name of.
    #[error("{} is a program for another machine (ELF number {machine})\n\nhint: build for x86_64 or aarch64", path.display())]
    Machine {
        /// The file.
        path: PathBuf,
        /// `e_machine` of its header.
        machine: u16,
    },
    /// A program that needs files which the image does not have.
    #[error(
        "{} is linked dynamically and would not start in an empty root\n\nhint: build it with RUSTFLAGS='-C target-feature=+crt-static'",
        .0.display()
    )]
    Dynamic(PathBuf),
    /// A root that would write over something.
    #[error("{} is not empty\n\nhint: name a folder that is empty or not there", .0.display())]
    NotEmpty(PathBuf),
    /// The libraries refuse what we say about the image.
    #[error("cannot describe the image: {0}\n\nhint: check name, version and license of the packages")]
    Description(String),
}

impl Failure {
    /// Says which file an error is about.
    pub fn io(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { verb, path, error }
    }

    /// An error of a library that describes images or bills of materials.
    pub fn description(error: impl std::fmt::Display) -> Self {
        Self::Description(error.to_string())
    }
}
