//! `serving drift`.

use std::{fs, path::PathBuf, process::ExitCode, time::Duration};

use clap::Args;
use drift::{Limits, Status, Window};
use jiff::{SpanRelativeTo, Timestamp};
use prediction_log::{Others, Source, Wanted};
use registry::{File, Registry, Version};

use super::{
    Trouble, block_on,
    options::{Model, secret},
    patience::patiently,
    print, tell,
};
use crate::{
    drift::{PATH, Report, Rows, csv, inputs, page, table, window},
    model::{Bundle, Features, reference},
    train::submission::DATA_SHA256,
};

/// Bytes that a version may have.
const LARGEST: u64 = 1 << 30;

/// Compares what a version was asked with what it was trained on.
///
/// Rows are those of the prediction log (DATABASE_URL with PGUSER and PGPASSWORD, or --prediction-log) that this version answered,
/// or those of a CSV file. A feature drifts when its corrected p-value is under the level and its population stability index is
/// large enough; too few rows are neither drift nor none.
///
/// Exit codes: 0 no drift, or not enough data ("status": "not_enough_data" in JSON); 1 drift; 2 bad input or usage; 3 the registry
/// or the database is away.
#[derive(Debug, Args)]
pub struct Drift {
    #[command(flatten)]
    model: Model,
    /// Which version, if not the one under the alias.
    #[arg(long, value_name = "NUMBER")]
    model_version: Option<String>,
    /// The database of the prediction log: postgresql://host:5432/database, without credentials.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database_url: Option<String>,
    /// The folder of the prediction log as JSON lines: all its files *.jsonl.
    #[arg(long, env = "PREDICTION_LOG", value_name = "DIR")]
    prediction_log: Option<PathBuf>,
    /// A CSV file of rows instead of the prediction log; its header names features.
    #[arg(long, value_name = "FILE")]
    window: Option<PathBuf>,
    /// How far back from now, or from --until: 24h, 90m, 7d.
    #[arg(long, env = "DRIFT_LAST", value_name = "TIME", default_value = "24h", value_parser = span)]
    last: Duration,
    /// The first moment, instead: 2026-11-21T00:00:00Z.
    #[arg(long, value_name = "MOMENT")]
    since: Option<Timestamp>,
    /// The end, if it is not now.
    #[arg(long, value_name = "MOMENT")]
    until: Option<Timestamp>,
    /// The chance of a false alarm that is taken, for the whole report.
    #[arg(long, env = "DRIFT_LEVEL", value_name = "P", default_value_t = 0.01, value_parser = share)]
    level: f64,
    /// The population stability index from which on a difference is large.
    #[arg(long, env = "DRIFT_PSI", value_name = "INDEX", default_value_t = 0.2, value_parser = index)]
    psi: f64,
    /// The fewest rows that say anything.
    #[arg(long, env = "DRIFT_MIN_ROWS", value_name = "ROWS", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..))]
    min_rows: u64,
    /// Writes the report as JSON; - prints it in place of the table.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Writes the report as a page of HTML that needs nothing else; - prints it in place of the table.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Keeps the report beside the version in the registry, where the API finds it: GET /drift, /metrics.
    #[arg(long, env = "DRIFT_PUBLISH")]
    publish: bool,
    /// Seconds to wait for a registry that is away.
    #[arg(long, env = "WAIT_SECONDS", value_name = "SECONDS", default_value_t = 60)]
    wait_seconds: u64,
}

fn span(text: &str) -> Result<Duration, String> {
    let span =
        text.parse::<jiff::Span>().ok().and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok());
    let span = span.and_then(|span| Duration::try_from(span).ok()).filter(|span| !span.is_zero());
    span.ok_or_else(|| "write a time such as 24h, 90m or 7d".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share| *share > 0.0 && *share < 1.0)
        .ok_or_else(|| "write a number between 0 and 1".to_owned())
}

fn index(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|index: &f64| *index >= 0.0 && index.is_finite())
        .ok_or_else(|| "write 0 or more".to_owned())
}

impl Drift {
    /// Gives back the exit code of the answer.
    pub fn run(&self) -> Result<ExitCode, Trouble> {
        let is_stdout = |path: &Option<PathBuf>| path.as_ref().is_some_and(|path| path.as_os_str() == "-");
        if is_stdout(&self.json) && is_stdout(&self.html) {
            let error =
                "JSON and HTML cannot both be printed\n\nhint: give one of --json and --html the name of a file";
            return Err(Trouble::Input(error.into()));
        }
        let report = block_on(self.report())?;
        let json = self.json.as_ref().map(|path| (path, report.json()));
        let html = self.html.as_ref().map(|path| (path, page(&report)));
        let mut printed = false;
        for (path, text) in json.into_iter().chain(html) {
            if path.as_os_str() == "-" {
                print(&text);
                printed = true;
                continue;
            }
            fs::write(path, text).map_err(|error| {
                let path = path.display();
                Trouble::Input(format!("cannot write {path}: {error}\n\nhint: check its folder's owner, mode and room"))
            })?;
        }
        if printed {
            tell(&report.says());
        } else {
            print(&table(&report));
        }
        Ok(if report.drift.status == Status::Drift { ExitCode::from(1) } else { ExitCode::SUCCESS })
    }

