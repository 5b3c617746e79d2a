//! The web page: how soon it is there and what it weighs, what open sessions hold, and what a file of rows costs.
//!
//! By the clock where somebody waits: the machine's other work is in those figures, so they are medians.

mod browser;
mod file;
mod session;

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use self::session::Session;
use super::{
    KEY,
    process::{Process, free_port},
    program::Program,
};
use crate::{
    cost::middle,
    step,
    table::{Row, Table},
};

/// The page of the model.
const PATH: &str = "/en/models/diabetes";
/// How often somebody opens the page.
const VISITS: usize = 200;
/// Sessions that are open at the same time.
const SESSIONS: usize = 200;

/// An API and the page in front of it.
struct Stack {
    api: Process,
    page: Process,
}

/// All figures of the page.
pub fn measure() -> Result<Table> {
    let program = Program::prepare()?;
    let (stack, mut table) = (Stack::start(&program)?, Table::default());
    let megabytes = |kibibytes: f64| kibibytes * 1024.0 / 1e6;
    step("asking for the page");
    let (first_byte, cpu) = stack.first_byte()?;
    table.push(Row::new("page, first byte", VISITS).measured(first_byte * 1e3, "ms").target(2.0));
    table.push(Row::new("its CPU time", VISITS).measured(cpu * 1e3, "ms"));
    step("opening it in a browser");
    let opened = browser::open(&stack.page.url(PATH))?;
    table.push(Row::new("page, first paint", browser::RUNS).measured(opened.first_paint, "ms").target(100.0));
    table.push(Row::new("over the wire, with style and scripts", 1).measured(opened.weight / 1e3, "kB").target(60.0));
    step(&format!("{SESSIONS} sessions, each trying a slider five times"));
    stack.sessions()?;
    table
        .push(Row::new(&format!("memory with {SESSIONS} sessions"), 1).measured(megabytes(stack.page.memory()?), "MB"));
    table.push(Row::new("at most", 1).measured(megabytes(stack.page.peak()?), "MB").target(15.0));
    step("a file of 100,000 rows");
    let (page, api) = file::send(&stack, &program.data)?;
    table.push(Row::new("a file of 100,000 rows", 1).measured(page + api, "CPU s").target(2.0));
    table.push(Row::new("the page's part of it", 1).measured(page, "CPU s"));
    table.push(Row::new("memory of the page then", 1).measured(megabytes(stack.page.peak()?), "MB"));
    Ok(table)
}

impl Stack {
    /// Starts both, and waits until the page knows the model.
    fn start(program: &Program) -> Result<Self> {
        let (mut api, port) = (program.serve()?, free_port()?);
        api.wait("/ready")?;
        let mut command = program.program();
        command.args(["ui", "--listen", &format!("127.0.0.1:{port}")]);
        command.envs([("API_URL_DIABETES", api.url("").as_str()), ("API_KEY_DIABETES", KEY)]);
        command.env("MONITORING_TOKEN_DIABETES", KEY);
        let mut page = Process::start(&command, port)?;
        page.wait(PATH)?;
        Ok(Self { api, page })
    }

    /// Seconds from a connection to the first byte of the page, and CPU seconds of the page's server for it.
    fn first_byte(&self) -> Result<(f64, f64)> {
        let (address, before) = (self.page.address(), self.page.cpu()?);
        let visit = || {
            let start = Instant::now();
            let mut stream = TcpStream::connect(&address)?;
            write!(stream, "GET {PATH} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
            let mut first = [0; 12];
            stream.read_exact(&mut first)?;
            let seconds = start.elapsed().as_secs_f64();
            ensure!(&first == b"HTTP/1.1 200", "the page answered {}", String::from_utf8_lossy(&first));
            stream.read_to_end(&mut Vec::new())?;
            Ok(seconds)
        };
        let seconds = middle((0..VISITS).map(|_| visit()).collect::<Result<_>>()?);
        #[expect(clippy::cast_precision_loss, reason = "a few visits")]
        let cpu = (self.page.cpu()? - before) / VISITS as f64;
        Ok((seconds, cpu))
    }

    /// All of them open the page, try a slider, and stay.
    fn sessions(&self) -> Result<()> {
        let mut sessions = (0..SESSIONS).map(|_| Session::open(&self.page)).collect::<Result<Vec<_>>>()?;
        for glucose in ["90", "120", "150", "180", "199"] {
            for session in &mut sessions {
                session.try_out(glucose)?;
            }
        }
        sleep(Duration::from_secs(1));
        Ok(())
    }
}
