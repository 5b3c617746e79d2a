//! A million requests, and the server's memory meanwhile: it is small, and does not grow.

use anyhow::{Result, ensure};

use super::{load, program::Program};

/// Seconds of load between two looks.
const BURST: u32 = 2;
/// The most that a server may hold, in MB.
const MOST: f64 = 20.0;
/// How much more it may hold at the end than after a tenth of the requests.
const GROWTH: f64 = 1.05;

/// Asks until so many requests have been answered.
///
/// # Errors
/// When memory grew, or was too much at any time.
pub fn soak(requests: u32) -> Result<()> {
    let program = Program::prepare()?;
    let mut server = program.serve()?;
    server.wait("/ready")?;
    let megabytes = |kibibytes: f64| kibibytes * 1024.0 / 1e6;
    let (mut answered, mut early) = (0, None);
    let mut now = megabytes(server.memory()?);
    println!("{answered:>9} requests  {now:5.2} MB");
    while answered < requests {
        answered += load::predict(&server, BURST, &program.path("bodies"))?;
        now = megabytes(server.memory()?);
        println!("{answered:>9} requests  {now:5.2} MB");
        if answered >= requests / 10 {
            early.get_or_insert(now);
        }
    }
    let (peak, early) = (megabytes(server.peak()?), early.unwrap_or(now));
    println!("at most {peak:.2} MB; {:+.1} % since a tenth of the requests", (now / early - 1.0) * 100.0);
    ensure!(peak <= MOST, "the server held {peak:.2} MB, and {MOST} MB are enough");
    ensure!(now <= early * GROWTH, "memory grows with requests: {early:.2} MB became {now:.2} MB");
    Ok(())
}