    async fn report(&self) -> Result<Report, Trouble> {
        let file = self.model.read()?;
        let registry = self.model.registry()?;
        let (model, features) = (file.registry.model.value.clone(), Features::of(&file));
        let version = self.version(&registry, &model).await?;
        let patience = Duration::from_secs(self.wait_seconds);
        let files = patiently(&registry, patience, || registry.files(&version, LARGEST)).await?;
        let reference = reference(&Bundle::of(&files).map_err(Trouble::input)?).map_err(Trouble::input)?;
        drop(files);
        let data = version.tags.get(DATA_SHA256).map(String::as_str);
        let mut window = window(reference, &file, &version.number, data).map_err(Trouble::input)?;
        let rows = self.rows(&features, &mut window, &model, &version.number).await?;
        let limits = Limits { level: self.level, psi: self.psi, rows: self.min_rows };
        let created = format!("{:.0}", Timestamp::now());
        let report =
            Report { model, version: version.number.clone(), created, window: rows, drift: window.report(limits) };
        if self.publish {
            let file = || File { path: PATH.to_owned(), bytes: report.json().into() };
            patiently(&registry, patience, || registry.attach(&version, file())).await?;
            tell(&format!("kept beside version {} in {}", version.number, registry.shown()));
        }
        Ok(report)
    }

    async fn version(&self, registry: &Registry, model: &str) -> Result<Version, Trouble> {
        let patience = Duration::from_secs(self.wait_seconds);
        let (found, wanted) = match &self.model_version {
            None => {
                let alias = &self.model.model_alias;
                (patiently(registry, patience, || registry.aliased(model, alias)).await?, alias)
            }
            Some(number) => {
                let versions = patiently(registry, patience, || registry.versions(model)).await?;
                (versions.into_iter().find(|version| version.number == *number), number)
            }
        };
        found.ok_or_else(|| {
            let hint = "train the model first, or check --model-alias and --model-version";
            Trouble::Input(format!("{} has no version {wanted} of {model}\n\nhint: {hint}", registry.shown()))
        })
    }

    /// Fills the window.
    async fn rows(
        &self,
        features: &Features,
        window: &mut Window,
        model: &str,
        version: &str,
    ) -> Result<Rows, Trouble> {
        if let Some(path) = &self.window {
            let (unreadable, first) = csv(path, features, window).map_err(Trouble::input)?;
            let source = path.display().to_string();
            let first_unreadable = first.map(|line| format!("{source}:{line}"));
            return Ok(Rows { source, unreadable, first_unreadable, ..Rows::default() });
        }
        let until = self.until.unwrap_or_else(Timestamp::now);
        let since = self.since.map_or_else(|| until.checked_sub(self.last).map_err(Trouble::input), Ok)?;
        if since >= until {
            let error = format!("the window ends at {until}, before it begins at {since}");
            return Err(Trouble::Input(format!("{error}\n\nhint: check --since and --until")));
        }
        let (source, shown) = self.source()?;
        let wanted = Wanted { model: model.to_owned(), version: version.to_owned(), since, until };
        let others =
            prediction_log::read(source, &wanted, |row| inputs(row, features, window)).await.map_err(|error| {
                if error.is_transient() { Trouble::Away(error.to_string()) } else { Trouble::input(error) }
            })?;
        let Others { versions, models, unreadable, first_unreadable } = others;
        Ok(Rows {
            source: shown,
            since: Some(format!("{since:.0}")),
            until: Some(format!("{until:.0}")),
            other_versions: versions,
            other_models: models,
            unreadable,
            first_unreadable: first_unreadable.map(|(path, line)| format!("{}:{line}", path.display())),
        })
    }

    /// The prediction log, and how it is called.
    fn source(&self) -> Result<(Source, String), Trouble> {
        let wrong = |error: &str, hint: &str| Err(Trouble::Input(format!("{error}\n\nhint: {hint}")));
        match (self.database_url.as_ref().filter(|url| !url.is_empty()), &self.prediction_log) {
            (Some(_), Some(_)) => wrong(
                "predictions cannot be in a database and in a folder",
                "leave out DATABASE_URL or --prediction-log",
            ),
            (None, None) => wrong(
                "nothing says where the rows are",
                "name the prediction log with DATABASE_URL or --prediction-log, or a CSV file with --window",
            ),
            (Some(url), None) => {
                let (user, password) = (std::env::var("PGUSER").ok(), secret("PGPASSWORD")?);
                Ok((
                    Source::Postgres { url: url.clone(), user, password },
                    "the prediction log in PostgreSQL".to_owned(),
                ))
            }
            (None, Some(folder)) => {
                Ok((Source::JsonLines(folder.clone()), format!("the prediction log in {}", folder.display())))
            }
        }
    }
}
