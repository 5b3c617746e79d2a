//! What a request costs: `/predict` against the same server's `/health`, and against the peer.

use anyhow::Result;

use super::{Effort, load, peer, process::Process, program::Program};
use crate::{
    cost::{Cost, middle},
    step,
    table::{Row, Table},
};

/// Both servers under the same load by turns, so that what else the machine does meets both.
pub fn compare(program: &Program, effort: Effort, table: &mut Table) -> Result<()> {
    let mut ours = program.serve()?;
    ours.wait("/ready")?;
    let peer = peer::start(program)?;
    step("asking both servers for every row");
    peer::agrees(&ours, &peer, &program.data.bodies)?;

    let (Effort { rounds, seconds }, bodies) = (effort, program.path("bodies"));
    // Not counted: caches fill, Python's specialised bytecode is made.
    load::predict(&peer, seconds, &bodies)?;
    load::predict(&ours, 1, &bodies)?;
    let (mut predict, mut health, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=rounds {
        step(&format!("16 connections, round {round} of {rounds}"));
        predict.push(cost(&ours, || load::predict(&ours, seconds, &bodies))?);
        health.push(cost(&ours, || load::health(&ours, seconds))?);
        theirs.push(cost(&peer, || load::predict(&peer, seconds, &bodies))?);
    }

    let mut row = |work: &str, server: &Process, costs: &[f64]| -> Result<()> {
        let each = middle(costs.to_vec());
        let cost = Cost { cpu: each * 1e5, peak: server.peak()? };
        table.push(Row::new(work, rounds).cost(cost).measured(each * 1e6, "µs/request"));
        Ok(())
    };
    row("100,000 /predict, serving", &ours, &predict)?;
    row("100,000 /health, serving", &ours, &health)?;
    row("100,000 /predict, FastAPI", &peer, &theirs)?;
    // By round: both sides of a ratio had the same neighbours.
    let ratio = |above: &[f64], below: &[f64]| middle(above.iter().zip(below).map(|(a, b)| a / b).collect());
    let to_peer = ratio(&theirs, &predict);
    table.push(Row::new("FastAPI to serving", rounds).measured(to_peer, "times the CPU").at_least(15.0));
    let to_health = ratio(&health, &predict);
    table.push(Row::new("/predict to /health", rounds).measured(to_health, "of the rate").at_least(0.85));
    let peak = ours.peak()? * 1024.0 / 1e6;
    table.push(Row::new("memory under this load", 1).measured(peak, "MB").target(20.0));
    Ok(())
}

/// CPU seconds of a request, while `load` lasts.
fn cost(server: &Process, load: impl FnOnce() -> Result<u32>) -> Result<f64> {
    let before = server.cpu()?;
    let requests = load()?;
    Ok((server.cpu()? - before) / f64::from(requests))
}
