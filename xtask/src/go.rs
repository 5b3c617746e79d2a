//! Tools written in Go, each a module of its own in `tests/tools/`.

use std::{fs, process::Command};

use anyhow::{Context, Result, bail};

use crate::{debian, installed, root, run};

/// Go 1.21 or newer, which brings the newer Go that a module asks for by itself.
pub fn toolchain() -> Result<()> {
    debian::program("go", "golang-go")?;
    let version = run::output(Command::new("go").args(["env", "GOVERSION"]))?;
    let minor = version.trim().strip_prefix("go1.").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    match minor {
        Some(21..) => Ok(()),
        _ => bail!("{} is too old; install Go 1.21 or newer from https://go.dev/dl", version.trim()),
    }
}

/// Builds `package` of the module `tests/tools/<module>` into `target/tools/bin/<name>`, if what is there
/// was built from other versions.
pub fn build(name: &str, module: &str, package: &str) -> Result<()> {
    build_with(name, module, package, &[])
}

/// The same without the C library, so that it runs in an empty root, with these tags.
pub fn build_static(name: &str, module: &str, package: &str, tags: &str) -> Result<()> {
    build_with(name, module, package, &["CGO_ENABLED=0", &format!("GOFLAGS=-tags={tags}")])
}

fn build_with(name: &str, module: &str, package: &str, variables: &[&str]) -> Result<()> {
    let module = root().join("tests/tools").join(module);
    let (binary, stamp) = (installed().join("bin").join(name), installed().join("bin").join(format!("{name}.sum")));
    let wanted =
        fs::read_to_string(module.join("go.sum")).with_context(|| format!("{} has no go.sum", module.display()))?;
    if run::is_program(&binary) && fs::read_to_string(&stamp).is_ok_and(|built| built == wanted) {
        return Ok(());
    }
    run::say(&format!("building {name} (once; this can take minutes)"));
    fs::create_dir_all(installed().join("bin"))?;
    let mut go = Command::new("go");
    go.envs(variables.iter().filter_map(|variable| variable.split_once('=')));
    go.args(["build", "-trimpath", "-ldflags=-s -w", "-o"]).arg(&binary).arg(package).current_dir(&module);
    run::output(&mut go)?;
    fs::write(stamp, wanted)?;
    Ok(())
}
