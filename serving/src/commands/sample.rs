//! `serving sample`.

use std::{
    fs::{self, Permissions},
    io::{self, BufWriter, ErrorKind, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use clap::Args;
use model_file::Generator;

use super::{Outcome, Trouble, tell};
use crate::sample::{Drift, Sample as Rows};

/// Makes a data set as CSV: the same rows by the same seed, on every machine.
///
/// churn: customers of a telecom operator, of whom more than a quarter leave; columns tenure (months), monthly_charges, total_charges,
/// support_calls, contract, payment_method, internet_service, tech_support, paperless_billing, senior, and churned (no, yes).
#[derive(Debug, Args)]
pub struct Sample {
    /// Which data set: churn.
    #[arg(value_name = "NAME", value_parser = generator)]
    name: Generator,
    /// How many rows.
    #[arg(long, value_name = "N", default_value_t = 5000)]
    rows: u64,
    /// Whose rows: another seed gives other rows of the same kind.
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Lets a feature drift. A number is shifted by so many of its standard deviations: monthly_charges=1. Of a category, that
    /// share of all rows is moved to its last word, or to its first if it is negative: contract=-0.3 makes three customers in ten
    /// month-to-month, beside those who are. May be said several times.
    #[arg(long, value_name = "FEATURE=SHIFT")]
    drift: Vec<Drift>,
    /// A file to write, whole or not at all; its folder is made. Without it, rows go to stdout.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn generator(name: &str) -> Result<Generator, String> {
    let names = Generator::ALL.map(Generator::as_str);
    let hint = || documents::instead(name, &names, "data sets");
    Generator::ALL.into_iter().find(|known| known.as_str() == name).ok_or_else(hint)
}

impl Sample {
    pub fn run(&self) -> Outcome {
        let rows = Rows::new(self.name, self.rows, self.seed, self.drift.clone()).map_err(Trouble::input)?;
        let Some(path) = &self.output else {
            let mut out = BufWriter::new(io::stdout().lock());
            return match rows.write(&mut out).and_then(|()| out.flush()) {
                // Whoever reads has read enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
                done => done.map_err(|error| {
                    Trouble::Input(format!("cannot write the rows: {error}\n\nhint: see where stdout goes"))
                }),
            };
        };
        whole(path, &rows).map_err(|error| {
            Trouble::Input(format!(
                "cannot write {}: {error}\n\nhint: check its folder's owner, mode and room",
                path.display()
            ))
        })?;
        tell(&format!("wrote {} rows of {} to {}", self.rows, self.name.as_str(), path.display()));
        Ok(())
    }
}

/// Nobody sees half a file: a name of its own first, and the right one when all is there.
fn whole(path: &Path, rows: &Rows) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // As other programs make files: what the umask leaves.
    let part =
        tempfile::Builder::new().prefix(".sample-").permissions(Permissions::from_mode(0o666)).tempfile_in(folder)?;
    let mut out = BufWriter::new(part);
    rows.write(&mut out)?;
    let part = out.into_inner()?;
    part.as_file().sync_all()?;
    part.persist(path)?;
    Ok(())
}
