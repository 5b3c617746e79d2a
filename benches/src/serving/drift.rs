//! Drift of a day of a busy model: 100,000 rows of 20 features in the prediction log.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
    process::Command,
};

use anyhow::Result;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use servers::Postgres;

use super::{Effort, program::Program};
use crate::{
    cost::{median, run},
    step,
    table::{Row, Table},
};

const ROWS: u32 = 100_000;
/// As many as a reference sample holds, and a fifth more: those that are held back.
const TRAINED: u32 = 12_500;
const NUMBERS: usize = 16;
const WORDS: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

/// Measures it.
pub fn measure(program: &Program, effort: Effort, table: &mut Table) -> Result<()> {
    step("drift over 100,000 rows");
    let (mut random, folder) = (ChaCha8Rng::seed_from_u64(7), program.path("drift"));
    fs::create_dir_all(folder.join("log"))?;
    fs::write(folder.join("model.yaml"), model()?)?;
    let mut data = BufWriter::new(File::create(folder.join("data.csv"))?);
    writeln!(data, "{},y", names().join(","))?;
    for place in 0..TRAINED {
        writeln!(data, "{},{}", row(&mut random).join(","), place % 2)?;
    }
    data.into_inner()?;
    let mut log = BufWriter::new(File::create(folder.join("log/pod.jsonl"))?);
    let mut table_rows = BufWriter::new(File::create(folder.join("rows.tsv"))?);
    for place in 0..ROWS {
        let values = row(&mut random);
        let inputs = names().into_iter().zip(&values).enumerate().map(|(column, (name, value))| {
            if column < NUMBERS { format!("\"{name}\":{value}") } else { format!("\"{name}\":\"{value}\"") }
        });
        let inputs = inputs.collect::<Vec<_>>().join(",");
        let id = format!("0192f000-0000-7000-8000-{place:012}");
        let at = format!("2026-11-21T06:00:00.{place:06}Z");
        let outputs = "{\"class\":\"1\",\"label\":\"Yes\",\"probabilities\":{\"0\":0.2512,\"1\":0.7488},\"model_name\":\"wide\",\"model_version\":\"1\"}";
        writeln!(
            log,
            "{{\"id\":\"{id}\",\"at\":\"{at}\",\"model\":\"wide\",\"version\":\"1\",\"inputs\":{{{inputs}}},\"outputs\":{outputs}}}"
        )?;
        writeln!(table_rows, "{id}\t{at}\twide\t1\t{{{inputs}}}\t{outputs}")?;
    }
    table_rows.into_inner()?;
    log.into_inner()?;
    let (file, registry) = (folder.join("model.yaml"), folder.join("registry"));
    let serving = |command: &str| {
        let mut serving = program.program();
        serving.arg(command).arg("--model-file").arg(&file).arg("--registry").arg(&registry);
        serving
    };
    run(&mut serving("train"))?;
    let cost = median(effort.rounds, || {
        let mut drift = serving("drift");
        drift.arg("--prediction-log").arg(folder.join("log")).args(["--since", "2026-11-21T00:00:00Z"]);
        run(&mut drift)
    })?;
    table.push(
        Row::new("drift, 100,000 rows of 20 features", effort.rounds)
            .cost(cost)
            .measured(cost.cpu, "CPU s")
            .target(0.5),
    );
    table.push(Row::new("its memory", effort.rounds).measured(cost.peak / 1024.0, "MiB").target(100.0));
    of_postgres(&folder, effort, table, || serving("drift"))
}

/// The same rows from PostgreSQL, whose own work is told apart.
fn of_postgres(folder: &Path, effort: Effort, table: &mut Table, drift: impl Fn() -> Command) -> Result<()> {
    const TABLE: &str = include_str!("../../../serving/prediction-log/src/postgres/table.sql");
    let postgres = Postgres::start();
    postgres.database("predictions", "predictions");
    postgres.superuser("predictions", &format!("SET ROLE predictions; {TABLE}"));
    postgres.superuser("predictions", &format!("\\copy prediction FROM '{}'", folder.join("rows.tsv").display()));
    postgres.superuser("predictions", "VACUUM ANALYZE prediction");
    let url = format!("postgresql://127.0.0.1:{}/predictions", postgres.port());
    let before = postgres.cpu_seconds();
    let cost = median(effort.rounds, || {
        let mut drift = drift();
        drift.env("DATABASE_URL", &url).env("PGUSER", "predictions").env("PGPASSWORD", "predictions");
        run(drift.args(["--since", "2026-11-21T00:00:00Z"]))
    })?;
    let rounds = effort.rounds;
    table.push(Row::new("the same from PostgreSQL", rounds).cost(cost).measured(cost.cpu, "CPU s").target(0.5));
    table.push(Row::new("its memory", rounds).measured(cost.peak / 1024.0, "MiB").target(100.0));
    #[expect(clippy::cast_precision_loss, reason = "a few rounds")]
    let server = (postgres.cpu_seconds() - before) / rounds as f64;
    table.push(Row::new("PostgreSQL's part of it", rounds).measured(server, "CPU s"));
    Ok(())
}

fn names() -> Vec<String> {
    let numbers = (0..NUMBERS).map(|place| format!("number_feature_{place}"));
    numbers.chain(WORDS.map(|word| format!("category_feature_{word}"))).collect()
}

fn row(random: &mut ChaCha8Rng) -> Vec<String> {
    let mut row: Vec<String> = (0..NUMBERS)
        .map(|_| {
            let sum: f64 = (0..12).map(|_| random.random::<f64>()).sum();
            format!("{:.3}", 50.0 + 10.0 * (sum - 6.0))
        })
        .collect();
    row.extend(WORDS.map(|_| WORDS[random.random_range(0..WORDS.len())].to_owned()));
    row
}

fn model() -> Result<String> {
    let mut text = String::from(
        "registry: {model: wide, experiment: wide, run: wide}\ndata: {file: data.csv, target: y}\n\
         classes: [{value: \"0\", label: \"No\"}, {value: \"1\", label: \"Yes\"}]\n\
         training: {n_estimators: 3, max_depth: 3, min_samples_split: 5, min_samples_leaf: 2, random_state: 1, \
         test_size: 0.2, stratify: true}\nfeatures:\n",
    );
    for (place, name) in names().into_iter().enumerate() {
        let holds = if place < NUMBERS {
            "type: number, range: [0, 100]".to_owned()
        } else {
            format!("type: category, values: [{}]", WORDS.join(", "))
        };
        writeln!(text, "  - {{name: {name}, {holds}}}")?;
    }
    Ok(text)
}
