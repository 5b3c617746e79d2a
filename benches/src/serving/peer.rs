//! The peer: the usual container of Python for a model, tuned as well as we could (`benches/peer/app.py`).

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    KEY,
    process::{Process, agent, free_port},
    program::Program,
};
use crate::{cost::run, step};

/// Starts it with the model that the server has in its cache.
pub fn start(program: &Program) -> Result<Process> {
    let folder = program.workspace.join("benches/peer");
    let python = environment(&program.workspace, &folder.join("requirements.txt"))?;
    let port = free_port()?;
    let mut uvicorn = Command::new(python);
    uvicorn.args(["-m", "uvicorn", "app:app", "--loop", "uvloop", "--http", "httptools", "--no-access-log"]);
    uvicorn.args(["--log-level", "warning", "--port", &port.to_string(), "--app-dir"]).arg(folder);
    uvicorn.env("MODEL", program.onnx()?).env("API_KEY", KEY).env("PYTHONDONTWRITEBYTECODE", "1");
    let mut process = Process::start(&uvicorn, port)?;
    process.wait("/health").context("cannot start FastAPI")?;
    Ok(process)
}

/// Its Python, with what `requirements` lists; made anew when the list changes.
fn environment(workspace: &Path, requirements: &Path) -> Result<PathBuf> {
    let folder = workspace.join("target/tools/peer");
    let python = folder.join("bin/python");
    let wanted = fs::read_to_string(requirements)?;
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    step("installing FastAPI and onnxruntime from PyPI (once)");
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = Command::new(&python);
    run(pip.args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(requirements))?;
    fs::write(stamp, wanted)?;
    Ok(python)
}

/// Both must answer every row alike, or their speed is not compared.
pub fn agrees(ours: &Process, peer: &Process, bodies: &str) -> Result<()> {
    for body in bodies.lines() {
        let (ours, theirs) = (predict(ours, body)?, predict(peer, body)?);
        let (a, b) = (share(&ours)?, share(&theirs)?);
        let names = |answer: &Value| {
            let mut names: Vec<String> =
                answer.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
            names.sort();
            names
        };
        ensure!((a - b).abs() < 1e-6 && names(&ours) == names(&theirs), "{body}\n\nserving: {ours}\nFastAPI: {theirs}");
    }
    Ok(())
}

fn predict(server: &Process, body: &str) -> Result<Value> {
    let request = agent().post(server.url("/predict")).header("X-API-Key", KEY);
    let mut answer = request.header("Content-Type", "application/json").send(body)?;
    Ok(serde_json::from_slice(&answer.body_mut().read_to_vec()?)?)
}

fn share(answer: &Value) -> Result<f64> {
    answer["probabilities"]["1"].as_f64().with_context(|| format!("no probability in {answer}"))
}
