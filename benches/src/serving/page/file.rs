//! A file of 100,000 rows, as `batch.js` sends it: in pieces of 500, two at a time.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use anyhow::{Result, anyhow, ensure};
use serde_json::Value;

use super::{Session, Stack};
use crate::serving::data::Data;

const ROWS: usize = 100_000;
const PIECE: usize = 500;
const WAYS: usize = 2;

/// CPU seconds of the page and of the API.
pub fn send(stack: &Stack, data: &Data) -> Result<(f64, f64)> {
    let (head, known) = data.csv.split_once('\n').unwrap_or_default();
    let rows: Vec<&str> = known.lines().cycle().take(ROWS).collect();
    let pieces: Vec<String> = rows.chunks(PIECE).map(|rows| format!("{head}\n{}\n", rows.join("\n"))).collect();
    let before = (stack.page.cpu()?, stack.api.cpu()?);
    let next = AtomicUsize::new(0);
    let way = || -> Result<()> {
        let mut session = Session::open(&stack.page)?;
        let token = session.token.clone();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = pieces.get(number) else { return Ok(()) };
            // The names are on the first line.
            let first = (number * PIECE + 2).to_string();
            let headers = [("Content-Type", "text/csv"), ("X-Form-Token", token.as_str()), ("X-First-Line", &first)];
            let answer: Value = serde_json::from_str(&session.post("/batch/rows", &headers, piece.as_bytes())?)?;
            ensure!(answer["counts"][0] == PIECE && answer["counts"][1] == 0, "a piece came back otherwise: {answer}");
        }
    };
    thread::scope(|scope| {
        let ways: Vec<_> = (0..WAYS).map(|_| scope.spawn(way)).collect();
        ways.into_iter().try_for_each(|way| way.join().map_err(|_| anyhow!("a way of sending broke off"))?)
    })?;
    Ok((stack.page.cpu()? - before.0, stack.api.cpu()? - before.1))
}
