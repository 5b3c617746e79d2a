//! Somebody's session, as their browser has it: a connection that stays open, a cookie, and the token of the forms.

use anyhow::{Context, Result, ensure};
use ureq::Agent;

use super::PATH;
use crate::serving::process::Process;

/// An open page.
pub struct Session {
    agent: Agent,
    address: String,
    cookie: String,
    /// What forms of it send.
    pub token: String,
}

/// A patient.
const INPUTS: &str =
    "Pregnancies=1&BloodPressure=70&SkinThickness=20&Insulin=79&BMI=32&DiabetesPedigreeFunction=0.47&Age=33";

impl Session {
    /// Opens the page.
    pub fn open(page: &Process) -> Result<Self> {
        let (agent, address) = (Agent::config_builder().max_idle_connections(1).build().into(), page.url(PATH));
        let agent: Agent = agent;
        let mut answer = agent.get(&address).call()?;
        let cookie = answer.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).context("the page set no cookie")?.to_owned();
        let text = answer.body_mut().read_to_string()?;
        let token = text.split_once("name=\".token\" value=\"").and_then(|(_, rest)| rest.split('"').next());
        let token = token.context("the page has no token")?.to_owned();
        Ok(Self { agent, address, cookie, token })
    }

    /// What a slider that moves asks for.
    pub fn try_out(&mut self, glucose: &str) -> Result<()> {
        let form = format!(".token={}&.tried=1&{INPUTS}&Glucose={glucose}", self.token);
        let text = self.post("/result", &[("Content-Type", "application/x-www-form-urlencoded")], form.as_bytes())?;
        ensure!(!text.contains("data-trouble"), "the page is in trouble: {text}");
        Ok(())
    }

    /// Sends something to an address below that of the page, and takes all of the answer.
    pub fn post(&mut self, below: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<String> {
        let mut request = self.agent.post(format!("{}{below}", self.address)).header("Cookie", &self.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Ok(request.send(body)?.body_mut().with_config().limit(16 << 20).read_to_string()?)
    }
}
