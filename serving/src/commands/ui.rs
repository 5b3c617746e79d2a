//! `serving ui`.

use std::{net::SocketAddr, time::Duration};

use clap::Args;
use page::{Page, router, watch};
use tokio::net::TcpListener;
use tracing::info;

use super::{
    Outcome, Trouble,
    apis::apis,
    block_on,
    logging::{self, LogLevel},
    serve::seconds,
};
use crate::serve::{Patience, Stop, listen};

/// Shows the models to the people who use them, as a web page.
///
/// A variable names the API of each model: API_URL_DIABETES=http://diabetes-api:8000 makes the page of "diabetes". Where an API
/// asks for a key, it is in API_KEY_DIABETES, or in the file that API_KEY_DIABETES_FILE names; no browser sees it.
/// Of several, as an API takes them while one replaces another, the first is sent.
/// The same goes for MONITORING_TOKEN_DIABETES, with which the page asks how the model is doing.
#[derive(Debug, Args)]
pub struct Ui {
    /// Where to listen.
    #[arg(long, env = "LISTEN", value_name = "ADDRESS", default_value = "0.0.0.0:8501")]
    listen: SocketAddr,
    /// Seconds that a connection may wait for its next request, headers and all.
    #[arg(long, env = "KEEP_ALIVE_SECONDS", value_name = "SECONDS", default_value_t = 75.0, value_parser = seconds)]
    keep_alive_seconds: f64,
    /// Seconds that requests are still taken after SIGTERM, while endpoints forget this process.
    #[arg(long, env = "DRAIN_SECONDS", value_name = "SECONDS", default_value_t = 5.0, value_parser = seconds)]
    drain_seconds: f64,
    /// The least severe lines that are logged: trace, debug, info, warn or error.
    #[arg(long, env = "LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    log_level: LogLevel,
}

impl Ui {
    pub fn run(&self) -> Outcome {
        let apis = apis()?;
        logging::start(self.log_level, None, "ui")?;
        block_on(async {
            let page = Page::new(apis);
            let listener = TcpListener::bind(self.listen).await.map_err(|error| {
                let address = self.listen;
                Trouble::Input(format!(
                    "cannot listen on {address}: {error}\n\nhint: choose another address with --listen"
                ))
            })?;
            let models: Vec<_> = page.apis().iter().map(|api| api.name.as_str()).collect();
            info!(address = %self.listen, models = models.join(", "), "showing the models");
            for api in page.apis() {
                // They end with the process.
                let _watcher = tokio::spawn(watch(api.clone()));
            }
            let stop = Stop { drain: Duration::from_secs_f64(self.drain_seconds), grace: Duration::from_secs(15) };
            let headers = Duration::from_secs_f64(self.keep_alive_seconds);
            let patience = Patience { headers, answers: Duration::from_secs(30), stop };
            listen(listener, router(&page), &|| page.drain(), patience).await.map_err(Trouble::input)
        })
    }
}
