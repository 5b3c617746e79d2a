//! Projects to compile, in folders that vanish: this one's own, and generated ones of any size.
//!
//! They lie in memory where the system has a folder for that. On ext4 a file that is made soon after
//! many were removed pays for the search of an inode that has not been used lately: a benchmark that
//! empties `out/` before each run meets that, several times over, and nobody else does. Set `TMPDIR` to
//! measure on another file system.

use std::{
    env,
    fmt::Write,
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// The environment that is compiled, or that a generated one is a copy of.
const ENVIRONMENT: &str = "local";

/// A project in a folder of its own.
pub struct Project {
    folder: TempDir,
}

impl Project {
    /// A copy of the environments and models of this workspace.
    pub fn copy(workspace: &Path) -> Result<Self> {
        let folder = folder()?;
        for name in ["environments", "models"] {
            copy(&workspace.join(name), &folder.path().join(name))?;
        }
        Ok(Self { folder })
    }

    /// The same with as many model APIs as asked for, each with a file of its own.
    pub fn generated(workspace: &Path, models: u32) -> Result<Self> {
        let project = Self::copy(workspace)?;
        let diabetes = fs::read_to_string(project.path("models/diabetes.yaml"))?;
        let mut list = String::from("models:\n");
        for number in 0..models {
            writeln!(list, "  - {{name: m{number}, api: {{replicas: {{min: 2, max: 10, cpu: 50}}}}}}")?;
            // Two files may not share a registered model.
            let text = diabetes.replace("model: diabetes-model", &format!("model: m{number}-model"));
            fs::write(project.path(&format!("models/m{number}.yaml")), text)?;
        }
        project.edit(|text| with_models(text, &list))?;
        Ok(project)
    }

    /// Changes the environment.
    pub fn edit(&self, change: impl FnOnce(&str) -> String) -> Result<()> {
        let file = self.path(&format!("environments/{ENVIRONMENT}.yaml"));
        let text = fs::read_to_string(&file)?;
        let next = change(&text);
        ensure!(next != text, "environments/{ENVIRONMENT}.yaml no longer holds what is to be changed in it");
        fs::write(&file, next).context("cannot write an environment")
    }

    /// The command that compiles the environment.
    pub fn build(&self, binary: &Path) -> Command {
        let mut command = self.build_all(binary);
        command.arg(ENVIRONMENT);
        command
    }

    /// The command that compiles every environment.
    pub fn build_all(&self, binary: &Path) -> Command {
        let mut command = Command::new(binary);
        command.arg("--project").arg(self.folder.path()).arg("build");
        command
    }

    /// Removes what was compiled, so that all of it is to be written again.
    pub fn wipe(&self) -> Result<()> {
        fs::remove_dir_all(self.path("out")).context("cannot empty out/")
    }

    /// The compiled files.
    pub fn compiled(&self) -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(self.path("out").join(ENVIRONMENT))?;
        let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        files.sort();
        Ok(files)
    }

    /// How many objects were compiled.
    pub fn objects(&self) -> Result<u32> {
        self.compiled()?.iter().map(|file| separators(file)).sum()
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }
}

/// Copies a folder, deeply. Names that begin with a dot hold secret values, and have no business here.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, target) = (entry.file_name(), to.join(entry.file_name()));
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// A folder for things to compile.
pub fn folder() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    let asked = env::var_os("TMPDIR").is_some();
    let folder = if !asked && memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    folder.context("cannot make a temporary folder")
}

/// How many lines begin a YAML document. Read line by line, since a child's peak memory is never less
/// than what its parent once had.
pub fn separators(file: &Path) -> Result<u32> {
    let mut count = 0;
    for line in BufReader::new(File::open(file)?).lines() {
        count += u32::from(line? == "---");
    }
    Ok(count)
}

/// The text of an environment with another list of models.
fn with_models(text: &str, list: &str) -> String {
    let old = |line: &&str| line.is_empty() || line.starts_with([' ', '-']);
    let mut lines = text.lines();
    let above: Vec<&str> = lines.by_ref().take_while(|line| *line != "models:").collect();
    let below: Vec<&str> = lines.skip_while(old).collect();
    format!("{}\n{list}\n{}\n", above.join("\n"), below.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_models_is_replaced_and_nothing_else() {
        let text = "a: 1\n\nmodels:\n  - name: x\n    api: {}\n\nui:\n  replicas: 2\n";
        let next = with_models(text, "models:\n  - name: m0\n");
        assert_eq!(next, "a: 1\n\nmodels:\n  - name: m0\n\nui:\n  replicas: 2\n");
    }
}
