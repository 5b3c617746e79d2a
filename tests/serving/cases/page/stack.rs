//! A page and the APIs behind it, on loopback.

use std::net::SocketAddr;

use fantoccini::{Locator, elements::Element};
use servers::free_port;

use crate::{
    program::{Api, done, model_file, serving},
    project::Project,
};

/// What somebody needs who opens the page.
pub struct Page {
    pub page: Api,
}

impl Page {
    /// Shows the APIs at these addresses, by the variables that name them.
    pub fn of(variables: &[(&str, &str)]) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let mut command = serving(&["ui"]);
        command.env("LISTEN", format!("127.0.0.1:{port}")).env("DRAIN_SECONDS", "0").envs(variables.iter().copied());
        Self { page: Api::run(&mut command, folder, port) }
    }

    /// An address of the page.
    pub fn url(&self, path: &str) -> String {
        self.page.url(path)
    }
}

/// Customers of a telecom operator: numbers, categories, two classes and three levels of risk.
pub fn churn(project: &Project) {
    let (file, data) = (model_file("churn"), project.text("churn.csv"));
    done(&mut serving(&["sample", "churn", "--rows", "1500", "--seed", "7", "--output", &data]));
    let registry = project.text("churn-registry");
    done(&mut serving(&["train", "--model-file", &file, "--registry", &registry, "--data", &data]));
}

/// Serves the customers' model at this address.
pub fn serve_churn(project: &Project, address: SocketAddr, variables: &[(&str, &str)]) -> Api {
    serve(&model_file("churn"), &project.text("churn-registry"), address, variables)
}

/// Serves a model at this address, where an API may have been before.
pub fn serve(file: &str, registry: &str, address: SocketAddr, variables: &[(&str, &str)]) -> Api {
    let folder = tempfile::tempdir().unwrap();
    let mut command = serving(&["serve", "--model-file", file, "--registry", registry]);
    command.env("LISTEN", address.to_string()).env("CACHE_DIR", folder.path().join("cache"));
    command.env("POLL_SECONDS", "0.2").env("DRAIN_SECONDS", "0").envs(variables.iter().copied());
    Api::run_at(&mut command, folder, address).ready()
}

/// The first element of a selector, as soon as it is there.
pub async fn find(browser: &browser::Browser, selector: &str) -> Element {
    let found = browser.wait().for_element(Locator::Css(selector)).await;
    found.unwrap_or_else(|error| panic!("{selector}: {error}"))
}

/// Everybody can use what is shown, on any screen, and nothing went wrong.
pub async fn well(browser: &browser::Browser, name: &str) {
    let picture = browser.picture(name).await;
    let picture = picture.display();
    let beyond = browser.evaluate("return document.documentElement.scrollWidth - innerWidth").await;
    assert_eq!(beyond, 0, "{picture}: the page is wider than the window");
    assert_eq!(browser.inaccessible().await, [""; 0], "{picture}");
    assert_eq!(browser.complaints().await, [""; 0], "{picture}");
}

/// Waits until a script returns something true.
pub async fn until(browser: &browser::Browser, script: &str) {
    for _ in 0..200 {
        if browser.evaluate(script).await == true {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let page = browser.source().await.unwrap_or_default();
    panic!("it never came to be that {script}\n{page}");
}
