//! What Chromium can do beyond `WebDriver`: its driver's own commands, and through them the `DevTools` protocol
//! (<https://chromedevtools.github.io/devtools-protocol/>).

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::Browser;

/// A command of chromedriver: a path below the session, and what is posted to it.
#[derive(Debug)]
struct Command {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

impl Browser {
    /// What chromedriver answers.
    pub(crate) async fn command(&self, path: &'static str, body: Value) -> Value {
        let answer = self.issue_cmd(Command { path, body }).await;
        answer.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Calls a method of the `DevTools` protocol.
    pub async fn devtools(&self, method: &str, parameters: &Value) -> Value {
        self.command("goog/cdp/execute", json!({"cmd": method, "params": parameters})).await
    }
}
