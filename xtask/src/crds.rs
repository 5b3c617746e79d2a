//! The schemas of other projects' kinds (`CustomResourceDefinition`s), out of the projects' own Go modules.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use anyhow::{Context, Result};

use crate::{installed, root, run};

/// Copies the files that `tests/tools/crds/files.txt` lists, out of the modules that its `go.mod` pins, into
/// `target/tools/crds`, if what is there came from other versions or another list.
pub fn bring() -> Result<()> {
    let module = root().join("tests/tools/crds");
    let read = |name: &str| {
        fs::read_to_string(module.join(name)).with_context(|| format!("{} has no {name}", module.display()))
    };
    let (pins, list) = (read("go.mod")?, read("files.txt")?);
    let wanted = format!("{}{list}", read("go.sum")?);
    let folder = installed().join("crds");
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|copied| copied == wanted) {
        return Ok(());
    }
    run::say("getting the schemas of other projects' kinds (once)");
    // A schema that is not listed any more must not judge.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let sources = sources(&module, &pins)?;
    for line in list.lines() {
        let (of, path) = line.split_once(' ').with_context(|| format!("files.txt: {line:?} is no module and path"))?;
        let source = sources.get(of).with_context(|| format!("files.txt: go.mod does not require {of}"))?;
        let name = Path::new(path).file_name().with_context(|| format!("files.txt: {path:?} is no file"))?;
        // Not `fs::copy`: Go's cache is read-only, and a copy would be so too.
        let text = fs::read(Path::new(source).join(path)).with_context(|| format!("{of} has no {path}"))?;
        fs::write(folder.join(name), text)?;
    }
    fs::write(stamp, wanted)?;
    Ok(())
}

/// Where Go keeps each module that a `go.mod` requires; it gets those alone, not what they depend on, and holds them
/// against `go.sum`.
fn sources(module: &Path, pins: &str) -> Result<BTreeMap<String, String>> {
    let pins: Vec<String> =
        pins.lines().filter_map(|line| Some(line.strip_prefix('\t')?.replacen(' ', "@", 1))).collect();
    let go = |words: &[&str]| run::output(Command::new("go").args(words).args(&pins).current_dir(module));
    go(&["mod", "download"])?;
    let places = go(&["list", "-m", "-f", "{{.Path}} {{.Dir}}"])?;
    Ok(places.lines().filter_map(|line| line.split_once(' ')).map(|(of, at)| (of.into(), at.into())).collect())
}
