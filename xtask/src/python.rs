//! Tools from PyPI, in environments of their own.

use std::{fs, process::Command};

use anyhow::{Context, Result};

use crate::{debian, installed, root, run};

/// Debian keeps `ensurepip` in a package of its own.
pub fn venv_works() -> Result<()> {
    let works = run::output(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_ok();
    if works { Ok(()) } else { debian::install("python3-venv") }
}

/// The environment `target/tools/<name>` with what `tests/tools/<requirements>` lists, made anew when
/// the list changes.
pub fn environment(name: &str, requirements: &str) -> Result<()> {
    let folder = installed().join(name);
    let list = root().join("tests/tools").join(requirements);
    let wanted = fs::read_to_string(&list).with_context(|| format!("{} is missing", list.display()))?;
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run::say(&format!("installing {requirements} from PyPI (once)"));
    // What an interrupted run left behind is not to be trusted.
    let _ = fs::remove_dir_all(&folder);
    run::output(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&list);
    run::output(&mut pip)?;
    fs::write(stamp, wanted)?;
    Ok(())
}
